"""Honest data in unusual forms, each of which must raise no alarm: what is known says so."""

import pytest

from pollwitness.checks import run_checks
from pollwitness.quantities import Rung, Verdict
from tests.build import form, small_case, small_tables

TWO = [form(s, 60, 40, invalid=0, ballots=100, registered=120) for s in ("s1", "s2")]
ONE = {"votes_anna": 60, "votes_boris": 40}
LAND = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"}]


def station(name, area, **more):
    return {"station_id": name, "area_id": area, **more}


def claim(low, **more):
    return {"measure": "votes", "option_id": "anna", "low": low, **more}


SHARE = {"measure": "vote_share", "option_id": "anna", "unit": "percent"}
TURNOUT = {"measure": "turnout", "unit": "percent", "denominator": "registered"}

CASES = {
    "a partial version 1 beside a complete version 2": {
        "protocols": TWO,
        "official_results": [
            {**ONE, "stations_counted": 1, "stations_total": 2, "ballots": 100, "invalid": 0},
            {"votes_anna": 120, "votes_boris": 80, "version": 2, "stations_counted": 2,
             "stations_total": 2},
        ],
    },
    "a partial count beside a later turnout": {
        "protocols": TWO,
        "official_results": [
            {**ONE, "stations_counted": 1, "stations_total": 2, "registered": 240}
        ],
        "official_figures": [
            {**TURNOUT, "low": "83.3", "high": "83.3", "rounded_to": "0.1", "version": 2}
        ],
    },
    "two prints of a partial count, one without its coverage": {
        "protocols": TWO,
        "official_results": [ONE, {**ONE, "stations_counted": 1, "stations_total": 2}],
    },
    "a partial count of an unknown total": {
        "protocols": TWO, "official_results": [{**ONE, "stations_counted": 1}],
    },
    "a station that lies in the parent itself": {
        "case": small_case(roll_additions=0), "areas": LAND,
        "stations": [station("s0", "land", registered=100),
                     station("s1", "north", registered=100)],
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=100)],
        "official_results": [
            {"area_id": "north", **ONE, "stations_total": 1, "registered": 100},
            {"area_id": "land", "votes_anna": 120, "votes_boris": 80, "registered": 200},
        ],
        "claims": [claim("120", area_id="land")],
    },
    "more stations seen than an area is said to have": {
        "areas": LAND, "stations": [station("s0", "land"), station("s1", "north")],
        "protocols": [form("s0", 1, 2), form("s1", 60, 40)],
        "official_results": [{"area_id": "land", "stations_total": 1, "votes_anna": 61}],
        "claims": [{"measure": "stations_won", "option_id": "anna", "low": "1",
                    "unit": "stations", "area_id": "land"}],
    },
    "turnout of a roll that grew": {
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=125)],
        "official_results": [
            {"registered": 110, "published_at": "2024-03-01", "stations_total": 1}
        ],
        "official_figures": [
            {**TURNOUT, "low": "80", "high": "80", "rounded_to": "1", "version": 2}
        ],
        "claims": [{**TURNOUT, "low": "80"}],
    },
    "turnout of a final roll with added voters": {
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=100, added=25)],
        "official_results": [{"registered": 100, "added": 25, "stations_total": 1}],
        "claims": [{**TURNOUT, "low": "80"}],
    },
    "added voters that one form leaves blank": {
        "protocols": [
            form("s1", 105, None, registered=100),
            form("s2", 1, 1, invalid=0, ballots=2, registered=9, added=1),
        ],
        "official_results": [{"votes_boris": 6}],
        "voter_reports": [{"station_id": "s1", "option_id": "boris", "reports": 5}],
        "claims": [claim("6", option_id="boris")],
    },
    "added voters that the official roll leaves out": {
        "protocols": [form("s1", 60, 40, registered=100, added=5)],
        "official_results": [{"registered": 100, "stations_total": 1}],
    },
    "added voters that one of two copies leaves blank": {
        "protocols": [
            form("s1", 65, 40, invalid=0, ballots=105, registered=100, added=5),
            form("s1", 65, 40, invalid=0, ballots=105, registered=100),
        ],
        "voter_reports": [
            {"station_id": "s1", "option_id": "anna", "reports": 65},
            {"station_id": "s1", "option_id": "boris", "reports": 38},
        ],
    },
    "a station's official roll without its added voters": {
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=100, added=5)],
        "official_results": [{"station_id": "s1", "registered": 100, **ONE, "ballots": 100}],
    },
    "rounded official figures of a station": {
        "protocols": [form("s1", 63, 40, invalid=0, ballots=103)],
        "official_results": [
            {"station_id": "s1", **ONE, "rounded_to": 10, "rounding": "truncated"}
        ],
    },
    "reports and shares against a repeated partial figure": {
        "protocols": [
            form("s1", 60, 40, invalid=0, ballots=100, registered=120),
            form("s2", 60, 140, invalid=0, ballots=200, registered=220),
        ],
        "official_results": [
            {**ONE, "ballots": 100, "registered": 340, "stations_counted": 1, "stations_total": 2}
        ],
        "voter_reports": [
            {"station_id": s, "option_id": "anna", "reports": 50} for s in ("s1", "s2")
        ],
        "protocol_sums": [{"area_id": "city", "stations": 2, "votes_anna": 120}],
        "claims": [claim("60"), {**SHARE, "low": "60", "denominator": "ballots"}],
    },
    "a share of registered voters that nobody can bound": {
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=150)],
        "official_results": [{"votes_anna": 60, "stations_total": 1}],
        "claims": [{**SHARE, "low": "40", "denominator": "unknown"}],
    },
    "uncounted voters and a form without a roll": {
        "protocols": [
            form("s1", 100, 40), form("s2", 60, 40, invalid=0, ballots=100, registered=120)
        ],
        "official_results": [
            {**ONE, "ballots": 100, "registered": 270, "registered_counted": 120}
        ],
        "claims": [claim("60")],
    },
    "a corrected copy that states early voting": {
        "protocols": [
            form("s1", 60, 40, invalid=0, ballots=100, early=0, mobile=0, copy_id="c1"),
            form("s1", 60, 40, invalid=0, ballots=100, copy_id="c2", corrects="c1", reason="x"),
        ],
        "turnout_counts": [{"station_id": "s1", "entered": 90}],
    },
    "a turnout above 100 %": {
        "protocols": [form("s1", 60, 40, invalid=0, ballots=100, registered=90, added=20)],
        "official_results": [{"registered": 90, "added": 20, "stations_total": 1}],
        "official_figures": [
            {**TURNOUT, "low": "111.1", "high": "111.1", "rounded_to": "0.1"}
        ],
    },
    "at most 500, with the low end filled in too": {
        "protocols": TWO, "claims": [claim("0", comparator="at_most", high="500")],
    },
    "a rounded range": {
        "protocols": [form("s1", 1254, 0, invalid=0, ballots=1254)],
        "official_results": [{"registered": 1254, "stations_total": 1}],
        "claims": [claim("1240", comparator="between", high="1250", rounded_to="10",
                         rounding="half_up")],
    },
}  # fmt: skip


