"""Where copies of one protocol differ, and where official station figures differ from it."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.readings import Reading, high, low, station_forms


@lru_cache(maxsize=8)
def copy_differences(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """Stations whose accepted copies state different figures.

    Columns: station_id, copies, figure, least, greatest; one row for each figure that differs.
    """
    options = tables.case.contest(contest_id).option_ids
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    forms = station_forms(protocols, options, Reading.AS_WRITTEN).filter(pl.col("copies") > 1)
    figures = [name.removesuffix("_low") for name in forms.columns if name.endswith("_low")]
    found = [
        forms.filter(pl.col(low(name)) != pl.col(high(name))).select(
            "station_id",
            "copies",
            pl.lit(name).alias("figure"),
            pl.col(low(name)).alias("least"),
            pl.col(high(name)).alias("greatest"),
        )
        for name in figures
        if name != "ballots"
    ]
    return pl.concat(found).sort("station_id", "figure")


@lru_cache(maxsize=8)
def official_station_differences(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """Stations whose official figure lies outside what the accepted protocol copies state.

    Columns: station_id, figure, official, least, greatest, difference (official less the nearest
    protocol figure). Sum ``difference`` by figure for the net effect.
    """
    options = tables.case.contest(contest_id).option_ids
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    forms = station_forms(protocols, options, Reading.AS_WRITTEN)
    official = (
        tables.table("official_results")
        .filter((pl.col("contest_id") == contest_id) & ~pl.col("withdrawn"))
        .filter(pl.col("station_id").is_not_null())
        .filter(pl.col("version") == pl.col("version").max().over("station_id"))
    )
    joined = official.join(forms, on="station_id")
    names = [name.removesuffix("_low") for name in forms.columns if name.endswith("_low")]
    found = [
        joined.select(
            "station_id",
            pl.lit(name).alias("figure"),
            pl.col(name).alias("official"),
            pl.col(low(name)).alias("least"),
            pl.col(high(name)).alias("greatest"),
        )
        for name in names
    ]
    gap = (
        pl.when(pl.col("official") < pl.col("least"))
        .then(pl.col("official") - pl.col("least"))
        .when(pl.col("official") > pl.col("greatest"))
        .then(pl.col("official") - pl.col("greatest"))
        .otherwise(0)
    )
    return (
        pl.concat(found)
        .with_columns(gap.fill_null(0).alias("difference"))
        .filter(pl.col("difference") != 0)
        .sort("station_id", "figure")
    )
