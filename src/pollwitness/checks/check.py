"""What a check is, and what every check shares: readings, robustness, decisive documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.claims import (
    Claim,
    Decisive,
    Finding,
    Missing,
    Number,
    ReadingVerdict,
    Robustness,
)
from pollwitness.quantities import Measure, Quantity, Rounding, Rung, Verdict
from pollwitness.stats import in_every_least_cover, least_cover
from pollwitness.tables import CaseTables, TableDigest, table_digests
from pollwitness.tally import HEADLINE, Reading, RecordedVotes, error_tolerance, recorded_votes
from pollwitness.tally.rules import effective_copies

Integers = npt.NDArray[np.int64]
Answer = tuple[Finding, ...] | Missing


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the catalogue. ``measures`` is empty where it needs no claim.

    ``function`` returns findings, or says what is missing. ``page`` is its method page.
    """

    id: str
    version: int
    question: str
    measures: frozenset[Measure]
    tables: tuple[str, ...]
    rung: Rung
    function: Callable[[CaseTables, Claim | None], Answer]
    page: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What one reading gives: a verdict and the range behind it."""

    verdict: Verdict
    low: Number | None
    high: Number | None


def in_each_reading(
    tables: CaseTables, contest_id: str, judge_reading: Callable[[RecordedVotes], Judged]
) -> dict[Reading, Judged]:
    """The judgement in each of the three readings of forms that do not add up."""
    return {
        reading: judge_reading(recorded_votes(tables, contest_id, reading)) for reading in Reading
    }


def reading_verdicts(judged: dict[Reading, Judged]) -> tuple[ReadingVerdict, ...]:
    """The judgements as they stand in a finding."""
    return tuple(
        ReadingVerdict(str(reading), one.verdict, one.low, one.high)
        for reading, one in judged.items()
    )


def rounding_verdicts(
    claim: Claim, judged: Judged, judge_claim: Callable[[Claim], Judged]
) -> tuple[ReadingVerdict, ...]:
    """The verdict under each rounding convention, where the claim names none and it matters.

    Empty where every convention gives the verdict ``judged``.
    """
    if not claim.depends_on_rounding:
        return ()
    under = {r: judge_claim(claim.under(r)) for r in (Rounding.HALF_UP, Rounding.TRUNCATED)}
    if all(one.verdict is judged.verdict for one in under.values()):
        return ()
    return tuple(
        ReadingVerdict(f"rounding_{rounding}", one.verdict, one.low, one.high)
        for rounding, one in under.items()
    )


def headline(judged: dict[Reading, Judged]) -> Judged:
    """The judgement on which the verdict stands."""
    return judged[HEADLINE]


def readings_differ(judged: dict[Reading, Judged]) -> bool:
    """Whether the verdict depends on how inconsistent forms are read."""
    return len({one.verdict for one in judged.values()}) > 1


def is_fragile(judged: dict[Reading, Judged], robustness: Robustness | None) -> bool:
    """Whether the readings differ, or as few documents decide as honest mistakes could produce."""
    few = (
        robustness is not None
        and robustness.tolerance is not None
        and robustness.least <= robustness.tolerance
    )
    return few or readings_differ(judged)


@dataclass(frozen=True, slots=True)
class Support:
    """The documents that carry a verdict."""

    robustness: Robustness
    decisive: tuple[Decisive, ...]


def support_of_total(
    tables: CaseTables,
    votes: RecordedVotes,
    at: Integers,
    *,
    contributions: Integers,
    needed: int,
    outlets: int | None = None,
) -> Support:
    """The fewest protocols without which a total falls (or rises) by ``needed``.

    ``at`` are the positions of the seen stations and ``contributions`` what each adds.
    """
    costs = votes.copies[at]
    cover = least_cover(contributions, needed, costs)
    documents = int(costs.sum())
    if cover is None:
        robustness = Robustness(documents, documents, "documents", outlets)
        return Support(robustness, ())
    every = [int(at[i]) for i in in_every_least_cover(contributions, needed, costs)]
    chosen = sorted(cover.members, key=lambda i: (-int(contributions[i]), int(at[i])))
    stations = [(int(at[i]), int(contributions[i])) for i in chosen]
    return Support(
        Robustness(
            least=cover.cost,
            at_most=cover.cost,
            unit="documents",
            outlets=outlets,
            tolerance=error_tolerance(documents),
            in_every_set=tuple(copy for _, copy in copies_at(tables, votes, every)),
        ),
        decisive_copies(tables, votes, stations),
    )


@lru_cache(maxsize=4)
def _copies_by_station(tables: CaseTables, contest_id: str) -> dict[str, list[tuple[str, str]]]:
    copies = effective_copies(
        tables.table("protocols").filter(pl.col("contest_id") == contest_id)
    ).sort("copy_id")
    found: dict[str, list[tuple[str, str]]] = {}
    for station, document, copy in copies.select(
        "station_id", "document_id", "copy_id"
    ).iter_rows():
        found.setdefault(station, []).append((document, copy))
    return found


def copies_at(
    tables: CaseTables, votes: RecordedVotes, positions: Iterable[int]
) -> list[tuple[str, str]]:
    """(document, copy) of every copy that counts at the given stations."""
    by_station = _copies_by_station(tables, votes.contest_id)
    ids = votes.territory.station_ids
    return [pair for position in positions for pair in by_station[str(ids[position])]]


def decisive_copies(
    tables: CaseTables, votes: RecordedVotes, stations: Iterable[tuple[int, int]]
) -> tuple[Decisive, ...]:
    """The copies at (position, contribution), each with the contribution of its station."""
    return tuple(
        Decisive(document, copy, contribution, str(votes.territory.station_ids[position]))
        for position, contribution in stations
        for document, copy in copies_at(tables, votes, [position])
    )


def inputs(tables: CaseTables, *names: str) -> tuple[TableDigest, ...]:
    """The digests of the tables that a finding rests on."""
    digests = table_digests(tables)
    return tuple(digests[name] for name in sorted(names) if name in digests)


def quantity(claim: Claim) -> Quantity | None:
    """The claimed figure as it stands in a finding."""
    if claim.claimed is None:
        return None
    return Quantity(claim.claimed, claim.unit, claim.denominator)


def lacks(tables: CaseTables, *names: str) -> Missing | None:
    """What is missing, if the case holds no row of one of these tables."""
    absent = tuple(name for name in names if not tables.has(name))
    return Missing(absent, "missing.tables") if absent else None
