"""Official figures in force: versions, prints, rounding, coverage, rolls."""

from fractions import Fraction

import pytest

from pollwitness.quantities import Denominator, Interval
from pollwitness.tally import (
    HEADLINE,
    Coverage,
    RoomBasis,
    area_bounds,
    official_results,
    recorded_votes,
    roll_excess,
    stations_total,
    unseen_room,
)
from tests.build import form, small_case, small_tables


def results(*rows, figures=(), version=None):
    tables = small_tables(official_results=rows, official_figures=figures)
    return official_results(tables, "mayor", version=version)


def test_the_highest_version_that_is_not_withdrawn_is_in_force():
    found = results(
        {"votes_anna": 10},
        {"votes_anna": 20, "version": 2},
        {"votes_anna": 30, "version": 3, "withdrawn": True},
    )
    assert [r.count("votes_anna").printed for r in found] == [20]


def test_another_version_can_be_asked_for():
    found = results({"votes_anna": 10}, {"votes_anna": 20, "version": 2}, version=1)
    assert found[0].count("votes_anna").printed == 10


def test_a_superseded_row_is_not_in_force_whatever_its_version():
    found = results(
        {"result_id": "old", "votes_anna": 10, "version": 5},
        {"votes_anna": 20, "version": 2, "supersedes": "old"},
    )
    assert found[0].count("votes_anna").printed == 20


def test_a_column_keeps_its_last_published_figure():
    found = results({"votes_anna": 10, "registered": 99}, {"votes_anna": 20, "version": 2})
    assert found[0].count("registered").version == 1


def test_two_prints_of_one_version_give_the_range_of_both():
    found = results(
        {"ballots": 5_818_955, "document_id": "a", "outlets": 3},
        {"ballots": 5_818_956, "document_id": "b"},
    )
    count = found[0].count("ballots")
    assert (count.least, count.greatest, count.printed) == (5_818_955, 5_818_956, 5_818_955)
    assert (count.documents, count.outlets) == (("a", "b"), 3)


@pytest.mark.parametrize(
    ("rounding", "least", "greatest"),
    [("unknown", 4001, 5999), ("half_up", 4500, 5499), ("truncated", 5000, 5999)],
)
def test_rounded_counts_are_ranges(rounding, least, greatest):
    found = results({"votes_anna": 5000, "rounded_to": 1000, "rounding": rounding})
    count = found[0].count("votes_anna")
    assert (count.least, count.greatest) == (least, greatest)


def test_figures_without_counts():
    found = results(
        figures=[
            {"measure": "votes", "option_id": "anna", "low": "115300", "high": "115300",
             "rounded_to": "100"},
            {"measure": "vote_share", "option_id": "boris", "low": "80.1", "high": "80.1",
             "rounded_to": "0.1", "unit": "percent", "denominator": "valid"},
            {"measure": "turnout", "low": "84.2", "high": "84.2", "rounded_to": "0.1",
             "unit": "percent", "denominator": "registered"},
        ]
    )  # fmt: skip
    count = found[0].count("votes_anna")
    assert (count.least, count.greatest, count.printed) == (115_201, 115_399, 115_300)
    share = found[0].shares["votes_boris"]
    assert share.interval == Interval("0.80", "0.802", low_open=True, high_open=True)
    assert (share.denominator, share.printed) == (Denominator.VALID, Fraction("0.801"))
    assert found[0].shares["turnout"].denominator is Denominator.REGISTERED


def test_a_later_count_replaces_a_share_and_a_later_share_a_count():
    share = {"measure": "vote_share", "option_id": "anna", "low": "50", "high": "50",
             "unit": "percent", "denominator": "ballots"}  # fmt: skip
    later = results({"votes_anna": 20, "version": 2}, figures=[{**share, "version": 1}])
    assert later[0].count("votes_anna").printed == 20
    assert "votes_anna" not in later[0].shares
    earlier = results({"votes_anna": 20, "version": 1}, figures=[{**share, "version": 2}])
    assert earlier[0].count("votes_anna") is None
    assert "votes_anna" in earlier[0].shares


