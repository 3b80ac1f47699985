"""Correcting a protocol copy adds a copy and changes none."""

import csv
import json
import os
from pathlib import Path

import polars as pl
import pytest

from pollwitness.case import (
    Correction,
    InputRefusedError,
    correct_protocol,
    read_case,
    validate_case,
    write_case,
)
from pollwitness.case.write import TableFormat
from pollwitness.cli.main import main
from pollwitness.errors import QuestionError
from pollwitness.tally import Reading, recorded_votes

HEAD = """\
format = 1
id = "small"
title = "Small election"
country = "XX"
date = "2024-05-05"
time_zone = "UTC"
licence = "CC0-1.0"
audience = "public"

[[contests]]
id = "mayor"
name = "Mayor"
winners = 1
rule = "plurality"

[[contests.options]]
id = "anna"
name = "Anna"
kind = "candidate"

[[contests.options]]
id = "boris"
name = "Boris"
kind = "candidate"
"""
TABLES = {
    "areas": "area_id,level,name\ncity,city,City\n",
    "stations": "station_id,area_id\ns1,city\ns2,city\n",
    "documents": "document_id,kind,title,publisher\n"
    "paper,photograph,Form,observers\nscan,photograph,Scan,observers\n",
    "protocols": """\
copy_id,contest_id,station_id,document_id,form,status,corrects,reason,ballots,invalid,votes_anna,\
votes_boris
a1,mayor,s1,paper,photo,accepted,,,700,20,400,280
a2,mayor,s2,paper,photo,unread,,,,,,
b1,mayor,s2,paper,transcript,rejected,,"blurred, ""cut"" off",90,,30,60
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "case.toml").write_text(HEAD, encoding="utf-8")
    for name, text in TABLES.items():
        (tmp_path / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def _protocols(folder: Path) -> bytes:
    return (folder / "tables" / "protocols.csv").read_bytes()


def _rows(folder: Path) -> dict[str, dict[str, object]]:
    rows = read_case(folder).tables.table("protocols").to_dicts()
    return {str(row["copy_id"]): row for row in rows}


def _votes_of_s1(folder: Path) -> tuple[int, int]:
    """The least and the greatest votes for Anna at the first station."""
    votes = recorded_votes(read_case(folder).tables, "mayor", Reading.AS_WRITTEN)
    station = votes.territory.station_ids.to_list().index("s1")
    part = votes.part("anna")
    return int(votes.low[station, part]), int(votes.high[station, part])


def test_the_new_copy_names_the_old_one_and_why(folder: Path) -> None:
    made = correct_protocol(
        folder, "a1", figures={"votes_anna": 430, "invalid": None}, reason="  0 read as 3 "
    )
    assert made == Correction(
        copy_id="a1.c1",
        corrects="a1",
        changed=(("invalid", 20, None), ("votes_anna", 400, 430)),
        breaches=made.breaches,
    )
    assert [problem.id for problem in made.breaches] == ["P002"]
    new = _rows(folder)["a1.c1"]
    assert {name: value for name, value in new.items() if value is not None} == {
        "copy_id": "a1.c1", "contest_id": "mayor", "station_id": "s1", "document_id": "paper",
        "form": "photo", "status": "accepted", "corrects": "a1", "reason": "0 read as 3",
        "ballots": 700, "votes_anna": 430, "votes_boris": 280,
    }  # fmt: skip


def test_every_old_row_stays_byte_for_byte(folder: Path) -> None:
    before = _protocols(folder).splitlines(keepends=True)
    correct_protocol(folder, "a1", figures={"ballots": 701}, reason="misread")
    after = _protocols(folder).splitlines(keepends=True)
    assert [line for line in after if line not in before] == [
        b"a1.c1,mayor,s1,paper,photo,accepted,a1,misread,701,20,400,280\n"
    ]
    assert [line for line in after if line in before] == before


def test_old_rows_say_the_same_where_the_table_gets_new_columns(folder: Path) -> None:
    """A table that was never corrected may lack the columns that a correction fills."""
    path = folder / "tables" / "protocols.csv"
    path.write_text(
        "votes_boris,copy_id,contest_id,station_id,document_id,form,status,votes_anna\n"
        "280,a1,mayor,s1,paper,photo,accepted,400\n",
        encoding="utf-8",
    )
    correct_protocol(folder, "a1", figures={"votes_anna": 404}, reason="misread")
    with path.open(encoding="utf-8", newline="") as stream:
        old, new = csv.DictReader(stream)
    assert {name: value for name, value in old.items() if value} == {
        "copy_id": "a1", "contest_id": "mayor", "station_id": "s1", "document_id": "paper",
        "form": "photo", "status": "accepted", "votes_anna": "400", "votes_boris": "280",
    }  # fmt: skip
    assert (new["votes_anna"], new["corrects"], new["reason"]) == ("404", "a1", "misread")


def test_the_old_copy_bounds_nothing_afterwards(folder: Path) -> None:
    assert _votes_of_s1(folder) == (400, 400)
    correct_protocol(folder, "a1", figures={"votes_anna": 410}, reason="misread")
    assert _votes_of_s1(folder) == (410, 410)


def test_the_correction_can_be_corrected_and_the_first_copy_no_more(folder: Path) -> None:
    correct_protocol(folder, "a1", figures={"votes_anna": 410}, reason="misread")
    with pytest.raises(QuestionError) as refused:
        correct_protocol(folder, "a1", figures={"votes_anna": 411}, reason="misread")
    assert str(refused.value) == "the copy a1 was corrected by a1.c1; correct that one"
    made = correct_protocol(folder, "a1.c1", figures={"votes_anna": 390}, reason="read again")
    assert (made.copy_id, made.corrects) == ("a1.c1.c1", "a1.c1")
    assert _votes_of_s1(folder) == (390, 390)
    assert [problem for problem in validate_case(folder) if problem.id[0] != "P"] == []


def test_the_new_name_is_free_and_not_too_long(folder: Path) -> None:
    name = "n" * 64
    path = folder / "tables" / "protocols.csv"
    text = path.read_text(encoding="utf-8").replace("a1,", f"{name},")
    taken = f"{name[:56]}.c1,mayor,s2,paper,qr,unread,,,,,,\n"
    path.write_text(text + taken, encoding="utf-8")
    made = correct_protocol(folder, name, figures={"ballots": 1}, reason="misread")
    assert made.copy_id == f"{name[:56]}.c2"
    assert read_case(folder).warnings == ()


def test_another_document_may_show_the_right_figure(folder: Path) -> None:
    correct_protocol(folder, "a1", figures={"ballots": 710}, reason="misread", document_id="scan")
    rows = _rows(folder)
    assert rows["a1.c1"]["document_id"] == "scan"
    assert rows["a1"]["document_id"] == "paper"


@pytest.mark.parametrize("copy", ["a2", "b1"], ids=["unread", "rejected"])
def test_a_copy_that_was_not_believed_becomes_an_accepted_one(copy: str, folder: Path) -> None:
    made = correct_protocol(folder, copy, figures={"votes_anna": 35}, reason="read at last")
    assert _rows(folder)[made.copy_id]["status"] == "accepted"


FIGURES = (
    "registered, added, issued, ballots, valid, invalid, early, mobile, votes_anna, votes_boris"
)
REFUSALS = [
    ("no such copy", "z9", {"ballots": 1}, "misread", None,
     "the case has no protocol copy 'z9'; see tables/protocols"),
    ("no such figures", "a1", {"votes_clara": 1, "balots": 2}, "misread", None,
     f"no such figure: balots, votes_clara; figures: {FIGURES}"),
    ("a column that is no figure", "a1", {"status": 1}, "misread", None,
     f"no such figure: status; figures: {FIGURES}"),
    ("negative counts", "a1", {"votes_boris": -48, "ballots": -1}, "misread", None,
     "not a count: ballots, votes_boris; give whole numbers from 0 up"),
    ("a count without bound", "a1", {"ballots": 2**40 + 1}, "misread", None,
     "not a count: ballots; give whole numbers from 0 up"),
    ("no reason", "a1", {"ballots": 1}, " \t", None,
     "a correction needs its reason; say what was misread"),
    ("a reason that would spoil the table", "a1", {"ballots": 1}, "8 read\x07 as 3", None,
     "the reason holds a control character; write it as one line of text"),
    ("a reason that is not UTF-8", "a1", {"ballots": 1}, "8 read as \udcff", None,
     "the reason holds a control character; write it as one line of text"),
    ("no such document", "a1", {"ballots": 1}, "misread", "leak",
     "the case has no document 'leak'; add it to documents first"),
    ("nothing changes", "a1", {"ballots": 700, "votes_anna": 400}, "misread", None,
     "the copy a1 already has these figures; nothing to correct"),
    ("no figures", "a1", {}, "misread", None,
     "the copy a1 already has these figures; nothing to correct"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("copy", "figures", "reason", "document", "says"),
    [refusal[1:] for refusal in REFUSALS],
    ids=[refusal[0] for refusal in REFUSALS],
)
def test_a_correction_that_makes_no_sense_is_refused(
    copy: str,
    figures: dict[str, int | None],
    reason: str,
    document: str | None,
    says: str,
    folder: Path,
) -> None:
    before = _protocols(folder)
    with pytest.raises(QuestionError) as refused:
        correct_protocol(folder, copy, figures=figures, reason=reason, document_id=document)
    assert str(refused.value) == says
    assert _protocols(folder) == before


def test_a_case_with_errors_is_not_corrected(folder: Path) -> None:
    (folder / "tables" / "areas.csv").write_text("area_id,level\ncity,city\n", encoding="utf-8")
    before = _protocols(folder)
    with pytest.raises(InputRefusedError) as refused:
        correct_protocol(folder, "a1", figures={"ballots": 1}, reason="misread")
    assert [problem.id for problem in refused.value.problems] == ["T001"]
    assert _protocols(folder) == before


def test_a_case_without_protocols_has_none_to_correct(folder: Path) -> None:
    (folder / "tables" / "protocols.csv").unlink()
    with pytest.raises(QuestionError, match="the case has no protocol copy 'a1'"):
        correct_protocol(folder, "a1", figures={"ballots": 1}, reason="misread")


def test_a_case_in_parquet_stays_in_parquet(folder: Path, tmp_path: Path) -> None:
    stored = tmp_path / "stored"
    write_case(read_case(folder).tables, stored, table_format=TableFormat.PARQUET)
    old = pl.read_parquet(stored / "tables" / "protocols.parquet")
    correct_protocol(stored, "a1", figures={"votes_anna": 410}, reason="misread")
    assert _votes_of_s1(stored) == (410, 410)
    new = pl.read_parquet(stored / "tables" / "protocols.parquet")
    assert new.filter(pl.col("copy_id").is_in(old["copy_id"].implode())).equals(old)
    assert sorted(path.name for path in (stored / "tables").iterdir()) == [
        "areas.parquet", "documents.parquet", "protocols.parquet", "stations.parquet",
    ]  # fmt: skip


def test_the_descriptor_follows(folder: Path) -> None:
    correct_protocol(folder, "a1", figures={"early": 5}, reason="was overlooked")
    package = json.loads((folder / "datapackage.json").read_bytes())
    protocols = next(r for r in package["resources"] if r["name"] == "protocols")
    header = _protocols(folder).decode().splitlines()[0].split(",")
    assert [field["name"] for field in protocols["schema"]["fields"]] == header
    assert "early" in header


@pytest.mark.parametrize("table_format", TableFormat)
def test_a_write_that_is_interrupted_leaves_the_old_table(
    table_format: TableFormat, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = tmp_path / "stored"
    write_case(read_case(folder).tables, stored, table_format=table_format)
    before = {path: path.read_bytes() for path in stored.rglob("*") if path.is_file()}

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="No space left"):
            correct_protocol(stored, "a1", figures={"ballots": 1}, reason="misread")
    assert {path: path.read_bytes() for path in stored.rglob("*") if path.is_file()} == before
    assert read_case(stored).warnings == ()


def test_what_a_crash_leaves_behind_is_no_table(folder: Path) -> None:
    """A process that is killed cannot tidy up; the part that it wrote must not spoil the case."""
    (folder / "tables" / ".protocols.csv.part").write_bytes(b"copy_id,con")
    assert read_case(folder).warnings == ()
    correct_protocol(folder, "a1", figures={"ballots": 1}, reason="misread")
    assert not (folder / "tables" / ".protocols.csv.part").exists()


def test_the_command_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([
        "protocol", "correct", str(folder), "a1", "--set", "votes_anna=1430", "--set", "invalid=",
        "--reason", "0 read as 3",
    ])  # fmt: skip
    seen = capsys.readouterr()
    assert code == 0
    assert seen.err == ""
    assert seen.out.splitlines() == [
        "a1.c1 corrects a1; a1 bounds nothing from now on.",
        "  invalid: 20 -> unknown",
        "  votes_anna: 400 -> 1,430",
        *(str(problem) for problem in validate_case(folder) if problem.value == "a1.c1"),
    ]
    assert _votes_of_s1(folder)[1] == 1430


def test_the_command_says_it_to_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([
        "protocol", "correct", str(folder), "a1", "--set", "ballots=705", "--json",
        "--reason", "0 read as 5", "--document", "scan",
    ])  # fmt: skip
    assert code == 0
    said = json.loads(capsys.readouterr().out)
    assert said["result"] == {
        "copy_id": "a1.c1",
        "corrects": "a1",
        "changed": [{"figure": "ballots", "before": 700, "after": 705}],
    }
    assert [problem["id"] for problem in said["problems"]] == ["P001"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["a1", "--set", "ballots=many"],
         "pollwitness: --set 'ballots=many' is not COLUMN=NUMBER; write for example ballots=812"),
        (["a1", "--set", "ballots"],
         "pollwitness: --set 'ballots' is not COLUMN=NUMBER; write for example ballots=812"),
        (["a1", "--set", "ballots=-1"],
         "pollwitness: --set 'ballots=-1' is not COLUMN=NUMBER; write for example ballots=812"),
        (["a1", "--set", "ballots=700"],
         "pollwitness: the copy a1 already has these figures; nothing to correct"),
        (["z9", "--set", "ballots=1"],
         "pollwitness: the case has no protocol copy 'z9'; see tables/protocols"),
        (["a1", "--set", "votes=1"],
         f"pollwitness: no such figure: votes; figures: {FIGURES}"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)  # fmt: skip
def test_the_command_refuses_with_one_line_and_exit_2(
    given: list[str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _protocols(folder)
    code = main(["protocol", "correct", str(folder), *given, "--reason", "misread"])
    seen = capsys.readouterr()
    assert (code, seen.out, seen.err) == (2, "", f"{says}\n")
    assert _protocols(folder) == before
