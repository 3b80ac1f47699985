"""Official figures in force, as intervals with their coverage (design 6.1)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import polars as pl

from pollwitness.quantities import Denominator, Interval, Measure, Rounding, exact_range
from pollwitness.tables import CaseTables, vote_column

_COUNTS = ("registered", "added", "issued", "ballots", "valid", "invalid")


@dataclass(frozen=True, slots=True)
class CountRange:
    """A published count: the least and greatest whole number behind it, and who carries it.

    ``printed`` is the figure as it was printed (the least of several prints), ``published_at`` when
    this very figure was published: other figures of the place may be older or newer.
    """

    least: int
    greatest: int
    printed: int
    version: int
    published_at: str
    documents: tuple[str, ...]
    outlets: int | None


@dataclass(frozen=True, slots=True)
class ShareRange:
    """A published share, from 0 to 1, with what it is a share of."""

    interval: Interval
    printed: Fraction
    denominator: Denominator
    version: int
    documents: tuple[str, ...]
    outlets: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of its place an official figure includes; None where it includes all or all known.

    Where stations outside the count are not named, comparisons concede the most favourable set of
    that size (``stations_uncounted``) or of that many voters (``voters_uncounted``).
    """

    stations_uncounted: int | None = None
    stations_total: int | None = None
    voters_uncounted: int | None = None


@dataclass(frozen=True, slots=True)
class OfficialResult:
    """The official figures in force for one area."""

    area_id: str
    counts: Mapping[str, CountRange]
    shares: Mapping[str, ShareRange]
    """By ``turnout``, or by the vote column of the option."""
    coverage: Coverage

    def count(self, name: str) -> CountRange | None:
        """The published count of that column, if there is one."""
        return self.counts.get(name)


@lru_cache(maxsize=32)
def official_results(
    tables: CaseTables, contest_id: str, *, version: int | None = None
) -> tuple[OfficialResult, ...]:
    """The official figures in force of every area that has some, by area.

    In force is the highest version that is not withdrawn (or the ``version`` asked for); several
    prints of one version that differ give the range that covers them all. A figure published
    without its counts is used while no higher version gives the same figure in another form.
    Figures that include different numbers of stations are never mixed: those that include the most
    are kept. A partial count whose total number of stations nobody states is left out: what it
    leaves out cannot be conceded.
    """
    options = tables.case.contest(contest_id).option_ids
    by_area: dict[str, tuple[list[_Row], list[_Row]]] = {}
    for which, name in enumerate(("official_results", "official_figures")):
        for row in _rows(tables, name, contest_id, version):
            by_area.setdefault(str(row["area_id"]), ([], []))[which].append(row)
    return tuple(_result(area, *by_area[area], options) for area in sorted(by_area))


_Value = str | int | bool | None
_Row = dict[str, _Value]


def _rows(tables: CaseTables, name: str, contest_id: str, version: int | None) -> list[_Row]:
    frame = tables.table(name)
    replaced = frame.filter(~pl.col("withdrawn"))["supersedes"].drop_nulls()
    key = tables.schemas[name].key[0]
    frame = frame.filter(
        (pl.col("contest_id") == contest_id)
        & pl.col("area_id").is_not_null()
        & ~pl.col("withdrawn")
        & ~pl.col(key).is_in(replaced.implode())
    )
    if version is not None:
        frame = frame.filter(pl.col("version") == version)
    return frame.to_dicts()


def _whole(row: _Row, name: str) -> int | None:
    value = row[name]
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _fraction(row: _Row, name: str) -> Fraction:
    return Fraction(str(row[name]))


def _latest(rows: Iterable[_Row]) -> list[_Row]:
    rows = list(rows)
    top = max((_whole(row, "version") or 0 for row in rows), default=0)
    return [row for row in rows if row["version"] == top]


def _result(
    area_id: str, results: list[_Row], figures: list[_Row], options: tuple[str, ...]
) -> OfficialResult:
    total = _stations_total([*results, *figures])
    votes = [vote_column(option) for option in options]
    rolls = {n: _in_force(results, n) for n in ("registered", "added")}
    counted = {
        name: _in_force(_with_known_coverage(results, total), name)
        for name in (*_COUNTS, *votes)
        if name not in rolls
    }
    printed = {
        name: _latest(r for r in _with_known_coverage(figures, total) if _series_name(r) == name)
        for name in ("ballots", *votes)
    }
    widest = _widest([*counted.values(), *printed.values()], votes, total)
    counts = {
        name: _count_range(rows, name)
        for name, rows in {**rolls, **counted}.items()
        if rows and (name in rolls or _reach(rows, total) == widest)
    }
    shares: dict[str, ShareRange] = {}
    used = [row for rows in counted.values() if _reach(rows, total) == widest for row in rows]
    for name, rows in printed.items():
        if rows and _reach(rows, total) == widest:
            _add_figure(name, rows, counts, shares)
            used += rows
    return OfficialResult(area_id, counts, shares, _coverage(used, total, counts))


def _in_force(rows: list[_Row], name: str) -> list[_Row]:
    return _latest(row for row in rows if row[name] is not None)


def _with_known_coverage(rows: list[_Row], total: int | None) -> list[_Row]:
    return [row for row in rows if total is not None or row["stations_counted"] is None]


_Reach = tuple[float, float]


