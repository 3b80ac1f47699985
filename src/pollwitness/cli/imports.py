"""The command that takes foreign files into a case."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from pollwitness.case import ImportAccount, Wishes, import_file, propose_mapping, read_case
from pollwitness.claims import Json
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.output import err, print_json, print_lines, print_problems, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("import")(import_)


def import_(
    case: Annotated[Path | None, typer.Argument(metavar="CASE", help="The case folder.")] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file to take in.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="What the columns of the file are.")] = None,
    propose: Annotated[
        Path | None, typer.Option(help="Print a draft of a mapping for this file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    accept_partial: Annotated[
        bool,
        typer.Option(
            "--accept-partial", help="Take the good rows; the others go to CASE/rejects.csv."
        ),
    ] = False,
    account: Annotated[
        Path | None, typer.Option(help="Write what became of every row to this CSV file.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Take a foreign file into a case, all of it or nothing, through a mapping.

    With --propose FILE (and CASE, whose options it then knows) only a draft of a mapping is
    printed, for you to confirm. Exit code 2 if a row was rejected, 0 otherwise.

    Example: pollwitness import --propose examples/belarus-2020/tables/stations.csv
    """
    if propose is not None:
        _propose(propose, case)
        return 0
    if case is None or file is None or mapping is None:
        raise QuestionError("give CASE, FILE and --mapping; or --propose FILE for a draft")
    wishes = Wishes(dry_run=dry_run, accept_partial=accept_partial, account=account)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=err(), transient=True,
                  disable=not err().is_terminal) as progress:  # fmt: skip
        task = progress.add_task(_("importing"), total=1.0)
        done = import_file(
            case, file, mapping, wishes,
            progress=lambda share: progress.update(task, completed=share),
        )  # fmt: skip
    if as_json:
        print_json("import", _object(done, dry_run=dry_run), done.problems)
    else:
        _print_account(done)
        print_lines(_outcome(done, case, dry_run=dry_run))
    return 2 if done.rejected_rows else 0


def _propose(file: Path, case: Path | None) -> None:
    drafted = propose_mapping(file, case=None if case is None else read_case(case).tables.case)
    print_lines(drafted.text.splitlines())
    if drafted.unplaced:
        err().print(escape(_("Not placed: {names}").format(names=", ".join(drafted.unplaced))),
                    soft_wrap=True)  # fmt: skip


def _object(done: ImportAccount, *, dry_run: bool) -> Json:
    return {
        "rows": done.rows,
        "tables": [asdict(table) for table in done.tables],
        "changes": [asdict(change) for change in done.changes],
        "skipped": dict(done.skipped),
        "unused": list[Json](done.unused),
        "rejected_rows": done.rejected_rows,
        "written": done.written,
        "rejects": list[Json](done.rejects),
        "dry_run": dry_run,
    }


def _print_account(done: ImportAccount) -> None:
    if done.problems:
        print_problems(done.problems)
    print_table(
        (_("table"), _("added"), _("changed"), _("unchanged"), _("repeated"), _("rejected"),
         _("kept")),
        [
            (t.table, *map(whole_number, (t.added, t.changed, t.unchanged, t.repeated,
                                          t.rejected, t.kept)))
            for t in done.tables
        ],
    )  # fmt: skip
    for change in done.changes:
        place = f"{change.row}" if change.sheet is None else f"{change.row} ({change.sheet})"
        if change.key is None:
            template = _("row {row}: {table}: {column} changed (restricted)")
        else:
            template = _("row {row}: {table} {key}: {column} {old} -> {new}")
        print_lines([
            template.format(row=place, table=change.table, key=change.key, column=change.column,
                            old=_shown(change.old), new=_shown(change.new))
        ])  # fmt: skip


def _shown(value: str | None) -> str:
    return _("unknown") if value is None else value


def _outcome(done: ImportAccount, case: Path, *, dry_run: bool) -> list[str]:
    lines = [_("{n} rows read").format(n=whole_number(done.rows))]
    lines += [
        _("{n} rows skipped: {why}").format(n=whole_number(count), why=why)
        for why, count in done.skipped.items()
    ]
    if done.unused:
        lines.append(_("Columns of the file that the mapping does not use: {names}").format(
            names=", ".join(done.unused)))  # fmt: skip
    if done.rejected_rows:
        lines.append(_("{n} rows rejected").format(n=whole_number(done.rejected_rows)))
    if dry_run:
        lines.append(_("Dry run: nothing was written."))
    elif not done.written:
        lines.append(_("Nothing was written. Mend the rows, or take the others with "
                       "--accept-partial."))  # fmt: skip
    elif done.rejected_rows:
        lines.append(_("Written without the rejected rows: see {paths}").format(
            paths=", ".join(str(case / name) for name in done.rejects)))  # fmt: skip
    else:
        lines.append(_("Written. Next: pollwitness validate {case}").format(case=case))
    return lines
