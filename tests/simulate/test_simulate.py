"""Simulated elections: what is conserved, what each manipulation moves, and at which rates."""

from dataclasses import replace

import numpy as np
import pytest

from pollwitness.simulate import (
    ERRORS,
    HONEST_NOISE,
    Errors,
    Manipulation,
    ManipulationKind,
    Plan,
    PlanError,
    Release,
    ReleaseKind,
    Reports,
    parse_plan,
    plan_text,
    record,
    simulate,
    vote,
)
from pollwitness.tally import HEADLINE, recorded_votes

PLAN = Plan(stations=400, regions=4)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def planted(kind: ManipulationKind, *, rate=0.5, strength=0.4, **more):
    plan = replace(PLAN, manipulations=(Manipulation(kind, rate, strength, **more),))
    votes = vote(plan, rng())
    return plan, votes, record(plan, votes, rng(2))


def official(made, area="nation") -> dict:
    table = made.tables.table("official_results")
    return next(row for row in table.to_dicts() if row["area_id"] == area)


def test_nobody_votes_who_is_not_on_the_roll():
    votes = vote(PLAN, rng())
    assert (votes.ballots <= votes.registered + votes.added).all()
    assert (votes.early + votes.mobile <= votes.ballots).all()
    assert (votes.cast >= 0).all()


def test_turnout_and_shares_are_about_what_the_plan_says():
    """Without spreads, turnout and support are binomial: four standard errors at most."""
    plan = replace(PLAN, turnout_spread=0, region_spread=0, support_spread=0, early_lean=0)
    votes = vote(plan, rng())
    voters = int((votes.registered + votes.added).sum())
    ballots = int(votes.ballots.sum())
    assert abs(ballots / voters - 0.7) < 4 * np.sqrt(0.7 * 0.3 / voters)
    share = votes.cast.sum(axis=0) / votes.cast.sum()
    assert (np.abs(share - [0.5, 0.35, 0.15]) < 4 * np.sqrt(0.25 / ballots)).all()
    assert abs(votes.early.sum() / ballots - 0.1) < 4 * np.sqrt(0.09 / ballots)


def test_turnout_and_support_are_correlated_as_the_plan_says():
    plan = replace(PLAN, stations=4000, correlation=0.8, region_spread=0, support_spread=0.6)
    votes = vote(plan, rng())
    turnout = votes.ballots / (votes.registered + votes.added)
    share = votes.cast[:, 0] / votes.cast.sum(axis=1)
    assert 0.6 < np.corrcoef(turnout, share)[0, 1] < 0.9


def test_early_voters_lean_as_the_plan_says():
    plan = replace(PLAN, early=1.0, mobile=0.0, invalid=0.0, support_spread=0, region_spread=0)
    plain, leaning = vote(plan, rng()), vote(replace(plan, early_lean=1.0), rng())
    shares = [v.cast[:, 0].sum() / v.cast.sum() for v in (plain, leaning)]
    assert abs(shares[0] - 0.5) < 0.01
    assert abs(shares[1] - np.e / (np.e + 1)) < 0.01


def test_sizes_are_those_given():
    assert vote(replace(PLAN, sizes=(100,) * 400), rng()).registered.tolist() == [100] * 400
    assert set(vote(replace(PLAN, sizes=(50, 70)), rng()).registered.tolist()) == {50, 70}


def test_the_same_seed_gives_the_same_election():
    first, second = (simulate(PLAN, rng(3)) for _ in range(2))
    for name, frame in first.tables.frames.items():
        assert frame.equals(second.tables.frames[name])
    other = simulate(PLAN, rng(4))
    assert not first.truth["stations"].equals(other.truth["stations"])


