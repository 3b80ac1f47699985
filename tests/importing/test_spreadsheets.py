"""Workbooks as people make them: merged cells, formulas, dates, numbers, several sheets."""

import datetime
import io
import sys
import zipfile

import pytest
import xlsxwriter

from pollwitness.case import read_case
from pollwitness.case.folder import InputRefusedError
from pollwitness.case.importing import spreadsheet
from tests.importing.dirty import STATIONS, case_folder, counts, imported, mapping

SHEET = mapping('format = "spreadsheet"')
HEADER = ("id", "area", "name", "voters")


def workbook(path, rows, *, write=None) -> bytes:
    """A workbook with one sheet of rows; ``write`` may change it before it is closed."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("list")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if write is not None:
            write(book, sheet)
    return path.read_bytes()


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other XML in its first sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(made, "w") as again:
        for part in packed.infolist():
            text = packed.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert old in text
                text = text.replace(old, new)
            again.writestr(part, text)
    return made.getvalue()


def without_value(content: bytes, cell: str) -> bytes:
    """The workbook, with a formula in a cell whose value is not stored, as some programs write."""
    start = f'<c r="{cell}"><f>1+1</f>'.encode()
    return changed(content, start + b"<v>2</v>", start)


def ods(rows) -> bytes:
    """A small OpenDocument sheet."""
    cells = "".join(
        "<table:table-row>" + "".join(_cell(value) for value in row) + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="list">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return made.getvalue()


def _cell(value) -> str:
    kind = f'office:value-type="float" office:value="{value}"'
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


def test_numbers_texts_and_blank_cells(tmp_path):
    rows = [HEADER, (1, "city", "School", 812), (2, "city", "", 1204.0), (), (3, "east")]
    folder = case_folder(tmp_path / "case")
    account = imported(folder, workbook(tmp_path / "b.xlsx", rows), SHEET, name="b.xlsx")
    assert counts(account) == {"added": 2, "unchanged": 1}
    assert account.skipped == {"the row is empty": 1}
    found = read_case(folder).tables.table("stations").select("name", "registered").rows()
    assert found == [("School", 812), (None, 1204), (None, None)]


def test_merged_cells_hold_one_value_and_merged_headers_name_all_their_columns(tmp_path):
    rows = [("place", "", "list", ""), ("id", "area", "name", "voters"),
            (1, "city", "School", 812), (2, "", "Library", 1204)]  # fmt: skip

    def merge(_book, sheet):
        sheet.merge_range(0, 0, 0, 1, "place")
        sheet.merge_range(2, 1, 3, 1, "city")

    tables = STATIONS.replace('"id"', '"place / id"').replace('"area"', '"place / area"')
    tables = tables.replace('"name"\nreg', '"list / name"\nreg').replace('"voters"', '"voters"')
    rules = mapping('format = "spreadsheet"\nheader_rows = [1, 2]', tables)
    rules = rules.replace('"voters"', '"list / voters"')
    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", rows, write=merge)
    assert counts(imported(folder, content, rules, name="b.xlsx")) == {"added": 1, "unchanged": 1}


def test_a_stored_value_of_a_formula_is_read_and_a_missing_one_is_refused(tmp_path):
    rows = [HEADER, (1, "city", "School", ""), (2, "city", "Library", "")]

    def formulas(_book, sheet):
        sheet.write_formula("D2", "=800+12", None, 812)
        sheet.write_formula("D3", "=1+1", None, 2)

    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", rows, write=formulas)
    assert counts(imported(folder, content, SHEET, name="b.xlsx")) == {"added": 1, "unchanged": 1}
    account = imported(folder, without_value(content, "D3"), SHEET, name="b.xlsx")
    assert [str(problem) for problem in account.problems] == [
        "I010 error b.xlsx, row 3, column voters: the cell holds a formula whose value the file "
        "does not store. Open the file in a spreadsheet program and save it again."
    ]


def test_an_error_in_a_cell_is_refused(tmp_path):
    def broken(_book, sheet):
        sheet.write_formula("D2", "=1/0", None, "#DIV/0!")

    rows = [HEADER, (1, "city", "School", "")]
    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", rows, write=broken)
    account = imported(folder, content, SHEET, name="b.xlsx")
    assert [(p.id, p.row, p.column) for p in account.problems] == [("I011", 2, "voters")]
    text = ods([HEADER, (1, "city", "School", "#REF!")])
    account = imported(folder, text, SHEET, name="b.ods")
    assert [(p.id, p.row, p.column) for p in account.problems] == [("I011", 2, "voters")]


def test_dates_and_flags_come_as_they_are_meant(tmp_path):
    rows = [("id", "kind", "title", "when")]

    def dates(book, sheet):
        sheet.write_row(1, 0, ("d1", "table", "List"))
        form = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime(1, 3, datetime.datetime(2024, 5, 5), form)  # noqa: DTZ001 (sheets know no zone)
        sheet.write_row(2, 0, ("d2", "table", True))
        sheet.write_datetime(3, 2, datetime.time(8, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_row(3, 0, ("d3", 53.25))

    rules = mapping(
        'format = "spreadsheet"\nsheet = "list"',
        '[[tables]]\nname = "documents"\n[tables.columns]\ndocument_id = "id"\nkind = "kind"\n'
        'title = "title"\npublisher = { value = "board" }\npublished_at = "when"\n',
    )
    folder = case_folder(tmp_path / "case")
    imported(folder, workbook(tmp_path / "b.xlsx", rows, write=dates), rules, name="b.xlsx")
    found = read_case(folder).tables.table("documents").select("title", "published_at").rows()
    assert found[:3] == [("List", "2024-05-05"), ("true", None), ("08:30:00", None)]


def test_opendocument_sheets_are_read(tmp_path):
    folder = case_folder(tmp_path / "case")
    content = ods([HEADER, (1, "city", "School", 812), (2, "city", "Library", 1204)])
    assert counts(imported(folder, content, SHEET, name="b.ods")) == {"added": 1, "unchanged": 1}


def test_a_sheet_without_header_needs_the_names_of_its_columns(tmp_path):
    rules = mapping('format = "spreadsheet"\ncolumns = ["id", "area", "name", "voters"]')
    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", [(1, "city", "School", 812)])
    assert counts(imported(folder, content, rules, name="b.xlsx")) == {"unchanged": 1}


REFUSED = {
    "no workbook": (b"not a workbook", SHEET, "I007"),
    "a broken archive": (b"PK\x03\x04broken" + b"PK\x05\x06" + b"\0" * 18, SHEET, "I007"),
    "an archive whose directory is broken": (
        b"PK\x03\x04" + b"x" * 60 + b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\0\0\0\0\0\0",
        SHEET, "I007",
    ),
    "no such sheet": (None, mapping('format = "spreadsheet"\nsheet = "other"'), "I008"),
    "too short for its header": (None, mapping('format = "spreadsheet"\nheader_rows = [9]'),
                                 "I001"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(name, tmp_path):
    content, rules, problem = REFUSED[name]
    folder = case_folder(tmp_path / "case")
    content = workbook(tmp_path / "b.xlsx", [HEADER]) if content is None else content
    with pytest.raises(InputRefusedError) as refused:
        imported(folder, content, rules, name="b.xlsx")
    assert [p.id for p in refused.value.problems] == [problem]


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_BYTES", 1000)
    folder = case_folder(tmp_path / "case")
    with pytest.raises(InputRefusedError, match="errors") as refused:
        imported(folder, workbook(tmp_path / "b.xlsx", [HEADER]), SHEET, name="b.xlsx")
    assert "save it as CSV" in str(refused.value.problems[0])


def test_without_the_extra_the_mend_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    folder = case_folder(tmp_path / "case")
    with pytest.raises(spreadsheet.ExtraMissingError, match=r"pollwitness\[spreadsheets\]"):
        imported(folder, workbook(tmp_path / "b.xlsx", [HEADER]), SHEET, name="b.xlsx")


def test_a_workbook_of_the_old_binary_kind_has_no_parts_to_look_into(tmp_path):
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert list(spreadsheet._bad_cells(tmp_path / "old.xls", None)) == []


def test_the_first_sheet_that_a_reader_sees_counts(tmp_path):
    """A chart and a hidden list before it are not read, and errors in the hidden one not told."""
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        plot = book.add_chartsheet("plot")
        old, new = book.add_worksheet("old"), book.add_worksheet("new")
        for sheet, voters in ((old, 1), (new, 900)):
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, (1, "city", "School", voters))
        old.write_formula("D2", "=1/0", None, "#DIV/0!")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=new!$D$2:$D$2"})
        plot.set_chart(chart)
        new.activate()
        new.set_first_sheet()
        old.hide()
    folder = case_folder(tmp_path / "case")
    content = (tmp_path / "b.xlsx").read_bytes()
    imported(folder, content, SHEET, name="b.xlsx")
    stations = read_case(folder).tables.table("stations")
    assert 900 in stations["registered"].to_list()
    named = mapping('format = "spreadsheet"\nsheet = "old"')
    account = imported(folder, content, named, name="b.xlsx")
    assert [problem.id for problem in account.problems] == ["I011"]


def test_a_workbook_that_shows_no_sheet_is_refused(tmp_path):
    content = workbook(tmp_path / "b.xlsx", [HEADER])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(made, "w") as again:
        for part in packed.infolist():
            text = packed.read(part)
            if part.filename == "xl/workbook.xml":
                text = text.replace(b'<sheet name="list"', b'<sheet name="list" state="hidden"')
            again.writestr(part, text)
    with pytest.raises(InputRefusedError) as refused:
        imported(case_folder(tmp_path / "case"), made.getvalue(), SHEET, name="b.xlsx")
    assert [str(problem) for problem in refused.value.problems] == [
        "I008 error b.xlsx: the file has no such sheet: every sheet is hidden or holds no cells. "
        "Name a sheet of the file."
    ]
