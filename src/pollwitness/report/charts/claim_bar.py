"""The claim bar: what was claimed, and what the evidence leaves possible, on one axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from pollwitness.checks import counted, number_text
from pollwitness.claims import Finding, Number
from pollwitness.language import gettext as _
from pollwitness.quantities import Bound, Interval, Unit
from pollwitness.report.charts.drawing import (
    Scale,
    fixed_picture,
    line,
    picture,
    rectangle,
    room_for,
    round_above,
    shape,
    words,
)

_TOP, _HIGH = 32.0, 18.0
_GAP_HEIGHT, _BAND_HEIGHT, _PLAIN_HEIGHT = 100.0, 78.0, 74.0
_LEAST_GAP = 0.16
"""A gap is drawn at least so wide; the axis is cut where it would be narrower."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a claim bar shows. All figures in the unit of the claim (percent, votes, stations).

    ``feasible`` is the range that the bounds leave, ``estimate`` (low, high, level) that of an
    estimate; None where there is none. ``claimed`` is the claimed range, its rounding included,
    ``label`` that figure in words; ``denied`` whether the claim denies it.
    """

    unit: str
    claimed: Interval | None
    feasible: tuple[Number | None, Number | None] | None
    estimate: tuple[Number, Number, float] | None = None
    label: str = ""
    denied: bool = False


def bar_of(finding: Finding | None, label: str) -> Bar | None:
    """The claim bar of the finding that heads a claim; None where it names no range.

    ``label`` is the claimed figure in words.
    """
    if finding is None or finding.claimed is None:
        return None
    unit = str(finding.claimed.unit)
    factor = 100 if finding.claimed.unit is Unit.PERCENT else 1
    bounds = next((f for f in finding.figures if f.low is not None or f.high is not None), None)
    estimated = next((f for f in finding.figures if f.level is not None), None)
    feasible = None
    if bounds is not None and bounds.level is None:
        in_unit = factor if bounds.unit == "share" else 1
        feasible = (_times(bounds.low, in_unit), _times(bounds.high, in_unit))
    estimate = None
    if estimated is not None and estimated.low is not None and estimated.high is not None:
        in_unit = factor if estimated.unit == "share" else 1
        low, high = _times(estimated.low, in_unit), _times(estimated.high, in_unit)
        estimate = (low or 0, high or 0, estimated.level or 0.0)
    return Bar(unit, finding.claimed.interval, feasible, estimate, label, finding.denied)


def _times(value: Number | None, factor: int) -> Number | None:
    if value is None or factor == 1:
        return value
    return value * factor


def claim_bar(bar: Bar, alternative: str) -> Markup:
    """The bar as SVG; ``alternative`` says in words what it shows."""
    marks = _marks(bar, _scale(bar))
    return picture(marks, height=_height(bar), alternative=alternative, kind="claim-bar")


def claim_bar_alone(bar: Bar, *, width: float) -> tuple[Markup, float]:
    """The bar for a picture or a printed page, so wide, and how high it is.

    It needs the style of :func:`pollwitness.report.theme.chart_style` around it.
    """
    height = _height(bar)
    return fixed_picture(_marks(bar, _scale(bar)), box=(width, height)), height


def _height(bar: Bar) -> float:
    if bar.feasible is None:
        return _PLAIN_HEIGHT
    return _BAND_HEIGHT if gap_of(bar) is None else _GAP_HEIGHT


def _marks(bar: Bar, scale: Scale) -> Iterator[Markup]:
    axis = _TOP + _HIGH + 6
    if bar.feasible is not None:
        yield from _band(bar.feasible, scale)
    if bar.estimate is not None:
        yield from _estimate(bar.estimate, scale)
    yield line((scale.at(scale.low), axis), (scale.at(scale.high), axis), "axis")
    if scale.low > 0:
        # The axis does not begin at 0: a cut says so.
        yield shape((scale.at(scale.low) + 1, axis), "M-3 5l5 -10m3 0l-5 10", "cut")
    yield from _claim(bar, scale)
    if bar.feasible is not None:
        yield from _ends(bar, scale)
        yield from _gap(bar, scale)
    else:
        yield words(_figure(scale.low, bar.unit), (scale.at(scale.low), axis + 14), "tick")
        yield words(_figure(scale.high, bar.unit), (scale.at(scale.high), axis + 14), "tick")


def _band(feasible: tuple[Number | None, Number | None], scale: Scale) -> Iterator[Markup]:
    low, high = feasible
    left = scale.at(scale.low if low is None else low)
    right = scale.at(scale.high if high is None else high)
    yield rectangle(left, max(right, left + 0.4), top=_TOP, height=_HIGH, kind="band")
    for end in (low, high):
        if end is not None and scale.holds(end):
            yield line((scale.at(end), _TOP - 2), (scale.at(end), _TOP + _HIGH + 2), "band-end")
    if high is None or not scale.holds(high):
        # The band goes on beyond the picture.
        middle = _TOP + _HIGH / 2
        yield shape((right, middle), "M-9 -5l7 5l-7 5", "onward")


def _estimate(estimate: tuple[Number, Number, float], scale: Scale) -> Iterator[Markup]:
    """A darker band whose ends fade: an estimate has no hard ends."""
    low, high, _level = estimate
    left, right = scale.at(low), scale.at(high)
    width = right - left
    for fade in (0.0, 0.06, 0.12):
        yield rectangle(left + fade * width, right - fade * width, top=_TOP + 3, height=_HIGH - 6,
                        kind="estimate")  # fmt: skip


def _claim(bar: Bar, scale: Scale) -> Iterator[Markup]:
    claimed = bar.claimed
    if claimed is None:
        return
    low = scale.low if claimed.low == float("-inf") else claimed.low
    high = scale.high if claimed.high == float("inf") else claimed.high
    left, right = scale.at(low), scale.at(high)
    base = _TOP + _HIGH + 6
    middle = (left + right) / 2
    open_ended = float("inf") in (claimed.high, -claimed.low)
    printed = left if claimed.high == float("inf") else right if open_ended else middle
    yield rectangle(left, max(right, left + 0.7), top=base - 5, height=5, kind="claimed")
    yield line((printed, 20), (printed, base), "claimed-stem")
    yield shape((printed, 20), "M0 0l-5 -6h10z", "claimed")
    template = _("denied: {n}") if bar.denied else _("claimed: {n}")
    text = template.format(n=bar.label)
    # Where a phone has no room for the word, the figure stands alone at its mark.
    short = room_for(text) > 97 and not bar.denied
    yield words(bar.label if short else text, (printed, 11), "strong")


def _figure(value: Number | Bound, unit: str) -> str:
    return number_text(_short(value), unit if unit in ("percent", "share") else "")


def _short(value: Number | Bound) -> Number | Bound:
    """A float of the axis as the whole number that it stands for."""
    return round(value) if isinstance(value, float) and abs(value) < 1e15 else value


def _ends(bar: Bar, scale: Scale) -> Iterator[Markup]:
    """The two numbers at the ends of the band."""
    low, high = bar.feasible or (None, None)
    row = _TOP + _HIGH + 22
    left = scale.at(scale.low if low is None else low)
    right = scale.at(scale.high if high is None else high)
    least = "" if low is None else _figure(low, bar.unit)
    most = _("no upper bound") if high is None else _figure(high, bar.unit)
    first = _("possible: {n}").format(n=least)
    second = _("to {n}").format(n=most) if high is not None else most
    if right - left < room_for(first + second) + 2:
        text = _("possible: {low} to {high}") if high is not None else _("possible: {low} or more")
        at = right if high is None else (left + right) / 2
        yield words(text.format(low=least, high=most), (at, row), "end")
        return
    yield words(first, (left, row), "end", "start")
    yield words(second, (right, row), "end", "end")


def _gap(bar: Bar, scale: Scale) -> Iterator[Markup]:
    """The distance between the claim and what is possible, where they do not meet."""
    ends = gap_of(bar)
    if ends is None:
        return
    start, end = scale.at(ends[0]), scale.at(ends[1])
    row = _TOP + _HIGH / 2
    yield line((start, row), (end, row), "gap")
    for at in (start, end):
        yield line((at, row - 5), (at, row + 5), "gap-end")
    short = bar.feasible is not None and bar.feasible[0] is not None and ends[1] == bar.feasible[0]
    rounded = bar.claimed is not None and bar.claimed.low != bar.claimed.high
    if rounded:
        # The near end of what the printed figure may stand for, not the printed figure itself.
        template = _("at least {n} short") if short else _("at least {n} too many")
    else:
        template = _("{n} short") if short else _("{n} too many")
    text = template.format(n=_distance(Fraction(ends[1]) - Fraction(ends[0]), bar.unit))
    middle = (start + end) / 2
    yield words(text, (middle, _TOP + _HIGH + 44), "gap-text")


def _distance(distance: Fraction, unit: str) -> str:
    if unit in ("percent", "share"):
        return _("{n} points").format(n=number_text(distance))
    return counted(int(distance), unit) if distance.denominator == 1 else number_text(distance)


def gap_of(bar: Bar) -> tuple[Number, Number] | None:
    """The nearest claimed and possible figures, the lesser first, where no figure is both."""
    if bar.claimed is None or bar.feasible is None or bar.denied:
        return None
    low, high = bar.feasible
    most: Number | Bound | None = bar.claimed.high
    least: Number | Bound | None = bar.claimed.low
    if bar.unit not in ("percent", "share"):
        most = bar.claimed.greatest_integer() if most != float("inf") else most
        least = bar.claimed.least_integer() if least != float("-inf") else least
    if low is not None and most is not None and most < low:
        return most, low
    if high is not None and least is not None and least > high:
        return high, least
    return None


def _scale(bar: Bar) -> Scale:
    """From 0 (or 0 to 100 %), unless a gap would be too narrow to be seen: then around the gap."""
    ends = [float(end) for end in _finite(bar)]
    high = 100.0 if bar.unit == "percent" else 1.0 if bar.unit == "share" else max(ends) * 1.12
    if bar.feasible is None and bar.unit not in ("percent", "share"):
        high = round_above(max(ends))
    whole = Scale(0.0, max(high, max(ends, default=1.0), 1e-9))
    gap = gap_of(bar)
    if gap is None:
        return whole
    width = float(gap[1]) - float(gap[0])
    if width >= _LEAST_GAP * (whole.high - whole.low):
        return whole
    around = width / _LEAST_GAP
    low = max(float(gap[0]) - around * 0.42, 0.0)
    return Scale(low, low + around)


def _finite(bar: Bar) -> Iterator[Number | Bound]:
    if bar.claimed is not None:
        yield from (e for e in (bar.claimed.low, bar.claimed.high) if abs(e) != float("inf"))
    yield from (end for end in bar.feasible or () if end is not None)
    if bar.estimate is not None:
        yield from bar.estimate[:2]
    yield 0
