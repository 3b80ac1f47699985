"""The evidence against itself: reports, copies, door counts, rolls and station figures."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from pollwitness.checks.check import (
    Answer,
    Judged,
    decisive_copies,
    headline,
    in_each_reading,
    inputs,
    is_fragile,
    lacks,
    reading_verdicts,
)
from pollwitness.claims import Claim, Decisive, Figure, Finding, Inequality, Robustness, Scope
from pollwitness.quantities import Rung, Verdict
from pollwitness.tables import CaseTables, Contest
from pollwitness.tally import (
    HEADLINE,
    UNDETECTED_FIGURE_RATE,
    UNDETECTED_FORM_RATE,
    Reading,
    RecordedVotes,
    ReportConflict,
    RollExcess,
    cast_votes,
    compared_stations,
    copy_differences,
    door_conflicts,
    error_tolerance,
    official_station_differences,
    officials_by_area,
    overfull_stations,
    recorded_votes,
    report_conflict,
    report_tolerance,
    roll_excess,
    station_capacity,
    stations_with_door_counts,
)

_A_FIFTH = Fraction(1, 5)
_FEW_REPORTS = 5


def reports_against_protocols(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether all protocols and all voter reports can be true, for every option."""
    del claim
    if missing := lacks(tables, "protocols", "voter_reports"):
        return missing
    found = [
        _report_finding(tables, contest, option)
        for contest in tables.case.contests
        for option in contest.option_ids
        if _conflict(recorded_votes(tables, contest.id, Reading.AS_WRITTEN), tables, option)
        .stations.size
    ]  # fmt: skip
    return tuple(found)


def _conflict(votes: RecordedVotes, tables: CaseTables, option: str) -> ReportConflict:
    return report_conflict(votes, cast_votes(tables, votes), option, None)


def _report_finding(tables: CaseTables, contest: Contest, option: str) -> Finding:
    def judge_reading(votes: RecordedVotes) -> Judged:
        conflict = _conflict(votes, tables, option)
        verdict = Verdict.CONTRADICTED if conflict.stations.size else Verdict.POSSIBLE
        return Judged(verdict, int(conflict.stations.size), conflict.least_wrong)

    judged = in_each_reading(tables, contest.id, judge_reading)
    head = headline(judged)
    written = _conflict(recorded_votes(tables, contest.id, Reading.AS_WRITTEN), tables, option)
    conflict = _conflict(recorded_votes(tables, contest.id, HEADLINE), tables, option)
    contradicted = head.verdict is Verdict.CONTRADICTED
    return Finding(
        check="tally.reports",
        check_version=1,
        claim_id=None,
        question="question.reports",
        verdict=head.verdict,
        rung=Rung.BOUNDS,
        scope=Scope(contest.id, None, None, (option,)),
        figures=(
            Figure("conflicting_stations", int(written.stations.size), "stations"),
            Figure("wrong_reports", written.least_wrong, "reports"),
            Figure("all_reports", written.all_reports, "reports"),
            Figure("contamination", written.contamination, "share"),
            Figure("wrong_reports_misread", conflict.least_wrong, "reports"),
            Figure("reports_there", int(conflict.reports.sum()), "reports"),
            Figure("recorded_there", int(conflict.recorded.sum()), "votes"),
            Figure("surviving_stations", written.surviving(_A_FIFTH), "stations"),
            Figure("few_reports_stations", written.resting_on(_FEW_REPORTS), "stations"),
            Figure("seen_stations", written.stations_compared, "stations"),
        ),
        inequality=Inequality(
            int(conflict.reports.sum()), "<=", int(conflict.recorded.sum()), "inequality.reports"
        )
        if contradicted
        else None,
        assumptions=("assumption.authentic", f"assumption.basis.{written.basis}"),
        robustness=Robustness(
            conflict.least_wrong,
            conflict.least_wrong,
            "reports",
            tolerance=report_tolerance(conflict.all_reports),
        )
        if contradicted
        else None,
        fragile=is_fragile(judged, None) or (contradicted and conflict.may_be_honest),
        readings=reading_verdicts(judged),
        would_decide=("decide.recount", "decide.verified_reports"),
        inputs=inputs(tables, "protocols", "stations", "voter_reports"),
    )


