"""Claims about shares: of votes, and of voters who voted."""

from __future__ import annotations

from fractions import Fraction

from pollwitness.checks.check import (
    Answer,
    Judged,
    headline,
    in_each_reading,
    inputs,
    is_fragile,
    lacks,
    quantity,
    reading_verdicts,
    rounding_verdicts,
)
from pollwitness.claims import (
    Claim,
    Figure,
    Finding,
    Inequality,
    Missing,
    Scope,
    judge,
    judge_under_each,
)
from pollwitness.quantities import Denominator, Interval, Rung, Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    HEADLINE,
    RecordedVotes,
    ShareBounds,
    officials_by_area,
    recorded_votes,
    stations_total,
    turnout_bounds,
    unseen_room,
    vote_share_bounds,
)

_TABLES = ("areas", "stations", "protocols", "official_results", "official_figures", "claims")
_MEANINGS = (Denominator.BALLOTS, Denominator.VALID, Denominator.REGISTERED)


def vote_share(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed share of the votes fits the accepted protocols and the rolls.

    Where nobody says what the share is a share of, it is contradicted (or entailed) only if it is
    so as a share of ballots, of valid votes and of registered voters.
    """
    if claim is None or claim.contest_id is None or claim.option_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocols"):
        return missing
    if _repeats_partial(tables, claim):
        return Missing((), "missing.coverage")
    named = claim.denominator not in (Denominator.UNKNOWN, Denominator.NONE)
    return _share_finding(tables, claim, () if named else ("assumption.any_denominator",))


def turnout(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed turnout fits the accepted protocols and the rolls."""
    if claim is None or claim.contest_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocols"):
        return missing
    if _repeats_partial(tables, claim):
        return Missing((), "missing.coverage")
    return _share_finding(tables, claim, ())


def _repeats_partial(tables: CaseTables, claim: Claim) -> bool:
    """Whether the claim may repeat a share of an official count that leaves stations out."""
    votes = recorded_votes(tables, claim.contest_id or "", HEADLINE)
    area = votes.territory.root() if claim.area_id is None else claim.area_id
    official = officials_by_area(tables, claim.contest_id or "").get(area or "")
    if official is None or claim.denied:
        return False
    coverage = official.coverage
    return coverage.stations_uncounted is not None or coverage.voters_uncounted is not None


def _bounds(
    tables: CaseTables, claim: Claim, votes: RecordedVotes, meaning: Denominator
) -> ShareBounds | None:
    if claim.option_id is None:
        return turnout_bounds(tables, votes, claim.area_id)
    return vote_share_bounds(
        tables, votes, claim.area_id, option_id=claim.option_id, denominator=meaning
    )


def _meanings(claim: Claim) -> tuple[Denominator, ...]:
    """What a share may be a share of: what is named, or each of three."""
    if claim.option_id is None:
        return (Denominator.REGISTERED,)
    named = claim.denominator not in (Denominator.UNKNOWN, Denominator.NONE)
    return (claim.denominator,) if named else _MEANINGS


def judged_share(tables: CaseTables, claim: Claim, votes: RecordedVotes) -> Judged:
    """The range of a claimed share or turnout by these forms, and its verdict."""
    found = [_bounds(tables, claim, votes, meaning) for meaning in _meanings(claim)]
    if found == [None]:
        return Judged(Verdict.UNDECIDED, None, None)
    # A meaning that nothing bounds leaves every share possible.
    whole = Interval(Fraction(0), Fraction(1))
    intervals = [whole if bounds is None else bounds.interval for bounds in found]
    verdict = (
        judge(claim.in_shares(), intervals[0])
        if len(intervals) == 1
        else judge_under_each(claim.in_shares(), intervals)
    )
    hull = intervals[0]
    for interval in intervals[1:]:
        hull = hull.hull(interval)
    return Judged(verdict, hull.low, hull.high)


def _share_finding(tables: CaseTables, claim: Claim, texts: tuple[str, ...]) -> Answer:
    contest = claim.contest_id or ""
    judged = in_each_reading(tables, contest, lambda votes: judged_share(tables, claim, votes))
    head = headline(judged)
    votes = recorded_votes(tables, contest, HEADLINE)
    if head.low is None:
        return Missing(("official_results",), "missing.registered")
    room = unseen_room(tables, votes, claim.area_id)
    rounded = rounding_verdicts(claim, head, lambda other: judged_share(tables, other, votes))
    return (
        Finding(
            check="tally.turnout" if claim.option_id is None else "tally.vote_share",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.share",
            verdict=head.verdict,
            rung=Rung.BOUNDS,
            scope=Scope(contest, claim.area_id, None, _options(claim)),
            figures=_figures(tables, claim, votes, head),
            claimed=quantity(claim),
            inequality=_inequality(claim, head),
            assumptions=(
                "assumption.authentic",
                "assumption.one_misread",
                "assumption.form_roll",
                f"assumption.room.{room.basis}",
                *texts,
            ),
            fragile=is_fragile(judged, None) or bool(rounded),
            readings=(*reading_verdicts(judged), *rounded),
            would_decide=("decide.more_protocols",) if head.verdict is Verdict.POSSIBLE else (),
            inputs=inputs(tables, *_TABLES),
        ),
    )


def _options(claim: Claim) -> tuple[str, ...]:
    return () if claim.option_id is None else (claim.option_id,)


def _figures(
    tables: CaseTables, claim: Claim, votes: RecordedVotes, head: Judged
) -> tuple[Figure, ...]:
    figures = [
        Figure("share", None, "share", head.low, head.high),
        Figure("seen_stations", int(votes.seen_in(claim.area_id).size), "stations"),
    ]
    total = stations_total(tables, votes, claim.area_id)
    if total is not None:
        figures.append(Figure("all_stations", total, "stations"))
    return tuple(figures)


def _inequality(claim: Claim, head: Judged) -> Inequality | None:
    if head.verdict is not Verdict.CONTRADICTED or head.low is None or head.high is None:
        return None
    feasible = Interval(head.low, head.high)
    nearest = min(claim.in_shares(), key=feasible.gap)
    if nearest.high <= feasible.low:
        relation = "<" if nearest.high_open else "<="
        return Inequality(head.low, relation, nearest.high, "inequality.share_above_claimed")
    relation = "<" if nearest.low_open else "<="
    return Inequality(nearest.low, relation, head.high, "inequality.claimed_above_share")
