"""The Recap sheet: what the plan buys by medium, genre, daypart or group, and by month, as it stood when written."""

from collections.abc import Sequence

from planner.campaign.colours import colours
from planner.planning.results import PlanResult
from planner.planning.tables import GROUPED_BY, Total, added_up, plan_rows, totals
from planner.planning.week_tables import Month, month_rows
from planner.workbook.page.styles import COUNT, ONE, PERCENT, TWO, Page

HEADER_ROW, FIRST_ROW = 0, 3
HEADINGS = (
    "Vehicles",
    "Insertions",
    "Spend",
    "Share",
    "GRP",
    "CPP",
    "CPM",
    "Target GRP",
    "Target CPP",
    "Target CPM",
)
WIDTHS = (34, *([12] * len(HEADINGS)))
MONTHS = ("Month", "Spend", "Share", "GRP", "Target GRP")
SUBTITLE = (
    "As the plan stood when this file was written: after edits run  planner evaluate FILE -o NEW.xlsx . CPP and CPM "
    "are what was paid, per rating point and per thousand contacts."
)


def write_recap_sheet(page: Page, result: PlanResult) -> None:
    """Write the sheet: a table for each way to add vehicles up, one below the other."""
    page.put(0, 0, "Recap", page.styles.title)
    page.put(1, 0, SUBTITLE, page.styles.subtitle)
    page.sheet.set_row(0, 26)
    page.widths(WIDTHS)
    row = FIRST_ROW
    for by, heading in GROUPED_BY.items():
        bought = [total for total in totals(result, by) if total.vehicles]
        if bought:
            row = _write_totals(page, row, result, by, heading, bought) + 1
    _write_months(page, row, result)
    page.sheet.freeze_panes(1, 1)
    page.set_up(header_row=HEADER_ROW)


def _write_totals(
    page: Page, row: int, result: PlanResult, by: str, heading: str, bought: Sequence[Total]
) -> int:
    """A table of totals, the whole plan last where each vehicle counts once; returns the row after it."""
    page.section(row, (0, len(HEADINGS)), f"By {heading.lower()}")
    page.headings(row + 1, 0, (heading, *HEADINGS), texts=1)
    shades = colours(result.campaign)
    for at, total in enumerate(bought, row + 2):
        look = page.styles.medium(shades[total.name]) if by == "medium" else page.styles.text
        page.put(at, 0, total.name, look)
        page.figures(at, 1, zip(_figures(total), _formats(page), strict=True))
    after = row + 2 + len(bought)
    if by == "groups":
        page.put(after, 0, "A vehicle counts in each of its groups.", page.styles.subtitle)
        return after + 1
    if by == "medium":
        page.put(after, 0, "Total", page.styles.total(grand=True))
        sums = _figures(added_up("Total", plan_rows(result)))
        for place, (value, shown) in enumerate(zip(sums, _formats(page), strict=True), 1):
            page.number(after, place, value, page.styles.total(shown, grand=True))
        return after + 1
    return after


def _figures(total: Total) -> tuple[float | None, ...]:
    return (float(total.vehicles), total.insertions, total.cost, total.share, total.grp, total.cpp, total.cpm,
            total.target_grp, total.target_cpp, total.target_cpm)  # fmt: skip


def _formats(page: Page) -> tuple[str, ...]:
    money, exact = page.styles.money(), page.styles.money(2)
    counts = COUNT if page.styles.brief.whole else TWO
    return (COUNT, counts, money, PERCENT, ONE, money, exact, ONE, money, exact)


def _write_months(page: Page, row: int, result: PlanResult) -> None:
    months = month_rows(result)
    if not months:
        return
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