def door_counts(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether stations record more ballots than voters were seen to cast."""
    del claim
    if missing := lacks(tables, "protocols", "turnout_counts"):
        return missing
    return tuple(
        _door_finding(tables, contest.id)
        for contest in tables.case.contests
        if stations_with_door_counts(tables, contest.id)
    )


def _door_finding(tables: CaseTables, contest_id: str) -> Finding:
    def judge_reading(votes: RecordedVotes) -> Judged:
        found = door_conflicts(tables, contest_id, votes.reading)
        verdict = Verdict.CONTRADICTED if found.height else Verdict.POSSIBLE
        return Judged(verdict, found.height, int(found["excess"].sum()))

    judged = in_each_reading(tables, contest_id, judge_reading)
    head = headline(judged)
    found = door_conflicts(tables, contest_id, HEADLINE)
    robustness = _of_stations(found.height, stations_with_door_counts(tables, contest_id))
    return Finding(
        check="tally.doors",
        check_version=1,
        claim_id=None,
        question="question.doors",
        verdict=head.verdict,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id),
        figures=(
            Figure("conflicting_stations", found.height, "stations"),
            Figure("excess_ballots", int(found["excess"].sum()), "ballots"),
        ),
        inequality=Inequality(int(found["excess"].sum()), "<=", 0, "inequality.doors")
        if found.height
        else None,
        assumptions=("assumption.authentic", "assumption.door_count"),
        decisive=tuple(
            Decisive(document, None, excess)
            for document, excess in found.select("document_id", "excess").iter_rows()
        ),
        robustness=robustness,
        fragile=is_fragile(judged, robustness),
        readings=reading_verdicts(judged),
        would_decide=("decide.recount",),
        inputs=inputs(tables, "protocols", "stations", "turnout_counts"),
    )


def _of_stations(
    conflicting: int, compared: int, error_rate: float = UNDETECTED_FIGURE_RATE
) -> Robustness | None:
    """One document at each conflicting station; of so many compared some may be honest errors."""
    if not conflicting:
        return None
    tolerance = error_tolerance(compared, error_rate)
    return Robustness(conflicting, conflicting, "documents", tolerance=tolerance)


def copies_of_protocols(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the accepted copies of each protocol agree."""
    del claim
    if missing := lacks(tables, "protocols"):
        return missing
    return tuple(
        _copies_finding(tables, contest.id)
        for contest in tables.case.contests
        if copy_differences(tables, contest.id).height
    )


def _copies_finding(tables: CaseTables, contest_id: str) -> Finding:
    found = copy_differences(tables, contest_id)
    return Finding(
        check="tally.copies",
        check_version=1,
        claim_id=None,
        question="question.copies",
        verdict=Verdict.UNDECIDED,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id),
        figures=(
            Figure("conflicting_stations", found["station_id"].n_unique(), "stations"),
            Figure("conflicting_figures", found.height, "figures"),
        ),
        would_decide=("decide.photographs",),
        inputs=inputs(tables, "protocols", "stations"),
    )


