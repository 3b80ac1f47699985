"""The command line: answers, machine output, exit codes, and every documented example."""

import base64
import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
import typer

from pollwitness import __version__
from pollwitness.bundle.seal import Wishes, seal
from pollwitness.case import read_case, write_case
from pollwitness.case.evidence import Whose, add_files, now
from pollwitness.checks import CATALOGUE
from pollwitness.cli import checking
from pollwitness.cli.main import app, main
from pollwitness.evidence.keys import make_key
from tests.build import form, small_tables
from tests.forensics.test_descriptions import election
from tests.listed import listed_case
from tests.sampled import sampled_case

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "belarus-2020"
S1 = form("s1", 60, 37, invalid=3, ballots=100, registered=200, copy_id="one")
ROLL = {"registered": 500, "stations_total": 3, "votes_anna": 75, "ballots": 290}


@pytest.fixture
def case(tmp_path) -> Path:
    """One protocol of 60 votes for anna; officially 75 of 290; a claim of 50."""
    folder = tmp_path / "small"
    tables = small_tables(
        protocols=[S1, form("s2", 10, 80, invalid=10, ballots=100, registered=200)],
        official_results=[ROLL],
        claims=[{"claim_id": "votes-50", "measure": "votes", "option_id": "anna", "low": "50",
                 "speaker": "Somebody", "stated_at": "2024-05-07"}],
    )  # fmt: skip
    write_case(tables, folder)
    return folder


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def result(capsys, *arguments: object):
    _, out, _ = run(capsys, *arguments, "--json")
    document = json.loads(out)
    assert set(document) == {"format", "command", "result", "problems"}
    return document["result"]


def test_check_prints_a_line_for_each_claim_and_what_to_look_at_next(capsys, case):
    code, out, err = run(capsys, "check", case)
    assert (code, err) == (1, "")
    line = next(line for line in out.splitlines() if line.startswith("votes-50"))
    assert re.split(r"\s{2,}", line.strip()) == [
        "votes-50", "✗ cannot be true with this evidence", "1", "70 against 50",
        "1 document, fragile",
    ]  # fmt: skip
    assert f"Next: pollwitness explain {case} votes-50" in out
    assert "Not asked: tally.doors. The case has no rows in: turnout_counts." in out


def test_check_writes_findings(capsys, case, tmp_path):
    target = tmp_path / "findings.json"
    run(capsys, "check", case, "--findings", target)
    first = target.read_bytes()
    run(capsys, "check", case, "--findings", target)
    assert target.read_bytes() == first
    document = json.loads(first)
    assert document["software"] == {"name": "pollwitness", "version": __version__}
    assert document["claims"][0]["verdict"] == "contradicted"
    assert {f["check"] for f in document["findings"]} <= {check.id for check in CATALOGUE}
    keys = {"id", "check", "check_version", "claim_id", "question", "verdict", "rung", "scope",
            "claimed", "figures", "inequality", "assumptions", "decisive", "robustness", "fragile",
            "readings", "sensitivity", "innocent_explanations", "would_decide", "seed", "inputs",
            "recomputable", "command"}  # fmt: skip
    assert all(keys <= set(finding) for finding in document["findings"])


def test_station_order_file_format_and_repetition_change_no_finding(capsys, case, tmp_path):
    targets = [tmp_path / "first.json", tmp_path / "second.json"]
    run(capsys, "check", case, "--findings", targets[0])
    for name in ("protocols", "stations", "claims"):
        path = case / "tables" / f"{name}.csv"
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_bytes("\r\n".join([header, *reversed(rows), rows[0], ""]).encode())
    run(capsys, "check", case, "--findings", targets[1])
    assert targets[0].read_bytes() == targets[1].read_bytes()


def test_check_as_json(capsys, case):
    assert result(capsys, "check", case)["case"]["id"] == "small"


def test_check_is_0_when_nothing_contradicts_and_2_when_nothing_is_decided(capsys, tmp_path):
    claim = {"claim_id": "c", "measure": "votes", "option_id": "anna", "low": "80"}
    write_case(small_tables(protocols=[S1], claims=[claim]), tmp_path / "open")
    assert run(capsys, "check", tmp_path / "open")[0] == 0
    write_case(small_tables(claims=[claim]), tmp_path / "empty")
    assert run(capsys, "check", tmp_path / "empty")[0] == 2


