"""Official figures that leave stations out: what must be conceded to the official side."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pollwitness.tally.official import Coverage

Integers = npt.NDArray[np.int64]


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
