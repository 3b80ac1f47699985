"""Two lists: Lincoln-Petersen and Chapman; and Chao's lower bound from how often persons are seen.

Two lists estimate the total if being on one has nothing to do with being on the other, and if
everybody has the same chance to be listed. Where some are easier to find than others the estimate
is too low; Chao's bound stays a lower bound then.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log1p, sqrt

import numpy as np

from pollwitness.detentions.histories import Counts, Histories, Matrix, Vector
from pollwitness.detentions.regression import poisson_fit
from pollwitness.errors import QuestionError

LEVEL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated total with its standard error and an interval of 95 %."""

    total: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lists: their lengths, the persons on both, and what follows for the total."""

    first: str
    second: str
    lengths: tuple[int, int]
    both: int
    lincoln_petersen: float
    chapman: Estimate


def pairs(histories: Histories) -> list[Pair]:
    """Every pair of lists that overlaps, as if there were no other."""
    totals = histories.totals
    return [
        Pair(
            histories.lists[a], histories.lists[b], (totals[a], totals[b]), both,
            totals[a] * totals[b] / both, chapman(totals[a], totals[b], both),
        )
        for a, b, both in histories.overlaps()
        if both
    ]  # fmt: skip


def chapman(first: int, second: int, both: int) -> Estimate:
    """Chapman's estimate (n₁+1)(n₂+1)/(m+1) - 1 with Seber's variance (Chapman 1951; Seber 1970).

    The interval is log-normal in the number of those not seen (Chao 1987), so that it never falls
    below the number of those seen.

    Raises:
        QuestionError: if more stand on both lists than on one of them.
    """
    if both > min(first, second):
        raise QuestionError(f"{both} persons on both lists of {first} and {second}")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (
        (first + 1) * (second + 1) * (first - both) * (second - both)
        / ((both + 1) ** 2 * (both + 2))
    )  # fmt: skip
    return above_seen(total, sqrt(variance), first + second - both)


def above_seen(total: float, error: float, seen: int) -> Estimate:
    """An interval of 95 % that is log-normal in the number of those not seen (Chao 1987)."""
    unseen = total - seen
    if unseen <= 0:
        return Estimate(total, error, total, total)
    factor = exp(LEVEL_95 * sqrt(log1p((error / unseen) ** 2)))
    return Estimate(total, error, seen + unseen / factor, seen + unseen * factor)


def chao_lower_bound(histories: Histories) -> Estimate:
    """Chao's lower bound, whatever the differences between persons, for lists of any lengths.

    The number of persons with a history of k lists follows log μ = c + Σ b_i (over its lists)
    + Σ η_j (k - j + 1)⁺ for j = 3 to p with η ≥ 0; the bound is the number seen plus exp c (Chao
    1987; Rivest and Baillargeon 2007, model Mth).

    Raises:
        QuestionError: if nobody stands on two lists.
    """
    counts = histories.counts[1:].astype(np.float64)
    on = ((np.arange(1, len(counts) + 1)[:, None] >> np.arange(histories.number)) & 1).astype(
        np.float64
    )
    if counts[on.sum(axis=1) >= 2].sum() == 0:
        raise QuestionError("nobody stands on two lists: their overlap gives no bound")
    used = [one for one in range(histories.number) if counts[on[:, one] > 0].sum() > 0]
    possible = on[:, [one for one in range(histories.number) if one not in used]].sum(axis=1) == 0
    counts, on = counts[possible], on[possible][:, used]
    return _bound(np.column_stack([np.ones(len(on)), on]), on.sum(axis=1), counts, None)


def chao_of_frequencies(frequencies: Vector | Counts, lists: int | None) -> Estimate:
    """The bound where all lists are alike: from the numbers of persons seen 1, 2, … times.

    ``lists`` is None where anybody may be seen any number of times. The same with log C(p, k) + bk
    in place of the lists (model Mh). For lists of different lengths it can be too high.

    Raises:
        QuestionError: if nobody was seen twice, or nothing but once and twice is counted.
    """
    seen = np.asarray(frequencies, dtype=np.float64)
    if len(seen) < 2 or seen[1] == 0:
        raise QuestionError("nobody stands on two lists: their overlap gives no bound")
    times = np.arange(1, len(seen) + 1, dtype=np.float64)
    offset = np.array([_log_ways(int(k), lists) for k in times])
    return _bound(np.stack([np.ones(len(times)), times], axis=1), times, seen, offset)


def _bound(
    base: Matrix, times: Vector, counts: Vector, offset: Vector | None
) -> Estimate:  # fmt: skip
    """The numbers seen plus exp of the constant, with the η that are not negative."""
    free = [j for j in range(3, int(times.max()) + 1) if counts[times >= j].sum() > 0]
    while True:
        columns = [np.maximum(times - j + 1, 0.0)[:, None] for j in free]
        fitted = poisson_fit(np.hstack([base, *columns]), counts, offset)
        own = fitted.coefficients[base.shape[1] :]
        wrong = [j for j, value in zip(free, own, strict=True) if value < 0]
        if not wrong:
            break
        free = [j for j in free if j not in wrong]
    unseen = exp(float(fitted.coefficients[0]))
    error = sqrt(unseen + unseen**2 * float(fitted.covariance[0, 0]))
    return above_seen(float(counts.sum()) + unseen, error, int(counts.sum()))


def _log_ways(times: int, lists: int | None) -> float:
    if lists is None:
        return -lgamma(times + 1)
    return lgamma(lists + 1) - lgamma(times + 1) - lgamma(lists - times + 1)
