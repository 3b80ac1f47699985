"""Malformed case folders: all that is wrong is said at once, whole, with its mend."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import pollwitness.case
import pollwitness.tables
from pollwitness.case import InputRefusedError, read_case
from pollwitness.cli.main import main
from tests.case.bad_cells import BAD_CELLS
from tests.case.bad_files import BAD_FILES
from tests.case.bad_folder import BadFolder
from tests.case.bad_heads import BAD_HEADS
from tests.case.bad_rows import BAD_ROWS
from tests.case.small_folder import TABLES, Edit, add, make_folder, path_of, put, swap

ALL = (*BAD_HEADS, *BAD_FILES, *BAD_CELLS, *BAD_ROWS)


def _whole_text(lines: list[str]) -> str:
    """The lines as a user sees them: errors, then warnings, then how many there are of each."""
    errors = [line for line in lines if re.match(r"[CFT]\d{3} error ", line)]
    warnings = [line for line in lines if re.match(r"T\d{3} warning ", line)]
    assert errors + warnings == lines
    return "\n".join([*lines, f"{len(errors)} errors, {len(warnings)} warnings", ""])


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
def test_validate_and_check_say_everything_that_is_wrong(
    bad: BadFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bad.make(tmp_path / "small")
    expected = _whole_text(bad.lines(folder))
    for command in ("validate", "check"):
        assert main([command, str(folder)]) == 2
        seen = capsys.readouterr()
        assert seen.err == expected
        assert seen.out == ""


def test_read_case_raises_with_all_problems(tmp_path: Path) -> None:
    bad = next(bad for bad in ALL if bad.name.startswith("many problems"))
    folder = bad.make(tmp_path / "small")
    with pytest.raises(InputRefusedError, match="7 errors in the input") as refused:
        read_case(folder)
    said = [str(problem) for problem in refused.value.problems]
    assert sorted(said) == sorted(bad.lines(folder))


def test_every_folder_is_wrong_in_its_own_way() -> None:
    assert len({bad.name for bad in ALL}) == len(ALL) >= 75


def test_every_problem_id_has_a_folder() -> None:
    """Ids are read from the source, so that a new one fails here until it has its folder."""
    packages = (pollwitness.case.__file__, pollwitness.tables.__file__)
    source = "".join(
        path.read_text(encoding="utf-8")
        for package in packages
        for path in sorted(Path(package).parent.glob("*.py"))
    )
    known = set(re.findall(r'"([CFT]\d{3})"', source))
    shown = {line[:4] for bad in ALL for line in bad.says.strip("\n").split("\n")}
    elsewhere = {"F016"}  # test_a_table_that_may_not_be_read
    assert known == shown | elsewhere


def test_a_table_that_may_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated: the tests may run as a user who may read everything."""
    folder = make_folder(tmp_path / "small")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "claims.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["validate", str(folder)]) == 2
    assert capsys.readouterr().err == (
        "F016 error tables/claims.csv: the file cannot be opened: Permission denied. "
        "See that you may read it.\n1 errors, 0 warnings\n"
    )


def test_restricted_values_stay_out_of_every_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = [bad for bad in ALL if "restricted" in bad.name]
    assert len(hidden) == 2
    for number, bad in enumerate(hidden):
        folder = bad.make(tmp_path / str(number))
        main(["validate", str(folder)])
        main(["validate", "--json", str(folder)])
        seen = capsys.readouterr()
        assert "secret" not in seen.err + seen.out
        assert "hidden" not in seen.err + seen.out


def _crlf(folder: Path) -> None:
    for name in TABLES:
        path = path_of(folder, name)
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    head = folder / "case.toml"
    head.write_bytes(head.read_bytes().replace(b"\n", b"\r\n"))


