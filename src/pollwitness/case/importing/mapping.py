"""What a mapping file says: how a foreign file becomes rows of the tables of a case."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

FORMAT = 1
"""The version of the mapping format that this version writes. Older ones stay readable."""


class SourceFormat(StrEnum):
    """The kinds of files that an import reads."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    SPREADSHEET = "spreadsheet"
    NIST = "nist"
    EML = "eml"


@dataclass(frozen=True, slots=True)
class SourceRules:
    """How the file is read, before any column is looked at.

    ``header_rows`` are the rows, counted from 1, whose cells together name the columns (joined by
    " / "; an empty cell takes the name to its left in all rows but the last); empty where
    ``columns`` names them and the file has no header. ``unknown`` are texts that mean "not known",
    beside the empty one. ``fill_down`` are columns where an empty cell repeats the one above it, as
    merged cells do when they are exported. ``decimal`` and ``thousands`` are the marks in numbers.
    """

    format: SourceFormat
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    header_rows: tuple[int, ...] = (1,)
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    unknown: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str | None = None

    @property
    def first_row(self) -> int:
        """The first row that holds values."""
        return max(self.header_rows, default=0) + 1


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows of the file are meant: one column is equal to, or matches, or is (not) empty."""

    column: str
    equals: tuple[str, ...] = ()
    matches: str | None = None
    blank: bool | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are no data, such as totals, and why."""

    condition: Condition
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column of a table is made.

    First the text: of one column (``source``), a constant (``value``), columns put together
    (``join``), or from the columns laid lengthwise (``unpivot``). Then, each only where given and
    in this order: ``pattern`` (its first group is kept), ``split`` and ``part``, ``lookup``,
    ``true``/``false``, ``date`` (and the ``zone`` of times without offset), ``times``, ``pad``,
    ``digest``, ``prefix`` and ``suffix``; ``otherwise`` stands for what is not known.
    """

    source: str | None = None
    value: str | None = None
    join: tuple[str, ...] = ()
    separator: str = "-"
    unpivot: str | None = None
    pattern: str | None = None
    split: str | None = None
    part: int = 1
    lookup: str | None = None
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    date: str | None = None
    zone: str | None = None
    times: Fraction | None = None
    pad: int | None = None
    digest: int | None = None
    prefix: str = ""
    suffix: str = ""
    otherwise: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that the rule reads."""
        return self.join or (() if self.source is None else (self.source,))


@dataclass(frozen=True, slots=True)
class Pivot:
    """Rows for each option become columns: ``name`` says which, ``value`` how many."""

    name: str
    value: str
    columns: Dictionary[str, str]
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Columns for each option become rows: the text that names a row, and its column."""

    columns: Dictionary[str, str]


@dataclass(frozen=True, slots=True)
class TableRules:
    """One table of the case that the file feeds."""

    table: str
    columns: Dictionary[str, Rule]
    sheet: str | None = None
    where: tuple[Condition, ...] = ()
    pivot: Pivot | None = None
    unpivot: Unpivot | None = None


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """A row that stands in the mapping itself, such as the nation or the document."""

    table: str
    values: Dictionary[str, str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file."""

    source: SourceRules
    tables: tuple[TableRules, ...]
    rows: tuple[ConstantRow, ...] = ()
    skip: tuple[Skip, ...] = ()
    lookups: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)

    def sheets(self) -> tuple[str | None, ...]:
        """The sheets that the tables are read from, each once; None is the only or first one."""
        return tuple(dict.fromkeys(t.sheet or self.source.sheet for t in self.tables))
