"""Elections with known truth, and what observers would see of them."""

from pollwitness.simulate.election import SimulatedElection, simulate
from pollwitness.simulate.manipulation import Figures, Recorded, record
from pollwitness.simulate.observation import ERRORS
from pollwitness.simulate.plan import (
    HONEST_NOISE,
    Errors,
    Manipulation,
    ManipulationKind,
    Plan,
    PlanError,
    Release,
    ReleaseKind,
    Reports,
)
from pollwitness.simulate.plan_file import parse_plan, plan_text
from pollwitness.simulate.voting import Votes, vote

__all__ = [
    "ERRORS",
    "HONEST_NOISE",
    "Errors",
    "Figures",
    "Manipulation",
    "ManipulationKind",
    "Plan",
    "PlanError",
    "Recorded",
    "Release",
    "ReleaseKind",
    "Reports",
    "SimulatedElection",
    "Votes",
    "parse_plan",
    "plan_text",
    "record",
    "simulate",
    "vote",
]
