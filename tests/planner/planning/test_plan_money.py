"""Costs on an edited Plan: live where formulas can know them, and never a number that may be false."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.campaign.calendar import Calendar, PriceFactor
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import DiscountRow, PackageRow
from planner.planning.evaluate import plan_figures
from planner.planning.results import PlanResult
from planner.workbook.plan.plan_columns import EVALUATE, FIRST_ROW, HEADER_ROW
from planner.workbook.write import write_plan

Maker = Callable[..., Any]
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
PRICES = (10_000.0, 6_000.0, 8_000.0, 3_000.0, 2_000.0)
BOUGHT = (3.0, 2.0, 2.0, 1.0, 1.0)


def campaign(calendar: bool = False) -> Campaign:
    """Alpha and Beta are sold three and two together for 10,000. Gamma and Delta share a discount of 10 % from 15,000
    on and 20 % from 30,000 on; Epsilon has one of its own, half from 4 insertions on, and costs 500 to begin with."""
    vehicles = tuple(
        VehicleRow(name, "TV" if at < 3 else "Radio", price, 900 - 100 * at, 8, fixed_cost=500.0 * (at == 4))
        for at, (name, price) in enumerate(zip(NAMES, PRICES, strict=True))
    )
    pair, own = ("Gamma", "Delta"), ("Epsilon",)
    weeks = Calendar(("W1", "W2"), (None, None), factors=(PriceFactor("TV", NAMES[:3], (1.0, 1.5)),))
    return Campaign(
        Brief(universe_000=10_000, budget=100_000, weeks=2 if calendar else 4),
        (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Radio", 2.5, 0.6)), 1.35, vehicles, ("catalyst",),
        tuple(CompositionRow(name, (0.1,)) for name in NAMES),
        discounts=(
            DiscountRow("pair", pair, "money", 15_000, 0.1), DiscountRow("pair", pair, "money", 30_000, 0.2),
            DiscountRow("Epsilon", own, "insertions", 4, 0.5),
        ),
        packages=(PackageRow("both", ("Alpha", "Beta"), (3.0, 2.0), 10_000),),
        calendar=weeks if calendar else None,
    )  # fmt: skip


def figures(made: Campaign, insertions: tuple[float, ...], weekly: Any = None) -> PlanResult:
    return plan_figures(made, np.array(insertions), np.array(insertions), weekly=weekly)


def rows_of(sheet: Any) -> dict[str, int]:
    return {sheet.cell(row, 1).value: row for row in range(FIRST_ROW + 1, sheet.max_row + 1)}


def shown(book: Any, heading: str = "Cost") -> dict[str, Any]:
    """A column of Plan by vehicle, and its total."""
    sheet = book["Plan"]
    column = next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)
    return {name: sheet.cell(row, column).value for name, row in rows_of(sheet).items() if name}


@pytest.mark.parametrize(
    "edited",
    [
        (3, 2, 0, 5, 1),  # 15,000 together: a tenth off
        (3, 2, 2, 0, 0),  # 16,000 by Gamma alone; Epsilon's first cost goes
        (3, 2, 3, 2, 4),  # 30,000: a fifth off; Epsilon at half price
        (3, 2, 1, 2, 3),  # 14,000: nothing off
        (1, 2, 2, 1, 1),  # the package is broken
        (3, 3, 2, 1, 4),  # one more than the package holds
    ],
)
def test_costs_of_an_edited_plan_are_those_of_evaluate_or_no_number(
    edited, recalculated: Maker, tmp_path: Path
):
    path = tmp_path / "plan.xlsx"
    write_plan(figures(campaign(), BOUGHT), path)
    book = openpyxl.load_workbook(path)
    for name, count in zip(NAMES, edited, strict=True):
        book["Plan"].cell(rows_of(book["Plan"])[name], 6, count)
    book.save(path)
    book, right = recalculated(path), figures(campaign(), edited)
    costs = shown(book)
    unknown = edited[:2] != BOUGHT[:2]
    for at, name in enumerate(NAMES):
        expected = EVALUATE if unknown and at < 2 else pytest.approx(right.vehicles.cost[at], abs=1e-6)
        assert costs[name] == expected, name
    whole = EVALUATE if unknown else pytest.approx(right.cost, abs=1e-6)
    assert costs["Total"] == whole
    assert book["Plan"]["B4"].value == (
        EVALUATE if unknown else pytest.approx(100_000 - right.cost, abs=1e-6)
    )
    assert "changed after this page" in texts(book["Summary"])
    assert not any(str(cell.value).startswith("#") for row in book["Plan"].iter_rows() for cell in row)


def texts(sheet: Any) -> str:
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.parametrize(
    ("name", "week", "count"), [("Gamma", 1, 3), ("Delta", 0, 4), ("Alpha", 1, 2), ("Beta", 1, 3)]
)
def test_the_flowchart_follows_discounts_and_says_where_packages_decide(
    name, week, count, recalculated: Maker, tmp_path: Path
):
    """Planned and what is left of the budget stand on the Flowchart too, with the money that no week has."""
    weekly = np.array([[2.0, 1], [1, 1], [1, 1], [1, 0], [1, 0]])
    path = tmp_path / "plan.xlsx"
    made = campaign(calendar=True)
    write_plan(figures(made, BOUGHT, weekly), path)
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    row = next(row for row in range(8, sheet.max_row + 1) if sheet.cell(row, 1).value == name)
    sheet.cell(row, 6 + week, count)
    book.save(path)
    weekly[NAMES.index(name), week] = count
    book, right = recalculated(path), figures(made, tuple(weekly.sum(axis=1)), weekly)
    unknown = name in ("Alpha", "Beta")
    assert book["Flowchart"]["B5"].value == (EVALUATE if unknown else pytest.approx(right.cost, abs=1e-6))
    assert shown(book)["Total"] == (EVALUATE if unknown else pytest.approx(right.cost, abs=1e-6))


@pytest.mark.parametrize("calendar", [False, True])
def test_untouched_costs_stay_when_recalculated(calendar, recalculated: Maker, tmp_path: Path):
    path = tmp_path / "plan.xlsx"
    result = figures(campaign(calendar), BOUGHT)
    write_plan(result, path)
    book = recalculated(path)
    assert shown(book)["Total"] == pytest.approx(result.cost, abs=1e-6)
    costs = [shown(book)[name] for name in NAMES]
    assert costs == pytest.approx(result.vehicles.cost.tolist(), abs=1e-6)
    assert "changed after this page" not in texts(book["Summary"])
