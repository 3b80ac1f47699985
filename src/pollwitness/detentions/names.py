"""Names in a form that no longer shows how they were spelled: the same for Aleh and Oleg.

A *skeleton* keeps what all spellings of a name share. Letters that spellings disagree on are folded
into one: h, g and kh; u after a vowel, v and w; ts and t, dz and d before soft vowels; o and a
(akanne), e, ya and ye; all of i, y and j. Given names that no rule joins (Mikalai and Nikolai)
stand in a table of equivalents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import groupby

from pollwitness.detentions.transliteration import is_cyrillic, plain

_CYRILLIC: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "E", "ё": "E", "ж": "Z",
    "з": "Z", "и": "i", "і": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "a",
    "п": "p", "р": "r", "с": "S", "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "h", "ц": "t",
    "ч": "C", "ш": "S", "щ": "SC", "ъ": "", "ы": "i", "ь": "", "э": "E", "ю": "u", "я": "E",
    "є": "E", "ї": "i",
}  # fmt: skip
_MARKED = {"č": "C", "š": "S", "ž": "Z", "ć": "t", "ś": "S", "ź": "Z", "ŭ": "v", "ё": "E"}
_LATIN: tuple[tuple[str, str], ...] = (
    ("shch", "SC"), ("szcz", "SC"), ("tsch", "C"), ("tch", "C"), ("sch", "S"), ("kh", "h"),
    ("zh", "Z"), ("sh", "S"), ("ch", "C"), ("cz", "C"), ("sz", "S"), ("ts", "t"), ("tz", "t"),
    ("ks", "kS"), ("x", "kS"), ("ph", "f"), ("th", "t"), ("ck", "tk"), ("qu", "k"), ("q", "k"),
    ("w", "v"), ("g", "h"), ("c", "t"), ("z", "Z"), ("s", "S"),
)  # fmt: skip
_SOUNDS: tuple[tuple[str, str], ...] = (
    (r"dZ(?=[iEy])", "d"),  # dzekanne
    (r"[iyj][eo]u(?=[^aeEiouy]|$)", "Ev"),
    (r"(?<=[aeEo])u(?=[^iuy]|$)", "v"),  # the short u
    (r"[iyj]e|[iyj]o|[iyj]a|e", "E"),
    (r"[iyj]u", "u"),
    (r"o", "a"),
    (r"[yj]", "i"),
)
_ALIKE = str.maketrans("aceopxyiëï", "асеорхуіёї")
"""Latin letters in a Cyrillic word that look like Cyrillic ones."""
_SHORTS = ("'", "’", "ʼ", "`", "-", " ")


def skeleton(name: str) -> str:
    """What all spellings of a name share; empty for what holds no letter.

    >>> skeleton("Ціханоўская") == skeleton("Tikhanovskaya") == skeleton("Cichanoŭskaja")
    True
    """
    text = unicodedata.normalize("NFC", name).casefold()
    if is_cyrillic(text):
        text = text.translate(_ALIKE)
    for sign in _SHORTS:
        text = text.replace(sign, "")
    raw = _of_cyrillic(text) if is_cyrillic(text) else _of_latin(text)
    return "".join(letter for letter, _group in groupby(raw))


def _of_cyrillic(text: str) -> str:
    text = re.sub(r"дз(?=[еёиіюяь])", "д", text)  # dzekanne
    return _ended("".join(_CYRILLIC.get(letter, plain(letter)) for letter in text))


def _of_latin(text: str) -> str:
    # Łacinka writes c for ts and ch for kh: its marks give it away, or a c that stands alone
    is_lacinka = any(letter in text for letter in "čšžćśźŭłń") or re.search("c(?![hkz])", text)
    if is_lacinka:
        text = re.sub(r"l(?=[aou])", "li", text)  # soft; hard is ł
    if is_lacinka or (
        re.search("j|w(?=[aeiouy])", text) and "tsch" not in text
    ):  # German and Polish too
        text = text.replace("sch", "š").replace("ch", "h")
    text = "".join(_MARKED.get(letter, letter) for letter in text)
    text = "".join(letter if letter in "CSZE" else plain(letter) for letter in text)
    for old, new in _LATIN:
        text = text.replace(old, new)
    for pattern, new in _SOUNDS:
        text = re.sub(pattern, new, text)
    return _ended(text)


def _ended(text: str) -> str:
    """Endings that spellings write in several ways, in one."""
    text = re.sub(r"i+", "i", text).replace("iE", "E")
    text = re.sub(r"(?<=[CSZtr])E", "a", text)  # hardened consonants: Tsapkala, Tsepkalo
    return re.sub(r"[aE]i?[aE]$", "aE", text)


def consonants(found: str) -> str:
    """The skeleton without its vowels: what typing mistakes and dialects leave."""
    return re.sub(r"[aEiu]", "", found)


@dataclass(frozen=True, slots=True)
class Names:
    """A person's names as they are compared; empty where they are not known."""

    given: str
    patronymic: str
    surname: str


