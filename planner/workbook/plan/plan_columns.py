"""The columns of the Plan sheet and the formulas in them, as data, and where the rows stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import starmap
from operator import attrgetter

from planner.campaign.inputs import Brief, OwnColumn
from planner.excel.notation import column_letters
from planner.formats import NOT_QUOTED, counted_in, is_whole, price_decimals
from planner.planning.tables import PlanRow
from planner.workbook.page.styles import COUNT, INDEX, ONE, PERCENT, TWO, money_format, text_width
from planner.workbook.plan.flowchart_layout import EVALUATE, FlowLayout, looked_up
from planner.workbook.schema.plan_sheets import PLAN

SUMMARY_ROW, HEADER_ROW, FIRST_ROW = 3, 5, 6

Value = float | str | None


@dataclass(frozen=True)
class Column:
    """A column of the Plan sheet.

    key: how formulas name it. number_format: "" = text. value: what a vehicle has in it. formula: of a vehicle's row,
    with {key} for the cell of that column in the same row, {total_key} for its grand total and {all_key} for the
    cells of all vehicles; "" = a constant. total: SUM adds the vehicles up, COUNTED those that are counted in
    insertions; otherwise a formula like `formula`, over the totals row.
    """

    key: str
    heading: str
    width: float
    number_format: str
    value: Callable[[PlanRow], Value]
    formula: str | Callable[[PlanRow], str] = ""
    total: str = ""

    def formula_for(self, row: PlanRow) -> str:
        """The formula of a vehicle's row."""
        return self.formula if isinstance(self.formula, str) else self.formula(row)


SUM, COUNTED = "sum", "counted"
EXTRA = "Fixed costs, discounts, packages (in Cost)"
GROUP, BEFORE = "Discount together with", "Cost before fixed costs and discounts"
COUNTED_IN = "Counted in"
PACKAGED, CHANGED = "Packages", "Changed since calculated"
INSERTIONS = counted_in()  # what a line is counted in, unless in lots of contacts
FROM_FLOWCHART = PLAN.column("insertions").aliases[-1]


def plan_columns(
    brief: Brief,
    rows: Sequence[PlanRow],
    flow: FlowLayout | None = None,
    every: bool = False,
    own: Sequence[OwnColumn] = (),
) -> tuple[Column, ...]:
    """The columns from A on, their number formats suited to the rows.

    flow: the Flowchart, where there is one: insertions, and cost where prices differ by week, are sums of it.
    every: also those that only some plans have. own: what the planner added to the plan before.
    """
    by_week = flow is not None and flow.by_week
    cost = "{flow_listed}" if by_week else "{insertions}*{price}"
    price = money_format(
        brief.currency, price_decimals([row.unit_price for row in rows if row.unit_price is not None])
    )
    money, cents = money_format(brief.currency), money_format(brief.currency, 2)
    extra = every or any(row.extra is not None for row in rows)
    columns = (
        Column("vehicle", PLAN.key.heading, 30, "", attrgetter("vehicle")),
        _words("medium", rows, 11),
        _words("genre", rows, 10),
        _words("unit", rows, 9),
        *_counts(rows, flow, every),
        Column("price", f"{brief.budget_is.capitalize()} cost per insertion", 12, price,
               lambda row: _or_not_quoted(row.unit_price)),
        Column("cost", "Cost", 14, money, lambda row: _or_not_quoted(row.cost),
               partial(_cost_formula, cost), total=SUM),
        Column("share", "Share of spend", 8, PERCENT, attrgetter("share"),
               '=IF(AND(ISNUMBER({cost}),ISNUMBER({total_cost})),IF({total_cost}>0,{cost}/{total_cost},0),"")',
               total=SUM),
        Column("audience", "Audience per insertion (000)", 11, ONE, attrgetter("audience_000")),
        Column("rating", "Rating %", 8, TWO, attrgetter("rating")),
        Column("grp", "GRP", 9, ONE, attrgetter("grp"), "={insertions}*{rating}", total=SUM),
        Column("impressions", "Impressions (000)", 11, COUNT, attrgetter("impressions_000"),
               "={insertions}*{audience}", total=SUM),
        Column("cpm", "CPM", 9, cents, attrgetter("cpm"), _ratio("price", "audience"),
               total=_total_ratio("impressions")),
        Column("cpp", "CPP", 9, money, attrgetter("cpp"), _ratio("price", "rating"), total=_total_ratio("grp")),
        Column("target", "Target per insertion (000)", 9, ONE, attrgetter("target_000")),
        Column("target_rating", "Target rating %", 8, TWO, attrgetter("target_rating")),
        Column("target_grp", "Target GRP", 9, ONE, attrgetter("target_grp"),
               "={insertions}*{target_rating}", total=SUM),
        Column("target_impressions", "Target impressions (000)", 11, COUNT,
               attrgetter("target_impressions_000"), "={insertions}*{target}", total=SUM),
        Column("target_cpm", "Target CPM", 9, cents, attrgetter("target_cpm"), _ratio("price", "target"),
               total=_total_ratio("target_impressions")),
        Column("target_cpp", "Target CPP", 9, money, attrgetter("target_cpp"),
               _ratio("price", "target_rating"), total=_total_ratio("target_grp")),
        Column("index", "Influencer index", 9, INDEX, attrgetter("influencer_index")),
        Column("composition", "Composition", 11, "", _composition_words),
        Column("basis", "Basis", 10 if any(row.basis for row in rows) else 8, "", attrgetter("basis")),
    )  # fmt: skip
    noted = tuple(starmap(_own_column, enumerate(own)))
    return (*columns, *noted, *_extra_columns(money, cost, flow)) if extra else (*columns, *noted)


