"""k(φ) and Γ: against exhaustive search, by hand, and on properties."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.errors import QuestionError
from pollwitness.tally import error_tolerance, release_bias, robustness
from pollwitness.tally.robustness import _fewest

PHIS = st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(2, 3), Fraction(1)])


def exhaustive(votes, ballots, official_votes, official_ballots, phi) -> int | None:
    """Try every set of protocols to remove, smallest first; exact fractions throughout."""
    everything = range(len(votes))
    for size in range(len(votes) + 1):
        for removed in combinations(everything, size):
            kept = [i for i in everything if i not in removed]
            s_c, s_b = sum(votes[i] for i in kept), sum(ballots[i] for i in kept)
            u_c, u_b = official_votes - s_c, official_ballots - s_b
            if 0 <= u_c <= u_b and u_c * s_b >= phi * s_c * u_b:
                return size
    return None


@settings(max_examples=400, deadline=None)
@given(st.data(), PHIS)
def test_the_range_holds_the_exhaustive_answer_and_is_exact_at_its_ends(data, phi):
    size = data.draw(st.integers(1, 8))
    ballots = data.draw(st.lists(st.integers(1, 60), min_size=size, max_size=size))
    votes = [data.draw(st.integers(0, b)) for b in ballots]
    official_ballots = sum(ballots) + data.draw(st.integers(-20, 200))
    official_votes = data.draw(st.integers(0, max(official_ballots, 0)))
    expected = exhaustive(votes, ballots, official_votes, official_ballots, phi)
    found = robustness(
        np.array(votes), np.array(ballots), official_votes=official_votes,
        official_ballots=official_ballots, phi=phi,
    )  # fmt: skip
    if expected is None:
        assert found.at_most is None
        return
    assert found.least <= expected
    assert found.at_most is None or found.at_most >= expected


@settings(max_examples=250, deadline=None)
@given(st.data(), st.sampled_from([Fraction(0), Fraction(1)]))
def test_k_of_0_and_1_are_exact_where_one_option_has_too_many_votes(data, phi):
    """The usual case: the official ballots leave room for everybody else's votes."""
    size = data.draw(st.integers(1, 9))
    ballots = data.draw(st.lists(st.integers(1, 60), min_size=size, max_size=size))
    votes = [data.draw(st.integers(0, b)) for b in ballots]
    official_votes = data.draw(st.integers(0, sum(votes)))
    official_ballots = sum(ballots) + official_votes + data.draw(st.integers(0, 300))
    expected = exhaustive(votes, ballots, official_votes, official_ballots, phi)
    found = robustness(
        np.array(votes), np.array(ballots), official_votes=official_votes,
        official_ballots=official_ballots, phi=phi,
    )  # fmt: skip
    assert (found.least, found.at_most) == (expected, expected)


def test_k_grows_with_phi():
    rng = np.random.default_rng(5)
    ballots = rng.integers(200, 2000, 120)
    votes = (ballots * rng.uniform(0.1, 0.6, 120)).astype(np.int64)
    points = [
        robustness(votes, ballots, official_votes=int(votes.sum() * 0.99),
                   official_ballots=int(ballots.sum() * 3), phi=Fraction(n, 10))
        for n in range(11)
    ]  # fmt: skip
    assert [p.least for p in points] == sorted(p.least for p in points)
    assert all(p.at_most is not None and p.at_most - p.least <= 1 for p in points)


def test_nothing_helps_when_the_official_figure_exceeds_its_own_ballots():
    found = robustness(
        np.array([5]), np.array([9]), official_votes=30, official_ballots=20, phi=Fraction(0)
    )
    assert (found.least, found.at_most) == (1, None)


def test_release_bias_of_one_stratum_by_hand():
    """Seen 25 of 100: odds 1/3. Unseen 10 of 110: odds 1/10. Γ = 10/3."""
    found = release_bias([25], [100], unseen_ballots=[110], unseen_votes=10)
    assert found.gamma == pytest.approx(10 / 3)


def test_release_bias_with_strata_gives_back_the_votes():
    seen_votes, seen_ballots = np.array([60, 20, 0]), np.array([100, 100, 0])
    unseen = np.array([300, 500, 100])
    gamma = release_bias(seen_votes, seen_ballots, unseen_ballots=unseen, unseen_votes=120).gamma
    share = np.array([0.6, 0.2, 0.4])
    odds = share / (1 - share) / gamma
    assert float((unseen * odds / (1 + odds)).sum()) == pytest.approx(120)


@pytest.mark.parametrize(
    ("unseen_votes", "gamma"),
    [
        pytest.param(0, math.inf, id="no vote left"),
        pytest.param(-5, math.inf, id="fewer than none left"),
        pytest.param(110, 0.0, id="every unseen ballot"),
    ],
)
def test_release_bias_at_its_ends(unseen_votes, gamma):
    found = release_bias([25], [100], unseen_ballots=[110], unseen_votes=unseen_votes)
    assert found.gamma == gamma


def test_release_bias_when_the_option_has_nothing_or_everything_where_seen():
    assert release_bias([0], [100], unseen_ballots=[110], unseen_votes=10).gamma == 0.0
    assert release_bias([100], [100], unseen_ballots=[110], unseen_votes=10).gamma == math.inf


@pytest.mark.parametrize("documents", [10, 271, 1395])
def test_honest_mistakes_rarely_exceed_the_tolerance(documents):
    """Monte Carlo: wrong forms in 20,000 honest elections, none of them noticed by a rule."""
    rng = np.random.default_rng(11)
    wrong = (rng.random((20_000, documents)) < 0.005).sum(axis=1)
    assert (wrong > error_tolerance(documents)).mean() <= 0.001 + 3 * math.sqrt(0.001 / 20_000)


def test_release_bias_needs_a_ballot():
    with pytest.raises(QuestionError, match="the seen stations hold no ballot"):
        release_bias([0], [0], unseen_ballots=[110], unseen_votes=10)


def test_many_protocols_are_ranked_only_where_it_decides():
    """With thousands of protocols the least number comes without a ranking; here by sorting all."""
    rng = np.random.default_rng(11)
    ballots = rng.integers(100, 2000, 9_000)
    votes = rng.binomial(ballots, rng.uniform(0.1, 0.7, ballots.size))
    scores = np.sort(votes.astype(float))[::-1]
    for share in (0.001, 0.3, 0.7, 0.999):
        wanted = scores.sum() * share
        assert _fewest(scores, wanted) == int(np.searchsorted(np.cumsum(scores), wanted)) + 1
    equal = np.full(5_000, 3.0)
    assert _fewest(equal, 9_000.0) == 3_000
    for phi in (Fraction(1, 4), Fraction(1, 2)):
        point = robustness(votes, ballots, official_votes=int(votes.sum() * 1.05),
                           official_ballots=int(ballots.sum() * 4), phi=phi)  # fmt: skip
        assert 0 < point.least <= point.at_most <= point.least + 2
