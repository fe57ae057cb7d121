"""One total for one thing: a medium's money, and what is bought in it, are the same wherever they stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.campaign.bought import added_up
from planner.campaign.calendar import Calendar, PriceFactor
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import DiscountRow, PackageRow
from planner.comparing.side_by_side import side_by_side
from planner.formats import month_of
from planner.planning.evaluate import plan_figures
from planner.planning.results import PlanResult
from planner.planning.tables import medium_totals, plan_rows
from planner.report.comparing.compare_text import sentences
from planner.workbook.write import write_plan

CENT = 0.005
# By hand. Alpha and Beta: the package, 10,000. Gamma 8,000 and, a week later, 12,000; Delta 3,000: a tenth off both.
# Epsilon: 4 x 2,000 less a half, 500 to begin with. Zeta: 900 thousands at 5.
MONEY = {"TV": 10_000 + 18_000, "Radio": 2_700 + 4_000 + 500, "Digital": 4_500}
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
WEEKLY = ((2, 1), (1, 1), (1, 1), (1, 0), (3, 1), (600, 300))


def campaign() -> Campaign:
    """A package, a discount of two vehicles together, one by insertions, a fixed cost, dearer weeks, a line by the
    thousand: all that makes money more or less than insertions at their price."""
    media = ("TV", "TV", "TV", "Radio", "Radio", "Digital")
    prices = (10_000.0, 6_000.0, 8_000.0, 3_000.0, 2_000.0, 5.0)
    vehicles = tuple(
        VehicleRow(
            name, medium, price, 1.0 if name == "Zeta" else 900 - 100 * at, 2_000,
            genre="digital" if name == "Zeta" else "news", unit="CPM" if name == "Zeta" else ":30",
            groups=("group",), fixed_cost=500.0 * (name == "Epsilon"), ad_seen=0.8 if name == "Zeta" else 1.0,
        )
        for at, (name, medium, price) in enumerate(zip(NAMES, media, prices, strict=True))
    )  # fmt: skip
    start = date(2027, 3, 29)
    weeks = Calendar(
        ("W1", "W2"), (start, start + timedelta(days=7)), factors=(PriceFactor("Gamma", ("Gamma",), (1.0, 1.5)),)
    )  # fmt: skip
    return Campaign(
        Brief(universe_000=10_000, budget=100_000, start=start, weeks=2, currency="EUR"),
        (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        tuple(MediumRow(name, 1.6, 0.5) for name in ("TV", "Radio", "Digital")), 1.35, vehicles, ("catalyst",),
        tuple(CompositionRow(name, (0.1,)) for name in NAMES),
        discounts=(
            DiscountRow("pair", ("Gamma", "Delta"), "money", 15_000, 0.1),
            DiscountRow("Epsilon", ("Epsilon",), "insertions", 4, 0.5),
        ),
        packages=(PackageRow("both", ("Alpha", "Beta"), (3.0, 2.0), 10_000),),
        calendar=weeks,
    )  # fmt: skip


@pytest.fixture(scope="module")
def result() -> PlanResult:
    weekly = np.array(WEEKLY, dtype=float)
    bought = weekly.sum(axis=1)
    return plan_figures(campaign(), bought, bought, weekly=weekly)


@pytest.fixture(scope="module")
def written(result: PlanResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    write_plan(result, path)
    return path


@pytest.fixture(scope="module")
def book(written: Path) -> Any:
    """As written."""
    return openpyxl.load_workbook(written, data_only=True)


@pytest.fixture(scope="module")
def afresh(written: Path, recalculated: Callable[..., Any]) -> Any:
    """With every formula worked out by another program."""
    return recalculated(written)


def under(sheet: Any, heading: str, first: str, stop: Callable[[Any], bool], row: int = 1) -> dict[str, Any]:
    """A table's column by the names on its left: from the row headed `first` on until stop(name)."""
    head = next(
        at for at in range(row, sheet.max_row + 1)
        if sheet.cell(at, 1).value == first and heading in [cell.value for cell in sheet[at]]
    )  # fmt: skip
    place = next(cell.column for cell in sheet[head] if cell.value == heading)
    found: dict[str, Any] = {}
    for at in range(head + 1, sheet.max_row + 1):
        name = sheet.cell(at, 1).value
        if stop(name):
            break
        found[name] = sheet.cell(at, place).value
    return found


