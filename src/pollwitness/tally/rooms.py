"""The greatest number of ballots that a station or an area can hold: the roll (design 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import polars as pl

from pollwitness.tables import LARGEST_COUNT, CaseTables
from pollwitness.tally.official import OfficialResult, official_results

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
        if result.area_id is not None and (room := _official_room(tables, result)) is not None
    }


def _official_room(tables: CaseTables, result: OfficialResult) -> Room | None:
    registered = result.count("registered")
    if registered is None:
        return None
    if registered.published_at[:10] >= tables.case.date:
        added = result.count("added")
        extra = 0 if added is None else added.greatest
        return Room(registered.greatest + extra, RoomBasis.FINAL_ROLL)
    additions = tables.case.roll_additions
    if additions is None:
        return None
    return Room(registered.greatest + additions, RoomBasis.EARLIER_ROLL, additions)


def station_rooms(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The room of every listed station: columns station_id, room, basis.

    A final roll published for the station counts first; then its roll in the list of stations
    plus the additions that the case allows; then the greatest station that the case allows.
    """
    additions, largest = tables.case.roll_additions, tables.case.largest_station
    final = _final_station_rolls(tables, official_results(tables, contest_id))
    listed = (
        pl.lit(None, dtype=pl.Int64)
        if additions is None
        else pl.col("registered") + pl.lit(additions, dtype=pl.Int64)
    )
    cap = pl.lit(UNBOUNDED if largest is None else largest, dtype=pl.Int64)
    lawful = RoomBasis.NONE if largest is None else RoomBasis.LARGEST_STATION
    return (
        tables.table("stations")
        .select("station_id", "registered")
        .join(final, on="station_id", how="left", maintain_order="left")
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


def _final_station_rolls(tables: CaseTables, results: tuple[OfficialResult, ...]) -> pl.DataFrame:
    rolls: Mapping[str, int] = {
        result.station_id: room.ballots
        for result in results
        if result.station_id is not None
        and (room := _official_room(tables, result)) is not None
        and room.basis is RoomBasis.FINAL_ROLL
    }
    return pl.DataFrame(
        {"station_id": list(rolls), "final": list(rolls.values())},
        schema={"station_id": pl.String(), "final": pl.Int64()},
    )
