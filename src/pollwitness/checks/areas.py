"""What is officially said of every area, what its protocols hold, and what is left for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pollwitness.claims import AreaFigures, Figure
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    CountRange,
    OfficialResult,
    Reading,
    RecordedVotes,
    official_ballots,
    officials_by_area,
    recorded_votes,
)

Integers = npt.NDArray[np.int64]
_Ends = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Running sums over the stations in the order of the territory, forms as they are written.

    ``low``, ``high``, ``stating`` (stations that give the part), ``with_ballots`` (those of them
    whose ballots are known), ``own_low``, ``own_high`` and ``ballots`` (at these) have shape
    (stations + 1, parts); ``seen``, ``copies``, ``known`` and ``all_ballots`` (stations + 1,).
    """

    low: Integers
    high: Integers
    stating: Integers
    with_ballots: Integers
    own_low: Integers
    own_high: Integers
    ballots: Integers
    seen: Integers
    copies: Integers
    known: Integers
    all_ballots: Integers

    @classmethod
    def of(cls, votes: RecordedVotes) -> _Sums:
        given = votes.given & votes.seen[:, None]
        sure = given & votes.ballots_known[:, None]
        known = votes.seen & votes.ballots_known
        return cls(
            low=_running(np.where(given, votes.low, 0)),
            high=_running(np.where(given, votes.high, 0)),
            stating=_running(given.astype(np.int64)),
            with_ballots=_running(sure.astype(np.int64)),
            own_low=_running(np.where(sure, votes.low, 0)),
            own_high=_running(np.where(sure, votes.high, 0)),
            ballots=_running(np.where(sure, votes.written_ballots[:, None], 0)),
            seen=_running(votes.seen.astype(np.int64)),
            copies=_running(np.where(votes.seen, votes.copies, 0)),
            known=_running(known.astype(np.int64)),
            all_ballots=_running(np.where(known, votes.written_ballots, 0)),
        )


def _running(values: Integers) -> Integers:
    start = np.zeros((1, *values.shape[1:]), dtype=np.int64)
    return np.concatenate([start, values.cumsum(axis=0)])


def area_figures(tables: CaseTables) -> tuple[AreaFigures, ...]:
    """Official, seen and needed figures of every area with a protocol or an official figure.

    Forms are read as written; copies that differ give a range. A blank is unknown, so a station
    that leaves an option blank counts as unseen for it. Shares are taken over the stations
    (``sharing_<part>``) whose ballots are known too, and all others count as unseen there. What is
    needed of the unseen stations is the official figure less the seen one, over the rounding of the
    official figure.
    """
    found: list[AreaFigures] = []
    for contest in tables.case.contests:
        votes = recorded_votes(tables, contest.id, Reading.AS_WRITTEN)
        sums = _Sums.of(votes)
        officials = officials_by_area(tables, contest.id)
        for area in sorted(a for a in votes.territory.ranges if a is not None):
            span = votes.territory.ranges[area]
            seen = int(sums.seen[span.stop] - sums.seen[span.start])
            official = officials.get(area)
            if seen or official is not None:
                found.append(_area(votes, sums, area, official))
    return tuple(found)


def _area(
    votes: RecordedVotes, sums: _Sums, area: str, official: OfficialResult | None
) -> AreaFigures:
    span = votes.territory.ranges[area]

    def of(running: Integers) -> int:
        return int(running[span.stop] - running[span.start])

    figures = [
        Figure("seen_stations", of(sums.seen), "stations"),
        Figure("documents", of(sums.copies), "documents"),
        Figure("stations_with_ballots", of(sums.known), "stations"),
    ]
    total = None if official is None else official.coverage.stations_total
    if total is not None:
        figures.append(Figure("all_stations", total, "stations"))
    published = None if official is None else official.count("ballots")
    seen_ballots = of(sums.all_ballots) if of(sums.known) else None
    figures += _counted("ballots", None if seen_ballots is None else (seen_ballots,) * 2, published)
    for part, name in enumerate(votes.parts):
        own = _Part(
            name,
            *(of(running[:, part]) for running in (
                sums.low, sums.high, sums.stating, sums.with_ballots, sums.own_low, sums.own_high,
                sums.ballots)),
        )  # fmt: skip
        figures += _of_part(own, official)
    return AreaFigures(votes.contest_id, area, tuple(figures), _documents(official))


@dataclass(frozen=True, slots=True)
class _Part:
    """The sums of one part over the seen stations of an area."""

    name: str
    low: int
    high: int
    stating: int
    with_ballots: int
    own_low: int
    own_high: int
    ballots: int


def _of_part(own: _Part, official: OfficialResult | None) -> Iterator[Figure]:
    count = None if official is None else official.count(own.name)
    if own.stating:
        yield Figure(f"stating_{own.name}", own.stating, "stations")
    yield from _counted(own.name, (own.low, own.high) if own.stating else None, count)
    if own.ballots:
        yield Figure(f"sharing_{own.name}", own.with_ballots, "stations")
        yield Figure(f"ballots_at_{own.name}", own.ballots, "ballots")
        yield _ratio(f"seen_share_{own.name}", (own.own_low, own.own_high), (own.ballots,) * 2)
    if official is None:
        return
    yield from _official_share(own.name, official, count)
    ballots = official_ballots(official)
    if count is not None and ballots is not None and own.ballots:
        left = (ballots[0] - own.ballots, ballots[1] - own.ballots)
        yield _range(f"needed_ballots_{own.name}", left, "ballots")
        if min(left) > 0:
            votes = (count.least - own.own_high, count.greatest - own.own_low)
            yield _ratio(f"needed_share_{own.name}", votes, left)


def _counted(name: str, seen: _Ends | None, official: CountRange | None) -> Iterator[Figure]:
    unit = "votes" if name.startswith("votes_") else "ballots"
    if seen is not None:
        yield _range(f"seen_{name}", seen, unit)
    if official is None:
        return
    yield _range(f"official_{name}", (official.least, official.greatest), unit)
    low, high = seen or (0, 0)
    yield _range(f"needed_{name}", (official.least - high, official.greatest - low), unit)


def _range(name: str, ends: _Ends, unit: str) -> Figure:
    low, high = ends
    return Figure(name, low if low == high else None, unit, low, high)


def _ratio(name: str, votes: _Ends, ballots: _Ends) -> Figure:
    """The least and the greatest share over all pairs of ends."""
    shares = [Fraction(v, b) for v in votes for b in ballots]
    low, high = min(shares), max(shares)
    return Figure(name, low if low == high else None, "share", low, high)


def _official_share(
    name: str, official: OfficialResult, count: CountRange | None
) -> Iterator[Figure]:
    """The share as it was printed, or as published votes and published ballots give it.

    Where the ballots were not published, no share is put into an authority's mouth.
    """
    share, ballots = official.shares.get(name), official.count("ballots")
    if share is not None:
        yield Figure(f"official_share_{name}", share.printed, "share")
    elif count is not None and ballots is not None and ballots.least > 0:
        ends = (count.least, count.greatest), (ballots.least, ballots.greatest)
        yield _ratio(f"official_share_{name}", *ends)


def _documents(official: OfficialResult | None) -> tuple[str, ...]:
    """The documents that the official figures in force stand in."""
    if official is None:
        return ()
    counted = {d for one in official.counts.values() for d in one.documents}
    return tuple(sorted(counted | {d for one in official.shares.values() for d in one.documents}))
