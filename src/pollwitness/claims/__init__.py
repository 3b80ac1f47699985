"""Claims, findings, and how one is judged against the other."""

from pollwitness.claims.annotation import linked_data
from pollwitness.claims.canonical import (
    Json,
    canonical_json,
    case_digest,
    command,
    finding_object,
    findings_document,
    number,
)
from pollwitness.claims.claim import Claim, claimed_range, confirmed_claims
from pollwitness.claims.finding import (
    AreaFigures,
    Decisive,
    Figure,
    Finding,
    HistoryPoint,
    Inequality,
    Missing,
    Number,
    ReadingVerdict,
    Related,
    Relation,
    Robustness,
    Scope,
    Sensitivity,
)
from pollwitness.claims.judging import ClaimVerdict, claim_verdict, judge, judge_under_each

__all__ = [
    "AreaFigures",
    "Claim",
    "ClaimVerdict",
    "Decisive",
    "Figure",
    "Finding",
    "HistoryPoint",
    "Inequality",
    "Json",
    "Missing",
    "Number",
    "ReadingVerdict",
    "Related",
    "Relation",
    "Robustness",
    "Scope",
    "Sensitivity",
    "canonical_json",
    "case_digest",
    "claim_verdict",
    "claimed_range",
    "command",
    "confirmed_claims",
    "finding_object",
    "findings_document",
    "judge",
    "judge_under_each",
    "linked_data",
    "number",
]
