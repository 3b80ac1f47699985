"""What a publication says of its case beside the tables: the head, and what the tables mean."""

from __future__ import annotations

from pathlib import Path

from pollwitness.case.head import FILE, head_text
from pollwitness.case.write import package
from pollwitness.tables import Audience, CaseTables, columns_written


def shown_head(folder: Path, tables: CaseTables) -> bytes:
    """The `case.toml` to publish: the file itself of a public case.

    That of an internal case is written anew, without the comments that its file may hold.
    """
    if tables.case.audience is Audience.PUBLIC:
        return (folder / FILE).read_bytes()
    return head_text(tables.case).encode()


def shown_descriptor(shown: CaseTables) -> bytes | None:
    """The `datapackage.json` of the tables that are shown, as CSV files beside it."""
    listed = []
    for name, frame in shown.frames.items():
        if frame.height:
            schema = shown.schemas[name]
            known = [c for c in schema.names if frame[c].null_count() < frame.height]
            listed.append((schema, f"{name}.csv", columns_written(schema, known)))
    return package(shown.case, listed)
