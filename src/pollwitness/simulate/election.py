"""A whole simulated election: the case that observers would hold, and the truth beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl

from pollwitness.simulate.manipulation import Figures, Recorded, record, region_sums
from pollwitness.simulate.observation import (
    CONTEST,
    copies_of_protocols,
    door_table,
    error_table,
    protocol_table,
    released_stations,
    report_table,
)
from pollwitness.simulate.plan import Plan
from pollwitness.simulate.voting import Integers, Votes, vote
from pollwitness.tables import (
    Audience,
    Case,
    CaseTables,
    Contest,
    ContestRule,
    Option,
    OptionKind,
    vote_column,
)

Flags = npt.NDArray[np.bool_]
DAY, NEXT_DAY = "2030-05-05", "2030-05-06"
"""A day that no election was held on."""
NATION = "nation"


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedElection:
    """What observers would hold, and what really happened.

    ``truth`` holds the tables ``stations`` (votes cast, recorded and counted officially, and what
    was done), ``areas`` (what was added to sums) and ``errors`` (copies with clerical errors).
    """

    tables: CaseTables
    truth: Mapping[str, pl.DataFrame]
    plan: Plan
    votes: Votes
    recorded: Recorded


def simulate(plan: Plan, rng: np.random.Generator) -> SimulatedElection:
    """An election made from a plan; the same generator gives the same election.

    Raises:
        PlanError: if the plan asks for something that no election can have.
    """
    plan.check()
    votes = vote(plan, rng)
    recorded = record(plan, votes, rng)
    ids = _station_ids(plan.stations)
    released = released_stations(plan, votes, recorded, rng)
    copies = copies_of_protocols(plan, released, recorded, rng)
    protocols = protocol_table(plan, copies, recorded, votes, ids)
    counted = _counted(plan, rng)
    frames = {
        "areas": _areas(plan),
        "stations": _stations(votes, ids),
        "documents": _documents(),
        "official_results": _official(plan, votes, recorded, counted, ids),
        "official_figures": _figures(plan, votes, recorded, counted),
        "protocols": protocols,
        "voter_reports": report_table(plan, votes, ids, rng),
        "turnout_counts": door_table(plan, votes, ids, rng, day=DAY),
        "claims": _claims(plan, votes, recorded, counted),
    }
    kept = {name: frame for name, frame in frames.items() if not frame.is_empty()}
    truth = {
        "stations": _truth(plan, votes, recorded, released, ids),
        "areas": _moved(plan, recorded),
        "errors": error_table(copies, ids, protocols["copy_id"].to_list()),
    }
    added = int(recorded.official.added.sum())
    return SimulatedElection(
        CaseTables.of(_case(plan, added), kept), MappingProxyType(truth), plan, votes, recorded
    )


def _station_ids(stations: int) -> pl.Series:
    number = pl.int_range(1, stations + 1, dtype=pl.Int64, eager=True).cast(pl.String)
    width = max(len(str(stations)), 4)
    return pl.select(pl.format("s{}", number.str.zfill(width))).to_series().alias("station_id")


def _region_ids(plan: Plan) -> list[str]:
    return [f"region-{number:03d}" for number in range(1, plan.regions + 1)]


def _counted(plan: Plan, rng: np.random.Generator) -> Flags:
    """The stations that the official count includes."""
    counted = np.zeros(plan.stations, dtype=bool)
    number = max(int(plan.stations * plan.coverage), 1)
    counted[rng.permutation(plan.stations)[:number]] = True
    return counted


def _case(plan: Plan, added: int) -> Case:
    options = tuple(
        Option(option, option.replace("_", " ").title(), OptionKind.CANDIDATE)
        for option in plan.options
    )
    contest = Contest(CONTEST, "President", 1, ContestRule.MAJORITY, options)
    return Case(
        id="simulated",
        title="Simulated election",
        country="XX",
        date=DAY,
        time_zone="UTC",
        licence="CC0-1.0",
        audience=Audience.PUBLIC,
        contests=(contest,),
        roll_additions=added,
    )


def _areas(plan: Plan) -> pl.DataFrame:
    regions = _region_ids(plan)
    return pl.DataFrame(
        {
            "area_id": [NATION, *regions],
            "parent_id": [None, *([NATION] * len(regions))],
            "level": ["nation", *(["region"] * len(regions))],
            "name": ["Nation", *(f"Region {number}" for number in range(1, len(regions) + 1))],
        }
    )


def _stations(votes: Votes, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"station_id": ids, "registered": votes.registered}).with_columns(
        pl.format("region-{}", pl.Series(votes.region + 1).cast(pl.String).str.zfill(3)).alias(
            "area_id"
        )
    )


def _documents() -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("commission", "statement", "Announced result", "Commission", NEXT_DAY),
            ("observers", "photograph", "Protocols and door counts", "Observers", NEXT_DAY),
            ("voters", "table", "Reports of voters", "Platform", NEXT_DAY),
        ],
        schema=["document_id", "kind", "title", "publisher", "published_at"],
        orient="row",
    )


def _sums(plan: Plan, votes: Votes, recorded: Recorded, counted: Flags) -> Integers:
    """By region: votes of every option, invalid, ballots, as announced: (regions, options + 2)."""
    official = recorded.official
    columns = np.concatenate([official.votes, official.invalid[:, None]], axis=1)
    sums = region_sums(columns[counted], votes.region[counted], plan.regions)
    sums[:, : len(plan.options)] += recorded.moved
    return np.concatenate([sums, sums.sum(axis=1, keepdims=True)], axis=1)


def _official(
    plan: Plan, votes: Votes, recorded: Recorded, counted: Flags, ids: pl.Series
) -> pl.DataFrame:
    sums = _sums(plan, votes, recorded, counted)
    rolls = region_sums(recorded.official.registered[:, None], votes.region, plan.regions)
    stations = np.bincount(votes.region, minlength=plan.regions)
    included = np.bincount(votes.region[counted], minlength=plan.regions)
    table = np.concatenate(
        [sums, rolls, included[:, None], stations[:, None]], axis=1, dtype=np.int64
    )
    table = np.concatenate([table.sum(axis=0, keepdims=True), table])
    names = [
        *(vote_column(option) for option in plan.options), "invalid", "ballots", "registered",
        "stations_counted", "stations_total",
    ]  # fmt: skip
    areas = pl.DataFrame(
        [
            pl.Series("area_id", [NATION, *_region_ids(plan)]),
            *(pl.Series(name, table[:, column]) for column, name in enumerate(names)),
        ]
    ).with_columns(result_id="area_id")
    if not plan.station_results:
        return _announced(areas)
    return _announced(pl.concat([areas, _by_station(plan, recorded.official, ids)],
                                how="diagonal"))  # fmt: skip


def _by_station(plan: Plan, official: Figures, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ids,
            *(
                pl.Series(vote_column(option), official.votes[:, column])
                for column, option in enumerate(plan.options)
            ),
            pl.Series("invalid", official.invalid),
            pl.Series("ballots", official.ballots),
            pl.Series("registered", official.registered),
        ]
    ).with_columns(result_id="station_id")


def _announced(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        contest_id=pl.lit(CONTEST),
        document_id=pl.lit("commission"),
        version=pl.lit(1, dtype=pl.Int64),
        published_at=pl.lit(NEXT_DAY),
        rounded_to=pl.lit(1, dtype=pl.Int64),
        rounding=pl.lit("half_up"),
        outlets=pl.lit(2, dtype=pl.Int64),
        withdrawn=pl.lit(value=False),
    )


def _percent(part: int, whole: int) -> str:
    """A percentage truncated to two decimals, as authorities print it."""
    hundredths = int(Fraction(part * 10_000, max(whole, 1)))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _figures(plan: Plan, votes: Votes, recorded: Recorded, counted: Flags) -> pl.DataFrame:
    """The announced turnout, where all stations are counted."""
    if plan.coverage < 1:
        return pl.DataFrame()
    ballots = int(_sums(plan, votes, recorded, counted)[:, -1].sum())
    printed = _percent(ballots, int(recorded.official.registered.sum()))
    return pl.DataFrame(
        [
            {
                "figure_id": "turnout", "contest_id": CONTEST, "area_id": NATION,
                "document_id": "commission", "version": 1, "published_at": NEXT_DAY,
                "measure": "turnout", "low": printed, "high": printed, "unit": "percent",
                "denominator": "registered", "rounded_to": "0.01", "rounding": "truncated",
                "withdrawn": False,
            }
        ]
    )  # fmt: skip


def _claims(plan: Plan, votes: Votes, recorded: Recorded, counted: Flags) -> pl.DataFrame:
    """What the commission says: the votes of every option, and the share of the first."""
    sums = _sums(plan, votes, recorded, counted).sum(axis=0).tolist()
    shared = {
        "status": "confirmed", "document_id": "commission", "speaker": "Commission",
        "stated_at": NEXT_DAY, "contest_id": CONTEST, "area_id": NATION, "comparator": "eq",
        "polarity": "affirmed",
    }  # fmt: skip
    claims = [
        {
            **shared, "claim_id": f"votes-{option}", "words": f"{option} received {count:,} votes.",
            "measure": "votes", "option_id": option, "low": str(count), "rounded_to": "1",
            "rounding": "half_up", "unit": "votes", "denominator": "none",
        }
        for option, count in zip(plan.options, sums, strict=False)
    ]  # fmt: skip
    printed = _percent(sums[0], sums[-1])
    claims.append(
        {
            **shared, "claim_id": "share", "words": f"{plan.options[0]} received {printed} %.",
            "measure": "vote_share", "option_id": plan.options[0], "low": printed,
            "rounded_to": "0.01", "rounding": "truncated", "unit": "percent",
            "denominator": "ballots",
        }
    )  # fmt: skip
    return pl.DataFrame(claims if plan.coverage == 1 else [])


def _truth(
    plan: Plan, votes: Votes, recorded: Recorded, released: Integers, ids: pl.Series
) -> pl.DataFrame:
    """Every station: what was cast, recorded and counted officially, and what was done to it."""
    seen = np.zeros(plan.stations, dtype=bool)
    seen[released] = True
    columns = [ids, pl.Series("released", seen)]
    for name, figures in (
        ("cast", votes.cast),
        ("recorded", recorded.protocol.votes),
        ("official", recorded.official.votes),
    ):
        columns.extend(
            pl.Series(f"{name}_{option}", figures[:, column])
            for column, option in enumerate(plan.options)
        )
    done = [
        pl.Series(f"{number}_{manipulation.kind}", recorded.manipulated[number - 1])
        for number, manipulation in enumerate(plan.manipulations, start=1)
    ]
    return pl.DataFrame([*columns, *done])


def _moved(plan: Plan, recorded: Recorded) -> pl.DataFrame:
    """What was added to the sums of regions, beyond what their stations hold."""
    return pl.DataFrame(
        [
            pl.Series("area_id", _region_ids(plan)),
            *(
                pl.Series(vote_column(option), recorded.moved[:, column])
                for column, option in enumerate(plan.options)
            ),
        ]
    )
