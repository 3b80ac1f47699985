"""Official counts that leave stations out: what is conceded, against brute force."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pollwitness.checks import run_checks
from pollwitness.quantities import Verdict
from pollwitness.tally import HEADLINE, Coverage, compare_areas, conceded, most_left_out
from tests.build import form, small_tables

COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 80)), min_size=1, max_size=8)


@given(COUNTS, st.integers(1, 8))
def test_uncounted_stations_concede_the_most_favourable_set_of_that_size(rows, size):
    votes, voters = (np.array(column) for column in zip(*rows, strict=True))
    best = max(
        sum(votes[list(chosen)]) for chosen in combinations(range(len(rows)), min(size, len(rows)))
    )
    assert conceded(votes, Coverage(stations_uncounted=size), voters) == best


@given(COUNTS, st.integers(1, 300))
def test_uncounted_voters_concede_at_least_any_real_set_and_at_most_one_station_more(
    rows, capacity
):
    votes, voters = (np.array(column) for column in zip(*rows, strict=True))
    sets = [
        list(chosen)
        for size in range(len(rows) + 1)
        for chosen in combinations(range(len(rows)), size)
        if sum(voters[list(chosen)]) <= capacity
    ]
    best = max(int(votes[chosen].sum()) for chosen in sets)
    given_up = conceded(votes, Coverage(voters_uncounted=capacity), voters)
    assert best <= given_up <= best + votes.max()


def test_nothing_is_conceded_where_the_count_is_complete():
    assert conceded(np.array([5]), Coverage(), np.array([9])) == 0


def partial(**coverage):
    """Five stations of 100 votes for anna each, an official 350, one station uncounted."""
    return small_tables(
        protocols=[
            form(f"s{i}", 100, 10, invalid=0, ballots=110, registered=200) for i in range(5)
        ],
        official_results=[{"votes_anna": 350, **coverage}],
        claims=[{"measure": "votes", "option_id": "anna", "low": "350"}],
    )


def test_the_excess_shrinks_by_what_is_conceded():
    whole, part = partial(), partial(stations_counted=5, stations_total=6)
    gaps = [compare_areas(t, "mayor", HEADLINE)[0].certificate.gap for t in (whole, part)]
    assert gaps == [150, 50]
    supports = [compare_areas(t, "mayor", HEADLINE)[0].support.least for t in (whole, part)]
    assert supports == [2, 1]


def test_enough_uncounted_stations_leave_no_contradiction():
    part = partial(stations_counted=3, stations_total=6)
    assert compare_areas(part, "mayor", HEADLINE)[0].verdict is Verdict.POSSIBLE


def test_uncounted_voters_count_by_their_number():
    part = partial(registered=1200, registered_counted=900)
    assert compare_areas(part, "mayor", HEADLINE)[0].verdict is Verdict.POSSIBLE
    part = partial(registered=1200, registered_counted=1100)
    assert compare_areas(part, "mayor", HEADLINE)[0].certificate.gap == 100


def test_a_claim_of_the_partial_figure_concedes_the_same():
    answers = run_checks(partial(stations_counted=3, stations_total=6))
    assert [f.verdict for f in answers.findings if f.check == "tally.votes"] == [Verdict.POSSIBLE]
    answers = run_checks(partial(stations_counted=5, stations_total=6))
    found = next(f for f in answers.findings if f.check == "tally.votes")
    assert found.verdict is Verdict.CONTRADICTED
    assert found.figure("short").value == 50
    assert "assumption.coverage" in found.assumptions


def test_whole_stations_of_the_most_favourable_set():
    votes, voters = np.array([5, 9, 1]), np.array([10, 10, 10])
    assert most_left_out(votes, Coverage(stations_uncounted=2), voters).tolist() == [1, 0]
    assert most_left_out(votes, Coverage(voters_uncounted=15), voters).tolist() == [1]
    assert most_left_out(votes, Coverage(), voters).tolist() == []
