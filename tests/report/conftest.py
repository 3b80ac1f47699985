"""Reports that several tests read, written once."""

from pathlib import Path

import pytest

from pollwitness.case import read_case
from pollwitness.detentions.disclosure import released
from pollwitness.detentions.register import Bounds, bounds_table, overlaps_table
from pollwitness.language import language
from pollwitness.report.people import people_page, people_view
from tests.build import small_tables
from tests.detentions.published import KOSOVO
from tests.report.rich import articles, many_stations, rich_tables, written
from tests.sampled import sampled_case

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rich(tmp_path_factory) -> Path:
    """The report of the rich case, in all languages, with the printed summary."""
    folder = tmp_path_factory.mktemp("rich") / "report"
    tags = [language(tag) for tag in ("en", "be", "ru")]
    written(
        rich_tables(), folder, *tags, with_pdf=True, address="https://example.org/small/",
        texts=articles(),
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def belarus(tmp_path_factory) -> Path:
    """The report of the example of Belarus 2020."""
    folder = tmp_path_factory.mktemp("belarus") / "report"
    written(read_case(ROOT / "examples" / "belarus-2020").tables, folder)
    return folder


@pytest.fixture(scope="session")
def sampled(tmp_path_factory) -> Path:
    """The report of a case with a quick count and a recount."""
    folder = tmp_path_factory.mktemp("sampled")
    case = sampled_case(folder / "case")
    written(read_case(case).tables, folder / "report")
    return folder / "report"


@pytest.fixture(scope="session")
def listed(tmp_path_factory) -> Path:
    """The report of a case that publishes counts of listed people, in all languages; one alone."""
    folder = tmp_path_factory.mktemp("listed") / "report"
    counts = released(KOSOVO)
    tables = small_tables(documents=[{"document_id": "paper"}])
    tables = tables.with_table("list_overlaps", overlaps_table(counts))
    tables = tables.with_table("listed_people", bounds_table(Bounds(3_120, 4_210, 4_425)))
    written(tables, folder, *(language(tag) for tag in ("en", "be", "ru")))
    view = people_view(counts, Bounds(None, None, None), None)
    (folder / "people-alone.html").write_text(people_page(tables, view), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def paged(tmp_path_factory) -> Path:
    """The report of a case whose tables take several pages."""
    folder = tmp_path_factory.mktemp("paged") / "report"
    written(many_stations(450), folder)
    return folder
