"""What the figures of a finding, the parts of a form, measures and verdict rungs are called."""

from __future__ import annotations

from collections.abc import Mapping

from pollwitness.language import gettext as _
from pollwitness.language import mark
from pollwitness.quantities import Denominator, Measure, Rung
from pollwitness.tables import Case

_FIGURES: Mapping[str, str] = {
    "recorded": mark("range that the evidence leaves"),
    "short": mark("votes that do not fit"),
    "over": mark("claimed beyond what is possible"),
    "share": mark("range of the share that the evidence leaves"),
    "won": mark("stations won"),
    "tied": mark("stations with a tie"),
    "ahead": mark("stations where the option is ahead of the figures given"),
    "documents_ahead": mark("documents behind the stations where it is ahead"),
    "seen_stations": mark("stations with an accepted protocol"),
    "unseen_stations": mark("stations without one"),
    "all_stations": mark("stations there are"),
    "contradicted_stations": mark("stations with more reports than recorded votes"),
    "conflicting_stations": mark("stations in conflict"),
    "conflicting_figures": mark("figures in conflict"),
    "surviving_stations": mark("of these, without a fifth of the reports"),
    "few_reports_stations": mark("of these, resting on five reports or fewer"),
    "all_reports": mark("reports at stations with a protocol"),
    "wrong_reports": mark("reports that would have to be wrong"),
    "wrong_reports_misread": mark("reports wrong if one figure of each unclear form is misread"),
    "reports_there": mark("reports at the stations in conflict, forms so read"),
    "recorded_there": mark("votes recorded there at most, forms so read"),
    "contamination": mark("as a share of the reports"),
    "reported": mark("ballots that voters reported"),
    "excess_ballots": mark("ballots too many"),
    "excess_voters": mark("voters too many"),
    "slack": mark("uncertainty of forms that do not add up"),
    "areas": mark("areas used"),
    "areas_left_out": mark("areas left out"),
    "sums": mark("published sums"),
    "publications": mark("publications they stand in"),
    "sum_stations": mark("stations in the sums"),
    "stations_wrong": mark("stations that would at least be wrong"),
    "recounted": mark("drawn stations counted again"),
    "people_listed": mark("people on the lists, certainly different"),
    "people_linked": mark("different people on the lists, entries linked"),
    "people_lists": mark("lists of detained people"),
    "quick_reported": mark("drawn stations that reported"),
    "quick_drawn": mark("stations drawn"),
    "quick_share": mark("share by the quick count"),
    "quick_interval": mark("95 % interval, of those that reported"),
    "quick_within": mark("whatever the missing hold within a factor of 2"),
    "recount_differs": mark("of these, counts that differ"),
    "recount_refused": mark("drawn stations that refused or were not reached"),
    "recount_p": mark("p-value of the recount"),
    "claims": mark("claims about this quantity"),
    "agrees": mark("claims that can be true with it"),
    "conflicts": mark("claims that cannot be true with it"),
    "part": mark("claims about a part of these days"),
    "whole": mark("claims about these days and more"),
    "supersedes": mark("claims that it replaces"),
    "superseded": mark("claims that replace it"),
    "does_not_decide": mark("claims that do not decide"),
    "seen_votes": mark("votes in the seen stations"),
    "seen_ballots": mark("ballots in the seen stations"),
    "seen_share": mark("share in the seen stations"),
    "seen_average": mark("votes per seen station"),
    "unseen_votes": mark("votes that the unseen stations would need"),
    "unseen_ballots": mark("ballots that the unseen stations would hold"),
    "needed_share": mark("share that the unseen stations would need"),
    "needed_average": mark("votes per unseen station that would be needed"),
    "release_bias_within_strata": mark("release bias within strata of area and size"),
    "strata": mark("strata"),
    "stations_used": mark("stations used"),
    "on_whole_percent": mark("stations on a whole percent"),
    "expected_by_chance": mark("stations that chance puts there"),
    "spread_of_chance": mark("give or take (one standard deviation)"),
    "excess_stations": mark("stations beyond chance"),
    "smallest_excess": mark("excess that would be found with 80 % power"),
    "excess_votes": mark("votes for the leader at the stations beyond chance"),
    "spike_percent": mark("share of the most unlikely bin"),
    "spike_observed": mark("stations in it"),
    "spike_expected": mark("stations that chance puts into it"),
    "spike_bins": mark("bins that stand out"),
    "scatter_ratio": mark("scatter of the smoothest area, 1 for independent voters"),
    "smallest_ratio": mark("scatter that would be found with 80 % power"),
    "p_value": mark("p-value, never below the exact one"),
    "p_adjusted": mark("p-value corrected for all tests (Holm)"),
    "tests_in_family": mark("tests in the family"),
    "level": mark("family-wise level"),
    "documents_as_written": mark("documents that decide, forms as written"),
    "documents_one_figure_misread": mark("documents that decide, one figure misread"),
    "documents_left_out": mark("documents that decide, inconsistent forms left out"),
}
_COUNTS: Mapping[str, str] = {
    "registered": mark("registered voters"),
    "added": mark("voters added"),
    "issued": mark("ballots issued"),
    "ballots": mark("ballots found"),
    "valid": mark("valid ballots"),
    "invalid": mark("invalid ballots"),
    "early": mark("cast early"),
    "mobile": mark("cast at home"),
}
MEASURES: Mapping[Measure, str] = {
    Measure.VOTE_SHARE: mark("Share of the votes"),
    Measure.VOTES: mark("Votes"),
    Measure.TURNOUT: mark("Turnout"),
    Measure.BALLOTS: mark("Ballots"),
    Measure.STATIONS_WON: mark("Stations won"),
    Measure.STATIONS_CONTRADICTED: mark("Stations contradicted by voters"),
    Measure.PEOPLE_ARRESTED: mark("People arrested"),
    Measure.PEOPLE_RELEASED: mark("People released"),
    Measure.PEOPLE_KILLED: mark("People killed"),
    Measure.PEOPLE_INJURED: mark("People injured"),
    Measure.CROWD_SIZE: mark("Size of the crowd"),
    Measure.POLICE_PRESENT: mark("Police present"),
    Measure.SIGNATURES: mark("Signatures"),
}
_DENOMINATORS: Mapping[Denominator, str] = {
    Denominator.REGISTERED: mark("of registered voters"),
    Denominator.BALLOTS: mark("of ballots"),
    Denominator.VALID: mark("of valid votes"),
    Denominator.UNKNOWN: mark("of a total that is not stated"),
    Denominator.NONE: "",
}
_RUNGS: Mapping[Rung, str] = {
    Rung.BOUNDS: mark("bounds"),
    Rung.ESTIMATES: mark("estimate"),
    Rung.INDICATIONS: mark("indication"),
}


def figure_label(name: str, case: Case) -> str:
    """What a figure of a finding is called.

    Net effects name their part; the weights of a joint inequality name their demand as they are.
    """
    if name in _FIGURES:
        return _(_FIGURES[name])
    if name.startswith("net_"):
        return _("net effect on {part}").format(part=part_label(name.removeprefix("net_"), case))
    return _("weight of {demand}").format(demand=name)


def part_label(name: str, case: Case) -> str:
    """What a part of a form is called: ballots found, or an option by its name."""
    option = name.removeprefix("votes_")
    if option in case.option_ids:
        return case.option_name(option)
    return _(_COUNTS.get(name, name))


def measure_label(measure: Measure) -> str:
    """What a claimed figure counts, in words."""
    return _(MEASURES[measure])


def denominator_label(denominator: Denominator) -> str:
    """What a share is a share of; empty where the figure is no share."""
    words = _DENOMINATORS[denominator]
    return _(words) if words else ""


def rung_label(rung: Rung) -> str:
    """What a rung of the ladder of evidence is called."""
    return _(_RUNGS[rung])
