"""Claims of a share of the votes, held against a quick count and what its missing could change."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from pollwitness.checks.check import Answer, inputs, quantity
from pollwitness.checks.quick_count import Arrived, arrived, stratified_samples
from pollwitness.claims import Claim, Figure, Finding, Missing, Scope
from pollwitness.errors import QuestionError
from pollwitness.quantities import Denominator, Rung, Verdict
from pollwitness.quickcount.arrivals import sensitivity
from pollwitness.quickcount.estimate import combined
from pollwitness.tables import CaseTables
from pollwitness.tally import territory

GAMMA = 2.0
"""The factor between the odds of missing stations and of those seen that a verdict concedes."""
_MEANINGS = {Denominator.VALID, Denominator.UNKNOWN}
_ROUND = 10_000


def estimated(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether a quick count agrees with a claim of a share of all valid votes."""
    if claim is None or claim.contest_id is None or claim.option_id is None:
        return ()
    is_whole = claim.area_id in {None, territory(tables).root()}
    if not is_whole or claim.denominator not in _MEANINGS:
        return ()
    if claim.claimed is None:
        return Missing((), "missing.range")
    found = []
    for sample_id in stratified_samples(tables, claim.contest_id):
        try:
            one = arrived(tables, sample_id)
        except QuestionError:
            return Missing(("arrivals",), "missing.quick_count")
        if one.drawn.reported.any() and one.drawn.totals.sum() > 0:
            found.append(_finding(tables, one, claim))
    return tuple(found)


def _finding(tables: CaseTables, one: Arrived, claim: Claim) -> Finding:
    place = one.frame.options.index(str(claim.option_id))
    share = combined(one.drawn.counted).shares[place]
    plain = share.interval()
    wide = sensitivity(one.drawn, GAMMA).shares[place]
    return Finding(
        check="quickcount.estimate",
        check_version=1,
        claim_id=claim.claim_id,
        question="question.quick_count",
        verdict=_verdict(claim, plain, wide),
        rung=Rung.ESTIMATES,
        scope=Scope(claim.contest_id, claim.area_id, None, (str(claim.option_id),)),
        figures=(
            Figure("quick_within", None, "share", low=_rounded(wide[0]), high=_rounded(wide[1])),
            Figure("quick_reported", int(one.drawn.reported.sum()), "stations"),
            Figure("quick_drawn", len(one.drawn.reported), "stations"),
            Figure("quick_share", _rounded(share.value), "share"),
            Figure("quick_interval", None, "share", low=_rounded(plain[0]), high=_rounded(plain[1]),
                   level=0.95),
        ),
        claimed=quantity(claim),
        assumptions=("assumption.drawn", "assumption.counts_reported", "assumption.gamma"),
        would_decide=("decide.more_reports",),
        inputs=inputs(tables, "frame", "sample", "arrivals", "claims"),
    )  # fmt: skip


def _verdict(claim: Claim, plain: tuple[float, float], wide: tuple[float, float]) -> Verdict:
    """Unlikely where nothing within the factor agrees, compatible where the estimate does.

    Between the two, only missing stations unlike those seen would agree: not decided.
    """
    if _meets(claim, plain):
        return Verdict.COMPATIBLE
    return Verdict.UNDECIDED if _meets(claim, wide) else Verdict.UNLIKELY


def _meets(claim: Claim, ends: tuple[float, float]) -> bool:
    """Whether the claim allows a share between the ends."""
    return any(one.low <= ends[1] and ends[0] <= one.high for one in claim.in_shares())


def _rounded(share: float) -> Fraction:
    """A share to a hundredth of a percent: an estimate is printed no finer."""
    return Fraction(int(np.round(share * _ROUND)), _ROUND)
