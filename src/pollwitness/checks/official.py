"""Official figures against the protocols: no claim needed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from pollwitness.checks.check import (
    Answer,
    Judged,
    copies_at,
    decisive_copies,
    headline,
    in_each_reading,
    inputs,
    is_fragile,
    lacks,
    reading_verdicts,
)
from pollwitness.claims import (
    Claim,
    Figure,
    Finding,
    Inequality,
    Missing,
    Robustness,
    Scope,
    Sensitivity,
)
from pollwitness.quantities import Rung, Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import (
    HEADLINE,
    UNDETECTED_FORM_RATE,
    AreaComparison,
    Family,
    OfficialResult,
    Reading,
    RecordedVotes,
    Remainder,
    Together,
    compare_areas,
    error_tolerance,
    figures_together,
    official_ballots,
    officials_by_area,
    recorded_votes,
    release_bias,
    release_bias_within_strata,
    remainder,
    robustness,
)
from pollwitness.tally.official import Coverage

_TABLES = ("areas", "stations", "protocols", "official_results", "official_figures")
PHIS = (Fraction(0), Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(1))
"""The φ at which k(φ) is published (design 6.1)."""


def official_against_protocols(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether the official figures of each area and its protocols can both be true."""
    del claim
    if missing := lacks(tables, "protocols"):
        return missing
    if not (tables.has("official_results") or tables.has("official_figures")):
        return Missing(("official_results",), "missing.tables")
    return tuple(
        _area_finding(tables, contest.id, area)
        for contest in tables.case.contests
        for area in _areas_with_protocols(tables, contest.id)
    )


def _areas_with_protocols(tables: CaseTables, contest_id: str) -> list[str]:
    votes = recorded_votes(tables, contest_id, Reading.AS_WRITTEN)
    officials = officials_by_area(tables, contest_id)
    counted = ("votes_", "ballots", "valid", "invalid")
    return [
        area
        for area in sorted(officials)
        if votes.seen_in(area).size
        and any(name.startswith(counted) for name in officials[area].counts)
    ]


def _area_finding(tables: CaseTables, contest_id: str, area: str) -> Finding:
    compared = {
        reading: next(c for c in compare_areas(tables, contest_id, reading) if c.area_id == area)
        for reading in Reading
    }
    judged = {reading: _judged(one) for reading, one in compared.items()}
    head = compared[HEADLINE]
    votes = recorded_votes(tables, contest_id, HEADLINE)
    support = _robustness(votes, head)
    return Finding(
        check="tally.official",
        check_version=1,
        claim_id=None,
        question="question.official",
        verdict=head.verdict,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id, area),
        options=_options(tables, head),
        figures=_area_figures(votes, compared),
        inequality=_area_inequality(head),
        assumptions=(
            "assumption.authentic",
            "assumption.one_misread",
            "assumption.form_roll",
            f"assumption.room.{head.room.basis}",
            *(() if head.official.coverage == Coverage() or not _leaves_out(head.official)
              else ("assumption.coverage",)),
        ),
        decisive=()
        if head.support is None
        else decisive_copies(tables, votes, head.support.decisive),
        robustness=None
        if support is None or head.support is None
        else Robustness(
            support.least, support.at_most, support.unit, support.outlets, support.tolerance, (),
            tuple(copy for _, copy in copies_at(tables, votes, head.support.in_every_set)),
        ),
        fragile=is_fragile(judged, support),
        readings=reading_verdicts(judged),
        would_decide=("decide.station_results", "decide.more_protocols"),
        inputs=inputs(tables, *_TABLES),
    )  # fmt: skip


def _leaves_out(official: OfficialResult) -> bool:
    coverage = official.coverage
    return coverage.stations_uncounted is not None or coverage.voters_uncounted is not None


def _judged(compared: AreaComparison) -> Judged:
    certificate = compared.certificate
    if certificate is None:
        return Judged(compared.verdict, None, None)
    return Judged(compared.verdict, certificate.needed, certificate.allowed)


