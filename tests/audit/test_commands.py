"""Recounts of a case by the commands: plan, draw, sheets, assess, transcript."""

import hashlib
import json
import re
import shutil

import polars as pl
import pytest

from pollwitness.case import read_case, write_case
from pollwitness.checks.manifest import reported_results
from pollwitness.checks.recount import assess
from pollwitness.cli.main import main
from tests.build import small_case, small_tables

SEED = "3546311556112163624615351222"
STATIONS = [{"station_id": f"s{n:02}", "registered": 300 + n} for n in range(1, 31)]
RESULTS = [
    {"result_id": f"r{n:02}", "area_id": None, "station_id": f"s{n:02}", "ballots": 250 + n,
     "invalid": 5, "votes_anna": 150 + n, "votes_boris": 95}
    for n in range(1, 31)
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recounts") / "case"
    write_case(small_tables(small_case(), stations=STATIONS, official_results=RESULTS), folder)
    return folder


@pytest.fixture
def case(made, tmp_path):
    return shutil.copytree(made, tmp_path / "case")


def result_of(capsys):
    return json.loads(capsys.readouterr().out)["result"]


def drawn(case, draws=20, **extra):
    options = [part for name, value in extra.items() for part in (f"--{name}", value)]
    return main(["audit", "draw", str(case), "--seed", SEED, "--draws", str(draws), *options])


def recount(case, outcomes=None, change=0):
    """Recounts of all drawn stations as reported, but for some outcomes and a change of votes."""
    sample = pl.read_csv(case / "tables" / "sample.csv", infer_schema=False)
    lines = ["recount_id,contest_id,station_id,document_id,outcome,votes_anna,votes_boris"]
    for name in dict.fromkeys(sample["station_id"].to_list()):
        outcome = (outcomes or {}).get(name, "counted")
        n = int(name[1:])
        votes = f"{150 + n - change},{95 + change}" if outcome == "counted" else ","
        lines.append(f"x{name},mayor,{name},paper,{outcome},{votes}")
    (case / "tables" / "recounts.csv").write_text("\n".join(lines) + "\n")


def test_a_recount_from_plan_to_answer(case, capsys):
    assert main(["audit", "plan", str(case), "--json"]) == 0
    planned = result_of(capsys)
    assert planned["costs"][0]["median"] == planned["draws"]
    assert main(["audit", "plan", str(case)]) == 0
    assert "Anna has more votes than Boris" in capsys.readouterr().out
    assert drawn(case, planned["draws"]) == 0
    assert drawn(case, planned["draws"] + 5) == 0, "more draws extend the sample"
    assert drawn(case, planned["draws"]) == 2, "fewer would take some back"
    recount(case)
    capsys.readouterr()
    assert main(["audit", "assess", str(case), "--json"]) == 0
    found = result_of(capsys)
    assert found["confirmed_at_draw"] == planned["draws"]
    assert found["disagreed"] == found["waiting"] == 0
    assert main(["audit", "assess", str(case)]) == 0
    assert "Confirmed at draw" in capsys.readouterr().out


def test_papers(case, tmp_path):
    drawn(case, 25)
    recount(case)
    page = tmp_path / "transcript.html"
    assert main(["audit", "transcript", str(case), "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    for k in range(1, 26):
        assert hashlib.sha256(f"{SEED},{k}".encode()).hexdigest() in text
    total = int(re.search(r"sum of all weights, (\d+)\.", text)[1])
    first = int(hashlib.sha256(f"{SEED},1".encode()).hexdigest(), 16) % total
    assert f">{first}<" in text
    assert "<script" not in text
    sheets = tmp_path / "sheets.html"
    assert main(["audit", "sheet", str(case), "-o", str(sheets)]) == 0
    assert main(["audit", "sheet", str(case), "-o", str(sheets)]) == 2, "nothing is overwritten"
    different = set(read_case(case).tables.table("sample")["station_id"])
    printed = sheets.read_text("utf-8").split("</head>")[1]
    assert printed.count("<h1>") == len(different)
    assert all(f"station {name}<" in printed for name in different)
    assert "151" not in printed, "no reported figure is on a sheet"


def test_refusals_and_differences(case, capsys):
    drawn(case, 40)
    sample = pl.read_csv(case / "tables" / "sample.csv", infer_schema=False)["station_id"]
    recount(case, {sample[0]: "refused"})
    capsys.readouterr()
    main(["audit", "assess", str(case), "--json"])
    refused = result_of(capsys)
    assert 0 < refused["p"] < 1
    assert refused["p_kaplan_markov"] == 1.0
    main(["audit", "assess", str(case)])
    assert "counted as the worst: 1" in capsys.readouterr().out
    recount(case, change=50)
    assert main(["audit", "assess", str(case), "--json"]) == 1
    wrong = result_of(capsys)
    assert wrong["disagreed"] == wrong["counted"]
    assert wrong["p"] == 1.0
    shutil.copy(case / "tables" / "recounts.csv", case / "kept.csv")
    lines = (case / "kept.csv").read_text().splitlines()
    waiting = [line for line in lines if f",{sample[3]}," not in line]
    (case / "tables" / "recounts.csv").write_text("\n".join(waiting) + "\n")
    main(["audit", "assess", str(case), "--json"])
    before = sample.to_list().index(sample[3])
    assert result_of(capsys)["waiting"] == 40 - before, "draws behind an unknown one wait"


def test_stations_that_observers_chose_give_no_risk(case, tmp_path, capsys):
    (case / "tables" / "sample.csv").write_text(
        "sample_id,draw,purpose,contest_id,station_id,method\n"
        "own,1,recount,mayor,s03,observers\nown,2,recount,mayor,s09,observers\n"
    )
    recount(case, change=1)
    assert main(["audit", "assess", str(case), "--sample", "own"]) == 1
    out = capsys.readouterr().out
    assert "Different stations counted: 2. Their counts disagreed in 2 of them." in out
    assert "no statement about the others" in out
    page = tmp_path / "t.html"
    assert main(["audit", "transcript", str(case), "--sample", "own", "-o", str(page)]) == 0
    assert "SHA-256" not in page.read_text("utf-8")


def test_uniform_draws(case, capsys):
    assert drawn(case, 12, method="uniform", sample="even") == 0
    recount(case)
    capsys.readouterr()
    main(["audit", "assess", str(case), "--sample", "even", "--json"])
    assert result_of(capsys)["p"] < 1
    assert drawn(case, 12, method="lucky", sample="other") == 2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda t: t.replace(f",{SEED}", ",7"), "draw 1 of this seed takes station"),
        (lambda t: t.replace("recount,1,", "recount,41,"), "draw 1 of this seed takes station"),
    ],
)
def test_a_sample_that_is_not_that_of_its_seed_is_refused(case, capsys, edit, said):
    drawn(case, 8)
    path = case / "tables" / "sample.csv"
    path.write_text(edit(path.read_text()))
    recount(case)
    capsys.readouterr()
    assert main(["audit", "assess", str(case)]) == 2
    assert said in capsys.readouterr().err


