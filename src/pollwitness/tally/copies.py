"""Where copies of one protocol differ, and where official station figures differ from it."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.official_stations import official_stations
from pollwitness.tally.readings import Reading, high, low, station_forms
from pollwitness.tally.rules import parts


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
def official_station_differences(
    tables: CaseTables, contest_id: str, reading: Reading = Reading.AS_WRITTEN
) -> pl.DataFrame:
    """Stations whose official figure lies outside what the accepted protocol copies state.

    Ballots, invalid and votes are compared; rolls are not, since they are published with and
    without added voters. Columns: station_id, figure, official (the exact figure nearest to the
    protocol), least, greatest, difference (official less the nearest protocol figure). Sum
    ``difference`` by figure for the net effect.
    """
    joined = compared_stations(tables, contest_id, reading)
    options = tables.case.contest(contest_id).option_ids
    least, greatest = pl.col("least"), pl.col("greatest")
    above = pl.col("official_low") > greatest
    gap = (
        pl.when(above)
        .then(pl.col("official_low") - greatest)
        .when(pl.col("official_high") < least)
        .then(pl.col("official_high") - least)
        .otherwise(0)
    )
    found = [
        joined.select(
            "station_id",
            pl.lit(name).alias("figure"),
            pl.col(low(name)).alias("official_low"),
            pl.col(high(name)).alias("official_high"),
            pl.col(f"{low(name)}_right").alias("least"),
            pl.col(f"{high(name)}_right").alias("greatest"),
        )
        for name in ("ballots", *parts(options))
    ]
    return (
        pl.concat(found)
        .with_columns(gap.fill_null(0).alias("difference"))
        .filter(pl.col("difference") != 0)
        .select(
            "station_id",
            "figure",
            pl.when(above).then("official_low").otherwise("official_high").alias("official"),
            "least",
            "greatest",
            "difference",
        )
        .sort("station_id", "figure")
    )


def compared_stations(tables: CaseTables, contest_id: str, reading: Reading) -> pl.DataFrame:
    """Official station figures beside what the forms state (columns with the suffix _right)."""
    options = tables.case.contest(contest_id).option_ids
    protocols = tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    forms = station_forms(protocols, options, reading)
    return official_stations(tables, contest_id).join(forms, on="station_id")
