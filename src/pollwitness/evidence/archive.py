"""The archive of a case: files named by their SHA-256, written once, hashed while copied."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from pollwitness.evidence.sniffing import FileRefusedError

MOST_BYTES = 8 << 30
MOST_MEMBERS = 20_000
MOST_UNPACKED = 64 << 30
MOST_RATIO = 200
"""How many times larger than its packed form a member of a ZIP may be."""
_SMALL = 1 << 20
_CHUNK = 1 << 20
Progress = Callable[[int], None]


class Readable(Protocol):
    """What can be copied into the archive."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, no more than asked for; empty at the end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the archive: its SHA-256, its size, where it is, and whether it was new."""

    sha256: str
    size: int
    path: Path
    is_new: bool


class Archive:
    """The folder `evidence` of a case; two letters of the digest make a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where the file of that digest is, or would be."""
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def receiving(self, stream: Readable, progress: Progress) -> Iterator[Received]:
        """Copy a stream beside the archive, hashing it; it is kept by :meth:`Received.keep`.

        Raises:
            FileRefusedError: if it is longer than the archive takes.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{os.getpid()}.part"
        try:
            digest, size = _copied(stream, part, progress)
            yield Received(self, part, digest, size)
        finally:
            part.unlink(missing_ok=True)

    def files(self) -> Iterator[Path]:
        """Every file of the archive, in order."""
        for folder in sorted(self.folder.glob("??")):
            yield from sorted(path for path in folder.iterdir())

    def wrong_files(self, progress: Progress) -> Iterator[tuple[Path, str]]:
        """Files that are not what their name says, with what is wrong."""
        for path in self.files():
            if path.is_symlink() or not path.is_file():
                yield path, "is no file"
            elif digest_of_file(path, progress) != path.name:
                yield path, "is not what its name says: it was changed"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was copied and hashed, and is not in the archive yet."""

    archive: Archive
    part: Path
    sha256: str
    size: int

    def keep(self) -> Stored:
        """Put it into the archive; a file that is there already stays as it is."""
        path = self.archive.path_of(self.sha256)
        path.parent.mkdir(exist_ok=True)
        try:
            os.link(self.part, path)
        except FileExistsError:
            return Stored(self.sha256, self.size, path, is_new=False)
        path.chmod(0o444)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return Stored(self.sha256, self.size, path, is_new=True)


def _copied(stream: Readable, target: Path, progress: Progress) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileRefusedError(f"the file is larger than {MOST_BYTES >> 30} GiB")
            hashed.update(chunk)
            os.write(handle, chunk)
            progress(len(chunk))
        os.fsync(handle)
    finally:
        os.close(handle)
    return hashed.hexdigest(), size


def digest_of_file(path: Path, progress: Progress = lambda _bytes: None) -> str:
    """The SHA-256 of a file."""
    hashed = hashlib.sha256()
    buffer = memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as stream:
        while count := stream.readinto(buffer):
            hashed.update(buffer[:count])
            progress(count)
    return hashed.hexdigest()


def members_of(path: Path) -> Iterator[tuple[str, Readable]]:
    """(name, content) of the files in a ZIP, none unpacked to the disk; archives within stay whole.

    Raises:
        FileRefusedError: for a ZIP that leads out of its folder, holds links, is encrypted, or
            would unpack to far more than it is.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            listed = [one for one in packed.infolist() if not one.is_dir()]
            _check_members(listed)
            for member in listed:
                with packed.open(member) as stream:
                    yield member.filename, _Limited(stream, member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise FileRefusedError(f"the ZIP cannot be read: {error}") from error


def _check_members(listed: list[zipfile.ZipInfo]) -> None:
    if len(listed) > MOST_MEMBERS:
        raise FileRefusedError(f"the ZIP holds more than {MOST_MEMBERS:,} files")
    if sum(one.file_size for one in listed) > MOST_UNPACKED:
        raise FileRefusedError(f"the ZIP unpacks to more than {MOST_UNPACKED >> 30} GiB")
    for one in listed:
        name = PurePosixPath(one.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
            raise FileRefusedError(f"the ZIP holds a name that leads out of it: {one.filename!r}")
        if stat.S_ISLNK(one.external_attr >> 16):
            raise FileRefusedError(f"the ZIP holds a link: {one.filename!r}")
        if one.flag_bits & 0x1:
            raise FileRefusedError(f"the ZIP is encrypted: {one.filename!r}")
        if one.file_size > _SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise FileRefusedError(f"the ZIP unpacks to far more than it is: {one.filename!r}")


class _Limited:
    """A member that gives no more bytes than its ZIP announced."""

    def __init__(self, stream: Readable, announced: int) -> None:
        self._stream, self._left = stream, announced

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise FileRefusedError("a file of the ZIP is longer than the ZIP says")
        return chunk
