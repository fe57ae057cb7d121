"""What tailoring to influencers brings: by hand, where nothing is gained, where something is."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.campaign.assumptions import PRESETS
from planner.campaign.influence import with_parameter
from planner.campaign.inputs import (
    AudienceRow,
    InfluenceRow,
    TraitRow,
)
from planner.campaign.prepare import prepare
from planner.planning.comparison import _verdict, _verdict_code
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.standing import Standing
from planner.planning.turning import at_multiplier
from planner.workbook.campaign.parse import read_campaign
from tests.planner.planning.tailored import (
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

SAMPLES = Path(__file__).parents[3] / "sample_inputs"
QUICK = Options(break_even=False)
GEEK = TraitRow("expert: technology", "expert", 0.15, category="technology")


def drawn(seed, vehicles=7, **brief):
    """A campaign of the seed; its vehicles differ much in whom they meet."""
    rng = np.random.default_rng([31, seed])
    offered = {
        f"vehicle {j}": (
            float(np.round(rng.uniform(150, 700))), float(np.round(rng.uniform(100, 1_500))),
            float(rng.uniform(0.15, 0.5)), float(rng.uniform(0.03, 0.3)), float(rng.uniform(0.08, 0.4)),
        )
        for j in range(vehicles)
    }  # fmt: skip
    budget = float(np.round(rng.uniform(1_500, 5_000)))
    return build(offered, **({"budget": budget} | brief))


def gain(result, measure):
    return next(found for found in result.influence.gains if found.measure == measure)


# One vehicle by hand: 100 of 1,000 thousand people are catalysts; 300 see an insertion, 60 of them catalysts.
BY_HAND = (
    InfluenceRow("conversations", 10.0), InfluenceRow("catalyst", 3.0), InfluenceRow("brand_share", 0.5),
    InfluenceRow("prompted", 0.4), InfluenceRow("listeners", 1.0), InfluenceRow("credible", 0.5),
    InfluenceRow("weeks", 2.0), InfluenceRow("worth", 2.0), InfluenceRow("online_echo", 0.0),
    InfluenceRow("face_to_face", 0.76), InfluenceRow("phone", 0.13), InfluenceRow("online", 0.09),
    InfluenceRow("other", 0.02), InfluenceRow("homophily", 0.0),
)  # fmt: skip


@pytest.fixture
def one_insertion():
    """One insertion of one vehicle, evaluated; the composition is measured on everybody, so it is not shrunk."""
    campaign = build(
        {"News": (100.0, 300.0, 0.3, 0.2, 0.2)}, (CATALYST,), BY_HAND, universe_000=1_000.0, budget=100.0
    )
    one = np.array([1.0])
    return evaluate_plan(campaign, one, one, QUICK)


def test_paid_earned_and_combined_reach_by_hand(one_insertion):
    """10 x 1/2 x 1 x 2 x .5 x .4 x .5 = 1 contact from the average person; mean volume .1 x 3 + .9 = 1.2, so 2.5
    from a catalyst and 5/6 from others: 60 x 2.5 + 240 x 5/6 = 350 contacts among 1,000 people, h = .35,
    H = 1 - exp(-.35) = .295312; either way 1 - .7 x .704688 = .506718, of catalysts 1 - .4 x .704688 = .718125."""
    plan = one_insertion.influence.tailored
    everyone, catalysts = plan.audience("everyone"), plan.audience("catalysts")
    six = {"abs": 1e-6}  # the digits above
    assert (everyone.paid, everyone.earned, everyone.combined) == pytest.approx(
        (0.3, 0.295312, 0.506718), **six
    )
    assert (catalysts.paid, catalysts.earned, catalysts.combined) == pytest.approx(
        (0.6, 0.295312, 0.718125), **six
    )
    assert plan.earned_contacts_000 == pytest.approx(350.0, rel=1e-9)
    assert plan.cost_per_thousand_influencers == pytest.approx(100 / 60, rel=1e-9)
    assert plan.influence_weighted_000 == pytest.approx(
        60 * 3.0 + 240, rel=1e-9
    )  # the multiplier is the weight


def test_worth_by_trait_by_hand(one_insertion):
    """A conversation is worth 2: a catalyst 1 + 2 x 2.5 x .704688 = 4.523440, others 1 + 2 x 5/6 x .704688 =
    2.174480, the average 1 + 2 x .704688 = 2.409376."""
    assert dict(one_insertion.influence.worth) == pytest.approx(
        {"catalyst": 1.877432, "everyday": 0.902508}, abs=1e-6
    )


def test_shares_passed_on_and_channels_by_hand(one_insertion):
    """Catalysts pass on 150 of 350 contacts; 76, 13, 9 and 2 % of 350 go by the channels."""
    found = one_insertion.influence
    assert dict(found.passed_on) == pytest.approx({"catalyst": 150 / 350, "everyday": 200 / 350}, rel=1e-9)
    assert dict(found.channels) == pytest.approx(
        {"face to face": 266.0, "phone": 45.5, "online": 31.5, "other": 7.0}, rel=1e-9
    )


def test_earned_value_above_the_evidence_s_ceiling_earns_a_warning(one_insertion):
    """2 x .295312 earned beside .3 paid is 197 %; a worth of .15 x .3 / .295312 = .1524 is at the ceiling."""
    assert len(one_insertion.influence.warnings) == 1
    assert "197%" in one_insertion.influence.warnings[0].replace(" ", "")
    one = np.array([1.0])
    for worth, warned in ((0.153, 1), (0.152, 0)):
        campaign = with_parameter(one_insertion.campaign, "worth", worth)
        assert len(evaluate_plan(campaign, one, one, QUICK).influence.warnings) == warned


@pytest.mark.parametrize("number", PAYS)
def test_channels_sum_to_the_earned_contacts_and_groups_share_them(number):
    found = made(number)[1].influence
    assert sum(found.channels.values()) == pytest.approx(found.tailored.earned_contacts_000, rel=1e-12)
    shares = found.passed_on
    both = shares["catalyst"] + shares["expert: food"] + shares["everyday"] - 1
    assert 0 < both < min(shares["catalyst"], shares["expert: food"])  # those who are both count in either
    assert all(0 < share < 1 for share in shares.values())


# Nothing to tailor.
@pytest.mark.parametrize("gap", [0.05, 1e-3])
@pytest.mark.parametrize("seed", range(5))
def test_a_sceptic_s_plan_is_the_ordinary_plan(seed, gap):
    result = make_plan(drawn(seed, **preset("sceptical")), replace(QUICK, gap=gap))
    found = result.influence
    assert result.vehicles.insertions.tolist() == found.ordinary.insertions.tolist()
    assert not found.measurable
    assert "gains nothing that can be measured: this plan is the ordinary plan." in found.verdict
    assert found.comes_in == found.goes_out == ()
    assert all(each.points == 0 for each in found.gains)


@pytest.mark.parametrize("seed", range(2))
def test_weights_of_one_switch_influence_off_under_any_preset(seed):
    traits = (CUSTOMER, replace(CATALYST, weight=1.0), replace(COOK, weight=1.0))
    campaign = replace(drawn(seed, **preset("industry")), traits=traits)
    result = make_plan(campaign, QUICK)
    assert result.vehicles.insertions.tolist() == result.influence.ordinary.insertions.tolist()
    reach = make_plan(drawn(seed, objective="reach"), QUICK)
    assert reach.vehicles.insertions.tolist() == result.vehicles.insertions.tolist()
    assert reach.value == pytest.approx(result.value, rel=1e-12)


@pytest.mark.parametrize("seed", range(2))
def test_a_conversation_worth_nothing_leaves_the_ordinary_plan(seed):
    campaign = with_parameter(drawn(seed, **preset("industry", "word of mouth")), "worth", 0.0)
    result = make_plan(campaign, QUICK)
    assert result.vehicles.insertions.tolist() == result.influence.ordinary.insertions.tolist()
    assert not result.influence.measurable
    assert result.influence.warnings == ()


@pytest.mark.parametrize("objective", ["influence", "word of mouth", "impressions"])
@pytest.mark.parametrize("seed", range(20, 22))
def test_the_gain_is_never_negative_and_an_unmeasurable_one_shows_the_ordinary_plan(seed, objective):
    """The worth of both plans worked out from the problem itself, at a wide and a narrow gap."""
    for name, gap in (("moderate", 0.03), ("industry", 1e-3)):
        campaign = drawn(seed, **preset(name, objective))
        result = make_plan(campaign, replace(QUICK, gap=gap))
        problem = prepare(campaign).problem
        ordinary = problem.value(result.influence.ordinary.insertions)
        assert result.value >= ordinary * (1 - 1e-12)  # the same sums
        if result.influence.measurable:
            assert result.value > ordinary * (1 + result.gap)
        elif ordinary >= result.bound * (1 - gap):
            assert result.vehicles.insertions.tolist() == result.influence.ordinary.insertions.tolist()
            assert result.value == pytest.approx(ordinary, rel=1e-12)


def test_the_objective_reach_is_not_tailored():
    found = make_plan(build(objective="reach"), QUICK).influence
    assert found.verdict.startswith("Nothing is tailored: the objective is reach")
    assert not found.measurable


@pytest.mark.parametrize("objective", ["influence", "word of mouth"])
def test_without_catalysts_and_experts_of_the_category_nothing_is_tailored(objective):
    for traits, category in (((CUSTOMER,), "food"), ((CUSTOMER, COOK), "cars"), ((CUSTOMER, GEEK), "food")):
        found = make_plan(build(traits=traits, category=category, objective=objective), Options()).influence
        assert found.verdict.startswith("Nothing is tailored: no trait")
        assert found.break_even is None
        assert found.tailored.audience("influencers") is None
        assert math.isnan(found.tailored.cost_per_thousand_influencers)
        assert all(math.isfinite(each.tailored) and math.isfinite(each.ordinary) for each in found.gains)
        assert found.passed_on["everyday"] == pytest.approx(1)


def test_what_the_codes_say_and_that_a_gain_beyond_two_errors_is_claimed():
    people = prepare(build()).people
    campaign = build()
    for gain, doubt, error, code in (
        (0.05, 0.001, 0.01, "gain"),
        (0.05, 0.001, 0.03, "within_model_error"),
        (0.0005, 0.001, 0.0001, "within_gap"),
        (-0.05, 0.001, 0.01, "none"),
    ):
        standing = Standing(gain, doubt, False, error)
        assert _verdict_code(campaign, people, standing) == code
        assert standing.firm == (code == "gain")
    for objective in ("reach", "impressions", "minimum cost"):
        other = replace(campaign, brief=replace(campaign.brief, objective=objective))
        assert _verdict_code(other, people, Standing(0.05, 0.001, False, 0.01)) == "none"


def test_a_dearer_plan_for_least_money_is_not_said_to_be_worth_less():
    campaign = build()
    campaign = replace(campaign, brief=replace(campaign.brief, objective="minimum cost"))
    assert _verdict(campaign, (), Standing(-0.2, 0.001, False, 0.01)).startswith("Nothing is tailored")


# Something to tailor.
@pytest.mark.parametrize("number", PAYS)
def test_a_measurable_gain_is_told_with_its_price(number):
    result = made(number)[1]
    found = result.influence
    assert found.measurable
    influencers, everyone = gain(result, "reach of influencers"), gain(result, "reach of everyone")
    assert influencers.points > 1
    assert (
        f"{influencers.tailored:.2f} % of influencers, the ordinary plan {influencers.ordinary:.2f} %"
        in found.verdict
    )
    assert influencers.error == pytest.approx(found.reach_error * influencers.ordinary)
    assert f"({influencers.points:+.2f} +-{influencers.error:.2f} points)" in found.verdict
    assert everyone.points < 0
    # Nobody knows two vehicles' exchange so well without audience types: no gain is claimed.
    assert found.verdict_code == "within_model_error"
    assert 0 < found.gain < 2 * found.model_error
    assert f"within the model's own error of {100 * found.model_error:.2f} %" in found.verdict
    costs = f"{-everyone.points:.2f} +-{everyone.error:.2f} points of the reach of everyone"
    assert f"tailoring costs {costs}" in found.verdict


@pytest.mark.parametrize("number", PAYS)
def test_gains_are_the_differences_of_the_two_plans_evaluated_apart(number):
    campaign, result = made(number)
    plans = [result.influence.tailored.insertions, result.influence.ordinary.insertions]
    assert plans[0].tolist() == result.vehicles.insertions.tolist()
    apart = [evaluate_plan(campaign, plan, plan, QUICK) for plan in plans]
    for name in ("everyone", "customers", "influencers"):
        shares = [next(a.reach_share for a in each.audiences if a.name == name) for each in apart]
        found = gain(result, f"reach of {name}")
        assert (found.tailored, found.ordinary) == pytest.approx([100 * share for share in shares], rel=1e-9)
        assert found.points == pytest.approx(100 * (shares[0] - shares[1]), abs=1e-9)
        assert found.percent == pytest.approx(100 * (shares[0] / shares[1] - 1), abs=1e-7)
        if name == "influencers":  # 28 % of 10,000 thousand: .1 + .2 - .02, catalysts and cooks by chance
            money = [plan @ np.array([row[0] for row in OFFERED.values()]) for plan in plans]
            dear = gain(result, "cost per thousand influencers")
            met = [2_800 * share for share in shares]
            assert [dear.tailored, dear.ordinary] == pytest.approx(np.array(money) / met, rel=1e-9)
    contacts = gain(result, "earned contacts")
    both = [each.influence.tailored.earned_contacts_000 for each in apart]
    assert (contacts.tailored, contacts.ordinary) == pytest.approx(both, rel=1e-9)
    names = np.array(list(OFFERED))
    assert result.influence.comes_in == tuple(names[(plans[0] > 0) & (plans[1] == 0)])
    assert result.influence.goes_out == tuple(names[(plans[1] > 0) & (plans[0] == 0)])


@pytest.mark.parametrize("number", PAYS)
def test_the_ordinary_and_the_plain_plan_are_the_best_of_their_kinds(number):
    """Among all plans within the budget, enumerated: most reach above the customers' floor, most contacts."""
    campaign, result = made(number)
    plans, reach, kept = every_plan(campaign, result)
    people = prepare(campaign).people
    population = people.segments.population
    ordinary = population @ people.model.reach_shares(result.influence.ordinary.insertions)
    assert ordinary == pytest.approx((reach[kept] @ population).max(), rel=1e-6)
    contacts = plans @ np.array([row[1] for row in OFFERED.values()])
    audience = np.array([row[1] for row in OFFERED.values()])
    assert result.influence.impressions.insertions @ audience == pytest.approx(contacts.max(), rel=1e-6)


