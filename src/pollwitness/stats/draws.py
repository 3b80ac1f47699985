"""Public draws that anybody redoes with SHA-256 and pencil arithmetic: no generator, no floats.

Every rule hashes UTF-8 text and reads the digest as one large whole number, so that the same seed
gives the same draws in any language and with any version of any library. Ids are hashed as text in
the Unicode form NFC; two ids that are the same text in that form are refused by the caller.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np


def digest_number(text: str) -> int:
    """The SHA-256 of a text as a whole number, most significant byte first."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def as_hashed(id: object) -> str:  # noqa: A002
    """An id as the text that is hashed: of any type, in the Unicode form NFC.

    >>> as_hashed(7), as_hashed("e" + chr(0x301)) == chr(0xE9)
    ('7', True)
    """
    return unicodedata.normalize("NFC", str(id))


def numbers(seed: str, low: int, high: int) -> Iterator[int]:
    """Whole numbers from low to high with replacement: low + SHA-256(seed,k) mod (high - low + 1).

    The rule of Colorado's audits, k = 1, 2, …; the text hashed is the seed, a comma, and k.

    >>> list(islice(numbers("3546311556112163624615351222", 1, 876), 4))
    [740, 180, 264, 789]
    """
    k = 0
    while True:
        k += 1
        yield low + digest_number(f"{seed},{k}") % (high - low + 1)


def different_numbers(seed: str, low: int, high: int, count: int) -> list[int]:
    """The first ``count`` different numbers of :func:`numbers`: a draw without replacement.

    Raises:
        ValueError: if there are not so many.
    """
    if count > high - low + 1:
        raise ValueError("more draws than there are numbers")
    found: dict[int, None] = {}
    for one in numbers(seed, low, high):
        if len(found) == count:
            break
        found.setdefault(one)
    return list(found)


def sorted_by_hash(seed: str, ids: Sequence[object]) -> list[int]:
    """The places of the ids in the order of SHA-256(seed,id): a random order of all of them.

    The first n of it are a simple random sample of n; more are a longer sample of the same order.
    """
    lead = f"{seed},"
    keyed = [(hashlib.sha256(f"{lead}{as_hashed(id)}".encode()).digest(), place)
             for place, id in enumerate(ids)]  # noqa: A001  # fmt: skip
    return [place for _digest, place in sorted(keyed)]


@dataclass(frozen=True, slots=True)
class WeightedDraw:
    """One draw in proportion to a weight: the k-th number, and the unit whose range holds it."""

    k: int
    number: int
    place: int


def weighted(seed: str, weights: Sequence[int], count: int) -> list[WeightedDraw]:
    """Draws with replacement, each in proportion to a whole weight.

    The number of draw k is SHA-256(seed,k) mod W, with W the sum of all weights; it takes the first
    unit at which the running sum of weights exceeds it. The remainder favours no unit by more than
    W / 2^256.

    Raises:
        ValueError: if a weight is negative or all are 0.
    """
    sums: list[int] = []
    total = 0
    for weight in weights:
        if weight < 0:
            raise ValueError("a weight is negative")
        total += weight
        sums.append(total)
    if total == 0:
        raise ValueError("all weights are 0")
    drawn = list(islice(numbers(seed, 0, total - 1), count))
    ends = np.array(sums, dtype=object) if total >= 2**63 else np.array(sums, dtype=np.int64)
    places = [int(np.searchsorted(ends, one, side="right")) for one in drawn]
    return [
        WeightedDraw(k, number, place)
        for k, (number, place) in enumerate(zip(drawn, places, strict=True), start=1)
    ]


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """A ticket of the consistent sampler: a decimal text, the place of its id, its generation."""

    number: str
    place: int
    generation: int


def tickets(seed: str, ids: Sequence[object]) -> list[Ticket]:
    """The first tickets of all ids, smallest first (Rivest 2018, consistent sampling).

    The number is "0." and the decimal digits of SHA-256(hex(SHA-256(seed)), id) backwards, so that
    it can be written to as many digits as it takes to tell tickets apart.
    """
    lead = hashlib.sha256(seed.encode()).hexdigest()
    found = [
        Ticket(f"0.{str(digest_number(f'{lead}{as_hashed(id)}'))[::-1]}", place, 1)
        for place, id in enumerate(ids)  # noqa: A001
    ]
    return sorted(found)


def next_ticket(ticket: Ticket) -> Ticket:
    """The ticket with which the same id takes part again, for draws with replacement.

    It is the least of a chain that is greater than the ticket itself: the leading nines of the
    ticket and its first other digit are kept as they are, and random digits follow, until the
    result is greater.
    """
    kept = 2
    while kept < len(ticket.number) and ticket.number[kept] == "9":
        kept += 1
    i = 0
    while True:
        i += 1
        digits = str(digest_number(f"{ticket.number}:{i}"))[::-1]
        found = ticket.number[:kept] + digits
        if found > ticket.number:
            return Ticket(found, ticket.place, ticket.generation + 1)
