"""What users with messy files met: each was once a wrong result or a traceback."""

import io
import json

import polars as pl
import pytest
import xlsxwriter

from pollwitness.case import read_case, write_case
from pollwitness.case.folder import InputRefusedError
from pollwitness.case.importing.existing import TableInCaseRefusedError
from pollwitness.case.importing.mapping_file import parse_mapping
from pollwitness.cli.main import main
from pollwitness.errors import QuestionError
from pollwitness.tables import election_schemas
from tests.build import small_case, small_tables
from tests.importing.dirty import STATIONS, case_folder, counts, imported, mapping
from tests.importing.test_spreadsheets import changed, workbook

HEADER = b"id,area,name,voters\n"
CSV = mapping('format = "csv"')


def stations(folder) -> list[tuple]:
    return read_case(folder).tables.table("stations").select(
        "station_id", "name", "registered"
    ).rows()  # fmt: skip


def test_a_stray_quotation_mark_leaves_the_rows_beside_it_alone(tmp_path):
    """The row with the fault is left out before the text is read, and stands in the rejects."""
    content = b'1,"l\nm",5" b,6" b\n7,8,"9\n9"\n3,c,d\n'
    rules = mapping(
        'format = "csv"\ncolumns = ["id", "name", "number"]',
        '[[tables]]\nname = "stations"\n[tables.columns]\narea_id = { value = "city" }\n'
        'station_id = { from = "id", prefix = "n" }\nname = "name"\n'
        'number = { from = "number", split = "\\n" }\n',
    )
    folder = case_folder(tmp_path / "case")
    account = imported(folder, content, rules, accept_partial=True)
    assert [(problem.id, problem.row) for problem in account.problems] == [("I003", 1)]
    assert [row[:2] for row in stations(folder)] == [("n3", "c"), ("n7", "8"), ("s1", "School")]
    rejects = (folder / "rejects.csv").read_text(encoding="utf-8")
    assert '5"" b,6"" b' in rejects


@pytest.mark.parametrize(
    "row", ['1,city,"School" No 5,10', '1,city,""b,10', '1,city,"A" ,10', '1,city,5" pipe,1']
)
def test_quotation_marks_in_the_wrong_place_are_told_and_break_nothing(row, tmp_path):
    content = HEADER + f"{row}\n2,city,B,20\n".encode()
    folder = case_folder(tmp_path / "case")
    if row.count('"') % 2:
        with pytest.raises(InputRefusedError, match="1 errors"):
            imported(folder, content, CSV)
        return
    account = imported(folder, content, CSV)
    assert [(problem.id, problem.row) for problem in account.problems] == [("I003", 2)]


def test_cells_of_a_sheet_beyond_the_named_columns_are_told(tmp_path):
    rules = mapping('format = "spreadsheet"\ncolumns = ["id", "area", "name", "voters"]')
    content = workbook(tmp_path / "b.xlsx", [(1, "city", "A", 5, "lost"), (2, "city", "B", 6)])
    account = imported(case_folder(tmp_path / "case"), content, rules, name="b.xlsx")
    assert [(problem.id, problem.row) for problem in account.problems] == [("I002", 1)]


@pytest.mark.parametrize("kind", ["spreadsheet", "jsonl", "parquet"])
def test_marks_of_texts_are_not_looked_for_in_real_numbers(kind, tmp_path):
    """A cell with the number 53.125 is that number, though texts use decimal commas."""
    rows = [{"id": "1", "area": "city", "name": "A", "lat": 53.125},
            {"id": "2", "area": "city", "name": "B", "lat": 1204.5}]  # fmt: skip
    content = io.BytesIO()
    if kind == "spreadsheet":
        listed = [tuple(rows[0]), *(tuple(row.values()) for row in rows)]
        content.write(workbook(tmp_path / "b.xlsx", listed))
    elif kind == "parquet":
        pl.DataFrame(rows).write_parquet(content)
    else:
        content.write("".join(json.dumps(row) + "\n" for row in rows).encode())
    tables = STATIONS.replace('registered = "voters"', 'longitude = "lat"')
    rules = mapping(f'format = "{kind}"\ndecimal = ","\nthousands = "."', tables)
    folder = case_folder(tmp_path / "case")
    account = imported(folder, content.getvalue(), rules, name="b.xlsx", accept_partial=True)
    found = read_case(folder).tables.table("stations")["longitude"].to_list()
    assert found == ["53.125"]
    assert [problem.value for problem in account.problems] == ["1204.5"]


