"""Official figures that leave stations out: what must be conceded to the official side."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.tally.official import Coverage

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def conceded(contributions: Integers, coverage: Coverage, voters: Integers) -> int:
    """The most votes that stations outside an official count may hold, of those seen.

    Args:
        contributions: shape (stations,): the least votes that each station seen adds.
        coverage: how many stations, or how many voters, the official figure leaves out.
        voters: shape (stations,): voters on the roll of each station (ballots where unknown).

    The stations left out are not named, so the most favourable set of that size counts. For a
    number of voters the set is a knapsack; its continuous relaxation is used, which concedes a
    little more than any real set could.
    """
    if coverage.stations_uncounted is not None:
        top = np.sort(contributions)[::-1][: coverage.stations_uncounted]
        return int(top.sum())
    if coverage.voters_uncounted is not None:
        return _relaxed_knapsack(contributions, voters, coverage.voters_uncounted)
    return 0


def _relaxed_knapsack(contributions: Integers, voters: Integers, capacity: int) -> int:
    weight = np.maximum(voters, 1)
    order = np.argsort(-contributions / weight, kind="stable")
    filled = np.cumsum(weight[order])
    whole = int(np.searchsorted(filled, capacity, side="right"))
    total = int(contributions[order[:whole]].sum())
    if whole == order.size:
        return total
    left = capacity - (int(filled[whole - 1]) if whole else 0)
    cut = order[whole]
    return total + math.ceil(int(contributions[cut]) * left / int(weight[cut]))


def most_left_out(contributions: Integers, coverage: Coverage, voters: Integers) -> Integers:
    """The seen stations that the most favourable uncounted set holds, whole stations only.

    A station that the relaxed set holds in part is not among them.
    """
    if coverage.stations_uncounted is not None:
        return np.argsort(-contributions, kind="stable")[: coverage.stations_uncounted]
    if coverage.voters_uncounted is not None:
        weight = np.maximum(voters, 1)
        order = np.argsort(-contributions / weight, kind="stable")
        whole = int(np.searchsorted(np.cumsum(weight[order]), coverage.voters_uncounted, "right"))
        return order[:whole]
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Concession:
    """The fewest documents that must be wrong when voters are conceded at the same time.

    Between ``least`` and ``at_most`` (a bound by linear programming, and a set that does it);
    ``removed`` are the documents of that set.
    """

    least: int
    at_most: int
    removed: tuple[int, ...]


def least_beside_voters(
    contributions: Integers, voters: Integers, *, conceded_voters: int, excess: int
) -> Concession | None:
    """The fewest stations to remove, beside a free set with so many voters, to undo an excess.

    Whoever defends an official figure chooses both sets together: small stations with many votes
    for each voter are best left uncounted, great ones best called wrong. As a linear programme,

        minimise sum(d)  subject to  sum(v (d + u)) >= excess,  sum(w u) <= W,  d + u <= 1.

    For every price m of a voter, stations cost min(1, m w) each, and the cheapest fractional cover
    less m W bounds the number from below; the bound is concave in m, and its greatest value is the
    optimum of the programme (strong duality). Rounding it gives a set that does it.

    Args:
        contributions: shape (stations,), v: votes that each station adds.
        voters: shape (stations,), w: voters of each station.
        conceded_voters: W.
        excess: what must be undone.

    Returns:
        None if all stations together do not undo it.
    """
    useful = np.flatnonzero(contributions > 0)
    votes = contributions[useful].astype(np.float64)
    weight = np.maximum(voters[useful], 1).astype(np.float64)
    if votes.sum() < excess:
        return None

    def bound(price: float) -> float:
        cost = np.minimum(1.0, price * weight)
        return _fractional_cover(votes, cost, excess) - price * conceded_voters

    price = _best_price(bound, 1.0 / float(weight.min()))
    cheap = np.minimum(1.0, price * weight)
    removed, left, undone = [], float(conceded_voters), 0.0
    for at in np.argsort(cheap / votes, kind="stable"):
        if undone >= excess:
            break
        if price * weight[at] < 1 and weight[at] <= left:
            left -= weight[at]
        else:
            removed.append(int(useful[at]))
        undone += votes[at]
    least = max(math.ceil(bound(price) - 1e-6), 0)
    return Concession(min(least, len(removed)), len(removed), tuple(removed))


def _fractional_cover(votes: Floats, cost: Floats, wanted: float) -> float:
    """The least cost of shares of stations whose votes reach what is wanted."""
    order = np.argsort(cost / votes, kind="stable")
    reached = np.cumsum(votes[order])
    whole = int(np.searchsorted(reached, wanted))
    before = float(reached[whole - 1]) if whole else 0.0
    cut = order[min(whole, order.size - 1)]
    return float(cost[order[:whole]].sum() + cost[cut] * (wanted - before) / votes[cut])


def _best_price(bound: Callable[[float], float], highest: float) -> float:
    """Where a concave function on [0, highest] is greatest, by golden section."""
    low, high = 0.0, highest
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        inner, outer = high - ratio * (high - low), low + ratio * (high - low)
        if bound(inner) < bound(outer):
            low = inner
        else:
            high = outer
    return (low + high) / 2
