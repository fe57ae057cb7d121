"""The columns of the Plan sheet and the formulas in them, as data, and where the rows stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from planner.campaign.inputs import Brief
from planner.formats import is_whole, price_decimals
from planner.planning.tables import PlanRow
from planner.workbook.page.styles import COUNT, INDEX, ONE, PERCENT, TWO, money_format
from planner.workbook.plan.flowchart_layout import EDITED_CELL, FlowLayout
from planner.workbook.schema.sheets import FLOWCHART, PLAN

SUMMARY_ROW, HEADER_ROW, FIRST_ROW = 3, 5, 6
NOT_QUOTED = "not quoted"

Value = float | str | None


@dataclass(frozen=True)
class Column:
    """A column of the Plan sheet.

    number_format: "" = text. value: what a vehicle has in it. formula: of a vehicle's row, with {X} for
    the cell of column X in the same row and {total_X} for the grand total of column X; "" = a constant.
    total: SUM adds the vehicles up; otherwise a formula like `formula`, over the totals row.
    """

    letter: str
    heading: str
    width: float
    number_format: str
    value: Callable[[PlanRow], Value]
    formula: str | Callable[[PlanRow], str] = ""
    total: str = ""

    def formula_for(self, row: PlanRow) -> str:
        """The formula of a vehicle's row."""
        return self.formula if isinstance(self.formula, str) else self.formula(row)


SUM = "sum"
EXTRA = "Fixed costs, discounts, packages (in Cost)"
GROUP, BEFORE = "Discount together with", "Cost before fixed costs and discounts"
PACKAGED, CHANGED = "Packages", "Changed since calculated"
LONGEST_FLIGHT = 53  # weeks that a formula of 8,192 characters can look at one by one
EVALUATE = "run planner evaluate"  # instead of money that only the calculation knows
FROM_FLOWCHART = PLAN.column("insertions").aliases[-1]


def plan_columns(
    brief: Brief, rows: Sequence[PlanRow], flow: FlowLayout | None = None, every: bool = False
) -> tuple[Column, ...]:
    """The columns from A on, their number formats suited to the rows.

    flow: the Flowchart, where there is one: insertions, and cost where prices differ by week, are sums of it.
    every: also those that only some plans have.
    """
    counted = "={flow_Insertions}" if flow else ""
    cost = "{flow_Cost}" if flow and flow.by_week else "{F}*{G}"
    heading = FROM_FLOWCHART if flow else PLAN.column("insertions").heading
    counts = (count for row in rows for count in (row.insertions, row.optimised))
    insertions = "0" if all(is_whole(count) for count in counts) else "0.00"
    prices = [row.unit_price for row in rows if row.unit_price is not None]
    price, money = money_format(brief.currency, price_decimals(prices)), money_format(brief.currency)
    cents = money_format(brief.currency, 2)
    extra = every or any(row.extra is not None for row in rows)
    columns = (
        Column("A", PLAN.key.heading, 34, "", lambda row: row.vehicle),
        Column("B", "Medium", 14, "", lambda row: row.medium),
        Column("C", "Genre", 13, "", lambda row: row.genre),
        Column("D", "Unit", 10, "", lambda row: row.unit),
        Column("E", PLAN.column("optimised").heading, 11, insertions, lambda row: row.optimised, total=SUM),
        Column("F", heading, 11, insertions, lambda row: row.insertions, counted, total=SUM),
        Column("G", f"{brief.budget_is.capitalize()} cost per insertion", 12, price,
               lambda row: _or_not_quoted(row.unit_price)),
        Column("H", "Cost", 13, money, lambda row: _or_not_quoted(row.cost),
               partial(_cost_formula, cost), total=SUM),
        Column("I", "Share of spend", 8, PERCENT, lambda row: row.share,
               '=IF(AND(ISNUMBER({H}),ISNUMBER({total_H})),IF({total_H}>0,{H}/{total_H},0),"")', total=SUM),
        Column("J", "Audience per insertion (000)", 11, ONE, lambda row: row.audience_000),
        Column("K", "Rating %", 8, TWO, lambda row: row.rating),
        Column("L", "GRP", 9, ONE, lambda row: row.grp, "={F}*{K}", total=SUM),
        Column("M", "Impressions (000)", 12, COUNT, lambda row: row.impressions_000, "={F}*{J}", total=SUM),
        Column("N", "Target per insertion (000)", 11, ONE, lambda row: row.target_000),
        Column("O", "Target impressions (000)", 12, COUNT, lambda row: row.target_impressions_000, "={F}*{N}",
               total=SUM),
        Column("P", "CPM", 9, cents, lambda row: row.cpm, _ratio("G", "J"),
               total='=IF(AND(ISNUMBER({H}),{M}>0),{H}/{M},"")'),
        Column("Q", "CPP", 10, money, lambda row: row.cpp, _ratio("G", "K"),
               total='=IF(AND(ISNUMBER({H}),{L}>0),{H}/{L},"")'),
        Column("R", "Influencer index", 10, INDEX, lambda row: row.influencer_index),
        Column("S", "Composition", 16, "",
               _composition_words),
        Column("T", "Basis", 11, "", lambda row: row.basis),
    )  # fmt: skip
    return (*columns, *_extra_columns(money, cost, flow)) if extra else columns


