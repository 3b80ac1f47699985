"""Indications in station-level results: rung 3, which never contradicts a claim by itself."""

from pollwitness.forensics.fingerprint import (
    AnomalousVotes,
    CumulativeCurve,
    Fingerprint,
    Unstable,
    VoteRateMoments,
    anomalous_votes,
    cumulative_curve,
    fingerprint,
    vote_rate_moments,
)
from pollwitness.forensics.gates import Expected, Gate, GateResult, Outcome, gates, is_open
from pollwitness.forensics.integers import (
    IntegerTest,
    Peak,
    Percentage,
    RegionTest,
    StationChances,
    WeightedExcess,
    by_region,
    integer_test,
    peaks,
    station_chances,
    weighted_excess,
)
from pollwitness.forensics.smooth import SmoothArea, SmoothTest, too_smooth_areas
from pollwitness.forensics.stations import StationResults

__all__ = [
    "AnomalousVotes",
    "CumulativeCurve",
    "Expected",
    "Fingerprint",
    "Gate",
    "GateResult",
    "IntegerTest",
    "Outcome",
    "Peak",
    "Percentage",
    "RegionTest",
    "SmoothArea",
    "SmoothTest",
    "StationChances",
    "StationResults",
    "Unstable",
    "VoteRateMoments",
    "WeightedExcess",
    "anomalous_votes",
    "by_region",
    "cumulative_curve",
    "fingerprint",
    "gates",
    "integer_test",
    "is_open",
    "peaks",
    "station_chances",
    "too_smooth_areas",
    "vote_rate_moments",
    "weighted_excess",
]
