"""A lower bound without any model: records that are certainly of different persons.

Two records are certainly different if they stand on one list that names nobody twice, or if at
least two of their independent parts are known and clearly differ: a single slip of the pen cannot
do that. Any set of records that are pairwise certainly different are as many persons.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from pollwitness.detentions.linkage import prepared
from pollwitness.detentions.names import equivalents

Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
Codes = np.ndarray[tuple[int, int], np.dtype[np.int64]]
LEAST_DIFFERENT = 2
YEARS_APART = 2
"""Years of birth that differ by less may be one year, rounded or misread."""


def certainly_different(records: pl.DataFrame, unique_lists: Collection[str]) -> list[str]:
    """Records that are pairwise certainly different, as many as a greedy search finds.

    ``records`` has the columns of linkage and ``list_id``; ``unique_lists`` name nobody twice.
    Starts from the longest of these lists, or from nobody, and takes in every further record that
    is certainly different from all of those taken.
    """
    from pollwitness.detentions import certain_kernel  # noqa: PLC0415 (only who asks compiles)

    ids = sorted(records["record_id"].to_list())
    codes, on = _codes(records, unique_lists)
    starts = [np.flatnonzero(on == one) for one in np.unique(on[on >= 0])]
    best: list[int] = []
    for start in [*sorted(starts, key=len, reverse=True)[:_TRIED], np.array([], dtype=np.int64)]:
        found = certain_kernel.grown(codes, on, start, _YEAR, YEARS_APART, LEAST_DIFFERENT).tolist()
        if len(found) > len(best):
            best = found
    return [ids[place] for place in sorted(best)]


_TRIED = 3
_YEAR = 1


def _codes(records: pl.DataFrame, unique_lists: Collection[str]) -> tuple[Codes, Whole]:
    """Parts of every record as numbers, -1 where unknown, and the unique list it is on, or -1."""
    frame = prepared(records).sort("unique_id")
    known = sorted(set(equivalents().values()))
    given = frame["given"].to_list()
    parts = [
        _numbered([one if one in known else None for one in given]),
        frame["birth_year"].fill_null(-1).to_numpy(),
        _numbered(frame["sex"].to_list()),
        _numbered(frame["patronymic"].to_list()),
        _numbered(frame["bones"].to_list()),
    ]
    lists = records.sort("record_id")["list_id"].to_list()
    on = _numbered([one if one in unique_lists else None for one in lists])
    return np.stack(parts, axis=1).astype(np.int64), on


def _numbered(values: list[str | None]) -> Whole:
    codes = {name: number for number, name in enumerate(sorted({v for v in values if v}))}
    return np.array([codes.get(v, -1) if v else -1 for v in values], dtype=np.int64)