def by_medium(book: Any) -> dict[str, dict[str, float]]:
    """Money of each medium, and of all, by sheet."""
    names = {row.vehicle: row.medium for row in plan_rows(plan_figures(campaign(), *[np.zeros(6)] * 2))}

    def added(costs: dict[str, Any]) -> dict[str, float]:
        sums = dict.fromkeys(MONEY, 0.0)
        for name, cost in costs.items():
            if name in names:
                sums[names[name]] += cost
        return sums | {"Total": sum(sums.values())}

    def blank(name: Any) -> bool:
        return name is None

    plan, flow, lines = book["Plan"], book["Flowchart"], book["Line items"]
    subtotals = {
        plan.cell(at, 2).value or "Total": plan.cell(at, cost_column(plan)).value
        for at in range(1, plan.max_row + 1) if plan.cell(at, 1).value in ("Subtotal", "Total")
    }  # fmt: skip
    charted = under(flow, "Cost", "Vehicle", blank)
    bands = {medium: charted[f"{medium} total"] for medium in MONEY} | {"Total": charted["Total insertions"]}
    listed: dict[str, float] = {}
    for row in lines.iter_rows(min_row=5, values_only=True):
        if row[1]:
            listed[row[0]] = listed.get(row[0], 0.0) + row[6]
    return {
        "Summary": under(book["Summary"], "Cost", "Medium", blank),
        "Recap": under(book["Recap"], "Spend", "Medium", blank),
        "Plan's subtotals": subtotals, "Plan's vehicles": added(under(plan, "Cost", "Vehicle", blank)),
        "Flowchart's bands": bands, "Flowchart's vehicles": added(charted), "Line items": added(listed),
    }  # fmt: skip


def cost_column(sheet: Any) -> int:
    return next(
        cell.column for row in sheet.iter_rows(max_row=8) for cell in row
        if cell.value == "Cost" and cell.row == 6
    )  # fmt: skip


@pytest.mark.parametrize("which", ["book", "afresh"])
def test_a_mediums_money_is_one_figure_to_the_cent(
    which: str, result: PlanResult, request: pytest.FixtureRequest
) -> None:
    book = request.getfixturevalue(which)
    expected = {total.name: total.cost for total in medium_totals(result)} | {"Total": result.cost}
    assert expected == pytest.approx(MONEY | {"Total": sum(MONEY.values())}, abs=CENT)
    for place, found in by_medium(book).items():
        assert {name: found[name] for name in expected} == pytest.approx(expected, abs=CENT), place


def test_weeks_and_months_are_billed_what_the_plan_costs(result: PlanResult, book: Any) -> None:
    flow = book["Flowchart"]
    head = next(row for row in flow.iter_rows() if row[0].value == "Vehicle")
    weeks = {cell.column: cell.value for cell in head if isinstance(cell.value, datetime)}
    billed = next(row for row in flow.iter_rows() if str(row[0].value).startswith("Cost ("))
    by_month: dict[str, float] = {}
    for column, monday in weeks.items():
        month = month_of(monday.date())
        by_month[month] = by_month.get(month, 0.0) + billed[column - 1].value
    told = under(book["Recap"], "Spend", "Month", lambda name: name is None)
    assert told.pop("Total") == pytest.approx(result.cost, abs=CENT)
    assert told == pytest.approx(by_month, abs=CENT)
    assert len(told) == 2
    assert sum(told.values()) == pytest.approx(result.cost, abs=CENT)


def test_thousands_are_never_added_to_insertions(result: PlanResult, afresh: Any) -> None:
    """12 insertions and 900 thousand contacts bought, of which 720 are seen, wherever a total of insertions stands."""
    assert added_up(campaign().vehicles, np.array(WEEKLY).sum(axis=1)) == (12, 900)
    assert next(row.impressions_000 for row in plan_rows(result) if row.vehicle == "Zeta") == pytest.approx(
        720
    )
    total = {found.name: (found.insertions, found.bought_000) for found in medium_totals(result)}
    assert total == {"TV": (7.0, 0.0), "Radio": (5.0, 0.0), "Digital": (0.0, 900.0)}
    summary = under(afresh["Summary"], "Insertions", "Medium", lambda name: name is None)
    assert summary == {"TV": 7, "Radio": 5, "Digital": "900k impressions", "Total": 12}
    recap = afresh["Recap"]
    assert under(recap, "Insertions", "Medium", lambda name: name is None)["Total"] == 12
    assert under(recap, "Impressions bought (000)", "Medium", lambda name: name is None)["Total"] == 900
    plan = afresh["Plan"]
    head = [cell.value for cell in plan[6]]
    last = [cell.value for cell in plan[plan.max_row]]
    assert [last[head.index(name)] for name in ("Optimised (fixed)", "Insertions (sum of Flowchart)")] == [
        12,
        12,
    ]
    flow = afresh["Flowchart"]
    charted = under(flow, "Insertions", "Vehicle", lambda name: name is None)
    assert (charted["Zeta"], charted["Digital total"], charted["Total insertions"]) == (900, 0, 12)
    row = next(row for row in flow.iter_rows(values_only=True) if row[0] == "Total insertions")
    assert row[5:7] == (8, 4)  # 2 + 1 + 1 + 1 + 3 and 1 + 1 + 1 + 1


