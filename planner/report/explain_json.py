"""An explanation as JSON: money in the campaign's currency, *_pct in percents, null where there is no number."""

from typing import Any

from planner.explaining.explained import BudgetStep, Explanation
from planner.explaining.price_table import price_rows
from planner.planning.tables import finite
from planner.report.explain_text import remarks


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The whole explanation as plain values, ready for json.dumps(allow_nan=False)."""
    result = explanation.result
    return {
        "schema": 1,
        "status": result.status,
        "campaign": result.campaign.brief.campaign,
        "currency": result.campaign.brief.currency,
        "value": finite(result.value),
        "value_unit": result.value_unit,
        "better_pct": 100 * explanation.better,
        "complete": explanation.complete,
        "vehicles": {row["vehicle"]: _vehicle(row) for row in price_rows(explanation)},
        "rules": [
            {
                "cell": rule.cell,
                "text": rule.text,
                "value_cost": finite(rule.value_cost),
                "value_cost_pct": finite(100 * rule.share),
                "model_error_pct": finite(100 * rule.error),
                "money_cost": rule.money_cost,
            }
            for rule in explanation.rules
        ],
        "next_1000": _step(explanation.next_1000),
        "last_1000": _step(explanation.last_1000),
        "remarks": remarks(explanation),
        "fingerprint": result.fingerprint,
        "run": {"seconds": round(explanation.seconds, 3)},
    }


def _vehicle(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("vehicle", "medium")}


def _step(step: BudgetStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    changes = {name: {"from": before, "to": after} for name, (before, after) in step.changes.items()}
    return {
        "money": step.money,
        "value": step.value,
        "smoothed_value": step.smoothed,
        "gap": step.gap,
        "value_pct": finite(100 * step.share),
        "model_error_pct": 100 * step.error,
        "changes": changes,
    }
