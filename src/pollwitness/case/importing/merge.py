"""Rows of a file against the rows of a case: added, changed, unchanged, repeated, rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from pollwitness.case.importing.account import (
    Change,
    Lines,
    Outcome,
    Places,
    Rejections,
    TableAccount,
    account_frame,
)
from pollwitness.case.importing.existing import refuse_conflicts
from pollwitness.case.importing.runs import Runs, ranges
from pollwitness.tables import ROW, Case, ParsedTable, Schema
from pollwitness.tables.cells import MISSING
from pollwitness.tables.consistency import row_breaches, rows_with_breach
from pollwitness.tables.listing import Fault

GIVEN = "given"
"""The column that says, bit by bit, which rules of the mapping gave the row."""
MOST_CHANGES = 100
"""How many changes are listed one by one; all of them stand in the account file."""
DIFFERS = Fault(
    "I030",
    "another row of the file with the same key says something else",
    "Keep one of the rows, or build the key from more columns.",
)
_OLD = "old "


@dataclass(frozen=True, slots=True)
class Givers:
    """For every column of a table: which rules give it (as bits), and which columns are pivoted.

    A pivoted column is given by a row only where the row holds a value for it.
    """

    bits: Mapping[str, int]
    pivoted: frozenset[str]

    def gives(self, column: str) -> pl.Expr:
        """Whether a row gives the column."""
        given = (pl.col(GIVEN) & self.bits[column]) != 0
        return given & pl.col(column).is_not_null() if column in self.pivoted else given


@dataclass(slots=True)
class Merged:
    """A table as it would be after the import, in sorted parts, and what happened to its rows."""

    schema: Schema
    runs: Runs
    account: TableAccount
    rejections: Rejections
    known: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether the table differs from the one in the case."""
        return bool(self.account.added or self.account.changed)


