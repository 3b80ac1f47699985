"""Sentences, quantities, dates, speakers and proposals: own examples, annotated texts, any text."""

import datetime
import json
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollwitness.cli.main import main
from pollwitness.errors import QuestionError
from pollwitness.reading.dates import dates
from pollwitness.reading.propose import read_text
from pollwitness.reading.quantities import decimal, quantities
from pollwitness.reading.quotations import with_calls
from pollwitness.reading.spans import LONGEST, Span, sentences
from pollwitness.reading.statements import attributions
from pollwitness.reading.words import words_of

FRIDAY = datetime.date(2031, 5, 16)


def whole(text):
    return Span(0, len(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Brown met Dr. Green. They spoke.", ["Mr. Brown met Dr. Green.", "They spoke."]),
        ("The U.S. said so. J. Smith left.", ["The U.S. said so.", "J. Smith left."]),
        ("He paid 3.5 million. and left", ["He paid 3.5 million. and left"]),
        ("Title\n\nText follows", ["Title", "Text follows"]),
        ("“One. Two,” she said. Three.", ["“One. Two,” she said.", "Three."]),
        ('"One. Two," she said. Three.', ['"One. Two," she said.', "Three."]),
        ("Wait... Go.", ["Wait...", "Go."]),
        ("«Да. Нет», — сказал он. Он ушёл.", ["«Да.", "Нет», — сказал он.", "Он ушёл."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences(text, parts):
    assert [span.of(text) for span in sentences(text)] == parts


def test_a_quotation_that_is_never_closed_ends_after_a_while():
    text = "“" + "He went on. " * 400
    assert len(sentences(text)) > 100
    assert all(span.end - span.start <= LONGEST for span in sentences("x" * 10_000))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("6,700 people were arrested", [("6,700", "eq", "6700", "6700")]),
        ("at least one person died", [("at least one", "at_least", "1", None)]),
        ("more than 2,000 people", [("more than 2,000", "more_than", "2000", None)]),
        ("up to 300 voters", [("up to 300", "at_most", None, "300")]),
        ("fewer than ten stations", [("fewer than ten", "less_than", None, "10")]),
        ("about 40 buses", [("about 40", "about", "40", "40")]),
        ("50 or more people", [("50 or more", "at_least", "50", None)]),
        ("tens of thousands of people", [("tens of thousands", "between", "20000", "99999")]),
        ("between 300 and 400 people", [("between 300 and 400", "between", "300", "400")]),
        ("from 4 to 5 million votes", [("from 4 to 5 million", "between", "4000000", "5000000")]),
        ("60-70 percent of voters", [("60-70 percent", "between", "60", "70")]),
        ("80.1 percent of the vote", [("80.1 percent", "eq", "80.1", "80.1")]),
        ("80.1% of the vote", [("80.1%", "eq", "80.1", "80.1")]),
        ("two hundred and twelve men", [("two hundred and twelve", "eq", "212", "212")]),
        ("2.5m people", [("2.5m", "eq", "2500000", "2500000")]),
        ("half of the stations", [("half", "eq", "0.5", "0.5")]),
        ("she won the majority", [("the majority", "more_than", "50", None)]),
        ("It happened in 2020, at 5:30 a.m. in room 12 on May 9", []),
        ("The 3rd of May, Section 427, the third man", []),
        ("Senard, 65, now faces a task", []),
        ("one of them, no one, the one that", []),
        ("a million to one", []),
        ("4 661 075 votes", [("4 661 075", "eq", "4661075", "4661075")]),
        ("6\u00a0700 people", [("6\u00a0700", "eq", "6700", "6700")]),
        ("4.661.075 votes", [("4.661.075", "eq", "4661075", "4661075")]),
        ("4,66 million votes", [("4,66 million", "eq", "4660000", "4660000")]),
        ("one in ten votes, 60 of 90 people, 10 times more", []),
        ("turnout was 10 to 12 percent", [("10 to 12 percent", "between", "10", "12")]),
        ("6,000-plus people", [("6,000-plus", "at_least", "6000", None)]),
        ("two dozen people, half a million people", [("two dozen", "eq", "24", "24")]),
        ("in May 60 people were held", [("60", "eq", "60", "60")]),
        ("2000 people were released", [("2000", "eq", "2000", "2000")]),
        ("an average of 1500", [("1500", "eq", "1500", "1500")]),
    ],
)
def test_quantities(text, found):
    got = [
        (one.span.of(text), str(one.comparator),
         None if one.low is None else decimal(one.low),
         None if one.high is None else decimal(one.high))
        for one in quantities(text, whole(text))
    ]  # fmt: skip
    assert got == found


def test_decimals_and_unknown_languages():
    assert decimal(Fraction(1, 3)) == "0.333333333333"
    with pytest.raises(QuestionError, match="no words of the language"):
        words_of("xx")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Friday", "2031-05-16", "2031-05-16"),
        ("on Sunday", "2031-05-11", "2031-05-11"),
        ("late on Thursday", "2031-05-15", "2031-05-15"),
        ("next Friday", "2031-05-23", "2031-05-23"),
        ("next Monday", "2031-05-19", "2031-05-19"),
        ("last Friday", "2031-05-09", "2031-05-09"),
        ("they will meet on Monday", "2031-05-19", "2031-05-19"),
        ("today", "2031-05-16", "2031-05-16"),
        ("yesterday", "2031-05-15", "2031-05-15"),
        ("three days ago", "2031-05-13", "2031-05-13"),
        ("two weeks ago", "2031-04-28", "2031-05-04"),
        ("2 months ago", "2031-03-01", "2031-03-31"),
        ("a year ago", "2030-01-01", "2030-12-31"),
        ("this week", "2031-05-12", "2031-05-18"),
        ("last week", "2031-05-05", "2031-05-11"),
        ("this weekend", "2031-05-17", "2031-05-18"),
        ("last month", "2031-04-01", "2031-04-30"),
        ("this year", "2031-01-01", "2031-12-31"),
        ("May 9, 2020", "2020-05-09", "2020-05-09"),
        ("9 May 2020", "2020-05-09", "2020-05-09"),
        ("2020-08-09", "2020-08-09", "2020-08-09"),
        ("August 9", "2030-08-09", "2030-08-09"),
        ("the vote is to be held on August 9", "2031-08-09", "2031-08-09"),
        ("August 2020", "2020-08-01", "2020-08-31"),
        ("in March", "2031-03-01", "2031-03-31"),
        ("in November", "2030-11-01", "2030-11-30"),
        ("since 1994", "1994-01-01", "1994-12-31"),
    ],
)
def test_dates(text, first, last):
    (found,) = dates(text, whole(text), FRIDAY)
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    ("text", "first"),
    [("this weekend", "2031-05-10"), ("they will meet this weekend", "2031-05-17")],
)
def test_this_weekend_early_in_a_week(text, first):
    (found,) = dates(text, whole(text), datetime.date(2031, 5, 13))
    assert str(found.first) == first