def test_an_honest_election_is_announced_as_it_was_voted():
    made = simulate(replace(PLAN, station_results=True), rng())
    cast = made.votes.cast.sum(axis=0).tolist()
    row = official(made)
    assert [row[f"votes_{o}"] for o in PLAN.options] == cast
    assert row["ballots"] == made.votes.ballots.sum()
    regions = [official(made, f"region-00{n}") for n in range(1, 5)]
    assert sum(r["votes_rival"] for r in regions) == cast[1]
    stations = made.tables.table("official_results").filter(
        made.tables.table("official_results")["station_id"].is_not_null()
    )
    assert stations["votes_rival"].sum() == cast[1]


def test_stuffing_adds_ballots_that_nobody_cast():
    _, votes, recorded = planted(ManipulationKind.STUFFING)
    at = recorded.manipulated[0]
    away = votes.registered + votes.added - votes.ballots
    more = recorded.protocol.ballots - votes.ballots
    assert (more[~at] == 0).all()
    assert (np.abs(more[at] - 0.4 * away[at]) <= 0.5).all()
    assert (recorded.protocol.votes[:, 1:] == votes.cast[:, 1:]).all()
    assert (recorded.official.votes == recorded.protocol.votes).all()


def test_a_transfer_moves_votes_and_keeps_ballots():
    _, votes, recorded = planted(ManipulationKind.TRANSFER, option="third")
    assert (recorded.protocol.ballots == votes.ballots).all()
    moved = recorded.protocol.votes[:, 2] - votes.cast[:, 2]
    others = votes.cast[:, :2].sum(axis=1)
    at = recorded.manipulated[0]
    assert (np.abs(moved[at] - 0.4 * others[at]) <= 0.5).all()
    assert (recorded.protocol.votes >= 0).all()


def test_a_rewritten_protocol_differs_from_its_copies():
    _, votes, recorded = planted(ManipulationKind.REWRITTEN, rate=1.0)
    assert (recorded.protocol.votes == votes.cast).all()
    assert (recorded.official.votes[:, 0] > votes.cast[:, 0]).mean() > 0.99


def test_a_rounded_target_lifts_the_share_and_never_lowers_it():
    _, votes, recorded = planted(ManipulationKind.ROUNDED_TARGET, rate=1.0, strength=0.6)
    share = recorded.protocol.votes[:, 0] / recorded.protocol.valid
    assert (recorded.protocol.votes[:, 0] >= votes.cast[:, 0]).all()
    assert (share >= 0.6).all()


def test_a_false_sum_is_in_no_station():
    plan, votes, recorded = planted(ManipulationKind.FALSE_AGGREGATE, rate=1.0, strength=0.2)
    assert (recorded.official.votes == votes.cast).all()
    assert (recorded.moved.sum(axis=1) == 0).all()
    others = np.array([votes.cast[votes.region == r, 1:].sum() for r in range(4)])
    assert (np.abs(recorded.moved[:, 0] - 0.2 * others) <= 0.5).all()
    made = simulate(plan, rng())
    assert official(made)["votes_incumbent"] == (
        made.votes.cast[:, 0].sum() + made.recorded.moved[:, 0].sum()
    )


def test_late_additions_come_after_the_copies():
    _, votes, recorded = planted(ManipulationKind.LATE_ADDITION, rate=1.0, strength=0.1)
    assert (recorded.protocol.votes == votes.cast).all()
    more = recorded.official.registered - recorded.protocol.registered
    assert (recorded.official.votes[:, 0] - votes.cast[:, 0] == more).all()
    assert (np.abs(more - 0.1 * recorded.protocol.registered) <= 0.5).all()


def test_only_the_named_regions_are_manipulated():
    _, votes, recorded = planted(ManipulationKind.STUFFING, rate=1.0, regions=(2,))
    assert set(votes.region[recorded.manipulated[0]].tolist()) == {1}
    _, _, recorded = planted(ManipulationKind.FALSE_AGGREGATE, rate=1.0, regions=(3,))
    assert np.flatnonzero(recorded.moved.any(axis=1)).tolist() == [2]


