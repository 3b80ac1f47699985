"""Commands that show one part of the tally: bounds, remainder, compare, copies, robustness."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import typer

from pollwitness.case import read_case
from pollwitness.checks import PHIS, number_text, range_text, robustness_curve, verdict_word
from pollwitness.claims import Json, number
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import MARKS, print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    HEADLINE,
    AreaComparison,
    Reading,
    RecordedVotes,
    Remainder,
    area_bounds,
    bounds_history,
    compare_areas,
    copy_differences,
    official_station_differences,
    officials_by_area,
    recorded_votes,
    remainder,
)

app = typer.Typer(
    help="Official figures against protocols.", no_args_is_help=True, rich_markup_mode=None
)
AreaOption = Annotated[str | None, typer.Option("--area", help="Only this area.")]
ContestOption = Annotated[
    str | None, typer.Option("--contest", help="The contest, where there are several.")
]
ReadingOption = Annotated[
    Reading, typer.Option("--reading", help="How forms that do not add up are read.")
]


@app.callback()
def _tally() -> None:
    """Official figures against protocols."""


def _contest(tables: CaseTables, contest: str | None) -> str:
    if contest is not None:
        return tables.case.contest(contest).id
    if len(tables.case.contests) == 1:
        return tables.case.contests[0].id
    known = ", ".join(c.id for c in tables.case.contests)
    raise QuestionError(f"the case has several contests; name one with --contest: {known}")


def _areas(votes: RecordedVotes, area: str | None) -> tuple[str, ...]:
    if area is None:
        return votes.territory.below(None)
    votes.territory.span(area)
    return (area,)


@app.command("bounds")
def bounds(
    case: CaseArgument,
    area: AreaOption = None,
    contest: ContestOption = None,
    reading: ReadingOption = HEADLINE,
    stations: Annotated[
        bool, typer.Option("--stations", help="List every station with a protocol.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the least and most votes that protocols and rolls leave possible.

    Example: pollwitness tally bounds examples/belarus-2020
    """
    tables = read_case(case).tables
    votes = recorded_votes(tables, _contest(tables, contest), reading)
    areas = _areas(votes, area)
    if stations:
        _station_bounds(votes, area, as_json=as_json)
        return
    found = [area_bounds(tables, votes, name) for name in areas]
    rows = [
        (one.area_id, one.seen, one.stations, part, feasible.low, feasible.high)
        for one in found
        for part, feasible in (*one.votes.items(), ("ballots", one.ballots))
    ]
    names = ("area_id", "seen_stations", "all_stations", "figure", "least", "most")
    if as_json:
        print_json("tally bounds", [_record(names, row) for row in rows])
        return
    print_table(
        (_("area"), _("seen"), _("of"), _("figure"), _("least"), _("most")),
        [tuple(_cell(value) for value in row) for row in rows],
    )
    print_lines([_("'?': nothing in the case bounds it. Reading: {r}.").format(r=reading)])


def _station_bounds(votes: RecordedVotes, area: str | None, *, as_json: bool) -> None:
    at = votes.seen_in(area)
    names = ("station_id", "copies", *votes.parts, "ballots")
    rows: list[tuple[str | int | tuple[int, int], ...]] = [
        (
            str(votes.territory.station_ids[int(i)]),
            int(votes.copies[i]),
            *((int(votes.low[i, c]), int(votes.high[i, c])) for c in range(len(votes.parts))),
            (int(votes.ballots_low[i]), int(votes.ballots_high[i])),
        )
        for i in at
    ]
    if as_json:
        print_json("tally bounds", [_record(names, row) for row in rows])
        return
    print_table(names, [tuple(_cell(value) for value in row) for row in rows])
    totals = ", ".join(
        f"{name} {whole_number(int(votes.low[at, c].sum()))}" for c, name in enumerate(votes.parts)
    )
    print_lines([_("Least in these {n} stations: {totals}").format(n=at.size, totals=totals)])


_Value = str | int | Fraction | float | tuple[int, int] | None


def _record(names: tuple[str, ...], row: tuple[_Value, ...]) -> Json:
    return {name: _json(value) for name, value in zip(names, row, strict=True)}


def _json(value: _Value) -> Json:
    if isinstance(value, tuple):
        return list[Json](value)
    return value if isinstance(value, str) else number(value)


def _cell(value: _Value) -> str:
    if value is None:
        return "?"
    if isinstance(value, tuple):
        low, high = value
        return range_text(low, high)
    return value if isinstance(value, str) else number_text(value)


