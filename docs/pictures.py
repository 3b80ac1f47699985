"""The pictures of the method pages of rung 3, drawn from full counts by station.

Run: POLLWITNESS_REFERENCE_DATA=... python docs/pictures.py (or `make pictures`). The pictures show
sums and ranges; no table of stations goes into the project.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import ndtri

from pollwitness.forensics import (
    AnomalousVotes,
    Digit,
    LateResults,
    Percentage,
    StationResults,
    anomalous_votes,
    digit_test,
    late_shift,
    same_building,
    same_results,
    vote_rate_moments,
)
from pollwitness.report.alone import picture_alone
from pollwitness.report.pages.indication_pictures import (
    comb_picture,
    cumulative_picture,
    fingerprint_picture,
    regions_picture,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.reference.stations import (
    albania,
    canada,
    georgia,
    mexico,
    mexico_vectors,
    russia,
)

PAGES = Path(__file__).parent / "methods"
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.t{font-size:16px;font-weight:600}"
    ".m{fill:#555}.r{fill:#33658a;fill-opacity:.35}.d{fill:#222}.o{fill:none;stroke:#222}"
    ".g{stroke:#d0d0d0}.bg{fill:#fff}@media(prefers-color-scheme:dark){text,.d{fill:#eee}"
    ".m{fill:#bbb}.r{fill:#7fb2d6}.o{stroke:#eee}.g{stroke:#444}.bg{fill:#181818}}</style>"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A range, a point found (filled), and another one to compare with (open)."""

    name: str
    low: float
    high: float
    found: float | None = None
    other: float | None = None


def ranges(rows: Sequence[Row], *, title: str, about: str, step: float, unit: str = "") -> str:
    """Rows with a range and up to two points on a common axis, as an SVG text."""
    points = [p for row in rows for p in (row.low, row.high, row.found, row.other) if p is not None]
    least = step * np.floor(min(points) / step)
    most = step * np.ceil(max(points) / step)
    bottom = 84 + 26 * len(rows)

    def across(value: float) -> str:
        return f"{200 + 480 * (value - least) / (most - least):.1f}"

    body = [f'<text class="m" x="16" y="50">{escape(about)}</text>']
    body += [
        f'<path class="g" d="M{across(tick)} 64V{bottom}"/>'
        f'<text class="m" x="{across(tick)}" y="{bottom + 18}" text-anchor="middle">'
        f"{tick + 0.0:,.6g}{unit}</text>"
        for tick in np.arange(least, most + step / 2, step)
    ]
    for number, row in enumerate(rows):
        y = 84 + 26 * number
        width = max(480 * (row.high - row.low) / (most - least), 1)
        body.append(f'<text x="190" y="{y + 4}" text-anchor="end">{escape(row.name)}</text>'
                    f'<rect class="r" x="{across(row.low)}" y="{y - 7}" width="{width:.1f}" '
                    'height="14"/>')  # fmt: skip
        body += [
            f'<circle class="{kind}" cx="{across(at)}" cy="{y}" r="4.5"/>'
            for kind, at in (("o", row.other), ("d", row.found))
            if at is not None
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {bottom + 32}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{STYLE}'
        f'<rect class="bg" width="720" height="{bottom + 32}"/>'
        f'<text class="t" x="16" y="28">{escape(title)}</text>{"".join(body)}</svg>\n'
    )


def elections(data: Path) -> dict[str, StationResults]:
    """The full counts that the pages compare, by name and leader."""
    return {
        "Russia 2011": russia(data, "2011"),
        "Russia 2012": russia(data, "2012"),
        "Russia 2018": russia(data, "2018"),
        "Mexico 2006, PAN": mexico(data, "2006", "pan"),
        "Mexico 2012, PRI": mexico(data, "2012", "pri_pvem"),
        "Canada 2011": canada(data),
        "Georgia 2013": georgia(data),
        "Albania 2013": albania(data),
    }


def beyond_proportion(counts: dict[str, StationResults]) -> str:
    rows = []
    for name, stations in counts.items():
        found = anomalous_votes(stations, np.random.default_rng(1))
        if isinstance(found, AnomalousVotes):
            print(name, found)
            rows.append(Row(name, 100 * found.least / found.votes, 100 * found.most / found.votes))
    return ranges(rows, title="Votes beyond proportion, in percent of the leader's votes",
                  about="Range over 24 choices of bins and peak", step=10, unit=" %")  # fmt: skip


def moments(counts: dict[str, StationResults]) -> str:
    rows = []
    for name, stations in counts.items():
        found = vote_rate_moments(stations)
        if found is not None:
            print(name, found)
            spread = 2 * (found.skewness_spread or 0)
            rows.append(Row(name, found.skewness - spread, found.skewness + spread, found.skewness))
    return ranges(rows, title="Skewness of the logarithmic vote rate",
                  about="Two standard errors from leaving out regions; none with one region",
                  step=1)  # fmt: skip


