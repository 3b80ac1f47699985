"""Dates in a text, resolved against the day on which it was published, and never against today.

A weekday is the last one up to and including the day of publication ("on Friday" in a text of that
Friday is that day), unless words say otherwise ("next Friday", "last Friday"). Without a day of
publication only dates that name their year are resolved. Each mention names the rule that read it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pollwitness.reading.spans import Span

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"),
        start=1)
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri",
         "saturday sat", "sunday sun"))
    for name in names.split()
}  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
           "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_MONTH = "|".join(sorted((n for n in _MONTHS if n != "may"), key=len, reverse=True)) + "|may"
_WEEKDAY = "|".join(n for n in _WEEKDAYS if n.endswith("day"))
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)"
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as a text states it: the first and the last day that it may mean, or None.

    ``grain`` is day, week, month or year; ``rule`` the rule that read it.
    """

    span: Span
    first: datetime.date | None
    last: datetime.date | None
    grain: str
    rule: str


_Days = tuple[datetime.date, datetime.date] | None


@dataclass(frozen=True, slots=True)
class Reference:
    """What dates are resolved against; ``is_ahead``: the sentence speaks of what is to come."""

    published: datetime.date | None
    is_ahead: bool


_Resolve = Callable[[re.Match[str], Reference], _Days]
_NEAR = 80
"""Code points before a date in which a word that looks ahead counts."""
_AHEAD = re.compile(
    r"(?<!\w)(?:will|shall|is to|are to|plans? to|planned|scheduled|upcoming|due to|expected to|"
    r"intends? to|to organi[sz]e)(?!\w)",
    re.IGNORECASE,
)


def _calendar(found: re.Match[str], against: Reference) -> _Days:
    """A day of a month, with its year or the one nearest to the day of publication."""
    names = found.groupdict()
    month, day = _MONTHS[names["month"].lower().rstrip(".")], int(names["day"])
    if names.get("year"):
        return _one_day(int(names["year"]), month, day)
    if (published := against.published) is None:
        return None
    near = [_one_day(published.year + step, month, day) for step in (-1, 0, 1)]
    there = [one for one in near if one is not None]
    if against.is_ahead:
        return next((one for one in there if one[0] >= published), None)
    # A report looks back: a date up to two months ahead is ahead, any later one was last year's.
    past = [one for one in there if one[0] <= published + datetime.timedelta(days=60)]
    return max(past) if past else None


def _one_day(year: int, month: int, day: int) -> _Days:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return date, date


def _iso(found: re.Match[str], _against: Reference) -> _Days:
    return _one_day(int(found["year"]), int(found["month"]), int(found["day"]))


def _weekday(found: re.Match[str], against: Reference) -> _Days:
    if (published := against.published) is None:
        return None
    wanted = _WEEKDAYS[found["weekday"].lower()]
    which = (found["which"] or "").lower()
    back = (published.weekday() - wanted) % 7
    if which == "next" or (against.is_ahead and back and not which):
        day = published + datetime.timedelta(days=7 - back if back else 7)
    elif which == "last" and back == 0:
        day = published - datetime.timedelta(days=7)
    else:
        day = published - datetime.timedelta(days=back)
    return day, day


def _relative_day(found: re.Match[str], against: Reference) -> _Days:
    if (published := against.published) is None:
        return None
    steps = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "last night": -1,
             "this morning": 0, "this afternoon": 0, "this evening": 0}  # fmt: skip
    day = published + datetime.timedelta(days=steps[" ".join(found[0].lower().split())])
    return day, day


