"""A small election whose stations were drawn: a quick count that comes in, and a recount."""

from dataclasses import replace

import polars as pl

from pollwitness.case import read_case, write_case
from pollwitness.cli.main import main
from pollwitness.tables import ContestRule
from tests.build import small_case, small_tables

SEED = "35463115561121636246"
COUNT = 120


def votes(n: int) -> tuple[int, int]:
    """Votes for Anna and for Boris in station n: she has more in the south."""
    total = 300 + 7 * (n % 40)
    first = round(total * (0.66 - 0.1 * (n % 3) / 2))
    return first, total - first


def sampled_case(folder):
    """Write a case: 120 stations on a grid, a frame, three samples, reports and recounts."""
    names = [f"s{n:03}" for n in range(COUNT)]
    districts = ("north", "middle", "south")
    case = small_case()
    tables = small_tables(
        replace(case, contests=(replace(case.contests[0], rule=ContestRule.MAJORITY),)),
        areas=[{"area_id": "city", "level": "city", "name": "City"},
               *({"area_id": one, "level": "district", "parent_id": "city"} for one in districts)],
        documents=[{"document_id": "paper"}],
        stations=[
            {"station_id": name, "area_id": districts[2 - n % 3], "registered": 2 * sum(votes(n)),
             "latitude": f"{53.7 + 0.02 * (n // 12):.2f}", "longitude": f"{27.4 + 0.03 * (n % 12)}"}
            for n, name in enumerate(names)
        ],
        official_results=[
            {"result_id": f"r{n}", "area_id": None, "station_id": name,
             "ballots": sum(votes(n)) + 4, "invalid": 4,
             "votes_anna": votes(n)[0], "votes_boris": votes(n)[1]}
            for n, name in enumerate(names)
        ],
        claims=[{"claim_id": "more-than-half", "option_id": "anna", "measure": "vote_share",
                 "comparator": "more_than", "low": "50", "unit": "percent", "denominator": "valid",
                 "words": "Anna won more than half."}],
    )  # fmt: skip
    write_case(tables, folder)
    frame = ["station_id,stratum,cluster,earlier_total,earlier_votes_anna,earlier_votes_boris"]
    frame += [f"{name},{districts[n % 3]},c{n // 6 * 3 + n % 3},{sum(votes(n))},"
              f"{votes(n)[0] - 20},{votes(n)[1] + 20}"
              for n, name in enumerate(names)]  # fmt: skip
    put(folder, "frame", frame)
    draw = ["draw", str(folder), "--seed", SEED]
    assert main(["quickcount", *draw, "--stations", "60", "--json"]) == 0
    chosen = drawn(folder, "quick-count")
    more = ["--stations", "40", "--sequence", "--sample", "sequence", "--json"]
    assert main(["quickcount", *draw, *more]) == 0
    assert main(["audit", *draw, "--draws", "60", "--json"]) == 0
    came = list(dict.fromkeys([*chosen[:15], *chosen[20:35], *chosen[40:52],
                               *drawn(folder, "sequence")[:30]]))  # fmt: skip
    reports = ["arrival_id,contest_id,station_id,document_id,arrived_at,votes_anna,votes_boris"]
    reports += [f"a{at},mayor,{name},paper,2024-05-05T{18 + at // 30:02}:{at % 30 * 2:02}Z,"
                f"{votes(int(name[1:]))[0]},{votes(int(name[1:]))[1]}"
                for at, name in enumerate(came)]  # fmt: skip
    put(folder, "arrivals", reports)
    counts = ["recount_id,contest_id,station_id,document_id,outcome,votes_anna,votes_boris"]
    for at, name in enumerate(dict.fromkeys(drawn(folder, "recount"))):
        first, second = votes(int(name[1:]))
        given = "refused,," if at == 3 else f"counted,{first - (at == 5)},{second + (at == 5)}"
        counts.append(f"x{at},mayor,{name},paper,{given}")
    put(folder, "recounts", counts)
    return folder


def put(folder, table, lines):
    """Write a table of a case as it would come from a spreadsheet."""
    (folder / "tables" / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def drawn(folder, sample):
    """The stations of a sample in the order of their draws."""
    rows = read_case(folder).tables.table("sample").filter(pl.col("sample_id") == sample)
    return rows.sort("draw")["station_id"].to_list()
