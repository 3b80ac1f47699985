"""Imports give what a slow, simple reference gives, however small the parts in memory are."""

import csv
import io

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.case import read_case
from pollwitness.case.importing import delimited, runs, structured
from pollwitness.case.importing.existing import TableInCaseRefusedError
from tests.importing.dirty import case_folder, counts, imported, mapping

COLUMNS = ("station_id", "area_id", "name", "registered")
MAPPING = mapping('format = "csv"', "".join((
    '[[tables]]\nname = "stations"\n[tables.columns]\n',
    *(f'{name} = "{name}"\n' for name in COLUMNS),
)))  # fmt: skip


@pytest.fixture
def small_parts(monkeypatch):
    """A few rows at a time, so that every file is read and merged in many parts."""
    monkeypatch.setattr(delimited, "BLOCK", 64)
    monkeypatch.setattr(structured, "ROWS_AT_A_TIME", 5)
    monkeypatch.setattr(runs, "ROWS_IN_MEMORY", 8)
    monkeypatch.setattr(runs, "_GROUP", 4)


def as_csv(rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def reference(old: dict, rows) -> dict:
    """What the table must hold: the old rows, updated by the rows of the file."""
    return old | {row[0]: (row[1], row[2] or None, None if row[3] == "" else int(row[3]))
                  for row in rows}  # fmt: skip


def stations(folder) -> dict:
    frame = read_case(folder).tables.table("stations").select(COLUMNS)
    return {row[0]: row[1:] for row in frame.iter_rows()}


NAMES = st.text(st.sampled_from('aж",\n x'), max_size=6).map(str.strip)
ROW = st.tuples(
    st.integers(0, 60).map(lambda n: f"s{n}"),
    st.sampled_from(["city", "east"]),
    NAMES,
    st.one_of(st.just(""), st.integers(0, 5000).map(str)),
)


@settings(max_examples=25)
@given(rows=st.lists(ROW, max_size=50, unique_by=lambda row: row[0]), data=st.data())
def test_the_table_is_what_a_dictionary_would_hold(rows, data, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", data.draw(st.sampled_from([16, 64, 1 << 20])))
        patch.setattr(runs, "ROWS_IN_MEMORY", 8)
        patch.setattr(runs, "_GROUP", 4)
        folder = case_folder(tmp_path_factory.mktemp("stream") / "case")
        old = stations(folder)
        wanted = reference(old, rows)
        account = imported(folder, as_csv(rows), MAPPING)
        assert stations(folder) == wanted
        expected = {
            "added": sum(row[0] not in old for row in rows),
            "changed": sum(wanted[k] != old[k] for k in old),
            "unchanged": sum(row[0] in old and wanted[row[0]] == old[row[0]] for row in rows),
            "kept": sum(k not in {row[0] for row in rows} for k in old),
        }
        assert counts(account) == {k: n for k, n in expected.items() if n}
        again = imported(folder, as_csv(data.draw(st.permutations(rows))), MAPPING)
        assert {t.added + t.changed for t in again.tables} == {0}


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_every_format_streams_to_the_same_table(kind, tmp_path):
    rng = np.random.default_rng(5)
    rows = [(f"s{n}", "east", f"Place {n}", str(rng.integers(10, 3000))) for n in range(300)]
    frame = pl.DataFrame(rows, schema=list(COLUMNS), orient="row").with_columns(
        pl.col("registered").cast(pl.Int64)
    )
    folder = case_folder(tmp_path / "case")
    content = io.BytesIO()
    writers = {"csv": frame.write_csv, "jsonl": frame.write_ndjson, "parquet": frame.write_parquet}
    writers[kind](content)
    rules = MAPPING.replace('"csv"', f'"{kind}"')
    account = imported(folder, content.getvalue(), rules, account=tmp_path / "account.csv")
    assert counts(account) == {"added": 299, "changed": 1}
    assert stations(folder) == reference({}, rows)
    lines = pl.read_csv(tmp_path / "account.csv")
    assert lines["row"].to_list() == sorted(lines["row"].to_list())
    assert lines.filter(pl.col("outcome") == "added").height == 299
    assert lines.filter(pl.col("outcome") == "changed")["column"].to_list() == [
        "area_id", "name", "registered",
    ]  # fmt: skip


@pytest.mark.usefixtures("small_parts")
def test_a_parquet_table_of_the_case_stays_parquet(tmp_path):
    folder = case_folder(tmp_path / "case")
    path = folder / "tables" / "stations.csv"
    table = read_case(folder).tables.table("stations")
    table.write_parquet(folder / "tables" / "stations.parquet")
    path.unlink()
    rows = [(f"s{n}", "east", f"Place {n}", "10") for n in range(40)]
    assert counts(imported(folder, as_csv(rows), MAPPING)) == {"added": 39, "changed": 1}
    assert not path.exists()
    assert stations(folder) == reference({}, rows)


@pytest.mark.usefixtures("small_parts")
def test_many_rows_of_one_area_are_one_row(tmp_path):
    """As where every station of a list names its region again."""
    folder = case_folder(tmp_path / "case")
    rules = mapping('format = "csv"', '[[tables]]\nname = "areas"\n[tables.columns]\n'
                    'area_id = "a"\nlevel = { value = "region" }\nname = "n"\n')  # fmt: skip
    content = b"a,n\n" + b"north,North\nsouth,South\n" * 50
    account = imported(folder, content, rules, account=tmp_path / "account.csv")
    assert counts(account, "areas") == {"added": 2, "repeated": 98, "kept": 2}
    lines = pl.read_csv(tmp_path / "account.csv").group_by("outcome").len()
    assert dict(lines.iter_rows()) == {"added": 2, "repeated": 98}


def test_a_table_of_the_case_with_errors_is_refused(tmp_path):
    bad = {
        "cell": "station_id,area_id,registered\ns1,city,many\n",
        "width": "station_id,area_id\ns1,city,extra\n",
        "column": "station_id,area_id,foo\ns1,city,1\n",
        "missing column": "station_id\ns1\n",
        "encoding": b"station_id,area_id,name\ns1,city,\xff\n",
    }
    for name, text in bad.items():
        folder = case_folder(tmp_path / name)
        raw = text if isinstance(text, bytes) else text.encode()
        (folder / "tables" / "stations.csv").write_bytes(raw)
        with pytest.raises(TableInCaseRefusedError, match="has errors"):
            imported(folder, as_csv([]), MAPPING)
