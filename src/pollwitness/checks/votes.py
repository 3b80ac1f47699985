"""Claims about votes and ballots: against protocols, published sums, and voter reports."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

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
    rounding_verdicts,
    support_of_total,
)
from pollwitness.claims import (
    Claim,
    Decisive,
    Figure,
    Finding,
    Inequality,
    Missing,
    Robustness,
    Scope,
    judge,
)
from pollwitness.quantities import Interval, Measure, Rung, Verdict
from pollwitness.stats import least_cover
from pollwitness.tables import CaseTables, vote_column
from pollwitness.tally import (
    HEADLINE,
    Coverage,
    Floor,
    RecordedVotes,
    Source,
    area_bounds,
    cast_votes,
    ceilings,
    conceded,
    floor_with_sums,
    most_left_out,
    officials_by_area,
    recorded_votes,
    stations_total,
    unseen_room,
)

Integers = npt.NDArray[np.int64]
_TABLES = ("areas", "stations", "protocols", "official_results", "official_figures", "claims")


def recorded_total(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed number of votes or ballots fits the accepted protocols and the rolls."""
    if claim is None or claim.contest_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocols"):
        return missing
    contest = claim.contest_id
    judged = in_each_reading(tables, contest, lambda votes: judged_total(tables, claim, votes))
    votes = recorded_votes(tables, contest, HEADLINE)
    head = headline(judged)
    support = _support(tables, claim, votes, head)
    robustness = None if support is None else support.robustness
    rounded = rounding_verdicts(claim, head, lambda other: judged_total(tables, other, votes))
    return (
        Finding(
            check="tally.votes" if claim.measure is Measure.VOTES else "tally.ballots",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.recorded",
            verdict=head.verdict,
            rung=Rung.BOUNDS,
            scope=_scope(claim),
            figures=_figures(tables, claim, votes, head),
            claimed=quantity(claim),
            inequality=_inequality(claim, head),
            assumptions=_assumptions(tables, claim, votes),
            decisive=() if support is None else support.decisive,
            robustness=robustness,
            fragile=is_fragile(judged, robustness) or bool(rounded),
            readings=(*reading_verdicts(judged), *rounded),
            would_decide=_would_decide(head),
            inputs=inputs(tables, *_TABLES),
        ),
    )


def _scope(claim: Claim) -> Scope:
    options = () if claim.option_id is None else (claim.option_id,)
    return Scope(claim.contest_id, claim.area_id, None, options)


def _figure_name(claim: Claim) -> str:
    return "ballots" if claim.option_id is None else vote_column(claim.option_id)


def claim_coverage(tables: CaseTables, claim: Claim) -> Coverage:
    """What a claimed figure leaves out, where it is an official one that does not cover all."""
    area = claim.area_id
    if claim.contest_id is None:
        return Coverage()
    if area is None:
        votes = recorded_votes(tables, claim.contest_id, HEADLINE)
        area = votes.territory.root()
    official = officials_by_area(tables, claim.contest_id).get(area or "")
    count = None if official is None else official.count(_figure_name(claim))
    if official is None or count is None or claim.claimed is None:
        return Coverage()
    return official.coverage if claim.claimed.contains(count.printed) else Coverage()


@dataclass(frozen=True, slots=True, eq=False)
class _Stations:
    """The seen stations of a claim's area: positions, least and most of its figure at each.

    ``rest`` is the least that belongs to other parts there; None for ballots.
    """

    at: Integers
    least: Integers
    most: Integers
    rest: Integers | None


def _stations(claim: Claim, votes: RecordedVotes) -> _Stations:
    at = votes.seen_in(claim.area_id)
    if claim.option_id is None:
        return _Stations(at, votes.ballots_low[at], votes.ballots_high[at], None)
    part = votes.part(claim.option_id)
    rest = votes.low[at].sum(axis=1) - votes.low[at, part]
    return _Stations(at, votes.floor(at, part), votes.ceiling(at, part), rest)


