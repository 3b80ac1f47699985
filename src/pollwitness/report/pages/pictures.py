"""The pictures of a case: each with a title that states what it finds, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pollwitness.checks import (
    answer_sentence,
    area_name,
    counted,
    figure_text,
    figure_with_unit,
    measure_label,
    number_text,
    range_text,
)
from pollwitness.claims import AreaFigures, Claim, Figure, Finding, HistoryPoint, Number, Relation
from pollwitness.language import day_text
from pollwitness.language import gettext as _
from pollwitness.quantities import Rung, Unit
from pollwitness.report.charts import (
    Picture,
    Said,
    SharePair,
    ShareRow,
    bar_of,
    bounds_over_time,
    claim_bar,
    robustness_curve,
    scale_of,
    seen_and_unseen,
    who_says_what,
)
from pollwitness.report.subject import QuantityKey, Subject
from pollwitness.report.titles import claimed_figure, quantity_title, speaker
from pollwitness.tables import vote_column


def bar_picture(subject: Subject, claim: Claim) -> Picture | None:
    """The claim bar of a claim."""
    finding = subject.heads[claim.claim_id].finding
    bar = bar_of(finding, claimed_figure(claim, short=True))
    if finding is None or bar is None:
        return None
    says = answer_sentence(finding, subject.tables)
    bounds = next((f for f in finding.figures if f.low is not None or f.high is not None), None)
    rows = [(_("claimed"), claimed_figure(claim))]
    title, left = (
        _("What was claimed, and what the evidence leaves possible"),
        _("left possible by the evidence"),
    )
    if finding.rung is not Rung.BOUNDS:
        title, left = _("What was claimed, and what was estimated"), _("estimated")
    if bounds is not None:
        rows.append((left, figure_with_unit(bounds)))
    return Picture(
        title=title,
        drawing=claim_bar(bar, says),
        alternative=says,
        basis=basis_of(finding),
        source=sources_of(finding),
        headings=(_("what"), _("figure")),
        rows=tuple(rows),
    )


def basis_of(finding: Finding) -> str:
    """How many stations stand behind a finding."""
    named = ("seen_stations", "all_stations", "sum_stations", "seen_ballots")
    shown = {f.name: figure_with_unit(f) for f in finding.figures if f.name in named}
    if "seen_stations" in shown and "all_stations" in shown:
        return _("Accepted protocols of {seen}; there are {all}.").format(
            seen=shown["seen_stations"], all=shown["all_stations"]
        )
    if "seen_stations" in shown:
        return _("Accepted protocols of {seen}.").format(seen=shown["seen_stations"])
    if "sum_stations" in shown:
        return _("Published sums over {seen}.").format(seen=shown["sum_stations"])
    if any(f.low is not None or f.high is not None for f in finding.figures):
        rows = {i.table: counted(i.rows, "rows") for i in finding.inputs if i.rows}
        return _("Rests on {tables}.").format(
            tables=", ".join(f"{name} ({number})" for name, number in rows.items())
        )
    return _("No document of this case bounds it.")


def sources_of(finding: Finding) -> str:
    """Which tables and which check a picture rests on."""
    tables = ", ".join(digest.table for digest in finding.inputs)
    return _("Source: the tables {tables} of this case, check {check}.").format(
        tables=tables, check=finding.check
    )


def shares_picture(
    subject: Subject, figures: AreaFigures, option_ids: Sequence[str]
) -> Picture | None:
    """Seen and unseen: every option's share in the seen stations, and what the others need."""
    contest = subject.tables.case.contest(figures.contest_id)
    pairs: list[SharePair] = []
    found: list[tuple[str, Figure, Figure]] = []
    for option in (o for o in contest.options if o.id in option_ids):
        pair = _seen_and_needed(figures, option.id)
        if pair is not None:
            found.append((option.name, *pair))
            pairs.append(_share_pair(figures, option.name, option.id, pair))
    if not pairs:
        return None
    widest = max(found, key=lambda one: abs(_middle(one[1]) - _middle(one[2])))
    title = _("{area}: by the official figure, {option} has {needed} elsewhere, against {seen} "
              "where protocols are known").format(
        area=area_name(figures.area_id, subject.tables), option=widest[0],
        seen=figure_text(widest[1]), needed=figure_text(widest[2]),
    )  # fmt: skip
    seen, ballots = figures.figure("seen_stations"), figures.figure("seen_ballots")
    known = figures.figure("stations_with_ballots")
    return Picture(
        title=title,
        drawing=seen_and_unseen(tuple(pairs), title),
        alternative=title,
        basis=_("Seen: {stations}; ballots are known of {known}: {ballots}.").format(
            stations="?" if seen is None else figure_with_unit(seen),
            known="?" if known is None else figure_with_unit(known),
            ballots="?" if ballots is None else figure_with_unit(ballots),
        ),
        source=_("Source: the tables protocols and official results of this case, forms as "
                 "written. Shares are of ballots found, where these are known."),
        headings=(_("option"), _("share seen"), _("share needed elsewhere")),
        rows=tuple((name, figure_text(s), figure_text(n)) for name, s, n in found),
    )  # fmt: skip


def _seen_and_needed(figures: AreaFigures, option_id: str) -> tuple[Figure, Figure] | None:
    name = vote_column(option_id)
    seen = figures.figure(f"seen_share_{name}")
    needed = figures.figure(f"needed_share_{name}")
    stating, total = _count(figures.figure(f"sharing_{name}")), figures.figure("all_stations")
    if seen is None or needed is None or (total is not None and stating == _count(total)):
        return None
    return seen, needed


def _middle(figure: Figure) -> float:
    if figure.value is not None:
        return float(figure.value)
    return (float(figure.low or 0) + float(figure.high or 0)) / 2


