"""Commands about indications in results by station: plan, run, power."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pollwitness.checks import number_text, range_text
from pollwitness.claims import Json, number
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.forensics.about_lines import about_lines, about_object
from pollwitness.cli.forensics.application import (
    BallotsOption,
    ContestOption,
    IssuedOption,
    LeaderOption,
    RegionOption,
    RegisteredOption,
    TableArgument,
    app,
)
from pollwitness.cli.forensics.tables import Table, read_stations
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.forensics import (
    AnomalousVotes,
    Battery,
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
    gates,
    is_open,
    parse_plan,
    plan_text,
    power,
    run_battery,
    station_chances,
    vote_rate_moments,
)
from pollwitness.forensics.about import ABOUT, ANOMALOUS_VOTES
from pollwitness.forensics.integers import LEAST_REGISTERED, MOST_PERCENT
from pollwitness.language import gettext as _
from pollwitness.language import mark, whole_number


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
    found = read_stations(table, contest, _columns(registered, issued, ballots, leader, region))
    print_lines(plan_text(Plan(expected=found.expected, election=found.election)).splitlines())


def _columns(*names: str | None) -> dict[str, str | None]:
    keys = ("registered", "issued", "ballots", "leader", "region")
    return dict(zip(keys, names, strict=True))


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
    found = read_stations(table, contest, _columns(registered, issued, ballots, leader, region))
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
    found = read_stations(table, contest, _columns(registered, issued, ballots, leader, region))
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


def _head(found: Table, battery: Battery) -> Iterator[str]:
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


def _print_results(found: Table, battery: Battery) -> None:
    print_lines([""])
    control = {outcome.test: outcome for outcome in battery.control}
    print_table(
        (_("test"), _("stations"), _("statistic"), _("effect"), _("unit"), _("seen from"), _("p"),
         _("p of all"), _("votes"), _("answer"), _("control: p of all")),
        [_outcome_row(outcome, control[outcome.test]) for outcome in battery.outcomes],
    )  # fmt: skip
    print_lines(["", *_regions(found.stations), *_descriptions(found.stations, battery.plan.seed)])
    print_lines([
        _("{n} tests together; a false alarm in any has a chance of {level} at most.").format(
            n=len(battery.outcomes), level=battery.plan.level),
        _("Used: stations of {least} registered voters and more, ballots in the box, neither "
          "percentage above {most} %. Coverage: see the gates.").format(
            least=LEAST_REGISTERED, most=MOST_PERCENT),
        *(_("Not run: {test}: {why}").format(test=one.test, why=_(_WHY[one.why]))
          for one in battery.skipped),
        *about_lines([(str(o.test), ABOUT[o.test]) for o in battery.outcomes]),
        *about_lines([(_("votes beyond proportion"), ANOMALOUS_VOTES)]),
    ])  # fmt: skip


_WHY = {
    "forensics.no_area": mark("no region has ten stations that can be compared"),
    "forensics.few_counts": mark("fewer than 100 counts of two digits"),
}


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
        "" if outcome.votes is None else number_text(round(outcome.votes)),
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


def _object(found: Table, battery: Battery) -> dict[str, Json]:
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
        "method": about_object(ABOUT[outcome.test]),
    }
