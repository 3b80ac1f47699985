"""The command: what it prints, what it refuses, and the watch of an election night."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pollwitness.case import write_case
from pollwitness.cli.main import main
from tests.build import small_tables
from tests.report.reading import visible
from tests.report.rich import rich_tables


@pytest.fixture
def case(tmp_path) -> Path:
    write_case(rich_tables(), tmp_path / "case")
    return tmp_path / "case"


def test_it_says_what_it_wrote(case, tmp_path, capsys):
    assert main(["report", str(case), "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "files," in printed
    assert str(tmp_path / "out" / "index.html") in printed
    assert main(["report", str(case), "-o", str(tmp_path / "out"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert result["written"] == 0
    assert result["index"] == str(tmp_path / "out" / "index.html")


def test_languages_stand_beside_each_other(case, tmp_path):
    out = tmp_path / "out"
    arguments = ["report", str(case), "-o", str(out), "--language", "ru", "--language", "en"]
    assert main(arguments) == 0
    assert '<html lang="ru" dir="ltr">' in (out / "index.html").read_text(encoding="utf-8")
    other = (out / "en" / "claims" / "votes-anna.html").read_text(encoding="utf-8")
    assert '<html lang="en" dir="ltr">' in other
    assert 'href="../../claims/votes-anna.html" hreflang="ru"' in other
    # Fewer languages: the folder of the other one goes.
    assert main(arguments[:-2]) == 0
    assert not (out / "en" / "index.html").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param(["--language", "xx"], "no translation into 'xx'; there are en, be, ru",
                     id="language"),
        pytest.param(["--address", "example.org"], "write it with https://", id="address"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_a_line(case, tmp_path, capsys, more, said):
    assert main(["report", str(case), "-o", str(tmp_path / "out"), *more]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_refused_case_writes_nothing(case, tmp_path, capsys):
    (case / "tables" / "protocols.csv").write_text("copy_id\nc1\n", encoding="utf-8")
    assert main(["report", str(case), "-o", str(tmp_path / "out")]) == 2
    assert "errors" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_address_stands_in_permalinks(case, tmp_path):
    address = "https://example.org/vote"
    assert main(["report", str(case), "-o", str(tmp_path / "out"), "--address", address]) == 0
    shown = visible(tmp_path / "out" / "claims" / "votes-anna.html")
    assert f"{address}/claims/votes-anna.html" in shown


def waited(condition, seconds: float = 40) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_watching_rewrites_what_a_new_protocol_changed(tmp_path):
    """A refused case in between changes nothing; Ctrl-C ends the watch with 130."""
    write_case(small_tables(protocols=[_form("s1")]), tmp_path / "case")
    table = tmp_path / "case" / "tables" / "protocols.csv"
    index = tmp_path / "out" / "index.html"
    command = [sys.executable, "-m", "pollwitness.cli.main", "report", str(tmp_path / "case"),
               "-o", str(tmp_path / "out"), "--watch", "--every", "0.1"]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as watching:
        try:
            assert waited(index.exists)
            manifest = tmp_path / "out" / "report-files.json"
            assert waited(lambda: "index.html" in manifest.read_text(encoding="utf-8"))
            methods = (tmp_path / "out" / "methods" / "bounds.html").stat().st_mtime_ns
            good = table.read_text(encoding="utf-8")
            table.write_text("copy_id\nbroken\n", encoding="utf-8")
            time.sleep(1.5)
            assert "1 copy" in visible(index)
            new = good.replace("p0,", "p1,").replace(",s1,", ",s2,").splitlines()[-1]
            stations = tmp_path / "case" / "tables" / "stations.csv"
            listed = stations.read_text(encoding="utf-8")
            stations.write_text(listed + "s2,city\n", encoding="utf-8")
            table.write_text(good + new + "\n", encoding="utf-8")
            assert waited(lambda: "2 copies" in visible(index))
            assert waited((tmp_path / "out" / "stations" / "s2.html").exists)
            assert (tmp_path / "out" / "methods" / "bounds.html").stat().st_mtime_ns == methods
        finally:
            watching.send_signal(signal.SIGINT)
        printed, problems = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert "watching" in printed
    assert "errors" in problems


def _form(station: str) -> dict[str, object]:
    return {"copy_id": "p0", "station_id": station, "votes_anna": 5, "votes_boris": 3,
            "ballots": 8}  # fmt: skip
