"""What a bundle holds and what never enters one; versions, recomputing, cosigning, differences."""

import csv
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import rfc8785

from pollwitness.bundle.cosign import add_signatures, cosign
from pollwitness.bundle.diff import diff
from pollwitness.bundle.layout import BundleError, CaseHead, is_plain_name, parse_manifest
from pollwitness.bundle.recompute import recomputed
from pollwitness.bundle.seal import Wishes, seal
from pollwitness.bundle.verify import verify
from pollwitness.case import InputRefusedError, read_case, write_case
from pollwitness.case.write import FolderExistsError
from pollwitness.evidence.events import EventError, parse_event
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.notes import (
    COSIGNER,
    Checkpoint,
    Note,
    NoteError,
    parse_note,
    parse_proof,
)
from pollwitness.evidence.timestamps import TimestampError
from pollwitness.evidence.trust import parse_trust
from pollwitness.tables import Audience
from tests.build import form, small_tables
from tests.bundle.made import NOON, key, made_in, relisted, small_case

EXAMPLE = Path(__file__).parents[2] / "examples" / "belarus-2020"
pytest.importorskip("PIL", reason="the extra for pictures is not installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_in(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.bundle, tmp_path / "bundle")
    return tmp_path / "bundle"


def lines_of(bundle):
    return [parse_event(line) for line in (bundle / "custody.jsonl").read_bytes().splitlines()]


def test_a_bundle_is_a_bag_whose_lists_any_program_reads(made):
    """RFC 8493: declaration, payload and both lists; `sha256sum -c` reads the lists."""
    assert (made.bundle / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    listed, wrong = parse_manifest((made.bundle / "manifest-sha256.txt").read_bytes())
    there = {p.relative_to(made.bundle).as_posix()
             for p in (made.bundle / "data").rglob("*") if p.is_file()}  # fmt: skip
    assert (set(listed), wrong) == (there, [])
    total = sum((made.bundle / name).stat().st_size for name in listed)
    assert f"Payload-Oxum: {total}.{len(listed)}" in (made.bundle / "bag-info.txt").read_text()


def test_every_protocol_and_confirmed_claim_is_a_leaf_and_so_is_the_case(made):
    events = lines_of(made.old)
    items = {event.item for event in events}
    tables = read_case(made.old / "data/public").tables
    for table, column in (("protocols", "copy_id"), ("claims", "claim_id")):
        assert {f"{table}/{name}" for name in tables.table(table)[column]} <= items
    assert (events[-1].item, str(events[-1].type)) == ("case.json", "published")
    proof = parse_proof((made.old / "proof/case.tlog-proof").read_bytes())
    assert proof.index == len(events) - 1


def test_a_second_version_names_the_first_and_says_what_was_corrected(made):
    heads = [json.loads((b / "case.json").read_bytes()) for b in (made.old, made.bundle)]
    assert [head["version"] for head in heads] == [1, 2]
    assert heads[0]["supersedes"] is None
    assert heads[1]["supersedes"] == lines_of(made.old)[-1].digest
    more = lines_of(made.bundle)[len(lines_of(made.old)) :]
    assert [str(event.type) for event in more] == ["corrected", "published"]
    assert more[0].reason == "the row was changed in place"
    found = diff(made.old, made.bundle)
    assert found.continues
    assert found.versions == (1, 2)
    assert [(row.table, row.kind, row.columns[0][0]) for row in found.rows] == [
        ("protocols", "changed", "ballots")
    ]


def test_the_findings_are_computed_again_from_what_is_published(made, copy):
    assert recomputed(made.bundle) == ([], len(json.loads(
        (made.bundle / "data/public/findings.json").read_bytes())["findings"]))  # fmt: skip
    path = copy / "data/public/findings.json"
    document = json.loads(path.read_bytes())
    document["findings"][0]["verdict"] = "possible!"
    document["claims"].pop()
    document["extra"] = 1
    path.write_text(json.dumps(document))
    differing, _count = recomputed(copy)
    assert any("verdict: 'possible!' published" in text for text in differing)
    assert any(text.startswith(".claims: ") for text in differing)
    assert ".extra is there only before" in differing
    document["software"]["version"] = "0.0.0"
    document["findings"] = [dict.fromkeys(one, 0) for one in document["findings"]]
    path.write_text(json.dumps(document))
    differing, _count = recomputed(copy)
    assert differing[-1].startswith("and ")
    assert not any("software" in text for text in differing)
    path.write_text("[]")
    with pytest.raises(BundleError):
        recomputed(copy)


def test_estimates_may_differ_by_a_millionth(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "case")
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    path = tmp_path / "bundle/data/public/findings.json"
    text = path.read_text()
    number = next(w for w in text.replace("}", ",").split(",") if '"value":' in w and "." in w)
    value = float(number.split(":")[1])
    path.write_text(text.replace(number, f'"value":{value * (1 + 1e-8)}', 1))
    assert recomputed(tmp_path / "bundle")[0] == []
    path.write_text(text.replace(number, f'"value":{value * 1.001}', 1))
    assert recomputed(tmp_path / "bundle")[0]


SECRETS = ("Anna Secret", "NOTE-SECRET", "tel:+375", "secret.jpg")


def private_case(folder, audience):
    """A case with everything in it that must not leave."""
    tables = small_tables(
        protocols=[form("s1", 1, 2) | {"reason": "by Anna Secret"}],
        documents=[{"document_id": "photo", "kind": "photograph", "title": "A photo",
                    "publisher": "observers", "note": "NOTE-SECRET tel:+375",
                    "published_at": "2024-05-05T21:34+03:00", "path": "secret.jpg"}],
        voter_report_items=[{"report_id": "r1", "station_id": "s1", "contest_id": "mayor",
                             "option_id": "anna", "photo": True, "verified": True}],
        claims=[{"claim_id": "open", "measure": "votes", "option_id": "anna", "low": "1",
                 "status": "proposed", "speaker": "Anna Secret", "stated_at": "2024-05-07"}],
    )  # fmt: skip
    write_case(tables, folder)
    head = folder / "case.toml"
    head.write_text(
        f"# Anna Secret\n{head.read_text()}".replace(
            'audience = "public"', f'audience = "{audience}"'
        )
    )
    return read_case(folder).tables.case.audience


def test_nothing_restricted_enters_a_bundle_of_an_internal_case(tmp_path):
    assert private_case(tmp_path / "case", "internal") is Audience.INTERNAL
    (tmp_path / "case/tables/rejects.csv.txt").unlink(missing_ok=True)
    (tmp_path / "case/documents").mkdir(exist_ok=True)
    (tmp_path / "case/documents/secret.txt").write_text("Anna Secret")
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    everything = b"".join(p.read_bytes() for p in (tmp_path / "bundle").rglob("*") if p.is_file())
    for secret in SECRETS:
        assert secret.encode() not in everything, secret
    assert b"21:34" not in everything
    names = {p.name for p in (tmp_path / "bundle/data").rglob("*.csv")}
    assert not names & {"voter_report_items.csv", "rejects.csv"}
    trust = parse_trust(f"log {key(1).public}\nquorum none\n".encode())
    assert verify(tmp_path / "bundle", trust).wrong == []


def test_no_proposed_claim_and_no_report_of_one_voter_enters_a_public_bundle(tmp_path):
    assert private_case(tmp_path / "case", "public") is Audience.PUBLIC
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    names = {p.stem for p in (tmp_path / "bundle/data").rglob("*.csv")}
    assert "voter_report_items" not in names
    assert "claims" not in names
    assert "claims/open" not in {event.item for event in lines_of(tmp_path / "bundle")}


@pytest.mark.parametrize("table", ["voter_report_items", "evidence", "unknown"])
def test_a_reader_sees_what_should_not_have_been_published(made, tmp_path, monkeypatch, table):
    """A bundle by another program, with a table or a column that must not leave, all signed."""
    shutil.copytree(made.case, tmp_path / "case")
    if table == "voter_report_items":
        monkeypatch.setattr("pollwitness.bundle.seal.shown_tables", lambda tables: tables)
        station = read_case(made.case).tables.table("stations")["station_id"][0]
        option = read_case(made.case).tables.case.option_ids[0]
        contest = read_case(made.case).tables.case.contests[0].id
        (tmp_path / "case/tables/voter_report_items.csv").write_text(
            "report_id,station_id,contest_id,option_id,photo,verified\n"
            f"r1,{station},{contest},{option},true,true\n"
        )
    elif table == "evidence":
        monkeypatch.setattr(
            "pollwitness.bundle.seal.shown_tables",
            lambda tables: tables.with_table(
                "evidence",
                tables.table("evidence").filter(pl.col("visibility") == "public")
                .with_columns(pl.lit("x").alias("name")),
            ),
        )  # fmt: skip
    else:
        monkeypatch.setattr("pollwitness.bundle.seal.public_files", _with_unknown)
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(made.log, NOON, 1))
    trust = parse_trust(f"log {made.log.public}\nquorum none\n".encode())
    said = "\n".join(f"{file}: {text}" for file, text in verify(tmp_path / "bundle", trust).wrong)
    expected = {"voter_report_items": "is a table that must not be published",
                "evidence": "holds a column that must not be published: name",
                "unknown": "is no table as a bundle holds them"}  # fmt: skip
    assert expected[table] in said


def _with_unknown(case, _shown):
    """A file of the archive that gets among the tables."""
    path = case / "tables/protocols.parquet"
    path.write_bytes(b"PAR1")
    return [(hashlib.sha256(b"PAR1").hexdigest(), path)]


def test_a_row_that_the_log_does_not_know_is_named(made, tmp_path, monkeypatch):
    shutil.copytree(made.case, tmp_path / "case")
    monkeypatch.setattr("pollwitness.bundle.seal.new_events", lambda *_a, **_k: iter(()))
    path = tmp_path / "case/tables/claims.csv"
    head, *rows = path.read_text().splitlines()
    path.write_text("\n".join([head, *rows[1:]]).replace("votes", "votes") + "\n")
    reader = list(csv.DictReader(path.read_text().splitlines()))
    path.write_text(path.read_text().replace(reader[0]["words"], "Other words", 1))
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(made.log, NOON, 1))
    trust = parse_trust(f"log {made.log.public}\nquorum none\n".encode())
    ((file, text), *_others) = verify(tmp_path / "bundle", trust).wrong
    assert file == "data/public/tables/claims.csv"
    assert text.startswith("the log has no event of this row as it is: claim_id")


