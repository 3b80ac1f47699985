"""Commands about claims: list them, decide on the proposed ones, export them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.text import Text

from pollwitness.case import (
    Choice,
    Decision,
    InputRefusedError,
    articles_of,
    decide,
    parse_decisions,
    read_case,
    read_log,
)
from pollwitness.case.evidence import now
from pollwitness.case.write import replace_file
from pollwitness.checks import number_text
from pollwitness.claims import Json, linked_data
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import out, print_json, print_lines, print_problems, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.reading.document import KeptArticle, KeptProposal
from pollwitness.reading.spans import Span
from pollwitness.tables import CaseTables

app = typer.Typer(no_args_is_help=True, help="Claims: list, decide on proposals, export.")
_Row = Mapping[str, str | int | None]


@app.command("list")
def list_command(
    case: CaseArgument,
    status: Annotated[
        str | None, typer.Option(help="Only these: proposed, confirmed or rejected.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the claims of a case with their figures and who made them.

    Example: pollwitness claims list examples/belarus-2020 --status confirmed
    """
    if status not in {None, "proposed", "confirmed", "rejected"}:
        raise QuestionError(f"--status {status!r}: proposed, confirmed or rejected")
    tables = read_case(case).tables
    rows = [row for row in _claims(tables) if status in {None, row["status"]}]
    if as_json:
        print_json("claims list", [dict[str, Json](row) for row in rows])
        return
    print_table(
        (_("claim"), _("status"), _("figure"), _("said by"), _("words")),
        [
            (str(row["claim_id"]), str(row["status"]), figure_words(row), str(row["speaker"] or ""),
             str(row["words"]))
            for row in rows
        ],
    )  # fmt: skip


@app.command()
def review(
    case: CaseArgument,
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions in JSON, for scripts; nothing is asked.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="An alias of who decides; never a real name.")
    ] = None,
) -> None:
    """Accept, edit or reject proposed claims, one key each. Only confirmed claims are checked.

    Every decision is carried out at once and kept in claims-log.jsonl, which only grows.

    Example: pollwitness claims review examples/belarus-2020
    """
    if decisions is None:
        _Review(case, by).run()
        return
    wanted = parse_decisions(str(decisions), decisions.read_bytes())
    count = decide(case, wanted, moment=now(), by=by)
    print_lines([_("{count} decisions kept.").format(count=count)])


@app.command()
def export(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
) -> None:
    """Write the confirmed claims as JSON-LD: schema.org claims, as annotations of their texts.

    Example: pollwitness claims export examples/belarus-2020 -o build/claims.jsonld
    """
    if output.exists():
        raise QuestionError(f"{output} exists; choose another file")
    tables = read_case(case).tables
    texts = {name: one.text for name, one in articles_of(case, tables).items()}
    document = linked_data(tables, texts)
    output.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    replace_file(output, content.encode())
    print_lines([str(output)])


def _claims(tables: CaseTables) -> list[_Row]:
    return list(tables.table("claims").sort("claim_id").iter_rows(named=True))


def figure_words(row: _Row) -> str:
    """The figure of a row of claims in words: "at least 80 stations"."""
    names = {
        "eq": "", "at_least": _("at least"), "more_than": _("more than"), "at_most": _("at most"),
        "less_than": _("less than"), "between": "", "about": _("about"),
    }  # fmt: skip
    ends = [
        number_text(Fraction(str(row[end])), "") for end in ("low", "high") if row[end] is not None
    ]
    denied = f" ({_('denied')})" if row["polarity"] == "denied" else ""
    figure = " \u2013 ".join(ends)
    said = f"{names[str(row['comparator'])]} {figure} {row['unit']}{denied}"
    return " ".join(said.split())


_SHOWN = ("measure", "speaker", "stated_at", "contest_id", "option_id", "area_id", "event_from",
          "event_to", "denominator")  # fmt: skip
_STYLES = {"core": "underline", "quantity": "bold reverse", "source": "bold", "cue": "italic"}


