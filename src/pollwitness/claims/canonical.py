"""`findings.json`: canonical bytes, the same for the same case and version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

import rfc8785

from pollwitness.claims.finding import AreaFigures, Figure, Finding, Number, Robustness
from pollwitness.claims.judging import ClaimVerdict
from pollwitness.quantities import Bound, Quantity
from pollwitness.tables import CaseTables, TableDigest, table_digests

FORMAT = 1
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def case_digest(tables: CaseTables) -> str:
    """The digest of a case: over case.toml and the canonical tables, whatever their files were."""
    pairs = [["case.toml", tables.head_sha256]]
    pairs += [[f"tables/{n}.csv", d.sha256] for n, d in table_digests(tables).items()]
    return hashlib.sha256(rfc8785.dumps(pairs)).hexdigest()


def findings_document(
    tables: CaseTables,
    findings: Iterable[Finding],
    verdicts: Iterable[ClaimVerdict],
    *,
    areas: Iterable[AreaFigures] = (),
    version: str,
) -> dict[str, Json]:
    """The content of `findings.json`; lists are sorted, no clock time is in it."""
    return {
        "format": FORMAT,
        "case": {"id": tables.case.id, "sha256": case_digest(tables)},
        "software": {"name": "pollwitness", "version": version},
        "findings": [
            finding_object(finding)
            for finding in sorted(findings, key=lambda f: (f.check, f.claim_id or "", f.id))
        ],
        "claims": [
            {
                "claim_id": verdict.claim_id,
                "heads": list[Json](sorted(verdict.heads)),
                "verdict": str(verdict.verdict),
                "rung": int(verdict.rung),
            }
            for verdict in sorted(verdicts, key=lambda v: v.claim_id)
        ],
        "areas": [
            {
                "contest_id": one.contest_id,
                "area_id": one.area_id,
                "figures": [_figure(figure) for figure in one.figures],
                "documents": list[Json](one.documents),
            }
            for one in sorted(areas, key=lambda a: (a.contest_id, a.area_id))
        ],
    }


def canonical_json(document: dict[str, Json]) -> bytes:
    """The document in canonical form (RFC 8785)."""
    return rfc8785.dumps(document)


def finding_object(finding: Finding) -> dict[str, Json]:
    """One finding as the JSON object of the interface."""
    inequality = finding.inequality
    sensitivity = finding.sensitivity
    return {
        "id": finding.id,
        "check": finding.check,
        "check_version": finding.check_version,
        "claim_id": finding.claim_id,
        "question": finding.question,
        "verdict": str(finding.verdict),
        "rung": int(finding.rung),
        "scope": _scope(finding),
        "claimed": None if finding.claimed is None else _quantity(finding.claimed),
        "figures": [_figure(figure) for figure in finding.figures],
        "inequality": None
        if inequality is None
        else {
            "left": number(inequality.left),
            "relation": inequality.relation,
            "right": number(inequality.right),
            "text": inequality.text,
        },
        "assumptions": list(finding.assumptions),
        "decisive": [
            {
                "document_id": decisive.document_id,
                "copy_id": decisive.copy_id,
                "station_id": decisive.station_id,
                "contribution": number(decisive.contribution),
            }
            for decisive in finding.decisive
        ],
        "robustness": None if finding.robustness is None else _robustness(finding.robustness),
        "fragile": finding.fragile,
        "readings": [
            {
                "name": reading.name,
                "verdict": str(reading.verdict),
                "low": number(reading.low),
                "high": number(reading.high),
            }
            for reading in finding.readings
        ],
        "sensitivity": None
        if sensitivity is None
        else {"name": sensitivity.name, "value": number(sensitivity.value)},
        "innocent_explanations": list(finding.innocent_explanations),
        "would_decide": list(finding.would_decide),
        "seed": finding.seed,
        "inputs": [_input(digest) for digest in finding.inputs],
        "recomputable": finding.recomputable,
        "denied": finding.denied,
        "options": list(finding.options),
        "related": [
            {"claim_id": related.claim_id, "relation": str(related.relation)}
            for related in finding.related
        ],
        "history": [
            [point.day, point.documents, number(point.low), number(point.high)]
            for point in finding.history
        ],
        "command": command(finding),
    }


def command(finding: Finding) -> str:
    """The command that reproduces a finding; CASE stands for the case folder."""
    return f"pollwitness explain CASE {finding.claim_id or finding.id[:12]}"


def _scope(finding: Finding) -> dict[str, Json]:
    scope = finding.scope
    given: dict[str, Json] = {
        "contest_id": scope.contest_id,
        "area_id": scope.area_id,
        "station_id": scope.station_id,
        "option_ids": list(scope.option_ids) or None,
    }
    return {key: value for key, value in given.items() if value is not None}


def number(value: Number | Bound | None) -> Json:
    """Whole numbers as integers, exact fractions as "n/d", estimates to 9 significant digits."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if value in (float("inf"), float("-inf")):
        return "infinite"
    return float(f"{value:.9g}")


def _end(value: Bound) -> Json:
    return None if isinstance(value, float) else number(value)


def _quantity(quantity: Quantity) -> Json:
    interval = quantity.interval
    return {
        "low": _end(interval.low),
        "high": _end(interval.high),
        "low_open": interval.low_open,
        "high_open": interval.high_open,
        "unit": str(quantity.unit),
        "denominator": str(quantity.denominator),
    }


def _figure(figure: Figure) -> Json:
    return {
        "name": figure.name,
        "value": number(figure.value),
        "unit": figure.unit,
        "low": number(figure.low),
        "high": number(figure.high),
        "level": figure.level,
    }


def _robustness(robustness: Robustness) -> Json:
    return {
        "least": robustness.least,
        "at_most": robustness.at_most,
        "unit": robustness.unit,
        "outlets": robustness.outlets,
        "tolerance": robustness.tolerance,
        "curve": [[number(phi), least, most] for phi, least, most in robustness.curve],
        "in_every_set": list(robustness.in_every_set),
    }


def _input(digest: TableDigest) -> Json:
    return {"table": digest.table, "rows": digest.rows, "sha256": digest.sha256}
