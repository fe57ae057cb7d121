"""What tailoring to influencers gains over the plan that would have been bought anyway, and what it costs.

Three plans on the same measures, at the same money and rules: the tailored one; the ordinary one, most reach of
the target audience above the same customers-first floor; and the plain one of most impressions for the money,
which knows neither reach nor floor. A gain within either plan's gap is no measurable gain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.people.word_of_mouth import CHANNELS
from models.reach.contacts import effective_shares
from planner.campaign import assumptions
from planner.campaign.influence import parameter_used, parameters_of
from planner.campaign.inputs import TAILORED, Campaign, counts_for
from planner.campaign.population import Population
from planner.campaign.rulebook import Rulebook
from planner.planning.influence import BreakEven, Gain, Influence, PlanMeasures, TalkFigures, VerdictCode
from planner.planning.model_error import FIRM, model_error, plus_minus, points_text, reach_difference_error
from planner.planning.standing import Standing
from planner.planning.turning import HIGHEST_MULTIPLIER, Sought, turning_values

BY_WORD_OF_MOUTH = "reached and told, by word of mouth"
WEIGHTED = "people reached, influence-weighted"


def plan_measures(people: Population, rulebook: Rulebook, label: str, plan: FloatArray) -> PlanMeasures:
    """A plan's (plan_size,) paid, earned and combined reach, and what its influencers cost."""
    insertions = rulebook.columns.insertions(plan)
    reach = people.model.reach_shares(insertions)
    population, talk = people.segments.population, people.talk
    shares = {"paid": reach, "earned": talk.earned(reach), "combined": talk.combined(reach)}
    audiences = tuple(
        TalkFigures(name, **{kind: float(people.share_of(mask) @ share) for kind, share in shares.items()})
        for name, mask in people.masks.items()
    )
    money = rulebook.spend(plan)
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


def compare(
    campaign: Campaign, people: Population, plans: Mapping[str, PlanMeasures], standing: Standing
) -> Influence:
    """Everything the Influence sheet tells, the break-even aside. plans: by label."""
    tailored, ordinary = plans["tailored"], plans["ordinary"]
    reach = people.model.reach_shares(tailored.insertions)
    plans_compared = tailored.insertions, ordinary.insertions
    reach_error = reach_difference_error(campaign, people, *plans_compared)
    gains = _gains(campaign, people, tailored, ordinary, reach_error)
    error = model_error(campaign, people, plans_compared)
    standing = replace(standing, error=error)
    names = [vehicle.name for vehicle in campaign.vehicles]
    more, less = tailored.insertions > 0, ordinary.insertions > 0
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
        break_even=None,
        verdict_code=_verdict_code(campaign, people, standing),
        in_short=_in_short(campaign, people, standing),
        gain=standing.gain,
        model_error=standing.error,
        reach_error=reach_error,
        warnings=_warnings(campaign, people, reach),
        compared=not standing.same and campaign.brief.objective != "minimum cost",
    )


def with_break_even(
    campaign: Campaign, people: Population, influence: Influence, sought: Sought
) -> Influence:
    """The comparison with its break-even, or a warning that time did not allow to find it."""
    if not sought.determined:
        warning = "The break-even multiplier was not determined by a short search within the time limit."
        return replace(influence, warnings=(*influence.warnings, warning))
    plans = influence.tailored, influence.ordinary
    turns = turning_values(campaign, people, *plans) if influence.measurable else ()
    return replace(influence, break_even=BreakEven(sought.multiplier, HIGHEST_MULTIPLIER, turns))


def _gains(
    campaign: Campaign, people: Population, tailored: PlanMeasures, ordinary: PlanMeasures, error: float
) -> tuple[Gain, ...]:
    """Measure by measure, those that both plans have. error: of reach, a share of it; all else is in proportion."""
    gains = [
        Gain(f"reach of {name}", "%", 100 * new.paid, 100 * old.paid)
        for name in _audiences_told(campaign)
        for new, old in _of_both(tailored, ordinary, name)
    ]
    if campaign.brief.objective == "effective reach":
        gains.append(_gain_in_often(campaign, people, tailored, ordinary))
    gains += _earned_gains(campaign, people, tailored, ordinary)
    pairs = (
        (WEIGHTED, "000", "influence_weighted_000"),
        ("earned contacts", "000", "earned_contacts_000"),
        ("cost per thousand influencers", campaign.brief.currency, "cost_per_thousand_influencers"),
    )
    gains += [
        Gain(name, unit, getattr(tailored, field), getattr(ordinary, field)) for name, unit, field in pairs
    ]
    return tuple(
        replace(gain, error=error * abs(gain.ordinary))
        for gain in gains
        if np.isfinite(gain.tailored) and np.isfinite(gain.ordinary)
    )


