"""The command that reads a text: proposed claims, with who states them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pollwitness.claims import Json
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.reading.dates import DateMention
from pollwitness.reading.propose import Proposal, proposals
from pollwitness.reading.quantities import QuantityMention, decimal
from pollwitness.reading.spans import Span

MOST_BYTES = 20 << 20


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("read")(read)


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text in UTF-8: an article.")],
    published: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which it was published."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the figures and the statements in a text, with who states them. Proposals, no claims.

    Without the day of publication, weekdays are not resolved.

    Example: pollwitness read article.txt --published 2020-08-14
    """
    content = file.read_bytes()
    text = _text(file, content)
    day = None if published is None else published.date()
    found = proposals(text, day)
    if as_json:
        print_json("read", _document(content, text, day, found))
        return
    figures = [one for one in found if one.quantity is not None]
    statements = [one for one in found if one.quantity is None]
    if figures:
        print_table(
            (_("figure"), _("what is counted"), _("said by"), _("day"), _("words")),
            [_figure_row(text, one, one.quantity) for one in figures if one.quantity is not None],
        )
    if statements:
        print_lines([""])
        print_table(
            (_("said by"), _("words")),
            [(_part(text, one.source), _short(one.content.of(text))) for one in statements],
        )
    template = _("{figures} figures and {statements} statements found; there may be more.")
    print_lines([
        "",
        template.format(figures=whole_number(len(figures)),
                        statements=whole_number(len(statements))),
    ])  # fmt: skip


def _text(file: Path, content: bytes) -> str:
    """The text of a file, as it is: offsets are code points into it.

    Raises:
        QuestionError: if the file is empty, too large, or no text in UTF-8.
    """
    if not content.strip():
        raise QuestionError(f"{file} is empty")
    if len(content) > MOST_BYTES:
        raise QuestionError(f"{file} is larger than {MOST_BYTES >> 20} MB")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"{file} is no text in UTF-8: byte {error.start + 1:,}; save it as UTF-8 first"
        ) from error
    if "\0" in text:
        raise QuestionError(f"{file} is no text: it holds a zero byte")
    return text


def _figure_row(text: str, one: Proposal, figure: QuantityMention) -> tuple[str, ...]:
    day = "" if one.date is None or one.date.first is None else one.date.first.isoformat()
    return (
        figure.span.of(text), (one.unit or "").replace("_", " "), _part(text, one.source), day,
        _short(one.content.of(text)),
    )  # fmt: skip


_LONGEST = 90


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _part(text: str, span: Span | None) -> str:
    return "" if span is None else _short(span.of(text))


def _document(
    content: bytes, text: str, published: date | None, found: list[Proposal]
) -> dict[str, Json]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "code_points": len(text),
        "published": None if published is None else published.isoformat(),
        "tier": "pattern",
        "proposals": [_proposal(text, one) for one in found],
    }


def _proposal(text: str, one: Proposal) -> dict[str, Json]:
    return {
        "sentence": _span(text, one.sentence),
        "content": _span(text, one.content),
        "source": _span(text, one.source),
        "cue": _span(text, one.cue),
        "quoted": one.is_quoted,
        "unit": one.unit,
        "unit_words": _span(text, one.unit_span),
        "quantity": None if one.quantity is None else _quantity(text, one.quantity),
        "date": None if one.date is None else _date(text, one.date),
        "rules": list[Json](one.rules),
    }


def _span(text: str, span: Span | None) -> Json:
    if span is None:
        return None
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _quantity(text: str, one: QuantityMention) -> Json:
    return {
        "span": _span(text, one.span),
        "comparator": str(one.comparator),
        "low": None if one.low is None else decimal(one.low),
        "high": None if one.high is None else decimal(one.high),
    }


def _date(text: str, one: DateMention) -> Json:
    return {
        "span": _span(text, one.span),
        "from": None if one.first is None else one.first.isoformat(),
        "to": None if one.last is None else one.last.isoformat(),
        "grain": one.grain,
        "rule": one.rule,
    }