def normalised(given: str, patronymic: str, surname: str) -> Names:
    """The names of a record in the form in which they are compared."""
    return Names(given_key(given), patronymic_key(patronymic), surname_key(surname))


def surname_key(surname: str) -> str:
    """The skeleton of a surname, with feminine endings as masculine ones.

    >>> surname_key("Кавалёва") == surname_key("Kovalev")
    True
    """
    found = skeleton(surname)
    found = re.sub(r"(S|t)kaE$", r"\1ki", found)
    found = re.sub(r"([aEi])va$", r"\1v", found)
    found = re.sub(r"ina$", "in", found)
    return re.sub(r"^E", "a", re.sub(r"Ev$", "av", found))


def given_key(given: str) -> str:
    """The key of a given name: that of its equivalents, or its skeleton.

    >>> given_key("Алег") == given_key("Oleg") == given_key("Aleh")
    True
    """
    own = skeleton(given)
    return equivalents().get(own, own)


_MAY_BE_ONE = (
    ("Аляксандр", "Алесь"), ("Аляксандра", "Алеся"), ("Юрый", "Георгій", "Ягор"),
    ("Ганна", "Яна", "Жанна"), ("Марыя", "Марына"),
)  # fmt: skip
"""Names of the table that a person may use for each other, or that slips turn into each other."""


def surely_given(key: str) -> str | None:
    """The name behind a key of the table, one for all that may be one; None if no table knows it.

    >>> surely_given(given_key("Yury")) == surely_given(given_key("Yahor"))
    True
    """
    known = equivalents()
    if key not in known.values():
        return None
    return _doubts().get(key, key)


@lru_cache(maxsize=1)
def _doubts() -> Mapping[str, str]:
    return {given_key(name): given_key(line[0]) for line in _MAY_BE_ONE for name in line}


def corrected(keys: Mapping[str, int]) -> dict[str, str]:
    """Keys of given names that are slips of the hand for a name of the table, and that name's key.

    ``keys`` are how many records have each key. A key is a slip if the table does not know it, it
    is one slip away from names of one key alone, and that key is far more frequent.
    """
    known = equivalents()
    found = {}
    for key, count in keys.items():
        if key in known.values() or key in known:
            continue
        near = _nearest(key, known)
        if near is not None and keys.get(near, 0) >= _MORE_FREQUENT * count:
            found[key] = near
    return found


_MORE_FREQUENT = 10


_PATRONYMIC = re.compile(r"(?:[aEi]?v?i[Ct]|[aEi]?v?na|iniCna|iCna|aiC)$")


def patronymic_key(patronymic: str) -> str:
    """The key of the father's name behind a patronymic, or of the skeleton left.

    >>> patronymic_key("Рыгоравіч") == patronymic_key("Grigoryevich")
    True
    """
    own = skeleton(patronymic)
    if not own:
        return ""
    root = _PATRONYMIC.sub("", own)
    known = _fathers()
    for length in range(len(root), 1, -1):
        if root[:length] in known:
            return known[root[:length]]
    return _nearest(root, known) or consonants(root)


_LEAST_CORRECTED = 4


def _nearest(own: str, known: Mapping[str, str]) -> str | None:
    """The one key of which a name is one slip of the hand away, if it is of one key alone."""
    if len(own) < _LEAST_CORRECTED:
        return None
    found = {key for name, key in known.items() if len(name) >= _LEAST_CORRECTED - 1
             and _is_one_slip(own, name)}  # fmt: skip
    return found.pop() if len(found) == 1 else None


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter lost, added, changed, or two swapped, make one name of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:] or left[1:] == right or left == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )  # fmt: skip


@lru_cache(maxsize=1)
def groups() -> tuple[tuple[str, ...], ...]:
    """The table of given names: every line holds spellings and forms of one name."""
    text = (resources.files("pollwitness.detentions") / "given_names.txt").read_text("utf-8")
    lines = (line.split("#")[0].split() for line in text.splitlines())
    return tuple(tuple(line) for line in lines if line)


@lru_cache(maxsize=1)
def equivalents() -> Mapping[str, str]:
    """The key of every skeleton of the table; the first line that has one decides."""
    found: dict[str, str] = {}
    for line in groups():
        key = skeleton(line[0])
        for name in line:
            found.setdefault(skeleton(name), key)
    return found


@lru_cache(maxsize=1)
def _fathers() -> Mapping[str, str]:
    """Keys by the skeleton of a name without its last vowels, as patronymics have it."""
    found: dict[str, str] = {}
    for line in groups():
        key = skeleton(line[0])
        for name in _stems(line):
            if len(name) > 1:
                found.setdefault(name, key)
    return found


def _stems(line: Iterable[str]) -> Iterable[str]:
    for name in line:
        own = skeleton(name)
        yield own
        yield re.sub(r"[aEi]+$", "", own)
