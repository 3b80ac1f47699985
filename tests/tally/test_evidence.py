"""Voter reports, door counts, copies, published sums, stations won, history: worked by hand."""

from fractions import Fraction

import pytest

from pollwitness.quantities import Denominator, Verdict
from pollwitness.tally import (
    HEADLINE,
    Reading,
    ReportBasis,
    bounds_history,
    cast_votes,
    copy_differences,
    door_conflicts,
    floor_with_sums,
    official_station_differences,
    overfull_stations,
    recorded_votes,
    report_conflict,
    stations_won,
    turnout_bounds,
    vote_share_bounds,
)
from tests.build import form, small_case, small_tables

FORMS = [
    form("s1", 60, 37, invalid=3, ballots=100, registered=200),
    form("s2", 10, 80, invalid=10, ballots=100, registered=200),
]


def reports(*rows):
    tables = small_tables(protocols=FORMS, voter_reports=[
        {"station_id": s, "option_id": o, "reports": n, **more} for s, o, n, more in rows
    ])  # fmt: skip
    votes = recorded_votes(tables, "mayor", HEADLINE)
    return votes, cast_votes(tables, votes)


def test_reports_beyond_the_protocol():
    votes, cast = reports(("s1", "anna", 60, {}), ("s2", "anna", 25, {}), ("s2", "boris", 9, {}))
    found = report_conflict(votes, cast, "anna", "city")
    assert found.basis is ReportBasis.REPORTS
    assert (found.stations.tolist(), found.excess.tolist()) == ([1], [15])
    assert (found.least_wrong, found.all_reports) == (15, 85)
    assert found.contamination == Fraction(15, 85)
    assert found.surviving(Fraction(1, 2)) == 1
    assert found.surviving(Fraction(3, 5)) == 0
    assert (found.resting_on(14), found.resting_on(15)) == (0, 1)


def test_two_documents_about_one_station_are_never_added():
    _, cast = reports(
        ("s1", "anna", 40, {"document_id": "a"}), ("s1", "anna", 45, {"document_id": "b"})
    )
    assert cast.reports.tolist() == [[45, 0], [0, 0]]


def test_photographs_count_where_they_are_counted():
    votes, cast = reports(("s1", "anna", 90, {"with_photo": 61}))
    assert cast.basis is ReportBasis.WITH_PHOTO
    assert report_conflict(votes, cast, "anna", None).least_wrong == 1


def test_no_reports_no_contamination():
    votes, cast = reports(("s1", "anna", 0, {}))
    assert report_conflict(votes, cast, "anna", None).contamination == 0


def test_more_reports_than_voters():
    votes, cast = reports(("s1", "anna", 150, {}), ("s1", "boris", 51, {}), ("s2", "anna", 200, {}))
    assert overfull_stations(votes, cast).tolist() == [0, 1]
    votes, cast = reports(("s1", "anna", 50, {}), ("s1", "boris", 50, {}))
    assert overfull_stations(votes, cast).tolist() == []


@pytest.mark.parametrize(
    ("entered", "complete", "early", "excess"),
    [
        pytest.param(80, True, 5, [15], id="80 entered and 5 early, but 100 ballots"),
        pytest.param(95, True, 5, [], id="enough"),
        pytest.param(80, False, 5, [], id="the count does not cover all voting"),
        pytest.param(80, True, None, [], id="early ballots are not known"),
    ],
)
def test_door_counts(entered, complete, early, excess):
    tables = small_tables(
        protocols=[form("s1", 60, 37, invalid=3, ballots=100, early=early, mobile=0)],
        turnout_counts=[{"station_id": "s1", "entered": entered, "complete": complete}],
    )
    found = door_conflicts(tables, "mayor", Reading.AS_WRITTEN)
    assert found["excess"].to_list() == excess


def test_of_two_complete_door_counts_the_greater_bounds():
    tables = small_tables(
        protocols=[form("s1", 60, 37, invalid=3, ballots=100, early=0, mobile=0)],
        turnout_counts=[
            {"station_id": "s1", "entered": 70, "document_id": "a"},
            {"station_id": "s1", "entered": 90, "document_id": "b"},
        ],
    )
    found = door_conflicts(tables, "mayor", Reading.AS_WRITTEN)
    assert found.select("document_id", "entered", "excess").rows() == [("b", 90, 10)]


def test_copies_that_differ():
    tables = small_tables(
        protocols=[
            form("s1", 60, 37, invalid=3, ballots=100),
            form("s1", 62, 37, invalid=3, ballots=100),
            form("s2", 10, 80, ballots=100),
            form("s2", 10, 80, invalid=10, ballots=100),
        ]
    )
    assert copy_differences(tables, "mayor").rows() == [("s1", 2, "votes_anna", 60, 62)]


def test_official_station_figures_that_differ_from_the_protocol():
    tables = small_tables(
        protocols=FORMS,
        official_results=[
            {"station_id": "s1", "votes_anna": 40, "votes_boris": 57, "ballots": 100},
            {"station_id": "s1", "votes_anna": 1, "version": 0},
            {"station_id": "s2", "votes_anna": 10, "votes_boris": 80},
        ],
    )
    found = official_station_differences(tables, "mayor")
    assert found.select("station_id", "figure", "official", "difference").rows() == [
        ("s1", "votes_anna", 40, -20), ("s1", "votes_boris", 57, 20)
    ]  # fmt: skip


AREAS = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"},
         {"area_id": "south", "parent_id": "land"}]  # fmt: skip


