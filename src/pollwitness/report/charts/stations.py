"""Stations as points: reports against recorded votes, and a map without tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.charts.drawing import (
    Scale,
    dot,
    fitted,
    line,
    number,
    picture,
    polyline,
    rectangle,
    round_steps,
    stretched,
    tag,
    words,
)

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
MOST_POINTS = 800
"""Beyond so many possible stations the picture shows their density instead."""
MOST_OUTLIERS = 400
"""So many impossible stations, those of greatest excess, are drawn one by one."""
_TOP, _SIZE = 8.0, 300.0
_CELLS = 40


def station_scatter(reports: Integers, recorded: Integers, alternative: str) -> Markup:
    """Reports (across) against recorded votes (up), the impossible half shaded and named."""
    marks = _scatter_marks(reports, recorded)
    return picture(marks, height=_TOP + _SIZE + 50, alternative=alternative, kind="scatter")


def _scatter_marks(reports: Integers, recorded: Integers) -> Iterator[Markup]:
    high = float(max(reports.max(initial=1), recorded.max(initial=1))) * 1.04
    scale = Scale(0.0, high)

    def down(value: float) -> float:
        return _TOP + _SIZE * (1 - value / high)

    triangle = polyline([(0, 100), (100, 0), (100, 100)], "impossible", closed=True)
    yield stretched([triangle], top=_TOP, height=_SIZE)
    for row, text in enumerate((_("impossible:"), _("more reports than votes"))):
        yield words(text, (97, _TOP + _SIZE - 26 + 16 * row), "label", "end")
    for step in round_steps(high, 4):
        yield line((scale.at(0), down(step)), (scale.at(high), down(step)), "grid")
        yield words(whole_number(round(step)), (scale.at(step), _TOP + _SIZE + 14), "tick")
        if step:
            yield words(whole_number(round(step)), (1.5, down(step) - 3), "tick", "start")
    impossible = reports > recorded
    yield from _possible(reports[~impossible], recorded[~impossible], scale, high)
    excess = (reports - recorded)[impossible]
    order = np.argsort(-excess, kind="stable")[:MOST_OUTLIERS]
    for x, y in zip(reports[impossible][order], recorded[impossible][order], strict=True):
        yield dot((scale.at(int(x)), down(float(y))), 3, "outlier")
    yield words(_("recorded votes (up)"), (1.5, _TOP + _SIZE + 30), "tick", "start")
    yield words(_("reported ballots (across)"), (98.5, _TOP + _SIZE + 46), "tick", "end")


def _possible(reports: Integers, recorded: Integers, scale: Scale, high: float) -> Iterator[Markup]:
    if reports.size <= MOST_POINTS:
        for x, y in zip(reports, recorded, strict=True):
            yield dot((scale.at(int(x)), _TOP + _SIZE * (1 - float(y) / high)), 2.2, "point")
        return
    edges = np.linspace(0, high, _CELLS + 1)
    counts, _x, _y = np.histogram2d(reports, recorded, bins=(edges, edges))
    most = np.log1p(counts.max())
    size = _SIZE / _CELLS
    for i, j in np.argwhere(counts > 0).tolist():
        level = min(int(5 * np.log1p(counts[i, j]) / most), 4)
        yield rectangle(scale.at(edges[i]), scale.at(edges[i + 1]),
                        top=_TOP + _SIZE - (j + 1) * size, height=size,
                        kind=f"density-{level}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """Stations of one kind on a map: degrees north and east, shape (stations,)."""

    kind: str
    north: Reals
    east: Reals


_MAP_WIDTH = 600.0
_MANY, _FINE, _COARSE = 8_000, 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the world that a map shows, in degrees."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, layer: Layer) -> npt.NDArray[np.bool_]:
        """Which stations of a layer lie in it: shape (stations,)."""
        return (
            (layer.north >= self.south)
            & (layer.north <= self.north)
            & (layer.east >= self.west)
            & (layer.east <= self.east)
        )


def window(layers: tuple[Layer, ...]) -> Window:
    """A window around nearly all stations: few that lie far away do not shrink all others."""
    north = np.concatenate([layer.north for layer in layers])
    east = np.concatenate([layer.east for layer in layers])
    ends = []
    for degrees in (north, east):
        low, high = np.quantile(degrees, (0.01, 0.99))
        margin = max(high - low, 1e-3) * 0.12
        ends += [max(low - margin, degrees.min()), min(high + margin, degrees.max())]
    south, top, west, right = (float(end) for end in ends)
    return Window(south, top, west, right)


def station_map(layers: tuple[Layer, ...], shown: Window, alternative: str) -> Markup:
    """A map of stations by their coordinates, degrees shortened by latitude; no tiles."""
    shrink = float(np.cos(np.radians((shown.south + shown.north) / 2)))
    wide, high = (shown.east - shown.west) * shrink, shown.north - shown.south
    factor = (_MAP_WIDTH - 16) / max(wide, high * 0.7, 1e-3)
    marks = []
    for layer in layers:
        inside = shown.holds(layer)
        x = (layer.east[inside] - shown.west) * shrink * factor + 8
        y = (shown.north - layer.north[inside]) * factor + 8
        marks.append(_dots(x, y, layer.kind))
        if layer.kind == "map-breach":
            marks.append(_dots(x, y, "map-hole"))
    box = (wide * factor + 16, high * factor + 16)
    return fitted(marks, box=box, alternative=alternative)


def _dots(x: Reals, y: Reals, kind: str) -> Markup:
    """One path of points; stations that fall on the same spot of the picture are drawn once."""
    points = np.stack([x, y], axis=1)
    cell = _FINE if x.size < _MANY else _COARSE
    spots = np.unique((points / cell).round() * cell, axis=0)
    path = "".join(f"M{number(a)} {number(b)}h0" for a, b in spots.tolist())
    return tag("path", {"class": kind, "d": path})
