"""From proposals to rows of the table of claims: measure, option, place, days, as far as they show.

What a text leaves open stays open: a person fills it in or rejects the proposal. A statement that
is no assertion of a figure of ours becomes no row; it stands in the reading all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pollwitness.quantities import Comparator, Denominator, Measure, Unit
from pollwitness.reading.circumstances import Modality, Polarity
from pollwitness.reading.propose import TURNOUT, VOTE_SHARE, Proposal, Reading
from pollwitness.reading.quantities import QuantityMention, decimal
from pollwitness.reading.words import either, words_of
from pollwitness.tables import Case, OptionKind

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
    """What a text is read for: its case, the names of its areas, and the id of the document."""

    case: Case
    areas: Sequence[tuple[str, str, str | None]]
    document_id: str


def claim_rows(text: str, reading: Reading, article: Article) -> list[ClaimRow]:
    """The rows of table `claims` for a reading, with status `proposed`; ids in its order."""
    found: list[ClaimRow] = []
    for one in reading.proposals:
        counts = _MEASURES.get(one.unit or "")
        if one.quantity is None or counts is None or not is_assertion(one):
            continue
        number = f"{article.document_id}-{len(found) + 1:02d}"
        found.append(_row(text, one, one.quantity, counts, article) | {"claim_id": number})
    return found


def is_assertion(one: Proposal) -> bool:
    """Whether a statement affirms or denies a figure, so that evidence can speak to it."""
    said = one.circumstances
    return said.modality in _ASSERTED and said.polarity is not Polarity.UNCLEAR


def _row(
    text: str, one: Proposal, figure: QuantityMention, counts: _Counts, article: Article
) -> dict[str, str | int | None]:
    option = _option(text, one, article.case) if counts.measure in _OF_AN_OPTION else None
    inside = one.date is not None and one.date.span.overlaps(one.content)
    first = None if one.date is None or one.date.first is None else one.date.first.isoformat()
    last = None if one.date is None or one.date.last is None else one.date.last.isoformat()
    is_of_election = counts.measure in _OF_AN_ELECTION
    source = one.speaker.span or (one.source if not one.speaker.candidates else None)
    return {
        "status": "proposed",
        "document_id": article.document_id,
        "start": one.core.start,
        "end": one.core.end,
        "quote": _line(one.core.of(text)),
        "words": _line(one.core.of(text)),
        "speaker": None if source is None else _line(source.of(text)),
        "stated_at": first if not inside and first == last else None,
        "measure": str(counts.measure),
        "contest_id": _contest(option, article.case) if is_of_election else None,
        "option_id": option,
        "area_id": _area(text, one, article),
        "event_from": first if inside and not is_of_election else None,
        "event_to": last if inside and not is_of_election else None,
        "rounding": "unknown",
        "denominator": str(counts.denominator),
        "polarity": str(one.circumstances.polarity),
        **_figure(figure, counts),
    }  # fmt: skip


def _figure(figure: QuantityMention, counts: _Counts) -> dict[str, str | None]:
    """The figure in the unit of its measure; a fraction ("two thirds") is a share."""
    low, high, comparator = figure.low, figure.high, figure.comparator
    known = [each for each in (low, high) if each is not None]
    is_share = counts.unit is Unit.PERCENT and all(each <= 1 for each in known)
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
    return " ".join(text.split())


def _contest(option: str | None, case: Case) -> str | None:
    holding = [one.id for one in case.contests if option is None or option in one.option_ids]
    return holding[0] if len(holding) == 1 else None


def _option(text: str, one: Proposal, case: Case) -> str | None:
    """The option that a statement is about: the only one named in it, or who says it of himself."""
    for part in (one.core, one.content):
        named = _named(part.of(text), case)
        if len(named) > 1:
            return None
        if named:
            return named[0]
    said = words_of("en").circumstances["speakers"]
    speaker = one.speaker.span or one.source
    own = re.match(
        rf"\W*(?:that\s+)?(?:{either(said['persons'])})\b", one.core.of(text), re.IGNORECASE
    )
    if speaker is None or own is None:
        return None
    named = _named(speaker.of(text), case)
    return named[0] if len(named) == 1 else None


def _named(text: str, case: Case) -> list[str]:
    """The options that a text names: candidates by their last name, others by their whole name."""
    found = []
    for contest in case.contests:
        for option in contest.options:
            is_person = option.kind is OptionKind.CANDIDATE
            name = option.name.split()[-1] if is_person else option.name
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
                found.append(option.id)
    return found


def _area(text: str, one: Proposal, article: Article) -> str | None:
    """The area of a name of a place; the whole of the case where no place is named."""
    place = one.circumstances.place
    if place is not None:
        name = place.of(text).casefold().removeprefix("the ")
        fitting = [id for id, known, _parent in article.areas if known.casefold() == name]  # noqa: A001
        return fitting[0] if len(fitting) == 1 else None
    roots = [id for id, _known, parent in article.areas if parent is None]  # noqa: A001
    return roots[0] if len(roots) == 1 else None
