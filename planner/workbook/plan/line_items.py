"""The Line items sheet: a row for every vehicle and week with insertions, for those who reconcile.

Read back it is the optimised calendar, which edits on Flowchart are told from. It is an extract that does not follow
edits; filtered, sorted or moved it still reads. Nothing there is ever a problem: what cannot be read is not known.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import numpy as np

from models.arrays import FloatArray
from planner.campaign.colours import colours
from planner.campaign.inputs import Campaign
from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet
from planner.formats import NOT_QUOTED, price_decimals
from planner.names import heading_key, key
from planner.planning.results import PlanResult
from planner.workbook.campaign.calendar.columns import mondays_of
from planner.workbook.cells.numbers import is_blank
from planner.workbook.page.styles import COUNT, ONE, RULE, Page, money_format, text_width
from planner.workbook.plan.flowchart_layout import FlowLayout

HEADER_ROW = 3
EDITED = "The calendar as edited, a row for each vehicle and week. An extract: it does not follow edits on Flowchart."
SUBTITLE = "The optimised calendar, a row for each vehicle and week. An extract: it does not follow edits on Flowchart."
HEADINGS = ("Vehicle", "Medium", "Unit", "Week", "Insertions", "Cost per insertion", "Cost", "GRP")
AS_OPTIMISED = "As optimised"  # insertions before weeks were edited, so that they remain edits
SUMMED = ("Insertions", "Cost", "GRP")
DATE = "yyyy-mm-dd"

Item = tuple[str, str, str, int, float, float | None, float | None, float]  # in the order of HEADINGS


def write_line_items_sheet(page: Page, result: PlanResult, layout: FlowLayout) -> None:
    """Write the sheet: the table, to be filtered, and its totals, which follow the filter."""
    brief = result.campaign.brief
    page.title(f"Line items: {brief.campaign or 'media plan'}", EDITED if result.is_edited else SUBTITLE)
    unit = text_width([row.plan.unit for row in layout.rows], 12)
    page.widths((36, 15, unit, 13, 11, 13, 14, 10))
    _write_headings(page, f"{brief.budget_is.capitalize()} cost per insertion")
    before = _before(result)
    items = list(_items(layout, before))
    shown, shades = _formats(page, layout), colours(result.campaign)
    for row, item in enumerate(items, HEADER_ROW + 1):
        _write_item(page, row, item, layout, (shown, shades))
    last = HEADER_ROW + max(1, len(items))
    if before:
        _write_before(page, [before[item[0]][item[3]] for item in items])
    _write_totals(page, last, items, layout)
    page.sheet.autofilter(HEADER_ROW, 0, last, len(HEADINGS) - (0 if before else 1))
    page.set_up(header_row=HEADER_ROW)


def _write_headings(page: Page, price: str) -> None:
    """price: what a unit's cost is called."""
    page.sheet.set_row(HEADER_ROW, 32)
    headings = list(HEADINGS)
    headings[5] = price
    for column, heading in enumerate(headings):
        style = page.styles.heading(number=column > 3, indent=int(0 < column < 4))
        page.put(HEADER_ROW, column, heading, style)


def _before(result: PlanResult) -> dict[str, FloatArray]:
    """By vehicle the (n_weeks,) optimised insertions, of a plan whose weeks were edited; else nothing."""
    if result.optimised_weekly is None:
        return {}
    names = [vehicle.name for vehicle in result.campaign.vehicles]
    return dict(zip(names, result.optimised_weekly, strict=True))


def _write_before(page: Page, counts: list[float]) -> None:
    """A last column with the optimised insertions of each row."""
    at = len(HEADINGS)
    page.sheet.set_column(at, at, 12)
    page.put(HEADER_ROW, at, AS_OPTIMISED, page.styles.heading(number=True))
    for row, count in enumerate(counts, HEADER_ROW + 1):
        page.number(row, at, count, page.styles.figure("0.##"))


def _items(layout: FlowLayout, before: Mapping[str, FloatArray]) -> Iterator[Item]:
    """Vehicles in the order of the Flowchart, their weeks in the order of time; weeks that edits emptied too."""
    for row in layout.rows:
        plan = row.plan
        for week, count in enumerate(row.insertions):
            if count > 0 or (plan.vehicle in before and before[plan.vehicle][week] > 0):
                price = row.prices[week]
                cost = None if isinstance(row.cost, str) else row.cost_by_week[week]
                yield plan.vehicle, plan.medium, plan.unit, week, count, price, cost, count * plan.rating


