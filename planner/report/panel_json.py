"""The panel of reach models as JSON.

schema 1; audience, definition, population_000, vehicles, insertions, impressions_bought_000 (of lines bought by the
thousand, which insertions leave out), grp: the schedule. effective_frequency: the n of
effective_reach_pct. airtime: medium, audience, grp, reach_pct of its rotations and dayparts, and rule_of_thumb_pct =
100 GRP / (100 + GRP). models: one object each, the classic ones first and ours last,
    name, source, fault       who says so, and what it is known to get wrong
    reach_pct                 percent of the audience met at least once; null where the model is undefined
    difference_pct            points above ours
    average_frequency         contacts per person reached
    effective_reach_pct       percent met effective_frequency times or more; null without a distribution
    distribution              shares met 0, 1, ..., 19 times, and 20 times or more; null where the model has none
    undefined                 why it has no answer here, else null
    possible                  false where one vehicle alone reaches more; null where undefined
    notes                     what had to be put right
lowest, highest {name, reach_pct}, spread_pct: of the reaches that are defined and possible, ours among them.
"""

from typing import Any

from planner.planning.airtime import airtime_json
from planner.planning.panel import Panel, PanelRow, folded, reached_at_least
from planner.planning.tables import finite
from planner.report.json_result import SCHEMA
from planner.report.panel_text import basis_sentence


def panel_json(panel: Panel) -> dict[str, Any]:
    """Plain values, ready for json.dumps(allow_nan=False)."""
    ranked = panel.by_reach()
    ends = [{"name": name, "reach_pct": finite(100 * reach)} for reach, name in (ranked[0], ranked[-1])]
    return {
        "schema": SCHEMA,
        "audience": panel.audience,
        "definition": panel.definition,
        "population_000": finite(panel.population_000),
        "vehicles": panel.vehicles,
        "insertions": finite(panel.insertions),
        "impressions_bought_000": finite(panel.bought_000),
        "grp": finite(panel.grp),
        "effective_frequency": panel.effective_frequency,
        "airtime": airtime_json(panel.airtime),
        "models": [_model(panel, row) for row in panel.rows],
        "lowest": ends[0],
        "highest": ends[1],
        "spread_pct": finite(100 * (ranked[-1][0] - ranked[0][0])),
        "basis": basis_sentence(panel),
    }


def _model(panel: Panel, row: PanelRow) -> dict[str, Any]:
    named = {"name": row.name, "source": row.source, "fault": row.fault}
    found = row.estimate
    if found is None:
        blank = (
            "reach_pct",
            "difference_pct",
            "average_frequency",
            "effective_reach_pct",
            "distribution",
            "possible",
        )
        return {**named, **dict.fromkeys(blank), "undefined": row.undefined, "notes": []}
    at_least = reached_at_least(found, panel.effective_frequency)
    return {
        **named,
        "reach_pct": finite(100 * found.reach),
        "difference_pct": finite(100 * (found.reach - panel.ours.reach)),
        "average_frequency": finite(found.average_frequency),
        "effective_reach_pct": None if at_least is None else finite(100 * at_least),
        "distribution": None if found.distribution is None else folded(found.distribution).tolist(),
        "possible": found.possible,
        "undefined": None,
        "notes": list(found.notes),
    }
