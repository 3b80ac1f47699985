"""The kinds of columns that tables are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pollwitness.tables.schema import LARGEST_COUNT, Column, Kind


def identifier(
    name: str, meaning: str, *, nullable: bool = False, references: str | None = None
) -> Column:
    """An id of rows, here or in another table."""
    return Column(name, Kind.ID, meaning, nullable=nullable, references=references)


def text(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A free text."""
    return Column(name, Kind.TEXT, meaning, nullable=nullable)


def count(name: str, meaning: str, *, unit: str, nullable: bool = True, low: int = 0) -> Column:
    """A number of something, at least ``low``."""
    return Column(
        name,
        Kind.INTEGER,
        meaning,
        unit=unit,
        nullable=nullable,
        low=Fraction(low),
        high=Fraction(LARGEST_COUNT),
    )


def choice(name: str, meaning: str, choices: Sequence[str], *, nullable: bool = False) -> Column:
    """One of a few words."""
    return Column(
        name, Kind.CHOICE, meaning, nullable=nullable, choices=tuple(str(c) for c in choices)
    )


def moment(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A day, or a day with a time."""
    return Column(name, Kind.MOMENT, meaning, nullable=nullable)


def decimal(name: str, meaning: str, *, nullable: bool = False, low: int | None = 0) -> Column:
    """A decimal number, as it is written."""
    return Column(
        name,
        Kind.DECIMAL,
        meaning,
        nullable=nullable,
        low=None if low is None else Fraction(low),
    )


def flag(name: str, meaning: str) -> Column:
    """Whether something is so."""
    return Column(name, Kind.BOOLEAN, meaning)


DOCUMENT = identifier("document_id", "where the figure is written", references="documents")
