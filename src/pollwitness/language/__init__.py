"""The language in which people are spoken to: texts, numbers, dates, direction of writing."""

from pollwitness.language.catalogues import SHIPPED, language, language_of_environment
from pollwitness.language.numbers import (
    decimal_number,
    fixed,
    listed,
    percentage,
    probability,
    whole_number,
)
from pollwitness.language.spoken import (
    ENGLISH,
    Language,
    day_text,
    gettext,
    mark,
    ngettext,
    speaking,
    spoken,
)

__all__ = [
    "ENGLISH",
    "SHIPPED",
    "Language",
    "day_text",
    "decimal_number",
    "fixed",
    "gettext",
    "language",
    "language_of_environment",
    "listed",
    "mark",
    "ngettext",
    "percentage",
    "probability",
    "speaking",
    "spoken",
    "whole_number",
]
