"""Stations of one region that report the same, or nearly the same, result (design 6.2).

Null model: the figures of a station are drawn independently, with the scatter of independent
voters (Poisson). Two stations that report a and b then agree in a figure with probability
exp(-(a + b)) I0(2 √(ab)) (Skellam 1946), and the expected number of equal pairs is a sum over all
pairs; no random numbers are drawn. Reported figures scatter about the true rates, so that this sum
is too small, by √2 a figure where neighbours have equal rates: the chance is raised by that factor
and the expectation is a bound. The number of pairs, rare and nearly independent, is compared with a
Poisson law.

Innocent explanations: a form typed in twice by mistake, one station listed under two numbers. Full
counts of clean elections hold such pairs, so that this is a list to be looked at, and no test of a
battery.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree
from scipy.special import chdtr, gammaincinv, i0e, i1e, pdtrc, pdtrik

from pollwitness.errors import QuestionError
from pollwitness.forensics.stations import Integers
from pollwitness.forensics.vectors import StationVectors

Reals = npt.NDArray[np.float64]
LEAST_BALLOTS = 50
LEAST_OPTIONS = 2
_REACH = 2.5
"""In roots of counts; pairs further apart are not compared, and the expectation is raised by what
is left out where stations lie evenly."""
_MOST_PAIRS = 30_000_000


@dataclass(frozen=True, slots=True)
class SameGroup:
    """Stations of a region with the same figures, all of them listed.

    ``chance`` is that of two such stations with equal rates to agree in all figures.
    """

    region: str
    stations: tuple[str, ...]
    figures: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two stations of a region whose results differ, by one at most in every figure.

    ``chance`` is that of two such stations with equal rates to come so close.
    """

    region: str
    stations: tuple[str, str]
    first: tuple[int, ...]
    second: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class PairCount:
    """How many pairs agree, against how many chance gives, and a Poisson tail.

    ``smallest`` is the number of pairs beyond chance found with 80 % power at the level.
    """

    observed: int
    expected: float
    p_value: float
    smallest: float


@dataclass(frozen=True, slots=True)
class SameResults:
    """Groups of equal results and pairs of nearly equal ones, with what chance gives of either."""

    stations: int
    left_out: int
    columns: tuple[str, ...]
    groups: tuple[SameGroup, ...]
    near: tuple[NearPair, ...]
    same_pairs: PairCount
    near_pairs: PairCount
    level: float