def judged_total(tables: CaseTables, claim: Claim, votes: RecordedVotes) -> Judged:
    """The range of a claimed number of votes or ballots by these forms, and its verdict."""
    bounds = area_bounds(tables, votes, claim.area_id)
    feasible = (
        bounds.ballots if claim.option_id is None else bounds.votes[vote_column(claim.option_id)]
    )
    seen = _stations(claim, votes)
    coverage = claim_coverage(tables, claim)
    low = feasible.low - conceded(seen.least, coverage, votes.weights(seen.at))
    interval = Interval.at_least(low) if feasible.high is None else Interval(low, feasible.high)
    return Judged(judge(claim.ranges, interval), low, feasible.high)


def _greatest_claimed(claim: Claim) -> int | None:
    ends = [interval.greatest_integer() for interval in claim.ranges]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _least_claimed(claim: Claim) -> int | None:
    ends = [interval.least_integer() for interval in claim.ranges]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def _support(
    tables: CaseTables, claim: Claim, votes: RecordedVotes, head: Judged
) -> Support | None:
    """The documents behind a decided verdict, on the side on which the fewest of them decide.

    Taking a form away lowers the least total by what the station held at least, and raises the
    most that is possible by what it could hold beyond.
    """
    seen = _stations(claim, votes)
    held, beyond = seen.least, _beyond(tables, claim, votes, head)
    coverage = claim_coverage(tables, claim)
    if _leaves_out(coverage):
        held = held.copy()
        held[most_left_out(held, coverage, votes.weights(seen.at))] = 0
    found = [
        support_of_total(tables, votes, seen.at, contributions=contributions, needed=needed,
                         outlets=_outlets(tables, claim))
        for contributions, needed in _sides(claim, head, (held, beyond))
        if int(contributions.sum()) >= needed
    ]  # fmt: skip
    return min(found, key=lambda support: support.robustness.least, default=None)


def _beyond(tables: CaseTables, claim: Claim, votes: RecordedVotes, head: Judged) -> Integers:
    """What each station could hold beyond its form, if the form were wrong.

    Where the roll of the area is what bounds the total, a form that states no roll adds nothing:
    its station shares the room that the roll leaves in any case.
    """
    seen = _stations(claim, votes)
    more: Integers = np.maximum(votes.capacity(seen.at) - seen.most, 0)
    above = ceilings(tables, votes, claim.area_id)
    by_roll = replace(above, unseen=None).most(seen.most, seen.rest)
    if by_roll is not None and by_roll == head.high:
        return np.where(above.stated, more, 0)
    return more


def _sides(
    claim: Claim, head: Judged, loosening: tuple[Integers, Integers]
) -> list[tuple[Integers, int]]:
    """For each end on which the verdict rests: what loosens it, and by how much it must."""
    held, beyond = loosening
    low, high = int(head.low or 0), None if head.high is None else int(head.high)
    most, fewest = _greatest_claimed(claim), _least_claimed(claim)
    sides: list[tuple[Integers, int]] = []
    if head.verdict is Verdict.CONTRADICTED and len(claim.ranges) == 1:
        if most is not None and low > most:
            sides.append((held, low - most))
        if fewest is not None and high is not None and high < fewest:
            sides.append((beyond, fewest - high))
    if head.verdict is Verdict.ENTAILED and len(claim.ranges) == 1:
        if fewest is not None and low >= fewest > 0:
            sides.append((held, low - fewest + 1))
        if most is not None and high is not None and high <= most:
            sides.append((beyond, most - high + 1))
    return sides


def _leaves_out(coverage: Coverage) -> bool:
    return coverage.stations_uncounted is not None or coverage.voters_uncounted is not None


def _outlets(tables: CaseTables, claim: Claim) -> int | None:
    official = officials_by_area(tables, claim.contest_id or "").get(claim.area_id or "")
    count = None if official is None else official.count(_figure_name(claim))
    return None if count is None else count.outlets


