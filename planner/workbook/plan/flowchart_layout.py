"""What stands where on the Flowchart, as data; rows and columns count from 0.

Each medium is a band row (its subtotals) with its bought vehicles below. The totals by week follow, then a
chart, then the vehicles that are not bought. A vehicle's row has its medium in column B and no other row has
anything there: that is how the formulas tell vehicles from bands, wherever a planner sorts them to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from planner.excel.notation import cell_reference, column_letters
from planner.formats import NOT_QUOTED, month_of
from planner.planning.results import PlanResult, WeekFigures
from planner.planning.tables import PlanRow, medium_totals, plan_rows, tidy
from planner.planning.week_tables import money_by_week
from planner.workbook.schema.plan_sheets import FLOWCHART, PLAN

FACTS_ROW, MONTH_ROW, HEADER_ROW, FIRST_ROW = 4, 5, 6, 7
FIRST_WEEK = 5
LEFT = ("Vehicle", "Medium", "Unit", "Cost per insertion", "Rating %")
RIGHT = ("Insertions", "Cost", "GRP", "Share of spend")
TOTAL = "Total insertions"
FOOTERS = (
    "Cost", "GRP", "GRP, cumulative", "GRP, share of all", "GRP, share asked for", "Reach of the week",
    "Reach, cumulative",
)  # fmt: skip
COST, GRP, SUMMED, SHARE, ASKED, REACH, REACH_SUM = range(1, 8)  # their rows below the total
EDITED_CELL = cell_reference(FACTS_ROW, FIRST_WEEK, row_fixed=True, column_fixed=True)  # says so, once edited
COUNTED = "Counted in insertions"  # a hidden column
# Hidden columns of a campaign with fixed costs, discounts or packages: what its weeks are billed from.
BILLING = (
    "Cost before fixed costs and discounts", "Billed, as a share of it", "Billed an insertion without a price",
    "Insertions moved since calculated",
)  # fmt: skip
EVALUATE = "run planner evaluate"  # instead of money that only the calculation knows


@dataclass(frozen=True)
class FlowRow:
    """A vehicle: insertions and money of one insertion per week (None: no price), money billed per week. at: its row
    on the sheet."""

    plan: PlanRow
    at: int
    insertions: tuple[float, ...]
    prices: tuple[float | None, ...]
    cost_by_week: tuple[float, ...]

    @property
    def cost(self) -> float | str:
        """Money of all weeks, as on Plan, or a word where insertions stand against a price nobody quoted."""
        return NOT_QUOTED if self.plan.cost is None else self.plan.cost

    @property
    def billing(self) -> tuple[float, float, float, float]:
        """The figures of BILLING."""
        listed, cost, count = self.plan.listed_cost, self.plan.cost or 0.0, self.plan.insertions
        flat = cost / count if count > 0 and not listed > 0 else 0.0
        return listed, cost / listed if listed > 0 else 0.0, flat, 0.0


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
    """The whole sheet. by_week: prices differ by week, so that they stand in columns of their own. extra: vehicles cost
    more or less than their insertions, by fixed costs, discounts or packages: Plan knows what, and weeks are billed
    their share of it.
    """

    weeks: WeekFigures
    bands: tuple[Band, ...]
    idle: tuple[FlowRow, ...]
    by_week: bool
    extra: bool

    @property
    def n_weeks(self) -> int:
        return len(self.weeks.labels)

    @cached_property
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

    def billing_column(self, place: int) -> int:
        """One of the columns of BILLING, from 0."""
        return self.first_price + (self.n_weeks if self.by_week else 0) + place

    @property
    def counted_column(self) -> int | None:
        """A hidden column, 1 for vehicles that are counted in insertions and 0 for what is bought by the thousand; None
        where nothing is."""
        if not any(row.plan.by_thousand for row in self.rows):
            return None
        return self.billing_column(len(BILLING) if self.extra else 0)

    @property
    def last_hidden(self) -> int:
        """The last of the hidden columns; last_column where there are none."""
        count = (self.n_weeks if self.by_week else 0) + (len(BILLING) if self.extra else 0)
        count += self.counted_column is not None
        return self.first_price + count - 1 if count else self.last_column

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

    @cached_property
    def costs(self) -> tuple[float, ...]:
        """Money per week."""
        return tuple(sum(row.cost_by_week[week] for row in self.rows) for week in range(self.n_weeks))


def flow_layout(result: PlanResult) -> FlowLayout | None:
    """Where everything stands; None where the plan has no calendar."""
    weeks = result.weeks
    if weeks is None:
        return None
    rows = plan_rows(result)
    bands: list[Band] = []
    at = FIRST_ROW
    for total in medium_totals(result):
        own = _flow_rows(result, [row for row in rows if row.bought and row.medium == total.name], at + 1)
        if own:
            bands.append(Band(total.name, at, own))
            at += len(own) + 1
    idle_at = at + len(FOOTERS) + 3
    idle = _flow_rows(result, [row for row in rows if not row.bought], idle_at)
    return FlowLayout(weeks, tuple(bands), idle, _differ(result, weeks), bool(result.vehicles.extra))


def _flow_rows(result: PlanResult, rows: Sequence[PlanRow], first: int) -> tuple[FlowRow, ...]:
    """Vehicles one below the other, from a row on."""
    places = {vehicle.name: place for place, vehicle in enumerate(result.campaign.vehicles)}
    return tuple(_flow_row(result, row, at, places) for at, row in enumerate(rows, first))


def _flow_row(result: PlanResult, row: PlanRow, at: int, places: dict[str, int]) -> FlowRow:
    """places: of the vehicles in the campaign."""
    weeks = result.weeks
    assert weeks is not None
    place = places[row.vehicle]
    prices = tuple(None if math.isnan(price) else price for price in weeks.unit_cost[place].tolist())
    money = tuple(money_by_week(result)[place].tolist())
    return FlowRow(row, at, tuple(tidy(x) for x in weeks.insertions[place].tolist()), prices, money)


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


def grps_by_week(layout: FlowLayout) -> tuple[float, ...]:
    """Rating points per week."""
    return tuple(
        sum(row.insertions[week] * row.plan.rating for row in layout.rows) for week in range(layout.n_weeks)
    )


def insertions_by_week(layout: FlowLayout, rows: Sequence[FlowRow]) -> tuple[float, ...]:
    """Insertions of some rows per week, without what is bought by the thousand."""
    counted = [row for row in rows if not row.plan.by_thousand]
    return tuple(sum(row.insertions[week] for row in counted) for week in range(layout.n_weeks))


# --- its formulas, and those by which the Plan sheet looks up what stands on it ---------------------


def total(layout: FlowLayout, column: int, *times: int) -> str:
    """The sum of a column over all vehicles, or of its products with other columns."""
    parts = []
    for first, last in layout.blocks:
        factors = [f'--({_cells(1, first, last)}<>"")', _cells(column, first, last, fixed=False)]
        factors += [_cells(other, first, last) for other in times]
        parts.append(f"SUMPRODUCT({','.join(factors)})")
    return "=" + "+".join(parts)


def total_insertions(layout: FlowLayout, column: int) -> str:
    """The sum of a column of insertions over all vehicles that are counted in them."""
    counted = layout.counted_column
    return total(layout, column) if counted is None else total(layout, column, counted)


def total_cost(layout: FlowLayout) -> str:
    """The plan's money, or that only the calculation knows it."""
    column = layout.right("Cost")
    asked = "+".join(f'COUNTIF({_cells(column, *block)},"{EVALUATE}")' for block in layout.blocks)
    summed = total(layout, column)
    return f'=IF({asked}>0,"{EVALUATE}",{summed[1:]})' if layout.extra else summed


