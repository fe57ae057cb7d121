"""Scenarios side by side as JSON, rendered from the frames of planner.comparing.frames."""

import math
from typing import TYPE_CHECKING, Any

from planner.comparing.frames import audience_frame, change_frame, money_frame, pair_frame, scenario_frame
from planner.comparing.sweep import Comparison

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
JsonObject = dict[str, Any]
_OWN = (
    "status", "cost", "budget", "objective", "value", "base_value", "base_value_change_pct", "model_error_pct", "bound",
    "gap", "earned_000", "verdict", "reason",
)  # fmt: skip


def scenarios_json(compared: Comparison) -> JsonObject:
    """The whole comparison as plain values, ready for json.dumps(allow_nan=False); the order is the scenarios'."""
    rows = records(scenario_frame(compared))
    audiences = _by_scenario(audience_frame(compared))
    changes = _by_scenario(change_frame(compared))
    shares = money_frame(compared)
    return {
        "schema": SCHEMA,
        "kind": "scenarios",
        "base": compared.scenarios[compared.base].name,
        "currency": compared.prepared.campaign.brief.currency,
        "scenarios": [
            {
                "name": row["scenario"],
                "mode": row["mode"],
                "changes": list(scenario.words),
                **{name: row[name] for name in _OWN},
                "insertions": answer.get("insertions", {}),
                "money_share_pct": _shares(shares, row["scenario"]),
                "audiences": audiences.get(row["scenario"], []),
                "from_base": changes.get(row["scenario"], []),
            }
            for row, scenario, answer in zip(rows, compared.scenarios, compared.answers, strict=True)
        ],
        "pairs": records(pair_frame(compared)),
        "run": dict(compared.run),
    }


def records(frame: "pd.DataFrame") -> list[JsonObject]:
    """The rows of a frame as plain values; None for what is no number."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.astype(object).to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _by_scenario(frame: "pd.DataFrame") -> dict[str, list[JsonObject]]:
    found: dict[str, list[JsonObject]] = {}
    for row in records(frame):
        found.setdefault(row.pop("scenario"), []).append(row)
    return found


def _shares(shares: "pd.DataFrame", name: str) -> dict[str, float]:
    """Percent of a scenario's money by medium."""
    return (
        {}
        if name not in shares
        else {str(medium): 100 * float(share) for medium, share in shares[name].items()}
    )
