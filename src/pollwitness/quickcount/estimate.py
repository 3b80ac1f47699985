"""Estimates of a quick count: shares, turnout, the lead, and "too close to call".

The combined ratio estimator of a stratified sample with its linearised variance and the correction
for a finite population (Cochran 1977, 6.11); beside it the separate one. A stratum with one unit
has no variance of its own: it is joined to its neighbour, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pollwitness.errors import QuestionError
from pollwitness.quickcount.design import LEVEL_95
from pollwitness.quickcount.frame import Matrix, Vector, Whole, spread


@dataclass(frozen=True, eq=False)
class Counted:
    """The units of a sample that were counted.

    ``stratum`` numbers them from 0; ``sizes`` are the units of each stratum in the frame, and
    ``expanded`` what the sample of a stratum is expanded to where that is no number of units, such
    as voters.
    """

    stratum: Whole
    totals: Vector
    votes: Matrix
    sizes: Whole
    expanded: Vector | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be estimated from.

        Raises:
            QuestionError: with every fault.
        """
        faults = []
        if (self.votes < 0).any() or (self.totals < 0).any():
            faults.append("a count is negative")
        if (self.votes > self.totals[:, None]).any():
            faults.append("an option has more votes than there are votes")
        if len(self.stratum) == 0:
            faults.append("no unit was counted")
        if (np.bincount(self.stratum, minlength=len(self.sizes)) > self.sizes).any():
            faults.append("more units were counted in a stratum than there are")
        if faults:
            raise QuestionError("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share with its standard error."""

    value: float
    error: float

    def interval(self, level: float = LEVEL_95) -> tuple[float, float]:
        """The interval of a normal quantile around it, cut to what a share or a lead can be."""
        return max(self.value - level * self.error, -1.0), min(self.value + level * self.error, 1.0)


@dataclass(frozen=True, slots=True)
class QuickCount:
    """The result of a quick count.

    ``first`` and ``second`` are the leading options, ``lead`` the first less the second.
    ``collapsed`` names strata joined to another for want of a second unit, ``missing`` strata
    without any counted unit: the estimate says nothing of them.
    """

    shares: tuple[Share, ...]
    first: int
    second: int
    lead: Share
    collapsed: tuple[int, ...]
    missing: tuple[int, ...]

    @property
    def is_too_close(self) -> bool:
        """Whether the interval of the lead holds 0."""
        return self.lead.interval()[0] <= 0


def combined(counted: Counted, pair: tuple[int, int] | None = None) -> QuickCount:
    """The combined ratio estimate; the lead is of the first two options, or of this pair.

    Raises:
        QuestionError: if nobody voted in the counted units, or there is one option.
    """
    joined, collapsed = _collapsed(counted)
    weights = _weights(counted)[counted.stratum]
    total = float((weights * counted.totals).sum())
    if total == 0:
        raise QuestionError("nobody voted in the counted units")
    values = (weights[:, None] * counted.votes).sum(axis=0) / total
    shares = tuple(
        Share(float(value), _error(counted, joined, counted.votes[:, k], float(value), total))
        for k, value in enumerate(values)
    )
    if len(shares) < 2:
        raise QuestionError("a lead needs two options")
    first, second = pair or (int(k) for k in np.argsort(-values, kind="stable")[:2])
    margin = counted.votes[:, first] - counted.votes[:, second]
    lead = float(values[first] - values[second])
    missing = np.flatnonzero(np.bincount(counted.stratum, minlength=len(counted.sizes)) == 0)
    return QuickCount(
        shares, first, second, Share(lead, _error(counted, joined, margin, lead, total)),
        collapsed, tuple(int(one) for one in missing),
    )  # fmt: skip


def separate(counted: Counted, stratum_totals: Vector) -> tuple[float, ...]:
    """The separate ratio estimate: the share of each stratum, weighted by its known total.

    Strata without a counted unit are left out, as the result says of them nothing either.
    """
    count = len(counted.sizes)
    held = np.bincount(counted.stratum, counted.totals, count)
    there = held > 0
    known = stratum_totals[there] / stratum_totals[there].sum()
    return tuple(
        float((known * np.bincount(counted.stratum, votes, count)[there] / held[there]).sum())
        for votes in counted.votes.T
    )


def turnout(counted: Counted, registered: Vector) -> Share:
    """The turnout: votes over registered voters, as a combined ratio."""
    alone = Counted(
        counted.stratum, registered,
        np.stack([counted.totals, np.zeros_like(counted.totals)], axis=1), counted.sizes,
        counted.expanded,
    )  # fmt: skip
    return combined(alone).shares[0]


def _weights(counted: Counted) -> Vector:
    """What one counted unit of each stratum stands for."""
    held = np.bincount(counted.stratum, minlength=len(counted.sizes))
    whole = counted.sizes if counted.expanded is None else counted.expanded
    found: Vector = whole / np.maximum(held, 1)
    return found


def _collapsed(counted: Counted) -> tuple[Whole, tuple[int, ...]]:
    """The stratum whose variance each stratum uses; those with one unit use a neighbour's."""
    held = np.bincount(counted.stratum, minlength=len(counted.sizes))
    joined = np.arange(len(held))
    there = np.flatnonzero(held > 0)
    collapsed = []
    for place, stratum in enumerate(there):
        if held[stratum] == 1 and counted.sizes[stratum] > 1 and len(there) > 1:
            neighbour = there[place + 1] if place + 1 < len(there) else there[place - 1]
            joined[stratum] = joined[neighbour] if neighbour < stratum else neighbour
            collapsed.append(int(stratum))
    for stratum in reversed(there):
        joined[stratum] = joined[joined[stratum]]
    return joined, tuple(collapsed)


def _error(counted: Counted, joined: Whole, votes: Vector, share: float, total: float) -> float:
    """The linearised standard error of a combined ratio."""
    count = len(counted.sizes)
    residual = votes - share * counted.totals
    group = joined[counted.stratum]
    held = np.bincount(counted.stratum, minlength=count)
    within = spread(residual, group, count)[joined]
    weights = _weights(counted)
    fraction = np.minimum(held / np.maximum(counted.sizes, 1), 1.0)
    terms = np.where(held > 0, weights**2 * held * (1 - fraction) * within, 0.0)
    return float(np.sqrt(terms.sum()) / total)
