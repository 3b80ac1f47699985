"""Everything that a report consists of, in order; nothing here touches a disk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.pages.areas import area_pages
from pollwitness.report.pages.articles import article_pages, articles_page
from pollwitness.report.pages.claims import claim_pages
from pollwitness.report.pages.front import front_page
from pollwitness.report.pages.lists import (
    document_pages,
    errata_page,
    evidence_page,
    finding_pages,
    quantity_pages,
)
from pollwitness.report.pages.methods import method_pages
from pollwitness.report.pages.page import Page
from pollwitness.report.pages.people import people_pages
from pollwitness.report.pages.samples import sample_pages
from pollwitness.report.pages.stations import station_pages
from pollwitness.report.pages.summary import summary_page
from pollwitness.report.subject import Subject


def pages(subject: Subject, *, with_pdf: bool) -> Iterator[Page]:
    """Every page of a report in the language spoken now, the first screen first."""
    return chain(
        [front_page(subject)],
        claim_pages(subject),
        quantity_pages(subject),
        article_pages(subject),
        [articles_page(subject)] if subject.articles else [],
        area_pages(subject),
        sample_pages(subject),
        people_pages(subject),
        [evidence_page(subject), errata_page(subject)],
        document_pages(subject),
        finding_pages(subject),
        method_pages(),
        [summary_page(subject), _downloads(subject, with_pdf)],
        station_pages(subject),
    )


def _downloads(subject: Subject, with_pdf: bool) -> Page:
    tables = subject.tables
    return Page(
        "downloads.html",
        "downloads.html.j2",
        _("Downloads"),
        "downloads",
        content={
            "pdf": with_pdf,
            "digest": subject.digest,
            "complete": subject.is_complete,
            "log": _log(subject),
            "tables": [
                (name, whole_number(frame.height), _(tables.schemas[name].meaning))
                for name, frame in tables.frames.items()
                if frame.height
            ],
        },
    )


def _log(subject: Subject) -> dict[str, str] | None:
    """The last checkpoint of the custody log, in words for the page of downloads."""
    if subject.log is None:
        return None
    return {
        "origin": subject.log.origin,
        "entries": whole_number(subject.log.size),
        "root": subject.log.root.hex(),
    }