def _write_item(
    page: Page, row: int, item: Item, layout: FlowLayout, look: tuple[tuple[str, ...], dict[str, str]]
) -> None:
    """look: number formats of the figures, colours of the media."""
    vehicle, medium, unit, week, *figures = item
    formats, shades = look
    page.put(row, 0, vehicle, page.styles.label)
    page.put(row, 1, medium, page.styles.medium(shades[medium]))
    page.put(row, 2, unit, page.styles.label)
    monday = layout.weeks.mondays[week]
    if monday is None:
        page.put(row, 3, f"W{week + 1}", page.styles.label)
    else:
        style = page.styles.get(num_format=DATE, align="left", indent=1, bottom=1, bottom_color=RULE)
        page.sheet.write_datetime(row, 3, monday, style)
    for column, (value, shown) in enumerate(zip(figures, formats, strict=True), 4):
        if value is None:
            page.put(row, column, NOT_QUOTED, page.styles.label)
        else:
            page.number(row, column, value, page.styles.figure(shown))


def _formats(page: Page, layout: FlowLayout) -> tuple[str, ...]:
    prices = [price for row in layout.rows for price in row.prices if price is not None]
    money = money_format(page.styles.brief.currency, price_decimals(prices))
    whole = all(count == round(count) for row in layout.rows for count in row.insertions)
    return (COUNT if whole else "0.00", money, money, ONE)


def _write_totals(page: Page, last: int, items: list[Item], layout: FlowLayout) -> None:
    """Below a blank row, so that a filter leaves them be. Insertions and thousands of contacts make no sum."""
    mixed = any(row.plan.by_thousand for row in layout.rows)
    summed = SUMMED[1:] if mixed else SUMMED
    at, first = last + 2, HEADER_ROW + 2
    shown = {"Insertions": "#,##0.##", "Cost": page.styles.money(), "GRP": ONE}
    for column, heading in enumerate(HEADINGS):
        style = page.styles.total(shown.get(heading, ""), grand=True)
        if heading in summed:
            name = column_letters(column + 1)
            value = sum(float(cell) for item in items if isinstance(cell := item[column], float | int))
            formula = f"=SUBTOTAL(109,{name}{first}:{name}{last + 1})"
            page.formula(at, column, formula, style=style, value=value)
        else:
            page.put(at, column, "Total shown" if column == 0 else "", style)


# --- read back: the optimised calendar, which edits on Flowchart are told from -----------------------

SHEET = "Line items"
_HEADINGS = ("Vehicle", "Week", "Insertions")
_BEFORE = heading_key("As optimised")  # stands for Insertions, of a plan whose weeks were edited
_NUMBERED = re.compile(r"W(\d+)", re.IGNORECASE)


def parse_line_items(sheet: Sheet, campaign: Campaign) -> FloatArray | None:
    """(n_vehicles, n_weeks) insertions as optimised; None where the sheet is not as it was written."""
    rows = _rows(sheet)
    if rows is None:
        return None
    weekly = np.zeros((len(campaign.vehicles), campaign.brief.weeks))
    vehicles = {key(vehicle.name): at for at, vehicle in enumerate(campaign.vehicles)}
    for vehicle, week, count in rows:
        if vehicle is None or week is None:
            continue  # totals
        at, when = vehicles.get(key(str(vehicle))), _week(week, campaign)
        if at is None or when is None or not isinstance(count, int | float):
            return None
        weekly[at, when] += float(count)
    return weekly


def _rows(sheet: Sheet) -> list[tuple[object, ...]] | None:
    """Vehicle, week and insertions of each row below the headings; None without them."""
    rows = [cells for _, cells in sheet.rows()]
    head = next((at for at, cells in enumerate(rows) if _places(cells)), None)
    if head is None:
        return None
    places = _places(rows[head])
    return [tuple(_value(cells.get(at)) for at in places) for cells in rows[head + 1 :]]


def _value(cell: Cell | None) -> object:
    return None if cell is None or is_blank(cell) else cell.value


def _places(cells: Mapping[int, Cell]) -> list[int]:
    """The columns of the headings, where this is their row; none elsewhere."""
    texts = {heading_key(str(cell.value)): at for at, cell in cells.items() if not is_blank(cell)}
    wanted = [heading_key(heading) for heading in _HEADINGS]
    if not set(wanted) <= set(texts):
        return []
    return [*(texts[heading] for heading in wanted[:2]), texts.get(_BEFORE, texts[wanted[2]])]


def _week(week: object, campaign: Campaign) -> int | None:
    """A week's place in the flight."""
    if isinstance(week, datetime | date):
        day = week.date() if isinstance(week, datetime) else week
        mondays = mondays_of(campaign.brief)
        return mondays.index(day) if day in mondays else None
    numbered = _NUMBERED.fullmatch(str(week).strip())
    place = int(numbered.group(1)) - 1 if numbered else -1
    return place if 0 <= place < campaign.brief.weeks else None
