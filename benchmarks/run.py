"""How long the main job takes, how much memory it needs, and how both grow.

`python benchmarks/run.py` prints one line for each measurement: `pollwitness check` and `validate`
as whole processes, from a cold start, on made elections of growing size and, where
POLLWITNESS_REFERENCE_DATA names the reference data, on Belarus 2020 at station level; and the parts
of the library that have to be fast. Elections are made with a fixed seed in a temporary folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reference.belarus import belarus_tables

from pollwitness.case import write_case
from pollwitness.tables import (
    Audience,
    Case,
    CaseTables,
    Contest,
    ContestRule,
    Option,
    OptionKind,
)
from pollwitness.tally import JointProblem, robustness, violated

OPTIONS = tuple(f"option_{letter}" for letter in "abcdefghij")
REGIONS = 20


def made_election(stations: int, *, seed: int = 20240505) -> CaseTables:
    """An honest election: six protocols in ten, ten voter reports for each station."""
    rng = np.random.default_rng(seed)
    size = rng.integers(50, 2500, stations)
    share = rng.dirichlet(np.linspace(8, 0.5, len(OPTIONS)), stations)
    votes = (size[:, None] * share).astype(np.int64)
    ids = [f"s{number:07d}" for number in range(stations)]
    region = rng.integers(0, REGIONS, stations)
    shown = rng.random(stations) < 0.6
    frames = {
        "areas": pl.DataFrame(
            {
                "area_id": ["nation", *(f"region-{r}" for r in range(REGIONS))],
                "parent_id": [None, *["nation"] * REGIONS],
                "level": ["nation", *["region"] * REGIONS],
                "name": ["Nation", *(f"Region {r}" for r in range(REGIONS))],
            }
        ),
        "stations": pl.DataFrame(
            {"station_id": ids, "area_id": [f"region-{r}" for r in region],
             "registered": votes.sum(axis=1) + 40}
        ),
        "documents": _documents(),
        "protocols": _protocols(ids, votes, shown, rng),
        "voter_reports": _reports(ids, votes),
        "official_results": _official(votes, region),
        "claims": _claims(int(votes[:, 0].sum())),
    }  # fmt: skip
    return CaseTables.of(_case(), frames)


def _case() -> Case:
    options = tuple(Option(o, o.title(), OptionKind.CANDIDATE) for o in OPTIONS)
    contest = Contest("president", "President", 1, ContestRule.MAJORITY, options)
    return Case("made", "Made election", "XX", "2024-05-05", "UTC", "CC0-1.0", Audience.PUBLIC,
                (contest,), roll_additions=0)  # fmt: skip


def _documents() -> pl.DataFrame:
    return pl.DataFrame(
        {"document_id": ["paper"], "kind": ["table"], "title": ["All sheets"], "publisher": ["us"]}
    )


def _protocols(ids, votes, shown, rng) -> pl.DataFrame:
    """One form in ten leaves the invalid ballots blank, one in fifty does not add up."""
    ballots = votes.sum(axis=1)
    slipped = np.where(rng.random(len(ids)) < 0.02, rng.integers(-30, 30, len(ids)), 0)
    return pl.DataFrame(
        {
            "copy_id": [f"copy-{name}" for name in ids],
            "station_id": ids,
            "registered": ballots + 40,
            "ballots": ballots + slipped,
            "invalid": np.zeros(len(ids), dtype=np.int64),
            **{f"votes_{o}": votes[:, c] for c, o in enumerate(OPTIONS)},
        }
    ).with_columns(
        pl.when(pl.Series(rng.random(len(ids)) < 0.9)).then("invalid").alias("invalid"),
        contest_id=pl.lit("president"), document_id=pl.lit("paper"), form=pl.lit("photo"),
        status=pl.lit("accepted"),
    ).filter(pl.Series(shown))  # fmt: skip


def _reports(ids, votes) -> pl.DataFrame:
    return pl.concat(
        pl.DataFrame({"station_id": ids, "reports": votes[:, c] // 5}).with_columns(
            option_id=pl.lit(option), contest_id=pl.lit("president"), document_id=pl.lit("paper")
        )
        for c, option in enumerate(OPTIONS)
    )


def _official(votes, region) -> pl.DataFrame:
    rows = []
    for area, inside in [
        ("nation", region >= 0),
        *((f"region-{r}", region == r) for r in range(REGIONS)),
    ]:
        totals = votes[inside].sum(axis=0).tolist()
        count = int(inside.sum())
        rows.append({
            "result_id": area, "contest_id": "president", "area_id": area,
            "document_id": "paper", "version": 1, "published_at": "2024-05-06",
            "stations_counted": count, "stations_total": count, "rounded_to": 1,
            "rounding": "unknown", "withdrawn": False,
            "registered": int(sum(totals)) + 40 * count, "ballots": int(sum(totals)),
            **{f"votes_{o}": t for o, t in zip(OPTIONS, totals, strict=True)},
        })  # fmt: skip
    return pl.DataFrame(rows)


def _claims(total: int) -> pl.DataFrame:
    shared = {"status": "confirmed", "document_id": "paper", "contest_id": "president",
              "option_id": "option_a", "comparator": "eq", "rounding": "unknown",
              "denominator": "ballots", "polarity": "affirmed"}  # fmt: skip
    return pl.DataFrame([
        {**shared, "claim_id": "votes", "words": "Votes.", "measure": "votes", "low": str(total),
         "unit": "votes"},
        {**shared, "claim_id": "won", "words": "Won.", "measure": "stations_won", "low": "10",
         "comparator": "at_least", "unit": "stations"},
    ])  # fmt: skip


def process(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one whole process of the command line."""
    watcher = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run([sys.executable, '-m', 'pollwitness.cli.main', *sys.argv[1:]],\n"
        "               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "spent = time.perf_counter() - start\n"
        "print(spent, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", watcher, *arguments], capture_output=True, text=True, check=True
    )
    seconds, megabytes = found.stdout.split()
    return float(seconds), float(megabytes)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, seconds: float, megabytes: float | None = None, note: str = "") -> None:
    memory = "" if megabytes is None else f"{megabytes:10,.0f} MB"
    print(f"{what:58} {seconds:9.3f} s {memory:>14}  {note}", flush=True)


