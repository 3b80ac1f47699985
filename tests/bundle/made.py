"""A sealed bundle with everything in it: pictures, two signatures, timestamps, a second version."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pollwitness.bundle.cosign import cosign
from pollwitness.bundle.layout import MANIFEST, TAGS, manifest_text
from pollwitness.bundle.seal import Wishes, seal
from pollwitness.case import write_case
from pollwitness.case.evidence import Whose, add_files, publish_files
from pollwitness.evidence.notes import COSIGNER, LOG, SigningKey
from tests.build import form, small_tables
from tests.evidence.authority import Authority

NOON = "2026-11-26T12:00:00Z"


def key(number, kind=LOG, name=None):
    """A key that is the same in every run."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return SigningKey(name or f"example.org/{number}", kind, private)


@dataclass(frozen=True)
class Made:
    """A case, its first and second bundle, and files of keys to trust."""

    folder: Path
    log: SigningKey
    witness: SigningKey
    authority: Authority
    other: Authority

    @property
    def case(self):
        return self.folder / "case"

    @property
    def old(self):
        return self.folder / "old"

    @property
    def bundle(self):
        return self.folder / "bundle"

    def trust(self, *, log=None, witness=None, authority=None, quorum="second"):
        """The bytes of a file of trusted keys."""
        lines = [
            f"log {(log or self.log).public}",
            f"witness second {(witness or self.witness).public}",
            "group two all second",
            f"quorum {quorum}",
        ]
        return "\n".join(lines).encode() + b"\n" + (authority or self.authority).pem


def small_case():
    """A case with a row in every table that a bundle shows, and claims of each verdict."""
    claim = {"measure": "votes", "option_id": "anna", "speaker": "Somebody",
             "stated_at": "2024-05-07"}  # fmt: skip
    return small_tables(
        protocols=[
            form("s1", 60, 37, invalid=3, ballots=100, registered=200, copy_id="one"),
            form("s2", 10, 80, invalid=10, ballots=100, registered=200, copy_id="two"),
        ],
        official_results=[{"registered": 500, "stations_total": 3, "votes_anna": 75,
                           "ballots": 290}],
        claims=[claim | {"claim_id": f"votes-{n}", "low": str(n), "words": f"{n} votes"}
                for n in (50, 75, 90)],
    )  # fmt: skip


def made_in(folder):
    """Seal a case twice, with a correction between."""
    from tests.evidence.test_pictures import sheet, telling  # noqa: PLC0415

    case = folder / "case"
    write_case(small_case(), case)
    log, witness = key(1, name="example.org/belarus"), key(2, COSIGNER, "example.org/second")
    authority = Authority(folder / "tsa")
    other = Authority(folder / "other", "Other")
    (folder / "a.jpg").write_bytes(telling(sheet(1)))
    (folder / "note.txt").write_text("A note.\n")
    document = (case / "tables/documents.csv").read_text().splitlines()[1].split(",")[0]
    whose = Whose(document, None, log, NOON)
    sources = [(name, folder / name) for name in ("a.jpg", "note.txt")]
    added = add_files(case, sources, whose, lambda _bytes: None)
    publish_files(case, [row["evidence_id"] for row in added.rows], whose)
    wishes = Wishes(log, NOON, 1_795_000_000, stamps=[authority.answer])
    seal(case, folder / "old", _asking(wishes, authority))
    _correct(case)
    seal(case, folder / "bundle", _asking(wishes, authority))
    for bundle in ("old", "bundle"):
        cosign(folder / bundle, witness, 1_795_000_100)
    return Made(folder, log, witness, authority, other)


def _asking(wishes, authority):
    from pollwitness.evidence.timestamps import request_for  # noqa: PLC0415

    stamps = [lambda message: authority.answer(request_for(message))]
    return Wishes(wishes.key, wishes.moment, wishes.seconds, (), stamps)


def _correct(case):
    """Change the title of a document and a figure of a protocol in place."""
    path = case / "tables/protocols.csv"
    head, *rows = path.read_text().splitlines()
    column = head.split(",").index("ballots")
    for number, row in enumerate(rows):
        cells = row.split(",")
        if cells[column].isdigit() and '"' not in row:
            cells[column] = str(int(cells[column]) + 1)
            rows[number] = ",".join(cells)
            break
    path.write_text("\n".join([head, *rows]) + "\n")


def relisted(bundle):
    """Bring both lists of digests up to the files, as whoever tampers would."""
    payload, tags = {}, {}
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.is_file() and not path.is_symlink() and name not in (MANIFEST, TAGS):
            target = payload if name.startswith("data/") else tags
            target[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (bundle / MANIFEST).write_bytes(manifest_text(payload))
    tags[MANIFEST] = hashlib.sha256((bundle / MANIFEST).read_bytes()).hexdigest()
    (bundle / TAGS).write_bytes(manifest_text(tags))


def recased(bundle, change):
    """Change the content of case.json and write it in canonical form again."""
    import rfc8785  # noqa: PLC0415

    head = json.loads((bundle / "case.json").read_bytes())
    change(head)
    (bundle / "case.json").write_bytes(rfc8785.dumps(head))


def without_line(path, pattern):
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(line for line in lines if pattern not in line))


def encoded(content):
    return base64.b64encode(content).decode()