def _options(tables: CaseTables, compared: AreaComparison) -> tuple[str, ...]:
    if compared.certificate is None:
        return ()
    names = [compared.parts[c] for c in compared.certificate.parts if c < len(compared.parts)]
    known = set(tables.case.option_ids)
    return tuple(o for n in names if (o := n.removeprefix("votes_")) in known)


def _area_figures(
    votes: RecordedVotes, compared: dict[Reading, AreaComparison]
) -> tuple[Figure, ...]:
    head = compared[HEADLINE]
    area = head.area_id
    figures: list[Figure] = []
    if head.certificate is not None:
        figures.append(Figure("short", head.certificate.gap, "votes"))
    figures.append(Figure("seen_stations", int(votes.seen_in(area).size), "stations"))
    total = head.official.coverage.stations_total
    if total is not None:
        figures.append(Figure("all_stations", total, "stations"))
    figures.append(Figure("slack", head.slack, "ballots"))
    for reading, one in compared.items():
        if one.certificate is not None and one.support is not None:
            least, most = one.support.least, one.support.at_most
            figures.append(Figure(f"documents_{reading}", least, "documents", least, most))
    return tuple(figures)


_TEXTS = {
    Family.FLOOR: "inequality.official_floor",
    Family.CEILING: "inequality.official_ceiling",
    Family.TOTAL_FLOOR: "inequality.official_total_floor",
    Family.TOTAL_CEILING: "inequality.official_total_ceiling",
}


def _area_inequality(compared: AreaComparison) -> Inequality | None:
    certificate = compared.certificate
    if certificate is None:
        return None
    return Inequality(certificate.needed, "<=", certificate.allowed, _TEXTS[certificate.family])


def _robustness(votes: RecordedVotes, compared: AreaComparison) -> Robustness | None:
    support = compared.support
    if support is None:
        return None
    documents = int(votes.copies[votes.seen_in(compared.area_id)].sum())
    outlets = [count.outlets for count in compared.official.counts.values() if count.outlets]
    return Robustness(
        least=support.least,
        at_most=support.at_most,
        unit="documents",
        outlets=max(outlets, default=None),
        tolerance=_tolerance(documents, support.figures),
    )


def _tolerance(documents: int, figures: int) -> int:
    """K*: errors in one figure of each form count where the inequality counts just that one."""
    if figures == 1:
        return error_tolerance(documents)
    return error_tolerance(documents, UNDETECTED_FORM_RATE)


def unseen_stations(tables: CaseTables, claim: Claim | None) -> Answer:
    """What the stations without a protocol would have to hold, and how unlike the others."""
    del claim
    if missing := lacks(tables, "protocols"):
        return missing
    found = [
        _remainder_finding(tables, contest.id, officials[area], rest)
        for contest in tables.case.contests
        for officials in (officials_by_area(tables, contest.id),)
        for area in _areas_with_protocols(tables, contest.id)
        for option in contest.option_ids
        if not _leaves_out(officials[area])
        and (rest := _rest(tables, contest.id, officials[area], option)) is not None
    ]
    return tuple(found)


def _rest(
    tables: CaseTables, contest_id: str, official: OfficialResult, option: str
) -> Remainder | None:
    votes = recorded_votes(tables, contest_id, Reading.AS_WRITTEN)
    rest = remainder(tables, votes, official, option)
    complete = rest is not None and rest.unseen_stations != 0 and rest.unseen_ballots is not None
    return rest if complete and rest is not None and rest.seen_stations else None