@pytest.mark.parametrize("kind", ReleaseKind)
def test_protocols_are_released_as_the_plan_says(kind):
    stuffing = Manipulation(ManipulationKind.STUFFING, 0.5, 0.5)
    plan = Plan(stations=4000, release=Release(kind, 0.4), manipulations=(stuffing,))
    made = simulate(plan, rng())
    seen = made.truth["stations"]["released"].to_numpy()
    honest = ~made.recorded.manipulated[0]
    even = made.votes.region % 2 == 0
    rate = {name: seen[at].mean() for name, at in
            (("all", seen >= 0), ("honest", honest), ("other", ~honest), ("even", even),
             ("odd", ~even))}  # fmt: skip
    if kind is ReleaseKind.ALL:
        assert seen.all()
    elif kind is ReleaseKind.RANDOM:
        assert abs(rate["all"] - 0.4) < 0.04
    else:
        more, less = ("honest", "other") if kind is ReleaseKind.HONESTY else ("even", "odd")
        odds = [rate[n] / (1 - rate[n]) for n in (more, less)]
        assert 3 < odds[0] / odds[1] < 5.3


def test_everything_is_released_where_the_share_is_one():
    made = simulate(replace(PLAN, release=Release(ReleaseKind.REGION, 1.0)), rng())
    assert made.truth["stations"]["released"].all()


def test_clerical_errors_come_at_their_rates_and_are_told():
    plan = Plan(stations=30_000, errors=HONEST_NOISE, release=Release(ReleaseKind.ALL), copies=0)
    made = simulate(plan, rng())
    counts = dict(made.truth["errors"]["error"].value_counts().iter_rows())
    rates = (HONEST_NOISE.one_figure, HONEST_NOISE.two_figures, HONEST_NOISE.exchanged,
             HONEST_NOISE.wrong_station)  # fmt: skip
    for name, rate in zip(ERRORS[1:], rates, strict=True):
        assert abs(counts[name] / 30_000 - rate) < 4 * np.sqrt(rate / 30_000)
    blank = made.tables.table("protocols")["invalid"].null_count() / 30_000
    assert abs(blank - 0.5) < 0.02


def test_copies_without_errors_are_exact():
    made = simulate(replace(PLAN, copies=0.5, release=Release(ReleaseKind.ALL)), rng())
    votes = recorded_votes(made.tables, "president", HEADLINE)
    assert (votes.low == votes.high).all()
    assert (votes.low[:, :3] == made.votes.cast).all()
    assert made.truth["errors"].is_empty()
    assert made.tables.table("protocols").height > PLAN.stations


def test_each_kind_of_error_does_what_it_says():
    for name, changed in (("one_figure", 1), ("two_figures", 2), ("exchanged", 2)):
        plan = Plan(stations=500, errors=Errors(**{name: 1.0}), copies=0, reports=Reports(share=0),
                    release=Release(ReleaseKind.ALL))  # fmt: skip
        made = simulate(plan, rng())
        figures = [*(f"votes_{o}" for o in plan.options), "invalid", "ballots"]
        written = made.tables.table("protocols").select(figures).to_numpy()
        true = np.column_stack([made.votes.cast, made.votes.invalid, made.votes.ballots])
        differs = (written != true).sum(axis=1)
        assert differs.max() == changed
        assert (differs == changed).mean() > 0.9
    plan = Plan(stations=500, errors=Errors(wrong_station=1.0), copies=0)
    errors = simulate(plan, rng()).truth["errors"]
    assert (errors["station_id"] != errors["filed_at"]).mean() > 0.9


