"""Rows kept on disk in sorted runs, so that any number of them can be merged in little memory.

External merge sort (Knuth, *The Art of Computer Programming*, volume 3, section 5.4): batches are
sorted and written; later every run gives up the rows of one range of keys after the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

ROWS_IN_MEMORY = 100_000
"""About so many rows of a table are merged at a time."""
_GROUP = 8_192
_Bound = str | int | None


@dataclass(slots=True)
class Runs:
    """Rows in sorted runs, by one column; ``heights`` counts them."""

    folder: Path
    by: str
    rows: int = 0
    _runs: list[_Run] = field(default_factory=list)

    def add(self, frame: pl.DataFrame) -> None:
        """Keep these rows; rows whose value in the column is unknown must not be among them."""
        if frame.is_empty():
            return
        ordered = frame.sort(self.by)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(self._runs):06d}.parquet"
        ordered.write_parquet(path, compression="lz4", row_group_size=_GROUP, statistics=False)
        starts = ordered[self.by].gather_every(_GROUP).to_list()
        self._runs.append(_Run(path, starts, ordered.height))
        self.rows += ordered.height

    def starts(self) -> list[str | int]:
        """A sample of the values: one for every few thousand rows."""
        return [start for run in self._runs for start in run.starts]

    def part(self, low: _Bound, high: _Bound) -> pl.DataFrame | None:
        """The rows from ``low`` to below ``high`` (None: without end), in no particular order."""
        parts = [run.part(self.by, low, high) for run in self._runs]
        found = [part for part in parts if part is not None]
        return pl.concat(found) if found else None

    def scan(self) -> pl.LazyFrame:
        """All rows, run after run."""
        return pl.scan_parquet([run.path for run in self._runs])

    def take_over(self, other: Runs) -> None:
        """The rows of another store too; its files stay where they are."""
        self._runs.extend(other._runs)
        self.rows += other.rows


@dataclass(frozen=True, slots=True)
class _Run:
    """One sorted file; ``starts`` holds the value of the first row of every group of rows."""

    path: Path
    starts: Sequence[str | int]
    height: int

    def part(self, by: str, low: _Bound, high: _Bound) -> pl.DataFrame | None:
        first = 0 if low is None else max(bisect_left(self.starts, low) - 1, 0)
        last = len(self.starts) if high is None else bisect_left(self.starts, high)
        if last <= first:
            return None
        rows = slice(first * _GROUP, min(last * _GROUP, self.height))
        found = pl.scan_parquet(self.path).slice(rows.start, rows.stop - rows.start)
        if low is not None:
            found = found.filter(pl.col(by) >= low)
        if high is not None:
            found = found.filter(pl.col(by) < high)
        return found.collect()


def ranges(*runs: Runs) -> Iterator[tuple[_Bound, _Bound]]:
    """Ranges that cover all values, each with about as many rows as may be in memory."""
    sample = sorted(start for one in runs for start in one.starts())
    step = max(ROWS_IN_MEMORY // _GROUP, 1)
    bounds = list(dict.fromkeys(sample[step::step]))
    yield from zip([None, *bounds], [*bounds, None], strict=True)
