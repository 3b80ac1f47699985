"""A recount as the tables of a case hold it: what was drawn, what was counted, what that shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pollwitness.audit.assess import Path, Recount, p_path
from pollwitness.audit.bounds import SCALE, ErrorBounds, error_bounds, errors
from pollwitness.audit.contests import Assertion, Reported, Side, assertions
from pollwitness.checks.manifest import reported_results
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.stats.draws import WeightedDraw, numbers, tickets, weighted
from pollwitness.tables import CaseTables, vote_column


@dataclass(frozen=True, slots=True)
class Step:
    """One draw: its number, the station it took, and what the recount there showed.

    ``outcome`` is None where nothing is known yet, ``taint`` too.
    """

    draw: WeightedDraw
    station_id: str
    outcome: Recount | None
    taint: float | None


@dataclass(frozen=True, eq=False)
class Assessment:
    """What a recount shows. ``path`` is None where observers chose the stations themselves."""

    sample_id: str
    contest_id: str
    method: str
    seed: str | None
    reported: Reported
    assertions: tuple[Assertion, ...]
    bounds: ErrorBounds
    steps: tuple[Step, ...]
    path: Path | None
    counted: int
    disagreed: int

    @property
    def waiting(self) -> int:
        """The draws from the first station on of which nothing is known yet."""
        known = 0 if self.path is None else len(self.path.taints)
        return len(self.steps) - known


def assertion_words(one: Assertion, tables: CaseTables) -> str:
    """What has to be confirmed, in words."""
    winner = tables.case.option_name(one.winner)
    if one.side is Side.BEATS:
        loser = tables.case.option_name(one.loser or "")
        return _("{winner} has more votes than {loser}").format(winner=winner, loser=loser)
    template = _("{option} has more than {share} of the valid votes")
    if one.side is Side.BELOW:
        template = _("{option} has less than {share} of the valid votes")
    return template.format(option=winner, share=one.share)


def assess(tables: CaseTables, sample_id: str) -> Assessment:
    """What the recounts of a sample show so far.

    Draws are looked at in their order, up to the first station of which nothing is known yet.

    Raises:
        QuestionError: if there is no such sample, its draws are not those of its seed, or a
            recount names a station of which there are no votes.
    """
    rows = tables.table("sample").filter(
        (pl.col("sample_id") == sample_id) & (pl.col("purpose") == "recount")
    )
    if rows.is_empty():
        raise QuestionError(f"the case has no sample {sample_id} for a recount")
    first = rows.row(0, named=True)
    contest_id, method, seed = first["contest_id"], first["method"], first["seed"]
    reported = reported_results(tables, contest_id)
    found = assertions(tables.case.contest(contest_id), reported)
    bounds = error_bounds(reported, found)
    drawn = rows.sort("draw")["station_id"].to_list()
    steps = _steps(reported, bounds, drawn, (method, seed))
    known = _recounted(tables, contest_id, reported, found)
    steps = [
        Step(one.draw, one.station_id, *known.get(one.station_id, (None, None))) for one in steps
    ]
    held = _held(bounds, method)
    steps = [_with_taint(one, bounds, float(held[one.draw.place])) for one in steps]
    taints = []
    for one in steps:
        if one.taint is None:
            break
        taints.append(min(one.taint, 1.0))
    return Assessment(
        sample_id, contest_id, method, seed, reported, found, bounds, tuple(steps),
        _path(taints, bounds, method),
        *_agreement(steps, known),
    )  # fmt: skip


def _path(taints: list[float], bounds: ErrorBounds, method: str) -> Path | None:
    """The p-values of the draws; None where observers chose.

    U is the sum of what divides errors: where each station has the same chance, the number of
    stations times the greatest bound.
    """
    if method == "observers":
        return None
    total = float(_held(bounds, method).sum())
    return p_path(taints, total, len(bounds.weights) if method in WITHOUT_REPLACEMENT else None)


def _held(bounds: ErrorBounds, method: str) -> Vector:
    """What the error of each station is divided by: its bound, or the greatest of all bounds."""
    if method in {"proportional", "observers"}:
        return np.maximum(bounds.weights / SCALE, _TINY)
    return np.full(len(bounds.weights), max(float(bounds.weights.max()) / SCALE, _TINY))


Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
_TINY = 1e-12
WITHOUT_REPLACEMENT = ("different", "consistent")
METHODS = ("proportional", "uniform", *WITHOUT_REPLACEMENT)
"""How stations may be drawn for a recount."""


def draw_stations(
    reported: Reported, bounds: ErrorBounds, method: str, seed: str, count: int
) -> list[WeightedDraw]:
    """The first draws of a seed.

    ``proportional`` to the error bounds, with replacement; ``uniform``, each with the same chance;
    ``different``, the same without those drawn before (Colorado); ``consistent``, in the order of
    the tickets of all ids, so that another list of stations draws the same ones (Rivest 2018).

    Raises:
        QuestionError: for a method that is none, or more different draws than stations.
    """
    if method in WITHOUT_REPLACEMENT and count > len(reported.stations):
        raise QuestionError(f"{count:,} different stations of {len(reported.stations):,}")
    if method == "proportional":
        return weighted(seed, bounds.weights.tolist(), count)
    if method == "uniform":
        drawn = zip(range(1, count + 1), numbers(seed, 1, len(reported.stations)), strict=False)
        return [WeightedDraw(k, number, number - 1) for k, number in drawn]
    if method == "different":
        return _different(seed, len(reported.stations), count)
    if method == "consistent":
        first = tickets(seed, reported.stations)[:count]
        return [
            WeightedDraw(k, int(one.number[2:22]), one.place)
            for k, one in enumerate(first, start=1)
        ]
    raise QuestionError(f"no such method of drawing: {method}; there are {', '.join(METHODS)}")


def _different(seed: str, stations: int, count: int) -> list[WeightedDraw]:
    """The first draws that take a station for the first time; k is that of the hash."""
    found: dict[int, WeightedDraw] = {}
    for k, number in enumerate(numbers(seed, 1, stations), start=1):
        if len(found) == count:
            break
        found.setdefault(number, WeightedDraw(k, number, number - 1))
    return list(found.values())


def _steps(
    reported: Reported, bounds: ErrorBounds, drawn: list[str], how: tuple[str, str | None]
) -> list[Step]:
    places = {name: place for place, name in enumerate(reported.stations)}
    strange = [one for one in drawn if one not in places]
    if strange:
        raise QuestionError(f"station {strange[0]} of the sample is not in the manifest")
    method, seed = how
    if method == "observers" or seed is None:
        return [Step(WeightedDraw(k, 0, places[one]), one, None, None)
                for k, one in enumerate(drawn, start=1)]  # fmt: skip
    made = draw_stations(reported, bounds, method, seed, len(drawn))
    for one, named in zip(made, drawn, strict=True):
        if reported.stations[one.place] != named:
            raise QuestionError(
                f"draw {one.k} of this seed takes station {reported.stations[one.place]}, and the "
                f"sample names {named}: the seed, the manifest or the results have changed"
            )
    return [Step(one, reported.stations[one.place], None, None) for one in made]


_Known = dict[str, tuple[Recount, float | None]]


def _recounted(
    tables: CaseTables, contest_id: str, reported: Reported, found: tuple[Assertion, ...]
) -> _Known:
    """What became of every station that was to be recounted: the outcome, and the error."""
    names = [vote_column(one) for one in reported.options]
    places = {name: place for place, name in enumerate(reported.stations)}
    rows = tables.table("recounts").filter(pl.col("contest_id") == contest_id)
    known: _Known = {}
    for row in rows.sort("recount_id").iter_rows(named=True):
        station = row["station_id"]
        if station not in places:
            raise QuestionError(f"recount {row['recount_id']}: {station} is not in the manifest")
        outcome = Recount(row["outcome"])
        if outcome is not Recount.COUNTED:
            known.setdefault(station, (outcome, None))
            continue
        counts = [row[name] for name in names]
        if any(one is None for one in counts):
            raise QuestionError(f"recount {row['recount_id']}: votes are blank; 0 is written as 0")
        own = reported.votes[[places[station]]]
        error = float(errors(own, np.array([counts], dtype=np.int64), found)[0])
        before = known.get(station)
        if before is not None and before[1] is not None:
            error = max(error, before[1])  # recounted twice: the worse one counts
        known[station] = (outcome, error)
    return known


def _with_taint(step: Step, bounds: ErrorBounds, held: float) -> Step:
    """The step with its taint: the error over what divides it; the bound where nobody counted."""
    if step.outcome is None:
        return step
    error = step.taint
    if error is None:
        error = max(float(bounds.weights[step.draw.place]) / SCALE, _TINY)
    return Step(step.draw, step.station_id, step.outcome, error / held)


def _agreement(steps: list[Step], known: _Known) -> tuple[int, int]:
    """How many different stations of the sample were counted, and how many of them disagreed."""
    stations = {one.station_id for one in steps if one.outcome is Recount.COUNTED}
    return len(stations), sum(known[one][1] != 0 for one in stations)
