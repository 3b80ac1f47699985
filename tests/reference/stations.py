"""Full counts by station, for forensics: Russia, Mexico, Canada, Georgia, Albania."""

import gzip
import io
import zipfile
from pathlib import Path

import polars as pl

from pollwitness.forensics import StationResults, StationVectors

OFFICIAL = {
    "2011": {"stations": 95_225, "leader": 32_379_135},
    "2012": {"stations": 95_415, "leader": 45_602_075},
    "2018": {"stations": 97_699, "leader": 56_430_712},
}
"""Votes of the leader as officially announced, and stations of the table (its provenance note)."""


def russia(reference: Path, year: str) -> StationResults:
    """Voters on the list; ballots given in the station, early and at home; valid plus invalid."""
    with zipfile.ZipFile(reference / "russia" / f"{year}.csv.zip") as packed:
        frame = pl.read_csv(io.BytesIO(packed.read(f"{year}.csv")), infer_schema_length=None)
    names = frame.columns
    listed = next(n for n in names if n.startswith("Число избирателей, в"))
    given = [n for n in names if "выданных" in n and "бюллетеней" in n]
    found = [n for n in names if "действительных избирательных бюллетеней" in n]
    leader = next(n for n in names if "ЕДИНАЯ РОССИЯ" in n or n.startswith("Путин"))
    assert (len(given), len(found)) == (3, 2)
    return StationResults.of(
        registered=frame[listed].to_numpy(),
        issued=frame.select(pl.sum_horizontal(given)).to_series().to_numpy(),
        ballots=frame.select(pl.sum_horizontal(found)).to_series().to_numpy(),
        leader=frame[leader].to_numpy(),
        region=frame["region"].to_list(),
    )


def mexico(reference: Path, year: str, leader: str) -> StationResults:
    packed = (reference / "mexico" / f"nal_{year}.csv.gz").read_bytes()
    frame = pl.read_csv(io.BytesIO(gzip.decompress(packed)), infer_schema_length=None)
    return StationResults.of(
        registered=frame["ln"].to_numpy(),
        ballots=frame["total"].to_numpy(),
        leader=frame[leader].to_numpy(),
        region=[str(state) for state in frame["edo_id"].to_list()],
    )


def canada(reference: Path) -> StationResults:
    packed = (reference / "canada2011" / "canada_2011_polls.csv.gz").read_bytes()
    frame = pl.read_csv(io.BytesIO(gzip.decompress(packed)))
    return StationResults.of(
        registered=frame["N"].to_numpy(), ballots=frame["t"].to_numpy(),
        leader=frame["v"].to_numpy(),
    )  # fmt: skip


def georgia(reference: Path) -> StationResults:
    """Ballots found are the votes of all candidates and the invalid ones."""
    frame = pl.read_csv(
        reference / "georgia2013" / "2013_official_pres.csv", infer_schema_length=None,
        encoding="utf8-lossy",
    )  # fmt: skip
    candidates = [n for n in frame.columns if n.strip()[:1].isdigit() and " - " in n]
    counts = frame.select(
        (pl.col("possible voters").fill_null(0) + pl.col("special voters").fill_null(0)).alias("n"),
        (pl.sum_horizontal(candidates) + pl.col("invalid votes").fill_null(0)).alias("t"),
        pl.col(next(n for n in candidates if "Margvelashvili" in n)).fill_null(0).alias("v"),
        pl.col("district id").cast(pl.String).alias("region"),
    )
    return StationResults.of(
        registered=counts["n"].to_numpy(), ballots=counts["t"].to_numpy(),
        leader=counts["v"].to_numpy(), region=counts["region"].to_list(),
    )  # fmt: skip


def albania(reference: Path) -> StationResults:
    frame = pl.read_csv(
        reference / "albania2013" / "Albania2013.csv", infer_schema_length=None, null_values="NA"
    )
    parties = [n for n in frame.columns if n.startswith("C0")]
    leader = max(parties, key=lambda n: frame[n].sum())
    return StationResults.of(
        registered=frame["Registered"].to_numpy(), ballots=frame["Ballots"].to_numpy(),
        leader=frame[leader].to_numpy(), region=frame["Prefectures"].to_list(),
    )  # fmt: skip


def mexico_vectors(reference: Path, year: str, states: int) -> StationVectors:
    """Whole results of the first states; a building is an electoral section."""
    packed = (reference / "mexico" / f"nal_{year}.csv.gz").read_bytes()
    frame = pl.read_csv(io.BytesIO(gzip.decompress(packed)), infer_schema_length=None)
    frame = frame.filter(pl.col("edo_id") <= states)
    last = frame.columns.index("total")
    votes = frame.columns[frame.columns.index("pri_pvem") : last]
    state, section = frame["edo_id"].to_list(), frame["seccion"].to_list()
    return StationVectors.of(
        names=[f"{n:06}" for n in range(frame.height)],
        ballots=frame["total"].to_numpy(),
        votes={name: frame[name].to_numpy() for name in votes},
        region=[str(code) for code in state],
        building=[f"{a} {b}" for a, b in zip(state, section, strict=True)],
    )
