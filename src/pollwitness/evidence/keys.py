"""Files of private keys: always under a passphrase, never inside a case.

The file is a PKCS #8 key in PEM form below lines that name the key and what it signs. It is
encrypted under a key that scrypt derives from the passphrase and these lines, so that none of them
can be changed. Beside it stands the public key, in the form in which others trust it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from pollwitness.errors import RefusedError
from pollwitness.evidence.notes import COSIGNER, LOG, SigningKey, is_key_name

_HEAD = "pollwitness key 1\n"
_KINDS = {"log": LOG, "witness": COSIGNER}
SHORTEST = 12
"""Characters of a passphrase."""


class KeyFileError(RefusedError):
    """A file of a key cannot be made or used."""


def make_key(file: Path, name: str, *, role: str, passphrase: str) -> SigningKey:
    """A new key, written to a file that only its owner may read; the public one beside it (.pub).

    ``role`` is `log` (signs logs and events) or `witness` (signs checkpoints with the time).

    Raises:
        KeyFileError: if the file is there, the name cannot be used or the passphrase is short.
    """
    if not is_key_name(name):
        raise KeyFileError(f"{name!r} cannot name a key: it needs a text without spaces and plus")
    if len(passphrase) < SHORTEST:
        raise KeyFileError(f"the passphrase is shorter than {SHORTEST} characters")
    key = SigningKey(name, _KINDS[role], Ed25519PrivateKey.generate())
    head = f"{_HEAD}name: {name}\nrole: {role}\nsalt: {secrets.token_hex(16)}\n".encode()
    secret = key.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_stretched(passphrase, head))
    )
    content = head + secret
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{file} exists; a key is never overwritten") from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    file.with_name(f"{file.name}.pub").write_text(f"{key.public}\n", encoding="utf-8")
    return key


def read_key(file: Path, passphrase: str) -> SigningKey:
    """The private key of a file.

    Raises:
        KeyFileError: if the file is no key of ours, or the passphrase is another.
    """
    content = file.read_bytes()
    head, marker, pem = content.partition(b"-----BEGIN")
    lines = head.decode(errors="replace").split("\n")
    values = dict(line.split(": ", 1) for line in lines if ": " in line)
    name, role = values.get("name", ""), values.get("role", "")
    if not head.startswith(_HEAD.encode()) or role not in _KINDS or not is_key_name(name):
        raise KeyFileError(f"{file} is no key made by: pollwitness evidence keygen")
    try:
        private = load_pem_private_key(marker + pem, _stretched(passphrase, head))
    except (ValueError, TypeError) as error:
        raise KeyFileError(
            f"{file}: the passphrase is not that of this key, or the file was changed"
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{file} holds no Ed25519 key")
    return SigningKey(name, _KINDS[role], private)


def _stretched(passphrase: str, head: bytes) -> bytes:
    """The passphrase made slow to guess (scrypt, 64 MB), and bound to the lines of the file."""
    return hashlib.scrypt(
        passphrase.encode(), salt=hashlib.sha256(head).digest(), n=1 << 16, r=8, p=1,
        maxmem=1 << 27, dklen=32,
    ).hex().encode()  # fmt: skip
