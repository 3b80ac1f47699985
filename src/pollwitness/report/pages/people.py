"""The page on listed people: bounds, the overlap of lists, and the spread of estimates."""

from __future__ import annotations

from collections.abc import Iterator

from pollwitness.detentions.register import published_bounds
from pollwitness.language import gettext as _
from pollwitness.report.pages.page import Page
from pollwitness.report.people import people_view
from pollwitness.report.subject import Subject

METHODS = (
    "methods/listed-people.html", "methods/linked-people.html", "methods/people-on-no-list.html",
)  # fmt: skip


def people_pages(subject: Subject) -> Iterator[Page]:
    """The page, if the case has counts that may be published."""
    found = subject.listed
    if found is None:
        return
    view = people_view(found, published_bounds(subject.tables), subject.estimated_people)
    yield Page(
        "people.html", "people.html.j2", _("Listed people"), "people", view.sentences[0],
        content={"view": view, "methods": METHODS},
    )  # fmt: skip
