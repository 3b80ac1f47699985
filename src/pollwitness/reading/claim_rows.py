"""From proposals to rows of the table of claims: measure, option, place, days, as far as they show.

What a text leaves open stays open: a person fills it in or rejects the proposal. A statement that
is no assertion of a figure of ours becomes no row; it stands in the reading all the same.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pollwitness.quantities import Comparator, Denominator, Measure, Unit
from pollwitness.reading.circumstances import Modality, Polarity
from pollwitness.reading.linking import area_of, is_of_this_election, option_of
from pollwitness.reading.propose import TURNOUT, VOTE_SHARE, Proposal, Reading
from pollwitness.reading.quantities import PERCENT, QuantityMention, decimal
from pollwitness.reading.spans import visible
from pollwitness.tables import LARGEST_COUNT, Case

ClaimRow = Mapping[str, str | int | None]
_OF_AN_OPTION = frozenset({Measure.VOTE_SHARE, Measure.VOTES, Measure.STATIONS_WON})
_OF_AN_ELECTION = _OF_AN_OPTION | {Measure.TURNOUT, Measure.BALLOTS}
_ASSERTED = frozenset({
    Modality.ASSERTED, Modality.DENIAL, Modality.BELIEF, Modality.ACCUSATION,
    Modality.MEDIA_EVIDENCE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counts:
    measure: Measure
    unit: Unit
    denominator: Denominator = Denominator.NONE


_MEASURES = {
    VOTE_SHARE: _Counts(Measure.VOTE_SHARE, Unit.PERCENT, Denominator.UNKNOWN),
    TURNOUT: _Counts(Measure.TURNOUT, Unit.PERCENT, Denominator.REGISTERED),
    "votes": _Counts(Measure.VOTES, Unit.VOTES),
    "ballots": _Counts(Measure.BALLOTS, Unit.BALLOTS),
    "polling_stations": _Counts(Measure.STATIONS_WON, Unit.STATIONS),
    "people_arrested": _Counts(Measure.PEOPLE_ARRESTED, Unit.PEOPLE),
    "people_released": _Counts(Measure.PEOPLE_RELEASED, Unit.PEOPLE),
    "people_killed": _Counts(Measure.PEOPLE_KILLED, Unit.PEOPLE),
    "people_injured": _Counts(Measure.PEOPLE_INJURED, Unit.PEOPLE),
    "protesters": _Counts(Measure.CROWD_SIZE, Unit.PEOPLE),
    "police": _Counts(Measure.POLICE_PRESENT, Unit.PEOPLE),
    "signatures": _Counts(Measure.SIGNATURES, Unit.SIGNATURES),
}


@dataclass(frozen=True, slots=True)
class Article:
    """What a text is read for: its case, the names of its areas, the id and day of the document.

    ``taken`` are ids of claims that are in use.
    """

    case: Case
    areas: Sequence[tuple[str, str, str | None]]
    document_id: str
    published: datetime.date | None = None
    taken: frozenset[str] = frozenset()


def claim_rows(text: str, reading: Reading, article: Article) -> list[ClaimRow]:
    """The rows of table `claims` for a reading, with status `proposed`; ids in its order."""
    found: list[ClaimRow] = []
    ids = (f"{article.document_id}-{number:02d}" for number in itertools.count(1))
    free = (name for name in ids if name not in article.taken)
    for one in reading.proposals:
        counts = _MEASURES.get(one.unit or "")
        if one.quantity is None or counts is None or not is_assertion(one):
            continue
        known = [each for each in (one.quantity.low, one.quantity.high) if each is not None]
        if all(each <= LARGEST_COUNT for each in known):
            row = _row(text, one, one.quantity, counts, article)
            found.append({**row, "claim_id": next(free)})
    return found


def is_assertion(one: Proposal) -> bool:
    """Whether a statement affirms or denies a figure, so that evidence can speak to it."""
    said = one.circumstances
    return said.modality in _ASSERTED and said.polarity is not Polarity.UNCLEAR


def _row(
    text: str, one: Proposal, figure: QuantityMention, counts: _Counts, article: Article
) -> dict[str, str | int | None]:
    is_of_election = counts.measure in _OF_AN_ELECTION
    is_ours = is_of_election and is_of_this_election(text, one, article.case)
    option = None
    if is_ours and counts.measure in _OF_AN_OPTION:
        option = option_of(text, one, figure, article.case)
    source = one.speaker.span or (one.source if not one.speaker.candidates else None)
    return {
        "status": "proposed",
        "document_id": article.document_id,
        "start": one.core.start,
        "end": one.core.end,
        "quote": _line(one.core.of(text)),
        "words": _line(one.core.of(text)),
        "speaker": None if source is None else _line(source.of(text)),
        "measure": str(counts.measure),
        "contest_id": _contest(option, article.case) if is_ours else None,
        "option_id": option,
        "area_id": area_of(text, one, article.areas),
        "rounding": "unknown",
        "denominator": str(counts.denominator),
        "polarity": str(one.circumstances.polarity),
        **_days(text, one, article.published, is_of_election=is_of_election),
        **_figure(figure, counts),
    }


def _days(
    text: str, one: Proposal, published: datetime.date | None, *, is_of_election: bool
) -> dict[str, str | None]:
    """When it was said, and when it happened; what the words leave open stays open."""
    date = one.date
    if date is None or date.first is None or date.last is None:
        return {}
    first, last = date.first.isoformat(), date.last.isoformat()
    if not date.span.overlaps(one.content) and one.cue is not None:
        gap = max(date.span.start - one.cue.end, one.cue.start - date.span.end)
        return {"stated_at": first} if gap < _BESIDE and first == last else {}
    if is_of_election:
        return {}
    lead = text[max(date.span.start - _BESIDE, 0) : date.span.start].lower().split()
    led_by = lead[-1] if lead else ""
    found: dict[str, str | None] = {"event_from": first, "event_to": last}
    if led_by in {"by", "before", "until", "to", "till", "and"}:
        found["event_from"] = None
    elif led_by in {"since", "after", "from"}:
        is_since = led_by == "since" and published is not None
        found["event_to"] = published.isoformat() if is_since and published is not None else None
    return found


_BESIDE = 12


def _figure(figure: QuantityMention, counts: _Counts) -> dict[str, str | None]:
    """The figure in the unit of its measure; a fraction ("two thirds") is a share."""
    low, high, comparator = figure.low, figure.high, figure.comparator
    known = [each for each in (low, high) if each is not None]
    is_share = counts.unit is Unit.PERCENT and figure.unit != PERCENT
    if comparator is Comparator.EQUAL and any(not _is_short(each) for each in known):
        comparator = Comparator.ABOUT  # a third, in decimals
    if comparator in {Comparator.EQUAL, Comparator.ABOUT}:
        high = None if low == high else high
    return {
        "comparator": str(comparator),
        "low": None if low is None else decimal(low),
        "high": None if high is None else decimal(high),
        "unit": str(Unit.SHARE if is_share else counts.unit),
    }


def _is_short(value: Fraction) -> bool:
    return Fraction(decimal(value)) == value


def _line(text: str) -> str:
    """A foreign text as one line of a table: what cannot be seen or printed is shown as a sign."""
    return " ".join(visible(text).split())


def _contest(option: str | None, case: Case) -> str | None:
    holding = [one.id for one in case.contests if option is None or option in one.option_ids]
    return holding[0] if len(holding) == 1 else None
