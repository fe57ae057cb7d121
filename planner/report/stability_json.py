"""A plan's stability as JSON: vehicles, plans, assumptions, regret, average, draws."""

from typing import Any

from planner.comparing.stability import Stability
from planner.comparing.stability_tables import sentences, stability_tables, warnings
from planner.report.table_json import table_json

SCHEMA = 1


def stability_json(found: Stability) -> dict[str, Any]:
    """The whole result as plain values, ready for json.dumps(allow_nan=False)."""
    brief, doubt = found.campaign.brief, found.doubt
    return {
        "schema": SCHEMA,
        "kind": "stability",
        "campaign": brief.campaign,
        "currency": brief.currency,
        "objective": brief.objective,
        "gap_asked": found.terms.gap,
        "seed": doubt.seed,
        "draws_each": doubt.draws,
        "price_range": doubt.prices,
        "sample_assumed": doubt.sample,
        "sentences": sentences(found),
        "warnings": warnings(found),
        "left_out": list(found.untold),
        **{table.key: table_json(table) for table in stability_tables(found)},
        "notices": list(found.campaign.notices),
        "run": {"seconds_per_question": found.terms.seconds},
    }
