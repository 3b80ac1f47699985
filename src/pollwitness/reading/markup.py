"""The text of a page in HTML: its blocks, what of it is an article, and where each letter stood.

One pass from left to right over the markup, whatever is in it: linear in its length. Nothing is
mended: a letter of the text is a letter of the page, or the space that stands for white space.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_BLOCKS = _set(
    "address article aside blockquote body br dd details dialog div dl dt fieldset figcaption",
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol option p pre",
    "section summary table tbody td tfoot th thead tr ul",
)
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "iframe", "xmp"})
"""Elements whose content is no markup."""
_LEFT_OUT = _set(
    "nav footer aside button select svg math object audio video canvas dialog menu",
    "figcaption template head",
)
"""Elements that hold no part of an article."""
_UNSAID = _set("del s strike sup")
"""Elements whose text is struck out, or is a mark of a footnote."""
_HIDDEN = re.compile(
    r"(?:^|\s)hidden(?=[\s=/>]|$)|display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE
)
_TOLD = _LEFT_OUT | {"article", "main", "a"}
_VOID = _set("area base br col embed hr img input link meta param source track wbr")
_FLOW = _BLOCKS - {"html"}
"""Tags that end a head that nobody closed."""
_PROSE = frozenset({"p", "h1", "h2", "h3", "h4", "blockquote", "pre", "dd"})
"""Blocks that are prose by their name; others have to look like it."""
_MOST_LINKED = 0.5
_LEAST_PROSE = 40
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_TAG_MARK = re.compile(r"[>\"']")
_MARK = re.compile(r"<(?=[a-zA-Z/!?])")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,60})\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'>]+)""")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CUT = re.compile(rf"{_REFERENCE.pattern}|{_SPACE.pattern}")
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "pubdate", "publishdate", "parsely-pub-date",
    "sailthru.date",
)  # fmt: skip
"""Names of the metadata that tell the day of publication, the most reliable first."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class Block:
    """A run of text between two block tags, with the places of its letters on the page.

    ``starts`` and ``ends`` are code points of the page, one pair for each letter of ``letters``.
    """

    name: str
    inside: frozenset[str]
    letters: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    linked: int = 0
    article: int = 0

    def add(self, letter: str, start: int, end: int, *, is_linked: bool) -> None:
        """Add a letter (or the several letters of one reference)."""
        for one in letter:
            if one.isspace() and one != "\u00a0":
                if not self.letters or self.letters[-1] == " ":
                    continue
                one = " "  # noqa: PLW2901
            self.letters.append(one)
            self.starts.append(start)
            self.ends.append(end)
            self.linked += is_linked

    @property
    def is_prose(self) -> bool:
        """Whether this belongs to an article: prose by its tag, or by its look, and few links."""
        length = len(self.letters)
        if length == 0 or self.linked > _MOST_LINKED * length:
            return False
        if self.name in _PROSE:
            return True
        return length >= _LEAST_PROSE and bool(re.search(r"[.!?\u2026]", "".join(self.letters)))


@dataclass(frozen=True, slots=True)
class Page:
    """What a page in HTML says: its article, its title, and its day of publication.

    ``starts`` and ``ends`` are the places on the page of each code point of ``text``; the line
    breaks between blocks stand for the markup between them. ``published_by`` names the metadata.
    """

    text: str
    starts: list[int]
    ends: list[int]
    title: str | None
    published: str | None
    published_by: str | None
    left_out: int


def page_of(markup: str) -> Page:
    """The article of a page. ``left_out`` counts the blocks that are no part of it."""
    scan = _Scan(markup)
    scan.run()
    blocks = [one for one in scan.blocks if one.letters]
    chosen = _chosen(blocks)
    published, published_by = scan.published()
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for block in chosen:
        if text:
            gap = ends[-1], block.starts[0]
            text += "\n\n"
            starts += [gap[0], gap[0]]
            ends += [gap[1], gap[1]]
        text += block.letters
        starts += block.starts
        ends += block.ends
    return Page(
        "".join(text), starts, ends, scan.title(), published, published_by,
        len(blocks) - len(chosen),
    )  # fmt: skip


def _chosen(blocks: list[Block]) -> list[Block]:
    """The prose of the article; of the main part, or of the page, where there is no article."""
    for place in ("article", "main", None):
        inside = [one for one in blocks if place is None or place in one.inside]
        prose = [one for one in inside if one.is_prose and not one.inside & _LEFT_OUT]
        if place == "article":
            prose = _longest(prose)
        if sum(len(one.letters) for one in prose) >= _LEAST_PROSE:
            return prose
    return [one for one in blocks if not one.inside & _LEFT_OUT]


def _longest(prose: list[Block]) -> list[Block]:
    """The blocks of the article with the most prose; the others are teasers."""
    held: Counter[int] = Counter()
    for one in prose:
        held[one.article] += len(one.letters)
    most = max(held, key=lambda number: (held[number], -number), default=0)
    return [one for one in prose if one.article == most]


class _Scan:
    """One pass over a page."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._lower = markup.lower()
        if len(self._lower) != len(markup):  # a letter whose small form is two letters
            self._lower = markup
        self._open: list[str] = []
        self._held: Counter[str] = Counter()
        self._unsaid: list[int] = []
        self._articles = 0
        self._meta: dict[str, str] = {}
        self._titles: list[str] = []
        self._times: list[str] = []
        self._missing: set[str] = set()
        self.blocks: list[Block] = []
        self._begin("body")

    def run(self) -> None:
        """Read the page from its beginning to its end."""
        at, markup = 0, self._markup
        while at < len(markup):
            mark = _MARK.search(markup, at)
            self._text(at, len(markup) if mark is None else mark.start())
            if mark is None:
                return
            at = self._marked(mark.start())

    def _marked(self, at: int) -> int:
        """Read what a `<` begins; the place behind it."""
        if self._markup.startswith("<!--", at):
            return self._behind("-->", at + 4)
        if self._markup.startswith(("<!", "<?"), at):
            return self._behind(">", at + 2)
        tag = _TAG.match(self._markup, at)
        if tag is None:
            self._text(at, at + 1)
            return at + 1
        end = self._tag_end(tag.end())
        self._tag(tag[1].lower(), self._markup[tag.end() : end], is_end=tag[0][1] == "/")
        if tag[0][1] != "/" and tag[1].lower() in _RAW:
            return self._raw(tag[1].lower(), end)
        return end

    def _behind(self, mark: str, start: int) -> int:
        """The place behind the next such mark; the end of the page where there is none."""
        if mark in self._missing:
            return len(self._markup)
        found = self._markup.find(mark, start)
        if found < 0:
            self._missing.add(mark)
            return len(self._markup)
        return found + len(mark)

    def _tag_end(self, start: int) -> int:
        """The place behind the `>` that ends a tag, which is none within quotation marks."""
        at = start
        while True:
            hit = _TAG_MARK.search(self._markup, at)
            if hit is None:
                return self._behind(">", start)
            if hit[0] == ">":
                return hit.end()
            close = self._behind(hit[0], hit.end())
            if close >= len(self._markup):
                return self._behind(">", start)
            at = close

    def _raw(self, name: str, start: int) -> int:
        """Pass over an element whose content is no markup, keeping what its text tells."""
        close = f"</{name}"
        found = -1 if close in self._missing else self._lower.find(close, start)
        if found < 0:
            self._missing.add(close)
            return start
        content = self._markup[start:found]
        if name == "title":
            self._titles.append(html.unescape(content))
        elif name == "script":
            self._meta |= _described(content)
        return self._behind(">", found)

    def _tag(self, name: str, attributes: str, *, is_end: bool) -> None:
        if is_end:
            self._close(name)
        else:
            self._opened(name, attributes)
        if name in _BLOCKS:
            self._begin(self._open[-1] if self._open else "body")

    def _opened(self, name: str, attributes: str) -> None:
        """Note what a tag tells, and open its element if it has an end."""
        if name == "meta":
            self._note(_attributes(attributes))
        elif name == "time":
            self._times.append(_attributes(attributes).get("datetime", ""))
        if name in _FLOW and "head" in self._open[-_DEEPEST:]:
            self._close("head")
        if name in _VOID or name in _RAW or attributes.endswith("/>"):
            return
        self._open.append(name)
        self._held[name] += name in _TOLD
        self._articles += name == "article"
        if name in _UNSAID or _HIDDEN.search(attributes):
            self._unsaid.append(len(self._open))

    def _close(self, name: str) -> None:
        """Close the innermost element of a name, and what was left open in it."""
        for depth in range(1, min(len(self._open), _DEEPEST) + 1):
            if self._open[-depth] == name:
                self._held.subtract(one for one in self._open[-depth:] if one in _TOLD)
                del self._open[-depth:]
                while self._unsaid and self._unsaid[-1] > len(self._open):
                    self._unsaid.pop()
                return

    def _begin(self, name: str) -> None:
        inside = frozenset(one for one, times in self._held.items() if times > 0)
        if self.blocks and not self.blocks[-1].letters:
            self.blocks.pop()
        block = next((one for one in reversed(self._open[-_DEEPEST:]) if one in _BLOCKS), name)
        self.blocks.append(Block(block, inside, article=self._articles))

    def _text(self, start: int, end: int) -> None:
        if self._unsaid:
            return
        block, is_linked = self.blocks[-1], self._held["a"] > 0
        at = start
        for found in _CUT.finditer(self._markup, start, end):
            for place in range(at, found.start()):
                block.add(self._markup[place], place, place + 1, is_linked=is_linked)
            letters = html.unescape(found[0]) if found[0][0] == "&" else " "
            block.add(letters, found.start(), found.end(), is_linked=is_linked)
            at = found.end()
        for place in range(at, end):
            block.add(self._markup[place], place, place + 1, is_linked=is_linked)

    def _note(self, found: Mapping[str, str]) -> None:
        name = found.get("property") or found.get("name") or found.get("itemprop") or ""
        if name and "content" in found:
            self._meta.setdefault(name.lower(), found["content"])

    def title(self) -> str | None:
        """The title: of the metadata, or of the head."""
        named = [self._meta.get("og:title", ""), self._meta.get("headline", ""), *self._titles]
        cleaned = (" ".join(one.split()) for one in named)
        return next((one for one in cleaned if one), None)

    def published(self) -> tuple[str | None, str | None]:
        """The day of publication as the page states it, and the metadata that does."""
        for name in _PUBLISHED:
            day = _DAY.match(self._meta.get(name, "").strip())
            if day is not None:
                return day[0], f"meta {name}"
        days = {day[0] for one in self._times if (day := _DAY.match(one.strip())) is not None}
        return (days.pop(), "time") if len(days) == 1 else (None, None)