@dataclass(frozen=True, slots=True)
class Merge:
    """One table to be merged: the rows of the file and those of the case.

    ``absent`` holds, for columns that refer to other tables, the values that are not found there.
    """

    case: Case
    schema: Schema
    places: Places
    incoming: Runs
    existing: Runs
    givers: Givers
    absent: Mapping[str, Sequence[str]]
    account_runs: Runs | None

    def run(self, folder: Path) -> Merged:
        """The merged table; ``folder`` holds its parts."""
        merged = Merged(
            self.schema,
            Runs(folder, self.schema.key[0]),
            TableAccount(self.schema.name),
            Rejections(self.places, Runs(folder / "rejected", "row")),
        )
        for low, high in ranges(self.incoming, self.existing):
            new, old = self.incoming.part(low, high), self.existing.part(low, high)
            old = self.schema.empty() if old is None else old.unique(maintain_order=True)
            refuse_conflicts(old, self.schema)
            if new is None:
                self._keep(merged, old)
            else:
                self._merge_part(merged, new, old)
        return merged

    def _keep(self, merged: Merged, rows: pl.DataFrame) -> None:
        merged.account = replace(merged.account, kept=merged.account.kept + rows.height)
        self._store(merged, rows)

    def _store(self, merged: Merged, rows: pl.DataFrame) -> None:
        merged.runs.add(rows)
        unknown = rows.null_count().row(0, named=True) if rows.height else {}
        merged.known.update(name for name, count in unknown.items() if count < rows.height)

    def _merge_part(self, merged: Merged, new: pl.DataFrame, old: pl.DataFrame) -> None:
        key = list(self.schema.key)
        new = self._without_absent(merged, new.sort([*key, ROW]))
        new = self._one_for_each_key(merged, new)
        joined = new.join(
            old.with_columns(pl.lit(value=True).alias("there")).rename(
                {name: _OLD + name for name in self._rest()}
            ),
            on=key,
            how="left",
            maintain_order="left",
        ).with_columns(pl.col("there").fill_null(value=False))
        joined = self._whole_rows(joined)
        joined = self._without_breaches(merged, joined)
        self._tell(merged, joined)
        untouched = old.join(joined.select(key), on=key, how="anti", maintain_order="left")
        merged.account = replace(merged.account, kept=merged.account.kept + untouched.height)
        names = list(self.schema.names)
        self._store(merged, pl.concat([joined.select(names), untouched.select(names)]))

    def _rest(self) -> list[str]:
        return [name for name in self.schema.names if name not in self.schema.key]

    def _without_absent(self, merged: Merged, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose references are found."""
        for column, values in self.absent.items():
            lost = pl.col(column).is_in(list(values)).fill_null(value=False)
            target = self.schema.column(column).references
            fault = Fault(
                "T015",
                f"the table {target} has no such row",
                f"Add it to {target}, or correct the mapping.",
            )
            self._reject(merged, rows.filter(lost), fault, column)
            rows = rows.filter(~lost)
        return rows

    def _reject(self, merged: Merged, rows: pl.DataFrame, fault: Fault, column: str | None) -> None:
        if rows.is_empty():
            return
        shown = column is not None and not self.schema.is_restricted(column)
        merged.rejections.add(
            fault,
            rows[ROW].to_numpy().astype(np.int64),
            table=self.schema.name,
            column=column,
            values=rows[column].cast(pl.String).to_list() if shown and column else None,
        )
        merged.account = replace(merged.account, rejected=merged.account.rejected + rows.height)

    def _one_for_each_key(self, merged: Merged, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of one key made one: repeated, put together, or rejected where they differ."""
        key = list(self.schema.key)
        twice = rows.select(pl.struct(key).is_duplicated()).to_series()
        if not twice.any():
            return rows
        several = rows.filter(twice)
        names = [n for n in self._rest() if n in self.givers.bits]
        given = {n: self.givers.gives(n) for n in names}
        grouped = several.group_by(key, maintain_order=True).agg(
            pl.col(ROW).first(),
            pl.col(GIVEN).bitwise_or(),
            pl.len().alias("rows"),
            pl.any_horizontal(
                [pl.lit(value=False), *(pl.col(n).filter(given[n]).n_unique() > 1 for n in names)]
            ).alias("differs"),
            *(pl.col(n).filter(given[n]).first() for n in names),
        )
        bad = grouped.filter("differs").select(key)
        self._reject(merged, several.join(bad, on=key, how="semi"), DIFFERS, key[0])
        good = grouped.filter(~pl.col("differs"))
        self._tell_repeated(merged, several, good)
        blanks = [
            pl.lit(None, dtype=self.schema.column(n).dtype).alias(n)
            for n in self._rest()
            if n not in names
        ]
        whole = good.with_columns(blanks).select(rows.columns)
        return pl.concat([rows.filter(~twice), whole])

    def _tell_repeated(self, merged: Merged, several: pl.DataFrame, good: pl.DataFrame) -> None:
        key = list(self.schema.key)
        firsts = good.select(*key, ROW)
        rest = several.join(good.select(key), on=key, how="semi").join(
            firsts, on=[*key, ROW], how="anti"
        )
        merged.account = replace(merged.account, repeated=merged.account.repeated + rest.height)
        self._lines(rest, Outcome.REPEATED)

    def _whole_rows(self, joined: pl.DataFrame) -> pl.DataFrame:
        """What each row would be: what the file gives, and else what the case holds."""
        return joined.with_columns(
            pl.when(self.givers.gives(name)).then(pl.col(name)).otherwise(pl.col(_OLD + name))
            if name in self.givers.bits
            else pl.col(_OLD + name).alias(name)
            for name in self._rest()
        )

    def _without_breaches(self, merged: Merged, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that lack nothing and break no rule of their own."""
        for name in self._rest():
            column = self.schema.column(name)
            if not column.nullable and rows[name].null_count():
                fault = Fault(
                    MISSING.id,
                    f"the case has no such row yet, and {name} is not known",
                    f"Map {name}: {column.meaning}.",
                )
                self._reject(merged, rows.filter(pl.col(name).is_null()), fault, name)
                rows = rows.drop_nulls(name)
        table = ParsedTable(self.schema, self.places.file, rows)
        for fault, name, condition in row_breaches(self.case, table):
            wrong = rows_with_breach(table, condition)
            self._reject(merged, wrong, fault, name)
            rows = rows.join(wrong.select(self.schema.key), on=self.schema.key, how="anti",
                             maintain_order="left")  # fmt: skip
        return rows

    def _tell(self, merged: Merged, rows: pl.DataFrame) -> None:
        """Count what is added, changed and unchanged, and write it into the account."""
        there = rows.filter("there")
        differs = {
            name: there.select(pl.col(name).ne_missing(pl.col(_OLD + name))).to_series()
            for name in self._rest()
            if name in self.givers.bits
        }
        changed = pl.Series([False]).new_from_index(0, there.height)
        for mask in differs.values():
            changed = changed | mask
        counts = merged.account
        merged.account = replace(
            counts,
            added=counts.added + rows.height - there.height,
            changed=counts.changed + int(changed.sum()),
            unchanged=counts.unchanged + there.height - int(changed.sum()),
        )
        self._lines(rows.filter(~pl.col("there")), Outcome.ADDED)
        self._lines(there.filter(~changed), Outcome.UNCHANGED)
        for name, mask in differs.items():
            self._tell_changes(merged, there.filter(mask), name)

    def _tell_changes(self, merged: Merged, rows: pl.DataFrame, name: str) -> None:
        if rows.is_empty():
            return
        seen = not self.schema.is_restricted(name)
        old = rows[_OLD + name].cast(pl.String).to_list() if seen else None
        new = rows[name].cast(pl.String).to_list() if seen else None
        self._lines(rows, Outcome.CHANGED, Lines(column=name, old=old, new=new))
        keys = None if self.schema.restricted else key_texts(rows, self.schema).to_list()
        for position, row in enumerate(rows[ROW].to_list()):
            if len(merged.changes) >= MOST_CHANGES:
                return
            merged.changes.append(
                Change(
                    self.places.row_of(row), self.places.sheet_of(row), self.schema.name,
                    None if keys is None else keys[position], name,
                    None if old is None else old[position],
                    None if new is None else new[position],
                )
            )  # fmt: skip

    def _lines(self, rows: pl.DataFrame, outcome: Outcome, lines: Lines | None = None) -> None:
        if self.account_runs is None or rows.is_empty():
            return
        key = None if self.schema.restricted else key_texts(rows, self.schema)
        at = rows[ROW].to_numpy().astype(np.int64)
        whole = replace(lines or Lines(), key=key)
        self.account_runs.add(account_frame(at, self.schema.name, outcome, whole))


def key_texts(rows: pl.DataFrame, schema: Schema) -> pl.Series:
    """The keys of rows, each as one text."""
    return rows.select(pl.concat_str(list(schema.key), separator=", ")).to_series()


def absent_values(references: Runs, column: str, *targets: Runs) -> list[str]:
    """The values that none of the targets holds as its key; ``references`` holds them by value."""
    found: list[str] = []
    for low, high in ranges(references, *targets):
        wanted = references.part(low, high)
        if wanted is None:
            continue
        values = wanted.select(pl.col(column).unique())
        for target in targets:
            there = target.part(low, high)
            if there is not None:
                keys = there.select(pl.col(target.by).alias(column)).unique()
                values = values.join(keys, on=column, how="anti")
        found.extend(values.to_series().sort().to_list())
    return found
