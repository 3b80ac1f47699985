"""Official figures against protocols: readings, certificates, and the documents behind them."""

from fractions import Fraction

import numpy as np
import pytest

from pollwitness.quantities import Verdict
from pollwitness.tally import (
    HEADLINE,
    Demand,
    Family,
    Reading,
    Stations,
    area_bounds,
    compare_areas,
    figures_together,
    floor_with_sums,
    infeasible,
    official_ballots,
    officials_by_area,
    recorded_votes,
    remainder,
)
from tests.build import form, small_case, small_tables


def compared(official, *forms, case=None):
    tables = small_tables(case, protocols=forms, official_results=[official])
    return compare_areas(tables, "mayor", HEADLINE)[0]


APART = (
    form("s1", 60, 0, invalid=0, ballots=60, registered=100, copy_id="one"),
    form("s2", 0, 60, invalid=0, ballots=60, registered=100, copy_id="two"),
)


def test_two_contradictions_need_two_documents():
    """anna 60 against 10 and boris 60 against 20: either alone needs one form, both need two."""
    found = compared({"votes_anna": 10, "votes_boris": 20}, *APART)
    assert found.certificate.gap == 90
    assert (found.support.least, found.support.at_most) == (2, 2)
    found = compared({"votes_anna": 10, "votes_boris": 59, "ballots": 500}, *APART)
    assert (found.certificate.parts, found.certificate.gap) == ((0, 1), 51)
    # The sum of both needs one form less; each by itself needs its own: a range is stated.
    assert (found.support.least, found.support.at_most) == (1, 2)


def test_a_second_contradiction_elsewhere_raises_the_sufficient_number():
    forms = (
        *APART,
        form("s3", 0, 40, invalid=0, ballots=40, registered=50, copy_id="three"),
    )
    official = {"votes_anna": 10, "votes_boris": 300, "registered": 260, "stations_total": 3}
    found = compared(official, *forms)
    assert found.verdict is Verdict.CONTRADICTED
    assert found.support.least <= found.support.at_most


def test_a_contradiction_that_no_protocol_carries_needs_all_of_them_and_names_none():
    """900 votes for anna where the whole roll has 300 voters."""
    found = compared({"votes_anna": 900, "registered": 300}, *APART)
    assert (found.support.least, found.support.decisive) == (2, ())


def test_what_remains_without_the_decisive_documents_may_still_not_fit_the_roll():
    """boris 900 fits if the form is wrong; 1,100 ballots of 1,000 voters fit in no case."""
    full = form("s1", 600, 0, invalid=0, ballots=600, registered=600)
    small = form("s2", 5, 5, invalid=0, ballots=10, registered=10)
    found = compared({"votes_boris": 900, "ballots": 1100, "registered": 1000}, full, small)
    assert (found.certificate.family, found.certificate.gap) == (Family.CEILING, 505)
    assert (found.support.least, found.support.at_most) == (1, 2)


def test_more_options_than_sets_can_be_enumerated_for():
    options = [f"o{n}" for n in range(14)]
    figures = {f"votes_o{n}": 10 for n in range(14)}
    tables = small_tables(
        small_case(options),
        protocols=[{"station_id": "s1", **figures, "invalid": 0, "ballots": 140}],
        official_results=[{"votes_o3": 9}],
    )
    found = compare_areas(tables, "mayor", HEADLINE)[0]
    assert (found.certificate.parts, found.certificate.gap) == ((3,), 1)


def test_several_copies_of_a_station_are_several_documents():
    twice = {**APART[0], "copy_id": "again"}
    assert compared({"votes_anna": 10}, *APART, twice).support.least == 2


def test_every_reading_is_compared_and_the_slack_is_stated():
    wrong = form("s1", 60, 40, invalid=0, ballots=90, registered=100)
    tables = small_tables(protocols=[wrong], official_results=[{"votes_anna": 55}])
    verdicts = {r: compare_areas(tables, "mayor", r)[0] for r in Reading}
    assert [str(c.verdict) for c in verdicts.values()] == ["contradicted", "possible", "possible"]
    assert verdicts[Reading.AS_WRITTEN].slack == 10


LAND = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"},
        {"area_id": "south", "parent_id": "land"}]  # fmt: skip


