"""Samples of stations: intervals that narrow as reports arrive, and the p-values of a recount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10

from markupsafe import Markup

from pollwitness.language import gettext as _
from pollwitness.language import percentage, whole_number
from pollwitness.report.charts.drawing import (
    Scale,
    line,
    picture,
    polyline,
    round_steps,
    stretched,
    words,
)

_TOP, _HEIGHT = 26.0, 190.0
_BASE = _TOP + _HEIGHT
_ROOM = 1.3
"""Widest interval that a funnel shows whole, as a multiple of that after a tenth of the reports."""


@dataclass(frozen=True, slots=True)
class Band:
    """One funnel: a class of the style sheet, and (reports, low, high) as shares."""

    kind: str
    points: tuple[tuple[float, float, float], ...]


def funnel(
    bands: Sequence[Band], values: Sequence[tuple[float, float]], *, across: str, alternative: str,
    level: tuple[float, str] | None = None,
) -> Markup:  # fmt: skip
    """Intervals (up) against the number of reports (across), the wide ones first.

    ``values`` is the line of the estimate; ``level`` a line across, such as no lead, with its
    words.
    """
    marks = _funnel_marks(bands, values, across, level)
    return picture(marks, height=_BASE + 36, alternative=alternative, kind="funnel")


def _funnel_marks(
    bands: Sequence[Band], values: Sequence[tuple[float, float]], across: str,
    level: tuple[float, str] | None,
) -> Iterator[Markup]:  # fmt: skip
    most = max(point[0] for band in bands for point in band.points)
    low, high = _extent(bands, most, level)
    scale = Scale(0.0, most)

    def height(value: float) -> float:
        return 100 * (high - min(max(value, low), high)) / (high - low)

    def wide(count: float) -> float:
        return 100 * count / most

    areas = [
        polyline(
            [*((wide(n), height(a)) for n, a, _b in band.points),
             *((wide(n), height(b)) for n, _a, b in reversed(band.points))],
            band.kind, closed=True,
        )
        for band in bands
    ]  # fmt: skip
    if values:
        areas.append(polyline([(wide(n), height(v)) for n, v in values], "curve-line"))
    yield stretched(areas, top=_TOP, height=_HEIGHT)
    for step in _steps(low, high):
        at = _TOP + _HEIGHT * height(step) / 100
        yield line((1.5, at), (98.5, at), "grid")
        yield words(
            percentage(Fraction(step * 100).limit_denominator(1000)), (1.5, at - 3), "tick", "start"
        )
    if level is not None:
        at = _TOP + _HEIGHT * height(level[0]) / 100
        yield line((1.5, at), (98.5, at), "claim-line")
        yield words(level[1], (98.5, at - 5), "strong", "end")
    yield from _counts(scale, most, across)


def _extent(
    bands: Sequence[Band], most: float, level: tuple[float, str] | None
) -> tuple[float, float]:
    """The part of the scale that is shown: wide ends of the first few reports are cut off."""
    late = [p for band in bands for p in band.points if p[0] >= most / 10]
    ends = [end for _n, low, high in late for end in (low, high)]
    ends += [] if level is None else [level[0]]
    middle, half = (min(ends) + max(ends)) / 2, (max(ends) - min(ends)) / 2 or 0.01
    return middle - _ROOM * half, middle + _ROOM * half


def _steps(low: float, high: float) -> list[float]:
    """Round shares within a range."""
    width = round_steps(high - low)
    step = width[1] if len(width) > 1 else (high - low) / 2
    return [step * k for k in range(ceil(low / step), floor(high / step) + 1)]


def _counts(scale: Scale, most: float, across: str) -> Iterator[Markup]:
    for step in round_steps(most):
        if step:
            yield words(whole_number(round(step)), (scale.at(step), _BASE + 14), "tick")
    yield words(across, (50, _BASE + 30), "tick", "middle")


def p_path(paths: Sequence[tuple[str, Sequence[float]]], risk: float, alternative: str) -> Markup:
    """p-values (up, by powers of ten) after each draw (across), the risk limit as a line.

    ``paths`` are a class of the style sheet and the p-values of each way to measure.
    """
    marks = _path_marks(paths, risk)
    return picture(marks, height=_BASE + 36, alternative=alternative, kind="funnel")


def _path_marks(paths: Sequence[tuple[str, Sequence[float]]], risk: float) -> Iterator[Markup]:
    most = max(len(values) for _kind, values in paths)
    shown = [max(p, _LEAST) for _kind, values in paths for p in values]
    least = min([*shown, risk / 10])
    depth = max(ceil(-log10(least)), 1)
    scale = Scale(0.0, most)

    def height(p: float) -> float:
        return 100 * min(-log10(max(p, _LEAST)) / depth, 1.0)

    for power in range(0, depth + 1, max(1, depth // 4)):
        at = _TOP + _HEIGHT * power / depth
        yield line((1.5, at), (98.5, at), "grid")
        yield words(f"{10.0**-power:g}", (1.5, at - 3), "tick", "start")
    lines = [
        polyline([(0, 0), *((100 * k / most, height(p)) for k, p in enumerate(values, 1))], kind)
        for kind, values in paths
    ]
    yield stretched(lines, top=_TOP, height=_HEIGHT)
    at = _TOP + _HEIGHT * height(risk) / 100
    yield line((1.5, at), (98.5, at), "claim-line")
    yield words(_("risk limit {risk}").format(risk=f"{risk:g}"), (98.5, at - 5), "strong", "end")
    yield from _counts(scale, most, _("draws"))


_LEAST = 1e-12
