"""A log of decisions that only grows: each line names the digest of the line before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pollwitness.claims import Json, canonical_json
from pollwitness.errors import QuestionError


def read_chain(path: Path) -> list[bytes]:
    """The lines of a log, oldest first, without a last one that was torn.

    Raises:
        QuestionError: if a line does not follow from the one before it.
    """
    content = path.read_bytes() if path.is_file() else b""
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    previous: str | None = None
    for number, line in enumerate(lines, start=1):
        try:
            noted: object = json.loads(line)
        except ValueError:
            noted = None
        if not isinstance(noted, dict) or noted.get("previous", "") != previous:
            raise QuestionError(
                f"{path}, line {number}: does not follow from the line before; it was changed"
            )
        previous = hashlib.sha256(line).hexdigest()
    return lines


def chained(document: Mapping[str, Json], lines: Sequence[bytes]) -> bytes:
    """The canonical JSON of a decision, with the digest of the line before it."""
    previous = hashlib.sha256(lines[-1]).hexdigest() if lines else None
    return canonical_json(dict(document) | {"previous": previous})


def append_chain(path: Path, lines: Iterable[bytes], kept: Sequence[bytes]) -> None:
    """Add lines to a log, in place of a torn one, and see that they are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as log:
        log.truncate(sum(len(line) + 1 for line in kept))
        log.write(b"".join(line + b"\n" for line in lines))
        log.flush()
        os.fsync(log.fileno())
