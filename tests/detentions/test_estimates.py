"""Estimates from lists against published figures and against slow, independent computations."""

import itertools
import json
import re

import numpy as np
import polars as pl
import pytest
from scipy.special import betaln, gammaln, logsumexp

from pollwitness.detentions.decomposable import average
from pollwitness.detentions.estimate import answer
from pollwitness.detentions.existence import possible_cells
from pollwitness.detentions.graphs import decomposable_graphs
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.latent import Sampling, effective_size, latent_classes, r_hat
from pollwitness.detentions.loglinear import (
    all_models,
    closed,
    design_of,
    fit,
    independence,
    model_name,
    profile,
    profile_of,
)
from pollwitness.detentions.spread import bootstrap, forward, spread
from pollwitness.detentions.two_lists import (
    chao_lower_bound,
    chao_of_frequencies,
    chapman,
    pairs,
)
from pollwitness.errors import QuestionError
from tests.detentions.published import KOSOVO, TOY, UNITED_KINGDOM


def histories(reference_data, name):
    rows = pl.read_csv(reference_data / "capture_lists" / f"{name}.csv", infer_schema_length=1000)
    counts = {}
    whole = name == "hare"
    for row in rows.rows():
        key = tuple(int(v) for v in (row if whole else row[:-1]))
        counts[key] = counts.get(key, 0) + (1 if whole else int(row[-1]))
    return Histories.of(rows.columns if whole else rows.columns[:-1], counts)


# two lists, and Chao


def test_pairs_of_lists_of_kosovo():
    found = {(p.first, p.second): p for p in pairs(KOSOVO)}
    for names, both, total, corrected in (
        (("EXH", "ABA"), 403, 7241.886, 7231.473), (("EXH", "OSCE"), 478, 7136.527, 7128.347),
        (("EXH", "HRW"), 193, 6779.016, 6756.454), (("ABA", "OSCE"), 457, 5971.571, 5964.771),
        (("ABA", "HRW"), 108, 9691.481, 9621.881), (("OSCE", "HRW"), 224, 5461.652, 5447.364),
    ):  # fmt: skip
        assert found[names].both == both
        assert found[names].lincoln_petersen == pytest.approx(total, abs=5e-4)
        assert found[names].chapman.total == pytest.approx(corrected, abs=5e-4)


def test_chapman_is_unbiased_and_its_interval_covers():
    """2,000 draws of two independent lists of 1,000 persons."""
    rng = np.random.default_rng(3)
    totals, covered = [], 0
    for _run in range(2_000):
        first, second = rng.random(1_000) < 0.3, rng.random(1_000) < 0.2
        one = chapman(int(first.sum()), int(second.sum()), int((first & second).sum()))
        totals.append(one.total)
        covered += one.low <= 1_000 <= one.high
    assert np.mean(totals) == pytest.approx(1_000, abs=4 * np.std(totals) / np.sqrt(2_000))
    assert covered / 2_000 > 0.93


def test_chao_on_published_frequencies():
    """Rcapture on hares and on people without papers; the second is the profile's maximum."""
    hare = chao_of_frequencies(np.array([25, 22, 13, 5, 1, 2]), 6)
    assert hare.total == pytest.approx(79.83712, abs=1e-5)
    assert hare.error == pytest.approx(6.373765, abs=1e-6)
    ill = np.array([1645.0, 183, 37, 13, 1, 1])
    bound = chao_of_frequencies(ill, None)
    assert bound.total == pytest.approx(1880 + 1645**2 / (2 * 183), rel=1e-9)
    times = np.arange(1, 7)
    design = np.stack([np.ones(6), times, np.maximum(times - 2, 0), np.maximum(times - 3, 0)], 1)
    row = np.array([[1.0, 0, 0, 0]])
    offset = np.concatenate([[0.0], -gammaln(times + 1)])
    found = profile_of(np.vstack([row, design]), ill, bound.total - 1880, offset)
    assert found.total == pytest.approx(9267.491, abs=0.01)
    assert (found.low, found.high) == pytest.approx((8088.234, 10703.96), rel=1e-5)


