"""Belarusian and Russian Cyrillic, Łacinka, passport Latin and English spellings, letter by letter.

The tables are those of the standards: passport Latin is the romanisation of Belarusian of 2007 and
2023 (Council of Ministers, as ICAO Doc 9303 prints it, without accents); Łacinka the traditional
Latin orthography with ł, ŭ, č, š, ž, ć, ś, ź, dź; English that of the press (BGN/PCGN without
marks).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum


class Spelling(StrEnum):
    """A way to write names of Belarus in Latin letters."""

    LACINKA = "lacinka"
    PASSPORT = "passport"
    ENGLISH = "english"


_COMMON: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "д": "d", "ж": "ž", "з": "z", "и": "i", "і": "i", "й": "j",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "ch", "ц": "c", "ч": "č", "ш": "š", "ы": "y", "э": "e", "ь": "",
    "ъ": "", "'": "", "’": "", "ʼ": "", "ў": "ŭ", "щ": "šč", "ґ": "g",
}  # fmt: skip
_SOFT = {"е": "e", "ё": "o", "ю": "u", "я": "a"}
_VOWELS = "аеёиіоуыэюя"
_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"
_HARDENED: Mapping[Spelling, Mapping[str, str]] = {
    Spelling.PASSPORT: {"ž": "zh", "ch": "kh", "c": "ts", "č": "ch", "š": "sh", "ŭ": "u"},
    Spelling.ENGLISH: {"ž": "zh", "ch": "kh", "c": "ts", "č": "ch", "š": "sh", "ŭ": "u"},
    Spelling.LACINKA: {},
}


def to_latin(text: str, spelling: Spelling, *, is_russian: bool = False) -> str:
    """A Cyrillic name in Latin letters; what is Latin already stays.

    >>> to_latin("Ціханоўская", Spelling.PASSPORT), to_latin("Ціханоўская", Spelling.LACINKA)
    ('Tsikhanouskaya', 'Cichanoŭskaja')
    >>> to_latin("Тихановская", Spelling.ENGLISH, is_russian=True)
    'Tikhanovskaya'
    """
    lower = text.lower()
    out: list[str] = []
    for place, letter in enumerate(lower):
        before = lower[place - 1] if place else ""
        found = _letter(letter, before, lower[place + 1 : place + 2], spelling, is_russian)
        out.append(found[:1].upper() + found[1:] if text[place] != letter else found)
    return "".join(out)


def _letter(letter: str, before: str, after: str, spelling: Spelling, is_russian: bool) -> str:
    if letter in _SOFT:
        return _softened(letter, before, spelling, is_russian)
    if letter == "й" and spelling is not Spelling.LACINKA:
        return "i" if spelling is Spelling.PASSPORT else "y"
    base = ("g" if is_russian else "h") if letter == "г" else _COMMON.get(letter, letter)
    if spelling is Spelling.LACINKA:
        return _lacinka_consonant(base, after)
    return _HARDENED[spelling].get(base, "shch" if base == "šč" else base)


def _softened(letter: str, before: str, spelling: Spelling, is_russian: bool) -> str:
    vowel = _SOFT[letter]
    follows = before in _CONSONANTS if before else False
    if spelling is Spelling.LACINKA:
        if before == "л":
            return vowel
        return ("i" if follows else "j") + vowel
    if spelling is Spelling.ENGLISH and letter == "е":
        return "ye" if not before else "e"
    if spelling is Spelling.PASSPORT:
        return ("i" if follows else "y") + vowel if letter != "е" or not is_russian else "e"
    return "y" + vowel


def _lacinka_consonant(base: str, after: str) -> str:
    soft = after == "ь"
    if base == "l":
        return "l" if soft or (after in "еёюяі" and after) else "ł"
    return {"s": "ś", "z": "ź", "n": "ń", "c": "ć"}.get(base, base) if soft else base


def plain(text: str) -> str:
    """A Latin text in lower case without marks on letters; ł becomes l, ŭ becomes u.

    >>> plain("Łukašenka"), plain("O'Neil-Ź")
    ('lukasenka', 'oneilz')
    """
    apart = unicodedata.normalize("NFD", text.lower().replace("ł", "l").replace("đ", "d"))
    return "".join(letter for letter in apart if "a" <= letter <= "z")


def is_cyrillic(text: str) -> bool:
    """Whether any letter of a text is Cyrillic."""
    return any("\u0400" <= letter <= "\u052f" for letter in text)
