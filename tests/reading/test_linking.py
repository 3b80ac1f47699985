"""To which option, contest and place a figure belongs: where it is not plain, it stays open."""

import datetime
from dataclasses import replace

import pytest

from pollwitness.reading.claim_rows import Article, claim_rows
from pollwitness.reading.propose import read_text
from tests.build import small_case

DAY = datetime.date(2024, 5, 10)
AREAS = [("land", "Land", None), ("north", "North region", "land"), ("south", "South city", "land")]


def case():
    made = small_case(("anna", "boris"))
    options = tuple(
        replace(one, name=name)
        for one, name in zip(made.contests[0].options, ("Anna Torvald", "Boris Lund"), strict=True)
    )
    return replace(made, contests=(replace(made.contests[0], options=options),))


def first(text):
    rows = claim_rows(text, read_text(text, DAY), Article(case(), AREAS, "d", DAY))
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("text", "option", "area"),
    [
        ("Anna Torvald received 500 votes.", "anna", "land"),
        ("President Lund has won 54.3 percent of the vote.", "boris", "land"),
        ("The commission said that Anna Torvald had won 500 votes.", "anna", "land"),
        ("In North region, it said, Lund received 500 votes.", "boris", "north"),
        ("The commission counted and 500 votes were cast for Anna Torvald.", "anna", None),
        ("In Slutsk, Lund received 500 votes.", "boris", None),
        ("Lund received 500 votes at the embassy.", "boris", None),
        ("North voters gave it: Lund received 500 votes.", "boris", None),
        ("Lund said his main rival received 500 votes.", None, "land"),
        ("Lund's closest rival received 500 votes.", None, "land"),
        ("Lund said she had received 500 votes.", None, "land"),
        ("Candidates other than Torvald received 500 votes.", None, "land"),
        ("Dmitri Lund received 500 votes.", None, "land"),
        ("Torvald beat Lund and he received 500 votes.", None, "land"),
        ("Torvald led with 50 percent of the votes counted.", None, None),
    ],
)  # fmt: skip
def test_options_and_places(text, option, area):
    row = first(text)
    assert (row["option_id"], row["area_id"]) == (option, area)


@pytest.mark.parametrize(
    "text",
    ["In 2010, Lund received 500 votes.", "Lund won 12 votes in the school board election.",
     "Lund received 500 votes in the parliamentary vote."],
)  # fmt: skip
def test_another_election_has_no_contest_here(text):
    row = first(text)
    assert row["contest_id"] is None
    assert row["option_id"] is None


@pytest.mark.parametrize(
    ("text", "unit", "low"),
    [
        ("Lund received at least 1 percent of the vote.", "percent", "1"),
        ("Lund received 0.9 percent of the vote.", "percent", "0.9"),
        ("Lund received half of the vote.", "share", "0.5"),
    ],
)
def test_small_percentages_are_no_shares(text, unit, low):
    row = first(text)
    assert (row["unit"], row["low"]) == (unit, low)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("On Sunday, 60 people were arrested.", (None, "2024-05-05", "2024-05-05")),
        ("60 people were arrested since Sunday.", (None, "2024-05-05", "2024-05-10")),
        ("60 people were arrested by Monday.", (None, None, "2024-05-06")),
        ("Officials said on Friday that 60 people were arrested.", ("2024-05-10", None, None)),
        ("After the long vote of Sunday, and much talk, officials said 60 people were arrested.",
         (None, None, None)),
    ],
)  # fmt: skip
def test_days(text, days):
    row = first(text)
    assert tuple(row.get(name) for name in ("stated_at", "event_from", "event_to")) == days


def test_statements_that_assert_nothing_become_no_claims():
    for text in (
        "Torvald needs 500 votes to win.", "Lund will win 80 percent of the vote.",
        "There is no evidence that 60 people were killed.", "Turnout fell by 5 percentage points.",
        "Lund received 9" + "0" * 40 + " votes.",
    ):  # fmt: skip
        assert first(text) is None, text
