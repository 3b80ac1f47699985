"""An import from beginning to end: read, check, merge, and all of it into the case or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import polars as pl

from pollwitness.case.folder import InputRefusedError, read_head
from pollwitness.case.importing.account import (
    SHEET,
    ImportAccount,
    Places,
    Rejections,
    write_account,
    write_rejects,
)
from pollwitness.case.importing.delimited import Delimited
from pollwitness.case.importing.eml import eml_records
from pollwitness.case.importing.existing import existing_runs, table_file
from pollwitness.case.importing.intake import Intake, TableIntake, columns_of, prepared
from pollwitness.case.importing.mapping import Mapping as ImportMapping
from pollwitness.case.importing.mapping import SourceFormat, SourceRules
from pollwitness.case.importing.mapping_file import parse_mapping
from pollwitness.case.importing.merge import Merge, Merged, absent_values
from pollwitness.case.importing.nist import nist_records
from pollwitness.case.importing.runs import Runs, ranges
from pollwitness.case.importing.source import Source, SourceRefusedError
from pollwitness.case.importing.spreadsheet import Spreadsheet
from pollwitness.case.importing.stage import Stage, forget_killed_imports
from pollwitness.case.importing.structured import JsonLines, Parquet
from pollwitness.case.write import descriptor, replace_file
from pollwitness.errors import QuestionError
from pollwitness.tables import (
    ROW,
    Case,
    ParsedTable,
    Problem,
    Schema,
    Severity,
    columns_written,
    election_schemas,
    in_order,
)
from pollwitness.tables.canonical import canonical_rows
from pollwitness.tables.consistency import chain_breaches, rows_with_breach
from pollwitness.tables.listing import Fault, column_problems

NO_SOURCE_COLUMN = Fault("I012", "the file has no such column", "Name a column of the file.")
REJECTS = "rejects.csv"
_ACCOUNT_START = b"row,sheet,table,key,outcome,"
_CHAINS = ("parent_id", "corrects", "supersedes")
"""Columns that name another row of their own table."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wants of an import."""

    dry_run: bool = False
    accept_partial: bool = False
    account: Path | None = None


def open_source(path: Path, rules: SourceRules) -> Source:
    """The reader of a file, by the format that the mapping names.

    Raises:
        SourceRefusedError: if a file of a standard format cannot be read.
    """
    if rules.format is SourceFormat.NIST:
        return nist_records(path)
    if rules.format is SourceFormat.EML:
        return eml_records(path)
    readers: dict[SourceFormat, Callable[[Path, SourceRules], Source]] = {
        SourceFormat.CSV: Delimited,
        SourceFormat.JSON_LINES: JsonLines,
        SourceFormat.PARQUET: Parquet,
        SourceFormat.SPREADSHEET: Spreadsheet,
    }
    return readers[rules.format](path, rules)


def _nothing(_share: float) -> None:
    return None


def import_file(
    case: Path,
    file: Path,
    mapping: Path,
    wishes: Wishes,
    *,
    progress: Callable[[float], None] = _nothing,
) -> ImportAccount:
    """Import a foreign file into a case, all of it or nothing.

    Rows with keys that the case has update what the mapping gives; others are added; nothing is
    removed. If a row is rejected nothing is written, unless ``wishes.accept_partial``: then the
    other rows are, and the rejected ones stand in `rejects.csv` in the case folder (one file for
    each sheet, where the mapping reads several).

    Raises:
        InputRefusedError: with all problems, if the case, the mapping or the file as a whole
            cannot be used.
        QuestionError: if the mapping cannot be opened.
        TableInCaseRefusedError: if a table of the case has errors.
        CaseChangedError: if somebody else changed the case meanwhile.
    """
    _check_account(wishes.account)
    head = read_head(case)
    if not isinstance(head[0], Case):
        raise InputRefusedError(head)
    schemas = election_schemas(head[0].option_ids)
    try:
        rules = parse_mapping(_mapping_bytes(mapping), schemas, file=mapping.name)
        if isinstance(rules, tuple):
            raise InputRefusedError(rules)
        source = open_source(file, rules.source)
        unused = _check_header(source, rules, file.name)
        places = Places(file.name, rules.sheets())
        job = _Job(case, head[0], schemas, places, rules, source, wishes)
        with _workplace(case, wishes) as stage:
            return replace(job.run(stage, progress), unused=unused)
    except SourceRefusedError as error:
        raise InputRefusedError([error.problem]) from error


def _mapping_bytes(mapping: Path) -> bytes:
    try:
        return mapping.read_bytes()
    except OSError as error:
        raise QuestionError(f"{mapping} cannot be read: {error.strerror}") from error


