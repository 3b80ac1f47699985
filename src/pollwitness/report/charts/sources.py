"""Who says what: every source's figure for one quantity, on one axis, by date."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quantities import Interval
from pollwitness.report.charts.drawing import (
    Scale,
    dot,
    line,
    picture,
    rectangle,
    round_steps,
    shape,
    words,
)

_ROW = 52.0
_MOST_LETTERS = 36
"""A label of a line is cut at so many letters: a phone has no room for more."""


@dataclass(frozen=True, slots=True)
class Said:
    """One source's figure: its range, None where it is too vague; ``conflicts`` are other rows."""

    who: str
    when: str
    figure: str
    claimed: Interval | None
    conflicts: tuple[int, ...] = ()


def who_says_what(rows: Sequence[Said], ticks: Scale, *, unit: str, alternative: str) -> Markup:
    """One line a source; conflicting figures are joined."""
    marks = _marks(rows, ticks, unit)
    return picture(marks, height=_ROW * len(rows) + 34, alternative=alternative, kind="sources")


def scale_of(rows: Sequence[Said], *, percent: bool) -> Scale:
    """From 0 to the greatest figure that anybody names, or to 100 %."""
    ends = [
        float(end)
        for row in rows
        if row.claimed is not None
        for end in (row.claimed.low, row.claimed.high)
        if abs(float(end)) != float("inf")
    ]
    return Scale(0.0, 100.0 if percent else max(ends, default=1.0) * 1.1 or 1.0)


def _marks(rows: Sequence[Said], scale: Scale, unit: str) -> Iterator[Markup]:
    base = _ROW * len(rows) + 6
    for step in round_steps(scale.high, 3):
        at = scale.at(step)
        yield line((at, 0), (at, base), "grid")
        yield words(whole_number(round(step)), (at, base + 14), "tick")
    yield words(unit, (98.5, base + 26), "tick", "end")
    joined = {(min(i, j), max(i, j)) for i, row in enumerate(rows) for j in row.conflicts}
    for first, second in sorted(joined):
        points = [(_middle(rows[i].claimed, scale), _ROW * i + 24) for i in (first, second)]
        yield line(points[0], points[1], "conflict")
    for position, row in enumerate(rows):
        yield from _row(row, scale, _ROW * position)


def _middle(claimed: Interval | None, scale: Scale) -> float:
    if claimed is None:
        return scale.at(scale.low)
    ends = [end for end in (claimed.low, claimed.high) if abs(float(end)) != float("inf")]
    return sum(scale.at(end) for end in ends) / (len(ends) or 1)


def _row(row: Said, scale: Scale, top: float) -> Iterator[Markup]:
    # A long name is cut, a date never: the table has both in full.
    room = _MOST_LETTERS - len(row.when) - 2
    who = textwrap.shorten(row.who, max(room, 8), placeholder=" …")
    label = f"{who}, {row.when}" if row.when else who
    yield words(label, (1.5, top + 13), "label", "start")
    middle = top + 24
    yield line((1.5, middle), (98.5, middle), "track-line")
    if row.claimed is None:
        yield words(_("{figure} (no range)").format(figure=row.figure), (1.5, middle + 15),
                    "tick", "start")  # fmt: skip
        return
    low, high = row.claimed.low, row.claimed.high
    left = scale.at(scale.low if low == float("-inf") else low)
    right = scale.at(scale.high if high == float("inf") else high)
    yield words(row.figure, (_middle(row.claimed, scale), middle + 16), "strong")
    if right - left > 1.2:
        yield rectangle(left, right, top=middle - 3, height=6, kind="said-range")
    else:
        yield dot(((left + right) / 2, middle), 5, "said")
    if high == float("inf"):
        yield dot((left, middle), 5, "said")
        yield shape((right, middle), "M-6 -5l6 5l-6 5", "onward")
    if low == float("-inf"):
        yield dot((right, middle), 5, "said")
