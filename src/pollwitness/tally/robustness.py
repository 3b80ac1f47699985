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

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pollwitness.stats import least_cover

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_TANGENTS = 24
_REFINED = 24


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
    least, orders = _linear_bound(votes, official_votes)
    less, more = _linear_bound(ballots - votes, official_ballots - official_votes)
    least = max(least, less)
    orders.extend(more)
    if phi > 0:
        least = max(least, _scan(votes, ballots, target, orders))
    return RobustnessPoint(phi, least, _shortest(votes, ballots, target, orders))


def _admissible(kept_votes: int, kept_ballots: int, target: _Target) -> bool:
    unseen_votes = target.votes - kept_votes
    unseen_ballots = target.ballots - kept_ballots
    if not 0 <= unseen_votes <= unseen_ballots:
        return False
    # U_c / U_B >= phi S_c / S_B, multiplied out in whole numbers.
    left = unseen_votes * kept_ballots * target.phi.denominator
    return left >= target.phi.numerator * kept_votes * unseen_ballots


def _linear_bound(weights: Integers, most: int) -> tuple[int, list[Integers]]:
    """The fewest elements to remove for sum(weights) <= most, and the ranking that does it."""
    cover = least_cover(weights, int(weights.sum()) - most)
    order = np.argsort(-weights, kind="stable")
    return (weights.size if cover is None else cover.cost), [order]


def _scan(votes: Integers, ballots: Integers, target: _Target, orders: list[Integers]) -> int:
    """The greatest lower bound over tangents of g; their rankings are added to ``orders``."""
    total = float(ballots.sum())
    best, best_at = 0, 0.0
    for at in np.linspace(0.0, total, _TANGENTS):
        bound, order = _tangent_bound(votes, ballots, target, float(at))
        orders.append(order)
        if bound > best:
            best, best_at = bound, float(at)
    step = total / (_TANGENTS - 1)
    for at in np.linspace(max(best_at - step, 0.0), min(best_at + step, total), _REFINED):
        bound, order = _tangent_bound(votes, ballots, target, float(at))
        orders.append(order)
        best = max(best, bound)
    return best


def _tangent_bound(
    votes: Integers, ballots: Integers, target: _Target, at: float
) -> tuple[int, Integers]:
    """Fewest removals for S_c - g'(t) S_B <= g(t) - g'(t) t, at t = ``at``."""
    phi = float(target.phi)
    bottom = phi * target.ballots + (1 - phi) * at
    if bottom <= 0:
        return 0, np.argsort(-votes, kind="stable")
    slope = target.votes * phi * target.ballots / bottom**2
    most = target.votes * at / bottom - slope * at
    scores: Floats = votes - slope * ballots
    order = np.argsort(-scores, kind="stable")
    excess = float(scores.sum()) - most
    if excess <= 0:
        return 0, order
    # A margin of 1e-9 keeps the bound a lower bound despite rounding in floating point.
    margin = 1e-9 * (float(np.abs(scores).sum()) + abs(most))
    reached = np.cumsum(np.maximum(scores[order], 0.0))
    return int(np.searchsorted(reached, excess - margin)) + 1, order


def _shortest(
    votes: Integers, ballots: Integers, target: _Target, orders: list[Integers]
) -> int | None:
    """The shortest prefix of any ranking whose removal is admissible, in whole numbers."""
    best: int | None = None
    for order in orders:
        limit = votes.size if best is None else best - 1
        gone_votes = np.concatenate([[0], np.cumsum(votes[order])])[: limit + 1]
        gone_ballots = np.concatenate([[0], np.cumsum(ballots[order])])[: limit + 1]
        kept_votes = int(votes.sum()) - gone_votes
        kept_ballots = int(ballots.sum()) - gone_ballots
        fitting = (
            count
            for count in _plausible(kept_votes, kept_ballots, target)
            if _admissible(int(kept_votes[count]), int(kept_ballots[count]), target)
        )
        best = next(fitting, best)
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
