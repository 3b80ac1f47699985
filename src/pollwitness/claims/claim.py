"""A claim as it was read from its table: an attributed, quantified statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from pollwitness.quantities import (
    INFINITY,
    Comparator,
    Denominator,
    Interval,
    Measure,
    Rounding,
    Unit,
    exact_range,
)
from pollwitness.tables import CaseTables

_Row = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """One confirmed claim.

    ``claimed`` is the range that the words name, in its unit; None where the words are too vague
    to be contradicted ("about 6,000" without a range). ``ranges`` is what must hold for the claim
    to be true: the claimed range, or, for a denial, everything outside it.
    """

    claim_id: str
    document_id: str
    words: str
    speaker: str | None
    stated_at: str | None
    measure: Measure
    contest_id: str | None
    option_id: str | None
    area_id: str | None
    event_from: str | None
    event_to: str | None
    comparator: Comparator
    claimed: Interval | None
    unit: Unit
    denominator: Denominator
    denied: bool
    reply: str | None
    supersedes: str | None
    printed: str | None
    rounded_to: str | None
    rounding: Rounding
    printed_high: str | None = None

    @property
    def depends_on_rounding(self) -> bool:
        """Whether the claimed range rests on a rounding that nobody stated."""
        figure = self.comparator is Comparator.EQUAL or self.rounded_to is not None
        return figure and self.rounding is Rounding.UNKNOWN and self.claimed is not None

    def under(self, rounding: Rounding) -> Claim:
        """The same claim if its figure was rounded by a given convention."""
        claimed = claimed_range(
            self.comparator, low=self.printed, high=self.printed_high,
            rounded_to=self.rounded_to, rounding=rounding,
        )  # fmt: skip
        return replace(self, claimed=claimed, rounding=rounding)

    @property
    def ranges(self) -> tuple[Interval, ...]:
        """The ranges of which one must hold the true figure if the claim is true."""
        if self.claimed is None:
            return (Interval.everything(),)
        return self.claimed.complement() if self.denied else (self.claimed,)

    def in_shares(self) -> tuple[Interval, ...]:
        """The ranges as shares from 0 to 1, for claims in percent."""
        if self.unit is Unit.PERCENT:
            return tuple(interval.scaled(Fraction(1, 100)) for interval in self.ranges)
        return self.ranges


def confirmed_claims(tables: CaseTables) -> tuple[Claim, ...]:
    """The confirmed claims of a case, by id. Proposed and rejected ones are not checked."""
    confirmed = tables.table("claims").filter(pl.col("status") == "confirmed")
    return tuple(_claim(row) for row in confirmed.sort("claim_id").to_dicts())


def _claim(row: _Row) -> Claim:
    comparator = Comparator(str(row["comparator"]))
    return Claim(
        claim_id=str(row["claim_id"]),
        document_id=str(row["document_id"]),
        words=str(row["words"]),
        speaker=_text(row, "speaker"),
        stated_at=_text(row, "stated_at"),
        measure=Measure(str(row["measure"])),
        contest_id=_text(row, "contest_id"),
        option_id=_text(row, "option_id"),
        area_id=_text(row, "area_id"),
        event_from=_text(row, "event_from"),
        event_to=_text(row, "event_to"),
        comparator=comparator,
        claimed=claimed_range(
            comparator,
            low=_text(row, "low"),
            high=_text(row, "high"),
            rounded_to=_text(row, "rounded_to"),
            rounding=Rounding(str(row["rounding"])),
        ),
        unit=Unit(str(row["unit"])),
        denominator=Denominator(str(row["denominator"])),
        denied=row["polarity"] == "denied",
        reply=_text(row, "reply"),
        supersedes=_text(row, "supersedes"),
        printed=_text(row, "low"),
        rounded_to=_text(row, "rounded_to"),
        rounding=Rounding(str(row["rounding"])),
        printed_high=_text(row, "high"),
    )


def _text(row: _Row, name: str) -> str | None:
    value = row[name]
    return None if value is None else str(value)


def claimed_range(
    comparator: Comparator,
    *,
    low: str | None,
    high: str | None,
    rounded_to: str | None,
    rounding: Rounding,
) -> Interval | None:
    """The range that a comparator and its printed figures name.

    A one-sided comparator names its figure exactly, unless the figure is said to be rounded.
    "80.1 %" without a stated rounding is known to one unit in its last printed digit; "about"
    without a range names none.

    >>> claimed_range(Comparator.EQUAL, low="80.1", high=None, rounded_to=None,
    ...               rounding=Rounding.UNKNOWN)
    Interval('(80, 401/5)')
    """
    if comparator in _ONE_SIDED:
        from_above = comparator in (Comparator.AT_MOST, Comparator.LESS_THAN)
        return _one_sided(comparator, (high if from_above else low) or "0", (rounded_to, rounding))
    if comparator is Comparator.EQUAL:
        printed = low or "0"
        unit = _last_digit(printed) if rounded_to is None else Fraction(rounded_to)
        return exact_range(Interval.exactly(Fraction(printed)), unit, rounding)
    if low is None or high is None:
        return None
    named = Interval(Fraction(low), Fraction(high))
    return named if rounded_to is None else exact_range(named, Fraction(rounded_to), rounding)


_ONE_SIDED = (Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.AT_MOST, Comparator.LESS_THAN)


def _one_sided(
    comparator: Comparator, printed: str, rounded: tuple[str | None, Rounding]
) -> Interval:
    """All figures above or below the printed one, or the exact ones behind it if it is rounded.

    "At least 127.1 thousand", rounded to 0.1 thousand, is more than 127,000.
    """
    unit, rounding = rounded
    above = comparator in (Comparator.AT_LEAST, Comparator.MORE_THAN)
    if unit is not None:
        exact = exact_range(Interval.exactly(printed), Fraction(unit), rounding)
        if above:
            return Interval(exact.low, INFINITY, low_open=exact.low_open)
        return Interval(-INFINITY, exact.high, high_open=exact.high_open)
    strict = comparator in (Comparator.MORE_THAN, Comparator.LESS_THAN)
    if above:
        return Interval(Fraction(printed), INFINITY, low_open=strict)
    return Interval(-INFINITY, Fraction(printed), high_open=strict)


def _last_digit(printed: str) -> Fraction:
    decimals = len(printed.partition(".")[2])
    return Fraction(1, 10**decimals)
