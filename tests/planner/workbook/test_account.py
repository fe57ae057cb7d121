"""Nothing is dropped unsaid: every cell of a campaign's sheets is read, named once, or a problem."""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from planner.campaign.assumptions import DUPLICATION_WITHIN, REPEAT
from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.excel.read import read_book
from planner.names import nearest
from planner.report.check_text import MOST_ALIKE, problems_text
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.spellings import may_be_same
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import read_table
from planner.workbook.schema.sheets import SHEETS
from planner.workbook.template import write_example, write_template

Rows = Sequence[Sequence[object]]
HEADINGS = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
VEHICLES: Rows = [
    ("Breakfast", "TV", 10000, 3000, 10),
    ("Late News", "TV", 25000, 6000, 10),
    ("Herald", "Newspapers", 9000, 1500, 6),
    ("Garden", "Magazines", 7000, 1200, 4),
]
BRIEF: Rows = [
    ("Currency", "EUR"),
    ("Universe (000)", 50000),
    ("Budget", 150000),
    ("Weeks", 4),
    ("Objective", "reach"),
]
RULES: Rows = [("Rule", "Applies to", "At least", "At most", "Unit"), ("cap", "TV", None, 20000, "money")]
TRAITS: Rows = [
    ("Trait", "Role", "Share of universe %"),
    ("catalyst", "catalyst", "10 %"),
    ("young", None, "30 %"),
]
COMPOSITION: Rows = [
    ("Vehicle", "catalyst", "young"),
    ("Breakfast", "12 %", "20 %"),
    ("Late News", "9 %", "25 %"),
    ("Herald", "15 %", "28 %"),
    ("Garden", "18 %", "22 %"),
]


def written(path: Path, sheets: Mapping[str, Rows], edits: Mapping[str, Any] | None = None) -> Path:
    """A workbook of these sheets, some cells changed ("Sheet!A1": value, or (value, number format))."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Brief": BRIEF, "Vehicles": [HEADINGS, *VEHICLES], **sheets}.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    for place, value in (edits or {}).items():
        name, _, cell = place.rpartition("!")
        typed, shown = value if isinstance(value, tuple) else (value, "General")
        book[name][cell].value, book[name][cell].number_format = typed, shown
    book.save(path)
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Campaign]:
    return lambda sheets=(), **edits: read_campaign(
        written(tmp_path / "a.xlsx", dict(sheets), edits.get("edits"))
    )


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., WorkbookError]:
    def refuse(
        sheets: Mapping[str, Rows] | None = None, edits: Mapping[str, Any] | None = None
    ) -> WorkbookError:
        with pytest.raises(WorkbookError) as caught:
            read_campaign(written(tmp_path / "a.xlsx", sheets or {}, edits))
        return caught.value

    return refuse


def by_cell(error: WorkbookError) -> dict[str, str]:
    return {problem.cell: problem.text for problem in error.problems}


# --- rows and columns of tables ---------------------------------------------------------------------


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
        '"Viewers" (D1, like "Audience (000)"). Head the one that is meant so.',
        'There is neither a column "Audience (000)" nor "Rating %" among the headings in row 1; one is needed; not '
        'read: "Cost" (C1, like "Unit cost") and "Viewers" (D1, like "Audience (000)"). Head the one that is meant so.',
    ]
    assert not error.notices  # the problems name them


def test_more_unread_headings_than_a_problem_lists_are_named_beside_it(
    refused: Callable[..., WorkbookError],
) -> None:
    many = {f"Vehicles!{letter}1": f"remark {letter}" for letter in "FGHIJKLMN"}
    error = refused(edits={"Vehicles!C1": "Cost"} | many)
    assert "Vehicles!N1" in " ".join(error.notices)
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


# --- the Brief --------------------------------------------------------------------------------------


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
    assert 'C3 like "Unit cost" of Vehicles' in problem.text
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


# --- files ------------------------------------------------------------------------------------------


def rezipped(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its parts changed; None leaves a part out."""
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)
    return path


