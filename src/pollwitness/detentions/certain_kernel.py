"""The greedy search for records that are pairwise certainly different, compiled by numba."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def grown(codes, letters, turned, on, start, years_apart):  # type: ignore[no-untyped-def]
    """The start, and every further record that is certainly different from all taken.

    ``codes`` are given name, sex, father, year, surname of each record, -1 where unknown;
    ``letters`` the consonants of each surname as numbers, 0 behind its end; ``turned`` the given
    name numbered as a surname.
    """
    count = len(codes)
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
            if not differ(codes, letters, turned, place, other, years_apart):
                fits = False
                break
        if fits:
            taken[held] = place
            held += 1
    return taken[:held]


@njit(cache=True)
def differ(codes, letters, turned, one, two, years_apart):  # type: ignore[no-untyped-def]
    """Whether at least two independent parts of two records are known and clearly differ."""
    given, sex, father, year, surname = codes[one]
    given_2, sex_2, father_2, year_2, surname_2 = codes[two]
    if (surname >= 0 and surname == turned[two]) or (surname_2 >= 0 and surname_2 == turned[one]):
        return False  # given name and surname in each other's column
    apart = 0
    # a slip of the hand makes Aleksandra of Aleksandr, and a woman of a man
    if (given >= 0 and given_2 >= 0 and given != given_2) or (
        sex >= 0 and sex_2 >= 0 and sex != sex_2
    ):
        apart += 1
    if father >= 0 and father_2 >= 0 and father != father_2:
        apart += 1
    if year >= 0 and year_2 >= 0 and abs(year - year_2) >= years_apart:
        apart += 1
    if apart >= 1 and surname >= 0 and surname_2 >= 0 and surname != surname_2:
        apart += not is_one_slip(letters[one], letters[two])
    return apart >= 2


@njit(cache=True)
def is_one_slip(one, two):  # type: ignore[no-untyped-def]
    """Whether a letter lost, added or changed, or two swapped, makes one row of the other."""
    size = len(one)
    start = 0
    while start < size and one[start] == two[start]:
        start += 1
    if start == size:
        return True
    changed = lost = added = True
    swapped = start + 1 < size and one[start] == two[start + 1] and one[start + 1] == two[start]
    for at in range(start, size):
        after_1 = one[at + 1] if at + 1 < size else 0
        after_2 = two[at + 1] if at + 1 < size else 0
        changed = changed and (at == start or one[at] == two[at])
        lost = lost and after_1 == two[at]
        added = added and one[at] == after_2
        swapped = swapped and (at < start + 2 or one[at] == two[at])
    return changed or lost or added or swapped
