"""Ways to draw a recount where each station has the same chance: draws, taints, and levels."""

import hashlib

import numpy as np
import pytest

from pollwitness.audit.assess import p_path
from pollwitness.audit.bounds import SCALE
from pollwitness.case import read_case
from pollwitness.checks.recount import assess
from pollwitness.cli.main import main
from tests.sampled import drawn, put, sampled_case, votes

SEED = "20310509"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return sampled_case(tmp_path_factory.mktemp("draws") / "case")


def recounted(made, method, draws, outcome=lambda _name: "counted", change=0):
    """A sample drawn by a method, with recounts of all its stations."""
    sample = f"{method}-{draws}"
    if sample not in set(read_case(made).tables.table("sample")["sample_id"]):
        command = ["audit", "draw", str(made), "--seed", SEED, "--draws", str(draws)]
        assert main([*command, "--method", method, "--sample", sample, "--json"]) == 0
    counts = ["recount_id,contest_id,station_id,document_id,outcome,votes_anna,votes_boris"]
    for name in dict.fromkeys(drawn(made, sample)):
        first, second = votes(int(name[1:]))
        given = outcome(name)
        text = f"{first + change},{second - change}" if given == "counted" else ","
        counts.append(f"x{name},mayor,{name},paper,{given},{text}")
    put(made, "recounts", counts)
    return assess(read_case(made).tables, sample)


def test_different_stations_are_those_of_colorado(made):
    found = recounted(made, "different", 30)
    wanted, k = [], 0
    while len(wanted) < 30:
        k += 1
        number = int(hashlib.sha256(f"{SEED},{k}".encode()).hexdigest(), 16) % 120
        if f"s{number:03}" not in wanted:
            wanted.append(f"s{number:03}")
            assert found.steps[len(wanted) - 1].draw.k == k
    assert [one.station_id for one in found.steps] == wanted


def test_consistent_draws_are_the_least_tickets(made):
    found = recounted(made, "consistent", 30)
    lead = hashlib.sha256(SEED.encode()).hexdigest()
    ticket = {
        f"s{n:03}": str(int(hashlib.sha256(f"{lead}s{n:03}".encode()).hexdigest(), 16))[::-1]
        for n in range(120)
    }
    wanted = sorted(ticket, key=lambda name: f"0.{ticket[name]}")[:30]
    assert [one.station_id for one in found.steps] == wanted
    assert str(found.steps[0].draw.number).zfill(20) == ticket[wanted[0]][:20]


@pytest.mark.parametrize("method", ["uniform", "different", "consistent"])
def test_errors_are_shares_of_the_greatest_bound(made, method):
    """Understated winners gain no more than with proportional draws; a refusal loses its bound."""
    found = recounted(made, method, 30, lambda name: "refused" if name == "s001" else "counted", 7)
    greatest = found.bounds.weights.max() / SCALE
    for one in found.steps:
        place = int(one.station_id[1:])
        if one.station_id == "s001":
            assert one.taint == pytest.approx(found.bounds.weights[place] / SCALE / greatest)
        else:
            assert one.taint == pytest.approx(-14 / found.assertions[0].margin / greatest, rel=1e-6)


def test_all_stations_counted_leave_no_doubt(made):
    """With every station drawn without replacement and no error, the p-value is 0."""
    found = recounted(made, "different", 120)
    assert found.path.p < 1e-6
    assert found.path.decided_at(0.05) < 120


@pytest.mark.parametrize("population", [None, 60])
def test_uniform_draws_keep_the_risk_limit(population):
    """An outcome that is wrong by a hair, with errors both ways: 4,000 recounts, at most 10 %."""
    rng = np.random.default_rng(11)
    bounds = rng.uniform(0.05, 0.2, 60)
    errors = rng.uniform(-0.1, 0.1, 60)
    errors += (1.0001 - errors.sum()) / 60
    errors = np.minimum(errors, bounds)
    errors += np.where(bounds - errors > 0.02, (1.0001 - errors.sum()) / 60, 0.0)
    assert errors.sum() == pytest.approx(1.0, abs=0.05)
    errors *= 1.0001 / errors.sum()
    taints = errors / bounds.max()
    total = float(bounds.max() * 60)
    confirmed = 0
    for _run in range(4_000):
        chosen = rng.permutation(60)[:40] if population else rng.integers(0, 60, 40)
        confirmed += p_path(taints[chosen].tolist(), total, population).p <= 0.10
    assert confirmed / 4_000 <= 0.10 + 3 * np.sqrt(0.09 / 4_000)


def test_more_different_stations_than_there_are(made, capsys):
    command = ["audit", "draw", str(made), "--seed", SEED, "--draws", "121", "--sample", "all"]
    assert main([*command, "--method", "consistent"]) == 2
    assert "121 different stations of 120" in capsys.readouterr().err
    assert main([*command, "--method", "lucky"]) == 2
    assert "there are proportional, uniform, different, consistent" in capsys.readouterr().err
