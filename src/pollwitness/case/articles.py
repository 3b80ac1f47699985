"""Articles of a case: the file as it came, its reading, and the claims proposed from it."""

from __future__ import annotations

import glob
import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pollwitness.case.folder import read_case
from pollwitness.case.hold import alone, checked
from pollwitness.case.write import TableFormat, replace_file, write_descriptor, write_table
from pollwitness.claims import canonical_json
from pollwitness.errors import QuestionError
from pollwitness.reading.claim_rows import Article, ClaimRow, claim_rows
from pollwitness.reading.document import (
    PATTERNS,
    KeptArticle,
    Tier,
    parse_reading,
    reading_document,
)
from pollwitness.reading.parsed import Parse
from pollwitness.reading.propose import Reading, read_text
from pollwitness.reading.spans import visible
from pollwitness.reading.texts import SourceText, text_of
from pollwitness.tables import CaseTables

FOLDER = "documents"
_SUFFIX = {"text": "txt", "html": "html", "pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an article beside its text; None where nothing is."""

    published: date | None = None
    document_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    address: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article that was read into a case, and the claims that it proposes."""

    document_id: str
    source: SourceText
    reading: Reading
    rows: tuple[ClaimRow, ...]


def add_article(
    folder: Path, name: str, content: bytes, described: Described,
    *, parse: Parse | None = None, tier: Tier = PATTERNS,
) -> ReadArticle:  # fmt: skip
    """Read a text into a case: keep its bytes and its reading, and propose its claims.

    Raises:
        InputRefusedError: if the case has errors, or would have some then.
        QuestionError: if the text cannot be read, or is in the case already.
    """
    source = text_of(name, content)
    published = described.published or source.published
    reading = read_text(source.text, published, parse)
    kept = canonical_json(reading_document(source, content, published, reading, tier))
    with alone(folder):
        tables = read_case(folder).tables
        digest = hashlib.sha256(content).hexdigest()
        document_id, is_there = _free_id(folder, tables, name, digest, described.document_id)
        rows = _claims_of(tables, source, reading, (document_id, published))
        path = f"{document_id}.{_SUFFIX[source.kind]}"
        document = {
            "document_id": document_id, "kind": "article",
            "title": _cell(described.title or source.title or _first_line(source.text)),
            "publisher": _cell(described.publisher) or "unknown",
            "address": _cell(described.address), "licence": _cell(described.licence),
            "published_at": None if published is None else published.isoformat(),
            "path": path, "sha256": digest,
        }  # fmt: skip
        whole = with_rows(tables, "documents", [] if is_there else [document])
        whole = checked(with_rows(whole, "claims", rows))
        (folder / FOLDER).mkdir(exist_ok=True)
        replace_file(folder / FOLDER / path, content)
        replace_file(folder / FOLDER / f"{document_id}.reading.json", kept)
        for table in ("documents", "claims"):
            keep_table(whole, table, folder)
        write_descriptor(whole, folder)
    return ReadArticle(document_id, source, reading, tuple(rows))


def _claims_of(
    tables: CaseTables, source: SourceText, reading: Reading, of: tuple[str, date | None]
) -> list[ClaimRow]:
    areas = tables.table("areas").select("area_id", "name", "parent_id").rows()
    taken = frozenset(tables.table("claims")["claim_id"].to_list())
    return claim_rows(source.text, reading, Article(tables.case, areas, *of, taken))


def _cell(text: str | None) -> str | None:
    """A foreign text as a cell of a table: one line, nothing that cannot be seen."""
    return None if text is None else " ".join(visible(text).split()) or None


def with_rows(tables: CaseTables, name: str, rows: Sequence[Mapping[str, object]]) -> CaseTables:
    """The tables with new rows in one of them; columns that a row does not name stay empty."""
    schema = tables.schemas[name]
    types = {column.name: column.dtype for column in schema.columns}
    new = pl.DataFrame([{n: row.get(n) for n in schema.names} for row in rows], schema=types)
    return tables.with_table(name, pl.concat([tables.table(name), new]))


def keep_table(tables: CaseTables, name: str, folder: Path) -> None:
    """Write a table of a case in the format that it has there."""
    is_parquet = (folder / "tables" / f"{name}.parquet").exists()
    table_format = TableFormat.PARQUET if is_parquet else TableFormat.CSV
    write_table(tables, name, folder, table_format=table_format)


def _free_id(
    folder: Path, tables: CaseTables, name: str, digest: str, wanted: str | None
) -> tuple[str, bool]:
    """The id of a document that is read, and whether its row is there already.

    It is where reading was interrupted before any claim was kept.
    """
    documents = tables.table("documents")
    same = documents.filter(pl.col("sha256") == digest)["document_id"].to_list()
    claimed = set(tables.table("claims")["document_id"].to_list())
    if same:
        if same[0] in claimed or (folder / FOLDER / f"{same[0]}.reading.json").is_file():
            raise QuestionError(f"{name} is in the case already, as the document {same[0]}")
        return same[0], True
    taken = {*documents["document_id"].to_list(), *claimed}
    if wanted is not None:
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", wanted) is None:
            raise QuestionError(f"{wanted!r} is no id: letters, digits and . _ - only, up to 60")
        if wanted in taken or _has_file(folder, wanted):
            raise QuestionError(f"the case has a document {wanted} already; choose another id")
        return wanted, False
    stem = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40] or "article"
    free = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(one for one in free if one not in taken and not _has_file(folder, one)), False


def _has_file(folder: Path, document_id: str) -> bool:
    """Whether a file of that name lies there, which a new one would overwrite."""
    return any((folder / FOLDER).glob(f"{glob.escape(document_id)}.*"))


def _first_line(text: str) -> str:
    line = next((one for one in text.splitlines() if one.strip()), "")
    short = " ".join(line.split())
    return short if len(short) <= _LONGEST_TITLE else f"{short[: _LONGEST_TITLE - 1]}…"


_LONGEST_TITLE = 120


def articles_of(folder: Path, tables: CaseTables) -> dict[str, KeptArticle]:
    """The articles of a case whose file and reading are at hand and unchanged, by document.

    Raises:
        QuestionError: if a file differs from its digest in the table, or a reading is damaged.
    """
    found: dict[str, KeptArticle] = {}
    for row in tables.table("documents").iter_rows(named=True):
        name, path = str(row["document_id"]), row["path"]
        if path is None or Path(str(path)).name != path:
            continue
        file = folder / FOLDER / str(path)
        reading = folder / FOLDER / f"{name}.reading.json"
        if not file.is_file() or not reading.is_file():
            continue
        if hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
            raise QuestionError(f"{file} is not the file that the table of documents names")
        kept = parse_reading(str(reading), reading.read_bytes())
        found[name] = KeptArticle(name, kept.text, kept)
    return found
