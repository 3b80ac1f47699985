"""Exact tail quantiles of counting distributions."""

from __future__ import annotations

import math


def binomial_upper_quantile(trials: int, probability: float, level: float) -> int:
    """The least count that a binomial variable exceeds with probability of at most 1 - level.

    The probabilities are summed exactly (to floating point) from zero upwards.

    >>> binomial_upper_quantile(10, 0.5, 0.999)
    9
    """
    if trials == 0 or probability <= 0:
        return 0
    if probability >= 1:
        return trials
    log_odds = math.log(probability) - math.log1p(-probability)
    log_mass = trials * math.log1p(-probability)
    tail = 1.0
    for count in range(trials + 1):
        tail -= math.exp(log_mass)
        if tail <= 1 - level + 1e-15:
            return count
        log_mass += log_odds + math.log((trials - count) / (count + 1)) if count < trials else 0.0
    return trials
