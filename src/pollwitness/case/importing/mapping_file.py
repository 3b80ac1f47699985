"""Reading `mapping.toml`: a mapping, or everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as day
from fractions import Fraction
from typing import TypeVar
from zoneinfo import available_timezones

import polars as pl

from pollwitness.case.importing.mapping import (
    FORMAT,
    Condition,
    ConstantRow,
    Mapping,
    Pivot,
    Rule,
    Skip,
    SourceFormat,
    SourceRules,
    TableRules,
    Unpivot,
)
from pollwitness.tables import Problem, Schema, Severity, in_order
from pollwitness.tables.listing import Fault

NOT_TOML = Fault("M001", "not valid TOML", "Mend the line.")
UNKNOWN_KEY = Fault("M002", "the key is not known", "Remove it, or correct its spelling.")
NO_KEY = Fault("M003", "the key is missing", "Add it.")
WRONG_KIND = Fault("M004", "the value is of the wrong kind", "See the guide to importing.")
NO_TABLE = Fault("M005", "the case has no such table", "Name a table of the case.")
NO_COLUMN = Fault("M006", "the table has no such column", "Name a column of the table.")
NO_LOOKUP = Fault("M007", "the mapping has no such lookup", "Add it under [lookups].")
NO_TEXT = Fault(
    "M008",
    "the rule says no text, or more than one",
    "Give exactly one of from, value, join, unpivot.",
)
NO_KEY_COLUMN = Fault("M009", "a column of the table's key is not mapped", "Map it.")
BAD_PATTERN = Fault(
    "M010",
    "not a regular expression that can be used here",
    "Write it with one group, such as: No ([0-9]+).",
)
NEWER = Fault("M011", "not a format that can be read", f"Write format = {FORMAT}.")
CLASH = Fault("M012", "pivot and unpivot cannot both be used", "Use one of the two.")
MARKS = Fault(
    "M013",
    "the mark must be one character, and decimal, thousands, delimiter and quote must differ",
    "Write one character for each.",
)

NAME_TWICE = Fault("M014", "a name stands twice", "Give every column its own name.")
MADE_TWICE = Fault(
    "M015", "the column is made by a rule and by the pivot", "Leave it out of one of the two."
)
BAD_DATE = Fault(
    "M016",
    "not a form of dates that gives back the day",
    "Write one such as %d.%m.%Y or %Y-%m-%dT%H:%M.",
)

_Value = TypeVar("_Value")
_Table = Dictionary[str, object]
_MOST = 1_000_000


@dataclass(slots=True)
class _Reader:
    """Takes values out of parsed TOML and remembers every problem it meets."""

    file: str
    problems: list[Problem]

    def refuse(self, fault: Fault, key: str, value: object = None, mend: str = "") -> None:
        shown = None if value is None else str(value)
        self.problems.append(
            Problem(fault.id, Severity.ERROR, self.file, None, key, shown, fault.message,
                    mend or fault.mend)
        )  # fmt: skip

    def known(self, table: _Table, names: Sequence[str], place: str) -> None:
        for key in sorted(set(table) - set(names)):
            self.refuse(UNKNOWN_KEY, f"{place}{key}", mend=f"Known here: {', '.join(names)}.")

    def take(
        self, table: _Table, key: str, place: str, convert: Callable[[object], _Value | None]
    ) -> _Value | None:
        """The value of a key, converted; None where it is absent, or wrong and listed."""
        if key not in table:
            return None
        found = convert(table[key])
        if found is None:
            self.refuse(WRONG_KIND, f"{place}{key}", table[key])
        return found

    def table(self, table: _Table, key: str, place: str = "") -> _Table:
        return self.take(table, key, place, _table) or {}

    def tables(self, table: _Table, key: str, place: str = "") -> list[_Table]:
        return self.take(table, key, place, _tables) or []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _word(value: object) -> str | None:
    """A text, or a number, flag or day as its text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float | day) else None


def _texts(value: object) -> tuple[str, ...] | None:
    listed = value if isinstance(value, list) else [value]
    words = [_word(one) for one in listed]
    return None if None in words else tuple(word for word in words if word is not None)


