"""Pictures of the official results by station: combs, fingerprint, cumulative curve."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pollwitness.checks import answer_sentence, counted, number_text
from pollwitness.claims import Finding
from pollwitness.forensics import (
    Peak,
    Percentage,
    StationResults,
    by_region,
    case_stations,
    cumulative_curve,
    fingerprint,
    peaks,
    station_chances,
)
from pollwitness.language import gettext as _
from pollwitness.report.charts import (
    Picture,
    cumulative_line,
    fingerprint_map,
    integer_comb,
    region_maps,
)
from pollwitness.report.pages.pictures import sources_of
from pollwitness.report.subject import Subject

_LISTED = 15


def indication_pictures(subject: Subject, finding: Finding) -> Iterator[Picture]:
    """The pictures that belong to a finding about whole percents; none for other findings."""
    contest = finding.scope.contest_id
    if contest is None or not finding.check.startswith("forensics.integers_"):
        return
    found = case_stations(subject.tables, contest)
    if found is None:
        return
    source = sources_of(finding)
    title = answer_sentence(finding, subject.tables)
    if finding.check == "forensics.integers_any":
        name = subject.tables.case.option_name(found.leader_id)
        yield fingerprint_picture(found.stations, name, source)
        yield cumulative_picture(found.stations, name, source)
        if len(found.stations.regions) > 1:
            yield regions_picture(found.stations, name, source)
    elif finding.check == "forensics.integers_turnout":
        yield comb_picture(found.stations, Percentage.TURNOUT, title, source)
    else:
        yield comb_picture(found.stations, Percentage.SHARE, title, source)


def comb_picture(
    stations: StationResults, percentage: Percentage, title: str, source: str
) -> Picture:
    """Stations on every whole percent of turnout or share, against chance."""
    comb = peaks(station_chances(stations), percentage)
    axis = _("turnout, %") if percentage is Percentage.TURNOUT else _("leader share, %")
    furthest = sorted(comb, key=_furthest)[:_LISTED]
    return Picture(
        title=title,
        drawing=integer_comb(comb, title, axis=axis),
        alternative=title,
        basis=_("Stations within 0.05 points of a whole percent; the band is what chance leaves, "
                "two standard deviations on both sides."),
        source=source,
        headings=(_("percent"), _("stations"), _("by chance"), _("give or take")),
        rows=tuple(
            (number_text(p.percent), number_text(p.observed), _rounded(p.expected),
             _rounded(p.spread))
            for p in furthest
        ),
    )  # fmt: skip


def _furthest(peak: Peak) -> tuple[float, int]:
    return (-(peak.observed - peak.expected) / (peak.spread or 1.0), peak.percent)


def _rounded(value: float) -> str:
    return number_text(round(value, 1))


def fingerprint_picture(stations: StationResults, leader: str, source: str) -> Picture:
    """Registered voters by turnout and share of the leader."""
    found = fingerprint(stations, width=2)
    whole = int(found.voters[-1].sum())
    title = _("{leader} by turnout and share; {voters} belong to stations of full turnout").format(
        leader=leader, voters=counted(whole, "voters")
    )
    tens = fingerprint(stations, width=10).voters.sum(axis=1)
    return Picture(
        title=title,
        drawing=fingerprint_map(found, title),
        alternative=title,
        basis=f"{_basis(stations)} {_shades()}",
        source=source,
        headings=(_("turnout, %"), _("registered voters")),
        rows=tuple(
            (f"{10 * n} - {10 * n + 10}" if n < 10 else "100", number_text(int(voters)))
            for n, voters in enumerate(tens.tolist())
        ),
    )


def cumulative_picture(stations: StationResults, leader: str, source: str) -> Picture:
    """How the leader's share grows as stations of higher turnout are added."""
    found = cumulative_curve(stations)
    middle = len(found.share) // 2
    title = _(
        "{leader} has {half} in the half of stations with lower turnout, {all} in all"
    ).format(
        leader=leader,
        half=number_text(float(found.share[middle]), "share"),
        all=number_text(float(found.share[-1]), "share"),
    )
    every = range(0, len(found.share), max(len(found.share) // 10, 1))
    return Picture(
        title=title,
        drawing=cumulative_line(found, title),
        alternative=title,
        basis=_basis(stations),
        source=source,
        headings=(_("stations up to turnout, %"), _("leader share")),
        rows=tuple(
            (_rounded(float(found.turnout_percent[i])),
             number_text(float(found.share[i]), "share"))
            for i in every
        ),
    )  # fmt: skip


_MOST_REGIONS = 12


def regions_picture(stations: StationResults, leader: str, source: str) -> Picture:
    """The fingerprint of the regions with most voters, and the whole percents of each."""
    voters = np.bincount(stations.region, stations.registered, len(stations.regions))
    largest = sorted(np.argsort(-voters, kind="stable")[:_MOST_REGIONS].tolist())
    maps = [
        (stations.regions[code], fingerprint(stations.only(stations.region == code), width=5))
        for code in largest
    ]
    parts = sorted(by_region(station_chances(stations), Percentage.ANY),
                   key=lambda part: (-part.alone.excess, part.region))  # fmt: skip
    first = parts[0].alone
    title = _("{leader} by region: whole percents go furthest beyond chance in {region}, by {n} "
              "stations, z {z}").format(
        leader=leader, region=parts[0].region, n=_rounded(first.excess), z=_rounded(first.z),
    )  # fmt: skip
    return Picture(
        title=title,
        drawing=region_maps(maps, title),
        alternative=title,
        basis=_("The {n} regions with most voters of {all}. {basis}").format(
            n=number_text(len(maps)), all=number_text(len(parts)), basis=_basis(stations)),
        source=source,
        headings=(_("region"), _("stations"), _("on whole percents"), _("by chance"), "z"),
        rows=tuple(
            (part.region, number_text(part.alone.stations), number_text(part.alone.observed),
             _rounded(part.alone.expected), _rounded(part.alone.z))
            for part in parts[: _LISTED]
        ),
    )  # fmt: skip


def _shades() -> str:
    return _("Each darker shade holds about three times the voters.")


def _basis(stations: StationResults) -> str:
    return _("{stations}, {ballots}. A description: turnout and preference may go together in "
             "honest elections.").format(
        stations=counted(stations.size, "stations"),
        ballots=counted(int(stations.ballots.sum()), "ballots"),
    )  # fmt: skip
