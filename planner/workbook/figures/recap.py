"""The Recap sheet: what the plan buys by medium, genre, daypart or group, and by month, as it stood when written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.campaign.colours import colours
from planner.planning.results import PlanResult
from planner.planning.tables import GROUPED_BY, Total, added_up, plan_rows, totals
from planner.planning.week_tables import Month, month_rows
from planner.workbook.page.styles import (
    COUNT,
    ONE,
    PERCENT,
    TWO,
    Page,
    keep_together,
    lines_needed,
    page_points,
)

HEADER_ROW, FIRST_ROW = 0, 3
# Heading, field of a total, number format: "count", "money", "cents" or as it stands.
COLUMNS = (
    ("Vehicles", "vehicles", COUNT),
    ("Insertions", "insertions", "count"),
    ("Impressions bought (000)", "bought_000", COUNT),  # only where there are any
    ("Spend", "cost", "money"),
    ("Share", "share", PERCENT),
    ("GRP", "grp", ONE),
    ("CPP", "cpp", "money"),
    ("CPM", "cpm", "cents"),
    ("Target GRP", "target_grp", ONE),
    ("Target CPP", "target_cpp", "money"),
    ("Target CPM", "target_cpm", "cents"),
)
WIDTHS = (34, *([12] * len(COLUMNS)))
MONTHS = ("Month", "Spend", "Share", "GRP", "Target GRP")
SUBTITLE = (
    "As the plan stood when this file was written: after edits run  planner evaluate FILE -o NEW.xlsx . CPP and CPM "
    "are what was paid, per rating point and per thousand contacts."
)


def write_recap_sheet(page: Page, result: PlanResult, draw_weeks: Callable[[int], int] | None = None) -> None:
    """Write the sheet: a table for each way to add vehicles up, one below the other, and the chart of reach by week.

    draw_weeks: of a plan with a calendar, draws that chart from a row on and returns the row after it.
    """
    page.title("Recap", SUBTITLE)
    page.widths(WIDTHS)
    row = FIRST_ROW
    starts = [0]
    whole = added_up("Total", plan_rows(result))
    table = _Table(page, whole, _columns(page, whole), colours(result.campaign))
    for by in GROUPED_BY:
        bought = [total for total in totals(result, by) if total.vehicles]
        if bought:
            starts.append(row)
            row = _write_totals(table, row, by, bought) + 1
    starts.append(row)
    end = _write_months(page, row, result)
    if draw_weeks is not None:
        end = draw_weeks(end + 1)
    page.set_up(header_row=HEADER_ROW)
    keep_together(page, starts, end, page_points(page, WIDTHS[: 1 + len(table.columns)]))


@dataclass(frozen=True)
class _Table:
    """What the tables share. columns: as COLUMNS, with number formats. shades: of the media."""

    page: Page
    whole: Total
    columns: tuple[tuple[str, str, str], ...]
    shades: dict[str, str]


def _columns(page: Page, whole: Total) -> tuple[tuple[str, str, str], ...]:
    formats = {
        "count": COUNT if page.styles.brief.whole else TWO,
        "money": page.styles.money(),
        "cents": page.styles.money(2),
    }
    return tuple(
        (heading, field, formats.get(shown, shown))
        for heading, field, shown in COLUMNS
        if field != "bought_000" or whole.bought_000
    )


def _write_totals(table: _Table, row: int, by: str, bought: Sequence[Total]) -> int:
    """A table of totals, the whole plan last where each vehicle counts once; returns the row after it."""
    page, columns, heading = table.page, table.columns, GROUPED_BY[by]
    page.section(row, (0, len(columns)), f"By {heading.lower()}")
    page.headings(row + 1, 0, (heading, *(column[0] for column in columns)), texts=1)
    page.make_room(row + 1, max(lines_needed(column[0], WIDTHS[1]) for column in columns))
    for at, total in enumerate(bought, row + 2):
        look = page.styles.medium(table.shades[total.name]) if by == "medium" else page.styles.text
        page.put(at, 0, total.name, look)
        page.figures(at, 1, ((getattr(total, field), shown) for _, field, shown in columns))
    after = row + 2 + len(bought)
    if by == "groups":
        page.put(after, 0, "A vehicle counts in each of its groups.", page.styles.subtitle)
        return after + 1
    if by == "medium":
        page.put(after, 0, "Total", page.styles.total(grand=True))
        for place, (_, field, shown) in enumerate(columns, 1):
            page.number(after, place, getattr(table.whole, field), page.styles.total(shown, grand=True))
        return after + 1
    return after


def _write_months(page: Page, row: int, result: PlanResult) -> int:
    """Money and rating points by month, where there is a calendar; returns the row after."""
    months = month_rows(result)
    if not months:
        return row
    page.section(
        row, (0, len(MONTHS) - 1), "By month, as billed: fixed costs, discounts and packages shared out"
    )
    page.headings(row + 1, 0, MONTHS, texts=1)
    whole, grp, target = (sum(getattr(month, of) for month in months) for of in ("cost", "grp", "target_grp"))
    records = [*months, Month("Total", whole, grp, target)]
    for at, month in enumerate(records, row + 2):
        last = at == row + 1 + len(records)
        page.put(at, 0, month.month, page.styles.total(grand=True) if last else page.styles.text)
        share = month.cost / whole if whole > 0 else 0.0
        money = page.styles.money()
        figures = ((month.cost, money), (share, PERCENT), (month.grp, ONE), (month.target_grp, ONE))
        for place, (value, shown) in enumerate(figures, 1):
            style = page.styles.total(shown, grand=True) if last else page.styles.figure(shown)
            page.number(at, place, value, style)
    return row + 2 + len(records)