def commands(folder: Path, sizes: list[int]) -> None:
    before: dict[str, tuple[int, float]] = {}
    for size in sizes:
        case = folder / f"made-{size}"
        start = time.perf_counter()
        write_case(made_election(size), case)
        line(f"make and write a case of {size:,} stations", time.perf_counter() - start)
        for command in ("validate", "check"):
            seconds, megabytes = process([command, str(case)])
            stations, last = before.get(command, (size, seconds))
            note = f"x{seconds / last:.1f} in time for x{size / stations:.0f} in size"
            before[command] = (size, seconds)
            line(f"{command}: {size:,} stations x {len(OPTIONS)} options", seconds, megabytes,
                 note if stations != size else "")  # fmt: skip


def belarus(folder: Path) -> None:
    named = os.environ.get("POLLWITNESS_REFERENCE_DATA")
    if not named:
        print("Belarus at station level: skipped, POLLWITNESS_REFERENCE_DATA is not set")
        return
    case = folder / "belarus"
    write_case(belarus_tables(Path(named)), case)
    for run in range(3):
        seconds, megabytes = process(["check", str(case)])
        line(f"check: Belarus 2020, 5,767 stations (run {run + 1})", seconds, megabytes, "aim 2 s")


def library() -> None:
    rng = np.random.default_rng(1)
    for protocols in (1_400, 14_000, 140_000):
        ballots = rng.integers(200, 2500, protocols)
        votes = (ballots * rng.uniform(0.05, 0.6, protocols)).astype(np.int64)
        seconds = timed(lambda b=ballots, v=votes: robustness(
            v, b, official_votes=int(v.sum() * 1.1), official_ballots=int(b.sum() * 3),
            phi=Fraction(1, 4)))  # fmt: skip
        line(f"k(1/4) of {protocols:,} protocols", seconds)
    for parts in (6, 9, 13):
        low = rng.integers(0, 300, (6000, parts))
        high = low + rng.integers(0, 30, (6000, parts))
        problem = JointProblem(low, high, low.sum(axis=1), high.sum(axis=1),
                               low.sum(axis=0), high.sum(axis=0))  # fmt: skip
        seconds = timed(lambda p=problem: violated(p))
        line(f"joint bounds, 6,000 uncertain stations, {parts} parts", seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="stations, separated by commas")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        belarus(Path(folder))
        library()
        commands(Path(folder), sizes)


if __name__ == "__main__":
    main()
