"""The account of an import: what became of every row of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.case.importing.runs import Runs, ranges
from pollwitness.case.importing.source import Batch
from pollwitness.tables import Problem, Severity, in_order
from pollwitness.tables.listing import LISTED_PER_KIND, Fault

Integers = npt.NDArray[np.int64]
ACCOUNT: Mapping[str, pl.DataType] = {
    "row": pl.Int64(),
    "table": pl.String(),
    "key": pl.String(),
    "outcome": pl.String(),
    "column": pl.String(),
    "old": pl.String(),
    "new": pl.String(),
    "why": pl.String(),
}
"""The columns of an account. Row 0 stands for a row that the mapping itself states."""
SHEET = 40
"""Rows are numbered within their sheet; above so many bits stands the number of the sheet."""


def in_sheet(rows: Integers, sheet: int) -> Integers:
    """Rows of a sheet, so numbered that rows of different sheets differ."""
    return rows + (sheet << SHEET)


@dataclass(frozen=True, slots=True)
class Places:
    """The file and the sheets that it is read from: where a row is, as people say it."""

    file: str
    sheets: tuple[str | None, ...] = (None,)

    def sheet_of(self, row: int) -> str | None:
        """The sheet of a row, where the mapping reads several; rows of the mapping have none."""
        return self.sheets[row >> SHEET] if len(self.sheets) > 1 and row else None

    def file_of(self, row: int) -> str:
        """The file, with the sheet where the mapping reads several."""
        sheet = self.sheet_of(row)
        return self.file if sheet is None else f"{self.file} ({sheet})"

    @staticmethod
    def row_of(row: int) -> int:
        """The row within its sheet."""
        return row & ((1 << SHEET) - 1)


class Outcome(StrEnum):
    """What becomes of a row of the file in one table."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TableAccount:
    """What became of the rows of the file in one table, counted.

    ``kept`` are rows of the case that the file does not name: they stay as they are.
    """

    table: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that an import changes; key and values are None in restricted tables.

    ``sheet`` is named where the mapping reads several.
    """

    row: int
    sheet: str | None
    table: str
    key: str | None
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ImportAccount:
    """What an import did, or would do.

    ``rejects`` are the files in the case folder that now hold the rejected rows.
    """

    tables: tuple[TableAccount, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    rows: int
    skipped: Mapping[str, int]
    unused: tuple[str, ...]
    rejected_rows: int
    written: bool
    rejects: tuple[str, ...] = ()


@dataclass(slots=True)
class _Kind:
    """The problems of one kind in one column: the first ones whole, the others counted."""

    shown: list[Problem] = field(default_factory=list)
    count: int = 0
    last: int = 0


class Rejections:
    """Every rejected row, with why: in full on disk, the first of each kind as problems."""

    def __init__(self, places: Places, runs: Runs) -> None:
        self._places, self.runs = places, runs
        self._kinds: dict[tuple[str, str, str], _Kind] = {}
        self._rows: list[Integers] = []

    def add(
        self,
        fault: Fault,
        rows: Integers,
        *,
        table: str,
        column: str | None = None,
        values: Sequence[str | None] | None = None,
    ) -> None:
        """Reject these rows; ``values`` stand beside them, None where restricted."""
        message = f"{fault.message} (for {table})" if table else fault.message
        kind = self._kinds.setdefault((fault.id, message, column or ""), _Kind())
        for position in range(min(rows.size, LISTED_PER_KIND - len(kind.shown))):
            value = None if values is None else values[position]
            row = int(rows[position])
            kind.shown.append(
                Problem(fault.id, Severity.ERROR, self._places.file_of(row),
                        self._places.row_of(row), column, value, message, fault.mend)
            )  # fmt: skip
        kind.count += int(rows.size)
        kind.last = max(kind.last, int(rows.max(initial=0)))
        self._rows.append(rows)
        lines = Lines(column=column, new=values, why=fault.message)
        self.runs.add(account_frame(rows, table, Outcome.REJECTED, lines))

    def rows(self) -> Integers:
        """The rejected rows, each once."""
        if not self._rows:
            return np.empty(0, dtype=np.int64)
        return np.unique(np.concatenate(self._rows))

    def problems(self) -> tuple[Problem, ...]:
        """The problems, with one more for each kind that counts what was not shown."""
        found: list[Problem] = []
        for kind in self._kinds.values():
            found.extend(kind.shown)
            rest = kind.count - len(kind.shown)
            if rest > 0:
                message = f"{kind.shown[0].message}: {rest} more rows, this is the last"
                found.append(
                    replace(kind.shown[0], file=self._places.file_of(kind.last),
                            row=self._places.row_of(kind.last), value=None, message=message)
                )  # fmt: skip
        return in_order(found)


@dataclass(frozen=True, slots=True)
class Lines:
    """What lines of an account say beside row, table and outcome; None where nothing."""

    key: pl.Series | None = None
    column: str | None = None
    old: Sequence[str | None] | None = None
    new: Sequence[str | None] | None = None
    why: str | None = None


def account_frame(rows: Integers, table: str, outcome: Outcome, lines: Lines) -> pl.DataFrame:
    """Lines of an account, one for each row."""

    def listed(values: pl.Series | Sequence[str | None] | None) -> pl.Series:
        given = [None] * rows.size if values is None else values
        return pl.Series(given, dtype=pl.String)

    def constant(value: str | None) -> pl.Series:
        return pl.Series([value], dtype=pl.String).new_from_index(0, rows.size)

    columns = (
        pl.Series(rows, dtype=pl.Int64), constant(table), listed(lines.key), constant(outcome),
        constant(lines.column), listed(lines.old), listed(lines.new), constant(lines.why),
    )  # fmt: skip
    return pl.DataFrame([values.alias(name) for name, values in zip(ACCOUNT, columns, strict=True)])


def write_account(runs: Sequence[Runs], places: Places, stream: BinaryIO) -> None:
    """All lines of an account as CSV, by sheet and row of the file."""
    header = True
    sheets = dict(enumerate(places.sheets)) if len(places.sheets) > 1 else {}
    for low, high in ranges(*runs):
        parts = [part for one in runs if (part := one.part(low, high)) is not None]
        whole = pl.concat([pl.DataFrame(schema=ACCOUNT), *parts])
        ordered = whole.sort("row", "table", "outcome", "column")
        number = ordered["row"].to_numpy()
        named = [sheets.get(int(row) >> SHEET) if row else None for row in number.tolist()]
        lines = ordered.with_columns(
            pl.Series("row", number & ((1 << SHEET) - 1)),
            pl.Series("sheet", named, dtype=pl.String),
        ).select("row", "sheet", *list(ACCOUNT)[1:])
        stream.write(lines.write_csv(include_header=header, line_terminator="\n").encode())
        header = False


def write_rejects(batches: Iterable[Batch], runs: Sequence[Runs], stream: BinaryIO) -> None:
    """The rejected rows of a sheet as CSV, each with its row, the tables, and why.

    A row whose fields do not fit the columns stands whole in the last column.
    """
    header = True
    for batch in batches:
        rows, frame = batch.rows, batch.frame
        low, high = int(rows.min(initial=0)), int(rows.max(initial=-1)) + 1
        parts = [part for one in runs if (part := one.part(low, high)) is not None]
        named = pl.concat_str("table", "why", separator=": ")
        lines = [part.select("row", named.alias("why")) for part in parts]
        why = pl.concat([pl.DataFrame(schema={"row": pl.Int64, "why": pl.String}), *lines])
        reasons = why.group_by("row").agg(pl.col("why").unique().sort().str.join("; "))
        listed = pl.DataFrame({"row": rows}).join(reasons, on="row", how="left",
                                                  maintain_order="left")["why"]  # fmt: skip
        rejected = listed.is_not_null()
        shown = [
            pl.Series("rejected row", rows & ((1 << SHEET) - 1)).filter(rejected),
            listed.alias("rejected why").filter(rejected),
            *(frame[n].filter(rejected) for n in frame.columns if n not in _REJECTED),
            pl.Series("rejected text", [batch.texts.get(int(row)) for row in rows],
                      dtype=pl.String).filter(rejected),
        ]  # fmt: skip
        text = pl.DataFrame(shown).write_csv(include_header=header, line_terminator="\n")
        stream.write(text.encode())
        header = False


_REJECTED = ("rejected row", "rejected why", "rejected text")
"""Columns of a file of rejects; one that is imported again does not hold them twice."""
