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


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Running sums over the stations in the order of the territory, forms as they are written.

    ``votes``, ``ballots`` (of the forms that state the part) and ``stating`` have shape
    (stations + 1, parts); ``seen``, ``copies``, ``all_ballots`` (stations + 1,).
    """

    votes: Integers
    ballots: Integers
    stating: Integers
    seen: Integers
    copies: Integers
    all_ballots: Integers

    @classmethod
    def of(cls, votes: RecordedVotes) -> _Sums:
        given = votes.given & votes.seen[:, None]
        return cls(
            _running(np.where(given, votes.low, 0)),
            _running(np.where(given, votes.written_ballots[:, None], 0)),
            _running(given.astype(np.int64)),
            _running(votes.seen.astype(np.int64)),
            _running(np.where(votes.seen, votes.copies, 0)),
            _running(np.where(votes.seen, votes.written_ballots, 0)),
        )


def _running(values: Integers) -> Integers:
    start = np.zeros((1, *values.shape[1:]), dtype=np.int64)
    return np.concatenate([start, values.cumsum(axis=0)])


def area_figures(tables: CaseTables) -> tuple[AreaFigures, ...]:
    """Official, seen and needed figures of every area with a protocol or an official figure.

    Forms are read as written; a blank is unknown, so a station that leaves an option blank counts
    as unseen for it. What is needed of the unseen stations is the official figure less the seen
    one, over the rounding of the official figure.
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
                figures = tuple(_figures(votes, sums, area, official))
                found.append(AreaFigures(contest.id, area, figures))
    return tuple(found)


def _figures(
    votes: RecordedVotes, sums: _Sums, area: str, official: OfficialResult | None
) -> Iterator[Figure]:
    span = votes.territory.ranges[area]

    def of(running: Integers, part: int | None = None) -> int:
        column = running if part is None else running[:, part]
        return int(column[span.stop] - column[span.start])

    total = None if official is None else official.coverage.stations_total
    yield Figure("seen_stations", of(sums.seen), "stations")
    yield Figure("documents", of(sums.copies), "documents")
    if total is not None:
        yield Figure("all_stations", total, "stations")
    ballots = None if official is None else official_ballots(official)
    published = None if official is None else official.count("ballots")
    yield from _of_ballots(of(sums.all_ballots), published, ballots)
    for part, name in enumerate(votes.parts):
        stating, seen, within = (of(s, part) for s in (sums.stating, sums.votes, sums.ballots))
        count = None if official is None else official.count(name)
        if stating:
            yield Figure(f"stating_{name}", stating, "stations")
        yield from _of_part(name, seen if stating else None, count)
        if within:
            yield Figure(f"seen_share_{name}", Fraction(seen, within), "share")
        if official is not None:
            yield from _official_share(name, official, count, ballots)
        if count is not None and ballots is not None:
            unseen = (count.least - seen, count.greatest - seen)
            yield from _needed_share(name, unseen, (ballots[0] - within, ballots[1] - within))


def _of_ballots(
    seen: int, published: CountRange | None, ballots: tuple[int, int] | None
) -> Iterator[Figure]:
    """Ballots; where none were published, turnout and roll say what they leave for the others."""
    yield from _of_part("ballots", seen, published)
    if ballots is not None and published is None:
        yield _range("needed_ballots", (ballots[0] - seen, ballots[1] - seen), "ballots")


def _of_part(name: str, seen: int | None, official: CountRange | None) -> Iterator[Figure]:
    unit = "votes" if name.startswith("votes_") else "ballots"
    if seen is not None:
        yield Figure(f"seen_{name}", seen, unit)
    if official is None:
        return
    yield _range(f"official_{name}", (official.least, official.greatest), unit)
    least, greatest = (end - (seen or 0) for end in (official.least, official.greatest))
    yield _range(f"needed_{name}", (least, greatest), unit)


def _range(name: str, ends: tuple[int, int], unit: str) -> Figure:
    low, high = ends
    return Figure(name, low if low == high else None, unit, low, high)


def _official_share(
    name: str,
    official: OfficialResult,
    count: CountRange | None,
    ballots: tuple[int, int] | None,
) -> Iterator[Figure]:
    """The share as it was printed, or as the published counts give it, of ballots."""
    share = official.shares.get(name)
    if share is not None:
        yield Figure(f"official_share_{name}", share.printed, "share")
    elif count is not None and ballots is not None and ballots[0] > 0:
        low, high = Fraction(count.least, ballots[1]), Fraction(count.greatest, ballots[0])
        yield Figure(f"official_share_{name}", low if low == high else None, "share", low, high)


def _needed_share(name: str, votes: tuple[int, int], ballots: tuple[int, int]) -> Iterator[Figure]:
    if min(ballots) <= 0:
        return
    shares = [Fraction(v, b) for v in votes for b in ballots]
    low, high = min(shares), max(shares)
    yield Figure(f"needed_share_{name}", low if low == high else None, "share", low, high)
