"""Rules: limits over vehicles, media, genres and groups."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from planner.campaign.bought import bought_000
from planner.campaign.inputs import Brief, VehicleRow
from planner.campaign.rule_rows import DiscountRow, RuleRow
from planner.excel.read import Cell
from planner.formats import per_one
from planner.names import key, listing
from planner.workbook.campaign.rules.groups import (
    KINDS,
    Sets,
    entries,
    in_order,
    lookup,
    per_group,
    vehicle_sets,
)
from planner.workbook.campaign.rules.units import WHOLE_PLAN, Unit, read_unit
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import SHARE_OR_NUMBER, Number, Reader, Trouble, read_numbers
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.rule_units import RULE_UNITS

# A bare 0.2 may be 20 % or 0.2 %; a bare 2, where more than the whole is possible, 2 % or 200 %. Above this
# it can only be a percent.
_MOST_RATIO = 10.0

Names = tuple[str, ...]


def parse_rules(table: Table, vehicles: Sequence[VehicleRow], currency: str) -> tuple[RuleRow, ...]:
    """The rules, each resolved to its vehicles."""
    sets = vehicle_sets(vehicles)
    units = [read_unit(record, sets, currency) for record in table.records]
    kinds = [_kind_of(unit) for unit in units]
    least, most = (
        table.limits(side, kinds, _readers(currency), lambda limit, at: _bounded(limit, units[at]))
        for side in ("at_least", "at_most")
    )
    rules = []
    for at, record in enumerate(table.records):
        chosen = _chosen(record, units[at], vehicles, sets)
        rules.append(_rule(record, units[at], chosen, (least[at], most[at])))
    return tuple(rule for rule in rules if rule is not None)


def read_limits(cells: Sequence[Cell | None], rule: RuleRow, currency: str) -> list[Number]:
    """Limits in a rule's unit as Rules reads them, wherever they are written."""
    own = Unit(rule.unit, base=rule.base)
    return [_bounded(limit, own) for limit in _readers(currency)[_kind_of(own)](cells)]


def _readers(currency: str) -> dict[str, Reader]:
    """How the limits of each kind are read."""
    return {
        **SHARE_OR_NUMBER,
        "ratio": partial(read_numbers, percent=True, most_share=_MOST_RATIO),
        "money": partial(read_numbers, percent=False, currency=currency),
    }


def check_budget_shares(brief: Brief, rules: Sequence[RuleRow], findings: Findings) -> None:
    """A percent of a budget needs one."""
    for rule in rules:
        if rule.unit == "budget" and not math.isfinite(brief.budget):
            wrong = "The rule is in % of budget, and there is no Budget; write one on Brief, or the amount in money."
            findings.problem(findings.cells.get(("Rules", rule.cell, "unit"), rule.cell), wrong)


@dataclass(frozen=True)
class _Chosen:
    """What a rule applies to: its vehicles, those of its unit's ratio, the entries of its list; per: what vehicles have
    in common, where each value of that is an entry."""

    vehicles: Names
    base: Names
    items: tuple[tuple[str, Names], ...]
    per: str = ""


def _entries(record: Record, sets: Sets) -> list[tuple[str, frozenset[str]]]:
    """The entries of the list that a rule applies to; none where the column is missed already."""
    if record.lacks("applies_to"):
        return []
    return entries(record.text("applies_to"), record.address("applies_to"), sets, record.findings)


def _chosen(record: Record, unit: Unit | None, vehicles: Sequence[VehicleRow], sets: Sets) -> _Chosen:
    text = record.text("applies_to")
    base = in_order(unit.members, vehicles) if unit else ()
    per = None if lookup(text, sets) else per_group(text, vehicles)
    if per is not None:
        _check_per(record, unit, per)
        kind, values = per
        inside = (name for names in values.values() for name in names)
        return _Chosen(tuple(dict.fromkeys(inside)), base, tuple(values.items()), kind)
    listed = _entries(record, sets)
    items = tuple((name, in_order(members, vehicles)) for name, members in listed)
    everything = in_order(frozenset().union(*(members for _, members in listed)), vehicles)
    return _Chosen(everything, base, items if unit is not None and unit.unit == "items" else ())


