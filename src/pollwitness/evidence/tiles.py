"""The files of a log, as C2SP tlog-tiles lays them out: hashes and entries in tiles of 256.

Tile n of level l holds the hashes of height 8 l at places 256 n onwards. Whoever mirrors a log
copies files; every proof can be computed from them.

Reference: https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pollwitness.errors import RefusedError
from pollwitness.evidence.merkle import HASH_SIZE, Node, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
Read = Callable[[str], bytes]
"""The content of a file of the log, by its path."""
_LONGEST_ENTRY = 0xFFFF


class TileError(RefusedError):
    """A file of the log is missing, or is not what a tile is."""


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile; one that is not full names its width.

    >>> tile_path(0, 1234067, 5)
    'tile/0/x001/x234/067.p/5'
    """
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03}")
    path = f"tile/{level}/{'/'.join(parts)}"
    return path if width == WIDTH else f"{path}.p/{width}"


def tiles_of(size: int, before: int = 0) -> Iterator[tuple[int, int, int]]:
    """(level, number, width) of the tiles of hashes that a log has and a smaller one had not."""
    level = 0
    while size >> (HEIGHT * level):
        count, known = size >> (HEIGHT * level), before >> (HEIGHT * level)
        for number in range(known // WIDTH, -(-count // WIDTH)):
            width = min(count - number * WIDTH, WIDTH)
            if not (number == known // WIDTH and known - number * WIDTH == width):
                yield level, number, width
        level += 1


def hashes_from(size: int, read: Read) -> Node:
    """The hashes of complete subtrees of a log of that size, read from its tiles as needed."""
    kept: dict[tuple[int, int], bytes] = {}

    def node(height: int, place: int) -> bytes:
        level, inside = divmod(height, HEIGHT)
        first = place << inside
        number = first // WIDTH
        tile = kept.get((level, number))
        if tile is None:
            width = min((size >> (HEIGHT * level)) - number * WIDTH, WIDTH)
            path = tile_path(level, number, width)
            tile = read(path)
            if len(tile) != width * HASH_SIZE:
                raise TileError(f"{path}: {len(tile)} bytes instead of {width * HASH_SIZE}")
            kept[level, number] = tile
        start = (first - number * WIDTH) * HASH_SIZE
        return subtree(tile[start : start + (HASH_SIZE << inside)])

    return node


def subtree(hashes: bytes) -> bytes:
    """The root of a complete subtree over a power of two of hashes that lie side by side."""
    row = [hashes[i : i + HASH_SIZE] for i in range(0, len(hashes), HASH_SIZE)]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Entries in the form of a tile: each after its length in two bytes.

    Raises:
        TileError: if an entry is longer than 65,535 bytes.
    """
    if any(len(entry) > _LONGEST_ENTRY for entry in entries):
        raise TileError(f"an entry of the log is longer than {_LONGEST_ENTRY:,} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_in(bundle: bytes) -> list[bytes]:
    """The entries of a tile of entries.

    Raises:
        TileError: if the tile ends within an entry.
    """
    found, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if at + 2 > len(bundle) or len(entry) != length:
            raise TileError("the tile of entries ends within an entry")
        found.append(entry)
        at += 2 + length
    return found
