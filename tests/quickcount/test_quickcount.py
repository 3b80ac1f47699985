"""Quick counts: published precision and estimates, coverage, missing stations, sequences."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.errors import QuestionError
from pollwitness.quickcount.arrivals import (
    adjusted,
    needed_of_missing,
    responses,
    sensitivity,
    tipping_factor,
)
from pollwitness.quickcount.design import (
    LEVEL_95,
    Allocation,
    allocate,
    precision,
    sample_size,
    strata_table,
)
from pollwitness.quickcount.estimate import Counted, combined, separate, turnout
from pollwitness.quickcount.frame import Frame, clustered
from pollwitness.quickcount.sequence import exact_sequence, limit_factor
from tests.quickcount.elections import late, mexico, true_factor


def frame(stratum, votes, totals=None, costs=None, units=None):
    votes = np.array(votes, dtype=float)
    totals = votes.sum(axis=1) if totals is None else np.array(totals, dtype=float)
    count = len(votes)
    return Frame(
        tuple(f"u{n}" for n in range(count)) if units is None else units,
        tuple(f"h{n}" for n in range(max(stratum) + 1)), np.array(stratum), ("A", "B", "C")[
            : votes.shape[1]], totals, votes,
        np.ones(count) if costs is None else np.array(costs, dtype=float),
    )  # fmt: skip


def made(seed, sizes=(120, 80, 200), spread=0.12):
    """Stations of strata whose shares differ."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    totals = rng.integers(150, 900, len(stratum)).astype(float)
    center = np.array([0.42, 0.52, 0.6, 0.5, 0.55, 0.45])[stratum]
    share = np.clip(rng.normal(center, spread), 0.02, 0.97)
    first = np.round(totals * share)
    second = np.round((totals - first) * 0.9)
    return frame(stratum, np.stack([first, second, totals - first - second], axis=1))


@pytest.mark.parametrize(
    ("name", "options", "wanted", "found_as"),
    [
        ("nal_2012", ("pri_pvem", "pan", "prd_pt_mc", "panal"), 7500,
         (7497, 375, (0.193, 0.192, 0.202, 0.036))),
        ("nal_2006", ("pan", "prd_pt_conv", "pri_pvem"), 7636, (7636, 300, (0.254, 0.224, 0.189))),
    ],
)  # fmt: skip
def test_the_precision_of_mexico(reference_data, name, options, wanted, found_as):
    """Half-widths of 95 % intervals from the full counts of 2012 and 2006, in points."""
    drawn, strata, points = found_as
    whole = mexico(reference_data, name, options)
    sizes = whole.sizes
    shared = np.maximum(3, np.round(wanted * sizes / sizes.sum())).astype(int)
    assert (shared.sum(), len(whole.strata)) == (drawn, strata)
    found = precision(whole, shared)
    assert np.round(np.array(found.half_widths) * 100, 3).tolist() == pytest.approx(
        points, abs=0.0006
    )
    assert all(own > 2 * naive for own, naive in zip(found.half_widths, found.naive, strict=True)
               if own > 0.001)  # fmt: skip


def test_the_published_ratio_estimate_of_guanajuato(reference_data):
    """Strata are districts, expanded to their voters; equal to the published one to its digits."""
    folder = reference_data / "mexico"
    sample = pl.read_csv(folder / "guanajuato_2012_samples" / "sample_complete_1.csv")
    known = pl.read_csv(folder / "guanajuato_2012_samples" / "complete_ratio.csv")
    known = dict(known.filter(pl.col("n_sample") == 1).select("party", "est").rows())
    district = pl.col("distrito_loc_17").cast(pl.Float64).cast(pl.Int64)
    whole = pl.read_csv(folder / "gto_2012.csv.gz").with_columns(district)
    sizes = whole.group_by("distrito_loc_17").agg(pl.len(), pl.col("ln_total").sum())
    sizes = sizes.sort("distrito_loc_17")
    places = {name: n for n, name in enumerate(sizes["distrito_loc_17"])}
    counted = Counted(
        np.array([places[one] for one in sample["distrito_loc_17"]]),
        sample["total"].to_numpy().astype(float),
        sample.select(list(known)).to_numpy().astype(float),
        sizes["len"].to_numpy().astype(np.int64), sizes["ln_total"].to_numpy().astype(float),
    )  # fmt: skip
    for share, value in zip(combined(counted).shares, known.values(), strict=True):
        assert share.value * 100 == pytest.approx(value, rel=1e-13)


def drawn_from(whole, allocation, rng):
    picked = [rng.choice(np.flatnonzero(whole.stratum == h), n, replace=False)
              for h, n in enumerate(allocation)]  # fmt: skip
    return np.concatenate(picked)


