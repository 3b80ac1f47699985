"""What the pages show is what the program prints: every command of README and tutorial is run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "guides" / "importing.md",
    ROOT / "docs" / "guides" / "simulating.md",
    ROOT / "docs" / "guides" / "publishing.md",
    ROOT / "docs" / "guides" / "forensics.md",
    ROOT / "docs" / "guides" / "reading.md",
    ROOT / "docs" / "guides" / "recounts.md",
    *sorted((ROOT / "docs" / "methods").glob("*.md")),
]
ELLIPSIS = "…"


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page's console blocks, each with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        lines = block.splitlines()
        while lines:
            command = lines.pop(0).removeprefix("$ ")
            if "<<'CSV'" in command:
                end = lines.index("CSV") + 1
                command = "\n".join([command, *lines[:end]])
                lines = lines[end:]
            shown = []
            while lines and not lines[0].startswith("$ "):
                shown.append(lines.pop(0))
            found.append((command, shown))
    return [step for step in found if not step[0].startswith("make ")]


def squeezed(line: str) -> str:
    return " ".join(line.split())


@pytest.mark.parametrize(
    "page", [p for p in PAGES if steps(p)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_shown_line_is_printed(page, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, shown in steps(page):
        ran = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env={**os.environ, "PATH": path},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode in (0, 1), f"{command}\n{ran.stderr}"
        printed = [squeezed(line) for line in (ran.stdout + ran.stderr).splitlines()]
        missing = [line for line in shown if line != ELLIPSIS and squeezed(line) not in printed]
        assert missing == [], f"{page.name}: $ {command}\n" + "\n".join(printed[:40])


@pytest.mark.parametrize("page", [ROOT / "README.md"], ids=lambda p: p.name)
def test_python_blocks_run(page, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(page), "exec"), {})  # noqa: S102
        promised = re.findall(r"^# (.+)$", block, flags=re.MULTILINE)
        assert capsys.readouterr().out.splitlines() == promised
