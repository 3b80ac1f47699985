"""How many stations an option won: counted, and bounded for the stations not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.tally.bounds import RecordedVotes

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class StationsWon:
    """Seen stations that an option won, tied, or may have won; positions of stations.

    "Won" means strictly more votes than every other option. ``certain`` are won whatever the
    copies and blanks leave open, ``tied`` have a tie at the top, ``open`` may have been won.
    ``ahead`` are the stations where the option leads every figure that is given: those of
    ``certain``, and those where a rival's votes are blank and nothing bounds them.
    """

    certain: Integers
    ahead: Integers
    tied: Integers
    open: Integers
    seen: int


def stations_won(votes: RecordedVotes, option_id: str, area_id: str | None) -> StationsWon:
    """The stations of an area that an option won."""
    at = votes.seen_in(area_id)
    part = votes.part(option_id)
    rivals = [c for c in range(len(votes.parts) - 1) if c != part]
    own_low, own_high = votes.low[at, part], votes.high[at, part]
    rivals_high = votes.high[at][:, rivals].max(axis=1, initial=-1)
    rivals_low = votes.low[at][:, rivals].max(axis=1, initial=-1)
    certain = own_low > rivals_high
    tied = (own_low == own_high) & (own_low == rivals_low) & (rivals_low == rivals_high)
    possible = (own_high > rivals_low) & ~certain
    given = np.where(votes.given[at][:, rivals], votes.high[at][:, rivals], -1).max(
        axis=1, initial=-1
    )
    ahead = certain | (votes.given[at, part] & (own_low > given))
    return StationsWon(at[certain], at[ahead], at[tied], at[possible], at.size)
