"""What each test would have found in an election of these very stations, and how often it errs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pollwitness.forensics.battery import DIGITS_OF, BatteryTest, Plan
from pollwitness.forensics.digits import digit_test
from pollwitness.forensics.integers import (
    Reals,
    on_whole_percent,
    station_chances,
    upper_tail,
)
from pollwitness.forensics.smooth import too_smooth_areas
from pollwitness.forensics.spikes import expected_bins, spikes_against
from pollwitness.forensics.stations import Flags, Integers, StationResults

RATES = (0.01, 0.02, 0.05, 0.1)
"""Shares of stations at which each manipulation is planted."""


class Planted(StrEnum):
    """What is done at some stations of an honest election."""

    NOTHING = "nothing"
    ROUND_SHARE = "round_share"
    """The leader's share is raised to the next whole percent."""
    ROUND_TURNOUT = "round_turnout"
    """Turnout is raised to the next whole percent."""
    ONE_SHARE = "one_share"
    """In whole regions every station is given the same share."""


@dataclass(frozen=True, slots=True)
class PowerRow:
    """How often a planted manipulation is found: by each test, and by any of them.

    ``rate`` is the share of stations (of regions, for one share) at which it is done. The figures
    are shares of ``draws`` elections; with nothing planted they are false alarms.
    """

    planted: Planted
    rate: float
    found: Mapping[BatteryTest, float]
    by_any: float
    draws: int


def power(
    stations: StationResults, plan: Plan, rng: np.random.Generator, *, draws: int = 100
) -> tuple[PowerRow, ...]:
    """The power of the plan's tests at its family-wise level, on the table's own stations.

    Elections are drawn at the stations' own rates. The expectation of the tests for whole percents
    is that of these known rates, so that the cost of a draw is small; the calibration in the
    documentation measures what plugging in estimated rates adds.
    """
    chances = station_chances(stations)
    base = chances.stations
    known = _Known(chances.turnout, chances.share, expected_bins(base.leader, base.ballots))
    return tuple(
        _row(base, known, plan, rng, (planted, rate, draws))
        for planted in Planted
        for rate in (RATES if planted is not Planted.NOTHING else (0.0,))
    )


_What = tuple[Planted, float, int]


def _row(
    base: StationResults, known: _Known, plan: Plan, rng: np.random.Generator, what: _What
) -> PowerRow:
    planted, rate, draws = what
    alarms = dict.fromkeys(plan.tests, 0)
    families = 0
    for _draw in range(draws):
        drawn = planted_in(_redraw(base, rng), planted, rate, rng)
        p_values = dict(_p_values(drawn, known, plan))
        rejected = _holm(p_values, plan.level)
        families += bool(rejected)
        for test in rejected:
            alarms[test] += 1
    return PowerRow(
        planted, rate, {t: n / draws for t, n in alarms.items()}, families / draws, draws
    )


def planted_in(
    stations: StationResults, planted: Planted, rate: float, rng: np.random.Generator
) -> StationResults:
    """The same stations with a manipulation planted at a share of them (of regions)."""
    return _PLANT[planted](stations, rate, rng)


def _redraw(stations: StationResults, rng: np.random.Generator) -> StationResults:
    """An honest election at the stations' own rates, the stations in their order."""
    return _with(
        stations,
        turned_out=rng.binomial(stations.registered, stations.turned_out / stations.registered),
        leader=rng.binomial(stations.ballots, stations.leader / stations.ballots),
    )


def _holm(p_values: dict[BatteryTest, float], level: float) -> list[BatteryTest]:
    """The tests that Holm's procedure rejects at a family-wise level."""
    rejected: list[BatteryTest] = []
    for rank, (test, p_value) in enumerate(sorted(p_values.items(), key=lambda one: one[1])):
        if p_value * (len(p_values) - rank) > level:
            break
        rejected.append(test)
    return rejected


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What chance gives at the stations' own rates: of whole percents, and in every bin."""

    turnout: Reals
    share: Reals
    bins: Reals


def _p_values(
    drawn: StationResults, known: _Known, plan: Plan
) -> Iterator[tuple[BatteryTest, float]]:
    on_turnout = on_whole_percent(drawn.turned_out, drawn.registered)
    on_share = on_whole_percent(drawn.leader, drawn.ballots)
    cases: dict[BatteryTest, tuple[Flags, Reals]] = {
        BatteryTest.INTEGERS_ANY: (
            on_turnout | on_share,
            known.turnout + known.share - known.turnout * known.share,
        ),
        BatteryTest.INTEGERS_TURNOUT: (on_turnout, known.turnout),
        BatteryTest.INTEGERS_SHARE: (on_share, known.share),
    }
    for test in plan.tests:
        if test in cases:
            on, chance = cases[test]
            yield test, upper_tail(chance, int(on.sum()))[1]
        elif test is BatteryTest.SPIKES_SHARE:
            yield test, spikes_against(drawn, known.bins, level=plan.level).p_bound
        elif test is BatteryTest.SMOOTH_AREAS:
            smooth = too_smooth_areas(drawn, level=plan.level)
            yield test, 1.0 if smooth is None else smooth.p_value
        else:
            digits = digit_test(drawn, DIGITS_OF[test], level=plan.level)
            yield test, 1.0 if digits is None else digits.p_value


_Plant = Callable[[StationResults, float, np.random.Generator], StationResults]


def _nothing(stations: StationResults, _rate: float, _rng: np.random.Generator) -> StationResults:
    return stations


def _round_share(stations: StationResults, rate: float, rng: np.random.Generator) -> StationResults:
    at = rng.random(stations.size) < rate
    target = -(-100 * stations.leader // stations.ballots)
    raised = (target * stations.ballots + 50) // 100
    return _with(stations, leader=np.where(at, np.minimum(raised, stations.ballots),
                                           stations.leader))  # fmt: skip


def _round_turnout(
    stations: StationResults, rate: float, rng: np.random.Generator
) -> StationResults:
    at = rng.random(stations.size) < rate
    target = -(-100 * stations.turned_out // stations.registered)
    raised = (target * stations.registered + 50) // 100
    return _with(stations, turned_out=np.where(at, np.minimum(raised, stations.registered),
                                               stations.turned_out))  # fmt: skip


def _one_share(stations: StationResults, rate: float, rng: np.random.Generator) -> StationResults:
    regions = len(stations.regions)
    chosen = rng.permutation(regions)[: max(round(rate * regions), 1)]
    leader = stations.leader.copy()
    for region in chosen.tolist():
        own = stations.region == region
        total = int(stations.ballots[own].sum())
        if total:
            share = int(stations.leader[own].sum()) / total
            leader[own] = np.rint(stations.ballots[own] * share).astype(np.int64)
    return _with(stations, leader=leader)


def _with(stations: StationResults, **columns: Integers) -> StationResults:
    """The same stations, in the same order, with a column replaced."""
    kept = {
        "registered": stations.registered, "turned_out": stations.turned_out,
        "ballots": stations.ballots, "leader": stations.leader,
    } | columns  # fmt: skip
    return StationResults(
        kept["registered"], kept["turned_out"], kept["ballots"], kept["leader"], stations.region,
        stations.regions,
    )  # fmt: skip


_PLANT: Mapping[Planted, _Plant] = {
    Planted.NOTHING: _nothing,
    Planted.ROUND_SHARE: _round_share,
    Planted.ROUND_TURNOUT: _round_turnout,
    Planted.ONE_SHARE: _one_share,
}
