"""The archive of a case: what comes in, what is refused, what may be published, what is wrong."""

import errno
import hashlib
import io
import json
import re
import stat
import sys
import zipfile
import zlib
from io import FileIO
from pathlib import Path

import polars as pl
import pytest

from pollwitness.bundle.seal import Wishes, seal
from pollwitness.case import read_case, write_case
from pollwitness.case.evidence import (
    Whose,
    _alone,
    add_files,
    evidence_problems,
    files_below,
    look_at,
    publish_files,
)
from pollwitness.errors import QuestionError
from pollwitness.evidence.archive import Archive, _Limited, copy_hashed, members_of
from pollwitness.evidence.events import (
    Chains,
    EventError,
    check_signature,
    commitment_to,
    parse_event,
)
from pollwitness.evidence.log import CustodyLog, LogError
from pollwitness.evidence.pictures import ExtraMissingError, Look
from pollwitness.evidence.sniffing import FileRefusedError
from pollwitness.tables import shown_tables
from tests.build import form, small_tables
from tests.bundle.made import NOON, key

try:
    from PIL import Image

    from tests.evidence.test_pictures import sheet, telling
except (ImportError, pytest.skip.Exception):
    pytest.skip("the extra for pictures is not installed", allow_module_level=True)


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "case"
    write_case(small_tables(protocols=[form("s1", 1, 2)]), folder)
    return folder


@pytest.fixture
def whose(case):
    return Whose(read_case(case).tables.table("documents")["document_id"][0], "s1", key(1), NOON)


def nothing(_count):
    """No progress."""


def added(case, whose, *paths):
    return add_files(case, list(files_below(paths)), whose, nothing)


def rows(case):
    return read_case(case).tables.table("evidence")


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/"), content)
    return path


def test_files_come_in_once_and_their_events_say_nothing_of_them(case, whose, tmp_path):
    (tmp_path / "a.jpg").write_bytes(telling(sheet(1)))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/n.txt").write_text("secret words")
    found = added(case, whose, tmp_path / "a.jpg", tmp_path / "notes")
    assert [len(found.rows), found.known, found.refused] == [2, [], []]
    table = rows(case)
    assert set(table["name"]) == {"a.jpg", "notes/n.txt"}
    assert set(table["visibility"]) == {"restricted"}
    for row in table.iter_rows(named=True):
        path = Archive(case / "evidence").path_of(row["sha256"])
        assert path.stat().st_size == row["bytes"]
        assert not stat.S_IMODE(path.stat().st_mode) & 0o222
    log = (case / "log/custody.jsonl").read_text()
    for digest, name in table.select("sha256", "name").iter_rows():
        assert digest not in log
        assert name.split("/")[-1] not in log
    assert "12:00:00Z" in log
    event = parse_event(next(CustodyLog(case / "log").entries()))
    row = table.filter(pl.col("evidence_id") == event.item.split("/")[1]).to_dicts()[0]
    assert event.commitment == commitment_to(bytes.fromhex(row["salt"]), row["sha256"])
    again = added(case, whose, tmp_path / "a.jpg", tmp_path / "notes")
    assert [again.rows, len(again.known)] == [[], 2]
    assert rows(case).equals(table)
    assert evidence_problems(case, nothing) == []


