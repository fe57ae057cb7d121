"""What stands in a table, above it and beside it is read, named once, or a problem."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.report.campaign.check_text import problems_text
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.account.books import (
    COMPOSITION,
    HEADINGS,
    RULES,
    TRAITS,
    VEHICLES,
    Rows,
    by_cell,
    written,
)


def test_a_table_in_blocks_under_the_same_headings_is_one_table(read: Callable[..., Campaign]) -> None:
    blocks = [HEADINGS, *VEHICLES, ("Radio",), HEADINGS, ("Drive Time", "Radio", 2000, 700, 20)]
    campaign = read({"Vehicles": blocks})
    assert len(campaign.vehicles) == 5
    assert campaign.notices == (
        'Vehicles: row 7 repeats the headings; read as one table; "Radio" taken for the names of blocks.',
    )


@pytest.mark.parametrize("first", [True, False])
def test_a_second_row_of_other_headings_is_a_problem(
    first: bool, refused: Callable[..., WorkbookError]
) -> None:
    other: Rows = [("Medium", "Vehicle", "Unit cost"), ("Radio", "Drive Time", 2000)]
    table: Rows = [HEADINGS, *VEHICLES]
    found = by_cell(
        refused(
            {
                "Vehicles": [*other, *table] if first else [*table, *other],
                "Traits": TRAITS,
                "Composition": COMPOSITION,
            }
        )
    )
    assert list(found) == ["Vehicles!A1" if first else "Vehicles!A6"]
    assert "second row of headings" in next(iter(found.values()))


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ("Rules", RULES),
        ("Traits", TRAITS),
        ("Discounts", [("Vehicle or group", "From", "Discount %"), ("TV", 20000, "10 %")]),
        ("Goals", [("Audience", "Measure", "At least"), ("everyone", "reach %", "40 %")]),
        ("Packages", [("Package", "Vehicle", "Insertions", "Price"), ("a", "Herald", 2, 12000)]),
        ("Media", [("Medium", "Duplication"), ("TV", 1.5)]),
        ("Influence", [("Parameter", "Used"), ("Listeners", 1.4)]),
        ("Weeks", [("Vehicle", "W1", "W2", "W3", "W4"), ("Herald", 1, 1, 0, 1)]),
    ],
)
def test_rows_above_a_second_row_of_headings_are_read_or_a_problem_on_any_sheet(
    sheet: str, rows: Rows, tmp_path: Path
) -> None:
    """The same headings again go on with the table; swapped, they are another."""
    swapped = [tuple(reversed(row)) for row in rows]
    path = written(tmp_path / "a.xlsx", {sheet: [*rows, (), *swapped]})
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert any("second row of headings" in problem.text for problem in caught.value.problems)


def test_values_that_lost_their_heading_are_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Vehicles!E1": None}))
    assert found == {
        "Vehicles!E1": "Column E has values (10 in Vehicles!E2 and 3 more) but no heading; head it, or clear it."
    }


def test_rows_that_are_numbered_under_no_heading_are_read_and_it_is_said(
    read: Callable[..., Campaign],
) -> None:
    """As pandas writes a table: its index stands left of it, under nothing."""
    rows = [(None, *HEADINGS), *((place, *row) for place, row in enumerate(VEHICLES))]
    campaign = read({"Vehicles": rows})
    assert len(campaign.vehicles) == len(VEHICLES)
    told = "Vehicles: 0 in Vehicles!A2 and 3 more under no heading; taken for the rows' numbers and not read."
    assert campaign.notices == (told,)


def test_a_number_that_stands_beside_some_rows_numbers_none(refused: Callable[..., WorkbookError]) -> None:
    """A mark of the planner's own, 1 beside what counts, may mean something."""
    rows = [(None, *HEADINGS), (1, *VEHICLES[0]), *((None, *row) for row in VEHICLES[1:])]
    assert "but no heading" in by_cell(refused({"Vehicles": rows}))["Vehicles!A1"]


def test_a_nameless_column_of_composition_is_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused({"Traits": TRAITS, "Composition": COMPOSITION}, {"Composition!C1": None}))
    assert "but no heading" in found["Composition!C1"]


def test_sentences_beside_a_table_are_named_once(read: Callable[..., Campaign]) -> None:
    remarks = {f"Vehicles!G{row}": "price still to be agreed with them" for row in (2, 3, 4)}
    (notice,) = read(edits=remarks).notices
    assert notice == (
        'Vehicles: "price still to be agreed with them" in Vehicles!G2 and 2 more under no heading; taken for a remark '
        "and not read."
    )


def test_titles_above_the_headings_are_named_once(read: Callable[..., Campaign]) -> None:
    (notice,) = read({"Vehicles": [("Rate card", None, "spring"), (), HEADINGS, *VEHICLES]}).notices
    assert notice == (
        'Vehicles: "Rate card" (A1) and "spring" (C1) above the headings, taken for titles and not read.'
    )


def test_rows_of_data_above_the_headings_are_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused({"Vehicles": [("Drive", "Radio", 2000, 700, 5), HEADINGS, *VEHICLES]}))
    assert "Row 1 stands above the headings (row 2)" in found["Vehicles!A1"]


def test_unread_headings_are_named_with_the_column_that_is_missing(
    refused: Callable[..., WorkbookError],
) -> None:
    error = refused(edits={"Vehicles!C1": "Cost", "Vehicles!D1": "Viewers"})
    assert [problem.text for problem in error.problems] == [
        'There is no column "Unit cost" among the headings in row 1; not read: "Cost" (C1, like "Unit cost") and '
        '"Viewers" (D1, like "Audience (000)"). Rename the one that is meant.',
        'There is neither a column "Audience (000)" nor "Rating %" among the headings in row 1; one is needed; not '
        'read: "Cost" (C1, like "Unit cost") and "Viewers" (D1, like "Audience (000)"). Rename the one that is meant.',
    ]
    assert not error.notices  # the problems name them


def test_more_unread_headings_than_a_problem_lists_are_named_beside_it(
    refused: Callable[..., WorkbookError],
) -> None:
    many = {f"Vehicles!{letter}1": f"remark {letter}" for letter in "FGHIJKLMN"}
    error = refused(edits={"Vehicles!C1": "Cost"} | many)
    assert error.notices[0].startswith('Vehicles: the columns "remark F" (F1), ')
    assert '"remark N" (N1) are not ours' in error.notices[0]
    assert "Notices" in problems_text(error)


def test_thousands_in_words_and_min_and_max_are_read(read: Callable[..., Campaign]) -> None:
    rules: Rows = [("Rule", "Applies to", "Min", "Max", "Unit"), ("cap", "TV", None, 20000, "money")]
    campaign = read({"Rules": rules}, edits={"Vehicles!D1": "Audience in thousands"})
    assert [vehicle.audience_000 for vehicle in campaign.vehicles] == [3000, 6000, 1500, 1200]
    assert campaign.rules[0].at_most == 20000


@pytest.mark.parametrize(
    "heading", ["Audience (000s)", "Audience ('000)", "Audience (thousands)", "Audience 000s"]
)
def test_thousands_are_read_however_they_are_spelled(heading: str, read: Callable[..., Campaign]) -> None:
    assert read(edits={"Vehicles!D1": heading}).vehicles[0].audience_000 == 3000
