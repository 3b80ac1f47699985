"""A small case to import into, and files as the world makes them: each with its exact account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pollwitness.case import ImportAccount, Wishes, import_file, write_case
from tests.build import small_case, small_tables

STATIONS = """
[[tables]]
name = "stations"
[tables.columns]
station_id = { from = "id", prefix = "s" }
area_id = "area"
name = "name"
registered = "voters"
"""
"""The mapping of most files: four columns into the table of stations."""
HEADER = "id,area,name,voters"
ROWS = ("1,city,School,812", "2,city,Library,1204")


def case_folder(folder: Path) -> Path:
    """A case with the areas city and east, and the station s1 with 812 voters."""
    tables = small_tables(
        small_case(),
        areas=[{"area_id": "city"}, {"area_id": "east", "parent_id": "city"}],
        stations=[{"station_id": "s1", "area_id": "city", "name": "School", "registered": 812}],
        documents=[{"document_id": "paper"}],
    )
    write_case(tables, folder)
    return folder


def mapping(source: str, tables: str = STATIONS) -> str:
    return f"format = 1\n[source]\n{source}\n{tables}"


def imported(folder: Path, content: bytes, rules: str, *, name="file.csv", **wishes):
    """The account of importing these bytes into the case."""
    file = folder.parent / name
    file.write_bytes(content)
    (folder.parent / "mapping.toml").write_text(rules, encoding="utf-8")
    return import_file(folder, file, folder.parent / "mapping.toml", Wishes(**wishes))


def counts(account: ImportAccount, table: str = "stations") -> dict[str, int]:
    """The numbers of one table that are not 0."""
    found = next(t for t in account.tables if t.table == table)
    names = ("added", "changed", "unchanged", "repeated", "rejected", "kept")
    return {name: number for name in names if (number := getattr(found, name))}


@dataclass(frozen=True)
class Dirty:
    """A file, how it is to be read, and its account; ``problems`` are whole messages."""

    content: bytes
    source: str = 'format = "csv"'
    tables: str = STATIONS
    counted: Mapping[str, int] = field(default_factory=lambda: {"added": 1, "unchanged": 1})
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    name: str = "file.csv"


def lines(*rows: str, end: str = "\n") -> bytes:
    return (end.join(rows) + end).encode()
