"""Every check of the catalogue: what it answers, on cases small enough to work out by hand."""

from fractions import Fraction
from pathlib import Path

import pytest

from pollwitness import checks
from pollwitness.checks import (
    CATALOGUE,
    TEXTS,
    VERDICT_WORDS,
    answer_sentence,
    counted,
    deciding_figure,
    explanation,
    missing_sentence,
    number_text,
    robustness_words,
    run_checks,
    sentence,
)
from pollwitness.checks.wording import quantity_text
from pollwitness.claims import Relation
from pollwitness.quantities import Interval, Measure, Quantity, Rung, Unit, Verdict
from pollwitness.tally import ReportBasis, RoomBasis
from tests.build import form, small_case, small_tables

S1 = form("s1", 60, 37, invalid=3, ballots=100, registered=200)
S2 = form("s2", 10, 80, invalid=10, ballots=100, registered=200)
ROLL = {"registered": 500, "stations_total": 3, "stations_counted": 3}
SHARE = {"unit": "percent", "denominator": "ballots", "option_id": "anna", "measure": "vote_share"}
STATIONS = {"unit": "stations", "option_id": "anna", "measure": "stations_won"}


def ask(check: str, *claims, official=(ROLL,), protocols=(S1, S2), **more):
    tables = small_tables(claims=claims, official_results=official, protocols=protocols, **more)
    answers = run_checks(tables)
    found = [f for f in answers.findings if f.check == check]
    missing = [u for u in answers.unanswered if u.check == check]
    return tables, found, missing


def one(check: str, *claims, **more):
    _, found, missing = ask(check, *claims, **more)
    assert (len(found), missing) == (1, [])
    return found[0]


@pytest.mark.parametrize(
    ("claim", "verdict", "least"),
    [
        pytest.param({"low": "50"}, "contradicted", 1, id="70 are recorded already"),
        pytest.param({"low": "5"}, "contradicted", 2, id="both protocols would have to go"),
        pytest.param({"low": "100"}, "possible", None, id="70 to 170"),
        pytest.param({"low": "171"}, "contradicted", 1, id="more than there is room for"),
        pytest.param({"low": "70", "comparator": "at_least"}, "entailed", 1, id="at least 70"),
        pytest.param({"low": "65", "comparator": "more_than"}, "entailed", 1, id="more than 65"),
        pytest.param({"high": "69", "comparator": "at_most"}, "contradicted", 1, id="at most 69"),
        pytest.param({"high": "170", "comparator": "at_most"}, "entailed", 1, id="at most 170"),
        pytest.param({"high": "60", "comparator": "less_than", "polarity": "denied"}, "entailed", 1,
                     id="not fewer than 60"),
    ],
)  # fmt: skip
def test_votes(claim, verdict, least):
    found = one("tally.votes", {"measure": "votes", "option_id": "anna", **claim})
    assert str(found.verdict) == verdict
    assert (found.robustness.least if found.robustness else None) == least


def test_the_robustness_of_a_contradiction_names_its_documents():
    found = one("tally.votes", {"measure": "votes", "option_id": "anna", "low": "50"})
    assert [(d.copy_id, d.contribution) for d in found.decisive] == [("protocol-0", 60)]
    assert found.robustness.in_every_set == ("protocol-0",)
    assert (found.inequality.left, found.inequality.right) == (70, 50)
    assert found.figure("short").value == 20


def test_outlets_stand_beside_the_robustness():
    found = one(
        "tally.votes",
        {"measure": "votes", "option_id": "anna", "low": "50", "area_id": "city"},
        official=[{**ROLL, "votes_anna": 50, "outlets": 4}],
    )
    assert found.robustness.outlets == 4


