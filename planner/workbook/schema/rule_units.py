"""The units of a rule, one a row: how it is written on the sheet Rules, what else means it, how its limits are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planner.campaign.rule_rows import RuleUnit

# amount: a number as it stands. share: a percent from 0 to 100. ratio: a percent that may be more. count: whole.
LimitKind = Literal["amount", "share", "ratio", "count"]


@dataclass(frozen=True)
class UnitWords:
    """unit: as planner.campaign.rulebook knows it. written: on the sheet, and in its drop-down. limits: how At least
    and At most are read. words: what else means it. counted: of a count, what is counted."""

    unit: RuleUnit
    written: str
    limits: LimitKind = "amount"
    words: tuple[str, ...] = ()
    counted: str = ""


RULE_UNITS: Mapping[RuleUnit, UnitWords] = {
    words.unit: words
    for words in (
        UnitWords("money", "money", words=("net", "spend", "cost")),
        UnitWords("share", "% of spend", "share",
                  ("%", "percent of spend", "share", "percent", "share of spend")),
        UnitWords("budget", "% of budget", "share",
                  ("percent of budget", "share of budget", "% of the budget", "% budget", "% of total budget",
                   "% of the total budget", "% of the campaign budget")),
        UnitWords("insertions", "insertions", words=("insertion", "spots")),
        UnitWords("grp", "GRP", words=("grps", "gross rating points", "rating points")),
        UnitWords("vehicles", "vehicles", "count",
                  ("vehicle", "vehicles bought", "number of vehicles", "titles", "title"), "vehicles"),
        UnitWords("items", "items", "count",
                  ("item", "of the list", "items of the list", "entries", "entries of the list"),
                  "entries of the list"),
        UnitWords("ratio", "% of insertions", "ratio"),
    )
}  # fmt: skip

CHOICES = (*(words.written for words in RULE_UNITS.values()), "% of GRP")
HELP = (
    "Of the vehicles together: money (or the currency), % of spend (of what the plan costs), % of budget, insertions, "
    "GRP (rating points of the universe). vehicles: how many of them are bought at all. items: from how many entries "
    "of the list anything is bought (at most 1: they exclude each other; exclusive says the same). % of TV's "
    "insertions, % of Radio's spend, % of medium: TV's GRP: compared with those, also above 100 %."
)
EXPECTED = "money, % of spend, % of budget, insertions, GRP, vehicles, items, or a ratio such as % of TV's insertions"
