"""What tailoring to influencers gains over the plan that would have been bought anyway, and what it costs.

Three plans on the same measures, at the same money and rules: the tailored one; the ordinary one, most reach of
the target audience above the same customers-first floor; and the plain one of most impressions for the money,
which knows neither reach nor floor. A gain within either plan's gap is no measurable gain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.certificate import Allocation
from models.problem import Problem
from models.word_of_mouth import CHANNELS
from planner import assumptions
from planner.influence import parameter_used, parameters_of
from planner.inputs import Campaign, counts_for
from planner.population import Population
from planner.results import BreakEven, Gain, Influence, PlanMeasures, TalkFigures
from planner.turning import turning_values

BY_WORD_OF_MOUTH = "people reached, and told as much as they are worth"


def plan_measures(
    campaign: Campaign, people: Population, label: str, insertions: FloatArray, cost: FloatArray
) -> PlanMeasures:
    """A plan's paid, earned and combined reach, and what its influencers cost. cost: (n_vehicles,)."""
    reach = people.model.reach_shares(insertions)
    population, talk = people.segments.population, people.talk
    shares = {"paid": reach, "earned": talk.earned(reach), "combined": talk.combined(reach)}
    audiences = tuple(
        TalkFigures(name, **{kind: _mean(share, population * mask) for kind, share in shares.items()})
        for name, mask in people.masks.items()
    )
    money = float(np.nansum(np.where(insertions > 0, cost * insertions, 0.0)))
    influencers = people.masks.get("influencers", np.zeros(len(population), dtype=bool))
    met = float((population * reach)[influencers].sum())
    return PlanMeasures(
        label=label,
        insertions=insertions,
        cost=money,
        audiences=audiences,
        influence_weighted_000=float((population * people.weights) @ reach),
        earned_contacts_000=float(talk.contacts_told(reach).sum()),
        cost_per_thousand_influencers=money / met if met > 0 else float("nan"),
    )


def _mean(share: FloatArray, weight: FloatArray) -> float:
    total = float(weight.sum())
    return float(share @ weight) / total if total > 0 else 0.0


@dataclass(frozen=True)
class Standing:
    """A plan beside the ordinary one, on the plan's own objective.

    gain: of its worth over the ordinary plan's, as a share of the larger; negative where it is worth less.
    doubt: the share within which the two plans' gaps leave it open which is better. same: the very same plan.
    """

    gain: float
    doubt: float
    same: bool

    @property
    def measurable(self) -> bool:
        """Whether the gain exceeds the doubt."""
        return self.gain > self.doubt


def standing_of(problem: Problem, plan: FloatArray, ordinary: Allocation, gap: float) -> Standing:
    """How a plan (n_vehicles,) of gap `gap` stands to the ordinary one, on the problem's objective."""
    value, other = problem.value(plan), problem.value(ordinary.insertions)
    gain = (value - other) / max(value, other, 1e-300)
    return Standing(gain, max(gap, ordinary.gap, 1e-9), bool(np.array_equal(plan, ordinary.insertions)))


def compare(
    campaign: Campaign,
    people: Population,
    plans: Mapping[str, PlanMeasures],
    standing: Standing,
    break_even: float | None,
    searched_to: float | None,
) -> Influence:
    """Everything the Influence sheet tells. plans: by label. searched_to: None where no break-even was sought."""
    sought = searched_to is not None
    tailored, ordinary = plans["tailored"], plans["ordinary"]
    reach = people.model.reach_shares(tailored.insertions)
    gains = _gains(campaign, people, tailored, ordinary)
    names = [vehicle.name for vehicle in campaign.vehicles]
    more, less = tailored.insertions > 0, ordinary.insertions > 0
    turns = turning_values(campaign, people, tailored, ordinary) if sought and standing.measurable else ()
    return Influence(
        preset=campaign.brief.influence_preset,
        parameters=parameters_of(campaign),
        worth=_worth_beside_average(campaign, people, reach),
        passed_on=_passed_on(campaign, people, reach),
        channels=dict(
            zip(CHANNELS, tailored.earned_contacts_000 * np.array(people.talk.channels), strict=True)
        ),
        tailored=tailored,
        ordinary=ordinary,
        impressions=plans["impressions"],
        gains=gains,
        comes_in=tuple(name for name, a, b in zip(names, more, less, strict=True) if a and not b),
        goes_out=tuple(name for name, a, b in zip(names, more, less, strict=True) if b and not a),
        verdict=_verdict(campaign, gains, standing),
        measurable=standing.measurable,
        break_even=None if searched_to is None else BreakEven(break_even, searched_to, turns),
        warnings=_warnings(campaign, people, reach),
    )


