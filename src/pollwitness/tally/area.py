"""The totals of an area that protocols and rolls leave open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pollwitness.quantities import Interval
from pollwitness.stats import least_cover
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

    ``ballots`` is None where nothing bounds it.
    """

    ballots: int | None
    basis: RoomBasis
    additions: int = 0


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
    return {result.area_id: result for result in official_results(tables, contest_id)}


def stations_total(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> int | None:
    """How many stations an area has, by an official figure about that very area.

    Never the sum over the areas within it: stations may lie in none of them.
    """
    area = votes.territory.root() if area_id is None else area_id
    official = officials_by_area(tables, votes.contest_id).get(area or "")
    return None if official is None else official.coverage.stations_total


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
    return min(bounded, key=lambda room: room.ballots or 0, default=UNKNOWN_ROOM)


UNKNOWN_ROOM = UnseenRoom(None, RoomBasis.NONE)


def _from_roll(votes: RecordedVotes, area: str | None, rooms: dict[str, Room]) -> UnseenRoom:
    room = rooms.get(area or "")
    if room is None:
        return UNKNOWN_ROOM
    left = room.ballots - voters_seen(votes, area)
    return UnseenRoom(max(left, 0), room.basis, room.additions)


def voters_seen(votes: RecordedVotes, area_id: str | None) -> int:
    """Voters at the seen stations of an area: by the rolls on their forms, or their ballots."""
    at = votes.seen_in(area_id)
    return int(np.maximum(votes.registered[at], votes.ballots_low[at]).sum())


@dataclass(frozen=True, slots=True)
class RollExcess:
    """By how many voters the forms of an area exceed the published roll of that very area.

    Without ``documents`` of the forms at least the others would not.
    """

    voters: int
    basis: RoomBasis
    documents: int


def roll_excess(tables: CaseTables, votes: RecordedVotes, area_id: str) -> RollExcess | None:
    """The excess of the forms over the roll of an area; None where there is none, or no roll."""
    room = area_rooms(tables, votes.contest_id).get(area_id)
    excess = 0 if room is None else voters_seen(votes, area_id) - room.ballots
    if room is None or excess <= 0:
        return None
    at = votes.seen_in(area_id)
    voters = np.maximum(votes.registered[at], votes.ballots_low[at])
    cover = least_cover(voters, excess, votes.copies[at])
    documents = int(votes.copies[at].sum()) if cover is None else cover.cost
    return RollExcess(excess, room.basis, documents)


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
    )


def _from_listed(tables: CaseTables, votes: RecordedVotes, area: str | None) -> UnseenRoom:
    total = stations_total(tables, votes, area)
    span = votes.territory.span(area)
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


def open_room(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> int | None:
    """The most ballots at all stations of an area whose roll no form states, seen or unseen.

    None where no roll of the area, or of all areas within it, bounds them. Seen stations without a
    stated roll share this room with the unseen ones, so that a further form that leaves its roll
    blank never widens a bound.
    """
    return _open(tables, votes, area_id, area_rooms(tables, votes.contest_id))


def _open(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None, rooms: dict[str, Room]
) -> int | None:
    area = votes.territory.root() if area_id is None else area_id
    found: list[int] = []
    if area in rooms:
        at = votes.seen_in(area)
        stated = at[votes.registered[at] > 0]
        voters = np.maximum(votes.registered[stated], votes.ballots_low[stated])
        found.append(max(rooms[area].ballots - int(voters.sum()), 0))
    if is_partitioned(tables, votes, area):
        parts = [_open(tables, votes, child, rooms) for child in votes.territory.children[area]]
        if None not in parts:
            found.append(sum(part for part in parts if part is not None))
    return min(found, default=None)


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What bounds a total from above: the room of the unseen, and that of all without a roll."""

    unseen: int | None
    open: int | None
    stated: npt.NDArray[np.bool_]
    """Which of the seen stations state their roll: shape (seen stations,)."""

    def most(self, high: Integers, reserved: Integers | None = None) -> int | None:
        """The most that a total can be, None where nothing bounds it.

        ``high`` is the most at each seen station, ``reserved`` the ballots there that belong to
        other parts.
        """
        total = int(high.sum())
        ends: list[int] = []
        if self.unseen is not None and total < UNBOUNDED // 2:
            ends.append(total + self.unseen)
        if self.open is not None:
            held = 0 if reserved is None else int(reserved[~self.stated].sum())
            ends.append(int(high[self.stated].sum()) + max(self.open - held, 0))
        # What is left of "unbounded" after other parts were taken off is unbounded still.
        least = min(ends, default=UNBOUNDED)
        return least if least < UNBOUNDED // 2 else None


def ceilings(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> Ceilings:
    """What bounds the totals of an area from above."""
    at = votes.seen_in(area_id)
    return Ceilings(
        unseen_room(tables, votes, area_id).ballots,
        open_room(tables, votes, area_id),
        votes.registered[at] > 0,
    )


def is_partitioned(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> bool:
    """Whether the areas below an area are known to hold all its stations."""
    children = votes.territory.children.get(area_id, ())
    totals = [stations_total(tables, votes, child) for child in children]
    known = sum(total for total in totals if total is not None)
    return bool(children) and None not in totals and known == stations_total(tables, votes, area_id)


@lru_cache(maxsize=64)
def area_bounds(tables: CaseTables, votes: RecordedVotes, area_id: str | None) -> AreaBounds:
    """The feasible totals of an area, each option by itself, from protocols and rolls alone."""
    at = votes.seen_in(area_id)
    above = ceilings(tables, votes, area_id)
    least, most = votes.low[at], votes.high[at]
    ballots_low, ballots_high = votes.ballots_low[at], votes.ballots_high[at]
    all_most, all_least = most.sum(axis=1), least.sum(axis=1)
    ranges: dict[str, Feasible] = {}
    for position, name in enumerate(votes.parts):
        others_most = all_most - most[:, position]
        others_least = all_least - least[:, position]
        low = np.maximum(least[:, position], ballots_low - others_most)
        high = np.minimum(most[:, position], ballots_high - others_least)
        ranges[name] = _feasible(low, above.most(high, others_least))
    return AreaBounds(
        area_id=area_id,
        seen=at.size,
        stations=stations_total(tables, votes, area_id),
        ballots=_feasible(ballots_low, above.most(ballots_high)),
        votes=ranges,
        unseen=unseen_room(tables, votes, area_id),
    )


def _feasible(low: Integers, most: int | None) -> Feasible:
    least = int(low.sum())
    return Feasible(least, None if most is None else max(most, least))
