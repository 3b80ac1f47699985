"""Writing a report: only what changed, each file whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path, PurePosixPath

from pollwitness.checks.recount import assess
from pollwitness.checks.recount_claims import RISK_LIMIT
from pollwitness.errors import QuestionError, RefusedError
from pollwitness.language import Language, speaking
from pollwitness.report.content import pages
from pollwitness.report.feed import feed
from pollwitness.report.pages.articles import article_card
from pollwitness.report.pages.front import claim_card
from pollwitness.report.pages.summary import summary
from pollwitness.report.papers import transcript
from pollwitness.report.preview import as_png, preview
from pollwitness.report.rendering import Edition, Renderer, environment
from pollwitness.report.subject import Subject
from pollwitness.report.theme import style_sheet
from pollwitness.report.typeset import summary_pdf, summary_source
from pollwitness.tables import canonical_csv

MANIFEST = "report-files.json"
"""The list of the files of a report: what a later run may replace or remove."""
Progress = Callable[[int], None]


class ForeignFolderError(RefusedError):
    """A folder holds files that no report put there; nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Account:
    """What writing a report did: files there are, files written anew, files removed."""

    files: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the report that is there: SHA-256 of what it was made from, and of its bytes."""

    source: str
    content: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the report: what it is made from, and how; only made where that changed."""

    path: str
    digest: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a report is wanted.

    ``languages``: the first stands in the folder itself, the others in folders of their own.
    ``address`` is where it will be published, with a slash at its end, or empty. ``head`` and
    ``descriptor`` are `case.toml` and `datapackage.json` of the case as it is shown.
    """

    languages: tuple[Language, ...]
    address: str = ""
    with_pdf: bool = False
    head: bytes = b""
    descriptor: bytes | None = None


def write_report(
    subject: Subject, findings: bytes, folder: Path, wishes: Wishes, progress: Progress
) -> Account:
    """Write a report into a folder, or bring the report that is there up to date.

    ``findings`` are the bytes of `findings.json`.

    Raises:
        ForeignFolderError: if the folder holds files and no report.
        TypstMissingError: if PDF is wanted and cannot be made.
    """
    known = _known_files(folder)
    written: dict[str, Made] = {}
    changed = 0
    _note(folder, known)
    for source in _sources(subject, findings, wishes):
        path = folder / source.path
        made = known.get(source.path)
        if made is None or made.source != source.digest or _digest_of(path) != made.content:
            content = source.make()
            _replace(path, content)
            made = Made(source.digest, hashlib.sha256(content).hexdigest())
            changed += 1
        written[source.path] = made
        progress(len(written))
    stale = [name for name in known if name not in written]
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    _note(folder, written)
    return Account(len(written), changed, len(stale))


def _known_files(folder: Path) -> dict[str, Made]:
    """The files of the report that is in a folder, with what each was made from."""
    manifest = folder / MANIFEST
    if manifest.is_file():
        return _listed(manifest)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ForeignFolderError(
            f"{folder} exists and holds no report; choose another folder, or empty this one"
        )
    return {}


def _listed(manifest: Path) -> dict[str, Made]:
    """The content of a manifest.

    Raises:
        ForeignFolderError: if it names anything but files below its own folder: a report that came
            from elsewhere must not make us write to, or remove, other files.
    """
    try:
        listed = json.loads(manifest.read_text(encoding="utf-8"))
        found = {str(name): Made(str(made[0]), str(made[1])) for name, made in listed.items()}
    except (ValueError, AttributeError, TypeError, IndexError, KeyError) as error:
        raise ForeignFolderError(f"{manifest} is no list of files of a report") from error
    folder = manifest.parent.resolve()
    for name in found:
        path = (folder / name).resolve()
        if PurePosixPath(name).is_absolute() or not path.is_relative_to(folder) or path == folder:
            raise ForeignFolderError(f"{manifest} names a file outside its folder: {name}")
    return found


def _digest_of(path: Path) -> str:
    """The SHA-256 of a file as it lies there; empty where it does not."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _note(folder: Path, files: dict[str, Made]) -> None:
    listed = {name: [made.source, made.content] for name, made in files.items()}
    text = json.dumps(listed, sort_keys=True, indent=0, ensure_ascii=False) + "\n"
    _replace(folder / MANIFEST, text.encode())


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new page, never a part of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sources(subject: Subject, findings: bytes, wishes: Wishes) -> Iterator[Source]:
    assets = resources.files("pollwitness.report") / "assets"
    yield _whole("style.css", style_sheet().encode())
    yield _whole("mark.svg", (assets / "mark.svg").read_bytes())
    yield _whole("findings.json", findings)
    yield from _data(subject, wishes)
    editions = tuple(
        Edition(language, "" if number == 0 else f"{language.tag}/")
        for number, language in enumerate(wishes.languages)
    )
    for edition in editions:
        with speaking(edition.language):
            yield from _edition(subject, edition, editions, wishes)


def _whole(path: str, content: bytes) -> Source:
    return Source(path, hashlib.sha256(content).hexdigest(), lambda: content)


def _data(subject: Subject, wishes: Wishes) -> Iterator[Source]:
    """The case as it may be shown, for whoever computes again."""
    yield _whole("data/case.toml", wishes.head)
    if wishes.descriptor is not None:
        yield _whole("data/datapackage.json", wishes.descriptor)
    for name, frame in subject.tables.frames.items():
        if frame.height:
            content = canonical_csv(frame, subject.tables.schemas[name])
            yield _whole(f"data/tables/{name}.csv", content)


def _edition(
    subject: Subject, edition: Edition, editions: tuple[Edition, ...], wishes: Wishes
) -> Iterator[Source]:
    renderer = Renderer(subject, edition, editions, wishes.address, environment())
    for page in pages(subject, with_pdf=wishes.with_pdf):
        yield Source(
            edition.folder + page.path, renderer.fingerprint(page), partial(renderer.page, page)
        )
    yield _whole(f"{edition.folder}feed.json", feed(subject, edition, wishes.address))
    for claim in subject.claims.values():
        name = subject.claim_path(claim.claim_id)
        svg = preview(claim_card(subject, claim), subject.tables.case.title)
        path = f"{edition.folder}previews/{name[len('claims/') : -len('.html')]}.png"
        yield Source(path, _digest(svg), partial(as_png, svg))
    for document_id, article in subject.articles.items():
        svg = preview(article_card(subject, article), subject.tables.case.title)
        path = f"{edition.folder}previews/{subject.article_name(document_id)}.png"
        yield Source(path, _digest(svg), partial(as_png, svg))
    yield from _transcripts(subject, edition)
    if wishes.with_pdf:
        short = summary(subject)
        yield Source(
            f"{edition.folder}summary.pdf",
            _digest(summary_source(short)),
            partial(summary_pdf, short),
        )


def _transcripts(subject: Subject, edition: Edition) -> Iterator[Source]:
    """The transcript of each recount: every number of it on one page, apart from the site."""
    for sample in subject.samples:
        if sample.is_recount:
            try:
                found = assess(subject.tables, sample.id)
            except QuestionError:
                continue  # its page says why
            page = transcript(subject.tables, found, RISK_LIMIT)
            yield _whole(f"{edition.folder}{subject.transcript_path(sample.id)}", page.encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
