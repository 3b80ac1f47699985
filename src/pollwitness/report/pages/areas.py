"""The pages of an area: what is official, what is seen, what would be needed; and its stations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pollwitness.checks import area_name, figure_text, number_text, part_label
from pollwitness.claims import AreaFigures
from pollwitness.language import gettext as _
from pollwitness.quantities import Verdict
from pollwitness.report.charts import Picture
from pollwitness.report.pages.finding_view import FindingView, finding_view
from pollwitness.report.pages.front import claim_card
from pollwitness.report.pages.page import Page, Part
from pollwitness.report.pages.pictures import shares_picture
from pollwitness.report.pages.station_pictures import map_picture
from pollwitness.report.paths import numbered, page_count
from pollwitness.report.subject import ROWS_A_PAGE, VERDICT_ORDER, Row, Subject, text, whole
from pollwitness.tables import Contest, vote_column


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One line of the table of an area: official, seen, needed, each as count and share."""

    name: str
    official: str
    official_share: str
    seen: str
    seen_share: str
    stating: str
    needed: str
    needed_share: str


@dataclass(frozen=True, slots=True)
class ContestView:
    """What an area's page says of one contest; ``sources`` are the official documents."""

    name: str
    sources: tuple[tuple[str, str], ...]
    seen: str
    total: str
    rows: tuple[OptionRow, ...]
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class StationRow:
    """One line of the table of stations."""

    station_id: str
    path: str | None
    number: str
    name: str
    copies: str
    figures: tuple[str, ...]
    breaches: str


def area_pages(subject: Subject) -> Iterator[Page]:
    """The pages of every area: one, or more where it has many stations of its own."""
    yield _index(subject)
    for area_id in subject.area_rows:
        yield from _pages_of(subject, area_id)


def _index(subject: Subject) -> Page:
    rows = [_child(subject, area) for top in subject.children.get(None, [])
            for area in (top, *subject.children.get(top, []))]  # fmt: skip
    return Page("areas/index.html", "areas.html.j2", _("Areas"), "areas", content={"areas": rows})


def _pages_of(subject: Subject, area_id: str) -> Iterator[Page]:
    stations = subject.stations_of.get(area_id)
    rows = 0 if stations is None else stations.height
    count = page_count(rows, ROWS_A_PAGE)
    path = subject.area_path(area_id)
    name = area_name(area_id, subject.tables)
    for number in range(1, count + 1):
        part = Part(number, count, path)
        listed = [] if stations is None else _stations(subject, stations, number)
        content = {"area": subject.area_rows[area_id], "part": part, "stations": listed,
                   "columns": _columns(subject), "crumbs": _crumbs(subject, area_id)}  # fmt: skip
        content |= _head(subject, area_id) if number == 1 else _NO_HEAD
        title = name if number == 1 else _("{area}, page {n}").format(area=name, n=number)
        yield Page(numbered(path, number), "area.html.j2", title, "areas", content=content)


_NO_HEAD: dict[str, object] = {
    "contests": (), "findings": (), "claims": (), "areas": (), "map": None,
}  # fmt: skip


def _head(subject: Subject, area_id: str) -> dict[str, object]:
    """What stands on the first page of an area only."""
    contests = [
        view
        for contest in subject.tables.case.contests
        if (view := _contest(subject, contest, area_id)) is not None
    ]
    return {
        "contests": contests,
        "findings": _findings(subject, area_id),
        "claims": [claim_card(subject, c) for c in subject.claims.values() if c.area_id == area_id],
        "areas": [_child(subject, child) for child in subject.children.get(area_id, [])],
        "map": map_picture(subject, area_id),
    }


def _findings(subject: Subject, area_id: str) -> list[FindingView]:
    found = subject.findings_of_areas.get(area_id, [])
    ranked = sorted(found, key=lambda f: (VERDICT_ORDER.index(f.verdict), f.check))
    return [finding_view(subject, finding) for finding in ranked]


