"""What an election is made from: places, preferences, what is seen of it, errors, manipulations."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields
from enum import StrEnum

from pollwitness.errors import RefusedError
from pollwitness.tables.schema import OPTION_PATTERN


class PlanError(RefusedError):
    """A plan asks for something that no election can have."""


class ReleaseKind(StrEnum):
    """Which stations' protocols become known."""

    ALL = "all"
    RANDOM = "random"
    HONESTY = "honesty"
    """More often where nothing was manipulated."""
    REGION = "region"
    """More often in some regions than in others."""


class ManipulationKind(StrEnum):
    """What is done to the result, and where it can be seen."""

    STUFFING = "stuffing"
    """Ballots of people who did not vote are put into the box: protocol and official figure."""
    TRANSFER = "transfer"
    """Votes are counted for another option: protocol and official figure, not the ballots cast."""
    REWRITTEN = "rewritten"
    """The protocol is replaced after copies were made of it: official figure only."""
    ROUNDED_TARGET = "rounded_target"
    """The share is lifted to a round target: protocol and official figure."""
    FALSE_AGGREGATE = "false_aggregate"
    """Sums of areas are changed and no station is: official figure of areas only."""
    LATE_ADDITION = "late_addition"
    """Voters and ballots are added after copies were made: official figure only."""


@dataclass(frozen=True, slots=True)
class Manipulation:
    """One kind of manipulation.

    ``rate`` is the share of stations (or of regions, for false aggregates) that it is done at;
    ``strength`` the share of the votes that it moves: of the people who stayed away for stuffing,
    of the roll for late additions, of the others' votes elsewhere; the target share for rounded
    targets. ``regions`` are numbers of regions; empty for all.
    """

    kind: ManipulationKind
    rate: float
    strength: float
    option: str | None = None
    regions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """Which protocols become known: ``share`` of all, ``bias`` times the odds where favoured."""

    kind: ReleaseKind = ReleaseKind.RANDOM
    share: float = 0.3
    bias: float = 4.0


@dataclass(frozen=True, slots=True)
class Reports:
    """Voters' own reports: ``share`` of voters who send one, and how many of these are wrong.

    ``false`` is the number of invented reports, for the rival of the leading option, as a share of
    all true ones; ``misassigned`` the share that is put to another station.
    """

    share: float = 0.1
    photo: float = 0.7
    false: float = 0.0
    misassigned: float = 0.01


@dataclass(frozen=True, slots=True)
class Errors:
    """Clerical errors: the share of copies that has each (design 6.1, "honest noise").

    ``one_figure``: one figure is misread or miswritten, so that the form does not add up.
    ``two_figures``: two are. ``exchanged``: two options are exchanged, which no sum shows.
    ``wrong_station``: the form is put to another station. ``invalid_blank``, ``blank``: invalid
    ballots, or any figure, are left blank.
    """

    one_figure: float = 0.0
    two_figures: float = 0.0
    exchanged: float = 0.0
    wrong_station: float = 0.0
    invalid_blank: float = 0.0
    blank: float = 0.0


HONEST_NOISE = Errors(
    one_figure=0.11,
    two_figures=0.001,
    exchanged=0.002,
    wrong_station=0.001,
    invalid_blank=0.5,
    blank=0.005,
)
"""The rates at which calibration is done. 11 % of forms that do not add up and half of them with
blank invalid ballots are those of the protocols of Belarus 2020; the others are stated."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An election to be simulated. Shares run from 0 to 1; spreads are on the scale of log odds.

    ``sizes`` are voters of stations to draw from (a real list, for example); without them sizes are
    log-normal around ``median_size``. ``correlation`` is that of turnout with support for the first
    option across stations. ``early_lean`` is the log odds by which early and mobile voters favour
    the first option. ``added`` are voters added on the day, as a share of the roll. ``coverage`` is
    the share of stations in the official count.
    """

    stations: int = 1000
    regions: int = 6
    options: tuple[str, ...] = ("incumbent", "rival", "third")
    support: tuple[float, ...] = (0.5, 0.35, 0.15)
    sizes: tuple[int, ...] = ()
    median_size: int = 900
    size_spread: float = 0.6
    turnout: float = 0.7
    turnout_spread: float = 0.35
    support_spread: float = 0.35
    region_spread: float = 0.25
    correlation: float = 0.3
    early: float = 0.1
    mobile: float = 0.04
    early_lean: float = 0.0
    invalid: float = 0.01
    added: float = 0.004
    copies: float = 0.05
    doors: float = 0.05
    station_results: bool = False
    coverage: float = 1.0
    release: Release = field(default_factory=Release)
    reports: Reports = field(default_factory=Reports)
    errors: Errors = field(default_factory=Errors)
    manipulations: tuple[Manipulation, ...] = ()

    def check(self) -> None:
        """Refuse what no election can have, all of it at once.

        Raises:
            PlanError: naming every key and what it must be.
        """
        wrong = [
            *_numbers_wrong(self), *_counts_wrong(self), *_shares_wrong(self),
            *_options_wrong(self),
        ]  # fmt: skip
        if wrong:
            raise PlanError("the plan cannot be used: " + "; ".join(wrong))


