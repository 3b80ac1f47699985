"""What every reader of foreign files gives: batches of rows as text, with their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.errors import RefusedError
from pollwitness.tables import Problem, Severity
from pollwitness.tables.listing import Fault

Integers = npt.NDArray[np.int64]

NO_HEADER = Fault(
    "I001",
    "the file ends before its header",
    "Name the right rows in header_rows, or the columns in columns.",
)
TOO_WIDE = Fault(
    "I002",
    "the row has another number of fields than the header",
    "Mend the row in the file, or skip it in the mapping.",
)
STRAY = Fault(
    "I003",
    "a quotation mark stands inside a text without quotation marks around it",
    'Mend the row, or write quote = "" in the mapping if quotation marks mean nothing here.',
)
UNDECODABLE = Fault(
    "I004", "the text is not in the encoding that the mapping names", "Name the right encoding."
)
UNCLOSED = Fault(
    "I005",
    "a quotation mark is opened and never closed",
    'Close it, or write quote = "" in the mapping if quotation marks mean nothing here.',
)
NO_SUCH_ENCODING = Fault(
    "I006", "the encoding is not known", "Write one such as utf-8, utf-16, cp1251, latin-1."
)
UNREADABLE = Fault(
    "I007", "the file cannot be read as what the mapping says it is", "Check the format."
)
NO_SHEET = Fault("I008", "the file has no such sheet", "Name a sheet of the file.")
NOT_OBJECT = Fault(
    "I009", "the line is not a JSON object", "Write one object a line, and nothing else."
)
KEY_TWICE = Fault("I013", "a key stands twice in the object", "Keep one of the two.")
NOT_OPENED = Fault("I014", "the file cannot be opened", "Check the path, and that you may read it.")
NO_STORED_VALUE = Fault(
    "I010",
    "the cell holds a formula whose value the file does not store",
    "Open the file in a spreadsheet program and save it again.",
)
ERROR_VALUE = Fault(
    "I011", "the cell holds an error of the spreadsheet", "Mend the formula, or empty the cell."
)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault of rows of the file as such, before any column is looked at."""

    fault: Fault
    rows: Integers
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the file: one text column for each column of the file, unknown as null.

    ``rows`` are the rows of the file, counted from 1. ``done`` is the share of the file read.
    ``texts`` holds rows with a fault as they stand, where the columns do not tell.
    """

    frame: pl.DataFrame
    rows: Integers
    faults: tuple[RowFault, ...] = ()
    done: float = 1.0
    texts: Mapping[int, str] = field(default_factory=dict)


class Source(Protocol):
    """A foreign file that can be read any number of times."""

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The names of the columns of a sheet (None: the only or first one)."""

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The rows of a sheet, in their order, some at a time."""


class SourceRefusedError(RefusedError):
    """A foreign file cannot be read at all; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def refusal(
    fault: Fault,
    path: Path,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    more: str = "",
) -> SourceRefusedError:
    """The error that says why a file cannot be read."""
    message = f"{fault.message}: {more}" if more else fault.message
    return SourceRefusedError(
        Problem(fault.id, Severity.ERROR, path.name, row, column, value, message, fault.mend)
    )


def opened(path: Path) -> BinaryIO:
    """The file, open for reading.

    Raises:
        SourceRefusedError: if it cannot be opened.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise refusal(NOT_OPENED, path, more=error.strerror or "") from error


def column_names(parts: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """The names of the columns from one or several header rows.

    In every row but the last an empty cell takes the cell to its left: that is how a merged cell
    is stored. Names that occur again get " #2", " #3"; columns without any name "column 7".

    >>> column_names([["Votes", None, None], ["Anna", "Boris", "Anna"]])
    ('Votes / Anna', 'Votes / Boris', 'Votes / Anna #2')
    """
    filled = [_to_the_right(row) for row in parts[:-1]] + [list(parts[-1])] if parts else []
    width = max((len(row) for row in filled), default=0)
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position in range(width):
        cells = [row[position] for row in filled if position < len(row)]
        words = [re.sub(r"\s+", " ", cell).strip() for cell in cells if cell]
        name = " / ".join(dict.fromkeys(word for word in words if word))
        name = name or f"column {position + 1}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return tuple(names)


def _to_the_right(row: Sequence[str | None]) -> list[str | None]:
    filled: list[str | None] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else None))
    return filled


def text_frame(columns: Sequence[Sequence[str | None]], names: Sequence[str]) -> pl.DataFrame:
    """A frame of text columns; empty texts are unknown."""
    frame = pl.DataFrame(
        [
            pl.Series(name, values, dtype=pl.String)
            for name, values in zip(names, columns, strict=True)
        ]
    )
    return emptied(frame)


def emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """Spaces at the ends of texts removed, and texts without characters unknown."""
    stripped = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())