def test_coverage_by_stations_and_by_voters():
    found = results({"votes_anna": 1, "stations_counted": 80, "stations_total": 100})
    assert found[0].coverage == Coverage(20, 100, None)
    found = results({"votes_anna": 1, "registered": 1000, "registered_counted": 970})
    assert found[0].coverage == Coverage(None, None, 30)
    assert results({"stations_counted": 9, "stations_total": 9})[0].coverage == Coverage(
        None, 9, None
    )


def room(case=None, **tables):
    made = small_tables(case, **tables)
    return unseen_room(made, recorded_votes(made, "mayor", HEADLINE), "city")


def test_a_final_roll_with_its_additions_bounds_the_unseen_stations():
    found = room(
        official_results=[{"registered": 1000, "added": 20}],
        protocols=[form("s1", 60, 37, invalid=3, ballots=100, registered=150)],
    )
    assert (found.ballots, found.basis) == (870, RoomBasis.FINAL_ROLL)


def test_an_earlier_roll_bounds_nothing_unless_the_case_states_the_additions():
    earlier = [{"registered": 1000, "published_at": "2024-05-01"}]
    assert room(official_results=earlier).ballots is None
    found = room(small_case(roll_additions=50), official_results=earlier)
    assert (found.ballots, found.basis, found.additions) == (1050, RoomBasis.EARLIER_ROLL, 50)


def test_figures_published_later_do_not_make_an_earlier_roll_final():
    rows = [
        {"registered": 1000, "published_at": "2024-05-01"},
        {"votes_anna": 3, "version": 2, "published_at": "2024-05-06"},
    ]
    found = room(small_case(roll_additions=50), official_results=rows)
    assert found.basis is RoomBasis.EARLIER_ROLL


def test_more_voters_at_the_stations_seen_than_on_the_roll_is_an_excess():
    tables = small_tables(
        official_results=[{"registered": 100}],
        protocols=[form("s1", 60, 37, invalid=3, ballots=100, registered=150)],
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    assert unseen_room(tables, votes, "city").ballots == 0
    assert roll_excess(tables, votes, "city").voters == 50


@pytest.mark.parametrize(
    ("total", "largest", "ballots"),
    [
        pytest.param(None, None, None, id="nobody says how many stations there are"),
        pytest.param(2, None, 120, id="the list is complete"),
        pytest.param(3, None, None, id="a station is not listed"),
        pytest.param(3, 3000, 3120, id="a station is not listed, the greatest is known"),
    ],
)
def test_the_list_of_stations_bounds_only_what_is_known_to_be_complete(total, largest, ballots):
    found = room(
        small_case(roll_additions=0, largest_station=largest),
        stations=[{"station_id": "s1", "registered": 90}, {"station_id": "s2", "registered": 120}],
        official_results=[{"votes_anna": 1, "stations_total": total}],
        protocols=[form("s1", 60, 27, invalid=3, ballots=90, registered=90)],
    )
    assert found.ballots == ballots


def test_a_final_roll_of_a_station_comes_before_its_listed_roll():
    found = room(
        small_case(roll_additions=0),
        stations=[{"station_id": "s1", "registered": 90}],
        official_results=[
            {"votes_anna": 1, "stations_total": 1},
            {"station_id": "s1", "registered": 95},
        ],
    )
    assert found.ballots == 95


def test_areas_within_an_area_are_added_when_they_hold_all_its_stations():
    areas = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"},
             {"area_id": "south", "parent_id": "land"}]  # fmt: skip
    rolls = [
        {"area_id": "north", "registered": 100, "stations_total": 1},
        {"area_id": "south", "registered": 200, "stations_total": 1},
    ]
    tables = small_tables(
        areas=areas, official_results=[*rolls, {"area_id": "land", "stations_total": 2}]
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    assert area_bounds(tables, votes, None).ballots.high == 300
    tables = small_tables(
        areas=areas, official_results=[*rolls, {"area_id": "land", "stations_total": 3}]
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    assert area_bounds(tables, votes, "land").ballots.high is None
    assert stations_total(tables, votes, None) == 3
