"""The results of stations that a case holds, as forensics sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pollwitness.forensics.gates import Expected
from pollwitness.forensics.late import LateResults, after_moment
from pollwitness.forensics.stations import StationResults
from pollwitness.forensics.vectors import StationVectors
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
    rows = _in_force(tables, contest_id)
    if not rows.height:
        return None
    stations = tables.table("stations").select("station_id", "area_id", listed="registered")
    rows = rows.drop("area_id").join(stations, on="station_id", how="left").with_columns(
        pl.coalesce("registered", "listed").alias("voters")
    )  # fmt: skip
    leader = leader_id or _leader(rows, options)
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


def _leader(rows: pl.DataFrame, options: Sequence[str]) -> str:
    return max(options, key=lambda option: rows[vote_column(option)].sum() or 0)


def _in_force(tables: CaseTables, contest_id: str) -> pl.DataFrame:
    """The official result in force of every station that has one, by station."""
    replaced = tables.table("official_results").filter(~pl.col("withdrawn"))["supersedes"]
    return (
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


@dataclass(frozen=True, slots=True, eq=False)
class CaseVectors:
    """Whole results by station of one contest; ``left_out`` rows lack a figure.

    From the official results by station, or where there are none from accepted protocols whose
    copies agree (``from_protocols``).
    """

    vectors: StationVectors
    from_protocols: bool
    left_out: int


def case_vectors(tables: CaseTables, contest_id: str) -> CaseVectors | None:
    """The whole results of stations; None where the case holds none with all options.

    A building is a pair of coordinates that stations share.
    """
    columns = [vote_column(o) for o in tables.case.contest(contest_id).option_ids]
    rows = _in_force(tables, contest_id)
    from_protocols = not rows.height
    if from_protocols:
        rows = (
            tables.table("protocols")
            .filter((pl.col("contest_id") == contest_id) & (pl.col("status") == "accepted"))
            .select("station_id", "ballots", *columns)
            .unique()
            .filter(pl.len().over("station_id") == 1)
        )
    stations = tables.table("stations").select("station_id", "area_id", "latitude", "longitude")
    rows = rows.select("station_id", "ballots", *columns).join(stations, on="station_id")
    whole = rows.drop_nulls(["ballots", *columns])
    if not whole.height:
        return None
    regions = _regions(tables)
    vectors = StationVectors.of(
        names=whole["station_id"].to_list(),
        ballots=whole["ballots"].to_numpy(),
        votes={
            option: whole[column].to_numpy()
            for option, column in zip(
                tables.case.contest(contest_id).option_ids, columns, strict=True
            )
        },
        region=[regions[area] for area in whole["area_id"].to_list()],
        building=whole.select(
            pl.concat_str("latitude", "longitude", separator=" ")
        ).to_series().to_list(),
    )  # fmt: skip
    return CaseVectors(vectors, from_protocols, rows.height - whole.height)


@dataclass(frozen=True, slots=True, eq=False)
class CaseLate:
    """Official results by station with what was published after a moment; left-out rows counted."""

    results: LateResults
    left_out: int


def case_late(
    tables: CaseTables, contest_id: str, until: str, leader_id: str | None = None
) -> CaseLate | None:
    """Official results published after a moment against those before it, by area.

    The levels are those of the areas, coarse to fine. None where there are no results by station.

    Raises:
        QuestionError: if ``until`` is no moment, or all results lie on one side of it.
    """
    rows = _in_force(tables, contest_id)
    if not rows.height:
        return None
    leader = leader_id or _leader(rows, tables.case.contest(contest_id).option_ids)
    stations = tables.table("stations").select("station_id", "area_id")
    rows = rows.drop("area_id").join(stations, on="station_id")
    whole = rows.drop_nulls(["ballots", vote_column(leader)])
    results = LateResults.of(
        ballots=whole["ballots"].to_numpy(),
        leader=whole[vote_column(leader)].to_numpy(),
        is_late=after_moment(whole["published_at"].to_list(), until),
        places=_places(tables, whole["area_id"].to_list()),
    )
    return CaseLate(results, rows.height - whole.height)


def _places(tables: CaseTables, areas: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The areas of stations from the second level down; a level is named by its depth."""
    chains = _chains(tables)
    depth = max((len(chain) for chain in chains.values()), default=1)
    return [
        (f"level {level}", [chains[area][: level + 1][-1] for area in areas])
        for level in range(1, depth)
    ]


def _chains(tables: CaseTables) -> dict[str, list[str]]:
    """Every area with those that hold it, from the top down to itself."""
    parents = dict(tables.table("areas").select("area_id", "parent_id").iter_rows())
    found: dict[str, list[str]] = {}
    for area in parents:
        chain = [area]
        while (above := parents[chain[-1]]) is not None:
            chain.append(above)
        found[area] = chain[::-1]
    return found


def _regions(tables: CaseTables) -> dict[str, str]:
    """The region of every area: the one directly below the top that holds it, or itself."""
    return {area: chain[:2][-1] for area, chain in _chains(tables).items()}


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
