"""Equal results and unlike neighbours: brute force over pairs, planted copies, refusals."""

import numpy as np
import pytest
from scipy.stats import poisson

from pollwitness.errors import QuestionError
from pollwitness.forensics import StationVectors, case_vectors, same_building, same_results
from pollwitness.forensics.copies import _skellam
from tests.build import small_tables
from tests.forensics.test_battery import station_case
from tests.reference.stations import mexico_vectors


def vectors(seed: int, *, size: int = 1_500, alike: int = 1, options: int = 4) -> StationVectors:
    """Stations of three regions; ``alike`` neighbours share a building and their rates."""
    rng = np.random.default_rng(seed)
    ballots = rng.poisson(np.repeat(rng.integers(60, 900, size // alike), alike))
    shares = np.repeat(rng.dirichlet([4] * options, size // alike), alike, axis=0)
    votes = np.array([rng.multinomial(n, p) for n, p in zip(ballots, shares, strict=True)])
    return StationVectors.of(
        names=[f"s{n:05}" for n in range(size)],
        ballots=ballots,
        votes={f"o{n}": votes[:, n] for n in range(options)},
        region=[f"r{n // alike % 3}" for n in range(size)],
        building=[f"b{n // alike}" for n in range(size)],
    )


def changed(given: StationVectors, rows: dict[int, np.ndarray]) -> StationVectors:
    counts = given.counts.copy()
    for row, values in rows.items():
        counts[row] = values
    return StationVectors(given.names, given.columns, counts, given.region, given.regions,
                          given.building, given.buildings)  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b"), [(4.0, 4.0), (3.0, 9.0), (80.0, 75.0), (0.5, 2.0), (0.0, 2.0), (0.0, 0.0)]
)
def test_two_poisson_counts_agree_as_often_as_all_counts_added_up(a, b):
    counts = np.arange(400)
    one, other = poisson.pmf(counts, a), poisson.pmf(counts, b)
    equal, apart = _skellam(np.array([a]), np.array([b]))
    assert equal[0] == pytest.approx((one * other).sum())
    assert apart[0] == pytest.approx((one[1:] * other[:-1]).sum() + (one[:-1] * other[1:]).sum())


def test_planted_copies_stand_in_the_list_least_likely_first():
    honest = vectors(1)
    assert same_results(honest).same_pairs.observed == 0
    big = [n for n in range(0, 1500, 3) if honest.ballots[n] > 500][:3]
    made = changed(honest, {big[1]: honest.counts[big[0]], big[2]: honest.counts[big[0]] + 1})
    found = same_results(made)
    assert [group.stations for group in found.groups] == [
        (honest.names[big[0]], honest.names[big[1]])
    ]
    assert found.groups[0].figures == tuple(honest.counts[big[0]].tolist())
    assert {pair.stations for pair in found.near} >= {
        (honest.names[big[0]], honest.names[big[2]]), (honest.names[big[1]], honest.names[big[2]])
    }  # fmt: skip
    assert found.same_pairs.p_value < 0.05 or found.same_pairs.expected > 0.05


def test_copies_in_another_region_are_not_paired():
    honest = vectors(2)
    made = changed(honest, {1: honest.counts[0]})
    assert honest.region[0] != honest.region[1]
    assert same_results(made).same_pairs.observed == 0


@pytest.mark.parametrize("alike", [1, 3])
def test_the_expectation_is_a_bound_of_what_honest_elections_hold(alike):
    """Small stations and two options, so that chance makes pairs; neighbours have equal rates."""
    found = [
        same_results(vectors(seed, size=900, alike=alike, options=2)).same_pairs
        for seed in range(20)
    ]
    observed, expected = sum(f.observed for f in found), sum(f.expected for f in found)
    assert 0 < observed < expected < 12 * observed
    # 20 elections: more than 4 alarms at 5 % have a chance below 0.3 %.
    assert sum(f.p_value <= 0.05 for f in found) <= 4


def test_small_stations_are_left_out_and_counted():
    honest = vectors(3)
    made = changed(honest, {0: np.array([30, 10, 10, 5, 5]), 3: np.array([30, 10, 10, 5, 5])})
    found = same_results(made)
    assert found.left_out == 2
    assert found.groups == ()


def test_vectors_that_cannot_be_compared_are_refused():
    with pytest.raises(QuestionError, match="two options at least"):
        same_results(vectors(4, options=1))
    with pytest.raises(QuestionError, match="stations stand twice: a"):
        StationVectors.of(names=["a", "a"], ballots=[1, 1], votes={"x": [1, 1]})
    with pytest.raises(QuestionError, match="differ in length"):
        StationVectors.of(names=["a", "b"], ballots=[1], votes={"x": [1, 1]})
    with pytest.raises(QuestionError, match="below 0"):
        StationVectors.of(names=["a", "b"], ballots=[1, 2], votes={"x": [1, -1]})


def test_a_station_unlike_its_building_is_found_and_honest_ones_rarely():
    honest = vectors(5, alike=3)
    quiet = same_building(honest)
    assert quiet.outliers == ()
    assert quiet.stations == int((honest.ballots >= 50).sum())
    assert quiet.buildings == 500
    assert 1 <= quiet.dispersion < 1.3
    lead = honest.leader
    row = honest.counts[30].copy()
    moved = round(0.9 * (row[0] - row[1 + lead]))
    row[1:] -= np.where(np.arange(4) == lead, 0, np.round(row[1:] * 0.9).astype(int))
    row[1 + lead] = row[0] - np.delete(row[1:], lead).sum()
    found = same_building(changed(honest, {30: row}))
    first = found.outliers[0]
    assert first.station == honest.names[30]
    assert first.votes == pytest.approx(moved, rel=0.35)
    assert 100 * (first.share - first.others) > found.smallest


def test_honest_buildings_alarm_at_most_at_the_level():
    """100 elections: more than 11 with any outlier at 5 % have a chance below 1 %."""
    alarms = sum(bool(same_building(vectors(s, size=300, alike=2)).outliers) for s in range(100))
    assert alarms <= 11


def test_too_few_shared_buildings_give_no_result():
    assert same_building(vectors(6, alike=1)) is None


def test_cases_give_official_results_or_agreeing_protocols():
    tables = station_case()
    found = case_vectors(tables, tables.case.contests[0].id)
    assert found is not None
    assert not found.from_protocols
    small = small_tables()
    seen = case_vectors(small, small.case.contests[0].id)
    assert seen is None, "the small case has no results of stations"


@pytest.mark.parametrize(("year", "pairs", "most"), [("2006", 4, 0.4), ("2012", 21, 0.9)])
def test_full_counts_of_clean_elections_hold_equal_pairs(reference_data, year, pairs, most):
    """In the first eight states of Mexico: forms typed in twice, say."""
    found = same_results(mexico_vectors(reference_data, year, 8))
    assert found.same_pairs.observed == pairs
    assert 0.3 < found.same_pairs.expected < most
