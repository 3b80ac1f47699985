"""What can be claimed, compared and concluded: the closed vocabularies of the design."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from pollwitness.quantities.interval import Interval


class Measure(StrEnum):
    """What a claimed figure counts."""

    VOTE_SHARE = "vote_share"
    VOTES = "votes"
    TURNOUT = "turnout"
    BALLOTS = "ballots"
    STATIONS_WON = "stations_won"
    STATIONS_CONTRADICTED = "stations_contradicted"
    PEOPLE_ARRESTED = "people_arrested"
    PEOPLE_RELEASED = "people_released"
    PEOPLE_KILLED = "people_killed"
    PEOPLE_INJURED = "people_injured"
    CROWD_SIZE = "crowd_size"
    POLICE_PRESENT = "police_present"
    SIGNATURES = "signatures"


class Comparator(StrEnum):
    """How a claim compares the true figure with the figure it names."""

    EQUAL = "eq"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    BETWEEN = "between"
    ABOUT = "about"


class Denominator(StrEnum):
    """What a share is a share of."""

    REGISTERED = "registered"
    BALLOTS = "ballots"
    VALID = "valid"
    NONE = "none"
    UNKNOWN = "unknown"


class Unit(StrEnum):
    """The unit in which a figure is given. Shares run from 0 to 1, percentages from 0 to 100."""

    VOTES = "votes"
    BALLOTS = "ballots"
    STATIONS = "stations"
    PEOPLE = "people"
    SIGNATURES = "signatures"
    PERCENT = "percent"
    SHARE = "share"


class Rung(IntEnum):
    """The step of the ladder of evidence on which a finding stands (design 3)."""

    BOUNDS = 1
    ESTIMATES = 2
    INDICATIONS = 3


class Verdict(StrEnum):
    """What a finding says about a claim (design 3)."""

    CONTRADICTED = "contradicted"
    POSSIBLE = "possible"
    ENTAILED = "entailed"
    UNLIKELY = "unlikely"
    COMPATIBLE = "compatible"
    SUPPORTED = "supported"
    ANOMALOUS = "anomalous"
    UNREMARKABLE = "unremarkable"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range of figures with its unit and, for a share, what it is a share of."""

    interval: Interval
    unit: Unit
    denominator: Denominator = Denominator.NONE
