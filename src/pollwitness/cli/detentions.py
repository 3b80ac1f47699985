"""Commands about lists of detained people: link, review, bound, estimate, report."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from pollwitness.case import read_case
from pollwitness.case.evidence import now
from pollwitness.case.people import (
    LinkDecision,
    Verdict,
    decide_links,
    keep_counts,
    keep_links,
    read_decisions,
    settled,
)
from pollwitness.case.write import replace_file
from pollwitness.claims import Json
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.output import out, print_json, print_lines, print_table
from pollwitness.detentions.decomposable import average
from pollwitness.detentions.disclosure import released
from pollwitness.detentions.estimate import SEED, UNSEEN_PER_SEEN, Answer, answer, answer_from
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.linkage import GREY, THRESHOLD, Links, linked
from pollwitness.detentions.loglinear import model_name
from pollwitness.detentions.persons import Pair, persons
from pollwitness.detentions.register import (
    bounds_of,
    entries,
    histories_by,
    histories_of,
    links_of,
)
from pollwitness.detentions.strata import Stratified, stratified
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.people import (
    estimate_rows,
    estimate_sentences,
    people_page,
    people_view,
    strata_rows,
)
from pollwitness.tables import CaseTables

app = typer.Typer(no_args_is_help=True, help="Lists of detained people: how many people are there?")
SeedOption = Annotated[int, typer.Option(help="The seed of everything random.", min=0)]


@app.command()
def link(
    case: CaseArgument, seed: SeedOption = SEED, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Find out which entries of the lists may be of one person, and keep the pairs in the case.

    Names are compared across alphabets and spellings. Needs the extra people. The same seed gives
    the same pairs, byte for byte.

    Example: pollwitness detentions link CASE
    """
    links = linked(entries(read_case(case).tables), seed)
    keep_links(case, links, seed)
    precision, recall = links.expected()
    grey = links.between(*GREY).height
    if as_json:
        print_json("detentions link", {
            "entries": links.records, "pairs": links.pairs.height, "threshold": THRESHOLD,
            "linked": links.pairs.filter(pl.col("probability") >= THRESHOLD).height,
            "expected_precision": precision, "expected_recall": recall, "grey": grey,
        })  # fmt: skip
        return
    template = _("{n} entries; pairs that may be of one person: {pairs}. At a probability of "
                 "{threshold} the model expects a precision of {precision} % and a recall of "
                 "{recall} %.")  # fmt: skip
    print_lines([
        template.format(
            n=whole_number(links.records), pairs=whole_number(links.pairs.height),
            threshold=THRESHOLD, precision=f"{precision * 100:.1f}", recall=f"{recall * 100:.1f}",
        ),
        _("Pairs that a person should look at: {n} (pollwitness detentions review).").format(
            n=whole_number(grey)
        ),
    ])  # fmt: skip


@app.command()
def review(
    case: CaseArgument,
    by: Annotated[str, typer.Option(help="An alias of who decides; never a real name.")],
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions in JSON, for scripts; nothing is asked.")
    ] = None,
) -> None:
    """Look at pairs of the grey zone side by side, one key each; every word can be taken back.

    Decisions are kept in people/decisions.jsonl, which only grows. A second reviewer sees the pairs
    anew; where two disagree, a pair counts as undecided.

    Example: pollwitness detentions review CASE --by first --decisions decisions.json
    """
    tables = settled(case)
    found = entries(tables)
    if decisions is None:
        try:
            _Review(case, found, links_of(tables)[0], by).run()
        finally:
            settled(case)
        return
    wanted = _parsed(decisions, by, set(found["record_id"].to_list()))
    count = decide_links(case, wanted, now())
    settled(case)
    print_lines([_("{count} decisions kept.").format(count=count)])


def _parsed(path: Path, by: str, known: set[str]) -> list[LinkDecision]:
    try:
        found: object = json.loads(path.read_bytes())
    except ValueError as error:
        raise QuestionError(f"{path} is no JSON") from error
    if not isinstance(found, list):
        raise QuestionError(f"{path} holds no list of decisions")
    made, problems = [], []
    verdicts = [one.value for one in Verdict]
    for number, one in enumerate(found, start=1):
        if not isinstance(one, dict) or set(one) != {"first", "second", "verdict"}:
            problems.append(f"decision {number} is no object of first, second, verdict")
        elif one["verdict"] not in verdicts:
            problems.append(f"decision {number}: verdict is one of {', '.join(verdicts)}")
        elif not {one["first"], one["second"]} <= known or one["first"] == one["second"]:
            problems.append(f"decision {number} names no two entries of the case")
        else:
            first, second = sorted((str(one["first"]), str(one["second"])))
            made.append(LinkDecision(first, second, Verdict(one["verdict"]), by))
    if problems:
        raise QuestionError(f"{path}: " + "; ".join(problems))
    return made


_SIDE = (
    "record_id", "list_id", "surname", "given", "patronymic", "sex", "birth_year", "birth_month",
    "birth_day", "detained_on", "area_id", "facility", "status",
)  # fmt: skip
_KEYS = {"s": Verdict.SAME, "d": Verdict.DIFFERENT, "o": Verdict.OPEN}


