"""What a plan reports: frozen values, made by plan.py, read by the workbook writer and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.inputs import Campaign

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AudienceFigures:
    """What a plan does in one audience.

    population_000: people (000). reach_share: 0..1. average_frequency: contacts per person reached
    (0 when nobody is). grp: gross rating points (100 = one contact per head). impressions_000:
    contacts (000). distribution: (n,) share of the audience reached exactly 0, 1, 2, ... times, the
    last entry "or more"; sums to 1.
    """

    name: str
    definition: str
    population_000: float
    reach_share: float
    average_frequency: float
    grp: float
    impressions_000: float
    distribution: FloatArray

    def reached_at_least(self, times: int) -> float:
        """Share of the audience reached `times` times or more, 0..1."""
        return float(self.distribution[times:].sum()) if times > 0 else 1.0


@dataclass(frozen=True)
class CustomersFirst:
    """Reach shares of the customers (0..1): the best found, what this plan keeps, the floor asked for."""

    best: float
    kept: float
    floor: float


@dataclass(frozen=True)
class RuleOutcome:
    """One rule and how the plan stands to it, checked independently of the solver.

    slack: how far from the limit, in the rule's own unit (>= 0 when it holds).
    """

    cell: str
    text: str
    holds: bool
    binding: bool
    slack: float
    unit: str


@dataclass(frozen=True, eq=False)
class VehicleFigures:
    """Per vehicle, in the order of campaign.vehicles; all arrays (n_vehicles,).

    insertions: of the plan reported. optimised: as the optimiser left them (the same unless a
    planner edited). net_cost: money the budget pays per insertion, nan where there is no price.
    audience_000: people (000) who see one insertion. target_000: those in the target audience.
    influencer_index: share of influencers in its audience beside the universe's, 100 = the same;
    nan where no influencer trait is in use. composition_blank: its influencer composition is not
    given, so the universe's share was used.
    """

    insertions: FloatArray
    optimised: FloatArray
    net_cost: FloatArray
    audience_000: FloatArray
    target_000: FloatArray
    influencer_index: FloatArray
    composition_blank: NDArray[np.bool_]


@dataclass(frozen=True)
class Run:
    """What varies from run to run: seconds by step, versions, solver."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    solver: str = "highs"


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A plan with its certificate and its figures.

    status: optimal (gap within the one asked for), feasible (a valid plan, gap wider), broken (an
    edited plan that violates a rule; see rules). value, bound: objective in value_unit, exact and
    upper bound over all plans within the rules. gap: (bound - value) / bound, 0..1; gap_asked: the
    tolerance. cost: money of the budget spent. fingerprint: sha256 of the input file, "" if none.
    notes: (topic, sentence) pairs for the Notes sheet: every assumption the calculation made beyond
    campaign.defaults. edits: names of vehicles whose insertions a planner changed. timed_out: the time
    limit ended the search before the gap asked for was reached.
    """

    campaign: Campaign
    status: Literal["optimal", "feasible", "broken"]
    objective: str
    value: float
    value_unit: str
    bound: float
    gap: float
    gap_asked: float
    cost: float
    vehicles: VehicleFigures
    audiences: tuple[AudienceFigures, ...]
    customers_first: CustomersFirst | None
    rules: tuple[RuleOutcome, ...]
    notes: tuple[tuple[str, str], ...]
    run: Run
    fingerprint: str = ""
    edits: tuple[str, ...] = ()
    timed_out: bool = False
