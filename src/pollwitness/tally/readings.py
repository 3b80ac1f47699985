"""What each accepted form says about its station, in three named readings (design 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import polars as pl

from pollwitness.tables import LARGEST_COUNT, vote_column
from pollwitness.tally.rules import (
    ballots_found,
    blanks,
    bounds_nothing,
    effective_copies,
    inconsistent,
    known_sum,
    parts,
    roll,
)


class Reading(StrEnum):
    """How a form that contradicts itself is read."""

    AS_WRITTEN = "as_written"
    ONE_FIGURE_MISREAD = "one_figure_misread"
    LEFT_OUT = "left_out"


HEADLINE = Reading.ONE_FIGURE_MISREAD
"""The reading on which verdicts stand; the others are printed beside it."""


def low(name: str) -> str:
    """The column of a figure's least value."""
    return f"{name}_low"


def high(name: str) -> str:
    """The column of a figure's greatest value."""
    return f"{name}_high"


def station_forms(
    protocols: pl.DataFrame, options: Sequence[str], reading: Reading
) -> pl.DataFrame:
    """What the accepted copies of one contest say, one row for each station.

    For each part (the votes of every option, and invalid), ballots, registered, and valid (of
    consistent forms only): the least and the greatest value, null where no copy gives the figure.
    Copies that differ give the hull; a blank in one copy does not widen what another copy states.
    Columns: station_id, copies, written_ballots (as written, or the sum of the parts where ballots
    are blank), ballots_known (whether they are stated, or all parts are),
    mismatch (the greatest absolute mismatch of the station's forms), listed (the least
    number of registered voters, without those added), and the bounds.
    """
    copies = effective_copies(protocols).filter(~bounds_nothing(options))
    if reading is Reading.LEFT_OUT:
        copies = copies.filter(~inconsistent(options))
    ranges = _misread(options) if reading is Reading.ONE_FIGURE_MISREAD else _as_written(options)
    figures = [*parts(options), "ballots", "registered"]
    written = pl.coalesce(ballots_found(), known_sum(parts(options)))
    return (
        copies.with_columns(written.alias("written_ballots"), _mismatch(options).alias("mismatch"))
        .with_columns(ranges)
        .with_columns(pl.when(~inconsistent(options)).then("valid").alias("consistent_valid"))
        .group_by("station_id", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("copies"),
            pl.col("written_ballots").max(),
            (ballots_found().is_not_null() | (blanks(parts(options)) == 0))
            .any()
            .alias("ballots_known"),
            pl.col("mismatch").max(),
            pl.col("registered").min().alias("listed"),
            pl.col("consistent_valid").min().alias(low("valid")),
            pl.col("consistent_valid").max().alias(high("valid")),
            *(pl.col(low(name)).min() for name in figures),
            *(pl.col(high(name)).max() for name in figures),
        )
    )


def _mismatch(options: Sequence[str]) -> pl.Expr:
    columns = parts(options)
    gap = known_sum(columns) - ballots_found()
    counts = (blanks(columns) == 0) | (gap > 0)
    return pl.when(counts).then(gap.abs()).otherwise(0).fill_null(0)


def _registered() -> list[pl.Expr]:
    return [roll().alias(low("registered")), roll().alias(high("registered"))]


def _as_written(options: Sequence[str]) -> list[pl.Expr]:
    """Every figure as it stands; ballots between what is stated and what the parts sum to."""
    columns = parts(options)
    total = known_sum(columns)
    stated = ballots_found()
    least = pl.when(blanks(columns) == 0).then(pl.min_horizontal(stated, total)).otherwise(stated)
    return [
        *(pl.col(name).alias(low(name)) for name in columns),
        *(pl.col(name).alias(high(name)) for name in columns),
        pl.when(stated.is_not_null()).then(least).alias(low("ballots")),
        pl.when(stated.is_not_null()).then(pl.max_horizontal(stated, total)).alias(high("ballots")),
        *_registered(),
    ]


def _misread(options: Sequence[str]) -> list[pl.Expr]:
    """One figure of a form whose parts do not add up may be wrong; any one (design 6.1)."""
    down, up = _widening(options)
    votes = [vote_column(option) for option in options]
    gap = known_sum(parts(options)) - ballots_found()
    complete = blanks(parts(options)) == 0
    invalid_down = pl.when(gap > 0).then(gap).otherwise(0)
    invalid_up = pl.when(complete & (gap < 0)).then(-gap).otherwise(0)
    least, greatest = _ballots_if_misread(options)
    return [
        *((pl.col(v) - down).clip(lower_bound=0).alias(low(v)) for v in votes),
        *((pl.col(v) + up).alias(high(v)) for v in votes),
        (pl.col("invalid") - invalid_down).clip(lower_bound=0).alias(low("invalid")),
        (pl.col("invalid") + invalid_up).alias(high("invalid")),
        least.alias(low("ballots")),
        greatest.alias(high("ballots")),
        *_registered(),
    ]


def _widening(options: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """By how much one misread figure may have raised, or lowered, the votes of an option.

    The mismatch is that of the parts against the ballots. Where the valid ballots are stated too,
    one figure alone explains both sums: if only one of the two fails, it is not a vote (valid,
    invalid or ballots was misread); if both fail, the greater gap in each direction counts.
    """
    columns = parts(options)
    votes = [vote_column(option) for option in options]
    gap = (known_sum(columns) - ballots_found()).fill_null(0)
    to_valid = known_sum(votes) - pl.col("valid")
    all_votes = blanks(votes) == 0
    with_ballots = blanks(columns) == 0
    only_one_fails = (
        with_ballots & all_votes & pl.col("ballots").is_not_null() & ((gap == 0) != (to_valid == 0))
    )
    excused = only_one_fails.fill_null(value=False)
    over = pl.max_horizontal(gap, to_valid.fill_null(0), pl.lit(0))
    under = pl.max_horizontal(
        pl.when(with_ballots).then(-gap).otherwise(0),
        pl.when(all_votes).then(-to_valid.fill_null(0)).otherwise(0),
        pl.lit(0),
    )
    down = pl.when(excused).then(0).otherwise(over)
    up = pl.when(excused).then(0).otherwise(under)
    return down, up


def _ballots_if_misread(options: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    columns = parts(options)
    total, stated = known_sum(columns), ballots_found()
    complete = blanks(columns) == 0
    above_roll = (stated > roll()).fill_null(value=False)
    anything = pl.max_horizontal(total, roll().fill_null(LARGEST_COUNT))
    least = pl.when(complete | above_roll).then(pl.min_horizontal(stated, total)).otherwise(stated)
    greatest = (
        pl.when(complete)
        .then(pl.max_horizontal(stated, total))
        .when(total > stated)
        .then(anything)
        .otherwise(stated)
    )
    known = stated.is_not_null()
    return pl.when(known).then(least), pl.when(known).then(greatest)
