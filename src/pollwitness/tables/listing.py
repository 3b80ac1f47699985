"""Making problems out of whole columns at once, with a limit that is said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.tables.problems import Problem, Severity

LISTED_PER_KIND = 100
"""How many problems of one kind in one column are listed one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is the same in all problems of one kind: id, message and mend."""

    id: str
    message: str
    mend: str
    severity: Severity = Severity.ERROR


def file_problem(fault: Fault, file: str, *, row: int | None = None) -> Problem:
    """A problem of a whole file, or of one of its rows."""
    return Problem(fault.id, fault.severity, file, row, None, None, fault.message, fault.mend)


def column_problems(
    fault: Fault,
    file: str,
    *,
    column: str,
    rows: npt.NDArray[np.int64],
    values: Sequence[str | None] | None,
) -> list[Problem]:
    """One problem for each row, up to the limit, then one that counts the others.

    ``values`` stands beside ``rows``; None where the column is restricted.
    """
    shown = [
        Problem(
            fault.id,
            fault.severity,
            file,
            int(row),
            column,
            None if values is None else values[position],
            fault.message,
            fault.mend,
        )
        for position, row in enumerate(rows[:LISTED_PER_KIND])
    ]
    rest = len(rows) - LISTED_PER_KIND
    if rest > 0:
        message = f"{fault.message}: {rest} more rows, this is the last"
        shown.append(
            Problem(
                fault.id, fault.severity, file, int(rows[-1]), column, None, message, fault.mend
            )
        )
    return shown