def _ago(found: re.Match[str], against: Reference) -> _Days:
    if (published := against.published) is None:
        return None
    word = found["count"].lower()
    count = int(word) if word.isdigit() else _COUNTS[word]
    unit = found["unit"].lower()
    if unit == "day":
        day = published - datetime.timedelta(days=count)
        return day, day
    if unit == "week":
        return _week(published - datetime.timedelta(weeks=count))
    if unit == "year" and published.year > count:
        return _whole_year(published.year - count)
    month = published.year * 12 + published.month - 1 - count
    return _whole_month(month // 12, month % 12 + 1)


def _week(day: datetime.date) -> _Days:
    monday = day - datetime.timedelta(days=day.weekday())
    return monday, monday + datetime.timedelta(days=6)


def _whole_month(year: int, month: int) -> _Days:
    if not 1 <= year <= 9998:
        return None
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return datetime.date(year, month, 1), following - datetime.timedelta(days=1)


def _whole_year(year: int) -> _Days:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


_FRIDAY = 4


def _period(found: re.Match[str], against: Reference) -> _Days:
    if (published := against.published) is None:
        return None
    step = {"this": 0, "last": -1, "past": 0, "next": 1}[found["which"].lower()]
    unit = found["unit"].lower()
    if unit == "week":
        return _week(published + datetime.timedelta(weeks=step))
    if unit == "weekend":
        if step == 0 and published.weekday() < _FRIDAY and not against.is_ahead:
            step = -1  # told early in a week as past
        monday = published + datetime.timedelta(weeks=step, days=-published.weekday())
        return monday + datetime.timedelta(days=5), monday + datetime.timedelta(days=6)
    if unit == "month":
        month = published.year * 12 + published.month - 1 + step
        return _whole_month(month // 12, month % 12 + 1)
    return _whole_year(published.year + step)


def _month_of_year(found: re.Match[str], _against: Reference) -> _Days:
    return _whole_month(int(found["year"]), _MONTHS[found["month"].lower().rstrip(".")])


def _this_month(found: re.Match[str], against: Reference) -> _Days:
    if (published := against.published) is None:
        return None
    month = _MONTHS[found["month"].lower()]
    year = published.year if month <= published.month else published.year - 1
    return _whole_month(year, month)


def _year_alone(found: re.Match[str], _against: Reference) -> _Days:
    return _whole_year(int(found["year"]))


_RULES: tuple[tuple[str, str, str, _Resolve], ...] = (
    ("iso", "day", r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
    ("month-day-year", "day",
     rf"(?:(?:{_WEEKDAY}),?\s+)?(?P<month>{_MONTH})\.?\s+{_DAY}(?:,?\s+{_YEAR})?", _calendar),
    ("day-month-year", "day",
     rf"(?:(?:{_WEEKDAY}),?\s+)?(?:the\s+)?{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s+{_YEAR})?",
     _calendar),
    ("relative-day", "day",
     r"(?:today|tonight|yesterday|tomorrow|last\s+night|this\s+(?:morning|afternoon|evening))",
     _relative_day),
    ("weekday", "day", rf"(?:(?P<which>last|next|this|past)\s+)?(?P<weekday>{_WEEKDAY})", _weekday),
    ("ago", "day",
     rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s+(?P<unit>day|week|month|year)s?\s+(?:ago|earlier)",
     _ago),
    ("period", "week", r"(?P<which>this|last|past|next)\s+(?P<unit>weekend|week|month|year)",
     _period),
    ("month-year", "month", rf"(?P<month>{_MONTH})\.?,?\s+(?:of\s+)?{_YEAR}", _month_of_year),
    ("month", "month",
     rf"(?:in|since|by|until|during|last|this)\s+(?P<month>{_MONTH.replace('|may', '')})",
     _this_month),
    ("year", "year", rf"(?:in|since|by|until|of|from|during|before|after)\s+{_YEAR}", _year_alone),
)  # fmt: skip
_ALL = tuple(
    (name, grain, re.compile(rf"(?<![\w-]){pattern}(?![\w]|-\d)", re.IGNORECASE), resolve)
    for name, grain, pattern, resolve in _RULES
)
_LED_BY = re.compile(r"(?:in|since|by|until|of|from|during|before|after)\s+", re.IGNORECASE)


def dates(text: str, sentence: Span, published: datetime.date | None) -> list[DateMention]:
    """The dates of a sentence, in order; where two readings overlap, the longer one counts."""
    found = sorted(
        _found(text, sentence, published), key=lambda one: (one.span.start, -one.span.end)
    )
    kept: list[DateMention] = []
    for one in found:
        if not kept or not kept[-1].span.overlaps(one.span):
            kept.append(one)
        elif one.span.end - one.span.start > kept[-1].span.end - kept[-1].span.start:
            kept[-1] = one
    return kept


_HINT = re.compile(
    r"\d|day|week|month|year|ago|night|morning|afternoon|evening|jan|feb|mar|apr|may|jun|jul|aug|"
    r"sep|oct|nov|dec",
    re.IGNORECASE,
)
"""What every date holds some of: most sentences have none, and are passed over at once."""


def _resolved(resolve: _Resolve, hit: re.Match[str], against: Reference) -> _Days:
    """The days of a mention; None for those before the first or after the last that there is."""
    try:
        return resolve(hit, against)
    except OverflowError:
        return None


def _found(text: str, sentence: Span, published: datetime.date | None) -> Iterator[DateMention]:
    if _HINT.search(text, sentence.start, sentence.end) is None:
        return
    for rule, grain, pattern, resolve in _ALL:
        for hit in pattern.finditer(text, sentence.start, sentence.end):
            start = hit.start()
            if rule in {"month", "year"}:
                led = _LED_BY.match(text, start)
                start = led.end() if led else start
            near = max(sentence.start, start - _NEAR)
            against = Reference(published, _AHEAD.search(text, near, start) is not None)
            days = _resolved(resolve, hit, against)
            wide = grain
            if rule in {"ago", "period"}:
                wide = hit["unit"].lower()
            first, last = days or (None, None)
            yield DateMention(Span(start, hit.end()), first, last, wide, rule)
