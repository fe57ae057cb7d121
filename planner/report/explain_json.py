"""An explanation as JSON: money in the campaign's currency, *_pct in percents, null where there is no number."""

from typing import Any

from planner.explaining.explained import BudgetStep, Explanation, VehiclePrice
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
        "vehicles": {price.vehicle: _vehicle(price) for price in explanation.vehicles},
        "rules": [
            {
                "cell": rule.cell,
                "text": rule.text,
                "value_cost": finite(rule.value_cost),
                "value_cost_pct": finite(100 * rule.share),
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


def _vehicle(price: VehiclePrice) -> dict[str, Any]:
    return {
        "bought": price.bought,
        "insertions": price.insertions,
        "unit_cost": price.quoted,
        "entry_price": None if price.bought else price.price,
        "fall_pct": None if price.fall is None else 100 * price.fall,
        "stays_until": price.price if price.bought else None,
        "low": price.low,
        "high": price.high,
        "confirmed": price.confirmed,
        "source": price.source,
        "change_at_10_pct_less": price.cheaper,
        "change_at_10_pct_more": price.dearer,
        "reason": price.reason,
    }


def _step(step: BudgetStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    changes = {name: {"from": before, "to": after} for name, (before, after) in step.changes.items()}
    return {"money": step.money, "value": step.value, "smoothed_value": step.smoothed, "changes": changes}
