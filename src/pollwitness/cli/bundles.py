"""Commands about bundles: seal, verify, cosign, diff."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from pollwitness.bundle.cosign import add_signatures, cosign
from pollwitness.bundle.diff import BundleDiff, RowChange, diff
from pollwitness.bundle.recompute import recomputed
from pollwitness.bundle.seal import Wishes, seal
from pollwitness.bundle.verify import Verification, verify
from pollwitness.case.evidence import now
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.keys import KeyOption, PassphraseOption, signing_key
from pollwitness.cli.output import err, print_json, print_lines
from pollwitness.errors import QuestionError
from pollwitness.evidence.timestamps import MOST_BYTES, TimestampError, request_for
from pollwitness.evidence.trust import parse_trust
from pollwitness.language import gettext as _
from pollwitness.language import whole_number

BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of a bundle.")]
_SECONDS = 30


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("seal")(seal_command)
    app.command("verify")(verify_command)
    app.command("cosign")(cosign_command)
    app.command("diff")(diff_command)


def seal_command(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder of the bundle; made.")],
    key: KeyOption,
    passphrase_file: PassphraseOption = None,
    authorities: Annotated[
        list[str] | None,
        typer.Option(
            "--authority", help="Address of a timestamp authority (RFC 3161). Repeatable."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Seal what may be published of a case: files, findings, log and signature in one folder.

    Example: pollwitness seal examples/belarus-2020 -o sealed --key log.key --passphrase-file phrase
    """
    signer = signing_key(key, passphrase_file, outside=case)
    addresses = [_address(one) for one in authorities or []]
    wishes = Wishes(
        signer, now(), int(time.time()), stamps=[partial(_stamped, one) for one in addresses]
    )
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        task = progress.add_task(_("sealing"), total=None)
        sealed = seal(
            case, output, wishes,
            lambda done, total: progress.update(task, completed=done, total=total),
        )  # fmt: skip
    if as_json:
        print_json("seal", {
            "bundle": str(output), "version": sealed.version, "files": sealed.files,
            "bytes": sealed.size, "entries": sealed.entries, "root": sealed.root.hex(),
            "trust": [f"log {signer.public}", "quorum none"],
        })  # fmt: skip
        return
    template = _(
        "version {version}: {files} files, a log of {entries} entries with the root {root}"
    )
    print_lines([
        template.format(
            version=whole_number(sealed.version), files=whole_number(sealed.files),
            entries=whole_number(sealed.entries), root=sealed.root.hex(),
        ),
        _("Publish these lines elsewhere, on paper too; readers trust them and not the bundle:"),
        f"log {signer.public}",
        "quorum none",
        str(output),
    ])  # fmt: skip


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise QuestionError(f"--authority {text!r}: write it with https://")
    return text


