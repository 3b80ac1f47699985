"""Commands about quick counts: design, draw, estimate, look at what is missing, watch."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Annotated

import typer

from pollwitness.case import read_case
from pollwitness.case.write import replace_file
from pollwitness.checks.quick_count import (
    CLUSTERS,
    Arrived,
    allocation_of,
    along,
    arrived,
    draw_sample,
    draw_sequence,
    frame_of,
    members_of,
    stratified_samples,
)
from pollwitness.checks.sample_words import quick_count_sentences
from pollwitness.claims import Json
from pollwitness.cli.audits import SEEDS, ContestOption, contest_of, keep_sample
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.quickcount.arrivals import sensitivity, tipping_factor
from pollwitness.quickcount.design import Allocation, precision, sample_size, strata_table
from pollwitness.quickcount.estimate import QuickCount, combined
from pollwitness.quickcount.sequence import limit_sequence
from pollwitness.report.papers import live_page
from pollwitness.tables import CaseTables

app = typer.Typer(
    no_args_is_help=True, help="Quick counts: a sample of stations on election night."
)
SampleOption = Annotated[str, typer.Option("--sample", help="Id of the sample in the case.")]
AllocationOption = Annotated[
    str, typer.Option(help="proportional, neyman, or cost (the column cost of the frame).")
]

ClustersOption = Annotated[
    bool, typer.Option("--clusters", help="Draw whole clusters (the column cluster of the frame).")
]


@app.command()
def design(
    case: CaseArgument,
    stations: Annotated[int | None, typer.Option(help="Size of the sample.", min=1)] = None,
    margin: Annotated[
        float | None, typer.Option(help="Or the half-width wanted for the lead, in points.")
    ] = None,
    allocation: AllocationOption = "proportional",
    clusters: ClustersOption = False,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> None:
    """How precise a sample of stations would be, by the design variance of the whole frame.

    Example: pollwitness quickcount design CASE --stations 60
    """
    tables = read_case(case).tables
    contest_id = contest_of(tables, contest)
    frame = frame_of(tables, contest_id, by_clusters=clusters)
    if (stations is None) == (margin is None):
        raise QuestionError("give --stations or --margin, one of them")
    if margin is not None:
        allocation_of(frame, int(frame.sizes.sum()), allocation)
        stations, shared = sample_size(frame, margin / 100, Allocation(allocation))
    else:
        shared = allocation_of(frame, stations or 0, allocation)
    expected = precision(frame, shared)
    names = [tables.case.option_name(one) for one in frame.options]
    if as_json:
        print_json("quickcount design", {
            "stations": stations, "strata": len(frame.strata),
            "half_widths": dict[str, Json](zip(frame.options, expected.half_widths, strict=True)),
            "lead": expected.lead, "naive_lead": expected.naive_lead,
            "allocation": dict[str, Json](zip(frame.strata, shared.tolist(), strict=True)),
        })  # fmt: skip
        return
    print_table(
        (_("share of"), _("points, 95 %"), _("if voters were drawn")),
        [
            *((name, f"± {own * 100:.3f}", f"± {naive * 100:.3f}") for name, own, naive in
              zip(names, expected.half_widths, expected.naive, strict=True)),
            (_("the lead"), f"± {expected.lead * 100:.3f}", f"± {expected.naive_lead * 100:.3f}"),
        ],
    )  # fmt: skip
    template = _("{n} units in {strata} strata. Those who draw stations and count as if voters "
                 "were drawn are {times} times too sure of the lead.")  # fmt: skip
    print_lines(["", template.format(
        n=whole_number(stations or 0), strata=whole_number(len(frame.strata)),
        times=f"{expected.lead / expected.naive_lead:.1f}",
    )])  # fmt: skip
    if len(frame.strata) <= _MOST_STRATA:
        print_lines([""])
        print_table(
            (_("stratum"), _("stations"), _("to draw")),
            [(name, str(size), str(n)) for name, size, n in strata_table(frame, shared.tolist())],
        )


_MOST_STRATA = 40


@app.command()
def draw(
    case: CaseArgument,
    seed: Annotated[str, typer.Option(help="The public seed: digits of dice thrown in public.")],
    stations: Annotated[int, typer.Option(help="Size of the sample.", min=1)],
    allocation: AllocationOption = "proportional",
    sample: SampleOption = "quick-count",
    sequence: Annotated[
        bool, typer.Option("--sequence", help="One by one with replacement, without strata.")
    ] = False,
    clusters: ClustersOption = False,
    contest: ContestOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw the stations of a quick count and keep the sample in the case.

    Anybody redoes it: in each stratum, the stations in the order of SHA-256 of "seed,station".
    With --clusters the same with clusters, of which every station is drawn; --stations is then the
    number of clusters. With --sequence, station number SHA-256("seed,k") mod N + 1 of the frame in
    the order of ids.

    Example: pollwitness quickcount draw CASE --seed 35463115561121636246 --stations 60
    """
    tables = read_case(case).tables
    contest_id = contest_of(tables, contest)
    if re.fullmatch(SEEDS, seed) is None:
        raise QuestionError("the seed has to be 1 to 200 letters and digits, such as those of dice")
    if clusters and sequence:
        raise QuestionError("--clusters and --sequence cannot be drawn together")
    frame = frame_of(tables, contest_id, by_clusters=clusters)
    drawn: list[tuple[str | None, str]]
    if sequence:
        drawn = [(None, frame.units[unit]) for unit in draw_sequence(frame, seed, stations)]
    else:
        shared = allocation_of(frame, stations, allocation)
        drawn = [
            (frame.strata[h], frame.units[unit]) for h, unit in draw_sample(frame, seed, shared)
        ]
    if clusters:
        members = members_of(tables)
        drawn = [(h, station) for h, name in drawn for station in members[name]]
    method = "uniform" if sequence else CLUSTERS if clusters else "hash_order"
    rows: list[dict[str, str | int | None]] = [
        {"sample_id": sample, "draw": number, "purpose": "quick_count", "contest_id": contest_id,
         "station_id": station, "stratum": stratum, "method": method, "seed": seed}
        for number, (stratum, station) in enumerate(drawn, start=1)
    ]  # fmt: skip
    keep_sample(case, tables, sample, rows)
    if as_json:
        print_json("quickcount draw", [dict[str, Json](row) for row in rows])
        return
    template = _("{n} stations drawn and kept as the sample {sample}.")
    print_lines([template.format(n=whole_number(len(rows)), sample=sample)])


