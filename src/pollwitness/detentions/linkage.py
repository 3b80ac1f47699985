"""Which records are of one person: a Fellegi-Sunter model over names that no longer show spelling.

The model is fitted by splink (Linacre and others 2022) on DuckDB, without labels: how often parts
of two records agree by chance is counted on random pairs, how often they agree for one person is
estimated by expectation maximisation (Fellegi and Sunter 1969; Winkler 1988). All work is in one
thread and in the order of record ids, so that the same seed gives the same links, byte for byte.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pollwitness.detentions.linkage_model import Model, model
from pollwitness.detentions.names import (
    consonants,
    corrected,
    given_key,
    patronymic_key,
    skeleton,
    surely_given,
    surname_key,
)
from pollwitness.errors import QuestionError, RefusedError

if TYPE_CHECKING:
    from splink import Linker

COLUMNS = (
    "record_id", "given", "patronymic", "surname", "sex", "birth_year", "birth_month", "birth_day",
)  # fmt: skip
"""What linkage reads; everything but ``record_id`` may be unknown."""
CIRCUMSTANCES = ("detained_on", "area_id", "facility")
"""What it reads too, where a table has it and any entry knows it."""
THRESHOLD = 0.62
"""Pairs of at least this probability are links, where no person has decided."""
GREY = (0.05, 0.95)
"""Between these probabilities a person looks at a pair."""
_LEAST_KEPT = 0.01
_PAIRS = 1_500_000


class LinkageMissingError(RefusedError):
    """The extra for linkage is not installed."""


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of records with the probability that they are of one person, likeliest first.

    ``pairs`` has the columns first, second (record ids, in order) and probability.
    """

    pairs: pl.DataFrame
    records: int

    def between(self, low: float, high: float) -> pl.DataFrame:
        """The pairs of the grey zone: those that a person should look at."""
        return self.pairs.filter(pl.col("probability").is_between(low, high))

    def expected(self, threshold: float = THRESHOLD) -> tuple[float, float]:
        """Expected precision and recall of the links at a threshold, if the model is right."""
        chances = self.pairs["probability"].to_numpy()
        linked = chances[chances >= threshold]
        whole = float(chances.sum())
        precision = float(linked.mean()) if linked.size else 1.0
        return precision, float(linked.sum()) / whole if whole else 1.0


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that are compared: keys of names, dates as they are, empty ones as unknown.

    Every distinct spelling is normalised once. ``turned`` is the given name as if it were the
    surname: lists confuse the two.
    """
    more = [
        pl.lit(None, dtype=pl.String).alias(n) for n in CIRCUMSTANCES if n not in records.columns
    ]
    frame = records.with_columns(more).select(*COLUMNS, *CIRCUMSTANCES).sort("record_id")
    frame = frame.with_columns(
        pl.col("detained_on").str.slice(0, 10),
        _keyed(frame, "given", surname_key).alias("turned"),
        _keyed(frame, "facility", skeleton),
        *(
            pl.col(name).str.to_lowercase().str.replace_all(r"[\s'’ʼ-]", "")
            .alias(f"{name}_as_written")
            for name in ("given", "surname")
        ),
        _keyed(frame, "given", given_key), _keyed(frame, "surname", surname_key),
        _keyed(frame, "patronymic", patronymic_key),
    )  # fmt: skip
    counts = dict(frame["given"].drop_nulls().value_counts().rows())
    frame = frame.with_columns(pl.col("given").replace(corrected(counts)))
    frame = frame.with_columns(
        pl.len().over(name).alias(f"{name}_times") for name in ("given", "surname")
    )
    return frame.with_columns(
        _keyed(frame, "surname", lambda text: consonants(text) or text).alias("bones"),
        pl.col("surname").str.slice(0, 3).alias("start"),
        pl.col("given").str.slice(0, 2).alias("initial"),
    ).rename({"record_id": "unique_id"})  # fmt: skip


def _keyed(frame: pl.DataFrame, name: str, key: Callable[[str], str]) -> pl.Expr:
    """The key of every text of a column, each distinct one computed once; none if empty."""
    made = {text: key(text) or None for text in frame[name].drop_nulls().unique()}
    return pl.col(name).replace_strict(made, default=None, return_dtype=pl.String)


def linked(records: pl.DataFrame, seed: int, *, with_dates: bool = True) -> Links:
    """The pairs of records that may be of one person.

    ``records`` has the columns of ``COLUMNS``, and may have those of ``CIRCUMSTANCES``.

    Raises:
        LinkageMissingError: if splink and DuckDB are not installed (extra people).
    """
    if find_spec("splink") is None or find_spec("duckdb") is None:
        raise LinkageMissingError("linkage needs: pip install 'pollwitness[people]'")
    if records.height < _FEWEST:
        return Links(_NO_PAIRS.clone(), records.height)
    frame = prepared(records)
    prior = 2.0 / records.height  # as many true pairs as records; corrected below
    known = frozenset(name for name in CIRCUMSTANCES if frame[name].drop_nulls().len() > 1)
    compared = model(with_dates=with_dates, circumstances=known)
    linker = _linker(frame, prior, compared)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_PAIRS, min_count_per_level=None, seed=seed
    )
    _train(linker, compared.training)
    found = linker.inference.predict(threshold_match_probability=_LEAST_KEPT / 10)
    table = pl.DataFrame(found.as_pyarrow_table())  # type: ignore[no-untyped-call]
    pairs = _told_apart(_ordered(table), frame)
    possible = records.height * (records.height - 1) / 2
    return Links(_with_prior(pairs, prior, possible), records.height)


def _train(linker: Linker, rules: Sequence[str]) -> None:
    """Estimate how often parts of one person agree, on the pairs of each rule that has any.

    Raises:
        QuestionError: if no rule has any.
    """
    from splink.internals.exceptions import EMTrainingException  # noqa: PLC0415

    trained = 0
    for rule in rules:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        except (EMTrainingException, ValueError):
            continue  # no pair, or parts that always agree: their share runs off to nothing
        trained += 1
    if not trained:
        raise QuestionError(
            "no two entries share a surname and a given name, or a date of birth: there is nothing "
            "to learn from, and nothing to link"
        )


def _with_prior(pairs: pl.DataFrame, prior: float, possible: float) -> pl.DataFrame:
    """The pairs with the prior that they themselves support: expectation maximisation on it alone.

    The prior is the share of all possible pairs that are of one person; its new value is the sum of
    the probabilities over the number of possible pairs, until it stays.
    """
    chances = np.clip(pairs["probability"].to_numpy(), 1e-12, 1 - 1e-12)
    odds = chances / (1 - chances) / (prior / (1 - prior))
    now = prior
    for _step in range(_STEPS):
        found = odds * now / (1 - now)
        after = float((found / (1 + found)).sum()) / possible
        if abs(after - now) < 1e-9 * now:
            break
        now = min(max(after, 1.0 / possible), 0.5)
    found = odds * now / (1 - now)
    scored = pairs.with_columns(pl.Series("probability", found / (1 + found)).round(6))
    return scored.filter(pl.col("probability") >= _LEAST_KEPT).sort(
        ["probability", "first", "second"], descending=[True, False, False]
    )


_STEPS = 200


def _told_apart(pairs: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The pairs without those of two known given names that are surely two: twins, and families.

    Everything else of twins agrees, and no model of independent parts can tell them apart.
    """
    sides = frame.select("unique_id", _surely(frame).alias("own"))
    both = pairs.join(sides, left_on="first", right_on="unique_id", how="left").join(
        sides, left_on="second", right_on="unique_id", how="left", suffix="_other"
    )
    differs = pl.col("own").ne(pl.col("own_other"))
    return both.filter(~differs.fill_null(value=False)).select(pairs.columns)


