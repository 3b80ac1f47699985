"""Commands about lists of detained people: link, review, bound, estimate, report."""

from pollwitness.cli.detentions import counting, estimating, linking, reviewing
from pollwitness.cli.detentions.application import app

__all__ = ["app", "counting", "estimating", "linking", "reviewing"]
