"""The truth of a simulated election, written beside its case."""

from __future__ import annotations

from pathlib import Path

from pollwitness.case.write import check_new, replace_file
from pollwitness.simulate import SimulatedElection, plan_text


def write_truth(made: SimulatedElection, folder: Path, *, seed: int) -> None:
    """Write the plan with its seed, and every table of the truth, into a new folder.

    Raises:
        FolderExistsError: if the folder is there and not empty; nothing is overwritten.
    """
    check_new(folder)
    folder.mkdir(parents=True, exist_ok=True)
    plan = f"# Made with seed {seed}.\n{plan_text(made.plan)}"
    replace_file(folder / "plan.toml", plan.encode())
    for name, frame in made.truth.items():
        content = frame.write_csv(line_terminator="\n")
        replace_file(folder / f"{name}.csv", content.encode())
