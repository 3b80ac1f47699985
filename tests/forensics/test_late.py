"""Late-count shift: against permutations drawn by hand, planted shifts, geography, refusals."""

import numpy as np
import pytest

from pollwitness.errors import QuestionError
from pollwitness.forensics import LateResults, ShiftReading, after_moment, case_late, late_shift
from tests.forensics.test_battery import station_case


def late_election(seed: int, *, by_place: float = 0.0, planted: float = 0.0) -> LateResults:
    """Twenty districts in four regions; support rises and counting slows with the district."""
    rng = np.random.default_rng(seed)
    district = rng.integers(0, 20, 1_200)
    ballots = rng.integers(200, 900, 1_200)
    is_late = rng.random(1_200) < 0.1 + 0.03 * district * (by_place > 0)
    support = 0.4 + by_place * (district - 10) / 10 + planted * is_late
    support = np.clip(support + rng.normal(0, 0.05, 1_200), 0.01, 0.99)
    return LateResults.of(
        ballots=ballots,
        leader=rng.binomial(ballots, support),
        is_late=is_late,
        places=[
            ("region", [f"r{d // 5}" for d in district]),
            ("district", [f"d{d}" for d in district]),
        ],
    )


def test_spreads_are_those_of_shuffled_lateness():
    """In every district lateness is dealt anew a thousand times; the shift scatters as stated."""
    results = late_election(1, by_place=0.2)
    codes = results.places[-1]
    rng = np.random.default_rng(2)
    shifts = []
    for _shuffle in range(1_000):
        order = np.lexsort((rng.random(codes.size), codes))
        plain = np.lexsort((np.arange(codes.size), codes))
        late = np.empty_like(results.is_late)
        late[plain] = results.is_late[order]
        dealt = LateResults(results.ballots, results.leader, late, results.levels, results.places)
        shifts.append(late_shift(dealt).by_level[-1].shift)
    stated = late_shift(results).by_level[-1].spread
    assert stated == pytest.approx(np.std(shifts), rel=0.1)
    assert abs(np.mean(shifts)) < 0.2 * stated


def test_honest_lateness_alarms_at_the_level():
    """400 elections: at most 33 alarms at 5 % but for one case in a hundred."""
    alarms = sum(late_shift(late_election(seed)).finest.p_value <= 0.05 for seed in range(400))
    assert alarms <= 33


def test_geography_shrinks_with_the_size_of_places():
    found = late_shift(late_election(3, by_place=0.2))
    whole, region, district = found.by_level
    assert abs(whole.points) > abs(region.points) > abs(district.points)
    assert whole.p_value < 1e-6
    assert found.finest.p_value > 0.05
    assert found.reading is ShiftReading.DISPUTED


def test_a_shift_within_places_is_found_at_every_level():
    found = late_shift(late_election(4, planted=0.04))
    assert found.reading is ShiftReading.EVERY_LEVEL
    assert found.finest.points == pytest.approx(4, abs=1)
    assert found.finest.shift > found.finest.smallest


def test_nothing_is_found_where_nothing_is():
    assert late_shift(late_election(5)).reading is ShiftReading.NONE


def test_late_stations_use_the_smallest_place_that_has_early_ones():
    """District b of region x has no early station: its late one is compared with region x."""
    found = late_shift(
        LateResults.of(
            ballots=[100, 100, 100, 100, 100],
            leader=[50, 60, 80, 10, 20],
            is_late=[False, True, True, False, True],
            places=[("region", ["x", "x", "x", "y", "y"]), ("district", ["a", "a", "b", "c", "c"])],
        )
    )
    assert [level.stations for level in found.by_level] == [3, 3, 2]
    # a against a: 50; b against region x: the early share there, 50; c against c: 10.
    assert found.finest.stations == 3
    assert found.finest.counted == 160
    assert found.by_level[1].projected == 110
    assert found.by_level[2].projected == 60


def test_columns_that_say_nothing_are_refused():
    for late, said in (([True, True], "every station"), ([False, False], "no station")):
        with pytest.raises(QuestionError, match=said):
            LateResults.of(ballots=[1, 1], leader=[1, 1], is_late=late)
    with pytest.raises(QuestionError, match="differ in length"):
        LateResults.of(ballots=[1, 1], leader=[1], is_late=[True, False])


def test_moments_are_compared_as_times_or_as_days():
    assert after_moment(["2020-08-09T23:30+03:00"], "2020-08-09T21:00+00:00").tolist() == [False]
    assert after_moment(["2020-08-09", "2020-08-10"], "2020-08-09T21:00+00:00").tolist() == [
        False, True,
    ]  # fmt: skip
    with pytest.raises(QuestionError, match="'soon': no date, nor a time"):
        after_moment(["soon"], "2020-08-09")
    with pytest.raises(QuestionError, match="'later': no date, nor a time"):
        after_moment(["2020-08-09"], "later")
    with pytest.raises(QuestionError, match="some times have an offset"):
        after_moment(["2020-08-09T23:30"], "2020-08-09T21:00+00:00")


def test_a_case_with_one_moment_of_publication_is_refused():
    tables = station_case()
    contest = tables.case.contests[0].id
    with pytest.raises(QuestionError, match="no station was counted late"):
        case_late(tables, contest, "2100-01-01")
    with pytest.raises(QuestionError, match="every station was counted late"):
        case_late(tables, contest, "1900-01-01")
