"""Changing tables of a case safely: one program at a time, and only what the rules allow."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pollwitness.case.folder import InputRefusedError
from pollwitness.case.head import FILE
from pollwitness.errors import RefusedError
from pollwitness.tables import (
    CaseTables,
    ParsedTable,
    Problem,
    consistency_problems,
    has_errors,
    in_order,
    parse_table,
)

_CHANGED = ("areas", "documents", "claims")


class CaseInUseError(RefusedError):
    """Another program changes the case at this moment."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only program that changes the articles and claims of a case.

    Raises:
        CaseInUseError: if another one does.
    """
    with (folder / FILE).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CaseInUseError(f"{folder}: another program changes it; try again") from error
        yield


def checked(tables: CaseTables) -> CaseTables:
    """The tables, if documents and claims keep the rules of a case; nothing is written.

    Raises:
        InputRefusedError: with everything that they break.
    """
    texts = {name: tables.table(name).select(pl.all().cast(pl.String)) for name in _CHANGED}
    check_texts(tables, texts)
    return tables


def check_texts(tables: CaseTables, texts: Mapping[str, pl.DataFrame]) -> Mapping[str, ParsedTable]:
    """Tables given as texts, parsed by the rules of a case.

    Raises:
        InputRefusedError: with everything that documents and claims break.
    """
    problems: list[Problem] = []
    parsed: dict[str, ParsedTable] = {}
    for name, frame in texts.items():
        table, found = parse_table(frame, frame.columns, tables.schemas[name], f"tables/{name}.csv")
        parsed[name] = table
        problems += found
    problems += consistency_problems(tables.case, parsed, unread=set(tables.schemas) - set(parsed))
    files = {"tables/claims.csv", "tables/documents.csv"}
    wrong = in_order(one for one in problems if one.file in files)
    if has_errors(wrong):
        raise InputRefusedError(wrong)
    return parsed