def _remainder_finding(
    tables: CaseTables, contest_id: str, official: OfficialResult, rest: Remainder
) -> Finding:
    votes = recorded_votes(tables, contest_id, Reading.AS_WRITTEN)
    bias = _bias(rest)
    curve = robustness_curve(votes, official, rest.option_id)
    within = release_bias_within_strata(tables, votes, official, rest)
    positive = next((point for point in curve if point[1] > 0), None)
    return Finding(
        check="tally.remainder",
        check_version=1,
        claim_id=None,
        question="question.remainder",
        verdict=Verdict.UNDECIDED,
        rung=Rung.ESTIMATES,
        scope=Scope(contest_id, official.area_id, None, (rest.option_id,)),
        figures=(
            *_remainder_figures(rest),
            *(
                ()
                if within is None
                else (
                    Figure("release_bias_within_strata", within.gamma, "factor"),
                    Figure("strata", within.strata, "strata"),
                )
            ),
        ),
        assumptions=(
            "assumption.authentic",
            "assumption.as_written",
            "assumption.phi",
            *(() if official.count("ballots") else ("assumption.turnout_times_roll",)),
            *(() if _all_ballots_known(votes, official, rest) else ("assumption.blank_ballots",)),
        ),
        robustness=None
        if positive is None
        else Robustness(curve[0][1], curve[0][2] or curve[0][1], "documents", None, None, curve),
        sensitivity=None if bias is None else Sensitivity("release_bias", bias),
        innocent_explanations=("innocent.selective_release", "innocent.regional_support"),
        would_decide=("decide.station_results", "decide.more_protocols"),
        inputs=inputs(tables, *_TABLES),
    )


def _all_ballots_known(votes: RecordedVotes, official: OfficialResult, rest: Remainder) -> bool:
    """Whether every form that states the option states its ballots, or all of its parts."""
    at = votes.seen_in(official.area_id)
    at = at[votes.given[at, votes.part(rest.option_id)]]
    return bool(votes.ballots_known[at].all())


def _bias(rest: Remainder) -> float | None:
    """Γ at the middle of the rounding of the official figures."""
    if rest.unseen_ballots is None or not rest.seen_ballots:
        return None
    ballots = sum(rest.unseen_ballots) // 2
    if ballots <= 0:
        return None
    return release_bias(
        [rest.seen_votes],
        [rest.seen_ballots],
        unseen_ballots=[ballots],
        unseen_votes=sum(rest.unseen_votes) // 2,
    ).gamma


def _remainder_figures(rest: Remainder) -> tuple[Figure, ...]:
    least, most = rest.unseen_votes
    figures = [
        Figure("unseen_votes", None if least != most else least, "votes", least, most),
        Figure("seen_votes", rest.seen_votes, "votes"),
        Figure("seen_ballots", rest.seen_ballots, "ballots"),
        Figure("seen_stations", rest.seen_stations, "stations"),
        Figure("slack", rest.slack, "ballots"),
    ]
    if rest.unseen_stations is not None:
        figures.append(Figure("unseen_stations", rest.unseen_stations, "stations"))
    if rest.unseen_ballots is not None:
        low, high = rest.unseen_ballots
        figures.append(Figure("unseen_ballots", None if low != high else low, "ballots", low, high))
    named = {
        "seen_share": (rest.seen_share, rest.seen_share, "share"),
        "seen_average": (rest.seen_average, rest.seen_average, "votes per station"),
        "needed_share": (*(rest.needed_share or (None, None)), "share"),
        "needed_average": (*(rest.needed_average or (None, None)), "votes per station"),
    }
    for name, (low_end, high_end, unit) in named.items():
        if low_end is not None:
            exact = low_end if low_end == high_end else None
            figures.append(Figure(name, exact, unit, low_end, high_end))
    return tuple(figures)


