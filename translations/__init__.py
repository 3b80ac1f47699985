"""Keeping the translations in step with the texts in the code."""