STYLES: dict[str, Callable[[bytes], bytes | None]] = {
    "a fill without content": lambda xml: xml.replace(b"<fill><patternFill /></fill>", b"<fill/>", 1),
    "a font family above 14": lambda xml: xml.replace(b'<family val="2" />', b'<family val="34" />'),
    "a colour with a hash": lambda xml: xml.replace(b"<b />", b'<b /><color rgb="#FFCC00"/>').replace(
        b"<sz ", b'<color rgb="#FFCC00"/><sz ', 1
    ),
    "no styles": lambda xml: None,
    "styles cut short": lambda xml: xml[: len(xml) // 2],
}


@pytest.mark.parametrize("fault", STYLES)
def test_faulty_styles_never_keep_values_from_being_read(fault: str, tmp_path: Path) -> None:
    path = rezipped(
        written(tmp_path / "a.xlsx", {}),
        lambda name, content: STYLES[fault](content) if name == "xl/styles.xml" else content,
    )
    campaign = read_campaign(path)
    assert len(campaign.vehicles) == 4
    assert any("number formats" in notice for notice in campaign.notices) == (
        fault in ("no styles", "styles cut short")
    )


def test_an_outside_link_without_relations_does_not_keep_values_from_being_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {})
    link = b'<externalReferences xmlns:r="x"><externalReference r:id="rId99"/></externalReferences>'
    rezipped(
        path,
        lambda name, xml: (
            xml.replace(b"</sheets>", b"</sheets>" + link) if name == "xl/workbook.xml" else xml
        ),
    )
    assert len(read_campaign(path).vehicles) == 4


def test_a_sheet_whose_link_names_no_kind_is_read_and_a_chart_is_none(tmp_path: Path) -> None:
    def with_kind(kind: bytes) -> Campaign:
        def change(name: str, xml: bytes) -> bytes:
            link = b'relationships/worksheet" Target="/xl/worksheets/sheet3.xml"'
            return (
                xml.replace(link, kind + b'" Target="/xl/worksheets/sheet3.xml"')
                if name.endswith(".rels")
                else xml
            )

        return read_campaign(rezipped(written(tmp_path / "a.xlsx", {"Rules": RULES}), change))

    assert len(with_kind(b"-1").rules) == 1
    assert len(with_kind(b"relationships/chartsheet").rules) == 0


def test_a_boolean_that_is_none_is_no_answer(tmp_path: Path) -> None:
    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b't="b"><v>1</v>', b't="b"><v>2</v>') if "sheet1" in name else xml

    path = rezipped(
        written(tmp_path / "a.xlsx", {}, {"Brief!A6": "Whole insertions", "Brief!B6": True}), change
    )
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert by_cell(caught.value)["Brief!B6"] == (
        'Whole insertions (yes/no) "2" is neither yes nor no; write one of them.'
    )


def test_a_sheet_whose_part_is_missing_is_refused_by_its_name(tmp_path: Path) -> None:
    path = rezipped(
        written(tmp_path / "a.xlsx", {"Rules": RULES}),
        lambda name, xml: None if name == "xl/worksheets/sheet3.xml" else xml,
    )
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert 'lists the sheet "Rules", whose contents are not in the file' in caught.value.problems[0].text


def test_remarks_in_thousands_of_rows_are_one_notice(read: Callable[..., Campaign]) -> None:
    rows = [HEADINGS, *VEHICLES, *[()] * 5, *[(None,) * 6 + ("x",)] * 2000]
    (notice,) = read({"Vehicles": rows}).notices
    assert "rows 11, 12, 13 and 1,997 more have nothing in our columns" in notice


