"""What must agree between the rows and the tables of a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from fractions import Fraction

import numpy as np
import polars as pl

from pollwitness.quantities import Comparator, Measure
from pollwitness.tables.case import Case
from pollwitness.tables.election import vote_column
from pollwitness.tables.listing import Fault, column_problems
from pollwitness.tables.parsing import ROW, ParsedTable
from pollwitness.tables.problems import Problem, in_order

NOT_ONE_PLACE = Fault(
    "T016", "the row names both an area and a station, or neither", "Name exactly one of the two."
)
UNKNOWN_CONTEST = Fault(
    "T018", "case.toml has no such contest", "Use the id of a contest in case.toml."
)
FOREIGN_OPTION = Fault(
    "T019", "the option belongs to another contest", "Name an option of the row's contest."
)
REVERSED = Fault("T020", "the low end lies above the high end", "Exchange the two ends.")
BACKWARDS = Fault("T021", "the time span ends before it begins", "Exchange the two times.")
OVERCOUNTED = Fault(
    "T022", "more stations are counted than there are", "Check stations_counted, stations_total."
)
LOOP = Fault("T023", "the chain leads back to its own beginning", "Break the chain at one row.")
OTHER_STATION = Fault(
    "T026",
    "the corrected copy belongs to another station or contest",
    "Correct a copy of the same station and contest.",
)
NO_REASON = Fault("T027", "a correction or rejection gives no reason", "Write the reason.")
NO_FIGURE = Fault(
    "T028",
    "the comparator needs a figure that the row does not give",
    "Give low (or, for between, low and high; for at_most and less_than, high).",
)
INCOMPLETE_CLAIM = Fault(
    "T029",
    "a confirmed claim about votes names no contest, or no option where its measure needs one",
    "Name contest_id, and option_id for votes, vote_share, stations_won.",
)
HALF_SPAN = Fault(
    "T030", "only one end of the quotation is given, or it is empty", "Give start < end, or none."
)
UNKNOWN_PREDECESSOR = Fault(
    "T031", "the row that it replaces is not in this table", "Name a row of this table."
)
MORE_THAN_ALL = Fault(
    "T032", "more reports with photograph or verified than reports", "Check the three counts."
)
NO_ROUNDING_UNIT = Fault(
    "T033", "the figure is said to be rounded but to which unit is not", "Give rounded_to."
)

Breach = tuple[Fault, str, pl.Expr]
"""A fault, the column that shows it, and which rows of the table have it."""

_OF_A_CONTEST = {
    Measure.VOTE_SHARE, Measure.VOTES, Measure.TURNOUT, Measure.BALLOTS,
    Measure.STATIONS_WON, Measure.STATIONS_CONTRADICTED,
}  # fmt: skip
_OF_AN_OPTION = {Measure.VOTE_SHARE, Measure.VOTES, Measure.STATIONS_WON}


def consistency_problems(
    case: Case, tables: Mapping[str, ParsedTable], *, unread: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Every disagreement between rows, tables and `case.toml`; cells were checked before.

    ``unread`` are tables that are there and could not be read: whether rows that refer to them
    are right is not known, and nothing is said about it. Likewise a rule is silent on a row where
    a cell that it looks at did not fit; that problem is listed already.
    """
    found: list[Problem] = []
    for table in tables.values():
        found.extend(_reference_problems(table, tables, unread))
        for fault, column, condition in (*row_breaches(case, table), *chain_breaches(table)):
            found.extend(_rows(table, condition, fault, column))
    return in_order(found)


def row_breaches(case: Case, table: ParsedTable) -> Iterator[Breach]:
    """What rows break by themselves, whatever other rows and tables say."""
    yield from _contest_breaches(case, table)
    yield from _place_breaches(table)
    yield from _pair_breaches(table)
    if table.schema.name == "protocols":
        silent = pl.col("reason").is_null() & (
            pl.col("corrects").is_not_null() | (pl.col("status") == "rejected")
        )
        yield NO_REASON, "copy_id", silent.fill_null(value=False)
    if table.schema.name == "claims":
        yield from _claim_breaches()


