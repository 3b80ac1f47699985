"""Digits against sizes: exact chances, honest alarms, planted digits, and clean real elections."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pollwitness.forensics import Digit, StationResults, digit_test
from pollwitness.forensics.battery import DEFAULT_TESTS, BatteryTest, Plan, run_tests
from pollwitness.forensics.digits import digit_chances, digit_of
from tests.forensics.test_descriptions import election
from tests.reference.stations import mexico


@given(st.integers(10, 10**7), st.sampled_from(Digit))
def test_a_digit_is_that_of_the_printed_count(count, digit):
    printed = str(count)
    wanted = int(printed[-1] if digit is Digit.LAST else printed[1])
    assert digit_of(np.array([count]), digit).tolist() == [wanted]


@pytest.mark.parametrize("digit", list(Digit))
@pytest.mark.parametrize(
    ("part", "whole"), [(15, 30), (120, 300), (999, 1500), (40, 2000), (60, 60), (11, 12), (10, 10)]
)
def test_chances_are_those_of_every_count_added_up(digit, part, whole):
    counts = np.arange(10, whole + 1)
    weight = binom.pmf(counts, whole, part / whole)
    shown = [int(str(k)[-1] if digit is Digit.LAST else str(k)[1]) for k in counts]
    wanted = np.bincount(shown, weight, 10) / weight.sum()
    found = digit_chances(np.array([part]), np.array([whole]), digit)
    assert found[0] == pytest.approx(wanted, abs=1e-11)


@pytest.mark.parametrize("digit", list(Digit))
def test_honest_elections_alarm_at_most_at_the_level(digit):
    """200 elections: more than 18 alarms at 5 % have a chance of 1 %."""
    alarms = sum(digit_test(election(seed, 400), digit).p_value <= 0.05 for seed in range(200))
    assert alarms <= 18


def test_invented_last_digits_are_found_from_the_size_that_is_stated():
    honest = election(3, 2_000)
    stated = digit_test(honest, Digit.LAST).smallest
    rng = np.random.default_rng(5)
    found = 0
    for _draw in range(40):
        leader = honest.leader.copy()
        at = rng.permutation(honest.size)[: round(stated * 10 / 9)]
        leader[at] = leader[at] // 10 * 10
        made = StationResults.of(registered=honest.registered, ballots=honest.ballots,
                                 leader=rng.binomial(honest.ballots, 0.4))  # fmt: skip
        rounded = made.leader.copy()
        rounded[at] = rounded[at] // 10 * 10
        made = StationResults.of(registered=made.registered, ballots=made.ballots, leader=rounded)
        found += digit_test(made, Digit.LAST).p_value <= 0.05
    # Plugging in makes the test cautious: 80 % in theory, at least half here.
    assert found >= 20


def test_few_counts_are_not_tested_and_the_battery_says_so():
    small = election(4, 200, registered=np.full(200, 15))
    assert digit_test(small, Digit.SECOND) is None
    few = StationResults.of(registered=small.registered * 10, ballots=small.ballots * 10,
                            leader=small.leader % 9, region=["a", "b"] * 100)  # fmt: skip
    battery = run_tests(few, Plan(tests=(BatteryTest.DIGITS_LAST, BatteryTest.INTEGERS_SHARE)))
    assert [(one.test, one.why) for one in battery.skipped] == [
        (BatteryTest.DIGITS_LAST, "forensics.few_counts")
    ]
    assert [one.test for one in battery.outcomes] == [BatteryTest.INTEGERS_SHARE]


def test_digits_are_off_unless_a_plan_names_them():
    assert not {BatteryTest.DIGITS_LAST, BatteryTest.DIGITS_SECOND} & set(DEFAULT_TESTS)
    named = run_tests(election(6), Plan(tests=tuple(BatteryTest)))
    assert [one.test for one in named.outcomes] == list(BatteryTest)


@pytest.mark.parametrize(
    ("year", "leader", "digit", "textbook", "by_size"),
    [
        pytest.param("2006", "pan", Digit.LAST, 8.3e-8, 0.087, id="2006 last"),
        pytest.param("2006", "pan", Digit.SECOND, 2.0e-136, 0.024, id="2006 second"),
        pytest.param("2012", "pri_pvem", Digit.LAST, 0.93, 0.945, id="2012 last"),
        pytest.param("2012", "pri_pvem", Digit.SECOND, 0.0, 0.538, id="2012 second"),
    ],
)
def test_clean_elections_break_the_textbook_and_not_the_sizes(
    reference_data, year, leader, digit, textbook, by_size
):
    found = digit_test(mexico(reference_data, year, leader), digit)
    assert found.textbook_p == pytest.approx(textbook, rel=0.02, abs=1e-300)
    assert found.p_value == pytest.approx(by_size, abs=0.001)
