"""What a planner's edits cost, in sentences and as JSON."""

from typing import Any

from planner.campaign.bought import bought_of_line
from planner.formats import is_whole, listed, money, number
from planner.planning.model_error import error_text
from planner.planning.results import EditCost, PlanResult
from planner.report.json_values import fields_of, percents_of

MOST_NAMED = 6


def edit_sentence(result: PlanResult, with_rules: bool = True) -> str:
    """What the edits are, what they cost beside the best plan found, and (with_rules) what they break; "" without
    edits."""
    edit = result.edit
    if edit is None:
        return ""
    breaks = _breaks(edit) if with_rules else ""
    return " ".join(filter(None, [f"Edited: {_changes(result, edit)}.", _cost(result, edit), breaks]))


def _changes(result: PlanResult, edit: EditCost) -> str:
    rows = {row.name: row for row in result.campaign.vehicles}
    told = [
        f"{vehicle.name} {bought_of_line(rows[vehicle.name], vehicle.edited)} instead of "
        f"{bought_of_line(rows[vehicle.name], vehicle.optimised)}"
        for vehicle in edit.vehicles
    ]
    return listed(told, MOST_NAMED)


def _cost(result: PlanResult, edit: EditCost) -> str:
    if edit.value_lost is None:
        return "What the edits cost is not known: no plan keeps the rules of this campaign."
    amount, share = _amount(result, abs(edit.value_lost)), _share(edit)
    against = "the best plan found within the rules"
    if abs(edit.value_lost) <= 1e-9 * max(abs(result.value), 1e-300):
        verb = "costs" if result.minimises else "is worth"
        return f"That costs nothing: the edited plan {verb} as much as {against}."
    doubt = error_text((edit.pct_lost or 0.0) / 100, edit.error)
    if edit.value_lost > 0:
        return f"The edits cost {amount}{share} beside {against}{doubt}."
    better = f"costs {amount}{share} less" if result.minimises else f"is worth {amount}{share} more"
    return f"The edited plan {better} than {against}{doubt}; it is not within them itself."


def _amount(result: PlanResult, amount: float) -> str:
    if result.minimises:
        return money(amount, result.campaign.brief.currency)
    decimals = 1 if amount >= 0.1 else 4
    return f"{number(amount, decimals)} {result.value_unit}".strip()


def _share(edit: EditCost) -> str:
    if edit.pct_lost is None:
        return ""
    share = abs(edit.pct_lost)
    return f" ({number(share, 2)} %)" if share >= 0.005 else " (below 0.01 %)"


def _breaks(edit: EditCost) -> str:
    return f"It breaks: {'; '.join(edit.breaks)}." if edit.breaks else ""


def edit_json(result: PlanResult) -> dict[str, Any] | None:
    """The part `edit` of a plan's JSON; None where nothing is edited."""
    edit = result.edit
    if edit is None:
        return None
    return {
        "vehicles": {
            vehicle.name: {"optimised": _count(vehicle.optimised), "edited": _count(vehicle.edited)}
            for vehicle in edit.vehicles
        },
        **fields_of(edit, "value_lost pct_lost"),
        **percents_of(edit, model_error_pct="error"),
        "breaks": list(edit.breaks),
    }


def _count(insertions: float) -> int | float:
    return round(insertions) if is_whole(insertions) else insertions
