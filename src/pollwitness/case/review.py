"""Deciding on proposed claims: a person accepts, edits or rejects; every decision is kept.

The log `claims-log.jsonl` of a case only grows: each line is the canonical JSON of one decision
and names the digest of the line before it, so that a change of an old line shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from pollwitness.case.articles import keep_table
from pollwitness.case.chain import append_chain, chained, read_chain
from pollwitness.case.folder import read_case
from pollwitness.case.hold import alone, check_texts
from pollwitness.case.write import write_descriptor
from pollwitness.claims import Json
from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables

LOG = "claims-log.jsonl"
FIXED = frozenset({"claim_id", "status", "document_id", "start", "end", "quote"})
"""Columns that a review does not change: what was said where is not ours to edit."""


class Choice(StrEnum):
    """What a person decides on a proposal. ``undo`` takes the last decision on it back."""

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a claim; ``changes`` are the columns that an edit sets, as texts."""

    claim_id: str
    choice: Choice
    changes: Mapping[str, str | None]
    reason: str | None = None


def parse_decisions(name: str, content: bytes) -> list[Decision]:
    """The decisions of a file: a list of {claim_id, decision, set?, reason?}.

    Raises:
        QuestionError: with every problem of the file.
    """
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{name} is no JSON: {error}") from error
    if not isinstance(found, list):
        raise QuestionError(f"{name} holds no list of decisions")
    decisions, problems = [], []
    for number, one in enumerate(found, start=1):
        try:
            decisions.append(_decision(one))
        except (ValueError, TypeError, KeyError) as error:
            problems.append(f"decision {number}: {error}")
    if problems:
        raise QuestionError(f"{name}: " + "; ".join(problems))
    return decisions


def _decision(found: object) -> Decision:
    if not isinstance(found, dict):
        raise TypeError("not an object")
    strange = sorted(set(found) - {"claim_id", "decision", "set", "reason"})
    if strange or not isinstance(found.get("claim_id"), str):
        raise ValueError(f"unknown keys {strange}" if strange else "claim_id is missing")
    choices = [one.value for one in Choice]
    if found.get("decision") not in choices:
        raise ValueError(f"decision is one of {', '.join(choices)}")
    changes = found.get("set", {})
    if not isinstance(changes, dict):
        raise TypeError("set is no object")
    reason = found.get("reason")
    return Decision(
        found["claim_id"], Choice(found["decision"]),
        {str(name): None if value is None else str(value) for name, value in changes.items()},
        None if reason is None else str(reason),
    )  # fmt: skip


def decide(folder: Path, decisions: Sequence[Decision], *, moment: str, by: str | None) -> int:
    """Carry decisions out, all or none, and note each in the log; how many there were.

    ``moment`` is when, in UTC; ``by`` an alias, for cases with several reviewers.

    Raises:
        InputRefusedError: if a claim would break the rules of its table.
        QuestionError: if a decision names no claim, or changes what may not be changed.
    """
    with alone(folder):
        tables = read_case(folder).tables
        _check(tables, decisions)
        lines = read_log(folder)
        before = _redone(_rows(tables), lines)
        after, new = dict(before), list(lines)
        for one in decisions:
            after[one.claim_id] = _decided(one, after[one.claim_id], new)
            new.append(_line(one, before[one.claim_id], after[one.claim_id], (moment, by), new))
            before[one.claim_id] = after[one.claim_id]
        whole = tables.with_table("claims", _checked(tables, after))
        append_chain(folder / LOG, new[len(lines) :], lines)
        keep_table(whole, "claims", folder)
        write_descriptor(whole, folder)
    return len(decisions)


_Row = dict[str, str | None]


def _rows(tables: CaseTables) -> dict[str, _Row]:
    frame = tables.table("claims").select(pl.all().cast(pl.String))
    return {str(row["claim_id"]): dict(row) for row in frame.iter_rows(named=True)}


