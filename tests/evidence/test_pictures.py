"""Pictures: perceptual hashes, what a copy carries, and files made to do harm."""

import csv
import io
import json
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest

from pollwitness.evidence import decoder
from pollwitness.evidence.metadata import extras_in
from pollwitness.evidence.pdq import close_pairs, pdq
from pollwitness.evidence.pictures import looks
from tests.evidence.vectors import vectors

Image = pytest.importorskip("PIL.Image", reason="the extra for pictures is not installed")
pytest.importorskip("zxingcpp", reason="the extra for pictures is not installed")
from PIL import ImageDraw  # noqa: E402


def sheet(seed, size=(600, 800)):
    """A made-up results sheet."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", size, (245, 243, 235))
    drawn = ImageDraw.Draw(picture)
    for y in range(40, size[1], 30):
        drawn.line((30, y, size[0] - 30, y), fill=(60, 60, 60))
        drawn.text(
            (50, y + 4), f"{rng.integers(0, 99999)}    {rng.integers(0, 999)}", fill=(0, 0, 90)
        )
    drawn.ellipse((int(rng.integers(50, 300)), 600, 500, 750), outline=(40, 40, 180), width=7)
    return picture


def telling(picture):
    """The bytes of a JPEG that tells all it can of its maker."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Phone 7", 6
    exif.get_ifd(0x8769)[0x9003] = "2020:08:09 21:14:00"
    exif.get_ifd(0x8825)[2] = (53.0, 54.0, 0.0)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif, comment=b"by Anna", icc_profile=b"x" * 200)
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
    content = stream.getvalue()
    return content[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp + content[2:]


def test_published_hashes(reference_data):
    """Equal for pictures up to 512 pixels; larger ones are first made smaller by the reference."""
    folder = vectors(reference_data, "pdq")
    compared = 0
    with (folder / "PDQ_wasm_expected_hashes.csv").open() as text:
        for row in csv.DictReader(text):
            file = folder / "pdq" / row["FilePath"].replace("../../../../", "")
            if file.exists():
                with Image.open(file) as opened:
                    picture = opened.convert("RGB")
                found, _quality = pdq(np.asarray(picture))
                apart = (int(found, 16) ^ int(row["Hash"], 16)).bit_count()
                assert apart <= (0 if max(picture.size) <= 512 else 10), file
                assert len(found) == 64
                compared += 1
    assert compared == 13


def test_a_hash_is_the_definition_done_slowly():
    rgb = np.asarray(sheet(3, (70, 90)))
    luma = (rgb @ [0.299, 0.587, 0.114]).tolist()

    def averaged(row):
        window = (len(row) + 127) // 128
        after = (window + 2) // 2
        out = []
        for place in range(len(row)):
            part = row[max(place - window + after, 0) : place + after]
            out.append(sum(part) / len(part))
        return out

    for _pass in range(2):
        luma = [averaged(row) for row in luma]
        luma = [
            list(row)
            for row in zip(*[averaged(list(c)) for c in zip(*luma, strict=True)], strict=True)
        ]
    small = [
        [luma[int((i + 0.5) * 90 / 64)][int((j + 0.5) * 70 / 64)] for j in range(64)]
        for i in range(64)
    ]
    cosine = [[np.cos(np.pi / 128 * (u + 1) * (2 * x + 1)) for x in range(64)] for u in range(16)]
    low = [sum(cosine[u][i] * cosine[v][j] * small[i][j] for i in range(64) for j in range(64))
           for u in range(16) for v in range(16)]  # fmt: skip
    median = sorted(low)[127]
    number = sum(1 << place for place, value in enumerate(low) if value > median)
    assert pdq(rgb)[0] == f"{number:064x}"


def test_close_pictures_are_found_and_others_are_not():
    one, other = sheet(1), sheet(2)
    shots = [one, one.resize((300, 400)), other, one.rotate(0.3, fillcolor=(245, 243, 235))]
    hashes = [pdq(np.asarray(shot))[0] for shot in shots]
    assert {(a, b) for a, b, _bits in close_pairs(hashes)} == {(0, 1), (0, 3), (1, 3)}
    assert close_pairs([]) == []


def test_what_a_picture_tells_is_read_and_does_not_reach_its_copy(tmp_path):
    (tmp_path / "a.jpg").write_bytes(telling(sheet(1)))
    found = extras_in((tmp_path / "a.jpg").read_bytes())
    assert {"a comment", "segment APP1", "segment APP2"} <= set(found)
    (look,) = looks([(tmp_path / "a.jpg", tmp_path / "copy.jpg")])
    assert (look.refused, look.taken, look.device) == (None, "2020:08:09 21:14:00", "Maker Phone 7")
    assert look.place
    copy = (tmp_path / "copy.jpg").read_bytes()
    assert extras_in(copy) == []
    for told in (b"Anna", b"Phone", b"2020", b"xmpmeta", b"Exif"):
        assert told not in copy
    # Turned as the camera was held.
    with Image.open(tmp_path / "copy.jpg") as shown:
        assert shown.size == (800, 600)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda jpeg: jpeg + b"tail", "bytes after the end"),
        (lambda jpeg: jpeg[:-2], "bytes that are no segment"),
        (lambda jpeg: jpeg[:2] + b"\xff\xfe\x00\x04hi" + jpeg[2:], "a comment"),
        (lambda jpeg: jpeg[:2] + b"\xff\xed\x00\x10Photoshop 3.0\x00" + jpeg[2:], "segment APP13"),
        (lambda jpeg: jpeg[:18] + b"\x01\x01" + jpeg[20:], "a thumbnail in JFIF"),
        (lambda _jpeg: b"GIF89a", "neither JPEG nor PNG"),
    ],
)
def test_the_second_reader_sees_what_does_not_belong(change, said):
    stream = io.BytesIO()
    sheet(1).save(stream, "JPEG", progressive=True, restart_marker_blocks=3)
    assert extras_in(stream.getvalue()) == []
    assert any(said in text for text in extras_in(change(stream.getvalue())))


