"""Methods on lists of detained people."""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import mark as _
from pollwitness.report.methods.method import Method

PEOPLE: Mapping[str, Method] = {
    "listed-people": Method(
        _("Listed people, certainly different"),
        _("How many people stand on lists of detained people, at least?"),
        (
            _(
                "Two entries are certainly of different people if they stand on one list that names "
                "nobody twice, or if at least two of their parts are known and clearly differ: given "
                "name, father's name, surname, sex, year of birth."
            ),
            _(
                "Names are compared without their spelling: Aleh and Oleg are one name. Years of "
                "birth differ clearly if they are two apart."
            ),
            _(
                "Entries that are all certainly different from each other are as many people. A claim "
                "of fewer cannot be true with the lists; “at least so many” must be true."
            ),
        ),
        "n people ≥ |S|,  every two entries of S certainly different",
        (
            _("It takes the entries for real: an invented entry counts as a person."),
            _("It says nothing of people who stand on no list."),
        ),
    ),
    "linked-people": Method(
        _("Listed people, with entries linked"),
        _("How many different people stand on the lists, over the uncertainty of links?"),
        (
            _(
                "Names of every alphabet are brought into one form that no longer shows the spelling. "
                "Parts of two entries agree by chance more or less often; from that follows the "
                "probability that both are of one person."
            ),
            _(
                "Pairs in the grey zone are looked at by people, who decide; every decision is kept "
                "and can be taken back."
            ),
            _(
                "Entries are joined to people by their average probability. The fewest people are had "
                "by joining all that may be one, the most by joining only what nearly certainly is."
            ),
            _(
                "A claim of fewer than the fewest is unlikely. A claim of more is not decided: people "
                "may stand on no list."
            ),
        ),
        "log odds = log λ/(1 − λ) + Σ log m/u",
        (
            _("The model takes the parts of an entry for independent; families and twins are not."),
            _("It says nothing of people who stand on no list."),
        ),
        (
            "I. P. Fellegi, A. B. Sunter (1969), A theory for record linkage, JASA 64, 1183-1210.",
            "R. Linacre and others (2022), Splink, International Journal of Population Data Science 7.",
        ),
    ),
    "people-on-no-list": Method(
        _("People on no list"),
        _("How many people are there, those on no list too?"),
        (
            _(
                "Where lists were made apart, the share of one that stands on another says how much of "
                "the whole each covers."
            ),
            _(
                "Lists are not made apart, and some people are easier to find. Each model allows for "
                "that in another way: all log-linear models, averages over decomposable graphs, and "
                "classes of people who are alike."
            ),
            _(
                "The answer is the spread over all of them. Their intervals hold under the assumptions "
                "of each, and none of them is better known than the others."
            ),
            _(
                "Where lists hardly overlap, nothing is estimated. Published estimates are made from "
                "published counts alone."
            ),
        ),
        "N = n₁ n₂ / m for two lists made apart, n₁ and n₂ people long, m people on both",
        (
            _("People who could be on no list whatever are in no estimate."),
            _("Links that were missed make the estimate greater, false ones make it smaller."),
            _("One number from one model is no answer: another model gives another."),
        ),
        (
            "S. E. Fienberg (1972), Biometrika 59, 591-603.",
            "D. Madigan, J. C. York (1997), Biometrika 84, 19-31.",
            "D. Manrique-Vallier (2016), Biometrics 72, 1246-1254.",
            "J. Whitehead and others (2021), On the unreliability of multiple systems estimation.",
        ),
    ),
}
