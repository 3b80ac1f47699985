"""Methods on stations that were drawn, or that nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import mark as _
from pollwitness.report.methods.method import Method

SAMPLES: Mapping[str, Method] = {
    "release-bias": Method(
        _("Release bias"),
        _("How unlike the seen stations would the unseen ones have to be?"),
        (
            _(
                "Γ is the odds of a vote for the option at the seen stations, divided by the odds "
                "that the official figure leaves for the others."
            ),
            _("Within strata of area and size, only stations of the same kind are compared."),
        ),
        "Γ = (p / (1 − p)) / (q / (1 − q))",
        (_("It is a measure of distance and assumes no cause."),),
        (_("Rosenbaum, P. R. (2002), Observational Studies, chapter 4"),),
    ),
    "quick-count": Method(
        _("Quick count"),
        _("What do stations drawn by lot say of the result, and what could the missing change?"),
        (
            _(
                "Stations are drawn in advance, by strata and a public seed: in each stratum the "
                "first in the order of the SHA-256 of the seed and their id."
            ),
            _(
                "A share is the drawn stations' votes for an option over all their votes, each "
                "stratum expanded to its size. The interval of 95 % is that of the drawing of "
                "stations, not of voters."
            ),
            _(
                "Stations that come late differ. So beside the interval stands the set of all "
                "answers for which the odds at the missing stations of a stratum are within a "
                "factor of those at the stations seen. A verdict concedes a factor of 2."
            ),
            _(
                "A claim outside that set is unlikely; one that the interval agrees with is "
                "compatible; in between nothing is decided."
            ),
        ),
        "θ = Σ N[h]/n[h] Σ y / Σ N[h]/n[h] Σ x,  odds(missing) within 1/Γ to Γ of odds(seen)",
        (
            _("It estimates what stations announced, never whether that was counted rightly."),
            _(
                "The interval alone says nothing about stations that are missing; the factor is an "
                "assumption that nobody can verify before they report."
            ),
        ),
        (
            "W. G. Cochran (1977), Sampling Techniques, third edition, chapters 5 and 6.",
            "P. R. Rosenbaum (2002), Observational Studies, second edition.",
        ),
    ),
    "recount": Method(
        _("Recount of drawn stations"),
        _("Does a recount of stations drawn by lot support the reported outcome?"),
        (
            _(
                "Stations are drawn by a public seed, in proportion to the largest error that their "
                "box can hide. Anybody redoes each draw with SHA-256."
            ),
            _(
                "If the outcome is wrong, the errors of all stations add up to at least the margin, "
                "and drawn stations show it on average."
            ),
            _(
                "Every draw is a bet against that: if counts agree the wealth grows, and its "
                "reciprocal is a p-value, at every time. A station that refuses counts as the worst."
            ),
        ),
        "p = 1 / mean over bets b of Π (1 + b·((1 − taint)/m − 1)),  m = 1 − 1/U",
        (
            _("It tests the papers that are in the boxes now, never what was cast."),
            _("It says nothing where observers chose the stations themselves."),
        ),
        (
            "P. B. Stark (2009), Risk-limiting postelection audits, IEEE TIFS 4, 1005-1014.",
            "I. Waudby-Smith, P. B. Stark, A. Ramdas (2021), RiLACS, E-Vote-ID 2021.",
        ),
    ),
}