def test_many_answers_are_counted_and_contradictions_always_shown(capsys, case, monkeypatch):
    monkeypatch.setattr(checking, "_MOST_QUESTIONS", 1)
    _, out, _ = run(capsys, "check", case)
    assert re.search(r"\d more answers; all of them: pollwitness check --findings FILE", out)


def test_explain_gives_arithmetic_that_adds_up(capsys, case):
    code, out, _ = run(capsys, "explain", case, "votes-50")
    assert code == 0
    assert "Said by Somebody, 2024-05-07" in out
    assert (
        "The protocols of 2 stations already hold at least 70; the claim allows at most 50." in out
    )
    assert "70 <= 50 would have to hold; it is off by 20." in out
    assert "Without these documents: 60 = 60 less, which is 20 or more." in out
    assert "one: 60 (A document)" in out
    assert "1 document at least would have to be forged or misread" in out


def test_explain_takes_the_first_digits_of_a_finding(capsys, case):
    found = result(capsys, "check", case)["findings"]
    official = next(f for f in found if f["check"] == "tally.official")
    code, out, _ = run(capsys, "explain", case, official["id"][:8])
    assert (code, "== tally.official ==" in out) == (0, True)
    assert result(capsys, "explain", case, "votes-50")[0]["claim_id"] == "votes-50"