def _check(tables: CaseTables, decisions: Sequence[Decision]) -> None:
    known = set(tables.table("claims")["claim_id"].to_list())
    columns = set(tables.schemas["claims"].names)
    problems = []
    for one in decisions:
        if one.claim_id not in known:
            problems.append(f"the case has no claim {one.claim_id}")
        fixed, strange = sorted(set(one.changes) & FIXED), sorted(set(one.changes) - columns)
        if fixed:
            problems.append(f"{one.claim_id}: {', '.join(fixed)} cannot be changed")
        if strange:
            problems.append(f"{one.claim_id}: no such column: {', '.join(strange)}")
        if one.changes and one.choice is not Choice.EDIT:
            problems.append(f"{one.claim_id}: only an edit sets columns")
        if one.choice is Choice.EDIT and not one.changes:
            problems.append(f"{one.claim_id}: an edit sets at least one column")
    problems += _without_place(tables, decisions)
    if problems:
        raise QuestionError("; ".join(problems))


def _without_place(tables: CaseTables, decisions: Sequence[Decision]) -> list[str]:
    """Claims about votes that would be confirmed without saying where."""
    rows = {str(row["claim_id"]): row for row in tables.table("claims").to_dicts()}
    found = []
    for one in decisions:
        row = rows.get(one.claim_id)
        is_confirmed = one.choice in {Choice.ACCEPT, Choice.EDIT}
        if row is None or not is_confirmed or row["measure"] not in _OF_AN_ELECTION:
            continue
        if one.changes.get("area_id", row["area_id"]) is None:
            found.append(f"{one.claim_id}: say where the figure holds: area_id")
    return found


_OF_AN_ELECTION = frozenset({"votes", "vote_share", "stations_won", "turnout", "ballots"})


def _decided(one: Decision, row: _Row, lines: Sequence[bytes]) -> _Row:
    if one.choice is Choice.UNDO:
        return row | _undone(one.claim_id, lines)
    status = "rejected" if one.choice is Choice.REJECT else "confirmed"
    return row | dict(one.changes) | {"status": status}


def _undone(claim_id: str, lines: Sequence[bytes]) -> _Row:
    """What the last decision on a claim replaced; an undo is taken back by an undo."""
    for line in reversed(lines):
        noted: dict[str, object] = json.loads(line)
        if noted["claim_id"] == claim_id:
            before = noted["before"]
            items = before.items() if isinstance(before, dict) else ()
            return {str(name): None if value is None else str(value) for name, value in items}
    raise QuestionError(f"there is no decision on {claim_id} to take back")


def _line(
    one: Decision, before: _Row, after: _Row, when: tuple[str, str | None], lines: Sequence[bytes]
) -> bytes:
    changed = sorted(name for name in after if after[name] != before[name])
    document: dict[str, Json] = {
        "claim_id": one.claim_id,
        "decision": str(one.choice),
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
        "reason": one.reason,
        "at": when[0],
        "by": when[1],
    }
    return chained(document, lines)


def _checked(tables: CaseTables, rows: Mapping[str, _Row]) -> pl.DataFrame:
    """The table of claims after all decisions, if it keeps the rules of a case."""
    texts = {
        name: tables.table(name).select(pl.all().cast(pl.String)) for name in ("areas", "documents")
    }
    names = tables.schemas["claims"].names
    texts["claims"] = pl.DataFrame(
        [{name: row[name] for name in names} for row in rows.values()],
        schema=dict.fromkeys(names, pl.String),
    )
    return check_texts(tables, texts)["claims"].frame.select(names)


def read_log(folder: Path) -> list[bytes]:
    """The lines of the log of decisions, oldest first, without a last one that was torn.

    Raises:
        QuestionError: if a line does not follow from the one before it.
    """
    return read_chain(folder / LOG)


def _redone(rows: dict[str, _Row], lines: Sequence[bytes]) -> dict[str, _Row]:
    """The rows with the last decisions that are in the log and not in the table.

    They were noted, and the program was interrupted before it changed the table.
    """
    found = dict(rows)
    waiting: list[tuple[str, _Row]] = []
    for line in reversed(lines):
        noted: dict[str, dict[str, str | None]] = json.loads(line)
        name = str(noted["claim_id"])
        row, before, after = found.get(name), noted["before"], noted["after"]
        if row is None or before == after or any(row[key] != before[key] for key in before):
            break
        waiting.append((name, dict(after)))
    for name, after in reversed(waiting):
        found[name] = found[name] | after
    return found