def same_results(vectors: StationVectors, *, level: float = 0.05) -> SameResults:
    """Equal and nearly equal results within regions, among stations of 50 ballots and more.

    Compared are the votes of every option, and the ballots for none of them.

    Raises:
        QuestionError: with fewer than two options, or where too many stations are alike to be
            compared one by one (name regions, or more options).
    """
    if vectors.votes.shape[1] < LEAST_OPTIONS:
        raise QuestionError("one figure agrees too easily; name the votes of two options at least")
    kept = np.flatnonzero(vectors.ballots >= LEAST_BALLOTS)
    figures = np.column_stack([
        vectors.votes, np.maximum(vectors.ballots - vectors.votes.sum(axis=1), 0)
    ])  # fmt: skip
    parts = [
        _compare(own, figures)
        for code in np.unique(vectors.region[kept])
        if (own := kept[vectors.region[kept] == code]).size > 1
    ]
    none = np.zeros((0, 2), dtype=np.int64)
    same = np.concatenate([none, *(part.same for part in parts)])
    near = np.concatenate([none, *(part.near for part in parts)])
    # What lies beyond the reach where stations lie evenly.
    within = float(chdtr(figures.shape[1], 2 * _REACH**2))
    return SameResults(
        int(kept.size), len(vectors.names) - int(kept.size), vectors.columns,
        _groups(vectors, figures, same), _near(vectors, figures, near),
        _count(len(same), sum(part.same_expected for part in parts) / within, level),
        _count(len(near), sum(part.near_expected for part in parts) / within, level),
        level,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """Pairs of a region, as positions of stations, and how many of each kind chance gives."""

    same: Integers
    near: Integers
    same_expected: float
    near_expected: float


def _compare(own: Integers, figures: Integers) -> _Region:
    """All pairs of stations of a region that chance could make equal."""
    tree = cKDTree(np.sqrt(figures[own]))
    most = int(tree.count_neighbors(tree, _REACH)) // 2
    if most > _MOST_PAIRS:
        raise QuestionError(
            f"{most:,} pairs of stations of one region are alike, too many to compare one by one; "
            "name a column of regions, or more options"
        )
    pairs = own[tree.query_pairs(_REACH, output_type="ndarray")]
    same, close = _pair_chances(figures, pairs)
    apart = np.zeros(len(pairs), dtype=np.int64)
    for column in figures.T:
        apart = np.maximum(apart, np.abs(column[pairs[:, 0]] - column[pairs[:, 1]]))
    return _Region(
        pairs[apart == 0], pairs[apart == 1], float(same.sum()), float((close - same).sum())
    )


def _pair_chances(figures: Integers, pairs: Integers) -> tuple[Reals, Reals]:
    """The chance of every pair to agree in all figures, and to be nowhere more than one apart.

    Raised by √2 for every figure that is not 0 at both: recorded counts of stations with equal
    rates differ twice as much, in variance, as either does from its rate.
    """
    same, close = np.ones(len(pairs)), np.ones(len(pairs))
    for column in figures.T:
        first, second = (column[pairs[:, side]].astype(np.float64) for side in (0, 1))
        equal, by_one = _skellam(first, second)
        raised = np.where(first + second > 0, np.sqrt(2), 1.0)
        same *= equal * raised
        close *= (equal + by_one) * raised
    return same, close


def _skellam(a: Reals, b: Reals) -> tuple[Reals, Reals]:
    """P(A = B) and P(|A - B| = 1) for independent Poisson counts with these means."""
    root = 2 * np.sqrt(a * b)
    scale = np.exp(-((np.sqrt(a) - np.sqrt(b)) ** 2))
    slope = np.divide(i1e(root), root, out=np.full_like(root, 0.5), where=root > 0)
    return scale * i0e(root), scale * slope * 2 * (a + b)


def _count(observed: int, expected: float, level: float) -> PairCount:
    """Against a Poisson law; the smallest excess from its quantiles."""
    p_value = float(pdtrc(observed - 1, expected)) if observed else 1.0
    threshold = float(np.ceil(pdtrik(1 - level, expected))) + 1 if expected > 0 else 1.0
    needed = float(gammaincinv(threshold, 0.8))
    return PairCount(observed, expected, p_value, max(needed - expected, 0.0))


def _groups(vectors: StationVectors, figures: Integers, same: Integers) -> tuple[SameGroup, ...]:
    """The stations that stand in pairs, by region and result; the least likely first."""
    members: dict[tuple[int, bytes], list[int]] = {}
    for station in np.unique(same).tolist():
        key = (int(vectors.region[station]), figures[station].tobytes())
        members.setdefault(key, []).append(station)
    groups = []
    for (region, _figures), stations in members.items():
        chance = np.minimum(_pair_chances(figures, np.array([[stations[0]] * 2]))[0], 1.0)
        groups.append(SameGroup(
            vectors.regions[region], tuple(vectors.names[i] for i in stations),
            tuple(vectors.counts[stations[0]].tolist()), float(chance[0]),
        ))  # fmt: skip
    return tuple(sorted(groups, key=lambda one: (one.chance, one.region, one.stations)))


def _near(vectors: StationVectors, figures: Integers, near: Integers) -> tuple[NearPair, ...]:
    same, close = _pair_chances(figures, near)
    pairs = [
        NearPair(
            vectors.regions[vectors.region[a]],
            (vectors.names[a], vectors.names[b]),
            tuple(vectors.counts[a].tolist()),
            tuple(vectors.counts[b].tolist()),
            chance,
        )
        for (a, b), chance in zip(np.sort(near, axis=1).tolist(), (close - same).tolist(),
                                  strict=True)
    ]  # fmt: skip
    return tuple(sorted(pairs, key=lambda one: (one.chance, one.region, one.stations)))
