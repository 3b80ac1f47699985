"""Two curves: how much would have to be forged, and how the range of a figure narrowed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from fractions import Fraction

from markupsafe import Markup

from pollwitness.checks import number_text
from pollwitness.claims import HistoryPoint, Number
from pollwitness.language import day_text, percentage, whole_number
from pollwitness.language import gettext as _
from pollwitness.quantities import Interval
from pollwitness.report.charts.drawing import (
    Scale,
    dot,
    line,
    picture,
    polyline,
    round_steps,
    stretched,
    words,
)

_TOP, _HEIGHT = 26.0, 150.0
_BASE = _TOP + _HEIGHT


def _down(value: float, high: float) -> float:
    return _BASE - _HEIGHT * value / (high or 1.0)


def _grid(high: float, texts: Sequence[tuple[float, str]]) -> Iterator[Markup]:
    for value, text in texts:
        yield line((1.5, _down(value, high)), (98.5, _down(value, high)), "grid")
        if value:
            yield words(text, (1.5, _down(value, high) - 3), "tick", "start")


def robustness_curve(curve: Sequence[tuple[Fraction, int, int | None]], alternative: str) -> Markup:
    """Documents to be removed (down) against what the unseen stations would then hold (across)."""
    return picture(_curve_marks(curve), height=_BASE + 36, alternative=alternative, kind="curve")


def _curve_marks(curve: Sequence[tuple[Fraction, int, int | None]]) -> Iterator[Markup]:
    high = max([1, *(most if most is not None else least for _phi, least, most in curve)])
    scale = Scale(0.0, 1.0)
    yield from _grid(high, [(v, whole_number(round(v))) for v in round_steps(high)])
    yield words(_("documents"), (98.5, 12), "tick", "end")
    points = [(float(phi) * 100, 100 - 100 * least / high) for phi, least, _most in curve]
    yield stretched([polyline(points, "curve-line")], top=_TOP, height=_HEIGHT)
    for phi, least, most in curve:
        at = scale.at(phi)
        if most is not None and most != least:
            yield line((at, _down(least, high)), (at, _down(most, high)), "curve-range")
        yield dot((at, _down(least, high)), 4, "curve-dot")
        yield words(percentage(phi * 100), (at, _BASE + 14), "tick")
    caption = _("support elsewhere ÷ here")
    yield words(caption, (50, _BASE + 30), "tick", "middle")


def bounds_over_time(
    history: Sequence[HistoryPoint],
    claimed: Interval | None,
    *,
    unit: str,
    label: str,
    alternative: str,
) -> Markup:
    """The range of a figure by day as a band, and the claim as a line through it.

    ``claimed`` in the unit of the history: shares from 0 to 1, or counts.
    """
    marks = _history_marks(history, claimed, unit, label)
    return picture(marks, height=_BASE + 20, alternative=alternative, kind="history")


def _history_marks(
    history: Sequence[HistoryPoint], claimed: Interval | None, unit: str, label: str
) -> Iterator[Markup]:
    days = [datetime.date.fromisoformat(point.day).toordinal() for point in history]
    scale = Scale(days[0], max(days[-1], days[0] + 1))
    ends = [float(e) for p in history for e in (p.low, p.high) if e is not None]
    ends += [] if claimed is None else [float(e) for e in (claimed.low, claimed.high)]
    finite = [end for end in ends if abs(end) != float("inf")]
    high = 1.0 if unit == "share" else max(finite, default=1.0) * 1.08
    steps = [(v, _tick(v, unit)) for v in round_steps(high)]
    yield from _grid(high, steps)
    yield stretched([_band(history, scale, high)], top=_TOP, height=_HEIGHT)
    if claimed is not None:
        yield from _claim_line(claimed, high, label)
    for position, anchor in ((0, "start"), (-1, "end")):
        at = scale.at(days[position])
        yield words(day_text(history[position].day), (at, _BASE + 14), "tick", anchor)


def _tick(value: float, unit: str) -> str:
    return number_text(Fraction(value).limit_denominator(1000), unit)


def _band(history: Sequence[HistoryPoint], scale: Scale, high: float) -> Markup:
    """Steps: a range holds until the next day with a document."""
    inner = 100 / 97.0

    def across(day: str) -> float:
        return (scale.at(datetime.date.fromisoformat(day).toordinal()) - 1.5) * inner

    def level(value: Number | None, unknown: float) -> float:
        return 100 - 100 * min(float(unknown if value is None else value) / high, 1.0)

    lower: list[tuple[float, float]] = []
    upper: list[tuple[float, float]] = []
    for number, point in enumerate(history):
        until = across(history[number + 1].day) if number + 1 < len(history) else 100.0
        for at in (across(point.day), max(until, across(point.day) + 0.8)):
            lower.append((at, level(point.low, 0.0)))
            upper.append((at, level(point.high, high)))
    return polyline([*lower, *reversed(upper)], "band-area", closed=True)


def _claim_line(claimed: Interval, high: float, label: str) -> Iterator[Markup]:
    ends = [e for e in (claimed.low, claimed.high) if abs(float(e)) != float("inf")]
    if not ends:
        return
    middle = sum(float(end) for end in ends) / len(ends)
    at = _down(middle, high)
    yield line((1.5, at), (98.5, at), "claim-line")
    yield words(label, (98.5, max(at - 5, 10)), "strong", "end")