def test_the_hour_of_a_file_is_public_and_the_minute_is_not(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    later = Whose(whose.document_id, None, key(1), "2026-11-26T12:34:56Z")
    added(case, later, tmp_path / "n.txt")
    assert rows(case)["received_at"].to_list() == ["2026-11-26T12:34:56Z"]
    assert "12:34" not in (case / "log/custody.jsonl").read_text()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", b"", "is empty"),
        ("a.jpg", b"%PDF-1.4 x", "the name ends in .jpg and the file is application/pdf"),
        ("a.bin", b"\x00\x01\x02\x03", "of no type that the archive takes"),
        ("a.txt", b"text\x00more", "of no type"),
        ("a.exe", b"MZ\x90\x00", "of no type"),
        ("a.gif", b"GIF89a/*<script>alert(1)</script>", "a page with scripts at once"),
        ("a.gif", b"GIF89a  %PDF-1.4", "a PDF at once"),
        ("a.gif", b"GIF89a" + b"PK\x05\x06" + b"\0" * 18, "a ZIP archive at once"),
    ],
)
def test_what_is_not_taken(case, whose, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    ((file, why),) = added(case, whose, tmp_path / name).refused
    assert (file, said in why) == (name, True), why
    assert list(Archive(case / "evidence").files()) == []
    assert not list((case / "evidence").glob(".*part")), "nothing is left beside the archive"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", b"\0\0\0\x18ftypisom"),
        ("a.heic", b"\0\0\0\x18ftypheic"),
        ("a.mov", b"\0\0\0\x14ftypqt  "),
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.ogg", b"OggS\0"),
        ("a.txt", "слово".encode()),
        ("a.csv", b"a,b\n"),
    ],
)
def test_what_is_taken_and_not_published(case, whose, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    (row,) = added(case, whose, tmp_path / name).rows
    found = publish_files(case, [row["evidence_id"]], whose)
    if row["media_type"] == "text/plain":
        assert len(found.rows) == 1
    else:
        ((_name, why),) = found.refused
        assert "no public copy" in why


def test_files_in_a_zip_come_in_by_themselves(case, whose, tmp_path):
    stream = io.BytesIO()
    sheet(1).save(stream, "PNG")
    path = packed(tmp_path / "z.zip", in__a_png=stream.getvalue(), n="hello")
    assert [len(added(case, whose, path).rows), set(rows(case)["media_type"])] == [
        2, {"image/png", "text/plain"},
    ]  # fmt: skip
    assert set(rows(case)["name"]) == {"z.zip/in/a_png", "z.zip/n"}


def _link(path):
    with zipfile.ZipFile(path, "w") as target:
        one = zipfile.ZipInfo("link")
        one.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(one, "/etc/passwd")
    return path


def _lying(path):
    """A member that is longer than its ZIP says."""
    packed(path, n="a" * 5_000)
    content = bytearray(path.read_bytes())
    for mark in (b"PK\x01\x02", b"PK\x03\x04"):
        at = content.index(mark) + (24 if mark == b"PK\x01\x02" else 22)
        content[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: packed(p, big="a" * 5_000_000), "unpacks to far more than it is"),
        (lambda p: packed(p, **{"..__up": "x"}), "leads out of it"),
        (lambda p: packed(p, __etc__x="x"), "leads out of it"),
        (lambda p: packed(p, **{"C:__x": "x"}), "leads out of it"),
        (_link, "holds a link"),
        (lambda p: p.write_bytes(b"PK\x03\x04 torn") and p, "cannot be read"),
    ],
)
def test_zips_made_to_do_harm_are_refused(case, whose, tmp_path, make, said):
    ((_file, why),) = added(case, whose, make(tmp_path / "z.zip")).refused
    assert said in why
    assert rows(case).is_empty()


def test_a_member_gives_no_more_than_its_zip_says(tmp_path):
    _name, stream = next(members := members_of(_lying(tmp_path / "z.zip")))
    with pytest.raises(FileRefusedError, match="cannot be read"):
        list(iter(lambda: stream.read(1 << 20), b""))
    members.close()
    with pytest.raises(FileRefusedError, match="longer than the ZIP says"):
        _Limited(io.BytesIO(b"more than announced"), 3).read(100)


def test_too_many_files_and_bytes_in_a_zip(tmp_path, monkeypatch):
    path = packed(tmp_path / "z.zip", a="1", b="2")
    monkeypatch.setattr("pollwitness.evidence.archive.MOST_MEMBERS", 1)
    with pytest.raises(FileRefusedError, match="more than 1 files"):
        list(members_of(path))
    monkeypatch.setattr("pollwitness.evidence.archive.MOST_MEMBERS", 5)
    monkeypatch.setattr("pollwitness.evidence.archive.MOST_UNPACKED", 1)
    with pytest.raises(FileRefusedError, match="unpacks to more"):
        list(members_of(path))


def test_an_encrypted_zip_is_refused(tmp_path):
    path = packed(tmp_path / "z.zip", a="1")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match="is encrypted"):
        list(members_of(path))


def test_a_file_that_is_too_large(case, whose, tmp_path, monkeypatch):
    monkeypatch.setattr("pollwitness.evidence.archive.MOST_BYTES", 3)
    (tmp_path / "n.txt").write_text("long")
    ((_file, why),) = added(case, whose, tmp_path / "n.txt").refused
    assert "larger than" in why