@pytest.mark.parametrize(
    ("low", "verdict"), [("199", "contradicted"), ("250", "possible"), ("301", "contradicted")]
)
def test_ballots(low, verdict):
    assert str(one("tally.ballots", {"measure": "ballots", "low": low}).verdict) == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        pytest.param({"low": "23.33"}, "possible", id="the least share: 70 of 300"),
        pytest.param({"low": "20"}, "contradicted", id="below it"),
        pytest.param({"low": "60"}, "contradicted", id="above 170 of 300"),
        pytest.param({"low": "20", "comparator": "at_least"}, "entailed", id="at least 20 %"),
        pytest.param({"low": "0.3", "unit": "share"}, "possible", id="as a share"),
        pytest.param({"low": "62", "denominator": "unknown"}, "contradicted",
                     id="contradicted of ballots, valid and registered"),
        pytest.param({"low": "15", "denominator": "unknown"}, "possible",
                     id="possible as a share of registered voters"),
    ],
)  # fmt: skip
def test_vote_share(claim, verdict):
    assert str(one("tally.vote_share", {**SHARE, **claim}).verdict) == verdict


@pytest.mark.parametrize(
    ("low", "verdict"), [("38", "contradicted"), ("50", "possible"), ("62", "contradicted")]
)
def test_turnout(low, verdict):
    claim = {"measure": "turnout", "low": low, "unit": "percent", "denominator": "registered"}
    assert str(one("tally.turnout", claim).verdict) == verdict


def test_turnout_needs_the_registered_voters():
    claim = {"measure": "turnout", "low": "50", "unit": "percent", "denominator": "registered"}
    _, found, missing = ask("tally.turnout", claim, official=())
    assert (found, missing[0].missing.why) == ([], "missing.registered")


@pytest.mark.parametrize(
    ("claim", "verdict", "least"),
    [
        ({"low": "1", "comparator": "at_least"}, "entailed", 1),
        ({"low": "2", "comparator": "at_least"}, "possible", None),
        ({"low": "3", "comparator": "at_least"}, "contradicted", 1),
        ({"low": "4", "comparator": "at_least"}, "contradicted", None),
        ({"low": "0", "comparator": "between", "high": "2"}, "entailed", 1),
        ({"high": "0", "comparator": "at_most"}, "contradicted", 1),
    ],
)
def test_stations_won(claim, verdict, least):
    found = one("tally.stations_won", {**STATIONS, **claim})
    assert str(found.verdict) == verdict
    assert (found.robustness.least if found.robustness else None) == least


REPORTS = [
    {"station_id": "s1", "option_id": "anna", "reports": 60},
    {"station_id": "s2", "option_id": "anna", "reports": 25},
]


def test_stations_contradicted_by_reports():
    claim = {"measure": "stations_contradicted", "low": "1", "comparator": "at_least",
             "unit": "stations"}  # fmt: skip
    found = one("tally.stations_contradicted", claim, voter_reports=REPORTS)
    assert (found.verdict, found.robustness.least) == (Verdict.ENTAILED, 1)
    found = one("tally.stations_contradicted", {**claim, "low": "4"}, voter_reports=REPORTS)
    assert found.verdict is Verdict.CONTRADICTED
    only = {**claim, "option_id": "boris", "comparator": "eq", "low": "0"}
    assert one("tally.stations_contradicted", only, voter_reports=REPORTS).figure(
        "contradicted_stations"
    ).value == 0  # fmt: skip


def test_cast_votes_from_reports():
    claim = {"measure": "votes", "option_id": "anna", "low": "70"}
    found = one("tally.cast_votes", claim, voter_reports=REPORTS)
    assert (found.verdict, found.robustness.unit, found.robustness.least) == (
        Verdict.CONTRADICTED, "reports", 15
    )  # fmt: skip
    claim = {**claim, "low": "80", "comparator": "at_least"}
    assert one("tally.cast_votes", claim, voter_reports=REPORTS).verdict is Verdict.ENTAILED


def test_reports_against_protocols():
    found = one("tally.reports", voter_reports=REPORTS)
    assert found.verdict is Verdict.CONTRADICTED
    assert (found.figure("wrong_reports").value, found.robustness.least) == (15, 15)


def test_reports_that_fit_give_no_finding():
    _, found, missing = ask("tally.reports", voter_reports=REPORTS[:1])
    assert (found, missing) == ([], [])


def test_reports_that_only_contradict_as_written_are_fragile():
    wrong = {**S1, "votes_boris": 40}
    report = [{"station_id": "s1", "option_id": "boris", "reports": 41}]
    found = one("tally.reports", protocols=[{**wrong, "ballots": 110}], voter_reports=report)
    assert (found.verdict, found.fragile) == (Verdict.POSSIBLE, True)