def official_stations(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether official station results agree with the protocols of the same stations."""
    del claim
    if missing := lacks(tables, "protocols", "official_results"):
        return missing
    return tuple(
        _stations_finding(tables, contest.id)
        for contest in tables.case.contests
        if compared_stations(tables, contest.id, Reading.AS_WRITTEN).height
    )


def _stations_finding(tables: CaseTables, contest_id: str) -> Finding:
    def judge_reading(votes: RecordedVotes) -> Judged:
        found = official_station_differences(tables, contest_id, votes.reading)
        verdict = Verdict.CONTRADICTED if found.height else Verdict.POSSIBLE
        return Judged(verdict, found["station_id"].n_unique(), None)

    judged = in_each_reading(tables, contest_id, judge_reading)
    head = headline(judged)
    found = official_station_differences(tables, contest_id, HEADLINE)
    stations = found["station_id"].n_unique()
    totals = found.group_by("figure").agg(pl.col("difference").sum()).sort("figure")
    compared = compared_stations(tables, contest_id, HEADLINE)["station_id"].n_unique()
    robustness = _of_stations(stations, compared, UNDETECTED_FORM_RATE)
    return Finding(
        check="tally.official_stations",
        check_version=1,
        claim_id=None,
        question="question.official_stations",
        verdict=head.verdict,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id),
        figures=(
            Figure("conflicting_stations", stations, "stations"),
            *(
                Figure(f"net_{figure}", net_effect, "votes")
                for figure, net_effect in totals.select("figure", "difference").iter_rows()
            ),
        ),
        inequality=Inequality(stations, "<=", 0, "inequality.official_stations")
        if stations
        else None,
        assumptions=("assumption.authentic", "assumption.one_misread"),
        decisive=_differing_copies(tables, contest_id, found),
        robustness=robustness,
        fragile=is_fragile(judged, robustness),
        readings=reading_verdicts(judged),
        would_decide=("decide.photographs", "decide.recount"),
        inputs=inputs(tables, "protocols", "stations", "official_results"),
    )


def _differing_copies(
    tables: CaseTables, contest_id: str, differences: pl.DataFrame
) -> tuple[Decisive, ...]:
    """The copies at stations that differ, by how many votes and ballots, the most first."""
    votes = recorded_votes(tables, contest_id, HEADLINE)
    places = pl.DataFrame({"station_id": votes.territory.station_ids}).with_row_index("place")
    by_station = (
        differences.group_by("station_id")
        .agg(pl.col("difference").abs().sum())
        .join(places, on="station_id")
        .sort("difference", "place", descending=[True, False])
    )
    return decisive_copies(tables, votes, by_station.select("place", "difference").iter_rows())


def overfull(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether stations have more reported ballots than voters on their roll."""
    del claim
    if missing := lacks(tables, "voter_reports"):
        return missing
    found = []
    for contest in tables.case.contests:
        votes = recorded_votes(tables, contest.id, HEADLINE)
        cast = cast_votes(tables, votes)
        at = overfull_stations(votes, cast)
        excess = int((cast.reports.sum(axis=1) - station_capacity(votes))[at].sum())
        if at.size:
            reports = int(cast.reports.sum())
            found.append(_overfull_finding(tables, contest.id, (int(at.size), excess, reports)))
    return tuple(found)


def rolls(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the forms of an area hold more voters than the roll of the area."""
    del claim
    if missing := lacks(tables, "protocols", "official_results"):
        return missing
    found = []
    for contest in tables.case.contests:
        votes = recorded_votes(tables, contest.id, HEADLINE)
        for area in officials_by_area(tables, contest.id):
            excess = roll_excess(tables, votes, area)
            if excess is not None:
                found.append(_roll_finding(tables, contest.id, area, excess))
    return tuple(found)


def _roll_finding(tables: CaseTables, contest_id: str, area: str, excess: RollExcess) -> Finding:
    votes = recorded_votes(tables, contest_id, HEADLINE)
    tolerance = error_tolerance(int(votes.copies[votes.seen_in(area)].sum()))
    return Finding(
        check="tally.rolls",
        check_version=1,
        claim_id=None,
        question="question.area_roll",
        verdict=Verdict.CONTRADICTED,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id, area),
        figures=(Figure("excess_voters", excess.voters, "voters"),),
        inequality=Inequality(excess.voters, "<=", 0, "inequality.area_roll"),
        assumptions=("assumption.authentic", f"assumption.roll.{excess.basis}"),
        robustness=Robustness(excess.documents, excess.documents, "documents", tolerance=tolerance),
        fragile=excess.documents <= tolerance,
        would_decide=("decide.rolls",),
        inputs=inputs(tables, "protocols", "stations", "official_results", "areas"),
    )


def _overfull_finding(
    tables: CaseTables, contest_id: str, counted: tuple[int, int, int]
) -> Finding:
    stations, excess, reports = counted
    tolerance = report_tolerance(reports)
    return Finding(
        check="tally.overfull",
        check_version=1,
        claim_id=None,
        question="question.overfull",
        verdict=Verdict.CONTRADICTED,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id),
        figures=(
            Figure("conflicting_stations", stations, "stations"),
            Figure("wrong_reports", excess, "reports"),
        ),
        inequality=Inequality(excess, "<=", 0, "inequality.overfull"),
        assumptions=("assumption.reports_true",),
        robustness=Robustness(excess, excess, "reports", tolerance=tolerance),
        fragile=excess <= tolerance,
        would_decide=("decide.verified_reports", "decide.rolls"),
        inputs=inputs(tables, "voter_reports", "stations", "protocols"),
    )