def _extra_columns(money: str, listed: str, flow: FlowLayout | None) -> tuple[Column, ...]:
    """What a vehicle costs beside its insertions, and what the formulas of that look at."""
    return (
        Column("U", EXTRA, 18, money, lambda row: row.extra_cost, _extra_formula, total=SUM),
        Column("V", GROUP, 14, "", lambda row: row.extra.group if row.extra else ""),
        Column("W", BEFORE, 13, money, lambda row: row.listed_cost,
               f"=IF(ISNUMBER({{G}}),{listed},0)", total=SUM),
        Column("X", PACKAGED, 14, "", lambda row: row.extra.packaged if row.extra else ""),
        Column("Y", CHANGED, 10, "0;0;–", lambda _: 0.0,
               partial(_changed_formula, flow)),
    )  # fmt: skip


def _cost_formula(listed: str, row: PlanRow) -> str:
    """Insertions at their price and what comes beside; of a vehicle that only packages sell, what comes beside."""
    if row.extra is None:
        return f'=IF(ISNUMBER({{G}}),{listed},IF({{F}}>0,"{NOT_QUOTED}",0))'
    if row.extra.packaged:
        return "=IF(ISNUMBER({U}),{W}+{U},{U})"
    return f'=IF(ISNUMBER({{G}}),{{W}}+{{U}},IF({{F}}>0,"{NOT_QUOTED}",0))'


def _changed_formula(flow: FlowLayout | None, row: PlanRow) -> str:
    """1 where a vehicle's insertions, or its money before discounts, are not those that were calculated; of a vehicle
    in packages, which fill the dearest weeks, also where a week is not."""
    tests = [f"ABS({{F}}-{row.insertions!r})>0.000001",
             f"ABS({{W}}-{row.listed_cost!r})>{1e-6 * max(1.0, row.listed_cost):.9f}"]  # fmt: skip
    if flow is not None and flow.by_week and row.extra is not None and row.extra.packaged:
        own = next(each for each in flow.rows if each.plan.vehicle == row.vehicle)
        moved = "+".join(f"ABS({{week_{t}}}-{count!r})" for t, count in enumerate(own.insertions))
        long = flow.n_weeks > LONGEST_FLIGHT
        tests.append(f'{FLOWCHART.name}!{EDITED_CELL}<>""' if long else f"{moved}>0.000001")
    return f"=IF(OR({','.join(tests)}),1,0)"


def _extra_formula(row: PlanRow) -> str:
    """What a vehicle costs beside its insertions: live, except where packages decide it. Which of them an edited plan
    buys is for the calculation to say."""
    extra = row.extra
    if extra is None:
        return ""
    if extra.packaged:
        edited = "SUMPRODUCT(--({all_X}={X}),{all_Y})>0"
        return f'=IF({edited},"{EVALUATE}",{extra.other!r})'
    parts = [f"IF({{F}}>0,{extra.fixed!r},0)"] if extra.fixed else []
    if extra.steps:
        counted = "{all_F}" if extra.by == "insertions" else "{all_W}"
        # A rounding below the start of a step has reached it, as in models.purchase.tariff.
        amount = f"SUMPRODUCT(--({{all_V}}={{V}}),{counted})*(1+1E-12)+1E-9"
        starts = ",".join(repr(start) for start, _ in ((0.0, 0.0), *extra.steps))
        rates = ",".join(repr(rate) for _, rate in ((0.0, 0.0), *extra.steps))
        parts.append(f"-{{W}}*LOOKUP({amount},{{{{{starts}}}}},{{{{{rates}}}}})")
    return "=" + ("+".join(parts).replace("+-", "-") or "0")


def _composition_words(row: PlanRow) -> str:
    if not row.composition_given:
        return "universe's share"
    return "given, shrunk" if row.composition_shrunk else "given"


def _or_not_quoted(amount: float | None) -> Value:
    return NOT_QUOTED if amount is None else amount


def _ratio(price: str, size: str) -> str:
    """Price of one insertion by its size; blank without a price or a size, whether bought or not."""
    return f'=IF(ISNUMBER({{{price}}}),IF({{{size}}}>0,{{{price}}}/{{{size}}},""),"")'