def floor(area, *sums, figure="votes_anna"):
    tables = small_tables(
        areas=AREAS,
        stations=[
            {"station_id": "s1", "area_id": "north"},
            {"station_id": "s2", "area_id": "land"},
        ],
        protocols=FORMS,
        protocol_sums=[
            {"area_id": a, "votes_anna": v, "stations": n, "overlap": o} for a, v, n, o in sums
        ],
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    return floor_with_sums(tables, votes, area, figure=figure)


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        pytest.param([("north", 50, 1, "unknown")], 70, id="weaker than the protocols there"),
        pytest.param([("north", 90, 3, "unknown")], 100, id="stands for the protocols there"),
        pytest.param([("north", 90, 3, "disjoint")], 160, id="adds to the protocols there"),
        pytest.param([("north", 90, 3, "unknown"), ("south", 30, 2, "unknown")], 130,
                     id="areas do not overlap"),
        pytest.param([("north", 90, 3, "unknown"), ("north", 95, 3, "unknown")], 105,
                     id="two sums of one area are never added"),
        pytest.param([("land", 120, 5, "unknown"), ("north", 90, 3, "unknown")], 120,
                     id="the strongest"),
    ],
)  # fmt: skip
def test_published_sums_are_added_only_where_they_cannot_overlap(sums, expected):
    found = floor("land", *sums)
    assert found.votes == expected
    assert sum(source.votes for source in found.sources) == expected
    assert floor(None, *sums).votes == expected


def test_the_floor_of_an_unknown_figure_is_nothing():
    assert floor("land", ("north", 1, 1, "unknown"), figure="no such column").votes == 0


def test_ballots_have_a_floor_too():
    assert floor("land", figure="ballots").votes == 200


def test_stations_won_tied_open_and_ahead():
    tables = small_tables(
        protocols=[
            form("s1", 60, 37, invalid=3, ballots=100),
            form("s2", 50, 50, invalid=0, ballots=100),
            form("s3", 30, None, ballots=40),
            form("s4", 30, None),
            form("s5", 10, 20, invalid=0, ballots=30),
            form("s6", None, 20, invalid=0, ballots=30),
        ]
    )
    found = stations_won(recorded_votes(tables, "mayor", Reading.AS_WRITTEN), "anna", None)
    assert (found.certain.tolist(), found.tied.tolist()) == ([0, 2], [1])
    assert (found.open.tolist(), found.ahead.tolist(), found.seen) == ([3], [0, 2, 3], 6)


def test_history_narrows_with_documents_and_shows_a_correction():
    documents = [
        {"document_id": "first", "published_at": "2024-05-06"},
        {"document_id": "second", "published_at": "2024-05-08T10:00Z"},
        {"document_id": "third", "published_at": "2024-05-09"},
    ]
    tables = small_tables(
        small_case(roll_additions=0),
        documents=documents,
        protocols=[
            {**FORMS[0], "copy_id": "a", "document_id": "first"},
            {**FORMS[1], "document_id": "second"},
            {**FORMS[0], "copy_id": "b", "document_id": "third", "votes_anna": 50,
             "votes_boris": 47, "corrects": "a", "reason": "misread"},
        ],
        official_results=[
            {"registered": 500, "stations_total": 3, "published_at": "2024-05-05"},
            {"votes_anna": 65, "version": 2, "published_at": "2024-05-07"},
        ],
    )  # fmt: skip
    found = bounds_history(tables, "mayor", area_id="city", option_id="anna", reading=HEADLINE)
    assert [(m.day, m.documents, m.feasible.low, m.feasible.high) for m in found] == [
        ("2024-05-05", 0, 0, 500),
        ("2024-05-06", 1, 60, 360),
        ("2024-05-07", 1, 60, 360),
        ("2024-05-08", 2, 70, 170),
        ("2024-05-09", 2, 60, 160),
    ]
    assert [m.verdict for m in found] == [
        Verdict.POSSIBLE, Verdict.POSSIBLE, Verdict.POSSIBLE, Verdict.CONTRADICTED,
        Verdict.POSSIBLE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("denominator", "low", "high"),
    [
        pytest.param(Denominator.BALLOTS, Fraction(70, 300), Fraction(170, 300), id="ballots"),
        pytest.param(Denominator.VALID, Fraction(70, 287), Fraction(170, 287), id="valid"),
        pytest.param(Denominator.REGISTERED, Fraction(70, 500), Fraction(170, 500), id="roll"),
    ],
)
def test_share_bounds(denominator, low, high):
    """70 of 200 ballots seen, 100 voters unseen: all for her, or all for others."""
    tables = small_tables(
        protocols=FORMS, official_results=[{"registered": 500, "stations_total": 3}]
    )
    votes = recorded_votes(tables, "mayor", HEADLINE)
    found = vote_share_bounds(tables, votes, "city", option_id="anna", denominator=denominator)
    assert (found.interval.low, found.interval.high) == (low, high)


def test_shares_without_a_roll_are_unbounded_and_turnout_unknown():
    tables = small_tables(protocols=FORMS)
    votes = recorded_votes(tables, "mayor", HEADLINE)
    found = vote_share_bounds(
        tables, votes, None, option_id="anna", denominator=Denominator.BALLOTS
    )
    assert (found.interval.low, found.interval.high, found.least) == (0, 1, None)
    assert turnout_bounds(tables, votes, None) is None


def test_turnout_bounds():
    tables = small_tables(
        protocols=FORMS, official_results=[{"registered": 500, "stations_total": 3}]
    )
    found = turnout_bounds(tables, recorded_votes(tables, "mayor", HEADLINE), "city")
    assert (found.interval.low, found.interval.high) == (Fraction(200, 500), Fraction(300, 500))
