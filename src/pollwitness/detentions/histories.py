"""Capture histories: how many persons stand on which lists together, and on no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pollwitness.errors import QuestionError

Counts = np.ndarray[tuple[int], np.dtype[np.int64]]
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
MOST_LISTS = 16


@dataclass(frozen=True, eq=False)
class Histories:
    """Persons by the lists that they stand on.

    ``counts`` has 2^p entries for p lists: entry h is the number of persons who stand on list i
    where bit i of h is set, and on no other. Entry 0, those on no list, is unknown and held as 0.
    """

    lists: tuple[str, ...]
    counts: Counts

    def __post_init__(self) -> None:
        """Refuse what are no histories.

        Raises:
            QuestionError: with every fault.
        """
        faults = []
        if not 2 <= len(self.lists) <= MOST_LISTS:
            faults.append(f"{len(self.lists)} lists: estimates need 2 to {MOST_LISTS}")
        if len(set(self.lists)) != len(self.lists):
            faults.append("two lists have the same name")
        if len(self.counts) != 2 ** len(self.lists):
            faults.append(f"{len(self.counts)} counts for {len(self.lists)} lists")
        elif (self.counts < 0).any():
            faults.append("a count is negative")
        elif self.counts[0] != 0:
            faults.append("those on no list cannot have been counted")
        elif self.counts.sum() == 0:
            faults.append("nobody stands on any list")
        if faults:
            raise QuestionError("; ".join(faults))

    @classmethod
    def of(cls, lists: Sequence[str], rows: Mapping[tuple[int, ...], int]) -> Histories:
        """Histories from patterns of 0 and 1, one for each list; patterns not named count 0.

        Raises:
            QuestionError: if a pattern is none, or the histories are none.
        """
        counts = np.zeros(2 ** min(len(lists), MOST_LISTS), dtype=np.int64)
        for pattern, count in rows.items():
            if len(pattern) != len(lists) or not set(pattern) <= {0, 1}:
                raise QuestionError(f"{pattern} is no pattern of {len(lists)} lists")
            counts[sum(bit << i for i, bit in enumerate(pattern))] += count
        return cls(tuple(lists), counts)

    @property
    def observed(self) -> int:
        """How many persons stand on any list."""
        return int(self.counts.sum())

    @property
    def number(self) -> int:
        """How many lists there are."""
        return len(self.lists)

    def on(self, *lists: int) -> int:
        """How many persons stand on all of these lists, by their places."""
        wanted = sum(1 << one for one in lists)
        places = np.arange(len(self.counts))
        return int(self.counts[(places & wanted) == wanted].sum())

    @property
    def totals(self) -> tuple[int, ...]:
        """The length of each list."""
        return tuple(self.on(one) for one in range(self.number))

    def times_seen(self) -> Counts:
        """How many persons stand on exactly k lists, k = 0 to p; entry 0 is 0."""
        found: Counts = np.bincount(
            bits(len(self.counts)), weights=self.counts, minlength=self.number + 1
        ).astype(np.int64)
        return found

    def without(self, place: int) -> Histories:
        """The histories of the other lists; who stood on the left-out one alone is gone.

        Raises:
            QuestionError: if one list would be left.
        """
        old = np.arange(len(self.counts))
        low = old & ((1 << place) - 1)
        new = low | ((old >> (place + 1)) << place)
        counts = np.bincount(new, weights=self.counts, minlength=len(old) // 2).astype(np.int64)
        counts[0] = 0
        kept = tuple(name for number, name in enumerate(self.lists) if number != place)
        return Histories(kept, counts)

    def overlaps(self) -> list[tuple[int, int, int]]:
        """(list, list, persons on both) of every pair."""
        return [
            (a, b, self.on(a, b)) for a in range(self.number) for b in range(a + 1, self.number)
        ]

    def connected(self) -> bool:
        """Whether overlaps join all lists: without that nothing can be said of those on none."""
        reached, grown = {0}, True
        pairs = [(a, b) for a, b, both in self.overlaps() if both]
        while grown:
            grown = False
            for a, b in pairs:
                if (a in reached) != (b in reached):
                    reached |= {a, b}
                    grown = True
        return len(reached) == self.number


def bits(length: int) -> Counts:
    """How many bits of each number below a length are set."""
    found = np.zeros(length, dtype=np.int64)
    for place in range(int(length).bit_length()):
        found += (np.arange(length) >> place) & 1
    return found