def chain_breaches(table: ParsedTable) -> Iterator[Breach]:
    """What rows break that name other rows of their own table."""
    has = table.schema.has
    key = table.schema.key[0]
    if has("supersedes"):
        if table.schema.column("supersedes").references is None:
            known, name = table.frame[key].drop_nulls(), pl.col("supersedes")
            unknown = name.is_not_null() & ~name.is_in(known.implode())
            yield UNKNOWN_PREDECESSOR, "supersedes", unknown
        yield _loops(table, key, "supersedes")
    if has("parent_id"):
        yield _loops(table, key, "parent_id")
    if has("corrects"):
        yield _elsewhere(table)
        yield _loops(table, key, "corrects")


def rows_with_breach(table: ParsedTable, condition: pl.Expr) -> pl.DataFrame:
    """The rows that a condition holds for, but for those with a cell that did not fit."""
    unfit = {row for name in condition.meta.root_names() for row in table.unfit.get(name, ())}
    return table.frame.filter(condition & ~pl.col(ROW).is_in(sorted(unfit)))


def _rows(table: ParsedTable, condition: pl.Expr, fault: Fault, column: str) -> list[Problem]:
    wrong = rows_with_breach(table, condition)
    hidden = table.schema.is_restricted(column)
    values = wrong[column].cast(pl.String).to_list()
    return column_problems(
        fault,
        table.file,
        column=column,
        rows=wrong[ROW].to_numpy().astype(np.int64),
        values=None if hidden else values,
    )


def _reference_problems(
    table: ParsedTable, tables: Mapping[str, ParsedTable], unread: Collection[str]
) -> Iterator[Problem]:
    for column in table.schema.columns:
        if column.references is None or column.references in unread:
            continue
        target = tables.get(column.references)
        known = (
            pl.Series([], dtype=pl.String)
            if target is None
            else target.frame[target.schema.key[0]].drop_nulls()
        )
        fault = Fault(
            "T015",
            f"the table {column.references} has no such row",
            f"Add it to tables/{column.references}.csv, or correct the id here.",
        )
        name = pl.col(column.name)
        yield from _rows(
            table, name.is_not_null() & ~name.is_in(known.implode()), fault, column.name
        )


def _contest_breaches(case: Case, table: ParsedTable) -> Iterator[Breach]:
    if not table.schema.has("contest_id"):
        return
    contest = pl.col("contest_id")
    known = [c.id for c in case.contests]
    stranger = contest.is_not_null() & ~contest.is_in(known)
    yield UNKNOWN_CONTEST, "contest_id", stranger
    of_option = {option: c.id for c in case.contests for option in c.option_ids}
    for option, home_id in of_option.items():
        if table.schema.has(column := vote_column(option)):
            foreign = pl.col(column).is_not_null() & contest.is_in(known) & (contest != home_id)
            yield FOREIGN_OPTION, column, foreign
    if table.schema.has("option_id"):
        home = pl.col("option_id").replace_strict(of_option, default=None, return_dtype=pl.String)
        yield FOREIGN_OPTION, "option_id", contest.is_in(known) & (home != contest)


def _place_breaches(table: ParsedTable) -> Iterator[Breach]:
    if table.schema.name in ("official_results", "official_figures"):
        both = pl.col("area_id").is_null() == pl.col("station_id").is_null()
        yield NOT_ONE_PLACE, "area_id", both
        over = pl.col("stations_counted") > pl.col("stations_total")
        yield OVERCOUNTED, "stations_counted", over


