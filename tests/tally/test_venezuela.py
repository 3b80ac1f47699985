"""Venezuela 2024: from the raw sheets through a mapping file to the published figures."""

from fractions import Fraction

import numpy as np
import pytest

from pollwitness.case import read_case, validate_case
from pollwitness.checks import run_checks
from pollwitness.quantities import Verdict
from pollwitness.tables import CaseTables
from pollwitness.tally import HEADLINE, compare_areas, officials_by_area, recorded_votes, robustness
from tests.reference import venezuela
from tests.reference.venezuela import ALL_SHEETS, FIRST, IN_STATIONS, IN_VOTERS, SECOND, announce


@pytest.fixture(scope="module")
def sheets(reference_data, tmp_path_factory) -> venezuela.Venezuela:
    return venezuela.with_sheets(tmp_path_factory.mktemp("ve") / "case", reference_data)


def announced(sheets, *, version: int, coverage: dict, **counts: int) -> CaseTables:
    announce(sheets.folder, version=version, coverage=coverage, **counts)
    return read_case(sheets.folder).tables


def floor(tables: CaseTables):
    """The comparison of the nation, and the documents on which its contradiction rests."""
    compared = compare_areas(tables, "president", HEADLINE)
    assert [c.area_id for c in compared] == ["VE"]
    return compared[0]


def test_every_sheet_is_taken_once_and_adds_up(sheets):
    counts = {table.table: table for table in sheets.account.tables}
    assert (sheets.account.rows, sheets.account.rejected_rows) == (24_532, 0)
    assert [counts[n].added for n in ("stations", "protocols")] == [24_532, 24_532]
    assert counts["documents"].added == 24_533
    assert counts["areas"].added + counts["areas"].repeated == 3 * 24_532 + 1
    assert validate_case(sheets.folder) == ()


def test_the_sums_are_the_published_ones(sheets):
    protocols = read_case(sheets.folder).tables.table("protocols")
    sums = protocols.select("votes_gonzalez", "votes_maduro", "valid", "registered").sum().row(0)
    assert sums == (7_156_462, 3_241_461, 10_659_128, 17_745_239)


def test_if_all_sheets_were_counted_4217_of_them_would_have_to_be_wrong(sheets):
    compared = floor(announced(sheets, version=2, coverage=ALL_SHEETS, **SECOND))
    assert compared.verdict is Verdict.CONTRADICTED
    assert compared.certificate.gap == 7_156_462 - 5_326_104 == 1_830_358
    assert compared.support.least == 4_217


def test_with_940_sheets_conceded_the_contradiction_stays(sheets):
    compared = floor(announced(sheets, version=2, coverage=IN_STATIONS, **SECOND))
    assert compared.verdict is Verdict.CONTRADICTED
    assert compared.certificate.gap == 1_370_709
    assert compared.support.least == 3_277


def test_with_the_uncounted_voters_conceded_it_stays_too(sheets):
    compared = floor(announced(sheets, version=2, coverage=IN_VOTERS, **SECOND))
    assert compared.verdict is Verdict.CONTRADICTED
    assert compared.support.least == 3_306


def test_maduro_would_need_more_votes_than_ballots_remain(sheets):
    tables = announced(sheets, version=2, coverage=ALL_SHEETS, **SECOND)
    votes = recorded_votes(tables, "president", HEADLINE)
    at = votes.seen_in("VE")
    own, found = votes.low[at, votes.part("maduro")], votes.written_ballots[at]
    official = officials_by_area(tables, "president")["VE"]
    assert official.counts["votes_maduro"].least - int(own.sum()) == 3_167_383
    assert official.counts["ballots"].least - int(found.sum()) == 1_726_402
    point = robustness(own, found, official_votes=6_408_844, official_ballots=12_386_669,
                       phi=Fraction(0))  # fmt: skip
    assert point.least == point.at_most > 0


def test_the_first_bulletin_leaves_an_excess_of_195336_at_best(sheets):
    tables = announced(sheets, version=1, coverage={}, **FIRST)
    compared = floor(tables)
    votes = recorded_votes(tables, "president", HEADLINE)
    own = np.sort(votes.low[votes.seen_in("VE"), votes.part("gonzalez")])[::-1]
    assert compared.certificate.gap == own[6_006:].sum() - 4_445_978 == 195_336
    found = next(f for f in run_checks(tables).findings if f.check == "tally.official")
    assert found.verdict is Verdict.CONTRADICTED
    without = int(np.searchsorted(np.cumsum(own[6_006:]), 195_336)) + 1
    assert (found.robustness.least, found.robustness.tolerance) == (without, 295) == (528, 295)
    assert not found.fragile


def test_the_second_publication_holds_the_sums_that_the_campaign_published(
    reference_data, tmp_path
):
    """A latin-1 file without registered voters: 25,073 sheets."""
    made = venezuela.with_sheets(tmp_path / "case", reference_data, version=2)
    protocols = read_case(made.folder).tables.table("protocols")
    sums = protocols.select("votes_gonzalez", "votes_maduro", "valid").sum().row(0)
    assert sums == (7_303_480, 3_316_142, 10_887_262)
    names = read_case(made.folder).tables.table("areas")["name"].to_list()
    assert [name for name in names if not name.isascii()] != []
    assert not any("\ufffd" in name for name in names)
