"""Commands about evidence: keys, the archive, the custody log."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.progress import DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from pollwitness.case import read_case
from pollwitness.case.evidence import (
    ARCHIVE,
    LOG,
    Added,
    Whose,
    add_files,
    evidence_problems,
    files_below,
    look_at,
    now,
    publish_files,
)
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.keys import KeyOption, PassphraseOption, passphrase, signing_key
from pollwitness.cli.output import err, print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.evidence.events import EventError, parse_event
from pollwitness.evidence.keys import make_key
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.notes import parse_checkpoint
from pollwitness.evidence.pdq import CLOSE, close_pairs
from pollwitness.language import gettext as _
from pollwitness.language import whole_number

app = typer.Typer(
    help="Files, what happened to them, and proofs of it: the archive and the custody log.",
    no_args_is_help=True,
)
ItemArgument = Annotated[
    str, typer.Argument(metavar="ITEM", help="evidence/ID, protocols/COPY or claims/CLAIM.")
]


@app.command("keygen")
def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of the private key.")],
    name: Annotated[
        str, typer.Option("--name", help="What the key is called: example.org/election")
    ],
    witness: Annotated[
        bool, typer.Option("--witness", help="A key that cosigns the logs of others.")
    ] = False,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make a key under a passphrase; beside it stands the public one (FILE.pub).

    Example: pollwitness evidence keygen new.key --name example.org/log --passphrase-file phrase
    """
    role = "witness" if witness else "log"
    key = make_key(file, name, role=role, passphrase=passphrase(passphrase_file, new=True))
    print_lines([str(key.public)])


@contextmanager
def _bytes_bar(total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:3],
               DownloadColumn(), TransferSpeedColumn())  # fmt: skip
    with Progress(*columns, console=err(), transient=True, disable=not err().is_terminal) as bar:
        yield bar, bar.add_task("", total=total)