def test_chao_of_lists_of_different_lengths():
    """Of two lists it is Lincoln-Petersen; of four it is not too high where these are unlike."""
    two = Histories.of(("A", "B"), {(1, 0): 60, (0, 1): 45, (1, 1): 20})
    assert chao_lower_bound(two).total == pytest.approx(80 * 65 / 20, rel=1e-9)
    rng = np.random.default_rng(12)
    found, alike = [], []
    for _run in range(200):
        on = rng.random((2_000, 4)) < np.array([0.40, 0.25, 0.15, 0.10])
        counts = np.bincount((on << np.arange(4)).sum(axis=1), minlength=16)
        counts[0] = 0
        lists = Histories(tuple("ABCD"), counts)
        found.append(chao_lower_bound(lists))
        alike.append(chao_of_frequencies(lists.times_seen()[1:], 4).total)
    assert np.mean([one.total for one in found]) == pytest.approx(2_000, rel=0.02)
    assert sum(one.low <= 2_000 for one in found) >= 190
    assert np.mean(alike) > 2_060, "taken for alike, they give too much"
    apart = Histories.of(("A", "B", "C"), {(1, 0, 0): 5, (0, 1, 0): 5, (0, 0, 1): 5})
    with pytest.raises(QuestionError, match="nobody stands on two lists"):
        chao_lower_bound(apart)


def test_chao_stays_below_where_persons_differ():
    """Persons of two kinds, 400 runs: the bound is below the truth on average, independence too."""
    rng = np.random.default_rng(5)
    bounds = []
    for _run in range(400):
        chance = np.where(rng.random(2_000) < 0.5, 0.05, 0.4)
        on = rng.random((2_000, 4)) < chance[:, None]
        places = (on << np.arange(4)).sum(axis=1)
        counts = np.bincount(places, minlength=16)
        counts[0] = 0
        bounds.append(chao_lower_bound(Histories(tuple("ABCD"), counts)).total)
    assert np.mean(bounds) < 2_000


# log-linear models


def test_numbers_of_models_and_graphs():
    assert [len(all_models(p)) for p in (2, 3, 4, 5)] == [1, 8, 113, 6893]
    assert [len(decomposable_graphs(p)[0]) for p in (3, 4, 5, 6)] == [8, 61, 822, 18154]
    with pytest.raises(QuestionError, match="too many models"):
        all_models(6)


def test_all_models_are_closed_downwards_and_different():
    """Brute force over all sets of groups of 3 lists."""
    groups = [0b011, 0b101, 0b110]
    wanted = {tuple(sorted([1, 2, 4, *some])) for k in range(4)
              for some in itertools.combinations(groups, k)}  # fmt: skip
    assert set(all_models(3)) == wanted


def test_kosovo_by_log_linear_models():
    best = closed([0b0111, 0b1001, 0b1100], 4)
    assert model_name(best, KOSOVO.lists) == "[EXH ABA OSCE][EXH HRW][OSCE HRW]"
    found = fit(KOSOVO, best)
    assert found.total == pytest.approx(10356.51896, abs=1e-3)
    assert found.error == pytest.approx(785.9022242, abs=1e-3)
    assert (found.deviance, found.degrees) == (pytest.approx(9.322670016, abs=1e-8), 4)
    assert (found.aic, found.bic) == pytest.approx((132.7466747, 203.0296328), abs=1e-5)
    ends = profile(KOSOVO, best)
    assert (ends.total, ends.low, ends.high) == pytest.approx(
        (10334.49612, 8994.256707, 12110.40811), rel=1e-6
    )
    assert fit(KOSOVO, independence(4)).total == pytest.approx(7394.586662, abs=1e-3)


def test_the_spread_over_all_models_of_kosovo():
    found = spread(KOSOVO)
    assert (len(found.fits), found.silent) == (113, 0)
    assert (round(found.least), round(found.greatest)) == (6_729, 22_889)
    assert round(found.fits[0].total, 2) == 10_356.52
    weights = np.array([np.exp(-0.5 * (f.bic - found.fits[0].bic)) for f in found.fits])
    totals = np.array([f.total for f in found.fits])
    assert found.by_bic.total == pytest.approx((weights * totals).sum() / weights.sum())


