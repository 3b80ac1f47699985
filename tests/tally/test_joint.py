"""Sharp joint bounds: against every election there is, against an LP, and checked by adding."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pollwitness.errors import TooManyOptionsError
from pollwitness.tally import UNBOUNDED, Certificate, Family, JointProblem, violated
from pollwitness.tally.joint import set_ceiling, set_floor


@st.composite
def problems(draw, stations=3, parts=3, top=2):
    """Small problems whose stations can all be filled in at least one way."""
    rows = draw(st.integers(1, stations))
    columns = draw(st.integers(1, parts))
    low = [[draw(st.integers(0, top)) for _ in range(columns)] for _ in range(rows)]
    high = [[x + draw(st.integers(0, top)) for x in row] for row in low]
    ballots = []
    for least, most in zip(low, high, strict=True):
        start = draw(st.integers(0, sum(most)))
        end = draw(st.integers(max(start, sum(least)), sum(most) + 1))
        ballots.append((start, end))
    demand_low = [draw(st.integers(0, 2 * top)) for _ in range(columns)]
    demand_high = [draw(st.one_of(st.integers(x, x + top), st.just(UNBOUNDED))) for x in demand_low]
    total_low = draw(st.integers(0, 3 * top))
    total_high = draw(st.one_of(st.integers(total_low, total_low + top), st.just(UNBOUNDED)))
    return JointProblem(
        np.array(low), np.array(high), np.array(ballots)[:, 0], np.array(ballots)[:, 1],
        np.array(demand_low), np.array(demand_high), total_low, total_high,
    )  # fmt: skip


def some_election_exists(problem: JointProblem) -> bool:
    """Try every whole-number election within the stations' bounds."""
    rows, parts = problem.low.shape
    per_station = []
    for s in range(rows):
        ranges = [range(problem.low[s, c], problem.high[s, c] + 1) for c in range(parts)]
        per_station.append([
            x for x in product(*ranges)
            if problem.ballots_low[s] <= sum(x) <= problem.ballots_high[s]
        ])  # fmt: skip
    for election in product(*per_station):
        totals = [sum(station[c] for station in election) for c in range(parts)]
        fits = all(
            problem.demand_low[c] <= totals[c] <= problem.demand_high[c] for c in range(parts)
        )
        if fits and problem.total_low <= sum(totals) <= problem.total_high:
            return True
    return False


def check_by_adding(problem: JointProblem, certificate: Certificate) -> None:
    """Ten lines that know nothing of sets, flows or duality: add up both sides and compare."""
    chosen = list(certificate.parts)
    others = [c for c in range(problem.low.shape[1]) if c not in chosen]
    needed = allowed = 0
    for s in range(problem.low.shape[0]):
        for group, rest in ((chosen, others), (others, chosen)):
            least = max(
                problem.low[s, group].sum(), problem.ballots_low[s] - problem.high[s, rest].sum()
            )
            most = min(
                problem.high[s, group].sum(), problem.ballots_high[s] - problem.low[s, rest].sum()
            )
            needed += least * (
                (certificate.family, group)
                in ((Family.FLOOR, chosen), (Family.TOTAL_FLOOR, others))
            )
            allowed += most * (
                (certificate.family, group)
                in ((Family.CEILING, chosen), (Family.TOTAL_CEILING, others))
            )
    low, high = problem.demand_low[chosen].sum(), problem.demand_high[chosen].sum()
    needed += {"ceiling": low, "total_floor": low, "total_ceiling": problem.total_low}.get(
        certificate.family, 0
    )
    allowed += {"floor": high, "total_ceiling": high, "total_floor": problem.total_high}.get(
        certificate.family, 0
    )
    assert (needed, allowed) == (certificate.needed, certificate.allowed)
    assert needed > allowed  # fmt: skip


@settings(max_examples=2000)
@given(problems())
def test_bounds_equal_brute_force_enumeration(problem):
    certificate = violated(problem)
    assert (certificate is None) == some_election_exists(problem)
    if certificate is not None:
        check_by_adding(problem, certificate)


