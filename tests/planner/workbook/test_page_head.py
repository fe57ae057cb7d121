"""The head of a wide sheet stays within the first page that is printed of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.workbook.page.styles import ONE_PAGE, TITLE_ROW
from planner.workbook.write import write_plan

Maker = Callable[..., Any]


@pytest.mark.parametrize(("name", "title_lines"), [("Spring launch", 1), ("Spring launch of soups " * 5, 2)])
def test_title_and_subtitle_of_the_plan_wrap_within_its_first_page(
    name: str, title_lines: int, made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(made_result(made_campaign(campaign=name)), path)
    sheet = openpyxl.load_workbook(path)["Plan"]
    across = [each for each in sheet.merged_cells.ranges if each.min_row in (1, 2)]
    assert sorted(each.min_row for each in across) == [1, 2]
    widths = {
        number: each.width
        for each in sheet.column_dimensions.values()
        for number in range(each.min, each.max + 1)
    }
    for each in across:
        assert each.min_col == 1
        # Excel's file says 0.71 more for every column, its padding.
        assert sum(widths[number] - 0.71 for number in range(1, each.max_col + 1)) <= ONE_PAGE + 0.1
        assert sheet.cell(each.min_row, 1).alignment.wrap_text
    assert str(sheet["A1"].value).startswith(f"Plan: {name.strip()}")
    whole_points = 0.75  # a height is a whole number of screen points
    assert sheet.row_dimensions[1].height == pytest.approx(title_lines * TITLE_ROW, abs=whole_points)
