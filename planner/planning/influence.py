"""What tailoring to influencers brings beside the ordinary plan: frozen values, made by comparison.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.arrays import FloatArray
from planner.campaign.influence import Parameter

VerdictCode = Literal["none", "within_gap", "within_model_error", "gain"]


@dataclass(frozen=True)
class TalkFigures:
    """An audience reached by the plan (paid), by word of mouth (earned), and by either; shares 0..1."""

    name: str
    paid: float
    earned: float
    combined: float


@dataclass(frozen=True, eq=False)
class PlanMeasures:
    """One plan on the measures that plans are compared by.

    label: "tailored", "ordinary" or "impressions". insertions: (n_vehicles,). cost: money. audiences: in
    the order of PlanResult.audiences. influence_weighted_000: people reached, influence-weighted.
    earned_contacts_000: credible contacts passed on. cost_per_thousand_influencers: money per thousand
    influencers reached, nan where there are none.
    """

    label: str
    insertions: FloatArray
    cost: float
    audiences: tuple[TalkFigures, ...]
    influence_weighted_000: float
    earned_contacts_000: float
    cost_per_thousand_influencers: float

    def audience(self, name: str) -> TalkFigures | None:
        """The figures of an audience, None where the campaign has none of that name."""
        return next((figures for figures in self.audiences if figures.name == name), None)


@dataclass(frozen=True)
class Gain:
    """A measure of the tailored plan beside the ordinary one, both in `unit` ("%", "000", currency). error: one
    standard deviation of the model's own error on the difference, in that unit; 0 where reach is counted."""

    measure: str
    unit: str
    tailored: float
    ordinary: float
    error: float = 0.0

    @property
    def points(self) -> float:
        """Difference, in the measure's unit."""
        return self.tailored - self.ordinary

    @property
    def percent(self) -> float | None:
        """Difference in percent of the ordinary plan's, None where that is 0."""
        return 100 * self.points / self.ordinary if self.ordinary else None


@dataclass(frozen=True)
class Turn:
    """An assumption and the value at which the verdict turns, both plans held fixed; None = at none from 0 to 1
    (a share) or to ten times the larger of the evidence's high value and the one used. measure: by which the
    two plans are judged as it changes, "influence weights" or "word of mouth"."""

    parameter: str
    used: float
    turns_at: float | None
    measure: str = "word of mouth"


@dataclass(frozen=True)
class BreakEven:
    """multiplier: smallest influencer multiplier at which the tailored plan differs measurably from the
    ordinary one; None = not up to `searched_to`."""

    multiplier: float | None
    searched_to: float
    assumptions: tuple[Turn, ...]


@dataclass(frozen=True, eq=False)
class Influence:
    """What influencers add to a plan, and what tailoring to them gains and costs.

    preset. parameters: in the sheet's order. worth: by trait name, "influencer" role word or "everyday":
    what one more reached person of it is worth beside an average person. passed_on: share of the earned
    contacts by trait, "everyday" among them. channels: earned contacts (000) by channel. tailored is the
    plan reported. gains: tailored against ordinary. comes_in, goes_out: vehicles that only one of the two
    buys. verdict: one sentence. measurable: whether the gain exceeds both plans' gaps. verdict_code: none (nothing is
    tailored, or nothing gained), within_gap, within_model_error or gain. gain: of value over the ordinary plan, a
    share; model_error: one standard deviation of the model's error on it, a share of value; reach_error: likewise on
    the reach of any audience, a share of that reach. break_even: None
    where it was not asked for. warnings: e.g. earned value above the evidence's ceiling. compared: False where the
    plan is the ordinary one, so that it would be compared with itself. in_short: the verdict without the reaches, for
    where a table of them stands beside it; "": as it is.
    """

    preset: str
    parameters: tuple[Parameter, ...]
    worth: Mapping[str, float]
    passed_on: Mapping[str, float]
    channels: Mapping[str, float]
    tailored: PlanMeasures
    ordinary: PlanMeasures
    impressions: PlanMeasures
    gains: tuple[Gain, ...]
    comes_in: tuple[str, ...]
    goes_out: tuple[str, ...]
    verdict: str
    measurable: bool
    break_even: BreakEven | None
    verdict_code: VerdictCode = "none"
    gain: float = 0.0
    model_error: float = 0.0
    reach_error: float = 0.0
    warnings: tuple[str, ...] = ()
    compared: bool = True
    in_short: str = ""
