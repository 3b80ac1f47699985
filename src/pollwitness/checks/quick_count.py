"""A quick count as the tables of a case hold it: the frame, the sample, and what has arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.errors import QuestionError
from pollwitness.quickcount.arrivals import Drawn
from pollwitness.quickcount.design import Allocation, allocate
from pollwitness.quickcount.frame import Frame, Whole, clustered
from pollwitness.quickcount.sequence import Sequence, exact_sequence
from pollwitness.stats.draws import numbers, sorted_by_hash
from pollwitness.tables import CaseTables, earlier_column, vote_column

CLUSTERS = "hash_order_clusters"
"""The method of a sample of whole clusters of stations, by strata."""


def frame_of(tables: CaseTables, contest_id: str, *, by_clusters: bool = False) -> Frame:
    """The frame of the case for a contest, strata in the order of their names.

    Its units are stations, or the clusters of them that are drawn as a whole.

    Raises:
        QuestionError: if the case has no frame, what it has is none, or a station has no cluster.
    """
    frame = _stations_frame(tables, contest_id)
    if not by_clusters:
        return frame
    of_station = clusters_of(tables)
    lacking = [one for one in frame.units if of_station[one] is None]
    if lacking:
        raise QuestionError(
            f"{len(lacking):,} stations of the frame have no cluster ({lacking[0]}); "
            "fill the column"
        )
    return clustered(frame, [str(of_station[one]) for one in frame.units])


def clusters_of(tables: CaseTables) -> dict[str, str | None]:
    """The cluster of every station of the frame."""
    return dict(tables.table("frame").sort("station_id").select("station_id", "cluster").rows())


def stratified_samples(tables: CaseTables, contest_id: str | None = None) -> list[str]:
    """The samples that were drawn by strata for a quick count, of a contest or of all."""
    rows = tables.table("sample").filter(
        (pl.col("purpose") == "quick_count") & pl.col("method").is_in(["hash_order", CLUSTERS])
    )
    if contest_id is not None:
        rows = rows.filter(pl.col("contest_id") == contest_id)
    return sorted(rows["sample_id"].unique().to_list())


def members_of(tables: CaseTables) -> dict[str, list[str]]:
    """The stations of every cluster, in the order of their ids."""
    found: dict[str, list[str]] = {}
    for station, cluster in clusters_of(tables).items():
        if cluster is not None:
            found.setdefault(cluster, []).append(station)
    return found


def _stations_frame(tables: CaseTables, contest_id: str) -> Frame:
    rows = tables.table("frame").sort("station_id")
    if rows.is_empty():
        raise QuestionError("the case has no table frame: stations, strata and earlier results")
    options = tables.case.contest(contest_id).option_ids
    names = sorted(set(rows["stratum"].to_list()))
    places = {name: place for place, name in enumerate(names)}
    costs = rows["cost"].cast(pl.Float64).fill_null(1.0).to_numpy()
    return Frame(
        tuple(rows["station_id"].to_list()), tuple(names),
        np.array([places[one] for one in rows["stratum"].to_list()], dtype=np.int64), options,
        rows["earlier_total"].to_numpy().astype(np.float64),
        rows.select(earlier_column(one) for one in options).to_numpy().astype(np.float64), costs,
    )  # fmt: skip


def draw_sample(frame: Frame, seed: str, allocation: Whole) -> list[tuple[int, int]]:
    """(stratum, unit) of every drawn unit: in each stratum the first in the order of SHA-256.

    The text hashed is the seed, a comma, and the id; the order of a stratum is that of the digests.
    """
    drawn: list[tuple[int, int]] = []
    for stratum, count in enumerate(allocation):
        inside = np.flatnonzero(frame.stratum == stratum)
        order = sorted_by_hash(seed, [frame.units[one] for one in inside])
        drawn += [(stratum, int(inside[place])) for place in order[: int(count)]]
    return drawn


def allocation_of(frame: Frame, total: int, how: str) -> Whole:
    """The units of each stratum for a sample of this size.

    Raises:
        QuestionError: if the allocation is none of those there are, or the sample cannot be shared.
    """
    known = [one.value for one in Allocation]
    if how not in known:
        raise QuestionError(f"no such allocation: {how}; there are {', '.join(known)}")
    return allocate(frame, total, Allocation(how))


def draw_sequence(frame: Frame, seed: str, count: int) -> list[int]:
    """The units of draws with replacement, each with the same chance: SHA-256(seed,k) mod N + 1."""
    drawn = zip(range(count), numbers(seed, 1, len(frame.units)), strict=False)
    return [number - 1 for _k, number in drawn]


@dataclass(frozen=True, eq=False)
class Along:
    """Intervals that hold at every time, along draws with replacement, by option.

    ``stations`` are those that reported.
    """

    frame: Frame
    reported: int
    drawn: int
    sequences: tuple[Sequence, ...]
    stations: frozenset[str]


def along(tables: CaseTables, sample_id: str) -> Along:
    """The intervals along a sample that was drawn with replacement (method uniform).

    A station that has not reported holds the worst in each direction; no station holds more votes
    than it has voters, or than the largest one of the law.

    Raises:
        QuestionError: if the sample was not drawn so, or nothing bounds the votes of a station.
    """
    rows = tables.table("sample").filter(pl.col("sample_id") == sample_id).sort("draw")
    if rows.is_empty() or set(rows["method"].to_list()) != {"uniform"}:
        raise QuestionError(f"the sample {sample_id} was not drawn one by one with replacement")
    contest_id = rows["contest_id"][0]
    frame = frame_of(tables, contest_id)
    names = rows["station_id"].to_list()
    made = [frame.units[one] for one in draw_sequence(frame, rows["seed"][0], len(names))]
    if made != names:
        raise QuestionError(f"the draws of {sample_id} are not those of its seed and this frame")
    reports = _reports(tables, contest_id, names, None)
    most = _most_votes(tables, frame)
    bounds = np.array([most[one] for one in names])
    here = np.array([one in reports for one in names])
    options = tables.case.contest(contest_id).option_ids
    blank = [0.0] * len(options)
    votes = np.array([reports[one][0] if one in reports else blank for one in names])
    totals = votes.sum(axis=1)
    try:
        found = tuple(
            exact_sequence(votes[:, k], totals, here, bounds, max(most.values()))
            for k in range(len(options))
        )
    except ValueError as error:
        raise QuestionError("a station reported more votes than it has voters") from error
    return Along(frame, int(here.sum()), len(names), found, frozenset(reports))


def _most_votes(tables: CaseTables, frame: Frame) -> dict[str, float]:
    """The most votes that each station of the frame can hold."""
    rows = tables.table("stations").select(
        "station_id", pl.coalesce("registered", pl.lit(tables.case.largest_station))
    )
    known = {name: most for name, most in rows.iter_rows() if most is not None}
    lacking = [one for one in frame.units if one not in known]
    if lacking:
        raise QuestionError(
            f"nothing bounds the votes of {len(lacking):,} stations of the frame ({lacking[0]}): "
            "give their voters, or largest_station in case.toml"
        )
    return {one: float(known[one]) for one in frame.units}


@dataclass(frozen=True, eq=False)
class Arrived:
    """A drawn sample with what has arrived of it, and the frame that it was drawn from.

    ``stations`` are those of which a report is there, ``repeated`` those that sent several.
    """

    frame: Frame
    contest_id: str
    drawn: Drawn
    stations: frozenset[str]
    repeated: tuple[str, ...]


def arrived(tables: CaseTables, sample_id: str, until: str | None = None) -> Arrived:
    """What has arrived of a sample, up to a moment if one is given.

    Of a station that reported twice the last report counts; they are listed. A cluster counts once
    all of its stations have reported.

    Raises:
        QuestionError: if there is no such sample, or a report is not of a drawn station.
    """
    rows = tables.table("sample").filter(
        (pl.col("sample_id") == sample_id) & (pl.col("purpose") == "quick_count")
    )
    if rows.is_empty():
        raise QuestionError(f"the case has no sample {sample_id} for a quick count")
    contest_id = rows["contest_id"][0]
    by_clusters = rows["method"][0] == CLUSTERS
    frame = frame_of(tables, contest_id, by_clusters=by_clusters)
    stations = rows.sort("draw")["station_id"].to_list()
    reports = _reports(tables, contest_id, stations, until)
    came, units = set(reports), stations
    if by_clusters:
        units, reports = _joined(clusters_of(tables), stations, reports)
    place = {name: number for number, name in enumerate(frame.units)}
    strange = [one for one in units if one not in place]
    if strange:
        raise QuestionError(f"{strange[0]} of the sample is not in the frame")
    options = tables.case.contest(contest_id).option_ids
    at = np.array([place[one] for one in units], dtype=np.int64)
    here = np.array([one in reports for one in units])
    votes = np.zeros((len(units), len(options)))
    totals, order = np.zeros(len(units)), np.zeros(len(units), dtype=np.int64)
    for number, name in enumerate(units):
        if name in reports:
            votes[number], order[number] = reports[name]
            totals[number] = votes[number].sum()
    drawn = Drawn(
        frame.stratum[at], here, totals, votes, frame.totals[at], frame.votes[at], order,
        frame.sizes,
    )  # fmt: skip
    counts = tables.table("arrivals").filter(pl.col("contest_id") == contest_id)
    twice = counts.group_by("station_id").len().filter(pl.col("len") > 1)["station_id"]
    return Arrived(frame, contest_id, drawn, frozenset(came), tuple(sorted(twice.to_list())))


_Reports = dict[str, tuple[list[float], int]]


def _joined(
    clusters: dict[str, str | None], stations: list[str], reports: _Reports
) -> tuple[list[str], _Reports]:
    """The drawn clusters, and the sums of those whose stations have all reported."""
    members: dict[str, list[str]] = {}
    for one in stations:
        members.setdefault(str(clusters.get(one)), []).append(one)
    whole: _Reports = {}
    for name, inside in members.items():
        known = [reports[one] for one in inside if one in reports]
        if len(known) == len(inside):
            sums = [sum(votes[k] for votes, _at in known) for k in range(len(known[0][0]))]
            whole[name] = sums, max(at for _votes, at in known)
    return list(members), whole


def _reports(tables: CaseTables, contest_id: str, units: list[str], until: str | None) -> _Reports:
    """The last report of each station, with its place in the order of arrival."""
    names = [vote_column(one) for one in tables.case.contest(contest_id).option_ids]
    rows = tables.table("arrivals").filter(pl.col("contest_id") == contest_id)
    if until is not None:
        rows = rows.filter(pl.col("arrived_at").is_null() | (pl.col("arrived_at") <= until))
    rows = rows.sort("arrived_at", "arrival_id", nulls_last=True)
    known = set(units)
    samples = tables.table("sample").filter(pl.col("contest_id") == contest_id)
    elsewhere = set(samples["station_id"].to_list()) - known
    found: _Reports = {}
    for number, row in enumerate(rows.iter_rows(named=True)):
        if row["station_id"] in elsewhere:
            continue
        if row["station_id"] not in known:
            raise QuestionError(
                f"report {row['arrival_id']}: station {row['station_id']} was not drawn"
            )
        counts = [row[name] for name in names]
        if any(one is None for one in counts):
            raise QuestionError(f"report {row['arrival_id']}: votes are blank; 0 is written as 0")
        found[row["station_id"]] = [float(one) for one in counts], number
    return found
