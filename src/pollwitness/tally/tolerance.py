"""The error tolerance k*: how many decisive documents honest mistakes could produce."""

from __future__ import annotations

from pollwitness.stats import binomial_upper_quantile

UNDETECTED_ERROR_RATE = 0.005
"""Forms whose figures are wrong in a way that no rule notices: one in two hundred.

Stated, not measured: forms that contradict themselves (11 % in Belarus 2020) are noticed and read
with one figure misread; what remains are figures that are wrong and still add up.
"""
TOLERANCE_LEVEL = 0.999


def error_tolerance(documents: int, error_rate: float = UNDETECTED_ERROR_RATE) -> int:
    """k*: a contradiction carried by at most so many documents may be honest mistakes.

    Take away every document that is wrong: what is left are exact documents of the election, and
    exact documents of an honest election never contradict. So in an honest election k is at most
    the number of wrong documents, which is binomial if mistakes are independent; k* is its 99.9 %
    quantile. It is an upper bound on the 99.9 % quantile of k itself.

    Args:
        documents: accepted documents behind the verdict.
        error_rate: the rate of undetected errors.

    >>> error_tolerance(271), error_tolerance(1395)
    (6, 16)
    """
    return binomial_upper_quantile(documents, error_rate, TOLERANCE_LEVEL)
