"""A reading as a document for machines, and back: what was found, where, and by which rules."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pollwitness.claims import Json
from pollwitness.errors import QuestionError
from pollwitness.reading.dates import DateMention
from pollwitness.reading.propose import Proposal, Reading
from pollwitness.reading.quantities import QuantityMention, decimal
from pollwitness.reading.spans import Span
from pollwitness.reading.texts import SourceText

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tier:
    """With what a text was read: by patterns alone, or with a model as well.

    ``model`` names it with its version, ``sha256`` is the digest of its folder.
    """

    name: str
    model: str | None = None
    sha256: str | None = None


PATTERNS = Tier("pattern")


def reading_document(
    source: SourceText, content: bytes, published: datetime.date | None, reading: Reading,
    tier: Tier = PATTERNS,
) -> dict[str, Json]:  # fmt: skip
    """The reading of a file; the same for the same file, day, tier and version."""
    return {
        "format": FORMAT,
        "sha256": hashlib.sha256(content).hexdigest(),
        "text_sha256": hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "text": source.text,
        "kind": str(source.kind),
        "encoding": source.encoding or None,
        "title": source.title,
        "code_points": len(source.text),
        "sentences": reading.sentences,
        "left_out": source.left_out,
        "published": None if published is None else published.isoformat(),
        "published_by": source.published_by if published == source.published else "given",
        "tier": tier.name,
        "model": None if tier.model is None else {"name": tier.model, "sha256": tier.sha256},
        "proposals": [_proposal(source, one) for one in reading.proposals],
        "oddities": [
            {"rule": one.rule, "note": one.note, "span": span_object(source, one.span)}
            for one in reading.oddities
        ],
    }


def _proposal(source: SourceText, one: Proposal) -> dict[str, Json]:
    return {
        "sentence": {"start": one.sentence.start, "end": one.sentence.end},
        "content": span_object(source, one.content),
        "core": span_object(source, one.core),
        "source": span_object(source, one.source),
        "cue": span_object(source, one.cue),
        "speaker": {
            "span": span_object(source, one.speaker.span),
            "candidates": [span_object(source, each) for each in one.speaker.candidates],
            "rule": one.speaker.rule,
        },
        "quoted": one.is_quoted,
        "modality": str(one.circumstances.modality),
        "polarity": str(one.circumstances.polarity),
        "hedges": [span_object(source, each) for each in one.circumstances.hedges],
        "basis": span_object(source, one.circumstances.basis),
        "place": span_object(source, one.circumstances.place),
        "unit": one.unit,
        "unit_words": span_object(source, one.unit_span),
        "quantity": None if one.quantity is None else _quantity(source, one.quantity),
        "date": None if one.date is None else _date(source, one.date),
        "rules": list[Json](one.rules),
    }


def span_object(source: SourceText, span: Span | None) -> dict[str, Json] | None:
    """A span with its words, and the bytes (or the page) of the file where they stand."""
    if span is None:
        return None
    found: dict[str, Json] = {"start": span.start, "end": span.end, "text": span.of(source.text)}
    raw, page = source.bytes_of(span), source.page_of(span)
    if raw is not None:
        found["bytes"] = list[Json](raw)
    if page is not None:
        found["page"] = page
    return found


def _quantity(source: SourceText, one: QuantityMention) -> dict[str, Json]:
    return {
        "span": span_object(source, one.span),
        "comparator": str(one.comparator),
        "low": None if one.low is None else decimal(one.low),
        "high": None if one.high is None else decimal(one.high),
    }


def _date(source: SourceText, one: DateMention) -> dict[str, Json]:
    return {
        "span": span_object(source, one.span),
        "from": None if one.first is None else one.first.isoformat(),
        "to": None if one.last is None else one.last.isoformat(),
        "grain": one.grain,
        "rule": one.rule,
    }


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is odd in a text, as it was kept."""

    span: Span
    rule: str
    note: str


@dataclass(frozen=True, slots=True)
class KeptProposal:
    """A proposal as it was kept: its spans, and the words of who may have said it."""

    sentence: Span
    core: Span
    source: Span | None
    cue: Span | None
    quantity: Span | None
    figure: tuple[str | None, str | None]
    candidates: tuple[str, ...]
    modality: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptReading:
    """A reading as it was kept beside its article."""

    text: str
    tier: str
    proposals: tuple[KeptProposal, ...]
    oddities: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article of a case with its canonical text and its reading."""

    document_id: str
    text: str
    reading: KeptReading


def parse_reading(name: str, content: bytes) -> KeptReading:
    """A reading that was kept.

    Raises:
        QuestionError: if it is none.
    """
    try:
        found: object = json.loads(content)
        return _kept(_object(found))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionError(f"{name} is no reading of a text: {error}; read it again") from error


def _kept(found: Mapping[str, object]) -> KeptReading:
    text = str(found["text"])
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != found["text_sha256"]:
        raise ValueError("its text is another one")
    return KeptReading(
        text, str(found["tier"]),
        tuple(_kept_proposal(_object(one)) for one in _list(found["proposals"])),
        tuple(
            Oddity(_span(odd["span"]), str(odd["rule"]), str(odd["note"]))
            for odd in (_object(one) for one in _list(found["oddities"]))
        ),
    )  # fmt: skip


def _kept_proposal(found: Mapping[str, object]) -> KeptProposal:
    quantity, speaker = found["quantity"], _object(found["speaker"])
    return KeptProposal(
        _span(found["sentence"]), _span(found["core"]), _maybe(found["source"]),
        _maybe(found["cue"]),
        None if quantity is None else _span(_object(quantity)["span"]), _figure(quantity),
        tuple(str(_object(one)["text"]) for one in _list(speaker["candidates"])),
        str(found["modality"]), tuple(str(one) for one in _list(found["rules"])),
    )  # fmt: skip


def _figure(quantity: object) -> tuple[str | None, str | None]:
    """The low and the high end of a figure as they were read."""
    if quantity is None:
        return None, None
    found = _object(quantity)
    low, high = found["low"], found["high"]
    return None if low is None else str(low), None if high is None else str(high)


def _object(found: object) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise TypeError("an object is missing")
    return found


def _list(found: object) -> Sequence[object]:
    if not isinstance(found, list):
        raise TypeError("a list is missing")
    return found


def _maybe(found: object) -> Span | None:
    return None if found is None else _span(found)


def _span(found: object) -> Span:
    one = _object(found)
    start, end = one["start"], one["end"]
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        raise ValueError("a span is wrong")
    return Span(start, end)


def digest_of_tree(files: Iterable[tuple[str, str]]) -> str:
    """The digest of a folder from its (path, SHA-256) pairs: that of `sha256sum` lines, sorted."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()
