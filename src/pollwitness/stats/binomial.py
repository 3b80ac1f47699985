"""Binomial probabilities of many counts at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlog1py, xlogy

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


def log_factorials(most: int) -> Reals:
    """Log n! for n = 0 … most: shape (most + 1,)."""
    logs: Reals = gammaln(np.arange(most + 1) + 1.0)
    return logs


def stretched_counts(low: Integers, width: Integers) -> tuple[Integers, Integers]:
    """All counts from low up to before low + width of every row, in one long column.

    Returns the row that each belongs to, and the count; few rows may be much wider than others.

    >>> rows, counts = stretched_counts(np.array([5, 1]), np.array([2, 1]))
    >>> rows.tolist(), counts.tolist()
    ([0, 0, 1], [5, 6, 1])
    """
    row = np.repeat(np.arange(width.size), width)
    return row, np.arange(row.size) - (width.cumsum() - width)[row] + low[row]


def binomial_chances(count: Integers, whole: Integers, rate: Reals, log_factorial: Reals) -> Reals:
    """P(Binomial(whole, rate) = count), all of one shape; ``log_factorial`` up to the greatest."""
    logs = (
        log_factorial[whole] - log_factorial[count] - log_factorial[whole - count]
        + xlogy(count, rate) + xlog1py(whole - count, -rate)
    )  # fmt: skip
    chances: Reals = np.exp(logs)
    return chances
