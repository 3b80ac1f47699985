"""A finding as a page shows it: the answer first, then everything needed to check it."""

from __future__ import annotations

from dataclasses import dataclass

from pollwitness.checks import (
    answer_sentence,
    counted,
    explanation,
    figure_label,
    figure_with_unit,
    fragility,
    number_text,
    reading_label,
    relation_label,
    robustness_words,
    rung_label,
    sentence,
    unit_of,
)
from pollwitness.claims import Finding, Number, command
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quantities import Rung, Verdict
from pollwitness.report.charts import Picture
from pollwitness.report.pages.indication_pictures import indication_pictures
from pollwitness.report.pages.pictures import curve_picture, history_picture
from pollwitness.report.pages.station_pictures import scatter_picture
from pollwitness.report.subject import VERDICT_ORDER, Subject, finding_anchor, method_path, text

MOST_DOCUMENTS = 50
"""How many decisive documents a page lists; all of them stand in findings.json."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The inequality that would have to hold and does not, for a reader to check by adding."""

    left: str
    relation: str
    right: str
    gap: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """A document that carries the verdict: its name and page, its station, what it contributes."""

    name: str
    path: str
    title: str
    station: str
    station_path: str | None
    contribution: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Another claim about the same quantity, and how it stands to this one."""

    relation: str
    words: str
    speaker: str
    path: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """Everything that a page says of one finding."""

    finding: Finding
    anchor: str
    question: str
    verdict: Verdict
    rung: str
    answer: str
    fragile: bool
    fragility: tuple[str, ...]
    rests_on: str
    arithmetic: tuple[str, ...]
    robustness: tuple[str, ...]
    assumptions: tuple[str, ...]
    innocent: tuple[str, ...]
    decide: tuple[str, ...]
    certificate: Certificate | None
    figures: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, Verdict, str], ...]
    documents: tuple[Deciding, ...]
    more_documents: str
    beside: tuple[Beside, ...]
    pictures: tuple[Picture, ...]
    method: str
    inputs: tuple[tuple[str, str, str], ...]
    command: str


def finding_view(subject: Subject, finding: Finding) -> FindingView:
    """The view of a finding."""
    lines = {s.name: s.lines for s in explanation(finding, subject.tables)}
    unit = unit_of(finding)
    more = len(finding.decisive) - MOST_DOCUMENTS
    return FindingView(
        finding=finding,
        anchor=finding_anchor(finding),
        question=sentence(finding.question, finding, subject.tables),
        verdict=finding.verdict,
        rung=_("Rung {n}: {word}").format(n=int(finding.rung), word=rung_label(finding.rung)),
        answer=answer_sentence(finding, subject.tables),
        fragile=finding.fragile,
        fragility=fragility(finding),
        rests_on=rests_on(finding),
        arithmetic=lines.get("arithmetic", ())[1:],
        robustness=lines.get("robustness", ()),
        assumptions=lines.get("assumptions", ()),
        innocent=lines.get("innocent", ()),
        decide=lines.get("decide", ()),
        certificate=_certificate(finding, unit),
        figures=tuple(
            (figure_label(figure.name, subject.tables.case), figure_with_unit(figure))
            for figure in finding.figures
        ),
        readings=tuple(
            (reading_label(r.name), r.verdict, _ends(r.low, r.high, unit))
            for r in finding.readings
        ),
        documents=_documents(subject, finding),
        more_documents="" if more <= 0 else _("and {n} more, all in findings.json").format(
            n=whole_number(more)),
        beside=_beside(subject, finding),
        pictures=_pictures(subject, finding),
        method=method_path(finding),
        inputs=tuple((i.table, whole_number(i.rows), i.sha256) for i in finding.inputs),
        command=command(finding),
    )  # fmt: skip


def rests_on(finding: Finding) -> str:
    """On how many documents a verdict of rung 1 rests, in a few words; empty elsewhere."""
    if finding.robustness is None or finding.rung is not Rung.BOUNDS:
        return ""
    if finding.verdict not in (Verdict.CONTRADICTED, Verdict.ENTAILED):
        return ""
    return _("Deciding: {documents}.").format(documents=robustness_words(finding))


_COUNTED = (
    "inequality.doors",
    "inequality.overfull",
    "inequality.area_roll",
    "inequality.official_stations",
)
"""Here the sentence says it all: so many conflicts, where there should be none."""


def _certificate(finding: Finding, unit: str) -> Certificate | None:
    inequality = finding.inequality
    if inequality is None or inequality.text in _COUNTED:
        return None
    sign = "≤" if inequality.relation == "<=" else inequality.relation
    return Certificate(
        left=number_text(inequality.left, unit),
        relation=sign,
        right=number_text(inequality.right, unit),
        gap=number_text(inequality.left - inequality.right, unit),
    )


def _ends(low: Number | None, high: Number | None, unit: str) -> str:
    shown = [number_text(end, unit) for end in (low, high) if end is not None]
    return " / ".join(shown)


def _documents(subject: Subject, finding: Finding) -> tuple[Deciding, ...]:
    found = []
    for decisive in finding.decisive[:MOST_DOCUMENTS]:
        row = subject.documents[decisive.document_id]
        contribution = decisive.contribution
        found.append(
            Deciding(
                name=decisive.copy_id or decisive.document_id,
                path=subject.document_path(decisive.document_id),
                title=text(row, "title"),
                station=decisive.station_id or "",
                station_path=subject.station_path(decisive.station_id),
                contribution=number_text(contribution),
            )
        )
    return tuple(found)


def _beside(subject: Subject, finding: Finding) -> tuple[Beside, ...]:
    return tuple(
        Beside(
            relation_label(related.relation),
            subject.claims[related.claim_id].words,
            subject.claims[related.claim_id].speaker or _("speaker not known"),
            subject.claim_path(related.claim_id),
        )
        for related in finding.related
    )


def _pictures(subject: Subject, finding: Finding) -> tuple[Picture, ...]:
    claim = subject.claims.get(finding.claim_id or "")
    drawn = (
        None if claim is None else history_picture(claim, finding),
        curve_picture(finding),
        scatter_picture(subject, finding),
        *indication_pictures(subject, finding),
    )
    return tuple(picture for picture in drawn if picture is not None)


def citation(subject: Subject, finding: Finding, words: str) -> str:
    """How a finding is cited: what it is about, its id, and the digest of the case."""
    software = _("{finding}. Finding {id} on the case “{case}” (SHA-256 {digest}), Pollwitness.")
    return software.format(
        finding=words,
        id=finding.id[:12],
        case=subject.tables.case.title,
        digest=subject.digest[:16],
    )


def counts_by_verdict(verdicts: list[Verdict]) -> list[tuple[Verdict, str]]:
    """How many claims got which verdict, in words, in the order in which they are shown."""
    return [
        (verdict, counted(verdicts.count(verdict), "claims"))
        for verdict in VERDICT_ORDER
        if verdict in verdicts
    ]
