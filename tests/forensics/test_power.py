"""Power: what is planted is found, nothing is found where nothing is, and draws are honest."""

import numpy as np
import pytest

from pollwitness.forensics import BatteryTest, Plan, Planted, power
from pollwitness.forensics.power import RATES
from tests.forensics.test_descriptions import election


@pytest.fixture(scope="module")
def rows():
    return power(election(1, 1_500, 15), Plan(), np.random.default_rng(1), draws=40)


def test_every_manipulation_is_planted_at_every_rate(rows):
    assert [(row.planted, row.rate) for row in rows] == [
        (Planted.NOTHING, 0.0),
        *((planted, rate) for planted in list(Planted)[1:] for rate in RATES),
    ]


def test_false_alarms_stay_at_the_level(rows):
    """At most 7 of 40 at 5 %: more has a chance below 0.2 %."""
    assert rows[0].by_any <= 7 / 40


def test_each_test_finds_what_it_is_for_and_little_else(rows):
    strong = {row.planted: row.found for row in rows if row.rate == RATES[-1]}
    assert strong[Planted.ROUND_SHARE][BatteryTest.INTEGERS_SHARE] == 1
    assert strong[Planted.ROUND_SHARE][BatteryTest.INTEGERS_TURNOUT] < 0.2
    assert strong[Planted.ROUND_TURNOUT][BatteryTest.INTEGERS_TURNOUT] == 1
    assert strong[Planted.ROUND_TURNOUT][BatteryTest.INTEGERS_SHARE] < 0.2
    assert strong[Planted.ONE_SHARE][BatteryTest.SMOOTH_AREAS] == 1


def test_power_grows_with_the_rate(rows):
    for planted in (Planted.ROUND_SHARE, Planted.ROUND_TURNOUT):
        found = [row.by_any for row in rows if row.planted is planted]
        assert found == sorted(found)


def test_the_same_seed_gives_the_same_table():
    one, two = (
        power(election(2, 200), Plan(), np.random.default_rng(5), draws=5) for _again in range(2)
    )
    assert one == two
