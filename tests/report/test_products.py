"""What stands beside the pages: feed, previews, the printed summary."""

import json
import struct
import sys
from dataclasses import replace

import pytest
import typst

from pollwitness.checks import run_checks
from pollwitness.language import language, speaking
from pollwitness.report import Subject
from pollwitness.report.pages.summary import summary
from pollwitness.report.typeset import TypstMissingError, summary_pdf, summary_source
from tests.report.rich import HOSTILE, rich_tables

FEED_KEYS = {"version", "title", "language", "items", "home_page_url", "feed_url"}


@pytest.mark.parametrize("tag", ["", "be/", "ru/"])
def test_the_feed_is_a_json_feed(rich, tag):
    feed = json.loads((rich / tag / "feed.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert set(feed) == FEED_KEYS
    findings = json.loads((rich / "findings.json").read_text(encoding="utf-8"))["findings"]
    decided = {f["id"] for f in findings if f["verdict"] != "undecided"}
    assert {item["id"] for item in feed["items"]} == decided
    for item in feed["items"]:
        assert item["title"]
        assert item["content_text"]
        path = item["url"].removeprefix("https://example.org/small/")
        page, _mark, anchor = path.partition("#")
        assert f'id="{anchor}"' in (rich / page).read_text(encoding="utf-8")
    assert feed["language"] == (tag or "en/")[:2]


def test_a_feed_without_an_address_names_paths_only(belarus):
    feed = json.loads((belarus / "feed.json").read_text(encoding="utf-8"))
    assert "feed_url" not in feed
    assert all("url" not in item for item in feed["items"])


def test_every_claim_has_a_preview_of_the_usual_size(rich):
    for tag in ("", "be", "ru"):
        for page in (rich / tag / "claims").glob("*.html"):
            png = (rich / tag / "previews" / f"{page.stem}.png").read_bytes()
            assert png.startswith(b"\x89PNG")
            assert struct.unpack(">II", png[16:24]) == (1200, 630)
            raw = page.read_text(encoding="utf-8")
            folder = f"{tag}/" if tag else ""
            address = f"https://example.org/small/{folder}previews/{page.stem}.png"
            assert f'<meta property="og:image" content="{address}">' in raw


@pytest.mark.parametrize("tag", ["en", "be", "ru"])
def test_the_summary_is_set_on_two_sheets_at_most(tag):
    tables = rich_tables()
    with speaking(language(tag)):
        source = summary_source(summary(Subject.of(tables, run_checks(tables))))
        sheets = typst.compile(source.encode(), format="png", ppi=20, ignore_system_fonts=True)
    assert not isinstance(sheets, list) or len(sheets) <= 2


def test_hostile_text_is_no_markup_of_the_printed_page():
    tables = rich_tables()
    short = summary(Subject.of(tables, run_checks(tables)))
    source = summary_source(short)
    assert HOSTILE in source  # as a string literal, between quotes
    evil = '"]) #read("/etc/passwd") \\ "'
    assert summary_pdf(replace(short, title=evil)).startswith(b"%PDF")


def test_pdf_without_its_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    tables = rich_tables()
    with pytest.raises(TypstMissingError, match=r"pip install 'pollwitness\[pdf\]'"):
        summary_pdf(summary(Subject.of(tables, run_checks(tables))))
