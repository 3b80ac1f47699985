"""Correcting a protocol copy: a new copy that names the old one, with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pollwitness.case.folder import read_case, validate_case
from pollwitness.case.write import TableFormat, write_descriptor, write_table
from pollwitness.errors import QuestionError
from pollwitness.tables import LARGEST_COUNT, CaseTables, Problem, count_columns

_UNWRITABLE = ("Cc", "Cs")
"""Control characters, and the halves of characters that stand for bytes that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction did: the new copy, the figures that changed, the rules still broken."""

    copy_id: str
    corrects: str
    changed: tuple[tuple[str, int | None, int | None], ...]
    breaches: tuple[Problem, ...]


def correct_protocol(
    folder: Path,
    copy_id: str,
    *,
    figures: Mapping[str, int | None],
    reason: str,
    document_id: str | None = None,
) -> Correction:
    """Record corrected figures of a protocol copy as a new copy; the old one stays as it is.

    From then on the old copy bounds nothing. ``figures`` maps columns such as ``ballots`` or
    ``votes_<option>`` to the right count, or to None where it turned out to be unreadable.

    Raises:
        InputRefusedError: if the case folder has errors.
        QuestionError: if the copy, the document or a column does not exist, if the copy was
            corrected already, if no figure changes, or if the reason is empty or not plain text.
    """
    tables = read_case(folder).tables
    old = _old_copy(tables, copy_id)
    _check(tables, figures=figures, reason=reason, document_id=document_id)
    changed = tuple(
        (name, before, figures[name])
        for name in sorted(figures)
        if (before := old[name].to_list()[0]) != figures[name]
    )
    if not changed:
        raise QuestionError(f"the copy {copy_id} already has these figures; nothing to correct")
    name = _free_id(copy_id, tables.table("protocols")["copy_id"].to_list())
    row = old.with_columns(
        pl.lit(name).alias("copy_id"),
        pl.lit(copy_id).alias("corrects"),
        pl.lit(reason.strip()).alias("reason"),
        pl.lit("accepted").alias("status"),
        pl.lit(document_id or old["document_id"].to_list()[0]).alias("document_id"),
        *(pl.lit(value, dtype=pl.Int64).alias(column) for column, value in figures.items()),
    )
    new = tables.with_table("protocols", pl.concat([tables.table("protocols"), row]))
    parquet = (folder / "tables" / "protocols.parquet").exists()
    write_table(
        new, "protocols", folder, table_format=TableFormat.PARQUET if parquet else TableFormat.CSV
    )
    write_descriptor(new, folder)
    breaches = tuple(problem for problem in validate_case(folder) if problem.value == name)
    return Correction(name, copy_id, changed, breaches)


def _old_copy(tables: CaseTables, copy_id: str) -> pl.DataFrame:
    protocols = tables.table("protocols")
    old = protocols.filter(pl.col("copy_id") == copy_id)
    if old.is_empty():
        raise QuestionError(f"the case has no protocol copy {copy_id!r}; see tables/protocols")
    later = protocols.filter(pl.col("corrects") == copy_id)["copy_id"].to_list()
    if later:
        raise QuestionError(f"the copy {copy_id} was corrected by {later[0]}; correct that one")
    return old


def _check(
    tables: CaseTables, *, figures: Mapping[str, int | None], reason: str, document_id: str | None
) -> None:
    known = [column.name for column in count_columns(tables.case.option_ids)]
    strange = sorted(set(figures) - set(known))
    if strange:
        raise QuestionError(f"no such figure: {', '.join(strange)}; figures: {', '.join(known)}")
    wild = [n for n, v in figures.items() if v is not None and not 0 <= v <= LARGEST_COUNT]
    if wild:
        raise QuestionError(f"not a count: {', '.join(sorted(wild))}; give whole numbers from 0 up")
    if not reason.strip():
        raise QuestionError("a correction needs its reason; say what was misread")
    if any(unicodedata.category(mark) in _UNWRITABLE for mark in reason):
        raise QuestionError("the reason holds a control character; write it as one line of text")
    documents = tables.table("documents")["document_id"].to_list()
    if document_id is not None and document_id not in documents:
        raise QuestionError(f"the case has no document {document_id!r}; add it to documents first")


def _free_id(copy_id: str, taken: list[str]) -> str:
    number = 1
    while (name := f"{copy_id[:56]}.c{number}") in taken:
        number += 1
    return name
