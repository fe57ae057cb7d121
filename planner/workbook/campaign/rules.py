"""Rules: limits over vehicles, media, genres and groups."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import get_args

from planner.campaign.inputs import RuleRow, RuleUnit, VehicleRow
from planner.names import key
from planner.workbook.campaign.groups import entries, in_order, vehicle_sets
from planner.workbook.campaign.rule_units import Unit, read_unit
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings, listing
from planner.workbook.cells.numbers import Trouble, read_numbers
from planner.workbook.cells.read import Cell
from planner.workbook.cells.table import Record, Table

COUNTED: Mapping[RuleUnit, str] = {"vehicles": "vehicles", "items": "entries of the list"}
# A bare 0.2 may be 20 % or 0.2 %; a bare 2, where more than the whole is possible, 2 % or 200 %. Above this
# it can only be a percent.
_MOST_RATIO = 10.0

Limit = float | Trouble | None


def parse_rules(
    table: Table | None, vehicles: Sequence[VehicleRow], currency: str, findings: Findings
) -> tuple[RuleRow, ...]:
    """The rules, each resolved to its vehicles."""
    if table is None:
        return ()
    sets = vehicle_sets(vehicles)
    units = [read_unit(record, sets, currency, findings) for record in table.records]
    least = _limits("at_least", table.records, units, currency, findings)
    most = _limits("at_most", table.records, units, currency, findings)
    rules = []
    for at, record in enumerate(table.records):
        listed = entries(record.text("applies_to"), record.address("applies_to"), sets, findings)
        items = tuple((name, in_order(members, vehicles)) for name, members in listed)
        unit = units[at]
        base = in_order(unit.members, vehicles) if unit else ()
        inside = in_order(frozenset().union(*(members for _, members in listed)), vehicles)
        rules.append(_rule(record, unit, (inside, base, items), (least[at], most[at]), findings))
    return tuple(rule for rule in rules if rule is not None)


def _rule(
    record: Record,
    unit: Unit | None,
    sets: tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]],
    limits: tuple[Limit, Limit],
    findings: Findings,
) -> RuleRow | None:
    """A rule. sets: its vehicles, those of its unit's ratio, and the entries of its list."""
    where, (vehicles, base, items) = record.address("applies_to"), sets
    for attribute in ("applies_to", "at_least", "at_most", "unit"):
        findings.cells["Rules", where, attribute] = record.address(attribute)
    if unit is None or any(isinstance(limit, Trouble) for limit in limits):
        return None
    least, most = (limit if isinstance(limit, float) else None for limit in limits)
    if unit.exclusive and most is None:
        most = 1.0
    applies_to = record.text("applies_to")
    rule = RuleRow(
        record.text("name") or applies_to,
        applies_to,
        vehicles,
        least,
        most,
        unit.unit,
        record.text("note"),
        where,
        items if unit.unit == "items" else (),
        unit.of,
        unit.base,
        base,
    )
    problem = _wrong_limits(rule, unit, record)
    if problem:
        findings.problem(*problem)
    elif unit.unit == "items":
        _notice_overlaps(rule, findings)
    return rule


def _limits(
    attribute: str,
    records: Sequence[Record],
    units: Sequence[Unit | None],
    currency: str,
    findings: Findings,
) -> list[Limit]:
    """A column of limits: percents where the row's unit is a percent, plain numbers elsewhere."""
    cells = [record.raw(attribute) for record in records]
    kinds = [unit.unit if unit else None for unit in units]

    def those(*wanted: RuleUnit) -> list[Cell | None]:
        return [cell if kind in wanted else None for cell, kind in zip(cells, kinds, strict=True)]

    plain = tuple(kind for kind in get_args(RuleUnit) if kind not in ("share", "ratio", "money"))
    shares = read_numbers(those("share"), True)
    ratios = read_numbers(those("ratio"), True, most_share=_MOST_RATIO)
    amounts = read_numbers(those("money"), False, currency)
    numbers = read_numbers(those(*plain), False)
    limits = [
        _bounded({"share": share, "ratio": ratio, "money": amount}.get(kind or "", number), kind)
        for share, ratio, amount, number, kind in zip(shares, ratios, amounts, numbers, kinds, strict=True)
    ]
    heading = {"at_least": "At least", "at_most": "At most"}[attribute]
    report_troubles(heading, cells, limits, findings)
    return limits


