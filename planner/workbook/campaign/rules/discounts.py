"""Discounts: steps from which all units of a vehicle or a group cost less."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from planner.campaign.inputs import Brief, VehicleRow
from planner.campaign.rule_rows import DiscountRow, PackageRow
from planner.formats import count_of, currency_mark
from planner.names import key, listing, nearest, unknown
from planner.workbook.campaign.rules.groups import Sets, in_order, lookup, resolve, vehicle_sets
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import grouped
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import DISCOUNT_UNITS

By = Literal["insertions", "money"]
_BY: Mapping[str, By] = {
    "insertions": "insertions", "insertion": "insertions", "spots": "insertions",
    "money": "money", "spend": "money", "cost": "money", "net": "money",
}  # fmt: skip


def parse_discounts(table: Table, vehicles: Sequence[VehicleRow], brief: Brief) -> tuple[DiscountRow, ...]:
    """The discounts, the steps of each together and rising; problems and defaults go to findings."""
    sets = vehicle_sets(vehicles)
    found = [_discount(own, vehicles, sets, brief) for own in grouped(table.records, "applies_to")]
    _check_once(found, table.findings)
    return tuple(step for steps in found for step in steps)


def _discount(
    records: Sequence[Record], vehicles: Sequence[VehicleRow], sets: Sets, brief: Brief
) -> list[DiscountRow]:
    """The steps of one discount."""
    name, findings = records[0].text("applies_to"), records[0].findings
    inside = in_order(resolve(name, records[0].address("applies_to"), sets, findings, "discount"), vehicles)
    by = _counts(records, name, "vehicle" in lookup(name, sets), brief)
    if by is None:
        return []
    steps = []
    for record in records:
        start, rate = _start_and_rate(record, name)
        where = record.address("start")
        if start is None or rate is None:
            continue
        if by == "insertions" and brief.whole and start != int(start):
            record.problem("start", f"From {start:g} counts insertions; expected a whole number.")
        record.stands_for(where, "applies_to", "start", "by", "rate")
        steps.append(DiscountRow(name, inside, by, start, rate, where))
    steps.sort(key=lambda step: step.start)
    _check_rising(steps, findings)
    if inside:
        _notice_unreachable(steps, vehicles, findings)
    return steps


def _start_and_rate(record: Record, name: str) -> tuple[float | None, float | None]:
    """From and Discount % of a step; a blank is a problem."""
    for attribute, heading in (("start", "From"), ("rate", "Discount %")):
        if record.leaves_out(attribute):
            record.problem(attribute, f'The discount on "{name}" has no {heading}; write it.')
    return record.number("start"), record.number("rate")


def _counts(records: Sequence[Record], name: str, one_vehicle: bool, brief: Brief) -> By | None:
    """What From counts: as any row of the discount says, else insertions for a vehicle, money for all else."""
    known = {**_BY, key(brief.currency): "money", key(currency_mark(brief.currency)): "money"}
    given: dict[str, Record] = {}
    for record in records:
        text = record.text("by")
        if "by" in record.bad:
            return None
        if text and key(text) not in known:
            hint = nearest(text, DISCOUNT_UNITS) or "."
            record.problem("by", f'Unit is "{text}"; expected insertions or money{hint}')
            return None
        if text:
            given.setdefault(known[key(text)], record)
    if len(given) > 1:
        first, other = given.values()
        other.problem(
            "by",
            f'The discount on "{name}" counts {other.text("by")} here, but {first.text("by")} in '
            f"{first.address('by')}; write the same in both.",
        )
        return None
    if given:
        return known[key(next(iter(given.values())).text("by"))]
    by: By = "insertions" if one_vehicle else "money"
    records[0].findings.default("Discounts", name, "by", f"{name}: From counts {by}")
    return by


def _check_rising(steps: Sequence[DiscountRow], findings: Findings) -> None:
    """More must not cost more by the unit: each step gives more than the one below."""
    for lower, upper in pairwise(steps):
        if upper.start == lower.start:
            findings.repeated(upper.cell, f"From {upper.start:,.10g}", lower.cell)
        elif upper.rate <= lower.rate:
            findings.problem(
                findings.cells["Discounts", upper.cell, "rate"],
                f"The discount from {upper.start:,.10g} on, {upper.rate * 100:g} %, is not more than the "
                f"{lower.rate * 100:g} % from {lower.start:,.10g} on "
                f"({findings.cells['Discounts', lower.cell, 'rate']}); change one of them.",
            )


def _notice_unreachable(
    steps: Sequence[DiscountRow], vehicles: Sequence[VehicleRow], findings: Findings
) -> None:
    """Steps above all the insertions that there can be."""
    most = {vehicle.name: vehicle.maximum for vehicle in vehicles}
    for step in steps:
        offered = sum(most[name] for name in step.vehicles)
        if step.by == "insertions" and step.start > offered:
            findings.notice(
                f"{step.cell}: the discount from {step.start:g} insertions on is never attained; there can be "
                f"{offered:g} (Max)."
            )


def _check_once(discounts: Sequence[Sequence[DiscountRow]], findings: Findings) -> None:
    """A vehicle is in one discount: which one would take how much off is nobody's to guess."""
    first: dict[str, DiscountRow] = {}
    for steps in discounts:
        for vehicle in steps[0].vehicles if steps else ():
            earlier = first.setdefault(vehicle, steps[0])
            if earlier is not steps[0]:
                findings.problem(
                    findings.cells["Discounts", steps[0].cell, "applies_to"],
                    f'"{vehicle}" is in two discounts: "{steps[0].applies_to}" here and "{earlier.applies_to}" '
                    f"({findings.cells['Discounts', earlier.cell, 'applies_to']}); it can be in one.",
                )
                break


