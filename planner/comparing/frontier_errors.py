"""The reach model's own error beside every difference of a frontier: one standard deviation, a share of value or reach.

"error" of an answer: on its difference to the plan before it in its table, or to the plan it is held against.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from models.arrays import FloatArray
from planner.campaign.prepare import Prepared
from planner.comparing.desk import Answer
from planner.planning.model_error import reach_difference_error, value_error

Error = Callable[[Prepared, FloatArray, FloatArray], float]


def with_errors(prepared: Prepared, points: Sequence[Answer]) -> tuple[Answer, ...]:
    """Points of rising budgets, with the error on what each is worth beyond the one before, and beyond the ordinary
    plan of its budget (ordinary_error)."""
    return tuple(
        {**point, "ordinary_error": _between(prepared, point["insertions"], point["ordinary_insertions"])}
        if "insertions" in point
        else point
        for point in after_each_other(prepared, points, value_error)
    )


def after_each_other(prepared: Prepared, answers: Sequence[Answer], error: Error) -> tuple[Answer, ...]:
    """Answers with the error on the difference to the one before that has a plan; without it where there is none."""
    told: list[Answer] = []
    before: Any = None
    for answer in answers:
        plan: Any = answer.get("insertions")
        apart = plan is not None and before is not None
        told.append({**answer, "error": _between(prepared, before, plan, error)} if apart else answer)
        before = before if plan is None else plan
    return tuple(told)


def ends_error(prepared: Prepared, answers: Sequence[Answer]) -> float:
    """Between the first and the last of some plans; 0 where there are none."""
    if not answers:
        return 0.0
    return _between(prepared, answers[0]["insertions"], answers[-1]["insertions"], reach_error_of)


def errors_of_rungs(
    prepared: Prepared, rungs: Sequence[Answer], points: Sequence[Answer]
) -> tuple[Answer, ...]:
    """Rungs of a ladder, with the error on what each is worth less than the plan made anew at its budget, and on what
    each single drop loses."""
    anew = {point["budget"]: point for point in points if "insertions" in point}
    return tuple(_with_errors(prepared, rung, anew.get(rung["budget"])) for rung in rungs)


def _with_errors(prepared: Prepared, rung: Answer, anew: Any) -> Answer:
    """A rung with its errors, beside the point of its budget (`anew`, None where that has no plan); as it is where it
    has no plan."""
    if "insertions" not in rung:
        return rung
    drops = {"drops": _errors_of_drops(prepared, rung)}
    if anew is None:
        return {**rung, **drops}
    error = _between(prepared, rung["insertions"], anew["insertions"])
    return {**rung, **drops, "anew": anew["value"], "error": error}


def _errors_of_drops(prepared: Prepared, rung: Answer) -> list[Answer]:
    """The drops that lead to a rung, each with the error (a share of value) on what it loses: between the plans before
    and after it."""
    plan, told = np.array(rung["insertions"], dtype=float), []
    for drop in reversed(rung["drops"]):
        after = plan.copy()
        plan[drop["vehicle"]] += drop["insertions"]
        told.append({**drop, "error": _between(prepared, plan, after)})
    return told[::-1]


def change_error(prepared: Prepared, change: Answer | None) -> Answer | None:
    """The least change, with the error on what it is worth less than the best plan."""
    if change is None or "nearest" not in change:
        return change
    nearest, best = (change[which]["insertions"] for which in ("nearest", "best"))
    return {**change, "error": _between(prepared, nearest, best)}


def reach_error_of(prepared: Prepared, a: FloatArray, b: FloatArray) -> float:
    """On the difference of two plans' reach (n_vehicles,), whatever the objective."""
    return reach_difference_error(prepared.campaign, prepared.people, a, b)


def _between(prepared: Prepared, a: Any, b: Any, error: Error = value_error) -> float:
    return error(prepared, np.array(a, dtype=float), np.array(b, dtype=float))
