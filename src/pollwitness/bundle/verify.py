"""Verifying a bundle: from every file to a signature that the reader trusts, all problems at once.

The chain: files -> manifest -> case.json -> last line of custody.jsonl -> Merkle root -> checkpoint
-> keys of the reader. Nothing in the bundle is believed before it is reached from these keys.
"""

from __future__ import annotations

import csv
import json
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rfc8785

from pollwitness.bundle.layout import (
    CASE,
    CASE_TAGS,
    CHECKPOINT,
    CUSTODY,
    FORMAT,
    MANIFEST,
    MOST_LIST,
    MOST_TAGS,
    PROOF,
    PUBLIC,
    REQUIRED,
    TAGS,
    BundleError,
    belongs,
    is_plain_name,
    parse_manifest,
)
from pollwitness.bundle.records import LOGGED, last_digests, row_digests
from pollwitness.case import InputRefusedError, read_case
from pollwitness.evidence.archive import digest_of_file
from pollwitness.evidence.events import (
    Chains,
    Event,
    EventError,
    EventType,
    check_signature,
    parse_event,
)
from pollwitness.evidence.merkle import ProofError, check_inclusion, leaf_hash, root_of
from pollwitness.evidence.notes import (
    Checkpoint,
    Note,
    NoteError,
    parse_checkpoint,
    parse_note,
    parse_proof,
)
from pollwitness.evidence.timestamps import MOST_BYTES, TimestampError, check_timestamp
from pollwitness.evidence.trust import Trust
from pollwitness.tables import CaseTables, election_schemas

Progress = Callable[[int], None]
_MOST_PROBLEMS = 20
MOST_TAG_BYTES = 512 << 20
"""The largest file outside the payload that is read into memory."""


@dataclass(slots=True)
class Verification:
    """What was found: (file, what is wrong) in order, what holds, and what was not asked."""

    wrong: list[tuple[str, str]] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def step(self, wrong: list[tuple[str, str]], good: str) -> None:
        """Take the outcome of a step."""
        self.wrong += wrong
        if not wrong:
            self.good.append(good)


def verify(
    bundle: Path, trust: Trust, *, older: bytes | None = None,
    progress: Progress = lambda _bytes: None,
) -> Verification:  # fmt: skip
    """Check every file of a bundle, its log, its signatures and timestamps.

    ``older`` is a checkpoint that the reader kept: the log must continue it.

    Raises:
        BundleError: if the folder is no bundle, or the older checkpoint cannot be used.
    """
    if not (bundle / MANIFEST).is_file() and not (bundle / CASE).is_file():
        raise BundleError(f"{bundle} is no bundle: it holds neither {MANIFEST} nor {CASE}")
    found = Verification()
    found.step(list(_wrong_files(bundle, progress)), "every file is listed and is what was sealed")
    gone = [name for name in REQUIRED if not _is_plain_file(bundle / name)]
    if gone:
        found.wrong += [(n, "is missing") for n in gone if (n, "is missing") not in found.wrong]
        return found
    note = _note(bundle)
    if note is None:
        found.wrong.append((CHECKPOINT, "is no signed checkpoint"))
        return found
    _check_chain(bundle, note, trust, found)
    # What follows takes time for every line, and reads tables: it is done for a log and for files
    # that a trusted key vouches for.
    if not found.wrong:
        _check_content(bundle, note, found)
    if older is not None and not found.wrong:
        found.step(*_older(older, _lines(bundle), trust))
    if not found.wrong:
        _check_tokens(bundle, note, trust, found)
    return found


def _check_chain(bundle: Path, note: Note, trust: Trust, found: Verification) -> None:
    """From the keys of the reader to case.json and the files that it names."""
    head = parse_checkpoint(note.text)
    log = trust.log_of(note)
    wrong = list(_wrong_signatures(note, head, trust))
    content = _read(bundle / CUSTODY)
    count = content.count(b"\n")
    if not content.endswith(b"\n"):
        wrong.append((CUSTODY, "its last line is torn"))
    if count != head.size:
        wrong.append((CUSTODY, f"has {count} lines, and the checkpoint says {head.size}"))
    lines = content.split(b"\n")[:-1]
    if not wrong and root_of(leaf_hash(line) for line in lines) != head.root:
        wrong.append((CUSTODY, "is not the log that was signed"))
    name = "" if log is None else log.name
    found.step(wrong, f"the log of {head.size:,} entries is signed by {name}")
    last = content.rstrip(b"\n").rpartition(b"\n")[2]
    found.step(
        list(_wrong_case(bundle, last)), "case.json names the files, and the log publishes it"
    )
    if not wrong:
        found.step(list(_wrong_proof(bundle, note, head, last)), "the log holds case.json")


