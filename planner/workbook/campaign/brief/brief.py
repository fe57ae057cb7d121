"""The Brief: key and value rows, found wherever they stand on the sheet."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from planner.campaign.inputs import Brief
from planner.excel.read import Sheet, address
from planner.formats import figure
from planner.names import key
from planner.workbook.campaign.brief.places import Places, find_places
from planner.workbook.cells.columns import read_values
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.known_headings import held
from planner.workbook.cells.numbers import Trouble, is_blank
from planner.workbook.schema.columns import Column
from planner.workbook.schema.sheets import BRIEF, MINIMUM_COST, YES_NO

# What a blank answer becomes, and how that is said. Texts that are just left empty are not listed.
_BLANK = replace(Brief(), budget=math.inf)
DEFAULTS: Mapping[str, tuple[Any, str]] = {
    column.attribute: (getattr(_BLANK, column.attribute), column.taken)
    for column in BRIEF.columns
    if column.taken
}
_BUDGET = BRIEF.column("budget")
HISTORY = 522  # weeks, ten years
LARGEST_COUNTRY_000 = 1_500_000  # people, more than any country has
WHOLE_NUMBERS = ("weeks", "effective_frequency", "longest_gap")


def parse_brief(sheet: Sheet | None, findings: Findings, changes: Mapping[str, Any] | None = None) -> Brief:
    """The Brief; problems (a missing budget among them) go to findings, with a stand-in value.

    changes: attributes given elsewhere (on the command line), which stand for their cells, also blank ones.
    """
    places = find_places(sheet, findings) if sheet is not None else None
    if sheet is None or places is None:
        _say_missing(sheet, findings)
        return Brief()
    return _brief(sheet, places, changes or {}, findings)


def _brief(sheet: Sheet, places: Places, changes: Mapping[str, Any], findings: Findings) -> Brief:
    needs_budget = _needs_budget(sheet, places, changes)
    answers = {}
    for column in BRIEF.columns:
        asked = column if needs_budget or column is not _BUDGET else replace(column, required=False)
        answers[column.attribute] = _answer(sheet, places, asked, findings, changes)
    if sheet.hidden:
        findings.notice("The sheet Brief is hidden; it was read.")
    brief = Brief(**{name: answer for name, answer in answers.items() if answer is not None})
    _notice_past(brief, findings)
    return brief


def _say_missing(sheet: Sheet | None, findings: Findings) -> None:
    if BRIEF.name not in findings.unsure:
        text = "There is no sheet Brief with at least Universe (000) and Budget; add it."
        if sheet is not None and sheet.cells:
            firsts = [next(iter(cells.values())) for _, cells in islice(sheet.rows(), 20)]
            text = "The sheet Brief has no keys of ours; write at least Universe (000) and Budget. "
            text += held(firsts, BRIEF)
        findings.problem(BRIEF.name, text)
    findings.unsure.add(BRIEF.name)


def _notice_past(brief: Brief, findings: Findings) -> None:
    """A flight that is over, or far away, perhaps because the year was mistyped; the one place where today's date
    counts.

    What ended longer ago than a wrong figure of the year's tens makes it is planned as history, and on purpose.
    """
    last = brief.last_day
    if brief.start is None or last is None or findings.is_wrong(findings.cells["Brief", "weeks", "value"]):
        return
    today, cell = date.today(), findings.cells["Brief", "start", "value"]
    if today - timedelta(weeks=HISTORY) <= last < today:
        findings.notice(f"{cell}: the flight, {brief.start} to {last}, lies in the past.")
    if brief.start > today + timedelta(weeks=HISTORY) and not findings.is_wrong(cell):
        findings.notice(f"{cell}: the flight begins on {brief.start}, more than ten years from now.")


def _answer(
    sheet: Sheet, places: Places, column: Column, findings: Findings, changes: Mapping[str, Any]
) -> Any:
    """The value of one key, its default, or None where the dataclass's own blank stands."""
    row = places.rows.get(column.attribute)
    where = address(sheet.name, row, places.value_column) if row else sheet.name
    cell = sheet.cells.get((row, places.value_column)) if row else None
    findings.cells["Brief", column.attribute, "value"] = where
    value = read_values(column, [cell], findings, places.currency, places.answers)[0]
    if isinstance(value, Trouble):
        return None
    if value is None and column.attribute in changes:
        given = changes[column.attribute]
        findings.notice(
            f"{column.heading} is {said(column, given)}, from the command line; the Brief leaves it blank."
        )
        return given
    return (
        _blank(column, where, places, findings) if value is None else _checked(column, value, where, findings)
    )


def _checked(column: Column, value: Any, where: str, findings: Findings) -> Any:
    """An answer that is more than its column's kind and limits tell; None where that is wrong."""
    if column.attribute in WHOLE_NUMBERS:
        return _whole(column, value, where, findings)
    if column.attribute == "currency" and len(str(value)) > 10:
        findings.problem(where, f'Currency is "{value}"; expected a code such as EUR.')
    if column.attribute == "universe_000" and value > LARGEST_COUNTRY_000:
        findings.ask(
            f"{where}: Universe (000) {value:,.10g} is {value / 1e6:.3g} billion people, more than any country has. If "
            f"it is {value:,.10g} people, write {value / 1000:,.10g}."
        )
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
        return f"{value * 100:.10g} %" if column.kind == "percent" else figure(value)
    return str(value)


def _blank(column: Column, where: str, places: Places, findings: Findings) -> Any:
    """What a blank answer becomes; None where what stands in its place is a problem already."""
    if column.attribute in places.doubtful:
        findings.doubt(where)
    if findings.is_wrong(where):
        return None
    if column.required:
        unread = f" Not read: {places.unread}." if places.unread else ""
        findings.problem(
            where,
            f"{column.heading} is missing; {column.help[0].lower()}{column.help[1:]} "
            f"Write a number such as {column.example}.{unread}",
        )
        return None
    if column.attribute not in DEFAULTS:
        return None
    if column.attribute == "currency" and places.currency != DEFAULTS["currency"][0]:
        findings.notice(
            f"Brief: Currency is blank; amounts were taken as {places.currency}, as the Budget is."
        )
        return places.currency
    value, text = DEFAULTS[column.attribute]
    findings.default("Brief", column.heading, column.attribute, f"{column.heading}: {text}")
    return value


def _whole(column: Column, value: Any, where: str, findings: Findings) -> int | None:
    if value == int(value):
        return int(value)
    wrong = f"{column.heading} is {value:g}; expected a whole number, such as {column.example}."
    findings.problem(where, wrong)
    return None


def _needs_budget(sheet: Sheet, places: Places, changes: Mapping[str, Any]) -> bool:
    """Whether the objective, here or given elsewhere, is one that needs a budget; False where it is not clear."""
    cell = sheet.cells.get((places.rows.get("objective", 0), places.value_column))
    typed = "" if cell is None or is_blank(cell) else str(cell.value).replace("-", " ")
    objective = key(str(changes.get("objective", typed)))
    return objective in ("", *BRIEF.column("objective").choices) and objective != MINIMUM_COST
