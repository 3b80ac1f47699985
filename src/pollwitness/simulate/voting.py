"""How people vote: the truth of a simulated election, before anybody counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pollwitness.simulate.plan import Plan

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_SMALLEST, _LARGEST = 20, 3_000


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What voters did. All arrays have shape (stations,), ``cast`` (stations, options).

    ``registered`` is the roll before the day, ``added`` the voters added to it on the day;
    ``early`` and ``mobile`` are among the ballots, which are ``cast`` and ``invalid`` together.
    """

    region: Integers
    registered: Integers
    added: Integers
    cast: Integers
    invalid: Integers
    early: Integers
    mobile: Integers

    @property
    def ballots(self) -> Integers:
        """Ballots that voters put into the box: shape (stations,)."""
        total: Integers = self.cast.sum(axis=1) + self.invalid
        return total


def vote(plan: Plan, rng: np.random.Generator) -> Votes:
    """An election: rolls, turnout and votes of every station.

    Turnout and support of a station are drawn on the scale of log odds: the national value, an
    effect of the region and one of the station; the two effects of a station are correlated as the
    plan says. Given these, ballots are binomial and votes multinomial.
    """
    region = np.sort(np.arange(plan.stations, dtype=np.int64) % plan.regions)
    registered = _sizes(plan, rng)
    shock = rng.standard_normal((plan.stations, 2))
    common = plan.correlation * shock[:, 0] + np.sqrt(1 - plan.correlation**2) * shock[:, 1]
    by_region = rng.standard_normal((plan.regions, 2)) * plan.region_spread
    going = _odds(plan.turnout) + by_region[region, 0] + plan.turnout_spread * shock[:, 0]
    added = rng.binomial(registered, plan.added).astype(np.int64)
    ballots = rng.binomial(registered + added, _share(going)).astype(np.int64)
    early, mobile = _ways(plan, ballots, rng)
    invalid = rng.binomial(ballots, plan.invalid).astype(np.int64)
    lean = by_region[region, 1] + plan.support_spread * common
    valid = ballots - invalid
    apart = np.minimum(early + mobile, valid)
    preferences = _preferences(plan, lean, rng)
    cast = rng.multinomial(valid - apart, preferences).astype(np.int64)
    if plan.early_lean:
        preferences = _leaning(preferences, plan.early_lean)
    cast += rng.multinomial(apart, preferences)
    return Votes(region, registered, added, cast, invalid, early, mobile)


def _odds(share: float) -> float:
    inside = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log(inside / (1 - inside)))


def _share(odds: Floats) -> Floats:
    share: Floats = 1 / (1 + np.exp(-odds))
    return share


def _sizes(plan: Plan, rng: np.random.Generator) -> Integers:
    if len(plan.sizes) == plan.stations:
        return np.array(plan.sizes, dtype=np.int64)
    if plan.sizes:
        drawn_sizes: Integers = rng.choice(np.array(plan.sizes, dtype=np.int64), plan.stations)
        return drawn_sizes
    drawn = plan.median_size * np.exp(plan.size_spread * rng.standard_normal(plan.stations))
    sizes: Integers = np.clip(np.rint(drawn), _SMALLEST, _LARGEST).astype(np.int64)
    return sizes


def _ways(plan: Plan, ballots: Integers, rng: np.random.Generator) -> tuple[Integers, Integers]:
    early = rng.binomial(ballots, plan.early).astype(np.int64)
    left = plan.mobile / (1 - plan.early) if plan.early < 1 else 0.0
    mobile = rng.binomial(ballots - early, min(left, 1.0)).astype(np.int64)
    return early, mobile


def _preferences(plan: Plan, lean: Floats, rng: np.random.Generator) -> Floats:
    """The chance of each option at each station: shape (stations, options)."""
    logs = np.log(np.array(plan.support) / sum(plan.support))
    effects = plan.support_spread * 0.5 * rng.standard_normal((plan.stations, len(plan.options)))
    effects[:, 0] = lean
    weights = np.exp(logs + effects)
    chances: Floats = weights / weights.sum(axis=1, keepdims=True)
    return chances


def _leaning(preferences: Floats, lean: float) -> Floats:
    weights = preferences.copy()
    weights[:, 0] *= np.exp(lean)
    leaning: Floats = weights / weights.sum(axis=1, keepdims=True)
    return leaning
