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
        for _first, lines, _share in self._parts():
            for found in _objects(lines):
                names.update(dict.fromkeys(_flat(found or {})))
        return tuple(names)

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The lines, some at a time. Numbers stay as they are written."""
        names = self.header(sheet)
        for first, lines, share in self._parts():
            found = _objects(lines)
            rows = np.arange(first, first + len(lines), dtype=np.int64)
            wrong = np.array(
                [one is None and bool(line) for one, line in zip(found, lines, strict=True)]
            )
            flat = [_flat(one or {}) for one in found]
            frame = text_frame([[row.get(n) for row in flat] for n in names], names)
            faults = (RowFault(NOT_OBJECT, rows[wrong]),) if wrong.any() else ()
            yield Batch(frame, rows, faults, share)

    def _parts(self) -> Iterator[tuple[int, list[bytes], float]]:
        """Some lines at a time, with the row of the first and the share of the file read."""
        size = max(self.path.stat().st_size, 1) if self.path.exists() else 1
        with opened(self.path) as stream:
            first = 1
            while lines := list(islice(stream, ROWS_AT_A_TIME)):
                yield first, [line.strip() for line in lines], stream.tell() / size
                first += len(lines)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def _objects(lines: Sequence[bytes]) -> list[Mapping[str, Json] | None]:
    """The object of every line; None where a line holds none.

    All lines are read as one list, which is several times as fast; where that does not give one
    object for each line, they are read one by one.
    """
    if all(line.startswith(b"{") and line.endswith(b"}") for line in lines):
        together = _decoded(b"[" + b",".join(lines) + b"]")
        if isinstance(together, list) and len(together) == len(lines):
            return together
    single = [_decoded(line) for line in lines]
    return [one if isinstance(one, dict) else None for one in single]


def _decoded(text: bytes) -> Json:
    try:
        found: Json = _DECODER.decode(text.decode())
    except (ValueError, RecursionError):
        return None
    return found


def _flat(value: Mapping[str, Json], outer: str = "") -> Mapping[str, str | None]:
    """The object without nesting; lists become "first; second"."""
    if all(type(inner) is str for inner in value.values()) and not outer:
        return value  # type: ignore[return-value]
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
