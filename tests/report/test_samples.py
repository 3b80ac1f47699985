"""The pages of samples: what they show, and that each number stands in its table."""

import re

import pytest

from pollwitness.case import read_case, write_case
from tests.build import small_case, small_tables
from tests.report.reading import read
from tests.report.rich import written
from tests.sampled import SEED, drawn, put, sampled_case


def test_a_recount_shows_its_path_and_its_transcript(sampled):
    text = (sampled / "samples" / "recount.html").read_text("utf-8")
    assert "The risk limit 0.05 was met at draw 35" in text
    assert 'href="transcript-recount.html"' in text
    assert (sampled / "samples" / "transcript-recount.html").is_file()
    assert text.count('<svg class="chart') == 2, "the path of the p-value, and the map"
    assert "47 are known and 1 are not yet" in text
    assert 'href="../methods/recount.html"' in text


def test_a_quick_count_shows_what_the_missing_could_change(sampled):
    text = (sampled / "samples" / "quick-count.html").read_text("utf-8")
    assert "45 of 60 drawn stations have reported." in text
    assert "band-outer" in text
    assert re.search(r"Anna leads Boris by 13\.0\d points to 29\.6\d points", text)
    assert SEED in text
    sequence = (sampled / "samples" / "sequence.html").read_text("utf-8")
    assert "at every time" in sequence


def test_the_navigation_names_samples_where_there_are_some(sampled, rich):
    assert 'href="samples/index.html"' in (sampled / "index.html").read_text("utf-8")
    assert "samples/index.html" not in (rich / "index.html").read_text("utf-8")
    listed = read(sampled / "samples" / "index.html").links
    assert {"quick-count.html", "recount.html", "sequence.html"} <= set(listed)


def test_samples_that_say_nothing_yet_say_why(tmp_path):
    case = sampled_case(tmp_path / "case")
    put(case, "arrivals", [(case / "tables" / "arrivals.csv").read_text().splitlines()[0]])
    lines = (case / "tables" / "sample.csv").read_text().splitlines()
    put(case, "sample", [line.replace(SEED, "7") if ",recount," in line else line
                         for line in lines])  # fmt: skip
    written(read_case(case).tables, tmp_path / "report")
    pages = tmp_path / "report" / "samples"
    assert "nothing has arrived yet" in (pages / "quick-count.html").read_text("utf-8")
    assert "draw 1 of this seed takes station" in (pages / "recount.html").read_text("utf-8")
    assert not (pages / "transcript-recount.html").exists()


def test_a_sample_that_observers_chose_has_no_path(tmp_path):
    case = sampled_case(tmp_path / "case")
    lines = (case / "tables" / "sample.csv").read_text().splitlines()
    put(case, "sample", [line.replace(f",proportional,{SEED}", ",observers,") for line in lines])
    written(read_case(case).tables, tmp_path / "report")
    text = (tmp_path / "report" / "samples" / "recount.html").read_text("utf-8")
    assert "no statement about the others follows" in text
    assert "p-value is" not in text


def test_stations_without_coordinates_have_no_map(tmp_path):
    case = sampled_case(tmp_path / "case")
    lines = (case / "tables" / "stations.csv").read_text().splitlines()
    header = lines[0].split(",")
    gone = [header.index(name) for name in ("latitude", "longitude")]
    put(case, "stations", [",".join("" if at in gone and n else value
                                    for at, value in enumerate(line.split(",")))
                           for n, line in enumerate(lines)])  # fmt: skip
    written(read_case(case).tables, tmp_path / "report")
    assert "No map tiles" not in (tmp_path / "report/samples/recount.html").read_text("utf-8")


def test_a_case_without_samples_has_no_page_of_them(tmp_path):
    write_case(small_tables(small_case()), tmp_path / "case")
    written(read_case(tmp_path / "case").tables, tmp_path / "report")
    assert not (tmp_path / "report" / "samples").exists()


@pytest.mark.parametrize("draws", [60])
def test_every_draw_is_listed(sampled, draws, tmp_path):
    case = sampled_case(tmp_path / "case")
    text = (sampled / "samples" / "recount.html").read_text("utf-8")
    table = text[text.index("<h2>The draws</h2>") :]
    assert re.findall(r"<td>(s\d{3})</td>", table) == drawn(case, "recount")
    assert len(drawn(case, "recount")) == draws
