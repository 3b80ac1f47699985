"""The commands about indications: a case, a bare CSV, plans, refusals."""

import hashlib
import json
from xml.etree import ElementTree

import polars as pl
import pytest

from pollwitness.case import write_case
from pollwitness.cli.main import main
from tests.forensics.test_battery import station_case
from tests.forensics.test_descriptions import election
from tests.forensics.test_lists import vectors

COLUMNS = ["--registered", "voters", "--ballots", "found", "--leader", "a"]


@pytest.fixture
def table(tmp_path):
    stations = election(21, 300)
    frame = pl.DataFrame({
        "voters": stations.registered, "given": stations.turned_out, "found": stations.ballots,
        "a": stations.leader, "place": [stations.regions[code] for code in stations.region],
    })  # fmt: skip
    frame = pl.concat([frame, frame.head(2).with_columns(pl.lit(None).cast(pl.Int64).alias("a"))])
    frame.write_csv(tmp_path / "results.csv")
    return tmp_path / "results.csv"


def test_a_bare_table_is_enough(table, capsys):
    assert main(["forensics", "run", str(table), *COLUMNS, "--region", "place"]) == 0
    printed = capsys.readouterr().out
    for part in ("Stations: 300; rows left out for lack of a count: 2", "not checked",
                 "No plan was written before", "integers.any", "smooth.areas", "nothing found",
                 "Votes beyond proportion", "5 tests together", "Without r",
                 "Used: stations of 100 registered voters and more", "Compared with:", "Limits:",
                 "Innocent:", "Kobak, Shpilkin, Pshenichnikov 2016"):  # fmt: skip
        assert part in printed, part


