"""Bets against a mean: published histories, a twin in NumPy, and error rates under the null."""

import json

import numpy as np
import pytest

from pollwitness.stats import kernel
from pollwitness.stats.martingales import (
    FLAT,
    agrapa,
    alpha,
    first_below,
    fixed,
    flat_mixture,
    kaplan_kolmogorov,
    kaplan_markov,
    kaplan_wald,
    log_wealth,
    lowest_p,
    null_means,
    p_values,
    shrink_trunc,
)

METHODS = {
    "alpha_shrink_trunc": lambda p, _t: shrink_trunc(p["eta"], p["c"], p["d"]),
    "alpha_fixed": lambda p, _t: alpha(p["eta"]),
    "betting_fixed": lambda p, _t: fixed(p["lam"]),
    "betting_agrapa": lambda p, _t: agrapa(
        p["lam"], p["c_grapa_0"], p["c_grapa_max"], p["c_grapa_grow"]
    ),
    "kaplan_markov": lambda p, t: kaplan_markov(t, p["g"]),
    "kaplan_wald": lambda p, t: kaplan_wald(t, p["g"]),
    "kaplan_kolmogorov": lambda p, _t: kaplan_kolmogorov(p["g"]),
}
WITH_REPLACEMENT = {"kaplan_markov", "kaplan_wald"}


def vectors(reference_data, name):
    return json.loads((reference_data.parent / "vectors" / name).read_text("utf-8"))


def test_published_histories(reference_data):
    """Whole p-value histories of seven tests, four samples, three sizes of the population."""
    known = vectors(reference_data, "nonneg_mean_tests.json")
    assert len(known["cases"]) == 92
    for case in known["cases"]:
        name = case["method"]
        path = log_wealth(
            np.array(known["x"][case["x"]], float), case["t"],
            METHODS[name](case["params"], case["t"]), upper=case["u"],
            population=None if name in WITH_REPLACEMENT else case["N"],
        )  # fmt: skip
        assert p_values(path) == pytest.approx(case["history"], abs=1e-9), case


def test_published_mean_sample_sizes(reference_data):
    """ALPHA without replacement from 20,000 ballots, within four standard errors."""
    known = vectors(reference_data, "alpha_published_sample_sizes.json")["mean_sample_size"]
    rng = np.random.default_rng(20)
    for theta, eta, d in (("0.6", "0.7", "10"), ("0.6", "0.55", "100"), ("0.7", "0.7", "100")):
        winners = round(20_000 * float(theta))
        paper = np.repeat([1.0, 0.0], [winners, 20_000 - winners])
        wanted = known[theta][eta][d]
        bets = shrink_trunc(float(eta), (float(eta) - 0.5) / 2, float(d))
        sizes = []
        for _run in range(200):
            x = rng.permutation(paper)[:4000]
            path = log_wealth(x, 0.5, bets, upper=1, population=20_000)
            sizes.append(int(np.argmax(path >= np.log(20))) + 1)
        error = np.std(sizes) / np.sqrt(len(sizes))
        assert abs(np.mean(sizes) - wanted) < 4 * error + 1


def test_published_single_values():
    """Kaplan-Markov and Kaplan-Wald with a cushion, by hand."""
    ones = np.ones(5)
    assert lowest_p(log_wealth(ones, 0.5, kaplan_markov(0.5))) == pytest.approx(0.03125)
    last = np.array([1, 1, 1, 1, 1, 0.0])
    assert lowest_p(log_wealth(last, 0.5, kaplan_markov(0.5, 0.1))) == pytest.approx(
        0.048282842081079885
    )
    assert lowest_p(log_wealth(last, 0.5, kaplan_wald(0.5, 0.1))) == pytest.approx(
        0.040386107340619266
    )


def twin(x, mean, population=None):
    """The flat mixture by NumPy alone: the mean over bets of products."""
    shares, logs = flat_mixture()
    means = null_means(x, mean, population)
    factors = 1 + shares[:, None] * (x - means) / means
    return np.log(np.exp(logs) @ np.cumprod(factors, axis=1))


