"""One change to a bundle at a time: `verify` and `verify.sh` find each, and name the file.

Changes come in three strengths: as they are; with both lists of digests brought up to them; and
with case.json brought up too. The shell script runs under dash and under busybox in turn.
"""

import hashlib
import os
import shutil
import subprocess

import pytest

from pollwitness.bundle.layout import BundleError
from pollwitness.bundle.verify import verify
from pollwitness.cli.main import main
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.notes import parse_note
from pollwitness.evidence.timestamps import request_for
from pollwitness.evidence.trust import parse_trust
from tests.bundle.made import key, made_in, recased, relisted, without_line
from tests.evidence.authority import Authority

pytest.importorskip("PIL", reason="the extra for pictures is not installed")
SHELLS = [s for s in (["dash"], ["busybox", "sh"]) if shutil.which(s[0])] or [["sh"]]
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("openssl", "xxd"))), reason="openssl or xxd is not here"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_in(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.bundle, tmp_path / "bundle", symlinks=True)
    return tmp_path / "bundle"


def by_shell(bundle, keys, older=None, shell=0):
    """(exit code, what it said) of the script of an untouched bundle, run on this one."""
    own = bundle / "verify.sh"
    words = [*SHELLS[shell % len(SHELLS)], str(own), str(keys), *([str(older)] if older else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def by_program(bundle, trust, older=None):
    try:
        found = verify(bundle, parse_trust(trust), older=older)
    except BundleError as error:
        return 2, str(error)
    return int(bool(found.wrong)), "\n".join(f"{file}: {text}" for file, text in found.wrong)


def flip(name, at=0.5):
    def change(bundle):
        path = bundle / name
        content = bytearray(path.read_bytes())
        content[int(at * (len(content) - 1))] ^= 1
        path.write_bytes(content)

    return change


def edit(name, old, new):
    def change(bundle):
        path = bundle / name
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new, 1))

    return change


def then(*changes):
    def change(bundle):
        for one in changes:
            one(bundle)

    return change


def tags_of_case(bundle):
    """Bring the digests in case.json up to the files, and the lists up to case.json."""

    def change(head):
        for one in head["tags"]:
            one["sha256"] = hashlib.sha256((bundle / one["path"]).read_bytes()).hexdigest()
        head["manifest"] = hashlib.sha256((bundle / M).read_bytes()).hexdigest()

    relisted(bundle)
    recased(bundle, change)
    relisted(bundle)


def swap(first, second):
    def change(bundle):
        one, two = (bundle / first).read_bytes(), (bundle / second).read_bytes()
        (bundle / first).write_bytes(two)
        (bundle / second).write_bytes(one)

    return change


def lines(name, rework):
    def change(bundle):
        path = bundle / name
        found = path.read_bytes().split(b"\n")[:-1]
        path.write_bytes(b"".join(line + b"\n" for line in rework(found)))

    return change


def link(bundle):
    (bundle / "VERIFY.txt").rename(bundle.parent / "kept")
    (bundle / "VERIFY.txt").symlink_to(bundle.parent / "kept")


def linked_folder(bundle):
    (bundle / "proof").rename(bundle.parent / "proof")
    (bundle / "proof").symlink_to(bundle.parent / "proof")


def twin(bundle):
    (bundle / "data/public/tables/\u0441laims.csv").write_bytes(
        (bundle / "data/public/tables/claims.csv").read_bytes()
    )


def listed_twin(bundle):
    twin(bundle)
    relisted(bundle)


def escape(bundle):
    (bundle.parent / "outside").write_text("x")
    digest = hashlib.sha256(b"x").hexdigest()
    with (bundle / "manifest-sha256.txt").open("a") as text:
        text.write(f"{digest}  data/../../outside\n")


def fifo(bundle):
    (bundle / "VERIFY.txt").unlink()
    os.mkfifo(bundle / "VERIFY.txt")


def folder_for_file(bundle):
    (bundle / "VERIFY.txt").unlink()
    (bundle / "VERIFY.txt").mkdir()


def extra(name, *, listed=False):
    def change(bundle):
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_bytes(b"x")
        if listed:
            relisted(bundle)

    return change


