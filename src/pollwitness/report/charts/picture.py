"""A picture with all that must stand beside it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what it finds, how it is drawn, what it rests on, and the same as a table.

    ``title`` states the finding; ``alternative`` says the same for those who do not see it;
    ``basis`` is how many stations and votes stand behind it; ``source`` which tables and method.
    """

    title: str
    drawing: Markup
    alternative: str
    basis: str
    source: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
