"""What becomes known of a simulated election: copies of protocols, reports, counts at doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.simulate.manipulation import Figures, Recorded
from pollwitness.simulate.plan import Errors, Plan, ReleaseKind
from pollwitness.simulate.voting import Integers, Votes
from pollwitness.tables import vote_column

Flags = npt.NDArray[np.bool_]
CONTEST = "president"


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Copies of protocols as observers hold them.

    ``station`` (copies,) is the station that the copy is of, ``filed`` the one it was put to;
    ``figures`` (copies, options + 2) are the votes, invalid and ballots as transcribed, ``blank``
    those that were left out; ``wrong`` is the error that was made, as a number of :data:`ERRORS`.
    """

    station: Integers
    filed: Integers
    figures: Integers
    blank: Flags
    wrong: Integers


ERRORS = ("none", "one_figure", "two_figures", "exchanged", "wrong_station")
"""The clerical errors; a copy has at most one of them, beside blanks."""


def released_stations(
    plan: Plan, votes: Votes, recorded: Recorded, rng: np.random.Generator
) -> Integers:
    """The stations whose protocol becomes known."""
    kind, share = plan.release.kind, plan.release.share
    if kind is ReleaseKind.ALL or share == 1:
        return np.arange(plan.stations, dtype=np.int64)
    if kind is ReleaseKind.RANDOM:
        return np.flatnonzero(rng.random(plan.stations) < share)
    favoured: Flags = votes.region % 2 == 0
    if kind is ReleaseKind.HONESTY:
        favoured = np.logical_not(recorded.manipulated.any(axis=0))
    root = np.sqrt(plan.release.bias)
    odds = share / (1 - share) * np.where(favoured, root, 1 / root)
    chance = odds / (1 + odds)
    return np.flatnonzero(rng.random(plan.stations) < chance)


def copies_of_protocols(
    plan: Plan, released: Integers, recorded: Recorded, rng: np.random.Generator
) -> Copies:
    """The copies of the released protocols, some of them twice, with clerical errors."""
    again = released[rng.random(released.size) < plan.copies]
    station = np.concatenate([released, again])
    figures = _figures(recorded.protocol, station)
    wrong = _errors(plan.errors, station.size, rng)
    for kind in (1, 2):
        at = np.flatnonzero(wrong == kind)
        columns = _distinct_columns(at.size, kind, figures.shape[1], rng)
        for column in columns:
            figures[at, column] = _slipped(figures[at, column], rng)
    _exchange(figures, np.flatnonzero(wrong == 3), len(plan.options), rng)
    filed = station.copy()
    lost = wrong == 4
    filed[lost] = rng.integers(0, plan.stations, int(lost.sum()))
    blank = rng.random(figures.shape) < plan.errors.blank
    blank[:, -2] |= rng.random(station.size) < plan.errors.invalid_blank
    return Copies(station, filed, figures, blank, wrong)


def _figures(written: Figures, at: Integers) -> Integers:
    parts = (written.votes[at], written.invalid[at, None], written.ballots[at, None])
    return np.concatenate(parts, axis=1)


def _errors(errors: Errors, copies: int, rng: np.random.Generator) -> Integers:
    rates = (errors.one_figure, errors.two_figures, errors.exchanged, errors.wrong_station)
    limits = np.cumsum(rates)
    drawn = rng.random(copies)
    place = np.searchsorted(limits, drawn, side="right")
    return np.where(place < len(rates), place + 1, 0).astype(np.int64)


def _distinct_columns(
    rows: int, number: int, columns: int, rng: np.random.Generator
) -> list[Integers]:
    """For every row, ``number`` (one or two) different columns."""
    first = rng.integers(0, columns, rows)
    if number == 1:
        return [first]
    return [first, (first + rng.integers(1, columns, rows)) % columns]


