"""The formulas of the Flowchart, and those by which the Plan sheet looks up what stands on it."""

from planner.excel.notation import cell_reference, column_letters
from planner.formats import NOT_QUOTED
from planner.workbook.plan.flowchart_layout import (
    EVALUATE,
    FIRST_ROW,
    FIRST_WEEK,
    LEFT,
    Band,
    FlowLayout,
    FlowRow,
)
from planner.workbook.schema.plan_sheets import FLOWCHART, PLAN


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
