"""The budget ladder of a campaign: which insertions to drop, in which order, as its budget is cut in steps."""

from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.many.ladder import dropped, nested_plans, order_of_drops
from planner.campaign.prepare import Prepared
from planner.comparing.desk import Answer, Desk, figures
from planner.planning.questions import CUSTOMERS_FIRST, customers_kept_words, floored
from planner.planning.variants import with_budget
from planner.planning.warm import changed


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
    drops = order_of_drops(problem, columns.insertions(above), columns.insertions(plan))
    return {
        "budget": step["budget"],
        "status": "nested",
        "value": problem.value(plan),
        "anew": step["value"],
        "bound": step["bound"],
        **figures(prepared, plan),
        "drops": [
            {"vehicle": drop.vehicle, "insertions": drop.insertions, "saved": drop.saved, "lost": drop.lost}
            for drop in drops
        ],
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
    budgets = {
        rule.id for rule in prepared.problem.budgets
    }  # a plan with packages or weeks is not cut by single insertions
    ids = [
        rule_id
        for rule_id in dict.fromkeys(prepared.problem.broken(plan))
        if rule_id and rule_id not in budgets
    ]
    told = "; ".join(word for word in (_words(prepared, rule_id) for rule_id in ids) if word)
    return (
        f"A plan cut to this budget breaks: {told}."
        if told
        else "No plan within the one above keeps the rules."
    )


def _words(prepared: Prepared, rule_id: str) -> str:
    if rule_id == CUSTOMERS_FIRST:
        return f"{prepared.campaign.brief_cell('customers_first')}: {customers_kept_words(prepared.campaign)}"
    known = next((rule for rule in prepared.problem.all_rules if rule.id == rule_id), None)
    return "" if known is None else f"{prepared.cells[rule_id]}: {known.sentence()}"
