"""Claims as linked data, where little is known of them."""

from pollwitness.claims import linked_data
from tests.build import small_tables

ROW = {"measure": "crowd_size", "unit": "people", "contest_id": None, "low": "60", "words": "60."}


def test_a_claim_of_which_little_is_known():
    tables = small_tables(
        areas=[{"area_id": "city", "level": "city", "name": "City"}],
        documents=[{"document_id": "bare"},
                   {"document_id": "filed", "sha256": "ab" * 32},
                   {"document_id": "web", "address": "https://example.org/a"}],
        claims=[
            {"claim_id": "k1", "document_id": "bare", "quote": "sixty people", **ROW},
            {"claim_id": "k2", "document_id": "filed", "start": 3, "end": 9, "speaker": "Ana",
             "stated_at": "2024-05-06", **ROW},
            {"claim_id": "k3", "document_id": "web", "comparator": "at_least", **ROW},
        ],
    )  # fmt: skip
    items = linked_data(tables, {})["first"]["items"]
    bare, filed, web = (one["target"] for one in items)
    assert bare["source"]["id"] == "urn:pollwitness:document:bare"
    assert bare["selector"] == [{"type": "TextQuoteSelector", "exact": "sixty people"}]
    assert filed["source"]["id"] == "urn:sha256:" + "ab" * 32
    assert filed["selector"] == [{"type": "TextPositionSelector", "start": 3, "end": 9}]
    assert web["source"]["id"] == "https://example.org/a"
    assert "selector" not in web
    assert "schema:author" not in items[0]["body"]
    assert items[1]["body"]["schema:author"]["schema:name"] == "Ana"
    assert items[1]["body"]["schema:datePublished"] == "2024-05-06"
    assert "schema:maxValue" not in items[2]["body"]["schema:about"]
