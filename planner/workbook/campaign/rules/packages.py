"""Packages: insertions in several vehicles, all or nothing, at a price of their own."""

from collections.abc import Mapping, Sequence

from planner.campaign.inputs import Brief, VehicleRow
from planner.campaign.rule_rows import PackageRow
from planner.formats import count_of
from planner.names import key, listing, unknown
from planner.workbook.cells.named import grouped
from planner.workbook.cells.table import Record, Table


def packaged_vehicles(table: Table) -> frozenset[str]:
    """Keys of the names of all vehicles in packages."""
    return frozenset(key(record.text("vehicle")) for record in table.records)


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
