"""Whenever an import is killed, the case is as it was or as it would be: never between."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pollwitness.case import read_case, validate_case
from pollwitness.case.importing import stage
from pollwitness.case.importing.stage import CaseChangedError, Stage, finish_import
from tests.importing.dirty import case_folder, imported, mapping

TABLES = """
[[tables]]
name = "areas"
[tables.columns]
area_id = "area"
parent_id = { value = "city" }
level = { value = "ward" }
name = "area"
[[tables]]
name = "stations"
[tables.columns]
station_id = "id"
area_id = "area"
registered = "voters"
"""
CONTENT = b"id,area,voters\n" + b"".join(
    f"n{number:05d},ward-{number % 50},{number % 900}\n".encode() for number in range(20_000)
)


def state(folder: Path) -> dict[str, str]:
    """What readers see: the files of the case, without what is hidden."""
    files = [folder / "case.toml", folder / "datapackage.json", *(folder / "tables").iterdir()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def before_and_after(tmp_path):
    """The two states that a case may be in."""
    folder = case_folder(tmp_path / "other")
    before = state(folder)
    imported(folder, CONTENT, mapping('format = "csv"', TABLES))
    return before, state(folder)


def test_killed_at_any_moment_the_case_is_whole(before_and_after, tmp_path):
    before, after = before_and_after
    (tmp_path / "file.csv").write_bytes(CONTENT)
    rules = tmp_path / "mapping.toml"
    rules.write_text(mapping('format = "csv"', TABLES), encoding="utf-8")
    command = [sys.executable, "-m", "pollwitness.cli.main", "import"]
    chance = np.random.default_rng(20200809)
    for number in range(14):
        folder = case_folder(tmp_path / f"case-{number}")
        running = subprocess.Popen(
            [*command, str(folder), str(tmp_path / "file.csv"), "--mapping", str(rules)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.3, 1.6))
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)
        running.wait()
        read_case(folder)
        assert state(folder) in (before, after)


class PowerCutError(Exception):
    """Stands for the end of the process at one step."""


@pytest.mark.parametrize("step", range(8))
def test_a_commit_that_stops_at_any_step_is_finished_by_the_next_reader(
    step, before_and_after, tmp_path, monkeypatch
):
    before, after = before_and_after
    folder = case_folder(tmp_path / "case")
    steps = iter(range(100))
    originals = {"rename": Path.rename, "replace": Path.replace}

    def cut(name):
        def move(path, target):
            if next(steps) == step:
                raise PowerCutError
            return originals[name](path, target)

        return move

    with monkeypatch.context() as patch:
        for name in originals:
            patch.setattr(Path, name, cut(name))
        patch.setattr(stage.shutil, "rmtree", lambda *_args, **_rest: None)
        with contextlib.suppress(PowerCutError):
            imported(folder, CONTENT, mapping('format = "csv"', TABLES))
    assert validate_case(folder) == ()
    assert state(folder) in (before, after)


def test_a_case_that_changes_meanwhile_is_left_alone(tmp_path):
    folder = case_folder(tmp_path / "case")
    staged = Stage(folder)
    staged.place("tables/stations.csv").write_bytes(b"station_id,area_id\ns9,city\n")
    (folder / "tables" / "areas.csv").write_bytes(b"area_id,level,name\ncity,city,City\n")
    with pytest.raises(CaseChangedError, match="run the import again"):
        staged.commit()
    staged.discard()
    assert "s9" not in (folder / "tables" / "stations.csv").read_text()
    assert [path.name for path in folder.glob(".import*")] == []


def test_what_killed_imports_left_behind_goes_after_a_day(tmp_path):
    folder = case_folder(tmp_path / "case")
    old, fresh = folder / ".import-old", folder / ".import-fresh"
    for left in (old, fresh):
        left.mkdir()
    os.utime(old, (0, 0))
    imported(folder, b"id,area,voters\n", mapping('format = "csv"', TABLES))
    assert (old.exists(), fresh.exists()) == (False, True)


def test_finishing_what_is_not_there_does_nothing(tmp_path):
    folder = case_folder(tmp_path / "case")
    found = state(folder)
    finish_import(folder)
    assert state(folder) == found
