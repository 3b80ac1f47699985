"""Claims as ranges, verdicts on them, and what several findings amount to."""

from dataclasses import replace
from fractions import Fraction

import pytest

from pollwitness.claims import (
    Claim,
    Figure,
    Finding,
    Scope,
    canonical_json,
    case_digest,
    claim_verdict,
    claimed_range,
    confirmed_claims,
    finding_object,
    findings_document,
    judge,
    judge_under_each,
    number,
)
from pollwitness.quantities import Comparator, Interval, Rounding, Rung, Unit, Verdict
from tests.build import small_tables


@pytest.mark.parametrize(
    ("comparator", "low", "high", "expected"),
    [
        ("eq", "80.1", None, "(80, 401/5)"),
        ("eq", "6700", None, "(6699, 6701)"),
        ("at_least", "80", None, "[80, ∞)"),
        ("more_than", "2000", None, "(2000, ∞)"),
        ("at_most", None, "5", "(-∞, 5]"),
        ("less_than", None, "5", "(-∞, 5)"),
        ("between", "20000", "99999", "[20000, 99999]"),
        ("about", "190", "210", "[190, 210]"),
    ],
)
def test_comparators_name_ranges(comparator, low, high, expected):
    found = claimed_range(
        Comparator(comparator), low=low, high=high, rounded_to=None, rounding=Rounding.UNKNOWN
    )
    assert str(found) == expected


@pytest.mark.parametrize(
    ("comparator", "low", "high", "expected"),
    [
        ("at_least", "127100", None, "(127000, ∞)"),
        ("more_than", "127100", None, "(127000, ∞)"),
        ("at_most", None, "127100", "(-∞, 127200)"),
        ("less_than", None, "127100", "(-∞, 127200)"),
    ],
)
def test_a_rounded_end_is_not_exact(comparator, low, high, expected):
    found = claimed_range(
        Comparator(comparator), low=low, high=high, rounded_to="100", rounding=Rounding.UNKNOWN
    )
    assert str(found) == expected


def test_about_without_a_range_names_none():
    found = claimed_range(
        Comparator.ABOUT, low="6000", high=None, rounded_to="1000", rounding=Rounding.UNKNOWN
    )
    assert found is None


def claims(*rows) -> tuple[Claim, ...]:
    return confirmed_claims(small_tables(claims=rows))


def test_only_confirmed_claims_are_read():
    found = claims(
        {"claim_id": "b", "measure": "votes", "option_id": "anna", "low": "5"},
        {"claim_id": "a", "measure": "votes", "option_id": "anna", "low": "5",
         "status": "proposed"},
    )  # fmt: skip
    assert [claim.claim_id for claim in found] == ["b"]


def test_a_denial_is_the_negation_of_its_range():
    (claim,) = claims(
        {"measure": "votes", "option_id": "anna", "comparator": "between", "low": "5", "high": "9",
         "polarity": "denied"}
    )  # fmt: skip
    assert [str(r) for r in claim.ranges] == ["(-∞, 5)", "(9, ∞)"]
    assert judge(claim.ranges, Interval(6, 8)) is Verdict.CONTRADICTED
    assert judge(claim.ranges, Interval(1, 4)) is Verdict.ENTAILED
    assert judge(claim.ranges, Interval(1, 6)) is Verdict.POSSIBLE


def test_vague_claims_name_everything():
    (claim,) = claims({"measure": "votes", "option_id": "anna", "comparator": "about", "low": "5"})
    assert claim.claimed is None
    assert [str(r) for r in claim.ranges] == ["(-∞, ∞)"]


def test_percentages_become_shares():
    (claim,) = claims(
        {"measure": "vote_share", "option_id": "anna", "low": "50", "comparator": "more_than",
         "unit": "percent", "denominator": "ballots"}
    )  # fmt: skip
    assert str(claim.in_shares()[0]) == "(1/2, ∞)"
    share = replace(claim, unit=Unit.SHARE)
    assert share.in_shares() == share.ranges


