"""Where the log of a case holds the documents that decide a finding, with proofs."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pollwitness.case.evidence import LOG
from pollwitness.claims import Finding, Json
from pollwitness.evidence.events import parse_event
from pollwitness.evidence.log import CustodyLog
from pollwitness.evidence.merkle import inclusion_proof
from pollwitness.evidence.notes import Checkpoint
from pollwitness.language import gettext as _
from pollwitness.language import ngettext, whole_number

_LISTED = 20


@dataclass(frozen=True, slots=True)
class LogPlaces:
    """The checkpoint of the log; (index, inclusion proof) of the last event of each item."""

    checkpoint: Checkpoint
    items: dict[str, tuple[int, list[bytes]]]

    def of(self, finding: Finding) -> dict[str, Json]:
        """The proofs of the documents that decide a finding, for machines."""
        return {
            "origin": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.hex(),
            "proofs": [
                {"item": item, "index": self.items[item][0],
                 "hashes": [base64.b64encode(one).decode() for one in self.items[item][1]]}
                for item in self._named(finding)
            ],
        }  # fmt: skip

    def lines(self, case: Path, finding: Finding) -> Iterator[str]:
        """The places of the documents that decide a finding, in words."""
        named = self._named(finding)
        if not named:
            return
        yield _("In the log of {n} entries with the root {root}").format(
            n=whole_number(self.checkpoint.size), root=self.checkpoint.root.hex()
        )
        for item in named[:_LISTED]:
            index, hashes = self.items[item]
            steps = ngettext("{n} hash up to the root", "{n} hashes up to the root", len(hashes))
            yield "  " + _("{item}: entry {index}, {steps}").format(
                item=item, index=whole_number(index), steps=steps.format(n=len(hashes))
            )
        if len(named) > _LISTED:
            yield "  " + _("and {n} more").format(n=whole_number(len(named) - _LISTED))
        yield "  " + _("The proof: pollwitness evidence proof {case} {item}").format(
            case=case, item=named[0]
        )

    def _named(self, finding: Finding) -> list[str]:
        return [item for item in decisive_items([finding]) if item in self.items]


def decisive_items(findings: Iterable[Finding]) -> list[str]:
    """The items of the log that decide findings: copies of protocols, else documents."""
    return list(
        dict.fromkeys(
            f"documents/{one.document_id}" if one.copy_id is None else f"protocols/{one.copy_id}"
            for finding in findings
            for one in finding.decisive
        )
    )


def log_places(case: Path, findings: Sequence[Finding]) -> LogPlaces | None:
    """Where the log of a case holds what decides these findings; None without a signed log."""
    log = CustodyLog(case / LOG)
    checkpoint = log.checkpoint()
    if checkpoint is None:
        return None
    wanted, found = set(decisive_items(findings)), dict[str, int]()
    for index, line in enumerate(log.entries()):
        if index == checkpoint.size:
            break
        item = parse_event(line).item
        if item in wanted:
            found[item] = index
    node = log.hashes(checkpoint.size)
    return LogPlaces(
        checkpoint,
        {name: (at, inclusion_proof(at, checkpoint.size, node)) for name, at in found.items()},
    )