def test_a_row_that_is_gone_is_withdrawn_in_the_log(made, tmp_path):
    shutil.copytree(made.case, tmp_path / "case")
    path = tmp_path / "case/tables/claims.csv"
    rows = path.read_text().splitlines(keepends=True)
    gone = rows[-1].split(",")[0]
    path.write_text("".join(rows[:-1]))
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(made.log, NOON, 1))
    last = [event for event in lines_of(tmp_path / "bundle") if event.item == f"claims/{gone}"][-1]
    assert (str(last.type), last.digest) == ("withdrawn", None)
    found = diff(made.bundle, tmp_path / "bundle")
    assert [(r.key, r.kind) for r in found.rows if r.table == "claims"] == [(gone, "removed")]
    assert gone in {one.claim_id for one in found.verdicts}
    seal(tmp_path / "case", tmp_path / "again", Wishes(made.log, NOON, 1))
    assert len(lines_of(tmp_path / "again")) == len(lines_of(tmp_path / "bundle")) + 1
    back = diff(tmp_path / "bundle", made.bundle)
    assert not back.continues
    assert [(r.key, r.kind) for r in back.rows if r.table == "claims"] == [(gone, "added")]


def test_sealing_refuses_and_leaves_nothing(made, tmp_path):
    with pytest.raises(FolderExistsError):
        seal(made.case, made.bundle, Wishes(made.log, NOON, 1))
    with pytest.raises(BundleError, match="of a witness"):
        seal(made.case, tmp_path / "b", Wishes(made.witness, NOON, 1))
    (tmp_path / "broken").mkdir()
    with pytest.raises(InputRefusedError):
        seal(tmp_path / "broken", tmp_path / "b", Wishes(made.log, NOON, 1))
    shutil.copytree(made.case, tmp_path / "case")
    public = [p for p in (tmp_path / "case/evidence").rglob("*") if p.is_file()]
    for path in public:
        path.chmod(0o644)
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(BundleError, match=r"is not the file that tables/evidence\.csv names"):
        seal(tmp_path / "case", tmp_path / "b", Wishes(made.log, NOON, 1))
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / ".b.part").exists()
    entries = list(CustodyLog(made.case / "log").entries())
    assert list(CustodyLog(tmp_path / "case/log").entries()) == entries


