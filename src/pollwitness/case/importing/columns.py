"""From the columns of a foreign file to the columns of a table, as text, with every fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import polars as pl

from pollwitness.case.importing.mapping import Condition, Pivot, Rule, SourceRules, TableRules
from pollwitness.tables import Column, Kind, Schema
from pollwitness.tables.listing import Fault

NOT_MATCHING = Fault(
    "I020", "the text does not match the pattern of the mapping", "Correct the text or the pattern."
)
NO_PART = Fault("I021", "the text has no such part", "Correct split and part in the mapping.")
NOT_LOOKED_UP = Fault(
    "I022", "the text is not in the lookup", "Add it to the lookup in the mapping."
)
NOT_FLAG = Fault(
    "I023", "the text is neither among true nor among false", "Add it to one of the two."
)
NOT_DATE = Fault(
    "I024",
    "the text is not a date, or not a time with a place, in the form that the mapping names",
    "Correct date in the mapping, name the zone of its times, or correct the cell.",
)
BAD_NUMBER = Fault(
    "I025",
    "the marks in the number are not where the mapping says that they are",
    "Correct decimal and thousands in the mapping, or the cell.",
)
NO_NAME = Fault(
    "I028", "the cell that names the column is empty", "Write the name, or skip the row."
)
NOT_SCALED = Fault(
    "I027",
    "the figure times its unit is no decimal number",
    "Use a unit such as 1000 or 0.01, or correct the cell.",
)
NOT_PIVOTED = Fault(
    "I026", "the mapping has no column for this name", "Add it to pivot.columns, or to ignore."
)
VALUE, NAME, _AT = "\0value", "\0name", "\0at"
"""Columns of our own while columns are laid lengthwise; no file has a column of such a name."""
_SPACES = " \u00a0\u202f\u2009"
"""Spaces that stand between thousands: one stands for all."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """Rows whose text cannot be made into the value that the table wants."""

    fault: Fault
    mask: pl.Series
    values: pl.Series
    column: str


@dataclass(frozen=True, slots=True)
class Made:
    """The columns of a table as text, and the faults met on the way.

    ``kept`` are the positions, in the batch, of the rows that the table is made from.
    """

    frame: pl.DataFrame
    kept: pl.Series
    faults: tuple[CellFault, ...]


def condition_mask(frame: pl.DataFrame, condition: Condition) -> pl.Series:
    """Which rows a condition means."""
    text = frame[condition.column]
    if condition.blank is not None:
        mask = text.is_null() if condition.blank else text.is_not_null()
    elif condition.matches is not None:
        mask = text.str.contains(condition.matches).fill_null(value=False)
    else:
        mask = text.is_in(list(condition.equals)).fill_null(value=False)
    return ~mask if condition.negated else mask


def with_unknown(frame: pl.DataFrame, unknown: tuple[str, ...]) -> pl.DataFrame:
    """The frame, with the texts that mean "not known" as unknown."""
    if not unknown:
        return frame
    return frame.with_columns(pl.when(~pl.all().is_in(list(unknown))).then(pl.all()).name.keep())


def make_columns(
    frame: pl.DataFrame,
    rules: TableRules,
    schema: Schema,
    *,
    source: SourceRules,
    lookups: Mapping[str, Mapping[str, str]],
) -> Made:
    """The columns of one table from a batch of rows of the file."""
    at = pl.Series("at", range(frame.height), dtype=pl.Int64)
    mask = pl.Series([True]).new_from_index(0, frame.height)
    for condition in rules.where:
        mask = mask & condition_mask(frame, condition)
    frame, at = frame.filter(mask), at.filter(mask)
    if rules.unpivot is not None:
        frame, at = _lengthwise(frame, at, rules.unpivot.columns)
    maker = _Maker(frame, source, lookups)
    columns = [
        maker.column(rule, schema.column(name)).alias(name) for name, rule in rules.columns.items()
    ]
    if rules.pivot is not None:
        columns.extend(maker.pivoted(rules.pivot, schema))
    made = pl.DataFrame(columns, height=frame.height)
    return Made(made, at, tuple(maker.faults))


def _lengthwise(
    frame: pl.DataFrame, at: pl.Series, columns: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.Series]:
    """One row for each of the columns whose cell is known."""
    parts = [
        frame.with_columns(
            pl.lit(name).alias(NAME), pl.col(column).alias(VALUE), at.alias(_AT)
        ).drop_nulls(VALUE)
        for name, column in columns.items()
    ]
    whole = pl.concat(parts)
    return whole.drop(_AT), whole[_AT]


class _Maker:
    """Makes columns from one batch and remembers every fault it meets."""

    def __init__(
        self,
        frame: pl.DataFrame,
        source: SourceRules,
        lookups: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._frame, self._source, self._lookups = frame, source, lookups
        self.faults: list[CellFault] = []

    def column(self, rule: Rule, column: Column) -> pl.Series:
        """One column of the table, as text."""
        text = self._text(rule)
        place = " + ".join(rule.sources) or column.name
        for step in self._steps(rule, column):
            made = step(text)
            self._mark(made, text, place)
            text = made.text
        if rule.prefix or rule.suffix:
            text = rule.prefix + text + rule.suffix
        text = pl.select(pl.when(text != "").then(text)).to_series()
        return text if rule.otherwise is None else text.fill_null(rule.otherwise)

    def pivoted(self, pivot: Pivot, schema: Schema) -> Iterator[pl.Series]:
        """A column for each name, known in the rows that bear the name."""
        names, column = self._frame[pivot.name], next(iter(pivot.columns.values()), "")
        values = self.column(Rule(source=pivot.value), schema.column(column))
        self._mark(_Step(names, names.is_null(), NO_NAME), names, pivot.name)
        unknown = ~names.is_in([*pivot.columns, *pivot.ignore]).fill_null(value=True)
        self._mark(_Step(names, unknown, NOT_PIVOTED), names, pivot.name)
        by_column: dict[str, list[str]] = {}
        for name, made in pivot.columns.items():
            by_column.setdefault(made, []).append(name)
        for made, here in by_column.items():
            chosen = pl.select(pl.when(names.is_in(here)).then(values)).to_series()
            yield chosen.cast(pl.String).alias(made)

    def _mark(self, made: _Step, before: pl.Series, column: str) -> None:
        if made.fault is not None and made.wrong.any():
            self.faults.append(CellFault(made.fault, made.wrong, before, column))

    def _text(self, rule: Rule) -> pl.Series:
        height = self._frame.height
        if rule.value is not None:
            return pl.Series([rule.value]).new_from_index(0, height)
        if rule.unpivot is not None:
            return self._frame[NAME if rule.unpivot == "name" else VALUE]
        if rule.join:
            parts = [pl.col(name) for name in rule.join]
            return self._frame.select(pl.concat_str(parts, separator=rule.separator)).to_series()
        return self._frame[rule.source or ""]

    def _steps(self, rule: Rule, column: Column) -> Iterator[Callable[[pl.Series], _Step]]:
        yield from self._word_steps(rule)
        if column.kind in (Kind.INTEGER, Kind.DECIMAL) and rule.value is None:
            yield lambda text: _number(text, self._source)
            yield lambda text: _scaled(text, rule.times, whole=column.kind is Kind.INTEGER)
        if rule.pad is not None:
            yield lambda text: _right(text.str.zfill(rule.pad or 0))
        if rule.digest is not None:
            yield lambda text: _right(_each(text, lambda word: _digest(word, rule.digest or 0)))

    def _word_steps(self, rule: Rule) -> Iterator[Callable[[pl.Series], _Step]]:
        if rule.pattern is not None:
            yield lambda text: _matched(text, rule.pattern or "")
        if rule.split is not None:
            yield lambda text: _part(text, rule.split or "", rule.part)
        if rule.lookup is not None:
            yield lambda text: _looked_up(text, self._lookups[rule.lookup or ""], NOT_LOOKED_UP)
        if rule.true or rule.false:
            words = dict.fromkeys(rule.true, "true") | dict.fromkeys(rule.false, "false")
            yield lambda text: _looked_up(text, words, NOT_FLAG)
        if rule.date is not None:
            yield lambda text: _dated(text, rule.date or "", rule.zone)


@dataclass(frozen=True, slots=True)
class _Step:
    """A column after one step; ``wrong`` are the rows where the step could not be done."""

    text: pl.Series
    wrong: pl.Series
    fault: Fault | None


def _right(text: pl.Series) -> _Step:
    return _Step(text, pl.Series([], dtype=pl.Boolean), None)


def _step(before: pl.Series, after: pl.Series, fault: Fault) -> _Step:
    """A step that failed wherever a known text became unknown."""
    return _Step(after, before.is_not_null() & after.is_null(), fault)


def _matched(text: pl.Series, pattern: str) -> _Step:
    return _step(text, text.str.extract(pattern, 1), NOT_MATCHING)


def _part(text: pl.Series, mark: str, part: int) -> _Step:
    found = text.str.split(mark).list.get(part - 1, null_on_oob=True).str.strip_chars()
    return _step(text, found, NO_PART)


def _looked_up(text: pl.Series, words: Mapping[str, str], fault: Fault) -> _Step:
    found = text.replace_strict(dict(words), default=None, return_dtype=pl.String)
    return _step(text, found, fault)


def _each(text: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """A change of every distinct text."""
    words = text.drop_nulls().unique().to_list()
    changed = {word: change(word) for word in words}
    return text.replace_strict(changed, default=None, return_dtype=pl.String)


def _dated(text: pl.Series, form: str, zone: str | None) -> _Step:
    place = None if zone is None else ZoneInfo(zone)
    return _step(text, _each(text, lambda word: _moment(word, form, place)), NOT_DATE)


def _moment(word: str, form: str, zone: ZoneInfo | None) -> str | None:
    """A date or a time in ISO form; a time without offset needs a zone."""
    try:
        found = datetime.strptime(word, form)  # noqa: DTZ007 (its offset is looked at below)
    except (ValueError, re.error):
        return None
    if not re.search(r"%[HIMSTRcXp]", form):
        return found.date().isoformat()
    if found.tzinfo is None and zone is not None:
        found = found.replace(tzinfo=zone)
    return None if found.tzinfo is None else found.isoformat()


def _number(text: pl.Series, source: SourceRules) -> _Step:
    """Numbers with a decimal point and nothing else, or as they were if they are none."""
    marks = source.thousands
    if marks is None and source.decimal == ".":
        return _right(text)
    plain, wrong = text, pl.Series([False]).new_from_index(0, text.len())
    if marks is not None:
        spaces = _SPACES if marks in _SPACES else marks
        group = f"[{re.escape(spaces)}]"
        grouped = rf"^-?\d{{1,3}}({group}\d{{3}})+($|{re.escape(source.decimal)})"
        marked = text.str.contains(group).fill_null(value=False)
        good = text.str.contains(grouped).fill_null(value=False)
        wrong = marked & ~good
        plain = text.str.replace_all(group, "")
    if source.decimal != ".":
        stray = plain.str.contains(".", literal=True).fill_null(value=False)
        wrong = wrong | stray
        plain = plain.str.replace(source.decimal, ".", literal=True)
    return _Step(plain, wrong, BAD_NUMBER)


def _scaled(text: pl.Series, times: Fraction | None, *, whole: bool) -> _Step:
    """Times the unit, exactly; whole numbers without the ".0" that spreadsheets give them."""
    if times is not None:
        made = _each(text, lambda word: _product(word, times))
        return _step(text, made.str.replace(r"^(-?\d+)\.0+$", "$1"), NOT_SCALED)
    return _right(text.str.replace(r"^(-?\d+)\.0+$", "$1") if whole else text)


def _product(word: str, times: Fraction) -> str | None:
    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", word):
        return word
    exact = Fraction(word) * times
    if exact.denominator == 1:
        return str(exact.numerator)
    digits = next((d for d in range(1, 40) if (exact * 10**d).denominator == 1), None)
    if digits is None:
        return None
    sign, scaled = ("-" if exact < 0 else ""), abs(int(exact * 10**digits))
    return f"{sign}{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def _digest(word: str, digits: int) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:digits]
