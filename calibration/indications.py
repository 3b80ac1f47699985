"""How often indications alarm on honest elections, and whether power is what it says."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TypeVar

import numpy as np

from pollwitness.forensics import (
    DEFAULT_TESTS,
    BatteryTest,
    StationResults,
    case_stations,
    power,
    run_tests,
)
from pollwitness.forensics import Plan as BatteryPlan
from pollwitness.forensics.power import Planted, planted_in
from pollwitness.simulate import Plan, simulate

_Job = TypeVar("_Job")
_Found = TypeVar("_Found")
SEED = 20_111_204
LEVEL = 0.05
TESTS = tuple(BatteryTest)
OFF_BY_DEFAULT = tuple(test for test in BatteryTest if test not in DEFAULT_TESTS)
RATE = 0.05
"""Stations at which a manipulation is planted, where power is compared with what was found."""


def honest_election(seed: int) -> Plan:
    """Varied sizes, turnout that goes with preference, regions that vote very differently."""
    rng = np.random.default_rng((SEED, seed))
    return Plan(
        stations=int(rng.integers(150, 1500)),
        regions=int(rng.integers(2, 13)),
        median_size=int(rng.choice([400, 900, 1600])),
        size_spread=float(rng.choice([0.3, 0.6, 1.0])),
        turnout=float(rng.uniform(0.4, 0.85)),
        support_spread=float(rng.choice([0.1, 0.35, 0.8])),
        region_spread=float(rng.choice([0.1, 0.5, 1.2])),
        correlation=float(rng.uniform(-0.6, 0.9)),
        station_results=True,
    )


def stations_of(plan: Plan, seed: int) -> StationResults:
    made = simulate(plan, np.random.default_rng((SEED, seed)))
    found = case_stations(made.tables, made.tables.case.contests[0].id)
    if found is None:
        raise ValueError("the election has no results by station")
    return found.stations


def honest(seed: int) -> tuple[dict[str, bool], bool]:
    """Which test alarms by itself at 5 %, and whether the family of the default plan does."""
    stations = stations_of(honest_election(seed), seed)
    battery = run_tests(stations, BatteryPlan(level=LEVEL))
    others = run_tests(stations, BatteryPlan(level=LEVEL, tests=OFF_BY_DEFAULT))
    alone = {str(one.test): one.p_bound <= LEVEL for one in (*battery.outcomes, *others.outcomes)}
    return alone, any(one.is_anomalous for one in battery.outcomes)


def planted(job: tuple[Planted, int]) -> bool:
    """Whether the family finds what was planted into a fresh election of the same plan."""
    kind, seed = job
    stations = stations_of(_plan(), 100_000 + seed)
    rng = np.random.default_rng((SEED, seed, 1))
    battery = run_tests(planted_in(stations, kind, RATE, rng), BatteryPlan(level=LEVEL))
    return any(one.is_anomalous for one in battery.outcomes)


def _plan() -> Plan:
    return replace(honest_election(0), stations=1_200, regions=10, median_size=900)


def honest_rates(elections: int) -> tuple[dict[str, tuple[int, int]], int]:
    """(alarms, asked) of every test at 5 % by itself, and the alarms of the family."""
    asked = {str(test): 0 for test in TESTS}
    alarms = dict(asked)
    families = 0
    for alone, family in _mapped(honest, range(elections), "indications, honest"):
        families += family
        for test, alarm in alone.items():
            asked[test] += 1
            alarms[test] += alarm
    return {test: (alarms[test], asked[test]) for test in asked}, families


def _mapped(work: Callable[[_Job], _Found], jobs: Iterable[_Job], what: str) -> Iterator[_Found]:
    listed = list(jobs)
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for number, found in enumerate(pool.map(work, listed, chunksize=8), start=1):
            if number % 50 == 0 or number == len(listed):
                spent = time.perf_counter() - start
                print(f"\r{what}: {number} of {len(listed)}, {spent:.0f} s", end="",
                      file=sys.stderr)  # fmt: skip
            yield found
    print(file=sys.stderr)


def stated(job: tuple[int, int]) -> dict[Planted, float]:
    """What `power` says of one election of the plan."""
    seed, draws = job
    rows = power(stations_of(_plan(), 100_000 + seed), BatteryPlan(level=LEVEL),
                 np.random.default_rng((SEED, seed, 2)), draws=draws)  # fmt: skip
    return {row.planted: row.by_any for row in rows if row.rate in (0.0, RATE)}


def power_rows(elections: int, tables: int, draws: int) -> list[tuple[str, str, str]]:
    """(manipulation, power as stated, share found in fresh elections).

    The power stated differs from table to table of one plan; its mean over the first tables is
    compared with what is found in all.
    """
    said = list(_mapped(stated, [(seed, draws) for seed in range(tables)], "indications, power"))
    rows = []
    for kind in Planted:
        jobs = [(kind, seed) for seed in range(elections)]
        found = sum(_mapped(planted, jobs, f"indications, {kind}")) / elections
        mean = sum(one[kind] for one in said) / tables
        rows.append((str(kind).replace("_", " "), f"{mean:.1%}", f"{found:.1%}"))
    return rows
