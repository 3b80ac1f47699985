"""What an estimate rests on: each list, each link between records, and the prior.

A missed link makes one person two, so that lists seem to overlap less and the total too large; a
false link makes two persons one, and the total too small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pollwitness.detentions.decomposable import average
from pollwitness.detentions.histories import Histories, bits
from pollwitness.errors import QuestionError

RATES = (0.0, 0.05, 0.10)
"""Shares of links that may be missed, and that may be false."""
DELTAS = (1 / 64, 1 / 16, 1 / 4, 1.0)
Estimator = Callable[[Histories], float]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The estimate without one list; None where the others overlap too little."""

    name: str
    total: float | None


@dataclass(frozen=True, slots=True)
class Links:
    """The estimate if these shares of links were missed and false."""

    missed: float
    false: float
    total: float | None


def without_each_list(histories: Histories, estimate: Estimator) -> list[LeftOut]:
    """The estimate without each list in turn; needs three lists."""
    if histories.number < 3:
        return []
    return [
        LeftOut(name, _or_none(estimate, partial(histories.without, place)))
        for place, name in enumerate(histories.lists)
    ]


def over_link_errors(histories: Histories, estimate: Estimator) -> list[Links]:
    """The estimate over a band of missed and false links."""
    return [
        Links(missed, false, _or_none(estimate, partial(_corrected, histories, missed, false)))
        for missed in RATES
        for false in RATES
    ]  # fmt: skip


def _corrected(histories: Histories, missed: float, false: float) -> Histories:
    return with_missed_links(with_false_links(histories, false), missed)


def over_priors(histories: Histories, most_unseen: int) -> list[tuple[float, float]]:
    """(δ, mean) of the average over decomposable graphs for several priors of the cells."""
    return [(delta, average(histories, most_unseen, delta=delta).mean) for delta in DELTAS]


def with_missed_links(histories: Histories, share: float) -> Histories:
    """The histories before such a share of overlaps was missed.

    Of every history with several lists, observed counts are (1 - share) of the true ones; the
    missing persons stand among those on one list, a record on each, and are taken from there as
    far as there are any.

    Raises:
        QuestionError: if the share is not from 0 to less than 1.
    """
    return _moved(histories, share / (1 - share) if 0 <= share < 1 else -1.0, 1)


def with_false_links(histories: Histories, share: float) -> Histories:
    """The histories if such a share of every overlap joins records of different persons.

    Raises:
        QuestionError: if the share is not from 0 to less than 1.
    """
    return _moved(histories, share if 0 <= share < 1 else -1.0, -1)


def _moved(histories: Histories, share: float, sign: int) -> Histories:
    if share < 0:
        raise QuestionError("a share of links is from 0 to less than 1")
    counts = histories.counts.astype(np.float64)
    several = np.flatnonzero(bits(len(counts)) > 1)
    for place in several:
        singles = [1 << i for i in range(histories.number) if int(place) >> i & 1]
        moved = histories.counts[place] * share
        if sign > 0:
            moved = min([moved, *(counts[one] for one in singles)])
        counts[place] += sign * moved
        for one in singles:
            counts[one] -= sign * moved
    return Histories(histories.lists, np.maximum(counts.round(), 0).astype(np.int64))


def _or_none(estimate: Estimator, make: Callable[[], Histories]) -> float | None:
    try:
        return estimate(make())
    except QuestionError:
        return None
