"""Pictures of samples: funnels of intervals, the path of a p-value, and where the drawn lie."""

from __future__ import annotations

import polars as pl

from pollwitness.checks import counted, number_text
from pollwitness.checks.quick_count import Along, Arrived
from pollwitness.checks.recount import Assessment
from pollwitness.language import gettext as _
from pollwitness.quickcount.arrivals import looks
from pollwitness.quickcount.estimate import combined
from pollwitness.report.charts import Band, Layer, Picture, funnel, p_path, station_map, window
from pollwitness.report.subject import Subject

_TENTHS = 10


def funnel_picture(found: Arrived, names: list[str], gamma: float) -> Picture:
    """The lead and what it rests on, as the reports arrived."""
    seen = looks(found.drawn, gamma)
    first, second = (names[place] for place in seen_pair(found))
    last = seen[-1]
    title = _("{first} leads {second} by {low} to {high}, whatever the missing hold within a "
              "factor of {g}").format(
        first=first, second=second, low=_points(last.within[0]), high=_points(last.within[1]),
        g=f"{gamma:g}",
    )  # fmt: skip
    wide = Band("band-outer", tuple((one.reported, *one.within) for one in seen))
    plain = Band("band-area", tuple((one.reported, *one.interval) for one in seen))
    return Picture(
        title=title,
        drawing=funnel(
            (wide, plain), [(one.reported, one.lead) for one in seen],
            across=_("stations that reported"), alternative=title, level=(0.0, _("no lead")),
        ),
        alternative=title,
        basis=_("{came} of {all} drawn. Dark: 95 % of those that reported. Light: whatever the "
                "missing hold within the factor.").format(
            came=number_text(last.reported), all=counted(len(found.drawn.reported), "stations")
        ),
        source=_source("quickcount.estimate"),
        headings=(_("reports"), _("lead"), _("95 %, of those that reported"),
                  _("whatever the missing hold within a factor of {g}").format(g=f"{gamma:g}")),
        rows=tuple(
            (number_text(one.reported), _points(one.lead), _range(one.interval),
             _range(one.within)) for one in seen
        ),
    )  # fmt: skip


def _source(check: str) -> str:
    template = _("Source: the tables frame, sample and arrivals of this case, check {check}.")
    return template.format(check=check)


def seen_pair(found: Arrived) -> tuple[int, int]:
    """The places of the two options that lead now."""
    now = combined(found.drawn.counted)
    return now.first, now.second


