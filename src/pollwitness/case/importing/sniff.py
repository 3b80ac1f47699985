"""Looking at a foreign file: what kind it is, how it is encoded, separated, headed and numbered."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pollwitness.case.importing.mapping import SourceFormat, SourceRules
from pollwitness.case.importing.source import opened
from pollwitness.tables.records import layout

_LOOKED_AT, _DECODED = 1 << 18, 1 << 26
"""Bytes that are looked at for separators and header, and beyond these for the encoding."""
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACES = "\u00a0\u202f\u2009 "
_ROWS = 200
_HEADERS = 15
"""The header is looked for in so many first rows."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The rules that a file seems to follow, and its first rows."""

    rules: SourceRules
    rows: tuple[tuple[str, ...], ...] = ()


def sniff(path: Path) -> Sniffed:
    """What the file seems to be; a person has to confirm it."""
    with opened(path) as stream:
        start = stream.read(_LOOKED_AT)
        kind = _kind(start, path.suffix.lower())
        if kind is not SourceFormat.CSV:
            return Sniffed(SourceRules(kind))
        encoding = encoding_of(start + stream.read(_DECODED))
    return _sniffed_text(start, encoding)


def _kind(start: bytes, suffix: str) -> SourceFormat:
    if start.startswith(b"PAR1"):
        return SourceFormat.PARQUET
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return SourceFormat.SPREADSHEET
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith(b"<"):
        return SourceFormat.NIST if b"ElectionReport" in text else SourceFormat.EML
    if text.startswith(b"{"):
        whole = b"ElectionResults.ElectionReport" in text and suffix == ".json"
        return SourceFormat.NIST if whole else SourceFormat.JSON_LINES
    return SourceFormat.CSV


def encoding_of(start: bytes) -> str:
    """The encoding of a text, from its marks and from which characters its bytes would be.

    >>> encoding_of("Гомель".encode("cp1251")), encoding_of("Curaçao".encode("latin-1"))
    ('cp1251', 'latin-1')
    """
    if start.startswith(_MARKS):
        return "utf-16"
    sample = np.frombuffer(start[: len(start) // 2 * 2], dtype=np.uint8)
    zeros = (
        (sample[0::2] == 0).mean() if sample.size else 0.0,
        (sample[1::2] == 0).mean() if (sample.size) else 0.0,
    )
    if max(zeros) > 0.3:
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(start)
    except UnicodeDecodeError:
        # Cyrillic words are runs of high bytes; in Latin text they stand alone.
        runs = re.findall(rb"[\x80-\xff]+", start)
        long = sum(len(run) >= 3 for run in runs)
        return "cp1251" if long * 2 > len(runs) else "latin-1"
    return "utf-8"


def _sniffed_text(start: bytes, encoding: str) -> Sniffed:
    decoded = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    text = decoded.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = _delimiter(text)
    quote = None if _is_stray(text, delimiter) else '"'
    lines = text.split("\n")[:_ROWS]
    if quote is None:
        read = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        read = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    try:
        rows = tuple(tuple(cell.strip() for cell in row) for row in read)
    except csv.Error:
        rows = ()
    rules = SourceRules(SourceFormat.CSV, encoding=encoding, delimiter=delimiter, quote=quote)
    return numbered(Sniffed(replace(rules, header_rows=(header_row(rows),)), rows))


def _delimiter(text: str) -> str:
    """The mark that splits most of the first rows into the same number of fields, two or more."""
    best, best_score = ",", 0.0
    raw = "\n".join(text.split("\n")[:_ROWS]).encode()
    for mark in (",", ";", "\t", "|"):
        widths = layout(raw or b"\n", separator=mark).widths
        common = int(np.bincount(widths).argmax())
        score = float((widths == common).mean()) * min(common - 1, 3)
        if score > best_score:
            best, best_score = mark, score
    return best


def _is_stray(text: str, delimiter: str) -> bool:
    """Whether quotation marks stand where they mean nothing, such as in names of schools."""
    found = layout("\n".join(text.split("\n")[:_ROWS]).encode() or b"\n", separator=delimiter)
    return bool(found.stray.size) or found.unclosed_at is not None


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(rf"-?[\d{_SPACES}.,%]+", cell)) and any(c.isdigit() for c in cell)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The row that names the columns: as wide as the table, of words, before rows with numbers."""
    width = max((sum(bool(cell) for cell in row) for row in rows), default=0)
    for number, row in enumerate(rows[:_HEADERS], start=1):
        filled = [cell for cell in row if cell]
        words = [cell for cell in filled if not _is_number(cell)]
        if len(filled) * 10 >= width * 7 and len(words) * 10 >= len(filled) * 8:
            return number
    return 1


def numbered(sniffed: Sniffed) -> Sniffed:
    """The same, with the marks that the numbers of its first rows use."""
    cells = [c for row in sniffed.rows[sniffed.rules.first_row - 1 :] for c in row if _is_number(c)]
    decimal = (
        "," if any(re.fullmatch(r"-?[\d.\s]+,\d{1,2}|-?\d+,\d{4,}", c) for c in cells) else "."
    )
    others = [mark for mark in (",", ".") if mark != decimal]
    thousands = next(
        (
            " " if mark in _SPACES else mark
            for mark in (*_SPACES, *others)
            if any(re.fullmatch(rf"\d{{1,3}}(\{mark}\d{{3}})+(\{decimal}\d+)?", c) for c in cells)
        ),
        None,
    )
    return Sniffed(replace(sniffed.rules, decimal=decimal, thousands=thousands), sniffed.rows)
