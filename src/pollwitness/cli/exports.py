"""The command that writes a case for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pollwitness.case import (
    ExportFormat,
    export_case,
    read_case,
)
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import print_json, print_lines
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.tables import anonymised_tables, public_tables


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export")(export)


def export(
    case: CaseArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder, or a new .xlsx file.")
    ],
    export_format: Annotated[
        ExportFormat, typer.Option("--format", help="What to write.")
    ] = ExportFormat.CSV,
    anonymised: Annotated[
        bool,
        typer.Option(
            "--anonymised", help="Without what could point to a person; small counts too."
        ),
    ] = False,
    with_restricted: Annotated[
        bool, typer.Option("--with-restricted", help="With restricted tables and columns.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the tables of a case as CSV, Parquet or a workbook; restricted data stay out.

    Example: pollwitness export examples/belarus-2020 -o build/belarus --format csv
    """
    if anonymised and with_restricted:
        raise typer.BadParameter("give --anonymised or --with-restricted, not both")
    tables = read_case(case).tables
    if anonymised:
        chosen = anonymised_tables(tables)
    else:
        chosen = tables if with_restricted else public_tables(tables)
    export_case(chosen, output, export_format=export_format)
    left = sorted(set(tables.frames) - set(chosen.frames))
    rows: dict[str, Json] = {name: frame.height for name, frame in sorted(chosen.frames.items())}
    if as_json:
        print_json("export", {"output": str(output), "rows": rows, "left_out": list[Json](left)})
        return
    print_lines(
        [f"{name}: {whole_number(count)}" for name, count in rows.items() if isinstance(count, int)]
    )
    if left:
        print_lines([_("Left out, restricted: {names}").format(names=", ".join(left))])
    print_lines([_("Written: {path}").format(path=output)])