def _bounded(limit: Limit, unit: RuleUnit | None) -> Limit:
    if not isinstance(limit, float):
        return limit
    if unit == "share" and not 0 <= limit <= 1:
        return Trouble("is out of bounds; a percent of spend is from 0 to 100")
    if unit is not None and unit in COUNTED and limit != int(limit):
        return Trouble(f"is not a whole number; the rule counts {COUNTED[unit]}")
    return Trouble("is negative; expected 0 or more") if limit < 0 else limit


# --- limits that contradict each other, or the list -------------------------------------------------


def _wrong_limits(rule: RuleRow, unit: Unit, record: Record) -> tuple[str, str] | None:
    """The first thing that is wrong with a rule's limits: the cell and what is wrong there."""
    least, most = rule.at_least, rule.at_most
    if least is None and most is None:
        if unit.either:
            return record.address("at_most"), (
                "Is that at most 1 of the list, or exactly 1? Write 1 under At most, and also under At least if "
                "one of them must be bought."
            )
        return record.address("at_least"), "The rule has neither At least nor At most; write one of them."
    if unit.exclusive and most not in (None, 1.0):
        return record.address("at_most"), (
            f'Unit "{record.text("unit")}" means at most 1 of the list, but At most is {most:g}; write items as '
            "Unit, or 1."
        )
    if least is not None and most is not None and least > most:
        scale = 100 if rule.unit in ("share", "ratio") else 1
        return record.address("at_least"), (
            f"At least {least * scale:,.10g} is more than At most "
            f"{most * scale:,.10g} ({record.address('at_most')}); change one of them."
        )
    if not rule.vehicles:
        return None  # what it applies to was not understood: said already
    if rule.unit in COUNTED:
        return _wrong_count(rule, record)
    return _wrong_ratio(rule, record) if rule.unit == "ratio" else None


def _wrong_count(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """A count of vehicles or entries that no plan can have, or that every plan has."""
    there = len(rule.items) if rule.unit == "items" else len(rule.vehicles)
    what = COUNTED[rule.unit]
    twice = _listed_twice(rule)
    if twice:
        return rule.cell, f'"{twice}" is listed twice; remove one of them.'
    if rule.unit == "items" and there == 1:
        return rule.cell, (
            f'"{rule.applies_to}" is a list of one entry. List several, separated by ; or write vehicles as Unit '
            "to count its vehicles."
        )
    if rule.at_least is not None and rule.at_least > there:
        return record.address("at_least"), (
            f"At least {rule.at_least:g} {what} can never be: there {_are(there, what)} ({rule.cell})."
        )
    if rule.at_most is not None and rule.at_most >= there:
        return record.address("at_most"), (
            f"At most {rule.at_most:g} {what} forbids nothing: there {_are(there, what)} ({rule.cell})."
        )
    if rule.at_most is None and rule.at_least == 0:
        return record.address("at_least"), f"At least 0 {what} asks for nothing; write 1 or more."
    return None


def _are(count: int, what: str) -> str:
    return f"is only {count}" if count == 1 else f"are {count} {what}"


def _listed_twice(rule: RuleRow) -> str:
    names = [key(name) for name, _ in rule.items]
    return next((name for name, _ in rule.items if names.count(key(name)) > 1), "")


def _wrong_ratio(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """Limits of a ratio between a whole and its part, where they ask for what cannot be or always is."""
    inside, base = set(rule.vehicles), set(rule.base_vehicles)
    least, most = rule.at_least, rule.at_most
    if inside == base:
        return record.address("unit"), (
            f'"{rule.applies_to}" is compared with itself; write other vehicles under Applies to or in Unit.'
        )
    if inside <= base:
        relation = f'"{rule.applies_to}" is a part of {rule.base}, so it never has more than 100 % of it'
        if least is not None and least > 1:
            return record.address("at_least"), f"{relation}; lower At least."
        if most is not None and most >= 1:
            return record.address("at_most"), f"{relation}; At most {most * 100:g} % forbids nothing."
    elif inside >= base:
        relation = f'{rule.base} is a part of "{rule.applies_to}", which never has less than 100 % of it'
        if most is not None and most < 1:
            return record.address("at_most"), f"{relation}; raise At most."
        if least is not None and least <= 1:
            return record.address("at_least"), f"{relation}; At least {least * 100:g} % asks for nothing."
    return None


def _notice_overlaps(rule: RuleRow, findings: Findings) -> None:
    counted = Counter(vehicle for _, members in rule.items for vehicle in members)
    several = [vehicle for vehicle, times in counted.items() if times > 1]
    if several:
        findings.notice(
            f"{rule.cell}: {listing(several)} {'is' if len(several) == 1 else 'are'} in several entries of the "
            "list; buying it counts for each of them."
        )
