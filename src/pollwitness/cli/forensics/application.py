"""The group of commands, and the arguments that they share."""

from pathlib import Path
from typing import Annotated

import typer

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
