"""A result workbook comes back: edited, typed over, rearranged."""

import os
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan, with_edits
from planner.workbook.plan.plan_columns import FIRST_ROW, HEADER_ROW
from planner.workbook.write import write_plan
from tests.planner.workbook.reading.book import opened

Maker = Callable[..., Any]
HEADINGS = {"Plan": "Vehicle", "Vehicles": "Vehicle", "Traits": "Trait", "Composition": "Vehicle", "Media": "Medium",
            "Rules": "Rule", "Brief": "Campaign", "Influence": "Parameter"}  # fmt: skip
MOVABLE = [name for name in HEADINGS if name not in ("Brief", "Influence")]


@pytest.fixture
def plan(made_campaign: Maker, made_result: Maker, tmp_path: Path) -> Path:
    """Six vehicles: Morning News and 4,000, Evening News and 5,500, ... in TV and Magazines by turns."""
    path = tmp_path / "plan.xlsx"
    write_plan(made_result(made_campaign(6)), path)
    return path


def row_of(sheet: Worksheet, name: str) -> int:
    return next(row for row in range(FIRST_ROW + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == name)


def column_of(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def type_over(path: Path, name: str, heading: str, value: object) -> str:
    """Type a value over a cell of Plan; returns its address."""
    with opened(path) as book:
        sheet = book["Plan"]
        cell = sheet.cell(row_of(sheet, name), column_of(sheet, heading))
        cell.value = value
    return f"Plan!{cell.coordinate}"


def new_notices(path: Path, before: tuple[str, ...]) -> list[str]:
    return [notice for notice in read_plan(path)[0].notices if notice not in before]


# --- what goes along ---


def test_columns_typed_on_plan_go_along_and_come_back(plan: Path, made_result: Maker, tmp_path: Path) -> None:
    with opened(plan) as book:
        sheet = book["Plan"]
        last = sheet.max_column
        sheet.cell(HEADER_ROW + 1, last + 1).value = "Client says"
        sheet.cell(row_of(sheet, "Morning News"), last + 1).value = "keep"
        sheet.cell(row_of(sheet, "Evening News"), last + 1).value = 3
    campaign, _ = read_plan(plan)
    (column,) = campaign.plan_columns
    assert (column.heading, dict(column.values)) == (
        "Client says",
        {"Morning News": "keep", "Evening News": 3},
    )
    again = tmp_path / "again.xlsx"
    write_plan(made_result(campaign), again)
    (back,) = read_plan(again)[0].plan_columns
    assert (back.heading, dict(back.values)) == ("Client says", {"Morning News": "keep", "Evening News": 3})
    assert with_edits(plan, read_campaign(plan), keep=True).plan_columns == campaign.plan_columns


def test_what_stands_on_plan_under_no_heading_is_named(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    with opened(plan) as book:
        sheet = book["Plan"]
        place = sheet.cell(row_of(sheet, "Morning News"), sheet.max_column + 1)
        place.value = "keep"
    assert new_notices(plan, before) == [
        f'Plan!{place.coordinate}: "keep" stands under no heading; it is not read and does not go along into another '
        f"workbook. Head it in row {HEADER_ROW + 1}."
    ]


# --- what does not count --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Cost", "Share of spend", "GRP", "Impressions (000)", "Target impressions (000)", "CPM", "CPP"],
)
def test_a_formula_typed_over_is_named(heading: str, plan: Path) -> None:
    before = read_plan(plan)[0].notices
    where = type_over(plan, "Evening News", heading, 123)
    shown = "12300 %" if heading == "Share of spend" else "123"  # as the cell shows it
    assert new_notices(plan, before) == [
        f"{where} ({heading} of Evening News) was a formula and now is a number, {shown}; it was not used."
    ]


def test_formulas_typed_over_in_one_column_are_told_together(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    first, second = (type_over(plan, name, "Cost", 1.0) for name in ("Morning News", "Total"))
    (notice,) = new_notices(plan, before)
    assert notice == (
        f"Cost: {first} (Morning News) and {second} (the plan) were formulas and now are numbers or texts; they were "
        "not used."
    )


def test_an_untouched_plan_says_nothing_new(plan: Path) -> None:
    campaign = read_campaign(plan)
    assert read_plan(plan)[0].notices == campaign.notices
    with opened(plan):  # openpyxl saves formulas without their values
        pass
    assert read_plan(plan)[0].notices == campaign.notices


def test_a_price_typed_over_points_to_vehicles(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    where = type_over(plan, "Evening News", "Net cost per insertion", 5_000)
    (notice,) = new_notices(plan, before)
    assert notice.startswith(
        f"{where} (Net cost per insertion of Evening News) is 5000, but Vehicles gives 5,500 (Vehicles!"
    )
    assert notice.endswith("which counts; change Unit cost on Vehicles instead.")
    assert read_plan(plan)[0].notices[0] == notice  # the terminal shows the first


def test_a_price_for_a_vehicle_without_one_points_to_vehicles(
    made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(made_result(made_campaign(4, unquoted=(1,))), path)
    before = read_plan(path)[0].notices
    type_over(path, "Evening News", "Net cost per insertion", 5_000)
    assert any("Vehicles quotes none" in notice for notice in new_notices(path, before))


def test_audiences_typed_over_point_to_vehicles(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    type_over(plan, "Evening News", "Audience per insertion (000)", 2_000)
    type_over(plan, "Morning News", "Rating %", 9.9)
    told = new_notices(plan, before)
    assert len(told) == 2
    assert "change Audience (000) on Vehicles instead" in told[0]
    assert "change Audience (000) or Rating % on Vehicles instead" in told[1]


def test_a_budget_typed_over_points_to_the_brief(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    with opened(plan) as book:
        book["Plan"]["A4"] = 2_000_000
    (notice,) = new_notices(plan, before)
    assert notice.startswith("Plan!A4 (Budget) is 2000000, but the Brief says 1000000 (Brief!B")


@pytest.mark.parametrize(("typed", "told"), [("two million", True), ("2m", True), ("1.000.000,00 €", False)])
def test_a_budget_typed_over_as_a_text_is_told_where_it_is_another(
    plan: Path, typed: str, told: bool
) -> None:
    before = read_plan(plan)[0].notices
    with opened(plan) as book:
        book["Plan"]["A4"] = typed
    assert [notice[: len(typed) + 22] for notice in new_notices(plan, before)] == [
        f'Plan!A4 (Budget) is "{typed}"'
    ] * told


def test_a_price_typed_over_as_words_points_to_vehicles(plan: Path) -> None:
    before = read_plan(plan)[0].notices
    where = type_over(plan, "Morning News", "Net cost per insertion", "on request")
    (notice,) = new_notices(plan, before)
    assert notice.startswith(
        f'{where} (Net cost per insertion of Morning News) is "on request", but Vehicles gives '
    )


# --- planning anew ----------------------------------------------------------------------------------


def test_a_plan_that_is_planned_anew_keeps_its_edits_only_when_asked(plan: Path) -> None:
    where = type_over(plan, "Evening News", "Insertions (editable)", 4)
    campaign = read_campaign(plan)
    left, kept = with_edits(plan, campaign, False), with_edits(plan, campaign, True)
    assert [vehicle.locked for vehicle in left.vehicles] == [None] * 6
    assert "1 edit on Plan was not kept (Evening News at 4); --lock-edits keeps" in left.notices[0]
    assert [vehicle.locked for vehicle in kept.vehicles] == [None, 4.0, None, None, None, None]
    assert kept.cells["Vehicles", "Evening News", "locked"] == where


@pytest.mark.parametrize("typed", ["many", 10_001, 1e9])
def test_a_plan_sheet_that_cannot_be_read_stops_only_who_wants_it(typed: object, plan: Path) -> None:
    where = type_over(plan, "Evening News", "Insertions (editable)", typed)
    campaign = read_campaign(plan)
    assert (
        f"The sheet Plan was not looked at for edits; {where}" in with_edits(plan, campaign, False).notices[0]
    )
    with pytest.raises(WorkbookError) as caught:
        with_edits(plan, campaign, True)
    assert [problem.cell for problem in caught.value.problems] == [where]


def test_a_campaign_without_a_plan_has_no_edits(plan: Path) -> None:
    with opened(plan) as book:
        del book["Plan"]
    campaign = read_campaign(plan)
    assert with_edits(plan, campaign, False) == campaign
    assert "no sheet Plan" in with_edits(plan, campaign, True).notices[0]
    with pytest.raises(WorkbookError, match="1 problem"):
        read_plan(plan)


# --- rearranged -------------------------------------------------------------------------------------


def header_of(sheet: Worksheet, heading: str) -> tuple[int, int]:
    """Row and column of a table's first heading; of several tables the last."""
    return max((cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == heading)


def note_below(sheet: Worksheet, heading: str) -> None:
    sheet.cell(sheet.max_row + 2, header_of(sheet, heading)[1], "Agreed with Jane on the 3rd of May")


def note_beside(sheet: Worksheet, heading: str) -> None:
    sheet.cell(header_of(sheet, heading)[0] + 2, sheet.max_column + 2, "ask Jane about this")


def note_above(sheet: Worksheet, heading: str) -> None:
    for area in list(sheet.merged_cells.ranges):  # openpyxl leaves them where they are
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(1, 3)
    sheet["A2"] = "Draft for the client"


def hide_rows_and_columns(sheet: Worksheet, heading: str) -> None:
    sheet.row_dimensions[header_of(sheet, heading)[0] + 2].hidden = True
    for letter in "BCF":
        sheet.column_dimensions[letter].hidden = True


def move_columns(sheet: Worksheet, heading: str) -> None:
    """The table's columns in the opposite order."""
    top, left = header_of(sheet, heading)
    for row in range(top, sheet.max_row + 1):
        cells = [sheet.cell(row, column) for column in range(left, sheet.max_column + 1)]
        _refill(cells, cells[::-1])


def sort_rows(sheet: Worksheet, heading: str) -> None:
    """The table's rows in the opposite order."""
    top, left = header_of(sheet, heading)
    rows = []
    for row in range(top + 1, sheet.max_row + 1):
        if sheet.cell(row, left).value is None:
            break
        rows.append([sheet.cell(row, column) for column in range(1, sheet.max_column + 1)])
    _refill(list(chain(*rows)), list(chain(*rows[::-1])))


def _refill(cells: list[Any], others: list[Any]) -> None:
    for cell, (value, number_format) in zip(
        cells, [(other.value, other.number_format) for other in others], strict=True
    ):
        cell.value, cell.number_format = value, number_format


def said(path: Path) -> dict[str, object]:
    """What a workbook says, whatever the order of its rows and wherever they stand."""
    campaign, given = read_plan(path)
    names = [vehicle.name for vehicle in campaign.vehicles]
    rules = {(rule.name, rule.applies_to, rule.at_least, rule.at_most, rule.unit, frozenset(rule.vehicles))
             for rule in campaign.rules}  # fmt: skip
    shares = {
        (row.vehicle, trait): share
        for row in campaign.composition
        for trait, share in zip(campaign.composition_traits, row.shares, strict=True)
    }
    return {
        "brief": campaign.brief,
        "insertions": dict(zip(names, given.insertions.tolist(), strict=True)),
        "optimised": dict(zip(names, given.optimised.tolist(), strict=True)),
        "vehicles": {vehicle.name: vehicle for vehicle in campaign.vehicles},
        "traits": {trait.name: trait for trait in campaign.traits},
        "media": {medium.name: medium for medium in campaign.media},
        "between": campaign.between_media,
        "shares": shares,
        "rules": rules,
        "influence": {row.parameter: row for row in campaign.influence},
    }


@pytest.mark.parametrize("sheet", HEADINGS)
@pytest.mark.parametrize("change", [note_below, note_beside, note_above, hide_rows_and_columns])
def test_notes_and_hidden_rows_change_nothing(change: Maker, sheet: str, plan: Path) -> None:
    type_over(plan, "Evening News", "Insertions (editable)", 4)
    before = said(plan)
    with opened(plan) as book:
        change(book[sheet], HEADINGS[sheet])
    assert said(plan) == before


@pytest.mark.parametrize("sheet", MOVABLE)
@pytest.mark.parametrize("change", [move_columns, sort_rows])
def test_moved_columns_and_sorted_rows_change_nothing(change: Maker, sheet: str, plan: Path) -> None:
    type_over(plan, "Evening News", "Insertions (editable)", 4)
    before = said(plan)
    with opened(plan) as book:
        change(book[sheet], HEADINGS[sheet])
    assert said(plan) == before


def test_a_renamed_file_with_further_sheets_in_another_order_reads_the_same(
    plan: Path, tmp_path: Path
) -> None:
    before = said(plan)
    with opened(plan) as book:
        book.create_sheet("Contacts", 0)["A1"] = "Jane"
        book.move_sheet("Plan", 5)
    renamed = plan.rename(tmp_path / "final FINAL (2).xlsx")
    assert said(renamed) == before
    assert any("Contacts" in notice for notice in read_plan(renamed)[0].notices)


def test_hidden_rows_of_plan_are_noticed(plan: Path) -> None:
    with opened(plan) as book:
        hide_rows_and_columns(book["Plan"], "Vehicle")
    assert any("Plan: hidden rows" in notice for notice in read_plan(plan)[0].notices)


def test_a_row_begun_right_below_the_table_is_still_asked_about(plan: Path) -> None:
    with opened(plan) as book:
        sheet = book["Vehicles"]
        sheet.cell(sheet.max_row + 1, 1, "Late Late Show")
    with pytest.raises(WorkbookError) as caught:
        read_plan(plan)
    assert any("nothing but the name" in problem.text for problem in caught.value.problems)


def test_a_file_read_again_is_read_anew_once_it_has_changed(plan: Path) -> None:
    before = read_plan(plan)[1].insertions
    type_over(plan, "Evening News", "Insertions (editable)", 17)
    assert read_plan(plan)[1].insertions[1] == 17.0 != before[1]
    os.utime(plan)
    assert read_plan(plan)[1].insertions[1] == 17.0
