"""What stands on the pages, and what must not."""

import csv
import json
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import pytest

from pollwitness.case import read_case, write_case
from pollwitness.checks import VERDICT_WORDS, CheckRun, run_checks
from pollwitness.claims import Figure, canonical_json
from pollwitness.language import language
from pollwitness.report.paths import file_names
from pollwitness.report.site import MANIFEST, ForeignFolderError, write_report
from pollwitness.tables import Audience
from tests.build import small_tables
from tests.report.reading import pages_of, read, visible
from tests.report.rich import HIDDEN_NOTE, HOSTILE, SEALED, rich_tables, written

REPORTS = ("rich", "belarus", "paged")


@pytest.fixture(params=REPORTS)
def folder(request) -> Path:
    return request.getfixturevalue(request.param)


def test_every_kind_of_page_is_there(rich):
    kinds = {p.relative_to(rich).parts[0] for p in pages_of(rich)}
    assert kinds >= {
        "areas", "claims", "stations", "quantities", "methods", "be", "ru", "index.html",
        "documents.html", "downloads.html", "errata.html", "evidence.html", "findings.html",
        "summary.html",
    }  # fmt: skip
    for tag in ("be", "ru"):
        own = {p.relative_to(rich / tag) for p in pages_of(rich / tag)}
        first = {p.relative_to(rich) for p in pages_of(rich)
                 if p.relative_to(rich).parts[0] not in ("be", "ru")}  # fmt: skip
        assert own == first


def test_all_links_resolve(folder):
    """Every relative link leads to a file of the report, and every anchor to a place on it."""
    ids = {page: set(read(page).ids) for page in pages_of(folder)}
    broken = []
    for page in pages_of(folder):
        for href in read(page).links:
            if href.startswith(("http://", "https://")):
                continue
            target, _mark, anchor = href.partition("#")
            found = (page.parent / unquote(target)).resolve() if target else page
            if not found.is_file() or (anchor and anchor not in ids[found]):
                broken.append((str(page.relative_to(folder)), href))
    assert broken == []


