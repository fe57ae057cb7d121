"""Plans that are known already as candidates of every budget: plans are made to a gap only, so the plan of a smaller
budget, a rung of the ladder or the plan in hand may be worth more than the one that was found."""

from collections.abc import Sequence
from math import inf

import numpy as np

from models.problem.certificate import relative_gap
from models.programme.plans.completion import completed
from planner.campaign.prepare import Prepared
from planner.comparing.desk import Answer, figures
from planner.planning.questions import floored
from planner.planning.variants import with_budget
from planner.planning.warm import changed

_CENTS = 1e-9  # of a budget: a plan that costs so much more may keep to it
_TAKEN = ("value", "cost", "reach", "insertions", "plan")


def valued(prepared: Prepared, insertions: Sequence[float] | None) -> list[Answer]:
    """The plan in hand, insertions (n_vehicles,), with its figures; none where there is none."""
    if insertions is None:
        return []
    plan = completed(prepared.problem, np.array(insertions))
    return [{"value": prepared.problem.value(plan), **figures(prepared, plan)}]


def never_less(
    prepared: Prepared, solved: Sequence[Answer], known: Sequence[Answer] = ()
) -> tuple[Answer, ...]:
    """The points, of rising budgets, with the plan of a smaller budget, or a known one, where that is worth more and
    keeps all that is asked at the point."""
    found: list[Answer] = []
    for point in solved:
        better = [each for each in (*found, *known) if _worth_more(each, point)]
        better.sort(key=lambda each: -each["value"])
        kept = next((each for each in better if _keeps(prepared, point, each["plan"])), None)
        found.append(point if kept is None else with_plan_of(point, kept))
    return tuple(found)


def undominated(
    prepared: Prepared, steps: Sequence[Answer], known: Sequence[Answer], pair: tuple[str, str], gap: float
) -> list[Answer]:
    """The points of a trade-off between two audiences, with a known plan where that keeps the rules and reaches at
    least as many of both and more of one: the bounds of a point are those of every such plan. gap: to which points are
    certified."""
    plans = _reaching(prepared, known, pair) if any("first" in step for step in steps) else []
    found = []
    for step in steps:
        better = [each for each in plans if _dominates(each, step)]
        found.append(_step_of(step, max(better, key=lambda each: each["second"]), gap) if better else step)
    return found


def _reaching(prepared: Prepared, known: Sequence[Answer], pair: tuple[str, str]) -> list[Answer]:
    """Known plans that keep the rules, with the people (000) of two audiences whom they reach."""
    people, broken = prepared.people, prepared.problem.broken
    first, second = (float(people.segments.population @ people.masks[name]) for name in pair)
    return [
        {**each, "first": each["reach"][pair[0]] * first, "second": each["reach"][pair[1]] * second}
        for each in known
        if "plan" in each and not broken(np.array(each["plan"]))
    ]


def _dominates(one: Answer, other: Answer) -> bool:
    both = [(one[which], other.get(which, inf)) for which in ("first", "second")]
    return all(mine >= its for mine, its in both) and any(mine > its * (1 + _CENTS) for mine, its in both)


def _step_of(step: Answer, other: Answer, gap: float) -> Answer:
    left = max(0.0, *(relative_gap(other[which], step[f"most_{which}"]) for which in ("first", "second")))
    status = "optimal" if left <= gap else step["status"]
    taken = {name: other[name] for name in (*_TAKEN, "first", "second")}
    return {**step, **taken, "gap": left, "status": status}


def with_best(change: Answer | None, points: Sequence[Answer]) -> Answer | None:
    """The least change, whose best plan is worth no less than the nearest, and than the points of its budget."""
    if change is None or "nearest" not in change:
        return change
    there = [point for point in points if point["budget"] == change["budget"] and "value" in point]
    top = max((_nearest(change), *there), key=lambda each: each["value"])
    if top["value"] <= change["best"]["value"]:
        return change
    moved = np.abs(np.subtract(top["insertions"], change["before"])).sum()
    return {**change, "best": with_plan_of(change["best"], top), "best_changes": float(moved)}


def plans_of(change: Answer | None) -> list[Answer]:
    """The plans that the least change found."""
    return [] if change is None or "nearest" not in change else [_nearest(change), change["best"]]


def _nearest(change: Answer) -> Answer:
    return {**change["nearest"], "value": change["value"]}


def with_plan_of(point: Answer, other: Answer) -> Answer:
    """A point with another's plan, beside the bound of its own."""
    gap = max(relative_gap(other["value"], point["bound"]), 0.0)
    return {**point, **{name: other[name] for name in _TAKEN}, "gap": gap}


def _worth_more(other: Answer, point: Answer) -> bool:
    affordable = other.get("cost", inf) <= point["budget"] * (1 + _CENTS)
    return affordable and "value" in point and bool(other.get("value", -inf) > point["value"])


def _keeps(prepared: Prepared, point: Answer, plan: Sequence[float]) -> bool:
    """Whether a plan (plan_size,) keeps the rules and the floor of a point."""
    there = changed(prepared, with_budget(prepared.campaign, point["budget"]))
    return not floored(there, point["floor"]).problem.broken(np.array(plan))