def test_reports_are_true_false_and_misassigned():
    plan = replace(PLAN, reports=Reports(share=1.0, photo=1.0, false=0.0, misassigned=0.0))
    made = simulate(plan, rng())
    reports = made.tables.table("voter_reports")
    assert reports["reports"].sum() == made.votes.cast.sum()
    assert (reports["reports"] == reports["with_photo"]).all()
    moved = simulate(replace(plan, reports=Reports(1.0, 1.0, 0.0, 0.2)), rng())
    assert moved.tables.table("voter_reports")["reports"].sum() == moved.votes.cast.sum()
    false = simulate(replace(plan, reports=Reports(1.0, 1.0, 0.1, 0.0)), rng())
    more = false.tables.table("voter_reports")["reports"].sum() / false.votes.cast.sum()
    assert 1.09 < more < 1.11


def test_a_count_that_leaves_stations_out_says_so():
    made = simulate(replace(PLAN, coverage=0.9), rng())
    row = official(made)
    assert (row["stations_counted"], row["stations_total"]) == (360, 400)
    assert row["votes_rival"] < made.votes.cast[:, 1].sum()
    assert not made.tables.has("claims")
    assert not made.tables.has("official_figures")


def test_a_plan_comes_back_from_its_text():
    plan = Plan(
        stations=50, sizes=(10, 20), errors=HONEST_NOISE, station_results=True,
        release=Release(ReleaseKind.REGION, 0.2),
        manipulations=(Manipulation(ManipulationKind.STUFFING, 0.1, 0.2, "rival", (1, 2)),
                       Manipulation(ManipulationKind.TRANSFER, 0.1, 0.2)),
    )  # fmt: skip
    assert parse_plan(plan_text(plan)) == plan


WRONG = {
    "stations = ": "the plan is not valid TOML",
    "stashuns = 3": "stashuns is not known",
    "stations = true": "stations must be a whole number",
    "turnout = 'x'": "turnout must be a number",
    "station_results = 1": "station_results must be true or false",
    "sizes = 3": "sizes must be a list",
    "options = [1, 2]": "options must be a list",
    "release = 3": "release must be a table",
    "[release]\nkind = 'some'": "release.kind must be one of all, random, honesty, region",
    "[[manipulations]]\nrate = 1.0": "manipulations[1].kind is missing; manipulations[1].strength "
                                     "is missing",
    "[[manipulations]]\nkind = 'stuffing'\nrate = 0.1\nstrength = 0.1\noption = 7":
        "manipulations[1].option must be a text",
    "stations = 0": "stations must be 1 to 100,000,000, and regions from 1 to stations",
    "median_size = 0": "median_size and sizes must be from 1 to 1,000,000",
    "turnout_spread = -1.0": "spreads must be 0 or more",
    "turnout = 1.5": "turnout must be from 0 to 1",
    "early = 0.6\nmobile = 0.6": "early and mobile together must be at most 1",
    "correlation = 2.0": "correlation must be from -1 to 1",
    "options = ['a']": "options must be two or more, each named once; support must give a share "
                       "above 0 for each option",
    "[release]\nbias = 0.0": "release.bias must be more than 0",
    "[errors]\nblank = 2.0": "errors.blank must be from 0 to 1",
    "[errors]\none_figure = 0.6\ntwo_figures = 0.6": "must sum to 1 at most",
    "turnout_spread = nan": "turnout_spread must be a number",
    "early_lean = 1000.0": "early_lean must be from -50 to 50",
    "support = [inf, 1.0, 1.0]": "support[1] must be a number",
    "options = ['Anna I.', 'b', 'c']": "options must be ids: a-z first, then a-z, 0-9 and _",
    "manipulations = 5": "manipulations must be a list: write [[manipulations]]",
    "sizes = [10000000]": "median_size and sizes must be from 1 to 1,000,000",
    "[[manipulations]]\nkind = 'stuffing'\nrate = 2.0\nstrength = 0.1\noption = 'x'\nregions = [9]":
        "manipulations[1].rate must be from 0 to 1; manipulations[1].option must be one of the "
        "options; manipulations[1].regions must be from 1 to 6",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_plan_that_no_election_can_have_is_refused(text):
    with pytest.raises(PlanError) as refused:
        parse_plan(text)
    assert WRONG[text] in str(refused.value)