def sequence_picture(found: Along, place: int, name: str) -> Picture:
    """The interval of one option at every time, along the draws."""
    one = found.sequences[place]
    ends = list(zip(one.low.tolist(), one.high.tolist(), strict=True))
    title = _("After {n}, {option} has {low} to {high} of the votes, at every time").format(
        n=counted(len(ends), "draws"), option=name, low=_percent(ends[-1][0]),
        high=_percent(ends[-1][1]),
    )  # fmt: skip
    step = max(len(ends) // _TENTHS, 1)
    listed = sorted({*range(step - 1, len(ends), step), len(ends) - 1})
    return Picture(
        title=title,
        drawing=funnel(
            (Band("band-area", tuple((k, *pair) for k, pair in enumerate(ends, start=1))),), (),
            across=_("draws"), alternative=title,
        ),
        alternative=title,
        basis=_("{came} of {n} have reported; the others count as the worst.").format(
            came=number_text(found.reported), n=counted(found.drawn, "draws")
        ),
        source=_("Source: the tables frame, sample and arrivals of this case."),
        headings=(_("draws"), _("95 %, at every time")),
        rows=tuple((number_text(k + 1), _share_range(ends[k])) for k in listed),
    )  # fmt: skip


def path_picture(found: Assessment, risk: float) -> Picture | None:
    """The p-value after each draw, by the bets that decide and by Kaplan-Markov."""
    path = found.path
    if path is None or not path.betting.size:
        return None
    at = path.decided_at(risk)
    if at is None:
        title = _("After {n} the measured p-value is {p}; the risk limit {risk} is not met")
    else:
        title = _("The risk limit {risk} was met at draw {at}; the measured p-value is {p}")
    title = title.format(n=counted(len(path.taints), "draws"), p=f"{path.p:.4f}",
                         risk=f"{risk:g}", at=at)  # fmt: skip
    markov = ("curve-second", path.kaplan_markov.tolist())
    return Picture(
        title=title,
        drawing=p_path((markov, ("curve-line", path.betting.tolist())), risk, title),
        alternative=title,
        basis=_("Solid: all bets alike, which decides. Dashed: Kaplan-Markov. Draws known: {known} "
                "of {all}.").format(
            known=number_text(len(path.taints)), all=number_text(len(found.steps))
        ),
        source=_("Source: the tables sample and recounts of this case, check {check}.").format(
            check="audit.recount"
        ),
        headings=(_("draw"), "p", "Kaplan-Markov"),
        rows=tuple(
            (number_text(k), f"{one:.4f}", f"{other:.4f}")
            for k, (one, other) in enumerate(
                zip(path.betting.tolist(), path.kaplan_markov.tolist(), strict=True), start=1
            )
        ),
    )  # fmt: skip


def sample_map(subject: Subject, drawn: frozenset[str], known: frozenset[str]) -> Picture | None:
    """Where the drawn stations lie: those of which something is known, and those that are open."""
    station = pl.col("station_id")
    places = (
        subject.tables.table("stations")
        .drop_nulls(["latitude", "longitude"])
        .select(
            station,
            pl.col("latitude").cast(pl.Float64),
            pl.col("longitude").cast(pl.Float64),
            pl.when(station.is_in(list(known)))
            .then(pl.lit("map-seen"))
            .when(station.is_in(list(drawn)))
            .then(pl.lit("map-breach"))
            .otherwise(pl.lit("map-unseen"))
            .alias("kind"),
        )
    )
    kinds = places["kind"].value_counts()
    counts = dict(zip(kinds["kind"], kinds["count"], strict=True))
    if places.height < 2 or not counts.keys() - {"map-unseen"}:
        return None
    layers = tuple(
        Layer(name, part["latitude"].to_numpy(), part["longitude"].to_numpy())
        for name in ("map-unseen", "map-seen", "map-breach")
        if (part := places.filter(pl.col("kind") == name)).height
    )
    came, open_ = (counts.get(name, 0) for name in ("map-seen", "map-breach"))
    title = _("Of the drawn stations on the map, {came} are known and {open} are not yet").format(
        came=number_text(came), open=number_text(open_)
    )
    return Picture(
        title=title,
        drawing=station_map(layers, window(layers), title),
        alternative=title,
        basis=_("{n} drawn; stations with coordinates: {all}. Filled: drawn and known. Ringed: "
                "drawn, not known or refused. Small: not drawn.").format(
            n=counted(len(drawn), "stations"), all=number_text(places.height)
        ),
        source=_("Source: the tables stations and sample of this case. No map tiles are loaded."),
        headings=(_("mark"), _("stations")),
        rows=(
            (_("filled: drawn and known"), number_text(came)),
            (_("ringed: drawn, not known or refused"), number_text(open_)),
            (_("small: not drawn"), number_text(counts.get("map-unseen", 0))),
        ),
    )  # fmt: skip


def _points(value: float) -> str:
    return _("{n} points").format(n=f"{value * 100:.2f}")


def _range(ends: tuple[float, float]) -> str:
    return _("{low} to {high}").format(low=f"{ends[0] * 100:.2f}", high=_points(ends[1]))


def _percent(value: float) -> str:
    return f"{value * 100:.2f} %"


def _share_range(ends: tuple[float, float]) -> str:
    return _("{low} to {high}").format(low=_percent(ends[0]), high=_percent(ends[1]))
