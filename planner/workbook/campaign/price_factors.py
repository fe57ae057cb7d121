"""Price factors by the week: rows over everything, media, genres, groups and vehicles, narrowest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.campaign.calendar import PriceFactor
from planner.campaign.inputs import VehicleRow
from planner.excel.read import Cell
from planner.names import key, listing
from planner.workbook.campaign.spellings import alike
from planner.workbook.campaign.week_rows import FACTOR
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Trouble, is_blank, read_numbers, shown_as_percent

KINDS = ("vehicle", "group", "genre", "medium", "all")  # the narrowest first
_EVERYTHING = frozenset({"", "all", "everything", "all vehicles"})
ABSURD = 10.0  # 120 typed for 120 %


@dataclass(frozen=True, eq=False)
class FactorRow:
    """A row of the sheet: of whom (as written behind the colon, "" = all), cells per week, its address."""

    covers: str
    cells: tuple[Cell | None, ...]
    cell: str


@dataclass(frozen=True, eq=False)
class _Covering:
    """A row with whom it covers, and as what: a place in KINDS."""

    row: FactorRow
    rank: int
    vehicles: frozenset[str]


def price_factors(
    rows: Sequence[FactorRow], vehicles: Sequence[VehicleRow], findings: Findings
) -> tuple[PriceFactor, ...]:
    """The factors, each vehicle in the narrowest row that covers it and in no other."""
    covering = [found for row in rows if (found := _covering(row, vehicles, findings)) is not None]
    chosen = {vehicle.name: _narrowest(vehicle.name, covering, findings) for vehicle in vehicles}
    factors = []
    for found in covering:
        inside = tuple(name for name, narrowest in chosen.items() if narrowest is found)
        numbers = _factors(found.row, findings)
        if inside and numbers is not None:
            factors.append(PriceFactor(found.row.covers, inside, numbers, found.row.cell))
        elif numbers is not None:
            findings.notice(
                f"{found.row.cell}: every vehicle of this price factor has a narrower one; it is not used."
            )
    return tuple(factors)


def _narrowest(name: str, covering: Iterable[_Covering], findings: Findings) -> _Covering | None:
    """The row that counts for a vehicle; two that are equally narrow are a problem."""
    mine = [found for found in covering if name in found.vehicles]
    if not mine:
        return None
    rank = min(found.rank for found in mine)
    first, *others = [found for found in mine if found.rank == rank]
    if others:
        findings.problem(
            others[0].row.cell,
            f'"{name}" is covered by two price factors of {KINDS[rank]}s, this one and {first.row.cell}; give it a '
            f'row of its own, "{FACTOR}: {name}".',
        )
    return first


def _covering(row: FactorRow, vehicles: Sequence[VehicleRow], findings: Findings) -> _Covering | None:
    """Whom a row covers; the narrowest meaning where several mean the same vehicles."""
    meanings = _meanings(row.covers, vehicles)
    if not vehicles:
        return None
    if not meanings:
        known = [
            name
            for vehicle in vehicles
            for name in (vehicle.name, vehicle.vehicle, vehicle.medium, vehicle.genre, *vehicle.groups)
        ]
        hint = alike(row.covers.rpartition(":")[2], filter(None, known))
        findings.problem(
            row.cell,
            f'The price factor is of "{row.covers}", which is no vehicle, medium, genre or group'
            + (hint or "; use a name from the sheet Vehicles, or none for all."),
        )
        return None
    if len(set(meanings.values())) > 1:
        forms = listing([f'"{FACTOR}: {KINDS[rank]}: {row.covers}"' for rank in meanings])
        findings.problem(row.cell, f'"{row.covers}" means different vehicles; write one of {forms}.')
    rank = min(meanings)
    return _Covering(row, rank, meanings[rank])


def _meanings(covers: str, vehicles: Sequence[VehicleRow]) -> dict[int, frozenset[str]]:
    """The vehicles that a name stands for, by its rank in KINDS, with or without a kind in front."""
    kind, _, rest = covers.partition(":")
    if rest and key(kind) in KINDS[:-1]:
        rank = KINDS.index(key(kind))
        named = _members(rank, key(rest), vehicles)
        return {rank: named} if named else {}
    found = {rank: _members(rank, key(covers), vehicles) for rank in range(len(KINDS) - 1)}
    found = {rank: named for rank, named in found.items() if named}
    if not found and key(covers) in _EVERYTHING:
        return {len(KINDS) - 1: frozenset(vehicle.name for vehicle in vehicles)}
    return found


def _members(rank: int, name: str, vehicles: Sequence[VehicleRow]) -> frozenset[str]:
    return frozenset(
        vehicle.name for vehicle in vehicles if name and name in {key(own) for own in _names(rank, vehicle)}
    )


def _names(rank: int, vehicle: VehicleRow) -> tuple[str, ...]:
    """What a vehicle is called as each of KINDS."""
    return ((vehicle.name, vehicle.vehicle), vehicle.groups, (vehicle.genre,), (vehicle.medium,))[rank]


def _factors(row: FactorRow, findings: Findings) -> tuple[float, ...] | None:
    """The factor of each week, 1 where blank; None where one of them is wrong."""
    cells = [(cell, _is_percent(cell)) for cell in row.cells]
    shares = read_numbers([cell if percent else None for cell, percent in cells], True)
    plain = read_numbers([None if percent else cell for cell, percent in cells], False)
    found = zip(shares, plain, strict=True)
    values = [_sound(number if share is None else share) for share, number in found]
    report_troubles(f"{FACTOR}: {row.covers}".rstrip(": "), row.cells, values, findings)
    if any(isinstance(value, Trouble) for value in values):
        return None
    return tuple(map(_or_one, values))


def _or_one(value: float | Trouble | None) -> float:
    return value if isinstance(value, float) else 1.0


def _is_percent(cell: Cell | None) -> bool:
    if cell is None or is_blank(cell) or cell.error or cell.uncached:
        return False
    if isinstance(cell.value, str):
        return cell.value.rstrip().endswith("%")
    return shown_as_percent(cell.number_format)


def _sound(value: float | Trouble | None) -> float | Trouble | None:
    if isinstance(value, Trouble):
        expected = "; expected a factor above 0, such as 1.2 or 120 %"
        return Trouble(f"{value.text}{expected}") if value.text == "is not a number" else value
    if value is not None and value <= 0:
        return Trouble("is not above 0; expected a factor such as 1.2 or 120 %")
    if value is not None and value >= ABSURD:
        return Trouble(
            f"is that {value:g} % or {value:g} times the price? Write {value:g} % or {value / 100:g}"
        )
    return value