def week_cost(layout: FlowLayout, week: int) -> str:
    """Money billed in a week: its insertions at their price, with their share of what comes beside."""
    column, price = FIRST_WEEK + week, layout.price_column(week)
    if not layout.extra:
        return total(layout, column, price)
    shared, flat = (layout.billing_column(place) for place in (1, 2))
    return f"{total(layout, column, price, shared)}+{total(layout, column, flat)[1:]}"


def subtotal(layout: FlowLayout, band: Band, column: int) -> str:
    """The sum of a column over a medium, with what a planner adds among the vehicles not bought."""
    own = _cells(column, band.first, band.last, fixed=False)
    asked = f'COUNTIF({own},"{EVALUATE}")'
    counted = layout.counted_column if column <= layout.right("Insertions") else None
    summed = (
        f"SUM({own})" if counted is None else f"SUMPRODUCT({own},{_cells(counted, band.first, band.last)})"
    )
    if layout.idle:
        first, last = layout.idle[0].at, layout.idle[-1].at
        here = f"--({_cells(1, first, last)}={cell_reference(band.first, 1, column_fixed=True)})"
        cells = _cells(column, first, last, fixed=False)
        taken = "" if counted is None else f",{_cells(counted, first, last)}"
        summed += f"+SUMPRODUCT({here},{cells}{taken})"
        asked += f'+SUMPRODUCT({here},--({cells}="{EVALUATE}"))'
    if layout.extra and column == layout.right("Cost"):
        return f'=IF({asked}>0,"{EVALUATE}",{summed})'
    return f"={summed}"


