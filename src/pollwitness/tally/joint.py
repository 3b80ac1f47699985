"""Whether totals are possible together: sharp bounds with a certificate (design 6.1).

Every station s holds ballots between ``ballots_low[s]`` and ``ballots_high[s]``, split into parts
(the votes of each option, and invalid) with ``low[s, c] <= x[s, c] <= high[s, c]``. Demands bound
the totals of parts and of ballots. By Hoffman's circulation theorem (Hoffman 1960) on the network
source -> station -> part -> sink -> source, whole numbers x exist if and only if for every set C
of parts, with

    floor(C) = sum_s max(sum_{c in C} low, ballots_low - sum_{c not in C} high)
    ceiling(C) = sum_s min(sum_{c in C} high, ballots_high - sum_{c not in C} low),

    (floor)          floor(C) <= demand_high(C)
    (ceiling)        demand_low(C) <= ceiling(C)
    (total floor)    demand_low(C) + floor(not C) <= total_high
    (total ceiling)  total_low <= demand_high(C) + ceiling(not C).

A violated inequality is the certificate: whoever doubts it adds up its two sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from pollwitness.errors import TooManyOptionsError
from pollwitness.tally.rooms import UNBOUNDED

Integers = npt.NDArray[np.int64]
MOST_PARTS = 13
"""Twelve options and the invalid ballots: 8,192 sets are enumerated at the most."""
_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class JointProblem:
    """Stations and demands. Shapes: low, high (stations, parts); ballots (stations,);
    demands (parts,). A demand that nobody makes is 0 below and UNBOUNDED above.
    """  # noqa: D205

    low: Integers
    high: Integers
    ballots_low: Integers
    ballots_high: Integers
    demand_low: Integers
    demand_high: Integers
    total_low: int = 0
    total_high: int = UNBOUNDED


class Family(StrEnum):
    """Which of the four inequalities is violated."""

    FLOOR = "floor"
    CEILING = "ceiling"
    TOTAL_FLOOR = "total_floor"
    TOTAL_CEILING = "total_ceiling"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A violated inequality: the documents need ``needed``, the official figures ``allowed``.

    ``parts`` is the set C. For FLOOR and TOTAL_FLOOR the documents hold at least ``needed`` where
    at most ``allowed`` may be; for the others at least ``needed`` is demanded where the documents
    leave room for ``allowed``. ``needed - allowed`` is the number of votes (or ballots) by which
    they cannot all be true.
    """

    family: Family
    parts: tuple[int, ...]
    needed: int
    allowed: int

    @property
    def gap(self) -> int:
        """By how many votes the two sides fail to meet."""
        return self.needed - self.allowed


def set_floor(problem: JointProblem, members: Sequence[int]) -> Integers:
    """The least votes for a set of parts at every station: shape (stations,)."""
    inside = np.zeros(problem.low.shape[1], dtype=bool)
    inside[list(members)] = True
    floor: Integers = np.maximum(
        problem.low[:, inside].sum(axis=1),
        problem.ballots_low - problem.high[:, ~inside].sum(axis=1),
    )
    return floor


def set_ceiling(problem: JointProblem, members: Sequence[int]) -> Integers:
    """The most votes for a set of parts at every station: shape (stations,)."""
    inside = np.zeros(problem.low.shape[1], dtype=bool)
    inside[list(members)] = True
    ceiling: Integers = np.minimum(
        problem.high[:, inside].sum(axis=1),
        problem.ballots_high - problem.low[:, ~inside].sum(axis=1),
    )
    return ceiling