def _stamped(address: str, message: bytes) -> bytes:
    """The response of an authority to a request for this message."""
    request = urllib.request.Request(  # noqa: S310 (http or https, checked before)
        address, request_for(message), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read(MOST_BYTES)
    except (urllib.error.URLError, TimeoutError) as error:
        raise TimestampError(f"{address} gives no timestamp: {error}") from error
    return content


def verify_command(
    bundle: BundleArgument,
    trust: Annotated[
        Path, typer.Option("--trust", help="A file of keys that did not come with the bundle.")
    ],
    older: Annotated[
        Path | None, typer.Option("--older", help="A checkpoint kept from an earlier bundle.")
    ] = None,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="Compute all findings again, too.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Check a bundle, offline, from keys that you trust down to every file.

    Exit code 0 if all is as it was sealed, 1 if something is wrong, 2 if it could not be checked.

    Example: pollwitness verify bundle --trust keys --recompute
    """
    keys = parse_trust(trust.read_bytes())
    kept = None if older is None else older.read_bytes()
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        total = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file())
        task = progress.add_task(_("verifying"), total=total)
        found = verify(bundle, keys, older=kept, progress=lambda n: progress.advance(task, n))
        if recompute and not found.wrong:
            progress.update(task, description=_("computing again"), total=None)
            differing, count = recomputed(bundle)
            found.step(
                [("data/public/findings.json", text) for text in differing],
                f"{count:,} findings were computed again and are the same",
            )
    if as_json:
        print_json("verify", _verification(found))
    else:
        _print_verification(found)
    return 1 if found.wrong else 0


def _verification(found: Verification) -> dict[str, Json]:
    return {
        "ok": not found.wrong,
        "good": list[Json](found.good),
        "notes": list[Json](found.notes),
        "wrong": [{"file": file, "text": text} for file, text in found.wrong],
    }


def _print_verification(found: Verification) -> None:
    print_lines([
        *(f"{_('wrong')}  {_printable(file)}: {text}" for file, text in found.wrong),
        *(f"{_('ok')}     {text}" for text in found.good),
        *(f"{_('note')}   {text}" for text in found.notes),
        _("wrong: do not rely on this bundle") if found.wrong else _("all checked"),
    ])  # fmt: skip


def _printable(name: str) -> str:
    """A foreign name without what would move the cursor of a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def cosign_command(
    bundle: BundleArgument,
    trust: Annotated[
        Path, typer.Option("--trust", help="Keys that you trust; what is wrong is not signed.")
    ],
    key: Annotated[Path | None, typer.Option("--key", help="The private key of a witness.")] = None,
    note: Annotated[
        Path | None, typer.Option("--note", help="A copy of the checkpoint that others signed.")
    ] = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Verify a bundle, and add the signature of a witness to it.

    Example: pollwitness cosign bundle --trust keys --key second.key --passphrase-file phrase
    """
    if (key is None) == (note is None):
        raise QuestionError("give either --key or --note")
    keys = parse_trust(trust.read_bytes())
    keys.quorum = "none"  # the signature that is added may be the one that is wanting
    found = verify(bundle, keys)
    if found.wrong:
        _print_verification(found)
        raise QuestionError("the bundle is wrong, and was not signed")
    if key is not None:
        whole = cosign(bundle, signing_key(key, passphrase_file, outside=bundle), int(time.time()))
    else:
        whole = add_signatures(bundle, Path(str(note)).read_bytes())
    print_lines(_("signed by {name}").format(name=one.name) for one in whole.signatures)


_MOST_CHANGES = 200


def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The bundle from before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The bundle from now.")],
    as_json: JsonOption = False,
) -> int:
    """Show what changed from one bundle of a case to the next: rows, verdicts, the log.

    Exit code 1 if the new log does not continue the old one.

    Example: pollwitness diff bundle bundle-2
    """
    found = diff(old, new)
    if as_json:
        print_json("diff", _diff_object(found))
    else:
        _print_diff(found)
    return 0 if found.continues else 1


def _diff_object(found: BundleDiff) -> dict[str, Json]:
    return {
        "continues": found.continues,
        "entries": list[Json](found.entries),
        "versions": list[Json](found.versions),
        "rows": [
            {"table": row.table, "key": row.key, "kind": row.kind,
             "columns": [{"name": n, "before": b, "now": a} for n, b, a in row.columns]}
            for row in found.rows
        ],
        "verdicts": [
            {"claim_id": one.claim_id, "before": one.before, "now": one.now}
            for one in found.verdicts
        ],
    }  # fmt: skip


def _print_diff(found: BundleDiff) -> None:
    template = _("version {old} to {new}; the log went from {before} to {now} entries")
    lines = [
        template.format(
            old=whole_number(found.versions[0]), new=whole_number(found.versions[1]),
            before=whole_number(found.entries[0]), now=whole_number(found.entries[1]),
        ),
        _("the new log continues the old one") if found.continues
        else _("wrong: the new log does not continue the old one"),
    ]  # fmt: skip
    absent = _("not there")
    lines += [
        f"{one.claim_id}: {one.before or absent} → {one.now or absent}" for one in found.verdicts
    ]
    lines += [_row_line(row) for row in found.rows[:_MOST_CHANGES]]
    if len(found.rows) > _MOST_CHANGES:
        more = _("{n} more rows; all of them: --json")
        lines.append(more.format(n=whole_number(len(found.rows) - _MOST_CHANGES)))
    if not found.rows and not found.verdicts:
        lines.append(_("no row and no verdict changed"))
    print_lines(lines)


def _row_line(row: RowChange) -> str:
    words = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
    cells = ", ".join(
        f"{name} {'' if before is None else before} → {'' if now is None else now}"
        for name, before, now in row.columns
    )
    return f"tables/{row.table}.csv {row.key}: {words[row.kind]}{': ' if cells else ''}{cells}"
