"""What a conversation must be worth for tailoring to pay, and where the verdict turns."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from models.people.audience import build_segments
from models.people.traits import Traits
from planner.campaign.assumptions import TALK
from planner.campaign.influence import with_parameter
from planner.campaign.inputs import (
    counts_for,
)
from planner.campaign.prepare import prepare
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.turning import HIGHEST_MULTIPLIER, advantage_by, at_multiplier
from tests.planner.planning.tailored import (
    CAMPAIGNS,
    CATALYST,
    COOK,
    CUSTOMER,
    OFFERED,
    PAYS,
    SHARP,
    build,
    every_plan,
    made,
    preset,
)

# Break-even.
STEP = HIGHEST_MULTIPLIER ** (1 / 64)  # what six halvings of 1 to 10 leave


@pytest.mark.parametrize("number", PAYS)
def test_tailoring_pays_at_the_break_even_and_not_below(number):
    """Solved anew at the multiplier found, and at one and four resolutions below it."""
    campaign, result = made(number)
    found = result.influence.break_even
    assert found.searched_to == HIGHEST_MULTIPLIER
    assert 1 < found.multiplier < HIGHEST_MULTIPLIER
    at = make_plan(at_multiplier(campaign, found.multiplier), SHARP)
    assert at.influence.measurable
    assert at.vehicles.insertions.tolist() != at.influence.ordinary.insertions.tolist()
    for below in (STEP**1.01, STEP**4):
        under = make_plan(at_multiplier(campaign, found.multiplier / below), SHARP)
        assert not under.influence.measurable
        assert under.vehicles.insertions.tolist() == at.influence.ordinary.insertions.tolist()


@pytest.mark.parametrize("number", PAYS)
def test_the_break_even_is_where_enumeration_puts_it(number):
    """The smallest multiplier at which some plan is worth more than the ordinary one, plan by plan."""
    campaign, result = made(number)
    _, reach, kept = every_plan(campaign, result)
    people = prepare(campaign).people
    old = people.model.reach_shares(result.influence.ordinary.insertions)

    def most_gained(multiplier):
        changed = at_multiplier(campaign, multiplier)
        worth = [worth_by_hand(changed, each) for each in (*reach[kept], old)]
        return max(worth) / worth[-1] - 1

    multiplier = result.influence.break_even.multiplier
    assert most_gained(multiplier) > 1e-6
    assert most_gained(multiplier / STEP**1.01) < 2e-6  # the gaps: of the plan and of the ordinary one


def worth_by_hand(campaign, reach):
    """A plan's worth on the campaign's objective from its reach, by the sums of design sections 5 and 6; no
    homophily, everyone the target."""
    people = prepared_people(campaign.brief.universe_000, campaign.traits)
    population = people.population
    has = {name: people.with_trait(name) for name in people.traits.names}
    catalyst, cook = (
        has["catalyst"],
        has["expert: food"] if "expert: food" in has else has["catalyst"] & False,
    )
    values = {name: each.taken(campaign.brief.influence_preset) for name, each in TALK.items()}
    values |= {"conversations": 7.9} | {row.parameter: row.used for row in campaign.influence}
    weights = {row.name: row.weight for row in campaign.traits}
    if campaign.brief.objective == "influence":
        loud = weights["catalyst"] if weights["catalyst"] is not None else values["catalyst"]
        expert = weights.get("expert: food")
        expert = values["expert"] if expert is None else expert
        return float((population * (1 + (loud - 1) * catalyst + (expert - 1) * cook)) @ reach)
    volume = 1 + (values["catalyst"] - 1) * catalyst + (values["expert"] - 1) * cook
    volume = volume * np.where(has["customer"], values["customer"], 1.0)
    volume = volume * population.sum() / (population @ volume)
    channels = np.array([values[name] for name in ("face_to_face", "phone", "online", "other")])
    tau = values["conversations"] * values["weeks"] * values["brand_share"] * values["prompted"]
    tau *= values["listeners"] / (1 + values["listeners"]) * values["credible"]
    tau *= 1 + values["online_echo"] * channels[2] / channels.sum()
    own = values["homophily"] * tau * volume * reach
    heard = own + (1 - values["homophily"]) * (population @ (tau * volume * reach)) / population.sum()
    return float(population @ (reach + values["worth"] * (1 - np.exp(-heard))))


@cache
def prepared_people(universe, traits):
    """Segments alone, from trait shares."""
    names = tuple(row.name for row in traits)
    return build_segments(
        universe, Traits(names, np.array([row.share for row in traits]), ("",) * len(names))
    )


@pytest.mark.parametrize("number", PAYS)
def test_the_worth_by_hand_is_the_worth_that_is_reported(number):
    campaign, result = made(number)
    reach = prepare(campaign).people.model.reach_shares(result.vehicles.insertions)
    assert worth_by_hand(campaign, reach) == pytest.approx(result.value, rel=1e-11)


def headings():
    return {each.heading: name for name, each in TALK.items()}


def judged(campaign, name, value):
    """The campaign as a turning value judges it: the multipliers of influencers by their weights where the
    objective is influence, everything else by word of mouth."""
    if campaign.brief.objective == "influence" and name in ("catalyst", "expert"):
        return replace(campaign, traits=tuple(
            replace(row, weight=value) if row.role == name else row for row in campaign.traits
        ))  # fmt: skip
    changed = with_parameter(campaign, name, value)
    return replace(changed, brief=replace(changed.brief, objective="word of mouth"))


@pytest.mark.parametrize("number", range(1, len(CAMPAIGNS)))
def test_where_the_verdict_turns_both_plans_are_worth_the_same(number):
    """Evaluated by hand at each value found: within 1e-9 of the worth, root finding to 2e-12 of the value; on
    both sides the advantage has both signs. Where no value is given, 40 of them all have one sign."""
    campaign, result = made(number)
    found = result.influence
    assert found.measurable
    model = prepare(campaign).people.model
    new, old = (model.reach_shares(plan.insertions) for plan in (found.tailored, found.ordinary))

    def advantage(name, value):
        changed = judged(campaign, name, value)
        return worth_by_hand(changed, new) - worth_by_hand(changed, old)

    size = worth_by_hand(campaign, old)
    turns = found.break_even.assumptions
    roles = {trait.role for trait in campaign.traits if counts_for(trait, campaign.brief)}
    told = [name for name in TALK if name in roles or name not in ("catalyst", "expert", "customer")]
    assert [turn.parameter for turn in turns] == [TALK[name].heading for name in told]
    assert sum(turn.turns_at is not None for turn in turns) >= 1
    for turn in turns:
        name = headings()[turn.parameter]
        highest = min(10 * TALK[name].high, 1.0 if TALK[name].share else np.inf)
        if turn.turns_at is None:
            values = [advantage(name, float(value)) for value in np.linspace(0, highest, 40)]
            assert min(values) > -1e-9 * size or max(values) < 1e-9 * size
        else:
            assert abs(advantage(name, turn.turns_at)) <= 1e-9 * size
            sides = [advantage(name, turn.turns_at * (1 + part)) for part in (-1e-3, 1e-3)]
            assert sides[0] * sides[1] < 0


def test_the_only_channel_there_is_turns_nothing_also_at_none_of_it():
    """All talk is online whatever its share beside nothing; at 0 of 0 the verdict could not be looked at."""
    campaign = CAMPAIGNS[1]
    for name, share in (("face_to_face", 0.0), ("phone", 0.0), ("other", 0.0), ("online", 1.0)):
        campaign = with_parameter(campaign, name, share)
    people = prepare(campaign).people
    bought = np.arange(len(campaign.vehicles), dtype=float)
    reaches = [people.model.reach_shares(plan) for plan in (bought, bought[::-1])]
    advantage = advantage_by(campaign, people, "online", reaches)
    assert advantage(0.0) == advantage(0.5) == advantage(1.0) != 0


def test_where_nothing_is_gained_no_assumption_turns_and_the_break_even_may_still_be_found():
    """The sceptic's plan is the moderate's campaign: its break-even is the same."""
    result = make_plan(build(**preset("sceptical")), Options(gap=1e-6))
    assert result.influence.break_even.assumptions == ()
    assert result.influence.break_even.multiplier == made(0)[1].influence.break_even.multiplier


def test_where_no_vehicle_differs_there_is_no_break_even():
    alike = {name: (cost, audience, 0.3, 0.1, 0.2) for name, (cost, audience, *_) in OFFERED.items()}
    traits = (CUSTOMER, replace(CATALYST, duplication_factor=1.0), COOK)
    found = make_plan(build(alike, traits, **preset("industry")), Options(gap=1e-4)).influence
    assert not found.measurable
    assert found.break_even.multiplier is None
