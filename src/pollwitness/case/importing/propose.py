"""A first draft of a mapping, from a look at a file and at the tables; a person confirms it."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pollwitness.case.importing.mapping import FORMAT, SourceFormat, SourceRules
from pollwitness.case.importing.run import open_source
from pollwitness.case.importing.sniff import Sniffed, header_row, numbered, sniff
from pollwitness.case.importing.source import Batch
from pollwitness.tables import Case, Schema, election_schemas, vote_column

_WORDS: Mapping[str, tuple[str, ...]] = {
    "station_id": ("station id", "polling station", "station", "mesa", "casilla", "precinct",
                   "участок", "уик", "ўчастак"),
    "area_id": ("area id", "region", "district", "province", "estado", "область", "регион",
                "район", "вобласць", "раён"),
    "number": ("number", "no", "nr", "номер", "нумар", "numero"),
    "name": ("name", "place", "address", "название", "адрес", "назва", "nombre", "centro"),
    "registered": ("registered", "voters", "electorate", "re", "electores", "lista nominal",
                   "число избирателей", "избирателей", "выбаршчыкаў", "roll"),
    "issued": ("issued", "ballots issued", "выдано", "выдано бюллетеней", "выдадзена"),
    "ballots": ("ballots", "turnout", "voted", "total votes", "проголосовало", "найдено",
                "бюллетеней", "прагаласавала", "votantes", "total"),
    "valid": ("valid", "votos validos", "действительных", "сапраўдных"),
    "invalid": ("invalid", "null", "spoiled", "rejected", "votos nulos", "nulos",
                "недействительных", "несапраўдных"),
    "early": ("early", "advance", "досрочно", "датэрмінова"),
    "mobile": ("mobile", "home voting", "на дому", "вне помещения", "па месцы"),
    "latitude": ("latitude", "lat", "широта", "шырата"),
    "longitude": ("longitude", "lon", "lng", "долгота", "даўгата"),
    "added": ("added", "дополнительно"),
    "document_id": ("document", "url", "link", "ссылка"),
    "reports": ("reports", "сообщений"),
}  # fmt: skip
"""Words by which columns are called in files, beside the names of the tables' own columns."""
_TOTALS = r"^(total|итого|всего|разам|усяго)"
_LIKE = 0.86


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft: the text of a mapping, and the columns of the file that it could not place."""

    text: str
    unplaced: tuple[str, ...]


def propose_mapping(file: Path, *, case: Case | None = None) -> Proposal:
    """A draft of a mapping for a file.

    Raises:
        SourceRefusedError: if the file cannot be read.
    """
    sniffed = sniff(file)
    if sniffed.rules.format in (SourceFormat.NIST, SourceFormat.EML):
        return _standard(file, sniffed.rules, case)
    if sniffed.rules.format is SourceFormat.SPREADSHEET:
        sniffed = _sniffed_sheet(file, sniffed.rules)
    header = open_source(file, sniffed.rules).header(None)
    options = () if case is None else case.option_ids
    placed = _placed(header, case)
    table = _table(placed, election_schemas(options))
    unplaced = tuple(name for name in header if name not in placed.values())
    return Proposal(_draft(sniffed, header, table, placed, case), unplaced)


def _sniffed_sheet(file: Path, rules: SourceRules) -> Sniffed:
    raw = open_source(file, SourceRules(rules.format, columns=tuple(f"c{n}" for n in range(40)),
                                        header_rows=()))  # fmt: skip
    batch = next(raw.batches(None), Batch(pl.DataFrame(), np.empty(0, dtype=np.int64)))
    rows = tuple(tuple(cell or "" for cell in row) for row in batch.frame.head(200).iter_rows())
    row = header_row(rows)
    return numbered(Sniffed(SourceRules(rules.format, header_rows=(row,)), rows))


def _plain(name: str) -> str:
    """The name in lower case, without accents, marks and underscores."""
    apart = unicodedata.normalize("NFKD", name.lower())
    letters = "".join(c for c in apart if not unicodedata.combining(c) or c in "\u0306\u0308")
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", letters)).strip()


def _placed(header: Sequence[str], case: Case | None) -> dict[str, str]:
    """The column of a table that each column of the file seems to be: best matches first."""
    wanted = {column: [column, *words] for column, words in _WORDS.items()}
    for contest in () if case is None else case.contests:
        for option in contest.options:
            wanted[vote_column(option.id)] = [vote_column(option.id), option.id, option.name]
    scored = sorted(
        (
            (_likeness(_plain(name), [_plain(w) for w in words]), -at, column, name)
            for column, words in wanted.items()
            for at, name in enumerate(header)
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for score, _at, column, name in scored:
        if score >= _LIKE and column not in found and name not in found.values():
            found[column] = name
    return found


def _likeness(name: str, words: Iterable[str]) -> float:
    """1 where equal, a little less where the name begins a word with it, else by letters."""
    best = 0.0
    for word in words:
        best = max(best, float(name == word))
        if len(word) > 3 and re.search(rf"\b{re.escape(word)}", name):
            best = max(best, 0.9)
        best = max(best, difflib.SequenceMatcher(None, name, word).ratio() * 0.95)
    return best


def _table(placed: Mapping[str, str], schemas: Mapping[str, Schema]) -> str:
    """The table that the columns seem to belong to."""
    has_votes = any(column.startswith("votes_") for column in placed)
    if has_votes or {"ballots", "valid", "invalid", "issued"} & set(placed):
        return "protocols"
    scores = {
        name: sum(schemas[name].has(column) for column in placed) for name in ("stations", "areas")
    }
    return max(scores, key=lambda name: scores[name])


def _draft(
    sniffed: Sniffed,
    header: Sequence[str],
    table: str,
    placed: Mapping[str, str],
    case: Case | None,
) -> str:
    schema = election_schemas(() if case is None else case.option_ids)[table]
    lines = [
        "# A draft, made by looking at the file. Check every line, then try it with --dry-run.",
        f"format = {FORMAT}",
        "",
        *_source_lines(sniffed.rules),
        "",
        *_skip_lines(sniffed, header),
        "[[tables]]",
        f"name = {_text(table)}",
        "[tables.columns]",
    ]
    for column in schema.columns:
        if column.name in placed:
            lines.append(f"{column.name} = {_text(placed[column.name])}")
        elif not column.nullable:
            lines.append(f"{column.name} = {_constant(column.name, column.choices, placed, case)}")
    unplaced = [name for name in header if name not in placed.values()]
    lines += [f"# not placed: {_text(name)}" for name in unplaced]
    return "\n".join(lines) + "\n"


def _source_lines(rules: SourceRules) -> list[str]:
    lines = ["[source]", f"format = {_text(rules.format)}"]
    if rules.format is SourceFormat.CSV:
        quote = "" if rules.quote is None else rules.quote
        lines += [f"encoding = {_text(rules.encoding)}", f"delimiter = {_text(rules.delimiter)}",
                  f"quote = {_text(quote)}"]  # fmt: skip
    if rules.format in (SourceFormat.CSV, SourceFormat.SPREADSHEET):
        lines.append(f"header_rows = [{', '.join(str(row) for row in rules.header_rows)}]")
    if rules.decimal != ".":
        lines.append(f"decimal = {_text(rules.decimal)}")
    if rules.thousands is not None:
        lines.append(f"thousands = {_text(rules.thousands)}")
    return lines


def _skip_lines(sniffed: Sniffed, header: Sequence[str]) -> list[str]:
    """Rows that begin a cell with a word for "total" are proposed to be skipped."""
    for row in sniffed.rows[sniffed.rules.first_row - 1 :]:
        for position, cell in enumerate(row[: len(header)]):
            if re.match(_TOTALS, cell, re.IGNORECASE):
                return [
                    "[[skip]]",
                    f"column = {_text(header[position])}",
                    f"matches = {_text('(?i)' + _TOTALS)}",
                    'why = "a total"',
                    "",
                ]
    return []


def _constant(
    column: str, choices: Sequence[str], placed: Mapping[str, str], case: Case | None
) -> str:
    if column == "copy_id" and "station_id" in placed:
        return f"{{ from = {_text(placed['station_id'])} }}"
    if column == "contest_id" and case is not None:
        return f"{{ value = {_text(case.contests[0].id)} }}"
    return f"{{ value = {_text(choices[0] if choices else 'FILL IN')} }}"


def _text(value: str) -> str:
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _standard(file: Path, rules: SourceRules, case: Case | None) -> Proposal:
    """The mapping of a standard format: results of units that are areas, and their territory."""
    nist = rules.format is SourceFormat.NIST
    source = open_source(file, rules)
    batch = next(source.batches("counts"))
    label, value = ("selection", "count") if nist else ("list", "votes")
    listed = batch.frame[label].drop_nulls() if label in batch.frame.columns else pl.Series([])
    names = listed.unique(maintain_order=True).to_list()
    columns = {name: _column_of(name, case) for name in names}
    contest = "contest" if case is None else case.contests[0].id
    kind = ('where = { column = "count_type", equals = "total" }' if nist
            else 'where = { column = "level", equals = "list" }')  # fmt: skip
    parent = 'parent_id = "parent_id"' if nist else '# parent_id = { value = "FILL IN" }'
    level = '"unit_type"' if nist else '{ value = "unit" }'
    lines = [
        "# A draft. Units become areas; map them to stations where they are polling stations.",
        f"format = {FORMAT}", "", *_source_lines(rules), "",
        "[[rows]]", 'table = "documents"', 'document_id = "results"', 'kind = "table"',
        'title = "Published results"', 'publisher = "FILL IN"', "",
        "[[tables]]", 'name = "areas"', 'sheet = "units"', "[tables.columns]",
        'area_id = { from = "unit_id" }', parent, f"level = {level}",
        'name = "unit"', "",
        "[[tables]]", 'name = "official_results"', 'sheet = "counts"', kind,
        "[tables.pivot]", f"name = {_text(label)}", f"value = {_text(value)}",
        "[tables.pivot.columns]",
        *(f"{_text(name)} = {_text(column)}" for name, column in columns.items()),
        "[tables.columns]",
        'result_id = { from = "unit_id", prefix = "result-" }', 'area_id = "unit_id"',
        f"contest_id = {{ value = {_text(contest)} }}", 'document_id = { value = "results" }',
        "version = { value = 1 }", 'published_at = { value = "FILL IN" }',
        "rounded_to = { value = 1 }", 'rounding = { value = "half_up" }',
        "withdrawn = { value = false }", "",
    ]  # fmt: skip
    return Proposal("\n".join(lines), ())


def _column_of(name: str, case: Case | None) -> str:
    """The column of the option that a name in the file seems to be."""
    placed = {} if case is None else _placed([name], case)
    votes = [column for column in placed if column.startswith("votes_")]
    return votes[0] if votes else "votes_FILL_IN"
