"""At which value of each assumption the verdict turns, both plans held fixed; and a campaign at one multiplier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.people.word_of_mouth import Talk
from models.roots import root_between
from planner.campaign import assumptions
from planner.campaign.influence import parameter_used, talk_of, talk_with, with_parameter
from planner.campaign.inputs import Campaign, TraitRow, counts_for
from planner.campaign.population import Population, talk_among, weight_of, weights_of
from planner.planning.influence import PlanMeasures, Turn

ROLES = ("catalyst", "expert", "customer")
HIGHEST_MULTIPLIER = 10.0  # at which tailoring is looked at
_GRID = 80  # values tried per assumption, up to ten times the larger of the evidence's high and the one used
_WHO = (*ROLES, "homophily")  # say who talks to whom; every other assumption says how much everybody hears
_TO = 2e-12  # of an assumption: to which its turn is known


@dataclass(frozen=True)
class Sought:
    """A break-even multiplier, None where tailoring pays at none tried. determined: time allowed an answer."""

    multiplier: float | None
    determined: bool


def turning_values(
    campaign: Campaign, people: Population, tailored: PlanMeasures, ordinary: PlanMeasures
) -> tuple[Turn, ...]:
    """At which value of each assumption the better plan turns the worse, both plans held fixed.

    The multipliers of catalysts and experts are judged by the influence-weighted reach under the objective
    influence; everything else by paid reach plus the worth of earned reach.
    """
    reaches = [people.model.reach_shares(plan.insertions) for plan in (tailored, ordinary)]
    found = []
    for name, evidence in assumptions.TALK.items():
        if name in ROLES and not _rows(campaign, people, name):
            continue
        advantage = advantage_by(campaign, people, name, reaches)
        used = _used(campaign, people, name)
        highest = 10 * max(evidence.high, used)
        turn = _root(advantage, used, 1.0 if evidence.share else highest)
        measure = "influence weights" if _by_weight(campaign, name) else "word of mouth"
        found.append(Turn(evidence.heading, used, turn, measure))
    return tuple(found)


def _by_weight(campaign: Campaign, name: str) -> bool:
    return campaign.brief.objective == "influence" and name in ("catalyst", "expert")


def _used(campaign: Campaign, people: Population, name: str) -> float:
    """The value in force: under the objective influence a weight that the planner gave the trait."""
    rows = _rows(campaign, people, name)
    if rows and _by_weight(campaign, name):
        return max(weight_of(row, campaign) for row in rows)
    return parameter_used(campaign, name)


def _rows(campaign: Campaign, people: Population, role: str) -> list[TraitRow]:
    """The traits of a role that count."""
    return [row for row in people.traits if row.role == role and counts_for(row, campaign.brief)]


def advantage_by(
    campaign: Campaign, people: Population, name: str, reaches: Sequence[FloatArray]
) -> Callable[[float], float]:
    """Worth of the tailored plan less that of the ordinary one, as a function of one assumption."""
    new, old = reaches
    population, used, worth = people.segments.population, talk_of(campaign), parameter_used(campaign, "worth")
    target = population * people.target
    paid = float(target @ (new - old))

    def by_weights(value: float) -> float:
        weights = weights_of(people, _with_role_weight(campaign, name, value))
        return float((population * weights) @ (new - old))

    heard = _heard(people, used, reaches)
    as_loud = used.contacts_per_volume

    def by_talk(value: float) -> float:
        talk = talk_with(used, name, value, campaign.brief.weeks)
        omega = value if name == "worth" else worth
        if name in _WHO or as_loud == 0:
            hear_new, hear_old = _heard(people, talk, reaches)
        else:
            hear_new, hear_old = (talk.contacts_per_volume / as_loud * each for each in heard)
        return paid + float(omega * (target @ (np.expm1(-hear_old) - np.expm1(-hear_new))))

    return by_weights if _by_weight(campaign, name) else by_talk


def _heard(people: Population, talk: Talk, reaches: Sequence[FloatArray]) -> list[FloatArray]:
    """(n_segments,) contacts heard per person, of each plan's reach (n_segments,)."""
    among = talk_among(people, talk)
    return [among.heard(reach) for reach in reaches]


def _root(advantage: Callable[[float], float], used: float, highest: float) -> float | None:
    """The value nearest to the used one at which the advantage changes sign; None where it never does."""
    grid = np.unique(np.append(np.linspace(0.0, highest, _GRID), used))
    values = np.array([advantage(float(value)) for value in grid])
    crossings = [
        root_between(advantage, float(grid[i]), float(grid[i + 1]), _TO)
        for i in range(len(grid) - 1)
        if values[i] * values[i + 1] < 0
    ]
    # An advantage of nothing at all on both sides is no turn.
    crossings += [
        float(grid[i])
        for i in range(1, len(grid) - 1)
        if values[i] == 0 and values[i - 1] * values[i + 1] < 0
    ]
    return min(crossings, key=lambda value: abs(value - used), default=None)


def at_multiplier(campaign: Campaign, multiplier: float) -> Campaign:
    """The campaign with every influencer's weight and volume set to one multiplier, for the break-even."""
    for role in ("catalyst", "expert"):
        campaign = with_parameter(_with_role_weight(campaign, role, multiplier), role, multiplier)
    return campaign


def with_assumption(campaign: Campaign, name: str, value: float) -> Campaign:
    """The campaign with one assumption (a key of assumptions.TALK) set to a value, as a weight where it is one."""
    if _by_weight(campaign, name):
        campaign = _with_role_weight(campaign, name, value)
    return with_parameter(campaign, name, value)


def _with_role_weight(campaign: Campaign, role: str, weight: float) -> Campaign:
    traits = tuple(
        replace(row, weight=weight) if row.role == role and counts_for(row, campaign.brief) else row
        for row in campaign.traits
    )
    return replace(campaign, traits=traits)
