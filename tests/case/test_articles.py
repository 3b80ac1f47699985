"""Articles of a case: kept as they came, proposals that a person decides on, and an honest log."""

import json
import shutil
from pathlib import Path

import pytest

from pollwitness.case import articles_of, read_case, validate_case
from pollwitness.case.hold import alone
from pollwitness.cli import claims as command
from pollwitness.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ARTICLE = EXAMPLES / "articles" / "after-the-vote.html"
DECISIONS = EXAMPLES / "articles" / "decisions.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The example with an article read into it, not decided on."""
    folder = tmp_path_factory.mktemp("articles") / "case"
    shutil.copytree(EXAMPLES / "belarus-2020", folder)
    assert main(["read", str(ARTICLE), "--into", str(folder), "--licence", "CC0-1.0"]) == 0
    return folder


@pytest.fixture
def case(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "case"))


def rows(case):
    frame = read_case(case).tables.table("claims")
    return {row["claim_id"]: row for row in frame.iter_rows(named=True)
            if row["claim_id"].startswith("after")}  # fmt: skip


def decide(case, tmp_path, *decisions):
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps(decisions))
    return main(["claims", "review", str(case), "--decisions", str(file)])


def test_the_file_its_reading_and_its_claims_are_kept(case):
    assert (case / "documents" / "after-the-vote.html").read_bytes() == ARTICLE.read_bytes()
    kept = articles_of(case, read_case(case).tables)["after-the-vote"]
    assert len(kept.reading.proposals) == 12
    found = rows(case)
    assert len(found) == 8
    assert {row["status"] for row in found.values()} == {"proposed"}
    for row in found.values():
        assert " ".join(kept.text[row["start"] : row["end"]].split()) == row["quote"]
    second = found["after-the-vote-02"]
    assert (second["area_id"], second["option_id"], second["low"]) == (
        "minsk-region", "tikhanovskaya", "53832",
    )  # fmt: skip
    assert second["speaker"] is None, "“it” is nobody's name"
    assert found["after-the-vote-04"]["option_id"] is None, "“she” is not guessed"
    assert [one for one in validate_case(case) if "claims" in one.file] == []


def test_an_article_is_read_once_and_ids_are_free(case, capsys, tmp_path):
    assert main(["read", str(ARTICLE), "--into", str(case)]) == 2
    assert "in the case already, as the document after-the-vote" in capsys.readouterr().err
    other = tmp_path / "after-the-vote.txt"
    other.write_text("Officials said 60 people were arrested.")
    assert main(["read", str(other), "--into", str(case), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == {
        "document_id": "after-the-vote-2", "claims": ["after-the-vote-2-01"],
    }  # fmt: skip
    other.write_text("Officials said 61 people were arrested.")
    for name, said in (("after-the-vote", "already"), ("../up", "is no id"), ("", "is no id")):
        assert main(["read", str(other), "--into", str(case), "--document", name]) == 2
        assert said in capsys.readouterr().err
    assert main(["read", str(other), "--title", "x"]) == 2
    assert main(["read", str(other), "--into", str(case), "--document", "mine"]) == 0
    assert "mine-01" in read_case(case).tables.table("claims")["claim_id"].to_list()


def test_decisions_from_a_file_lead_to_verdicts(case, capsys):
    assert main(["claims", "review", str(case), "--decisions", str(DECISIONS), "--by", "wren"]) == 0
    found = rows(case)
    assert [row["status"] for row in found.values()].count("confirmed") == 7
    capsys.readouterr()
    assert main(["check", str(case), "--json"]) == 1
    verdicts = {c["claim_id"]: c["verdict"]
                for c in json.loads(capsys.readouterr().out)["result"]["claims"]}  # fmt: skip
    assert verdicts["after-the-vote-02"] == "contradicted"
    assert verdicts["after-the-vote-04"] == "entailed"
    lines = [json.loads(line) for line in (case / "claims-log.jsonl").read_bytes().splitlines()]
    assert [line["decision"] for line in lines][-1] == "reject"
    assert lines[0]["previous"] is None
    assert {line["by"] for line in lines} == {"wren"}


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"claim_id": "nobody", "decision": "accept"}, "no claim nobody"),
        ({"claim_id": "after-the-vote-01", "decision": "maybe"}, "decision 2: decision is one of"),
        ({"claim_id": "after-the-vote-01", "decision": "edit"}, "sets at least one column"),
        ({"claim_id": "after-the-vote-01", "decision": "edit", "set": {"quote": "x"}},
         "quote cannot be changed"),
        ({"claim_id": "after-the-vote-01", "decision": "edit", "set": {"colour": "x"}},
         "no such column: colour"),
        ({"claim_id": "after-the-vote-01", "decision": "accept", "set": {"low": "1"}},
         "only an edit sets columns"),
        ({"claim_id": "after-the-vote-01", "decision": "edit", "set": {"low": "many"}}, "many"),
        ({"claim_id": "after-the-vote-04", "decision": "accept"}, "say where the figure holds"),
        ({"claim_id": "after-the-vote-04", "decision": "edit", "set": {"area_id": "BY"}}, "T029"),
        ({"claim_id": "after-the-vote-01", "decision": "undo"}, "no decision on"),
        ({"claim_id": 7, "decision": "accept"}, "claim_id is missing"),
        ({"claim_id": "after-the-vote-01", "decision": "accept", "mood": 1}, "unknown keys"),
        ([], "not an object"),
    ],
)  # fmt: skip
def test_a_wrong_decision_changes_nothing(case, tmp_path, capsys, decision, said):
    right = {"claim_id": "after-the-vote-03", "decision": "accept"}
    before = (case / "tables" / "claims.csv").read_bytes()
    capsys.readouterr()
    assert decide(case, tmp_path, right, decision) == 2
    assert said in capsys.readouterr().err.replace("\n", " ")
    assert (case / "tables" / "claims.csv").read_bytes() == before
    assert not (case / "claims-log.jsonl").exists()


