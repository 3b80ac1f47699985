"""Whom a reader trusts: logs, witnesses and how many of them, authorities for time.

The file is a C2SP tlog-policy; certificates of timestamp authorities may stand below it (PEM). It
comes from outside a bundle: from a newspaper, a wall, another organisation.

Reference: https://c2sp.org/tlog-policy
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pollwitness.errors import RefusedError
from pollwitness.evidence.notes import COSIGNER, LOG, Note, NoteError, VerifierKey, parse_key

_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----[ \t\r]*\n?"
)
_MOST_LINES = 10_000


class TrustError(RefusedError):
    """A file of trusted keys cannot be used; the text names all that is wrong with it."""


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``least`` of these witnesses or groups must have signed."""

    least: int
    members: tuple[str, ...]


@dataclass(slots=True)
class Trust:
    """Logs, witnesses by the name that the file gives them, groups, the quorum, certificates."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = "none"
    authorities: tuple[bytes, ...] = ()

    def log_of(self, note: Note) -> VerifierKey | None:
        """The trusted log that signed a note; None if none did."""
        return next((key for key in self.logs if note.signed_by(key)), None)

    def cosigners(self, note: Note) -> dict[str, int]:
        """When each trusted witness signed: seconds since 1970 by its name in the file."""
        times = {name: note.cosigned_by(key) for name, key in self.witnesses.items()}
        return {name: moment for name, moment in times.items() if moment is not None}

    def is_enough(self, signed: set[str]) -> bool:
        """Whether these witnesses make the quorum."""
        return self.quorum == "none" or self._has(self.quorum, signed)

    def _has(self, name: str, signed: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in signed
        return sum(self._has(member, signed) for member in group.members) >= group.least


def parse_trust(content: bytes) -> Trust:
    """Trusted keys from the bytes of a file.

    Raises:
        TrustError: naming every line that cannot be used.
    """
    trust = Trust(authorities=tuple(found[0] for found in _CERTIFICATE.finditer(content)))
    text = _CERTIFICATE.sub(b"", content).decode(errors="replace")
    problems = list(_read(trust, text.split("\n")[:_MOST_LINES]))
    if problems:
        raise TrustError("the trusted keys cannot be used: " + "; ".join(problems))
    return trust


def _read(trust: Trust, lines: list[str]) -> Iterator[str]:
    quorums = 0
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        quorums += words[0] == "quorum"
        wrong = _line(trust, words)
        if wrong:
            yield f"line {number}: {wrong}"
    if quorums != 1:
        yield "there must be one line with quorum; without witnesses it is: quorum none"
    if not trust.logs:
        yield "there is no line with log"


def _line(trust: Trust, words: list[str]) -> str:
    try:
        match words:
            case ["log", key, *rest] if len(rest) < 2:
                wrong = _log(trust, parse_key(key))
            case ["witness", name, key, *rest] if len(rest) < 2:
                wrong = _witness(trust, name, parse_key(key))
            case ["group", name, least, *members] if members:
                wrong = _group(trust, name, least, tuple(members))
            case ["quorum", name]:
                trust.quorum = name
                wrong = "" if name == "none" or _is_named(trust, name) else f"{name} is not named"
            case _:
                # What stands there is not repeated: it may be something else entirely, a secret.
                wrong = "it does not begin with log, witness, group or quorum"
    except NoteError as error:
        wrong = str(error)
    return wrong


def _is_named(trust: Trust, name: str) -> bool:
    return name in trust.witnesses or name in trust.groups


def _log(trust: Trust, key: VerifierKey) -> str:
    if key.kind != LOG:
        return f"the key of {key.name} is that of a witness"
    if any(key.public == other.public for other in trust.logs):
        return f"the key of {key.name} stands there twice"
    trust.logs.append(key)
    return ""


def _witness(trust: Trust, name: str, key: VerifierKey) -> str:
    if key.kind != COSIGNER:
        return f"the key of {key.name} is that of a log"
    if name == "none" or _is_named(trust, name):
        return f"the name {name} is taken"
    if any(key.public == other.public for other in trust.witnesses.values()):
        return f"the key of {key.name} stands there twice"
    trust.witnesses[name] = key
    return ""


def _group(trust: Trust, name: str, least: str, members: tuple[str, ...]) -> str:
    if name == "none" or _is_named(trust, name):
        return f"the name {name} is taken"
    grouped = {one for group in trust.groups.values() for one in group.members}
    for member in members:
        if not _is_named(trust, member) or member in grouped or members.count(member) > 1:
            return f"{member} is not named above, or is a member twice"
    many = {"any": "1", "all": str(len(members))}.get(least, least)
    if not many.isdecimal() or not 1 <= int(many) <= len(members):
        return f"{least} is not any, all, or a number from 1 to {len(members)}"
    trust.groups[name] = Group(int(many), members)
    return ""