def test_numbers_in_many_rows_without_a_name_are_one_problem_with_every_cell(
    refused: Callable[..., WorkbookError],
) -> None:
    (problem,) = refused({"Vehicles": [HEADINGS, *VEHICLES, *[(None, None, 5)] * 300]}).problems
    first = 2 + len(VEHICLES)
    assert problem.cell == f"Vehicles!A{first}"
    assert problem.text.startswith(f"300 rows have values (this one in Vehicles!C{first}) but no Vehicle")
    assert problem.also == tuple(f"Vehicles!A{row}" for row in range(first + 1, first + 300))


def test_more_rows_than_a_campaign_has_are_one_problem_and_none_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"Vehicles": [HEADINGS, *[(f"v{n}",) for n in range(30)]]})
    sheet = next(sheet for sheet in read_book(path).sheets if sheet.name == "Vehicles")
    schema = replace(next(schema for schema in SHEETS if schema.name == "Vehicles"), most_rows=20)
    findings = Findings()
    table = read_table(sheet, schema, findings)
    assert table is not None
    assert table.records == ()
    (problem,) = findings.problems
    assert problem.cell == "Vehicles!A22"  # the twenty-first below the headings
    assert problem.text.startswith("Vehicles has 30 rows with a Vehicle, more than 20,")
    assert findings.unsure == {"Vehicles"}


def test_thousands_of_foreign_sheets_are_one_notice(read: Callable[..., Campaign]) -> None:
    (notice,) = read({f"Store {number}": [("x",)] for number in range(300)}).notices
    assert "and 295 more are not ours" in notice


def test_more_cells_than_a_campaign_needs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.excel.read.MOST_VALUES", 20)
    with pytest.raises(WorkbookError) as caught:
        read_campaign(written(tmp_path / "a.xlsx", {}))
    assert "more than 20 filled cells" in caught.value.problems[0].text


def test_thousands_of_problems_are_summed_up(refused: Callable[..., WorkbookError]) -> None:
    rows = [HEADINGS, *((f"v{number // 2}", "TV", 10, 100, 4) for number in range(6000))]  # each name twice
    error = refused({"Vehicles": rows})
    assert len(error.problems) == 3000
    text = problems_text(error)
    assert f"and {3000 - MOST_ALIKE:,} more like this" in text
    assert len(text) < 5000


def test_a_name_of_thirty_thousand_characters_is_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Vehicles!A2": "x" * 30000, "Vehicles!A3": "y" * 30000}))
    assert list(found) == ["Vehicles!A2"]
    assert "is a text of 30,000 characters; expected at most 255" in found["Vehicles!A2"]


# --- units and names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "budget"),
    [
        ({"Brief!A3": "Budget (EUR)", "Vehicles!C1": "Unit cost (€)"}, 150000),
        ({"Brief!A3": "Budget €", "Vehicles!C1": "Unit cost [EUR]"}, 150000),
        ({"Brief!A3": "Budget in EUR", "Brief!B3": "€ 1.5m"}, 1_500_000),
        ({"Brief!B1": "€", "Brief!B3": "EUR 150k"}, 150000),
        ({"Brief!B1": "INR", "Brief!B3": "15,00,000"}, 1_500_000),
        ({"Brief!B3": "1.5m", "Brief!B2": "52,900"}, 1_500_000),
        ({"Brief!B4": "4 weeks", "Brief!A6": "Effective frequency", "Brief!B6": "3+"}, 150000),
    ],
)
def test_the_campaigns_own_currency_and_plain_words_are_understood(
    edits: dict[str, Any], budget: float, read: Callable[..., Campaign]
) -> None:
    assert read(edits=edits).brief.budget == budget


def test_people_that_name_their_size_are_read_in_thousands_and_told(read: Callable[..., Campaign]) -> None:
    campaign = read(edits={"Brief!B2": "52.9m", "Vehicles!D2": "3m"})
    assert campaign.brief.universe_000 == 52_900
    assert campaign.vehicles[0].audience_000 == 3000
    assert 'Brief!B2: Universe (000) "52.9m" was read as 52,900 thousand.' in campaign.notices


