"""What stands on the Brief, and every other sheet, is read, named once, or a problem."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.schema.sheets import BRIEF as BRIEF_SCHEMA
from planner.workbook.template import write_example, write_template
from tests.planner.workbook.account.books import (
    BRIEF,
    COMPOSITION,
    HEADINGS,
    RULES,
    TRAITS,
    VEHICLES,
    Rows,
    by_cell,
    written,
)


def test_an_answer_one_column_to_the_right_is_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Brief!A6": "Commission %", "Brief!C6": "15%"}))
    assert list(found) == ["Brief!C6"]
    assert '"15%" (C6)' in found["Brief!C6"]


def test_an_objective_one_column_to_the_right_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    assert list(by_cell(refused(edits={"Brief!B5": None, "Brief!C5": "reach"}))) == ["Brief!C5"]


def test_a_second_scenario_beside_the_answers_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    edits = {"Brief!C3": 200000, "Brief!C4": 6, "Brief!C5": "impressions"}
    error = refused(edits=edits)
    (problem,) = error.problems
    assert problem.cell == "Brief!C3"
    assert problem.also == ("Brief!C4", "Brief!C5")


def test_a_key_in_another_column_is_a_problem(refused: Callable[..., WorkbookError]) -> None:
    assert "Brief!D1" in by_cell(
        refused(edits={"Brief!D7": "x", "Brief!D1": "Commission %", "Brief!E1": "15%"})
    )


DISCOUNTS: Rows = [("Vehicle or group", "From", "Discount %"), ("TV", 20000, "10 %")]
GOALS: Rows = [("Audience", "Measure", "At least"), ("everyone", "reach %", "40 %")]
PACKAGES: Rows = [("Package", "Vehicle", "Insertions", "Price"), ("a", "Herald", 2, 12000)]


@pytest.mark.parametrize(
    ("sheet", "rows", "more", "what"),
    [
        ("Rules", RULES, "b", "a rule"),
        ("Discounts", DISCOUNTS, "Herald", "a discount"),
        ("Goals", GOALS, "target", "a goal"),
        ("Packages", PACKAGES, "b", "a package"),
        ("Vehicles", [HEADINGS, *VEHICLES[:2]], "b", "a vehicle"),
    ],
)
def test_a_title_in_the_middle_of_a_table_is_one_question(
    sheet: str, rows: Rows, more: str, what: str, refused: Callable[..., WorkbookError]
) -> None:
    (problem,) = refused({sheet: [*rows, ("Print",), (more, *rows[-1][1:])]}).problems
    assert problem.cell == f"{sheet}!A{len(rows) + 1}"
    assert problem.text.endswith(f"remove it; if it is {what}, fill in its row.")


def test_a_total_column_and_a_title_on_weeks_are_noticed(read: Callable[..., Campaign]) -> None:
    weeks: Rows = [
        ("Vehicle", "W1", "W2", "W3", "W4", "Total"),
        ("As agreed",),
        ("Herald", 1, 1, 0, 1, 3),
        ("Garden",),
    ]
    assert read({"Weeks": weeks}).notices == (
        'Weeks row 2 ("As agreed") has nothing but a name; it was taken for a title and not read.',
        'Weeks!F1: the column "Total" is taken for a total; it was not read.',
    )


GROUPED: Rows = [
    (*HEADINGS, "Groups", "Genre"),
    ("Breakfast", "TV", 10000, 3000, 10, "prime time", "news / talk"),
    ("Late News", "T.V.", 25000, 6000, 10, "primetime", "news/talk"),
]


def test_names_that_look_alike_and_are_two_are_said_on_the_brief(read: Callable[..., Campaign]) -> None:
    pairs = "prime time / Primetime; TV/T.V. ; news / talk / news/talk"
    campaign = read({"Brief": [*BRIEF, ("Different names", pairs)], "Vehicles": GROUPED})
    assert {vehicle.medium for vehicle in campaign.vehicles} == {"TV", "T.V."}
    assert campaign.notices == ()


def test_names_that_look_alike_are_asked_about_with_the_way_out(
    refused: Callable[..., WorkbookError],
) -> None:
    asked = by_cell(refused({"Vehicles": GROUPED}))
    assert list(asked) == ["Vehicles!B3", "Vehicles!G3", "Vehicles!F3"]
    assert 'write "prime time / primetime" beside Different names on the Brief.' in asked["Vehicles!F3"]
    wrong = by_cell(refused({"Brief": [*BRIEF, ("Different names", "TV / radio")], "Vehicles": GROUPED}))
    assert "TV / radio" in wrong["Brief!B6"]
    assert len(wrong) == 4


def test_a_medium_that_no_vehicle_uses_may_be_said_to_be_another(
    read: Callable[..., Campaign], refused: Callable[..., WorkbookError]
) -> None:
    media: Rows = [("Medium", "Duplication"), ("Television", 1.5)]
    (problem,) = refused({"Media": media}).problems
    assert problem.text.endswith(
        'If they are two, write "TV / Television" beside Different names on the Brief.'
    )
    settled = read({"Media": media, "Brief": [*BRIEF, ("Different names", "TV / Television")]})
    assert settled.notices == ("Media lists Television, which no vehicle uses.",)


def test_a_fraction_among_the_percents_of_rules_and_goals_is_told(read: Callable[..., Campaign]) -> None:
    """Limits of other kinds stand apart: 0.5 rating points beside 20 % are no percent."""
    rules: Rows = [
        ("Applies to", "At least", "At most", "Unit"),
        ("TV", None, 0.9, "% of spend"), ("all", 0.5, None, "GRP"), ("all", None, 90, "% of spend"),
    ]  # fmt: skip
    goals: Rows = [("Audience", "Measure", "At least"), ("everyone", "reach %", 0.3), ("everyone", "3+ %", 5)]
    told = read({"Rules": rules, "Goals": goals}).notices
    assert "Rules!C2: At most 0.9 was taken as 0.9 %, beside 90 %. If 90 % is meant, write it so." in told
    assert "Goals!C2: At least 0.3 was taken as 0.3 %, beside 5 %. If 30 % is meant, write it so." in told
    assert len(told) == 2


def test_a_number_among_the_explanations_of_the_brief_is_noticed_and_words_there_are_not(
    read: Callable[..., Campaign],
) -> None:
    brief: Rows = [
        ("Key", "Value", "What it means"),
        *((*row, "Words that explain the key.") for row in BRIEF),
    ]
    assert read({"Brief": brief}).notices == ()
    said = 'Brief: "1.3.2027" (C2) taken for a remark beside an answer and not read.'
    assert read({"Brief": brief}, edits={"Brief!C2": "1.3.2027"}).notices == (said,)


def test_what_an_earlier_version_explained_on_a_plans_brief_is_no_remark(
    read: Callable[..., Campaign],
) -> None:
    explained = [column.help for row in BRIEF for column in BRIEF_SCHEMA.columns if column.heading == row[0]]
    brief: Rows = [(*row, text) for row, text in zip(BRIEF, explained, strict=True)]
    edits = {"Brief!C4": "Length of the flight as it was once explained."}
    assert read({"Brief": brief}, edits=edits).notices == ()


def test_an_error_where_a_heading_belongs_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"Rules": RULES}, {"Rules!F1": "#REF!"})
    assert read_campaign(path).notices == (
        "Rules!F1 is no heading (the error #REF!); nothing is read below it.",
    )


def test_notes_on_the_brief_are_noticed(read: Callable[..., Campaign]) -> None:
    edits = {"Brief!A6": "Notes", "Brief!B6": "regional up-weight to come", "Brief!A8": "as agreed on Monday"}
    assert read(edits=edits).notices == (
        'Brief: "Notes" (A6; B6: "regional up-weight to come") is not a key of ours; it was not read.',
        'Brief: "as agreed on Monday" (A8) taken for a title or remark and not read.',
    )


def test_the_answers_are_found_right_of_a_column_of_units(read: Callable[..., Campaign]) -> None:
    units: Rows = [
        (key, {"Budget": "EUR", "Weeks": "weeks"}.get(str(key)), value)
        for key, value in (tuple(row) for row in BRIEF)
    ]
    assert read({"Brief": units}).brief.budget == 150000


# --- sheets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant", "rows"),
    [
        ("Rule", "Rules", RULES),
        ("rules (new)", "Rules", RULES),
        ("Constraints", "Rules", RULES),
        ("Goal", "Goals", [("Audience", "Measure", "At least"), ("everyone", "reach %", "40 %")]),
        ("Discount", "Discounts", [("Vehicle or group", "From", "Discount %"), ("TV", 20000, "10 %")]),
        ("Package", "Packages", [("Package", "Vehicle", "Insertions", "Price"), ("a", "Herald", 2, 12000)]),
        ("Week", "Weeks", [("Vehicle", "W1", "W2", "W3", "W4"), ("Herald", 1, 1, 0, 1)]),
        ("Availability", "Weeks", [("Vehicle", "W1", "W2", "W3", "W4"), ("Herald", 1, 1, 0, 1)]),
        ("Profile", "Composition", COMPOSITION),
        ("Media plan", "Media", [("anything", 1)]),
        ("Trait", "Traits", TRAITS),
    ],
)
def test_a_sheet_that_is_nearly_ours_is_asked_about(
    name: str, meant: str, rows: Rows, refused: Callable[..., WorkbookError]
) -> None:
    found = by_cell(refused({name: rows}))
    assert list(found) == [name]
    assert f"did you mean {meant}?" in found[name]


def test_a_sheet_of_the_planners_own_is_only_noticed(read: Callable[..., Campaign]) -> None:
    campaign = read({"Rules (not read)": RULES, "Timing": [("client's notes",)]})
    assert campaign.rules == ()
    assert campaign.notices == (
        'The sheets "Rules (not read)" and "Timing" are not ours; they are not read and not copied into the result.',
    )


def test_two_sheets_of_one_name_are_a_problem(refused: Callable[..., WorkbookError]) -> None:
    (problem,) = refused({"Rules": RULES, "Rules ": RULES}).problems
    assert '"Rules" and "Rules "' in problem.text


def test_vehicles_under_another_name_are_one_problem(tmp_path: Path) -> None:
    """What other sheets say of vehicles is not held against them."""
    book = openpyxl.load_workbook(
        written(tmp_path / "a.xlsx", {"Traits": TRAITS, "Composition": COMPOSITION, "Rules": RULES})
    )
    book["Vehicles"].title = "Vehicle"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(tmp_path / "a.xlsx")
    assert [problem.cell for problem in caught.value.problems if problem.cell != "Composition!C1"] == [
        "Vehicle"
    ]


def test_somebodys_media_plan_gets_one_answer(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Digital"
    for row in (["Client"], [], ["Site", "Placement", "Unit price", "Impressions"], ["a", "top", 9, 5000]):
        book.active.append(row)
    book.create_sheet("Flights").append(["Channel", "Week"])
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(tmp_path / "plan.xlsx")
    (problem,) = caught.value.problems
    assert '"Digital" (row 3: Site, Placement, Unit price and Impressions' in problem.text
    assert '"Flights" (row 1: Channel and Week' in problem.text
    assert "planner new campaign.xlsx" in problem.text


@pytest.mark.parametrize("write", [write_template, write_example])
def test_the_programs_own_sheets_leave_nothing_to_be_said(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    write(tmp_path / "a.xlsx")
    try:
        notices = read_campaign(tmp_path / "a.xlsx").notices
    except WorkbookError as error:  # a blank template lacks what is needed
        notices = error.notices
    assert not [notice for notice in notices if "not read" in notice or "taken for" in notice]
