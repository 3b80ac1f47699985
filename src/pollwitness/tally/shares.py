"""The range of a share (votes or turnout) that protocols and rolls leave open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pollwitness.quantities import INFINITY, Denominator, Interval
from pollwitness.tables import CaseTables
from pollwitness.tally.area import ceilings, officials_by_area
from pollwitness.tally.bounds import RecordedVotes
from pollwitness.tally.rooms import registered_voters

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShareBounds:
    """The share of an option, and the totals that give its two ends.

    ``least`` and ``greatest`` are (votes, total); the share lies between their quotients. An end
    is None where no roll bounds the stations without a protocol.
    """

    interval: Interval
    denominator: Denominator
    least: tuple[int, int] | None
    greatest: tuple[int, int] | None


def vote_share_bounds(
    tables: CaseTables,
    votes: RecordedVotes,
    area_id: str | None,
    *,
    option_id: str,
    denominator: Denominator,
) -> ShareBounds | None:
    """The share of an option in an area, of ballots, of valid votes or of registered voters.

    All unseen room goes to the option for the greatest share and to others for the least; both
    ends are attained. None where the denominator is registered voters and nobody published them.
    """
    split = _own_and_rest(
        votes, area_id, option_id, with_invalid=denominator is not Denominator.VALID
    )
    above = ceilings(tables, votes, area_id)
    own_low, rest_low = int(split.own_low.sum()), int(split.rest_low.sum())
    most_own = above.most(split.own_high, split.rest_low)
    most_rest = above.most(split.rest_high, split.own_low)
    if denominator is Denominator.REGISTERED:
        return _of_registered(tables, votes, area_id, (own_low, most_own))
    least = None if most_rest is None else (own_low, own_low + max(most_rest, rest_low))
    greatest = (
        None if most_own is None else (max(most_own, own_low), max(most_own, own_low) + rest_low)
    )
    low = _quotient(least, Fraction(0))
    high = _quotient(greatest, Fraction(1))
    return ShareBounds(Interval(low, high), denominator, least, greatest)


def _quotient(pair: tuple[int, int] | None, unknown: Fraction) -> Fraction:
    return unknown if pair is None or pair[1] == 0 else Fraction(*pair)


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """An option and the rest at every seen station: least and most of each, shape (stations,)."""

    own_low: Integers
    own_high: Integers
    rest_low: Integers
    rest_high: Integers


def _own_and_rest(
    votes: RecordedVotes, area_id: str | None, option_id: str, *, with_invalid: bool
) -> _Split:
    at = votes.seen_in(area_id)
    part = votes.part(option_id)
    rest = [c for c in range(len(votes.parts) - (0 if with_invalid else 1)) if c != part]
    outside = [c for c in range(len(votes.parts)) if c != part and c not in rest]
    low, high = votes.low[at], votes.high[at]
    blo, bhi = votes.ballots_low[at], votes.ballots_high[at]
    own_low, own_high = low[:, part], high[:, part]
    rest_low, rest_high = low[:, rest].sum(axis=1), high[:, rest].sum(axis=1)
    out_low, out_high = low[:, outside].sum(axis=1), high[:, outside].sum(axis=1)
    return _Split(
        own_low=np.maximum(own_low, blo - rest_high - out_high),
        own_high=np.minimum(own_high, bhi - rest_low - out_low),
        rest_low=np.maximum(rest_low, blo - own_high - out_high),
        rest_high=np.minimum(rest_high, bhi - own_low - out_low),
    )


def _of_registered(
    tables: CaseTables,
    votes: RecordedVotes,
    area_id: str | None,
    own: tuple[int, int | None],
) -> ShareBounds | None:
    area = votes.territory.root() if area_id is None else area_id
    official = officials_by_area(tables, votes.contest_id).get(area or "")
    registered = None if official is None else registered_voters(tables, votes.contest_id, official)
    if registered is None:
        return None
    low, most = own
    least = None if registered.greatest is None else (low, registered.greatest)
    greatest = None if most is None or not registered.least else (most, registered.least)
    bottom = _quotient(least, Fraction(0))
    top = INFINITY if greatest is None else max(Fraction(*greatest), bottom)
    return ShareBounds(Interval(bottom, top), Denominator.REGISTERED, least, greatest)


def turnout_bounds(
    tables: CaseTables, votes: RecordedVotes, area_id: str | None
) -> ShareBounds | None:
    """Ballots found by registered voters; None where nobody published the registered voters."""
    at = votes.seen_in(area_id)
    most = ceilings(tables, votes, area_id).most(votes.ballots_high[at])
    return _of_registered(tables, votes, area_id, (int(votes.ballots_low[at].sum()), most))