def _whole(value: object) -> int | None:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return value if plain and isinstance(value, int) and 0 < value < _MOST else None


def _wholes(value: object) -> tuple[int, ...] | None:
    listed = value if isinstance(value, list) else [value]
    numbers = [_whole(one) for one in listed]
    return None if None in numbers else tuple(number for number in numbers if number is not None)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _share(value: object) -> Fraction | None:
    text = str(value)
    plain = re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12}|/[1-9][0-9]{0,11})?", text)
    return Fraction(text) if plain and not isinstance(value, bool) else None


def _zone(value: object) -> str | None:
    return value if isinstance(value, str) and value in available_timezones() else None


def _table(value: object) -> _Table | None:
    return value if isinstance(value, dict) else None


def _tables(value: object) -> list[_Table] | None:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    return None


def _dictionary(value: object) -> dict[str, str] | None:
    listed = value.items() if isinstance(value, dict) else [("", None)]
    words = {str(key): _word(one) for key, one in listed}
    return None if None in words.values() else {k: w for k, w in words.items() if w is not None}


_SOURCE: dict[str, Callable[[object], object | None]] = {
    "format": lambda v: SourceFormat(str(v)) if v in list(SourceFormat) else None,
    "encoding": _text, "delimiter": _text, "quote": _text, "header_rows": _wholes,
    "columns": _texts, "sheet": _text, "unknown": _texts, "fill_down": _texts,
    "decimal": _text, "thousands": _text,
}  # fmt: skip
_RULE: dict[str, Callable[[object], object | None]] = {
    "from": _text, "value": _word, "join": _texts, "separator": _text, "unpivot": _text,
    "pattern": _text, "split": _text, "part": _whole, "lookup": _text, "true": _texts,
    "false": _texts, "date": _text, "zone": _zone, "times": _share, "pad": _whole, "digest": _whole,
    "prefix": _text, "suffix": _text, "otherwise": _word,
}  # fmt: skip
_RULE_NAMES = {"from": "source"}


def parse_mapping(
    raw: bytes, schemas: Dictionary[str, Schema], *, file: str = "mapping.toml"
) -> Mapping | tuple[Problem, ...]:
    """The mapping in these bytes, or all problems of it. ``schemas`` are the tables of the case."""
    reader = _Reader(file, [])
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reader.refuse(NOT_TOML, "", str(error))
        return tuple(reader.problems)
    reader.known(table, ("format", "source", "tables", "rows", "skip", "lookups"), "")
    if table.get("format") != FORMAT or table.get("format") is True:
        reader.refuse(NEWER, "format", table.get("format"))
    lookups = {
        name: reader.take(reader.table(table, "lookups"), name, "lookups.", _dictionary) or {}
        for name in reader.table(table, "lookups")
    }
    mapping = Mapping(
        source=_source(reader, table),
        tables=tuple(
            _table_rules(reader, one, f"tables[{number}].", schemas, set(lookups))
            for number, one in enumerate(reader.tables(table, "tables"), start=1)
        ),
        rows=tuple(
            _constant_row(reader, one, f"rows[{number}].", schemas)
            for number, one in enumerate(reader.tables(table, "rows"), start=1)
        ),
        skip=tuple(
            Skip(_condition(reader, one, f"skip[{number}].", ("why",)), str(one.get("why") or "")
                 or "skipped by the mapping")
            for number, one in enumerate(reader.tables(table, "skip"), start=1)
        ),
        lookups=lookups,
    )  # fmt: skip
    if not mapping.tables and not mapping.rows:
        reader.refuse(NO_KEY, "tables", mend="Add a [[tables]] with its name and columns.")
    return in_order(reader.problems) or mapping


def _values(
    reader: _Reader,
    table: _Table,
    place: str,
    known: Dictionary[str, Callable[[object], object | None]],
) -> dict[str, object]:
    reader.known(table, tuple(known), place)
    found = {key: reader.take(table, key, place, known[key]) for key in table if key in known}
    return {key: value for key, value in found.items() if value is not None}


