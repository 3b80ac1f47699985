"""The canonical text of a file: plain text, HTML or PDF, with the way back to its bytes.

Offsets everywhere are code points of the canonical text. A plain text is its own canonical text,
letter by letter; that of HTML is its article; that of PDF its text layer, page by page.
"""

from __future__ import annotations

import codecs
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pollwitness.errors import QuestionError
from pollwitness.reading.markup import is_markup, page_of
from pollwitness.reading.spans import Span

MOST_BYTES = 20 << 20
"""The largest file that is read."""
_Offsets = np.ndarray[tuple[int], np.dtype[np.int64]]
_SINGLE = re.compile(
    r"(?:windows-?|cp)125[0-8]|iso-?8859-?\d{1,2}|koi8-?[ru]|us-ascii|ascii|latin-?1"
)
_WINDOWS = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
"""Names that browsers read as windows-1252, and that pages mean by them."""
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?([\w-]{2,30})""", re.IGNORECASE
)


class TextKind(StrEnum):
    """What a file is."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file.

    ``published`` is the day that the file itself states, ``published_by`` where; ``left_out``
    counts the blocks of a page that are no part of its article. ``starts`` and ``ends`` hold the
    bytes of each code point, for text and HTML; ``pages`` where each page begins, for PDF.
    """

    kind: TextKind
    encoding: str
    text: str
    title: str | None
    published: datetime.date | None
    published_by: str | None
    left_out: int
    starts: _Offsets
    ends: _Offsets
    pages: tuple[int, ...] = ()

    def bytes_of(self, span: Span) -> tuple[int, int] | None:
        """The bytes of the file from the first to the last letter of a span; None for PDF."""
        if self.kind is TextKind.PDF or span.end <= span.start:
            return None
        return int(self.starts[span.start]), int(self.ends[span.end - 1])

    def page_of(self, span: Span) -> int | None:
        """The page on which a span begins, from 1; None but for PDF."""
        if self.kind is not TextKind.PDF:
            return None
        return int(np.searchsorted(np.array(self.pages), span.start, side="right"))


def text_of(name: str, content: bytes) -> SourceText:
    """The canonical text of a file.

    Raises:
        QuestionError: if it is empty, too large, of no known encoding, or has no text.
    """
    if not content.strip():
        raise QuestionError(f"{name} is empty")
    if len(content) > MOST_BYTES:
        raise QuestionError(f"{name} is larger than {MOST_BYTES >> 20} MB")
    if content.lstrip()[:5] == b"%PDF-":
        return _of_pdf(name, content)
    encoding, mark = _encoding(name, content)
    try:
        text = content[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"{name} is no text in {encoding.upper()}: byte {error.start + 1 + mark:,}; save it as "
            "UTF-8 first"
        ) from error
    if "\0" in text:
        raise QuestionError(f"{name} is no text: it holds a zero byte")
    bounds = _bounds(text, encoding) + mark
    if not is_markup(text):
        return SourceText(
            TextKind.TEXT, encoding, text, None, None, None, 0, bounds[:-1], bounds[1:]
        )
    return _of_page(name, text, encoding, bounds)


def _of_page(name: str, markup: str, encoding: str, bounds: _Offsets) -> SourceText:
    page = page_of(markup)
    if not page.text:
        raise QuestionError(f"{name} is a page without text")
    return SourceText(
        TextKind.HTML, encoding, page.text, page.title, _day(page.published),
        page.published_by if _day(page.published) else None, page.left_out,
        bounds[np.array(page.starts, dtype=np.int64)], bounds[np.array(page.ends, dtype=np.int64)],
    )  # fmt: skip


def _of_pdf(name: str, content: bytes) -> SourceText:
    # Only who reads PDF needs pypdf.
    from pollwitness.reading.layers import text_layer  # noqa: PLC0415

    layer = text_layer(name, content)
    nothing = np.zeros(0, dtype=np.int64)
    pages, at = [], 0
    for page in layer.pages:
        pages.append(at)
        at += len(page) + 2
    text = "\n\n".join(layer.pages)
    return SourceText(
        TextKind.PDF, "", text, layer.title, None, None, 0, nothing, nothing, tuple(pages)
    )


def _day(text: str | None) -> datetime.date | None:
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _encoding(name: str, content: bytes) -> tuple[str, int]:
    """The encoding of a text, and the length of its byte order mark.

    Raises:
        QuestionError: if a page names an encoding that is not read.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):  # fmt: skip
        if content.startswith(mark):
            return encoding, len(mark)
    declared = _DECLARED.search(content[:4096])
    if declared is None:
        return "utf-8", 0
    named = declared[1].decode("ascii").lower()
    if named in {"utf-8", "utf8"}:
        return "utf-8", 0
    try:
        known = _SINGLE.fullmatch(named) is not None and codecs.lookup(named) is not None
    except LookupError:
        known = False
    if not known:
        raise QuestionError(f"{name} is in the encoding {named!r}; save it as UTF-8 first")
    return ("windows-1252" if named in _WINDOWS else named), 0


def _bounds(text: str, encoding: str) -> _Offsets:
    """The byte at which each code point begins, and the end."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    widths = np.ones(len(points), dtype=np.int64)
    if encoding == "utf-8":
        widths += (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    elif encoding.startswith("utf-16"):
        widths += 1 + 2 * (points >= 0x10000)
    return np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
