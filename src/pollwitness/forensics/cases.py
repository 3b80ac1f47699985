"""The results of stations that a case holds, as forensics sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pollwitness.forensics.gates import Expected
from pollwitness.forensics.stations import StationResults
from pollwitness.tables import CaseTables, vote_column


@dataclass(frozen=True, slots=True, eq=False)
class CaseStations:
    """Official results by station of one contest, and what is officially said of the whole.

    ``left_out`` rows lack a figure that is needed: blanks are unknown and never 0.
    """

    contest_id: str
    leader_id: str
    stations: StationResults
    expected: Expected
    left_out: int


@lru_cache(maxsize=8)
def case_stations(
    tables: CaseTables, contest_id: str, leader_id: str | None = None
) -> CaseStations | None:
    """The official results by station; None where the case holds none with a roll.

    The leader is the option with most votes in these, unless it is named. Of several versions the
    highest that is not withdrawn counts. Regions are the areas directly below the top.
    """
    options = tables.case.contest(contest_id).option_ids
    replaced = tables.table("official_results").filter(~pl.col("withdrawn"))["supersedes"]
    rows = (
        tables.table("official_results")
        .filter(
            (pl.col("contest_id") == contest_id)
            & pl.col("station_id").is_not_null()
            & ~pl.col("withdrawn")
            & ~pl.col("result_id").is_in(replaced.drop_nulls().implode())
        )
        .sort("version", "result_id")
        .group_by("station_id")
        .last()
        .sort("station_id")
    )
    if not rows.height:
        return None
    stations = tables.table("stations").select("station_id", "area_id", listed="registered")
    rows = rows.drop("area_id").join(stations, on="station_id", how="left").with_columns(
        pl.coalesce("registered", "listed").alias("voters")
    )  # fmt: skip
    leader = leader_id or max(options, key=lambda o: rows[vote_column(o)].sum() or 0)
    columns = ["voters", "ballots", vote_column(leader)]
    whole = rows.drop_nulls(columns)
    if not whole.height:
        return None
    regions = _regions(tables)
    complete = whole["issued"].null_count() == 0
    results = StationResults.of(
        registered=whole["voters"].to_numpy(),
        issued=whole["issued"].to_numpy() if complete else None,
        ballots=whole["ballots"].to_numpy(),
        leader=whole[vote_column(leader)].to_numpy(),
        region=[regions[area] for area in whole["area_id"].to_list()],
    )
    return CaseStations(
        contest_id, leader, results, _expected(tables, contest_id, leader),
        rows.height - whole.height,
    )  # fmt: skip


def _regions(tables: CaseTables) -> dict[str, str]:
    """The region of every area: the one directly below the top that holds it, or itself."""
    parents = dict(tables.table("areas").select("area_id", "parent_id").iter_rows())
    found: dict[str, str] = {}
    for area in parents:
        chain = [area]
        while parents[chain[-1]] is not None:
            chain.append(parents[chain[-1]])
        found[area] = chain[-2] if len(chain) > 1 else area
    return found


def _expected(tables: CaseTables, contest_id: str, leader_id: str) -> Expected:
    """The official totals of the one area that holds all others."""
    tops = tables.table("areas").filter(pl.col("parent_id").is_null())["area_id"].to_list()
    totals = (
        tables.table("official_results")
        .filter(
            (pl.col("contest_id") == contest_id)
            & pl.col("area_id").is_in(tops if len(tops) == 1 else [])
            & ~pl.col("withdrawn")
        )
        .sort("version", "result_id")
    )

    def last(name: str) -> int | None:
        known = totals[name].drop_nulls()
        return int(known[-1]) if known.len() else None

    return Expected(
        last("stations_total"), last("registered"), last("ballots"), last(vote_column(leader_id))
    )
