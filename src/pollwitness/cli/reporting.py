"""The command that publishes: a case as pages that a stranger can read, quote and check."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from pollwitness.case import InputRefusedError, articles_of, read_case, shown_descriptor, shown_head
from pollwitness.case.evidence import LOG
from pollwitness.checks import run_checks
from pollwitness.claims import Json, canonical_json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import err, print_json, print_lines, print_problems
from pollwitness.errors import QuestionError
from pollwitness.evidence.log import CustodyLog
from pollwitness.language import gettext as _
from pollwitness.language import language, whole_number
from pollwitness.report import Subject
from pollwitness.report.site import Account, Wishes, write_report


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("report")(report)


def report(
    case: CaseArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The folder of the report; made, or updated.")
    ],
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", help="en, be or ru; the first stands at the top. Repeatable."),
    ] = None,
    address: Annotated[
        str, typer.Option(help="Where it will be published: https://example.org/report/")
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="The summary as PDF too; needs the extra pdf.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep it up to date while the case changes.")
    ] = False,
    every: Annotated[
        float, typer.Option(help="With --watch: seconds between two looks.", min=0.1)
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a case: a folder of pages that opens from disk.

    Only pages that changed are written again. Nothing restricted enters it.

    Example: pollwitness report examples/belarus-2020 -o build/report
    """
    tags = list(dict.fromkeys(languages or ["en"]))
    wanted = Wishes(tuple(language(tag) for tag in tags), _checked(address), pdf)
    before = _stamp(case)
    account = _written(case, output, wanted)
    if as_json:
        print_json("report", _object(output, account))
    else:
        _print(output, account)
    if watch:
        _watch(case, lambda: _print(output, _written(case, output, wanted)), every, before)


def _checked(address: str) -> str:
    """The address with a slash at its end.

    Raises:
        QuestionError: if it is no address of the web.
    """
    if address and not address.startswith(("https://", "http://")):
        raise QuestionError(f"--address {address!r}: write it with https://")
    return address if not address or address.endswith("/") else f"{address}/"


def _written(case: Path, output: Path, wishes: Wishes) -> Account:
    folder = read_case(case)
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        checking = progress.add_task(_("checking"), total=None)
        run = run_checks(
            folder.tables,
            progress=lambda done, total: progress.update(checking, completed=done, total=total),
        )
        writing = progress.add_task(_("writing files"), total=None)
        subject = Subject.of(
            folder.tables, run, CustodyLog(case / LOG).checkpoint(),
            articles_of(case, folder.tables),
        )  # fmt: skip
        whole = replace(
            wishes,
            head=shown_head(case, subject.tables),
            descriptor=shown_descriptor(subject.tables),
        )
        document = canonical_json(run.document(folder.tables)) + b"\n"
        return write_report(
            subject, document, output, whole,
            lambda done: progress.update(writing, completed=done),
        )  # fmt: skip


def _print(output: Path, account: Account) -> None:
    template = _("{n} files, {changed} of them written anew, {removed} removed")
    print_lines([
        template.format(
            n=whole_number(account.files),
            changed=whole_number(account.written),
            removed=whole_number(account.removed),
        ),
        str(output / "index.html"),
    ])  # fmt: skip


def _object(output: Path, account: Account) -> dict[str, Json]:
    return {
        "index": str(output / "index.html"),
        "files": account.files,
        "written": account.written,
        "removed": account.removed,
    }


_Stamp = tuple[tuple[str, int, int], ...]


def _stamp(case: Path) -> _Stamp:
    """The size and time of every file that the report is made from."""
    files = [case / "case.toml", *sorted((case / "tables").glob("*")),
             *sorted((case / "documents").glob("*"))]  # fmt: skip
    found = []
    for file in files:
        try:
            state = file.stat()
        except FileNotFoundError:
            continue
        found.append((file.name, state.st_size, state.st_mtime_ns))
    return tuple(found)


def _watch(case: Path, update: Callable[[], None], every: float, before: _Stamp) -> None:
    """Update after every change of the case until interrupted.

    ``before`` is the state of the case before it was last read, so that what arrives while a
    report is written is seen at the next look.

    A case that is refused, half written perhaps, leaves the report as it was; all problems are
    printed, and the next change is tried again.
    """
    print_lines([_("watching {case}; stop with Ctrl-C").format(case=case)])
    last = before
    while True:
        time.sleep(every)
        now = _stamp(case)
        if now == last:
            continue
        last = now
        try:
            update()
        except InputRefusedError as error:
            print_problems(error.problems)
