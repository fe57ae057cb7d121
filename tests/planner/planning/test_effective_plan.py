"""Effective reach and goals on n+ reach, from a campaign to the words about its plan."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import InfeasiblePlan, SolverFailure
from models.reach.contacts import effective_shares
from models.search import often_bound, often_listed, several_contacts
from planner.campaign.calendar import Calendar, PriceFactor
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow
from planner.errors import Explanation, NoPlan, Problem
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import PlanResult
from planner.report.plan.certificate import certificate_sentence, objective_sentence
from planner.report.plan.text import plan_table


@pytest.fixture
def campaign(made_campaign) -> Campaign:
    """Eight vehicles in two media, nobody first."""
    made = made_campaign(
        vehicles=8,
        objective="effective reach",
        target_audience="everyone",
        budget=120_000.0,
        customers_first=0.0,
    )
    return replace(made, rules=())


def goal(least: float, times: int = 3, audience: str = "everyone") -> GoalRow:
    return GoalRow(audience, "effective reach", least, None, times, "Goals!C2")


def asked(campaign: Campaign, objective: str, *goals: GoalRow, **brief: object) -> Campaign:
    return replace(campaign, brief=replace(campaign.brief, objective=objective, **brief), goals=goals)


def share_met(result: PlanResult, audience: str = "everyone", times: int = 3) -> float:
    found = next(figures for figures in result.audiences if figures.name == audience)
    return float(found.reached_at_least(times))


MADE: list[PlanResult] = []


@pytest.fixture
def plan(campaign) -> PlanResult:
    """The campaign's plan, made once for all tests: nothing changes it."""
    if not MADE:
        MADE.append(make_plan(campaign, Options()))
    return MADE[0]


def test_the_plan_meets_more_people_so_often_than_the_reach_plan(plan, campaign):
    people = prepare(campaign).people
    assert plan.influence is not None
    ordinary = plan.influence.ordinary.insertions
    reach_plan = float(people.segments.population @ effective_shares(people.model, ordinary, 3))
    assert plan.value > 1.02 * reach_plan
    assert share_met(plan) == pytest.approx(plan.value / campaign.brief.universe_000, rel=1e-6)
    assert plan.cost <= campaign.brief.budget


@pytest.fixture
def too_many_to_list(monkeypatch) -> None:
    """As in a campaign whose plans are too many to value each."""
    monkeypatch.setattr(several_contacts, "FEW", 0)
    monkeypatch.setattr(often_listed, "MANY", 0)
    monkeypatch.setattr(often_bound, "_LISTED", 0)


def test_where_every_plan_is_valued_the_best_is_certain(plan):
    assert plan.status == "optimal"
    assert plan.bound == plan.value
    assert certificate_sentence(plan) == "No plan within these rules is worth more than this one."


def test_the_search_ended_by_itself_and_its_bound_is_no_certificate(campaign, too_many_to_list):
    plan = make_plan(campaign, Options())
    assert plan.status == "feasible"
    assert not plan.timed_out
    assert plan.bound > plan.value
    sentence = certificate_sentence(plan)
    assert sentence.startswith("This is the best plan found. None within")
    assert "upper limit, not a certificate" in sentence
    assert "time limit" not in sentence
    assert certificate_sentence(replace(plan, edits=("A",))).startswith(
        "No plan within"
    )  # not what was found
    assert "time limit ended" in certificate_sentence(replace(plan, timed_out=True))


def test_the_verdict_tells_what_being_met_often_costs_in_reach(plan):
    influence = plan.influence
    gains = {gain.measure: gain for gain in influence.gains}
    met = gains["target met 3 times or more"]
    assert met.tailored == pytest.approx(100 * share_met(plan, "everyone"), abs=1e-6)
    assert influence.measurable
    assert f"{met.tailored:.2f} % of everyone instead of {met.ordinary:.2f} %" in influence.verdict
    assert influence.break_even is None  # nobody is weighted
    assert "3 times or more" in plan_table(plan)


def test_the_notes_say_what_is_approximated_and_what_the_bound_is(plan):
    texts = [text for topic, text in plan.notes if topic == "Effective reach"]
    assert len(texts) == 2
    assert "local search on the exact figure" in texts[0]
    assert "loose by its nature" in texts[1]


def test_once_is_enough_where_the_effective_frequency_is_one(campaign):
    once = make_plan(replace(campaign, brief=replace(campaign.brief, effective_frequency=1)), Options())
    reach = make_plan(asked(campaign, "reach"), Options())
    assert once.value == pytest.approx(reach.value, rel=2e-3)
    assert "not a certificate" not in certificate_sentence(once)
    assert not [topic for topic, _ in once.notes if topic == "Effective reach"]


def test_customers_first_is_kept(campaign):
    result = make_plan(replace(campaign, brief=replace(campaign.brief, customers_first=0.95)), Options())
    assert result.customers_first.kept >= result.customers_first.floor - 1e-9
    assert result.status == "feasible"


def test_an_edited_plan_is_evaluated_on_the_same_measure(campaign):
    prepared = prepare(campaign)
    edited = np.array([3.0, 3, 3, 0, 0, 0, 0, 0])
    result = evaluate_plan(campaign, edited, edited, Options())
    assert result.value == pytest.approx(
        float(prepared.people.segments.population @ effective_shares(prepared.people.model, edited, 3))
    )


