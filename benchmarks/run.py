"""How long the main jobs take, how much memory they need, and how both grow.

`python benchmarks/run.py` prints one line for each measurement: `check`, `validate`, `report` and
`import` as whole processes, from a cold start, on simulated elections of growing size and, where
POLLWITNESS_REFERENCE_DATA names the reference data, on Belarus 2020 at station level and on the
sheets of Venezuela 2024; and the parts of the library that have to be fast. Elections are made with
a fixed seed in a temporary folder.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.detentions.published import KOSOVO, UNITED_KINGDOM
from tests.listed import listed_case
from tests.reading import model
from tests.reading.scoring import (
    annotated,
    by_dependencies,
    by_patterns,
    by_quotation_marks,
    score,
)
from tests.reference.belarus import belarus_tables
from tests.reference.venezuela import ALL_SHEETS, SECOND, announce, venezuela_case

from pollwitness.audit.bounds import error_bounds
from pollwitness.audit.contests import Reported, assertions
from pollwitness.bundle.seal import Wishes, seal
from pollwitness.bundle.verify import verify
from pollwitness.case import new_case, write_case
from pollwitness.detentions.graphs import decomposable_graphs
from pollwitness.detentions.histories import Histories
from pollwitness.evidence.archive import copy_hashed, digest_of_file
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.notes import LOG, SigningKey
from pollwitness.evidence.trust import parse_trust
from pollwitness.forensics import (
    Digit,
    Percentage,
    StationResults,
    digit_test,
    integer_test,
    station_chances,
)
from pollwitness.reading.propose import read_text
from pollwitness.reading.quotations import with_calls
from pollwitness.reading.spans import sentences
from pollwitness.simulate import HONEST_NOISE, Plan, Release, Reports, simulate
from pollwitness.stats.draws import different_numbers
from pollwitness.stats.martingales import alpha, first_below, flat_mixture, log_wealth
from pollwitness.tables import Contest, ContestRule
from pollwitness.tally import JointProblem, robustness, violated

OPTIONS = tuple(f"option_{letter}" for letter in "abcdefghij")
SUPPORT = (0.35, 0.2, 0.12, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02, 0.02)
MOST_IMPORTED = 3_000_000
"""Rows of voter reports that are imported at the most; memory must not grow with them."""
MOST_REPORTED = 100_000
"""Stations of the greatest case that a report is written of."""
AIMS = {("check", 100_000): "aim 10 s, 1.5 GB", ("check", 1_000_000): "aim 60 s"}


def made_plan(stations: int) -> Plan:
    """Six protocols in ten with clerical errors, ten voter reports for each station."""
    return Plan(
        stations=stations,
        regions=20,
        options=OPTIONS,
        support=SUPPORT,
        errors=HONEST_NOISE,
        release=Release(share=0.6),
        reports=Reports(share=0.25),
    )


def process(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one whole process of the command line."""
    watcher = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "done = subprocess.run([sys.executable, '-m', 'pollwitness.cli.main', *sys.argv[1:]],\n"
        "                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "spent = time.perf_counter() - start\n"
        "assert done.returncode in (0, 1), done\n"
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


def growth(before: dict[str, tuple[int, float]], name: str, size: int, seconds: float) -> str:
    """How much longer the same took than at the last size."""
    last_size, last = before.get(name, (size, seconds))
    before[name] = (size, seconds)
    if last_size == size:
        return ""
    return f"x{seconds / last:.1f} in time for x{size / last_size:.0f} in size"


def commands(folder: Path, sizes: list[int]) -> None:
    before: dict[str, tuple[int, float]] = {}
    for size in sizes:
        case = folder / f"made-{size}"
        start = time.perf_counter()
        made = simulate(made_plan(size), np.random.default_rng(20240505))
        seconds = time.perf_counter() - start
        line(f"simulate {size:,} stations x {len(OPTIONS)} options", seconds,
             note=growth(before, "simulate", size, seconds))  # fmt: skip
        write_case(made.tables, case)
        rows = made.tables.table("voter_reports").height
        for command in ("validate", "check"):
            seconds, megabytes = process([command, str(case)])
            note = growth(before, command, size, seconds)
            line(f"{command}: {size:,} stations, {rows:,} report rows", seconds, megabytes,
                 f"{note}  {AIMS.get((command, size), '')}".strip())  # fmt: skip
        if size <= MOST_REPORTED:
            report(folder, case, f"{size:,} stations")
        imports(folder, case, before)


