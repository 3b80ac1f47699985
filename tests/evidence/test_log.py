"""The log on disk: tiles as published, proofs, and a process killed at any moment."""

import os
import signal
import time

import numpy as np
import pytest

from pollwitness.evidence.log import CustodyLog, LogError
from pollwitness.evidence.merkle import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    leaf_hash,
    range_hash,
    root_of,
)
from pollwitness.evidence.notes import parse_checkpoint, parse_note
from pollwitness.evidence.tiles import (
    TileError,
    bundle_of,
    entries_in,
    hashes_from,
    tile_path,
)
from tests.evidence.test_notes import key
from tests.evidence.vectors import vectors

NOW = "2026-11-26T09:00:00Z"


def grown(folder, *counts):
    """A log published after each of these numbers of entries."""
    log, made = CustodyLog(folder), 0
    for count in counts:
        with log.writing():
            log.append([f"line {n}".encode() for n in range(made, made + count)])
            log.publish(key(1), NOW)
        made += count
    return log


def test_paths_of_tiles():
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path("entries", 1234, 7) == "tile/entries/x001/234.p/7"


@pytest.mark.parametrize("counts", [(1,), (256,), (255, 1, 1), (300, 700), (1, 65_536, 600)])
def test_tiles_give_the_root_and_every_proof(tmp_path, counts):
    log = grown(tmp_path / "log", *counts)
    note = log.note()
    found = parse_checkpoint(note.text)
    leaves = [leaf_hash(line) for line in log.entries()]
    assert note.signed_by(key(1).public)
    assert (found.size, found.root) == (sum(counts), root_of(leaves))
    for index in {0, 1, found.size // 2, found.size - 2, found.size - 1} & set(range(found.size)):
        proof = log.proof(index)
        check_inclusion(index, found.size, leaves[index], proof.hashes, found.root)
    node = hashes_from(found.size, lambda path: (log.folder / path).read_bytes())
    for old in {1, found.size // 3, found.size - 1} - {0}:
        check_consistency(old, found.size, consistency_proof(old, found.size, node),
                          root_of(leaves[:old]), found.root)  # fmt: skip


def test_growing_step_by_step_gives_the_files_of_one_step(tmp_path):
    """Only tiles of the last checkpoint are left, the same bytes whatever the steps were."""
    one = grown(tmp_path / "one", 1000)
    many = grown(tmp_path / "many", 1, 254, 2, 343, 400)
    files = [
        {
            str(p.relative_to(log.folder)): p.read_bytes()
            for p in log.folder.rglob("*")
            if p.is_file()
        }
        for log in (one, many)
    ]
    assert files[0] == files[1]


def test_published_log(reference_data):
    """Entries, tiles and checkpoints of another implementation."""
    folder = vectors(reference_data, "tlog-tiles-log") / "testdata" / "log"
    entries = entries_in((folder / "tile/entries/000.p/15").read_bytes())
    for size in range(1, 16):
        found = parse_checkpoint(parse_note((folder / f"checkpoint.{size}").read_bytes()).text)
        node = hashes_from(size, lambda path: (folder / path).read_bytes())
        assert found.size == size
        assert found.root == root_of(map(leaf_hash, entries[:size])) == range_hash(0, size, node)
        bundle = (folder / tile_path("entries", 0, size)).read_bytes()
        assert bundle == bundle_of(entries[:size])


def test_what_is_no_entry_is_refused(tmp_path):
    log = CustodyLog(tmp_path)
    with log.writing():
        for line in (b"", b"two\nlines"):
            with pytest.raises(LogError):
                log.append([line])
        with pytest.raises(TileError):
            log.append([b"x" * 65_536])
    assert list(log.entries()) == []
    with pytest.raises(TileError):
        entries_in(b"\x00\x05abc")


def test_one_writer_at_a_time(tmp_path):
    log = CustodyLog(tmp_path)
    with (
        log.writing(),
        pytest.raises(LogError, match="another program"),
        CustodyLog(tmp_path).writing(),
    ):
        pass


def test_a_rewritten_journal_or_tile_is_not_signed(tmp_path):
    log = grown(tmp_path / "log", 300)
    tile = log.folder / tile_path(0, 1, 44)
    whole = tile.read_bytes()
    tile.write_bytes(whole[:-1] + b"?")
    with log.writing():
        log.append([b"more"])
        with pytest.raises(LogError, match="not those of the checkpoint"):
            log.publish(key(1), NOW)
        tile.write_bytes(whole)
        with pytest.raises(LogError, match=r"the log is that of example\.org/1"):
            log.publish(key(2), NOW)
        log.publish(key(1), NOW)
    assert log.checkpoint().size == 301
    with pytest.raises(LogError, match="no checkpoint"):
        CustodyLog(tmp_path / "other").proof(0)


def test_publishing_again_without_news_changes_nothing(tmp_path):
    log = grown(tmp_path / "log", 3)
    assert log.problems() == []
    before = log.note()
    with log.writing():
        assert log.publish(key(1), "2027-01-01T00:00:00Z") == before


def _writer(folder, pipe, rng):
    """Append and publish until killed; tell the number of entries after each return."""
    log = CustodyLog(folder)
    with log.writing():
        number = len(list(log.entries()))
        while True:
            more = range(number, number + int(rng.integers(1, 40)))
            log.append([f"entry {n} {'x' * (n % 90)}".encode() for n in more])
            number = more.stop
            os.write(pipe, number.to_bytes(8, "big"))
            if rng.random() < 0.7:
                log.publish(key(1), NOW)


def _killed_writer(folder, seed, seconds):
    """How many entries a writer had said to be on the disk when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _writer(folder, writing, np.random.default_rng(seed))
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = os.read(reading, 1 << 20)
    os.close(reading)
    return int.from_bytes(told[-8:], "big")


def test_killed_at_any_moment_the_log_verifies(tmp_path):
    """200 writers are killed; nothing acknowledged is lost, and the log goes on."""
    folder, rng = tmp_path / "log", np.random.default_rng(6)
    folder.mkdir()
    acknowledged, log = 0, CustodyLog(folder)
    for number in range(200):
        told = _killed_writer(folder, number, rng.random() * 0.015)
        acknowledged = max(acknowledged, told)
        entries = list(log.entries())
        assert len(entries) >= acknowledged
        note = log.note()
        if note is not None:
            found = parse_checkpoint(note.text)
            assert note.signed_by(key(1).public)
            assert found.root == root_of(map(leaf_hash, entries[: found.size]))
            log.proof(found.size - 1)
    assert [int(e.split()[1]) for e in entries] == list(range(len(entries)))
    assert len(entries) > 500
    with log.writing():
        log.append([b"the end"])
        log.publish(key(1), NOW)
    assert log.checkpoint().size == len(entries) + 1
    assert log.problems() == []


def test_every_changed_file_of_a_log_is_named(tmp_path):
    log = grown(tmp_path / "log", 600)
    assert log.problems() == []
    for path in sorted(log.folder.rglob("tile/**/*")):
        if path.is_file():
            whole = path.read_bytes()
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
            name = path.relative_to(log.folder)
            assert log.problems() == [f"{name} is not what follows from custody.jsonl"]
            path.write_bytes(whole)
    whole = log.journal.read_bytes()
    log.journal.write_bytes(whole.replace(b"line 7\n", b"line 8\n", 1))
    assert "custody.jsonl: its first 600 entries" in log.problems()[0]
    log.journal.write_bytes(whole[:-20])
    assert log.problems() == ["custody.jsonl holds 597 entries and the checkpoint says 600"]
    assert CustodyLog(tmp_path / "none").problems() == []


def test_a_torn_line_is_cut_off_and_not_read(tmp_path):
    log = grown(tmp_path / "log", 3)
    with log.journal.open("ab") as stream:
        stream.write(b"x" * 200_000)
    assert len(list(log.entries())) == 3
    with log.writing():
        log.append([b"more"])
    assert list(log.entries())[-1] == b"more"
    log.journal.write_bytes(b"torn from its beginning")
    with log.writing():
        assert log.journal.read_bytes() == b""


def test_tiles_that_are_behind_the_checkpoint_or_cut_short(tmp_path):
    log = grown(tmp_path / "log", 300)
    (log.folder / "state.json").write_text('{"offset": 10, "size": 1}')
    with log.writing(), pytest.raises(LogError, match="fewer entries than were signed: 300"):
        log.publish(key(1), NOW)
    tile = log.folder / tile_path(0, 1, 44)
    tile.write_bytes(tile.read_bytes()[:-1])
    with pytest.raises(TileError, match="1407 bytes instead of 1408"):
        log.proof(299)
