"""What may be published of counts of persons: nothing from which a few can be singled out.

Every published count is rounded to a multiple of five, each on its own, totals too, so that a small
cell cannot be had by subtracting one published count from another; counts below ten are not given.
"""

from __future__ import annotations

STEP, LEAST = 5, 10


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
