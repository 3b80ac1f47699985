"""The findings as a feed, for people and programs that follow a report (JSON Feed 1.1)."""

from __future__ import annotations

from pollwitness.claims import Finding, Json, canonical_json
from pollwitness.quantities import Verdict
from pollwitness.report.pages.summary import body, headline
from pollwitness.report.rendering import Edition
from pollwitness.report.subject import Subject

VERSION = "https://jsonfeed.org/version/1.1"


def feed(subject: Subject, edition: Edition, address: str) -> bytes:
    """The feed of one language. Items carry no clock time: the same findings give the same bytes.

    Findings that decide nothing are left out; all of them are in `findings.json`.
    """
    shown = [f for f in subject.run.findings if f.verdict is not Verdict.UNDECIDED]
    ranked = sorted(shown, key=lambda f: (f.check, f.claim_id or "", f.id))
    document: dict[str, Json] = {
        "version": VERSION,
        "title": subject.tables.case.title,
        "language": edition.language.tag,
        "items": [_item(subject, edition, finding, address) for finding in ranked],
    }
    if address:
        document["home_page_url"] = f"{address}{edition.folder}index.html"
        document["feed_url"] = f"{address}{edition.folder}feed.json"
    return canonical_json(document) + b"\n"


def _item(subject: Subject, edition: Edition, finding: Finding, address: str) -> dict[str, Json]:
    item: dict[str, Json] = {
        "id": finding.id,
        "title": headline(subject, finding),
        "content_text": body(subject, finding),
        "tags": list[Json]([str(finding.verdict), finding.check]),
        "_pollwitness": {
            "verdict": str(finding.verdict),
            "fragile": finding.fragile,
            "rung": int(finding.rung),
            "path": edition.folder + subject.permalink(finding),
        },
    }
    if address:
        item["url"] = f"{address}{edition.folder}{subject.permalink(finding)}"
    return item
