"""Two pages for newsrooms: the firmest verdicts, what they rest on, and how to quote them."""

from __future__ import annotations

from dataclasses import dataclass

from pollwitness.checks import answer_sentence, counted, sentence, verdict_phrase
from pollwitness.claims import Finding
from pollwitness.language import gettext as _
from pollwitness.language import mark
from pollwitness.quantities import Verdict
from pollwitness.report.pages.finding_view import counts_by_verdict, rests_on
from pollwitness.report.pages.front import DECIDED, Card, claim_card, lead, question_card
from pollwitness.report.pages.page import Page
from pollwitness.report.subject import VERDICT_ORDER, Subject
from pollwitness.report.titles import said_by

MOST_CARDS = 5
"""Two printed pages hold so many verdicts with their reasons."""

QUOTING = (
    mark("A contradiction says that two things cannot both be true. It does not say which is "
         "wrong, nor who is to blame."),
    mark("“Possible” says only that nothing in the evidence rules a figure out."),
    mark("“Fragile” says that a verdict rests on few documents, or on how unclear forms are read. "
         "Quote the word with the verdict."),
    mark("Seen stations are no random sample of all stations. Their shares are no estimate for the "
         "country."),
)  # fmt: skip
"""What a newsroom should know before it quotes a verdict."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the summary says, in the language spoken now."""

    title: str
    lead: str
    counts: tuple[tuple[Verdict, str], ...]
    cards: tuple[Card, ...]
    left_out: str
    quoting: tuple[str, ...]
    digest: str


def summary(subject: Subject) -> Summary:
    """The summary: the firm verdicts before the fragile, claims before questions nobody asked."""
    cards = _cards(subject)
    shown = tuple(cards[:MOST_CARDS])
    more = len(cards) - len(shown)
    verdicts = [head.verdict for head in subject.heads.values()]
    return Summary(
        title=subject.tables.case.title,
        lead=lead(subject),
        counts=tuple(counts_by_verdict(verdicts)),
        cards=shown,
        left_out="" if more <= 0 else _("The report decides {n} more.").format(n=more),
        quoting=tuple(_(text) for text in QUOTING),
        digest=subject.digest,
    )


def _cards(subject: Subject) -> list[Card]:
    claims = [
        claim_card(subject, claim)
        for claim in subject.claims.values()
        if subject.heads[claim.claim_id].verdict in DECIDED
    ]
    asked = [
        question_card(subject, finding)
        for finding in subject.run.findings
        if finding.claim_id is None and finding.verdict in DECIDED
    ]
    return sorted(
        [*claims, *asked], key=lambda card: (card.fragile, VERDICT_ORDER.index(card.verdict))
    )


def summary_page(subject: Subject) -> Page:
    """The summary as a page that prints on two sheets."""
    return Page(
        "summary.html",
        "summary.html.j2",
        _("Summary for newsrooms"),
        "downloads",
        content={"summary": summary(subject)},
    )


def headline(subject: Subject, finding: Finding) -> str:
    """One line for a feed: the verdict, and what it is about."""
    claim = subject.claims.get(finding.claim_id or "")
    about = (
        sentence(finding.question, finding, subject.tables)
        if claim is None
        else f"{said_by(claim)}: {claim.words}"
    )
    return f"{verdict_phrase(finding.verdict, fragile=finding.fragile)}: {about}"


def body(subject: Subject, finding: Finding) -> str:
    """The answer of a finding in a few sentences, for a feed."""
    parts = [answer_sentence(finding, subject.tables), rests_on(finding)]
    if finding.decisive:
        parts.append(
            _("Documents listed: {n}.").format(n=counted(len(finding.decisive), "documents"))
        )
    return " ".join(part for part in parts if part)
