"""Commands about recounts: plan them, draw stations, print sheets, assess, show every step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from pollwitness.audit.bounds import error_bounds
from pollwitness.audit.contests import assertions
from pollwitness.audit.plan import Cost, RecountPlan, check_risk_limit, plan_recount
from pollwitness.case import keep_table, read_case, with_rows
from pollwitness.case.write import replace_file, write_descriptor
from pollwitness.checks.manifest import reported_results
from pollwitness.checks.recount import Assessment, assertion_words, assess, draw_stations
from pollwitness.checks.sample_words import recount_sentences
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.papers import recount_sheets, transcript
from pollwitness.tables import CaseTables

app = typer.Typer(no_args_is_help=True, help="Recounts of drawn stations, with a risk limit.")
ContestOption = Annotated[
    str | None, typer.Option("--contest", help="The contest, if the case has several.")
]
RiskOption = Annotated[
    float, typer.Option("--risk-limit", help="Largest chance to confirm a wrong outcome.")
]
SampleOption = Annotated[str, typer.Option("--sample", help="Id of the sample in the case.")]
OutputOption = Annotated[Path, typer.Option("-o", "--output", help="The file to write.")]
SEEDS = r"[A-Za-z0-9][A-Za-z0-9 .,:-]{0,199}"
"""What a public seed looks like."""
_SEED = 20_200_809
"""The seed of simulated costs; draws of stations never use it."""


@app.command()
def plan(
    case: CaseArgument, contest: ContestOption = None, risk_limit: RiskOption = 0.05,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """What a recount would take: draws, stations and ballots, for several rates of errors.

    Stations are drawn in proportion to what each can hide. Costs are simulated with a fixed seed.

    Example: pollwitness audit plan CASE --risk-limit 0.05
    """
    tables = read_case(case).tables
    contest_id = contest_of(tables, contest)
    reported = reported_results(tables, contest_id)
    found = assertions(tables.case.contest(contest_id), reported)
    bounds = error_bounds(reported, found)
    rng = np.random.default_rng(_SEED)
    planned = plan_recount(reported, found, bounds, risk_limit, rng)
    if as_json:
        print_json("audit plan", _plan_object(planned))
        return
    print_table(
        (_("what must be confirmed"), _("margin")),
        [(assertion_words(one, tables), whole_number(one.margin)) for one in found],
    )
    template = _(
        "All stations together can hide {bound} times the margin. Without any error {least} draws "
        "decide at a risk limit of {risk} %: about {stations} stations with {ballots} ballots "
        "(Kaplan-Markov: {markov} draws, if nobody refuses)."
    )
    print_lines(["", template.format(
        bound=f"{planned.total_bound:.2f}", least=planned.least, risk=f"{risk_limit * 100:g}",
        stations=f"{planned.stations:.0f}", ballots=whole_number(round(planned.ballots)),
        markov=planned.markov,
    ), ""])  # fmt: skip
    print_table(
        (_("ballots misread"), _("stations that refuse"), _("half of recounts end by draw"),
         _("nine in ten"), _("stations"), _("ballots")),
        [_cost_row(one) for one in planned.costs],
    )  # fmt: skip


def _cost_row(one: Cost) -> tuple[str, ...]:
    more = _("more than 2,000")
    return (
        f"{one.misread * 100:g} %", f"{one.refused * 100:g} %",
        more if one.median is None else str(one.median),
        more if one.most is None else str(one.most),
        "" if one.stations is None else f"{one.stations:.0f}",
        "" if one.ballots is None else whole_number(round(one.ballots)),
    )  # fmt: skip


def _plan_object(planned: RecountPlan) -> dict[str, Json]:
    return {
        "risk_limit": planned.risk_limit, "total_bound": planned.total_bound,
        "draws": planned.least, "draws_kaplan_markov": planned.markov,
        "stations": planned.stations, "ballots": planned.ballots,
        "costs": [
            {"misread": one.misread, "refused": one.refused, "median": one.median,
             "nine_in_ten": one.most, "stations": one.stations, "ballots": one.ballots}
            for one in planned.costs
        ],
    }  # fmt: skip


@app.command()
def draw(
    case: CaseArgument,
    seed: Annotated[str, typer.Option(help="The public seed: digits of dice thrown in public.")],
    draws: Annotated[int, typer.Option(help="How many draws.", min=1, max=100_000)],
    sample: SampleOption = "recount",
    contest: ContestOption = None,
    method: Annotated[
        str,
        typer.Option(
            help="proportional to what a station can hide; or each alike: uniform (with "
            "replacement), different (without), consistent (by tickets of the ids)."
        ),
    ] = "proportional",
    as_json: JsonOption = False,
) -> None:
    """Draw stations for a recount and keep the sample in the case. More draws extend it.

    Anybody redoes each draw: SHA-256 of "seed,k" as one number, modulo the sum of the weights.

    Example: pollwitness audit draw CASE --seed 35463115561121636246 --draws 60
    """
    tables = read_case(case).tables
    contest_id = contest_of(tables, contest)
    if re.fullmatch(SEEDS, seed) is None:
        raise QuestionError("the seed has to be 1 to 200 letters and digits, such as those of dice")
    reported = reported_results(tables, contest_id)
    bounds = error_bounds(reported, assertions(tables.case.contest(contest_id), reported))
    drawn = draw_stations(reported, bounds, method, seed, draws)
    rows: list[dict[str, str | int | None]] = [
        {"sample_id": sample, "draw": one.k, "purpose": "recount", "contest_id": contest_id,
         "station_id": reported.stations[one.place], "stratum": None, "method": method,
         "seed": seed}
        for one in drawn
    ]  # fmt: skip
    keep_sample(case, tables, sample, rows)
    if as_json:
        print_json("audit draw", [dict[str, Json](row) for row in rows])
        return
    print_table(
        (_("draw"), _("number"), _("station")),
        [(str(one.k), str(one.number), reported.stations[one.place]) for one in drawn],
    )


def keep_sample(
    case: Path, tables: CaseTables, sample: str, rows: list[dict[str, str | int | None]]
) -> None:
    """Add the draws that are new; those that are there must be the first of these.

    Raises:
        QuestionError: if the case has a sample of this name that is another one.
    """
    kept = tables.table("sample").filter(pl.col("sample_id") == sample).sort("draw").to_dicts()
    if len(kept) > len(rows) or kept != rows[: len(kept)]:
        raise QuestionError(f"the case has another sample {sample}: choose another --sample")
    whole = with_rows(tables, "sample", rows[len(kept) :])
    keep_table(whole, "sample", case)
    write_descriptor(whole, case)


@app.command("assess")
def assess_command(
    case: CaseArgument, sample: SampleOption = "recount", risk_limit: RiskOption = 0.05,
    as_json: JsonOption = False,
) -> int:  # fmt: skip
    """What the recounts of a sample show so far, with the measured p-value.

    Stations that refused or could not be reached count as the worst. Exit code 0 if the outcome is
    confirmed at the risk limit, 1 if not yet.

    Example: pollwitness audit assess CASE --sample recount
    """
    check_risk_limit(risk_limit)
    found = assess(read_case(case).tables, sample)
    if as_json:
        print_json("audit assess", _object(found, risk_limit))
    else:
        print_lines(recount_sentences(found, risk_limit))
    decided = found.path is not None and found.path.decided_at(risk_limit) is not None
    return 0 if decided else 1


def _object(found: Assessment, risk_limit: float) -> dict[str, Json]:
    path = found.path
    return {
        "sample_id": found.sample_id, "contest_id": found.contest_id, "method": found.method,
        "seed": found.seed, "risk_limit": risk_limit, "counted": found.counted,
        "disagreed": found.disagreed, "waiting": found.waiting,
        "total_bound": found.bounds.weight_total,
        "p": None if path is None else path.p,
        "p_kaplan_markov": None if path is None or not path.kaplan_markov.size
        else float(path.kaplan_markov[-1]),
        "confirmed_at_draw": None if path is None else path.decided_at(risk_limit),
    }  # fmt: skip


@app.command()
def sheet(
    case: CaseArgument, output: OutputOption, sample: SampleOption = "recount",
) -> None:  # fmt: skip
    """Write recount sheets for observers, to print: one page for each different station drawn.

    The reported figures are not on them, so that nobody counts towards a number.

    Example: pollwitness audit sheet CASE -o sheets.html
    """
    tables = read_case(case).tables
    _new(output)
    replace_file(output, recount_sheets(tables, assess(tables, sample)).encode())
    print_lines([str(output)])


@app.command("transcript")
def transcript_command(
    case: CaseArgument, output: OutputOption, sample: SampleOption = "recount",
    risk_limit: RiskOption = 0.05,
) -> None:  # fmt: skip
    """Write a page on which each step of a recount can be redone by hand.

    Example: pollwitness audit transcript CASE -o transcript.html
    """
    check_risk_limit(risk_limit)
    tables = read_case(case).tables
    _new(output)
    found = assess(tables, sample)
    replace_file(output, transcript(tables, found, risk_limit).encode())
    print_lines([str(output)])


def _new(output: Path) -> None:
    if output.exists():
        raise QuestionError(f"{output} exists; choose another file")
    output.parent.mkdir(parents=True, exist_ok=True)


def contest_of(tables: CaseTables, wanted: str | None) -> str:
    """The contest that is meant.

    Raises:
        QuestionError: if none is named and the case has several.
    """
    contests = [one.id for one in tables.case.contests]
    if wanted is None and len(contests) > 1:
        raise QuestionError(f"which contest? --contest {' or '.join(contests)}")
    return tables.case.contest(wanted or contests[0]).id