def test_decisions_are_taken_back_and_the_log_only_grows(case, tmp_path, capsys):
    name = "after-the-vote-01"
    before = rows(case)[name]
    edit = {"claim_id": name, "decision": "edit", "set": {"speaker": "Somebody", "low": "80.2"}}
    assert decide(case, tmp_path, edit) == 0
    assert rows(case)[name]["speaker"] == "Somebody"
    first = (case / "claims-log.jsonl").read_bytes()
    assert decide(case, tmp_path, {"claim_id": name, "decision": "undo"}) == 0
    assert rows(case)[name] == before
    log = (case / "claims-log.jsonl").read_bytes()
    assert log.startswith(first)
    (case / "claims-log.jsonl").write_bytes(log.replace(b"Somebody", b"Otherone"))
    assert decide(case, tmp_path, {"claim_id": name, "decision": "reject"}) == 2
    assert "line 2: does not follow" in capsys.readouterr().err


def test_a_person_decides_by_keys(case, monkeypatch, capsys):
    keys = iter("xsarueq")
    answers = iter(["not sure", "speaker=Golos", "nonsense", ""])
    monkeypatch.setattr(command.typer, "getchar", lambda: next(keys))
    monkeypatch.setattr(command.typer, "prompt", lambda *_a, **_n: next(answers))
    assert main(["claims", "review", str(case)]) == 0
    found = rows(case)
    # s skips 01; a accepts 02; r rejects 03 and u takes that back; e edits 03.
    assert [found[f"after-the-vote-{n:02}"]["status"] for n in range(1, 9)] == [
        "proposed", "confirmed", "confirmed", *["proposed"] * 5,
    ]  # fmt: skip
    assert found["after-the-vote-03"]["speaker"] == "Golos"
    out = capsys.readouterr().out
    assert "The source may be: The Central Election Commission" in " ".join(out.split())
    assert "Write it as column=value" in out


def test_a_refused_key_asks_again(case, monkeypatch, capsys):
    keys = iter("sssa\x1b")
    monkeypatch.setattr(command.typer, "getchar", lambda: next(keys))
    assert main(["claims", "review", str(case)]) == 0
    shown = capsys.readouterr()
    assert "The text does not tell: option_id, area_id" in " ".join(shown.out.split())
    assert "say where the figure holds: area_id" in shown.out
    assert rows(case)["after-the-vote-04"]["status"] == "proposed"


