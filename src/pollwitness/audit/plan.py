"""What a recount would cost: draws, stations and ballots, for how many errors and refusals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pollwitness.audit.bounds import SCALE, ErrorBounds
from pollwitness.audit.contests import Assertion, Reported
from pollwitness.errors import QuestionError
from pollwitness.stats.martingales import first_below

RATES = (
    (0.0, 0.0), (0.001, 0.0), (0.005, 0.0), (0.01, 0.0), (0.0, 0.01), (0.0, 0.05), (0.005, 0.02),
)  # fmt: skip
"""Shares of ballots in every station that were misread against the outcome, and of refusals."""
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
_TINY = 1e-12
RUNS = 2_000
_MOST_DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Cost:
    """The draws at which half, and nine in ten, of recounts end; None where there are too many.

    ``misread`` is the share of the ballots that were read for a loser, ``refused`` the share of
    stations that do not let count; ``stations`` and ``ballots`` are those of nine in ten.
    """

    misread: float
    refused: float
    median: int | None
    most: int | None
    stations: float | None
    ballots: float | None


@dataclass(frozen=True, slots=True)
class RecountPlan:
    """A recount as planned, at a risk limit.

    ``least`` are the draws without any error by the betting that decides, ``markov`` by
    Kaplan-Markov; ``stations`` and ``ballots`` are what ``least`` draws are expected to take.
    """

    risk_limit: float
    total_bound: float
    least: int
    markov: int
    stations: float
    ballots: float
    costs: tuple[Cost, ...]


def plan_recount(
    reported: Reported, found: Sequence[Assertion], bounds: ErrorBounds, risk_limit: float,
    rng: np.random.Generator,
) -> RecountPlan:  # fmt: skip
    """The plan of a recount, its costs by simulating draws.

    Raises:
        QuestionError: if the risk limit is not between 0 and 1.
    """
    check_risk_limit(risk_limit)
    total = bounds.weight_total
    least = clean_draws(total, risk_limit)
    chances = bounds.weights / bounds.weights.sum()
    costs = tuple(
        _cost(
            (reported, bounds, chances),
            _taint_per_share(reported, found, bounds),
            rates,
            risk_limit,
            rng,
        )
        for rates in RATES
    )
    return RecountPlan(
        risk_limit, total, least, markov_draws(total, risk_limit),
        *expected(chances, reported.most_ballots, least), costs,
    )  # fmt: skip


def check_risk_limit(risk_limit: float) -> None:
    """Refuse a risk limit that is none.

    Raises:
        QuestionError: if it is not between 0 and 1.
    """
    if not 0 < risk_limit < 1:
        raise QuestionError(f"the risk limit {risk_limit} is not between 0 and 1 (5 % is 0.05)")


def clean_draws(total_bound: float, risk_limit: float) -> int:
    """The draws that the flat mixture of bets needs if no recount shows an error.

    With m = 1 - 1/U its wealth after n values of 1 is m/((n+1)(1-m)) · ((1/m)^(n+1) - 1).
    """
    mean = 1 - 1 / total_bound
    goal = -math.log(risk_limit)
    draws = 0
    while True:
        draws += 1
        grown = (draws + 1) * -math.log(mean)
        wealth = math.log(mean / ((draws + 1) * (1 - mean))) + grown + math.log1p(-math.exp(-grown))
        if wealth >= goal:
            return draws


def markov_draws(total_bound: float, risk_limit: float) -> int:
    """The draws that Kaplan-Markov needs if no recount shows an error (Stark 2009)."""
    return math.ceil(math.log(risk_limit) / math.log1p(-1 / total_bound))


def expected(chances: Vector, ballots: Whole, draws: int) -> tuple[float, float]:
    """The different stations, and their ballots, that draws with replacement should hit."""
    with np.errstate(divide="ignore"):  # a station that is drawn for certain
        hit = -np.expm1(draws * np.log1p(-chances))
    return float(hit.sum()), float((hit * ballots).sum())


def _taint_per_share(reported: Reported, found: Sequence[Assertion], bounds: ErrorBounds) -> Vector:
    """The taint of each station if all its ballots were read for the loser and not the winner."""
    error = max((max(one.weights) - one.worst) / one.margin for one in found)
    held = np.maximum(bounds.weights / SCALE, _TINY)
    taints: Vector = error * reported.most_ballots / held
    return taints


def _cost(
    what: tuple[Reported, ErrorBounds, Vector], taints: Vector, rates: tuple[float, float],
    risk_limit: float, rng: np.random.Generator,
) -> Cost:  # fmt: skip
    reported, bounds, chances = what
    total = bounds.weight_total
    most = min(_MOST_DRAWS, 8 * clean_draws(total, risk_limit))
    drawn = rng.choice(len(chances), size=(RUNS, most), p=chances)
    values = np.maximum(1.0 - np.minimum(rates[0] * taints[drawn], 1.0), 0.0)
    values[rng.random((RUNS, most)) < rates[1]] = 0.0
    ends = first_below(values, 1.0 - 1.0 / total, risk_limit)
    half, nine = (_quantile(ends, share) for share in (0.5, 0.9))
    if nine is None:
        return Cost(rates[0], rates[1], half, None, None, None)
    stations, ballots = expected(chances, reported.most_ballots, nine)
    return Cost(rates[0], rates[1], half, nine, stations, ballots)


def _quantile(ends: Whole, share: float) -> int | None:
    """The draw by which a share of the runs has ended; None where fewer end at all."""
    never = np.iinfo(np.int64).max
    ended = np.sort(np.where(ends == 0, never, ends))
    found = int(ended[int(np.ceil(share * len(ended))) - 1])
    return None if found == never else found