@pytest.mark.parametrize("population", [None, 60])
def test_the_twin_in_numpy(population):
    rng = np.random.default_rng(3)
    x = rng.random(40)
    assert log_wealth(x, 0.6, FLAT, population=population) == pytest.approx(
        twin(x, 0.6, population)
    )


def test_the_mixture_is_the_integral_over_all_bets():
    """Against Simpson's rule with 20,001 bets."""
    x = np.array([1.0, 0.9, 0.0, 1.0, 1.1] * 8)
    mean, bets = 0.9, np.linspace(0, 1, 20_001)
    grown = np.prod(1 + bets[:, None] * (x - mean) / mean, axis=1)
    weights = np.ones_like(bets)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    integral = (weights * grown).sum() / (3 * 20_000)
    assert log_wealth(x, mean)[-1] == pytest.approx(np.log(integral), rel=1e-9)


def test_the_compiled_loops_are_the_written_ones():
    rng = np.random.default_rng(5)
    x = rng.random((30, 25))
    shares, logs = flat_mixture()
    written = kernel.stopping_times.py_func(x, 0.4, shares, logs, np.log(5))
    assert written.tolist() == first_below(x, 0.4, 0.2).tolist()
    one, args = np.ones(25), (0.4 * np.ones(25), np.ones(25), 1.5)
    for rule, parameters in ((kernel.FRACTIONS, [0.4]), (kernel.FIXED, [1.0, 0.4]),
                             (kernel.ALPHA, [0.6, 0.4]), (kernel.SHRINK, [0.6, 0.05, 10, 0.4]),
                             (kernel.AGRAPA, [0.5, 0.5, 0.9, 1, 0.4]),
                             (kernel.KOLMOGOROV, [0.1, 0.4])):  # fmt: skip
        got = kernel.log_wealth(one, *args, rule, np.array(parameters), shares, logs)
        helpers = (kernel._bet, kernel._agrapa)
        kernel._bet, kernel._agrapa = kernel._bet.py_func, kernel._agrapa.py_func
        try:
            slow = kernel.log_wealth.py_func(one, *args, rule, np.array(parameters), shares, logs)
        finally:
            kernel._bet, kernel._agrapa = helpers
        assert got == pytest.approx(slow)


def test_first_below_agrees_with_the_whole_path():
    rng = np.random.default_rng(8)
    x = np.where(rng.random((40, 300)) < 0.01, 0.0, 1.0)
    ends = first_below(x, 0.95, 0.05)
    for row, end in zip(x, ends, strict=True):
        below = np.flatnonzero(p_values(log_wealth(row, 0.95)) <= 0.05)
        assert end == (below[0] + 1 if below.size else 0)
    assert first_below(np.zeros((1, 5)), 0.9, 0.05).tolist() == [0]
    assert first_below(np.ones((1, 2_000)), 0.5, 1e-300).tolist() == [1_006]


def test_edges_of_the_null():
    """A null that what was seen excludes, one that nothing can exceed, and values out of range."""
    assert log_wealth(np.ones(6), 0.5, alpha(0.7), upper=1, population=10)[-1] == np.inf
    assert log_wealth(np.zeros(9), 0.9, alpha(0.95), upper=1, population=10)[-1] == -np.inf
    assert lowest_p(np.array([])) == 1.0
    with pytest.raises(ValueError, match="outside"):
        log_wealth(np.array([2.0]), 0.5, upper=1)
    with pytest.raises(ValueError, match="more values"):
        log_wealth(np.ones(3), 0.5, population=2)


def test_rejections_under_a_tie_stay_below_the_level():
    """4,000 runs of 200 values whose mean is the null: at most 5 %, give or take 3 errors."""
    rng = np.random.default_rng(11)
    x = np.where(rng.random((4_000, 200)) < 0.5, 1.0, 0.0)
    rate = (first_below(x, 0.5, 0.05) > 0).mean()
    assert rate <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4_000)
    for bets in (alpha(0.55), shrink_trunc(0.55, 0.025, 100), agrapa(0.5, 0.5, 0.9, 1),
                 kaplan_markov(0.5, 0.1), kaplan_wald(0.5, 0.1)):  # fmt: skip
        rejected = sum(log_wealth(row, 0.5, bets, upper=1).max() >= np.log(20) for row in x[:1_000])
        assert rejected / 1_000 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1_000)
