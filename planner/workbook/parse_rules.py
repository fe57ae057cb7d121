"""Rules: limits over vehicles, media, genres and groups."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from planner.inputs import RuleRow, VehicleRow
from planner.workbook.columns import report_troubles
from planner.workbook.findings import Findings, listing, nearest
from planner.workbook.names import key, tidy
from planner.workbook.numbers import Trouble, read_numbers, shown_as_percent
from planner.workbook.table import Record, Table

RuleUnit = Literal["money", "share", "insertions"]
KINDS = ("vehicle", "medium", "genre", "group")
EVERYTHING = frozenset({"all", "everything", "all vehicles"})
_UNITS: Mapping[str, RuleUnit] = {
    "money": "money",
    "net": "money",
    "spend": "money",
    "cost": "money",
    "% of spend": "share",
    "%": "share",
    "percent of spend": "share",
    "share": "share",
    "percent": "share",
    "share of spend": "share",
    "% of budget": "share",
    "insertions": "insertions",
    "insertion": "insertions",
    "spots": "insertions",
}
_LATER_UNITS = frozenset({"grp", "grps"})

Limit = float | Trouble | None
Sets = dict[str, dict[str, frozenset[str]]]  # kind -> name's key -> vehicles


def parse_rules(
    table: Table | None, vehicles: Sequence[VehicleRow], currency: str, findings: Findings
) -> tuple[RuleRow, ...]:
    """The rules, each resolved to its vehicles."""
    if table is None:
        return ()
    sets = _sets(vehicles)
    units = [_unit(record, currency, findings) for record in table.records]
    least = _limits("at_least", table.records, units, currency, findings)
    most = _limits("at_most", table.records, units, currency, findings)
    rules = []
    for at, record in enumerate(table.records):
        chosen = _resolve(record.text("applies_to"), record.address("applies_to"), sets, findings)
        inside = tuple(vehicle.name for vehicle in vehicles if vehicle.name in chosen)
        rules.append(_rule(record, units[at], inside, (least[at], most[at]), findings))
    return tuple(rule for rule in rules if rule is not None)


def _rule(
    record: Record,
    unit: RuleUnit | None,
    vehicles: tuple[str, ...],
    limits: tuple[Limit, Limit],
    findings: Findings,
) -> RuleRow | None:
    where = record.address("applies_to")
    for attribute in ("applies_to", "at_least", "at_most", "unit"):
        findings.cells["Rules", where, attribute] = record.address(attribute)
    if unit is None or any(isinstance(limit, Trouble) for limit in limits):
        return None
    least, most = (limit if isinstance(limit, float) else None for limit in limits)
    if least is None and most is None:
        findings.problem(
            record.address("at_least"), "The rule has neither At least nor At most; write one of them."
        )
    if least is not None and most is not None and least > most:
        scale = 100 if unit == "share" else 1
        findings.problem(
            record.address("at_least"),
            f"At least {least * scale:,.10g} is more than At most "
            f"{most * scale:,.10g} ({record.address('at_most')}); change one of them.",
        )
    applies_to = record.text("applies_to")
    name = record.text("name") or applies_to
    return RuleRow(name, applies_to, vehicles, least, most, unit, record.text("note"), where)


def _limits(
    attribute: str,
    records: Sequence[Record],
    units: Sequence[RuleUnit | None],
    currency: str,
    findings: Findings,
) -> list[Limit]:
    """A column of limits: percents where the row's unit is percent of spend, plain numbers elsewhere."""
    cells = [record.raw(attribute) for record in records]
    shares = read_numbers(
        [cell if unit == "share" else None for cell, unit in zip(cells, units, strict=True)], True
    )
    plain = read_numbers(
        [cell if unit in ("money", "insertions") else None for cell, unit in zip(cells, units, strict=True)],
        False,
        currency,
    )
    limits = [
        _bounded(share if unit == "share" else number, unit)
        for share, number, unit in zip(shares, plain, units, strict=True)
    ]
    heading = {"at_least": "At least", "at_most": "At most"}[attribute]
    report_troubles(heading, cells, limits, findings)
    return limits


