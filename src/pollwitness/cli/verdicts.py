"""Verdicts on the figures of a text as if its proposals were confirmed; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pollwitness.case import read_case, with_rows
from pollwitness.checks import deciding_figure, run_checks
from pollwitness.claims import Json
from pollwitness.cli.claims import OF_A_CONTEST, OF_AN_OPTION, figure_words
from pollwitness.language import gettext as _
from pollwitness.quantities import Verdict
from pollwitness.reading.claim_rows import Article, ClaimRow, claim_rows
from pollwitness.reading.propose import Reading

_DOCUMENT = "the-text"


@dataclass(frozen=True, slots=True)
class Provisional:
    """A figure of a text with the verdict on it; ``why`` it was not checked where it was not."""

    figure: str
    speaker: str
    words: str
    verdict: Verdict | None
    deciding: str
    why: str

    def as_json(self) -> Json:
        """The same for machines."""
        return {
            "figure": self.figure, "speaker": self.speaker or None, "words": self.words,
            "verdict": None if self.verdict is None else str(self.verdict),
            "deciding_figure": self.deciding or None, "why": self.why or None,
        }  # fmt: skip


def provisional(
    text: str, reading: Reading, folder: Path, published: date | None
) -> list[Provisional]:
    """The verdicts of a case on the figures of a text.

    Raises:
        InputRefusedError: if the case has errors.
    """
    tables = read_case(folder).tables
    areas = tables.table("areas").select("area_id", "name", "parent_id").rows()
    rows = claim_rows(text, reading, Article(tables.case, areas, _DOCUMENT, published))
    complete = [{**row, "status": "confirmed"} for row in rows if not gap_of(row)]
    document = {
        "document_id": _DOCUMENT, "kind": "article", "title": _DOCUMENT, "publisher": "unknown",
    }  # fmt: skip
    whole = with_rows(with_rows(tables, "documents", [document]), "claims", complete)
    heads = run_checks(whole).heads()
    found = []
    for row in rows:
        head = heads.get(str(row["claim_id"]))
        finding = None if head is None else head.finding
        found.append(Provisional(
            figure_words(row), str(row["speaker"] or ""), str(row["words"]),
            None if head is None else head.verdict,
            "" if finding is None else deciding_figure(finding, tables.case), gap_of(row),
        ))  # fmt: skip
    return found


def gap_of(row: ClaimRow) -> str:
    """What a row of claims lacks to be checked; empty where nothing is missing."""
    measure = row["measure"]
    if measure in OF_AN_OPTION and row["option_id"] is None:
        return _("the text does not tell the option")
    if measure in OF_A_CONTEST and row["contest_id"] is None:
        return _("the text does not tell the contest")
    if row["area_id"] is None:
        return _("the text does not tell the place")
    return ""