def alarms(tables):
    return [
        (f.check, f.claim_id, f.inequality)
        for f in run_checks(tables).findings
        if f.rung is Rung.BOUNDS and f.verdict is Verdict.CONTRADICTED
    ]


@pytest.mark.parametrize("name", CASES)
def test_honest_data_raise_no_alarm(name):
    tables = dict(CASES[name])
    assert alarms(small_tables(tables.pop("case", None), **tables)) == []


def test_what_is_not_known_to_be_complete_entails_nothing():
    tables = dict(CASES["a station that lies in the parent itself"])
    tables["claims"] = [claim(None, comparator="at_most", high="60", area_id="land")]
    answers = run_checks(small_tables(tables.pop("case"), **tables))
    assert [str(v.verdict) for v in answers.verdicts] == ["possible"]


def test_an_excess_belongs_to_the_area_whose_roll_it_exceeds():
    tables = small_tables(
        areas=LAND,
        stations=[station("s1", "north")],
        protocols=[form("s1", 60, 40, invalid=0, ballots=100, registered=120)],
        official_results=[
            {"area_id": "north", "registered": 100, "stations_total": 1},
            {"area_id": "land", "registered": 100_000, "stations_total": 1},
        ],
    )
    found = [f for f in run_checks(tables).findings if f.check == "tally.rolls"]
    assert [f.scope.area_id for f in found] == ["north"]


def test_an_early_count_of_nothing_is_answered():
    tables = small_tables(
        protocols=[form("s1", 5, 15, invalid=0, ballots=20)],
        official_results=[{"votes_anna": 0, "votes_boris": 0, "ballots": 0, "stations_total": 2}],
    )
    assert ("tally.official", None) in [(check, name) for check, name, _ in alarms(tables)]


def test_an_entailed_range_rests_on_its_weaker_end():
    """10 to 510 of 1,500 voters; "between 1 and 600" falls if the form of 10 voters falls."""
    tables = small_tables(
        protocols=[
            form("s1", 10, 0, invalid=0, ballots=10, registered=1000),
            form("s2", 500, 0, invalid=0, ballots=500, registered=500),
        ],
        official_results=[{"registered": 1500, "stations_total": 2}],
        claims=[claim("1", comparator="between", high="600")],
    )
    found = next(f for f in run_checks(tables).findings if f.check == "tally.votes")
    assert (found.verdict, found.robustness.least) == (Verdict.ENTAILED, 1)


def test_a_figure_above_the_whole_roll_rests_on_no_protocol():
    tables = small_tables(
        protocols=[form("s1", 60, 40, invalid=0, ballots=100)],
        official_results=[{"registered": 500, "stations_total": 3}],
        claims=[claim("600"), {"measure": "ballots", "low": "501"}],
    )
    found = [f for f in run_checks(tables).findings if f.check in ("tally.votes", "tally.ballots")]
    assert [(f.verdict, f.robustness) for f in found] == [(Verdict.CONTRADICTED, None)] * 2


@pytest.mark.parametrize(
    ("low", "verdict"),
    [
        pytest.param("0.89", "possible", id="0.883 is printed so only where rounding is odd"),
        pytest.param("0.88", "contradicted", id="0.883 is printed as 0.88 by every rule"),
        pytest.param("0.95", "entailed", id="0.883 is never printed as 0.95"),
    ],
)
def test_a_denied_figure_of_unknown_rounding(low, verdict):
    """219 of 248 ballots: a share of 0.883."""
    tables = small_tables(
        protocols=[form("s1", 219, 29, invalid=0, ballots=248, registered=299)],
        official_results=[{"registered": 299, "stations_total": 1}],
        claims=[{**SHARE, "unit": "share", "low": low, "denominator": "ballots",
                 "polarity": "denied"}],
    )  # fmt: skip
    assert [str(v.verdict) for v in run_checks(tables).verdicts] == [verdict]


def test_a_published_sum_adds_nothing_to_what_protocols_contradict_alone():
    tables = small_tables(
        protocols=[form(f"s{n}", 100, 0, invalid=0, ballots=100) for n in range(9)],
        protocol_sums=[{"area_id": "city", "stations": 1, "votes_anna": 10, "overlap": "disjoint"}],
        claims=[claim("100")],
    )
    checks = {f.check for f in run_checks(tables).findings}
    assert "tally.votes" in checks
    assert "tally.sums" not in checks
