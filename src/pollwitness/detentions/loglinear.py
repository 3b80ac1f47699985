"""Hierarchical log-linear models of capture histories (Fienberg 1972; Cormack 1989).

A model is a set of *generators*: groups of lists that go together in more ways than chance. The
logarithm of the expected count of a history is a sum over all sub-groups of the generators that
the history holds. What the model says of those on no list is exp of its constant term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from pollwitness.detentions.existence import Cells, possible_cells, reaches
from pollwitness.detentions.histories import Histories, Matrix, Vector
from pollwitness.detentions.regression import Fitted, poisson_fit
from pollwitness.errors import QuestionError

Model = tuple[int, ...]
"""The sub-groups of a model as sets of bits, every list itself among them, in ascending order."""
CHI_95 = 3.841458820694124
_MOST_ENUMERATED = 5


@dataclass(frozen=True, eq=False)
class LogLinear:
    """A fitted model: the total, its standard error, and how well it fits.

    ``degrees`` are cells less parameters; ``cells`` the places, from 0 for the first history, that
    the model can fill given the margins, and ``fit`` is on these.
    """

    model: Model
    total: float
    error: float
    deviance: float
    degrees: int
    parameters: int
    aic: float
    aicc: float
    bic: float
    cells: tuple[int, ...]
    fit: Fitted


def independence(lists: int) -> Model:
    """The model in which no list has to do with another."""
    return tuple(1 << one for one in range(lists))


def closed(generators: Sequence[int], lists: int) -> Model:
    """The model with these generators: all their sub-groups, and every list itself."""
    held = set(independence(lists))
    for one in generators:
        part = one
        while part:
            held.add(part)
            part = (part - 1) & one
    return tuple(sorted(held))


def generators(model: Model) -> tuple[int, ...]:
    """The largest groups of a model."""
    return tuple(
        one for one in model if not any(one != other and one & other == one for other in model)
    )


def model_name(model: Model, lists: Sequence[str]) -> str:
    """A model as the field writes it: [EXH ABA][OSCE]."""
    return "".join(
        "[" + " ".join(name for i, name in enumerate(lists) if one >> i & 1) + "]"
        for one in sorted(generators(model), key=lambda g: (-g.bit_count(), g))
    )


@lru_cache(maxsize=8)
def all_models(lists: int) -> tuple[Model, ...]:
    """Every hierarchical model but the saturated one: 1, 8, 113 or 6,893 for 2 to 5 lists.

    Raises:
        QuestionError: for more than 5 lists, which have 7,785,061.
    """
    if lists > _MOST_ENUMERATED:
        raise QuestionError(f"{lists} lists have too many models to try all: join lists, or use "
                            "decomposable graphs")  # fmt: skip
    whole = (1 << lists) - 1
    groups = sorted(
        (one for one in range(1, whole) if one.bit_count() > 1), key=lambda g: (g.bit_count(), g)
    )
    found = [frozenset(independence(lists))]
    for group in groups:
        faces = [group & ~(1 << i) for i in range(lists) if group >> i & 1]
        found += [
            held | {group} for held in found
            if all(face.bit_count() < 2 or face in held for face in faces)
        ]  # fmt: skip
    return tuple(sorted((tuple(sorted(held)) for held in found), key=lambda m: (len(m), m)))


def design_of(model: Model, lists: int) -> Matrix:
    """A row for every history but that of none, a column for the constant and each group."""
    histories = np.arange(1, 1 << lists)
    columns = [np.ones(len(histories))]
    columns += [((histories & one) == one).astype(np.float64) for one in model]
    return np.stack(columns, axis=1)


def fit(histories: Histories, model: Model) -> LogLinear | None:
    """The fit of a model; None where it says nothing of those on no list.

    Cells that the model cannot fill given the margins are left out (the extended maximum).
    """
    design = design_of(model, histories.number)
    counts = histories.counts[1:].astype(np.float64)
    cells: Cells = ~np.any(design[:, design.T @ counts == 0] > 0, axis=1)
    fitted = _try(design, counts, cells)
    if fitted is None or fitted.means.min() < _VANISHING or not fitted.has_converged:
        cells = possible_cells(design, counts)
        fitted = _try(design, counts, cells)
    if fitted is None or not fitted.has_converged:
        return None
    return _described(histories, model, fitted, tuple(np.flatnonzero(cells).tolist()))


_VANISHING = 1e-6
"""Expected counts below this may be on their way to 0: it is asked whether a maximum exists."""


def _try(design: Matrix, counts: Vector, cells: Cells) -> Fitted | None:
    """The fit on some cells; None where these say nothing of the constant term."""
    inside = design[cells]
    columns = _independent(inside)
    if len(columns) < design.shape[1]:
        none = np.zeros(design.shape[1])
        none[0] = 1.0
        if not reaches(inside, none):
            return None
    return poisson_fit(inside[:, columns], counts[cells])


def _independent(design: Matrix) -> list[int]:
    """Columns of full rank, the first ones kept: groups that no possible cell tells apart go."""
    if len(design) and np.linalg.matrix_rank(design) == design.shape[1]:
        return list(range(design.shape[1]))
    kept: list[int] = []
    for column in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return kept


def _described(
    histories: Histories, model: Model, fitted: Fitted, cells: tuple[int, ...]
) -> LogLinear:
    unseen = exp(float(fitted.coefficients[0]))
    seen = histories.observed
    error = np.sqrt(unseen + unseen**2 * float(fitted.covariance[0, 0]))
    parameters = len(fitted.coefficients)
    aic = -2 * fitted.log_likelihood + 2 * parameters
    spare = seen - parameters - 1
    more = 2 * parameters * (parameters + 1) / spare if spare > 0 else inf
    return LogLinear(
        model, seen + unseen, float(error), fitted.deviance,
        len(cells) - parameters, parameters, aic, aic + more,
        -2 * fitted.log_likelihood + parameters * log(seen), cells, fitted,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """The total with the largest multinomial likelihood, and the interval of 95 % around it."""

    total: float
    low: float
    high: float


def profile(histories: Histories, model: Model) -> Profile:
    """The profile likelihood of the total under a model (Cormack 1992).

    Raises:
        QuestionError: if the model says nothing of those on no list.
    """
    start = fit(histories, model)
    if start is None:
        raise QuestionError("the model says nothing of those on no list")
    design = design_of(model, histories.number)
    counts = histories.counts[1:].astype(np.float64)
    cells = possible_cells(design, counts)
    inside = design[cells][:, _independent(design[cells])]
    none = np.zeros((1, inside.shape[1]))
    none[0, 0] = 1.0
    return profile_of(np.vstack([none, inside]), counts[cells], start.total - histories.observed)


def profile_of(
    design: Matrix, counts: Vector, unseen: float, offset: Vector | None = None
) -> Profile:
    """The profile of N for a design whose first row is that of those on no list."""
    seen = float(counts.sum())

    def likelihood(missing: float) -> float:
        total = seen + missing
        fitted = poisson_fit(design, np.concatenate([[missing], counts]), offset)
        shares = fitted.means / total
        held = float((counts * np.log(shares[1:])).sum())
        held += missing * log(shares[0]) if missing > 0 else 0.0
        return lgamma(total + 1) - lgamma(missing + 1) + held

    top = minimize_scalar(lambda u: -likelihood(exp(u)), bracket=(log(unseen) - 0.2, log(unseen)),
                          tol=1e-9)  # fmt: skip
    best, most = exp(float(top.x)), -float(top.fun)

    def gap(missing: float) -> float:
        return 2 * (most - likelihood(missing)) - CHI_95

    low = 0.0 if gap(0.0) < 0 else brentq(gap, 0.0, best, xtol=1e-6)
    far = best * 2 + 10
    while gap(far) < 0:
        if far > _ENDLESS * (seen + best):
            return Profile(seen + best, seen + low, inf)
        far *= 2
    return Profile(seen + best, seen + low, seen + brentq(gap, best, far, xtol=1e-6))


_ENDLESS = 1e4
