"""Official figures in force, as intervals with their coverage (design 6.1)."""

from __future__ import annotations

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
    """The official figures in force for one area or station."""

    area_id: str | None
    station_id: str | None
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
    """The official figures in force, by place: areas first, then stations.

    In force is the highest version that is not withdrawn (or the ``version`` asked for); several
    prints of one version that differ give the range that covers them all. A figure published
    without its counts is used while no higher version gives the same figure in another form.
    """
    options = tables.case.contest(contest_id).option_ids
    results = _rows(tables, "official_results", contest_id, version)
    figures = _rows(tables, "official_figures", contest_id, version)
    by_place: dict[tuple[_Value, _Value], tuple[list[_Row], list[_Row]]] = {}
    for which, rows in enumerate((results, figures)):
        for row in rows:
            place = (row["area_id"], row["station_id"])
            by_place.setdefault(place, ([], []))[which].append(row)
    made = [_result(place, *rows, options) for place, rows in by_place.items()]
    return tuple(sorted(made, key=lambda r: (r.station_id or "", r.area_id or "")))


_Value = str | int | bool | None
_Row = dict[str, _Value]


def _rows(tables: CaseTables, name: str, contest_id: str, version: int | None) -> list[_Row]:
    frame = tables.table(name)
    replaced = frame.filter(~pl.col("withdrawn"))["supersedes"].drop_nulls()
    key = tables.schemas[name].key[0]
    frame = frame.filter(
        (pl.col("contest_id") == contest_id)
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
    place: tuple[_Value, _Value],
    results: list[_Row],
    figures: list[_Row],
    options: tuple[str, ...],
) -> OfficialResult:
    counts: dict[str, CountRange] = {}
    for name in (*_COUNTS, *(vote_column(option) for option in options)):
        given = _latest(row for row in results if row[name] is not None)
        if given:
            counts[name] = _count_range(given, name)
    shares: dict[str, ShareRange] = {}
    for name in ("ballots", *(vote_column(option) for option in options)):
        given = _latest(row for row in figures if _series_name(row) == name)
        if given:
            _add_figure(name, given, counts, shares)
    latest = _latest([*results, *figures])
    return OfficialResult(
        area_id=None if place[0] is None else str(place[0]),
        station_id=None if place[1] is None else str(place[1]),
        counts=counts,
        shares=shares,
        coverage=_coverage(latest, [*results, *figures]),
    )


_OF_VOTES = (str(Measure.VOTES), str(Measure.VOTE_SHARE))


def _series_name(row: _Row) -> str:
    """Which count or share a published figure is about; figures of other measures bound nothing."""
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
    kept = hull.scaled(factor).intersection(Interval(Fraction(0), Fraction(1)))
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


def _coverage(rows: list[_Row], every: list[_Row]) -> Coverage:
    """What the latest figures leave out; how many stations there are may stand in any version."""
    row = rows[0]
    totals = _latest(r for r in every if r["stations_total"] is not None)
    total = _whole(totals[0], "stations_total") if totals else None
    counted = _whole(row, "stations_counted")
    uncounted = total - counted if total is not None and counted is not None else None
    registered = _whole(row, "registered") if "registered" in row else None
    voters = _whole(row, "registered_counted") if "registered_counted" in row else None
    missing = registered - voters if registered is not None and voters is not None else None
    return Coverage(
        stations_uncounted=uncounted or None,
        stations_total=total,
        voters_uncounted=missing if missing is not None and missing > 0 else None,
    )
