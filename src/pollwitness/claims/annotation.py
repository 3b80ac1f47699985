"""Confirmed claims as linked data: schema.org `Claim`s in W3C Web Annotations of their texts.

An annotation targets the words of a source by position (code points of the canonical text) and by
quotation, so that another tool finds them again (https://www.w3.org/TR/annotation-model/).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pollwitness.claims.canonical import Json
from pollwitness.tables import CaseTables

_AROUND = 32
"""Code points before and behind a quotation that are given to find it again."""
_Row = Mapping[str, str | int | None]


def linked_data(tables: CaseTables, texts: Mapping[str, str]) -> dict[str, Json]:
    """The confirmed claims of a case; ``texts`` are the canonical texts of documents at hand."""
    documents = {str(row["document_id"]): row for row in tables.table("documents").to_dicts()}
    confirmed = tables.table("claims").filter(pl.col("status") == "confirmed").sort("claim_id")
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"schema": "https://schema.org/"}],
        "type": "AnnotationCollection",
        "id": f"urn:pollwitness:{tables.case.id}:claims",
        "label": tables.case.title,
        "total": confirmed.height,
        "first": {
            "type": "AnnotationPage",
            "items": [
                _annotation(
                    tables.case.id, row, documents[row["document_id"]],
                    texts.get(row["document_id"]),
                )
                for row in confirmed.to_dicts()
            ],
        },
    }  # fmt: skip


def _annotation(case_id: str, row: _Row, document: _Row, text: str | None) -> dict[str, Json]:
    return {
        "type": "Annotation",
        "id": f"urn:pollwitness:{case_id}:annotation:{row['claim_id']}",
        "motivation": "classifying",
        "body": _claim(case_id, row),
        "target": _target(row, document, text),
    }


def _claim(case_id: str, row: _Row) -> dict[str, Json]:
    claim: dict[str, Json] = {
        "type": "schema:Claim",
        "id": f"urn:pollwitness:{case_id}:claim:{row['claim_id']}",
        "schema:text": f"Denied: {row['words']}" if row["polarity"] == "denied" else row["words"],
        "schema:about": {
            "type": "schema:QuantitativeValue",
            "schema:name": row["measure"],
            **_ends(row),
            "schema:unitText": row["unit"],
            "schema:description": f"{row['comparator']}, {row['polarity']}",
        },
    }
    if row["speaker"] is not None:
        claim["schema:author"] = {"type": "schema:Thing", "schema:name": row["speaker"]}
    if row["stated_at"] is not None:
        claim["schema:datePublished"] = row["stated_at"]
    return claim


def _ends(row: _Row) -> dict[str, Json]:
    """The ends of a figure; an exact one is both."""
    low, high = row["low"], row["high"]
    if row["comparator"] == "eq":
        high = low
    ends: dict[str, Json] = {"schema:minValue": low, "schema:maxValue": high}
    return {name: value for name, value in ends.items() if value is not None}


def _target(row: _Row, document: _Row, text: str | None) -> dict[str, Json]:
    source: dict[str, Json] = {
        "id": document["address"] or f"urn:sha256:{document['sha256']}",
        "type": "schema:CreativeWork",
        "schema:name": document["title"],
        "schema:publisher": document["publisher"],
    }
    if document["address"] is None and document["sha256"] is None:
        source["id"] = f"urn:pollwitness:document:{document['document_id']}"
    if document["published_at"] is not None:
        source["schema:datePublished"] = document["published_at"]
    target: dict[str, Json] = {"source": source}
    start, end = row["start"], row["end"]
    selectors: list[Json] = []
    if isinstance(start, int) and isinstance(end, int):
        selectors.append({"type": "TextPositionSelector", "start": start, "end": end})
        if text is not None:
            selectors.append({
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(start - _AROUND, 0) : start],
                "suffix": text[end : end + _AROUND],
            })  # fmt: skip
    elif row["quote"] is not None:
        selectors.append({"type": "TextQuoteSelector", "exact": row["quote"]})
    if selectors:
        target["selector"] = selectors
    return target