@pytest.mark.parametrize(
    ("edits", "cell", "words"),
    [
        ({"Vehicles!C2": "$10,000.00"}, "Vehicles!C2", "is in $, but the campaign is in EUR"),
        ({"Vehicles!C2": (10000, '"$"#,##0')}, "Vehicles!C2", "is formatted as $"),
        ({"Brief!B3": "£150,000"}, "Brief!B3", "is in £"),
        ({"Brief!A3": "Budget (USD)"}, "Brief!A3", "a currency that is not the campaign's (EUR)"),
        ({"Vehicles!C1": "Unit cost ($)"}, "Vehicles!C1", "a currency that is not the campaign's (EUR)"),
        ({"Brief!B4": "€ 4"}, "Brief!B4", "no amount of money"),
        ({"Vehicles!E2": "€ 10"}, "Vehicles!E2", "no amount of money"),
        ({"Brief!B2": "€ 50000"}, "Brief!B2", "no amount of money"),
        ({"Vehicles!D2": (3000, '#,##0 "€"')}, "Vehicles!D2", "formatted as €, but it is no amount"),
        ({"Brief!B2": 50_000_000}, "Brief!B2", "more thousands of people than live on earth"),
        ({"Vehicles!F1": "Currency", "Vehicles!F2": "EUR", "Vehicles!F3": "USD"}, "Vehicles!F3", "says USD"),
        ({"Brief!A6": "Agency fee", "Brief!B6": "3 %"}, "Brief!A6", "is not a key of the Brief"),
        (
            {"Vehicles!B3": "Television"},
            "Vehicles!B3",
            'Is the medium "Television" the same as "TV" (Vehicles!B2)?',
        ),
        ({"Vehicles!B3": "T.V."}, "Vehicles!B3", 'the same as "TV"'),
        ({"Vehicles!B5": "Newspaper"}, "Vehicles!B5", 'the same as "Newspapers"'),
    ],
)
def test_what_may_be_another_unit_or_name_is_one_question(
    edits: dict[str, Any], cell: str, words: str, refused: Callable[..., WorkbookError]
) -> None:
    found = by_cell(refused(edits=edits))
    assert list(found) == [cell]
    assert words in found[cell]


def test_two_media_that_the_sheet_media_tells_apart_are_two(read: Callable[..., Campaign]) -> None:
    media: Rows = [("Medium", "Duplication"), ("TV", 1.6), ("Television", 1.6)]
    assert len(read({"Media": media}, edits={"Vehicles!B3": "Television"}).media) >= 2


def test_a_group_spelled_in_two_ways_is_asked_about(refused: Callable[..., WorkbookError]) -> None:
    edits = {"Vehicles!F1": "Groups", "Vehicles!F2": "prime time", "Vehicles!F3": "family; Primetime"}
    assert 'Is the group "Primetime" the same as "prime time"' in by_cell(refused(edits=edits))["Vehicles!F3"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("TV", "Television", True),
        ("TV", "Televison", True),
        ("Magazin", "Mag", True),
        ("Out of home", "OOH", True),
        ("sport", "Sports", True),
        ("food & drink", "Food and Drink", True),
        ("entertainment", "entertainmnet", True),
        ("Channel 3", "Channel 4", False),
        ("Cable A", "Cable B", False),
        ("men", "women", False),
        ("Radio", "Audio", False),
        ("drama", "comedy", False),
        ("TV", "TV2", False),
    ],
)
def test_which_names_may_be_one(one: str, other: str, same: bool) -> None:
    assert may_be_same(one, other) == may_be_same(other, one) == same


def test_indices_around_one_are_asked_about_once(refused: Callable[..., WorkbookError]) -> None:
    rows: Rows = [("Vehicle", "catalyst [index]"), ("Breakfast", 0.8), ("Late News", 2.0), ("Herald", 1.1)]
    error = refused({"Composition": rows})
    assert [problem.cell for problem in error.problems] == ["Composition!B2"]
    assert "an index of 0.8 or of 80" in error.problems[0].text
    assert error.problems[0].also == ("Composition!B3", "Composition!B4")


