"""Intervals against a model: which of some sample numbers they hold."""

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.errors import EmptyIntervalError, PollwitnessError
from pollwitness.quantities import INFINITY, Interval

ENDS = [-INFINITY, *(Fraction(n, 2) for n in range(-6, 7)), INFINITY]
SAMPLE = [Fraction(n, 4) for n in range(-40, 41)]
"""Every end, a number between any two ends, and numbers beyond them all.

Two intervals with these ends hold the same numbers if they hold the same of these.
"""


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted(draw(st.lists(st.sampled_from(ENDS), min_size=2, max_size=2)))
    opens = draw(st.tuples(st.booleans(), st.booleans()))
    if low == high:
        low, high, opens = (low, low, (False, False)) if abs(low) < INFINITY else (0, 1, opens)
    return Interval(low, high, low_open=opens[0], high_open=opens[1])


def _held(*parts: Interval | None) -> set[Fraction]:
    """The sample numbers in one interval at least, by comparing them with its ends."""
    found = set()
    for part in parts:
        if part is None:
            continue
        for number in SAMPLE:
            above = number > part.low if part.low_open else number >= part.low
            below = number < part.high if part.high_open else number <= part.high
            if above and below:
                found.add(number)
    return found


@settings(max_examples=300)
@given(a=intervals(), b=intervals())
def test_the_set_operations_are_those_of_sets(a: Interval, b: Interval) -> None:
    one, other = _held(a), _held(b)
    assert _held(a.intersection(b)) == one & other
    assert a.meets(b) is bool(one & other)
    assert a.within(b) is (one <= other)
    assert _held(*a.complement()) == set(SAMPLE) - one
    assert {number for number in SAMPLE if a.contains(number)} == one


@settings(max_examples=300)
@given(a=intervals(), b=intervals())
def test_the_hull_is_the_least_interval_that_covers_both(a: Interval, b: Interval) -> None:
    hull = a.hull(b)
    both = _held(a, b)
    assert a.within(hull)
    assert b.within(hull)
    assert _held(hull) == {n for n in SAMPLE if min(both) <= n <= max(both)}


@settings(max_examples=200)
@given(a=intervals(), b=intervals())
def test_order_does_not_matter_and_repetition_changes_nothing(a: Interval, b: Interval) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert a.hull(b) == b.hull(a)
    assert a.gap(b) == b.gap(a)
    assert a.intersection(a) == a.hull(a) == a
    assert a.intersection(Interval.everything()) == a


@settings(max_examples=200)
@given(a=intervals(), b=intervals())
def test_the_gap_is_the_least_distance(a: Interval, b: Interval) -> None:
    """Over closed ends: an open end comes as near as one likes."""
    first = Interval(a.low, a.high)
    second = Interval(b.low, b.high)
    distances = (abs(x - y) for x in _held(first) for y in _held(second))
    assert a.gap(b) == min(distances)


@settings(max_examples=200)
@given(a=intervals())
def test_the_integers_at_the_ends(a: Interval) -> None:
    whole = [n for n in _held(a) if n.denominator == 1]
    if whole and a.low > -INFINITY:
        assert a.least_integer() == min(whole)
    if whole and a.high < INFINITY:
        assert a.greatest_integer() == max(whole)
    if not whole:
        least, greatest = a.least_integer(), a.greatest_integer()
        assert least is not None
        assert greatest is not None
        assert least > greatest
    assert (a.least_integer() is None) is (a.low == -INFINITY)
    assert (a.greatest_integer() is None) is (a.high == INFINITY)


@settings(max_examples=100)
@given(a=intervals(), factor=st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]))
def test_scaling_scales_every_number(a: Interval, factor: Fraction) -> None:
    assert {n for n in SAMPLE if a.scaled(factor).contains(n)} == {
        n for n in SAMPLE if a.contains(n / factor)
    }


@pytest.mark.parametrize(
    ("interval", "text", "least", "greatest"),
    [
        (Interval.exactly(5), "[5, 5]", 5, 5),
        (Interval.exactly("80.1"), "[801/10, 801/10]", 81, 80),
        (Interval.at_least(80), "[80, ∞)", 80, None),
        (Interval.more_than(80), "(80, ∞)", 81, None),
        (Interval.at_most("7.5"), "(-∞, 15/2]", None, 7),
        (Interval.less_than(8), "(-∞, 8)", None, 7),
        (Interval.everything(), "(-∞, ∞)", None, None),
        (Interval(1, 2, low_open=True, high_open=True), "(1, 2)", 2, 1),
        (Interval(Fraction(-1, 2), 0, high_open=True), "[-1/2, 0)", 0, -1),
    ],
    ids=str,
)
def test_each_way_to_make_one(
    interval: Interval, text: str, least: int | None, greatest: int | None
) -> None:
    assert str(interval) == text
    assert repr(interval) == f"Interval('{text}')"
    assert (interval.least_integer(), interval.greatest_integer()) == (least, greatest)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Interval(2, 1), "no number lies between 2 and 1"),
        (lambda: Interval(1, 1, low_open=True), "no number lies between 1 and 1"),
        (lambda: Interval(1, 1, high_open=True), "no number lies between 1 and 1"),
        (lambda: Interval(INFINITY, INFINITY), "no number lies between inf and inf"),
        (lambda: Interval(-INFINITY, -INFINITY), "no number lies between -inf and -inf"),
        (lambda: Interval.more_than(INFINITY), "no number lies between inf and inf"),
    ],
)
def test_an_interval_without_numbers_cannot_be_made(
    make: Callable[[], Interval], says: str
) -> None:
    with pytest.raises(EmptyIntervalError) as refused:
        make()
    assert str(refused.value) == says
    assert isinstance(refused.value, PollwitnessError)


@pytest.mark.parametrize("value", [80.1, math.nan, 0.0])
def test_an_end_is_exact(value: float) -> None:
    says = "give exact numbers (int, Fraction or text); the only floats are ±infinity"
    with pytest.raises(TypeError) as refused:
        Interval.at_least(value)
    assert str(refused.value) == says
    with pytest.raises(TypeError):
        Interval(value, INFINITY)


def test_infinite_ends_are_open() -> None:
    assert Interval(-INFINITY, INFINITY, low_open=False, high_open=False) == Interval.everything()
    assert Interval.everything().low_open
    assert Interval.everything().high_open
    assert Interval.everything().complement() == ()
