"""Venezuela, 28 July 2024: tally sheets through a mapping file, and the two official bulletins."""

from dataclasses import dataclass
from pathlib import Path

from pollwitness.case import ImportAccount, Wishes, import_file, new_case
from pollwitness.tables import (
    Audience,
    Case,
    Contest,
    ContestRule,
    Option,
    OptionKind,
)

OPTIONS = (
    "maduro", "gonzalez", "martinez", "ecarri", "rausseo", "brito", "bertucci", "fermin",
    "marquez", "ceballos",
)  # fmt: skip
STATIONS = 30_026
"""Mesas in all (radiocaribe.icrt.cu, 29 July 2024)."""
REGISTERED, REGISTERED_COUNTED = 21_321_805, 20_654_431
HERE = Path(__file__).parent

FIRST = {
    "stations_counted": 24_020, "votes_maduro": 5_150_092, "votes_gonzalez": 4_445_978,
}  # fmt: skip
"""The bulletin of 29 July: 80 % of the tally sheets."""
SECOND = {
    "ballots": 12_386_669, "valid": 12_335_884, "invalid": 50_785, "votes_maduro": 6_408_844,
    "votes_gonzalez": 5_326_104, "votes_martinez": 152_360, "votes_ecarri": 116_421,
    "votes_rausseo": 92_903, "votes_brito": 84_231, "votes_bertucci": 64_452,
    "votes_fermin": 40_902, "votes_marquez": 29_611, "votes_ceballos": 20_056,
}  # fmt: skip
"""The bulletin of 2 August: "96.87 %" (sunoticiero.net; lavoceditalia.com)."""
IN_STATIONS = {"stations_counted": STATIONS - 940}
IN_VOTERS = {"registered_counted": REGISTERED_COUNTED}
ALL_SHEETS = {"stations_counted": STATIONS}


@dataclass(frozen=True)
class Venezuela:
    folder: Path
    account: ImportAccount


def venezuela_case() -> Case:
    options = tuple(Option(o, o.title(), OptionKind.CANDIDATE) for o in OPTIONS)
    contest = Contest("president", "President", 1, ContestRule.PLURALITY, options)
    return Case("venezuela-2024", "Venezuela 2024", "VE", "2024-07-28", "America/Caracas",
                "not for redistribution", Audience.INTERNAL, (contest,))  # fmt: skip


def with_sheets(folder: Path, data: Path, *, version: int = 1) -> Venezuela:
    """A new case with the sheets of one of the two publications."""
    new_case(folder, venezuela_case())
    account = import_file(
        folder,
        data / "venezuela2024" / f"RESULTADOS_2024_CSV_V{version}.csv",
        HERE / f"venezuela_v{version}.toml",
        Wishes(),
    )
    return Venezuela(folder, account)


def announce(folder: Path, *, version: int, coverage: dict[str, int], **counts: int) -> None:
    """The bulletin in the table of official results, in place of what stood there."""
    row = {
        "result_id": f"bulletin-{version}", "contest_id": "president", "area_id": "VE",
        "document_id": "cne", "version": version, "published_at": "2024-07-29",
        "stations_total": STATIONS, "rounded_to": 1, "rounding": "unknown", "withdrawn": "false",
        "registered": REGISTERED, **counts, **coverage,
    }  # fmt: skip
    text = ",".join(row) + "\n" + ",".join(str(value) for value in row.values()) + "\n"
    (folder / "tables" / "official_results.csv").write_text(text, encoding="utf-8")