def _source(reader: _Reader, table: _Table) -> SourceRules:
    given = reader.table(table, "source")
    values = _values(reader, given, "source.", _SOURCE)
    if "format" not in given:
        reader.refuse(NO_KEY, "source.format", mend=f"Write one of: {', '.join(SourceFormat)}.")
    if values.get("quote") == "":
        values["quote"] = None
    for key in ("columns", "header_rows"):
        listed = values.get(key, (key,))
        if listed == ():
            reader.refuse(WRONG_KIND, f"source.{key}", [])
            del values[key]
        elif isinstance(listed, tuple) and len(set(listed)) < len(listed):
            reader.refuse(NAME_TWICE, f"source.{key}", ", ".join(map(str, listed)))
    if "columns" in values and "header_rows" not in values:
        values["header_rows"] = ()
    rules = SourceRules(**{"format": SourceFormat.CSV, **values})  # type: ignore[arg-type]
    marks = [rules.delimiter, rules.decimal, rules.quote, rules.thousands]
    told = [mark for mark in marks[:1] + marks[2:] if mark is not None]
    numbers = [mark for mark in (rules.decimal, rules.thousands) if mark is not None]
    single = all(len(mark) == 1 for mark in told + numbers) and "".join(told[:2]).isascii()
    single = single and not set("".join(told[:2])) & {"\n", "\r", "\0"}
    if not single or len(set(numbers)) < len(numbers) or rules.delimiter == rules.quote:
        reader.refuse(MARKS, "source", " ".join(told + numbers))
    return rules


def _condition(reader: _Reader, table: _Table, place: str, more: tuple[str, ...] = ()) -> Condition:
    known: dict[str, Callable[[object], object | None]] = {
        "column": _text, "equals": _texts, "matches": _text, "blank": _flag, "not": _flag,
    }  # fmt: skip
    values = _values(reader, {k: v for k, v in table.items() if k not in more}, place, known)
    if "column" not in values or len(values.keys() & {"equals", "matches", "blank"}) != 1:
        mend = "Give column, and one of equals, matches and blank."
        reader.refuse(NO_KEY, place + "column", mend=mend)
    matches = values.get("matches")
    if isinstance(matches, str):
        _check_pattern(reader, matches, place + "matches", groups=0)
    values["negated"] = values.pop("not", False)
    return Condition(**{"column": "", **values})  # type: ignore[arg-type]


def _check_pattern(reader: _Reader, pattern: str, place: str, *, groups: int) -> None:
    # Patterns are run by an engine without look-around and back references, which cannot hang.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern)
        pl.Series(["text"]).str.contains(pattern)
    except (re.error, OverflowError, RecursionError, pl.exceptions.PolarsError):
        reader.refuse(BAD_PATTERN, place, pattern)
        return
    if compiled.groups < groups:
        reader.refuse(BAD_PATTERN, place, pattern)


def _table_rules(
    reader: _Reader, table: _Table, place: str, schemas: Dictionary[str, Schema], lookups: set[str]
) -> TableRules:
    reader.known(table, ("name", "columns", "sheet", "where", "pivot", "unpivot"), place)
    name = reader.take(table, "name", place, _text) or ""
    schema = _schema(reader, name, place + "name", schemas)
    rules = {
        column: _rule(reader, value, f"{place}columns.{column}", lookups)
        for column, value in reader.table(table, "columns", place).items()
    }
    pivot = _pivot(reader, table, place)
    unpivot = _unpivot(reader, table, place)
    if pivot is not None and unpivot is not None:
        reader.refuse(CLASH, place + "pivot")
    if unpivot is None and any(rule.unpivot for rule in rules.values()):
        reader.refuse(NO_KEY, f"{place}unpivot", mend="Add [tables.unpivot.columns].")
    if schema is not None:
        _check_columns(reader, schema, rules, pivot, place)
    where = table.get("where")
    conditions = [where] if isinstance(where, dict) else reader.tables(table, "where", place)
    return TableRules(
        table=name,
        columns=rules,
        sheet=reader.take(table, "sheet", place, _text),
        where=tuple(_condition(reader, one, place + "where.") for one in conditions),
        pivot=pivot,
        unpivot=unpivot,
    )


