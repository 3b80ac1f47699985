"""The full reasoning behind a finding, in plain words that a reader can check by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pollwitness.checks.labels import figure_label
from pollwitness.checks.wording import (
    counted,
    figure_text,
    figure_with_unit,
    number_text,
    quantity_text,
    range_text,
    sentence,
    unit_of,
    verdict_word,
)
from pollwitness.claims import Claim, Figure, Finding, Relation, command, confirmed_claims
from pollwitness.language import gettext as _
from pollwitness.language import mark, ngettext
from pollwitness.quantities import Rung
from pollwitness.tables import Case, CaseTables

LISTED = 20
"""How many decisive documents are listed one by one."""

_READINGS = {
    "as_written": mark("forms as written"),
    "one_figure_misread": mark("one figure of each inconsistent form misread"),
    "left_out": mark("inconsistent forms left out"),
    "rounding_half_up": mark("if the printed figure was rounded half up"),
    "rounding_truncated": mark("if the printed figure was truncated"),
}
_RUNGS = {
    Rung.BOUNDS: mark("bounds: arithmetic, no assumption but that the documents are authentic"),
    Rung.ESTIMATES: mark("estimate: holds under the assumptions named"),
    Rung.INDICATIONS: mark("indication: an anomaly, never a contradiction by itself"),
}
_RELATIONS = {
    Relation.AGREES: mark("can both be true"),
    Relation.CONFLICTS: mark("cannot both be true"),
    Relation.PART: mark("counts a part of these days"),
    Relation.WHOLE: mark("counts these days and more"),
    Relation.SUPERSEDES: mark("is superseded by this claim"),
    Relation.SUPERSEDED: mark("supersedes this claim"),
    Relation.DOES_NOT_DECIDE: mark("does not decide (other days, or no range)"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; ``name`` is the same in every language."""

    name: str
    heading: str
    lines: tuple[str, ...]


def reading_label(name: str) -> str:
    """What a reading of inconsistent forms, or of a rounded figure, is called."""
    return _(_READINGS[name])


def relation_label(relation: Relation) -> str:
    """How another claim stands to this one, in words."""
    return _(_RELATIONS[relation])


def explanation(finding: Finding, tables: CaseTables) -> tuple[Section, ...]:
    """The sections that explain a finding; empty ones are left out."""
    sections = (
        Section("question", _("Question"), (sentence(finding.question, finding, tables),)),
        Section("answer", _("Answer"), tuple(_answer(finding, tables))),
        Section("figures", _("Figures"), tuple(_figures(finding, tables))),
        Section("readings", _("Readings of forms that do not add up"), tuple(_readings(finding))),
        Section("arithmetic", _("The arithmetic"), tuple(_arithmetic(finding))),
        Section("documents", _("Documents that decide"), tuple(_documents(finding, tables))),
        Section("robustness", _("How much would have to be wrong"), tuple(_robustness(finding))),
        Section(
            "related", _("Other claims about the same quantity"), tuple(_related(finding, tables))
        ),
        Section(
            "assumptions", _("Assumptions"), tuple(_texts(finding.assumptions, finding, tables))
        ),
        Section(
            "innocent",
            _("Innocent explanations that remain"),
            tuple(_texts(finding.innocent_explanations, finding, tables)),
        ),
        Section(
            "decide", _("What would decide"), tuple(_texts(finding.would_decide, finding, tables))
        ),
        Section("reproduce", _("To reproduce"), (command(finding), finding.id)),
    )
    return tuple(section for section in sections if section.lines)


def _texts(ids: tuple[str, ...], finding: Finding, tables: CaseTables) -> Iterator[str]:
    return (sentence(text_id, finding, tables) for text_id in ids)


def _answer(finding: Finding, tables: CaseTables) -> Iterator[str]:
    label = _(" (fragile)") if finding.fragile else ""
    yield f"{verdict_word(finding.verdict)}{label}"
    yield _("Rung {n}, {words}").format(n=int(finding.rung), words=_(_RUNGS[finding.rung]))
    if finding.claimed is not None:
        template = _("Denied: {range}") if finding.denied else _("Claimed: {range}")
        yield template.format(range=quantity_text(finding.claimed))
    if finding.inequality is not None:
        yield sentence(finding.inequality.text, finding, tables)
    yield from fragility(finding)


