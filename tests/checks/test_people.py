"""Claims of arrested, released and killed people against entries: days, areas, kinds, denials."""

import pytest

from pollwitness.checks import run_checks
from tests.build import small_tables

WORDS = ("Вымышленка", "Придуманский", "Nieisny", "Ciemny", "Harny", "Bieły", "Rudy", "Šery",
         "Новы", "Стары", "Малы", "Вялікі", "Хуткі", "Ціхі")  # fmt: skip
GIVEN = ("Aleh", "Ihar", "Andrei", "Mikalai", "Siarhei", "Pavel", "Viktar", "Yury", "Maksim",
         "Anton", "Hleb", "Vadzim", "Barys", "Raman")  # fmt: skip


def entry(n, **more):
    """An entry that is certainly different from all others."""
    return {
        "record_id": f"e{n}",
        "list_id": "list",
        "given": GIVEN[n],
        "surname": WORDS[n],
        "birth_year": 1950 + 3 * n,
        "area_id": "north",
        "detained_on": "2020-08-10",
        **more,
    }


def verdicts(entries, **claim):
    whole = {"claim_id": "c", "unit": "people", "area_id": "city", "contest_id": None,
             "option_id": None, "event_from": "2020-08-09", "event_to": "2020-08-12",
             "measure": "people_arrested", **claim}  # fmt: skip
    tables = small_tables(
        areas=[{"area_id": "city", "level": "city"},
               {"area_id": "north", "level": "district", "parent_id": "city"},
               {"area_id": "south", "level": "district", "parent_id": "city"}],
        documents=[{"document_id": "paper"}],
        detention_lists=[{"list_id": "list", "document_id": "paper", "names_nobody_twice": False}],
        detentions=entries, claims=[whole],
    )  # fmt: skip
    found = [one for one in run_checks(tables).findings if one.check == "detentions.bounds"]
    return found[0].verdict if found else None


def all_but(count, **more):
    """14 entries; the last so many differ as said."""
    return [entry(n, **(more if n >= 14 - count else {})) for n in range(14)]


def test_more_entries_than_a_claim_allows():
    """14 people, published as at least 10."""
    assert verdicts(all_but(0), comparator="eq", low="9") == "contradicted"
    assert verdicts(all_but(0), comparator="at_most", high="9") == "contradicted"
    assert verdicts(all_but(0), comparator="at_least", low="10") == "entailed"
    assert verdicts(all_but(0), comparator="at_least", low="11") == "possible"
    assert verdicts(all_but(0), comparator="eq", low="12") == "possible"
    assert (
        verdicts(all_but(0), comparator="at_least", low="10", polarity="denied") == "contradicted"
    )


@pytest.mark.parametrize(
    "more",
    [{"detained_on": "2020-08-13"}, {"detained_on": "2020-08-08"}, {"detained_on": None}],
)
def test_entries_of_other_days_or_of_none_do_not_count(more):
    assert verdicts(all_but(4, **more), comparator="eq", low="9") == "contradicted"
    assert verdicts(all_but(5, **more), comparator="eq", low="9") is None, "nine are not published"


def test_entries_of_other_places_do_not_count():
    south = all_but(5, area_id="south")
    assert verdicts(south, comparator="eq", low="9", area_id="north") is None
    assert verdicts(south, comparator="eq", low="9", area_id="city") == "contradicted"
    nowhere = all_but(5, area_id=None)
    assert verdicts(nowhere, comparator="eq", low="9", area_id="north") is None
    assert verdicts(nowhere, comparator="eq", low="9", area_id="city") == "contradicted"


def test_who_was_released_later_was_not_released_then():
    """Of those detained in time, only who was released in time counts."""
    early = [entry(n, status="released", released_on="2020-08-12") for n in range(14)]
    late = [entry(n, status="released", released_on="2020-08-20") for n in range(14)]
    undated = [entry(n, status="released") for n in range(14)]
    claim = {"measure": "people_released", "comparator": "eq", "low": "9"}
    assert verdicts(early, **claim) == "contradicted"
    assert verdicts(late, **claim) is None
    assert verdicts(undated, **claim) is None
    assert verdicts(late, stated_at="2020-08-13", **claim) is None
    assert verdicts(early, area_id="north", **claim) is None, "where is not known"


def test_nobody_counts_what_came_after_she_spoke():
    ten = [entry(n, detained_on="2020-08-10T22:00+03:00") for n in range(14)]
    claim = {"comparator": "eq", "low": "9"}
    assert verdicts(ten, stated_at="2020-08-10T09:00+03:00", **claim) is None
    assert verdicts(ten, stated_at="2020-08-10", **claim) is None
    assert verdicts(ten, stated_at="2020-08-11", **claim) == "contradicted"
    assert verdicts(ten, stated_at="2020-08-11", event_to="2020-08-31", **claim) == "contradicted"
    assert verdicts(ten, stated_at="2020-08-10", event_to="2020-08-31", **claim) is None
    assert verdicts(ten, event_from="2020-08-10T18:00+03:00", **claim) is None
    assert verdicts(ten, event_to="2020-08-10T12:00+03:00", **claim) is None
    assert verdicts(ten, event_from=None, **claim) is None, "since when is not said"


def test_who_was_released_and_died_was_not_killed():
    dead = [entry(n, status="released", died_on="2020-08-11") for n in range(14)]
    assert verdicts(dead, measure="people_killed", comparator="eq", low="0") is None


def test_who_died_later_was_alive_then():
    dead = [entry(n, status="killed", died_on="2020-08-19") for n in range(14)]
    claim = {"measure": "people_killed", "comparator": "eq", "low": "0"}
    assert verdicts(dead, **claim) is None
    later = {"event_from": "2020-08-09", "event_to": "2020-08-19"}
    assert verdicts(dead, **claim | later) == "contradicted"
    assert verdicts([entry(n, status="killed") for n in range(14)], **claim) is None
    assert verdicts(all_but(0), **claim) is None, "the others are not known to be dead"


def test_claims_that_are_not_of_people_or_have_no_range():
    assert verdicts(all_but(0), comparator="eq", low="9", unit="percent") is None


def test_one_of_several_regions_is_not_the_whole():
    """Entries without a place count for the whole of the case, which here no area is."""
    tables = small_tables(
        areas=[{"area_id": one, "level": "region"} for one in ("north", "south")],
        documents=[{"document_id": "paper"}],
        detention_lists=[{"list_id": "list", "document_id": "paper", "names_nobody_twice": False}],
        detentions=all_but(5, area_id=None),
        claims=[{"claim_id": name, "unit": "people", "area_id": area, "contest_id": None,
                 "measure": "people_arrested", "low": "9", "event_from": "2020-08-09",
                 "event_to": "2020-08-12"} for name, area in (("whole", None), ("part", "north"))],
    )  # fmt: skip
    found = {one.claim_id: one.verdict for one in run_checks(tables).findings
             if one.check == "detentions.bounds"}  # fmt: skip
    assert found == {"whole": "contradicted"}
