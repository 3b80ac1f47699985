"""How the bounds of an area changed as documents were published."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pollwitness.quantities import Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally.area import Feasible, area_bounds, officials_by_area
from pollwitness.tally.bounds import recorded_votes
from pollwitness.tally.compare import compare_areas
from pollwitness.tally.official import CountRange
from pollwitness.tally.readings import Reading


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known of one option's votes in an area at the end of a day.

    ``official`` is the figure then in force; ``verdict`` says whether it and the protocols then
    published could both be true.
    """

    day: str
    documents: int
    feasible: Feasible
    official: CountRange | None
    verdict: Verdict


def bounds_history(
    tables: CaseTables, contest_id: str, *, area_id: str, option_id: str, reading: Reading
) -> tuple[Moment, ...]:
    """The bounds at the end of every day on which a document or official figure appeared.

    Documents without a date count from the first day. Mutually consistent further documents never
    widen the bounds; conflicts, corrections and withdrawals may, and it shows here.
    """
    days = days_of_documents(tables, contest_id)
    return tuple(
        _moment(until(tables, day), contest_id, (area_id, option_id), (day, reading))
        for day in days
    )


_OFFICIAL = ("official_results", "official_figures")


def days_of_documents(
    tables: CaseTables, contest_id: str, kinds: tuple[str, ...] = ("protocols", *_OFFICIAL)
) -> list[str]:
    """The days on which a protocol or an official figure of a contest was published, in order."""
    published = pl.col("published_at").str.slice(0, 10)
    documents = tables.table("documents").select("document_id", published)
    shown = [
        tables.table(name)
        .filter(pl.col("contest_id") == contest_id)
        .select("document_id")
        .join(documents, on="document_id")
        .select("published_at")
        for name in kinds
        if name not in _OFFICIAL
    ]
    official = [
        tables.table(name).filter(pl.col("contest_id") == contest_id).select(published)
        for name in kinds
        if name in _OFFICIAL
    ]
    days = pl.concat([*shown, *official])["published_at"].drop_nulls().unique().sort()
    return [str(day) for day in days.to_list()]


def until(tables: CaseTables, day: str) -> CaseTables:
    """The case at the end of a day: the protocols and official figures published by then."""
    dated = pl.col("published_at").str.slice(0, 10)
    known = tables.table("documents").filter(dated.is_null() | (dated <= day))["document_id"]
    protocols = tables.table("protocols").filter(pl.col("document_id").is_in(known.implode()))
    then = tables.with_table("protocols", protocols)
    for name in _OFFICIAL:
        then = then.with_table(name, tables.table(name).filter(dated <= day))
    return then


def _moment(
    tables: CaseTables, contest_id: str, what: tuple[str, str], how: tuple[str, Reading]
) -> Moment:
    (area_id, option_id), (day, reading) = what, how
    votes = recorded_votes(tables, contest_id, reading)
    bounds = area_bounds(tables, votes, area_id)
    part = votes.parts[votes.part(option_id)]
    official = officials_by_area(tables, contest_id).get(area_id)
    verdicts = {c.area_id: c.verdict for c in compare_areas(tables, contest_id, reading)}
    return Moment(
        day=day,
        documents=int(votes.copies[votes.seen_in(area_id)].sum()),
        feasible=bounds.votes[part],
        official=None if official is None else official.count(part),
        verdict=verdicts.get(area_id, Verdict.UNDECIDED),
    )
