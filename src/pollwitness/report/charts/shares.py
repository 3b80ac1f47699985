"""Seen and unseen: the share in the seen stations, and the share that the others would need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from pollwitness.checks import counted, range_text
from pollwitness.claims import Number
from pollwitness.language import percentage
from pollwitness.report.charts.drawing import Scale, line, picture, rectangle, words

_HEAD, _ROW, _BAR = 30.0, 64.0, 14.0


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar: a share (from 0 to 1, low and high), and the stations and ballots it is about."""

    label: str
    share: tuple[Number, Number]
    stations: int | None
    ballots: tuple[int, int] | None
    seen: bool


@dataclass(frozen=True, slots=True)
class SharePair:
    """The two bars of one option."""

    option: str
    seen: ShareRow
    needed: ShareRow


def seen_and_unseen(pairs: tuple[SharePair, ...], alternative: str) -> Markup:
    """Two bars for every option on one axis of shares, with a line at zero."""
    shares = [share for pair in pairs for row in (pair.seen, pair.needed) for share in row.share]
    scale = Scale(max(min(0.0, *map(float, shares)), -1.0), min(max(1.0, *map(float, shares)), 2.0))
    height = (_HEAD + 2 * _ROW) * len(pairs) + 20
    return picture(_marks(pairs, scale), height=height, alternative=alternative, kind="shares")


def _marks(pairs: tuple[SharePair, ...], scale: Scale) -> Iterator[Markup]:
    top = 0.0
    for pair in pairs:
        yield words(pair.option, (scale.at(scale.low), top + 22), "strong", "start")
        top += _HEAD
        for row in (pair.seen, pair.needed):
            yield from _bar(row, scale, top)
            top += _ROW
    yield line((scale.at(0), _HEAD), (scale.at(0), top), "zero")
    yield words(percentage(Fraction(0)), (scale.at(0), top + 14), "tick")
    yield words(percentage(Fraction(100)), (scale.at(1), top + 14), "tick")


def _bar(row: ShareRow, scale: Scale, top: float) -> Iterator[Markup]:
    low, high = row.share
    text = f"{row.label}: {range_text(low, high, 'share')}"
    yield words(text, (scale.at(scale.low), top + 12), "label", "start")
    zero, end = scale.at(0), scale.at(high)
    yield rectangle(scale.at(0), scale.at(1), top=top + 17, height=_BAR, kind="track")
    yield rectangle(min(zero, end), max(zero, end, min(zero, end) + 0.3), top=top + 17,
                    height=_BAR, kind="seen" if row.seen else "unseen")  # fmt: skip
    for number, text in enumerate(extent(row)):
        down = top + 17 + _BAR + 12 + 14 * number
        yield words(text, (scale.at(scale.low), down), "tick", "start")


def extent(row: ShareRow) -> list[str]:
    """How many stations and ballots a bar is about."""
    parts = []
    if row.stations is not None:
        parts.append(counted(row.stations, "stations"))
    if row.ballots is not None:
        parts.append(counted(range_text(*row.ballots), "ballots"))
    return parts
