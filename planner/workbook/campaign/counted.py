"""A number of insertions of several vehicles: insertions, and what is bought by the thousand, do not add up."""

from collections.abc import Collection, Sequence

from planner.campaign.bought import bought_000
from planner.campaign.inputs import VehicleRow
from planner.campaign.rule_rows import DiscountRow, RuleRow
from planner.formats import per_one
from planner.workbook.cells.findings import Findings


def check_counted_alike(
    vehicles: Sequence[VehicleRow],
    rules: Sequence[RuleRow],
    discounts: Sequence[DiscountRow],
    findings: Findings,
) -> None:
    """What limits or counts insertions looks at one kind of them only."""
    for rule in rules:
        counts = rule.unit == "insertions" or (rule.unit == "ratio" and rule.of == "insertions")
        if counts and (rule.at_least or rule.at_most):  # none is none of every kind
            inside = {*rule.vehicles, *rule.base_vehicles}
            name = f'"{rule.applies_to}"' + (f' beside "{rule.base}"' if rule.base else "")
            _check(name, inside, vehicles, ("Rules", rule.cell, "unit"), findings)
    for step in discounts:
        if step.by == "insertions":
            name = f'The discount on "{step.applies_to}"'
            _check(name, set(step.vehicles), vehicles, ("Discounts", step.cell, "by"), findings)


def _check(
    name: str,
    inside: Collection[str],
    vehicles: Sequence[VehicleRow],
    place: tuple[str, str, str],
    findings: Findings,
) -> None:
    kinds: dict[float, str] = {}  # contacts (thousands) of one -> the first vehicle
    for vehicle in vehicles:
        if vehicle.name in inside:
            kinds.setdefault(bought_000(vehicle), vehicle.name)
    if len(kinds) < 2:
        return
    told = [f'"{first}" {per_one(each) if each else "by the insertion"}' for each, first in kinds.items()]
    findings.problem(
        findings.cells.get(place, place[1]),
        f"{name} counts insertions of lines that are sold differently: {' and '.join(told[:2])}; name those of one "
        "kind, or count money or GRP.",
    )
