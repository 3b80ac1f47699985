"""Commands about single protocol copies."""

from __future__ import annotations

from typing import Annotated

import typer

from pollwitness.case import correct_protocol
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import print_json, print_lines
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number

app = typer.Typer(help="Copies of station protocols.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _protocol() -> None:
    """Copies of station protocols."""


@app.command("correct")
def correct(
    case: CaseArgument,
    copy: Annotated[str, typer.Argument(metavar="COPY", help="The copy_id of the wrong copy.")],
    set_: Annotated[
        list[str],
        typer.Option("--set", help="A figure as COLUMN=NUMBER, or COLUMN= if unreadable."),
    ],
    reason: Annotated[str, typer.Option(help="What was wrong, in a sentence.")],
    document: Annotated[
        str | None, typer.Option(help="The document that shows the right figure.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Record corrected figures as a new copy that names the old one, with its reason.

    Example: pollwitness protocol correct CASE copy-17 --set ballots=812 --reason "8 read as 3"
    """
    made = correct_protocol(
        case, copy, figures=_figures(set_), reason=reason,
        document_id=document,
    )  # fmt: skip
    if as_json:
        changed: list[Json] = [
            {"figure": name, "before": before, "after": after}
            for name, before, after in made.changed
        ]
        result: dict[str, Json] = {
            "copy_id": made.copy_id, "corrects": made.corrects, "changed": changed
        }  # fmt: skip
        print_json("protocol correct", result, made.breaches)
        return
    print_lines([
        _("{new} corrects {old}; {old} bounds nothing from now on.").format(
            new=made.copy_id, old=made.corrects),
        *(f"  {name}: {_shown(before)} -> {_shown(after)}" for name, before, after in made.changed),
        *(str(problem) for problem in made.breaches),
    ])  # fmt: skip


def _shown(value: int | None) -> str:
    return _("unknown") if value is None else whole_number(value)


_MOST_DIGITS = 18


def _figures(texts: list[str]) -> dict[str, int | None]:
    figures: dict[str, int | None] = {}
    for text in texts:
        name, value = _figure(text)
        if name in figures:
            raise QuestionError(f"{name} is set twice; give each figure once")
        figures[name] = value
    return figures


def _figure(text: str) -> tuple[str, int | None]:
    name, sign, value = text.partition("=")
    digits = value.strip()
    if not sign or (digits and not (digits.isdecimal() and len(digits) <= _MOST_DIGITS)):
        raise QuestionError(f"--set {text!r} is not COLUMN=NUMBER; write for example ballots=812")
    return name.strip(), int(digits) if digits else None
