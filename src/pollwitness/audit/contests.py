"""What a recount has to confirm: the assertions that together make a reported outcome right.

An assertion is a sum over ballots that must be positive: votes for a winner less votes for a loser;
for a share f = p/q of the valid votes, q times the option's votes less p times all valid votes.
Every margin, error and bound is counted in such sums (SHANGRLA, Stark 2020; for shares, sections
2.2 and 3.1 there).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from pollwitness.errors import QuestionError
from pollwitness.tables import Contest, ContestRule

Counts = np.ndarray[tuple[int, int], np.dtype[np.int64]]
PerOption = np.ndarray[tuple[int], np.dtype[np.int64]]
PerStation = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Reported:
    """The reported results of a contest, one row for each station of the manifest.

    ``votes`` has a column for each option, ``ballots`` is an upper bound of the ballots in the box
    of each station. Where the votes exceed it they are the bound.
    """

    stations: tuple[str, ...]
    options: tuple[str, ...]
    votes: Counts
    ballots: PerOption

    def __post_init__(self) -> None:
        """Refuse what is no result.

        Raises:
            QuestionError: with every fault.
        """
        faults = list(_faults(self))
        if faults:
            raise QuestionError("; ".join(faults))

    @property
    def totals(self) -> PerOption:
        """The votes of each option."""
        sums: PerOption = self.votes.sum(axis=0)
        return sums

    @property
    def most_ballots(self) -> PerOption:
        """The most ballots that each box may hold."""
        most: PerOption = np.maximum(self.ballots, self.votes.sum(axis=1))
        return most


def _faults(reported: Reported) -> list[str]:
    found = []
    shape = (len(reported.stations), len(reported.options))
    if reported.votes.shape != shape or reported.ballots.shape != shape[:1]:
        return [f"results of {shape[0]} stations and {shape[1]} options have another shape"]
    if not reported.stations:
        return ["there is no station"]
    doubled = sorted(name for name, times in Counter(reported.stations).items() if times > 1)
    if doubled:
        found.append(f"station {doubled[0]} stands there more than once")
    for name, counts in (("votes", reported.votes.min(axis=1)), ("ballots", reported.ballots)):
        wrong = np.flatnonzero(counts < 0)
        if wrong.size:
            found.append(f"station {reported.stations[wrong[0]]} has negative {name}")
    return found


class Side(StrEnum):
    """What an assertion says of an option."""

    BEATS = "beats"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Assertion:
    """A sum over ballots that is positive if the outcome is right.

    ``side`` says what is asserted of ``winner``: more votes than ``loser``, or more or less than
    ``share`` of the valid votes. ``weights`` are whole numbers, one for each option: what a vote
    for it adds. ``margin`` is the sum over the reported votes, ``worst`` the least that one ballot
    can add.
    """

    side: Side
    winner: str
    loser: str | None
    share: Fraction | None
    weights: tuple[int, ...]
    margin: int
    worst: int


def assertions(contest: Contest, reported: Reported) -> tuple[Assertion, ...]:
    """What must be confirmed of the reported outcome of a contest.

    Plurality: every winner beats every loser. Majority: the leader has more than half; or nobody
    has, and the first two beat all others. Threshold: each option is on its side of the share.

    Raises:
        QuestionError: if the reported outcome is a tie, so that there is no outcome to confirm.
    """
    totals = [int(one) for one in reported.totals]
    order = sorted(range(len(totals)), key=lambda c: (-totals[c], reported.options[c]))
    if contest.rule is ContestRule.PLURALITY:
        found = _pairs(reported, totals, order, contest.winners)
    else:
        share = Fraction(1, 2) if contest.rule is ContestRule.MAJORITY else contest.threshold
        if share is None:
            raise QuestionError(f"contest {contest.id} has no threshold in case.toml")
        sides = order[:1] if contest.rule is ContestRule.MAJORITY else order
        found = [_share(reported, totals, c, share) for c in sides]
        if contest.rule is ContestRule.MAJORITY and found[0].side is Side.BELOW:
            found += _pairs(reported, totals, order, 2)  # who goes into the run-off
    if not found:
        raise QuestionError("everybody wins: there is nothing to confirm")
    for one in found:
        if one.margin <= 0:
            raise QuestionError(
                f"the margin of {one.winner} is zero: a recount of drawn stations cannot confirm it"
            )
    return tuple(found)


def _pairs(
    reported: Reported, totals: Sequence[int], order: Sequence[int], winners: int
) -> list[Assertion]:
    found = []
    for winner in order[:winners]:
        for loser in order[winners:]:
            weights = [0] * len(totals)
            weights[winner], weights[loser] = 1, -1
            names = reported.options[winner], reported.options[loser]
            found.append(Assertion(
                Side.BEATS, names[0], names[1], None, tuple(weights),
                totals[winner] - totals[loser], -1,
            ))  # fmt: skip
    return found


def _share(reported: Reported, totals: Sequence[int], option: int, share: Fraction) -> Assertion:
    """The option has more than a share of the valid votes; or not, if that is what is reported."""
    p, q = share.numerator, share.denominator
    weights = [-p] * len(totals)
    weights[option] += q
    margin = sum(w * t for w, t in zip(weights, totals, strict=True))
    side = Side.ABOVE
    if margin < 0:
        weights, margin, side = [-w for w in weights], -margin, Side.BELOW
    return Assertion(
        side, reported.options[option], None, share, tuple(weights), margin, min(*weights, 0)
    )
