"""A person looks at pairs of entries, and decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from pollwitness.case.evidence import now
from pollwitness.case.people import (
    LinkDecision,
    Verdict,
    decide_links,
    read_decisions,
    settled,
)
from pollwitness.cli.cases import CaseArgument
from pollwitness.cli.detentions.application import app
from pollwitness.cli.output import out, print_lines, print_table
from pollwitness.detentions.linkage import GREY, Links
from pollwitness.detentions.persons import Pair
from pollwitness.detentions.register import entries, links_of
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _


@app.command()
def review(
    case: CaseArgument,
    by: Annotated[str, typer.Option(help="An alias of who decides; never a real name.")],
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions in JSON, for scripts; nothing is asked.")
    ] = None,
) -> None:
    """Look at pairs of the grey zone side by side, one key each; every word can be taken back.

    Decisions are kept in people/decisions.jsonl, which only grows. A second reviewer sees the pairs
    anew; where two disagree, a pair counts as undecided.

    Example: pollwitness detentions review CASE --by first --decisions decisions.json
    """
    if not by.strip():
        raise QuestionError("--by: an alias of who decides")
    tables = settled(case)
    found = entries(tables)
    if decisions is None:
        try:
            _Review(case, found, links_of(tables)[0], by).run()
        finally:
            settled(case)
        return
    wanted = _parsed(decisions, by, set(found["record_id"].to_list()))
    count = decide_links(case, wanted, now())
    settled(case)
    print_lines([_("{count} decisions kept.").format(count=count)])


def _parsed(path: Path, by: str, known: set[str]) -> list[LinkDecision]:
    try:
        found: object = json.loads(path.read_bytes())
    except ValueError as error:
        raise QuestionError(f"{path} is no JSON") from error
    if not isinstance(found, list):
        raise QuestionError(f"{path} holds no list of decisions")
    made, problems = [], []
    verdicts = [one.value for one in Verdict]
    for number, one in enumerate(found, start=1):
        if not isinstance(one, dict) or set(one) != {"first", "second", "verdict"}:
            problems.append(f"decision {number} is no object of first, second, verdict")
        elif str(one["verdict"]) not in verdicts:
            problems.append(f"decision {number}: verdict is one of {', '.join(verdicts)}")
        elif not {str(one["first"]), str(one["second"])} <= known or one["first"] == one["second"]:
            problems.append(f"decision {number} names no two entries of the case")
        else:
            first, second = sorted((str(one["first"]), str(one["second"])))
            made.append(LinkDecision(first, second, Verdict(one["verdict"]), by))
    if problems:
        raise QuestionError(f"{path}: " + "; ".join(problems))
    return made


_SIDE = (
    "record_id", "list_id", "surname", "given", "patronymic", "sex", "birth_year", "birth_month",
    "birth_day", "detained_on", "area_id", "facility", "status",
)  # fmt: skip
_KEYS = {"s": Verdict.SAME, "d": Verdict.DIFFERENT, "o": Verdict.OPEN}


class _Review:
    """The pairs of the grey zone before a person, the likeliest first."""

    def __init__(self, case: Path, entries: pl.DataFrame, links: Links, by: str) -> None:
        self._case, self._by = case, by
        self._rows = {row["record_id"]: row for row in entries.iter_rows(named=True)}
        said = {pair for (who, pair) in read_decisions(case).words if who == by}
        grey = links.between(*GREY).select("first", "second").iter_rows()
        self._pairs: list[Pair] = [(a, b) for a, b in grey if (a, b) not in said]
        self._last: list[int] = []

    def run(self) -> None:
        """Ask about every pair until there is none, or the person stops."""
        place = 0
        while place < len(self._pairs):
            pair = self._pairs[place]
            self._show(pair, f"{place + 1} / {len(self._pairs)}")
            then = self._asked(place)
            if then is None:
                return
            place = then
        print_lines([_("No pair is left.")])

    def _show(self, pair: Pair, count: str) -> None:
        first, second = (self._rows[one] for one in pair)
        out().print()
        print_table(
            (count, "", ""),
            [(name, _text(first[name]), _text(second[name]))
             for name in _SIDE if first[name] is not None or second[name] is not None],
        )  # fmt: skip
        keys = _("[s] one person  [d] two persons  [o] open  [n] next  [u] undo  [q] stop")
        out().print(keys, markup=False)

    def _asked(self, place: int) -> int | None:
        """Carry out what a key says of a pair; the place to go on with, None to stop."""
        pair = self._pairs[place]
        key = typer.getchar().lower()
        if key in {"q", "\x03", "\x04", "\x1b"}:
            return None
        if key == "n":
            return place + 1
        if key == "u" and self._last:
            last = self._last.pop()
            self._decide(self._pairs[last], Verdict.UNDO)
            return last
        if key in _KEYS:
            self._decide(pair, _KEYS[key])
            self._last.append(place)
            return place + 1
        return place

    def _decide(self, pair: Pair, verdict: Verdict) -> None:
        decide_links(self._case, [LinkDecision(*pair, verdict, self._by)], now())


def _text(value: object) -> str:
    return "" if value is None else str(value)
