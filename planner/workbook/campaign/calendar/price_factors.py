"""Price factors by the week: rows over everything, media, genres, groups and vehicles, narrowest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.campaign.calendar import PriceFactor
from planner.campaign.inputs import VehicleRow
from planner.excel.read import Cell
from planner.names import listing
from planner.workbook.campaign.calendar.rows import FACTOR, WeekRow
from planner.workbook.campaign.rules.groups import ALL, Sets, lookup, vehicle_sets
from planner.workbook.campaign.vehicles.spellings import alike
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.numbers import SHARE_OR_NUMBER, Number, Trouble, read_by_kind, says_percent

KINDS = ("vehicle", "group", "genre", "medium", "all")  # the narrowest first
ABSURD = 10.0  # 120 typed for 120 %
_LOW_SHARE = 0.4  # +10 % typed as 10 %


@dataclass(frozen=True, eq=False)
class _Covering:
    """A row with whom it covers, and as what: a place in KINDS."""

    row: WeekRow
    rank: int
    vehicles: frozenset[str]


def price_factors(rows: Sequence[WeekRow], vehicles: Sequence[VehicleRow]) -> tuple[PriceFactor, ...]:
    """The factors, each vehicle in the narrowest row that covers it and in no other."""
    sets = vehicle_sets(vehicles)
    covering = [found for row in rows if (found := _covering(row, sets, vehicles)) is not None]
    chosen = {vehicle.name: _narrowest(vehicle.name, covering) for vehicle in vehicles}
    factors = []
    for found in covering:
        inside = tuple(name for name, narrowest in chosen.items() if narrowest is found)
        numbers = _factors(found.row)
        if inside and numbers is not None:
            factors.append(PriceFactor(found.row.covers, inside, numbers, found.row.cell))
        elif numbers is not None:
            found.row.findings.notice(
                f"{found.row.cell}: every vehicle of this price factor has a narrower one; it is not used."
            )
    return tuple(factors)


def _narrowest(name: str, covering: Iterable[_Covering]) -> _Covering | None:
    """The row that counts for a vehicle; two that are equally narrow are a problem."""
    mine = [found for found in covering if name in found.vehicles]
    if not mine:
        return None
    rank = min(found.rank for found in mine)
    first, *others = [found for found in mine if found.rank == rank]
    if others:
        others[0].row.record.problem(
            "name",
            f'"{name}" is covered by two price factors of {KINDS[rank]}s, this one and {first.row.cell}; give it a '
            f'row of its own, "{FACTOR}: {name}".',
        )
    return first


def _covering(row: WeekRow, sets: Sets, vehicles: Sequence[VehicleRow]) -> _Covering | None:
    """Whom a row covers; the narrowest meaning where several mean the same vehicles."""
    if not sets["vehicle"]:
        return None
    meanings = lookup(row.covers or ALL, sets)
    if not meanings:
        known = [
            name for row in vehicles for name in (row.name, row.vehicle, row.medium, row.genre, *row.groups)
        ]
        hint = alike(row.covers.rpartition(":")[2], filter(None, known))
        row.record.problem(
            "name",
            f'The price factor is of "{row.covers}", which is no vehicle, medium, genre or group'
            + (hint or "; use a name from the sheet Vehicles, or none for all."),
        )
        return None
    if len(set(meanings.values())) > 1:
        forms = listing([f'"{FACTOR}: {kind}: {row.covers}"' for kind in KINDS if kind in meanings])
        row.record.problem("name", f'"{row.covers}" means different vehicles; write one of {forms}.')
    rank = min(map(KINDS.index, meanings))
    return _Covering(row, rank, meanings[KINDS[rank]])


def _factors(row: WeekRow) -> tuple[float, ...] | None:
    """The factor of each week, 1 where blank; None where one of them is wrong."""
    kinds = ["share" if says_percent(cell) else "number" for cell in row.cells]
    read = read_by_kind(row.cells, kinds, SHARE_OR_NUMBER)
    values = [_sound(value, cell) for value, cell in zip(read, row.cells, strict=True)]
    report_troubles(f"{FACTOR}: {row.covers}".rstrip(": "), row.cells, values, row.findings)
    if any(isinstance(value, Trouble) for value in values):
        return None
    return tuple(map(_or_one, values))


def _or_one(value: Number) -> float:
    return value if isinstance(value, float) else 1.0


def _sound(value: Number, cell: Cell | None) -> Number:
    if isinstance(value, Trouble):
        expected = "; expected a factor above 0, such as 1.2 or 120 %"
        return Trouble(f"{value.text}{expected}") if value.text == "is not a number" else value
    if value is None or cell is None:
        return value
    if value <= 0:
        return Trouble("is not above 0; expected a factor such as 1.2 or 120 %")
    return _asked(value, cell) or value


def _asked(factor: float, cell: Cell) -> Trouble | None:
    """A question where a factor may be a percent, and where a share may be a change: a plus before it, or less than
    any price is likely to fall to."""
    if factor >= ABSURD:
        return Trouble(
            f"is that {factor:g} % or {factor:g} times the price? Write {factor:g} % or {factor / 100:g}"
        )
    if says_percent(cell) and (factor < _LOW_SHARE or str(cell.value).lstrip().startswith("+")):
        asked = f"is that {factor:.4g} times the price, or {100 * factor:.4g} % more?"
        return Trouble(f"{asked} Write {factor:.4g} or {1 + factor:.4g}")
    return None