def old_checkpoint(bundle):
    shutil.copy(bundle.parents[0] / "old-checkpoint", bundle / "proof/checkpoint")
    relisted(bundle)


def resigned(bundle):
    """Another log: whoever has another key signs the same entries."""
    log = CustodyLog(bundle.parent / "log")
    with log.writing():
        log.append((bundle / "custody.jsonl").read_bytes().split(b"\n")[:-1])
        note = log.publish(key(9), "2026-11-26T12:00:00Z")
    (bundle / "proof/checkpoint").write_bytes(bytes(note))
    size = len((bundle / "custody.jsonl").read_bytes().split(b"\n")) - 1
    (bundle / "proof/case.tlog-proof").write_bytes(bytes(log.proof(size - 1)))
    relisted(bundle)


TABLE = "data/public/tables/protocols.csv"
C, P, M, T = "custody.jsonl", "proof/checkpoint", "manifest-sha256.txt", "tagmanifest-sha256.txt"
FILES = (
    "bagit.txt", "bag-info.txt", "case.json", C, P, "proof/case.tlog-proof", "proof/policy",
    "proof/checkpoint-1.tsr", "VERIFY.txt", "data/public/case.toml", "data/public/findings.json",
    "data/public/datapackage.json", "data/public/tables/areas.csv",
    "data/public/tables/stations.csv", "data/public/tables/claims.csv",
    "data/public/tables/documents.csv", "data/public/tables/official_results.csv", TABLE,
)  # fmt: skip
CHANGES = {
    **{f"a byte of {name}": (flip(name), name) for name in FILES},
    **{f"a byte of {name}, lists brought up": (then(flip(name), relisted), said) for name, said in (
        ("bagit.txt", "bagit.txt"), ("bag-info.txt", "bag-info.txt"), ("case.json", "case.json"),
        (C, C), (P, P), ("proof/policy", "proof/policy"), ("VERIFY.txt", "VERIFY.txt"),
        ("proof/case.tlog-proof", "proof/case.tlog-proof"),
        ("proof/checkpoint-1.tsr", "proof/checkpoint-1.tsr"), (TABLE, M),
        ("data/public/findings.json", M), ("data/public/case.toml", M),
    )},
    "a figure of a protocol, all brought up": (
        then(edit(TABLE, b"accepted", b"rejected"), tags_of_case), "case.json"),
    "the text for readers, all brought up": (
        then(flip("VERIFY.txt"), tags_of_case), "case.json"),
    "the last byte of the log": (flip(C, 1.0), C),
    "the first byte of the checkpoint": (then(flip(P, 0.0), relisted), P),
    "the last signature": (then(flip(P, 0.97), relisted), P),
    "the root": (then(lines(P, lambda f: [*f[:2], f[2][::-1], *f[3:]]), relisted), P),
    "the size": (
        then(lines(P, lambda f: [f[0], b"9" + f[1], *f[2:]]), relisted), P),
    "the time of the log": (then(edit(P, b"time 2026", b"time 2025"), relisted), P),
    "the cosignature taken away": (
        then(lambda b: without_line(b / P, b"example.org/second"), relisted), P),
    "the log's signature taken away": (
        then(lambda b: without_line(b / P, "— example.org/belarus".encode()), relisted), P),
    "two files swapped": (swap("data/public/tables/areas.csv", "data/public/tables/claims.csv"),
                          "data/public/tables/areas.csv"),
    "two pictures swapped with their lists": (
        then(swap("data/public/tables/areas.csv", "data/public/tables/claims.csv"), relisted), M),
    "a line of the log dropped": (then(lines(C, lambda f: [*f[:5], *f[6:]]), relisted), C),
    "two lines of the log in another order": (
        then(lines(C, lambda f: [f[1], f[0], *f[2:]]), relisted), C),
    "a line of the log twice": (then(lines(C, lambda f: [f[0], *f]), relisted), C),
    "the log cut short": (then(lines(C, lambda f: f[:-1]), relisted), C),
    "the log torn": (then(lambda b: (b / C).write_bytes((b / C).read_bytes()[:-40]), relisted), C),
    "the log without its last line break": (
        then(lambda b: (b / C).write_bytes((b / C).read_bytes()[:-1]), relisted), C),
    "the log empty": (then(lines(C, lambda _f: []), relisted), C),
    "a reason in the log": (then(edit(C, b'"reason":null', b'"reason":"so"'), relisted), C),
    "an actor in the log": (then(edit(C, b'"role":"clerk"', b'"role":"chief"'), relisted), C),
    "another log of the same entries": (resigned, P),
    "the older checkpoint": (old_checkpoint, C),
    "the older checkpoint and log": (
        then(lambda b: shutil.copy(b.parent / "old-custody", b / C), old_checkpoint), "case.json"),
    "the index of the proof": (
        then(edit("proof/case.tlog-proof", b"index ", b"index 9"), relisted),
        "proof/case.tlog-proof"),
    "a hash of the proof dropped": (
        then(lines("proof/case.tlog-proof", lambda f: [*f[:2], *f[3:]]), relisted),
        "proof/case.tlog-proof"),
    "the head of the proof": (then(edit("proof/case.tlog-proof", b"@v1", b"@v2"), relisted),
                              "proof/case.tlog-proof"),
    "the timestamp taken away": (
        then(lambda b: (b / "proof/checkpoint-1.tsr").unlink(), relisted), "proof"),
    "the timestamp of the older bundle": (
        then(lambda b: shutil.copy(b.parent / "old.tsr", b / "proof/checkpoint-1.tsr"), relisted),
        "proof/checkpoint-1.tsr"),
    "an extra file": (extra("data/public/extra.csv"), "data/public/extra.csv"),
    "an extra file outside the payload": (extra("extra"), "extra"),
    "an extra file in a new folder": (extra("data/more/extra"), "data/more/extra"),
    "an extra file that is listed": (extra("data/public/extra.csv", listed=True), M),
    "an extra page outside the payload that is listed": (
        extra("READ-ME-FIRST.html", listed=True), "READ-ME-FIRST.html"),
    "an extra folder outside the payload that is listed": (
        extra("tables/protocols.csv", listed=True), "tables/protocols.csv"),
    "a file of that name - only, listed": (extra("-", listed=True), "-"),
    "a timestamp of another name, listed": (
        extra("proof/checkpoint-100.tsr", listed=True), "proof/checkpoint-100.tsr"),
    "a name that is too long": (
        extra("data/" + "/".join(["x" * 60] * 4), listed=True), M),
    "zeros in the log": (
        then(edit(C, b"{", b"{\0"), relisted), C),
    "zeros in a list": (lambda b: (b / T).write_bytes(b"\0" + (b / T).read_bytes()), T),
    "zeros in the proof": (
        then(edit("proof/case.tlog-proof", b"index", b"in\0dex"), relisted),
        "proof/case.tlog-proof"),
    "no word before the index": (
        then(edit("proof/case.tlog-proof", b"index ", b""), relisted), "proof/case.tlog-proof"),
    "more text in the proof": (
        then(edit("proof/case.tlog-proof", b"index", b"extra AAAA\nindex"), relisted),
        "proof/case.tlog-proof"),
    "a hash of the proof with more behind it": (
        then(lines("proof/case.tlog-proof", lambda f: [*f[:2], f[2] + b"!x", *f[3:]]), relisted),
        "proof/case.tlog-proof"),
    "a signature that is none": (
        then(lambda b: (b / P).write_bytes((b / P).read_bytes() + "— anything goes\n".encode()),
             relisted), P),
    "a hidden file": (extra("data/public/.extra"), "data/public/.extra"),
    "a hidden folder": (extra(".git/config"), ".git"),
    "a name with a space": (extra("data/a b"), "data/a b"),
    "a name with a line break": (extra("data/a\nb"), "data/a"),
    "a file removed": (lambda b: (b / TABLE).unlink(), TABLE),
    "a file removed from the list too": (then(lambda b: (b / TABLE).unlink(), relisted), M),
    "a file renamed": (lambda b: (b / TABLE).rename(b / "data/public/tables/protocol.csv"), TABLE),
    "a file renamed with its lists": (
        then(lambda b: (b / TABLE).rename(b / "data/public/tables/protocol.csv"), relisted), M),
    "a twin name in another alphabet": (twin, "laims.csv"),
    "a twin name that is listed": (listed_twin, "laims.csv"),
    "a link": (link, "VERIFY.txt"),
    "a link to a folder": (linked_folder, "proof"),
    "a pipe": (fifo, "VERIFY.txt"),
    "a folder for a file": (folder_for_file, "VERIFY.txt"),
    "a path that leads out": (escape, M),
    "an absolute path": (edit(M, b"  data/public/case.toml", b"  /etc/hostname"), M),
    "a line of the list twice": (lines(M, lambda f: [f[0], *f]), M),
    "the list in another order": (lines(M, lambda f: f[::-1]), M),
    "a list in capitals": (
        lambda b: (b / M).write_bytes((b / M).read_bytes().upper()), M),
    "a list with other line breaks": (
        lambda b: (b / M).write_bytes((b / M).read_bytes().replace(b"\n", b"\r\n")), M),
    "a line missing in the list": (lines(M, lambda f: f[1:]), M),
    "a list of tags that is empty": (lines(T, lambda _f: []), "VERIFY.txt"),
    "a list without its last line break": (
        lambda b: (b / T).write_bytes((b / T).read_bytes()[:-1]), T),
    "a payload file in the list of tags": (
        lambda b: (b / T).write_bytes((b / M).read_bytes().split(b"\n")[0] + b"\n"
                                      + (b / T).read_bytes()), T),
    "the size of the bag": (then(edit("bag-info.txt", b"Payload-Oxum: ", b"Payload-Oxum: 1"),
                                 relisted), "bag-info.txt"),
    "the version of BagIt": (then(edit("bagit.txt", b"1.0", b"0.9"), relisted), "bagit.txt"),
    "a title in case.json": (
        then(lambda b: recased(b, lambda h: h["case"].update(title="Other")), relisted),
        "case.json"),
    "a version in case.json": (
        then(lambda b: recased(b, lambda h: h.update(version=7)), relisted), "case.json"),
    "a file emptied": (lambda b: (b / "VERIFY.txt").write_bytes(b""), "VERIFY.txt"),
    "no checkpoint": (lambda b: (b / P).unlink(), P),
    "no log": (lambda b: (b / C).unlink(), C),
    "no policy": (then(lambda b: (b / "proof/policy").unlink(), relisted), "proof/policy"),
    "a checkpoint that is none": (then(lambda b: (b / P).write_bytes(b"hello\n"), relisted), P),
}  # fmt: skip


