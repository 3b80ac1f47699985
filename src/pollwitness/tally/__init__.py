"""Official figures against independent results: bounds, remainder, comparison, robustness."""

from pollwitness.tally.area import (
    AreaBounds,
    Feasible,
    RollExcess,
    UnseenRoom,
    area_bounds,
    ceilings,
    officials_by_area,
    roll_excess,
    stations_total,
    unseen_room,
)
from pollwitness.tally.bounds import RecordedVotes, recorded_votes
from pollwitness.tally.compare import AreaComparison, DocumentSupport, compare_areas
from pollwitness.tally.copies import (
    compared_stations,
    copy_differences,
    official_station_differences,
)
from pollwitness.tally.coverage import (
    Concession,
    conceded,
    least_beside_voters,
    most_left_out,
)
from pollwitness.tally.doors import door_conflicts, stations_with_door_counts
from pollwitness.tally.history import Moment, bounds_history, days_of_documents, until
from pollwitness.tally.joint import Certificate, Family, JointProblem, violated
from pollwitness.tally.official import (
    CountRange,
    Coverage,
    OfficialResult,
    ShareRange,
    official_results,
)
from pollwitness.tally.programme import Demand, Stations, WeightedInequality, infeasible
from pollwitness.tally.readings import HEADLINE, Reading, station_forms
from pollwitness.tally.release_bias import ReleaseBias, release_bias
from pollwitness.tally.remainder import Remainder, official_ballots, remainder
from pollwitness.tally.reports import (
    CastVotes,
    ReportBasis,
    ReportConflict,
    cast_votes,
    overfull_stations,
    report_conflict,
    station_capacity,
)
from pollwitness.tally.robustness import RobustnessPoint, robustness
from pollwitness.tally.rooms import UNBOUNDED, Room, RoomBasis, forms_state_added
from pollwitness.tally.rules import RULES, Effect, Rule, breaches, breaches_as_problems
from pollwitness.tally.shares import ShareBounds, turnout_bounds, vote_share_bounds
from pollwitness.tally.strata import release_bias_within_strata
from pollwitness.tally.sums import Floor, Source, floor_with_sums
from pollwitness.tally.territory import Territory, territory
from pollwitness.tally.together import Together, figures_together
from pollwitness.tally.tolerance import (
    UNDETECTED_FIGURE_RATE,
    UNDETECTED_FORM_RATE,
    error_tolerance,
    report_tolerance,
)
from pollwitness.tally.won import StationsWon, stations_won

__all__ = [
    "HEADLINE",
    "RULES",
    "UNBOUNDED",
    "UNDETECTED_FIGURE_RATE",
    "UNDETECTED_FORM_RATE",
    "AreaBounds",
    "AreaComparison",
    "CastVotes",
    "Certificate",
    "Concession",
    "CountRange",
    "Coverage",
    "Demand",
    "DocumentSupport",
    "Effect",
    "Family",
    "Feasible",
    "Floor",
    "JointProblem",
    "Moment",
    "OfficialResult",
    "Reading",
    "RecordedVotes",
    "ReleaseBias",
    "Remainder",
    "ReportBasis",
    "ReportConflict",
    "RobustnessPoint",
    "RollExcess",
    "Room",
    "RoomBasis",
    "Rule",
    "ShareBounds",
    "ShareRange",
    "Source",
    "Stations",
    "StationsWon",
    "Territory",
    "Together",
    "UnseenRoom",
    "WeightedInequality",
    "area_bounds",
    "bounds_history",
    "breaches",
    "breaches_as_problems",
    "cast_votes",
    "ceilings",
    "compare_areas",
    "compared_stations",
    "conceded",
    "copy_differences",
    "days_of_documents",
    "door_conflicts",
    "error_tolerance",
    "figures_together",
    "floor_with_sums",
    "forms_state_added",
    "infeasible",
    "least_beside_voters",
    "most_left_out",
    "official_ballots",
    "official_results",
    "official_station_differences",
    "officials_by_area",
    "overfull_stations",
    "recorded_votes",
    "release_bias",
    "release_bias_within_strata",
    "remainder",
    "report_conflict",
    "report_tolerance",
    "robustness",
    "roll_excess",
    "station_capacity",
    "station_forms",
    "stations_total",
    "stations_with_door_counts",
    "stations_won",
    "territory",
    "turnout_bounds",
    "unseen_room",
    "until",
    "violated",
    "vote_share_bounds",
]
