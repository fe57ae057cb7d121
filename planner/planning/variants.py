"""A campaign with a figure changed: the same people, its rules and prices stated anew.

The population depends on no price and on no rule, so it is built once; a question such as "what if this vehicle
cost 10 % less" is a changed campaign, and this module alone turns it into a problem.
"""

from dataclasses import replace

import numpy as np

from models.after.respondent_questions import Asked
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime
from models.problem.problem import Problem
from models.rules.row import Side
from models.rules.vehicle_limit import VehicleLimit
from models.search.allocate import Settings, allocate, strategy_of
from models.search.everywhere import is_small
from planner.campaign.inputs import MOST_INSERTIONS, Campaign
from planner.campaign.prepare import Prepared
from planner.campaign.rulebook import build_rulebook, money_cost
from planner.planning.questions import customer_floor

_CUSTOMER_GAP = 2e-5
_FEW_WEEKLY = 60  # numbers of insertions in a week: more are not searched further than within a gap


def variant(prepared: Prepared, campaign: Campaign) -> Prepared:
    """The campaign's rules, prices and limits over the people, objective and floors of `prepared`."""
    rulebook = build_rulebook(campaign, prepared.rulebook)
    problem = replace(
        prepared.problem,
        tariff=rulebook.tariff,
        buyable=np.where(rulebook.buyable > 0, np.maximum(rulebook.buyable, MOST_INSERTIONS), 0.0),
        rules=(*rulebook.rules, *prepared.goals.contacts),
    )
    return replace(prepared, campaign=campaign, rulebook=rulebook, problem=problem)


def best_customers(
    problem: Problem, near: FloatArray, seconds: float, questions: Asked | None = None, below: float = np.inf
) -> float:
    """The most customers (000) that any plan reaches, sharply. near: (plan_size,) a plan to start from where it keeps
    the rules. questions: about problems like it; below: about how far the most lies below its relaxation, as a share.
    Raises InfeasiblePlan, NoPlanInTime."""
    if questions is not None and settled_by_search(problem):
        found = questions.best_plan(problem, near, below, seconds, _CUSTOMER_GAP)
        if found.plan is None and found.settled:
            raise InfeasiblePlan
        if found.plan is None:
            raise NoPlanInTime("The time limit ended the search for the best customer reach.")
        return problem.value(found.plan)
    settings = Settings(gap=_CUSTOMER_GAP, seconds=max(seconds, 0.1), thorough=False, sharpen=False)
    return allocate(problem, settings, [near]).value


def customer_slack(problem: Problem, plan: FloatArray) -> float:
    """By what share of it a plan (plan_size,) passes the floor of customers first; infinite where there is none."""
    floor = customer_floor(problem)
    if floor is None or floor.least <= 0:
        return np.inf
    insertions = problem.columns.insertions(plan)
    return floor.above(problem.model.reach_shares(insertions), insertions) / floor.least


def with_vehicle(campaign: Campaign, place: int, **changes: float | bool | None) -> Campaign:
    """The campaign with fields of one vehicle's row changed."""
    rows = list(campaign.vehicles)
    rows[place] = replace(rows[place], **changes)  # type: ignore[arg-type]
    return replace(campaign, vehicles=tuple(rows))


def at_price(prepared: Prepared, place: int, unit_cost: float) -> Problem:
    """The problem at another unit cost of a vehicle that has one: what its rules look at beside money stays."""
    row = replace(prepared.campaign.vehicles[place], unit_cost=unit_cost)
    cost = prepared.problem.cost.copy()
    cost[place] = money_cost(row, prepared.campaign)
    tariff = replace(prepared.problem.tariff, cost=cost)
    rules = tuple(rule.with_money(tariff) for rule in prepared.problem.rules)
    return replace(prepared.problem, tariff=tariff, rules=rules)


def with_limit(problem: Problem, place: int, sense: Side, insertions: float) -> Problem:
    """The problem with one more limit on a row's insertions; of a vehicle in several units, on this unit's alone."""
    limit = VehicleLimit(f"{sense} {insertions:g} of {place}", place, "", "minimum", sense, insertions)
    return replace(problem, rules=(*problem.rules, limit))


def with_budget(campaign: Campaign, budget: float) -> Campaign:
    """The campaign with another budget."""
    return replace(campaign, brief=replace(campaign.brief, budget=budget))


def without_rules(problem: Problem, ids: set[str]) -> Problem:
    """The problem without some of its rules, or floors."""
    rules = tuple(rule for rule in problem.rules if rule.id not in ids)
    return replace(
        problem, rules=rules, floors=tuple(floor for floor in problem.floors if floor.id not in ids)
    )


def searched_by_moves(problem: Problem) -> bool:
    """Whether local search knows the problem: no weeks, packages or goals on n+ reach, and whole."""
    return problem.whole and problem.insertions_only and not problem.effective


def settled_by_search(problem: Problem) -> bool:
    """Whether whole-number searches soon settle which plan is best: nothing counts what is bought at all, either."""
    return problem.plain and found_by_lists(problem)


def found_by_lists(problem: Problem) -> bool:
    """Whether all plans that may be best can be listed, where they are few (models.programme.plans.listing)."""
    return searched_by_moves(problem) and strategy_of(problem) != "respondents"


def searched_by_tree(problem: Problem) -> bool:
    """Whether weeks, packages, discounts or the like are chosen beside insertions."""
    return strategy_of(problem) == "tree of choices"


def known_within_a_gap(problem: Problem) -> bool:
    """Whether whole plans are known within a gap alone: weeks, packages, discounts, unless there are few of them. Of a
    calendar that has more than a few weekly numbers, insertions are soon known to be within it, their weeks are not."""
    weekly = problem.columns.weeks * problem.n_vehicles
    return searched_by_tree(problem) and not (is_small(problem) and weekly <= _FEW_WEEKLY)
