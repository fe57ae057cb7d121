"""The rows of the sheet Weeks that are no vehicles, as data: its parser, its writer and Help use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planner.campaign.weeks import LOCKED
from planner.workbook.schema.sheets import FLIGHTINGS

WEIGHTS, FACTOR = "flighting weight", "price factor"


@dataclass(frozen=True)
class LimitKind:
    """Of what a row of limits is, and of which weeks: each, or a month's together."""

    measure: Literal["money", "grp"]
    sense: Literal["<=", ">="]
    monthly: bool


LIMITS: Mapping[str, LimitKind] = {
    "budget at least": LimitKind("money", ">=", False),
    "budget at most": LimitKind("money", "<=", False),
    "GRP at least": LimitKind("grp", ">=", False),
    "GRP at most": LimitKind("grp", "<=", False),
    "budget at least per month": LimitKind("money", ">=", True),
    "budget at most per month": LimitKind("money", "<=", True),
    "GRP at least per month": LimitKind("grp", ">=", True),
    "GRP at most per month": LimitKind("grp", "<=", True),
}
NAMES = (WEIGHTS, *LIMITS, FACTOR)

_MONTH = "in any one of the month's weeks; a week belongs to the month of its Monday. Needs a Start."
HELP: tuple[tuple[str, str, str, str], ...] = (  # row, what it is, example, what a blank means
    (WEIGHTS, "How much of the GRP each week should get, beside the other weeks; or, in the first week's cell, "
     f"one word: {', '.join(FLIGHTINGS[:-1])} or {FLIGHTINGS[-1]}.", "3",
     "the Brief's flighting; a blank week among filled ones: 0"),
    *((name, f"{'Most' if kind.sense == '<=' else 'Least'} "
       f"{'money' if kind.measure == 'money' else 'rating points of the universe'} in "
       f"{'a month, ' + _MONTH if kind.monthly else 'the week.'}",
       "50,000" if kind.measure == "money" else "80", "no limit") for name, kind in LIMITS.items()),
    (FACTOR, "What every price is multiplied by in the week: 1.2 or 120 %.", "1.2", "1"),
    (f"{FACTOR}: TV", "The same for a medium, genre, group or vehicle. Where several cover a vehicle the narrowest "
     "counts: vehicle before group, genre, medium, all.", "120 %", "1"),
    ("Evening Quiz", "A vehicle: its most insertions in the week. A row that is all blank is as if it were not "
     "there.", "2", "a blank week among filled ones: 0, not available"),
    (f"{LOCKED}: Evening Quiz", "A vehicle's insertions in a week that are settled: no more and no fewer. What "
     "planner plan --lock-edits makes of weeks edited on Flowchart.", "1", "the week is free"),
)  # fmt: skip
