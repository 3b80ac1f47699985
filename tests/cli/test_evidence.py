"""Evidence and bundles at the command line, as a group would use them."""

import http.server
import io
import json
import shutil
import threading
from pathlib import Path

import pytest

from pollwitness.cli.main import main
from tests.evidence.authority import Authority

pytest.importorskip("PIL", reason="the extra for pictures is not installed")
from tests.evidence.test_pictures import sheet, telling

EXAMPLE = Path(__file__).parents[2] / "examples" / "belarus-2020"
COPY = "protocols/07-006-0070-qostanay"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A case with keys, two pictures of one sheet at two stations, and a first bundle."""
    folder = tmp_path_factory.mktemp("group")
    shutil.copytree(EXAMPLE, folder / "case")
    (folder / "phrase").write_text("correct horse battery\n")
    for name, more in (("log", ()), ("second", ("--witness",))):
        assert main(["evidence", "keygen", str(folder / f"{name}.key"), "--name",
                     f"example.org/{name}", "--passphrase-file", str(folder / "phrase"),
                     *more]) == 0  # fmt: skip
    picture = sheet(1)
    (folder / "a.jpg").write_bytes(telling(picture))
    picture.resize((450, 600)).save(folder / "b.png")
    (folder / "bad.pdf").write_bytes(b"GIF89a")
    return folder


@pytest.fixture
def signed(place):
    return ["--key", str(place / "log.key"), "--passphrase-file", str(place / "phrase")]


def run(capsys, *words):
    code = main([str(word) for word in words])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def stations(case):
    rows = (case / "tables/stations.csv").read_text().splitlines()[1:3]
    return [row.split(",")[0] for row in rows]


def test_a_group_archives_files_and_looks_at_pictures(place, signed, capsys, monkeypatch):
    case, (one, two) = place / "case", stations(place / "case")
    about = ["--document", "aargauer", *signed]
    code, out, _ = run(capsys, "evidence", "add", case, place / "a.jpg", *about, "--station", one)
    assert (code, "1 added, 0 there before, 0 refused" in out) == (0, True)
    code, out, _ = run(capsys, "evidence", "add", case, place / "b.png", place / "bad.pdf", *about,
                       "--station", two)  # fmt: skip
    assert (code, "refused: bad.pdf: the name ends in .pdf" in out) == (2, True)

    class Standard:
        buffer = io.BytesIO(b"typed in")

    monkeypatch.setattr("sys.stdin", Standard)
    code, out, _ = run(
        capsys, "evidence", "add", case, "-", *about, "--name", "typed.txt", "--json"
    )
    assert (code, json.loads(out)["result"]["added"][0]["media_type"]) == (0, "text/plain")
    assert run(capsys, "evidence", "look", case)[1].strip() == "2 pictures looked at"
    code, out, _ = run(capsys, "evidence", "duplicates", case)
    assert (code, "two stations, or two cases: look at both" in out) == (0, True)
    found = json.loads(run(capsys, "evidence", "duplicates", case, "--json")[1])["result"]
    assert (len(found), found[0]["same_station"]) == (1, False)


def test_a_group_publishes_copies_and_signs_its_log(place, signed, capsys, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(EXAMPLE, case)
    files = [place / "a.jpg", place / "b.png", place / "phrase.txt"]
    files[2].write_text("a text")
    assert run(capsys, "evidence", "add", case, *files, "--document", "aargauer", *signed)[0] == 0
    listed = json.loads(run(capsys, "evidence", "list", case, "--json")[1])["result"]
    assert len(listed) == 3
    assert "evidence_id" in run(capsys, "evidence", "list", case)[1]
    names = [row["evidence_id"] for row in listed]
    code, out, _ = run(capsys, "evidence", "publish", case, *names, *signed)
    assert (code, "3 added" in out) == (0, True)
    code, out, _ = run(capsys, "evidence", "check", case)
    assert (code, "6 files in evidence, 6 entries in the log" in out) == (0, True)
    code, out, _ = run(capsys, "evidence", "checkpoint", case, *signed)
    assert out.splitlines()[:2] == ["example.org/log", "6"]
    code, out, _ = run(capsys, "evidence", "show", case, f"evidence/{names[0]}")
    assert (code, "received" in out) == (0, True)
    code, out, _ = run(capsys, "evidence", "proof", case, f"evidence/{names[0]}")
    assert out.startswith("c2sp.org/tlog-proof@v1\nindex ")


def test_a_reader_verifies_what_a_group_seals(place, signed, capsys, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(EXAMPLE, case)
    code, out, _ = run(capsys, "seal", case, "-o", place / "bundle", *signed)
    assert (code, "version 1: " in out) == (0, True)
    key = (place / "log.key.pub").read_text().strip()
    assert f"log {key}" in out
    (place / "keys").write_text(f"log {key}\nquorum none\n")
    code, out, _ = run(capsys, "verify", place / "bundle", "--trust", place / "keys", "--recompute")
    assert (code, out.splitlines()[-1]) == (0, "all checked"), out
    assert "findings were computed again and are the same" in out
    code, out, _ = run(capsys, "cosign", place / "bundle", "--trust", place / "keys", "--key",
                       place / "second.key",
                       "--passphrase-file", place / "phrase")  # fmt: skip
    assert (code, "signed by example.org/second" in out) == (0, True)
    shutil.copy(place / "bundle/proof/checkpoint", place / "note")
    assert (
        run(
            capsys, "cosign", place / "bundle", "--trust", place / "keys", "--note", place / "note"
        )[0]
        == 0
    )
    code, out, _ = run(capsys, "seal", case, "-o", place / "bundle-2", *signed, "--json")
    assert json.loads(out)["result"]["version"] == 2
    code, out, _ = run(capsys, "verify", place / "bundle-2", "--trust", place / "keys", "--older",
                       place / "note", "--json")  # fmt: skip
    assert (code, json.loads(out)["result"]["ok"]) == (0, True)
    code, out, _ = run(capsys, "diff", place / "bundle", place / "bundle-2")
    assert (code, "no row and no verdict changed" in out) == (0, True)
    code, out, _ = run(capsys, "diff", place / "bundle-2", place / "bundle", "--json")
    assert (code, json.loads(out)["result"]["continues"]) == (1, False)
    assert "wrong: the new log" in run(capsys, "diff", place / "bundle-2", place / "bundle")[1]
    assert run(capsys, "evidence", "show", case, COPY, "--json")[0] == 0
    (place / "bundle-2/VERIFY.txt").write_text("changed")
    code, out, _ = run(capsys, "verify", place / "bundle-2", "--trust", place / "keys")
    assert (code, "wrong  VERIFY.txt: is not what was sealed" in out) == (1, True)
    assert out.splitlines()[-1] == "wrong: do not rely on this bundle"


def test_what_changed_is_printed_line_by_line(signed, capsys, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "case")
    assert run(capsys, "seal", tmp_path / "case", "-o", tmp_path / "one", *signed)[0] == 0
    path = tmp_path / "case/tables/documents.csv"
    path.write_text(path.read_text().replace("Report on the night", "Article on the night", 1))
    claims = tmp_path / "case/tables/claims.csv"
    claims.write_text("".join(claims.read_text().splitlines(keepends=True)[:-1]))
    assert run(capsys, "seal", tmp_path / "case", "-o", tmp_path / "two", *signed)[0] == 0
    code, out, _ = run(capsys, "diff", tmp_path / "one", tmp_path / "two")
    assert code == 0
    assert "tables/documents.csv aargauer: changed: title Report on the night" in out
    assert ": removed" in out
    assert "→ not there" in out


def test_checks_name_what_is_wrong(signed, capsys, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "case")
    (tmp_path / "n.txt").write_text("hello")
    run(capsys, "evidence", "add", tmp_path / "case", tmp_path / "n.txt", "--document", "aargauer",
        *signed)  # fmt: skip
    for path in (tmp_path / "case/evidence").rglob("*"):
        if path.is_file():
            path.unlink()
    code, out, _ = run(capsys, "evidence", "check", tmp_path / "case")
    assert (code, "is missing" in out) == (1, True)
    code, out, _ = run(capsys, "evidence", "check", tmp_path / "case", "--json")
    assert (code, json.loads(out)["result"]["ok"]) == (1, False)
    code, out, _ = run(capsys, "evidence", "look", tmp_path / "case")
    assert (code, out.strip()) == (0, "0 pictures looked at")


def test_mistakes_are_refused_in_a_line(place, signed, capsys, tmp_path):
    case = place / "case"
    inside = case / "log.key"
    for words, said in (
        (["evidence", "show", case, "claims/none"], "has no event of claims/none"),
        (["evidence", "proof", case, "claims/none"], "has no event of claims/none"),
        (["seal", case, "-o", tmp_path / "b", "--key", inside, *signed[2:]], "keep keys elsewhere"),
        (["seal", case, "-o", tmp_path / "b", *signed, "--authority", "ftp://x"], "https://"),
        (["cosign", place, "--trust", place / "keys"], "either --key or --note"),
        (["verify", place, "--trust", place / "phrase"], "trusted keys cannot be used"),
        (
            ["evidence", "keygen", place / "log.key", "--name", "a", *signed[2:]],
            "never overwritten",
        ),
    ):
        code, _, err = run(capsys, *words)
        assert (code, said in err) == (2, True), err
        assert "horse" not in err


def test_a_passphrase_is_asked_for(place, capsys, monkeypatch):
    monkeypatch.setattr("typer.prompt", lambda *_a, **_k: "correct horse battery")
    words = ["evidence", "checkpoint", place / "case", "--key", place / "log.key"]
    assert run(capsys, *words)[0] == 0


def test_timestamps_come_from_an_authority(place, signed, capsys, tmp_path):
    authority = Authority(tmp_path / "tsa")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(authority.answer(request))

        def log_message(self, *_words):
            """Say nothing."""

    shutil.copytree(EXAMPLE, tmp_path / "case")
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        code, _, err = run(capsys, "seal", tmp_path / "case", "-o", tmp_path / "b", *signed,
                           "--authority", address)  # fmt: skip
        server.shutdown()
    assert code == 0, err
    key = (place / "log.key.pub").read_text()
    (tmp_path / "keys").write_bytes(f"log {key}quorum none\n".encode() + authority.pem)
    code, out, _ = run(capsys, "verify", tmp_path / "b", "--trust", tmp_path / "keys")
    assert (code, "an authority saw the checkpoint at" in out) == (0, True)
    code, _, err = run(capsys, "seal", tmp_path / "case", "-o", tmp_path / "c", *signed,
                       "--authority", address)  # fmt: skip
    assert (code, "gives no timestamp" in err) == (2, True)
    assert not (tmp_path / "c").exists()
