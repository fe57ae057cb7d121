"""What a plan reports: frozen values, made by plan.py, read by the workbook writer and the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from models.arrays import BoolArray, FloatArray
from planner.campaign.inputs import Campaign
from planner.planning.airtime import Airtime
from planner.planning.influence import Influence

Status = Literal["optimal", "feasible", "broken"]


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

    @property
    def reach_pct(self) -> float:
        return 100 * self.reach_share

    @property
    def reach_000(self) -> float:
        return self.reach_share * self.population_000

    def reached_at_least(self, times: int) -> float | None:
        """Share (0..1) of the audience reached `times` (1, 2, ...) times or more; None beyond the "or more" class."""
        if times >= len(self.distribution):
            return None
        return min(1.0, max(0.0, float(self.distribution[times:].sum())))


@dataclass(frozen=True)
class CustomersFirst:
    """Reach shares of the customers (0..1): the best found, what this plan keeps, the floor asked for.

    value_at_best: what the plan that is best for customers is worth on the plan's own objective, in
    PlanResult.value_unit; nan where it was not calculated. error: one standard deviation of the model's own error on
    the difference of the two plans' value, as a share of it; 0 where the value is no reach. reach_error: likewise on
    the difference of their reach, in percentage points of the customers.
    """

    best: float
    kept: float
    floor: float
    value_at_best: float = float("nan")
    error: float = 0.0
    reach_error: float = 0.0


@dataclass(frozen=True)
class RuleOutcome:
    """One rule and how the plan stands to it, checked independently of the solver.

    binding: it forbids a better plan that is one change away (models.after.binding).
    slack: how far from the limit, in the rule's own unit (>= 0 when it holds). price: it is a price (fixed cost,
    package, discount) and cannot be broken; it binds where the plan pays it. ids: of the rule; both sides of a locked
    number. own: it is neither a price nor a limit of one vehicle.
    """

    cell: str
    text: str
    holds: bool
    binding: bool
    slack: float
    unit: str
    price: bool = False
    ids: tuple[str, ...] = ()
    own: bool = True


@dataclass(frozen=True)
class ExtraCost:
    """Money for a vehicle beside its insertions at their price: fixed (once if bought at all); steps of its discount,
    (from, rate off), by insertions or money of every vehicle of the group. Where packages decide what it costs,
    `packaged` names those that are decided together, there are no steps, and other is all that it costs beside."""

    fixed: float
    steps: tuple[tuple[float, float], ...]
    other: float
    group: str = ""
    by: Literal["insertions", "money"] = "insertions"
    packaged: str = ""


@dataclass(frozen=True, eq=False)
class VehicleFigures:
    """Per vehicle, in the order of campaign.vehicles; all arrays (n_vehicles,).

    insertions: of the plan reported. optimised: as the optimiser left them (the same unless a
    planner edited). net_cost: money the budget pays per insertion, nan where there is no price.
    audience_000: people (000) who see one insertion. target_000: those in the target audience.
    influencer_index: share of influencers in its audience beside the universe's, 100 = the same;
    nan where no influencer trait is in use. composition_blank: its influencer composition is not
    given, so the universe's share was used. composition_shrunk: some influencer composition given was moved
    towards the universe's for its sampling error. cost: money the plan spends on it.
    """

    insertions: FloatArray
    optimised: FloatArray
    net_cost: FloatArray
    audience_000: FloatArray
    target_000: FloatArray
    influencer_index: FloatArray
    composition_blank: BoolArray
    composition_shrunk: BoolArray
    cost: FloatArray
    extra: tuple[ExtraCost, ...] = ()  # per vehicle what it costs beside that; () = nothing of the kind


@dataclass(frozen=True, eq=False)
class WeekFigures:
    """The plan's calendar, week by week.

    labels, mondays: per week. insertions: (n_vehicles, n_weeks), summing to the plan's. unit_cost:
    (n_vehicles, n_weeks) money of one insertion in that week, nan where there is no price. cost, grp: (n_weeks,)
    money billed (discounts, fixed costs and packages shared out) and rating points of the universe.
    reach_share, cumulative_share: (n_weeks,) share of `audience`
    reached by that week alone, and by all weeks up to it. pattern: (n_weeks,) share of the rating points that
    the flighting asks for, summing to 1. pattern_name: "even", "front-loaded", "pulsed" or "own weights".
    off_pattern: share of all rating points that stand in other weeks than the pattern wants, 0..1.
    cut_short: the time limit ended the search for a nearer calendar.
    """

    labels: tuple[str, ...]
    mondays: tuple[date | None, ...]
    insertions: FloatArray
    unit_cost: FloatArray
    cost: FloatArray
    grp: FloatArray
    audience: str
    reach_share: FloatArray
    cumulative_share: FloatArray
    pattern: FloatArray
    pattern_name: str
    off_pattern: float
    cut_short: bool = False


@dataclass(frozen=True)
class PackageFigures:
    """A package as the plan has it."""

    name: str
    bought: bool
    price: float


@dataclass(frozen=True, eq=False)
class TraitComposition:
    """How many of an influencer trait are among those who see a vehicle, in percent, (n_vehicles,).

    given: by the planner, nan = blank. used: by the calculation, after index shrinkage, the universe's share
    where blank; nan where nobody sees the vehicle.
    """

    trait: str
    given: FloatArray
    used: FloatArray

    @property
    def shrunk(self) -> BoolArray:
        """(n_vehicles,) whether the figure given was moved."""
        return np.asarray(np.isfinite(self.given) & (np.abs(self.used - self.given) > 1e-9))


@dataclass(frozen=True, eq=False)
class Ranking:
    """Every vehicle measured on one audience, made by planner/planning/ranking.py.

    audience, definition: who. population_000: people (000) in it. vehicles, media: labels, in the campaign's
    order; all arrays (n_vehicles,), nan where there is no figure (no price, nobody of the audience, no
    influencer trait in use). One insertion each:
    cost_per_insertion: money the budget pays, net or gross. audience_000: people (000) of the audience who see
    it. coverage_pct: percent of the audience that sees it. composition_pct: percent of those who see it that
    belong to the audience. index: that beside the audience's share of the universe, 100 = the same. cpm: money per
    thousand contacts in the audience. cpp: money per rating point of the audience. influencer_index: like
    index, for influencers. cost_per_thousand_influencers: money per thousand contacts with influencers.
    cost_per_thousand_contacts: money per thousand contacts paid and earned (see rank_vehicles).
    composition_blank: an influencer composition is not given, so the universe's share stands in.
    compositions: of every influencer trait that counts, as given and as used.
    """

    audience: str
    definition: str
    population_000: float
    currency: str
    vehicles: tuple[str, ...]
    media: tuple[str, ...]
    cost_per_insertion: FloatArray
    audience_000: FloatArray
    coverage_pct: FloatArray
    composition_pct: FloatArray
    index: FloatArray
    cpm: FloatArray
    cpp: FloatArray
    influencer_index: FloatArray
    cost_per_thousand_influencers: FloatArray
    cost_per_thousand_contacts: FloatArray
    composition_blank: BoolArray
    compositions: tuple[TraitComposition, ...] = ()

    @property
    def composition_shrunk(self) -> BoolArray:
        """(n_vehicles,) vehicles of which a composition given was moved by index shrinkage."""
        moved = [found.shrunk for found in self.compositions]
        return np.any(moved, axis=0) if moved else np.zeros(len(self.vehicles), dtype=bool)


@dataclass(frozen=True)
class EditedVehicle:
    """A vehicle whose insertions a planner changed."""

    name: str
    optimised: float
    edited: float


@dataclass(frozen=True)
class EditCost:
    """What a planner's edits cost beside the best plan found within the rules of the same campaign.

    value_lost: that plan's value less the edited one's, in PlanResult.value_unit (money saved, of the objective
    minimum cost); below 0 where the edited plan is worth more, which only a plan that breaks something can be; None
    where no plan keeps the rules. pct_lost: that in percent of the best plan's value, None where that is 0.
    breaks: the rules that the edited plan breaks, in words with their cells, customers first among them. error: one
    standard deviation of the model's own error on the difference of the edited and the optimised plan, as a share of
    value; 0 where the value is no reach.
    """

    vehicles: tuple[EditedVehicle, ...]
    value_lost: float | None
    pct_lost: float | None
    breaks: tuple[str, ...] = ()
    error: float = 0.0


@dataclass(frozen=True)
class Run:
    """What varies from run to run: seconds by step, versions (looked up where they are told), solver."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Callable[[], Mapping[str, str]] = dict
    solver: str = "highs"


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A plan with its certificate and its figures.

    status: optimal (gap within the one asked for), feasible (a valid plan, gap wider), broken (an
    edited plan that violates a rule; see rules). value, bound: objective in value_unit, exact and
    upper bound over all plans within the rules. gap: (bound - value) / bound, 0..1; gap_asked: the
    tolerance. Of the objective minimum cost, value is what the plan costs, bound the least that any plan can cost,
    and gap (value - bound) / value. cost: money of the budget spent. fingerprint: sha256 of the input file, "" if none.
    notes: (topic, sentence) pairs for the Notes sheet: every assumption the calculation made beyond
    campaign.defaults. edits: names of vehicles whose insertions a planner changed. optimised_weekly: (n_vehicles,
    n_weeks) as optimised, where weeks were edited. timed_out: the time
    limit ended the search before the gap asked for was reached. influence, ranking (for the target
    audience): None where they were not calculated. weeks: None where the campaign has no calendar. packages:
    every package on offer. edit: None where nothing is edited, or the plan was not evaluated beside the best.
    proof: what its workbook keeps of the solving (planner/planning/proof.py), "" where there is nothing to keep.
    read_back: the bound and the plans beside it were read from the plan's workbook, not proven again. airtime: reach of
    rotations and dayparts among everyone, beside a rule of thumb.
    """

    campaign: Campaign
    status: Status
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
    optimised_weekly: FloatArray | None = None
    timed_out: bool = False
    influence: Influence | None = None
    ranking: Ranking | None = None
    weeks: WeekFigures | None = None
    packages: tuple[PackageFigures, ...] = ()
    edit: EditCost | None = None
    proof: str = ""
    read_back: bool = False
    airtime: tuple[Airtime, ...] = ()

    @property
    def is_edited(self) -> bool:
        """Whether a planner changed insertions, or moved some to other weeks."""
        return bool(self.edits) or self.edit is not None or self.optimised_weekly is not None

    @property
    def minimises(self) -> bool:
        """Whether less is better: the objective is minimum cost."""
        return self.objective == "minimum cost"
