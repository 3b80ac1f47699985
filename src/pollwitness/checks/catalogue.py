"""THE catalogue of questions, and asking all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pollwitness import __version__
from pollwitness.checks import (
    agreement,
    documents,
    forensics,
    official,
    people,
    quick_count_claims,
    recount_claims,
    shares,
    stations,
    votes,
)
from pollwitness.checks.areas import area_figures
from pollwitness.checks.check import Check
from pollwitness.checks.history import with_history
from pollwitness.claims import (
    AreaFigures,
    Claim,
    ClaimVerdict,
    Finding,
    Json,
    Missing,
    claim_verdict,
    confirmed_claims,
    findings_document,
)
from pollwitness.quantities import Measure, Rounding, Rung, Verdict
from pollwitness.tables import CaseTables

_EVERY_MEASURE = frozenset(Measure)
_NONE: frozenset[Measure] = frozenset()

CATALOGUE: tuple[Check, ...] = (
    Check("audit.recount", 1, "question.recount", frozenset({Measure.VOTE_SHARE}),
          ("sample", "recounts"), Rung.ESTIMATES, recount_claims.recounted, "methods/recount"),
    Check("claims.agreement", 1, "question.agreement", _EVERY_MEASURE, ("claims",),
          Rung.BOUNDS, agreement.who_says_what, "methods/agreement"),
    Check("detentions.bounds", 1, "question.people",
          frozenset({Measure.PEOPLE_ARRESTED, Measure.PEOPLE_RELEASED, Measure.PEOPLE_KILLED}),
          ("detentions", "detention_lists"), Rung.BOUNDS, people.listed_people,
          "methods/listed-people"),
    Check("detentions.persons", 1, "question.persons",
          frozenset({Measure.PEOPLE_ARRESTED, Measure.PEOPLE_RELEASED, Measure.PEOPLE_KILLED}),
          ("detentions", "detention_lists"), Rung.ESTIMATES, people.linked_people,
          "methods/linked-people"),
    Check("forensics.integers_any", 1, "question.integers_any", _NONE,
          ("official_results",), Rung.INDICATIONS, forensics.integers_any,
          "methods/integer-percentages"),
    Check("forensics.integers_share", 1, "question.integers_share", _NONE,
          ("official_results",), Rung.INDICATIONS, forensics.integers_share,
          "methods/integer-percentages"),
    Check("forensics.integers_turnout", 1, "question.integers_turnout", _NONE,
          ("official_results",), Rung.INDICATIONS, forensics.integers_turnout,
          "methods/integer-percentages"),
    Check("forensics.smooth_areas", 1, "question.smooth_areas", _NONE,
          ("official_results",), Rung.INDICATIONS, forensics.smooth_areas,
          "methods/smooth-areas"),
    Check("forensics.spikes_share", 1, "question.spikes_share", _NONE,
          ("official_results",), Rung.INDICATIONS, forensics.spikes_share,
          "methods/spikes"),
    Check("quickcount.estimate", 1, "question.quick_count", frozenset({Measure.VOTE_SHARE}),
          ("frame", "sample", "arrivals"), Rung.ESTIMATES, quick_count_claims.estimated,
          "methods/quick-count"),
    Check("tally.ballots", 1, "question.recorded", frozenset({Measure.BALLOTS}),
          ("protocols",), Rung.BOUNDS, votes.recorded_total, "methods/bounds"),
    Check("tally.cast_votes", 1, "question.cast", frozenset({Measure.VOTES}),
          ("voter_reports",), Rung.BOUNDS, votes.reported_votes, "methods/voter-reports"),
    Check("tally.copies", 1, "question.copies", _NONE,
          ("protocols",), Rung.BOUNDS, documents.copies_of_protocols, "methods/readings"),
    Check("tally.doors", 1, "question.doors", _NONE,
          ("protocols", "turnout_counts"), Rung.BOUNDS, documents.door_counts,
          "methods/door-counts"),
    Check("tally.official", 1, "question.official", _NONE,
          ("protocols", "official_results"), Rung.BOUNDS, official.official_against_protocols,
          "methods/joint-bounds"),
    Check("tally.official_stations", 1, "question.official_stations", _NONE,
          ("protocols", "official_results"), Rung.BOUNDS, documents.official_stations,
          "methods/readings"),
    Check("tally.overfull", 1, "question.overfull", _NONE,
          ("voter_reports",), Rung.BOUNDS, documents.overfull, "methods/voter-reports"),
    Check("tally.remainder", 1, "question.remainder", _NONE,
          ("protocols", "official_results"), Rung.ESTIMATES, official.unseen_stations,
          "methods/remainder"),
    Check("tally.reports", 1, "question.reports", _NONE,
          ("protocols", "voter_reports"), Rung.BOUNDS, documents.reports_against_protocols,
          "methods/voter-reports"),
    Check("tally.rolls", 1, "question.area_roll", _NONE,
          ("protocols", "official_results"), Rung.BOUNDS, documents.rolls, "methods/bounds"),
    Check("tally.stations_contradicted", 1, "question.stations_contradicted",
          frozenset({Measure.STATIONS_CONTRADICTED}), ("protocols", "voter_reports"),
          Rung.BOUNDS, stations.contradicted, "methods/voter-reports"),
    Check("tally.stations_won", 1, "question.won", frozenset({Measure.STATIONS_WON}),
          ("protocols",), Rung.BOUNDS, stations.won, "methods/stations-won"),
    Check("tally.sums", 1, "question.sums", frozenset({Measure.VOTES, Measure.BALLOTS}),
          ("protocol_sums",), Rung.BOUNDS, votes.published_sums, "methods/published-sums"),
    Check("tally.together", 1, "question.together", _NONE,
          ("official_results",), Rung.BOUNDS, official.all_figures_together,
          "methods/joint-bounds"),
    Check("tally.turnout", 1, "question.share", frozenset({Measure.TURNOUT}),
          ("protocols",), Rung.BOUNDS, shares.turnout, "methods/shares"),
    Check("tally.vote_share", 1, "question.share", frozenset({Measure.VOTE_SHARE}),
          ("protocols",), Rung.BOUNDS, shares.vote_share, "methods/shares"),
    Check("tally.votes", 1, "question.recorded", frozenset({Measure.VOTES}),
          ("protocols",), Rung.BOUNDS, votes.recorded_total, "methods/bounds"),
)  # fmt: skip
"""Every check, ordered by id. Ids are never reused."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that could not be answered, and what it lacks."""

    check: str
    claim_id: str | None
    missing: Missing


