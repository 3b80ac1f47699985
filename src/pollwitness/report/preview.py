"""Preview pictures for social media: the claim, its verdict and the answer, as SVG and PNG."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from markupsafe import Markup

from pollwitness.checks import verdict_phrase
from pollwitness.quantities import Verdict
from pollwitness.report.charts import Bar, claim_bar_alone
from pollwitness.report.charts.drawing import tag
from pollwitness.report.pages.front import Card
from pollwitness.report.theme import COLOURS, MARKS, VERDICT_COLOURS, chart_style

WIDTH, HEIGHT = 1200, 630
_EDGE, _ENLARGED = 70, 1.85
_SANS = "Noto Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
_SERIF = "Noto Serif, Liberation Serif, DejaVu Serif, Georgia, serif"


def preview(card: Card, case_title: str) -> str:
    """The preview of a claim as SVG."""
    colour = COLOURS[VERDICT_COLOURS[card.verdict]].light
    marks = Markup("").join(_marks(card, case_title, colour))
    return str(
        tag("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(HEIGHT),
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
        }, marks)
    )  # fmt: skip


def _marks(card: Card, case_title: str, colour: str) -> Iterator[Markup]:
    paper, ink, muted = (COLOURS[name].light for name in ("paper", "ink", "muted"))
    yield tag("style", {}, chart_style())
    yield tag("rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": paper})
    yield tag("rect", {"width": "18", "height": str(HEIGHT), "fill": colour})
    yield _text(case_title, (_EDGE, 62), size=25, fill=muted)
    size, lines = _fitted(card.words)
    down = 70 + size
    for line in lines:
        yield _text(line, (_EDGE, down), size=size, fill=ink, family=_SERIF, weight="700")
        down += round(size * 1.22)
    if card.who:
        who = textwrap.shorten(card.who, 80, placeholder=" …")
        yield _text(who, (_EDGE, down - round(size * 0.2)), size=25, fill=muted)
    yield _verdict(card, colour)
    if card.bar is not None:
        yield _bar(card.bar)
    for number, line in enumerate(_wrapped(card.answer, 82)[:2]):
        yield _text(line, (_EDGE, 572 + 34 * number), size=25, fill=ink)


def _bar(bar: Bar) -> Markup:
    """The claim bar, twice as large as on a page."""
    drawing, _height = claim_bar_alone(bar, width=(WIDTH - 2 * _EDGE) / _ENLARGED)
    place = f"translate({_EDGE} 356) scale({_ENLARGED})"
    return tag("g", {"transform": place, "font-family": _SANS}, drawing)


def _verdict(card: Card, colour: str) -> Markup:
    """The mark and the word, and "fragile" where it is so."""
    mark = tag("g", {
        "transform": f"translate({_EDGE} 302) scale(2.3)", "fill": "none", "stroke": colour,
        "stroke-width": "2.2", "stroke-linecap": "round", "stroke-linejoin": "round",
    }, _filled(card.verdict, colour))  # fmt: skip
    word = verdict_phrase(card.verdict, fragile=card.fragile)
    return mark + _text(word, (_EDGE + 50, 332), size=34, fill=colour, weight="700")


def _filled(verdict: Verdict, colour: str) -> Markup:
    return MARKS[verdict].replace(Markup('class="full"'), Markup('fill="{}"').format(colour))


def _text(
    words: str, at: tuple[int, int], *, size: int, fill: str, family: str = _SANS,
    weight: str = "400",
) -> Markup:  # fmt: skip
    return tag("text", {
        "x": str(at[0]), "y": str(at[1]), "font-size": str(size), "fill": fill,
        "font-family": family, "font-weight": weight,
    }, words)  # fmt: skip


def _fitted(words: str) -> tuple[int, list[str]]:
    """The greatest size at which the words leave room for the rest."""
    for size, width, most in ((46, 44, 3), (36, 58, 4)):
        lines = _wrapped(words, width)
        if len(lines) <= most:
            return size, lines
    return 30, _wrapped(words, 70)[:5]


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, break_long_words=True)


def as_png(svg: str, *, scale: float = 1.0) -> bytes:
    """A picture as PNG; a preview has 1200 by 630 pixels."""
    import vl_convert  # noqa: PLC0415 (large: only who draws a preview waits for it)

    return bytes(vl_convert.svg_to_png(svg, scale=scale))
