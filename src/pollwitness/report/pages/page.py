"""A page before it is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it lies below its language's folder, its template, title and content.

    ``section`` is the entry of the navigation that it belongs to; ``about`` one sentence for
    search results and previews; ``preview`` the path of its preview picture, if it has one.
    """

    path: str
    template: str
    title: str
    section: str
    about: str = ""
    preview: str = ""
    content: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Where one page of a long table stands among its pages."""

    number: int
    count: int
    path: str

    @property
    def is_alone(self) -> bool:
        """Whether the table has one page only."""
        return self.count == 1
