"""From the bytes of a canonical CSV file to columns of text, or to everything wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.tables.listing import LISTED_PER_KIND, Fault, file_problem
from pollwitness.tables.problems import Problem
from pollwitness.tables.records import Layout, layout

LONGEST_HEADER = 100_000
"""Longer first rows are no header; Python's reader of CSV refuses fields not much longer."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

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
    records = layout(raw)
    problems = _mark_problems(raw, records, file)
    if problems:
        return problems
    header = _header(raw, records)
    problems = _form_problems(records, header, file)
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


def _header(raw: bytes, records: Layout) -> tuple[str, ...]:
    first = raw[: records.ends[0]].decode("utf-8").rstrip("\r")
    return tuple(next(csv.reader([first]), ()))


def _mark_problems(raw: bytes, records: Layout, file: str) -> tuple[Problem, ...]:
    """What is wrong with the marks that part the text into records and fields."""
    if records.unclosed_at is not None:
        row = int(np.searchsorted(records.ends, records.unclosed_at)) + 1
        return (file_problem(UNCLOSED, file, row=row),)
    found: list[Problem] = []
    for fault, at in ((STRAY, records.stray), (OLD_LINES, records.returns)):
        rows = np.unique(np.searchsorted(records.ends, at)) + 1
        found.extend(_listed([(fault, int(row)) for row in rows], file, fault.message))
    first = raw[: records.ends[0]]
    if len(first) > LONGEST_HEADER or _CONTROL.search(first):
        found.append(file_problem(WILD_HEADER, file, row=1))
    return tuple(found)


def _form_problems(records: Layout, header: tuple[str, ...], file: str) -> tuple[Problem, ...]:
    if not header:
        return (file_problem(EMPTY, file, row=1),)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return (file_problem(SEPARATOR, file, row=1),)
    wrong = np.flatnonzero(records.widths != len(header))
    faults = [(_width_fault(int(records.widths[i]), len(header)), int(i) + 1) for i in wrong]
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
