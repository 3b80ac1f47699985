"""The one description of a table, from which everything about its columns derives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import polars as pl

ID_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
OPTION_PATTERN = r"^[a-z][a-z0-9_]*$"
DECIMAL_PATTERN = r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$"
INTEGER_PATTERN = r"^-?[0-9]+$"
MOMENT_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?$"
)
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
LARGEST_COUNT = 2**40
"""The greatest count that a table may hold; sums over a million stations stay exact in 64 bits."""


class Kind(StrEnum):
    """The type of a column's values."""

    ID = "id"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MOMENT = "moment"
    DIGEST = "digest"


DTYPES: dict[Kind, pl.DataType] = {
    Kind.ID: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.INTEGER: pl.Int64(),
    Kind.DECIMAL: pl.String(),
    Kind.BOOLEAN: pl.Boolean(),
    Kind.CHOICE: pl.String(),
    Kind.MOMENT: pl.String(),
    Kind.DIGEST: pl.String(),
}
"""The polars type of each kind. Decimals and moments stay as written: nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, bounds, meaning, and whether it may be published.

    ``references`` names the table whose key the values must be found in.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str | None = None
    nullable: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    choices: tuple[str, ...] = ()
    references: str | None = None
    restricted: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the column."""
        return DTYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Schema:
    """One table: its columns, its key and what a row stands for."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    restricted: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order in which they are written."""
        return tuple(self._by_name)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self._by_name[name]

    def has(self, name: str) -> bool:
        """Whether the table has a column of that name."""
        return name in self._by_name

    def is_restricted(self, name: str) -> bool:
        """Whether values of that column must stay out of messages, logs and findings."""
        return self.restricted or self._by_name[name].restricted

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """The polars type of every column."""
        return {column.name: column.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """A table of this schema without rows."""
        return pl.DataFrame(schema=self.dtypes)


def is_in_key_order(frame: pl.DataFrame, key: Sequence[str]) -> bool:
    """Whether every row's key is greater than that of the row before it: sorted, none twice."""
    if frame.height < 2:
        return True
    ascends = pl.lit(value=False)
    for name in reversed(key):
        this, last = pl.col(name), pl.col(name).shift()
        ascends = (this > last) | ((this == last) & ascends)
    return bool(
        frame.select(ascends.slice(1).all(ignore_nulls=False).fill_null(value=False)).item()
    )
