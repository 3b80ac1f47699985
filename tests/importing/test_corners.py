"""What is rare: files that cannot be read as named, many faults, nested JSON, odd Parquet types."""

import datetime
import io

import polars as pl
import pytest

from pollwitness.case import read_case, write_case
from pollwitness.case.folder import InputRefusedError
from pollwitness.case.importing import delimited
from tests.build import form, small_case, small_tables
from tests.importing.dirty import STATIONS, case_folder, counts, imported, mapping
from tests.importing.test_standards import EML

HEADER = b"id,area,name,voters\n"
DOCUMENTS = (
    '[[tables]]\nname = "documents"\n[tables.columns]\ndocument_id = "id"\nkind = "kind"\n'
    'title = "title"\npublisher = "from.name"\nnote = "tags"\npublished_at = "when"\n'
)


def refused(folder, content, rules, **more) -> list[str]:
    with pytest.raises(InputRefusedError) as error:
        imported(folder, content, rules, **more)
    return [str(problem) for problem in error.value.problems]


REFUSED = {
    "shorter than its header": (
        b"a\nb\n", 'format = "csv"\nheader_rows = [5]',
        "I001 error file.csv: the file ends before its header. Name the right rows in header_rows, "
        "or the columns in columns.",
    ),
    "not in the encoding": (
        HEADER + "1,city,Школа,8\n".encode("cp1251"), 'format = "csv"',
        "I004 error file.csv, row 2: the text is not in the encoding that the mapping names "
        "('utf-8'). Name the right encoding.",
    ),
    "a quotation mark never closed": (
        HEADER + b'1,city,"School,8\n2,city,Library,9\n', 'format = "csv"',
        "I005 error file.csv, row 2: a quotation mark is opened and never closed. Close it, or "
        'write quote = "" in the mapping if quotation marks mean nothing here.',
    ),
    "an encoding that is none": (
        HEADER, 'format = "csv"\nencoding = "klingon"',
        "I006 error file.csv ('klingon'): the encoding is not known",
    ),
    "no Parquet": (
        b"PAR1", 'format = "parquet"',
        "I007 error file.csv: the file cannot be read as what the mapping says it is: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_what_the_mapping_says_is_refused(name, tmp_path):
    content, source, message = REFUSED[name]
    (found,) = refused(case_folder(tmp_path / "case"), content, mapping(source))
    plain = message.replace(" ('klingon'): the encoding is not known",
                            ": the encoding is not known ('klingon')")  # fmt: skip
    assert found.startswith(plain)


def test_a_record_without_end_is_taken_for_an_unclosed_quotation_mark(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 16)
    monkeypatch.setattr(delimited, "LONGEST_RECORD", 64)
    content = HEADER + b'1,city,"' + b"x" * 200 + b'",8\n'
    (found,) = refused(case_folder(tmp_path / "case"), content, mapping('format = "csv"'))
    assert found.startswith("I005 error file.csv, row 2")


def test_an_empty_file_without_header_gives_nothing(tmp_path):
    source = 'format = "csv"\ncolumns = ["id", "area", "name", "voters"]'
    account = imported(case_folder(tmp_path / "case"), b"", mapping(source))
    assert (account.rows, counts(account)) == (0, {"kept": 1})


def test_many_faults_of_one_kind_are_listed_up_to_a_hundred_and_counted(tmp_path):
    rows = b"".join(b"%d,city,x,many\n" % n for n in range(150))
    account = imported(case_folder(tmp_path / "case"), HEADER + rows, mapping('format = "csv"'))
    assert len(account.problems) == 101
    assert str(account.problems[-1]) == (
        "T005 error file.csv, row 151, column registered: not a whole number (for stations): 50 "
        "more rows, this is the last. Write digits only, without separators, signs or decimals; "
        "leave it empty if unknown."
    )
    assert account.rejected_rows == 150


def test_a_change_of_many_rows_is_listed_up_to_a_hundred(tmp_path):
    folder = case_folder(tmp_path / "case")
    rows = [b"%d,city,x,5\n" % n for n in range(150)]
    imported(folder, HEADER + b"".join(rows), mapping('format = "csv"'))
    content = HEADER + b"".join(rows).replace(b",5", b",6")
    account = imported(folder, content, mapping('format = "csv"'))
    assert counts(account) == {"changed": 150}
    assert len(account.changes) == 100


def test_json_lines_are_flattened_and_numbers_stay_as_written(tmp_path):
    content = (
        b'{"id": "d1", "kind": "table", "title": 1.50, "from": {"name": "board"}, "tags": '
        b'["a", null, true, {"x": 1}], "when": null}\n'
        b'{"id": "d2", "kind": true, "title": "two"\n'
        b"\n"
        b'["d3"]\n'
        b'{"id": "d4", "kind": "k", "title": "t", "from": {"name": "b"}}\n'
    )
    folder = case_folder(tmp_path / "case")
    rules = mapping('format = "jsonl"', DOCUMENTS)
    account = imported(folder, content, rules, accept_partial=True)
    assert [(problem.id, problem.row) for problem in account.problems] == [
        ("I009", 2), ("I009", 4),
    ]  # fmt: skip
    assert account.skipped == {"the row is empty": 1}
    row = read_case(folder).tables.table("documents").to_dicts()[0]
    assert (row["title"], row["publisher"], row["note"]) == (
        "1.50",
        "board",
        'a; ; true; {"x": "1"}',
    )


def test_columns_of_parquet_become_the_texts_that_a_person_would_write(tmp_path):
    frame = pl.DataFrame(
        {
            "id": ["d1", "d2"],
            "kind": [True, None],
            "title": [2.0, 2.5],
            "from.name": [7, 8],
            "tags": ["a", ""],
            "when": [datetime.datetime(2024, 5, 5, 8, tzinfo=datetime.UTC), None],
        }
    )
    content = io.BytesIO()
    frame.write_parquet(content)
    folder = case_folder(tmp_path / "case")
    tables = DOCUMENTS
    tables = tables.replace('"kind"', '{ from = "kind", otherwise = "unknown" }')
    account = imported(folder, content.getvalue(), mapping('format = "parquet"', tables))
    assert counts(account, "documents") == {"added": 2, "kept": 1}
    rows = read_case(folder).tables.table("documents").select(
        "kind", "title", "publisher", "note", "published_at"
    ).rows()  # fmt: skip
    assert rows[:2] == [
        ("true", "2", "7", "a", "2024-05-05T08:00:00+00:00"), ("unknown", "2.5", "8", None, None),
    ]  # fmt: skip


def test_a_damaged_parquet_file_is_refused(tmp_path):
    content = io.BytesIO()
    pl.DataFrame({"id": ["x"] * 5000, "area": ["city"] * 5000, "name": ["n"] * 5000,
                  "voters": list(range(5000))}).write_parquet(content)  # fmt: skip
    raw = bytearray(content.getvalue())
    raw[8:400] = b"\0" * 392
    (found,) = refused(case_folder(tmp_path / "case"), bytes(raw), mapping('format = "parquet"'))
    assert found.startswith("I007 error file.csv")


@pytest.mark.parametrize(
    ("times", "cell", "read"),
    [
        ('"1/4"', "-2", "-0.5"),
        ('"1/3"', "3", "1"),
        ("100", "0.125", "12.5"),
        ("10", "x", "T008"),
        ('"1/3"', "1", "I027"),
    ],
)
def test_units_are_exact_or_left_alone(times, cell, read, tmp_path):
    folder = case_folder(tmp_path / "case")
    tables = STATIONS.replace("registered", "latitude").replace(
        '"voters"', f'{{ from = "voters", times = {times} }}'
    )
    account = imported(folder, HEADER + f"1,city,x,{cell}\n".encode(),
                       mapping('format = "csv"', tables))  # fmt: skip
    if read[0] in "IT":
        assert [problem.id for problem in account.problems] == [read]
    else:
        assert read_case(folder).tables.table("stations")["latitude"].to_list() == [read]


def test_a_time_without_offset_or_zone_is_refused(tmp_path):
    rules = mapping(
        'format = "csv"',
        '[[tables]]\nname = "documents"\n[tables.columns]\ndocument_id = "id"\n'
        'published_at = { from = "when", date = "%d.%m.%Y %H:%M" }\n',
    )
    content = b"id,when\npaper,05.05.2024 20:00\n"
    account = imported(case_folder(tmp_path / "case"), content, rules)
    assert [problem.id for problem in account.problems] == ["I024"]


def test_a_pivot_may_name_one_column_by_several_names(tmp_path):
    rules = mapping(
        'format = "csv"',
        '[[tables]]\nname = "protocols"\n[tables.pivot]\nname = "who"\nvalue = "n"\n'
        '[tables.pivot.columns]\nAnna = "votes_anna"\n"Anna A." = "votes_anna"\n[tables.columns]\n'
        'copy_id = "id"\ncontest_id = { value = "mayor" }\nstation_id = { value = "s1" }\n'
        'document_id = { value = "paper" }\nform = { value = "photo" }\n'
        'status = { value = "accepted" }\n',
    )
    folder = case_folder(tmp_path / "case")
    account = imported(folder, b"id,who,n\nc1,Anna,3\nc2,Anna A.,4\n", rules)
    assert counts(account, "protocols") == {"added": 2}
    assert read_case(folder).tables.table("protocols")["votes_anna"].to_list() == [3, 4]


def test_a_figure_that_the_long_form_does_not_give_stays(tmp_path):
    tables = small_tables(small_case(), protocols=[form("s1", 5, 6, copy_id="c1")])
    folder = tmp_path / "case"
    write_case(tables, folder)
    rules = mapping(
        'format = "csv"',
        '[[tables]]\nname = "protocols"\n[tables.pivot]\nname = "who"\nvalue = "n"\n'
        '[tables.pivot.columns]\nAnna = "votes_anna"\nBoris = "votes_boris"\n[tables.columns]\n'
        'copy_id = "id"\n',
    )
    account = imported(folder, b"id,who,n\nc1,Anna,9\n", rules, account=tmp_path / "account.csv")
    assert [(c.column, c.old, c.new) for c in account.changes] == [("votes_anna", "5", "9")]
    assert read_case(folder).tables.table("protocols")["votes_boris"].to_list() == [6]


AREAS = (
    '[[tables]]\nname = "areas"\n[tables.columns]\narea_id = "id"\nparent_id = "in"\n'
    'level = { value = "ward" }\nname = "id"\n'
)


def test_an_area_whose_parent_was_rejected_is_rejected_too(tmp_path):
    """c lies in b, b in a, and a in an area that nobody knows."""
    folder = case_folder(tmp_path / "case")
    content = b"id,in\na,nowhere\nb,a\nc,b\nd,city\n"
    rules = mapping('format = "csv"', AREAS)
    account = imported(folder, content, rules, accept_partial=True,
                       account=tmp_path / "account.csv")  # fmt: skip
    assert counts(account, "areas") == {"added": 1, "rejected": 3, "kept": 2}
    assert [(problem.id, problem.row) for problem in account.problems] == [
        ("T015", 2), ("T015", 3), ("T015", 4),
    ]  # fmt: skip
    lines = pl.read_csv(tmp_path / "account.csv")
    assert lines.filter(pl.col("outcome") == "added")["key"].to_list() == ["d"]


def test_areas_that_lie_in_each_other_are_refused_as_a_whole(tmp_path):
    folder = case_folder(tmp_path / "case")
    found = refused(folder, b"id,in\na,b\nb,a\n", mapping('format = "csv"', AREAS),
                    accept_partial=True)  # fmt: skip
    assert [line.split(":")[0] for line in found] == ["T023 error tables/areas, column area_id"] * 2
    assert read_case(folder).tables.table("areas").height == 2


def test_a_correction_of_another_station_is_refused(tmp_path):
    tables = small_tables(
        small_case(), protocols=[form("s1", 5, 6, copy_id="c1"), form("s2", 1, 1, copy_id="c2")]
    )
    folder = tmp_path / "case"
    write_case(tables, folder)
    rules = mapping(
        'format = "csv"',
        '[[tables]]\nname = "protocols"\n[tables.columns]\ncopy_id = "id"\ncorrects = "old"\n'
        'reason = { value = "misread" }\n',
    )
    (found,) = refused(folder, b"id,old\nc2,c1\n", rules)
    assert found.startswith("T026 error tables/protocols, column corrects: the corrected copy")


def test_restricted_values_stay_out_of_problems_changes_and_accounts(tmp_path):
    tables = small_tables(
        small_case(),
        voter_report_items=[
            {"report_id": "r1", "station_id": "s1", "contest_id": "mayor", "option_id": "anna",
             "photo": True, "verified": False},
        ],
    )  # fmt: skip
    folder = tmp_path / "case"
    write_case(tables, folder)
    rules = mapping(
        'format = "csv"',
        '[[tables]]\nname = "voter_report_items"\n[tables.columns]\nreport_id = "id"\n'
        'station_id = "station"\ncontest_id = { value = "mayor" }\n'
        'option_id = { from = "who", lookup = "people" }\nphoto = "photo"\n'
        'verified = { value = false }\n[lookups.people]\nA = "anna"\nB = "boris"\n',
    )
    content = (b"id,station,who,photo\nr1,s1,B,true\nr1,s1,B,true\nsecret-2,s1,Z,true\n"
               b"secret-3,s1,A,maybe\nsecret-4,s7,A,true\n")  # fmt: skip
    account = imported(folder, content, rules, accept_partial=True,
                       account=tmp_path / "account.csv")  # fmt: skip
    assert [change.new for change in account.changes] == [None]
    assert {problem.value for problem in account.problems} == {None}
    assert "secret" not in (tmp_path / "account.csv").read_text(encoding="utf-8")
    assert "boris" not in (tmp_path / "account.csv").read_text(encoding="utf-8")


def test_nothing_changes_where_the_file_names_no_row(tmp_path):
    """Also in a case that has no table yet."""
    folder = tmp_path / "case"
    write_case(small_tables(small_case(), areas=[]), folder)
    rules = mapping('format = "csv"', STATIONS.replace('"area"', '{ value = "city" }'))
    account = imported(folder, HEADER, rules)
    assert counts(account) == {}
    assert not (folder / "datapackage.json").exists() or account.written


def test_two_sheets_of_one_file_feed_two_tables(tmp_path):
    rules = mapping(
        'format = "eml"',
        '[[tables]]\nname = "areas"\nsheet = "units"\n[tables.columns]\narea_id = "unit_id"\n'
        'level = { value = "unit" }\nname = "unit"\n'
        '[[tables]]\nname = "official_results"\nsheet = "totals"\n'
        'where = { column = "unit_id", blank = true, not = true }\n[tables.columns]\n'
        'result_id = "unit_id"\narea_id = "unit_id"\ncontest_id = { value = "mayor" }\n'
        'document_id = { value = "paper" }\nversion = { value = 1 }\n'
        'published_at = { value = "2024-05-06" }\nrounded_to = { value = 1 }\n'
        'rounding = { value = "half_up" }\nwithdrawn = { value = false }\n'
        'registered = "entitled"\nvalid = "valid"\n',
    )
    folder = case_folder(tmp_path / "case")
    account = imported(folder, EML.encode(), rules, name="telling.xml")
    assert counts(account, "official_results") == {"added": 1}
    row = read_case(folder).tables.table("official_results").to_dicts()[0]
    assert (row["registered"], row["valid"]) == (300, 200)


def test_cells_are_filled_down_from_one_part_of_the_file_to_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 24)
    rows = b"area,id,name,voters\ncity,1,A,1\n" + b"".join(b",%d,B,1\n" % n for n in range(2, 9))
    folder = case_folder(tmp_path / "case")
    account = imported(folder, rows, mapping('format = "csv"\nfill_down = ["area"]'))
    assert counts(account) == {"added": 7, "changed": 1}


def test_skipped_rows_stand_in_the_account(tmp_path):
    content = HEADER + b",,,\n1,city,School,812\n"
    imported(case_folder(tmp_path / "case"), content, mapping('format = "csv"'),
             account=tmp_path / "account.csv")  # fmt: skip
    lines = pl.read_csv(tmp_path / "account.csv").select("row", "outcome", "why").rows()
    assert lines == [(2, "skipped", "the row is empty"), (3, "unchanged", None)]


def test_a_mapping_with_errors_and_a_case_without_head_are_refused(tmp_path):
    folder = case_folder(tmp_path / "case")
    assert refused(folder, HEADER, "format = 2")[0].startswith("M011 error mapping.toml")
    (folder / "case.toml").unlink()
    assert refused(folder, HEADER, mapping('format = "csv"'))[0].startswith("C001 error case.toml")


def test_lines_that_only_together_are_json_are_refused_one_by_one(tmp_path):
    """Joined by a comma these two lines would be one object with two keys, and a third line."""
    content = b'{"id": "d1", "x": {"a": 1}\n{"b": 2}, "y": 3}\n{"id": "d3", "kind": "k"}\n'
    folder = case_folder(tmp_path / "case")
    rules = mapping(
        'format = "jsonl"',
        '[[tables]]\nname = "documents"\n[tables.columns]\n'
        'document_id = "id"\nkind = "kind"\ntitle = "kind"\npublisher = "kind"\n',
    )
    account = imported(folder, content, rules)
    assert [(problem.id, problem.row) for problem in account.problems] == [
        ("I009", 1), ("I009", 2),
    ]  # fmt: skip


def test_two_objects_on_one_line_are_refused(tmp_path):
    content = b'{"id": "d1"}, {"id": "d2"}\n{"id": "d3"}\n'
    rules = mapping('format = "jsonl"', '[[tables]]\nname = "documents"\n[tables.columns]\n'
                    'document_id = "id"\n')  # fmt: skip
    account = imported(case_folder(tmp_path / "case"), content, rules, accept_partial=True)
    assert [problem.id for problem in account.problems] == ["I009", "T004"]


def test_a_reference_into_a_table_that_the_case_does_not_hold_is_refused(tmp_path):
    folder = tmp_path / "case"
    write_case(small_tables(small_case(), areas=[]), folder)
    account = imported(folder, HEADER + b"1,city,School,8\n", mapping('format = "csv"'))
    assert [problem.id for problem in account.problems] == ["T015"]