@app.command()
def estimate(
    case: CaseArgument, sample: SampleOption = "quick-count",
    until: Annotated[
        str | None, typer.Option(help="Only what had arrived by then, such as 2024-05-05T22:00Z.")
    ] = None,
    gamma: Annotated[
        float, typer.Option(help="Factor between the odds of missing stations and of those seen.")
    ] = 1.5,
    as_json: JsonOption = False,
) -> int:  # fmt: skip
    """What the stations that have reported say, and what those that are missing could change.

    Exit code 1 while the leader is not certain within the factor, 0 then.

    Example: pollwitness quickcount estimate CASE --gamma 2
    """
    found = arrived(read_case(case).tables, sample, until)
    return _shown(read_case(case).tables, found, gamma, as_json=as_json)


@app.command()
def track(
    case: CaseArgument, sample: SampleOption = "quick-count", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Intervals that hold at every time, along a sample drawn with --sequence.

    They hold along the order of the draws, whatever arrives when; a station that has not reported
    counts as the worst. Of a sample drawn by strata, intervals that hold in the limit only: they
    end at the first station that has not reported.

    Example: pollwitness quickcount track CASE --sample sequence
    """
    tables = read_case(case).tables
    if sample in stratified_samples(tables):
        _track_in_the_limit(tables, sample, as_json=as_json)
        return
    found = along(tables, sample)
    names = [tables.case.option_name(one) for one in found.frame.options]
    ends = [(float(one.low[-1]), float(one.high[-1])) for one in found.sequences]
    if as_json:
        print_json("quickcount track", {
            "drawn": found.drawn, "reported": found.reported,
            "shares": dict[str, Json](zip(
                found.frame.options, (list[Json](one) for one in ends), strict=True)),
            "paths": {
                name: {"low": [float(v) for v in one.low], "high": [float(v) for v in one.high]}
                for name, one in zip(found.frame.options, found.sequences, strict=True)
            },
        })  # fmt: skip
        return
    template = _("{came} of {n} drawn stations have reported.")
    print_lines([
        template.format(came=whole_number(found.reported), n=whole_number(found.drawn))
    ])  # fmt: skip
    print_table(
        (_("share of"), _("95 %, at every time")),
        [(name, _range(one)) for name, one in zip(names, ends, strict=True)],
    )


def _track_in_the_limit(tables: CaseTables, sample: str, *, as_json: bool) -> None:
    found = arrived(tables, sample)
    steps = limit_sequence(found.drawn)
    options = found.frame.options
    if as_json:
        print_json("quickcount track", {
            "valid": "in the limit", "drawn": len(found.drawn.reported),
            "reported": steps[-1].units if steps else 0,
            "shares": {} if not steps else dict[str, Json](
                zip(options, (list[Json](one) for one in steps[-1].shares), strict=True)),
            "steps": [
                {"units": step.units, "shares": [list[Json](one) for one in step.shares]}
                for step in steps
            ],
        })  # fmt: skip
        return
    if not steps:
        print_lines([
            _("Too few of the first drawn stations of every stratum have reported.")
        ])  # fmt: skip
        return
    print_table(
        (_("first units of the strata"), *(tables.case.option_name(one) for one in options)),
        [(str(step.units), *map(_range, step.shares)) for step in steps],
    )
    print_lines(["", _("95 % at every time, valid in the limit of large samples only.")])


@app.command()
def watch(
    case: CaseArgument, sample: SampleOption = "quick-count",
    gamma: Annotated[float, typer.Option(help="As for estimate.")] = 1.5,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 5.0,
    looks: Annotated[
        int | None, typer.Option(help="End after so many looks.", min=1)
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="Write it to this page too, which loads itself again in a browser."),
    ] = None,
) -> None:  # fmt: skip
    """Show the estimate anew whenever reports arrive, until interrupted.

    Example: pollwitness quickcount watch CASE --looks 1 --page live.html
    """
    last: tuple[int, int] | None = None
    look = 0
    while looks is None or look < looks:
        look += 1
        state = _stamp(case)
        if state != last:
            last = state
            tables = read_case(case).tables
            print_lines(["", time.strftime("%H:%M:%S")])
            found = arrived(tables, sample)
            _shown(tables, found, gamma, as_json=False)
            if page is not None:
                when = time.strftime("%H:%M:%S"), max(round(every), 1)
                replace_file(page, live_page(tables, found, gamma, when).encode())
        if looks is None or look < looks:
            time.sleep(every)


def _stamp(case: Path) -> tuple[int, int]:
    files = [one for one in (case / "tables").glob("arrivals.*") if one.is_file()]
    states = [one.stat() for one in files]
    return sum(one.st_size for one in states), max((one.st_mtime_ns for one in states), default=0)


def _shown(tables: CaseTables, found: Arrived, gamma: float, *, as_json: bool) -> int:
    drawn = found.drawn
    if not drawn.reported.any():
        raise QuestionError("nothing has arrived yet")
    result = combined(drawn.counted)
    wide = sensitivity(drawn, gamma)
    is_certain = wide.lead[0] > 0
    if as_json:
        print_json("quickcount estimate", _object(found, result, gamma))
        return 0 if is_certain else 1
    names = [tables.case.option_name(one) for one in found.frame.options]
    came = int(drawn.reported.sum())
    template = _("{came} of {n} drawn stations have reported.")
    print_lines([template.format(came=whole_number(came), n=whole_number(len(drawn.reported)))])
    print_table(
        (_("share of"), _("estimate"), _("95 %, of those that reported"),
         _("whatever the missing hold within a factor of {g}").format(g=f"{gamma:g}")),
        [(names[k], f"{share.value * 100:.2f} %", _range(share.interval()), _range(wide.shares[k]))
         for k, share in enumerate(result.shares)],
    )  # fmt: skip
    print_lines(["", *quick_count_sentences(found, result, names, gamma)])
    return 0 if is_certain else 1


def _range(ends: tuple[float, float]) -> str:
    return f"{ends[0] * 100:.2f} – {ends[1] * 100:.2f} %"  # noqa: RUF001


def _object(found: Arrived, result: QuickCount, gamma: float) -> dict[str, Json]:
    drawn, wide = found.drawn, sensitivity(found.drawn, gamma)
    options = found.frame.options
    return {
        "drawn": len(drawn.reported), "reported": int(drawn.reported.sum()), "gamma": gamma,
        "shares": {
            name: {"estimate": share.value, "error": share.error,
                   "interval": list[Json](share.interval()), "within_gamma": list[Json](ends)}
            for name, share, ends in zip(options, result.shares, wide.shares, strict=True)
        },
        "first": options[result.first], "second": options[result.second],
        "lead": {"estimate": result.lead.value, "error": result.lead.error,
                 "within_gamma": list[Json](wide.lead)},
        "tipping_factor": tipping_factor(drawn),
        "missing_strata": [found.frame.strata[one] for one in result.missing],
        "collapsed_strata": [found.frame.strata[one] for one in result.collapsed],
    }  # fmt: skip