def test_intervals_cover_and_are_as_wide_as_designed():
    """1,000 redraws: coverage at least 94 %, less three Monte Carlo errors; width as designed."""
    whole = made(1)
    shared = allocate(whole, 60, Allocation.PROPORTIONAL)
    rng = np.random.default_rng(2)
    expected = precision(whole, shared)
    hits, widths = 0, []
    for _run in range(1_000):
        at = drawn_from(whole, shared, rng)
        found = combined(Counted(whole.stratum[at], whole.totals[at], whole.votes[at], whole.sizes))
        low, high = found.shares[0].interval()
        hits += low <= whole.shares[0] <= high
        widths.append(found.shares[0].error * LEVEL_95)
    assert hits / 1_000 >= 0.94 - 3 * np.sqrt(0.94 * 0.06 / 1_000)
    assert np.mean(widths) == pytest.approx(expected.half_widths[0], rel=0.05)


@settings(max_examples=40)
@given(st.integers(0, 200), st.integers(8, 390), st.sampled_from(list(Allocation)))
def test_allocations_add_up_within_their_strata(seed, total, how):
    whole = made(seed, sizes=(120, 2, 77, 200))
    shared = allocate(whole, total, how)
    assert shared.sum() == total
    assert (shared <= whole.sizes).all()
    assert (shared >= np.minimum(whole.sizes, 2)).all()


def test_allocations_follow_deviations_and_costs():
    rng = np.random.default_rng(3)
    quiet = np.stack([np.full(100, 50.0), np.full(100, 50.0)], axis=1)
    first = rng.integers(0, 101, 100).astype(float)
    loud = np.stack([first, 100 - first], axis=1)
    whole = frame([0] * 100 + [1] * 100, np.concatenate([quiet, loud]))
    assert allocate(whole, 40, Allocation.PROPORTIONAL).tolist() == [20, 20]
    assert allocate(whole, 40, Allocation.NEYMAN).tolist() == [2, 38]
    even = np.concatenate([loud, loud])
    costly = frame([0] * 100 + [1] * 100, even, costs=[1] * 100 + [4] * 100)
    assert allocate(costly, 60, Allocation.COST).tolist() == [40, 20]
    alike = frame([0] * 10 + [1] * 30, np.full((40, 2), 5.0))
    assert allocate(alike, 8, Allocation.NEYMAN).tolist() == [2, 6]
    assert strata_table(alike, [2, 6]) == [("h0", 10, 2), ("h1", 30, 6)]


def test_the_least_sample_of_a_margin():
    whole = made(5)
    size, shared = sample_size(whole, 0.04, Allocation.NEYMAN)
    assert precision(whole, shared).lead <= 0.04
    smaller = allocate(whole, size - 1, Allocation.NEYMAN)
    assert precision(whole, smaller).lead > 0.04
    with pytest.raises(QuestionError, match="between 0 and 1"):
        sample_size(whole, 4, Allocation.NEYMAN)


def test_clusters_are_drawn_whole():
    whole = made(6, sizes=(40, 40))
    names = [f"c{n // 4}" for n in range(80)]
    joined = clustered(whole, names)
    assert len(joined.units) == 20
    assert joined.totals.sum() == whole.totals.sum()
    assert joined.votes.sum() == whole.votes.sum()
    with pytest.raises(QuestionError, match="cluster c0 lies in two strata"):
        clustered(whole, ["c0"] * 80)


def test_strata_with_one_unit_are_joined_and_said():
    counted = Counted(
        np.array([0, 1, 1, 2]), np.array([100.0] * 4),
        np.array([[60, 40], [50, 50], [40, 60], [70, 30]], dtype=float), np.array([5, 9, 7, 4]),
    )  # fmt: skip
    found = combined(counted)
    assert found.collapsed == (0, 2)
    assert found.missing == (3,)
    assert found.lead.error > 0
    one = Counted(np.array([0]), np.array([10.0]), np.array([[6.0, 4.0]]), np.array([1]))
    assert combined(one).shares[0].error == 0, "the whole stratum was counted"