def test_chunks_of_png():
    stream = io.BytesIO()
    sheet(1).save(stream, "PNG")
    clean = stream.getvalue()
    assert extras_in(clean) == []
    text = struct.pack(">I", 4) + b"tEXt" + b"a\0bc" + struct.pack(">I", zlib.crc32(b"tEXta\0bc"))
    assert extras_in(clean[:33] + text + clean[33:]) == ["chunk tEXt"]
    assert extras_in(clean + b"x") == ["bytes after the end"]


def bomb(width, height):
    """A PNG of a few bytes that claims to be very large."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_hostile_pictures_are_refused_and_the_next_is_looked_at(tmp_path):
    (tmp_path / "bomb.png").write_bytes(bomb(60_000, 60_000))
    (tmp_path / "large.png").write_bytes(bomb(12_000, 11_000))
    (tmp_path / "torn.jpg").write_bytes(telling(sheet(1))[:900])
    (tmp_path / "no.jpg").write_bytes(os.urandom(500))
    sheet(1).save(tmp_path / "good.png")
    names = ["bomb.png", "large.png", "torn.jpg", "no.jpg", "missing.png", "good.png"]
    found = list(looks((tmp_path / name, None) for name in names))
    assert [look.refused is None for look in found] == [False] * 5 + [True]
    assert found[-1].width == 600


def test_a_child_that_dies_or_hangs_costs_one_picture(tmp_path, monkeypatch):
    sheet(1).save(tmp_path / "good.png")
    os.mkfifo(tmp_path / "waiting")
    monkeypatch.setattr("pollwitness.evidence.pictures.SECONDS", 3.0)
    found = list(looks((tmp_path / name, None) for name in ("good.png", "waiting", "good.png")))
    assert [look.refused is None for look in found] == [True, False, True]
    assert "too much time or memory" in found[1].refused


@pytest.mark.parametrize("said", ["[]", "hello", "{}", '{"refused": ""}', "", "x" * (1 << 21)])
def test_a_child_that_says_anything_else_is_not_believed(tmp_path, monkeypatch, said):
    (tmp_path / "child.py").write_text(f"import sys\nsys.stdin.readline()\nprint({said!r})\n")
    started = [sys.executable, str(tmp_path / "child.py")]
    popen = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", lambda _words, **more: popen(started, **more))
    (look,) = looks([(tmp_path / "a.png", None)])
    assert "was stopped" in look.refused


def test_a_child_that_stops_within_a_line_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "child.py").write_text(
        "import sys, time\nprint('{', end='', flush=True)\ntime.sleep(60)\n"
    )
    popen, started = subprocess.Popen, [sys.executable, str(tmp_path / "child.py")]
    monkeypatch.setattr("subprocess.Popen", lambda _words, **more: popen(started, **more))
    monkeypatch.setattr("pollwitness.evidence.pictures.SECONDS", 1.0)
    (look,) = looks([(tmp_path / "a.png", None)])
    assert "was stopped" in look.refused


def test_codes_are_read(tmp_path):
    zxingcpp = pytest.importorskip("zxingcpp")
    code = zxingcpp.create_barcode("registered=120;a=50", zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=8)))
    whole = sheet(1)
    whole.paste(drawn.convert("RGB"), (200, 200))
    whole.save(tmp_path / "qr.png")
    (look,) = looks([(tmp_path / "qr.png", None)])
    assert look.codes == ("registered=120;a=50",)


def test_the_limits_are_set_in_the_child(monkeypatch):
    asked = {}
    monkeypatch.setattr("resource.setrlimit", lambda kind, limits: asked.update({kind: limits}))
    decoder.limit()
    assert len(asked) == 6
    assert all(soft == hard for soft, hard in asked.values())


def test_the_child_answers_line_by_line(tmp_path, monkeypatch, capsys):
    """What the child does, done here without its limits, so that its lines are seen."""
    (tmp_path / "a.jpg").write_bytes(telling(sheet(1)))
    requests = [
        {"path": str(tmp_path / "a.jpg"), "derivative": str(tmp_path / "copy.jpg")},
        {"path": str(tmp_path / "a.jpg"), "derivative": None},
        {"path": str(tmp_path / "none.jpg"), "derivative": None},
    ]
    monkeypatch.setattr("pollwitness.evidence.decoder.limit", lambda: None)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    monkeypatch.setattr("sys.stdin", [json.dumps(one) + "\n" for one in requests])
    decoder.main()
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("refused") for answer in answers] == [
        None, None, "it cannot be decoded (FileNotFoundError)",
    ]  # fmt: skip
    assert answers[0]["pdq"] == answers[1]["pdq"]
    assert extras_in((tmp_path / "copy.jpg").read_bytes()) == []
    assert decoder._claimed("no picture") == {}
    monkeypatch.setattr(decoder, "MOST_PIXELS", 1_000)
    with pytest.raises(Image.DecompressionBombError):
        decoder.looked_at(tmp_path / "a.jpg", None)
    monkeypatch.setattr(decoder, "MOST_PIXELS", 300_000)
    with pytest.raises(Image.DecompressionBombWarning):
        decoder.looked_at(tmp_path / "a.jpg", None)


def test_a_child_without_ends_or_that_closed_them(tmp_path, monkeypatch):
    class Closed:
        def write(self, _content):
            raise BrokenPipeError

        def flush(self):
            """Nothing is there to flush."""

    class Child:
        def __init__(self, end):
            self.stdin, self.stdout = end, end

        def kill(self):
            """It is no process."""

        communicate = kill

    for end in (None, Closed()):
        monkeypatch.setattr("subprocess.Popen", lambda *_a, end=end, **_k: Child(end))
        (look,) = looks([(tmp_path / "a.png", None)])
        assert "was stopped" in look.refused


def test_bare_markers_and_pictures_without_an_end():
    stream = io.BytesIO()
    sheet(1).save(stream, "JPEG")
    jpeg = stream.getvalue()
    assert extras_in(jpeg[:2] + b"\xff\x01" + jpeg[2:]) == []
    stream = io.BytesIO()
    sheet(1).save(stream, "PNG")
    assert extras_in(stream.getvalue()[:-12]) == ["no end of the picture"]
