"""Writing case folders: canonical tables, each file whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import polars as pl

from pollwitness.case.head import FILE, head_text
from pollwitness.errors import RefusedError
from pollwitness.tables import Case, CaseTables, Column, Kind, Schema, canonical_csv

_FRICTIONLESS = {
    Kind.ID: "string",
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "boolean",
    Kind.CHOICE: "string",
    Kind.MOMENT: "string",
    Kind.DIGEST: "string",
}


class TableFormat(StrEnum):
    """The two file formats of a table."""

    CSV = "csv"
    PARQUET = "parquet"


class FolderExistsError(RefusedError):
    """A folder that should be made is already there and not empty."""


def check_new(folder: Path) -> None:
    """Refuse a folder that is there and not empty, or that is a file: nothing is overwritten.

    Raises:
        FolderExistsError: if it is so.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderExistsError(f"{folder} exists and is not empty; choose another folder")


def write_case(
    tables: CaseTables, folder: Path, *, table_format: TableFormat = TableFormat.CSV
) -> None:
    """Write a whole case into a new folder.

    Raises:
        FolderExistsError: if the folder is there and not empty; nothing is overwritten.
    """
    check_new(folder)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    replace_file(folder / FILE, head_text(tables.case).encode())
    for name in tables.frames:
        write_table(tables, name, folder, table_format=table_format)
    write_descriptor(tables, folder)


def write_table(
    tables: CaseTables, name: str, folder: Path, *, table_format: TableFormat = TableFormat.CSV
) -> None:
    """Write one table of a case in canonical form, in place of what stood there."""
    frame, schema = tables.table(name), tables.schemas[name]
    path = folder / "tables" / f"{name}.{table_format}"
    if table_format is TableFormat.CSV:
        replace_file(path, canonical_csv(frame, schema))
        return
    stream = io.BytesIO()
    frame.write_parquet(stream)
    replace_file(path, stream.getvalue())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves either the old or the new content, never a part."""
    # Hidden, so that what a crash leaves behind is not taken for a table.
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_descriptor(tables: CaseTables, folder: Path) -> None:
    """Write `datapackage.json` (Frictionless Data Package v2) for the tables in the folder."""
    files = {
        name: path
        for name in tables.frames
        for path in sorted((folder / "tables").glob(f"{name}.*"))
        if path.suffix in (".csv", ".parquet")
    }
    content = descriptor(tables.case, tables.schemas, files)
    if content is not None:
        replace_file(folder / "datapackage.json", content)


def descriptor(
    case: Case, schemas: Mapping[str, Schema], files: Mapping[str, Path]
) -> bytes | None:
    """The `datapackage.json` of a case with these files of tables.

    Data Package wants one table at least; a case without tables has no descriptor.
    """
    listed = [(schemas[n], path.name, _columns_there(path)) for n, path in files.items()]
    return package(case, listed)


def package(case: Case, listed: Sequence[tuple[Schema, str, Sequence[str]]]) -> bytes | None:
    """The `datapackage.json` of tables given as (schema, name of the file, its columns)."""
    if not listed:
        return None
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": case.id.lower(),
        "title": case.title,
        "resources": [_resource(*one) for one in listed],
    } | _terms(case.licence)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode() + b"\n"


def _terms(licence: str) -> dict[str, object]:
    """The licence as Data Package takes it: an identifier, or else words for people."""
    if re.fullmatch("[-a-zA-Z0-9._]+", licence):
        return {"licenses": [{"name": licence}]}
    return {"description": f"Licence: {licence}"}


def _resource(schema: Schema, file: str, columns: Sequence[str]) -> dict[str, object]:
    return {
        "name": schema.name,
        "path": f"tables/{file}",
        "description": schema.meaning,
        "format": file.rpartition(".")[2],
        "schema": {
            "fields": [_field(schema.column(name)) for name in columns],
            "primaryKey": list(schema.key),
            "missingValues": [""],
        },
    }


def _columns_there(path: Path) -> list[str]:
    """The columns of the file itself, which another hand may have written in another order."""
    if path.suffix == ".parquet":
        with path.open("rb") as stored:
            return list(pl.read_parquet_schema(stored))
    with path.open(encoding="utf-8", newline="") as text:
        return next(csv.reader(text))


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {"required": not column.nullable}
    if column.low is not None:
        constraints["minimum"] = int(column.low)
    if column.high is not None:
        constraints["maximum"] = int(column.high)
    if column.choices:
        constraints["enum"] = list(column.choices)
    unit = "" if column.unit is None else f" ({column.unit})"
    return {
        "name": column.name,
        "type": _FRICTIONLESS[column.kind],
        "description": column.meaning + unit,
        "constraints": constraints,
    }
