"""Reading a case folder: everything that is wrong with it, or its tables."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pollwitness.case.head import FILE, parse_head
from pollwitness.case.importing.stage import finish_import, is_unfinished
from pollwitness.errors import RefusedError
from pollwitness.tables import (
    ROW,
    Case,
    CaseTables,
    Kind,
    ParsedTable,
    Problem,
    Schema,
    Severity,
    consistency_problems,
    election_schemas,
    has_errors,
    in_order,
    parse_table,
    read_csv_text,
)
from pollwitness.tally import breaches_as_problems

_SPREADSHEETS = {".xlsx", ".xls", ".ods", ".tsv", ".txt", ".json"}
_NO_FILE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class InputRefusedError(RefusedError):
    """An input cannot be used; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        errors = sum(p.severity is Severity.ERROR for p in self.problems)
        super().__init__(f"{errors} errors in the input")


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A case folder that was read: its tables, and the warnings that reading them gave."""

    tables: CaseTables
    warnings: tuple[Problem, ...]


def read_case(folder: Path) -> CaseFolder:
    """The case in a folder, ready for analysis.

    Raises:
        InputRefusedError: with all problems, if one of them is an error.
    """
    tables, problems, _ = _read(folder)
    if tables is None or has_errors(problems):
        raise InputRefusedError(problems)
    return CaseFolder(tables, problems)


def validate_case(folder: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a case folder, breaches of protocol rules included."""
    tables, problems, parsed = _read(folder)
    if tables is None or has_errors(problems):
        return problems
    if "protocols" not in parsed:
        return problems
    protocols = parsed["protocols"]
    rows = dict(protocols.frame.select("copy_id", ROW).iter_rows())
    return in_order((*problems, *breaches_as_problems(tables, rows, protocols.file)))


_Parsed = dict[str, ParsedTable]


def read_head(folder: Path) -> tuple[Case, bytes] | tuple[Problem, ...]:
    """The head of a case and the bytes that say it, or all problems of it."""
    try:
        if is_unfinished(folder):
            finish_import(folder)
        raw = (folder / FILE).read_bytes()
    except _NO_FILE:
        return (_problem("C001", FILE, "the folder has no case.toml",
                         f"Make one with: pollwitness new {folder}"),)  # fmt: skip
    except OSError as error:
        return (_unopened("C015", FILE, error),)
    case = parse_head(raw)
    return (case, raw) if isinstance(case, Case) else in_order(case)


def _read(folder: Path) -> tuple[CaseTables | None, tuple[Problem, ...], _Parsed]:
    head = read_head(folder)
    if not isinstance(head[0], Case):
        return None, head, {}
    case, raw = head
    parsed, unread, problems = _read_tables(folder, case)
    problems = [*problems, *consistency_problems(case, parsed, unread=unread)]
    frames = {name: table.frame.drop(ROW) for name, table in parsed.items()}
    if has_errors(problems):
        return None, in_order(problems), parsed
    tables = CaseTables.of(case, frames, head_sha256=hashlib.sha256(raw).hexdigest())
    return tables, in_order(problems), parsed


def _read_tables(folder: Path, case: Case) -> tuple[_Parsed, set[str], list[Problem]]:
    """The tables that could be read, the names of those that could not, and all problems."""
    schemas = election_schemas(case.option_ids)
    problems = _stray_files(folder, schemas)
    parsed: _Parsed = {}
    unread: set[str] = set()
    for name, schema in schemas.items():
        files = [
            path
            for suffix in (".csv", ".parquet")
            if os.path.lexists(path := folder / "tables" / (name + suffix))
        ]
        if len(files) == 2:
            twice = "the table is there twice, as CSV and as Parquet"
            problems.append(_problem("F002", f"tables/{name}.csv", twice, "Keep one of the two."))
        for path in files[:1]:
            table, found = _read_table(path, schema)
            problems.extend(found)
            if table is None:
                unread.add(name)
            else:
                parsed[name] = table
    return parsed, unread, problems


def _stray_files(folder: Path, schemas: Iterable[str]) -> list[Problem]:
    tables = folder / "tables"
    if tables.exists() and not tables.is_dir():
        return [_problem("F013", "tables", "not a folder", "Make it a folder of CSV files.")]
    known = {name + suffix for name in schemas for suffix in (".csv", ".parquet")}
    there = sorted(p.name for p in tables.glob("*") if not p.name.startswith("."))
    return [
        _problem(
            "F001",
            f"tables/{name}",
            "the file is not a table of a case",
            "Save the sheet as CSV under the name of its table."
            if Path(name).suffix.lower() in _SPREADSHEETS
            else f"Known tables: {', '.join(schemas)}.",
        )
        for name in there
        if name not in known
    ]


def _read_table(path: Path, schema: Schema) -> tuple[ParsedTable | None, tuple[Problem, ...]]:
    file = f"tables/{path.name}"
    if path.is_symlink() or not path.is_file():
        return None, (_problem("F013", file, "not an ordinary file", "Put the file itself here."),)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, (_unopened("F016", file, error),)
    if path.suffix == ".parquet":
        return _read_parquet(raw, schema, file)
    text = read_csv_text(raw, file)
    if isinstance(text, tuple):
        return None, text
    return parse_table(text.frame, text.header, schema, file)


def _read_parquet(
    raw: bytes, schema: Schema, file: str
) -> tuple[ParsedTable | None, tuple[Problem, ...]]:
    try:
        frame = pl.read_parquet(raw)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None, (_problem("F010", file, "the file cannot be read as Parquet",
                               "Write it again, or save the table as CSV."),)  # fmt: skip
    wrong = [
        Problem("F014", Severity.ERROR, file, None, name, str(dtype),
                "the column has a type that its values cannot be read from",
                f"Store it as {'whole numbers or text' if _wants_whole(schema, name) else 'text'}.")
        for name, dtype in frame.schema.items()
        if schema.has(name) and not _readable(schema, name, dtype)
    ]  # fmt: skip
    if wrong:
        return None, tuple(wrong)
    # As in CSV, a text without characters is unknown.
    known = frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
    return parse_table(known, known.columns, schema, file)


def _wants_whole(schema: Schema, name: str) -> bool:
    return schema.column(name).kind is Kind.INTEGER


def _readable(schema: Schema, name: str, dtype: pl.DataType) -> bool:
    kind = schema.column(name).kind
    if dtype in (pl.String(), pl.Null()):
        return True
    return (dtype.is_integer() and kind in (Kind.INTEGER, Kind.DECIMAL)) or (
        dtype == pl.Boolean() and kind is Kind.BOOLEAN
    )


def _unopened(id: str, file: str, error: OSError) -> Problem:  # noqa: A002
    return _problem(id, file, f"the file cannot be opened: {error.strerror}",
                    "See that you may read it.")  # fmt: skip


def _problem(id: str, file: str, message: str, mend: str) -> Problem:  # noqa: A002
    return Problem(id, Severity.ERROR, file, None, None, None, message, mend)
