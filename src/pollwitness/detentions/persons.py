"""From pairs of records to persons: what people decided holds, the rest by average probability.

Chains of middling pairs would make one person of many: two groups of records are joined only if
the average over all pairs between them reaches the threshold, a pair that was not even proposed
counting as 0 (average linkage; Sokal and Michener 1958).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pollwitness.detentions.histories import MOST_LISTS, Histories
from pollwitness.detentions.linkage import THRESHOLD, Links
from pollwitness.errors import QuestionError

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided of pairs of records (each in order): of one person, or of two."""

    same: frozenset[Pair] = frozenset()
    different: frozenset[Pair] = frozenset()

    def conflicts(self) -> list[Pair]:
        """Pairs decided to be different whose records other decisions join."""
        group = _joined(self.same)
        return sorted(p for p in self.different if group.get(p[0], p[0]) == group.get(p[1], p[1]))


def _joined(same: Iterable[Pair]) -> dict[str, str]:
    """The first record of the group of every record that a decision joins to another."""
    head: dict[str, str] = {}

    def top(one: str) -> str:
        while head.get(one, one) != one:
            one = head[one]
        return one

    for first, second in sorted(same):
        a, b = sorted((top(first), top(second)))
        head[a] = a
        head[b] = a
    return {one: top(one) for one in head}


def persons(
    record_ids: Sequence[str], links: Links, decisions: Decisions | None = None,
    threshold: float = THRESHOLD,
) -> dict[str, str]:  # fmt: skip
    """The person of every record, named by the first of its records.

    Raises:
        QuestionError: if decisions contradict each other, with the pairs.
    """
    decided = Decisions() if decisions is None else decisions
    wrong = decided.conflicts()
    if wrong:
        shown = "; ".join(f"{a} and {b}" for a, b in wrong[:_SHOWN])
        raise QuestionError(f"decisions contradict each other: {shown} are joined and kept apart")
    groups = _Groups.of(record_ids, links, decided)
    groups.merge(threshold)
    return groups.names()


_SHOWN = 10
_NEVER = -1e9


@dataclass(eq=False)
class _Groups:
    """Groups of records while they are joined; sums of probability between neighbours."""

    members: dict[str, list[str]]
    near: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, record_ids: Sequence[str], links: Links, decided: Decisions) -> _Groups:
        head = _joined(decided.same)
        members: dict[str, list[str]] = {}
        for one in sorted(record_ids):
            members.setdefault(head.get(one, one), []).append(one)
        groups = cls(members, {one: {} for one in members})
        apart = decided.different
        for first, second, chance in links.pairs.iter_rows():
            if (first, second) not in apart:
                groups._add(head.get(first, first), head.get(second, second), chance)
        for first, second in apart:
            groups._add(head.get(first, first), head.get(second, second), _NEVER)
        return groups

    def _add(self, first: str, second: str, chance: float) -> None:
        if first != second and first in self.members and second in self.members:
            self.near[first][second] = self.near[first].get(second, 0.0) + chance
            self.near[second][first] = self.near[second].get(first, 0.0) + chance

    def _average(self, first: str, second: str) -> float:
        pairs = len(self.members[first]) * len(self.members[second])
        return self.near[first][second] / pairs

    def merge(self, threshold: float) -> None:
        """Join the two groups of the greatest average, until none reaches the threshold."""
        heap = [
            (-self._average(one, other), one, other)
            for one, others in self.near.items()
            for other in others
            if one < other and self._average(one, other) >= threshold
        ]
        heapq.heapify(heap)
        while heap:
            negative, one, other = heapq.heappop(heap)
            if one not in self.members or other not in self.near[one]:
                continue
            if self._average(one, other) != -negative:
                continue
            self._join(one, other)
            for third in self.near[one]:
                value = self._average(one, third)
                if value >= threshold:
                    heapq.heappush(heap, (-value, min(one, third), max(one, third)))

    def _join(self, kept: str, gone: str) -> None:
        self.members[kept] += self.members.pop(gone)
        for third, value in self.near.pop(gone).items():
            del self.near[third][gone]
            if third != kept:
                self._add(kept, third, value)

    def names(self) -> dict[str, str]:
        """The first record of the group of every record."""
        return {one: min(group) for group in self.members.values() for one in group}


def capture_histories(
    lists: Mapping[str, str], person: Mapping[str, str], order: Sequence[str]
) -> Histories:
    """How many persons stand on which lists: ``lists`` is the list of every record.

    Raises:
        QuestionError: if there are fewer than two lists, or too many.
    """
    if not 2 <= len(order) <= MOST_LISTS:
        raise QuestionError(f"{len(order)} lists: estimates need 2 to {MOST_LISTS}")
    place = {name: number for number, name in enumerate(order)}
    held: dict[str, int] = {}
    for record, own in person.items():
        held[own] = held.get(own, 0) | 1 << place[lists[record]]
    counts = np.bincount(list(held.values()), minlength=2 ** len(order)).astype(np.int64)
    return Histories(tuple(order), counts)


def by_list(records: pl.DataFrame) -> dict[str, str]:
    """The list of every record."""
    return dict(records.select("record_id", "list_id").iter_rows())