def _earned_gains(
    campaign: Campaign, people: Population, tailored: PlanMeasures, ordinary: PlanMeasures
) -> list[Gain]:
    """Whom word of mouth reaches, and what reach is worth with it."""
    gains = [
        Gain("earned reach of everyone", "%", 100 * new.earned, 100 * old.earned)
        for new, old in _of_both(tailored, ordinary, "everyone")
    ]
    target, omega = float(people.segments.population @ people.target), parameter_used(campaign, "worth")
    for both in _of_both(tailored, ordinary, "target"):
        worth = (target * (plan.paid + omega * plan.earned) for plan in both)
        gains.append(Gain(BY_WORD_OF_MOUTH, "000", *worth))
    return gains


def _audiences_told(campaign: Campaign) -> tuple[str, ...]:
    """Whose reach is told; a target of everyone is told once."""
    names = ("everyone", "target", "customers", "influencers")
    everyone = campaign.brief.target_audience == "everyone"
    return tuple(name for name in names if not (name == "target" and everyone))


def _of_both(
    tailored: PlanMeasures, ordinary: PlanMeasures, name: str
) -> list[tuple[TalkFigures, TalkFigures]]:
    """An audience's measures in both plans, one pair; none where the campaign has no such audience."""
    new, old = tailored.audience(name), ordinary.audience(name)
    return [] if new is None or old is None else [(new, old)]


def _gain_in_often(
    campaign: Campaign, people: Population, tailored: PlanMeasures, ordinary: PlanMeasures
) -> Gain:
    """People of the target met as often as the objective asks."""
    target, times = people.share_of(people.target), campaign.brief.effective_frequency
    met = (
        100 * float(target @ effective_shares(people.model, plan.insertions, times))
        for plan in (tailored, ordinary)
    )
    return Gain(_met_often(campaign), "%", *met)


def _verdict_code(campaign: Campaign, people: Population, standing: Standing) -> VerdictCode:
    """What the verdict says, for programs."""
    objective = campaign.brief.objective
    tailors = objective in TAILORED and (objective != "influence" or "influencers" in people.masks)
    if not tailors:
        return "none"
    if standing.gain < -standing.doubt:
        return "none"
    if not standing.measurable:
        return "within_gap"
    return "gain" if standing.firm else "within_model_error"


def _in_short(campaign: Campaign, people: Population, standing: Standing) -> str:
    """The verdict without the reaches, where influencers are tailored to; "" where it is to be told as it is."""
    tells = _verdict_code(campaign, people, standing) in ("within_gap", "within_model_error")
    return standing.in_short if tells else ""


def _verdict(campaign: Campaign, gains: Sequence[Gain], standing: Standing) -> str:
    """What tailoring is worth, in a sentence or three; "gains nothing" is a good answer."""
    found = {gain.measure: gain for gain in gains}
    if campaign.brief.objective == "minimum cost":
        return "Nothing is tailored: the objective is to meet the goals for the least money."
    if standing.gain < -standing.doubt:
        return f"This plan is worth {-100 * standing.gain:.2f} % less than the ordinary plan, on its own objective."
    untailored = _untailored_verdict(campaign, found, standing)
    if untailored:
        return untailored
    if not standing.measurable:
        which = (
            "this plan is the ordinary plan"
            if standing.same
            else "the ordinary plan is as good, within the gaps"
        )
        return f"Tailoring to influencers gains nothing that can be measured: {which}."
    beside, price = _beside_ordinary(found["reach of influencers"]), _price(campaign, found, standing)
    if not standing.firm:
        return f"No gain is claimed: the tailored plan {beside}; {standing.within_error}; tailoring {price}."
    return f"The tailored plan {beside}; tailoring {price}."


