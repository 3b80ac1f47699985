"""Commands that ask the whole catalogue of questions: check, explain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from pollwitness.case import read_case
from pollwitness.case.write import replace_file
from pollwitness.checks import (
    CheckRun,
    counted,
    deciding_figure,
    explanation,
    missing_sentence,
    robustness_words,
    run_checks,
    sentence,
    verdict_word,
)
from pollwitness.claims import (
    Claim,
    Finding,
    Json,
    canonical_json,
    confirmed_claims,
    finding_object,
)
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.log_places import log_places
from pollwitness.cli.output import MARKS, err, out, print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quantities import Verdict
from pollwitness.tables import CaseTables


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("check")(check)
    app.command("explain")(explain)


def _answers(tables: CaseTables) -> CheckRun:
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        task = progress.add_task(_("checking"), total=None)
        return run_checks(
            tables,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )


def check(
    case: CaseArgument,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="Write findings.json to this file.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Check every claim, and the official figures, against the evidence in the case.

    Exit code 1 if something cannot be true, 2 if nothing could be decided, 0 otherwise.

    Example: pollwitness check examples/belarus-2020
    """
    folder = read_case(case)
    answers = _answers(folder.tables)
    document = answers.document(folder.tables)
    if findings is not None:
        findings.parent.mkdir(parents=True, exist_ok=True)
        replace_file(findings, canonical_json(document) + b"\n")
    if as_json:
        print_json("check", document, folder.warnings)
    else:
        _print_claims(folder.tables, answers)
        _print_questions(folder.tables, answers)
        _print_unanswered(answers)
        _print_next(case, answers)
    if answers.is_contradicted:
        return 1
    return 0 if answers.is_answered else 2


def _print_claims(tables: CaseTables, answers: CheckRun) -> None:
    rows = []
    order = list(MARKS)
    heads = answers.heads()
    for claim_id, head in sorted(heads.items(), key=lambda one: order.index(one[1].verdict)):
        finding = head.finding
        rows.append((
            claim_id,
            f"{MARKS[head.verdict]} {verdict_word(head.verdict)}",
            str(int(head.rung)),
            "" if finding is None else deciding_figure(finding, tables.case),
            "" if finding is None else robustness_words(finding),
        ))  # fmt: skip
    if rows:
        print_table(
            (_("claim"), _("verdict"), _("rung"), _("deciding figure"), _("robustness")), rows
        )


_MOST_QUESTIONS = 25
"""How many answers without a claim are printed; what cannot be true is always printed."""


def _print_questions(tables: CaseTables, answers: CheckRun) -> None:
    asked = [finding for finding in answers.findings if finding.claim_id is None]
    order = list(MARKS)
    asked.sort(key=lambda f: (order.index(f.verdict), int(f.rung)))
    decided = sum(f.verdict is Verdict.CONTRADICTED for f in asked)
    shown = asked[: max(_MOST_QUESTIONS, decided)]
    rows = [
        (
            finding.id[:8],
            sentence(finding.question, finding, tables),
            f"{MARKS[finding.verdict]} {verdict_word(finding.verdict)}",
            str(int(finding.rung)),
            deciding_figure(finding, tables.case),
            robustness_words(finding),
        )
        for finding in shown
    ]
    if rows:
        out().print()
        print_table(
            (_("finding"), _("question"), _("verdict"), _("rung"), _("deciding figure"),
             _("robustness")),
            rows,
        )  # fmt: skip
    if len(asked) > len(shown):
        more = _("{n} more answers; all of them: pollwitness check --findings FILE")
        print_lines([more.format(n=whole_number(len(asked) - len(shown)))])


def _print_unanswered(answers: CheckRun) -> None:
    reasons: dict[str, dict[str, None]] = {}
    for one in answers.unanswered:
        why = missing_sentence(one.missing.why, one.missing.tables)
        reasons.setdefault(why, {})[one.check] = None
    if reasons:
        out().print()
        print_lines(
            _("Not asked: {checks}. {why}").format(checks=", ".join(checks), why=why)
            for why, checks in reasons.items()
        )


