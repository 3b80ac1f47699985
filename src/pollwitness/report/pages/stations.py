"""The page of a station: every copy and source side by side, and the rules that forms breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pollwitness.checks import area_name, number_text, part_label, sentence
from pollwitness.claims import Finding
from pollwitness.language import gettext as _
from pollwitness.language import mark
from pollwitness.quantities import Verdict
from pollwitness.report.pages.page import Page
from pollwitness.report.subject import Row, Subject, text, whole
from pollwitness.tables import count_columns, vote_column
from pollwitness.tally import RULES, Effect

_FORMS = {
    "photo": mark("photograph"),
    "transcript": mark("transcript"),
    "qr": mark("machine-readable code"),
}
_STATUS = {
    "accepted": mark("accepted"),
    "rejected": mark("rejected: bounds nothing"),
    "unread": mark("unread: bounds nothing"),
}
_EFFECTS = {
    Effect.NOTHING: mark("Takes nothing out of the bounds."),
    Effect.INCONSISTENT: mark(
        "The form contradicts itself: bounds allow that one of its figures is misread."
    ),
    Effect.EVERYTHING: mark("The form bounds nothing."),
}


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One source of a station's figures: a copy of its protocol, or an official result."""

    title: str
    note: str
    document: str
    path: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a form breaches, what it means and what to do."""

    rule: str
    copy: str
    title: str
    meaning: str
    mend: str
    effect: str


@dataclass(frozen=True, slots=True)
class ContestTable:
    """All sources of one contest side by side; ``differs`` marks the lines that disagree."""

    name: str
    labels: tuple[str, ...]
    sources: tuple[SourceColumn, ...]
    differs: tuple[bool, ...]


def station_pages(subject: Subject) -> Iterator[Page]:
    """One page for every station where there is something to be seen."""
    index = _Index.of(subject)
    rows = subject.tables.table("stations").iter_rows(named=True)
    return (
        _station_page(subject, index, row)
        for row in rows
        if row["station_id"] in subject.station_page
    )


@dataclass(frozen=True, slots=True)
class _Index:
    """Official results, voters' reports and deciding findings by station."""

    official: dict[str, list[Row]]
    reports: dict[str, list[Row]]
    findings: dict[str, list[Finding]]

    @classmethod
    def of(cls, subject: Subject) -> _Index:
        official = subject.tables.table("official_results").filter(
            pl.col("station_id").is_not_null() & ~pl.col("withdrawn")
        )
        deciding: dict[str, list[Finding]] = {}
        for finding in subject.run.findings:
            if finding.verdict in (Verdict.CONTRADICTED, Verdict.ENTAILED):
                for station in {d.station_id for d in finding.decisive if d.station_id}:
                    deciding.setdefault(station, []).append(finding)
        return cls(
            _by_station(official), _by_station(subject.tables.table("voter_reports")), deciding
        )


def _by_station(frame: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["station_id"], []).append(row)
    return found


def _station_page(subject: Subject, index: _Index, row: Row) -> Page:
    station = text(row, "station_id")
    area = text(row, "area_id")
    name = text(row, "name") or text(row, "number") or station
    title = _("Station {name}, {area}").format(name=name, area=area_name(area, subject.tables))
    return Page(
        path=subject.station_path(station) or "",
        template="station.html.j2",
        title=title,
        section="areas",
        content={
            "station": row,
            "area_name": area_name(area, subject.tables),
            "area_path": subject.area_path(area),
            "tables": list(_tables(subject, index, station)),
            "breaches": list(_breaches(subject, station)),
            "deciding": [
                (
                    sentence(f.question, f, subject.tables),
                    f.verdict,
                    f.fragile,
                    subject.permalink(f),
                )
                for f in index.findings.get(station, [])
            ],
        },
    )


