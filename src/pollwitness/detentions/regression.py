"""Poisson regression by iteratively reweighted least squares, small and dense."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from pollwitness.detentions.histories import Matrix, Vector

_STEPS = 100
_CLOSE = 1e-11
_MET = 1e-6
_LEAST, _LARGEST = -30.0, 50.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fit: coefficients, their covariance, expected counts, and the likelihood.

    ``deviance`` is twice the gap of the log-likelihood to a perfect fit. ``has_converged`` says
    whether the margins are met, as they are at the maximum.
    """

    coefficients: Vector
    covariance: Matrix
    means: Vector
    deviance: float
    log_likelihood: float
    has_converged: bool


def poisson_fit(design: Matrix, counts: Vector, offset: Vector | None = None) -> Fitted:
    """The maximum of the likelihood of counts with log means = offset + design · coefficients.

    ``design`` has a row for each count and full column rank; the maximum must exist (see
    :mod:`pollwitness.detentions.existence`).
    """
    shift = np.zeros(len(counts)) if offset is None else offset
    eta = np.log(counts + 0.1)
    before = np.inf
    for _step in range(_STEPS):
        weights = np.exp(eta)
        work = eta + (counts - weights) / weights
        found = _solved(design, weights, work - shift)
        eta = np.clip(shift + design @ found, _LEAST, _LARGEST)
        deviance = _deviance(counts, np.exp(eta))
        if abs(deviance - before) < _CLOSE * (abs(deviance) + 1):
            break
        before = deviance
    means = np.exp(eta)
    covariance = np.asarray(np.linalg.pinv(design.T @ (means[:, None] * design)), np.float64)
    likelihood = float((xlogy(counts, means) - means - gammaln(counts + 1)).sum())
    gap = float(np.abs(design.T @ (counts - means)).max())
    is_met = gap <= _MET * max(float(counts.sum()), 1.0)
    return Fitted(found, covariance, means, _deviance(counts, means), likelihood, is_met)


def _solved(design: Matrix, weights: Vector, work: Vector) -> Vector:
    """The weighted least squares, by normal equations where these are well enough determined."""
    left = design.T * weights
    try:
        return np.asarray(np.linalg.solve(left @ design, left @ work), np.float64)
    except np.linalg.LinAlgError:
        root = np.sqrt(weights)
        return np.asarray(np.linalg.lstsq(design * root[:, None], work * root, rcond=None)[0])


def _deviance(counts: Vector, means: Vector) -> float:
    return float(2 * (xlogy(counts, counts / means) - counts + means).sum())
