"""Sealing a case: public files, the log of all events, and a signature over both."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from pollwitness import __version__
from pollwitness.bundle.layout import (
    CASE,
    CASE_TAGS,
    CHECKPOINT,
    CUSTODY,
    DECLARATION,
    DECLARED,
    FINDINGS,
    INFO,
    MANIFEST,
    POLICY,
    PROOF,
    PUBLIC,
    SCRIPT,
    TAGS,
    TEXT,
    BundleError,
    CaseHead,
    bag_info,
    manifest_text,
)
from pollwitness.bundle.records import LOGGED, chained, last_digests, new_events
from pollwitness.case import public_files, read_case, shown_descriptor, shown_head
from pollwitness.case.write import check_new
from pollwitness.checks import run_checks
from pollwitness.claims import canonical_json
from pollwitness.errors import RefusedError
from pollwitness.evidence.archive import copy_hashed
from pollwitness.evidence.events import Chains, Event, EventType, Times, parse_event
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.notes import LOG, SigningKey, parse_checkpoint
from pollwitness.tables import CaseTables, canonical_csv, shown_tables

LOG_FOLDER = "log"
TOOL = f"pollwitness {__version__}"
Progress = Callable[[int, int], None]
Stamp = Callable[[bytes], bytes]
"""The response of a timestamp authority to the text of a checkpoint."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a case is sealed.

    ``key`` signs events and the checkpoint; ``witnesses`` cosign it; ``stamps`` ask authorities for
    the time. ``moment`` is now, to the second, as ISO 8601 in UTC and in seconds since 1970.
    """

    key: SigningKey
    moment: str
    seconds: int
    witnesses: Sequence[SigningKey] = ()
    stamps: Sequence[Stamp] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed: the version, files and bytes of the payload, entries of the log, root."""

    version: int
    files: int
    size: int
    entries: int
    root: bytes


