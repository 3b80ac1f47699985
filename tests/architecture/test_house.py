"""The house rules that a machine can check."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_import_contracts_are_kept():
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small_enough_to_hold_in_mind(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def test_no_module_is_named_for_nothing():
    names = {part for path in SOURCES for part in (path.stem, path.parent.name)}
    assert not names & {"utils", "helpers", "common", "misc", "core", "base"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_source_asserts_nothing_and_hides_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*assert ", text, flags=re.MULTILINE)
    assert "NotImplementedError" not in text
    assert "fraud" not in text.lower()


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    return [ROOT / name for name in listed] or SOURCES


def test_no_machine_path_no_index_address_no_secret_in_the_repository():
    forbidden = re.compile(
        r"(?<![\w.])/(?:root|home)/\w|index-url\s*=|BEGIN [A-Z ]*PRIVATE KEY|(?i:api[_-]?key\s*=)"
    )
    this = Path(__file__)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.is_file() and path != this and path.suffix in {".py", ".md", ".toml", ".txt", ""}
        and forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
    ]  # fmt: skip
    assert found == []


def test_requirements_are_hashed_and_name_no_address():
    for name, least in (("core", 6), ("test", 6), ("docs", 6), ("spreadsheets", 2)):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = re.findall(r"^[\w.-]+==", text, flags=re.MULTILINE)
        assert len(pinned) >= least
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
