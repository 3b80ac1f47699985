"""Intervals that hold at every time, along the order in which stations were drawn in advance.

The exact form draws stations one after the other with replacement, each with the same chance, so
that z = Y - θX (Y an option's votes, X all votes of the station) has a mean of 0 at the true share
θ. A bet that z is above or below 0 gains only if θ is wrong; the θ against which no bet has gained
more than 2/level are the interval, at every time at once (Ville 1939; Waudby-Smith and Ramdas
2024). It holds along the drawn order alone, never along that of arrival: a station that has not
reported is replaced by the worst that it can hold, in each direction.

Without replacement a sequence that is valid in the limit is offered beside it, and labelled so
(Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, theorem 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pollwitness.quickcount.arrivals import Drawn
from pollwitness.quickcount.estimate import Counted, combined
from pollwitness.quickcount.frame import Vector
from pollwitness.stats.martingales import flat_mixture

BETS = 32
"""Bets of the mixture: any number is valid, and more gain little."""
GRID = 401
"""Shares that are tried; an interval is widened to the next of them."""


@dataclass(frozen=True, eq=False)
class Sequence:
    """The interval after each draw, as shares; each holds whatever comes."""

    low: Vector
    high: Vector


def exact_sequence(
    votes: Vector, totals: Vector, reported: np.ndarray[tuple[int], np.dtype[np.bool_]],
    bounds: Vector, largest: float, *, level: float = 0.05,
) -> Sequence:  # fmt: skip
    """The intervals of a share along draws with replacement, each station with the same chance.

    Rows are draws in their order: an option's ``votes`` and the ``totals`` of the drawn station,
    whether it ``reported``, and the most votes it can hold (``bounds``). ``largest`` is the most
    that any station of the frame can hold.

    Raises:
        ValueError: if a station holds more than its bound, or a bound exceeds the largest.
    """
    if (bounds > largest).any() or (totals > bounds)[reported].any():
        raise ValueError("a station holds more than its bound")
    goal = np.log(2 / level)
    tried = np.linspace(0, 1, GRID)
    least_up = np.where(reported, votes, 0.0)
    most_up = np.where(reported, totals - votes, 0.0)
    unseen = np.where(reported, 0.0, bounds)
    above = _gained(least_up, most_up, unseen, (tried, largest), is_above=True)
    below = _gained(least_up, most_up, unseen, (tried, largest), is_above=False)
    low = np.array([_last(tried, row >= goal, 0.0) for row in above.T])
    high = np.array([_first(tried, row >= goal, 1.0) for row in below.T])
    return Sequence(low, high)


def _gained(
    votes: Vector, others: Vector, unseen: Vector, where: tuple[Vector, float], *, is_above: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The largest log wealth so far, for each tried share and draw, of bets in one direction.

    For a bet that the share is above θ the value z + θB of a draw is (1 - θ)Y - θ(X - Y) + θB, and
    at the worst of a station that has not reported θ(B - its bound); B is the largest station.
    """
    tried, largest = where
    shares, logs = flat_mixture(BETS)
    out = np.empty((len(tried), len(votes)))
    for place, theta in enumerate(tried):
        z = (1 - theta) * votes - theta * others
        if is_above:
            mean, value = theta * largest, z - theta * unseen
        else:
            mean, value = (1 - theta) * largest, -z - (1 - theta) * unseen
        if mean <= 0:
            out[place] = np.where(np.maximum.accumulate(value) > 0, np.inf, 0.0)
            continue
        with np.errstate(divide="ignore"):
            grown = np.log1p(shares[:, None] * value / mean).cumsum(axis=1) + logs[:, None]
        top = grown.max(axis=0)
        wealth = top + np.log(np.exp(grown - top).sum(axis=0))
        out[place] = np.maximum.accumulate(wealth)
    return out


def _last(tried: Vector, refuted: np.ndarray[tuple[int], np.dtype[np.bool_]], none: float) -> float:
    """The largest share up to which all are refuted."""
    count = int(np.argmin(refuted)) if not refuted.all() else len(refuted)
    return float(tried[count - 1]) if count else none


def _first(
    tried: Vector, refuted: np.ndarray[tuple[int], np.dtype[np.bool_]], none: float
) -> float:
    """The least share from which on all are refuted."""
    count = int(np.argmin(refuted[::-1])) if not refuted.all() else len(refuted)
    return float(tried[len(tried) - count]) if count else none


@dataclass(frozen=True, slots=True)
class LimitStep:
    """The intervals after so many units of every stratum's order, valid in the limit only."""

    units: int
    shares: tuple[tuple[float, float], ...]


def limit_sequence(drawn: Drawn, *, level: float = 0.05) -> tuple[LimitStep, ...]:
    """Intervals along the drawn order of a stratified sample without replacement.

    Rows of ``drawn`` stand in the drawn order within each stratum. Step k takes of every stratum
    the first k parts of its order, and the sequence stops at the first unit that has not reported.
    Each interval is the combined ratio with its standard error, widened by :func:`limit_factor`:
    valid at all times at once as samples grow, not exactly.
    """
    count = len(drawn.sizes)
    chosen = np.bincount(drawn.stratum, minlength=count)
    place = np.zeros(len(drawn.stratum), dtype=np.int64)
    unbroken = np.zeros(count, dtype=np.int64)
    for h in np.flatnonzero(chosen):
        inside = np.flatnonzero(drawn.stratum == h)
        place[inside] = np.arange(len(inside))
        here = drawn.reported[inside]
        unbroken[h] = len(inside) if here.all() else int(np.argmin(here))
    there = chosen > 0
    reach = float((unbroken[there] / chosen[there]).min()) if there.any() else 0.0
    steps = []
    for part in range(1, STEPS + 1):
        if part / STEPS > reach + _SLACK:
            break
        taken = np.floor(chosen * part / STEPS + _SLACK)
        if (taken[there] < np.minimum(chosen[there], 2)).any():
            continue
        chosen_now = place < taken[drawn.stratum]
        units = int(chosen_now.sum())
        estimate = combined(
            Counted(drawn.stratum[chosen_now], drawn.totals[chosen_now], drawn.votes[chosen_now],
                    drawn.sizes)
        )  # fmt: skip
        factor = float(limit_factor(np.array([float(units)]), level=level)[0])
        steps.append(
            LimitStep(units, tuple(
                (max(one.value - factor * one.error, 0.0), min(one.value + factor * one.error, 1.0))
                for one in estimate.shares
            ))
        )  # fmt: skip
    return tuple(steps)


STEPS = 20
"""Steps of a sequence along a stratified sample: the same share of every stratum in each."""
_SLACK = 1e-9


def limit_factor(draws: Vector, *, level: float = 0.05, tuned_at: float = 200.0) -> Vector:
    """By how many standard errors to widen, after so many draws, for a sequence valid in the limit.

    √((nr² + 1)/(nr²) · log((nr² + 1)/level²)), with r such that it is narrowest near ``tuned_at``.
    """
    square = (-2 * np.log(level) + np.log(-2 * np.log(level) + 1)) / tuned_at
    grown = draws * square
    found: Vector = np.sqrt((grown + 1) / grown * np.log((grown + 1) / level**2))
    return found