def report(folder: Path, case: Path, what: str) -> None:
    """The report as a whole process: made, and brought up to date after nothing changed."""
    target = folder / f"report-{case.name}"
    seconds, megabytes = process(["report", str(case), "-o", str(target)])
    pages = sum(1 for _ in target.rglob("*.html"))
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file()) / 1e6
    note = f"{pages / seconds:,.0f} pages a second, {size:,.0f} MB on disk; aim 10,000 in 60 s"
    line(f"report: {what}, {pages:,} pages", seconds, megabytes, note)
    again, megabytes = process(["report", str(case), "-o", str(target)])
    line(f"report again: {what}, nothing changed", again, megabytes)


def imports(folder: Path, case: Path, before: dict[str, tuple[int, float]]) -> None:
    """The table of voter reports as a foreign file, into the case without it; and once more."""
    table = case / "tables" / "voter_reports.csv"
    frame = pl.read_csv(table, n_rows=MOST_IMPORTED)
    table.unlink()
    rules = (
        'format = 1\n[source]\nformat = "{kind}"\ndelimiter = ";"\n[[tables]]\n'
        'name = "voter_reports"\n[tables.columns]\n'
        + "".join(f'{name} = "{name}"\n' for name in frame.columns)
    )
    for kind in ("csv", "parquet", "jsonl"):
        file, mapping = folder / f"reports.{kind}", folder / "mapping.toml"
        mapping.write_text(rules.format(kind=kind), encoding="utf-8")
        writers = {"csv": lambda f: frame.write_csv(f, separator=";"),
                   "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}  # fmt: skip
        writers[kind](file)
        table.unlink(missing_ok=True)
        arguments = ["import", str(case), str(file), "--mapping", str(mapping)]
        seconds, megabytes = process(arguments)
        note = growth(before, kind, frame.height, seconds)
        line(f"import: {frame.height:,} rows of {kind}", seconds, megabytes, note)
        file.unlink()
    again, megabytes = process([*arguments[:2], str(_again(frame, folder)), *arguments[3:]])
    line(f"import again: {frame.height:,} rows of jsonl, unchanged", again, megabytes)


def _again(frame: pl.DataFrame, folder: Path) -> Path:
    file = folder / "reports.jsonl"
    frame.write_ndjson(file)
    return file


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
    report(folder, case, "Belarus 2020, 1,395 protocols")


def venezuela(folder: Path) -> None:
    named = os.environ.get("POLLWITNESS_REFERENCE_DATA")
    if not named:
        print("Venezuela: skipped, POLLWITNESS_REFERENCE_DATA is not set")
        return
    case = folder / "venezuela"
    new_case(case, venezuela_case())
    reference = Path(__file__).parent.parent / "tests" / "reference"
    sheets = Path(named) / "venezuela2024" / "RESULTADOS_2024_CSV_V1.csv"
    seconds, megabytes = process(
        ["import", str(case), str(sheets), "--mapping", str(reference / "venezuela_v1.toml")]
    )
    line("import: Venezuela 2024, 24,532 sheets into four tables", seconds, megabytes, "aim 2 s")
    announce(case, version=2, coverage=ALL_SHEETS, **SECOND)
    report(folder, case, "Venezuela 2024, 24,532 sheets")


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


def results_table(folder: Path, stations: int) -> Path:
    """A bare table of stations: turnout around 65 %, share around 55 %, 80 regions."""
    rng = np.random.default_rng(7)
    voters = np.maximum(rng.lognormal(6.9, 0.7, stations), 20).astype(np.int64)
    found = rng.binomial(voters, np.clip(rng.normal(0.65, 0.1, stations), 0.05, 0.99))
    leader = rng.binomial(found, np.clip(rng.normal(0.55, 0.12, stations), 0.02, 0.98))
    second = rng.binomial(found - leader, 0.7)
    file = folder / f"results-{stations}.csv"
    pl.DataFrame({
        "voters": voters, "found": found, "leader": leader, "second": second,
        "third": found - leader - second,
        "place": [f"p{n % 80:02}" for n in range(stations)],
        "house": [f"h{n // 160}-{n % 80}" for n in range(stations)],
    }).write_csv(file)  # fmt: skip
    return file


def lists(folder: Path) -> None:
    """Equal results and unlike neighbours, as whole processes; pairs grow with the square."""
    before: dict[str, tuple[int, float]] = {}
    for stations in (20_000, 95_000):
        file = results_table(folder, stations)
        arguments = ["forensics", "lists", str(file), "--ballots", "found", "--option", "leader",
                     "--option", "second", "--option", "third", "--region", "place",
                     "--building", "house"]  # fmt: skip
        seconds, megabytes = process(arguments)
        note = growth(before, "lists", stations, seconds)
        line(f"forensics lists: {stations:,} stations", seconds, megabytes, note)


def evidence(folder: Path) -> None:
    """Archive, log and bundle, beside SHA-256 over the same bytes on the same core."""
    size, place = 1 << 30, folder / "evidence"
    source = place / "source"
    place.mkdir()
    with source.open("wb") as stream:
        for _part in range(64):
            stream.write(os.urandom(size // 64))
    digest_of_file(source)
    plain = timed(lambda: digest_of_file(source))
    line(f"SHA-256 of {size >> 20:,} MB", plain, note=f"{size / plain / 1e9:.2f} GB/s")
    os.sync()
    target = place / "target"
    seconds = timed(lambda: copy_hashed(source, target))
    line("  copied and hashed", seconds, note=f"x{seconds / plain:.2f}  aim 1.3")
    seconds = timed(os.sync)
    line("  until it is on the disk", seconds)
    target.unlink()
    entries = [f"entry {number:09} {'x' * 500}".encode() for number in range(100_000)]
    log = CustodyLog(place / "log")
    with log.writing():
        seconds = timed(lambda: log.append(entries))
        line("log: 100,000 durable appends in one batch", seconds,
             note=f"{100_000 / seconds:,.0f} a second  aim 50,000")  # fmt: skip
    shutil.rmtree(place / "log")
    large_log(place / "large")
    photographs(place / "photographs", 5_000)
    shutil.rmtree(place)


def large_log(folder: Path) -> None:
    """A log of ten million entries: how long a proof takes."""
    log, key = CustodyLog(folder), signing_key()
    with log.writing():
        for part in range(10):
            first = part * 1_000_000
            log.append([b"%d" % number for number in range(first, first + 1_000_000)])
            log.publish(key, "2026-01-01T00:00:00Z")
    places = np.random.default_rng(1).integers(0, 10_000_000, 200).tolist()
    seconds = timed(lambda: [log.proof(place) for place in places]) / len(places)
    line("  inclusion proof at 10,000,000 entries", seconds, note="aim 0.001 s")


def photographs(folder: Path, count: int) -> None:
    """Sealing and verifying a bundle of many photographs of half a megabyte."""
    case = folder / "case"
    shutil.copytree(Path(__file__).parents[1] / "examples" / "belarus-2020", case)
    rng, rows = np.random.default_rng(2), []
    for number in range(count):
        content = rng.bytes(500_000)
        name = hashlib.sha256(content).hexdigest()
        path = case / "evidence" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        rows.append(f"e-{number:05},aargauer,public,derivative,{name},image/jpeg,500000")
    head = "evidence_id,document_id,visibility,generation,sha256,media_type,bytes"
    (case / "tables/evidence.csv").write_text("\n".join([head, *rows]) + "\n")
    files = [path for path in (case / "evidence").rglob("*") if path.is_file()]
    plain = timed(lambda: [digest_of_file(path) for path in files])
    line(f"SHA-256 of {count:,} photographs, {count // 2:,} MB", plain)
    os.sync()
    other = folder / "copy"
    copied = timed(lambda: (shutil.copytree(case / "evidence", other), os.sync()))
    line("  copied by the system, on the disk", copied)
    shutil.rmtree(other)
    key = signing_key()
    bundle = folder / "bundle"
    os.sync()
    seconds = timed(lambda: (seal(case, bundle, Wishes(key, "2026-01-01T00:00:00Z", 1)), os.sync()))
    line("  sealed, on the disk", seconds, note=f"x{seconds / copied:.2f} of copying")
    trust = parse_trust(f"log {key.public}\nquorum none\n".encode())
    seconds = timed(lambda: verify(bundle, trust))
    line("  verified", seconds, note=f"x{seconds / plain:.2f}  aim 1.3")
    (folder / "keys").write_text(f"log {key.public}\nquorum none\n")
    words = ["sh", str(bundle / "verify.sh"), str(folder / "keys")]
    seconds = timed(lambda: subprocess.run(words, check=True, capture_output=True))
    line("  verified by verify.sh", seconds)


def signing_key() -> SigningKey:
    """A key for the benchmark alone."""
    return SigningKey("example.org/bench", LOG, Ed25519PrivateKey.from_private_bytes(bytes(32)))


def monte_carlo(file: Path, draws: int) -> float:
    """The published way: redraw every station's election, again and again; seconds a draw."""
    frame = pl.read_csv(file)
    voters, found, leader = (frame[name].to_numpy() for name in ("voters", "found", "leader"))
    kept = (voters >= 100) & (found > 0)
    voters, found, leader = voters[kept], found[kept], leader[kept]
    rng = np.random.default_rng(1)

    def near(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        percent = 100 * part / np.maximum(whole, 1)
        return np.abs(percent - np.rint(percent)) <= 0.05

    def redraw() -> None:
        for _draw in range(draws):
            on = near(rng.binomial(voters, found / voters), voters)
            on |= near(rng.binomial(found, leader / found), found)
            on.sum()

    return timed(redraw) / draws


def forensics(folder: Path) -> None:
    """The default battery as a whole process, and the Monte Carlo that it replaces."""
    before: dict[str, tuple[int, float]] = {}
    names = ["--registered", "voters", "--ballots", "found", "--leader", "leader"]
    for stations in (95_000, 1_000_000):
        file = results_table(folder, stations)
        arguments = ["forensics", "run", str(file), *names, "--region", "place"]
        seconds, megabytes = process(arguments)
        note = f"{growth(before, 'forensics', stations, seconds)}  aim 10 s at 95,000"
        line(f"forensics run: {stations:,} stations", seconds, megabytes, note.strip())
        frame = pl.read_csv(file)
        results = StationResults.of(
            registered=frame["voters"].to_numpy(), ballots=frame["found"].to_numpy(),
            leader=frame["leader"].to_numpy(),
        )  # fmt: skip
        seconds = timed(lambda r=results: integer_test(station_chances(r), Percentage.ANY))
        line(
            f"  of which the integer test: {stations:,} stations",
            seconds,
            note="aim 1.5 s at 95,000",
        )
        seconds = timed(lambda r=results: digit_test(r, Digit.SECOND))
        line(f"  digits, off by default: {stations:,} stations", seconds)
        if stations < 100_000:
            draw = monte_carlo(file, 20)
            line("  Monte Carlo of 1,000 draws instead (20 timed)", 1_000 * draw)


def reading() -> None:
    """Texts: how well by tier against two baselines, and how fast, on the annotated texts."""
    named = os.environ.get("POLLWITNESS_REFERENCE_DATA")
    if named is None:
        print("reading: skipped, POLLWITNESS_REFERENCE_DATA is not set")
        return
    parse, _tier = model.loaded()
    folder = Path(named) / "claims" / "polnear_dev"
    print("PolNeAR, 390 statements: precision, recall, F1 of contents; F1 with the right source")
    for name, find in (
        ("quotation marks", by_quotation_marks),
        ("dependency rule", lambda text: by_dependencies(text, parse)),
        ("tier pattern", by_patterns),
        ("tier nlp", lambda text: by_patterns(text, parse)),
    ):
        print(f"  {name:<16}", *(f"{value:6.3f}" for value in score(folder, find).line()))
    texts = [annotated(file)[0] for file in sorted(folder.glob("*.ann"))]
    for times in (1, 4, 16):
        text = "\n\n".join(texts * times)
        started = time.perf_counter()
        found = read_text(text, None)
        seconds = time.perf_counter() - started
        line(f"read, pattern, {found.sentences:,} sentences", seconds,
             note=f"{found.sentences / seconds:,.0f} sentences/s, aim 2,000")  # fmt: skip
    parts = [one.of(text) for one in with_calls(text, sentences(text))][:4000]
    text = "\n\n".join(parts)
    spans = with_calls(text, sentences(text))
    alone = timed(lambda: [len(doc) for doc in parse([one.of(text) for one in spans])])
    whole = timed(lambda: read_text(text, None, parse))
    line(f"spaCy alone, {len(spans):,} sentences", alone)
    line(f"read, nlp, {len(spans):,} sentences", whole, note=f"{whole / alone:.2f} times, aim 1.3")


def _bounds(rng: np.random.Generator, size: int, contest: Contest) -> float:
    votes = rng.integers(0, 400, (size, 4))
    names = tuple(map(str, range(size)))
    found = Reported(names, ("a", "b", "c", "d"), votes, votes.sum(axis=1) + 20)
    asserted = assertions(contest, found)
    return timed(lambda: error_bounds(found, asserted))


def samples() -> None:
    """Recounts and quick counts, each beside a straightforward way in the same run."""
    rng = np.random.default_rng(2)
    contest = Contest("c", "C", 1, ContestRule.PLURALITY, ())
    for size in (10_000, 100_000, 1_000_000):
        note = "aim 5 ms at 100,000" if size == 100_000 else ""
        line(f"error bounds of {size:,} stations", _bounds(rng, size, contest), note=note)
    votes = rng.integers(0, 400, (100_000, 2)).tolist()
    slow = timed(lambda: [(a - b + a + b + 20) / 1000 for a, b in votes])
    line("those of 100,000 and two options in a loop", slow)
    drawing = timed(lambda: different_numbers("20200809", 1, 5_770_000, 500))
    line("500 different draws from 5.77 million ballots", drawing, note="aim 10 ms")
    paper = np.repeat([1.0, 0.0], [520_000, 480_000])

    def one_audit() -> int:
        for most in (2_000, 20_000, 200_000):
            x = paper[rng.integers(0, 1_000_000, most)]
            path = log_wealth(x, 0.5, alpha(0.52), upper=1, population=1_000_000)
            met = np.flatnonzero(path >= np.log(20))
            if met.size:
                return int(met[0])
        return most

    one_audit()
    single = timed(lambda: [one_audit() for _n in range(50)]) / 50
    line("a simulated audit of a million ballots", single, note="aim 1 ms")
    values = np.where(rng.random((10_000, 300)) < 0.005, 0.0, 1.0)
    first_below(values[:10], 0.9, 0.05)
    line("10,000 simulated audits of a plan", timed(lambda: first_below(values, 0.9, 0.05)),
         note="aim 5 s")  # fmt: skip
    shares, logs = flat_mixture()
    line("100 of them by NumPy, one at a time", timed(lambda: [
        np.exp(logs) @ np.cumprod(1 + shares[:, None] * (row - 0.9) / 0.9, axis=1)
        for row in values[:100]
    ]))  # fmt: skip


def people(folder: Path) -> None:
    """Estimates from capture histories, and linkage of rosters of growing size, each cold."""
    from pollwitness.detentions.decomposable import average  # noqa: PLC0415
    from pollwitness.detentions.estimate import answer  # noqa: PLC0415
    from pollwitness.detentions.latent import Sampling, latent_classes  # noqa: PLC0415
    from pollwitness.detentions.spread import spread  # noqa: PLC0415

    average(UNITED_KINGDOM, 100)
    line("decomposable graphs, 5 lists, up to 30,000 unseen",
         timed(lambda: average(UNITED_KINGDOM, 30_000)), note="aim 0.05 s")  # fmt: skip
    line("the same on every whole number",
         timed(lambda: average(UNITED_KINGDOM, 30_000, is_exact=True)))  # fmt: skip
    rng = np.random.default_rng(6)
    counts = np.bincount(((rng.random((4_000, 6)) < 0.2) << np.arange(6)).sum(axis=1), minlength=64)
    counts[0] = 0
    six = Histories(tuple("ABCDEF"), counts)
    enumerated = timed(lambda: decomposable_graphs(6))
    line("all 18,154 decomposable graphs of 6 lists, once", enumerated)
    line("decomposable graphs, 6 lists", timed(lambda: average(six, 30_000)), note="aim 0.5 s")
    once = Sampling(10, 10, 1, 1)
    line("latent classes, compiled at the first use",
         timed(lambda: latent_classes(KOSOVO, 1, sampling=once)))  # fmt: skip
    many = Sampling(10_000, 1_000, 100, 1)
    line("latent classes, 110,000 iterations on Kosovo",
         timed(lambda: latent_classes(KOSOVO, 1, sampling=many)), note="aim 2 s")  # fmt: skip
    line("113 log-linear models of Kosovo", timed(lambda: spread(KOSOVO)))
    line("all methods on Kosovo", timed(lambda: answer(KOSOVO)))
    before: dict[str, tuple[int, float]] = {}
    for size in (10_000, 30_000, 100_000):
        case = folder / f"listed-{size}"
        listed_case(case, records=size)
        seconds, megabytes = process(["detentions", "link", str(case)])
        note = growth(before, "linkage", size, seconds)
        line(f"detentions link, {size:,} entries", seconds, megabytes, note)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", default="10000,100000,1000000", help="stations, separated by commas"
    )
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        belarus(Path(folder))
        venezuela(Path(folder))
        library()
        forensics(Path(folder))
        lists(Path(folder))
        evidence(Path(folder))
        reading()
        samples()
        people(Path(folder))
        commands(Path(folder), sizes)


if __name__ == "__main__":
    main()
