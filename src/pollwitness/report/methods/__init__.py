"""The methods behind the findings, for a reader without training: one page each.

Every page says what is asked, how the answer is had, what it does not show, and where the method
is written down. The mathematics in full stands in the documentation of the software.
"""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.report.methods.bounds import BOUNDS
from pollwitness.report.methods.indications import INDICATIONS
from pollwitness.report.methods.method import Method
from pollwitness.report.methods.people import PEOPLE
from pollwitness.report.methods.samples import SAMPLES

__all__ = ["METHODS", "Method"]

METHODS: Mapping[str, Method] = {**BOUNDS, **INDICATIONS, **SAMPLES, **PEOPLE}
"""Every method by the name of its page, in the order in which they are listed."""
