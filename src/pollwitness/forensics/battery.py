"""A battery of tests by a plan that was written before results were seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from pollwitness.forensics.digits import Digit, DigitTest, digit_test
from pollwitness.forensics.gates import Expected, GateResult, gates, is_open
from pollwitness.forensics.integers import (
    IntegerTest,
    Percentage,
    StationChances,
    integer_test,
    station_chances,
    weighted_excess,
)
from pollwitness.forensics.smooth import SmoothTest, too_smooth_areas
from pollwitness.forensics.spikes import SpikeTest, spike_test
from pollwitness.forensics.stations import StationResults
from pollwitness.language import mark


class BatteryTest(StrEnum):
    """A test that a plan can name."""

    INTEGERS_ANY = "integers.any"
    INTEGERS_TURNOUT = "integers.turnout"
    INTEGERS_SHARE = "integers.share"
    SPIKES_SHARE = "spikes.share"
    SMOOTH_AREAS = "smooth.areas"
    DIGITS_LAST = "digits.last"
    DIGITS_SECOND = "digits.second"


DIGITS_OF: Mapping[BatteryTest, Digit] = {
    BatteryTest.DIGITS_LAST: Digit.LAST,
    BatteryTest.DIGITS_SECOND: Digit.SECOND,
}
DEFAULT_TESTS = tuple(test for test in BatteryTest if test not in DIGITS_OF)
"""What a plan runs unless it says otherwise. Digits see little and are off; plans may name them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tests are run, at which family-wise level, and what is known of the election.

    ``digest`` is the SHA-256 of the file that it was read from; empty where nobody wrote one, so
    that a reader sees that the tests were not chosen beforehand. ``seed`` is that of the control.
    """

    tests: tuple[BatteryTest, ...] = DEFAULT_TESTS
    level: float = 0.05
    expected: Expected = field(default_factory=Expected)
    election: str = ""
    seed: int = 1
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test of a battery.

    ``p_bound`` is never below the exact tail of the null; ``adjusted`` is that after Holm's
    correction for all tests of the plan, and ``is_anomalous`` whether it lies at or below the
    level. ``effect`` and ``smallest`` are in ``unit``; ``votes`` is the effect in votes of the
    leader, where it can be had.
    """

    test: BatteryTest
    stations: int
    statistic: float
    p_value: float
    p_bound: float
    adjusted: float
    is_anomalous: bool
    effect: float
    smallest: float
    unit: str
    votes: float | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A test of the plan that these data cannot be asked, and what they lack (a text id)."""

    test: BatteryTest
    why: str


@dataclass(frozen=True, slots=True)
class Battery:
    """What a battery found; no outcomes where a gate failed.

    ``control`` are the same tests on an honest election drawn from the stations' own rates.
    """

    plan: Plan
    gates: tuple[GateResult, ...]
    outcomes: tuple[Outcome, ...]
    skipped: tuple[Skipped, ...]
    control: tuple[Outcome, ...]

    @property
    def is_open(self) -> bool:
        """Whether no gate failed."""
        return is_open(self.gates)


def run_battery(stations: StationResults, plan: Plan, rng: np.random.Generator) -> Battery:
    """Every gate, and where all are open every test of the plan, with a control beside it."""
    alone = run_tests(stations, plan)
    if not alone.is_open:
        return alone
    control, _skipped = _outcomes(honest_redraw(stations, rng), plan)
    return replace(alone, control=control)


def run_tests(stations: StationResults, plan: Plan) -> Battery:
    """The battery without its control: no random number is drawn."""
    checked = gates(stations, plan.expected)
    if not is_open(checked):
        return Battery(plan, checked, (), (), ())
    outcomes, skipped = _outcomes(stations, plan)
    return Battery(plan, checked, outcomes, skipped, ())


def honest_redraw(stations: StationResults, rng: np.random.Generator) -> StationResults:
    """An election in which every voter decides independently at the station's own rates.

    Registered voters and ballots found stay as they are.
    """
    turnout = np.minimum(stations.turned_out / np.maximum(stations.registered, 1), 1.0)
    share = np.minimum(stations.leader / np.maximum(stations.ballots, 1), 1.0)
    return StationResults.of(
        registered=stations.registered,
        issued=rng.binomial(stations.registered, turnout),
        ballots=stations.ballots,
        leader=rng.binomial(stations.ballots, share),
        region=[stations.regions[code] for code in stations.region],
    )


_Found = tuple[Outcome, ...]


def _outcomes(stations: StationResults, plan: Plan) -> tuple[_Found, tuple[Skipped, ...]]:
    chances = station_chances(stations)
    found: list[Outcome] = []
    skipped: list[Skipped] = []
    for name in plan.tests:
        outcome = _RUN[name](stations, chances, plan.level)
        if outcome is None:
            lacks = "forensics.few_counts" if name in DIGITS_OF else "forensics.no_area"
            skipped.append(Skipped(name, lacks))
        else:
            found.append(outcome)
    return _adjusted(found, plan.level), tuple(skipped)


def _adjusted(found: list[Outcome], level: float) -> tuple[Outcome, ...]:
    """Holm (1979): each p-value times the number of those not smaller, never below the last."""
    order = sorted(range(len(found)), key=lambda i: (found[i].p_bound, found[i].test))
    adjusted: dict[int, float] = {}
    greatest = 0.0
    for rank, place in enumerate(order):
        greatest = max(greatest, min(found[place].p_bound * (len(found) - rank), 1.0))
        adjusted[place] = greatest
    return tuple(
        replace(one, adjusted=adjusted[place], is_anomalous=adjusted[place] <= level)
        for place, one in enumerate(found)
    )


def _integers(percentage: Percentage, name: BatteryTest) -> _Run:
    def run(_stations: StationResults, chances: StationChances, level: float) -> Outcome | None:
        test: IntegerTest = integer_test(chances, percentage, level=level)
        return Outcome(
            name, test.stations, test.z, test.p_value, test.p_bound, test.p_bound, False,
            test.excess, test.smallest, "stations", weighted_excess(chances, percentage).votes,
        )  # fmt: skip

    return run


def _smooth(stations: StationResults, _chances: StationChances, level: float) -> Outcome | None:
    test: SmoothTest | None = too_smooth_areas(stations, level=level)
    smoothest = None if test is None else test.smoothest
    if test is None or smoothest is None:
        return None
    return Outcome(
        BatteryTest.SMOOTH_AREAS, sum(area.stations for area in test.areas), smoothest.ratio,
        test.p_value, test.p_value, test.p_value, False, smoothest.ratio, test.smallest,
        mark("ratio of variances"), None,
    )  # fmt: skip


def _spikes(stations: StationResults, _chances: StationChances, level: float) -> Outcome | None:
    test: SpikeTest = spike_test(stations, level=level)
    return Outcome(
        BatteryTest.SPIKES_SHARE, test.stations, float(len(test.spikes)), test.p_bound,
        test.p_bound, test.p_bound, False, test.excess, test.smallest, "stations", None,
    )  # fmt: skip


def _digits(name: BatteryTest) -> _Run:
    def run(stations: StationResults, _chances: StationChances, level: float) -> Outcome | None:
        test: DigitTest | None = digit_test(stations, DIGITS_OF[name], level=level)
        if test is None:
            return None
        return Outcome(
            name, test.stations, test.statistic, test.p_value, test.p_value, test.p_value, False,
            test.excess, test.smallest, "stations", None,
        )  # fmt: skip

    return run


_Run = Callable[[StationResults, StationChances, float], "Outcome | None"]
_RUN: Mapping[BatteryTest, _Run] = {
    BatteryTest.INTEGERS_ANY: _integers(Percentage.ANY, BatteryTest.INTEGERS_ANY),
    BatteryTest.INTEGERS_TURNOUT: _integers(Percentage.TURNOUT, BatteryTest.INTEGERS_TURNOUT),
    BatteryTest.INTEGERS_SHARE: _integers(Percentage.SHARE, BatteryTest.INTEGERS_SHARE),
    BatteryTest.SPIKES_SHARE: _spikes,
    BatteryTest.SMOOTH_AREAS: _smooth,
    BatteryTest.DIGITS_LAST: _digits(BatteryTest.DIGITS_LAST),
    BatteryTest.DIGITS_SECOND: _digits(BatteryTest.DIGITS_SECOND),
}
