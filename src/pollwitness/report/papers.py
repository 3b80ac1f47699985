"""Pages that are one file each: sheets and transcript of a recount, the live quick count."""

from __future__ import annotations

import hashlib

import numpy as np
from markupsafe import Markup

from pollwitness.audit.bounds import SCALE
from pollwitness.audit.contests import Reported
from pollwitness.checks.quick_count import Arrived
from pollwitness.checks.recount import WITHOUT_REPLACEMENT, Assessment, Step, assertion_words
from pollwitness.checks.sample_words import recount_sentences
from pollwitness.language import gettext as _
from pollwitness.language import mark, spoken, whole_number
from pollwitness.report.pages.samples import quick_count_view
from pollwitness.report.rendering import environment
from pollwitness.report.theme import style_sheet
from pollwitness.stats.draws import as_hashed
from pollwitness.tables import CaseTables

Whole = np.ndarray[tuple[int], np.dtype[np.int64]]


def recount_sheets(tables: CaseTables, found: Assessment) -> str:
    """One page for each different station of a sample: what to count, and who signs."""
    names = {row["station_id"]: row for row in tables.table("stations").to_dicts()}
    different = list(dict.fromkeys(one.station_id for one in found.steps))
    contest = tables.case.contest(found.contest_id)
    return rendered(
        "sheets.html.j2", tables,
        contest=contest, options=contest.options, found=found,
        sheets=[
            (names[one], [str(step.draw.k) for step in found.steps if step.station_id == one])
            for one in different
        ],
    )  # fmt: skip


def transcript(tables: CaseTables, found: Assessment, risk_limit: float) -> str:
    """Every step of a recount: assertions, weights, hashes of the draws, values, p-values."""
    running = np.cumsum(found.bounds.weights)
    total = int(running[-1])
    return rendered(
        "transcript.html.j2", tables,
        contest=tables.case.contest(found.contest_id), found=found,
        sentences=recount_sentences(found, risk_limit),
        assertions=[(assertion_words(one, tables), one.margin) for one in found.assertions],
        risk=f"{risk_limit:g}", scale=whole_number(SCALE), total=str(total),
        many=len(found.reported.stations),
        without=found.method in WITHOUT_REPLACEMENT,
        steps=[_step(number, one, found, running) for number, one in enumerate(found.steps)],
        manifest=_manifest(found.reported, found, running),
    )  # fmt: skip


def _step(k: int, one: Step, found: Assessment, running: Whole) -> dict[str, str]:
    place = one.draw.place
    path = found.path
    known = path is not None and k < len(path.taints)
    text = f"{found.seed},{one.draw.k}"
    if found.method == "consistent":
        text = hashlib.sha256(str(found.seed).encode()).hexdigest() + as_hashed(one.station_id)
    start = int(running[place]) - int(found.bounds.weights[place])
    return {
        "k": str(one.draw.k), "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(), "number": str(one.draw.number),
        "range": f"{start} - {int(running[place]) - 1}" if found.method == "proportional" else "",
        "station": one.station_id,
        "outcome": "" if one.outcome is None else _(OUTCOMES[str(one.outcome)]),
        "taint": f"{one.taint:.6f}" if one.taint is not None else "",
        "p": f"{path.betting[k]:.6f}" if path is not None and known else "",
        "markov": f"{path.kaplan_markov[k]:.6f}" if path is not None and known else "",
    }  # fmt: skip


def _manifest(reported: Reported, found: Assessment, running: Whole) -> list[tuple[str, ...]]:
    """Station, votes, ballots, weight and running sum, for each station."""
    return [
        (name, *(str(int(v)) for v in votes), str(int(most)), str(int(weight)), str(int(end)))
        for name, votes, most, weight, end in zip(
            reported.stations, reported.votes, reported.most_ballots, found.bounds.weights,
            running, strict=True,
        )
    ]  # fmt: skip


OUTCOMES = {
    "counted": mark("counted"),
    "refused": mark("refused"),
    "unreachable": mark("not reached"),
}


def live_page(tables: CaseTables, found: Arrived, gamma: float, when: tuple[str, int]) -> str:
    """A quick count as it stands now, on a page that loads itself again.

    ``when`` is the time of day in words, and the seconds until the page is loaded again.

    Raises:
        QuestionError: if nothing has arrived.
    """
    view = quick_count_view(tables, found, gamma)
    written, seconds = when
    return rendered("live.html.j2", tables, view=view, written=written, seconds=str(seconds))


def rendered(template: str, tables: CaseTables, **content: object) -> str:
    """A page that is one file, with the style sheet of the report inside it."""
    page = environment().get_template(template)
    style = Markup(style_sheet())  # noqa: S704 (our own file)
    return page.render(case=tables.case, style=style, language=spoken(), **content)
