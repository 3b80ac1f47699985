"""Quotations over several sentences: what follows its speaker, and what is signed by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pollwitness.reading.attribution import OPENED, QUOTE, Attribution
from pollwitness.reading.spans import Span

_MOST_GOING_ON = 20
"""Sentences behind a quotation that may go on with it."""
_SIGNED = re.compile(
    r"([\u201c\u201d\"\u00ab][^\u201c\u201d\"\u00ab\u00bb]{15,2000}[\u201d\"\u00bb])"
    r"\s*([\u2012-\u2015]|--)\s*(\w[^\n,.;:!?]{2,60}?)\s*(?=[\n,]|$)"
)
_RESUMED = re.compile(r",?\s+(?=[\u201c\"\u00ab])")
_CALL = re.compile(r"[?!\u2026][\u201d\"\u00bb]\s*$")


def signed(text: str) -> Iterator[Attribution]:
    """Quotations with a dash and a name behind them, as letters and posters have them."""
    for found in _SIGNED.finditer(text):
        yield Attribution(
            Span(*found.span(3)), Span(*found.span(2)), Span(*found.span(1)), is_quoted=True,
            rule="signed",
        )  # fmt: skip


def with_calls(text: str, sentences: Sequence[Span]) -> list[Span]:
    """The sentences, a short one that only names the speaker joined to the question before it.

    "How many times?" she said. ends two sentences by its marks, and says one thing.
    """
    joined: list[Span] = []
    for sentence in sentences:
        before = joined[-1] if joined else None
        if before is not None and _belongs(text, before, sentence):
            joined[-1] = Span(before.start, sentence.end)
        else:
            joined.append(sentence)
    return joined


def _belongs(text: str, before: Span, sentence: Span) -> bool:
    near = text[max(before.start, before.end - 3) : before.end]
    gap = text[before.end : sentence.start]
    is_short = sentence.end - sentence.start <= _LONGEST_CALL
    return bool(
        is_short and "\n" not in gap and text[sentence.start] not in OPENED and _CALL.search(near)
    )


_LONGEST_CALL = 80


def resumed(text: str, one: Attribution, sentence: Span, following: Sequence[Span]) -> Attribution:
    """The attribution with what its quotation goes on to say.

    That is behind the speaker in the same sentence, and in the sentences of the same paragraph
    that are quotations and nothing else.
    """
    if one.rule != "quote-first":
        return one
    end = one.content.end
    before = max(one.cue.end, end if one.source is None else one.source.end)
    again = _RESUMED.match(text, before, sentence.end)
    if again is not None:
        quote = QUOTE.match(text, again.end(), sentence.end)
        if quote is not None:
            end = before = quote.end()
    for number, other in enumerate(following[:_MOST_GOING_ON]):
        between = text[before : other.start]
        if text[other.start] not in OPENED or "\n\n" in between or len(between) > 80:
            break
        quote = QUOTE.match(text, other.start, other.end)
        if quote is None or (quote.end() < other.end - 1 and number == 0):
            break
        end = before = quote.end()
    return replace(one, content=Span(one.content.start, end))
