"""Records by their names: each name once, and of vehicles only those that are on offer."""

from collections.abc import Iterable

from planner.names import key, unknown
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Record


def once_each(records: Iterable[Record], findings: Findings) -> dict[str, Record]:
    """Records by the key of their name; a name that is there twice is a problem, and its first record counts."""
    by_key: dict[str, Record] = {}
    for record in records:
        if "name" in record.bad:
            continue
        earlier = by_key.setdefault(key(record.text("name")), record)
        if earlier is not record:
            findings.repeated(record.address("name"), f'"{record.text("name")}"', earlier.address("name"))
    return by_key


def of_vehicles(
    records: Iterable[Record], vehicles: Iterable[str], otherwise: str, findings: Findings
) -> dict[str, Record]:
    """Records by the key of their vehicle, the first of each; a name that is no vehicle's is a problem.

    otherwise: what to do about a name that is near none.
    """
    known = {key(name): name for name in vehicles}
    by_key: dict[str, Record] = {}
    for record in records:
        name, where = record.text("name"), record.address("name")
        if key(name) not in known:
            wrong = unknown(name, "a vehicle of the sheet Vehicles", known.values(), f"; {otherwise}")
            findings.problem(where, wrong)
        elif key(name) in by_key:
            findings.repeated(where, f'"{name}"', by_key[key(name)].address("name"))
        else:
            by_key[key(name)] = record
    return by_key