def _surely(frame: pl.DataFrame) -> pl.Series:
    """The given name of every record, those that may be one as one; none if no table knows it."""
    made = {key: surely_given(key) for key in frame["given"].drop_nulls().unique()}
    return frame["given"].replace_strict(made, default=None, return_dtype=pl.String)


_FEWEST = 10
_LEAST_MEMORY = 900
_NO_PAIRS = pl.DataFrame(schema={"first": pl.String, "second": pl.String,
                                 "probability": pl.Float64})  # fmt: skip


def _ordered(table: pl.DataFrame) -> pl.DataFrame:
    return (
        table.select(
            pl.min_horizontal("unique_id_l", "unique_id_r").alias("first"),
            pl.max_horizontal("unique_id_l", "unique_id_r").alias("second"),
            pl.col("match_probability").alias("probability"),
        )
        .unique(["first", "second"], keep="any")
        .sort(["probability", "first", "second"], descending=[True, False, False])
    )


def _linker(frame: pl.DataFrame, prior: float, compared: Model) -> Linker:
    import duckdb  # noqa: PLC0415 (an extra)
    from splink import DuckDBAPI, Linker  # noqa: PLC0415

    logging.getLogger("splink").setLevel(logging.ERROR)
    # nothing is spilled: names would lie on the disk in plain text
    limit = f"{max(_LEAST_MEMORY, frame.height // 100)}MB"
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1, "memory_limit": limit, "temp_directory": "",
    }  # fmt: skip
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET preserve_insertion_order = true")
    settings = {
        "link_type": "dedupe_only", "comparisons": compared.comparisons,
        "blocking_rules_to_generate_predictions": compared.blocking,
        "retain_matching_columns": False, "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": prior, "max_iterations": 12,
    }  # fmt: skip
    database = DuckDBAPI(connection=connection)
    registered = database.register(frame.to_arrow())
    return Linker(registered, settings, log_level=logging.ERROR)
