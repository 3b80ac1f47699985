"""Results by station from a case folder or a bare CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.case import read_case
from pollwitness.errors import QuestionError
from pollwitness.forensics import (
    CaseStations,
    Expected,
    LateResults,
    StationResults,
    StationVectors,
    after_moment,
    case_late,
    case_stations,
    case_vectors,
)
from pollwitness.tables import CaseTables


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Stations with what is known of their election, and the rows that could not be used."""

    stations: StationResults
    expected: Expected
    election: str
    leader: str
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Whole results by station, and the rows that could not be used."""

    vectors: StationVectors
    election: str
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """Results by station with what was counted late, and the rows that could not be used."""

    results: LateResults
    election: str
    left_out: int


def read_stations(table: Path, contest: str | None, columns: Mapping[str, str | None]) -> Table:
    """The stations of a case folder, or of a CSV file by the names of its columns.

    Raises:
        QuestionError: if a file or column cannot be read, or holds no counts.
    """
    if not table.is_dir():
        return _stations_of_csv(table, columns)
    tables, name = _case(table, contest)
    leader = columns["leader"]
    options = tables.case.contest(name).option_ids
    if leader is not None and leader not in options:
        raise QuestionError(f"the contest has no option {leader!r}; it has {', '.join(options)}")
    found: CaseStations | None = case_stations(tables, name, leader)
    if found is None:
        raise QuestionError("the case holds no official results by station with a roll")
    shown = tables.case.option_name(found.leader_id)
    return Table(found.stations, found.expected, _title(tables, name), shown, found.left_out)


def _case(folder: Path, contest: str | None) -> tuple[CaseTables, str]:
    tables = read_case(folder).tables
    return tables, contest or tables.case.contests[0].id


def _title(tables: CaseTables, contest: str) -> str:
    return f"{tables.case.title}, {tables.case.contest(contest).name}"


def _stations_of_csv(file: Path, columns: Mapping[str, str | None]) -> Table:
    _require(columns, ("registered", "ballots", "leader"))
    wanted = {name: column for name, column in columns.items() if column is not None}
    counts = [column for name, column in wanted.items() if name != "region"]
    frame = _frame(file, counts, [wanted["region"]] if "region" in wanted else [])
    whole = frame.drop_nulls(list(wanted.values()))
    stations = StationResults.of(
        registered=whole[wanted["registered"]].to_numpy(),
        issued=whole[wanted["issued"]].to_numpy() if "issued" in wanted else None,
        ballots=whole[wanted["ballots"]].to_numpy(),
        leader=whole[wanted["leader"]].to_numpy(),
        region=whole[wanted["region"]].cast(pl.String).to_list() if "region" in wanted else None,
    )
    left_out = frame.height - whole.height
    return Table(stations, Expected(), file.name, wanted["leader"], left_out)


def _require(columns: Mapping[str, str | None], names: Sequence[str]) -> None:
    missing = [f"--{name}" for name in names if columns.get(name) is None]
    if missing:
        raise QuestionError(f"a CSV file needs {', '.join(missing)}: the names of its columns")


def _frame(file: Path, counts: Sequence[str], others: Sequence[str]) -> pl.DataFrame:
    """A CSV file with the named columns, of which some must hold counts.

    Raises:
        QuestionError: if the file cannot be read, or lacks a column, or a column holds no counts.
    """
    try:
        frame = pl.read_csv(file, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise QuestionError(
            f"{file} cannot be read as CSV: {str(error).splitlines()[0]}"
        ) from error
    absent = [column for column in (*counts, *others) if column not in frame.columns]
    if absent:
        known = ", ".join(frame.columns[:30])
        raise QuestionError(f"{file} has no column {', '.join(absent)}; it has {known}")
    texts = [column for column in counts if not frame[column].dtype.is_numeric()]
    if texts:
        raise QuestionError(f"{file}: {', '.join(texts)} hold texts; counts are needed")
    return frame


_ROW = "number of the row"


def read_vectors(
    table: Path, contest: str | None, columns: Mapping[str, str | None], options: Sequence[str]
) -> Vectors:
    """Whole results by station: ballots and the votes of every option.

    Raises:
        QuestionError: if a file or column cannot be read, or holds no counts.
    """
    if table.is_dir():
        tables, name = _case(table, contest)
        found = case_vectors(tables, name)
        if found is None:
            raise QuestionError("the case holds no results by station with all options")
        return Vectors(found.vectors, _title(tables, name), found.left_out)
    _require(columns, ("ballots",))
    if not options:
        raise QuestionError("a CSV file needs --option twice or more: the columns of votes")
    wanted = {name: column for name, column in columns.items() if column is not None}
    others = [column for name, column in wanted.items() if name != "ballots"]
    frame = _frame(table, [wanted["ballots"], *options], others)
    if _ROW in frame.columns:
        frame = frame.drop(_ROW)
    whole = frame.with_row_index(_ROW, offset=1).drop_nulls([wanted["ballots"], *options])

    def texts(name: str) -> list[str] | None:
        return whole[wanted[name]].cast(pl.String).to_list() if name in wanted else None

    vectors = StationVectors.of(
        names=texts("station") or [str(row) for row in whole[_ROW].to_list()],
        ballots=whole[wanted["ballots"]].to_numpy(),
        votes={option: whole[option].to_numpy() for option in options},
        region=texts("region"),
        building=texts("building"),
    )
    return Vectors(vectors, table.name, frame.height - whole.height)


def read_late(
    table: Path,
    contest: str | None,
    columns: Mapping[str, str | None],
    places: Sequence[str],
    until: str,
) -> Late:
    """Results by station, those after a moment being late, with their places coarse to fine.

    Raises:
        QuestionError: if a file or column cannot be read, or holds no counts or moments.
    """
    if table.is_dir():
        tables, name = _case(table, contest)
        found = case_late(tables, name, until, columns["leader"])
        if found is None:
            raise QuestionError("the case holds no official results by station")
        return Late(found.results, _title(tables, name), found.left_out)
    _require(columns, ("ballots", "leader", "counted"))
    ballots, leader, counted = (str(columns[name]) for name in ("ballots", "leader", "counted"))
    frame = _frame(table, [ballots, leader], [counted, *places])
    whole = frame.drop_nulls([ballots, leader, counted, *places])
    results = LateResults.of(
        ballots=whole[ballots].to_numpy(),
        leader=whole[leader].to_numpy(),
        is_late=_after(whole[counted], until),
        places=[(place, whole[place].cast(pl.String).to_list()) for place in places],
    )
    return Late(results, table.name, frame.height - whole.height)


def _after(moments: pl.Series, until: str) -> npt.NDArray[np.bool_]:
    """Whether each moment lies after another: numbers, or times in ISO 8601."""
    if moments.dtype.is_numeric():
        try:
            number = float(until)
        except ValueError as error:
            raise QuestionError(
                f"--until {until!r} is no number, but {moments.name} holds numbers"
            ) from error
        return (moments > number).to_numpy()
    return after_moment(moments.cast(pl.String).to_list(), until)