def test_rolls_of_some_areas_only_do_not_bound_the_whole():
    tables = small_tables(
        areas=LAND,
        official_results=[
            {"area_id": "land", "stations_total": 2},
            {"area_id": "north", "stations_total": 1, "registered": 100},
            {"area_id": "south", "stations_total": 1, "votes_anna": 5},
        ],
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    assert area_bounds(tables, votes, "land").ballots.high is None
    assert area_bounds(tables, votes, "north").ballots.high == 100


def test_several_roots_are_added_for_the_whole_case():
    tables = small_tables(
        areas=[{"area_id": "north"}, {"area_id": "south"}],
        stations=[
            {"station_id": "s1", "area_id": "north"},
            {"station_id": "s2", "area_id": "south"},
        ],
        protocols=APART,
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    assert floor_with_sums(tables, votes, None, figure="votes_anna").votes == 60
    sums = tables.with_table("protocol_sums", small_tables(
        areas=[{"area_id": "north"}],
        protocol_sums=[{"area_id": "north", "stations": 1, "votes_anna": 70}],
    ).table("protocol_sums"))  # fmt: skip
    assert floor_with_sums(sums, votes, None, figure="votes_anna").votes == 70


def test_turnout_without_a_roll_demands_nothing():
    tables = small_tables(
        protocols=APART,
        official_figures=[{"measure": "turnout", "low": "10", "high": "10", "unit": "percent",
                           "denominator": "registered"}],
    )  # fmt: skip
    assert figures_together(tables, "mayor", reading=HEADLINE).inequality is None
    assert official_ballots(officials_by_area(tables, "mayor")["city"]) is None


def test_a_share_of_nobody_knows_what_demands_nothing():
    share = {"measure": "vote_share", "option_id": "anna", "low": "99", "high": "99",
             "unit": "percent"}  # fmt: skip
    for denominator, contradicted in (("ballots", True), ("valid", True), ("unknown", False)):
        tables = small_tables(
            protocols=APART,
            official_results=[{"registered": 300, "stations_total": 3, "stations_counted": 3}],
            official_figures=[{**share, "denominator": denominator}],
        )
        found = figures_together(tables, "mayor", reading=HEADLINE).inequality
        assert (found is not None) == contradicted


def test_figures_of_other_measures_bound_nothing():
    tables = small_tables(
        official_figures=[{"measure": "stations_won", "option_id": "anna", "low": "5", "high": "5"}]
    )
    official = officials_by_area(tables, "mayor")["city"]
    assert (official.counts, official.shares) == ({}, {})


def test_a_station_that_leaves_the_votes_blank_counts_as_unseen_for_that_option():
    blank = form("s2", None, 60, ballots=70)
    tables = small_tables(
        protocols=[APART[0], blank],
        official_results=[
            {"votes_anna": 90, "votes_boris": 90, "ballots": 200, "stations_total": 3}
        ],
    )
    votes = recorded_votes(tables, "mayor", Reading.AS_WRITTEN)
    land = officials_by_area(tables, "mayor")["city"]
    anna, boris = (remainder(tables, votes, land, option) for option in ("anna", "boris"))
    assert (anna.seen_stations, anna.unseen_stations, anna.unseen_ballots) == (1, 2, (140, 140))
    assert (boris.seen_stations, boris.unseen_stations, boris.unseen_ballots) == (2, 1, (70, 70))


def test_a_remainder_without_ballots_or_stations_states_no_share():
    tables = small_tables(protocols=APART, official_results=[{"votes_anna": 90}])
    votes = recorded_votes(tables, "mayor", HEADLINE)
    rest = remainder(tables, votes, officials_by_area(tables, "mayor")["city"], "anna")
    assert (rest.needed_share, rest.needed_average, rest.unseen_stations) == (None, None, None)
    assert remainder(tables, votes, officials_by_area(tables, "mayor")["city"], "boris") is None
    empty = small_tables(official_results=[{"votes_anna": 90}])
    rest = remainder(
        empty, recorded_votes(empty, "mayor", HEADLINE),
        officials_by_area(empty, "mayor")["city"], "anna",
    )  # fmt: skip
    assert (rest.seen_share, rest.seen_average) == (None, None)


def test_a_miss_within_the_accuracy_of_the_solver_is_not_a_contradiction():
    """At the upper corner the demand holds exactly; in floating point it is missed by a little."""
    top = 10**11
    rows = Stations(np.array([[0, 0]]), np.array([[top, top]]), np.array([0]), np.array([2 * top]))
    weights = (Fraction(1, 3), Fraction(1, 7))
    corner = sum(weight * top for weight in weights)
    assert infeasible(rows, [Demand("corner", np.array([0]), weights, corner, None)]) is None
    over = Demand("over", np.array([0]), weights, corner + 1, None)
    assert infeasible(rows, [over]) is not None


@pytest.mark.parametrize("reading", Reading)
def test_the_bounds_of_an_unknown_area_name_the_known_ones(reading):
    tables = small_tables(protocols=APART)
    votes = recorded_votes(tables, "mayor", reading)
    with pytest.raises(Exception, match="the case has no area 'moon'; it has city"):
        area_bounds(tables, votes, "moon")
