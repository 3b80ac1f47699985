"""Writing case folders: canonical tables, each file whole or not at all."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path

import polars as pl

from pollwitness.case.head import FILE, head_text
from pollwitness.errors import PollwitnessError
from pollwitness.tables import CaseTables, Column, Kind, Schema, canonical_csv

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


class FolderExistsError(PollwitnessError):
    """A folder that should be made is already there and not empty."""


def write_case(
    tables: CaseTables, folder: Path, *, table_format: TableFormat = TableFormat.CSV
) -> None:
    """Write a whole case into a new folder.

    Raises:
        FolderExistsError: if the folder is there and not empty; nothing is overwritten.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderExistsError(f"{folder} exists and is not empty; choose another folder")
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
    if table_format is TableFormat.PARQUET:
        part = path.with_suffix(".parquet.part")
        frame.write_parquet(part)
        part.replace(path)
        return
    replace_file(path, canonical_csv(frame, schema))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves either the old or the new content, never a part."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def write_descriptor(tables: CaseTables, folder: Path) -> None:
    """Write `datapackage.json` (Frictionless Data Package v2) for the tables in the folder."""
    resources = [
        _resource(tables.schemas[name], tables.table(name), path.name)
        for name in tables.frames
        for path in sorted((folder / "tables").glob(f"{name}.*"))
        if path.suffix in (".csv", ".parquet")
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": tables.case.id.lower(),
        "title": tables.case.title,
        "licenses": [{"name": tables.case.licence}],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True)
    replace_file(folder / "datapackage.json", text.encode() + b"\n")


def _resource(schema: Schema, frame: pl.DataFrame, file: str) -> dict[str, object]:
    unknown = {c.name for c in schema.columns if frame[c.name].null_count() == frame.height}
    written = [c for c in schema.columns if not (c.nullable and c.name in unknown)]
    shown = schema.columns if file.endswith(".parquet") else written
    return {
        "name": schema.name,
        "path": f"tables/{file}",
        "description": schema.meaning,
        "format": file.rpartition(".")[2],
        "schema": {
            "fields": [_field(column) for column in shown],
            "primaryKey": list(schema.key),
            "missingValues": [""],
        },
    }


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
