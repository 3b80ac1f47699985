"""Reading XLSX, XLS, XLSB and ODS through python-calamine; a sheet is read whole."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from pollwitness.case.importing.mapping import SourceRules
from pollwitness.case.importing.safe_xml import child, elements
from pollwitness.case.importing.source import (
    ERROR_VALUE,
    NO_HEADER,
    NO_SHEET,
    NO_STORED_VALUE,
    TOO_WIDE,
    UNREADABLE,
    Batch,
    RowFault,
    column_names,
    opened,
    refusal,
    text_frame,
)
from pollwitness.errors import RefusedError

ROWS_AT_A_TIME = 50_000
MOST_BYTES = 1 << 30
"""The greatest size of a spreadsheet when it is unpacked: a small file can hold a huge one."""
Cell: TypeAlias = int | float | str | bool | datetime.time | datetime.date | datetime.timedelta
_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:[0-9]{3}")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class ExtraMissingError(RefusedError):
    """A part of Pollwitness is needed that is not installed."""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A workbook; the mapping names the sheet, or the first one that a reader sees counts."""

    path: Path
    rules: SourceRules

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The names of the columns of a sheet."""
        return self._header(self._texts(self._worksheet(sheet)))

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The rows of a sheet; merged cells all hold the value of the first."""
        found = self._worksheet(sheet)
        rows = self._texts(found)
        names = self._header(rows)
        faults = self._faults(rows, names, found.name)
        for start in range(self.rules.first_row - 1, len(rows), ROWS_AT_A_TIME):
            part = rows[start : start + ROWS_AT_A_TIME]
            at = np.arange(start + 1, start + len(part) + 1, dtype=np.int64)
            columns = [[_cell(row, n) for row in part] for n in range(len(names))]
            here = tuple(
                RowFault(f.fault, f.rows[np.isin(f.rows, at)], f.column)
                for f in faults
                if np.isin(f.rows, at).any()
            )
            yield Batch(text_frame(columns, names), at, here, (start + len(part)) / len(rows))

    def _header(self, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
        if self.rules.columns:
            return self.rules.columns
        wanted = sorted(self.rules.header_rows)
        if len(rows) < max(wanted):
            raise refusal(NO_HEADER, self.path)
        return column_names([rows[row - 1] for row in wanted])

    def _worksheet(self, sheet: str | None) -> _Worksheet:
        with opened(self.path) as stream:
            _check_size(self.path, zipfile.is_zipfile(stream))
        return _worksheet(self.path, sheet)

    def _texts(self, found: _Worksheet) -> list[list[str]]:
        rows = [[_text(cell, self.rules.decimal) for cell in row] for row in found.cells]
        for (top, left), (bottom, right) in found.merged:
            value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [value] * len(row[left : right + 1])
        return rows

    def _faults(self, rows: list[list[str]], names: Sequence[str], sheet: str) -> list[RowFault]:
        found: dict[tuple[bool, int], list[int]] = {}
        wide = [n for n, row in enumerate(rows, start=1) if any(row[len(names) :])]
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell[:1] in "#E" and cell and _ERROR.fullmatch(cell):
                    found.setdefault((True, column), []).append(number)
        for is_error, number, column in _bad_cells(self.path, sheet):
            found.setdefault((is_error, column), []).append(number)
        return [RowFault(TOO_WIDE, np.array(wide, dtype=np.int64))] + [
            RowFault(
                ERROR_VALUE if is_error else NO_STORED_VALUE,
                np.array(sorted(set(numbers)), dtype=np.int64),
                names[column] if column < len(names) else None,
            )
            for (is_error, column), numbers in sorted(found.items())
        ]


@dataclass(frozen=True, slots=True)
class _Worksheet:
    name: str
    cells: list[list[Cell]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def _check_size(path: Path, is_zip: bool) -> None:
    if not is_zip:
        return
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as error:
        raise refusal(UNREADABLE, path, more=str(error)) from error
    if size > MOST_BYTES:
        raise refusal(UNREADABLE, path, more=f"it unpacks to {size:,} bytes; save it as CSV")


def _worksheet(path: Path, sheet: str | None) -> _Worksheet:
    try:
        import python_calamine  # noqa: PLC0415 (an extra: only who reads spreadsheets needs it)
    except ImportError as error:
        raise ExtraMissingError(
            "spreadsheets need an extra; install it with: pip install 'pollwitness[spreadsheets]'"
        ) from error
    try:
        with python_calamine.load_workbook(path) as book:
            seen = [
                one.name
                for one in book.sheets_metadata
                if one.visible == python_calamine.SheetVisibleEnum.Visible
                and one.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            if sheet is None and not seen:
                raise refusal(NO_SHEET, path, more="every sheet is hidden or holds no cells")
            name = seen[0] if sheet is None else sheet
            found = book.get_sheet_by_name(name)
            cells = found.to_python(skip_empty_area=False)
            return _Worksheet(name, cells, found.merged_cell_ranges or [])
    except python_calamine.WorksheetNotFound as error:
        raise refusal(NO_SHEET, path, value=sheet) from error
    except python_calamine.CalamineError as error:
        raise refusal(UNREADABLE, path, more=str(error)) from error


def _text(cell: Cell, decimal: str) -> str:
    """A cell as text; numbers with the decimal mark that texts of the file have."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", decimal)
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def _cell(row: Sequence[str], position: int) -> str | None:
    return row[position] if position < len(row) else None


def _bad_cells(path: Path, sheet: str) -> Iterator[tuple[bool, int, int]]:
    """(is an error, row, column) of cells of an XLSX sheet without a value that can be used."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        part = _sheet_part(packed, sheet)
        if part is None or not _has_formulas_or_errors(packed, part):
            return
        with packed.open(part) as stream:
            for cell in elements(stream, "c"):
                place = _PLACE.fullmatch(cell.get("r", ""))
                value = child(cell, "v")
                is_text = value is not None and cell.get("t") == "str"
                empty = not is_text and (value is None or not value.text)
                if place and (cell.get("t") == "e" or (child(cell, "f") is not None and empty)):
                    yield cell.get("t") == "e", int(place[2]), _column_number(place[1])
                cell.clear()


def _has_formulas_or_errors(packed: zipfile.ZipFile, part: str) -> bool:
    kept = b""
    with packed.open(part) as stream:
        while chunk := stream.read(1 << 20):
            kept = kept[-8:] + chunk
            if b"<f" in kept or b't="e"' in kept:
                return True
    return False


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet_part(packed: zipfile.ZipFile, sheet: str) -> str | None:
    """The file inside an XLSX workbook that holds a sheet; None in other formats."""
    names = set(packed.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    with packed.open("xl/workbook.xml") as stream:
        listed = list(elements(stream, "sheet"))
    with packed.open("xl/_rels/workbook.xml.rels") as stream:
        related = {r.get("Id"): r.get("Target", "") for r in elements(stream, "Relationship")}
    keys = [
        value
        for one in listed
        if one.get("name") == sheet
        for name, value in one.items()
        if name.endswith("}id")
    ]
    paths = [f"xl/{related.get(key, '').removeprefix('/xl/')}" for key in keys]
    return next((path for path in paths if path in names), None)