class _Review:
    """The pairs of the grey zone before a person, the likeliest first."""

    def __init__(self, case: Path, entries: pl.DataFrame, links: Links, by: str) -> None:
        self._case, self._by = case, by
        self._rows = {row["record_id"]: row for row in entries.iter_rows(named=True)}
        said = {pair for (who, pair) in read_decisions(case).words if who == by}
        grey = links.between(*GREY).select("first", "second").iter_rows()
        self._pairs: list[Pair] = [(a, b) for a, b in grey if (a, b) not in said]
        self._last: list[Pair] = []

    def run(self) -> None:
        """Ask about every pair until there is none, or the person stops."""
        place = 0
        while place < len(self._pairs):
            pair = self._pairs[place]
            self._show(pair, f"{place + 1} / {len(self._pairs)}")
            step = self._asked(pair)
            if step is None:
                return
            place = max(place + step, 0)
        print_lines([_("No pair is left.")])

    def _show(self, pair: Pair, count: str) -> None:
        first, second = (self._rows[one] for one in pair)
        out().print()
        print_table(
            (count, "", ""),
            [(name, _text(first[name]), _text(second[name]))
             for name in _SIDE if first[name] is not None or second[name] is not None],
        )  # fmt: skip
        keys = _("[s] one person  [d] two persons  [o] open  [n] next  [u] undo  [q] stop")
        out().print(keys, markup=False)

    def _asked(self, pair: Pair) -> int | None:
        """Carry out what a key says; how far to go on, None to stop."""
        key = typer.getchar().lower()
        if key in {"q", "\x03", "\x04", "\x1b"}:
            return None
        if key == "n":
            return 1
        if key == "u" and self._last:
            self._decide(self._last.pop(), Verdict.UNDO)
            return -1
        if key in _KEYS:
            self._decide(pair, _KEYS[key])
            self._last.append(pair)
            return 1
        return 0

    def _decide(self, pair: Pair, verdict: Verdict) -> None:
        decide_links(self._case, [LinkDecision(*pair, verdict, self._by)], now())


def _text(value: object) -> str:
    return "" if value is None else str(value)


@app.command()
def bounds(case: CaseArgument, as_json: JsonOption = False) -> None:
    """How many different people the lists hold: at least, and over the uncertainty of links.

    Example: pollwitness detentions bounds CASE
    """
    tables = settled(case)
    found = bounds_of(tables)
    links, decisions = links_of(tables)
    ids = entries(tables)["record_id"].to_list()
    likely = len(set(persons(ids, links, decisions).values()))
    disputed = len(read_decisions(case).disputed)
    if as_json:
        print_json("detentions bounds", {
            "entries": len(ids), "certainly_different": found.certain, "persons": likely,
            "persons_least": found.least, "persons_greatest": found.greatest,
            "disputed": disputed,
        })  # fmt: skip
        return
    print_table(("", _("people")), [
        (_("entries"), whole_number(len(ids))),
        (_("certainly different people, at least"), whole_number(found.certain or 0)),
        (_("different people, over the uncertainty of links"),
         _("{low} to {high}").format(
             low=whole_number(found.least or 0), high=whole_number(found.greatest or 0)
         )),
        (_("different people, at the threshold"), whole_number(likely)),
        (_("pairs on which reviewers disagree"), whole_number(disputed)),
    ])  # fmt: skip
    print_lines(["", _for_holders()])


def _for_holders() -> str:
    return _("These are exact counts, for those who hold the lists; what may be published is "
             "written by: pollwitness detentions report")  # fmt: skip


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
    found = answer(made, seed=seed, most_unseen=most, progress=_progress)
    strata = None if by is None or tables is None else _stratified(tables, by, seed)
    if as_json:
        more: dict[str, Json] = {} if strata is None else {"strata": _strata_object(strata)}
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
    if tables is not None:
        print_lines([_for_holders()])


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


def _progress(done: int) -> None:
    if done % _EVERY == 0 and sys.stderr.isatty():
        print(_("{n} models fitted").format(n=done), end="\r", file=sys.stderr)  # noqa: T201


_EVERY = 200


def read_histories(name: str, content: bytes) -> Histories:
    """Capture histories from a CSV: a column of 0 and 1 for each list, then a count.

    Raises:
        QuestionError: with every problem of the file.
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    if len(rows) < 2 or len(rows[0]) < 3:
        raise QuestionError(f"{name} is no CSV of patterns: columns of 0 and 1, then a count")
    header, *lines = rows
    counts: dict[tuple[int, ...], int] = {}
    problems = []
    for number, line in enumerate(lines, start=2):
        *bits, count = line
        is_whole = len(line) == len(header) and count.isdecimal() and set(bits) <= {"0", "1"}
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
             "interval": [one.chapman.low, one.chapman.high]}
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
        own["lower_bound"] = {"total": bound.total, "interval": [bound.low, bound.high]}
    if models is not None:
        best = models.fits[0]
        own["models"] = {
            "fitted": len(models.fits), "silent": models.silent, "least": models.least,
            "greatest": models.greatest,
            "best": {"model": model_name(best.model, found.histories.lists), "total": best.total,
                     "bic": best.bic, "profile": [models.best.low, models.best.high]},
            "by_bic": {"total": models.by_bic.total, "error": models.by_bic.error},
            "by_aicc": {"total": models.by_aicc.total, "error": models.by_aicc.error},
        }  # fmt: skip
    return own


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


@app.command()
def report(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page to write.")],
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Also keep these counts in public tables of the case."),
    ] = False,
    seed: SeedOption = SEED,
) -> None:
    """Write a page of counts and estimates that names nobody and gives no small count.

    Estimates are made from the rounded counts of the page alone. With --keep the report of the
    case has the page too, and whoever has the case can compute it again.

    Example: pollwitness detentions report CASE -o people.html
    """
    if output.exists():
        raise QuestionError(f"{output} exists; choose another file")
    tables = settled(case)
    found, bounds_found = released(histories_of(tables)), bounds_of(tables).released()
    view = people_view(found, bounds_found, answer_from(found, seed=seed, progress=_progress))
    output.parent.mkdir(parents=True, exist_ok=True)
    replace_file(output, people_page(tables, view).encode())
    if keep:
        keep_counts(case, found, bounds_found)
    print_lines([str(output)])
