"""A small case in which everything occurs that a page can show, hostile texts included."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl

from pollwitness.case import shown_descriptor, shown_head, write_case
from pollwitness.checks import CheckRun, run_checks
from pollwitness.claims import canonical_json
from pollwitness.language import Language, language
from pollwitness.reading.document import KeptArticle, parse_reading, reading_document
from pollwitness.reading.propose import read_text
from pollwitness.reading.texts import text_of
from pollwitness.report import Subject
from pollwitness.report.site import Account, Wishes, write_report
from pollwitness.tables import Audience, CaseTables
from tests.build import small_case, small_tables

HOSTILE = "<script>alert(1)</script><img src=//evil.example onerror=alert(1)>"
SEALED = "sealed-voter-7431"
HIDDEN_NOTE = "hidden-note-5582"

AREAS = [
    {"area_id": "land", "level": "nation", "name": "Land"},
    {"area_id": "city", "parent_id": "land", "level": "city", "name": "City"},
    {"area_id": "CITY", "parent_id": "land", "level": "city", "name": "Other city"},
    {"area_id": "con", "parent_id": "land", "level": "village", "name": HOSTILE},
]
STATIONS = [
    {"station_id": "s1", "area_id": "city", "number": "1", "name": HOSTILE, "registered": 400,
     "latitude": "53.91", "longitude": "27.55"},
    {"station_id": "s2", "area_id": "city", "number": "2", "registered": 300,
     "latitude": "53.93", "longitude": "27.61"},
    {"station_id": "s3", "area_id": "CITY", "number": "1", "registered": 500,
     "latitude": "53.85", "longitude": "27.40"},
    {"station_id": "s4", "area_id": "con", "registered": 200,
     "latitude": "53.70", "longitude": "27.80"},
    {"station_id": "s5", "area_id": "con"},
]  # fmt: skip
DOCUMENTS = [
    {"document_id": "paper", "published_at": "2024-05-06", "address": "https://example.org/paper"},
    {"document_id": "later", "published_at": "2024-05-08T10:15+03:00", "title": HOSTILE,
     "publisher": HOSTILE, "address": "javascript:alert(1)", "note": HIDDEN_NOTE,
     "path": "evidence/hidden-path.jpg"},
    {"document_id": "voters", "kind": "table", "published_at": "2024-05-09"},
    {"document_id": "answer", "kind": "statement", "title": "What the commission answers"},
    {"document_id": "whole", "title": "Told & retold", "published_at": "2024-05-08",
     "licence": "CC0-1.0", "path": "whole.txt", "sha256": "0" * 64},
    {"document_id": "quoted", "title": "Only quoted", "path": "quoted.txt"},
]  # fmt: skip
PROTOCOLS = [
    {"copy_id": "c1", "station_id": "s1", "registered": 400, "ballots": 310, "invalid": 10,
     "votes_anna": 200, "votes_boris": 100},
    {"copy_id": "c1b", "station_id": "s1", "document_id": "later", "registered": 400,
     "ballots": 310, "invalid": 10, "votes_anna": 190, "votes_boris": 110},
    {"copy_id": "c2", "station_id": "s2", "ballots": 250, "votes_anna": 170, "votes_boris": 90},
    {"copy_id": "c2b", "station_id": "s2", "document_id": "later", "registered": 300,
     "ballots": 250, "invalid": 2, "votes_anna": 160, "votes_boris": 88, "corrects": "c2",
     "reason": "misread"},
    {"copy_id": "c3", "station_id": "s3", "document_id": "later", "registered": 500,
     "ballots": 400, "invalid": 5, "votes_anna": 300, "votes_boris": 95},
    {"copy_id": "c3x", "station_id": "s3", "votes_anna": 9, "status": "rejected",
     "reason": "another station"},
]  # fmt: skip
OFFICIAL = [
    {"result_id": "r-land", "area_id": "land", "registered": 1500, "ballots": 1000, "invalid": 20,
     "votes_anna": 380, "votes_boris": 600, "stations_counted": 5, "stations_total": 5,
     "outlets": 3, "rounding": "half_up"},
    {"result_id": "r-city", "area_id": "city", "ballots": 570, "votes_anna": 360,
     "votes_boris": 200, "registered": 700, "stations_total": 2},
    {"result_id": "r-s3", "station_id": "s3", "area_id": None, "ballots": 400, "invalid": 5,
     "votes_anna": 150, "votes_boris": 245},
    {"result_id": "r-old", "area_id": "con", "ballots": 90, "withdrawn": True},
]  # fmt: skip
FIGURES = [
    {"figure_id": "f-share", "area_id": "land", "option_id": "anna", "measure": "vote_share",
     "low": "38", "high": "38", "unit": "percent", "denominator": "ballots"},
]  # fmt: skip
REPORTS = [
    {"station_id": "s3", "option_id": "anna", "document_id": "voters", "reports": 340,
     "with_photo": 320},
    {"station_id": "s1", "option_id": "anna", "document_id": "voters", "reports": 60,
     "with_photo": 40},
    {"station_id": "s1", "option_id": "boris", "document_id": "voters", "reports": 7,
     "with_photo": 3},
]  # fmt: skip
ARTICLE = (
    f"Told & retold\n\nThe commission said that Anna had 380 votes. {HOSTILE} Nobody saw it.\n\n"
    "A crowd of at least 20,000 people stood in the city, Outlet 0 said. The election was "
    "humiliated, one of the Protestants in the march said. It was 100 % calm."
)
"""A text with claims that follow and overlap each other, oddities, and a hostile part."""
WORDS = {
    "told-votes": "that Anna had 380 votes",
    "told-anna": "Anna had 380 votes",
    "told-crowd": "A crowd of at least 20,000 people stood in the city",
}
DOORS = [{"station_id": "s2", "entered": 200}]
_PERCENT = {"measure": "vote_share", "unit": "percent", "denominator": "ballots"}
CLAIMS = [
    {"claim_id": "votes-anna", "measure": "votes", "option_id": "anna", "area_id": "land",
     "low": "380", "speaker": "Commission", "stated_at": "2024-05-06", "words": "Anna got 380.",
     "rounding": "half_up", "rounded_to": "1", "reply": "answer"},
    {"claim_id": "share-anna", **_PERCENT, "option_id": "anna", "area_id": "land", "low": "38.0",
     "speaker": HOSTILE, "words": HOSTILE},
    {"claim_id": "denied", **_PERCENT, "option_id": "boris", "area_id": "land", "low": "60",
     "polarity": "denied", "words": "Boris did not get 60 percent."},
    {"claim_id": "won", "measure": "stations_won", "unit": "stations", "option_id": "anna",
     "area_id": "land", "comparator": "at_least", "low": "2", "words": "Anna won two at least."},
    {"claim_id": "turnout", "measure": "turnout", "unit": "percent", "area_id": "land",
     "denominator": "registered", "low": "66.7", "words": "Turnout was 66.7 percent."},
    *(
        {"claim_id": f"crowd-{n}", "contest_id": None, "measure": "crowd_size", "unit": "people",
         "area_id": "city", "comparator": c, "low": low, "high": high, "words": w,
         "event_from": "2024-05-07", "event_to": "2024-05-07", "speaker": f"Outlet {n}",
         "stated_at": f"2024-05-0{n + 7}T18:00Z"}
        for n, (c, low, high, w) in enumerate([
            ("at_least", "20000", None, "At least 20,000 came."),
            ("between", "2000", "9999", "Thousands came."),
            ("about", "9000", None, "About 9,000 came."),
        ])
    ),
    *(
        {"claim_id": name, "document_id": document, "measure": "crowd_size" if crowd else "votes",
         "contest_id": None if crowd else "mayor", "option_id": None if crowd else "anna",
         "area_id": "city" if crowd else "land", "unit": "people" if crowd else "votes",
         "low": "20000" if crowd else "380", "words": f"{words}.", "quote": words,
         "comparator": "at_least" if crowd else "eq", "start": ARTICLE.index(words),
         "end": ARTICLE.index(words) + len(words), "speaker": "Retold",
         "event_from": "2024-05-07" if crowd else None, "event_to": "2024-05-07" if crowd else None}
        for document, prefix in (("whole", ""), ("quoted", "q-"))
        for name, words, crowd in ((prefix + n, w, "crowd" in n) for n, w in WORDS.items())
    ),
    {"claim_id": "proposed", "measure": "votes", "option_id": "anna", "area_id": "land",
     "low": "777777", "status": "proposed", "words": "Nobody confirmed 777,777."},
]  # fmt: skip


def articles() -> dict[str, KeptArticle]:
    source = text_of("text", ARTICLE.encode())
    reading = read_text(source.text, date(2024, 5, 8))
    made = canonical_json(reading_document(source, ARTICLE.encode(), date(2024, 5, 8), reading))
    return {name: KeptArticle(name, ARTICLE, parse_reading(name, made))
            for name in ("whole", "quoted")}  # fmt: skip


def rich_tables(audience: Audience = Audience.PUBLIC) -> CaseTables:
    case = replace(small_case(roll_additions=50), audience=audience, title="Small & < election")
    tables = small_tables(
        case, areas=AREAS, stations=STATIONS, documents=DOCUMENTS, protocols=PROTOCOLS,
        official_results=OFFICIAL, official_figures=FIGURES, voter_reports=REPORTS,
        turnout_counts=DOORS, claims=CLAIMS,
    )  # fmt: skip
    items = pl.DataFrame(
        {"report_id": [SEALED], "station_id": ["s1"], "contest_id": ["mayor"],
         "option_id": ["anna"], "photo": [True], "verified": [True]}
    )  # fmt: skip
    return tables.with_table("voter_report_items", items)


def many_stations(number: int) -> CaseTables:
    """Stations of one area, each with its protocol, half of them with a breach."""
    protocols = [
        {"copy_id": f"c{n:05}", "station_id": f"s{n:05}", "ballots": 100 + n % 2, "invalid": 0,
         "votes_anna": 60, "votes_boris": 40}
        for n in range(number)
    ]  # fmt: skip
    return small_tables(protocols=protocols)


def written(
    tables: CaseTables,
    folder: Path,
    *languages: Language,
    run: CheckRun | None = None,
    texts: Mapping[str, KeptArticle] | None = None,
    **wishes: object,
) -> Account:
    """Write the report of a case as the command does."""
    answers = run_checks(tables) if run is None else run
    subject = Subject.of(tables, answers, articles=texts)
    case_folder = folder.with_name(f"{folder.name}-case")
    if not case_folder.exists():
        write_case(tables, case_folder)
    wanted = Wishes(
        languages or (language("en"),),
        head=shown_head(case_folder, tables),
        descriptor=shown_descriptor(subject.tables),
        **wishes,
    )
    document = canonical_json(answers.document(tables)) + b"\n"
    return write_report(subject, document, folder, wanted, lambda _done: None)


def exactly(value: object) -> Fraction:
    return Fraction(str(value))
