"""The attributions of a whole text: by patterns, and by grammar where sentences are parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pollwitness.reading.attribution import Attribution, sentence_attributions
from pollwitness.reading.parsed import Parse, parsed_attributions
from pollwitness.reading.quotations import resumed, signed
from pollwitness.reading.spans import Span

_KEPT = frozenset({"quote-first", "according", "signed"})
"""Rules whose findings a parse does not better."""


def attributions(
    text: str, sentences: Sequence[Span], parse: Parse | None = None, *, language: str = "en"
) -> list[Attribution]:
    """The attributions of the sentences of a text, in the order of their cues.

    ``sentences`` are those of :func:`~pollwitness.reading.quotations.with_calls`. Without
    ``parse`` only patterns are used.
    """
    found: list[Attribution] = []
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1 : number + 21]
        own = sentence_attributions(text, sentence, language=language)
        found += [resumed(text, one, sentence, following) for one in own]
    found += signed(text)
    if parse is not None:
        found = _joined(found, parsed_attributions(text, sentences, parse, language=language))
    return sorted(found, key=lambda one: (one.cue, one.content))


def _joined(patterns: Sequence[Attribution], parses: Sequence[Attribution]) -> list[Attribution]:
    """Both tiers as one: where a cue is found by both, the parse counts, but for quotations."""
    kept = {
        place for one in patterns if one.rule in _KEPT
        for place in range(one.cue.start, one.cue.end)
    }  # fmt: skip
    parsed = [
        one for one in parses
        if one.cue.start not in kept
    ]  # fmt: skip
    places = {one.cue.start: place for place, one in enumerate(patterns)}
    parsed = [_cut(one, patterns, places) for one in parsed]
    cues = {place for one in parsed for place in range(one.cue.start, one.cue.end)}
    return [
        one for one in patterns
        if one.rule in _KEPT or cues.isdisjoint(range(one.cue.start, one.cue.end))
    ] + parsed  # fmt: skip


def _cut(
    one: Attribution, patterns: Sequence[Attribution], places: Mapping[int, int]
) -> Attribution:
    """The attribution without what its speaker goes on to say by another verb.

    "added that A and maintained that B" is two statements, whatever the parse joins.
    """
    place = places.get(one.cue.start)
    if place is None:
        return one
    other = patterns[place]
    if other.content.start != one.content.start or other.content.end >= one.content.end:
        return one
    goes_on = any(
        other.content.end < again.cue.start < one.content.end and again.source == other.source
        for again in patterns[place + 1 : place + 1 + _MOST_VERBS]
    )
    return replace(one, content=other.content) if goes_on else one


_MOST_VERBS = 10
"""Attributions behind another one that may go on with it."""
