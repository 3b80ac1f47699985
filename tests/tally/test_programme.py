"""Demands that couple options or areas: against enumeration, and verified in exact arithmetic."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.errors import CertificateError
from pollwitness.tally import UNBOUNDED, Demand, Stations, infeasible
from pollwitness.tally.programme import verify
from pollwitness.tally.witness import meeting_election, meets


def stations(*rows: tuple[tuple[int, int], ...], ballots: list[tuple[int, int]]) -> Stations:
    low = np.array([[a for a, _ in row] for row in rows])
    high = np.array([[b for _, b in row] for row in rows])
    spans = np.array(ballots)
    return Stations(low, high, spans[:, 0], spans[:, 1])


def demand(label, rows, weights, low=None, high=None) -> Demand:
    return Demand(
        label, np.array(rows), tuple(Fraction(w) for w in weights),
        None if low is None else Fraction(low), None if high is None else Fraction(high),
    )  # fmt: skip


def test_children_that_exceed_their_parent():
    two = stations(((0, 9), (0, 9)), ((0, 9), (0, 9)), ballots=[(0, 9), (0, 9)])
    found = infeasible(two, [
        demand("north: anna", [0], (1, 0), 5, 5),
        demand("south: anna", [1], (1, 0), 6, 6),
        demand("land: anna", [0, 1], (1, 0), 8, 8),
    ])  # fmt: skip
    assert found is not None
    assert found.needed - found.reachable == 3
    assert dict(found.weights) == {"north: anna": 1, "south: anna": 1, "land: anna": -1}


def test_percentages_of_an_unknown_total_couple_the_options():
    """anna 60 % and boris 50 % of the same ballots cannot both be, unless there is no ballot."""
    one = stations(((0, 100), (0, 100)), ballots=[(10, 100)])
    share = [
        demand("anna", [0], (1 - Fraction(6, 10), -Fraction(6, 10)), 0, None),
        demand("boris", [0], (-Fraction(1, 2), 1 - Fraction(1, 2)), 0, None),
    ]
    assert infeasible(one, share) is not None
    assert infeasible(one, share[:1]) is None
    empty = stations(((0, 100), (0, 100)), ballots=[(0, 100)])
    assert infeasible(empty, share) is None


def test_an_unbounded_row_is_never_contradicted_from_above():
    free = stations(((0, UNBOUNDED), (0, UNBOUNDED)), ballots=[(0, UNBOUNDED)])
    assert infeasible(free, [demand("anna", [0], (1, 0), 10**9, 10**9)]) is None


def test_demands_without_ends_demand_nothing():
    one = stations(((0, 9), (0, 9)), ballots=[(0, 9)])
    assert infeasible(one, [demand("turnout of an unknown roll", [0], (1, 1))]) is None


def test_a_certificate_that_does_not_add_up_is_refused():
    one = stations(((0, 9), (0, 9)), ballots=[(0, 9)])
    demands = [demand("anna", [0], (1, 0), 5, 5)]
    with pytest.raises(CertificateError, match="the weighted demands can be met"):
        verify(one, demands, [Fraction(1)])
    unbounded = stations(((0, UNBOUNDED), (0, 9)), ballots=[(0, UNBOUNDED)])
    with pytest.raises(CertificateError, match="the weighted demands can be met"):
        verify(unbounded, demands, [Fraction(1)])


def test_filling_finds_an_election_in_the_usual_case_and_gives_up_on_percentages():
    """Two regions with turnouts, one nation with counts."""
    rows = stations(
        ((30, 30), (20, 20)), ((0, 500), (0, 500)), ((0, 400), (0, 400)),
        ballots=[(50, 50), (0, 500), (0, 400)],
    )  # fmt: skip
    demands = [
        demand("north: ballots", [0, 1], (1, 1), None, 300),
        demand("land: anna", [0, 1, 2], (1, 0), 330, 330),
        demand("land: ballots", [0, 1, 2], (1, 1), 600, 600),
    ]
    found = meeting_election(rows, demands)
    assert found is not None
    assert (found.sum(axis=0).tolist(), int(found.sum())) == ([330, 270], 600)
    assert not meets(rows, demands, found + 1)
    assert not meets(rows, [demand("all", [0], (1, 1), 51, None)], found)
    assert not meets(rows, [demand("all", [0], (1, 1), None, 49)], found)
    assert meeting_election(rows, [demand("share", [0], (Fraction(1, 2), 0), 0, None)]) is None


@st.composite
def systems(draw):
    """Two or three rows of two parts, with interval demands on random groups and weights."""
    rows = draw(st.integers(1, 3))
    cells = [[(x := draw(st.integers(0, 2)), x + draw(st.integers(0, 2))) for _ in range(2)]
             for _ in range(rows)]  # fmt: skip
    ballots = []
    for row in cells:
        least, most = sum(a for a, _ in row), sum(b for _, b in row)
        start = draw(st.integers(least, most))
        ballots.append((start, draw(st.integers(start, most))))
    demands = []
    for number in range(draw(st.integers(1, 3))):
        group = draw(st.lists(st.integers(0, rows - 1), min_size=1, unique=True))
        weights = draw(st.sampled_from([(1, 0), (0, 1), (1, 1)]))
        low = draw(st.integers(0, 6))
        demands.append(demand(str(number), group, weights, low, low + draw(st.integers(0, 2))))
    return stations(*cells, ballots=ballots), demands


@settings(max_examples=250)
@given(systems())
def test_a_contradiction_is_never_reported_where_an_election_exists(system):
    """Sound always; complete for fractions, so only one direction holds in whole numbers."""
    rows, demands = system
    options = [
        [x for x in product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
         if least <= sum(x) <= most]
        for low, high, least, most in zip(rows.low.tolist(), rows.high.tolist(),
                                          rows.ballots_low.tolist(), rows.ballots_high.tolist(),
                                          strict=True)
    ]  # fmt: skip
    exists = any(
        all(
            d.low <= sum(w * x[r][c] for r in d.rows for c, w in enumerate(d.weights)) <= d.high
            for d in demands
        )
        for x in product(*options)
    )
    found = infeasible(rows, demands)
    witness = meeting_election(rows, demands)
    if exists:
        assert found is None
    else:
        assert witness is None
    assert witness is None or meets(rows, demands, witness)
    if found is not None:
        assert found.needed > found.reachable