def test_two_signatures(made, copy):
    third = key(3, COSIGNER, "example.org/third")
    keys = (f"log {made.log.public}\nwitness second {made.witness.public}\n"
            f"witness third {third.public}\ngroup both 2 second third\nquorum both\n")  # fmt: skip
    trust = parse_trust(keys.encode())
    assert [file for file, _text in verify(copy, trust).wrong] == ["proof/checkpoint"]
    cosign(copy, third, 1_795_000_200)
    assert verify(copy, trust).wrong == []
    with pytest.raises(BundleError, match="that of a log"):
        cosign(copy, made.log, 1)


def test_a_signed_copy_of_the_checkpoint_is_taken_over(made, copy):
    third = key(3, COSIGNER, "example.org/third")
    note = parse_note((copy / "proof/checkpoint").read_bytes())
    signed = note.with_signatures([third.cosign(note.text, 5)])
    assert add_signatures(copy, bytes(signed)) == signed
    assert parse_note((copy / "proof/checkpoint").read_bytes()) == signed
    with pytest.raises(BundleError, match="another checkpoint"):
        add_signatures(copy, (made.old / "proof/checkpoint").read_bytes())
    with pytest.raises(NoteError):
        add_signatures(copy, b"nonsense")


def test_bundles_of_two_cases_and_broken_ones_are_not_compared(made, copy, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "case")
    seal(tmp_path / "case", tmp_path / "other", Wishes(key(1), NOON, 1))
    with pytest.raises(BundleError, match="of two cases"):
        diff(made.bundle, tmp_path / "other")
    for content in (b"[]", b"{"):
        (copy / "case.json").write_bytes(content)
        with pytest.raises(BundleError, match="cannot be read"):
            diff(made.bundle, copy)
    shutil.copy(made.bundle / "case.json", copy / "case.json")
    for content in (b"{}", b'{"claims":[5]}', b'{"claims":[{}]}'):
        (copy / "data/public/findings.json").write_bytes(content)
        with pytest.raises(BundleError, match="no list of claims"):
            diff(made.bundle, copy)


