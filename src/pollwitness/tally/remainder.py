"""What the stations without a protocol must hold for the official figure to be true."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pollwitness.tables import CaseTables
from pollwitness.tally.area import stations_total
from pollwitness.tally.bounds import RecordedVotes
from pollwitness.tally.official import OfficialResult

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Remainder:
    """Seen and unseen stations of an area for one option.

    Seen are the stations whose forms state the option's votes; a blank is unknown, never 0, so a
    station that leaves it blank counts as unseen here. ``seen_votes`` and ``seen_ballots`` are as
    written on the forms (the sum of the parts where a form gives no ballots). ``unseen_votes`` and
    ``unseen_ballots`` are the official figures less these, each (least, greatest) over the rounding
    of the official figure; they may be negative, which is then the contradiction. Shares are shares
    of ballots found. ``slack`` is the sum of the mismatches of the forms: the ballots are uncertain
    by so many.
    """

    option_id: str
    seen_stations: int
    unseen_stations: int | None
    seen_votes: int
    seen_ballots: int
    unseen_votes: tuple[int, int]
    unseen_ballots: tuple[int, int] | None
    slack: int

    @property
    def seen_share(self) -> Fraction | None:
        """The option's share of the ballots in the seen stations."""
        return Fraction(self.seen_votes, self.seen_ballots) if self.seen_ballots else None

    @property
    def needed_share(self) -> tuple[Fraction, Fraction] | None:
        """The share that the unseen stations would need, (least, greatest) over the rounding."""
        if self.unseen_ballots is None or min(self.unseen_ballots) <= 0:
            return None
        shares = [Fraction(v, b) for v in self.unseen_votes for b in self.unseen_ballots]
        return min(shares), max(shares)

    @property
    def seen_average(self) -> Fraction | None:
        """Votes for the option per seen station."""
        return Fraction(self.seen_votes, self.seen_stations) if self.seen_stations else None

    @property
    def needed_average(self) -> tuple[Fraction, Fraction] | None:
        """Votes per unseen station that the official figure needs."""
        if not self.unseen_stations:
            return None
        least, greatest = self.unseen_votes
        return Fraction(least, self.unseen_stations), Fraction(greatest, self.unseen_stations)


def remainder(
    tables: CaseTables, votes: RecordedVotes, official: OfficialResult, option_id: str
) -> Remainder | None:
    """The remainder of an area for one option; None where its votes were not published."""
    part = votes.part(option_id)
    count = official.count(votes.parts[part])
    if count is None:
        return None
    at = votes.seen_in(official.area_id)
    at = at[votes.given[at, part]]
    seen_votes = int(votes.low[at, part].sum())
    seen_ballots = int(votes.written_ballots[at].sum())
    total = stations_total(tables, votes, official.area_id)
    ballots = official_ballots(official)
    return Remainder(
        option_id=option_id,
        seen_stations=at.size,
        unseen_stations=None if total is None else total - at.size,
        seen_votes=seen_votes,
        seen_ballots=seen_ballots,
        unseen_votes=(count.least - seen_votes, count.greatest - seen_votes),
        unseen_ballots=None
        if ballots is None
        else (ballots[0] - seen_ballots, ballots[1] - seen_ballots),
        slack=int(votes.mismatch[at].sum()),
    )


def official_ballots(official: OfficialResult) -> tuple[int, int] | None:
    """The official number of ballots: as published, or turnout times roll, as whole numbers."""
    count = official.count("ballots")
    if count is not None:
        return count.least, count.greatest
    turnout, registered = official.shares.get("turnout"), official.count("registered")
    if turnout is None or registered is None:
        return None
    low = turnout.interval.scaled(Fraction(max(registered.least, 1))).least_integer()
    high = turnout.interval.scaled(Fraction(max(registered.greatest, 1))).greatest_integer()
    return low or 0, high or 0
