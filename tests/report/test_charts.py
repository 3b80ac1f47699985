"""Pictures say what the figures say: positions, gaps, alternatives, tables, contrast."""

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from pollwitness.checks import run_checks
from pollwitness.claims import Figure, Finding, HistoryPoint, Scope
from pollwitness.quantities import Interval, Quantity, Rung, Unit, Verdict
from pollwitness.report import Subject
from pollwitness.report.charts import (
    Bar,
    Layer,
    Said,
    Scale,
    SharePair,
    ShareRow,
    bar_of,
    bounds_over_time,
    claim_bar,
    gap_of,
    robustness_curve,
    scale_of,
    seen_and_unseen,
    station_map,
    station_scatter,
    who_says_what,
    window,
)
from pollwitness.report.content import pages
from pollwitness.report.pages.pictures import Picture
from pollwitness.report.theme import (
    COLOURS,
    MARK_COLOURS,
    MARKS,
    TEXT_COLOURS,
    VERDICT_COLOURS,
    contrast,
)
from tests.report.rich import rich_tables

INFINITY = float("inf")


def positions(svg: str, kind: str, name: str = "x") -> list[float]:
    """Where the marks of a kind lie, in percent."""
    marks = re.findall(rf'<\w+ class="{kind}"[^>]*>', svg)
    return [float(re.search(rf'\b{name}="([\d.-]+)%', mark)[1]) for mark in marks]


def bar(low, high, claimed, unit="votes", **more):
    return Bar(unit, claimed, (low, high), label="x", **more)


def test_the_claim_and_the_range_lie_where_their_figures_are():
    """100 % of the width less the margins of 1.5 % is 0 to 100 %: 80.1 lies at 1.5 + 97 * .801."""
    svg = claim_bar(bar(Fraction(20), Fraction(90), Interval(Fraction(80), Fraction(801, 10)),
                        "percent"), "says")  # fmt: skip
    assert positions(svg, "band") == [pytest.approx(1.5 + 97 * 0.2, abs=0.01)]
    assert positions(svg, "band", "width") == [pytest.approx(97 * 0.7, abs=0.01)]
    stem = positions(svg, "claimed-stem", "x1")
    assert stem == [pytest.approx(1.5 + 97 * 0.8005, abs=0.01)]
    assert 'aria-label="says"' in svg
    assert "gap" not in svg


@pytest.mark.parametrize(
    ("feasible", "claimed", "gap"),
    [
        pytest.param((650, 960), Interval(380, 380), (380, 650), id="below"),
        pytest.param((100, 300), Interval(500, 600), (300, 500), id="above"),
        pytest.param((100, None), Interval(Fraction(50), Fraction(60), high_open=True), (59, 100),
                     id="an open end is the next whole number"),
        pytest.param((100, 300), Interval(250, 400), None, id="they meet"),
        pytest.param((None, 300), Interval.more_than(300), (300, 301), id="more than"),
        pytest.param((100, None), Interval.at_least(7), None, id="no upper bound"),
    ],
)  # fmt: skip
def test_the_gap_is_the_distance_between_claim_and_range(feasible, claimed, gap):
    assert gap_of(bar(*feasible, claimed)) == gap


def test_a_denied_figure_has_no_gap():
    assert gap_of(bar(100, 200, Interval(10, 20), denied=True)) is None
    assert "denied: x" in claim_bar(bar(100, 200, Interval(10, 20), denied=True), "")


@pytest.mark.parametrize(("low", "claim"), [(120_164, 115_399), (127_030, 126_999), (650, 380)])
def test_a_narrow_gap_is_still_seen(low, claim):
    """The axis is cut so that a gap of 31 votes in 127,000 is an eighth of the width at least."""
    svg = claim_bar(bar(low, None, Interval(claim, claim)), "")
    start, end = positions(svg, "gap", "x1")[0], positions(svg, "gap", "x2")[0]
    assert end - start > 12
    assert (f"{low - claim:,} votes short") in svg
    assert ('class="cut"' in svg) == (low > 1000)


