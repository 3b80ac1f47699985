"""The catalogue of questions that a case can be asked, and the answers in words."""

from pollwitness.checks.catalogue import CATALOGUE, CheckRun, Unanswered, run_checks
from pollwitness.checks.check import Check
from pollwitness.checks.explanation import (
    Section,
    deciding_figure,
    explanation,
    robustness_words,
)
from pollwitness.checks.official import PHIS, robustness_curve
from pollwitness.checks.texts import TEXTS, VERDICT_WORDS
from pollwitness.checks.wording import (
    area_name,
    counted,
    figure_text,
    missing_sentence,
    number_text,
    quantity_text,
    range_text,
    sentence,
    verdict_word,
)

__all__ = [
    "CATALOGUE",
    "PHIS",
    "TEXTS",
    "VERDICT_WORDS",
    "Check",
    "CheckRun",
    "Section",
    "Unanswered",
    "area_name",
    "counted",
    "deciding_figure",
    "explanation",
    "figure_text",
    "missing_sentence",
    "number_text",
    "quantity_text",
    "range_text",
    "robustness_curve",
    "robustness_words",
    "run_checks",
    "sentence",
    "verdict_word",
]
