"""The sentences of findings: a text id and the finding's own figures give the words.

A finding holds text ids only, so that a translation never changes it. In a template, ``{name}`` is
the figure of that name, ``{claimed}``, ``{left}``, ``{right}``, ``{area}`` and
``{options}`` come from the finding. Templates are marked for translation with gettext.
"""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from fractions import Fraction
from gettext import gettext, ngettext

from pollwitness.claims import Figure, Finding, Number
from pollwitness.quantities import Bound, Interval, Quantity, Unit, Verdict
from pollwitness.tables import CaseTables


def _(text: str) -> str:
    """Mark a template for translation; it is translated where it is filled."""
    return text


VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: _("cannot be true with this evidence"),
    Verdict.ENTAILED: _("must be true with this evidence"),
    Verdict.POSSIBLE: _("possible"),
    Verdict.UNLIKELY: _("unlikely"),
    Verdict.COMPATIBLE: _("compatible"),
    Verdict.SUPPORTED: _("supported"),
    Verdict.ANOMALOUS: _("anomalous under this model"),
    Verdict.UNREMARKABLE: _("nothing found"),
    Verdict.UNDECIDED: _("not decided by this evidence"),
}

TEXTS: Mapping[str, str] = {
    "question.recorded": _("Can the claimed number be true, given the accepted protocols?"),
    "question.sums": _("Can the claimed number be true, given the sums of protocols published?"),
    "question.cast": _("Can the claimed number be true, given the ballots that voters reported?"),
    "question.share": _("Can the claimed share be true, given the accepted protocols?"),
    "question.won": _("How many stations did the option win, by the accepted protocols?"),
    "question.stations_contradicted": _(
        "At how many stations do voters report more ballots for an option than were recorded?"
    ),
    "question.official": _("Can the official figures of {area} and its protocols both be true?"),
    "question.remainder": _(
        "{area}: what would the stations without a protocol have to hold for {options}?"
    ),
    "question.together": _("Can all official figures be true at once, with the protocols?"),
    "question.reports": _("Can all protocols and all voter reports for {options} be true?"),
    "question.doors": _("Do stations record more ballots than voters were seen to cast?"),
    "question.copies": _("Do the copies of each protocol agree?"),
    "question.official_stations": _("Do official station results agree with the protocols?"),
    "question.overfull": _(
        "Do more voters report a ballot than there are voters on the roll, or ballots found?"
    ),
    "question.area_roll": _("Do the forms of {area} hold more voters than its roll?"),
    "question.agreement": _("Who else says something about the same quantity?"),
    "inequality.recorded_above_claimed": _(
        "The protocols of {seen_stations} already hold at least {left}; the claim allows at most "
        "{right}. They cannot both be true."
    ),
    "inequality.claimed_above_room": _(
        "The claim needs at least {left}; protocols and rolls leave room for at most {right}. "
        "They cannot both be true."
    ),
    "inequality.sums_above_claimed": _(
        "The published sums of protocols hold {left}; the claim allows at most {right}. They "
        "cannot both be true."
    ),
    "inequality.reports_above_claimed": _(
        "{left} voters report a ballot for {options}; the claim allows at most {right}. At least "
        "{wrong_reports} of the reports would have to be wrong."
    ),
    "inequality.share_above_claimed": _(
        "Protocols and rolls leave a share of at least {left}; the claim allows at most {right}. "
        "They cannot both be true."
    ),
    "inequality.claimed_above_share": _(
        "The claim needs a share of at least {left}; protocols and rolls leave at most {right}. "
        "They cannot both be true."
    ),
    "inequality.stations_above_claimed": _(
        "At least {left} stations are counted; the claim allows at most {right}. They cannot both "
        "be true."
    ),
    "inequality.claimed_above_stations": _(
        "The claim needs at least {left} stations; at most {right} are possible. They cannot both "
        "be true."
    ),
    "inequality.official_floor": _(
        "{area}: the protocols hold at least {left} for {options}; the official figures allow at "
        "most {right}. They cannot both be true."
    ),
    "inequality.official_ceiling": _(
        "{area}: the official figures need {left} for {options}; protocols and rolls leave room "
        "for at most {right}. They cannot both be true."
    ),
    "inequality.official_total_floor": _(
        "{area}: the official figures for {options} and the protocols for all others need {left} "
        "ballots; officially there were at most {right}. They cannot both be true."
    ),
    "inequality.official_total_ceiling": _(
        "{area}: officially there were at least {left} ballots; the official figures for {options} "
        "and the room for all others leave at most {right}. They cannot both be true."
    ),
    "inequality.together": _(
        "Weighted as listed, the official figures need {left}; the protocols and rolls allow at "
        "most {right}. They cannot all be true."
    ),
    "inequality.reports": _(
        "Stations where voters report more ballots for {options} than the protocol records as "
        "written: {conflicting_stations}. All reports and all protocols cannot both be true: at "
        "least {wrong_reports} of {all_reports} reports ({contamination}) would have to be wrong."
    ),
    "inequality.doors": _(
        "Stations that record more ballots than voters entered, voted early or at home: "
        "{conflicting_stations}, by {excess_ballots} ballots. The counts and the protocols cannot "
        "both be true."
    ),
    "inequality.official_stations": _(
        "Stations where the official result is not the one on the protocol: "
        "{conflicting_stations}. They cannot both be true."
    ),
    "inequality.overfull": _(
        "Stations where more ballots are reported than there are voters or ballots: "
        "{conflicting_stations}, by {wrong_reports} ballots. They cannot all be true."
    ),
    "inequality.area_roll": _(
        "{area}: the rolls on the forms hold {excess_voters} more voters than the published roll "
        "of the area, added voters included. They cannot both be true."
    ),
    "inequality.claims_conflict": _(
        "One source needs at least {left}, another at most {right}. They cannot both be true."
    ),
    "assumption.authentic": _("The listed documents are authentic."),
    "assumption.form_roll": _(
        "Registered voters on a form are its final roll where no form states added voters."
    ),
    "assumption.turnout_times_roll": _(
        "Official ballots were not published; they are taken as turnout times the published roll."
    ),
    "assumption.one_misread": _(
        "In forms that do not add up, one figure may be misread, whichever it is."
    ),
    "assumption.as_written": _("Forms are read as written."),
    "assumption.phi": _(
        "For a share above 0 in the robustness curve: stations without a protocol voted at least "
        "that fraction as much for the option as the others did."
    ),
    "assumption.coverage": _(
        "The official count leaves stations out and does not name them; the set most favourable "
        "to it is conceded."
    ),
    "assumption.any_denominator": _(
        "Nobody says what the share is a share of; ballots, valid votes and registered voters "
        "were all tried."
    ),
    "assumption.room.final_roll": _(
        "Stations without a protocol hold at most as many ballots as voters on the final roll."
    ),
    "assumption.room.earlier_roll": _(
        "Stations without a protocol hold at most as many ballots as voters on an earlier roll, "
        "plus the additions that the case states."
    ),
    "assumption.room.largest_station": _(
        "No station has more voters than the case states as the greatest."
    ),
    "assumption.room.none": _(
        "No roll bounds the stations without a protocol; nothing is assumed about them."
    ),
    "assumption.areas_left_out": _(
        "Left out: {areas_left_out}, whose own figures already contradict their protocols."
    ),
    "assumption.roll.final_roll": _("The published roll is the final one."),
    "assumption.roll.earlier_roll": _(
        "The published roll is an earlier one; it grew by at most as many voters as the case "
        "states."
    ),
    "assumption.sums_authentic": _("The published sums were added up rightly from protocols."),
    "assumption.reports_true": _("Each counted report is one true ballot at that station."),
    "assumption.basis.with_photo": _("Only reports with a photograph of the ballot are counted."),
    "assumption.basis.reports": _("All reports are counted, with or without photograph."),
    "assumption.door_count": _("The door counts cover all voting at the station."),
    "assumption.same_quantity": _("The claims are about the same quantity, place and days."),
    "assumption.blanks_unknown": _(
        "Blank votes are unknown, not 0. The option is ahead of every figure that the forms give "
        "at {ahead} stations; at those that are not counted as won, a rival's votes are blank and "
        "nothing bounds them, or one misread figure could change the order."
    ),
    "assumption.ahead": _(
        "Counting every station where the option is ahead of the figures given, {documents_ahead} "
        "documents would have to be forged or misread."
    ),
    "innocent.selective_release": _(
        "Commissions that counted honestly may have posted their protocols more often."
    ),
    "innocent.regional_support": _("Support differs between places, and so does publication."),
    "decide.more_protocols": _("More protocols, above all of stations that have none."),
    "decide.rolls": _("The rolls of the stations on the day."),
    "decide.station_results": _("The official results of every station."),
    "decide.protocols_behind_sums": _("The protocols behind the published sums."),
    "decide.verified_reports": _("Verification of a sample of the reports."),
    "decide.recount": _("A recount of the stations named, before independent observers."),
    "decide.photographs": _("Comparison of the photographs of these protocols."),
    "decide.lists": _("The lists of names behind the counts."),
    "missing.tables": _("The case has no rows in: {tables}."),
    "missing.contest": _("The claim names no contest or option."),
    "missing.coverage": _(
        "The claim repeats an official figure that leaves stations out; here nothing can be "
        "conceded for them."
    ),
    "missing.range": _("The claim names no range that could be contradicted or entailed."),
    "missing.registered": _("Nobody published the number of registered voters."),
}
"""Every text id with its English template."""


