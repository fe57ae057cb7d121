"""A frontier as JSON: points (budgets), steps (two audiences), ladder, drops, change."""

from typing import Any

from planner.comparing.frontier import Frontier
from planner.comparing.frontier_tables import change_notes, frontier_tables
from planner.report.influence_json import bought
from planner.report.table_json import table_json

SCHEMA = 1


def frontier_json(found: Frontier) -> dict[str, Any]:
    """The whole frontier as plain values, ready for json.dumps(allow_nan=False)."""
    tables = {table.key: table for table in frontier_tables(found)}
    brief = found.campaign.brief
    return {
        "schema": SCHEMA,
        "kind": "frontier",
        "campaign": brief.campaign,
        "currency": brief.currency,
        "objective": brief.objective,
        "gap_asked": found.terms.gap,
        "budget": found.own,
        "half_budget": found.half,
        "audiences": list(found.audiences),
        "trade_off": {"first": found.pair[0], "second": found.pair[1], "why_none": found.untold or None},
        **{
            key: table_json(tables[key]) if key in tables else []
            for key in ("points", "steps", "ladder", "drops")
        },
        "ladder_why_none": found.no_ladder or None,
        "plans": table_json(tables["plans"]),
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