def test_questions_that_cannot_be_answered(case, capsys):
    for arguments, said in (
        (["assess", str(case)], "no sample recount"),
        (["draw", str(case), "--seed", "$(x)", "--draws", "3"], "letters and digits"),
        (["plan", str(case), "--risk-limit", "1"], "between 0 and 1"),
        (["plan", str(case), "--contest", "nobody"], "nobody"),
    ):
        assert main(["audit", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_the_whole_manifest_is_needed():
    results = [*RESULTS[:28], {**RESULTS[28], "votes_boris": None}]
    for rows, stations, said in (
        (RESULTS[:29], STATIONS, "no result of 1 of 30 stations"),
        ([*results, RESULTS[29]], STATIONS, "votes are blank at 1 stations"),
        ([{**one, "ballots": None} for one in RESULTS],
         [{"station_id": one["station_id"]} for one in STATIONS], "nothing bounds the ballots"),
    ):  # fmt: skip
        tables = small_tables(small_case(), stations=stations, official_results=rows)
        if said.startswith("nothing"):
            tables = small_tables(
                small_case(largest_station=None), stations=stations, official_results=rows
            )
        with pytest.raises(Exception, match=said):
            reported_results(tables, "mayor")
    with pytest.raises(Exception, match="no stations"):
        reported_results(small_tables(small_case(), stations=[], official_results=[]), "mayor")


def test_protocols_are_the_results_where_nobody_else_gives_any():
    protocols = [
        {"copy_id": f"c{n}", "station_id": f"s{n:02}", "ballots": 200, "votes_anna": 120,
         "votes_boris": 80} for n in range(1, 31)
    ]  # fmt: skip
    tables = small_tables(small_case(), stations=STATIONS, protocols=protocols)
    found = reported_results(tables, "mayor")
    assert found.totals.tolist()[:2] == [3600, 2400]
    with pytest.raises(Exception, match="no sample"):
        assess(tables, "recount")


def claimed(case, **changed):
    """A case with one claim about Anna's share, by the rule of a majority."""
    head = (case / "case.toml").read_text().replace('rule = "plurality"', 'rule = "majority"')
    (case / "case.toml").write_text(head)
    row = {"claim_id": "half", "status": "confirmed", "document_id": "paper", "words": "Most.",
           "measure": "vote_share", "contest_id": "mayor", "option_id": "anna",
           "comparator": "more_than", "low": "50", "rounding": "unknown", "unit": "percent",
           "denominator": "valid", "polarity": "affirmed", **changed}  # fmt: skip
    names = [name for name, value in row.items() if value is not None]
    (case / "tables" / "claims.csv").write_text(
        ",".join(names) + "\n" + ",".join(str(row[name]) for name in names) + "\n"
    )


@pytest.mark.parametrize(
    ("changed", "change", "verdict"),
    [
        ({}, 0, "supported"),
        ({}, 50, "undecided"),
        ({"low": "60"}, 0, None),
        ({"denominator": "registered"}, 0, None),
        ({"option_id": "boris"}, 0, None),
        ({"comparator": "eq", "low": "61"}, 0, None),
        ({"polarity": "denied"}, 0, None),
    ],
)
def test_a_recount_supports_a_claim_of_more_than_half(case, capsys, changed, change, verdict):
    claimed(case, **changed)
    drawn(case, 60)
    recount(case, change=change)
    capsys.readouterr()
    main(["check", str(case), "--json"])
    findings = [one for one in result_of(capsys)["findings"] if one["check"] == "audit.recount"]
    assert [one["verdict"] for one in findings] == ([] if verdict is None else [verdict])
    if verdict == "supported":
        assert findings[0]["rung"] == 2
        assert main(["explain", str(case), "half"]) == 0
        assert "p-value of the recount" in " ".join(capsys.readouterr().out.split())


def test_a_recount_that_cannot_be_assessed_is_said(case, capsys):
    claimed(case)
    drawn(case, 20)
    recount(case)
    path = case / "tables" / "sample.csv"
    path.write_text(path.read_text().replace(f",{SEED}", ",7"))
    capsys.readouterr()
    main(["check", str(case)])
    assert "The recount cannot be assessed" in " ".join(capsys.readouterr().out.split())