def _check_per(record: Record, unit: Unit | None, per: tuple[str, Mapping[str, Names]]) -> None:
    """A rule per group needs values of it, and counts vehicles."""
    text, (kind, values) = record.text("applies_to"), per
    if not values:
        where = "." if kind in KINDS else f", under Groups, such as {kind}: NAME."
        record.problem(
            "applies_to", f'"{text}" finds no {kind} of any vehicle; write it on the sheet Vehicles{where}'
        )
    elif unit is not None and unit.unit != "vehicles":
        record.problem("unit", f'"{text}" counts vehicles of each {kind}; write vehicles as Unit.')


def _rule(
    record: Record, unit: Unit | None, chosen: _Chosen, limits: tuple[Number, Number]
) -> RuleRow | None:
    where, applies_to = record.address("applies_to"), record.text("applies_to")
    record.stands_for(where, "applies_to", "at_least", "at_most", "unit")
    least, most = limits
    if unit is None or isinstance(least, Trouble) or isinstance(most, Trouble):
        return None
    if unit.exclusive and most is None:
        most = 1.0
    rule = RuleRow(
        record.text("name") or applies_to,
        applies_to,
        chosen.vehicles,
        least,
        most,
        unit.unit,
        record.text("note"),
        where,
        chosen.items,
        unit.of,
        unit.base,
        chosen.base,
        chosen.per,
    )
    wrong = _wrong_limits(rule, unit, record) or _wrong_number(rule, record)
    if wrong:
        record.findings.problem(*wrong)
    else:
        _notice_overlaps(rule, record.findings)
    return rule


def _kind_of(unit: Unit | None) -> str:
    """How a limit in this unit is written: a share, a ratio, money or a number; "" without a unit. A ratio to the whole
    plan is a share: nothing is more than all of it."""
    if unit is None:
        return ""
    if unit.base == WHOLE_PLAN:
        return "share"
    kind = RULE_UNITS[unit.unit].limits
    return kind if kind in ("share", "ratio") else "money" if unit.unit == "money" else "number"


def _bounded(limit: Number, unit: Unit | None) -> Number:
    if isinstance(limit, Trouble) and limit.text == "is not a number":
        return Trouble("is not a number; expected one, and words such as exclusive under Unit")
    if not isinstance(limit, float) or unit is None:
        return limit
    words = RULE_UNITS[unit.unit]
    if words.limits == "share" and not 0 <= limit <= 1:
        return Trouble(f"is out of bounds; a {words.written.replace('%', 'percent')} is from 0 to 100")
    if words.limits == "count" and limit != int(limit):
        return Trouble(f"is not a whole number; the rule counts {words.counted}")
    return Trouble("is negative; expected 0 or more") if limit < 0 else limit


# --- limits that contradict each other, or the list -------------------------------------------------


def _wrong_limits(rule: RuleRow, unit: Unit, record: Record) -> tuple[str, str] | None:
    """The first thing that is wrong with a rule's limits: the cell and what is wrong there."""
    least, most = (limit if limit is not None else -math.inf for limit in (rule.at_least, rule.at_most))
    sides = ("at_least", "at_most")
    none = (rule.at_least, rule.at_most) == (None, None) and not any(map(record.lacks, sides))
    scale = 100 if RULE_UNITS[rule.unit].limits in ("share", "ratio") else 1
    wrongs = (
        (none and unit.either, "at_most",
         "Is that at most 1 of the list, or exactly 1? Write 1 under At most, and also under At least if one of them "
         "must be bought."),
        (none, "at_least", "The rule has neither At least nor At most; write one of them."),
        (unit.exclusive and rule.at_most not in (None, 1.0), "at_most",
         f'Unit "{record.text("unit")}" means at most 1 of the list, but At most is {most:g}; write items as Unit, or '
         "1."),
        (rule.at_most is not None and least > most, "at_least",
         f"At least {least * scale:,.10g} is more than At most {most * scale:,.10g} ({record.address('at_most')}); "
         "change one of them."),
    )  # fmt: skip
    return next(((record.address(side), text) for is_so, side, text in wrongs if is_so), None)


