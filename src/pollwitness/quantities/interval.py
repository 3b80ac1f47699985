"""Intervals of exact numbers, with open and closed ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pollwitness.errors import EmptyIntervalError

Bound = Fraction | float
"""An exact fraction, or plus or minus infinity (the only floats that an interval accepts)."""

INFINITY: Final = math.inf


def _as_bound(value: Fraction | float | str) -> Bound:
    if isinstance(value, float) and math.isinf(value):
        return value
    if isinstance(value, float):
        raise TypeError("give exact numbers (int, Fraction or text); the only floats are ±infinity")
    return Fraction(value)


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends, each of which belongs to the interval or not.

    Infinite ends are always open.

    >>> Interval.at_least(80)
    Interval('[80, ∞)')
    >>> Interval.more_than(2000).contains(2000)
    False

    Raises:
        EmptyIntervalError: if no number lies between the ends.
        TypeError: if an end is a finite float.
    """

    low: Bound
    high: Bound
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        low, high = _as_bound(self.low), _as_bound(self.high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "low_open", self.low_open or low == -INFINITY)
        object.__setattr__(self, "high_open", self.high_open or high == INFINITY)
        if low > high or (low == high and (self.low_open or self.high_open)):
            raise EmptyIntervalError(f"no number lies between {low} and {high}")

    @classmethod
    def exactly(cls, value: Fraction | float | str) -> Interval:
        """The interval that holds one number only."""
        return cls(_as_bound(value), _as_bound(value))

    @classmethod
    def at_least(cls, value: Fraction | float | str) -> Interval:
        """All numbers from a number upwards."""
        return cls(_as_bound(value), INFINITY)

    @classmethod
    def more_than(cls, value: Fraction | float | str) -> Interval:
        """All numbers above a number."""
        return cls(_as_bound(value), INFINITY, low_open=True)

    @classmethod
    def at_most(cls, value: Fraction | float | str) -> Interval:
        """All numbers up to a number."""
        return cls(-INFINITY, _as_bound(value))

    @classmethod
    def less_than(cls, value: Fraction | float | str) -> Interval:
        """All numbers below a number."""
        return cls(-INFINITY, _as_bound(value), high_open=True)

    @classmethod
    def everything(cls) -> Interval:
        """All numbers: nothing is known."""
        return cls(-INFINITY, INFINITY)

    def contains(self, value: Fraction | float) -> bool:
        """Whether a number lies in the interval."""
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def intersection(self, other: Interval) -> Interval | None:
        """The numbers in both intervals, or None where there is none."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        if low > high or (low == high and (low_open or not high_closed)):
            return None
        return Interval(low, high, low_open=low_open, high_open=not high_closed)

    def meets(self, other: Interval) -> bool:
        """Whether at least one number lies in both intervals."""
        return self.intersection(other) is not None

    def within(self, other: Interval) -> bool:
        """Whether every number of this interval lies in the other."""
        return self.intersection(other) == self

    def hull(self, other: Interval) -> Interval:
        """The least interval that covers both."""
        low, low_open = min((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open=low_open, high_open=not high_closed)

    def complement(self) -> tuple[Interval, ...]:
        """The numbers outside the interval, as zero, one or two intervals.

        >>> Interval.exactly(5).complement()
        (Interval('(-∞, 5)'), Interval('(5, ∞)'))
        """
        below = (
            Interval(-INFINITY, self.low, high_open=not self.low_open)
            if self.low > -INFINITY
            else None
        )
        above = (
            Interval(self.high, INFINITY, low_open=not self.high_open)
            if self.high < INFINITY
            else None
        )
        return tuple(part for part in (below, above) if part)

    def scaled(self, factor: Fraction) -> Interval:
        """Every number times a positive factor."""
        return Interval(
            self.low * factor, self.high * factor, low_open=self.low_open, high_open=self.high_open
        )

    def least_integer(self) -> int | None:
        """The least whole number from the low end upwards; None where there is no low end.

        It lies above the interval where the interval holds no whole number.
        """
        if isinstance(self.low, float):
            return None
        return math.floor(self.low) + 1 if self.low_open else math.ceil(self.low)

    def greatest_integer(self) -> int | None:
        """The greatest whole number from the high end downwards; None where there is no high end.

        It lies below the interval where the interval holds no whole number.
        """
        if isinstance(self.high, float):
            return None
        return math.ceil(self.high) - 1 if self.high_open else math.floor(self.high)

    def gap(self, other: Interval) -> Bound:
        """The distance between two intervals; 0 where they touch or meet."""
        return max(self.low - other.high, other.low - self.high, Fraction(0))

    def __str__(self) -> str:
        left = "(" if self.low_open else "["
        right = ")" if self.high_open else "]"
        return f"{left}{_text(self.low)}, {_text(self.high)}{right}"

    def __repr__(self) -> str:
        return f"Interval('{self}')"


def _text(value: Bound) -> str:
    if isinstance(value, float):
        return "∞" if value > 0 else "-∞"
    return str(value)
