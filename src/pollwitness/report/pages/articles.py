"""The annotated article: the text as it was, its confirmed claims marked with their verdicts.

Nothing in the text is changed. Where the terms of an article are not known, only the sentences
with a claim or an oddity are quoted; the gaps are marked.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pollwitness.claims import Claim, Relation
from pollwitness.language import day_text, whole_number
from pollwitness.language import gettext as _
from pollwitness.quantities import Verdict
from pollwitness.reading.document import KeptArticle, Oddity
from pollwitness.reading.spans import Span, sentences
from pollwitness.report.charts.drawing import printable
from pollwitness.report.pages.finding_view import Beside, counts_by_verdict, finding_view
from pollwitness.report.pages.front import Card, claim_card
from pollwitness.report.pages.page import Page
from pollwitness.report.subject import VERDICT_ORDER, Subject, quantity_key, text
from pollwitness.report.titles import claimed_figure

_PARAGRAPHS = re.compile(r"\n[ \t\r]*\n\s*")
_MOST_BESIDE = 5


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a marked place: a claim with its verdict, or an oddity."""

    number: int
    anchor: str
    card: Card | None
    figure: str
    beside: tuple[Beside, ...]
    quantity_path: str | None
    others: int
    others_words: str
    odd: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text with one and the same marks; ``ends`` are the notes that end with it."""

    words: Markup
    verdict: Verdict | None
    is_odd: bool
    begins: tuple[Note, ...]
    ends: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or what is quoted of it, with the notes to it."""

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    cut_before: bool
    cut_behind: bool


@dataclass(frozen=True, slots=True)
class _Marked:
    """A place of the text with its note."""

    span: Span
    note: Note


def article_pages(subject: Subject) -> Iterator[Page]:
    """One page for each article of which the case holds the text."""
    for document_id, article in subject.articles.items():
        row = subject.documents[document_id]
        claims = claims_in(subject, article)
        marked = _marked(subject, article, claims)
        is_whole = bool(text(row, "licence"))
        shown = [Span(0, len(article.text))] if is_whole else _quoted(article, marked)
        yield Page(
            subject.article_path(document_id) or "",
            "article.html.j2",
            text(row, "title"),
            "documents",
            about=article_lead(subject, claims),
            preview=f"previews/{subject.article_name(document_id)}.png",
            content={
                "document": row,
                "lead": article_lead(subject, claims),
                "counts": counts_by_verdict([subject.heads[c.claim_id].verdict for c in claims]),
                "paragraphs": list(_paragraphs(article.text, text(row, "title"), shown, marked)),
                "whole": is_whole,
            },
        )


def articles_page(subject: Subject) -> Page:
    """The list of the annotated articles."""
    listed = []
    for document_id, article in subject.articles.items():
        claims = claims_in(subject, article)
        path = subject.article_path(document_id)
        listed.append((path, subject.documents[document_id], article_lead(subject, claims)))
    return Page("articles/index.html", "articles.html.j2", _("Articles, marked up"), "documents",
                content={"listed": listed})  # fmt: skip


def claims_in(subject: Subject, article: KeptArticle) -> list[Claim]:
    """The confirmed claims of an article, in the order of its text."""
    spans = subject.claim_spans
    found = [one for one in subject.claims.values() if one.document_id == article.document_id]
    return sorted(found, key=lambda one: (spans.get(one.claim_id, Span(0, 0)), one.claim_id))


def article_lead(subject: Subject, claims: Sequence[Claim]) -> str:
    """One sentence: how many figures, and how many of them cannot or must be true."""
    verdicts = [subject.heads[one.claim_id].verdict for one in claims]
    template = _(
        "Of {n} claimed figures, {contradicted} cannot be true with this evidence, {entailed} must "
        "be true, and the evidence leaves {open} open."
    )
    contradicted = verdicts.count(Verdict.CONTRADICTED)
    entailed = verdicts.count(Verdict.ENTAILED)
    return template.format(
        n=whole_number(len(verdicts)), contradicted=whole_number(contradicted),
        entailed=whole_number(entailed),
        open=whole_number(len(verdicts) - contradicted - entailed),
    )  # fmt: skip


def article_card(subject: Subject, article: KeptArticle) -> Card:
    """The card of an article for its preview: the title, and the verdict that says most."""
    row = subject.documents[article.document_id]
    claims = claims_in(subject, article)
    verdicts = [subject.heads[one.claim_id].verdict for one in claims] or [Verdict.UNDECIDED]
    day = text(row, "published_at")
    who = text(row, "publisher") + (f", {day_text(day)}" if day else "")
    return Card(
        subject.article_path(article.document_id) or "", text(row, "title"), who,
        min(verdicts, key=VERDICT_ORDER.index), fragile=False, bar=None,
        answer=article_lead(subject, claims), rests_on="",
    )  # fmt: skip