def seal(
    case: Path, output: Path, wishes: Wishes, progress: Progress = lambda _done, _all: None
) -> Sealed:
    """Seal a case into a new folder, and record in its log that this was published.

    Findings are computed from what is published, so that a reader can compute them again. The
    folder has its name only when everything in it is complete.

    Raises:
        BundleError: if the key is that of a witness.
        FolderExistsError: if the folder is there and not empty.
        InputRefusedError: if the case has errors.
    """
    if wishes.key.kind != LOG:
        raise BundleError(f"the key of {wishes.key.name} is that of a witness and signs no log")
    check_new(output)
    tables = read_case(case).tables
    shown = shown_tables(tables)
    part = output.with_name(f".{output.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        sealed = _fill(case, shown, part, wishes, progress)
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.exists():
            output.rmdir()
        part.rename(output)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sealed


def _fill(case: Path, shown: CaseTables, part: Path, wishes: Wishes, progress: Progress) -> Sealed:
    items = _payload(case, shown, part, progress)
    manifest = manifest_text({path: digest for path, _size, digest in items})
    _write(part / MANIFEST, manifest)
    tags = _tags(part, shown, wishes, items)
    log = CustodyLog(case / LOG_FOLDER)
    with log.writing():
        lines = list(log.entries())
        events = [parse_event(line) for line in lines]
        published = _published(events)
        head = CaseHead(
            shown.case.id, shown.case.title, len(published) + 1,
            next((digest for digest in reversed(published) if digest), None),
            hashlib.sha256(manifest).hexdigest(), wishes.moment, TOOL, tuple(LOGGED), tags,
            tuple(items),
        )  # fmt: skip
        _write(part / CASE, bytes(head))
        added = _events(shown, lines, events, bytes(head), wishes)
        log.append(added)
        note = log.publish(wishes.key, wishes.moment)
        cosigned = [one.cosign(note.text, wishes.seconds) for one in wishes.witnesses]
        note = note.with_signatures(cosigned)
        log.keep(note)
        size = len(lines) + len(added)
        proof = log.proof(size - 1)
    _write(part / CUSTODY, b"".join(line + b"\n" for line in (*lines, *added)))
    _write(part / CHECKPOINT, bytes(note))
    _write(part / PROOF, bytes(proof))
    try:
        for number, stamp in enumerate(wishes.stamps, start=1):
            _write(part / f"proof/checkpoint-{number}.tsr", stamp(note.text.encode()))
    except RefusedError:
        _withdraw(log, wishes.key)
        raise
    _write(part / TAGS, manifest_text(_digests(part)))
    total = sum(bytes_ for _path, bytes_, _digest in items)
    return Sealed(head.version, len(items), total, size, parse_checkpoint(note.text).root)


def _events(
    shown: CaseTables, lines: Sequence[bytes], events: Sequence[Event], head: bytes, wishes: Wishes
) -> list[bytes]:
    """The lines that a version adds to the log; the last one publishes it."""
    chains = Chains.of(lines)
    hour = f"{wishes.moment[:13]}:00:00Z"
    before = last_digests(iter(events))
    added = list(new_events(shown, before, chains, wishes.key, tool=TOOL, received=hour))
    event = Event(
        EventType.PUBLISHED, shown.case.id, CASE, 0, "", "publisher", TOOL,
        digest=hashlib.sha256(head).hexdigest(), times=Times(received=hour),
    )  # fmt: skip
    return [*added, chained(event, chains, wishes.key)]


def _published(events: Sequence[Event]) -> list[str | None]:
    """The digest of every version that was published; None where it was withdrawn at once."""
    found: list[str | None] = []
    for event in events:
        if event.item == CASE and event.type is EventType.PUBLISHED:
            found.append(event.digest)
        elif event.item == CASE and event.type is EventType.WITHDRAWN and found:
            found[-1] = None
    return found


def _withdraw(log: CustodyLog, key: SigningKey) -> None:
    """Record that a version was not published after all: its bundle was not completed."""
    with log.writing():
        lines = list(log.entries())
        gone = replace(parse_event(lines[-1]), type=EventType.WITHDRAWN, digest=None,
                       reason="the bundle was not completed")  # fmt: skip
        log.append([chained(gone, Chains.of(lines), key)])


def _payload(
    case: Path, shown: CaseTables, part: Path, progress: Progress
) -> list[tuple[str, int, str]]:
    """Write the public files; (path, bytes, SHA-256) of each."""
    made: dict[str, bytes] = {f"{PUBLIC}/case.toml": shown_head(case, shown)}
    descriptor = shown_descriptor(shown)
    if descriptor is not None:
        made[f"{PUBLIC}/datapackage.json"] = descriptor
    for name, frame in shown.frames.items():
        if frame.height:
            made[f"{PUBLIC}/tables/{name}.csv"] = canonical_csv(frame, shown.schemas[name])
    copied = public_files(case, shown)
    total = len(made) + len(copied) + 1
    items = []
    for done, (path, content) in enumerate(made.items(), start=1):
        _write(part / path, content)
        items.append((path, len(content), hashlib.sha256(content).hexdigest()))
        progress(done, total)
    # Computed from the files just written, as a reader will.
    run = run_checks(read_case(part / PUBLIC).tables)
    findings = canonical_json(run.document(read_case(part / PUBLIC).tables)) + b"\n"
    _write(part / FINDINGS, findings)
    items.append((FINDINGS, len(findings), hashlib.sha256(findings).hexdigest()))
    for done, (digest, source) in enumerate(copied, start=len(made) + 2):
        path = f"{PUBLIC}/{source.relative_to(case).as_posix()}"
        found, size = copy_hashed(source, part / path)
        if found != digest:
            raise BundleError(f"{source} is not the file that tables/evidence.csv names")
        items.append((path, size, digest))
        progress(done, total)
    return items


def _tags(
    part: Path, shown: CaseTables, wishes: Wishes, items: Sequence[tuple[str, int, str]]
) -> Mapping[str, str]:
    """Write the files whose digests stand in case.json, and give these digests."""
    assets = resources.files("pollwitness.bundle") / "assets"
    for name in (TEXT, SCRIPT):
        _write(part / name, (assets / name).read_bytes())
    (part / SCRIPT).chmod(0o755)
    _write(part / DECLARATION, DECLARED)
    info = bag_info(shown.case.id, shown.case.title, wishes.moment[:10], items)
    _write(part / INFO, info)
    _write(part / POLICY, policy_text(wishes).encode())
    return {name: hashlib.sha256((part / name).read_bytes()).hexdigest() for name in CASE_TAGS}


def policy_text(wishes: Wishes) -> str:
    """The keys that signed, as a policy; a copy for convenience, which nobody should trust."""
    lines = ["# Keys of the publisher. Trust keys that you got elsewhere, not this copy.",
             f"log {wishes.key.public}"]  # fmt: skip
    names = [f"witness-{number}" for number, _one in enumerate(wishes.witnesses, start=1)]
    lines += [
        f"witness {name} {one.public}" for name, one in zip(names, wishes.witnesses, strict=True)
    ]
    if names:
        lines.append(f"group all-witnesses all {' '.join(names)}")
    lines.append(f"quorum {'all-witnesses' if names else 'none'}")
    return "".join(f"{line}\n" for line in lines)


def _digests(part: Path) -> dict[str, str]:
    """The digest of every file outside the payload, but for the list of these digests."""
    found = {}
    for path in part.rglob("*"):
        name = path.relative_to(part).as_posix()
        if path.is_file() and not name.startswith("data/") and name != TAGS:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
