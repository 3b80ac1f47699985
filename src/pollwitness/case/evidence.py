"""The evidence of a case: files into the archive, their rows, and their events in the log."""

from __future__ import annotations

import datetime
import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from pollwitness import __version__
from pollwitness.case.folder import read_case
from pollwitness.case.write import TableFormat, write_descriptor, write_table
from pollwitness.errors import QuestionError
from pollwitness.evidence.archive import Archive, Readable, Received, members_of
from pollwitness.evidence.events import (
    Chains,
    Event,
    EventError,
    EventType,
    Times,
    check_signature,
    commitment_to,
    event_line,
    parse_event,
    signed,
)
from pollwitness.evidence.log import CustodyLog, LogError
from pollwitness.evidence.metadata import extras_in
from pollwitness.evidence.notes import SigningKey
from pollwitness.evidence.pictures import Look, check_installed, looks
from pollwitness.evidence.sniffing import (
    PICTURES,
    FileRefusedError,
    check_declared,
    check_single,
    media_type,
)
from pollwitness.tables import CaseTables

ARCHIVE, LOG = "evidence", "log"
TOOL = f"pollwitness {__version__}"
A_BATCH = 100
"""Files after which the table and the log are written; an interruption loses no more than these."""
_NO_PUBLIC_COPY = (
    "no public copy of {kind} is made, since not everything that it carries beside what is seen "
    "can be removed; publish pictures of it"
)
Progress = Callable[[int], None]
_Row = dict[str, "str | int | None"]


@dataclass(frozen=True, slots=True)
class Whose:
    """What new files are about, and who adds them: a document, a station, a key, the time now."""

    document_id: str
    station_id: str | None
    key: SigningKey
    moment: str


@dataclass(slots=True)
class Added:
    """What adding files did: rows, files that were there before, and files refused, with why."""

    rows: list[_Row] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def now() -> str:
    """The time, to the second, in UTC."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def the_hour(moment: str) -> str:
    """The hour of a moment: what the public log says of when a file came."""
    return f"{moment[:13]}:00:00Z"


def files_below(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """(name, path) of files and of all files in folders, in order; links are not followed."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
            yield from ((str(p.relative_to(path.parent)), p) for p in inside)
        else:
            yield path.name, path


def add_files(
    case: Path, sources: Iterable[tuple[str, Path]], whose: Whose, progress: Progress
) -> Added:
    """Put files into the archive of a case; the content of a ZIP as files of its own.

    A file that the document has already is left as it is, so that the same command goes on where it
    was interrupted. Everything is restricted until it is published.

    Raises:
        InputRefusedError: if the case has errors.
        QuestionError: if it has no such document or station.
    """
    with _alone(case):
        return _add_files(case, sources, whose, progress)


def _add_files(
    case: Path, sources: Iterable[tuple[str, Path]], whose: Whose, progress: Progress
) -> Added:
    tables = read_case(case).tables
    _check_named(tables, "documents", "document_id", whose.document_id)
    if whose.station_id is not None:
        _check_named(tables, "stations", "station_id", whose.station_id)
    archive, added = Archive(case / ARCHIVE), Added()
    evidence = tables.table("evidence").filter(pl.col("document_id") == whose.document_id)
    there = set(evidence["sha256"].to_list())
    waiting: list[_Row] = []
    try:
        for name, path in sources:
            try:
                for received, shown, kind in _received(archive, name, path, progress):
                    if received.sha256 in there and archive.path_of(received.sha256).exists():
                        added.known.append(shown)
                        continue
                    received.keep()
                    there.add(received.sha256)
                    waiting.append(_row(received, shown, kind, whose))
            except (FileRefusedError, OSError) as error:
                added.refused.append((name, str(error)))
            if len(waiting) >= A_BATCH:
                tables = _kept(case, tables, waiting, whose)
                added.rows += waiting
                waiting = []
    finally:
        # Whatever stops the work, what is in the archive has its row.
        _kept(case, tables, waiting, whose)
    added.rows += waiting
    return added


@contextmanager
def _alone(case: Path) -> Iterator[None]:
    """Be the only program that changes the evidence of a case.

    Raises:
        LogError: if another one does.
    """
    (case / ARCHIVE).mkdir(exist_ok=True)
    with (case / ARCHIVE / ".lock").open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LogError(f"{case}: another program adds evidence; try again later") from error
        yield


def _check_named(tables: CaseTables, table: str, column: str, name: str) -> None:
    if name not in tables.table(table)[column].to_list():
        raise QuestionError(f"tables/{table}.csv has no {column} {name}; add it first")


def _received(
    archive: Archive, name: str, path: Path, progress: Progress
) -> Iterator[tuple[Received, str, str]]:
    """(file beside the archive, name, type) of a file, or of every file in a ZIP."""
    with archive.receiving(path, progress) as received:
        kind = _kind_of(received, name)
        if kind != "application/zip":
            yield received, name, kind
            return
        packed = received.part.with_suffix(".zip")
        received.part.rename(packed)
    try:
        for inside, content in members_of(packed):
            yield from _member(archive, f"{name}/{inside}", content, progress)
    finally:
        packed.unlink(missing_ok=True)


