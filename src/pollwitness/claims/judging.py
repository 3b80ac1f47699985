"""Judging a claimed range against what the evidence leaves possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pollwitness.claims.finding import Finding
from pollwitness.quantities import Interval, Rung, Verdict


def judge(ranges: Iterable[Interval], feasible: Interval) -> Verdict:
    """The rung-1 verdict on a claim whose truth means a figure in one of ``ranges``.

    Contradicted if no possible figure lies in a range, entailed if every possible figure lies in
    one of them, possible otherwise.
    """
    claimed = tuple(ranges)
    if not any(interval.meets(feasible) for interval in claimed):
        return Verdict.CONTRADICTED
    if any(feasible.within(interval) for interval in claimed):
        return Verdict.ENTAILED
    return Verdict.POSSIBLE


def judge_under_each(ranges: Iterable[Interval], alternatives: Iterable[Interval]) -> Verdict:
    """The verdict where one of several meanings is the right one and nobody says which.

    Contradicted (or entailed) only if it is so under each of them.
    """
    claimed = tuple(ranges)
    verdicts = {judge(claimed, feasible) for feasible in alternatives}
    return verdicts.pop() if len(verdicts) == 1 else Verdict.POSSIBLE


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """What all findings on one claim amount to. ``heads`` are the ids of those that decide."""

    claim_id: str
    heads: tuple[str, ...]
    verdict: Verdict
    rung: Rung


_DECIDED = (Verdict.CONTRADICTED, Verdict.ENTAILED)


def claim_verdict(claim_id: str, findings: Iterable[Finding]) -> ClaimVerdict:
    """The verdict on a claim from its findings (interfaces, "Types").

    A rung-1 contradiction or entailment heads; two that conflict mean that the evidence contradicts
    itself: both are shown and the verdict is undecided. Otherwise rung 2 heads, then what rung 1
    leaves possible. Rung 3 is only shown.
    """
    own = [f for f in findings if f.claim_id == claim_id and f.rung is not Rung.INDICATIONS]
    decided = [f for f in own if f.rung is Rung.BOUNDS and f.verdict in _DECIDED]
    if decided:
        verdicts = {f.verdict for f in decided}
        verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.UNDECIDED
        return ClaimVerdict(claim_id, _ids(decided), verdict, Rung.BOUNDS)
    estimates = [f for f in own if f.rung is Rung.ESTIMATES and f.verdict is not Verdict.UNDECIDED]
    if estimates:
        head = estimates[0]
        return ClaimVerdict(claim_id, (head.id,), head.verdict, Rung.ESTIMATES)
    bounded = [f for f in own if f.verdict is Verdict.POSSIBLE]
    if bounded:
        return ClaimVerdict(claim_id, _ids(bounded), Verdict.POSSIBLE, Rung.BOUNDS)
    return ClaimVerdict(claim_id, _ids(own), Verdict.UNDECIDED, Rung.BOUNDS)


def _ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.id for finding in findings)
