"""Turnout against share: the fingerprint, votes beyond proportion, and two curves (design 6.2).

These are descriptions. None has a null model that honest elections must satisfy: where voters who
turn out more also prefer the leader, all of them look as if votes had been added. They are shown
with what they cannot tell apart, and are never counted as tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.forensics.stations import Integers, StationResults

Reals = npt.NDArray[np.float64]


def _voting(stations: StationResults) -> StationResults:
    """The stations with voters and with ballots in the box."""
    return stations.only((stations.registered > 0) & (stations.ballots > 0))


def turnout_percent(stations: StationResults) -> Reals:
    """Turnout of every station in percent; above 100 where voters were added: shape (stations,)."""
    percent: Reals = 100 * stations.turned_out / stations.registered
    return percent


def _bins(part: Integers, whole: Integers, width: int) -> Integers:
    """The bin of a percentage in whole-number arithmetic; 100 % and more in the last one."""
    bins: Integers = np.minimum(100 * part // (whole * width), 100 // width)
    return bins


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Registered voters by turnout (rows) and leader share (columns), in bins of ``width`` points.

    ``voters`` has shape (bins, bins). The last bin holds 100 % and what lies above.
    """

    width: int
    voters: Integers
    stations: int


def fingerprint(stations: StationResults, *, width: int = 1) -> Fingerprint:
    """The two-dimensional histogram of turnout and share, weighted by registered voters.

    Reference: Klimek, Yegorov, Hanel and Thurner (2012), PNAS 109(41), figure 1.
    """
    kept = _voting(stations)
    size = 100 // width + 1
    rows = _bins(kept.turned_out, kept.registered, width)
    columns = _bins(kept.leader, kept.ballots, width)
    flat = np.bincount(rows * size + columns, kept.registered, size * size)
    return Fingerprint(width, np.rint(flat).astype(np.int64).reshape(size, size), kept.size)


@dataclass(frozen=True, slots=True)
class PeakChoice:
    """One way to compute the votes beyond proportion.

    ``width`` of the bins in points of turnout, ``around`` how many bins on both sides of the peak
    give the proportion, ``by_others`` whether the peak is that of the others' votes or of all.
    """

    width: int
    around: int
    by_others: bool


CHOICES = tuple(
    PeakChoice(width, around, by_others)
    for width in (1, 2, 3, 5)
    for around in (0, 1, 2)
    for by_others in (True, False)
)
"""Every choice that is made; the result is their range and not one of them."""
MOST_WANDERING = 10.0
"""Points of turnout by which the peak may lie apart between choices and resamples."""
LEAST_STATIONS = 100


@dataclass(frozen=True, slots=True)
class AnomalousVotes:
    """Leader votes beyond what proportion to the others' votes gives above the peak of turnout.

    ``least`` and ``most`` over all choices; ``low`` and ``high`` the 2.5 and 97.5 % quantiles of
    these over resamples of whole regions (None with fewer than ten regions). ``peaks`` is the range
    of the peak's turnout in percent. ``votes`` are the leader's votes in all.
    """

    least: float
    most: float
    low: float | None
    high: float | None
    peaks: tuple[float, float]
    votes: int
    stations: int
    resamples: int


@dataclass(frozen=True, slots=True)
class Unstable:
    """No result: the peak of turnout lies elsewhere with another choice or other regions."""

    peaks: tuple[float, float]
    stations: int


def anomalous_votes(
    stations: StationResults, rng: np.random.Generator, *, resamples: int = 500
) -> AnomalousVotes | Unstable:
    """The votes beyond proportion as a range over choices and regions, or that there is none.

    Assumes that preference does not depend on turnout; where it does in honest elections, the
    range is not zero. Regions are resampled with replacement, as whole blocks.

    Reference: Shpilkin (2011), Statistics investigates elections, Troitsky Variant 94; the choice
    of bins and peak is discussed in Kobak, Shpilkin and Pshenichnikov (2018), Significance 15(4).
    """
    kept = _voting(stations)
    weights = np.ones((1, len(kept.regions)), dtype=np.int64)
    drawn = _resampled_weights(kept, rng, resamples)
    found = [_votes_beyond(kept, choice, weights) for choice in CHOICES]
    again = [_votes_beyond(kept, choice, drawn) for choice in CHOICES] if drawn.size else []
    peaks = np.concatenate([peak for _votes, peak in found])
    wandering = np.concatenate([peak for _votes, peak in again]) if again else peaks
    lowest, highest = np.quantile(wandering, (0.05, 0.95))
    span = (float(min(peaks.min(), lowest)), float(max(peaks.max(), highest)))
    if kept.size < LEAST_STATIONS or span[1] - span[0] > MOST_WANDERING:
        return Unstable(span, kept.size)
    votes = np.concatenate([votes for votes, _peak in found])
    low = high = None
    if again:
        spread = np.stack([votes for votes, _peak in again])
        low = float(np.quantile(spread.min(axis=0), 0.025))
        high = float(np.quantile(spread.max(axis=0), 0.975))
    return AnomalousVotes(
        float(votes.min()), float(votes.max()), low, high, span, int(kept.leader.sum()),
        kept.size, resamples if again else 0,
    )  # fmt: skip


