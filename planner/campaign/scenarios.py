"""The campaign of a scenario.

The changes of the Brief that other sheets hang on (weeks, universe, category and so on) are made where the workbook is
read, before this.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf

from planner.campaign.influence import with_parameter
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.rule_rows import RuleRow
from planner.campaign.scenario import Change, ChangeKind, Scenario


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
    return with_parameter(campaign, change.subject[0], change.value)


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
