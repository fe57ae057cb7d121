"""The formulas of Flowchart, recalculated: costs, sums and subtotals follow an edit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.planning.results import ExtraCost
from planner.workbook.plan.flowchart_layout import HEADER_ROW
from planner.workbook.write import write_plan
from tests.planner.workbook.flowchart.sheets import WEEK_1, Maker, by_week, row_of, swap, values

OURS = ("Plan", "Flowchart", "Line items")


def right(sheet: Worksheet, heading: str) -> int:
    """The column (from 1) under a heading."""
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def figure(sheet: Worksheet, label: str, heading: str) -> Any:
    return sheet.cell(row_of(sheet, label), right(sheet, heading)).value


def weeks_of(path: Path, insertions: list[float], made_campaign: Maker, made_weeks: Maker) -> Path:
    write_plan(made_weeks(made_campaign(len(insertions)), insertions=insertions), path)
    return path


CASES = {
    "plain": {"vehicles": 12, "media": 3},
    "prices by week": {"vehicles": 7, "media": 2, "by_week": True},
    "unquoted": {"vehicles": 6, "unquoted": (1, 4), "by_week": True},
    "nothing bought": {"vehicles": 4, "insertions": [0, 0, 0, 0]},
    "everything bought": {"vehicles": 4, "insertions": [1, 2, 3, 4]},
    "fractional": {"vehicles": 3, "whole": False, "insertions": [1.25, 0, 2.5]},
    "without a start": {"vehicles": 5, "start": None, "weeks": 6},
    "one week": {"vehicles": 3, "weeks": 1},
    "many weeks": {"vehicles": 9, "media": 4, "weeks": 30, "by_week": True},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_formulas_recalculated_by_libreoffice_show_what_we_wrote(
    case: str, made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    asked = dict(CASES[case])
    more = {name: asked.pop(name) for name in ("insertions", "by_week") if name in asked}
    path = written(made_weeks(made_campaign(**asked), **more))
    formulas, ours, theirs = openpyxl.load_workbook(path), values(path), recalculated(path)
    cells = [cell for name in OURS for row in formulas[name].iter_rows() for cell in row]
    live = [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]
    assert len(live) > 40
    for name, where in live:
        mine, other = ours[name][where].value, theirs[name][where].value
        # Both add the same few doubles, in another order.
        same = mine == pytest.approx(other, rel=1e-9, abs=1e-9) if isinstance(mine, float | int) else (
            (mine or "") == (other or "")
        )  # fmt: skip
        assert same, f"{name}!{where}: {mine!r}, LibreOffice {other!r}"


def test_the_figures_are_the_calendars(made_campaign: Maker, made_weeks: Maker, written: Maker) -> None:
    result = made_weeks(made_campaign(12, 3), by_week=True)
    sheet = values(written(result))["Flowchart"]
    weeks = result.weeks
    assert by_week(sheet, "Total insertions") == weeks.insertions.sum(axis=0).tolist()
    assert by_week(sheet, "Cost (") == pytest.approx(weeks.cost.tolist())
    assert by_week(sheet, "GRP") == pytest.approx(weeks.grp.tolist())
    assert by_week(sheet, "GRP, cumulative") == pytest.approx(np.cumsum(weeks.grp).tolist())
    assert by_week(sheet, "GRP, share asked for (front-loaded)") == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert by_week(sheet, "Reach of the week, target") == pytest.approx(weeks.reach_share.tolist())
    assert by_week(sheet, "Reach, cumulative, target") == pytest.approx(weeks.cumulative_share.tolist())
    assert figure(sheet, "Total insertions", "Cost") == pytest.approx(result.cost)
    assert figure(sheet, "Total insertions", "Share of spend") == pytest.approx(1.0)


def test_an_edit_changes_cost_grp_subtotals_and_the_plan(
    made_campaign: Maker, made_weeks: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    # Morning News (TV) costs 4,000 and reaches 1.8 % of the universe, Evening News (Magazines) 5,500 and 2.06 %,
    # Weekly News (TV), not bought, 7,000 and 2.32 %.
    path = weeks_of(tmp_path / "plan.xlsx", [1, 2, 0], made_campaign, made_weeks)
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    assert not values(path)["Flowchart"].cell(5, WEEK_1).value
    sheet.cell(row_of(sheet, "Weekly News"), WEEK_1 + 2, 2)
    book.save(tmp_path / "changed.xlsx")
    book = recalculated(tmp_path / "changed.xlsx")
    sheet, plan = book["Flowchart"], book["Plan"]
    assert by_week(sheet, "TV total") == [1, 0, 2, 0]
    assert by_week(sheet, "Cost (") == [4_000, 5_500, 5_500 * figure_of(sheet, "Evening News", 2) + 14_000, 0]
    assert figure(sheet, "TV total", "Cost") == 4_000 + 14_000
    assert figure(sheet, "Total insertions", "GRP") == pytest.approx(1.8 + 2 * 2.06 + 2 * 2.32)
    assert "planner evaluate" in sheet.cell(5, WEEK_1).value
    rows = {plan.cell(row, 1).value: row for row in range(7, 10)}
    assert plan.cell(rows["Weekly News"], 6).value == 2
    assert plan.cell(rows["Weekly News"], 8).value == 14_000
    assert plan.cell(4, 4).value == 1  # edited


def figure_of(sheet: Worksheet, label: str, week: int) -> float:
    return sheet.cell(row_of(sheet, label), WEEK_1 + week).value or 0


def test_prices_by_week_are_paid_by_week(made_campaign: Maker, made_weeks: Maker, written: Maker) -> None:
    # TV's price rises by 10 % a week: three insertions from the first week on cost 4,000 x (1 + 1.1 + 1.2).
    result = made_weeks(made_campaign(1, 1), insertions=[3], by_week=True)
    book = values(written(result))
    assert figure(book["Flowchart"], "Morning News", "Cost") == pytest.approx(13_200)
    assert book["Plan"].cell(7, 8).value == pytest.approx(13_200)
    assert [book["Line items"].cell(row, 7).value for row in (5, 6, 7)] == pytest.approx(
        [4_000, 4_400, 4_800]
    )


def test_rows_sorted_on_either_sheet_keep_their_sums(
    made_campaign: Maker, made_weeks: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    path = weeks_of(tmp_path / "plan.xlsx", [1, 2, 3, 4], made_campaign, made_weeks)
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    swap(sheet, row_of(sheet, "Morning News"), row_of(sheet, "Home News"), WEEK_1 + 3)
    book.save(tmp_path / "sorted.xlsx")
    plan = recalculated(tmp_path / "sorted.xlsx")["Plan"]
    assert {plan.cell(row, 1).value: plan.cell(row, 6).value for row in range(7, 11)} == {
        "Morning News": 1, "Evening News": 2, "Weekly News": 3, "Home News": 4
    }  # fmt: skip


@pytest.mark.parametrize("medium", ["TV*", ">5", 'say "TV"', "x" * 300])
def test_media_with_odd_names_keep_their_subtotals(
    medium: str, made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    campaign = made_campaign(4)
    names = {"TV": medium, "Magazines": "Magazines"}
    campaign = replace(
        campaign,
        media=tuple(replace(row, name=names[row.name]) for row in campaign.media),
        vehicles=tuple(replace(vehicle, medium=names[vehicle.medium]) for vehicle in campaign.vehicles),
    )
    sheet = recalculated(written(made_weeks(campaign, insertions=[1, 1, 0, 1])))["Flowchart"]
    assert figure(sheet, f"{medium} total", "Cost") == 4_000
    assert figure(sheet, "Magazines total", "Cost") == 5_500 + 8_500


def test_fixed_costs_are_in_the_money_of_their_vehicle_its_medium_and_its_weeks(
    made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    result = made_weeks(made_campaign(2), insertions=[1, 1])
    fixed = (ExtraCost(250.0, (), 0.0), ExtraCost(0.0, (), 0.0))
    spent = result.weeks.insertions * result.weeks.unit_cost
    vehicles = replace(result.vehicles, extra=fixed, cost=spent.sum(axis=1) + np.array([250.0, 0.0]))
    path = written(replace(result, cost=result.cost + 250, vehicles=vehicles))
    for book in (values(path), recalculated(path)):
        sheet, plan = book["Flowchart"], book["Plan"]
        assert sheet.cell(5, 2).value == pytest.approx(9_750)
        assert sheet.cell(5, 4).value == pytest.approx(1_000_000 - 9_750)
        assert figure(sheet, "TV total", "Cost") == pytest.approx(spent[0].sum() + 250)
        assert figure(sheet, "TV total", "Cost") == pytest.approx(
            next(
                row[7].value for row in plan.iter_rows() if (row[0].value, row[1].value) == ("Subtotal", "TV")
            )
        )
        row = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("Cost ("))
        assert sum(cell.value for cell in row[1:] if isinstance(cell.value, float | int)) == pytest.approx(
            9_750
        )
