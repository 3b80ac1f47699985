"""How many people the lists hold, and what of it may be published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pollwitness.case.people import keep_counts, read_decisions, settled
from pollwitness.case.write import replace_file
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.detentions.application import SeedOption, app, for_holders, models_fitted
from pollwitness.cli.output import print_json, print_lines, print_table
from pollwitness.detentions.disclosure import released
from pollwitness.detentions.estimate import SEED, answer_from
from pollwitness.detentions.persons import persons
from pollwitness.detentions.register import bounds_of, entries, histories_of, links_of
from pollwitness.errors import QuestionError
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.people import people_page, people_view


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
    print_lines(["", for_holders()])


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
    exact = histories_of(tables)
    found = released(exact)
    bounds_found = bounds_of(tables).released(found, exact.observed)
    view = people_view(found, bounds_found, answer_from(found, seed=seed, progress=models_fitted))
    output.parent.mkdir(parents=True, exist_ok=True)
    replace_file(output, people_page(tables, view).encode())
    if keep:
        keep_counts(case, found, bounds_found)
    print_lines([str(output)])
