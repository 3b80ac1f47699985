"""Computing the findings of a bundle again, and comparing them with those that were published."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from pollwitness.bundle.layout import FINDINGS, PUBLIC, BundleError
from pollwitness.case import read_case
from pollwitness.checks import run_checks
from pollwitness.claims import canonical_json

TOLERANCE = 1e-6
"""Relative; of estimates. Whole numbers and fractions are compared exactly."""
_MOST = 20
Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"


def recomputed(bundle: Path) -> tuple[list[str], int]:
    """What differs between the published findings and those computed now; number of findings.

    Raises:
        BundleError: if the published findings cannot be read.
        InputRefusedError: if the case cannot be read.
    """
    content = (bundle / FINDINGS).read_bytes()
    tables = read_case(bundle / PUBLIC).tables
    document = run_checks(tables).document(tables)
    made = canonical_json(document) + b"\n"
    try:
        published = json.loads(content)
        count = len(published["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(f"{FINDINGS} cannot be read") from error
    if made == content:
        return [], count
    differing = list(_differences("", published, json.loads(made)))
    if len(differing) > _MOST:
        differing[_MOST:] = [f"and {len(differing) - _MOST} more"]
    return differing, count


def _differences(place: str, before: Value, now: Value) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now} - ({"version"} if place == ".software" else set())):
            if key in before and key in now:
                yield from _differences(f"{place}.{key}", before[key], now[key])
            else:
                yield f"{place}.{key} is there only {'before' if key in before else 'now'}"
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _differences(f"{place}[{number}]", old, new)
    elif isinstance(before, list) and isinstance(now, list):
        yield f"{place}: {len(before)} published, {len(now)} computed"
    elif not _equal(before, now):
        yield f"{place}: {before!r} published, {now!r} computed"


def _equal(before: Value, now: Value) -> bool:
    if isinstance(before, float) and isinstance(now, float):
        return math.isclose(before, now, rel_tol=TOLERANCE)
    return type(before) is type(now) and before == now
