"""The least cover against exhaustive search, and the binomial quantile against SciPy."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from pollwitness.stats import binomial_upper_quantile, in_every_least_cover, least_cover

contributions = st.lists(st.integers(-5, 30), max_size=9)


def cheapest(values: list[int], needed: int, costs: list[int]) -> tuple[int, list[set[int]]] | None:
    """All cheapest sets that reach ``needed``, by trying every set."""
    best: tuple[int, list[set[int]]] | None = None
    for size in range(len(values) + 1):
        for chosen in combinations(range(len(values)), size):
            if sum(values[i] for i in chosen) < needed:
                continue
            cost = sum(costs[i] for i in chosen)
            if best is None or cost < best[0]:
                best = (cost, [set(chosen)])
            elif cost == best[0]:
                best[1].append(set(chosen))
    return best


@given(contributions, st.integers(-3, 90), st.data())
def test_least_cover_is_the_cheapest_of_all_sets(values, needed, data):
    costs = data.draw(st.lists(st.integers(1, 4), min_size=len(values), max_size=len(values)))
    expected = cheapest([max(v, 0) for v in values], needed, costs)
    found = least_cover(np.array(values, dtype=np.int64), needed, np.array(costs, dtype=np.int64))
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.cost == expected[0]
    assert sum(max(values[i], 0) for i in found.members) >= needed or needed <= 0
    assert sum(costs[i] for i in found.members) == found.cost


@given(contributions, st.integers(1, 60), st.booleans())
def test_elements_in_every_least_cover(values, needed, unequal):
    positive = [max(v, 0) for v in values]
    costs = [1 + (i % 3 if unequal else 0) for i in range(len(values))]
    expected = cheapest(positive, needed, costs)
    found = in_every_least_cover(
        np.array(values, dtype=np.int64), needed, np.array(costs, dtype=np.int64)
    )
    if expected is None:
        assert found == ()
    else:
        assert set(found) == set.intersection(*expected[1])


def test_equal_costs_may_be_left_out():
    values = np.array([5, 9, 1])
    assert least_cover(values, 10).cost == 2
    assert in_every_least_cover(values, 10) == (1,)
    assert in_every_least_cover(values, 100) == ()


@pytest.mark.parametrize("trials", [0, 1, 7, 271, 1395, 60_000])
@pytest.mark.parametrize("probability", [0.0, 0.001, 0.005, 0.3, 1.0])
@pytest.mark.parametrize("level", [0.5, 0.999])
def test_binomial_quantile_agrees_with_scipy(trials, probability, level):
    expected = int(reference.binom.ppf(level, trials, probability)) if trials else 0
    assert binomial_upper_quantile(trials, probability, level) == max(expected, 0)


def test_very_many_unequal_elements_are_not_tried_one_by_one():
    values, costs = np.full(3000, 2), np.array([1, 2] * 1500)
    assert least_cover(values, 400, costs).cost == 200
    assert in_every_least_cover(values, 400, costs) == ()
