"""Claims of how many people were arrested, released or killed, against lists of detained people.

The entries are restricted: what leaves here are counts, rounded down to multiples of five.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from pollwitness.checks.check import Answer, inputs, quantity
from pollwitness.claims import Claim, Figure, Finding, Inequality, Missing, Scope, judge
from pollwitness.detentions.certain import certainly_different
from pollwitness.detentions.disclosure import at_least, at_most
from pollwitness.detentions.persons import band
from pollwitness.detentions.register import linked_to, links_of, unique_lists
from pollwitness.errors import QuestionError
from pollwitness.quantities import Interval, Measure, Rung, Unit, Verdict
from pollwitness.tables import CaseTables

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
    most = max(one.high for one in claim.ranges)
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
            else Inequality(least, "<=", Fraction(most), "inequality.people"),
            assumptions=("assumption.entries_real", "assumption.two_parts"),
            innocent_explanations=("innocent.later_lists",),
            would_decide=("decide.lists",),
            inputs=inputs(tables, "detention_lists", "list_overlaps", "claims"),
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
        low, high = band(ids, *linked_to(*links_of(tables), ids))
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
            inputs=inputs(tables, "detention_lists", "list_overlaps", "claims"),
            recomputable=False,
        ),
    )


_ESTIMATED = {
    Verdict.CONTRADICTED: Verdict.UNLIKELY,
    Verdict.ENTAILED: Verdict.SUPPORTED,
    Verdict.POSSIBLE: Verdict.UNDECIDED,  # others may be on no list
}


def _records(tables: CaseTables, claim: Claim) -> pl.DataFrame:
    """The entries that a claim is about."""
    until = claim.event_to or claim.stated_at  # nobody counts what came after it was said
    records = entries_about(tables, claim.measure, (claim.event_from, until))
    if claim.area_id is not None:
        inside = _areas_below(tables, claim.area_id)
        records = records.filter(pl.col("area_id").is_in(inside) | _everywhere(tables, claim))
    return records


def entries_about(
    tables: CaseTables, measure: Measure, when: tuple[str | None, str | None]
) -> pl.DataFrame:
    """The entries that a measure counts: detained, released or dead, within a span if named.

    Entries whose day of that is not known are left out where a span is named: the bound stays one.
    """
    column, own = _COUNTED[measure]
    records = tables.table("detentions")
    if own is not None:
        records = records.filter((pl.col("status") == own) | pl.col(column).is_not_null())
    day = pl.col(column).str.slice(0, 10)
    since, until = when
    if since is not None:
        records = records.filter(day >= since[:10])
    if until is not None:
        records = records.filter(day <= until[:10])
    return records


_COUNTED: Mapping[Measure, tuple[str, str | None]] = {
    Measure.PEOPLE_ARRESTED: ("detained_on", None),
    Measure.PEOPLE_RELEASED: ("released_on", "released"),
    Measure.PEOPLE_KILLED: ("died_on", "killed"),
}


def _areas_below(tables: CaseTables, area_id: str) -> list[str]:
    """An area and all areas within it."""
    parents = dict(tables.table("areas").select("area_id", "parent_id").iter_rows())
    found = []
    for one in parents:
        above: str | None = one
        while above is not None and above != area_id:
            above = parents.get(above)
        if above == area_id:
            found.append(one)
    return found


def _everywhere(tables: CaseTables, claim: Claim) -> pl.Expr:
    """Entries without a place count where the claim is about the whole of the case."""
    roots = tables.table("areas").filter(pl.col("parent_id").is_null())["area_id"].to_list()
    return pl.col("area_id").is_null() & pl.lit(claim.area_id in roots and len(roots) == 1)