# --- packages: insertions in several vehicles, all or nothing, at a price of their own --------------


def parse_packages(table: Table, vehicles: Sequence[VehicleRow], brief: Brief) -> tuple[PackageRow, ...]:
    """The packages; problems go to findings."""
    known = {key(vehicle.name): vehicle for vehicle in vehicles}
    found = [_package(records, known, brief) for records in grouped(table.records, "name")]
    return tuple(package for package in found if package is not None)


def _package(records: Sequence[Record], known: Mapping[str, VehicleRow], brief: Brief) -> PackageRow | None:
    name = records[0].text("name")
    price, where = _price(name, records)
    contents: dict[str, float] = {}
    first: dict[str, Record] = {}
    for record in records:
        vehicle = _vehicle(record, known)
        insertions = _insertions(record, vehicle, brief)
        if vehicle is None:
            continue
        earlier = first.setdefault(vehicle.name, record)
        if earlier is not record:
            record.problem(
                "vehicle",
                f'"{vehicle.name}" is twice in the package "{name}" (also {earlier.address("vehicle")}); write it '
                "once, with all its insertions.",
            )
        elif insertions is not None:
            contents[vehicle.name] = insertions
        record.stands_for(f"{name} / {vehicle.name}", "insertions")
    for attribute, cell in (("name", records[0].address("name")), ("price", where)):
        records[0].findings.cells["Packages", name, attribute] = cell
    if price is None or not contents:
        return None
    return PackageRow(name, tuple(contents), tuple(contents.values()), price, where)


def _price(name: str, records: Sequence[Record]) -> tuple[float | None, str]:
    """The price of a package and its cell: on one of its rows, or the same on several."""
    priced = [record for record in records if record.number("price") is not None]
    if not priced:
        first = records[0]
        if all(record.leaves_out("price") for record in records) and "price" in first.header.columns:
            first.problem("price", f'The package "{name}" has no price; write what all of it costs.')
        return None, first.address("price")
    price, where = priced[0].number("price"), priced[0].address("price")
    other = next((record for record in priced if record.number("price") != price), None)
    if other is not None:
        other.problem(
            "price",
            f'The package "{name}" has two prices (also {where}); write the price of all of it once, on its '
            "first row.",
        )
    return price, where


def _vehicle(record: Record, known: Mapping[str, VehicleRow]) -> VehicleRow | None:
    name = record.text("vehicle")
    if "vehicle" in record.bad or not known or "vehicle" not in record.header.columns:
        return None  # said already
    wrong = "" if key(name) in known else _unknown(record, known)
    wrong = _several_units(name, known) or wrong
    if wrong:
        record.problem("vehicle", wrong)
    return known.get(key(name))


def _several_units(name: str, known: Mapping[str, VehicleRow]) -> str:
    """What is wrong with the name of a vehicle that is sold in several units; "" where it is not."""
    units = [f'"{unit.name}"' for unit in known.values() if unit.vehicle and key(unit.vehicle) == key(name)]
    if not name or not units:
        return ""
    return f'"{name}" is sold in several units; write which one is in the package: {listing(units)}.'


def _unknown(record: Record, known: Mapping[str, VehicleRow]) -> str:
    name = record.text("vehicle")
    if not name:
        return f'The package "{record.text("name")}" has a row without a vehicle; write it.'
    names = [vehicle.name for vehicle in known.values()]
    return unknown(name, "a vehicle of the sheet Vehicles", names, "; add it there, or remove the row.")


def _insertions(record: Record, vehicle: VehicleRow | None, brief: Brief) -> float | None:
    insertions = record.number("insertions")
    if insertions is None:
        if record.leaves_out("insertions") and "insertions" in record.header.columns:
            record.problem(
                "insertions", f'"{record.text("vehicle")}" has no insertions in the package; write how many.'
            )
        return None
    if brief.whole and insertions != int(insertions):
        wrong = f"Insertions is {insertions:g}; expected a whole number, because the Brief asks for whole insertions."
        record.problem("insertions", wrong)
    elif vehicle is not None and insertions > vehicle.maximum:
        limit, many = (
            record.findings.cells["Vehicles", vehicle.name, "maximum"],
            count_of(insertions, "insertion"),
        )
        record.problem(
            "insertions",
            f'The package "{record.text("name")}" has {many} of "{vehicle.name}", more than its '
            f"maximum {vehicle.maximum:g} ({limit}); change one of them.",
        )
    return insertions
