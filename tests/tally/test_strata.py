"""Γ within strata: by hand on two areas, and with sizes of stations."""

import pytest

from pollwitness.tally import (
    Reading,
    officials_by_area,
    recorded_votes,
    release_bias_within_strata,
    remainder,
)
from tests.build import form, small_case, small_tables

AREAS = [{"area_id": "land"}, {"area_id": "north", "parent_id": "land"},
         {"area_id": "south", "parent_id": "land"}]  # fmt: skip
FORMS = (
    form("n1", 60, 40, invalid=0, ballots=100),
    form("s1", 20, 80, invalid=0, ballots=100),
)


def gamma(*, official, registered=(None,) * 4, areas=AREAS):
    stations = [
        {"station_id": name, "area_id": area, "registered": voters}
        for (name, area), voters in zip(
            (("n1", "north"), ("n2", "north"), ("s1", "south"), ("s2", "south")),
            registered, strict=True,
        )
    ]  # fmt: skip
    tables = small_tables(
        small_case(), areas=areas, stations=stations, protocols=FORMS, official_results=official
    )
    votes = recorded_votes(tables, "mayor", Reading.AS_WRITTEN)
    land = officials_by_area(tables, "mayor")["land"]
    return release_bias_within_strata(tables, votes, land, remainder(tables, votes, land, "anna"))


NATION = {"area_id": "land", "ballots": 400, "votes_anna": 120, "stations_total": 4}


def test_the_same_factor_in_both_areas_gives_the_unseen_votes():
    """Unseen: 100 ballots in each area, 40 votes. Odds 1.5 and 0.25, both divided by Γ."""
    found = gamma(
        official=[
            NATION,
            {"area_id": "north", "ballots": 200},
            {"area_id": "south", "ballots": 200},
        ]
    )
    odds = [1.5 / found.gamma, 0.25 / found.gamma]
    assert found.strata == 2
    assert sum(100 * o / (1 + o) for o in odds) == pytest.approx(40)


def test_areas_whose_ballots_nobody_knows_are_one_stratum_together():
    found = gamma(official=[NATION, {"area_id": "north", "ballots": 200}])
    assert found.strata == 2


def test_sizes_divide_the_strata_where_every_station_lists_its_voters():
    areas = [{"area_id": area, "ballots": 200} for area in ("north", "south")]
    found = gamma(official=[NATION, *areas], registered=(120, 900, 120, 300))
    assert found.strata == 6
    assert found.gamma > 1


def test_one_stratum_is_no_stratification():
    assert gamma(official=[NATION]) is None


def test_without_unseen_ballots_there_is_nothing_to_compare():
    assert gamma(official=[{**NATION, "ballots": None}]) is None
    assert gamma(official=[{**NATION, "ballots": 200}]) is None
