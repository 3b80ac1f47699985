"""Voters counted at the door, against the ballots that the protocol records (design 6.1)."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.readings import Reading, low, station_forms
from pollwitness.tally.rules import effective_copies


@lru_cache(maxsize=16)
@lru_cache(maxsize=16)
def door_conflicts(tables: CaseTables, contest_id: str, reading: Reading) -> pl.DataFrame:
    """Stations that record more ballots than voters entered, voted early, or at home.

    Only counts that cover all voting bound ballots: ballots <= entered + early + mobile. Early and
    mobile ballots come from the station's own protocol; where it leaves them blank, nothing
    follows. Several complete counts of one station: the greatest counts.

    Columns: station_id, document_id, entered, early, mobile, ballots (the least that the protocol
    allows), excess.
    """
    return (
        _compared(tables, contest_id, reading)
        .with_columns(
            (pl.col(low("ballots")) - pl.col("entered") - pl.col("early") - pl.col("mobile")).alias(
                "excess"
            ),
            pl.col(low("ballots")).alias("ballots"),
        )
        .filter(pl.col("excess") > 0)
        .select(
            "station_id", "document_id", "entered", "early", "mobile", "ballots", "excess", "copies"
        )
        .sort("station_id")
    )


def stations_with_door_counts(tables: CaseTables, contest_id: str) -> int:
    """Stations whose complete door count can be compared with their protocol."""
    return _compared(tables, contest_id, Reading.AS_WRITTEN).height


def _compared(tables: CaseTables, contest_id: str, reading: Reading) -> pl.DataFrame:
    options = tables.case.contest(contest_id).option_ids
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    forms = station_forms(protocols, options, reading)
    outside = (
        effective_copies(protocols)
        .group_by("station_id")
        .agg(pl.col("early").max(), pl.col("mobile").max())
    )
    counts = (
        tables.table("turnout_counts")
        .filter(pl.col("complete"))
        .sort("entered", "count_id")
        .group_by("station_id", maintain_order=True)
        .agg(pl.col("entered").last(), pl.col("document_id").last())
    )
    return (
        counts.join(forms, on="station_id")
        .join(outside, on="station_id")
        .drop_nulls(["early", "mobile", low("ballots")])
    )