def test_published_log_linear_fits(reference_data):
    hiv = histories(reference_data, "HIV")
    one = fit(hiv, closed([0b0011], 4))
    assert (one.total, one.error) == pytest.approx((12318.47, 1188.722), abs=5e-3)
    assert (one.deviance, one.aic, one.bic) == pytest.approx(
        (7.613759, 86.64962, 119.9346), abs=5e-5
    )
    ends = profile(hiv, closed([0b0011], 4))
    assert (ends.total, ends.low, ends.high) == pytest.approx(
        (12308.03, 10265.99, 14992.33), abs=5e-3
    )
    assert fit(hiv, independence(4)).total == pytest.approx(11124.58, abs=5e-3)
    pairs_of_four = [(1 << a) | (1 << b) for a, b in itertools.combinations(range(4), 2)]
    assert fit(hiv, closed(pairs_of_four, 4)).total == pytest.approx(23443.54, abs=5e-3)
    lesbian = histories(reference_data, "lesbian")
    ends = profile(lesbian, closed(pairs_of_four, 4))
    assert (ends.low, ends.high) == pytest.approx((5887.109, 8721.484), abs=5e-3)
    hare = histories(reference_data, "hare")
    assert fit(hare, independence(6)).total == pytest.approx(75.0662, abs=5e-4)
    assert chao_of_frequencies(hare.times_seen()[1:], 6).total == pytest.approx(79.83712, abs=5e-5)


def test_forward_selection_gives_the_published_models(reference_data):
    found = forward(UNITED_KINGDOM)
    assert found.total == pytest.approx(11312.99029, abs=1e-3)
    assert (
        model_name(found.model, UNITED_KINGDOM.lists)
        == "[LA NG][LA PFNCA][NG GO][NG GP][PFNCA GP][GO GP]"
    )
    for name, total in (("UKdat", 11417.9911), ("Ned_5", 121521.6137)):
        assert forward(histories(reference_data, name)).total == pytest.approx(total, abs=1e-2)


def test_a_fit_is_the_maximum_of_its_likelihood():
    """No step in any direction makes the counts more likely; the margins are met."""
    model = closed([0b011, 0b110], 3)
    found = fit(TOY, model)
    design = design_of(model, 3)
    counts = TOY.counts[1:].astype(float)
    assert design.T @ found.fit.means == pytest.approx(design.T @ counts, rel=1e-8)
    rng = np.random.default_rng(2)

    def likelihood(beta):
        return float((counts * (design @ beta) - np.exp(design @ beta)).sum())

    top = likelihood(found.fit.coefficients)
    for _try in range(200):
        assert likelihood(found.fit.coefficients + rng.normal(0, 0.05, 6)) < top


@pytest.mark.parametrize(
    ("counts", "least", "greatest"),
    [
        ([0, 962, 148, 7, 977, 2, 5, 0, 1348, 54, 196, 4, 6043, 0, 0, 0], None, 479_683),
        ([0, 170, 506, 16, 63, 5, 17, 0, 0, 0, 0, 1, 0, 0, 0, 0], 2_553, None),
        ([0, 290, 97, 0, 933, 23, 6, 0, 2757, 88, 19, 2, 372, 10, 3, 0], 11_513, None),
    ],
)
def test_a_fit_that_runs_away_is_no_model(counts, least, greatest):
    """Sparse tables on which a likelihood has no maximum: what linear programmes say of them."""
    found = spread(Histories(tuple("ABCD"), np.array(counts)))
    if least is not None:
        assert found.least == pytest.approx(least, abs=1)
    if greatest is not None:
        assert found.greatest == pytest.approx(greatest, abs=1)
    assert all(one.fit.has_converged for one in found.fits)


