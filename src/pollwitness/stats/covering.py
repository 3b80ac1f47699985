"""How few documents carry an excess: minimum-cost covers of a total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
MOST_TRIALS = 200_000


@dataclass(frozen=True, slots=True)
class Cover:
    """The least cost of a set whose contributions reach what is needed, and one such set."""

    cost: int
    members: tuple[int, ...]


def least_cover(
    contributions: Integers, needed: int, costs: Integers | None = None
) -> Cover | None:
    """The cheapest set of elements whose contributions sum to at least ``needed``; exact.

    Args:
        contributions: shape (n,); elements with a contribution of 0 or less are never used.
        needed: the sum to be reached; 0 or less is reached by the empty set.
        costs: shape (n,), whole numbers of 1 or more; every element costs 1 where it is left out.

    Returns:
        None if all elements together do not reach it. With equal costs the greatest contributions
        are the cheapest cover; with unequal ones the elements of each cost are ranked and the
        ranks combined by dynamic programming over the total cost.
    """
    if needed <= 0:
        return Cover(0, ())
    useful = np.flatnonzero(contributions > 0)
    if int(contributions[useful].sum()) < needed:
        return None
    if costs is None or (costs[useful] == 1).all():
        order = useful[np.argsort(-contributions[useful], kind="stable")]
        count = int(np.searchsorted(np.cumsum(contributions[order]), needed)) + 1
        return Cover(count, tuple(int(i) for i in order[:count]))
    return _cover_by_cost(contributions, needed, costs, useful)


def _cover_by_cost(
    contributions: Integers, needed: int, costs: Integers, useful: Integers
) -> Cover:
    limit = _greedy_cost(contributions[useful], needed, costs[useful])
    ranked: dict[int, Integers] = {}
    best = np.zeros(limit + 1, dtype=np.int64)
    choices: list[tuple[int, Integers]] = []
    for cost in sorted({int(c) for c in costs[useful]}):
        members = useful[costs[useful] == cost]
        ranked[cost] = members[np.argsort(-contributions[members], kind="stable")]
        prefix = np.cumsum(contributions[ranked[cost]])
        improved, taken = best.copy(), np.zeros(limit + 1, dtype=np.int64)
        for number in range(1, min(prefix.size, limit // cost) + 1):
            shift = number * cost
            candidate = best[: limit + 1 - shift] + prefix[number - 1]
            better = candidate > improved[shift:]
            improved[shift:][better] = candidate[better]
            taken[shift:][better] = number
        best = improved
        choices.append((cost, taken))
    total = int(np.argmax(best >= needed))
    members_chosen: list[int] = []
    left = total
    for cost, taken in reversed(choices):
        number = int(taken[left])
        members_chosen.extend(int(i) for i in ranked[cost][:number])
        left -= number * cost
    return Cover(total, tuple(members_chosen))


def _greedy_cost(contributions: Integers, needed: int, costs: Integers) -> int:
    order = np.argsort(-contributions / costs, kind="stable")
    count = int(np.searchsorted(np.cumsum(contributions[order]), needed)) + 1
    return int(costs[order[:count]].sum())


def in_every_least_cover(
    contributions: Integers, needed: int, costs: Integers | None = None
) -> tuple[int, ...]:
    """The elements that stand in every cheapest cover: without them it costs more, or cannot be.

    Takes the arguments of :func:`least_cover`; empty where nothing is needed or nothing suffices.
    With unequal costs each member of one cover is tried; beyond ``MOST_TRIALS`` elements times
    members this is not done and nothing is named.
    """
    cover = least_cover(contributions, needed, costs)
    if cover is None or not cover.members:
        return ()
    if costs is None or (costs == 1).all():
        return _in_every_by_rank(contributions, needed, cover)
    if contributions.size * len(cover.members) > MOST_TRIALS:
        return ()
    kept = np.arange(contributions.size)
    return tuple(
        member
        for member in sorted(cover.members)
        if _costlier(contributions, needed, costs, (kept != member, cover.cost))
    )


def _costlier(
    contributions: Integers,
    needed: int,
    costs: Integers,
    without: tuple[npt.NDArray[np.bool_], int],
) -> bool:
    kept, cost = without
    other = least_cover(contributions[kept], needed, costs[kept])
    return other is None or other.cost > cost


def _in_every_by_rank(contributions: Integers, needed: int, cover: Cover) -> tuple[int, ...]:
    chosen = np.array(cover.members)
    rest = np.delete(contributions, chosen)
    substitute = max(int(rest.max()), 0) if rest.size else 0
    without = int(contributions[chosen].sum()) - contributions[chosen] + substitute
    return tuple(int(i) for i in np.sort(chosen[without < needed]))
