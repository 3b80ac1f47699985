"""Lists of people: which overlap how much, and what every method makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.charts.drawing import (
    Scale,
    dot,
    line,
    picture,
    rectangle,
    round_above,
    round_steps,
    words,
)

_ROW = 34.0
_TOP = 22.0


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A method: its estimate, None for a mere span, and its ends."""

    label: str
    value: float | None
    ends: tuple[float, float]


def forest(rows: Sequence[ForestRow], observed: float, alternative: str) -> Markup:
    """Estimates with their intervals, one below the other; what is listed as a line down."""
    height = _TOP + _ROW * len(rows) + 20
    return picture(_forest_marks(rows, observed), height=height, alternative=alternative,
                   kind="forest")  # fmt: skip


def _forest_marks(rows: Sequence[ForestRow], observed: float) -> Iterator[Markup]:
    finite = [end for row in rows for end in row.ends if end < float("inf")]
    middle = sorted(finite)[len(finite) * 9 // 10]
    high = round_above(max(middle, observed))
    scale = Scale(0.0, high)
    base = _TOP + _ROW * len(rows)
    for step in round_steps(high):
        yield line((scale.at(step), _TOP), (scale.at(step), base), "grid")
        yield words(whole_number(round(step)), (scale.at(step), base + 14), "tick")
    yield line((scale.at(observed), _TOP), (scale.at(observed), base), "claim-line")
    yield words(_("on the lists"), (scale.at(observed), _TOP - 8), "tick")
    for number, row in enumerate(rows):
        at = _TOP + _ROW * number + 24
        yield words(row.label, (1.5, at - 9), "label", "start")
        low, far = (scale.at(end) for end in row.ends)
        yield line((low, at), (far, at), "curve-range" if row.value is None else "band-end")
        if row.ends[1] > high:
            yield words(f"→ {_number(row.ends[1])}", (98.5, at - 5), "tick", "end")
        if row.value is not None:
            yield dot((scale.at(row.value), at), 4.5, "curve-dot")


def _number(value: float) -> str:
    return "∞" if value == float("inf") else whole_number(round(value))


@dataclass(frozen=True, slots=True)
class Overlap:
    """People on exactly these lists; None where too few to be given."""

    on: tuple[bool, ...]
    people: int | None


_BAR = 22.0
_LEFT = 58.0


def overlaps(found: Sequence[Overlap], lists: Sequence[str], alternative: str) -> Markup:
    """Each combination of lists as dots, and how many people stand on just these as a bar."""
    height = _TOP + 16 * len(lists) + _BAR * len(found) + 8
    return picture(_overlap_marks(found, lists), height=height, alternative=alternative,
                   kind="overlaps")  # fmt: skip


def _overlap_marks(found: Sequence[Overlap], lists: Sequence[str]) -> Iterator[Markup]:
    most = max([one.people or 0 for one in found] or [1]) or 1
    step = min((_LEFT - 8) / max(len(lists), 1), 9.0)
    head = 16.0 * len(lists)
    for number, name in enumerate(lists):
        across = 4 + step * number
        yield words(name, (across, 12 + 16 * number), "tick", "start")
        yield line((across, 15 + 16 * number), (across, head + _BAR * len(found)), "grid")
    for row, one in enumerate(found):
        at = head + _BAR * row + 14
        for number, on in enumerate(one.on):
            yield dot((4 + step * number, at), 5 if on else 2, "curve-dot" if on else "frame-dot")
        length = (96 - _LEFT) * (one.people or 0) / most
        yield rectangle(_LEFT, _LEFT + max(length, 0.4), top=at - 7, height=14, kind="bar-seen")
        text = _("fewer than {n}").format(n=10) if one.people is None else whole_number(one.people)
        yield words(text, (_LEFT - 1.5, at + 4), "tick", "end")
