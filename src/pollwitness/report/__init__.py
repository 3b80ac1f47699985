"""The report: findings as pages, pictures, a summary and a feed. Only `site` writes files."""

from pollwitness.report.subject import Subject

__all__ = ["Subject"]