@pytest.mark.parametrize("seed", range(40))
def test_possible_cells_against_every_table(seed):
    """Brute force: which cells any table with these margins fills, over all small tables."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 2, 7).astype(float)
    model = [independence(3), closed([3], 3), closed([3, 5], 3), closed([3, 5, 6], 3)][seed % 4]
    design = design_of(model, 3)
    margins = design.T @ counts
    filled = np.zeros(7, dtype=bool)
    for table in itertools.product(range(5), repeat=7):
        if np.array_equal(design.T @ np.array(table, dtype=float), margins):
            filled |= np.array(table) > 0
    found = possible_cells(design, counts)
    assert (found | ~filled).all(), "whole tables fill no cell that is called impossible"
    assert (found >= (counts > 0)).all()


def test_models_without_overlap_say_nothing():
    apart = Histories.of(("A", "B", "C"), {(1, 0, 0): 5, (0, 1, 0): 5, (0, 0, 1): 5, (1, 1, 0): 3})
    with pytest.raises(QuestionError, match="do not overlap enough"):
        spread(apart)
    with pytest.raises(QuestionError, match="do not overlap enough"):
        answer(Histories(apart.lists, apart.counts * 3))
    assert fit(apart, closed([3, 5, 6], 3)) is None
    with pytest.raises(QuestionError, match="says nothing"):
        profile(apart, closed([3, 5, 6], 3))


def test_the_bootstrap_covers_in_its_own_model():
    """Lists of known independence, 60 populations: the BCa interval holds the truth often."""
    rng = np.random.default_rng(9)
    held = 0
    for _run in range(60):
        on = rng.random((800, 3)) < np.array([0.3, 0.4, 0.25])
        counts = np.bincount((on << np.arange(3)).sum(axis=1), minlength=8)
        counts[0] = 0
        found = bootstrap(
            Histories(tuple("ABC"), counts), lambda h: fit(h, independence(3)), rng, 200
        )
        held += found.low <= 800 <= found.high
    assert held >= 50


def test_averages_refuse_what_they_are_not_made_for():
    two = Histories.of(("A", "B"), {(1, 0): 5, (0, 1): 5, (1, 1): 5})
    with pytest.raises(QuestionError, match="3 to 6 lists, not 2"):
        average(two, 100)
    with pytest.raises(QuestionError, match="leaves nothing to estimate"):
        average(TOY, 0)
    apart = Histories.of(("A", "B", "C"), {(1, 0, 0): 5, (0, 1, 0): 5, (0, 0, 1): 5, (1, 1, 0): 9})
    for estimate in (lambda: average(apart, 100), lambda: latent_classes(apart, 1)):
        with pytest.raises(QuestionError, match="do not overlap enough"):
            estimate()
    with pytest.raises(QuestionError, match="need a class, a positive prior"):
        latent_classes(TOY, 1, classes=0)


# decomposable graphs


def slow_average(lists, delta, most):
    """The formula of the R package dga, graph by graph and number by number, in plain Python."""
    counts, p = lists.counts, lists.number
    n = lists.observed
    logs = np.full(most, -np.inf)
    _edges, rows, parts = decomposable_graphs(p)
    unseen = np.arange(1, most + 1)
    for row, components in zip(rows, parts, strict=True):
        total = np.zeros(most)
        for subset in np.flatnonzero(row):
            share = delta * 2.0 ** (p - int(subset).bit_count())
            cells = {}
            for h, count in enumerate(counts):
                cells[h & subset] = cells.get(h & int(subset), 0) + int(count)
            zero = cells.pop(0, 0)
            value = gammaln(unseen + zero + share) - 2 ** int(subset).bit_count() * gammaln(share)
            value += sum(gammaln(c + share) for c in cells.values())
            total += row[subset] * value
        whole = 2.0**p * delta
        total += components * (gammaln(whole) - gammaln(n + unseen + whole))
        total += gammaln(n + unseen + 1) - gammaln(counts[1:] + 1).sum() - gammaln(unseen + 1)
        logs = np.logaddexp(logs, total - np.log(n + unseen))
    weights = np.exp(logs - logsumexp(logs))
    return float((weights * (unseen + n)).sum())


def test_averages_against_a_slow_sum():
    assert average(TOY, 200).mean == pytest.approx(slow_average(TOY, 1 / 8, 200), rel=1e-9)
    four = Histories(KOSOVO.lists, KOSOVO.counts // 20)
    assert average(four, 400, is_exact=True).mean == pytest.approx(
        slow_average(four, 1 / 16, 400), rel=1e-9
    )


def test_decomposable_graphs_are_the_chordal_ones():
    """Brute force over all graphs of 4 lists: no circle of four without a chord."""
    edges, rows, _parts = decomposable_graphs(4)
    names = list(itertools.combinations(range(4), 2))
    circles = [((0, 1), (1, 2), (2, 3), (0, 3)), ((0, 1), (1, 3), (2, 3), (0, 2)),
               ((0, 2), (1, 2), (1, 3), (0, 3))]  # fmt: skip
    for graph in range(64):
        has = {names[k] for k in range(6) if graph >> k & 1}
        bad = any(set(circle) == has for circle in circles)
        assert (graph in edges.tolist()) is not bad
    whole = {int(e): r for e, r in zip(edges, rows, strict=True)}
    assert whole[0][[1, 2, 4, 8]].tolist() == [1, 1, 1, 1]
    assert whole[63][15] == 1
    path = sum(1 << names.index(pair) for pair in ((0, 1), (1, 2), (2, 3)))
    assert whole[path][[3, 6, 12]].tolist() == [1, 1, 1]
    assert whole[path][[2, 4]].tolist() == [-1, -1]


@pytest.mark.parametrize("exact", [True, False])
def test_published_averages(reference_data, exact):
    path = reference_data.parent / "vectors" / "mse_dga.json"
    cases = {c["id"]: c for c in json.loads(path.read_text("utf-8"))["cases"]}

    def given(name):
        numbers = json.loads(re.search(r"\[.*\]", cases[name]["Y"]).group(0))
        return Histories(tuple("ABCDE"[: (len(numbers) - 1).bit_length()]), np.array(numbers))

    three = given("MadiganYork 3 lists")
    total = np.arange(1, 301) + three.observed
    a, b = 13.14, 55.17
    prior = (total * np.log(b) - (total + a) * np.log1p(b) + gammaln(total + a)
             - gammaln(total + 1) - gammaln(a))  # fmt: skip
    found = average(three, 300, delta=1.0, log_prior=prior, is_exact=exact)
    wanted = cases["MadiganYork 3 lists"]
    assert sorted((g[1] for g in found.graphs), reverse=True)[:4] == pytest.approx(
        sorted(wanted["model_probs_graphs3_order"], reverse=True)[:4], abs=1e-6
    )
    close(found, wanted, exact)
    five = given("MadiganYork 5 lists")
    for name, lists, delta, most in (
        ("MadiganYork 5 lists", five, 0.5, 300), ("MY5 delta 1/32", five, 1 / 32, 300),
        ("Kosovo", KOSOVO, 1 / 16, 10_000), ("UKdat_5", UNITED_KINGDOM, 1 / 32, 30_000),
    ):  # fmt: skip
        found = average(lists, most, delta=delta, is_exact=exact)
        close(found, cases[name], exact)
        assert found.graphs[0][1] == pytest.approx(cases[name]["top_model"], abs=2e-5)


def close(found, wanted, exact):
    """To the printed digits on every whole number; within 0.2 % on the fast grid."""
    names = ("mean", "mode", "low", "median", "high")
    keys = ("mean", "mode", "q025", "q50", "q975")
    for name, key in zip(names, keys, strict=True):
        if exact and key == "mean":
            assert getattr(found, name) == pytest.approx(wanted[key], abs=5e-5)
        elif exact:
            assert getattr(found, name) == wanted[key]
        else:
            assert getattr(found, name) == pytest.approx(wanted[key], rel=2e-3)


def test_peaks_and_truncation_are_said():
    both = average(UNITED_KINGDOM, 30_000)
    assert [round(m, -2) for m in both.modes] == [11_700, 24_300]
    assert average(KOSOVO, 10_000).is_truncated
    assert not average(KOSOVO, 44_000).is_truncated
    assert len(average(KOSOVO, 44_000).modes) == 1


# latent classes


def test_one_class_against_the_exact_posterior():
    """One class of three lists: p(N) ∝ 1/N · N!/(N-n)! Π B(1 + n_j, 1 + N - n_j), mean 106.5."""
    total = np.arange(88, 600)
    logs = gammaln(total + 1) - gammaln(total - 87) - np.log(total)
    logs += sum(betaln(1 + n, 1 + total - n) for n in TOY.totals)
    weights = np.exp(logs - logsumexp(logs))
    mean = (weights * total).sum()
    variance = (weights * (total - mean) ** 2).sum()
    assert (round(mean), round(variance)) == (106, 47)
    found = latent_classes(TOY, 3, classes=1, sampling=Sampling(500, 4_000, 5, 4))
    assert found.mean == pytest.approx(mean, abs=0.3)
    assert found.totals.var() == pytest.approx(variance, rel=0.08)


def test_two_classes_against_importance_sampling():
    """Parameters drawn from the prior and weighted by the likelihood, without any chain."""
    rng = np.random.default_rng(1)
    places = np.flatnonzero(TOY.counts)
    patterns = (places[:, None] >> np.arange(3)) & 1
    counts, n = TOY.counts[places], TOY.observed
    logs, none = [], []
    for _part in range(20):
        listed = rng.random((100_000, 2, 3))
        alpha = np.maximum(rng.gamma(0.25, 4.0, 100_000), 1e-300)
        first = rng.beta(1.0, alpha)
        share = np.stack([first, 1 - first], axis=1)
        cells = np.stack([(share * np.where(p == 1, listed, 1 - listed).prod(axis=2)).sum(axis=1)
                          for p in patterns], axis=1)  # fmt: skip
        nobody = (share * (1 - listed).prod(axis=2)).sum(axis=1)
        logs.append((counts * np.log(cells)).sum(axis=1) - n * np.log1p(-nobody))
        none.append(nobody)
    weights = np.exp(np.concatenate(logs) - logsumexp(np.concatenate(logs)))
    odds = np.concatenate(none) / (1 - np.concatenate(none))
    mean = n + (weights * n * odds).sum()
    found = latent_classes(TOY, 7, classes=2, sampling=Sampling(5_000, 5_000, 20, 4))
    assert found.mean == pytest.approx(mean, abs=0.35)
    assert found.has_converged


def test_kosovo_by_latent_classes():
    """LCMCR printed 10,487 (9,145.8 to 13,280.8): the median within 3 %, the ends within 6 %."""
    found = latent_classes(KOSOVO, 4, sampling=Sampling(10_000, 2_500, 50, 4))
    assert found.median == pytest.approx(10_487, rel=0.03)
    assert found.low == pytest.approx(9_145.8, rel=0.06)
    assert found.high == pytest.approx(13_280.8, rel=0.06)
    assert found.r_hat < 1.02


def test_diagnostics_of_chains():
    rng = np.random.default_rng(4)
    alike = rng.normal(size=(4, 2_000))
    assert r_hat(alike) == pytest.approx(1.0, abs=0.01)
    assert effective_size(alike) == pytest.approx(8_000, rel=0.1)
    apart = alike + np.array([[0.0], [0.0], [0.0], [3.0]])
    assert r_hat(apart) > 1.3
    slow = np.zeros((4, 4_000))
    for step in range(1, 4_000):
        slow[:, step] = 0.9 * slow[:, step - 1] + rng.normal(size=4)
    assert effective_size(slow) == pytest.approx(16_000 * 0.1 / 1.9, rel=0.25)
    assert r_hat(np.ones((2, 10))) == 1.0
    assert latent_classes(TOY, 1, sampling=Sampling(10, 20, 1, 2)).has_converged is False


# the answer


def test_the_answer_is_a_spread():
    found = answer(KOSOVO, sampling=Sampling(200, 200, 2, 2))
    assert (round(found.least), round(found.greatest)) == (6_729, 22_889)
    assert len(found.two_lists) == 6
    assert {one.name for one in found.left_out} == set(KOSOVO.lists)
    at = {(one.missed, one.false): one.total for one in found.links}
    assert at[0.10, 0.0] < at[0.0, 0.0] < at[0.0, 0.10]


def test_few_people_on_several_lists_are_refused():
    few = Histories.of(("A", "B"), {(1, 0): 50, (0, 1): 40, (1, 1): 4})
    with pytest.raises(QuestionError, match="4 persons stand on several lists"):
        answer(few)
    two = answer(Histories.of(("A", "B"), {(1, 0): 50, (0, 1): 40, (1, 1): 14}),
                 sampling=Sampling(200, 200, 2, 2))  # fmt: skip
    assert [one.model for one in two.models.fits] == [independence(2)]
    assert two.graphs is None
    assert two.least == pytest.approx(64 * 54 / 14, abs=1e-3)


@pytest.mark.parametrize(
    ("lists", "counts", "said"),
    [
        (("A",), [0, 1], "1 lists"),
        (("A", "A"), [0, 1, 1, 1], "same name"),
        (("A", "B"), [0, 1, 1], "3 counts for 2 lists"),
        (("A", "B"), [0, -1, 1, 1], "negative"),
        (("A", "B"), [5, 1, 1, 1], "on no list cannot"),
        (("A", "B"), [0, 0, 0, 0], "nobody"),
    ],
)
def test_what_are_no_histories(lists, counts, said):
    with pytest.raises(QuestionError, match=said):
        Histories(lists, np.array(counts))
