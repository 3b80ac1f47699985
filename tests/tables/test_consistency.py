"""What must agree in a case, beyond the folders of tests/case: sizes, orders, invariants."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.tables import Problem
from tests.case.small_folder import TABLES
from tests.tables.checked import checked


def _areas(parents: list[int]) -> str:
    rows = [
        f"a{number},{'' if parent < 0 else f'a{parent}'},area,Area"
        for number, parent in enumerate(parents)
    ]
    return "\n".join(["area_id,parent_id,level,name", *rows, ""])


@settings(max_examples=200)
@given(parents=st.lists(st.integers(-1, 9), min_size=1, max_size=10))
def test_loops_are_the_areas_that_are_their_own_ancestors(parents: list[int]) -> None:
    """Compared with walking as many steps as there are areas, from each of them."""
    count = len(parents)
    parents = [parent if parent < count else -1 for parent in parents]
    looping = set()
    for start in range(count):
        node = start
        for _ in range(count):
            node = parents[node] if node >= 0 else -1
            if node == start:
                looping.add(f"a{start}")
    found = checked({"areas": _areas(parents)})
    assert {problem.value for problem in found} == looping
    assert {problem.id for problem in found} <= {"T023"}


def test_a_long_chain_is_walked_once() -> None:
    """Walking up from every row of the chain would take a thousand million steps."""
    assert checked({"areas": _areas(list(range(-1, 40_000)))}) == ()


SPOILT = {
    "areas": TABLES["areas"].replace("south,land", "south,lnd"),
    "stations": TABLES["stations"].replace("s2,north", "s2,nrth").replace("1000", "1 000"),
    "voter_reports": TABLES["voter_reports"] + "s9,mayor,yes,paper,5,6,\ns1,mayr,anna,paper,1,,\n",
    "documents": TABLES["documents"],
}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing_but_the_row(seed: int) -> None:
    def told(problems: tuple[Problem, ...]) -> list[tuple[str | None, ...]]:
        return sorted((p.id, p.file, p.column, p.value or "") for p in problems)

    shuffled = {}
    for name, text in SPOILT.items():
        header, *rows = text.splitlines()
        Random(seed).shuffle(rows)  # noqa: S311 (an order, not a secret)
        shuffled[name] = "\n".join([header, *rows, ""])
    assert told(checked(shuffled)) == told(checked(SPOILT))
    assert [p.id for p in sorted(checked(SPOILT), key=lambda p: p.id)] == [
        "T005", "T015", "T015", "T015", "T018", "T019", "T032",
    ]  # fmt: skip


def test_every_row_without_its_reference_is_counted() -> None:
    rows = [f"s{number},nowhere" for number in range(150)]
    found = checked({"stations": "\n".join(["station_id,area_id", *rows, ""])})
    assert len(found) == 101
    assert [problem.row for problem in found] == [*range(2, 102), 151]
    assert str(found[-1]) == (
        "T015 error tables/stations.csv, row 151, column area_id: the table areas has no such "
        "row: 50 more rows, this is the last. Add it to tables/areas.csv, or correct the id here."
    )


def test_nothing_is_said_of_references_into_a_table_that_was_not_read() -> None:
    found = checked({"stations": TABLES["stations"]}, unread={"areas"})
    assert found == ()


@pytest.mark.parametrize(
    ("start", "end", "backwards"),
    [
        ("2024-05-05", "2024-05-05", False),
        ("2024-05-06", "2024-05-05", True),
        ("2024-05-05T08:00Z", "2024-05-05T08:00Z", False),
        ("2024-05-05T08:00:00.5Z", "2024-05-05T08:00Z", True),
        ("2024-05-05T08:00Z", "2024-05-05T10:59+03:00", True),
        ("2024-05-05T08:00Z", "2024-05-05T11:00+03:00", False),
        ("2024-05-06T00:30+03:00", "2024-05-05T23:00Z", False),
        ("2024-05-05T23:00Z", "2024-05-05", False),
        ("2024-05-06T00:00Z", "2024-05-05", True),
    ],
)
def test_a_span_runs_forward(start: str, end: str, backwards: bool) -> None:
    text = "count_id,station_id,document_id,from,to,entered,complete\n"
    counted = {"turnout_counts": f"{text}t1,s1,paper,{start},{end},5,true\n"}
    found = checked(counted, unread={"stations", "documents"})
    assert [problem.id for problem in found] == ["T021"] * backwards


@settings(max_examples=100)
@given(low=st.integers(0, 10**30), step=st.integers(-3, 3))
def test_a_range_is_compared_exactly(low: int, step: int) -> None:
    """Twenty digits after the point: floating point would call most of these ends equal."""
    ends = []
    for end in (low, max(low + step, 0)):
        digits = f"{end:021}"
        ends.append(f"{digits[:-20]}.{digits[-20:]}")
    columns = "claim_id,status,document_id,words,measure,comparator,low,high,rounding,unit"
    row = f"k1,proposed,paper,Many.,crowd_size,between,{ends[0]},{ends[1]},unknown,people"
    text = f"{columns},denominator,polarity\n{row},none,affirmed\n"
    found = checked({"claims": text}, unread={"documents"})
    assert [problem.id for problem in found] == ["T020"] * (low > max(low + step, 0))
