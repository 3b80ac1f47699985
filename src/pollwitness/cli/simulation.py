"""The command that makes elections with known truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pollwitness.case import check_new, read_case, write_case, write_truth
from pollwitness.claims import Json
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.output import print_json, print_lines
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.simulate import HONEST_NOISE, Plan, SimulatedElection, parse_plan, simulate


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("simulate")(simulate_)


def simulate_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; made anew.")],
    plan: Annotated[
        Path | None, typer.Option(help="A plan in TOML; what it does not name has defaults.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same election.", min=0)] = 1,
    stations: Annotated[int | None, typer.Option(help="Polling stations.", min=1)] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="Clerical errors at the rates of the calibration.")
    ] = False,
    sizes_of: Annotated[
        Path | None, typer.Option(help="A case whose stations give the sizes.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an election with known truth: FOLDER/case is what observers hold, FOLDER/truth is true.

    Example: pollwitness simulate build/made --stations 200 --seed 7
    """
    wanted = _plan(plan, stations=stations, noise=noise, sizes_of=sizes_of)
    check_new(folder / "case")
    check_new(folder / "truth")
    made = simulate(wanted, np.random.default_rng(seed))
    write_case(made.tables, folder / "case")
    write_truth(made, folder / "truth", seed=seed)
    if as_json:
        print_json("simulate", _object(made, seed))
        return
    print_lines([
        _("{n} stations, seed {seed}: {folder}").format(
            n=whole_number(wanted.stations), seed=seed, folder=folder / "case"),
        _("The truth: {folder}").format(folder=folder / "truth"),
        _("Next: pollwitness check {folder}").format(folder=folder / "case"),
    ])  # fmt: skip


def _plan(file: Path | None, *, stations: int | None, noise: bool, sizes_of: Path | None) -> Plan:
    plan = Plan() if file is None else parse_plan(_text(file))
    if stations is not None:
        plan = replace(plan, stations=stations, regions=min(plan.regions, stations))
    if noise:
        plan = replace(plan, errors=HONEST_NOISE)
    if sizes_of is not None:
        listed = read_case(sizes_of).tables.table("stations")["registered"].drop_nulls().to_list()
        listed = [size for size in listed if size > 0]
        if not listed:
            raise QuestionError(
                f"the stations of {sizes_of} have no registered voters to draw from"
            )
        plan = replace(plan, sizes=tuple(listed))
    return plan


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file} cannot be read: {error}") from error


def _object(made: SimulatedElection, seed: int) -> dict[str, Json]:
    return {
        "seed": seed,
        "stations": made.plan.stations,
        "manipulations": [str(one.kind) for one in made.plan.manipulations],
        "tables": {name: frame.height for name, frame in sorted(made.tables.frames.items())},
        "truth": {name: frame.height for name, frame in sorted(made.truth.items())},
    }
