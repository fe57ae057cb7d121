"""Records by their names: each name once, and of vehicles only those that are on offer."""

from collections.abc import Collection, Iterable

from planner.names import key, unknown
from planner.workbook.cells.table import Record


def once_each(records: Iterable[Record]) -> dict[str, Record]:
    """Records by the key of their name; a name that is there twice is a problem, and its first record counts."""
    by_key: dict[str, Record] = {}
    for record in records:
        if "name" in record.bad:
            continue
        earlier = by_key.setdefault(key(record.text("name")), record)
        if earlier is not record:
            record.repeated("name", f'"{record.text("name")}"', earlier)
    return by_key


def grouped(records: Iterable[Record], attribute: str) -> Collection[list[Record]]:
    """Records that say the same of an attribute, together."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(key(record.text(attribute)), []).append(record)
    return found.values()


def of_vehicles(records: Iterable[Record], vehicles: Iterable[str], otherwise: str) -> dict[str, Record]:
    """Records by the key of their vehicle, the first of each; a name that is no vehicle's is a problem.

    otherwise: what to do about a name that is near none.
    """
    known = {key(name): name for name in vehicles}
    by_key: dict[str, Record] = {}
    for record in records:
        name = record.text("name")
        if key(name) not in known:
            wrong = unknown(name, "a vehicle of the sheet Vehicles", known.values(), f"; {otherwise}")
            record.problem("name", wrong)
        elif key(name) in by_key:
            record.repeated("name", f'"{name}"', by_key[key(name)])
        else:
            by_key[key(name)] = record
    return by_key
