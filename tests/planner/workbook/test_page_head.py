"""The head of a wide sheet stays whole on every page that is printed of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.workbook.page.paper import ROW
from planner.workbook.page.styles import ONE_PAGE, TITLE_ROW
from planner.workbook.write import write_plan

Maker = Callable[..., Any]


@pytest.mark.parametrize(("name", "title_lines"), [("Spring launch", 1), ("Spring launch of soups " * 3, 3)])
def test_no_page_of_the_plan_cuts_its_title_and_the_first_has_its_subtitle(
    name: str, title_lines: int, made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(made_result(made_campaign(campaign=name)), path)
    sheet = openpyxl.load_workbook(path)["Plan"]
    title, subtitle = sorted(
        (each for each in sheet.merged_cells.ranges if each.min_row == 1), key=lambda each: each.min_col
    )
    assert sheet.print_title_cols == "$A:$B"  # what every page repeats
    assert (title.min_col, title.max_col) == (1, 2)
    assert subtitle.min_col == 3
    widths = {
        number: each.width
        for each in sheet.column_dimensions.values()
        for number in range(each.min, each.max + 1)
    }
    # Excel's file says 0.71 more for every column, its padding.
    assert sum(widths[number] - 0.71 for number in range(1, subtitle.max_col + 1)) <= ONE_PAGE + 0.1
    assert all(sheet.cell(1, each.min_col).alignment.wrap_text for each in (title, subtitle))
    assert str(sheet["A1"].value).startswith(f"Plan: {name.strip()}")
    whole_points = 0.75  # a height is a whole number of screen points
    lines = max(title_lines * TITLE_ROW, 2 * ROW)  # the subtitle takes two
    assert sheet.row_dimensions[1].height == pytest.approx(lines, abs=whole_points)


PAPERS = {"9": (11.69, 8.27), "1": (11.0, 8.5)}  # A4 and Letter, landscape, inches
TEN_POINTS = 10  # of the sheet's letters


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_a_summary_prints_on_one_page_at_8_points_or_more_with_47_rules(
    currency: str, made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    campaign = made_campaign(40, 4)
    campaign = replace(campaign, brief=replace(campaign.brief, currency=currency))
    result = made_result(campaign)
    rule = replace(result.rules[0], binding=True)
    every = tuple(
        replace(rule, text=f"limit {number}: at most {number + 3} insertions") for number in range(47)
    )
    path = tmp_path / "plan.xlsx"
    write_plan(replace(result, rules=every), path)
    sheet = openpyxl.load_workbook(path)["Summary"]
    pixels = sum(
        (int(7 * (each.width - 0.71) + 0.5) + 5) * (each.max - each.min + 1)
        for each in sheet.column_dimensions.values()
        if each.max <= sheet.max_column
    )
    high = sum(
        sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight
        for row in range(1, sheet.max_row + 1)
    )
    wide_inches, high_inches = PAPERS[str(sheet.page_setup.paperSize)]
    margins = sheet.page_margins
    wide_room, high_room = (
        72 * (wide_inches - margins.left - margins.right),
        72 * (high_inches - margins.top - margins.bottom),
    )
    assert sheet.page_setup.fitToHeight is None or int(sheet.page_setup.fitToHeight) == 1
    assert min(wide_room / (0.75 * pixels), high_room / high) * TEN_POINTS >= 8
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert sum(text.startswith("limit ") for text in told) == 8
    assert any(text.startswith("and 39 more rules, 39 of them binding (limit 8, limit 9, ") for text in told)


def test_rules_of_the_planner_stand_on_summary_before_limits_of_vehicles(
    made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    """One that holds without binding was passed over for maxima that bind."""
    result = made_result(made_campaign())
    first = result.rules[0]
    maxima = tuple(
        replace(first, text=f"limit {number}", holds=True, binding=True, own=False) for number in range(9)
    )
    own = replace(first, text="Digital: at most 10 % of spend", holds=True, binding=False, own=True)
    path = tmp_path / "plan.xlsx"
    write_plan(replace(result, rules=(*maxima, own)), path)
    told = [row[0] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)]
    at = told.index("Digital: at most 10 % of spend")
    assert told[at - 1 : at + 2] == ["Rule", "Digital: at most 10 % of spend", "limit 0"]
    assert "and 2 more rules, 2 of them binding (limit 7, limit 8): see Notes" in told


def test_prices_paid_are_no_rules_that_bind(made_campaign: Maker, made_result: Maker, tmp_path: Path) -> None:
    result = made_result(made_campaign())
    first = replace(result.rules[0], holds=True, binding=True)
    paid = [replace(first, text=f"discount {number}", price=True, own=False) for number in range(9)]
    unpaid = replace(paid[0], text="a discount of others", binding=False)
    path = tmp_path / "plan.xlsx"
    write_plan(replace(result, rules=(replace(first, text="at most 3"), *paid, unpaid)), path)
    told = list(openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True))
    standing = {row[0]: row[5] for row in told if row[0]}
    assert (standing["at most 3"], standing["discount 0"]) == ("yes", "paid")
    assert "and 2 more prices paid: see Notes" in standing
    rules = [replace(first, text=f"limit {number}", own=number < 8) for number in range(10)]
    write_plan(replace(result, rules=(*rules, *paid, unpaid)), path)
    told = [row[0] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)]
    assert "and 2 more rules, 2 of them binding (limit 8, limit 9), and 9 prices paid: see Notes" in told
