"""What the documents say about recorded votes at every station, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.tables import CaseTables, vote_column
from pollwitness.tally.readings import Reading, high, low, station_forms
from pollwitness.tally.rooms import UNBOUNDED, RoomBasis, station_rooms
from pollwitness.tally.rules import parts
from pollwitness.tally.territory import Territory, territory

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RecordedVotes:
    """The recorded votes of one contest: bounds for every station, in territorial order.

    ``parts`` are the vote columns of the options and, last, ``invalid``. Shapes: ``low``,
    ``high`` and ``given`` (stations, parts); all other arrays (stations,). ``given`` says whether
    a form states the figure. A seen station has at least one
    accepted protocol; an unseen one may hold anything up to its room. ``written_ballots`` are the
    ballots as the forms state them, or the sum of the parts where they are blank;
    ``ballots_known`` says whether that is all of them. ``registered`` are the
    voters on the forms' rolls, those added included (the least that copies state; 0 where no form
    states them), ``roll_high`` the greatest, ``listed`` the least without those added.
    """

    contest_id: str
    reading: Reading
    parts: tuple[str, ...]
    territory: Territory
    seen: npt.NDArray[np.bool_]
    copies: Integers
    room: Integers
    registered: Integers
    roll_high: Integers
    listed: Integers
    low: Integers
    high: Integers
    given: npt.NDArray[np.bool_]
    ballots_low: Integers
    ballots_high: Integers
    written_ballots: Integers
    ballots_known: npt.NDArray[np.bool_]
    mismatch: Integers
    roll_basis: frozenset[RoomBasis]

    def part(self, option_id: str) -> int:
        """The position of an option's votes among the parts."""
        return self.parts.index(vote_column(option_id))

    def weights(self, at: Integers) -> Integers:
        """The least number of voters at stations: by their lists, or by their ballots."""
        return np.where(self.listed[at] > 0, self.listed[at], self.ballots_low[at])

    def capacity(self, at: Integers) -> Integers:
        """The most ballots that stations could hold without their protocols."""
        unknown = np.maximum(self.room[at], self.ballots_high[at])
        return np.where(self.roll_high[at] > 0, self.roll_high[at], unknown)

    def floor(self, at: Integers, part: int) -> Integers:
        """The least votes of one part at stations, what the other parts leave included."""
        others = self.high[at].sum(axis=1) - self.high[at, part]
        least: Integers = np.maximum(self.low[at, part], self.ballots_low[at] - others)
        return least

    def ceiling(self, at: Integers, part: int) -> Integers:
        """The most votes of one part at stations, what the other parts take excluded."""
        others = self.low[at].sum(axis=1) - self.low[at, part]
        most: Integers = np.minimum(self.high[at, part], self.ballots_high[at] - others)
        return most

    def seen_in(self, area_id: str | None) -> Integers:
        """The positions of the seen stations of an area."""
        span = self.territory.span(area_id)
        return np.flatnonzero(self.seen[span]) + span.start


@lru_cache(maxsize=16)
def recorded_votes(tables: CaseTables, contest_id: str, reading: Reading) -> RecordedVotes:
    """The bounds that the accepted protocols of a contest put on every station."""
    contest = tables.case.contest(contest_id)
    columns = tuple(parts(contest.option_ids))
    land = territory(tables)
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    forms = station_forms(protocols, contest.option_ids, reading)
    rooms = station_rooms(tables, contest_id)
    frame = (
        pl.DataFrame({"station_id": land.station_ids})
        .join(rooms, on="station_id", how="left", maintain_order="left")
        .join(forms, on="station_id", how="left", maintain_order="left")
    )
    seen = frame["copies"].is_not_null().to_numpy()
    bases = frame.filter(pl.col("copies").is_null())["basis"].unique().to_list()
    room = _whole(frame, "room", UNBOUNDED)
    least, greatest, ballots = _filled(frame, columns, seen, room)
    return RecordedVotes(
        contest_id=contest_id,
        reading=reading,
        parts=columns,
        territory=land,
        seen=seen,
        copies=_whole(frame, "copies", 0),
        room=room,
        registered=_whole(frame, low("registered"), 0),
        roll_high=_whole(frame, high("registered"), 0),
        listed=_whole(frame, "listed", 0),
        low=least,
        high=greatest,
        given=np.stack([frame[low(name)].is_not_null().to_numpy() for name in columns], axis=1),
        ballots_low=ballots[0],
        ballots_high=ballots[1],
        written_ballots=_whole(frame, "written_ballots", 0),
        ballots_known=frame["ballots_known"].fill_null(value=False).to_numpy(),
        mismatch=_whole(frame, "mismatch", 0),
        roll_basis=frozenset(RoomBasis(basis) for basis in bases),
    )


