"""Why no plan satisfies a campaign, as text and as JSON."""

from collections.abc import Sequence
from typing import Any

from models.errors import InfeasiblePlan
from planner.errors import Change, Explanation, NoPlan, Problem
from planner.report.json_values import fields_of

SCHEMA = 1
_LINES = 12  # of a list on the terminal; the JSON has all of them


def infeasible_text(error: InfeasiblePlan) -> str:
    """The message, what conflicts, and the cheapest ways out, each line with its cell."""
    if not isinstance(error, NoPlan):
        return "\n".join([str(error), *(f"  {rule}" for rule in error.rules)])
    why = error.explanation
    said = [str(error), *_list(why.conflict)]
    if why.further:
        said.append("Other things in the campaign conflict as well, so no single change is enough.")
    said += _single_changes(why)
    if why.overall and list(why.overall) != list(why.changes[:1]):
        said += ["The cheapest changes overall:", *_list(why.overall)]
    return "\n".join([*said, *_reservations(why)])


def _single_changes(why: Explanation) -> list[str]:
    """Changes each of which is enough, or that none is."""
    if why.changes:
        several = "Any one of these changes is enough, the cheapest first:"
        return ["This change alone is enough:" if len(why.changes) == 1 else several, *_list(why.changes)]
    if why.overall and not why.further:
        known = "is enough" if why.finished else "that is enough was found"
        return [f"No change of one of these alone {known}."]
    return []


def _reservations(why: Explanation) -> list[str]:
    said = []
    if not why.proven:
        said.append("Not proven: no search found a plan, which does not say that there is none.")
    if not why.minimal:
        said.append("The conflict was not searched to its end: it may be more than is listed, or less.")
    elif not why.finished:
        said.append("Ways out were not all followed to the end: there may be others, or smaller ones.")
    return said


def _list(lines: Sequence[Problem | Change]) -> list[str]:
    """Cell and words in two columns."""
    shown = lines if len(lines) <= _LINES + 1 else lines[:_LINES]
    width = max((len(line.cell) for line in shown), default=0)
    listed = [f"  {line.cell:<{width}}  {line.text}" for line in shown]
    return listed if len(shown) == len(lines) else [*listed, f"  ... and {len(lines) - len(shown)} more"]


def infeasible_json(error: InfeasiblePlan) -> dict[str, Any]:
    """No plan satisfies the campaign: what conflicts, changes that are enough alone, the cheapest overall. change is
    null where a limit has to be dropped."""
    if isinstance(error, NoPlan):
        why = error.explanation
    else:
        pairs = [rule.partition(": ") for rule in error.rules]
        why = Explanation(tuple(Problem(cell, text) for cell, _, text in pairs), proven=False, finished=False)
    return {
        "schema": SCHEMA,
        "status": "infeasible",
        "message": str(error),
        "conflict": [fields_of(line, "cell text") for line in why.conflict],
        "relaxations": [fields_of(change, "cell text change unit") for change in why.changes],
        "overall": [fields_of(change, "cell text change unit") for change in why.overall],
        "further_conflicts": why.further,
        **fields_of(why, "proven minimal"),
        "complete": why.finished,
    }
