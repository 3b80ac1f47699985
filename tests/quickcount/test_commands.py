"""Quick counts of a case by the commands: design, draw, estimate, track, watch."""

import hashlib
import json
import shutil

import numpy as np
import pytest

from pollwitness.case import write_case
from pollwitness.cli.main import main
from tests.build import small_case, small_tables

SEED = "20310509"


def stations():
    rng = np.random.default_rng(4)
    rows = []
    for n in range(240):
        voters = int(rng.integers(300, 900))
        total = int(voters * 0.7)
        share = float(np.clip(rng.normal(0.5 + 0.05 * (n % 3), 0.08), 0.05, 0.95))
        rows.append((f"s{n:03}", f"h{n % 3}", voters, total, int(total * share)))
    return rows


ROWS = stations()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quick") / "case"
    tables = small_tables(
        small_case(),
        documents=[{"document_id": "paper"}],
        stations=[{"station_id": name, "registered": voters} for name, _h, voters, _t, _a in ROWS],
    )
    write_case(tables, folder)
    lines = ["station_id,stratum,earlier_total,earlier_votes_anna,earlier_votes_boris"]
    lines += [f"{name},{h},{total},{first},{total - first}" for name, h, _v, total, first in ROWS]
    (folder / "tables" / "frame.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def case(made, tmp_path):
    return shutil.copytree(made, tmp_path / "case")


def result_of(capsys):
    return json.loads(capsys.readouterr().out)["result"]


def report(case, names, shift=0.0, twice=()):
    known = {name: (total, first) for name, _h, _v, total, first in ROWS}
    lines = ["arrival_id,contest_id,station_id,document_id,arrived_at,votes_anna,votes_boris"]
    for n, name in enumerate([*names, *twice]):
        total, first = known[name]
        now = min(int(first + shift * total), total)
        lines.append(f"a{n:04},mayor,{name},paper,2031-05-09T{18 + n // 60:02}:{n % 60:02}Z,"
                     f"{now},{total - now}")  # fmt: skip
    (case / "tables" / "arrivals.csv").write_text("\n".join(lines) + "\n")


def sampled(case, capsys, *options):
    command = ["quickcount", "draw", str(case), "--seed", SEED, "--stations", "60", "--json"]
    assert main([*command, *options]) == 0
    return result_of(capsys)


def test_design(case, capsys):
    assert main(["quickcount", "design", str(case), "--stations", "60", "--json"]) == 0
    found = result_of(capsys)
    assert sum(found["allocation"].values()) == 60
    assert found["lead"] > 2 * found["naive_lead"]
    wanted = str(found["lead"] * 100 * 1.001)
    assert main(["quickcount", "design", str(case), "--margin", wanted, "--json"]) == 0
    assert result_of(capsys)["stations"] <= 60
    assert main(["quickcount", "design", str(case), "--stations", "60"]) == 0
    assert "times too sure" in capsys.readouterr().out


def test_draws_are_redone_by_hand(case, capsys):
    rows = sampled(case, capsys)
    for stratum in ("h0", "h1", "h2"):
        inside = [name for name, h, *_rest in ROWS if h == stratum]
        wanted = sorted(
            inside, key=lambda name: hashlib.sha256(f"{SEED},{name}".encode()).hexdigest()
        )
        drawn = [row["station_id"] for row in rows if row["stratum"] == stratum]
        assert drawn == wanted[: len(drawn)]
    assert main(["quickcount", "draw", str(case), "--seed", "9", "--stations", "60"]) == 2


def test_estimates_with_what_is_missing(case, capsys):
    names = [row["station_id"] for row in sampled(case, capsys)]
    report(case, names[:50], twice=names[:1])
    command = ["quickcount", "estimate", str(case)]
    code = main([*command, "--json", "--gamma", "1"])
    found = result_of(capsys)
    assert (found["drawn"], found["reported"]) == (60, 50)
    assert code == (0 if found["lead"]["within_gamma"][0] > 0 else 1)
    low, high = found["shares"]["anna"]["within_gamma"]
    assert low <= found["shares"]["anna"]["interval"][0] + 0.003
    assert high >= found["shares"]["anna"]["interval"][1] - 0.003
    assert main([*command, "--gamma", "50"]) == 1
    out = capsys.readouterr().out
    for words in ("50 of 60 drawn stations", "Too close to call", "The missing hold about",
                  "Stations that reported twice", "If the missing go on"):  # fmt: skip
        assert words in out
    assert main([*command, "--until", "2031-05-09T18:10Z", "--json"]) in {0, 1}
    assert result_of(capsys)["reported"] == 11
    report(case, names, shift=0.2)
    assert main([*command, "--json"]) == 0
    assert result_of(capsys)["first"] == "anna"
    assert main(["quickcount", "watch", str(case), "--looks", "2", "--every", "0.1"]) == 0
    assert capsys.readouterr().out.count("60 of 60") == 1, "nothing new, nothing shown"


def test_strata_without_a_report_and_with_one(case, capsys):
    rows = sampled(case, capsys)
    first = [row["station_id"] for row in rows if row["stratum"] == "h0"]
    second = [row["station_id"] for row in rows if row["stratum"] == "h1"]
    report(case, [*first, second[0]])
    main(["quickcount", "estimate", str(case)])
    out = capsys.readouterr().out
    assert "Strata without any report: h2." in out
    assert "joined to a neighbour: h1." in out


def test_intervals_at_every_time(case, capsys):
    rows = sampled(case, capsys, "--sequence", "--sample", "seq")
    ids = sorted(name for name, *_rest in ROWS)
    for row in rows[:20]:
        digest = hashlib.sha256(f"{SEED},{row['draw']}".encode()).hexdigest()
        assert ids[int(digest, 16) % 240] == row["station_id"]
    report(case, dict.fromkeys(row["station_id"] for row in rows[:55]))
    command = ["quickcount", "track", str(case), "--sample", "seq"]
    assert main([*command, "--json"]) == 0
    found = result_of(capsys)
    truth = sum(first for *_rest, first in ROWS) / sum(total for *_r, total, _f in ROWS)
    low, high = found["shares"]["anna"]
    assert low <= truth <= high
    assert len(found["paths"]["anna"]["low"]) == 60
    assert main(command) == 0
    assert "at every time" in capsys.readouterr().out


def test_questions_that_cannot_be_answered(case, capsys):
    sampled(case, capsys)
    for arguments, said in (
        (["design", str(case)], "--stations or --margin"),
        (["design", str(case), "--stations", "60", "--allocation", "lucky"], "no such allocation"),
        (["design", str(case), "--margin", "3", "--allocation", "lucky"], "no such allocation"),
        (["design", str(case), "--stations", "999"], "fewer than 999"),
        (["draw", str(case), "--seed", "`x`", "--stations", "9"], "letters and digits"),
        (["estimate", str(case), "--sample", "none"], "no sample none"),
        (["estimate", str(case)], "nothing has arrived"),
        (["track", str(case), "--sample", "none"], "not drawn one by one"),
    ):
        assert main(["quickcount", *arguments]) == 2
        assert said in capsys.readouterr().err
    report(
        case, ["s000"] if "s000" not in (case / "tables" / "sample.csv").read_text() else ["s001"]
    )
    if main(["quickcount", "estimate", str(case)]) == 2:
        assert "was not drawn" in capsys.readouterr().err


def test_a_case_without_a_frame(tmp_path, capsys):
    folder = tmp_path / "case"
    write_case(small_tables(small_case()), folder)
    assert main(["quickcount", "design", str(folder), "--stations", "3"]) == 2
    assert "no table frame" in capsys.readouterr().err
