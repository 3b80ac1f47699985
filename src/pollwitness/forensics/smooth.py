"""Areas whose stations agree more closely than independent voters can (design 6.2).

Null model: within an area every voter of every station prefers the leader with the same
probability. Real places differ, which makes shares vary more than that, never less: the test is
conservative, and alarms on agreement that chance among independent voters would hardly give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtr, gammaincinv

from pollwitness.forensics.stations import StationResults

LEAST_STATIONS = 10
LEAST_EXPECTED = 5
"""Of leader votes and of others at every station, for the chi-squared law to hold closely."""


@dataclass(frozen=True, slots=True)
class SmoothArea:
    """One area: its scatter against that of independent voters.

    ``ratio`` is the variance of the leader's votes over the binomial one (1 under the null, more in
    honest places); ``p_value`` the chance of a scatter so small.
    """

    region: str
    stations: int
    votes: int
    ratio: float
    p_value: float


@dataclass(frozen=True, slots=True)
class SmoothTest:
    """All areas that can be looked at, and the chance that the smoothest is so smooth.

    ``p_value`` is that of the smoothest area times the number of areas (Bonferroni).
    ``smallest`` is the ratio below which an area of the median number of stations is found with
    80 % power at ``level``.
    """

    areas: tuple[SmoothArea, ...]
    p_value: float
    smallest: float
    level: float

    @property
    def smoothest(self) -> SmoothArea | None:
        """The area with the smallest p-value."""
        return min(self.areas, key=lambda area: (area.p_value, area.region), default=None)


def too_smooth_areas(stations: StationResults, *, level: float = 0.05) -> SmoothTest | None:
    """The scatter of leader shares within every area; None where no area can be looked at.

    Pearson's statistic of homogeneity, lower tail of chi-squared with stations - 1 degrees of
    freedom. Areas with fewer than ten stations, and stations with fewer than five expected votes on
    either side, are left out.
    """
    found = [
        area
        for code, name in enumerate(stations.regions)
        if (area := _area(stations.only(stations.region == code), name)) is not None
    ]
    if not found:
        return None
    least = min(area.p_value for area in found)
    freedom = int(np.median([area.stations for area in found])) - 1
    return SmoothTest(
        tuple(found), min(least * len(found), 1.0), _smallest(freedom, level / len(found)), level
    )


def _area(stations: StationResults, name: str) -> SmoothArea | None:
    ballots, leader = stations.ballots, stations.leader
    if not ballots.sum():
        return None
    rate = leader.sum() / ballots.sum()
    kept = np.minimum(ballots * rate, ballots * (1 - rate)) >= LEAST_EXPECTED
    ballots, leader = ballots[kept], leader[kept]
    if ballots.size < LEAST_STATIONS:
        return None
    rate = leader.sum() / ballots.sum()
    statistic = float(((leader - ballots * rate) ** 2 / (ballots * rate * (1 - rate))).sum())
    freedom = ballots.size - 1
    return SmoothArea(
        name, int(ballots.size), int(leader.sum()), statistic / freedom,
        float(chdtr(freedom, statistic)),
    )  # fmt: skip


def _smallest(freedom: int, level: float) -> float:
    """The ratio of variances that a test at this level finds in four cases of five."""
    least, most = (float(gammaincinv(freedom / 2, p)) for p in (level, 0.8))
    return least / most
