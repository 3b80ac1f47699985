"""Lists to be looked at: late counts, equal results, unlike stations of one building."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from pollwitness.checks import number_text
from pollwitness.claims import Json, number
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.forensics.about_lines import about_lines, about_object
from pollwitness.cli.forensics.application import (
    BallotsOption,
    ContestOption,
    LeaderOption,
    RegionOption,
    TableArgument,
    app,
)
from pollwitness.cli.forensics.tables import Late, Vectors, read_late, read_vectors
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.forensics import (
    BuildingTest,
    LateShift,
    LevelShift,
    PairCount,
    SameResults,
    ShiftReading,
    late_shift,
    same_building,
    same_results,
)
from pollwitness.forensics.about import LATE_SHIFT, SAME_BUILDING, SAME_RESULTS
from pollwitness.forensics.buildings import LEAST_BALLOTS
from pollwitness.language import gettext as _
from pollwitness.language import mark, whole_number

_READINGS = {
    ShiftReading.NONE: mark("No level shows a shift beyond chance."),
    ShiftReading.EVERY_LEVEL: mark(
        "Every level that covers nine in ten late ballots shows a shift in the same direction."
    ),
    ShiftReading.DISPUTED: mark(
        "Disputed: whether there is a shift depends on the size of the places compared."
    ),
}


@app.command("late")
def late_command(
    table: TableArgument,
    until: Annotated[
        str, typer.Option("--until", help="The last early moment: a number, or a time (ISO 8601).")
    ],
    counted: Annotated[
        str | None, typer.Option("--counted", help="Column of when a station was counted (CSV).")
    ] = None,
    ballots: BallotsOption = None,
    leader: LeaderOption = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", help="Columns of places, coarse first; may be repeated (CSV)."),
    ] = None,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare late stations with early ones of the same place, at every level of places.

    Example: pollwitness forensics late results.csv --until 2024-05-12T23:00 --counted counted
    --ballots found --leader a --place region
    """
    columns = {"ballots": ballots, "leader": leader, "counted": counted}
    found = read_late(table, contest, columns, place or [], until)
    shift = late_shift(found.results)
    if as_json:
        print_json("forensics late", _late_object(found, shift))
        return
    print_lines([found.election, _coverage(found.results.ballots.size, found.left_out)])
    print_table(
        (_("places compared"), _("places"), _("late stations"), _("late ballots"),
         _("leader votes"), _("projected"), _("shift"), _("points"), _("give or take"),
         _("seen from"), _("p")),
        map(_level_row, (*shift.by_level, shift.finest)),
    )  # fmt: skip
    print_lines([
        _(_READINGS[shift.reading]),
        _("Of {n} late stations; those of a place without early ones are compared at no level of "
          "that size.").format(n=whole_number(shift.late_stations)),
        *about_lines([(_("late-count shift"), LATE_SHIFT)]),
    ])  # fmt: skip


_LEVELS = {"all": mark("the whole"), "finest": mark("finest shared place")}


def _level_row(one: LevelShift) -> tuple[str, ...]:
    return (
        _(_LEVELS[one.level]) if one.level in _LEVELS else one.level,
        whole_number(one.places),
        whole_number(one.stations),
        whole_number(one.ballots),
        whole_number(one.counted),
        whole_number(round(one.projected)),
        number_text(round(one.shift)),
        number_text(round(one.points, 2)),
        whole_number(round(one.spread)),
        whole_number(round(one.smallest)),
        number_text(one.p_value, "probability"),
    )


def _coverage(stations: int, left_out: int) -> str:
    return _("Stations: {n}; rows left out for lack of a count: {left}").format(
        n=whole_number(stations), left=whole_number(left_out)
    )


def _late_object(found: Late, shift: LateShift) -> dict[str, Json]:
    return {
        "election": found.election,
        "stations": int(found.results.ballots.size),
        "left_out": found.left_out,
        "late_stations": shift.late_stations,
        "late_ballots": shift.late_ballots,
        "reading": str(shift.reading),
        "levels": [_level_object(one) for one in (*shift.by_level, shift.finest)],
        "method": about_object(LATE_SHIFT),
    }


def _level_object(one: LevelShift) -> dict[str, Json]:
    return {
        "level": one.level,
        "places": one.places,
        "stations": one.stations,
        "ballots": one.ballots,
        "counted": one.counted,
        "projected": number(one.projected),
        "shift": number(one.shift),
        "spread": number(one.spread),
        "p_value": number(one.p_value),
        "smallest": number(one.smallest),
    }