@contextmanager
def _workplace(case: Path, wishes: Wishes) -> Iterator[Stage | Path]:
    """A stage in the case, or for a dry run a folder elsewhere; removed in the end."""
    if wishes.dry_run:
        folder = Path(tempfile.mkdtemp(prefix="pollwitness-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    forget_killed_imports(case)
    stage = Stage(case)
    try:
        yield stage
    finally:
        stage.discard()


def _check_header(source: Source, mapping: ImportMapping, file: str) -> tuple[str, ...]:
    """The columns that the mapping does not use; refused are those that it uses and are not there.

    Raises:
        InputRefusedError: if the mapping names a column that the file does not have.
    """
    problems: list[Problem] = []
    unused: list[str] = []
    everywhere = {*mapping.source.fill_down, *(skip.condition.column for skip in mapping.skip)}
    there: set[str] = set()
    for sheet in mapping.sheets():
        header = source.header(sheet)
        there.update(header)
        tables = [t for t in mapping.tables if (t.sheet or mapping.source.sheet) == sheet]
        wanted = dict.fromkeys(name for table in tables for name in columns_of(table))
        unused.extend(name for name in header if name not in wanted and name not in everywhere)
        problems.extend(_no_column(file, name, header) for name in wanted if name not in header)
    problems.extend(_no_column(file, name, sorted(there)) for name in everywhere - there)
    if problems:
        raise InputRefusedError(problems)
    return tuple(dict.fromkeys(unused))


def _no_column(file: str, name: str, header: Sequence[str]) -> Problem:
    mend = f"Columns of the file: {', '.join(header)}."
    return Problem(NO_SOURCE_COLUMN.id, Severity.ERROR, file, None, name, None,
                   NO_SOURCE_COLUMN.message, mend)  # fmt: skip


@dataclass(slots=True)
class _Job:
    """One import at work."""

    case_folder: Path
    case: Case
    schemas: Mapping[str, Schema]
    places: Places
    mapping: ImportMapping
    source: Source
    wishes: Wishes
    _existing: dict[str, Runs] = field(default_factory=dict)
    _merged: dict[str, Merged] = field(default_factory=dict)

    def run(self, stage: Stage | Path, progress: Callable[[float], None]) -> ImportAccount:
        folder = stage.folder if isinstance(stage, Stage) else stage
        lines = None if self.wishes.account is None else Runs(folder / "account", "row")
        intake = Intake(folder / "intake", self.places, self.schemas, lines)
        intake.take_constants(self.mapping.rows)
        intake.take_file(self.source, self.mapping, lambda share: progress(share * 0.7))
        names = [name for name in self.schemas if name in intake.tables]
        for number, name in enumerate(names, start=1):
            self._merged[name] = self._merge(intake.tables[name], folder, lines)
            progress(0.7 + 0.2 * number / len(names))
        self._check_chains()
        rejections = [intake.rejections]
        for name in names:
            rejections += [intake.tables[name].rejections, self._merged[name].rejections]
        account = self._account(intake, names, rejections)
        if self.wishes.account is not None and lines is not None:
            _write_account(
                self.wishes.account, [lines, *(one.runs for one in rejections)], self.places
            )
        if isinstance(stage, Stage) and (not account.rejected_rows or self.wishes.accept_partial):
            account = replace(account, written=True, rejects=self._write(stage, rejections))
        progress(1.0)
        return account

    def _old(self, name: str, folder: Path) -> Runs:
        if name not in self._existing:
            self._existing[name] = existing_runs(
                self.case_folder, self.schemas[name], folder / "case" / name
            )
        return self._existing[name]

    def _merge(self, intake: TableIntake, folder: Path, lines: Runs | None) -> Merged:
        """The merged table; again and again without rows that refer to rows that were rejected."""
        name = intake.schema.name
        own = [
            c for c, _ in intake.references.items() if intake.schema.column(c).references == name
        ]
        absent = {
            column: absent_values(runs, column, *self._targets(intake, column, folder))
            for column, runs in intake.references.items()
        }
        attempts = count()
        merged, trial = self._attempt(intake, folder, absent, next(attempts))
        while more := {
            column: found
            for column in own
            if (found := absent_values(intake.references[column], column, merged.runs))
            and set(found) - set(absent[column])
        }:
            absent.update(more)
            merged, trial = self._attempt(intake, folder, absent, next(attempts))
        if lines is not None:
            lines.take_over(trial)
        return merged

    def _attempt(
        self, intake: TableIntake, folder: Path, absent: Mapping[str, list[str]], number: int
    ) -> tuple[Merged, Runs]:
        """The table merged without the rows that refer to what is absent, and its account."""
        place = folder / "merged" / f"{intake.schema.name}-{number}"
        lines = Runs(place / "account", "row")
        merge = Merge(
            self.case, intake.schema, self.places, intake.runs,
            self._old(intake.schema.name, folder), intake.givers(), absent,
            None if self.wishes.account is None else lines,
        )  # fmt: skip
        return merge.run(place), lines

    def _targets(self, intake: TableIntake, column: str, folder: Path) -> list[Runs]:
        """Where the values of a column that refers to other rows may be found."""
        target = intake.schema.column(column).references or ""
        if target == intake.schema.name:
            return [self._old(target, folder), intake.runs]
        if target in self._merged:
            return [self._merged[target].runs]
        return [self._old(target, folder)]

    def _check_chains(self) -> None:
        """Rows that name other rows of their table: loops, and copies of other stations.

        Raises:
            InputRefusedError: if there are any; which row is wrong cannot be told.
        """
        problems: list[Problem] = []
        for merged in self._merged.values():
            if merged.is_changed and any(merged.schema.has(name) for name in _CHAINS):
                problems.extend(_chain_problems(merged))
        if problems:
            raise InputRefusedError(problems)

    def _account(
        self, intake: Intake, names: list[str], rejections: list[Rejections]
    ) -> ImportAccount:
        tables = []
        for name in names:
            merged, taken = self._merged[name], intake.tables[name]
            counts = merged.account
            rejected = counts.rejected + int(taken.rejections.rows().size)
            tables.append(
                replace(counts, rejected=rejected, repeated=counts.repeated + taken.repeated)
            )
        rows = {int(row) for one in rejections for row in one.rows()}
        return ImportAccount(
            tables=tuple(tables),
            changes=tuple(c for name in names for c in self._merged[name].changes),
            problems=in_order([p for one in rejections for p in one.problems()]),
            rows=intake.rows,
            skipped=dict(sorted(intake.skipped.items())),
            unused=(),
            rejected_rows=len(rows),
            written=False,
        )

    def _write(self, stage: Stage, rejections: list[Rejections]) -> tuple[str, ...]:
        changed = [merged for merged in self._merged.values() if merged.is_changed]
        files = {
            name: path for name in self.schemas
            if (path := table_file(self.case_folder, name)) is not None
        }  # fmt: skip
        for merged in changed:
            name = merged.schema.name
            suffix = files[name].suffix if name in files else ".csv"
            files[name] = stage.place(f"tables/{name}{suffix}")
            _write_table(merged, files[name])
        files = {name: files[name] for name in self.schemas if name in files}
        content = descriptor(self.case, self.schemas, files)
        if changed and content is not None:
            replace_file(stage.place("datapackage.json"), content)
        rejects = self._write_rejects(stage, rejections)
        stage.commit()
        return rejects

    def _write_rejects(self, stage: Stage, rejections: list[Rejections]) -> tuple[str, ...]:
        """One file of rejected rows for each sheet that has some; their names."""
        rejected = {row >> SHEET for one in rejections for row in one.rows().tolist()}
        runs = [one.runs for one in rejections]
        several = len(self.mapping.sheets()) > 1
        names = {
            number: f"rejects-{number + 1}.csv" if several else REJECTS
            for number in sorted(rejected)
        }
        for number, name in names.items():
            with stage.place(name).open("wb") as stream:
                write_rejects(prepared(self.source, self.mapping, number), runs, stream)
        return tuple(names.values())


def _write_account(path: Path, runs: list[Runs], places: Places) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_account(runs, places, stream)


def _check_account(path: Path | None) -> None:
    """An account may take the place of an older one, and of nothing else.

    Raises:
        QuestionError: if something else stands there.
    """
    if path is None or not path.exists():
        return
    if path.is_file():
        with path.open("rb") as stream:
            if stream.read(len(_ACCOUNT_START)) == _ACCOUNT_START:
                return
    raise QuestionError(f"{path} is there and is no account; name another file for --account")


def _write_table(merged: Merged, path: Path) -> None:
    schema = merged.schema
    parts = (
        part for low, high in ranges(merged.runs)
        if (part := merged.runs.part(low, high)) is not None
    )  # fmt: skip
    if path.suffix == ".parquet":
        merged.runs.scan().select(schema.names).sink_parquet(path)
        return
    columns = columns_written(schema, merged.known)
    with path.open("wb") as stream:
        for number, part in enumerate(parts):
            stream.write(canonical_rows(part, schema, columns, header=number == 0))


def _chain_problems(merged: Merged) -> Iterator[Problem]:
    """What is wrong with rows that name other rows: these and the rows they name are looked at."""
    schema, key = merged.schema, merged.schema.key[0]
    chains = [name for name in _CHAINS if schema.has(name)]
    scan = merged.runs.scan()
    naming = scan.filter(pl.any_horizontal(pl.col(chains).is_not_null())).collect()
    named = pl.concat([naming[name].rename(key) for name in chains]).drop_nulls().unique()
    others = scan.filter(pl.col(key).is_in(named.implode())).collect()
    rows = pl.concat([naming, others]).unique(maintain_order=True)
    frame = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    table = ParsedTable(schema, f"tables/{schema.name}", frame)
    for fault, column, condition in chain_breaches(table):
        wrong = rows_with_breach(table, condition)
        found = column_problems(
            fault,
            table.file,
            column=column,
            rows=wrong[ROW].to_numpy(),
            values=wrong[key].to_list(),
        )
        yield from (replace(problem, row=None) for problem in found)
