"""Cells against Python's own idea of numbers, days and hours."""

import datetime
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollwitness.tables import LARGEST_COUNT
from tests.strategies import ids, moments, texts
from tests.tables.checked import checked

ASCII_DIGITS = set("0123456789")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _ids_of(table: str, column: str, cell: str) -> list[str]:
    """The problems of one cell of a documents or stations row."""
    row = {
        "documents": {"document_id": "d", "kind": "k", "title": "t", "publisher": "p"},
        "stations": {"station_id": "s", "area_id": "a"},
    }[table] | {column: _quoted(cell)}
    text = f"{','.join(row)}\n{','.join(row.values())}\n"
    return [problem.id for problem in checked({table: text}, unread={"areas"})]


def _is_moment(text: str) -> bool:
    day, mark, clock = text.partition("T")
    try:
        real = datetime.date.fromisoformat(day).isoformat() == day
        if not mark:
            return real
        found = re.fullmatch(
            r"(\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?(?:Z|[+-](\d\d):(\d\d))", clock, re.ASCII
        )
        if found is None:
            return False
        time, seconds, hours, minutes = found.groups()
        datetime.time.fromisoformat(time + (seconds or "")[:3])
        return real and int(hours or 0) <= 14 and int(minutes or 0) <= 59
    except ValueError:
        return False


@st.composite
def _nearly(draw: st.DrawFn, good: st.SearchStrategy[str], marks: str) -> str:
    """A good text with up to two characters replaced, removed or inserted."""
    text = draw(good)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(["", *marks]))
        text = text[:at] + piece + text[at + draw(st.integers(0, 1)) :]
    return text


@settings(max_examples=100)
@given(text=_nearly(moments, "0123456789T:+-Z. ٣٠"))
@example(text="2024-02-30")
@example(text="2024-02-29")
@example(text="2023-02-29")
@example(text="2024-05-05T24:00Z")
@example(text="2024-05-05T23:59:60Z")
@example(text="2024-05-05 20:00Z")
@example(text="2024-05-05T20:00+14:59")
@example(text="2024-W18-7")
@example(text="20240505")
@example(text="12024-05-05")
def test_a_moment_is_a_day_or_an_hour_with_its_offset(text: str) -> None:
    if text:
        assert _ids_of("documents", "published_at", text) == ([] if _is_moment(text) else ["T012"])


@settings(max_examples=100)
@given(text=_nearly(st.integers(-3, 2 * LARGEST_COUNT).map(str), "0123456789-+., ٣e"))
@example(text="-0")
@example(text="007")
@example(text=str(LARGEST_COUNT))
@example(text=str(LARGEST_COUNT + 1))
@example(text=str(2**63))
@example(text="9" * 40)
def test_a_count_is_digits_within_bounds(text: str) -> None:
    if not text:
        return
    digits = text.removeprefix("-")
    if not digits or not set(digits) <= ASCII_DIGITS:
        expected = ["T005"]
    else:
        number = int(text)
        expected = ["T006"] * (number < 0) + ["T007"] * (number > LARGEST_COUNT)
    assert _ids_of("stations", "registered", text) == expected


@settings(max_examples=100)
@given(text=_nearly(ids, " /é\u200bA_.-"))
@example(text="a" * 64)
@example(text="a" * 65)
def test_an_id_is_64_plain_marks_at_most(text: str) -> None:
    if not text:
        return
    plain = all(c.isascii() and (c.isalnum() or c in "._-") for c in text) and len(text) <= 64
    assert _ids_of("stations", "station_id", text) == ([] if plain else ["T011"])


@settings(max_examples=100)
@given(text=_nearly(texts, " \t\n\x07\x0b\x1b\u00a0\u3000"))
def test_a_text_has_no_spaces_at_its_ends_and_no_control_characters(text: str) -> None:
    if not text:
        return
    control = any((c < " " and c not in "\t\n") or c == "\x7f" for c in text)
    good = text == text.strip() and not control
    assert _ids_of("documents", "title", text) == ([] if good else ["T025"])


@pytest.mark.parametrize(
    ("cell", "good"),
    [
        ("a" * 64, True),
        ("0123456789abcdef" * 4, True),
        ("a" * 63, False),
        ("a" * 65, False),
        ("A" * 64, False),
        ("g" * 64, False),
    ],
)
def test_a_digest_is_64_small_hexadecimal_digits(cell: str, good: bool) -> None:
    assert _ids_of("documents", "sha256", cell) == ([] if good else ["T024"])