def test_interrupted_work_goes_on(case, whose, tmp_path, monkeypatch):
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text(f"text {number}")
    monkeypatch.setattr("pollwitness.case.evidence.A_BATCH", 2)
    seen = []

    def stop(_count):
        seen.append(1)
        if len(seen) == 6:
            raise KeyboardInterrupt

    paths = sorted(tmp_path.glob("*.txt"))
    with pytest.raises(KeyboardInterrupt):
        add_files(case, list(files_below(paths)), whose, stop)
    there = rows(case).height
    assert there >= 4
    found = added(case, whose, *paths)
    assert [len(found.rows), len(found.known)] == [7 - there, there]
    assert rows(case).height == 7
    assert evidence_problems(case, nothing) == []


def test_documents_and_stations_must_be_there(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    for wrong in (
        Whose("nowhere", None, key(1), NOON),
        Whose(whose.document_id, "s99", key(1), NOON),
    ):
        with pytest.raises(QuestionError, match="add it first"):
            added(case, wrong, tmp_path / "n.txt")
    with pytest.raises(QuestionError, match="has no evidence_id"):
        publish_files(case, ["e-0"], whose)


def test_pictures_are_looked_at_once_and_published_clean(case, whose, tmp_path):
    (tmp_path / "a.jpg").write_bytes(telling(sheet(1)))
    (tmp_path / "torn.jpg").write_bytes(telling(sheet(2))[:700])
    made = added(case, whose, tmp_path / "a.jpg", tmp_path / "torn.jpg").rows
    done, refused = look_at(case, nothing)
    assert (done, len(refused)) == (1, 1)
    row = rows(case).filter(pl.col("name") == "a.jpg").to_dicts()[0]
    assert (row["captured_at"], row["device"]) == ("2020:08:09 21:14:00", "Maker Phone 7")
    assert len(row["perceptual_hash"]) == 64
    assert look_at(case, nothing)[0] == 0
    found = publish_files(case, [one["evidence_id"] for one in made], whose)
    assert (len(found.rows), len(found.refused)) == (1, 1)
    assert publish_files(case, [row["evidence_id"]], whose).known == [row["evidence_id"]]
    shown = shown_tables(read_case(case).tables).table("evidence")
    assert shown["visibility"].to_list() == ["public"]
    assert shown["parent_id"].to_list() == [row["evidence_id"]]
    for column in ("received_at", "salt", "name", "captured_at", "place", "device", "codes"):
        assert shown[column].to_list() == [None]
    assert evidence_problems(case, nothing) == []
    assert not list((case / "evidence").glob(".*part"))


def test_members_that_are_too_large_or_damaged_while_they_are_read(
    case, whose, tmp_path, monkeypatch
):
    path = packed(tmp_path / "z.zip", n="hello")
    monkeypatch.setattr("pollwitness.evidence.archive.MOST_BYTES", 200)
    monkeypatch.setattr("pollwitness.evidence.archive._Limited.read", lambda *_a: b"x" * 300)
    ((_file, why),) = added(case, whose, path).refused
    assert "larger than" in why
    monkeypatch.undo()

    def damaged(*_arguments):
        raise zlib.error("damaged")

    monkeypatch.setattr("zipfile.ZipFile.open", damaged)
    ((_file, why),) = added(case, whose, path).refused
    assert "cannot be read: damaged" in why


def test_a_file_that_becomes_shorter_while_it_is_copied(tmp_path, monkeypatch):
    (tmp_path / "source").write_bytes(b"content")
    monkeypatch.setattr("os.preadv", lambda *_a: 0)
    with pytest.raises(OSError, match="became shorter"):
        copy_hashed(tmp_path / "source", tmp_path / "target")


def test_large_files_are_copied_part_by_part(tmp_path, monkeypatch):
    monkeypatch.setattr("pollwitness.evidence.archive._PART", 1_000)
    monkeypatch.setattr("pollwitness.evidence.archive._CHUNK", 300)
    content = bytes(range(256)) * 17
    (tmp_path / "source").write_bytes(content)
    told = []
    digest, size = copy_hashed(tmp_path / "source", tmp_path / "target", told.append)
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (sum(told), (tmp_path / "target").read_bytes()) == (len(content), content)


def test_what_lies_under_transparent_parts_is_not_uncovered(case, whose, tmp_path):
    picture = sheet(1).convert("RGBA")
    picture.paste((200, 0, 0, 0), (100, 100, 300, 300))
    picture.save(tmp_path / "a.png")
    (row,) = added(case, whose, tmp_path / "a.png").rows
    (copy,) = publish_files(case, [row["evidence_id"]], whose).rows
    with Image.open(Archive(case / "evidence").path_of(copy["sha256"])) as shown:
        assert min(shown.getpixel((200, 200))) > 240


@pytest.mark.parametrize("name", [" a.txt ", "a\tb.txt", "x" * 199 + " b", "\u0085a.txt"])
def test_names_that_no_table_could_hold(case, whose, tmp_path, name):
    (tmp_path / "n.txt").write_text("x")
    found = add_files(case, [(name, tmp_path / "n.txt")], whose, nothing)
    assert len(found.rows) == 1
    assert rows(case)["name"][0] == rows(case)["name"][0].strip()


def test_codes_that_no_table_could_hold(case, whose, tmp_path, monkeypatch):
    sheet(1).save(tmp_path / "a.png")
    added(case, whose, tmp_path / "a.png")
    look = Look(None, 1, 1, "0" * 64, 100, ("a\rb\tc\x7f", " d\u0085"), " t ", None, "\n")
    monkeypatch.setattr("pollwitness.case.evidence.looks", lambda _pictures: iter([look]))
    look_at(case, nothing)
    assert rows(case)["codes"].to_list() == ["a b c  ¶  d"]


def test_two_programs_do_not_add_at_once(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    with _alone(case), pytest.raises(LogError, match="another program adds evidence"):
        added(case, whose, tmp_path / "n.txt")


def test_a_full_disk_keeps_nothing_that_is_not_whole(tmp_path, monkeypatch):
    """Short writes are continued; a file that cannot be written whole is not kept."""
    written = []

    def short(handle, content):
        written.append(len(content))
        return real(handle, bytes(content)[:7])

    source = tmp_path / "source"
    source.write_bytes(b"0123456789" * 3)
    monkeypatch.delattr("os.copy_file_range")
    real = FileIO.write

    class Short(FileIO):
        def write(self, content):
            return short(self, content)

    monkeypatch.setattr(Path, "open", lambda self, mode, **_k: Short(self, mode.replace("b", "")))
    digest, size = copy_hashed(source, tmp_path / "target")
    monkeypatch.undo()
    assert (size, (tmp_path / "target").read_bytes()) == (30, source.read_bytes())
    assert digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert len(written) == 5


def test_copies_between_file_systems_are_made_by_hand(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.EXDEV, "another file system")

    (tmp_path / "source").write_bytes(b"content")
    monkeypatch.setattr("os.copy_file_range", refuse)
    assert copy_hashed(tmp_path / "source", tmp_path / "a")[1] == 7
    monkeypatch.setattr("os.copy_file_range", lambda *_a: 0)
    assert copy_hashed(tmp_path / "source", tmp_path / "b")[1] == 7

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("os.copy_file_range", full)
    with pytest.raises(OSError, match="no space"):
        copy_hashed(tmp_path / "source", tmp_path / "c")


@pytest.mark.parametrize("name", [".", "", "a/"])
def test_members_without_a_name(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as target:
        target.writestr(zipfile.ZipInfo(name or "x"), "content")
    if not name:
        content = (tmp_path / "z.zip").read_bytes().replace(b"x", b".")
        (tmp_path / "z.zip").write_bytes(content)
    if name == "a/":
        assert list(members_of(tmp_path / "z.zip")) == []
    else:
        with pytest.raises(FileRefusedError):
            list(members_of(tmp_path / "z.zip"))


def test_damaged_members_are_refused_and_the_others_stay(case, whose, tmp_path):
    (tmp_path / "g.txt").write_text("good")
    path = packed(tmp_path / "z.zip", n="hello " * 500)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x03\x04") + 31
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    found = added(case, whose, tmp_path / "g.txt", path)
    assert [len(found.rows), len(found.refused)] == [1, 1]
    assert evidence_problems(case, nothing) == []


def test_a_list_of_files_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    path = packed(tmp_path / "z.zip", a="1")
    monkeypatch.setattr("pollwitness.evidence.archive._MOST_DIRECTORY", 10)
    with pytest.raises(FileRefusedError, match="too long a list"):
        list(members_of(path))
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x05\x06")
    content[at + 12 : at + 16] = b"\xff" * 4
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match="too long a list"):
        list(members_of(path))
    path.write_bytes(content[:at])
    with pytest.raises(FileRefusedError, match="it has no end"):
        list(members_of(path))


def test_looking_is_noted_batch_by_batch(case, whose, tmp_path, monkeypatch):
    monkeypatch.setattr("pollwitness.case.evidence.A_BATCH", 1)
    for number in range(3):
        sheet(number).save(tmp_path / f"{number}.png")
    added(case, whose, *(tmp_path / f"{number}.png" for number in range(3)))
    assert look_at(case, nothing) == (3, [])
    assert rows(case)["perceptual_hash"].null_count() == 0


def test_a_copy_that_still_tells_is_not_published(case, whose, tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(telling(sheet(1)))
    (row,) = added(case, whose, tmp_path / "a.jpg").rows
    monkeypatch.setattr("pollwitness.case.evidence.extras_in", lambda _content: ["a comment"])
    ((_name, why),) = publish_files(case, [row["evidence_id"]], whose).refused
    assert why == "the public copy still carries a comment"


def test_without_the_extra_the_mend_is_named(case, monkeypatch):
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(ExtraMissingError, match="pip install"):
        look_at(case, nothing)


def test_everything_that_is_wrong_with_an_archive_is_named(case, whose, tmp_path):
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"text {number}")
    added(case, whose, *(tmp_path / f"{n}.txt" for n in range(4)))
    log = CustodyLog(case / "log")
    with log.writing():
        log.publish(key(1), NOON)
    first, second, third, _fourth = Archive(case / "evidence").files()
    first.chmod(0o644)
    first.write_text("changed")
    second.unlink()
    third.unlink()
    third.symlink_to("/etc/hostname")
    (case / "evidence/aa").mkdir(exist_ok=True)
    (case / "evidence/aa/extra").write_text("x")
    lines = (case / "log/custody.jsonl").read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b'"commitment":"', b'"commitment":"0')[:-1] + b"}"
    lines[2] = lines[2].replace(b"clerk", b"chief")
    lines[3] = lines[3].replace(b'"sequence":1', b'"sequence":2')
    (case / "log/custody.jsonl").write_bytes(b"\n".join(lines))
    found = dict(evidence_problems(case, nothing))
    assert found[str(first.relative_to(case))] == "is not what its name says: it was changed"
    assert found[str(second.relative_to(case))].startswith("is missing")
    assert found["evidence/aa/extra"]
    assert "not what was signed" in found["log"] or "custody.jsonl" in found["log"]
    for number, said in (
        (2, "no custody event|canonical|signature"),
        (3, "signature"),
        (4, "follow"),
    ):
        assert re.search(said, found[f"log/custody.jsonl, line {number}"])


def test_events_of_other_items_are_passed_over(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    added(case, whose, tmp_path / "n.txt")
    seal(case, tmp_path / "bundle", Wishes(key(1), NOON, 1))
    assert evidence_problems(case, nothing) == []


def test_an_event_about_another_file_is_named(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    added(case, whose, tmp_path / "n.txt")
    path = case / "tables/evidence.csv"
    salt = rows(case)["salt"][0]
    path.write_text(path.read_text().replace(salt, "0" * 64))
    ((where, what),) = evidence_problems(case, nothing)
    assert where == "log/custody.jsonl, line 1"
    assert what.startswith("is not about the file")


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line[:-1],
        lambda line: line.replace(b'"received"', b'"eaten"'),
        lambda line: line.replace(b":", b": "),
        lambda line: json.dumps(json.loads(line), sort_keys=False).encode() + b" ",
        lambda _line: b"[]",
        lambda _line: b"[" * 100_000,
    ],
)
def test_what_is_no_event_is_refused(case, whose, tmp_path, change):
    (tmp_path / "n.txt").write_text("x")
    added(case, whose, tmp_path / "n.txt")
    line = next(CustodyLog(case / "log").entries())
    assert parse_event(line)
    with pytest.raises(EventError):
        parse_event(change(line))
    with pytest.raises(EventError, match=r"custody\.jsonl, line 2"):
        Chains.of([line, change(line)])


def test_signatures_of_events(case, whose, tmp_path):
    (tmp_path / "n.txt").write_text("x")
    added(case, whose, tmp_path / "n.txt")
    line = next(CustodyLog(case / "log").entries())
    check_signature(parse_event(line))
    for old, new in (
        (b'"role":"clerk"', b'"role":"chief"'),
        (b"example.org/1+", b"example.org/2+"),
    ):
        with pytest.raises(EventError):
            check_signature(parse_event(line.replace(old, new)))
