"""What claims and quantities are called on a page."""

from __future__ import annotations

from fractions import Fraction

from pollwitness.checks import (
    area_name,
    counted,
    denominator_label,
    measure_label,
    number_text,
    range_text,
)
from pollwitness.claims import Claim
from pollwitness.language import day_text
from pollwitness.language import gettext as _
from pollwitness.quantities import Bound, Comparator, Interval, Measure
from pollwitness.report.subject import QuantityKey, Subject


def said_by(claim: Claim) -> str:
    """Who said it, and when, as far as it is known."""
    who = claim.speaker or _("speaker not known")
    if claim.stated_at is None:
        return who
    return _("{who}, {when}").format(who=who, when=day_text(claim.stated_at))


def quantity_title(subject: Subject, key: QuantityKey) -> str:
    """The name of a quantity: what is counted, for whom, where."""
    measure, _contest, option, area = key
    parts = [measure_label(Measure(measure))]
    if option is not None:
        parts.append(subject.tables.case.option_name(option))
    if area is not None:
        parts.append(area_name(area, subject.tables))
    return ", ".join(parts)


def claimed_figure(claim: Claim, *, short: bool = False) -> str:
    """The claimed figure as it was printed, with its unit and what a share is a share of.

    ``short`` leaves out what a percentage is a share of.
    """
    unit = str(claim.unit)
    shown = _figure_of(claim, unit)
    if unit not in ("percent", "share"):
        return counted(shown, unit)
    of = "" if short else denominator_label(claim.denominator)
    return f"{shown} {of}".rstrip()


def _figure_of(claim: Claim, unit: str) -> str:
    if claim.comparator is Comparator.EQUAL and claim.printed is not None:
        return number_text(Fraction(claim.printed), _sign(unit))
    if claim.claimed is None:
        printed = "?" if claim.printed is None else number_text(Fraction(claim.printed))
        return _("about {n}").format(n=printed)
    return _range_text(claim.claimed, unit)


def _sign(unit: str) -> str:
    return unit if unit in ("percent", "share") else ""


def _range_text(claimed: Interval, unit: str) -> str:
    low, high = claimed.low, claimed.high
    if high == float("inf"):
        template = _("more than {n}") if claimed.low_open else _("at least {n}")
        return template.format(n=number_text(low, _sign(unit)))
    if low == float("-inf"):
        template = _("less than {n}") if claimed.high_open else _("at most {n}")
        return template.format(n=number_text(high, _sign(unit)))
    ends: tuple[Bound, Bound] = (low, high)
    if not _sign(unit):
        least, greatest = claimed.least_integer(), claimed.greatest_integer()
        ends = ends if least is None or greatest is None else (least, greatest)
    return range_text(*ends, _sign(unit))
