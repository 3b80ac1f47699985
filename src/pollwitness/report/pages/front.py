"""The first screen: who claimed what, and whether it can be true."""

from __future__ import annotations

from dataclasses import dataclass

from pollwitness.checks import answer_sentence, counted, sentence
from pollwitness.claims import Claim, Finding
from pollwitness.language import day_text
from pollwitness.language import gettext as _
from pollwitness.quantities import Verdict
from pollwitness.report.charts import Bar, bar_of
from pollwitness.report.pages.finding_view import counts_by_verdict, rests_on
from pollwitness.report.pages.page import Page
from pollwitness.report.pages.station_pictures import map_picture
from pollwitness.report.subject import VERDICT_ORDER, Subject
from pollwitness.report.titles import claimed_figure, said_by


@dataclass(frozen=True, slots=True)
class Card:
    """A claim or a question on the first screen."""

    path: str
    words: str
    who: str
    verdict: Verdict
    fragile: bool
    bar: Bar | None
    answer: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class Group:
    """All cards of one verdict."""

    verdict: Verdict
    count: str
    cards: tuple[Card, ...]


def claim_card(subject: Subject, claim: Claim) -> Card:
    """The card of a claim: what was said, the bar, and one sentence."""
    head = subject.heads[claim.claim_id]
    finding = head.finding
    bar = bar_of(finding, claimed_figure(claim, short=True))
    answer = no_answer() if finding is None else answer_sentence(finding, subject.tables)
    return Card(
        path=subject.claim_path(claim.claim_id),
        words=claim.words,
        who=said_by(claim),
        verdict=head.verdict,
        fragile=finding is not None and finding.fragile,
        bar=bar,
        answer=answer,
        rests_on="" if finding is None else rests_on(finding),
    )


def no_answer() -> str:
    """What is said of a claim that no check could answer."""
    return _("No check could answer: the case lacks what it would take.")


def question_card(subject: Subject, finding: Finding) -> Card:
    """The card of a question that no claim asked."""
    return Card(
        path=subject.permalink(finding),
        words=sentence(finding.question, finding, subject.tables),
        who="",
        verdict=finding.verdict,
        fragile=finding.fragile,
        bar=None,
        answer=answer_sentence(finding, subject.tables),
        rests_on=rests_on(finding),
    )


MOST_QUESTIONS = 12
"""How many questions without a claim the first screen shows; all of them have their page."""


DECIDED = (Verdict.CONTRADICTED, Verdict.ENTAILED, Verdict.UNLIKELY, Verdict.SUPPORTED)
"""Verdicts that say more than that a figure is possible."""


def front_page(subject: Subject) -> Page:
    """The first page."""
    case = subject.tables.case
    groups = _groups([claim_card(subject, claim) for claim in subject.claims.values()])
    asked = [finding for finding in subject.run.findings if _belongs_in_front(subject, finding)]
    asked.sort(key=lambda f: (VERDICT_ORDER.index(f.verdict), f.fragile, f.check))
    about = _("{claims} checked against {documents} of {title}.").format(
        claims=counted(len(subject.claims), "claims"),
        documents=counted(len(subject.documents), "documents"),
        title=case.title,
    )
    return Page(
        path="index.html",
        template="front.html.j2",
        title=case.title,
        section="claims",
        about=about,
        content={
            "lead": lead(subject),
            "counts": counts_by_verdict([head.verdict for head in subject.heads.values()]),
            "decided": [g for g in groups if g.verdict in DECIDED],
            "open": [g for g in groups if g.verdict not in DECIDED],
            "questions": [question_card(subject, f) for f in asked[:MOST_QUESTIONS]],
            "more_questions": max(len(asked) - MOST_QUESTIONS, 0),
            "map": map_picture(subject, None),
            "articles": [
                (subject.article_path(name), subject.documents[name]["title"])
                for name in subject.articles
            ],
        },
    )


def _belongs_in_front(subject: Subject, finding: Finding) -> bool:
    """What is decided; what is merely possible only of the whole, not of every area."""
    if finding.claim_id is not None:
        return False
    if finding.verdict in (*DECIDED, Verdict.ANOMALOUS):
        return True
    whole = finding.scope.area_id in (None, *subject.children.get(None, []))
    return finding.verdict is Verdict.POSSIBLE and whole


def _groups(cards: list[Card]) -> tuple[Group, ...]:
    found = []
    for verdict in VERDICT_ORDER:
        own = tuple(card for card in cards if card.verdict is verdict)
        if own:
            found.append(Group(verdict, counted(len(own), "claims"), own))
    return tuple(found)


def lead(subject: Subject) -> str:
    """What the case holds, in one sentence."""
    tables = subject.tables
    protocols = tables.table("protocols")
    day = day_text(tables.case.date)
    if not protocols.height:
        return _("{day}. This case holds no protocol of a station.").format(day=day)
    known = {
        "day": day,
        "copies": counted(protocols.height, "copies"),
        "stations": counted(protocols["station_id"].n_unique(), "stations"),
    }
    total = next(
        (f.value for one in subject.run.areas for f in one.figures
         if f.name == "all_stations" and one.area_id in subject.children.get(None, [])),
        None,
    )  # fmt: skip
    if not isinstance(total, int):
        return _("{day}. Protocols in this case: {copies}, of {stations}.").format(**known)
    return _("{day}. Protocols in this case: {copies}, of {stations}; there are {all}.").format(
        all=counted(total, "stations"), **known
    )
