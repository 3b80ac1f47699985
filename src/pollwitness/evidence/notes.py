"""Signed notes and checkpoints: what a log says of itself, and who signed it.

A checkpoint is a text of three lines (origin, size, root) and those that follow, with signature
lines below. Ed25519 alone; signatures by unknown keys are passed over, as the formats ask.

References: https://c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature (v1), tlog-proof.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pollwitness.errors import RefusedError
from pollwitness.evidence.merkle import HASH_SIZE

LOG, COSIGNER = 0x01, 0x04
"""What a key signs: notes as they are, or checkpoints together with the time (cosignature/v1)."""
PROOF_HEAD = "c2sp.org/tlog-proof@v1"
_MOST_BYTES = 1_000_000
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
TIME_LINE = "time "
"""How the line of a checkpoint begins that states when it was signed."""


class NoteError(RefusedError):
    """A note, a key or a checkpoint is not in its form, or a signature does not hold."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: ``kind`` is LOG or COSIGNER, ``public`` has 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which signatures name the key."""
        marked = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(marked).digest()[:4]

    def __str__(self) -> str:
        coded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{coded}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature (64 bytes) of the message is by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_key(text: str) -> VerifierKey:
    """A key from its text `name+hash+base64`.

    Raises:
        NoteError: if it is not in that form, or of another kind than Ed25519.
    """
    name, _, rest = text.strip().partition("+")
    stated, _, coded = rest.partition("+")
    raw = _decoded(coded)
    if not is_key_name(name) or raw is None or len(raw) != 1 + HASH_SIZE:
        raise NoteError(f"{_short(text)} is not a public key in the form name+hash+base64")
    if raw[0] not in (LOG, COSIGNER):
        raise NoteError(f"{_short(text)} is a key of kind {raw[0]}; Ed25519 has kind 1 or 4")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.key_hash.hex() != stated:
        raise NoteError(f"{_short(text)}: the hash of the key should be {key.key_hash.hex()}")
    return key


def is_key_name(name: str) -> bool:
    """Whether a text can name a key: not empty, without spaces and plus signs."""
    return _NAME.fullmatch(name) is not None and name.isprintable()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name and the hash of the key, and what it signed with."""

    name: str
    key_hash: bytes
    content: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_hash + self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        return (self.text + "\n" + "".join(f"{one}\n" for one in self.signatures)).encode()

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether a signature of the text as it stands is by a key of kind LOG."""
        message = self.text.encode()
        return any(key.holds(one.content, message) for one in self._by(key))

    def cosigned_by(self, key: VerifierKey) -> int | None:
        """When a key of kind COSIGNER signed, in seconds since 1970; None if it did not."""
        times = []
        for one in self._by(key):
            moment = int.from_bytes(one.content[:8], "big")
            if key.holds(one.content[8:], _cosigned(moment, self.text)):
                times.append(moment)
        return max(times, default=None)

    def _by(self, key: VerifierKey) -> list[Signature]:
        return [s for s in self.signatures if s.name == key.name and s.key_hash == key.key_hash]

    def with_signatures(self, others: Sequence[Signature]) -> Note:
        """The same text with further signatures; those that are there stay."""
        added = [one for one in others if one not in self.signatures]
        return Note(self.text, (*self.signatures, *added))


def parse_note(content: bytes) -> Note:
    """A note from its bytes.

    Raises:
        NoteError: if it is no signed note.
    """
    if len(content) > _MOST_BYTES:
        raise NoteError(f"a note of more than {_MOST_BYTES:,} bytes is not read")
    try:
        whole = content.decode()
    except UnicodeDecodeError as error:
        raise NoteError("the note is not UTF-8") from error
    if any(ord(letter) < 0x20 and letter != "\n" for letter in whole):
        raise NoteError("the note holds a control character")
    head, separator, lines = whole.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise NoteError("the note has no signature below an empty line, or ends within a line")
    return Note(f"{head}\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def _signature(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    raw = None if found is None else _decoded(found[2])
    if found is None or raw is None or len(raw) < 5 or not is_key_name(found[1]):
        raise NoteError(f"{_short(line)} is not a signature line")
    return Signature(found[1], raw[:4], raw[4:])


def _decoded(text: str) -> bytes | None:
    """The bytes of strict Base 64, or None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def _cosigned(moment: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name and kind; never printed."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def public(self) -> VerifierKey:
        """The key that others verify with."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The signature line of a note by a key of kind LOG."""
        return Signature(self.name, self.public.key_hash, self.private.sign(text.encode()))

    def cosign(self, text: str, moment: int) -> Signature:
        """The signature line of a checkpoint by a key of kind COSIGNER, at a time."""
        signed = self.private.sign(_cosigned(moment, text))
        return Signature(self.name, self.public.key_hash, moment.to_bytes(8, "big") + signed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: origin, number of entries, root; ``stated_at`` is when, as it says."""

    origin: str
    size: int
    root: bytes
    stated_at: str | None = None

    def __str__(self) -> str:
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.stated_at is not None:
            lines.append(f"{TIME_LINE}{self.stated_at}")
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of a note.

    Raises:
        NoteError: if it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or _SIZE.fullmatch(lines[1]) is None:
        raise NoteError("the checkpoint does not begin with origin, size and root")
    root = _decoded(lines[2])
    if root is None or len(root) != HASH_SIZE:
        raise NoteError("the root of the checkpoint is not a hash of 32 bytes")
    times = [line[len(TIME_LINE) :] for line in lines[3:-1] if line.startswith(TIME_LINE)]
    return Checkpoint(lines[0], int(lines[1]), root, times[0] if times else None)


@dataclass(frozen=True, slots=True)
class LogProof:
    """That an entry is in a log: its index, the hashes up to the root, and the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        lines = [PROOF_HEAD, f"index {self.index}"]
        lines += [base64.b64encode(one).decode() for one in self.hashes]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.note)


def parse_proof(content: bytes) -> LogProof:
    """A proof from its bytes.

    Raises:
        NoteError: if it is no tlog-proof.
    """
    head, separator, note = content.partition(b"\n\n")
    try:
        lines = head.decode().split("\n")
    except UnicodeDecodeError as error:
        raise NoteError("the proof is not UTF-8") from error
    if separator and len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    if not separator or len(lines) < 2 or lines[0] != PROOF_HEAD:
        raise NoteError(f"the proof does not begin with {PROOF_HEAD}")
    word, _, number = lines[1].partition(" ")
    hashes = [_decoded(line) for line in lines[2:]]
    if word != "index" or _SIZE.fullmatch(number) is None:
        raise NoteError("the proof names no index")
    if any(one is None or len(one) != HASH_SIZE for one in hashes):
        raise NoteError("a line of the proof is not a hash of 32 bytes")
    return LogProof(int(number), tuple(one for one in hashes if one), parse_note(note))
