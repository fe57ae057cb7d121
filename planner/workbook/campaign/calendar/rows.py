"""The rows of the sheet Weeks that are no vehicles, as data for parser, writer and Help; and what a filled row is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from planner.campaign.inputs import VehicleRow
from planner.campaign.weeks import LOCKED
from planner.excel.read import Cell, address
from planner.names import heading_key, key, listing, nearest
from planner.workbook.campaign.calendar.columns import WeekColumns
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Record
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


# --- what a filled row is ----------------------------------------------------------------------------

_LIMIT_KEYS: Mapping[str, str] = {heading_key(name): name for name in LIMITS}


@dataclass(frozen=True, eq=False)
class WeekRow:
    """A row of weeks. name: as recognised. cells: per week, None where absent. columns: where the weeks stand."""

    name: str
    record: Record
    cells: tuple[Cell | None, ...]
    columns: WeekColumns

    def address(self, week: int) -> str:
        return address(self.record.sheet, self.record.row, self.columns.columns[week])

    @property
    def cell(self) -> str:
        """Where its name stands."""
        return self.record.address("name")

    @property
    def covers(self) -> str:
        """What stands behind the colon of its name: whom a price factor is of ("" = all), who is locked."""
        return self.name.partition(":")[2].strip()

    @property
    def findings(self) -> Findings:
        return self.record.findings

    def problem(self, week: int, text: str) -> None:
        """Note something wrong with a week."""
        self.findings.problem(self.address(week), text)

    @property
    def filled(self) -> list[int]:
        """The weeks with anything in them."""
        return [week for week, cell in enumerate(self.cells) if not is_blank(cell)]


@dataclass(frozen=True, eq=False)
class WeekRows:
    """The filled rows by what they are."""

    weights: WeekRow | None
    limits: Mapping[str, WeekRow]
    factors: tuple[WeekRow, ...]
    vehicles: tuple[WeekRow, ...]
    locked: tuple[WeekRow, ...] = ()


def sorted_rows(records: Iterable[Record], columns: WeekColumns, vehicles: Sequence[VehicleRow]) -> WeekRows:
    """Every row by its name; names that are not known and rows that are there twice are problems."""
    known = _by_key(vehicles)
    seen: dict[str, Record] = {}
    sorted_by: dict[str, list[WeekRow]] = {WEIGHTS: [], "limit": [], FACTOR: [], LOCKED: [], "vehicle": []}
    for record in records:
        row = WeekRow(record.text("name"), record, tuple(map(record.cells.get, columns.columns)), columns)
        if not row.filled:
            continue
        name = row.name
        earlier = seen.setdefault(heading_key(name), record)
        kind, meant = _kind_of(name, known)
        wrong = _units_of_locked(name, vehicles) or _unknown(kind, name, known)
        if earlier is not record:
            record.repeated("name", f'"{name}"', earlier)
        elif wrong and vehicles:  # else that there are none is said already
            record.problem("name", wrong)
        elif kind:
            sorted_by[kind].append(replace(row, name=meant))
    limits = {row.name: row for row in sorted_by["limit"]}
    weights = next(iter(sorted_by[WEIGHTS]), None)
    return WeekRows(weights, limits, *(tuple(sorted_by[kind]) for kind in (FACTOR, "vehicle", LOCKED)))


def _by_key(vehicles: Sequence[VehicleRow]) -> dict[str, str]:
    """Names of vehicles, also without their units, by how they are compared."""
    return {key(name): name for vehicle in vehicles for name in (vehicle.vehicle_name, vehicle.name)}


def _kind_of(name: str, known: Mapping[str, str]) -> tuple[str, str]:
    """What a row is by its name, and the name as we write it; ("", name) of one that is not known.

    known: names of vehicles, by how they are compared.
    """
    folded, vehicle = heading_key(name), key(name.partition(":")[2])
    if folded == heading_key(WEIGHTS):
        return WEIGHTS, WEIGHTS
    if folded in _LIMIT_KEYS:
        return "limit", _LIMIT_KEYS[folded]
    if folded == FACTOR or folded.startswith(f"{FACTOR}:"):
        return FACTOR, name
    if folded.startswith(f"{LOCKED}:") and vehicle in known:
        return LOCKED, f"{LOCKED}: {known[vehicle]}"
    return ("vehicle", known[key(name)]) if key(name) in known else ("", name)


def _units_of_locked(name: str, vehicles: Sequence[VehicleRow]) -> str:
    """What is wrong with a locked row of a vehicle in several units that does not name one; "" where nothing is."""
    word, _, vehicle = name.partition(":")
    units = [row.name for row in vehicles if row.vehicle and key(row.vehicle) == key(vehicle)]
    if heading_key(word) != LOCKED or not units:
        return ""
    named = listing([f'"{LOCKED}: {unit}"' for unit in units])
    return f'"{name}": the vehicle is sold in several units; write which one is locked: {named}.'


def _unknown(kind: str, name: str, known: Mapping[str, str]) -> str:
    """What is wrong with a name that is nothing here; "" where it is of a kind."""
    if kind:
        return ""
    hint = nearest(name, [*NAMES, *known.values(), *(f"{LOCKED}: {one}" for one in known.values())])
    return (
        f'"{name}" is neither a vehicle of the sheet Vehicles nor a row such as flighting weight, budget '
        f"at most or price factor{hint or '; the Help sheet of a new workbook lists them.'}"
    )
