"""The catalogue of protocol rules: what a form breaks, and what that takes out of the bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from pollwitness.language import mark as _
from pollwitness.tables import CaseTables, Problem, Severity, vote_column

_Condition = Callable[[Sequence[str]], pl.Expr]


class Effect(StrEnum):
    """What a breach takes out of the bounds."""

    NOTHING = "nothing"
    INCONSISTENT = "inconsistent"
    """The form is inconsistent: read with one figure misread, and left out in the third reading."""
    EVERYTHING = "everything"
    """The form bounds nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that a results form should keep."""

    id: str
    title: str
    meaning: str
    mend: str
    effect: Effect
    condition: _Condition


def parts(options: Sequence[str]) -> list[str]:
    """The columns whose sum must be the ballots: the votes of every option, and invalid."""
    return [*(vote_column(option) for option in options), "invalid"]


def known_sum(columns: Sequence[str]) -> pl.Expr:
    """The sum of the figures that are given; blanks are unknown and add nothing."""
    return pl.sum_horizontal(pl.col(name).fill_null(0) for name in columns)


def blanks(columns: Sequence[str]) -> pl.Expr:
    """How many of the figures are blank."""
    return pl.sum_horizontal(pl.col(name).is_null().cast(pl.Int64) for name in columns)


def ballots_found() -> pl.Expr:
    """Ballots found, or valid plus invalid where the form does not state them."""
    return pl.coalesce("ballots", pl.col("valid") + pl.col("invalid"))


def roll() -> pl.Expr:
    """Voters on the list with those added on the day.

    Where forms state added voters at all, a blank is unknown and so is the roll; where no form
    does, the registered voters on a form are taken for its final roll.
    """
    stated = pl.col("added").is_not_null().any()
    whole = pl.col("registered") + pl.col("added")
    return pl.when(stated).then(whole).otherwise(pl.col("registered"))


def _votes(options: Sequence[str]) -> list[str]:
    return [vote_column(option) for option in options]


def _complete_mismatch(options: Sequence[str]) -> pl.Expr:
    columns = parts(options)
    return (blanks(columns) == 0) & (known_sum(columns) != pl.col("ballots"))


def _incomplete_above(options: Sequence[str]) -> pl.Expr:
    columns = parts(options)
    return (blanks(columns) > 0) & (known_sum(columns) > pl.col("ballots"))


def _incomplete_below(options: Sequence[str]) -> pl.Expr:
    columns = parts(options)
    return (blanks(columns) > 0) & (known_sum(columns) < pl.col("ballots"))


def _votes_against_valid(options: Sequence[str]) -> pl.Expr:
    votes = _votes(options)
    total = known_sum(votes)
    return (total > pl.col("valid")) | ((blanks(votes) == 0) & (total != pl.col("valid")))


def _all_blank(options: Sequence[str]) -> pl.Expr:
    figures = [*parts(options), "ballots", "valid"]
    return blanks(figures) == len(figures)


def _all_zero(options: Sequence[str]) -> pl.Expr:
    columns = parts(options)
    return (blanks(columns) < len(columns)) & (known_sum(columns) == 0)


def _same_vector(options: Sequence[str]) -> pl.Expr:
    votes = _votes(options)
    telling = (known_sum(votes) >= 50) & (
        pl.sum_horizontal((pl.col(v).fill_null(0) >= 5).cast(pl.Int64) for v in votes)
        >= min(3, len(votes))
    )
    stations = pl.col("station_id").n_unique().over(["contest_id", *votes])
    return telling & (stations > 1)


def _transposed(options: Sequence[str]) -> pl.Expr:
    votes = _votes(options)
    figures = pl.concat_list(pl.col(v).fill_null(-1) for v in votes)
    in_order = figures.list.sort().cast(pl.List(pl.String)).list.join(",")
    as_written = figures.cast(pl.List(pl.String)).list.join(",")
    station = [pl.col("contest_id"), pl.col("station_id"), in_order]
    return as_written.n_unique().over(station) > 1


def _one_sided(options: Sequence[str]) -> pl.Expr:
    votes = _votes(options)
    total, most = known_sum(votes), pl.max_horizontal(pl.col(v).fill_null(0) for v in votes)
    return (total >= 100) & (most * 1000 >= total * 995) & (len(votes) > 1)


def _full_turnout(_options: Sequence[str]) -> pl.Expr:
    return (
        (pl.col("registered") >= 100)
        & (pl.col("ballots") * 1000 >= roll() * 995)
        & (pl.col("ballots") <= roll())
    )


def _many_invalid(_options: Sequence[str]) -> pl.Expr:
    return (pl.col("invalid") * 10 > ballots_found()) & (ballots_found() >= 50)


def _round_figures(options: Sequence[str]) -> pl.Expr:
    votes = _votes(options)
    total = known_sum(votes)
    round_ones = pl.all_horizontal((pl.col(v).fill_null(0) % 10) == 0 for v in votes)
    big = pl.sum_horizontal((pl.col(v).fill_null(0) > 0).cast(pl.Int64) for v in votes) >= 3
    return round_ones & big & (total >= 100)


def _copies_differ(options: Sequence[str]) -> pl.Expr:
    group = ["contest_id", "station_id"]
    figures = [*parts(options), "ballots", "registered"]
    return pl.any_horizontal(
        pl.col(name).drop_nulls().n_unique().over(group) > 1 for name in figures
    )


def _few_returned(_options: Sequence[str]) -> pl.Expr:
    gap = pl.col("issued") - ballots_found()
    return (gap >= 15) & (gap * 50 >= pl.col("issued"))


def _list_differs(_options: Sequence[str]) -> pl.Expr:
    listed = pl.col("list_registered")
    gap = (pl.col("registered") - listed).abs()
    return (gap * 5 > listed) & (gap >= 50)


def _plain(expression: pl.Expr) -> _Condition:
    return lambda _options: expression


RULES: tuple[Rule, ...] = (
    Rule("P001", _("The parts of a complete form do not add up to its ballots"),
         _("All votes and the invalid ballots are given; their sum is not the number of ballots."),
         _("Compare the transcript with the photograph; record what was misread as a correction."),
         Effect.INCONSISTENT, _complete_mismatch),
    Rule("P002", _("The known parts of an incomplete form exceed its ballots"),
         _("Some figures are blank; those that are given already sum to more than the ballots."),
         _("Compare the transcript with the photograph; record what was misread as a correction."),
         Effect.INCONSISTENT, _incomplete_above),
    Rule("P003", _("The known parts of an incomplete form fall short of its ballots"),
         _("Some figures are blank; the missing ballots may stand there."),
         _("Read the blank figures from the photograph, if it shows them."),
         Effect.NOTHING, _incomplete_below),
    Rule("P004", _("The form gives no number of ballots"),
         _("Ballots found are blank, and cannot be had as valid plus invalid."),
         _("Read the figure from the photograph, if it shows it."),
         Effect.NOTHING, _plain(ballots_found().is_null())),
    Rule("P005", _("More ballots than voters"),
         _("More ballots were found than there are voters on the list, those added included."),
         _("Check registered, added and ballots against the photograph."),
         Effect.INCONSISTENT, _plain(ballots_found() > roll())),
    Rule("P006", _("The votes do not add up to the valid ballots"),
         _("The sum of the options' votes is not the stated number of valid ballots, or above it."),
         _("Compare the transcript with the photograph; record what was misread as a correction."),
         Effect.INCONSISTENT, _votes_against_valid),
    Rule("P007", _("Valid and invalid ballots do not add up to the ballots found"),
         _("The form states all three, and the sum is wrong."),
         _("Compare the transcript with the photograph; record what was misread as a correction."),
         Effect.INCONSISTENT, _plain(pl.col("valid") + pl.col("invalid") != pl.col("ballots"))),
    Rule("P008", _("More ballots found than handed out"),
         _("The boxes held more ballots than were issued."),
         _("Check issued and ballots against the photograph."),
         Effect.INCONSISTENT, _plain(ballots_found() > pl.col("issued"))),
    Rule("P009", _("More early and mobile ballots than ballots"),
         _("Ballots cast early and at home together exceed all ballots found."),
         _("Check early, mobile and ballots against the photograph."),
         Effect.INCONSISTENT, _plain(
             pl.col("early").fill_null(0) + pl.col("mobile").fill_null(0) > ballots_found())),
    Rule("P010", _("A blank form"),
         _("The form gives neither ballots nor valid or invalid ballots nor any votes."),
         _("Read the form, or set its status to unread."),
         Effect.EVERYTHING, _all_blank),
    Rule("P011", _("A form of zeros"),
         _("All figures that are given are 0."),
         _("Check whether the station was open, and whether blanks were written as 0."),
         Effect.NOTHING, _all_zero),
    Rule("P012", _("The same result at another station"),
         _("Another station has exactly the same votes for every option (50 votes or more)."),
         _("Check whether one sheet was filed under two stations."),
         Effect.NOTHING, _same_vector),
    Rule("P013", _("The same figures in another order"),
         _("Another copy of the same station has the same votes under other options."),
         _("Check which copy has its columns exchanged."),
         Effect.NOTHING, _transposed),
    Rule("P014", _("One option has all votes"),
         _("At least 99.5 % of 100 or more votes are for one option."),
         _("Check the columns; the figure may be right."),
         Effect.NOTHING, _one_sided),
    Rule("P015", _("Everybody voted"),
         _("At least 99.5 % of 100 or more voters cast a ballot."),
         _("Check registered and ballots; hospitals and barracks often look so."),
         Effect.NOTHING, _full_turnout),
    Rule("P016", _("Many invalid ballots"),
         _("More than one ballot in ten is invalid (50 ballots or more)."),
         _("Check the figure against the photograph."),
         Effect.NOTHING, _many_invalid),
    Rule("P017", _("Copies of one station differ"),
         _("Another copy of this station gives another figure."),
         _("Compare the photographs; both may be genuine, which is a finding."),
         Effect.NOTHING, _copies_differ),
    Rule("P018", _("The roll differs from the station list"),
         _("Voters on the form and in the list of stations differ by more than a fifth and by 50."),
         _("Check whether the form belongs to this station."),
         Effect.NOTHING, _list_differs),
    Rule("P019", _("Votes are blank"),
         _("At least one option's votes are blank while others are given."),
         _("Read the figure from the photograph, if it shows it. Blank is unknown, not 0."),
         Effect.NOTHING, lambda o: (blanks(_votes(o)) > 0) & (blanks(_votes(o)) < len(o))),
    Rule("P020", _("All votes are multiples of ten"),
         _("Every option's votes end in 0 (three options or more, 100 votes or more)."),
         _("Check whether the figures are estimates."),
         Effect.NOTHING, _round_figures),
    Rule("P021", _("Ballots handed out did not come back"),
         _("The boxes held at least 15 and at least 2 % fewer ballots than were issued."),
         _("Check issued and ballots against the photograph."),
         Effect.NOTHING, _few_returned),
)  # fmt: skip
"""Every rule, ordered by id."""


def inconsistent(options: Sequence[str]) -> pl.Expr:
    """Whether a form contradicts itself (any rule with that effect)."""
    return _any_with(Effect.INCONSISTENT, options)


def bounds_nothing(options: Sequence[str]) -> pl.Expr:
    """Whether a form is too empty to bound anything."""
    return _any_with(Effect.EVERYTHING, options)


def _any_with(effect: Effect, options: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(
        rule.condition(options).fill_null(value=False) for rule in RULES if rule.effect is effect
    )


def effective_copies(protocols: pl.DataFrame) -> pl.DataFrame:
    """The accepted copies that no accepted copy corrects."""
    accepted = protocols.filter(pl.col("status") == "accepted")
    corrected = accepted["corrects"].drop_nulls()
    return accepted.filter(~pl.col("copy_id").is_in(corrected.implode()))


def breaches(tables: CaseTables) -> pl.DataFrame:
    """Every breach of every rule: columns rule, contest_id, station_id, copy_id.

    Rejected and corrected copies are not looked at; breaches never stop anything.
    """
    looked_at = tables.table("protocols").filter(pl.col("status") != "rejected")
    corrected = looked_at.filter(pl.col("status") == "accepted")["corrects"].drop_nulls()
    looked_at = looked_at.filter(~pl.col("copy_id").is_in(corrected.implode())).join(
        tables.table("stations").select("station_id", list_registered="registered"),
        on="station_id",
        how="left",
        maintain_order="left",
    )
    found = [
        looked_at.filter(
            (pl.col("contest_id") == contest.id)
            & rule.condition(contest.option_ids).fill_null(value=False)
        ).select(pl.lit(rule.id).alias("rule"), "contest_id", "station_id", "copy_id")
        for contest in tables.case.contests
        for rule in RULES
    ]
    return pl.concat(found).sort("rule", "copy_id")


def breaches_as_problems(
    tables: CaseTables, rows: Mapping[str, int], file: str
) -> tuple[Problem, ...]:
    """Every breach as a warning; ``rows`` says in which row of ``file`` each copy stands."""
    by_id = {rule.id: rule for rule in RULES}
    found = breaches(tables)
    return tuple(
        Problem(
            rule.id,
            Severity.WARNING,
            file,
            rows.get(copy_id),
            "copy_id",
            copy_id,
            rule.title,
            rule.mend,
        )
        for name, copy_id in found.select("rule", "copy_id").iter_rows()
        for rule in (by_id[name],)
    )
