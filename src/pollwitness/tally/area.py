"""The totals of an area that protocols and rolls leave open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pollwitness.quantities import Interval
from pollwitness.tables import CaseTables
from pollwitness.tally.bounds import RecordedVotes
from pollwitness.tally.official import OfficialResult, official_results
from pollwitness.tally.rooms import UNBOUNDED, Room, RoomBasis, area_rooms

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Feasible:
    """The range of a total. ``high`` is None where no roll bounds it."""

    low: int
    high: int | None

    @property
    def interval(self) -> Interval:
        """The range as an interval."""
        return Interval.at_least(self.low) if self.high is None else Interval(self.low, self.high)


@dataclass(frozen=True, slots=True)
class UnseenRoom:
    """The greatest number of ballots at the stations of an area without a protocol.

    ``ballots`` is None where nothing bounds it. ``excess`` is positive where the stations seen
    hold more voters than the roll of the area: that alone cannot be.
    """

    ballots: int | None
    basis: RoomBasis
    additions: int = 0
    excess: int = 0


@dataclass(frozen=True, slots=True)
class AreaBounds:
    """The ranges of an area's totals that the documents leave open.

    ``votes`` maps every part (the vote column of an option, and invalid) to its range.
    ``stations`` is how many stations there are, None where nobody says; ``seen`` how many of them
    have an accepted protocol.
    """

    area_id: str | None
    seen: int
    stations: int | None
    ballots: Feasible
    votes: dict[str, Feasible]
    unseen: UnseenRoom


@lru_cache(maxsize=16)
def officials_by_area(tables: CaseTables, contest_id: str) -> dict[str, OfficialResult]:
    """The official figures in force of every area that has some."""
    return {
        result.area_id: result
        for result in official_results(tables, contest_id)
        if result.area_id is not None
    }


def stations_total(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> int | None:
    """How many stations an area has by the official figures, or by those of all its children."""
    area = votes.territory.root() if area_id is None else area_id
    official = officials_by_area(tables, votes.contest_id).get(area or "")
    if official is not None and official.coverage.stations_total is not None:
        return official.coverage.stations_total
    below = [
        stations_total(tables, votes, child) for child in votes.territory.children.get(area, ())
    ]
    known = [total for total in below if total is not None]
    return sum(known) if below and len(known) == len(below) else None


def unseen_room(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> UnseenRoom:
    """The greatest number of ballots at an area's stations without a protocol.

    The least of: the roll of the area less the voters at the stations seen; the sum over the areas
    below it; the sum of the rooms of its listed stations. A sum counts only where the official
    number of stations says that nothing is missing from it.
    """
    rooms = area_rooms(tables, votes.contest_id)
    return _room(tables, votes, area_id, rooms)


def _room(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None, rooms: dict[str, Room]
) -> UnseenRoom:
    area = votes.territory.root() if area_id is None else area_id
    candidates = [
        _from_listed(tables, votes, area),
        _from_children(tables, votes, area, rooms),
        _from_roll(votes, area, rooms),
    ]
    bounded = [room for room in candidates if room.ballots is not None]
    return min(bounded, key=lambda room: (room.ballots or 0, -room.excess), default=UNKNOWN_ROOM)


UNKNOWN_ROOM = UnseenRoom(None, RoomBasis.NONE)


def _from_roll(votes: RecordedVotes, area: str | None, rooms: dict[str, Room]) -> UnseenRoom:
    room = rooms.get(area or "")
    if room is None:
        return UNKNOWN_ROOM
    span = votes.territory.ranges[area]
    voters = np.maximum(votes.registered[span], votes.ballots_low[span])[votes.seen[span]]
    left = room.ballots - int(voters.sum())
    return UnseenRoom(max(left, 0), room.basis, room.additions, max(-left, 0))


def _from_children(
    tables: CaseTables, votes: RecordedVotes, area: str | None, rooms: dict[str, Room]
) -> UnseenRoom:
    if not is_partitioned(tables, votes, area):
        return UNKNOWN_ROOM
    parts = [_room(tables, votes, child, rooms) for child in votes.territory.children[area]]
    if any(part.ballots is None for part in parts):
        return UNKNOWN_ROOM
    weakest = max(parts, key=lambda part: (list(RoomBasis).index(part.basis), part.additions))
    return UnseenRoom(
        sum(part.ballots or 0 for part in parts),
        weakest.basis,
        sum(part.additions for part in parts),
        sum(part.excess for part in parts),
    )


def _from_listed(tables: CaseTables, votes: RecordedVotes, area: str | None) -> UnseenRoom:
    total = stations_total(tables, votes, area)
    span = votes.territory.ranges[area]
    seen = votes.seen[span]
    largest = tables.case.largest_station
    if total is None:
        return UNKNOWN_ROOM
    unlisted = max(total - seen.size, 0)
    if unlisted and largest is None:
        return UNKNOWN_ROOM
    room = int(votes.room[span][~seen].sum()) + unlisted * (largest or 0)
    if room >= UNBOUNDED:
        return UNKNOWN_ROOM
    basis = RoomBasis.LARGEST_STATION if unlisted else _weakest(votes)
    return UnseenRoom(room, basis, tables.case.roll_additions or 0)


def _weakest(votes: RecordedVotes) -> RoomBasis:
    order = list(RoomBasis)
    return max(votes.roll_basis, key=order.index, default=RoomBasis.FINAL_ROLL)


def ballots_cap(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> int | None:
    """The greatest number of ballots in a whole area by its roll, or the rolls of its parts."""
    rooms = area_rooms(tables, votes.contest_id)
    return _cap(tables, votes, area_id, rooms)


def _cap(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None, rooms: dict[str, Room]
) -> int | None:
    area = votes.territory.root() if area_id is None else area_id
    children = votes.territory.children.get(area, ())
    caps = [rooms[area].ballots] if area in rooms else []
    if is_partitioned(tables, votes, area):
        parts = [_cap(tables, votes, child, rooms) for child in children]
        if None not in parts:
            caps.append(sum(part for part in parts if part is not None))
    return min(caps, default=None)


def is_partitioned(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> bool:
    """Whether the areas below an area are known to hold all its stations."""
    children = votes.territory.children.get(area_id, ())
    totals = [stations_total(tables, votes, child) for child in children]
    known = sum(total for total in totals if total is not None)
    return bool(children) and None not in totals and known == stations_total(tables, votes, area_id)


def area_bounds(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> AreaBounds:
    """The feasible totals of an area, each option by itself, from protocols and rolls alone."""
    at = votes.seen_in(area_id)
    unseen = unseen_room(tables, votes, area_id)
    cap = ballots_cap(tables, votes, area_id)
    least, most = votes.low[at], votes.high[at]
    ballots_low, ballots_high = votes.ballots_low[at], votes.ballots_high[at]
    ranges: dict[str, Feasible] = {}
    for position, name in enumerate(votes.parts):
        others_most = most.sum(axis=1) - most[:, position]
        others_least = least.sum(axis=1) - least[:, position]
        low = np.maximum(least[:, position], ballots_low - others_most)
        high = np.minimum(most[:, position], ballots_high - others_least)
        left = None if cap is None else cap - int(others_least.sum())
        ranges[name] = _with_room(low, high, unseen.ballots, left)
    return AreaBounds(
        area_id=area_id,
        seen=at.size,
        stations=stations_total(tables, votes, area_id),
        ballots=_with_room(ballots_low, ballots_high, unseen.ballots, cap),
        votes=ranges,
        unseen=unseen,
    )


def _with_room(low: Integers, high: Integers, room: int | None, cap: int | None) -> Feasible:
    """Seen stations plus the room of the others, and no more than the whole area can hold."""
    least, total = int(low.sum()), int(high.sum())
    summed = None if room is None or total >= UNBOUNDED else total + room
    ends = [end for end in (summed, cap) if end is not None]
    return Feasible(least, max(min(ends), least) if ends else None)
