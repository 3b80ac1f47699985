"""A lower bound without any model: records that are certainly of different persons.

Two records are certainly different if they stand on one list that names nobody twice, or if at
least two of their independent parts are known and clearly differ: a single slip of the pen cannot
do that. Any set of records that are pairwise certainly different are as many persons.

Given name and sex are one part. Given names and fathers count only where the table of names knows
both, and names that may be used for each other count as one; surnames differ only by two letters
of their consonants, initials not at all, and nothing is said of names in each other's column.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.detentions.linkage import prepared
from pollwitness.detentions.names import consonants, surely_given

Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
Codes = np.ndarray[tuple[int, int], np.dtype[np.int64]]
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
    parts = _Parts.of(records, unique_lists)
    on = parts.on
    starts = [np.flatnonzero(on == one) for one in np.unique(on[on >= 0])]
    best: list[int] = []
    for start in [*sorted(starts, key=len, reverse=True)[:_TRIED], np.array([], dtype=np.int64)]:
        found = certain_kernel.grown(
            parts.codes, parts.letters, parts.turned, on, start, YEARS_APART
        ).tolist()
        if len(found) > len(best):
            best = found
    return [ids[place] for place in sorted(best)]


_TRIED = 3
_SHORTEST = 2
"""Surnames of fewer consonants are initials, or too short to differ clearly."""


@dataclass(frozen=True, eq=False)
class _Parts:
    """The parts of every record as numbers, in the order of ids; -1 where they are not known."""

    codes: Codes
    letters: Codes
    turned: Whole
    on: Whole

    @classmethod
    def of(cls, records: pl.DataFrame, unique_lists: Collection[str]) -> _Parts:
        frame = prepared(records).sort("unique_id")
        bones = [one if one and len(one) >= _SHORTEST else None for one in frame["bones"]]
        turned = [consonants(one) if one else None for one in frame["turned"]]
        numbers = {
            name: n for n, name in enumerate(sorted({one for one in [*bones, *turned] if one}))
        }
        surnames = np.array([numbers.get(one, -1) for one in bones], dtype=np.int64)
        codes = [
            _numbered([surely_given(one) if one else None for one in frame["given"]]),
            _numbered(frame["sex"].to_list()),
            _numbered([surely_given(one) if one else None for one in frame["patronymic"]]),
            frame["birth_year"].fill_null(-1).to_numpy(),
            surnames,
        ]
        lists = records.sort("record_id")["list_id"].to_list()
        return cls(
            np.stack(codes, axis=1).astype(np.int64),
            _letters(bones),
            np.array([numbers.get(one, -1) for one in turned], dtype=np.int64),
            _numbered([one if one in unique_lists else None for one in lists]),
        )


def _letters(words: list[str | None]) -> Codes:
    """Words as rows of numbers, 0 behind their end."""
    size = max([len(word) for word in words if word] or [1])
    found = np.zeros((len(words), size), dtype=np.int64)
    for row, word in enumerate(words):
        found[row, : len(word or "")] = [ord(letter) for letter in word or ""]
    return found


def _numbered(values: list[str | None]) -> Whole:
    codes = {name: number for number, name in enumerate(sorted({v for v in values if v}))}
    return np.array([codes.get(v, -1) if v else -1 for v in values], dtype=np.int64)
