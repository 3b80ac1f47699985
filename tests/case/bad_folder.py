"""One malformed case folder: what is wrong with it, and all that a user is told."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.case.small_folder import Edit, make_folder


@dataclass(frozen=True)
class BadFolder:
    """The small valid case, spoilt by edits; ``says`` are the lines on standard error.

    ``<CASE>`` stands for the folder, ``<TOML>`` for what Python's own parser says of its case.toml
    (its words differ between versions). The line that counts errors and warnings is left out.
    """

    name: str
    edits: tuple[Edit, ...]
    says: str

    def make(self, folder: Path) -> Path:
        make_folder(folder)
        for edit in self.edits:
            edit(folder)
        return folder

    def lines(self, folder: Path) -> list[str]:
        says = self.says.strip("\n").replace("<CASE>", str(folder))
        if "<TOML>" in says:
            with pytest.raises(tomllib.TOMLDecodeError) as caught:
                tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
            says = says.replace("<TOML>", str(caught.value))
        return says.split("\n")
