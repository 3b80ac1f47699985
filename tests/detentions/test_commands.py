"""The commands on detention lists: links, review, bounds, estimates, the page, and bad input."""

import json
import re

import polars as pl
import pytest
import typer

from pollwitness.case import read_case
from pollwitness.case.people import (
    LinkDecision,
    Verdict,
    decide_links,
    keep_links,
    read_decisions,
    settled,
)
from pollwitness.cli.main import main
from pollwitness.detentions.register import (
    band_among,
    bounds_of,
    entries_sha256,
    histories_of,
    links_of,
    published_bounds,
    released_of,
)
from pollwitness.errors import QuestionError

NOW = "2024-05-06T10:00Z"


def run(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def grey(folder, count=1):
    """Pairs of the grey zone, the likeliest first."""
    pairs = links_of(read_case(folder).tables)[0].between(0.05, 0.95)
    return [(a, b) for a, b, _chance in pairs.head(count).iter_rows()]


def test_links_are_restricted_tables_of_ids_alone(listed, linked_folder):
    tables = read_case(listed).tables
    assert tables.schemas["links"].restricted
    assert tables.schemas["linkage"].restricted
    assert not tables.schemas["list_overlaps"].restricted
    ids = set(tables.table("detentions")["record_id"].to_list())
    table = tables.table("links")
    assert table.height > 300
    assert set(table["first"].to_list()) <= ids
    assert (table["first"] < table["second"]).all()
    who = linked_folder[1]
    likely = table.filter(pl.col("probability") >= 900_000)
    right = [who[a] == who[b] for a, b in likely.select("first", "second").iter_rows()]
    assert sum(right) / len(right) > 0.95


def test_link_again_gives_the_same_file(listed, capsys):
    before = (listed / "tables" / "links.csv").read_bytes()
    code, out, _ = run(capsys, "detentions", "link", listed)
    assert code == 0
    assert "right, the model expects" in out
    assert (listed / "tables" / "links.csv").read_bytes() == before


def test_entries_that_changed_must_be_linked_anew(listed, capsys):
    path = listed / "tables" / "detentions.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Invented hall", "Other hall", 1), encoding="utf-8")
    for words in (["bounds", listed], ["estimate", listed], ["report", listed, "-o", "page.html"],
                  ["review", listed, "--by", "me"]):  # fmt: skip
        code, _, err = run(capsys, "detentions", *words)
        assert code == 2
        assert "have changed since they were linked" in err
    assert run(capsys, "detentions", "link", listed)[0] == 0
    assert run(capsys, "detentions", "bounds", listed)[0] == 0


def test_without_entries_or_links(tmp_path, capsys, linked_folder):
    from pollwitness.case import write_case  # noqa: PLC0415
    from tests.build import small_tables  # noqa: PLC0415

    write_case(small_tables(), tmp_path / "empty")
    code, _, err = run(capsys, "detentions", "link", tmp_path / "empty")
    assert code == 2
    assert "no table detentions" in err
    tables = read_case(linked_folder[0]).tables
    bare = tables.with_table("links", tables.table("links").clear())
    bare = bare.with_table("linkage", tables.table("linkage").clear())
    write_case(bare, tmp_path / "bare")
    code, _, err = run(capsys, "detentions", "bounds", tmp_path / "bare")
    assert code == 2
    assert "not linked yet" in err


def test_bounds_are_around_the_truth(listed, linked_folder, capsys):
    truth = len(set(linked_folder[1].values()))
    code, out, _ = run(capsys, "detentions", "bounds", listed, "--json")
    assert code == 0
    found = json.loads(out)["result"]
    assert found["certainly_different"] <= truth
    assert found["persons_least"] <= found["persons"] <= found["persons_greatest"]
    assert found["persons_least"] <= truth * 1.02
    assert truth * 0.98 <= found["persons_greatest"]
    assert found["entries"] == 900
    code, out, _ = run(capsys, "detentions", "bounds", listed)
    assert "exact counts, for those who hold the lists" in out