def second_digits(stations: StationResults) -> str:
    found = digit_test(stations, Digit.SECOND)
    if found is None:
        raise ValueError("too few stations")
    print(found)
    rows = []
    for digit in range(10):
        expected, total = found.expected[digit], found.stations
        spread = 2 * (expected * (1 - expected / total)) ** 0.5
        rows.append(Row(f"digit {digit}", (expected - spread) / 1000, (expected + spread) / 1000,
                        found.observed[digit] / 1000, found.by_textbook[digit] / 1000))  # fmt: skip
    return ranges(rows, title="Second digits of the PRI's votes, Mexico 2012",
                  about="Thousand stations: found (dot), by size (bar), by the textbook (circle)",
                  step=1)  # fmt: skip


def rural_stations(data: Path) -> str:
    table = pl.read_csv(data / "mexico" / "nal_2012.csv.gz", infer_schema_length=None)
    table = table.filter(pl.col("total") > 0, pl.col("rural").is_not_null())
    levels = {"state": "edo_id", "district": "distrito_fed_12", "field office": "are"}
    shift = late_shift(LateResults.of(
        ballots=table["total"].to_numpy(), leader=table["pri_pvem"].to_numpy(),
        is_late=(table["rural"] == 1).to_numpy(),
        places=[(name, table[column].cast(pl.String).to_list()) for name, column in levels.items()],
    ))  # fmt: skip
    rows = []
    for one in (*shift.by_level, shift.finest):
        print(one)
        spread = 200 * one.spread / one.ballots
        rows.append(Row(f"{one.level}, {one.places:,} places" if one.places > 1 else "country",
                        one.points - spread, one.points + spread, one.points))  # fmt: skip
    return ranges(rows, title="Rural stations of Mexico 2012 beyond other stations of a place",
                  about="Share of the PRI, points; two standard errors", step=2)  # fmt: skip


def equal_pairs(data: Path) -> str:
    rows = []
    for year in ("2006", "2012"):
        pairs = same_results(mexico_vectors(data, year, states=32)).same_pairs
        print(pairs)
        rows.append(Row(f"Mexico {year}", 0, pairs.expected, pairs.observed))
    return ranges(rows, title="Pairs of stations of a state with the same result",
                  about="Found (dot); chance gives the bar at most", step=20)  # fmt: skip


def unlike_neighbours(data: Path) -> str:
    found = same_building(mexico_vectors(data, "2006", states=32))
    if found is None:
        raise ValueError("too few stations")
    rows = []
    for one in found.outliers[:8]:
        error = abs(one.share - one.others) / -float(ndtri(one.p_value / 2))
        rows.append(Row(f"station {one.station}", 100 * (one.others - 2 * error),
                        100 * (one.others + 2 * error), 100 * one.share))  # fmt: skip
    return ranges(rows, title="Unlike their neighbours most: Mexico 2006, share of the PAN",
                  about="The station (dot); the others of its section, two standard errors (bar)",
                  step=20, unit=" %")  # fmt: skip


def main() -> None:
    data = Path(os.environ["POLLWITNESS_REFERENCE_DATA"])
    counts = elections(data)
    russian, mexican = counts["Russia 2018"], counts["Mexico 2012, PRI"]
    public = "Source: results by station, electoral commission. Method: pollwitness forensics."
    comb = "Turnout of Russia 2018 lies on whole percents more often than chance allows"
    drawn = {
        "integers-russia-2018": picture_alone(
            comb_picture(russian, Percentage.TURNOUT, comb, public)
        ),
        "regions-russia-2018": picture_alone(regions_picture(russian, "V. V. Putin 2018", public)),
        "fingerprint-russia-2018": picture_alone(
            fingerprint_picture(russian, "V. V. Putin 2018", public)
        ),
        "fingerprint-mexico-2012": picture_alone(fingerprint_picture(mexican, "PRI 2012", public)),
        "curve-russia-2011": picture_alone(
            cumulative_picture(counts["Russia 2011"], "United Russia 2011", public)
        ),
        "curve-mexico-2006": picture_alone(
            cumulative_picture(counts["Mexico 2006, PAN"], "PAN 2006", public)
        ),
        "anomalous-votes": beyond_proportion(counts),
        "vote-rate-skewness": moments(counts),
        "second-digits": second_digits(mexican),
        "late-count": rural_stations(data),
        "equal-results": equal_pairs(data),
        "same-building": unlike_neighbours(data),
    }
    for name, svg in drawn.items():
        (PAGES / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