def test_a_weight_of_180_is_asked_about(refused: Callable[..., WorkbookError]) -> None:
    traits: Rows = [("Trait", "Role", "Share of universe %", "Weight"), ("catalyst", "catalyst", "10 %", 180)]
    assert "180 % is 1.8" in by_cell(refused({"Traits": traits}))["Traits!D2"]


def test_audiences_in_people_are_one_question(refused: Callable[..., WorkbookError]) -> None:
    error = refused({"Vehicles": [HEADINGS, *((*row[:3], row[3] * 1000, row[4]) for row in VEHICLES)]})
    (problem,) = error.problems
    assert "(and 3 more in this column); are the people given in thousands?" in problem.text


@pytest.mark.parametrize(("weeks", "told"), [(10, True), (510, True), (530, False), (0, False)])
def test_a_flight_in_the_past_is_a_notice_unless_it_is_history(
    weeks: int, told: bool, read: Callable[..., Campaign]
) -> None:
    start = date.today() - timedelta(weeks=weeks)
    notices = read(edits={"Brief!A6": "Start", "Brief!B6": start.isoformat()}).notices
    last = start + timedelta(days=27)
    said = f"Brief!B6: the flight, {start} to {last}, lies in the past."
    assert notices == ((said,) if told else ())


def test_the_budget_on_the_command_line_is_read_as_people_type_it() -> None:
    from planner.cli.shared.options import Amount, amount_of, refuse_other_currency

    assert amount_of("--budget", None) is None
    assert amount_of("--budget", "150k") == Amount(150_000.0, "")
    assert amount_of("--budget", "£1.5m") == Amount(1_500_000.0, "£")
    refuse_other_currency("--budget", Amount(1.0, "£"), "GBP")
    assert amount_of("--budget", "1,500") == Amount(1500.0, "")  # no money has thousandths
    for text in ("lots", "1,50,0", "-5", "inf", "5 %"):
        with pytest.raises(typer.Exit):
            amount_of("--budget", text)
    with pytest.raises(typer.Exit):
        refuse_other_currency("--budget", Amount(1.0, "£"), "EUR")


def test_thousands_of_names_that_are_not_known_are_compared_with_few() -> None:
    known = [f"programme {number}" for number in range(5000)]
    assert nearest("programme 4x", known) != ""
    assert nearest("Quiz", known) == ""


# --- one fault is one problem -----------------------------------------------------------------------


def test_a_trait_whose_share_is_unclear_still_exists(refused: Callable[..., WorkbookError]) -> None:
    traits: Rows = [
        ("Trait", "Role", "Share of universe %"), ("catalyst", "catalyst", "10 %"), ("young", "demographic", 0.3),
    ]  # fmt: skip
    sheets = {
        "Traits": traits,
        "Composition": COMPOSITION,
        "Audiences": [("Audience", "Definition"), ("target", "young and not catalyst")],
        "Overlaps": [("Trait A", "Trait B", "Share of universe %"), ("young", "catalyst", "4 %")],
    }
    found = by_cell(refused(sheets, {"Brief!A6": "Target audience", "Brief!B6": "young"}))
    assert list(found) == ["Traits!C3"]


def test_a_composition_that_cannot_be_read_is_not_said_to_be_missing(
    refused: Callable[..., WorkbookError],
) -> None:
    rows: Rows = [("Vehicle", "catalyst"), ("Breakfast", 0.1), ("Late News", 0.2)]
    found = by_cell(refused({"Composition": rows}, {"Brief!B5": "influence"}))
    assert list(found) == ["Composition!B2"]


def test_an_unclear_universe_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    sheets = {"Traits": TRAITS, "Composition": COMPOSITION}
    edits = {"Brief!B2": "a lot", "Vehicles!D1": "Rating %", "Vehicles!D2": "6 %", "Vehicles!D3": "12 %",
             "Vehicles!D4": "3 %", "Vehicles!D5": "2 %"}  # fmt: skip
    assert list(by_cell(refused(sheets, edits))) == ["Brief!B2"]