def _words(attribute: str, rows: Sequence[PlanRow], narrowest: int) -> Column:
    """A column of texts, wide enough for them."""
    text: Callable[[PlanRow], str] = attrgetter(attribute)
    return Column(attribute, attribute.capitalize(), text_width(map(text, rows), narrowest), "", text)


def _counts(rows: Sequence[PlanRow], flow: FlowLayout | None, every: bool) -> tuple[Column, ...]:
    """What is bought, as optimised and now; what a line is counted in stands beside it where that is not the same for
    all of them, or every column is asked for."""
    mixed = every or any(row.by_thousand for row in rows)
    whole = all(is_whole(row.insertions) and is_whole(row.optimised) for row in rows)
    shown, summed = "0" if whole else "0.00", COUNTED if mixed else SUM
    optimised, insertions = PLAN.column("optimised").heading, PLAN.column("insertions").heading
    heading, formula = (FROM_FLOWCHART, "={flow_insertions}") if flow else (insertions, "")
    counted = Column("counted", COUNTED_IN, text_width(map(_counted_in, rows), 12), "", _counted_in)
    return (
        Column("optimised", optimised, 11, shown, attrgetter("optimised"), total=summed),
        Column("insertions", heading, 11, shown, attrgetter("insertions"), formula, total=summed),
        *([counted] if mixed else []),
    )


def _counted_in(row: PlanRow) -> str:
    """What one of a line's Insertions is: of one by the thousand, so many contacts as its unit buys."""
    return "units" if row.by_thousand and not row.unit_000 else counted_in(row.unit_000)


def _own_column(place: int, column: OwnColumn) -> Column:
    """A column of the planner's own, as it stood."""

    def value(row: PlanRow) -> Value:
        found = column.values.get(row.vehicle)
        number = isinstance(found, int | float) and not isinstance(found, bool)
        return found if found is None or number else str(found)  # type: ignore[return-value]

    return Column(f"own_{place}", column.heading, 18, "", value)


def _extra_columns(money: str, listed: str, flow: FlowLayout | None) -> tuple[Column, ...]:
    """What a vehicle costs beside its insertions, and what the formulas of that look at."""
    return (
        Column("extra", EXTRA, 12, money, lambda row: row.extra_cost, _extra_formula, total=SUM),
        Column("together", GROUP, 14, "", lambda row: row.extra.group if row.extra else ""),
        Column("listed", BEFORE, 13, money, lambda row: row.listed_cost,
               f"=IF(ISNUMBER({{price}}),{listed},0)", total=SUM),
        Column("packages", PACKAGED, 14, "", lambda row: row.extra.packaged if row.extra else ""),
        Column("changed", CHANGED, 10, "0;0;–", lambda _: 0.0,
               partial(_changed_formula, flow)),
    )  # fmt: skip