def test_door_counts():
    doors = [{"station_id": "s1", "entered": 80}]
    shown = {**S1, "early": 5, "mobile": 0}
    found = one("tally.doors", protocols=[shown], turnout_counts=doors)
    assert (found.verdict, found.figure("excess_ballots").value) == (Verdict.CONTRADICTED, 15)
    doors[0]["entered"] = 99
    assert one("tally.doors", protocols=[shown], turnout_counts=doors).verdict is Verdict.POSSIBLE


def test_copies_that_differ_are_a_finding_and_decide_nothing():
    found = one("tally.copies", protocols=[S1, {**S1, "votes_anna": 59, "invalid": 4}])
    assert (found.verdict, found.figure("conflicting_figures").value) == (Verdict.UNDECIDED, 2)


def test_official_station_results():
    rows = [ROLL, {"station_id": "s1", "votes_anna": 40, "votes_boris": 57}]
    found = one("tally.official_stations", official=rows)
    assert found.verdict is Verdict.CONTRADICTED
    assert (found.figure("net_votes_anna").value, found.figure("net_votes_boris").value) == (
        -20,
        20,
    )
    rows = [ROLL, {"station_id": "s1", "votes_anna": 60}]
    assert one("tally.official_stations", official=rows).verdict is Verdict.POSSIBLE


def test_more_reports_than_voters():
    over = [{"station_id": "s1", "option_id": "anna", "reports": 205}]
    found = one("tally.overfull", voter_reports=over)
    assert (found.verdict, found.robustness.least) == (Verdict.CONTRADICTED, 105)


def test_more_voters_on_the_forms_than_on_the_roll_of_the_area():
    found = one("tally.rolls", official=[{**ROLL, "registered": 350}])
    assert (found.verdict, found.figure("excess_voters").value) == (Verdict.CONTRADICTED, 50)
    assert found.assumptions == ("assumption.authentic", "assumption.roll.final_roll")


@pytest.mark.parametrize(
    ("official", "text", "needed", "allowed"),
    [
        pytest.param({"votes_anna": 50}, "inequality.official_floor", 70, 50, id="too few"),
        pytest.param({"votes_anna": 200}, "inequality.official_ceiling", 200, 170, id="too many"),
        pytest.param({"votes_anna": 150, "ballots": 210}, "inequality.official_total_floor",
                     280, 210, id="no room for the others"),
        pytest.param({"ballots": 350}, "inequality.official_total_ceiling", 350, 300,
                     id="more ballots than voters"),
    ],
)  # fmt: skip
def test_official_figures_of_an_area(official, text, needed, allowed):
    found = one("tally.official", official=[{**ROLL, **official}])
    assert found.verdict is Verdict.CONTRADICTED
    assert (found.inequality.text, found.inequality.left, found.inequality.right) == (
        text, needed, allowed
    )  # fmt: skip


def test_valid_ballots_are_checked_without_the_invalid_ones():
    """anna 60 and boris 37 of s1, 10 and 80 of s2: 187 valid seen, officially 150."""
    found = one("tally.official", official=[{**ROLL, "valid": 150}])
    assert found.verdict is Verdict.CONTRADICTED
    assert found.inequality.left - found.inequality.right == 37


def test_the_remainder_states_share_and_release_bias_and_decides_nothing():
    found = one("tally.remainder", official=[{**ROLL, "votes_anna": 75, "ballots": 290}])
    assert (found.verdict, found.rung) == (Verdict.UNDECIDED, Rung.ESTIMATES)
    assert found.figure("unseen_votes").value == 5
    assert found.figure("unseen_ballots").value == 90
    # Seen 70 of 200: odds 70/130. Unseen 5 of 90: odds 5/85.
    assert found.sensitivity.value == pytest.approx((70 / 130) / (5 / 85))
    assert deciding_figure(found, small_case()) == "seen 35 %, needed 5.56 %, Γ 9.15"