def _slipped(values: Integers, rng: np.random.Generator) -> Integers:
    """Each count misread: one digit taken for another, or the last one not seen."""
    digits = np.maximum(np.ceil(np.log10(np.maximum(values, 1) + 1)), 1).astype(np.int64)
    power = 10 ** rng.integers(0, digits)
    old = values // power % 10
    new = (old + rng.integers(1, 10, values.size)) % 10
    other = values + (new - old) * power
    dropped = (rng.random(values.size) < 0.3) & (values >= 10)
    return np.where(dropped, values // 10, other)


def _exchange(figures: Integers, at: Integers, options: int, rng: np.random.Generator) -> None:
    first = rng.integers(0, options, at.size)
    second = (first + rng.integers(1, options, at.size)) % options
    held = figures[at, first].copy()
    figures[at, first] = figures[at, second]
    figures[at, second] = held


def protocol_table(
    plan: Plan, copies: Copies, recorded: Recorded, votes: Votes, ids: pl.Series
) -> pl.DataFrame:
    """The copies as rows of the table of protocols."""
    names = [*(vote_column(option) for option in plan.options), "invalid", "ballots"]
    station = ids.gather(copies.filed)
    number = pl.Series(range(station.len()), dtype=pl.Int64)
    frame = pl.DataFrame(
        {
            "copy_id": pl.select(pl.format("c{}", number.cast(pl.String).str.zfill(7))).to_series(),
            "station_id": station,
            "registered": recorded.protocol.registered[copies.station],
            "early": votes.early[copies.station],
            "mobile": votes.mobile[copies.station],
        }
    )
    figures = [
        pl.select(
            pl.when(pl.Series(~copies.blank[:, column])).then(pl.Series(copies.figures[:, column]))
        )
        .to_series()
        .alias(name)
        for column, name in enumerate(names)
    ]
    return frame.with_columns(
        *figures,
        contest_id=pl.lit(CONTEST),
        document_id=pl.lit("observers"),
        form=pl.lit("photo"),
        status=pl.lit("accepted"),
    )


def report_table(
    plan: Plan, votes: Votes, ids: pl.Series, rng: np.random.Generator
) -> pl.DataFrame:
    """Reports of ballots cast by voters, counted by station and option: true and false ones."""
    true = rng.binomial(votes.cast, plan.reports.share).astype(np.int64)
    moving = rng.binomial(true, plan.reports.misassigned).astype(np.int64)
    reports = true - moving
    for option in range(len(plan.options)):
        places = rng.integers(0, plan.stations, int(moving[:, option].sum()))
        reports[:, option] += np.bincount(places, minlength=plan.stations)
    rival = 1
    invented = rng.binomial(int(true.sum()), plan.reports.false)
    places = rng.integers(0, plan.stations, invented)
    reports[:, rival] += np.bincount(places, minlength=plan.stations)
    photo = rng.binomial(reports, plan.reports.photo).astype(np.int64)
    # In the order of the key of the table, so that nothing has to be sorted.
    order = sorted(range(len(plan.options)), key=lambda column: plan.options[column])
    options = pl.Series([plan.options[column] for column in order], dtype=pl.String)
    station, which = np.divmod(np.arange(reports.size), len(order))
    frame = pl.DataFrame(
        {
            "station_id": ids.gather(station),
            "option_id": options.gather(which),
            "reports": reports[:, order].ravel(),
            "with_photo": photo[:, order].ravel(),
        }
    )
    return frame.filter(pl.col("reports") > 0).with_columns(
        contest_id=pl.lit(CONTEST), document_id=pl.lit("voters")
    )


def door_table(
    plan: Plan, votes: Votes, ids: pl.Series, rng: np.random.Generator, *, day: str
) -> pl.DataFrame:
    """Counts at the doors of some stations, over all voting of the day: nobody is missed."""
    at = np.flatnonzero(rng.random(plan.stations) < plan.doors)
    entered = (votes.ballots - votes.early - votes.mobile)[at]
    station = ids.gather(at)
    return pl.DataFrame(
        {
            "count_id": pl.select(pl.format("door-{}", station)).to_series(),
            "station_id": station,
            "entered": entered,
        }
    ).with_columns(
        pl.lit(f"{day}T08:00Z").alias("from"),
        pl.lit(f"{day}T20:00Z").alias("to"),
        document_id=pl.lit("observers"),
        complete=pl.lit(value=True),
    )


def error_table(copies: Copies, ids: pl.Series, copy_ids: Sequence[str]) -> pl.DataFrame:
    """The truth about copies with a clerical error: which copy, of which station, what error."""
    at = np.flatnonzero(copies.wrong > 0)
    return pl.DataFrame(
        {
            "copy_id": [copy_ids[i] for i in at.tolist()],
            "station_id": ids.gather(copies.station[at]),
            "filed_at": ids.gather(copies.filed[at]),
            "error": [ERRORS[kind] for kind in copies.wrong[at].tolist()],
        }
    )
