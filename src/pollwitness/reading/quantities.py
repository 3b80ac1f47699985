"""Quantities in a sentence: numbers in digits and words, ranges, percentages, vague magnitudes.

A quantity is what the text counts or measures. Years, clock times, ages in brackets, ordinals and
numbers that only name something (Section 427) are passed over. One pattern per kind, each linear in
the length of the text; where two fit, the one that begins first and reaches furthest counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pollwitness.quantities import Comparator
from pollwitness.reading.spans import Span
from pollwitness.reading.words import Words, either, words_of

PERCENT = "percent"
_SPACE = r"[\s\u00a0]"
_DASH = r"[-\u2010-\u2015]"


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A quantity as a text states it.

    ``span`` holds the comparator too. ``low`` and ``high`` are exact; None where the comparator
    leaves that end open. ``unit`` is one of ours, `percent`, the sign of a currency, or None;
    ``unit_span`` the words that name it. ``rule`` says which pattern found it.
    """

    span: Span
    comparator: Comparator
    low: Fraction | None
    high: Fraction | None
    unit: str | None
    unit_span: Span | None
    rule: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    value: re.Pattern[str]
    vague: re.Pattern[str]
    share: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    percent: re.Pattern[str]
    guard: re.Pattern[str]
    date: re.Pattern[str]
    clock: re.Pattern[str]
    counted: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(language: str) -> _Patterns:
    words = words_of(language)
    number = either([*words.numbers, *words.scales, "and", "a"])
    grouped = r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d.,]\d|\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    comma = rf"\d{{1,3}},\d{{1,2}}(?={_SPACE}*(?:{either([*words.scales, *words.percent])}))"
    plain = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
    digits = f"{grouped}|{comma}|{plain}"
    short = either(words.short_scales)
    scale = either(words.scales)
    sign = either(words.currency)
    spelled = (
        rf"(?:{either([*words.numbers, *words.scales])})(?:(?:{_SPACE}+|{_DASH})(?:{number}))*"
    )
    one = (
        rf"(?:(?P<sign>{sign}){_SPACE}?)?(?P<digits>{digits})"
        rf"(?:(?P<short>{short})(?![\w])|{_SPACE}*{_DASH}?(?P<scale>{scale})(?![\w]))?"
    )
    month = either(words.months)
    return _Patterns(
        re.compile(rf"(?<![\w.,/]){one}|(?<![\w-])(?P<fraction>{either(words.fractions)})(?![\w])"
                   rf"|(?<![\w-])(?P<spelled>{spelled})(?![\w])", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?P<vague>{either(words.vague)})(?![\w])", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?P<share>{either(words.shares)})(?![\w])", re.IGNORECASE),
        re.compile(rf"(?<![\w])(?P<word>{either(words.before)}){_SPACE}+(?:a{_SPACE}+)?$",
                   re.IGNORECASE),
        re.compile(rf"(?:{_SPACE}+|-)(?P<word>{either(words.after)})(?![\w])", re.IGNORECASE),
        re.compile(rf"{_SPACE}*{_DASH}?(?P<word>{either(words.percent)})(?![\w])", re.IGNORECASE),
        re.compile(rf"(?<![\w])(?:{either(words.guards)}){_SPACE}*#?$", re.IGNORECASE),
        re.compile(rf"(?<![\w])(?:{month}){_SPACE}+(?:\d{{1,2}},?{_SPACE}+)?$", re.IGNORECASE),
        re.compile(rf"{_SPACE}*(?:{either(words.clock)})(?![\w])|:\d\d", re.IGNORECASE),
        re.compile(rf"\s+(?:{either(w for unit in words.units for w in unit.words)})(?!\w)",
                   re.IGNORECASE),
    )  # fmt: skip


_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![\w])", re.IGNORECASE)
_MONTH_AFTER = re.compile(r"[\s\u00a0]+(?:of[\s\u00a0]+)?([A-Za-z]+\.?)")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_RANGE = re.compile(r"[\s\u00a0]*(?:to|and|[-\u2010-\u2015])[\s\u00a0]*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<!\w)(?:between|from|ranging from)[\s\u00a0]+$", re.IGNORECASE)
_WINDOW = 40
"""Code points before a number in which a comparator or a guard is looked for."""