@pytest.mark.parametrize(
    "text", ["on Friday", "yesterday", "three days ago", "last week", "August 9", "in March"]
)
def test_without_the_day_of_publication_nothing_is_resolved(text):
    (found,) = dates(text, whole(text), None)
    assert (found.first, found.last) == (None, None)


def test_days_that_there_are_not():
    text = "February 31, 2020 and 2020-13-40"
    assert all(one.first is None for one in dates(text, whole(text), FRIDAY))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The commission said on Tuesday that Ana had won.",
         [("The commission", "said", "that Ana had won")]),
        ("Ana had won, according to the rights group Watch.",
         [("the rights group Watch", "according to", "Ana had won")]),
        ("According to the ministry, 300 people were released.",
         [("the ministry", "According to", "300 people were released")]),
        ("Ten were hurt, according to a written statement from the police.",
         [("the police", "according to", "Ten were hurt")]),
        ("She is accused of theft.", [(None, "is accused", "of theft")]),
        ("“We won everywhere,” said Ana Torvald on Sunday.",
         [("Ana Torvald", "said", "“We won everywhere,”")]),
        ("“We won everywhere,” Ana said. “All of it is ours.”",
         [("Ana", "said", "“We won everywhere,” Ana said. “All of it is ours.”")]),
        ("Bo claimed that it was fair and added that it was over.",
         [("Bo", "claimed", "that it was fair"), ("Bo", "added", "that it was over")]),
        ("Ana, who fled after the vote, called on mayors to help.",
         [("Ana", "called on", "mayors to help")]),
        ("A film shows a man named Bo saying he has left.",
         [("A film", "shows", "a man named Bo saying he has left"),
          ("a man named Bo", "saying", "he has left")]),
        ("Bo also spoke of the press, saying that it was free.",
         [("Bo", "saying", "that it was free")]),
        ("Ten people were arrested.", []),
        ("The United States is large.", []),
        ("“I said no to them,” it reads.", []),
    ],
)  # fmt: skip
def test_attributions(text, found):
    got = [
        (
            None if one.source is None else one.source.of(text),
            one.cue.of(text),
            one.content.of(text),
        )
        for one in attributions(text, with_calls(text, sentences(text)))
    ]
    assert got == found


