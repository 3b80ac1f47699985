"""From the bytes of a canonical CSV file to columns of text, or to everything wrong with it."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.tables.listing import LISTED_PER_KIND, Fault, file_problem
from pollwitness.tables.problems import Problem

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
    "F011", "the rows end with a carriage return alone", "Save the file with LF line ends."
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
    """Where the records of a file end, how wide each is, and whether its quotes pair up."""

    ends: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    stray: npt.NDArray[np.int64]
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
    header = _header(raw, layout)
    problems = _form_problems(layout, header, file)
    if problems:
        return problems
    frame = pl.read_csv(
        raw,
        new_columns=list(_unique(header)),
        infer_schema=False,
    )
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
    if b"\r" in raw and b"\n" not in raw:
        found.append(file_problem(OLD_LINES, file))
    return tuple(found)


def _layout(raw: bytes) -> _Layout:
    data = np.frombuffer(raw, dtype=np.uint8)
    quotes = data == _QUOTE
    commas, newlines = data == _COMMA, data == _NEWLINE
    stray: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
    unclosed_at: int | None = None
    if quotes.any():
        outside = np.bitwise_xor.accumulate(quotes) == 0
        commas, newlines = commas & outside, newlines & outside
        stray = _stray_quotes(data, np.flatnonzero(quotes))
        if not outside[-1]:
            unclosed_at = int(np.flatnonzero(quotes)[-1])
    ends = np.flatnonzero(newlines)
    if data[-1] != _NEWLINE or not newlines[-1]:
        ends = np.append(ends, data.size)
    before = np.searchsorted(np.flatnonzero(commas), ends)
    widths = np.diff(before, prepend=0) + 1
    return _Layout(ends, widths, stray, unclosed_at)


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


def _form_problems(layout: _Layout, header: tuple[str, ...], file: str) -> tuple[Problem, ...]:
    if layout.unclosed_at is not None:
        row = int(np.searchsorted(layout.ends, layout.unclosed_at)) + 1
        return (file_problem(UNCLOSED, file, row=row),)
    if layout.stray.size:
        rows = np.unique(np.searchsorted(layout.ends, layout.stray)) + 1
        return tuple(file_problem(STRAY, file, row=int(row)) for row in rows[:LISTED_PER_KIND])
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return (file_problem(SEPARATOR, file, row=1),)
    wrong = np.flatnonzero(layout.widths != len(header))
    listed = [
        file_problem(_width_fault(int(layout.widths[i]), len(header)), file, row=int(i) + 1)
        for i in wrong[:LISTED_PER_KIND]
    ]
    if len(wrong) > LISTED_PER_KIND:
        rest = f"{len(wrong) - LISTED_PER_KIND} more rows have another number of fields"
        listed.append(file_problem(Fault("F006", rest, "See the rows above."), file))
    return tuple(listed)


def _unique(header: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{position}:{name}" for position, name in enumerate(header))
