"""Fingerprint, votes beyond proportion, curve, moments: against figures planted by hand."""

import numpy as np
import pytest
from scipy.stats import kurtosis, skew

from pollwitness.forensics import (
    AnomalousVotes,
    StationResults,
    Unstable,
    anomalous_votes,
    cumulative_curve,
    fingerprint,
    vote_rate_moments,
)
from tests.reference.stations import russia


def election(seed: int, count: int = 3_000, regions: int = 20, **columns) -> StationResults:
    """Turnout around 60 %, share 40 % wherever the leader stands: nothing to be found."""
    rng = np.random.default_rng(seed)
    registered = columns.get("registered", rng.integers(300, 2500, count))
    ballots = rng.binomial(registered, np.clip(rng.normal(0.6, 0.05, count), 0.3, 0.95))
    leader = rng.binomial(ballots, 0.4)
    region = [f"r{n % regions:02}" for n in range(count)]
    return StationResults.of(registered=registered, ballots=ballots, leader=leader, region=region)


def stuffed(stations: StationResults, every: int) -> tuple[StationResults, int]:
    """At every n-th station nine in ten of those who stayed away are added to the leader."""
    ballots, leader = stations.ballots.copy(), stations.leader.copy()
    at = np.arange(stations.size) % every == 0
    added = ((stations.registered - ballots)[at] * 0.9).astype(int)
    ballots[at] += added
    leader[at] += added
    region = [stations.regions[code] for code in stations.region]
    made = StationResults.of(
        registered=stations.registered, ballots=ballots, leader=leader, region=region
    )
    return made, int(added.sum())


def test_stuffed_ballots_lie_in_the_range_and_honest_elections_near_zero():
    honest = election(1)
    quiet = anomalous_votes(honest, np.random.default_rng(1))
    assert isinstance(quiet, AnomalousVotes)
    assert abs(quiet.most) < 0.02 * quiet.votes
    made, added = stuffed(honest, 10)
    found = anomalous_votes(made, np.random.default_rng(1))
    assert isinstance(found, AnomalousVotes)
    assert found.low < added < found.high
    assert found.least == pytest.approx(added, rel=0.1)
    assert 55 <= found.peaks[0] <= found.peaks[1] <= 65


def test_two_peaks_give_no_result():
    """Half of the country votes at 40 %, half at 75 %: no proportion is that of all."""
    rng = np.random.default_rng(4)
    registered = np.full(4_000, 1_000)
    high = np.repeat([False, True], 2_000)
    ballots = rng.binomial(registered, np.where(high, 0.75, 0.4))
    leader = rng.binomial(ballots, np.where(high, 0.62, 0.4))
    region = [f"{'h' if h else 'l'}{n % 12}" for n, h in enumerate(high)]
    two = StationResults.of(registered=registered, ballots=ballots, leader=leader, region=region)
    found = anomalous_votes(two, np.random.default_rng(1))
    assert isinstance(found, Unstable)
    assert found.peaks[1] - found.peaks[0] > 10


def test_few_stations_give_no_result_and_few_regions_no_resamples():
    assert isinstance(anomalous_votes(election(5, 80), np.random.default_rng(1)), Unstable)
    found = anomalous_votes(election(6, regions=4), np.random.default_rng(1))
    assert isinstance(found, AnomalousVotes)
    assert (found.low, found.high, found.resamples) == (None, None, 0)


def test_the_fingerprint_counts_every_voter_once():
    stations = StationResults.of(
        registered=[1000, 1000, 500, 100], ballots=[500, 500, 500, 0], leader=[100, 100, 500, 0]
    )
    found = fingerprint(stations, width=10)
    assert found.voters.sum() == 2_500
    assert found.voters[5, 2] == 2_000
    assert found.voters[10, 10] == 500
    assert found.stations == 3


def test_the_curve_ends_at_the_share_of_all():
    stations = StationResults.of(
        registered=[1000, 1000, 1000], ballots=[200, 400, 800], leader=[20, 200, 600]
    )
    found = cumulative_curve(stations)
    assert found.turnout_percent.tolist() == [20, 40, 80]
    assert found.share.tolist() == pytest.approx([20 / 200, 220 / 600, 820 / 1400])
    nothing = StationResults.of(registered=[], ballots=[], leader=[])
    assert cumulative_curve(nothing).share.size == 0


def test_moments_are_those_of_another_library():
    stations = election(7)
    found = vote_rate_moments(stations)
    rate = np.log((stations.registered - stations.leader) / stations.leader)
    assert found.skewness == pytest.approx(skew(rate))
    assert found.kurtosis == pytest.approx(kurtosis(rate))
    # Leaving out one region after another, by hand.
    parts = [skew(rate[stations.region != code]) for code in range(20)]
    spread = np.sqrt(19 / 20 * ((np.array(parts) - np.mean(parts)) ** 2).sum())
    assert found.skewness_spread == pytest.approx(spread)
    assert vote_rate_moments(election(8, 50)) is None
    assert vote_rate_moments(election(9, 200, regions=3)).skewness_spread is None


@pytest.mark.parametrize(
    ("year", "low", "high"), [("2011", 12e6, 16e6), ("2012", 8e6, 12e6), ("2018", 8e6, 11e6)]
)
def test_russia_lies_where_the_literature_puts_it(reference_data, year, low, high):
    """About 15, 11 and 10 million (Kobak, Shpilkin, Pshenichnikov 2018), here as ranges."""
    found = anomalous_votes(russia(reference_data, year), np.random.default_rng(1))
    assert isinstance(found, AnomalousVotes)
    assert low < found.least < found.most < high
    assert found.low < found.least
    assert found.high > found.most
