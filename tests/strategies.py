"""Hypothesis strategies for cases, derived from the schemas: a new column is drawn by itself."""

import datetime
import string
from collections.abc import Mapping
from fractions import Fraction

import polars as pl
from hypothesis import strategies as st

from pollwitness.tables import (
    LARGEST_COUNT,
    Audience,
    Case,
    CaseTables,
    Column,
    Contest,
    ContestRule,
    Kind,
    Option,
    OptionKind,
    Schema,
    election_schemas,
)

Row = dict[str, object]
Rows = dict[str, list[Row]]

_LINE = st.characters(exclude_categories=("Cs", "Cc"))
texts = (
    st.text(st.one_of(st.sampled_from(",\";\n\t'ЯÄ—😀"), _LINE), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
"""Texts as a table may hold them: no control characters, no spaces at the ends."""
ids = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=64)
_option_ids = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(string.ascii_lowercase + string.digits + "_", max_size=10),
)
_days = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(datetime.date.isoformat)
_offsets = st.one_of(
    st.just("Z"),
    st.builds(
        "{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59)
    ),
)
_clocks = st.one_of(
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
    st.times().map(datetime.time.isoformat),
)
moments = st.one_of(_days, st.builds("{}T{}{}".format, _days, _clocks, _offsets))


def decimals(low: Fraction | None, high: Fraction | None) -> st.SearchStrategy[str]:
    """Decimal numbers as they are written, within bounds."""
    least = -(10**12) if low is None else int(low)
    most = 10**12 if high is None else int(high) - 1
    whole = st.integers(least, most)
    return st.one_of(
        whole.map(str),
        st.builds(
            "{}.{}".format,
            whole.filter(lambda n: n >= 0),
            st.from_regex("[0-9]{1,18}", fullmatch=True),
        ),
    )


