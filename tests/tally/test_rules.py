"""Every protocol rule: a good form, a bad form, and what the breach takes out of the bounds."""

import polars as pl
import pytest

from pollwitness.tally import RULES, Effect, Reading, breaches, recorded_votes
from tests.build import form, small_case, small_tables

GOOD = form("s1", 60, 37, invalid=3, ballots=100, registered=200, valid=97, issued=101,
            early=10, mobile=5, added=2)  # fmt: skip
FULL = form("s1", 60, 37, invalid=3, ballots=100)
OTHER = form("s2", 41, 55, invalid=4, ballots=100, registered=300)
THREE = ("anna", "boris", "clara")


def three(station: str, anna: int, boris: int, clara: int, **more):
    return form(station, anna, boris, votes_clara=clara, invalid=0, **more)


BAD = {
    "P001": [{**GOOD, "valid": None, "votes_anna": 61}],
    "P002": [{**GOOD, "valid": None, "invalid": None, "votes_anna": 64}],
    "P003": [{**GOOD, "valid": None, "invalid": None}],
    "P004": [{**GOOD, "valid": None, "ballots": None}],
    "P005": [{**GOOD, "registered": 97}],
    "P006": [{**GOOD, "votes_anna": 62, "ballots": 102}],
    "P007": [{**GOOD, "invalid": 5, "votes_boris": 35}],
    "P008": [{**GOOD, "issued": 99}],
    "P009": [{**GOOD, "early": 96}],
    "P010": [{"station_id": "s1", "registered": 200}],
    "P011": [form("s1", 0, 0, invalid=0, ballots=0, registered=200)],
    "P012": [three("s1", 30, 20, 7, ballots=57), three("s2", 30, 20, 7, ballots=57)],
    "P013": [FULL, {**FULL, "votes_anna": 37, "votes_boris": 60}],
    "P014": [form("s1", 199, 1, invalid=0, ballots=200, registered=300)],
    "P015": [form("s1", 120, 77, invalid=3, ballots=200, registered=201)],
    "P016": [form("s1", 60, 28, invalid=12, ballots=100, registered=300)],
    "P017": [FULL, {**FULL, "votes_anna": 61, "votes_boris": 36}],
    "P018": [{**GOOD, "registered": 300}],
    "P019": [form("s1", 60, None, invalid=3, ballots=100, registered=200)],
    "P020": [three("s1", 100, 40, 20, ballots=160)],
    "P021": [{**GOOD, "issued": 130}],
}  # fmt: skip
STATIONS = [{"station_id": "s1", "registered": 200}, {"station_id": "s2"}]


def broken(forms) -> set[str]:
    options = THREE if any("votes_clara" in f for f in forms) else ("anna", "boris")
    tables = small_tables(small_case(options), protocols=forms, stations=STATIONS)
    return set(breaches(tables)["rule"].to_list())


def test_good_forms_break_no_rule():
    assert broken([GOOD, OTHER]) == set()


def test_every_rule_has_a_bad_form_and_ids_are_unique():
    assert [rule.id for rule in RULES] == sorted(BAD)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_form_breaks_its_rule(rule):
    assert rule.id in broken(BAD[rule.id])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_breach_takes_out_of_the_bounds(rule):
    forms = BAD[rule.id]
    options = THREE if any("votes_clara" in f for f in forms) else ("anna", "boris")
    tables = small_tables(small_case(options), protocols=forms, stations=STATIONS)
    seen = {r: int(recorded_votes(tables, "mayor", r).seen.sum()) for r in Reading}
    stations = len({f["station_id"] for f in forms})
    match rule.effect:
        case Effect.NOTHING:
            assert seen == dict.fromkeys(Reading, stations)
        case Effect.INCONSISTENT:
            assert seen == {
                Reading.AS_WRITTEN: 1, Reading.ONE_FIGURE_MISREAD: 1, Reading.LEFT_OUT: 0
            }  # fmt: skip
        case Effect.EVERYTHING:
            assert seen == dict.fromkeys(Reading, 0)


def test_rejected_and_corrected_copies_are_not_listed():
    wrong = {**GOOD, "votes_anna": 99, "valid": None}
    tables = small_tables(
        protocols=[
            {**wrong, "copy_id": "a"},
            {**GOOD, "copy_id": "b", "corrects": "a", "reason": "6 read as 9"},
            {**wrong, "copy_id": "c", "status": "rejected", "reason": "another station"},
        ]
    )
    assert breaches(tables).is_empty()


def test_breaches_name_rule_contest_station_and_copy():
    tables = small_tables(protocols=[{**GOOD, "registered": 97, "copy_id": "x"}])
    assert breaches(tables).filter(pl.col("rule") == "P005").rows() == [
        ("P005", "mayor", "s1", "x")
    ]
