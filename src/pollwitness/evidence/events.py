"""Custody events: what happened to a piece of evidence, as canonical lines that are signed.

One event is one line of JSON (RFC 8785) and one leaf of the log. Three times stand in it and are
never merged: when the event took place as people state it, what the device claims for the capture,
and when it was received. The two others follow from the log: it was logged before the first
checkpoint that holds it, and the trusted time is that of a token over this checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import rfc8785

from pollwitness.errors import RefusedError
from pollwitness.evidence.notes import LOG, NoteError, SigningKey, parse_key

FORMAT = 1
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class EventError(RefusedError):
    """A line is no custody event in canonical form, or its signature does not hold."""


class EventType(StrEnum):
    """What can happen to an item; the one list of all kinds."""

    RECEIVED = "received"
    """Came into the archive."""
    CAPTURED = "captured"
    """Was recorded by a device or copied from the web."""
    SEALED = "sealed"
    """Was encrypted to trustees."""
    OPENED = "opened"
    """Was decrypted, or looked at where looking is recorded."""
    COPIED = "copied"
    """Was copied to another place."""
    DERIVED = "derived"
    """Was made from another item: a public derivative."""
    TRANSCRIBED = "transcribed"
    """Its figures were entered: a copy of a protocol."""
    CORRECTED = "corrected"
    """Was replaced by corrected figures."""
    TRANSFERRED = "transferred"
    """Changed hands."""
    ASSESSED = "assessed"
    """Was judged: a claim confirmed, a copy rejected, a photograph verified."""
    PUBLISHED = "published"
    """Was published: a bundle."""
    REDACTED = "redacted"
    """Lost parts for the safety of people."""
    WITHDRAWN = "withdrawn"
    """Does not count any more; it stays in the log."""
    DESTROYED = "destroyed"
    """Was deleted; the digest and the reason stay."""
    KEY_ROTATED = "key-rotated"
    """A key was replaced by another."""


@dataclass(frozen=True, slots=True)
class Times:
    """Three times in ISO 8601, each None where nobody knows it."""

    stated: str | None = None
    captured: str | None = None
    received: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    ``item`` names what it is about: `evidence/<id>`, `protocols/<copy>`, `claims/<claim>` or
    `case.json`. ``digest`` is the SHA-256 of what is public; ``commitment`` is
    SHA-256(salt || SHA-256(original)) of what is not. ``previous`` is the SHA-256 of the line of
    the item's event before. ``actor`` is a public key, a pseudonym.
    """

    type: EventType
    case_id: str
    item: str
    sequence: int
    actor: str
    role: str
    tool: str
    previous: str | None = None
    digest: str | None = None
    commitment: str | None = None
    parent: str | None = None
    reason: str | None = None
    times: Times = Times()
    signature: str | None = None


def event_line(event: Event) -> bytes:
    """The canonical line of an event, without a newline."""
    return rfc8785.dumps(_object(event))


def _object(event: Event) -> dict[str, Json]:
    return {
        "actor": {"key": event.actor, "role": event.role},
        "case": event.case_id,
        "commitment": event.commitment,
        "digest": event.digest,
        "format": FORMAT,
        "item": event.item,
        "parent": event.parent,
        "previous": event.previous,
        "reason": event.reason,
        "sequence": event.sequence,
        "signature": event.signature,
        "times": {
            "captured": event.times.captured,
            "received": event.times.received,
            "stated": event.times.stated,
        },
        "tool": event.tool,
        "type": str(event.type),
    }


def signed(event: Event, key: SigningKey) -> Event:
    """The event with the signature of its actor, over its line without a signature."""
    own = replace(event, actor=str(key.public), signature=None)
    signature = key.private.sign(event_line(own))
    return replace(own, signature=base64.b64encode(signature).decode())


def parse_event(line: bytes) -> Event:
    """An event from its line.

    Raises:
        EventError: if it is not exactly the canonical line of an event.
    """
    try:
        found = json.loads(line)
        times = found["times"]
        event = Event(
            type=EventType(found["type"]), case_id=found["case"], item=found["item"],
            sequence=found["sequence"], actor=found["actor"]["key"],
            role=found["actor"]["role"], tool=found["tool"], previous=found["previous"],
            digest=found["digest"], commitment=found["commitment"], parent=found["parent"],
            reason=found["reason"], signature=found["signature"],
            times=Times(times["stated"], times["captured"], times["received"]),
        )  # fmt: skip
        _check_types(event)
        canonical = event_line(event)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EventError("the line is no custody event") from error
    if canonical != line:
        raise EventError("the line is not the canonical form of a custody event")
    return event


def _check_types(event: Event) -> None:
    """Raise TypeError where a value is not of the kind that it has in every event."""
    texts = (event.case_id, event.item, event.actor, event.role, event.tool)
    times = (event.times.stated, event.times.captured, event.times.received)
    known = (event.previous, event.digest, event.commitment, event.parent, event.reason,
             event.signature, *times)  # fmt: skip
    is_number = isinstance(event.sequence, int) and not isinstance(event.sequence, bool)
    if not is_number or not all(isinstance(one, str) for one in texts):
        raise TypeError
    if not all(one is None or isinstance(one, str) for one in known):
        raise TypeError


def check_signature(event: Event) -> None:
    """Raise EventError unless the event is signed by the key that it names."""
    try:
        key = parse_key(event.actor)
        signature = base64.b64decode(event.signature or "", validate=True)
    except (NoteError, ValueError) as error:
        raise EventError("the event names no key, or has no signature") from error
    if key.kind != LOG or not key.holds(signature, event_line(replace(event, signature=None))):
        raise EventError("the signature of the event is not that of its actor")


@dataclass(slots=True)
class Chains:
    """The last event of every item, so that the next one names it."""

    last: dict[str, tuple[int, str]]

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> Chains:
        """The chains of a log.

        Raises:
            EventError: naming the line where a chain is broken.
        """
        chains = cls({})
        for number, line in enumerate(lines, start=1):
            try:
                chains.add(parse_event(line), line)
            except EventError as error:
                raise EventError(f"custody.jsonl, line {number}: {error}") from error
        return chains

    def add(self, event: Event, line: bytes) -> None:
        """Take an event as the last one of its item; EventError if it does not follow."""
        sequence, previous = self.last.get(event.item, (0, None))
        if event.sequence != sequence + 1 or event.previous != previous:
            raise EventError(f"the event does not follow the one before of {event.item}")
        self.last[event.item] = (event.sequence, hashlib.sha256(line).hexdigest())

    def next_of(self, event: Event) -> Event:
        """The event with its place in the chain of its item."""
        sequence, previous = self.last.get(event.item, (0, None))
        return replace(event, sequence=sequence + 1, previous=previous)


def commitment_to(salt: bytes, digest: str) -> str:
    """SHA-256(salt || digest): says nothing of a file, and cannot be opened to another one."""
    return hashlib.sha256(salt + bytes.fromhex(digest)).hexdigest()