def test_no_page_asks_for_anything_from_elsewhere(folder):
    for page in pages_of(folder):
        found = read(page)
        assert "script" not in found.tags, page
        assert "iframe" not in found.tags, page
        assert "form" not in found.tags, page
        for asked in found.asked:
            assert (page.parent / asked).resolve().is_file(), (page, asked)
            assert folder.resolve() in (page.parent / asked).resolve().parents
        handlers = [a for a in found.attributes if a[1].startswith("on") or a[1] == "style"]
        assert handlers == [], page
    style = (folder / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|http", style)


def test_ids_are_unique_on_every_page(folder):
    for page in pages_of(folder):
        ids = read(page).ids
        assert len(ids) == len(set(ids)), page


def test_texts_of_the_case_are_shown_and_never_run(rich):
    page = rich / "claims" / "share-anna.html"
    assert HOSTILE in visible(page)
    for one in pages_of(rich):
        raw = one.read_text(encoding="utf-8")
        assert "<script" not in raw.replace("&lt;script", "")
        assert "<img" not in raw.replace("&lt;img", "")


def test_an_address_that_is_not_of_the_web_is_no_link(rich):
    links = [href for page in pages_of(rich) for href in read(page).links]
    assert not [href for href in links if href.startswith("javascript:")]
    assert "javascript:alert(1)" in visible(rich / "documents.html")
    assert "https://example.org/paper" in links


def test_restricted_rows_never_enter_a_report(tmp_path):
    """A restricted table and a proposed claim stay behind, in every file of every kind."""
    for audience in Audience:
        folder = tmp_path / str(audience)
        written(rich_tables(audience), folder, with_pdf=True)
        for file in folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                assert SEALED.encode() not in content, file
                assert b"777,777" not in content, file
                assert b"777777" not in content, file


def test_an_internal_case_is_shown_without_what_points_to_a_person(tmp_path):
    written(rich_tables(Audience.INTERNAL), tmp_path / "report")
    everything = b"".join(f.read_bytes() for f in (tmp_path / "report").rglob("*") if f.is_file())
    assert HIDDEN_NOTE.encode() not in everything
    assert b"hidden-path" not in everything
    reports = (tmp_path / "report" / "data" / "tables" / "voter_reports.csv").read_text()
    # Seven reports at s1 for Boris are fewer than ten: the row is left out.
    assert "s1,mayor,boris" not in reports
    assert "s1,mayor,anna" in reports
    downloads = visible(tmp_path / "report" / "downloads.html")
    assert "cannot be computed again from these files alone" in downloads


def test_a_public_case_can_be_computed_again_from_the_downloads(tmp_path):
    """The same bytes of findings.json from the tables that the report carries."""
    tables = rich_tables()
    public = tables.with_table("voter_report_items", tables.schemas["voter_report_items"].empty())
    claims = public.table("claims")
    public = public.with_table("claims", claims.filter(claims["status"] == "confirmed"))
    folder = tmp_path / "report"
    run = run_checks(read_case(_as_folder(public, tmp_path)).tables)
    written(read_case(tmp_path / "case").tables, folder, run=run)
    again = read_case(folder / "data").tables
    document = canonical_json(run_checks(again).document(again)) + b"\n"
    # The digest of the head is that of the file, which both share byte for byte.
    assert document == (folder / "findings.json").read_bytes()
    assert "cannot be computed again" not in visible(folder / "downloads.html")


def _as_folder(tables, tmp_path):
    write_case(tables, tmp_path / "case")
    shutil.copytree(tmp_path / "case", tmp_path / "report-case")
    return tmp_path / "case"


def test_the_same_findings_give_the_same_bytes(tmp_path):
    tables = rich_tables()
    run = run_checks(tables)
    written(tables, tmp_path / "one", run=run, with_pdf=True)
    written(tables, tmp_path / "two", run=run, with_pdf=True)
    one, two = (
        {f.relative_to(tmp_path / n): f.read_bytes() for f in (tmp_path / n).rglob("*")
         if f.is_file()}
        for n in ("one", "two")
    )  # fmt: skip
    assert one == two


def changed(run: CheckRun, check: str, name: str, value: int) -> CheckRun:
    """The same answers, with one figure (and what an inequality says of it) replaced."""

    def figure(one: Figure) -> Figure:
        if one.name != name:
            return one
        return replace(one, value=None if one.value is None else value, low=value, high=one.high)

    findings = tuple(
        f if f.check != check else replace(
            f,
            figures=tuple(map(figure, f.figures)),
            inequality=None if f.inequality is None else replace(f.inequality, left=value),
        )
        for f in run.findings
    )  # fmt: skip
    return replace(run, findings=findings)


def test_a_changed_finding_leaves_no_stale_figure(tmp_path):
    """650 votes are in the protocols; change the finding to 655, and 650 is nowhere."""
    tables = rich_tables()
    run = run_checks(tables)
    written(tables, tmp_path / "before", run=run)
    page = tmp_path / "before" / "claims" / "votes-anna.html"
    own = re.compile(r"(?<![\d.,])650(?![\d.,]*\d)")
    assert own.search(visible(page))
    other = changed(changed(run, "tally.votes", "recorded", 655), "tally.official", "none", 655)
    other = replace(
        other,
        findings=tuple(
            replace(f, readings=(), history=(), decisive=()) if f.claim_id == "votes-anna" else f
            for f in other.findings
        ),
    )
    written(tables, tmp_path / "after", run=other)
    for name in ("claims/votes-anna.html", "index.html", "summary.html", "findings.html"):
        shown = visible(tmp_path / "after" / name)
        assert re.search(r"(?<![\d.,])655(?![\d.,]*\d)", shown), name
        assert not own.search(shown), name


def test_area_figures_come_from_the_document(tmp_path):
    """The table of an area shows the area figures of findings.json and nothing else."""
    tables = rich_tables()
    run = run_checks(tables)
    areas = tuple(
        replace(a, figures=tuple(
            replace(f, value=123_457) if f.name == "seen_votes_anna" else f for f in a.figures))
        for a in run.areas
    )  # fmt: skip
    written(tables, tmp_path / "report", run=replace(run, areas=areas))
    shown = visible(tmp_path / "report" / "areas" / "land.html")
    assert "123,457" in shown


FORBIDDEN = re.compile(r"fraud|falsif|фальсиф|фальсіф|махл", re.IGNORECASE)


def texts_of_the_case(folder: Path) -> list[str]:
    """Every text that stands in the tables of the case: words of others, the longest first."""
    found: set[str] = set()
    for table in (folder / "data" / "tables").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            found |= {cell for row in csv.reader(stream) for cell in row if " " in cell}
            stream.seek(0)
            found |= {cell for row in csv.reader(stream) for cell in row if "://" in cell}
    return sorted(found, key=len, reverse=True)


def test_words_are_neutral(folder):
    """No word of blame and no exclamation mark outside what others said or wrote."""
    quoted = texts_of_the_case(folder)
    for page in pages_of(folder):
        shown = visible(page)
        for text in quoted:
            shown = shown.replace(text, "")
        assert "!" not in shown, page
        found = FORBIDDEN.search(shown)
        assert found is None, (page, found)


def test_every_verdict_has_its_mark_and_its_word(folder):
    words = set(VERDICT_WORDS.values())
    if folder.name == "report" and (folder / "ru").exists():
        pages = [p for p in pages_of(folder) if p.relative_to(folder).parts[0] not in ("be", "ru")]
    else:
        pages = pages_of(folder)
    pattern = re.compile(
        r'<span class="verdict v-(\w+)[^"]*"><svg class="mark"[^>]*>(.+?)</svg> <span>([^<,]+)'
    )
    seen = set()
    for page in pages:
        raw = page.read_text(encoding="utf-8")
        assert len(pattern.findall(raw)) == raw.count('<span class="verdict ')
        for _colour, mark, word in pattern.findall(raw):
            assert word in words
            assert mark.startswith("<")
            seen.add(word)
    assert "possible" in seen


def test_no_option_is_named_in_a_colour():
    """Colours have verdicts and marks, never options: no page sets one by itself."""
    style = (
        Path(__file__).parents[2] / "src" / "pollwitness" / "report" / "assets" / "style.css"
    ).read_text(encoding="utf-8")
    assert not re.search(r"votes_|option|anna|boris|candidate|party", style)


def test_the_claim_page_has_everything_that_a_court_asks_for(rich):
    shown = visible(rich / "claims" / "votes-anna.html")
    for part in (
        "cannot be true with this evidence", "Anna got 380.", "Commission, 6 May 2024",
        "This would have to hold, and does not:", "650 ≤ 380", "It is off by 270.",
        "Documents that decide", "Assumptions",
        "How much would have to be wrong", "Reply of the person concerned",
        "What the commission answers", "pollwitness explain CASE votes-anna", "Permalink",
        "To quote this page", "SHA-256",
    ):  # fmt: skip
        assert part in shown, part


def test_the_station_page_puts_all_sources_side_by_side(rich):
    page = rich / "stations" / "s3.html"
    shown = visible(page)
    for part in ("Protocol, copy c3", "Official result, version 1", "Ballots that voters reported",
                 "differs", "rejected: bounds nothing"):  # fmt: skip
        assert part in shown, part
    assert "Corrects c2: misread" in visible(rich / "stations" / "s2.html")
    # s2 before its correction broke a rule; the corrected copy does not count any more.
    assert "The known parts of an incomplete form exceed its ballots" not in visible(
        rich / "stations" / "s2.html"
    )


def test_corrections_are_listed_with_their_reason(rich):
    shown = visible(rich / "errata.html")
    for part in ("Copy c2b corrects copy c2", "misread", "Copy c3x is rejected", "another station",
                 "Official figure r-old was withdrawn"):  # fmt: skip
        assert part in shown, part


def test_ids_that_a_disk_would_mix_up_get_names_of_their_own(rich):
    areas = {p.name for p in (rich / "areas").iterdir()}
    assert {"land.html", "index.html"} <= areas
    assert "city.html" not in areas
    assert "con.html" not in areas
    assert len({name.casefold() for name in areas}) == 5
    assert file_names(["a", "b"]) == {"a": "a", "b": "b"}


def test_long_tables_are_cut_into_pages(paged):
    """450 stations: three pages of 200 rows at most, each station on exactly one."""
    found = [read(paged / "areas" / name) for name in
             ("city.html", "city-page-2.html", "city-page-3.html")]  # fmt: skip
    rows = [[i for i in page.texts if re.fullmatch(r"s\d{5}", i)] for page in found]
    assert [len(own) for own in rows] == [200, 200, 50]
    assert len(set().union(*map(set, rows))) == 450
    assert not (paged / "areas" / "city-page-4.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "letter.txt").write_text("mine")
    with pytest.raises(ForeignFolderError, match="holds no report"):
        written(rich_tables(), tmp_path / "report")
    assert (tmp_path / "report" / "letter.txt").read_text() == "mine"


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path):
    folder = tmp_path / "report"
    tables = small_tables(
        protocols=[{"station_id": s, "votes_anna": 5, "votes_boris": 3, "ballots": 8}
                   for s in ("s1", "s2", "s3")]
    )  # fmt: skip
    first = written(tables, folder)
    assert (first.written, first.removed) == (first.files, 0)
    assert written(tables, folder).written == 0
    before = (folder / "stations" / "s1.html").stat().st_mtime_ns
    more = small_tables(
        protocols=[{"station_id": s, "votes_anna": 5, "votes_boris": 3, "ballots": 8}
                   for s in ("s1", "s2")] + [
                  {"station_id": "s4", "votes_anna": 6, "votes_boris": 1, "ballots": 7}]
    )  # fmt: skip
    (folder / "letter.txt").write_text("put here by a person")
    third = written(more, folder)
    assert third.removed == 1
    assert not (folder / "stations" / "s3.html").exists()
    assert (folder / "stations" / "s4.html").exists()
    assert (folder / "stations" / "s1.html").stat().st_mtime_ns == before
    assert (folder / "letter.txt").exists()
    assert third.written < first.files / 2


def test_an_interrupted_report_is_finished_by_the_next_run(tmp_path, monkeypatch):
    """Stopped in the middle, the folder is still known as a report, and a second run heals it."""
    tables = rich_tables()
    written(tables, tmp_path / "whole")
    folder = tmp_path / "report"
    count = 0

    def stop(_done):
        nonlocal count
        count += 1
        if count == 25:
            raise KeyboardInterrupt

    def stopping(subject, findings, target, wishes, _progress):
        return write_report(subject, findings, target, wishes, stop)

    monkeypatch.setattr("tests.report.rich.write_report", stopping)
    with pytest.raises(KeyboardInterrupt):
        written(tables, folder)
    monkeypatch.undo()
    assert (folder / MANIFEST).exists()
    written(tables, folder)
    names = {f.relative_to(folder) for f in folder.rglob("*")}
    assert names == {f.relative_to(tmp_path / "whole") for f in (tmp_path / "whole").rglob("*")}
    assert (folder / "index.html").read_bytes() == (tmp_path / "whole" / "index.html").read_bytes()


def test_a_lost_page_is_written_again(tmp_path):
    written(rich_tables(), tmp_path / "report")
    (tmp_path / "report" / "index.html").unlink()
    assert written(rich_tables(), tmp_path / "report").written == 1


def test_a_case_without_anything_still_gives_a_report(tmp_path):
    written(small_tables(), tmp_path / "report")
    shown = visible(tmp_path / "report" / "index.html")
    assert "This case holds no protocol of a station." in shown
    assert json.loads((tmp_path / "report" / "findings.json").read_text())["claims"] == []


def test_a_list_of_files_from_elsewhere_removes_nothing_outside(tmp_path):
    """A report folder that somebody prepared must not make us touch other files."""
    victim = tmp_path / "victim.txt"
    victim.write_text("keep")
    for name in ("../victim.txt", str(victim), "a/../../victim.txt", ".", ""):
        folder = tmp_path / "report"
        folder.mkdir(exist_ok=True)
        (folder / MANIFEST).write_text(json.dumps({name: ["0", "0"]}))
        with pytest.raises(ForeignFolderError, match="names a file outside its folder"):
            written(small_tables(), folder)
        assert victim.read_text() == "keep"
    (folder / MANIFEST).write_text("[1]")
    with pytest.raises(ForeignFolderError, match="is no list of files of a report"):
        written(small_tables(), folder)


def test_a_page_that_was_changed_on_disk_is_written_again(tmp_path):
    written(rich_tables(), tmp_path / "report")
    page = tmp_path / "report" / "index.html"
    good = page.read_bytes()
    page.write_text("tampered")
    assert written(rich_tables(), tmp_path / "report").written == 1
    assert page.read_bytes() == good


def test_another_first_language_changes_the_links_of_all(tmp_path):
    tables = small_tables()
    written(tables, tmp_path / "report", language("en"), language("ru"))
    written(tables, tmp_path / "report", language("be"), language("ru"))
    page = (tmp_path / "report" / "ru" / "index.html").read_text(encoding="utf-8")
    assert "English" not in page
    assert 'href="../index.html" hreflang="be"' in page


def test_no_two_pages_share_a_file():
    """An id may look like the second page of another, or like a name with a digest."""
    ids = ["x", "x-page-2", "A", "a", "a-ca978112"]
    names = file_names(ids)
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert names["x"] == "x"
    assert names["x-page-2"] != "x-page-2"
    assert names["a-ca978112"] == "a-ca978112"


def test_characters_that_no_page_can_hold_do_not_stop_a_report(tmp_path):
    claim = {"measure": "votes", "option_id": "anna", "low": "5", "words": "odd \ufffe\x07 words"}
    written(small_tables(claims=[claim]), tmp_path / "report", with_pdf=True)
    assert "odd \ufffd\ufffd words" in visible(tmp_path / "report" / "index.html")


def test_shares_are_taken_only_where_ballots_are_known():
    """s1 states 100 ballots, s2 leaves its own and the invalid ones blank: 60 of 100 is known."""
    forms = [
        {"station_id": "s1", "ballots": 100, "votes_anna": 60, "votes_boris": 40},
        {"station_id": "s2", "votes_anna": 30, "votes_boris": 10},
    ]
    tables = small_tables(protocols=forms)
    area = next(a for a in run_checks(tables).areas if a.area_id == "city")
    assert area.figure("seen_votes_anna").value == 90
    assert area.figure("seen_share_votes_anna").value == Fraction(60, 100)
    assert area.figure("ballots_at_votes_anna").value == 100
    assert area.figure("seen_ballots").value == 100
    assert area.figure("stations_with_ballots").value == 1


def test_copies_that_differ_give_a_range_of_what_is_seen():
    forms = [
        {"station_id": "s1", "ballots": 100, "votes_anna": 60, "votes_boris": 40},
        {"station_id": "s1", "ballots": 100, "votes_anna": 55, "votes_boris": 45},
    ]
    official = [{"votes_anna": 200, "ballots": 500, "rounding": "half_up", "stations_total": 5}]
    tables = small_tables(protocols=forms, official_results=official)
    area = run_checks(tables).areas[0]
    seen, needed = area.figure("seen_votes_anna"), area.figure("needed_votes_anna")
    assert (seen.low, seen.high) == (55, 60)
    assert (needed.low, needed.high) == (140, 145)
    # 140 to 145 of the other 400 ballots.
    share = area.figure("needed_share_votes_anna")
    assert (share.low, share.high) == (Fraction(140, 400), Fraction(145, 400))


def test_no_share_is_put_into_an_authoritys_mouth():
    """A count without published ballots has no official share, whatever turnout and roll say."""
    official = [{"votes_anna": 200, "registered": 1000, "stations_total": 5}]
    figures = [{"measure": "turnout", "low": "50", "high": "50", "unit": "percent",
                "denominator": "registered", "rounded_to": "1"}]  # fmt: skip
    tables = small_tables(
        protocols=[{"station_id": "s1", "ballots": 100, "votes_anna": 60, "votes_boris": 40}],
        official_results=official, official_figures=figures,
    )  # fmt: skip
    area = run_checks(tables).areas[0]
    assert area.figure("official_share_votes_anna") is None
    assert area.figure("needed_share_votes_anna") is not None
    assert area.documents == ("paper",)