def _cost_formula(listed: str, row: PlanRow) -> str:
    """Insertions at their price and what comes beside; of a vehicle that only packages sell, what comes beside."""
    if row.extra is None:
        return f'=IF(ISNUMBER({{price}}),{listed},IF({{insertions}}>0,"{NOT_QUOTED}",0))'
    if row.extra.packaged:
        return "=IF(ISNUMBER({extra}),{listed}+{extra},{extra})"
    return f'=IF(ISNUMBER({{price}}),{{listed}}+{{extra}},IF({{insertions}}>0,"{NOT_QUOTED}",0))'


def _changed_formula(flow: FlowLayout | None, row: PlanRow) -> str:
    """1 where a vehicle's insertions, or its money before discounts, are not those that were calculated; of a vehicle
    in packages, which fill the dearest weeks, also where a week is not."""
    tests = [f"ABS({{insertions}}-{row.insertions!r})>0.000001",
             f"ABS({{listed}}-{row.listed_cost!r})>{1e-6 * max(1.0, row.listed_cost):.9f}"]  # fmt: skip
    if flow is not None and flow.by_week and row.extra is not None and row.extra.packaged:
        tests.append("{flow_moved}>0.000001")
    return f"=IF(OR({','.join(tests)}),1,0)"


def _extra_formula(row: PlanRow) -> str:
    """What a vehicle costs beside its insertions: live, except where packages decide it. Which of them an edited plan
    buys is for the calculation to say."""
    extra = row.extra
    if extra is None:
        return ""
    if extra.packaged:
        edited = "SUMPRODUCT(--({all_packages}={packages}),{all_changed})>0"
        return f'=IF({edited},"{EVALUATE}",{extra.other!r})'
    parts = [f"IF({{insertions}}>0,{extra.fixed!r},0)"] if extra.fixed else []
    if extra.steps:
        counted = "{all_insertions}" if extra.by == "insertions" else "{all_listed}"
        # A rounding below the start of a step has reached it, as in models.purchase.tariff.
        amount = f"SUMPRODUCT(--({{all_together}}={{together}}),{counted})*(1+1E-12)+1E-9"
        starts = ",".join(repr(start) for start, _ in ((0.0, 0.0), *extra.steps))
        rates = ",".join(repr(rate) for _, rate in ((0.0, 0.0), *extra.steps))
        parts.append(f"-{{listed}}*LOOKUP({amount},{{{{{starts}}}}},{{{{{rates}}}}})")
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


def _total_ratio(size: str) -> str:
    """What the plan costs by what it comes to; blank without money or a size."""
    return f'=IF(AND(ISNUMBER({{cost}}),{{{size}}}>0),{{cost}}/{{{size}}},"")'


