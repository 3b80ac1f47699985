"""Quick counts of a case beyond one draw by strata: clusters, looks, limits, claims, live page."""

import hashlib
import json
import re
import shutil

import numpy as np
import polars as pl
import pytest

from pollwitness.case import read_case
from pollwitness.checks.quick_count import arrived, clusters_of
from pollwitness.cli.main import main
from pollwitness.quickcount.arrivals import Drawn, looks, sensitivity
from pollwitness.quickcount.estimate import combined
from pollwitness.quickcount.sequence import limit_sequence
from tests.quickcount.elections import late
from tests.sampled import SEED, drawn, put, sampled_case, votes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return sampled_case(tmp_path_factory.mktemp("quick") / "case")


@pytest.fixture
def case(made, tmp_path):
    return shutil.copytree(made, tmp_path / "case")


def reports(case, names):
    lines = ["arrival_id,contest_id,station_id,document_id,arrived_at,votes_anna,votes_boris"]
    lines += [f"a{at},mayor,{name},paper,,{votes(int(name[1:]))[0]},{votes(int(name[1:]))[1]}"
              for at, name in enumerate(names)]  # fmt: skip
    put(case, "arrivals", lines)


def test_clusters_are_drawn_whole_and_count_once_complete(case, capsys):
    command = ["quickcount", "draw", str(case), "--seed", SEED, "--stations", "18", "--clusters"]
    assert main([*command, "--sample", "whole"]) == 0
    rows = read_case(case).tables.table("sample").filter(pl.col("sample_id") == "whole")
    of_station = clusters_of(read_case(case).tables)
    taken = {of_station[name] for name in rows["station_id"]}
    assert len(taken) == 18
    assert set(rows["station_id"]) == {s for s, cluster in of_station.items() if cluster in taken}
    for stratum in ("north", "middle", "south"):
        names = {f"s{n:03}" for n in range(120) if ("north", "middle", "south")[n % 3] == stratum}
        inside = sorted(
            {of_station[name] for name in names},
            key=lambda one: hashlib.sha256(f"{SEED},{one}".encode()).hexdigest(),
        )
        assert taken & set(inside) == set(inside[:6])
    names = drawn(case, "whole")
    reports(case, names[:-1])
    found = arrived(read_case(case).tables, "whole")
    assert (len(found.drawn.reported), int(found.drawn.reported.sum())) == (18, 17)
    assert found.stations == frozenset(names[:-1])
    capsys.readouterr()
    assert main(["quickcount", "estimate", str(case), "--sample", "whole", "--json"]) == 0
    shares = json.loads(capsys.readouterr().out)["result"]["shares"]
    first, total = (sum(f(n) for n in range(120)) for f in (lambda n: votes(n)[0],
                                                            lambda n: sum(votes(n))))  # fmt: skip
    assert shares["anna"]["estimate"] == pytest.approx(first / total, abs=0.01)
    assert main(["quickcount", "design", str(case), "--stations", "18", "--clusters"]) == 0
    assert main([*command, "--sequence", "--sample", "both"]) == 2
    frame = (case / "tables" / "frame.csv").read_text().splitlines()
    put(case, "frame", [frame[0], *(re.sub(r",c\d+,", ",,", line) for line in frame[1:])])
    assert main([*command, "--sample", "none"]) == 2
    assert "120 stations of the frame have no cluster (s000)" in capsys.readouterr().err


def test_looks_are_the_estimates_of_those_moments():
    """Each look equals the estimate from the first reports alone, made anew."""
    shown, _truth, (ballots, totals, _here) = late(3, 0.1)
    seen = looks(shown, 1.5, most=6)
    assert seen[-1].reported == int(shown.reported.sum())
    now = combined(shown.counted)
    last = np.sort(shown.order[shown.reported])
    for one in seen[1:]:  # the first look has strata without a report, which estimates leave out
        first = shown.reported & (shown.order <= last[one.reported - 1])
        held = np.bincount(shown.stratum[first], minlength=4)
        weight = first * (shown.sizes / held)[shown.stratum]
        shares = [(weight * ballots[:, k]).sum() / (weight * totals).sum() for k in (0, 1)]
        assert one.lead == pytest.approx(shares[now.first] - shares[now.second])
        assert one.within[0] <= one.interval[0] + 1e-9
        assert one.within[1] >= one.interval[1] - 1e-9


