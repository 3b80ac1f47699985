"""Claims about the same quantity against each other: who says what, and what cannot all be true."""

from __future__ import annotations

from functools import lru_cache

from pollwitness.checks.check import Answer, inputs, quantity
from pollwitness.claims import (
    Claim,
    Figure,
    Finding,
    Inequality,
    Related,
    Relation,
    Scope,
    confirmed_claims,
)
from pollwitness.quantities import Interval, Measure, Rung, Unit, Verdict
from pollwitness.tables import CaseTables

_GROWING = {
    Measure.PEOPLE_ARRESTED,
    Measure.PEOPLE_RELEASED,
    Measure.PEOPLE_KILLED,
    Measure.PEOPLE_INJURED,
    Measure.SIGNATURES,
}
"""Counts that a longer time can only increase: a part cannot exceed its whole."""
_OF_AN_ELECTION = {
    Measure.VOTE_SHARE,
    Measure.VOTES,
    Measure.TURNOUT,
    Measure.BALLOTS,
    Measure.STATIONS_WON,
    Measure.STATIONS_CONTRADICTED,
}
"""Quantities that need no days: they are about the election as a whole."""


def who_says_what(tables: CaseTables, claim: Claim | None) -> Answer:
    """How a claim stands to all other claims about the same quantity.

    Claims are no evidence for each other: the verdict is undecided, and the conflicts are listed.
    """
    if claim is None:
        return ()
    related = [
        Related(other.claim_id, relation(claim, other, _superseded(tables)))
        for other in _same_quantity(tables)[_key(claim)]
        if other.claim_id != claim.claim_id
    ]
    if not related and not claim.measure.startswith(("people", "crowd", "police", "signatures")):
        return ()
    counts = {kind: sum(r.relation is kind for r in related) for kind in Relation}
    return (
        Finding(
            check="claims.agreement",
            check_version=1,
            claim_id=claim.claim_id,
            question="question.agreement",
            verdict=Verdict.UNDECIDED,
            rung=Rung.BOUNDS,
            scope=Scope(
                claim.contest_id,
                claim.area_id,
                None,
                () if claim.option_id is None else (claim.option_id,),
            ),
            figures=(
                Figure("claims", len(related) + 1, "claims"),
                *(Figure(str(kind), count, "claims") for kind, count in counts.items() if count),
            ),
            claimed=quantity(claim),
            inequality=_nearest_conflict(tables, claim, related),
            assumptions=("assumption.same_quantity",),
            would_decide=("decide.lists",) if claim.measure.startswith("people") else (),
            related=tuple(sorted(related, key=lambda r: (str(r.relation), r.claim_id))),
            inputs=inputs(tables, "claims"),
        ),
    )


_Key = tuple[str, str | None, str | None, str | None]


def _key(claim: Claim) -> _Key:
    return (str(claim.measure), claim.contest_id, claim.option_id, claim.area_id)


@lru_cache(maxsize=4)
def _same_quantity(tables: CaseTables) -> dict[_Key, list[Claim]]:
    found: dict[_Key, list[Claim]] = {}
    for claim in confirmed_claims(tables):
        found.setdefault(_key(claim), []).append(claim)
    return found


@lru_cache(maxsize=4)
def _superseded(tables: CaseTables) -> dict[str, str]:
    return {c.claim_id: c.supersedes for c in confirmed_claims(tables) if c.supersedes}


def relation(claim: Claim, other: Claim, replaces: dict[str, str]) -> Relation:
    """How another claim stands to this one; both are about the same measure, option and area.

    ``replaces`` maps a claim to the one that it supersedes.
    """
    if _replaces(claim.claim_id, other.claim_id, replaces):
        return Relation.SUPERSEDES
    if _replaces(other.claim_id, claim.claim_id, replaces):
        return Relation.SUPERSEDED
    if claim.claimed is None or other.claimed is None or claim.unit != other.unit:
        return Relation.DOES_NOT_DECIDE
    if claim.denominator != other.denominator:
        return Relation.DOES_NOT_DECIDE
    return _by_time(claim, other)


def _replaces(newer: str, older: str, replaces: dict[str, str]) -> bool:
    seen = {newer}
    step = replaces.get(newer)
    while step is not None and step not in seen:
        if step == older:
            return True
        seen.add(step)
        step = replaces.get(step)
    return False


def _by_time(claim: Claim, other: Claim) -> Relation:
    own, theirs = _window(claim), _window(other)
    if own == theirs and (own is not None or claim.measure in _OF_AN_ELECTION):
        meet = any(a.meets(b) for a in claim.ranges for b in other.ranges)
        return Relation.AGREES if meet else Relation.CONFLICTS
    growing = claim.measure in _GROWING and not (claim.denied or other.denied)
    if own is None or theirs is None or not growing:
        return Relation.DOES_NOT_DECIDE
    return _nested((own, claim.ranges[0]), (theirs, other.ranges[0]))


_Window = tuple[str, str]


def _nested(own: tuple[_Window, Interval], other: tuple[_Window, Interval]) -> Relation:
    """A count over some days against a count over more, or fewer, of them."""
    (start, end), counted = own
    (their_start, their_end), their_count = other
    if their_start <= start and end <= their_end:
        return Relation.CONFLICTS if _exceeds(counted, their_count) else Relation.WHOLE
    if start <= their_start and their_end <= end:
        return Relation.CONFLICTS if _exceeds(their_count, counted) else Relation.PART
    return Relation.DOES_NOT_DECIDE


def _exceeds(part: Interval, whole: Interval) -> bool:
    """Whether even the least of the part is more than the most of the whole."""
    return part.low > whole.high or (part.low == whole.high and (part.low_open or whole.high_open))


def _window(claim: Claim) -> tuple[str, str] | None:
    """The days that a claim is about, if it names any."""
    if claim.event_from is None and claim.event_to is None:
        return None
    start = claim.event_from or claim.event_to or ""
    end = claim.event_to or claim.event_from or ""
    return start[:10], end[:10]


def _nearest_conflict(
    tables: CaseTables, claim: Claim, related: list[Related]
) -> Inequality | None:
    others = {c.claim_id: c for c in _same_quantity(tables)[_key(claim)]}
    conflicts = [
        others[r.claim_id] for r in related
        if r.relation is Relation.CONFLICTS and not others[r.claim_id].denied
    ]  # fmt: skip
    if not conflicts or claim.claimed is None or claim.denied:
        return None
    own = claim.claimed
    nearest = min(
        (c.claimed for c in conflicts if c.claimed is not None), key=own.gap, default=None
    )
    if nearest is None:
        return None
    low, high = (own, nearest) if own.low > nearest.low else (nearest, own)
    if claim.unit in (Unit.PERCENT, Unit.SHARE):
        relation = "<" if low.low_open or high.high_open else "<="
        return Inequality(low.low, relation, high.high, "inequality.claims_conflict")
    least, most = low.least_integer(), high.greatest_integer()
    if least is None or most is None:
        return None
    return Inequality(least, "<=", most, "inequality.claims_conflict")
