"""The archive of a case: files named by their SHA-256, written once, hashed while copied."""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
    def receiving(self, source: Readable | Path, progress: Progress) -> Iterator[Received]:
        """Copy a file or stream beside the archive, hashing it; :meth:`Received.keep` keeps it.

        Raises:
            FileRefusedError: if it is longer than the archive takes.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{os.getpid()}.part"
        part.unlink(missing_ok=True)
        try:
            if isinstance(source, Path):
                if source.stat().st_size > MOST_BYTES:
                    raise FileRefusedError(f"the file is larger than {MOST_BYTES >> 30} GiB")
                digest, size = copy_hashed(source, part, progress)
            else:
                digest, size = _copied(source, part, progress)
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
        _sync(self.part)
        try:
            os.link(self.part, path)
        except FileExistsError:
            return Stored(self.sha256, self.size, path, is_new=False)
        path.chmod(0o444)
        _sync(path.parent)
        return Stored(self.sha256, self.size, path, is_new=True)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copied(stream: Readable, target: Path, progress: Progress) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    with target.open("xb", buffering=0) as kept:
        target.chmod(0o600)
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileRefusedError(f"the file is larger than {MOST_BYTES >> 30} GiB")
            hashed.update(chunk)
            whole = memoryview(chunk)
            while whole:
                whole = whole[kept.write(whole) :]
            progress(len(chunk))
    return hashed.hexdigest(), size


def copy_hashed(source: Path, target: Path, progress: Progress | None = None) -> tuple[str, int]:
    """Copy a file and hash what arrived: SHA-256 and size. The system copies, a thread hashes.

    The copy is on its way to the disk when this returns; sync it where that matters.
    """
    told = progress or _nobody
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb", buffering=0) as reading:
        try:
            copied = _copied_by_system(reading.fileno(), target, told)
        except OSError as error:
            if error.errno not in _NOT_BY_SYSTEM:
                raise
            copied = None
        if copied is None or (not copied[1] and source.stat().st_size):
            target.unlink(missing_ok=True)
            reading.seek(0)
            copied = _copied(reading, target, told)
    return copied


_NOT_BY_SYSTEM = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF}


def _nobody(_bytes: int) -> None:
    """Who does not ask for progress."""


def _copied_by_system(source: int, target: Path, progress: Progress) -> tuple[str, int] | None:
    """Copy inside the kernel; None where the system cannot."""
    if not hasattr(os, "copy_file_range"):
        return None
    with (
        target.open("w+b", buffering=0) as writing,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        hashed, size, waiting = hashlib.sha256(), 0, None
        while count := os.copy_file_range(source, writing.fileno(), _PART):
            if waiting is not None:
                progress(waiting.result())
            waiting = pool.submit(_hash_part, hashed, writing.fileno(), size, count)
            size += count
        if waiting is not None:
            progress(waiting.result())
    return hashed.hexdigest(), size


_PART = 16 << 20


def _hash_part(hashed: hashlib._Hash, handle: int, start: int, count: int) -> int:
    buffer = memoryview(bytearray(min(_CHUNK, count)))
    at = start
    while at < start + count:
        got = os.preadv(handle, [buffer[: start + count - at]], at)
        if not got:
            raise OSError("a file became shorter while it was copied")
        hashed.update(buffer[:got])
        at += got
    return count


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
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as packed:
            listed = [one for one in packed.infolist() if not one.is_dir()]
            _check_members(listed)
            for member in listed:
                with packed.open(member) as stream:
                    yield member.filename, _Limited(stream, member.file_size)
    except _BROKEN as error:
        raise FileRefusedError(f"the ZIP cannot be read: {error}") from error


_BROKEN = (zipfile.BadZipFile, RuntimeError, EOFError, UnicodeError, zlib.error,
           lzma.LZMAError, struct.error)  # fmt: skip
_MOST_DIRECTORY = 16 << 20
"""Bytes of the list of files in a ZIP."""


def _check_directory(path: Path) -> None:
    """Refuse a ZIP whose list of files is too long, before anything reads the list."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - 66_000, 0))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise FileRefusedError("the ZIP cannot be read: it has no end")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == 0xFFFFFFFF:
        large = tail.rfind(b"PK\x06\x06", 0, at)
        length = int.from_bytes(tail[large + 40 : large + 48], "little") if large >= 0 else size
    if length > _MOST_DIRECTORY:
        raise FileRefusedError("the ZIP holds too long a list of files")


def _check_members(listed: list[zipfile.ZipInfo]) -> None:
    if len(listed) > MOST_MEMBERS:
        raise FileRefusedError(f"the ZIP holds more than {MOST_MEMBERS:,} files")
    if sum(one.file_size for one in listed) > MOST_UNPACKED:
        raise FileRefusedError(f"the ZIP unpacks to more than {MOST_UNPACKED >> 30} GiB")
    for one in listed:
        name = PurePosixPath(one.filename.replace("\\", "/"))
        if name.is_absolute() or not name.parts or ".." in name.parts or ":" in name.parts[0]:
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
        try:
            chunk = self._stream.read(size)
        except _BROKEN as error:
            raise FileRefusedError(f"the ZIP cannot be read: {error}") from error
        self._left -= len(chunk)
        if self._left < 0:
            raise FileRefusedError("a file of the ZIP is longer than the ZIP says")
        return chunk
