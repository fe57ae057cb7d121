"""A frontier: in words and a short table for the terminal, and JSON."""

from typing import Any

from planner.comparing.desk import STATUS
from planner.comparing.frontier import Frontier
from planner.comparing.frontier_tables import budget_notes, change_notes, frontier_tables
from planner.formats import count_of, money, number, percent
from planner.planning.model_error import error_text
from planner.report.json_values import fields_of
from planner.report.layout import table, wrapped
from planner.report.plan.influence import bought

_ROWS = 12  # of the curve, at most


def frontier_text(found: Frontier) -> str:
    """The curve in a few rows, then what it says."""
    curve = (
        budget_notes(found)[:-1] if len(found.budgets) > 1 else []
    )  # the last one is of the sheet's columns
    told = [*curve, *_trade_off(found), *_ladder(found)]
    if found.change is not None:
        told += ["Least change: " + " ".join(change_notes(found))]
    return "\n".join([*_curve(found), "", wrapped("\n".join(told))]).rstrip()


def _curve(found: Frontier) -> list[str]:
    points, currency = found.budgets, found.campaign.brief.currency
    every = max(1, -(-len(points) // _ROWS))
    shown = [
        point for at, point in enumerate(points) if at % every == every - 1 or point["budget"] == found.own
    ]
    rows, without = [], []
    for point in shown:
        budget = money(point["budget"], currency)
        if "value" not in point:
            without.append(wrapped(f"{budget}, no plan: {point['reason']}"))
            continue
        remarks = [STATUS[point["status"]]] if point["status"] != "optimal" else []
        remarks += ["the campaign's own"] if point["budget"] == found.own else []
        reach, gap = percent(point["reach"]["target"], 1), percent(point["gap"], 3)
        rows.append((budget, number(point["value"], 1), reach, gap, ", ".join(remarks)))
    return [
        *without,
        *(table(("Budget", "Value", "Target reached", "Gap", ""), rows, texts=1) if rows else []),
    ]


def _trade_off(found: Frontier) -> list[str]:
    if not found.trade_offs:
        return [found.untold] if found.untold else []
    first, second = found.pair
    a, b = found.trade_offs[0]["reach"], found.trade_offs[-1]["reach"]
    most = f"{percent(a[second], 1)} of {second} and {percent(a[first], 1)} of {first}"
    if len(found.trade_offs) == 1:
        return [f"Price of influence: one efficient plan, {most}."]
    error = (
        ""
        if found.ends_error <= 0
        else f"; the model's own error between these two is {100 * found.ends_error * a[second]:.2f} points"
    )
    return [
        f"Price of influence: from {most} to {percent(b[second], 1)} and {percent(b[first], 1)}, "
        f"{len(found.trade_offs)} efficient plans{error}." + (found.why_few and f" {found.why_few}")
    ]


def _ladder(found: Frontier) -> list[str]:
    nested = [rung for rung in found.rungs if "value" in rung]
    if not nested:
        return [found.no_ladder] if found.no_ladder else []
    worst = max(nested, key=lambda rung: (rung["anew"] - rung["value"]) / max(abs(rung["anew"]), 1e-300))
    lost = (worst["anew"] - worst["value"]) / max(abs(worst["anew"]), 1e-300)
    at = money(worst["budget"], found.campaign.brief.currency)
    broken = len(found.rungs) - len(nested)
    costs = f"at most {percent(lost, 2)}, at {at}{error_text(lost, worst.get('error', 0.0))}"
    costs = costs if lost >= 0.00005 else "nothing" if lost <= 0 else "less than 0.01 %"
    have = "has" if broken == 1 else "have"
    told = f" {count_of(broken, 'step')} {have} no nested plan: see Ladder." if broken else ""
    return [f"Ladder: {count_of(len(nested), 'nested plan')}; keeping the order costs {costs}.{told}"]


# --- as JSON: points (budgets), steps (two audiences), ladder, drops, change -------------------------

SCHEMA = 1


def frontier_json(found: Frontier) -> dict[str, Any]:
    """The whole frontier as plain values, ready for json.dumps(allow_nan=False)."""
    tables = {table.key: table for table in frontier_tables(found)}
    brief = found.campaign.brief
    return {
        "schema": SCHEMA,
        "kind": "frontier",
        **fields_of(brief, "campaign currency objective"),
        "gap_asked": found.terms.gap,
        "budget": found.own,
        "half_budget": found.half and found.half[1],
        "audiences": list(found.audiences),
        "trade_off": {
            "first": found.pair[0],
            "second": found.pair[1],
            "why_none": found.untold or None,
            "why_few": found.why_few or None,
        },
        **{
            key: tables[key].json() if key in tables else [] for key in ("points", "steps", "ladder", "drops")
        },
        "ladder_why_none": found.no_ladder or None,
        "plans": tables["plans"].json(),
        "change": _change(found),
        "notices": list(found.campaign.notices),
        "run": {"seconds_per_question": found.terms.seconds},
    }


def _change(found: Frontier) -> dict[str, Any] | None:
    """The least change; null where none was asked for."""
    change = found.change
    if change is None:
        return None
    said = {"status": change["status"], "sentences": change_notes(found)}
    if "nearest" not in change:
        return {**said, "reason": change["reason"]}
    vehicles = found.campaign.vehicles
    return {
        **said,
        "budget": change["budget"],
        "value": change["value"],
        "value_at_least": change["least"],
        "best_value": change["best"]["value"],
        "best_bound": change["best"]["bound"],
        "changes": change["changes"],
        "changes_at_least": change["fewest"],
        "changes_of_best": change["best_changes"],
        "before": bought(change["before"], vehicles),
        "insertions": bought(change["nearest"]["insertions"], vehicles),
        "best_insertions": bought(change["best"]["insertions"], vehicles),
    }
