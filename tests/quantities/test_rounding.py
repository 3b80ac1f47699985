"""Printed figures against every exact number that prints to them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.quantities import INFINITY, Interval, Rounding, exact_range

UNITS = [Fraction(100), Fraction(1), Fraction(1, 10), Fraction(3)]
STEPS = 12
"""Exact numbers are tried in twelfths of a unit, so that halves and whole units are among them."""


def _printed(exact: Fraction, unit: Fraction, rounding: Rounding) -> Fraction:
    """What is printed for an exact number, by adding units until it is passed."""
    below = Fraction(0)
    while below + unit <= exact:
        below += unit
    if rounding is Rounding.HALF_UP and exact - below >= unit - (exact - below):
        return below + unit
    return below


@pytest.mark.parametrize("rounding", [Rounding.HALF_UP, Rounding.TRUNCATED])
@settings(max_examples=60)
@given(
    unit=st.sampled_from(UNITS),
    ends=st.lists(st.integers(1, 5), min_size=2, max_size=2).map(sorted),
)
def test_the_range_holds_the_numbers_that_print_so_and_no_other(
    rounding: Rounding, unit: Fraction, ends: list[int]
) -> None:
    printed = Interval(ends[0] * unit, ends[1] * unit)
    exact = exact_range(printed, unit, rounding)
    for step in range(8 * STEPS):
        number = Fraction(step, STEPS) * unit
        assert exact.contains(number) is printed.contains(_printed(number, unit, rounding))


@settings(max_examples=60)
@given(unit=st.sampled_from(UNITS), figure=st.integers(1, 5))
def test_an_unknown_convention_holds_what_any_other_holds(unit: Fraction, figure: int) -> None:
    """Rounding half up, truncating and rounding up; and nothing a whole unit away."""
    printed = Interval.exactly(figure * unit)
    exact = exact_range(printed, unit, Rounding.UNKNOWN)
    for known in (Rounding.HALF_UP, Rounding.TRUNCATED):
        assert exact_range(printed, unit, known).within(exact)
    rounded_up = Interval((figure - 1) * unit, figure * unit, low_open=True)
    assert rounded_up.within(exact)
    assert not exact.contains((figure - 1) * unit)
    assert not exact.contains((figure + 1) * unit)


@pytest.mark.parametrize(
    ("rounding", "text"),
    [
        (Rounding.HALF_UP, "[1601/20, 1603/20)"),
        (Rounding.TRUNCATED, "[801/10, 401/5)"),
        (Rounding.UNKNOWN, "(80, 401/5)"),
    ],
)
def test_80_1_percent(rounding: Rounding, text: str) -> None:
    assert str(exact_range(Interval.exactly("80.1"), Fraction(1, 10), rounding)) == text


@pytest.mark.parametrize("rounding", Rounding)
def test_an_open_range_stays_open(rounding: Rounding) -> None:
    exact = exact_range(Interval.at_least(80), Fraction(1), rounding)
    assert exact.high == INFINITY
    assert exact.low <= 80