def test_no_label_of_a_bar_leaves_the_picture():
    """Labels lean inwards: an anchored text never starts beyond the edge it leans on."""
    for low, high, claim in ((1, 2, 99), (98, 99, 1), (50, None, 49), (0, 100, 50), (3, None, 2)):
        svg = claim_bar(bar(low, high, Interval(claim, claim)), "")
        for x, anchor in re.findall(r'<text class="[\w-]+" x="([\d.]+)%"[^>]*anchor="(\w+)"', svg):
            assert (float(x) < 40) if anchor == "start" else True
            assert (float(x) > 60) if anchor == "end" and float(x) > 70 else True


def test_an_estimate_is_a_darker_band_inside():
    finding = Finding(
        "x.y", 1, "c", "question.share", Verdict.UNLIKELY, Rung.ESTIMATES, Scope(),
        figures=(
            Figure("share", None, "share", Fraction(1, 10), Fraction(9, 10)),
            Figure("estimate", 0.4, "share", 0.3, 0.5, 0.95),
        ),
        claimed=Quantity(Interval(80, 81), Unit.PERCENT),
    )  # fmt: skip
    made = bar_of(finding, "80 %")
    assert made.feasible == (10, 90)
    assert made.estimate == (pytest.approx(30), pytest.approx(50), 0.95)
    svg = claim_bar(made, "")
    assert positions(svg, "estimate")[0] == pytest.approx(1.5 + 97 * 0.3, abs=0.01)


def test_seen_and_unseen_shows_a_need_below_zero_left_of_the_zero_line():
    pair = SharePair(
        "Anna",
        ShareRow("seen", (0.3, 0.3), 271, (1000, 1000), seen=True),
        ShareRow("needed", (-0.2, -0.1), 721, (5, 6), seen=False),
    )
    svg = seen_and_unseen((pair,), "says")
    zero = positions(svg, "zero", "x1")[0]
    assert positions(svg, "unseen")[0] < zero
    assert positions(svg, "seen")[0] == pytest.approx(zero)
    assert "721 stations" in svg
    assert "5 to 6 ballots" in svg
    assert "needed: -20 % to -10 %" in svg


def test_the_robustness_curve_has_a_point_for_every_share():
    curve = ((Fraction(0), 3, 3), (Fraction(1, 2), 99, 101), (Fraction(1), 170, None))
    svg = robustness_curve(curve, "")
    assert len(positions(svg, "curve-dot", "cx")) == 3
    assert len(positions(svg, "curve-range", "x1")) == 1
    assert "50 %" in svg.replace("\u00a0", " ")


def test_bounds_over_time_narrow_from_left_to_right():
    history = [HistoryPoint("2024-05-06", 1, 10, 100), HistoryPoint("2024-05-10", 2, 30, None)]
    svg = bounds_over_time(history, Interval(50, 50), unit="", label="claimed", alternative="")
    assert "6 May 2024" in svg
    assert "10 May 2024" in svg
    assert positions(svg, "claim-line", "x1")
    assert 'class="band-area"' in svg


def test_sources_are_joined_where_they_conflict():
    rows = [
        Said("One", "1 May", "20,000", Interval.at_least(20_000), (1,)),
        Said("Two", "", "2,000 to 9,999", Interval(2_000, 9_999), (0,)),
        Said("Three", "", "about 9,000", None),
        Said("Four", "", "at most 50,000", Interval.at_most(50_000)),
    ]
    scale = scale_of(rows, percent=False)
    assert scale.high == pytest.approx(55_000)
    svg = who_says_what(rows, scale, unit="people", alternative="")
    assert len(positions(svg, "conflict", "x1")) == 1
    assert "about 9,000 (no range)" in svg


@pytest.mark.parametrize("count", [5, 900, 100_000])
def test_a_hundred_thousand_stations_stay_a_small_picture(count):
    rng = np.random.default_rng(3)
    recorded = rng.integers(0, 900, count)
    reports = (recorded * rng.uniform(0, 1.1, count)).astype(int)
    svg = station_scatter(reports, recorded, "says")
    assert len(svg) < 400_000
    outliers = len(positions(svg, "outlier", "cx"))
    assert outliers == min(int((reports > recorded).sum()), 400)
    assert ("density-" in svg) == (count > 1000 or (reports <= recorded).sum() > 800)


