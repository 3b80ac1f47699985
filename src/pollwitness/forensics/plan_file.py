"""Plans as text: which tests, at which level, against which official totals.

A plan is written, and its SHA-256 published, before results are seen.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping

from pollwitness.errors import RefusedError
from pollwitness.forensics.battery import DEFAULT_TESTS, BatteryTest, Plan
from pollwitness.forensics.gates import Expected

FORMAT = 1
_TOTALS = ("stations", "registered", "ballots", "leader")
_KEYS = {"format", "election", "level", "seed", "tests", "expected"}


class PlanError(RefusedError):
    """A plan cannot be used; the message names every key and what it must be."""


def plan_text(plan: Plan) -> str:
    """A plan as TOML, to be read again by :func:`parse_plan`.

    >>> parse_plan(plan_text(Plan(election="X 2030"))).election
    'X 2030'
    """
    totals = {name: getattr(plan.expected, name) for name in _TOTALS}
    lines = [
        f"format = {FORMAT}",
        f"election = {_quoted(plan.election)}",
        "# The chance of a false alarm in any of the tests together.",
        f"level = {plan.level}",
        "# Of the control: an honest election drawn from the stations' own rates.",
        f"seed = {plan.seed}",
        "tests = [",
        *(f"  {_quoted(str(test))}," for test in plan.tests),
        "]",
        "",
        "# Official totals; the table must add up to them. What nobody states is not checked.",
        "[expected]",
        *(f"{name} = {value}" for name, value in totals.items() if value is not None),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(max(c, " ") for c in escaped) + '"'


def parse_plan(text: str) -> Plan:
    """The plan in a TOML text, with the SHA-256 of its bytes.

    Raises:
        PlanError: with everything that is wrong with it.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise PlanError(f"the plan is not valid TOML: {error}") from error
    totals = table.get("expected", {})
    wrong = [*_wrong_keys(table), *_wrong_values(table), *_wrong_totals(totals)]
    if wrong:
        raise PlanError("the plan cannot be used: " + "; ".join(wrong))
    return Plan(
        tests=tuple(BatteryTest(name) for name in table.get("tests", list(DEFAULT_TESTS))),
        level=float(table.get("level", 0.05)),
        expected=Expected(**{name: totals.get(name) for name in _TOTALS}),
        election=table.get("election", ""),
        seed=table.get("seed", 1),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _wrong_keys(table: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{key} is not known" for key in sorted(set(table) - _KEYS))
    if table.get("format") != FORMAT:
        yield f"format must be {FORMAT}"


def _wrong_values(table: Mapping[str, object]) -> Iterator[str]:
    level, seed = table.get("level", 0.05), table.get("seed", 1)
    if not isinstance(level, float) or not 0 < level < 1:
        yield "level must be a number between 0 and 1, such as 0.05"
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        yield "seed must be a whole number, 0 or more"
    if not isinstance(table.get("election", ""), str):
        yield "election must be a text"
    tests, known = table.get("tests", list(DEFAULT_TESTS)), {str(test) for test in BatteryTest}
    if not isinstance(tests, list) or not tests or not {str(t) for t in tests} <= known:
        yield f"tests must be a list of some of {', '.join(sorted(known))}"
    elif len({str(t) for t in tests}) < len(tests):
        yield "tests must name each test once"


def _wrong_totals(totals: object) -> Iterator[str]:
    if not isinstance(totals, dict):
        yield "expected must be a table: write [expected]"
        return
    yield from (f"expected.{key} is not known" for key in sorted(set(totals) - set(_TOTALS)))
    for name in _TOTALS:
        value = totals.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            yield f"expected.{name} must be a whole number"
