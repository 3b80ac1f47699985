"""Spikes in the distribution of the leader's share, bin by bin (design 6.2).

Null model as for whole percentages: every voter decides independently at the station's own rate,
ballots found held fixed. The chance of every station to fall into every narrow bin of shares is
exact, so that the discreteness of small stations, which makes spikes at halves and thirds by
itself, is part of the expectation.

Reference: Rozenas (2017), Political Analysis 25(1). The published statistic compares with the
greatest of a number of redrawn densities and grows with that number; here the expectation is exact,
and all bins are looked at together with a bound that does not depend on any number of draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc, bdtrik

from pollwitness.forensics.integers import included
from pollwitness.forensics.stations import Integers, StationResults
from pollwitness.stats import binomial_chances, log_factorials, stretched_counts

Reals = npt.NDArray[np.float64]
BINS = 1_000
"""Bins of a tenth of a point, each centred on its tenth: bin 500 holds 49.95 to 50.05 %."""
_SPREADS, _COUNTS = 8.0, 12
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Spike:
    """A bin with more stations than chance puts there: its share in percent, observed, expected.

    ``p_bound`` is never below the exact tail for this bin alone.
    """

    percent: float
    observed: int
    expected: float
    p_bound: float


@dataclass(frozen=True, slots=True)
class SpikeTest:
    """The most unlikely bin of all, and the bins that stand out at the level together.

    ``p_bound`` is that of the most unlikely bin times the number of bins that can be reached;
    ``excess`` are the stations beyond chance in the bins that stand out; ``smallest`` the excess
    that would be found with 80 % power in the bin where most stations are expected.
    """

    stations: int
    bins: int
    spikes: tuple[Spike, ...]
    most_unlikely: Spike | None
    p_bound: float
    excess: float
    smallest: float
    level: float


def spike_test(stations: StationResults, *, level: float = 0.05) -> SpikeTest:
    """Whether any narrow bin of the leader's share holds more stations than chance puts there."""
    kept = stations.only(included(stations))
    return spikes_against(kept, expected_bins(kept.leader, kept.ballots), level=level)


def spikes_against(stations: StationResults, expected: Reals, *, level: float) -> SpikeTest:
    """The test of stations against a given expectation of every bin: shape (1001,)."""
    observed = np.bincount(_bin_of(stations.leader, stations.ballots), minlength=BINS + 1)
    expected = baseline(observed, expected)
    reached = np.flatnonzero(expected > 1e-9)
    tails = _tails(observed[reached], expected[reached], stations.size)
    count = max(int(reached.size), 1)
    found = [
        Spike(place / 10, int(observed[place]), float(expected[place]), float(tail))
        for place, tail in zip(reached.tolist(), tails.tolist(), strict=True)
    ]
    spikes = tuple(s for s in found if s.p_bound * count <= level)
    first = min(found, key=lambda spike: (spike.p_bound, spike.percent), default=None)
    return SpikeTest(
        stations=stations.size,
        bins=count,
        spikes=spikes,
        most_unlikely=first,
        p_bound=1.0 if first is None else min(first.p_bound * count, 1.0),
        excess=sum(spike.observed - spike.expected for spike in spikes),
        smallest=_smallest(expected, stations.size, level / count),
        level=level,
    )


_NEAR, _FAR = 2, 12


def baseline(observed: Integers, expected: Reals) -> Reals:
    """The expectation, raised where the neighbouring bins hold more than it too: shape (bins,).

    Redrawing from recorded rates spreads shares twice, which flattens broad peaks: where all
    places vote alike, the middle of an honest distribution stands above its expectation. A spike
    is narrower than that. The bins from 2 to 12 on both sides say by how much the expectation is
    too low; it is raised by that ratio and its standard error, and never lowered.
    """
    steps = [*range(-_FAR, -_NEAR + 1), *range(_NEAR, _FAR + 1)]
    seen = np.sum([_shifted(observed.astype(np.float64), step) for step in steps], axis=0)
    awaited = np.sum([_shifted(expected, step) for step in steps], axis=0)
    ratio = seen / np.maximum(awaited, 1e-9)
    error = np.sqrt(seen + 1) / np.maximum(awaited, 1.0)
    raised: Reals = expected * np.maximum(np.where(awaited > 1, ratio + error, 1.0), 1.0)
    return raised


def _shifted(values: Reals, step: int) -> Reals:
    """The values moved by some bins, with zeros coming in."""
    moved = np.zeros_like(values)
    if step > 0:
        moved[step:] = values[:-step]
    else:
        moved[:step] = values[-step:]
    return moved


def _bin_of(part: Integers, whole: Integers) -> Integers:
    """The nearest tenth of a point, halves upwards, in whole-number arithmetic."""
    bins: Integers = (2 * BINS * part + whole) // (2 * whole)
    return bins


def expected_bins(leader: Integers, ballots: Integers) -> Reals:
    """The expected number of stations in every bin: shape (1001,). Their sum is the stations.

    Exact up to rounding: every count that a station can reach adds its binomial probability to the
    bin of its share.
    """
    expected = np.zeros(BINS + 1)
    if not leader.size:
        return expected
    factorial = log_factorials(int(ballots.max()))
    rate = leader / ballots
    reach = np.ceil(_SPREADS * np.sqrt(ballots * rate * (1 - rate)) + _COUNTS).astype(np.int64)
    low = np.maximum(leader - reach, 0)
    width = np.minimum(leader + reach, ballots) - low + 1
    for chunk in _chunks(width):
        expected += _chunk(low[chunk], width[chunk], ballots[chunk], rate[chunk], factorial)
    return expected


def _chunks(width: Integers) -> list[slice[int, int, None]]:
    """Ranges of stations that together reach a few million counts."""
    ends = np.searchsorted(width.cumsum(), np.arange(_CHUNK, int(width.sum()) + _CHUNK, _CHUNK))
    edges = sorted({0, *np.minimum(ends + 1, width.size).tolist(), width.size})
    return [slice(a, b) for a, b in pairwise(edges)]


def _chunk(
    low: Integers, width: Integers, ballots: Integers, rate: Reals, factorial: Reals
) -> Reals:
    """The expectation of some stations: one long column of all the counts that they can reach."""
    station, count = stretched_counts(low, width)
    whole = ballots[station]
    chances = binomial_chances(count, whole, rate[station], factorial)
    found: Reals = np.bincount(_bin_of(count, whole), chances, BINS + 1).astype(np.float64)
    return found


def _tails(observed: Integers, expected: Reals, stations: int) -> Reals:
    """A bound of P(at least so many) for every bin.

    From expectation + 1 on, the tail of independent trials is at most that of equal ones with the
    same mean (Hoeffding 1956, theorem 4): a binomial law.
    """
    rate = np.minimum(expected / max(stations, 1), 1.0)
    tails = np.where(observed > 0, bdtrc(np.maximum(observed - 1, 0), stations, rate), 1.0)
    bound: Reals = np.where(observed >= expected + 1, tails, 1.0)
    return bound


def _smallest(expected: Reals, stations: int, level: float) -> float:
    """The excess found in four cases of five in the bin where most stations are expected."""
    most = float(expected.max(initial=0.0))
    if not stations or most == 0:
        return 0.0
    rate = min(most / stations, 1.0)
    threshold = float(np.ceil(bdtrik(1 - level, stations, rate))) + 1
    # The stations that lie there anyway vary; their lower fifth must still reach the threshold.
    return threshold - float(np.ceil(bdtrik(0.2, stations, rate)))