def test_there_are_enough_changes():
    assert len(CHANGES) >= 60


def test_an_untouched_bundle_passes(made, tmp_path):
    (tmp_path / "keys").write_bytes(made.trust())
    kept = (made.old / P).read_bytes()
    (tmp_path / "older").write_bytes(kept)
    assert by_program(made.bundle, made.trust(), kept) == (0, "")
    for number in range(len(SHELLS)):
        code, said = by_shell(made.bundle, tmp_path / "keys", tmp_path / "older", number)
        assert (code, said.splitlines()[-1]) == (0, "all checked"), said
        assert "an authority saw the checkpoint" in said
        code, said = by_shell(made.old, tmp_path / "keys", None, number)
        assert code == 0, said


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_found_by_both(made, copy, tmp_path, name):
    shutil.copy(made.old / P, tmp_path / "old-checkpoint")
    shutil.copy(made.old / C, tmp_path / "old-custody")
    shutil.copy(made.old / "proof/checkpoint-1.tsr", tmp_path / "old.tsr")
    (tmp_path / "keys").write_bytes(made.trust())
    change, file = CHANGES[name]
    change(copy)
    code, said = by_program(copy, made.trust())
    assert (code, file in said) == (1, True), said
    code, said = by_shell(copy, tmp_path / "keys", None, list(CHANGES).index(name))
    assert (code, file in said) == (1, True), said


