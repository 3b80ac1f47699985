"""Pages that list: who says what, documents, the evidence against itself, errata, all findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pollwitness.checks import answer_sentence, missing_sentence, sentence
from pollwitness.claims import Finding, Relation
from pollwitness.language import gettext as _
from pollwitness.quantities import Rung, Verdict
from pollwitness.report.pages.finding_view import finding_view
from pollwitness.report.pages.front import claim_card
from pollwitness.report.pages.page import Page, Part
from pollwitness.report.pages.pictures import sources_picture
from pollwitness.report.paths import numbered, page_count
from pollwitness.report.subject import (
    ROWS_A_PAGE,
    VERDICT_ORDER,
    Row,
    Subject,
    finding_anchor,
)
from pollwitness.report.titles import quantity_title, said_by


def quantity_pages(subject: Subject) -> Iterator[Page]:
    """One page for every quantity that several claims are about, and their list."""
    listed = []
    for key, claims in subject.quantities.items():
        path = subject.quantity_path(key) or ""
        picture = sources_picture(subject, key, claims)
        title = quantity_title(subject, key)
        listed.append((title, path, picture))
        yield Page(
            path,
            "quantity.html.j2",
            title,
            "quantities",
            about=picture.title,
            content={
                "picture": picture,
                "cards": [claim_card(subject, claim) for claim in claims],
                "relations": _relations(subject, [c.claim_id for c in claims]),
            },
        )
    yield Page(
        "quantities/index.html", "quantities.html.j2", _("Who says what"), "quantities",
        content={"listed": [(title, path, picture.title) for title, path, picture in listed]},
    )  # fmt: skip


_TELLING = (Relation.CONFLICTS, Relation.AGREES, Relation.SUPERSEDES, Relation.SUPERSEDED)


def _relations(subject: Subject, claim_ids: list[str]) -> list[tuple[str, str, str]]:
    """(claim, how it stands, other claim) for every pair that is decided, once."""
    found: list[tuple[str, str, str]] = []
    for claim_id in claim_ids:
        for finding in subject.findings_of_claims[claim_id]:
            if finding.check == "claims.agreement":
                view = finding_view(subject, finding)
                pairs = zip(finding.related, view.beside, strict=True)
                found += [
                    (said_by(subject.claims[claim_id]), beside.relation,
                     said_by(subject.claims[related.claim_id]))
                    for related, beside in pairs
                    if related.claim_id > claim_id and related.relation in _TELLING
                ]  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document, with what rests on it."""

    row: Row
    claims: tuple[tuple[str, str], ...]
    copies: int
    article: str | None


def document_pages(subject: Subject) -> Iterator[Page]:
    """The list of documents, as many pages as it takes."""
    claims: dict[str, list[tuple[str, str]]] = {}
    for claim in subject.claims.values():
        named = (claim.words, subject.claim_path(claim.claim_id))
        claims.setdefault(claim.document_id, []).append(named)
    protocols = subject.tables.table("protocols")
    copies = dict(protocols.group_by("document_id").len().iter_rows())
    rows = list(subject.documents.items())
    count = page_count(len(rows), ROWS_A_PAGE)
    for number in range(1, count + 1):
        part = Part(number, count, "documents.html")
        shown = rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
        listed = [
            DocumentRow(
                row,
                tuple(claims.get(name, ())),
                int(copies.get(name, 0)),
                subject.article_path(name),
            )
            for name, row in shown
        ]
        title = _("Documents")
        if number > 1:
            title = _("Documents, page {n}").format(n=number)
        yield Page(
            numbered("documents.html", number), "documents.html.j2", title, "documents",
            content={"rows": listed, "part": part},
        )  # fmt: skip


