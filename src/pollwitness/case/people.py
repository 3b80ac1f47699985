"""Detention lists of a case on disk: links between their entries, and what people decided on them.

Links are restricted tables, named by entry ids alone. Decisions are a log in the folder `people` of
the case, which no report, bundle or export reads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from pollwitness.case.articles import keep_table
from pollwitness.case.chain import append_chain, chained, read_chain
from pollwitness.case.folder import read_case
from pollwitness.case.hold import alone
from pollwitness.case.write import write_descriptor
from pollwitness.detentions.disclosure import Released
from pollwitness.detentions.linkage import Links
from pollwitness.detentions.persons import Decisions, Pair
from pollwitness.detentions.register import (
    Bounds,
    bounds_table,
    entries_sha256,
    links_of,
    links_table,
    on_no_unique_list,
    overlaps_table,
)
from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables

FOLDER = "people"
LOG = "decisions.jsonl"


class Verdict(StrEnum):
    """What a person says of two entries; ``undo`` takes the last word of the same person back."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """A decision on a pair of entries, in order, by an alias."""

    first: str
    second: str
    verdict: Verdict
    by: str


def keep_links(folder: Path, links: Links, seed: int, made_from: str) -> None:
    """Keep links made from the entries of a case, with what people decided.

    ``made_from`` is the digest of these entries.

    Raises:
        QuestionError: if the entries have changed in the meantime, or the log of decisions.
    """
    with alone(folder):
        tables = read_case(folder).tables
        if entries_sha256(tables) != made_from:
            raise QuestionError("the entries have changed while they were linked; link them again")
        made = pl.DataFrame({"entries_sha256": [entries_sha256(tables)], "seed": [seed]})
        whole = tables.with_table("linkage", made)
        apart = Links(on_no_unique_list(links.pairs, tables), links.records)
        table = links_table(apart, read_decisions(folder).decisions)
        whole = whole.with_table("links", _known(table, tables))
        for name in ("linkage", "links"):
            keep_table(whole, name, folder)
        write_descriptor(whole, folder)


def _known(table: pl.DataFrame, tables: CaseTables) -> pl.DataFrame:
    """The rows whose entries are still there: decisions on others wait until they come back."""
    ids = tables.table("detentions").select("record_id")
    for side in ("first", "second"):
        table = table.join(ids, left_on=side, right_on="record_id", how="semi")
    return table


def settled(folder: Path) -> CaseTables:
    """The tables of a case, with every decision of the log in the table of links.

    The log goes before the table: a review that was cut off is brought into it here.

    Raises:
        QuestionError: if the entries are not linked, or have changed since.
    """
    tables = read_case(folder).tables
    if _with_decisions(folder, tables) is None:
        return tables
    with alone(folder):
        now = read_case(folder).tables
        whole = _with_decisions(folder, now) or now
        keep_table(whole, "links", folder)
        return whole


def _with_decisions(folder: Path, tables: CaseTables) -> CaseTables | None:
    """The tables with the decisions of the log in the links; None where they are there already."""
    links, decided = links_of(tables)
    table = _known(links_table(links, read_decisions(folder).decisions), tables)
    whole = tables.with_table("links", table)
    known = links_of(whole)[1]
    is_there = (known.same, known.different) == (decided.same, decided.different)
    return None if is_there else whole


def keep_counts(folder: Path, found: Released, bounds: Bounds) -> None:
    """Keep counts that may be published in the public tables of the case."""
    with alone(folder):
        whole = read_case(folder).tables
        whole = whole.with_table("list_overlaps", overlaps_table(found))
        whole = whole.with_table("listed_people", bounds_table(bounds))
        for name in ("list_overlaps", "listed_people"):
            keep_table(whole, name, folder)
        write_descriptor(whole, folder)


def decide_links(folder: Path, decisions: Sequence[LinkDecision], moment: str) -> int:
    """Note decisions in the log, all or none; how many there were.

    Raises:
        QuestionError: if one takes back what its author never said.
    """
    with alone(folder):
        lines = read_chain(folder / FOLDER / LOG)
        new = list(lines)
        for one in decisions:
            if one.verdict is Verdict.UNDO and (one.by, _pair(one)) not in _words(new):
                raise QuestionError(
                    f"{one.by} has no decision on {one.first} and {one.second} to take back"
                )
            new.append(
                chained(
                    {"first": one.first, "second": one.second, "verdict": str(one.verdict),
                     "by": one.by, "at": moment},
                    new,
                )
            )  # fmt: skip
        append_chain(folder / FOLDER / LOG, new[len(lines) :], lines)
    return len(decisions)


def _pair(one: LinkDecision) -> Pair:
    return one.first, one.second


def _words(lines: Sequence[bytes]) -> dict[tuple[str, Pair], Verdict]:
    """The word of every reviewer on every pair that stands now."""
    said: dict[tuple[str, Pair], list[Verdict]] = {}
    for line in lines:
        noted: dict[str, str] = json.loads(line)
        key = noted["by"], (noted["first"], noted["second"])
        words = said.setdefault(key, [])
        if noted["verdict"] == Verdict.UNDO:
            del words[-1:]
        else:
            words.append(Verdict(noted["verdict"]))
    return {key: words[-1] for key, words in said.items() if words}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the decisions come to, pairs on which reviewers disagree, and who said what."""

    decisions: Decisions
    disputed: frozenset[Pair]
    words: dict[tuple[str, Pair], Verdict]


def read_decisions(folder: Path) -> Reviewed:
    """The decisions of a case; a pair on which reviewers disagree counts as undecided.

    Raises:
        QuestionError: if the log was changed.
    """
    words = _words(read_chain(folder / FOLDER / LOG))
    by_pair: dict[Pair, set[Verdict]] = {}
    for (_by, pair), verdict in words.items():
        if verdict is not Verdict.OPEN:
            by_pair.setdefault(pair, set()).add(verdict)
    disputed = frozenset(pair for pair, said in by_pair.items() if len(said) > 1)

    def all_say(verdict: Verdict) -> frozenset[Pair]:
        return frozenset(pair for pair, said in by_pair.items() if said == {verdict})

    return Reviewed(Decisions(all_say(Verdict.SAME), all_say(Verdict.DIFFERENT)), disputed, words)
