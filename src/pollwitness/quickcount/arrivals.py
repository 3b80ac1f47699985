"""Stations that have not reported: how much they could change, and what would change the answer.

Stations that come late differ (Mexico 2018: two of four final results lay outside the announced
95 % intervals). So an estimate from those that are there is shown with the set of answers that
holds whenever the odds of an option among the missing stations of a stratum are within a factor Γ
of its odds among those that reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pollwitness.errors import QuestionError
from pollwitness.quickcount.design import LEVEL_95
from pollwitness.quickcount.estimate import Counted, QuickCount, combined
from pollwitness.quickcount.frame import Matrix, Vector, Whole

_MOST_GAMMA = 1e6


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawn sample of which some units have reported.

    Arrays have a row for each drawn unit: ``totals`` and ``votes`` hold 0 where ``reported`` is
    false; ``earlier_totals`` and ``earlier_votes`` are of the frame; ``order`` is the place of a
    unit among the arrivals, from 0, and anything where it has not arrived.
    """

    stratum: Whole
    reported: np.ndarray[tuple[int], np.dtype[np.bool_]]
    totals: Vector
    votes: Matrix
    earlier_totals: Vector
    earlier_votes: Matrix
    order: Whole
    sizes: Whole

    @property
    def counted(self) -> Counted:
        """The units that reported, as if they were the sample."""
        here = self.reported
        return Counted(self.stratum[here], self.totals[here], self.votes[here], self.sizes)

    @property
    def expected(self) -> Vector:
        """The votes that each missing unit should hold: its earlier ones, scaled as those seen."""
        here = self.reported
        seen = self.earlier_totals[here].sum()
        scale = self.totals[here].sum() / seen if seen > 0 else 1.0
        found: Vector = np.where(here, self.totals, self.earlier_totals * scale)
        return found


@dataclass(frozen=True, slots=True)
class Response:
    """How many units of a stratum were drawn, and how many of them reported."""

    stratum: int
    drawn: int
    reported: int


