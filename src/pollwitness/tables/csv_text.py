"""From the bytes of a canonical CSV file to columns of text, or to everything wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.tables.listing import LISTED_PER_KIND, Fault, file_problem
from pollwitness.tables.problems import Problem

LONGEST_HEADER = 100_000
"""Longer first rows are no header; Python's reader of CSV refuses fields not much longer."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMMA, _NEWLINE, _RETURN, _QUOTE = 44, 10, 13, 34

EMPTY = Fault("F003", "the file has no header", "Write the names of the columns in the first row.")
NOT_UTF8 = Fault("F004", "the text is not UTF-8", "Save the file as UTF-8.")
MARKED = Fault(
    "F005", "the file begins with a byte-order mark", "Save the file as UTF-8 without it."
)
UNCLOSED = Fault(
    "F007", "a quotation mark is opened and never closed", "Close it, or double it inside a text."
)
STRAY = Fault(
    "F008",
    "a quotation mark stands inside a text without quotation marks around it",
    'Put the whole text in quotation marks and double the inner ones: "the ""big"" hall".',
)
NUL = Fault("F009", "the file holds a zero byte", "Save the file as plain text in UTF-8.")
OLD_LINES = Fault(
    "F011", "a row ends with a carriage return alone", "Save the file with LF line ends."
)
WILD_HEADER = Fault(
    "F015",
    f"the header holds a control character, or more than {LONGEST_HEADER:,} bytes",
    "Write the names of the columns, separated by commas, in the first row.",
)
SEPARATOR = Fault(
    "F012",
    "the header has one column and looks separated by something else than commas",
    "Separate the columns with commas.",
)


def _width_fault(found: int, expected: int) -> Fault:
    return Fault(
        "F006",
        f"the row has {found} fields where the header has {expected}",
        "Give every column a value or leave it empty between commas; quote texts with commas.",
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the records of a file end, how wide each is, and whether its quotes pair up.

    ``returns`` are the carriage returns outside quotation marks that no line feed follows.
    """

    ends: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    stray: npt.NDArray[np.int64]
    returns: npt.NDArray[np.int64]
    unclosed_at: int | None


@dataclass(frozen=True, slots=True)
class TextTable:
    """The columns of a file as text; unknown values are null. Row i of the frame is row i + 2."""

    header: tuple[str, ...]
    frame: pl.DataFrame


def read_csv_text(raw: bytes, file: str) -> TextTable | tuple[Problem, ...]:
    """The table in these bytes as text, or all problems of its form.

    Every record must have as many fields as the header (nothing is filled in), quotation marks
    must pair up (RFC 4180), and the text must be UTF-8 without a byte-order mark.
    """
    problems = _encoding_problems(raw, file)
    if problems:
        return problems
    layout = _layout(raw)
    problems = _mark_problems(raw, layout, file)
    if problems:
        return problems
    header = _header(raw, layout)
    problems = _form_problems(layout, header, file)
    if problems:
        return problems
    frame = pl.read_csv(raw, new_columns=list(_unique(header)), infer_schema=False)
    text = frame.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())
    return TextTable(header, text)


def _encoding_problems(raw: bytes, file: str) -> tuple[Problem, ...]:
    def at(offset: int) -> int:
        return raw[:offset].count(b"\n") + 1

    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return (file_problem(NOT_UTF8, file, row=at(error.start)),)
    found: list[Problem] = []
    if raw.startswith(b"\xef\xbb\xbf"):
        found.append(file_problem(MARKED, file, row=1))
    if b"\0" in raw:
        found.append(file_problem(NUL, file, row=at(raw.index(b"\0"))))
    if not raw.strip(b"\xef\xbb\xbf \r\n\t"):
        found.append(file_problem(EMPTY, file))
    return tuple(found)


def _layout(raw: bytes) -> _Layout:
    data = np.frombuffer(raw, dtype=np.uint8)
    quotes = data == _QUOTE
    commas, newlines = data == _COMMA, data == _NEWLINE
    returns = (data == _RETURN) & (np.append(data[1:], 0) != _NEWLINE)
    stray: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
    unclosed_at: int | None = None
    if quotes.any():
        outside = np.bitwise_xor.accumulate(quotes) == 0
        commas, newlines, returns = commas & outside, newlines & outside, returns & outside
        stray = _stray_quotes(data, np.flatnonzero(quotes))
        if not outside[-1]:
            unclosed_at = int(np.flatnonzero(quotes)[-1])
    ends = np.flatnonzero(newlines)
    if data[-1] != _NEWLINE or not newlines[-1]:
        ends = np.append(ends, data.size)
    before = np.searchsorted(np.flatnonzero(commas), ends)
    widths = np.diff(before, prepend=0) + 1
    return _Layout(ends, widths, stray, np.flatnonzero(returns), unclosed_at)


def _stray_quotes(data: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    opening, closing = at[0::2], at[1::2]
    before = np.where(opening > 0, data[opening - 1], _NEWLINE)
    last = data.size - 1
    after = np.where(closing < last, data[np.minimum(closing + 1, last)], _NEWLINE)
    bad_open = opening[~np.isin(before, (_COMMA, _NEWLINE, _QUOTE))]
    bad_close = closing[~np.isin(after, (_COMMA, _NEWLINE, _RETURN, _QUOTE))]
    return np.sort(np.concatenate([bad_open, bad_close]))


def _header(raw: bytes, layout: _Layout) -> tuple[str, ...]:
    first = raw[: layout.ends[0]].decode("utf-8").rstrip("\r")
    return tuple(next(csv.reader([first]), ()))


def _mark_problems(raw: bytes, layout: _Layout, file: str) -> tuple[Problem, ...]:
    """What is wrong with the marks that part the text into records and fields."""
    if layout.unclosed_at is not None:
        row = int(np.searchsorted(layout.ends, layout.unclosed_at)) + 1
        return (file_problem(UNCLOSED, file, row=row),)
    found: list[Problem] = []
    for fault, at in ((STRAY, layout.stray), (OLD_LINES, layout.returns)):
        rows = np.unique(np.searchsorted(layout.ends, at)) + 1
        found.extend(_listed([(fault, int(row)) for row in rows], file, fault.message))
    first = raw[: layout.ends[0]]
    if len(first) > LONGEST_HEADER or _CONTROL.search(first):
        found.append(file_problem(WILD_HEADER, file, row=1))
    return tuple(found)


def _form_problems(layout: _Layout, header: tuple[str, ...], file: str) -> tuple[Problem, ...]:
    if not header:
        return (file_problem(EMPTY, file, row=1),)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return (file_problem(SEPARATOR, file, row=1),)
    wrong = np.flatnonzero(layout.widths != len(header))
    faults = [(_width_fault(int(layout.widths[i]), len(header)), int(i) + 1) for i in wrong]
    return tuple(_listed(faults, file, "the row has another number of fields than the header"))


def _listed(faults: Sequence[tuple[Fault, int]], file: str, kind: str) -> list[Problem]:
    """One problem for each row, up to the limit, then one that counts the others."""
    shown = [file_problem(fault, file, row=row) for fault, row in faults[:LISTED_PER_KIND]]
    rest = len(faults) - LISTED_PER_KIND
    if rest > 0:
        fault, last = faults[-1]
        counted = Fault(fault.id, f"{kind}: {rest} more rows, this is the last", fault.mend)
        shown.append(file_problem(counted, file, row=last))
    return shown


def _unique(header: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{position}:{name}" for position, name in enumerate(header))