# review


def press(monkeypatch, keys):
    """Keys that a person would press, one after the other."""
    left = list(keys)
    monkeypatch.setattr(typer, "getchar", lambda: left.pop(0))


def test_review_by_keys_undo_and_a_second_reviewer(listed, capsys, monkeypatch):
    first, second, third = grey(listed, 3)
    press(monkeypatch, ["s", "d", "u", "o", "x", "n", "q"])
    code, out, _ = run(capsys, "detentions", "review", listed, "--by", "one")
    assert code == 0
    assert "1 / " in out
    assert "surname" in out
    words = read_decisions(listed).words
    assert words == {("one", first): Verdict.SAME, ("one", second): Verdict.OPEN}
    log = (listed / "people" / "decisions.jsonl").read_text().splitlines()
    assert [json.loads(line)["verdict"] for line in log] == ["same", "different", "undo", "open"]
    assert links_of(read_case(listed).tables)[1].same == {first}

    press(monkeypatch, ["q"])
    run(capsys, "detentions", "review", listed, "--by", "one")
    assert len((listed / "people" / "decisions.jsonl").read_text().splitlines()) == 4

    press(monkeypatch, ["d", "d", "q"])
    run(capsys, "detentions", "review", listed, "--by", "two")
    decided = read_decisions(listed)
    assert decided.disputed == {first}
    assert decided.decisions.different == {second}
    tables = read_case(listed).tables
    assert links_of(tables)[1].same == frozenset()
    assert links_of(tables)[1].different == {second}
    code, out, _ = run(capsys, "detentions", "bounds", listed, "--json")
    assert json.loads(out)["result"]["disputed"] == 1
    assert third not in decided.decisions.same


def test_undo_shows_the_pair_that_it_takes_back(listed, capsys, monkeypatch):
    first, second = grey(listed, 2)
    press(monkeypatch, ["s", "n", "u", "d", "q"])
    run(capsys, "detentions", "review", listed, "--by", "me")
    assert read_decisions(listed).words == {("me", first): Verdict.DIFFERENT}
    assert second != first
    code, _, err = run(capsys, "detentions", "review", listed, "--by", " ")
    assert code == 2
    assert "an alias" in err


def test_entries_of_a_list_that_names_nobody_twice_are_two(listed):
    tables = read_case(listed).tables
    on = dict(tables.table("detentions").select("record_id", "list_id").iter_rows())
    pairs = links_of(tables)[0].pairs
    assert not [1 for a, b, _p in pairs.iter_rows() if on[a] == on[b] == "list-1"]
    known = bounds_of(tables)
    assert known.certain <= known.least <= known.greatest


def test_entries_that_change_while_they_are_linked(listed):
    tables = read_case(listed).tables
    with pytest.raises(QuestionError, match="have changed while they were linked"):
        keep_links(listed, links_of(tables)[0], 1, "0" * 64)


def test_persons_of_some_entries_are_those_of_all(linked_folder):
    """Entries that only a third one joins are one person, whether it is asked about or not."""
    tables = read_case(linked_folder[0]).tables
    ids = tables.table("detentions")["record_id"].to_list()[:3]
    on = dict(zip(ids, ("list-0", "list-2", "list-0"), strict=True))
    own = [on.get(name, was) for name, was in
           tables.table("detentions").select("record_id", "list_id").iter_rows()]  # fmt: skip
    frame = tables.table("detentions").with_columns(list_id=pl.Series(own))
    rows = pl.DataFrame({"first": ids[:2], "second": ids[1:], "probability": [None, None],
                         "decision": ["same", "same"]})  # fmt: skip
    whole = tables.with_table("detentions", frame)
    whole = whole.with_table("links", rows).with_table("linkage", pl.DataFrame(
        {"entries_sha256": [entries_sha256(whole)], "seed": [1]}))  # fmt: skip
    assert band_among(whole, [ids[0], ids[2]]) == (1, 1)


