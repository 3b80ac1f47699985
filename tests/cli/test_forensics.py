"""The commands about indications: a case, a bare CSV, plans, refusals."""

import hashlib
import json

import polars as pl
import pytest

from pollwitness.case import write_case
from pollwitness.cli.main import main
from tests.forensics.test_battery import station_case
from tests.forensics.test_descriptions import election

COLUMNS = ["--registered", "voters", "--ballots", "found", "--leader", "a"]


@pytest.fixture
def table(tmp_path):
    stations = election(21, 300)
    frame = pl.DataFrame({
        "voters": stations.registered, "given": stations.turned_out, "found": stations.ballots,
        "a": stations.leader, "place": [stations.regions[code] for code in stations.region],
    })  # fmt: skip
    frame = pl.concat([frame, frame.head(2).with_columns(pl.lit(None).cast(pl.Int64).alias("a"))])
    frame.write_csv(tmp_path / "results.csv")
    return tmp_path / "results.csv"


def test_a_bare_table_is_enough(table, capsys):
    assert main(["forensics", "run", str(table), *COLUMNS, "--region", "place"]) == 0
    printed = capsys.readouterr().out
    for part in ("Stations: 300; rows left out for lack of a count: 2", "not checked",
                 "No plan was written before", "integers.any", "smooth.areas", "nothing found",
                 "Votes beyond proportion", "5 tests together", "Without r"):  # fmt: skip
        assert part in printed, part


def test_json_has_stable_keys(table, capsys):
    assert main(["forensics", "run", str(table), *COLUMNS, "--issued", "given", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert set(result) == {"election", "stations", "left_out", "plan", "gates", "tests", "control",
                           "skipped"}  # fmt: skip
    assert [one["test"] for one in result["tests"]] == [
        "integers.any", "integers.turnout", "integers.share", "spikes.share", "smooth.areas",
    ]  # fmt: skip
    assert result["plan"]["sha256"] is None


def test_a_plan_is_proposed_hashed_and_run(tmp_path, capsys):
    write_case(station_case(), tmp_path / "case")
    assert main(["forensics", "plan", str(tmp_path / "case")]) == 0
    text = capsys.readouterr().out
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    plan = str(tmp_path / "plan.toml")
    assert main(["forensics", "run", str(tmp_path / "case"), "--plan", plan]) == 0
    printed = capsys.readouterr().out
    assert f"Plan: SHA-256 {hashlib.sha256(text.encode()).hexdigest()}" in printed
    assert "sums registered" in printed


def test_a_closed_gate_gives_no_result_and_code_2(tmp_path, capsys):
    write_case(station_case(ballots=7), tmp_path / "case")
    assert main(["forensics", "run", str(tmp_path / "case")]) == 2
    printed = capsys.readouterr().out
    assert "A gate failed: no result." in printed
    assert "integers.any" not in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "a CSV file needs --registered, --ballots, --leader", id="columns"),
        pytest.param(["--registered", "voters", "--ballots", "found", "--leader", "b"],
                     "has no column b; it has voters, given, found, a, place", id="unknown"),
        pytest.param(["--registered", "voters", "--ballots", "found", "--leader", "place"],
                     "place hold texts; counts are needed", id="text"),
        pytest.param([*COLUMNS, "--plan", "none.toml"], "none.toml cannot be read", id="plan"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(table, capsys, arguments, said):
    assert main(["forensics", "run", str(table), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_cases_without_stations_or_with_another_option_are_refused(tmp_path, capsys):
    write_case(station_case(), tmp_path / "case")
    assert main(["forensics", "run", str(tmp_path / "case"), "--leader", "carla"]) == 2
    assert "the contest has no option 'carla'; it has anna, boris" in capsys.readouterr().err
    assert main(["forensics", "run", "examples/belarus-2020"]) == 2
    assert "holds no official results by station" in capsys.readouterr().err
    assert main(["forensics", "run", str(tmp_path / "none.csv"), *COLUMNS]) == 2
    assert "cannot be read as CSV" in capsys.readouterr().err


def test_power_says_what_would_have_been_found(table, capsys):
    arguments = [*COLUMNS, "--region", "place", "--draws", "20"]
    assert main(["forensics", "power", str(table), *arguments]) == 0
    printed = capsys.readouterr().out
    assert "nothing: false alarms" in printed
    assert "one share at all stations of a region" in printed
    assert main(["forensics", "power", str(table), *arguments, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["result"]
    assert len(rows) == 13
    assert rows[0]["planted"] == "nothing"


def test_power_of_a_closed_table_is_refused(tmp_path, capsys):
    write_case(station_case(ballots=7), tmp_path / "case")
    assert main(["forensics", "power", str(tmp_path / "case")]) == 2
    assert "a gate fails" in capsys.readouterr().err