_MOST_STATIONS, _LARGEST_STATION = 100_000_000, 1_000_000


def _numbers_wrong(plan: Plan) -> list[str]:
    """Figures that are no numbers, or endless ones."""
    figures: dict[str, float] = {
        **{f.name: v for f in fields(plan) if isinstance(v := getattr(plan, f.name), float)},
        **{f"support[{n}]": share for n, share in enumerate(plan.support, start=1)},
        "release.share": plan.release.share,
        "release.bias": plan.release.bias,
    }
    wrong = [f"{name} must be a number" for name, v in figures.items() if not math.isfinite(v)]
    if abs(plan.early_lean) > 50:
        wrong.append("early_lean must be from -50 to 50")
    return wrong


def _counts_wrong(plan: Plan) -> list[str]:
    wrong = []
    if not 1 <= plan.stations <= _MOST_STATIONS or not 1 <= plan.regions <= plan.stations:
        wrong.append(f"stations must be 1 to {_MOST_STATIONS:,}, and regions from 1 to stations")
    if not all(1 <= size <= _LARGEST_STATION for size in (plan.median_size, *plan.sizes)):
        wrong.append(f"median_size and sizes must be from 1 to {_LARGEST_STATION:,}")
    if min(plan.size_spread, plan.turnout_spread, plan.support_spread, plan.region_spread) < 0:
        wrong.append("spreads must be 0 or more")
    if not 0 < plan.release.bias <= 1_000_000:
        wrong.append("release.bias must be more than 0, and at most a million")
    return wrong


def _shares_wrong(plan: Plan) -> list[str]:
    shares: dict[str, float] = {
        name: getattr(plan, name)
        for name in ("turnout", "early", "mobile", "invalid", "added", "copies", "doors",
                     "coverage")
    }  # fmt: skip
    shares["release.share"] = plan.release.share
    for part, values in (("reports", plan.reports), ("errors", plan.errors)):
        shares |= {f"{part}.{f.name}": getattr(values, f.name) for f in fields(values)}
    for number, manipulation in enumerate(plan.manipulations, start=1):
        shares[f"manipulations[{number}].rate"] = manipulation.rate
        shares[f"manipulations[{number}].strength"] = manipulation.strength
    wrong = [f"{name} must be from 0 to 1" for name, share in shares.items() if not 0 <= share <= 1]
    errors = plan.errors
    if errors.one_figure + errors.two_figures + errors.exchanged + errors.wrong_station > 1:
        wrong.append("one_figure, two_figures, exchanged, wrong_station must sum to 1 at most")
    if plan.early + plan.mobile > 1:
        wrong.append("early and mobile together must be at most 1")
    if not -1 <= plan.correlation <= 1:
        wrong.append("correlation must be from -1 to 1")
    return wrong


def _options_wrong(plan: Plan) -> list[str]:
    wrong = []
    if len(plan.options) < 2 or len(set(plan.options)) < len(plan.options):
        wrong.append("options must be two or more, each named once")
    if not all(re.fullmatch(OPTION_PATTERN, option) for option in plan.options):
        wrong.append("options must be ids: a-z first, then a-z, 0-9 and _")
    shares = plan.support
    if len(shares) != len(plan.options) or not all(0 < share <= 1e9 for share in shares):
        wrong.append("support must give a share above 0 for each option")
    for number, manipulation in enumerate(plan.manipulations, start=1):
        if manipulation.option is not None and manipulation.option not in plan.options:
            wrong.append(f"manipulations[{number}].option must be one of the options")
        if any(not 1 <= region <= plan.regions for region in manipulation.regions):
            wrong.append(f"manipulations[{number}].regions must be from 1 to {plan.regions}")
    return wrong
