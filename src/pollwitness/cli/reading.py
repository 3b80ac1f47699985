"""The command that reads a text: proposed claims, with who states them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pollwitness.case import Described, ReadArticle, add_article
from pollwitness.checks import verdict_word
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.models import load_model
from pollwitness.cli.output import MARKS, out, print_json, print_lines, print_table
from pollwitness.cli.verdicts import Provisional, provisional
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.reading.document import PATTERNS, reading_document
from pollwitness.reading.propose import Proposal, Reading, read_text
from pollwitness.reading.quantities import QuantityMention
from pollwitness.reading.spans import Span, visible
from pollwitness.reading.texts import text_of


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("read")(read)


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An article: text, HTML or PDF.")],
    published: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which it was published."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="CASE", help="Keep it and its claims in this case.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="CASE", help="Judge its figures by this case; nothing is kept."),
    ] = None,
    document: Annotated[str | None, typer.Option(help="Id of the document in the case.")] = None,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    address: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    licence: Annotated[
        str | None, typer.Option(help="Terms under which its whole text may be shared.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of a spaCy model of English, for more statements.")
    ] = None,
    model_sha256: Annotated[
        str | None, typer.Option("--model-sha256", help="Digest of that folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the figures and the statements in a text, with who states them. Proposals, no claims.

    Without the day of publication, weekdays are not resolved; a page in HTML may state it itself.
    With --against, the verdicts stand as if every proposal were confirmed; a person decides that.

    Example: pollwitness read article.txt --published 2020-08-14
    """
    content = file.read_bytes()
    day = None if published is None else published.date()
    parse, tier = (None, PATTERNS) if model is None else load_model(model, model_sha256)
    if into is not None:
        described = Described(day, document, title, publisher, address, licence)
        added = add_article(into, file.name, content, described, parse=parse, tier=tier)
        _print_added(added, into, as_json=as_json)
        return
    if document or title or publisher or address or licence:
        raise QuestionError("--document, --title, --publisher, --address, --licence need --into")
    source = text_of(str(file), content)
    day = day or source.published
    reading = read_text(source.text, day, parse)
    kept = reading_document(source, content, day, reading, tier)
    if against is not None:
        verdicts = provisional(source.text, reading, against, day)
        if as_json:
            kept["verdicts"] = [one.as_json() for one in verdicts]
            print_json("read", kept)
            return
        _print_verdicts(verdicts)
        return
    if as_json:
        print_json("read", kept)
        return
    _print_reading(source.text, reading)


def _print_added(added: ReadArticle, case: Path, *, as_json: bool) -> None:
    if as_json:
        print_json("read", {
            "document_id": added.document_id,
            "claims": [str(row["claim_id"]) for row in added.rows],
        })  # fmt: skip
        return
    _print_reading(added.source.text, added.reading)
    template = _("Kept as the document {document}; {count} claims are proposed.")
    print_lines([template.format(document=added.document_id, count=len(added.rows))])
    if added.rows:
        out().print(escape(f"pollwitness claims review {case}"), soft_wrap=True)


def _print_reading(text: str, reading: Reading) -> None:
    figures = [one for one in reading.proposals if one.quantity is not None]
    statements = [one for one in reading.proposals if one.quantity is None]
    if figures:
        print_table(
            (_("figure"), _("what is counted"), _("said by"), _("day"), _("words")),
            [_figure_row(text, one, one.quantity) for one in figures if one.quantity is not None],
        )
    if statements:
        print_lines([""])
        print_table(
            (_("said by"), _("how"), _("words")),
            [(_source(text, one), str(one.circumstances.modality).replace("_", " "),
              _short(one.content.of(text))) for one in statements],
        )  # fmt: skip
    if reading.oddities:
        print_lines([""])
        print_table(
            (_("odd"), _("why")),
            [(_short(one.span.of(text)), _(one.note)) for one in reading.oddities],
        )
    template = _("{figures} figures and {statements} statements found; there may be more.")
    print_lines([
        "",
        template.format(figures=whole_number(len(figures)),
                        statements=whole_number(len(statements))),
    ])  # fmt: skip


def _figure_row(text: str, one: Proposal, figure: QuantityMention) -> tuple[str, ...]:
    day = "" if one.date is None or one.date.first is None else one.date.first.isoformat()
    denied = f" ({_('denied')})" if str(one.circumstances.polarity) == "denied" else ""
    return (
        figure.span.of(text) + denied, (one.unit or "").replace("_", " "), _source(text, one), day,
        _short(one.core.of(text)),
    )  # fmt: skip


def _print_verdicts(verdicts: list[Provisional]) -> None:
    print_table(
        (_("figure"), _("said by"), _("verdict"), _("deciding figure"), _("words")),
        [
            (one.figure, one.speaker, f"{MARKS[one.verdict]} {verdict_word(one.verdict)}"
             if one.verdict is not None else _("not checked: {why}").format(why=one.why),
             one.deciding, _short(one.words))
            for one in verdicts
        ],
    )  # fmt: skip
    print_lines(["", _("As if every proposal were confirmed. A person has confirmed none of them; "
                       "there may be more claims.")])  # fmt: skip


_LONGEST = 90


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _source(text: str, one: Proposal) -> str:
    """The words that name a source, with those that it may mean."""
    named = _part(text, one.source)
    candidates = [_short(each.of(text)) for each in one.speaker.candidates]
    return f"{named} ({' / '.join(candidates)}?)" if candidates else named


def _part(text: str, span: Span | None) -> str:
    return "" if span is None else _short(span.of(text))