def _reach(rows: list[_Row], total: int | None) -> _Reach:
    """How many stations, and voters, a figure includes: the fewest of its prints; ∞ for all."""
    stations = [n for row in rows if (n := _whole(row, "stations_counted")) is not None]
    voters = [
        n for row in rows
        if "registered_counted" in row and (n := _whole(row, "registered_counted")) is not None
    ]  # fmt: skip
    reach = min(stations, default=math.inf)
    return (
        math.inf if total is not None and reach >= total else reach,
        min(voters, default=math.inf),
    )


def _widest(groups: list[list[_Row]], votes: list[str], total: int | None) -> _Reach:
    """The widest reach of a figure for votes, or of any figure: others are not mixed with it."""
    given = [rows for rows in groups if rows]
    of_votes = [
        rows for rows in given
        if any(row.get(name) is not None for row in rows for name in votes)
        or _series_name(rows[0]) in votes
    ]  # fmt: skip
    reaches = [_reach(rows, total) for rows in of_votes or given]
    return max(reaches, default=(math.inf, math.inf))


_OF_VOTES = (str(Measure.VOTES), str(Measure.VOTE_SHARE))


def _series_name(row: _Row) -> str:
    """Which count or share a published figure is about; figures of other measures bound nothing."""
    if "measure" not in row:
        return ""
    if row["measure"] in (str(Measure.BALLOTS), str(Measure.TURNOUT)):
        return "ballots"
    named = row["option_id"] is not None and row["measure"] in _OF_VOTES
    return vote_column(str(row["option_id"])) if named else ""


def _add_figure(
    name: str,
    rows: list[_Row],
    counts: dict[str, CountRange],
    shares: dict[str, ShareRange],
) -> None:
    version = _whole(rows[0], "version") or 0
    if name in counts and counts[name].version >= version:
        return
    counted = [r for r in rows if r["measure"] in (str(Measure.VOTES), str(Measure.BALLOTS))]
    if counted:
        counts[name] = _figure_count(counted)
        return
    counts.pop(name, None)
    shares["turnout" if name == "ballots" else name] = _figure_share(rows)


def _count_range(rows: list[_Row], name: str) -> CountRange:
    printed = [_whole(row, name) or 0 for row in rows]
    exact = [
        exact_range(
            Interval.exactly(value), Fraction(_whole(row, "rounded_to") or 1), _rounding(row)
        )
        for row, value in zip(rows, printed, strict=True)
    ]
    return _as_count(exact, min(printed), rows)


def _figure_count(rows: list[_Row]) -> CountRange:
    return _as_count([_figure_range(row) for row in rows], int(_fraction(rows[0], "low")), rows)


def _figure_share(rows: list[_Row]) -> ShareRange:
    hull = _hull([_figure_range(row) for row in rows])
    percent = rows[0]["unit"] == "percent"
    factor = Fraction(1, 100) if percent else Fraction(1)
    # More than the whole is kept as printed: a turnout above 100 % exists where voters were added.
    kept = hull.scaled(factor).intersection(Interval.at_least(0))
    return ShareRange(
        interval=kept or Interval.exactly(0),
        printed=_fraction(rows[0], "low") * factor,
        denominator=_denominator(rows[0]),
        version=_whole(rows[0], "version") or 0,
        documents=_documents(rows),
        outlets=_outlets(rows),
    )


def _denominator(row: _Row) -> Denominator:
    if row["measure"] == str(Measure.TURNOUT):
        return Denominator.REGISTERED
    return Denominator(str(row["denominator"]))


def _figure_range(row: _Row) -> Interval:
    printed = Interval(_fraction(row, "low"), _fraction(row, "high"))
    return exact_range(printed, _fraction(row, "rounded_to"), _rounding(row))


def _rounding(row: _Row) -> Rounding:
    return Rounding(str(row["rounding"]))


def _hull(intervals: list[Interval]) -> Interval:
    hull = intervals[0]
    for interval in intervals[1:]:
        hull = hull.hull(interval)
    return hull


def _as_count(exact: list[Interval], printed: int, rows: list[_Row]) -> CountRange:
    hull = _hull(exact)
    return CountRange(
        least=max(hull.least_integer() or 0, 0),
        greatest=hull.greatest_integer() or 0,
        printed=printed,
        version=_whole(rows[0], "version") or 0,
        published_at=min(str(row["published_at"]) for row in rows),
        documents=_documents(rows),
        outlets=_outlets(rows),
    )


def _documents(rows: list[_Row]) -> tuple[str, ...]:
    return tuple(sorted({str(row["document_id"]) for row in rows}))


def _outlets(rows: list[_Row]) -> int | None:
    known = [count for row in rows if (count := _whole(row, "outlets")) is not None]
    return max(known, default=None)


def _stations_total(rows: list[_Row]) -> int | None:
    """How many stations there are: the last figure that says so, in whichever version."""
    totals = _latest(row for row in rows if row["stations_total"] is not None)
    return _whole(totals[0], "stations_total") if totals else None


def _coverage(used: list[_Row], total: int | None, counts: Mapping[str, CountRange]) -> Coverage:
    """What the figures in force leave out: the most that any of them does."""
    counted = [n for row in used if (n := _whole(row, "stations_counted")) is not None]
    stations = total - min(counted) if counted and total is not None else 0
    registered = counts.get("registered")
    voters = [
        n for row in used
        if "registered_counted" in row and (n := _whole(row, "registered_counted")) is not None
    ]  # fmt: skip
    missing = registered.greatest - min(voters) if voters and registered is not None else 0
    return Coverage(
        stations_uncounted=stations if stations > 0 else None,
        stations_total=total,
        voters_uncounted=missing if missing > 0 else None,
    )
