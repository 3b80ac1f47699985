"""Whole results of stations, named: what lists of like and unlike stations are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.errors import QuestionError
from pollwitness.forensics.stations import Integers


@dataclass(frozen=True, slots=True, eq=False)
class StationVectors:
    """The results of named stations, in the order of their names.

    ``counts`` has shape (stations, columns): ballots first, then the votes of every option.
    ``region`` and ``building`` hold a code a station; building is -1 where none is known.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Integers
    region: Integers
    regions: tuple[str, ...]
    building: Integers
    buildings: tuple[str, ...]

    @classmethod
    def of(
        cls,
        *,
        names: Sequence[str],
        ballots: npt.ArrayLike,
        votes: Mapping[str, npt.ArrayLike],
        region: Sequence[str] | None = None,
        building: Sequence[str | None] | None = None,
    ) -> StationVectors:
        """Vectors from columns of equal length.

        Raises:
            QuestionError: if columns differ in length, a name stands twice, or a count is below 0.
        """
        size = len(names)
        places = ["" for _ in names] if region is None else list(region)
        houses = [None for _ in names] if building is None else list(building)
        columns = [np.asarray(c, dtype=np.int64) for c in (ballots, *votes.values())]
        if {size, len(places), len(houses), *(c.size for c in columns)} != {size}:
            raise QuestionError("the columns of results by station differ in length")
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        if twice:
            raise QuestionError(f"stations stand twice: {', '.join(twice[:10])}")
        if any((column < 0).any() for column in columns):
            raise QuestionError("a count is below 0; leave such rows out")
        order = sorted(range(size), key=lambda i: names[i])
        regions, region_codes = _coded([places[i] for i in order])
        buildings, building_codes = _coded([houses[i] for i in order])
        return cls(
            tuple(names[i] for i in order),
            ("ballots", *votes),
            np.stack(columns, axis=1)[order],
            region_codes,
            regions,
            building_codes,
            buildings,
        )

    @property
    def ballots(self) -> Integers:
        """Ballots found: shape (stations,)."""
        return self.counts[:, 0]

    @property
    def votes(self) -> Integers:
        """Votes of every option: shape (stations, options)."""
        return self.counts[:, 1:]

    @property
    def leader(self) -> int:
        """The option with most votes: its position among the options."""
        return int(self.votes.sum(axis=0).argmax())


def _coded(values: Sequence[str | None]) -> tuple[tuple[str, ...], Integers]:
    known = tuple(sorted({value for value in values if value is not None}))
    code: dict[str | None, int] = {value: number for number, value in enumerate(known)}
    return known, np.array([code.get(value, -1) for value in values], dtype=np.int64)
