"""Belarus 2020, station level: the published figures, from the raw tables to the verdicts."""

from fractions import Fraction

import pytest

from pollwitness.checks import CheckRun, explanation, run_checks
from pollwitness.claims import Finding
from pollwitness.quantities import Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    HEADLINE,
    Reading,
    area_bounds,
    breaches,
    cast_votes,
    officials_by_area,
    recorded_votes,
    release_bias,
    remainder,
    report_conflict,
    stations_won,
)
from tests.reference.belarus import belarus_tables

HER = "votes_tikhanovskaya"


@pytest.fixture(scope="module")
def tables(reference_data) -> CaseTables:
    """Negative figures are read as blank (three forms; see the converter)."""
    return belarus_tables(reference_data)


@pytest.fixture(scope="module")
def as_published(reference_data) -> CaseTables:
    """With the three negative figures, as in the figures that others published."""
    return belarus_tables(reference_data, negatives=True)


@pytest.fixture(scope="module")
def answers(tables) -> CheckRun:
    return run_checks(tables)


def low(tables: CaseTables, area: str, reading: Reading) -> int:
    votes = recorded_votes(tables, "president", reading)
    return area_bounds(tables, votes, area).votes[HER].low


def finding(answers: CheckRun, check: str, *, area=None, claim=None, option=None) -> Finding:
    return next(
        f for f in answers.findings
        if f.check == check and f.scope.area_id == area and f.claim_id == claim
        and (option is None or f.scope.option_ids == (option,))
    )  # fmt: skip


def verdicts(found: Finding) -> list[str]:
    return [str(reading.verdict) for reading in found.readings[:3]]


def test_recorded_votes_in_all_protocols(tables):
    votes = recorded_votes(tables, "president", Reading.AS_WRITTEN)
    assert int(votes.seen.sum()) == 1395
    assert low(tables, "by", Reading.AS_WRITTEN) == 497_510
    assert votes.territory.station_ids.len() == 5767


def test_minsk_region_in_three_readings(tables, as_published):
    assert [low(as_published, "minsk-region", r) for r in Reading] == [120_164, 120_051, 111_476]
    # One form there has -7 votes against all. A count is never negative: read as blank, the form
    # contradicts itself, which costs the headline 7 votes and the third reading one station.
    assert [low(tables, "minsk-region", r) for r in Reading] == [120_164, 120_044, 111_332]


def test_minsk_city_in_three_readings(tables):
    assert [low(tables, "minsk-city", r) for r in Reading] == [127_030, 126_227, 108_116]


@pytest.mark.parametrize(("negatives", "region", "nation"), [(True, 260, 1309), (False, 259, 1306)])
def test_stations_left_when_inconsistent_forms_are_left_out(
    reference_data, negatives, region, nation
):
    found = belarus_tables(reference_data, negatives=negatives)
    votes = recorded_votes(found, "president", Reading.LEFT_OUT)
    assert (votes.seen_in("minsk-region").size, votes.seen_in("by").size) == (region, nation)


@pytest.mark.parametrize(
    ("negatives", "above"),
    [pytest.param(True, 3, id="published"), pytest.param(False, 6, id="ours")],
)
def test_every_form_whose_parts_fail_is_listed(reference_data, negatives, above):
    found = breaches(belarus_tables(reference_data, negatives=negatives))
    counts = dict(found["rule"].value_counts().iter_rows())
    assert {r: counts[r] for r in ("P001", "P002", "P003", "P004", "P005")} == {
        "P001": 77, "P002": above, "P003": 72, "P004": 21, "P005": 6
    }  # fmt: skip
    inconsistent = found.filter(found["rule"].is_in(["P001", "P002", "P005"]))
    assert inconsistent["copy_id"].n_unique() == 83 + above


def test_minsk_region_is_contradicted_unless_inconsistent_forms_are_left_out(answers):
    found = finding(answers, "tally.official", area="minsk-region")
    assert verdicts(found) == ["contradicted", "contradicted", "possible"]
    assert (found.verdict, found.fragile) == (Verdict.CONTRADICTED, True)
    assert (found.robustness.least, found.robustness.at_most) == (3, 3)
    assert found.figure("documents_as_written").value == 3
    assert (found.inequality.left, found.inequality.right) == (120_044, 115_399)


def test_minsk_city_is_contradicted_only_as_written_and_the_text_says_what_that_means(
    answers, tables
):
    found = finding(answers, "tally.votes", claim="minsk-city", area="minsk-city")
    assert verdicts(found) == ["contradicted", "possible", "possible"]
    assert (found.verdict, found.fragile) == (Verdict.POSSIBLE, True)
    answer = next(s for s in explanation(found, tables) if s.heading == "Answer")
    assert any("does not mean that the figure is right, nor that it is wrong" in line
               for line in answer.lines)  # fmt: skip
    assert finding(answers, "tally.official", area="minsk-city").figure(
        "documents_as_written"
    ).value == 1  # fmt: skip


