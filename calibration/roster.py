"""Invented rosters of detained people in four spellings, with the truth of who is who.

No name is anybody's: surnames are put together from syllables, given names drawn from a table. A
roster has twins, missing years, missing patronymics and slips of the hand.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.detentions.names import given_key, groups
from pollwitness.detentions.transliteration import Spelling, to_latin

_STEMS = (
    ("кавал", "ковал"), ("гарб", "горб"), ("лясн", "лесн"), ("вярб", "верб"), ("бел", "бел"),
    ("чарн", "черн"), ("цал", "цел"), ("рыб", "рыб"), ("мяльн", "мельн"), ("дуб", "дуб"),
    ("астап", "остап"), ("зайч", "зайч"), ("кур", "кур"), ("сав", "сов"), ("хмел", "хмел"),
    ("шчарб", "щерб"), ("юшк", "юшк"), ("грынк", "гринк"), ("трафім", "трофим"), ("цярэш", "терещ"),
    ("жданк", "жданк"), ("малах", "малах"), ("пракап", "прокоп"), ("рамань", "романь"),
    ("шамк", "шамк"), ("васіл", "васил"), ("гайд", "гайд"), ("кляпач", "клепач"),
    ("мазур", "мазур"), ("сядл", "седл"), ("туравец", "туровец"), ("эйсм", "эйсм"),
    ("лабан", "лобан"), ("бабр", "бобр"), ("вараб", "вороб"), ("дзяд", "дед"), ("лось", "лось"),
    ("пят", "пет"), ("сухар", "сухар"), ("брын", "брын"),
    ("гаўр", "гавр"), ("дамар", "домар"), ("жыл", "жил"), ("забел", "забел"), ("ігнат", "игнат"),
    ("каз", "коз"), ("лапат", "лопат"), ("мар", "мор"), ("наваг", "новог"), ("палях", "полех"),
    ("ракаў", "раков"), ("салаў", "солов"), ("тарас", "тарас"), ("уласюк", "уласюк"),
    ("федар", "федор"), ("харош", "хорош"), ("чыж", "чиж"), ("шпак", "шпак"), ("ярм", "ерм"),
    ("зуб", "зуб"),
)  # fmt: skip
_MIDDLES = (
    ("", ""), ("ар", "ар"), ("ан", "он"), ("ач", "ач"), ("ін", "ин"), ("ул", "ул"), ("ец", "ец"),
    ("уш", "уш"), ("ак", "ак"), ("эл", "эл"), ("ыр", "ыр"), ("ем", "ем"), ("ас", "ас"), ("ут", "ут"),
    ("інч", "инч"), ("ыл", "ыл"), ("ур", "ур"), ("аш", "аш"), ("ун", "ун"), ("ор", "ор"),
)  # fmt: skip
_ENDINGS = (
    ("енка", "енко", "енка", "енко"), ("овіч", "ович", "овіч", "ович"),
    ("скі", "ский", "ская", "ская"), ("оў", "ов", "ова", "ова"), ("ук", "ук", "ук", "ук"),
    ("ік", "ик", "ік", "ик"), ("еня", "еня", "еня", "еня"), ("ёнак", "ёнок", "ёнак", "ёнок"),
    ("ко", "ко", "ко", "ко"), ("іла", "ило", "іла", "ило"),
)  # fmt: skip
_MALE_IN_A = {"Ілля", "Мікіта", "Данила"}
_FEMALE = {"Любоў"}
SPELLINGS = ("belarusian", "russian", "passport", "english", "lacinka")


@dataclass(frozen=True, eq=False)
class Roster:
    """Records as lists hold them, with the truth.

    ``person`` and ``name`` are of each record: who it is, and the name without slips.
    """

    records: pl.DataFrame
    person: np.ndarray
    name: np.ndarray


def roster(rng: np.random.Generator, records: int, lists: int = 5) -> Roster:
    """A roster of about so many records on several lists, each person on 1 or more of them."""
    people = _people(rng, records)
    rows, person, name = [], [], []
    chances = rng.uniform(0.25, 0.55, lists)
    for number, one in enumerate(people):
        on = np.flatnonzero(rng.random(lists) < chances)
        for place in on:
            rows.append(_record(rng, one, int(place), len(rows)))
            person.append(number)
            name.append(one[4])
            if len(rows) == records:
                break
        if len(rows) == records:
            break
    return Roster(
        pl.DataFrame(rows, orient="row", schema=_SCHEMA), np.array(person), np.array(name)
    )


_SCHEMA = {
    "record_id": pl.String, "list_id": pl.String, "given": pl.String, "patronymic": pl.String,
    "surname": pl.String, "sex": pl.String, "birth_year": pl.Int64, "birth_month": pl.Int64,
    "birth_day": pl.Int64,
}  # fmt: skip


def _people(rng, records):
    """(sex, given, patronymic, surname as (be, ru), id of the name, date) of each person."""
    men = [g[:2] if _cyrillic(g[1]) else (g[0], g[0]) for g in groups() if _is_male(g[0])]
    women = [g[:2] if _cyrillic(g[1]) else (g[0], g[0]) for g in groups() if not _is_male(g[0])]
    surnames = [(a + b, c + d, e) for a, c in _STEMS for b, d in _MIDDLES for e in _ENDINGS]
    weights = 1 / (np.arange(len(surnames)) + 100.0)
    order = rng.permutation(len(surnames))
    chosen = order[rng.choice(len(surnames), size=records, p=weights / weights.sum())]
    people = []
    for place in chosen:
        sex = "m" if rng.random() < 0.75 else "f"
        pool = men if sex == "m" else women
        given = pool[_zipf(rng, len(pool))]
        father = men[_zipf(rng, len(men))]
        be, ru, ending = surnames[place]
        at = 2 if sex == "f" else 0
        surname = (be + ending[at], ru + ending[at + 1])
        date = (int(rng.integers(1950, 2005)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        people.append((sex, given, _patronymic(father, sex), surname,
                       f"{given[0]} {surname[0]}", date))  # fmt: skip
        if rng.random() < 0.01:
            others = [one for one in pool if given_key(one[0]) != given_key(given[0])]
            twin = others[_zipf(rng, len(others))]
            people.append((sex, twin, _patronymic(father, sex), surname,
                           f"{twin[0]} {surname[0]}", date))  # fmt: skip
    return people


def _zipf(rng, count):
    weights = 1 / (np.arange(count) + 3.0)
    return int(rng.choice(count, p=weights / weights.sum()))


def _is_male(name):
    return name in _MALE_IN_A or (name[-1] not in "аяо" and name not in _FEMALE)


def _cyrillic(name):
    return any("а" <= letter.lower() <= "я" for letter in name)


def _patronymic(father, sex):
    be, ru = father
    return (_son(be, sex, ("авіч", "аўна"), ("евіч", "еўна")),
            _son(ru, sex, ("ович", "овна"), ("евич", "евна")))  # fmt: skip


def _son(name, sex, hard, soft):
    at = 0 if sex == "m" else 1
    stem = name.rstrip("аяьойіи") if name[-1] in "аяьоій" else name
    return stem + (soft if name[-1] in "йяь" else hard)[at]


def _record(rng, one, place, number):
    sex, given, patronymic, surname, _name, date = one
    spelling = SPELLINGS[place % 4] if rng.random() < 0.7 else SPELLINGS[int(rng.integers(5))]
    has_patronymic = rng.random() < 0.5
    year, month, day = date
    if rng.random() < 0.10:
        year = None
    if rng.random() < 0.20:
        month = day = None
    elif rng.random() < 0.03:
        day = int(rng.integers(1, 29))
    return (
        f"r{number:06}", f"list-{place}", _slip(rng, _spelled(given, spelling)),
        _slip(rng, _spelled(patronymic, spelling)) if has_patronymic else None,
        _slip(rng, _spelled(surname, spelling).capitalize()), sex if rng.random() < 0.8 else None,
        year, month, day,
    )  # fmt: skip


def _spelled(pair, spelling):
    be, ru = pair
    if spelling == "belarusian":
        return be
    if spelling == "russian":
        return ru
    if spelling == "english":
        return to_latin(ru, Spelling.ENGLISH, is_russian=True)
    return to_latin(be, Spelling.PASSPORT if spelling == "passport" else Spelling.LACINKA)


def _slip(rng, text):
    """A slip of the hand in one of 25 names: a letter lost, doubled, swapped or changed."""
    if len(text) < 4 or rng.random() > 0.04:
        return text
    at = int(rng.integers(1, len(text) - 1))
    kind = int(rng.integers(4))
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[int(rng.integers(1, len(text)))] + text[at + 1 :]
