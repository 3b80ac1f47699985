"""Pictures, looked at by a child process with limits; a hostile file ends the child and no more."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pollwitness.errors import RefusedError

SECONDS = 60.0
_LONGEST_ANSWER = 1 << 20
A_CHILD = 25
"""Pictures that one child decodes before a new one takes over."""


class ExtraMissingError(RefusedError):
    """Looking at pictures needs an extra that is not installed."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows to a program; ``refused`` says why it shows nothing."""

    refused: str | None = None
    width: int = 0
    height: int = 0
    pdq: str | None = None
    quality: int = 0
    codes: tuple[str, ...] = ()
    taken: str | None = None
    place: str | None = None
    device: str | None = None


def check_installed() -> None:
    """Raise ExtraMissingError unless pictures can be decoded here."""
    try:
        import PIL  # noqa: F401, PLC0415
        import zxingcpp  # noqa: F401, PLC0415
    except ImportError as error:
        raise ExtraMissingError(
            "pictures need an extra; install it with: pip install 'pollwitness[photos]'"
        ) from error


def looks(pictures: Iterable[tuple[Path, Path | None]]) -> Iterator[Look]:
    """Look at (picture, where its clean copy goes or None), one after the other."""
    child: subprocess.Popen[bytes] | None = None
    done = 0
    try:
        for path, derivative in pictures:
            if child is None or done == A_CHILD:
                _end(child)
                child, done = _started(), 0
            look, alive = _asked(child, path, derivative)
            done += 1
            yield look
            if not alive:
                _end(child)
                child = None
    finally:
        _end(child)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-m", "pollwitness.evidence.decoder"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def _end(child: subprocess.Popen[bytes] | None) -> None:
    if child is not None:
        child.kill()
        child.communicate()


def _asked(
    child: subprocess.Popen[bytes], path: Path, derivative: Path | None
) -> tuple[Look, bool]:
    """The answer of the child, and whether it still lives."""
    ended = Look(refused="the program that decoded it was stopped: too much time or memory")
    if child.stdin is None or child.stdout is None:
        return ended, False
    request = {
        "path": str(path.resolve()),
        "derivative": None if derivative is None else str(derivative.resolve()),
    }
    try:
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        return ended, False
    return _look(_answer(child.stdout.fileno()), ended)


def _answer(handle: int) -> bytes:
    """A line from the child, or what there is of one when it takes too long or is too long."""
    line, end = b"", time.monotonic() + SECONDS
    while not line.endswith(b"\n") and len(line) < _LONGEST_ANSWER:
        left = end - time.monotonic()
        ready, _writing, _wrong = select.select([handle], [], [], max(left, 0))
        part = os.read(handle, 65_536) if ready else b""
        if not part:
            break
        line += part
    return line


def _look(line: bytes, ended: Look) -> tuple[Look, bool]:
    """What a line of the child says; a child that says anything else is not asked again."""
    if not line.endswith(b"\n"):
        return ended, False
    try:
        answer = json.loads(line)
        if answer.get("refused"):
            return Look(refused=str(answer["refused"])[:200]), True
        texts = (
            None if answer[n] is None else str(answer[n]) for n in ("taken", "place", "device")
        )
        return Look(
            None, int(answer["width"]), int(answer["height"]), str(answer["pdq"]),
            int(answer["quality"]), tuple(str(code) for code in answer["codes"]), *texts,
        ), True  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return ended, False
