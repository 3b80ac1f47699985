"""Spikes: the expectation against enumeration, planted spikes found, broad peaks left alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pollwitness.forensics import StationResults, spike_test
from pollwitness.forensics.spikes import BINS, baseline, expected_bins
from tests.forensics.test_descriptions import election
from tests.reference.stations import albania, canada, georgia, mexico, russia


def by_hand(leader: int, ballots: int) -> np.ndarray:
    """Every count of one station, one after the other, into the bin of its share."""
    bins = np.zeros(BINS + 1)
    for count in range(ballots + 1):
        place = (2 * BINS * count + ballots) // (2 * ballots)
        bins[place] += binom.pmf(count, ballots, leader / ballots)
    return bins


@given(st.integers(1, 400), st.data())
def test_the_expectation_is_the_sum_over_all_counts(ballots, data):
    leader = data.draw(st.integers(0, ballots))
    found = expected_bins(np.array([leader]), np.array([ballots]))
    assert found == pytest.approx(by_hand(leader, ballots), abs=1e-9)


def test_many_stations_are_the_sum_of_single_ones_whatever_the_chunks(monkeypatch):
    rng = np.random.default_rng(1)
    ballots = rng.integers(1, 900, 60)
    leader = rng.binomial(ballots, 0.3)
    whole = sum(by_hand(int(v), int(n)) for v, n in zip(leader, ballots, strict=True))
    assert expected_bins(leader, ballots) == pytest.approx(whole, abs=1e-8)
    monkeypatch.setattr("pollwitness.forensics.spikes._CHUNK", 700)
    assert expected_bins(leader, ballots) == pytest.approx(whole, abs=1e-8)
    assert expected_bins(leader[:0], ballots[:0]).sum() == 0


def varied(seed: int, count: int = 3_000) -> StationResults:
    rng = np.random.default_rng(seed)
    ballots = rng.integers(200, 1500, count)
    leader = rng.binomial(ballots, rng.beta(4, 5, count))
    return StationResults.of(registered=2 * ballots, ballots=ballots, leader=leader)


def test_a_planted_spike_is_found_where_it_is():
    honest = varied(2)
    assert spike_test(honest).p_bound > 0.05
    leader = honest.leader.copy()
    at = np.arange(honest.size) % 40 == 0
    leader[at] = np.rint(0.7 * honest.ballots[at])
    made = StationResults.of(registered=honest.registered, ballots=honest.ballots, leader=leader)
    found = spike_test(made)
    assert found.p_bound < 1e-9
    assert found.most_unlikely.percent == 70
    assert found.excess == pytest.approx(at.sum(), rel=0.25)
    assert found.excess > found.smallest


def test_where_all_places_vote_alike_the_peak_is_no_spike():
    """40 % everywhere: redrawing flattens the peak. 60 elections, at most 8 alarms at 5 %."""
    alarms = sum(spike_test(election(700 + n, 1_000)).p_bound <= 0.05 for n in range(60))
    assert alarms <= 8


def test_varied_elections_alarm_no_more_often_than_the_level():
    alarms = sum(spike_test(varied(900 + n, 1_000)).p_bound <= 0.05 for n in range(60))
    assert alarms <= 8


def test_the_baseline_is_raised_by_neighbours_and_never_lowered():
    expected = np.full(BINS + 1, 50.0)
    observed = np.full(BINS + 1, 50)
    observed[500] = 120
    assert baseline(observed, expected)[500] < 60
    broad = observed.copy()
    broad[480:521] = 120
    assert baseline(broad, expected)[500] > 119
    assert (baseline(np.zeros(BINS + 1, dtype=int), expected) >= expected).all()


def test_no_station_gives_no_spike():
    found = spike_test(StationResults.of(registered=[], ballots=[], leader=[]))
    assert (found.p_bound, found.most_unlikely, found.smallest) == (1.0, None, 0.0)


@pytest.mark.parametrize(
    ("load", "places"),
    [
        pytest.param(lambda r: russia(r, "2018"), {85.0, 90.0, 92.0, 95.0, 95.1}, id="Russia 2018"),
        pytest.param(lambda r: russia(r, "2011"), {65.0, 75.0, 80.0, 85.0, 92.0, 95.0, 98.0},
                     id="Russia 2011"),
        pytest.param(lambda r: mexico(r, "2006", "pan"), set(), id="Mexico 2006"),
        pytest.param(lambda r: mexico(r, "2012", "pri_pvem"), set(), id="Mexico 2012"),
        pytest.param(canada, set(), id="Canada 2011"),
        pytest.param(georgia, set(), id="Georgia 2013"),
        pytest.param(albania, set(), id="Albania 2013"),
    ],
)  # fmt: skip
def test_real_counts(reference_data, load, places):
    assert {spike.percent for spike in spike_test(load(reference_data)).spikes} == places
