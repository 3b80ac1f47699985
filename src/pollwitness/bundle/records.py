"""Rows of a case as events: each document, protocol, official figure and claim is a leaf.

The digest of a row is that of its canonical JSON, with the columns as they are published, so that
a reader of a bundle can compare every row with its last event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

import rfc8785

from pollwitness.evidence.events import Chains, Event, EventType, Times, event_line, signed
from pollwitness.evidence.notes import SigningKey
from pollwitness.tables import CaseTables

LOGGED = {
    "claims": "claim_id", "documents": "document_id", "official_figures": "figure_id",
    "official_results": "result_id", "protocol_sums": "sum_id", "protocols": "copy_id",
    "turnout_counts": "count_id",
}  # fmt: skip
"""Tables whose rows are leaves, and the column that names a row."""
_Row = Mapping[str, str | int | bool | None]


def row_digests(tables: CaseTables) -> dict[str, tuple[str, EventType]]:
    """The digest of every row that is logged, and what its event is, by item."""
    found: dict[str, tuple[str, EventType]] = {}
    for table, key in LOGGED.items():
        for row in tables.table(table).iter_rows(named=True):
            known = {name: value for name, value in row.items() if value is not None}
            digest = hashlib.sha256(rfc8785.dumps(known)).hexdigest()
            found[f"{table}/{row[key]}"] = digest, _kind(table, row)
    return found


def _kind(table: str, row: _Row) -> EventType:
    if table == "protocols" and row["corrects"] is not None:
        return EventType.CORRECTED
    return {"claims": EventType.ASSESSED, "documents": EventType.RECEIVED}.get(
        table, EventType.TRANSCRIBED
    )


def last_digests(events: Iterator[Event]) -> dict[str, str | None]:
    """The digest of the last event of every item that is a row; None where it was withdrawn."""
    found: dict[str, str | None] = {}
    for event in events:
        if event.item.partition("/")[0] in LOGGED:
            found[event.item] = event.digest
    return found


def new_events(
    tables: CaseTables, before: Mapping[str, str | None], chains: Chains, key: SigningKey,
    *, tool: str, received: str,
) -> Iterator[bytes]:  # fmt: skip
    """The lines that bring a log up to the rows of a case; nothing where nothing changed."""
    rows = row_digests(tables)
    for item, (digest, kind) in sorted(rows.items()):
        if before.get(item) == digest:
            continue
        changed = before.get(item) is not None
        yield chained(
            Event(EventType.CORRECTED if changed else kind, tables.case.id, item, 0, "", "clerk",
                  tool, digest=digest, times=Times(received=received),
                  reason="the row was changed in place" if changed else None),
            chains, key,
        )  # fmt: skip
    for item in sorted(set(before) - set(rows)):
        if before[item] is not None:
            yield chained(
                Event(EventType.WITHDRAWN, tables.case.id, item, 0, "", "clerk", tool,
                      times=Times(received=received), reason="the row is no longer published"),
                chains, key,
            )  # fmt: skip


def chained(event: Event, chains: Chains, key: SigningKey) -> bytes:
    """The signed line of an event, in its place after the last one of its item."""
    whole = signed(replace(chains.next_of(event)), key)
    line = event_line(whole)
    chains.add(whole, line)
    return line