def test_unclear_weeks_are_one_problem(refused: Callable[..., WorkbookError]) -> None:
    weeks: Rows = [("Vehicle", *(f"W{week}" for week in range(1, 7))), ("Herald", 1, 1, 0, 1, 1, 1)]
    assert list(by_cell(refused({"Weeks": weeks}, {"Brief!B4": "six"}))) == ["Brief!B4"]


def test_an_unclear_objective_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Brief!B5": "minimum cots", "Brief!A3": None, "Brief!B3": None}))
    assert list(found) == ["Brief!B5"]


def test_one_message_a_column(refused: Callable[..., WorkbookError]) -> None:
    texts = zip(VEHICLES[:3], ("3,900", "1,900", "4,600"), strict=True)
    error = refused({"Vehicles": [HEADINGS, *((*row[:3], text, 4) for row, text in texts)]})
    (problem,) = error.problems
    assert problem.cell == "Vehicles!D2"
    assert problem.also == ("Vehicles!D3", "Vehicles!D4")


# --- one fact, one place ----------------------------------------------------------------------------


def test_the_media_sheets_help_names_every_default() -> None:
    media = next(schema for schema in SHEETS if schema.name == "Media")
    for attribute, defaults in (("duplication", DUPLICATION_WITHIN), ("repeat", REPEAT)):
        blank = media.column(attribute).blank
        for word, found in defaults.items():
            value = f"{found.value * 100:g} %" if attribute == "repeat" else f"{found.value:g}"
            assert re.search(rf"{word}[a-z ]* {re.escape(value)}", blank), (word, blank)


def test_the_command_lines_choices_are_the_briefs() -> None:
    from planner.cli.shared.options import ObjectiveChoice, PresetChoice

    brief = SHEETS[0]
    objectives = {choice.value.replace("-", " ") for choice in ObjectiveChoice}
    assert objectives == set(brief.column("objective").choices)
    assert {choice.value for choice in PresetChoice} == set(brief.column("influence_preset").choices)


# --- shapes that planners' workbooks have ------------------------------------------------------------


def test_one_small_index_beside_usual_ones_is_asked_about(refused: Callable[..., WorkbookError]) -> None:
    figures = (0.9, 120, 95, 110)
    rows = [("Vehicle", "catalyst [index]"), *((v[0], x) for v, x in zip(VEHICLES, figures, strict=True))]
    (problem,) = refused({"Traits": TRAITS, "Composition": rows}).problems
    assert problem.cell == "Composition!B2"
    assert "is that an index of 0.9 or of 90?" in problem.text


def test_a_brief_on_its_side_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    sideways = [tuple(row[0] for row in BRIEF), tuple(row[1] for row in BRIEF)]
    (problem,) = refused({"Brief": sideways}).problems
    assert (problem.cell, problem.text.partition(";")[0]) == (
        "Brief!A1",
        "The Brief's keys stand side by side in row 1",
    )


def test_headings_of_weeks_that_are_wrong_alike_are_one_problem(
    refused: Callable[..., WorkbookError],
) -> None:
    weeks: Rows = [("Vehicle", "1 Mar", "8 Mar", "15 Mar", "22 Mar"), ("Herald", 1, 1, 0, 1)]
    (problem,) = refused({"Weeks": weeks}).problems
    assert (problem.cell, problem.also) == ("Weeks!B1", ("Weeks!C1", "Weeks!D1", "Weeks!E1"))


def _prices(campaign: Campaign) -> object:
    return [(v.medium, v.unit_cost, v.audience_000, v.maximum) for v in campaign.vehicles][:2]


RIGHT = [("TV", 10_000, 3_000, 10), ("TV", 25_000, 6_000, 10)]


