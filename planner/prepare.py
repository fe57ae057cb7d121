"""A campaign made ready for the models: people, rules and objective, and what arithmetic alone rules out."""

from dataclasses import dataclass, replace

import numpy as np

from models.conflict import conflicting_rules
from models.errors import InfeasiblePlan, InvalidInput
from models.feasible import feasible_plan
from models.objectives import Objective, impressions_objective, reach_objective, word_of_mouth_objective
from models.problem import Problem
from models.rules.something_bought import SomethingBought
from planner.errors import Problem as WorkbookProblem
from planner.errors import WorkbookError
from planner.influence import parameter_used
from planner.inputs import Campaign
from planner.population import Population, build_population
from planner.rulebook import Rulebook, build_rulebook

MANY = 10_000.0  # insertions of a vehicle, where only a rule limits them


@dataclass(frozen=True, eq=False)
class Prepared:
    """A campaign ready to be planned or evaluated."""

    campaign: Campaign
    people: Population
    rulebook: Rulebook
    problem: Problem


def prepare(campaign: Campaign) -> Prepared:
    """People, reach, rules and objective. Raises WorkbookError where the model finds a figure impossible."""
    try:
        people = build_population(campaign)
    except InvalidInput as error:
        found = WorkbookProblem(cell_of(campaign, error.subject), str(error))
        raise WorkbookError(campaign.workbook, (found,)) from error
    if not people.target.any():
        target = campaign.brief.target_audience
        cell = campaign.cells.get(("Brief", "target_audience", "value"), "Brief")
        raise WorkbookError(
            campaign.workbook, (WorkbookProblem(cell, f'nobody is in the target audience "{target}".'),)
        )
    rulebook = build_rulebook(campaign)
    objective = objective_of(campaign, people)
    if not objective.counts_reach and not (objective.insertion_worth > 0).any():
        text = "nobody in the target audience counts: every weight there is 0; give a trait a weight above 0."
        raise WorkbookError(campaign.workbook, (WorkbookProblem("Traits", text),))
    problem = Problem(
        people.model,
        np.where(np.isnan(rulebook.cost), 1.0, rulebook.cost),
        # Most insertions are a rule like any other, so that a conflict can name them; no price is not.
        np.where(np.isnan(rulebook.cost), 0.0, np.maximum(rulebook.buyable, MANY)),
        objective,
        rulebook.rules,
        whole=campaign.brief.whole,
    )
    return Prepared(_with_idle_weights(campaign), people, rulebook, problem)


def _with_idle_weights(campaign: Campaign) -> Campaign:
    """The campaign, told where the planner gave weights that its objective does not use."""
    given = [row.name for row in campaign.traits if row.weight is not None]
    if campaign.brief.objective not in ("word of mouth", "reach") or not given:
        return campaign
    cells = ", ".join(campaign.cells.get(("Traits", name, "weight"), name) for name in given)
    notice = f"The objective {campaign.brief.objective} does not use the weights of traits ({cells})."
    return replace(campaign, notices=(*campaign.notices, notice))


def objective_of(campaign: Campaign, people: Population) -> Objective:
    """The Brief's objective over its target audience."""
    n, segments = len(campaign.vehicles), people.segments
    name = campaign.brief.objective
    if name == "impressions":
        return impressions_objective(segments, people.weights, people.model.audiences.rating)
    if name == "word of mouth":
        omega = parameter_used(campaign, "worth")
        return word_of_mouth_objective(segments, people.target, people.talk, omega, n)
    if name == "reach":
        return ordinary_objective(people, n)
    return reach_objective(name, "thousand people reached, influence-weighted", segments, people.weights, n)


def ordinary_objective(people: Population, n_vehicles: int) -> Objective:
    """Most reach of the target audience: every weight 1, no word of mouth."""
    target = people.target.astype(float)
    return reach_objective("reach", "thousand people reached", people.segments, target, n_vehicles)


def cell_of(campaign: Campaign, subject: tuple[str, ...]) -> str:
    """The cell that a model's message is about; "" where no single cell is."""
    pairs = [(a, b) for a in subject for b in subject]
    keys = [("Composition", a, b) for a, b in pairs]
    keys += [("Overlaps", f"{a} / {b}", "share") for a, b in pairs]
    keys += [("Media", a, "duplication") for a in subject] + [("Traits", a, "share") for a in subject]
    keys += [("Influence", a, "used") for a in subject]
    keys += [("Vehicles", a, attribute) for a in subject for attribute in ("repeat", "audience_000")]
    return next((campaign.cells[key] for key in keys if key in campaign.cells), "")


def check_possible(prepared: Prepared) -> None:
    """What arithmetic alone shows to be impossible, before any solving. Raises InfeasiblePlan."""
    campaign, cost = prepared.campaign, prepared.rulebook.cost
    budget_cell = prepared.rulebook.cells["budget"]
    offered = np.where(prepared.rulebook.buyable > 0, cost, np.nan)
    if np.isnan(offered).all():
        raise InfeasiblePlan("No vehicle has a price and can be bought, so there is nothing to plan.")
    cheapest = int(np.nanargmin(offered))
    if campaign.brief.budget < offered[cheapest] * (1 - 1e-12) and campaign.brief.whole:
        raise InfeasiblePlan(
            f"The budget of {campaign.brief.budget:,.0f} {campaign.brief.currency} ({budget_cell}) buys nothing: "
            f"the cheapest insertion is {campaign.vehicles[cheapest].name} at {offered[cheapest]:,.2f}."
        )
    if campaign.brief.budget <= 0:
        raise InfeasiblePlan(
            f"The budget ({budget_cell}) is 0 and buys nothing: the cheapest insertion is "
            f"{campaign.vehicles[cheapest].name} at {offered[cheapest]:,.2f}."
        )
    _check_something_can_be_bought(prepared)
    least = prepared.problem.system.lower
    needed = float(np.nansum(np.where(least > 0, least * cost, 0.0)))
    if needed > campaign.brief.budget * (1 + 1e-9):
        raise InfeasiblePlan(
            f"Minimums, must-buys and locked insertions add up to {needed:,.0f}; the budget is "
            f"{campaign.brief.budget:,.0f} ({budget_cell}).",
            conflict_of(prepared),
        )


def _check_something_can_be_bought(prepared: Prepared) -> None:
    """Rules that only a plan of nothing keeps leave no plan. (Rules that none keeps are found in solving.)"""
    cost, n = np.nan_to_num(prepared.rulebook.cost), prepared.problem.n_vehicles
    whole = prepared.problem.whole
    something = SomethingBought(
        "something", np.ones(n) if whole else cost, 1.0 if whole else 1e-3 * prepared.campaign.brief.budget
    )
    wanted = replace(prepared.problem, rules=(*prepared.problem.rules, something))
    if feasible_plan(wanted) is None and feasible_plan(prepared.problem) is not None:
        rules = [rule for rule in conflicting_rules(wanted) if rule is not something]
        words = tuple(f"{prepared.rulebook.cells[rule.id]}: {rule.sentence()}" for rule in rules)
        raise InfeasiblePlan("These rules together leave nothing that can be bought.", words)


def conflict_of(prepared: Prepared) -> tuple[str, ...]:
    """The conflicting rules in the planner's words, each with its cell."""
    rules = conflicting_rules(prepared.problem)
    return tuple(f"{prepared.rulebook.cells[rule.id]}: {rule.sentence()}" for rule in rules)