def _wrong_number(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """A limit that no plan can keep, whatever it buys."""
    if not rule.vehicles:
        return None  # what it applies to was not understood: said already
    if RULE_UNITS[rule.unit].limits == "count":
        return _wrong_per(rule, record) if rule.per else _wrong_count(rule, record)
    return _wrong_ratio(rule, record) if rule.unit == "ratio" else None


def _wrong_per(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """More vehicles of each value than one of them has."""
    value, there = min(((value, len(names)) for value, names in rule.items), key=lambda pair: pair[1])
    if rule.at_least is None or rule.at_least <= there:
        return None
    return record.address("at_least"), (
        f"At least {rule.at_least:g} vehicles of each {rule.per} can never be: of {value} there "
        f"{_are(there, 'vehicles')} ({rule.cell})."
    )


def _wrong_count(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """A count of vehicles or entries that no plan can have."""
    there = len(rule.items) if rule.unit == "items" else len(rule.vehicles)
    what = RULE_UNITS[rule.unit].counted
    names = [key(name) for name, _ in rule.items]
    for name, _ in rule.items:
        if names.count(key(name)) > 1:
            return rule.cell, f'"{name}" is listed twice; remove one of them.'
    if rule.unit == "items" and there == 1:
        return rule.cell, (
            f'"{rule.applies_to}" is a list of one entry. List several, separated by ; or write vehicles as Unit '
            "to count its vehicles."
        )
    if rule.at_least is not None and rule.at_least > there:
        return record.address("at_least"), (
            f"At least {rule.at_least:g} {what} can never be: there {_are(there, what)} ({rule.cell})."
        )
    return None


def _are(count: int, what: str) -> str:
    return f"is only {count}" if count == 1 else f"are {count} {what}"


def _wrong_ratio(rule: RuleRow, record: Record) -> tuple[str, str] | None:
    """Limits of a ratio between a whole and its part that no plan can keep."""
    inside, base = set(rule.vehicles), set(rule.base_vehicles)
    least, most = rule.at_least, rule.at_most
    if inside == base:
        return record.address("unit"), (
            f'"{rule.applies_to}" is compared with itself; write other vehicles under Applies to or in Unit.'
        )
    if inside <= base and least is not None and least > 1:
        relation = f'"{rule.applies_to}" is a part of {rule.base}, so it never has more than 100 % of it'
        return record.address("at_least"), f"{relation}; lower At least."
    if inside >= base and most is not None and most < 1:
        relation = f'{rule.base} is a part of "{rule.applies_to}", which never has less than 100 % of it'
        return record.address("at_most"), f"{relation}; raise At most."
    return None


def _notice_overlaps(rule: RuleRow, findings: Findings) -> None:
    counted = Counter(vehicle for _, members in rule.items for vehicle in members)
    several = [vehicle for vehicle, times in counted.items() if times > 1]
    if several and rule.unit == "items":
        findings.notice(
            f"{rule.cell}: {listing(several)} {'is' if len(several) == 1 else 'are'} in several entries of the "
            "list; buying it counts for each of them."
        )


# --- lines counted in insertions are sold alike -------------------------------------------------------


def check_counted_alike(
    vehicles: Sequence[VehicleRow],
    rules: Sequence[RuleRow],
    discounts: Sequence[DiscountRow],
    findings: Findings,
) -> None:
    """What limits or counts insertions looks at one kind of them only."""
    for rule in rules:
        counts = rule.unit == "insertions" or (rule.unit == "ratio" and rule.of == "insertions")
        if counts and (rule.at_least or rule.at_most):  # none is none of every kind
            inside = {*rule.vehicles, *rule.base_vehicles}
            name = f'"{rule.applies_to}"' + (f' beside "{rule.base}"' if rule.base else "")
            _check(name, inside, vehicles, ("Rules", rule.cell, "unit"), findings)
    for step in discounts:
        if step.by == "insertions":
            name = f'The discount on "{step.applies_to}"'
            _check(name, set(step.vehicles), vehicles, ("Discounts", step.cell, "by"), findings)


def _check(
    name: str,
    inside: Collection[str],
    vehicles: Sequence[VehicleRow],
    place: tuple[str, str, str],
    findings: Findings,
) -> None:
    kinds: dict[float, str] = {}  # contacts (thousands) of one -> the first vehicle
    for vehicle in vehicles:
        if vehicle.name in inside:
            kinds.setdefault(bought_000(vehicle), vehicle.name)
    if len(kinds) < 2:
        return
    told = [f'"{first}" {per_one(each) if each else "by the insertion"}' for each, first in kinds.items()]
    findings.problem(
        findings.cells.get(place, place[1]),
        f"{name} counts insertions of lines that are sold differently: {' and '.join(told[:2])}; name those of one "
        "kind, or count money or GRP.",
    )
