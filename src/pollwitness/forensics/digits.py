"""Digits of vote counts against what chance gives at stations of these sizes (design 6.2).

Null model: every station's voters decide independently at the station's own rate, so that its
count is binomial and every digit has an exact probability. The nulls of the literature, equal last
digits and Benford's second digits, are here only to show that honest elections do not follow them:
small stations and bounded sizes give other digits. Off by default in a plan.

References: Beber and Scacco (2012), Political Analysis 20(2), on last digits; Mebane (2006) on
second digits; Deckert, Myagkov and Ordeshook (2011), Political Analysis 19(3), on why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, chdtri, chndtrinc

from pollwitness.forensics.stations import Integers, StationResults
from pollwitness.stats import binomial_chances, log_factorials, stretched_counts

Reals = npt.NDArray[np.float64]
DIGITS = 10
LEAST_COUNT = 10
"""Counts of one digit say little: they are left out, and so is their chance."""
LEAST_STATIONS = 100


class Digit(StrEnum):
    """Which digit of the leader's votes is looked at."""

    LAST = "last"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class DigitTest:
    """How often each digit occurs, against how often chance gives it.

    ``expected`` and ``by_textbook`` have one value for each digit 0 to 9, in stations; the second
    is what the literature's null expects (equal shares, or Benford's), with its ``textbook_p``.
    ``statistic`` follows chi-squared with 9 degrees of freedom under the null of sizes; plugging
    in the stations' own rates makes it smaller, so that the p-value is cautious. ``smallest`` is
    the excess of stations on one digit that is found with 80 % power at ``level``.
    """

    digit: Digit
    stations: int
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    statistic: float
    p_value: float
    by_textbook: tuple[float, ...]
    textbook_p: float
    smallest: float
    level: float

    @property
    def excess(self) -> float:
        """Stations that hold digits beyond what chance gives: the sum of all surpluses."""
        pairs = zip(self.observed, self.expected, strict=True)
        return sum(max(observed - expected, 0.0) for observed, expected in pairs)


def digit_test(stations: StationResults, digit: Digit, *, level: float = 0.05) -> DigitTest | None:
    """The test of one digit of the leader's votes; None with fewer than 100 counts of two digits.

    Pearson's statistic with the exact covariance of unequal multinomial trials: the deviations of
    digits 0 to 8 in the metric of Σ (diag(q) - q qᵀ).
    """
    kept = stations.only((stations.leader >= LEAST_COUNT) & (stations.leader <= stations.ballots))
    if kept.size < LEAST_STATIONS:
        return None
    shown = digit_of(kept.leader, digit)
    observed = np.bincount(shown, minlength=DIGITS)
    chance = digit_chances(kept.leader, kept.ballots, digit)
    expected = chance.sum(axis=0)
    covariance = np.diag(expected) - chance.T @ chance
    off = (observed - expected)[:-1]
    # Stations without any chance (all ballots for the leader) make the matrix singular.
    inverse = np.linalg.pinv(covariance[:-1, :-1], hermitian=True)
    statistic = float(off @ inverse @ off)
    textbook = kept.size * _textbook(digit)
    return DigitTest(
        digit, kept.size, tuple(observed.tolist()), tuple(expected.tolist()),
        statistic, float(chdtrc(DIGITS - 1, statistic)),
        tuple(textbook.tolist()),
        float(chdtrc(DIGITS - 1, float(((observed - textbook) ** 2 / textbook).sum()))),
        _smallest(expected, level), level,
    )  # fmt: skip


def digit_of(counts: Integers, digit: Digit) -> Integers:
    """The digit of every count, which must have two digits at least: shape (stations,).

    >>> digit_of(np.array([10, 123, 4567]), Digit.SECOND).tolist()
    [0, 2, 5]
    """
    if digit is Digit.LAST:
        return counts % DIGITS
    power = np.floor(np.log10(counts)).astype(np.int64) - 1
    # Whole numbers decide: a logarithm may lie on the wrong side of a power of ten.
    power += (counts >= 10 ** (power + 2)).astype(np.int64)
    power -= (counts < 10 ** (power + 1)).astype(np.int64)
    shown: Integers = counts // 10**power % DIGITS
    return shown


def digit_chances(part: Integers, whole: Integers, digit: Digit) -> Reals:
    """The chance of every digit of Binomial(whole, part / whole), given that it is 10 or more.

    Shape (stations, 10). A sum of binomial probabilities over all counts within nine standard
    deviations and twenty counts, which leaves out less than 1e-15.
    """
    if part.size == 0:
        return np.zeros((0, DIGITS))
    most = int(whole.max()) + 1
    factorial = log_factorials(most)
    shown = np.zeros(most, dtype=np.int64)
    shown[LEAST_COUNT:] = digit_of(np.arange(LEAST_COUNT, most), digit)
    parts = range(0, part.size, _AT_ONCE)
    return np.concatenate([
        _chances(part[i : i + _AT_ONCE], whole[i : i + _AT_ONCE], factorial, shown) for i in parts
    ])  # fmt: skip


_AT_ONCE = 10_000
"""Stations whose counts stand in memory together."""


def _chances(part: Integers, whole: Integers, factorial: Reals, shown: Integers) -> Reals:
    rate = part / whole
    reach = np.ceil(9 * np.sqrt(rate * (1 - rate) * whole)).astype(np.int64) + 20
    low, high = np.maximum(part - reach, LEAST_COUNT), np.minimum(part + reach, whole)
    station, count = stretched_counts(low, high - low + 1)
    weight = binomial_chances(count, whole[station], rate[station], factorial)
    flat = np.bincount(station * DIGITS + shown[count], weight, part.size * DIGITS)
    chances = flat.reshape(-1, DIGITS)
    found: Reals = chances / chances.sum(axis=1, keepdims=True)
    return found


def _textbook(digit: Digit) -> Reals:
    """Shares of the digits by the literature: equal ones, or Benford's law of second digits."""
    if digit is Digit.LAST:
        return np.full(DIGITS, 1 / DIGITS)
    first = np.arange(1, DIGITS)[:, None]
    shares: Reals = np.log10(1 + 1 / (DIGITS * first + np.arange(DIGITS)[None, :])).sum(axis=0)
    return shares


def _smallest(expected: Reals, level: float) -> float:
    """The surplus of one digit of middling frequency that a test at this level finds.

    A surplus d taken evenly from the other digits shifts the statistic by d² (1/e + 1/(n - e)).
    """
    shift = float(chndtrinc(float(chdtri(DIGITS - 1, level)), DIGITS - 1, 0.2))
    middle, total = float(np.median(expected)), float(expected.sum())
    return float(np.sqrt(shift * middle * (total - middle) / total))
