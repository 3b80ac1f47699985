"""The page of a claim: what was said, by whom, and everything that the verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pollwitness.checks import CATALOGUE, Unanswered, missing_sentence, verdict_phrase
from pollwitness.claims import AreaFigures, Claim
from pollwitness.language import gettext as _
from pollwitness.quantities import Measure
from pollwitness.report.charts import Picture
from pollwitness.report.pages.finding_view import citation, finding_view
from pollwitness.report.pages.front import Card, claim_card
from pollwitness.report.pages.page import Page
from pollwitness.report.pages.pictures import bar_picture, shares_picture
from pollwitness.report.subject import Subject, quantity_key
from pollwitness.report.titles import claimed_figure, quantity_title, said_by
from pollwitness.tables import vote_column


def claim_pages(subject: Subject) -> Iterator[Page]:
    """One page for every confirmed claim."""
    return (_claim_page(subject, claim) for claim in subject.claims.values())


def _claim_page(subject: Subject, claim: Claim) -> Page:
    card = claim_card(subject, claim)
    findings = subject.findings_of_claims[claim.claim_id]
    key = quantity_key(claim)
    document = subject.documents[claim.document_id]
    reply = None if claim.reply is None else subject.documents.get(claim.reply)
    title = _("{verdict}: {words}").format(
        verdict=verdict_phrase(card.verdict, fragile=card.fragile), words=claim.words
    )
    return Page(
        path=subject.claim_path(claim.claim_id),
        template="claim.html.j2",
        title=title,
        section="claims",
        about=_("{who}: {answer}").format(who=said_by(claim), answer=card.answer),
        preview=f"previews/{subject.claim_path(claim.claim_id)[7:-5]}.png",
        content={
            "claim": claim,
            "card": card,
            "who": said_by(claim),
            "figure": claimed_figure(claim),
            "denied": claim.denied,
            "quantity": quantity_title(subject, key),
            "quantity_path": subject.quantity_path(key),
            "document": document,
            "document_path": subject.document_path(claim.document_id),
            "article_path": subject.article_path(claim.document_id),
            "reply": reply,
            "reply_path": None if claim.reply is None else subject.document_path(claim.reply),
            "bar": bar_picture(subject, claim),
            "shares": _shares(subject, claim),
            "area_path": subject.area_path(claim.area_id) if claim.area_id else None,
            "findings": [finding_view(subject, finding) for finding in findings],
            "unanswered": list(_unanswered(subject, claim)),
            "citation": citation(subject, findings[0], _quoted(claim, card)) if findings else "",
        },
    )  # fmt: skip


def _quoted(claim: Claim, card: Card) -> str:
    return _("{who}: “{words}” {verdict}").format(
        who=said_by(claim),
        words=claim.words,
        verdict=verdict_phrase(card.verdict, fragile=card.fragile),
    )


def _shares(subject: Subject, claim: Claim) -> Picture | None:
    """What the unseen stations would have to hold, where the claim is about votes."""
    if claim.option_id is None or claim.area_id is None or claim.contest_id is None:
        return None
    figures = subject.areas.get((claim.contest_id, claim.area_id))
    if figures is None or not _repeats_official(claim, figures):
        return None
    return shares_picture(subject, figures, (claim.option_id,))


def _repeats_official(claim: Claim, figures: AreaFigures) -> bool:
    """Whether the claimed range holds the official figure: what that needs, the claim needs."""
    column = vote_column(claim.option_id or "")
    share = claim.measure is Measure.VOTE_SHARE
    official = figures.figure(f"official_share_{column}" if share else f"official_{column}")
    if official is None or claim.denied or claim.measure not in _OF_VOTES:
        return False
    ends = [end for end in (official.value, official.low, official.high) if end is not None]
    ranges = claim.in_shares() if share else claim.ranges
    return any(interval.contains(Fraction(end)) for interval in ranges for end in ends)


_OF_VOTES = (Measure.VOTE_SHARE, Measure.VOTES)


def _unanswered(subject: Subject, claim: Claim) -> Iterator[tuple[str, str, str]]:
    """(check, method page, what it lacks) of every check that could not answer."""
    own: list[Unanswered] = [u for u in subject.run.unanswered if u.claim_id == claim.claim_id]
    pages = {check.id: f"{check.page}.html" for check in CATALOGUE}
    for one in own:
        why = missing_sentence(one.missing.why, one.missing.tables)
        yield one.check, pages[one.check], why
