"""How many people there are, those on no list too."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from pollwitness.case.people import settled
from pollwitness.claims import Json
from pollwitness.cli.cases import JsonOption
from pollwitness.cli.detentions.application import SeedOption, app, for_holders, models_fitted
from pollwitness.cli.output import out, print_json, print_lines, print_table
from pollwitness.detentions.decomposable import average
from pollwitness.detentions.estimate import SEED, UNSEEN_PER_SEEN, Answer, answer, typical
from pollwitness.detentions.histories import MOST_LISTS, Histories
from pollwitness.detentions.linkage import GREY
from pollwitness.detentions.loglinear import model_name
from pollwitness.detentions.register import histories_by, histories_of
from pollwitness.detentions.strata import Stratified, stratified
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.people import estimate_rows, estimate_sentences, strata_rows
from pollwitness.tables import CaseTables


class Stratum(StrEnum):
    """What divides the entries of a case into strata."""

    AREA = "area"
    MONTH = "month"


@app.command()
def estimate(
    case: Annotated[
        Path | None, typer.Argument(help="The case folder; or give --histories.")
    ] = None,
    histories: Annotated[
        Path | None,
        typer.Option(help="A CSV of patterns: a column of 0 and 1 for each list, then a count."),
    ] = None,
    by: Annotated[
        Stratum | None, typer.Option(help="Also estimate areas or months apart, and add them up.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(help="Most people on no list that are thought of.", min=1)
    ] = None,
    seed: SeedOption = SEED,
    as_json: JsonOption = False,
) -> None:
    """How many people there are, those on no list too: the spread over methods and models.

    Refuses where the lists overlap too little. With --histories it needs no case and no names.

    Example: pollwitness detentions estimate --histories histories.csv
    """
    if (case is None) == (histories is None):
        raise QuestionError("give a case or --histories, one of them")
    if histories is not None and by is not None:
        raise QuestionError("--by needs a case: histories have neither areas nor months")
    tables = None if case is None else settled(case)
    made = (
        read_histories(str(histories), Path(str(histories)).read_bytes())
        if tables is None
        else histories_of(tables)
    )
    strata = None if by is None or tables is None else _stratified(tables, by, seed)
    found = answer(made, seed=seed, most_unseen=most, progress=models_fitted)
    linked_otherwise = [] if tables is None else _over_links(tables)
    if as_json:
        more: dict[str, Json] = {} if strata is None else {"strata": _strata_object(strata)}
        if linked_otherwise:
            more["over_thresholds"] = list[Json](linked_otherwise)
        print_json("detentions estimate", _object(found) | more)
        return
    print_table(
        (_("method"), _("people"), _("95 %, under its own assumptions")), estimate_rows(found)
    )
    if strata is not None:
        out().print()
        print_table(
            (_("stratum"), _("people"), _("95 %, under its own assumptions")), strata_rows(strata)
        )
    print_lines(["", *estimate_sentences(found)])
    if linked_otherwise:
        template = _(
            "Over the uncertainty of links between the entries: {least} to {greatest} people."
        )
        low, high = (whole_number(round(f(linked_otherwise))) for f in (min, max))
        print_lines([template.format(least=low, greatest=high)])
    if tables is not None:
        print_lines([for_holders()])


def _over_links(tables: CaseTables) -> list[float]:
    """The typical total where all entries that may be of one person are joined, and where few are.

    Empty where the lists do not overlap enough then.
    """
    try:
        return [typical(histories_of(tables, threshold)) for threshold in GREY]
    except QuestionError:
        return []


def _stratified(tables: CaseTables, by: Stratum, seed: int) -> Stratified:
    """The sum over areas or months; people without one are a stratum of their own."""
    column = pl.col("area_id") if by is Stratum.AREA else pl.col("detained_on").str.slice(0, 7)
    parts = histories_by(tables, column)
    return stratified(
        parts, lambda one: average(one, UNSEEN_PER_SEEN * one.observed),
        np.random.default_rng(seed),
    )  # fmt: skip


def _strata_object(found: Stratified) -> dict[str, Json]:
    return {
        "mean": found.mean, "interval": [found.low, found.high], "joined": list(found.joined),
        "parts": {
            name: {"observed": one.observed, "mean": one.mean, "interval": [one.low, one.high]}
            for name, one in found.parts.items()
        },
    }  # fmt: skip


def _rows(name: str, content: bytes) -> list[list[str]]:
    """The rows of a CSV of patterns, its header first."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(f"{name} is not UTF-8: save it as such") from error
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) < 2 or len(rows[0]) < 3:
        raise QuestionError(f"{name} is no CSV of patterns: columns of 0 and 1, then a count")
    if len(rows[0]) - 1 > MOST_LISTS:
        raise QuestionError(f"{name}: {len(rows[0]) - 1} lists; estimates need 2 to {MOST_LISTS}")
    return rows


