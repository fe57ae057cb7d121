"""The Brief: key and value rows, found wherever they stand on the sheet."""

import difflib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from planner.campaign import assumptions
from planner.campaign.inputs import Brief
from planner.names import heading_key, key, tidy
from planner.workbook.cells.columns import read_values
from planner.workbook.cells.findings import NEAR, Findings
from planner.workbook.cells.numbers import Trouble, found, is_blank
from planner.workbook.cells.read import Sheet, address
from planner.workbook.cells.table import known_headings
from planner.workbook.schema.columns import Column
from planner.workbook.schema.sheets import BRIEF, MINIMUM_COST, YES_NO

# What a blank answer becomes, and how that is said. Texts that are just left empty are not listed.
DEFAULTS: Mapping[str, tuple[Any, str]] = {
    "currency": ("USD", "amounts of money are taken as USD"),
    "budget": (math.inf, "no limit, for the objective is minimum cost"),
    "budget_is": ("net", "the budget is taken as net"),
    "commission": (0.0, "no agency commission"),
    "start": (None, "no start date, so weeks are numbered"),
    "weeks": (int(assumptions.WEEKS.value), assumptions.WEEKS.basis),
    "objective": ("influence", "the plan maximises influence"),
    "target_audience": ("everyone", "everyone is the target audience"),
    "customers_first": (assumptions.CUSTOMERS_FIRST.value, assumptions.CUSTOMERS_FIRST.basis),
    "effective_frequency": (3, "a person counts as effectively reached from 3 contacts"),
    "whole": (True, "insertions are bought whole"),
    "influence_preset": ("moderate", "influencers are weighted by the preset moderate"),
    "flighting": (None, "even, where there is a calendar (Start and Weeks given, or rows on Weeks)"),
}
_BUDGET = BRIEF.column("budget")
_WHOLE_NUMBERS = ("weeks", "effective_frequency", "longest_gap")
_HEADER_WORDS = frozenset({"key", "value", "brief", "question", "answer"})


@dataclass(frozen=True)
class _Places:
    """Where the Brief's keys and values stand."""

    key_column: int
    value_column: int
    rows: Mapping[str, int]  # by attribute


def parse_brief(sheet: Sheet | None, findings: Findings, changes: Mapping[str, Any] | None = None) -> Brief:
    """The Brief; problems (a missing budget among them) go to findings, with a stand-in value.

    changes: attributes given elsewhere (on the command line), which stand for their cells, also blank ones.
    """
    changes = changes or {}
    places = _find_places(sheet, findings) if sheet is not None else None
    if sheet is None or places is None:
        findings.problem("Brief", "There is no sheet Brief with at least Universe (000) and Budget; add it.")
        return Brief()
    currency_cell = sheet.cells.get((places.rows.get("currency", 0), places.value_column))
    currency = tidy(str(currency_cell.value)) if currency_cell and not is_blank(currency_cell) else ""
    values: dict[str, Any] = {}
    cheapest = _seeks_minimum_cost(sheet, places, changes)
    columns = [replace(c, required=c.required and not (cheapest and c is _BUDGET)) for c in BRIEF.columns]
    for column in columns:
        value = _answer(sheet, places, column, currency, findings, changes)
        if value is not None:
            values[column.attribute] = value
    if sheet.hidden:
        findings.notice("The sheet Brief is hidden; it was read.")
    return Brief(**values)


def _answer(
    sheet: Sheet,
    places: _Places,
    column: Column,
    currency: str,
    findings: Findings,
    changes: Mapping[str, Any],
) -> Any:
    """The value of one key, its default, or None where the dataclass's own blank stands."""
    row = places.rows.get(column.attribute)
    where = address(sheet.name, row, places.value_column) if row else sheet.name
    cell = sheet.cells.get((row, places.value_column)) if row else None
    findings.cells["Brief", column.attribute, "value"] = where
    value = read_values(column, [cell], findings, currency)[0]
    if isinstance(value, Trouble):
        return None
    if value is None and column.attribute in changes:
        given = changes[column.attribute]
        findings.notice(
            f"{column.heading} is {said(column, given)}, from the command line; the Brief leaves it blank."
        )
        return given
    if value is None:
        return _blank(column, where, findings)
    if column.attribute in _WHOLE_NUMBERS:
        return _whole(column, value, where, findings)
    if column.attribute == "currency" and len(str(value)) > 10:
        findings.problem(where, f'Currency is "{value}"; expected a code such as EUR.')
    if column.attribute == "start" and isinstance(value, date) and not 1990 <= value.year <= 2100:
        findings.problem(where, f"Start is {value}; expected a date of this century.")
    return value


