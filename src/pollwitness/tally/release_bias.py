"""Release bias Γ: how different the unseen stations would have to be (design 6.1, rung 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.errors import QuestionError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReleaseBias:
    """The least factor between an option's odds at seen and at unseen stations.

    ``gamma`` is infinite where the official figure leaves the unseen stations no vote at all for
    the option, or fewer than none. It says nothing about why the stations would differ.
    """

    gamma: float
    strata: int


def release_bias(
    seen_votes: npt.ArrayLike,
    seen_ballots: npt.ArrayLike,
    *,
    unseen_ballots: npt.ArrayLike,
    unseen_votes: int,
) -> ReleaseBias:
    """Γ such that dividing the seen odds of each stratum by Γ gives the unseen votes.

    Raises:
        QuestionError: if the seen stations hold no ballot.

    Args:
        seen_votes: shape (strata,): the option's votes at the seen stations.
        seen_ballots: shape (strata,): ballots there.
        unseen_ballots: shape (strata,): ballots at the unseen stations.
        unseen_votes: what the official figure leaves for the option at all unseen stations.

    With one stratum, Γ = [S_c / (S_B - S_c)] / [U_c / (U_B - U_c)]. With more, the same Γ in every
    stratum solves Σ_h U_B,h p_h / (p_h + Γ (1 - p_h)) = U_c with p_h = S_c,h / S_B,h; the left side
    falls in Γ, so the solution is found by bisection on log Γ to 1e-12. A Γ below 1 means that the
    option would do better at the unseen stations. Strata without seen ballots get the share of all.

    >>> release_bias([250], [1000], unseen_ballots=[3000], unseen_votes=300).gamma
    3.0
    """
    votes = np.atleast_1d(np.asarray(seen_votes, dtype=np.float64))
    ballots = np.atleast_1d(np.asarray(seen_ballots, dtype=np.float64))
    unseen = np.atleast_1d(np.asarray(unseen_ballots, dtype=np.float64))
    if not ballots.sum() > 0:
        raise QuestionError("the seen stations hold no ballot; there are no odds to compare")
    overall = votes.sum() / ballots.sum()
    share = np.divide(votes, ballots, out=np.full_like(votes, overall), where=ballots > 0)
    if unseen_votes <= 0 or overall <= 0:
        return ReleaseBias(math.inf if unseen_votes <= 0 else 0.0, votes.size)
    if unseen_votes >= float(unseen[share > 0].sum()):
        return ReleaseBias(0.0, votes.size)
    if votes.size == 1:
        odds = float(share[0] / (1 - share[0])) if share[0] < 1 else math.inf
        return ReleaseBias(odds / (unseen_votes / float(unseen[0] - unseen_votes)), 1)
    return ReleaseBias(_solve(share, unseen, unseen_votes), votes.size)


def _solve(share: Floats, unseen: Floats, unseen_votes: int) -> float:
    def expected(log_gamma: float) -> float:
        return float((unseen * share / (share + math.exp(log_gamma) * (1 - share))).sum())

    low, high = -60.0, 60.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) > unseen_votes else (low, middle)
    return math.exp((low + high) / 2)
