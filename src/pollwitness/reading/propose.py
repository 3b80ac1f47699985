"""Proposals: the quantified claims and the attributed statements of a text, each with its spans.

A proposal is no claim: a person confirms, edits or rejects it. Nothing is guessed: no source where
no words name one, no day where the text has no day of publication. Claims may have been missed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pollwitness.reading.attribution import Attribution, attributions
from pollwitness.reading.dates import DateMention, dates
from pollwitness.reading.quantities import PERCENT, QuantityMention, quantities
from pollwitness.reading.spans import Span, sentences
from pollwitness.reading.words import Unit, either, words_of

VOTE_SHARE = "vote_share_percent"
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

    ``content`` is what is stated, ``quantity`` the figure in it if any, ``unit`` what is counted,
    ``source`` who states it and ``cue`` the words that say so (None where the text itself does),
    ``date`` the day that the text names for it.
    """

    sentence: Span
    content: Span
    quantity: QuantityMention | None
    unit: str | None
    unit_span: Span | None
    source: Span | None
    cue: Span | None
    is_quoted: bool
    date: DateMention | None
    rules: tuple[str, ...]


def proposals(
    text: str, published: datetime.date | None, *, language: str = "en"
) -> list[Proposal]:
    """The proposals of a text, in its order."""
    parts = sentences(text)
    stated = attributions(text, parts, language=language)
    found: list[Proposal] = []
    for sentence in parts:
        own = [one for one in stated if sentence.start <= one.cue.start < sentence.end]
        days = dates(text, sentence, published)
        figures = quantities(text, sentence, language=language)
        counted = [
            _quantified(text, sentence, figure, own, days, language)
            for figure in figures
            if not any(figure.span.overlaps(day.span) for day in days)
        ]
        found += [one for one in counted if one is not None]
        found += [
            Proposal(sentence, one.content, None, None, None, one.source, one.cue, one.is_quoted,
                     _nearest(days, one.content), (one.rule,))
            for one in own
            if not any(each is not None and each.cue == one.cue for each in counted)
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.content, one.quantity is None, _place(one)))


def _place(one: Proposal) -> Span:
    return one.content if one.quantity is None else one.quantity.span


def _quantified(
    text: str, sentence: Span, figure: QuantityMention, stated: Sequence[Attribution],
    days: Sequence[DateMention], language: str,
) -> Proposal | None:  # fmt: skip
    """A figure with what it counts and who states it; None where it counts nothing we know."""
    unit, unit_span = _unit(text, sentence, figure, language)
    if unit is None:
        return None
    holding = [
        one for one in stated
        if one.content.start <= figure.span.start and figure.span.end <= one.content.end
    ]  # fmt: skip
    inner = min(holding, key=lambda one: one.content.end - one.content.start, default=None)
    content = _clause(text, sentence, figure.span) if inner is None else inner.content
    rules = (figure.rule,) if inner is None else (figure.rule, inner.rule)
    return Proposal(
        sentence, content, figure, unit, unit_span,
        None if inner is None else inner.source, None if inner is None else inner.cue,
        inner is not None and inner.is_quoted, _nearest(days, content), rules,
    )  # fmt: skip


def _nearest(days: Sequence[DateMention], content: Span) -> DateMention | None:
    """The date within a content, else the only one of its sentence."""
    inside = [day for day in days if day.span.overlaps(content)]
    if inside:
        return inside[0]
    return days[0] if len(days) == 1 else None


def _unit(
    text: str, sentence: Span, figure: QuantityMention, language: str
) -> tuple[str | None, Span | None]:
    """What a figure counts: by the noun behind it, and by what happened to these people."""
    units, events = _counted(language)
    if figure.unit == PERCENT:
        of_vote = _OF_THE_VOTE.match(text, figure.span.end, sentence.end)
        if of_vote is not None:
            return VOTE_SHARE, Span(figure.span.end, of_vote.end())
        is_election = figure.rule == "share" and _ELECTION.search(
            text, sentence.start, sentence.end
        )
        return (VOTE_SHARE if is_election else PERCENT), figure.unit_span
    if figure.unit is not None:
        return None, None
    near = Span(figure.span.end, min(figure.span.end + _NOUN_WITHIN, sentence.end))
    noun = _first_of(units, text, near)
    clause = _clause(text, sentence, figure.span)
    name = None if noun is None else noun[0]
    if name in {None, "people", "protesters"}:
        event = _first_of(events, text, Span(figure.span.end, clause.end))
        behind = event or _first_of(events, text, clause)
        if behind is not None and (noun is not None or event is not None):
            name = behind[0]
    return name, None if noun is None else noun[1]


_Named = tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=4)
def _counted(language: str) -> tuple[_Named, _Named]:
    """What is counted by its nouns, and by what happened, as patterns."""
    words = words_of(language)
    lead = r"^[\s-]*(?:\S+\s+){0,3}?"
    return (
        tuple((one.name, _pattern(one, lead)) for one in words.units),
        tuple((one.name, _pattern(one, "")) for one in words.events),
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
