"""Printing for people and for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pollwitness.claims import Json
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quantities import Verdict
from pollwitness.tables import Problem, Severity

FORMAT = 1
_WIDE = 200
MARKS = {
    Verdict.CONTRADICTED: "✗",
    Verdict.ENTAILED: "✓",
    Verdict.POSSIBLE: "○",
    Verdict.UNLIKELY: "◐",
    Verdict.COMPATIBLE: "◐",
    Verdict.SUPPORTED: "◐",
    Verdict.ANOMALOUS: "~",
    Verdict.UNREMARKABLE: "~",
    Verdict.UNDECIDED: "-",
}
"""The mark of each verdict; it always stands beside the word."""


def out() -> Console:
    """Where answers go. Wide where nobody watches, so that nothing is cut in a pipe."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, emoji=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(
        stderr=True,
        width=None if sys.stderr.isatty() else _WIDE,
        highlight=False,
        emoji=False,
    )


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they are."""
    console = out()
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print a table; columns whose cells are all numbers stand to the right."""
    listed = [list(row) for row in rows]
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for position, heading in enumerate(headings):
        numeric = all(_is_number(row[position]) for row in listed)
        table.add_column(heading, justify="right" if numeric and listed else "left",
                         overflow="fold")  # fmt: skip
    for row in listed:
        table.add_row(*(escape(cell) for cell in row))
    out().print(table)


def _is_number(cell: str) -> bool:
    """Whether a cell is a number or a range of numbers, in the language spoken now."""
    joined = _("{low} to {high}").format(low="", high="")
    return not any(letter.isalpha() for letter in cell.replace(joined, ""))


def print_json(command: str, result: Json, problems: Iterable[Problem] = ()) -> None:
    """Print the one object of a command: {format, command, result, problems}."""
    document = {
        "format": FORMAT,
        "command": command,
        "result": result,
        "problems": [problem_object(problem) for problem in problems],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n")


def problem_object(problem: Problem) -> dict[str, Json]:
    """A problem as a JSON object."""
    return {key: None if value is None else _plain(value) for key, value in asdict(problem).items()}


def _plain(value: object) -> Json:
    return value if isinstance(value, int) else str(value)


def print_problems(problems: Sequence[Problem]) -> None:
    """Print problems to standard error, one line each, errors first, and count them."""
    console = err()
    errors = [p for p in problems if p.severity is Severity.ERROR]
    warnings = [p for p in problems if p.severity is Severity.WARNING]
    for problem in (*errors, *warnings):
        console.print(escape(str(problem)), soft_wrap=True)
    console.print(
        _("{e} errors, {w} warnings").format(
            e=whole_number(len(errors)), w=whole_number(len(warnings))
        )
    )