def _stored_as_parquet(folder: Path) -> None:
    """Whole numbers, flags and unknown columns in their own types, all else as text."""
    for name in TABLES:
        path = path_of(folder, name)
        frame = pl.read_csv(path.read_bytes(), infer_schema=False)
        unknown = [column.name for column in frame if column.null_count() == frame.height]
        frame.with_columns(
            pl.col(r"^votes_.*$", r"^registered$", r"^ballots$").cast(pl.UInt32),
            pl.col(r"^withdrawn$", r"^complete$") == "true",
            *(pl.lit(None).alias(column) for column in unknown),
        ).write_parquet(path.with_suffix(".parquet"))
        path.unlink()


def _whole_numbers_only(folder: Path) -> None:
    path_of(folder, "protocol_sums").unlink()
    pl.DataFrame({"votes_anna": pl.Series([], dtype=pl.UInt8)}).write_parquet(
        folder / "tables" / "protocol_sums.parquet"
    )


def _last_line_open(folder: Path) -> None:
    path = path_of(folder, "areas")
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


ACCEPTED: tuple[tuple[str, tuple[Edit, ...]], ...] = (
    ("the valid case", ()),
    ("CRLF line ends", (_crlf,)),
    ("no line end after the last row", (_last_line_open,)),
    ("tables in Parquet", (_stored_as_parquet,)),
    ("a hidden file among the tables", (put("tables/.~lock.areas.csv#", b"x"),)),
    ("a table without rows", (put("turnout_counts", TABLES["turnout_counts"].split("\n")[0]),)),
    ("a day as TOML writes days", (swap("case.toml", '"2024-05-05"', "2024-05-05"),)),
    ("a threshold as a number", (swap("case.toml", '"3/5"', "0.6"),)),
    ("the greatest count", (swap("stations", "800", str(2**40)),)),
    ("an id of 64 letters", (add("areas", "a" * 64 + ",land,region,East,"),)),
    ("a leap day", (swap("documents", "2024-05-06", "2024-02-29"),)),
    ("a microsecond", (swap("documents", "T22:10+03:00", "T22:10:59.999999-14:00"),)),
    ("a span within one hour", (swap("turnout_counts", "T08:00+03:00", "T19:59:59+03:00"),)),
    ("a text over two lines", (swap("stations", "Library", '"Library,\n""first"" floor"'),)),
)


@pytest.mark.parametrize(("name", "edits"), ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_what_looks_odd_and_is_right_is_accepted(
    name: str,
    edits: tuple[Callable[[Path], None], ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = make_folder(tmp_path / "small")
    for edit in edits:
        edit(folder)
    assert main(["validate", str(folder)]) == 0, name
    seen = capsys.readouterr()
    assert seen.err == "0 errors, 0 warnings\n"
    assert seen.out == f"The case can be checked: pollwitness check {folder}\n"


def test_equal_rows_with_equal_keys_are_one_row_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_folder(tmp_path / "small")
    add("areas", "south,land,region,South,", "north,land,region,North,N")(folder)
    assert main(["validate", str(folder)]) == 0
    repeated = "the row stands in the table more than once; it is read once"
    assert capsys.readouterr().err == (
        f"T014 warning tables/areas.csv, row 5, column area_id: {repeated} ('south'). "
        "Remove the repetition.\n"
        f"T014 warning tables/areas.csv, row 6, column area_id: {repeated} ('north'). "
        "Remove the repetition.\n"
        "0 errors, 2 warnings\n"
    )
    assert read_case(folder).tables.table("areas").height == 3


def test_a_case_may_have_no_table_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_folder(tmp_path / "small")
    for path in (folder / "tables").iterdir():
        path.unlink()
    (folder / "tables").rmdir()
    assert main(["validate", str(folder)]) == 0
    assert capsys.readouterr().err == "0 errors, 0 warnings\n"


def test_parquet_without_any_text_column_names_what_is_missing(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "small")
    _whole_numbers_only(folder)
    with pytest.raises(InputRefusedError) as refused:
        read_case(folder)
    missing = {p.column for p in refused.value.problems if p.id == "T001"}
    assert missing == {"sum_id", "contest_id", "area_id", "document_id", "stations", "overlap"}
