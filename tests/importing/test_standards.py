"""Results in NIST SP 1500-100 (XML and JSON) and in the Dutch EML: written here by hand."""

import json

import pytest

from pollwitness.case import propose_mapping, read_case, write_case
from pollwitness.case.folder import InputRefusedError
from pollwitness.case.importing.eml import eml_records
from pollwitness.case.importing.nist import nist_records
from tests.build import small_case, small_tables
from tests.importing.dirty import counts, imported

NIST_XML = """<?xml version="1.0" encoding="UTF-8"?>
<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Election>
    <Candidate ObjectId="c1"><BallotName><Text Language="en">Anna</Text></BallotName></Candidate>
    <Contest ObjectId="k1" xsi:type="CandidateContest">
      <BallotSelection ObjectId="s1" xsi:type="CandidateSelection">
        <VoteCounts><GpUnitId>u1</GpUnitId><Type>total</Type><Count>120</Count></VoteCounts>
        <VoteCounts><GpUnitId>u1</GpUnitId><Type>early</Type><Count>20</Count></VoteCounts>
        <CandidateIds>c1</CandidateIds>
      </BallotSelection>
      <BallotSelection ObjectId="s2" xsi:type="BallotMeasureSelection">
        <VoteCounts><GpUnitId>u1</GpUnitId><Type>total</Type><Count>80</Count></VoteCounts>
        <Selection><Text Language="en">Boris</Text></Selection>
      </BallotSelection>
      <Name>Mayor</Name>
      <SummaryCounts><GpUnitId>u1</GpUnitId><Type>total</Type><BallotsCast>205</BallotsCast>
        <Overvotes>1</Overvotes><Undervotes>4</Undervotes><WriteIns>0</WriteIns></SummaryCounts>
    </Contest>
    <BallotCounts><GpUnitId>u0</GpUnitId><Type>total</Type><BallotsCast>205</BallotsCast>
    </BallotCounts>
  </Election>
  <GpUnit ObjectId="u0" xsi:type="ReportingUnit"><ComposingGpUnitIds>u1</ComposingGpUnitIds>
    <Name><Text Language="en">Nation</Text></Name><Type>country</Type></GpUnit>
  <GpUnit ObjectId="u1" xsi:type="ReportingUnit">
    <ExternalIdentifier><Type>ocd-id</Type><Value>x:1</Value></ExternalIdentifier>
    <Name><Text Language="en">Ward 1</Text></Name><Number>1</Number><Type>ward</Type>
    <VotersRegistered>300</VotersRegistered></GpUnit>
</ElectionReport>
"""


def _count(kind: str, count: int) -> dict:
    return {"GpUnitId": "u1", "Type": kind, "Count": count}


NIST_JSON = {
    "@type": "ElectionResults.ElectionReport",
    "Election": [{
        "Candidate": [{"@id": "c1", "BallotName": {"Text": [{"Content": "Anna"}]}}],
        "Contest": [{
            "@id": "k1", "@type": "ElectionResults.CandidateContest", "Name": "Mayor",
            "BallotSelection": [
                {"@id": "s1", "CandidateIds": ["c1"],
                 "VoteCounts": [_count("total", 120), _count("early", 20)]},
                {"@id": "s2", "Selection": {"Text": [{"Content": "Boris"}]},
                 "VoteCounts": [_count("total", 80)]},
            ],
            "SummaryCounts": [{"GpUnitId": "u1", "Type": "total", "BallotsCast": 205,
                               "Overvotes": 1, "Undervotes": 4, "WriteIns": 0}],
        }],
        "BallotCounts": [{"GpUnitId": "u0", "Type": "total", "BallotsCast": 205}],
    }],
    "GpUnit": [
        {"@id": "u0", "Name": {"Text": [{"Content": "Nation"}]}, "Type": "country",
         "ComposingGpUnitIds": ["u1"]},
        {"@id": "u1", "Name": "Ward 1", "Type": "ward", "Number": "1",
         "ExternalIdentifier": [{"Type": "ocd-id", "Value": "x:1"}], "VotersRegistered": 300},
    ],
}  # fmt: skip
EML = """<?xml version="1.0" encoding="UTF-8"?>
<EML Id="510b" xmlns="urn:oasis:names:tc:evs:schema:eml"><Count><Election><Contests><Contest>
<ContestIdentifier Id="geen"/>
<TotalVotes>
  <Selection><AffiliationIdentifier Id="1"><RegisteredName>Anna</RegisteredName>
  </AffiliationIdentifier><ValidVotes>120</ValidVotes></Selection>
  <Cast>300</Cast><TotalCounted>200</TotalCounted>
</TotalVotes>
<ReportingUnitVotes><ReportingUnitIdentifier Id="u1">School</ReportingUnitIdentifier>
  <Selection><AffiliationIdentifier Id="1"><RegisteredName>Anna</RegisteredName>
  </AffiliationIdentifier><ValidVotes>120</ValidVotes></Selection>
  <Selection><Candidate><CandidateIdentifier Id="1"/></Candidate><ValidVotes>100</ValidVotes>
  </Selection>
  <Selection><Candidate><CandidateIdentifier ShortCode="X"/></Candidate><ValidVotes>20</ValidVotes>
  </Selection>
  <Selection><AffiliationIdentifier Id="2"><RegisteredName>Boris</RegisteredName>
  </AffiliationIdentifier><ValidVotes>80</ValidVotes></Selection>
  <Cast>300</Cast><TotalCounted>200</TotalCounted>
  <RejectedVotes ReasonCode="ongeldig">3</RejectedVotes>
  <RejectedVotes ReasonCode="blanco">2</RejectedVotes>
  <UncountedVotes ReasonCode="geldige stempassen">205</UncountedVotes>
</ReportingUnitVotes>
</Contest></Contests></Election></Count></EML>
"""


