"""The words of a language, from its file: numbers, comparators, units, cues. Data, not code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources

from pollwitness.errors import QuestionError
from pollwitness.quantities import Comparator


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted, and the words that say so, longest first."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oddity:
    """What cannot be meant: ``words`` before one of ``then``, in a sentence with ``near``."""

    id: str
    words: tuple[str, ...]
    then: tuple[str, ...]
    near: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Words:
    """The lexicon of one language, lower case but for the short scales."""

    language: str
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    short_scales: Mapping[str, int]
    fractions: Mapping[str, Fraction]
    vague: Mapping[str, tuple[int, int]]
    shares: Mapping[str, tuple[Comparator, Fraction]]
    before: Mapping[str, Comparator]
    after: Mapping[str, Comparator]
    percent: tuple[str, ...]
    currency: tuple[str, ...]
    guards: frozenset[str]
    clock: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    cues: Mapping[str, str]
    according: tuple[str, ...]
    passive: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    conjunctions: tuple[str, ...]
    relatives: tuple[str, ...]
    units: tuple[Unit, ...]
    events: tuple[Unit, ...]
    parse: Mapping[str, frozenset[str]]
    circumstances: Mapping[str, Mapping[str, tuple[str, ...]]]
    oddities: tuple[Oddity, ...]


@lru_cache(maxsize=4)
def words_of(language: str) -> Words:
    """The lexicon of a language.

    Raises:
        QuestionError: if there is none.
    """
    file = resources.files("pollwitness.reading") / "lexicon" / f"{language}.toml"
    if re.fullmatch("[a-z]{2,3}", language) is None or not file.is_file():
        raise QuestionError(f"there are no words of the language {language!r}; there are: en")
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return Words(
        found["language"], found["numbers"], found["scales"], found["short_scales"],
        {name: Fraction(value) for name, value in found["fractions"].items()},
        {name: (low, high) for name, (low, high) in found["vague"].items()},
        {name: (Comparator(one["comparator"]), Fraction(one["low"]))
         for name, one in found["shares"].items()},
        _comparators(found["comparators"]["before"]), _comparators(found["comparators"]["after"]),
        tuple(found["percent"]["words"]), tuple(found["currency"]["signs"]),
        frozenset(found["guards"]["before"]), tuple(found["guards"]["clock"]),
        tuple(found["guards"]["months"]), tuple(found["guards"]["weekdays"]),
        {form: one["frame"] for one in found["cues"] for form in one["forms"]},
        tuple(found["attribution"]["according"]), tuple(found["attribution"]["passive"]),
        tuple(found["attribution"]["auxiliaries"]), tuple(found["attribution"]["conjunctions"]),
        tuple(found["attribution"]["relatives"]),
        tuple(Unit(one["unit"], _longest_first(one["words"])) for one in found["units"]),
        tuple(Unit(one["unit"], _longest_first(one["stems"])) for one in found["events"]),
        {name: frozenset(listed) for name, listed in found["parse"].items()},
        {part: {name: tuple(listed) for name, listed in found[part].items()} for part in _PARTS},
        tuple(
            Oddity(one["id"], tuple(one["words"]), tuple(one.get("then", ())),
                   tuple(one.get("near", ())), one["note"])
            for one in found["oddities"]
        ),
    )  # fmt: skip


_PARTS = ("modality", "negation", "hedges", "basis", "speakers", "places", "share_of", "scope")


def _comparators(found: Mapping[str, str]) -> dict[str, Comparator]:
    return {name: Comparator(value) for name, value in found.items()}


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def either(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first; a space in them is any white space."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _longest_first(words))