def _check_content(bundle: Path, note: Note, found: Verification) -> None:
    """Every event of the log, and every row of the tables against its event."""
    events, wrong = _events(_lines(bundle))
    found.step(wrong, "every event is signed and follows the one before")
    case = json.loads(_read(bundle / CASE))
    rows = list(_wrong_rows(bundle, events, set(case["logged"])))
    found.step(rows, "every document, figure and claim is in the log")
    stated = parse_checkpoint(note.text).stated_at
    found.notes.append(
        f"case {case['case']['id']}, version {case['version']}, sealed at {case['sealed_at']}; "
        f"the log was signed at {stated}"
    )


def _lines(bundle: Path) -> list[bytes]:
    return _read(bundle / CUSTODY).split(b"\n")[:-1]


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


# --- files ----------------------------------------------------------------------------------------


def _wrong_files(bundle: Path, progress: Progress) -> Iterator[tuple[str, str]]:
    listed: dict[str, str] = {}
    for name, most in ((MANIFEST, MOST_LIST), (TAGS, MOST_TAGS)):
        if not _is_plain_file(bundle / name):
            yield name, "is missing"
        elif (bundle / name).stat().st_size > most:
            yield name, "is no list of digests"
        else:
            digests, wrong = parse_manifest((bundle / name).read_bytes())
            listed |= digests
            yield from ((name, text) for text in wrong[:_MOST_PROBLEMS])
            yield from (
                (name, f"names {path}, which belongs into the other list")
                for path in digests
                if path.startswith("data/") != (name == MANIFEST)
            )
    there = dict(_walked(bundle))
    for path in sorted({*there, *listed}):
        wrong_with = there.get(path, "is missing")
        if not wrong_with and path != TAGS:
            wrong_with = _wrong_with(bundle / path, path, listed.get(path), progress)
        if wrong_with:
            yield path, wrong_with


def _wrong_with(file: Path, path: str, digest: str | None, progress: Progress) -> str:
    """What is wrong with a plain file that is there; empty for nothing."""
    if not belongs(path):
        return "is no file of a bundle"
    if digest is None:
        return "is listed nowhere"
    return "" if digest_of_file(file, progress) == digest else "is not what was sealed"


def _walked(bundle: Path) -> Iterator[tuple[str, str]]:
    """Every name below the bundle that is no plain folder, and what is wrong with it."""
    waiting = [bundle]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            name = path.relative_to(bundle).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield name, "is a link"
            elif not is_plain_name(name):
                yield name, "has a name that no file of a bundle has"
            elif stat.S_ISDIR(mode):
                waiting.append(path)
            else:
                yield name, "" if stat.S_ISREG(mode) else "is no file"


def _read(path: Path) -> bytes:
    """The content of a file outside the payload.

    Raises:
        BundleError: if it is larger than any that we write.
    """
    if path.stat().st_size > MOST_TAG_BYTES:
        raise BundleError(f"{path} is too large to be read")
    return path.read_bytes()


# --- the case and the log -------------------------------------------------------------------------


