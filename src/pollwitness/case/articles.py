"""Articles of a case: the file as it came, its reading, and the claims proposed from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pollwitness.case.folder import read_case
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
        InputRefusedError: if the case has errors.
        QuestionError: if the text cannot be read, or is in the case already.
    """
    tables = read_case(folder).tables
    source = text_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    document_id = _free_id(tables, name, digest, described.document_id)
    published = described.published or source.published
    reading = read_text(source.text, published, parse)
    areas = tables.table("areas").select("area_id", "name", "parent_id").rows()
    rows = claim_rows(source.text, reading, Article(tables.case, areas, document_id))
    path = f"{document_id}.{_SUFFIX[source.kind]}"
    document = {
        "document_id": document_id, "kind": "article",
        "title": described.title or source.title or _first_line(source.text),
        "publisher": described.publisher or "unknown", "address": described.address,
        "published_at": None if published is None else published.isoformat(),
        "path": path, "sha256": digest, "licence": described.licence,
    }  # fmt: skip
    (folder / FOLDER).mkdir(exist_ok=True)
    kept = reading_document(source, content, published, reading, tier)
    replace_file(folder / FOLDER / path, content)
    replace_file(folder / FOLDER / f"{document_id}.reading.json", canonical_json(kept))
    tables = with_rows(tables, "documents", [document])
    tables = with_rows(tables, "claims", rows)
    for table in ("documents", "claims"):
        keep_table(tables, table, folder)
    write_descriptor(tables, folder)
    return ReadArticle(document_id, source, reading, tuple(rows))


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


def _free_id(tables: CaseTables, name: str, digest: str, wanted: str | None) -> str:
    documents = tables.table("documents")
    same = documents.filter(pl.col("sha256") == digest)["document_id"].to_list()
    if same:
        raise QuestionError(f"{name} is in the case already, as the document {same[0]}")
    taken = set(documents["document_id"].to_list())
    if wanted is not None:
        if wanted in taken:
            raise QuestionError(f"the case has a document {wanted} already; choose another id")
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", wanted) is None:
            raise QuestionError(f"{wanted!r} is no id: letters, digits and . _ - only, up to 60")
        return wanted
    stem = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40] or "article"
    free = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in free if one not in taken)


def _first_line(text: str) -> str:
    line = next((one for one in text.splitlines() if one.strip()), "")
    short = " ".join(line.split())
    return short if len(short) <= _LONGEST_TITLE else f"{short[: _LONGEST_TITLE - 1]}…"


_LONGEST_TITLE = 120


def articles_of(folder: Path, tables: CaseTables) -> dict[str, KeptArticle]:
    """The articles of a case whose file and reading are at hand and unchanged, by document.

    Raises:
        QuestionError: if a file differs from its digest in the table, or from its reading.
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
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise QuestionError(f"{file} is not the file that the table of documents names")
        source = text_of(str(file), content)
        kept = parse_reading(str(reading), reading.read_bytes())
        digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
        if digest != kept.text_sha256:
            raise QuestionError(f"{reading} is the reading of another text; read the article again")
        found[name] = KeptArticle(name, source.text, kept)
    return found
