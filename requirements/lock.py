"""Write the hashed requirement files: core, test, docs and one for each extra; without addresses.

Resolved for Python 3.11 on every platform, from the lower bounds in pyproject.toml. The resolver is
installed into a folder of its own, so that it is part of no environment.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "core": [*project["project"]["dependencies"], *project["build-system"]["requires"]],
        "test": project["dependency-groups"]["test"],
        "docs": project["dependency-groups"]["docs"],
        **project["project"]["optional-dependencies"],
    }
    with tempfile.TemporaryDirectory() as folder:
        python = _resolver(Path(folder), project["dependency-groups"]["lock"])
        for name, lines in wanted.items():
            _compile(python, Path(folder), name, lines)


def _resolver(folder: Path, lines: list[str]) -> Path:
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *lines], check=True)
    return python


def _compile(python: Path, folder: Path, name: str, lines: list[str]) -> None:
    source = folder / f"{name}.in"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = HERE / f"{name}.txt"
    constraint = ["--constraint", HERE / "core.txt"] if name != "core" else []
    command = [
        python, "-m", "uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--universal",
        "--python-version", "3.11", *_index(), *constraint, source, "--output-file", target,
    ]  # fmt: skip
    subprocess.run(command, check=True)
    print(f"{target.relative_to(ROOT)}: {target.read_text(encoding='utf-8').count('==')} packages")


def _index() -> list[str]:
    """The index that this machine's pip uses, if it names one."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ["--index-url", asked.stdout.strip()] if asked.returncode == 0 else []


if __name__ == "__main__":
    main()
