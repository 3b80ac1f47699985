"""Quick counts and recounts on elections whose truth is known: how often their statements hold.

`python calibration/samples.py` writes `docs/methods/calibration-samples.md.inc`. Mexico is left
out, and said so, where POLLWITNESS_REFERENCE_DATA does not name the reference data.
"""

import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.quickcount.elections import late, mexico, true_factor

from pollwitness.quickcount.arrivals import adjusted, sensitivity
from pollwitness.quickcount.estimate import Counted, combined
from pollwitness.quickcount.sequence import exact_sequence
from pollwitness.stats.martingales import (
    FLAT,
    agrapa,
    alpha,
    kaplan_markov,
    kaplan_wald,
    log_wealth,
    shrink_trunc,
)

TARGET = Path(__file__).parent.parent / "docs" / "methods" / "calibration-samples.md.inc"
RUNS = 4_000
Row = tuple[str, str, str]


def error(rate: float, runs: int) -> str:
    """A rate with its Monte Carlo error."""
    return f"{rate * 100:.1f} % ± {100 * np.sqrt(max(rate * (1 - rate), 1e-9) / runs):.1f}"


def mexico_rows() -> list[Row]:
    """Coverage of 95 % intervals in 4,000 redraws of 7,636 stations of 2006."""
    named = os.environ.get("POLLWITNESS_REFERENCE_DATA")
    if named is None:
        print("Mexico: skipped, POLLWITNESS_REFERENCE_DATA is not set")
        return []
    whole = mexico(Path(named), "nal_2006", ("pan", "prd_pt_conv", "pri_pvem"))
    sizes = whole.sizes
    shared = np.maximum(3, np.round(7636 * sizes / sizes.sum())).astype(int)
    rng = np.random.default_rng(1)
    inside = [np.flatnonzero(whole.stratum == h) for h in range(len(sizes))]
    hits = np.zeros(3)
    for _run in range(RUNS):
        at = np.concatenate([
            rng.choice(units, n, replace=False, shuffle=False)
            for units, n in zip(inside, shared, strict=True)
        ])  # fmt: skip
        found = combined(Counted(whole.stratum[at], whole.totals[at], whole.votes[at], sizes))
        for k, share in enumerate(found.shares):
            low, high = share.interval()
            hits[k] += low <= whole.shares[k] <= high
    return [
        (f"plain 95 % interval, Mexico 2006, option {k + 1}", "at least 94 %",
         error(hits[k] / RUNS, RUNS))
        for k in range(3)
    ]  # fmt: skip


def late_rows() -> list[Row]:
    """1,000 elections in which late stations differ by a quarter of the votes."""
    plain = held = fitted = 0
    for seed in range(1_000):
        shown, truth, parts = late(seed, 0.25)
        low, high = combined(shown.counted).shares[0].interval()
        plain += low <= truth <= high
        ends = sensitivity(shown, true_factor(parts) * 1.0001).shares[0]
        held += ends[0] <= truth <= ends[1]
        low, high = adjusted(shown).shares[0].interval()
        fitted += low <= truth <= high
    return [
        ("plain 95 % interval, late stations differ", "no claim", error(plain / 1_000, 1_000)),
        ("set of the true factor, late stations differ", "at least 95 %",
         error(held / 1_000, 1_000)),
        ("adjusted by arrival, in its own model", "95 %", error(fitted / 1_000, 1_000)),
    ]  # fmt: skip


def sequence_rows() -> list[Row]:
    """4,000 paths of 60 draws: how often the truth was outside at any time."""
    rng = np.random.default_rng(9)
    totals = rng.integers(100, 900, 500).astype(float)
    votes = np.round(totals * np.clip(rng.normal(0.53, 0.12, 500), 0, 1))
    truth = votes.sum() / totals.sum()
    missed = 0
    for _run in range(RUNS):
        at = rng.integers(0, 500, 60)
        found = exact_sequence(votes[at], totals[at], np.ones(60, bool), np.full(60, 900.0), 900.0)
        missed += bool(((found.low > truth) | (found.high < truth)).any())
    return [("sequence left the truth at any time", "at most 5 %", error(missed / RUNS, RUNS))]


def test_rows() -> list[Row]:
    """4,000 recounts of 200 ballots under a tie: how often each test rejects at 5 %."""
    rng = np.random.default_rng(11)
    x = np.where(rng.random((RUNS, 200)) < 0.5, 1.0, 0.0)
    tests = {
        "flat mixture of bets": FLAT, "ALPHA, fixed": alpha(0.55),
        "ALPHA, shrink-trunc": shrink_trunc(0.55, 0.025, 100), "aGRAPA": agrapa(0.5, 0.5, 0.9, 1),
        "Kaplan-Markov": kaplan_markov(0.5, 0.1), "Kaplan-Wald": kaplan_wald(0.5, 0.1),
    }  # fmt: skip
    found = []
    for name, bets in tests.items():
        rejected = sum(log_wealth(row, 0.5, bets, upper=1).max() >= np.log(20) for row in x)
        found.append((f"{name} rejects under a tie", "at most 5 %", error(rejected / RUNS, RUNS)))
    return found


def main() -> None:
    rows = [*mexico_rows(), *late_rows(), *sequence_rows(), *test_rows()]
    lines = ["| what | should be | measured |", "|---|---|---|"]
    lines += [f"| {what} | {wanted} | {got} |" for what, wanted, got in rows]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
