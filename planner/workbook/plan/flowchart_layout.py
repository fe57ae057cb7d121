"""What stands where on the Flowchart, as data, and its formulas; rows and columns count from 0.

Each medium is a band row (its subtotals) with its bought vehicles below. The totals by week follow, then a
chart, then the vehicles that are not bought. A vehicle's row has its medium in column B and no other row has
anything there: that is how the formulas tell vehicles from bands, wherever a planner sorts them to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from planner.planning.results import PlanResult, WeekFigures
from planner.planning.tables import PlanRow, medium_totals, plan_rows
from planner.workbook.campaign.week_columns import month_of
from planner.workbook.schema.sheets import FLOWCHART

FACTS_ROW, MONTH_ROW, HEADER_ROW, FIRST_ROW = 4, 5, 6, 7
FIRST_WEEK = 5
LEFT = ("Vehicle", "Medium", "Unit", "Cost per insertion", "Rating %")
RIGHT = ("Insertions", "Cost", "GRP", "Share of spend")
TOTAL = "Total insertions"
FOOTERS = (
    "Cost", "GRP", "GRP, cumulative", "GRP, share of all", "GRP, share asked for", "Reach of the week",
    "Reach, cumulative", "Not by week: fixed costs, discounts, packages",
)  # fmt: skip
COST, GRP, SUMMED, SHARE, ASKED, REACH, REACH_SUM, OUTSIDE = range(1, 9)  # their rows below the total
EDITED_CELL = xl_rowcol_to_cell(FACTS_ROW, FIRST_WEEK, row_abs=True, col_abs=True)  # says so, once edited
CHART_ROWS = 17
UNPRICED = "not quoted"


@dataclass(frozen=True)
class FlowRow:
    """A vehicle: insertions and money of one insertion per week (None: no price). at: its row on the sheet."""

    plan: PlanRow
    at: int
    insertions: tuple[float, ...]
    prices: tuple[float | None, ...]

    @property
    def cost_by_week(self) -> tuple[float, ...]:
        """Money per week; nothing where there is no price."""
        return tuple(x * (price or 0.0) for x, price in zip(self.insertions, self.prices, strict=True))

    @property
    def cost(self) -> float | str:
        """Money of all weeks, or a word where insertions stand against a price nobody quoted."""
        if self.plan.unit_price is None:
            return UNPRICED if self.plan.bought else 0.0
        return sum(self.cost_by_week)


@dataclass(frozen=True)
class Band:
    """A medium with what is bought in it: its row, and those of its vehicles below."""

    medium: str
    at: int
    rows: tuple[FlowRow, ...]

    @property
    def first(self) -> int:
        """The row of its first vehicle."""
        return self.at + 1

    @property
    def last(self) -> int:
        """The row of its last vehicle."""
        return self.at + len(self.rows)


@dataclass(frozen=True, eq=False)
class FlowLayout:
    """The whole sheet. by_week: prices differ by week, so that they stand in columns of their own.

    outside: money of the plan that no week has (fixed costs, discounts, packages), None where there is nothing of
    the kind.
    """

    weeks: WeekFigures
    bands: tuple[Band, ...]
    idle: tuple[FlowRow, ...]
    by_week: bool
    outside: float | None

    @property
    def n_weeks(self) -> int:
        return len(self.weeks.labels)

    @property
    def rows(self) -> tuple[FlowRow, ...]:
        """Every vehicle, the bought ones first."""
        return (*(row for band in self.bands for row in band.rows), *self.idle)

    @property
    def last_week(self) -> int:
        return FIRST_WEEK + self.n_weeks - 1

    def right(self, heading: str) -> int:
        """The column of a total on the right."""
        return self.last_week + 1 + RIGHT.index(heading)

    @property
    def last_column(self) -> int:
        return self.right(RIGHT[-1])

    @property
    def first_price(self) -> int:
        """The first of the columns with prices by week, one blank column away."""
        return self.last_column + 2

    def price_column(self, week: int) -> int:
        """Where the price of an insertion in a week stands."""
        return self.first_price + week if self.by_week else LEFT.index("Cost per insertion")

    @property
    def total_row(self) -> int:
        """The first row below the bands."""
        return self.bands[-1].last + 1 if self.bands else FIRST_ROW

    def footer(self, place: int) -> int:
        """One of the rows below the totals, from 1."""
        return self.total_row + place

    @property
    def last_row(self) -> int:
        return self.idle[-1].at if self.idle else self.total_row

    @property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        """First and last row of each block that holds vehicles."""
        bought = ((FIRST_ROW, self.bands[-1].last),) if self.bands else ()
        return (*bought, *(((self.idle[0].at, self.idle[-1].at),) if self.idle else ()))

    # --- formulas -----------------------------------------------------------------------------------

    def total(self, column: int, times: int | None = None, *, fixed: bool = False) -> str:
        """The sum of a column over all vehicles, or of its products with another column.

        fixed: the column does not move when the formula is copied to the right.
        """
        parts = []
        for first, last in self.blocks:
            factors = [f'--({_cells(1, first, last)}<>"")', _cells(column, first, last, fixed=fixed)]
            factors += [] if times is None else [_cells(times, first, last)]
            parts.append(f"SUMPRODUCT({','.join(factors)})")
        return "=" + "+".join(parts)

    def subtotal(self, band: Band, column: int) -> str:
        """The sum of a column over a medium, with what a planner adds among the vehicles not bought."""
        formula = f"=SUM({_cells(column, band.first, band.last, fixed=False)})"
        if not self.idle:
            return formula
        first, last = self.idle[0].at, self.idle[-1].at
        medium = xl_rowcol_to_cell(band.first, 1, col_abs=True)
        return (
            f"{formula}+SUMPRODUCT(--({_cells(1, first, last)}={medium}),"
            f"{_cells(column, first, last, fixed=False)})"
        )

    def row_cells(self, at: int, first: int, last: int) -> str:
        """Cells side by side in a row."""
        return f"{xl_rowcol_to_cell(at, first)}:{xl_rowcol_to_cell(at, last)}"

    def vehicle_cost(self, at: int) -> str:
        """The money of a vehicle's row."""
        price = xl_rowcol_to_cell(at, LEFT.index("Cost per insertion"))
        count = xl_rowcol_to_cell(at, self.right("Insertions"))
        paid = f"{count}*{price}"
        if self.by_week:
            weeks = self.row_cells(at, FIRST_WEEK, self.last_week)
            prices = self.row_cells(at, self.first_price, self.first_price + self.n_weeks - 1)
            paid = f"SUMPRODUCT({weeks},{prices})"
        return f'=IF(ISNUMBER({price}),{paid},IF({count}>0,"{UNPRICED}",0))'

    def looked_up(self, what: str | int, sheet_row: int) -> str:
        """From another sheet with vehicle and medium in A and B: the vehicle's total here under a heading, or its
        insertions in a week, however rows are sorted."""
        wanted = self.right(what) if isinstance(what, str) else FIRST_WEEK + what
        # Between the blocks stand sums, some of them of Plan: a formula of Plan that read those would read itself.
        blocks = self.blocks if isinstance(what, str) and self.blocks else ((FIRST_ROW, self.last_row),)
        found = []
        for first, last in blocks:
            names, media, cells = (
                f"{FLOWCHART.name}!{_cells(column, first, last)}" for column in (0, 1, wanted)
            )
            found.append(f"SUMPRODUCT(--({names}=$A{sheet_row + 1}),--({media}=$B{sheet_row + 1}),{cells})")
        return f"({'+'.join(found)})" if len(found) > 1 else found[0]

    # --- values ---------------------------------------------------------------------------------------

    def sums(self, rows: Sequence[FlowRow]) -> tuple[float, ...]:
        """Insertions per week."""
        return tuple(sum(row.insertions[week] for row in rows) for week in range(self.n_weeks))

    @property
    def costs(self) -> tuple[float, ...]:
        """Money per week."""
        return tuple(sum(row.cost_by_week[week] for row in self.rows) for week in range(self.n_weeks))

    @property
    def grps(self) -> tuple[float, ...]:
        """Rating points per week."""
        return tuple(
            sum(row.insertions[week] * row.plan.rating for row in self.rows) for week in range(self.n_weeks)
        )


