"""Claims about numbers of stations: won by an option, or contradicted by voters' reports."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pollwitness.checks.check import (
    Answer,
    Judged,
    Support,
    headline,
    in_each_reading,
    inputs,
    is_fragile,
    lacks,
    quantity,
    reading_verdicts,
    support_of_total,
)
from pollwitness.claims import (
    Claim,
    Figure,
    Finding,
    Inequality,
    Missing,
    Robustness,
    Scope,
    judge,
)
from pollwitness.quantities import Interval, Rung, Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    HEADLINE,
    Reading,
    RecordedVotes,
    cast_votes,
    recorded_votes,
    report_conflict,
    stations_total,
    stations_won,
)

Integers = npt.NDArray[np.int64]
_TABLES = ("areas", "stations", "protocols", "official_results", "claims")


def won(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed number of stations won by an option fits the accepted protocols."""
    if claim is None or claim.contest_id is None or claim.option_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocols"):
        return missing
    option = claim.option_id

    def judge_reading(votes: RecordedVotes) -> Judged:
        found = stations_won(votes, option, claim.area_id)
        total = stations_total(tables, votes, claim.area_id)
        low = int(found.certain.size)
        unseen = None if total is None else max(total - found.seen, 0)
        high = None if unseen is None else low + int(found.open.size) + unseen
        return Judged(judge(claim.ranges, _counted(low, high)), low, high)

    judged = in_each_reading(tables, claim.contest_id, judge_reading)
    head = headline(judged)
    votes = recorded_votes(tables, claim.contest_id, HEADLINE)
    support = _support_of_won(tables, claim, votes, head)
    robustness = None if support is None else support.robustness
    found = stations_won(votes, option, claim.area_id)
    return (
        Finding(
            check="tally.stations_won",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.won",
            verdict=head.verdict,
            rung=Rung.BOUNDS,
            scope=Scope(claim.contest_id, claim.area_id, None, (option,)),
            figures=(
                Figure("won", head.low, "stations", head.low, head.high),
                Figure("tied", int(found.tied.size), "stations"),
                *_ahead(tables, claim),
                Figure("seen_stations", found.seen, "stations"),
            ),
            claimed=quantity(claim),
            inequality=_inequality(claim, head),
            assumptions=(
                "assumption.authentic",
                "assumption.one_misread",
                "assumption.blanks_unknown",
                *(("assumption.ahead",) if len(_ahead(tables, claim)) > 1 else ()),
            ),
            decisive=() if support is None else support.decisive,
            robustness=robustness,
            fragile=is_fragile(judged, robustness),
            readings=reading_verdicts(judged),
            would_decide=("decide.more_protocols",) if head.verdict is Verdict.POSSIBLE else (),
            inputs=inputs(tables, *_TABLES),
        ),
    )


def _ahead(tables: CaseTables, claim: Claim) -> tuple[Figure, ...]:
    """Where the option leads every figure given as written, and how many forms that rests on.

    This is what readers count on the sheets. It is more than what is certain where a rival's votes
    are blank and no number of ballots bounds them.
    """
    written = recorded_votes(tables, claim.contest_id or "", Reading.AS_WRITTEN)
    ahead = int(stations_won(written, claim.option_id or "", claim.area_id).ahead.size)
    least = max((interval.least_integer() or 0 for interval in claim.ranges), default=0)
    figures = [Figure("ahead", ahead, "stations")]
    if 0 < least <= ahead:
        figures.append(Figure("documents_ahead", ahead - least + 1, "documents"))
    return tuple(figures)


def _counted(low: int, high: int | None) -> Interval:
    return Interval.at_least(low) if high is None else Interval(low, high)


