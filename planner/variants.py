"""A campaign with a figure changed: the same people, its rules and prices stated anew.

The population depends on no price and on no rule, so it is built once; a question such as "what if this vehicle
cost 10 % less" is a changed campaign, and this module alone turns it into a problem.
"""

from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.certificate import Allocation
from models.problem import Floor, Problem
from planner.inputs import Campaign
from planner.prepare import MANY, Prepared
from planner.results import PlanResult
from planner.rulebook import build_rulebook


def variant(prepared: Prepared, campaign: Campaign) -> Prepared:
    """The campaign's rules, prices and limits over the people, objective and floors of `prepared`."""
    rulebook = build_rulebook(campaign)
    priced = ~np.isnan(rulebook.cost)
    problem = replace(
        prepared.problem,
        cost=np.where(priced, rulebook.cost, 1.0),
        buyable=np.where(priced, np.maximum(rulebook.buyable, MANY), 0.0),
        rules=rulebook.rules,
    )
    return replace(prepared, campaign=campaign, rulebook=rulebook, problem=problem)


def keeping_customers(prepared: Prepared, result: PlanResult) -> Prepared:
    """With the floor of customers first that a plan was made under: so many people, whatever changes."""
    first, customers = result.customers_first, prepared.people.customers
    if first is None or customers is None:
        return prepared
    people = prepared.people.segments.population * customers
    floor = Floor("customers first", people, first.floor * float(people.sum()))
    problem = replace(prepared.problem, floors=(*prepared.problem.floors, floor))
    return replace(prepared, problem=problem)


def with_vehicle(campaign: Campaign, place: int, **changes: float | bool | None) -> Campaign:
    """The campaign with fields of one vehicle's row changed."""
    rows = list(campaign.vehicles)
    rows[place] = replace(rows[place], **changes)  # type: ignore[arg-type]
    return replace(campaign, vehicles=tuple(rows))


def with_budget(campaign: Campaign, budget: float) -> Campaign:
    """The campaign with another budget."""
    return replace(campaign, brief=replace(campaign.brief, budget=budget))


def without_rules(problem: Problem, ids: set[str]) -> Problem:
    """The problem without some of its rules, or floors (by name)."""
    rules = tuple(rule for rule in problem.rules if rule.id not in ids)
    return replace(
        problem, rules=rules, floors=tuple(floor for floor in problem.floors if floor.name not in ids)
    )


def counts(prepared: Prepared, allocation: Allocation) -> FloatArray:
    """(n_vehicles,) insertions of each vehicle in an allocation."""
    return allocation.insertions[: len(prepared.campaign.vehicles)]
