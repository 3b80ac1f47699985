"""Methods that look for indications."""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import mark as _
from pollwitness.report.methods.method import Method

INDICATIONS: Mapping[str, Method] = {
    "integer-percentages": Method(
        _("Whole percentages"),
        _("Do turnout or the leader's share lie on whole percents more often than chance allows?"),
        (
            _(
                "Whoever makes up a result likes round numbers. At each station it is counted whether "
                "turnout, or the share of the leader, lies within 0.05 points of a whole percent."
            ),
            _(
                "For every station the chance of that is computed exactly, as a sum of binomial "
                "probabilities at the rates that the station itself recorded. The sum of these chances "
                "is what is expected, and their variance how far chance may stray."
            ),
            _(
                "Stations with fewer than 100 voters, and percentages above 99, are left out. No "
                "random number is drawn: whoever repeats it gets the same figures."
            ),
        ),
        "|100 k / n − m| ≤ 0.05,   E = Σ q[s],   Var = Σ q[s] (1 − q[s]),   q = a + b − a b",
        (
            _(
                "An anomaly is an indication: it contradicts no claim, and does not say which stations "
                "were changed, nor by whom."
            ),
            _("Manipulations that do not end on whole percents are not seen."),
            _(
                "Clerks who round, or counts that were computed back from printed percentages, look "
                "the same."
            ),
        ),
        (
            _(
                "Kobak, D., Shpilkin, S., Pshenichnikov, M. S. (2016), Annals of Applied Statistics 10 (1)"
            ),
            _("Holm, S. (1979), A simple sequentially rejective multiple test procedure"),
        ),
    ),
    "spikes": Method(
        _("Spikes of the share"),
        _("Do more stations have nearly the same share of the leader than chance allows?"),
        (
            _(
                "The share of the leader is put into bins of a tenth of a point. The chance of every "
                "station to fall into every bin is computed exactly, so that small stations, which "
                "lie at halves and thirds by themselves, are part of the expectation."
            ),
            _(
                "Where the neighbouring bins hold more stations than expected too, the expectation is "
                "raised: a broad peak is no spike. The most unlikely bin counts, times the number of "
                "bins."
            ),
        ),
        "e[b] = Σ P(Binomial(n[s], v[s] / n[s]) in b),   p ≤ bins · P(Binomial(N, e[b] / N) ≥ o[b])",
        (
            _("It contradicts no claim. Manipulations that spread over many shares are not seen."),
            _("Clerks who round, and stations that vote as one, look the same."),
        ),
        (
            _("Rozenas, A. (2017), Political Analysis 25 (1)"),
            _("Hoeffding, W. (1956), On the distribution of the number of successes"),
        ),
    ),
    "smooth-areas": Method(
        _("Areas that are too smooth"),
        _("Do the stations of an area agree more closely than independent voters can?"),
        (
            _(
                "If all voters of an area preferred the leader with the same probability, the shares of "
                "its stations would scatter by chance alone. Real places differ, which adds to the "
                "scatter and never takes from it."
            ),
            _(
                "An area whose stations scatter much less than chance alone gives is anomalous. The "
                "smallest p-value counts, times the number of areas."
            ),
        ),
        "Σ (v[s] − b[s] p)² / (b[s] p (1 − p)) ~ χ² with n − 1 degrees of freedom, lower tail",
        (
            _(
                "It sees only agreement that is too close. Figures made up with care scatter enough."
            ),
            _("Areas with fewer than ten stations cannot be looked at."),
        ),
    ),
}
