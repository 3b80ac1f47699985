"""How many people: estimates in rows and sentences, and a page that names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pollwitness.detentions.disclosure import LEAST, Released
from pollwitness.detentions.estimate import Answer
from pollwitness.detentions.loglinear import model_name
from pollwitness.detentions.register import Bounds
from pollwitness.detentions.strata import NOT_KNOWN, POOLED, Stratified
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.charts import ForestRow, Overlap, Picture, forest, overlaps
from pollwitness.report.papers import rendered
from pollwitness.tables import CaseTables

Row = tuple[str, str, str]


def _n(value: float) -> str:
    return whole_number(round(value))


def _ends(low: float, high: float) -> str:
    if high == float("inf"):
        return _("{low} or more").format(low=_n(low))
    return _("{low} to {high}").format(low=_n(low), high=_n(high))


def estimate_rows(found: Answer) -> list[Row]:
    """Method, people, interval: every method that could be used."""
    rows = [(_("people on the lists"), _n(found.histories.observed), "")]
    rows += [
        (_("Chapman, {first} and {second} alone").format(first=pair.first, second=pair.second),
         _n(pair.chapman.total), _ends(pair.chapman.low, pair.chapman.high))
        for pair in found.two_lists
    ]  # fmt: skip
    bound = found.lower_bound
    if bound is not None:
        rows.append((
            _("Chao, at least"), _n(bound.total), _ends(bound.low, bound.high)
        ))  # fmt: skip
    return [*rows, *_model_rows(found), *_posterior_rows(found)]


def _model_rows(found: Answer) -> list[Row]:
    models = found.models
    if models is None:
        return []
    best = models.fits[0]
    name = model_name(best.model, found.histories.lists)
    return [
        (_("log-linear, lowest BIC: {model}").format(model=name), _n(best.total),
         _ends(models.best.low, models.best.high)),
        (_("log-linear, average by BIC"), _n(models.by_bic.total),
         _ends(max(models.by_bic.low, found.histories.observed), models.by_bic.high)),
        (_("log-linear, average by AICc"), _n(models.by_aicc.total),
         _ends(max(models.by_aicc.low, found.histories.observed), models.by_aicc.high)),
        (_("log-linear, all {n} models").format(n=whole_number(len(models.fits))),
         _ends(models.least, models.greatest), ""),
    ]  # fmt: skip


def _posterior_rows(found: Answer) -> list[Row]:
    rows = []
    graphs, classes = found.graphs, found.classes
    if graphs is not None:
        rows.append((
            _("decomposable graphs, averaged"), _n(graphs.mean), _ends(graphs.low, graphs.high)
        ))  # fmt: skip
    rows.append((
        _("latent classes") if classes.has_converged else _("latent classes (chains disagree)"),
        _n(classes.mean), _ends(classes.low, classes.high),
    ))  # fmt: skip
    return rows


def strata_rows(found: Stratified) -> list[Row]:
    """Stratum, people, interval: those estimated apart, those joined, and the sum."""
    joined = _("joined: {names}").format(names=", ".join(found.joined))
    rows = [
        (joined if name == POOLED else _("not known") if name == NOT_KNOWN else name,
         _n(part.mean), _ends(part.low, part.high))
        for name, part in found.parts.items()
    ]  # fmt: skip
    return [*rows, (_("all together"), _n(found.mean), _ends(found.low, found.high))]


def estimate_sentences(found: Answer) -> list[str]:
    """What the estimates come to, and every warning."""
    spread = _("Models of all lists span {least} to {greatest} people: no single number is the "
               "answer.")  # fmt: skip
    lines = [spread.format(least=_n(found.least), greatest=_n(found.greatest))]
    models = found.models
    if models is not None:
        template = _("The model with the lowest BIC says {best} ({low} to {high}); the {n} models "
                     "that can be fitted say {least} to {greatest}.")  # fmt: skip
        lines.append(template.format(
            best=_n(models.fits[0].total), low=_n(models.best.low), high=_n(models.best.high),
            n=whole_number(len(models.fits)), least=_n(models.least), greatest=_n(models.greatest),
        ))  # fmt: skip
        if models.silent:
            lines.append(
                _("Models that say nothing of people on no list: {n}.").format(n=models.silent)
            )
    return [*lines, *_warnings(found), *_sensitivity(found)]


def _warnings(found: Answer) -> list[str]:
    lines = []
    graphs, classes = found.graphs, found.classes
    if graphs is not None and len(graphs.modes) > 1:
        at = ", ".join(_n(one) for one in graphs.modes)
        lines.append(
            _("The averaged posterior has several peaks, at {at}: its mean and its interval are "
              "of no use alone.").format(at=at)
        )  # fmt: skip
    if graphs is not None and graphs.is_truncated:
        lines.append(
            _("The posterior is cut off at {most}: give a larger --most.").format(
                most=_n(float(graphs.unseen[-1]) + graphs.observed)
            )
        )
    if not classes.has_converged:
        template = _("The chains of the latent classes do not agree yet (R-hat {r}, worth {n} "
                     "independent draws): do not use them.")  # fmt: skip
        lines.append(template.format(r=f"{classes.r_hat:.2f}", n=_n(classes.size)))
    return lines


def _sensitivity(found: Answer) -> list[str]:
    lines = []
    left = [one.total for one in found.left_out if one.total is not None]
    if left:
        lines.append(
            _("Without one of the lists in turn: {least} to {greatest} people.").format(
                least=_n(min(left)), greatest=_n(max(left))
            )
        )
    silent = [one.name for one in found.left_out if one.total is None]
    if silent:
        lines.append(
            _("Nothing can be said without: {lists}.").format(lists=", ".join(silent))
        )  # fmt: skip
    links = [one.total for one in found.links if one.total is not None]
    if links:
        lines.append(
            _("If up to one link in ten was missed, or is false: {least} to {greatest} "
              "people.").format(least=_n(min(links)), greatest=_n(max(links)))
        )  # fmt: skip
    priors = [mean for _delta, mean in found.priors]
    if priors:
        lines.append(
            _("Over other priors of the averaged graphs: {least} to {greatest} people.").format(
                least=_n(min(priors)), greatest=_n(max(priors))
            )
        )
    return lines


def forest_picture(found: Answer) -> Picture:
    """Every method with its interval, and the span of all models, on one axis."""
    rows = estimate_rows(found)
    title = _("Models of all lists span {least} to {greatest} people").format(
        least=_n(found.least), greatest=_n(found.greatest)
    )
    return Picture(
        title=title,
        drawing=forest(_forest_rows(found), float(found.histories.observed), title),
        alternative=title,
        basis=_("Dots: estimates; lines: 95 % under the assumptions of each; the line down: people "
                "on the lists."),
        source=_("Source: links between the entries of detention lists, command {name}.").format(
            name="pollwitness detentions report"
        ),
        headings=(_("method"), _("people"), _("95 %, under its own assumptions")),
        rows=tuple(rows),
    )  # fmt: skip


def _forest_rows(found: Answer) -> list[ForestRow]:
    made = [
        ForestRow(f"{one.first} x {one.second}", one.chapman.total,
                  (one.chapman.low, one.chapman.high))
        for one in found.two_lists
    ]  # fmt: skip
    bound, models, graphs = found.lower_bound, found.models, found.graphs
    if bound is not None:
        made.append(ForestRow(_("Chao, at least"), bound.total, (bound.low, bound.high)))
    if models is not None:
        made += [
            ForestRow(_("lowest BIC"), models.fits[0].total, (models.best.low, models.best.high)),
            ForestRow(_("all models"), None, (models.least, models.greatest)),
        ]
    if graphs is not None:
        made.append(ForestRow(_("graphs"), graphs.mean, (graphs.low, graphs.high)))
    classes = found.classes
    made.append(ForestRow(_("latent classes"), classes.mean, (classes.low, classes.high)))
    return made


def overlap_picture(found: Released) -> Picture:
    """How many people stand on which lists together, in numbers that may be published."""
    lists = found.histories.lists
    given = [
        Overlap(tuple(bool(h >> i & 1) for i in range(len(lists))), count)
        for h, count in enumerate(found.counts)
        if count is not None
    ]
    given.sort(key=lambda one: (-(one.people or 0), one.on))
    several = sum(one.people or 0 for one in given if sum(one.on) > 1)
    title = _("About {n} people stand on several lists").format(n=whole_number(several))
    rows = [
        (" + ".join(n for n, on in zip(lists, one.on, strict=True) if on), _n(one.people or 0))
        for one in given
    ]
    left = _("fewer than {n}").format(n=LEAST) if found.pooled is None else _n(found.pooled)
    return Picture(
        title=title,
        drawing=overlaps(given[:_BARS], lists, title),
        alternative=title,
        basis=_("People on just these lists, rounded to fives; where they are fewer than ten, they "
                "are counted together."),
        source=_("Source: links between the entries of detention lists, command {name}.").format(
            name="pollwitness detentions report"
        ),
        headings=(_("lists"), _("people")),
        rows=(*rows, (_("all other combinations together"), left)),
    )  # fmt: skip


_BARS = 15


@dataclass(frozen=True, slots=True)
class PeopleView:
    """What a page on listed people shows: made of counts that may be published, of nothing else."""

    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]


def people_view(found: Released, bounds: Bounds, estimated: Answer | None) -> PeopleView:
    """The view of published counts; without an estimate where none may be made of them."""
    lines = [*_bound_sentences(bounds)]
    if estimated is None:
        lines.append(_("Too much of what an estimate rests on are counts of fewer than ten people, "
                       "or lists that do not overlap: none is published."))  # fmt: skip
        return PeopleView(tuple(lines), (overlap_picture(found),))
    lines += estimate_sentences(estimated)
    return PeopleView(tuple(lines), (forest_picture(estimated), overlap_picture(found)))


def _bound_sentences(bounds: Bounds) -> Iterator[str]:
    if bounds.certain is not None:
        yield _("At least {n} different people stand on the lists, by entries that are certainly "
                "different.").format(n=whole_number(bounds.certain))  # fmt: skip
    if bounds.least is not None and bounds.greatest is not None:
        yield _("Over the uncertainty of links between entries, about {low} to {high} different "
                "people stand on them.").format(
            low=whole_number(bounds.least), high=whole_number(bounds.greatest)
        )  # fmt: skip


def people_page(tables: CaseTables, view: PeopleView) -> str:
    """A page of counts and estimates that is one file."""
    return rendered("people_alone.html.j2", tables, view=view)
