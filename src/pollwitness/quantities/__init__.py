"""Intervals and the closed vocabularies in which claims and findings are stated."""

from pollwitness.quantities.interval import INFINITY, Bound, Interval
from pollwitness.quantities.measures import (
    Comparator,
    Denominator,
    Measure,
    Quantity,
    Rung,
    Unit,
    Verdict,
)
from pollwitness.quantities.rounding import Rounding, exact_range

__all__ = [
    "INFINITY",
    "Bound",
    "Comparator",
    "Denominator",
    "Interval",
    "Measure",
    "Quantity",
    "Rounding",
    "Rung",
    "Unit",
    "Verdict",
    "exact_range",
]
