"""How much one station can hide: error bounds, and the taint that a recount shows.

The error of a station is the greatest share of a margin by which its report overstates an
assertion; its bound u is what the worst ballots in its box would make of it. If the outcome is
wrong, the errors of all stations add up to at least 1 (Stark 2008, Macro; Stark 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pollwitness.audit.contests import Assertion, Counts, PerStation, Reported

SCALE = 10**9
"""Error bounds are published as whole numbers of billionths, rounded up."""


@dataclass(frozen=True, eq=False)
class ErrorBounds:
    """The error bounds of all stations, exact and as the whole weights that draws use.

    ``weights`` are never below the bounds, so that what is proven with them holds.
    """

    bounds: PerStation
    weights: np.ndarray[tuple[int], np.dtype[np.int64]]

    @property
    def total(self) -> float:
        """The sum of all bounds, U; a recount of one station decides at most 1/U of the outcome."""
        return float(self.bounds.sum())

    @property
    def weight_total(self) -> float:
        """The sum of the published weights, in the unit of the bounds."""
        return float(self.weights.sum()) / SCALE


def error_bounds(reported: Reported, found: Sequence[Assertion]) -> ErrorBounds:
    """The error bound of each station: the greatest over all assertions.

    (reported sum of the station - ballots · the least that a ballot adds) / margin.
    """
    columns = np.ascontiguousarray(reported.votes.T)
    most = reported.most_ballots
    bounds = np.zeros(len(most))
    for one in found:
        most_hidden = most * -one.worst
        for weight, column in zip(one.weights, columns, strict=True):
            if weight:
                most_hidden += weight * column
        np.maximum(bounds, most_hidden / one.margin, out=bounds)
    return ErrorBounds(bounds, np.ceil(bounds * SCALE).astype(np.int64))


def errors(reported: Counts, counted: Counts, found: Sequence[Assertion]) -> PerStation:
    """The error of each station whose votes were counted again, in shares of the margins.

    ``reported`` and ``counted`` have a row for each such station. Negative where the report
    understates every assertion.
    """
    weights = np.array([one.weights for one in found], dtype=np.float64)
    margins = np.array([one.margin for one in found], dtype=np.float64)
    largest: PerStation = (((reported - counted) @ weights.T) / margins).max(axis=1)
    return largest
