"""The blank campaign and the filled example."""

from pathlib import Path

import openpyxl
import pytest

from planner.errors import OutputError, WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.schema.people_sheets import COMPOSITION, SURVEY, TYPES
from planner.workbook.schema.sheets import INFLUENCE, SCENARIOS, SHEETS, WEEKS
from planner.workbook.template import write_example, write_template


def headings(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[object]:
    return [cell.value for cell in sheet[1]]


def test_the_template_has_every_sheet_and_heading_of_the_schema(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert book.sheetnames == [schema.name for schema in SHEETS] + ["Help"]
    for schema in SHEETS:
        wanted = [column.heading for column in schema.columns]
        if schema.brief:
            assert [cell.value for cell in book[schema.name]["A"]] == ["Key", *wanted]
        elif schema is COMPOSITION:
            assert headings(book[schema.name]) == ["Vehicle", "catalyst"]
        elif schema is TYPES:
            assert headings(book[schema.name]) == ["Vehicle", "type 1", "type 2", "type 3", "type 4"]
        elif schema is WEEKS:
            assert headings(book[schema.name]) == ["Vehicle", "W1", "W2", "W3", "W4"]
        elif schema is SCENARIOS:
            assert headings(book[schema.name]) == [*wanted, "Budget"]
        else:
            assert headings(book[schema.name]) == wanted


def test_the_template_has_no_example_in_a_data_row(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    for schema in SHEETS:
        if not schema.brief and schema not in (INFLUENCE, SURVEY):  # whose rows are the form itself
            rows = book[schema.name].iter_rows(min_row=2, values_only=True)
            assert not any(value is not None for row in rows for value in row)
    assert all(cell.value is None for cell in book["Brief"]["B"][1:])


def test_every_heading_has_a_note_and_every_choice_a_drop_down(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    for schema in SHEETS:
        sheet = book[schema.name]
        lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
        for column in schema.columns:
            if column.choices:
                assert '"' + ",".join(column.choices) + '"' in lists
        if not schema.brief and not schema.open_columns:
            assert all(cell.comment is not None for cell in sheet[1])


def test_the_sheets_that_every_campaign_needs_have_brown_tabs(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "new.xlsx").worksheets
    brown = [sheet.title for sheet in sheets if sheet.sheet_properties.tabColor.rgb == "FF9C4221"]
    assert brown == ["Brief", "Vehicles", "Composition"]


def test_help_explains_every_column_with_an_example(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    help_sheet = openpyxl.load_workbook(tmp_path / "new.xlsx")["Help"]
    explained = {(row[0], row[1]): row for row in help_sheet.iter_rows(values_only=True)}
    for schema in SHEETS:
        for column in schema.columns:
            row = explained[schema.name, column.heading]
            assert row[2]
            assert row[3] or column.attribute == "note"


def test_an_empty_template_asks_for_what_is_needed(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(tmp_path / "new.xlsx")
    text = " ".join(problem.text for problem in caught.value.problems)
    assert "Universe (000) is missing" in text
    assert "Budget is missing" in text
    assert "There are no vehicles" in text
    assert len(caught.value.problems) == 3


def test_a_template_with_the_least_filled_in_is_a_campaign(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    keys = {cell.value: cell.row for cell in book["Brief"]["A"]}
    book["Brief"].cell(keys["Universe (000)"], 2, 1000)
    book["Brief"].cell(keys["Budget"], 2, 500)
    columns = {cell.value: cell.column for cell in book["Vehicles"][1]}
    for heading, value in {
        "Vehicle": "Quiz",
        "Medium": "TV",
        "Unit cost": 5,
        "Rating %": 0.1,
        "Max": 3,
    }.items():
        book["Vehicles"].cell(2, columns[heading], value)
    book["Vehicles"].cell(2, columns["Rating %"]).number_format = "0%"  # as Excel does in a percent column
    book["Composition"]["A2"] = "Quiz"
    book["Composition"]["B2"] = "12 %"
    book.save(path)
    campaign = read_campaign(path)
    assert campaign.vehicles[0].audience_000 == 100
    assert campaign.composition[0].shares == (0.12,)


def test_the_example_is_a_campaign_without_notices(tmp_path: Path) -> None:
    write_example(tmp_path / "example.xlsx")
    campaign = read_campaign(tmp_path / "example.xlsx")
    assert campaign.notices == ()
    assert {vehicle.medium for vehicle in campaign.vehicles} == {"TV", "Magazine"}
    assert all(vehicle.name.startswith("Example") for vehicle in campaign.vehicles)
    assert any(vehicle.unit_cost is None for vehicle in campaign.vehicles)
    assert [rule.unit for rule in campaign.rules] == ["share", "money", "vehicles", "grp"]
    assert [vehicle.smallest_buy for vehicle in campaign.vehicles if vehicle.smallest_buy] == [3]
    assert [(goal.audience, goal.measure, goal.at_least) for goal in campaign.goals] == [
        ("customers", "reach", 0.25)
    ]


@pytest.mark.parametrize("write", [write_template, write_example])
def test_a_file_that_is_there_is_not_overwritten_unless_forced(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "plan.xlsx"
    path.write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        write(path)
    assert path.read_text() == "mine"
    write(path, force=True)
    assert path.read_bytes().startswith(b"PK")
    assert list(tmp_path.iterdir()) == [path]  # nothing is left beside it


def test_a_folder_that_is_not_there_is_said_and_the_template_is_kept_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        write_template(tmp_path / "nowhere" / "new.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_same_template_is_the_same_file(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx")
    write_template(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
