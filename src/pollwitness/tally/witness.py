"""An election that meets all demands, found by filling rows: proof that nothing contradicts.

Cheap and one-sided: where it finds an election, that election was checked against every demand in
whole numbers, and no linear programme is needed. Where it finds none, nothing follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pollwitness.tally.programme import Demand, Stations

Integers = npt.NDArray[np.int64]
MOST_CELLS = 200_000
"""Beyond so many rows times demands the filling itself would take long."""


@dataclass(slots=True)
class _Filling:
    """Votes so far, and what every demand still allows."""

    stations: Stations
    votes: Integers
    slack: list[int]
    covering: list[list[int]]
    parts: list[frozenset[int]]

    def room(self, row: int, part: int) -> int:
        """How many votes can still be added to one cell."""
        ballots = int(self.stations.ballots_high[row]) - int(self.votes[row].sum())
        own = int(self.stations.high[row, part]) - int(self.votes[row, part])
        demands = [self.slack[d] for d in self.covering[row] if part in self.parts[d]]
        return max(min([ballots, own, *demands]), 0)

    def add(self, row: int, part: int, wanted: int) -> int:
        """Add as many of the wanted votes as there is room for; returns how many."""
        added = min(wanted, self.room(row, part))
        if added > 0:
            self.votes[row, part] += added
            for demand in self.covering[row]:
                if part in self.parts[demand]:
                    self.slack[demand] -= added
        return added


def meeting_election(stations: Stations, demands: Sequence[Demand]) -> Integers | None:
    """Whole votes within the stations' bounds that meet every demand, if filling finds them."""
    plain = all(weight in (0, 1) for demand in demands for weight in demand.weights)
    if not plain or stations.low.shape[0] * len(demands) > MOST_CELLS:
        return None
    filling = _started(stations, demands)
    for row in range(stations.low.shape[0]):
        _fill(filling, [row], range(stations.low.shape[1]), int(stations.ballots_low[row]))
    order = sorted(range(len(demands)), key=lambda d: (demands[d].rows.size, len(filling.parts[d])))
    for number in order:
        demand = demands[number]
        if demand.low is not None:
            by_room = sorted(demand.rows.tolist(), key=lambda r: -int(stations.ballots_high[r]))
            _fill(filling, by_room, sorted(filling.parts[number]), -(-demand.low // 1))
    return filling.votes if meets(stations, demands, filling.votes) else None


def _started(stations: Stations, demands: Sequence[Demand]) -> _Filling:
    votes = stations.low.copy()
    parts = [frozenset(c for c, w in enumerate(d.weights) if w == 1) for d in demands]
    unlimited = int(stations.ballots_high.sum()) + int(stations.low.sum())
    slack = [
        (unlimited if d.high is None else int(d.high // 1))
        - int(votes[d.rows][:, sorted(own)].sum())
        for d, own in zip(demands, parts, strict=True)
    ]
    covering: list[list[int]] = [[] for _ in range(stations.low.shape[0])]
    for number, demand in enumerate(demands):
        for row in demand.rows.tolist():
            covering[row].append(number)
    return _Filling(stations, votes, slack, covering, parts)


def _fill(filling: _Filling, rows: Sequence[int], parts: Sequence[int], wanted: int) -> None:
    missing = wanted - int(filling.votes[list(rows)][:, list(parts)].sum())
    for row in rows:
        for part in parts:
            if missing <= 0:
                return
            missing -= filling.add(row, part, missing)


def meets(stations: Stations, demands: Sequence[Demand], votes: Integers) -> bool:
    """Whether these votes lie within the stations' bounds and meet every demand, exactly."""
    ballots = votes.sum(axis=1)
    within = (
        (votes >= stations.low).all()
        and (votes <= stations.high).all()
        and (ballots >= stations.ballots_low).all()
        and (ballots <= stations.ballots_high).all()
    )
    if not within:
        return False
    for demand in demands:
        totals = votes[demand.rows].sum(axis=0).tolist()
        reached = sum((w * t for w, t in zip(demand.weights, totals, strict=True)), Fraction(0))
        if demand.low is not None and reached < demand.low:
            return False
        if demand.high is not None and reached > demand.high:
            return False
    return True
