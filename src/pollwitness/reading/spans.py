"""Spans of a text, in code points, and its sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a text from ``start`` up to ``end``, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part itself."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two have a code point in common."""
        return self.start < other.end and other.start < self.end


_ABBREVIATIONS = frozenset(
    word
    for line in (
        "mr mrs ms dr prof gen col lt sgt capt sen rep gov st jr sr vs etc e.g i.e no inc ltd corp",
        "co u.s u.k u.n a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec mt ft dept est",
        "approx d.c ph.d fig art sec",
    )
    for word in line.split()
)
OPENING, CLOSING = "\"'\u201c\u2018\u00ab", "\"'\u201d\u2019\u00bb"
"""Quotation marks: straight ones, and those of English and of Russian print."""
_END = re.compile(rf"[.!?\u2026]+[{CLOSING})\]]*(?=\s)|\n[ \t]*\n")
_LONGEST_QUOTE = 2_000
_FOLLOWING = re.compile(rf"\s*[{OPENING}(\[]*(.)?", re.DOTALL)
_LAST_WORD = re.compile(r"([\w.]+)\.$")


LONGEST = 2_000
"""Code points of a sentence; what is longer is cut at white space: all work stays linear."""


def sentences(text: str) -> list[Span]:
    """The sentences of a text, in order; white space between them belongs to none.

    Ends are stops, exclamation and question marks, and empty lines. A stop behind an abbreviation
    or an initial ends nothing, and neither does one before a small letter or within a quotation
    that is still open; one that is never closed ends with its paragraph, or after a while.
    """
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[Span]:
    start, quoted = 0, _Quoted()
    for found in _END.finditer(text):
        is_paragraph = found[0][0] == "\n"
        quoted.read(text, found.end())
        if is_paragraph:
            quoted = _Quoted(found.end())
        elif quoted.is_open(found.end()) or not _ends(text, start, found):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


class _Quoted:
    """Whether a place in a text lies within a quotation; reads every code point once."""

    def __init__(self, at: int = 0) -> None:
        self._at, self._curly, self._straight, self._since = at, 0, 0, at

    def read(self, text: str, end: int) -> None:
        """Read on up to a place."""
        part = text[self._at : end]
        before = self._curly > 0 or self._straight % 2 == 1
        self._curly += part.count("\u201c") - part.count("\u201d")
        self._curly = max(self._curly, 0)
        self._straight += part.count('"')
        if not before:
            self._since = self._at
        self._at = end

    def is_open(self, end: int) -> bool:
        """Whether a quotation is open here, and was not opened too long ago."""
        within = self._curly > 0 or self._straight % 2 == 1
        if within and end - self._since > _LONGEST_QUOTE:
            self._curly, self._straight = 0, 0
            return False
        return within


def _ends(text: str, start: int, found: re.Match[str]) -> bool:
    following = _FOLLOWING.match(text, found.end())
    first = following[1] if following else None
    if first is not None and first.islower():
        return False
    if not found[0].startswith(".") or found[0].startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(start, found.start() - 20), found.start() + 1)
    if word is None:
        return True
    name = word[1].lower()
    return not (name in _ABBREVIATIONS or (len(name) == 1 and name.isalpha() and word[1].isupper()))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        middle = cut if cut > 0 else start + LONGEST
        yield Span(start, middle)
        start = middle + 1 if cut > 0 else middle
    if end > start:
        yield Span(start, end)


def tightened(text: str, start: int, end: int) -> Span | None:
    """A span without white space and marks around it; a final stop within a quotation stays."""
    while start < end and (text[start].isspace() or text[start] in ",;:.\u2014\u2013-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:\u2014\u2013.-"):
        end -= 1
    return Span(start, end) if end > start else None


def visible(text: str) -> str:
    """A text in which what cannot be seen, or turns its neighbours round, is shown as a sign.

    Marks that join or part letters (zero-width joiners) belong to some scripts and stay.
    """
    return "".join(
        one if one in "\n\t\r\u200c\u200d" or unicodedata.category(one) not in _UNSEEN else "\ufffd"
        for one in text
    )


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
