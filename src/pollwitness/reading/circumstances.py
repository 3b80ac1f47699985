"""How a statement is made: asserted, denied, promised, hedged; on what basis; what is odd in it.

Nothing here changes a claim: these are marks for the person who decides on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pollwitness.language import mark
from pollwitness.quantities import Comparator
from pollwitness.reading.attribution import Attribution
from pollwitness.reading.dates import DateMention
from pollwitness.reading.quantities import PERCENT, QuantityMention
from pollwitness.reading.spans import Span
from pollwitness.reading.words import Oddity, Words, either, words_of


class Modality(StrEnum):
    """What a speaker does with a content."""

    ASSERTED = "asserted"
    DENIAL = "denial"
    NOT_ASSERTED = "not_asserted"
    BELIEF = "belief"
    COMMITMENT = "commitment"
    DIRECTIVE = "directive"
    ACCUSATION = "accusation"
    CONDITIONAL = "conditional"
    SLOGAN = "slogan"
    MEDIA_EVIDENCE = "media_evidence"


class Polarity(StrEnum):
    """Whether a content is affirmed or denied; ``unclear`` where two denials meet, or none said."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text with the rule that marks it, and what it tells the reader."""

    span: Span
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a statement is made."""

    modality: Modality
    polarity: Polarity
    hedges: tuple[Span, ...]
    basis: Span | None
    place: Span | None
    oddities: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Patterns:
    negated_cue: re.Pattern[str]
    no_evidence: re.Pattern[str]
    negation: re.Pattern[str]
    hedge: re.Pattern[str]
    conditional: re.Pattern[str]
    promised: re.Pattern[str]
    basis: re.Pattern[str]
    place: re.Pattern[str]
    personal: re.Pattern[str]
    groups: re.Pattern[str]
    modality: dict[str, Modality]
    unreal: re.Pattern[str]
    around: re.Pattern[str]
    refuting: re.Pattern[str]
    not_that: re.Pattern[str]
    oddities: tuple[tuple[Oddity, re.Pattern[str], re.Pattern[str] | None], ...]


def _word(words: frozenset[str] | tuple[str, ...]) -> str:
    return rf"(?<![\w-])(?:{either(words)})(?![\w-])"


@lru_cache(maxsize=4)
def _patterns(language: str) -> _Patterns:
    words = words_of(language)
    said = words.circumstances
    named = r"(?:[Tt]he\s+)?[A-Z][\w'\u2019-]+(?:\s+(?:of\s+)?[A-Z][\w'\u2019-]+){0,3}"
    before = either(said["places"]["before"])
    return _Patterns(
        re.compile(rf"(?<![\w-])(?:{either(said['negation']['cue'])})(?:\s+\w+)?\s+$",
                   re.IGNORECASE),
        re.compile(_word(said["negation"]["none"]), re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{either(said['negation']['content'])})(?!\w)|n['\u2019]t(?!\w)",
                   re.IGNORECASE),
        re.compile(_word(said["hedges"]["words"]), re.IGNORECASE),
        re.compile(_word(said["hedges"]["conditional"]), re.IGNORECASE),
        re.compile(_word(said["hedges"]["promised"]), re.IGNORECASE),
        re.compile(_word(said["basis"]["words"]), re.IGNORECASE),
        re.compile(rf"(?<!\w)(?i:{before})\s+({named}(?:\s+(?:{either(said['places']['levels'])}))?"
                   rf"|{either(said['places']['words'])})(?!\w)"),
        re.compile(r"(?<![\w-])(?:his|her)(?![\w-])", re.IGNORECASE),
        re.compile(_word(said["speakers"]["groups"]), re.IGNORECASE),
        {form: Modality(name) for name, forms in said["modality"].items() for form in forms},
        re.compile(_word(said["hedges"]["unreal"]), re.IGNORECASE),
        re.compile(rf"{_word(said['negation']['around'])}|n['\u2019]t(?!\w)", re.IGNORECASE),
        re.compile(_word(said["negation"]["refuting"]), re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{either(said['negation']['not_that'])})\s+$",
                   re.IGNORECASE),
        tuple(_odd(one) for one in words.oddities),
    )  # fmt: skip


def _odd(one: Oddity) -> tuple[Oddity, re.Pattern[str], re.Pattern[str] | None]:
    near = re.compile(either(one.near), re.IGNORECASE) if one.near else None
    then = rf"\s+(?:\w+\s+){{0,3}}?{_word(one.then)}" if one.then else ""
    return one, re.compile(_word(one.words) + then), near


def circumstances(
    text: str, sentence: Span, content: Span, stated: Attribution | None,
    figure: QuantityMention | None, *, language: str = "en",
) -> Circumstances:  # fmt: skip
    """How a content of a sentence is stated."""
    patterns = _patterns(language)
    modality = _modality(text, sentence, content, stated, figure, patterns)
    basis = patterns.basis.search(text, sentence.start, sentence.end)
    words_known = words_of(language)
    place = _place(text, content, patterns, words_known) or _place(
        text, Span(sentence.start, max(content.start, sentence.start)), patterns, words_known
    )
    hedges = tuple(
        Span(*one.span()) for one in patterns.hedge.finditer(text, content.start, content.end)
    )
    polarity = _polarity(text, (sentence, content), modality, stated, figure, patterns)
    return Circumstances(
        modality, polarity, hedges,
        None if basis is None else Span(*basis.span()), place,
        tuple(_of_source(text, sentence, stated, patterns)),
    )  # fmt: skip


def _modality(
    text: str, sentence: Span, content: Span, stated: Attribution | None,
    figure: QuantityMention | None, patterns: _Patterns,
) -> Modality:  # fmt: skip
    """What is done with a content; with a figure, its clause tells too, whoever says it."""
    if figure is not None and _is_unreal(text, sentence, content, figure, patterns):
        return Modality.CONDITIONAL
    if stated is None:
        return Modality.ASSERTED
    lead = text[max(sentence.start, stated.cue.start - _LEAD) : stated.cue.start]
    if patterns.negated_cue.search(lead) or patterns.no_evidence.search(lead):
        return Modality.NOT_ASSERTED
    found = patterns.modality.get(" ".join(stated.cue.of(text).lower().split()))
    return _of_words(content.of(text), patterns) if found is None else found


def _of_words(content: str, patterns: _Patterns) -> Modality:
    """The modality of a content by how it begins."""
    words = content.removeprefix("that ").lstrip('\u201c"')
    if patterns.conditional.match(words):
        return Modality.CONDITIONAL
    promised = patterns.promised.search(words[:_OPENING])
    return Modality.ASSERTED if promised is None else Modality.COMMITMENT


def _is_unreal(
    text: str, sentence: Span, content: Span, figure: QuantityMention, patterns: _Patterns
) -> bool:
    """Whether a figure is asked, supposed, demanded or foreseen, and not said to be."""
    if text[sentence.start : sentence.end].rstrip("\u201d\"' ").endswith("?"):
        return True
    start = max(content.start, figure.span.start - _NEAR_FIGURE)
    end = min(content.end, figure.span.end + _BEHIND)
    return patterns.unreal.search(text, start, end) is not None


_LEAD = 40
_NEAR_FIGURE = 120
_BEHIND = 25
"""Code points before and behind a figure in which its own verb is looked for."""
_OPENING = 45
"""Code points at the beginning of a content in which its own verb is looked for."""


def _polarity(
    text: str, place: tuple[Span, Span], modality: Modality, stated: Attribution | None,
    figure: QuantityMention | None, patterns: _Patterns,
) -> Polarity:  # fmt: skip
    """Whether a content is affirmed: where anything else turns it round, that is unclear."""
    sentence, content = place
    if modality is Modality.NOT_ASSERTED:
        return Polarity.UNCLEAR
    if figure is None:
        end = min(content.end, content.start + _OPENING)
        negated = patterns.negation.search(text, content.start, end) is not None
        if modality is Modality.DENIAL:
            return Polarity.UNCLEAR if negated else Polarity.DENIED
        return Polarity.DENIED if negated else Polarity.AFFIRMED
    return _of_figure(text, sentence, content, stated, figure, patterns)


_CLAUSE_STOP = re.compile(r"[;,:]|\s(?:and|but|while)\s")


def _of_figure(
    text: str, sentence: Span, content: Span, stated: Attribution | None,
    figure: QuantityMention, patterns: _Patterns,
) -> Polarity:  # fmt: skip
    hits = patterns.around.finditer(text, sentence.start, figure.span.start)
    before = [Span(*one.span()) for one in hits]
    behind = patterns.refuting.search(text, figure.span.end, sentence.end)
    near = patterns.not_that.search(text[max(sentence.start, figure.span.start - 16) :
                                         figure.span.start])  # fmt: skip
    own_end = _CLAUSE_STOP.search(text, figure.span.end, content.end)
    end = content.end if own_end is None else own_end.start()
    turned = patterns.around.search(text, figure.span.end, min(figure.span.end + _LEAD, end))
    if behind is not None or near is not None or turned is not None or len(before) > 1:
        return Polarity.UNCLEAR
    if not before:
        return Polarity.AFFIRMED
    (one,) = before
    is_denial = stated is not None and stated.cue.overlaps(one)
    own = content.start <= one.start and patterns.negation.match(text, one.start) is not None
    return Polarity.DENIED if is_denial or own else Polarity.UNCLEAR


def _place(text: str, content: Span, patterns: _Patterns, words: Words) -> Span | None:
    no_places = {*words.months, *words.weekdays}
    for found in patterns.place.finditer(text, content.start, content.end):
        if re.split(r"[\s'\u2019]", found[1])[0].lower() not in no_places:
            return Span(*found.span(1))
    return None


def _of_source(
    text: str, sentence: Span, stated: Attribution | None, patterns: _Patterns
) -> Iterator[Mark]:
    """A group that the text goes on to call he or she."""
    if stated is None or stated.source is None:
        return
    group = patterns.groups.search(text, stated.source.start, stated.source.end)
    basis = patterns.basis.search(text, stated.cue.end, sentence.end)
    if group is None or basis is None:
        return
    personal = patterns.personal.search(basis[0])
    if personal is not None:
        yield Mark(
            Span(*basis.span()), "person_for_a_group",
            mark("A group is spoken of as he or she: no person is meant by it."),
        )  # fmt: skip


_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_STRAY = re.compile(r"[.!?]\s+[.,;:](?=\s|$)")


def oddities(
    text: str, sentence: Span, figures: list[QuantityMention], days: list[DateMention],
    *, language: str = "en",
) -> list[Mark]:  # fmt: skip
    """What is odd in a sentence, whoever says it: flagged, never repaired."""
    patterns = _patterns(language)
    stray = mark("A mark stands alone: words may be missing here.")
    found = [
        Mark(Span(*hit.span()), "stray_mark", stray)
        for hit in _STRAY.finditer(text, sentence.start, min(sentence.end + 3, len(text)))
    ]
    hidden = mark("A character that cannot be seen, or that turns others round, stands here.")
    found += [
        Mark(Span(*hit.span()), "hidden_character", hidden)
        for hit in _HIDDEN.finditer(text, sentence.start, sentence.end)
    ]
    for odd, pattern, near in patterns.oddities:
        if near is None or near.search(text, sentence.start, sentence.end):
            found += [
                Mark(Span(*hit.span()), odd.id, odd.note)
                for hit in pattern.finditer(text, sentence.start, sentence.end)
            ]
    found += [
        Mark(one.span, "above_100_percent", mark("More than 100 percent of a whole."))
        for one in figures
        if one.unit == PERCENT and one.low is not None and one.low > _WHOLE
        and one.comparator is not Comparator.AT_MOST
    ]  # fmt: skip
    found += [
        Mark(one.span, "weekday_of_another_day", mark("This day was another day of the week."))
        for one in days if _is_of_another_weekday(text, one, words_of(language))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.span, one.rule))


_WHOLE = 100


def _is_of_another_weekday(text: str, day: DateMention, words: Words) -> bool:
    """Whether a date names a weekday that it was not: "Friday, 13 August 2020"."""
    named = re.match(r"\w+", day.span.of(text))
    if named is None or day.first is None or day.rule == "weekday":
        return False
    name = named[0].lower()
    return name in words.weekdays and words.weekdays.index(name) != day.first.weekday()