def _pair_breaches(table: ParsedTable) -> Iterator[Breach]:
    has = table.schema.has
    if has("low") and has("high"):
        yield REVERSED, "low", _where(table, "low", "high", _is_reversed)
    for start, end in (("event_from", "event_to"), ("from", "to")):
        if has(start) and has(end):
            yield BACKWARDS, start, _where(table, start, end, _is_backwards)
    if has("with_photo"):
        over = (pl.col("with_photo") > pl.col("reports")) | (pl.col("verified") > pl.col("reports"))
        yield MORE_THAN_ALL, "reports", over.fill_null(value=False)


def _where(
    table: ParsedTable, first: str, second: str, disagree: Callable[[str, str], bool]
) -> pl.Expr:
    pairs = table.frame.select(ROW, first, second).drop_nulls()
    return pl.col(ROW).is_in([row for row, *ends in pairs.iter_rows() if disagree(*ends)])


def _is_reversed(low: str, high: str) -> bool:
    # Floats only where they decide: they would call equal what differs in the 17th digit.
    near, far = float(low), float(high)
    return near > far or (near == far and Fraction(low) > Fraction(high))


def _is_backwards(start: str, end: str) -> bool:
    """Whether a span ends before it begins; days are compared where one end has no hour."""
    if "T" in start and "T" in end:
        return datetime.fromisoformat(start) > datetime.fromisoformat(end)
    return start[:10] > end[:10]


def _loops(table: ParsedTable, key: str, parent: str) -> Breach:
    pairs = table.frame.select(key, parent).drop_nulls()
    above = dict(zip(pairs[key].to_list(), pairs[parent].to_list(), strict=True))
    return LOOP, key, pl.col(key).is_in(sorted(_on_loops(above)))


def _on_loops(above: Mapping[str, str]) -> set[str]:
    """The nodes from which the way up leads back to them; each node is passed once."""
    looping: set[str] = set()
    passed: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        node: str | None = start
        while node is not None and node not in passed:
            passed.add(node)
            way[node] = None
            node = above.get(node)
        if node in way:
            nodes = list(way)
            looping.update(nodes[nodes.index(node) :])
    return looping


def _elsewhere(table: ParsedTable) -> Breach:
    frame = table.frame
    target = frame.select(
        pl.col("copy_id").alias("corrects"),
        pl.col("station_id").alias("their_station"),
        pl.col("contest_id").alias("their_contest"),
    )
    joined = frame.join(target, on="corrects", how="left", maintain_order="left")
    elsewhere = joined.filter(
        (pl.col("station_id") != pl.col("their_station"))
        | (pl.col("contest_id") != pl.col("their_contest"))
    )
    return OTHER_STATION, "corrects", pl.col(ROW).is_in(elsewhere[ROW].implode())


def _claim_breaches() -> Iterator[Breach]:
    yield NO_FIGURE, "comparator", _lacks_figure()
    measure = pl.col("measure")
    lacking = (measure.is_in([str(m) for m in _OF_A_CONTEST]) & pl.col("contest_id").is_null()) | (
        measure.is_in([str(m) for m in _OF_AN_OPTION]) & pl.col("option_id").is_null()
    )
    settled = pl.col("status") == "confirmed"
    yield INCOMPLETE_CLAIM, "measure", lacking & settled
    start, end = pl.col("start"), pl.col("end")
    half = (start.is_null() != end.is_null()) | (start >= end)
    yield HALF_SPAN, "start", half.fill_null(value=False)
    rounded = (pl.col("rounding") != "unknown") & pl.col("rounded_to").is_null()
    yield NO_ROUNDING_UNIT, "rounded_to", rounded


def _lacks_figure() -> pl.Expr:
    comparator = pl.col("comparator")
    no_low, no_high = pl.col("low").is_null(), pl.col("high").is_null()
    from_above = [str(Comparator.AT_MOST), str(Comparator.LESS_THAN)]
    return (
        pl.when(comparator == str(Comparator.BETWEEN))
        .then(no_low | no_high)
        .when(comparator.is_in(from_above))
        .then(no_high)
        .when(comparator.is_not_null())
        .then(no_low)
        .otherwise(False)
    )
