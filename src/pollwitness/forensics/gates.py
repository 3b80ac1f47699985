"""Gates before any result: a table that fails one gives no result, and the gate says why.

A well-known package ships the Russian election of 2011 under the name "Canada 2011"; sums against
official totals find that out. Gates know nothing of the results that come after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from pollwitness.forensics.integers import included
from pollwitness.forensics.stations import StationResults

LEAST_STATIONS = 100
LEAST_COVERAGE = Fraction(9, 10)
MOST_OFF = Fraction(1, 400)
"""Sums may differ from the official totals by a quarter of a percent: annulled stations, late
changes. The sums of Mexico 2012 are off by 0.13 %, those of Russia 2011 by 0.02 %."""
MOST_ABOVE_ROLL = Fraction(1, 1000)
"""One station in a thousand may have more ballots than voters: added voters, slips."""


class Gate(StrEnum):
    """What is looked at before any result."""

    STATIONS = "stations"
    """Enough stations can be used."""
    COUNTS = "counts"
    """Ballots do not exceed voters, nor the leader's votes the ballots."""
    VARIETY = "variety"
    """Turnout and share are not the same everywhere."""
    COVERAGE = "coverage"
    """The table holds nearly all stations there are."""
    SUMS = "sums"
    """Sums equal the official totals of the election that the table is said to be about."""


class GateOutcome(StrEnum):
    """How a gate ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    """Nobody stated what it takes; results are shown with that remark."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """The outcome of a gate with the two figures that it compared, and what they are."""

    gate: Gate
    outcome: GateOutcome
    found: Fraction | None = None
    wanted: Fraction | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of the election from elsewhere; None where nobody states it."""

    stations: int | None = None
    registered: int | None = None
    ballots: int | None = None
    leader: int | None = None


def gates(stations: StationResults, expected: Expected) -> tuple[GateResult, ...]:
    """Every gate, in the order in which they are listed."""
    return (
        _stations(stations),
        _counts(stations),
        _variety(stations),
        _coverage(stations, expected),
        *_sums(stations, expected),
    )


def is_open(results: tuple[GateResult, ...]) -> bool:
    """Whether no gate failed."""
    return all(result.outcome is not GateOutcome.FAILED for result in results)


def _outcome(passed: bool) -> GateOutcome:
    return GateOutcome.PASSED if passed else GateOutcome.FAILED


def _stations(stations: StationResults) -> GateResult:
    used = int(included(stations).sum())
    return GateResult(
        Gate.STATIONS, _outcome(used >= LEAST_STATIONS), Fraction(used), Fraction(LEAST_STATIONS),
        "stations",
    )  # fmt: skip


def _counts(stations: StationResults) -> GateResult:
    """More ballots than voters, or more votes than ballots, at more than one station in 1,000.

    Stations without a roll of their own (for travellers, say) have no voters to exceed.
    """
    wrong = (stations.registered > 0) & (
        np.maximum(stations.turned_out, stations.ballots) > stations.registered
    )
    wrong |= stations.leader > stations.ballots
    share = Fraction(int(wrong.sum()), max(stations.size, 1))
    return GateResult(
        Gate.COUNTS, _outcome(share <= MOST_ABOVE_ROLL), share, MOST_ABOVE_ROLL, "share"
    )


def _variety(stations: StationResults) -> GateResult:
    kept = stations.only(included(stations))
    pairs = ((kept.turned_out, kept.registered), (kept.leader, kept.ballots))
    different = min(
        (int(np.unique(part / whole).size) for part, whole in pairs if whole.size), default=0
    )
    return GateResult(
        Gate.VARIETY, _outcome(different > 1), Fraction(different), Fraction(2), "values"
    )


def _coverage(stations: StationResults, expected: Expected) -> GateResult:
    if expected.stations is None:
        return GateResult(Gate.COVERAGE, GateOutcome.NOT_CHECKED)
    share = Fraction(stations.size, max(expected.stations, 1))
    good = LEAST_COVERAGE <= share <= 2 - LEAST_COVERAGE
    return GateResult(Gate.COVERAGE, _outcome(good), share, LEAST_COVERAGE, "share")


def _sums(stations: StationResults, expected: Expected) -> tuple[GateResult, ...]:
    totals = (
        ("registered", stations.registered, expected.registered),
        ("ballots", stations.ballots, expected.ballots),
        ("leader", stations.leader, expected.leader),
    )
    found = tuple(
        GateResult(
            Gate.SUMS,
            _outcome(abs(Fraction(int(column.sum()) - total, max(total, 1))) <= MOST_OFF),
            Fraction(int(column.sum())),
            Fraction(total),
            name,
        )
        for name, column, total in totals
        if total is not None
    )
    return found or (GateResult(Gate.SUMS, GateOutcome.NOT_CHECKED),)
