"""Official figures of single stations, as columns: there may be a million of them."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pollwitness.quantities import Rounding
from pollwitness.tables import CaseTables, vote_column
from pollwitness.tally.readings import high, low


@lru_cache(maxsize=8)
def official_stations(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The official counts in force of every station that has some.

    In force is the highest version that is neither withdrawn nor superseded; several prints of it
    give the range that covers them all. Columns: station_id, published_at, and for registered,
    added, ballots, invalid and the votes of every option the least and the greatest exact count.
    """
    rows = tables.table("official_results").filter(
        (pl.col("contest_id") == contest_id)
        & pl.col("station_id").is_not_null()
        & ~pl.col("withdrawn")
    )
    replaced = rows["supersedes"].drop_nulls()
    in_force = rows.filter(~pl.col("result_id").is_in(replaced.implode())).filter(
        pl.col("version") == pl.col("version").max().over("station_id")
    )
    options = tables.case.contest(contest_id).option_ids
    names = ["registered", "added", "ballots", "invalid", *(vote_column(o) for o in options)]
    least, greatest = _offsets()
    return (
        in_force.with_columns(
            *((pl.col(name) - least).clip(lower_bound=0).alias(low(name)) for name in names),
            *((pl.col(name) + greatest).alias(high(name)) for name in names),
        )
        .group_by("station_id", maintain_order=True)
        .agg(
            pl.col("published_at").min(),
            *(pl.col(low(name)).min() for name in names),
            *(pl.col(high(name)).max() for name in names),
        )
    )


def _offsets() -> tuple[pl.Expr, pl.Expr]:
    """How far below and above a printed count the exact one may lie, in whole numbers."""
    unit, rounding = pl.col("rounded_to"), pl.col("rounding")
    half_up = rounding == str(Rounding.HALF_UP)
    truncated = rounding == str(Rounding.TRUNCATED)
    below = pl.when(truncated).then(0).when(half_up).then(unit // 2).otherwise(unit - 1)
    above = pl.when(half_up).then((unit + 1) // 2 - 1).otherwise(unit - 1)
    return below, above