@dataclass(frozen=True)
class Layout:
    """Where the rows of the Plan sheet stand, counted from 0; formulas count from 1."""

    columns: tuple[Column, ...]
    vehicles: int
    media: int
    flow: FlowLayout | None = None

    @property
    def last_row(self) -> int:
        """The last vehicle's row."""
        return FIRST_ROW + max(self.vehicles, 1) - 1

    @property
    def first_subtotal(self) -> int:
        """The first medium's row; a blank row keeps a sort of the vehicles away from it."""
        return self.last_row + 2

    @property
    def grand_total(self) -> int:
        """The row of the whole plan."""
        return self.first_subtotal + self.media

    def vehicle_cells(self, letter: str) -> str:
        """The vehicles' cells of a column, as a formula names them."""
        return f"${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 1}"

    def edits(self) -> str:
        """A formula text that counts the vehicles whose Insertions differ from Optimised."""
        return f"SUMPRODUCT(--({self.vehicle_cells('F')}<>{self.vehicle_cells('E')}))"

    def changed(self, sheet: str, shown: dict[str, Value]) -> str:
        """A formula text, true once the plan's totals are no longer those shown (sorting keeps them)."""
        tests = []
        for letter in ("F", "H", "M"):
            total = shown[letter]
            assert isinstance(total, float | int)
            room = 1e-6 * max(1.0, abs(total))
            cell = f"{sheet}!${letter}${self.grand_total + 1}"
            tests.append(f"IF(ISNUMBER({cell}),ABS({cell}-{total!r})>{room:.9f},TRUE)")
        return f"OR({','.join(tests)})"

    def fill(self, formula: str, row: int) -> str:
        """A column's formula for one row."""
        letters, total = [column.letter for column in self.columns], self.grand_total + 1
        own = {letter: f"{letter}{row + 1}" for letter in letters}
        totals = {f"total_{letter}": f"${letter}${total}" for letter in letters}
        flows = {}
        if self.flow is not None:
            flows = {
                f"flow_{heading}": self.flow.looked_up(heading, row) for heading in ("Insertions", "Cost")
            }
            flows |= {f"week_{t}": self.flow.looked_up(t, row) for t in range(self.flow.n_weeks)}
        blocks = {f"all_{letter}": self.vehicle_cells(letter) for letter in letters}
        return formula.format(**own, **totals, **blocks, **flows)

    def subtotal(self, row: int, column: Column) -> str:
        """The formula of a column in the totals row of one medium (named in column B of that row)."""
        if column.total != SUM:
            return self.fill(column.total, row)
        # Not SUMIF: it would read a medium called "TV*" or ">5" as a pattern.
        cells, here = self.vehicle_cells(column.letter), f"--({self.vehicle_cells('B')}=$B{row + 1})"
        summed = f"SUMPRODUCT({here},{cells})"
        if column.letter not in self._uncertain:
            return f"={summed}"
        return f'=IF(SUMPRODUCT({here},--({cells}="{EVALUATE}"))>0,"{EVALUATE}",{summed})'

    def whole(self, column: Column) -> str:
        """The formula of a column in the row of the whole plan."""
        if column.total != SUM:
            return self.fill(column.total, self.grand_total)
        cells = self.vehicle_cells(column.letter)
        if column.letter not in self._uncertain:
            return f"=SUM({cells})"
        return f'=IF(SUMPRODUCT(--({cells}="{EVALUATE}"))>0,"{EVALUATE}",SUM({cells}))'

    @property
    def _uncertain(self) -> str:
        """Letters of columns whose money may be for the calculation to say: a sum of the rest would be too little."""
        return "HU" if self.extra else ""

    @property
    def extra(self) -> bool:
        """Whether vehicles cost more or less than their insertions."""
        return any(column.heading == EXTRA for column in self.columns)

    def total_cell(self, letter: str) -> str:
        """The grand total of a column, as a formula on the same sheet names it."""
        return f"${letter}${self.grand_total + 1}"


def totals_of(rows: Iterable[PlanRow]) -> dict[str, Value]:
    """What a totals row over these vehicles shows, by column letter."""
    rows = tuple(rows)
    cost = sum(row.cost or 0.0 for row in rows)
    grp, impressions = sum(row.grp for row in rows), sum(row.impressions_000 for row in rows)
    return {
        "E": sum(row.optimised for row in rows),
        "F": sum(row.insertions for row in rows),
        "H": cost,
        "I": sum(row.share or 0.0 for row in rows),
        "L": grp,
        "M": impressions,
        "O": sum(row.target_impressions_000 for row in rows),
        "P": cost / impressions if impressions > 0 else None,
        "Q": cost / grp if grp > 0 else None,
        "U": sum(row.extra_cost for row in rows),
        "W": sum(row.listed_cost for row in rows),
    }
