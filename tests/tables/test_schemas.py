"""The schemas agree with themselves, and problems are said the same way everywhere."""

from pollwitness.tables import (
    Column,
    Kind,
    Problem,
    Schema,
    Severity,
    election_schemas,
    has_errors,
    in_order,
)

SCHEMAS = election_schemas(["anna", "boris"])


def test_references_lead_to_the_single_key_of_a_table_named_before() -> None:
    """Parents stand before children, so that a reader can go through the tables once."""
    names = list(SCHEMAS)
    for position, (name, schema) in enumerate(SCHEMAS.items()):
        for column in schema.columns:
            if column.references is not None:
                assert column.references in names[: position + 1]
                assert len(SCHEMAS[column.references].key) == 1
                assert column.nullable or column.references != name
                assert column.kind is Kind.ID


def test_every_column_says_what_it_means_and_no_key_is_unknown() -> None:
    for schema in SCHEMAS.values():
        assert schema.meaning
        assert len(set(schema.names)) == len(schema.columns)
        assert all(column.meaning for column in schema.columns)
        assert not any(schema.column(name).nullable for name in schema.key)
        assert all(c.choices for c in schema.columns if c.kind is Kind.CHOICE)
        assert all(c.unit for c in schema.columns if c.kind is Kind.INTEGER)


def test_what_tells_of_single_people_is_restricted() -> None:
    restricted = {
        name for name, schema in SCHEMAS.items() if any(map(schema.is_restricted, schema.names))
    }
    assert restricted == {"voter_report_items", "evidence", "detentions", "linkage", "links"}
    evidence = SCHEMAS["evidence"]
    assert [name for name in evidence.names if not evidence.is_restricted(name)] == [
        "evidence_id", "document_id", "station_id", "visibility", "generation", "parent_id",
        "sha256", "media_type", "bytes",
    ]  # fmt: skip
    hidden = Column("address", Kind.TEXT, "where", restricted=True)
    schema = Schema("x", "a row", ("address",), (hidden, Column("a", Kind.ID, "an id")))
    assert schema.is_restricted("address")
    assert not schema.is_restricted("a")


def test_votes_have_a_column_for_every_option() -> None:
    for name in ("protocols", "protocol_sums", "official_results"):
        votes = [column for column in SCHEMAS[name].names if column.startswith("votes_")]
        assert votes == ["votes_anna", "votes_boris"]


def _problem(
    file: str, row: int | None, column: str | None, value: str | None = None,
    severity: Severity = Severity.ERROR, id: str = "T999",  # noqa: A002
) -> Problem:  # fmt: skip
    return Problem(id, severity, file, row, column, value, "wrong", "Mend it.")


def test_a_problem_is_one_printable_line() -> None:
    assert str(_problem("a.csv", None, None)) == "T999 error a.csv: wrong. Mend it."
    assert str(_problem("a.csv", 2, "x", "1\n2", Severity.WARNING)) == (
        "T999 warning a.csv, row 2, column x: wrong ('1\\n2'). Mend it."
    )
    assert str(_problem("a.csv", None, "x\n\x1b[2J")) == (
        "T999 error a.csv, column 'x\\n\\x1b[2J': wrong. Mend it."
    )
    assert str(_problem("case.toml", None, "title")) == (
        "T999 error case.toml, key title: wrong. Mend it."
    )


def test_problems_are_ordered_by_place_and_said_once() -> None:
    first, second = _problem("a.csv", None, None), _problem("a.csv", 9, "x")
    third, fourth = _problem("a.csv", 10, "a"), _problem("b.csv", 1, "a")
    fifth = _problem("b.csv", 1, "a", id="U000")
    shuffled = [fifth, third, first, fourth, second, third]
    assert in_order(shuffled) == (first, second, third, fourth, fifth)


def test_warnings_alone_are_no_errors() -> None:
    warning = _problem("a.csv", 1, None, severity=Severity.WARNING)
    assert not has_errors([])
    assert not has_errors([warning])
    assert has_errors([warning, _problem("a.csv", 1, None)])