def test_names_that_a_bundle_may_have():
    assert all(map(is_plain_name, ("a", "data/public/x.csv", "proof/checkpoint-1.tsr", "_x/-y")))
    for name in ("", "/a", "a/", "a//b", ".a", "a/.b", "../a", "a b", "ä", "a\n", "a" * 201):
        assert not is_plain_name(name), name


def test_an_oversized_file_is_not_read(made, copy, monkeypatch):
    monkeypatch.setattr("pollwitness.bundle.verify.MOST_TAG_BYTES", 10)
    with pytest.raises(BundleError, match="too large"):
        verify(copy, parse_trust(made.trust()))


def test_a_token_under_another_name(made, copy):
    (copy / "proof/checkpoint-1.tsr").rename(copy / "proof/other.tsr")
    relisted(copy)
    found = verify(copy, parse_trust(made.trust()))
    assert ("proof/other.tsr", "is no file of a bundle") in found.wrong


def test_a_version_whose_bundle_was_not_completed_is_withdrawn(made, tmp_path):
    def refuse(_message):
        raise TimestampError("no timestamp")

    shutil.copytree(made.case, tmp_path / "case")
    with pytest.raises(TimestampError):
        seal(tmp_path / "case", tmp_path / "b", Wishes(made.log, NOON, 1, (), [refuse]))
    assert not (tmp_path / "b").exists()
    seal(tmp_path / "case", tmp_path / "b", Wishes(made.log, NOON, 1))
    head = json.loads((tmp_path / "b/case.json").read_bytes())
    assert (head["version"], head["supersedes"]) == (4, lines_of(made.bundle)[-1].digest)
    trust = parse_trust(f"log {made.log.public}\nquorum none\n".encode())
    assert verify(tmp_path / "b", trust).wrong == []