@pytest.mark.parametrize("objective", ["influence", "reach", "word of mouth", "impressions"])
def test_a_goal_is_met_under_any_objective(objective, campaign):
    free = make_plan(asked(campaign, objective), Options(break_even=False))
    wanted = round(share_met(free) + 0.003, 3)
    result = make_plan(asked(campaign, objective, goal(wanted)), Options(break_even=False))
    assert share_met(free) < wanted <= share_met(result) + 1e-8
    assert result.status in ("optimal", "feasible")
    assert all(rule.holds for rule in result.rules)
    assert any(rule.cell == "Goals!C2" and "3 times or more" in rule.text for rule in result.rules)


def test_the_least_money_that_meets_goals_is_said_as_money(campaign):
    goals = (goal(0.05), GoalRow("customers", "reach", 0.2, cell="Goals!C3"))
    result = make_plan(asked(campaign, "minimum cost", *goals, budget=400_000.0), Options())
    assert share_met(result) >= 0.05 - 1e-8
    assert result.value == pytest.approx(result.cost)
    assert result.bound <= result.value
    assert "lower limit, not a certificate" in certificate_sentence(result)
    assert f"Objective minimum cost: ${result.cost:,.0f}" in objective_sentence(result)
    for j in np.flatnonzero(result.vehicles.insertions):
        less = result.vehicles.insertions.copy()
        less[j] -= 1
        assert prepare(asked(campaign, "minimum cost", *goals, budget=400_000.0)).problem.broken(less)


def test_a_goal_that_nobody_can_reach_is_proven_to_be_one(campaign):
    with pytest.raises(InfeasiblePlan) as error:
        make_plan(asked(campaign, "influence", goal(0.9)), Options())
    text = str(error.value)
    assert text.startswith(
        "everyone: at least 90 % reached 3 times or more (Goals!C2), but everything on offer "
    )
    assert error.value.rules == ("Goals!C2: everyone: at least 90 % reached 3 times or more",)


def test_a_goal_just_above_what_is_possible_is_told_from_it(campaign):
    with pytest.raises(InfeasiblePlan) as error:
        make_plan(asked(campaign, "influence", goal(0.0697)), Options())
    assert str(error.value).startswith(
        "No plan within the rules reaches 6.97 % of everyone 3 times or more: more than 6.96 % is impossible; "
        "the best found reaches 6.95 %."
    )


def test_a_goal_that_is_merely_not_reached_is_not_called_impossible(campaign, too_many_to_list):
    with pytest.raises(InfeasiblePlan) as error:
        make_plan(asked(campaign, "influence", goal(0.0705)), Options())
    text = str(error.value)
    assert text.startswith(
        "No plan that reaches 7.05 % of everyone 3 times or more was found; the best found "
    )
    assert "not proven" in text


def with_prices(campaign: Campaign) -> Campaign:
    """A package and a volume discount, which moves of insertions alone do not see."""
    names = [vehicle.name for vehicle in campaign.vehicles]
    package = PackageRow("bundle", tuple(names[:3]), (2.0, 2.0, 2.0), 25_000.0)
    return replace(
        campaign, packages=(package,), discounts=(DiscountRow(names[4], (names[4],), "insertions", 3, 0.2),)
    )


@pytest.mark.parametrize("objective", ["effective reach", "minimum cost"])
def test_packages_and_discounts_are_searched_too(objective, campaign):
    goals = (goal(0.05),) if objective == "minimum cost" else ()
    priced = asked(with_prices(campaign), objective, *goals)
    plain = asked(campaign, objective, *goals)
    result, without = make_plan(priced, Options()), make_plan(plain, Options())
    assert all(rule.holds for rule in result.rules)
    assert result.packages[0].bought  # 25,000 for 33,000 of insertions
    better = result.value <= without.value if objective == "minimum cost" else result.value >= without.value
    assert better


def test_weeks_that_bind_the_buy_are_kept(campaign):
    names = [vehicle.name for vehicle in campaign.vehicles]
    weeks = Calendar(
        labels=("W1", "W2", "W3", "W4"), mondays=(None,) * 4,
        factors=(PriceFactor("", tuple(names), (1.0, 1.0, 1.5, 1.5)),),
        most={name: (1.0, 1.0, 1.0, 1.0) for name in names},
    )  # fmt: skip
    result = make_plan(replace(campaign, calendar=weeks), Options(break_even=False))
    assert all(rule.holds for rule in result.rules)
    assert result.vehicles.insertions.max() <= 4
    assert result.influence is not None
    people = prepare(campaign).people
    ordinary = effective_shares(people.model, result.influence.ordinary.insertions, 3)
    assert result.value >= float(people.segments.population @ ordinary)


@pytest.mark.parametrize(("minimal", "raised"), [(True, NoPlan), (False, SolverFailure)])
def test_a_search_that_time_ended_is_no_conflict_that_time_left_unfinished(
    minimal, raised, campaign, monkeypatch
):
    """Where the conflict was not found to its end, nobody knows that there is no plan."""

    def ended(*_: object) -> None:
        raise SolverFailure("the time limit ended the search before a plan was found; allow more time.")

    why = Explanation((Problem("Goals!C2", "a goal"),), minimal=minimal)
    monkeypatch.setattr("planner.planning.solve.allocate", ended)
    monkeypatch.setattr("planner.planning.solve.explanation_of", lambda *_: why)
    with pytest.raises(raised):
        make_plan(asked(campaign, "influence", goal(0.05)), Options())