def _gains(
    campaign: Campaign, people: Population, tailored: PlanMeasures, ordinary: PlanMeasures
) -> tuple[Gain, ...]:
    gains = []
    for name in ("everyone", "target", "customers", "influencers"):
        new, old = tailored.audience(name), ordinary.audience(name)
        if (
            new is not None
            and old is not None
            and not (name == "target" and campaign.brief.target_audience == "everyone")
        ):
            gains.append(Gain(f"reach of {name}", "%", 100 * new.paid, 100 * old.paid))
    new, old = tailored.audience("everyone"), ordinary.audience("everyone")
    if new is not None and old is not None:
        gains.append(Gain("earned reach of everyone", "%", 100 * new.earned, 100 * old.earned))
    target = float(people.segments.population @ people.target)
    omega = parameter_used(campaign, "worth")
    new, old = tailored.audience("target"), ordinary.audience("target")
    if new is not None and old is not None:
        worth = (target * (plan.paid + omega * plan.earned) for plan in (new, old))
        gains.append(Gain(BY_WORD_OF_MOUTH, "000", *worth))
    pairs = (
        ("people reached, influence-weighted", "000", "influence_weighted_000"),
        ("earned contacts", "000", "earned_contacts_000"),
        ("cost per thousand influencers", campaign.brief.currency, "cost_per_thousand_influencers"),
    )
    gains += [
        Gain(name, unit, getattr(tailored, field), getattr(ordinary, field)) for name, unit, field in pairs
    ]
    return tuple(gain for gain in gains if np.isfinite(gain.tailored) and np.isfinite(gain.ordinary))


def _verdict(campaign: Campaign, gains: Sequence[Gain], standing: Standing) -> str:
    """What tailoring is worth, in a sentence or three; "gains nothing" is a good answer."""
    found = {gain.measure: gain for gain in gains}
    influencers = found.get("reach of influencers")
    if standing.gain < -standing.doubt:
        return f"This plan is worth {-standing.gain:.2%} less than the ordinary plan, on its own objective."
    if campaign.brief.objective == "reach":
        which = "this is the ordinary plan" if standing.same else "it is as good as the ordinary plan"
        return f"Nothing is tailored: the objective is reach, so {which}."
    if influencers is None:
        return "Nothing is tailored: no trait of this campaign is a catalyst or an expert of its category."
    if not standing.measurable:
        shown = "the ordinary plan is as good" + (" and is shown" if standing.same else "")
        return f"Tailoring to influencers gains nothing measurable here: within the gaps {shown}."
    costs = [
        f"{abs(gain.points):.2f} points of the reach of {name}"
        for name, gain in (
            ("everyone", found["reach of everyone"]),
            ("customers", found.get("reach of customers")),
        )
        if gain is not None and gain.points < -0.005
    ]
    price = f"It costs {' and '.join(costs)}." if costs else "It costs no reach among everyone or customers."
    told = found.get(BY_WORD_OF_MOUTH)
    if told is not None and told.points < 0 and campaign.brief.objective == "influence":
        price += (
            " By word of mouth alone, which is what the evidence supports, the ordinary plan is worth more."
        )
    if influencers.points <= 0.005:
        return f"Tailoring changes the plan but reaches no more influencers ({influencers.points:+.2f} points). {price}"
    return (
        f"Tailoring reaches {influencers.tailored:.1f} % of influencers instead of {influencers.ordinary:.1f} % "
        f"({influencers.points:+.2f} points, {influencers.percent:+.1f} %). {price}"
    )


def _groups(campaign: Campaign, people: Population) -> dict[str, BoolArray]:
    """Traits of influence and custom by name, and everyday people, who have neither catalysts' nor experts'."""
    named = {
        row.name: people.segments.with_trait(row.name)
        for row in people.traits
        if row.role in ("customer", "catalyst", "expert") and counts_for(row, campaign.brief)
    }
    everyday = people.masks.get("others", np.ones(len(people.segments.population), dtype=bool))
    return named | {"everyday": everyday}


def _worth_beside_average(campaign: Campaign, people: Population, reach: FloatArray) -> dict[str, float]:
    """What one more reached person is worth, paid and passed on, beside an average one of the target.

    Worth of one more reached person of segment c': 1 in the target, and omega * tau_c' * sum over the target's
    listeners of Q[c, c'] exp(-h_c), for who has heard already does not hear anew.
    """
    talk, omega = people.talk, parameter_used(campaign, "worth")
    hears_anew = people.target * np.exp(-talk.heard(reach))
    worth = people.target + omega * talk.passed_on * (hears_anew @ talk.mixing)
    population = people.segments.population
    average = _mean(worth, population * people.target)
    groups = {name: mask & people.target for name, mask in _groups(campaign, people).items()}
    return {
        name: _mean(worth, population * mask) / average
        for name, mask in groups.items()
        if mask.any() and average > 0
    }


def _passed_on(campaign: Campaign, people: Population, reach: FloatArray) -> dict[str, float]:
    """Share of the earned contacts that each group passes on; groups overlap."""
    told = people.talk.contacts_told(reach)
    total = float(told.sum())
    return {
        name: float(told[mask].sum()) / total if total > 0 else 0.0
        for name, mask in _groups(campaign, people).items()
    }


def _warnings(campaign: Campaign, people: Population, reach: FloatArray) -> tuple[str, ...]:
    population = people.segments.population * people.target
    paid = float(population @ reach)
    earned = parameter_used(campaign, "worth") * float(population @ people.talk.earned(reach))
    ceiling = assumptions.EARNED_CEILING
    if paid <= 0 or earned <= ceiling.value * paid:
        return ()
    return (
        f"Earned value is {earned / paid:.0%} of paid; the evidence's ceiling is {ceiling.value:.0%} "
        f"({ceiling.basis}).",
    )
