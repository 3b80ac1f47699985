"""An invented case of detention lists, linked once for all tests."""

import shutil
from pathlib import Path

import pytest

from pollwitness.cli.main import main
from tests.listed import listed_case


@pytest.fixture(scope="session")
def linked_folder(tmp_path_factory):
    """The case with its links; (folder, who is who)."""
    folder = tmp_path_factory.mktemp("listed") / "case"
    who = listed_case(folder)
    assert main(["detentions", "link", str(folder), "--json"]) == 0
    return folder, who


@pytest.fixture
def listed(linked_folder, tmp_path):
    """A copy of the linked case that a test may change."""
    target: Path = tmp_path / "case"
    shutil.copytree(linked_folder[0], target)
    return target
