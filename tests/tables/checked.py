"""Tables checked without a folder, from the text of their CSV."""

from collections.abc import Collection, Mapping

from pollwitness.case.head import parse_head
from pollwitness.tables import (
    Case,
    ParsedTable,
    Problem,
    TextTable,
    consistency_problems,
    election_schemas,
    parse_table,
    read_csv_text,
)
from tests.case.small_folder import HEAD


def checked(texts: Mapping[str, str], *, unread: Collection[str] = ()) -> tuple[Problem, ...]:
    """All problems of these tables, in the small case of two contests."""
    case = parse_head(HEAD.encode())
    assert isinstance(case, Case)
    schemas = election_schemas(case.option_ids)
    parsed: dict[str, ParsedTable] = {}
    found: list[Problem] = []
    for name, text in texts.items():
        table = read_csv_text(text.encode(), f"tables/{name}.csv")
        assert isinstance(table, TextTable)
        file = f"tables/{name}.csv"
        parsed[name], problems = parse_table(table.frame, table.header, schemas[name], file)
        found += problems
    return (*found, *consistency_problems(case, parsed, unread=unread))