def test_a_map_keeps_proportions_and_leaves_out_what_lies_far_away():
    north = np.concatenate([np.linspace(53, 54, 300), [40.7]])
    east = np.concatenate([np.linspace(26, 28, 300), [-74.0]])
    layer = Layer("map-seen", north, east)
    around = window((layer,))
    assert int(around.holds(layer).sum()) < 301
    assert not around.holds(layer)[-1]
    svg = station_map((layer,), around, "says")
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    # One degree of latitude is as long as 1 / cos(53.5°) = 1.68 degrees of longitude.
    assert width / height == pytest.approx(2 / 1.68, rel=0.1)


def pictures_in(value: object) -> Iterator[Picture]:
    """Every picture that stands anywhere in the content of a page."""
    if isinstance(value, Picture):
        yield value
    parts = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        for part in parts:
            yield from pictures_in(part)
    for name in ("pictures", "picture"):
        if hasattr(value, name):
            yield from pictures_in(getattr(value, name))


def all_pictures() -> list[tuple[str, Picture]]:
    tables = rich_tables()
    subject = Subject.of(tables, run_checks(tables))
    return [
        (page.path, picture)
        for page in pages(subject, with_pdf=False)
        for picture in pictures_in(dict(page.content))
    ]


def test_every_picture_has_what_must_stand_beside_it():
    found = all_pictures()
    kinds = {re.search(r'class="chart ([\w-]+)', p.drawing)[1] for _path, p in found}
    assert kinds == {"claim-bar", "shares", "curve", "history", "scatter", "sources", "map"}
    for path, picture in found:
        assert picture.title, path
        assert picture.basis, path
        assert picture.source, path
        assert picture.rows, path
        assert picture.alternative, path
        assert all(len(row) == len(picture.headings) for row in picture.rows), path
        assert 'role="img"' in picture.drawing


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_of_the_theme(theme):
    """WCAG 2.2: 4.5 for text on paper and panel, 3 for marks (1.4.3, 1.4.11)."""
    value = {name: getattr(colour, theme) for name, colour in COLOURS.items()}
    for ground in ("paper", "panel"):
        for name in TEXT_COLOURS:
            assert contrast(value[name], value[ground]) >= 4.5, (name, ground)
        for name in MARK_COLOURS:
            assert contrast(value[name], value[ground]) >= 3, (name, ground)
    for name in ("ink", "muted", "contradicted"):
        assert contrast(value[name], value["impossible"]) >= 4.5, name
    assert contrast(value["band-end"], value["band"]) >= 3
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def _seen_by(colour: str, matrix: list[list[float]]) -> np.ndarray:
    linear = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]) ** 2.2
    return np.clip(np.array(matrix) @ linear, 0, 1) ** (1 / 2.2)


# Viénot, Brettel and Mollon 1999, in linear RGB: protanopia, deuteranopia; tritanopia after
# Brettel 1997 as simplified there.
_DEFICIENCIES = {
    "protanopia": [[0.112, 0.888, 0], [0.112, 0.888, 0], [0.004, -0.004, 1]],
    "deuteranopia": [[0.293, 0.707, 0], [0.293, 0.707, 0], [-0.021, 0.021, 1]],
    "tritanopia": [[1.0, 0.152, -0.152], [0, 0.868, 0.132], [0, 0.868, 0.132]],
}


@pytest.mark.parametrize("deficiency", _DEFICIENCIES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_seen_and_unseen_differ_for_every_eye(theme, deficiency):
    """Two bars beside each other stay apart by colour too; word and mark carry the rest."""
    pairs = [("seen", "unseen"), ("contradicted", "seen")]
    for one, other in pairs:
        a, b = (_seen_by(getattr(COLOURS[n], theme), _DEFICIENCIES[deficiency])
                for n in (one, other))  # fmt: skip
        assert float(np.abs(a - b).max()) > 0.12, (one, other)


def test_every_verdict_has_a_colour_and_a_mark():
    assert set(MARKS) == set(VERDICT_COLOURS) == set(Verdict)
    assert set(VERDICT_COLOURS.values()) <= set(COLOURS)
    # The table of the design: these words may share a colour, never a colour and a mark.
    alike = {(VERDICT_COLOURS[v], MARKS[v]) for v in Verdict}
    assert len(alike) == len(Verdict) - 1  # compatible and supported are one line of the table


def test_a_scale_holds_its_ends():
    scale = Scale(0, 10)
    assert (scale.at(0), scale.at(10), scale.at(50)) == (1.5, 98.5, 98.5)
    assert Scale(5, 5).at(5) == 1.5
