"""Every text in every language, numbers and dates by locale, and writing from right to left."""

import re
import string
from gettext import NullTranslations
from pathlib import Path

import polars as pl
import pytest
from translations import messages

from pollwitness.checks import counted, number_text, run_checks
from pollwitness.errors import QuestionError
from pollwitness.language import (
    SHIPPED,
    Language,
    day_text,
    gettext,
    language,
    language_of_environment,
    speaking,
    spoken,
)
from pollwitness.report.methods import METHODS
from tests.report.reading import pages_of, read
from tests.report.rich import HOSTILE, rich_tables, written

OTHERS = [tag for tag in SHIPPED if tag != "en"]


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", OTHERS)
def test_catalogues_are_complete_and_hold_nothing_else(tag):
    catalogue = {m.id: m.string for m in messages.read(tag) if m.id}
    assert set(catalogue) == messages.marked()
    empty = [m for m, s in catalogue.items() if not (all(s) if isinstance(s, tuple) else s)]
    assert empty == []


@pytest.mark.parametrize("tag", OTHERS)
def test_translations_keep_placeholders_and_neutral_words(tag):
    for message in messages.read(tag):
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = placeholders(sources[-1])
        for text in strings:
            assert placeholders(text) == wanted, message.id
            assert "!" not in text
            assert not re.search("фальсиф|фальсіф|мошен|махлярств", text, re.IGNORECASE)
        if isinstance(message.id, tuple):
            assert len(strings) == 3


@pytest.mark.parametrize(
    ("tag", "number", "share", "day", "documents"),
    [
        pytest.param("en", "1,234,567", "80.1 %", "14 August 2020",
                     ["1 document", "3 documents", "5 documents", "21 documents"], id="en"),
        pytest.param("ru", "1\u00a0234\u00a0567", "80,1 %", "14 августа 2020\u202fг.",
                     ["1 документ", "3 документа", "5 документов", "21 документ"], id="ru"),
        pytest.param("be", "1\u00a0234\u00a0567", "80,1 %", "14 жніўня 2020\u202fг.",
                     ["1 дакумент", "3 дакументы", "5 дакументаў", "21 дакумент"], id="be"),
    ],
)  # fmt: skip
def test_numbers_dates_and_plurals(tag, number, share, day, documents):
    with speaking(language(tag)):
        assert number_text(1_234_567) == number
        assert number_text(0.801, "share").replace("\u00a0", " ") == share
        assert day_text("2020-08-14").replace("\u202f", " ") == day.replace("\u202f", " ")
        assert [counted(n, "documents") for n in (1, 3, 5, 21)] == documents
        # The form of the word follows the last number of a range.
        assert counted(f"3 – {number_text(1_234_561)}", "documents").split()[-1] == (
            documents[0].split()[1] if tag != "en" else "documents"
        )


class Marked(NullTranslations):
    """A pseudo translation: every text that passes through it is bracketed."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, one, many, number):
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudo") / "report"
    written(rich_tables(), folder, Language("ar-XB", Marked()))
    return folder


def test_a_language_from_right_to_left_sets_the_direction(pseudo):
    for page in pages_of(pseudo):
        assert '<html lang="ar-XB" dir="rtl">' in page.read_text(encoding="utf-8")
    style = (pseudo / "style.css").read_text(encoding="utf-8")
    # Sides are named by the direction of writing; only axes of numbers stay left to right.
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align:\s*(left|right)", style)
    assert not re.search(r"float:|[{;](left|right):", style)


def test_every_text_of_a_page_can_be_translated(pseudo):
    """What is left without the bracketed texts is data of the case, ids, and formulas."""
    tables = rich_tables()
    data = {HOSTILE, tables.case.title, tables.case.id, *_texts(tables)}
    allowed = re.compile(
        r"SHA-256|RFC 8785|JSON Feed|Frictionless|pollwitness [\w. -]+|CASE|\b[0-9a-f]{8,64}\b"
        r"|\b[\w-]+\.(json|csv|toml|html|pdf)|P0\d\d|UTC|[a-z_]+\.[a-z_.]+|\b\w*_\w+|Γ|[Σφδρ]"
        r"|ar-XB|العربية|\bs\d\b|\bc\d\w?\b"
    )
    left = []
    for page in pages_of(pseudo):
        found = read(page)
        spoken_texts = [v for _t, n, v in found.attributes if n == "aria-label"]
        code = set(re.findall(r"<code[^>]*>([^<]*)</code>", page.read_text(encoding="utf-8")))
        for text in [*found.texts, *spoken_texts]:
            rest = re.sub(r"[\w./-]+\.(html|csv)|SHA-256", "", text)
            while "⟦" in rest:
                shorter = re.sub(r"⟦[^⟦⟧]*⟧", "", rest)
                if shorter == rest:
                    break
                rest = shorter
            rest = re.sub(r"\b(tally|claims)\.[a-z_]+", "", rest)
            for known in sorted(data | code, key=len, reverse=True):
                rest = rest.replace(known, "")
            rest = allowed.sub("", rest)
            if re.search(r"[A-Za-z]{3,}", rest) and "inequality" not in text:
                left.append((str(page.relative_to(pseudo)), text.strip()[:90], rest.strip()[:60]))
    formulas = {method.formula.strip()[:90] for method in METHODS.values()}
    assert [one for one in left if one[1] not in formulas] == []


def _texts(tables) -> set[str]:
    found = set()
    for frame in tables.frames.values():
        for column in frame.columns:
            if frame[column].dtype == pl.String:
                found |= {value for value in frame[column].to_list() if value}
    found |= {contest.name for contest in tables.case.contests}
    return found | {o.name for contest in tables.case.contests for o in contest.options}


def test_a_translation_never_changes_a_finding():
    tables = rich_tables()
    plain = run_checks(tables).document(tables)
    with speaking(language("be")):
        assert run_checks(tables).document(tables) == plain


def test_the_language_of_the_environment(monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language_of_environment().tag == "en"
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert language_of_environment().tag == "ru"
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert language_of_environment().tag == "en"


def test_an_unknown_language_is_refused():
    with pytest.raises(QuestionError, match="no translation into 'xx'; there are en, be, ru"):
        language("xx")


def test_speaking_ends_with_the_block():
    with speaking(language("ru")):
        assert spoken().tag == "ru"
        assert gettext("possible") == "возможно"
    assert spoken().tag == "en"
    assert gettext("possible") == "possible"


def test_catalogues_hold_no_time_and_no_place():
    for tag in OTHERS:
        text = (messages.CATALOGUES / f"{tag}.po").read_text(encoding="utf-8")
        assert not re.search(r"Date|POT|^#", text, re.MULTILINE)
    assert Path(messages.SOURCE).is_dir()
