"""Who says what: sources, cues and contents in a sentence, by patterns alone.

A source is never invented: where no words name one, it is None. Contents are spans of the text,
with their quotation marks, without the stop that ends the sentence. Linear in the length of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pollwitness.reading.spans import Span, tightened
from pollwitness.reading.words import either, words_of


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content that somebody stands for; ``rule`` names the pattern that found it."""

    source: Span | None
    cue: Span
    content: Span
    is_quoted: bool
    rule: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    cue: re.Pattern[str]
    according: re.Pattern[str]
    passive: re.Pattern[str]
    auxiliary: re.Pattern[str]
    conjunction: re.Pattern[str]
    relative: re.Pattern[str]
    turned: re.Pattern[str]
    frames: dict[str, str]


@lru_cache(maxsize=4)
def _patterns(language: str) -> _Patterns:
    words = words_of(language)
    return _Patterns(
        re.compile(rf"(?<![\w-])(?:{either(words.cues)})(?![\w-])", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:{either(words.according)})\s+", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:{either(words.passive)})(?![\w-])", re.IGNORECASE),
        re.compile(rf"(?:(?<![\w-])(?:{either(words.auxiliaries)})\s+)+$", re.IGNORECASE),
        re.compile(rf"^(?:{either(words.conjunctions)})\s+", re.IGNORECASE),
        re.compile(rf"(?:(?<=,)|\s)\s*(?:{either(words.relatives)})\s*$", re.IGNORECASE),
        re.compile(
            rf"(?<![\w-])(?:{either(words.circumstances['negation']['around'])})(?![\w-])",
            re.IGNORECASE,
        ),
        dict(words.cues),
    )


def sentence_attributions(text: str, sentence: Span, *, language: str = "en") -> list[Attribution]:
    """The attributions of a sentence, in the order of their cues."""
    patterns = _patterns(language)
    whole = sentence
    found = [*_according(text, whole, patterns), *_passive(text, whole, patterns)]
    taken = [one.cue for one in found]
    quotes = [Span(*one.span()) for one in QUOTE.finditer(text, whole.start, whole.end)]
    last: Span | None = None
    for cue in islice(patterns.cue.finditer(text, whole.start, whole.end), _MOST_STATED):
        span = Span(*cue.span())
        if any(span.overlaps(other) for other in taken) or any(
            quote.start < span.start and span.end < quote.end for quote in quotes
        ):
            continue
        if cue[0][0].isupper() and span.start > whole.start:
            continue  # part of a name: the United States
        one = _reported(_Place(text, whole, quotes, patterns), span, last)
        if one is not None:
            found.append(one)
            last = one.source or last
    return sorted(found, key=lambda one: one.cue)


_MOST_STATED = 40
"""Reporting verbs of a sentence that are read; more are no prose."""


def _according(text: str, whole: Span, patterns: _Patterns) -> Iterator[Attribution]:
    """`CONTENT, according to SOURCE`, and `According to SOURCE, CONTENT`."""
    for cue in patterns.according.finditer(text, whole.start, whole.end):
        stop = _clause_end(text, cue.end(), whole.end)
        source = tightened(text, cue.end(), stop)
        if source is None or _OWN.match(source.of(text)) or _NO_SOURCE.match(source.of(text)):
            continue
        carrier = _CARRIER.match(source.of(text))
        if carrier is not None:
            source = Span(source.start + carrier.end(), source.end)
        if text[whole.start : cue.start()].strip(" \"'\u201c\u201d"):
            content = tightened(text, whole.start, cue.start())
        else:
            content = tightened(text, stop + 1, whole.end)
        if content is not None:
            span = Span(cue.start(), cue.end() - (len(cue[0]) - len(cue[0].rstrip())))
            yield Attribution(source, span, content, is_quoted=False, rule="according")


_OWN = re.compile(r"(?:his|her|its|their|our|my)\b", re.IGNORECASE)
_CARRIER = re.compile(
    r"(?:a|an|the)\s+(?:[\w-]+\s+){0,2}(?:statement|report|release|notice|document|figures|data)\s+"
    r"(?:released\s+|issued\s+|published\s+)?(?:from|by|of)\s+",
    re.IGNORECASE,
)
"""What carries a statement and does not make it: "a Friday statement from"."""