def _schema(
    reader: _Reader, name: str, place: str, schemas: Dictionary[str, Schema]
) -> Schema | None:
    if name not in schemas:
        reader.refuse(NO_TABLE, place, name, mend=f"Known tables: {', '.join(schemas)}.")
    return schemas.get(name)


def _unpivot(reader: _Reader, table: _Table, place: str) -> Unpivot | None:
    if "unpivot" not in table:
        return None
    known: dict[str, Callable[[object], object | None]] = {"columns": _dictionary}
    values = _values(reader, reader.table(table, "unpivot", place), place + "unpivot.", known)
    columns = values.get("columns")
    if not isinstance(columns, dict) or not columns:
        reader.refuse(NO_KEY, f"{place}unpivot.columns")
        return None
    return Unpivot(columns)


def _pivot(reader: _Reader, table: _Table, place: str) -> Pivot | None:
    if "pivot" not in table:
        return None
    known: dict[str, Callable[[object], object | None]] = {
        "name": _text, "value": _text, "columns": _dictionary, "ignore": _texts,
    }  # fmt: skip
    values = _values(reader, reader.table(table, "pivot", place), place + "pivot.", known)
    for key in ("name", "value", "columns"):
        if not values.get(key):
            reader.refuse(NO_KEY, f"{place}pivot.{key}")
    return Pivot(**{"name": "", "value": "", "columns": {}, **values})  # type: ignore[arg-type]


def _check_columns(
    reader: _Reader, schema: Schema, rules: Dictionary[str, Rule], pivot: Pivot | None, place: str
) -> None:
    made = {*rules, *(() if pivot is None else pivot.columns.values())}
    for column in sorted(made - set(schema.names)):
        known = f"Columns of {schema.name}: {', '.join(schema.names)}."
        reader.refuse(NO_COLUMN, f"{place}columns", column, mend=known)
    for column in sorted(set(rules) & set(() if pivot is None else pivot.columns.values())):
        reader.refuse(MADE_TWICE, f"{place}columns.{column}")
    for column in schema.key:
        if column not in rules:
            reader.refuse(NO_KEY_COLUMN, f"{place}columns.{column}")


def _rule(reader: _Reader, value: object, place: str, lookups: set[str]) -> Rule:
    if isinstance(value, str):
        return Rule(source=value)
    if not isinstance(value, dict):
        reader.refuse(WRONG_KIND, place, value)
        return Rule(value="")
    values = _values(reader, value, place + ".", _RULE)
    rule = Rule(**{_RULE_NAMES.get(key, key): one for key, one in values.items()})  # type: ignore[arg-type]
    texts = [rule.source, rule.value, rule.join or None, rule.unpivot]
    if sum(text is not None for text in texts) != 1:
        reader.refuse(NO_TEXT, place)
    if rule.lookup is not None and rule.lookup not in lookups:
        reader.refuse(NO_LOOKUP, place + ".lookup", rule.lookup)
    if rule.pattern is not None:
        _check_pattern(reader, rule.pattern, place + ".pattern", groups=1)
    if rule.date is not None and not _is_form(rule.date):
        reader.refuse(BAD_DATE, place + ".date", rule.date)
    if rule.unpivot not in (None, "name", "value"):
        reader.refuse(WRONG_KIND, place + ".unpivot", rule.unpivot, mend="Write name or value.")
    return rule


def _is_form(form: str) -> bool:
    """Whether a day written in this form can be read again."""
    example = datetime(2020, 8, 9, 10, 11, tzinfo=UTC)
    try:
        return datetime.strptime(example.strftime(form), form).date() == example.date()  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _constant_row(
    reader: _Reader, table: _Table, place: str, schemas: Dictionary[str, Schema]
) -> ConstantRow:
    name = reader.take(table, "table", place, _text) or ""
    values = _dictionary({key: one for key, one in table.items() if key != "table"})
    schema = _schema(reader, name, place + "table", schemas)
    if values is None:
        reader.refuse(WRONG_KIND, place.rstrip("."))
    elif schema is not None:
        _check_columns(reader, schema, dict.fromkeys(values, Rule(value="")), None, place)
    return ConstantRow(name, values or {})