@pytest.mark.parametrize("change", ["a byte of verify.sh", "verify.sh replaced"])
def test_a_changed_script_is_found_by_the_program_and_by_the_script_of_another(
    made, copy, tmp_path, change
):
    if change == "a byte of verify.sh":
        flip("verify.sh")(copy)
    else:
        (copy / "verify.sh").write_text("echo all checked\n")
    relisted(copy)
    code, said = by_program(copy, made.trust())
    assert (code, "verify.sh: is not the one that case.json names" in said) == (1, True)
    script = (made.bundle / "verify.sh").read_text().replace("here=${0%/*}", f"here={copy}")
    (tmp_path / "own.sh").write_text(script)
    (tmp_path / "keys").write_bytes(made.trust())
    done = subprocess.run(["sh", tmp_path / "own.sh", tmp_path / "keys"], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert (done.returncode, "wrong  verify.sh" in done.stdout) == (1, True), done.stdout


def other_keys(made):
    return {
        "another log": (made.trust(log=key(7, name="example.org/belarus")), P),
        "another witness": (made.trust(witness=key(7, made.witness.kind, made.witness.name)), P),
        "another authority": (made.trust(authority=made.other), "proof/checkpoint-1.tsr"),
    }


@pytest.mark.parametrize("name", ["another log", "another witness", "another authority"])
def test_other_keys_than_those_that_signed(made, tmp_path, name):
    keys, file = other_keys(made)[name]
    (tmp_path / "keys").write_bytes(keys)
    code, said = by_program(made.bundle, keys)
    assert (code, file in said) == (1, True), said
    for number in range(len(SHELLS)):
        code, said = by_shell(made.bundle, tmp_path / "keys", None, number)
        assert (code, file in said) == (1, True), said


def test_an_authority_that_had_ended(made, copy, tmp_path):
    ended = Authority(tmp_path / "ended", expired=True)
    text = parse_note((copy / P).read_bytes()).text.encode()
    (copy / "proof/checkpoint-1.tsr").write_bytes(ended.answer(request_for(text)))
    relisted(copy)
    keys = made.trust(authority=ended)
    (tmp_path / "keys").write_bytes(keys)
    for code, said in (by_program(copy, keys), by_shell(copy, tmp_path / "keys")):
        assert (code, "proof/checkpoint-1.tsr" in said) == (1, True), said


def test_a_forked_log_is_found_with_a_checkpoint_that_was_kept(made, copy, tmp_path):
    """The key itself signs another history; whoever kept a checkpoint sees it."""
    lines_ = (made.old / C).read_bytes().split(b"\n")[:-1]
    log = CustodyLog(tmp_path / "fork")
    with log.writing():
        log.append([*lines_[:-1], lines_[-1].replace(b"published", b"withdrawn")])
        note = log.publish(made.log, "2026-11-26T12:00:00Z")
    (tmp_path / "older").write_bytes(bytes(note))
    (tmp_path / "keys").write_bytes(made.trust())
    for code, said in (
        by_program(copy, made.trust(), bytes(note)),
        by_shell(copy, tmp_path / "keys", tmp_path / "older"),
    ):
        assert (code, "custody.jsonl: does not continue the log" in said) == (1, True), said


def der(kind, *parts):
    body = b"".join(parts)
    size = len(body)
    head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([kind]) + head + body


def with_status(response, text):
    """A response with a text beside its status, which nobody signs (RFC 3161, 2.4.2)."""
    start = 4 if response[1] == 0x82 else 2
    status_length = response[start + 1]
    token = response[start + 2 + status_length :]
    status = der(0x30, der(0x02, b"\0"), der(0x30, der(0x0C, text.encode())))
    return der(0x30, status, token)


@pytest.mark.parametrize(
    "text",
    [
        "\nTime stamp: Jan  1 00:00:00 1999 GMT\n",
        "\nTST info:\nTime stamp: Jan  1 00:00:00 1999 GMT\n",
        "\nTime stamp: Jan 1 00:00:00 a[$(echo${IFS}owned>PLACE)0] GMT\n",
    ],
)
def test_text_beside_a_timestamp_is_not_believed_and_not_run(made, copy, tmp_path, text):
    """What stands around a token is signed by nobody; with the root inside, openssl reads it."""
    note = parse_note((copy / P).read_bytes())
    response = made.authority.answer(request_for(note.text.encode()), with_root=True)
    changed = with_status(response, text.replace("PLACE", str(tmp_path / "owned")))
    (copy / "proof/checkpoint-1.tsr").write_bytes(changed)
    relisted(copy)
    (tmp_path / "keys").write_bytes(made.trust())
    found = verify(copy, parse_trust(made.trust()))
    assert found.wrong == []
    assert not any("1999" in said for said in found.good)
    for shell in (*SHELLS, ["bash"]):
        words = [*shell, str(copy / "verify.sh"), str(tmp_path / "keys")]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, "1999" in done.stdout) == (0, False), done.stdout + done.stderr
    assert not (tmp_path / "owned").exists()


