"""Small cases for tests: write only what matters, the rest has defaults."""

from collections.abc import Mapping, Sequence

import polars as pl

from pollwitness.tables import (
    Audience,
    Case,
    CaseTables,
    Contest,
    ContestRule,
    Option,
    OptionKind,
    election_schemas,
)

Row = Mapping[str, object]


def small_case(
    options: Sequence[str] = ("anna", "boris"),
    *,
    roll_additions: int | None = None,
    largest_station: int | None = None,
) -> Case:
    return Case(
        id="small", title="Small election", country="XX", date="2024-05-05", time_zone="UTC",
        licence="CC0-1.0", audience=Audience.PUBLIC,
        contests=(
            Contest("mayor", "Mayor", 1, ContestRule.PLURALITY,
                    tuple(Option(o, o.title(), OptionKind.CANDIDATE) for o in options)),
        ),
        roll_additions=roll_additions, largest_station=largest_station,
    )  # fmt: skip


_DEFAULTS: Mapping[str, Row] = {
    "areas": {"level": "area"},
    "stations": {"area_id": "city"},
    "documents": {"kind": "photograph", "title": "A document", "publisher": "someone"},
    "protocols": {
        "contest_id": "mayor", "document_id": "paper", "form": "photo", "status": "accepted",
    },
    "protocol_sums": {"contest_id": "mayor", "document_id": "paper", "overlap": "unknown"},
    "official_results": {
        "contest_id": "mayor", "area_id": "city", "document_id": "paper", "version": 1,
        "published_at": "2024-05-06", "rounded_to": 1, "rounding": "unknown", "withdrawn": False,
    },
    "official_figures": {
        "contest_id": "mayor", "area_id": "city", "document_id": "paper", "version": 1,
        "published_at": "2024-05-06", "rounded_to": "1", "rounding": "unknown",
        "withdrawn": False, "unit": "votes", "denominator": "none",
    },
    "voter_reports": {"contest_id": "mayor", "document_id": "paper"},
    "turnout_counts": {
        "document_id": "paper", "from": "2024-05-05T08:00Z", "to": "2024-05-05T20:00Z",
        "complete": True,
    },
    "claims": {
        "status": "confirmed", "document_id": "paper", "words": "A claim.", "contest_id": "mayor",
        "comparator": "eq", "rounding": "unknown", "unit": "votes", "denominator": "none",
        "polarity": "affirmed",
    },
}  # fmt: skip
_KEYS = {
    "areas": "area_id", "stations": "station_id", "protocols": "copy_id",
    "protocol_sums": "sum_id", "official_results": "result_id", "official_figures": "figure_id",
    "turnout_counts": "count_id", "claims": "claim_id", "documents": "document_id",
}  # fmt: skip


def small_tables(case: Case | None = None, **tables: Sequence[Row]) -> CaseTables:
    """A case with these rows; areas, stations and documents that rows need are added."""
    case = small_case() if case is None else case
    rows = {name: [_whole(name, i, row) for i, row in enumerate(given)]
            for name, given in tables.items()}  # fmt: skip
    rows.setdefault("areas", [{"area_id": "city", "level": "city", "name": "City"}])
    named = {r["station_id"] for given in rows.values() for r in given if r.get("station_id")}
    listed = {r["station_id"] for r in rows.get("stations", [])}
    rows["stations"] = rows.get("stations", []) + [
        {"station_id": s, "area_id": "city"} for s in sorted(named - listed)
    ]
    sources = {r["document_id"] for given in rows.values() for r in given if "document_id" in r}
    there = {r["document_id"] for r in rows.get("documents", [])}
    rows["documents"] = rows.get("documents", []) + [
        {**_DEFAULTS["documents"], "document_id": d} for d in sorted(sources - there)
    ]
    schemas = election_schemas(case.option_ids)
    frames = {
        name: pl.DataFrame(
            [{c: row.get(c) for c in schemas[name].names} for row in given],
            schema=schemas[name].dtypes,
        )
        for name, given in rows.items()
        if given
    }
    return CaseTables.of(case, frames)


def _whole(name: str, number: int, row: Row) -> dict[str, object]:
    whole = {**_DEFAULTS.get(name, {}), **row}
    if name in _KEYS:
        whole.setdefault(_KEYS[name], f"{name.rstrip('s').replace('_', '-')}-{number}")
    if name == "areas":
        whole.setdefault("name", str(whole["area_id"]).title())
    if whole.get("station_id") and name.startswith("official") and "area_id" not in row:
        whole["area_id"] = None
    return whole


def form(station: str, anna: int | None, boris: int | None, **more: object) -> dict[str, object]:
    """One accepted form of the two-option contest."""
    return {"station_id": station, "votes_anna": anna, "votes_boris": boris, **more}