def _contest(subject: Subject, contest: Contest, area_id: str) -> ContestView | None:
    figures = subject.areas.get((contest.id, area_id))
    if figures is None:
        return None
    parts = ("ballots", *(vote_column(o) for o in contest.option_ids), "invalid")
    rows = tuple(row for part in parts if (row := _option_row(subject, figures, part)) is not None)
    return ContestView(
        name=contest.name,
        sources=tuple(
            (text(subject.documents[name], "title"), subject.document_path(name))
            for name in figures.documents
        ),
        seen=_of(figures, "seen_stations"),
        total=_of(figures, "all_stations"),
        rows=rows,
        picture=shares_picture(subject, figures, contest.option_ids),
    )


def _option_row(subject: Subject, figures: AreaFigures, part: str) -> OptionRow | None:
    row = OptionRow(
        name=part_label(part, subject.tables.case),
        official=_of(figures, f"official_{part}"),
        official_share=_of(figures, f"official_share_{part}"),
        seen=_of(figures, f"seen_{part}"),
        seen_share=_of(figures, f"seen_share_{part}"),
        stating=_of(figures, f"stating_{part}"),
        needed=_of(figures, f"needed_{part}"),
        needed_share=_of(figures, f"needed_share_{part}"),
    )
    return row if row.official or row.seen or row.official_share else None


def _of(figures: AreaFigures, name: str) -> str:
    figure = figures.figure(name)
    return "" if figure is None else figure_text(figure)


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One line of a table of areas."""

    area_id: str
    name: str
    path: str
    depth: int
    seen: str
    total: str
    verdict: Verdict | None
    fragile: bool


def _child(subject: Subject, area_id: str) -> ChildRow:
    figures = next(
        (f for c in subject.tables.case.contests if (f := subject.areas.get((c.id, area_id)))), None
    )
    verdicts = [
        f for f in subject.findings_of_areas.get(area_id, []) if f.check == "tally.official"
    ]
    first = min(verdicts, key=lambda f: VERDICT_ORDER.index(f.verdict), default=None)
    return ChildRow(
        area_id=area_id,
        name=area_name(area_id, subject.tables),
        path=subject.area_path(area_id),
        depth=0 if area_id in subject.children.get(None, []) else 1,
        seen="" if figures is None else _of(figures, "seen_stations"),
        total="" if figures is None else _of(figures, "all_stations"),
        verdict=None if first is None else first.verdict,
        fragile=first is not None and first.fragile,
    )


def _crumbs(subject: Subject, area_id: str) -> list[tuple[str, str]]:
    """(name, path) of the areas that an area lies in, the widest first."""
    found: list[tuple[str, str]] = []
    parent = text(subject.area_rows[area_id], "parent_id")
    while parent:
        found.append((area_name(parent, subject.tables), subject.area_path(parent)))
        parent = text(subject.area_rows[parent], "parent_id")
    return found[::-1]


def _columns(subject: Subject) -> list[str]:
    """The figures of a protocol that the table of stations shows: those that any form gives."""
    case = subject.tables.case
    several = len(case.contests) > 1
    return [
        f"{case.contest(contest).name}: {part_label(name, case)}"
        if several
        else part_label(name, case)
        for contest, name in subject.protocol_columns
    ]


def _stations(subject: Subject, stations: pl.DataFrame, number: int) -> list[StationRow]:
    rows = stations[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    return [_station_row(subject, row) for row in rows.iter_rows(named=True)]


def _station_row(subject: Subject, row: Row) -> StationRow:
    station = text(row, "station_id")
    copies = [c for c in subject.copies_of.get(station, []) if c["copy_id"] in subject.effective]
    breached = len({rule for rule, _copy in subject.breaches_of.get(station, [])})
    return StationRow(
        station_id=station,
        path=subject.station_path(station),
        number=text(row, "number"),
        name=text(row, "name"),
        copies=number_text(len(copies)) if copies else "",
        figures=tuple(
            _span([c for c in copies if c["contest_id"] == contest], name)
            for contest, name in subject.protocol_columns
        ),
        breaches=number_text(breached) if breached else "",
    )


def _span(copies: list[Row], name: str) -> str:
    """A figure of a station as its accepted copies give it; both where two differ."""
    known = sorted({n for copy in copies if (n := whole(copy, name)) is not None})
    return " / ".join(number_text(n) for n in known)
