"""The few marks that every picture is made of, as SVG.

Positions across are in percent of the width, heights in pixels, so that a picture fills whatever
width it is given while its text stays as large as the text around it. Colours are classes of the
style sheet: light, dark and print need one picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import TypeAlias

from markupsafe import Markup

Real: TypeAlias = "int | float | Fraction"
_MARGIN = 1.5
"""Percent of the width left free at both ends."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from ``low`` to ``high``, drawn from left to right."""

    low: float
    high: float

    def at(self, value: Real) -> float:
        """Where a value lies, in percent of the width; values outside lie at the ends."""
        inside = min(max(float(value), self.low), self.high)
        width = self.high - self.low or 1.0
        return _MARGIN + (100 - 2 * _MARGIN) * (inside - self.low) / width

    def holds(self, value: Real) -> bool:
        """Whether a value lies on the scale."""
        return self.low <= float(value) <= self.high


def number(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> number(12.5), number(3.0)
    ('12.5', '3')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def across(value: float) -> str:
    """A position across, in percent."""
    return f"{number(value)}%"


_NOT_TEXT = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)


def printable(text: str) -> str:
    """A text with a sign for what XML cannot hold, and for what turns letters round."""
    return _NOT_TEXT.sub("\ufffd", text)


def tag(name: str, attributes: Mapping[str, str], inner: Markup | str = "") -> Markup:
    """An element of SVG; attributes and text are escaped."""
    given = Markup("").join(
        Markup(' {}="{}"').format(k, printable(v)) for k, v in attributes.items()
    )
    content = inner if isinstance(inner, Markup) else printable(inner)
    return Markup("<{}{}>{}</{}>").format(name, given, content, name)


def rectangle(left: float, right: float, *, top: float, height: float, kind: str) -> Markup:
    """A rectangle between two positions in percent."""
    return tag("rect", {
        "class": kind, "x": across(left), "y": number(top),
        "width": across(max(right - left, 0)), "height": number(height),
    })  # fmt: skip


def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> Markup:
    """A line between two points: percent across, pixels down."""
    return tag("line", {
        "class": kind, "x1": across(start[0]), "y1": number(start[1]),
        "x2": across(end[0]), "y2": number(end[1]),
    })  # fmt: skip


def dot(at: tuple[float, float], radius: float, kind: str) -> Markup:
    """A filled circle."""
    return tag("circle", {
        "class": kind, "cx": across(at[0]), "cy": number(at[1]), "r": number(radius),
    })  # fmt: skip


def shape(at: tuple[float, float], path: str, kind: str) -> Markup:
    """A small path whose origin lies at a point."""
    place = {"class": "at", "x": across(at[0]), "y": number(at[1]), "overflow": "visible"}
    return tag("svg", place, tag("path", {"class": kind, "d": path}))


def words(text: str, at: tuple[float, float], kind: str = "label", anchor: str = "") -> Markup:
    """A line of text; without an anchor it is put so that it stays within the narrowest picture."""
    across_, place = (at[0], anchor) if anchor else _placed(text, at[0])
    return tag("text", {
        "class": kind, "x": across(across_), "y": number(at[1]), "text-anchor": place,
    }, text)  # fmt: skip


_NARROWEST, _LETTER = 242.0, 8.0
"""Pixels: a picture in a card on a screen 320 wide, and a letter of bold text."""


def room_for(text: str) -> float:
    """How much of the narrowest picture a text may take, in percent of its width."""
    return 100 * _LETTER * len(text) / _NARROWEST


def _placed(text: str, position: float) -> tuple[float, str]:
    """Where a text about a position stands, and which of its ends: centred if there is room."""
    half = room_for(text) / 2
    if position - half >= _MARGIN and position + half <= 100 - _MARGIN:
        return position, "middle"
    if position < 50:
        fits = position + 2 * half <= 100 - _MARGIN
        return (position if fits else _MARGIN), "start"
    return (position if position - 2 * half >= _MARGIN else 100 - _MARGIN), "end"


def picture(marks: Iterable[Markup], *, height: float, alternative: str, kind: str = "") -> Markup:
    """The whole picture, with its text alternative."""
    return tag("svg", {
        "class": f"chart {kind}".strip(), "role": "img", "aria-label": alternative,
        "width": "100%", "height": number(height),
    }, Markup("").join(marks))  # fmt: skip


def fixed_picture(marks: Iterable[Markup], *, box: tuple[float, float]) -> Markup:
    """Marks in a box of its own size, to be drawn inside another picture."""
    return tag("svg", {
        "class": "chart", "width": number(box[0]), "height": number(box[1]),
        "viewBox": f"0 0 {number(box[0])} {number(box[1])}",
    }, Markup("").join(marks))  # fmt: skip


def stretched(marks: Iterable[Markup], *, top: float, height: float) -> Markup:
    """Marks in a square of 100 by 100 that is stretched over the width of the picture."""
    return tag("svg", {
        "x": across(_MARGIN), "y": number(top), "width": across(100 - 2 * _MARGIN),
        "height": number(height), "viewBox": "0 0 100 100", "preserveAspectRatio": "none",
    }, Markup("").join(marks))  # fmt: skip


def polyline(points: Iterable[tuple[float, float]], kind: str, *, closed: bool = False) -> Markup:
    """A line or, closed, an area through points of a stretched square."""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return tag("path", {"class": kind, "d": f"M{path}{'z' if closed else ''}"})


def round_steps(high: float, most: int = 4) -> list[float]:
    """Round numbers from 0 up to ``high``: steps of 1, 2 or 5 times a power of ten.

    >>> round_steps(87)
    [0.0, 50.0]
    >>> round_steps(1000)
    [0.0, 500.0, 1000.0]
    """
    if high <= 0:
        return [0.0]
    power = 10.0 ** floor(log10(high / most))
    step = next(f * power for f in (1, 2, 5, 10) if high / (f * power) <= most)
    return [step * i for i in range(floor(high / step + 1e-9) + 1)]


def round_above(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten that leaves some room above a value.

    >>> round_above(20_000), round_above(140), round_above(0)
    (50000.0, 200.0, 1.0)
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(f * power for f in (1, 2, 5, 10, 20) if f * power > value * 1.02)


def fitted(marks: Iterable[Markup], *, box: tuple[float, float], alternative: str) -> Markup:
    """A picture that keeps its proportions: a map."""
    return tag("svg", {
        "class": "chart map", "role": "img", "aria-label": alternative,
        "viewBox": f"0 0 {number(box[0])} {number(box[1])}", "width": "100%",
    }, Markup("").join(marks))  # fmt: skip
