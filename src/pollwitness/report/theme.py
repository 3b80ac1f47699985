"""The colours of the report, in light and dark, and the mark of every verdict.

Colours never stand alone: a word and a mark always stand beside them. Tests compute the contrast
of each pair (WCAG 2.2: 4.5 for text, 3 for marks).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from markupsafe import Markup

from pollwitness.quantities import Verdict


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour of the theme, in light and in dark."""

    light: str
    dark: str


COLOURS: Mapping[str, Colour] = {
    "paper": Colour("#FFFFFF", "#15191D"),
    "panel": Colour("#F3F6F8", "#1E242A"),
    "ink": Colour("#1B1F23", "#E8ECF0"),
    "muted": Colour("#4A5560", "#B4BEC8"),
    "line": Colour("#C4CDD5", "#3E4954"),
    "frame": Colour("#6F7C88", "#8796A3"),
    "link": Colour("#1B578F", "#8CBBF2"),
    "band": Colour("#CBDAE7", "#34495B"),
    "band-end": Colour("#3C5A75", "#9DB9D3"),
    "estimate": Colour("#7FA3C4", "#5C7F9F"),
    "impossible": Colour("#F3E1DC", "#3F2620"),
    "seen": Colour("#3C6A94", "#86B0DA"),
    "unseen": Colour("#8A6A1F", "#D8B765"),
    "contradicted": Colour("#A3341B", "#FF8A6B"),
    "entailed": Colour("#0B6B53", "#5FD3B0"),
    "possible": Colour("#4A5560", "#B4BEC8"),
    "unlikely": Colour("#7A4B00", "#F0B94D"),
    "supported": Colour("#1F5FA8", "#8CBBF2"),
    "anomalous": Colour("#6B3FA0", "#C9A8F5"),
    "undecided": Colour("#59636D", "#A3AEB8"),
}
"""Every colour by its name; a style sheet reads them as custom properties."""

TEXT_COLOURS = (
    "ink", "muted", "link", "contradicted", "entailed", "possible", "unlikely", "supported",
    "anomalous", "undecided",
)  # fmt: skip
"""Colours that text is set in, on paper and on panel."""
MARK_COLOURS = (*TEXT_COLOURS, "frame", "band-end", "seen", "unseen")
"""Colours of marks that carry meaning."""

VERDICT_COLOURS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "contradicted",
    Verdict.ENTAILED: "entailed",
    Verdict.POSSIBLE: "possible",
    Verdict.UNLIKELY: "unlikely",
    Verdict.COMPATIBLE: "supported",
    Verdict.SUPPORTED: "supported",
    Verdict.ANOMALOUS: "anomalous",
    Verdict.UNREMARKABLE: "undecided",
    Verdict.UNDECIDED: "undecided",
}

_RING = Markup('<circle cx="8" cy="8" r="5"/>')
_HALF = Markup('<path class="full" d="M8 3a5 5 0 0 0 0 10z"/>')
_WAVE = Markup('<path d="M1.5 9.5c2-5 4.5-5 6.5 0s4.5 5 6.5 0"/>')
MARKS: Mapping[Verdict, Markup] = {
    Verdict.CONTRADICTED: Markup('<path d="M3 3l10 10M13 3L3 13"/>'),
    Verdict.ENTAILED: Markup('<path d="M2.5 8.5l4 4L13.5 4"/>'),
    Verdict.POSSIBLE: _RING,
    Verdict.UNLIKELY: _RING + _HALF,
    Verdict.COMPATIBLE: _RING + _HALF,
    Verdict.SUPPORTED: _RING + _HALF,
    Verdict.ANOMALOUS: _WAVE,
    Verdict.UNREMARKABLE: _WAVE,
    Verdict.UNDECIDED: Markup('<path d="M3 8h10"/>'),
}
"""The mark of every verdict, drawn in a square of 16 by 16."""


def custom_properties() -> str:
    """The colours as custom properties of CSS: light, dark where the reader prefers it."""
    light = "".join(f"--{name}:{colour.light};" for name, colour in COLOURS.items())
    dark = "".join(f"--{name}:{colour.dark};" for name, colour in COLOURS.items())
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """The style sheet of the pages, colours first."""
    assets = resources.files("pollwitness.report") / "assets"
    return custom_properties() + (assets / "style.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def chart_style() -> str:
    """The rules of pictures with the light colours written out, for a picture outside a page."""
    rules = [line for line in style_sheet().splitlines() if line.startswith(".chart ")]
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: COLOURS[found[1]].light, "\n".join(rules))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