_DEEPEST = 60
"""Elements within each other that are told apart."""


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(found[2].strip("\"'"))
        for found in _ATTRIBUTE.finditer(text)
    }


def _described(script: str) -> dict[str, str]:
    """What a description for machines (JSON-LD) says of the page."""
    if '"datePublished"' not in script or len(script) > _LONGEST_DESCRIPTION:
        return {}
    try:
        described: object = json.loads(script)
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for one in _objects(described):
        for name in ("datePublished", "headline"):
            value = one.get(name)
            if isinstance(value, str):
                found.setdefault(name.lower(), value)
    return found


_LONGEST_DESCRIPTION = 1 << 20


def _objects(described: object) -> Iterator[Mapping[str, object]]:
    """The objects of a description: itself, those of a list, and those of a graph."""
    if isinstance(described, dict):
        yield described
        yield from _objects(described.get("@graph"))
    elif isinstance(described, list):
        for one in described:
            yield from _objects(one)


def is_markup(text: str) -> bool:
    """Whether a text is a page in HTML: it says so, or begins with a tag of one."""
    return _MARKUP.match(text) is not None


_MARKUP = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--[^>]{0,2000}>\s{0,200})?"
    r"<(?:!doctype\s+html|html|head|body|article|div|meta|p|h1|title)\b",
    re.IGNORECASE,
)