def test_too_close_separate_and_turnout():
    whole = made(7)
    everything = Counted(whole.stratum, whole.totals, whole.votes, whole.sizes)
    found = combined(everything)
    assert found.shares[0].value == pytest.approx(whole.shares[0])
    assert not found.is_too_close
    held = np.bincount(whole.stratum, whole.totals)
    assert separate(everything, held)[0] == pytest.approx(whole.shares[0])
    assert turnout(everything, whole.totals * 2).value == pytest.approx(0.5)
    votes = np.array([[60.0, 40], [40, 60], [55, 45], [46, 54]])
    even = Counted(np.zeros(4, int), np.full(4, 100.0), votes, np.array([50]))
    assert combined(even).is_too_close


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: frame([0, 0], [[1, 2], [3, 4]], units=("a", "a")), "unit a stands there 2 times"),
        (lambda: frame([0, 0], [[1, 2], [3, 4]], units=("\u00e9", "e\u0301")), "stands there 2"),
        (lambda: frame([0, 2], [[1, 2], [3, 4]]), "stratum h1 is empty"),
        (lambda: frame([0, 0], [[-1, 2], [3, -4]]), "unit u0 has negative votes, and 1 more"),
        (lambda: frame([0, 0], [[1, 2], [3, 4]], totals=[3, 3]), "more votes for an option"),
        (lambda: frame([0, 0], [[1, 2], [3, 4]], costs=[1, 0]), "not positive"),
        (lambda: frame([0, 0], [[0, 0], [0, 0]]), "nobody voted"),
        (lambda: frame([0, 0], [[1], [3]]).leaders(), "two options"),
        (lambda: allocate(made(1), 500, Allocation.NEYMAN), "fewer than 500"),
        (lambda: allocate(made(1), 5, Allocation.NEYMAN), "are too few"),
        (lambda: precision(made(1), np.array([0, 3, 3])), "stratum h0: 0 units of 120"),
        (lambda: Counted(np.array([0]), np.array([1.0]), np.array([[2.0]]), np.array([1])),
         "more votes than there are"),
        (lambda: Counted(np.array([0]), np.array([-1.0]), np.array([[-2.0]]), np.array([1])),
         "negative"),
        (lambda: Counted(np.array([], int), np.array([]), np.zeros((0, 2)), np.array([1])),
         "no unit was counted"),
        (lambda: Counted(np.array([0, 0]), np.ones(2), np.ones((2, 2)), np.array([1])),
         "more units were counted"),
        (lambda: combined(Counted(np.array([0]), np.zeros(1), np.zeros((1, 2)), np.array([1]))),
         "nobody voted"),
        (lambda: combined(Counted(np.array([0]), np.ones(1), np.ones((1, 1)), np.array([1]))),
         "two options"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(make, said):
    with pytest.raises(QuestionError, match=said):
        make()


def test_late_stations_fail_plain_intervals_and_not_the_sets():
    """60 elections in which late stations differ: plain intervals miss most, the sets none."""
    plain = held = fitted = 0
    for seed in range(60):
        shown, truth, parts = late(seed, 0.25)
        low, high = combined(shown.counted).shares[0].interval()
        plain += low <= truth <= high
        ends = sensitivity(shown, true_factor(parts) * 1.0001).shares[0]
        held += ends[0] <= truth <= ends[1]
        low, high = adjusted(shown).shares[0].interval()
        fitted += low <= truth <= high
    assert plain <= 30
    assert held == 60
    assert fitted >= 60 * 0.85


def test_what_the_missing_would_need():
    shown, _truth, _parts = late(3, 0.0, share=0.9)
    needed = needed_of_missing(shown)
    assert needed.votes == pytest.approx(0.1, abs=0.03)
    assert needed.needed > needed.seen
    assert [one.drawn for one in responses(shown)] == [100] * 4
    factor = tipping_factor(shown)
    assert factor is None or sensitivity(shown, factor).lead[0] <= 1e-6
    whole, _truth, _parts = late(3, 0.0, share=1.0)
    assert needed_of_missing(whole).needed == float("inf")
    assert sensitivity(whole, 50).shares == sensitivity(whole, 1).shares
    close, _truth, _parts = late(11, 0.0, share=0.05)
    assert tipping_factor(close) == 1.0
    with pytest.raises(QuestionError, match="below 1"):
        sensitivity(shown, 0.5)
    with pytest.raises(QuestionError, match="20 units"):
        adjusted(late(3, 0.0, share=0.03)[0])


def test_sequences_hold_at_every_time():
    """150 paths of 80 draws: at most 5 % leave the truth anywhere, give or take 3 errors."""
    rng = np.random.default_rng(9)
    totals = rng.integers(100, 900, 500).astype(float)
    votes = np.round(totals * np.clip(rng.normal(0.53, 0.12, 500), 0, 1))
    truth = votes.sum() / totals.sum()
    missed = 0
    for _run in range(150):
        at = rng.integers(0, 500, 80)
        found = exact_sequence(votes[at], totals[at], np.ones(80, bool), np.full(80, 900.0), 900.0)
        missed += bool(((found.low > truth) | (found.high < truth)).any())
    assert missed / 150 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 150)
    assert (np.diff(found.low) >= 0).all()
    assert (np.diff(found.high) <= 0).all()
    assert found.high[-1] - found.low[-1] < 0.25


def test_stations_that_do_not_report_only_widen_a_sequence():
    rng = np.random.default_rng(10)
    totals = rng.integers(100, 900, 150).astype(float)
    votes = np.round(totals * 0.6)
    bounds = np.full(150, 900.0)
    whole = exact_sequence(votes, totals, np.ones(150, bool), bounds, 900.0)
    part = exact_sequence(votes, totals, rng.random(150) > 0.1, bounds, 900.0)
    assert (part.low <= whole.low).all()
    assert (part.high >= whole.high).all()
    none = exact_sequence(votes, totals, np.zeros(150, bool), bounds, 900.0)
    assert (none.low[-1], none.high[-1]) == (0.0, 1.0)
    with pytest.raises(ValueError, match="more than its bound"):
        exact_sequence(votes, totals, np.ones(150, bool), bounds / 2, 900.0)


def test_the_limit_sequence_is_wider_than_one_interval():
    factor = limit_factor(np.array([10.0, 200.0, 5_000.0]))
    assert (factor > LEVEL_95).all()
    assert factor[1] == factor.min()
