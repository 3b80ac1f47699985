"""The annotated article: the text as it was, the marks in it, and what is not shown."""

import re
from html.parser import HTMLParser

from pollwitness.checks import run_checks
from pollwitness.report import Subject
from pollwitness.tables import Audience
from tests.report.rich import ARTICLE, HOSTILE, articles, rich_tables, written


class Read(HTMLParser):
    """The text of the paragraphs of an article, without the numbers of its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self._inside = self._ref = False
        self._mark = ""

    def handle_starttag(self, tag, attributes):
        classes = dict(attributes).get("class") or ""
        if tag == "p" and classes == "text":
            self._inside = True
            self.paragraphs.append("")
        self._ref = self._ref or (tag == "a" and classes.startswith("ref")) or classes == "cut"
        self._mark = classes if tag == "mark" else self._mark

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "p"
        self._ref = self._ref and tag not in {"a", "span"}
        self._mark = "" if tag == "mark" else self._mark

    def handle_data(self, data):
        if self._inside and not self._ref:
            self.paragraphs[-1] += data
            if self._mark:
                self.marked.append((self._mark, data))


def read(folder, name):
    page = (folder / "articles" / name).read_text(encoding="utf-8")
    found = Read()
    found.feed(page)
    return page, found


def test_the_whole_text_stands_as_it_was(rich):
    page, found = read(rich, "whole.html")
    assert found.paragraphs == ARTICLE.split("\n\n")[1:], "the title stands above"
    assert HOSTILE not in page
    assert "nothing in it was changed" in page


def test_claims_and_oddities_are_marked_where_they_stand(rich):
    page, found = read(rich, "whole.html")
    words = {data: classes for classes, data in found.marked}
    assert "v-contradicted" in words["Anna had 380 votes"]
    assert "v-undecided" in words["A crowd of at least 20,000 people stood in the city"]
    assert words["Protestants"] == "odd"
    numbers = [int(n) for n in re.findall(r'class="ref[^>]*>(\d+)</a>', page)]
    assert sorted(numbers) == list(range(1, 6))
    for number in numbers:
        assert f'id="n-{number}"' in page
        assert f'id="t-{number}"' in page
    assert "cannot both be true" in page or "can both be true" in page


def test_without_terms_only_the_sentences_with_a_mark_are_quoted(rich):
    page, found = read(rich, "quoted.html")
    text = " ".join(found.paragraphs)
    assert "Anna had 380 votes" in text
    assert "Nobody saw it" not in page
    assert "100 % calm" not in page
    assert "[…]" in page


def test_articles_are_linked_and_have_a_preview(rich):
    assert "articles/whole.html" in (rich / "index.html").read_text("utf-8")
    assert "articles/whole.html" in (rich / "documents.html").read_text("utf-8")
    assert "../articles/whole.html" in (rich / "claims" / "told-votes.html").read_text("utf-8")
    assert (rich / "previews" / "article-whole.png").read_bytes().startswith(b"\x89PNG")
    assert "Told &amp; retold" in (rich / "articles" / "index.html").read_text("utf-8")


def test_texts_of_an_internal_case_are_not_shown(tmp_path):
    tables = rich_tables(Audience.INTERNAL)
    subject = Subject.of(tables, run_checks(tables), articles=articles())
    assert subject.articles == {}
    written(tables, tmp_path / "report", texts=articles())
    assert not (tmp_path / "report" / "articles").exists()
