"""Whole percents: against counting by hand, exact distributions, Monte Carlo, and real counts."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pollwitness.errors import QuestionError
from pollwitness.forensics import (
    Percentage,
    StationResults,
    by_region,
    integer_test,
    peaks,
    station_chances,
    weighted_excess,
)
from pollwitness.forensics.integers import (
    chance_of_whole_percent,
    chernoff,
    counts_on_percent,
    included,
    on_whole_percent,
    poisson_binomial,
    upper_tail,
)
from tests.reference.stations import albania, canada, georgia, mexico, russia


def on_by_hand(part: int, whole: int) -> bool:
    """Exact fractions: within 1/20 of the nearest whole percent."""
    percent = Fraction(100 * part, whole)
    return abs(percent - round(percent)) <= Fraction(1, 20)


@given(st.integers(1, 3000), st.data())
def test_lying_on_a_whole_percent_is_decided_exactly(whole, data):
    part = data.draw(st.integers(0, whole))
    found = on_whole_percent(np.array([part]), np.array([whole]))
    assert bool(found[0]) == on_by_hand(part, whole)


@pytest.mark.parametrize("whole", [1, 7, 100, 249, 1000, 1999, 2000, 2001, 3456])
def test_the_counts_on_a_percent_are_those_that_lie_there(whole):
    for percent in range(101):
        low, high = counts_on_percent(percent, np.array([whole]))
        inside = {k for k in range(whole + 1)
                  if abs(Fraction(100 * k, whole) - percent) <= Fraction(1, 20)}  # fmt: skip
        assert set(range(int(low[0]), int(high[0]) + 1)) == inside


@pytest.mark.parametrize(("part", "whole"), [
    (0, 100), (1, 100), (50, 100), (173, 249), (641, 1000), (1234, 1999), (2, 2500), (2475, 2500),
    (37, 101), (900, 3456),
])  # fmt: skip
def test_the_chance_is_the_sum_over_all_counts(part, whole):
    """Against the whole distribution, count by count, from another library function."""
    counts = np.arange(whole + 1)
    on = np.array([on_by_hand(int(k), whole) for k in counts])
    exact = float(binom.pmf(counts, whole, part / whole)[on].sum())
    found = chance_of_whole_percent(np.array([part]), np.array([whole]))
    assert found[0] == pytest.approx(exact, abs=1e-10)


def some_stations(seed: int, count: int = 400) -> StationResults:
    rng = np.random.default_rng(seed)
    registered = rng.integers(100, 2500, count)
    ballots = rng.binomial(registered, rng.uniform(0.3, 0.9, count))
    leader = rng.binomial(ballots, rng.uniform(0.2, 0.8, count))
    region = [f"r{n % 5}" for n in range(count)]
    return StationResults.of(registered=registered, ballots=ballots, leader=leader, region=region)


def test_expectation_and_variance_are_those_of_redrawn_elections():
    """4,000 redraws of the same stations: mean within 4 standard errors, variance within 10 %."""
    chances = station_chances(some_stations(1))
    used = chances.stations
    rng = np.random.default_rng(2)
    rate, share = used.turned_out / used.registered, used.leader / used.ballots
    counts = []
    for _draw in range(4000):
        a = on_whole_percent(rng.binomial(used.registered, rate), used.registered)
        b = on_whole_percent(rng.binomial(used.ballots, share), used.ballots)
        counts.append((int((a | b).sum()), int(a.sum()), int(b.sum())))
    drawn = np.array(counts)
    for column, kind in enumerate((Percentage.ANY, Percentage.TURNOUT, Percentage.SHARE)):
        test = integer_test(chances, kind)
        error = drawn[:, column].std() / np.sqrt(len(drawn))
        assert abs(drawn[:, column].mean() - test.expected) < 4 * error, kind
        assert drawn[:, column].std() == pytest.approx(test.spread, rel=0.05), kind


def test_the_tail_is_exact_for_few_stations():
    """Against enumeration of all 2^10 outcomes."""
    chance = np.array([0.1, 0.5, 0.03, 0.9, 0.25, 0.4, 0.6, 0.05, 0.33, 0.72])
    exact = np.zeros(11)
    for outcome in range(1024):
        bits = np.array([(outcome >> i) & 1 for i in range(10)])
        exact[bits.sum()] += np.prod(np.where(bits, chance, 1 - chance))
    assert poisson_binomial(chance) == pytest.approx(exact, abs=1e-15)
    for observed in range(12):
        tail, bound = upper_tail(chance, observed)
        assert tail == pytest.approx(exact[observed:].sum(), abs=1e-12)
        assert bound == tail


@pytest.mark.parametrize("excess", [-30, 0, 20, 60, 120, 250])
def test_the_normal_tail_is_near_and_its_bound_is_never_below_the_exact_tail(excess):
    rng = np.random.default_rng(5)
    chance = rng.uniform(0, 0.4, 5_000)
    observed = round(float(chance.sum())) + excess
    tail, bound = upper_tail(chance, observed)
    exact = float(poisson_binomial(chance)[observed:].sum())
    assert bound >= exact
    assert bound <= 1
    assert tail == pytest.approx(exact, abs=3e-3)
    assert chernoff(chance, observed) >= exact
    # Far out, where the normal error is greater than the tail, the bound is still sharp.
    assert excess < 250 or bound < 60 * exact


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=12), st.integers(0, 12))
def test_the_bound_of_chernoff_is_a_bound(chances, observed):
    chance = np.array(chances)
    exact = float(poisson_binomial(chance)[observed:].sum())
    assert chernoff(chance, observed) >= exact * (1 - 1e-9)


def test_certain_stations_leave_nothing_to_chance():
    assert upper_tail(np.ones(5_000), 5_000) == (1.0, 1.0)
    assert upper_tail(np.zeros(5_000), 1) == (0.0, 0.0)
    assert upper_tail(np.zeros(0), 0) == (1.0, 1.0)


def test_planted_whole_percents_are_found_and_honest_stations_stay_quiet():
    honest = some_stations(11, 2_000)
    assert integer_test(station_chances(honest), Percentage.SHARE).p_value > 0.01
    leader = honest.leader.copy()
    # A count on a whole percent exists for certain at stations of 1,000 ballots and more.
    planted = (honest.ballots >= 1000) & (np.arange(honest.size) % 2 == 0)
    target = np.ceil(100 * leader / np.maximum(honest.ballots, 1)) / 100
    leader[planted] = np.rint(target * honest.ballots)[planted].astype(int)
    made = StationResults.of(registered=honest.registered, ballots=honest.ballots, leader=leader)
    found = integer_test(station_chances(made), Percentage.SHARE)
    assert found.p_bound < 1e-12
    # The planted stations are in the excess, less those that lay there anyway.
    assert found.excess == pytest.approx(0.9 * planted.sum(), abs=3 * found.spread)
    assert found.excess > found.smallest


def test_the_smallest_excess_is_found_in_four_cases_of_five():
    """Plant that many stations for certain in redrawn elections, and count the alarms at 5 %."""
    chances = station_chances(some_stations(21, 1_500))
    test = integer_test(chances, Percentage.TURNOUT)
    rng = np.random.default_rng(22)
    chance = chances.chance(Percentage.TURNOUT)
    alarms = 0
    for _draw in range(400):
        on = rng.random(chance.size) < chance
        observed = int(on.sum()) + round(test.smallest)
        alarms += upper_tail(chance, observed)[0] <= test.level
    assert 0.72 <= alarms / 400 <= 0.9


def test_the_order_of_stations_changes_no_bit():
    one = some_stations(31)
    order = np.random.default_rng(1).permutation(one.size)
    other = StationResults.of(
        registered=one.registered[order], ballots=one.ballots[order], leader=one.leader[order],
        region=[one.regions[i] for i in one.region[order]],
    )  # fmt: skip
    for kind in Percentage:
        a, b = (integer_test(station_chances(s), kind) for s in (one, other))
        assert a == b
        assert by_region(station_chances(one), kind) == by_region(station_chances(other), kind)


def test_regions_add_up_and_leaving_one_out_is_the_rest():
    chances = station_chances(some_stations(41))
    whole = integer_test(chances, Percentage.ANY)
    parts = by_region(chances, Percentage.ANY)
    assert sum(part.alone.observed for part in parts) == whole.observed
    assert sum(part.alone.expected for part in parts) == pytest.approx(whole.expected)
    for part in parts:
        assert part.alone.observed + part.without.observed == whole.observed


def test_the_comb_adds_up_to_the_test():
    chances = station_chances(some_stations(51))
    for kind in (Percentage.TURNOUT, Percentage.SHARE):
        comb = peaks(chances, kind)
        test = integer_test(chances, kind)
        assert [peak.percent for peak in comb] == list(range(100))
        assert sum(peak.observed for peak in comb) == test.observed
        # 100 % is no tooth of the comb; hardly anything of the expectation lies there.
        assert sum(peak.expected for peak in comb) == pytest.approx(test.expected, rel=0.01)


def test_weights_of_one_voter_a_station_give_the_plain_excess():
    chances = station_chances(some_stations(61))
    weighted = weighted_excess(chances, Percentage.ANY)
    on, chance = chances.observed(Percentage.ANY), chances.chance(Percentage.ANY)
    expected = sum(
        int(n) * (int(o) - c) for n, o, c in zip(chances.stations.registered, on, chance,
                                                 strict=True)
    )  # fmt: skip
    assert weighted.voters == pytest.approx(expected)
    assert weighted.votes_spread > 0


@pytest.mark.parametrize(
    ("registered", "ballots", "leader", "kept"),
    [
        pytest.param(99, 50, 20, False, id="too few voters"),
        pytest.param(100, 50, 20, True, id="enough"),
        pytest.param(1000, 990, 20, True, id="turnout 99 %"),
        pytest.param(1000, 991, 20, False, id="turnout above 99 %"),
        pytest.param(1000, 500, 496, False, id="share above 99 %"),
        pytest.param(1000, 0, 0, False, id="an empty box"),
    ],
)
def test_which_stations_are_looked_at(registered, ballots, leader, kept):
    one = StationResults.of(registered=[registered], ballots=[ballots], leader=[leader])
    assert included(one).tolist() == [kept]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param({"registered": [1, 2], "ballots": [1], "leader": [1]},
                     "columns differ in length: registered 2, issued 1, ballots 1", id="length"),
        pytest.param({"registered": [1.5], "ballots": [1], "leader": [1]},
                     "registered, row 1: 1.5 is no count", id="fraction"),
        pytest.param({"registered": [5, -1], "ballots": [1, 1], "leader": [1, 1]},
                     "registered, row 2: -1 is no count", id="negative"),
        pytest.param({"registered": ["a"], "ballots": [1], "leader": [1]},
                     "registered must hold numbers", id="text"),
        pytest.param({"registered": [[1]], "ballots": [1], "leader": [1]},
                     "registered must be one column", id="shape"),
    ],
)  # fmt: skip
def test_columns_that_hold_no_counts_are_refused(columns, said):
    with pytest.raises(QuestionError, match=said):
        StationResults.of(**columns)


@pytest.mark.parametrize(
    ("year", "stations", "excess", "spread"),
    [("2011", 86_718, 1002.57, 114.72), ("2012", 87_623, 1160.96, 115.18),
     ("2018", 91_152, 1708.60, 117.38)],
)  # fmt: skip
def test_russia_as_published(reference_data, year, stations, excess, spread):
    """Exact values for "any"; the Monte Carlo of the paper for turnout and share, s.e. about 4."""
    chances = station_chances(russia(reference_data, year))
    found = integer_test(chances, Percentage.ANY)
    assert found.stations == stations
    assert found.excess == pytest.approx(excess, abs=0.006)
    assert found.spread == pytest.approx(spread, abs=0.006)
    published = {"2011": (449.3, 767.1), "2012": (634.6, 734.6), "2018": (1296.2, 859.0)}[year]
    for kind, value in zip((Percentage.TURNOUT, Percentage.SHARE), published, strict=True):
        assert integer_test(chances, kind).excess == pytest.approx(value, abs=12)


@pytest.mark.parametrize(
    ("load", "z"),
    [
        pytest.param(lambda r: mexico(r, "2006", "pan"), -1.14, id="Mexico 2006"),
        pytest.param(lambda r: mexico(r, "2012", "pri_pvem"), -1.95, id="Mexico 2012"),
        pytest.param(canada, 2.22, id="Canada 2011"),
        pytest.param(albania, -1.10, id="Albania 2013"),
        # Published as -0.44 with other columns; here both lists of voters and all papers in the
        # box. Quiet either way.
        pytest.param(georgia, 1.03, id="Georgia 2013"),
    ],
)
def test_controls_stay_quiet(reference_data, load, z):
    found = integer_test(station_chances(load(reference_data)), Percentage.ANY)
    assert found.z == pytest.approx(z, abs=0.006)
    assert found.p_value > 0.05 / 5
