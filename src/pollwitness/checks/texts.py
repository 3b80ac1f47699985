"""The sentences of findings: a text id gives a template, and the finding's figures fill it.

A finding holds text ids only, so that a translation never changes it. In a template, ``{name}`` is
the figure of that name; ``{claimed}``, ``{left}``, ``{right}``, ``{area}`` and ``{options}`` come
from the finding. Templates are marked here and translated where they are filled
(:mod:`pollwitness.checks.wording`).
"""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import mark as _
from pollwitness.quantities import Verdict

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: _("cannot be true with this evidence"),
    Verdict.ENTAILED: _("must be true with this evidence"),
    Verdict.POSSIBLE: _("possible"),
    Verdict.UNLIKELY: _("unlikely"),
    Verdict.COMPATIBLE: _("compatible"),
    Verdict.SUPPORTED: _("supported"),
    Verdict.ANOMALOUS: _("anomalous under this model"),
    Verdict.UNREMARKABLE: _("nothing found"),
    Verdict.UNDECIDED: _("not decided by this evidence"),
}

TEXTS: Mapping[str, str] = {
    "question.recorded": _("Can the claimed number be true, given the accepted protocols?"),
    "question.sums": _("Can the claimed number be true, given the sums of protocols published?"),
    "question.cast": _("Can the claimed number be true, given the ballots that voters reported?"),
    "question.share": _("Can the claimed share be true, given the accepted protocols?"),
    "question.won": _("How many stations did the option win, by the accepted protocols?"),
    "question.stations_contradicted": _(
        "At how many stations do voters report more ballots for an option than were recorded?"
    ),
    "question.official": _("Can the official figures of {area} and its protocols both be true?"),
    "question.remainder": _(
        "{area}: what would the stations without a protocol have to hold for {options}?"
    ),
    "question.together": _("Can all official figures be true at once, with the protocols?"),
    "question.reports": _("Can all protocols and all voter reports for {options} be true?"),
    "question.doors": _("Do stations record more ballots than voters were seen to cast?"),
    "question.copies": _("Do the copies of each protocol agree?"),
    "question.official_stations": _("Do official station results agree with the protocols?"),
    "question.overfull": _(
        "Do more voters report a ballot than there are voters on the roll, or ballots found?"
    ),
    "question.area_roll": _("Do the forms of {area} hold more voters than its roll?"),
    "question.people": _("Do the lists hold more different people than the claim allows?"),
    "question.persons": _("Do the lists, with their entries linked, agree with the claim?"),
    "question.quick_count": _("Does the quick count of drawn stations agree with the claim?"),
    "question.recount": _("Does the recount of drawn stations support the claim?"),
    "question.agreement": _("Who else says something about the same quantity?"),
    "question.integers_any": _(
        "Do turnout or the leader's share lie on whole percents more often than chance allows?"
    ),
    "question.integers_turnout": _(
        "Does turnout lie on whole percents more often than chance allows?"
    ),
    "question.integers_share": _(
        "Does the leader's share lie on whole percents more often than chance allows?"
    ),
    "question.spikes_share": _(
        "Do more stations have nearly the same share of the leader than chance allows?"
    ),
    "question.smooth_areas": _(
        "Do the stations of an area agree more closely than independent voters can?"
    ),
    "inequality.recorded_above_claimed": _(
        "The protocols of {seen_stations} already hold at least {left}; the claim allows at most "
        "{right}. They cannot both be true."
    ),
    "inequality.people": _(
        "Certainly different people on the lists: {people_listed}; the claim "
        "allows at most {right}."
    ),
    "inequality.claimed_above_room": _(
        "The claim needs at least {left}; protocols and rolls leave room for at most {right}. "
        "They cannot both be true."
    ),
    "inequality.sums_above_claimed": _(
        "The published sums of protocols hold {left}; the claim allows at most {right}. They "
        "cannot both be true."
    ),
    "inequality.reports_above_claimed": _(
        "{left} voters report a ballot for {options}; the claim allows at most {right}. At least "
        "{wrong_reports} of the reports would have to be wrong."
    ),
    "inequality.share_above_claimed": _(
        "Protocols and rolls leave a share of at least {left}; the claim allows at most {right}. "
        "They cannot both be true."
    ),
    "inequality.claimed_above_share": _(
        "The claim needs a share of at least {left}; protocols and rolls leave at most {right}. "
        "They cannot both be true."
    ),
    "inequality.stations_above_claimed": _(
        "At least {left} stations are counted; the claim allows at most {right}. They cannot both "
        "be true."
    ),
    "inequality.claimed_above_stations": _(
        "The claim needs at least {left} stations; at most {right} are possible. They cannot both "
        "be true."
    ),
    "inequality.official_floor": _(
        "{area}: the protocols hold at least {left} for {options}; the official figures allow at "
        "most {right}. They cannot both be true."
    ),
    "inequality.official_ceiling": _(
        "{area}: the official figures need {left} for {options}; protocols and rolls leave room "
        "for at most {right}. They cannot both be true."
    ),
    "inequality.official_total_floor": _(
        "{area}: the official figures for {options} and the protocols for all others need {left} "
        "ballots; officially there were at most {right}. They cannot both be true."
    ),
    "inequality.official_total_ceiling": _(
        "{area}: officially there were at least {left} ballots; the official figures for {options} "
        "and the room for all others leave at most {right}. They cannot both be true."
    ),
    "inequality.together": _(
        "Weighted as listed, the official figures need {left}; the protocols and rolls allow at "
        "most {right}. They cannot all be true."
    ),
    "inequality.reports": _(
        "Stations where voters report more ballots for {options} than the protocol records as "
        "written: {conflicting_stations}. All reports and all protocols cannot both be true: at "
        "least {wrong_reports} of {all_reports} reports ({contamination}) would have to be wrong. "
        "If one figure of each form that does not add up is misread, {wrong_reports_misread} "
        "would: {reports_there} reports against {recorded_there} votes."
    ),
    "inequality.doors": _(
        "Stations that record more ballots than voters entered, voted early or at home: "
        "{conflicting_stations}, by {excess_ballots} ballots. The counts and the protocols cannot "
        "both be true."
    ),
    "inequality.official_stations": _(
        "Stations where the official result is not the one on the protocol: "
        "{conflicting_stations}. They cannot both be true."
    ),
    "inequality.overfull": _(
        "Stations where more ballots are reported than there are voters or ballots: "
        "{conflicting_stations}, by {wrong_reports} ballots. They cannot all be true."
    ),
    "inequality.area_roll": _(
        "{area}: the rolls on the forms hold {excess_voters} more voters than the published roll "
        "of the area, added voters included. They cannot both be true."
    ),
    "inequality.claims_conflict": _(
        "One source needs at least {left}, another at most {right}. They cannot both be true."
    ),
    "assumption.authentic": _("The listed documents are authentic."),
    "assumption.form_roll": _(
        "Registered voters on a form are its final roll where no form states added voters."
    ),
    "assumption.turnout_times_roll": _(
        "Official ballots were not published; they are taken as turnout times the published roll."
    ),
    "assumption.blank_ballots": _(
        "Some forms leave their ballots blank; the sum of the figures that they give stands for "
        "them, which is too little. Shares in the seen stations are then too high."
    ),
    "assumption.one_misread": _(
        "In forms that do not add up, one figure may be misread, whichever it is."
    ),
    "assumption.as_written": _("Forms are read as written."),
    "assumption.phi": _(
        "For a share above 0 in the robustness curve: stations without a protocol voted at least "
        "that fraction as much for the option as the others did."
    ),
    "assumption.coverage": _(
        "The official count leaves stations out and does not name them; the set most favourable "
        "to it is conceded."
    ),
    "assumption.any_denominator": _(
        "Nobody says what the share is a share of; ballots, valid votes and registered voters "
        "were all tried."
    ),
    "assumption.room.final_roll": _(
        "Stations without a protocol hold at most as many ballots as voters on the final roll."
    ),
    "assumption.room.earlier_roll": _(
        "Stations without a protocol hold at most as many ballots as voters on an earlier roll, "
        "plus the additions that the case states."
    ),
    "assumption.room.largest_station": _(
        "No station has more voters than the case states as the greatest."
    ),
    "assumption.room.none": _(
        "No roll bounds the stations without a protocol; nothing is assumed about them."
    ),
    "assumption.areas_left_out": _(
        "Left out: {areas_left_out}, whose own figures already contradict their protocols."
    ),
    "assumption.roll.final_roll": _("The published roll is the final one."),
    "assumption.roll.earlier_roll": _(
        "The published roll is an earlier one; it grew by at most as many voters as the case "
        "states."
    ),
    "assumption.independent_voters": _("Voters decide independently of each other."),
    "assumption.own_rates": _(
        "Each station's voters decide at the rates that the station itself recorded; the p-value "
        "is approximate because these are plugged in."
    ),
    "assumption.same_rate": _(
        "Within an area all voters prefer the leader with the same probability; real places "
        "differ, which makes the test cautious."
    ),
    "assumption.family_wise": _(
        "In {tests_in_family} together, a false alarm in any has a chance of {level} at most."
    ),
    "assumption.gates_unchecked": _(
        "Nobody states the official totals or the number of stations; the table was not checked "
        "against them."
    ),
    "assumption.sums_authentic": _("The published sums were added up rightly from protocols."),
    "assumption.reports_true": _("Each counted report is one true ballot at that station."),
    "assumption.basis.with_photo": _("Only reports with a photograph of the ballot are counted."),
    "assumption.basis.reports": _("All reports are counted, with or without photograph."),
    "assumption.door_count": _("The door counts cover all voting at the station."),
    "assumption.papers": _("The papers in the boxes are those that were cast."),
    "assumption.drawn": _("The stations were drawn by a seed that nobody could choose."),
    "assumption.counts_reported": _("Drawn stations reported what was counted there."),
    "assumption.gamma": _(
        "In every stratum the odds of an option at the missing stations are within a factor of 2 "
        "of those at the stations that reported."
    ),
    "assumption.links": _(
        "Which entries are of one person lies between joining all that may be and only those that "
        "nearly certainly are."
    ),
    "assumption.entries_real": _("The entries of the lists are of people who exist."),
    "assumption.two_parts": _(
        "Two entries of one person never differ in two of given name, year of birth, sex, "
        "patronymic and surname; lists that name nobody twice name nobody twice."
    ),
    "assumption.same_quantity": _("The claims are about the same quantity, place and days."),
    "assumption.blanks_unknown": _(
        "Blank votes are unknown, not 0. The option is ahead of every figure that the forms give "
        "at {ahead} stations; at those that are not counted as won, a rival's votes are blank and "
        "nothing bounds them, or one misread figure could change the order."
    ),
    "assumption.ahead": _(
        "Counting every station where the option is ahead of the figures given, {documents_ahead} "
        "documents would have to be forged or misread."
    ),
    "innocent.selective_release": _(
        "Commissions that counted honestly may have posted their protocols more often."
    ),
    "innocent.regional_support": _("Support differs between places, and so does publication."),
    "innocent.round_targets": _("Clerks may round, and some stations vote as one."),
    "innocent.computed_back": _("Counts may have been computed back from printed percentages."),
    "innocent.copied_figures": _(
        "Figures may have been copied from one station to another by mistake."
    ),
    "decide.more_protocols": _("More protocols, above all of stations that have none."),
    "decide.rolls": _("The rolls of the stations on the day."),
    "decide.station_results": _("The official results of every station."),
    "decide.protocols_behind_sums": _("The protocols behind the published sums."),
    "decide.verified_reports": _("Verification of a sample of the reports."),
    "decide.recount": _("A recount of the stations named, before independent observers."),
    "decide.photographs": _("Comparison of the photographs of these protocols."),
    "decide.more_reports": _("Reports of the drawn stations that are missing."),
    "decide.more_draws": _("More draws of the same sample, recounted before observers."),
    "innocent.later_lists": _(
        "Lists may count people of other days or places than the claim speaks of."
    ),
    "decide.links": _("People's decisions on pairs of entries that may be of one person."),
    "decide.lists": _("The lists of names behind the counts."),
    "answer.recount": _(
        "The recount of {recounted}, drawn by lot, gives a p-value of {recount_p}; it supports the "
        "claim if that is at most 0.05."
    ),
    "answer.quick_count": _(
        "By {quick_reported} of {quick_drawn} drawn, {options} has {quick_share} of the valid "
        "votes ({quick_interval}); whatever the missing hold within a factor of 2 in their odds, "
        "{quick_within}."
    ),
    "answer.possible": _(
        "The claim and the evidence can both be true: the evidence leaves {range} possible."
    ),
    "answer.entailed": _("Whatever the evidence leaves possible, {range}, agrees with the claim."),
    "answer.unbounded": _("Nothing in this case bounds the figure."),
    "answer.alone": _("Nobody else in this case says anything about the same quantity."),
    "answer.others": _(
        "Other claims about the same kind of figure, other days included: {others}. In conflict "
        "with this one: {conflicts}."
    ),
    "answer.remainder": _(
        "In the seen stations {options} had {seen_share} of the ballots; the others would have to "
        "hold {needed_share}."
    ),
    "answer.remainder_blank": _(
        "In the seen stations {options} had {seen_share} of the ballots, or of the votes stated "
        "where a form leaves its ballots blank; the others would have to hold {needed_share}."
    ),
    "answer.copies": _(
        "Copies of the protocol of one station differ: {conflicting_stations}, in "
        "{conflicting_figures}. Bounds use whatever each of them allows."
    ),
    "answer.agrees": _("They can all be true."),
    "answer.agrees_without": _(
        "Those of the other areas can all be true. Left out: {areas_left_out}, whose own figures "
        "already contradict their protocols."
    ),
    "answer.integers": _(
        "Of {stations_used}, {on_whole_percent} lie on a whole percent. Chance puts "
        "{expected_by_chance} there, give or take {spread_of_chance}."
    ),
    "answer.spikes": _(
        "The most unlikely bin is {spike_percent}: it holds {spike_observed} stations, and chance "
        "puts {spike_expected} there. Bins that stand out: {spike_bins}."
    ),
    "answer.smooth": _(
        "In the area that varies least, the scatter of the leader's votes is {scatter_ratio} times "
        "that of independent voters who all decide alike."
    ),
    "missing.station_results": _("The case holds no official results by station with a roll."),
    "missing.gate.stations": _("Fewer than 100 stations can be used."),
    "missing.gate.counts": _(
        "At more than one station in a thousand, ballots exceed voters or votes exceed ballots; "
        "the table may mix up its columns."
    ),
    "missing.gate.variety": _("Turnout or share is the same at every station."),
    "missing.gate.coverage": _(
        "The table holds fewer than nine in ten of the stations there are, or more than there are."
    ),
    "missing.gate.sums": _(
        "The sums of the table are not the official totals; it may be about another election."
    ),
    "missing.tables": _("The case has no rows in: {tables}."),
    "missing.recount": _("The recount cannot be assessed: see pollwitness audit assess."),
    "missing.quick_count": _(
        "The quick count cannot be estimated: see pollwitness quickcount estimate."
    ),
    "missing.links": _(
        "The entries of the lists are not linked, have changed since, or were decided on in ways "
        "that contradict each other."
    ),
    "missing.few_people": _("The lists hold too few people for a figure that may be published."),
    "missing.contest": _("The claim names no contest or option."),
    "missing.coverage": _(
        "The claim repeats an official figure that leaves stations out; here nothing can be "
        "conceded for them."
    ),
    "missing.range": _("The claim names no range that could be contradicted or entailed."),
    "missing.registered": _("Nobody published the number of registered voters."),
}
"""Every text id with its English template."""
