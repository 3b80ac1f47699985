"""A case as the analysis sees it: its head and its checked tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from pollwitness.tables.case import Case
from pollwitness.tables.election import election_schemas
from pollwitness.tables.schema import Schema, is_in_key_order


@dataclass(frozen=True, eq=False)
class CaseTables:
    """The tables of one case, each in the form of its schema; immutable.

    Frames are sorted by key, without repeated rows; a table that the case does not hold is empty.
    Made by :mod:`pollwitness.case` from a folder, or by :meth:`of` from frames in a notebook.
    """

    case: Case
    frames: Mapping[str, pl.DataFrame]
    schemas: Mapping[str, Schema] = field(default_factory=dict, repr=False)
    head_sha256: str = ""

    @classmethod
    def of(
        cls, case: Case, frames: Mapping[str, pl.DataFrame], *, head_sha256: str = ""
    ) -> CaseTables:
        """Tables from frames that already have the columns and types of their schemas.

        Missing nullable columns are added, rows are sorted by key and repeated rows dropped.
        ``head_sha256`` is the digest of the `case.toml` that the head was read from, if any.
        """
        schemas = election_schemas(case.option_ids)
        whole = {name: _in_form(frame, schemas[name]) for name, frame in frames.items()}
        return cls(case, MappingProxyType(whole), MappingProxyType(schemas), head_sha256)

    def table(self, name: str) -> pl.DataFrame:
        """The table of that name; without rows where the case does not hold it."""
        frame = self.frames.get(name)
        return self.schemas[name].empty() if frame is None else frame

    def has(self, name: str) -> bool:
        """Whether the case holds a row of that table."""
        frame = self.frames.get(name)
        return frame is not None and not frame.is_empty()

    def with_table(self, name: str, frame: pl.DataFrame) -> CaseTables:
        """The same case with one table replaced."""
        return CaseTables.of(self.case, {**self.frames, name: frame}, head_sha256=self.head_sha256)


def _in_form(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    absent = [
        pl.lit(None, dtype=column.dtype).alias(column.name)
        for column in schema.columns
        if column.name not in frame.columns
    ]
    whole = frame.with_columns(absent).select(
        pl.col(column.name).cast(column.dtype) for column in schema.columns
    )
    if is_in_key_order(whole, schema.key):
        return whole
    return whole.unique(maintain_order=False).sort(schema.key)
