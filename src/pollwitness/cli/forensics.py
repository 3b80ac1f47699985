"""Commands about indications in results by station: plan, run, power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from pollwitness.case import read_case
from pollwitness.checks import number_text, range_text
from pollwitness.claims import Json, number
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.forensics import (
    AnomalousVotes,
    Battery,
    CaseStations,
    Expected,
    GateResult,
    Outcome,
    Percentage,
    Plan,
    Planted,
    PowerRow,
    StationResults,
    Unstable,
    anomalous_votes,
    by_region,
    case_stations,
    gates,
    is_open,
    parse_plan,
    plan_text,
    power,
    run_battery,
    station_chances,
    vote_rate_moments,
)
from pollwitness.language import gettext as _
from pollwitness.language import mark, whole_number

app = typer.Typer(
    help="Indications in results by station: rung 3, which contradicts no claim by itself.",
    no_args_is_help=True,
)

TableArgument = Annotated[
    Path,
    typer.Argument(metavar="TABLE", help="A case folder, or a CSV file with one row a station."),
]
RegisteredOption = Annotated[
    str | None, typer.Option("--registered", help="Column of registered voters (CSV).")
]
IssuedOption = Annotated[
    str | None, typer.Option("--issued", help="Column of ballots handed out (CSV); else ballots.")
]
BallotsOption = Annotated[
    str | None, typer.Option("--ballots", help="Column of ballots found (CSV).")
]
LeaderOption = Annotated[
    str | None, typer.Option("--leader", help="Column of the leader's votes (CSV), or an option.")
]
RegionOption = Annotated[str | None, typer.Option("--region", help="Column of regions (CSV).")]
ContestOption = Annotated[str | None, typer.Option("--contest", help="The contest of a case.")]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Stations with what is known of their election, and the rows that could not be used."""

    stations: StationResults
    expected: Expected
    election: str
    left_out: int


def _from_case(folder: Path, contest: str | None, leader: str | None) -> _Table:
    tables = read_case(folder).tables
    name = contest or tables.case.contests[0].id
    options = tables.case.contest(name).option_ids
    if leader is not None and leader not in options:
        raise QuestionError(f"the contest has no option {leader!r}; it has {', '.join(options)}")
    found: CaseStations | None = case_stations(tables, name, leader)
    if found is None:
        raise QuestionError("the case holds no official results by station with a roll")
    title = f"{tables.case.title}, {tables.case.contest(name).name}"
    return _Table(found.stations, found.expected, title, found.left_out)


