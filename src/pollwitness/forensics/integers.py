"""Percentages that lie on whole numbers more often than chance allows (design 6.2).

Null model: every station's voters decide independently, at the rate that the station itself
recorded. The number of stations whose turnout or leader share lies within 0.05 percentage points
of a whole percent then has an exact expectation and variance; no random numbers are drawn.

Reference: Kobak, Shpilkin and Pshenichnikov (2016), Integer percentages as electoral falsification
fingerprints, Annals of Applied Statistics 10(1), whose Monte Carlo this replaces by its limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from pollwitness.forensics.stations import Flags, Integers, StationResults
from pollwitness.stats import binomial_chances, log_factorials, stretched_counts

Reals = npt.NDArray[np.float64]
LEAST_REGISTERED = 100
MOST_PERCENT = 99
EXACT_UP_TO = 4_000
"""Up to so many stations the tail is exact; beyond, the normal one, with its error stated."""
_SPREADS, _COUNTS = 9.0, 20
"""Whole percents further away than so many standard deviations, and so many counts more for rates
near 0 and 1, add less than 1e-15."""


class Percentage(StrEnum):
    """Which percentages are looked at."""

    ANY = "any"
    TURNOUT = "turnout"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class IntegerTest:
    """How many stations lie on a whole percent, against how many chance puts there.

    ``p_value`` is the probability of at least so many under the null, approximate because the
    stations' own rates are plugged in; ``p_bound`` is never below the exact tail of the null (and
    is the tail itself up to 4,000 stations). ``smallest`` is the least excess of stations that
    would be found with 80 % power at ``level``.
    """

    percentage: Percentage
    stations: int
    observed: int
    expected: float
    spread: float
    p_value: float
    p_bound: float
    smallest: float
    level: float

    @property
    def excess(self) -> float:
        """Stations on whole percents beyond what chance puts there."""
        return self.observed - self.expected

    @property
    def z(self) -> float:
        """The excess in standard deviations; 0 where nothing can vary."""
        return self.excess / self.spread if self.spread > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class StationChances:
    """For every station used: whether it lies on a whole percent, and its chance to.

    All of shape (stations,).
    """

    stations: StationResults
    on_turnout: Flags
    on_share: Flags
    turnout: Reals
    share: Reals

    def observed(self, percentage: Percentage) -> Flags:
        """Which stations lie on a whole percent."""
        if percentage is Percentage.ANY:
            return self.on_turnout | self.on_share
        return self.on_turnout if percentage is Percentage.TURNOUT else self.on_share

    def chance(self, percentage: Percentage) -> Reals:
        """The chance of each station to lie on one: P(any) = a + b - ab."""
        if percentage is Percentage.ANY:
            return self.turnout + self.share - self.turnout * self.share
        return self.turnout if percentage is Percentage.TURNOUT else self.share


def included(stations: StationResults) -> Flags:
    """The stations that are looked at: shape (stations,).

    At least 100 registered voters, ballots in the box, and neither percentage above 99.
    """
    return (
        (stations.registered >= LEAST_REGISTERED)
        & (stations.ballots > 0)
        & (stations.turned_out > 0)
        & (100 * stations.turned_out <= MOST_PERCENT * stations.registered)
        & (100 * stations.leader <= MOST_PERCENT * stations.ballots)
    )


def station_chances(stations: StationResults) -> StationChances:
    """Whether each included station lies on a whole percent, and the chance that it does."""
    kept = stations.only(included(stations))
    return StationChances(
        kept,
        on_whole_percent(kept.turned_out, kept.registered),
        on_whole_percent(kept.leader, kept.ballots),
        chance_of_whole_percent(kept.turned_out, kept.registered),
        chance_of_whole_percent(kept.leader, kept.ballots),
    )


def on_whole_percent(part: Integers, whole: Integers) -> Flags:
    """Whether 100 · part / whole lies within 0.05 of a whole number, in whole-number arithmetic.

    >>> on_whole_percent(np.array([500, 1001, 1005]), np.array([1000, 2000, 2000])).tolist()
    [True, True, False]
    """
    nearest = (200 * part + whole) // (2 * whole)
    return 20 * np.abs(100 * part - nearest * whole) <= whole


def chance_of_whole_percent(part: Integers, whole: Integers) -> Reals:
    """The probability that Binomial(whole, part / whole) lies within 0.05 of a whole percent.

    Exact up to rounding: a sum of binomial probabilities over the few counts k with
    20 |100 k - m whole| ≤ whole, for every whole percent m that can be reached.
    """
    if part.size == 0:
        return np.zeros(0)
    rate = part / whole
    factorial = log_factorials(int(whole.max()))
    reach = _reach(rate, whole)
    found = np.zeros(part.size)
    for percent in range(101):
        near = np.flatnonzero(np.abs(percent - 100 * rate) <= reach)
        found[near] += _on_percent(percent, whole[near], rate[near], factorial)
    return np.minimum(found, 1.0)


def _reach(rate: Reals, whole: Integers) -> Reals:
    """How far from a station's own percentage whole percents can be reached, in points."""
    spread = np.sqrt(rate * (1 - rate) / whole)
    reach: Reals = 100 * (spread * _SPREADS + _COUNTS / whole) + 0.05
    return reach


