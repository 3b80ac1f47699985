"""The methods behind the findings, for a reader without training: one page each.

Every page says what is asked, how the answer is had, what it does not show, and where the method
is written down. The mathematics in full stands in the documentation of the software.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pollwitness.language import mark as _


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the texts of its page, marked for translation."""

    title: str
    asks: str
    steps: tuple[str, ...]
    formula: str
    limits: tuple[str, ...]
    references: tuple[str, ...] = ()


METHODS: Mapping[str, Method] = {
    "bounds": Method(
        _("Bounds"),
        _("Can a claimed number be true, given the accepted protocols and the rolls of voters?"),
        (
            _(
                "An accepted protocol fixes the figures of its station. A station without one may "
                "hold anything from no ballot up to its whole roll."
            ),
            _(
                "The least total is the sum over the protocols. The greatest is that sum plus all "
                "ballots that the other stations could hold."
            ),
            _(
                "A claim outside that range cannot be true together with the listed documents. A "
                "claim that the whole range agrees with must be true. Otherwise it is possible."
            ),
            _(
                "Officials are conceded every doubt: rounding, stations that a count leaves out, "
                "voters added to a roll, and one misread figure in every form that does not add up."
            ),
        ),
        "Σ low[s] ≤ total ≤ Σ high[s] + Σ room[u]",
        (
            _(
                "A contradiction says that two things cannot both be true. It does not say which of "
                "them is wrong, nor why."
            ),
            _(
                "“Possible” does not mean likely: the bounds assume nothing about stations that "
                "nobody saw."
            ),
        ),
        (
            _(
                "Manski, C. F. (2003), Partial Identification of Probability Distributions, chapter 1"
            ),
        ),
    ),
    "joint-bounds": Method(
        _("Joint bounds"),
        _("Can all official figures of an area and all its protocols be true at the same time?"),
        (
            _(
                "Votes for one option use ballots that another official figure needs. Figures that "
                "are possible one by one may not be possible together."
            ),
            _(
                "For every set of options it is checked that the official votes of the set are not "
                "fewer than the protocols already hold, and not more than they leave room for; and "
                "the same for the total of ballots. These conditions are exact: if all of them hold, "
                "whole numbers exist that satisfy every figure."
            ),
            _(
                "The condition that is missed by most is shown with its two sides, so that a reader "
                "can check it by adding."
            ),
        ),
        "Σ dlo[c] ≤ Σ min(up[s], Σ cap[s,c])   and   Σ max(0, lo[s] − Σ cap[s,c]) ≤ Σ dhi[c]",
        (
            _("It does not say which document or which official figure is wrong."),
            _(
                "With more than twelve options only single options and their complements are tried; "
                "what is found then is certain, but something may be missed."
            ),
        ),
        (
            _(
                "Hoffman, A. J. (1960), Some recent applications of the theory of linear inequalities, "
                "theorem on circulations"
            ),
        ),
    ),
    "remainder": Method(
        _("What the unseen stations would have to hold"),
        _("If the official figure is true, what must the stations without a protocol hold?"),
        (
            _(
                "The official votes less the votes in the protocols are what the other stations must "
                "hold; likewise for ballots. Their quotient is the share that they would need."
            ),
            _(
                "It is shown beside the share in the seen stations. The greater the distance, the "
                "more the unseen stations would have to differ from the seen ones."
            ),
            _(
                "The release bias Γ says by which factor the odds of a vote for the option would "
                "have to be greater at seen stations than at unseen ones."
            ),
        ),
        "U[c] = O[c] − Σ r[s,c],   share = U[c] / U[B]",
        (
            _(
                "Seen stations are no random sample: commissions that counted honestly may have "
                "posted their protocols more often. A distance alone contradicts nothing."
            ),
        ),
    ),
    "robustness": Method(
        _("Robustness"),
        _("How many documents would have to be forged or misread for the verdict to change?"),
        (
            _(
                "Documents are ranked by what each contributes to the contradiction. The fewest "
                "whose removal makes the figures possible is the robustness, k."
            ),
            _(
                "The curve asks more: how many would have to be removed for the other stations to "
                "hold a given part of the support that these hold."
            ),
            _(
                "A verdict is called fragile where no more documents decide than honest mistakes "
                "could produce, or where it depends on how unclear forms are read."
            ),
        ),
        "k(φ) = min |D| : U[c] / U[B] ≥ φ · Σ_K c / Σ_K B",
        (
            _(
                "It counts documents, not people: one person may have sent many, and one forged "
                "source may carry many documents."
            ),
        ),
    ),
    "error-tolerance": Method(
        _("Error tolerance"),
        _("How many documents may well be wrong by honest mistake in a case of this size?"),
        (
            _(
                "Forms are filled and copied by tired people at night. The software states rates of "
                "slips that no sum on the form reveals, and from these how many there are at most in "
                "999 of 1,000 honest elections of the same size."
            ),
            _("A contradiction that rests on no more documents than that is labelled fragile."),
        ),
        "k* = min {k : P(Binomial(n, rate) > k) ≤ 0.001}",
        (_("The rates are assumptions, measured on real protocols where that was possible."),),
    ),
    "readings": Method(
        _("Readings of forms that do not add up"),
        _("What does a form say whose parts do not add up to its ballots?"),
        (
            _(
                "Three readings are computed: as written; with one figure misread, whichever it is; "
                "and with the form left out."
            ),
            _(
                "Verdicts stand on the second. Where the readings give different verdicts, the "
                "finding is labelled fragile and shows all three."
            ),
            _("Copies of one protocol that differ leave everything between them possible."),
        ),
        "r − max(0, δ) ≤ true figure ≤ r + max(0, −δ),   δ = Σ parts − ballots",
        (_("Two or more misread figures in one form are not covered by the second reading."),),
    ),
    "rounding-and-coverage": Method(
        _("Rounding and coverage"),
        _("What exactly does a printed official figure say?"),
        (
            _(
                "A percentage or rounded count is a range. Where nobody says how it was rounded, it "
                "may be off by up to one unit in its last printed digit."
            ),
            _(
                "Where a count leaves stations out and does not name them, the set that is most "
                "favourable to the official side is conceded."
            ),
            _(
                "Where nobody says what a share is a share of, ballots, valid votes and registered "
                "voters are all tried."
            ),
        ),
        "v − u < true figure < v + u",
        (_("A figure that was printed wrongly is not thereby explained."),),
    ),
    "shares": Method(
        _("Shares and turnout"),
        _("Can a claimed share or turnout be true, given the protocols and the rolls?"),
        (
            _(
                "For the greatest share all unseen ballots go to the option, for the least all go to "
                "the others. Both ends can be reached."
            ),
            _("Turnout is bounded by the rolls in the same way."),
        ),
        "Σ low / (Σ low + rest) ≤ share ≤ (Σ high + room) / (Σ high + room + rest)",
        (_("With few protocols the range is wide, and almost every claim is possible."),),
    ),
    "stations-won": Method(
        _("Stations won"),
        _("At how many stations did the option win?"),
        (
            _(
                "A station is won where the option certainly has more votes than every other "
                "option. Ties are listed apart."
            ),
            _(
                "A blank is unknown and never zero: where a rival's votes are blank, the station "
                "counts as won only if the blank cannot change the order."
            ),
        ),
        "won[s] : low[s,c] > high[s,d] for every d ≠ c",
        (_("Stations without a protocol may have been won by anybody."),),
    ),
    "voter-reports": Method(
        _("Voters' own reports"),
        _("Do voters report more ballots for an option than the protocol records?"),
        (
            _(
                "Where more voters report a ballot for an option than the protocol of their station "
                "records, the reports and the protocol cannot all be true."
            ),
            _(
                "The least number of reports that would have to be wrong is printed, and what share "
                "of all reports that is."
            ),
            _("Reports are evidence of ballots cast and are never mixed with recorded votes."),
        ),
        "e[s] = max(0, n[s,c] − r[s,c])",
        (
            _("Reports may be invented, sent twice, or put to the wrong station."),
            _("People who report are not a sample of all voters: no share is estimated from them."),
        ),
    ),
    "door-counts": Method(
        _("Counts at the door"),
        _("Does a protocol record more ballots than voters were seen to enter?"),
        (
            _(
                "A count that covers all voting bounds the ballots of its station: voters seen "
                "entering, plus those who voted early or at home."
            ),
        ),
        "ballots ≤ entered + early + mobile",
        (_("An observer may miss people; the finding names the count and who made it."),),
    ),
    "published-sums": Method(
        _("Published sums"),
        _(
            "Can a claimed number be true, given sums of protocols that were published without "
            "them?"
        ),
        (
            _(
                "A sum bounds a total from below. Sums that may contain the same stations are never "
                "added to each other: the strongest is used."
            ),
        ),
        "max(sum) ≤ total",
        (
            _(
                "The protocols behind a sum cannot be looked at; the verdict rests on whoever added "
                "them up, and is labelled fragile."
            ),
        ),
    ),
    "agreement": Method(
        _("Claims against claims"),
        _("Who else says something about the same quantity, and can both be true?"),
        (
            _(
                "Claims about the same quantity, place and days are compared: their ranges meet, or "
                "they cannot both be true. A count over some days cannot exceed a count over more."
            ),
            _("A later figure that replaces an earlier one is no conflict."),
        ),
        "[a, b] ∩ [c, d] = ∅",
        (_("A claim is no evidence for another. Agreement may have one common source."),),
    ),
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
"""Every method by the name of its page, in the order in which they are listed."""
