"""The territory as ranges: the stations of every area stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import polars as pl

from pollwitness.errors import QuestionError
from pollwitness.tables import CaseTables

Span: TypeAlias = "slice[int, int, None]"


@dataclass(frozen=True, slots=True)
class Territory:
    """Stations in the order of the tree of areas, so that an area is one range of them.

    ``station_ids`` has shape (stations,). ``None`` stands for the whole case.
    """

    station_ids: pl.Series
    ranges: dict[str | None, Span]
    children: dict[str | None, tuple[str, ...]]
    names: dict[str | None, str]

    def span(self, area_id: str | None) -> Span:
        """The range of the stations of an area.

        Raises:
            QuestionError: if the case has no such area.
        """
        if area_id not in self.ranges:
            known = ", ".join(str(area) for area in list(self.ranges)[:20] if area is not None)
            raise QuestionError(f"the case has no area {area_id!r}; it has {known}")
        return self.ranges[area_id]

    def root(self) -> str | None:
        """The area that holds all others, where there is just one such area."""
        roots = self.children[None]
        return roots[0] if len(roots) == 1 else None

    def below(self, area_id: str | None) -> tuple[str, ...]:
        """All areas below an area, in the order of the tree."""
        found: list[str] = []
        for child in self.children.get(area_id, ()):
            found.extend((child, *self.below(child)))
        return tuple(found)


@lru_cache(maxsize=8)
def territory(tables: CaseTables) -> Territory:
    """The territory of a case. Stations of an area itself come before those of areas below it."""
    areas = tables.table("areas").sort("area_id")
    children: dict[str | None, list[str]] = {None: []}
    for area, parent in areas.select("area_id", "parent_id").iter_rows():
        children.setdefault(parent, []).append(area)
    order = _depth_first(children)
    position = {area: number for number, area in enumerate(order)}
    stations = (
        tables.table("stations")
        .select("station_id", "area_id")
        .with_columns(
            pl.col("area_id").replace_strict(position, return_dtype=pl.Int64).alias("place")
        )
        .sort("place", "station_id")
    )
    places = stations["place"].to_numpy()
    ends = _last_below(order, children, position)
    ranges: dict[str | None, Span] = {
        area: slice(
            int(np.searchsorted(places, position[area])),
            int(np.searchsorted(places, ends[area], side="right")),
        )
        for area in order
    }
    ranges[None] = slice(0, stations.height)
    names: dict[str | None, str] = dict(areas.select("area_id", "name").iter_rows())
    names[None] = tables.case.title
    return Territory(
        stations["station_id"],
        ranges,
        {area: tuple(below) for area, below in children.items()},
        names,
    )


def _depth_first(children: dict[str | None, list[str]]) -> list[str]:
    order: list[str] = []
    waiting = list(reversed(children[None]))
    while waiting:
        area = waiting.pop()
        order.append(area)
        waiting.extend(reversed(children.get(area, [])))
    return order


def _last_below(
    order: list[str], children: dict[str | None, list[str]], position: dict[str, int]
) -> dict[str, int]:
    last: dict[str, int] = {}
    for area in reversed(order):
        below = [last[child] for child in children.get(area, [])]
        last[area] = max([position[area], *below])
    return last
