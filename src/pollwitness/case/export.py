"""A case for others: as CSV, Parquet or a workbook, and without what could point to a person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pollwitness.case.write import FolderExistsError, TableFormat, write_case
from pollwitness.errors import RefusedError
from pollwitness.tables import CaseTables, Kind, Schema

if TYPE_CHECKING:
    import xlsxwriter

MOST_ROWS = 1_048_575
"""Rows that a sheet of a workbook can hold below its header."""
_MOST_CHARACTERS = 32_767


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


def export_case(tables: CaseTables, target: Path, *, export_format: ExportFormat) -> None:
    """Write the tables of a case to a new folder, or to a new workbook.

    Raises:
        FolderExistsError: if the target is there; nothing is overwritten.
        RefusedError: if a table has more rows than a sheet can hold.
    """
    if export_format is ExportFormat.XLSX:
        _write_workbook(tables, target)
    else:
        write_case(tables, target, table_format=TableFormat(export_format))


def _write_workbook(tables: CaseTables, target: Path) -> None:
    from pollwitness.case.importing.spreadsheet import ExtraMissingError  # noqa: PLC0415

    if target.exists():
        raise FolderExistsError(f"{target} exists; choose another file")
    long = [name for name, frame in tables.frames.items() if frame.height > MOST_ROWS]
    if long:
        raise RefusedError(f"too many rows for a sheet: {', '.join(long)}; export as CSV")
    wide = [
        f"{name}.{column}"
        for name, frame in tables.frames.items()
        for column, dtype in frame.schema.items()
        if dtype == pl.String
        and frame.filter(pl.col(column).str.len_chars() > _MOST_CHARACTERS).height
    ]
    if wide:
        raise RefusedError(f"texts too long for a cell: {', '.join(wide)}; export as CSV")
    try:
        import xlsxwriter  # noqa: PLC0415 (an extra: only who writes workbooks needs it)
    except ImportError as error:
        raise ExtraMissingError(
            "workbooks need an extra; install it with: pip install 'pollwitness[spreadsheets]'"
        ) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        for name, frame in tables.frames.items():
            _write_sheet(book, frame, tables.schemas[name])


def _write_sheet(book: xlsxwriter.Workbook, frame: pl.DataFrame, schema: Schema) -> None:
    """One sheet: whole numbers as numbers, everything else as text, so that nothing is computed."""
    sheet = book.add_worksheet(schema.name[:31])
    known = [
        c for c in schema.columns if not c.nullable or frame[c.name].null_count() < frame.height
    ]
    for column, one in enumerate(known):
        sheet.write_string(0, column, one.name)
    sheet.freeze_panes(1, 0)
    rows = frame.select(one.name for one in known).iter_rows()
    for number, row in enumerate(rows, start=1):
        for column, (value, one) in enumerate(zip(row, known, strict=True)):
            if value is None:
                continue
            if one.kind is Kind.INTEGER:
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _as_written(value))


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
