"""Reading counts in the Dutch result format EML_NL 510 (a to d).

Reference: Kiesraad, EML_NL, built on the Election Markup Language 5.0 (OASIS). Three sheets:
``counts`` (votes by unit, list and candidate), ``totals`` (what else a unit counted) and ``units``.
The count of the whole contest has no unit.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from pollwitness.case.importing.records import Record, Records
from pollwitness.case.importing.safe_xml import (
    XmlRefusedError,
    child,
    children,
    elements,
    local_name,
    text_of,
)
from pollwitness.case.importing.source import UNREADABLE, opened, refusal


def eml_records(path: Path) -> Records:
    """The three sheets of a count.

    Raises:
        SourceRefusedError: if it is not EML 510.
    """
    try:
        with opened(path) as stream:
            root = next(elements(stream, "EML"), None)
    except XmlRefusedError as error:
        raise refusal(UNREADABLE, path, more=str(error)) from error
    kind = "" if root is None else root.get("Id", "")
    if root is None or not kind.startswith("510"):
        raise refusal(UNREADABLE, path, more="it is no EML of the kind 510")
    parts = [part for contest in root.iter() if local_name(contest) == "Contest"
             for part in _parts(contest)]  # fmt: skip
    return Records(
        path,
        {
            "counts": [record for part in parts for record in _counts(*part)],
            "totals": [_totals(*part) for part in parts],
            "units": [place for _votes, place in parts if place["unit_id"] is not None],
        },
    )


def _parts(contest: ET.Element) -> Iterator[tuple[ET.Element, dict[str, str | None]]]:
    """The votes of the whole contest and of every reporting unit, each with its place."""
    identifier = child(contest, "ContestIdentifier")
    contest_id = None if identifier is None else identifier.get("Id")
    for votes in (*children(contest, "TotalVotes"), *children(contest, "ReportingUnitVotes")):
        unit = child(votes, "ReportingUnitIdentifier")
        yield (
            votes,
            {
                "contest_id": contest_id,
                "unit_id": None if unit is None else unit.get("Id"),
                "unit": None if unit is None else (unit.text or "").strip() or None,
            },
        )


def _counts(votes: ET.Element, place: dict[str, str | None]) -> Iterator[Record]:
    """Every list, and after it its candidates: that is the order of the standard."""
    listed: dict[str, str | None] = {"list_id": None, "list": None}
    for selection in children(votes, "Selection"):
        affiliation = child(selection, "AffiliationIdentifier")
        if affiliation is not None:
            listed = {"list_id": affiliation.get("Id"),
                      "list": text_of(affiliation, "RegisteredName")}  # fmt: skip
        candidate = child(selection, "Candidate", "CandidateIdentifier")
        yield {
            **place,
            "level": "list" if affiliation is not None else "candidate",
            **listed,
            "candidate_id": None
            if candidate is None
            else candidate.get("Id") or candidate.get("ShortCode"),
            "votes": text_of(selection, "ValidVotes"),
        }


def _totals(votes: ET.Element, place: dict[str, str | None]) -> Record:
    """What a unit counted beside the votes for lists.

    ``entitled`` (the element Cast) are the voters entitled to vote; ``valid`` (TotalCounted) the
    valid votes; rejected and uncounted ones by the code of their reason.
    """
    found = {**place, "entitled": text_of(votes, "Cast"), "valid": text_of(votes, "TotalCounted")}
    for tag, word in (("RejectedVotes", "rejected"), ("UncountedVotes", "uncounted")):
        for element in children(votes, tag):
            found[f"{word} {element.get('ReasonCode', '')}".strip()] = text_of(element)
    return found
