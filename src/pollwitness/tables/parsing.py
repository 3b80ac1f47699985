"""One table of a case: from columns of text to a checked frame."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pollwitness.tables.cells import parse_column
from pollwitness.tables.listing import Fault, column_problems
from pollwitness.tables.problems import Problem, Severity
from pollwitness.tables.schema import Kind, Schema, is_in_key_order

ROW = "file row"
"""The column that remembers the row in the file while a case is being checked."""

REPEATED = Fault(
    "T014",
    "the row stands in the table more than once; it is read once",
    "Remove the repetition.",
    Severity.WARNING,
)
CONFLICT = Fault(
    "T013",
    "another row with the same key says something else",
    "Keep one of them, or give them different keys.",
)


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A table in the types of its schema, with the row of the file that each row came from.

    ``unfit`` names, for each column, the rows of the file whose cell did not fit; the cell is
    unknown in ``frame``, but the row does not say that it is.
    """

    schema: Schema
    file: str
    frame: pl.DataFrame
    unfit: Mapping[str, Sequence[int]] = field(default_factory=dict)


def parse_table(
    frame: pl.DataFrame, header: Sequence[str], schema: Schema, file: str
) -> tuple[ParsedTable, tuple[Problem, ...]]:
    """The table in its schema's types, and all problems of its header, cells and keys.

    ``frame`` holds the columns in the order of ``header``, as text or, from Parquet, as whole
    numbers and flags. Cells that do not fit become unknown in the result.
    """
    problems = _header_problems(header, schema, file)
    columns: list[pl.Series] = []
    unfit: dict[str, Sequence[int]] = {}
    for column in schema.columns:
        if column.name not in header:
            values = pl.Series(column.name, [None], dtype=column.dtype)
            columns.append(values.new_from_index(0, frame.height))
            continue
        series = frame.to_series(list(header).index(column.name))
        if series.dtype == column.dtype and column.kind is Kind.BOOLEAN:
            series = series.replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
        parsed = parse_column(series.cast(pl.String), column, schema, file)
        problems.extend(parsed.problems)
        unfit[column.name] = parsed.unfit
        columns.append(parsed.values.alias(column.name))
    typed = pl.DataFrame(columns).with_columns(
        pl.int_range(2, frame.height + 2, dtype=pl.Int64).alias(ROW)
    )
    kept, repeated = _without_repetition(typed, schema, file)
    return ParsedTable(schema, file, kept, unfit), (*problems, *repeated)


def _header_problems(header: Sequence[str], schema: Schema, file: str) -> list[Problem]:
    problems = [
        Problem("T003", Severity.ERROR, file, 1, name, None, "the column stands twice",
                "Remove one of the two columns.")
        for name in sorted({name for name in header if list(header).count(name) > 1})
        if schema.has(name) or not schema.restricted
    ]  # fmt: skip
    problems.extend(
        _unknown(name, place, schema, file)
        for place, name in enumerate(header, start=1)
        if not schema.has(name) and name not in header[: place - 1]
    )
    problems.extend(
        Problem("T001", Severity.ERROR, file, 1, column.name, None, "the column is missing",
                f"Add the column {column.name}: {column.meaning}.")
        for column in schema.columns
        if not column.nullable and column.name not in header
    )  # fmt: skip
    return problems


def _unknown(name: str, place: int, schema: Schema, file: str) -> Problem:
    """A column that the table does not have; of a restricted one its place, not its name.

    A file without a header shows its first row there.
    """
    if schema.restricted:
        mend = f"Known columns: {', '.join(schema.names)}; the first row names them."
        return Problem("T002", Severity.ERROR, file, 1, None, None,
                       f"column {place} is not part of this table", mend)  # fmt: skip
    options = [n.removeprefix("votes_") for n in schema.names if n.startswith("votes_")]
    if options and name.startswith("votes_"):
        mend = f"Name an option of case.toml: {', '.join(options)}."
        return Problem("T017", Severity.ERROR, file, 1, name, None,
                       "the column names an option that the case does not have", mend)  # fmt: skip
    near = difflib.get_close_matches(name, schema.names, n=1)
    mend = f"Did you mean {near[0]}?" if near else f"Known columns: {', '.join(schema.names)}."
    return Problem(
        "T002", Severity.ERROR, file, 1, name, None, "the column is not part of this table", mend
    )


def _without_repetition(
    typed: pl.DataFrame, schema: Schema, file: str
) -> tuple[pl.DataFrame, list[Problem]]:
    key = list(schema.key)
    complete = typed.drop_nulls(key)
    if is_in_key_order(complete, key) or complete.height == complete.select(key).n_unique():
        return typed, []
    ranked = complete.with_columns(
        pl.int_range(pl.len()).over(list(schema.names)).alias("repetition"),
    )
    kept = ranked.filter(pl.col("repetition") == 0).drop("repetition")
    repeated = ranked.filter(pl.col("repetition") > 0)
    conflicting = kept.filter(pl.struct(key).is_duplicated())
    problems = [
        *_row_problems(REPEATED, repeated, schema, file),
        *_row_problems(CONFLICT, conflicting, schema, file),
    ]
    return kept, problems


def _row_problems(fault: Fault, rows: pl.DataFrame, schema: Schema, file: str) -> list[Problem]:
    hidden = schema.restricted
    values = rows.select(pl.concat_str([pl.col(k) for k in schema.key], separator=", "))
    return column_problems(
        fault,
        file,
        column=schema.key[0],
        rows=rows[ROW].to_numpy().astype(np.int64),
        values=None if hidden else values.to_series().to_list(),
    )
