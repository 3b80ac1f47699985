"""Demands that couple options or areas, as a linear programme with a checked certificate.

Percentages of an unknown total couple all options of an area; figures for an area and for areas
within it must hold together. Both are linear in the votes x[s, c]. The programme minimises the sum
of the amounts by which demands are missed (HiGHS); its dual solution gives one weight for each
demand. The weighted demands are one inequality, and that is verified here in whole numbers and
fractions, independently of the solver: a contradiction is reported only if it adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pollwitness.errors import CertificateError
from pollwitness.tally.rooms import UNBOUNDED

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Matrix = csr_array[np.float64, tuple[int, int]]

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_LARGEST_DENOMINATOR = 10**6


@dataclass(frozen=True, slots=True, eq=False)
class Stations:
    """Rows of votes with bounds, as in :mod:`pollwitness.tally.joint`.

    Shapes: low, high (rows, parts); ballots (rows,). A row may stand for several stations.
    """

    low: Integers
    high: Integers
    ballots_low: Integers
    ballots_high: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """A linear condition on the total votes of some rows: low <= weights . total <= high.

    ``rows`` are positions of rows; ``weights`` has one exact weight for each part. For "p_low to
    p_high of all ballots for option c", two demands: weights e_c - p_low 1 with low = 0, and
    e_c - p_high 1 with high = 0. ``open_ended`` ends are treated as closed (to the official side).
    ``area`` is the area whose figure it is, where it is one.
    """

    label: str
    rows: Integers
    weights: tuple[Fraction, ...]
    low: Fraction | None
    high: Fraction | None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class WeightedInequality:
    """Demands with weights whose sum cannot be met: at least ``needed``, at most ``reachable``.

    A positive weight multiplies a demand's low end ("at least"), a negative one its high end.
    """

    weights: tuple[tuple[str, Fraction], ...]
    needed: Fraction
    reachable: Fraction


def infeasible(stations: Stations, demands: Sequence[Demand]) -> WeightedInequality | None:
    """A weighted sum of demands that no votes can meet, or None.

    None means that fractional votes meet all demands to within the solver's tolerance; whole votes
    then meet them to within one vote per option and area. Each returned inequality was verified
    exactly.
    """
    multipliers = _multipliers(stations, demands)
    if multipliers is None:
        return None
    try:
        return verify(stations, demands, multipliers)
    except CertificateError:
        # The miss is within the solver's tolerance: not a contradiction.
        return None


def verify(
    stations: Stations, demands: Sequence[Demand], multipliers: Sequence[Fraction]
) -> WeightedInequality:
    """The weighted inequality, if it is violated in exact arithmetic.

    Raises:
        CertificateError: if the stations can meet the weighted demands after all.
    """
    needed = Fraction(0)
    used: list[tuple[str, Fraction]] = []
    for demand, weight in zip(demands, multipliers, strict=True):
        end = demand.low if weight > 0 else demand.high
        if weight == 0 or end is None:
            continue
        needed += weight * end
        used.append((demand.label, weight))
    reachable = _reachable(stations, demands, multipliers)
    if reachable is None or reachable >= needed:
        raise CertificateError("the weighted demands can be met")
    return WeightedInequality(tuple(used), needed, reachable)


def _reachable(
    stations: Stations, demands: Sequence[Demand], multipliers: Sequence[Fraction]
) -> Fraction | None:
    """The greatest weighted total over all votes within the stations' bounds; None if unbounded."""
    rows, parts = stations.low.shape
    groups: dict[tuple[int, ...], list[int]] = {}
    belonging: list[list[int]] = [[] for _ in range(rows)]
    for number, (demand, weight) in enumerate(zip(demands, multipliers, strict=True)):
        if weight != 0 and (demand.low if weight > 0 else demand.high) is not None:
            for row in demand.rows.tolist():
                belonging[row].append(number)
    for row, pattern in enumerate(belonging):
        groups.setdefault(tuple(pattern), []).append(row)
    total = Fraction(0)
    for numbers, members in groups.items():
        weights = [
            sum((multipliers[n] * demands[n].weights[c] for n in numbers), Fraction(0))
            for c in range(parts)
        ]
        for row in members:
            value = _best_of_row(stations, row, weights)
            if value is None:
                return None
            total += value
    return total