@app.command("lists")
def lists_command(
    table: TableArgument,
    ballots: BallotsOption = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", help="Columns of votes; twice or more (CSV)."),
    ] = None,
    station: Annotated[
        str | None, typer.Option("--station", help="Column that names stations (CSV); else rows.")
    ] = None,
    region: RegionOption = None,
    building: Annotated[
        str | None, typer.Option("--building", help="Column of buildings (CSV).")
    ] = None,
    contest: ContestOption = None,
    most: Annotated[int, typer.Option(help="Lines to print of each list.", min=1)] = 20,
    as_json: JsonOption = False,
) -> None:
    """List stations of a region with equal results, and unlike stations of one building.

    Example: pollwitness forensics lists results.csv --ballots found --option a --option b
    --region region
    """
    columns = {"ballots": ballots, "station": station, "region": region, "building": building}
    found = read_vectors(table, contest, columns, option or [])
    same = same_results(found.vectors)
    houses = same_building(found.vectors)
    if as_json:
        print_json("forensics lists", _lists_object(found, same, houses))
        return
    print_lines([
        found.election,
        _coverage(len(found.vectors.names), found.left_out),
        _("Compared are stations of {least} ballots and more.").format(least=LEAST_BALLOTS),
        "",
        _pairs_line(_("Pairs of stations of a region with the same result"), same.same_pairs),
    ])  # fmt: skip
    print_table(
        (_("region"), _("stations"), *same.columns, _("chance of a pair")),
        [(one.region, ", ".join(one.stations), *map(whole_number, one.figures),
          number_text(one.chance, "probability")) for one in same.groups[:most]],
    )  # fmt: skip
    text = _("Pairs that differ by one at most in every figure")
    print_lines(["", _pairs_line(text, same.near_pairs)])
    print_table(
        (_("region"), _("stations"), *same.columns, _("chance of a pair")),
        [(one.region, ", ".join(one.stations),
          *(f"{a} / {b}" for a, b in zip(one.first, one.second, strict=True)),
          number_text(one.chance, "probability")) for one in same.near[:most]],
    )  # fmt: skip
    print_lines(["", *_building_lines(houses)])
    if houses is not None:
        _print_outliers(houses, most)
    print_lines([
        "",
        _("The least likely first. A list is where to look, and contradicts nothing."),
        *about_lines([(_("equal results"), SAME_RESULTS), (_("same building"), SAME_BUILDING)]),
    ])  # fmt: skip


def _pairs_line(what: str, pairs: PairCount) -> str:
    template = _("{what}: {seen}; by chance at most {expected}, p {p}, seen from {smallest} more")
    return template.format(
        what=what,
        seen=whole_number(pairs.observed),
        expected=number_text(float(f"{pairs.expected:.2g}")),
        p=number_text(pairs.p_value, "probability"),
        smallest=number_text(round(pairs.smallest, 1)),
    )  # fmt: skip


def _building_lines(houses: BuildingTest | None) -> Iterator[str]:
    if houses is None:
        yield _("Same building: too few stations share one, or nobody says which.")
        return
    yield _(
        "{stations} stations share {buildings} buildings; unlike the others of theirs: {n}; "
        "seen from {points} points in a building of middling size"
    ).format(
        stations=whole_number(houses.stations), buildings=whole_number(houses.buildings),
        n=whole_number(len(houses.outliers)), points=number_text(round(houses.smallest, 1)),
    )  # fmt: skip


def _print_outliers(houses: BuildingTest, most: int) -> None:
    print_table(
        (_("station"), _("building"), _("region"), _("ballots"), _("leader share"), _("others"),
         _("votes beyond"), _("p of all")),
        [(one.station, one.building, one.region, whole_number(one.ballots),
          number_text(one.share, "share"), number_text(one.others, "share"),
          number_text(round(one.votes)), number_text(one.adjusted, "probability"))
         for one in houses.outliers[:most]],
    )  # fmt: skip


def _lists_object(
    found: Vectors, same: SameResults, houses: BuildingTest | None
) -> dict[str, Json]:
    return {
        "election": found.election,
        "stations": len(found.vectors.names),
        "left_out": found.left_out,
        "compared": same.stations,
        "columns": list[Json](same.columns),
        "same": _count_object(same.same_pairs),
        "groups": [
            {"region": one.region, "stations": list[Json](one.stations),
             "figures": list[Json](one.figures), "chance": number(one.chance)}
            for one in same.groups
        ],
        "near": _count_object(same.near_pairs),
        "pairs": [
            {"region": one.region, "stations": list[Json](one.stations),
             "first": list[Json](one.first), "second": list[Json](one.second),
             "chance": number(one.chance)}
            for one in same.near
        ],
        "buildings": None if houses is None else _building_object(houses),
        "methods": {"same": about_object(SAME_RESULTS), "buildings": about_object(SAME_BUILDING)},
    }  # fmt: skip


def _count_object(pairs: PairCount) -> dict[str, Json]:
    return {
        "observed": pairs.observed,
        "expected": number(pairs.expected),
        "p_value": number(pairs.p_value),
        "smallest": number(pairs.smallest),
    }


def _building_object(houses: BuildingTest) -> dict[str, Json]:
    return {
        "stations": houses.stations,
        "buildings": houses.buildings,
        "dispersion": number(houses.dispersion),
        "smallest_points": number(houses.smallest),
        "outliers": [
            {"station": one.station, "building": one.building, "region": one.region,
             "ballots": one.ballots, "share": number(one.share), "others": number(one.others),
             "votes": number(one.votes), "p_value": number(one.p_value),
             "p_adjusted": number(one.adjusted)}
            for one in houses.outliers
        ],
    }  # fmt: skip
