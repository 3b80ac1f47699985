"""Findings in words: templates filled with figures, in the language spoken now."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from pollwitness.checks.texts import TEXTS, VERDICT_WORDS
from pollwitness.claims import Figure, Finding, Number, Relation
from pollwitness.language import (
    decimal_number,
    mark,
    ngettext,
    percentage,
    probability,
    spoken,
    whole_number,
)
from pollwitness.language import gettext as _
from pollwitness.quantities import Bound, Interval, Quantity, Unit, Verdict
from pollwitness.tables import CaseTables


def counted(count: int | str, unit: str) -> str:
    """A number with its unit in the right form: "1 document", "3 documents".

    ``count`` may be a text such as "12-13".
    """
    shown = whole_number(count) if isinstance(count, int) else count
    template = _UNITS.get(unit)
    if template is None:
        return f"{shown} {_unit_word(unit)}"
    number = count if isinstance(count, int) else _last_number(count)
    return ngettext(*template, abs(number)).format(n=shown)


def _last_number(text: str) -> int:
    """The number that decides the form of the word after it: 3 in "1 to 3"."""
    together = text.replace(spoken().group, "")
    digits = re.findall(r"\d+", together)
    return int(digits[-1]) if digits else 2


def _forms(one: str, many: str) -> tuple[str, str]:
    """Both forms of a unit; the extraction of messages reads them here."""
    return one, many


_UNITS = {
    "draws": _forms("{n} draw", "{n} draws"),
    "documents": _forms("{n} document", "{n} documents"),
    "reports": _forms("{n} report", "{n} reports"),
    "stations": _forms("{n} station", "{n} stations"),
    "publications": _forms("{n} publication", "{n} publications"),
    "sums": _forms("{n} sum", "{n} sums"),
    "bins": _forms("{n} bin", "{n} bins"),
    "tests": _forms("{n} test", "{n} tests"),
    "rows": _forms("{n} row", "{n} rows"),
    "claims": _forms("{n} claim", "{n} claims"),
    "areas": _forms("{n} area", "{n} areas"),
    "ballots": _forms("{n} ballot", "{n} ballots"),
    "votes": _forms("{n} vote", "{n} votes"),
    "voters": _forms("{n} voter", "{n} voters"),
    "people": _forms("{n} person", "{n} people"),
    "signatures": _forms("{n} signature", "{n} signatures"),
    "figures": _forms("{n} figure", "{n} figures"),
    "copies": _forms("{n} copy", "{n} copies"),
    "lists": _forms("{n} list", "{n} lists"),
    "outlets": _forms("{n} outlet", "{n} outlets"),
}
_UNIT_WORDS = {
    "votes per station": mark("votes per station"),
    "factor": mark("times"),
    "strata": mark("strata"),
    "weight": mark("weight"),
    "percent": mark("percent"),
    "share": mark("share"),
}


def _unit_word(unit: str) -> str:
    """What a unit that is never counted one by one is called."""
    return _(_UNIT_WORDS.get(unit, unit))


def verdict_word(verdict: Verdict) -> str:
    """What a verdict is called in text for people."""
    return _(VERDICT_WORDS[verdict])


def verdict_phrase(verdict: Verdict, *, fragile: bool) -> str:
    """The word of a verdict as it must be quoted: with "fragile" where it is so."""
    word = verdict_word(verdict)
    return _("{verdict}, fragile").format(verdict=word) if fragile else word


def sentence(text_id: str, finding: Finding, tables: CaseTables) -> str:
    """The sentence of a text id, with the finding's figures."""
    template = _(TEXTS[text_id])
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    values = _values(finding, tables)
    return template.format_map({name: values.get(name, "?") for name in names})


def answer_sentence(finding: Finding, tables: CaseTables) -> str:
    """The answer of a finding in one sentence: the inequality, or what the evidence leaves."""
    if finding.inequality is not None and finding.check != "claims.agreement":
        return sentence(finding.inequality.text, finding, tables)
    return sentence(_answer_text(finding), finding, tables)


def _agreement_text(finding: Finding) -> str:
    """What is said where official figures and protocols do not exclude each other."""
    if finding.verdict is not Verdict.POSSIBLE:
        return _OF_CLAIMS.get(finding.verdict, "answer.unbounded")
    left_out = any(f.name == "areas_left_out" and f.value for f in finding.figures)
    return "answer.agrees_without" if left_out else "answer.agrees"


_ANSWERS = {
    "audit.recount": "answer.recount",
    "quickcount.estimate": "answer.quick_count",
    "tally.remainder": "answer.remainder",
    "tally.copies": "answer.copies",
    "forensics.integers_any": "answer.integers",
    "forensics.integers_share": "answer.integers",
    "forensics.integers_turnout": "answer.integers",
    "forensics.smooth_areas": "answer.smooth",
    "forensics.spikes_share": "answer.spikes",
}


def _answer_text(finding: Finding) -> str:
    if finding.check == "claims.agreement":
        return "answer.others" if finding.related else "answer.alone"
    if "assumption.blank_ballots" in finding.assumptions:
        return "answer.remainder_blank"
    if finding.check in _ANSWERS:
        return _ANSWERS[finding.check]
    if finding.claimed is None:
        return _agreement_text(finding)
    return _OF_CLAIMS.get(finding.verdict, "answer.unbounded")


_OF_CLAIMS = {Verdict.ENTAILED: "answer.entailed", Verdict.POSSIBLE: "answer.possible"}


