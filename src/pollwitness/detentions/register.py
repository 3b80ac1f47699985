"""Detention lists of a case: its entries, the links between them, and counts that may be published.

The tables ``detentions``, ``linkage`` and ``links`` are restricted: what is made of them here names
entries by their ids alone. ``list_overlaps`` is public, and the whole of what estimates of a report
are made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pollwitness.detentions.certain import certainly_different
from pollwitness.detentions.disclosure import Released, at_least, at_most, rebuilt
from pollwitness.detentions.histories import MOST_LISTS, Histories
from pollwitness.detentions.linkage import GREY, THRESHOLD, Links
from pollwitness.detentions.persons import (
    Decisions,
    Pair,
    by_list,
    capture_histories,
    persons,
)
from pollwitness.detentions.strata import NOT_KNOWN
from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables, canonical_csv

JOINED = " + "
NOT_GIVEN = "*"
_MILLION = 1_000_000


def entries(tables: CaseTables) -> pl.DataFrame:
    """The entries of the lists.

    Raises:
        QuestionError: if there are none.
    """
    found = tables.table("detentions")
    if found.is_empty():
        raise QuestionError("the case has no table detentions: entries of detention lists")
    return found


def unique_lists(tables: CaseTables) -> frozenset[str]:
    """The lists that name nobody twice."""
    lists = tables.table("detention_lists").filter(pl.col("names_nobody_twice"))
    return frozenset(lists["list_id"].to_list())


def entries_sha256(tables: CaseTables) -> str:
    """The digest of the table of entries: links hold for it alone."""
    content = canonical_csv(entries(tables), tables.schemas["detentions"])
    return hashlib.sha256(content).hexdigest()


def links_of(tables: CaseTables) -> tuple[Links, Decisions]:
    """The links of a case, and what people decided.

    Raises:
        QuestionError: if there are none, or the entries have changed since they were made.
    """
    made_from = tables.table("linkage")["entries_sha256"].to_list()
    if not made_from:
        raise QuestionError("the entries are not linked yet: pollwitness detentions link CASE")
    if made_from != [entries_sha256(tables)]:
        raise QuestionError(
            "the entries have changed since they were linked: pollwitness detentions link CASE"
        )
    table = tables.table("links")
    pairs = (
        table.drop_nulls("probability")
        .select("first", "second", pl.col("probability") / _MILLION)
        .sort(["probability", "first", "second"], descending=[True, False, False])
    )
    pairs = on_no_unique_list(pairs, tables)

    def decided(word: str) -> frozenset[Pair]:
        rows = table.filter(pl.col("decision") == word).select("first", "second").iter_rows()
        return frozenset((first, second) for first, second in rows)

    links = Links(pairs, tables.table("detentions").height)
    return links, Decisions(decided("same"), decided("different"))


def on_no_unique_list(pairs: pl.DataFrame, tables: CaseTables) -> pl.DataFrame:
    """The pairs but those of two entries of one list that names nobody twice: these are two."""
    on = tables.table("detentions").select(
        "record_id", pl.when(pl.col("list_id").is_in(unique_lists(tables))).then("list_id")
    )
    both = pairs.join(
        on, left_on="first", right_on="record_id", how="left", maintain_order="left"
    ).join(
        on, left_on="second", right_on="record_id", how="left", suffix="_other",
        maintain_order="left",
    )  # fmt: skip
    same = pl.col("list_id").eq(pl.col("list_id_other")).fill_null(value=False)
    return both.filter(~same).select(pairs.columns)


def links_table(links: Links, decisions: Decisions) -> pl.DataFrame:
    """Links and decisions as the table of the case."""
    words = [(a, b, "same") for a, b in sorted(decisions.same)]
    words += [(a, b, "different") for a, b in sorted(decisions.different)]
    decided = pl.DataFrame(words, orient="row", schema=["first", "second", "decision"]).cast(
        pl.String
    )
    pairs = links.pairs.with_columns(
        (pl.col("probability") * _MILLION).round().cast(pl.Int64)
    )  # fmt: skip
    return pairs.join(decided, on=["first", "second"], how="full", coalesce=True)


def band_among(tables: CaseTables, ids: Sequence[str]) -> tuple[int, int]:
    """The least and greatest number of persons behind some of the entries, by all links.

    Raises:
        QuestionError: if the entries are not linked, or decisions contradict each other.
    """
    links, decisions = links_of(tables)
    every = entries(tables)["record_id"].to_list()
    few, many = (
        len({one[name] for name in ids})
        for one in (persons(every, links, decisions, threshold) for threshold in GREY)
    )
    return few, many


def histories_of(tables: CaseTables, threshold: float = THRESHOLD) -> Histories:
    """How many persons of the entries stand on which lists, linked at a threshold.

    Raises:
        QuestionError: if the entries are not linked, or stand on fewer than two lists.
    """
    found = entries(tables)
    links, decisions = links_of(tables)
    person = persons(found["record_id"].to_list(), links, decisions, threshold)
    return capture_histories(by_list(found), person, used_lists(tables))


def histories_by(tables: CaseTables, stratum: pl.Expr) -> dict[str, Histories]:
    """The same for the persons of each stratum: of the first of their entries that has one.

    Persons none of whose entries has one are the stratum ``NOT_KNOWN``.

    Raises:
        QuestionError: as above.
    """
    found = entries(tables)
    links, decisions = links_of(tables)
    person = persons(found["record_id"].to_list(), links, decisions)
    where: dict[str, str] = {}
    for record, own in found.select("record_id", stratum.alias("of")).sort("record_id").iter_rows():
        if own is not None:
            where.setdefault(person[record], own)
    parts: dict[str, dict[str, str]] = {}
    for record, own in person.items():
        parts.setdefault(where.get(own, NOT_KNOWN), {})[record] = own
    lists, used = by_list(found), used_lists(tables)
    return {name: capture_histories(lists, part, used) for name, part in sorted(parts.items())}


def used_lists(tables: CaseTables) -> list[str]:
    """The lists that have an entry, by their ids."""
    return sorted(set(tables.table("detentions")["list_id"].to_list()))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many different people stand on the lists: certainly, and over the uncertainty of links.

    None where a count may not be published.
    """

    certain: int | None
    least: int | None
    greatest: int | None

    def released(self, shown: Released, persons: int) -> Bounds:
        """The same in numbers that may be published beside ``shown``, and tell no more than it.

        ``persons`` are those behind ``shown``. The ends are stated in proportion to the published
        sum, and the lower bound never above the least sum that the published counts leave possible:
        exact ones would give small counts away.
        """
        total = sum(one or 0 for one in shown.counts) + (shown.pooled or 0)
        least, most = (
            round(total * (end or 0) / persons) for end in (self.least, self.greatest)
        )  # fmt: skip
        certain = min(self.certain or 0, shown.least)
        return Bounds(at_least(certain) or None, at_least(least) or None, at_most(most))


