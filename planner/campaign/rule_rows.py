"""What a buyer asks and is offered, a row each: rules, goals, discounts, packages."""

from dataclasses import dataclass
from typing import Literal

RuleUnit = str  # planner.workbook.schema.rule_units lists them
RatioOf = Literal["money", "insertions", "grp"]
GoalMeasure = Literal[
    "reach", "effective reach", "grp", "impressions", "share of impressions", "average frequency"
]


@dataclass(frozen=True)
class RuleRow:
    """A row of Rules: at least / at most of something over a group of vehicles.

    name: the planner's label. applies_to: as written; vehicles: the vehicles it was resolved to.
    at_least / at_most: None = no such limit. cell: address of the row's "Applies to" cell, used as its id
    in messages. unit:
    - money, insertions, grp (rating points of the universe): summed over the vehicles;
    - share: of the whole plan's spend, 0..1; budget: of the budget, 0..1;
    - ratio: of what `base_vehicles` have of `of` (money, insertions or grp), 1 = as much; base: their name;
    - vehicles: how many of the vehicles are bought at all (either / or: at most 1); where `per` names what vehicles
      have in common (medium, genre, group: publisher), how many of those of each of the `items`;
    - items: how many of the `items` (name, vehicles) that Applies to lists are bought from at all.
    """

    name: str
    applies_to: str
    vehicles: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    unit: RuleUnit
    note: str = ""
    cell: str = ""
    items: tuple[tuple[str, tuple[str, ...]], ...] = ()
    of: RatioOf = "insertions"
    base: str = ""
    base_vehicles: tuple[str, ...] = ()
    per: str = ""


@dataclass(frozen=True)
class GoalRow:
    """A row of Goals: what an audience must get, or may get at most.

    audience: its name, as in Audiences or a standard one. measure: reach (0..1), effective reach (0..1,
    met `times` times or more), grp, impressions (000), share of
    impressions (0..1, of all that the plan gives), average frequency (contacts per person reached; at
    most only). cell: address of the limit, used as its id in messages.
    """

    audience: str
    measure: GoalMeasure
    at_least: float | None
    at_most: float | None = None
    times: int = 1
    cell: str = ""


@dataclass(frozen=True)
class DiscountRow:
    """A row of Discounts: from so much on, all units cost less.

    applies_to: as written; vehicles: what it was resolved to. by: what is counted, insertions or money
    (before this discount). start: from so many on. rate: 0..1 off. cell: address of its From.
    Rows of the same applies_to are the steps of one discount; a vehicle is in one discount at most.
    """

    applies_to: str
    vehicles: tuple[str, ...]
    by: Literal["insertions", "money"]
    start: float
    rate: float
    cell: str = ""


@dataclass(frozen=True)
class PackageRow:
    """A package: insertions in several vehicles, all or nothing, at a price of its own.

    vehicles and insertions: as many entries. price: money the budget pays for all of it together. cell:
    address of its price.
    """

    name: str
    vehicles: tuple[str, ...]
    insertions: tuple[float, ...]
    price: float
    cell: str = ""