@pytest.mark.parametrize(
    "rows",
    [
        [("Vehicle", "Medium", "Price", "Audience", "Max"), (None, None, HEADINGS[2], HEADINGS[3], None), *VEHICLES],
        [("Vehicle", "Medium", "Unit cost", "Audience", "Max"), (None, None, "(EUR)", "(000)", None), *VEHICLES],
        [(None, None, "Money", None, "Limits"), HEADINGS, *VEHICLES],
        [("Rate card",), (), HEADINGS, *VEHICLES, (), ("Note: prices include all fees",)],
        [HEADINGS, ("Breakfast", "TV", "€10k", "3m", 10), ("Late News", "TV", "25,000.00 €", "6m", "10")],
        [HEADINGS, ("Breakfast", "TV", "10.000,00", 3000, 10), ("Late News", "TV", "EUR 25.000,00", 6000, 10)],
        [HEADINGS, *VEHICLES[:2], ("Total", None, 35000, 9000, None), *VEHICLES[2:]],
        [HEADINGS, *VEHICLES[:2], (None, "TV total", 35000, 9000, None), *VEHICLES[2:]],
        [(*HEADINGS, "Notes", "Buyer"), *((*row, "ok", "Ann") for row in VEHICLES)],
    ],
)  # fmt: skip
def test_rate_cards_of_many_shapes_read_alike(rows: Rows, read: Callable[..., Campaign]) -> None:
    assert _prices(read({"Vehicles": rows})) == RIGHT


@pytest.mark.parametrize(
    ("unit", "limit", "meant"),
    [
        ("% of budget", 30, ("budget", 0.3)),
        ("% budget", "30 %", ("budget", 0.3)),
        ("percent of budget", 30, ("budget", 0.3)),
        ("% of spend", 30, ("share", 0.3)),
        ("€", "€30k", ("money", 30_000.0)),
        ("EUR", 30_000, ("money", 30_000.0)),
        ("spots", 5, ("insertions", 5.0)),
        ("GRPs", 100, ("grp", 100.0)),
    ],
)
def test_units_of_rules_as_they_are_written(
    unit: str, limit: object, meant: tuple[str, float], read: Callable[..., Campaign]
) -> None:
    (rule,) = read({"Rules": [RULES[0], ("cap", "TV", None, limit, unit)]}).rules
    assert (rule.unit, rule.at_most) == meant


@pytest.mark.parametrize(
    ("unit", "limit", "cell"),
    [
        ("$", 30_000, "E2"),
        ("K€", 30, "E2"),
        ("% of total", 30, "E2"),
        ("TRPs", 100, "E2"),
        ("% of budget", 0.3, "D2"),
    ],
)
def test_units_of_rules_that_may_be_wrong_are_asked_about(
    unit: str, limit: object, cell: str, refused: Callable[..., WorkbookError]
) -> None:
    found = by_cell(refused({"Rules": [RULES[0], ("cap", "TV", None, limit, unit)]}))
    assert list(found) == [f"Rules!{cell}"]


@pytest.mark.parametrize(
    ("answers", "budget", "universe"),
    [
        ([("Currency", "EUR"), ("Universe (000)", "50m"), ("Budget", "€1.5m")], 1.5e6, 50_000),
        ([("Currency", "£"), ("Universe (000)", 50_000), ("Budget", "GBP 1.5 million")], 1.5e6, 50_000),
        ([("Currency", "INR"), ("Universe (000)", "5,00,000"), ("Budget", "₹ 1,00,000")], 1e5, 500_000),
        (
            [("Currency", None, "EUR"), ("Universe (000)", "thousand", 50_000), ("Budget", "EUR", 150_000)],
            1.5e5,
            50_000,
        ),
    ],
)
def test_briefs_of_many_shapes(
    answers: Rows, budget: float, universe: float, read: Callable[..., Campaign]
) -> None:
    brief = read({"Brief": [*answers, ("Objective", *([None] * (len(answers[0]) - 2)), "reach")]}).brief
    assert (brief.budget, brief.universe_000) == (budget, universe)


