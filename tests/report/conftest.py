"""Reports that several tests read, written once."""

from pathlib import Path

import pytest

from pollwitness.case import read_case
from pollwitness.language import language
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
def paged(tmp_path_factory) -> Path:
    """The report of a case whose tables take several pages."""
    folder = tmp_path_factory.mktemp("paged") / "report"
    written(many_stations(450), folder)
    return folder
