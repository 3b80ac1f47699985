"""The fewest documents beside conceded voters, against enumeration and a linear programme."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from pollwitness.quantities import Verdict
from pollwitness.tally import (
    HEADLINE,
    compare_areas,
    error_tolerance,
    least_beside_voters,
    recorded_votes,
    report_tolerance,
    roll_excess,
)
from tests.build import form, small_tables

STATION = st.tuples(st.integers(0, 30), st.integers(1, 30))


def enumerated(votes, voters, conceded, excess) -> int | None:
    """The least number of removed stations over all removed sets and all conceded sets."""
    every = range(len(votes))
    for number in range(len(votes) + 1):
        for removed in combinations(every, number):
            left = [i for i in every if i not in removed]
            gone = sum(votes[i] for i in removed)
            for size in range(len(left) + 1):
                for free in combinations(left, size):
                    fits = sum(voters[i] for i in free) <= conceded
                    if fits and gone + sum(votes[i] for i in free) >= excess:
                        return number
    return None


@given(st.lists(STATION, min_size=1, max_size=6), st.integers(0, 60), st.integers(1, 80))
def test_the_range_holds_the_true_least_number(stations, conceded, excess):
    votes, voters = (np.array(column) for column in zip(*stations, strict=True))
    found = least_beside_voters(votes, voters, conceded_voters=conceded, excess=excess)
    true = enumerated(votes.tolist(), voters.tolist(), conceded, excess)
    if found is None:
        assert true is None
        return
    assert found.least <= true <= found.at_most == len(found.removed)


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_is_the_optimum_of_the_linear_programme(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(5, 200))
    voters = rng.integers(20, 900, size)
    votes = rng.binomial(voters, rng.uniform(0.1, 0.8))
    conceded, excess = int(voters.sum() * 0.05), int(votes.sum() * rng.uniform(0.2, 0.8))
    found = least_beside_voters(votes, voters, conceded_voters=conceded, excess=excess)
    rows = [np.concatenate([-votes, -votes]), np.concatenate([np.zeros(size), voters])]
    once = np.hstack([np.eye(size), np.eye(size)])
    solved = linprog(
        np.concatenate([np.ones(size), np.zeros(size)]),
        A_ub=np.vstack([*rows, once]),
        b_ub=np.concatenate([[-excess, conceded], np.ones(size)]),
        bounds=(0, 1),
    )
    assert found.least == int(np.ceil(solved.fun - 1e-6))
    assert found.at_most - found.least <= 2


def test_reports_put_to_the_wrong_station_have_a_tolerance():
    """The 99.9 % quantile of a binomial with one in a hundred, here by simulation."""
    drawn = np.random.default_rng(3).binomial(5_000, 0.01, 200_000)
    assert (drawn > report_tolerance(5_000)).mean() <= 0.001
    assert (drawn > report_tolerance(5_000) - 3).mean() > 0.001
    assert report_tolerance(0) == 0
    assert error_tolerance(0) == 0


def test_a_conceded_set_never_undoes_what_the_official_figures_break_by_themselves():
    """Anna 500 and Boris 600 are more than 700 ballots, whatever the protocols hold."""
    tables = small_tables(
        protocols=[form("s1", 10, 10, ballots=20, registered=50)],
        official_results=[
            {"votes_anna": 500, "votes_boris": 600, "ballots": 700, "registered": 3000,
             "registered_counted": 2900},
        ],
    )  # fmt: skip
    (compared,) = compare_areas(tables, "mayor", HEADLINE)
    assert compared.verdict is Verdict.CONTRADICTED
    assert (compared.support.least, compared.support.decisive) == (1, ())
    nothing = np.zeros(3, dtype=np.int64)
    assert least_beside_voters(nothing, nothing, conceded_voters=5, excess=1) is None


def test_an_area_whose_forms_exceed_its_roll_names_how_many_of_them_must_be_wrong():
    """Rolls of 100, 60 and 40 on the forms, 120 officially: without the greatest it fits."""
    tables = small_tables(
        protocols=[form(f"s{n}", 1, 1, registered=roll) for n, roll in enumerate((100, 60, 40))],
        official_results=[{"registered": 120}],
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    excess = roll_excess(tables, votes, "city")
    assert (excess.voters, excess.documents) == (80, 1)
