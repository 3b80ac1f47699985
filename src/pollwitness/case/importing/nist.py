"""Reading election results in NIST SP 1500-100 version 2, as XML or JSON.

Reference: NIST Special Publication 1500-100r2, Election Results Common Data Format Specification.
Three sheets: ``counts`` (votes by contest, selection, unit and type), ``units`` (the territory),
``ballots`` (summary counts). XML and JSON give the same.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from pollwitness.case.importing.records import Record, Records
from pollwitness.case.importing.safe_xml import XmlRefusedError, elements, local_name
from pollwitness.case.importing.source import UNREADABLE, opened, refusal

Tree: TypeAlias = "str | Mapping[str, Tree] | Sequence[Tree]"
_ROOT = "ElectionReport"


def nist_records(path: Path) -> Records:
    """The three sheets of a report.

    Raises:
        SourceRefusedError: if it is neither XML nor JSON of that format.
    """
    report = _report(path)
    elections = _many(report, "Election")
    units = _many(report, "GpUnit")
    names = {_id(unit): _words(unit.get("Name")) for unit in units}
    types = {_id(unit): _text(unit, "Type") for unit in units}
    return Records(
        path,
        {
            "counts": list(_counts(elections, names, types)),
            "units": list(_units(units)),
            "ballots": list(_ballots(elections, names, types)),
        },
    )


def _report(path: Path) -> Mapping[str, Tree]:
    with opened(path) as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
        stream.seek(0)
        try:
            if start.startswith(b"{"):
                found = json.loads(stream.read(), parse_int=str, parse_float=str)
            else:
                found = next((_tree(root) for root in elements(stream, _ROOT)), None)
        except (ValueError, RecursionError, XmlRefusedError) as error:
            raise refusal(UNREADABLE, path, more=str(error)) from error
    if not isinstance(found, dict) or not ("Election" in found or "GpUnit" in found):
        raise refusal(UNREADABLE, path, more=f"it holds no {_ROOT}")
    return found


def _tree(element: ET.Element) -> Mapping[str, Tree] | str:
    """An element in the shape that the JSON form of the standard has."""
    found: dict[str, Tree] = {}
    for name, value in element.items():
        plain = name.rpartition("}")[2]
        found[{"ObjectId": "@id", "type": "@type"}.get(plain, plain)] = value
    repeated: dict[str, list[Tree]] = {}
    for below in element:
        repeated.setdefault(local_name(below), []).append(_tree(below))
    found.update(repeated)
    text = (element.text or "").strip()
    if not repeated:
        if not found:
            return text
        found["Content"] = text
    return found


def _many(tree: Mapping[str, Tree], *keys: str) -> list[Mapping[str, Tree]]:
    found: list[Mapping[str, Tree]] = []
    for key in keys:
        value = tree.get(key, ())
        listed = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found.extend(one for one in listed if isinstance(one, Mapping))
    return found


def _text(tree: Mapping[str, Tree], key: str) -> str | None:
    value = tree.get(key)
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    return value if isinstance(value, str) and value else None


def _ids(tree: Mapping[str, Tree], key: str) -> list[str]:
    """References: a text of ids in XML, a list in JSON."""
    value = tree.get(key, "")
    listed = [value] if isinstance(value, str) else value
    texts = listed if isinstance(listed, Sequence) else []
    return [word for text in texts if isinstance(text, str) for word in text.split()]


def _id(tree: Mapping[str, Tree]) -> str:
    return _text(tree, "@id") or ""


def _words(value: Tree | None) -> str | None:
    """A name that is a text, or texts in several languages: the first."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Mapping):
        return _words(value.get("Text", value.get("Content")))
    return _words(value[0]) if isinstance(value, Sequence) and value else None


def _units(units: Sequence[Mapping[str, Tree]]) -> Iterator[Record]:
    parent = {below: _id(unit) for unit in units for below in _ids(unit, "ComposingGpUnitIds")}
    for unit in units:
        codes = _many(unit, "ExternalIdentifier")
        yield {
            "unit_id": _id(unit),
            "unit": _words(unit.get("Name")),
            "unit_type": _text(unit, "Type"),
            "parent_id": parent.get(_id(unit)),
            "number": _text(unit, "Number"),
            "registered": _text(unit, "VotersRegistered"),
            "code": _text(codes[0], "Value") if codes else None,
        }


def _counts(
    elections: Sequence[Mapping[str, Tree]],
    names: Mapping[str, str | None],
    types: Mapping[str, str | None],
) -> Iterator[Record]:
    for election in elections:
        candidates = {_id(c): _words(c.get("BallotName")) for c in _many(election, "Candidate")}
        for contest in _many(election, "Contest"):
            for selection in _many(contest, "BallotSelection", "ContestSelection"):
                people = [candidates.get(one) or one for one in _ids(selection, "CandidateIds")]
                name = _words(selection.get("Selection")) or " / ".join(people) or None
                for count in _many(selection, "VoteCounts"):
                    yield {
                        **_place(contest, count, names, types),
                        "selection_id": _id(selection),
                        "selection": name,
                        "count": _text(count, "Count"),
                    }


def _ballots(
    elections: Sequence[Mapping[str, Tree]],
    names: Mapping[str, str | None],
    types: Mapping[str, str | None],
) -> Iterator[Record]:
    for election in elections:
        held = [(election, one) for one in _many(election, "BallotCounts")]
        held += [
            (contest, one)
            for contest in _many(election, "Contest")
            for one in _many(contest, "SummaryCounts", "OtherCounts")
        ]
        for contest, count in held:
            yield {
                **_place(contest if contest is not election else {}, count, names, types),
                "ballots_cast": _text(count, "BallotsCast"),
                "overvotes": _text(count, "Overvotes"),
                "undervotes": _text(count, "Undervotes"),
                "write_ins": _text(count, "WriteIns"),
            }


def _place(
    contest: Mapping[str, Tree],
    count: Mapping[str, Tree],
    names: Mapping[str, str | None],
    types: Mapping[str, str | None],
) -> dict[str, str | None]:
    unit = _text(count, "GpUnitId") or ""
    return {
        "contest_id": _text(contest, "@id"),
        "contest": _words(contest.get("Name")),
        "unit_id": unit or None,
        "unit": names.get(unit),
        "unit_type": types.get(unit),
        "count_type": _text(count, "Type"),
    }
