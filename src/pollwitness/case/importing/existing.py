"""The tables of a case as sorted runs, read some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pollwitness.case.importing.delimited import Delimited
from pollwitness.case.importing.mapping import SourceFormat, SourceRules
from pollwitness.case.importing.runs import Runs
from pollwitness.case.importing.source import Source, SourceRefusedError
from pollwitness.case.importing.structured import Parquet
from pollwitness.errors import RefusedError
from pollwitness.tables import Schema
from pollwitness.tables.cells import cell_faults, cell_values


class TableInCaseRefusedError(RefusedError):
    """A table of the case has errors: `pollwitness validate` lists them."""


def table_file(case: Path, name: str) -> Path | None:
    """The file of a table in a case folder, if there is one."""
    there = [case / "tables" / f"{name}{suffix}" for suffix in (".csv", ".parquet")]
    return next((path for path in there if path.is_file()), None)


def existing_runs(case: Path, schema: Schema, folder: Path) -> Runs:
    """The rows of a table of the case, sorted by the first column of its key.

    Raises:
        TableInCaseRefusedError: if the table has errors.
    """
    runs = Runs(folder, schema.key[0])
    path = table_file(case, schema.name)
    if path is None:
        return runs
    try:
        for frame in _checked(_source(path), schema):
            runs.add(frame)
    except SourceRefusedError as error:
        raise TableInCaseRefusedError(_hint(case, path)) from error
    except _FaultyError as error:
        raise TableInCaseRefusedError(_hint(case, path)) from error
    return runs


def refuse_conflicts(rows: pl.DataFrame, schema: Schema) -> None:
    """Rows of the case that share a key and differ.

    Raises:
        TableInCaseRefusedError: if there are any.
    """
    if rows.select(schema.key).n_unique() < rows.height:
        raise TableInCaseRefusedError(
            f"the table {schema.name} of the case holds rows with one key that differ. List them "
            "with: pollwitness validate"
        )


class _FaultyError(Exception):
    """A row of the table has a fault."""


def _hint(case: Path, path: Path) -> str:
    return (
        f"tables/{path.name} has errors; nothing was read. List them: pollwitness validate {case}"
    )


def _source(path: Path) -> Source:
    if path.suffix == ".parquet":
        return Parquet(path, SourceRules(SourceFormat.PARQUET))
    return Delimited(path, SourceRules(SourceFormat.CSV))


def _checked(source: Source, schema: Schema) -> Iterator[pl.DataFrame]:
    names = source.header(None)
    required = {column.name for column in schema.columns if not column.nullable}
    if not set(names) <= set(schema.names) or not required <= set(names):
        raise _FaultyError
    for batch in source.batches(None):
        if batch.faults:
            raise _FaultyError
        yield _typed(batch.frame, schema)


def _typed(text: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    columns = []
    for column in schema.columns:
        if column.name not in text.columns:
            unknown = pl.Series(column.name, [None], dtype=column.dtype)
            columns.append(unknown.new_from_index(0, text.height))
            continue
        cells = text[column.name]
        if next(cell_faults(cells, column), None) is not None:
            raise _FaultyError
        none = pl.Series([False]).new_from_index(0, text.height)
        columns.append(cell_values(cells, column, wrong=none).alias(column.name))
    return pl.DataFrame(columns)
