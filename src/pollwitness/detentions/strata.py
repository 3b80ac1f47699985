"""Several strata, such as regions or months: estimated apart, joined where too thin, added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pollwitness.detentions.decomposable import GraphAverage
from pollwitness.detentions.histories import Counts, Histories
from pollwitness.errors import QuestionError

LEAST_OVERLAP = 10
"""Persons on two lists or more that a stratum needs to be estimated apart."""
POOLED = "*joined"
NOT_KNOWN = "*not-known"
"""No names that an area or a month can have."""
DRAWS = 100_000


@dataclass(frozen=True, eq=False)
class Stratified:
    """The sum over strata: the parts estimated apart, and which were joined for want of overlap."""

    parts: Mapping[str, GraphAverage]
    joined: tuple[str, ...]
    mean: float
    low: float
    high: float


def pooled(
    strata: Mapping[str, Histories], least: int = LEAST_OVERLAP
) -> tuple[dict[str, Histories], tuple[str, ...]]:
    """The strata with those too thin to stand alone joined into one, and the names of these.

    A stratum is too thin where its overlaps do not join all lists, or hold fewer persons than
    ``least``. If the joined one is too thin still, the next thinnest is joined to it.

    Raises:
        QuestionError: if there is no stratum, or strata have different lists.
    """
    if not strata:
        raise QuestionError("there is no stratum")
    if len({one.lists for one in strata.values()}) > 1:
        raise QuestionError("the strata have different lists")
    order = sorted(strata, key=lambda name: (_overlap(strata[name]), name))
    thin = [name for name in order if _is_thin(strata[name], least)]
    rest = [name for name in order if name not in thin]
    if not thin:
        return dict(strata), ()
    whole = _sum([strata[name] for name in thin])
    while rest and _is_thin(whole, least):
        thin.append(rest.pop(0))
        whole = _sum([strata[name] for name in thin])
    if len(thin) == 1:
        return dict(strata), ()
    apart = {name: strata[name] for name in sorted(rest)}
    return apart | {POOLED: whole}, tuple(sorted(thin))


def _overlap(one: Histories) -> int:
    return int(one.times_seen()[2:].sum())


def _is_thin(one: Histories, least: int) -> bool:
    return _overlap(one) < least or not one.connected()


def _sum(parts: list[Histories]) -> Histories:
    return Histories(parts[0].lists, np.sum([one.counts for one in parts], axis=0))


def stratified(
    strata: Mapping[str, Histories], estimate: Callable[[Histories], GraphAverage],
    rng: np.random.Generator, least: int = LEAST_OVERLAP,
) -> Stratified:  # fmt: skip
    """The total over strata whose posteriors are independent; its quantiles by drawing from each.

    Differences between strata in who is found no longer bias the total; differences within do.

    Raises:
        QuestionError: if the strata cannot be estimated even joined.
    """
    apart, joined = pooled(strata, least)
    parts = {name: estimate(one) for name, one in apart.items()}
    total = np.zeros(DRAWS, dtype=np.int64)
    for name in sorted(parts):
        total += _drawn(parts[name], rng)
    low, high = np.quantile(total, (0.025, 0.975))
    mean = sum(part.mean for part in parts.values())
    return Stratified(parts, joined, mean, float(low), float(high))


def _drawn(part: GraphAverage, rng: np.random.Generator) -> Counts:
    found: Counts = part.observed + rng.choice(part.unseen, size=DRAWS, p=part.weights)
    return found
