"""Where the records of a text of separated values begin and end, how wide each is, and its faults.

RFC 4180, with any separator: quotation marks enclose a whole field and are doubled inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_NEWLINE, _RETURN = 10, 13
_BLOCK = 1 << 24
_NONE = -1
"""Stands for "no quotation marks": no byte has this value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the records of a text end, how wide each is, and whether its quotes pair up.

    ``ends`` are the positions of the line feeds that end a record (or the end of the text) and
    ``widths`` the number of its fields; ``stray`` are quotation marks in the wrong place,
    ``returns`` carriage returns outside quotation marks that no line feed follows, ``unclosed_at``
    the last quotation mark where one is opened and never closed.
    """

    ends: Integers
    widths: Integers
    stray: Integers
    returns: Integers
    unclosed_at: int | None


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks of one block, as positions in the whole text; ``widths`` of its newlines."""

    newlines: Integers
    widths: Integers
    stray: Integers
    returns: Integers


def layout(raw: bytes, *, separator: str = ",", quote: str | None = '"') -> Layout:
    r"""The layout of a text; ``separator`` and ``quote`` are single ASCII characters.

    >>> layout(b"a,b\n1,2,3\n").widths
    array([2, 3])
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    scan = _Scan(data, ord(separator), _NONE if quote is None else ord(quote))
    blocks = list(scan.blocks())
    joined = {
        field.name: np.concatenate([getattr(block, field.name) for block in blocks])
        for field in fields(_Marks)
    }
    ends, widths = joined["newlines"], joined["widths"]
    if not ends.size or ends[-1] != data.size - 1:
        ends, widths = np.append(ends, data.size), np.append(widths, scan.pending + 1)
    return Layout(
        ends, widths, joined["stray"], joined["returns"], scan.last_quote if scan.inside else None
    )


class _Scan:
    """Goes through a text block by block and remembers whether it stands inside quotes."""

    def __init__(self, data: Bytes, separator: int, quote: int) -> None:
        self._data, self._separator, self._quote = data, separator, quote
        kinds = np.zeros(256, dtype=np.bool_)
        kinds[[separator, _NEWLINE, _RETURN]] = True
        if quote != _NONE:
            kinds[quote] = True
        self._telling = kinds
        self.inside = False
        self.pending = 0
        self.last_quote: int | None = None

    def blocks(self) -> Iterator[_Marks]:
        for start in range(0, max(self._data.size, 1), _BLOCK):
            yield self._marks(start)

    def _marks(self, start: int) -> _Marks:
        block = self._data[start : start + _BLOCK]
        at = np.flatnonzero(self._telling[block])
        kinds = block[at]
        at = at + start
        quotes = kinds == self._quote
        stray = np.empty(0, dtype=np.int64)
        if quotes.any() or self.inside:
            within = np.logical_xor.accumulate(quotes) ^ self.inside
            stray = self._stray(at[quotes], opening=within[quotes])
            if quotes.any():
                self.last_quote = int(at[quotes][-1])
                self.inside = bool(within[-1])
            at, kinds = at[~within], kinds[~within]
        newline = kinds == _NEWLINE
        separators = np.cumsum(kinds == self._separator) + self.pending
        before = separators[newline]
        self.pending = int(separators[-1]) if separators.size else self.pending
        if before.size:
            self.pending -= int(before[-1])
        return _Marks(at[newline], np.diff(before, prepend=0) + 1, stray, self._alone(at, kinds))

    def _alone(self, at: Integers, kinds: Bytes) -> Integers:
        """Carriage returns that no line feed follows."""
        returns: Integers = at[kinds == _RETURN]
        if not returns.size:
            return returns
        after = np.where(returns + 1 < self._data.size, self._next(returns), 0)
        alone: Integers = returns[after != _NEWLINE]
        return alone

    def _next(self, at: Integers) -> Bytes:
        following: Bytes = self._data[np.minimum(at + 1, self._data.size - 1)]
        return following

    def _stray(self, at: Integers, *, opening: npt.NDArray[np.bool_]) -> Integers:
        before = np.where(at > 0, self._data[np.maximum(at - 1, 0)], _NEWLINE)
        after = np.where(at + 1 < self._data.size, self._next(at), _NEWLINE)
        starts = (self._separator, _NEWLINE, self._quote)
        bad = np.where(opening, ~np.isin(before, starts), ~np.isin(after, (*starts, _RETURN)))
        stray: Integers = at[bad]
        return stray
