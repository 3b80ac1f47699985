"""Plans as text: the keys of `plan.toml` are the fields of a plan."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import TypeVar

from pollwitness.simulate.plan import (
    Errors,
    Manipulation,
    ManipulationKind,
    Plan,
    PlanError,
    Release,
    ReleaseKind,
    Reports,
)

_Record = TypeVar("_Record", Plan, Release, Reports, Errors, Manipulation)
_PARTS: Mapping[str, type[Release] | type[Reports] | type[Errors]] = {
    "release": Release,
    "reports": Reports,
    "errors": Errors,
}


def parse_plan(text: str) -> Plan:
    """The plan in a TOML text; keys that it does not name keep their defaults.

    Raises:
        PlanError: with everything that is wrong with it.

    >>> parse_plan('stations = 50' + chr(10) + '[errors]' + chr(10) + 'blank = 0.1').errors.blank
    0.1
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise PlanError(f"the plan is not valid TOML: {error}") from error
    wrong: list[str] = []
    values = dict(table)
    for name, part in _PARTS.items():
        values[name] = _record(part, values.get(name, {}), f"{name}.", wrong)
    listed = values.get("manipulations", [])
    if not isinstance(listed, list):
        wrong.append("manipulations must be a list: write [[manipulations]]")
    values["manipulations"] = [
        _record(Manipulation, one, f"manipulations[{number}].", wrong)
        for number, one in enumerate(listed if isinstance(listed, list) else [], start=1)
    ]
    plan = _record(Plan, values, "", wrong)
    if wrong or plan is None:
        raise PlanError("the plan cannot be used: " + "; ".join(wrong))
    plan.check()
    return plan


def _record(kind: type[_Record], table: object, place: str, wrong: list[str]) -> _Record | None:
    if not isinstance(table, dict):
        wrong.append(f"{place.rstrip('.')} must be a table")
        return None
    known = {field.name: field for field in fields(kind)}
    wrong.extend(f"{place}{key} is not known" for key in sorted(set(table) - set(known)))
    wrong.extend(
        f"{place}{name} is missing"
        for name, field in known.items()
        if field.default is MISSING and field.default_factory is MISSING and name not in table
    )
    before = len(wrong)
    values = {
        name: _value(known[name], table[name], place, wrong) for name in known if name in table
    }
    complete = all(name in table or _has_default(field) for name, field in known.items())
    return kind(**values) if len(wrong) == before and complete else None  # type: ignore[arg-type]


def _has_default(field: Field[object]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _value(field: Field[object], value: object, place: str, wrong: list[str]) -> object:
    """A value of the type that the field has; what does not fit is listed."""
    kind = str(field.type)
    if is_dataclass(value) or value is None:
        return value
    found = _converted(kind, value)
    if found is None:
        wrong.append(f"{place}{field.name} must be {_WORDS.get(kind, 'a list')}")
    return found


_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str | None": "a text",
    "bool": "true or false",
    "ReleaseKind": f"one of {', '.join(ReleaseKind)}",
    "ManipulationKind": f"one of {', '.join(ManipulationKind)}",
}


def _converted(kind: str, value: object) -> object:
    if kind in ("ReleaseKind", "ManipulationKind"):
        members: type[StrEnum] = ReleaseKind if kind == "ReleaseKind" else ManipulationKind
        return members(value) if isinstance(value, str) and value in list(members) else None
    if kind.startswith("tuple"):
        return _list(kind, value)
    return _plain(kind, value)


def _plain(kind: str, value: object) -> object:
    is_flag = isinstance(value, bool)
    if kind == "float":
        return float(value) if isinstance(value, int | float) and not is_flag else None
    if kind == "int":
        return value if isinstance(value, int) and not is_flag else None
    wanted = bool if kind == "bool" else str
    return value if isinstance(value, wanted) else None


def _list(kind: str, value: object) -> object:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    inner = kind.removeprefix("tuple[").removesuffix(", ...]")
    if inner == "Manipulation":
        return tuple(value)
    found = [_converted("str | None" if inner == "str" else inner, one) for one in value]
    return None if None in found else tuple(found)


def plan_text(plan: Plan) -> str:
    """The plan as a TOML text that gives the same plan again."""
    parts = [_lines(plan, skipped=(*_PARTS, "manipulations"))]
    parts.extend(f"[{name}]\n{_lines(getattr(plan, name))}" for name in _PARTS)
    parts.extend(f"[[manipulations]]\n{_lines(one)}" for one in plan.manipulations)
    return "\n".join(parts)


def _lines(
    record: Plan | Release | Reports | Errors | Manipulation, skipped: Sequence[str] = ()
) -> str:
    values = {f.name: getattr(record, f.name) for f in fields(record) if f.name not in skipped}
    return "".join(
        f"{name} = {_toml(value)}\n" for name, value in values.items() if value is not None
    )


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)
