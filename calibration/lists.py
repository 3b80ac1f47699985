"""How often intervals for people on no list hold the truth, where it is known, method by method.

`python calibration/lists.py` writes `docs/methods/calibration-lists.md.inc`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from pollwitness.detentions.decomposable import average
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.latent import Sampling, latent_classes
from pollwitness.detentions.spread import spread
from pollwitness.detentions.two_lists import chao_lower_bound, pairs

TARGET = Path(__file__).parent.parent / "docs" / "methods" / "calibration-lists.md.inc"
PEOPLE, RUNS = 2_000, 200
CHANCES = np.array([0.30, 0.25, 0.20, 0.15])
NAMES = ("A", "B", "C", "D")
Ends = dict[str, tuple[float, float]]
Draw = Callable[[np.random.Generator], np.ndarray]


def listed(rng: np.random.Generator, shift: np.ndarray | float = 0.0) -> np.ndarray:
    """Who is on which list, each list on its own; ``shift`` of the log odds of each person."""
    odds = np.log(CHANCES / (1 - CHANCES))[None, :] + np.reshape(shift, (-1, 1))
    return rng.random((PEOPLE, 4)) < 1 / (1 + np.exp(-np.broadcast_to(odds, (PEOPLE, 4))))


def tied(rng: np.random.Generator, factor: float) -> np.ndarray:
    """The odds of list B are so many times greater for those on list A."""
    on = listed(rng)
    odds = CHANCES[1] / (1 - CHANCES[1]) * factor
    again = rng.random(PEOPLE) < odds / (1 + odds)
    on[:, 1] = np.where(on[:, 0], again, on[:, 1])
    return on


def beyond(rng: np.random.Generator) -> np.ndarray:
    """One in five cannot be on any list."""
    on = listed(rng)
    on[: PEOPLE // 5] = False
    return on


SCENES: dict[str, Draw] = {
    "lists made apart, people alike": listed,
    "list B copies from A (odds times 4)": lambda rng: tied(rng, 4.0),
    "list B avoids those on A (odds a quarter)": lambda rng: tied(rng, 0.25),
    "two kinds of people (log odds ± 1)": lambda rng: listed(rng, np.where(
        np.arange(PEOPLE) % 2, 1.0, -1.0)),
    "all people differ (log odds normal, spread 1)": lambda rng: listed(
        rng, rng.normal(0, 1, PEOPLE)),
    "one in five beyond the reach of all lists": beyond,
}  # fmt: skip


def histories(on: np.ndarray) -> Histories:
    counts = np.bincount((on << np.arange(4)).sum(axis=1), minlength=16)
    counts[0] = 0
    return Histories(NAMES, counts.astype(np.int64))


def intervals(h: Histories, seed: int) -> Ends:
    """The interval of every method; for Chao's bound from its low end up."""
    models = spread(h)
    graphs = average(h, 10 * h.observed)
    classes = latent_classes(h, seed, sampling=Sampling(2_000, 500, 20, 2))
    chapman = pairs(h)[0].chapman
    points = [models.least, models.greatest, graphs.mean, classes.mean]
    return {
        "Chapman, A and B": (chapman.low, chapman.high),
        "Chao, as a lower bound": (0.0, np.inf) if h.observed == PEOPLE
        else (chao_lower_bound(h).low, np.inf),
        "log-linear, lowest BIC, profile": (models.best.low, models.best.high),
        "log-linear, average by BIC": (models.by_bic.low, models.by_bic.high),
        "log-linear, average by AICc": (models.by_aicc.low, models.by_aicc.high),
        "decomposable graphs": (graphs.low, graphs.high),
        "latent classes": (classes.low, classes.high),
        "all models and methods, from least to greatest": (min(points), max(points)),
    }  # fmt: skip


def main() -> None:
    held: dict[str, list[str]] = {}
    for scene, draw in SCENES.items():
        rng = np.random.default_rng(2020)
        found = [intervals(histories(draw(rng)), seed) for seed in range(RUNS)]
        for method in found[0]:
            ends = np.array([one[method] for one in found])
            inside = ((ends[:, 0] <= PEOPLE) & (ends[:, 1] >= PEOPLE)).mean()
            width = np.median(ends[:, 1] - ends[:, 0]) / PEOPLE
            wide = "" if np.isinf(width) else f" ({width * 100:.0f})"
            held.setdefault(method, []).append(f"{inside * 100:.0f}{wide}")
        print(scene, {method: row[-1] for method, row in held.items()}, flush=True)
    head = ["| method | " + " | ".join(SCENES) + " |", "|---|" + "---:|" * len(SCENES)]
    lines = [f"| {method} | " + " | ".join(row) + " |" for method, row in held.items()]
    TARGET.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    print("\n".join([*head, *lines]))


if __name__ == "__main__":
    main()
