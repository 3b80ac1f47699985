"""The canonical bytes of a table, and their digest: the same whatever the file looked like."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pollwitness.tables.case_tables import CaseTables
from pollwitness.tables.schema import Kind, Schema, is_in_key_order


@dataclass(frozen=True, slots=True)
class TableDigest:
    """What identifies the content of a table: its rows and the SHA-256 of its canonical CSV."""

    table: str
    rows: int
    sha256: str


def canonical_csv(frame: pl.DataFrame, schema: Schema) -> bytes:
    """The table as canonical CSV: UTF-8, LF, header, sorted by key, unknown = empty.

    Columns that are unknown throughout and may be unknown are left out.
    """
    known = [name for name in schema.names if frame[name].null_count() < frame.height]
    return canonical_rows(frame, schema, columns_written(schema, known), header=True)


def columns_written(schema: Schema, known: Collection[str]) -> list[str]:
    """The columns of a canonical file: those that must be known, and those that are anywhere."""
    return [c.name for c in schema.columns if not c.nullable or c.name in known]


def canonical_rows(
    frame: pl.DataFrame, schema: Schema, columns: Sequence[str], *, header: bool
) -> bytes:
    """Some rows of a table as canonical CSV, with these columns."""
    kept = [schema.column(name) for name in columns]
    flags = [
        pl.when(pl.col(c.name)).then(pl.lit("true")).otherwise(pl.lit("false")).alias(c.name)
        for c in kept
        if c.kind is Kind.BOOLEAN
    ]
    in_order = frame if is_in_key_order(frame, schema.key) else frame.sort(schema.key)
    ordered = in_order.select(column.name for column in kept).with_columns(flags)
    text = ordered.write_csv(include_header=header, line_terminator="\n", quote_style="necessary")
    return text.encode()


@lru_cache(maxsize=4)
def table_digests(tables: CaseTables) -> dict[str, TableDigest]:
    """The digest of every table that the case holds, by name."""
    return {
        name: TableDigest(
            name,
            frame.height,
            hashlib.sha256(canonical_csv(frame, tables.schemas[name])).hexdigest(),
        )
        for name, frame in sorted(tables.frames.items())
        if not frame.is_empty()
    }
