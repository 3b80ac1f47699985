"""A finding: the answer to one question, with everything a reader needs to check it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import rfc8785

from pollwitness.quantities import Quantity, Rung, Verdict
from pollwitness.tables import TableDigest

Number = int | Fraction | float


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure of a finding; texts refer to it by its name.

    ``low`` and ``high`` bound it where it is a range; ``level`` is the level of an estimate.
    Integers and fractions are exact; floats are estimates.
    """

    name: str
    value: Number | None
    unit: str
    low: Number | None = None
    high: Number | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Inequality:
    """What cannot hold: ``left relation right`` is demanded and false. ``text`` is a text id."""

    left: Number
    relation: str
    right: Number
    text: str


@dataclass(frozen=True, slots=True)
class Decisive:
    """A document that carries the verdict, and by how much.

    Several copies of one station share one contribution: it falls only if all of them fall.
    """

    document_id: str
    copy_id: str | None
    contribution: Number
    station_id: str | None = None


@dataclass(frozen=True, slots=True)
class Robustness:
    """How many ``unit`` would have to be forged or misread for the verdict to change.

    ``tolerance`` is k*, the number that honest mistakes could produce; ``outlets`` by how many
    independent outlets the official figure is known; ``curve`` holds (φ, least, at most).
    ``in_every_set`` are the copies that no least set can do without.
    """

    least: int
    at_most: int
    unit: str
    outlets: int | None = None
    tolerance: int | None = None
    curve: tuple[tuple[Fraction, int, int | None], ...] = ()
    in_every_set: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingVerdict:
    """What one reading of inconsistent forms, or of an ambiguous claim, gives."""

    name: str
    verdict: Verdict
    low: Number | None
    high: Number | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How strongly an assumption must fail for the claim to hold."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What a finding is about."""

    contest_id: str | None = None
    area_id: str | None = None
    station_id: str | None = None
    option_ids: tuple[str, ...] = ()


class Relation(StrEnum):
    """How another claim about the same quantity stands to this one."""

    AGREES = "agrees"
    CONFLICTS = "conflicts"
    PART = "part"
    WHOLE = "whole"
    SUPERSEDES = "supersedes"
    SUPERSEDED = "superseded"
    DOES_NOT_DECIDE = "does_not_decide"


@dataclass(frozen=True, slots=True)
class Related:
    """Another claim about the same quantity, and how it stands to this one."""

    claim_id: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """What a figure could be by the documents published until the end of a day."""

    day: str
    documents: int
    low: Number | None
    high: Number | None


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What is officially said of an area, what its protocols hold, and what is left for the rest.

    A description beside the findings, without a verdict. ``figures`` are named after the parts of
    a form: ``official_<part>``, ``seen_<part>``, ``needed_<part>`` and, as shares of ballots,
    ``official_share_<part>``, ``seen_share_<part>``, ``needed_share_<part>``; these are over the
    stations counted by ``sharing_<part>``.
    """

    contest_id: str
    area_id: str
    figures: tuple[Figure, ...]
    documents: tuple[str, ...] = ()
    """Where the official figures in force are written."""

    def figure(self, name: str) -> Figure | None:
        """The figure of that name, if it is known."""
        return next((figure for figure in self.figures if figure.name == name), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check to one question (interfaces, "findings.json").

    ``question``, the texts of ``assumptions``, ``innocent_explanations`` and ``would_decide`` are
    text ids; their figures are those of the finding.
    """

    check: str
    check_version: int
    claim_id: str | None
    question: str
    verdict: Verdict
    rung: Rung
    scope: Scope
    figures: tuple[Figure, ...]
    claimed: Quantity | None = None
    inequality: Inequality | None = None
    assumptions: tuple[str, ...] = ()
    decisive: tuple[Decisive, ...] = ()
    robustness: Robustness | None = None
    fragile: bool = False
    readings: tuple[ReadingVerdict, ...] = ()
    sensitivity: Sensitivity | None = None
    innocent_explanations: tuple[str, ...] = ()
    would_decide: tuple[str, ...] = ()
    seed: int | None = None
    inputs: tuple[TableDigest, ...] = ()
    recomputable: bool = True
    related: tuple[Related, ...] = ()
    denied: bool = False
    """Whether the claim denies the claimed range."""
    options: tuple[str, ...] = ()
    """The options that the inequality is about, where the question itself names none."""
    history: tuple[HistoryPoint, ...] = ()
    """How the range of the claimed figure narrowed, by day."""

    @property
    def id(self) -> str:
        """SHA-256 of the check, the claim and the parameters: the permalink of the finding."""
        scope = self.scope
        parameters = {
            "check": self.check,
            "claim_id": self.claim_id,
            "contest_id": scope.contest_id,
            "area_id": scope.area_id,
            "station_id": scope.station_id,
            "option_ids": list(scope.option_ids),
        }
        return hashlib.sha256(rfc8785.dumps(parameters)).hexdigest()

    def figure(self, name: str) -> Figure:
        """The figure of that name.

        Raises:
            KeyError: if the finding has no such figure.
        """
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a check lacks to answer: the tables, and a text id that says why."""

    tables: tuple[str, ...]
    why: str
