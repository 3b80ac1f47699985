"""Signed notes, checkpoints, cosignatures and trusted keys."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from pollwitness.evidence.events import EventError, parse_event
from pollwitness.evidence.keys import KeyFileError, _stretched, make_key, read_key
from pollwitness.evidence.metadata import extras_in
from pollwitness.evidence.notes import (
    COSIGNER,
    LOG,
    Checkpoint,
    LogProof,
    Note,
    NoteError,
    SigningKey,
    parse_checkpoint,
    parse_key,
    parse_note,
    parse_proof,
)
from pollwitness.evidence.trust import TrustError, parse_trust
from tests.evidence.vectors import vectors

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()


def key(number, kind=LOG, name=None):
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return SigningKey(name or f"example.org/{number}", kind, private)


TEXT = str(Checkpoint("example.org/1", 12, bytes(32), "2026-01-02T03:00:00Z"))


def test_the_example_of_the_specification():
    note = parse_note(NOTE)
    assert str(parse_key(VKEY)) == VKEY
    assert note.signed_by(parse_key(VKEY))
    assert bytes(note) == NOTE
    assert not Note(note.text.replace("is", "was"), note.signatures).signed_by(parse_key(VKEY))
    assert not note.signed_by(key(1).public)


def test_the_published_files(reference_data):
    folder = vectors(reference_data, "c2sp-signed-note")
    note = parse_note((folder / "example.note").read_bytes())
    assert note.signed_by(parse_key((folder / "example.vkey").read_text()))


@pytest.mark.parametrize(
    "content",
    [b"", b"text\n", b"text\n\n", b"text\n\nno dash\n", "text\n\n— a AAAA".encode(),
     "text\n\n— a b!c=\n".encode(), "te\txt\n\n— a AAAAAAA=\n".encode(), b"\xff\n\n\n",
     "text\n\n— a+b AAAAAAA=\n".encode(), b"x" * 1_000_001],
)  # fmt: skip
def test_what_is_no_note_is_refused(content):
    with pytest.raises(NoteError):
        parse_note(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(content):
    for parse in (parse_note, parse_proof):
        try:
            found = parse(content)
        except NoteError:
            continue
        assert bytes(found) == content


@pytest.mark.parametrize(
    "text", ["", "a+b+c", VKEY.replace("530d903a", "530d903b"), "x+00000000+AAAA",
             f"a b+{VKEY[16:]}", "no/kind+00000000+" + base64.b64encode(b"\x07" * 33).decode()],
)  # fmt: skip
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoteError):
        parse_key(text)


def test_signatures_of_logs_and_of_witnesses_do_not_stand_for_each_other():
    log, witness = key(1), key(1, COSIGNER)
    note = Note(TEXT, (log.sign(TEXT), witness.cosign(TEXT, 1_700_000_000)))
    assert note.signed_by(log.public)
    assert note.cosigned_by(witness.public) == 1_700_000_000
    assert note.cosigned_by(key(2, COSIGNER).public) is None
    later = witness.cosign(TEXT, 1_700_000_000)
    moved = type(later)(later.name, later.key_hash, (5).to_bytes(8, "big") + later.content[8:])
    assert Note(TEXT, (moved,)).cosigned_by(witness.public) is None
    assert len(note.with_signatures([later, moved]).signatures) == 3


def test_checkpoints():
    found = parse_checkpoint(TEXT)
    assert (found.origin, found.size, found.stated_at) == (
        "example.org/1",
        12,
        "2026-01-02T03:00:00Z",
    )
    assert str(found) == TEXT
    for wrong in ("a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "\n1\nAAAA\n"):
        with pytest.raises(NoteError):
            parse_checkpoint(wrong)


def test_proofs_are_read_as_they_are_written():
    proof = LogProof(3, (bytes(32), b"\x01" * 32), Note(TEXT, (key(1).sign(TEXT),)))
    assert parse_proof(bytes(proof)) == proof
    extra = bytes(proof).replace(b"index 3", b"extra AAAA\nindex 3")
    assert parse_proof(extra) == proof
    for old, new in ((b"index 3", b"index 03"), (b"@v1", b"@v2"), (b"index", b"place"),
                     (b"AAAA=", b"AAA")):  # fmt: skip
        with pytest.raises(NoteError):
            parse_proof(bytes(proof).replace(old, new, 1))


def test_published_checkpoints(reference_data):
    folder = vectors(reference_data, "tlog-tiles-log") / "testdata" / "log"
    sizes = {
        parse_checkpoint(parse_note(f.read_bytes()).text).size for f in folder.glob("checkpoint*")
    }
    assert sizes >= set(range(1, 6))


def policy(*lines):
    return ("\n".join(lines) + "\n").encode()


def test_trusted_keys_with_groups_within_groups():
    names = ["a", "b", "c", "d"]
    keys = {name: key(n, COSIGNER) for n, name in enumerate(names, start=10)}
    lines = [f"log {key(1).public} https://example.org/"]
    lines += [f"witness {name} {one.public}" for name, one in keys.items()]
    trust = parse_trust(policy("# comment", *lines, "group few 2 a b c", "group both all few d",
                               "quorum both"))  # fmt: skip
    note = Note(TEXT, (key(1).sign(TEXT), *(keys[n].cosign(TEXT, 7) for n in "abd")))
    assert trust.log_of(note) == key(1).public
    assert trust.cosigners(note) == {"a": 7, "b": 7, "d": 7}
    assert trust.is_enough({"a", "b", "d"})
    assert not trust.is_enough({"a", "b", "c"})
    assert not trust.is_enough({"a", "d"})
    assert trust.log_of(Note(TEXT, (key(2).sign(TEXT),))) is None


def test_everything_wrong_with_trusted_keys_is_named():
    log, witness = key(1).public, key(2, COSIGNER).public
    content = policy(f"log {witness}", f"witness w {log}", f"witness none {witness}", "group g 3 x",
                     "nonsense", "log zzz", "quorum nobody", "quorum none")  # fmt: skip
    with pytest.raises(TrustError) as refused:
        parse_trust(content)
    text = str(refused.value)
    for part in (
        "line 1: the key of", "line 2: the key of", "line 3: the name none", "line 4: x is",
        "line 5: it does not begin with log",
        "line 6: 'zzz'", "line 7: nobody", "one line with quorum",
        "no line with log",
    ):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["group g 2 w"], "2 is not any, all"),
        (["group g all w w"], "w is not named above, or is a member twice"),
        (["group w all w"], "the name w is taken"),
        (["witness v KEY"], "stands there twice"),
        (["log LOG"], "stands there twice"),
    ],
)
def test_mistakes_in_groups_and_doubles(lines, said):
    log, witness = key(1).public, key(2, COSIGNER).public
    filled = [line.replace("KEY", str(witness)).replace("LOG", str(log)) for line in lines]
    with pytest.raises(TrustError, match=said):
        parse_trust(policy(f"log {log}", f"witness w {witness}", *filled, "quorum none"))


def test_certificates_stand_below_the_policy():
    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    trust = parse_trust(policy(f"log {key(1).public}", "quorum none") + (pem * 2).encode())
    assert len(trust.authorities) == 2


def test_keys_are_files_of_their_owner_under_a_passphrase(tmp_path):
    made = make_key(tmp_path / "k" / "log.key", "example.org/log", role="log", passphrase="p" * 12)
    file = tmp_path / "k" / "log.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_key(file, "p" * 12).public == made.public
    assert (tmp_path / "k" / "log.key.pub").read_text() == f"{made.public}\n"
    assert b"ENCRYPTED PRIVATE KEY" in file.read_bytes()
    raw = made.private.private_bytes_raw()
    assert raw not in file.read_bytes()
    with pytest.raises(KeyFileError, match="passphrase"):
        read_key(file, "another one")
    with pytest.raises(KeyFileError, match="never overwritten"):
        make_key(file, "example.org/log", role="log", passphrase="p" * 12)
    for name, phrase in (("a b", "p" * 12), ("a+b", "p" * 12), ("ok", "short")):
        with pytest.raises(KeyFileError):
            make_key(tmp_path / "other", name, role="log", passphrase=phrase)
    for old, new in ((b"role: log", b"role: witness"), (b"name: example", b"name: sample")):
        (tmp_path / "changed.key").write_bytes(file.read_bytes().replace(old, new))
        with pytest.raises(KeyFileError, match="or the file was changed"):
            read_key(tmp_path / "changed.key", "p" * 12)
    (tmp_path / "no.key").write_text("hello")
    with pytest.raises(KeyFileError, match="no key made by"):
        read_key(tmp_path / "no.key", "p" * 12)


def test_a_checkpoint_without_a_time():
    text = str(Checkpoint("example.org/1", 0, bytes(32)))
    assert parse_checkpoint(text) == Checkpoint("example.org/1", 0, bytes(32))


def test_a_key_of_another_kind_in_a_file_of_ours(tmp_path):
    make_key(tmp_path / "log.key", "example.org/log", role="log", passphrase="p" * 12)
    content = (tmp_path / "log.key").read_bytes()
    head = content[: content.index(b"-----BEGIN")]
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_stretched("p" * 12, head))
    )
    (tmp_path / "other.key").write_bytes(head + other)
    with pytest.raises(KeyFileError, match="holds no Ed25519 key"):
        read_key(tmp_path / "other.key", "p" * 12)


@given(st.binary(max_size=300))
def test_any_bytes_are_trusted_keys_or_refused(content):
    with pytest.raises(TrustError):
        parse_trust(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_refused(content):
    with pytest.raises(EventError):
        parse_event(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_are_read_for_what_they_carry(content, head):
    assert extras_in(head + content)
