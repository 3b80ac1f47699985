"""What linkage compares of two records, in the form that splink reads: SQL of each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Setting = str | float | bool
Level = Mapping[str, Setting]
Comparison = Mapping[str, str | list[Level]]

OTHER_NAME = 0.002
"""How often the same person stands under an altogether different name: it cannot be learned from
pairs of the same birth date, among which twins are."""
GIVEN_OTHERWISE = 0.06
"""How often a day, place or hall of the same detention is given nearly, or altogether, otherwise:
lists made from each other agree so well that it could not be learned from them."""
_NEAR = (
    "(abs(length({name}_l) - length({name}_r)) <= 1 "
    "and damerau_levenshtein({name}_l, {name}_r) <= 1)"
)
_ONE_LETTER = f"({_NEAR} or {_NEAR.replace('{name}', '{name}_as_written')})"
_EXCHANGED = "surname_l = turned_r and turned_l = surname_r and surname_l != surname_r"
"""Given name and surname in each other's column; nearly alike is too little: Peters, Peter."""
_SLIP = (
    "least({name}_times_l, {name}_times_r) <= "
    "greatest(3, 0.02 * greatest({name}_times_l, {name}_times_r))"
)
"""Of two names one letter apart, a slip of the hand is the rare one; two frequent ones are two."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is compared, by which rules pairs are proposed at all, and on which it is trained."""

    comparisons: list[Comparison]
    blocking: list[str]
    training: list[str]


def model(*, with_dates: bool, circumstances: frozenset[str] = frozenset()) -> Model:
    """The model of names alone, or of names, birth dates, and what else is known."""
    comparisons = [
        _name("surname", {
            "same consonants": "bones_l = bones_r",
            "a slip": f"{_ONE_LETTER} and {_SLIP}",
            "one letter": _ONE_LETTER,
            "close": "jaro_winkler_similarity(surname_l, surname_r) >= 0.9",
            "given name and surname exchanged": _EXCHANGED,
        }),
        _name("given", {
            "a slip": f"{_ONE_LETTER} and {_SLIP}",
            "one letter": _ONE_LETTER,
            "close": "jaro_winkler_similarity(given_l, given_r) >= 0.88",
        }, unless=_EXCHANGED),
        _name("patronymic", {"close": "damerau_levenshtein(patronymic_l, patronymic_r) <= 1"}),
        _part("sex", {}),
        *(_circumstance(name) for name in sorted(circumstances)),
    ]  # fmt: skip
    blocking = [
        _same("surname", "given"), _same("bones", "given"), _same("surname", "initial"),
        _same("given", "start"), "l.surname = r.turned and l.turned = r.surname",
    ]  # fmt: skip
    training = [_same("surname", "given")]
    if not with_dates:
        return Model(comparisons, blocking, [*training, _same("patronymic", "start")])
    return Model(
        [*comparisons, *_dates()],
        [*blocking, _same("birth_year", "birth_month", "birth_day"), _same("surname", "birth_year"),
         _same("given", "birth_month", "birth_day")],
        [*training, _same("birth_year", "birth_month", "birth_day")],
    )  # fmt: skip


def _circumstance(name: str) -> Comparison:
    """When, where and in which hall a person was detained: many share it, few lists spell it."""
    close = {
        "detained_on": {"a day": "abs(date_diff('day', try_cast(detained_on_l as date), "
                                 "try_cast(detained_on_r as date))) <= 1"},
        "facility": {"close": "jaro_winkler_similarity(facility_l, facility_r) >= 0.88"},
        "area_id": {"one sign": "damerau_levenshtein(area_id_l, area_id_r) <= 1"},
    }  # fmt: skip
    exact: Level = {"sql_condition": f"{name}_l = {name}_r", "label_for_charts": "the same"}
    given: list[Level] = [
        {"sql_condition": sql, "label_for_charts": label, "m_probability": GIVEN_OTHERWISE,
         "fix_m_probability": True}
        for label, sql in [*close[name].items(), ("another", "ELSE")]
    ]  # fmt: skip
    return _levels(name, [exact, *given])


def _dates() -> list[Comparison]:
    near = "abs({name}_l - {name}_r) <= 1"
    digit = "damerau_levenshtein(cast({name}_l as varchar), cast({name}_r as varchar)) <= 1"
    two = (
        "damerau_levenshtein(lpad(cast({name}_l as varchar), 2, '0'), "
        "lpad(cast({name}_r as varchar), 2, '0')) <= 1"
    )
    return [
        _part("birth_year", {"a year": near, "one digit": digit}),
        _part("birth_month", {"a month": near}),
        _part("birth_day", {"a day": near, "one digit": two}),
    ]


def _name(name: str, close: Mapping[str, str], unless: str = "false") -> Comparison:
    """A name: frequent ones say less, and an altogether different one says much.

    ``unless`` is where nothing is compared.
    """
    exact: Level = {
        "sql_condition": f"{name}_l = {name}_r", "label_for_charts": "the same",
        "tf_adjustment_column": name, "tf_adjustment_weight": 1.0,
    }  # fmt: skip
    last: Level = {
        "sql_condition": "ELSE", "label_for_charts": "another", "m_probability": OTHER_NAME,
        "fix_m_probability": True,
    }  # fmt: skip
    return _comparison(name, exact, close, last, unless)


def _part(name: str, close: Mapping[str, str]) -> Comparison:
    exact: Level = {"sql_condition": f"{name}_l = {name}_r", "label_for_charts": "the same"}
    return _comparison(
        name, exact, close, {"sql_condition": "ELSE", "label_for_charts": "another"}
    )  # fmt: skip


def _comparison(
    name: str, exact: Level, close: Mapping[str, str], last: Level, unless: str = "false"
) -> Comparison:
    between: list[Level] = [
        {"sql_condition": sql.format(name=name), "label_for_charts": label}
        for label, sql in close.items()
    ]
    return _levels(name, [exact, *between, last], unless)


def _levels(name: str, levels: list[Level], unless: str = "false") -> Comparison:
    unknown: Level = {
        "sql_condition": f"{name}_l is null or {name}_r is null or ({unless})",
        "label_for_charts": "unknown",
        "is_null_level": True,
    }  # fmt: skip
    return {
        "output_column_name": name, "comparison_description": name,
        "comparison_levels": [unknown, *levels],
    }  # fmt: skip


def _same(*columns: str) -> str:
    return " and ".join(f"l.{one} = r.{one}" for one in columns)
