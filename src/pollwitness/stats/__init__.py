"""Shared mathematics, on plain arrays and numbers."""

from pollwitness.stats.binomial import binomial_chances, log_factorials, stretched_counts
from pollwitness.stats.covering import Cover, in_every_least_cover, least_cover
from pollwitness.stats.tails import binomial_upper_quantile

__all__ = [
    "Cover",
    "binomial_chances",
    "binomial_upper_quantile",
    "in_every_least_cover",
    "least_cover",
    "log_factorials",
    "stretched_counts",
]
