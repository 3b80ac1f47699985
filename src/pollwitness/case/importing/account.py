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
    """One figure that an import changes; the values are None in restricted tables."""

    row: int
    table: str
    key: str
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ImportAccount:
    """What an import did, or would do."""

    tables: tuple[TableAccount, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    rows: int
    skipped: Mapping[str, int]
    unused: tuple[str, ...]
    rejected_rows: int
    written: bool


@dataclass(slots=True)
class _Kind:
    """The problems of one kind in one column: the first ones whole, the others counted."""

    shown: list[Problem] = field(default_factory=list)
    count: int = 0
    last: int = 0


class Rejections:
    """Every rejected row, with why: in full on disk, the first of each kind as problems."""

    def __init__(self, file: str, runs: Runs) -> None:
        self._file, self.runs = file, runs
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
            kind.shown.append(
                Problem(fault.id, Severity.ERROR, self._file, int(rows[position]), column, value,
                        message, fault.mend)
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
                found.append(replace(kind.shown[0], row=kind.last, value=None, message=message))
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


def write_account(runs: Sequence[Runs], stream: BinaryIO) -> None:
    """All lines of an account as CSV, by row of the file."""
    stream.write((",".join(ACCOUNT) + "\n").encode())
    for low, high in ranges(*runs):
        parts = [part for one in runs if (part := one.part(low, high)) is not None]
        whole = pl.concat([pl.DataFrame(schema=ACCOUNT), *parts])
        ordered = whole.sort("row", "table", "outcome", "column")
        stream.write(ordered.write_csv(include_header=False, line_terminator="\n").encode())


def write_rejects(
    batches: Iterable[tuple[pl.DataFrame, Integers]], runs: Sequence[Runs], stream: BinaryIO
) -> None:
    """The rejected rows of the file as CSV, each with its row, the tables and why."""
    header = True
    for frame, rows in batches:
        low, high = int(rows.min(initial=0)), int(rows.max(initial=-1)) + 1
        parts = [part for one in runs if (part := one.part(low, high)) is not None]
        lines = [part.select("row", pl.concat_str("table", "why", separator=": "))
                 for part in parts]  # fmt: skip
        why = pl.concat([pl.DataFrame(schema={"row": pl.Int64, "table": pl.String}), *lines])
        reasons = why.group_by("row").agg(pl.col("table").unique().sort().str.join("; "))
        whole = frame.select(
            pl.Series("row", rows), *(pl.col(name).alias(f"file {name}") for name in frame.columns)
        ).join(reasons.rename({"table": "why"}), on="row", how="inner", maintain_order="left")
        whole = whole.select("row", "why", *(f"file {name}" for name in frame.columns))
        whole.columns = ["row", "why", *frame.columns]
        stream.write(whole.write_csv(include_header=header, line_terminator="\n").encode())
        header = False
