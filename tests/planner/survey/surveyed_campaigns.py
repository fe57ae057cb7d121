"""A campaign with a survey of respondents beside it, as a planner writes them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from planner.survey.answers import Answers, answers_of, survey_of
from planner.workbook.campaign.survey.survey import read_survey_request

HEADINGS = ("What", "Vehicle, trait or medium", "Column or expression", "Reads as", "Medium")
ROWS = (
    ("file", "", "s.sav", "", ""), ("weight", "", "weight", "", ""), ("missing values", "paper", "2", "", ""),
    ("filter", "", "age is not missing", "", ""),
    ("trait", "catalyst", "advises == 1 and talk_days >= 4", "", ""), ("trait", "age 18-49", "age < 50", "", ""),
    ("trait", "age 50+", "age >= 50", "", ""),
    *(("vehicle", f"TV {n}", f"tv_{n}", "", "TV") for n in range(1, 6)),
    ("vehicle", "Talk", "radio_3", "", "Radio"), ("vehicle", "Times", "paper", "1 = 0.8; 3 = 0.1", "Newspapers"),
    ("vehicle", "Cook & Table", "cook_issues", "n of 4 issues", "Magazines"),
)  # fmt: skip
BRIEF = {"Universe (000)": 50_000, "Budget": 400_000, "Category": "food"}
AUDIENCES = {f"TV {n}": 2_000 + 100 * n for n in range(1, 6)} | {"Talk": 1_500}
CONTACTS = ("claims are contacts", "", "yes", "", "")


def workbook(
    folder: Path,
    survey: Any,
    rows: Sequence[Sequence[str]] = ROWS,
    vehicles: Mapping[str, float] = AUDIENCES,
    brief: Mapping[str, Any] = BRIEF,
) -> Path:
    """A campaign with a survey, and vehicles with an audience and a price."""
    survey.write(folder / "s.sav")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Survey"
    for row in (HEADINGS, *rows):
        sheet.append([value or None for value in row])
    page = book.create_sheet("Brief")
    for pair in (("Key", "Value"), *brief.items()):
        page.append(pair)
    if vehicles:
        page = book.create_sheet("Vehicles")
        page.append(("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"))
        for name, audience in vehicles.items():
            page.append((name, "TV" if name.startswith("TV") else "Radio", 10_000 + audience, audience, 6))
    book.save(folder / "c.xlsx")
    return folder / "c.xlsx"


def answers_in(path: Path) -> Answers:
    request = read_survey_request(path)
    return answers_of(request.sheet, survey_of(request.sheet, request.folder), request.brief.universe_000)
