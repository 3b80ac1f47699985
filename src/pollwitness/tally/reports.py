"""Voters' own reports of ballots cast, against the protocols: the cast system (design 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.tables import CaseTables
from pollwitness.tally.bounds import RecordedVotes
from pollwitness.tally.territory import territory
from pollwitness.tally.tolerance import error_tolerance, report_tolerance

Integers = npt.NDArray[np.int64]


class ReportBasis(StrEnum):
    """Which reports are counted."""

    WITH_PHOTO = "with_photo"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, eq=False)
class CastVotes:
    """The least votes cast for each option at every station, from voter reports alone.

    ``reports`` has shape (stations, options), in the order of the territory. Several documents
    that report the same station are never added: the greatest counts. Intentions declared before
    the vote are not reports and have no place in the table.
    """

    options: tuple[str, ...]
    basis: ReportBasis
    reports: Integers


def cast_votes(tables: CaseTables, votes: RecordedVotes) -> CastVotes:
    """Reports of ballots cast, by station and option: with photograph where these are counted."""
    return _cast_votes(tables, votes.contest_id)


@lru_cache(maxsize=16)
def _cast_votes(tables: CaseTables, contest_id: str) -> CastVotes:
    options = tables.case.contest(contest_id).option_ids
    frame = tables.table("voter_reports").filter(pl.col("contest_id") == contest_id)
    photographed = frame["with_photo"].null_count() < frame.height
    basis = ReportBasis.WITH_PHOTO if photographed else ReportBasis.REPORTS
    stations = territory(tables).station_ids
    place = pl.DataFrame({"station_id": stations}).with_row_index("place")
    number = {option: position for position, option in enumerate(options)}
    counted = frame.select(
        "station_id",
        pl.col("option_id").replace_strict(number, return_dtype=pl.Int64).alias("option"),
        pl.col(str(basis)).fill_null(0).alias("n"),
    ).join(place, on="station_id", how="inner")
    reports = np.zeros((stations.len(), len(options)), dtype=np.int64)
    at = counted["place"].to_numpy(), counted["option"].to_numpy()
    np.maximum.at(reports, at, counted["n"].to_numpy())
    return CastVotes(options, basis, reports)


@dataclass(frozen=True, slots=True, eq=False)
class ReportConflict:
    """Stations where more voters report a ballot for an option than the protocol records.

    At each such station at least n - r of the reports are false, duplicated or misassigned, or the
    protocol is wrong. ``stations`` are positions, ``reports`` and ``recorded`` the figures there
    (the greatest that the copies of the protocol allow). ``all_reports`` are the reports for the
    option at all stations of the area that have a protocol.
    """

    option_id: str
    basis: ReportBasis
    stations: Integers
    reports: Integers
    recorded: Integers
    all_reports: int
    stations_compared: int

    @property
    def excess(self) -> Integers:
        """E = n - r at each station: shape (stations,)."""
        return self.reports - self.recorded

    @property
    def least_wrong(self) -> int:
        """The least number of reports that are wrong if all protocols are right."""
        return int(self.excess.sum())

    @property
    def contamination(self) -> Fraction:
        """The share of all these reports that would have to be wrong."""
        return Fraction(self.least_wrong, self.all_reports) if self.all_reports else Fraction(0)

    @property
    def may_be_honest(self) -> bool:
        """Whether honest mistakes could produce the conflict.

        That is: without the stations whose excess is greatest, as many as k* wrong forms, no more
        reports are in excess than may have been put to the wrong station.
        """
        kept = np.sort(self.excess)[::-1][error_tolerance(self.stations_compared) :]
        return int(kept.sum()) <= report_tolerance(self.all_reports)

    def surviving(self, dropped: Fraction) -> int:
        """Stations that still contradict if a share of the reports at each does not count.

        Shares of reports count as they are: a fifth of 12 reports is 2.4.
        """
        kept = dropped.denominator - dropped.numerator
        return int((self.reports * kept > self.recorded * dropped.denominator).sum())

    def resting_on(self, most: int) -> int:
        """Stations whose contradiction rests on at most so many reports."""
        return int((self.excess <= most).sum())


def report_conflict(
    votes: RecordedVotes, cast: CastVotes, option_id: str, area_id: str | None
) -> ReportConflict:
    """The stations of an area where reports for an option exceed the protocol."""
    at = votes.seen_in(area_id)
    reported = cast.reports[at, cast.options.index(option_id)]
    recorded = votes.high[at, votes.part(option_id)]
    over = reported > recorded
    return ReportConflict(
        option_id=option_id,
        basis=cast.basis,
        stations=at[over],
        reports=reported[over],
        recorded=recorded[over],
        all_reports=int(reported.sum()),
        stations_compared=at.size,
    )


def station_capacity(votes: RecordedVotes) -> Integers:
    """The most ballots at every station: by its protocol, its roll, or its room: (stations,)."""
    roll = np.where(votes.roll_high > 0, votes.roll_high, votes.room)
    return np.where(votes.seen, np.minimum(votes.ballots_high, np.maximum(roll, 0)), roll)


def overfull_stations(votes: RecordedVotes, cast: CastVotes) -> Integers:
    """Stations where voters report more ballots than there are voters, or ballots found."""
    return np.flatnonzero(cast.reports.sum(axis=1) > station_capacity(votes))
