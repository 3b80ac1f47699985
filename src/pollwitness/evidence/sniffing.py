"""What a file is, by its own bytes, and whether it is two things at once."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pollwitness.errors import RefusedError

_HEAD = 4096
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4",
}  # fmt: skip
_SUFFIXES = {
    "image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}, "image/webp": {".webp"},
    "image/tiff": {".tif", ".tiff"}, "image/gif": {".gif"}, "application/pdf": {".pdf"},
    "application/zip": {".zip"}, "audio/mpeg": {".mp3"}, "audio/ogg": {".ogg", ".oga", ".opus"},
    "video/webm": {".webm", ".mkv"}, "image/heic": {".heic", ".heif"}, "image/avif": {".avif"},
    "video/quicktime": {".mov", ".qt"}, "audio/mp4": {".m4a"},
    "video/mp4": {".mp4", ".m4v", ".3gp"},
    "text/plain": {".txt", ".csv", ".json", ".md", ".html", ".htm", ".xml", ".eml", ".log"},
}  # fmt: skip
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/tiff", "image/gif"}
"""Types that are decoded; others are archived as they are."""


class FileRefusedError(RefusedError):
    """A file is not taken into the archive; the text says why."""


def media_type(path: Path) -> str:
    """The type of a file by its first bytes.

    Raises:
        FileRefusedError: if it is none of those that the archive takes.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise FileRefusedError("the file is empty")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for at, magic, name in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return name
    if _is_text(head):
        return "text/plain"
    raise FileRefusedError("the file is of no type that the archive takes")


def _is_text(head: bytes) -> bool:
    try:
        text = head[: len(head) - 4 if len(head) == _HEAD else None].decode()
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 0x20 and letter not in "\t\n\r\f" for letter in text)


def check_declared(name: str, found: str) -> None:
    """Raise FileRefusedError where the end of a name says another type than the bytes do."""
    suffix = Path(name).suffix.lower()
    known = {one for suffixes in _SUFFIXES.values() for one in suffixes}
    if suffix in known and suffix not in _SUFFIXES[found]:
        raise FileRefusedError(f"the name ends in {suffix} and the file is {found}; rename it")


def check_single(path: Path, found: str) -> None:
    """Raise FileRefusedError where a file is something else too (a polyglot)."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    lower = head.lower()
    if found != "application/zip" and zipfile.is_zipfile(path):
        raise FileRefusedError(f"the file is {found} and a ZIP archive at once")
    if found != "application/pdf" and b"%pdf-" in lower[:1024] and found != "text/plain":
        raise FileRefusedError(f"the file is {found} and a PDF at once")
    if found != "text/plain" and any(one in lower for one in (b"<script", b"<html", b"<?php")):
        raise FileRefusedError(f"the file is {found} and a page with scripts at once")
