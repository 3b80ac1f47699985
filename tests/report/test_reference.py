"""Reports of real elections, from the station-level data."""

from pollwitness.case import read_case
from tests.reference.belarus import belarus_tables
from tests.reference.venezuela import ALL_SHEETS, SECOND, announce, with_sheets
from tests.report.reading import pages_of, visible
from tests.report.rich import written


def test_belarus_2020_station_by_station(reference_data, tmp_path):
    """1,395 stations have a page; the regions say what the published reference says."""
    account = written(belarus_tables(reference_data), tmp_path / "report")
    assert len(list((tmp_path / "report" / "stations").iterdir())) == 1395
    assert account.files > 1450
    region = visible(tmp_path / "report" / "areas" / "minsk-region.html")
    for part in ("120,044", "115,399", "271 stations", "31.87 %"):
        assert part in region.replace("\u00a0", " "), part
    evidence = visible(tmp_path / "report" / "evidence.html").replace("\u00a0", " ")
    for part in ("441", "50,138 of 266,079 reports (18.84 %)"):
        assert part in evidence, part
    nation = visible(tmp_path / "report" / "areas" / "by.html").replace("\u00a0", " ")
    # 497,510 votes; the data set reads three negative counts against all as blank here.
    assert "497,510" in nation
    assert "needed elsewhere" in nation


def test_venezuela_2024_sheet_by_sheet(reference_data, tmp_path):
    """24,532 sheets: the second bulletin and the sheets cannot both be true."""
    venezuela = with_sheets(tmp_path / "case", reference_data)
    announce(venezuela.folder, version=2, coverage=ALL_SHEETS, **SECOND)
    tables = read_case(venezuela.folder).tables
    written(tables, tmp_path / "report")
    front = visible(tmp_path / "report" / "index.html")
    assert "cannot be true with this evidence" in front
    nation = visible(tmp_path / "report" / "areas" / "VE.html")
    for part in ("7,156,462", "5,326,104", "1,830,358"):
        assert part in nation, part
    assert len(pages_of(tmp_path / "report")) > 1000
