"""Whatever the bytes: the readers answer with a table, a case or problems, and never fall over."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollwitness.case import validate_case
from pollwitness.case.head import parse_head
from pollwitness.tables import Case, Problem, Severity, TextTable, read_csv_text
from tests.case.small_folder import HEAD, TABLES, make_folder, path_of

FILE = "tables/x.csv"
MARKS = [b",", b'"', b"\n", b"\r", b"\r\n", b"\0", b";", b"\xff", b"\xef\xbb\xbf", b"a", b" ", b"1"]
pieces = st.lists(st.sampled_from([*MARKS, "я".encode(), b'""', b"x\x01"]), max_size=24).map(
    b"".join
)


@st.composite
def mutations(draw: st.DrawFn, raw: bytes, most: int = 4) -> bytes:
    """The bytes with a few of them replaced, removed, doubled, moved, or cut off."""
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, len(raw)))
        to = draw(st.integers(at, min(len(raw), at + 40)))
        piece = draw(st.one_of(st.sampled_from(MARKS), st.binary(max_size=3)))
        changed = {
            "replace": raw[:at] + piece + raw[to:],
            "insert": raw[:at] + piece + raw[at:],
            "double": raw[:to] + raw[at:to] + raw[to:],
            "cut": raw[:at],
        }
        raw = changed[draw(st.sampled_from(sorted(changed)))]
    return raw


def _records(raw: bytes) -> list[list[str]]:
    """The records as Python's reader of CSV finds them; a blank line is one empty field."""
    text = raw.decode("utf-8")
    return [record or [""] for record in csv.reader(io.StringIO(text, newline=""), strict=True)]


def _assert_read_or_refused(raw: bytes) -> None:
    found = read_csv_text(raw, FILE)
    if isinstance(found, TextTable):
        header, *records = _records(raw)
        assert list(found.header) == header
        assert all(len(record) == len(header) for record in records)
        expected = [tuple(cell or None for cell in record) for record in records]
        assert found.frame.rows() == expected
        return
    assert found
    _assert_plain(found)


def _assert_plain(problems: tuple[Problem, ...]) -> None:
    """Every problem is an error of some file, says what and how to mend it, in one line."""
    for problem in problems:
        assert problem.severity is Severity.ERROR
        assert problem.message
        assert problem.mend
        assert problem.row is None or problem.row >= 1
        assert "\n" not in str(problem)
        assert str(problem).encode()


@settings(max_examples=120)
@given(raw=st.one_of(st.binary(max_size=60), pieces))
@example(raw=b"")
@example(raw=b"\n")
@example(raw=b'"')
@example(raw=b"\xef\xbb\xbf")
@example(raw=b"x\x01,b\n1,2\n")
@example(raw=b"a\rb,c\n1,2\n")
@example(raw=b'a,b\n"1"\r2,3\n')
@example(raw=b'"a,\r\nb",c\r\n"""",""\r\n')
@example(raw=b"a\n\n1\n\n")
@example(raw=b'""\n')
@example(raw=b"a,b\n,\n,\n")
@example(raw=b"a" * 140_000 + b"\n1\n")
def test_any_bytes_are_a_table_or_problems(raw: bytes) -> None:
    _assert_read_or_refused(raw)


@settings(max_examples=120)
@given(raw=st.sampled_from(sorted(TABLES)).flatmap(lambda n: mutations(TABLES[n].encode())))
def test_a_spoilt_table_is_a_table_or_problems(raw: bytes) -> None:
    _assert_read_or_refused(raw)


def _tables_of(marks: str) -> st.SearchStrategy[list[list[str]]]:
    cells = st.text(st.sampled_from(list(marks)), max_size=4)
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5
        )
    )


@settings(max_examples=120)
@given(
    written=st.one_of(
        st.tuples(_tables_of(',"\n ;aя'), st.just(csv.QUOTE_MINIMAL)),
        # Python leaves a carriage return without quotation marks if it may.
        st.tuples(_tables_of(',"\n\r ;aя'), st.just(csv.QUOTE_ALL)),
    ),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_what_another_program_writes_is_read(
    written: tuple[list[list[str]], Literal[0, 1]], ends: str
) -> None:
    """Python's writer quotes what needs it; what is read is what was written."""
    rows, quoting = written
    header = [f"c{number}" for number in range(len(rows[0]))]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=ends, quoting=quoting)
    writer.writerows([header, *rows])
    found = read_csv_text(stream.getvalue().encode(), FILE)
    assert isinstance(found, TextTable)
    assert found.frame.rows() == [tuple(cell or None for cell in row) for row in rows]


