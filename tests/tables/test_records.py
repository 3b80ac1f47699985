"""The layout of separated texts, against Python's own reader of CSV."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollwitness.tables import records
from pollwitness.tables.records import layout

TEXT = st.lists(
    st.lists(st.text(st.sampled_from('ab",;\n'), max_size=4), min_size=1, max_size=4),
    min_size=1, max_size=6,
)  # fmt: skip


def written(rows, separator=",") -> bytes:
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return ("\n".join(quoted) + "\n").encode()


@given(TEXT, st.sampled_from([1, 3, 1 << 20]), st.sampled_from([",", ";"]))
def test_every_record_is_as_wide_as_it_was_written(rows, block, separator):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_BLOCK", block)
        found = layout(written(rows, separator), separator=separator)
    assert found.widths.tolist() == [len(row) for row in rows]
    assert found.stray.size == 0
    assert found.unclosed_at is None
    read = list(csv.reader(written(rows, separator).decode().splitlines(keepends=True),
                           delimiter=separator))  # fmt: skip
    assert [len(row) for row in read] == found.widths.tolist()


def test_without_quotation_marks_every_line_is_a_record():
    found = layout(b'a "b\n"c;d"\n', separator=";", quote=None)
    assert found.widths.tolist() == [1, 2]
    assert found.unclosed_at is None


def test_a_text_without_line_feed_is_one_record():
    assert layout(b"a,b").widths.tolist() == [2]
    assert layout(b"").widths.tolist() == [1]


def test_marks_in_the_wrong_place_are_told():
    assert layout(b'a,x"y"\n').stray.tolist() == [3]
    assert layout(b'"a"b,c\n').stray.tolist() == [2]
    assert layout(b'a,"b\nc\n').unclosed_at == 2
    assert layout(b"a\rb\r\nc\r").returns.tolist() == [1, 6]
