"""What may be published of counts of persons: nothing from which a few can be singled out.

Every published count is rounded to a multiple of five, so that a small one cannot be had by
subtracting one published count from another; counts below ten are not given, but together. Sums are
those of published counts: rounded on their own they would give small counts away.
Estimates are published as they follow from such counts alone: then they tell nothing that the
counts do not, and anybody can repeat them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pollwitness.detentions.histories import Counts, Histories, Vector

STEP, LEAST = 5, 10
MOST_POOLED = 0.05
"""The greatest share of those on several lists that may be spread for an estimate."""


def shown(count: int) -> int | None:
    """A count as it may be published: a multiple of five; None for what is below ten.

    >>> shown(12), shown(13), shown(9), shown(0)
    (10, 15, None, None)
    """
    return None if count < LEAST else STEP * ((count + STEP // 2) // STEP)


def at_least(count: int) -> int:
    """The greatest multiple of five that a lower bound may be published as; 0 below ten.

    >>> at_least(14), at_least(9)
    (10, 0)
    """
    return 0 if count < LEAST else STEP * (count // STEP)


def at_most(count: int) -> int | None:
    """The multiple of five that an upper bound may be published as, always above it.

    It tells no more than :func:`at_least` of the same count does.

    >>> at_most(14), at_most(15), at_most(9)
    (15, 20, None)
    """
    return None if count < LEAST else STEP * (count // STEP + 1)


@dataclass(frozen=True, eq=False)
class Released:
    """Histories that may be published, and what was made of the counts that may not.

    ``counts`` has None where a count is below ten. ``pooled`` is how many persons these are
    together, None if fewer than ten (and too few where it would give them away).
    ``histories`` has them spread as if the lists were independent: estimates are computed from it
    alone.
    """

    counts: tuple[int | None, ...]
    pooled: int | None
    histories: Histories

    @property
    def least(self) -> int:
        """The least number of persons that the published counts leave possible."""
        counts = sum(max(one - STEP // 2, LEAST) for one in self.counts if one is not None)
        return counts + (0 if self.pooled is None else max(self.pooled - STEP // 2, LEAST))

    @property
    def is_enough(self) -> bool:
        """Whether the counts that are not given are too few to change an estimate much."""
        is_whole = None not in self.counts[1:]
        left = 0 if is_whole else LEAST // 2 if self.pooled is None else self.pooled
        return left <= MOST_POOLED * int(self.histories.times_seen()[2:].sum())


def released(histories: Histories) -> Released:
    """The histories as they may be published.

    Raises:
        QuestionError: if nothing is left to publish.
    """
    counts = tuple(shown(int(one)) for one in histories.counts[1:])
    pooled = _together([int(one) for one in histories.counts[1:] if one < LEAST])
    return Released((None, *counts), pooled, rebuilt(histories.lists, counts, pooled))


def _together(hidden: list[int]) -> int | None:
    """The sum of hidden counts; no greater than leaves each of them five values at least.

    Two counts below ten that are 18 together are nine each: such sums are published as smaller.
    """
    half, largest = STEP // 2, LEAST - 1
    cap = half + largest * (len(hidden) - 1) + LEAST - STEP
    return shown(min(sum(hidden), STEP * (cap // STEP)))


def rebuilt(
    lists: tuple[str, ...], counts: tuple[int | None, ...], pooled: int | None
) -> Histories:
    """Histories from published counts of each pattern but that of no list, and nothing else.

    The pooled persons are spread over the patterns without a count, in the proportions of
    independent lists, whole persons by largest remainders.

    Raises:
        QuestionError: if no count is given at all.
    """
    known: Counts = np.array([0, *(one or 0 for one in counts)], dtype=np.int64)
    missing = np.array([False, *(one is None for one in counts)])
    shares = _independent(known, missing, len(lists))
    wanted = (pooled or 0) * shares
    spread = np.floor(wanted).astype(np.int64)
    rest = round(float(wanted.sum())) - int(spread.sum())
    order = np.argsort(-(wanted - spread), kind="stable")[:rest]
    spread[order] += 1
    return Histories(lists, known + spread)


def _independent(known: Counts, missing: Counts, lists: int) -> Vector:
    """The shares of the missing patterns if lists were independent, by the counts that are known.

    Each list has the odds that those on some other list give it, as far as their counts are known.
    """
    places = np.arange(len(known))
    chances = np.empty(lists)
    for one in range(lists):
        on = ((places >> one) & 1).astype(bool)
        others = (places & ~(1 << one)) != 0
        both, alone = known[on & others].sum() + 1.0, known[~on & others].sum() + 1.0
        chances[one] = both / (both + alone)
    bits = ((places[:, None] >> np.arange(lists)) & 1).astype(bool)
    found: Vector = np.where(bits, chances, 1 - chances).prod(axis=1) * missing
    whole = float(found.sum())
    return found / whole if whole else found
