"""Pictures of stations: reports against recorded votes, and where the stations are."""

from __future__ import annotations

import numpy as np
import polars as pl

from pollwitness.checks import answer_sentence, area_name, counted, number_text
from pollwitness.claims import Finding
from pollwitness.language import gettext as _
from pollwitness.report.charts import Layer, Picture, station_map, station_scatter, window
from pollwitness.report.pages.pictures import sources_of
from pollwitness.report.subject import Subject
from pollwitness.tally import Reading, cast_votes, recorded_votes, territory

_LISTED = 50
"""A table beside a picture of stations lists those of greatest excess, so many of them."""


def scatter_picture(subject: Subject, finding: Finding) -> Picture | None:
    """Reports against recorded votes at every station that has both."""
    contest = finding.scope.contest_id
    if finding.check != "tally.reports" or contest is None:
        return None
    option = finding.scope.option_ids[0]
    votes = recorded_votes(subject.tables, contest, Reading.AS_WRITTEN)
    cast = cast_votes(subject.tables, votes)
    part = votes.part(option)
    reports = cast.reports[:, cast.options.index(option)]
    at = np.flatnonzero(votes.seen & votes.given[:, part] & (reports > 0))
    if not at.size:
        return None
    recorded = votes.high[at, part]
    title = answer_sentence(finding, subject.tables)
    excess = reports[at] - recorded
    left_out = ""
    if not subject.is_complete:
        title = _("Of {stations} shown, {n} have more reports than recorded votes").format(
            stations=counted(int(at.size), "stations"), n=number_text(int((excess > 0).sum()))
        )
        left_out = " " + _("Numbers of reports below ten are not shown.")
    ids = votes.territory.station_ids
    order = [int(i) for i in np.argsort(-excess, kind="stable")[:_LISTED] if excess[i] > 0]
    order = order or [int(np.argmax(excess))]
    return Picture(
        title=title,
        drawing=station_scatter(reports[at], recorded, title),
        alternative=title,
        basis=_("{stations} with a protocol and reports; {reports}, {votes}.").format(
            stations=counted(int(at.size), "stations"),
            reports=counted(int(reports[at].sum()), "reports"),
            votes=counted(int(recorded.sum()), "votes"),
        )
        + left_out,
        source=sources_of(finding),
        headings=(_("station"), _("reports"), _("recorded votes"), _("excess")),
        rows=tuple(
            (str(ids[int(at[i])]), *map(number_text, map(int, (
                reports[at[i]], recorded[i], excess[i]))))
            for i in order
        ),
    )  # fmt: skip


def map_picture(subject: Subject, area_id: str | None) -> Picture | None:
    """Where the stations are: with a protocol, without one, and with a breach of a rule."""
    span = territory(subject.tables).span(area_id)
    inside = span.stop - span.start
    places = subject.map_points[span].drop_nulls(["latitude", "longitude"])
    if places.height < 2:
        return None
    layers = []
    for name in ("map-unseen", "map-seen", "map-breach"):
        part = places.filter(pl.col("kind") == name)
        if part.height:
            layers.append(Layer(name, part["latitude"].to_numpy(), part["longitude"].to_numpy()))
    around = window(tuple(layers))
    inside_map = {layer.kind: int(around.holds(layer).sum()) for layer in layers}
    counts = {name: inside_map.get(name, 0) for name in ("map-seen", "map-breach", "map-unseen")}
    outside = places.height - sum(int(around.holds(layer).sum()) for layer in layers)
    basis = _("{all} of {stations} have coordinates.").format(
        all=number_text(places.height), stations=counted(inside, "stations")
    )
    if outside:
        basis += " " + _("Outside the map: {n}.").format(n=counted(outside, "stations"))
    basis += " " + _(
        "Filled: a protocol is known. Ringed: it breaches a rule. Small: none is known."
    )
    title = _("{area}: protocols are known of {seen} of the {all} on the map").format(
        area=area_name(area_id, subject.tables),
        seen=counted(counts["map-seen"] + counts["map-breach"], "stations"),
        all=number_text(places.height - outside),
    )
    return Picture(
        title=title,
        drawing=station_map(tuple(layers), around, title),
        alternative=title,
        basis=basis,
        source=_(
            "Source: the tables stations and protocols of this case. No map tiles are loaded."
        ),
        headings=(_("mark"), _("stations")),
        rows=(
            (_("filled: protocol known"), number_text(counts["map-seen"])),
            (_("ringed: protocol known, a rule is breached"), number_text(counts["map-breach"])),
            (_("small: no protocol known"), number_text(counts["map-unseen"])),
        ),
    )
