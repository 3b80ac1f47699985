"""What a recount of drawn stations shows: the p-value after every draw, whatever was refused.

With stations drawn in proportion to their error bounds, the taint of a draw (error over bound) has
a mean of at least 1/U if the outcome is wrong. So 1 - taint has a mean of at most 1 - 1/U, and a
bet against that gains only if the outcome is right (Stark 2009; Waudby-Smith, Stark and Ramdas
2021). A station that refuses counts as the worst: taint 1, value 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pollwitness.stats.martingales import (
    FLAT,
    kaplan_kolmogorov,
    kaplan_markov,
    log_wealth,
    p_values,
)

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Recount(StrEnum):
    """What became of a drawn station."""

    COUNTED = "counted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, eq=False)
class Path:
    """The p-values after each draw, for the draws before the first station not yet recounted.

    ``betting`` by the flat mixture of bets, the one that decides; ``kaplan_markov`` beside it,
    which is Kaplan-Kolmogorov for draws without replacement.
    """

    taints: Vector
    betting: Vector
    kaplan_markov: Vector

    @property
    def p(self) -> float:
        """The measured p-value: of the largest wealth on the way."""
        return float(self.betting.min()) if self.betting.size else 1.0

    def decided_at(self, risk_limit: float) -> int | None:
        """The draw at which the risk limit was met; None if it was not."""
        met = np.flatnonzero(self.betting <= risk_limit)
        return int(met[0]) + 1 if met.size else None


def p_path(
    taints: Sequence[float], total_bound: float, population: int | None = None
) -> Path:  # fmt: skip
    """The p-values of a sequence of taints; ``total_bound`` is U of the weights that drew.

    ``population`` is the number of stations that different ones are drawn from, each with the same
    chance; None for draws with replacement.

    Raises:
        ValueError: if a taint exceeds 1, or U is not above 1.
    """
    if total_bound <= 1:
        raise ValueError("the error bounds add up to no more than the margin")
    found = np.asarray(taints, dtype=np.float64)
    if found.size and found.max() > 1 + _SLACK:
        raise ValueError("a taint exceeds 1")
    values = np.maximum(1.0 - found, 0.0)
    mean = 1.0 - 1.0 / total_bound
    flat = p_values(log_wealth(values, mean, FLAT, population=population))
    beside = kaplan_markov(mean) if population is None else kaplan_kolmogorov()
    markov = p_values(log_wealth(values, mean, beside, population=population))
    return Path(found, flat, markov)


_SLACK = 1e-9


def stratified_p(values: Sequence[Vector], totals: Sequence[float]) -> float:
    """The p-value of recounts in several strata, each with draws of its own.

    ``values`` are 1 - taint by stratum, ``totals`` the bounds U of each. If the outcome is wrong,
    the errors of the strata add up to 1 in some way: stratum h has a null mean of 1 - E_h/U_h for
    some E with ΣE = 1. The wealth against one such split is the product over strata; that against
    all of them its least value. Its logarithm is convex in the means, so a bisection on one
    multiplier finds the least (Spertus and Stark 2022 on strata; the convexity is ours, see the
    method page).
    """
    parts = [_Stratum(np.asarray(one, dtype=np.float64), total)
             for one, total in zip(values, totals, strict=True)]  # fmt: skip
    low, high = 0.0, 1.0
    while sum(one.share_at(high) for one in parts) < 1 and high < _STEEPEST:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if sum(one.share_at(middle) for one in parts) < 1:
            low = middle
        else:
            high = middle
    shares = np.array([one.share_at(high) for one in parts])
    shares = shares / max(shares.sum(), _TINY)
    least = sum(one.log_wealth(share) for one, share in zip(parts, shares, strict=True))
    return float(min(1.0, np.exp(-least)))


_STEPS, _STEEPEST, _TINY = 60, 1e12, 1e-300


@dataclass(frozen=True, eq=False)
class _Stratum:
    """The wealth of one stratum as a function of the error that it is supposed to hold."""

    values: Vector
    total: float

    def log_wealth(self, share: float) -> float:
        """The logarithm of the wealth if this stratum holds this error, in shares of the margin."""
        mean = 1.0 - min(share / self.total, 1.0)
        if mean <= 0:
            return float("inf") if self.values.any() else 0.0
        path = log_wealth(self.values, mean, FLAT)
        return float(path[-1]) if path.size else 0.0

    def share_at(self, slope: float) -> float:
        """The error up to which a further share costs the wealth at least this much."""
        low, high = 0.0, self.total * (1 - 1e-9)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            step = max(middle * 1e-6, 1e-9)
            gained = (self.log_wealth(middle + step) - self.log_wealth(middle)) / step
            if gained < slope:
                low = middle
            else:
                high = middle
        return low