def test_the_limit_sequence_covers_at_all_its_steps():
    """2,000 samples without replacement: the truth leaves the sequence at most at its level."""
    rng = np.random.default_rng(8)
    count, taken = 200, 60
    totals = rng.integers(200, 900, 3 * count).astype(float)
    share = np.clip(rng.normal(0.5, 0.12, 3 * count), 0, 1)
    ballots = np.round(totals * share)
    truth = ballots.sum() / totals.sum()
    left = 0
    for _run in range(2_000):
        order = np.concatenate([h * count + rng.permutation(count)[:taken] for h in range(3)])
        sample = Drawn(
            np.repeat(np.arange(3), taken), np.ones(3 * taken, dtype=bool), totals[order],
            np.stack([ballots[order], totals[order] - ballots[order]], axis=1), totals[order],
            np.zeros((3 * taken, 2)), np.arange(3 * taken), np.full(3, count),
        )  # fmt: skip
        steps = limit_sequence(sample)
        left += any(not low <= truth <= high for low, high in (one.shares[0] for one in steps))
    assert left / 2_000 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2_000)


def test_the_limit_sequence_ends_at_the_first_station_that_is_missing(case, capsys):
    names = drawn(case, "quick-count")
    reports(case, [one for one in names if one != names[10]])
    assert main(["quickcount", "track", str(case), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["result"]
    assert found["valid"] == "in the limit"
    assert found["reported"] == 30, "ten of each stratum stand before the missing one"
    assert main(["quickcount", "track", str(case)]) == 0
    assert "valid in the limit of large samples only" in capsys.readouterr().out
    reports(case, names[1:])
    assert main(["quickcount", "track", str(case)]) == 0
    assert "Too few of the first drawn stations" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "compatible"),
        ({"low": "60.9", "comparator": "eq"}, "compatible"),
        ({"low": "58", "comparator": "eq"}, "undecided"),
        ({"low": "80.1", "comparator": "eq"}, "unlikely"),
        ({"low": "80.1", "comparator": "eq", "polarity": "denied"}, "compatible"),
        ({"comparator": "at_least", "low": "70"}, "unlikely"),
        ({"denominator": "registered"}, None),
        ({"area_id": "south"}, None),
        ({"comparator": "about", "low": "60", "high": ""}, None),
    ],
)
def test_claims_against_a_quick_count(case, capsys, changed, verdict):
    header, row = (case / "tables" / "claims.csv").read_text().splitlines()
    claim = dict(zip(header.split(","), row.split(","), strict=True)) | changed
    put(case, "claims", [",".join(claim), ",".join(claim.values())])
    capsys.readouterr()
    main(["check", str(case), "--json"])
    findings = json.loads(capsys.readouterr().out)["result"]["findings"]
    own = [one for one in findings if one["check"] == "quickcount.estimate"]
    assert [one["verdict"] for one in own] == ([] if verdict is None else [verdict])
    assert all(one["rung"] == 2 for one in own)


def test_a_quick_count_that_cannot_be_estimated_is_said(case, capsys):
    (case / "tables" / "frame.csv").write_text(
        (case / "tables" / "frame.csv").read_text().replace("s000,", "s001,", 1).replace(
            "\ns001,middle", "\ns002,middle", 1)
    )  # fmt: skip
    lines = (case / "tables" / "frame.csv").read_text().splitlines()
    put(case, "frame", [lines[0], *dict.fromkeys(lines[4:])])
    capsys.readouterr()
    main(["check", str(case)])
    assert "The quick count cannot be estimated" in " ".join(capsys.readouterr().out.split())


def test_a_live_page_loads_itself_and_nothing_else(case, tmp_path, capsys):
    page = tmp_path / "live.html"
    command = ["quickcount", "watch", str(case), "--looks", "1", "--every", "3"]
    assert main([*command, "--page", str(page)]) == 0
    text = page.read_text("utf-8")
    assert '<meta http-equiv="refresh" content="3">' in text
    assert "45 of 60 drawn stations have reported." in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "45 of 60" in capsys.readouterr().out


def test_the_worked_example_of_the_method_page():
    here = np.array([True, True, True, False])
    sample = Drawn(
        np.array([0, 0, 1, 1]), here, np.where(here, 100.0, 0.0),
        np.array([[60.0, 40.0], [50.0, 50.0], [40.0, 60.0], [0.0, 0.0]]), np.full(4, 100.0),
        np.full((4, 2), 50.0), np.arange(4), np.array([2, 2]),
    )  # fmt: skip
    estimate = combined(sample.counted)
    assert estimate.shares[0].value == pytest.approx(0.475)
    room = 1.959963984540054 * estimate.shares[0].error
    low, high = sensitivity(sample, 2.0).shares[0]
    assert low + room == pytest.approx(0.4375)
    assert high - room == pytest.approx((150 + 100 / 1.75) / 400)