@app.command("add")
def add(
    case: CaseArgument,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Files, folders, ZIPs; - for stdin.")
    ],
    document: Annotated[str, typer.Option("--document", help="The document that they show.")],
    key: KeyOption,
    station: Annotated[
        str | None, typer.Option("--station", help="The station that they are about.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="With -: what the file is called.")] = "stdin",
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put files into the archive and record that they came. They are restricted until published.

    Run it again after an interruption: files that are there are left as they are.

    Example: pollwitness evidence add examples/belarus-2020 photo.png --document aargauer
    --key log.key --passphrase-file phrase
    """
    signer = signing_key(key, passphrase_file, outside=case)
    whose = Whose(document, station, signer, now())
    with tempfile.TemporaryDirectory() as folder:
        sources = list(files_below(path for path in files if str(path) != "-"))
        if Path("-") in files:
            held = Path(folder) / "stdin"
            with held.open("wb") as target:
                shutil.copyfileobj(sys.stdin.buffer, target)
            sources.append((name, held))
        total = sum(path.stat().st_size for _name, path in sources if path.is_file())
        with _bytes_bar(total) as (bar, task):
            added = add_files(case, sources, whose, lambda count: bar.advance(task, count))
    return _print_added("evidence add", added, as_json=as_json)


def _print_added(command: str, added: Added, *, as_json: bool) -> int:
    if as_json:
        print_json(command, {
            "added": [{"evidence_id": row["evidence_id"], "sha256": row["sha256"],
                       "media_type": row["media_type"]} for row in added.rows],
            "known": list[Json](added.known),
            "refused": [{"file": file, "text": text} for file, text in added.refused],
        })  # fmt: skip
    else:
        template = _("{added} added, {known} there before, {refused} refused")
        print_lines([
            *(f"{row['evidence_id']}  {row['media_type']}  {row['name'] or ''}"
              for row in added.rows),
            *(_("refused: {file}: {why}").format(file=file, why=why)
              for file, why in added.refused),
            template.format(added=whole_number(len(added.rows)),
                            known=whole_number(len(added.known)),
                            refused=whole_number(len(added.refused))),
        ])  # fmt: skip
    return 2 if added.refused else 0


@app.command("look")
def look(case: CaseArgument) -> int:
    """Look at pictures nobody looked at yet: perceptual hash, codes, what the device claims.

    Each picture is decoded by a program with few rights. Then see: pollwitness evidence duplicates

    Example: pollwitness evidence look examples/belarus-2020
    """
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as bar:
        task = bar.add_task(_("pictures"), total=None)
        done, refused = look_at(case, lambda count: bar.advance(task, count))
    print_lines([
        *(_("refused: {file}: {why}").format(file=file, why=why) for file, why in refused),
        _("{n} pictures looked at").format(n=whole_number(done)),
    ])  # fmt: skip
    return 2 if refused else 0


@app.command("duplicates")
def duplicates(
    case: CaseArgument,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", help="Another case to compare with. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List pictures that are nearly the same: one sheet twice, or that of another station.

    Example: pollwitness evidence duplicates examples/belarus-2020
    """
    pictures = [
        (str(folder), row["evidence_id"], row["document_id"], row["station_id"] or "",
         row["perceptual_hash"])
        for folder in (case, *(against or []))
        for row in read_case(folder).tables.table("evidence").iter_rows(named=True)
        if row["perceptual_hash"] is not None
    ]  # fmt: skip
    rows: list[dict[str, Json]] = []
    for first, second, bits in close_pairs([one[4] for one in pictures]):
        one, two = pictures[first], pictures[second]
        if str(case) in {one[0], two[0]}:
            same = one[0] == two[0] and one[3] == two[3]
            rows.append({"first": one[1], "second": two[1], "bits": bits, "same_station": same,
                         "stations": [one[3], two[3]], "documents": [one[2], two[2]],
                         "cases": [one[0], two[0]]})  # fmt: skip
    if as_json:
        print_json("evidence duplicates", list[Json](rows))
        return
    words = {True: _("one station"), False: _("two stations, or two cases: look at both")}
    if rows:
        print_table(
            (_("picture"), _("picture"), _("bits apart"), ""),
            [(str(row["first"]), str(row["second"]), str(row["bits"]),
              words[bool(row["same_station"])]) for row in rows],
        )  # fmt: skip
    template = _("{n} pairs of {pictures} pictures differ by {bits} bits of 256 or less.")
    print_lines([template.format(n=whole_number(len(rows)), bits=CLOSE,
                                 pictures=whole_number(len(pictures)))])  # fmt: skip


@app.command("publish")
def publish(
    case: CaseArgument,
    items: Annotated[list[str], typer.Argument(metavar="ID...", help="Files of the archive.")],
    key: KeyOption,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make public copies: pictures from their pixels alone, texts as they are; originals stay.

    Example: pollwitness evidence publish examples/belarus-2020 FILE-ID --key log.key
    --passphrase-file phrase
    """
    signer = signing_key(key, passphrase_file, outside=case)
    added = publish_files(case, items, Whose("", None, signer, now()))
    return _print_added("evidence publish", added, as_json=as_json)


@app.command("list")
def list_command(case: CaseArgument, as_json: JsonOption = False) -> None:
    """List the files of the archive.

    Example: pollwitness evidence list examples/belarus-2020
    """
    columns = ("evidence_id", "document_id", "station_id", "visibility", "generation", "media_type",
               "bytes", "sha256")  # fmt: skip
    frame = read_case(case).tables.table("evidence").select(columns)
    if as_json:
        print_json("evidence list", list[Json](frame.to_dicts()))
        return
    print_table(columns, [["" if v is None else str(v) for v in row] for row in frame.iter_rows()])


@app.command("show")
def show(case: CaseArgument, item: ItemArgument, as_json: JsonOption = False) -> None:
    """Show what happened to an item: every event, with its five times kept apart.

    Example: pollwitness evidence show examples/belarus-2020 protocols/07-006-0070-qostanay
    """
    log = CustodyLog(case / LOG)
    note = log.note()
    logged = None if note is None else parse_checkpoint(note.text)
    found: list[dict[str, Json]] = []
    for index, line in enumerate(log.entries()):
        event = parse_event(line)
        if event.item == item:
            inside = logged is not None and index < logged.size
            found.append({
                "index": index, "type": str(event.type), "actor": event.actor,
                "digest": event.digest, "commitment": event.commitment, "reason": event.reason,
                "stated": event.times.stated, "captured": event.times.captured,
                "received": event.times.received,
                "logged_before": logged.stated_at if inside and logged is not None else None,
            })  # fmt: skip
    if not found:
        raise QuestionError(f"the log of {case} has no event of {item}")
    if as_json:
        print_json("evidence show", list[Json](found))
        return
    names = (_("index"), _("event"), _("stated"), _("captured"), _("received"), _("logged before"),
             _("by"))  # fmt: skip
    keys = ("index", "type", "stated", "captured", "received", "logged_before", "actor")
    print_table(names, [["" if row[key] is None else str(row[key]) for key in keys]
                        for row in found])  # fmt: skip
    print_lines([_("The trusted time stands in the timestamps of a bundle: pollwitness verify")])


@app.command("checkpoint")
def checkpoint(
    case: CaseArgument, key: KeyOption, passphrase_file: PassphraseOption = None
) -> None:
    """Sign the log as it is now. Publish the lines: who keeps them sees any change later.

    Example: pollwitness evidence checkpoint examples/belarus-2020 --key log.key
    --passphrase-file phrase
    """
    signer = signing_key(key, passphrase_file, outside=case)
    log = CustodyLog(case / LOG)
    with log.writing():
        note = log.publish(signer, now())
    sys.stdout.write(bytes(note).decode())


@app.command("proof")
def proof(case: CaseArgument, item: ItemArgument) -> None:
    """Print the proof that the last event of an item is in the log (C2SP tlog-proof).

    Example: pollwitness evidence proof examples/belarus-2020 protocols/07-006-0070-qostanay
    """
    log = CustodyLog(case / LOG)
    index = last_index(log, item)
    if index is None:
        raise QuestionError(f"the log of {case} has no event of {item}")
    sys.stdout.write(bytes(log.proof(index)).decode())


def last_index(log: CustodyLog, item: str) -> int | None:
    """The place of the last event of an item in the log, or None."""
    found = None
    for index, line in enumerate(log.entries()):
        try:
            if parse_event(line).item == item:
                found = index
        except EventError:
            continue
    return found


@app.command("check")
def check(case: CaseArgument, as_json: JsonOption = False) -> int:
    """Compare the archive, its table and the log with each other, every file read again.

    Exit code 1 if something is wrong.

    Example: pollwitness evidence check examples/belarus-2020
    """
    evidence = read_case(case).tables.table("evidence")
    total = int(evidence.select(pl.col("bytes").sum()).item() or 0)
    with _bytes_bar(total) as (bar, task):
        wrong = evidence_problems(case, lambda count: bar.advance(task, count))
    entries = sum(1 for _line in CustodyLog(case / LOG).entries())
    if as_json:
        print_json("evidence check", {
            "ok": not wrong, "files": evidence.height, "entries": entries,
            "wrong": [{"file": file, "text": text} for file, text in wrong],
        })  # fmt: skip
    else:
        template = _("{files} files in {folder}, {entries} entries in the log")
        print_lines([
            *(f"{_('wrong')}  {file}: {text}" for file, text in wrong),
            template.format(files=whole_number(evidence.height), folder=ARCHIVE,
                            entries=whole_number(entries)),
            _("all checked") if not wrong else _("wrong: look at what is named above"),
        ])  # fmt: skip
    return 1 if wrong else 0
