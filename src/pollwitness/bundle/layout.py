"""What stands where in a bundle: a BagIt bag (RFC 8493) with a custody log and its proofs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import rfc8785

from pollwitness.errors import RefusedError

FORMAT = 1
PUBLIC = "data/public"
FINDINGS = f"{PUBLIC}/findings.json"
DECLARATION, INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
CASE, CUSTODY = "case.json", "custody.jsonl"
CHECKPOINT, PROOF, POLICY = "proof/checkpoint", "proof/case.tlog-proof", "proof/policy"
TEXT, SCRIPT = "VERIFY.txt", "verify.sh"
CASE_TAGS = (SCRIPT, TEXT, INFO, DECLARATION, POLICY)
"""Files outside the payload whose digests stand in case.json, because nothing else covers them."""
REQUIRED = (DECLARATION, INFO, MANIFEST, TAGS, CASE, CUSTODY, CHECKPOINT, PROOF, POLICY, TEXT,
            SCRIPT)  # fmt: skip
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MOST_LIST, MOST_TAGS = 64 << 20, 100_000
"""Bytes of the list of the payload, and of the list of everything else, at the most."""
TOKEN = re.compile(r"proof/checkpoint-[1-9][0-9]?\.tsr")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class BundleError(RefusedError):
    """A bundle cannot be made, or is none."""


def is_plain_name(path: str) -> bool:
    """Whether a path is one that we write: plain letters, no hidden name, no way out."""
    return _NAME.fullmatch(path) is not None and len(path) <= 200


def belongs(path: str) -> bool:
    """Whether a file of this name is one that a bundle has."""
    return path.startswith("data/") or path in {*REQUIRED} or TOKEN.fullmatch(path) is not None


def manifest_text(digests: Mapping[str, str]) -> bytes:
    """A manifest: one line for each file, in the order of their names."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def parse_manifest(content: bytes) -> tuple[dict[str, str], list[str]]:
    """The digests by path, and what is wrong with the lines."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    lines = content.decode(errors="replace").split("\n")
    if lines.pop() != "":
        wrong.append("the last line is not complete")
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or not is_plain_name(match[2]):
            wrong.append(f"line {number} is no digest and plain name")
        elif match[2] in found:
            wrong.append(f"line {number} names {match[2]} again")
        else:
            found[match[2]] = match[1]
    if not wrong and list(found) != sorted(found):
        wrong.append("the lines are not in order")
    return found, wrong


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The content of case.json: what a published version of a case consists of.

    ``supersedes`` is the SHA-256 of the case.json of the version before. ``tags`` are digests of
    files outside the payload. ``logged`` are the tables whose every row is in the log. ``items``
    are (path, bytes, SHA-256) of the payload.
    """

    case_id: str
    title: str
    version: int
    supersedes: str | None
    manifest: str
    sealed_at: str
    software: str
    logged: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    items: tuple[tuple[str, int, str], ...] = ()

    def __bytes__(self) -> bytes:
        return rfc8785.dumps({
            "case": {"id": self.case_id, "title": self.title},
            "format": FORMAT,
            "items": [
                {"bytes": size, "class": "public", "path": path, "sha256": digest}
                for path, size, digest in sorted(self.items)
            ],
            "logged": sorted(self.logged),
            "manifest": self.manifest,
            "sealed_at": self.sealed_at,
            "software": self.software,
            "supersedes": self.supersedes,
            "tags": [{"path": path, "sha256": self.tags[path]} for path in sorted(self.tags)],
            "version": self.version,
        })  # fmt: skip


def bag_info(case_id: str, title: str, day: str, items: Iterable[tuple[str, int, str]]) -> bytes:
    """The file `bag-info.txt`."""
    sizes = [size for _path, size, _digest in items]
    plain = re.sub(r"\s+", " ", title)
    lines = (
        f"Bagging-Date: {day}",
        f"External-Description: {plain}",
        f"External-Identifier: {case_id}",
        f"Payload-Oxum: {sum(sizes)}.{len(sizes)}",
    )
    return "".join(f"{line}\n" for line in lines).encode()
