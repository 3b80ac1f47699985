"""What a printed figure says about the exact one behind it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from pollwitness.quantities.interval import Interval


class Rounding(StrEnum):
    """How a printed figure was made from an exact one."""

    HALF_UP = "half_up"
    TRUNCATED = "truncated"
    UNKNOWN = "unknown"


def exact_range(printed: Interval, unit: Fraction, rounding: Rounding) -> Interval:
    """The exact figures that would have been printed as the given one (design 6.1, "Rounding").

    ``unit`` is one unit in the last printed digit: 100 for "126.9 thousand", 1/10 for "80.1 %".
    Half-up gives [v - u/2, v + u/2), truncation [v, v + u); an unknown convention the open
    interval of one unit on both sides, which covers
    the other two.

    >>> exact_range(Interval.exactly(126900), Fraction(100), Rounding.UNKNOWN)
    Interval('(126800, 127000)')
    >>> exact_range(Interval.exactly(126900), Fraction(100), Rounding.HALF_UP)
    Interval('[126850, 126950)')
    """
    if rounding is Rounding.HALF_UP:
        return Interval(printed.low - unit / 2, printed.high + unit / 2, high_open=True)
    if rounding is Rounding.TRUNCATED:
        return Interval(printed.low, printed.high + unit, high_open=True)
    return Interval(printed.low - unit, printed.high + unit, low_open=True, high_open=True)
