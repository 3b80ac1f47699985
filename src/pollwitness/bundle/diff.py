"""What changed between two bundles of a case: rows, verdicts, and whether the log only grew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pollwitness.bundle.layout import CASE, CHECKPOINT, CUSTODY, FINDINGS, PUBLIC, BundleError
from pollwitness.case import read_case
from pollwitness.evidence.merkle import leaf_hash, root_of
from pollwitness.evidence.notes import parse_checkpoint, parse_note
from pollwitness.tables import CaseTables

Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added, removed or changed; ``columns`` are (name, before, now)."""

    table: str
    key: str
    kind: str
    columns: tuple[tuple[str, Cell, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A claim whose verdict is another; None where the claim is in one bundle only."""

    claim_id: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class BundleDiff:
    """All that changed. ``continues`` is whether the new log begins with the old one."""

    versions: tuple[int, int]
    entries: tuple[int, int]
    continues: bool
    rows: tuple[RowChange, ...]
    verdicts: tuple[VerdictChange, ...]


def diff(old: Path, new: Path) -> BundleDiff:
    """Compare two bundles of one case; verify both first.

    Raises:
        BundleError: if they are not of one case, or a file cannot be read.
        InputRefusedError: if a case cannot be read.
    """
    heads = [_json(folder / CASE) for folder in (old, new)]
    tables = [read_case(folder / PUBLIC).tables for folder in (old, new)]
    if tables[0].case.id != tables[1].case.id:
        raise BundleError(
            f"the bundles are of two cases: {tables[0].case.id} and {tables[1].case.id}"
        )
    sizes = [len(_entries(folder)) for folder in (old, new)]
    before, now = (_verdicts(_json(folder / FINDINGS)) for folder in (old, new))
    return BundleDiff(
        (_version(heads[0]), _version(heads[1])), (sizes[0], sizes[1]), _continues(old, new),
        tuple(_row_changes(tables[0], tables[1])),
        tuple(VerdictChange(claim, before.get(claim), now.get(claim))
              for claim in sorted({*before, *now}) if before.get(claim) != now.get(claim)),
    )  # fmt: skip


def _json(path: Path) -> Mapping[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{path} cannot be read") from error
    if not isinstance(found, dict):
        raise BundleError(f"{path} cannot be read")
    return found


def _version(head: Mapping[str, object]) -> int:
    version = head.get("version")
    return version if isinstance(version, int) else 0


def _verdicts(findings: Mapping[str, object]) -> dict[str, str]:
    claims = findings.get("claims")
    if not isinstance(claims, list):
        raise BundleError(f"{FINDINGS} has no list of claims")
    try:
        return {str(one["claim_id"]): str(one["verdict"]) for one in claims}
    except (KeyError, TypeError) as error:
        raise BundleError(f"{FINDINGS} has no list of claims") from error


def _entries(bundle: Path) -> list[bytes]:
    return (bundle / CUSTODY).read_bytes().split(b"\n")[:-1]


def _continues(old: Path, new: Path) -> bool:
    head = parse_checkpoint(parse_note((old / CHECKPOINT).read_bytes()).text)
    lines = _entries(new)
    first = [leaf_hash(line) for line in lines[: head.size]]
    return len(lines) >= head.size and root_of(first) == head.root


def _row_changes(before: CaseTables, now: CaseTables) -> Iterator[RowChange]:
    for name in sorted({*before.frames, *now.frames}):
        key = now.schemas[name].key if name in now.schemas else before.schemas[name].key
        rows = [_rows(tables, name, key) for tables in (before, now)]
        for place in sorted({*rows[0], *rows[1]}):
            old, new = rows[0].get(place), rows[1].get(place)
            if old is None or new is None:
                yield RowChange(name, place, "added" if old is None else "removed")
                continue
            changed = tuple(
                (column, old.get(column), new.get(column))
                for column in sorted({*old, *new})
                if old.get(column) != new.get(column)
            )
            if changed:
                yield RowChange(name, place, "changed", changed)


def _rows(tables: CaseTables, name: str, key: tuple[str, ...]) -> dict[str, dict[str, Cell]]:
    if name not in tables.frames:
        return {}
    return {
        " ".join(str(row[column]) for column in key): row
        for row in tables.table(name).iter_rows(named=True)
    }
