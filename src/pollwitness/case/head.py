"""Reading and writing `case.toml`."""

from __future__ import annotations

import codecs
import datetime
import json
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from pollwitness.tables import (
    FORMAT,
    LARGEST_COUNT,
    Audience,
    Case,
    Contest,
    ContestRule,
    Option,
    OptionKind,
    Problem,
    Severity,
)
from pollwitness.tables.schema import ID_PATTERN, OPTION_PATTERN

FILE = "case.toml"
_HEAD_KEYS = {"format", "id", "title", "country", "date", "time_zone", "licence", "audience",
              "largest_station", "roll_additions", "contests"}  # fmt: skip
_CONTEST_KEYS = {"id", "name", "winners", "rule", "threshold", "round", "options"}
_OPTION_KEYS = {"id", "name", "kind"}
_SHARE_PATTERN = r"[0-9]{1,30}(/[0-9]{1,30}|\.[0-9]{1,30})?"
_Enumeration = TypeVar("_Enumeration", bound=StrEnum)


def _shown(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no numbers of more than 4,300 digits.
        return "a number too long to show"


class _Reader:
    """Takes values out of parsed TOML and remembers every problem it meets."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, id: str, key: str, value: object, message: str, mend: str) -> None:  # noqa: A002
        shown = None if value is None else _shown(value)
        self.problems.append(Problem(id, Severity.ERROR, FILE, None, key, shown, message, mend))

    def known_keys(self, table: Mapping[str, object], known: set[str], place: str) -> None:
        for key in sorted(set(table) - known):
            self.refuse("C006", place + key, None, "the key is not known",
                        f"Known keys here: {', '.join(sorted(known))}.")  # fmt: skip

    def text(self, table: Mapping[str, object], key: str, place: str = "") -> str:
        value = table.get(key)
        if value is None:
            self.refuse("C004", place + key, None, "the key is missing", f'Add {key} = "…".')
        elif not isinstance(value, str) or not value.strip():
            self.refuse("C005", place + key, value, "not a text, or a blank one",
                        f'Write {key} = "…".')  # fmt: skip
        else:
            return value
        return ""

    def id(self, table: Mapping[str, object], place: str, pattern: str, rule: str) -> str:
        value = self.text(table, "id", place)
        if value and not re.fullmatch(pattern, value):
            self.refuse("C008", place + "id", value, "not an id", rule)
        return value

    def whole(
        self, table: Mapping[str, object], key: str, place: str = "", *, low: int = 0
    ) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("C005", place + key, value, "not a whole number", f"Write {key} = 1.")
        elif not low <= value <= LARGEST_COUNT:
            self.refuse("C007", place + key, value, "the number is out of bounds",
                        f"Write a number from {low} to {LARGEST_COUNT}.")  # fmt: skip
        else:
            return value
        return None

    def choice(
        self, table: Mapping[str, object], key: str, place: str, kinds: type[_Enumeration]
    ) -> _Enumeration:
        members = list(kinds)
        value = self.text(table, key, place)
        if value in [str(member) for member in members]:
            return kinds(value)
        if value:
            allowed = ", ".join(str(member) for member in members)
            self.refuse("C009", place + key, value, "not one of the values allowed here",
                        f"Write one of: {allowed}.")  # fmt: skip
        return members[0]

    def tables(self, table: Mapping[str, object], key: str, place: str) -> list[dict[str, object]]:
        value = table.get(key)
        if isinstance(value, Sequence) and value and all(isinstance(v, dict) for v in value):
            return [dict(entry) for entry in value]
        name = re.sub(r"\[[0-9]+\]", "", place + key)
        self.refuse("C004", place + key, None, "there is none", f"Add a [[{name}]] table.")
        return []


def parse_head(raw: bytes) -> Case | tuple[Problem, ...]:
    """The head of a case from the bytes of its `case.toml`, or all problems of it."""
    if raw.startswith(codecs.BOM_UTF8):
        mend = "Save the file as UTF-8 without it."
        return (_refusal("C003", 1, "the file begins with a byte-order mark", mend),)
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        return (_refusal("C003", row, "the text is not UTF-8", "Save the file as UTF-8."),)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        row = int(found.group(1)) if found else raw.count(b"\n") + 1
        return (_refusal("C002", row, f"not valid TOML: {error}", "Mend the line."),)
    except (RecursionError, ValueError):
        deep = "not valid TOML: it nests too deep, or holds a number too long to read"
        return (_refusal("C002", None, deep, "Write it simpler."),)
    reader = _Reader()
    case = _case(table, reader)
    return tuple(reader.problems) or case


def _refusal(id: str, row: int | None, message: str, mend: str) -> Problem:  # noqa: A002
    return Problem(id, Severity.ERROR, FILE, row, None, None, message, mend)


def _case(table: Mapping[str, object], reader: _Reader) -> Case:
    if table.get("format") is True or table.get("format") != FORMAT:
        reader.refuse("C010", "format", table.get("format"), "not a format that can be read",
                      f"Write format = {FORMAT}.")  # fmt: skip
    reader.known_keys(table, _HEAD_KEYS, "")
    contests = tuple(
        _contest(entry, reader, f"contests[{number}].")
        for number, entry in enumerate(reader.tables(table, "contests", ""), start=1)
    )
    _unique(reader, [contest.id for contest in contests], "contests", "C011")
    _unique(reader, [o for contest in contests for o in contest.option_ids], "options", "C012")
    return Case(
        id=reader.id(table, "", ID_PATTERN, "Use 1 to 64 letters, digits, dots, _ or -."),
        title=reader.text(table, "title"),
        country=reader.text(table, "country"),
        date=_checked(reader, table, "date", _is_date, "Write the day as 2020-08-09."),
        time_zone=_checked(reader, table, "time_zone", _is_zone, "Write one such as Europe/Minsk."),
        licence=reader.text(table, "licence"),
        audience=reader.choice(table, "audience", "", Audience),
        contests=contests,
        largest_station=reader.whole(table, "largest_station", low=1),
        roll_additions=reader.whole(table, "roll_additions"),
    )


def _checked(
    reader: _Reader,
    table: Mapping[str, object],
    key: str,
    fits: Callable[[str], bool],
    mend: str,
) -> str:
    value = table.get(key)
    if isinstance(value, datetime.date):
        table = {**table, key: value.isoformat()[:10]}
    text = reader.text(table, key)
    if text and not fits(text):
        reader.refuse("C013", key, text, "cannot be read", mend)
    return text


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_zone(text: str) -> bool:
    return text in zoneinfo.available_timezones()


def _contest(table: Mapping[str, object], reader: _Reader, place: str) -> Contest:
    reader.known_keys(table, _CONTEST_KEYS, place)
    options = tuple(
        _option(entry, reader, f"{place}options[{number}].")
        for number, entry in enumerate(reader.tables(table, "options", place), start=1)
    )
    rule = reader.choice(table, "rule", place, ContestRule)
    return Contest(
        id=reader.id(table, place, ID_PATTERN, "Use 1 to 64 letters, digits, dots, _ or -."),
        name=reader.text(table, "name", place),
        winners=reader.whole(table, "winners", place, low=1) or 1,
        rule=rule,
        options=options,
        threshold=_threshold(table, rule, reader, place),
        round=reader.whole(table, "round", place, low=1),
    )


def _threshold(
    table: Mapping[str, object], rule: ContestRule, reader: _Reader, place: str
) -> Fraction | None:
    value = table.get("threshold")
    if (value is not None) != (rule is ContestRule.THRESHOLD):
        mend = 'Give threshold = "3/5" with rule = "threshold", and only there.'
        reader.refuse("C014", place + "threshold", value, "it disagrees with the rule", mend)
        return None
    if value is None:
        return None
    text = _shown(value)
    try:
        threshold = Fraction(text if re.fullmatch(_SHARE_PATTERN, text) else 0)
    except ZeroDivisionError:
        threshold = Fraction(0)
    if not 0 < threshold < 1:
        reader.refuse("C014", place + "threshold", value, "not a share between 0 and 1",
                      'Write a share as a text, such as "3/5" or "0.05".')  # fmt: skip
    return threshold


def _option(table: Mapping[str, object], reader: _Reader, place: str) -> Option:
    reader.known_keys(table, _OPTION_KEYS, place)
    return Option(
        id=reader.id(table, place, OPTION_PATTERN, "Use a-z first, then a-z, 0-9 and _."),
        name=reader.text(table, "name", place),
        kind=reader.choice(table, "kind", place, OptionKind),
    )


def _unique(reader: _Reader, ids: Sequence[str], place: str, problem: str) -> None:
    for name in sorted({name for name in ids if name and ids.count(name) > 1}):
        reader.refuse(problem, place, name, "the id stands twice in the case",
                      "Give each its own id.")  # fmt: skip


def head_text(case: Case) -> str:
    """The `case.toml` of a case, in canonical form."""
    pairs: list[tuple[str, str | int | None]] = [
        ("format", FORMAT),
        ("id", case.id),
        ("title", case.title),
        ("country", case.country),
        ("date", case.date),
        ("time_zone", case.time_zone),
        ("licence", case.licence),
        ("audience", case.audience),
        ("largest_station", case.largest_station),
        ("roll_additions", case.roll_additions),
    ]
    blocks = [_lines(pairs)]
    for contest in case.contests:
        threshold = None if contest.threshold is None else str(contest.threshold)
        blocks.append("[[contests]]\n" + _lines([
            ("id", contest.id), ("name", contest.name), ("winners", contest.winners),
            ("rule", contest.rule), ("threshold", threshold), ("round", contest.round),
        ]))  # fmt: skip
        blocks.extend(
            "[[contests.options]]\n"
            + _lines([("id", option.id), ("name", option.name), ("kind", option.kind)])
            for option in contest.options
        )
    return "\n".join(blocks)


def _lines(pairs: Sequence[tuple[str, str | int | None]]) -> str:
    return "".join(
        f"{key} = {_basic_string(value) if isinstance(value, str) else value}\n"
        for key, value in pairs
        if value is not None
    )


def _basic_string(text: str) -> str:
    # TOML's basic strings are JSON strings, but for the delete character, which TOML escapes.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