def _member(
    archive: Archive, name: str, content: Readable, progress: Progress
) -> Iterator[tuple[Received, str, str]]:
    with archive.receiving(content, progress) as received:
        yield received, name, _kind_of(received, name)


def _kind_of(received: Received, name: str) -> str:
    """The type of a file, which its name must not contradict and which must be its only one."""
    kind = media_type(received.part)
    check_declared(name, kind)
    check_single(received.part, kind)
    return kind


def _row(received: Received, name: str, kind: str, whose: Whose) -> _Row:
    return {
        "evidence_id": f"e-{secrets.token_hex(8)}", "document_id": whose.document_id,
        "station_id": whose.station_id, "visibility": "restricted", "generation": "unknown",
        "parent_id": None, "sha256": received.sha256, "media_type": kind, "bytes": received.size,
        "received_at": whose.moment, "salt": secrets.token_hex(32),
        "name": _one_line(name, 200),
    }  # fmt: skip


def _one_line(text: str, most: int) -> str | None:
    """A foreign text as a cell of a table: printable, without spaces around it; None if empty."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable.strip()[:most].strip() or None


def _kept(case: Path, tables: CaseTables, rows: Sequence[_Row], whose: Whose) -> CaseTables:
    """Write new rows to the table, then their events to the log; nothing for no rows."""
    if not rows:
        return tables
    schema = tables.schemas["evidence"]
    types = {column.name: column.dtype for column in schema.columns}
    new = pl.DataFrame([{n: row.get(n) for n in schema.names} for row in rows], schema=types)
    return _written(case, tables, pl.concat([tables.table("evidence"), new]), whose.key)


def _written(
    case: Path, tables: CaseTables, evidence: pl.DataFrame, key: SigningKey | None
) -> CaseTables:
    whole = tables.with_table("evidence", evidence)
    write_table(whole, "evidence", case, table_format=TableFormat.CSV)
    write_descriptor(whole, case)
    if key is not None:
        log = CustodyLog(case / LOG)
        with log.writing():
            lines = list(log.entries())
            log.append(list(missing_events(whole, lines, key)))
    return whole


def missing_events(tables: CaseTables, lines: Sequence[bytes], key: SigningKey) -> Iterator[bytes]:
    """The lines of files of the archive that have no event yet: received, or derived."""
    chains = Chains.of(lines)
    for row in tables.table("evidence").iter_rows(named=True):
        item = f"evidence/{row['evidence_id']}"
        if item in chains.last:
            continue
        derived = row["parent_id"] is not None
        event = Event(
            EventType.DERIVED if derived else EventType.RECEIVED, tables.case.id, item, 0, "",
            "clerk", TOOL, digest=row["sha256"] if row["visibility"] == "public" else None,
            commitment=None if row["salt"] is None
            else commitment_to(bytes.fromhex(row["salt"]), row["sha256"]),
            parent=None if not derived else f"evidence/{row['parent_id']}",
            times=Times(received=None if row["received_at"] is None
                        else the_hour(row["received_at"])),
        )  # fmt: skip
        whole = signed(chains.next_of(event), key)
        line = event_line(whole)
        chains.add(whole, line)
        yield line


def public_files(case: Path, shown: CaseTables) -> list[tuple[str, Path]]:
    """(SHA-256, path) of the files of the archive that may be published, each once."""
    archive = Archive(case / ARCHIVE)
    digests = shown.table("evidence")["sha256"].unique().sort().to_list()
    return [(digest, archive.path_of(digest)) for digest in digests]


def look_at(case: Path, progress: Progress) -> tuple[int, list[tuple[str, str]]]:
    """Look at pictures nobody looked at yet: how many, and those that cannot be decoded.

    Raises:
        ExtraMissingError: if the extra for pictures is not installed.
    """
    check_installed()
    with _alone(case):
        return _look_at(case, progress)


def _look_at(case: Path, progress: Progress) -> tuple[int, list[tuple[str, str]]]:
    tables = read_case(case).tables
    archive = Archive(case / ARCHIVE)
    waiting = tables.table("evidence").filter(
        pl.col("media_type").is_in(sorted(PICTURES)), pl.col("perceptual_hash").is_null(),
        pl.col("generation") != "derivative",
    )  # fmt: skip
    rows = waiting.select("evidence_id", "sha256").rows()
    refused: list[tuple[str, str]] = []
    seen: dict[str, Look] = {}
    pictures = ((archive.path_of(digest), None) for _name, digest in rows)
    for (name, _digest), look in zip(rows, looks(pictures), strict=True):
        if look.refused is None:
            seen[name] = look
        else:
            refused.append((name, look.refused))
        progress(1)
        if len(seen) >= A_BATCH:
            tables = _noted(case, tables, seen)
            seen = {}
    _noted(case, tables, seen)
    return len(rows) - len(refused), refused


def _noted(case: Path, tables: CaseTables, seen: dict[str, Look]) -> CaseTables:
    if not seen:
        return tables
    found = pl.DataFrame(
        [
            {"evidence_id": name, "perceptual_hash": look.pdq,
             "codes": _one_line(" ¶ ".join(look.codes), 4_000),
             "captured_at": _one_line(look.taken or "", 200),
             "place": _one_line(look.place or "", 200),
             "device": _one_line(look.device or "", 200)}
            for name, look in seen.items()
        ],
        schema=dict.fromkeys(
            ("evidence_id", "perceptual_hash", "codes", "captured_at", "place", "device"), pl.String
        ),
    )  # fmt: skip
    evidence = tables.table("evidence").update(found, on="evidence_id")
    return _written(case, tables, evidence, None)


def publish_files(case: Path, names: Sequence[str], whose: Whose) -> Added:
    """Make public copies of files: pictures from their pixels, texts as they are.

    A copy is kept only if the second reader finds nothing in it beside the pixels.

    Raises:
        QuestionError: if the case has no such file.
        ExtraMissingError: if the extra for pictures is not installed.
    """
    check_installed()
    with _alone(case):
        return _publish_files(case, names, whose)


def _publish_files(case: Path, names: Sequence[str], whose: Whose) -> Added:
    tables = read_case(case).tables
    evidence = tables.table("evidence")
    for name in names:
        _check_named(tables, "evidence", "evidence_id", name)
    archive, added = Archive(case / ARCHIVE), Added()
    chosen = evidence.filter(pl.col("evidence_id").is_in(list(names)))
    already = set(evidence["parent_id"].drop_nulls().to_list())
    for row in chosen.iter_rows(named=True):
        if row["evidence_id"] in already or row["visibility"] == "public":
            added.known.append(row["evidence_id"])
            continue
        try:
            stored, kind = _public_copy(archive, row)
        except FileRefusedError as error:
            added.refused.append((row["evidence_id"], str(error)))
            continue
        about = replace(whose, document_id=row["document_id"], station_id=row["station_id"])
        added.rows.append(
            _row(stored, "", kind, about)
            | {"visibility": "public", "generation": "derivative", "name": None, "salt": None,
               "parent_id": row["evidence_id"]}
        )  # fmt: skip
    _kept(case, tables, added.rows, whose)
    return added


def _public_copy(archive: Archive, row: _Row) -> tuple[Received, str]:
    kind, source = str(row["media_type"]), archive.path_of(str(row["sha256"]))
    if kind not in {*PICTURES, "text/plain"}:
        raise FileRefusedError(_NO_PUBLIC_COPY.format(kind=kind))
    target = archive.folder / f".{os.getpid()}.public.part"
    if kind == "text/plain":
        copy, made = source, kind
    else:
        look = next(iter(looks([(source, target)])))
        if look.refused is not None:
            raise FileRefusedError(look.refused)
        extras = extras_in(target.read_bytes())
        if extras:
            raise FileRefusedError(f"the public copy still carries {', '.join(extras)}")
        copy, made = target, "image/jpeg"
    try:
        with archive.receiving(copy, lambda _bytes: None) as received:
            received.keep()
            return received, made
    finally:
        target.unlink(missing_ok=True)


def evidence_problems(case: Path, progress: Progress) -> list[tuple[str, str]]:
    """(where, what) is wrong with the archive, its table and the log: everything compared."""
    tables = read_case(case).tables
    archive, log = Archive(case / ARCHIVE), CustodyLog(case / LOG)
    wrong = [(str(p.relative_to(case)), text) for p, text in archive.wrong_files(progress)]
    named = set()
    for row in tables.table("evidence").iter_rows(named=True):
        named.add(row["sha256"])
        path = archive.path_of(row["sha256"])
        if not path.exists():
            wrong.append((str(path.relative_to(case)), f"is missing: {row['evidence_id']}"))
    wrong += [
        (str(path.relative_to(case)), "is named by no row of tables/evidence.csv; add it again")
        for path in archive.files()
        if path.name not in named
    ]
    wrong += [("log", text) for text in log.problems()]
    wrong += [(f"log/custody.jsonl, line {n}", text) for n, text in _wrong_events(tables, log)]
    return wrong


def _wrong_events(tables: CaseTables, log: CustodyLog) -> Iterator[tuple[int, str]]:
    rows = {
        f"evidence/{row['evidence_id']}": row
        for row in tables.table("evidence").iter_rows(named=True)
    }
    chains = Chains({})
    for number, line in enumerate(log.entries(), start=1):
        try:
            event = parse_event(line)
            chains.add(event, line)
            check_signature(event)
        except EventError as error:
            yield number, str(error)
            continue
        row = rows.get(event.item)
        if row is None or event.type not in {EventType.RECEIVED, EventType.DERIVED}:
            continue
        opened = None if row["salt"] is None else commitment_to(
            bytes.fromhex(row["salt"]), row["sha256"]
        )  # fmt: skip
        if event.commitment != opened or (event.digest or row["sha256"]) != row["sha256"]:
            yield number, f"is not about the file that tables/evidence.csv names: {event.item}"