def test_published_sums():
    sums = [{"area_id": "city", "stations": 7, "votes_anna": 90}]
    claim = {"measure": "votes", "option_id": "anna", "low": "80"}
    found = one("tally.sums", claim, protocol_sums=sums)
    assert (found.verdict, found.robustness.unit, found.fragile) == (
        Verdict.CONTRADICTED, "publications", True
    )  # fmt: skip
    assert found.figure("stations_wrong").value == 1
    assert one("tally.sums", {**claim, "low": "95"}, protocol_sums=sums).verdict is Verdict.POSSIBLE


def test_a_published_sum_rests_on_at_least_so_many_stations():
    tables = small_tables(
        small_case(largest_station=4),
        claims=[{"measure": "votes", "option_id": "anna", "low": "80"}],
        protocol_sums=[{"area_id": "city", "stations": 7, "votes_anna": 90}],
    )
    found = next(f for f in run_checks(tables).findings if f.check == "tally.sums")
    assert found.figure("stations_wrong").value == 3


def test_weaker_sums_than_the_protocols_give_no_finding():
    _, found, _ = ask(
        "tally.sums",
        {"measure": "votes", "option_id": "anna", "low": "80"},
        protocol_sums=[{"area_id": "city", "stations": 1, "votes_anna": 5}],
    )
    assert found == []


DAY = {"event_from": "2024-05-06", "event_to": "2024-05-06"}
TWO_DAYS = {"event_from": "2024-05-06", "event_to": "2024-05-07"}


def people(*rows):
    tables = small_tables(
        claims=[
            {"claim_id": name, "measure": "people_arrested", "unit": "people", "contest_id": None,
             "area_id": "city", **more}
            for name, more in rows
        ]
    )  # fmt: skip
    found = {f.claim_id: f for f in run_checks(tables).findings}
    return tables, {n: {r.claim_id: r.relation for r in f.related} for n, f in found.items()}, found


@pytest.mark.parametrize(
    ("first", "second", "relation", "back"),
    [
        pytest.param({"low": "100", **DAY}, {"low": "100", **DAY}, Relation.AGREES,
                     Relation.AGREES, id="the same"),
        pytest.param({"low": "100", **DAY}, {"low": "200", **DAY}, Relation.CONFLICTS,
                     Relation.CONFLICTS, id="cannot both be true"),
        pytest.param({"low": "100", **DAY}, {"low": "200", **TWO_DAYS}, Relation.WHOLE,
                     Relation.PART, id="a part and its whole"),
        pytest.param({"low": "300", **DAY}, {"low": "200", **TWO_DAYS}, Relation.CONFLICTS,
                     Relation.CONFLICTS, id="a part greater than its whole"),
        pytest.param({"low": "100", **DAY}, {"low": "200", "supersedes": "a", **DAY},
                     Relation.SUPERSEDED, Relation.SUPERSEDES, id="superseded"),
        pytest.param({"low": "100"}, {"low": "200"}, Relation.DOES_NOT_DECIDE,
                     Relation.DOES_NOT_DECIDE, id="days unknown"),
        pytest.param({"low": "100", "comparator": "about", **DAY}, {"low": "200", **DAY},
                     Relation.DOES_NOT_DECIDE, Relation.DOES_NOT_DECIDE, id="no range"),
        pytest.param({"low": "100", "polarity": "denied", **DAY}, {"low": "100", **DAY},
                     Relation.CONFLICTS, Relation.CONFLICTS, id="a denial"),
        pytest.param({"low": "1", "measure": "crowd_size", **DAY},
                     {"low": "9", "measure": "crowd_size", **TWO_DAYS},
                     Relation.DOES_NOT_DECIDE, Relation.DOES_NOT_DECIDE, id="crowds do not add"),
        pytest.param({"low": "1", "unit": "people", **DAY}, {"low": "9", "unit": "stations", **DAY},
                     Relation.DOES_NOT_DECIDE, Relation.DOES_NOT_DECIDE, id="other units"),
        pytest.param({"low": "1", **DAY},
                     {"low": "9", "event_from": "2024-05-07", "event_to": "2024-05-08"},
                     Relation.DOES_NOT_DECIDE, Relation.DOES_NOT_DECIDE, id="other days"),
    ],
)  # fmt: skip
def test_claims_about_the_same_quantity(first, second, relation, back):
    _, related, found = people(("a", first), ("b", second))
    assert (related["a"]["b"], related["b"]["a"]) == (relation, back)
    assert {f.verdict for f in found.values()} == {Verdict.UNDECIDED}


