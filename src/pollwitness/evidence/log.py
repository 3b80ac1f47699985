"""The custody log on disk: a journal that only grows, tiles, and a signed checkpoint.

`custody.jsonl` is what counts: one event a line, written and synced before an append returns. Tiles
and the checkpoint follow from it when the log is published. A crash at any moment leaves a journal
whose last line may be torn, which nobody was told of; the next writer cuts it off.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pollwitness.errors import RefusedError
from pollwitness.evidence.merkle import Node, inclusion_proof, leaf_hash, range_hash, root_of
from pollwitness.evidence.notes import (
    Checkpoint,
    LogProof,
    Note,
    SigningKey,
    parse_checkpoint,
    parse_note,
)
from pollwitness.evidence.tiles import (
    HEIGHT,
    WIDTH,
    bundle_of,
    entries_in,
    hashes_from,
    subtree,
    tile_path,
    tiles_of,
)

JOURNAL, CHECKPOINT, STATE = "custody.jsonl", "checkpoint", "state.json"


class LogError(RefusedError):
    """The log does not hold together, or another program writes to it."""


@dataclass(frozen=True, slots=True)
class Published:
    """How far the tiles reach: entries, and bytes of the journal."""

    size: int
    offset: int


class CustodyLog:
    """The log in a folder, for one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / JOURNAL

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, with a torn last line cut off.

        Raises:
            LogError: if another program writes to the log.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.journal.open("ab") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LogError(f"{self.folder}: another program writes to the log") from error
            _cut_torn_line(self.journal)
            yield

    def append(self, lines: Sequence[bytes]) -> None:
        """Add entries; when this returns they are on the disk. Inside :meth:`writing`."""
        if any(b"\n" in line or not line for line in lines):
            raise LogError("an entry of the log is empty or holds a line break")
        bundle_of(lines)  # refuses what no tile could hold
        handle = os.open(self.journal, os.O_WRONLY | os.O_APPEND)
        try:
            content = memoryview(b"".join(line + b"\n" for line in lines))
            while content:
                content = content[os.write(handle, content) :]
            os.fsync(handle)
        finally:
            os.close(handle)

    def entries(self) -> Iterator[bytes]:
        """The whole entries of the journal, in order, without their line breaks."""
        if not self.journal.exists():
            return
        with self.journal.open("rb") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    return
                yield line[:-1]

    def note(self) -> Note | None:
        """The last checkpoint with its signatures; None before the first."""
        path = self.folder / CHECKPOINT
        return parse_note(path.read_bytes()) if path.exists() else None

    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint; None before the first."""
        note = self.note()
        return None if note is None else parse_checkpoint(note.text)

    def publish(self, key: SigningKey, stated_at: str) -> Note:
        """Bring the tiles up to the journal and sign a checkpoint. Inside :meth:`writing`.

        Raises:
            LogError: if the tiles do not continue the checkpoint that was signed before, or the
                log was begun with another key.
        """
        before = self._published()
        old = self.checkpoint()
        if old is not None and old.origin != key.name:
            raise LogError(f"the log is that of {old.origin}, and the key is {key.name}")
        _check_old(before, old, self.hashes(before.size))
        after = self._extend(before)
        root = range_hash(0, after.size, self.hashes(after.size))
        if old is not None and old.size == after.size and (note := self.note()) is not None:
            return note
        text = str(Checkpoint(key.name, after.size, root, stated_at))
        note = Note(text, (key.sign(text),))
        self.keep(note)
        for size in {before.size, 0 if old is None else old.size} - {after.size}:
            self._drop_partial(size, after.size)
        return note

    def keep(self, note: Note) -> None:
        """Write a checkpoint in place of the one before."""
        _replace(self.folder / CHECKPOINT, bytes(note))

    def proof(self, index: int) -> LogProof:
        """That an entry is in the log as last published.

        Raises:
            LogError: if nothing was published yet.
            ProofError: if the checkpoint does not hold this entry.
        """
        note = self.note()
        if note is None:
            raise LogError(f"{self.folder} has no checkpoint yet")
        size = parse_checkpoint(note.text).size
        return LogProof(index, tuple(inclusion_proof(index, size, self.hashes(size))), note)

    def problems(self) -> list[str]:
        """What does not hold together: the journal, the tiles and the checkpoint, all compared."""
        note = self.note()
        lines = list(self.entries())
        if note is None:
            return []
        found = parse_checkpoint(note.text)
        if found.size > len(lines):
            return [f"{JOURNAL} holds {len(lines)} entries and the checkpoint says {found.size}"]
        leaves = [leaf_hash(line) for line in lines[: found.size]]
        wrong = []
        if root_of(leaves) != found.root:
            wrong.append(f"{JOURNAL}: its first {found.size} entries are not what was signed")
        row = leaves
        for level, number, width in tiles_of(found.size):
            row = row if level == 0 or number else _above(row)
            at = number * WIDTH
            expected = {tile_path(level, number, width): b"".join(row[at : at + width])}
            if level == 0:
                bundle = bundle_of(lines[at : at + width])
                expected[tile_path("entries", number, width)] = bundle
            wrong += [f"{path} is not what follows from {JOURNAL}" for path, content in
                      expected.items() if _content(self.folder / path) != content]  # fmt: skip
        return wrong

    def hashes(self, size: int) -> Node:
        """The hashes of complete subtrees of the log when it had that size, from its tiles."""
        return hashes_from(size, lambda path: (self.folder / path).read_bytes())

    def _published(self) -> Published:
        path = self.folder / STATE
        if not path.exists():
            return Published(0, 0)
        found = json.loads(path.read_text(encoding="utf-8"))
        return Published(int(found["size"]), int(found["offset"]))

    def _extend(self, before: Published) -> Published:
        """Write the tiles of the entries that came since, then the note of how far they reach."""
        with self.journal.open("rb") as stream:
            stream.seek(before.offset)
            lines = stream.read().split(b"\n")[:-1]
        if not lines:
            return before
        size = before.size + len(lines)
        offset = before.offset + sum(len(line) + 1 for line in lines)
        first = before.size - before.size % WIDTH
        known = before.size - first
        leaves = self._tile(0, first // WIDTH, known) + b"".join(leaf_hash(line) for line in lines)
        entries = [*self._entries(first // WIDTH, known), *lines]
        rows, start = {0: leaves}, {0: first}
        made: dict[Path, bytes] = {}
        for level, number, width in tiles_of(size, before.size):
            if level not in rows:
                rows[level], start[level] = self._row(level, before.size, rows, start)
            at = number * WIDTH - start[level]
            content = rows[level][at * 32 : (at + width) * 32]
            made[self.folder / tile_path(level, number, width)] = content
            if level == 0:
                bundle = bundle_of(entries[at : at + width])
                made[self.folder / tile_path("entries", number, width)] = bundle
        _write_all(made)
        state = json.dumps({"offset": offset, "size": size}, sort_keys=True)
        _replace(self.folder / STATE, state.encode())
        return Published(size, offset)

    def _row(
        self, level: int, size: int, rows: dict[int, bytes], start: dict[int, int]
    ) -> tuple[bytes, int]:
        """The hashes of a level from the tile on that grows, and the place of the first."""
        known = size >> (HEIGHT * level)
        first = known - known % WIDTH
        below, offset = rows[level - 1], start[level - 1]
        full = WIDTH * 32
        new = b"".join(
            subtree(below[at : at + full])
            for at in range(known * full - offset * 32, len(below) - full + 1, full)
        )
        return self._tile(level, first // WIDTH, known - first) + new, first

    def _tile(self, level: int, number: int, width: int) -> bytes:
        return (self.folder / tile_path(level, number, width)).read_bytes() if width else b""

    def _entries(self, number: int, width: int) -> list[bytes]:
        if not width:
            return []
        return entries_in((self.folder / tile_path("entries", number, width)).read_bytes())

    def _drop_partial(self, before: int, size: int) -> None:
        """Remove the tiles that were not full and are superseded; nothing names them any more."""
        level = 0
        while before >> (HEIGHT * level):
            count = before >> (HEIGHT * level)
            if count % WIDTH and size >> (HEIGHT * level) != count:
                for name in (level, *(("entries",) if level == 0 else ())):
                    path = self.folder / tile_path(name, count // WIDTH, count % WIDTH)
                    path.unlink(missing_ok=True)
            level += 1


def _above(row: Sequence[bytes]) -> list[bytes]:
    """The hashes of full tiles of a row."""
    full = len(row) - len(row) % WIDTH
    return [subtree(b"".join(row[at : at + WIDTH])) for at in range(0, full, WIDTH)]


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _check_old(before: Published, old: Checkpoint | None, node: Node) -> None:
    """Refuse to continue tiles that are not those of the checkpoint that was signed before."""
    if old is None:
        return
    if old.size > before.size:
        raise LogError(f"the tiles hold fewer entries than were signed: {old.size}")
    if range_hash(0, old.size, node) != old.root:
        raise LogError("the tiles are not those of the checkpoint that was signed before")


def _cut_torn_line(journal: Path) -> None:
    """Cut off what follows the last line break: an append that never returned."""
    with journal.open("rb+") as stream:
        end = stream.seek(0, os.SEEK_END)
        at, keep = end, 0
        while at > 0:
            step = min(65_536, at)
            at = stream.seek(at - step)
            place = stream.read(step).rfind(b"\n")
            if place >= 0:
                keep = at + place + 1
                break
            stream.seek(at)
        if keep != end:
            stream.truncate(keep)
            os.fsync(stream.fileno())


_FEW = 64
"""Files that are synced one by one; for more it is faster to sync all that is waiting."""


def _write_all(made: Mapping[Path, bytes]) -> None:
    """Write files whole; when this returns they are on the disk."""
    one_by_one = len(made) <= _FEW
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        with part.open("wb") as stream:
            stream.write(content)
            if one_by_one:
                stream.flush()
                os.fsync(stream.fileno())
        part.replace(path)
    if one_by_one:
        for folder in {path.parent for path in made}:
            _sync_folder(folder)
    else:
        os.sync()


def _replace(path: Path, content: bytes) -> None:
    _write_all({path: content})


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
