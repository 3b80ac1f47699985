"""What `case.toml` says: the election or event, its contests and their options."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pollwitness.errors import QuestionError

FORMAT = 1
"""The version of the case format that this version writes. Older ones stay readable."""


class ContestRule(StrEnum):
    """What it takes to win a contest."""

    PLURALITY = "plurality"
    MAJORITY = "majority"
    THRESHOLD = "threshold"


class OptionKind(StrEnum):
    """What can be voted for."""

    CANDIDATE = "candidate"
    PARTY = "party"
    ANSWER = "answer"
    AGAINST_ALL = "against_all"


class Audience(StrEnum):
    """Who may see the case folder."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be voted for. Its id names the column ``votes_<id>``."""

    id: str
    name: str
    kind: OptionKind


@dataclass(frozen=True, slots=True)
class Contest:
    """One question put to the voters; a run-off is a further contest."""

    id: str
    name: str
    winners: int
    rule: ContestRule
    options: tuple[Option, ...]
    threshold: Fraction | None = None
    round: int | None = None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of the options, in the order of `case.toml`."""
        return tuple(option.id for option in self.options)


@dataclass(frozen=True, slots=True)
class Case:
    """The head of a case folder.

    ``largest_station`` is the greatest number of voters that the law or the case allows at one
    station; ``roll_additions`` the greatest number of voters, in the whole case, by which the
    rolls may have grown after an earlier roll was published. Both are assumptions of the case and
    are printed wherever a bound uses them; without them nothing is assumed.
    """

    id: str
    title: str
    country: str
    date: str
    time_zone: str
    licence: str
    audience: Audience
    contests: tuple[Contest, ...]
    largest_station: int | None = None
    roll_additions: int | None = None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of all options of all contests (unique in the case)."""
        return tuple(option.id for contest in self.contests for option in contest.options)

    def contest(self, contest_id: str) -> Contest:
        """The contest of that id.

        Raises:
            QuestionError: if the case has no such contest.
        """
        for contest in self.contests:
            if contest.id == contest_id:
                return contest
        known = ", ".join(contest.id for contest in self.contests)
        raise QuestionError(f"the case has no contest {contest_id!r}; it has {known}")

    def option_name(self, option_id: str) -> str:
        """The name of an option as `case.toml` writes it."""
        names = {option.id: option.name for c in self.contests for option in c.options}
        return names[option_id]
