"""Sums over strata: thin ones joined, intervals against the convolution of all posteriors."""

import numpy as np
import pytest

from pollwitness.detentions.decomposable import average
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.strata import POOLED, pooled, stratified
from pollwitness.errors import QuestionError


def lists(*counts):
    return Histories(tuple("ABC"), np.array([0, *counts]))


THICK = lists(60, 50, 20, 40, 15, 12, 8)
OTHER = lists(90, 30, 10, 70, 20, 9, 4)
THIN = lists(9, 8, 2, 7, 1, 0, 0)
APART = lists(9, 8, 0, 7, 0, 0, 0)


def test_thin_strata_are_joined_and_named():
    found, joined = pooled({"joined": THICK, "b": OTHER, "c": THIN, "d": APART})
    assert joined == ("b", "c", "d"), "the thinnest thick one helps those that are too thin still"
    assert set(found) == {"joined", POOLED}
    assert found["joined"] is THICK, "an area may be called so"
    assert np.array_equal(found[POOLED].counts, OTHER.counts + THIN.counts + APART.counts)
    assert sum(one.observed for one in found.values()) == sum(
        one.observed for one in (THICK, OTHER, THIN, APART)
    )
    assert pooled({"a": THICK, "b": OTHER}) == ({"a": THICK, "b": OTHER}, ())
    alone, none = pooled({"c": THIN})
    assert (list(alone), none) == (["c"], ())


def test_what_are_no_strata():
    with pytest.raises(QuestionError, match="no stratum"):
        pooled({})
    two = Histories(("A", "B"), np.array([0, 5, 5, 5]))
    with pytest.raises(QuestionError, match="different lists"):
        pooled({"a": THICK, "b": two})


def test_the_sum_against_the_convolution():
    """Posteriors of two strata on every whole number, convolved: mean and quantiles of the sum."""
    most = 400

    def exact(one):
        return average(one, most, is_exact=True)

    found = stratified({"a": THICK, "b": OTHER}, exact, np.random.default_rng(3))
    first, second = exact(THICK), exact(OTHER)
    whole = np.convolve(first.weights, second.weights)
    totals = np.arange(len(whole)) + 2 + THICK.observed + OTHER.observed
    sums = np.cumsum(whole)
    assert found.mean == pytest.approx((totals * whole).sum(), rel=1e-9)
    assert found.low == pytest.approx(totals[np.searchsorted(sums, 0.025)], abs=2)
    assert found.high == pytest.approx(totals[np.searchsorted(sums, 0.975)], abs=3)
    assert found.joined == ()


def test_strata_mend_what_one_model_of_all_cannot():
    """Half of the people are on few lists, half on many: apart the sum is right, together not."""
    rng = np.random.default_rng(8)
    parts = {}
    for name, chance in (("few", 0.15), ("many", 0.6)):
        on = rng.random((2_000, 3)) < chance
        counts = np.bincount((on << np.arange(3)).sum(axis=1), minlength=8)
        counts[0] = 0
        parts[name] = Histories(tuple("ABC"), counts)

    def typical(one):
        return average(one, 10 * one.observed)

    apart = stratified(parts, typical, rng)
    together = typical(Histories(tuple("ABC"), parts["few"].counts + parts["many"].counts))
    assert apart.low < 4_000 < apart.high
    assert together.median < 3_000