def _cells(column: int, first: int, last: int, *, fixed: bool = True) -> str:
    name = f"{'$' if fixed else ''}{xl_col_to_name(column)}"
    return f"{name}${first + 1}:{name}${last + 1}"


def flow_layout(result: PlanResult) -> FlowLayout | None:
    """Where everything stands; None where the plan has no calendar."""
    weeks = result.weeks
    if weeks is None:
        return None
    rows = plan_rows(result)
    places = {vehicle.name: place for place, vehicle in enumerate(result.campaign.vehicles)}
    bands: list[Band] = []
    at = FIRST_ROW
    for total in medium_totals(result):
        own = [row for row in rows if row.bought and row.medium == total.medium]
        if own:
            inside = tuple(_flow_row(row, at + n, places, weeks) for n, row in enumerate(own, 1))
            bands.append(Band(total.medium, at, inside))
            at += len(own) + 1
    idle_at = at + len(FOOTERS) + CHART_ROWS + 5
    idle = [row for row in rows if not row.bought]
    flow = tuple(_flow_row(row, idle_at + n, places, weeks) for n, row in enumerate(idle))
    outside = sum(row.extra_cost for row in rows) if result.vehicles.extra else None
    return FlowLayout(weeks, tuple(bands), flow, _differ(result, weeks), outside)


def _flow_row(row: PlanRow, at: int, places: dict[str, int], weeks: WeekFigures) -> FlowRow:
    place = places[row.vehicle]
    prices = tuple(None if math.isnan(price) else price for price in weeks.unit_cost[place].tolist())
    return FlowRow(row, at, tuple(_whole(x) for x in weeks.insertions[place].tolist()), prices)


def _whole(count: float) -> float:
    """A solver's 1.9999999 as 2."""
    return float(round(count)) if abs(count - round(count)) < 1e-6 else count


def _differ(result: PlanResult, weeks: WeekFigures) -> bool:
    """Whether the price of any vehicle in any week is not its price as such."""
    pairs = zip(result.vehicles.net_cost.tolist(), weeks.unit_cost.tolist(), strict=True)
    return any(
        not math.isnan(price) and any(abs(own - price) > 1e-9 * max(1.0, price) for own in by_week)
        for price, by_week in pairs
    )


def months(mondays: Sequence[date | None]) -> list[tuple[str, int, int]]:
    """The months above the weeks: name, first and last week (from 0); none without dates.

    >>> months([date(2027, 3, 22), date(2027, 3, 29), date(2027, 4, 5)])
    [('March 2027', 0, 1), ('April 2027', 2, 2)]
    """
    found: list[tuple[str, int, int]] = []
    for week, monday in enumerate(mondays):
        if monday is None:
            return []
        name = month_of(monday)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], week)
        else:
            found.append((name, week, week))
    return found
