"""The stability workbook: which vehicles stay, how plans stand, the tornado, regret, the best on average, draws."""

from functools import partial
from pathlib import Path

from planner.comparing.stability import Stability
from planner.comparing.stability_tables import sentences, stability_tables, warnings
from planner.report.assumed import assumed
from planner.table import Table
from planner.workbook.page.book import write_book
from planner.workbook.page.charts import Place, Series, add_swing_chart
from planner.workbook.page.files import Target
from planner.workbook.page.styles import Page, Styles
from planner.workbook.page.table_part import Draw, cells_of, table_sheet, write_notes

_TITLE = "How stable the plan is"
CHART, CHART_ROWS = (760, 280), 15
_HEAT = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#E8A33D"}
_BAR = {"type": "data_bar", "bar_color": "#CFE3E0", "bar_solid": True, "min_type": "num", "min_value": 0,
        "max_type": "num", "max_value": 1}  # fmt: skip
SHEETS = {
    "vehicles": "Vehicles that stay",
    "plans": "Plans",
    "assumptions": "Assumptions",
    "regret": "Regret",
    "average": "Best on average",
    "draws": "Draws",
}


def write_stability(found: Stability, path: Path | Target) -> None:
    """Write the workbook; raises OutputError when it cannot stand where it was asked for."""
    write_book(path, found.campaign.brief, partial(_fill, found), title=_TITLE)


def _fill(found: Stability, styles: Styles) -> None:
    summary = styles.page("Stability")
    summary.widths([13] * 10)
    summary.title(_TITLE, found.campaign.brief.campaign)
    told = [
        f"{found.doubt.draws} draws of each doubt, seed {found.doubt.seed}.",
        *sentences(found),
        *assumed(found.campaign),
        *found.untold,
    ]
    row = write_notes(summary, 3, told, (0, 9))
    write_notes(summary, row, warnings(found), (0, 9))
    summary.set_up(header_row=0, frozen=None)
    for table in (each.filled for each in stability_tables(found)):
        page, campaign = styles.page(SHEETS[table.key]), found.campaign.brief.campaign
        _shade(page, table, table_sheet(page, table, campaign, _CHARTS.get(table.key), CHART_ROWS))


def _shade(page: Page, table: Table, top: int) -> None:
    """Regret and shares of draws by colour and bars, so that what stands out is seen."""
    last = top + 1 + len(table.rows)
    for place, column in enumerate(table.columns):
        if not table.rows or column.kind != "share":
            continue
        if table.key == "regret":
            page.sheet.conditional_format(top + 2, place, last, place, _HEAT)
        elif table.key == "vehicles":
            page.sheet.conditional_format(top + 2, place, last, place, _BAR)


def _draw_swings(page: Page, table: Table, corner: tuple[int, int], top: int) -> None:
    names = cells_of(page, table, top, "assumption")
    low = Series("at its low", names, cells_of(page, table, top, "worth_low"))
    high = Series("at its high", names, cells_of(page, table, top, "worth_high"))
    add_swing_chart(Place(page.book, page.sheet, *corner, *CHART), low, high)


_CHARTS: dict[str, Draw] = {"assumptions": _draw_swings}