def _from_csv(file: Path, columns: dict[str, str | None]) -> _Table:
    """The stations of a CSV file; rows that lack a count are left out and counted.

    Raises:
        QuestionError: if the file cannot be read, or lacks a column, or a column holds no counts.
    """
    missing = [f"--{n}" for n in ("registered", "ballots", "leader") if columns[n] is None]
    if missing:
        raise QuestionError(f"a CSV file needs {', '.join(missing)}: the names of its columns")
    try:
        frame = pl.read_csv(file, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise QuestionError(
            f"{file} cannot be read as CSV: {str(error).splitlines()[0]}"
        ) from error
    wanted = {name: column for name, column in columns.items() if column is not None}
    absent = [column for column in wanted.values() if column not in frame.columns]
    if absent:
        known = ", ".join(frame.columns[:30])
        raise QuestionError(f"{file} has no column {', '.join(absent)}; it has {known}")
    counts = [column for name, column in wanted.items() if name != "region"]
    texts = [column for column in counts if not frame[column].dtype.is_numeric()]
    if texts:
        raise QuestionError(f"{file}: {', '.join(texts)} hold texts; counts are needed")
    whole = frame.drop_nulls(list(wanted.values()))
    stations = StationResults.of(
        registered=whole[wanted["registered"]].to_numpy(),
        issued=whole[wanted["issued"]].to_numpy() if "issued" in wanted else None,
        ballots=whole[wanted["ballots"]].to_numpy(),
        leader=whole[wanted["leader"]].to_numpy(),
        region=whole[wanted["region"]].cast(pl.String).to_list() if "region" in wanted else None,
    )
    return _Table(stations, Expected(), file.name, frame.height - whole.height)


@app.command("plan")
def plan_command(
    table: TableArgument,
    registered: RegisteredOption = None,
    issued: IssuedOption = None,
    ballots: BallotsOption = None,
    leader: LeaderOption = None,
    region: RegionOption = None,
    contest: ContestOption = None,
) -> None:
    """Propose a plan: write it to a file, publish its SHA-256, and only then run it.

    Example: pollwitness forensics plan results.csv --registered voters --ballots found --leader a
    """
    found = _read(table, contest, _columns(registered, issued, ballots, leader, region))
    print_lines(plan_text(Plan(expected=found.expected, election=found.election)).splitlines())


def _columns(*names: str | None) -> dict[str, str | None]:
    keys = ("registered", "issued", "ballots", "leader", "region")
    return dict(zip(keys, names, strict=True))


def _read(table: Path, contest: str | None, columns: dict[str, str | None]) -> _Table:
    if table.is_dir():
        return _from_case(table, contest, columns["leader"])
    return _from_csv(table, columns)


@app.command("run")
def run_command(
    table: TableArgument,
    registered: RegisteredOption = None,
    issued: IssuedOption = None,
    ballots: BallotsOption = None,
    leader: LeaderOption = None,
    region: RegionOption = None,
    contest: ContestOption = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="A plan that was written before.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Run every test of the plan, with a control beside it; gates first.

    Exit code 2 if a gate fails: then there is no result.

    Example: pollwitness forensics run results.csv --registered voters --ballots found --leader a
    """
    found = _read(table, contest, _columns(registered, issued, ballots, leader, region))
    wanted = Plan(expected=found.expected, election=found.election)
    if plan is not None:
        wanted = parse_plan(_text(plan))
    battery = run_battery(found.stations, wanted, np.random.default_rng(wanted.seed))
    if as_json:
        print_json("forensics run", _object(found, battery))
    else:
        print_lines(_head(found, battery))
        print_table(
            (_("gate"), _("outcome"), _("found"), _("wanted")), map(_gate_row, battery.gates)
        )
        if battery.is_open:
            _print_results(found, battery)
        else:
            print_lines(["", _("A gate failed: no result.")])
    return 0 if battery.is_open else 2


_PLANTED = {
    Planted.NOTHING: mark("nothing: false alarms"),
    Planted.ROUND_SHARE: mark("share raised to the next whole percent"),
    Planted.ROUND_TURNOUT: mark("turnout raised to the next whole percent"),
    Planted.ONE_SHARE: mark("one share at all stations of a region"),
}


@app.command("power")
def power_command(
    table: TableArgument,
    registered: RegisteredOption = None,
    issued: IssuedOption = None,
    ballots: BallotsOption = None,
    leader: LeaderOption = None,
    region: RegionOption = None,
    contest: ContestOption = None,
    draws: Annotated[int, typer.Option(help="Elections drawn for each line.", min=20)] = 100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same table.", min=0)] = 1,
    as_json: JsonOption = False,
) -> None:
    """Say which manipulation each test would have found at these stations, and how often it errs.

    Example: pollwitness forensics power results.csv --registered voters --ballots found --leader a
    """
    found = _read(table, contest, _columns(registered, issued, ballots, leader, region))
    plan = Plan(expected=found.expected, election=found.election, seed=seed)
    if not is_open(gates(found.stations, plan.expected)):
        raise QuestionError("a gate fails; see: pollwitness forensics run")
    rows = power(found.stations, plan, np.random.default_rng(seed), draws=draws)
    if as_json:
        print_json("forensics power", [_power_object(row) for row in rows])
        return
    print_table(
        (_("planted"), _("at"), *map(str, plan.tests), _("any of them")),
        [
            (_(_PLANTED[row.planted]), number_text(row.rate, "share"),
             *(number_text(row.found[test], "share") for test in plan.tests),
             number_text(row.by_any, "share"))
            for row in rows
        ],
    )  # fmt: skip
    print_lines([_("Shares of {n} elections drawn at the stations' own rates.").format(n=draws)])


def _power_object(row: PowerRow) -> dict[str, Json]:
    return {
        "planted": str(row.planted),
        "rate": row.rate,
        "draws": row.draws,
        "by_any": row.by_any,
        "found": {str(test): share for test, share in row.found.items()},
    }


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file} cannot be read: {error}") from error


def _head(found: _Table, battery: Battery) -> Iterator[str]:
    yield found.election
    yield _("Stations: {n}; rows left out for lack of a count: {left}").format(
        n=whole_number(found.stations.size), left=whole_number(found.left_out)
    )
    digest = battery.plan.digest
    yield (
        _("Plan: SHA-256 {digest}").format(digest=digest)
        if digest
        else _("No plan was written before: the tests are the default ones.")
    )


def _gate_row(gate: GateResult) -> tuple[str, str, str, str]:
    name = f"{gate.gate} {gate.about}".strip()
    found, wanted = (
        "" if value is None else number_text(value) for value in (gate.found, gate.wanted)
    )
    return name, str(gate.outcome).replace("_", " "), found, wanted


def _print_results(found: _Table, battery: Battery) -> None:
    print_lines([""])
    control = {outcome.test: outcome for outcome in battery.control}
    print_table(
        (_("test"), _("stations"), _("statistic"), _("effect"), _("unit"), _("seen from"), _("p"),
         _("p of all"), _("answer"), _("control: p of all")),
        [_outcome_row(outcome, control[outcome.test]) for outcome in battery.outcomes],
    )  # fmt: skip
    print_lines(["", *_regions(found.stations), *_descriptions(found.stations, battery.plan.seed)])
    print_lines([
        _("{n} tests together; a false alarm in any has a chance of {level} at most.").format(
            n=len(battery.outcomes), level=battery.plan.level),
        _("Not seen: manipulations that end on no whole percent. Innocent: rounding clerks, counts "
          "computed back from percentages, copied figures."),
    ])  # fmt: skip


def _outcome_row(outcome: Outcome, control: Outcome) -> tuple[str, ...]:
    answer = _("anomalous under this model") if outcome.is_anomalous else _("nothing found")
    return (
        str(outcome.test),
        whole_number(outcome.stations),
        number_text(round(outcome.statistic, 2)),
        number_text(round(outcome.effect, 2)),
        _(outcome.unit),
        number_text(round(outcome.smallest, 2)),
        number_text(outcome.p_bound, "probability"),
        number_text(outcome.adjusted, "probability"),
        answer,
        number_text(control.adjusted, "probability"),
    )


def _regions(stations: StationResults) -> Iterator[str]:
    """The regions with the greatest excess, and what is left without the greatest."""
    parts = sorted(by_region(station_chances(stations), Percentage.ANY),
                   key=lambda part: (-part.alone.excess, part.region))  # fmt: skip
    if len(parts) < 2:
        return
    listed = ", ".join(f"{p.region} {number_text(round(p.alone.excess, 1))}" for p in parts[:5])
    yield _("Greatest excess of whole percents by region: {regions}").format(regions=listed)
    yield _("Without {region}: excess {excess}, z {z}").format(
        region=parts[0].region,
        excess=number_text(round(parts[0].without.excess, 1)),
        z=number_text(round(parts[0].without.z, 2)),
    )


def _descriptions(stations: StationResults, seed: int) -> Iterator[str]:
    """Figures without a test: they cannot tell a manipulation from a preference."""
    votes = anomalous_votes(stations, np.random.default_rng(seed))
    if isinstance(votes, Unstable):
        low, high = (number_text(peak) for peak in votes.peaks)
        template = _(
            "Votes beyond proportion: no result, the peak of turnout wanders from {low} to {high} %"
        )
        yield template.format(low=low, high=high)
    else:
        yield _beyond(votes)
    moments = vote_rate_moments(stations)
    if moments is not None:
        yield _("Logarithmic vote rate: skewness {s}, excess kurtosis {k}").format(
            s=number_text(round(moments.skewness, 2)), k=number_text(round(moments.kurtosis, 2))
        )


def _beyond(votes: AnomalousVotes) -> str:
    shown = range_text(round(votes.least), round(votes.most))
    text = _("Votes beyond proportion above the peak of turnout: {range}").format(range=shown)
    if votes.low is not None and votes.high is not None:
        wide = range_text(round(votes.low), round(votes.high))
        text += _(" ({range} over resampled regions)").format(range=wide)
    return text + _(". Honest where turnout and preference go together.")


def _object(found: _Table, battery: Battery) -> dict[str, Json]:
    return {
        "election": found.election,
        "stations": found.stations.size,
        "left_out": found.left_out,
        "plan": {
            "sha256": battery.plan.digest or None,
            "level": battery.plan.level,
            "seed": battery.plan.seed,
            "tests": list[Json]([str(test) for test in battery.plan.tests]),
        },
        "gates": [
            {"gate": str(g.gate), "about": g.about, "outcome": str(g.outcome),
             "found": number(g.found), "wanted": number(g.wanted)}
            for g in battery.gates
        ],
        "tests": [_outcome_object(outcome) for outcome in battery.outcomes],
        "control": [_outcome_object(outcome) for outcome in battery.control],
        "skipped": [{"test": str(one.test), "why": one.why} for one in battery.skipped],
    }  # fmt: skip


def _outcome_object(outcome: Outcome) -> dict[str, Json]:
    return {
        "test": str(outcome.test),
        "stations": outcome.stations,
        "statistic": number(outcome.statistic),
        "p_value": number(outcome.p_value),
        "p_bound": number(outcome.p_bound),
        "p_adjusted": number(outcome.adjusted),
        "anomalous": outcome.is_anomalous,
        "effect": number(outcome.effect),
        "smallest": number(outcome.smallest),
        "unit": outcome.unit,
        "votes": number(outcome.votes),
    }
