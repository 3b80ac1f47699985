"""Theorems of design 6.1 as property tests, on elections whose truth is known."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.checks import run_checks
from pollwitness.quantities import Rung, Verdict
from pollwitness.tally import HEADLINE, Reading, area_bounds, compare_areas, recorded_votes
from tests.honest import PARTS, case_of, election, official_rows, share_rows

SEEDS = st.integers(0, 2**32 - 1)


def true_claims(truth) -> list[dict]:
    whole = truth.votes.sum(axis=0)
    rivals = [truth.votes[:, c] for c in (1, 2)]
    won = int((truth.votes[:, 0] > np.maximum(*rivals)).sum())
    share = f"{whole[0] / whole.sum() * 100:.3f}"
    return [
        {"claim_id": "votes", "measure": "votes", "option_id": "anna", "low": str(whole[0])},
        {"claim_id": "ballots", "measure": "ballots", "low": str(whole.sum())},
        {"claim_id": "won", "measure": "stations_won", "option_id": "anna", "low": str(won),
         "unit": "stations"},
        {"claim_id": "share", "measure": "vote_share", "option_id": "anna", "low": share,
         "unit": "percent", "denominator": "ballots"},
        {"claim_id": "turnout", "measure": "turnout", "unit": "percent",
         "low": f"{whole.sum() / truth.registered.sum() * 100:.3f}",
         "denominator": "registered"},
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.4]))
def test_exact_documents_of_an_honest_election_never_contradict(seed, released, blank):
    """All questions of the catalogue, true claims, protocols with blanks, shares and counts."""
    rng = np.random.default_rng(seed)
    truth = election(rng)
    tables = case_of(rng, truth, released=released, blank=blank, figures=share_rows(truth),
                     claims=true_claims(truth))  # fmt: skip
    answers = run_checks(tables)
    wrong = [f for f in answers.findings if f.rung is Rung.BOUNDS
             and f.verdict is Verdict.CONTRADICTED]  # fmt: skip
    assert wrong == []
    forms = [r for f in answers.findings for r in f.readings if r.name in set(Reading)]
    assert Verdict.CONTRADICTED not in {r.verdict for r in forms}


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.4]))
def test_the_bounds_contain_the_truth(seed, released, blank):
    rng = np.random.default_rng(seed)
    truth = election(rng)
    tables = case_of(rng, truth, released=released, blank=blank)
    for reading in Reading:
        votes = recorded_votes(tables, "mayor", reading)
        for area in ("nation", *votes.territory.below("nation")):
            inside = truth.region == int(area[-1]) if area != "nation" else slice(None)
            bounds = area_bounds(tables, votes, area)
            assert bounds.ballots.interval.contains(int(truth.ballots[inside].sum()))
            for name, total in zip(PARTS, truth.votes[inside].sum(axis=0).tolist(), strict=True):
                assert bounds.votes[name].interval.contains(total)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_consistent_additional_documents_never_widen_a_bound(seed):
    rng = np.random.default_rng(seed)
    truth = election(rng)
    fuller = case_of(rng, truth, released=0.9, blank=0.2)
    protocols = fuller.table("protocols")
    fewer = fuller.with_table(
        "protocols", protocols.filter(pl.Series(rng.random(protocols.height) < 0.5))
    )
    for reading in Reading:
        narrow = area_bounds(fuller, recorded_votes(fuller, "mayor", reading), "nation")
        wide = area_bounds(fewer, recorded_votes(fewer, "mayor", reading), "nation")
        for name in PARTS:
            assert narrow.votes[name].interval.within(wide.votes[name].interval)
        assert narrow.ballots.interval.within(wide.ballots.interval)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_second_equal_copy_changes_no_bound_and_doubles_the_documents(seed):
    rng = np.random.default_rng(seed)
    tables = case_of(rng, election(rng), blank=0.2)
    protocols = tables.table("protocols")
    twice = tables.with_table(
        "protocols",
        pl.concat(
            [protocols, protocols.with_columns(pl.format("{}-b", "copy_id").alias("copy_id"))]
        ),
    )
    one, two = (recorded_votes(t, "mayor", HEADLINE) for t in (tables, twice))
    np.testing.assert_array_equal(one.low, two.low)
    np.testing.assert_array_equal(one.high, two.high)
    np.testing.assert_array_equal(2 * one.copies, two.copies)


@pytest.mark.parametrize("seed", range(25))
def test_the_alarm_rings_when_votes_are_moved(seed):
    """More votes are taken from an option than its unseen stations hold: found in its region."""
    rng = np.random.default_rng(seed)
    truth = election(rng, stations=20)
    tables = case_of(rng, truth, released=0.8)
    seen = set(tables.table("protocols")["station_id"].to_list())
    shown = np.array([f"s{s:03d}" in seen for s in range(20)])
    held = [int(truth.votes[shown & (truth.region == r), 0].sum()) for r in range(3)]
    region = int(np.argmax(held))
    moved = int(truth.votes[~shown & (truth.region == region), 0].sum()) + 1
    rows = official_rows(truth)
    for row in rows:
        if row["area_id"] in ("nation", f"region-{region}"):
            row["votes_anna"] -= moved
            row["votes_boris"] += moved
    forged = case_of(np.random.default_rng(0), truth, official=rows).with_table(
        "protocols", tables.table("protocols")
    )
    verdicts = {c.area_id: c.verdict for c in compare_areas(forged, "mayor", HEADLINE)}
    assert verdicts[f"region-{region}"] is Verdict.CONTRADICTED
    assert run_checks(forged).is_contradicted


def test_children_that_do_not_add_up_to_their_parent_are_found_without_any_protocol():
    rng = np.random.default_rng(3)
    truth = election(rng)
    rows = official_rows(truth)
    rows[0]["votes_clara"] += 7
    rows[0]["votes_anna"] -= 7
    tables = case_of(rng, truth, released=0.0, official=rows)
    together = next(f for f in run_checks(tables).findings if f.check == "tally.together")
    assert together.verdict is Verdict.CONTRADICTED
    assert together.inequality is not None
    # Seven votes too many for one option and seven too few for another.
    assert together.inequality.left - together.inequality.right == 14
