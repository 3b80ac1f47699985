"""What is done to a result, where and how much: planted, so that checks can be tried on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pollwitness.simulate.plan import Manipulation, ManipulationKind, Plan
from pollwitness.simulate.voting import Integers, Votes

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What is written down for every station: ``votes`` (stations, options), else (stations,)."""

    votes: Integers
    invalid: Integers
    registered: Integers
    added: Integers

    @property
    def ballots(self) -> Integers:
        """Ballots in the boxes, as written."""
        total: Integers = self.votes.sum(axis=1) + self.invalid
        return total

    @property
    def valid(self) -> Integers:
        """Valid ballots, as written."""
        total: Integers = self.votes.sum(axis=1)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """An election as it is written down.

    ``protocol`` is what the commission signs and observers copy, ``official`` what the authority
    counts; ``manipulated`` (manipulations, stations) says what was done where; ``moved`` (regions,
    options) what was added to the official sums of each region, whatever its stations hold.
    """

    protocol: Figures
    official: Figures
    manipulated: Flags
    moved: Integers


def record(plan: Plan, votes: Votes, rng: np.random.Generator) -> Recorded:
    """The result as it is written down: what was cast, and what the plan does to it."""
    honest = Figures(votes.cast, votes.invalid, votes.registered + votes.added, votes.added)
    recorded = Recorded(
        honest,
        honest,
        np.zeros((len(plan.manipulations), plan.stations), dtype=bool),
        np.zeros((plan.regions, len(plan.options)), dtype=np.int64),
    )
    for number, manipulation in enumerate(plan.manipulations):
        if manipulation.kind is ManipulationKind.FALSE_AGGREGATE:
            recorded = _false_sums(plan, votes, recorded, manipulation, rng)
        else:
            at = _chosen(votes.region, manipulation, rng)
            recorded.manipulated[number] = at
            recorded = _at_stations(plan, recorded, manipulation, at)
    return recorded


def _chosen(region: Integers, manipulation: Manipulation, rng: np.random.Generator) -> Flags:
    at: Flags = rng.random(region.size) < manipulation.rate
    if manipulation.regions:
        at &= np.isin(region + 1, manipulation.regions)
    return at


def _at_stations(plan: Plan, recorded: Recorded, manipulation: Manipulation, at: Flags) -> Recorded:
    option = plan.options.index(manipulation.option or plan.options[0])
    strength = manipulation.strength

    def change(figures: Figures) -> Figures:
        match manipulation.kind:
            case ManipulationKind.STUFFING:
                away = figures.registered - figures.ballots
                return _gained(figures, option, np.where(at, np.rint(away * strength), 0))
            case ManipulationKind.LATE_ADDITION:
                more = np.where(at, np.rint(figures.registered * strength), 0).astype(np.int64)
                added = replace(figures, registered=figures.registered + more,
                                added=figures.added + more)  # fmt: skip
                return _gained(added, option, more)
            case ManipulationKind.ROUNDED_TARGET:
                wanted = np.ceil(figures.valid * strength).astype(np.int64)
                short = np.maximum(wanted - figures.votes[:, option], 0)
                return _moved(figures, option, np.where(at, short, 0))
            case _:
                others = figures.valid - figures.votes[:, option]
                return _moved(figures, option, np.where(at, np.rint(others * strength), 0))

    official = change(recorded.official)
    if manipulation.kind in (ManipulationKind.REWRITTEN, ManipulationKind.LATE_ADDITION):
        return replace(recorded, official=official)
    return replace(recorded, protocol=change(recorded.protocol), official=official)


def _gained(figures: Figures, option: int, more: npt.NDArray[np.float64] | Integers) -> Figures:
    votes = figures.votes.copy()
    votes[:, option] += more.astype(np.int64)
    return replace(figures, votes=votes)


def _moved(figures: Figures, option: int, wanted: npt.NDArray[np.float64] | Integers) -> Figures:
    """Votes of the others to one option, from each in proportion to what it has."""
    return replace(figures, votes=moved_votes(figures.votes, option, wanted.astype(np.int64)))


def moved_votes(votes: Integers, option: int, wanted: Integers) -> Integers:
    """The votes (places, options) after so many of the others' votes went to one option.

    Taken from each in proportion, in whole votes; what rounding leaves is taken from the first that
    has some. Never more than there are.
    """
    moved = votes.copy()
    moved[:, option] = 0
    others = moved.sum(axis=1)
    wanted = np.minimum(wanted, others)
    taken = moved * wanted[:, None] // np.maximum(others, 1)[:, None]
    rest = wanted - taken.sum(axis=1)
    for column in range(votes.shape[1]):
        more = np.minimum(rest, moved[:, column] - taken[:, column])
        taken[:, column] += more
        rest = rest - more
    left: Integers = votes - taken
    left[:, option] += wanted
    return left


def _false_sums(
    plan: Plan,
    votes: Votes,
    recorded: Recorded,
    manipulation: Manipulation,
    rng: np.random.Generator,
) -> Recorded:
    """The sums of some regions changed, beyond what their stations hold."""
    option = plan.options.index(manipulation.option or plan.options[0])
    at = rng.random(plan.regions) < manipulation.rate
    if manipulation.regions:
        at &= np.isin(np.arange(plan.regions) + 1, manipulation.regions)
    sums = region_sums(recorded.official.votes, votes.region, plan.regions) + recorded.moved
    others = sums.sum(axis=1) - sums[:, option]
    wanted = np.where(at, np.rint(others * manipulation.strength), 0).astype(np.int64)
    return replace(recorded, moved=recorded.moved + moved_votes(sums, option, wanted) - sums)


def region_sums(figures: Integers, region: Integers, regions: int) -> Integers:
    """The sums of columns by region: shape (regions, columns)."""
    sums = np.zeros((regions, figures.shape[1]), dtype=np.int64)
    np.add.at(sums, region, figures)
    return sums