@pytest.mark.parametrize(
    ("area", "curve"),
    [
        ("minsk-region", [(3, 3), (19, 20), (49, 49), (99, 99), (170, 170)]),
        ("minsk-city", [(1, 1), (4, 4), (12, 13), (32, 32), (84, 84)]),
        ("by", [(0, 0), (2, 2), (120, 120), (350, 350), (718, 718)]),
    ],
)
def test_robustness_curves(answers, area, curve):
    """k at φ = 0, 0.1, 0.25, 0.5, 1, over the rounding of the official figures."""
    found = finding(answers, "tally.remainder", area=area, option="tikhanovskaya")
    assert [(least, most) for _, least, most in found.robustness.curve] == curve


def test_what_the_other_4372_stations_would_have_to_hold(tables):
    votes = recorded_votes(tables, "president", Reading.AS_WRITTEN)
    official = officials_by_area(tables, "president")["by"]
    rest = remainder(tables, votes, official, "tikhanovskaya")
    assert rest.unseen_stations == 4372
    assert [round(float(x), 1) for x in rest.needed_average] == [20.8, 20.8]
    assert round(float(rest.seen_average), 1) == 356.6
    assert [round(100 * float(x), 1) for x in rest.needed_share] == [2.4, 2.4]
    assert round(100 * float(rest.seen_share), 1) == 25.0
    gamma = release_bias(
        [rest.seen_votes], [rest.seen_ballots], unseen_ballots=[rest.unseen_ballots[0]],
        unseen_votes=rest.unseen_votes[0],
    ).gamma  # fmt: skip
    assert round(gamma, 1) == 13.7


def test_the_nation_is_not_contradicted_on_rung_1(answers):
    found = finding(answers, "tally.official", area="by")
    assert (found.verdict, verdicts(found)) == (Verdict.POSSIBLE, ["possible"] * 3)


def test_photographs_against_protocols(tables, answers):
    votes = recorded_votes(tables, "president", Reading.AS_WRITTEN)
    found = report_conflict(votes, cast_votes(tables, votes), "tikhanovskaya", None)
    assert (found.stations.size, found.least_wrong, found.all_reports) == (441, 50_138, 266_079)
    assert round(100 * float(found.contamination), 1) == 18.8
    assert (found.surviving(Fraction(1, 5)), found.resting_on(5)) == (321, 23)
    asked = finding(answers, "tally.reports", option="tikhanovskaya")
    assert asked.verdict is Verdict.CONTRADICTED
    assert asked.robustness.unit == "reports"
    assert asked.figure("wrong_reports").value == 50_138


def test_won_at_least_80_stations(tables, answers):
    """203 stations ahead of every figure given, one tie; 80 holds unless 124 forms are wrong.

    At 6 of the 203 a rival's votes are blank and neither ballots nor roll bound them: 197 are
    certain as written (118 forms). With one figure of each inconsistent form misread, and the three
    negative figures read as blank, 194 are certain (115 forms).
    """
    votes = recorded_votes(tables, "president", Reading.AS_WRITTEN)
    won = stations_won(votes, "tikhanovskaya", None)
    assert (won.ahead.size, won.tied.size, won.certain.size) == (203, 1, 197)
    found = finding(answers, "tally.stations_won", claim="won-80")
    assert found.verdict is Verdict.ENTAILED
    assert verdicts(found) == ["entailed"] * 3
    assert found.figure("documents_ahead").value == 124
    assert [r.low for r in found.readings] == [197, 194, 173]
    assert found.robustness.least == 115


def test_the_decisive_documents_of_minsk_region_add_up(answers, tables):
    """Independent of the code: the three forms with the most votes for her, from the raw table."""
    found = finding(answers, "tally.official", area="minsk-region")
    protocols = tables.table("protocols").join(tables.table("stations"), on="station_id")
    inside = protocols.filter(protocols["area_id"] == "minsk-region")
    top = inside.sort(HER, descending=True)[HER].to_list()
    assert [d.contribution for d in found.decisive] == top[:3]
    gap = found.inequality.left - found.inequality.right
    assert sum(top[:3]) >= gap > sum(top[:2])
    assert set(found.robustness.in_every_set) <= {d.copy_id for d in found.decisive}


def test_the_headline_is_the_reading_with_one_figure_misread():
    assert HEADLINE is Reading.ONE_FIGURE_MISREAD
