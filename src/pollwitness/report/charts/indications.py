"""Pictures of indications: the comb of whole percents, the fingerprint, the cumulative curve."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from pollwitness.forensics import CumulativeCurve, Fingerprint, Peak
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.charts.drawing import (
    Scale,
    line,
    picture,
    polyline,
    rectangle,
    round_steps,
    stretched,
    words,
)

_TOP, _HEIGHT = 20.0, 170.0
_BASE = _TOP + _HEIGHT
_TENS = range(0, 101, 20)


def integer_comb(comb: Sequence[Peak], alternative: str, *, axis: str) -> Markup:
    """Stations within 0.05 of every whole percent, against the band that chance leaves.

    The band is two standard deviations wide on both sides; what stands out of it is drawn dark.
    """
    return picture(_comb(comb, axis), height=_BASE + 34, alternative=alternative, kind="comb")


def _comb(comb: Sequence[Peak], axis: str) -> Iterator[Markup]:
    high = max([1.0, *(max(p.observed, p.expected + 2 * p.spread) for p in comb)]) * 1.05
    scale = Scale(-0.5, 100.5)

    def down(value: float) -> float:
        return _BASE - _HEIGHT * value / high

    yield from _across(scale, high, down(0.0))
    upper = [(_square(p.percent), 100 - 100 * (p.expected + 2 * p.spread) / high) for p in comb]
    lower = [
        (_square(p.percent), 100 - 100 * max(p.expected - 2 * p.spread, 0.0) / high) for p in comb
    ]
    band = polyline([*upper, *reversed(lower)], "band-area", closed=True)
    yield stretched([band], top=_TOP, height=_HEIGHT)
    for peak in comb:
        out = peak.observed > peak.expected + 2 * peak.spread
        at = scale.at(peak.percent)
        kind = "tooth-out" if out else "tooth"
        yield line((at, down(0.0)), (at, down(peak.observed)), kind)
    for ten in _TENS:
        yield words(
            f"{ten}", (scale.at(ten), _BASE + 14), "tick", "middle" if 0 < ten < 100 else ""
        )
    yield words(axis, (50, _BASE + 30), "tick", "middle")


def _square(percent: float) -> float:
    """A percentage on the square of 100 that is stretched over the picture."""
    return (percent + 0.5) / 1.01


def _across(scale: Scale, high: float, base: float) -> Iterator[Markup]:
    for step in round_steps(high, 3):
        y = base - _HEIGHT * step / high
        yield line((scale.at(scale.low), y), (scale.at(scale.high), y), "grid")
        if step:
            yield words(whole_number(round(step)), (1.5, y - 3), "tick", "start")


_SIZE = 300.0


def fingerprint_map(found: Fingerprint, alternative: str) -> Markup:
    """Registered voters by turnout (across) and leader share (up): the darker, the more."""
    return picture(
        _fingerprint(found), height=_TOP + _SIZE + 50, alternative=alternative, kind="fingerprint"
    )


def _fingerprint(found: Fingerprint) -> Iterator[Markup]:
    yield rectangle(1.5, 98.5, top=_TOP, height=_SIZE, kind="track")
    yield from _cells(found, left=1.5, wide=97.0, top=_TOP, tall=_SIZE)
    for ten in _TENS:
        at = 1.5 + 97.0 * ten / 100
        yield words(f"{ten}", (at, _TOP + _SIZE + 14), "tick", "middle" if 0 < ten < 100 else "")
        if 0 < ten < 100:
            yield words(f"{ten}", (2.5, _TOP + _SIZE * (1 - ten / 100) + 4), "tick", "start")
    yield words(_("leader share, % (up)"), (1.5, _TOP + _SIZE + 30), "tick", "start")
    yield words(_("turnout, % (across)"), (98.5, _TOP + _SIZE + 46), "tick", "end")


_COLUMNS, _SMALL, _ROW = 2, 110.0, 158.0
_LINE_OF = 16
"""Letters of a region's name that fit on a line of the narrowest column."""


