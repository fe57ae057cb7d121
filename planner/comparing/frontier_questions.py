"""What a frontier asks: why small budgets have no plan, what to drop as money is cut, and the least change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from math import inf
from typing import Any

import numpy as np

from models.after.least_change import nearest_plan
from models.arrays import FloatArray
from models.many.ladder import dropped, nested_plans, order_of_drops, together
from models.search.work import short_of
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared
from planner.comparing.desk import Answer, Desk, certified, figures, why_none
from planner.comparing.runner import Task
from planner.errors import NoPlan
from planner.formats import money
from planner.planning.questions import CUSTOMERS_FIRST, customers_kept_words, floored
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed

# --- why small budgets have no plan ------------------------------------------------------------------

_SECONDS = 20.0  # for saying which demands cannot all hold


def cheapest_task(points: Sequence[Answer]) -> list[Task]:
    """The question that budgets without a plan leave; none where every budget has one."""
    failed = [point["budget"] for point in points if point["status"] == "none"]
    return [Task(f"cheapest {failed[-1]:.12g}", {"kind": "cheapest", "budget": failed[-1]})] if failed else []


def ask_cheapest(desk: Desk, data: Any) -> Answer:
    """least: no plan within the rules costs less. budget: the largest that has none; conflict: why, in a sentence;
    always: whether no budget has a plan."""
    campaign = desk.prepared.campaign
    free = replace(campaign, brief=replace(campaign.brief, objective="minimum cost", budget=inf))
    conflict = why_none(changed(desk.prepared, with_budget(campaign, data["budget"])), _SECONDS)
    try:
        solved = answer(changed(desk.prepared, free), desk.relaxation, None, desk.options)
    except NoPlan:
        conflict = why_none(changed(desk.prepared, free), _SECONDS)
        return {"budget": data["budget"], "least": 0.0, "conflict": conflict, "always": True}
    least = max(-solved.tailored.bound, 0.0)
    return {"budget": data["budget"], "least": least, "conflict": conflict, "always": False}


def with_reasons(points: Sequence[Answer], cheapest: Answer, currency: str) -> list[Answer]:
    """The points, those without a plan with their reason."""
    return [
        {**point, "reason": _reason(point["budget"], cheapest, currency)}
        if point["status"] == "none"
        else point
        for point in points
    ]


def _reason(budget: float, cheapest: Answer, currency: str) -> str:
    if "least" not in cheapest:
        return "No plan was found that keeps the rules."
    told = [cheapest["conflict"]] if cheapest["always"] or budget == cheapest["budget"] else []
    if budget < cheapest["least"]:
        told.insert(0, f"No plan that keeps the rules costs less than {money(cheapest['least'], currency)}.")
    return " ".join(told) or "No plan was found that keeps the rules."


# --- the ladder --------------------------------------------------------------------------------------


def ask_ladder(desk: Desk, data: Any) -> Answer:
    """The rungs, each a plan within the one above, or why there is none. data: the answers at each budget alone, the
    highest first."""
    steps = data["steps"]
    if "plan" not in steps[0]:
        return {"rungs": [], "reason": steps[0].get("reason", "The highest budget has no plan.")}
    solvable = [step for step in steps if "plan" in step]
    stated = {step["budget"]: _at(desk, step) for step in solvable}
    problems = [stated[step["budget"]].problem for step in solvable]
    anew = [step["value"] for step in solvable]
    plans = nested_plans(problems, np.array(steps[0]["plan"]), anew, desk.best)
    found = {step["budget"]: plan for step, plan in zip(solvable, plans, strict=True)}
    above, rungs = np.array(steps[0]["plan"]), []
    for step in steps:
        plan = found.get(step["budget"])
        if plan is None:
            rungs.append(_without(step, stated, above))
            continue
        rungs.append(_rung(stated[step["budget"]], step, above, plan))
        above = plan
    return {"rungs": rungs}


def _at(desk: Desk, step: Answer) -> Prepared:
    """The campaign at a budget, with the floor of customers first that its own best plan was made under."""
    prepared = changed(desk.prepared, with_budget(desk.prepared.campaign, step["budget"]))
    return floored(prepared, step["floor"])


def _rung(prepared: Prepared, step: Answer, above: FloatArray, plan: FloatArray) -> Answer:
    """A rung: its plan, what nesting costs beside the budget's own best plan, and what is dropped, in order."""
    problem, columns = prepared.problem, prepared.problem.columns
    drops = together(order_of_drops(problem, columns.insertions(above), columns.insertions(plan)))
    return {
        "budget": step["budget"],
        "status": "nested",
        "value": problem.value(plan),
        "anew": step["value"],
        "bound": step["bound"],
        **figures(prepared, plan),
        "drops": [asdict(drop) for drop in drops],
    }


