"""Commands about indications in results by station."""

from pollwitness.cli.forensics import battery, lists, pictures
from pollwitness.cli.forensics.application import app

__all__ = ["app", "battery", "lists", "pictures"]
