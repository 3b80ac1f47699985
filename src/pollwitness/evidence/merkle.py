"""Merkle trees as RFC 6962 defines them: hashes, roots, and proofs that anyone can follow.

A tree over n entries commits to each of them and to their order. An inclusion proof shows that one
entry is the i-th of n; a consistency proof shows that a larger tree only appended to a smaller one.

References: RFC 6962, section 2.1; RFC 9162, sections 2.1.3.2 and 2.1.4.2 (how proofs are verified).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from pollwitness.errors import RefusedError

HASH_SIZE = 32
Node = Callable[[int, int], bytes]
"""The hash of a complete subtree, by its height and its place at that height."""


class ProofError(RefusedError):
    """A proof does not hold: the entry is not where it is said to be, or a tree was rewritten."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256 of a one byte and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass; that of no leaves is SHA-256 of nothing.

    >>> root_of([]) == hashlib.sha256(b"").digest()
    True
    """
    pending: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, digest = 0, leaf
        while pending and pending[-1][0] == height:
            digest = node_hash(pending.pop()[1], digest)
            height += 1
        pending.append((height, digest))
    if not pending:
        return hashlib.sha256(b"").digest()
    _height, digest = pending.pop()
    while pending:
        digest = node_hash(pending.pop()[1], digest)
    return digest


def range_hash(start: int, stop: int, node: Node) -> bytes:
    """The hash of the entries from ``start``, where a subtree begins, up to ``stop``."""
    if stop == start:
        return hashlib.sha256(b"").digest()
    count = stop - start
    height = count.bit_length() - 1
    if count == 1 << height:
        return node(height, start >> height)
    return node_hash(node(height, start >> height), range_hash(start + (1 << height), stop, node))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from entry ``index`` to the root of the tree of ``size`` entries.

    Raises:
        ProofError: if the tree has no such entry.
    """
    if not 0 <= index < size:
        raise ProofError(f"a log of {size} entries has no entry {index}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    path.reverse()
    return path


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes that show that the tree of ``new`` entries begins with that of ``old``.

    Raises:
        ProofError: if the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a log of {new} entries does not continue one of {old}")
    path: list[bytes] = []
    if old in (0, new):
        return path
    start, stop, is_whole = 0, new, True
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(range_hash(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(range_hash(start, stop, node))
    path.reverse()
    return path


def _split(count: int) -> int:
    """The greatest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)


def check_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Follow an inclusion proof (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: if it does not lead to the root.
    """
    if not 0 <= index < size:
        raise ProofError(f"a log of {size} entries has no entry {index}")
    _check_sizes(leaf, *proof)
    sides = list(_sides(index, size - 1))
    _check_length(proof, sides, "inclusion")
    digest = leaf
    for sibling, is_left in zip(proof, sides, strict=True):
        digest = node_hash(sibling, digest) if is_left else node_hash(digest, sibling)
    if digest != root:
        raise ProofError("the inclusion proof does not lead to the root")


def _sides(place: int, last: int) -> Iterator[bool]:
    """Whether each sibling on the way up from a place stands on the left; ``last`` place of all."""
    while last:
        is_left = bool(place & 1) or place == last
        yield is_left
        while is_left and place and not place & 1:
            place >>= 1
            last >>= 1
        place >>= 1
        last >>= 1


def _check_length(proof: Sequence[bytes], sides: Sequence[bool], kind: str) -> None:
    if len(proof) != len(sides):
        which = "long" if len(proof) > len(sides) else "short"
        raise ProofError(f"the {kind} proof is too {which}")


def check_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Follow a consistency proof (RFC 9162, 2.1.4.2).

    Raises:
        ProofError: if the new tree does not continue the old one.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a log of {new} entries does not continue one of {old}")
    if old == 0:
        raise ProofError("every log continues an empty one; there is nothing to prove")
    if old == new:
        _check_length(proof, [], "consistency")
        if old_root != new_root:
            raise ProofError("two logs of the same size differ")
        return
    if not proof:
        raise ProofError("the consistency proof is empty")
    _check_sizes(*proof)
    first, second = _followed(old, new, [old_root, *proof] if old & (old - 1) == 0 else proof)
    if first != old_root:
        raise ProofError("the consistency proof does not lead to the old root")
    if second != new_root:
        raise ProofError("the consistency proof does not lead to the new root")


def _followed(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the old and the new tree to which the hashes of a proof lead."""
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    sides = list(_sides(place, last))
    _check_length(path[1:], sides, "consistency")
    first = second = path[0]
    for sibling, is_left in zip(path[1:], sides, strict=True):
        first = node_hash(sibling, first) if is_left else first
        second = node_hash(sibling, second) if is_left else node_hash(second, sibling)
    return first, second


def _check_sizes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("a hash of the proof does not have 32 bytes")
