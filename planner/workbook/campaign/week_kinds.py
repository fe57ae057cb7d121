"""The filled rows of Weeks, by what their names say they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.campaign.inputs import VehicleRow
from planner.campaign.weeks import LOCKED
from planner.excel.read import Cell, address
from planner.names import heading_key, key, listing, nearest
from planner.workbook.campaign.week_columns import WeekColumns
from planner.workbook.campaign.week_rows import FACTOR, LIMITS, NAMES, WEIGHTS
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Record
from planner.workbook.schema.sheets import WEEKS

_LIMIT_KEYS: Mapping[str, str] = {heading_key(name): name for name in LIMITS}


@dataclass(frozen=True, eq=False)
class WeekRow:
    """A filled row. name: as recognised. cells: per week, None where absent. columns: where the weeks stand."""

    name: str
    record: Record
    cells: tuple[Cell | None, ...]
    columns: WeekColumns

    def address(self, week: int) -> str:
        return address(WEEKS.name, self.record.row, self.columns.columns[week])

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


def sorted_rows(
    records: Iterable[Record], columns: WeekColumns, vehicles: Sequence[VehicleRow], findings: Findings
) -> WeekRows:
    """Every row by its name; names that are not known and rows that are there twice are problems."""
    known = _by_key(vehicles)
    seen: dict[str, str] = {}
    sorted_by: dict[str, list[WeekRow]] = {WEIGHTS: [], "limit": [], FACTOR: [], LOCKED: [], "vehicle": []}
    for record in records:
        row = WeekRow(record.text("name"), record, tuple(map(record.cells.get, columns.columns)), columns)
        if not row.filled:
            continue
        name, where = row.name, record.address("name")
        earlier = seen.setdefault(heading_key(name), where)
        kind, meant = _kind_of(name, known)
        wrong = _units_of_locked(name, vehicles) or _unknown(kind, name, known)
        if earlier != where:
            findings.repeated(where, f'"{name}"', earlier)
        elif wrong and vehicles:  # else that there are none is said already
            findings.problem(where, wrong)
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
