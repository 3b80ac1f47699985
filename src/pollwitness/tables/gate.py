"""The one gate: what of a case may leave it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pollwitness.tables.case import Audience
from pollwitness.tables.case_tables import CaseTables

LEAST_CELL = 10
"""Counts of people's own reports below this number do not leave in an anonymised export."""
LEFT_OUT = "left out of the anonymised export"
_DROPPED: Mapping[str, tuple[str, ...]] = {
    "documents": ("path", "sha256", "note"),
    "stations": (),
    "protocols": (),
}
"""Columns that can lead to whoever took a photograph or wrote a note."""


def public_tables(tables: CaseTables) -> CaseTables:
    """The case without its restricted tables, and without the values of restricted columns."""
    frames: dict[str, pl.DataFrame] = {}
    for name, frame in tables.frames.items():
        schema = tables.schemas[name]
        if not schema.restricted:
            hidden = [column.name for column in schema.columns if column.restricted]
            frames[name] = _emptied(_visible(name, frame), hidden)
    return CaseTables.of(tables.case, frames, head_sha256=tables.head_sha256)


def shown_tables(tables: CaseTables) -> CaseTables:
    """What of a case may be published: the public tables, or the anonymised ones if it is internal.

    What nobody confirmed is nobody's claim yet, and is not published under a name.
    """
    public = tables.case.audience is Audience.PUBLIC
    shown = public_tables(tables) if public else anonymised_tables(tables)
    claims = shown.table("claims")
    if claims.filter(pl.col("status") != "confirmed").height:
        shown = shown.with_table("claims", claims.filter(pl.col("status") == "confirmed"))
    return shown


def _visible(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("visibility") == "public") if name == "evidence" else frame


def anonymised_tables(tables: CaseTables) -> CaseTables:
    """The public tables without what could point to a person who sent something.

    Paths, digests and notes of documents are left out; documents that are not published at an
    address lose the hour of their day; reasons become a fixed text; voters' reports below ten at a
    station are left out, and so are numbers below ten of reports with photograph or verified.
    """
    public = public_tables(tables)
    frames = dict(public.frames)
    for name, columns in _DROPPED.items():
        if name in frames:
            frames[name] = _emptied(frames[name], list(columns))
    if "documents" in frames:
        day = pl.col("published_at").str.slice(0, 10)
        unpublished = pl.col("address").is_null()
        coarse = pl.when(unpublished).then(day).otherwise(pl.col("published_at"))
        frames["documents"] = frames["documents"].with_columns(coarse.alias("published_at"))
    if "protocols" in frames:
        reason = pl.when(pl.col("reason").is_not_null()).then(pl.lit(LEFT_OUT))
        frames["protocols"] = frames["protocols"].with_columns(reason.alias("reason"))
    if "voter_reports" in frames:
        counts = [pl.when(pl.col(n) >= LEAST_CELL).then(pl.col(n)).alias(n)
                  for n in ("with_photo", "verified")]  # fmt: skip
        enough = frames["voter_reports"].filter(pl.col("reports") >= LEAST_CELL)
        frames["voter_reports"] = enough.with_columns(counts)
    return CaseTables.of(tables.case, frames, head_sha256=tables.head_sha256)


def _emptied(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return frame.with_columns(pl.lit(None, dtype=frame.schema[n]).alias(n) for n in columns)