def _without(step: Answer, stated: dict[float, Prepared], above: FloatArray) -> Answer:
    """A budget at which no plan within the one above keeps the rules, with the reason."""
    rung = {"budget": step["budget"], "status": "broken", "anew": step.get("value")}
    if step["budget"] not in stated:
        return {**rung, "status": "none", "reason": step.get("reason", "This budget has no plan.")}
    prepared = stated[step["budget"]]
    return {**rung, "reason": broken_by(prepared, dropped(prepared.problem, above)[0])}


def broken_by(prepared: Prepared, plan: FloatArray) -> str:
    """Which rules a plan (plan_size,) breaks, in a sentence with their cells."""
    # A plan with packages or weeks is not cut by single insertions.
    budgets = {rule.id for rule in prepared.problem.budgets}
    ids = [
        rule_id
        for rule_id in dict.fromkeys(prepared.problem.broken(plan))
        if rule_id and rule_id not in budgets
    ]
    told = "; ".join(word for word in (_words(prepared, rule_id) for rule_id in ids) if word)
    nothing = "No plan within the one above keeps the rules."
    return f"A plan cut to this budget breaks: {told}." if told else nothing


def _words(prepared: Prepared, rule_id: str) -> str:
    if rule_id == CUSTOMERS_FIRST:
        return f"{prepared.campaign.brief_cell('customers_first')}: {customers_kept_words(prepared.campaign)}"
    known = next((rule for rule in prepared.problem.all_rules if rule.id == rule_id), None)
    return "" if known is None else f"{prepared.cells[rule_id]}: {known.sentence()}"


# --- the least change --------------------------------------------------------------------------------


def with_changes(campaign: Campaign, budget: float | None, prices: Mapping[str, float]) -> Campaign:
    """The campaign at another budget, and vehicles at other unit costs."""
    vehicles = tuple(
        replace(row, unit_cost=prices[row.name]) if row.name in prices else row for row in campaign.vehicles
    )
    campaign = replace(campaign, vehicles=vehicles)
    return campaign if budget is None else with_budget(campaign, budget)


def ask_change(desk: Desk, data: Any) -> Answer:
    """The best plan under new terms, and the nearest to the plan in hand. data: budget, prices; before: (n_vehicles,)
    insertions in hand, None = the best under the terms as they were; within: what the nearest may lose of the best
    value, a share."""
    prepared = changed(desk.prepared, with_changes(desk.prepared.campaign, data["budget"], data["prices"]))
    before = data["before"]
    if before is None:
        desk.last = answer(desk.prepared, desk.relaxation, None, desk.options)
        before = desk.last.tailored.insertions.tolist()
    try:
        solved = answer(prepared, desk.relaxation, desk.last, desk.options)
    except NoPlan:
        return {"status": "none", "reason": why_none(prepared)}
    best, hand = solved.tailored, np.array(before, dtype=float)
    least = short_of(best.value, data["within"])
    known = [best.decision, solved.ordinary.decision]
    found = nearest_plan(solved.problem, hand, least, known, desk.terms.seconds)
    return {
        "budget": prepared.campaign.brief.budget,
        "status": "nearest" if found.certified else "feasible",
        "before": before,
        "best": {**certified(best), **figures(prepared, best.decision)},
        "best_changes": float(np.abs(best.insertions - hand).sum()),
        "nearest": figures(prepared, found.plan),
        "value": solved.problem.value(found.plan),
        "least": least,
        "changes": found.changes,
        "fewest": found.fewest,
    }
