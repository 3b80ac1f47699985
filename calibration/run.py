"""What the checks say of elections whose truth is known; writes the tables that the docs show.

`python calibration/run.py` simulates honest elections, exact and with clerical errors, and others
with planted manipulations, asks every question of the catalogue about each, and writes the tables
and charts of `docs/methods/calibration.md`. The same seeds give the same files.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from calibration.charts import bars, heat
from calibration.indications import honest_rates, power_rows
from pollwitness.checks import CATALOGUE, run_checks
from pollwitness.claims import Finding
from pollwitness.quantities import Rung, Verdict
from pollwitness.simulate import (
    HONEST_NOISE,
    Errors,
    Manipulation,
    ManipulationKind,
    Plan,
    Release,
    ReleaseKind,
    Reports,
    simulate,
)
from pollwitness.tally import HEADLINE, recorded_votes

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "methods"
AREA_CHECKS = ("tally.official", "tally.together", "tally.votes", "tally.vote_share",
               "tally.turnout", "tally.ballots", "tally.sums")  # fmt: skip
"""Checks whose verdict is about an area."""
SEED = 20_200_809
STRENGTHS: dict[ManipulationKind, tuple[float, ...]] = {
    ManipulationKind.STUFFING: (0.1, 0.5),
    ManipulationKind.TRANSFER: (0.2, 0.8),
    ManipulationKind.REWRITTEN: (0.05, 0.5),
    ManipulationKind.ROUNDED_TARGET: (0.65, 0.8),
    ManipulationKind.FALSE_AGGREGATE: (0.05, 0.5),
    ManipulationKind.LATE_ADDITION: (0.05, 0.2),
}
RELEASES = {
    "a fifth of protocols": Release(ReleaseKind.RANDOM, 0.2),
    "all protocols": Release(ReleaseKind.ALL),
    "a fifth, more where honest": Release(ReleaseKind.HONESTY, 0.2),
}


@dataclass
class Run:
    """What was found in one election: (check, fragile, k, k*) of each contradiction."""

    asked: set[str]
    found: list[tuple[str, bool, int | None, int | None]] = field(default_factory=list)


def honest_plan(seed: int, *, noise: bool) -> Plan:
    """One of many kinds of honest elections: of all sizes, regions, releases and coverages."""
    rng = np.random.default_rng((SEED, seed))
    kind = list(ReleaseKind)[seed % len(ReleaseKind)]
    return Plan(
        stations=int(rng.integers(60, 1200)),
        regions=int(rng.integers(2, 8)),
        errors=HONEST_NOISE if noise else Errors(),
        reports=Reports(share=float(rng.choice([0.05, 0.3])), misassigned=0.01 if noise else 0.0),
        release=Release(kind, float(rng.choice([0.2, 0.5, 0.8]))),
        station_results=seed % 3 == 0,
        coverage=(1.0, 1.0, 0.95)[seed % 3],
    )


def planted_plan(kind: ManipulationKind, strength: float, release: str) -> Plan:
    """A middling election with clerical errors and one manipulation at three stations in ten.

    Rewritten protocols and late additions are compared with official results by station, which are
    published here; regions with a false sum are half of them.
    """
    rate = 0.5 if kind is ManipulationKind.FALSE_AGGREGATE else 0.3
    return Plan(
        stations=600,
        regions=6,
        errors=HONEST_NOISE,
        reports=Reports(share=0.5),
        release=RELEASES[release],
        doors=0.1,
        station_results=True,
        manipulations=(Manipulation(kind, rate, strength),),
    )


def examined(job: tuple[Plan, int]) -> Run:
    plan, seed = job
    made = simulate(plan, np.random.default_rng((SEED, seed)))
    answers = run_checks(made.tables)
    run = Run({f.check for f in answers.findings if f.rung is not Rung.INDICATIONS})
    for finding in answers.findings:
        if finding.rung is Rung.BOUNDS and finding.verdict is Verdict.CONTRADICTED:
            run.found.append((finding.check, finding.fragile, *_numbers(finding)))
    return run


def _numbers(finding: Finding) -> tuple[int | None, int | None]:
    robustness = finding.robustness
    return (None, None) if robustness is None else (robustness.least, robustness.tolerance)


def examine(jobs: Iterable[tuple[Plan, int]], what: str) -> Iterator[Run]:
    """Every election, on both cores, with its progress on standard error."""
    listed = list(jobs)
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for number, run in enumerate(pool.map(examined, listed, chunksize=4), start=1):
            if number % 20 == 0 or number == len(listed):
                spent = time.perf_counter() - start
                print(f"\r{what}: {number} of {len(listed)}, {spent:.0f} s", end="",
                      file=sys.stderr)  # fmt: skip
            yield run
    print(file=sys.stderr)


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(headings)
    lines = [names, ["---", *["--:"] * (len(names) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def honest_section(elections: int, *, noise: bool) -> tuple[str, Counter[str]]:
    """The table of honest elections, and how often k came to which share of k*."""
    runs = list(examine(((honest_plan(s, noise=noise), s) for s in range(elections)),
                        "with clerical errors" if noise else "exact"))  # fmt: skip
    rows = []
    near: Counter[str] = Counter()
    for check in sorted({c for run in runs for c in run.asked} & {c.id for c in CATALOGUE}):
        asked = sum(check in run.asked for run in runs)
        by_run = [[f for f in run.found if f[0] == check] for run in runs]
        fragile = sum(any(f[1] for f in found) for found in by_run)
        firm = sum(any(not f[1] for f in found) for found in by_run)
        ratios = [k / t for found in by_run for _, _, k, t in found if k is not None and t]
        above = sum(ratio >= 1 for ratio in ratios)
        if check in AREA_CHECKS:
            near.update(_tenth(ratio) for ratio in ratios)
        rows.append((f"`{check}`", asked, fragile, firm, above,
                     f"{max(ratios):.2f}" if ratios else "–"))  # fmt: skip
    headings = ("check", "elections asked", "fragile contradiction", "firm contradiction",
                "k ≥ k*", "greatest k / k*")  # fmt: skip
    return table(headings, rows), near


def _tenth(ratio: float) -> str:
    step = min(int(ratio * 10), 10)
    return "1.0 or more" if step == 10 else f"{step / 10:.1f} to {(step + 1) / 10:.1f}"


def planted_section(elections: int) -> tuple[str, dict[tuple[str, str], float]]:
    """How often each planted manipulation is found, and by which checks."""
    rows: list[tuple[object, ...]] = []
    cells: dict[tuple[str, str], float] = {}
    for kind, strengths in STRENGTHS.items():
        for strength in strengths:
            for release in RELEASES:
                plan = planted_plan(kind, strength, release)
                what = f"{kind}, {strength:g}, {release}"
                runs = list(examine(((plan, s) for s in range(elections)), what))
                firm = [{f[0] for f in run.found if not f[1]} for run in runs]
                weak = [bool(run.found) and not found
                        for run, found in zip(runs, firm, strict=True)]  # fmt: skip
                by_check = Counter(check for found in firm for check in found)
                share = sum(bool(found) for found in firm) / elections
                cells[f"{kind.replace('_', ' ')} {strength:g}", release] = share
                names = ", ".join(
                    f"`{check}` {100 * n // elections} %"
                    for check, n in sorted(by_check.items(), key=lambda pair: (-pair[1], pair[0]))
                )
                rows.append((kind.replace("_", " "), f"{strength:g}", release, f"{share:.0%}",
                             f"{sum(weak) / elections:.0%}", names or "–"))  # fmt: skip
    headings = ("manipulation", "strength", "protocols known", "found firmly", "fragile only",
                "found firmly by")  # fmt: skip
    return table(headings, rows), cells


def error_section(stations: int) -> str:
    """How often the headline reading leaves out the truth, in one figure and in any."""
    plan = Plan(stations=stations, errors=HONEST_NOISE, release=Release(ReleaseKind.ALL), copies=0)
    made = simulate(plan, np.random.default_rng((SEED, 1)))
    votes = recorded_votes(made.tables, "president", HEADLINE)
    listed = {name: at for at, name in enumerate(made.tables.table("stations")["station_id"])}
    order = [listed[name] for name in votes.territory.station_ids]
    truth = np.column_stack([made.votes.cast, made.votes.invalid])[order]
    at = votes.seen
    over, under = (votes.low > truth)[at], (votes.high < truth)[at]
    options = len(plan.options)
    rows = [
        ("votes of one option, least too great", f"{over[:, :options].mean():.2%}"),
        ("votes of one option, most too small", f"{under[:, :options].mean():.2%}"),
        ("any figure", f"{(over | under).any(axis=1).mean():.2%}"),
    ]
    assert over[:, :options].mean() < 0.01 > under[:, :options].mean(), "k* rests on 1 %"
    assert (over | under).any(axis=1).mean() < 0.05, "k* rests on 5 %"
    return table(("the headline reading leaves out the truth", "share of forms"), rows)


def indication_section(elections: int) -> str:
    """False alarms of the tests of rung 3 on honest elections, and power against what it says."""
    rates, families = honest_rates(elections)
    rows = [
        (test, asked, alarms, f"{alarms / asked:.1%}" if asked else "")
        for test, (alarms, asked) in rates.items()
    ]
    rows.append(("all together, after Holm", elections, families, f"{families / elections:.1%}"))
    compared = power_rows(max(elections // 2, 10), max(elections // 25, 2), draws=20)
    about = "A manipulation at 5 % of stations (of regions, for one share), in fresh elections:"
    return "\n\n".join([
        table(("test, at 5 %", "honest elections", "alarms", "rate"), rows),
        about,
        table(("planted", "power as stated", "found"), compared),
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elections", type=int, default=1000, help="honest elections of each kind")
    parser.add_argument("--planted", type=int, default=50, help="elections for each manipulation")
    parser.add_argument("--stations", type=int, default=100_000, help="forms for error rates")
    parser.add_argument("--to", type=Path, default=PAGES, help="the folder to write to")
    parser.add_argument("--indications", type=int, default=1000, help="elections for indications")
    given = parser.parse_args()
    errors = error_section(given.stations)
    exact, _ = honest_section(given.elections, noise=False)
    noisy, near = honest_section(given.elections, noise=True)
    planted, cells = planted_section(given.planted)
    parts = {
        "error-rates": errors,
        "exact": exact,
        "noisy": noisy,
        "planted": planted,
        "indications": indication_section(given.indications),
    }
    given.to.mkdir(parents=True, exist_ok=True)
    for name, text in parts.items():
        (given.to / f"calibration-{name}.md.inc").write_text(text + "\n", encoding="utf-8")
    steps = [_tenth(step / 10) for step in range(11)]
    (given.to / "calibration-k.svg").write_text(
        bars(
            {step: near[step] for step in steps},
            title=f"No area verdict reached k* in {given.elections:,} honest elections"
            if not near["1.0 or more"]
            else f"Area verdicts against k* in {given.elections:,} honest elections",
            axis="k as a share of the tolerance k*",
            unit="verdicts",
        ),
        encoding="utf-8",
    )
    (given.to / "calibration-planted.svg").write_text(
        heat(cells, title="How often a planted manipulation is contradicted firmly"),
        encoding="utf-8",
    )
    print(*(str(given.to / f"calibration-{name}.md.inc") for name in parts), sep="\n")


if __name__ == "__main__":
    main()