def _passive(text: str, whole: Span, patterns: _Patterns) -> Iterator[Attribution]:
    """`X is accused of CONTENT`: somebody says so, and the text does not say who."""
    for cue in patterns.passive.finditer(text, whole.start, whole.end):
        content = tightened(text, cue.end(), whole.end)
        if content is not None and not _CONJUNCTION_FIRST.match(content.of(text)):
            yield Attribution(None, Span(*cue.span()), content, is_quoted=False, rule="passive")


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of a text, its quotations, and the patterns of its language."""

    text: str
    whole: Span
    quotes: list[Span]
    patterns: _Patterns


def _reported(place: _Place, cue: Span, last: Span | None) -> Attribution | None:
    """`SOURCE said (that) CONTENT`, `"CONTENT," SOURCE said`, `"CONTENT," said SOURCE`."""
    text, whole, patterns = place.text, place.whole, place.patterns
    quote = _quote_before(text, place.quotes, cue, patterns)
    if quote is not None:
        return _after_quote(text, whole, cue, quote)
    content = _content_after(text, cue, whole, patterns)
    is_last = content is None or _WHEN_ONLY.match(text, cue.end, whole.end) is not None
    beside = _content_first(text, whole, cue) if is_last else _within(text, whole, cue)
    if content is None or is_last or beside is not None:
        return beside
    said = QUOTE.match(text, content.start, whole.end)
    if said is not None and said[0][-1] in _CLOSE and len(said[0]) > 1:
        content = Span(*said.span())
    frame = patterns.frames[" ".join(cue.of(text).lower().split())]
    if frame == "clause" and not _may_be_clause(text, content):
        return None
    source = _subject_before(text, whole, cue, patterns)
    if source is None:
        source = last or _opening(text, whole) if _is_continued(text, whole, cue) else None
    if source is None:
        return None
    return Attribution(source, cue, content, is_quoted=text[content.start] in OPENED, rule=frame)


OPENED, _CLOSE = '\u201c"\u00ab', '\u201d"\u00bb'
QUOTE = re.compile(r"[\u201c\"\u00ab][^\u201c\u201d\"\u00ab\u00bb]*[\u201d\"\u00bb]?")
_VERBLESS = re.compile(
    r"^(?!at\s+(?:least|most)\b|about\s+\d|about\s+(?:one|two|three|half|a)\b)"
    r"(?:to|of|for|on|in|at|by|with|from|about|(?:and|or|but)\s+(?:by|to|of|for|with)|"
    r"(?:it|so|this|him|her|them|us|me|you)(?!\s+(?:had|has|have|was|were|is|are|would|will|"
    r"could|should|may|might|did|does|do|must|can|\w+ed|\w+s)\b))\b",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(
    r"^\s+(?:(?:to\s+)?(?:[A-Z][\w.]+(?:\s+[A-Z][\w.]+){0,3}|the\s+[\w' ]{2,40}?|reporters|"
    r"journalists|me|us|him|her|them|you)"
    r"(?=\s+(?:that|on|in|last|this)\b|\s*[,:]\s*[\u201c\"]|\s+[\u201c\"]))"
)
_WHEN = re.compile(
    r"\s+(?:on\s+\w+day|earlier\s+this\s+\w+|this\s+\w+|last\s+\w+|yesterday)(?=\s)",
    re.IGNORECASE,
)


def _quote_before(text: str, spoken: Sequence[Span], cue: Span, patterns: _Patterns) -> Span | None:
    """The quotation that ends shortly before a cue, with a source between or behind."""
    quotes = [one for one in spoken if one.end <= cue.start]
    if not quotes:
        return None
    quote = quotes[-1]
    between = text[quote.end : cue.start]
    is_comma = (
        text[quote.end - 2 : quote.end - 1] in {",", "!", "?", "\u2026"} or between[:1] == ","
    )
    if not is_comma or len(between) > 120 or "." in between.strip().rstrip("."):
        return None
    if patterns.relative.search(between.rstrip()) or _LEADING.match(between.lstrip(", ")):
        return None  # the quotation belongs to what came before
    return quote if len(quote.of(text)) > 4 else None


def _after_quote(text: str, whole: Span, cue: Span, quote: Span) -> Attribution | None:
    between = text[quote.end : cue.start].strip(" ,")
    if between:
        source = tightened(text, quote.end, cue.start)
    else:
        end = _clause_end(text, cue.end, whole.end)
        aside = _APPOSITION.match(text, end, whole.end)
        source = tightened(text, cue.end, end if aside is None else aside.end())
        if source is not None:
            source = _without_time(text, source)
    if source is None or len(source.of(text)) > 150 or _NO_SOURCE.match(source.of(text)):
        return None
    return Attribution(source, cue, quote, is_quoted=True, rule="quote-first")


_APPOSITION = re.compile(r",\s+(?:a|an|the)\s[^,.;\u201c\"]{3,80}(?=[,.;]|$)")
_TIME = re.compile(
    r"\s+(?:on\s+\w+day|in\s+(?:a|an)\s+\w+|yesterday|earlier|last\s+\w+|at\s+a\s).*$", re.DOTALL
)


def _without_time(text: str, span: Span) -> Span:
    found = _TIME.search(span.of(text))
    return span if found is None else Span(span.start, span.start + found.start())


_JOINED = re.compile(
    r"(?:,\s*|\s)(?:and|but)\s+(?:also\s+|then\s+)?$|,\s*(?:and|but|while|as)\s+[^,]{2,100}$"
)
_ASIDE = re.compile(r",\s*$")


_CLOSED = re.compile(r",\s*\w+$")
_MOST_CUES = 30
"""Cues behind another one in a sentence that may end what it reports."""


def _content_after(text: str, cue: Span, whole: Span, patterns: _Patterns) -> Span | None:
    """What follows a cue up to the next coordinate cue or the end of the sentence."""
    start = cue.end
    named = _ADDRESSEE.match(text[cue.end : min(cue.end + 120, whole.end)])
    if named is not None:
        start = cue.end + named.end()
    timed = _WHEN.match(text, start, whole.end)
    if timed is not None:
        start = timed.end()
    end = whole.end
    lead = text[max(whole.start, cue.start - 12) : cue.start].rstrip()
    is_relative = patterns.relative.search(lead) is not None
    if is_relative and _CLOSED.search(lead):  # ", who asked not to be named, said"
        end = _clause_end(text, start, whole.end)
    for other in islice(patterns.cue.finditer(text, start, whole.end), _MOST_CUES):
        before = text[max(start, other.start() - 120) : other.start()]
        is_aside = is_relative or other[0].lower().endswith("ing")
        joined = _JOINED.search(before) or (_ASIDE.search(before) if is_aside else None)
        if joined is None:
            continue
        stop = other.start() - len(before) + joined.start()
        if stop - start > 8:
            end = stop
            break
    return tightened(text, start, end)


def _may_be_clause(text: str, content: Span) -> bool:
    words = content.of(text)
    if words[:1] in OPENED:
        return True
    return len(words.split()) >= 2 and _VERBLESS.match(words) is None


_NAME = re.compile(r"(?:[A-Z][\w.'-]+\s+){1,4}(?=[a-z])")


def _opening(text: str, whole: Span) -> Span | None:
    """The name with which a sentence begins, as the subject of what it goes on to say."""
    name = _NAME.match(text, whole.start, whole.end)
    return None if name is None else tightened(text, whole.start, name.end())


_LEADING = re.compile(r"(?:referring to|quoting|citing)\s+", re.IGNORECASE)
_SHOWING = re.compile(r"\s(?:shows?|showed|showing)\s", re.IGNORECASE)
_AROUND = re.compile(r",\s+(?:who|which|a|an|the|\w+ing)\b[^,]*,$")
_MARKS = r"[,;:\u2014()]\s*|[\u201c\"](?=[^\u201d\"]{40})|(?<=[^\u201c\"]{40})[\u201d\"]\s*"
_BOUNDARY = re.compile(
    rf"{_MARKS}|\s+(?:and|but|while|that|as|because|when|after|before|if|although)\s+"
)
_RELATIVE_BOUNDARY = re.compile(
    rf"{_MARKS}|\s+(?:and|but|while|to|of|referring to|by|with|from|between)\s+"
)
_WHEN_ONLY = re.compile(r"(?:\s+(?:on\s+\w+day|yesterday|earlier|today))?\s*[.!?]*\s*$")
_TOLD_AFTER = re.compile(r",\s+((?:[\w.'\u2019-]+\s+){0,7}[\w.'\u2019-]+)\s+$")


_PARENTHETIC = re.compile(r",\s+((?:[\w.'\u2019-]+\s+){0,5}[\w.'\u2019-]+)\s+$")


def _within(text: str, whole: Span, cue: Span) -> Attribution | None:
    """`CONT, SOURCE said, ENT`: the source stands between commas within what it says."""
    if text[cue.end : cue.end + 1] != ",":
        return None
    start = max(whole.start, cue.start - 80)
    told = _PARENTHETIC.search(text[start : cue.start])
    if told is None:
        return None
    source = tightened(text, start + told.start(1), start + told.end(1))
    content = tightened(text, cue.end, whole.end)
    if source is None or content is None or len(content.of(text).split()) < 2:
        return None
    if _CONJUNCTION_FIRST.match(source.of(text)):
        return None
    return Attribution(source, cue, content, is_quoted=False, rule="within")


_CONJUNCTION_FIRST = re.compile(r"\b(?:who|which|that|and|but|or|as|while|if)\b", re.IGNORECASE)


def _content_first(text: str, whole: Span, cue: Span) -> Attribution | None:
    """`CONTENT, SOURCE said.`: the cue ends the sentence."""
    start = max(whole.start, cue.start - 120)
    told = _TOLD_AFTER.search(text[start : cue.start])
    if told is None:
        return None
    source = tightened(text, start + told.start(1), start + told.end(1))
    content = tightened(text, whole.start, start + told.start())
    if source is None or content is None or len(content.of(text).split()) < 3:
        return None
    if _NO_SOURCE.match(source.of(text)) or _CONJUNCTION_FIRST.search(source.of(text)):
        return None
    return Attribution(source, cue, content, is_quoted=False, rule="content-first")


_OPEN_ENDED = re.compile(r"(?:^|\s)(?:and|but|or)$")
_LONGEST_SUBJECT = 14


def _subject_before(text: str, whole: Span, cue: Span, patterns: _Patterns) -> Span | None:
    """The noun phrase before a cue: back to a mark or conjunction, over adverbs and asides."""
    before = text[max(whole.start, cue.start - _FURTHEST) : cue.start]
    offset = cue.start - len(before)
    helped = patterns.auxiliary.search(before)
    before = (before if helped is None else before[: helped.start()]).rstrip()
    relative = patterns.relative.search(before)
    if relative is not None:
        before = before[: relative.start()].rstrip(" ,")
    elif before.endswith(","):
        aside = _AROUND.search(before)
        if aside is None:
            return None
        before = before[: aside.start()]
    boundary = _BOUNDARY if relative is None else _RELATIVE_BOUNDARY
    start = max((found.end() for found in boundary.finditer(before)), default=0)
    is_participle = cue.of(text).lower().endswith("ing")
    for lead in (_SHOWING.search(before[start:]) if is_participle else None,
                 _LEADING.match(before[start:])):  # fmt: skip
        start += 0 if lead is None else lead.end()
    return _named(text, offset + start, offset + len(before), patterns)


_FURTHEST = 400
"""Code points before a cue in which its subject is looked for."""


def _named(text: str, start: int, end: int, patterns: _Patterns) -> Span | None:
    """A span that can name somebody, without a conjunction before it; None otherwise."""
    subject = tightened(text, start, end)
    if subject is None or _OPEN_ENDED.search(subject.of(text)):
        return None
    lead = patterns.conjunction.match(subject.of(text))
    if lead is not None:
        subject = Span(subject.start + lead.end(), subject.end)
    words = subject.of(text)
    if _NO_SOURCE.match(words) or patterns.turned.search(words):
        return None
    if any(one.lower() in patterns.frames for one in words.split()):
        return None
    if not words or len(words.split()) > _LONGEST_SUBJECT or not _names_somebody(words):
        return None
    return subject


_NOBODY = re.compile(
    r"^(?:to|of|it|there|what|which|this|that|not|in|on|at|by|for|with|the)$", re.IGNORECASE
)


_NO_SOURCE = re.compile(
    r"(?:no|nobody|none|neither|nor|without|instead|having|being|there|which|that|what|as|by|in|on|"
    r"at|has|have|had|is|are|was|were|it\s+(?:is|was))\b|no\s+one\b|"
    r".*\b(?:was|were)\s+quoted\b|.*\s(?:of|as|its|their|his|her|to|for|with|that|than|from)$",
    re.IGNORECASE,
)


def _names_somebody(words: str) -> bool:
    return bool(re.search(r"\w", words)) and _NOBODY.match(words) is None and words[0] != "-"


_GOING_ON = re.compile(r"(?:,|\s)(?:and|but)(?:\s+\w+ly)?$")
_CLAUSE_END = re.compile(r"[,;:\u2014\u201c\"]|\.$")


def _is_continued(text: str, whole: Span, cue: Span) -> bool:
    """Whether a cue goes on after another one: "claimed ... and added", ", saying"."""
    before = text[whole.start : cue.start].rstrip()
    return before.endswith(",") or _GOING_ON.search(before) is not None


def _clause_end(text: str, start: int, end: int) -> int:
    """The first mark that ends a clause, or the end."""
    found = _CLAUSE_END.search(text, start, end)
    return end if found is None else found.start()
