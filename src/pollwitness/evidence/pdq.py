"""PDQ, a perceptual hash: nearly the same for nearly the same picture.

Luminance, two passes of a moving average in each direction, 64 by 64 samples, the 16 by 16 lowest
frequencies but the constant, one bit for each above their median.

Reference: Facebook, The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm
(2019), section 2; 256 bits as 64 hexadecimal digits with leading zeros kept.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
SIDE, KEPT = 64, 16
CLOSE = 31
"""Bits of 256 by which two hashes of the same picture may differ, as the reference advises."""


def pdq(rgb: npt.NDArray[np.uint8]) -> tuple[str, int]:
    """The hash (64 hexadecimal digits) and the quality (0 to 100) of a picture.

    ``rgb`` has shape (height, width, 3). Below a quality of about 50 a hash says little.
    """
    luma = rgb[..., 0] * 0.299 + rgb[..., 1] * 0.587 + rgb[..., 2] * 0.114
    height, width = luma.shape
    for _pass in range(2):
        luma = _averaged(luma, (width + 2 * SIDE - 1) // (2 * SIDE), 1)
        luma = _averaged(luma, (height + 2 * SIDE - 1) // (2 * SIDE), 0)
    small = luma[np.ix_(_samples(height), _samples(width))]
    wave = _waves()
    low = (wave @ small @ wave.T).ravel()
    median = np.sort(low)[low.size // 2 - 1]
    bits = np.packbits(low > median, bitorder="little")[::-1]
    return bits.tobytes().hex(), _quality(small)


def _samples(size: int) -> npt.NDArray[np.int64]:
    places: npt.NDArray[np.int64] = ((np.arange(SIDE) + 0.5) * size / SIDE).astype(np.int64)
    return places


def _waves() -> Reals:
    frequency, place = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    waves: Reals = np.sqrt(2 / SIDE) * np.cos(np.pi / 2 / SIDE * frequency * (2 * place + 1))
    return waves


def _averaged(values: Reals, window: int, axis: int) -> Reals:
    """The moving average along an axis, over the part of the window that there is."""
    count = values.shape[axis]
    after = (window + 2) // 2
    place = np.arange(count)
    start, stop = np.maximum(place - (window - after), 0), np.minimum(place + after, count)
    zero = np.zeros_like(np.take(values, [0], axis=axis))
    sums = np.concatenate([zero, np.cumsum(values, axis=axis)], axis=axis)
    total = np.take(sums, stop, axis=axis) - np.take(sums, start, axis=axis)
    width = (stop - start).astype(np.float64)
    averaged: Reals = total / (width[:, None] if axis == 0 else width[None, :])
    return averaged


def _quality(small: Reals) -> int:
    steps = [np.diff(small, axis=axis) for axis in (0, 1)]
    total = sum(int(np.abs(np.trunc(step * 100 / 255)).sum()) for step in steps)
    return min(total // 90, 100)


def close_pairs(hashes: list[str], *, most: int = CLOSE) -> list[tuple[int, int, int]]:
    """(first, second, bits that differ) of every two hashes that are close, in order."""
    if not hashes:
        return []
    bits = np.array([list(bytes.fromhex(one)) for one in hashes], dtype=np.uint8).view(np.uint64)
    pairs = []
    for first in range(len(hashes) - 1):
        apart = np.bitwise_count(bits[first] ^ bits[first + 1 :]).sum(axis=1)
        pairs += [
            (first, first + 1 + int(at), int(apart[at])) for at in np.nonzero(apart <= most)[0]
        ]
    return pairs
