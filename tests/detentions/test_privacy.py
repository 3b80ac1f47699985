"""Planted names: in no report, log, error, export or findings file, whatever command is run."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
import typer

from pollwitness.case import read_case
from pollwitness.cli.main import main
from pollwitness.detentions.names import skeleton
from tests.listed import LISTS, listed_case

PLANTED = ("Кзыврэвскі", "Kzyvrevski", "Qzxjofredo", "Цзмонавіч", "Ukrytaya-Zala-77", "Jzwpatronym")
RESTRICTED = {"detentions.csv", "links.csv", "linkage.csv", "decisions.jsonl"}
KEYS = [PLANTED[0], PLANTED[2]]


def plant(folder):
    """Put names that stand nowhere else into entries that link to each other."""
    path = folder / "tables" / "detentions.csv"
    table = pl.read_csv(path, infer_schema=False)
    names = [(LISTS[n % 3], PLANTED[n % 2], PLANTED[2], PLANTED[3 + 2 * (n % 2)], PLANTED[4])
             for n in range(4)]  # fmt: skip
    rows = [{**table.row(0, named=True), "record_id": f"planted-{n}", "list_id": on,
             "surname": surname, "given": given, "patronymic": father,
             "facility": hall, "birth_year": "1987",
             "birth_month": "11", "birth_day": "23", "sex": "m"}
            for n, (on, surname, given, father, hall) in enumerate(names)]  # fmt: skip
    pl.concat([table, pl.DataFrame(rows, schema=table.schema)]).write_csv(path)


def traces(text):
    """Planted names in a text, as they are, without case, or as keys that linkage makes of them."""
    small = text.casefold()
    found = [name for name in PLANTED if name.casefold() in small]
    keys = {skeleton(name) for name in PLANTED if len(skeleton(name)) > 5}
    return found + [key for key in keys if key in text]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted") / "case"
    listed_case(folder, records=600, seed=8)
    plant(folder)
    assert main(["detentions", "link", str(folder), "--json"]) == 0
    return folder


def written(folder):
    """All files but the restricted ones of the case itself."""
    return [path for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in RESTRICTED]  # fmt: skip


def test_the_trap_works(planted):
    text = (planted / "tables" / "detentions.csv").read_text(encoding="utf-8")
    assert set(PLANTED) <= set(traces(text))
    assert traces(f"linked as {skeleton(PLANTED[0])}")
    table = read_case(planted).tables.table("links")
    assert table.filter(pl.col("first").str.starts_with("planted-")).height >= 3, "they are linked"


def test_no_command_prints_or_writes_a_name(planted, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(typer, "getchar", lambda: "q")
    case, made = str(planted), tmp_path / "made"
    made.mkdir()
    secret = made / "passphrase"
    secret.write_text("correct horse")
    key = ["--passphrase-file", str(secret)]
    decisions = made / "decisions.json"
    decisions.write_text(
        json.dumps([{"first": "planted-0", "second": "planted-1", "verdict": "same"}])
    )
    commands = [
        ["validate", case], ["describe", case], ["describe", case, "--json"],
        ["detentions", "link", case],
        ["detentions", "review", case, "--by", "me", "--decisions", str(decisions)],
        ["detentions", "bounds", case], ["detentions", "bounds", case, "--json"],
        ["detentions", "estimate", case, "--by", "month", "--json"],
        ["detentions", "report", case, "-o", str(made / "people.html"), "--keep"],
        ["check", case, "--findings", str(made / "findings.json")], ["check", case, "--json"],
        ["explain", case, "few-arrested"], ["report", case, "-o", str(made / "site")],
        ["export", case, "-o", str(made / "tables")],
        ["export", case, "-o", str(made / "anonymised"), "--anonymised"],
        ["evidence", "keygen", str(made / "log.key"), "--name", "example.org/log", *key],
        ["seal", case, "-o", str(made / "bundle"), "--key", str(made / "log.key"), *key],
    ]  # fmt: skip
    for words in commands:
        code = main(words)
        out, err = capsys.readouterr()
        assert code in (0, 1), (words, err)
        assert traces(out + err) == [], words
    files = [*written(made), *written(planted)]
    assert len(files) > 100
    for path in files:
        assert traces(path.read_text(encoding="utf-8", errors="replace")) == [], path
        assert path.parent == planted / "tables" or path.name not in RESTRICTED
    assert not [
        path for path in made.rglob("*") if path.name in RESTRICTED or path.parent.name == "people"
    ]
    logs = [path for path in planted.rglob("*") if path.suffix in (".jsonl", ".log")]
    for path in logs:
        assert traces(path.read_text(encoding="utf-8")) == []


BROKEN = {
    "a name where the sex should be": ("sex", PLANTED[0]),
    "a name where the year should be": ("birth_year", PLANTED[1]),
    "a name as the id": ("record_id", f"{PLANTED[2]} {PLANTED[1]}"),
    "a name where the list should be": ("list_id", PLANTED[1]),
    "a name where the day should be": ("detained_on", PLANTED[3]),
    "a name where the status should be": ("status", PLANTED[0]),
    "a name where the area should be": ("area_id", PLANTED[1]),
}


@pytest.mark.parametrize("where", BROKEN)
def test_no_error_repeats_a_name(planted, tmp_path, capsys, where):
    """A column mixed up, in a case or in a file to be imported: the mend is said, not the value."""
    column, value = BROKEN[where]
    table = pl.read_csv(planted / "tables" / "detentions.csv", infer_schema=False)
    wrong = table.with_columns(
        pl.when(pl.col("record_id") == "planted-1")
        .then(pl.lit(value))
        .otherwise(column)
        .alias(column)
    )
    bad = tmp_path / "bad"
    (bad / "tables").mkdir(parents=True)
    for path in planted.rglob("*"):
        if path.is_file() and path.suffix in (".csv", ".toml") and path.name not in RESTRICTED:
            target = bad / path.relative_to(planted)
            target.parent.mkdir(exist_ok=True, parents=True)
            target.write_bytes(path.read_bytes())
    wrong.write_csv(bad / "tables" / "detentions.csv")
    for words in (["validate", bad], ["detentions", "link", bad], ["check", bad],
                  ["report", bad, "-o", tmp_path / "site"]):  # fmt: skip
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert code == 2, (words, out, err)
        assert column in out + err
        assert traces(out + err) == [], words
    clean = Path(tmp_path / "clean")
    listed_case(clean, records=30)
    source = tmp_path / "list.csv"
    wrong.filter(
        pl.col("record_id").str.starts_with("planted-") | (pl.col("record_id") == value)
    ).write_csv(source)
    for more in (["--dry-run"], []):
        main(["import", str(clean), str(source), "--table", "detentions", *more])
        out, err = capsys.readouterr()
        assert traces(out + err) == []


def test_a_file_without_its_header_says_no_name(planted, tmp_path, capsys):
    """Its first row stands where the names of columns should: they are told by their place."""
    bad = tmp_path / "bad"
    (bad / "tables").mkdir(parents=True)
    (bad / "case.toml").write_bytes((planted / "case.toml").read_bytes())
    lines = (planted / "tables" / "detentions.csv").read_text(encoding="utf-8").splitlines()
    (bad / "tables" / "detentions.csv").write_text("\n".join(lines[-4:]), encoding="utf-8")
    assert main(["validate", str(bad)]) == 2
    out, err = capsys.readouterr()
    assert "column 3 is not part of this table" in " ".join((out + err).split())
    assert traces(out + err) == []


def test_an_inner_fault_says_no_name(planted, capsys, monkeypatch):
    """A bug of ours shows where it happened, and not the message, which may hold a cell."""
    from pollwitness.cli import checking  # noqa: PLC0415
    from pollwitness.cli.detentions import linking  # noqa: PLC0415

    def fail(entries, _seed):
        raise ValueError("could not convert " + entries["surname"][-1])

    monkeypatch.setattr(linking, "linked", fail)
    assert main(["detentions", "link", str(planted)]) == 70
    out, err = capsys.readouterr()
    assert "ValueError" in err
    assert "in link" in err
    assert traces(out + err) == []
    monkeypatch.setattr(
        checking, "run_checks", lambda tables, **_more: fail(tables.table("detentions"), 0)
    )
    assert main(["check", str(planted)]) == 70
    out, err = capsys.readouterr()
    assert "ValueError" in err
    assert traces(out + err) == []


def test_pages_show_no_id_of_an_entry(planted, tmp_path, capsys):
    """Ids of entries lead back to people: pages and findings have none."""
    main(["report", str(planted), "-o", str(tmp_path / "site")])
    capsys.readouterr()
    ids = set(read_case(planted).tables.table("detentions")["record_id"].to_list())
    for path in (tmp_path / "site").rglob("*.html"):
        words = set(re.findall(r"\br\d{6}\b|\bplanted-\d\b", path.read_text(encoding="utf-8")))
        assert not words & ids, path
    assert (
        not set(re.findall(r"\br\d{6}\b", (tmp_path / "site" / "findings.json").read_text())) & ids
    )
