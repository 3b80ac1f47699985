"""Files as texts: encodings, pages in HTML and PDF, and the way back to the bytes."""

import datetime
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from pollwitness.errors import QuestionError
from pollwitness.reading.spans import Span
from pollwitness.reading.texts import TextKind, text_of

PAGE = """<!DOCTYPE html>
<html><head><title>Vote &amp; count</title>
<meta property="article:published_time" content="2031-05-16T10:00:00Z">
<script>var a = "<p>Nobody said 99 people here, did they? No.</p>";</script></head>
<body><nav><a href="/">Home</a></nav>
<article><h1>Officials say &laquo;1,200&raquo;</h1>
<p>Officials said <b>1,200</b>&nbsp;people were
   arrested on Friday. \U0001f600</p>
<p><a href="x">Read also: more of the same, at least ten times.</a></p>
<aside>At least 10 per cent off everything today.</aside>
<p>Выборы &#1074; стране. e\u0301</p><div>Share</div></article>
<footer>&copy; 2031 A paper. All rights are reserved here.</footer></body></html>"""


def test_a_page_is_its_article_with_title_and_day():
    source = text_of("page", PAGE.encode())
    assert source.kind is TextKind.HTML
    assert source.title == "Vote & count"
    assert source.published == datetime.date(2031, 5, 16)
    assert source.published_by == "meta article:published_time"
    assert source.text == (
        "Officials say «1,200»\n\nOfficials said 1,200\u00a0people were arrested on Friday. "
        "\U0001f600\n\nВыборы в стране. e\u0301"
    )
    assert source.left_out == 5


def test_spans_of_a_page_lead_back_to_its_bytes():
    content = PAGE.encode()
    source = text_of("page", content)
    for words, raw in (
        ("1,200\u00a0people", "1,200</b>&nbsp;people"),
        ("were arrested", "were\n   arrested"),
        ("«1,200»", "&laquo;1,200&raquo;"),
        ("Выборы в", "Выборы &#1074;"),
        ("\U0001f600", "\U0001f600"),
    ):
        start = source.text.index(words)
        first, last = source.bytes_of(Span(start, start + len(words)))
        assert content[first:last].decode() == raw


