"""Release bias within strata: areas, and sizes of stations where the list tells them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.area import officials_by_area
from pollwitness.tally.bounds import RecordedVotes
from pollwitness.tally.official import OfficialResult
from pollwitness.tally.release_bias import ReleaseBias, release_bias
from pollwitness.tally.remainder import Remainder, official_ballots
from pollwitness.tally.territory import territory

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
SIZE_CLASSES = 3
"""Stations are divided into thirds by the voters on their lists."""


def release_bias_within_strata(
    tables: CaseTables, votes: RecordedVotes, official: OfficialResult, rest: Remainder
) -> ReleaseBias | None:
    """Γ when the same factor holds within every stratum; None where there is only one stratum.

    Strata are the areas directly within the official one, as far as their ballots are known (the
    others together are one more), each divided by size of station where the list of stations gives
    the voters of every station. The unseen ballots of an area are divided between sizes in
    proportion to the voters of its unseen stations: an assumption beside that of Γ itself.
    """
    if rest.unseen_ballots is None or sum(rest.unseen_ballots) <= 0 or not rest.seen_ballots:
        return None
    unseen_total = sum(rest.unseen_ballots) // 2
    label, unseen = _areas(tables, votes, official, unseen_total)
    label, unseen = _sizes(tables, votes, label, unseen)
    span = votes.territory.span(official.area_id)
    part = votes.part(rest.option_id)
    seen = votes.seen[span] & votes.given[span, part]
    count = unseen.size
    if count < 2:
        return None
    own = np.bincount(label[seen], votes.low[span, part][seen], minlength=count)
    found = np.bincount(label[seen], votes.written_ballots[span][seen], minlength=count)
    return release_bias(own, found, unseen_ballots=unseen, unseen_votes=sum(rest.unseen_votes) // 2)


def _areas(
    tables: CaseTables, votes: RecordedVotes, official: OfficialResult, unseen_total: int
) -> tuple[Integers, Floats]:
    """The stratum of every station of the area, and the unseen ballots of every stratum."""
    span = votes.territory.span(official.area_id)
    officials = officials_by_area(tables, votes.contest_id)
    label = np.zeros(span.stop - span.start, dtype=np.int64)
    unseen = [float(unseen_total)]
    for child in votes.territory.children.get(official.area_id, ()):
        ballots = official_ballots(officials[child]) if child in officials else None
        if ballots is None:
            continue
        inside = votes.territory.span(child)
        at = votes.seen_in(child)
        left = max(sum(ballots) / 2 - int(votes.written_ballots[at].sum()), 0.0)
        label[inside.start - span.start : inside.stop - span.start] = len(unseen)
        unseen.append(left)
        unseen[0] -= left
    unseen[0] = max(unseen[0], 0.0)
    if not (label == 0).any():
        return label - 1, np.array(unseen[1:])
    return label, np.array(unseen)


@dataclass(frozen=True, slots=True, eq=False)
class _SizeClasses:
    """The voters on the list of every station of the case, and the third that it belongs to."""

    voters: Integers
    third: Integers


@lru_cache(maxsize=8)
def _size_classes(tables: CaseTables) -> _SizeClasses | None:
    """None where the list of stations does not give the voters of every station."""
    listed = pl.DataFrame({"station_id": territory(tables).station_ids}).join(
        tables.table("stations").select("station_id", "registered"),
        on="station_id",
        how="left",
        maintain_order="left",
    )["registered"]
    if listed.null_count() or listed.is_empty():
        return None
    voters = listed.to_numpy().astype(np.int64)
    limits = np.quantile(voters, [n / SIZE_CLASSES for n in range(1, SIZE_CLASSES)])
    return _SizeClasses(voters, np.searchsorted(limits, voters, side="left"))


def _sizes(
    tables: CaseTables, votes: RecordedVotes, label: Integers, unseen: Floats
) -> tuple[Integers, Floats]:
    """The same strata divided into thirds by size, where every station's voters are listed."""
    sizes = _size_classes(tables)
    if sizes is None or label.size != sizes.voters.size:
        return label, unseen
    voters = sizes.voters
    finer = label * SIZE_CLASSES + sizes.third
    count = unseen.size * SIZE_CLASSES
    weight = np.bincount(finer[~votes.seen], voters[~votes.seen], minlength=count)
    whole = np.repeat(weight.reshape(-1, SIZE_CLASSES).sum(axis=1), SIZE_CLASSES)
    share = np.divide(weight, whole, out=np.full(count, 1 / SIZE_CLASSES), where=whole > 0)
    return finer, np.repeat(unseen, SIZE_CLASSES) * share