@app.command("remainder")
def remainder_command(
    case: CaseArgument,
    area: AreaOption = None,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the stations without a protocol must hold for the official figures to be true.

    Example: pollwitness tally remainder examples/belarus-2020
    """
    tables = read_case(case).tables
    name = _contest(tables, contest)
    votes = recorded_votes(tables, name, Reading.AS_WRITTEN)
    areas = _areas(votes, area)
    officials = officials_by_area(tables, name)
    found = [
        (one, rest)
        for one in areas
        if one in officials
        for option in tables.case.contest(name).option_ids
        if (rest := remainder(tables, votes, officials[one], option)) is not None
    ]
    if as_json:
        print_json("tally remainder", [_remainder_record(one, rest) for one, rest in found])
        return
    print_table(
        (_("area"), _("option"), _("seen stations"), _("votes seen"), _("share seen"),
         _("unseen stations"), _("votes needed"), _("share needed"), _("votes a station seen"),
         _("votes a station needed")),
        [_remainder_row(one, rest) for one, rest in found],
    )  # fmt: skip
    print_lines([_("Shares are of ballots found. Stations that published may differ from the "
                   "others; no share here estimates the whole.")])  # fmt: skip


def _span(low: Fraction | int | None, high: Fraction | int | None, unit: str = "") -> str:
    if low is None or high is None:
        return "?"
    first, last = number_text(low, unit), number_text(high, unit)
    return first if first == last else _("{low} to {high}").format(low=first, high=last)


def _remainder_row(area: str, rest: Remainder) -> tuple[str, ...]:
    share, average = rest.needed_share or (None, None), rest.needed_average or (None, None)
    return (
        area,
        rest.option_id,
        whole_number(rest.seen_stations),
        whole_number(rest.seen_votes),
        _span(rest.seen_share, rest.seen_share, "share"),
        _cell(rest.unseen_stations),
        _span(*rest.unseen_votes),
        _span(share[0], share[1], "share"),
        _span(rest.seen_average, rest.seen_average),
        _span(*average),
    )


def _remainder_record(area: str, rest: Remainder) -> Json:
    return {
        "area_id": area,
        "option_id": rest.option_id,
        "seen_stations": rest.seen_stations,
        "unseen_stations": rest.unseen_stations,
        "seen_votes": rest.seen_votes,
        "seen_ballots": rest.seen_ballots,
        "unseen_votes": list[Json](rest.unseen_votes),
        "unseen_ballots": None if rest.unseen_ballots is None else list[Json](rest.unseen_ballots),
        "seen_share": number(rest.seen_share),
        "needed_share": None
        if rest.needed_share is None
        else [number(share) for share in rest.needed_share],
        "slack": rest.slack,
    }


@app.command("compare")
def compare(
    case: CaseArgument,
    area: AreaOption = None,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say for each area whether its official figures and its protocols can both be true.

    Exit code 1 if they cannot in the headline reading.

    Example: pollwitness tally compare examples/belarus-2020
    """
    tables = read_case(case).tables
    name = _contest(tables, contest)
    chosen = _areas(recorded_votes(tables, name, HEADLINE), area)
    found = [
        one
        for reading in Reading
        for one in compare_areas(tables, name, reading)
        if one.area_id in chosen
    ]
    found.sort(key=lambda one: (one.area_id, list(Reading).index(one.reading)))
    if as_json:
        print_json("tally compare", [_comparison_record(one) for one in found])
    else:
        print_table(
            (_("area"), _("reading"), _("verdict"), _("figures"), _("needed"), _("allowed"),
             _("gap"), _("documents")),
            [_comparison_row(one) for one in found],
        )  # fmt: skip
    headlines = [one for one in found if one.reading is HEADLINE]
    if any(one.certificate is not None for one in headlines):
        return 1
    return 0 if headlines else 2


def _comparison_row(one: AreaComparison) -> tuple[str, ...]:
    verdict = f"{MARKS[one.verdict]} {verdict_word(one.verdict)}"
    certificate, support = one.certificate, one.support
    if certificate is None or support is None:
        return (one.area_id, str(one.reading), verdict, "", "", "", "", "")
    parts = "+".join(one.parts[c] for c in certificate.parts)
    count = _cell((support.least, support.at_most))
    return (
        one.area_id, str(one.reading), verdict, f"{certificate.family}: {parts}",
        *map(whole_number, (certificate.needed, certificate.allowed, certificate.gap)), count,
    )  # fmt: skip


def _comparison_record(one: AreaComparison) -> Json:
    certificate, support = one.certificate, one.support
    return {
        "area_id": one.area_id,
        "reading": str(one.reading),
        "verdict": str(one.verdict),
        "slack": one.slack,
        "certificate": None
        if certificate is None
        else {
            "family": str(certificate.family),
            "parts": [one.parts[c] for c in certificate.parts],
            "needed": certificate.needed,
            "allowed": certificate.allowed,
        },
        "documents": None if support is None else [support.least, support.at_most],
    }


@app.command("copies")
def copies(case: CaseArgument, contest: ContestOption = None, as_json: JsonOption = False) -> None:
    """List copies of one protocol that differ, and official station figures that differ from it.

    Example: pollwitness tally copies examples/belarus-2020
    """
    tables = read_case(case).tables
    name = _contest(tables, contest)
    differing = copy_differences(tables, name)
    official = official_station_differences(tables, name)
    if as_json:
        result: dict[str, Json] = {
            "copies": [dict(row) for row in differing.to_dicts()],
            "official": [dict(row) for row in official.to_dicts()],
        }
        print_json("tally copies", result)
        return
    print_table(
        (_("station"), _("copies"), _("figure"), _("least"), _("greatest")),
        [tuple(_cell(v) for v in row) for row in differing.iter_rows()],
        title=_("Copies that differ"),
    )
    print_table(
        (_("station"), _("figure"), _("official"), _("least"), _("greatest"), _("difference")),
        [tuple(_cell(v) for v in row) for row in official.iter_rows()],
        title=_("Official figures that differ from the protocol"),
    )


@app.command("robustness")
def robustness_command(
    case: CaseArgument,
    area: AreaOption = None,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show k(φ): how many protocols would have to be wrong for the official figure to hold.

    φ = 0 is arithmetic; φ > 0 supposes that unseen stations voted at least φ times as much for the
    option as the seen ones.

    Example: pollwitness tally robustness examples/belarus-2020
    """
    tables = read_case(case).tables
    name = _contest(tables, contest)
    votes = recorded_votes(tables, name, Reading.AS_WRITTEN)
    officials = officials_by_area(tables, name)
    found = [
        (one, option, curve)
        for one in _areas(votes, area)
        if one in officials and votes.seen_in(one).size
        for option in tables.case.contest(name).option_ids
        if (curve := robustness_curve(votes, officials[one], option))
    ]
    if as_json:
        print_json("tally robustness", [
            {"area_id": one, "option_id": option,
             "curve": [[number(phi), least, most] for phi, least, most in curve]}
            for one, option, curve in found
        ])  # fmt: skip
        return
    print_table(
        (_("area"), _("option"), *(f"k({number_text(phi)})" for phi in PHIS)),
        [
            (one, option, *(_span(least, most) for _phi, least, most in curve))
            for one, option, curve in found
        ],
    )
    print_lines(
        [_("A range: over the rounding of the official figures. Forms are read as written.")]
    )


@app.command("history")
def history(
    case: CaseArgument,
    area: Annotated[str, typer.Option("--area", help="The area.")],
    option: Annotated[str, typer.Option("--option", help="The option.")],
    contest: ContestOption = None,
    reading: ReadingOption = HEADLINE,
    as_json: JsonOption = False,
) -> None:
    """Show how the bounds of an option's votes changed as documents were published.

    Example: pollwitness tally history examples/belarus-2020 --area BY --option tikhanovskaya
    """
    tables = read_case(case).tables
    name = _contest(tables, contest)
    _areas(recorded_votes(tables, name, reading), area)
    if option not in tables.case.contest(name).option_ids:
        known = ", ".join(tables.case.contest(name).option_ids)
        raise QuestionError(f"the contest has no option {option!r}; it has {known}")
    moments = bounds_history(tables, name, area_id=area, option_id=option, reading=reading)
    rows: list[tuple[_Value, ...]] = [
        (
            m.day,
            m.documents,
            m.feasible.low,
            m.feasible.high,
            None if m.official is None else m.official.printed,
            str(m.verdict),
        )
        for m in moments
    ]
    names = ("day", "documents", "least", "most", "official", "verdict")
    if as_json:
        print_json("tally history", [_record(names, row) for row in rows])
        return
    print_table(
        (_("day"), _("documents"), _("least"), _("most"), _("official"), _("verdict")),
        [tuple(_cell(value) for value in row) for row in rows],
    )
