"""The sheet Changes: what each scenario buys otherwise than the base, vehicle by vehicle, as a waterfall of reach."""

from planner.comparing.scenario_tables import change_table
from planner.comparing.sweep import Comparison
from planner.formats import count_of
from planner.workbook.page.charts import Place, Series, add_waterfall_chart
from planner.workbook.page.styles import TWO, Page

MOST, MOST_STEPS = 12, 14  # scenarios with a chart; vehicles in one, the others together
SHEET = "Changes"
_CHART_ROWS = 19
_ROWS_PRINTED = 48  # of a page
_POINTS, _ERROR = "+0.00;-0.00;–", '"±"0.00'
_COUNT = "+#,##0.##;-#,##0.##;–"

# Name, medium, insertions, points of reach, the model's error.
Step = tuple[str, str, float, float, float | None]


def write_changes(page: Page, compared: Comparison) -> None:
    """A part for each scenario: the vehicles, and the way from the base's reach to its own."""
    page.widths((30, 14, 12, 14, 12, 12, 12, 12, 12, *([11] * 8)))
    page.title(
        "What changes from the base",
        "Reach of the target audience in percentage points; the mean of two orders; beside it one standard deviation "
        "of the model's own error on the change alone. Below, Reach, More and Less are what a chart is drawn from.",
    )
    row, began, breaks = 3, 0, list[int]()
    parts = change_table(compared).by("scenario")
    for name, steps in list(parts.items())[:MOST]:
        end = _part(page, row, name, _shortened([(*step.values(),) for step in steps]), compared)
        if end - began > _ROWS_PRINTED and row > 3:
            breaks.append(row)
            began = row
        row = end
    if len(parts) > MOST:
        text = f"{len(parts) - MOST:,} further scenarios are in --json and --csv only."
        page.put(row, 0, text, page.styles.subtitle)
    page.set_up(header_row=0)
    page.sheet.set_h_pagebreaks(breaks)


def _shortened(rows: list[Step]) -> list[Step]:
    """The largest effects, falls after rises; the others in one row."""
    largest = sorted(rows, key=lambda row: -abs(row[3]))[:MOST_STEPS]
    kept = [row for row in rows if row in largest]
    rest = [row for row in rows if row not in largest]
    if rest:
        kept.append(
            (count_of(len(rest), "other"), "", sum(row[2] for row in rest), sum(row[3] for row in rest), None)
        )
    return kept


def _part(page: Page, row: int, name: str, steps: list[Step], compared: Comparison) -> int:
    """Table and chart of one scenario; returns the row after. Columns F to I hold what the chart is made of."""
    page.section(row, (0, 16), name)
    headings = ("Vehicle", "Medium", "Insertions", "Reach, points", "Model's error", "Below", "Reach", "More",
                "Less")  # fmt: skip
    page.headings(row + 1, 0, headings, texts=2)
    before = compared.reach_pct(compared.base, "target")
    first, at, level, lowest = row + 2, row + 2, before, before
    _line(page, at, ("the base", "", None, None, None), (0.0, before, 0.0, 0.0))
    for vehicle, medium, insertions, points, error in steps:
        at += 1
        _line(page, at, (vehicle, medium, insertions, points, error),
              (min(level, level + points), 0.0, max(points, 0.0), max(-points, 0.0)))  # fmt: skip
        level += points
        lowest = min(lowest, level)
    at += 1
    _line(page, at, ("this scenario", "", None, level - before, None), (0.0, level, 0.0, 0.0))
    _chart(page, (first, at), name, lowest)
    return max(at + 3, row + _CHART_ROWS + 2)


def _line(
    page: Page,
    row: int,
    said: tuple[str, str, float | None, float | None, float | None],
    parts: tuple[float, float, float, float],
) -> None:
    vehicle, medium, insertions, points, error = said
    page.put(row, 0, vehicle, page.styles.label)
    page.put(row, 1, medium, page.styles.label)
    figures = [(insertions, _COUNT), (points, _POINTS), (error or None, _ERROR)]
    page.figures(row, 2, [*figures, *((part, TWO) for part in parts)])


def _chart(page: Page, rows: tuple[int, int], name: str, lowest: float) -> None:
    """The waterfall beside the table; its axis begins below the lowest level, so that steps are seen."""
    first, last = rows

    def series(title: str, column: int) -> Series:
        return Series(title, [SHEET, first, 0, last, 0], [SHEET, first, column, last, column])

    start = float(max(0, int(0.9 * lowest)))
    place = Place(page.book, page.sheet, first - 1, 9, 660, 20 * _CHART_ROWS)
    add_waterfall_chart(
        place, series("Below", 5), series("More", 7), series("Less", 8), series("Reach", 6),
        title=f"From the base to {name}", axis=("Reach of the target (%)", start),
    )  # fmt: skip