@dataclass(frozen=True, slots=True)
class ClaimHead:
    """The verdict on a claim, and the finding that carries it; None where no check answered."""

    verdict: Verdict
    rung: Rung
    finding: Finding | None


def _rank_of_head(finding: Finding) -> tuple[bool, bool, bool, bool, str]:
    """Bounds before comparisons, firm before fragile, the claim's own unit and both ends first."""
    figure = next((f for f in finding.figures if f.low is not None or f.high is not None), None)
    unit = None if finding.claimed is None else finding.claimed.unit
    own_unit = figure is not None and figure.unit in (unit, "share")
    return (
        figure is None,
        finding.fragile,
        not own_unit,
        figure is None or figure.high is None,
        finding.check,
    )


@dataclass(frozen=True, slots=True)
class CheckRun:
    """The answers to every question of the catalogue about one case."""

    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...]
    verdicts: tuple[ClaimVerdict, ...]
    areas: tuple[AreaFigures, ...] = ()

    @property
    def is_contradicted(self) -> bool:
        """Whether one rung-1 finding at least says that something cannot be true."""
        return any(
            f.rung is Rung.BOUNDS and f.verdict is Verdict.CONTRADICTED for f in self.findings
        )

    def heads(self) -> dict[str, ClaimHead]:
        """The verdict of every claim with the finding that a reader should see first."""
        by_id = {finding.id: finding for finding in self.findings}
        found: dict[str, ClaimHead] = {}
        for one in self.verdicts:
            heads = sorted((by_id[name] for name in one.heads), key=_rank_of_head)
            found[one.claim_id] = ClaimHead(one.verdict, one.rung, next(iter(heads), None))
        return found

    def document(self, tables: CaseTables) -> dict[str, Json]:
        """The content of `findings.json`."""
        return findings_document(
            tables, self.findings, self.verdicts, areas=self.areas, version=__version__
        )

    @property
    def is_answered(self) -> bool:
        """Whether any question got a verdict other than undecided."""
        return any(finding.verdict is not Verdict.UNDECIDED for finding in self.findings)


def _nothing(_done: int, _all: int) -> None:
    return None


def _ask(check: Check, tables: CaseTables, claim: Claim | None) -> tuple[Finding, ...] | Missing:
    """The answer of one check; "about" without a range can be neither contradicted nor entailed."""
    if claim is not None and claim.claimed is None and check.id != "claims.agreement":
        return Missing((), "missing.range")
    answer = check.function(tables, claim)
    if claim is None or isinstance(answer, Missing) or not claim.depends_on_rounding:
        return answer
    if claim.denied or any(finding.verdict is Verdict.ENTAILED for finding in answer):
        return _under_each_rounding(check, tables, claim, answer)
    return answer


def _under_each_rounding(
    check: Check, tables: CaseTables, claim: Claim, answer: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """What favours a claim by its unknown rounding is decided only if each convention agrees.

    The range of a printed figure is widest where its rounding is unknown. That is right where the
    claim is contradicted; an affirmed figure that must be true, and a denied one, need the
    narrowest too.
    """
    others = [
        check.function(tables, claim.under(r)) for r in (Rounding.HALF_UP, Rounding.TRUNCATED)
    ]
    verdicts = {f.verdict for found in (answer, *others) if isinstance(found, tuple) for f in found}
    if len(verdicts) <= 1:
        return answer
    return tuple(
        replace(
            finding, verdict=Verdict.POSSIBLE, fragile=True, inequality=None, robustness=None,
            decisive=(),
        )
        for finding in answer
    )  # fmt: skip


def run_checks(tables: CaseTables, *, progress: Callable[[int, int], None] = _nothing) -> CheckRun:
    """Ask every question of the catalogue about every confirmed claim and about the case itself."""
    claims = confirmed_claims(tables)
    asked = [(check, None) for check in CATALOGUE if not check.measures]
    pairs = [
        *asked,
        *((check, claim) for check in CATALOGUE for claim in claims
          if claim.measure in check.measures),
    ]  # fmt: skip
    findings: list[Finding] = []
    unanswered: list[Unanswered] = []
    for number, (check, claim) in enumerate(pairs):
        progress(number, len(pairs))
        answer = _ask(check, tables, claim)
        if isinstance(answer, Missing):
            name = None if claim is None else claim.claim_id
            unanswered.append(Unanswered(check.id, name, answer))
        else:
            denied = claim is not None and claim.denied
            findings.extend(replace(finding, denied=denied) for finding in answer)
    progress(len(pairs), len(pairs))
    verdicts = tuple(claim_verdict(claim.claim_id, findings) for claim in claims)
    return CheckRun(
        with_history(tables, findings), tuple(unanswered), verdicts, area_figures(tables)
    )
