"""The page on listed people: made of public tables alone, in every language."""

import re
from dataclasses import replace

import polars as pl
import pytest

from pollwitness.detentions.decomposable import average
from pollwitness.detentions.disclosure import released
from pollwitness.detentions.estimate import answer
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.latent import Sampling
from pollwitness.detentions.register import Bounds
from pollwitness.report.charts import ForestRow, Overlap, forest, overlaps
from pollwitness.report.people import (
    estimate_rows,
    estimate_sentences,
    overlap_picture,
    people_view,
)
from tests.detentions.published import KOSOVO, UNITED_KINGDOM


def plain(path):
    text = re.sub(
        r"<(style|script).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return " ".join(re.sub("<[^>]+>", " ", text).split())


def test_bounds_come_first_and_the_spread_is_the_answer(listed):
    text = plain(listed / "people.html")
    certain = text.index("At least 3,120 different people stand on the lists")
    band = text.index("about 4,210 to 4,425 different people")
    spread = text.index("people: no single number is the answer.")
    assert certain < band < spread
    assert "113 models that can be fitted" in text
    assert "Listed people" in plain(listed / "index.html")
    for tag in ("be", "ru"):
        assert "no single number" not in plain(listed / tag / "people.html")


def test_a_stranger_repeats_the_estimate_from_the_public_table(listed):
    table = pl.read_csv(listed / "data" / "tables" / "list_overlaps.csv")
    rows = dict(table.filter(pl.col("lists") != "*").iter_rows())
    names = sorted({one for lists in rows for one in lists.split(" + ")})
    patterns = {tuple(int(name in lists.split(" + ")) for name in names): count
                for lists, count in rows.items()}  # fmt: skip
    found = answer(Histories.of(names, patterns))
    text = plain(listed / "people.html")
    assert f"span {round(found.least):,} to {round(found.greatest):,} people" in text
    assert f"The model with the lowest BIC says {round(found.models.fits[0].total):,}" in text


def test_without_an_estimate_the_counts_stay(listed):
    text = plain(listed / "people-alone.html")
    assert "none is published" in text
    assert "About 1,175 people stand on several lists" in text
    assert "no single number" not in text


def test_no_count_below_ten_in_picture_or_table():
    picture = overlap_picture(released(UNITED_KINGDOM))
    numbers = [int(row[1].replace(",", "")) for row in picture.rows]
    assert numbers
    assert min(numbers) >= 10
    assert picture.rows[-1] == ("all other combinations together", "20")
    drawn = [int(n.replace(",", "")) for n in
             re.findall(r">([\d,]+)</text>", str(picture.drawing))]  # fmt: skip
    assert set(drawn) <= set(numbers)


def test_what_is_said_of_peaks_and_of_chains_that_disagree():
    cut_off = answer(KOSOVO, sampling=Sampling(20, 20, 1, 2), most_unseen=10_000)
    found = replace(cut_off, graphs=average(UNITED_KINGDOM, 30_000))
    said = " ".join(estimate_sentences(found))
    assert "several peaks, at 11,718, 24,307" in said
    assert "chains of the latent classes do not agree yet" in said
    assert any("chains disagree" in row[0] for row in estimate_rows(found))
    cut = " ".join(estimate_sentences(cut_off))
    assert "The posterior is cut off at 14,400" in cut


def test_an_interval_without_end_is_drawn_to_the_edge_and_said():
    drawing = str(forest([ForestRow("a", 50.0, (20.0, float("inf"))),
                          ForestRow("b", None, (20.0, 80.0))], 30.0, "so"))  # fmt: skip
    assert "→ ∞" in drawing
    with_few = str(overlaps([Overlap((True, False), None)], ["A", "B"], "so"))
    assert "fewer than 10" in with_few


def test_bounds_that_may_not_be_published_are_not_said():
    view = people_view(released(KOSOVO), Bounds(None, 12, None), None)
    assert len(view.sentences) == 1


@pytest.mark.parametrize("tag", ["", "be/", "ru/"])
def test_every_figure_of_the_forest_is_in_its_table(listed, tag):
    page = (listed / tag / "people.html").read_text(encoding="utf-8")
    table = page[page.index("<details") :]
    assert table.count("Chapman") >= 6
