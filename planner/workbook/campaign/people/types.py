"""Types: audience types from a survey, who is of each and which part of every vehicle's audience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.campaign.inputs import TraitRow, TypesTable, VehicleRow
from planner.excel.read import address
from planner.formats import count_of
from planner.names import heading_key, key, listing, tidy, unknown
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import exact, read_numbers
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.people_sheets import TRAIT_ROW, TYPES, TYPES_SHARE_ROW

ROUNDING = 0.0005  # off 100 % by less is not worth a word
_MEND = "; add it there or remove the row."
TOLERANCE = 0.01  # a row within rounding of 100 % is rescaled
Shares = tuple[float, ...]


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: a type's name and where it stands."""

    name: str
    number: int
    cell: str


@dataclass
class _Rows:
    """Rows read so far, by the key of their name."""

    share: Shares | None
    vehicles: dict[str, Shares]
    traits: dict[str, Shares]


def parse_types(
    table: Table, vehicles: Sequence[VehicleRow], traits: Sequence[TraitRow]
) -> TypesTable | None:
    """The sheet's types; None where it is not filled in."""
    findings = table.findings
    if all(map(table.is_blank, table.header.others)):
        return None
    columns = _columns(table, traits)
    if len(columns) < 2:
        findings.problem(
            TYPES.name, f"Types has two columns of types or more; {len(columns)} filled in here."
        )
        return None
    unsure = any(problem.cell.startswith(f"{TYPES.name}!") for problem in findings.problems)  # of a heading
    shares = _read_rows(columns, table, unsure)
    rows = _sorted_rows(columns, shares, table, vehicles, traits)
    if rows.share is None:
        if key(TYPES_SHARE_ROW) not in {key(record.text("name")) for record in table.records}:
            wrong = f'Types has no row "{TYPES_SHARE_ROW}"; write the percent of the universe in each type.'
            findings.problem(TYPES.name, wrong)
        return None
    _list_absent(rows, vehicles, traits, findings)
    return TypesTable(tuple(column.name for column in columns), rows.share, rows.vehicles, rows.traits)


def _columns(table: Table, traits: Sequence[TraitRow]) -> list[_Column]:
    """The columns with figures; their headings are names of types."""
    findings = table.findings
    found: dict[str, _Column] = {}
    taken = {key(trait.name) for trait in traits}
    for number, heading in table.header.others.items():
        if table.is_blank(number):
            continue
        name, cell = (
            tidy(heading.removesuffix("[%]").removesuffix("%")),
            address(table.sheet.name, table.header.row, number),
        )
        if any(char in name for char in "[]"):
            findings.problem(cell, f'The heading "{name}" has a unit; Types holds percents of each row only.')
        elif key(name) in taken:
            findings.problem(
                cell, f'"{name}" is the name of a trait; give the audience type a name of its own.'
            )
        elif key(name) in found:
            findings.problem(
                cell, f'"{name}" has two columns (also {found[key(name)].cell}); keep one of them.'
            )
        else:
            found[key(name)] = _Column(name, number, cell)
    return list(found.values())


def _read_rows(columns: Sequence[_Column], table: Table, unsure: bool) -> list[Shares | None]:
    """Per record its shares, rescaled to 1; None where the row is blank or wrong (said), or which columns there are
    is unsure."""
    cells = [record.cells.get(column.number) for column in columns for record in table.records]
    n, numbers = len(table.records), read_numbers(cells, percent=True)  # percents in one column are so in all
    read = [numbers[at : at + n] for at in range(0, len(numbers), n)]
    for at, column in enumerate(columns):
        report_troubles(column.name, cells[at * n : at * n + n], read[at], table.findings)
    if unsure:
        return [None] * n
    rescaled: list[str] = []
    rows = [
        _checked(record, [values[at] for values in read], columns, rescaled)
        for at, record in enumerate(table.records)
    ]
    if rescaled:
        table.findings.notice(
            f"Types: {count_of(len(rescaled), 'row')} did not add up to quite 100 % and were rescaled."
        )
    return rows


def _checked(
    record: Record, values: Sequence[object], columns: Sequence[_Column], rescaled: list[str]
) -> Shares | None:
    name = record.text("name")
    for column in columns:
        record.findings.cells["Types", name, column.name] = address(TYPES.name, record.row, column.number)
    if all(value is None for value in values):
        return None
    found = _first_wrong(columns, values)
    if found is not None:
        column, wrong = found
        record.findings.problem(address(TYPES.name, record.row, column.number), f'"{name}" {wrong}')
        return None
    shares = [value for value in values if isinstance(value, float)]
    return _adding_up(record, shares, rescaled) if len(shares) == len(values) else None


def _first_wrong(columns: Sequence[_Column], values: Sequence[object]) -> tuple[_Column, str] | None:
    """The first negative share of a row, else the first blank; None where there is neither."""
    pairs = list(zip(columns, values, strict=True))
    for column, value in pairs:
        if isinstance(value, float) and value < 0:
            return column, f"has a negative share of {column.name}; expected 0 or more."
    for column, value in pairs:
        if value is None:
            return column, f"is blank for {column.name} but not for the rest; 0 is a value."
    return None


