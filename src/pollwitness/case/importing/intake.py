"""From the batches of a file to checked rows of each table, kept on disk in sorted runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.case.importing.account import (
    Lines,
    Outcome,
    Places,
    Rejections,
    account_frame,
    in_sheet,
)
from pollwitness.case.importing.columns import (
    condition_mask,
    make_columns,
    with_unknown,
)
from pollwitness.case.importing.mapping import ConstantRow, TableRules
from pollwitness.case.importing.mapping import Mapping as ImportMapping
from pollwitness.case.importing.merge import GIVEN, Givers, key_texts
from pollwitness.case.importing.runs import Runs
from pollwitness.case.importing.source import Batch, RowFault, Source
from pollwitness.tables import ROW, Schema
from pollwitness.tables.cells import cell_faults, cell_values
from pollwitness.tables.listing import Fault

Integers = npt.NDArray[np.int64]
BLANK = "the row is empty"
NO_TABLE = "no table takes the row"


@dataclass(slots=True)
class TableIntake:
    """What a file gives for one table."""

    schema: Schema
    runs: Runs
    rejections: Rejections
    bits: dict[str, int] = field(default_factory=dict)
    pivoted: set[str] = field(default_factory=set)
    references: dict[str, Runs] = field(default_factory=dict)
    rules: int = 0
    repeated: int = 0

    def givers(self) -> Givers:
        """Which rules give which column."""
        return Givers(dict(self.bits), frozenset(self.pivoted))

    def next_bit(self, columns: list[str]) -> int:
        """The bit of a further set of rules, which give these columns."""
        bit = 1 << self.rules
        self.rules += 1
        for name in columns:
            self.bits[name] = self.bits.get(name, 0) | bit
        return bit


@dataclass(slots=True)
class Intake:
    """Everything that a file gives, table by table."""

    folder: Path
    places: Places
    schemas: Mapping[str, Schema]
    account_runs: Runs | None
    tables: dict[str, TableIntake] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _rejections: Rejections | None = None

    @property
    def rejections(self) -> Rejections:
        """Rows that were rejected before any table was looked at."""
        if self._rejections is None:
            self._rejections = Rejections(self.places, Runs(self.folder / "rejected", "row"))
        return self._rejections

    def table(self, name: str) -> TableIntake:
        """What the file gives for the table of that name."""
        if name not in self.tables:
            place = self.folder / name
            self.tables[name] = TableIntake(
                self.schemas[name],
                Runs(place / "rows", self.schemas[name].key[0]),
                Rejections(self.places, Runs(place / "rejected", "row")),
            )
        return self.tables[name]

    def take_constants(self, rows: tuple[ConstantRow, ...]) -> None:
        """The rows that the mapping itself states."""
        for row in rows:
            intake = self.table(row.table)
            frame = pl.DataFrame(
                [pl.Series(n, [v or None], dtype=pl.String) for n, v in row.values.items()]
            )
            bit = intake.next_bit(frame.columns)
            self._store(intake, frame, np.zeros(1, dtype=np.int64), bit)

    def take_file(
        self, source: Source, mapping: ImportMapping, progress: Callable[[float], None]
    ) -> None:
        """All rows of the file; ``progress`` is told the share that is read."""
        bits = [self._bit(rules) for rules in mapping.tables]
        sheets = mapping.sheets()
        for number, sheet in enumerate(sheets):
            here = [
                (rules, bit)
                for rules, bit in zip(mapping.tables, bits, strict=True)
                if (rules.sheet or mapping.source.sheet) == sheet
            ]
            for batch in prepared(source, mapping, number):
                self._take(batch, here, mapping)
                progress((number + batch.done) / len(sheets))

    def _bit(self, rules: TableRules) -> int:
        intake = self.table(rules.table)
        columns = list(rules.columns)
        if rules.pivot is not None:
            made = dict.fromkeys(rules.pivot.columns.values())
            intake.pivoted.update(made)
            columns.extend(made)
        return intake.next_bit(columns)

    def _take(
        self,
        batch: Batch,
        here: list[tuple[TableRules, int]],
        mapping: ImportMapping,
    ) -> None:
        frame, rows = batch.frame, batch.rows
        self.rows += int(rows.size)
        left = np.ones(rows.size, dtype=bool)
        for skip in mapping.skip:
            if skip.condition.column in frame.columns:
                named = condition_mask(frame, skip.condition).to_numpy() & left
                self._skip(rows[named], skip.why)
                left &= ~named
        used = {name for rules, _bit in here for name in columns_of(rules)}
        wrong = np.zeros(rows.size, dtype=bool)
        for fault in batch.faults:
            if fault.column is None or fault.column in used:
                at = fault.rows[np.isin(fault.rows, rows[left])]
                self.rejections.add(fault.fault, at, table="", column=fault.column)
                wrong |= np.isin(rows, at)
        blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
        self._skip(rows[blank & ~wrong & left], BLANK)
        left &= ~wrong & ~blank
        frame, rows = frame.filter(pl.Series(left)), rows[left]
        taken = np.zeros(rows.size, dtype=bool)
        for rules, bit in here:
            taken[self._take_table(frame, rows, rules, bit, mapping)] = True
        self._skip(rows[~taken], NO_TABLE)

    def _skip(self, rows: Integers, why: str) -> None:
        if not rows.size:
            return
        self.skipped[why] += int(rows.size)
        if self.account_runs is not None:
            self.account_runs.add(account_frame(rows, "", Outcome.SKIPPED, Lines(why=why)))

    def _take_table(
        self,
        frame: pl.DataFrame,
        rows: Integers,
        rules: TableRules,
        bit: int,
        mapping: ImportMapping,
    ) -> Integers:
        """Take the rows that the table wants; returns their positions."""
        intake = self.table(rules.table)
        made = make_columns(
            frame, rules, intake.schema, source=mapping.source, lookups=mapping.lookups
        )
        at = rows[made.kept.to_numpy()]
        fine = np.ones(at.size, dtype=bool)
        for fault in made.faults:
            wrong = fault.mask.to_numpy()
            self._reject(intake, fault.fault, at[wrong], fault.column, fault.values.filter(wrong))
            fine &= ~wrong
        self._store(intake, made.frame.filter(pl.Series(fine)), at[fine], bit)
        return made.kept.to_numpy()

    def _reject(
        self, intake: TableIntake, fault: Fault, rows: Integers, column: str, values: pl.Series
    ) -> None:
        shown = not intake.schema.restricted
        intake.rejections.add(
            fault,
            rows,
            table=intake.schema.name,
            column=column,
            values=values.to_list() if shown else None,
        )

    def _store(self, intake: TableIntake, text: pl.DataFrame, rows: Integers, bit: int) -> None:
        """The rows whose cells all fit, in the types of the schema."""
        schema, columns = intake.schema, []
        fine = pl.Series([True]).new_from_index(0, rows.size)
        for column in schema.columns:
            if column.name not in text.columns:
                unknown = pl.Series(column.name, [None], dtype=column.dtype)
                columns.append(unknown.new_from_index(0, rows.size))
                continue
            cells = text[column.name]
            wrong = pl.Series([False]).new_from_index(0, rows.size)
            for fault, mask in cell_faults(cells, column):
                hidden = schema.is_restricted(column.name)
                intake.rejections.add(
                    fault, rows[mask.to_numpy()], table=schema.name, column=column.name,
                    values=None if hidden else cells.filter(mask).to_list(),
                )  # fmt: skip
                wrong = wrong | mask
            columns.append(cell_values(cells, column, wrong=wrong).alias(column.name))
            fine = fine & ~wrong
        typed = pl.DataFrame(columns).with_columns(
            pl.Series(ROW, rows), pl.lit(bit, dtype=pl.Int64).alias(GIVEN)
        )
        self._keep(intake, typed.filter(fine))

    def _keep(self, intake: TableIntake, typed: pl.DataFrame) -> None:
        typed = self._without_repetition(intake, typed)
        intake.runs.add(typed)
        for column in intake.schema.columns:
            if column.references is None or column.name not in intake.bits:
                continue
            values = typed.select(pl.col(column.name).drop_nulls().unique())
            runs = intake.references.setdefault(
                column.name, Runs(self.folder / intake.schema.name / column.name, column.name)
            )
            runs.add(values)

    def _without_repetition(self, intake: TableIntake, typed: pl.DataFrame) -> pl.DataFrame:
        """One row of those that say the same: an area stands in the file once for each station."""
        key = list(intake.schema.key)
        if intake.pivoted or typed.select(key).n_unique() == typed.height:
            return typed
        said = [name for name in typed.columns if name != ROW]
        kept = typed.unique(said, keep="first", maintain_order=True)
        intake.repeated += typed.height - kept.height
        if self.account_runs is not None:
            rest = typed.join(kept.select(ROW), on=ROW, how="anti")
            keys = None if intake.schema.restricted else key_texts(rest, intake.schema)
            lines = account_frame(
                rest[ROW].to_numpy(), intake.schema.name, Outcome.REPEATED, Lines(key=keys)
            )
            self.account_runs.add(lines)
        return kept


def columns_of(rules: TableRules) -> list[str]:
    """The columns of the file that a table reads."""
    names = [name for rule in rules.columns.values() for name in rule.sources]
    names.extend(condition.column for condition in rules.where)
    if rules.unpivot is not None:
        names.extend(rules.unpivot.columns.values())
    if rules.pivot is not None:
        names.extend((rules.pivot.name, rules.pivot.value))
    return names


def prepared(source: Source, mapping: ImportMapping, number: int) -> Iterator[Batch]:
    """The batches of a sheet, with unknown texts unknown and repeated cells filled in.

    ``number`` is that of the sheet in the mapping; rows of different sheets are numbered apart.
    """
    last: dict[str, str | None] = {}
    for batch in source.batches(mapping.sheets()[number]):
        frame = with_unknown(batch.frame, mapping.source.unknown)
        for name in (n for n in mapping.source.fill_down if n in frame.columns):
            filled = frame[name].fill_null(strategy="forward")
            if (above := last.get(name)) is not None:
                filled = filled.fill_null(above)
            blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
            frame = frame.with_columns(
                pl.select(pl.when(~blank).then(filled)).to_series().alias(name)
            )
            last[name] = filled[-1] if filled.len() else last.get(name)
        yield Batch(
            frame,
            in_sheet(batch.rows, number),
            tuple(RowFault(f.fault, in_sheet(f.rows, number), f.column) for f in batch.faults),
            batch.done,
            {row + int(in_sheet(np.zeros(1, np.int64), number)[0]): text
             for row, text in batch.texts.items()},
        )  # fmt: skip
