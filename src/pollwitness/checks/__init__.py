"""The catalogue of questions that a case can be asked, and the answers in words."""

from pollwitness.checks.catalogue import CATALOGUE, CheckRun, ClaimHead, Unanswered, run_checks
from pollwitness.checks.check import Check
from pollwitness.checks.explanation import (
    Section,
    deciding_figure,
    explanation,
    fragility,
    reading_label,
    relation_label,
    robustness_words,
)
from pollwitness.checks.labels import (
    denominator_label,
    figure_label,
    measure_label,
    part_label,
    rung_label,
)
from pollwitness.checks.official import PHIS, robustness_curve
from pollwitness.checks.texts import TEXTS, VERDICT_WORDS
from pollwitness.checks.wording import (
    answer_sentence,
    area_name,
    counted,
    figure_text,
    figure_with_unit,
    missing_sentence,
    number_text,
    quantity_text,
    range_text,
    sentence,
    unit_of,
    verdict_phrase,
    verdict_word,
)

__all__ = [
    "CATALOGUE",
    "PHIS",
    "TEXTS",
    "VERDICT_WORDS",
    "Check",
    "CheckRun",
    "ClaimHead",
    "Section",
    "Unanswered",
    "answer_sentence",
    "area_name",
    "counted",
    "deciding_figure",
    "denominator_label",
    "explanation",
    "figure_label",
    "figure_text",
    "figure_with_unit",
    "fragility",
    "measure_label",
    "missing_sentence",
    "number_text",
    "part_label",
    "quantity_text",
    "range_text",
    "reading_label",
    "relation_label",
    "robustness_curve",
    "robustness_words",
    "run_checks",
    "rung_label",
    "sentence",
    "unit_of",
    "verdict_phrase",
    "verdict_word",
]
