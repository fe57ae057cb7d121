"""Formulas of a plan's workbook, recalculated: an edit changes costs, sums and subtotals."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.campaign.inputs import MediumRow
from planner.planning.results import PlanResult
from tests.planner.by_hand import buying
from tests.planner.workbook.plan.cells import OURS, WITH_RANKING, Maker, figure, plan_column, plan_row, values

CASES = ("plain", "unquoted", "nothing bought", "fractional", "edited", "influence", "not compared")


@pytest.mark.parametrize("case", CASES)
def test_formulas_recalculated_by_libreoffice_show_what_we_wrote(
    case: str,
    made_campaign: Maker,
    made_result: Maker,
    made_influenced: Maker,
    written: Maker,
    recalculated: Maker,
) -> None:
    result = {
        "plain": lambda: made_result(made_campaign(12, 3)),
        "unquoted": lambda: made_result(made_campaign(6, unquoted=(1, 4))),
        "nothing bought": lambda: made_result(made_campaign(4), insertions=[0, 0, 0, 0]),
        "fractional": lambda: made_result(made_campaign(3, whole=False), insertions=[1.25, 0, 2.5]),
        "edited": lambda: edited(made_result(made_campaign(4))),
        "influence": lambda: made_influenced(made_campaign(6, unquoted=(1,))),
        "not compared": lambda: not_compared(made_influenced(made_campaign(6))),
    }[case]()
    path = written(result)
    formulas, ours, theirs = openpyxl.load_workbook(path), values(path), recalculated(path)
    names = OURS if result.ranking is None else WITH_RANKING
    cells = [cell for name in names for row in formulas[name].iter_rows() for cell in row]
    live = [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]
    assert len(live) > 30
    for name, where in live:
        mine, other = ours[name][where].value, theirs[name][where].value
        assert is_same(mine, other), f"{name}!{where}: {mine!r}, LibreOffice {other!r}"


def not_compared(result: PlanResult) -> PlanResult:
    """The result where the plan is the ordinary one."""
    influence = result.influence
    assert influence is not None
    same = replace(influence.tailored, audiences=tuple(map(replace, influence.tailored.audiences)))
    return replace(result, influence=replace(influence, compared=False, ordinary=same))


def is_same(mine: Any, other: Any) -> bool:
    if isinstance(mine, float | int):
        return bool(mine == pytest.approx(other, rel=1e-9, abs=1e-9))
    return (mine or "") == (other or "")


def edited(result: PlanResult) -> PlanResult:
    more = result.vehicles.insertions + np.array([0, 1, 0, 0])
    return replace(result, vehicles=buying(result.vehicles, more), edits=("Evening News",))


def test_an_edited_insertions_cell_changes_cost_grp_and_totals(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    # Morning News (TV) costs 4,000 and reaches 900 of 50,000 thousand (1.8 %), Evening News (Magazines) 5,500
    # and 1,030.
    path = written(made_result(made_campaign(2, budget=50_000.0), insertions=[1, 2]))
    book = openpyxl.load_workbook(path)
    sheet = book["Plan"]
    sheet.cell(plan_row(sheet, "Morning News"), plan_column(sheet, "Insertions (editable)"), 5)
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    book = recalculated(changed)
    sheet = book["Plan"]
    expected = {
        ("Morning News", "Cost"): 20_000,
        ("Morning News", "GRP"): 9.0,
        ("Morning News", "Impressions (000)"): 4_500,
        ("Morning News", "CPM"): 4_000 / 900,
        ("Morning News", "Share of spend"): 20_000 / 31_000,
        ("Subtotal TV", "Cost"): 20_000,
        ("Subtotal Magazines", "Cost"): 11_000,
        ("Total", "Cost"): 31_000,
        ("Total", "GRP"): 9.0 + 2 * 2.06,
        ("Total", "CPP"): 31_000 / 13.12,
        ("Total", "Insertions (editable)"): 7,
    }
    assert {key: figure(sheet, *key) for key in expected} == pytest.approx(expected)
    assert [sheet.cell(4, column).value for column in (1, 2, 3, 4)] == [50_000, 19_000, 2, 1]
    assert "planner evaluate" in book["Summary"]["A3"].value


def test_an_unchanged_plan_carries_no_warning(made_result: Maker, written: Maker) -> None:
    assert not values(written(made_result()))["Summary"]["A3"].value


def test_insertions_of_a_vehicle_without_a_price_break_no_total(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker
) -> None:
    result = made_result(made_campaign(4, unquoted=(1,)), insertions=[1, 0, 1, 1])
    path = written(replace(result, vehicles=buying(result.vehicles, np.array([1.0, 2.0, 1.0, 1.0]))))
    for book in (values(path), recalculated(path)):
        sheet = book["Plan"]
        assert figure(sheet, "Evening News", "Net cost per insertion") == "not quoted"
        assert figure(sheet, "Evening News", "Cost") == "not quoted"
        assert figure(sheet, "Total", "Cost") == pytest.approx(4_000 + 7_000 + 8_500)


def test_media_named_like_patterns_keep_their_own_subtotals(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker
) -> None:
    campaign = made_campaign(4)
    names = {"TV": "TV*", "Magazines": ">5"}
    campaign = replace(
        campaign,
        media=tuple(MediumRow(name, 1.6, 0.5) for name in names.values()),
        vehicles=tuple(replace(vehicle, medium=names[vehicle.medium]) for vehicle in campaign.vehicles),
    )
    sheet = recalculated(written(made_result(campaign, insertions=[1, 1, 1, 1])))["Plan"]
    assert figure(sheet, "Subtotal TV*", "Cost") == 4_000 + 7_000
    assert figure(sheet, "Subtotal >5", "Cost") == 5_500 + 8_500
