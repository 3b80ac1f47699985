"""How the range of a claimed figure narrowed as documents were published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from pollwitness.checks.check import Judged
from pollwitness.checks.shares import judged_share
from pollwitness.checks.votes import judged_total
from pollwitness.claims import Claim, Finding, HistoryPoint, confirmed_claims
from pollwitness.quantities import Measure
from pollwitness.tables import CaseTables
from pollwitness.tally import HEADLINE, RecordedVotes, days_of_documents, recorded_votes, until

MOST_DAYS = 24
"""A history has at most so many days, evenly chosen; the first and the last are always there."""
_MOST_STATION_DAYS = 3_000_000
_JUDGES = {
    Measure.VOTES: judged_total,
    Measure.BALLOTS: judged_total,
    Measure.VOTE_SHARE: judged_share,
    Measure.TURNOUT: judged_share,
}
_CHECKS = ("tally.votes", "tally.ballots", "tally.vote_share", "tally.turnout")


def with_history(tables: CaseTables, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings on bounded claims, each with its range at the end of every day.

    A contest whose protocols all came on one day has no history to show.
    """
    points: dict[str, list[HistoryPoint]] = {}
    claims = [c for c in confirmed_claims(tables) if c.measure in _JUDGES and c.claimed]
    for contest in tables.case.contests:
        own = [claim for claim in claims if claim.contest_id == contest.id]
        for day in _days(tables, contest.id) if own else ():
            then = until(tables, day)
            votes = recorded_votes(then, contest.id, HEADLINE)
            for claim in own:
                points.setdefault(claim.claim_id, []).append(_point(then, claim, votes, day))
    return tuple(
        replace(finding, history=_bounded(points[finding.claim_id]))
        if finding.check in _CHECKS and finding.claim_id in points
        else finding
        for finding in findings
    )


def _days(tables: CaseTables, contest_id: str) -> list[str]:
    if len(days_of_documents(tables, contest_id, ("protocols",))) < 2:
        return []
    first = days_of_documents(tables, contest_id, ("protocols",))[0]
    days = [day for day in days_of_documents(tables, contest_id) if day >= first]
    stations = max(tables.table("stations").height, 1)
    most = min(MOST_DAYS, max(_MOST_STATION_DAYS // stations, 3))
    if len(days) <= most:
        return days
    return [days[i] for i in np.linspace(0, len(days) - 1, most).round().astype(int)]


def _point(tables: CaseTables, claim: Claim, votes: RecordedVotes, day: str) -> HistoryPoint:
    judged: Judged = _JUDGES[claim.measure](tables, claim, votes)
    documents = int(votes.copies[votes.seen_in(claim.area_id)].sum())
    return HistoryPoint(day, documents, judged.low, judged.high)


def _bounded(points: list[HistoryPoint]) -> tuple[HistoryPoint, ...]:
    """The points from the first day on which anything bounded the figure."""
    known = [i for i, point in enumerate(points) if point.low is not None]
    return tuple(points[known[0] :]) if known else ()