LONG = "This sentence is long enough to be prose. "


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f'<p title="a > Officials said 60 were killed">{LONG}</p>', LONG),
        (f"<head><meta name=x><p>{LONG}</p>", LONG),
        (f"<form><p>{LONG}</p></form>", LONG),
        (f'<p>{LONG}<span style="display: none">60 people.</span> End.</p>', LONG + "End."),
        (f"<p>{LONG}<span hidden>60 people.</span> End.</p>", LONG + "End."),
        (f"<p>{LONG}<del>60</del> 70 people.</p>", LONG + "70 people."),
        (f"<p>{LONG}6<sup>1</sup> people.</p>", LONG + "6 people."),
        (f"<article><p>{LONG}{LONG}</p></article><article><p>{LONG}77 arrested.</p></article>",
         LONG + LONG),
        (f"<p title='unclosed>{LONG}</p>", LONG),
    ],
)  # fmt: skip
def test_what_a_page_does_not_say_is_left_out(markup, text):
    assert text_of("page", f"<html>{markup}".encode()).text.strip() == text.strip()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta name="date" content="2031-02-03">', "2031-02-03"),
        ('<script>{"@graph": [{"datePublished": "2031-02-04"}]}</script>', "2031-02-04"),
        ('<script type="application/ld+json">{"datePublished": </script>', None),
        ('<time datetime="2031-02-05">then</time>', "2031-02-05"),
        ('<time datetime="2031-02-05"></time><time datetime="2031-02-06"></time>', None),
        ('<meta name="date" content="2031-02-30">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_day_that_a_page_states(head, day):
    source = text_of("page", f"<html>{head}<p>One sentence that is long enough.</p>".encode())
    assert (None if source.published is None else source.published.isoformat()) == day


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        ("Да, 5 людей.".encode(), "utf-8", "Да, 5 людей."),
        (b"\xef\xbb\xbfone\r\ntwo", "utf-8", "one\r\ntwo"),
        ("\ufeffДа".encode("utf-16-le"), "utf-16-le", "Да"),
        ("\ufeffДа \U0001f600".encode("utf-16-be"), "utf-16-be", "Да \U0001f600"),
        ("<html><meta charset='windows-1251'><p>Выборы прошли в воскресенье, сказал он.</p>"
         .encode("cp1251"), "windows-1251", "Выборы прошли в воскресенье, сказал он."),
    ],
)  # fmt: skip
def test_encodings(content, encoding, text):
    source = text_of("file", content)
    assert (source.encoding, source.text) == (encoding, text)
    for place in range(len(text)):
        first, last = source.bytes_of(Span(place, place + 1))
        assert content[first:last].decode(encoding) == text[place]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" \n", "is empty"),
        (b"caf\xe9", "no text in UTF-8: byte 4"),
        (b"a\0b", "a zero byte"),
        (b"<html><meta charset=big5><p>x</p>", "encoding 'big5'"),
        (b"<html><meta charset=iso-8859-99><p>x</p>", "encoding 'iso-8859-99'"),
        (b"<html><script>x</script>", "without text"),
        (b"%PDF-1.7 nothing", "cannot be read as PDF"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "no text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(content, said):
    with pytest.raises(QuestionError, match=said):
        text_of("file", content)


def pdf(*pages):
    """A PDF with a text layer, made by hand."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]  # fmt: skip
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 12 Tf 40 700 Td {shown}ET".encode("cp1252")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, one in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def test_the_text_layer_of_a_pdf_with_its_pages():
    content = pdf(["Officials said 60 people", "were arrested."], ["Bo said he won."])
    source = text_of("report.pdf", content)
    assert source.kind is TextKind.PDF
    assert source.text.split() == (
        ["Officials", "said", "60", "people", "were", "arrested.", "Bo", "said", "he", "won."]
    )
    second = source.text.index("Bo")
    assert source.page_of(Span(0, 5)) == 1
    assert source.page_of(Span(second, second + 2)) == 2
    assert source.bytes_of(Span(0, 5)) is None


def test_a_locked_pdf_and_one_of_pictures_are_refused():
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    empty = io.BytesIO()
    writer.write(empty)
    with pytest.raises(QuestionError, match="no text layer"):
        text_of("scan.pdf", empty.getvalue())
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(QuestionError, match="locked with a password"):
        text_of("locked.pdf", locked.getvalue())


TAGS = st.sampled_from([
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a href='x'>", "</a>", "<br>", "<nav>",
    "</nav>", "<article>", "</article>", "<script>", "</script>", "<!--", "-->", "<", ">", "&",
    "&amp;", "&#1074;", "&nbsp;", "&bogus;", "<p", "word ", "Ω\u00a0", "\U0001f600", "\r\n", '"',
    "A sentence that is long enough to be prose here. ", "<title>", "</title>", "<p title='>'>",
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(TAGS, max_size=30))
def test_any_markup_gives_spans_that_are_in_the_page(pieces):
    content = ("<html>" + "".join(pieces)).encode()
    try:
        source = text_of("page", content)
    except QuestionError:
        return
    assert len(source.starts) == len(source.ends) == len(source.text)
    for place, letter in enumerate(source.text):
        first, last = source.bytes_of(Span(place, place + 1))
        raw = content[first:last].decode()
        assert 0 <= first <= last <= len(content)
        assert raw == letter or letter.isspace() or raw.startswith("&")


@pytest.mark.parametrize(
    "markup",
    ['"' * 300_000, "<" * 100_000, "<!--" * 50_000, "<script>" * 20_000, "<div>" * 10_000,
     "&amp" * 50_000, '<a x="' * 20_000, "<p>a" * 20_000],
    ids=["quotes", "brackets", "comments", "scripts", "nested", "references", "tags", "blocks"],
)  # fmt: skip
def test_pages_made_to_be_slow_are_read(markup):
    content = f"<html><p>One sentence that is long enough.</p>{markup}".encode()
    assert "long enough" in text_of("page", content).text
