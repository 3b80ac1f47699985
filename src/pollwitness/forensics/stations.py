"""Results of stations as forensics sees them: four counts and a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.errors import QuestionError

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StationResults:
    """Counts of stations, all of shape (stations,).

    ``registered`` voters on the list; ``turned_out`` voters who took part: ballots handed out
    where they are known, ballots found elsewhere; ``ballots`` found in the boxes; ``leader`` votes
    for the option with most votes. ``region`` holds positions in ``regions``.

    Stations stand in an order of their own, by their counts: results depend on the stations alone
    and are the same to the last bit in whatever order these are given.
    """

    registered: Integers
    turned_out: Integers
    ballots: Integers
    leader: Integers
    region: Integers
    regions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        *,
        registered: npt.ArrayLike,
        ballots: npt.ArrayLike,
        leader: npt.ArrayLike,
        issued: npt.ArrayLike | None = None,
        region: Sequence[str] | None = None,
    ) -> StationResults:
        """Results from columns of equal length.

        Turnout is issued / registered, or ballots / registered where issued is not given.

        Raises:
            QuestionError: if the columns differ in length, or hold anything but counts.
        """
        counts = {
            "registered": registered,
            "issued": ballots if issued is None else issued,
            "ballots": ballots,
            "leader": leader,
        }
        columns = {name: _counts(name, values) for name, values in counts.items()}
        sizes = {name: column.size for name, column in columns.items()}
        names = ["" for _ in range(columns["registered"].size)] if region is None else list(region)
        sizes["region"] = len(names)
        if len(set(sizes.values())) > 1:
            listed = ", ".join(f"{name} {size}" for name, size in sizes.items())
            raise QuestionError(f"columns differ in length: {listed}")
        regions = tuple(sorted(set(names)))
        code = {name: position for position, name in enumerate(regions)}
        codes = np.array([code[name] for name in names], dtype=np.int64)
        order = np.lexsort((columns["leader"], columns["ballots"], columns["issued"],
                            columns["registered"], codes))  # fmt: skip
        return cls(
            columns["registered"][order],
            columns["issued"][order],
            columns["ballots"][order],
            columns["leader"][order],
            codes[order],
            regions,
        )

    @property
    def size(self) -> int:
        """How many stations there are."""
        return int(self.registered.size)

    def only(self, kept: Flags) -> StationResults:
        """The stations that are kept, with all regions still named."""
        return StationResults(
            self.registered[kept],
            self.turned_out[kept],
            self.ballots[kept],
            self.leader[kept],
            self.region[kept],
            self.regions,
        )


def _counts(name: str, values: npt.ArrayLike) -> Integers:
    """A column as whole numbers, none below 0.

    Raises:
        QuestionError: naming the first row that holds no count.
    """
    given = np.asarray(values)
    if given.ndim != 1:
        raise QuestionError(f"{name} must be one column")
    if given.size == 0:
        return np.zeros(0, dtype=np.int64)
    if given.dtype.kind not in "iuf":
        raise QuestionError(f"{name} must hold numbers")
    wrong = ~np.isfinite(given) | (given < 0) | (given != np.floor(given))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise QuestionError(f"{name}, row {row + 1}: {given[row]} is no count; leave such rows out")
    counts: Integers = given.astype(np.int64)
    return counts