def _adding_up(record: Record, shares: Sequence[float], rescaled: list[str]) -> Shares | None:
    """Shares that make 100 %, rescaled within a tolerance; None where that is a problem."""
    name, total = record.text("name"), sum(shares)
    if abs(total - 1) > TOLERANCE + 1e-9:
        wrong = f'"{name}" adds up to {total * 100:.4g} % over the types; expected 100 %.'
        record.problem("name", wrong)
        return None
    if abs(total - 1) <= 1e-9:
        return tuple(shares)
    rescaled += [name] if abs(total - 1) > ROUNDING else []
    return tuple(exact(share / total) for share in shares)


def _sorted_rows(
    columns: Sequence[_Column],
    shares: Sequence[Shares | None],
    table: Table,
    vehicles: Sequence[VehicleRow],
    traits: Sequence[TraitRow],
) -> _Rows:
    """Which row is of what; a name that is nothing here is a problem."""
    findings = table.findings
    rows = _Rows(None, {}, {})
    seen: dict[str, str] = {}
    trait_cells: dict[str, int] = {}
    for record, row in zip(table.records, shares, strict=True):
        name, where = record.text("name"), record.address("name")
        earlier = seen.setdefault(key(name), where)
        if earlier != where:
            findings.repeated(where, f'"{name}"', earlier)
        elif heading_key(name) == heading_key(TYPES_SHARE_ROW):
            rows.share = _share_row(row, columns, where, findings)
        elif (trait := trait_named(name, traits, where, findings)) is not None:
            rows.traits |= {trait: row} if row is not None and trait else {}
            trait_cells[trait] = record.row
        elif (vehicle := _vehicle_named(name, vehicles, where, findings)) and row is not None:
            rows.vehicles[vehicle] = row
    _check_room(rows, columns, traits, trait_cells, findings)
    return rows


def _check_room(
    rows: _Rows,
    columns: Sequence[_Column],
    traits: Sequence[TraitRow],
    places: Mapping[str, int],
    findings: Findings,
) -> None:
    """No more people with a trait are of a type than there are of it. places: the sheet's row of each trait."""
    for trait in traits:
        for column, part, whole in zip(
            columns, rows.traits.get(trait.name, ()), rows.share or (), strict=False
        ):
            if trait.share * part > whole * (1 + TOLERANCE):
                findings.problem(
                    address(TYPES.name, places[trait.name], column.number),
                    f'"{trait.name}" would be {100 * trait.share * part:.4g} % of the universe in {column.name}, which '
                    f"is {100 * whole:.4g} % of it; lower this share, or the trait's Share of universe %.",
                )


def _vehicle_named(name: str, vehicles: Sequence[VehicleRow], where: str, findings: Findings) -> str:
    """The vehicle of this name; "" where there is none, which is said unless there are none at all."""
    known = {key(vehicle.name): vehicle.name for vehicle in vehicles}
    if vehicles and key(name) not in known:
        wrong = unknown(name, "a vehicle of the sheet Vehicles", known.values(), _MEND)
        findings.problem(where, wrong)
    return known.get(key(name), "")


def _share_row(
    row: Shares | None, columns: Sequence[_Column], where: str, findings: Findings
) -> Shares | None:
    empty = [column.name for column, share in zip(columns, row or (), strict=False) if share <= 0]
    if empty:
        findings.problem(where, f"{listing(empty)}: nobody in the universe; leave such a column out.")
    return None if empty else row


def trait_named(name: str, traits: Sequence[TraitRow], where: str, findings: Findings) -> str | None:
    """The trait that "trait: NAME" names; "" where there is no such trait (said); None where it is not such a row."""
    head, colon, tail = name.partition(":")
    if not colon or key(head) != key(TRAIT_ROW.rstrip(":")):
        return None
    known = {key(trait.name): trait.name for trait in traits}
    if key(tail) not in known:
        findings.problem(where, unknown(tidy(tail), "a trait of the sheet Traits", known.values(), _MEND))
        return ""
    return known[key(tail)]


def _list_absent(
    rows: _Rows, vehicles: Sequence[VehicleRow], traits: Sequence[TraitRow], findings: Findings
) -> None:
    absent = [vehicle.name for vehicle in vehicles if vehicle.name not in rows.vehicles]
    if absent:
        findings.default(
            "Types", "", "vehicles",
            f"{len(absent)} of {len(vehicles)} vehicles without a row on Types, spread over types as everyone: "
            f"{listing(absent, 3)}",
        )  # fmt: skip
    for trait in traits:
        if trait.name not in rows.traits:
            told = f"{trait.name}: no row on Types; it is spread over the types as everyone"
            findings.default("Types", trait.name, "traits", told)


def type_rows(types: TypesTable) -> list[tuple[str, Shares]]:
    """The sheet's rows, to be written."""
    rows: Mapping[str, Shares] = types.vehicles
    return [
        (TYPES_SHARE_ROW, types.share),
        *((f"{TRAIT_ROW} {name}", shares) for name, shares in types.traits.items()),
        *rows.items(),
    ]
