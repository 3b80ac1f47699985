"""The reported results that a recount tests: one for every station of the case, or none at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pollwitness.audit.contests import Reported
from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables, vote_column
from pollwitness.tally.rules import effective_copies

_SHOWN = 3


def reported_results(tables: CaseTables, contest_id: str) -> Reported:
    """The results of a contest at every station: those of the authority, else of the protocols.

    The ballots of a box are bounded by its reported ballots, or else by its voters.

    Raises:
        QuestionError: if stations have no result, several different ones, or nothing that bounds
            their ballots: a recount needs the whole manifest.
    """
    contest = tables.case.contest(contest_id)
    names = [vote_column(one) for one in contest.option_ids]
    stations = tables.table("stations").select("station_id", pl.col("registered").alias("roll"))
    if stations.is_empty():
        raise QuestionError("the case has no stations: a recount needs the whole manifest")
    sources = [_official(tables, contest_id), _protocols(tables, contest_id)]
    chosen = next((one for one in sources if one.height >= stations.height), None)
    if chosen is None:
        most = max(sources, key=lambda one: one.height)
        lacking = stations.join(most, on="station_id", how="anti")["station_id"].to_list()
        raise QuestionError(
            f"contest {contest_id}: no result of {len(lacking):,} of {stations.height:,} stations "
            f"({_some(lacking)}): a recount needs the whole manifest"
        )
    rows = stations.join(chosen, on="station_id", how="left", maintain_order="left")
    blank = rows.filter(pl.any_horizontal(pl.col(name).is_null() for name in names))
    if blank.height:
        raise QuestionError(
            f"votes are blank at {blank.height:,} stations ({_some(blank['station_id'].to_list())})"
        )
    bound = pl.coalesce("ballots", "registered", "roll", pl.lit(tables.case.largest_station))
    rows = rows.with_columns(bound.alias("bound"))
    unbounded = rows.filter(pl.col("bound").is_null())["station_id"].to_list()
    if unbounded:
        raise QuestionError(
            f"nothing bounds the ballots of {len(unbounded):,} stations ({_some(unbounded)}): give "
            "their ballots or voters, or largest_station in case.toml"
        )
    return Reported(
        tuple(rows["station_id"].to_list()), contest.option_ids,
        rows.select(names).to_numpy().astype(np.int64), rows["bound"].to_numpy().astype(np.int64),
    )  # fmt: skip


def _some(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:_SHOWN])
    return shown if len(ids) <= _SHOWN else f"{shown}, …"


def _official(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The official results of stations: of each the highest version that is not withdrawn."""
    mine = (pl.col("contest_id") == contest_id) & pl.col("station_id").is_not_null()
    return (
        tables.table("official_results")
        .filter(mine & ~pl.col("withdrawn").fill_null(value=False))
        .sort("version", descending=True)
        .unique("station_id", keep="first", maintain_order=True)
    )


def _protocols(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The accepted protocols of stations, without those of which copies differ."""
    names = [vote_column(one) for one in tables.case.contest(contest_id).option_ids]
    found = effective_copies(tables.table("protocols")).filter(pl.col("contest_id") == contest_id)
    same = found.unique(["station_id", *names])
    return same.filter(pl.col("station_id").is_unique())
