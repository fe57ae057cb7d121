"""What a column of Scenarios changes: a key of the Brief, or a rule, weight, parameter, price, discount or goal.

Each column reads its cells as the sheet would that it stands for, so that limits, units and messages are the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Any, Literal

from planner.campaign.inputs import Campaign
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.campaign.scenario import Change
from planner.excel.read import Cell
from planner.formats import currency_mark, money
from planner.names import heading_key, key, listing, nearest, tidy, unknown
from planner.workbook.campaign.brief.brief import WHOLE_NUMBERS, said
from planner.workbook.campaign.people.influence import parameter_named, parameter_words, read_parameter
from planner.workbook.campaign.rules.goals import check_target, measure_text, parse_goals
from planner.workbook.campaign.rules.groups import in_order, resolve, vehicle_sets
from planner.workbook.campaign.rules.rules import read_limits
from planner.workbook.campaign.rules.units import unit_text
from planner.workbook.cells.columns import read_values, report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header
from planner.workbook.cells.known_headings import known_headings
from planner.workbook.cells.numbers import Trouble, found, shown_as_percent
from planner.workbook.cells.table import Record, no_table
from planner.workbook.schema.people_sheets import TRAITS
from planner.workbook.schema.rule_units import RULE_UNITS
from planner.workbook.schema.sheets import BRIEF, GOALS, SCENARIO_COLUMNS, VEHICLES

Cells = Sequence[Cell | None]
Changes = list[Change | None]  # as many as cells; None where blank or wrong (said)
_OFF = frozenset({"off", "none", "no", "without"})
_NO_PRICE = Trouble("is no price; write an amount, or a change in percent such as +10 %")
_RELATIVE = re.compile(r"\s*[+\-\u2212]?\s*\d+(?:[.,]\d+)?\s*%\s*")
_DIGITS = str.maketrans({"%": "", " ": "", "\u2212": "-", ",": "."})
_MOST_CHANGE = 10.0  # times its price
_NO_CHANGE = Trouble("is out of bounds; expected a change above -100 %, such as -10 %")
_NO_BUDGET = Trouble("changes the Budget of Brief, and there is none; write an amount such as 1.5m")
_NO_SIGN = Trouble("may be a share of the Budget or an increase; write -10 %, +10 % or an amount")
Side = Literal["at_least", "at_most"]
_SIDES: Mapping[str, Side] = {"at least": "at_least", "at most": "at_most"}
_SIDE = re.compile(r"(?P<name>.+?)\s*,?\s*(?P<side>at least|at most)", re.IGNORECASE)


@dataclass(frozen=True)
class Reader:
    """Reads a column's cells to changes. name: of the column, as messages call it."""

    name: str
    read: Callable[[Cells, Findings], Changes]