def region_maps(found: Sequence[tuple[str, Fingerprint]], alternative: str) -> Markup:
    """The fingerprint of every region beside the others, each darkest where it has most voters."""
    rows = -(-len(found) // _COLUMNS)
    return picture(
        _region_maps(found), height=rows * _ROW + 24, alternative=alternative, kind="fingerprint"
    )


def _region_maps(found: Sequence[tuple[str, Fingerprint]]) -> Iterator[Markup]:
    wide = 97.0 / _COLUMNS - 3
    for place, (name, one) in enumerate(found):
        left = 1.5 + (place % _COLUMNS) * (97.0 / _COLUMNS + 1.5)
        top = (place // _COLUMNS) * _ROW + 34
        for number, part in enumerate(_name_lines(name)):
            yield words(part, (left, top - 20 + 14 * number), "tick", "start")
        yield rectangle(left, left + wide, top=top, height=_SMALL, kind="track")
        yield from _cells(one, left=left, wide=wide, top=top, tall=_SMALL)
    down = -(-len(found) // _COLUMNS) * _ROW + 16
    yield words(_("turnout across, leader share up, 0 to 100 %"), (1.5, down), "tick", "start")


def _name_lines(name: str) -> list[str]:
    lines = textwrap.wrap(name, _LINE_OF, break_long_words=True) or [""]
    if len(lines) <= 2:
        return lines
    return [lines[0], textwrap.shorten(" ".join(lines[1:]), _LINE_OF, placeholder=" …")]


def _levels(voters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The darkness of every cell: 4 within a factor √10 of the fullest, one less for each further.

    Cells without voters are -1.
    """
    part = np.maximum(voters, 1) / max(int(voters.max()), 1)
    levels: npt.NDArray[np.int64] = np.floor(5 + 2 * np.log10(part)).astype(np.int64)
    return np.where(voters > 0, np.clip(levels, 0, 4), -1)


def _cells(
    found: Fingerprint, *, left: float, wide: float, top: float, tall: float
) -> Iterator[Markup]:
    """The cells that hold voters; neighbours of one darkness above each other are one mark."""
    size = found.voters.shape[0]
    step, high = wide / size, tall / size
    levels = _levels(found.voters)
    for row in range(size):
        edges = [0, *(np.flatnonzero(np.diff(levels[row])) + 1).tolist(), size]
        for start, stop in pairwise(edges):
            level = int(levels[row, start])
            if level >= 0:
                at = left + row * step
                yield rectangle(at, at + step, top=top + tall - stop * high,
                                height=(stop - start) * high, kind=f"density-{level}")  # fmt: skip


def cumulative_line(found: CumulativeCurve, alternative: str) -> Markup:
    """The leader's share among all stations up to a turnout."""
    marks = _cumulative(found)
    return picture(marks, height=_BASE + 50, alternative=alternative, kind="cumulative")


def _cumulative(found: CumulativeCurve) -> Iterator[Markup]:
    scale = Scale(0.0, 100.0)
    for ten in _TENS:
        y = _BASE - _HEIGHT * ten / 100
        yield line((1.5, y), (98.5, y), "grid")
        if ten:
            yield words(f"{ten}", (1.5, y - 3), "tick", "start")
        yield words(f"{ten}", (scale.at(ten), _BASE + 14), "tick",
                    "middle" if 0 < ten < 100 else "")  # fmt: skip
    points = [
        (min(float(t), 100.0), 100 - 100 * float(s))
        for t, s in zip(found.turnout_percent, found.share, strict=True)
    ]
    yield stretched([polyline(points, "curve-line")], top=_TOP, height=_HEIGHT)
    yield words(_("leader share, % (up)"), (1.5, _BASE + 30), "tick", "start")
    yield words(_("turnout, % (across)"), (98.5, _BASE + 46), "tick", "end")