def test_a_chain_of_supersessions():
    _, related, _ = people(
        ("a", {"low": "1", **DAY}),
        ("b", {"low": "2", "supersedes": "a", **DAY}),
        ("c", {"low": "3", "supersedes": "b", **DAY}),
    )
    assert related["c"]["a"] is Relation.SUPERSEDES
    assert related["a"]["c"] is Relation.SUPERSEDED


def test_the_nearest_conflict_is_the_inequality():
    tables, _, found = people(
        ("a", {"low": "100", **DAY}), ("b", {"low": "200", **DAY}), ("c", {"low": "150", **DAY})
    )
    inequality = found["a"].inequality
    assert (inequality.left, inequality.right) == (150, 100)
    assert "They cannot both be true." in sentence(inequality.text, found["a"], tables)


def test_a_single_claim_about_people_is_listed():
    _, related, found = people(("a", {"low": "100", **DAY}))
    assert (related, found["a"].figure("claims").value) == ({"a": {}}, 1)


def test_vague_claims_are_neither_contradicted_nor_entailed():
    _, found, missing = ask(
        "tally.votes", {"measure": "votes", "option_id": "anna", "low": "5", "comparator": "about"}
    )
    assert (found, missing[0].missing.why) == ([], "missing.range")


@pytest.mark.parametrize("check", [c for c in CATALOGUE if c.measures], ids=lambda c: c.id)
def test_without_evidence_a_claim_is_not_decided(check):
    for measure in check.measures:
        answers = run_checks(
            small_tables(
                claims=[{"measure": str(measure), "option_id": "anna", "low": "5",
                         "unit": "percent", "denominator": "ballots"}]
            )
        )  # fmt: skip
        assert [str(v.verdict) for v in answers.verdicts] == ["undecided"]
        assert not answers.is_contradicted
        assert not answers.is_answered


def test_every_measure_has_a_check_and_ids_are_in_order():
    assert set(Measure) <= {m for check in CATALOGUE for m in check.measures}
    ids = [check.id for check in CATALOGUE]
    assert ids == sorted(set(ids))


def test_progress_counts_every_question():
    seen = []
    run_checks(
        small_tables(protocols=[S1]), progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1][0] == seen[-1][1] == len([c for c in CATALOGUE if not c.measures])


def rich_case():
    """A case in which nearly every check finds something."""
    shown = {**S1, "early": 5, "mobile": 0}
    return small_tables(
        protocols=[shown, S2, {**S2, "votes_anna": 12, "votes_boris": 78}],
        official_results=[
            {**ROLL, "votes_anna": 50, "ballots": 290, "valid": 280},
            {"station_id": "s1", "votes_anna": 40},
        ],
        voter_reports=[*REPORTS, {"station_id": "s2", "option_id": "boris", "reports": 205}],
        turnout_counts=[{"station_id": "s1", "entered": 80}],
        protocol_sums=[{"area_id": "city", "stations": 7, "votes_anna": 90}],
        claims=[
            {"claim_id": "v", "measure": "votes", "option_id": "anna", "low": "50"},
            {"claim_id": "w", "measure": "votes", "option_id": "anna", "low": "60"},
            {"claim_id": "s", **SHARE, "low": "90"},
            {"claim_id": "t", **SHARE, "low": "5"},
            {"claim_id": "n", **STATIONS, "low": "3"},
            {"claim_id": "p", "measure": "people_killed", "unit": "people", "low": "3", **DAY},
            {"claim_id": "q", "measure": "people_killed", "unit": "people", "low": "5", **DAY},
            {"claim_id": "u", **SHARE, "low": "30", "denominator": "unknown"},
        ],
    )


def test_every_finding_can_be_explained_in_words_without_gaps():
    tables = rich_case()
    for finding in run_checks(tables).findings:
        lines = [line for section in explanation(finding, tables) for line in section.lines]
        assert lines
        assert not [line for line in lines if "{" in line or "None" in line]
        assert deciding_figure(finding, tables.case)
        assert isinstance(robustness_words(finding), str)


