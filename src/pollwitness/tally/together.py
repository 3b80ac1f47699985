"""All official figures of a territory together with the protocols: areas, options and shares."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pollwitness.quantities import Denominator
from pollwitness.stats import least_cover
from pollwitness.tables import CaseTables
from pollwitness.tally.area import is_partitioned, officials_by_area, unseen_room
from pollwitness.tally.bounds import RecordedVotes, recorded_votes
from pollwitness.tally.joint import single_part
from pollwitness.tally.official import OfficialResult
from pollwitness.tally.programme import Demand, Stations, WeightedInequality, infeasible
from pollwitness.tally.readings import Reading
from pollwitness.tally.rooms import UNBOUNDED, RegisteredVoters, registered_voters
from pollwitness.tally.witness import meeting_election

Integers = npt.NDArray[np.int64]
MOST_ROWS = 2_000
"""Beyond so many stations with several uncertain parts, those of an area are taken together."""


@dataclass(frozen=True, slots=True)
class Together:
    """Whether all official figures below an area can be true at once, with the protocols.

    ``inequality`` is None where they can. ``areas`` are those whose figures were used; figures
    that leave stations out are not. ``documents`` is a number of protocols that would have to be
    wrong at least; None where the figures contradict each other whatever the protocols say.
    """

    areas: tuple[str, ...]
    inequality: WeightedInequality | None
    documents: int | None = None


@lru_cache(maxsize=16)
def figures_together(
    tables: CaseTables,
    contest_id: str,
    *,
    reading: Reading,
    area_id: str | None = None,
    without: frozenset[str] = frozenset(),
) -> Together:
    """The official figures of an area and of all areas within it, checked as one system.

    Areas ``without`` are not used: those whose own figures already contradict their protocols.

    This sees what no single area shows: children whose figures cannot add up to the parent's, and
    percentages that couple the options. The unseen stations of each area are one row with the room
    that the rolls leave, unless the areas within it are known to hold all its stations.
    """
    votes = recorded_votes(tables, contest_id, reading)
    officials = officials_by_area(tables, contest_id)
    inside = [area_id, *votes.territory.below(area_id)]
    named = [area for area in inside if area is not None]
    used = [
        officials[a]
        for a in named
        if a in officials and a not in without and _is_whole(officials[a])
    ]
    rows, places = _rows(tables, votes, area_id)
    inside_rows = _by_area(votes, places)
    demands = [
        demand
        for official in used
        for demand in area_demands(
            official,
            votes,
            inside_rows[official.area_id],
            registered_voters(tables, contest_id, official),
        )
    ]
    areas = tuple(official.area_id for official in used)
    if not demands or meeting_election(rows, demands) is not None:
        return Together(areas, None)
    found = infeasible(rows, demands)
    if found is None:
        return Together(areas, None)
    return Together(areas, found, _least_documents(votes, demands, found, area_id))


def _least_documents(
    votes: RecordedVotes,
    demands: list[Demand],
    found: WeightedInequality,
    area_id: str | None,
) -> int | None:
    """At least so many documents must be wrong for the inequality to hold; None: it needs none.

    Without its form a station may hold anything up to its capacity. What that could add to the
    weighted total is rounded up, so that the number is never too great.
    """
    by_label = dict(found.weights)
    at = votes.seen_in(area_id)
    weights = np.zeros((at.size, len(votes.parts)))
    for demand in demands:
        factor = by_label.get(demand.label)
        if factor is not None and demand.area is not None:
            span = votes.territory.span(demand.area)
            inside = (at >= span.start) & (at < span.stop)
            weights[inside] += [float(factor * weight) for weight in demand.weights]
    low = votes.low[at]
    missing = np.maximum(votes.ballots_low[at] - low.sum(axis=1), 0)
    now = (weights * low).sum(axis=1) + missing * np.minimum(weights.min(axis=1, initial=0), 0)
    free = votes.capacity(at) * np.maximum(weights.max(axis=1, initial=0), 0)
    gains = np.ceil(np.maximum(free - now, 0)).astype(np.int64)
    cover = least_cover(gains, math.floor(found.needed - found.reachable), votes.copies[at])
    return None if cover is None else max(cover.cost, 1)


def _is_whole(official: OfficialResult) -> bool:
    coverage = official.coverage
    return coverage.stations_uncounted is None and coverage.voters_uncounted is None


def _rows(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None
) -> tuple[Stations, list[str | None]]:
    """Rows by finest area: what can be summed exactly, each other station, unseen ones summed.

    Stations with at most one uncertain part sum exactly: their ballots add nothing to the bounds of
    the parts. Where more than :data:`MOST_ROWS` others are left, those of an area are summed too:
    what that makes possible beyond what they allow can hide a contradiction, never make one.
    """
    parts = len(votes.parts)
    blocks: list[Stations] = []
    places: list[str | None] = []

    def add(block: Stations, at: str | None) -> None:
        blocks.append(block)
        places.extend([at] * block.low.shape[0])

    finest = _finest(votes, area_id)
    single = {
        area: single_part(
            votes.low[at], votes.high[at], votes.ballots_low[at], votes.ballots_high[at]
        )
        for area, at in finest
    }
    summed = sum(int((~one.rows).sum()) for one in single.values()) > MOST_ROWS
    for area, at in finest:
        one = single[area]
        known = Stations(one.low, one.high, one.low.sum(axis=1), one.high.sum(axis=1))
        add(_sum(known), area)
        others = at[~one.rows]
        rest = Stations(
            votes.low[others], votes.high[others], votes.ballots_low[others],
            votes.ballots_high[others],
        )  # fmt: skip
        add(_sum(rest) if summed else rest, area)
        if not is_partitioned(tables, votes, area):
            room = unseen_room(tables, votes, area).ballots
            most = UNBOUNDED if room is None else room
            none = np.zeros((1, parts), dtype=np.int64)
            add(Stations(none, none + most, none[:, 0], none[:, 0] + most), area)
    return Stations(
        np.concatenate([block.low for block in blocks]),
        np.concatenate([block.high for block in blocks]),
        np.concatenate([block.ballots_low for block in blocks]),
        np.concatenate([block.ballots_high for block in blocks]),
    ), places  # fmt: skip


def _sum(stations: Stations) -> Stations:
    """One row for all of these: no station has more or fewer in all."""
    return Stations(
        stations.low.sum(axis=0, keepdims=True),
        np.minimum(stations.high.sum(axis=0, keepdims=True), UNBOUNDED),
        stations.ballots_low.sum(keepdims=True),
        np.minimum(stations.ballots_high.sum(keepdims=True), UNBOUNDED),
    )


def _finest(votes: RecordedVotes, area_id: str | None) -> list[tuple[str | None, Integers]]:
    """Every area with the seen stations that lie in it and in no area below it."""
    found: list[tuple[str | None, Integers]] = []
    for area in (area_id, *votes.territory.below(area_id)):
        at = votes.seen_in(area)
        below = [votes.territory.span(c) for c in votes.territory.children.get(area, ())]
        if below:
            at = at[at < min(span.start for span in below)]
        found.append((area, at))
    return found


def _by_area(votes: RecordedVotes, places: list[str | None]) -> dict[str | None, Integers]:
    """The rows that lie in every area, its own and those of areas below it."""
    above = {child: area for area, below in votes.territory.children.items() for child in below}
    found: dict[str | None, list[int]] = {area: [] for area in votes.territory.ranges}
    for row, place in enumerate(places):
        area = place
        while area is not None:
            found[area].append(row)
            area = above[area]
        found[None].append(row)
    return {area: np.array(rows, dtype=np.int64) for area, rows in found.items()}


def area_demands(
    official: OfficialResult,
    votes: RecordedVotes,
    rows: Integers,
    registered: RegisteredVoters | None,
) -> list[Demand]:
    """What the official figures of one area demand of the rows that lie in it."""
    parts = len(votes.parts)
    label = official.area_id
    sums = {
        "ballots": tuple(Fraction(1) for _ in range(parts)),
        "valid": tuple(Fraction(int(c < parts - 1)) for c in range(parts)),
        **{
            n: tuple(Fraction(int(c == i)) for c in range(parts)) for i, n in enumerate(votes.parts)
        },
    }
    demands = [
        Demand(f"{label}: {name}", rows, weights, Fraction(count.least), Fraction(count.greatest))
        for name, weights in sums.items()
        if (count := official.count(name)) is not None
    ]
    for name, share in official.shares.items():
        bases = {Denominator.BALLOTS: sums["ballots"], Denominator.VALID: sums["valid"]}
        ends = (Fraction(share.interval.low), Fraction(share.interval.high))
        if name in sums and share.denominator in bases:
            demands.extend(
                _share_demands(f"{label}: share of {name}", rows, ends,
                               (sums[name], bases[share.denominator]))
            )  # fmt: skip
        elif share.denominator is Denominator.REGISTERED:
            weights = sums["ballots"] if name == "turnout" else sums[name]
            demands.extend(
                _registered_demand(f"{label}: {name}", rows, registered, (ends, weights))
            )
    return [replace(demand, area=label) for demand in demands]


_Weights = tuple[Fraction, ...]


def _share_demands(
    label: str, rows: Integers, ends: tuple[Fraction, Fraction], sums: tuple[_Weights, _Weights]
) -> list[Demand]:
    own, whole = sums
    at_least = tuple(o - ends[0] * w for o, w in zip(own, whole, strict=True))
    at_most = tuple(o - ends[1] * w for o, w in zip(own, whole, strict=True))
    return [
        Demand(f"{label} (low)", rows, at_least, Fraction(0), None),
        Demand(f"{label} (high)", rows, at_most, None, Fraction(0)),
    ]


def _registered_demand(
    label: str,
    rows: Integers,
    registered: RegisteredVoters | None,
    share: tuple[tuple[Fraction, Fraction], _Weights],
) -> list[Demand]:
    """A share of registered voters, as far as these are known from below and from above."""
    if registered is None:
        return []
    (low, high), weights = share
    least = None if registered.least is None else low * registered.least
    most = None if registered.greatest is None else high * registered.greatest
    return [Demand(label, rows, weights, least, most)]