# Plans that a planner brings.
@pytest.mark.parametrize("number", PAYS)
def test_evaluating_a_plans_own_insertions_gives_the_same_influence_figures(number):
    campaign, result = made(number)
    own = result.vehicles.insertions
    before, after = result.influence, evaluate_plan(campaign, own, own, SHARP).influence
    assert after.verdict == before.verdict
    assert (after.measurable, after.preset, after.warnings) == (
        before.measurable,
        before.preset,
        before.warnings,
    )
    for name in ("worth", "passed_on", "channels"):
        assert dict(getattr(after, name)) == pytest.approx(dict(getattr(before, name)), rel=1e-9)
    for label in ("tailored", "ordinary", "impressions"):
        one, other = getattr(before, label), getattr(after, label)
        assert one.insertions.tolist() == other.insertions.tolist()
        assert one.audiences == other.audiences
        assert one.earned_contacts_000 == other.earned_contacts_000
    assert [(g.measure, g.tailored, g.ordinary) for g in after.gains] == [
        (g.measure, g.tailored, g.ordinary) for g in before.gains
    ]


@pytest.mark.parametrize("name", ["sceptical", "moderate"])
def test_a_planners_own_plan_that_is_far_worse_is_not_called_as_good_or_a_gain(name):
    poor = np.array([0.0, 0, 0, 1, 0])
    found = evaluate_plan(build(customers_first=0.0, **preset(name)), poor, poor, QUICK).influence
    assert gain_points(found, "people reached, influence-weighted") < 0
    assert "as good" not in found.verdict
    assert not found.measurable


