"""The greedy search for records that are pairwise certainly different, compiled by numba."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def grown(codes, on, start, year, years_apart, least):  # type: ignore[no-untyped-def]
    """The start, and every further record that is certainly different from all taken."""
    count, parts = codes.shape
    taken = np.empty(count, dtype=np.int64)
    inside = np.zeros(count, dtype=np.bool_)
    held = 0
    for place in start:
        taken[held] = place
        inside[place] = True
        held += 1
    for place in range(count):
        if inside[place]:
            continue
        fits = True
        for k in range(held):
            other = taken[held - 1 - k]
            if on[place] >= 0 and on[place] == on[other]:
                continue
            apart = 0
            for part in range(parts):
                one, two = codes[place, part], codes[other, part]
                differs = one >= 0 and two >= 0 and one != two
                if differs and (part != year or abs(one - two) >= years_apart):
                    apart += 1
            if apart < least:
                fits = False
                break
        if fits:
            taken[held] = place
            held += 1
    return taken[:held]
