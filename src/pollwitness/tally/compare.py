"""Official figures of an area against its protocols: can both be true?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pollwitness.quantities import Verdict
from pollwitness.stats import Cover, in_every_least_cover, least_cover
from pollwitness.tables import CaseTables
from pollwitness.tally.area import UnseenRoom, ceilings, officials_by_area, unseen_room
from pollwitness.tally.bounds import RecordedVotes, recorded_votes
from pollwitness.tally.coverage import (
    Concession,
    conceded,
    least_beside_voters,
    most_left_out,
)
from pollwitness.tally.joint import (
    MOST_PARTS,
    Certificate,
    Family,
    JointProblem,
    set_ceiling,
    set_floor,
    violated,
)
from pollwitness.tally.official import CountRange, Coverage, OfficialResult
from pollwitness.tally.readings import Reading
from pollwitness.tally.rooms import UNBOUNDED

Integers = npt.NDArray[np.int64]
_FLOORS = (Family.FLOOR, Family.TOTAL_FLOOR)
"""What documents hold at least is too much; the others: what they leave room for is too little."""
_OF_THE_SET = (Family.FLOOR, Family.CEILING)
"""Documents count for the set C itself; in the others for all parts outside it."""


@dataclass(frozen=True, slots=True)
class DocumentSupport:
    """Which protocols carry a contradiction.

    ``least`` to ``at_most`` documents would have to be forged or misread for the contradiction to
    disappear. ``decisive`` lists (station position, contribution), greatest first, for one such
    least set; ``in_every_set`` the stations that no least set can do without. ``figures`` is the
    number of figures of each form that the inequality rests on: one where it counts the votes of
    one option; all of them where it counts several, or invalid ballots, which most forms leave
    blank so that what the other figures leave stands for them.
    """

    least: int
    at_most: int
    decisive: tuple[tuple[int, int], ...]
    in_every_set: tuple[int, ...]
    figures: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class AreaComparison:
    """Whether the official figures of an area and its protocols can both be true, in one reading.

    ``certificate`` is the violated inequality; its parts are indices into ``parts``.
    ``slack`` is the sum of the mismatches of the forms, by which the identity between parts and
    ballots is loosened in this reading.
    """

    area_id: str
    reading: Reading
    official: OfficialResult
    parts: tuple[str, ...]
    verdict: Verdict
    certificate: Certificate | None
    support: DocumentSupport | None
    room: UnseenRoom
    slack: int


@lru_cache(maxsize=32)
def compare_areas(
    tables: CaseTables, contest_id: str, reading: Reading
) -> tuple[AreaComparison, ...]:
    """The comparison of every area that has official figures, in the order of their ids."""
    votes = recorded_votes(tables, contest_id, reading)
    officials = officials_by_area(tables, contest_id)
    return tuple(_compare(tables, votes, officials[area]) for area in sorted(officials))


def _compare(tables: CaseTables, votes: RecordedVotes, official: OfficialResult) -> AreaComparison:
    area = official.area_id
    room = unseen_room(tables, votes, area)
    above = ceilings(tables, votes, area)
    limits = Limits(room.ballots, above.most(votes.ballots_high[votes.seen_in(area)]))
    problems = [problem_with_ballots(votes, official, limits)]
    if official.count("valid") is not None:
        problems.append(problem_with_valid(votes, official, limits))
    found = [(p, c) for p in problems if (c := _find(p, official.coverage, votes, area))]
    at = votes.seen_in(area)
    if not found:
        return AreaComparison(
            area, votes.reading, official, votes.parts, Verdict.POSSIBLE, None, None, room,
            int(votes.mismatch[at].sum()),
        )  # fmt: skip
    problem, certificate = max(found, key=lambda pair: pair[1].gap)
    return AreaComparison(
        area, votes.reading, official, votes.parts, Verdict.CONTRADICTED, certificate,
        _support(problem, certificate, votes, official), room, int(votes.mismatch[at].sum()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """The most ballots at the unseen stations of an area, and in the whole area; None: unknown."""

    unseen: int | None
    area: int | None


def problem_with_ballots(
    votes: RecordedVotes, official: OfficialResult, limits: Limits
) -> JointProblem:
    """The seen stations of an area and one that stands for all others, against its figures."""
    at = votes.seen_in(official.area_id)
    unseen = UNBOUNDED if limits.unseen is None else limits.unseen
    cap = UNBOUNDED if limits.area is None else limits.area
    total = official.count("ballots")
    demands = [official.count(name) for name in votes.parts]
    return JointProblem(
        low=np.vstack([votes.low[at], np.zeros((1, len(votes.parts)), dtype=np.int64)]),
        high=np.vstack([votes.high[at], np.full((1, len(votes.parts)), unseen, dtype=np.int64)]),
        ballots_low=np.append(votes.ballots_low[at], 0),
        ballots_high=np.append(votes.ballots_high[at], unseen),
        demand_low=_demands(demands, least=True),
        demand_high=_demands(demands, least=False),
        total_low=0 if total is None else total.least,
        total_high=cap if total is None else min(total.greatest, cap),
    )


def problem_with_valid(
    votes: RecordedVotes, official: OfficialResult, limits: Limits
) -> JointProblem:
    """As :func:`problem_with_ballots`, without the invalid ballots: the total is the valid ones."""
    whole = problem_with_ballots(votes, official, limits)
    valid = official.count("valid")
    return JointProblem(
        low=whole.low[:, :-1],
        high=whole.high[:, :-1],
        ballots_low=np.maximum(whole.ballots_low - whole.high[:, -1], 0),
        ballots_high=whole.ballots_high - whole.low[:, -1],
        demand_low=whole.demand_low[:-1],
        demand_high=whole.demand_high[:-1],
        total_low=0 if valid is None else valid.least,
        total_high=UNBOUNDED if valid is None else valid.greatest,
    )


def _demands(counts: Sequence[CountRange | None], *, least: bool) -> Integers:
    unknown = 0 if least else UNBOUNDED
    return np.array(
        [unknown if c is None else (c.least if least else c.greatest) for c in counts],
        dtype=np.int64,
    )


def _find(
    problem: JointProblem, coverage: Coverage, votes: RecordedVotes, area: str
) -> Certificate | None:
    if coverage.stations_uncounted is None and coverage.voters_uncounted is None:
        if problem.low.shape[1] <= MOST_PARTS:
            return violated(problem)
        return _single_sets(problem, Coverage(), votes, area)
    return _single_sets(problem, coverage, votes, area)


def _single_sets(
    problem: JointProblem, coverage: Coverage, votes: RecordedVotes, area: str
) -> Certificate | None:
    """The worst of the inequalities on single parts, on all but one, and on all.

    Used where stations outside the count are conceded, or where there are too many parts for all
    sets. What it finds is certain; a contradiction that needs another set is not found.
    """
    parts = problem.low.shape[1]
    every = set(range(parts))
    sets = {*((c,) for c in every), *(tuple(sorted(every - {c})) for c in every), tuple(every)}
    voters = votes.weights(votes.seen_in(area))
    found: list[Certificate] = []
    for members in sorted(sets):
        floor = set_floor(problem, members)
        others = sorted(every - set(members))
        needed = int(floor.sum()) - conceded(floor[:-1], coverage, voters)
        allowed = int(problem.demand_high[list(members)].sum())
        found.append(Certificate(Family.FLOOR, members, needed, allowed))
        room = int(set_ceiling(problem, members).sum())
        wanted = int(problem.demand_low[list(members)].sum())
        found.append(Certificate(Family.CEILING, members, wanted, room))
        found.append(
            Certificate(
                Family.TOTAL_FLOOR,
                tuple(others),
                needed + int(problem.demand_low[others].sum()),
                problem.total_high,
            )
        )
    real = [c for c in found if c.allowed < UNBOUNDED and c.gap > 0]
    return max(real, key=lambda c: (c.gap, -len(c.parts)), default=None)


def contributions(problem: JointProblem, certificate: Certificate, voters: Integers) -> Integers:
    """By how much the inequality loosens when one seen station's protocols are taken away.

    Shape (stations seen,). ``voters`` is what such a station could then hold at most.
    """
    members = counting_parts(problem.low.shape[1], certificate)
    if certificate.family in _FLOORS:
        return set_floor(problem, members)[:-1]
    return voters - set_ceiling(problem, members)[:-1]


def counting_parts(parts: int, certificate: Certificate) -> tuple[int, ...]:
    """The parts of every form that the inequality counts, of so many parts in all."""
    if certificate.family in _OF_THE_SET:
        return certificate.parts
    return tuple(c for c in range(parts) if c not in certificate.parts)


def _is_partial(official: OfficialResult) -> bool:
    coverage = official.coverage
    return coverage.stations_uncounted is not None or coverage.voters_uncounted is not None


def _support(
    problem: JointProblem,
    certificate: Certificate,
    votes: RecordedVotes,
    official: OfficialResult,
) -> DocumentSupport:
    at = votes.seen_in(official.area_id)
    capacity = votes.capacity(at)
    added = contributions(problem, certificate, capacity)
    if certificate.family is Family.TOTAL_FLOOR and official.count("ballots") is None:
        # The total is bounded by the roll alone, which has more room without the form.
        added = added + np.maximum(capacity - problem.ballots_high[:-1], 0)
    counted = counting_parts(problem.low.shape[1], certificate)
    one_option = len(counted) == 1 and counted[0] < len(votes.parts) - 1
    figures = 1 if one_option else len(votes.parts)
    gains, costs = added, votes.copies[at]
    if certificate.family in _FLOORS and official.coverage.voters_uncounted is not None:
        voters = votes.weights(at)
        base = contributions(problem, certificate, capacity)
        excess = certificate.gap + conceded(base, official.coverage, voters)
        chosen = least_beside_voters(
            added, voters, conceded_voters=official.coverage.voters_uncounted, excess=excess
        )
        if chosen is not None:
            return _beside_voters(chosen, added, at, figures)
    if certificate.family in _FLOORS and _is_partial(official):
        free = np.ones(at.size, dtype=bool)
        free[most_left_out(added, official.coverage, votes.weights(at))] = False
        gains, costs = np.where(free, added, 0), np.ones(at.size, dtype=np.int64)
    cover = least_cover(gains, certificate.gap, costs)
    if cover is None:
        documents = int(votes.copies[at].sum())
        return DocumentSupport(documents, documents, (), (), figures)
    every = in_every_least_cover(gains, certificate.gap, costs)
    decisive = sorted(
        ((int(at[i]), int(gains[i])) for i in cover.members), key=lambda d: (-d[1], d[0])
    )
    return DocumentSupport(
        least=cover.cost,
        at_most=max(cover.cost, _until_possible(problem, cover, votes, official)),
        decisive=tuple(decisive),
        in_every_set=tuple(int(at[i]) for i in every),
        figures=figures,
    )


def _beside_voters(
    chosen: Concession, added: Integers, at: Integers, figures: int
) -> DocumentSupport:
    """Documents that must be wrong where voters are conceded too; which ones is then open."""
    decisive = sorted(((int(at[i]), int(added[i])) for i in chosen.removed),
                      key=lambda d: (-d[1], d[0]))  # fmt: skip
    return DocumentSupport(chosen.least, chosen.at_most, tuple(decisive), (), figures)


def _until_possible(
    problem: JointProblem, cover: Cover, votes: RecordedVotes, official: OfficialResult
) -> int:
    """Documents after whose removal no inequality at all is violated (a sufficient number)."""
    area = official.area_id
    at = votes.seen_in(area)
    capacity = votes.capacity(at)
    removed = set(cover.members)
    cost = int(votes.copies[at][list(cover.members)].sum())
    while True:
        rest = _without(problem, sorted(removed), capacity)
        certificate = _find(rest, official.coverage, votes, area)
        if certificate is None:
            return cost
        added = contributions(rest, certificate, capacity)
        added[sorted(removed)] = 0
        more = least_cover(added, certificate.gap, votes.copies[at])
        if more is None:
            return int(votes.copies[at].sum())
        removed.update(more.members)
        cost += more.cost


def _without(problem: JointProblem, removed: list[int], voters: Integers) -> JointProblem:
    """The problem when some stations lose their protocols and may hold anything up to the roll."""
    low, high = problem.low.copy(), problem.high.copy()
    ballots_low, ballots_high = problem.ballots_low.copy(), problem.ballots_high.copy()
    low[removed], ballots_low[removed] = 0, 0
    high[removed] = voters[removed][:, None]
    ballots_high[removed] = voters[removed]
    return replace(problem, low=low, high=high, ballots_low=ballots_low, ballots_high=ballots_high)