def _support_of_won(
    tables: CaseTables, claim: Claim, votes: RecordedVotes, head: Judged
) -> Support | None:
    """The fewest protocols on which a decided verdict rests, at whichever end gives way first.

    Without the form of a station that was won, it is not certainly won; without that of a station
    that was lost, it may have been won.
    """
    won = stations_won(votes, claim.option_id or "", claim.area_id)
    seen = votes.seen_in(claim.area_id)
    lost = np.setdiff1d(seen, np.concatenate([won.certain, won.open]))
    found = [
        support_of_total(tables, votes, at, contributions=np.ones(at.size, dtype=np.int64),
                         needed=needed)
        for at, needed in _ends_that_decide(claim, head, (won.certain, lost))
        if 0 < needed <= at.size
    ]  # fmt: skip
    return min(found, key=lambda support: support.robustness.least, default=None)


def _ends_that_decide(
    claim: Claim, head: Judged, stations: tuple[Integers, Integers]
) -> list[tuple[Integers, int]]:
    """For each end of the claimed range: the stations that move it, and how far it must move."""
    won, lost = stations
    low, high = int(head.low or 0), _whole(head.high)
    ends: list[tuple[Integers, int]] = []
    for interval in claim.ranges if len(claim.ranges) == 1 else ():
        least, most = interval.least_integer(), interval.greatest_integer()
        if head.verdict is Verdict.ENTAILED:
            ends += [] if least is None or least <= 0 else [(won, low - least + 1)]
            ends += [] if most is None or high is None else [(lost, most - high + 1)]
        elif head.verdict is Verdict.CONTRADICTED:
            ends += [] if most is None else [(won, low - most)]
            ends += [] if least is None or high is None else [(lost, least - high)]
    return ends


def _inequality(claim: Claim, head: Judged) -> Inequality | None:
    if head.verdict is not Verdict.CONTRADICTED:
        return None
    low = int(head.low or 0)
    nearest = min(claim.ranges, key=_counted(low, _whole(head.high)).gap)
    most = nearest.greatest_integer()
    if most is not None and low > most:
        return Inequality(low, "<=", most, "inequality.stations_above_claimed")
    least = nearest.least_integer()
    return Inequality(least or 0, "<=", head.high or 0, "inequality.claimed_above_stations")


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def contradicted(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether so many stations can be contradicted by voters' own reports.

    At each such station more voters report a ballot for an option than the protocol records.
    """
    if claim is None or claim.contest_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocols", "voter_reports"):
        return missing
    contest = tables.case.contest(claim.contest_id)
    options = contest.option_ids if claim.option_id is None else (claim.option_id,)

    def judge_reading(votes: RecordedVotes) -> Judged:
        cast = cast_votes(tables, votes)
        conflicts = [report_conflict(votes, cast, o, claim.area_id).stations for o in options]
        low = int(np.unique(np.concatenate(conflicts)).size)
        total = stations_total(tables, votes, claim.area_id)
        high = None if total is None else max(total, low)
        return Judged(judge(claim.ranges, _counted(low, high)), low, high)

    judged = in_each_reading(tables, claim.contest_id, judge_reading)
    head = headline(judged)
    return (
        Finding(
            check="tally.stations_contradicted",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.stations_contradicted",
            verdict=head.verdict,
            rung=Rung.BOUNDS,
            scope=Scope(claim.contest_id, claim.area_id, None, tuple(options)),
            figures=(Figure("contradicted_stations", head.low, "stations", head.low, head.high),),
            claimed=quantity(claim),
            inequality=_inequality(claim, head),
            assumptions=("assumption.authentic", "assumption.reports_true"),
            robustness=_reports_behind(head, claim),
            fragile=is_fragile(judged, None),
            readings=reading_verdicts(judged),
            would_decide=("decide.verified_reports", "decide.recount"),
            inputs=inputs(tables, *_TABLES, "voter_reports"),
        ),
    )


def _reports_behind(head: Judged, claim: Claim) -> Robustness | None:
    """At least one report at each station too many would have to be wrong."""
    if head.verdict is not Verdict.ENTAILED:
        return None
    least = max(interval.least_integer() or 0 for interval in claim.ranges)
    count = int(head.low or 0) - least + 1
    return Robustness(count, count, "reports") if count > 0 else None
