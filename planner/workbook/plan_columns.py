"""The columns of the Plan sheet and the formulas in them, as data, and where the rows stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from planner.inputs import Brief
from planner.report.numbers import is_whole, price_decimals
from planner.report.tables import PlanRow
from planner.workbook.flowchart_layout import FlowLayout
from planner.workbook.schema import PLAN
from planner.workbook.styles import COUNT, INDEX, ONE, PERCENT, TWO, money_format

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
FROM_FLOWCHART = PLAN.column("insertions").aliases[-1]


def plan_columns(brief: Brief, rows: Sequence[PlanRow], flow: FlowLayout | None = None) -> tuple[Column, ...]:
    """The columns from A on, their number formats suited to the rows.

    flow: the Flowchart, where there is one: insertions, and cost where prices differ by week, are sums of it.
    """
    counted = "={flow_Insertions}" if flow else ""
    cost = listed = "{flow_Cost}" if flow and flow.by_week else "{F}*{G}"
    heading = FROM_FLOWCHART if flow else PLAN.column("insertions").heading
    counts = (count for row in rows for count in (row.insertions, row.optimised))
    insertions = "0" if all(is_whole(count) for count in counts) else "0.00"
    prices = [row.unit_price for row in rows if row.unit_price is not None]
    price, money = money_format(brief.currency, price_decimals(prices)), money_format(brief.currency)
    cents = money_format(brief.currency, 2)
    extra = any(row.extra is not None for row in rows)
    cost = f"{cost}+{{U}}" if extra else cost
    beside = Column(
        "U", EXTRA, 14, money, lambda row: row.extra_cost, partial(_extra_formula, listed), total=SUM
    )
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
               f'=IF(ISNUMBER({{G}}),{cost},IF({{F}}>0,"{NOT_QUOTED}",0))', total=SUM),
        Column("I", "Share of spend", 8, PERCENT, lambda row: row.share,
               '=IF(ISNUMBER({H}),IF({total_H}>0,{H}/{total_H},0),"")', total=SUM),
        Column("J", "Audience per insertion (000)", 11, ONE, lambda row: row.audience_000),
        Column("K", "Rating %", 8, TWO, lambda row: row.rating),
        Column("L", "GRP", 9, ONE, lambda row: row.grp, "={F}*{K}", total=SUM),
        Column("M", "Impressions (000)", 12, COUNT, lambda row: row.impressions_000, "={F}*{J}", total=SUM),
        Column("N", "Target per insertion (000)", 11, ONE, lambda row: row.target_000),
        Column("O", "Target impressions (000)", 12, COUNT, lambda row: row.target_impressions_000, "={F}*{N}",
               total=SUM),
        Column("P", "CPM", 9, cents, lambda row: row.cpm, _ratio("G", "J"), total='=IF({M}>0,{H}/{M},"")'),
        Column("Q", "CPP", 10, money, lambda row: row.cpp, _ratio("G", "K"), total='=IF({L}>0,{H}/{L},"")'),
        Column("R", "Influencer index", 10, INDEX, lambda row: row.influencer_index),
        Column("S", "Composition", 16, "",
               _composition_words),
        Column("T", "Basis", 11, "", lambda row: row.basis),
    )  # fmt: skip
    return (*columns, beside) if extra else columns


def _extra_formula(listed: str, row: PlanRow) -> str:
    """What a vehicle costs beside its insertions: what follows an edit, and what the optimised plan has."""
    if row.extra is None:
        return ""
    parts = [repr(row.extra.other)] if row.extra.other or not (row.extra.fixed or row.extra.steps) else []
    if row.extra.fixed:
        parts.append(f"IF({{F}}>0,{row.extra.fixed!r},0)")
    if row.extra.steps:
        starts = ",".join(repr(start) for start, _ in ((0.0, 0.0), *row.extra.steps))
        rates = ",".join(repr(rate) for _, rate in ((0.0, 0.0), *row.extra.steps))
        parts.append(f"-{listed}*LOOKUP({{F}},{{{{{starts}}}}},{{{{{rates}}}}})")
    return "=" + "+".join(parts).replace("+-", "-")


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
            tests.append(f"ABS({sheet}!${letter}${self.grand_total + 1}-{total!r})>{room:.9f}")
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
        return formula.format(**own, **totals, **flows)

    def subtotal(self, row: int, column: Column) -> str:
        """The formula of a column in the totals row of one medium (named in column B of that row)."""
        if column.total != SUM:
            return self.fill(column.total, row)
        # Not SUMIF: it would read a medium called "TV*" or ">5" as a pattern.
        cells = self.vehicle_cells(column.letter)
        return f"=SUMPRODUCT(--({self.vehicle_cells('B')}=$B{row + 1}),{cells})"

    def whole(self, column: Column) -> str:
        """The formula of a column in the row of the whole plan."""
        if column.total != SUM:
            return self.fill(column.total, self.grand_total)
        return f"=SUM({self.vehicle_cells(column.letter)})"


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
    }
