"""Scenarios: a campaign with named changes, and what is asked about it.

A scenario says only what differs from the campaign in its workbook. `changed` makes the campaign of a scenario; the
changes of the Brief that other sheets hang on (weeks, universe, category and so on: RESTATED) are made where the
workbook is read, before this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Literal, get_args

from planner.campaign.inputs import Campaign, GoalRow, InfluenceRow, RuleRow, VehicleRow

Mode = Literal["best", "cheapest", "fixed"]
MODES: tuple[Mode, ...] = get_args(Mode)
ChangeKind = Literal["brief", "rule", "weight", "parameter", "price", "discount", "goal"]
# Attributes of the Brief that nothing else of the campaign was read by.
_READ_ALONE = frozenset(
    {
        "campaign",
        "client",
        "budget",
        "budget_is",
        "commission",
        "objective",
        "target_audience",
        "customers_first",
        "whole",
        "influence_preset",
    }
)


@dataclass(frozen=True)
class Change:
    """One thing that a scenario states otherwise.

    kind and subject: a Brief's attribute; a rule's name; a trait; a parameter's key; vehicles, by name; a goal.
    value: as the campaign holds it; of a rule None drops it, of a price relative says that it is a factor. side: of a
    rule or goal. words: as people read it, "Budget 4,000,000". goal: the goal asked for. cell: where it is stated, so
    that what cannot be is told there; of the command line, the option.
    """

    kind: ChangeKind
    subject: tuple[str, ...]
    value: Any
    words: str
    side: Literal["at_least", "at_most", ""] = ""
    relative: bool = False
    goal: GoalRow | None = None
    cell: str = ""

    @property
    def restates(self) -> bool:
        """Whether the workbook has to be read under it."""
        return self.kind == "brief" and self.subject[0] not in _READ_ALONE

    def meets(self, other: "Change") -> bool:
        """Whether both state the same thing, so that one of them would be lost or work on top of the other."""
        if self.kind != other.kind:
            return False
        if self.kind in ("price", "discount"):
            return not set(self.subject).isdisjoint(other.subject)
        sides = {self.side, other.side}
        return self.subject == other.subject and (len(sides) == 1 or (self.kind == "rule" and "" in sides))


@dataclass(frozen=True)
class Scenario:
    """What is asked: the campaign with changes, in a mode. plan: of mode fixed, the name of a plan workbook, "" for the
    plan in the campaign's own workbook. base: whether others are held against it. cells: where it says what, by
    "mode", "plan" and so on; of the row's first cell under "name"."""

    name: str
    mode: Mode = "best"
    changes: tuple[Change, ...] = ()
    plan: str = ""
    base: bool = False
    cells: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def restated(self) -> dict[str, Any]:
        """The Brief's attributes under which the workbook has to be read, with their values."""
        return {change.subject[0]: change.value for change in self.changes if change.restates}

    @property
    def words(self) -> tuple[str, ...]:
        """What differs, as people read it."""
        asked = {"best": (), "cheapest": ("least money for the goals",), "fixed": ("plan given",)}[self.mode]
        return (*asked, *(change.words for change in self.changes))