def _print_next(case: Path, answers: CheckRun) -> None:
    contradicted = [v.claim_id for v in answers.verdicts if v.verdict is Verdict.CONTRADICTED]
    names = contradicted or [v.claim_id for v in answers.verdicts] or ["FINDING"]
    out().print()
    print_lines(_summary(answers))
    out().print(
        escape(_("Next: pollwitness explain {case} {name}").format(case=case, name=names[0])),
        soft_wrap=True,
    )


def _summary(answers: CheckRun) -> Iterator[str]:
    """How many claims got which verdict; those that cannot or must be true by name."""
    by_verdict: dict[Verdict, list[str]] = {}
    for one in answers.verdicts:
        by_verdict.setdefault(one.verdict, []).append(one.claim_id)
    for verdict, mark in MARKS.items():
        claims = by_verdict.get(verdict, [])
        if claims:
            named = f": {', '.join(claims)}" if verdict in _NAMED else ""
            count = counted(len(claims), "claims")
            words = _("{claims} {verdict}").format(claims=count, verdict=verdict_word(verdict))
            yield f"{mark} {words}{named}"


_NAMED = (Verdict.CONTRADICTED, Verdict.ENTAILED)


def explain(
    case: CaseArgument,
    subject: Annotated[
        str, typer.Argument(metavar="CLAIM", help="A claim, or the first digits of a finding.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Explain the verdict on a claim in plain words, with documents and arithmetic.

    Example: pollwitness explain examples/belarus-2020 cec-minsk-city-tikhanovskaya-votes
    """
    tables = read_case(case).tables
    answers = _answers(tables)
    found = _about(answers, tables, subject)
    places = log_places(case, found)
    if as_json:
        result: list[Json] = [
            finding_object(finding) | ({"log": places.of(finding)} if places else {})
            for finding in found
        ]
        print_json("explain", result)
        return
    claims = {claim.claim_id: claim for claim in confirmed_claims(tables)}
    if subject in claims:
        _print_claim(tables, claims[subject], answers)
    for finding in found:
        print_lines(["", f"== {finding.check} =="])
        for section in explanation(finding, tables):
            print_lines([section.heading, *(f"  {line}" for line in section.lines)])
        if places:
            print_lines(places.lines(case, finding))
    for one in answers.unanswered:
        if one.claim_id == subject:
            why = missing_sentence(one.missing.why, one.missing.tables)
            print_lines(["", _("Not asked: {check}. {why}").format(check=one.check, why=why)])


def _print_claim(tables: CaseTables, claim: Claim, answers: CheckRun) -> None:
    head = answers.heads()[claim.claim_id]
    documents = tables.table("documents")
    row = documents.filter(documents["document_id"] == claim.document_id).to_dicts()[0]
    lines = [
        _("Claim: {words}").format(words=claim.words),
        _("Said by {who}, {when}").format(who=claim.speaker or "?", when=claim.stated_at or "?"),
        _("Source: {title} {address}").format(title=row["title"], address=row["address"] or ""),
        _("Verdict: {verdict} (rung {rung})").format(
            verdict=f"{MARKS[head.verdict]} {verdict_word(head.verdict)}", rung=int(head.rung)),
    ]  # fmt: skip
    if claim.reply is not None:
        lines.append(_("Reply of the person concerned: {reply}").format(reply=claim.reply))
    print_lines(lines)


def _about(answers: CheckRun, tables: CaseTables, subject: str) -> list[Finding]:
    found = [f for f in answers.findings if f.claim_id == subject]
    if not found and len(subject) >= 6:
        found = [f for f in answers.findings if f.id.startswith(subject.lower())]
    known = [claim.claim_id for claim in confirmed_claims(tables)]
    if not found and subject not in known:
        listed = ", ".join(known[:10]) or "none"
        raise QuestionError(f"no claim or finding {subject!r}; confirmed claims: {listed} …")
    return found
