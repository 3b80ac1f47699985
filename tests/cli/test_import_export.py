"""import, export and simulate on the command line: what is printed, written and returned."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from pollwitness.case import read_case, write_case
from pollwitness.cli.main import main
from pollwitness.tables import CaseTables
from tests.build import small_case, small_tables
from tests.importing.dirty import case_folder, mapping

AREAS = pl.DataFrame({"area_id": ["city"], "level": ["city"], "name": ["City"]})
FILE = "id,area,name,voters\n1,city,School,900\n2,city,Library,1204\n"


@pytest.fixture
def ready(tmp_path):
    folder = case_folder(tmp_path / "case")
    (tmp_path / "file.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "m.toml").write_text(mapping('format = "csv"'), encoding="utf-8")
    return folder


def run(folder: Path, *more: str) -> int:
    here = folder.parent
    return main(["import", str(folder), str(here / "file.csv"), "--mapping", str(here / "m.toml"),
                 *more])  # fmt: skip


def test_an_import_says_what_became_of_the_rows(ready, capsys):
    assert run(ready) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == [
        "table", "added", "changed", "unchanged", "repeated", "rejected", "kept",
    ]  # fmt: skip
    assert printed[1].split() == ["stations", "1", "1", "0", "0", "0", "0"]
    assert printed[2:] == [
        "row 2: stations s1: registered 812 -> 900",
        "2 rows read",
        f"Written. Next: pollwitness validate {ready}",
    ]


def test_a_dry_run_writes_nothing_and_leaves_nothing_behind(ready, capsys):
    before = {p: p.read_bytes() for p in ready.rglob("*") if p.is_file()}
    assert run(ready, "--dry-run", "--account", str(ready.parent / "account.csv")) == 0
    assert "Dry run: nothing was written." in capsys.readouterr().out
    assert {p: p.read_bytes() for p in ready.rglob("*") if p.is_file()} == before
    assert pl.read_csv(ready.parent / "account.csv").height == 2


def test_rejected_rows_give_exit_code_2(ready, capsys):
    (ready.parent / "file.csv").write_text(FILE + ",,Total,2104\n", encoding="utf-8")
    assert run(ready) == 2
    printed = capsys.readouterr()
    assert "1 rows rejected" in printed.out
    assert "Nothing was written. Mend the rows, or take the others with --accept-partial." in (
        printed.out
    )
    assert "T004 error file.csv, row 4, column station_id" in printed.err
    assert run(ready, "--accept-partial") == 2
    assert f"see {ready / 'rejects.csv'}" in capsys.readouterr().out
    assert read_case(ready).tables.table("stations").height == 2


def test_skipped_rows_and_unused_columns_are_named(ready, capsys):
    text = FILE.replace("voters", "voters,phone").replace("900", "900,5").replace("1204", "1204,6")
    (ready.parent / "file.csv").write_text(text + ",,,,\n", encoding="utf-8")
    assert run(ready) == 0
    printed = capsys.readouterr().out
    assert "1 rows skipped: the row is empty" in printed
    assert "Columns of the file that the mapping does not use: phone" in printed


def test_json_has_the_whole_account(ready, capsys):
    assert run(ready, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["command"] == "import"
    assert found["result"]["written"] is True
    assert found["result"]["changes"] == [
        {"row": 2, "sheet": None, "table": "stations", "key": "s1", "column": "registered",
         "old": "812", "new": "900"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import"], "give CASE, FILE and --mapping"),
        (["import", "nowhere", "f", "--mapping", "m"], "C001 error case.toml"),
    ],
)
def test_what_is_missing_is_said(arguments, words, capsys):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_files_that_cannot_be_opened_are_refused(ready, capsys):
    (ready.parent / "m.toml").unlink()
    assert run(ready) == 2
    assert "m.toml cannot be read" in capsys.readouterr().err
    (ready.parent / "m.toml").write_text(mapping('format = "csv"'), encoding="utf-8")
    (ready.parent / "file.csv").unlink()
    assert run(ready) == 2
    assert "I014 error file.csv" in capsys.readouterr().err


def test_a_column_that_the_file_lacks_is_refused_with_those_it_has(ready, capsys):
    (ready.parent / "file.csv").write_text("id,area\n1,city\n", encoding="utf-8")
    assert run(ready) == 2
    assert capsys.readouterr().err.splitlines()[0] == (
        "I012 error file.csv, column name: the file has no such column. Columns of the file: id, "
        "area."
    )


def restricted_case(folder: Path) -> Path:
    tables = small_tables(
        small_case(),
        voter_reports=[
            {"station_id": "s1", "option_id": "anna", "reports": 12, "with_photo": 3},
            {"station_id": "s1", "option_id": "boris", "reports": 4},
        ],
        voter_report_items=[
            {"report_id": "r1", "station_id": "s1", "contest_id": "mayor", "option_id": "anna",
             "photo": True, "verified": False},
        ],
        protocols=[
            {"copy_id": "c1", "station_id": "s1", "votes_anna": 5, "reason": "seen by N."},
            {"copy_id": "c2", "station_id": "s2", "votes_anna": 5},
        ],
        documents=[
            {"document_id": "paper", "published_at": "2024-05-05T21:13+03:00", "note": "from N."},
            {"document_id": "press", "published_at": "2024-05-05T21:13+03:00",
             "address": "https://example.org"},
        ],
    )  # fmt: skip
    write_case(tables, folder)
    return folder


def test_restricted_tables_stay_out_of_an_export(tmp_path, capsys):
    folder = restricted_case(tmp_path / "case")
    assert main(["export", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert "Left out, restricted: voter_report_items" in capsys.readouterr().out
    assert not read_case(tmp_path / "out").tables.has("voter_report_items")
    assert main(["export", str(folder), "-o", str(tmp_path / "all"), "--with-restricted"]) == 0
    assert read_case(tmp_path / "all").tables.has("voter_report_items")


def test_an_anonymised_export_holds_nothing_that_points_to_a_person(tmp_path, capsys):
    folder = restricted_case(tmp_path / "case")
    assert main(["export", str(folder), "-o", str(tmp_path / "out"), "--anonymised", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["left_out"] == ["voter_report_items"]
    tables = read_case(tmp_path / "out").tables
    reports = tables.table("voter_reports").select("option_id", "reports", "with_photo").rows()
    assert reports == [("anna", 12, None)]
    assert tables.table("protocols")["reason"].to_list() == [
        "left out of the anonymised export", None,
    ]  # fmt: skip
    documents = tables.table("documents").select("published_at", "note").rows()
    assert documents == [("2024-05-05", None), ("2024-05-05T21:13+03:00", None)]
    written = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"N." not in written


def test_an_anonymised_export_of_a_case_with_areas_alone(tmp_path):
    folder = tmp_path / "case"
    write_case(CaseTables.of(small_case(), {"areas": AREAS}), folder)
    assert main(["export", str(folder), "-o", str(tmp_path / "out"), "--anonymised"]) == 0
    assert read_case(tmp_path / "out").tables.frames.keys() == {"areas"}


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_an_export_comes_back_through_an_import_or_as_a_case(kind, tmp_path, capsys):
    folder = case_folder(tmp_path / "case")
    target = tmp_path / f"out.{kind}"
    assert main(["export", str(folder), "-o", str(target), "--format", kind]) == 0
    assert main(["export", str(folder), "-o", str(target), "--format", kind]) == 2
    if kind != "xlsx":
        there = read_case(target).tables
        assert {n: f.rows() for n, f in there.frames.items()} == {
            n: f.rows() for n, f in read_case(folder).tables.frames.items()
        }
        return
    (tmp_path / "m.toml").write_text(
        mapping('format = "spreadsheet"', '[[tables]]\nname = "stations"\nsheet = "stations"\n'
                '[tables.columns]\nstation_id = "station_id"\narea_id = "area_id"\n'
                'name = "name"\nregistered = "registered"\n'), encoding="utf-8")  # fmt: skip
    capsys.readouterr()
    rules = str(tmp_path / "m.toml")
    assert main(["import", str(folder), str(target), "--mapping", rules, "--json"]) == 0
    (counted,) = json.loads(capsys.readouterr().out)["result"]["tables"]
    assert (counted["unchanged"], counted["added"], counted["changed"]) == (1, 0, 0)


def test_an_export_is_anonymised_or_with_restricted_data_never_both(tmp_path, capsys):
    folder = case_folder(tmp_path / "case")
    both = ["--anonymised", "--with-restricted"]
    assert main(["export", str(folder), "-o", str(tmp_path / "out"), *both]) == 2
    assert "not both" in capsys.readouterr().err


def test_a_table_too_long_for_a_sheet_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("pollwitness.case.export.MOST_ROWS", 1)
    folder = case_folder(tmp_path / "case")
    target = tmp_path / "out.xlsx"
    assert main(["export", str(folder), "-o", str(target), "--format", "xlsx"]) == 2
    assert "too many rows for a sheet: areas; export as CSV" in capsys.readouterr().err


def test_a_workbook_needs_the_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    folder = case_folder(tmp_path / "case")
    target = tmp_path / "out.xlsx"
    assert main(["export", str(folder), "-o", str(target), "--format", "xlsx"]) == 2
    assert "pollwitness[spreadsheets]" in capsys.readouterr().err


def test_a_simulated_election_is_a_case_with_the_truth_beside_it(tmp_path, capsys):
    made = tmp_path / "made"
    assert main(["simulate", str(made), "--stations", "40", "--seed", "7", "--noise"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"40 stations, seed 7: {made / 'case'}",
        f"The truth: {made / 'truth'}",
        f"Next: pollwitness check {made / 'case'}",
    ]
    assert read_case(made / "case").tables.table("stations").height == 40
    truth = pl.read_csv(made / "truth" / "stations.csv")
    assert truth.height == 40
    assert (truth["cast_rival"] == truth["official_rival"]).all()
    assert (made / "truth" / "plan.toml").read_text().startswith("# Made with seed 7.\n")
    assert main(["simulate", str(made), "--stations", "40"]) == 2
    again = tmp_path / "again"
    assert main(["simulate", str(again), "--stations", "40", "--seed", "7", "--noise",
                 "--json"]) == 0  # fmt: skip
    for path in (made / "case" / "tables").iterdir():
        assert (again / "case" / "tables" / path.name).read_bytes() == path.read_bytes()


def test_a_plan_and_the_sizes_of_a_case_are_used(tmp_path, capsys):
    folder = case_folder(tmp_path / "case")
    (tmp_path / "plan.toml").write_text("stations = 30\nregions = 2\n", encoding="utf-8")
    command = ["simulate", str(tmp_path / "made"), "--plan", str(tmp_path / "plan.toml")]
    assert main([*command, "--sizes-of", str(folder)]) == 0
    rolls = read_case(tmp_path / "made" / "case").tables.table("stations")["registered"]
    assert rolls.to_list() == [812] * 30
    assert main(["simulate", str(tmp_path / "x"), "--plan", str(tmp_path / "no.toml")]) == 2
    assert "no.toml cannot be read" in capsys.readouterr().err
    bare = tmp_path / "bare"
    write_case(small_tables(small_case(), stations=[{"station_id": "s1"}]), bare)
    assert main(["simulate", str(tmp_path / "x"), "--sizes-of", str(bare)]) == 2
    assert "have no registered voters to draw from" in capsys.readouterr().err


def test_truth_is_never_written_over(tmp_path, capsys):
    (tmp_path / "made" / "truth").mkdir(parents=True)
    (tmp_path / "made" / "truth" / "old").touch()
    assert main(["simulate", str(tmp_path / "made"), "--stations", "10"]) == 2
    assert "exists and is not empty" in capsys.readouterr().err
