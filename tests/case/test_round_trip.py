"""What is written is what is read: tables, heads, digests, descriptors."""

# ruff: noqa: E501 (messages stand here as users see them)

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pollwitness.case import (
    InputRefusedError,
    new_case,
    read_case,
    validate_case,
    write_case,
)
from pollwitness.case.head import head_text, parse_head
from pollwitness.case.write import FolderExistsError, TableFormat, write_descriptor
from pollwitness.claims import case_digest
from pollwitness.errors import QuestionError
from pollwitness.tables import (
    Audience,
    Case,
    CaseTables,
    Contest,
    ContestRule,
    Option,
    OptionKind,
    canonical_csv,
    table_digests,
)
from tests.case.small_folder import make_folder, swap
from tests.strategies import case_tables, cases

BOTH = pytest.mark.parametrize("table_format", TableFormat)


@contextmanager
def _new_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as parent:
        yield Path(parent) / "case"


def _assert_same(read: CaseTables, written: CaseTables) -> None:
    assert read.case == written.case
    assert set(read.frames) == set(written.frames)
    for name, frame in written.frames.items():
        assert_frame_equal(read.table(name), frame)


@BOTH
@settings(max_examples=16)
@given(tables=case_tables())
def test_every_table_is_read_as_it_was_written(
    table_format: TableFormat, tables: CaseTables
) -> None:
    with _new_folder() as folder:
        write_case(tables, folder, table_format=table_format)
        read = read_case(folder)
        _assert_same(read.tables, tables)
        assert read.warnings == ()
        _check_descriptor(folder)


@settings(max_examples=16)
@given(tables=case_tables(), seed=st.integers(0, 2**32))
def test_the_look_of_the_files_changes_neither_tables_nor_digest(
    tables: CaseTables, seed: int
) -> None:
    """Row order, column order, CRLF, quotes, unknown columns, repeated rows, Parquet."""
    with _new_folder() as folder:
        write_case(tables, folder / "csv")
        write_case(tables, folder / "parquet", table_format=TableFormat.PARQUET)
        write_case(tables, folder / "other")
        for path in (folder / "other" / "tables").iterdir():
            path.unlink()
        for name in tables.frames:
            _write_otherwise(tables, name, folder / "other" / "tables", Random(seed))  # noqa: S311 (drawn by hypothesis)
        read = [read_case(folder / kind) for kind in ("csv", "parquet", "other")]
        for one in read:
            _assert_same(one.tables, tables)
            assert table_digests(one.tables) == table_digests(tables)
        assert len({case_digest(one.tables) for one in read}) == 1
        assert {warning.id for warning in read[2].warnings} <= {"T014"}


def _write_otherwise(tables: CaseTables, name: str, folder: Path, random: Random) -> None:
    rows = tables.table(name).to_dicts()
    rows += random.sample(rows, random.randint(0, len(rows)))
    random.shuffle(rows)
    columns = list(tables.schemas[name].names)
    random.shuffle(columns)
    if random.random() < 0.3:
        schema = tables.schemas[name].dtypes
        pl.DataFrame(rows, schema=schema).select(columns).write_parquet(folder / f"{name}.parquet")
        return
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        quoting = random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        writer = csv.writer(stream, quoting=quoting, lineterminator=random.choice(["\n", "\r\n"]))
        writer.writerow(columns)
        writer.writerows([_as_text(row[column]) for column in columns] for row in rows)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@settings(max_examples=16)
@given(tables=case_tables())
def test_canonical_csv_says_the_same_to_another_reader(tables: CaseTables) -> None:
    """Python's own reader of CSV finds the values, sorted by key, unknown ones empty."""
    for name, frame in tables.frames.items():
        schema = tables.schemas[name]
        text = canonical_csv(frame, schema).decode()
        assert "\r" not in text
        assert text.endswith("\n")
        header, *records = csv.reader(io.StringIO(text, newline=""))
        left_out = [c.name for c in schema.columns if c.nullable and frame[c.name].is_null().all()]
        assert header == [column for column in schema.names if column not in left_out]
        expected = [[_as_text(row[column]) for column in header] for row in frame.to_dicts()]
        assert records == expected
        keys = [
            tuple(v.encode() if isinstance(v := row[k], str) else v for k in schema.key)
            for row in frame.to_dicts()
        ]
        assert keys == sorted(keys)