def test_every_pair_of_the_grey_zone_can_be_seen(listed, capsys, monkeypatch):
    monkeypatch.setattr(typer, "getchar", lambda: "n")
    code, out, _ = run(capsys, "detentions", "review", listed, "--by", "me")
    assert code == 0
    pairs = links_of(read_case(listed).tables)[0].between(0.05, 0.95).height
    assert f"{pairs} / {pairs}" in out
    assert "No pair is left." in out


def test_review_from_a_file_and_its_problems(listed, tmp_path, capsys):
    ((first, second),) = grey(listed)
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps([{"first": second, "second": first, "verdict": "same"}]))
    code, out, _ = run(capsys, "detentions", "review", listed, "--by", "me", "--decisions", file)
    assert (code, out.strip()) == (0, "1 decisions kept.")
    assert links_of(read_case(listed).tables)[1].same == {(first, second)}
    file.write_text(json.dumps([{"first": first, "second": first, "verdict": "same"},
                                {"first": first, "second": second, "verdict": "perhaps"},
                                {"first": first}, 7]))  # fmt: skip
    code, _, err = run(capsys, "detentions", "review", listed, "--by", "me", "--decisions", file)
    assert code == 2
    said = " ".join(err.split())
    for words in ("decision 1 names no two entries", "decision 2: verdict is one of same,",
                  "decision 3 is no object", "decision 4 is no object"):  # fmt: skip
        assert words in said
    for content, words in (("{", "is no JSON"), ("{}", "holds no list of decisions")):
        file.write_text(content)
        code, _, err = run(capsys, "detentions", "review", listed, "--by", "me",
                           "--decisions", file)  # fmt: skip
        assert code == 2
        assert words in " ".join(err.split())


def test_all_decisions_can_be_taken_back(listed):
    before = (listed / "tables" / "links.csv").read_bytes()
    ((first, second),) = grey(listed)
    count = histories_of(read_case(listed).tables).counts.tolist()
    said = [LinkDecision(first, second, Verdict.DIFFERENT, "me"),
            LinkDecision(first, second, Verdict.SAME, "me")]  # fmt: skip
    decide_links(listed, said, NOW)
    settled(listed)
    assert (listed / "tables" / "links.csv").read_bytes() != before
    back = [LinkDecision(first, second, Verdict.UNDO, "me")] * 2
    decide_links(listed, back, NOW)
    settled(listed)
    assert (listed / "tables" / "links.csv").read_bytes() == before
    assert histories_of(read_case(listed).tables).counts.tolist() == count
    with pytest.raises(QuestionError, match="has no decision"):
        decide_links(listed, back[:1], NOW)


def test_a_log_that_was_changed_is_refused(listed, capsys):
    pairs = grey(listed, 2)
    for pair in pairs:
        decide_links(listed, [LinkDecision(*pair, Verdict.SAME, "me")], NOW)
    log = listed / "people" / "decisions.jsonl"
    content = log.read_bytes()
    log.write_bytes(content.replace(b'"same"', b'"open"', 1))
    code, _, err = run(capsys, "detentions", "bounds", listed)
    assert code == 2
    assert "line 2: does not follow from the line before" in err
    log.write_bytes(content + b'{"torn')  # a power cut
    assert settled(listed)
    decide_links(listed, [LinkDecision(*pairs[0], Verdict.UNDO, "me")], NOW)
    assert len(log.read_bytes().splitlines()) == 3


def test_what_was_decided_before_a_power_cut_counts(listed, capsys):
    ((first, second),) = grey(listed)
    decide_links(listed, [LinkDecision(first, second, Verdict.SAME, "me")], NOW)
    assert links_of(read_case(listed).tables)[1].same == frozenset()
    assert run(capsys, "detentions", "bounds", listed)[0] == 0
    assert links_of(read_case(listed).tables)[1].same == {(first, second)}


# estimates and the page