def _best_of_row(stations: Stations, row: int, weights: list[Fraction]) -> Fraction | None:
    """The greatest weighted sum of one row: fill the best parts first, up to the ballots."""
    low, high = stations.low[row].tolist(), stations.high[row].tolist()
    value = sum((w * x for w, x in zip(weights, low, strict=True)), Fraction(0))
    if low == high:
        return value
    missing = int(stations.ballots_low[row]) - sum(low)
    left = int(stations.ballots_high[row]) - sum(low)
    for part in sorted(range(len(low)), key=lambda c: -weights[c]):
        if weights[part] <= 0 and missing <= 0:
            break
        step = min(high[part] - low[part], left if weights[part] > 0 else missing)
        if weights[part] > 0 and step >= UNBOUNDED // 2:
            return None
        step = max(step, 0)
        value += weights[part] * step
        left -= step
        missing -= step
    return value


def _multipliers(stations: Stations, demands: Sequence[Demand]) -> list[Fraction] | None:
    """The dual weights of the demands where the least total miss is positive."""
    from scipy.optimize import linprog  # noqa: PLC0415  (half of a cold start; rarely needed)
    from scipy.sparse import csr_array, diags_array, hstack, vstack  # noqa: PLC0415

    rows, parts = stations.low.shape
    count = rows * parts
    sides = [(d, 1, d.low) for d in demands if d.low is not None]
    sides += [(d, -1, d.high) for d in demands if d.high is not None]
    if not sides:
        return None
    scale = np.array([max(1.0, *(abs(float(w)) for w in d.weights)) for d, _, _ in sides])
    matrix = vstack([_demand_row(d, -sign, rows, parts) for d, sign, _ in sides])
    limits = np.array([-sign * float(end) for _, sign, end in sides if end is not None])
    slack = csr_array(diags_array(-scale))
    bounded = np.flatnonzero(stations.ballots_high < UNBOUNDED)
    per_row = _row_sums(rows, parts)
    none = csr_array((rows, len(sides)))
    most, least = hstack([per_row, none]).tocsr()[bounded], hstack([-per_row, none])
    a_ub = vstack([hstack([matrix, slack]), most, least]).tocsr()
    b_ub = np.concatenate([limits, stations.ballots_high[bounded], -stations.ballots_low])
    bounds = np.column_stack(
        [
            np.concatenate([stations.low.ravel(), np.zeros(len(sides))]),
            np.concatenate([_finite(stations.high.ravel()), np.full(len(sides), np.inf)]),
        ]
    )
    cost = np.concatenate([np.zeros(count), np.ones(len(sides))])
    # The stubs know no sparse matrices here; HiGHS takes them.
    solved = linprog(cost, A_ub=a_ub, b_ub=b_ub, bounds=bounds, method="highs")  # type: ignore[call-overload]
    if solved.status != 0 or solved.fun <= 1e-7:
        return None
    duals = -np.asarray(solved.ineqlin.marginals)[: len(sides)]
    weights = {id(d): Fraction(0) for d in demands}
    for (demand, sign, _), dual in zip(sides, duals.tolist(), strict=True):
        weights[id(demand)] += sign * Fraction(dual).limit_denominator(_LARGEST_DENOMINATOR)
    return [weights[id(demand)] for demand in demands]


def _finite(values: Integers) -> Floats:
    return np.where(values >= UNBOUNDED, np.inf, values.astype(np.float64))


def _demand_row(demand: Demand, sign: int, rows: int, parts: int) -> Matrix:
    from scipy.sparse import csr_array  # noqa: PLC0415

    weights = np.array([sign * float(w) for w in demand.weights])
    columns = (demand.rows[:, None] * parts + np.arange(parts)).ravel()
    values = np.tile(weights, demand.rows.size)
    return csr_array(
        (values, (np.zeros(columns.size, dtype=np.int64), columns)), shape=(1, rows * parts)
    )


def _row_sums(rows: int, parts: int) -> Matrix:
    from scipy.sparse import csr_array  # noqa: PLC0415

    return csr_array(
        (np.ones(rows * parts), (np.repeat(np.arange(rows), parts), np.arange(rows * parts))),
        shape=(rows, rows * parts),
    )