@settings(max_examples=150)
@given(case=cases())
def test_a_head_is_read_as_it_was_written(case: Case) -> None:
    text = head_text(case)
    assert parse_head(text.encode()) == case
    assert head_text(parse_head(text.encode())) == text  # type: ignore[arg-type]
    assert parse_head(text.replace("\n", "\r\n").encode()) == case


@settings(max_examples=16)
@given(case=cases())
def test_a_new_case_is_valid(case: Case) -> None:
    with _new_folder() as folder:
        made = new_case(folder, case)
        assert validate_case(folder) == ()
        assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted(made)
        assert read_case(folder).tables.case == case
        assert {p.name for p in folder.iterdir()} == {
            "case.toml", "tables", "documents", "evidence",
        }  # fmt: skip


def _case(**changed: object) -> Case:
    option = Option("anna", "Anna", OptionKind.CANDIDATE)
    values = {
        "id": "small", "title": "Small", "country": "XX", "date": "2024-05-05",
        "time_zone": "UTC", "licence": "CC0-1.0", "audience": Audience.PUBLIC,
        "contests": (Contest("mayor", "Mayor", 1, ContestRule.PLURALITY, (option,)),),
        **changed,
    }  # fmt: skip
    return Case(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"id": "my case", "date": "2024-05-32"},
            [
                "C013 error case.toml, key date: cannot be read ('2024-05-32'). Write the day as 2020-08-09.",
                "C008 error case.toml, key id: not an id ('my case'). Use 1 to 64 letters, digits, dots, _ or -.",
            ],
        ),
        (
            {"title": "half a character: \udc80"},
            ["C003 error case.toml, row 3: the text is not UTF-8. Save the file as UTF-8."],
        ),
    ],
    ids=["an id with a space and a day that does not exist", "bytes that are not UTF-8"],
)
def test_a_new_case_that_could_not_be_read_is_not_made(
    changed: dict[str, object], says: list[str], tmp_path: Path
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        new_case(tmp_path / "case", _case(**changed))
    assert [str(problem) for problem in refused.value.problems] == says
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "make",
    [new_case, lambda folder, case: write_case(CaseTables.of(case, {}), folder)],
    ids=["new_case", "write_case"],
)
def test_a_folder_with_something_in_it_is_left_alone(
    make: Callable[[Path, Case], object], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderExistsError) as refused:
        make(tmp_path, _case())
    assert str(refused.value) == f"{tmp_path} exists and is not empty; choose another folder"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    new_case(tmp_path, _case())
    assert validate_case(tmp_path) == ()


def test_the_digest_tells_cases_apart(tmp_path: Path) -> None:
    """One vote, one letter of the head, one unknown that becomes 0: each changes the digest."""
    edits = {
        "as it is": None,
        "one vote": swap("protocols", "400,280", "400,279"),
        "one letter": swap("case.toml", "Small", "Smail"),
        "0 for unknown": swap("protocols", "another election,,", "another election,0,"),
    }
    digests = set()
    for name, edit in edits.items():
        folder = make_folder(tmp_path / name)
        if edit is not None:
            edit(folder)
        digests.add(case_digest(read_case(folder).tables))
    assert len(digests) == len(edits)


def test_a_case_of_a_notebook_has_its_tables_completed_and_replaced() -> None:
    areas = pl.DataFrame({"area_id": ["b", "a", "b"], "level": "town", "name": ["B", "A", "B"]})
    tables = CaseTables.of(_case(), {"areas": areas})
    assert tables.table("areas").to_dicts() == [
        {"area_id": "a", "parent_id": None, "level": "town", "name": "A", "code": None},
        {"area_id": "b", "parent_id": None, "level": "town", "name": "B", "code": None},
    ]
    assert tables.has("areas")
    assert not tables.has("stations")
    assert tables.table("stations").is_empty()
    emptied = tables.with_table("areas", areas.clear())
    assert not emptied.has("areas")
    assert tables.has("areas")


def test_a_case_knows_its_contests_and_options() -> None:
    case = _case()
    assert case.contest("mayor").option_ids == case.option_ids == ("anna",)
    assert case.option_name("anna") == "Anna"
    with pytest.raises(QuestionError, match="the case has no contest 'mayer'; it has mayor"):
        case.contest("mayer")


