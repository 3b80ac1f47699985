"""Seen and unseen: the share in the seen stations, and the share that the others would need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from pollwitness.checks import counted, range_text
from pollwitness.claims import Number
from pollwitness.language import gettext as _
from pollwitness.report.charts.drawing import Scale, line, picture, rectangle, words

_ROW, _BAR = 46.0, 14.0


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar: a share (from 0 to 1, low and high), and the stations and ballots it is about."""

    label: str
    share: tuple[Number, Number]
    stations: int | None
    ballots: tuple[int, int] | None
    seen: bool


def seen_and_unseen(rows: tuple[ShareRow, ...], alternative: str) -> Markup:
    """One bar below the other on one axis of shares, with a line at zero."""
    least = min(0.0, *(float(row.share[0]) for row in rows))
    most = max(1.0, *(float(row.share[1]) for row in rows))
    scale = Scale(max(least, -1.0), min(most, 2.0))
    return picture(_marks(rows, scale), height=_ROW * len(rows) + 18, alternative=alternative,
                   kind="shares")  # fmt: skip


def _marks(rows: tuple[ShareRow, ...], scale: Scale) -> Iterator[Markup]:
    bottom = _ROW * len(rows)
    for position, row in enumerate(rows):
        top = _ROW * position
        low, high = row.share
        kind = "seen" if row.seen else "unseen"
        yield words(row.label, (scale.at(scale.low), top + 12), "strong", "start")
        zero, end = scale.at(0), scale.at(high)
        yield rectangle(scale.at(0), scale.at(1), top=top + 18, height=_BAR, kind="track")
        yield rectangle(min(zero, end), max(zero, end, min(zero, end) + 0.3), top=top + 18,
                        height=_BAR, kind=kind)  # fmt: skip
        yield words(range_text(low, high, "share"), (scale.at(scale.high), top + 12), "strong",
                    "end")  # fmt: skip
        yield words(extent(row), (scale.at(scale.low), top + 18 + _BAR + 11), "tick", "start")
    yield line((scale.at(0), 14), (scale.at(0), bottom), "zero")
    yield words(_("0 %"), (scale.at(0), bottom + 14), "tick")
    yield words(_("100 %"), (scale.at(1), bottom + 14), "tick")


def extent(row: ShareRow) -> str:
    """How many stations and ballots a bar is about."""
    parts = []
    if row.stations is not None:
        parts.append(counted(row.stations, "stations"))
    if row.ballots is not None:
        parts.append(counted(range_text(*row.ballots), "ballots"))
    return ", ".join(parts)
