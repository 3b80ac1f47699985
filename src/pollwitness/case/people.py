"""Detention lists of a case on disk: links between their entries, and what people decided on them.

Both stay in the folder `people` of the case, which no report, bundle or export reads. Links are
named by entry ids alone; names are only in the restricted table itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from pollwitness.case.chain import append_chain, chained, read_chain
from pollwitness.case.hold import alone
from pollwitness.case.write import replace_file
from pollwitness.claims import Json, canonical_json
from pollwitness.detentions.linkage import Links
from pollwitness.detentions.persons import Decisions, Pair
from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables, table_digests

FOLDER = "people"
LINKS = "links.jsonl"
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


def keep_links(folder: Path, tables: CaseTables, links: Links, seed: int) -> None:
    """Keep the links of a case, with the seed and the digest of the entries they were made from."""
    head: dict[str, Json] = {
        "entries": links.records, "seed": seed,
        "sha256": table_digests(tables)["detentions"].sha256,
    }  # fmt: skip
    lines = [canonical_json(head)]
    lines += [
        canonical_json({"first": first, "second": second, "probability": chance})
        for first, second, chance in links.pairs.iter_rows()
    ]
    target = folder / FOLDER / LINKS
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, b"\n".join(lines) + b"\n")


def read_links(folder: Path, tables: CaseTables) -> Links:
    """The links of a case.

    Raises:
        QuestionError: if there are none, or the entries have changed since they were made.
    """
    path = folder / FOLDER / LINKS
    if not path.is_file():
        raise QuestionError("the entries are not linked yet: pollwitness detentions link CASE")
    first, *rest = path.read_bytes().splitlines()
    head: dict[str, Json] = json.loads(first)
    if head["sha256"] != table_digests(tables)["detentions"].sha256:
        raise QuestionError(
            "the entries have changed since they were linked: pollwitness detentions link CASE"
        )
    rows = [json.loads(line) for line in rest]
    schema = {"first": pl.String, "second": pl.String, "probability": pl.Float64}
    return Links(pl.DataFrame(rows, schema=schema, orient="row"), int(str(head["entries"])))


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
            if words:
                words.pop()
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

    opened = frozenset(pair for (_by, pair), v in words.items() if v is Verdict.OPEN)
    return Reviewed(
        Decisions(all_say(Verdict.SAME), all_say(Verdict.DIFFERENT), opened | disputed),
        disputed, words,
    )  # fmt: skip