def test_names_do_not_move_the_cursor(made, copy, tmp_path, capsys):
    (copy / "zz\x1b[2J\x1b[Hall checked\x1b[8m").write_text("x")
    (copy / "a\nok     all checked").write_text("x")
    (tmp_path / "keys").write_bytes(made.trust())
    code, said = by_shell(copy, tmp_path / "keys")
    assert main(["verify", str(copy), "--trust", str(tmp_path / "keys")]) == code == 1
    for text in (said, capsys.readouterr().out):
        assert "\x1b" not in text
        assert not any(line.startswith("ok     all checked") for line in text.splitlines())


def test_another_folder_is_not_checked_instead(made, copy, tmp_path):
    """CDPATH of the reader must not lead to another bundle of the same name."""
    flip(TABLE)(copy)
    (tmp_path / "keys").write_bytes(made.trust())
    for shell in SHELLS:
        done = subprocess.run(
            [*shell, "bundle/verify.sh", "keys"], cwd=tmp_path, text=True, capture_output=True,
            env={**os.environ, "CDPATH": str(made.folder)}, check=False,
        )  # fmt: skip
        assert (done.returncode, TABLE in done.stdout) == (1, True)


@pytest.mark.parametrize(
    "lines_",
    [
        ["log LOG", "group g 0 second", "quorum none"],
        ["log LOG", "quorum none", "quorum none"],
        ["log LOG", "log LOG", "quorum none"],
        ["log LOG", "witness other WITNESS", "quorum none"],
        ["log LOG", "quorum nobody"],
        ["quorum none"],
    ],
)
def test_keys_that_cannot_be_used_are_refused_by_both(made, tmp_path, lines_):
    text = "\n".join([f"witness second {made.witness.public}", *lines_, ""])
    text = text.replace("LOG", str(made.log.public)).replace("WITNESS", str(made.witness.public))
    (tmp_path / "keys").write_text(text)
    assert main(["verify", str(made.bundle), "--trust", str(tmp_path / "keys")]) == 2
    for number in range(len(SHELLS)):
        assert by_shell(made.bundle, tmp_path / "keys", None, number)[0] == 2


