"""Late-count shift: what late stations held against a projection from early ones (design 6.2).

Null model: among the stations of one place, which ones were counted late has nothing to do with
how they voted. It is looked at for every level of a stated hierarchy of places, coarse to fine:
where a shift shrinks as places get smaller, geography explains it.

Innocent explanations: within a place, remote, poor, large or contested stations report later, and
vote differently. That is why a shift is shown as disputed wherever levels disagree, and why it is
a description and never a test of a battery.

Reference for the quarrel about Bolivia 2019: Idrobo, Kronick and Rodriguez (2022), Do shifts in
late-counted votes signal irregularities?, Journal of Politics 84.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from pollwitness.errors import QuestionError
from pollwitness.forensics.stations import Flags, Integers

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LateResults:
    """Counts of stations, which were late, and their places at every level, coarse to fine.

    ``ballots``, ``leader`` and ``is_late`` have shape (stations,); ``places`` has one column of
    names a level, the first level being the whole (one name).
    """

    ballots: Integers
    leader: Integers
    is_late: Flags
    levels: tuple[str, ...]
    places: tuple[Integers, ...]

    @classmethod
    def of(
        cls,
        *,
        ballots: npt.ArrayLike,
        leader: npt.ArrayLike,
        is_late: npt.ArrayLike,
        places: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> LateResults:
        """Results with the columns of a hierarchy, coarse to fine; a place is named by its path.

        Raises:
            QuestionError: if columns differ in length, or no station is early, or none is late.
        """
        counts = np.asarray(ballots, dtype=np.int64), np.asarray(leader, dtype=np.int64)
        late = np.asarray(is_late, dtype=np.bool_)
        sizes = {counts[0].size, counts[1].size, late.size, *(len(names) for _l, names in places)}
        if len(sizes) > 1:
            raise QuestionError("the columns of late-counted stations differ in length")
        if not late.any() or late.all():
            raise QuestionError(
                f"{'no' if not late.any() else 'every'} station was counted late; "
                "choose another moment"
            )
        paths: list[tuple[str, ...]] = [()] * late.size
        codes = [np.zeros(late.size, dtype=np.int64)]
        for _level, names in places:
            paths = [(*path, name) for path, name in zip(paths, names, strict=True)]
            number = {path: n for n, path in enumerate(sorted(set(paths)))}
            codes.append(np.array([number[path] for path in paths], dtype=np.int64))
        return cls(*counts, late, ("all", *(level for level, _names in places)), tuple(codes))


def after_moment(moments: Sequence[str], until: str) -> Flags:
    """Whether each moment lies after another, in ISO 8601: shape (moments,).

    Where either is a date without a time, days are compared.

    Raises:
        QuestionError: naming the texts that are no moments, or times of which some lack an offset.

    >>> after_moment(["2020-08-09T21:00+03:00", "2020-08-10"], "2020-08-09T20:00+03:00").tolist()
    [True, True]
    """
    limit = _parsed(until)
    found = [_parsed(text) for text in moments]
    wrong = sorted({text for text, one in zip(moments, found, strict=True) if one is None})
    if limit is None or wrong:
        listed = ", ".join(repr(text) for text in ([until] if limit is None else wrong[:5]))
        raise QuestionError(f"{listed}: no date, nor a time; write 2020-08-09T20:00+03:00")
    try:
        return np.array([_is_after(one, limit) for one in found if one is not None])
    except TypeError as error:
        raise QuestionError("some times have an offset and others do not") from error


_Moment = datetime.date | datetime.datetime


def _parsed(text: str) -> _Moment | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.date() if len(text) <= len("2020-08-09") else moment


def _is_after(one: _Moment, limit: _Moment) -> bool:
    if isinstance(one, datetime.datetime) and isinstance(limit, datetime.datetime):
        return one > limit
    days = [m.date() if isinstance(m, datetime.datetime) else m for m in (one, limit)]
    return days[0] > days[1]


@dataclass(frozen=True, slots=True)
class LevelShift:
    """One level: the late stations whose place has early ones, and how they depart from these.

    ``projected`` are leader votes at the early share of the same place, ``shift`` what was counted
    beyond, in votes, with its ``spread`` under the null; ``smallest`` is the shift that is found
    with 80 % power at the level.
    """

    level: str
    places: int
    stations: int
    ballots: int
    counted: int
    projected: float
    spread: float
    p_value: float
    smallest: float

    @property
    def shift(self) -> float:
        """Leader votes at late stations beyond the projection."""
        return self.counted - self.projected

    @property
    def points(self) -> float:
        """The shift in percentage points of the late ballots."""
        return 100 * self.shift / self.ballots if self.ballots else 0.0


class ShiftReading(StrEnum):
    """What all levels together say."""

    NONE = "none"
    """No level shows a shift."""
    EVERY_LEVEL = "every_level"
    """All levels that cover nine in ten late ballots show one in the same direction."""
    DISPUTED = "disputed"
    """Some levels show one and others do not, or in another direction."""


@dataclass(frozen=True, slots=True)
class LateShift:
    """The shift at every level, and at the finest level that each late station shares.

    ``finest`` compares every late station with the early ones of the smallest place that has any.
    """

    by_level: tuple[LevelShift, ...]
    finest: LevelShift
    reading: ShiftReading
    late_stations: int
    late_ballots: int
    level: float


ENOUGH_BALLOTS = 0.9


def late_shift(results: LateResults, *, level: float = 0.05) -> LateShift:
    """Late stations against early ones of the same place, at every level of the hierarchy.

    The shift is Σ_late (v - r b), r being the early share of the place. With the residuals
    e = (v - p b) √(n / (n - 1)) about the share p of all n stations of the place, its variance is
    the sum of squares of e at late stations, and of e · (late ballots) / (early ballots) at early
    ones (Taylor linearisation of a ratio). Two-sided normal.
    """
    by_level = tuple(
        _shift(results, [(codes, results.is_late & _compared(results, codes)[codes])], name, level)
        for name, codes in zip(results.levels, results.places, strict=True)
    )
    finest = _shift(results, _finest(results), "finest", level)
    return LateShift(
        by_level, finest, _reading((*by_level, finest), results, level),
        int(results.is_late.sum()), int(results.ballots[results.is_late].sum()), level,
    )  # fmt: skip


def _compared(results: LateResults, codes: Integers) -> Flags:
    """Which places hold ballots of early stations and of late ones: shape (places,)."""
    both = np.ones(int(codes.max()) + 1, dtype=np.bool_)
    for kind in (results.is_late, ~results.is_late):
        both &= np.bincount(codes, np.where(kind, results.ballots, 0), both.size) > 0
    return both


def _finest(results: LateResults) -> list[tuple[Integers, Flags]]:
    """For every level the late stations that find no early one in any smaller place of theirs."""
    left = results.is_late.copy()
    found = []
    for codes in reversed(results.places):
        here = left & _compared(results, codes)[codes]
        found.append((codes, here))
        left &= ~here
    return found


def _shift(
    results: LateResults, cells: Sequence[tuple[Integers, Flags]], name: str, level: float
) -> LevelShift:
    """The shift of the late stations that each level compares with the early ones of its places."""
    influence = np.zeros(results.ballots.size)
    projected, places = 0.0, 0
    for codes, compared in cells:
        size = int(codes.max()) + 1
        total = partial(_total, codes, size)
        ballots, leader, n = (
            total(results.ballots),
            total(results.leader),
            total(np.ones_like(compared)),
        )
        early = total(np.where(results.is_late, 0, results.ballots))
        early_share = _over(total(np.where(results.is_late, 0, results.leader)), early)
        asked = total(np.where(compared, results.ballots, 0))
        error = results.leader - _over(leader, ballots)[codes] * results.ballots
        error *= np.sqrt(_over(n, n - 1))[codes]
        influence += np.where(compared, error, 0.0)
        influence -= np.where(results.is_late, 0.0, _over(asked, early)[codes] * error)
        projected += float((early_share[codes] * results.ballots)[compared].sum())
        places += int((asked > 0).sum())
    used = np.logical_or.reduce([compared for _codes, compared in cells])
    counted, spread = int(results.leader[used].sum()), float(np.sqrt((influence**2).sum()))
    z = abs(counted - projected) / spread if spread > 0 else 0.0
    return LevelShift(
        name, places, int(used.sum()), int(results.ballots[used].sum()), counted,
        projected, spread, float(2 * ndtr(-z)),
        float(ndtri(1 - level / 2) + ndtri(0.8)) * spread,
    )  # fmt: skip


def _total(codes: Integers, size: int, values: Integers | Flags) -> Reals:
    return np.bincount(codes, values.astype(np.float64), size).astype(np.float64)


def _over(part: Reals, whole: Reals) -> Reals:
    """A quotient; 0 where there is nothing to divide by."""
    quotient: Reals = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return quotient


def _reading(levels: Sequence[LevelShift], results: LateResults, level: float) -> ShiftReading:
    """Whether all levels that cover enough late ballots agree."""
    late = int(results.ballots[results.is_late].sum())
    covering = [one for one in levels if one.ballots >= ENOUGH_BALLOTS * late]
    seen = {np.sign(one.shift) if one.p_value <= level else 0.0 for one in covering}
    if seen <= {0.0}:
        return ShiftReading.NONE
    return ShiftReading.EVERY_LEVEL if len(seen) == 1 else ShiftReading.DISPUTED
