"""Tests of a mean by betting against it: the wealth is a martingale under the null hypothesis.

If values x ≥ 0 have, each given those before, a mean of at most m, then the product of
1 + λ(x - m), with a bet λ in [0, 1/m] chosen before each value, exceeds 1/p at any time with a
probability of at most p (Ville 1939). So its reciprocal is a p-value at every time, however the
number of values is decided on (Waudby-Smith and Ramdas 2024). ALPHA (Stark 2023), Kaplan-Markov,
Kaplan-Wald and Kaplan-Kolmogorov are bets too: one loop serves all.

Without replacement from a population of N the null mean of the next value is
(N·m - sum of those before) / (N - number before).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from types import ModuleType

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Ends = np.ndarray[tuple[int], np.dtype[np.int64]]
NODES = 100
"""Bets of the flat mixture: Gauss-Legendre nodes, which make it exact up to 199 values."""


@dataclass(frozen=True, slots=True)
class Bets:
    """How the next bet is chosen; see the functions that make one."""

    rule: str
    parameters: tuple[float, ...] = ()


FLAT = Bets("flat")
"""Every bet from 0 to 1/m alike, as one mixture: needs no guess and survives a value of 0."""


def fixed(bet: float) -> Bets:
    """Always the same bet."""
    return Bets("fixed", (bet,))


def alpha(eta: float) -> Bets:
    """ALPHA with the alternative mean η fixed (Stark 2023): the bet (η - m) / (m(u - m))."""
    return Bets("alpha", (eta,))


def shrink_trunc(eta: float, c: float, d: float) -> Bets:
    """ALPHA with η shrunk from a first guess to the mean so far (Stark 2023, section 2.5.2)."""
    return Bets("shrink", (eta, c, d))


def agrapa(first: float, least: float, most: float, grow: float) -> Bets:
    """The approximate growth-rate adaptive bet (Waudby-Smith and Ramdas 2024, appendix B.3)."""
    return Bets("agrapa", (first, least, most, grow))


def kaplan_markov(mean: float, g: float = 0.0) -> Bets:
    """Kaplan-Markov with a cushion g, a fixed bet of 1/(m + g); for draws with replacement."""
    return fixed(1.0 / (mean + g))


def kaplan_wald(mean: float, g: float = 0.0) -> Bets:
    """Kaplan-Wald with a share g held back, a fixed bet of (1 - g)/m; with replacement."""
    return fixed((1.0 - g) / mean)


def kaplan_kolmogorov(g: float = 0.0) -> Bets:
    """Kaplan-Kolmogorov with a cushion g: 1/(m + g) of the null mean of each value."""
    return Bets("kolmogorov", (g,))


def log_wealth(
    values: Vector, mean: float, bets: Bets = FLAT, *, upper: float = np.inf,
    population: int | None = None,
) -> Vector:  # fmt: skip
    """The logarithm of the wealth after each value.

    ``values`` are in [0, ``upper``], ``mean`` is the largest mean under the null hypothesis,
    ``population`` the number that values are drawn from without replacement; None with.

    Raises:
        ValueError: for a value out of its range, or more values than the population has.
    """
    x = np.ascontiguousarray(values, dtype=np.float64)
    if x.size and (x.min() < 0 or x.max() > upper):
        raise ValueError("a value lies outside its range")
    if population is not None and x.size > population:
        raise ValueError("more values than the population has")
    kernel = _kernel()
    nodes, logs = flat_mixture()
    names = {"flat": kernel.FRACTIONS, "fixed": kernel.FIXED, "alpha": kernel.ALPHA,
             "shrink": kernel.SHRINK, "agrapa": kernel.AGRAPA,
             "kolmogorov": kernel.KOLMOGOROV}  # fmt: skip
    parameters = np.array([*bets.parameters, mean], dtype=np.float64)
    means = null_means(x, mean, population)
    spread = np.ones(x.size)
    if population is not None:
        spread = population / (population - np.arange(x.size, dtype=np.float64))
    out: Vector = kernel.log_wealth(
        x, means, spread, float(upper), names[bets.rule], parameters, nodes, logs
    )
    if population is not None and x.size and x.sum() > population * mean:
        out[-1] = np.inf  # what was seen alone exceeds what the null allows of all
    return out


def null_means(values: Vector, mean: float, population: int | None) -> Vector:
    """The null mean of each value given those before it; the same for all with replacement."""
    if population is None:
        return np.full(len(values), mean)
    before = np.concatenate([[0.0], np.cumsum(values)[:-1]])[: len(values)]
    left = population - np.arange(len(values))
    return (population * mean - before) / left


def p_values(log_wealth_path: Vector) -> Vector:
    """The p-value after each value: the reciprocal of the wealth, at most 1."""
    return np.minimum(1.0, np.exp(-log_wealth_path))


def lowest_p(log_wealth_path: Vector) -> float:
    """The p-value at the end: that of the largest wealth on the way (Ville 1939)."""
    return float(p_values(log_wealth_path).min()) if len(log_wealth_path) else 1.0


def first_below(values: Matrix, mean: float, risk: float) -> Ends:
    """For every row of values, the draw at which the flat mixture first has p ≤ risk; 0: never."""
    nodes, logs = flat_mixture()
    x = np.ascontiguousarray(values, dtype=np.float64)
    found: Ends = _kernel().stopping_times(x, mean, nodes, logs, -np.log(risk))
    return found


@lru_cache(maxsize=4)
def flat_mixture(nodes: int = NODES) -> tuple[Vector, Vector]:
    """The bets of the flat mixture as shares of the largest one, and the logs of their weights."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return (points + 1) / 2, np.log(weights / 2)


@lru_cache(maxsize=1)
def _kernel() -> ModuleType:
    """The compiled loops; only who tests waits for the compiler."""
    from pollwitness.stats import kernel  # noqa: PLC0415

    return kernel