def test_keys_with_the_line_breaks_of_another_system(made, tmp_path):
    keys = made.trust().replace(b"\n", b"\r\n")
    (tmp_path / "keys").write_bytes(keys)
    assert by_program(made.bundle, keys) == (0, "")
    for number in range(len(SHELLS)):
        code, said = by_shell(made.bundle, tmp_path / "keys", None, number)
        assert code == 0, said


def test_what_cannot_be_checked_is_code_two(made, copy, tmp_path):
    (tmp_path / "keys").write_bytes(made.trust())
    (tmp_path / "bad").write_bytes(b"nonsense\n")
    assert by_shell(made.bundle, tmp_path / "none")[0] == 2
    assert by_shell(made.bundle, tmp_path / "bad")[0] == 2
    assert by_shell(made.bundle, tmp_path / "keys", tmp_path / "bad")[0] == 2
    assert by_program(made.bundle, made.trust(), b"nonsense")[0] == 2
    for name in (M, "case.json"):
        (copy / name).unlink()
    assert by_program(copy, made.trust())[0] == 2
    assert by_shell(copy, tmp_path / "keys")[0] == 2


def test_without_authorities_timestamps_are_said_to_be_unchecked(made, tmp_path):
    keys = made.trust().split(b"-----BEGIN")[0]
    (tmp_path / "keys").write_bytes(keys)
    found = verify(made.bundle, parse_trust(keys))
    assert found.wrong == []
    assert any("were not checked" in text for text in found.notes)
    code, said = by_shell(made.bundle, tmp_path / "keys")
    assert (code, "note   1 timestamps were not checked" in said) == (0, True)