@pytest.mark.parametrize(
    ("key_", "value"), [("actor", {"key": 5, "role": "clerk"}), ("signature", 5), ("item", []),
                        ("sequence", True), ("reason", {})],
)  # fmt: skip
def test_an_event_with_a_value_of_another_kind_is_no_event(made, key_, value):
    line = (made.bundle / "custody.jsonl").read_bytes().splitlines()[0]
    with pytest.raises(EventError):
        parse_event(rfc8785.dumps(json.loads(line) | {key_: value}))


def test_work_on_what_nobody_signed_stays_small(made, copy):
    """A log of line breaks, a case.json that is deep: named at once, and not read any further."""
    (copy / "custody.jsonl").write_bytes(b"\n" * 5_000_000)
    (copy / "case.json").write_bytes(b"[" * 5_000_000)
    (copy / "tagmanifest-sha256.txt").write_bytes(b"\n" * 5_000_000)
    found = dict(verify(copy, parse_trust(made.trust())).wrong)
    assert found["tagmanifest-sha256.txt"] == "is no list of digests"
    assert found["custody.jsonl"].startswith("has 5000000 lines")
    assert found["case.json"].startswith("is not what the last line")


OWN = f"log {key(1).public}\nquorum none\n".encode()


def sealed_otherwise(folder, change):
    """A bundle of a small case whose log signs a case.json that another program made."""
    write_case(small_case(), folder / "case")
    whole = CaseHead.__bytes__
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CaseHead, "__bytes__", lambda self: change(whole(self)))
        seal(folder / "case", folder / "bundle", Wishes(key(1), NOON, 1))
    return dict(verify(folder / "bundle", parse_trust(OWN)).wrong)


@pytest.mark.parametrize(
    ("change", "file", "said"),
    [
        (lambda _head: b"[]", "case.json", "is no description of a case"),
        (lambda head: head + b" ", "case.json", "is not in canonical form"),
        (lambda head: head.replace(b'"format":1', b'"format":2'), "case.json", "not in canonical"),
        (lambda head: head.replace(b'"logged":["claims"', b'"logged":["c"'), "case.json",
         "format that"),
        (lambda head: head.replace(b'"path":"data', b'"path":"d'), "case.json",
         "does not list the files"),
        (lambda head: head.replace(b'"path":"bagit.txt"', b'"path":"bagit.tx"'), "bagit.txt",
         "is not the one that case.json names"),
    ],
)  # fmt: skip
def test_what_is_signed_and_no_case_json_is_named(tmp_path, change, file, said):
    assert said in sealed_otherwise(tmp_path, change)[file]


def test_events_that_are_signed_by_nobody_are_named(tmp_path, monkeypatch):
    """The log vouches for the line; the line does not vouch for its actor."""
    write_case(small_case(), tmp_path / "case")
    monkeypatch.setattr(
        "pollwitness.bundle.records.signed",
        lambda event, key_: replace(event, actor=str(key_.public)),
    )
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    found = verify(tmp_path / "bundle", parse_trust(OWN)).wrong
    texts = [text for file, text in found if file == "custody.jsonl"]
    assert texts[0] == "line 1: the signature of the event is not that of its actor"
    assert len(texts) == len(lines_of(tmp_path / "bundle"))


def test_a_case_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    """Signed, complete, and not a case: by another program, or of another version."""
    write_case(small_case(), tmp_path / "case")
    monkeypatch.setattr("pollwitness.bundle.seal.shown_head", lambda *_a: b"format = 1\nx = ")
    monkeypatch.setattr(
        "pollwitness.bundle.seal.read_case", lambda _folder: real(tmp_path / "case")
    )
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    monkeypatch.undo()
    found = dict(verify(tmp_path / "bundle", parse_trust(OWN)).wrong)
    assert found["data/public/case.toml"].startswith("the case cannot be read")


real = read_case


def test_lists_and_timestamps_that_are_too_large(made, copy, monkeypatch):
    monkeypatch.setattr("pollwitness.bundle.verify.MOST_BYTES", 10)
    found = verify(copy, parse_trust(made.trust()))
    assert found.wrong == [("proof/checkpoint-1.tsr", "is too large for a timestamp")]