def reader_of(heading: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    """What a heading changes; None where that is a problem at `where`."""
    kind, colon, rest = tidy(heading).partition(":")
    if colon and key(kind) in _KINDS:
        return _KINDS[key(kind)](tidy(rest), where, campaign, findings)
    known = known_headings(BRIEF, campaign.brief.currency)
    if heading_key(heading) in known:
        return _brief(known[heading_key(heading)], campaign)
    hint = nearest(heading, [column.heading for column in BRIEF.columns])
    findings.problem(
        where,
        f'"{tidy(heading)}" is nothing that a scenario can change{hint or "; expected a key of Brief, or "}'
        + ("" if hint else f"{listing(SCENARIO_COLUMNS, 9)}."),
    )
    return None


def _each(cells: Cells, values: Sequence[object], change: Callable[[Any], Change | None]) -> Changes:
    found: Changes = []
    for cell, value in zip(cells, values, strict=True):
        read = cell is not None and value is not None and not isinstance(value, Trouble)
        made = change(value) if read else None
        found.append(None if made is None or cell is None else replace(made, cell=cell.address))
    return found


def brief_change(attribute: str, value: object, cell: str = "") -> Change:
    """A change of the Brief, in the words that its column has. cell: where it is stated."""
    column = BRIEF.column(attribute)
    return Change("brief", (attribute,), value, f"{_bare(column.heading)} {said(column, value)}", cell=cell)


def _bare(heading: str) -> str:
    """A heading without its unit."""
    return tidy(re.sub(r"[(\[].*?[)\]]|%", "", heading))


# --- Brief --------------------------------------------------------------------------------------------


def _brief(attribute: str, campaign: Campaign) -> Reader:
    column = BRIEF.column(attribute)
    name = _bare(column.heading)

    def read(cells: Cells, findings: Findings) -> Changes:
        if attribute == "budget":
            cells = _in_money(name, cells, campaign, findings)
        values = [
            _whole(value, attribute)
            for value in read_values(column, cells, findings, campaign.brief.currency)
        ]
        report_troubles(name, cells, [v if attribute in WHOLE_NUMBERS else None for v in values], findings)
        if check := _CHECKED.get(attribute):
            values = [
                check(value, cell, campaign, findings) for value, cell in zip(values, cells, strict=True)
            ]
        return _each(cells, values, lambda value: brief_change(attribute, value))

    return Reader(name, read)


def _in_money(name: str, cells: Cells, campaign: Campaign, findings: Findings) -> Cells:
    """Cells with budgets in the place of changes of the campaign's own, -10 %."""
    own = campaign.brief.budget
    factors = [_budget_factor(cell, own) if _is_relative(cell) else None for cell in cells]
    report_troubles(name, cells, factors, findings)
    return [
        cell
        if cell is None or factor is None
        else None
        if isinstance(factor, Trouble)
        else cell._replace(value=round(own * factor, 2), number_format="General")
        for cell, factor in zip(cells, factors, strict=True)
    ]


def _budget_factor(cell: Cell | None, own: float) -> float | Trouble:
    """By how much a budget is another one; a percentage without a sign may be meant otherwise."""
    if not isfinite(own):
        return _NO_BUDGET
    signed = cell is not None and (
        cell.value.strip()[:1] in "+-\u2212" if isinstance(cell.value, str) else float(str(cell.value)) < 0
    )
    return _factor(cell) if signed else _NO_SIGN


def _whole(value: object, attribute: str) -> object:
    if attribute not in WHOLE_NUMBERS or not isinstance(value, float):
        return value
    return int(value) if value == int(value) else Trouble("is no whole number; expected one")


def _target(value: object, cell: Cell | None, campaign: Campaign, findings: Findings) -> object:
    """A target audience as the sheet Audiences spells it."""
    if cell is None or not isinstance(value, str):
        return value
    asked = Findings()
    brief = check_target(
        replace(campaign.brief, target_audience=value), campaign.audiences, campaign.traits, asked
    )
    for problem in asked.problems:
        findings.problem(cell.address, problem.text)
    return None if asked.problems else brief.target_audience


def _currency(value: object, cell: Cell | None, campaign: Campaign, findings: Findings) -> object:
    """The campaign's own currency; another one is a problem, for nothing converts money."""
    own = campaign.brief.currency
    if cell is None or not isinstance(value, str) or currency_mark(value) == currency_mark(own):
        return value
    findings.problem(cell.address, f"Currency {found(cell)}: no money is converted; write {own}.")
    return None


_CHECKED = {"target_audience": _target, "currency": _currency}

# --- rules and goals ----------------------------------------------------------------------------------


def _rule(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    match = _SIDE.fullmatch(text)
    named = match["name"] if match and not _rules_named(text, campaign) else text
    rows = _rules_named(named, campaign)
    if len(rows) != 1:
        names = [row.name for row in campaign.rules]
        wrong = (
            unknown(named, "the name of a rule on the sheet Rules", names)
            if not rows
            else f'"{named}" names {len(rows)} rules; give them names of their own under Rule.'
        )
        findings.problem(where, wrong)
        return None
    side = _side_of(rows[0], _SIDES[key(match["side"])] if match and named != text else None, where, findings)
    return None if side is None else Reader(text, _rule_reader(rows[0], side, campaign))


def _rules_named(name: str, campaign: Campaign) -> list[RuleRow]:
    return [row for row in campaign.rules if key(row.name) == key(name)]


def _side_of(row: RuleRow, asked: Side | None, where: str, findings: Findings) -> Side | None:
    """The limit of a rule that is meant: the one it has, where none is said."""
    there = [side for side in _SIDES.values() if getattr(row, side) is not None]
    if asked or len(there) == 1:
        return asked or there[0]
    findings.problem(
        where, f'The rule "{row.name}" has both limits; write Rule: {row.name} at least, or at most.'
    )
    return None


def _rule_reader(row: RuleRow, side: Side, campaign: Campaign) -> Callable[[Cells, Findings], Changes]:
    words = {"at_least": "at least", "at_most": "at most"}[side]

    def read(cells: Cells, findings: Findings) -> Changes:
        off = [cell is not None and isinstance(cell.value, str) and key(cell.value) in _OFF for cell in cells]
        numbers = [None if none else cell for cell, none in zip(cells, off, strict=True)]
        limits = read_limits(numbers, row, campaign.brief.currency)
        report_troubles(row.name, cells, limits, findings)

        def change(value: float) -> Change:
            text = f"{row.name} {words} {_limit(row, value, campaign)}"
            return Change("rule", (row.name,), value, text, side)

        dropped = Change("rule", (row.name,), None, f"without the rule {row.name}")
        without = _each(cells, [dropped if none else None for none in off], lambda change: change)
        return [one or other for one, other in zip(without, _each(cells, limits, change), strict=True)]

    return read


def _limit(row: RuleRow, value: float, campaign: Campaign) -> str:
    """A limit in its unit, in words."""
    if row.unit == "money":
        return money(value, campaign.brief.currency)
    if RULE_UNITS[row.unit].limits in ("share", "ratio"):
        return f"{100 * value:.10g} {unit_text(row)}"
    return f"{value:,.10g} {unit_text(row)}"


def _goal(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    """The longest measure at the end of a heading that is one; what stands before it is the audience."""
    words = text.split(" ")
    wrong = Findings()
    for at in range(1, len(words)):
        audience, measure = " ".join(words[:at]).rstrip(",:"), " ".join(words[at:])
        wrong = Findings()
        goal = _goal_of(audience, measure, Cell("", 1, 3, "100"), campaign, wrong)
        if goal is not None or not any("easure" in problem.text for problem in wrong.problems):
            break
    else:
        wrong.problem("", "expected Goal: AUDIENCE MEASURE, such as Goal: customers reach %.")
    troubles = [problem.text for problem in wrong.problems if "out of bounds" not in problem.text]
    if troubles:
        findings.problem(where, f'"Goal: {text}" cannot be read: {troubles[0]}')
        return None

    def read(cells: Cells, findings: Findings) -> Changes:
        found = [
            None if cell is None else _goal_of(audience, measure, cell, campaign, findings) for cell in cells
        ]
        return _each(cells, found, _goal_change)

    return Reader(text, read)


def _goal_of(
    audience: str, measure: str, cell: Cell, campaign: Campaign, findings: Findings
) -> GoalRow | None:
    """A goal as a row of Goals reads it; every message is at the cell of the limit."""
    side = "at_most" if "frequency" in key(measure) else "at_least"
    header = Header({"audience": 1, "measure": 2, side: 3}, {}, 0)
    asked = Findings(cells=dict(campaign.cells))
    named = {"audience": audience, "measure": measure}
    record = Record(GOALS.name, cell.row, header, {3: cell}, named, frozenset(), asked)
    table = replace(no_table(GOALS, asked), header=header, records=(record,))
    goals = parse_goals(table, campaign.brief, (campaign.audiences, campaign.traits))
    for problem in asked.problems:
        findings.problem(cell.address, problem.text)
    return None if asked.problems or not goals else replace(goals[0], cell=cell.address)


def _goal_change(value: GoalRow) -> Change:
    side: Side
    side, limit = ("at_least", value.at_least) if value.at_least is not None else ("at_most", value.at_most)
    assert limit is not None
    share = value.measure in ("reach", "effective reach", "share of impressions")
    shown = f"{100 * limit:.10g} %" if share else f"{limit:,.10g}"
    words = f"{value.audience} {measure_text(value).removesuffix(' %')} {side.replace('_', ' ')} {shown}"
    return Change("goal", (value.audience, value.measure, str(value.times)), limit, words, side, goal=value)


# --- weights and parameters ---------------------------------------------------------------------------


def _weight(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    names = {key(row.name): row.name for row in campaign.traits}
    if key(text) not in names:
        findings.problem(where, unknown(text, "a trait of the sheet Traits", names.values()))
        return None
    name = names[key(text)]

    def read(cells: Cells, findings: Findings) -> Changes:
        values = read_values(TRAITS.column("weight"), cells, findings)
        return _each(cells, values, lambda v: Change("weight", (name,), v, f"weight of {name} {v:.6g}"))

    return Reader(f"weight of {name}", read)


def _parameter(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    parameter = parameter_named(text, where, findings)
    if parameter is None:
        return None

    def read(cells: Cells, findings: Findings) -> Changes:
        values = read_parameter(parameter, cells)
        report_troubles(parameter.heading, cells, values, findings)

        def change(value: float) -> Change:
            words = f"{parameter.heading} {parameter_words(parameter, value)}"
            return Change("parameter", (parameter.key,), value, words)

        return _each(cells, values, change)

    return Reader(parameter.heading, read)


# --- prices -------------------------------------------------------------------------------------------


def _vehicles(text: str, where: str, campaign: Campaign, findings: Findings) -> tuple[str, ...]:
    sets = vehicle_sets(campaign.vehicles)
    return in_order(resolve(text, where, sets, findings, "scenario"), campaign.vehicles)


def _price(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    names = _vehicles(text, where, campaign, findings)
    if not names:
        return None
    currency = campaign.brief.currency

    def read(cells: Cells, findings: Findings) -> Changes:
        relative = [_is_relative(cell) for cell in cells]
        factors = [_factor(cell) if own else None for cell, own in zip(cells, relative, strict=True)]
        plain = [None if own else cell for cell, own in zip(cells, relative, strict=True)]
        amounts = read_values(VEHICLES.column("unit_cost"), plain, findings, currency)
        unread = (cell is not None and amount is None for cell, amount in zip(plain, amounts, strict=True))
        unknown = [_NO_PRICE if none else None for none in unread]
        report_troubles(f"Price of {text}", cells, unknown, findings)
        report_troubles(f"Price of {text}", cells, factors, findings)

        def by_amount(value: float) -> Change:
            return Change("price", names, value, f"price of {text} {money(value, currency)}")

        def by_factor(value: float) -> Change:
            return Change("price", names, value, f"price of {text} {100 * (value - 1):+.6g} %", relative=True)

        found = zip(_each(plain, amounts, by_amount), _each(cells, factors, by_factor), strict=True)
        return [one or other for one, other in found]

    return Reader(f"price of {text}", read)


def _is_relative(cell: Cell | None) -> bool:
    """Whether a price is a change in percent: +10 %, or a number shown as a percentage."""
    if cell is None or cell.error or cell.uncached:
        return False
    if isinstance(cell.value, str):
        return _RELATIVE.fullmatch(cell.value) is not None
    return shown_as_percent(cell.number_format)


def _factor(cell: Cell | None) -> float | Trouble:
    assert cell is not None
    change = cell.value if isinstance(cell.value, int | float) else nan
    if isinstance(cell.value, str):
        change = float(cell.value.translate(_DIGITS)) / 100
    return 1 + change if -1 < change <= _MOST_CHANGE else _NO_CHANGE


def _discount(text: str, where: str, campaign: Campaign, findings: Findings) -> Reader | None:
    names = _vehicles(text, where, campaign, findings)
    if not names:
        return None

    def read(cells: Cells, findings: Findings) -> Changes:
        values = read_values(VEHICLES.column("discount"), cells, findings)
        return _each(
            cells, values, lambda v: Change("discount", names, v, f"discount of {text} {100 * v:.6g} %")
        )

    return Reader(f"discount of {text}", read)


_KINDS: Mapping[str, Callable[[str, str, Campaign, Findings], Reader | None]] = {
    "rule": _rule, "weight": _weight, "parameter": _parameter, "price": _price, "discount": _discount, "goal": _goal,
}  # fmt: skip
