"""Reading JSON lines and Parquet, some rows at a time."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl

from pollwitness.case.importing.mapping import SourceRules
from pollwitness.case.importing.source import (
    KEY_TWICE,
    NO_HEADER,
    NOT_OBJECT,
    UNREADABLE,
    Batch,
    RowFault,
    emptied,
    opened,
    refusal,
    text_frame,
)
from pollwitness.tables.listing import Fault

ROWS_AT_A_TIME = 50_000
Json: TypeAlias = "str | bool | Mapping[str, Json] | Sequence[Json] | None"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object a line; nested objects give columns named ``outer.inner``."""

    path: Path
    rules: SourceRules
    _names: list[str] = field(default_factory=list)

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The keys of the objects, in the order in which they come up."""
        del sheet
        if not self._names:
            names: dict[str, None] = {}
            for _first, lines, _share in self._parts():
                for line in lines:
                    keys = self._keys(line)
                    if not keys <= names.keys():
                        names.update(dict.fromkeys(self._record(line)[0] or {}))
            self._names.extend(names)
        if not self._names:
            raise refusal(NO_HEADER, self.path)
        return tuple(self._names)

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The lines, some at a time. Numbers stay as they are written."""
        names = self.header(sheet)
        for first, lines, share in self._parts():
            rows = np.arange(first, first + len(lines), dtype=np.int64)
            read = [self._record(line) for line in lines]
            records = [found or {} for found, _fault in read]
            frame = text_frame([[record.get(n) for record in records] for n in names], names)
            faults, texts = [], {}
            for fault in (NOT_OBJECT, KEY_TWICE):
                at = [number for number, (_found, wrong) in enumerate(read) if wrong is fault]
                texts.update({first + n: lines[n].decode("utf-8", "replace") for n in at})
                if at:
                    faults.append(RowFault(fault, rows[at]))
            yield Batch(frame, rows, tuple(faults), share, texts)

    def _parts(self) -> Iterator[tuple[int, list[bytes], float]]:
        """Some lines at a time, with the row of the first and the share of the file read."""
        with opened(self.path) as stream:
            size = max(self.path.stat().st_size, 1)
            first = 1
            while lines := list(islice(stream, ROWS_AT_A_TIME)):
                if first == 1:
                    lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
                yield first, [line.strip() for line in lines], stream.tell() / size
                first += len(lines)

    def _keys(self, line: bytes) -> set[str]:
        """The keys of a line's object as they stand; an empty text where it holds an inner one."""
        try:
            found = json.loads(line.decode(self.rules.encoding))
        except (ValueError, LookupError, RecursionError):
            return set()
        if not isinstance(found, dict):
            return set()
        return {""} if dict in map(type, found.values()) else set(found)

    def _record(self, line: bytes) -> tuple[_Flat | None, Fault | None]:
        """The object of a line without nesting, or what is wrong with the line."""
        if not line:
            return None, None
        try:
            found = _decoder(self.rules.decimal).decode(line.decode(self.rules.encoding))
            if not isinstance(found, dict):
                return None, NOT_OBJECT
            flat = found if set(map(type, found.values())) == {str} else _flat(found)
            "".join(value or "" for value in (*flat, *flat.values())).encode()
        except _KeyTwiceError:
            return None, KEY_TWICE
        except (ValueError, LookupError, RecursionError):
            return None, NOT_OBJECT
        return flat, None


_Flat: TypeAlias = "Mapping[str, str | None]"


class _KeyTwiceError(Exception):
    """Two values stand under one name."""


@lru_cache(maxsize=4)
def _decoder(decimal: str) -> json.JSONDecoder:
    """Numbers stay as written, but with the decimal mark that texts of the file have."""
    return json.JSONDecoder(
        parse_int=str,
        parse_float=lambda number: number.replace(".", decimal),
        parse_constant=str,
        object_pairs_hook=_once,
    )


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _KeyTwiceError
    return found


def _flat(value: Mapping[str, Json], outer: str = "") -> dict[str, str | None]:
    """The object without nesting; lists become "first; second"."""
    found: dict[str, str | None] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            made = _flat(inner, f"{outer}{key}.")
        else:
            made = {outer + key: _as_text(inner)}
        if made.keys() & found.keys():
            raise _KeyTwiceError
        found.update(made)
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
            return tuple(self._scan().collect_schema())
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise refusal(UNREADABLE, self.path, more=str(error).splitlines()[0]) from error

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The rows, some at a time, as text."""
        names = self.header(sheet)
        scan = self._scan()
        total = int(scan.select(pl.len()).collect().item())
        for first in range(0, max(total, 1), ROWS_AT_A_TIME):
            try:
                part = scan.slice(first, ROWS_AT_A_TIME).collect()
                frame = pl.DataFrame([_text_series(part[name], self.rules) for name in names])
            except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
                raise refusal(UNREADABLE, self.path, more=str(error).splitlines()[0]) from error
            rows = np.arange(first + 1, first + part.height + 1, dtype=np.int64)
            yield Batch(emptied(frame), rows, (), min((first + part.height) / max(total, 1), 1.0))

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path, glob=False)


def _text_series(values: pl.Series, rules: SourceRules) -> pl.Series:
    """A column as the texts that a person would write, numbers with the mark of the file."""
    dtype = values.dtype
    if dtype.is_nested() or dtype in (pl.Duration, pl.Binary, pl.Object):
        texts = [None if one is None else json.dumps(one, default=str) for one in values.to_list()]
        return pl.Series(values.name, texts, dtype=pl.String)
    if dtype.is_float() or dtype.is_decimal():
        text = values.cast(pl.String).str.replace(r"\.0+$", "")
        return text.str.replace(".", rules.decimal, literal=True)
    if isinstance(dtype, pl.Datetime):
        return _moments(values, dtype)
    return values.cast(pl.String, strict=False)


def _moments(values: pl.Series, dtype: pl.Datetime) -> pl.Series:
    """Times with their offset where the column has one, and with fractions where they are any."""
    zone = "" if dtype.time_zone is None else "%:z"
    plain = values.dt.to_string(f"%Y-%m-%dT%H:%M:%S{zone}")
    exact = values.dt.to_string(f"%Y-%m-%dT%H:%M:%S%.6f{zone}")
    whole = values.dt.microsecond() == 0
    return pl.select(pl.when(whole).then(plain).otherwise(exact)).to_series().alias(values.name)
