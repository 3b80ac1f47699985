"""The design of a quick count: how many units, from which strata, and how precise that is.

Precision comes from the design variance of the whole frame, stratum by stratum (Cochran 1977,
chapter 5 and 6.11), with the earlier results in place of those to come; not from the handbook
formula that takes voters for the units drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pollwitness.errors import QuestionError
from pollwitness.quickcount.frame import Frame, Vector, Whole, spread

LEAST = 2
"""Units of a stratum without which its variance cannot be estimated."""
LEVEL_95 = 1.959963984540054


class Allocation(StrEnum):
    """How the units of a sample are shared out among strata."""

    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Precision:
    """Half-widths of 95 % intervals, as shares: of each option, and of the lead of the first two.

    ``naive`` and ``naive_lead`` are what the handbook formula gives for as many voters.
    """

    half_widths: tuple[float, ...]
    lead: float
    naive: tuple[float, ...]
    naive_lead: float


def allocate(frame: Frame, total: int, how: Allocation, *, least: int = LEAST) -> Whole:
    """The units of each stratum, at least ``least`` (or all there are), ``total`` together.

    Proportional to N_h; Neyman: to N_h times the deviation of the lead; with costs: divided by the
    root of what a unit of the stratum costs on average.

    Raises:
        QuestionError: if the frame is smaller than the sample, or the sample than the least.
    """
    sizes = frame.sizes
    floor = np.minimum(sizes, least)
    if total > sizes.sum():
        raise QuestionError(f"the frame has {sizes.sum():,} units, fewer than {total:,}")
    if total < floor.sum():
        raise QuestionError(
            f"{len(sizes):,} strata with at least {least} units each take {floor.sum():,}; "
            f"{total:,} are too few: draw more, or join strata"
        )
    weights = sizes.astype(np.float64)
    if how is not Allocation.PROPORTIONAL:
        weights *= np.sqrt(spread(_lead_residual(frame), frame.stratum, len(sizes)))
    if how is Allocation.COST:
        costs = np.bincount(frame.stratum, frame.costs, len(sizes)) / sizes
        weights /= np.sqrt(costs)
    return _shared_out(weights, floor, sizes, total)


def _shared_out(weights: Vector, floor: Whole, sizes: Whole, total: int) -> Whole:
    """Whole numbers in proportion to weights, between floor and size, by largest remainders."""
    if weights.sum() == 0:
        weights = sizes.astype(np.float64)
    low, high = 0.0, float(total) / max(weights[weights > 0].min(), 1e-12)
    for _step in range(200):
        middle = (low + high) / 2
        if np.clip(weights * middle, floor, sizes).sum() < total:
            low = middle
        else:
            high = middle
    wanted = np.clip(weights * low, floor, sizes)
    found = np.floor(wanted + 1e-9).astype(np.int64)
    open_ = found < sizes
    order = np.argsort(-(wanted - found) - open_ * 1e-12, kind="stable")
    for place in order[open_[order]]:
        if found.sum() >= total:
            break
        found[place] += 1
    return found


def precision(frame: Frame, allocation: Whole) -> Precision:
    """The half-widths that a sample would have if the earlier result came again.

    Raises:
        QuestionError: if a stratum has no unit, or more than there are.
    """
    sizes = frame.sizes
    for name, n, most in zip(frame.strata, allocation, sizes, strict=True):
        if not 0 < n <= most:
            raise QuestionError(f"stratum {name}: {n} units of {most}")
    shares = frame.shares
    residuals = [frame.votes[:, k] - shares[k] * frame.totals for k in range(len(shares))]
    voters = float(
        (np.bincount(frame.stratum, frame.totals, len(sizes)) / sizes * allocation).sum()
    )
    first, second = frame.leaders()
    lead = shares[first] - shares[second]
    naive = np.sqrt(shares * (1 - shares) / voters)
    naive_lead = np.sqrt((shares[first] + shares[second] - lead**2) / voters)
    return Precision(
        tuple(LEVEL_95 * _error(frame, one, allocation) for one in residuals),
        LEVEL_95 * _error(frame, _lead_residual(frame), allocation),
        tuple(float(LEVEL_95 * one) for one in naive), float(LEVEL_95 * naive_lead),
    )  # fmt: skip


def sample_size(
    frame: Frame, half_width: float, how: Allocation, *, least: int = LEAST
) -> tuple[int, Whole]:
    """The least sample whose interval of the lead is so narrow, and its allocation.

    Raises:
        QuestionError: if the half-width is not between 0 and 1.
    """
    if not 0 < half_width < 1:
        raise QuestionError(f"the half-width {half_width} is not between 0 and 1 (1 point is 0.01)")
    low, high = int(np.minimum(frame.sizes, least).sum()), int(frame.sizes.sum())
    while low < high:
        middle = (low + high) // 2
        if precision(frame, allocate(frame, middle, how, least=least)).lead <= half_width:
            high = middle
        else:
            low = middle + 1
    return low, allocate(frame, low, how, least=least)


def _error(frame: Frame, residual: Vector, allocation: Whole) -> float:
    """The standard error of a combined ratio: √ Σ N²(1 - n/N)/n · S² over the total."""
    sizes = frame.sizes
    variance = spread(residual, frame.stratum, len(sizes))
    terms = sizes**2 * (1 - allocation / sizes) / allocation * variance
    return float(np.sqrt(terms.sum()) / frame.totals.sum())


def _lead_residual(frame: Frame) -> Vector:
    first, second = frame.leaders()
    margin = frame.votes[:, first] - frame.votes[:, second]
    found: Vector = margin - margin.sum() / frame.totals.sum() * frame.totals
    return found


def strata_table(frame: Frame, allocation: Sequence[int]) -> list[tuple[str, int, int]]:
    """Stratum, units there are, units to draw."""
    sizes = frame.sizes.tolist()
    return list(zip(frame.strata, sizes, (int(n) for n in allocation), strict=True))