def _whole(frame: pl.DataFrame, name: str, unknown: int) -> Integers:
    return frame[name].fill_null(unknown).to_numpy().astype(np.int64)


def _filled(
    frame: pl.DataFrame, columns: tuple[str, ...], seen: npt.NDArray[np.bool_], room: Integers
) -> tuple[Integers, Integers, tuple[Integers, Integers]]:
    """Bounds of parts and ballots; what no form states has the room that the rest leaves."""
    least = np.stack([_whole(frame, low(name), 0) for name in columns], axis=1)
    stated = np.stack([_whole(frame, high(name), -1) for name in columns], axis=1)
    roll = np.maximum(_whole(frame, high("registered"), -1), -1)
    cap = np.where(seen & (roll >= 0), roll, room)
    at_least = least.sum(axis=1)
    ballots_low = np.maximum(_whole(frame, low("ballots"), 0), 0)
    ballots_high = _whole(frame, high("ballots"), -1)
    ballots_high = np.where(ballots_high >= 0, ballots_high, np.maximum(cap, at_least))
    left = np.maximum(ballots_high - at_least, 0)
    greatest = np.where(stated >= 0, stated, least + left[:, None])
    least, greatest = _with_valid(
        frame, stated >= 0, (least, greatest), (ballots_low, ballots_high)
    )
    at_least = least.sum(axis=1)
    most = np.where((stated >= 0).all(axis=1), greatest.sum(axis=1), UNBOUNDED)
    ballots_high = np.where(seen, np.maximum(np.minimum(ballots_high, most), at_least), cap)
    ballots_low = np.minimum(np.maximum(ballots_low, at_least), ballots_high)
    ballots_low[~seen] = 0
    return least, greatest, (ballots_low, ballots_high)


def _with_valid(
    frame: pl.DataFrame,
    stated: npt.NDArray[np.bool_],
    bounds: tuple[Integers, Integers],
    ballots: tuple[Integers, Integers],
) -> tuple[Integers, Integers]:
    """Bounds of blank parts where forms state their valid ballots: the votes sum to these.

    Blank invalid ballots are what ballots leave beyond the valid ones; a blank vote is at most what
    the valid ballots leave beyond the other votes, and at least what they need beyond them.
    """
    valid_low, valid_high = _whole(frame, low("valid"), 0), _whole(frame, high("valid"), -1)
    known = valid_high >= 0
    if not known.any():
        return bounds
    least, greatest = bounds[0].copy(), bounds[1].copy()
    others_low = least[:, :-1].sum(axis=1)[:, None] - least[:, :-1]
    others_high = greatest[:, :-1].sum(axis=1)[:, None] - greatest[:, :-1]
    open_votes = known[:, None] & ~stated[:, :-1]
    most = np.minimum(greatest[:, :-1], np.maximum(valid_high[:, None] - others_low, 0))
    needed = np.maximum(valid_low[:, None] - others_high, least[:, :-1])
    greatest[:, :-1] = np.where(open_votes, most, greatest[:, :-1])
    least[:, :-1] = np.where(open_votes, np.minimum(needed, greatest[:, :-1]), least[:, :-1])
    open_invalid = known & ~stated[:, -1]
    rest_high = np.maximum(ballots[1] - valid_low, 0)
    rest_low = np.maximum(ballots[0] - valid_high, 0)
    greatest[:, -1] = np.where(
        open_invalid, np.minimum(greatest[:, -1], rest_high), greatest[:, -1]
    )
    least[:, -1] = np.where(open_invalid, np.minimum(rest_low, greatest[:, -1]), least[:, -1])
    return least, greatest