def _wrong_case(bundle: Path, last: bytes) -> Iterator[tuple[str, str]]:
    digest = digest_of_file(bundle / CASE)
    if not _publishes(last, digest):
        # Not what anybody signed, and so not read.
        yield CASE, f"is not what the last line of {CUSTODY} publishes"
        return
    content = _read(bundle / CASE)
    try:
        head = json.loads(content)
        canonical = rfc8785.dumps(head)
        tags = {one["path"]: one["sha256"] for one in head["tags"]}
        items = {one["path"]: one["sha256"] for one in head["items"]}
        manifest, known = head["manifest"], head["format"] == FORMAT
        logged = {str(name) for name in head["logged"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        yield CASE, "is no description of a case"
        return
    if canonical != content or not known or not logged <= set(LOGGED):
        yield CASE, "is not in canonical form, or of a format that this version does not know"
    if digest_of_file(bundle / MANIFEST) != manifest:
        yield MANIFEST, f"is not the one that {CASE} names"
    elif items != parse_manifest(_read(bundle / MANIFEST))[0]:
        yield CASE, f"does not list the files of {MANIFEST}"
    for path in CASE_TAGS:
        if tags.get(path) != digest_of_file(bundle / path):
            yield path, f"is not the one that {CASE} names"


def _publishes(line: bytes, digest: str) -> bool:
    try:
        event = parse_event(line)
    except EventError:
        return False
    return (event.type, event.item, event.digest) == (EventType.PUBLISHED, CASE, digest)


def _note(bundle: Path) -> Note | None:
    try:
        note = parse_note(_read(bundle / CHECKPOINT))
        parse_checkpoint(note.text)
    except NoteError:
        return None
    return note


def _wrong_signatures(note: Note, head: Checkpoint, trust: Trust) -> Iterator[tuple[str, str]]:
    log = trust.log_of(note)
    if log is None:
        yield CHECKPOINT, "is signed by no log that you trust"
    elif log.name != head.origin:
        yield CHECKPOINT, "is of another log than its key"
    if not trust.is_enough(set(trust.cosigners(note))):
        yield CHECKPOINT, "too few witnesses that you trust signed it"


def _wrong_proof(
    bundle: Path, note: Note, head: Checkpoint, last: bytes
) -> Iterator[tuple[str, str]]:
    text = f"does not show that the log holds {CASE}"
    try:
        content = _read(bundle / PROOF)
        proof = parse_proof(content)
        if (proof.index, proof.note, bytes(proof)) != (head.size - 1, note, content):
            yield PROOF, f"{text}: it is about another entry or checkpoint"
        check_inclusion(proof.index, head.size, leaf_hash(last), proof.hashes, head.root)
    except (NoteError, ProofError) as error:
        yield PROOF, f"{text}: {error}"


def _events(lines: list[bytes]) -> tuple[list[Event], list[tuple[str, str]]]:
    chains, events, wrong = Chains({}), [], []
    for number, line in enumerate(lines, start=1):
        try:
            event = parse_event(line)
            check_signature(event)
            chains.add(event, line)
        except EventError as error:
            wrong.append((CUSTODY, f"line {number}: {error}"))
        else:
            events.append(event)
    return events, wrong


def _wrong_rows(bundle: Path, events: list[Event], promised: set[str]) -> Iterator[tuple[str, str]]:
    """Rows whose last event is about another content, and values that must not be there."""
    others = [p for p in (bundle / PUBLIC / "tables").glob("*") if p.suffix != ".csv"]
    if others:
        yield others[0].relative_to(bundle).as_posix(), "is no table as a bundle holds them"
        return
    try:
        tables = read_case(bundle / PUBLIC).tables
    except InputRefusedError as error:
        yield f"{PUBLIC}/case.toml", f"the case cannot be read: {error.problems[0]}"
        return
    yield from _restricted(bundle, tables)
    logged = last_digests(iter(events))
    for item, (digest, _kind) in sorted(row_digests(tables).items()):
        table, _, name = item.partition("/")
        if table in promised and logged.get(item) != digest:
            text = f"the log has no event of this row as it is: {LOGGED[table]} {name}"
            yield f"{PUBLIC}/tables/{table}.csv", text


def _restricted(bundle: Path, tables: CaseTables) -> Iterator[tuple[str, str]]:
    schemas = election_schemas(tables.case.option_ids)
    for path in sorted((bundle / PUBLIC / "tables").glob("*.csv")):
        schema = schemas.get(path.stem)
        name = path.relative_to(bundle).as_posix()
        if schema is None or schema.restricted:
            yield name, "is a table that must not be published"
            continue
        with path.open(encoding="utf-8", newline="") as text:
            columns = next(csv.reader(text), [])
        for column in schema.columns:
            if column.restricted and column.name in columns:
                yield name, f"holds a column that must not be published: {column.name}"


def _older(content: bytes, lines: list[bytes], trust: Trust) -> tuple[list[tuple[str, str]], str]:
    try:
        note = parse_note(content)
        head = parse_checkpoint(note.text)
    except NoteError as error:
        raise BundleError(f"the older checkpoint cannot be used: {error}") from error
    if trust.log_of(note) is None:
        raise BundleError("the older checkpoint is signed by no log that you trust")
    good = f"the log continues the one of {head.size:,} entries"
    if head.size > len(lines):
        return [(CUSTODY, f"has fewer lines than the older checkpoint says: {head.size}")], good
    if root_of(leaf_hash(line) for line in lines[: head.size]) != head.root:
        return [(CUSTODY, "does not continue the log of the older checkpoint")], good
    return [], good


# --- timestamps -----------------------------------------------------------------------------------


def _check_tokens(bundle: Path, note: Note, trust: Trust, found: Verification) -> None:
    """The timestamps; every file of theirs is known by now to be a plain one that is listed."""
    names = sorted(
        (path.relative_to(bundle).as_posix() for path in (bundle / "proof").glob("*.tsr")),
        key=lambda name: (len(name), name),
    )
    if not trust.authorities:
        if names:
            found.notes.append(
                f"{len(names)} timestamps were not checked: the keys name no authority for time"
            )
        return
    if not names:
        found.wrong.append(("proof", "holds no timestamp, and you trust authorities for time"))
    for name in names:
        try:
            if (bundle / name).stat().st_size > MOST_BYTES:
                raise TimestampError("is too large for a timestamp")  # noqa: TRY301
            content = (bundle / name).read_bytes()
            stamped = check_timestamp(content, note.text.encode(), trust.authorities)
        except TimestampError as error:
            found.wrong.append((name, str(error)))
            continue
        when = re.sub(r"\+00:00$", "Z", stamped.moment.isoformat())
        found.good.append(f"an authority saw the checkpoint at {when} ({name})")