def test_a_proof_of_another_entry_is_no_proof(made, copy):
    proof = parse_proof((copy / "proof/case.tlog-proof").read_bytes())
    for changed in (replace(proof, index=0), replace(proof, hashes=proof.hashes[1:])):
        (copy / "proof/case.tlog-proof").write_bytes(bytes(changed))
        relisted(copy)
        found = dict(verify(copy, parse_trust(made.trust())).wrong)
        assert "does not show that the log holds case.json" in found["proof/case.tlog-proof"]


def test_another_origin_than_the_name_of_the_key(tmp_path, monkeypatch):
    write_case(small_case(), tmp_path / "case")
    other = key(1, name="example.org/other")
    monkeypatch.setattr(
        "pollwitness.evidence.log.Checkpoint",
        lambda _origin, *rest: Checkpoint("example.org/else", *rest),
    )
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(other, NOON, 1))
    trust = parse_trust(f"log {other.public}\nquorum none\n".encode())
    assert ("proof/checkpoint", "is of another log than its key") in verify(
        tmp_path / "bundle", trust
    ).wrong


def test_lists_that_are_too_large_are_not_read(made, copy, monkeypatch):
    monkeypatch.setattr("pollwitness.bundle.verify.MOST_LIST", 10)
    found = dict(verify(copy, parse_trust(made.trust())).wrong)
    assert found["manifest-sha256.txt"] == "is no list of digests"


def test_witnesses_who_are_there_sign_when_a_case_is_sealed(tmp_path):
    write_case(small_case(), tmp_path / "case")
    (tmp_path / "bundle").mkdir()
    witnesses = [key(n, COSIGNER, f"example.org/witness-{n}") for n in (4, 5)]
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 7, witnesses))
    policy = (tmp_path / "bundle/proof/policy").read_bytes()
    assert verify(tmp_path / "bundle", parse_trust(policy)).wrong == []
    assert parse_trust(policy).quorum == "all-witnesses"


def test_a_case_without_tables_has_no_descriptor(tmp_path):
    tables = small_case()
    write_case(type(tables).of(tables.case, {}), tmp_path / "case")
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    assert not (tmp_path / "bundle/data/public/datapackage.json").exists()
    assert verify(tmp_path / "bundle", parse_trust(OWN)).wrong == []
    write_case(tables, tmp_path / "other")
    seal(tmp_path / "other", tmp_path / "bundle-2", Wishes(key(1), NOON, 1))
    found = diff(tmp_path / "bundle", tmp_path / "bundle-2")
    assert {row.kind for row in found.rows} == {"added"}


def test_a_correction_is_an_event_of_its_kind(tmp_path):
    tables = small_case()
    protocols = tables.table("protocols")
    corrected = protocols.head(1).with_columns(
        pl.lit("three").alias("copy_id"),
        pl.lit("one").alias("corrects"),
        pl.lit("typo").alias("reason"),
    )
    write_case(tables.with_table("protocols", pl.concat([protocols, corrected])), tmp_path / "case")
    seal(tmp_path / "case", tmp_path / "bundle", Wishes(key(1), NOON, 1))
    kinds = {event.item: str(event.type) for event in lines_of(tmp_path / "bundle")}
    assert (kinds["protocols/one"], kinds["protocols/three"]) == ("transcribed", "corrected")


def test_older_checkpoints_of_others_and_of_longer_logs(made):
    trust = parse_trust(made.trust())
    other = parse_note((made.old / "proof/checkpoint").read_bytes()).text
    with pytest.raises(BundleError, match="signed by no log that you trust"):
        verify(made.bundle, trust, older=bytes(Note(other, (key(8).sign(other),))))
    longer = str(Checkpoint("example.org/belarus", 10_000, bytes(32)))
    found = verify(made.bundle, trust, older=bytes(Note(longer, (made.log.sign(longer),))))
    assert found.wrong[0][1] == "has fewer lines than the older checkpoint says: 10000"


def test_a_list_that_is_missing(made, copy):
    (copy / "tagmanifest-sha256.txt").unlink()
    found = verify(copy, parse_trust(made.trust()))
    assert found.wrong.count(("tagmanifest-sha256.txt", "is missing")) == 1