def fragility(finding: Finding) -> tuple[str, ...]:
    """Why a finding is labelled fragile, in sentences; empty where it is not."""
    return tuple(_fragility(finding)) if finding.fragile else ()


def _fragility(finding: Finding) -> Iterator[str]:
    robustness = finding.robustness
    verdicts = {reading.verdict for reading in finding.readings}
    tolerance = None if robustness is None else robustness.tolerance
    few = robustness is not None and tolerance is not None and robustness.least <= tolerance
    if len(verdicts) > 1:
        yield _(
            "Fragile: the verdict depends on how inconsistent forms or a rounded figure are read. "
            "The readings below say how. It does not mean that the figure is right, nor that it is "
            "wrong: it means that the forms in question decide, and should be looked at first."
        )
    if few and robustness is not None:
        yield _(
            "Fragile: the verdict rests on {k}, and honest mistakes alone could produce up to {t} "
            "in a case of this size."
        ).format(k=counted(robustness.least, robustness.unit), t=number_text(tolerance or 0))
    if len(verdicts) <= 1 and not few:
        yield _(
            "Fragile: without the forms whose excess is greatest, as many as may well be wrong, "
            "no more reports are in excess than may have been put to the wrong station."
        )


def _figures(finding: Finding, tables: CaseTables) -> Iterator[str]:
    for figure in finding.figures:
        yield f"{figure_label(figure.name, tables.case)}: {figure_with_unit(figure)}"
    if finding.sensitivity is not None:
        yield _(
            "release bias Γ, the factor between the odds at seen and unseen stations: {n}"
        ).format(n=number_text(finding.sensitivity.value))


def _readings(finding: Finding) -> Iterator[str]:
    unit = unit_of(finding)
    for reading in finding.readings:
        ends = [number_text(end, unit) for end in (reading.low, reading.high) if end is not None]
        shown = f" ({' / '.join(ends)})" if ends else ""
        yield f"{reading_label(reading.name)}: {verdict_word(reading.verdict)}{shown}"


def _arithmetic(finding: Finding) -> Iterator[str]:
    inequality = finding.inequality
    if inequality is None:
        return
    unit = unit_of(finding)
    left, right = number_text(inequality.left, unit), number_text(inequality.right, unit)
    gap = number_text(inequality.left - inequality.right, unit)
    yield _("{left} {relation} {right} would have to hold; it is off by {gap}.").format(
        left=left, relation=inequality.relation, right=right, gap=gap
    )
    terms = {d.station_id or d.document_id: d.contribution for d in finding.decisive}
    total = sum(terms.values())
    carried = finding.check in ("tally.votes", "tally.official", "tally.ballots")
    if carried and 0 < len(terms) <= LISTED and total >= inequality.left - inequality.right:
        yield _("Without these documents: {terms} = {total} less, which is {gap} or more.").format(
            terms=" + ".join(number_text(term) for term in terms.values()),
            total=number_text(total),
            gap=gap,
        )
    if finding.scope.area_id and finding.check in ("tally.votes", "tally.official"):
        yield _("Every station's figure, to add up yourself: pollwitness tally bounds CASE "
                "--area {area} --stations").format(area=finding.scope.area_id)  # fmt: skip


def _documents(finding: Finding, tables: CaseTables) -> Iterator[str]:
    documents = _document_lines(tables)
    for decisive in finding.decisive[:LISTED]:
        title, address = documents.get(decisive.document_id, ("", ""))
        name = decisive.copy_id or decisive.document_id
        yield f"{name}: {number_text(decisive.contribution)} ({title}) {address}".rstrip()
    rest = len(finding.decisive) - LISTED
    if rest > 0:
        yield _("and {n} more, all in findings.json").format(n=number_text(rest))


