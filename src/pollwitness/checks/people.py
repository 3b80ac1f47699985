"""Claims of how many people were arrested, released or killed, against lists of detained people.

The entries are restricted: what leaves here are counts, rounded down to multiples of five.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from pollwitness.checks.check import Answer, inputs, quantity
from pollwitness.claims import Claim, Figure, Finding, Inequality, Missing, Scope, judge
from pollwitness.detentions.certain import certainly_different
from pollwitness.detentions.disclosure import at_least, at_most
from pollwitness.detentions.register import band_among, unique_lists
from pollwitness.errors import QuestionError
from pollwitness.quantities import Interval, Measure, Rung, Unit, Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import territory

CHECK_VERSION = 1


def listed_people(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the lists alone already hold more different persons than a claim allows."""
    if claim is None or claim.unit is not Unit.PEOPLE:
        return ()
    if claim.claimed is None:
        return Missing((), "missing.range")
    records = _records(tables, claim)
    least = at_least(len(certainly_different(records, unique_lists(tables))))
    if not least:
        return Missing((), "missing.few_people")
    verdict = judge(claim.ranges, Interval.at_least(least))
    most = max((one.greatest_integer() or 0 for one in claim.ranges), default=0)
    return (
        Finding(
            check="detentions.bounds",
            check_version=CHECK_VERSION,
            claim_id=claim.claim_id,
            question="question.people",
            verdict=verdict,
            rung=Rung.BOUNDS,
            scope=Scope(claim.contest_id, claim.area_id, None, ()),
            figures=(
                Figure("people_listed", None, "people", low=least),
                Figure("people_lists", tables.table("detention_lists").height, "lists"),
            ),
            claimed=quantity(claim),
            inequality=None
            if verdict is not Verdict.CONTRADICTED
            else Inequality(least, "<=", most, "inequality.people"),
            assumptions=("assumption.entries_real", "assumption.two_parts"),
            innocent_explanations=("innocent.later_lists",),
            would_decide=("decide.lists",),
            inputs=inputs(tables, "detention_lists", "list_overlaps", "listed_people", "claims"),
            recomputable=False,
        ),
    )


def linked_people(tables: CaseTables, claim: Claim | None) -> Answer:
    """The same over the uncertainty of links: unlikely, or supported, whatever the grey zone is."""
    if claim is None or claim.unit is not Unit.PEOPLE:
        return ()
    if claim.claimed is None:
        return Missing((), "missing.range")
    ids = _records(tables, claim)["record_id"].to_list()
    try:
        low, high = band_among(tables, ids)
    except QuestionError:
        return Missing(("links",), "missing.links")
    least, most = at_least(low), at_most(high)
    if not least or most is None:
        return Missing((), "missing.few_people")
    return (
        Finding(
            check="detentions.persons",
            check_version=CHECK_VERSION,
            claim_id=claim.claim_id,
            question="question.persons",
            verdict=_ESTIMATED[judge(claim.ranges, Interval.at_least(least))],
            rung=Rung.ESTIMATES,
            scope=Scope(claim.contest_id, claim.area_id, None, ()),
            figures=(
                Figure("people_linked", None, "people", low=least, high=most),
                Figure("people_lists", tables.table("detention_lists").height, "lists"),
            ),
            claimed=quantity(claim),
            assumptions=("assumption.entries_real", "assumption.links"),
            innocent_explanations=("innocent.later_lists",),
            would_decide=("decide.lists", "decide.links"),
            inputs=inputs(tables, "detention_lists", "list_overlaps", "listed_people", "claims"),
            recomputable=False,
        ),
    )


_ESTIMATED = {
    Verdict.CONTRADICTED: Verdict.UNLIKELY,
    Verdict.ENTAILED: Verdict.SUPPORTED,
    Verdict.POSSIBLE: Verdict.UNDECIDED,  # others may be on no list
}


def _records(tables: CaseTables, claim: Claim) -> pl.DataFrame:
    """The entries that a claim is about: of its area and its days, which must be known.

    Where a person was detained says nothing of where she was released or died.
    """
    records = tables.table("detentions")
    column, own = _COUNTED[claim.measure]
    if own is not None:
        records = records.filter(pl.col("status") == own)
    tree = territory(tables)
    if claim.area_id not in {None, tree.root()}:
        inside = [claim.area_id, *tree.below(claim.area_id)]
        records = records.filter(pl.col("area_id").is_in(inside) & pl.lit(own is None))
    since, before = _days(tables, claim)
    day = pl.col(column).str.slice(0, 10)
    if since is None or before is None:
        return records.clear()
    return records.filter((day >= since) & (day < before))


_COUNTED: Mapping[Measure, tuple[str, str | None]] = {
    Measure.PEOPLE_ARRESTED: ("detained_on", None),
    Measure.PEOPLE_RELEASED: ("released_on", "released"),
    Measure.PEOPLE_KILLED: ("died_on", "killed"),
}


def _days(tables: CaseTables, claim: Claim) -> tuple[str | None, str | None]:
    """The first day that a claim certainly speaks of, and the first that it may not speak of.

    Nobody counts what comes later: the day of the statement, or else of the document that has it,
    is left out, and so is a first day that the claim enters in its course.
    """
    start, end = claim.event_from, claim.event_to
    since = None if start is None else start[:10]
    if start is not None and len(start) > _DAY:
        since = _next(start)
    published = tables.table("documents").filter(pl.col("document_id") == claim.document_id)
    stated = claim.stated_at or next(iter(published["published_at"].drop_nulls()), None)
    limits = [] if stated is None else [stated[:10]]
    if end is not None:
        limits.append(end[:10] if len(end) > _DAY else _next(end))
    return since, min(limits, default=None)


_DAY = len("2020-08-09")


def _next(moment: str) -> str:
    return (date.fromisoformat(moment[:_DAY]) + timedelta(days=1)).isoformat()