def robustness_curve(
    votes: RecordedVotes, official: OfficialResult, option_id: str
) -> tuple[tuple[Fraction, int, int | None], ...]:
    """k(φ) over the published φ, as a range over the rounding of the official figures.

    Each station counts as one document. A greater official figure needs fewer documents removed,
    more official ballots need more; so the two extreme corners of the rounding bound the range,
    unless what binds is that the option cannot have more votes than there are ballots.
    """
    count = official.count(votes.parts[votes.part(option_id)])
    ballots = official_ballots(official)
    if count is None or ballots is None:
        return ()
    at = votes.seen_in(official.area_id)
    at = at[votes.given[at, votes.part(option_id)]]
    own = votes.low[at, votes.part(option_id)]
    found = np.maximum(votes.written_ballots[at], own)
    corners = dict.fromkeys(((count.greatest, ballots[0]), (count.least, ballots[1])))
    curve = []
    for phi in PHIS:
        points = [
            robustness(own, found, official_votes=o, official_ballots=b, phi=phi)
            for o, b in corners
        ]
        most = [point.at_most for point in points]
        known = [m for m in most if m is not None]
        at_most = max(known) if len(known) == len(most) else None
        curve.append((phi, min(point.least for point in points), at_most))
    return tuple(curve)


def all_figures_together(tables: CaseTables, claim: Claim | None) -> Answer:
    """Whether all official figures, of areas, options and percentages, can be true at once."""
    del claim
    if not (tables.has("official_results") or tables.has("official_figures")):
        return Missing(("official_results",), "missing.tables")
    return tuple(
        _together_finding(tables, contest.id)
        for contest in tables.case.contests
        if officials_by_area(tables, contest.id)
    )


def _together(tables: CaseTables, contest_id: str, reading: Reading) -> Together:
    alone = _contradicted(tables, contest_id, reading)
    return figures_together(tables, contest_id, reading=reading, without=alone)


def _contradicted(tables: CaseTables, contest_id: str, reading: Reading) -> frozenset[str]:
    """The areas whose own figures already contradict their protocols."""
    return frozenset(
        compared.area_id
        for compared in compare_areas(tables, contest_id, reading)
        if compared.verdict is Verdict.CONTRADICTED
    )


def _together_finding(tables: CaseTables, contest_id: str) -> Finding:
    def judge_reading(votes: RecordedVotes) -> Judged:
        together = _together(tables, contest_id, votes.reading)
        if together.inequality is None:
            verdict = Verdict.POSSIBLE if together.areas else Verdict.UNDECIDED
            return Judged(verdict, None, None)
        inequality = together.inequality
        return Judged(Verdict.CONTRADICTED, inequality.needed, inequality.reachable)

    judged = in_each_reading(tables, contest_id, judge_reading)
    head = headline(judged)
    together = _together(tables, contest_id, HEADLINE)
    weights = () if together.inequality is None else together.inequality.weights
    robustness = _behind(tables, contest_id, together)
    return Finding(
        check="tally.together",
        check_version=1,
        claim_id=None,
        question="question.together",
        verdict=head.verdict,
        rung=Rung.BOUNDS,
        scope=Scope(contest_id),
        figures=(
            Figure("areas", len(together.areas), "areas"),
            Figure("areas_left_out", len(_contradicted(tables, contest_id, HEADLINE)), "areas"),
            *(Figure(label, weight, "weight") for label, weight in weights),
        ),
        inequality=None
        if together.inequality is None
        else Inequality(
            together.inequality.needed, "<=", together.inequality.reachable, "inequality.together"
        ),
        assumptions=(
            "assumption.authentic",
            "assumption.one_misread",
            *(
                ("assumption.areas_left_out",)
                if _contradicted(tables, contest_id, HEADLINE)
                else ()
            ),
        ),
        robustness=robustness,
        fragile=is_fragile(judged, robustness),
        readings=reading_verdicts(judged),
        would_decide=("decide.station_results",),
        inputs=inputs(tables, *_TABLES),
    )


def _behind(tables: CaseTables, contest_id: str, together: Together) -> Robustness | None:
    """Between how many documents and all of them a joint contradiction rests on."""
    if together.inequality is None or together.documents is None:
        return None
    votes = recorded_votes(tables, contest_id, HEADLINE)
    documents = int(votes.copies[votes.seen_in(None)].sum())
    tolerance = error_tolerance(documents, UNDETECTED_FORM_RATE)
    return Robustness(together.documents, documents, "documents", tolerance=tolerance)
