"""Vehicles by traits: by hand, in every format alike, and equal to a published tabulation of real respondents."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from models.errors import InvalidInput
from models.respondents.duplication import group_duplications, shared_people
from planner.campaign.survey import MissingValues, Reading, SurveyItem, SurveySheet
from planner.cli.commands import app
from planner.report.survey.survey import crosstab_text
from planner.survey.answers import Answers, answers_of
from planner.survey.crosstab import SMALL_BASE, Crosstab, crosstab, wilson
from planner.survey.files import read_survey

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
RESPONDENTS, PUBLISHED = SHARED / "anes_2016_media.csv", SHARED / "us_2016_media_audiences.csv"
DUPLICATIONS = SHARED / "us_2016_duplication.csv"
FORMATS = (".csv", ".parquet", ".xlsx", ".sav", ".dta", ".sss", ".xml")
SURVEY_ROWS = (
    ("weight", "", "weight", "", ""), ("missing values", "paper", "2", "", ""),
    ("trait", "adviser", "advises", "", ""), ("trait", "catalyst", "advises == 1 and talk_days >= 4", "", ""),
    ("trait", "young", "age < 35", "", ""), ("filter", "", "age is not missing", "", ""),
    *(("vehicle", f"TV {n}", f"tv_{n}", "", "TV") for n in range(1, 6)),
    ("vehicle", "Talk", "radio_3", "", "Radio"), ("vehicle", "Times", "paper", "1 = 0.8; 3 = 0", "Newspapers"),
    ("vehicle", "Cook & Table", "cook_issues", "n of 4 issues", "Magazines"),
)  # fmt: skip


def survey_workbook(
    path: Path, file: str, rows: Sequence[Sequence[str]] = SURVEY_ROWS, brief: Mapping[str, Any] | None = None
) -> Path:
    """A workbook with a sheet Survey, and a Brief where there are answers to it."""
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
    if brief:
        page = book.create_sheet("Brief")
        for pair in (("Key", "Value"), *brief.items()):
            page.append(pair)
    book.save(path)
    return path


def small(folder: Path) -> Crosstab:
    """Weights 1, 1, 2, 4 and 0; the last does not count. Universe 800."""
    path = folder / "small.csv"
    path.write_text("w,a,b,t\n1,1,0,1\n1,1,2,0\n2,0,4,1\n4,0,9,1\n0,1,4,1\n", encoding="utf-8")
    sheet = SurveySheet(
        "small.csv",
        (SurveyItem("A", "a"), SurveyItem("B", "b", Reading("issues", 4), "Press")),
        (SurveyItem("t", "t == 1"),),
        weight="w",
        missing=(MissingValues("b", ("9",)),),
    )
    return crosstab(answers_of(sheet, read_survey(path), 800.0))


def test_by_hand(tmp_path: Path) -> None:
    """A: weights 1 and 1, the first has t. B: 1 x 2/4 and 2 x 4/4, the second has t; the fourth did not answer."""
    found = {figure.vehicle: figure for figure in small(tmp_path).figures}
    everyone, a, b = found["everyone"], found["A"], found["B"]
    assert (everyone.people_000, everyone.composition_pct, everyone.index) == (700.0, 87.5, 100.0)
    assert (a.people_000, a.coverage_pct, a.composition_pct) == (100.0, pytest.approx(100 / 7), 50.0)
    assert a.index == pytest.approx(100 * 0.5 / 0.875)
    assert (a.base, a.effective_base) == (2, pytest.approx(2.0))
    assert (b.people_000, b.composition_pct) == (200.0, 80.0)
    assert (b.base, b.effective_base) == (2, pytest.approx(2.5**2 / (0.5**2 + 2**2)))
    assert (b.low_pct, b.high_pct) == tuple(pytest.approx(100 * end) for end in wilson(0.8, b.effective_base))
    assert all(figure.small_base for figure in found.values())


def test_wilson_by_the_book() -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I: 81 of 263 and 15 of 148, 0 of 20, 1 of 29."""
    for found, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(found / n, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_every_format_gives_the_same_tables_to_the_last_digit(survey: Any, tmp_path: Path) -> None:
    tables = []
    for ending in FORMATS:
        survey.write(tmp_path / f"s{ending}")
        rows = [row for row in SURVEY_ROWS if row[0] != "missing values"]
        rows.append(("missing values", "paper", "2", "", ""))
        path = survey_workbook(
            tmp_path / f"of_{ending[1:]}.xlsx", f"s{ending}", rows, {"Universe (000)": 50_000}
        )
        told = CliRunner().invoke(app, ["survey", "crosstab", str(path), "--json"])
        assert told.exit_code == 0, told.output
        tables.append(json.loads(told.stdout)["figures"])
    assert all(table == tables[0] for table in tables)
    assert len(tables[0]) == 3 * 9


def test_bases_under_140_are_marked_and_the_rule_is_named(survey: Any, tmp_path: Path) -> None:
    survey.write(tmp_path / "s.csv")
    rows = [row for row in SURVEY_ROWS if row[0] != "missing values"] + [
        ("missing values", "paper", "2", "", "")
    ]
    path = survey_workbook(tmp_path / "c.xlsx", "s.csv", rows)
    told = CliRunner().invoke(app, ["survey", "crosstab", str(path), "-o", str(tmp_path / "t.xlsx")])
    assert told.exit_code == 0, told.output
    figures = json.loads(CliRunner().invoke(app, ["survey", "crosstab", str(path), "--json"]).stdout)[
        "figures"
    ]
    assert {figure["small_base"] for figure in figures} == {True, False}
    assert all(figure["small_base"] == (figure["base"] < SMALL_BASE) for figure in figures)
    assert "National Readership Survey" in told.stdout
    marked = next(figure["vehicle"] for figure in figures if figure["small_base"])
    assert f"*{marked}" in told.stdout
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Figures"]
    rows_written = [row for row in sheet.iter_rows(min_row=7, values_only=True) if row[2]]
    assert len(rows_written) == len(figures)
    assert rows_written[5][5] == pytest.approx(figures[5]["composition_pct"] / 100)


def test_a_vehicle_that_nobody_uses_has_no_interval() -> None:
    answers = Answers(
        "s.csv", SurveySheet("s.csv", (SurveyItem("Quiz", "q"),)), np.ones(2), np.zeros((2, 1)), np.zeros(1, bool),
        np.ones((2, 0), dtype=bool), np.zeros(1),
    )  # fmt: skip
    assert "- - -" not in crosstab_text(crosstab(answers))


def test_a_csv_holds_every_figure_and_no_formula(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("w,a,t\n1,1,0\n2,0,1\n", encoding="utf-8")
    rows = [("vehicle", "@cmd|' /C calc'!A1", "a", "", "TV"), ("trait", "t", "t", "", "")]
    path = survey_workbook(tmp_path / "c.xlsx", "s.csv", rows)
    told = CliRunner().invoke(app, ["survey", "crosstab", str(path), "--csv", str(tmp_path / "t.csv")])
    assert told.exit_code == 0, told.output
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["vehicle"] for line in lines] == ["everyone", "'@cmd|' /C calc'!A1"]
    assert [line["composition_pct"] for line in lines] == ["50", "0"]


def test_without_traits_everyone_is_the_column(survey: Any, tmp_path: Path) -> None:
    survey.write(tmp_path / "survey.csv")
    rows = [row for row in SURVEY_ROWS if row[0] != "trait"]
    book = survey_workbook(tmp_path / "book.xlsx", "survey.csv", rows)
    done = CliRunner().invoke(app, ["survey", "crosstab", str(book), "--csv", str(tmp_path / "tables")])
    assert done.exit_code == 0, done.output
    with open(tmp_path / "tables" / "crosstab.csv", encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["trait"] for row in table} == {"everyone"}
    assert len(table) == 1 + sum(row[0] == "vehicle" for row in rows)


def test_no_name_becomes_a_formula_in_the_workbook(tmp_path: Path) -> None:
    names = ["+SUM(1)", "@cmd", "-1+1", "{=1}", "<script>alert(1)</script>"]
    (tmp_path / "s.csv").write_text("a,t\n1,0\n0,1\n", encoding="utf-8")
    rows = [*(("vehicle", name, "a", "", name) for name in names), ("trait", "+1+1", "t == 1", "", "")]
    path = survey_workbook(tmp_path / "c.xlsx", "s.csv", rows)
    told = CliRunner().invoke(app, ["survey", "crosstab", str(path), "-o", str(tmp_path / "t.xlsx")])
    assert told.exit_code == 0, told.output
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert set(names) <= {cell.value for cell in cells}


def test_definitions_and_names_choose_what_is_shown(survey: Any, tmp_path: Path) -> None:
    survey.write(tmp_path / "s.sav")
    path = survey_workbook(tmp_path / "c.xlsx", "s.sav", brief={"Universe (000)": 50_000})
    asked = ["survey", "crosstab", str(path), "--vehicle", "talk", "--trait", "young and not adviser"]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    assert "young and not adviser:" in told.stdout
    assert "95 % interval" in told.stdout
    with pytest.raises(InvalidInput, match="not a vehicle of the sheet Survey"):
        crosstab(answers_of(SurveySheet("x", ()), read_survey(tmp_path / "s.sav")), vehicles=["Tlak"])


TRAITS_2016 = {
    "catalyst_pct": "persuade == 1 and discuss_days == 7",
    "persuader_not_daily_pct": "persuade == 1 and discuss_days < 7",
    "college_pct": "educ >= 13 and educ <= 16",
    "age_18_34_pct": "18 <= age <= 34",
    "age_35_54_pct": "35 <= age <= 54",
    "age_55_plus_pct": "age >= 55",
    "women_pct": "gender == 2",
}


def _duplications_are_published(answers: Answers) -> None:
    """Goodhardt and Ehrenberg's constants within and between the media, to the digits printed."""
    with DUPLICATIONS.open() as file:
        published = {
            (row["medium_a"], row["medium_b"]): float(row["duplication_constant"])
            for row in csv.DictReader(file)
        }
    media = [name.partition("_")[0] for name in answers.vehicles]
    within, _ = group_duplications(*shared_people(answers.weight, answers.use), media)
    assert within == {
        name: pytest.approx(published[name, name], abs=0.000501) for name in dict.fromkeys(media)
    }


@pytest.mark.skipif(not RESPONDENTS.exists(), reason="the respondents are not here")
def test_real_respondents_give_the_published_audiences() -> None:
    """American National Election Study 2016: every vehicle's base, reach and composition, to the digits printed."""
    with PUBLISHED.open() as file:
        published = list(csv.DictReader(file))
    names = [row["vehicle"] for row in published[1:]]
    sheet = SurveySheet(
        RESPONDENTS.name,
        tuple(SurveyItem(name, name) for name in names),
        tuple(SurveyItem(name, text) for name, text in TRAITS_2016.items()),
        weight="weight_post",
        filters=(SurveyItem("", "persuade is not missing"),),
    )
    answers = answers_of(sheet, read_survey(RESPONDENTS))
    reach = dict(zip(answers.vehicles, 100 * answers.people_000 / answers.weight.sum(), strict=True))
    _duplications_are_published(answers)
    found = crosstab(answers)
    everyone = found.of("everyone")
    total = len(found.figures) // len(TRAITS_2016)
    assert (found.respondents, total) == (int(published[0]["respondents"]), len(published))
    for row in published:
        figures = everyone if row["medium"] == "" else found.of(row["vehicle"])
        assert figures[0].base == int(row["respondents"])
        assert reach.get(row["vehicle"], 100.0) == pytest.approx(float(row["reach_pct"]), abs=0.000501)
        for figure in figures:
            assert figure.composition_pct == pytest.approx(float(row[figure.trait]), abs=0.00501), (
                row["vehicle"],
                figure.trait,
            )