def gain_points(influence, measure):
    return next(each.points for each in influence.gains if each.measure == measure)


def test_an_expert_of_another_category_keeps_its_weight_at_every_multiplier():
    """Named by an audience, the technology expert has segments, but no influence in a food campaign."""
    campaign = replace(build(traits=(CUSTOMER, CATALYST, COOK, GEEK)),
                       audiences=(AudienceRow("geeks", "expert: technology"),))  # fmt: skip
    people = prepare(at_multiplier(campaign, 5.0)).people
    weights = dict(zip(people.segments.names, people.weights.tolist(), strict=True))
    assert weights["expert: technology"] == 1
    assert weights["catalyst, expert: technology"] == 5


def test_a_turning_multiplier_is_shown_beside_the_weight_that_is_used():
    traits = (CUSTOMER, replace(CATALYST, weight=5.0), replace(COOK, weight=1.0))
    turns = make_plan(build(traits=traits), Options(gap=1e-6)).influence.break_even.assumptions
    used = {turn.parameter: turn.used for turn in turns}
    assert (used["Catalyst multiplier"], used["Expert multiplier"]) == (5.0, 1.0)


# The samples.
@pytest.mark.parametrize("name", ["us_2016", "spring_launch"])
@pytest.mark.parametrize("taken", PRESETS)
def test_the_samples_are_planned_for_word_of_mouth_under_every_preset(name, taken):
    """Customers first under the usual preset only, for time: its floor is the same under each."""
    campaign = read_campaign(SAMPLES / f"{name}.xlsx")
    keep = campaign.brief.customers_first if taken == "moderate" else 0.0
    brief = replace(campaign.brief, objective="word of mouth", influence_preset=taken, customers_first=keep)
    result = make_plan(replace(campaign, brief=brief), QUICK)
    assert result.status == "optimal"
    assert result.objective == "word of mouth"
    found = result.influence
    assert found.preset == taken
    assert found.verdict.endswith(".")
    assert result.value >= prepare(result.campaign).problem.value(found.ordinary.insertions) * (1 - 1e-12)
    everyone = found.tailored.audience("everyone")
    assert 0 < everyone.earned < everyone.paid
    assert everyone.paid < everyone.combined < everyone.paid + everyone.earned
    assert bool(found.warnings) == (taken == "industry")
    assert found.worth["catalyst"] >= found.worth["everyday"] - 1e-12
    assert (found.worth["catalyst"] > 1.1) == (taken == "industry")
