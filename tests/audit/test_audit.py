"""Recounts: published bounds and draws, refusals, wrong outcomes, and the commands."""

import json
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.audit.assess import _Stratum, p_path, stratified_p
from pollwitness.audit.bounds import SCALE, error_bounds, errors
from pollwitness.audit.contests import Reported, Side, assertions
from pollwitness.audit.plan import clean_draws, expected, markov_draws, plan_recount
from pollwitness.errors import QuestionError
from pollwitness.stats.martingales import log_wealth, p_values
from pollwitness.tables import Contest, ContestRule

ABC = ("A", "B", "C")


def contest(rule=ContestRule.PLURALITY, winners=1, threshold=None):
    return Contest("c", "C", winners, rule, (), threshold)


def reported(votes, ballots=None, options=ABC):
    votes = np.array(votes, dtype=np.int64)
    most = votes.sum(axis=1) if ballots is None else np.array(ballots, dtype=np.int64)
    return Reported(
        tuple(f"s{n}" for n in range(len(votes))), options[: votes.shape[1]], votes, most
    )


def formula(n):
    """The stations of a published check: votes by a formula, a few of them negative there."""
    i = np.arange(n)
    b = 400 + (i * 7919) % 1201
    a = b * (38 + (i * 104729) % 25) // 100
    second = b * (22 + (i * 1299709) % 19) // 100
    third = np.minimum(b * (5 + (i * 15485863) % 7) // 100, b - a - second)
    return b, np.stack([a, second, third], axis=1)


def test_georgia_november_2022(reference_data):
    """34 draws and 103,287.0413 expected ballots without an error at 5 %, as published."""
    rows = pl.read_csv(reference_data / "audit_batches" / "ga_2022_11_sos.csv")
    votes = rows.select("raffensperger", "nguyen").to_numpy()
    ballots = votes.sum(axis=1) + rows["metz"].to_numpy()
    found = reported(votes, ballots)
    bounds = error_bounds(found, assertions(contest(), found))
    assert bounds.total == pytest.approx(11.821325576632477, rel=1e-12)
    draws = markov_draws(bounds.total, 0.05)
    assert draws == 34
    chances = bounds.bounds / bounds.total
    assert expected(chances, found.most_ballots, draws)[1] == pytest.approx(103_287.0413, abs=1e-4)
    assert markov_draws(bounds.total, 0.10) == 27


def test_published_batch_comparisons(reference_data):
    """U, draws and p-values of Macro on stations by a formula."""
    known = json.loads(
        (reference_data.parent / "vectors" / "macro_batch_comparison.json").read_text("utf-8")
    )
    cases = [one for one in known["cases"] if one["id"].startswith("formula")]
    assert len(cases) == 3
    for case in cases:
        ballots, votes = formula(case["n"])
        totals = votes.sum(axis=0)
        assert totals.tolist() == [case["totals"][name] for name in ABC]
        found = object.__new__(Reported)  # the published votes hold negative ones, refused by us
        for name, value in (("stations", tuple(map(str, range(case["n"])))), ("options", ABC),
                            ("votes", votes), ("ballots", ballots)):  # fmt: skip
            object.__setattr__(found, name, value)
        all_of = assertions(contest(), found)
        bounds = error_bounds(found, all_of)
        assert bounds.total == pytest.approx(float(case["U"]), rel=1e-12)
        draws = case["first_round_draws_incl_plus1"]
        assert markov_draws(bounds.total, case["risk_limit_pct"] / 100) == draws - 1
        places = [n * max(1, case["n"] // draws) for n in range(draws)]
        counted = votes[places].copy()
        counted[[3, 7], 0] -= 2
        counted[[3, 7], 1] += 2
        taints = errors(votes[places], counted, all_of) / bounds.bounds[places]
        path = p_path(taints.tolist(), bounds.total)
        assert path.kaplan_markov[-1] == pytest.approx(case["risk"], rel=1e-9)


def test_three_contests_of_one_set_of_batches(reference_data):
    known = json.loads(
        (reference_data.parent / "vectors" / "macro_batch_comparison.json").read_text("utf-8")
    )["cases"][0]
    kinds = {"A": (200, 180, 400, 100, 90, 200), "B": (200, 160, 400, 100, 80, 200),
             "C": (200, 140, 400, 100, 70, 200)}  # fmt: skip
    where = {"A": range(200), "B": range(100), "C": [*range(30), *range(100, 130)]}
    for name, (w, lose, b, w_av, l_av, b_av) in kinds.items():
        rows = [(w, lose) for _n in where[name]] + [(w_av, l_av) for _n in where[name]]
        found = reported(rows, [b] * len(where[name]) + [b_av] * len(where[name]))
        bounds = error_bounds(found, assertions(contest(), found))
        assert bounds.total == pytest.approx(float(Fraction(known["U"][name])))
        assert markov_draws(bounds.total, 0.25) == known["first_round"][name] - 1
        if name in known["risk_30_clean"]:
            path = p_path([0.0] * 30, bounds.total)
            assert path.kaplan_markov[-1] == pytest.approx(known["risk_30_clean"][name])


def test_one_refused_station():
    """At U = 9.91 and 5 %: 43 draws without a refusal, at most 65 with one; Kaplan-Markov never."""
    assert clean_draws(9.91, 0.05) == 43
    clean = p_path([0.0] * 43, 9.91)
    assert clean.decided_at(0.05) == 43
    for place in (0, 20, 42):
        taints = [0.0] * 70
        taints[place] = 1.0
        path = p_path(taints, 9.91)
        assert 43 < path.decided_at(0.05) <= 65
        assert path.kaplan_markov[place:].min() == 1.0


def test_the_formula_of_clean_draws_is_the_path():
    for total in (1.5, 4.0, 33.3):
        for risk in (0.2, 0.05, 0.001):
            draws = clean_draws(total, risk)
            path = p_values(log_wealth(np.ones(draws), 1 - 1 / total))
            assert path[-1] <= risk * (1 + 1e-9)
            assert draws == 1 or path[-2] > risk


def largest_error(row, most, found):
    """The greatest overstatement that any ballots in a box could reveal, by trying all of them."""
    worst = 0.0
    for first in range(most + 1):
        for second in range(most + 1 - first):
            for third in range(most + 1 - first - second):
                own = errors(np.array([row]), np.array([[first, second, third]]), found)[0]
                worst = max(worst, own)
    return worst


@settings(max_examples=25)
@given(
    st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=4),
    st.sampled_from([(ContestRule.PLURALITY, None), (ContestRule.MAJORITY, None),
                     (ContestRule.THRESHOLD, Fraction(2, 5))]),
)  # fmt: skip
def test_no_ballots_hide_more_than_the_bound(rows, rule):
    found = reported(rows, [sum(row) + n % 3 for n, row in enumerate(rows)])
    try:
        all_of = assertions(contest(rule[0], threshold=rule[1]), found)
    except QuestionError:
        return
    bounds = error_bounds(found, all_of)
    for row, most, bound in zip(rows, found.most_ballots, bounds.bounds, strict=True):
        assert largest_error(row, int(most), all_of) == pytest.approx(max(bound, 0), abs=1e-12)
    assert (bounds.weights >= bounds.bounds * SCALE).all()


def test_what_has_to_be_confirmed():
    rows = [(60, 30, 10), (50, 30, 20)]
    plain = assertions(contest(), reported(rows))
    assert [(one.winner, one.loser, one.margin) for one in plain] == [
        ("A", "B", 50),
        ("A", "C", 80),
    ]
    two = assertions(contest(winners=2), reported(rows))
    assert {(one.winner, one.loser) for one in two} == {("A", "C"), ("B", "C")}
    (half,) = assertions(contest(ContestRule.MAJORITY), reported(rows))
    assert (half.side, half.margin, half.worst) == (Side.ABOVE, 20, -1)
    run_off = assertions(contest(ContestRule.MAJORITY), reported([(45, 30, 25)]))
    assert [(one.side, one.winner) for one in run_off] == [
        (Side.BELOW, "A"), (Side.BEATS, "A"), (Side.BEATS, "B"),
    ]  # fmt: skip
    shares = assertions(contest(ContestRule.THRESHOLD, threshold=Fraction(1, 4)), reported(rows))
    assert [(one.winner, one.side) for one in shares] == [
        ("A", Side.ABOVE), ("B", Side.ABOVE), ("C", Side.BELOW),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: assertions(contest(), reported([(5, 5, 0)])), "margin of A is zero"),
        (lambda: assertions(contest(winners=3), reported([(5, 4, 0)])), "everybody wins"),
        (lambda: assertions(contest(ContestRule.THRESHOLD), reported([(5, 4, 0)])), "no threshold"),
        (lambda: reported([(5, -4, 0)]), "s0 has negative votes"),
        (lambda: reported([(5, 4, 0)], [-1]), "s0 has negative ballots"),
        (lambda: Reported(("s", "s"), ABC, np.ones((2, 3), np.int64), np.ones(2, np.int64)),
         "station s stands there more than once"),
        (lambda: Reported((), ABC, np.ones((0, 3), np.int64), np.ones(0, np.int64)), "no station"),
        (lambda: Reported(("s",), ABC, np.ones((1, 2), np.int64), np.ones(1, np.int64)), "shape"),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(make, said):
    with pytest.raises(QuestionError, match=said):
        make()


def test_votes_above_the_ballots_are_the_bound():
    found = reported([(60, 30, 10)], [50])
    assert found.most_ballots.tolist() == [100]


def test_plans():
    ballots, votes = formula(300)
    found = reported(np.maximum(votes, 0), ballots)
    all_of = assertions(contest(), found)
    bounds = error_bounds(found, all_of)
    planned = plan_recount(found, all_of, bounds, 0.05, np.random.default_rng(1))
    again = plan_recount(found, all_of, bounds, 0.05, np.random.default_rng(1))
    assert planned == again
    assert planned.costs[0].median == planned.costs[0].most == planned.least
    assert planned.least == clean_draws(bounds.weight_total, 0.05)
    assert planned.costs[4].most > planned.least, "refusals cost draws"
    for risk in (0.0, 1.0, -0.1, 5):
        with pytest.raises(QuestionError, match="between 0 and 1"):
            plan_recount(found, all_of, bounds, risk, np.random.default_rng(1))
    alone = reported([(100, 0, 0)], [40])
    one = assertions(contest(), alone)
    single = plan_recount(alone, one, error_bounds(alone, one), 0.05, np.random.default_rng(1))
    assert single.stations == 1.0
    for taints, total, said in (([1.5], 4.0, "taint"), ([0.0], 1.0, "margin")):
        with pytest.raises(ValueError, match=said):
            p_path(taints, total)


def test_wrong_outcomes_are_confirmed_at_most_at_the_risk_limit():
    """The true winner lost by a hair in the report: 1,000 recounts confirm it in 10 % at most."""
    rng = np.random.default_rng(4)
    true = np.stack([rng.integers(200, 300, 200), rng.integers(200, 300, 200)], axis=1)
    report = true.copy()
    shift = int((true[:, 1] - true[:, 0]).sum()) // 2 + 5
    moved = np.minimum(30, true[:, 1])
    for place in rng.permutation(200):
        step = int(min(moved[place], max(shift, 0)))
        report[place] += [step, -step]
        shift -= step
    found = reported(report, true.sum(axis=1), ("A", "B"))
    all_of = assertions(contest(), found)
    if all_of[0].winner != "A":
        pytest.fail("the report should name the loser")
    bounds = error_bounds(found, all_of)
    taints = errors(report, true, all_of) * SCALE / bounds.weights
    chances = bounds.weights / bounds.weights.sum()
    confirmed = 0
    for _run in range(1_000):
        drawn = rng.choice(200, size=60, p=chances)
        confirmed += p_path(taints[drawn].tolist(), bounds.weight_total).p <= 0.10
    assert confirmed / 1_000 <= 0.10 + 3 * np.sqrt(0.09 / 1_000)


def test_strata_against_every_split_tried():
    values = [np.ones(40), np.array([1.0] * 30 + [0.0])]
    totals = [6.0, 5.0]
    parts = [_Stratum(one, total) for one, total in zip(values, totals, strict=True)]
    tried = min(parts[0].log_wealth(e) + parts[1].log_wealth(1 - e) for e in np.linspace(0, 1, 801))
    assert stratified_p(values, totals) == pytest.approx(np.exp(-tried), rel=1e-3)
    assert stratified_p([np.ones(40)], [6.0]) == pytest.approx(
        p_path([0.0] * 40, 6.0).betting[-1], rel=1e-6
    )
    assert stratified_p([np.zeros(3), np.zeros(3)], [2.0, 2.0]) == 1.0
