"""The sheet Influence: reach paid, earned and combined, audience by audience, and its charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from planner.campaign.colours import colours
from planner.excel.notation import cell_reference
from planner.planning.audience_tables import alike
from planner.planning.influence import Influence, PlanMeasures, TalkFigures
from planner.planning.results import PlanResult
from planner.workbook.page.charts import (
    Extent,
    MoneyLook,
    Place,
    Series,
    add_comparison_chart,
    add_price_chart,
    add_talk_chart,
)
from planner.workbook.page.styles import HEAD, PERCENT, Page, money_axis_format

WIDTHS = (44, *([12] * 9))  # of the sheet
LAST = len(WIDTHS) - 1  # last column of the tables
HIDDEN = LAST + 2  # first column of the charts' figures
CHART_WIDTH, CHART_HEIGHT, GUTTER = 550, 350, 10  # pixels; two charts side by side are as wide as the tables
CHART_ROWS = 18  # of the sheet, that a chart takes
FINE = "0.00%;-0.00%;–"


@dataclass(frozen=True)
class ReachTable:
    """The table of paid, earned and combined reach: three columns for each plan."""

    page: Page
    influence: Influence
    row: int

    @property
    def plans(self) -> tuple[tuple[str, PlanMeasures], ...]:
        influence = self.influence
        plain = ("Cheapest impressions", influence.impressions)
        if not influence.compared:
            return ("This plan", influence.tailored), plain
        return ("Tailored plan", influence.tailored), ("Ordinary plan", influence.ordinary), plain

    @property
    def first(self) -> int:
        """The row of the first audience."""
        return self.row + 3

    def write(self) -> int:
        """Write it; returns the row after."""
        page, audiences = self.page, self.influence.tailored.audiences
        page.section(self.row, (0, LAST), "Reach: paid by the plan, earned by word of mouth, combined")
        page.put(self.row + 1, 0, "", page.styles.heading(number=False))
        for place, (name, _) in enumerate(self.plans):
            style = page.styles.get(
                bold=True, font_color="#FFFFFF", bg_color=HEAD, align="center", left=1, left_color="#FFFFFF"
            )
            page.sheet.merge_range(self.row + 1, 1 + 3 * place, self.row + 1, 3 + 3 * place, name, style)
        headings = ("Audience", *(("Paid", "Earned", "Combined") * len(self.plans)))
        page.headings(self.row + 2, 0, headings, texts=1)
        for at, figures in enumerate(audiences, self.first):
            page.put(at, 0, figures.name, page.styles.text)
            for place, (_, plan) in enumerate(self.plans):
                other = plan.audience(figures.name)
                shares = (None,) * 3 if other is None else (other.paid, other.earned, other.combined)
                page.figures(at, 1 + 3 * place, zip(shares, (PERCENT, FINE, PERCENT), strict=True))
        return self.first + len(audiences)

    def write_chart_cells(self) -> tuple[Series, ...]:
        """The charts' figures in hidden columns, formulas on the table: paid, added by word of mouth, combined, and
        tailored less ordinary in points. Audiences whose figures an earlier one has are left out."""
        page, plain = (
            self.page,
            self.influence.ordinary if self.influence.compared else self.influence.tailored,
        )
        names = ("Paid by the plan", "Added by word of mouth", "Combined", "Tailored less ordinary")
        page.headings(self.row + 2, HIDDEN, ("Of the charts: audience", *names), texts=1)
        page.sheet.set_column(HIDDEN, HIDDEN + len(names), 12, None, {"hidden": True})
        rows = [
            (row, figures, figures if (other := plain.audience(figures.name)) is None else other)
            for row, figures in enumerate(self.influence.tailored.audiences, self.first)
        ]
        drawn = [same[0] for same in alike(rows, lambda row: (row[1].paid, row[1].combined, row[2].paid))]
        for at, found in enumerate(drawn, self.first):
            for column, (formula, value) in enumerate(_chart_cells(*found), HIDDEN):
                look = page.styles.text if column == HIDDEN else page.styles.figure(FINE)
                page.formula(at, column, f"={formula}", style=look, value=value)
        sheet, last = page.sheet.get_name(), self.first + len(drawn) - 1
        return tuple(
            Series(name, [sheet, self.first, HIDDEN, last, HIDDEN], [sheet, self.first, column, last, column])
            for column, name in enumerate(names, HIDDEN + 1)
        )


def _chart_cells(
    row: int, figures: TalkFigures, ordinary: TalkFigures
) -> tuple[tuple[str, float | str], ...]:
    """Formulas on the table's row with their values: the audience, paid, added, combined, and paid less what the
    ordinary plan pays for, in points. ordinary: the same figures where there is none, or not this audience."""
    paid, combined, other = (cell_reference(row, column) for column in (1, 3, 4))
    return (
        (cell_reference(row, 0), figures.name), (paid, figures.paid),
        (f"{combined}-{paid}", figures.combined - figures.paid), (combined, figures.combined),
        ("0", 0.0) if ordinary is figures else (f"100*({paid}-{other})", 100 * (figures.paid - ordinary.paid)),
    )  # fmt: skip


def write_charts(
    page: Page, row: int, result: PlanResult, reach: ReachTable, points: Sequence[Series]
) -> int:
    """The charts from a row on, two side by side; returns the row after them. points: of price against index, a series
    for each medium."""
    influence = reach.influence
    figures = list(chain.from_iterable(plan.audiences for _, plan in reach.plans))
    places = [_place(page, row, number) for number in range(3)]
    free = iter(places)
    if figures:
        extent = Extent(max(found.combined for found in figures), max(len(found.name) for found in figures))
        paid, added, combined, points_gained = reach.write_chart_cells()
        add_talk_chart(next(free), (paid, added), combined, extent)
        if influence.compared and not _same_reach(influence):
            add_comparison_chart(next(free), points_gained)
    if points and influence.tailored.audience("influencers") is not None:
        currency, shades = result.campaign.brief.currency, colours(result.campaign)
        look = MoneyLook(currency, page.styles.money(2), money_axis_format(currency))
        add_price_chart(next(free), points, [shades[str(found.name)] for found in points], look)
    drawn = len(places) - len(list(free))
    return row + CHART_ROWS * -(-drawn // 2)


def _same_reach(influence: Influence) -> bool:
    """Whether a chart of differences would be empty."""
    pairs = ((found.paid, influence.ordinary.audience(found.name)) for found in influence.tailored.audiences)
    return all(other is None or abs(paid - other.paid) < 5e-6 for paid, other in pairs)


def _place(page: Page, row: int, number: int) -> Place:
    """Where a chart stands, counted from 0: two in a line."""
    below, right = divmod(number, 2)
    return Place(
        page.book, page.sheet, row + below * CHART_ROWS, 0, CHART_WIDTH, CHART_HEIGHT,
        offset=right * (CHART_WIDTH + GUTTER), down=4,
    )  # fmt: skip
