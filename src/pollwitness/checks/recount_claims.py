"""Claims that a recount with a risk limit supports: that somebody won more than a share."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from pollwitness.audit.assess import Recount
from pollwitness.audit.contests import Side
from pollwitness.checks.check import Answer, inputs, quantity
from pollwitness.checks.recount import Assessment, assess
from pollwitness.claims import Claim, Figure, Finding, Missing, Scope
from pollwitness.errors import QuestionError
from pollwitness.quantities import Denominator, Rung, Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import territory

RISK_LIMIT = 0.05
"""The risk limit at which a recount is said to support a claim."""
_MEANINGS = {Denominator.VALID, Denominator.UNKNOWN}


def recounted(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the recount of drawn stations supports a claim of more than a share of the votes."""
    if claim is None or claim.contest_id is None or claim.option_id is None:
        return ()
    found = []
    for sample_id in _samples(tables, claim.contest_id):
        try:
            one = assess(tables, sample_id)
        except QuestionError:
            return Missing(("recounts",), "missing.recount")
        if one.path is not None and _is_about(tables, one, claim):
            found.append(_finding(tables, one, claim))
    return tuple(found[:1])


def _samples(tables: CaseTables, contest_id: str) -> list[str]:
    if not tables.has("recounts"):
        return []
    rows = tables.table("sample").filter(
        (pl.col("contest_id") == contest_id) & (pl.col("purpose") == "recount")
    )
    return sorted(rows["sample_id"].unique().to_list())


def _is_about(tables: CaseTables, one: Assessment, claim: Claim) -> bool:
    """Whether the recount tests what the claim needs: a share of all valid votes, and no more."""
    is_whole = claim.area_id in {None, territory(tables).root()}
    if not is_whole or claim.denominator not in _MEANINGS or claim.denied:
        return False
    return any(
        asserted.side is Side.ABOVE and asserted.winner == claim.option_id
        and asserted.share is not None and _follows(claim, asserted.share)
        for asserted in one.assertions
    )  # fmt: skip


def _follows(claim: Claim, share: Fraction) -> bool:
    """Whether every share above this one makes the claim true."""
    return any(one.low <= share and one.high >= 1 for one in claim.in_shares())


def _finding(tables: CaseTables, one: Assessment, claim: Claim) -> Finding:
    p = 1.0 if one.path is None else one.path.p
    refused = {step.station_id for step in one.steps
               if step.outcome not in {None, Recount.COUNTED}}  # fmt: skip
    return Finding(
        check="audit.recount",
        check_version=1,
        claim_id=claim.claim_id,
        question="question.recount",
        verdict=Verdict.SUPPORTED if p <= RISK_LIMIT else Verdict.UNDECIDED,
        rung=Rung.ESTIMATES,
        scope=Scope(claim.contest_id, claim.area_id, None, (str(claim.option_id),)),
        figures=(
            Figure("recounted", one.counted, "stations"),
            Figure("recount_differs", one.disagreed, "stations"),
            Figure("recount_refused", len(refused), "stations"),
            Figure("recount_p", p, "probability"),
        ),
        claimed=quantity(claim),
        assumptions=("assumption.papers", "assumption.drawn"),
        would_decide=("decide.more_draws",),
        inputs=inputs(tables, "sample", "recounts", "claims"),
    )
