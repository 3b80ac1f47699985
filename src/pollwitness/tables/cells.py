"""From columns of text to columns of the schema's types, with every cell that does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.tables.listing import Fault, column_problems
from pollwitness.tables.problems import Problem
from pollwitness.tables.schema import (
    DECIMAL_PATTERN,
    DIGEST_PATTERN,
    ID_PATTERN,
    INTEGER_PATTERN,
    LARGEST_COUNT,
    MOMENT_PATTERN,
    Column,
    Kind,
    Schema,
)

MISSING = Fault("T004", "a value is missing", "Write the value; this column cannot be unknown.")
NOT_WHOLE = Fault(
    "T005",
    "not a whole number",
    "Write digits only, without separators, signs or decimals; leave it empty if unknown.",
)
NOT_DECIMAL = Fault(
    "T008", "not a decimal number", "Write digits with a decimal point, such as 80.1."
)
NOT_FLAG = Fault("T009", "neither true nor false", "Write true or false.")
NOT_ID = Fault(
    "T011", "not an id", "Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9)."
)
NOT_MOMENT = Fault(
    "T012",
    "not a date, nor a time with its offset",
    "Write 2020-08-09, or 2020-08-09T20:00+03:00.",
)
NOT_DIGEST = Fault("T024", "not a SHA-256 digest", "Write its 64 digits 0-9 a-f.")
PADDED = Fault(
    "T025",
    "the text begins or ends with a space, or holds a control character",
    "Remove spaces at its ends and control characters.",
)
_PADDED_PATTERN = r"^\s|\s$|[\x00-\x08\x0b-\x1f\x7f]"


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """A column in its type (unknown where a cell did not fit) and the problems of its cells.

    ``unfit`` are the rows of the file whose cell did not fit.
    """

    values: pl.Series
    unfit: tuple[int, ...]
    problems: tuple[Problem, ...]


def parse_column(text: pl.Series, column: Column, schema: Schema, file: str) -> ParsedColumn:
    """The column in the schema's type, with one problem for every cell that does not fit."""
    found = list(cell_faults(text, column))
    wrong = pl.Series([False]).new_from_index(0, text.len())
    for _, mask in found:
        wrong = wrong | mask
    problems = [
        problem
        for fault, mask in found
        for problem in _listed(fault, mask, text, (column.name, schema, file))
    ]
    clean = cell_values(text, column, wrong=wrong)
    return ParsedColumn(clean, tuple(row + 2 for row in wrong.arg_true()), tuple(problems))


def _listed(
    fault: Fault, mask: pl.Series, text: pl.Series, place: tuple[str, Schema, str]
) -> list[Problem]:
    name, schema, file = place
    at = mask.arg_true()
    hidden = schema.is_restricted(name)
    return column_problems(
        fault,
        file,
        column=name,
        rows=at.to_numpy().astype(np.int64) + 2,
        values=None if hidden else text.gather(at).to_list(),
    )


def cell_values(text: pl.Series, column: Column, *, wrong: pl.Series) -> pl.Series:
    """The cells in the column's type; unknown where ``wrong``."""
    values = _typed(text, column)
    return pl.select(pl.when(~wrong).then(values)).to_series().cast(column.dtype)


def cell_faults(text: pl.Series, column: Column) -> Iterator[tuple[Fault, pl.Series]]:
    """Each kind of fault that the column shows, with a mask of the rows that show it."""
    if not column.nullable and text.null_count():
        yield MISSING, text.is_null()
    fault, fits = _form(text, column)
    wrong = ~fits.fill_null(value=True)
    if wrong.any():
        yield fault, wrong
    yield from _out_of_bounds(text, column, wrong)


_PATTERNS: dict[Kind, tuple[Fault, str]] = {
    Kind.ID: (NOT_ID, ID_PATTERN),
    Kind.INTEGER: (NOT_WHOLE, INTEGER_PATTERN),
    Kind.DECIMAL: (NOT_DECIMAL, DECIMAL_PATTERN),
    Kind.BOOLEAN: (NOT_FLAG, "^(true|false)$"),
    Kind.DIGEST: (NOT_DIGEST, DIGEST_PATTERN),
}


def _form(text: pl.Series, column: Column) -> tuple[Fault, pl.Series]:
    """What a value of the column must look like, and which values do (null where unknown)."""
    if column.kind in _PATTERNS:
        fault, pattern = _PATTERNS[column.kind]
        return fault, text.str.contains(pattern)
    if column.kind is Kind.MOMENT:
        return NOT_MOMENT, _is_moment(text)
    if column.kind is Kind.CHOICE:
        return _choice_fault(column), text.is_in(list(column.choices))
    return PADDED, ~text.str.contains(_PADDED_PATTERN)


def _choice_fault(column: Column) -> Fault:
    allowed = ", ".join(column.choices)
    return Fault("T010", "not one of the values allowed here", f"Write one of: {allowed}.")


def _is_moment(text: pl.Series) -> pl.Series:
    day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    real = day.is_not_null() & ~text.str.starts_with("0000")
    return (text.str.contains(MOMENT_PATTERN) & real) | text.is_null()


def _out_of_bounds(
    text: pl.Series, column: Column, wrong: pl.Series
) -> Iterator[tuple[Fault, pl.Series]]:
    if column.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return
    number = text.cast(pl.Float64, strict=False)
    if column.low is not None and (mask := (number < float(column.low)) & ~wrong).any():
        low = column.low
        yield Fault("T006", f"less than {low}", f"Write a number of {low} or more."), mask
    if column.high is not None and (mask := (number > float(column.high)) & ~wrong).any():
        yield _too_great(int(column.high)), mask


def _too_great(high: int) -> Fault:
    mend = "Check for digits typed twice." if high == LARGEST_COUNT else f"Write at most {high}."
    return Fault("T007", f"more than {high}", mend)


def _typed(text: pl.Series, column: Column) -> pl.Series:
    if column.kind is Kind.INTEGER:
        return text.cast(pl.Int64, strict=False)
    if column.kind is Kind.BOOLEAN:
        return pl.select(
            pl.when(text == "true").then(True).when(text == "false").then(False)
        ).to_series()
    return text
