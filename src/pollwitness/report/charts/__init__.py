"""Every picture of the report, in one theme."""

from pollwitness.report.charts.claim_bar import Bar, bar_of, claim_bar, claim_bar_alone, gap_of
from pollwitness.report.charts.curves import bounds_over_time, robustness_curve
from pollwitness.report.charts.drawing import Scale
from pollwitness.report.charts.indications import (
    cumulative_line,
    fingerprint_map,
    integer_comb,
    region_maps,
)
from pollwitness.report.charts.people import ForestRow, Overlap, forest, overlaps
from pollwitness.report.charts.picture import Picture
from pollwitness.report.charts.samples import Band, funnel, p_path
from pollwitness.report.charts.shares import SharePair, ShareRow, extent, seen_and_unseen
from pollwitness.report.charts.sources import Said, scale_of, who_says_what
from pollwitness.report.charts.stations import Layer, station_map, station_scatter, window

__all__ = [
    "Band",
    "Bar",
    "ForestRow",
    "Layer",
    "Overlap",
    "Picture",
    "Said",
    "Scale",
    "SharePair",
    "ShareRow",
    "bar_of",
    "bounds_over_time",
    "claim_bar",
    "claim_bar_alone",
    "cumulative_line",
    "extent",
    "fingerprint_map",
    "forest",
    "funnel",
    "gap_of",
    "integer_comb",
    "overlaps",
    "p_path",
    "region_maps",
    "robustness_curve",
    "scale_of",
    "seen_and_unseen",
    "station_map",
    "station_scatter",
    "who_says_what",
    "window",
]