def test_other_rounding_conventions_give_other_ranges():
    (claim,) = claims(
        {"measure": "votes", "option_id": "anna", "low": "126900", "rounded_to": "100"}
    )
    assert str(claim.under(Rounding.HALF_UP).claimed) == "[126850, 126950)"
    assert str(claim.under(Rounding.TRUNCATED).claimed) == "[126900, 127000)"


def test_where_nobody_says_which_meaning_is_right_each_must_contradict():
    claimed = (Interval(5, 6),)
    assert judge_under_each(claimed, [Interval(1, 2), Interval(8, 9)]) is Verdict.CONTRADICTED
    assert judge_under_each(claimed, [Interval(1, 2), Interval(5, 9)]) is Verdict.POSSIBLE
    assert judge_under_each(claimed, [Interval(5, 6)]) is Verdict.ENTAILED


def finding(verdict: Verdict, rung: Rung = Rung.BOUNDS, check: str = "tally.votes") -> Finding:
    return Finding(
        check=check, check_version=1, claim_id="c", question="question.recorded", verdict=verdict,
        rung=rung, scope=Scope("mayor"), figures=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "verdict", "rung", "heads"),
    [
        pytest.param([], "undecided", 1, 0, id="nothing found"),
        pytest.param([(Verdict.POSSIBLE, 1)], "possible", 1, 1, id="possible"),
        pytest.param([(Verdict.POSSIBLE, 1), (Verdict.CONTRADICTED, 1)], "contradicted", 1, 1,
                     id="a contradiction heads"),
        pytest.param([(Verdict.ENTAILED, 1), (Verdict.CONTRADICTED, 1)], "undecided", 1, 2,
                     id="the evidence contradicts itself"),
        pytest.param([(Verdict.POSSIBLE, 1), (Verdict.UNLIKELY, 2)], "unlikely", 2, 1,
                     id="an estimate heads where bounds leave it open"),
        pytest.param([(Verdict.CONTRADICTED, 1), (Verdict.SUPPORTED, 2)], "contradicted", 1, 1,
                     id="bounds before estimates"),
        pytest.param([(Verdict.ANOMALOUS, 3)], "undecided", 1, 0, id="indications never head"),
        pytest.param([(Verdict.UNDECIDED, 2)], "undecided", 1, 1, id="undecided"),
    ],
)  # fmt: skip
def test_several_findings_on_one_claim(found, verdict, rung, heads):
    made = [finding(v, Rung(r), f"check.{i}") for i, (v, r) in enumerate(found)]
    result = claim_verdict("c", made)
    assert (str(result.verdict), int(result.rung), len(result.heads)) == (verdict, rung, heads)


def test_the_id_of_a_finding_depends_on_its_question_only():
    one = finding(Verdict.POSSIBLE)
    assert one.id == finding(Verdict.CONTRADICTED).id
    assert one.id != replace(one, claim_id="d").id
    assert one.id != replace(one, scope=Scope("mayor", "city")).id
    assert len(one.id) == 64


def test_figures_are_found_by_name():
    one = replace(finding(Verdict.POSSIBLE), figures=(Figure("votes", 5, "votes"),))
    assert one.figure("votes").value == 5
    with pytest.raises(KeyError):
        one.figure("ballots")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5), (Fraction(6, 3), 2), (Fraction(1, 3), "1/3"), (0.1234567891234, 0.123456789),
        (float("inf"), "infinite"), (float("-inf"), "infinite"), (None, None),
    ],
)  # fmt: skip
def test_numbers_in_findings(value, expected):
    assert number(value) == expected


def test_the_document_is_canonical():
    tables = small_tables()
    one = replace(finding(Verdict.POSSIBLE), figures=(Figure("share", Fraction(1, 3), "share"),))
    document = findings_document(tables, [one], [claim_verdict("c", [one])], version="1.2.3")
    raw = canonical_json(document)
    digest = case_digest(tables).encode()
    assert raw.startswith(b'{"areas":[],"case":{"id":"small","sha256":"' + digest)
    assert b'"value":"1/3"' in raw
    assert b" " not in raw.replace(b"pollwitness explain CASE c", b"")
    assert finding_object(one)["command"] == "pollwitness explain CASE c"