def _check_descriptor(folder: Path) -> None:
    """Data Package v2, by its rules: https://datapackage.org/profiles/2.0/datapackage.json."""
    tables = sorted((folder / "tables").iterdir())
    path = folder / "datapackage.json"
    if not tables:
        assert not path.exists()
        return
    package = json.loads(path.read_bytes())
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert package["title"]
    for licence in package.get("licenses", []):
        assert re.fullmatch(r"[-a-zA-Z0-9._]+", licence["name"])
    assert ("licenses" in package) != ("description" in package)
    assert sorted(folder / r["path"] for r in package["resources"]) == tables
    assert len({resource["name"] for resource in package["resources"]}) == len(tables)
    for resource in package["resources"]:
        _check_resource(folder, resource)


def _check_resource(folder: Path, resource: dict) -> None:  # type: ignore[type-arg]
    path = folder / resource["path"]
    assert path.suffix == f".{resource['format']}"
    schema = resource["schema"]
    names = [field["name"] for field in schema["fields"]]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            header, *records = csv.reader(stream)
    else:
        frame = pl.read_parquet(path.read_bytes())
        header = frame.columns
        records = [[_as_text(value) for value in row] for row in frame.iter_rows()]
    assert names == header
    assert set(schema["primaryKey"]) <= set(names)
    assert schema["missingValues"] == [""]
    for field, *cells in zip(schema["fields"], *records, strict=True):
        for cell in cells:
            _check_cell(field, cell)
    keys = [tuple(record[header.index(k)] for k in schema["primaryKey"]) for record in records]
    assert len(set(keys)) == len(keys)


_LOOKS = {
    "string": r"(?s:.*)", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?",
    "boolean": r"true|false",
}  # fmt: skip


def _check_cell(field: dict, cell: str) -> None:  # type: ignore[type-arg]
    limits = field["constraints"]
    assert set(limits) <= {"required", "minimum", "maximum", "enum"}
    assert field["description"]
    if not cell:
        assert limits["required"] is False
        return
    assert re.fullmatch(_LOOKS[field["type"]], cell)
    assert float(cell) >= limits["minimum"] if "minimum" in limits else True
    assert float(cell) <= limits["maximum"] if "maximum" in limits else True
    assert cell in limits.get("enum", [cell])


def test_the_descriptor_describes_the_files_that_are_there(tmp_path: Path) -> None:
    """Written by another hand: columns in another order, and some unknown throughout."""
    folder = make_folder(tmp_path / "small")
    areas = folder / "tables" / "areas.csv"
    areas.write_text("name,level,area_id,code,parent_id\nLand,nation,land,,\n", encoding="utf-8")
    swap("stations", "s1,north", "s1,land")(folder)
    swap("stations", "s2,north", "s2,land")(folder)
    swap("stations", "s3,south", "s3,land")(folder)
    swap("protocol_sums", "south", "land")(folder)
    swap("claims", ",north,", ",land,")(folder)
    write_descriptor(read_case(folder).tables, folder)
    _check_descriptor(folder)
    package = json.loads((folder / "datapackage.json").read_bytes())
    assert package["licenses"] == [{"name": "CC0-1.0"}]
    assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == [
        "name", "level", "area_id", "code", "parent_id",
    ]  # fmt: skip


def test_the_descriptor_of_the_example_is_valid() -> None:
    example = Path(__file__).parents[2] / "examples" / "belarus-2020"
    _check_descriptor(example)


def test_terms_that_are_no_licence_identifier_are_told_in_words(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "small")
    swap("case.toml", '"CC0-1.0"', '"for the court only"')(folder)
    write_descriptor(read_case(folder).tables, folder)
    package = json.loads((folder / "datapackage.json").read_bytes())
    assert "licenses" not in package
    assert package["description"] == "Licence: for the court only"


def test_a_case_without_tables_has_no_descriptor(tmp_path: Path) -> None:
    """Data Package wants one resource at least."""
    write_case(CaseTables.of(_case(), {}), tmp_path)
    assert validate_case(tmp_path) == ()
    _check_descriptor(tmp_path)


def test_canonical_csv_orders_rows_by_key_and_leaves_out_what_is_unknown() -> None:
    schema = CaseTables.of(_case(), {}).schemas["stations"]
    rows = {
        "station_id": ["s2", "S3", "s10"],
        "area_id": ["a", "a", "a"],
        "number": [None, "7", None],
    }
    frame = pl.DataFrame(rows).with_columns(
        pl.lit(None, dtype=schema.column(name).dtype).alias(name)
        for name in ("name", "registered", "latitude", "longitude")
    )
    assert canonical_csv(frame, schema) == (b"station_id,area_id,number\nS3,a,7\ns10,a,\ns2,a,\n")