def _tables(subject: Subject, index: _Index, station: str) -> Iterator[ContestTable]:
    for contest in subject.tables.case.contests:
        copies = [c for c in subject.copies_of.get(station, []) if c["contest_id"] == contest.id]
        official = [r for r in index.official.get(station, []) if r["contest_id"] == contest.id]
        reports = [r for r in index.reports.get(station, []) if r["contest_id"] == contest.id]
        columns = [column.name for column in count_columns(contest.option_ids)]
        rows: list[Row] = [*copies, *official]
        shown = [n for n in columns if any(row.get(n) is not None for row in rows)]
        shown += [
            vote_column(o) for o in contest.option_ids
            if vote_column(o) not in shown and any(r["option_id"] == o for r in reports)
        ]  # fmt: skip
        if not shown:
            continue
        sources = [
            *(_copy(subject, copy, shown) for copy in copies),
            *(_official(subject, row, shown) for row in official),
            *_reported(subject, reports, shown),
        ]
        compared = [c for c in copies if c["copy_id"] in subject.effective] + official
        differs = tuple(len({row.get(n) for row in compared} - {None}) > 1 for n in shown)
        labels = tuple(part_label(name, subject.tables.case) for name in shown)
        yield ContestTable(contest.name, labels, tuple(sources), differs)


def _figures(row: Row, names: list[str]) -> tuple[str, ...]:
    known = [whole(row, name) for name in names]
    return tuple("" if value is None else number_text(value) for value in known)


def _copy(subject: Subject, copy: Row, names: list[str]) -> SourceColumn:
    note = _("{form}, {status}").format(
        form=_(_FORMS[text(copy, "form")]), status=_(_STATUS[text(copy, "status")])
    )
    if copy["corrects"] is not None:
        note += ". " + _("Corrects {copy}: {reason}").format(
            copy=text(copy, "corrects"), reason=text(copy, "reason") or _("no reason given")
        )
    replaced = subject.corrected_by.get(text(copy, "copy_id"))
    if replaced is not None:
        note += ". " + _("Replaced by copy {copy}: bounds nothing").format(copy=replaced)
    document = text(copy, "document_id")
    return SourceColumn(
        title=_("Protocol, copy {copy}").format(copy=text(copy, "copy_id")),
        note=note,
        document=text(subject.documents[document], "title"),
        path=subject.document_path(document),
        figures=_figures(copy, names),
    )


def _official(subject: Subject, row: Row, names: list[str]) -> SourceColumn:
    document = text(row, "document_id")
    return SourceColumn(
        title=_("Official result, version {n}").format(n=row["version"]),
        note=text(row, "published_at"),
        document=text(subject.documents[document], "title"),
        path=subject.document_path(document),
        figures=_figures(row, names),
    )


def _reported(subject: Subject, reports: list[Row], names: list[str]) -> Iterator[SourceColumn]:
    """Voters' own reports, one column for each document that counts them."""
    for document in sorted({text(row, "document_id") for row in reports}):
        own = {vote_column(text(r, "option_id")): r for r in reports
               if r["document_id"] == document}  # fmt: skip
        yield SourceColumn(
            title=_("Ballots that voters reported"),
            note=_("with photograph, where that is known; no part of the official count"),
            document=text(subject.documents[document], "title"),
            path=subject.document_path(document),
            figures=tuple(_report(own.get(name)) for name in names),
        )


def _report(row: Row | None) -> str:
    if row is None:
        return ""
    photographed = whole(row, "with_photo")
    count = photographed if photographed is not None else whole(row, "reports")
    return "" if count is None else number_text(count)


def _breaches(subject: Subject, station: str) -> Iterator[Breach]:
    rules = {rule.id: rule for rule in RULES}
    for name, copy in subject.breaches_of.get(station, []):
        rule = rules[name]
        yield Breach(
            rule=rule.id,
            copy=copy,
            title=_(rule.title),
            meaning=_(rule.meaning),
            mend=_(rule.mend),
            effect=_(_EFFECTS[rule.effect]),
        )