def quantities(text: str, sentence: Span, *, language: str = "en") -> list[QuantityMention]:
    """The quantities of a sentence, in order; their spans are those of the whole text."""
    place = _Place(text, sentence, words_of(language), _patterns(language))
    found: list[QuantityMention] = []
    at = sentence.start
    for hit in _hits(place):
        if hit.start() >= at:
            mention, at = _read(place, hit)
            if mention is not None:
                found.append(mention)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number is looked for: a sentence of a text, with the words of its language."""

    text: str
    sentence: Span
    words: Words
    patterns: _Patterns

    def before(self, at: int) -> str:
        """What stands before a place in the sentence, as far as rules look."""
        return self.text[max(self.sentence.start, at - _WINDOW) : at]

    def behind(self, at: int) -> str:
        """What stands behind a place in the sentence, as far as rules look."""
        return self.text[at : min(self.sentence.end, at + _WINDOW)]


def _hits(place: _Place) -> list[re.Match[str]]:
    """What may be a quantity, in order; the longer first where two begin together."""
    patterns, part = place.patterns, place.sentence
    hits = [
        hit
        for pattern in (patterns.vague, patterns.share, patterns.value)
        for hit in pattern.finditer(place.text, part.start, part.end)
    ]
    return sorted(hits, key=lambda one: (one.start(), -one.end()))


def _read(place: _Place, hit: re.Match[str]) -> tuple[QuantityMention | None, int]:
    """The quantity of a hit, if it is one, and where to go on behind it."""
    if hit.lastgroup == "vague":
        low, high = place.words.vague[_normal(hit[0])]
        value = _Value(Span(*hit.span()), Fraction(low), Fraction(high), "vague")
        return _stated(place, value), hit.end()
    if hit.lastgroup == "share":
        comparator, least = place.words.shares[_normal(hit[0])]
        span = Span(*hit.span())
        return QuantityMention(span, comparator, least, None, PERCENT, span, "share"), hit.end()
    found = None if _is_guarded(place, hit) else _number(place, hit)
    return (None, hit.end()) if found is None else (_stated(place, found), found.span.end)


@dataclass(frozen=True, slots=True)
class _Value:
    """A number or range with where it stands; ``sign`` is that of a currency."""

    span: Span
    low: Fraction
    high: Fraction
    rule: str
    sign: str | None = None


def _number(place: _Place, hit: re.Match[str]) -> _Value | None:
    """What a number says, together with a second one that makes it a range."""
    value = _value(hit, place.words)
    if value is None:
        return None
    second = _second_of_range(place, hit, value)
    if second is None:
        return _Value(Span(*hit.span()), value, value, "number", hit["sign"])
    end, high = second
    before = place.before(hit.start())
    led = _BETWEEN.search(before)
    span = Span(hit.start() - (0 if led is None else len(before) - led.start()), end)
    return _Value(span, _same_scale(value, high, hit), high, "range", hit["sign"])


def _normal(text: str) -> str:
    return " ".join(text.lower().split())


def _value(hit: re.Match[str], words: Words) -> Fraction | None:
    if hit["digits"]:
        value = _of_digits(hit["digits"])
        if hit["short"]:
            return value * words.short_scales[hit["short"]] if hit["short"] in words.short_scales \
                else value  # fmt: skip
        return value * words.scales[hit["scale"].lower()] if hit["scale"] else value
    if hit["fraction"]:
        return words.fractions[_normal(hit["fraction"])]
    return _spelled(hit["spelled"], words)


_COMMA = re.compile(r"\d{1,3},\d{1,2}")


def _of_digits(digits: str) -> Fraction:
    """The value of digits with groups parted by commas, points or spaces, or a decimal comma."""
    if _COMMA.fullmatch(digits):
        return Fraction(digits.replace(",", "."))
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return Fraction(re.sub(r"[,\s\u00a0\u2009\u202f]", "", digits))


def _spelled(text: str, words: Words) -> Fraction | None:
    """The value of number words; None for words that make no number."""
    total, part, seen = 0, 0, False
    if not any(word in words.numbers for word in re.split(r"[^a-z]+", text.lower())):
        return None  # "million" alone counts nothing
    for word in re.split(r"[\s\u00a0\u2010-\u2015-]+", text.lower()):
        if word in words.numbers:
            part += words.numbers[word]
            seen = True
        elif word in words.scales:
            scale = words.scales[word]
            if scale <= 100:
                part = max(part, 1) * scale
            else:
                total, part = total + max(part, 1) * scale, 0
            seen = True
    return Fraction(total + part) if seen else None


def _is_guarded(place: _Place, hit: re.Match[str]) -> bool:
    """Whether a number counts nothing: a year, a time of day, an ordinal, a name."""
    before, behind = place.before(hit.start()), place.behind(hit.end())
    if _RATIO.match(behind) or _RATIO_BEFORE.search(before):
        return True  # one in ten, 60 of 90, three times as many, half a million: no count
    digits = hit["digits"]
    if digits is None:
        return _names_one(hit, before, behind)
    if hit["sign"] or hit["short"] or hit["scale"]:
        return False
    month = _MONTH_AFTER.match(behind)
    is_year = _YEAR.fullmatch(digits) is not None
    return any((
        _ORDINAL.match(behind),
        place.patterns.clock.match(behind),
        place.patterns.guard.search(before),
        place.patterns.date.search(before) and (is_year or _is_day(digits)),
        month and month[1].lower() in place.words.months and len(digits) <= 2,
        is_year and not _is_counted_year(before, behind, place),
        behind[:1] in {"/", ":"} or before[-1:] in {"/", ":", "#"},
        # An age or a score between commas: "Senard, 65, now faces".
        len(digits) <= 3 and _NAME_BEFORE.search(before) and behind.startswith(","),
    ))  # fmt: skip


def _is_day(digits: str) -> bool:
    """Whether digits can be a day of a month: "May 9", and not "in May 60 people"."""
    return len(digits) <= 2 and 1 <= int(digits) <= _LONGEST_MONTH


_LONGEST_MONTH = 31
_RATIO = re.compile(
    r"[\s-]+(?:times\b|fold\b|(?:in|of|out\s+of)\s+(?:every\s+)?(?:\d|two\b|three\b|four\b|five\b|ten\b|"
    r"twenty\b|a\s+hundred\b)|a\s+(?:million|billion|thousand|hundred|dozen)\b)|[\u00b2\u00b3\u00b9]",
    re.IGNORECASE,
)
_RATIO_BEFORE = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten))\s+(?:in|of|out\s+of)\s+"
    r"(?:every\s+)?$|[\u00b2\u00b3\u00b9]$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"[A-Z]\w+, $")
_NOT_COUNTED_BEFORE = re.compile(
    r"(?:\b(?:no|the|this|that|any|every|each|some|which)\s+|-)$", re.IGNORECASE
)
_NOT_COUNTED_BEHIND = re.compile(
    r"\s+(?:of|another|day|thing|that|who|can|could|must|should|is|was|has)\b|-|[.,;:!?]|$",
    re.IGNORECASE,
)


def _names_one(hit: re.Match[str], before: str, behind: str) -> bool:
    """Whether a number word is none: "one of them", "no one", "the one"."""
    if (hit["spelled"] or "").lower() != "one":
        return False
    return bool(_NOT_COUNTED_BEFORE.search(before) or _NOT_COUNTED_BEHIND.match(behind))


_NOT_OF_TIME = re.compile(r"(?<!\w)(?:under|below|about|around|over|some|circa)\s+$", re.IGNORECASE)
_AMOUNT = re.compile(r"(?<!\w)(?:average|total|maximum|minimum|sum) of\s+$", re.IGNORECASE)


def _is_counted_year(before: str, behind: str, place: _Place) -> bool:
    """Whether what looks like a year is a number of things: "2000 people were released"."""
    if place.patterns.before.search(before) and not _NOT_OF_TIME.search(before):
        return True
    return bool(_AMOUNT.search(before) or place.patterns.counted.match(behind))


def _second_of_range(
    place: _Place, hit: re.Match[str], value: Fraction
) -> tuple[int, Fraction] | None:
    """Where a range ends and its upper value: "from 60 to 70", "60-70 percent"."""
    last = place.sentence.end
    percent = place.patterns.percent.match(place.text, hit.end(), last)
    join = _RANGE.match(place.text, hit.end() if percent is None else percent.end(), last)
    if join is None:
        return None
    is_word = join[0].strip().lower() in {"to", "and"}
    other = place.patterns.value.match(place.text, join.end(), last)
    if other is None or not (is_word or other["digits"]):
        return None
    is_led = _BETWEEN.search(place.before(hit.start())) is not None
    is_percent = place.patterns.percent.match(place.text, other.end(), last) is not None
    if is_word and not is_led and not (is_percent and join[0].strip().lower() == "to"):
        return None
    high = _value(other, place.words)
    if high is None or _same_scale(value, high, hit) >= high:
        return None
    return other.end(), high


def _same_scale(value: Fraction, high: Fraction, hit: re.Match[str]) -> Fraction:
    """The lower value in the scale of the upper one: "4 to 5 million"."""
    if hit["digits"] and not hit["scale"] and not hit["short"] and value < 1000 <= high:
        for scale in (10**9, 10**6, 10**3):
            if high >= scale and value * scale < high:
                return value * scale
    return value


def _stated(place: _Place, value: _Value) -> QuantityMention:
    """A quantity with the comparator before or behind it, and its unit."""
    start, end = value.span.start, value.span.end
    unit, unit_span = value.sign, None
    if value.sign is not None:
        unit_span = Span(start, start + len(value.sign))
    percent = place.patterns.percent.match(place.text, end, place.sentence.end)
    if percent is not None:
        unit, unit_span = PERCENT, Span(percent.start("word"), percent.end("word"))
        end = percent.end()
    comparator = Comparator.EQUAL if value.rule == "number" else Comparator.BETWEEN
    before = place.before(start)
    led = place.patterns.before.search(before)
    followed = place.patterns.after.match(place.text, end, place.sentence.end)
    if value.rule == "number" and led is not None:
        comparator = place.words.before[_normal(led["word"])]
        start -= len(before) - led.start("word")
    elif value.rule == "number" and followed is not None:
        comparator = place.words.after[_normal(followed["word"])]
        end = followed.end()
    least = None if comparator in {Comparator.AT_MOST, Comparator.LESS_THAN} else value.low
    most = None if comparator in {Comparator.AT_LEAST, Comparator.MORE_THAN} else value.high
    return QuantityMention(Span(start, end), comparator, least, most, unit, unit_span, value.rule)


def decimal(value: Fraction) -> str:
    """A fraction as a decimal text, exact where it is one, else to 12 digits.

    >>> decimal(Fraction(801, 10)), decimal(Fraction(6700))
    ('80.1', '6700')
    """
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.12f}".rstrip("0")
    return text if not text.endswith(".") else text[:-1]