# Columns whose money may be for the calculation to say, where vehicles cost more or less than their insertions: a
# sum of the rest would be too little.
_UNCERTAIN = ("cost", "extra")


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
    def printed(self) -> int:
        """How many columns are printed: not those that only formulas look at."""
        return self.place("extra") + 1 if self.extra else len(self.columns)

    @property
    def grand_total(self) -> int:
        """The row of the whole plan."""
        return self.first_subtotal + self.media

    def letter(self, key: str) -> str:
        """The letter of the column of a key."""
        return self._letters[key]

    def place(self, key: str) -> int:
        """Where the column of a key stands, from 0."""
        return self._places[key]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.key: place for place, column in enumerate(self.columns)}

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {key: column_letters(place + 1) for key, place in self._places.items()}

    @cached_property
    def _fixed(self) -> dict[str, str]:
        """What a formula names that is the same in every row."""
        keys = [column.key for column in self.columns]
        totals = {f"total_{key}": self.total_cell(key) for key in keys}
        return totals | {f"all_{key}": self.vehicle_cells(key) for key in keys}

    def vehicle_cells(self, key: str) -> str:
        """The vehicles' cells of a column, as a formula names them."""
        return f"${self.letter(key)}${FIRST_ROW + 1}:${self.letter(key)}${self.last_row + 1}"

    def fill(self, formula: str, row: int) -> str:
        """A column's formula for one row."""
        own = {key: f"{letter}{row + 1}" for key, letter in self._letters.items()}
        flows = {}
        if self.flow is not None and "{flow_" in formula:
            flows = {
                f"flow_{what}": looked_up(self.flow, what, row) for what in ("insertions", "listed", "moved")
            }
        return formula.format(**own, **self._fixed, **flows)

    def subtotal(self, row: int, column: Column) -> str:
        """The formula of a column in the totals row of one medium (named in the medium's column of that row)."""
        if column.total not in (SUM, COUNTED):
            return self.fill(column.total, row)
        # Not SUMIF: it would read a medium called "TV*" or ">5" as a pattern.
        cells = self.vehicle_cells(column.key)
        here = f"--({self.vehicle_cells('medium')}=${self.letter('medium')}{row + 1})"
        summed = f"SUMPRODUCT({here},{_taken(self, column)}{cells})"
        if not (self.extra and column.key in _UNCERTAIN):
            return f"={summed}"
        return f'=IF(SUMPRODUCT({here},--({cells}="{EVALUATE}"))>0,"{EVALUATE}",{summed})'

    def whole(self, column: Column) -> str:
        """The formula of a column in the row of the whole plan."""
        if column.total not in (SUM, COUNTED):
            return self.fill(column.total, self.grand_total)
        cells = self.vehicle_cells(column.key)
        if column.total == COUNTED:
            return f"=SUMPRODUCT({_taken(self, column)}{cells})"
        if not (self.extra and column.key in _UNCERTAIN):
            return f"=SUM({cells})"
        return f'=IF(SUMPRODUCT(--({cells}="{EVALUATE}"))>0,"{EVALUATE}",SUM({cells}))'

    @property
    def extra(self) -> bool:
        """Whether vehicles cost more or less than their insertions."""
        return any(column.key == "extra" for column in self.columns)

    def total_cell(self, key: str) -> str:
        """The grand total of a column, as a formula on the same sheet names it."""
        return f"${self.letter(key)}${self.grand_total + 1}"


def _taken(layout: Layout, column: Column) -> str:
    """The factor that leaves out, of a column of insertions, what is bought by the thousand."""
    if column.total != COUNTED:
        return ""
    return f'--({layout.vehicle_cells("counted")}="{INSERTIONS}"),'


def edits_formula(layout: Layout) -> str:
    """A formula text that counts the vehicles whose Insertions differ from Optimised."""
    return f"SUMPRODUCT(--({layout.vehicle_cells('insertions')}<>{layout.vehicle_cells('optimised')}))"


def changed_formula(layout: Layout, sheet: str, shown: Mapping[str, Value]) -> str:
    """A formula text, true once the plan's totals are no longer those shown (sorting keeps them)."""
    tests = []
    for key in ("insertions", "cost", "impressions"):
        total = shown[key]
        assert isinstance(total, float | int)
        room = 1e-6 * max(1.0, abs(total))
        cell = f"{sheet}!{layout.total_cell(key)}"
        tests.append(f"IF(ISNUMBER({cell}),ABS({cell}-{total!r})>{room:.9f},TRUE)")
    return f"OR({','.join(tests)})"


# Columns that are added up, with what is added of a row.
_SUMMED = {
    "insertions": "counted", "cost": "cost", "share": "share", "grp": "grp",
    "impressions": "impressions_000", "target_grp": "target_grp", "target_impressions": "target_impressions_000",
    "extra": "extra_cost", "listed": "listed_cost",
}  # fmt: skip


def totals_of(rows: Iterable[PlanRow]) -> dict[str, Value]:
    """What a totals row over these vehicles shows, by column."""
    rows = tuple(rows)
    sums = {key: float(sum(getattr(row, name) or 0.0 for row in rows)) for key, name in _SUMMED.items()}
    sums["optimised"] = sum(row.optimised for row in rows if not row.by_thousand)
    sizes = {
        "cpm": "impressions",
        "cpp": "grp",
        "target_cpm": "target_impressions",
        "target_cpp": "target_grp",
    }
    ratios = {key: sums["cost"] / sums[size] if sums[size] > 0 else None for key, size in sizes.items()}
    return {**sums, **ratios}
