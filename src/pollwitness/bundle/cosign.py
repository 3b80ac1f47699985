"""Adding signatures of witnesses to the checkpoint of a bundle: a rule of two, and outside eyes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pollwitness.bundle.layout import (
    CHECKPOINT,
    PROOF,
    TAGS,
    BundleError,
    manifest_text,
    parse_manifest,
)
from pollwitness.case.write import replace_file
from pollwitness.evidence.notes import (
    COSIGNER,
    LogProof,
    Note,
    Signature,
    SigningKey,
    parse_note,
    parse_proof,
)


def cosign(bundle: Path, key: SigningKey, seconds: int) -> Note:
    """Sign the checkpoint of a bundle as a witness, at a time in seconds since 1970.

    Raises:
        BundleError: if the key is that of a log.
    """
    if key.kind != COSIGNER:
        raise BundleError(f"the key of {key.name} is that of a log; a witness needs its own")
    note = parse_note((bundle / CHECKPOINT).read_bytes())
    return _added(bundle, note, [key.cosign(note.text, seconds)])


def add_signatures(bundle: Path, content: bytes) -> Note:
    """Take over the signatures of a signed copy of the checkpoint, as a witness sends it back.

    Raises:
        BundleError: if it is another checkpoint.
    """
    note, signed = parse_note((bundle / CHECKPOINT).read_bytes()), parse_note(content)
    if signed.text != note.text:
        raise BundleError("the signed copy is of another checkpoint than the one of the bundle")
    return _added(bundle, note, signed.signatures)


def _added(bundle: Path, note: Note, signatures: Sequence[Signature]) -> Note:
    whole = note.with_signatures(signatures)
    proof = parse_proof((bundle / PROOF).read_bytes())
    made = {
        CHECKPOINT: bytes(whole),
        PROOF: bytes(LogProof(proof.index, proof.hashes, whole)),
    }
    digests, _wrong = parse_manifest((bundle / TAGS).read_bytes())
    digests |= {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    for name, content in made.items():
        replace_file(bundle / name, content)
    replace_file(bundle / TAGS, manifest_text(digests))
    return whole