def test_explain_shows_a_reply_and_what_was_not_asked(capsys, tmp_path):
    tables = small_tables(
        protocols=[S1],
        claims=[{"claim_id": "c", "measure": "votes", "option_id": "anna", "low": "80",
                 "reply": "paper"}],
    )  # fmt: skip
    write_case(tables, tmp_path / "c")
    _, out, _ = run(capsys, "explain", tmp_path / "c", "c")
    assert "Reply of the person concerned: paper" in out
    assert "Not asked: tally.cast_votes." in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "CASE", "nobody"],
         "no claim or finding 'nobody'; confirmed claims: votes-50 …"),
        (["tally", "bounds", "CASE", "--area", "moon"],
         "the case has no area 'moon'; it has city"),
        (["tally", "bounds", "CASE", "--contest", "queen"],
         "the case has no contest 'queen'; it has mayor"),
        (["tally", "history", "CASE", "--area", "city", "--option", "zoe"],
         "the contest has no option 'zoe'; it has anna, boris"),
        (["protocol", "correct", "CASE", "one", "--set", "ballots", "--reason", "x"],
         "--set 'ballots' is not COLUMN=NUMBER; write for example ballots=812"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["check"], "Missing parameter: case"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_a_mend_and_exit_2(capsys, case, arguments, message):
    code, out, err = run(capsys, *[case if a == "CASE" else a for a in arguments])
    assert (code, out) == (2, "")
    assert err.startswith(f"pollwitness: {message}")
    assert len(err.strip().splitlines()) == 1


def test_refused_input_as_json(capsys, tmp_path):
    code, out, _ = run(capsys, "check", tmp_path, "--json")
    assert code == 2
    assert [p["id"] for p in json.loads(out)["problems"]] == ["C001"]


def test_a_bug_is_a_traceback_and_70(capsys, case, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError("a bug")

    monkeypatch.setattr(checking, "run_checks", broken)
    code, _, err = run(capsys, "check", case)
    assert code == 70
    assert "RuntimeError: a bug" in err


def test_an_interrupt_is_130(capsys, case, monkeypatch):
    def interrupted(*_arguments, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "run_checks", interrupted)
    assert run(capsys, "check", case)[0] == 130


def test_version(capsys):
    assert run(capsys, "--version")[:2] == (0, f"pollwitness {__version__}\n")


def test_new_validate_describe(capsys, tmp_path):
    folder = tmp_path / "mine"
    code, out, _ = run(capsys, "new", folder, "--title", "Mine", "--options", "anna,boris",
                       "--date", "2024-05-05")  # fmt: skip
    assert (code, f"Next: fill in case.toml and the tables, then run: pollwitness validate {folder}"
            in out) == (0, True)  # fmt: skip
    code, out, err = run(capsys, "validate", folder)
    assert (code, err) == (0, "0 errors, 0 warnings\n")
    assert f"The case can be checked: pollwitness check {folder}" in out
    assert run(capsys, "new", folder)[0] == 2


def test_describe(capsys, case):
    _, out, _ = run(capsys, "describe", case)
    assert "Small election (small), XX, 2024-05-05" in out
    assert "Mayor: Anna, Boris" in out
    assert result(capsys, "describe", case)["tables"][0]["table"] == "areas"


def test_describe_counts_warnings(capsys, case):
    path = case / "tables" / "areas.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    assert "1 warnings; see: pollwitness validate" in run(capsys, "describe", case)[2]


def test_validate_as_json_counts(capsys, case):
    assert result(capsys, "validate", case) == {"errors": 0, "warnings": 0}


def test_tally_bounds(capsys, case):
    rows = result(capsys, "tally", "bounds", case)
    anna = next(r for r in rows if r["figure"] == "votes_anna")
    assert anna == {"area_id": "city", "seen_stations": 2, "all_stations": 3,
                    "figure": "votes_anna", "least": 70, "most": 170}  # fmt: skip
    assert "votes_anna" in run(capsys, "tally", "bounds", case)[1]


def test_tally_bounds_of_every_station_add_up(capsys, case):
    rows = result(capsys, "tally", "bounds", case, "--stations")
    assert sum(row["votes_anna"][0] for row in rows) == 70
    out = run(capsys, "tally", "bounds", case, "--stations", "--area", "city")[1]
    assert "Least in these 2 stations: votes_anna 70, votes_boris 117, invalid 13" in out


def test_tally_remainder(capsys, case):
    (row,) = result(capsys, "tally", "remainder", case)
    assert (row["unseen_votes"], row["unseen_ballots"], row["seen_share"]) == (
        [5, 5], [90, 90], "7/20"
    )  # fmt: skip
    assert "5.56 %" in run(capsys, "tally", "remainder", case, "--area", "city")[1]


def test_tally_compare(capsys, case):
    code, out, _ = run(capsys, "tally", "compare", case)
    assert (code, out.count("possible")) == (0, 3)
    shutil.copytree(case, case.parent / "worse")
    path = case.parent / "worse" / "tables" / "official_results.csv"
    path.write_text(path.read_text().replace(",75,", ",65,").replace(",75\n", ",65\n"))
    code, out, _ = run(capsys, "tally", "compare", case.parent / "worse")
    assert (code, "floor: votes_anna" in out) == (1, True)
    rows = result(capsys, "tally", "compare", case.parent / "worse")
    assert rows[0]["certificate"] == {"family": "floor", "parts": ["votes_anna"], "needed": 70,
                                      "allowed": 65}  # fmt: skip


def test_tally_compare_without_official_figures_is_2(capsys, tmp_path):
    write_case(small_tables(protocols=[S1]), tmp_path / "c")
    assert run(capsys, "tally", "compare", tmp_path / "c")[0] == 2


def test_tally_copies(capsys, tmp_path):
    tables = small_tables(
        protocols=[S1, {**S1, "copy_id": "two", "votes_anna": 61}],
        official_results=[{"station_id": "s1", "votes_boris": 38}],
    )
    write_case(tables, tmp_path / "c")
    found = result(capsys, "tally", "copies", tmp_path / "c")
    assert [row["figure"] for row in found["copies"]] == ["votes_anna"]
    assert [row["difference"] for row in found["official"]] == [1]
    assert "Copies that differ" in run(capsys, "tally", "copies", tmp_path / "c")[1]


def test_tally_robustness(capsys, case):
    (row,) = result(capsys, "tally", "robustness", case)
    assert row["curve"] == [[0, 0, 0], ["1/10", 0, 0], ["1/4", 1, 1], ["1/2", 1, 1], [1, 1, 1]]
    assert "k(0.25)" in run(capsys, "tally", "robustness", case)[1]


def test_tally_history(capsys, case):
    rows = result(capsys, "tally", "history", case, "--area", "city", "--option", "anna")
    assert rows[-1]["least"] == 70
    out = run(capsys, "tally", "history", case, "--area", "city", "--option", "anna")[1]
    assert "2024-05-06" in out


def test_a_contest_must_be_named_where_there_are_several(capsys, case):
    head = case / "case.toml"
    head.write_text(
        head.read_text() + '\n[[contests]]\nid = "other"\nname = "Other"\nwinners = 1\n'
        'rule = "plurality"\n\n[[contests.options]]\nid = "yes"\nname = "Yes"\nkind = "answer"\n'
    )
    code, _, err = run(capsys, "tally", "bounds", case)
    assert (code, "name one with --contest: mayor, other" in err) == (2, True)
    assert run(capsys, "tally", "bounds", case, "--contest", "mayor")[0] == 0
    assert run(capsys, "check", case)[0] == 1


def commands() -> list[str]:
    """The example line of every command's help text."""
    root = typer.main.get_command(app)
    groups = [root, *(c for c in root.commands.values() if hasattr(c, "commands"))]
    texts = [
        " ".join((command.help or "").split())
        for group in groups
        for command in group.commands.values()
        if not hasattr(command, "commands")
    ]
    return [re.search(r"Example: pollwitness (.+)", text).group(1) for text in texts]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Keys, an archive, a log and two bundles, as the examples expect them; an id of a file."""
    folder = tmp_path_factory.mktemp("sealed")
    example = folder / "examples/belarus-2020"
    shutil.copytree(EXAMPLE, example)
    phrase = "correct horse battery"
    (folder / "phrase").write_text(f"{phrase}\n")
    keys = [
        make_key(folder / f"{name}.key", f"example.org/{name}", role=role, passphrase=phrase)
        for name, role in (("log", "log"), ("second", "witness"))
    ]
    (folder / "keys").write_text(f"log {keys[0].public}\nquorum none\n")
    (folder / "note.txt").write_text("hello")
    (folder / "photo.png").write_bytes(PIXEL)
    whose = Whose("aargauer", None, keys[0], now())
    added = add_files(example, [("note.txt", folder / "note.txt")], whose, lambda _bytes: None)
    for name in ("bundle", "bundle-2"):
        seal(example, folder / name, Wishes(keys[0], now(), 1))
    return folder, added.rows[0]["evidence_id"]


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A case with a quick count and a recount, as the examples expect it."""
    return sampled_case(tmp_path_factory.mktemp("samples") / "case")


@pytest.fixture(scope="module")
def lists_of_people(tmp_path_factory):
    """A case with linked detention lists, as the examples expect it."""
    folder = tmp_path_factory.mktemp("people") / "case"
    listed_case(folder, records=300)
    assert main(["detentions", "link", str(folder), "--json"]) == 0
    return folder


@pytest.mark.parametrize("line", commands())
def test_every_example_of_the_help_runs(capsys, case, tmp_path, monkeypatch, request, line):
    if line.split()[0] in {"evidence", "seal", "verify", "cosign", "diff"}:
        folder, name = request.getfixturevalue("sealed")
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        line = line.replace("FILE-ID", name)
    elif line.split()[0] in {"audit", "quickcount"}:
        shutil.copytree(request.getfixturevalue("samples"), tmp_path / "CASE")
    elif line.startswith("detentions"):
        shutil.copytree(request.getfixturevalue("lists_of_people"), tmp_path / "CASE")
        pairs = read_case(tmp_path / "CASE").tables.table("links").head(1)
        named = pairs.select("first", "second").to_dicts()
        decisions = [one | {"verdict": "same"} for one in named]
        (tmp_path / "decisions.json").write_text(json.dumps(decisions))
        (tmp_path / "histories.csv").write_text("a,b,count\n1,0,50\n0,1,40\n1,1,20\n")
    else:
        shutil.copytree(EXAMPLE, tmp_path / "examples" / "belarus-2020")
    monkeypatch.chdir(tmp_path)
    stations = election(1, 120)
    pl.DataFrame({"voters": stations.registered, "found": stations.ballots,
                  "a": stations.leader, "b": stations.ballots - stations.leader,
                  "region": [stations.regions[code] for code in stations.region],
                  "counted": ["2024-05-12T22:10", "2024-05-13T01:30"] * 60,
                  }).write_csv("results.csv")  # fmt: skip
    line = line.replace("CASE copy-17", f"{case} one")
    Path("article.txt").write_text("Officials said on Friday that 60 people were arrested.")
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)]
    code, _, err = run(capsys, *words)
    assert code in (0, 1), err