def evidence_page(subject: Subject) -> Page:
    """What the evidence says against itself, and which questions could not be asked."""
    ranked = sorted(
        subject.findings_of_case,
        key=lambda f: (VERDICT_ORDER.index(f.verdict), f.fragile, f.check),
    )
    reasons: dict[str, set[str]] = {}
    for one in subject.run.unanswered:
        why = missing_sentence(one.missing.why, one.missing.tables)
        reasons.setdefault(why, set()).add(one.check)
    return Page(
        "evidence.html", "evidence.html.j2", _("The evidence against itself"), "evidence",
        content={
            "findings": [finding_view(subject, f) for f in ranked if f.rung < Rung.INDICATIONS],
            "indications": [finding_view(subject, f) for f in ranked if f.rung is Rung.INDICATIONS],
            "unanswered": [(why, sorted(checks)) for why, checks in sorted(reasons.items())],
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erratum:
    """A figure or document that was corrected, withdrawn or replaced."""

    what: str
    path: str
    why: str


def errata_page(subject: Subject) -> Page:
    """What was corrected, rejected, withdrawn or replaced, and why."""
    return Page(
        "errata.html", "errata.html.j2", _("Corrections"), "downloads",
        content={
            "copies": list(_corrected_copies(subject)),
            "officials": list(_replaced_officials(subject)),
            "claims": list(_replaced_claims(subject)),
        },
    )  # fmt: skip


def _corrected_copies(subject: Subject) -> Iterator[Erratum]:
    protocols = subject.tables.table("protocols")
    changed = protocols.filter(pl.col("corrects").is_not_null() | (pl.col("status") == "rejected"))
    for row in changed.iter_rows(named=True):
        template = _("Copy {copy} is rejected") if row["status"] == "rejected" else _(
            "Copy {copy} corrects copy {other}")  # fmt: skip
        document = subject.document_path(row["document_id"])
        yield Erratum(
            template.format(copy=row["copy_id"], other=row["corrects"]),
            subject.station_path(row["station_id"]) or document,
            row["reason"] or _("no reason given"),
        )


def _replaced_officials(subject: Subject) -> Iterator[Erratum]:
    for name in ("official_results", "official_figures"):
        frame = subject.tables.table(name)
        key = subject.tables.schemas[name].key[0]
        for row in frame.filter(pl.col("withdrawn") | pl.col("supersedes").is_not_null()).iter_rows(
            named=True
        ):
            template = _("Official figure {id} was withdrawn by the authority")
            if row["supersedes"] is not None:
                template = _("Official figure {id} replaces {other}")
            yield Erratum(
                template.format(id=row[key], other=row["supersedes"]),
                subject.document_path(row["document_id"]),
                _("version {n}, published {day}").format(n=row["version"], day=row["published_at"]),
            )


def _replaced_claims(subject: Subject) -> Iterator[Erratum]:
    for claim in subject.claims.values():
        if claim.supersedes is not None:
            yield Erratum(
                _("{who}: “{words}” replaces an earlier claim").format(
                    who=said_by(claim), words=claim.words
                ),
                subject.claim_path(claim.claim_id),
                claim.supersedes,
            )


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One line of the list of all findings."""

    id: str
    path: str
    about: str
    question: str
    answer: str
    verdict: Verdict
    fragile: bool


_FINDINGS_A_PAGE = 500


def finding_pages(subject: Subject) -> Iterator[Page]:
    """Every finding with its permalink, as many pages as it takes."""
    ranked = sorted(subject.run.findings, key=lambda f: (f.check, f.claim_id or "", f.id))
    count = page_count(len(ranked), _FINDINGS_A_PAGE)
    for number in range(1, count + 1):
        shown = ranked[(number - 1) * _FINDINGS_A_PAGE : number * _FINDINGS_A_PAGE]
        title = _("All findings")
        if number > 1:
            title = _("All findings, page {n}").format(n=number)
        yield Page(
            numbered("findings.html", number), "findings.html.j2", title, "downloads",
            content={
                "rows": [_row(subject, finding) for finding in shown],
                "part": Part(number, count, "findings.html"),
            },
        )  # fmt: skip


def _row(subject: Subject, finding: Finding) -> FindingRow:
    claim = subject.claims.get(finding.claim_id or "")
    return FindingRow(
        id=finding_anchor(finding).removeprefix("f-"),
        path=subject.permalink(finding),
        about="" if claim is None else claim.words,
        question=sentence(finding.question, finding, subject.tables),
        answer=answer_sentence(finding, subject.tables),
        verdict=finding.verdict,
        fragile=finding.fragile,
    )
