"""Reading CSV in any encoding and with any separator, block by block."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from pollwitness.case.importing.mapping import SourceRules
from pollwitness.case.importing.source import (
    NO_HEADER,
    NO_SUCH_ENCODING,
    STRAY,
    TOO_WIDE,
    UNCLOSED,
    UNDECODABLE,
    Batch,
    Integers,
    RowFault,
    column_names,
    emptied,
    opened,
    refusal,
)
from pollwitness.tables.records import layout

BLOCK = 1 << 22
"""Bytes that are read at a time: what is held in memory does not grow with the file."""
LONGEST_RECORD = 1 << 26
"""A record that has not ended after so many bytes is taken for an unclosed quotation mark."""
_BOM = "\ufeff"
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text of separated values."""

    path: Path
    rules: SourceRules

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The names of the columns (a text has no sheets)."""
        del sheet
        if self.rules.columns:
            return self.rules.columns
        wanted = sorted(self.rules.header_rows)
        parts: dict[int, list[str | None]] = {}
        for block in self._blocks():
            for position in range(block.records):
                row = block.first + position
                if row in wanted:
                    parts[row] = list(self._cells(block.text(position)))
                if row >= max(wanted):
                    return column_names([parts[row] for row in sorted(parts)])
        raise refusal(NO_HEADER, self.path)

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """The rows, some at a time."""
        names = self.header(sheet)
        for block in self._blocks():
            skipped = max(self.rules.first_row - block.first, 0)
            if skipped < block.records:
                yield self._batch(block, skipped, names)

    def _cells(self, text: bytes) -> list[str]:
        quote = self.rules.quote
        reader = csv.reader(
            [text.decode()],
            delimiter=self.rules.delimiter,
            quotechar=quote or None,
            quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
        )
        try:
            return next(reader, [])
        except csv.Error as error:
            raise refusal(NO_HEADER, self.path, more=str(error)) from error

    def _batch(self, block: _Block, skipped: int, names: tuple[str, ...]) -> Batch:
        stray = np.unique(np.searchsorted(block.ends, block.stray)) if block.stray.size else _NONE
        stray = stray[stray >= skipped]
        frame = pl.read_csv(
            _without(block, skipped, stray) or b"\n",
            has_header=False,
            new_columns=list(names),
            schema=dict.fromkeys(names, pl.String),
            separator=self.rules.delimiter,
            quote_char=self.rules.quote,
            infer_schema=False,
            extra_columns="ignore",
            missing_columns="insert",
        )
        rows = np.arange(block.first + skipped, block.first + block.records, dtype=np.int64)
        known = emptied(frame)
        blank = known.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
        uneven = (block.widths[skipped:] != len(names)) & ~blank
        uneven[stray - skipped] = False
        faults = (RowFault(TOO_WIDE, rows[uneven]), RowFault(STRAY, rows[stray - skipped]))
        found = tuple(fault for fault in faults if fault.rows.size)
        texts = {
            block.first + int(at): block.text(int(at)).decode()
            for at in (*(np.flatnonzero(uneven) + skipped), *stray)
        }
        return Batch(known, rows, found, block.done, texts)

    def _blocks(self) -> Iterator[_Block]:
        """Whole records, some at a time, as UTF-8 with line feeds."""
        size = max(self.path.stat().st_size, 1) if self.path.exists() else 1
        with opened(self.path) as stream:
            kept, first = b"", 1
            for text, last in self._decoded(stream):
                kept += text
                done = min(stream.tell() / size, 1.0)
                block = self._whole_records(kept, first, done, last=last)
                if block is None:
                    continue
                kept, first = kept[len(block.raw) :], first + block.records
                yield block

    def _whole_records(self, raw: bytes, first: int, done: float, *, last: bool) -> _Block | None:
        found = layout(raw, separator=self.rules.delimiter, quote=self.rules.quote)
        ends = found.ends
        if not raw or (last and found.unclosed_at is not None) or len(raw) > LONGEST_RECORD:
            if not raw:
                return None
            row = first + int(np.searchsorted(ends, found.unclosed_at or 0))
            raise refusal(UNCLOSED, self.path, row=row)
        whole = ends.size if last or (ends[-1] == len(raw) - 1) else ends.size - 1
        if whole == 0:
            return None
        cut = min(int(ends[whole - 1]) + 1, len(raw))
        stray = found.stray[found.stray < cut]
        return _Block(raw[:cut], first, ends[:whole], found.widths[:whole], stray, done)

    def _decoded(self, stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
        """The text in UTF-8 with line feeds, block by block, and whether the block is the last."""
        decoder = io.IncrementalNewlineDecoder(self._decoder(), translate=True)
        at_start, records = True, 0
        while True:
            raw = stream.read(BLOCK)
            try:
                text = decoder.decode(raw, final=not raw)
                encoded = text.removeprefix(_BOM if at_start else "").encode()
            except UnicodeError as error:
                row = records + _lines_before(error) + 1
                raise refusal(UNDECODABLE, self.path, row=row, value=self.rules.encoding) from error
            at_start = at_start and not text
            records += text.count("\n")
            yield encoded, not raw
            if not raw:
                return

    def _decoder(self) -> codecs.IncrementalDecoder:
        try:
            "text".encode(self.rules.encoding)
            return codecs.getincrementaldecoder(self.rules.encoding)("strict")
        except (LookupError, UnicodeError, ValueError) as error:
            raise refusal(NO_SUCH_ENCODING, self.path, value=self.rules.encoding) from error


def _lines_before(error: UnicodeError) -> int:
    """Lines of what could not be decoded before the place where it could not be."""
    if not isinstance(error, UnicodeDecodeError):
        return 0
    before = error.object[: error.start]
    return max(before.count(b"\n"), before.count(b"\r"))


def _without(block: _Block, skipped: int, left_out: Integers) -> bytes:
    """The records of a block from one on, those left out as empty ones."""
    start = 0 if skipped == 0 else int(block.ends[skipped - 1]) + 1
    parts = []
    for at in left_out.tolist():
        parts.append(block.raw[start : 0 if at == 0 else int(block.ends[at - 1]) + 1])
        start = int(block.ends[at])
    return b"".join([*parts, block.raw[start:]])


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole records as UTF-8: where each ends, how wide it is, and the row of the first."""

    raw: bytes
    first: int
    ends: Integers
    widths: Integers
    stray: Integers
    done: float

    @property
    def records(self) -> int:
        return int(self.ends.size)

    def text(self, position: int) -> bytes:
        """One record, without its line feed."""
        start = 0 if position == 0 else int(self.ends[position - 1]) + 1
        return self.raw[start : int(self.ends[position])]
