"""k(φ): how many protocols would have to be wrong for an official figure to hold (design 6.1).

With K the protocols kept, S_c and S_B their votes and ballots, and O_c, O_B the official figures,
the unseen stations hold U_c = O_c - S_c votes of U_B = O_B - S_B ballots. k(φ) is the least number
of protocols to remove so that

    0 <= U_c <= U_B   and   U_c / U_B >= φ · S_c / S_B.

φ = 0 is arithmetic (rung 1). φ > 0 supposes that the unseen stations vote for the option at least
φ times as much as the seen ones: an assumption (rung 2).

Why the scan below is exact or says by how much it is not: the last condition is
S_c <= g(S_B) with g(x) = O_c x / (φ O_B + (1 - φ) x), which is concave. The kept totals that
satisfy it form a convex set, so every tangent of g gives a linear condition that each admissible
set fulfils. For one linear condition the least number is found by ranking: the greatest of these
over all tangents is a lower bound; the least prefix of any ranking that fulfils the condition
itself is an upper bound, checked in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import numpy as np
import numpy.typing as npt

from pollwitness.stats import least_cover

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_TANGENTS = 24
_REFINED = 24
_SORTED_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class RobustnessPoint:
    """k(φ) for one φ: between ``least`` and ``at_most`` documents (equal where exact).

    ``at_most`` is None where even removing all of them does not help.
    """

    phi: Fraction
    least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class _Target:
    votes: int
    ballots: int
    phi: Fraction


def robustness(
    votes: Integers,
    ballots: Integers,
    *,
    official_votes: int,
    official_ballots: int,
    phi: Fraction,
) -> RobustnessPoint:
    """k(φ) for one option, each element of the arrays being one protocol.

    Args:
        votes: shape (protocols,): votes for the option.
        ballots: shape (protocols,): ballots found, at least the votes.
        official_votes: O_c.
        official_ballots: O_B.
        phi: φ, from 0 to 1.

    >>> import numpy as np
    >>> votes, ballots = np.array([900, 500, 100]), np.array([1000, 1000, 1000])
    >>> robustness(votes, ballots, official_votes=600, official_ballots=10_000, phi=Fraction(0))
    RobustnessPoint(phi=Fraction(0, 1), least=1, at_most=1)
    """
    target = _Target(official_votes, official_ballots, phi)
    if _admissible(int(votes.sum()), int(ballots.sum()), target):
        return RobustnessPoint(phi, 0, 0)
    others = ballots - votes
    least = max(
        _linear_bound(votes, official_votes),
        _linear_bound(others, official_ballots - official_votes),
    )
    tangents = _scan(votes, ballots, target) if phi > 0 else []
    if tangents:
        least = max(least, tangents[0][0])
    rankings = chain(
        (np.argsort(-weights, kind="stable") for weights in (votes, others)),
        (_ranking(votes, ballots, target, at) for _, at in tangents),
    )
    return RobustnessPoint(phi, least, _shortest(votes, ballots, target, rankings, least=least))


def _admissible(kept_votes: int, kept_ballots: int, target: _Target) -> bool:
    unseen_votes = target.votes - kept_votes
    unseen_ballots = target.ballots - kept_ballots
    if not 0 <= unseen_votes <= unseen_ballots:
        return False
    # U_c / U_B >= phi S_c / S_B, multiplied out in whole numbers.
    left = unseen_votes * kept_ballots * target.phi.denominator
    return left >= target.phi.numerator * kept_votes * unseen_ballots


def _linear_bound(weights: Integers, most: int) -> int:
    """The fewest elements to remove for sum(weights) <= most."""
    cover = least_cover(weights, int(weights.sum()) - most)
    return weights.size if cover is None else cover.cost


def _scan(votes: Integers, ballots: Integers, target: _Target) -> list[tuple[int, float]]:
    """The lower bound of every tangent of g, with the point where it touches: greatest first."""
    total = float(ballots.sum())
    found = [
        (_tangent_bound(votes, ballots, target, float(at)), float(at))
        for at in np.linspace(0.0, total, _TANGENTS)
    ]
    best, best_at = max(found, key=lambda pair: pair[0])
    if best == 0:
        best_at = 0.0
    step = total / (_TANGENTS - 1)
    found += [
        (_tangent_bound(votes, ballots, target, float(at)), float(at))
        for at in np.linspace(max(best_at - step, 0.0), min(best_at + step, total), _REFINED)
    ]
    return sorted(found, key=lambda pair: -pair[0])


def _slope(target: _Target, at: float) -> tuple[float, float] | None:
    """g'(t) and g(t) - g'(t) t at t = ``at``; None where g has no tangent."""
    phi = float(target.phi)
    bottom = phi * target.ballots + (1 - phi) * at
    if bottom <= 0:
        return None
    slope = target.votes * phi * target.ballots / bottom**2
    return slope, target.votes * at / bottom - slope * at


def _tangent_bound(votes: Integers, ballots: Integers, target: _Target, at: float) -> int:
    """Fewest removals for S_c - g'(t) S_B <= g(t) - g'(t) t, at t = ``at``."""
    line = _slope(target, at)
    if line is None:
        return 0
    slope, most = line
    scores: Floats = votes - slope * ballots
    excess = float(scores.sum()) - most
    if excess <= 0:
        return 0
    # A margin of 1e-9 keeps the bound a lower bound despite rounding in floating point.
    margin = 1e-9 * (float(np.abs(scores).sum()) + abs(most))
    return _fewest(scores[scores > 0], excess - margin)


def _fewest(scores: Floats, wanted: float) -> int:
    """How many of the greatest scores it takes to reach a sum; one more than all if all fall short.

    By halving: whichever half holds the answer is kept, so that nothing is sorted but the last few.
    """
    taken = 0
    while scores.size > _SORTED_AT_ONCE:
        middle = np.partition(scores, scores.size // 2)[scores.size // 2]
        upper = scores[scores >= middle]
        if upper.size == scores.size:
            break
        held = float(upper.sum())
        if held >= wanted:
            scores = upper
        else:
            taken, wanted, scores = taken + upper.size, wanted - held, scores[scores < middle]
    reached = np.cumsum(np.sort(scores)[::-1])
    return taken + int(np.searchsorted(reached, wanted)) + 1


def _ranking(votes: Integers, ballots: Integers, target: _Target, at: float) -> Integers:
    """Protocols in the order in which the tangent at t = ``at`` would remove them."""
    line = _slope(target, at)
    slope = 0.0 if line is None else line[0]
    return np.argsort(-(votes - slope * ballots), kind="stable")


def _shortest(
    votes: Integers, ballots: Integers, target: _Target, rankings: Iterable[Integers], *, least: int
) -> int | None:
    """The shortest prefix of any ranking whose removal is admissible, in whole numbers.

    No ranking can do with fewer than ``least``: when one reaches it, the others are not tried.
    """
    best: int | None = None
    all_votes, all_ballots = int(votes.sum()), int(ballots.sum())
    for order in rankings:
        limit = votes.size if best is None else best - 1
        kept_votes = all_votes - np.concatenate([[0], np.cumsum(votes[order[:limit]])])
        kept_ballots = all_ballots - np.concatenate([[0], np.cumsum(ballots[order[:limit]])])
        fitting = (
            count
            for count in _plausible(kept_votes, kept_ballots, target)
            if _admissible(int(kept_votes[count]), int(kept_ballots[count]), target)
        )
        best = next(fitting, best)
        if best is not None and best <= least:
            break
    return best


def _plausible(kept_votes: Integers, kept_ballots: Integers, target: _Target) -> list[int]:
    """Prefix lengths that are admissible up to rounding, shortest first; the rest cannot be."""
    unseen_votes = (target.votes - kept_votes).astype(np.float64)
    unseen_ballots = (target.ballots - kept_ballots).astype(np.float64)
    left = unseen_votes * kept_ballots
    right = float(target.phi) * kept_votes * unseen_ballots
    fits = (unseen_votes >= 0) & (unseen_votes <= unseen_ballots)
    fits &= left >= right - 1e-9 * (np.abs(left) + np.abs(right)) - 1e-6
    return [int(i) for i in np.flatnonzero(fits)]