def test_an_edit_of_thousands_is_seen(
    written: Path, recalculated: Callable[..., Any], tmp_path: Path
) -> None:
    """The totals of insertions do not change with it, the warning appears all the same."""
    path = tmp_path / "plan.xlsx"
    book = openpyxl.load_workbook(written)
    flow = book["Flowchart"]
    at = next(row[0].row for row in flow.iter_rows() if row[0].value == "Zeta")
    flow.cell(at, 6).value = 500
    book.save(path)
    changed = recalculated(path)
    assert "changed after this page" in changed["Summary"]["A3"].value
    assert "Edited" in changed["Flowchart"]["F5"].value


def test_two_plans_are_compared_by_what_is_billed_and_bought(result: PlanResult) -> None:
    weekly = np.array(WEEKLY, dtype=float)
    weekly[-1] = 500, 300
    bought = weekly.sum(axis=1)
    other = plan_figures(campaign(), bought, bought, weekly=weekly)
    compared = side_by_side(("a", "b"), result, other, ())
    assert compared.calendar is not None
    periods = compared.calendar.periods
    for side, plan in (("a", result), ("b", other)):
        assert sum(getattr(period.cost, side) for period in periods) == pytest.approx(plan.cost, abs=CENT)
        assert sum(getattr(period.insertions, side) for period in periods) == 12
    told = " ".join(sentences(compared))
    assert (
        "A buys 12 insertions and 900k impressions in 6 vehicles, B 12 insertions and 800k impressions"
        in told
    )


def test_a_number_too_wide_for_its_cell_is_small_and_never_signs(book: Any) -> None:
    """Rp 13,000,000,000 under CPM: a program shows ### for a number that does not fit, unless it may shrink."""
    numbers = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row
        if isinstance(cell.value, int | float) and cell.number_format != "General" and not cell.alignment.wrap_text
    ]  # fmt: skip
    assert len(numbers) > 200
    assert all(cell.alignment.shrink_to_fit for cell in numbers)


def test_units_are_wide_enough_to_read_on_every_sheet(tmp_path: Path) -> None:
    """They are up to 16 characters; what is longer is small. A line bought in lots of contacts says of how many."""
    made = campaign()
    rows = (*made.vehicles[:5], replace(made.vehicles[5], unit="100k impressions", audience_000=100.0))
    bought = np.array(WEEKLY, dtype=float)
    told = plan_figures(replace(made, vehicles=rows), *[bought.sum(axis=1)] * 2, weekly=bought)
    path = tmp_path / "plan.xlsx"
    write_plan(told, path)
    sheets = openpyxl.load_workbook(path)
    for name, column in (("Plan", "D"), ("Flowchart", "C"), ("Line items", "C")):
        assert sheets[name].column_dimensions[column].width >= 16
    counted = under(sheets["Plan"], "Counted in", "Vehicle", lambda name: name is None)
    assert counted["Zeta"] == "100,000 impressions"
    assert counted["Alpha"] == "insertions"


def test_budget_cost_and_what_is_left_add_up_as_they_are_shown(tmp_path: Path) -> None:
    """A cost of 39,700.50 is shown as 39,701: 60,299 of 100,000 is left, where 60,299.50 would be shown as 60,300."""
    made = campaign()
    vehicles = tuple(
        replace(row, fixed_cost=500.5) if row.name == "Epsilon" else row for row in made.vehicles
    )
    weekly = np.array(WEEKLY, dtype=float)
    bought = weekly.sum(axis=1)
    path = tmp_path / "plan.xlsx"
    write_plan(plan_figures(replace(made, vehicles=vehicles), bought, bought, weekly=weekly), path)
    shown, live = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    for name in ("Plan", "Flowchart"):
        label = next(cell for row in shown[name].iter_rows() for cell in row if cell.value == "Budget left")
        assert shown[name].cell(label.row + 1, label.column).value == 60_299
        assert "ROUND(" in live[name].cell(label.row + 1, label.column).value


def test_what_is_left_of_the_budget_is_0_on_every_sheet_where_nothing_is_left(written: Path) -> None:
    """Summary says $0; a dash on Plan or Flowchart would say that it is not known."""
    book = openpyxl.load_workbook(written)
    for name in ("Plan", "Flowchart"):
        label = next(cell for row in book[name].iter_rows() for cell in row if cell.value == "Budget left")
        assert (
            len(book[name].cell(label.row + 1, label.column).number_format.split(";")) == 2
        )  # above and below 0