def row_cells(at: int, first: int, last: int) -> str:
    """Cells side by side in a row."""
    return f"{cell_reference(at, first)}:{cell_reference(at, last)}"


def vehicle_cost(layout: FlowLayout, at: int, cost_cells: str, name_cells: str) -> str:
    """The money of a vehicle's row: as Plan has it, where more than its insertions count.
    cost_cells, name_cells: of all vehicles on Plan."""
    if not layout.extra:
        return listed_cost(layout, at, f'IF({_count(layout, at)}>0,"{NOT_QUOTED}",0)')
    names, own = f"{PLAN.name}!{name_cells}", cell_reference(at, 0, column_fixed=True)
    first = int(name_cells.partition(":")[0].rpartition("$")[2])
    # Not MATCH: it would read a vehicle called "TV*" as a pattern.
    return f"=INDEX({PLAN.name}!{cost_cells},SUMPRODUCT(--({names}={own}),ROW({names})-{first - 1}))"


def _count(layout: FlowLayout, at: int) -> str:
    return cell_reference(at, layout.right("Insertions"))


def billing_formulas(layout: FlowLayout, row: FlowRow) -> tuple[str, str, str, str]:
    """The formulas of BILLING in a vehicle's row."""
    at, calculated = row.at, ",".join(f"{count!r}" for count in row.insertions)
    cost, count = cell_reference(at, layout.right("Cost")), _count(layout, at)
    listed = cell_reference(at, layout.billing_column(0))
    return (
        listed_cost(layout, at, "0"),
        f"=IF({listed}>0,IF(ISNUMBER({cost}),{cost}/{listed},1),0)",
        f"=IF(AND(ISNUMBER({cost}),{listed}=0,{count}>0),{cost}/{count},0)",
        f"=IFERROR(SUMPRODUCT(ABS({row_cells(at, FIRST_WEEK, layout.last_week)}-{{{calculated}}})),1)",
    )


def listed_cost(layout: FlowLayout, at: int, unpriced: str) -> str:
    """Insertions at their price; `unpriced` where there is none."""
    price = cell_reference(at, LEFT.index("Cost per insertion"))
    paid = f"{_count(layout, at)}*{price}"
    if layout.by_week:
        weeks = row_cells(at, FIRST_WEEK, layout.last_week)
        prices = row_cells(at, layout.first_price, layout.first_price + layout.n_weeks - 1)
        paid = f"SUMPRODUCT({weeks},{prices})"
    return f"=IF(ISNUMBER({price}),{paid},{unpriced})"


def looked_up(layout: FlowLayout, what: str, sheet_row: int) -> str:
    """From another sheet with vehicle and medium in A and B: the vehicle's insertions, its money before what comes
    beside ("listed"), or its insertions that stand in other weeks than calculated ("moved"), however rows are
    sorted. Between the blocks stand sums of Plan: a formula of Plan that read those would read itself."""
    wanted = {
        "insertions": layout.right("Insertions"),
        "listed": layout.billing_column(0) if layout.extra else layout.right("Cost"),
        "moved": layout.billing_column(3),
    }[what]
    found = []
    for first, last in layout.blocks or ((FIRST_ROW, layout.last_row),):
        names, media, cells = (f"{FLOWCHART.name}!{_cells(column, first, last)}" for column in (0, 1, wanted))
        found.append(f"SUMPRODUCT(--({names}=$A{sheet_row + 1}),--({media}=$B{sheet_row + 1}),{cells})")
    return f"({'+'.join(found)})" if len(found) > 1 else found[0]


def _cells(column: int, first: int, last: int, *, fixed: bool = True) -> str:
    name = f"{'$' if fixed else ''}{column_letters(column + 1)}"
    return f"{name}${first + 1}:{name}${last + 1}"