def responses(drawn: Drawn) -> list[Response]:
    """The response by stratum."""
    count = len(drawn.sizes)
    all_of = np.bincount(drawn.stratum, minlength=count)
    here = np.bincount(drawn.stratum[drawn.reported], minlength=count)
    return [Response(h, int(all_of[h]), int(here[h])) for h in range(count) if all_of[h]]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The answers that hold if the missing units are within a factor Γ of those that reported.

    ``shares`` by option, ``lead`` of the first over the second, each as (low, high) with the
    sampling error of 95 % added.
    """

    gamma: float
    shares: tuple[tuple[float, float], ...]
    lead: tuple[float, float]


def sensitivity(
    drawn: Drawn, gamma: float, pair: tuple[int, int] | None = None
) -> Sensitivity:  # fmt: skip
    """The sensitivity set of a factor Γ; a stratum without a report is within Γ of all others.

    The lead is of the first two options, or of this pair.

    Raises:
        QuestionError: if Γ is below 1, or nothing was reported.
    """
    if not gamma >= 1:
        raise QuestionError(f"the factor {gamma} is below 1")
    estimate = combined(drawn.counted, pair)
    shares = []
    for k, share in enumerate(estimate.shares):
        low, high = (_overall(drawn, k, g) for g in (1 / gamma, gamma))
        room = LEVEL_95 * share.error
        shares.append((max(low - room, 0.0), min(high + room, 1.0)))
    return Sensitivity(gamma, tuple(shares), _lead_range(drawn, estimate, gamma))


def _lead_range(drawn: Drawn, estimate: QuickCount, gamma: float) -> tuple[float, float]:
    room = LEVEL_95 * estimate.lead.error
    worst = _overall(drawn, estimate.first, 1 / gamma) - _overall(drawn, estimate.second, gamma)
    best = _overall(drawn, estimate.first, gamma) - _overall(drawn, estimate.second, 1 / gamma)
    return max(worst - room, -1.0), min(best + room, 1.0)


def _overall(drawn: Drawn, option: int, factor: float) -> float:
    """The share of an option if its odds among the missing are those reported times a factor."""
    count = len(drawn.sizes)
    here = drawn.reported
    weight = (drawn.sizes / np.maximum(np.bincount(drawn.stratum, minlength=count), 1))[
        drawn.stratum
    ]
    votes = np.bincount(drawn.stratum[here], drawn.votes[here, option], count)
    totals = np.bincount(drawn.stratum[here], drawn.totals[here], count)
    everywhere = drawn.votes[here, option].sum() / max(drawn.totals[here].sum(), 1e-12)
    share = np.where(totals > 0, votes / np.maximum(totals, 1e-12), everywhere)
    shifted = share * factor / (share * factor + 1 - share)
    own = np.where(here, drawn.votes[:, option], shifted[drawn.stratum] * drawn.expected)
    return float((weight * own).sum() / (weight * drawn.expected).sum())


@dataclass(frozen=True, slots=True)
class Look:
    """What was known after so many reports: the lead, its interval, and the sensitivity set."""

    reported: int
    lead: float
    interval: tuple[float, float]
    within: tuple[float, float]


def looks(drawn: Drawn, gamma: float, most: int = 40) -> tuple[Look, ...]:
    """The lead of those that lead now, as it stood at up to ``most`` moments of the arrival.

    Each look takes the first reports in the order of their arrival. Looking at many of them and
    stopping at one that pleases is not covered by an interval of 95 %.

    Raises:
        QuestionError: if Γ is below 1, or nothing was reported.
    """
    now = combined(drawn.counted)
    pair = (now.first, now.second)
    places = np.flatnonzero(drawn.reported)
    places = places[np.argsort(drawn.order[places], kind="stable")]
    first = min(_LEAST_LOOK, len(places))
    found = []
    for count in np.unique(np.linspace(first, len(places), most).round().astype(int)):
        here = np.zeros(len(drawn.reported), dtype=np.bool_)
        here[places[:count]] = True
        then = replace(
            drawn, reported=here, totals=np.where(here, drawn.totals, 0.0),
            votes=np.where(here[:, None], drawn.votes, 0.0),
        )  # fmt: skip
        if then.totals.sum() == 0:
            continue
        lead = combined(then.counted, pair).lead
        within = sensitivity(then, gamma, pair).lead
        found.append(Look(int(count), lead.value, lead.interval(), within))
    return tuple(found)


_LEAST_LOOK = 5


def tipping_factor(drawn: Drawn) -> float | None:
    """The least Γ at which the first option might not lead; None where no factor does it.

    1 where sampling alone leaves it open.
    """
    estimate = combined(drawn.counted)
    if _lead_range(drawn, estimate, 1.0)[0] <= 0:
        return 1.0
    if _lead_range(drawn, estimate, _MOST_GAMMA)[0] > 0:
        return None
    low, high = 0.0, float(np.log(_MOST_GAMMA))
    for _step in range(60):
        middle = (low + high) / 2
        if _lead_range(drawn, estimate, float(np.exp(middle)))[0] > 0:
            low = middle
        else:
            high = middle
    return float(np.exp(high))


@dataclass(frozen=True, slots=True)
class Needed:
    """What the missing stations must look like to level the first two options.

    ``seen`` is the lead among those that reported, ``needed`` the lead of the second that the
    missing must show, ``votes`` the share of all votes that they are expected to hold.
    """

    seen: float
    needed: float
    votes: float


def needed_of_missing(drawn: Drawn) -> Needed:
    """What the missing must look like for a tie; a lead above 1 cannot be."""
    estimate = combined(drawn.counted)
    count = len(drawn.sizes)
    weight = (drawn.sizes / np.maximum(np.bincount(drawn.stratum, minlength=count), 1))[
        drawn.stratum
    ]
    here = drawn.reported
    margin = drawn.votes[:, estimate.first] - drawn.votes[:, estimate.second]
    held = float((weight * margin)[here].sum())
    missing = float((weight * drawn.expected)[~here].sum())
    all_votes = float((weight * drawn.expected).sum())
    seen = held / float((weight * drawn.totals)[here].sum())
    return Needed(seen, held / missing if missing > 0 else float("inf"), missing / all_votes)


def adjusted(drawn: Drawn) -> QuickCount:
    """The estimate with the missing filled in by arrival and earlier result (a pattern mixture).

    Shares are taken to be linear in the earlier share and in the place of arrival: later stations
    go on the way that those that came last went. Valid in this model alone, and labelled so: the
    errors hold the sampling of units and the uncertainty of the fit, not the choice of the model.

    Raises:
        QuestionError: if fewer than 20 units reported.
    """
    here = drawn.reported
    if here.sum() < _LEAST_FITTED:
        raise QuestionError(f"an adjustment needs {_LEAST_FITTED} units that reported")
    rank = _ranks(drawn)
    filled = drawn.votes.copy()
    room = []
    for option in range(drawn.votes.shape[1]):
        predicted, error = _fitted(drawn, option, rank)
        filled[~here, option] = np.clip(predicted, 0, 1) * drawn.expected[~here]
        room.append(error)
    totals = drawn.expected
    filled = np.minimum(filled, totals[:, None])
    plain = combined(Counted(drawn.stratum, totals, filled, drawn.sizes))
    missing = float(totals[~here].sum() / totals.sum())
    shares = tuple(
        type(one)(one.value, float(np.hypot(one.error, missing * extra)))
        for one, extra in zip(plain.shares, room, strict=True)
    )
    lead_room = missing * float(np.hypot(room[plain.first], room[plain.second]))
    lead = type(plain.lead)(plain.lead.value, float(np.hypot(plain.lead.error, lead_room)))
    return QuickCount(shares, plain.first, plain.second, lead, plain.collapsed, plain.missing)


_LEAST_FITTED = 20


def _ranks(drawn: Drawn) -> Vector:
    """The place of arrival from 0 to 1; the missing are spread over what is left."""
    here = drawn.reported
    count, came = len(here), int(here.sum())
    rank = np.empty(count)
    rank[here] = (np.argsort(np.argsort(drawn.order[here])) + 0.5) / count
    rank[~here] = (came + count) / (2 * count)  # the middle of the rest: the fit is linear
    return rank


def _fitted(drawn: Drawn, option: int, rank: Vector) -> tuple[Vector, float]:
    """The predicted shares of the missing, and the standard error of their mean."""
    here = drawn.reported & (drawn.totals > 0)
    early = drawn.earlier_votes[:, option] / np.maximum(drawn.earlier_totals, 1.0)
    model = np.stack([np.ones(len(rank)), early, rank], axis=1)
    share = drawn.votes[here, option] / drawn.totals[here]
    weight = drawn.totals[here] / drawn.totals[here].mean()
    left = model[here] * weight[:, None]
    inverse = np.linalg.pinv(left.T @ model[here])
    slope = inverse @ (left.T @ share)
    residual = share - model[here] @ slope
    leverage = np.einsum("ij,jk,ik->i", left, inverse, model[here])
    spread = left.T * (residual / np.maximum(1 - leverage, 0.1))  # HC3, MacKinnon and White 1985
    covariance = inverse @ (spread @ spread.T) @ inverse
    there = model[~drawn.reported]
    if not len(there):
        return np.empty(0), 0.0
    held = drawn.expected[~drawn.reported]
    part = held / max(held.sum(), 1e-12)
    mean = (there * part[:, None]).sum(axis=0)
    gap = 1 - drawn.reported.mean()  # the missing come anywhere in what is left of the order
    own = np.sqrt((residual.var() + slope[2] ** 2 * gap**2 / 12) * (part**2).sum())
    return there @ slope, float(np.sqrt(mean @ covariance @ mean + own**2))