def _bounded(limit: Limit, unit: RuleUnit | None) -> Limit:
    if not isinstance(limit, float):
        return limit
    if unit == "share" and not 0 <= limit <= 1:
        return Trouble("is out of bounds; a percent of spend is from 0 to 100")
    return Trouble("is negative; expected 0 or more") if limit < 0 else limit


def _unit(record: Record, currency: str, findings: Findings) -> RuleUnit | None:
    if "unit" in record.bad:
        return None
    text = key(record.text("unit"))
    units = dict(_UNITS) | ({key(currency): "money"} if currency else {})
    if text in units:
        return units[text]
    as_percent = [record.raw(attribute) for attribute in ("at_least", "at_most")]
    if not text and any(cell and shown_as_percent(cell.number_format) for cell in as_percent):
        return "share"
    expected = "money, % of spend or insertions"
    if not text:
        problem = f"The rule has no unit; write {expected}."
    elif text in _LATER_UNITS:
        problem = f'Unit "{record.text("unit")}" is not understood by this version; use {expected}.'
    else:
        hint = nearest(text, units) or "."
        problem = f'Unit is "{record.text("unit")}"; expected {expected}{hint}'
    findings.problem(record.address("unit"), problem)
    return None


def _sets(vehicles: Sequence[VehicleRow]) -> Sets:
    """Every name that a rule can apply to, by kind."""
    gathered: dict[str, dict[str, set[str]]] = {kind: {} for kind in KINDS}
    for vehicle in vehicles:
        names = {
            "vehicle": (vehicle.name,),
            "medium": (vehicle.medium,),
            "genre": (vehicle.genre,),
            "group": vehicle.groups,
        }
        for kind, own in names.items():
            for name in filter(None, own):
                gathered[kind].setdefault(key(name), set()).add(vehicle.name)
    return {
        kind: {name: frozenset(members) for name, members in named.items()}
        for kind, named in gathered.items()
    }


def _resolve(applies_to: str, where: str, sets: Sets, findings: Findings) -> frozenset[str]:
    """The vehicles that a rule applies to."""
    if not sets["vehicle"]:
        return frozenset()  # no vehicles: said already
    whole = _lookup(applies_to, sets)
    if len(set(whole.values())) == 1:  # also a vehicle whose name has a ; in it
        return next(iter(whole.values()))
    parts = [tidy(part) for part in applies_to.split(";") if tidy(part)]
    chosen: set[str] = set()
    for part in parts:
        chosen |= _resolve_one(part, where, sets, findings)
    if not parts:
        findings.problem(
            where, "The rule applies to nothing; name a vehicle, medium, genre or group, or write all."
        )
    return frozenset(chosen)


def _lookup(name: str, sets: Sets) -> dict[str, frozenset[str]]:
    """The sets that a name stands for, by kind, with or without a kind in front."""
    kind, _, rest = name.partition(":")
    if key(kind) in KINDS and key(rest) in sets[key(kind)]:
        return {key(kind): sets[key(kind)][key(rest)]}
    if key(name) in EVERYTHING and not any(key(name) in named for named in sets.values()):
        return {"all": frozenset().union(*sets["vehicle"].values())}
    return {kind: named[key(name)] for kind, named in sets.items() if key(name) in named}


def _resolve_one(name: str, where: str, sets: Sets, findings: Findings) -> frozenset[str]:
    meanings = _lookup(name, sets)
    if not meanings:
        parts = [tidy(part) for part in name.split(",") if tidy(part)]
        if len(parts) > 1 and all(_lookup(part, sets) for part in parts):
            findings.problem(
                where, f'"{name}" is no name; separate several names with a semicolon: {"; ".join(parts)}.'
            )
            return frozenset()
        known = [member for named in sets.values() for member in named]
        spelling = {key(vehicle): vehicle for members in sets["vehicle"].values() for vehicle in members}
        hint = nearest(re.sub(r"^\w+:", "", name), [spelling.get(member, member) for member in known])
        findings.problem(
            where,
            f'"{name}" is no vehicle, medium, genre or group'
            + (hint or "; use a name from the sheet Vehicles, or all."),
        )
        return frozenset()
    if len(set(meanings.values())) > 1:
        kinds = listing([f"{kind}: {name}" for kind in meanings])
        findings.problem(
            where, f'"{name}" means different vehicles as {listing(list(meanings))}; write one of {kinds}.'
        )
    return next(iter(meanings.values()))
