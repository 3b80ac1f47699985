"""Drafts of mappings: what a file seems to be, for a person to confirm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollwitness.case import propose_mapping, read_case
from pollwitness.case.importing.sniff import encoding_of, sniff
from pollwitness.cli.main import main
from tests.importing.dirty import case_folder, counts, imported
from tests.importing.test_spreadsheets import workbook

RUSSIAN = (
    "Список участков;;;\n"
    "Участок;Область;Число избирателей;Недействительных\n"
    "Школа № 5;east;1 204;12\n"
    "Клуб;east;812;3\n"
    "Итого;;2 016;15\n"
)


def test_a_list_in_cp1251_is_understood(tmp_path):
    (tmp_path / "list.csv").write_bytes(RUSSIAN.encode("cp1251"))
    rules = sniff(tmp_path / "list.csv").rules
    assert (rules.encoding, rules.delimiter, rules.header_rows) == ("cp1251", ";", (2,))
    assert rules.thousands == " "
    text = propose_mapping(tmp_path / "list.csv").text
    assert text.splitlines()[:15] == [
        "# A draft, made by looking at the file. Check every line, then try it with --dry-run.",
        "format = 1",
        "",
        "[source]",
        'format = "csv"',
        'encoding = "cp1251"',
        'delimiter = ";"',
        'quote = "\\""',
        "header_rows = [2]",
        'thousands = " "',
        "",
        "[[skip]]",
        'column = "Участок"',
        'matches = "(?i)^(total|итого|всего|разам|усяго)"',
        'why = "a total"',
    ]
    assert 'registered = "Число избирателей"' in text
    assert 'invalid = "Недействительных"' in text


def test_a_draft_that_a_person_fills_in_imports_the_file(tmp_path):
    folder = case_folder(tmp_path / "case")
    content = b"station_id,ballots,invalid,Anna,Boris,remark\ns1,100,5,60,35,fine\n"
    (tmp_path / "file.csv").write_bytes(content)
    drafted = propose_mapping(tmp_path / "file.csv", case=read_case(folder).tables.case)
    assert drafted.unplaced == ("remark",)
    rules = drafted.text.replace('"FILL IN"', '"paper"')
    account = imported(folder, content, rules)
    assert counts(account, "protocols") == {"added": 1}
    row = read_case(folder).tables.table("protocols").to_dicts()[0]
    assert (row["votes_anna"], row["votes_boris"], row["ballots"]) == (60, 35, 100)


def test_a_workbook_with_a_title_is_understood(tmp_path):
    rows = [("List of stations",), ("station_id", "region", "name", "latitude"),
            ("s1", "city", "School", 53.9)]  # fmt: skip
    workbook(tmp_path / "list.xlsx", rows)
    text = propose_mapping(tmp_path / "list.xlsx").text
    assert "header_rows = [2]" in text
    assert 'name = "stations"' in text
    assert 'latitude = "latitude"' in text


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"PAR1....", "x.bin", "parquet"),
        (b'{"a": 1}\n', "x.jsonl", "jsonl"),
        (b'{"@type": "ElectionResults.ElectionReport"}', "x.json", "nist"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><ElectionReport/>', "x.xml", "nist"),
        (b"<EML Id='510b'/>", "x.xml", "eml"),
        (b"PK\x03\x04", "x.xlsx", "spreadsheet"),
        (b"a|b\n1|2\n", "x.txt", "csv"),
        (b"", "x.csv", "csv"),
    ],
)
def test_the_kind_of_a_file_is_seen(content, name, kind, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert sniff(tmp_path / name).rules.format == kind


def test_quotation_marks_that_mean_nothing_are_seen(tmp_path):
    (tmp_path / "x.csv").write_text('a;b\nSchool "No" 5;1\n', encoding="utf-8")
    assert sniff(tmp_path / "x.csv").rules.quote is None


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (("12,5", "3,75"), ",", None),
        (("1.204,50", "2.000,25"), ",", "."),
        (("1,204", "12,204"), ".", ","),
        (("1.5", "2"), ".", None),
        (("1\u00a0204", "8"), ".", " "),
    ],
)
def test_the_marks_in_numbers_are_seen(cells, decimal, thousands, tmp_path):
    rows = "".join(f"x;{cell}\n" for cell in cells)
    (tmp_path / "x.csv").write_text(f"name;n\n{rows}", encoding="utf-8")
    rules = sniff(tmp_path / "x.csv").rules
    assert (rules.decimal, rules.thousands) == (decimal, thousands)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_never_taken_for_something_else(text):
    assert encoding_of(text.encode()) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_seen_with_and_without_its_mark(encoding):
    assert encoding_of("station,voters\n1,812\n".encode(encoding)) == encoding


def test_the_command_prints_a_draft_and_names_what_it_could_not_place(tmp_path, capsys):
    (tmp_path / "file.csv").write_text("station_id,ballots,remark\ns1,100,x\n", encoding="utf-8")
    assert main(["import", "--propose", str(tmp_path / "file.csv")]) == 0
    printed = capsys.readouterr()
    assert 'ballots = "ballots"' in printed.out
    assert printed.err == "Not placed: remark\n"
    assert main(["import", "--propose", str(tmp_path / "none.csv")]) == 2
    assert "I014 error none.csv" in capsys.readouterr().err


def test_a_list_with_decimal_commas_and_coordinates_is_drafted(tmp_path):
    (tmp_path / "x.csv").write_text("station id;lat;lon\n1;53,9;27,5\n", encoding="utf-8")
    text = propose_mapping(tmp_path / "x.csv").text
    assert 'decimal = ","' in text
    assert 'longitude = "lon"' in text


def test_rows_of_numbers_alone_have_no_better_header_than_the_first(tmp_path):
    (tmp_path / "x.csv").write_text("1;2\n3;4\n", encoding="utf-8")
    assert sniff(tmp_path / "x.csv").rules.header_rows == (1,)
