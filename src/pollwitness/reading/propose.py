"""Proposals: the quantified claims and the attributed statements of a text, each with its spans.

A proposal is no claim: a person confirms, edits or rejects it. Nothing is guessed: no source where
no words name one, no day where the text has no day of publication. Claims may have been missed.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pollwitness.reading.attribution import Attribution
from pollwitness.reading.circumstances import Circumstances, Mark, circumstances, oddities
from pollwitness.reading.dates import DateMention, dates
from pollwitness.reading.parsed import Parse
from pollwitness.reading.quantities import PERCENT, QuantityMention, quantities
from pollwitness.reading.quotations import with_calls
from pollwitness.reading.spans import Span, sentences
from pollwitness.reading.speakers import Speaker, speakers
from pollwitness.reading.statements import attributions
from pollwitness.reading.words import Unit, either, words_of

VOTE_SHARE, TURNOUT = "vote_share_percent", "turnout_percent"
_OF_THE_VOTE = re.compile(r"\s*(?:of\s+the\s+(?:\w+\s+)?votes?\b|of\s+votes\b)", re.IGNORECASE)
_ELECTION = re.compile(r"\b(?:won|wins|winning|received|election|vote|poll)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]\s|\s+(?:and|but|while|after|before|amid)\s+")
_CLAUSE_WITHIN = 300
"""Code points around a number in which its clause ends."""
_NOUN_WITHIN = 60
"""Code points behind a number in which the noun that it counts is looked for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One statement of a text.

    ``content`` is what is stated, ``core`` the clause of it with the figure, ``quantity`` the
    figure if any, ``unit`` what is counted, ``source`` who states it and ``cue`` the words that
    say so (None where the text itself does), ``speaker`` who that is as far as the text tells,
    ``date`` the day that the text names for it, ``rules`` what found all this.
    """

    sentence: Span
    content: Span
    core: Span
    quantity: QuantityMention | None
    unit: str | None
    unit_span: Span | None
    source: Span | None
    cue: Span | None
    speaker: Speaker
    is_quoted: bool
    date: DateMention | None
    circumstances: Circumstances
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text: proposals in its order, and what is odd in it."""

    proposals: tuple[Proposal, ...]
    oddities: tuple[Mark, ...]
    sentences: int