@settings(max_examples=120)
@given(
    raw=st.one_of(
        st.binary(max_size=80), st.text(max_size=60).map(str.encode), mutations(HEAD.encode())
    )
)
@example(raw=b"")
@example(raw=b"a = " + b"[" * 5000)
@example(raw=b"a = " + b"1" * 5000)
@example(raw=b"format = 0x" + b"f" * 5000)
@example(raw=b"format = [0x" + b"f" * 5000 + b"]")
@example(raw=b"contests = [[]]")
@example(raw=b"contests = [{options = [{}]}]")
@example(raw=b"date = 2024-05-05T00:00:00Z\ntime_zone = 1e400")
@example(raw=b"[[contests]]\nrule = 'threshold'\nthreshold = '1e999999999'")
@example(raw=b"[[contests]]\nrule = 'threshold'\nthreshold = nan")
def test_any_bytes_are_a_head_or_problems(raw: bytes) -> None:
    found = parse_head(raw)
    if isinstance(found, Case):
        assert found.contests
        assert all(contest.options for contest in found.contests)
        return
    assert found
    _assert_plain(found)


@settings(max_examples=100)
@given(data=st.data())
def test_a_folder_with_spoilt_files_is_validated(data: st.DataObject) -> None:
    """One or two files, case.toml among them, with their bytes changed."""
    with tempfile.TemporaryDirectory() as parent:
        folder = make_folder(Path(parent) / "small")
        names = st.sampled_from(["case.toml", *sorted(TABLES)])
        for name in data.draw(st.lists(names, min_size=1, max_size=2, unique=True)):
            path = path_of(folder, name)
            path.write_bytes(data.draw(mutations(path.read_bytes())))
        _assert_validated(folder)


def _assert_validated(folder: Path) -> None:
    for problem in validate_case(folder):
        assert "\n" not in str(problem)
        assert (folder / problem.file).exists()


def _cells(mutate: Callable[[str], st.SearchStrategy[str]]) -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(sorted(TABLES)).flatmap(
        lambda name: st.tuples(st.just(name), mutate(TABLES[name]))
    )


_ODD = st.one_of(
    st.sampled_from(["", "-0", "0", "1e9", "nan", "true", "2024-02-30", "s1", "c2", "k1", "land",
                     "mayor", "no", "9" * 40, "between", "accepted", "\u200b", "a" * 65]),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters='",\r\n'), max_size=5),
)  # fmt: skip


@st.composite
def _with_odd_cells(draw: st.DrawFn, text: str) -> str:
    header, *records = csv.reader(io.StringIO(text, newline=""))
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.sampled_from(records))
        row[draw(st.integers(0, len(header) - 1))] = draw(_ODD)
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([header, *records])
    return stream.getvalue()


@settings(max_examples=100)
@given(spoilt=_cells(_with_odd_cells))
@example(spoilt=("claims", TABLES["claims"].replace("2000,3000", "0" * 30 + "," + "9" * 30)))
def test_a_folder_with_odd_cells_is_validated(spoilt: tuple[str, str]) -> None:
    """The form of the file is right, so that cells, keys and references are reached."""
    name, text = spoilt
    with tempfile.TemporaryDirectory() as parent:
        folder = make_folder(Path(parent) / "small")
        path_of(folder, name).write_bytes(text.encode())
        _assert_validated(folder)


@settings(max_examples=25)
@given(cut=st.integers(0, 400), tail=st.binary(max_size=12))
def test_a_folder_with_cut_parquet_is_validated(cut: int, tail: bytes) -> None:
    """Cut and continued by other bytes, so that the footer is lost.

    Bytes changed inside a Parquet file are not tried: polars may end the whole process on them
    (an allocation of any size that the file asks for), which no program can catch.
    """
    with tempfile.TemporaryDirectory() as parent:
        folder = make_folder(Path(parent) / "small")
        path = path_of(folder, "areas")
        stream = io.BytesIO()
        pl.read_csv(path, infer_schema=False).write_parquet(stream)
        path.unlink()
        raw = stream.getvalue()
        path.with_suffix(".parquet").write_bytes(raw[: min(cut, len(raw) - 1)] + tail)
        ids = {problem.id for problem in validate_case(folder)}
        assert ids == {"F010"}
