"""How well entries of an invented roster are linked, against the best that names can do.

`python calibration/linkage.py` writes `docs/methods/calibration-linkage.md.inc`.
"""

import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))

from calibration.roster import Roster, roster
from pollwitness.detentions.linkage import THRESHOLD, Links, linked
from pollwitness.detentions.persons import persons

TARGET = Path(__file__).parent.parent / "docs" / "methods" / "calibration-linkage.md.inc"
SIZES = (20_000, 100_000)
ROSTER_SEED, SEED = 1, 7


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of pairs of entries that were taken for one person."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        whole = self.precision + self.recall
        return 2 * self.precision * self.recall / whole if whole else 0.0


def together(groups: np.ndarray) -> int:
    """How many pairs of entries are in one group."""
    _names, counts = np.unique(groups, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def score(found: np.ndarray, truth: np.ndarray) -> Score:
    """Groups found against true ones, both numbered, entry by entry."""
    both = together(found.astype(np.int64) * (int(truth.max()) + 1) + truth)
    return Score(both / max(together(found), 1), both / together(truth))


def best_by_names(made: Roster) -> Score:
    """What is reached by joining the entries whose names are the same without slips."""
    return score(np.unique(made.name, return_inverse=True)[1], made.person)


def of_persons(links: Links, ids: Sequence[str], truth: np.ndarray) -> Score:
    """The score of persons at the threshold."""
    person = persons(list(ids), links, None, THRESHOLD)
    groups = np.unique([person[one] for one in ids], return_inverse=True)[1]
    return score(groups, truth)


def of_pairs(links: Links, ids: Sequence[str], truth: np.ndarray, threshold: float) -> Score:
    """The score of the pairs of a probability, without any grouping."""
    who = dict(zip(ids, truth.tolist(), strict=True))
    pairs = links.pairs.filter(pl.col("probability") >= threshold)
    right = sum(who[a] == who[b] for a, b, _chance in pairs.iter_rows())
    return Score(right / max(pairs.height, 1), right / together(truth))


def plain_links(records: pl.DataFrame, seed: int) -> Links:
    """Splink as it comes: Jaro-Winkler on names as they are written, no dates, same settings."""
    import duckdb  # noqa: PLC0415 (an extra)
    import splink.comparison_library as compare  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = records.rename({"record_id": "unique_id"}).with_columns(
        pl.col("given", "surname", "patronymic").str.to_lowercase()
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.JaroWinklerAtThresholds(name, [0.92, 0.88, 0.7])
                     for name in ("surname", "given", "patronymic")],
        blocking_rules_to_generate_predictions=[
            block_on("surname"), block_on("given", "substr(surname, 1, 2)"),
            block_on("substr(surname, 1, 4)"),
        ],
        probability_two_random_records_match=2.0 / records.height,
    )  # fmt: skip
    database = DuckDBAPI(connection=duckdb.connect(":memory:", config={"threads": 1}))
    linker = Linker(database.register(frame.to_arrow()), settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=seed)
    for rule in (block_on("surname"), block_on("given", "substr(surname, 1, 2)")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.1)
    table = pl.DataFrame(found.as_pyarrow_table())
    pairs = table.select(
        pl.min_horizontal("unique_id_l", "unique_id_r").alias("first"),
        pl.max_horizontal("unique_id_l", "unique_id_r").alias("second"),
        pl.col("match_probability").alias("probability"),
    ).unique(["first", "second"], keep="any")
    return Links(pairs.sort("first", "second"), records.height)


def best_f1_of_pairs(links: Links, ids: Sequence[str], truth: np.ndarray) -> tuple[float, Score]:
    """The threshold at which pairs score best, which nobody knows beforehand, and the score."""
    at = [0.1, 0.2, 0.3, 0.5, 0.62, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999]
    scores = [(one, of_pairs(links, ids, truth, one)) for one in at]
    return max(scores, key=lambda found: found[1].f1)


def rows_of(size: int) -> list[str]:
    made = roster(np.random.default_rng(ROSTER_SEED), size)
    ids = made.records["record_id"].to_list()
    best = best_by_names(made)
    rows = [_row(size, "best by names alone: the same without slips", best, "")]
    for with_dates in (False, True):
        started = time.perf_counter()
        links = linked(made.records, SEED, with_dates=with_dates)
        took = f"{time.perf_counter() - started:.0f}"
        name = "names and dates" if with_dates else "names alone"
        rows.append(_row(size, f"{name}, pairs at {THRESHOLD}",
                         of_pairs(links, ids, made.person, THRESHOLD), took))  # fmt: skip
        rows.append(
            _row(size, f"{name}, persons at {THRESHOLD}", of_persons(links, ids, made.person), "")
        )
    started = time.perf_counter()
    plain = plain_links(made.records, SEED)
    took = f"{time.perf_counter() - started:.0f}"
    at, found = best_f1_of_pairs(plain, ids, made.person)
    name = f"splink with Jaro-Winkler on names as written, pairs at its best threshold, {at}"
    return [*rows, _row(size, name, found, took)]


def _row(size: int, name: str, found: Score, took: str) -> str:
    return (f"| {size:,} | {name} | {found.precision:.3f} | {found.recall:.3f} "
            f"| {found.f1:.3f} | {took} |")  # fmt: skip


def main() -> None:
    lines = [
        "| entries | what | precision | recall | F1 | seconds |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for size in SIZES:
        lines += rows_of(size)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
