"""A picture outside a page, as people share it: title, drawing, basis and source in one file."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from markupsafe import Markup

from pollwitness.report.charts import Picture
from pollwitness.report.charts.drawing import number, tag
from pollwitness.report.theme import COLOURS, chart_style

WIDTH = 720
_EDGE = 24
_SANS = "Noto Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
_SERIF = "Noto Serif, Liberation Serif, DejaVu Serif, Georgia, serif"


def picture_alone(picture: Picture) -> str:
    """A picture as an SVG file of its own, 720 wide, in light colours."""
    title, basis, source = (
        textwrap.wrap(text, width, break_long_words=True)
        for text, width in ((picture.title, 56), (picture.basis, 96), (picture.source, 96))
    )
    drawn = 26 * len(title) + 34
    tall = float(_HEIGHT.findall(picture.drawing)[0])
    below = drawn + tall + 20
    height = round(below + 18 * (len(basis) + len(source)) + 14)
    marks = Markup("").join([
        tag("style", {}, chart_style()),
        tag("rect", {"width": str(WIDTH), "height": str(height), "fill": _colour("paper")}),
        *_lines(title, 34, step=26, size=20, colour="ink", family=_SERIF),
        tag("svg", {"x": str(_EDGE), "y": str(drawn), "width": str(WIDTH - 2 * _EDGE),
                    "height": str(round(tall)), "font-family": _SANS}, _in_pixels(picture.drawing)),
        *_lines([*basis, *source], below, step=18, size=13, colour="muted", family=_SANS),
    ])  # fmt: skip
    return str(
        tag("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(height),
            "viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": picture.alternative,
        }, marks)
    )  # fmt: skip


_HEIGHT = re.compile(r'<svg [^>]*?height="([0-9.]+)"')
_PERCENT = re.compile(r'( (?:x|x1|x2|cx|width))="([0-9.]+)%"')


def _in_pixels(drawing: Markup) -> Markup:
    """Positions across in pixels, for programs that do not know percentages inside a picture."""

    def place(found: re.Match[str]) -> str:
        return f'{found[1]}="{number(float(found[2]) * (WIDTH - 2 * _EDGE) / 100)}"'

    return Markup(_PERCENT.sub(place, str(drawing)))  # noqa: S704 (escaped before)


def _colour(name: str) -> str:
    return COLOURS[name].light


def _lines(
    lines: list[str], down: float, *, step: int, size: int, colour: str, family: str
) -> Iterator[Markup]:
    for place, text in enumerate(lines):
        yield tag("text", {
            "x": str(_EDGE), "y": str(round(down + step * place)), "font-size": str(size),
            "fill": _colour(colour), "font-family": family,
            "font-weight": "700" if family == _SERIF else "400",
        }, text)  # fmt: skip