def counted(count: int | str, unit: str) -> str:
    """A number with its unit in the right form: "1 document", "3 documents".

    ``count`` may be a text such as "12-13".
    """
    shown = f"{count:,}" if isinstance(count, int) else count
    words = _UNITS.get(unit)
    if words is None:
        return f"{shown} {unit}"
    number = 1 if count in (1, "1") else 2
    return f"{shown} {ngettext(words[0], words[1], number)}"


_UNITS = {
    "documents": ("document", "documents"),
    "reports": ("report", "reports"),
    "stations": ("station", "stations"),
    "publications": ("publication", "publications"),
    "claims": ("claim", "claims"),
    "areas": ("area", "areas"),
    "ballots": ("ballot", "ballots"),
    "votes": ("vote", "votes"),
}


def verdict_word(verdict: Verdict) -> str:
    """What a verdict is called in text for people."""
    return gettext(VERDICT_WORDS[verdict])


def sentence(text_id: str, finding: Finding, tables: CaseTables) -> str:
    """The sentence of a text id, with the finding's figures."""
    template = gettext(TEXTS[text_id])
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    values = _values(finding, tables)
    return template.format_map({name: values.get(name, "?") for name in names})


def missing_sentence(text_id: str, names: tuple[str, ...]) -> str:
    """The sentence that says what a check lacks."""
    return gettext(TEXTS[text_id]).format(tables=", ".join(names))