_DIGITS = 9


def read_histories(name: str, content: bytes) -> Histories:
    """Capture histories from a CSV: a column of 0 and 1 for each list, then a count.

    Raises:
        QuestionError: with every problem of the file.
    """
    rows = _rows(name, content)
    header, *lines = rows
    counts: dict[tuple[int, ...], int] = {}
    problems = []
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        *bits, count = line
        is_number = count.isascii() and count.isdecimal() and len(count) <= _DIGITS
        is_whole = len(line) == len(header) and is_number and set(bits) <= {"0", "1"}
        if not is_whole:
            problems.append(f"row {number} is no pattern of {len(header) - 1} lists with a count")
            continue
        pattern = tuple(int(bit) for bit in bits)
        counts[pattern] = counts.get(pattern, 0) + int(count)
    if any(not any(bits) and count for bits, count in counts.items()):
        problems.append("a row counts people who are on no list: they cannot have been counted")
    if problems:
        raise QuestionError(f"{name}: " + "; ".join(problems))
    return Histories.of(header[:-1], {bits: n for bits, n in counts.items() if any(bits)})


def _object(found: Answer) -> dict[str, Json]:
    h = found.histories
    models, graphs = found.models, found.graphs
    document: dict[str, Json] = {
        "observed": h.observed, "lists": list(h.lists),
        "least": found.least, "greatest": found.greatest,
        "two_lists": [
            {"lists": [one.first, one.second], "both": one.both,
             "lincoln_petersen": one.lincoln_petersen, "chapman": one.chapman.total,
             "interval": [one.chapman.low, _end(one.chapman.high)]}
            for one in found.two_lists
        ],
        "latent_classes": {
            "mean": found.classes.mean, "median": found.classes.median,
            "interval": [found.classes.low, found.classes.high], "r_hat": found.classes.r_hat,
            "effective_size": found.classes.size, "converged": found.classes.has_converged,
        },
        "without": {one.name: one.total for one in found.left_out},
        "links": [{"missed": one.missed, "false": one.false, "total": one.total}
                  for one in found.links],
        "priors": [{"delta": delta, "mean": mean} for delta, mean in found.priors],
    }  # fmt: skip
    return document | _of_models(found) | _graphs_object(found) if models or graphs else document


def _of_models(found: Answer) -> dict[str, Json]:
    models, bound = found.models, found.lower_bound
    own: dict[str, Json] = {}
    if bound is not None:
        own["lower_bound"] = {"total": bound.total, "interval": [bound.low, _end(bound.high)]}
    if models is not None:
        best = models.fits[0]
        own["models"] = {
            "fitted": len(models.fits), "silent": models.silent, "least": models.least,
            "greatest": models.greatest,
            "best": {"model": model_name(best.model, found.histories.lists), "total": best.total,
                     "bic": best.bic, "profile": [models.best.low, _end(models.best.high)]},
            "by_bic": {"total": models.by_bic.total, "error": models.by_bic.error},
            "by_aicc": {"total": models.by_aicc.total, "error": models.by_aicc.error},
        }  # fmt: skip
    return own


def _end(value: float) -> float | None:
    """An upper end; JSON has no infinity."""
    return None if value == float("inf") else value


def _graphs_object(found: Answer) -> dict[str, Json]:
    graphs = found.graphs
    if graphs is None:
        return {}
    shown: list[Json] = [
        {"pairs": [f"{a} {b}" for a, b in pairs], "probability": chance}
        for pairs, chance in graphs.graphs[:_SHOWN]
    ]
    return {
        "graphs": {
            "mean": graphs.mean, "median": graphs.median, "mode": graphs.mode,
            "modes": list[Json](graphs.modes), "interval": [graphs.low, graphs.high],
            "truncated": graphs.is_truncated, "likeliest": shown,
        }
    }  # fmt: skip


_SHOWN = 5
