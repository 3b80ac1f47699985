"""Random honest elections whose truth is known, for tests of theorems."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pollwitness.tables import CaseTables
from tests.build import small_case, small_tables

OPTIONS = ("anna", "boris", "clara")
PARTS = (*(f"votes_{o}" for o in OPTIONS), "invalid")


@dataclass(frozen=True)
class Election:
    """The truth: votes by station and part, the region of each station, voters on the roll."""

    votes: np.ndarray
    region: np.ndarray
    registered: np.ndarray

    @property
    def ballots(self) -> np.ndarray:
        return self.votes.sum(axis=1)


def election(rng: np.random.Generator, *, stations: int = 12, regions: int = 3) -> Election:
    size = rng.integers(20, 400, stations)
    votes = np.stack([rng.multinomial(n, rng.dirichlet((3, 2, 1, 0.3))) for n in size])
    return Election(votes, rng.integers(0, regions, stations), size + rng.integers(0, 60, stations))


def honest_form(rng: np.random.Generator, truth: Election, s: int, *, blank: float) -> dict:
    figures = {
        **dict(zip(PARTS, truth.votes[s].tolist(), strict=True)),
        "ballots": int(truth.ballots[s]),
        "valid": int(truth.ballots[s] - truth.votes[s, -1]),
        "registered": int(truth.registered[s]),
    }
    kept = {name: value for name, value in figures.items() if rng.random() >= blank}
    return {"station_id": f"s{s:03d}", "copy_id": f"copy-{s:03d}-{rng.integers(1 << 30)}", **kept}


def official_rows(truth: Election, *, level: int = 2) -> list[dict]:
    """Exact official results of the nation and of every region."""
    rows = [_official("nation", truth, np.ones(truth.region.size, dtype=bool))]
    for region in range(int(truth.region.max()) + 1):
        inside = truth.region == region
        if level > 1:
            rows.append(_official(f"region-{region}", truth, inside))
    return rows


def _official(area: str, truth: Election, inside: np.ndarray) -> dict:
    totals = truth.votes[inside].sum(axis=0).tolist()
    return {
        "area_id": area,
        "stations_total": int(inside.sum()),
        "stations_counted": int(inside.sum()),
        "registered": int(truth.registered[inside].sum()),
        "ballots": int(sum(totals)),
        "valid": int(sum(totals[:-1])),
        **dict(zip(PARTS, totals, strict=True)),
    }


def share_rows(truth: Election) -> list[dict]:
    """Exact shares and turnouts, printed to two decimals and truncated."""
    rows = []
    for region in range(int(truth.region.max()) + 1):
        inside = truth.region == region
        ballots, voters = int(truth.ballots[inside].sum()), int(truth.registered[inside].sum())
        if not ballots:
            continue
        for option, votes in zip(OPTIONS, truth.votes[inside].sum(axis=0).tolist(), strict=False):
            rows.append(_share(f"region-{region}", "vote_share", Fraction(votes, ballots),
                               option_id=option, denominator="ballots"))  # fmt: skip
        rows.append(_share(f"region-{region}", "turnout", Fraction(ballots, voters),
                           denominator="registered"))  # fmt: skip
    return rows


def _share(area: str, measure: str, share: Fraction, **more: str) -> dict:
    printed = f"{int(share * 10_000) / 100:.2f}"
    return {"area_id": area, "measure": measure, "low": printed, "high": printed,
            "unit": "percent", "rounded_to": "0.01", **more}  # fmt: skip


def case_of(
    rng: np.random.Generator,
    truth: Election,
    *,
    released: float = 0.6,
    blank: float = 0.0,
    official: list[dict] | None = None,
    figures: list[dict] | None = None,
    claims: list[dict] | None = None,
) -> CaseTables:
    """A case with exact documents: some protocols, some reports, door counts, official results."""
    stations = range(truth.region.size)
    shown = [s for s in stations if rng.random() < released]
    forms = [honest_form(rng, truth, s, blank=blank) for s in shown]
    reports = [
        {"station_id": f"s{s:03d}", "option_id": option, "reports": int(count * rng.random())}
        for s in stations
        for option, count in zip(OPTIONS, truth.votes[s].tolist(), strict=False)
    ]
    doors = [{"station_id": f"s{s:03d}", "entered": int(truth.ballots[s])} for s in stations]
    regions = int(truth.region.max()) + 1
    return small_tables(
        small_case(OPTIONS, roll_additions=0),
        areas=[{"area_id": "nation"}]
        + [{"area_id": f"region-{r}", "parent_id": "nation"} for r in range(regions)],
        stations=[
            {"station_id": f"s{s:03d}", "area_id": f"region-{truth.region[s]}"} for s in stations
        ],
        protocols=forms,
        voter_reports=reports,
        turnout_counts=doors,
        official_results=official_rows(truth) if official is None else official,
        official_figures=figures or [],
        claims=claims or [],
    )
