"""The pages in a browser: no barrier, no overflow, no request, no script, and they print.

Needs Chromium (Debian: chromium); skipped, aloud, where it is not there. Continuous integration
sets POLLWITNESS_REQUIRE_BROWSER, which makes its absence a failure.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from pollwitness.language import Language
from tests.report.reading import pages_of
from tests.report.rich import rich_tables, written

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
KINDS = {
    "rich": [
        "index.html", "claims/votes-anna.html", "claims/share-anna.html", "claims/crowd-0.html",
        "areas/index.html", "areas/land.html", "stations/s1.html", "stations/s3.html",
        "quantities/index.html", "quantities/crowd_size.city.html", "evidence.html",
        "articles/whole.html", "articles/quoted.html", "articles/index.html",
        "documents.html", "errata.html", "findings.html", "methods/index.html",
        "methods/joint-bounds.html", "downloads.html", "summary.html", "ru/index.html",
        "be/claims/votes-anna.html",
    ],
    "sampled": [
        "samples/index.html", "samples/quick-count.html", "samples/recount.html",
        "samples/sequence.html", "samples/transcript-recount.html",
    ],
    "listed": ["people.html", "ru/people.html", "people-alone.html"],
    "paged": ["areas/city.html", "areas/city-page-2.html"],
    "belarus": ["index.html", "areas/BY.html", "quantities/people_arrested.BY.html",
                "claims/cec-minsk-region-tikhanovskaya-votes.html"],
}  # fmt: skip
EVERY = [(name, page) for name, pages in KINDS.items() for page in pages]


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("POLLWITNESS_REQUIRE_BROWSER"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def opened(browser, path: Path, *, width: int, scheme: str = "light", scripts: bool = False):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.resolve().as_uri())
    return page, asked


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize(("name", "page"), EVERY)
def test_no_barrier_no_overflow_no_request(browser, request, name, page):
    """WCAG 2.2 A, AA and best practices by axe, light on a phone and dark on a desk."""
    folder = request.getfixturevalue(name)
    shown, asked = opened(browser, folder / page, width=360, scripts=True)
    for width, scheme in ((360, "light"), (1280, "dark")):
        shown.set_viewport_size({"width": width, "height": 800})
        shown.emulate_media(color_scheme=scheme)
        found = Axe().run(shown).response["violations"]
        said = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]
        assert said == [], (page, width, scheme)
    for width in (320, 360, 768, 1280):
        shown.set_viewport_size({"width": width, "height": 800})
        assert width_of(shown) <= width, (page, width)
    shown.context.close()
    assert [url for url in asked if not url.startswith(folder.resolve().as_uri())] == []


def test_all_of_a_page_is_there_with_scripts_off(browser, rich):
    """The same text with and without scripts, and details open without any."""
    path = rich / "claims" / "votes-anna.html"
    plain, _asked = opened(browser, path, width=360)
    text = plain.locator("main").inner_text()
    assert "650 ≤ 380" in text
    closed = plain.locator("details.table").first
    closed.locator("summary").click()
    assert closed.locator("td").first.is_visible()
    plain.context.close()


def test_text_of_pictures_stays_within_them(browser, belarus, rich):
    """At 320 pixels no label of a picture is cut at its edges."""
    paths = [belarus / "index.html", belarus / "quantities" / "people_arrested.BY.html",
             belarus / "areas" / "BY.html"]  # fmt: skip
    for tag in ("", "be", "ru"):
        paths += [rich / tag / name for name in (
            "index.html", "claims/votes-anna.html", "areas/land.html", "evidence.html",
            "quantities/crowd_size.city.html")]  # fmt: skip
    for path in paths:
        shown, _asked = opened(browser, path, width=320, scripts=True)
        cut = shown.evaluate(
            """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
                 const box = svg.getBoundingClientRect();
                 return [...svg.querySelectorAll('text')].filter(text => {
                   const own = text.getBoundingClientRect();
                   return box.width && (own.left < box.left - 2 || own.right > box.right + 2);
                 }).map(text => text.textContent);
               })"""
        )
        shown.context.close()
        assert cut == [], path


def test_labels_of_claim_bars_do_not_cover_each_other(browser, belarus, rich):
    for path in (rich / "index.html", belarus / "index.html"):
        for width in (320, 360, 1280):
            shown, _asked = opened(browser, path, width=width, scripts=True)
            covered = shown.evaluate(
                """() => [...document.querySelectorAll('svg.claim-bar')].flatMap(svg => {
                     const boxes = [...svg.querySelectorAll('text')].map(
                       text => [text.textContent, text.getBoundingClientRect()]);
                     return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
                       a.left < b.right - 1 && b.left < a.right - 1 &&
                       a.top < b.bottom - 3 && b.top < a.bottom - 3
                     ).map(([other]) => [one, other]));
                   })"""
            )
            shown.context.close()
            assert covered == [], (path, width)


def pages_in(pdf: bytes) -> int:
    return max(int(count) for count in re.findall(rb"/Type\s*/Pages[^>]*?/Count\s+(\d+)", pdf))


def test_the_summary_prints_on_two_sheets(browser, belarus, rich):
    for folder in (belarus, rich):
        shown, _asked = opened(browser, folder / "summary.html", width=1280)
        assert pages_in(shown.pdf(format="A4", prefer_css_page_size=True)) <= 2
        shown.context.close()


@pytest.mark.parametrize(
    ("name", "page"),
    [("rich", "claims/votes-anna.html"), ("rich", "areas/land.html"), ("rich", "stations/s3.html"),
     ("paged", "areas/city.html"), ("belarus", "areas/minsk-region.html")],
)  # fmt: skip
def test_no_table_is_cut_in_print(browser, request, name, page):
    """On a sheet of A4 every table is as wide as the column that holds it, or narrower."""
    shown, _asked = opened(browser, request.getfixturevalue(name) / page, width=680, scripts=True)
    shown.emulate_media(media="print")
    wide = shown.evaluate(
        """() => [...document.querySelectorAll('main table')].filter(table =>
             table.getBoundingClientRect().right > document.documentElement.clientWidth + 1
           ).length"""
    )
    assert wide == 0
    assert shown.locator("nav").first.is_hidden()
    shown.context.close()


def test_from_right_to_left(browser, tmp_path):
    """The page turns round; axes of numbers do not."""
    written(rich_tables(), tmp_path / "report", Language("ar-XB"))
    for page in ("index.html", "areas/land.html"):
        shown, _asked = opened(browser, tmp_path / "report" / page, width=360, scripts=True)
        assert width_of(shown) <= 360
        heading = shown.locator("h1").bounding_box()
        assert shown.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert heading["x"] + heading["width"] == pytest.approx(344, abs=2)
        for chart in shown.locator("svg.chart").all():
            assert chart.evaluate("svg => getComputedStyle(svg).direction") == "ltr"
        shown.context.close()


def test_links_and_buttons_can_be_hit_with_a_thumb(browser, rich):
    """WCAG 2.2, 2.5.8: targets of the navigation are 24 pixels high at least."""
    shown, _asked = opened(browser, rich / "index.html", width=360, scripts=True)
    for target in shown.locator("nav a, .languages a, ul.counts a").all():
        assert target.bounding_box()["height"] >= 24, target.inner_text()
    shown.context.close()


def test_every_kind_of_page_is_looked_at(rich):
    """A new template must be added to the pages that the browser opens."""
    templates = Path(__file__).parents[2] / "src" / "pollwitness" / "report" / "templates"
    kinds = {t.name.removesuffix(".html.j2") for t in templates.glob("*.j2")}
    assert len(kinds - {"base", "marks", "area_rows", "paper", "sample_body", "people_body"}) == 24
    assert pages_of(rich)
