"""Changing several files of a case at once: all of them or none, whenever the power fails.

New files are written into a hidden folder of the case. One renaming of that folder decides: before
it the case is as it was, after it the case is as it will be. Whoever reads the case next puts the
files in their places if that had not been finished.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from pollwitness.errors import RefusedError

_READY = ".import-ready"
_STARTED = ".import-"
_FORGOTTEN_AFTER = 86_400
"""Seconds after which what a killed import left behind is removed by the next one."""


class CaseChangedError(RefusedError):
    """The case was changed by somebody else while an import was running."""


class Stage:
    """A hidden folder of a case in which its new files are prepared."""

    def __init__(self, case: Path) -> None:
        self._case = case
        self.folder = Path(tempfile.mkdtemp(prefix=_STARTED, dir=case))
        self._new = self.folder / "new"
        self._before = _fingerprint(case)

    def place(self, name: str) -> Path:
        """Where to write the new content of a file, named as seen from the case folder."""
        path = self._new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def commit(self) -> None:
        """Put every new file in its place; if there is none, nothing changes.

        Raises:
            CaseChangedError: if a file of the case changed since the stage was made.
        """
        if not self._new.exists():
            return
        for path in _files(self._new):
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
        if _fingerprint(self._case) != self._before:
            raise CaseChangedError(
                "the case was changed while the import was running; nothing was written: "
                "run the import again"
            )
        self._new.rename(self._case / _READY)
        finish_import(self._case)

    def discard(self) -> None:
        """Remove the hidden folder, whatever is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def finish_import(case: Path) -> None:
    """Put the files of an import that was decided, but not finished, in their places."""
    ready = case / _READY
    for path in _files(ready):
        target = case / path.relative_to(ready)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    shutil.rmtree(ready, ignore_errors=True)


def is_unfinished(case: Path) -> bool:
    """Whether an import was decided and its files are not all in their places."""
    return (case / _READY).is_dir()


def forget_killed_imports(case: Path) -> None:
    """Remove what imports left behind that were killed before they were decided."""
    for folder in case.glob(f"{_STARTED}*"):
        old = time.time() - folder.stat().st_mtime > _FORGOTTEN_AFTER
        if folder.name != _READY and folder.is_dir() and old:
            shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fingerprint(case: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file that an import reads or writes."""
    files = [case / "case.toml", *sorted((case / "tables").glob("*.*"))]
    found = {path.name: path.stat() for path in files if path.is_file()}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in found.items()}