def _figures(
    tables: CaseTables, claim: Claim, votes: RecordedVotes, head: Judged
) -> tuple[Figure, ...]:
    seen = int(votes.seen_in(claim.area_id).size)
    unit = str(claim.unit)
    low, high = head.low, head.high
    figures = [Figure("recorded", low, unit, low, high)]
    most, fewest = _greatest_claimed(claim), _least_claimed(claim)
    if head.verdict is Verdict.CONTRADICTED and most is not None and int(low or 0) > most:
        figures.append(Figure("short", int(low or 0) - most, unit))
    elif head.verdict is Verdict.CONTRADICTED and fewest is not None and high is not None:
        figures.append(Figure("over", fewest - math.floor(high), unit))
    figures.append(Figure("seen_stations", seen, "stations"))
    total = stations_total(tables, votes, claim.area_id)
    if total is not None:
        figures.append(Figure("all_stations", total, "stations"))
    return tuple(figures)


def _inequality(claim: Claim, head: Judged) -> Inequality | None:
    if head.verdict is not Verdict.CONTRADICTED:
        return None
    most = _greatest_claimed(claim)
    if most is not None and int(head.low or 0) > most:
        return Inequality(int(head.low or 0), "<=", most, "inequality.recorded_above_claimed")
    fewest = _least_claimed(claim)
    if fewest is None or head.high is None:
        return None
    return Inequality(fewest, "<=", head.high, "inequality.claimed_above_room")


def _assumptions(tables: CaseTables, claim: Claim, votes: RecordedVotes) -> tuple[str, ...]:
    texts = ["assumption.authentic", "assumption.one_misread", "assumption.form_roll"]
    room = unseen_room(tables, votes, claim.area_id)
    texts.append(f"assumption.room.{room.basis}")
    if _leaves_out(claim_coverage(tables, claim)):
        texts.append("assumption.coverage")
    return tuple(texts)


def _would_decide(head: Judged) -> tuple[str, ...]:
    if head.verdict is not Verdict.POSSIBLE:
        return ()
    return (
        ("decide.more_protocols", "decide.rolls")
        if head.high is None
        else ("decide.more_protocols",)
    )