def _untailored_verdict(campaign: Campaign, found: Mapping[str, Gain], standing: Standing) -> str:
    """The verdict where no influencers are tailored to, by the objective or for want of them; "" where they are."""
    objective = campaign.brief.objective
    if objective == "impressions":
        return (
            "This plan buys most weighted impressions for the money, not most reach: "
            f"{_points(found['reach of everyone'])} of reach compared with the ordinary plan."
        )
    if objective == "effective reach":
        return _effective_verdict(campaign, found, standing)
    if objective == "reach":
        which = "is" if standing.same else "is as good as"
        return f"Nothing is tailored: the objective is reach, so this plan {which} the ordinary plan."
    if objective not in TAILORED:
        return f"Nothing is tailored to influencers: the objective is {objective}."
    if "reach of influencers" not in found:
        return "Nothing is tailored: no trait of this campaign is a catalyst or an expert of its category."
    return ""


def _beside_ordinary(influencers: Gain) -> str:
    """How many influencers the tailored plan reaches, beside the ordinary one."""
    if influencers.points <= 0.005:
        return f"reaches no more influencers than the ordinary plan ({_points(influencers)})"
    return (
        f"reaches {influencers.tailored:.2f} % of influencers, the ordinary plan {influencers.ordinary:.2f} % "
        f"({_points(influencers)})"
    )


def _points(gain: Gain) -> str:
    return points_text(gain.points, gain.error)


def _effective_verdict(campaign: Campaign, found: Mapping[str, Gain], standing: Standing) -> str:
    """What being met several times gains, and what it costs in reach; nobody is weighted."""
    times, met = campaign.brief.effective_frequency, found[_met_often(campaign)]
    if not standing.measurable:
        return f"No plan was found that meets more people {times} times or more than the ordinary plan does."
    reach = found.get("reach of target", found["reach of everyone"])
    worth = "" if standing.firm else f" All in all {standing.within_error}."
    whom = "target" if "reach of target" in found else "everyone"
    return (
        f"This plan is for being met {times} times or more: {met.tailored:.2f} % of {whom} instead of "
        f"{met.ordinary:.2f} % ({_points(met)}), at {_points(reach)} of the reach of {whom}. "
        f"Influence is not weighted.{worth}"
    )


def _met_often(campaign: Campaign) -> str:
    return f"target met {campaign.brief.effective_frequency} times or more"


def _price(campaign: Campaign, found: Mapping[str, Gain], standing: Standing) -> str:
    """What tailoring costs in reach, ending a sentence; and whether word of mouth alone bears it out, in another."""
    of = {name: found.get(f"reach of {name}") for name in ("everyone", "customers")}
    costs = [
        f"{abs(gain.points):.2f}{plus_minus(gain.error)} points of the reach of {name}"
        for name, gain in of.items()
        if gain is not None and gain.points < -0.005
    ]
    price = f"costs {' and '.join(costs)}" if costs else "costs no reach among everyone or customers"
    told = found.get(BY_WORD_OF_MOUTH)
    if told is None or campaign.brief.objective != "influence":
        return price
    return price + _worse_by_word_of_mouth(told, standing)


def _worse_by_word_of_mouth(told: Gain, standing: Standing) -> str:
    """That by word of mouth alone the ordinary plan is worth more; "" where it is not, beyond doubt, the model's own
    error and rounding."""
    percent = abs(told.percent or 0.0)
    if told.points >= -max(standing.doubt, FIRM * standing.error) * told.ordinary or percent < 0.005:
        return ""
    return (
        ". Counted in people reached and people told alone, without influence weights, the ordinary plan is worth "
        f"{percent:.2f} % more"
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
    hears_anew = np.where(people.target, np.exp(-talk.heard(reach)), 0.0)
    worth = people.target + omega * talk.passed_on * talk.told_by(hears_anew)
    average = float(people.share_of(people.target) @ worth)
    groups = _groups(campaign, people)
    return {
        name: float(people.share_of(mask) @ worth) / average
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
        f"Earned value is {100 * earned / paid:.0f} % of paid; the evidence's ceiling is {100 * ceiling.value:.0f} % "
        f"({ceiling.basis}).",
    )
