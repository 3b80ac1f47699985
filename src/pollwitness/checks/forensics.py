"""Indications in official results by station: rung 3, which never contradicts a claim."""

from __future__ import annotations

from functools import lru_cache

from pollwitness.checks.check import Answer, inputs
from pollwitness.claims import Claim, Figure, Finding, Missing, Scope
from pollwitness.forensics import (
    Battery,
    BatteryTest,
    Gate,
    GateOutcome,
    GateResult,
    Outcome,
    Plan,
    SpikeTest,
    case_stations,
    integer_test,
    run_tests,
    spike_test,
    station_chances,
)
from pollwitness.forensics.integers import Percentage
from pollwitness.quantities import Rung, Verdict
from pollwitness.tables import CaseTables

_PERCENTAGES = {
    BatteryTest.INTEGERS_ANY: Percentage.ANY,
    BatteryTest.INTEGERS_TURNOUT: Percentage.TURNOUT,
    BatteryTest.INTEGERS_SHARE: Percentage.SHARE,
}
_TABLES = ("areas", "official_results", "stations")


def integers_any(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether turnout or leader share lies on whole percents more often than chance allows."""
    del claim
    return _answer(tables, BatteryTest.INTEGERS_ANY)


def integers_turnout(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether turnout lies on whole percents more often than chance allows."""
    del claim
    return _answer(tables, BatteryTest.INTEGERS_TURNOUT)


def integers_share(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the leader's share lies on whole percents more often than chance allows."""
    del claim
    return _answer(tables, BatteryTest.INTEGERS_SHARE)


def smooth_areas(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the stations of an area agree more closely than independent voters can."""
    del claim
    return _answer(tables, BatteryTest.SMOOTH_AREAS)


def spikes_share(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a narrow bin of the leader's share holds more stations than chance allows."""
    del claim
    return _answer(tables, BatteryTest.SPIKES_SHARE)


@lru_cache(maxsize=8)
def _battery(tables: CaseTables, contest_id: str) -> Battery | None:
    found = case_stations(tables, contest_id)
    if found is None:
        return None
    return run_tests(found.stations, Plan(expected=found.expected))


def _answer(tables: CaseTables, test: BatteryTest) -> Answer:
    batteries = {contest.id: _battery(tables, contest.id) for contest in tables.case.contests}
    known = {name: battery for name, battery in batteries.items() if battery is not None}
    if not known:
        return Missing(("official_results",), "missing.station_results")
    closed = [battery for battery in known.values() if not battery.is_open]
    if len(closed) == len(known):
        return Missing((), _GATES[_failed(closed[0]).gate])
    return tuple(
        _finding(tables, name, battery, outcome)
        for name, battery in known.items()
        for outcome in battery.outcomes
        if outcome.test is test
    )


_GATES = {
    Gate.STATIONS: "missing.gate.stations",
    Gate.COUNTS: "missing.gate.counts",
    Gate.VARIETY: "missing.gate.variety",
    Gate.COVERAGE: "missing.gate.coverage",
    Gate.SUMS: "missing.gate.sums",
}


def _failed(battery: Battery) -> GateResult:
    return next(gate for gate in battery.gates if gate.outcome is GateOutcome.FAILED)


def _finding(tables: CaseTables, contest_id: str, battery: Battery, outcome: Outcome) -> Finding:
    name = str(outcome.test).replace(".", "_")
    found = case_stations(tables, contest_id)
    leader = () if found is None else (found.leader_id,)
    smooth = outcome.test is BatteryTest.SMOOTH_AREAS
    unchecked = any(gate.outcome is GateOutcome.NOT_CHECKED for gate in battery.gates)
    return Finding(
        check=f"forensics.{name}",
        check_version=1,
        claim_id=None,
        question=f"question.{name}",
        verdict=Verdict.ANOMALOUS if outcome.is_anomalous else Verdict.UNREMARKABLE,
        rung=Rung.INDICATIONS,
        scope=Scope(contest_id, None, None, leader),
        figures=(*_own_figures(tables, contest_id, outcome), *_shared_figures(battery, outcome)),
        assumptions=(
            "assumption.independent_voters",
            "assumption.same_rate" if smooth else "assumption.own_rates",
            "assumption.family_wise",
            *(("assumption.gates_unchecked",) if unchecked else ()),
        ),
        innocent_explanations=("innocent.copied_figures",)
        if smooth
        else ("innocent.round_targets", "innocent.computed_back"),
        would_decide=("decide.recount", "decide.photographs"),
        inputs=inputs(tables, *_TABLES),
    )


def _own_figures(tables: CaseTables, contest_id: str, outcome: Outcome) -> tuple[Figure, ...]:
    found = case_stations(tables, contest_id)
    if found is not None and outcome.test is BatteryTest.SPIKES_SHARE:
        return _spike_figures(spike_test(found.stations))
    if outcome.test is BatteryTest.SMOOTH_AREAS or found is None:
        return (
            Figure("stations_used", outcome.stations, "stations"),
            Figure("scatter_ratio", outcome.statistic, "factor"),
            Figure("smallest_ratio", outcome.smallest, "factor"),
        )
    test = integer_test(station_chances(found.stations), _PERCENTAGES[outcome.test])
    return (
        Figure("stations_used", test.stations, "stations"),
        Figure("on_whole_percent", test.observed, "stations"),
        Figure("expected_by_chance", test.expected, "stations"),
        Figure("spread_of_chance", test.spread, "stations"),
        Figure("excess_stations", test.excess, "stations"),
        Figure("smallest_excess", test.smallest, "stations"),
        *(() if outcome.votes is None else (Figure("excess_votes", outcome.votes, "votes"),)),
    )


def _spike_figures(test: SpikeTest) -> tuple[Figure, ...]:
    first = test.most_unlikely
    named = (
        ()
        if first is None
        else (
            Figure("spike_percent", first.percent, "percent"),
            Figure("spike_observed", first.observed, "stations"),
            Figure("spike_expected", first.expected, "stations"),
        )
    )
    return (
        Figure("stations_used", test.stations, "stations"),
        *named,
        Figure("spike_bins", len(test.spikes), "bins"),
        Figure("excess_stations", test.excess, "stations"),
        Figure("smallest_excess", test.smallest, "stations"),
    )


def _shared_figures(battery: Battery, outcome: Outcome) -> tuple[Figure, ...]:
    return (
        Figure("p_value", outcome.p_bound, "probability"),
        Figure("p_adjusted", outcome.adjusted, "probability"),
        Figure("tests_in_family", len(battery.outcomes), "tests"),
        Figure("level", battery.plan.level, "probability"),
    )
