"""Gates, plans, and tests together: who is let in, and how often a family alarms."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import chi2

from pollwitness.checks import run_checks
from pollwitness.forensics import (
    BatteryTest,
    Expected,
    Gate,
    GateOutcome,
    Plan,
    PlanError,
    StationResults,
    case_stations,
    gates,
    honest_redraw,
    parse_plan,
    plan_text,
    run_battery,
    too_smooth_areas,
)
from pollwitness.quantities import Rung, Verdict
from tests.build import small_tables
from tests.forensics.test_descriptions import election
from tests.reference.stations import russia


def outcomes(table: StationResults, **expected: int) -> dict[Gate, GateOutcome]:
    found = gates(table, Expected(**expected))
    worst = {GateOutcome.FAILED: 2, GateOutcome.NOT_CHECKED: 1, GateOutcome.PASSED: 0}
    by_gate: dict[Gate, GateOutcome] = {}
    for one in found:
        before = by_gate.get(one.gate, GateOutcome.PASSED)
        by_gate[one.gate] = max(before, one.outcome, key=worst.__getitem__)
    return by_gate


def changed(stations: StationResults, **columns) -> StationResults:
    given = {"registered": stations.registered, "ballots": stations.ballots,
             "leader": stations.leader} | columns  # fmt: skip
    return StationResults.of(**given)


GOOD = election(1, 400)


@pytest.mark.parametrize(
    ("stations", "expected", "gate"),
    [
        pytest.param(election(2, 90), {}, Gate.STATIONS, id="fewer than 100 stations"),
        pytest.param(changed(GOOD, ballots=GOOD.registered + 5), {}, Gate.COUNTS,
                     id="more ballots than voters"),
        pytest.param(changed(GOOD, leader=GOOD.ballots + 1), {}, Gate.COUNTS,
                     id="more votes than ballots"),
        pytest.param(
            changed(GOOD, registered=np.full(400, 1000), ballots=np.full(400, 600),
                    leader=np.arange(400)), {}, Gate.VARIETY, id="constant turnout"),
        pytest.param(GOOD, {"stations": 500}, Gate.COVERAGE, id="a fifth is missing"),
        pytest.param(GOOD, {"stations": 300}, Gate.COVERAGE, id="more than there are"),
        pytest.param(GOOD, {"leader": int(GOOD.leader.sum() * 1.01)}, Gate.SUMS,
                     id="one per cent too few"),
        pytest.param(GOOD, {"registered": 14_720_580}, Gate.SUMS, id="another country"),
    ],
)  # fmt: skip
def test_a_gate_that_fails_gives_no_result(stations, expected, gate):
    assert outcomes(stations, **expected)[gate] is GateOutcome.FAILED
    plan = Plan(expected=Expected(**expected))
    found = run_battery(stations, plan, np.random.default_rng(1))
    assert not found.is_open
    assert found.outcomes == found.control == ()


def test_good_tables_pass_and_what_nobody_states_is_not_checked():
    assert set(outcomes(GOOD).values()) == {GateOutcome.PASSED, GateOutcome.NOT_CHECKED}
    totals = {"stations": 400, "registered": int(GOOD.registered.sum()),
              "ballots": int(GOOD.ballots.sum()), "leader": int(GOOD.leader.sum())}  # fmt: skip
    assert set(outcomes(GOOD, **totals).values()) == {GateOutcome.PASSED}


def test_russia_2011_is_not_canada_2011(reference_data):
    """A package ships the one under the name of the other: 14,720,580 voted in Canada."""
    found = gates(russia(reference_data, "2011"), Expected(ballots=14_720_580))
    failed = [one for one in found if one.outcome is GateOutcome.FAILED]
    assert [one.gate for one in failed] == [Gate.SUMS]
    assert failed[0].found > 4 * Fraction(14_720_580)


def test_a_family_alarms_no_more_often_than_its_level():
    """200 honest elections: at most 19 alarms at 5 % (the 99.9 % quantile is 20)."""
    alarms = 0
    for seed in range(200):
        stations = election(1000 + seed, 150, regions=8)
        found = run_battery(stations, Plan(), np.random.default_rng(seed))
        assert found.is_open
        alarms += any(outcome.is_anomalous for outcome in found.outcomes)
    assert alarms <= 19


def test_holm_corrects_for_all_tests_of_the_plan():
    found = run_battery(election(3), Plan(), np.random.default_rng(1))
    ranked = sorted(found.outcomes, key=lambda outcome: outcome.p_bound)
    expected, greatest = [], 0.0
    for rank, outcome in enumerate(ranked):
        greatest = max(greatest, min(1.0, outcome.p_bound * (len(ranked) - rank)))
        expected.append(greatest)
    assert [outcome.adjusted for outcome in ranked] == pytest.approx(expected)
    one = run_battery(election(3), Plan(tests=(BatteryTest.INTEGERS_ANY,)),
                      np.random.default_rng(1))  # fmt: skip
    assert one.outcomes[0].adjusted == one.outcomes[0].p_bound


def test_the_control_is_an_honest_election_of_the_same_stations():
    stations = election(4)
    drawn = honest_redraw(stations, np.random.default_rng(1))
    assert drawn.registered.tolist() == stations.registered.tolist()
    assert drawn.ballots.sum() == stations.ballots.sum()
    assert drawn.leader.sum() == pytest.approx(stations.leader.sum(), rel=0.01)
    found = run_battery(stations, Plan(), np.random.default_rng(1))
    again = run_battery(stations, Plan(), np.random.default_rng(1))
    assert found.control == again.control
    assert [o.test for o in found.control] == [o.test for o in found.outcomes]


def test_without_regions_of_ten_stations_smoothness_is_skipped():
    stations = election(5, 150, regions=75)
    found = run_battery(stations, Plan(), np.random.default_rng(1))
    assert [one.test for one in found.skipped] == [BatteryTest.SMOOTH_AREAS]
    assert len(found.outcomes) == 4


def test_copied_shares_are_too_smooth_and_independent_voters_are_not():
    rng = np.random.default_rng(7)
    ballots = rng.integers(400, 1200, 60)
    honest = rng.binomial(ballots, 0.4)
    region = ["a"] * 30 + ["b"] * 30
    registered = ballots * 2
    quiet = too_smooth_areas(
        StationResults.of(registered=registered, ballots=ballots, leader=honest, region=region)
    )
    assert quiet.p_value > 0.05
    made = honest.copy()
    made[:30] = np.rint(ballots[:30] * 0.4)
    found = too_smooth_areas(
        StationResults.of(registered=registered, ballots=ballots, leader=made, region=region)
    )
    assert found.smoothest.region == "a"
    assert found.p_value < 1e-12
    assert found.smoothest.ratio < found.smallest < 1


def test_the_worked_example_of_the_method_page():
    votes = [600, 600, 601, 600, 599, 600, 600, 601, 599, 600]
    ten = StationResults.of(registered=[2000] * 10, ballots=[1000] * 10, leader=votes)
    found = too_smooth_areas(ten).areas[0]
    assert found.ratio == pytest.approx(4 / 240 / 9)
    assert found.p_value == pytest.approx(float(chi2.cdf(4 / 240, 9)))
    assert found.p_value == pytest.approx(8e-12, rel=0.1)
    empty = StationResults.of(registered=[10], ballots=[0], leader=[0])
    assert too_smooth_areas(empty) is None


def test_a_plan_survives_its_text_and_is_known_by_its_digest():
    plan = Plan(tests=(BatteryTest.INTEGERS_ANY,), level=0.01, election='A "B" \\ C',
                expected=Expected(stations=5, leader=7), seed=9)  # fmt: skip
    text = plan_text(plan)
    found = parse_plan(text)
    assert (found.tests, found.level, found.election, found.expected, found.seed) == (
        plan.tests, plan.level, plan.election, plan.expected, plan.seed,
    )  # fmt: skip
    assert len(found.digest) == 64
    assert parse_plan(text + "# changed\n").digest != found.digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("format = 1\nlevle = 0.1\nlevel = 2.0", "levle is not known; level must be a "
                     "number between 0 and 1, such as 0.05", id="two mistakes"),
        pytest.param("x = ", "the plan is not valid TOML", id="no TOML"),
        pytest.param("", "format must be 1", id="no format"),
        pytest.param('format = 1\ntests = ["magic"]', "tests must be a list of some of "
                     "digits.last, digits.second, integers.any, integers.share, integers.turnout, "
                     "smooth.areas, spikes.share", id="test"),
        pytest.param('format = 1\ntests = ["smooth.areas", "smooth.areas"]',
                     "tests must name each test once", id="twice"),
        pytest.param("format = 1\nexpected = 3", "expected must be a table", id="table"),
        pytest.param('format = 1\n[expected]\nvoters = 3\nballots = "many"',
                     "expected.voters is not known; expected.ballots must be a whole number",
                     id="totals"),
        pytest.param("format = 1\nseed = -1\nelection = 3",
                     "seed must be a whole number, 0 or more; election must be a text", id="seed"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_used_says_all_that_is_wrong(text, said):
    with pytest.raises(PlanError) as refused:
        parse_plan(text)
    assert said in str(refused.value)


def station_case(count: int = 150, **official: object):
    """A case with official results of every station, and a total that they add up to."""
    stations = election(11, count, regions=1)
    rows = [
        {"station_id": f"s{n:03}", "area_id": None, "registered": int(r), "ballots": int(b),
         "votes_anna": int(v), "votes_boris": int(b - v)}
        for n, (r, b, v) in enumerate(zip(stations.registered, stations.ballots, stations.leader,
                                          strict=True))
    ]  # fmt: skip
    total = {
        "area_id": "land", "registered": int(stations.registered.sum()),
        "ballots": int(stations.ballots.sum()), "votes_anna": int(stations.leader.sum()),
        "stations_total": count,
    } | official  # fmt: skip
    areas = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"},
             {"area_id": "city", "parent_id": "north"}]  # fmt: skip
    return small_tables(areas=areas, official_results=[*rows, total])


def test_a_case_gives_its_stations_their_regions_and_totals():
    tables = station_case()
    found = case_stations(tables, "mayor", "anna")
    assert found.stations.size == 150
    assert found.stations.regions == ("north",)
    assert found.expected.stations == 150
    assert found.left_out == 0
    # Boris has most votes, so he is the leader where nobody is named.
    assert case_stations(tables, "mayor").leader_id == "boris"
    assert case_stations(small_tables(), "mayor") is None


def test_findings_of_rung_three_contradict_nothing():
    run = run_checks(station_case())
    found = [f for f in run.findings if f.check.startswith("forensics.")]
    assert {f.check for f in found} == {
        "forensics.integers_any", "forensics.integers_share", "forensics.integers_turnout",
        "forensics.smooth_areas", "forensics.spikes_share",
    }  # fmt: skip
    assert {f.rung for f in found} == {Rung.INDICATIONS}
    assert {f.verdict for f in found} <= {Verdict.ANOMALOUS, Verdict.UNREMARKABLE}
    assert not run.is_contradicted
    assert all(f.seed is None and f.innocent_explanations for f in found)


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        pytest.param(station_case(50), "missing.gate.stations", id="few"),
        pytest.param(station_case(stations_total=400), "missing.gate.coverage", id="coverage"),
        pytest.param(station_case(ballots=5), "missing.gate.sums", id="sums"),
        pytest.param(small_tables(official_results=[{"votes_anna": 5}]),
                     "missing.station_results", id="no stations"),
    ],
)  # fmt: skip
def test_a_closed_gate_is_what_a_check_lacks(tables, why):
    run = run_checks(tables)
    lacking = {u.check: u.missing.why for u in run.unanswered if u.check.startswith("forensics.")}
    assert set(lacking.values()) == {why}
    assert len(lacking) == 5