def test_every_text_of_a_finding_exists():
    used: set[str] = set()
    for finding in run_checks(rich_case()).findings:
        used.update((finding.question, *finding.assumptions, *finding.would_decide))
        used.update(finding.innocent_explanations)
        used.update([finding.inequality.text] if finding.inequality else [])
    assert used <= set(TEXTS)
    assert len(used) > 30


def test_no_text_is_left_over():
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(checks.__file__).parent.glob("*.py")
        if path.name != "texts.py"
    )
    made = {f"assumption.room.{basis}" for basis in RoomBasis}
    made |= {"assumption.roll.final_roll", "assumption.roll.earlier_roll"}
    made |= {f"assumption.basis.{basis}" for basis in ReportBasis}
    assert [text for text in TEXTS if f'"{text}"' not in source and text not in made] == []


def test_words_are_neutral():
    text = " ".join([*TEXTS.values(), *VERDICT_WORDS.values()]).lower()
    assert "fraud" not in text
    assert "!" not in text


def test_what_is_missing_is_named():
    assert missing_sentence("missing.tables", ("protocols", "claims")) == (
        "The case has no rows in: protocols, claims."
    )


@pytest.mark.parametrize("check", [c for c in CATALOGUE if c.measures], ids=lambda c: c.id)
def test_a_check_about_claims_asks_for_one(check):
    answer = check.function(small_tables(protocols=[S1]), None)
    assert answer == () or answer.why == "missing.contest"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234567, "votes", "1,234,567"),
        (Fraction(1, 3), "share", "33.33 %"),
        (Fraction(401, 5), "percent", "80.2 %"),
        (Fraction(5, 2), "", "2.5"),
        (Fraction(1, 8), "", "0.125"),
        (-0.5, "", "-0.5"),
        (float("inf"), "factor", "∞"),
        (float("-inf"), "factor", "-∞"),
    ],
)
def test_numbers_as_people_write_them(value, unit, text):
    assert number_text(value, unit) == text


@pytest.mark.parametrize(
    ("interval", "unit", "text"),
    [
        (Interval.exactly(5), Unit.VOTES, "5 votes"),
        (Interval("4.2", "4.8"), Unit.VOTES, "4.2 to 4.8 votes"),
        (Interval(4, 6, low_open=True, high_open=True), Unit.VOTES, "5 votes"),
        (Interval.at_least(80), Unit.STATIONS, "at least 80 stations"),
        (Interval.more_than(80), Unit.STATIONS, "more than 80 stations"),
        (Interval.at_most(80), Unit.STATIONS, "at most 80 stations"),
        (Interval.less_than(80), Unit.STATIONS, "less than 80 stations"),
        (Interval(80, "80.2"), Unit.PERCENT, "80 to 80.2 %"),
        (Interval.exactly("0.5"), Unit.SHARE, "0.5"),
    ],
)
def test_claimed_ranges_as_people_write_them(interval, unit, text):
    assert quantity_text(Quantity(interval, unit)) == text


@pytest.mark.parametrize(
    ("count", "unit", "text"),
    [(1, "documents", "1 document"), (3, "documents", "3 documents"), ("12-13", "reports",
     "12-13 reports"), (2, "weight", "2 weight")],
)  # fmt: skip
def test_units_in_the_right_form(count, unit, text):
    assert counted(count, unit) == text


def test_more_decisive_documents_than_are_listed_are_counted():
    forms = [
        form(f"s{i:02d}", 10, 5, invalid=0, ballots=15, copy_id=f"c{i:02d}") for i in range(40)
    ]
    tables = small_tables(
        protocols=forms,
        claims=[{"claim_id": "c", "measure": "votes", "option_id": "anna", "low": "100"}],
    )
    found = next(f for f in run_checks(tables).findings if f.check == "tally.votes")
    lines = [line for section in explanation(found, tables) for line in section.lines]
    assert found.robustness.least == 30
    assert "and 10 more, all in findings.json" in lines


def test_a_range_of_documents_is_written_as_a_range():
    apart = (
        form("s1", 60, 0, invalid=0, ballots=60, registered=100),
        form("s2", 0, 60, invalid=0, ballots=60, registered=100),
    )
    found = one(
        "tally.official",
        protocols=apart,
        official=[{"votes_anna": 10, "votes_boris": 59, "ballots": 500}],
    )
    assert robustness_words(found) == "1 to 2 documents, fragile"


