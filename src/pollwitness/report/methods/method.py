"""What the page of a method says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the texts of its page, marked for translation."""

    title: str
    asks: str
    steps: tuple[str, ...]
    formula: str
    limits: tuple[str, ...]
    references: tuple[str, ...] = ()