# --- composition in other units, headings and totals of other kinds -----------------------------------


def composed(head: object, *figures: object) -> Mapping[str, Rows]:
    rows = [("Vehicle", head), *((row[0], figure) for row, figure in zip(VEHICLES, figures, strict=True))]
    return {"Traits": TRAITS[:2], "Composition": rows}


def test_ratios_to_the_universe_under_a_bare_heading_are_asked_about_once(
    refused: Callable[..., WorkbookError],
) -> None:
    (problem,) = refused(composed("catalyst", 0.8, 1.0, 1.4, 2.0)).problems
    assert problem.cell == "Composition!B2"
    assert "is that 0.8 % of the audience, or 0.8 times the universe's 10 %?" in problem.text
    assert problem.also == ("Composition!B3", "Composition!B4", "Composition!B5")


@pytest.mark.parametrize("head", ["catalyst [%]", "catalyst %"])
def test_ratios_are_percents_where_the_heading_says_so(head: str, read: Callable[..., Campaign]) -> None:
    campaign = read(composed(head, 0.8, 1.0, 1.4, 2.0))
    assert [row.shares[0] for row in campaign.composition] == pytest.approx([0.008, 0.01, 0.014, 0.02])


def test_percents_of_a_rare_trait_are_read(read: Callable[..., Campaign]) -> None:
    """Half the universe's share, or more, in one vehicle: percents."""
    campaign = read(composed("catalyst", 0.8, 1.0, 1.4, 5.0))
    assert [row.shares[0] for row in campaign.composition] == pytest.approx([0.008, 0.01, 0.014, 0.05])


@pytest.mark.parametrize("head", ["catalyst index", "Index catalyst", "catalyst [index]", "Catalyst (Index)"])
def test_an_index_by_its_heading_is_one(head: str, read: Callable[..., Campaign]) -> None:
    campaign = read(composed(head, 80, 100, 140, 200))
    assert [row.shares[0] for row in campaign.composition] == pytest.approx([0.08, 0.1, 0.14, 0.2])


def test_indices_under_a_bare_heading_are_one_question(refused: Callable[..., WorkbookError]) -> None:
    (problem,) = refused(composed("catalyst", 80, 100, 180, 200)).problems
    assert 'If these are indices, head the column "catalyst [index]".' in problem.text
    assert len(problem.also) == 2  # 100 % of 6,000 thousand is more than there are: that is the same question


def test_a_fraction_among_percents_is_told_with_what_it_was_taken_for(read: Callable[..., Campaign]) -> None:
    campaign = read(composed("catalyst", 0.08, 10, 7, 18))
    (notice,) = (notice for notice in campaign.notices if "Composition" in notice)
    assert notice == (
        "Composition!B2: catalyst 0.08 was taken as 0.08 %, beside 7 % and more. If 8 % is meant, write it so."
    )
    assert not any("Composition" in each for each in read(composed("catalyst", "0.08 %", 10, 7, 18)).notices)


@pytest.mark.parametrize("heading", ["Audience '000", "Audience ’000", "Audience 000s", "Audience ('000)"])
def test_thousands_are_understood_in_a_heading(heading: str, read: Callable[..., Campaign]) -> None:
    campaign = read({"Vehicles": [(*HEADINGS[:3], heading, "Max"), *VEHICLES]})
    assert campaign.vehicles[0].audience_000 == 3000


@pytest.mark.parametrize("label", ["Gesamt", "Summe TV", "Sous-total TV", "Totaal", "Total général", "Итого"])
def test_totals_in_other_languages_are_named(label: str, read: Callable[..., Campaign]) -> None:
    campaign = read({"Vehicles": [HEADINGS, *VEHICLES, (label, None, 51000, 11700, 30)]})
    assert len(campaign.vehicles) == len(VEHICLES)
    assert campaign.notices == (f'Vehicles row 6 ("{label}") was taken for a total and not read.',)