def test_a_share_far_above_what_is_possible_names_the_room():
    found = one("tally.vote_share", {**SHARE, "low": "90", "comparator": "at_least"})
    assert found.inequality.text == "inequality.claimed_above_share"


def test_a_rounded_figure_must_be_true_only_if_it_is_so_under_every_rounding():
    """127,030 are counted. "127.1 thousand", truncated, is 127,100 at least: not yet counted."""
    forms = [form("s1", 127_030, 0, invalid=0, ballots=127_030, registered=200_000)]
    claim = {"measure": "votes", "option_id": "anna", "comparator": "at_least", "low": "127100",
             "rounded_to": "100"}  # fmt: skip

    def verdict(rounding: str):
        tables = small_tables(protocols=forms, claims=[{**claim, "rounding": rounding}])
        found = next(f for f in run_checks(tables).findings if f.check == "tally.votes")
        return found.verdict, found.fragile, [r.name for r in found.readings][3:]

    assert verdict("half_up")[0] is Verdict.POSSIBLE
    assert verdict("truncated")[0] is Verdict.POSSIBLE
    assert verdict("unknown") == (
        Verdict.POSSIBLE, True, ["rounding_half_up", "rounding_truncated"],
    )  # fmt: skip


def test_the_head_of_a_claim_speaks_of_votes_before_reports():
    forms = [form("s1", 60, 30, invalid=0, ballots=90, registered=100)]
    reports = [{"station_id": "s1", "option_id": "anna", "reports": 20, "with_photo": 20}]
    claim = {"claim_id": "c", "measure": "votes", "option_id": "anna", "low": "70"}
    official = [{"registered": 300, "stations_total": 3}]
    tables = small_tables(
        protocols=forms, voter_reports=reports, claims=[claim], official_results=official
    )
    head = run_checks(tables).heads()["c"].finding
    assert head.check == "tally.votes"
    assert "60 to 260 votes" in answer_sentence(head, tables)


def test_what_is_left_out_of_the_joint_check_is_said():
    """One area contradicts its protocol by itself: the others can be true together."""
    areas = [{"area_id": "land"}, {"area_id": "city", "parent_id": "land"},
             {"area_id": "town", "parent_id": "land"}]  # fmt: skip
    stations = [{"station_id": "s1", "area_id": "city"}, {"station_id": "s2", "area_id": "town"}]
    tables = small_tables(
        areas=areas, stations=stations,
        protocols=[form("s1", 60, 40, invalid=0, ballots=100), form("s2", 5, 5, ballots=10)],
        official_results=[{"area_id": "city", "votes_anna": 10}, {"area_id": "town",
                          "votes_anna": 90, "stations_total": 4}],
    )  # fmt: skip
    found = next(f for f in run_checks(tables).findings if f.check == "tally.together")
    assert answer_sentence(found, tables) == (
        "Those of the other areas can all be true. Left out: 1 area, whose own figures already "
        "contradict their protocols."
    )


def test_a_denied_claim_gives_no_certificate():
    _tables, _, found = people(
        ("a", {"low": "100", **DAY}), ("b", {"low": "100", "polarity": "denied", **DAY})
    )
    assert found["a"].inequality is None
    assert found["b"].inequality is None


def test_sums_of_one_publication_are_one_publication():
    """Two sums in one document: whoever published one falsely may have published both so."""
    areas = [{"area_id": "land"}, {"area_id": "city", "parent_id": "land"},
             {"area_id": "town", "parent_id": "land"}]  # fmt: skip
    sums = [{"area_id": a, "document_id": "table", "stations": 2, "votes_anna": 60}
            for a in ("city", "town")]  # fmt: skip
    claim = {"measure": "votes", "option_id": "anna", "area_id": "land", "low": "100",
             "rounding": "half_up"}  # fmt: skip
    tables = small_tables(areas=areas, protocol_sums=sums, claims=[claim])
    found = next(f for f in run_checks(tables).findings if f.check == "tally.sums")
    assert found.robustness.least == 1
    assert found.figure("publications").value == 1
    assert [(d.document_id, d.contribution) for d in found.decisive] == [("table", 120)]
