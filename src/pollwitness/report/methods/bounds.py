"""Methods that follow from documents, and how firm what follows is."""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import mark as _
from pollwitness.report.methods.method import Method

BOUNDS: Mapping[str, Method] = {
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
}