def violated(problem: JointProblem) -> Certificate | None:
    """The most violated inequality, or None: then totals as demanded are possible together.

    Exact for whole numbers. Stations whose parts are all known, and stations that may hold
    anything, are summed first; only the others are enumerated over the sets.

    Raises:
        TooManyOptionsError: beyond 13 parts; use :mod:`pollwitness.tally.programme` there.
    """
    parts = problem.low.shape[1]
    if parts > MOST_PARTS:
        raise TooManyOptionsError(f"{parts} parts; the enumeration of sets ends at {MOST_PARTS}")
    floors, ceilings = _floors_and_ceilings(problem)
    low_of, high_of = _subset_sums(problem.demand_low), _subset_sums(problem.demand_high)
    complement = np.arange(1 << parts)[::-1]
    sides = {
        Family.FLOOR: (floors, high_of),
        Family.CEILING: (low_of, ceilings),
        Family.TOTAL_FLOOR: (low_of + floors[complement], np.full_like(low_of, problem.total_high)),
        Family.TOTAL_CEILING: (
            np.full_like(low_of, problem.total_low),
            high_of + ceilings[complement],
        ),
    }
    found: list[Certificate] = []
    for family, (needed, allowed) in sides.items():
        gap = np.where(allowed >= UNBOUNDED, 0, needed - allowed)
        worst = int(np.argmax(gap))
        if gap[worst] > 0:
            members = tuple(c for c in range(parts) if worst >> c & 1)
            found.append(Certificate(family, members, int(needed[worst]), int(allowed[worst])))
    return max(found, key=lambda c: (c.gap, -len(c.parts)), default=None)


def _subset_sums(values: Integers) -> Integers:
    """Sums over every subset of the last axis, by bit pattern: (..., k) -> (..., 2**k)."""
    sums = np.zeros((*values.shape[:-1], 1), dtype=np.int64)
    for position in range(values.shape[-1]):
        sums = np.concatenate([sums, sums + values[..., position : position + 1]], axis=-1)
    return np.minimum(sums, 4 * UNBOUNDED)


@dataclass(frozen=True, slots=True, eq=False)
class SinglePart:
    """Stations with at most one uncertain part: which they are, and what its bounds then are.

    ``rows`` has shape (stations,), ``low`` and ``high`` (stations in ``rows``, parts).
    """

    rows: npt.NDArray[np.bool_]
    low: Integers
    high: Integers


def single_part(
    low: Integers, high: Integers, ballots_low: Integers, ballots_high: Integers
) -> SinglePart:
    """Stations whose bounds sum exactly: the one uncertain part is bounded by what ballots leave.

    For such a station every set of parts has the floor and the ceiling that are the sums of these
    bounds, so that any number of them is as good as one.
    """
    open_part = low != high
    consistent = (ballots_low <= high.sum(axis=1)) & (low.sum(axis=1) <= ballots_high)
    rows = (open_part.sum(axis=1) == 0) | ((open_part.sum(axis=1) == 1) & consistent)
    at_least, at_most, opened = low[rows], high[rows], open_part[rows]
    others = at_least.sum(axis=1)[:, None] - at_least
    least = np.where(opened, np.maximum(at_least, ballots_low[rows, None] - others), at_least)
    most = np.where(opened, np.minimum(at_most, ballots_high[rows, None] - others), at_most)
    return SinglePart(rows, least, most)


def _floors_and_ceilings(problem: JointProblem) -> tuple[Integers, Integers]:
    low, high = problem.low, problem.high
    single = single_part(low, high, problem.ballots_low, problem.ballots_high)
    fixed = single.rows
    free = (
        ~fixed
        & (low == 0).all(axis=1)
        & (problem.ballots_low == 0)
        & (high >= problem.ballots_high[:, None]).all(axis=1)
    )
    floors = _subset_sums(single.low.sum(axis=0))
    ceilings = _subset_sums(single.high.sum(axis=0))
    ceilings[1:] += int(problem.ballots_high[free].sum())
    rest = np.flatnonzero(~fixed & ~free)
    step = max(_CHUNK >> max(low.shape[1] - 8, 0), 64)
    for start in range(0, rest.size, step):
        at = rest[start : start + step]
        lows, highs = _subset_sums(low[at]), _subset_sums(high[at])
        others_high, others_low = highs[:, ::-1], lows[:, ::-1]
        floors += np.maximum(lows, problem.ballots_low[at, None] - others_high).sum(axis=0)
        ceilings += np.minimum(highs, problem.ballots_high[at, None] - others_low).sum(axis=0)
    return floors, np.minimum(ceilings, 4 * UNBOUNDED)
