"""Scenarios side by side: a table for the terminal, and JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.campaign.inputs import Campaign
from planner.comparing.scenario_tables import (
    audience_table,
    change_table,
    money_table,
    pair_table,
    scenario_table,
)
from planner.comparing.sweep import Comparison
from planner.comparing.verdicts import MANY
from planner.formats import count_of, listed, money, number, percent, shorten_middle, signed
from planner.planning.model_error import plus_minus
from planner.report.json_values import JsonObject
from planner.report.layout import hanging, table

_MOST_LINES = 40  # of the table on the terminal
_NAME = 38  # letters of a scenario's name
# A column of the terminal holds 15 letters of a verdict.
SHORT_VERDICT = {
    "within the gaps": "within gaps",
    "within survey error": "survey error",
    "within the model's own error": "model error",
}


def scenarios_table(compared: Comparison) -> str:
    """A line per scenario, what could not be planned, and what the verdicts say."""
    base = compared.scenarios[compared.base]
    objective = compared.answers[compared.base].get("objective")
    headings = ("Scenario", "Verdict", "Cost", "Reach", "Value", "Change", "Gap")
    rows = scenario_table(compared).records
    lines = [_line(compared, at, row) for at, row in enumerate(rows)]
    shown = lines if len(lines) <= _MOST_LINES else lines[:_MOST_LINES]
    more = len(lines) - len(shown)
    left = [f"... and {more:,} more; -o writes all of them."] if more else []
    failures = [f"{row['scenario']}: {row['reason']}" for row in rows if row["reason"]]
    return "\n".join(
        [
            hanging(
                "",
                f"{count_of(len(lines), 'scenario')}; the base is {base.name}. Reach is everyone's, Value by the "
                f"base's objective{f', {objective}' if objective else ''}.",
            ),
            "",
            *table(headings, shown, texts=2),
            *left,
            "",
            *(hanging("", text) for text in (*failures[:_MOST_LINES], *verdict_notes(compared))),
        ]
    )


def _line(compared: Comparison, at: int, row: Mapping[Any, Any]) -> Sequence[str]:
    answer = compared.answers[at]
    name = shorten_middle(compared.scenarios[at].name, _NAME)
    if "cost" not in answer:
        return (name, "no plan", "-", "-", "-", "-", "-")
    change, gap = row["base_value_change_pct"], answer["gap"]
    return (
        name,
        SHORT_VERDICT.get(row["verdict"], row["verdict"]) or "-",
        money(answer["cost"], compared.campaigns[at].brief.currency),
        percent(answer["audiences"][0]["reach_pct"] / 100, 2),
        number(answer["base_value"], 1),
        change_text(change, row["model_error_pct"]) or "-",
        "-" if gap is None else percent(gap, 3),
    )


def change_text(change: float | None, error: float | None) -> str:
    """A value beside the base's, in percent, with the model's own error on it; "" where it is not known.

    >>> change_text(-2.631, 0.667), change_text(0.0, None)
    ('-2.63 +-0.67 %', '0.00 %')
    """
    return "" if change is None else f"{signed(change, 2)}{plus_minus(error or 0.0)} %"


def verdict_notes(compared: Comparison) -> list[str]:
    """What has to be known about the verdicts."""
    notes = list(filter(None, [compared.why_base, _survey_error_note(compared.prepared.campaign)]))
    if any(pair.judged.certain for pair in compared.pairs):
        notes.append(
            "Where one plan buys all that another does, and more, it is worth more whatever the model's own error is: "
            "the two are different, for certain."
        )
    if len(compared.found) > MANY:
        notes.append(f"More than {MANY} scenarios: pairs with the base are judged, and no others.")
    timed = [each.name for each, answer in zip(compared.scenarios, compared.answers, strict=True)
             if answer.get("status") == "time"]  # fmt: skip
    if timed:
        notes.append(f"Time ended the search for {listed(timed, 5)}: another run may find a better plan.")
    return notes


def _survey_error_note(campaign: Campaign) -> str:
    """How survey error is known; "" where of every vehicle."""
    unknown = sum(vehicle.sample_size is None for vehicle in campaign.vehicles)
    if campaign.respondents is not None:
        return "Survey error: who is asked was drawn anew from the survey's respondents."
    if unknown == len(campaign.vehicles):
        return "No vehicle has a Sample size: survey error is not known, and no verdict looks at it."
    if not unknown:
        return ""
    return (
        f"{unknown} of {count_of(len(campaign.vehicles), 'vehicle')} have no Sample size: survey error is known of the "
        "others only."
    )


# --- as JSON -----------------------------------------------------------------------------------------

SCHEMA = 1
_OWN = (
    "status", "cost", "budget", "objective", "value", "base_value", "base_value_change_pct", "model_error_pct", "bound",
    "gap", "earned_000", "verdict", "reason",
)  # fmt: skip


def scenarios_json(compared: Comparison) -> JsonObject:
    """The whole comparison as plain values, ready for json.dumps(allow_nan=False); the order is the scenarios'."""
    audiences, changes = (table(compared).by("scenario") for table in (audience_table, change_table))
    spent = money_table(compared)  # percent of each scenario's money by medium
    shares = {
        name: {row[0]: 100 * row[place] for row in spent.rows} for place, name in enumerate(spent.keys[1:], 1)
    }
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
                "money_share_pct": shares.get(row["scenario"], {}),
                "audiences": audiences.get(row["scenario"], []),
                "from_base": changes.get(row["scenario"], []),
            }
            for row, scenario, answer in zip(
                scenario_table(compared).records, compared.scenarios, compared.answers, strict=True
            )
        ],
        "pairs": pair_table(compared).records,
        "run": dict(compared.run),
    }