def test_estimates_of_a_case(listed, linked_folder, capsys):
    code, out, _ = run(capsys, "detentions", "estimate", listed, "--by", "area", "--json")
    assert code == 0
    found = json.loads(out)["result"]
    truth = len(set(linked_folder[1].values()))
    assert found["observed"] == pytest.approx(truth, rel=0.03)
    assert found["least"] < found["greatest"]
    assert found["models"]["fitted"] + found["models"]["silent"] == 8
    assert set(found["strata"]["parts"]) == {"north", "south"}
    assert found["strata"]["mean"] == pytest.approx(found["graphs"]["mean"], rel=0.1)
    assert {one["missed"] for one in found["links"]} >= {0.0, 0.1}
    code, out, _ = run(capsys, "detentions", "estimate", listed, "--by", "month")
    assert code == 0
    assert "no single number is the answer" in out
    assert "2020-08" in out


def test_histories_from_a_file(tmp_path, capsys):
    rows = ["EXH,ABA,OSCE,HRW,count", "1,0,0,0,1131", "0,1,0,0,845", "1,1,0,0,177", "0,0,1,0,936",
            "1,0,1,0,228", "0,1,1,0,217", "1,1,1,0,181", "0,0,0,1,306", "1,0,0,1,106", "0,1,0,1,31",
            "1,1,0,1,18", "0,0,1,1,123", "1,0,1,1,42", "0,1,1,1,32", "1,1,1,1,27"]  # fmt: skip
    file = tmp_path / "kosovo.csv"
    file.write_text("\n".join(rows) + "\n")
    code, out, _ = run(capsys, "detentions", "estimate", "--histories", file, "--most", "10000")
    assert code == 0
    said = " ".join(out.split())
    assert "The model with the lowest BIC says 10,357 (8,994 to 12,110)" in said
    assert "the 113 models that can be fitted say 6,729 to 22,889." in said
    assert "The posterior is cut off at 14,400" in said
    for line, words in (("2,0,0,0,5", "row 2 is no pattern"), ("1,0,0,5", "row 2 is no pattern"),
                        ("1,0,0,0,-5", "row 2 is no pattern"),
                        ("0,0,0,0,5", "people who are on no list")):  # fmt: skip
        file.write_text("\n".join([rows[0], line, "1,1,1,1,9"]) + "\n")
        code, _, err = run(capsys, "detentions", "estimate", "--histories", file)
        assert code == 2
        assert words in " ".join(err.split())
    file.write_text("\n".join([*rows, "", ""]))
    assert run(capsys, "detentions", "estimate", "--histories", file, "--json")[0] == 0
    file.write_bytes("а,б,в\n1,1,5\n".encode("cp1251"))
    assert "is not UTF-8" in " ".join(run(capsys, "detentions", "estimate", "--histories",
                                          file)[2].split())  # fmt: skip
    file.write_text(",".join([*"abcdefghijklmnopq", "count"]) + "\n1\n")
    assert "17 lists" in run(capsys, "detentions", "estimate", "--histories", file)[2]
    file.write_text("a,b,count\n1,1," + "9" * 30 + "\n")
    assert "is no pattern" in " ".join(run(capsys, "detentions", "estimate", "--histories",
                                           file)[2].split())  # fmt: skip
    file.write_text("a\n")
    code, _, err = run(capsys, "detentions", "estimate", "--histories", file)
    assert code == 2
    assert "is no CSV of patterns" in " ".join(err.split())


def test_two_peaks_and_thin_lists_are_said(tmp_path, capsys):
    file = tmp_path / "thin.csv"
    file.write_text("a,b,count\n1,0,50\n0,1,40\n1,1,4\n")
    code, _, err = run(capsys, "detentions", "estimate", "--histories", file)
    assert code == 2
    assert "4 persons stand on several lists" in " ".join(err.split())
    file.write_text("a,b,c,count\n1,0,0,5\n0,1,0,5\n0,0,1,5\n1,1,0,30\n")
    code, _, err = run(capsys, "detentions", "estimate", "--histories", file)
    assert code == 2
    assert "do not overlap enough" in " ".join(err.split())