def said(column: Column, value: object) -> str:
    """A value of the Brief as a planner would write it: yes or no, and percents.

    >>> said(BRIEF.column("whole"), False), said(BRIEF.column("customers_first"), 0.97)
    ('no', '97 %')
    """
    if isinstance(value, bool):
        return YES_NO[0] if value else YES_NO[1]
    if isinstance(value, int | float):
        return f"{value * 100:.10g} %" if column.kind == "percent" else f"{value:,.10g}"
    return str(value)


def _blank(column: Column, where: str, findings: Findings) -> Any:
    if column.required:
        findings.problem(
            where,
            f"{column.heading} is missing; {column.help[0].lower()}{column.help[1:]} "
            f"Write a number such as {column.example}.",
        )
        return None
    if column.attribute not in DEFAULTS:
        return None
    value, text = DEFAULTS[column.attribute]
    findings.default("Brief", column.heading, column.attribute, f"{column.heading}: {text}")
    return value


def _whole(column: Column, value: Any, where: str, findings: Findings) -> int | None:
    if value != int(value):
        findings.problem(
            where, f"{column.heading} is {value:g}; expected a whole number, such as {column.example}."
        )
        return None
    return int(value)


def _seeks_minimum_cost(sheet: Sheet, places: _Places, changes: Mapping[str, Any]) -> bool:
    """Whether the objective, here or given elsewhere, is the one that needs no budget."""
    cell = sheet.cells.get((places.rows.get("objective", 0), places.value_column))
    typed = "" if cell is None else str(cell.value).replace("-", " ")
    return key(str(changes.get("objective", typed))) == MINIMUM_COST


def _find_places(sheet: Sheet, findings: Findings) -> _Places | None:
    known = known_headings(BRIEF)
    hits = [
        (row, column, known[heading_key(cell.value)])
        for (row, column), cell in sorted(sheet.cells.items())
        if isinstance(cell.value, str) and heading_key(cell.value) in known
    ]
    if not hits:
        return None
    key_column = Counter(column for _, column, _ in hits).most_common(1)[0][0]
    rows: dict[str, int] = {}
    for row, column, attribute in hits:
        if column != key_column:
            continue
        if attribute in rows:
            findings.problem(
                address("Brief", row, column),
                f'"{tidy(str(sheet.cells[row, column].value))}" is there twice (also '
                f"{address('Brief', rows[attribute], column)}); keep one of them.",
            )
        rows.setdefault(attribute, row)
    places = _Places(key_column, _value_column(sheet, key_column, rows), rows)
    _check_keys(sheet, places, known, findings)
    return places


def _value_column(sheet: Sheet, key_column: int, rows: Mapping[str, int]) -> int:
    """The column headed Value; else the first to the right with anything beside a key."""
    headed = [
        column
        for (row, column), cell in sheet.cells.items()
        if column > key_column and row < min(rows.values()) and key(str(cell.value)) == "value"
    ]
    filled = [column for row, column in sheet.cells if column > key_column and row in rows.values()]
    return min(headed or filled, default=key_column + 1)


def _check_keys(sheet: Sheet, places: _Places, known: Mapping[str, str], findings: Findings) -> None:
    """Keys that are not known but have a value: never passed over."""
    for row, cells in sheet.rows():
        name, value = cells.get(places.key_column), cells.get(places.value_column)
        if name is None or is_blank(value) or heading_key(str(name.value)) in known:
            if name is None and not is_blank(value) and row > min(places.rows.values()):
                findings.problem(
                    address("Brief", row, places.value_column),
                    f"{found(value) if value else ''} has no key beside it; write the key or clear the cell.",
                )
            continue
        if key(str(name.value)) in _HEADER_WORDS:
            continue
        close = difflib.get_close_matches(heading_key(str(name.value)), known, n=1, cutoff=NEAR)
        headings = [
            column.heading for column in BRIEF.columns if close and column.attribute == known[close[0]]
        ]
        hint = (
            f'did you mean "{headings[0]}"?'
            if headings
            else "expected one of the keys that the Help sheet lists."
        )
        findings.problem(name.address, f"{found(name)} is not a key of the Brief; {hint}")
