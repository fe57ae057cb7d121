"""A plan's workbook keeps a campaign's cells where they stood, and the planner's own columns."""

from pathlib import Path

import openpyxl

from planner.campaign.inputs import Campaign
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.template import write_example
from tests.planner.workbook.reading.book import rewritten


def an_own_campaign(path: Path) -> Campaign:
    """The example with a title above Vehicles, its columns in another order and a column of remarks in the middle."""
    write_example(path, False)
    book = openpyxl.load_workbook(path)
    sheet = book["Vehicles"]
    sheet.insert_cols(2)
    sheet.cell(1, 2, "Remarks")
    sheet.cell(2, 2, "ask Ann")
    sheet.cell(3, 2, 12)
    sheet.insert_rows(1, 3)
    book.save(path)
    return read_campaign(path)


def test_cells_of_vehicles_and_brief_keep_their_places(tmp_path: Path) -> None:
    campaign = an_own_campaign(tmp_path / "own.xlsx")
    again = rewritten(campaign, tmp_path / "again.xlsx")
    first = campaign.vehicles[0].name
    for attribute in ("name", "medium", "unit_cost", "audience_000", "rating", "maximum"):
        cell = campaign.cells["Vehicles", first, attribute]
        assert again.cells["Vehicles", first, attribute] == cell
    assert campaign.cells["Vehicles", first, "name"] == "Vehicles!A5"
    assert again.cells["Brief", "budget", "value"] == campaign.cells["Brief", "budget", "value"]
    assert [rule.cell for rule in again.rules] == [rule.cell for rule in campaign.rules]


def test_a_planners_own_column_goes_along_and_stays_his_own(tmp_path: Path) -> None:
    campaign = an_own_campaign(tmp_path / "own.xlsx")
    again = rewritten(campaign, tmp_path / "again.xlsx")
    (column,) = again.own_columns
    names = [vehicle.name for vehicle in campaign.vehicles]
    assert (column.heading, column.cell) == ("Remarks", "Vehicles!B4")
    assert column.values == {names[0]: "ask Ann", names[1]: 12}
    assert again == campaign or again.vehicles == campaign.vehicles


def test_cells_of_traits_media_and_composition_keep_their_places(tmp_path: Path) -> None:
    write_example(tmp_path / "own.xlsx", False)
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    for name, before in (("Traits", 2), ("Media", 1), ("Composition", 3)):
        book[name].insert_cols(before)
        book[name].insert_rows(1, 2)
        book[name]["A1"] = "A title"
    book.save(tmp_path / "own.xlsx")
    campaign = read_campaign(tmp_path / "own.xlsx")
    again = rewritten(campaign, tmp_path / "again.xlsx")
    kept = {
        place: cell
        for place, cell in campaign.cells.items()
        if place[0] in ("Traits", "Media", "Composition")
    }
    assert kept["Traits", "catalyst", "share"] == "Traits!F5"
    assert {place: again.cells[place] for place in kept} == kept
    assert (again.traits, again.media, again.composition) == (
        campaign.traits,
        campaign.media,
        campaign.composition,
    )


def test_a_medium_that_media_does_not_list_follows_those_it_does(tmp_path: Path) -> None:
    write_example(tmp_path / "own.xlsx", False)
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    book["Media"]["A3"] = None
    for column in "BCDE":
        book["Media"][f"{column}3"] = None
    book.save(tmp_path / "own.xlsx")
    campaign = read_campaign(tmp_path / "own.xlsx")
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert campaign.cells["Media", "Magazine", "name"] == "Media"
    assert again.cells["Media", "TV", "name"] == campaign.cells["Media", "TV", "name"] == "Media!A2"
    assert again.cells["Media", "Magazine", "name"] == "Media!A5"
    assert again.media == campaign.media