def _values(finding: Finding, tables: CaseTables) -> dict[str, str]:
    unit = _unit_of(finding)
    values = {figure.name: _figure_words(figure) for figure in finding.figures}
    values["area"] = area_name(finding.scope.area_id, tables)
    named = finding.options or finding.scope.option_ids
    values["options"] = ", ".join(map(tables.case.option_name, named)) or gettext("all options")
    if finding.claimed is not None:
        values["claimed"] = quantity_text(finding.claimed)
    if finding.inequality is not None:
        values["left"] = number_text(finding.inequality.left, unit)
        values["right"] = number_text(finding.inequality.right, unit)
    return values


def _unit_of(finding: Finding) -> str:
    if finding.check in ("tally.vote_share", "tally.turnout"):
        return "share"
    if finding.claimed is not None and finding.claimed.unit is Unit.PERCENT:
        return "percent"
    return ""


_WITH_UNIT = ("areas_left_out", "seen_stations")


def _figure_words(figure: Figure) -> str:
    """A figure inside a sentence: with its unit only where the sentence cannot know its number."""
    if figure.name in _WITH_UNIT and isinstance(figure.value, int):
        return counted(figure.value, figure.unit)
    return figure_text(figure)


def area_name(area_id: str | None, tables: CaseTables) -> str:
    """The name of an area, or the title of the case for the whole of it."""
    if area_id is None:
        return tables.case.title
    names = dict(tables.table("areas").select("area_id", "name").iter_rows())
    return str(names.get(area_id, area_id))


def figure_text(figure: Figure) -> str:
    """A figure as people write it; a range where it is one."""
    if figure.value is not None:
        return number_text(figure.value, figure.unit)
    low, high = figure.low, figure.high
    if low is None or high is None:
        return (
            "?"
            if low is None
            else gettext("at least {low}").format(low=number_text(low, figure.unit))
        )
    if number_text(low, figure.unit) == number_text(high, figure.unit):
        return number_text(low, figure.unit)
    return f"{number_text(low, figure.unit)} to {number_text(high, figure.unit)}"


def number_text(value: Number | Bound, unit: str = "") -> str:
    """A number as people write it: thousands separated, shares in percent, few decimals."""
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if unit == "share":
        return f"{_rounded(Fraction(value) * 100, 2)} %"
    if unit == "percent":
        return f"{_rounded(Fraction(value), 2)} %"
    if isinstance(value, int) or Fraction(value).denominator == 1:
        return f"{int(value):,}"
    return _rounded(Fraction(value), 2 if abs(Fraction(value)) >= 1 else 3)


def _rounded(value: Fraction, digits: int) -> str:
    """Rounded half up, with trailing zeros removed.

    >>> _rounded(Fraction(24989, 1000), 2), _rounded(Fraction(1, 2), 0)
    ('24.99', '1')
    """
    scale = 10**digits
    units = (abs(value) * scale + Fraction(1, 2)).__floor__()
    whole, rest = divmod(units, scale)
    decimals = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{decimals}" if decimals else "")


def quantity_text(quantity: Quantity) -> str:
    """A claimed range as people write it, with its unit."""
    if quantity.unit in (Unit.PERCENT, Unit.SHARE):
        suffix = " %" if quantity.unit is Unit.PERCENT else ""
        return interval_text(quantity.interval) + suffix
    return f"{_whole_numbers(quantity.interval)} {quantity.unit}"


def _whole_numbers(interval: Interval) -> str:
    """A range of counts by its least and greatest whole number."""
    least, greatest = interval.least_integer(), interval.greatest_integer()
    if least is None or greatest is None or least > greatest:
        return interval_text(interval)
    return f"{least:,}" if least == greatest else interval_text(Interval(least, greatest))


def interval_text(interval: Interval) -> str:
    """A range in words: at least, more than, between."""
    low, high = interval.low, interval.high
    if low == high:
        return number_text(low)
    if high == float("inf"):
        word = gettext("more than {n}") if interval.low_open else gettext("at least {n}")
        return word.format(n=number_text(low))
    if low == float("-inf"):
        word = gettext("less than {n}") if interval.high_open else gettext("at most {n}")
        return word.format(n=number_text(high))
    return gettext("{low} to {high}").format(low=number_text(low), high=number_text(high))
