"""The error tolerance k*: how many decisive documents honest mistakes could produce."""

from __future__ import annotations

from pollwitness.stats import binomial_upper_quantile

UNDETECTED_FIGURE_RATE = 0.01
"""Forms on which one certain figure is wrong in a way that no rule notices: one in a hundred.

Measured on simulated elections at the stated rates of clerical errors: the headline reading leaves
out the truth of one option's votes on 0.5 % of forms upwards and 0.8 % downwards (documentation,
"Calibration").
"""
UNDETECTED_FORM_RATE = 0.05
"""Forms on which any figure is wrong in that way: one in twenty; measured 4 %."""
WRONG_REPORT_RATE = 0.01
"""Reports of voters that are put to the wrong station (design 6.1, "honest noise"); stated."""
TOLERANCE_LEVEL = 0.999


def error_tolerance(documents: int, error_rate: float = UNDETECTED_FIGURE_RATE) -> int:
    """k*: a contradiction carried by at most so many documents may be honest mistakes.

    Take away every document that is wrong: what is left are exact documents of the election, and
    exact documents of an honest election never contradict. So in an honest election k is at most
    the number of wrong documents, which is binomial if mistakes are independent; k* is its 99.9 %
    quantile. It is an upper bound on the 99.9 % quantile of k itself.

    Args:
        documents: accepted documents behind the verdict.
        error_rate: the rate of undetected errors in what the verdict rests on: one figure of each
            form, or (:data:`UNDETECTED_FORM_RATE`) any of its figures.

    >>> error_tolerance(271), error_tolerance(1395), error_tolerance(271, UNDETECTED_FORM_RATE)
    (9, 27, 26)
    """
    return binomial_upper_quantile(documents, error_rate, TOLERANCE_LEVEL)


def report_tolerance(reports: int) -> int:
    """So many of these reports may have been put to the wrong station by honest mistake.

    >>> report_tolerance(1_000)
    21
    """
    return binomial_upper_quantile(reports, WRONG_REPORT_RATE, TOLERANCE_LEVEL)
