"""What claims and quantities are called on a page."""

from __future__ import annotations

from fractions import Fraction

from pollwitness.checks import (
    area_name,
    counted,
    denominator_label,
    measure_label,
    number_text,
)
from pollwitness.claims import Claim
from pollwitness.language import day_text, mark
from pollwitness.language import gettext as _
from pollwitness.quantities import Comparator, Measure
from pollwitness.report.subject import QuantityKey, Subject


def speaker(claim: Claim) -> str:
    """Who said it."""
    return claim.speaker or _("speaker not known")


def said_by(claim: Claim) -> str:
    """Who said it, and when, as far as it is known."""
    if claim.stated_at is None:
        return speaker(claim)
    return _("{who}, {when}").format(who=speaker(claim), when=day_text(claim.stated_at))


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
    """The figure as it was printed, whatever its rounding allows beside it."""
    sign = unit if unit in ("percent", "share") else ""
    low, high = (
        None if printed is None else number_text(Fraction(printed), sign)
        for printed in (claim.printed, claim.printed_high)
    )
    if claim.comparator is Comparator.BETWEEN or (low and high):
        return _("{low} to {high}").format(low=low or "?", high=high or "?")
    return _(_COMPARED[claim.comparator]).format(n=low or high or "?")


_COMPARED = {
    Comparator.EQUAL: "{n}",
    Comparator.AT_LEAST: mark("at least {n}"),
    Comparator.MORE_THAN: mark("more than {n}"),
    Comparator.AT_MOST: mark("at most {n}"),
    Comparator.LESS_THAN: mark("less than {n}"),
    Comparator.BETWEEN: "{n}",
    Comparator.ABOUT: mark("about {n}"),
}
