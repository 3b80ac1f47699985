"""Problems of an input: one stable id, the place, the value and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Errors refuse the input; warnings are listed and nothing stops."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, where it stands, and how to mend it.

    ``row`` counts as a spreadsheet does: the header is row 1. ``column`` is the key in a file that
    is no table. ``value`` is None where there is no single value or where the column is restricted.
    """

    id: str
    severity: Severity
    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    mend: str

    def __str__(self) -> str:
        place = _visible(self.file)
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            kind = "key" if self.file.endswith(".toml") else "column"
            place += f", {kind} {_visible(self.column)}"
        value = "" if self.value is None else f" ({self.value!r})"
        return f"{self.id} {self.severity} {place}: {self.message}{value}. {self.mend}"


def _visible(name: str) -> str:
    """A name from the input as it can be printed: nothing in it moves the cursor or is missed."""
    plain = name and name.isprintable() and name == name.strip()
    return name if plain else repr(name)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one problem at least refuses the input."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without repetition, by file, row, column and id."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda p: (p.file, p.row or 0, p.column or "", p.id, p.value or ""),
        )
    )
