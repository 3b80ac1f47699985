"""The greatest number of ballots that a station or an area can hold: the roll (design 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import polars as pl

from pollwitness.tables import LARGEST_COUNT, CaseTables
from pollwitness.tally.official import OfficialResult, official_results
from pollwitness.tally.official_stations import official_stations
from pollwitness.tally.readings import high

UNBOUNDED = LARGEST_COUNT
"""Stands for "no bound is known"; a sum that reaches it bounds nothing."""


class RoomBasis(StrEnum):
    """What the greatest number of ballots rests on; printed with every bound that uses it."""

    FINAL_ROLL = "final_roll"
    EARLIER_ROLL = "earlier_roll"
    LARGEST_STATION = "largest_station"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Room:
    """The greatest number of ballots at a place, and on which roll or rule it rests."""

    ballots: int
    basis: RoomBasis
    additions: int = 0


@lru_cache(maxsize=16)
def area_rooms(tables: CaseTables, contest_id: str) -> dict[str, Room]:
    """The room of every area for which an authority published a roll."""
    return {
        result.area_id: room
        for result in official_results(tables, contest_id)
        if (room := _official_room(tables, contest_id, result)) is not None
    }


def forms_state_added(tables: CaseTables, contest_id: str) -> bool:
    """Whether any form of the contest states voters added on the day."""
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    return protocols["added"].null_count() < protocols.height


def _official_room(tables: CaseTables, contest_id: str, result: OfficialResult) -> Room | None:
    registered, added = result.count("registered"), result.count("added")
    if registered is None:
        return None
    if registered.published_at[:10] >= tables.case.date:
        if added is not None:
            return Room(registered.greatest + added.greatest, RoomBasis.FINAL_ROLL)
        if not forms_state_added(tables, contest_id):
            return Room(registered.greatest, RoomBasis.FINAL_ROLL)
    additions = tables.case.roll_additions
    if additions is None:
        return None
    return Room(registered.greatest + additions, RoomBasis.EARLIER_ROLL, additions)


@dataclass(frozen=True, slots=True)
class RegisteredVoters:
    """The least and the greatest number that "registered voters" can mean; None: unknown."""

    least: int | None
    greatest: int | None


def registered_voters(
    tables: CaseTables, contest_id: str, official: OfficialResult
) -> RegisteredVoters | None:
    """What turnout and shares of registered voters are shares of; None where nobody published it.

    A final roll may be meant with or without the voters added on the day; an earlier roll bounds
    the final one only from above, and only with the additions that the case states.
    """
    registered = official.count("registered")
    if registered is None or registered.greatest <= 0:
        return None
    room = _official_room(tables, contest_id, official)
    final = registered.published_at[:10] >= tables.case.date
    return RegisteredVoters(
        registered.least if final else None, None if room is None else room.ballots
    )


def station_rooms(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The room of every listed station: columns station_id, room, basis.

    A final roll published for the station counts first; then its roll in the list of stations
    plus the additions that the case allows; then the greatest station that the case allows.
    """
    additions, largest = tables.case.roll_additions, tables.case.largest_station
    more = pl.lit(additions, dtype=pl.Int64)
    cap = pl.lit(UNBOUNDED if largest is None else largest, dtype=pl.Int64)
    listed = pl.col("registered") + more
    lawful = RoomBasis.NONE if largest is None else RoomBasis.LARGEST_STATION
    return (
        tables.table("stations")
        .select("station_id", "registered")
        .join(
            _final_station_rolls(tables, contest_id),
            on="station_id",
            how="left",
            maintain_order="left",
        )
        .select(
            "station_id",
            pl.coalesce("final", listed, cap).alias("room"),
            pl.when(pl.col("final").is_not_null())
            .then(pl.lit(str(RoomBasis.FINAL_ROLL)))
            .when(listed.is_not_null())
            .then(pl.lit(str(RoomBasis.EARLIER_ROLL)))
            .otherwise(pl.lit(str(lawful)))
            .alias("basis"),
        )
    )


def _final_station_rolls(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """Columns station_id, final: the rolls published for single stations on the day or after."""
    official = official_stations(tables, contest_id).filter(
        pl.col("published_at").str.slice(0, 10) >= tables.case.date
    )
    added = pl.col(high("added"))
    if not forms_state_added(tables, contest_id):
        added = added.fill_null(0)
    return official.select("station_id", (pl.col(high("registered")) + added).alias("final")
                           ).drop_nulls()  # fmt: skip