class _Review:
    """The proposals of a case before a person, one after the other."""

    def __init__(self, case: Path, by: str | None) -> None:
        self._case, self._by = case, by
        self._last: list[str] = []

    def run(self) -> None:
        """Ask about every proposal until there is none, or the person stops."""
        read_log(self._case)
        place = 0
        while True:
            tables = read_case(self._case).tables
            rows = [row for row in _claims(tables) if row["status"] == "proposed"]
            if place >= len(rows):
                left = _("{count} proposals are left.").format(count=len(rows))
                print_lines([left])
                return
            articles = articles_of(self._case, tables)
            self._show(rows[place], articles, f"{place + 1} / {len(rows)}")
            step = self._asked(str(rows[place]["claim_id"]))
            if step is None:
                return
            place = max(place + step, 0)

    def _show(self, row: _Row, articles: Mapping[str, KeptArticle], count: str) -> None:
        out().print()
        out().print(escape(f"{count}  {row['claim_id']}"), style="bold")
        article = articles.get(str(row["document_id"]))
        kept = None if article is None else proposal_of(article, row)
        if article is not None and kept is not None:
            out().print(marked(article.text, kept))
        else:
            out().print(escape(str(row["quote"] or row["words"])), soft_wrap=True)
        facts = [(_("figure"), figure_words(row))]
        facts += [(name, str(row[name])) for name in _SHOWN if row[name] is not None]
        print_table(("", ""), facts)
        print_lines(_remarks(row, article, kept))
        out().print(
            _("[a] accept  [e] edit  [r] reject  [s] skip  [u] undo  [q] stop"), markup=False
        )

    def _asked(self, claim_id: str) -> int | None:
        """Carry out what a key says; how far to go on, None to stop."""
        key = typer.getchar().lower()
        if key in {"q", "\x03", "\x04", "\x1b"}:
            return None
        if key == "s":
            return 1
        if key == "u":
            if self._last:
                self._decide(Decision(self._last.pop(), Choice.UNDO, {}))
            return 0
        if key in {"a", "r"}:
            choice = Choice.ACCEPT if key == "a" else Choice.REJECT
            self._noted(Decision(claim_id, choice, {}, _reason() if key == "r" else None))
        elif key == "e":
            changes = _changes()
            if changes:
                self._noted(Decision(claim_id, Choice.EDIT, changes))
        return 0

    def _noted(self, decision: Decision) -> None:
        if self._decide(decision):
            self._last.append(decision.claim_id)

    def _decide(self, decision: Decision) -> bool:
        """Carry a decision out; where it is refused, say why and ask again."""
        try:
            decide(self._case, [decision], moment=now(), by=self._by)
        except InputRefusedError as error:
            print_problems(error.problems)
            return False
        except QuestionError as error:
            out().print(escape(str(error)), soft_wrap=True)
            return False
        return True


def _reason() -> str | None:
    reason: str = typer.prompt(_("why (may stay empty)"), default="", show_default=False)
    return reason.strip() or None


def _changes() -> dict[str, str | None]:
    """What a person sets, as `column=value`, until an empty line; an empty value clears it."""
    changes: dict[str, str | None] = {}
    while True:
        line: str = typer.prompt(_("column=value, empty to end"), default="", show_default=False)
        if not line.strip():
            return changes
        name, mark, value = line.partition("=")
        if not mark:
            print_lines([_("Write it as column=value, such as option_id=anna.")])
            continue
        changes[name.strip()] = value.strip() or None


def proposal_of(article: KeptArticle, row: _Row) -> KeptProposal | None:
    """The proposal of the reading that a row of claims came from."""
    found = [
        one for one in article.reading.proposals
        if (one.core.start, one.core.end) == (row["start"], row["end"]) and one.quantity is not None
    ]  # fmt: skip
    ends = {row["low"], row["high"]} - {None}
    exact = [one for one in found if ends <= set(one.figure)]
    best = exact or found
    return best[0] if best else None


def marked(text: str, kept: KeptProposal) -> Text:
    """The sentence of a proposal with its parts marked: figure, source, verb, clause."""
    sentence = kept.sentence
    shown = Text("".join(one if one.isprintable() else " " for one in sentence.of(text)))
    parts: Sequence[tuple[str, Span | None]] = (
        ("core", kept.core), ("source", kept.source), ("cue", kept.cue),
        ("quantity", kept.quantity),
    )  # fmt: skip
    for name, span in parts:
        if span is not None and span.overlaps(sentence):
            start = max(span.start - sentence.start, 0)
            shown.stylize(_STYLES[name], start, span.end - sentence.start)
    return shown


def _remarks(row: _Row, article: KeptArticle | None, kept: KeptProposal | None) -> list[str]:
    """What a person should know before deciding: candidates, gaps, oddities."""
    found = []
    if kept is not None and kept.candidates:
        found.append(_("The source may be: {names}").format(names=" / ".join(kept.candidates)))
    gaps = [
        name
        for name, measures in (
            ("contest_id", OF_A_CONTEST), ("option_id", OF_AN_OPTION), ("area_id", None),
        )
        if row[name] is None and (measures is None or row["measure"] in measures)
    ]  # fmt: skip
    if gaps:
        found.append(_("The text does not tell: {names}").format(names=", ".join(gaps)))
    if article is not None and kept is not None:
        found += [
            f"{one.span.of(article.text)}: {_(one.note)}"
            for one in article.reading.oddities
            if one.span.overlaps(kept.sentence)
        ]
    return found


OF_AN_OPTION = frozenset({"votes", "vote_share", "stations_won"})
OF_A_CONTEST = OF_AN_OPTION | {"turnout", "ballots"}
