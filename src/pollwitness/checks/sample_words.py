"""What samples of stations show, in sentences: recounts, and quick counts that come in."""

from __future__ import annotations

from pollwitness.audit.assess import Recount
from pollwitness.checks.quick_count import Arrived
from pollwitness.checks.recount import Assessment
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quickcount.arrivals import (
    adjusted,
    needed_of_missing,
    responses,
    sensitivity,
    tipping_factor,
)
from pollwitness.quickcount.estimate import QuickCount


def recount_sentences(found: Assessment, risk_limit: float) -> list[str]:
    """What a recount shows, in sentences."""
    agreement = _("Different stations counted: {n}. Their counts disagreed in {k} of them.")
    first = agreement.format(n=whole_number(found.counted), k=whole_number(found.disagreed))
    if found.path is None:
        alone = _("Observers chose the stations themselves: no statement about the others follows.")
        return [first, alone]
    refused = {one.station_id for one in found.steps
               if one.outcome not in {None, Recount.COUNTED}}  # fmt: skip
    lines = [first]
    if refused:
        lines.append(
            _("Stations that refused or were not reached, counted as the worst: {n}.").format(
                n=whole_number(len(refused))
            )
        )
    if found.waiting:
        lines.append(_("Draws that wait for a count: {n}.").format(n=whole_number(found.waiting)))
    at = found.path.decided_at(risk_limit)
    if at is None:
        template = _("Not confirmed yet: the measured p-value is {p}, the risk limit {risk}.")
    else:
        template = _("Confirmed at draw {at}: the measured p-value is {p}, the risk limit {risk}.")
    lines.append(template.format(at=at, p=f"{found.path.p:.4f}", risk=f"{risk_limit:g}"))
    return lines


def quick_count_sentences(
    found: Arrived, result: QuickCount, names: list[str], gamma: float
) -> list[str]:
    """What a quick count says, and what the stations that are missing could change, in sentences.

    ``names`` are those of the options, ``gamma`` the factor within which the missing are taken.
    """
    drawn = found.drawn
    lead = _("{first} leads {second} by {lead} points ({low} to {high} by sampling alone).").format(
        first=names[result.first], second=names[result.second],
        lead=f"{result.lead.value * 100:.2f}", low=f"{result.lead.interval()[0] * 100:.2f}",
        high=f"{result.lead.interval()[1] * 100:.2f}",
    )  # fmt: skip
    lines = [lead]
    wide = sensitivity(drawn, gamma).lead
    if wide[0] <= 0:
        lines.append(_("Too close to call: the missing stations could change who leads."))
    if not drawn.reported.all():
        lines += _of_missing(found, names, result)
    if result.collapsed:
        joined = ", ".join(found.frame.strata[one] for one in result.collapsed)
        lines.append(
            _("Strata with one report, joined to a neighbour: {names}.").format(names=joined)
        )
    empty = [found.frame.strata[one.stratum] for one in responses(drawn) if one.reported == 0]
    if empty:
        lines.append(_("Strata without any report: {names}.").format(names=", ".join(empty)))
    if found.repeated:
        lines.append(
            _("Stations that reported twice, of which the last report counts: {names}.").format(
                names=", ".join(found.repeated)
            )
        )
    return lines


def _of_missing(found: Arrived, names: list[str], result: QuickCount) -> list[str]:
    drawn = found.drawn
    needed = needed_of_missing(drawn)
    template = _(
        "The missing hold about {share} % of the votes; to level it they must show a lead "
        "of {second} of {needed} points, where those seen show one of {first} of {seen}."
    )
    if needed.needed > 1:
        template = _(
            "The missing hold about {share} % of the votes: too few to level it even if "
            "all of them are for {second}."
        )
    lines = [
        template.format(
            share=f"{needed.votes * 100:.1f}", second=names[result.second],
            needed=f"{needed.needed * 100:.1f}", first=names[result.first],
            seen=f"{needed.seen * 100:.1f}",
        )
    ]  # fmt: skip
    factor = tipping_factor(drawn)
    if factor is None:
        lines.append(_("No factor between the missing and those seen changes who leads."))
    elif factor > 1:
        lines.append(_("Who leads could change from a factor of {g} on.").format(g=f"{factor:.2f}"))
    if drawn.reported.sum() >= _LEAST_ADJUSTED:
        fitted = adjusted(drawn)
        lines.append(
            _("If the missing go on as the last arrivals did (an assumption): {first} {share} %, "
              "{low} to {high}.").format(
                first=names[result.first], share=_points(fitted.shares[result.first].value),
                low=_points(fitted.shares[result.first].interval()[0]),
                high=_points(fitted.shares[result.first].interval()[1]),
            )
        )  # fmt: skip
    return lines


_LEAST_ADJUSTED = 20


def _points(value: float) -> str:
    return f"{value * 100:.2f}"
