"""Elections with known truth for quick counts: the full counts of Mexico, and late stations."""

import numpy as np
import polars as pl

from pollwitness.quickcount.arrivals import Drawn
from pollwitness.quickcount.frame import Frame


def mexico(reference_data, name, options):
    rows = pl.read_csv(reference_data / "mexico" / f"{name}.csv.gz", infer_schema_length=100_000)
    names, stratum = np.unique(rows["estrato"].cast(pl.Int64).to_numpy(), return_inverse=True)
    return Frame(
        tuple(map(str, rows["casilla_id"])), tuple(map(str, names)), stratum, options,
        rows["total"].to_numpy().astype(float), rows.select(options).to_numpy().astype(float),
        np.ones(rows.height),
    )  # fmt: skip


def late(seed, slope, share=0.7):
    """A drawn sample whose later arrivals differ by a slope, with the truth of all of it."""
    rng = np.random.default_rng(seed)
    count = 400
    stratum = np.repeat(np.arange(4), 100)
    totals = rng.integers(150, 900, count).astype(float)
    early = np.clip(rng.normal(0.52, 0.1, count), 0.05, 0.95)
    order = rng.permutation(count)
    now = np.clip(early + slope * ((order + 0.5) / count - 0.5) + rng.normal(0, 0.03, count), 0, 1)
    votes = np.stack([np.round(totals * now), totals - np.round(totals * now)], axis=1)
    before = np.stack([totals * early, totals * (1 - early)], axis=1)
    here = order < share * count
    shown = Drawn(
        stratum, here, np.where(here, totals, 0), np.where(here[:, None], votes, 0), totals,
        before, order, np.full(4, 100),
    )  # fmt: skip
    return shown, votes[:, 0].sum() / totals.sum(), (votes, totals, here)


def true_factor(parts):
    """The greatest factor between the odds of missing and seen stations of a stratum."""
    votes, totals, here = parts
    worst = 1.0
    for h in range(4):
        inside = np.arange(400) // 100 == h
        odds = []
        for side in (here, ~here):
            share = votes[inside & side, 0].sum() / totals[inside & side].sum()
            odds.append(share / (1 - share))
        worst = max(worst, odds[1] / odds[0], odds[0] / odds[1])
    return worst
