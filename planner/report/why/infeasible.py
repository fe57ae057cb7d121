"""Why no plan satisfies a campaign, as text and as JSON."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import InfeasiblePlan
from planner.errors import Change, Explanation, NoPlan, Problem
from planner.excel.notation import column_number
from planner.report.json_values import fields_of

SCHEMA = 1
_LINES = 12  # of a list on the terminal; the JSON has all of them
_WEEK_CELL = re.compile(r"Weeks!(?P<column>[A-Z]+)(?P<row>\d+)")


@dataclass(frozen=True)
class _Run:
    """Neighbouring cells of one row on Weeks. words: what all of them say of their week; "" of a line of its own."""

    cells: list[str]
    periods: list[str]
    words: str

    @property
    def told(self) -> tuple[str, str]:
        """Cells and words of the line."""
        (first, *_), (begin, *_) = self.cells, self.periods
        if len(self.cells) == 1:
            return first, f"{begin}: {self.words}" if self.words else begin
        last = self.cells[-1].partition("!")[2]
        return f"{first}:{last}", f"{begin} to {self.periods[-1]}, each: {self.words}"


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
        return [
            "This change alone is enough:" if len(why.changes) == 1 else several,
            *_list(why.changes, joined=False),
        ]
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


def _list(lines: Sequence[Problem | Change], *, joined: bool = True) -> list[str]:
    """Cell and words in two columns; where they count together, neighbouring cells of weeks alike in one line."""
    told = [(line.cell, line.text) for line in lines]
    together = _side_by_side(told) if joined else told
    shown = together if len(together) <= _LINES + 1 else together[:_LINES]
    width = max((len(cell) for cell, _ in shown), default=0)
    listed = [f"  {cell:<{width}}  {text}" for cell, text in shown]
    return (
        listed if len(shown) == len(together) else [*listed, f"  ... and {len(together) - len(shown)} more"]
    )


def _side_by_side(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines (cell, words), those of neighbouring cells that differ by their week alone as one.

    >>> _side_by_side([("Weeks!B3", "the week of 4 May 2027: at least 9 GRP"), ("Brief!B3", "the plan costs at most 9"),
    ...                ("Weeks!C3", "the week of 11 May 2027: at least 9 GRP")])  # doctest: +NORMALIZE_WHITESPACE
    [('Weeks!B3:C3', 'the week of 4 May 2027 to the week of 11 May 2027, each: at least 9 GRP'),
     ('Brief!B3', 'the plan costs at most 9')]
    """
    runs: list[_Run] = []
    open_at: dict[tuple[str, int, str], _Run] = {}  # by what would go on in the next column
    for cell, text in lines:
        period, _, words = text.partition(": ")
        place = _WEEK_CELL.fullmatch(cell) if words and period.startswith(("the week of ", "week ")) else None
        if place is None:
            runs.append(_Run([cell], [text], ""))
            continue
        row, column = place["row"], column_number(place["column"])
        run = open_at.pop((row, column, words), None)
        if run is None:
            run = _Run([], [], words)
            runs.append(run)
        run.cells.append(cell)
        run.periods.append(period)
        open_at[row, column + 1, words] = run
    return [run.told for run in runs]


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
