"""Sums of protocols published without the protocols (design 6.1, ``protocol_sums``)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.bounds import RecordedVotes

_Row = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One term of a floor: a published sum, or the protocols of an area."""

    area_id: str | None
    sum_id: str | None
    document_id: str | None
    stations: int
    votes: int
    overlaps: bool = False
    """Whether its stations may be among those of others: then it stood in their place."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least total of one figure in an area, and the terms that a reader adds to get it."""

    votes: int
    stations: int
    sources: tuple[Source, ...]

    @property
    def published_sums(self) -> tuple[Source, ...]:
        """The terms that are sums published without their protocols."""
        return tuple(source for source in self.sources if source.sum_id is not None)


def floor_with_sums(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None, *, figure: str
) -> Floor:
    """The least total of a figure in an area from protocols and from published sums.

    Sums whose stations may overlap others are never added to anything at their place: each stands
    alone, and the strongest counts. Areas do not overlap, so the floors of children are added.
    """
    rows = tables.table("protocol_sums").filter(pl.col("contest_id") == votes.contest_id)
    if figure not in rows.columns:
        return Floor(0, 0, ())
    by_area: dict[str, list[_Row]] = {}
    for row in rows.filter(pl.col(figure).is_not_null()).to_dicts():
        by_area.setdefault(str(row["area_id"]), []).append(row)
    area = votes.territory.root() if area_id is None else area_id
    return _floor(votes, area, figure, by_area)


def _floor(
    votes: RecordedVotes, area: str | None, figure: str, by_area: dict[str, list[_Row]]
) -> Floor:
    here = by_area.get(area or "", [])
    added = [_from_own_protocols(votes, area, figure)]
    added.extend(_floor(votes, c, figure, by_area) for c in votes.territory.children.get(area, ()))
    added.extend(_from_row(row, figure) for row in here if row["overlap"] == "disjoint")
    together = Floor(
        sum(f.votes for f in added),
        sum(f.stations for f in added),
        tuple(source for f in added for source in f.sources),
    )
    alone = [_from_row(row, figure) for row in here if row["overlap"] != "disjoint"]
    return max([together, *alone], key=lambda floor: floor.votes)


def _from_row(row: _Row, figure: str) -> Floor:
    count, stations = int(row[figure] or 0), int(row["stations"] or 0)
    source = Source(
        str(row["area_id"]),
        str(row["sum_id"]),
        str(row["document_id"]),
        stations,
        count,
        row["overlap"] != "disjoint",
    )
    return Floor(count, stations, (source,))


def _from_own_protocols(votes: RecordedVotes, area: str | None, figure: str) -> Floor:
    """The protocols of stations that lie in the area itself, not in an area below it."""
    if area is None and votes.territory.children[None]:
        return Floor(0, 0, ())
    at = votes.seen_in(area)
    below = [votes.territory.span(child) for child in votes.territory.children.get(area, ())]
    start = min((span.start for span in below), default=None)
    if start is not None:
        at = at[at < start]
    if not at.size:
        return Floor(0, 0, ())
    column = (
        votes.ballots_low[at] if figure == "ballots" else votes.low[at, votes.parts.index(figure)]
    )
    total = int(column.sum())
    return Floor(total, at.size, (Source(area, None, None, at.size, total),))
