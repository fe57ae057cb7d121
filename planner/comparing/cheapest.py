"""Why small budgets have no plan: what the cheapest plan costs, and which demands meet at the largest of them."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any

from planner.comparing.desk import Answer, Desk, why_none
from planner.comparing.runner import Task
from planner.errors import NoPlan
from planner.formats import money
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed

_SECONDS = 20.0  # for saying which demands cannot all hold


def cheapest_task(points: Sequence[Answer]) -> list[Task]:
    """The question that budgets without a plan leave; none where every budget has one."""
    failed = [point["budget"] for point in points if point["status"] == "none"]
    return [Task(f"cheapest {failed[-1]:.12g}", {"kind": "cheapest", "budget": failed[-1]})] if failed else []


def ask_cheapest(desk: Desk, data: Any) -> Answer:
    """least: no plan within the rules costs less. budget: the largest that has none; conflict: why, in a sentence."""
    campaign = desk.prepared.campaign
    free = replace(campaign, brief=replace(campaign.brief, objective="minimum cost", budget=inf))
    conflict = why_none(changed(desk.prepared, with_budget(campaign, data["budget"])), _SECONDS)
    try:
        solved = answer(changed(desk.prepared, free), desk.relaxation, None, desk.options)
    except NoPlan:
        return {"budget": data["budget"], "least": 0.0, "conflict": conflict}
    return {"budget": data["budget"], "least": max(-solved.tailored.bound, 0.0), "conflict": conflict}


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
    told = [cheapest["conflict"]] if budget == cheapest["budget"] else []
    if budget < cheapest["least"]:
        told.insert(0, f"No plan that keeps the rules costs less than {money(cheapest['least'], currency)}.")
    return " ".join(told) or "No plan was found that keeps the rules."
