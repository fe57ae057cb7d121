"""How good a plan is beside every other, and what it is worth, in sentences."""

import math
from typing import Any

from planner.campaign.bought import bought_of_line
from planner.campaign.inputs import Campaign
from planner.campaign.population import weight_of
from planner.formats import count_of, is_whole, listed, money, number, percent
from planner.names import listing
from planner.planning.model_error import error_text
from planner.planning.results import EditCost, PlanResult
from planner.report.json_values import fields_of, percents_of

READ_BACK = "The bound was read from the plan's workbook, not proven again."


def certificate_sentence(result: PlanResult) -> str:
    """How good the plan is beside every other plan within the rules, in one sentence; whether that was read back."""
    sentence = _certificate(result)
    return f"{sentence} {READ_BACK}" if result.read_back else sentence


def _certificate(result: PlanResult) -> str:
    if result.status == "broken":
        broken = sum(not rule.holds for rule in result.rules)
        return (f"This plan breaks {count_of(broken, 'rule')}; the bound of the best plan within the rules "
                "is no certificate for it.")  # fmt: skip
    if not math.isfinite(result.bound):
        return "This plan was evaluated, not optimised: how much better another plan could be is not known."
    if result.minimises:
        return _certificate_of_cost(result)
    if result.value <= 0:
        return _certificate_of_nothing(result)
    if result.status == "feasible" and counts_several_contacts(result.campaign):
        return _upper_limit(result)
    more = result.bound / result.value - 1
    if more < 1e-9:
        return "No plan within these rules is worth more than this one."
    sentence = f"No plan within these rules is worth over {_rounded_up(more)} more than this one."
    return sentence + _gap_not_reached(result)


def _gap_not_reached(result: PlanResult) -> str:
    """Why the gap is not the one that was asked; "" where it is, and of edited plans, of which none was asked."""
    if result.status != "feasible" or result.is_edited:
        return ""
    why = "the time limit ended the search" if result.timed_out else "it was not reached"
    return f" A gap of {percent(result.gap_asked, 2)} was asked for; {why}."


def counts_several_contacts(campaign: Campaign) -> bool:
    """Whether n+ reach, which no programme can state, is the objective or a goal."""
    brief = campaign.brief
    objective = brief.objective == "effective reach" and brief.effective_frequency > 1
    return objective or any(goal.measure == "effective reach" and goal.times > 1 for goal in campaign.goals)


def _upper_limit(result: PlanResult) -> str:
    """Of a bound that is loose by its nature: what it says, and what it does not."""
    more = _rounded_up(result.bound / result.value - 1)
    sentence = (
        f"{_found(result, 'best')} within these rules can be worth over {more} more. That is an upper limit, not a "
        "certificate: it counts more people met several times than there are."
    )
    return f"{sentence} The time limit ended the search." if result.timed_out else sentence


def _found(result: PlanResult, best: str) -> str:
    """Where a sentence on other plans begins: an edited plan is the planner's, and none that was found."""
    return "No plan" if result.is_edited else f"This is the {best} plan found. None"


def _certificate_of_cost(result: PlanResult) -> str:
    """Of the cheapest plan: how much cheaper another could be."""
    cost, least = result.value, max(result.bound, 0.0)
    if cost <= 0 or least >= cost * (1 - 1e-9):
        return "No plan within these rules costs less than this one."
    less = _rounded_up(1 - least / cost)
    if result.status == "feasible" and counts_several_contacts(result.campaign):
        text = (
            f"{_found(result, 'cheapest')} within these rules can cost over {less} less. That is a lower limit, not a "
            "certificate: it counts more people met several times than there are."
        )
    else:
        text = f"No plan within these rules costs over {less} less than this one."
        if result.status == "feasible" and not result.is_edited:
            text += f" A gap of {percent(result.gap_asked, 2)} was asked for"
            text += "." if result.timed_out else "; it was not reached."
    return f"{text} The time limit ended the search." if result.timed_out else text


def _certificate_of_nothing(result: PlanResult) -> str:
    if result.bound <= 0:
        return "No plan within these rules is worth anything."
    most = f"{number(result.bound, 1)} {result.value_unit}".strip()
    return f"This plan is worth nothing; another could be worth up to {most}."


def _rounded_up(share: float) -> str:
    """A share as a percentage, never rounded down: the sentence must stay true."""
    decimals = 2 if share < 0.1 else 1
    step = 10.0 ** (-decimals - 2)
    return percent(step * math.ceil(round(share / step, 6)), decimals)


def objective_sentence(result: PlanResult) -> str:
    """What the plan is worth, and the most that any plan could be."""
    worth = f"{number(result.value, 1)} {result.value_unit}".strip() + _weights_text(result.campaign)
    if result.minimises:
        least, spent = (
            money(amount, result.campaign.brief.currency) for amount in (result.bound, result.value)
        )
        unproven = math.isfinite(result.bound) and least != spent
        known = f"; no plan within the rules costs less than {least}" if unproven else ""
        return f"Objective {result.objective}: {spent}{known}."
    most = number(result.bound, 1)
    if result.status == "broken" or not math.isfinite(result.bound) or most == number(result.value, 1):
        return f"Objective {result.objective}: {worth}."
    return f"Objective {result.objective}: {worth}; no plan within the rules is worth more than {most}."


def _weights_text(campaign: Campaign) -> str:
    """What influence-weighted means here: whom it counts how often."""
    if campaign.brief.objective != "influence":
        return ""
    weights = [(row.name, weight_of(row, campaign)) for row in campaign.traits]
    told = [f"{name} counts {weight:g} times" for name, weight in weights if weight != 1]
    return f" ({listing(told, 4)})" if told else " (everyone once)"


# --- what a planner's edits cost --------------------------------------------------------------------

MOST_NAMED = 6


def edit_sentence(result: PlanResult, with_rules: bool = True) -> str:
    """What the edits are, what they cost beside the best plan found, and (with_rules) what they break; "" without
    edits."""
    edit = result.edit
    if edit is None:
        return ""
    breaks = f"It breaks: {'; '.join(edit.breaks)}." if with_rules and edit.breaks else ""
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