LEAST_REGIONS = 10


def _resampled_weights(
    stations: StationResults, rng: np.random.Generator, resamples: int
) -> Integers:
    """How often each region is drawn in each resample: shape (resamples, regions); or empty."""
    regions = len(stations.regions)
    if regions < LEAST_REGIONS or resamples == 0:
        return np.zeros((0, regions), dtype=np.int64)
    return rng.multinomial(regions, np.full(regions, 1 / regions), size=resamples)


def _votes_beyond(
    stations: StationResults, choice: PeakChoice, weights: Integers
) -> tuple[Reals, Reals]:
    """Votes beyond proportion, and the turnout of the peak, for every weighting of regions.

    Both of shape (weightings,).
    """
    size = 100 // choice.width + 1
    bins = _bins(stations.turned_out, stations.registered, choice.width)
    cell = stations.region * size + bins
    cells = len(stations.regions) * size
    leader = weights @ np.bincount(cell, stations.leader, cells).reshape(-1, size)
    others = weights @ np.bincount(cell, stations.ballots - stations.leader, cells).reshape(
        -1, size
    )
    # The last bin holds places where everybody voted, which is no peak of ordinary turnout.
    base = (others if choice.by_others else leader + others)[:, : -max(5 // choice.width, 1) - 1]
    peak = base.argmax(axis=1)
    place = np.arange(size)[None, :]
    near = np.abs(place - peak[:, None]) <= choice.around
    beyond = place > (peak + choice.around)[:, None]
    near_others = np.where(near, others, 0).sum(axis=1)
    ratio = np.where(near, leader, 0).sum(axis=1) / np.maximum(near_others, 1)
    votes = np.where(beyond, leader - ratio[:, None] * others, 0).sum(axis=1)
    return votes, (peak + 0.5) * choice.width


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeCurve:
    """The leader's share among all stations up to a turnout: both of shape (points,)."""

    turnout_percent: Reals
    share: Reals


def cumulative_curve(stations: StationResults, *, points: int = 101) -> CumulativeCurve:
    """How the leader's share grows as stations of higher turnout are added.

    A curve that keeps rising says that turnout and preference go together, and not why.
    """
    kept = _voting(stations)
    if not kept.size:
        return CumulativeCurve(np.zeros(0), np.zeros(0))
    # Whole-number keys, so that stations of equal turnout keep their order on every machine.
    order = np.lexsort((np.arange(kept.size), turnout_percent(kept)))
    turnout = turnout_percent(kept)[order]
    leader, ballots = kept.leader[order].cumsum(), kept.ballots[order].cumsum()
    at = np.unique(np.linspace(0, kept.size - 1, points).round().astype(np.int64))
    return CumulativeCurve(turnout[at], leader[at] / ballots[at])


@dataclass(frozen=True, slots=True)
class VoteRateMoments:
    """Skewness and excess kurtosis of the logarithmic vote rate log((N - W) / W).

    The spreads are from leaving out one region after another (None with fewer than ten regions).
    """

    stations: int
    skewness: float
    skewness_spread: float | None
    kurtosis: float
    kurtosis_spread: float | None


def vote_rate_moments(stations: StationResults) -> VoteRateMoments | None:
    """The shape of the logarithmic vote rate; None with fewer than 100 stations.

    N are the registered voters and W the leader's votes; stations where nobody or everybody voted
    for the leader are left out, and so are those with fewer than 100 voters.

    Reference: Klimek et al. (2012), equation 1 and table 1.
    """
    kept = stations.only(
        (stations.registered >= 100)
        & (stations.leader > 0)
        & (stations.leader < stations.registered)
    )
    if kept.size < LEAST_STATIONS:
        return None
    rate = np.log((kept.registered - kept.leader) / kept.leader)
    sums = np.stack([
        np.bincount(kept.region, (rate - rate.mean()) ** power, len(kept.regions))
        for power in range(5)
    ])  # fmt: skip
    skewness, kurtosis = _shape(sums.sum(axis=1)[:, None])
    spread_s = spread_k = None
    there = sums[0] > 0
    if int(there.sum()) >= LEAST_REGIONS:
        without_s, without_k = _shape(sums.sum(axis=1)[:, None] - sums[:, there])
        spread_s, spread_k = (_jackknife(values) for values in (without_s, without_k))
    return VoteRateMoments(kept.size, float(skewness[0]), spread_s, float(kurtosis[0]), spread_k)


def _shape(sums: Reals) -> tuple[Reals, Reals]:
    """Skewness and excess kurtosis from sums of powers 0 to 4 about a common point."""
    n, first, second, third, fourth = sums
    a, b, c, d = first / n, second / n, third / n, fourth / n
    variance = b - a**2
    third_moment = c - 3 * a * b + 2 * a**3
    fourth_moment = d - 4 * a * c + 6 * a**2 * b - 3 * a**4
    return third_moment / variance**1.5, fourth_moment / variance**2 - 3


def _jackknife(values: Reals) -> float:
    """The standard error from leaving out one block after another."""
    n = values.size
    return float(np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum()))
