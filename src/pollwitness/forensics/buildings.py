"""Stations of one building that report very different results (design 6.2).

Voters of one building live around it, and are shared out among its stations by street or by
letter. Null model: a station's share of the leader departs from that of its neighbours in the
building by chance among independent voters, enlarged by the factor that is found in the middle
half of all buildings, so that ordinary differences between streets are granted.

Innocent explanations: one station of the building serves a barracks, a hospital, a dormitory or
another village; the factor is smaller than in the outer half of honest buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from pollwitness.forensics.stations import Integers
from pollwitness.forensics.vectors import StationVectors

Reals = npt.NDArray[np.float64]
LEAST_BALLOTS = 50
LEAST_STATIONS = 20
_MEDIAN_OF_SQUARE = float(ndtri(0.75)) ** 2
"""The median of a squared standard normal variable."""


@dataclass(frozen=True, slots=True)
class BuildingOutlier:
    """A station against the others of its building.

    ``share`` and ``others`` are leader shares; ``votes`` the leader's votes beyond the share of the
    others (below 0: fewer). ``adjusted`` is the p-value times the number of stations compared.
    """

    station: str
    building: str
    region: str
    ballots: int
    share: float
    others: float
    votes: float
    p_value: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class BuildingTest:
    """All stations that share a building, and those that depart most.

    ``dispersion`` is the factor by which the variance of independent voters is enlarged (1 at
    least); ``smallest`` the difference of shares, in percentage points, that is found with 80 %
    power in the median building.
    """

    stations: int
    buildings: int
    dispersion: float
    outliers: tuple[BuildingOutlier, ...]
    smallest: float
    level: float


def same_building(vectors: StationVectors, *, level: float = 0.05) -> BuildingTest | None:
    """Stations whose result departs from that of their building; None with fewer than 20.

    Compared are stations of 50 ballots and more. The statistic is the difference of two shares
    over its standard error at the pooled share; the enlargement is the median of its square over
    that of a standard normal variable. Two-sided; Bonferroni over all stations compared.
    """
    kept = np.flatnonzero((vectors.building >= 0) & (vectors.ballots >= LEAST_BALLOTS))
    houses = len(vectors.buildings)
    shared = np.bincount(vectors.building[kept], minlength=houses) > 1
    kept = kept[shared[vectors.building[kept]]]
    if kept.size < LEAST_STATIONS:
        return None
    house, ballots = vectors.building[kept], vectors.ballots[kept]
    leader = vectors.votes[kept, vectors.leader]
    share, others, error = _against_others(house, ballots, leader, houses)
    z = np.divide(share - others, error, out=np.zeros(kept.size), where=error > 0)
    dispersion = max(float(np.median(z**2)) / _MEDIAN_OF_SQUARE, 1.0)
    p_values = 2 * ndtr(-np.abs(z) / np.sqrt(dispersion))
    threshold = float(ndtri(1 - level / kept.size / 2) + ndtri(0.8))
    smallest = threshold * float(np.median(error)) * np.sqrt(dispersion)
    found = [
        BuildingOutlier(
            vectors.names[station], vectors.buildings[house[i]],
            vectors.regions[vectors.region[station]], int(ballots[i]), float(share[i]),
            float(others[i]), float(leader[i] - others[i] * ballots[i]), float(p_values[i]),
            min(float(p_values[i]) * kept.size, 1.0),
        )
        for i, station in enumerate(kept.tolist())
        if p_values[i] * kept.size <= level
    ]  # fmt: skip
    found.sort(key=lambda one: (one.p_value, one.station))
    return BuildingTest(
        int(kept.size), int(np.unique(house).size), dispersion, tuple(found), 100 * smallest, level
    )


def _against_others(
    house: Integers, ballots: Integers, leader: Integers, houses: int
) -> tuple[Reals, Reals, Reals]:
    """Leader share of each station, of the others of its building, and the standard error."""
    rest = np.bincount(house, ballots, houses)[house] - ballots
    rest_leader = np.bincount(house, leader, houses)[house] - leader
    pooled = (leader + rest_leader) / (ballots + rest)
    error = np.sqrt(pooled * (1 - pooled) * (1 / ballots + 1 / rest))
    return leader / ballots, rest_leader / rest, error