def test_proposals_join_a_figure_with_what_it_counts_and_who_says_so():
    text = ("Officials said on Sunday that 60 people had been arrested and at least two killed. "
            "Bo won 54.3 percent of the vote. It cost $5.")  # fmt: skip
    found = [one for one in read_text(text, FRIDAY).proposals if one.quantity is not None]
    assert [(one.quantity.span.of(text), one.unit) for one in found] == [
        ("60", "people_arrested"), ("at least two", "people_killed"),
        ("54.3 percent", "vote_share_percent"),
    ]  # fmt: skip
    assert [one.source and one.source.of(text) for one in found] == ["Officials", "Officials", None]
    assert found[0].date.first == datetime.date(2031, 5, 11)


def reference(reference_data, name):
    return json.loads((reference_data / "claims" / name).read_text(encoding="utf-8"))


def overlap(one, other):
    inside = min(one[1], other[1]) - max(one[0], other[0])
    return max(inside, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


COMPARED = {"=": "eq", ">": "more_than", ">=": "at_least", "vague": "between"}


def test_the_annotated_article(reference_data):
    """All 13 figures with value, comparator, unit and source; statements and their speakers."""
    gold = reference(reference_data, "gold_seed.json")
    article = reference_data.parent / "seed" / "article.txt"
    text = article.read_bytes().decode()
    found = read_text(text, datetime.date(2020, 8, 14)).proposals
    figures = 0
    for claim in gold["claims"]:
        for quantity in claim["quantities"]:
            span = (quantity["start"], quantity["end"])
            near = [one for one in found if one.quantity is not None
                    and one.quantity.span.overlaps(Span(*span))]  # fmt: skip
            (one,) = near
            assert str(one.quantity.comparator) == COMPARED[quantity["comparator"]]
            assert float(one.quantity.low) == quantity["low"]
            assert one.unit == quantity["unit"]
            source = claim["source"]
            assert (one.source is None) == (source is None)
            if source is not None:
                assert overlap((source["start"], source["end"]),
                               (one.source.start, one.source.end)) >= 0.5  # fmt: skip
            if (
                "date" in claim
                and claim["date"]
                and re.fullmatch(r"[\d-]+", claim["date"]["resolved"])
            ):
                assert str(one.date.first) == claim["date"]["resolved"]
            figures += 1
    assert figures == 13
    stated = attributions(text, with_calls(text, sentences(text)))
    contents = {(c["content"]["start"], c["content"]["end"]): c["source"] for c in gold["claims"]
                if c["scored"] and c["kind"] != "quantified"}  # fmt: skip
    hits = speakers = 0
    for content, source in contents.items():
        best = max(stated, key=lambda a: overlap(content, (a.content.start, a.content.end)))
        if overlap(content, (best.content.start, best.content.end)) >= 0.5:
            hits += 1
            speakers += (source is None) == (best.source is None) and (
                source is None
                or overlap((source["start"], source["end"]),
                           (best.source.start, best.source.end)) >= 0.5)  # fmt: skip
    assert len(contents) == 26
    assert (hits, speakers) >= (24, 22)


def alike(one, other):
    return len(one) == len(other) and all(
        abs(float(a - b)) <= 1e-6 * max(1, float(b)) for a, b in zip(one, other, strict=True)
    )


def test_figures_of_annotated_sentences(reference_data):
    """By value; F1 at least 0.82 where a plain pattern reaches 0.76."""
    hit = extra = missed = 0
    for row in reference(reference_data, "newsquant_dev.json"):
        text = row["text"]
        got = []
        for one in quantities(text, whole(text)):
            low = one.low if one.low is not None else one.high
            high = one.high if one.high is not None else one.low
            got.append((low,) if one.rule == "number" or low == high else (low, high))
        for quantity in row["quantities"]:
            try:
                wanted = tuple(abs(Fraction(v)) for v in re.split(r"(?<=\d)-", quantity["value"]))
            except ValueError:
                continue
            same = [one for one in got if alike(one, wanted)]
            if same:
                got.remove(same[0])
            hit, missed = hit + bool(same), missed + (not same)
        extra += len(got)
    assert 2 * hit / (2 * hit + extra + missed) >= 0.82


def test_days_of_annotated_news(reference_data):
    """Day-level dates against the day of publication: at least 85 %."""
    hit = asked = 0
    for row in reference(reference_data, "gum_wikinews_dates_dev.json"):
        marks = dict(re.findall(r'(\w+)="([^"]*)"', row["attrs"]))
        wanted = [marks.get("when") or marks.get("from"), marks.get("when") or marks.get("to")]
        at = row["sentence"].find(row["text"])
        if at < 0 or not all(one and re.fullmatch(r"\d{4}-\d\d-\d\d", one) for one in wanted):
            continue
        asked += 1
        span = Span(at, at + len(row["text"]))
        got = dates(
            row["sentence"], whole(row["sentence"]), datetime.date.fromisoformat(row["dct"])
        )
        hit += any(
            one.span.overlaps(span) and [str(one.first), str(one.last)] == wanted for one in got
        )
    assert asked > 50
    assert hit / asked >= 0.85


@settings(max_examples=150)
@given(st.text(max_size=300), st.one_of(st.none(), st.just(FRIDAY)))
def test_spans_of_any_text_lie_within_it_and_come_again(text, published):
    found = read_text(text, published).proposals
    assert found == read_text(text, published).proposals
    for one in found:
        for span in (one.sentence, one.content, one.source, one.cue, one.unit_span):
            assert span is None or 0 <= span.start < span.end <= len(text)


PIECES = st.sampled_from([
    "“", "”", '"', "said", " that ", "Ana", " 6,700 ", "people", " arrested", ", ", ". ", "\r\n",
    "\u00a0", "e\u0301", "😀", "according to ", "on Friday", " and ", "&amp;", "выборы ",
    "per cent", "between 3 and 4 ", "Ignore all previous instructions. ", "$", "in 2020",
    "tens of thousands",
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_texts_of_odd_pieces(text):
    for one in read_text(text, FRIDAY).proposals:
        if one.quantity is not None:
            assert one.quantity.span.of(text).strip() == one.quantity.span.of(text)
            assert one.quantity.low is None or one.quantity.high is None or (
                one.quantity.low <= one.quantity.high)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["officials said 100 people were arrested and " * 700, "“" * 40_000, '"a." ' * 9_000,
             "1 " * 3_000, ", said " * 3_000, ". " * 20_000],
    ids=["one line", "quotes", "straight quotes", "digits", "cues", "stops"],
)  # fmt: skip
def test_texts_made_to_be_slow_are_read(text):
    assert read_text(text, FRIDAY).sentences > 0


def test_the_command(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(
        "Officials said on Friday that 60 people were arrested. Bo said he won."
    )
    assert main(["read", str(tmp_path / "a.txt"), "--published", "2031-05-16"]) == 0
    out = capsys.readouterr().out
    assert "people arrested" in out
    assert "1 figures and 1 statements found" in out
    assert main(["read", str(tmp_path / "a.txt"), "--published", "2031-05-16", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["result"]["proposals"][0]
    assert first["quantity"]["low"] == "60"
    assert first["source"] == {"start": 0, "end": 9, "text": "Officials", "bytes": [0, 9]}
    assert first["date"]["from"] == "2031-05-16"
    assert main(["read", str(tmp_path / "a.txt"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["published"] is None


@pytest.mark.parametrize(
    ("content", "said"),
    [(b" \n", "is empty"), (b"caf\xe9", "no text in UTF-8: byte 4"), (b"a\0b", "a zero byte")],
)
def test_files_that_are_no_text_are_refused(tmp_path, capsys, monkeypatch, content, said):
    (tmp_path / "a.txt").write_bytes(content)
    assert main(["read", str(tmp_path / "a.txt")]) == 2
    assert said in capsys.readouterr().err
    monkeypatch.setattr("pollwitness.reading.texts.MOST_BYTES", 0)
    assert main(["read", str(tmp_path / "a.txt")]) == 2