def bounds_of(tables: CaseTables) -> Bounds:
    """The bounds of all entries of a case.

    Raises:
        QuestionError: if the entries are not linked, or decisions contradict each other.
    """
    found = entries(tables)
    low, high = band_among(tables, found["record_id"].to_list())
    certain = len(certainly_different(found, unique_lists(tables)))
    return Bounds(certain, max(low, certain), max(high, certain))


def bounds_table(found: Bounds) -> pl.DataFrame:
    """Bounds that may be published as the table of the case."""
    rows = [("certain", found.certain), ("least", found.least), ("greatest", found.greatest)]
    return pl.DataFrame(rows, orient="row", schema={"bound": pl.String, "people": pl.Int64})


def published_bounds(tables: CaseTables) -> Bounds:
    """The bounds that a case publishes."""
    rows: dict[str, int | None] = dict(tables.table("listed_people").iter_rows())
    return Bounds(rows.get("certain"), rows.get("least"), rows.get("greatest"))


def overlaps_table(found: Released) -> pl.DataFrame:
    """Counts that may be published as the table of the case."""
    names = found.histories.lists
    rows: list[tuple[str, int | None]] = [
        (JOINED.join(sorted(name for i, name in enumerate(names) if h >> i & 1)), count)
        for h, count in enumerate(found.counts)
        if h and count is not None
    ]
    rows += [(name, None) for i, name in enumerate(names) if found.counts[1 << i] is None]
    rows.append((NOT_GIVEN, found.pooled))
    return pl.DataFrame(rows, orient="row", schema={"lists": pl.String, "people": pl.Int64})


def released_of(tables: CaseTables) -> Released | None:
    """The published counts of a case; None if it has none.

    Raises:
        QuestionError: with every row that names lists wrongly.
    """
    table = tables.table("list_overlaps")
    if table.is_empty():
        return None
    rows: dict[str, int | None] = dict(table.iter_rows())
    pooled = rows.pop(NOT_GIVEN, None)
    named = {text: text.split(JOINED) for text in rows}
    names = tuple(sorted({one for lists in named.values() for one in lists}))
    if not 2 <= len(names) <= MOST_LISTS:
        raise QuestionError(
            f"tables/list_overlaps: {len(names)} lists; there are 2 to {MOST_LISTS}"
        )
    wrong = [text for text, lists in named.items() if lists != sorted(set(lists))]
    if wrong:
        raise QuestionError(
            "tables/list_overlaps: lists are named once each, in order, with + between them: "
            + "; ".join(wrong)
        )
    counts = _by_pattern(names, named, rows)
    return Released(counts, pooled, rebuilt(names, counts[1:], pooled))


def _by_pattern(
    names: tuple[str, ...], named: Mapping[str, list[str]], rows: Mapping[str, int | None]
) -> tuple[int | None, ...]:
    place = {name: 1 << i for i, name in enumerate(names)}
    found: list[int | None] = [None] * 2 ** len(names)
    for text, lists in named.items():
        found[sum(place[one] for one in lists)] = rows[text]
    return tuple(found)
