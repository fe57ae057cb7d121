"""The plan nearest to the one in hand that is good enough at a new budget or new prices."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.after.least_change import nearest_plan
from models.search.work import short_of
from planner.campaign.inputs import Campaign
from planner.comparing.desk import Answer, Desk, certified, figures, why_none
from planner.errors import NoPlan
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed


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