def test_json_has_stable_keys(table, capsys):
    assert main(["forensics", "run", str(table), *COLUMNS, "--issued", "given", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert set(result) == {"election", "stations", "left_out", "plan", "gates", "tests", "control",
                           "skipped"}  # fmt: skip
    assert [one["test"] for one in result["tests"]] == [
        "integers.any", "integers.turnout", "integers.share", "spikes.share", "smooth.areas",
    ]  # fmt: skip
    assert result["plan"]["sha256"] is None


def test_a_plan_is_proposed_hashed_and_run(tmp_path, capsys):
    write_case(station_case(), tmp_path / "case")
    assert main(["forensics", "plan", str(tmp_path / "case")]) == 0
    text = capsys.readouterr().out
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    plan = str(tmp_path / "plan.toml")
    assert main(["forensics", "run", str(tmp_path / "case"), "--plan", plan]) == 0
    printed = capsys.readouterr().out
    assert f"Plan: SHA-256 {hashlib.sha256(text.encode()).hexdigest()}" in printed
    assert "sums registered" in printed


def test_a_closed_gate_gives_no_result_and_code_2(tmp_path, capsys):
    write_case(station_case(ballots=7), tmp_path / "case")
    assert main(["forensics", "run", str(tmp_path / "case")]) == 2
    printed = capsys.readouterr().out
    assert "A gate failed: no result." in printed
    assert "integers.any" not in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "a CSV file needs --registered, --ballots, --leader", id="columns"),
        pytest.param(["--registered", "voters", "--ballots", "found", "--leader", "b"],
                     "has no column b; it has voters, given, found, a, place", id="unknown"),
        pytest.param(["--registered", "voters", "--ballots", "found", "--leader", "place"],
                     "place hold texts; counts are needed", id="text"),
        pytest.param([*COLUMNS, "--plan", "none.toml"], "none.toml cannot be read", id="plan"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(table, capsys, arguments, said):
    assert main(["forensics", "run", str(table), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_cases_without_stations_or_with_another_option_are_refused(tmp_path, capsys):
    write_case(station_case(), tmp_path / "case")
    assert main(["forensics", "run", str(tmp_path / "case"), "--leader", "carla"]) == 2
    assert "the contest has no option 'carla'; it has anna, boris" in capsys.readouterr().err
    assert main(["forensics", "run", "examples/belarus-2020"]) == 2
    assert "holds no official results by station" in capsys.readouterr().err
    assert main(["forensics", "run", str(tmp_path / "none.csv"), *COLUMNS]) == 2
    assert "cannot be read as CSV" in capsys.readouterr().err


def test_power_says_what_would_have_been_found(table, capsys):
    arguments = [*COLUMNS, "--region", "place", "--draws", "20"]
    assert main(["forensics", "power", str(table), *arguments]) == 0
    printed = capsys.readouterr().out
    assert "nothing: false alarms" in printed
    assert "one share at all stations of a region" in printed
    assert main(["forensics", "power", str(table), *arguments, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["result"]
    assert len(rows) == 13
    assert rows[0]["planted"] == "nothing"


def test_power_of_a_closed_table_is_refused(tmp_path, capsys):
    write_case(station_case(ballots=7), tmp_path / "case")
    assert main(["forensics", "power", str(tmp_path / "case")]) == 2
    assert "a gate fails" in capsys.readouterr().err


def test_a_plan_may_name_digits_and_says_what_was_not_run(table, tmp_path, capsys):
    plan = tmp_path / "plan.toml"
    plan.write_text('format = 1\ntests = ["digits.last", "digits.second", "smooth.areas"]\n')
    assert main(["forensics", "run", str(table), *COLUMNS, "--plan", str(plan)]) == 0
    printed = capsys.readouterr().out
    assert "digits.last" in printed
    assert "Beber, Scacco 2012" in printed
    assert main(["forensics", "run", str(table), *COLUMNS, "--plan", str(plan), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert [one["test"] for one in result["tests"]] == ["digits.last", "digits.second",
                                                        "smooth.areas"]  # fmt: skip
    assert set(result["tests"][0]["method"]) == {"null_model", "not_seen", "innocent", "reference"}


@pytest.mark.parametrize("kind", ["comb-turnout", "comb-share", "fingerprint", "curve", "regions"])
@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_every_picture_is_written(table, tmp_path, capsys, kind, suffix):
    target = tmp_path / f"picture.{suffix}"
    arguments = [*COLUMNS, "--region", "place", "--kind", kind, "-o", str(target)]
    assert main(["forensics", "picture", str(table), *arguments]) == 0
    assert str(target) in capsys.readouterr().out.replace("\n", "")
    content = target.read_bytes()
    if suffix == "png":
        assert content.startswith(b"\x89PNG")
        return
    picture = ElementTree.fromstring(content)  # noqa: S314 -- our own file
    assert picture.get("aria-label")
    text = " ".join(picture.itertext())
    assert "Source: results.csv" in text
    assert "Sums were not checked" in text
    assert "%" not in "".join(
        v for e in picture.iter() for k, v in e.items() if k in {"x", "width"}
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--kind", "curve", "-o", "x.jpg"], "must end in .svg or .png", id="suffix"),
        pytest.param(["--kind", "regions", "-o", "x.svg"], "one region only", id="regions"),
        pytest.param(["--kind", "curve", "-o", "none/x.svg"], "cannot be written", id="folder"),
    ],
)
def test_pictures_that_cannot_be_drawn_are_refused(
    table, tmp_path, monkeypatch, capsys, arguments, said
):
    monkeypatch.chdir(tmp_path)
    assert main(["forensics", "picture", str(table), *COLUMNS, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_no_picture_of_a_closed_table(tmp_path, capsys):
    write_case(station_case(ballots=7), tmp_path / "case")
    target = str(tmp_path / "x.svg")
    arguments = ["picture", str(tmp_path / "case"), "--kind", "curve", "-o", target]
    assert main(["forensics", *arguments]) == 2
    assert "a gate fails" in capsys.readouterr().err


@pytest.fixture
def whole_results(tmp_path):
    made = vectors(1, size=300, alike=3)
    counts = made.counts.copy()
    counts[3] = counts[0]
    frame = pl.DataFrame({
        "name": made.names, "found": counts[:, 0], "a": counts[:, 1], "b": counts[:, 2],
        "c": counts[:, 3], "d": counts[:, 4],
        "place": ["p" if code else "q" for code in made.region],
        "house": [made.buildings[code] for code in made.building],
        "day": [n % 3 + 1 for n in range(300)],
        "at": [f"2020-08-{9 + n % 2:02}" for n in range(300)],
    })  # fmt: skip
    shared = pl.col("name").is_in(["s00000", "s00003"])
    place = pl.when(shared).then(pl.lit("p")).otherwise("place")
    frame.with_columns(place=place).write_csv(tmp_path / "whole.csv")
    return tmp_path / "whole.csv"


OPTIONS = ["--ballots", "found", "--option", "a", "--option", "b", "--option", "c", "--option", "d"]


def test_lists_name_stations_with_equal_results(whole_results, capsys):
    arguments = [*OPTIONS, "--station", "name", "--region", "place", "--building", "house"]
    assert main(["forensics", "lists", str(whole_results), *arguments]) == 0
    printed = capsys.readouterr().out
    for part in (
        "s00000, s00003",
        "Pairs of stations of a region with the same result: 1",
        "stations share 100 buildings",
        "contradicts nothing",
        "Skellam 1946",
    ):
        assert part in printed, part
    assert main(["forensics", "lists", str(whole_results), *arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert result["groups"][0]["stations"] == ["s00000", "s00003"]
    assert result["same"]["observed"] == 1
    assert result["buildings"]["buildings"] == 100


def test_lists_without_buildings_or_names_use_rows(whole_results, capsys):
    assert main(["forensics", "lists", str(whole_results), *OPTIONS]) == 0
    printed = capsys.readouterr().out
    assert "1, 4" in printed
    assert "nobody says which" in printed


def test_late_counts_are_compared_at_every_level(whole_results, capsys):
    arguments = ["--ballots", "found", "--leader", "a", "--place", "place", "--place", "house"]
    late = ["forensics", "late", str(whole_results), *arguments]
    assert main([*late, "--counted", "day", "--until", "2"]) == 0
    printed = capsys.readouterr().out
    for part in ("the whole", "finest shared place", "Of 100 late stations", "Idrobo"):
        assert part in printed, part
    assert main([*late, "--counted", "at", "--until", "2020-08-09", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert [level["level"] for level in result["levels"]] == ["all", "place", "house", "finest"]
    assert result["late_stations"] == 150


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["lists"], "a CSV file needs --ballots", id="ballots"),
        pytest.param(["lists", "--ballots", "found"], "needs --option", id="options"),
        pytest.param(["late", "--until", "2"], "needs --ballots, --leader, --counted", id="late"),
        pytest.param(["late", "--until", "x", "--ballots", "found", "--leader", "a",
                      "--counted", "day"], "'x' is no number", id="number"),
    ],
)  # fmt: skip
def test_lists_that_cannot_be_made_are_refused(whole_results, capsys, arguments, said):
    command, *rest = arguments
    assert main(["forensics", command, str(whole_results), *rest]) == 2
    assert said in capsys.readouterr().err


def test_cases_give_lists_and_late_counts_or_say_what_they_lack(tmp_path, capsys):
    write_case(station_case(), tmp_path / "case")
    assert main(["forensics", "lists", str(tmp_path / "case")]) == 0
    capsys.readouterr()
    assert main(["forensics", "late", str(tmp_path / "case"), "--until", "2100-01-01"]) == 2
    assert "no station was counted late" in capsys.readouterr().err
    assert main(["forensics", "late", "examples/belarus-2020", "--until", "2100-01-01"]) == 2
    assert "holds no official results by station" in capsys.readouterr().err


def test_no_output_uses_the_word(table, whole_results, capsys):
    """What an indication shows is never named by its explanation."""
    main(["forensics", "run", str(table), *COLUMNS])
    main(["forensics", "run", str(table), *COLUMNS, "--json"])
    main(["forensics", "lists", str(whole_results), *OPTIONS])
    main(["forensics", "late", str(whole_results), "--ballots", "found", "--leader", "a",
          "--counted", "day", "--until", "2"])  # fmt: skip
    main(["forensics", "power", str(table), *COLUMNS, "--draws", "20"])
    printed = capsys.readouterr().out.lower()
    for word in ("fraud", "falsif", "фальсиф", "rigg", "proven", "guilt"):
        assert word not in printed, word