def _marked(subject: Subject, article: KeptArticle, claims: Sequence[Claim]) -> list[_Marked]:
    """Every place with its note, numbered in the order of the text."""
    spans = [(subject.claim_spans[one.claim_id], one)
             for one in claims if one.claim_id in subject.claim_spans]  # fmt: skip
    shared = Counter(span for span, _claim in spans)
    places: list[tuple[Span, Claim | Oddity]] = [
        (_figure_of(article, claim, span) if shared[span] > 1 else span, claim)
        for span, claim in spans
    ]
    places += [(one.span, one) for one in article.reading.oddities]
    places = sorted(places, key=lambda one: (one[0], isinstance(one[1], Oddity)))
    inside = [one for one in places if one[0].end <= len(article.text)]
    return [
        _Marked(span, _odd_note(one, number) if isinstance(one, Oddity)
                else _claim_note(subject, one, number))
        for number, (span, one) in enumerate(inside, start=1)
    ]  # fmt: skip


def _figure_of(article: KeptArticle, claim: Claim, span: Span) -> Span:
    """The figure of a claim alone, where its words hold that of another too."""
    ends = {claim.printed, claim.printed_high} - {None}
    for one in article.reading.proposals:
        if one.core == span and one.quantity is not None and ends <= set(one.figure):
            return one.quantity
    return span


def _claim_note(subject: Subject, claim: Claim, number: int) -> Note:
    beside: list[Beside] = []
    others = conflicts = 0
    for finding in subject.findings_of_claims[claim.claim_id]:
        if finding.check == "claims.agreement":
            others += len(finding.related)
            conflicts += sum(one.relation is Relation.CONFLICTS for one in finding.related)
            pairs = zip(finding.related, finding_view(subject, finding).beside, strict=True)
            beside += [view for related, view in pairs
                       if related.relation is not Relation.DOES_NOT_DECIDE]  # fmt: skip
    words = _("Others on the same: {n}; in conflict: {conflicts}").format(
        n=whole_number(others), conflicts=whole_number(conflicts)
    )
    return Note(
        number, f"n-{number}", claim_card(subject, claim), claimed_figure(claim),
        tuple(beside[:_MOST_BESIDE]), subject.quantity_path(quantity_key(claim)), others, words, "",
    )  # fmt: skip


def _odd_note(odd: Oddity, number: int) -> Note:
    return Note(number, f"n-{number}", None, "", (), None, 0, "", odd.note)


def _quoted(article: KeptArticle, marked: Sequence[_Marked]) -> list[Span]:
    """The sentences that hold a mark, those that follow each other as one."""
    found: list[Span] = []
    for sentence in sentences(article.text):
        if not any(one.span.overlaps(sentence) for one in marked):
            continue
        gap = article.text[found[-1].end : sentence.start] if found else None
        if gap is not None and not gap.strip() and "\n" not in gap:
            found[-1] = Span(found[-1].start, sentence.end)
        else:
            found.append(sentence)
    return found


def _paragraphs(
    whole: str, title: str, shown: Sequence[Span], marked: Sequence[_Marked]
) -> Iterator[Paragraph]:
    for part in _parts(whole):
        if " ".join(part.of(whole).split()) == " ".join(title.split()):
            continue  # the title stands above
        for span in shown:
            start, end = max(part.start, span.start), min(part.end, span.end)
            if start >= end:
                continue
            inside = Span(start, end)
            notes = [one for one in marked if inside.start < one.span.end <= inside.end]
            yield Paragraph(
                tuple(_pieces(whole, inside, marked)), tuple(one.note for one in notes),
                start > part.start, end < part.end,
            )  # fmt: skip


def _parts(whole: str) -> Iterator[Span]:
    """The paragraphs of a text."""
    start = 0
    for gap in _PARAGRAPHS.finditer(whole):
        if gap.start() > start:
            yield Span(start, gap.start())
        start = gap.end()
    if start < len(whole):
        yield Span(start, len(whole))


def _pieces(whole: str, part: Span, marked: Sequence[_Marked]) -> Iterator[Piece]:
    """The part cut wherever a mark begins or ends, each piece with the marks over it."""
    near = [one for one in marked if one.span.overlaps(part)]
    cuts = {part.start, part.end}
    cuts |= {at for one in near for at in (one.span.start, one.span.end)}
    places = sorted(at for at in cuts if part.start <= at <= part.end)
    for start, end in itertools.pairwise(places):
        over = [one for one in near if one.span.start <= start and end <= one.span.end]
        verdicts = [one.note.card.verdict for one in over if one.note.card is not None]
        yield Piece(
            escape(printable(whole[start:end])),
            min(verdicts, key=VERDICT_ORDER.index, default=None),
            any(one.note.card is None for one in over),
            tuple(one.note for one in over if max(one.span.start, part.start) == start),
            tuple(one.note for one in over if one.span.end == end),
        )  # fmt: skip
