"""What a form says about its station in the three readings, worked out by hand."""

import pytest

from pollwitness.tables import LARGEST_COUNT
from pollwitness.tally import Reading, recorded_votes, station_forms
from tests.build import form, small_tables


def ranges(*forms, reading=Reading.ONE_FIGURE_MISREAD):
    tables = small_tables(protocols=forms)
    rows = station_forms(tables.table("protocols"), ("anna", "boris"), reading).to_dicts()
    return [
        {
            name: (row[f"{column}_low"], row[f"{column}_high"])
            for name, column in (
                ("anna", "votes_anna"), ("boris", "votes_boris"), ("invalid", "invalid"),
                ("ballots", "ballots"),
            )
        }
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize("reading", Reading)
def test_a_consistent_form_fixes_its_station_in_every_reading(reading):
    assert ranges(form("s", 60, 37, invalid=3, ballots=100), reading=reading) == [
        {"anna": (60, 60), "boris": (37, 37), "invalid": (3, 3), "ballots": (100, 100)}
    ]


def test_parts_above_the_ballots_each_may_be_too_high_by_the_mismatch():
    assert ranges(form("s", 60, 47, invalid=3, ballots=100)) == [
        {"anna": (50, 60), "boris": (37, 47), "invalid": (0, 3), "ballots": (100, 110)}
    ]


def test_parts_below_the_ballots_each_may_be_too_low_by_the_mismatch():
    assert ranges(form("s", 60, 27, invalid=3, ballots=100)) == [
        {"anna": (60, 70), "boris": (27, 37), "invalid": (3, 13), "ballots": (90, 100)}
    ]


def test_as_written_keeps_the_figures_and_leaves_the_ballots_between_both_sums():
    assert ranges(form("s", 60, 47, invalid=3, ballots=100), reading=Reading.AS_WRITTEN) == [
        {"anna": (60, 60), "boris": (47, 47), "invalid": (3, 3), "ballots": (100, 110)}
    ]


def test_left_out_drops_the_form():
    assert ranges(form("s", 60, 47, invalid=3, ballots=100), reading=Reading.LEFT_OUT) == []


def test_a_blank_is_unknown_and_known_figures_stay_as_written():
    assert ranges(form("s", 60, 37, ballots=100)) == [
        {"anna": (60, 60), "boris": (37, 37), "invalid": (None, None), "ballots": (100, 100)}
    ]


def test_known_parts_above_the_ballots_of_an_incomplete_form():
    """60 + 47 > 100: a vote is 7 too high, or there were more ballots, up to the roll."""
    assert ranges(form("s", 60, 47, ballots=100, registered=150)) == [
        {"anna": (53, 60), "boris": (40, 47), "invalid": (None, None), "ballots": (100, 150)}
    ]
    assert ranges(form("s", 60, 47, ballots=100))[0]["ballots"] == (100, LARGEST_COUNT)


def test_more_ballots_than_voters_on_an_incomplete_form_may_be_misread_ballots():
    assert ranges(form("s", 60, 30, ballots=100, registered=95))[0] == {
        "anna": (60, 60), "boris": (30, 30), "invalid": (None, None), "ballots": (90, 100)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("valid", "ballots", "expected"),
    [
        pytest.param(97, 103, (60, 60), id="only ballots disagree: not a vote"),
        pytest.param(99, 100, (60, 60), id="only valid disagrees: not a vote"),
        pytest.param(95, 98, (58, 60), id="both disagree alike: a vote is 2 too high"),
        pytest.param(99, 102, (60, 62), id="both disagree alike: a vote is 2 too low"),
        pytest.param(95, 97, (57, 60), id="both disagree differently: the greater gap"),
    ],
)
def test_stated_valid_ballots_tell_which_figure_may_be_wrong(valid, ballots, expected):
    found = ranges(form("s", 60, 37, invalid=3, valid=valid, ballots=ballots))
    assert found[0]["anna"] == expected


def test_valid_and_invalid_stand_in_for_blank_ballots():
    assert ranges(form("s", 60, 37, invalid=3, valid=97))[0]["ballots"] == (100, 100)


@pytest.mark.parametrize(
    ("anna", "boris", "more", "expected"),
    [
        pytest.param(60, None, {"valid": 100}, {"votes_boris": (40, 40)}, id="the other vote"),
        pytest.param(None, None, {"valid": 47, "ballots": 50},
                     {"votes_anna": (0, 47), "votes_boris": (0, 47), "invalid": (3, 3)},
                     id="both votes and invalid"),
        pytest.param(60, 37, {"ballots": 100, "valid": 97}, {"invalid": (3, 3)}, id="invalid"),
        pytest.param(60, None, {"valid": 50, "ballots": 70}, {"votes_anna": (50, 60)},
                     id="valid that contradicts the votes is not believed"),
    ],
)  # fmt: skip
def test_stated_valid_ballots_bound_what_is_blank(anna, boris, more, expected):
    tables = small_tables(protocols=[form("s", anna, boris, registered=500, **more)])
    votes = recorded_votes(tables, "mayor", Reading.ONE_FIGURE_MISREAD)
    found = {
        name: (int(votes.low[0, c]), int(votes.high[0, c])) for c, name in enumerate(votes.parts)
    }
    assert {name: found[name] for name in expected} == expected


def test_copies_that_differ_give_the_hull_and_blanks_do_not_widen():
    found = ranges(
        form("s", 60, 37, invalid=3, ballots=100),
        form("s", 62, 35, invalid=3, ballots=100),
        form("s", 60, None, ballots=100),
    )
    assert found == [
        {"anna": (60, 62), "boris": (35, 37), "invalid": (3, 3), "ballots": (100, 100)}
    ]


def test_corrected_rejected_and_unread_copies_bound_nothing():
    wrong = {"votes_anna": 90, "reason": "misread"}
    found = ranges(
        {**form("s", 60, 37, invalid=3, ballots=100), **wrong, "copy_id": "a"},
        {**form("s", 60, 37, invalid=3, ballots=100), "copy_id": "b", "corrects": "a"},
        {**form("s", 1, 1, ballots=2), "copy_id": "c", "status": "rejected"},
        {**form("s", 2, 2, ballots=4), "copy_id": "d", "status": "unread"},
    )
    assert found[0]["anna"] == (60, 60)


def test_a_rejected_correction_corrects_nothing():
    found = ranges(
        {**form("s", 60, 37, invalid=3, ballots=100), "copy_id": "a"},
        {**form("s", 1, 1, ballots=2), "copy_id": "b", "corrects": "a", "status": "rejected"},
    )
    assert found[0]["anna"] == (60, 60)