def test_claims_are_listed_and_exported(case, tmp_path, capsys):
    assert main(["claims", "review", str(case), "--decisions", str(DECISIONS)]) == 0
    capsys.readouterr()
    assert main(["claims", "list", str(case), "--status", "rejected", "--json"]) == 0
    (rejected,) = json.loads(capsys.readouterr().out)["result"]
    assert rejected["claim_id"] == "after-the-vote-08"
    assert main(["claims", "list", str(case), "--status", "odd"]) == 2
    assert main(["claims", "list", str(case), "--status", "confirmed"]) == 0
    assert "at least 497,510 votes" in capsys.readouterr().out
    target = tmp_path / "claims.jsonld"
    assert main(["claims", "export", str(case), "-o", str(target)]) == 0
    document = json.loads(target.read_text("utf-8"))
    items = {one["id"].rsplit(":", 1)[1]: one for one in document["first"]["items"]}
    assert document["total"] == len(items)
    one = items["after-the-vote-02"]
    text = articles_of(case, read_case(case).tables)["after-the-vote"].text
    position, quote = one["target"]["selector"]
    assert text[position["start"] : position["end"]] == quote["exact"]
    assert text.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1
    assert one["body"]["type"] == "schema:Claim"
    assert one["body"]["schema:author"]["schema:name"] == "Central Election Commission of Belarus"
    assert "selector" not in items["cec-close-turnout"]["target"]
    assert "after-the-vote-08" not in items
    assert main(["claims", "export", str(case), "-o", str(target)]) == 2


def test_verdicts_on_a_text_in_one_command_keep_nothing(made, capsys):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert main(["read", str(ARTICLE), "--against", str(EXAMPLES / "belarus-2020"), "--json"]) == 0
    verdicts = json.loads(capsys.readouterr().out)["result"]["verdicts"]
    found = {one["words"]: one for one in verdicts}
    assert found["Svetlana Tikhanovskaya received 53,832 votes"]["verdict"] == "contradicted"
    she = found["she had 497,510 votes in the protocols alone"]
    assert (she["verdict"], she["why"]) == (None, "the text does not tell the option")
    assert before == {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}


def test_a_changed_article_or_reading_is_refused(case, capsys):
    article = case / "documents" / "after-the-vote.html"
    reading = case / "documents" / "after-the-vote.reading.json"
    kept = reading.read_bytes()
    for content, said in (
        (b"[]", "no reading"),
        (b"{", "no reading"),
        (kept.replace(b'"start":', b'"start":-'), "no reading"),
        (kept.replace(b'"text_sha256":"', b'"text_sha256":"0'), "its text is another one"),
    ):
        reading.write_bytes(content)
        assert main(["report", str(case), "-o", str(case / "report")]) == 2
        assert said in capsys.readouterr().err
    reading.write_bytes(kept)
    article.write_bytes(article.read_bytes() + b" ")
    assert main(["report", str(case), "-o", str(case / "report")]) == 2
    assert "is not the file" in capsys.readouterr().err


