"""Reading JSON lines and Parquet, some rows at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl

from pollwitness.case.importing.mapping import SourceRules
from pollwitness.case.importing.source import (
    NOT_OBJECT,
    UNREADABLE,
    Batch,
    RowFault,
    emptied,
    opened,
    refusal,
    text_frame,
)

ROWS_AT_A_TIME = 50_000
Json: TypeAlias = "str | bool | Mapping[str, Json] | Sequence[Json] | None"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object a line; nested objects give columns named ``outer.inner``."""

    path: Path
    rules: SourceRules

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The keys of the objects, in the order in which they come up."""
        del sheet
        names: dict[str, None] = {}
        with opened(self.path) as stream:
            for line in stream:
                names.update(dict.fromkeys(_flat(_object(line) or {})))
        return tuple(names)

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The lines, some at a time. Numbers stay as they are written."""
        names = self.header(sheet)
        size = max(self.path.stat().st_size, 1)
        with opened(self.path) as stream:
            first, read = 1, 0
            while lines := list(islice(stream, ROWS_AT_A_TIME)):
                found = [_object(line) for line in lines]
                read += sum(len(line) for line in lines)
                rows = np.arange(first, first + len(lines), dtype=np.int64)
                wrong = np.array(
                    [o is None and bool(line.strip())
                     for o, line in zip(found, lines, strict=True)]
                )  # fmt: skip
                flat = [_flat(one or {}) for one in found]
                frame = text_frame([[row.get(n) for row in flat] for n in names], names)
                faults = (RowFault(NOT_OBJECT, rows[wrong]),) if wrong.any() else ()
                yield Batch(frame, rows, faults, read / size)
                first += len(lines)


def _object(line: bytes) -> Mapping[str, Json] | None:
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(value: Mapping[str, Json], outer: str = "") -> dict[str, str | None]:
    """The object without nesting; lists become "first; second"."""
    found: dict[str, str | None] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            found.update(_flat(inner, f"{outer}{key}."))
        else:
            found[outer + key] = _as_text(inner)
    return found


def _as_text(value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(_as_text(one) or "" for one in value)
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Parquet:
    """A Parquet file of flat columns."""

    path: Path
    rules: SourceRules

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The names of the columns."""
        del sheet
        with opened(self.path):
            pass
        try:
            return tuple(pl.read_parquet_schema(self.path))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise refusal(UNREADABLE, self.path, more=str(error).splitlines()[0]) from error

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The rows, some at a time, as text."""
        names = self.header(sheet)
        scan = pl.scan_parquet(self.path)
        total = int(scan.select(pl.len()).collect().item())
        for first in range(0, max(total, 1), ROWS_AT_A_TIME):
            try:
                part = scan.slice(first, ROWS_AT_A_TIME).collect()
            except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
                raise refusal(UNREADABLE, self.path, more=str(error).splitlines()[0]) from error
            frame = part.select(_text_column(name, part.schema[name]) for name in names)
            rows = np.arange(first + 1, first + part.height + 1, dtype=np.int64)
            yield Batch(emptied(frame), rows, (), min((first + part.height) / max(total, 1), 1.0))


def _text_column(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Boolean():
        return pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false")).alias(name)
    if dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        plain = pl.when(whole.cast(dtype) == column).then(whole.cast(pl.String))
        return plain.otherwise(column.cast(pl.String)).alias(name)
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S").alias(name)
    return column.cast(pl.String, strict=False)