@lru_cache(maxsize=4)
def _document_lines(tables: CaseTables) -> dict[str, tuple[str, str]]:
    """The title and the address of every document."""
    columns = tables.table("documents").select("document_id", "title", "address")
    return {name: (title, address or "") for name, title, address in columns.iter_rows()}


@lru_cache(maxsize=4)
def _claims_by_id(tables: CaseTables) -> dict[str, Claim]:
    return {claim.claim_id: claim for claim in confirmed_claims(tables)}


def _robustness(finding: Finding) -> Iterator[str]:
    robustness = finding.robustness
    if robustness is None:
        return
    least, most = robustness.least, robustness.at_most
    count = range_text(least, most)
    if finding.rung is Rung.BOUNDS:
        yield _(
            "{n} at least would have to be forged or misread for the verdict to change."
        ).format(n=counted(count, robustness.unit))
    if robustness.in_every_set and len(robustness.in_every_set) <= LISTED:
        yield _("In every such set: {copies}").format(copies=", ".join(robustness.in_every_set))
    if robustness.tolerance is not None:
        yield _("Honest mistakes could produce up to {t}.").format(
            t=number_text(robustness.tolerance)
        )
    if robustness.outlets is not None:
        yield _("The official figure is known from {n} independent outlets.").format(
            n=robustness.outlets
        )
    for phi, low, high in robustness.curve:
        span = (
            range_text(low, high)
            if high is not None
            else _("at least {low}").format(low=number_text(low))
        )
        yield _("k({phi}) = {span}").format(phi=number_text(phi), span=span)


def _related(finding: Finding, tables: CaseTables) -> Iterator[str]:
    claims = _claims_by_id(tables)
    for related in finding.related:
        other = claims[related.claim_id]
        words = relation_label(related.relation)
        yield f"{words}: {other.claim_id} ({other.speaker or '?'}): {other.words}"


def deciding_figure(finding: Finding, case: Case) -> str:
    """The figure on which a verdict turns, in a few words."""
    inequality = finding.inequality
    unit = unit_of(finding)
    if inequality is not None:
        left, right = number_text(inequality.left, unit), number_text(inequality.right, unit)
        return _("{left} against {right}").format(left=left, right=right)
    if finding.check == "tally.remainder":
        return _remainder_words(finding)
    if finding.rung is Rung.INDICATIONS or finding.check == "audit.recount":
        name = "p_adjusted" if finding.rung is Rung.INDICATIONS else "recount_p"
        return _("p {n}").format(n=figure_text(finding.figure(name)))
    if finding.related:
        conflicts = sum(r.relation is Relation.CONFLICTS for r in finding.related)
        others = len(finding.related)
        template = ngettext(
            "{n} other claim, {c} in conflict", "{n} other claims, {c} in conflict", others
        )
        return template.format(n=others, c=conflicts)
    return _first_figure(finding.figures[0], case) if finding.figures else ""


def _first_figure(figure: Figure, case: Case) -> str:
    if figure.low is None and figure.high is None:
        return f"{figure_label(figure.name, case)}: {figure_text(figure)}"
    low = "?" if figure.low is None else number_text(figure.low, figure.unit)
    high = _("no upper bound") if figure.high is None else number_text(figure.high, figure.unit)
    return _("range: {low} to {high}").format(low=low, high=high)


def _remainder_words(finding: Finding) -> str:
    """Share seen against share needed, and the release bias."""
    shares = {figure.name: figure_text(figure) for figure in finding.figures}
    words = _("seen {seen}, needed {needed}").format(
        seen=shares.get("seen_share", "?"), needed=shares.get("needed_share", "?")
    )
    if finding.sensitivity is None:
        return words
    return words + _(", Γ {n}").format(n=number_text(finding.sensitivity.value))


def robustness_words(finding: Finding) -> str:
    """The robustness of a finding in a few words."""
    robustness = finding.robustness
    if robustness is None or finding.rung is not Rung.BOUNDS:
        return ""
    least, most = robustness.least, robustness.at_most
    count = range_text(least, most)
    label = _(", fragile") if finding.fragile else ""
    return counted(count, robustness.unit) + label