def test_a_path_out_of_the_folder_is_never_opened(case, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    table = case / "tables" / "documents.csv"
    text = table.read_text("utf-8").replace(",after-the-vote.html,", ",../../secret.txt,")
    table.write_text(text)
    assert "after-the-vote" not in articles_of(case, read_case(case).tables)


def test_an_interrupted_decision_is_redone(case, tmp_path):
    """The log was written and the table was not: the next decision finds and finishes it."""
    before = (case / "tables" / "claims.csv").read_bytes()
    assert decide(case, tmp_path, {"claim_id": "after-the-vote-01", "decision": "accept"}) == 0
    (case / "tables" / "claims.csv").write_bytes(before)
    assert decide(case, tmp_path, {"claim_id": "after-the-vote-05", "decision": "reject"}) == 0
    found = rows(case)
    assert found["after-the-vote-01"]["status"] == "confirmed"
    assert found["after-the-vote-05"]["status"] == "rejected"


def test_a_torn_last_line_of_the_log_is_replaced(case, tmp_path):
    assert decide(case, tmp_path, {"claim_id": "after-the-vote-01", "decision": "accept"}) == 0
    log = case / "claims-log.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"claim_id":"aft')
    assert decide(case, tmp_path, {"claim_id": "after-the-vote-05", "decision": "reject"}) == 0
    lines = log.read_bytes().splitlines()
    assert len(lines) == 2
    assert log.read_bytes().startswith(whole)


def test_two_programs_do_not_change_a_case_at_once(case, tmp_path, capsys):
    with alone(case):
        assert decide(case, tmp_path, {"claim_id": "after-the-vote-01", "decision": "accept"}) == 2
        other = tmp_path / "other.txt"
        other.write_text("Officials said 60 people were arrested.")
        assert main(["read", str(other), "--into", str(case)]) == 2
    assert "another program changes it" in capsys.readouterr().err


def test_reading_that_was_interrupted_before_its_claims_is_finished(case, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("Officials said 60 people were arrested.")
    before = (case / "tables" / "claims.csv").read_bytes()
    assert main(["read", str(other), "--into", str(case)]) == 0
    (case / "tables" / "claims.csv").write_bytes(before)
    (case / "documents" / "other.reading.json").unlink()
    assert main(["read", str(other), "--into", str(case)]) == 0
    assert read_case(case).tables.table("claims")["claim_id"].to_list().count("other-01") == 1


def test_nothing_foreign_breaks_the_tables_and_no_file_is_overwritten(case, tmp_path):
    (case / "documents" / "odd.txt").write_text("EVIDENCE")
    odd = tmp_path / "odd.txt"
    odd.write_text(
        "\x1b]0;pwn\x07 title\n\nOfficials said \u202e60\u202c people were arrested.\x08"
    )
    options = ["--publisher", " x \x1b", "--licence", " "]
    assert main(["read", str(odd), "--into", str(case), *options]) == 0
    assert (case / "documents" / "odd.txt").read_text() == "EVIDENCE"
    documents = {row["document_id"]: row for row in
                 read_case(case).tables.table("documents").iter_rows(named=True)}  # fmt: skip
    assert documents["odd-2"]["publisher"] == "x \ufffd"
    assert documents["odd-2"]["licence"] is None
    odd.write_text("Officials said 61 people were arrested.")
    assert main(["read", str(odd), "--into", str(case), "--document", "odd"]) == 2


def test_denials_are_exported_as_denials(case, tmp_path):
    text = tmp_path / "denial.txt"
    text.write_text("Officials denied that 60 people were killed.")
    assert main(["read", str(text), "--into", str(case)]) == 0
    assert decide(case, tmp_path, {"claim_id": "denial-01", "decision": "accept"}) == 0
    target = tmp_path / "claims.jsonld"
    assert main(["claims", "export", str(case), "-o", str(target)]) == 0
    items = {one["id"].rsplit(":", 1)[1]: one["body"]
             for one in json.loads(target.read_text("utf-8"))["first"]["items"]}  # fmt: skip
    body = items["denial-01"]
    assert body["schema:text"] == "Denied: that 60 people were killed"
    about = body["schema:about"]
    assert (about["schema:minValue"], about["schema:maxValue"]) == ("60", "60")


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "is no JSON"), ("{}", "no list of decisions"),
     ('[{"claim_id": "x", "decision": "edit", "set": []}]', "set is no object")],
)  # fmt: skip
def test_files_that_hold_no_decisions_are_refused(case, tmp_path, capsys, content, said):
    file = tmp_path / "decisions.json"
    file.write_text(content)
    assert main(["claims", "review", str(case), "--decisions", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_no_decisions_change_nothing(case, tmp_path):
    before = (case / "tables" / "claims.csv").read_bytes()
    assert decide(case, tmp_path) == 0
    assert (case / "tables" / "claims.csv").read_bytes() == before


def test_a_line_of_the_log_that_is_no_json_is_refused(case, tmp_path, capsys):
    (case / "claims-log.jsonl").write_bytes(b"nonsense\n")
    decision = {"claim_id": "after-the-vote-01", "decision": "accept"}
    assert decide(case, tmp_path, decision) == 2
    assert "line 1: does not follow" in capsys.readouterr().err


def test_undo_finds_the_last_decision_on_the_claim_itself(case, tmp_path):
    first = {"claim_id": "after-the-vote-05", "decision": "reject"}
    other = {"claim_id": "after-the-vote-06", "decision": "reject"}
    assert decide(case, tmp_path, first, other) == 0
    assert decide(case, tmp_path, {"claim_id": "after-the-vote-05", "decision": "undo"}) == 0
    found = rows(case)
    assert found["after-the-vote-05"]["status"] == "proposed"
    assert found["after-the-vote-06"]["status"] == "rejected"


def test_a_long_first_line_is_a_short_title(case, tmp_path):
    long = tmp_path / "long.txt"
    long.write_text("Officials said 60 people were arrested " + "again and " * 30 + "again.")
    assert main(["read", str(long), "--into", str(case)]) == 0
    titles = read_case(case).tables.table("documents")["title"].to_list()
    assert any(title.endswith("…") and len(title) == 120 for title in titles)


def test_a_document_whose_file_is_gone_is_no_article(case):
    (case / "documents" / "after-the-vote.html").unlink()
    assert articles_of(case, read_case(case).tables) == {}