def fractional_election_exists(problem: JointProblem) -> bool:
    rows, parts = problem.low.shape
    eye = np.kron(np.eye(rows), np.ones((1, parts)))
    totals = np.kron(np.ones((1, rows)), np.eye(parts))
    every = np.ones((1, rows * parts))
    a_ub = np.vstack([eye, -eye, totals, -totals, every, -every])
    b_ub = np.concatenate([
        problem.ballots_high, -problem.ballots_low, problem.demand_high, -problem.demand_low,
        [problem.total_high], [-problem.total_low],
    ])  # fmt: skip
    bounds = np.column_stack([problem.low.ravel(), problem.high.ravel()])
    return linprog(np.zeros(rows * parts), A_ub=a_ub, b_ub=b_ub, bounds=bounds).status == 0


@pytest.mark.parametrize("seed", range(60))
def test_bounds_equal_a_linear_programme_on_larger_cases(seed):
    """Network matrices are totally unimodular: fractional and whole elections exist together."""
    rng = np.random.default_rng(seed)
    rows, parts = int(rng.integers(5, 40)), int(rng.integers(2, 7))
    low = rng.integers(0, 300, (rows, parts)) * (rng.random((rows, 1)) < 0.7)
    high = low + rng.integers(0, 200, (rows, parts)) * (rng.random((rows, 1)) < 0.6)
    ballots_low = rng.integers(low.sum(axis=1), high.sum(axis=1) + 1)
    ballots_high = rng.integers(ballots_low, high.sum(axis=1) + 1)
    inside = rng.integers(low, high + 1).sum(axis=0)
    jitter = rng.integers(-60, 60, parts)
    demand_low = np.maximum(inside + jitter - 20, 0)
    demand_high = np.maximum(inside + jitter + rng.integers(0, 40, parts), demand_low)
    total = int(inside.sum() + rng.integers(-80, 80))
    problem = JointProblem(low, high, ballots_low, ballots_high, demand_low, demand_high,
                           max(total - 30, 0), max(total + 30, 0))  # fmt: skip
    certificate = violated(problem)
    assert (certificate is None) == fractional_election_exists(problem)
    if certificate is not None:
        check_by_adding(problem, certificate)


def test_many_uncertain_stations_are_summed_in_chunks():
    """5,000 uncertain stations of twelve options: the sums equal those of one station at a time."""
    rng = np.random.default_rng(1)
    low = rng.integers(0, 50, (5000, 13))
    high = low + rng.integers(0, 20, (5000, 13))
    ballots = high.sum(axis=1) - rng.integers(0, 30, 5000)
    whole = low.sum(axis=0)
    demand_high = np.full(13, UNBOUNDED)
    demand_high[4] = whole[4] - 1
    problem = JointProblem(low, high, low.sum(axis=1), ballots, np.zeros(13, np.int64), demand_high)
    certificate = violated(problem)
    assert certificate == Certificate(Family.FLOOR, (4,), int(whole[4]), int(whole[4]) - 1)


def test_more_than_twelve_options_are_refused():
    rows = np.zeros((1, 14), dtype=np.int64)
    problem = JointProblem(rows, rows, rows[:, 0], rows[:, 0], rows[0], rows[0])
    with pytest.raises(TooManyOptionsError, match="14 parts; the enumeration of sets ends at 13"):
        violated(problem)


def test_floor_and_ceiling_of_one_station():
    """100 ballots, 30 to 40 for a, 20 to 90 for b: b has 60 to 70."""
    problem = JointProblem(
        np.array([[30, 20]]), np.array([[40, 90]]), np.array([100]), np.array([100]),
        np.array([0, 0]), np.array([UNBOUNDED, UNBOUNDED]),
    )  # fmt: skip
    assert set_floor(problem, [1]).tolist() == [60]
    assert set_ceiling(problem, [1]).tolist() == [70]
    assert violated(problem) is None
