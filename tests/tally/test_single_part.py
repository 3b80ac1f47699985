"""Stations with one uncertain part sum exactly: against the enumeration of every set."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pollwitness.tally import HEADLINE, figures_together, together
from pollwitness.tally.joint import JointProblem, _floors_and_ceilings, single_part
from tests.build import form, small_tables

PARTS = 3
STATION = st.tuples(
    st.lists(st.integers(0, 5), min_size=PARTS, max_size=PARTS),
    st.lists(st.integers(0, 3), min_size=PARTS, max_size=PARTS),
    st.integers(0, 6),
    st.integers(0, 6),
)


def by_hand(low, high, ballots_low, ballots_high, members) -> tuple[int, int]:
    """The least and the greatest sum of a set of parts over all votes that a station may hold."""
    sums = [
        sum(votes[c] for c in members)
        for votes in np.ndindex(*(int(h) + 1 for h in high))
        if all(v >= at for v, at in zip(votes, low, strict=True))
        and ballots_low <= sum(votes) <= ballots_high
    ]
    return min(sums), max(sums)


@given(st.lists(STATION, min_size=1, max_size=3))
def test_floors_and_ceilings_are_those_of_every_vote_that_fits(stations):
    low = np.array([least for least, *_ in stations])
    high = low + np.array([more for _, more, *_ in stations])
    at_least, at_most = low.sum(axis=1), high.sum(axis=1)
    ballots_low = np.minimum(at_least + [n for *_, n, _ in stations], at_most)
    ballots_high = np.maximum(at_most - [n for *_, n in stations], ballots_low)
    nothing = np.zeros(PARTS, dtype=np.int64)
    problem = JointProblem(low, high, ballots_low, ballots_high, nothing, nothing, 0, 0)
    floors, ceilings = _floors_and_ceilings(problem)
    for size in range(PARTS + 1):
        for members in combinations(range(PARTS), size):
            found = [
                by_hand(low[s], high[s], ballots_low[s], ballots_high[s], members)
                for s in range(len(stations))
            ]
            pattern = sum(1 << c for c in members)
            assert floors[pattern] == sum(least for least, _ in found)
            assert ceilings[pattern] == sum(most for _, most in found)


def test_a_station_that_contradicts_itself_is_not_summed():
    low, high = np.array([[1, 0]]), np.array([[1, 2]])
    assert single_part(low, high, np.array([2]), np.array([3])).rows.tolist() == [True]
    assert single_part(low, high, np.array([9]), np.array([9])).rows.tolist() == [False]


def test_many_uncertain_stations_are_taken_together_and_the_contradiction_stays(monkeypatch):
    """Forms that do not add up leave several parts open; the nation's sum cannot be met anyway."""

    def found(most):
        monkeypatch.setattr(together, "MOST_ROWS", most)
        tables = small_tables(
            areas=[{"area_id": "land"}, {"area_id": "city", "parent_id": "land"}],
            protocols=[form(f"s{n}", 40, 30, invalid=1, ballots=70) for n in range(4)],
            official_results=[
                {"area_id": "land", "votes_anna": 500, "ballots": 900, "stations_total": 9},
                {"area_id": "city", "votes_anna": 600, "ballots": 800, "stations_total": 8},
            ],
        )  # fmt: skip
        return figures_together(tables, "mayor", reading=HEADLINE)

    apart, summed = found(2_000), found(0)
    assert apart.inequality is not None
    assert summed.inequality is not None
    assert apart.inequality.needed - apart.inequality.reachable >= (
        summed.inequality.needed - summed.inequality.reachable
    )