def empty_case(folder):
    write_case(small_tables(small_case(), areas=[{"area_id": "city"}]), folder)
    return folder


def confirmed(folder, file) -> str:
    """The draft for a file, filled in as a person would."""
    drafted = propose_mapping(file, case=read_case(folder).tables.case).text
    return drafted.replace('"FILL IN"', '"2024-05-06"')


@pytest.mark.parametrize(
    ("name", "content"),
    [("results.xml", NIST_XML), ("results.json", json.dumps(NIST_JSON))],
    ids=["xml", "json"],
)
def test_nist_results_come_in_through_the_proposed_mapping(name, content, tmp_path):
    folder = empty_case(tmp_path / "case")
    (tmp_path / name).write_text(content, encoding="utf-8")
    rules = confirmed(folder, tmp_path / name)
    account = imported(folder, content.encode(), rules, name=name)
    assert counts(account, "areas") == {"added": 2, "kept": 1}
    assert counts(account, "official_results") == {"added": 1, "repeated": 1}
    tables = read_case(folder).tables
    areas = tables.table("areas").select("area_id", "parent_id", "level", "name").rows()
    assert areas[1:] == [("u0", None, "country", "Nation"), ("u1", "u0", "ward", "Ward 1")]
    row = tables.table("official_results").to_dicts()[0]
    assert (row["area_id"], row["votes_anna"], row["votes_boris"]) == ("u1", 120, 80)


def test_xml_and_json_of_one_report_give_the_same_sheets(tmp_path):
    (tmp_path / "a.xml").write_text(NIST_XML, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(NIST_JSON), encoding="utf-8")
    xml, plain = (nist_records(tmp_path / name).sheets for name in ("a.xml", "a.json"))
    assert xml == plain
    assert [record["ballots_cast"] for record in xml["ballots"]] == ["205", "205"]
    assert xml["units"][1]["code"] == "x:1"


def test_dutch_results_come_in_through_the_proposed_mapping(tmp_path):
    folder = empty_case(tmp_path / "case")
    (tmp_path / "telling.xml").write_text(EML, encoding="utf-8")
    rules = confirmed(folder, tmp_path / "telling.xml")
    rules = rules.replace(
        'where = { column = "level", equals = "list" }',
        'where = [{ column = "level", equals = "list" }, '
        '{ column = "unit_id", blank = true, not = true }]',
    )
    account = imported(folder, EML.encode(), rules, name="telling.xml")
    assert counts(account, "official_results") == {"added": 1, "repeated": 1}
    row = read_case(folder).tables.table("official_results").to_dicts()[0]
    assert (row["area_id"], row["votes_anna"], row["votes_boris"]) == ("u1", 120, 80)


def test_what_a_dutch_unit_counted_beside_votes_has_its_own_sheet(tmp_path):
    (tmp_path / "telling.xml").write_text(EML, encoding="utf-8")
    sheets = eml_records(tmp_path / "telling.xml").sheets
    assert sheets["totals"][1] == {
        "contest_id": "geen", "unit_id": "u1", "unit": "School", "entitled": "300", "valid": "200",
        "rejected ongeldig": "3", "rejected blanco": "2", "uncounted geldige stempassen": "205",
    }  # fmt: skip
    assert [r["candidate_id"] for r in sheets["counts"]] == [None, None, "1", "X", None]
    assert [r["list_id"] for r in sheets["counts"]] == ["1", "1", "1", "1", "2"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    "<EML Id='510'>&b;</EML>"
)
REFUSED = {
    "entities": (BOMB, "eml", "it declares a document type, which can hide anything"),
    "entities in a report": (BOMB, "nist", "it declares a document type, which can hide anything"),
    "broken XML": ("<EML", "eml", "unclosed token: line 1, column 0"),
    "another EML": ("<EML Id='230'/>", "eml", "it is no EML of the kind 510"),
    "another XML": ("<x/>", "nist", "it holds no ElectionReport"),
    "another JSON": ('{"a": 1}', "nist", "it holds no ElectionReport"),
    "broken JSON": ("{", "nist", "Expecting property name"),
    "no such sheet": (NIST_XML, "nist", "it has counts, units, ballots"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_such_a_file_is_refused(name, tmp_path):
    content, kind, words = REFUSED[name]
    rules = (
        f'format = 1\n[source]\nformat = "{kind}"\n[[tables]]\nname = "areas"\nsheet = "x"\n'
        '[tables.columns]\narea_id = "unit_id"\n'
    )
    with pytest.raises(InputRefusedError) as refused:
        imported(empty_case(tmp_path / "case"), content.encode(), rules, name="file")
    assert words in str(refused.value.problems[0])