def _on_percent(percent: int, whole: Integers, rate: Reals, factorial: Reals) -> Reals:
    """The probability of the counts within 0.05 of one whole percent: shape (stations,)."""
    low, high = counts_on_percent(percent, whole)
    width = np.maximum(high - low + 1, 0)
    station, count = stretched_counts(low, width)
    chances = binomial_chances(count, whole[station], rate[station], factorial)
    found: Reals = np.bincount(station, chances, whole.size).astype(np.float64)
    return found


def counts_on_percent(percent: int, whole: Integers) -> tuple[Integers, Integers]:
    """The least and the greatest count within 0.05 of a whole percent; none if least is greater."""
    low = -((whole - 20 * percent * whole) // 2000)
    high = (20 * percent * whole + whole) // 2000
    return np.maximum(low, 0), np.minimum(high, whole)


def integer_test(
    chances: StationChances, percentage: Percentage, *, level: float = 0.05
) -> IntegerTest:
    """The test of one kind of percentage over all included stations."""
    return _test(chances.observed(percentage), chances.chance(percentage), percentage, level)


def _test(on: Flags, chance: Reals, percentage: Percentage, level: float) -> IntegerTest:
    variance = float((chance * (1 - chance)).sum())
    spread = float(np.sqrt(variance))
    observed, expected = int(on.sum()), float(chance.sum())
    p_value, p_bound = upper_tail(chance, observed)
    return IntegerTest(
        percentage=percentage,
        stations=int(on.size),
        observed=observed,
        expected=expected,
        spread=spread,
        p_value=p_value,
        p_bound=p_bound,
        smallest=smallest_excess(chance, level),
        level=level,
    )


def upper_tail(chance: Reals, observed: int) -> tuple[float, float]:
    """P(at least so many successes) of independent trials, and a bound that it does not exceed.

    Exact by convolution up to 4,000 trials. Beyond, the normal tail with continuity correction;
    the bound is the lesser of two: the normal tail plus 0.56 times the sum of the third absolute
    moments over the cubed spread (Shevtsova 2010, the Berry-Esseen inequality for summands that
    are independent and not identical), and the bound of Chernoff (1952).
    """
    if chance.size <= EXACT_UP_TO:
        exact = float(min(poisson_binomial(chance)[observed:].sum(), 1.0))
        return exact, exact
    variance = chance * (1 - chance)
    spread = float(np.sqrt(variance.sum()))
    if spread == 0:
        certain = float(observed <= round(float(chance.sum())))
        return certain, certain
    third = float((variance * (chance**2 + (1 - chance) ** 2)).sum())
    normal = float(ndtr((float(chance.sum()) - observed + 0.5) / spread))
    by_moments = normal + 0.56 * third / spread**3
    return normal, min(by_moments, chernoff(chance, observed), 1.0)


def chernoff(chance: Reals, observed: int) -> float:
    """An upper bound of P(at least so many successes): min over t > 0 of E exp(t (X - observed)).

    >>> chernoff(np.array([0.5, 0.5]), 1), chernoff(np.array([0.5, 0.5]), 2)
    (1.0, 0.25)
    """
    if observed <= chance.sum():
        return 1.0
    if observed >= chance.size:
        return float(np.exp(np.log(chance).sum())) if observed == chance.size else 0.0
    tilt = 0.0
    for _step in range(60):
        # Newton on the derivative of the cumulant generating function, which is convex.
        tilted = chance * np.exp(tilt) / (1 + chance * np.expm1(tilt))
        step = (observed - float(tilted.sum())) / float((tilted * (1 - tilted)).sum())
        tilt += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-12:
            break
    # Any t > 0 gives a valid bound, so that an unfinished search costs sharpness only.
    return float(min(np.exp(np.log1p(chance * np.expm1(tilt)).sum() - tilt * observed), 1.0))


def poisson_binomial(chance: Reals) -> Reals:
    """The distribution of the number of successes: shape (trials + 1,), exact by convolution.

    >>> poisson_binomial(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    parts = [np.array([1 - p, p]) for p in chance.tolist()] or [np.ones(1)]
    while len(parts) > 1:
        paired = [np.convolve(a, b) for a, b in zip(parts[::2], parts[1::2], strict=False)]
        parts = [*paired, parts[-1]] if len(parts) % 2 else paired
    return parts[0]


def smallest_excess(chance: Reals, level: float) -> float:
    """The least excess of stations that a test at this level finds in four cases of five.

    The quantiles of 1 - level and of 0.8, times the spread: manipulated stations are taken to lie
    on whole percents for certain and to leave the others as they are.
    """
    spread = float(np.sqrt((chance * (1 - chance)).sum()))
    return float(ndtri(1 - level) + ndtri(0.8)) * spread


@dataclass(frozen=True, slots=True)
class Peak:
    """One whole percent: stations there, against the band that chance leaves (± 2 spreads)."""

    percent: int
    observed: int
    expected: float
    spread: float


def peaks(chances: StationChances, percentage: Percentage) -> tuple[Peak, ...]:
    """The comb: for every whole percent, stations within 0.05 of it and how many chance puts there.

    For turnout or share; ``any`` has no axis of its own.
    """
    stations = chances.stations
    turnout = percentage is Percentage.TURNOUT
    part = stations.turned_out if turnout else stations.leader
    whole = stations.registered if turnout else stations.ballots
    if part.size == 0:
        return ()
    rate = part / whole
    factorial = log_factorials(int(whole.max()))
    reach = _reach(rate, whole)
    found = []
    for percent in range(MOST_PERCENT + 1):
        near = np.flatnonzero(np.abs(percent - 100 * rate) <= reach)
        chance = _on_percent(percent, whole[near], rate[near], factorial)
        on = 20 * np.abs(100 * part - percent * whole) <= whole
        spread = float(np.sqrt((chance * (1 - chance)).sum()))
        found.append(Peak(percent, int(on.sum()), float(chance.sum()), spread))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RegionTest:
    """The test in one region alone, and in all others without it."""

    region: str
    alone: IntegerTest
    without: IntegerTest


def by_region(
    chances: StationChances, percentage: Percentage, *, level: float = 0.05
) -> tuple[RegionTest, ...]:
    """Every region by itself and left out, by name, from the same pass."""
    on, chance = chances.observed(percentage), chances.chance(percentage)
    found = []
    for code, name in enumerate(chances.stations.regions):
        own = chances.stations.region == code
        if own.any():
            alone = _test(on[own], chance[own], percentage, level)
            without = _test(on[~own], chance[~own], percentage, level)
            found.append(RegionTest(name, alone, without))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WeightedExcess:
    """The excess in voters and in votes instead of stations, with its spread.

    ``voters`` are registered voters at stations on whole percents beyond what chance puts there,
    ``votes`` the leader's votes there.
    """

    voters: float
    voters_spread: float
    votes: float
    votes_spread: float


def weighted_excess(chances: StationChances, percentage: Percentage) -> WeightedExcess:
    """How many voters and votes stand behind the excess of stations."""
    on, chance = chances.observed(percentage), chances.chance(percentage)
    variance = chance * (1 - chance)

    def of(weight: Integers) -> tuple[float, float]:
        excess = float((weight * (on - chance)).sum())
        return excess, float(np.sqrt((weight.astype(np.float64) ** 2 * variance).sum()))

    return WeightedExcess(*of(chances.stations.registered), *of(chances.stations.leader))
