"""The frame of a quick count: every station there is, its stratum, and its earlier results."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pollwitness.errors import QuestionError

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Whole = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Frame:
    """Units that are drawn (stations, or clusters of them) with earlier results.

    ``stratum`` is the place of each unit's stratum in ``strata``; ``totals`` are the earlier votes
    of each unit, ``votes`` those for each option, ``costs`` what counting it costs.
    """

    units: tuple[str, ...]
    strata: tuple[str, ...]
    stratum: Whole
    options: tuple[str, ...]
    totals: Vector
    votes: Matrix
    costs: Vector

    def __post_init__(self) -> None:
        """Refuse what is no frame.

        Raises:
            QuestionError: with every fault.
        """
        faults = list(_faults(self))
        if faults:
            raise QuestionError("; ".join(faults))

    @property
    def sizes(self) -> Whole:
        """The units of each stratum, N_h."""
        return np.bincount(self.stratum, minlength=len(self.strata))

    @property
    def shares(self) -> Vector:
        """The earlier share of each option."""
        found: Vector = self.votes.sum(axis=0) / self.totals.sum()
        return found

    def leaders(self) -> tuple[int, int]:
        """The first two options of the earlier result.

        Raises:
            QuestionError: if there is only one.
        """
        if len(self.options) < 2:
            raise QuestionError("a lead needs two options")
        order = np.argsort(-self.shares, kind="stable")
        return int(order[0]), int(order[1])


def _faults(frame: Frame) -> Iterator[str]:
    names = Counter(unicodedata.normalize("NFC", one) for one in frame.units)
    yield from (f"unit {one} stands there {times} times (ids are compared in the Unicode form NFC)"
                for one, times in sorted(names.items()) if times > 1)  # fmt: skip
    if not frame.units:
        yield "the frame is empty"
        return
    held = np.bincount(frame.stratum, minlength=len(frame.strata))
    yield from (f"stratum {name} is empty" for name, n in zip(frame.strata, held, strict=True)
                if n == 0)  # fmt: skip
    for name, wrong in (
        ("negative votes", (frame.votes < 0).any(axis=1) | (frame.totals < 0)),
        ("more votes for an option than votes", (frame.votes > frame.totals[:, None]).any(axis=1)),
        ("a cost that is not positive", frame.costs <= 0),
    ):
        at = np.flatnonzero(wrong)
        if at.size:
            yield f"unit {frame.units[at[0]]} has {name}" + (
                "" if at.size == 1 else f", and {at.size - 1} more"
            )
    if frame.totals.sum() <= 0:
        yield "nobody voted in the earlier result"


def clustered(frame: Frame, clusters: Sequence[str]) -> Frame:
    """The frame of whole clusters: each is drawn with all its stations.

    Raises:
        QuestionError: if a cluster lies in two strata.
    """
    names, place = np.unique(np.asarray(clusters, dtype=object), return_inverse=True)
    count = len(names)
    stratum = np.full(count, -1, dtype=np.int64)
    for unit, cluster in enumerate(place):
        if stratum[cluster] not in {-1, frame.stratum[unit]}:
            raise QuestionError(f"cluster {names[cluster]} lies in two strata")
        stratum[cluster] = frame.stratum[unit]
    votes = np.stack(
        [np.bincount(place, frame.votes[:, k], count) for k in range(len(frame.options))], axis=1
    )
    return Frame(
        tuple(str(one) for one in names), frame.strata, stratum, frame.options,
        _summed(place, frame.totals, count), votes.astype(np.float64),
        _summed(place, frame.costs, count),
    )  # fmt: skip


def _summed(place: Whole, values: Vector, count: int) -> Vector:
    return np.bincount(place, values, count).astype(np.float64)


def spread(values: Vector, stratum: Whole, count: int) -> Vector:
    """The variance of values within each stratum, with the divisor N - 1; 0 where there is one."""
    held = np.bincount(stratum, minlength=count)
    mean = np.bincount(stratum, values, count) / np.maximum(held, 1)
    squares = np.bincount(stratum, (values - mean[stratum]) ** 2, count)
    found: Vector = squares / np.maximum(held - 1, 1)
    return found
