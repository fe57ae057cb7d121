"""What the parts of the Flowchart share: the sheet being written, its number formats, rows of figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.campaign.inputs import Brief
from planner.excel.notation import cell_reference
from planner.workbook.page.styles import PERCENT, RULE, Page
from planner.workbook.plan.flowchart_layout import FIRST_WEEK, RIGHT, FlowLayout

MANY_WEEKS = 14  # from here on columns are narrow and paper is large
PLAIN_MONEY = "#,##0;-#,##0;–"
SHORT_MONEY = '[>=999500]0.0,,"m";[>0]0,"k";–'
FOOT: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
Look = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """What the parts of the sheet share. count: number format of insertions; shades: colours of the media.
    cost_cells, name_cells: of all vehicles on Plan."""

    page: Page
    layout: FlowLayout
    brief: Brief
    count: str
    shades: dict[str, str]
    cost_cells: str = ""
    name_cells: str = ""

    @property
    def narrow(self) -> bool:
        return self.layout.n_weeks >= MANY_WEEKS

    @property
    def weeks(self) -> range:
        """The columns of the weeks."""
        return range(FIRST_WEEK, self.layout.last_week + 1)

    @property
    def week_width(self) -> float:
        """How wide a week is, in characters."""
        return 5.3 if self.narrow else 7.5 if self.layout.n_weeks > 8 else 9

    @property
    def money_by_week(self) -> str:
        """Money in a week's column: in thousands and millions where there is no room."""
        return (
            SHORT_MONEY
            if max(self.layout.costs, default=0) >= (10_000 if self.narrow else 1e6)
            else PLAIN_MONEY
        )

    @property
    def points(self) -> str:
        """Rating points in a week's column."""
        return "[>=99.95]0;[>0]0.0;–"


def write_right(chart: Chart, at: int, sums: Sequence[tuple[str, float | str]], look: Look) -> None:
    """The totals on the right of a row: insertions, cost, GRP as given, and the share of spend."""
    page, layout = chart.page, chart.layout
    cost, whole = sums[1][1], sum(layout.costs)
    own = cell_reference(at, layout.right("Cost"))
    total = cell_reference(layout.total_row, layout.right("Cost"), row_fixed=True, column_fixed=True)
    share = cost / whole if isinstance(cost, float | int) and whole > 0 else 0.0
    formula = f"=IF(ISNUMBER({own}),IF({total}>0,{own}/{total},0),0)"
    shown = (chart.count.rstrip(";") + ";–", page.styles.money(), "#,##0.0;-#,##0.0;–", PERCENT)
    for heading, (text, value), number_format in zip(RIGHT, [*sums, (formula, share)], shown, strict=True):
        style = page.styles.get(num_format=number_format, align="right", **look)
        page.formula(at, layout.right(heading), text, style=style, value=value)


def write_label(chart: Chart, at: int, text: str, look: Look) -> None:
    page = chart.page
    for column in range(chart.layout.last_column + 1):
        page.sheet.write_blank(at, column, None, page.styles.get(**look))
    page.put(at, 0, text, page.styles.get(**look))


def write_weeks(
    chart: Chart, at: int, number_format: str, look: Look, cells: Iterable[tuple[str, float]]
) -> None:
    """A figure for each week, as a formula where there is one; small where there is little room."""
    page = chart.page
    small = {"font_size": 8, "shrink": True} if chart.narrow else {}
    style = page.styles.get(**{**look, **small, "num_format": number_format, "align": "center"})
    for column, (formula, value) in zip(chart.weeks, cells, strict=True):
        if formula:
            page.formula(at, column, formula, style=style, value=value)
        else:
            page.number(at, column, value, style)