def read_text(
    text: str, published: datetime.date | None, parse: Parse | None = None, *, language: str = "en"
) -> Reading:
    """The proposals of a text, in its order; by patterns, and by grammar too with ``parse``."""
    parts = with_calls(text, sentences(text))
    stated = attributions(text, parts, parse, language=language)
    starts = [one.cue.start for one in stated]
    found: list[Proposal] = []
    odd: list[Mark] = []
    for sentence in parts:
        own = stated[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        days = dates(text, sentence, published)
        figures = [
            one for one in quantities(text, sentence, language=language)
            if not any(one.span.overlaps(day.span) for day in days)
        ]  # fmt: skip
        found += _of_sentence(_Place(text, sentence, own, days, language), figures)
        odd += oddities(text, sentence, figures, days, language=language)
    found = _with_speakers(text, sorted(found, key=_order), language)
    odd += [mark for one in found for mark in one.circumstances.oddities]
    marks = sorted(set(odd), key=lambda one: (one.span, one.rule))
    return Reading(tuple(found), tuple(marks), len(parts))


def _order(one: Proposal) -> tuple[Span, bool, Span]:
    place = one.content if one.quantity is None else one.quantity.span
    return one.content, one.quantity is None, place


def _with_speakers(text: str, found: Sequence[Proposal], language: str) -> list[Proposal]:
    """The proposals with who their sources are, as far as the text tells."""
    by_source = {one.source: one.source for one in found if one.source is not None}
    sources = sorted(by_source)
    known = dict(zip(sources, speakers(text, sources, language=language), strict=True))
    return [one if one.source is None else replace(one, speaker=known[one.source]) for one in found]


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence with who is said to state things in it, and its dates."""

    text: str
    sentence: Span
    stated: Sequence[Attribution]
    days: Sequence[DateMention]
    language: str


_NOBODY = Speaker(None, (), "none")


def _of_sentence(place: _Place, figures: Sequence[QuantityMention]) -> Iterator[Proposal]:
    with_figure: set[Span] = set()
    last: str | None = None
    for figure in figures:
        unit = _unit(place, figure)
        if unit[0] is None and last is not None and _goes_on(place, figure):
            unit = last, None
        last = unit[0] or last
        one = _quantified(place, figure, unit)
        if one is not None:
            with_figure |= set() if one.cue is None else {one.cue}
            yield one
    for stated in place.stated:
        if stated.cue not in with_figure:
            yield _proposal(place, stated.content, stated, None, (None, None))


def _goes_on(place: _Place, figure: QuantityMention) -> bool:
    """Whether a figure counts what the one before it did: "131 of them", "down from 2,300"."""
    counted = _counted(place.language)
    before = place.text[max(place.sentence.start, figure.span.start - 20) : figure.span.start]
    same = counted.same.match(place.text, figure.span.end, place.sentence.end)
    return figure.unit is None and bool(same or counted.than.search(before))


def _quantified(
    place: _Place, figure: QuantityMention, unit: tuple[str | None, Span | None]
) -> Proposal | None:
    """A figure with what it counts and who states it; None where it counts nothing we know."""
    if unit[0] is None:
        return None
    holding = [
        one for one in place.stated
        if one.content.start <= figure.span.start and figure.span.end <= one.content.end
    ]  # fmt: skip
    inner = min(holding, key=lambda one: one.content.end - one.content.start, default=None)
    core = _clause(place.text, place.sentence, figure.span)
    return _proposal(place, core if inner is None else inner.content, inner, figure, unit)


def _proposal(
    place: _Place, content: Span, stated: Attribution | None, figure: QuantityMention | None,
    unit: tuple[str | None, Span | None],
) -> Proposal:  # fmt: skip
    core = content
    if figure is not None:
        clause = _clause(place.text, place.sentence, figure.span)
        core = Span(max(clause.start, content.start), max(min(clause.end, content.end),
                                                          figure.span.end))  # fmt: skip
    rules = tuple(
        ([] if figure is None else [figure.rule]) + ([] if stated is None else [stated.rule])
    )
    return Proposal(
        place.sentence, content, core, figure, unit[0], unit[1],
        None if stated is None else stated.source, None if stated is None else stated.cue,
        _NOBODY, stated is not None and stated.is_quoted, _nearest(place.days, core, content),
        circumstances(place.text, place.sentence, content, stated, figure,
                      language=place.language),
        rules,
    )  # fmt: skip


def _nearest(days: Sequence[DateMention], core: Span, content: Span) -> DateMention | None:
    """The date within a clause, else the first one of its content, or the only one around."""
    for part in (core, content):
        inside = [day for day in days if day.span.overlaps(part)]
        if inside:
            return inside[0]
    return days[0] if len(days) == 1 else None


def _unit(place: _Place, figure: QuantityMention) -> tuple[str | None, Span | None]:
    """What a figure counts: by the noun behind it, and by what happened to these people."""
    text, sentence = place.text, place.sentence
    counted = _counted(place.language)
    if figure.unit == PERCENT:
        of_vote = _OF_THE_VOTE.match(text, figure.span.end, sentence.end)
        if of_vote is not None:
            return VOTE_SHARE, Span(figure.span.end, of_vote.end())
        return _of_share(place, figure, counted), figure.unit_span
    if figure.unit is not None:
        return None, None
    if figure.low is not None and figure.low < 1:
        return _of_part(place, figure, counted)
    near = Span(figure.span.end, min(figure.span.end + _NOUN_WITHIN, sentence.end))
    noun = _first_of(counted.units, text, near)
    clause = _clause(text, sentence, figure.span)
    name = None if noun is None else noun[0]
    if name in {None, "people", "protesters"}:
        event = _first_of(counted.events, text, Span(figure.span.end, clause.end))
        behind = event or _first_of(counted.events, text, clause)
        if behind is not None and (noun is not None or event is not None):
            name = behind[0]
    return (None, None) if name == _OTHER else (name, None if noun is None else noun[1])


_OTHER = "other"
"""The unit of nouns that look like a unit of ours and are none: police stations."""


def _of_part(
    place: _Place, figure: QuantityMention, counted: _Counted
) -> tuple[str | None, Span | None]:
    """What a part is of: "a third of the vote", "turnout was two thirds"; else nothing of ours."""
    of_vote = _OF_THE_VOTE.match(place.text, figure.span.end, place.sentence.end)
    if of_vote is not None:
        return VOTE_SHARE, Span(figure.span.end, of_vote.end())
    clause = _clause(place.text, place.sentence, figure.span)
    is_turnout = counted.turnout.search(place.text, clause.start, figure.span.start) is not None
    return (TURNOUT if is_turnout else None), None


def _of_share(place: _Place, figure: QuantityMention, counted: _Counted) -> str:
    """What a percentage is of, by the words around it."""
    clause = _clause(place.text, place.sentence, figure.span)
    words = "" if figure.unit_span is None else figure.unit_span.of(place.text)
    lead = place.text[max(clause.start, figure.span.start - 16) : figure.span.start]
    if "point" in words or counted.change.search(lead):
        return "margin_points"
    if counted.turnout.search(place.text, clause.start, clause.end):
        return TURNOUT
    is_election = figure.rule == "share" and _ELECTION.search(
        place.text, place.sentence.start, place.sentence.end
    )
    return VOTE_SHARE if is_election else PERCENT


_Named = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted by its nouns, and by what happened, as patterns."""

    units: _Named
    events: _Named
    turnout: re.Pattern[str]
    same: re.Pattern[str]
    than: re.Pattern[str]
    change: re.Pattern[str]


@lru_cache(maxsize=4)
def _counted(language: str) -> _Counted:
    words = words_of(language)
    share = words.circumstances["share_of"]
    lead = r"^[\s-]*(?:\S+\s+){0,3}?"
    return _Counted(
        tuple((one.name, _pattern(one, lead)) for one in words.units),
        tuple((one.name, _pattern(one, "")) for one in words.events),
        re.compile(rf"(?<!\w)(?:{either(share['turnout'])})(?!\w)", re.IGNORECASE),
        re.compile(rf"\s+(?:{either(share['same'])})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{either(share['than'])})\s+$", re.IGNORECASE),
        re.compile(
            rf"(?<!\w)(?:{either(words.circumstances['scope']['change'])})\s+$", re.IGNORECASE
        ),
    )


def _pattern(unit: Unit, lead: str) -> re.Pattern[str]:
    return re.compile(rf"{lead}(?<![\w-])({either(unit.words)})(?![\w-])", re.IGNORECASE)


def _first_of(units: _Named, text: str, within: Span) -> tuple[str, Span] | None:
    """The unit whose words come first within a part of a text."""
    part = text[within.start : within.end]
    hits = [(name, hit) for name, one in units if (hit := one.search(part)) is not None]
    if not hits:
        return None
    name, hit = min(hits, key=lambda one: (one[1].start(1), -one[1].end(1)))
    return name, Span(within.start + hit.start(1), within.start + hit.end(1))


def _clause(text: str, sentence: Span, inside: Span) -> Span:
    """The part of a sentence between commas and conjunctions that holds a span."""
    start = max(sentence.start, inside.start - _CLAUSE_WITHIN)
    end = min(sentence.end, inside.end + _CLAUSE_WITHIN)
    for mark in _CLAUSE.finditer(text, start, end):
        if mark.end() <= inside.start:
            start = mark.end()
        elif mark.start() >= inside.end:
            end = mark.start()
            break
    while end > start and text[end - 1] in ".!? ":
        end -= 1
    return Span(start, max(end, inside.end))