def with_one_base(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The scenarios with one base: the first that is marked, else the first."""
    at = next((place for place, each in enumerate(scenarios) if each.base), 0)
    return tuple(replace(each, base=place == at) for place, each in enumerate(scenarios))


def changed(campaign: Campaign, scenario: Scenario) -> Campaign:
    """The campaign of a scenario; what has to be read anew (`restated`) has been."""
    for change in scenario.changes:
        if not change.restates:
            campaign = _stated(_APPLY[change.kind](campaign, change), change)
    if scenario.mode != "cheapest":
        return campaign
    budget = campaign.brief.budget if _gives_budget(scenario) else inf
    return replace(campaign, brief=replace(campaign.brief, objective="minimum cost", budget=budget))


def _stated(campaign: Campaign, change: Change) -> Campaign:
    """The campaign without the defaults that a change puts a value in place of; its cells are the change's."""
    where = {
        "brief": ("Brief", change.subject[0]),
        "weight": ("Traits", "weight"),
        "price": ("Vehicles", "unit_cost"),
        "discount": ("Vehicles", "discount"),
        "parameter": ("Influence", "used"),
    }.get(change.kind)
    if where is not None and change.cell:
        sheet, attribute = where
        keys = (
            [(sheet, attribute, "value")]
            if sheet == "Brief"
            else [(sheet, name, attribute) for name in change.subject]
        )
        campaign = replace(campaign, cells={**campaign.cells, **dict.fromkeys(keys, change.cell)})
    kept = tuple(
        default
        for default in campaign.defaults
        if (default.sheet, default.attribute) != where
        or (change.kind == "weight" and default.row not in change.subject)
    )
    return campaign if len(kept) == len(campaign.defaults) else replace(campaign, defaults=kept)


def _gives_budget(scenario: Scenario) -> bool:
    return any(change.kind == "brief" and change.subject == ("budget",) for change in scenario.changes)


def _brief(campaign: Campaign, change: Change) -> Campaign:
    return replace(campaign, brief=replace(campaign.brief, **{change.subject[0]: change.value}))


def _rule(campaign: Campaign, change: Change) -> Campaign:
    rows = [_limited(row, change) if row.name == change.subject[0] else row for row in campaign.rules]
    return replace(campaign, rules=tuple(row for row in rows if _limits(row)))


def _limited(row: RuleRow, change: Change) -> RuleRow:
    """The rule with another limit; without any, where it is dropped."""
    if not change.side:
        return replace(row, at_least=None, at_most=None)
    return replace(row, cell=change.cell or row.cell, **{change.side: change.value})


def _limits(row: RuleRow) -> bool:
    return row.at_least is not None or row.at_most is not None


def _weight(campaign: Campaign, change: Change) -> Campaign:
    rows = [
        replace(row, weight=change.value) if row.name in change.subject else row for row in campaign.traits
    ]
    return replace(campaign, traits=tuple(rows))


def _parameter(campaign: Campaign, change: Change) -> Campaign:
    name = change.subject[0]
    given = next((row for row in campaign.influence if row.parameter == name), InfluenceRow(name, None))
    others = tuple(row for row in campaign.influence if row.parameter != name)
    return replace(campaign, influence=(*others, replace(given, used=change.value)))


def _price(campaign: Campaign, change: Change) -> Campaign:
    return _vehicles(campaign, change, lambda row: replace(row, unit_cost=_new_price(row, change)))


def _new_price(row: VehicleRow, change: Change) -> float | None:
    if not change.relative:
        return float(change.value)
    return None if row.unit_cost is None else row.unit_cost * change.value


def _discount(campaign: Campaign, change: Change) -> Campaign:
    return _vehicles(campaign, change, lambda row: replace(row, discount=change.value))


def _vehicles(campaign: Campaign, change: Change, of: Callable[[VehicleRow], VehicleRow]) -> Campaign:
    rows = tuple(of(row) if row.name in change.subject else row for row in campaign.vehicles)
    return replace(campaign, vehicles=rows)


def _goal(campaign: Campaign, change: Change) -> Campaign:
    """A goal of the same audience and measure gives way to the one asked for; its other side stays."""
    goal, side = change.goal, change.side
    assert goal is not None
    rows, found = [], False
    for row in campaign.goals:
        same = (row.audience, row.measure, row.times) == (goal.audience, goal.measure, goal.times)
        if same and getattr(row, side) is not None:
            row, found = replace(row, cell=goal.cell, **{side: getattr(goal, side)}), True  # noqa: PLW2901
        rows.append(row)
    return replace(campaign, goals=(*rows, *(() if found else (goal,))))


_APPLY: Mapping[ChangeKind, Callable[[Campaign, Change], Campaign]] = {
    "brief": _brief,
    "rule": _rule,
    "weight": _weight,
    "parameter": _parameter,
    "price": _price,
    "discount": _discount,
    "goal": _goal,
}
