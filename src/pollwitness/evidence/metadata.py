"""What a picture file carries beside its pixels: the second reader of public derivatives.

It walks the segments of JPEG and the chunks of PNG by itself and shares nothing with the program
that wrote them. What it does not know, it reports.
"""

from __future__ import annotations

from collections.abc import Iterator

_BARE = {0x01, *range(0xD0, 0xD9)}
_DRAWN = {*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDD} - {0xC8}
"""Markers of JPEG without which no picture can be drawn: frames, tables, scans, restarts."""
_NEEDED_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKS = (b"Exif", b"http://ns.adobe.com", b"<x:xmpmeta", b"Photoshop 3.0", b"GPS", b"ICC_PROFILE")


def extras_in(content: bytes) -> list[str]:
    """What of a JPEG or PNG file is not needed to draw it; empty for a clean file."""
    if content.startswith(b"\xff\xd8"):
        found = list(_jpeg(content))
    elif content.startswith(_PNG):
        found = list(_png(content))
    else:
        return ["neither JPEG nor PNG"]
    # A mark that stands in a segment of its own was found above; this is for what hides elsewhere.
    found += [f"the text {mark.decode()!r}" for mark in _MARKS[:4] if mark in content]
    return list(dict.fromkeys(found))


def _jpeg(content: bytes) -> Iterator[str]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xD9:
        marker = content[at + 1]
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        yield from _segment(marker, content[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            at = _after_scan(content, at)
    if content[at : at + 2] != b"\xff\xd9":
        yield f"bytes that are no segment, at {at}"
    elif at + 2 != len(content):
        yield "bytes after the end"


def _segment(marker: int, body: bytes) -> Iterator[str]:
    if marker == 0xE0 and body.startswith(b"JFIF\x00"):
        if len(body) != 14 or body[12:14] != b"\x00\x00":
            yield "a thumbnail in JFIF"
    elif marker == 0xFE:
        yield "a comment"
    elif marker not in _DRAWN:
        yield f"segment APP{marker - 0xE0}" if marker >= 0xE0 else f"segment {marker:#x}"


def _after_scan(content: bytes, at: int) -> int:
    """Where the coded data of a scan ends: at a marker that is neither stuffing nor a restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
    return len(content)


def _png(content: bytes) -> Iterator[str]:
    at = len(_PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if kind not in _NEEDED_CHUNKS:
            yield f"chunk {kind.decode('ascii', 'replace')}"
        at += 12 + length
        if kind == b"IEND":
            if at != len(content):
                yield "bytes after the end"
            return
    yield "no end of the picture"
