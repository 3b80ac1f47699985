"""Samples of stations: quick counts with their funnel, recounts with the path of the p-value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from pollwitness.audit.assess import Recount
from pollwitness.checks import number_text
from pollwitness.checks.quick_count import Along, Arrived, along, arrived
from pollwitness.checks.quick_count_claims import GAMMA
from pollwitness.checks.recount import Assessment, assertion_words, assess
from pollwitness.checks.recount_claims import RISK_LIMIT
from pollwitness.checks.sample_words import quick_count_sentences, recount_sentences
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quickcount.arrivals import responses, sensitivity
from pollwitness.quickcount.estimate import combined
from pollwitness.report.charts import Picture
from pollwitness.report.pages.page import Page
from pollwitness.report.pages.sample_pictures import (
    funnel_picture,
    path_picture,
    sample_map,
    sequence_picture,
)
from pollwitness.report.subject import Sample, Subject
from pollwitness.tables import CaseTables

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """What the page of a sample shows; ``tables`` are (title, headings, rows).

    ``refused`` says why nothing can be said; ``transcript`` is the path of one, or empty.
    """

    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[tuple[str, tuple[str, ...], Rows], ...] = ()
    refused: str = ""
    transcript: str = ""


def sample_pages(subject: Subject) -> Iterator[Page]:
    """One page for each sample, and the list of them."""
    if not subject.samples:
        return
    pages = [_page(subject, one) for one in subject.samples]
    yield Page(
        "samples/index.html", "samples.html.j2", _("Samples"), "samples",
        content={"listed": [(page.path, page.title, page.about) for page in pages]},
    )  # fmt: skip
    yield from pages


def _page(subject: Subject, sample: Sample) -> Page:
    kind = _("Recount") if sample.is_recount else _("Quick count")
    title = _("{kind}: {sample}").format(kind=kind, sample=sample.id)
    try:
        view = _view(subject, sample)
    except QuestionError as error:
        view = SampleView(refused=str(error))
    return Page(
        subject.sample_path(sample.id),
        "sample.html.j2",
        title,
        "samples",
        view.sentences[0] if view.sentences else "",
        content={
            "view": view,
            "seed": sample.seed,
            "method": f"methods/{'recount' if sample.is_recount else 'quick-count'}.html",
        },
    )


def _view(subject: Subject, sample: Sample) -> SampleView:
    tables = subject.tables
    if sample.is_recount:
        return _recount(subject, sample, assess(tables, sample.id))
    if sample.method == "uniform":
        return _sequence(subject, sample, along(tables, sample.id))
    found = arrived(tables, sample.id)
    view = quick_count_view(tables, found, GAMMA)
    return replace(view, pictures=(*view.pictures, *_mapped(subject, sample, found.stations)))


def quick_count_view(tables: CaseTables, found: Arrived, gamma: float) -> SampleView:
    """What a quick count shows now: sentences, the funnel, the shares, and the response.

    Raises:
        QuestionError: if nothing has arrived.
    """
    drawn = found.drawn
    if not drawn.reported.any():
        raise QuestionError(_("nothing has arrived yet"))
    result = combined(drawn.counted)
    names = [tables.case.option_name(one) for one in found.frame.options]
    wide = sensitivity(drawn, gamma)
    came = _("{came} of {n} drawn stations have reported.").format(
        came=whole_number(int(drawn.reported.sum())), n=whole_number(len(drawn.reported))
    )
    shares = tuple(
        (name, _percent(share.value), _ends(share.interval()), _ends(ends))
        for name, share, ends in zip(names, result.shares, wide.shares, strict=True)
    )
    response = tuple(
        (found.frame.strata[one.stratum], number_text(int(drawn.sizes[one.stratum])),
         number_text(one.drawn), number_text(one.reported))
        for one in responses(drawn)
    )  # fmt: skip
    return SampleView(
        sentences=(came, *quick_count_sentences(found, result, names, gamma)),
        pictures=(funnel_picture(found, names, gamma),),
        tables=(
            (_("Shares"),
             (_("share of"), _("estimate"), _("95 %, of those that reported"),
              _("whatever the missing hold within a factor of {g}").format(g=f"{gamma:g}")),
             shares),
            (_("Response by stratum"),
             (_("stratum"), _("stations"), _("drawn"), _("reported")), response),
        ),
    )  # fmt: skip


def _sequence(subject: Subject, sample: Sample, found: Along) -> SampleView:
    names = [subject.tables.case.option_name(one) for one in found.frame.options]
    rows = tuple(
        (name, _ends((float(one.low[-1]), float(one.high[-1]))))
        for name, one in zip(names, found.sequences, strict=True)
    )
    template = _("{came} of {n} draws hit a station that has reported.")
    return SampleView(
        sentences=(
            template.format(came=whole_number(found.reported), n=whole_number(found.drawn)),
            _("These intervals hold at every time at once, along the order of the draws; a station "
              "that has not reported counts as the worst."),
        ),
        pictures=(*(sequence_picture(found, place, name) for place, name in enumerate(names)),
                     *_mapped(subject, sample, found.stations)),
        tables=((_("Shares"), (_("share of"), _("95 %, at every time")), rows),),
    )  # fmt: skip


def _recount(subject: Subject, sample: Sample, found: Assessment) -> SampleView:
    tables = subject.tables
    asserted = tuple(
        (assertion_words(one, tables), whole_number(one.margin)) for one in found.assertions
    )
    path = path_picture(found, RISK_LIMIT)
    counted_ones = {one.station_id for one in found.steps if one.outcome is Recount.COUNTED}
    return SampleView(
        sentences=tuple(recount_sentences(found, RISK_LIMIT)),
        pictures=(
            *(() if path is None else (path,)), *_mapped(subject, sample, frozenset(counted_ones)),
        ),
        tables=(
            (_("What must be confirmed"), (_("what must be confirmed"), _("margin")), asserted),
            (_("The draws"), (_("draw"), _("station"), _("outcome"), _("taint"), "p"),
             _draws(found)),
        ),
        transcript=subject.transcript_path(sample.id),
    )  # fmt: skip


def _draws(found: Assessment) -> Rows:
    p = [] if found.path is None else found.path.betting.tolist()
    words = {Recount.COUNTED: _("counted"), Recount.REFUSED: _("refused"),
             Recount.UNREACHABLE: _("not reached")}  # fmt: skip
    return tuple(
        (str(one.draw.k), one.station_id, "" if one.outcome is None else words[one.outcome],
         "" if one.taint is None else f"{one.taint:.4f}",
         f"{p[number]:.4f}" if number < len(p) else "")
        for number, one in enumerate(found.steps)
    )  # fmt: skip


def _mapped(subject: Subject, sample: Sample, known: frozenset[str]) -> tuple[Picture, ...]:
    rows = subject.tables.table("sample").filter(pl.col("sample_id") == sample.id)
    picture = sample_map(subject, frozenset(rows["station_id"].to_list()), known)
    return () if picture is None else (picture,)


def _percent(value: float) -> str:
    return f"{value * 100:.2f} %"


def _ends(ends: tuple[float, float]) -> str:
    return _("{low} to {high}").format(low=_percent(ends[0]), high=_percent(ends[1]))