def published_sums(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed number fits the sums of protocols that were published without them."""
    if claim is None or claim.contest_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "protocol_sums"):
        return missing
    if _leaves_out(claim_coverage(tables, claim)):
        return Missing((), "missing.coverage")
    votes = recorded_votes(tables, claim.contest_id, HEADLINE)
    floor = floor_with_sums(tables, votes, claim.area_id, figure=_figure_name(claim))
    verdict = judge(claim.ranges, Interval.at_least(floor.votes))
    own = judge(claim.ranges, Interval.at_least(int(_stations(claim, votes).least.sum())))
    alone = verdict is Verdict.CONTRADICTED and own is Verdict.CONTRADICTED
    if alone or not floor.published_sums:
        # Nothing published beyond the protocols, or the protocols alone say the same.
        return ()
    most = _greatest_claimed(claim)
    contradicted = verdict is Verdict.CONTRADICTED and most is not None
    excess = floor.votes - (most or 0) if contradicted else 0
    figures = [
        Figure("recorded", floor.votes, str(claim.unit), floor.votes, None),
        Figure("sum_stations", floor.stations, "stations"),
        Figure("sums", len(floor.published_sums), "sums"),
        Figure("publications", len(_by_document(floor)), "publications"),
    ]
    if contradicted:
        figures.append(Figure("short", excess, str(claim.unit)))
        figures.append(Figure("stations_wrong", _stations_wrong(tables, excess), "stations"))
    return (
        Finding(
            check="tally.sums",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.sums",
            verdict=verdict,
            rung=Rung.BOUNDS,
            scope=_scope(claim),
            figures=tuple(figures),
            claimed=quantity(claim),
            inequality=Inequality(floor.votes, "<=", most or 0, "inequality.sums_above_claimed")
            if contradicted
            else None,
            assumptions=("assumption.sums_authentic",),
            decisive=tuple(
                Decisive(document, None, sum(source.votes for source in sources))
                for document, sources in _by_document(floor).items()
            ),
            robustness=_publications(claim, votes, floor, verdict),
            fragile=verdict is not Verdict.POSSIBLE,
            would_decide=("decide.protocols_behind_sums",),
            inputs=inputs(tables, "areas", "protocol_sums", "protocols", "claims"),
        ),
    )


def _publications(
    claim: Claim, votes: RecordedVotes, floor: Floor, verdict: Verdict
) -> Robustness | None:
    """The fewest publications without which the floor no longer decides; at most all of them."""
    if verdict is Verdict.POSSIBLE:
        return None
    most, fewest = _greatest_claimed(claim), _least_claimed(claim)
    contradicted = verdict is Verdict.CONTRADICTED
    needed = floor.votes - (most or 0) if contradicted else floor.votes - (fewest or 0) + 1
    gains = np.array([
        sum(_beyond_protocols(claim, votes, source) for source in sources)
        for sources in _by_document(floor).values()
    ])  # fmt: skip
    cover = least_cover(gains, needed)
    count = len(_by_document(floor))
    least = count if cover is None else cover.cost
    return Robustness(least, max(least, 1), "publications", None, 1)


def _by_document(floor: Floor) -> dict[str, list[Source]]:
    """The sums of each publication: whoever published one falsely may have published all so."""
    found: dict[str, list[Source]] = {}
    for source in floor.published_sums:
        found.setdefault(source.document_id or "", []).append(source)
    return found


def _beyond_protocols(claim: Claim, votes: RecordedVotes, source: Source) -> int:
    """By how much a published sum exceeds what the protocols of its area hold by themselves."""
    at = votes.seen_in(source.area_id)
    own = (
        votes.ballots_low[at]
        if claim.option_id is None
        else votes.floor(at, votes.part(claim.option_id))
    )
    return max(source.votes - int(own.sum()), 0) if source.overlaps else source.votes


def _stations_wrong(tables: CaseTables, excess: int) -> int:
    """The least number of stations that must be wrong: excess by the greatest possible station."""
    largest = tables.case.largest_station
    return 1 if largest is None else math.ceil(Fraction(excess, largest))


def reported_votes(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a claimed number of votes fits the ballots that voters themselves reported."""
    if claim is None or claim.contest_id is None or claim.option_id is None:
        return Missing((), "missing.contest")
    if missing := lacks(tables, "voter_reports"):
        return missing
    if _leaves_out(claim_coverage(tables, claim)):
        return Missing((), "missing.coverage")
    votes = recorded_votes(tables, claim.contest_id, HEADLINE)
    cast = cast_votes(tables, votes)
    span = votes.territory.span(claim.area_id)
    reported = int(cast.reports[span, cast.options.index(claim.option_id)].sum())
    verdict = judge(claim.ranges, Interval.at_least(reported))
    most = _greatest_claimed(claim)
    wrong = reported - most if verdict is Verdict.CONTRADICTED and most is not None else None
    figures = [Figure("reported", reported, "reports", reported, None)]
    if wrong is not None:
        figures.append(Figure("wrong_reports", wrong, "reports"))
    return (
        Finding(
            check="tally.cast_votes",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.cast",
            verdict=verdict,
            rung=Rung.BOUNDS,
            scope=_scope(claim),
            figures=tuple(figures),
            claimed=quantity(claim),
            inequality=None
            if wrong is None
            else Inequality(reported, "<=", most or 0, "inequality.reports_above_claimed"),
            assumptions=("assumption.reports_true", f"assumption.basis.{cast.basis}"),
            robustness=None if wrong is None else Robustness(wrong, wrong, "reports"),
            would_decide=("decide.verified_reports",),
            inputs=inputs(tables, "voter_reports", "stations", "areas", "claims"),
        ),
    )
