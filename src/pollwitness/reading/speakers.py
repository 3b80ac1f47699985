"""Who a source is: the same one as an earlier mention, or one of several candidates.

A name is linked to the fuller name that holds it ("Karaev", "Interior Minister Yuri Karaev"). A
pronoun or a description is never resolved by a guess: those who were named before are candidates,
the nearest first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pollwitness.reading.spans import Span
from pollwitness.reading.words import Words, words_of

_MOST = 3
"""Candidates that are kept."""
_Named = tuple[Span, str]
_WITHIN = 2_000
"""Code points before a mention in which candidates are looked for."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a source may be.

    ``span`` is the mention that names the source best: itself, or an earlier one that it is linked
    to; None where only ``candidates`` are known. ``rule`` says how.
    """

    span: Span | None
    candidates: tuple[Span, ...]
    rule: str


def speakers(text: str, sources: Sequence[Span | None], *, language: str = "en") -> list[Speaker]:
    """Who each of the sources of a text is, in the order of the text."""
    words = words_of(language)
    named: list[_Named] = []
    found: list[Speaker] = []
    for source in sources:
        if source is None:
            found.append(Speaker(None, (), "none"))
            continue
        recent = [one for one in named[-_MEMORY:] if source.start - one[0].start <= _WITHIN]
        speaker = _speaker(text, source, recent, words)
        found.append(speaker)
        if speaker.span == source:
            named.append((source, _name_in(source.of(text), words)))
    return found


_MEMORY = 40


def _speaker(text: str, source: Span, named: Sequence[_Named], words: Words) -> Speaker:
    said = words.circumstances["speakers"]
    lower = source.of(text).lower()
    if lower in said["things"] and lower not in said["several"]:
        return Speaker(None, (), "thing")
    if lower in said["persons"] or lower in said["several"]:
        is_person = lower in said["persons"]
        fitting = [one for one, _key in named if not is_person or _is_person(one, text, words)]
        return Speaker(None, _nearest(fitting, text), "pronoun")
    return _linked(text, source, named, words)


def _linked(text: str, source: Span, named: Sequence[_Named], words: Words) -> Speaker:
    """A name with the fuller name that it is the end of; a description with what it may mean."""
    mention = source.of(text)
    name = _name_in(mention, words)
    is_name = len(name.split()) == len(mention.split())
    longer = [(one, key) for one, key in named if is_name and _is_part(name, key)]
    if len({key for _one, key in longer}) > 1:  # two people of one surname
        return Speaker(None, _nearest([one for one, _key in longer], text), "surname")
    if longer:
        return Speaker(longer[0][0], (), "fuller-name")
    if mention.lower().startswith("the ") and not re.search(r"[A-Z]", mention[4:]):
        head = _head(mention)
        same = [one for one, _key in named if _holds(one.of(text), head)]
        return Speaker(None if same else source, _nearest(same, text), "description")
    return Speaker(source, (), "named")


def _is_person(span: Span, text: str, words: Words) -> bool:
    """Whether a source may be a person: no group, and nothing that only carries words."""
    said = words.circumstances["speakers"]
    return _head(span.of(text)) not in {*said["groups"], *said["media"]}


_HEAD_END = re.compile(
    r"[\u201c\u201d\",(]|\s(?:named|called|of|in|from|for|who|which|at|on|by|posted|with|\u2013)(?!\w)"
)


def _head(mention: str) -> str:
    """The noun that a mention is about: the last word before what tells more of it."""
    end = _HEAD_END.search(mention, 1)
    words = (mention if end is None else mention[: end.start()]).lower().split()
    return words[-1].strip("\u2013-") if words else ""


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _nearest(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The last different mentions, the nearest first."""
    found: dict[str, Span] = {}
    for one in reversed(spans):
        found.setdefault(one.of(text).lower(), one)
    return tuple(found.values())[:_MOST]


def _name_in(mention: str, words: Words) -> str:
    """The capitalised words of a mention: what is a name in it."""
    articles = words.circumstances["speakers"]["articles"]
    return " ".join(
        one for one in re.findall(r"[A-Z][\w'\u2019.-]+", mention) if one.lower() not in articles
    )


def _is_part(short: str, long: str) -> bool:
    """Whether a name is the end of a fuller one: the surname of a person, or the same name."""
    if not short or not long:
        return False
    return long == short or long.endswith(f" {short}")