def test_what_may_not_be_asked_together(listed, tmp_path, capsys):
    file = ["--histories", "x.csv"]
    for words, said in (([], "give a case or --histories"),
                        ([listed, *file], "give a case or --histories"),
                        ([*file, "--by", "area"], "--by needs a case")):  # fmt: skip
        code, _, err = run(capsys, "detentions", "estimate", *words)
        assert code == 2
        assert said in " ".join(err.split())
    page = tmp_path / "page.html"
    page.write_text("")
    code, _, err = run(capsys, "detentions", "report", listed, "-o", page)
    assert code == 2
    assert "exists; choose another file" in " ".join(err.split())


def test_the_page_and_the_public_tables(listed, tmp_path, capsys):
    page = tmp_path / "people.html"
    code, _, _ = run(capsys, "detentions", "report", listed, "-o", page, "--keep")
    assert code == 0
    tables = read_case(listed).tables
    kept = released_of(tables)
    shown = published_bounds(tables)
    exact = bounds_of(tables)
    assert shown == exact.released(kept, histories_of(tables).observed)
    assert shown.certain <= exact.certain
    assert shown.least <= exact.least + 15
    assert shown.greatest >= exact.greatest - 15
    counts = [one for one in kept.counts if one is not None]
    assert counts
    assert all(one % 5 == 0 and one >= 10 for one in counts)
    numbers = [int(one.replace(",", "")) for one in
               re.findall(r"[\d,]+", re.sub("<[^>]+>", " ", page.read_text(encoding="utf-8")))
               if one.strip(",")]  # fmt: skip
    assert shown.certain in numbers
    site = tmp_path / "site"
    assert run(capsys, "report", listed, "-o", site)[0] == 0
    text = (site / "people.html").read_text(encoding="utf-8")
    assert "no single number is the answer" in text
    assert "Listed people" in (site / "index.html").read_text(encoding="utf-8")
    public = {path.stem for path in (site / "data" / "tables").glob("*.csv")}
    assert {"list_overlaps", "listed_people", "detention_lists"} <= public
    assert not public & {"detentions", "links", "linkage"}


def test_public_counts_that_name_lists_wrongly_are_refused(listed):
    tables = read_case(listed).tables
    rows = pl.DataFrame({"lists": ["b + a", "a + a", "a"], "people": [10, 10, 20]})
    with pytest.raises(QuestionError, match=r"in order, with \+ between them: .*a \+ a"):
        released_of(tables.with_table("list_overlaps", rows))
    many = pl.DataFrame({"lists": [f"l{n}" for n in range(40)], "people": [10] * 40})
    with pytest.raises(QuestionError, match="40 lists; there are 2 to 16"):
        released_of(tables.with_table("list_overlaps", many))


def test_claims_against_the_lists(listed, capsys):
    code, out, _ = run(capsys, "check", listed, "--findings", listed.parent / "findings.json")
    assert code == 1
    document = json.loads((listed.parent / "findings.json").read_text())
    own = {(f["claim_id"], f["check"]): f for f in document["findings"]
           if f["check"].startswith("detentions")}  # fmt: skip
    wanted = {"few-arrested": ("contradicted", "unlikely"),
              "some-arrested": ("entailed", "supported"),
              "many-arrested": ("possible", "undecided"),
              "few-released": ("contradicted", "unlikely")}  # fmt: skip
    for name, (bound, estimate) in wanted.items():
        assert own[name, "detentions.bounds"]["verdict"] == bound
        assert own[name, "detentions.persons"]["verdict"] == estimate
        assert own[name, "detentions.bounds"]["recomputable"] is False
        for figure in own[name, "detentions.bounds"]["figures"]:
            if figure["unit"] == "people":
                assert figure["low"] % 5 == 0
        assert not {"detentions", "links"} & {
            one["table"] for one in own[name, "detentions.bounds"]["inputs"]
        }
    assert ("no-killed", "detentions.bounds") not in own
    assert "too few people for a figure that may be published" in out
