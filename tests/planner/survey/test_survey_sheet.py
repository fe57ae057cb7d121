"""The sheet Survey: what is read, each of its messages, and that it goes along into what is written."""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner
from xlsxwriter import Workbook

from planner.campaign.inputs import Brief
from planner.campaign.survey import MissingValues, Reading, SurveySheet
from planner.cli.commands import app
from planner.errors import WorkbookError
from planner.survey.answers import Answers, answers_of, survey_of
from planner.survey.respondents import Wanted, contact_probabilities
from planner.workbook.campaign.survey.survey import read_survey_request, survey_rows
from planner.workbook.page.sheet_writer import SheetWriter
from planner.workbook.schema.people_sheets import SURVEY

CSV = "wt,tv_1,issues,how often,age,region\n1,1,0,2,20,N\n1,0,2,1,40,S\n2,1,4,9,50,N\n0,1,4,1,30,N\n"
ROWS = (
    ("weight", "", "wt", "", ""),
    ("vehicle", "Quiz", "tv_1", "", "TV"),
    ("trait", "young", "age < 30", "", ""),
)


def book_of(
    folder: Path, rows: Sequence[Sequence[str]], file: str = "s.csv", universe: float | None = None
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Survey"
    for row in (
        ("What", "Vehicle, trait or medium", "Column or expression", "Reads as", "Medium"),
        ("file", "", file),
        *rows,
    ):
        sheet.append([value or None for value in row])
    if universe:
        brief = book.create_sheet("Brief")
        brief.append(("Key", "Value"))
        brief.append(("Universe (000)", universe))
    (folder / "s.csv").write_text(CSV, encoding="utf-8")
    book.save(folder / "c.xlsx")
    return folder / "c.xlsx"


def sheet_of(folder: Path, *rows: Sequence[str]) -> SurveySheet:
    return read_survey_request(book_of(folder, (*ROWS, *rows))).sheet


def answers(
    folder: Path, *rows: Sequence[str], universe: float | None = None, file: str = "s.csv"
) -> Answers:
    request = read_survey_request(book_of(folder, rows, file, universe))
    return answers_of(request.sheet, survey_of(request.sheet, request.folder), request.brief.universe_000)


def problems(folder: Path, *rows: Sequence[str], **more: float) -> list[tuple[str, str]]:
    with pytest.raises(WorkbookError) as caught:
        answers(folder, *rows, **more)  # type: ignore[arg-type]
    return [(problem.cell, problem.text) for problem in caught.value.problems]


def test_every_row_is_read(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path,
        ("encoding", "", "utf-8", "", ""), ("weights are", "", "People (000)", "", ""),
        ("missing values", "how often", "9; refused", "", ""), ("claims are contacts", "", "yes", "", ""),
        ("vehicle", "", "Programmes :: Late Show", "n of 4 issues", ""), ("filter", "", "age >= 18", "", ""),
        ("cume", "Quiz", "tv_1 == 1", "", ""), ("users", "TV", "tv_1 == 1", "", ""),
    )  # fmt: skip
    assert (sheet.file, sheet.encoding, sheet.weight, sheet.weights_are) == (
        "s.csv",
        "utf-8",
        "wt",
        "people (000)",
    )
    assert sheet.missing == (MissingValues("how often", ("9", "refused"), "Survey!B8"),)
    assert sheet.contacts
    assert [(item.name, item.medium) for item in sheet.vehicles] == [("Quiz", "TV"), ("Late Show", "")]
    assert sheet.vehicles[1].reading == Reading("issues", 4)
    assert [item.expression for item in sheet.filters] == ["age >= 18"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    words = "1 = 0.9; sometimes = 40 %; never = 0"
    sheet = sheet_of(
        tmp_path,
        ("vehicle", "Paper", "how often", words, "Press"),
        ("claims are contacts", "", "yes", "", ""),
    )
    memory = io.BytesIO()
    with Workbook(memory) as book:
        SheetWriter(book, Brief(currency="EUR")).table(SURVEY, survey_rows(sheet))
    (tmp_path / "again.xlsx").write_bytes(memory.getvalue())
    again = read_survey_request(tmp_path / "again.xlsx").sheet
    assert survey_rows(again) == survey_rows(sheet)
    assert again.vehicles[1].reading.words == (("1", 0.9), ("sometimes", 0.4), ("never", 0.0))


def test_weights_filters_and_readings_by_hand(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        *ROWS,
        ("vehicle", "Mag", "issues", "n of 4 issues", "Press"),
        ("vehicle", "Paper", "how often", "1 = 0.8; 2 = 25 %", "Press"),
        ("missing values", "how often", "9", "", ""),
        ("filter", "", 'region == "N" or age > 30', "", ""),
        universe=80.0,
    )
    assert found.weight.tolist() == [20.0, 20.0, 40.0]
    assert found.use.tolist() == [[1, 0, 0.25], [0, 0.5, 0.8], [1, 1, 0]]
    assert found.is_contact.tolist() == [False, True, True]
    assert found.has_trait[:, 0].tolist() == [True, False, False]
    assert found.no_answer.tolist() == [0, 0, 1]
    assert any(
        "3 respondents of 4 count; left out: 1 without a weight above 0" in notice for notice in found.notices
    )


def test_of_whom_a_filter_leaves_out_those_without_an_answer_are_counted_too(tmp_path: Path) -> None:
    """Of four the one in the South is out for certain, and of the others the one who did not say how often."""
    rows = (("missing values", "how often", "9", "", ""), ("filter", "", "`how often` < 9", "", ""))
    found = answers(tmp_path, *ROWS[1:], *rows, ("filter", "", 'region == "N"', "", ""))
    assert any(
        "2 respondents of 4 count; left out: 2 by the filter (1 of them for want of an answer)." in notice
        for notice in found.notices
    )


def test_a_weight_with_decimal_commas_kept_as_texts_is_told_what_to_do(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("wt", "tv_1", "age"), ("0,85", 1, 20), ("1,2", 0, 40)):
        sheet.append(row)
    book.save(tmp_path / "s.xlsx")
    found = problems(tmp_path, *ROWS, file="s.xlsx")
    assert [where for where, _ in found] == ["Survey!C3"]
    assert (
        "expected numbers from 0 on: make numbers of them (in Excel: Data, Text to Columns)." in found[0][1]
    )


def test_weights_that_are_people_make_the_universe(tmp_path: Path) -> None:
    found = answers(tmp_path, *ROWS, ("weights are", "", "people (000)", "", ""))
    assert (found.universe_000, found.weight.tolist()) == (4.0, [1.0, 1.0, 2.0])
    (cell, text), *_ = problems(tmp_path, *ROWS, ("weights are", "", "people", "", ""), universe=80.0)
    assert cell == "Survey!C3"
    assert "Universe (000) says 80" in text


@pytest.mark.parametrize(
    ("row", "cell", "says"),
    [
        (("vehicle", "Bad", "agee", "", ""), "Survey!C6", 'did you mean "age"'),
        (("vehicle", "Bad", "issues", "", ""), "Survey!C6", '"issues" holds 2 (1 row) and 4 (2 rows); expected 0 or 1'),
        (("vehicle", "Bad", "issues", "n of 3 issues", ""), "Survey!C6", "4 (2 rows); expected whole numbers 0 to 3"),
        (("vehicle", "Bad", "age", "probability", ""), "Survey!C6", "expected 0 to 1"),
        (("vehicle", "Bad", "region", "", ""), "Survey!C6", 'holds texts, such as "N" (3 rows) and "S" (1 row)'),
        (("vehicle", "Bad", "how often", "1 = 0.9", ""), "Survey!C6", '"2" (1 row) and "9" (1 row), which'),
        (("vehicle", "Bad", "tv_1 == 1", "probability", ""), "Survey!C6", "is true or false"),
        (("trait", "old", "region > 3", "", ""), "Survey!C6", "region holds texts"),
        (("trait", "old", "age >", "", ""), "Survey!C6", "found the end"),
        (("filter", "", "age > 99", "", ""), "Survey!C6", "none of 4 respondents counts; left out: 4 by the filter."),
        (("vehicle", "Quiz", "tv_1", "", ""), "Survey!C6", "there twice (also Survey!C4)"),
        (("vehicle", "Bad", "tv_1", "often = lots", ""), "Survey!D6", "was not understood"),
        (("vehicle", "Bad", "tv_1", "often = 140 %", ""), "Survey!D6", "is no chance"),
        (("vehicle", "Bad", "", "", ""), "Survey!C6", "has no column"),
        (("weights are", "", "people", "0/1", ""), "Survey!D6", 'beside the row "weights are"'),
        (("filter", "", "age > 20", "probability", ""), "Survey!D6", "only a vehicle's column reads"),
        (("trait", "old", "[age] > 20", "", ""), "Survey!C6", "signs in backticks: `days a week`"),
        (("users", "", "tv_1", "", ""), "Survey!B6", "has no name"),
        (("weight", "", "age", "", ""), "Survey!A6", "there twice (also Survey!A3)"),
        (("weights are", "", "heavy", "", ""), "Survey!C6", "expected relative, people or people (000)"),
        (("claims are contacts", "", "perhaps", "", ""), "Survey!C6", "expected yes or no"),
        (("missing values", "nowhere", "9", "", ""), "Survey!B6", '"nowhere" is not a column'),
        (("vehicel", "Bad", "tv_1", "", ""), "Survey!A6", "is not one of"),
    ],
)  # fmt: skip
def test_each_problem_has_its_cell(tmp_path: Path, row: Sequence[str], cell: str, says: str) -> None:
    found = problems(tmp_path, *ROWS, row)
    assert [where for where, _ in found] == [cell]
    assert says in found[0][1]


def test_answers_that_do_not_fit_are_shown_a_few_and_the_others_counted(tmp_path: Path) -> None:
    ages = ("vehicle", "Bad", "age", "n of 3 issues", "")
    ((_, text),) = problems(tmp_path, *ROWS, ages)
    assert text.count("(") == 3
    assert re.search(r"\(\d rows?\) and \d+ more; expected whole numbers 0 to 3", text)


def test_each_vehicle_that_cannot_be_met_is_told_at_its_cell(tmp_path: Path) -> None:
    """By a column that reads otherwise, or by claims without an audience; the terminal shows the first of many."""
    many = [("vehicle", f"Show {n}", "issues", "n of 3 issues", "") for n in range(5)]
    told = problems(tmp_path, *ROWS, *many)
    assert [cell for cell, _ in told] == [f"Survey!C{row}" for row in range(6, 11)]
    assert told[4][1].startswith(
        '"Show 4": The column "issues" holds 4 (2 rows); expected whole numbers 0 to 3.'
    )
    found = answers(tmp_path, *ROWS, universe=80.0)
    with pytest.raises(WorkbookError) as caught:
        contact_probabilities(found, [Wanted("Quiz", None, f"Survey!C{n}") for n in range(5)])
    assert [problem.cell for problem in caught.value.problems] == [f"Survey!C{n}" for n in range(5)]
    assert caught.value.problems[4].text.startswith(
        '"Quiz" has no audience; 0/1 claims ("tv_1") are no contacts.'
    )


def test_cumes_and_users_of_what_the_sheet_does_not_have_are_told(tmp_path: Path) -> None:
    rows = (
        ("cume", "Gone", "tv_1", "", ""),
        ("cume", "Quiz", "tv_1", "", ""),
        ("users", "Radio", "tv_1", "", ""),
    )
    found = answers(tmp_path, *ROWS, *rows)
    assert any("of the cume of Gone and the users of Radio:" in notice for notice in found.notices)


def test_a_weight_that_is_no_number_is_told_with_its_rows(tmp_path: Path) -> None:
    rows = tuple(("weight", "", "region", "", "") if row[0] == "weight" else row for row in ROWS)
    assert problems(tmp_path, *rows) == [
        (
            "Survey!C3",
            'The weight column "region" holds "N" (3 rows) and "S" (1 row); expected numbers from 0 on.',
        )
    ]


def test_a_survey_that_is_not_there_is_told_at_its_cell(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, *ROWS, file="gone.sav")  # type: ignore[arg-type]
    assert found[0] == "Survey!C2"
    assert "There is no file" in found[1]


def test_a_form_that_is_left_blank_is_no_survey(tmp_path: Path) -> None:
    path = book_of(tmp_path, (("weight", "", "", "", ""),), file="")
    with pytest.raises(WorkbookError) as caught:
        read_survey_request(path)
    assert "missing or blank" in caught.value.problems[0].text


def test_claims_are_scaled_to_the_audience(tmp_path: Path) -> None:
    found = answers(tmp_path, *ROWS, universe=80.0)
    chance = contact_probabilities(found, [Wanted("quiz", 30.0)])
    assert chance[:, 0].tolist() == [0.5, 0.0, 0.5]
    assert float(found.weight @ chance[:, 0]) == 30.0


def test_what_no_probability_can_be_is_a_problem_with_its_column(tmp_path: Path) -> None:
    found = answers(tmp_path, *ROWS, universe=80.0)
    wanted = [
        Wanted("Quiz", 90.0, "Vehicles!E2"),
        Wanted("Quiz", None, "Vehicles!E3"),
        Wanted("Else", 1.0, "Vehicles!A4"),
    ]
    with pytest.raises(WorkbookError) as caught:
        contact_probabilities(found, wanted)
    above, claims, unknown = caught.value.problems
    assert above.cell == "Vehicles!E2"
    assert '"tv_1"' in above.text
    assert "probability would be 1.5" in above.text
    assert "0/1 claims" in claims.text
    assert "no row on the sheet Survey" in unknown.text


def test_a_vehicle_that_nobody_claims_is_not_asked_for_an_audience(tmp_path: Path) -> None:
    """Any audience would then be refused: nobody could be met."""
    found = answers(tmp_path, *ROWS, ("filter", "", "tv_1 == 0", "", ""), universe=80.0)
    with pytest.raises(WorkbookError) as caught:
        contact_probabilities(found, [Wanted("Quiz", None)])
    (problem,) = caught.value.problems
    assert problem.text.startswith('"Quiz" has no user in s.csv ("tv_1"): nobody could be met.')


def test_claims_that_are_contacts_stand_as_they_are(tmp_path: Path) -> None:
    found = answers(tmp_path, *ROWS, ("claims are contacts", "", "yes", "", ""), universe=80.0)
    assert found.contacts
    assert np.array_equal(contact_probabilities(found, [Wanted("Quiz", None)])[:, 0], [1.0, 0.0, 1.0])


def test_a_survey_begins_a_campaign_with_its_columns_of_0_and_1(survey: Any, tmp_path: Path) -> None:
    file, new = tmp_path / "data" / "s.sav", tmp_path / "new.xlsx"
    file.parent.mkdir()
    survey.write(file)
    wanted = ["survey", "describe", str(file), "--weight", "weight", "-o", str(new)]
    told = CliRunner().invoke(app, wanted)
    assert told.exit_code == 0, told.output
    sheet = read_survey_request(new).sheet
    assert (sheet.file, sheet.weight) == ("data/s.sav", "weight")
    names = {item.expression: item.name for item in sheet.vehicles}
    assert names["tv_4"] == "Kitchen Live"
    assert set(names) == {"advises", *(f"tv_{n}" for n in range(1, 6)), *(f"radio_{n}" for n in range(1, 4))}
    assert (
        CliRunner()
        .invoke(app, ["survey", "crosstab", str(tmp_path / "new.xlsx"), "--trait", "everyone"])
        .exit_code
        == 0
    )
    again = CliRunner().invoke(app, wanted)
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
