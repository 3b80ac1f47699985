"""Which entries may be of one person."""

from __future__ import annotations

import polars as pl
from rich.progress import Progress

from pollwitness.case import read_case
from pollwitness.case.people import keep_links
from pollwitness.cli.cases import CaseArgument, JsonOption
from pollwitness.cli.detentions.application import SeedOption, app
from pollwitness.cli.output import err, print_json, print_lines, print_table
from pollwitness.detentions.estimate import SEED
from pollwitness.detentions.linkage import GREY, THRESHOLD, Links, linked
from pollwitness.detentions.register import entries, entries_sha256
from pollwitness.language import gettext as _
from pollwitness.language import whole_number


@app.command()
def link(
    case: CaseArgument, seed: SeedOption = SEED, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Find out which entries of the lists may be of one person, and keep the pairs in the case.

    Names are compared across alphabets and spellings. Needs the extra people. The same seed gives
    the same pairs, byte for byte.

    Example: pollwitness detentions link CASE
    """
    with Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        progress.add_task(_("comparing entries"), total=None)
        tables = read_case(case).tables
        links = linked(entries(tables), seed)
    keep_links(case, links, seed, entries_sha256(tables))
    grey = links.between(*GREY).height
    at = [(one, _count(links, one), *links.expected(one)) for one in _THRESHOLDS]
    if as_json:
        print_json("detentions link", {
            "entries": links.records, "pairs": links.pairs.height, "threshold": THRESHOLD,
            "grey": grey,
            "thresholds": [
                {"probability": one, "linked": count, "expected_precision": precision,
                 "expected_recall": recall}
                for one, count, precision, recall in at
            ],
        })  # fmt: skip
        return
    print_lines([
        _("{n} entries; pairs that may be of one person: {pairs}.").format(
            n=whole_number(links.records), pairs=whole_number(links.pairs.height)
        )
    ])  # fmt: skip
    print_table(
        (_("from a probability of"), _("links"), _("right, the model expects"),
         _("found of all, the model expects")),
        [(f"{one}{' *' if one == THRESHOLD else ''}", whole_number(count),
          f"{precision * 100:.1f} %", f"{recall * 100:.1f} %")
         for one, count, precision, recall in at],
    )  # fmt: skip
    print_lines([
        _("* the threshold where no person has decided"),
        _("Pairs that a person should look at: {n} (pollwitness detentions review).").format(
            n=whole_number(grey)
        ),
    ])  # fmt: skip


_THRESHOLDS = (0.05, 0.3, THRESHOLD, 0.8, 0.95)


def _count(links: Links, threshold: float) -> int:
    return links.pairs.filter(pl.col("probability") >= threshold).height
