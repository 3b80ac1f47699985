"""Bayesian averaging over decomposable graphs of lists (Madigan and York 1997).

Each graph says which lists may depend; each has a posterior for the number of those on no list; the
answer is their average, weighted by how well each graph explains the overlaps. Exact on whole
numbers: no sampling. The posterior is laid out on a grid of logarithmic steps, each point weighted
by the whole numbers that it stands for, and quantiles are then found among whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import gammaln

from pollwitness.detentions.graphs import MOST_LISTS, Weights, decomposable_graphs, edge_names
from pollwitness.detentions.histories import Counts, Histories, Matrix, Vector
from pollwitness.errors import QuestionError

GRID = 600
"""Points of the grid; whole numbers up to a tenth of it are all there."""
_TRUNCATED, _TOP = 0.005, 0.05
_NEGLIGIBLE = 30.0
_COARSE = 40
_DEEP = 0.8


@dataclass(frozen=True, eq=False)
class GraphAverage:
    """The averaged posterior of the total.

    ``unseen`` are whole numbers of persons on no list, ``weights`` the posterior probability of
    the whole numbers that each stands for. ``graphs`` are the edges and probability of each graph,
    the likeliest first. ``modes`` are totals at which the posterior peaks.
    """

    observed: int
    mean: float
    median: int
    low: int
    high: int
    mode: int
    modes: tuple[int, ...]
    is_truncated: bool
    unseen: Counts
    weights: Vector
    graphs: tuple[tuple[tuple[tuple[str, str], ...], float], ...]


def average(
    histories: Histories, most_unseen: int, *, delta: float | None = None,
    log_prior: Vector | None = None, is_exact: bool = False,
) -> GraphAverage:  # fmt: skip
    """The average over all decomposable graphs, with at most so many persons on no list.

    ``delta`` is the parameter of the prior of cells, 2^-p by default. The prior of the total is
    1/N; ``log_prior`` puts another one, an entry for each number from 1 to ``most_unseen`` of
    persons on no list. ``is_exact`` lays out every whole number instead of a grid.

    Raises:
        QuestionError: for fewer than 3 or more than 6 lists, or lists that do not overlap.
    """
    if not 3 <= histories.number <= MOST_LISTS:
        raise QuestionError(f"decomposable graphs need 3 to 6 lists, not {histories.number}")
    if not histories.connected():
        raise QuestionError("the lists do not overlap enough: overlaps join only some of them")
    if most_unseen < 1:
        raise QuestionError(f"at most {most_unseen} persons on no list leaves nothing to estimate")
    own = 2.0**-histories.number if delta is None else delta
    edges, rows, parts = decomposable_graphs(histories.number)
    task = _Task(histories, own, rows, parts, log_prior, np.arange(len(edges)))
    task = task.pruned(np.unique(np.geomspace(1, most_unseen, _COARSE).astype(np.int64)))
    grid, widths = _grid(most_unseen, is_exact=is_exact)
    logs = task.log_weights(grid)
    joint = logs + np.log(widths)
    top = float(joint.max())
    shares = np.exp(joint - top)
    total = float(shares.sum())
    weights, chances = shares.sum(axis=0) / total, shares.sum(axis=1) / total
    whole = top + log(total)
    order = np.argsort(-chances, kind="stable")
    posterior = _Posterior(task, grid, widths, weights, whole)
    seen = histories.observed
    modes = posterior.modes()
    median, low, high = (seen + posterior.quantile(share) for share in (0.5, 0.025, 0.975))
    return GraphAverage(
        seen, seen + posterior.mean(), median, low, high, seen + modes[0],
        tuple(seen + one for one in sorted(modes)),
        posterior.is_truncated(most_unseen), grid, weights,
        tuple(
            (tuple(edge_names(int(edges[task.kept[g]]), histories.lists)), float(chances[g]))
            for g in order[:_SHOWN]
        ),
    )  # fmt: skip


_SHOWN = 20


def _grid(most: int, *, is_exact: bool) -> tuple[Counts, Vector]:
    """Numbers of persons on no list, and how many whole numbers each stands for."""
    if is_exact or most <= GRID:
        return np.arange(1, most + 1), np.ones(most)
    dense = np.arange(1, GRID // 10 + 1)
    grid = np.unique(np.concatenate([
        dense, np.geomspace(dense[-1], most, GRID - len(dense)).round().astype(np.int64)
    ]))  # fmt: skip
    edges = np.concatenate([[0.5], (grid[1:] + grid[:-1]) / 2, [most + 0.5]])
    return grid, np.diff(edges)


def _log_sum(logs: Matrix) -> Vector:
    """The logarithm of the sums over graphs, without overflow."""
    top = logs.max(axis=0)
    found: Vector = top + np.log(np.exp(logs - top).sum(axis=0))
    return found


@dataclass(frozen=True, eq=False)
class _Task:
    """What the posterior is computed from; ``kept`` are the places of the graphs."""

    histories: Histories
    delta: float
    rows: Weights
    parts: Counts
    log_prior: Vector | None
    kept: Counts

    def pruned(self, coarse: Counts) -> _Task:
        """The same with the graphs that are not negligible at every point of a coarse grid."""
        logs = self.log_weights(coarse)
        kept = np.flatnonzero((logs >= logs.max() - _NEGLIGIBLE).any(axis=1))
        return _Task(
            self.histories, self.delta, self.rows[kept], self.parts[kept], self.log_prior, kept
        )

    def log_weights(self, unseen: Counts) -> Matrix:
        """Log p(histories, unseen | graph) + log prior, shape (graphs, points)."""
        p, n = self.histories.number, self.histories.observed
        cells = 2.0**p * self.delta
        subsets = np.flatnonzero((self.rows != 0).any(axis=0))
        found: Matrix = self.rows[:, subsets].astype(np.float64) @ self._components(subsets, unseen)
        per_part = gammaln(cells) - gammaln(n + unseen + cells)
        found += np.multiply.outer(self.parts.astype(np.float64), per_part)
        own = gammaln(n + unseen + 1) - gammaln(unseen + 1)
        own -= float(gammaln(self.histories.counts[1:] + 1).sum())
        own += -np.log(n + unseen) if self.log_prior is None else self.log_prior[unseen - 1]
        return found + own

    def _components(self, subsets: Counts, unseen: Counts) -> Matrix:
        """Log Γ sums of the margins of each set of lists, shape (sets, points)."""
        p = self.histories.number
        counts = self.histories.counts
        places = np.arange(len(counts))
        out = np.empty((len(subsets), len(unseen)))
        for row, subset in enumerate(subsets.tolist()):
            share = self.delta * 2.0 ** (p - subset.bit_count())
            margin = np.bincount(places & subset, weights=counts, minlength=len(counts))
            inside = margin[(places & ~subset) == 0]
            fixed = float(gammaln(inside[1:] + share).sum()) - len(inside) * float(gammaln(share))
            out[row] = gammaln(unseen + inside[0] + share) + fixed
        return out


@dataclass(frozen=True, eq=False)
class _Posterior:
    """The averaged posterior on the grid, and among whole numbers near a point of it."""

    task: _Task
    grid: Counts
    widths: Vector
    weights: Vector
    whole: float

    def mean(self) -> float:
        return float((self.grid * self.weights).sum())

    def quantile(self, share: float) -> int:
        """The least whole number up to which so much of the probability lies."""
        sums = np.cumsum(self.weights)
        place = min(int(np.searchsorted(sums, share)), len(self.grid) - 1)
        if self.widths[place] <= 1:
            return int(self.grid[place])
        first, last = self._between(place)
        numbers = np.arange(first, last + 1)
        chances = np.exp(_log_sum(self.task.log_weights(numbers)) - self.whole)
        before = float(sums[place - 1]) if place else 0.0
        chances *= self.weights[place] / chances.sum()
        found = int(np.searchsorted(before + np.cumsum(chances), share))
        return int(numbers[min(found, len(numbers) - 1)])

    def _between(self, place: int) -> tuple[int, int]:
        """The whole numbers that a point of the grid stands for."""
        low = (self.grid[place - 1] + self.grid[place]) // 2 + 1 if place else 1
        last = place == len(self.grid) - 1
        high = self.grid[place] if last else (self.grid[place] + self.grid[place + 1]) // 2
        return int(low), int(high)

    def modes(self) -> list[int]:
        """The peaks of the probability of one whole number, the highest first.

        Peaks between which it does not fall below a part of the lower one are the same peak.
        """
        height = self.weights / self.widths
        inner = np.flatnonzero(
            (height >= np.concatenate([[0.0], height[:-1]]))
            & (height > np.concatenate([height[1:], [0.0]]))
        )
        found: list[int] = []
        for place in inner[np.argsort(-height[inner], kind="stable")].tolist():
            if height[place] < _LEAST_PEAK * height.max():
                break
            if all(_is_parted(height, place, other) for other in found):
                found.append(place)
        return [self._peak(place) for place in found]

    def _peak(self, place: int) -> int:
        if self.widths[place] <= 1:
            return int(self.grid[place])
        first = max(place - 1, 0)
        last = min(place + 1, len(self.grid) - 1)
        numbers = np.arange(self.grid[first], self.grid[last] + 1)
        numbers = numbers[:: max(len(numbers) // _FINE, 1)]
        heights = _log_sum(self.task.log_weights(numbers))
        top = int(numbers[int(np.argmax(heights))])
        near = np.arange(max(top - _NEAR, 1), min(top + _NEAR, int(self.grid[-1])) + 1)
        return int(near[int(np.argmax(_log_sum(self.task.log_weights(near))))])

    def is_truncated(self, most: int) -> bool:
        """Whether more than 0.5 % of the probability lies in the top 5 % of the numbers."""
        return float(self.weights[self.grid > most * (1 - _TOP)].sum()) > _TRUNCATED


_LEAST_PEAK = 0.05
_FINE, _NEAR = 200, 40


def _is_parted(height: Vector, one: int, other: int) -> bool:
    low, high = min(one, other), max(one, other)
    valley = float(height[low : high + 1].min())
    return valley < _DEEP * min(float(height[one]), float(height[other]))
