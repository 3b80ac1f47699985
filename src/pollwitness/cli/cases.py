"""Commands about the case folder: new, validate, describe."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pollwitness.case import new_case, read_case, validate_case
from pollwitness.claims import Json, case_digest
from pollwitness.cli.output import err, out, print_json, print_problems, print_table
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.tables import (
    Audience,
    Case,
    Contest,
    ContestRule,
    Option,
    OptionKind,
    Severity,
    has_errors,
    table_digests,
)

CaseArgument = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("new")(new)
    app.command("validate")(validate)
    app.command("describe")(describe)


def new(
    case: CaseArgument,
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Election day.")],
    title: Annotated[str, typer.Option(help="What the case is about.")] = "My election",
    country: Annotated[str, typer.Option(help="Country code, such as BY.")] = "XX",
    case_id: Annotated[
        str | None, typer.Option("--id", help="Id of the case, if not the folder's name.")
    ] = None,
    options: Annotated[
        str, typer.Option(help="Ids of the options, separated by commas.")
    ] = "first,second",
) -> None:
    """Make a new case folder with its head and empty tables.

    Example: pollwitness new my-election --date 2024-05-05 --options anna,boris
    """
    names = [name.strip() for name in options.split(",") if name.strip()]
    head = Case(
        id=case_id or case.resolve().name,
        title=title,
        country=country,
        date=date.date().isoformat(),
        time_zone="UTC",
        licence="CC0-1.0",
        audience=Audience.INTERNAL,
        contests=(
            Contest(
                "contest",
                title,
                1,
                ContestRule.PLURALITY,
                tuple(Option(n, n.replace("_", " ").title(), OptionKind.CANDIDATE) for n in names),
            ),
        ),
    )
    for path in new_case(case, head):
        out().print(escape(str(path)), soft_wrap=True)
    out().print(_("Next: fill in case.toml and the tables, then run: pollwitness validate {case}")
                .format(case=escape(str(case))), soft_wrap=True)  # fmt: skip


def validate(case: CaseArgument, as_json: JsonOption = False) -> int:
    """List everything that is wrong with a case folder, all at once.

    Example: pollwitness validate examples/belarus-2020
    """
    problems = validate_case(case)
    errors = sum(p.severity is Severity.ERROR for p in problems)
    if as_json:
        counts: dict[str, Json] = {"errors": errors, "warnings": len(problems) - errors}
        print_json("validate", counts, problems)
    else:
        print_problems(problems)
        if not errors:
            out().print(_("The case can be checked: pollwitness check {case}")
                        .format(case=escape(str(case))), soft_wrap=True)  # fmt: skip
    return 2 if has_errors(problems) else 0


def describe(case: CaseArgument, as_json: JsonOption = False) -> None:
    """Say what a case folder holds.

    Example: pollwitness describe examples/belarus-2020
    """
    folder = read_case(case)
    tables = folder.tables
    digests = table_digests(tables)
    if as_json:
        result: dict[str, Json] = {
            "id": tables.case.id,
            "title": tables.case.title,
            "sha256": case_digest(tables),
            "options": list[Json](tables.case.option_ids),
            "tables": [
                {"table": d.table, "rows": d.rows, "sha256": d.sha256} for d in digests.values()
            ],
        }
        print_json("describe", result, folder.warnings)
        return
    head = tables.case
    out().print(escape(f"{head.title} ({head.id}), {head.country}, {head.date}"), soft_wrap=True)
    for contest in head.contests:
        names = ", ".join(option.name for option in contest.options)
        out().print(escape(f"{contest.name}: {names}"), soft_wrap=True)
    print_table(
        (_("table"), _("rows"), _("what a row is")),
        [
            (d.table, whole_number(d.rows), _(tables.schemas[d.table].meaning))
            for d in digests.values()
        ],
    )
    if folder.warnings:
        err().print(_("{n} warnings; see: pollwitness validate").format(n=len(folder.warnings)))