def _share_pair(
    figures: AreaFigures, name: str, option_id: str, shares: tuple[Figure, Figure]
) -> SharePair:
    stating = _count(figures.figure(f"sharing_{vote_column(option_id)}"))
    total = _count(figures.figure("all_stations"))
    unseen = None if stating is None or total is None else total - stating
    column = vote_column(option_id)
    names = (f"ballots_at_{column}", f"needed_ballots_{column}")
    seen, needed = (_span(figures.figure(n)) for n in names)
    return SharePair(
        name,
        ShareRow(_("seen"), _ends(shares[0]), stating, seen, seen=True),
        ShareRow(_("needed elsewhere"), _ends(shares[1]), unseen, needed, seen=False),
    )


def _count(figure: Figure | None) -> int | None:
    return figure.value if figure is not None and isinstance(figure.value, int) else None


def _ends(figure: Figure) -> tuple[float, float]:
    if figure.value is not None:
        return float(figure.value), float(figure.value)
    return float(figure.low or 0), float(figure.high or 0)


def _span(figure: Figure | None) -> tuple[int, int] | None:
    if figure is None:
        return None
    low, high = _ends(figure)
    return round(low), round(high)


def curve_picture(finding: Finding) -> Picture | None:
    """How many documents would have to be wrong, against what the others would then hold."""
    robustness = finding.robustness
    if robustness is None or not robustness.curve:
        return None
    spans = [
        (phi, range_text(least, most) if most is not None else _("{n} or more").format(
            n=number_text(least)))
        for phi, least, most in robustness.curve
    ]  # fmt: skip
    half = next((span for phi, span in spans if phi * 2 == 1), spans[-1][1])
    title = _("{documents} would have to be wrong for the other stations to hold half as much as "
              "these").format(documents=counted(half, "documents"))  # fmt: skip
    return Picture(
        title=title,
        drawing=robustness_curve(robustness.curve, title),
        alternative=title,
        basis=basis_of(finding),
        source=sources_of(finding),
        headings=(_("of the support in these stations"), _("documents")),
        rows=tuple((number_text(phi, "share"), span) for phi, span in spans),
    )


def history_picture(claim: Claim, finding: Finding) -> Picture | None:
    """How the range narrowed as protocols were published, with the claim as a line."""
    history = finding.history
    if len(history) < 2 or claim.claimed is None:
        return None
    unit = "share" if claim.unit is Unit.PERCENT else ""
    claimed = claim.claimed.scaled(Fraction(1, 100)) if unit else claim.claimed
    documents = counted(history[-1].documents, "documents")
    title = _("The range at the end of {day}, with {documents}: {range}").format(
        day=day_text(history[-1].day), documents=documents, range=_spread(history[-1], unit)
    )
    return Picture(
        title=title,
        drawing=bounds_over_time(
            history,
            claimed,
            unit=unit,
            label=_("denied") if claim.denied else _("claimed"),
            alternative=title,
        ),
        alternative=title,
        basis=_("{basis} Documents without a date count from the first day.").format(
            basis=basis_of(finding)
        ),
        source=sources_of(finding),
        headings=(_("end of day"), _("documents"), _("least"), _("most")),
        rows=tuple(
            (day_text(p.day), number_text(p.documents), _known(p.low, unit), _known(p.high, unit))
            for p in history
        ),
    )


def _spread(point: HistoryPoint, unit: str) -> str:
    low, high = point.low, point.high
    if high is None:
        return _("{n} or more").format(n=_known(low, unit))
    return range_text(low or 0, min(high, 1) if unit == "share" else high, unit)


def _known(value: Number | None, unit: str) -> str:
    if value is None:
        return _("no bound")
    return number_text(min(value, 1) if unit == "share" else value, unit)


def sources_picture(subject: Subject, key: QuantityKey, claims: Sequence[Claim]) -> Picture:
    """Who says what about one quantity, by date, with conflicts joined."""
    places = {claim.claim_id: at for at, claim in enumerate(claims)}
    rows = [_said(subject, claim, places) for claim in claims]
    conflicts = sum(len(row.conflicts) for row in rows) // 2
    title = _("{quantity}: {claims}, pairs that cannot both be true: {n}").format(
        quantity=quantity_title(subject, key), claims=counted(len(claims), "claims"),
        n=number_text(conflicts),
    )  # fmt: skip
    percent = claims[0].unit in (Unit.PERCENT, Unit.SHARE)
    scale = scale_of(rows, percent=percent)
    unit = measure_label(claims[0].measure)
    return Picture(
        title=title,
        drawing=who_says_what(rows, scale, unit=unit, alternative=title),
        alternative=title,
        basis=_("Each line is one claim; a claim is no evidence for another."),
        source=_("Source: the table claims of this case, check claims.agreement."),
        headings=(_("who"), _("when"), _("figure")),
        rows=tuple((row.who, row.when, row.figure) for row in rows),
    )


def _said(subject: Subject, claim: Claim, places: dict[str, int]) -> Said:
    finding = next(
        (f for f in subject.findings_of_claims[claim.claim_id] if f.check == "claims.agreement"),
        None,
    )
    related = () if finding is None else finding.related
    conflicts = tuple(
        places[r.claim_id] for r in related
        if r.relation is Relation.CONFLICTS and r.claim_id in places
    )  # fmt: skip
    figure = claimed_figure(claim)
    when = "" if claim.stated_at is None else day_text(claim.stated_at)
    shown = claim.claimed
    if shown is not None and claim.unit is Unit.SHARE:
        shown = shown.scaled(Fraction(100))
    return Said(
        speaker(claim), when, _("denies: {n}").format(n=figure) if claim.denied else figure,
        shown, conflicts,
    )  # fmt: skip