def test_a_condition_says_one_thing(tmp_path):
    rules = CSV + '[[skip]]\ncolumn = "name"\nblank = false\nwhy = "named"\n'
    content = HEADER + b"1,city,,5\n2,city,B,6\n"
    account = imported(case_folder(tmp_path / "case"), content, rules)
    assert account.skipped == {"named": 1}
    assert account.rows == 2
    both = CSV + '[[skip]]\ncolumn = "name"\nequals = "A"\nmatches = "B"\n'
    with pytest.raises(InputRefusedError):
        imported(case_folder(tmp_path / "other"), content, both)


@pytest.mark.parametrize("rule", ['{ value = "" }', '{ from = "name", pattern = "(z*)" }'])
def test_a_rule_that_makes_an_empty_text_makes_the_cell_unknown(rule, tmp_path):
    tables = STATIONS.replace('name = "name"', f"name = {rule}")
    folder = case_folder(tmp_path / "case")
    content = HEADER + b"5,city,A,5\n"
    imported(folder, content, mapping('format = "csv"', tables))
    again = imported(folder, content, mapping('format = "csv"', tables))
    assert counts(again) == {"unchanged": 1, "kept": 1}
    assert stations(folder)[1] == ("s5", None, 5)


def test_a_table_of_the_case_with_conflicting_keys_is_refused(tmp_path):
    folder = case_folder(tmp_path / "case")
    text = "station_id,area_id,registered\ns1,city,5\ns1,east,6\n"
    (folder / "tables" / "stations.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableInCaseRefusedError, match="pollwitness validate"):
        imported(folder, HEADER + b"1,city,A,10\n", CSV)


def test_keys_of_restricted_tables_are_not_printed(tmp_path, capsys):
    item = {"report_id": "phone-1", "contest_id": "mayor", "option_id": "anna", "photo": True,
            "verified": False}  # fmt: skip
    folder = tmp_path / "case"
    tables = small_tables(
        small_case(),
        voter_report_items=[{**item, "station_id": "s1"}],
        stations=[{"station_id": "s1"}, {"station_id": "s2"}],
    )
    write_case(tables, folder)
    (tmp_path / "f.csv").write_text("id,s\nphone-1,s2\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(
        mapping('format = "csv"', '[[tables]]\nname = "voter_report_items"\n[tables.columns]\n'
                'report_id = "id"\nstation_id = "s"\n'), encoding="utf-8")  # fmt: skip
    files = [str(tmp_path / "f.csv"), "--mapping", str(tmp_path / "m.toml")]
    assert main(["import", str(folder), *files, "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "row 2: voter_report_items: station_id changed (restricted)" in printed
    assert main(["import", str(folder), *files, "--json"]) == 0
    assert "phone" not in printed + capsys.readouterr().out


def test_an_account_takes_the_place_of_nothing_but_an_account(tmp_path):
    folder = case_folder(tmp_path / "case")
    content = HEADER + b"1,city,A,10\n"
    for other in (folder / "tables" / "areas.csv", tmp_path / "file.csv", folder):
        (tmp_path / "file.csv").write_bytes(content)
        with pytest.raises(QuestionError, match="is no account"):
            imported(folder, content, CSV, dry_run=True, account=other)
    for _ in range(2):
        imported(folder, content, CSV, account=tmp_path / "account.csv")


def test_rows_of_several_sheets_are_told_apart(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheets = {
            "A": [("id", "nm"), ("a 1", "One"), ("a2", "Two")],
            "S": [("id", "area", "voters"), ("t1", "a2", 1), ("t2", "a9", 2)],
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    rules = mapping(
        'format = "spreadsheet"',
        '[[tables]]\nname = "areas"\nsheet = "A"\n[tables.columns]\narea_id = "id"\n'
        'level = { value = "w" }\nname = "nm"\n[[tables]]\nname = "stations"\nsheet = "S"\n'
        '[tables.columns]\nstation_id = "id"\narea_id = "area"\nregistered = "voters"\n'
        '[[skip]]\ncolumn = "nm"\nequals = "Total"\nwhy = "a total"\n',
    )
    folder = case_folder(tmp_path / "case")
    content = (tmp_path / "b.xlsx").read_bytes()
    account = imported(folder, content, rules, name="b.xlsx", accept_partial=True,
                       account=tmp_path / "account.csv")  # fmt: skip
    assert (account.rejected_rows, account.rejects) == (2, ("rejects-1.csv", "rejects-2.csv"))
    assert [(p.file, p.row) for p in account.problems] == [("b.xlsx (A)", 2), ("b.xlsx (S)", 3)]
    lines = pl.read_csv(tmp_path / "account.csv").select("row", "sheet", "outcome").rows()
    assert lines == [(2, "A", "rejected"), (3, "A", "added"), (2, "S", "added"),
                     (3, "S", "rejected")]  # fmt: skip
    kept = [(folder / f"rejects-{n}.csv").read_text(encoding="utf-8").splitlines()[1]
            for n in (1, 2)]  # fmt: skip
    assert ["a 1" in kept[0], "t2" in kept[1]] == [True, True]


def test_the_files_of_rejected_rows_are_named_as_they_are(tmp_path, capsys):
    """With several sheets there is no rejects.csv, and a sheet without rejected rows has none."""
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        for name, rows in (("A", ["id", "a1"]), ("S", ["id", "s 1", "s2"])):
            book.add_worksheet(name).write_column(0, 0, rows)
    rules = mapping(
        'format = "spreadsheet"',
        '[[tables]]\nname = "areas"\nsheet = "A"\n[tables.columns]\narea_id = "id"\n'
        'level = { value = "w" }\nname = "id"\n[[tables]]\nname = "stations"\nsheet = "S"\n'
        '[tables.columns]\nstation_id = "id"\narea_id = { value = "a1" }\n',
    )
    (tmp_path / "m.toml").write_text(rules, encoding="utf-8")
    folder = case_folder(tmp_path / "case")
    asked = ["import", str(folder), str(tmp_path / "b.xlsx"), "--mapping",
             str(tmp_path / "m.toml"), "--accept-partial"]  # fmt: skip
    assert main(asked) == 2
    assert f"rows: see {folder / 'rejects-2.csv'}\n" in capsys.readouterr().out
    assert [path.name for path in folder.glob("rejects*")] == ["rejects-2.csv"]
    assert main([*asked, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["result"]["rejects"] == ["rejects-2.csv"]


def test_a_name_of_a_file_is_no_pattern(tmp_path):
    frame = pl.DataFrame({"id": ["1"], "area": ["city"], "name": ["A"], "voters": [5]})
    for name in ("pa.parquet", "pb.parquet"):
        frame.write_parquet(tmp_path / name)
    content = (tmp_path / "pa.parquet").read_bytes()
    for name in ("p*.parquet", "f[1].parquet"):
        folder = case_folder(tmp_path / f"case-{len(name)}")
        account = imported(folder, content, mapping('format = "parquet"'), name=name)
        assert account.rows == 1


def test_json_lines_that_lose_something_are_refused(tmp_path):
    good = {"id": "9", "area": "city", "name": "A", "voters": 1}
    content = (
        '\ufeff{"id":"1","area":"city","name":"A","voters":10},{"id":"2"}\n'
        '{"id":"3","area":"city","name":"x}\n{y","voters":30}\n'
        '{"id":"5","area":"city","name":"A","voters":10,"voters":99}\n'
        '{"id":"6","area":"city","name":"\\ud83d","voters":10}\n'
         '{"id":"7","area":' + "[" * 2000 + "]" * 2000 + "}\n"
        '{"id":"8","a.b":1,"a":{"b":2}}\n' + json.dumps(good) + "\n"
    )  # fmt: skip
    folder = case_folder(tmp_path / "case")
    account = imported(folder, content.encode(), mapping('format = "jsonl"'), accept_partial=True)
    assert [(problem.id, problem.row) for problem in account.problems] == [
        ("I009", 1), ("I009", 2), ("I009", 3), ("I013", 4), ("I009", 5), ("I009", 6), ("I013", 7),
    ]  # fmt: skip
    assert [row[0] for row in stations(folder)] == ["s1", "s9"]


def test_a_file_of_empty_objects_has_no_columns(tmp_path):
    with pytest.raises(InputRefusedError) as refused:
        imported(case_folder(tmp_path / "case"), b"{}\n{}\n", mapping('format = "jsonl"'))
    assert [problem.id for problem in refused.value.problems] == ["I001"]


def test_rejected_rows_keep_the_fields_that_do_not_fit(tmp_path):
    """And what was mended can be imported again, with the columns of the rejects beside it."""
    folder = case_folder(tmp_path / "case")
    imported(folder, HEADER + b"5,city,A,5,more\n6,nowhere,B,6\n", CSV, accept_partial=True)
    rejects = (folder / "rejects.csv").read_text(encoding="utf-8")
    assert '"5,city,A,5,more"' in rejects
    again = imported(folder, rejects.replace("nowhere", "mars").encode(), CSV, accept_partial=True)
    assert again.rejected_rows == 1
    assert (folder / "rejects.csv").read_text(encoding="utf-8").count("rejected why") == 1


def test_unpivoting_leaves_columns_of_any_name_alone(tmp_path):
    tables = (
        '[[tables]]\nname = "stations"\n[tables.unpivot.columns]\ncity = "V"\neast = "W"\n'
        '[tables.columns]\nstation_id = { join = ["at", "unpivot value"] }\n'
        'area_id = { unpivot = "name" }\nregistered = { unpivot = "value" }\n'
    )
    folder = case_folder(tmp_path / "case")
    content = b"at,unpivot value,V,W\nx,y,10,\n"
    imported(folder, content, mapping('format = "csv"', tables))
    assert stations(folder)[1] == ("x-y", None, 10)


def test_a_row_that_the_mapping_states_may_have_an_empty_text(tmp_path):
    tables = ('[[rows]]\ntable = "documents"\ndocument_id = "d"\nkind = "k"\ntitle = "t"\n'
              'publisher = "p"\nnote = ""\n')  # fmt: skip
    folder = case_folder(tmp_path / "case")
    account = imported(folder, HEADER, mapping('format = "csv"', tables))
    assert counts(account, "documents") == {"added": 1, "kept": 1}


GOOD = 'format = 1\n[source]\nformat = "csv"\n'
TABLE = '[[tables]]\nname = "stations"\n[tables.columns]\nstation_id = "id"\n'
UNPIVOT = '[[tables]]\nname = "stations"\n{}[tables.columns]\nstation_id = "id"\n'
MAPPINGS = {
    "no header and no columns": (GOOD + "header_rows = []\n" + TABLE, "M004"),
    "no columns": (GOOD + "columns = []\n" + TABLE, "M004"),
    "a column named twice": (GOOD + 'columns = ["a", "a"]\n' + TABLE, "M014"),
    "an unpivot of nothing": (GOOD + UNPIVOT.format("[tables.unpivot.columns]\n"), "M003"),
    "an unpivot without columns": (GOOD + UNPIVOT.format('[tables.unpivot]\nx = "V"\n'), "M002"),
    "a rule for what is not unpivoted": (GOOD + TABLE + 'name = { unpivot = "name" }\n', "M003"),
    "a pivot of nothing": (
        GOOD + UNPIVOT.format('[tables.pivot]\nname = "a"\nvalue = "b"\n[tables.pivot.columns]\n'),
        "M003",
    ),
    "a column made twice": (
        GOOD + UNPIVOT.format('[tables.pivot]\nname = "a"\nvalue = "b"\n[tables.pivot.columns]\n'
                              'x = "name"\n') + 'name = "n"\n', "M015"),
    "a pattern too great": (GOOD + TABLE + 'name = { from = "a", pattern = "(a{99999999999})" }\n',
                            "M010"),
    "a pattern too deep": (
        GOOD + TABLE + f'name = {{ from = "a", pattern = "{"(" * 3000}{")" * 3000}" }}\n', "M010"),
    "a date that says a day twice": (GOOD + TABLE + 'name = { from = "a", date = "%d.%m.%d" }\n',
                                     "M016"),
    "a date without its year": (GOOD + TABLE + 'name = { from = "a", date = "%d.%m" }\n', "M016"),
    "a width without end": (GOOD + TABLE + 'name = { from = "a", pad = 99999999999999999999 }\n',
                            "M004"),
    "a number without end": (GOOD + TABLE + f'name = {{ value = {"9" * 5000} }}\n', "M001"),
    "a quotation mark that is none": (GOOD + 'quote = "«"\n' + TABLE, "M013"),
    "a line feed as quotation mark": (GOOD + 'quote = "\\n"\n' + TABLE, "M013"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_mapping_that_cannot_be_meant_is_refused(name, recwarn):
    text, problem = MAPPINGS[name]
    found = parse_mapping(text.encode(), election_schemas(("anna",)))
    assert isinstance(found, tuple)
    assert problem in {one.id for one in found}
    assert not recwarn.list


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("utf-16", "id,area\n".encode("utf-16-le")), ("rot13", b"x"), ("hex", b"00"),
     ("undefined", b"x"), ("utf\\u0000", b"x"), ("unicode_escape", b"id,\\ud800\n1,2\n")],
)  # fmt: skip
def test_an_encoding_that_does_not_fit_is_refused(encoding, content, tmp_path):
    with pytest.raises(InputRefusedError) as refused:
        imported(case_folder(tmp_path / "case"), content,
                 mapping(f'format = "csv"\nencoding = "{encoding}"'))  # fmt: skip
    assert {problem.id for problem in refused.value.problems} <= {"I004", "I006"}


def test_a_header_without_end_is_refused(tmp_path):
    with pytest.raises(InputRefusedError) as refused:
        imported(case_folder(tmp_path / "case"), b"x" * 140_000 + b",b\n1,2\n", CSV)
    assert [problem.id for problem in refused.value.problems] == ["I001"]
    (tmp_path / "long.csv").write_bytes(b"x" * 140_000 + b",b\n1,2\n")
    assert main(["import", "--propose", str(tmp_path / "long.csv")]) == 2


def test_odd_columns_of_parquet_come_as_texts(tmp_path):
    frame = pl.DataFrame({"id": ["1"], "area": ["city"], "name": [["a", "b"]], "voters": [5],
                          "spent": [None]}).with_columns(
        pl.col("spent").cast(pl.Duration), pl.lit(1.5).cast(pl.Decimal(10, 2)).alias("d"),
        pl.lit(b"\xff").alias("bytes"))  # fmt: skip
    content = io.BytesIO()
    frame.write_parquet(content)
    folder = case_folder(tmp_path / "case")
    imported(folder, content.getvalue(), mapping('format = "parquet"'))
    assert stations(folder) == [("s1", '["a", "b"]', 5)]


def test_an_empty_sheet_gives_nothing(tmp_path):
    rules = mapping('format = "spreadsheet"\ncolumns = ["id", "area", "name", "voters"]')
    content = workbook(tmp_path / "b.xlsx", [])
    account = imported(case_folder(tmp_path / "case"), content, rules, name="b.xlsx")
    assert account.rows == 0
    assert main(["import", "--propose", str(tmp_path / "b.xlsx")]) == 2


def test_a_formula_may_give_an_empty_text(tmp_path):
    def formula(_book, sheet):
        sheet.write_formula("C2", '=IF(1>2,"big","")', None, "")

    rows = [("id", "area", "name", "voters"), (1, "city", "", 812)]
    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", rows, write=formula)
    content = changed(content, b'<c r="C2">', b'<c r="C2" t="str">')
    account = imported(folder, content, mapping('format = "spreadsheet"'), name="b.xlsx")
    assert account.problems == ()


def test_rows_with_faults_can_be_skipped_and_faults_of_unused_columns_do_not_count(tmp_path):
    rules = CSV + '[[skip]]\ncolumn = "id"\nmatches = "^Source"\nwhy = "a note"\n'
    content = HEADER + b"1,city,School,812\nSource: x\n   \n"
    account = imported(case_folder(tmp_path / "case"), content, rules)
    assert account.skipped == {"a note": 1, "the row is empty": 1}

    def broken(_book, sheet):
        sheet.write_formula("E2", "=1/0", None, "#DIV/0!")

    rows = [("id", "area", "name", "voters", "ratio"), (1, "city", "School", 812)]
    content = workbook(tmp_path / "b.xlsx", rows, write=broken)
    other = case_folder(tmp_path / "other")
    account = imported(other, content, mapping('format = "spreadsheet"'), name="b.xlsx")
    assert account.problems == ()


def test_a_pivoted_row_without_a_name_is_told(tmp_path):
    rules = mapping('format = "csv"', '[[tables]]\nname = "protocols"\n[tables.pivot]\n'
                    'name = "who"\nvalue = "n"\n[tables.pivot.columns]\nA = "votes_anna"\n'
                    '[tables.columns]\ncopy_id = "id"\n')  # fmt: skip
    account = imported(case_folder(tmp_path / "case"), b"id,who,n\nc1,,4\n", rules)
    assert [problem.id for problem in account.problems] == ["I028"]


@pytest.mark.parametrize(
    ("content", "code"),
    [('{"@type":"ElectionResults.ElectionReport","GpUnit":[{"@id":"u1","Name":true}]}', 0),
     ('<EML Id="510b"></EML>', 0), ('<?xml version="1.0" encoding="foo"?><EML Id="510b"/>', 2)],
)  # fmt: skip
def test_standard_files_without_counts_are_drafted_or_refused(content, code, tmp_path, capsys):
    name = "x.json" if content.startswith("{") else "x.xml"
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["import", "--propose", str(tmp_path / name)]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_output_that_cannot_be_written_is_told_in_one_line(tmp_path, capsys):
    folder = case_folder(tmp_path / "case")
    (tmp_path / "file").write_bytes(HEADER)
    (tmp_path / "m.toml").write_text(CSV, encoding="utf-8")
    commands = [
        ["import", folder, tmp_path / "file", "--mapping", tmp_path / "m.toml", "--account",
         tmp_path / "file" / "x"],
        ["export", folder, "-o", tmp_path / "file"],
        ["export", folder, "-o", tmp_path / "file" / "x"],
        ["simulate", tmp_path / "file"],
        ["simulate", tmp_path / "file" / "x"],
    ]  # fmt: skip
    for command in commands:
        assert main([str(word) for word in command]) == 2, command
        assert capsys.readouterr().err.count("\n") == 1


def test_a_text_too_long_for_a_cell_is_not_cut(tmp_path, capsys):
    folder = tmp_path / "case"
    write_case(small_tables(small_case(), documents=[{"document_id": "d", "note": "x" * 40_000}]),
               folder)  # fmt: skip
    target = str(tmp_path / "out.xlsx")
    assert main(["export", str(folder), "-o", target, "--format", "xlsx"]) == 2
    assert "texts too long for a cell: documents.note" in capsys.readouterr().err


def test_sizes_that_are_all_nought_are_refused(tmp_path):
    folder = tmp_path / "case"
    write_case(small_tables(small_case(), stations=[{"station_id": "s1", "registered": 0}]), folder)
    assert main(["simulate", str(tmp_path / "x"), "--sizes-of", str(folder)]) == 2
    assert not (tmp_path / "x").exists()