def missing_sentence(text_id: str, names: tuple[str, ...]) -> str:
    """The sentence that says what a check lacks."""
    return _(TEXTS[text_id]).format(tables=", ".join(names))


def _values(finding: Finding, tables: CaseTables) -> dict[str, str]:
    unit = unit_of(finding)
    values = {figure.name: _figure_words(figure) for figure in finding.figures}
    values["range"] = _range_of(finding)
    values["others"] = whole_number(len(finding.related))
    conflicts = sum(r.relation is Relation.CONFLICTS for r in finding.related)
    values["conflicts"] = whole_number(conflicts)
    values["area"] = area_name(finding.scope.area_id, tables)
    named = finding.options or finding.scope.option_ids
    values["options"] = ", ".join(map(tables.case.option_name, named)) or _("all options")
    if finding.claimed is not None:
        values["claimed"] = quantity_text(finding.claimed)
    if finding.inequality is not None:
        values["left"] = number_text(finding.inequality.left, unit)
        values["right"] = number_text(finding.inequality.right, unit)
    return values


def unit_of(finding: Finding) -> str:
    """The unit in which the inequality and the readings of a finding are written."""
    if finding.check in ("quickcount.estimate", "tally.vote_share", "tally.turnout"):
        return "share"
    if finding.claimed is not None and finding.claimed.unit is Unit.PERCENT:
        return "percent"
    return ""


def _range_of(finding: Finding) -> str:
    """The range that the evidence leaves for the claimed figure, with its unit."""
    figure = next((f for f in finding.figures if f.low is not None or f.high is not None), None)
    return "?" if figure is None else figure_with_unit(figure)


_WITH_UNIT = (
    "stations_used",
    "areas_left_out",
    "seen_stations",
    "conflicting_figures",
    "tests_in_family",
)


def _figure_words(figure: Figure) -> str:
    """A figure inside a sentence: with its unit only where the sentence cannot know its number."""
    if figure.name in _WITH_UNIT and isinstance(figure.value, int):
        return counted(figure.value, figure.unit)
    return figure_text(figure)


def area_name(area_id: str | None, tables: CaseTables) -> str:
    """The name of an area, or the title of the case for the whole of it."""
    if area_id is None:
        return tables.case.title
    return _area_names(tables).get(area_id, area_id)


@lru_cache(maxsize=4)
def _area_names(tables: CaseTables) -> dict[str, str]:
    return dict(tables.table("areas").select("area_id", "name").iter_rows())


def figure_text(figure: Figure) -> str:
    """A figure as people write it; a range where it is one."""
    if figure.value is not None:
        return number_text(figure.value, figure.unit)
    low, high = figure.low, figure.high
    if low is None or high is None:
        return "?" if low is None else _("at least {low}").format(low=number_text(low, figure.unit))
    return range_text(low, high, figure.unit)


def number_text(value: Number | Bound, unit: str = "") -> str:
    """A number as people write it: thousands separated, shares in percent, few decimals."""
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, int) and not unit:
        return whole_number(value)
    written = _WRITTEN.get(unit, decimal_number)
    return written(Fraction(value))


_WRITTEN: Mapping[str, Callable[[Fraction], str]] = {
    "share": lambda value: percentage(value * 100),
    "percent": percentage,
    "probability": lambda value: probability(float(value)),
}
_WITH_SIGN = ("share", "percent", "probability")
"""Units that are part of the number as it is written."""


def figure_with_unit(figure: Figure) -> str:
    """A figure with its unit; a share has its sign already."""
    if figure.high is None and figure.low is not None:
        text = _("{n} or more").format(n=number_text(figure.low, figure.unit))
    elif figure.low is not None and figure.high is not None:
        text = range_text(figure.low, figure.high, figure.unit)
    else:
        text = figure_text(figure)
    return (
        text if figure.unit in ("share", "percent", "probability") else counted(text, figure.unit)
    )


def range_text(low: Number | Bound, high: Number | Bound, unit: str = "") -> str:
    """A range as people write it; one number where both ends are written alike."""
    ends = number_text(low, unit), number_text(high, unit)
    return ends[0] if ends[0] == ends[1] else _("{low} to {high}").format(low=ends[0], high=ends[1])


def quantity_text(quantity: Quantity) -> str:
    """A claimed range as people write it, with its unit."""
    if quantity.unit in (Unit.PERCENT, Unit.SHARE):
        words = interval_text(quantity.interval)
        return _("{n} %").format(n=words) if quantity.unit is Unit.PERCENT else words
    return counted(_whole_numbers(quantity.interval), str(quantity.unit))


def _whole_numbers(interval: Interval) -> str:
    """A range of counts by its least and greatest whole number."""
    least, greatest = interval.least_integer(), interval.greatest_integer()
    if least is None or greatest is None or least > greatest:
        return interval_text(interval)
    return whole_number(least) if least == greatest else interval_text(Interval(least, greatest))


def interval_text(interval: Interval) -> str:
    """A range in words: at least, more than, between."""
    low, high = interval.low, interval.high
    if low == high:
        return number_text(low)
    if high == float("inf"):
        word = _("more than {n}") if interval.low_open else _("at least {n}")
        return word.format(n=number_text(low))
    if low == float("-inf"):
        word = _("less than {n}") if interval.high_open else _("at most {n}")
        return word.format(n=number_text(high))
    return _("{low} to {high}").format(low=number_text(low), high=number_text(high))
