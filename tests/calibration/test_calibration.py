"""Alarms on elections with known truth: silent on honest ones, ringing on planted ones.

A reduced, seeded run of what `make calibrate` does in full.
"""

import numpy as np
import pytest
from calibration.indications import honest, honest_election, stations_of
from calibration.run import AREA_CHECKS, examined, honest_plan, main, planted_plan

from pollwitness.simulate import ManipulationKind

ELECTIONS = 48


@pytest.mark.parametrize("seed", range(0, ELECTIONS, 4))
def test_exact_documents_of_an_honest_election_never_contradict(seed):
    assert examined((honest_plan(seed, noise=False), seed)).found == []


@pytest.fixture(scope="module")
def noisy():
    return [examined((honest_plan(seed, noise=True), seed)) for seed in range(ELECTIONS)]


def test_clerical_errors_never_give_a_firm_contradiction(noisy):
    assert [found for run in noisy for found in run.found if not found[1]] == []


def test_no_area_verdict_reaches_the_tolerance(noisy):
    reached = [
        (check, k, tolerance)
        for run in noisy
        for check, _, k, tolerance in run.found
        if check in AREA_CHECKS and tolerance is not None and k is not None and k >= tolerance
    ]
    assert reached == []


def test_clerical_errors_do_give_fragile_ones(noisy):
    """Otherwise the two tests above would show nothing."""
    assert sum(bool(run.found) for run in noisy) > ELECTIONS // 4


@pytest.mark.parametrize(
    ("kind", "strength", "release", "check"),
    [
        (ManipulationKind.REWRITTEN, 0.5, "a fifth of protocols", "tally.official_stations"),
        (ManipulationKind.REWRITTEN, 0.5, "all protocols", "tally.votes"),
        (ManipulationKind.FALSE_AGGREGATE, 0.5, "all protocols", "tally.official"),
        (ManipulationKind.STUFFING, 0.5, "all protocols", "tally.doors"),
        (ManipulationKind.LATE_ADDITION, 0.2, "all protocols", "tally.official_stations"),
        (ManipulationKind.TRANSFER, 0.8, "all protocols", "tally.reports"),
    ],
)
def test_a_planted_manipulation_is_found_firmly(kind, strength, release, check):
    runs = [examined((planted_plan(kind, strength, release), seed)) for seed in range(3)]
    firm = [{name for name, fragile, *_ in run.found if not fragile} for run in runs]
    assert all(check in found for found in firm)


def test_what_protocols_cannot_show_is_not_found():
    """Votes moved before the protocol is signed leave no trace where few voters report."""
    plan = planted_plan(ManipulationKind.TRANSFER, 0.2, "a fifth of protocols")
    assert [found for found in examined((plan, 1)).found if not found[1]] == []


def test_the_script_writes_the_tables_of_the_documentation(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("calibration.run.STRENGTHS", {ManipulationKind.REWRITTEN: (0.5,)})
    monkeypatch.setattr(
        "sys.argv",
        ["run.py", "--elections", "2", "--planted", "1", "--stations", "3000",
         "--indications", "10", "--to", str(tmp_path)],
    )  # fmt: skip
    main()
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == [
        "calibration-error-rates.md.inc", "calibration-exact.md.inc",
        "calibration-indications.md.inc", "calibration-k.svg",
        "calibration-noisy.md.inc", "calibration-planted.md.inc", "calibration-planted.svg",
    ]  # fmt: skip
    assert "| rewritten | 0.5 | all protocols | 100% |" in (
        tmp_path / "calibration-planted.md.inc"
    ).read_text(encoding="utf-8")
    assert "<title>" in (tmp_path / "calibration-k.svg").read_text(encoding="utf-8")
    assert capsys.readouterr().out.count("\n") == 5


def test_the_plans_of_honest_elections_differ():
    sizes = {honest_plan(seed, noise=True).stations for seed in range(20)}
    assert len(sizes) > 15
    assert np.ptp(list(sizes)) > 500


def test_indications_on_honest_elections_alarm_within_their_level():
    """60 elections: at most 9 alarms of any test at 5 % (more has a chance below 0.2 %)."""
    runs = [honest(seed) for seed in range(60)]
    for test in {name for alone, _family in runs for name in alone}:
        assert sum(alone.get(test, False) for alone, _family in runs) <= 9, test
    assert sum(family for _alone, family in runs) <= 9


def test_honest_elections_for_indications_are_of_many_kinds():
    plans = [honest_election(seed) for seed in range(30)]
    assert len({plan.region_spread for plan in plans}) == 3
    assert min(plan.correlation for plan in plans) < 0 < max(plan.correlation for plan in plans)
    assert stations_of(plans[0], 0).size == plans[0].stations