def values(column: Column) -> st.SearchStrategy[object]:
    """Values of a column, unknown among them where it may be."""
    known: Mapping[Kind, st.SearchStrategy[object]] = {
        Kind.ID: ids,
        Kind.TEXT: texts,
        Kind.INTEGER: st.integers(int(column.low or 0), int(column.high or LARGEST_COUNT)),
        Kind.DECIMAL: decimals(column.low, column.high),
        Kind.BOOLEAN: st.booleans(),
        Kind.CHOICE: st.sampled_from(column.choices or ("",)),
        Kind.MOMENT: moments,
        Kind.DIGEST: st.text("0123456789abcdef", min_size=64, max_size=64),
    }
    return st.one_of(st.none(), known[column.kind]) if column.nullable else known[column.kind]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Heads of one or two contests, with any texts that TOML can hold."""
    any_text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=10).filter(
        str.strip
    )
    names = draw(st.lists(_option_ids, min_size=2, max_size=5, unique=True))
    parts = draw(st.sampled_from([(names,), (names[:1], names[1:])]))
    contest_ids = draw(st.lists(ids, min_size=len(parts), max_size=len(parts), unique=True))
    contests = []
    for contest_id, part in zip(contest_ids, parts, strict=True):
        rule = draw(st.sampled_from(ContestRule))
        share = st.fractions(0, 1, max_denominator=10**9).filter(lambda f: 0 < f < 1)
        contests.append(Contest(
            id=contest_id, name=draw(any_text), winners=draw(st.integers(1, 100)), rule=rule,
            options=tuple(
                Option(o, draw(any_text), draw(st.sampled_from(OptionKind))) for o in part
            ),
            threshold=draw(share) if rule is ContestRule.THRESHOLD else None,
            round=draw(st.none() | st.integers(1, 9)),
        ))  # fmt: skip
    return Case(
        id=draw(ids), title=draw(any_text), country=draw(any_text), date=draw(_days),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Minsk", "America/New_York"])),
        licence=draw(st.one_of(st.just("CC0-1.0"), any_text)),
        audience=draw(st.sampled_from(Audience)), contests=tuple(contests),
        largest_station=draw(st.none() | st.integers(1, LARGEST_COUNT)),
        roll_additions=draw(st.none() | st.integers(0, LARGEST_COUNT)),
    )  # fmt: skip


@st.composite
def case_tables(draw: st.DrawFn, most_rows: int = 3) -> CaseTables:
    """Whole cases without errors: every table, rows that agree with each other."""
    case = draw(cases())
    rows: Rows = {}
    for name, schema in election_schemas(case.option_ids).items():
        rows[name] = []
        for _ in range(draw(st.integers(0, most_rows))):
            row = draw(_rows(schema, case, rows))
            if row is not None and not _is_there(row, schema, rows[name]):
                rows[name].append(row)
    schemas = election_schemas(case.option_ids)
    frames = {
        name: pl.DataFrame(given, schema=schemas[name].dtypes, orient="row")
        for name, given in rows.items()
    }
    return CaseTables.of(case, frames)


def _is_there(row: Row, schema: Schema, rows: list[Row]) -> bool:
    return any(all(row[k] == other[k] for k in schema.key) for other in rows)


@st.composite
def _rows(draw: st.DrawFn, schema: Schema, case: Case, rows: Rows) -> Row | None:
    """A row whose references exist; None where a table that it must refer to has no row."""
    if any(c.references and not c.nullable and not rows[c.references] for c in schema.columns):
        return None
    row: Row = {
        column.name: draw(_referred(column, rows) if column.references else values(column))
        for column in schema.columns
    }
    if "contest_id" in row:
        _agree_on_contest(draw, row, case)
    for agree in (_agree_on_place, _agree_on_order, _agree_on_reports):
        agree(draw, row)
    if schema.name == "protocols":
        _agree_on_correction(draw, row, rows["protocols"])
    if "supersedes" in row and schema.column("supersedes").references is None:
        earlier = [other[schema.key[0]] for other in rows[schema.name]]
        row["supersedes"] = draw(st.sampled_from([None, *earlier]))
    if schema.name == "claims":
        _agree_on_claim(draw, row)
    return None if row.get("area_id") is _NOWHERE else row


def _referred(column: Column, rows: Rows) -> st.SearchStrategy[object]:
    """Keys of the rows that a column may refer to."""
    table = str(column.references)
    own = {"protocols": "copy_id", "detention_lists": "list_id"}
    key = own.get(table, f"{table.removesuffix('s')}_id")
    there = [row[key] for row in rows[table]]
    return st.sampled_from([None, *there] if column.nullable else there)


_NOWHERE = object()


def _agree_on_contest(draw: st.DrawFn, row: Row, case: Case) -> None:
    contest = draw(st.sampled_from(case.contests))
    row["contest_id"] = contest.id
    if "option_id" in row:
        row["option_id"] = draw(st.sampled_from(contest.option_ids))
    for name in row:
        if name.startswith("votes_") and name.removeprefix("votes_") not in contest.option_ids:
            row[name] = None


def _agree_on_place(draw: st.DrawFn, row: Row) -> None:
    if "version" in row:
        if row["area_id"] is not None and row["station_id"] is not None:
            row[draw(st.sampled_from(["area_id", "station_id"]))] = None
        elif row["area_id"] is None and row["station_id"] is None:
            row["area_id"] = _NOWHERE


def _agree_on_order(_draw: st.DrawFn, row: Row) -> None:
    for first, second in (
        ("low", "high"), ("stations_counted", "stations_total"), ("event_from", "event_to"),
        ("from", "to"), ("start", "end"),
    ):  # fmt: skip
        a, b = row.get(first), row.get(second)
        if a is not None and b is not None and _after(str(a), str(b)):
            row[first], row[second] = b, a


def _after(first: str, second: str) -> bool:
    if first.count("-") < 2 or second.count("-") < 2:
        return Fraction(first) > Fraction(second)
    if "T" in first and "T" in second:
        return datetime.datetime.fromisoformat(first) > datetime.datetime.fromisoformat(second)
    return first[:10] > second[:10]


def _agree_on_reports(_draw: st.DrawFn, row: Row) -> None:
    if isinstance(most := row.get("reports"), int):
        for name in ("with_photo", "verified"):
            if isinstance(count := row[name], int):
                row[name] = min(count, most)


def _agree_on_correction(draw: st.DrawFn, row: Row, rows: list[Row]) -> None:
    place = ("station_id", "contest_id")
    same = [other["copy_id"] for other in rows if all(other[k] == row[k] for k in place)]
    row["corrects"] = draw(st.sampled_from([None, *same]))
    if row["corrects"] is not None or row["status"] == "rejected":
        row["reason"] = draw(texts)


def _agree_on_claim(draw: st.DrawFn, row: Row) -> None:
    for name in ("low", "high"):
        if row[name] is None:
            row[name] = row["high" if name == "low" else "low"] or "7.5"
    if row["rounded_to"] is None:
        row["rounding"] = "unknown"
    if row["start"] is None or row["end"] is None or row["start"] == row["end"]:
        row["start"], row["end"] = draw(st.sampled_from([(None, None), (0, 1)]))
