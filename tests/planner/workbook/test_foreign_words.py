"""Headings and keys of other people's workbooks, and blanks that are one question a column."""

from pathlib import Path

import openpyxl
import pytest

from planner.errors import Problem, WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.schema.foreign_words import resembles
from planner.workbook.schema.sheets import BRIEF, RULES, VEHICLES

HEADINGS = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
ROWS = (
    ("Morning", "TV", 10000, 3000, 10),
    ("Evening", "TV", 25000, 6000, 10),
    ("Herald", "Press", 9000, 1500, 6),
)
KEYS = (("Currency", "EUR"), ("Universe (000)", 50000), ("Budget", 150000), ("Objective", "reach"))


def problems(
    folder: Path,
    headings: tuple[str, ...] = HEADINGS,
    rows: tuple[tuple[object, ...], ...] = ROWS,
    keys: tuple[tuple[object, ...], ...] = KEYS,
) -> list[Problem]:
    book = openpyxl.Workbook()
    brief = book.active
    assert brief is not None
    brief.title = "Brief"
    for row in keys:
        brief.append(row)
    page = book.create_sheet("Vehicles")
    for row in (headings, *rows):
        page.append(row)
    book.save(folder / "own.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(folder / "own.xlsx")
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        ("Sender", "Vehicle"),
        ("Gattung", "Medium"),
        ("Preis (EUR)", "Unit cost"),
        ("Reichweite (Tsd.)", "Audience (000)"),
        ("Tarif brut", "Unit cost"),
        ("Cena (zł)", "Unit cost"),
        ("Veículo", "Vehicle"),
        ("Mezzo", "Medium"),
        ("Proj(000)", "Audience (000)"),
        ("Sehbeteiligung in Mio.", "Audience (000)"),
        ("Qty", "Max"),
        ("Précio", ""),
        ("Buyer's note", ""),
    ],
)
def test_what_a_heading_resembles(heading: str, ours: str) -> None:
    assert resembles(heading, VEHICLES) == ours


def test_every_word_stands_for_a_heading_of_ours() -> None:
    for schema, word in ((BRIEF, "Etat"), (RULES, "Mindestens"), (VEHICLES, "Anzahl")):
        assert resembles(word, schema) in {column.heading for column in schema.columns}


def test_german_headings_are_told_what_they_are_like(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, ("Sender", "Gattung", "Preis", "Reichweite", "Anzahl"))
    assert '"Preis" (C1, like "Unit cost")' in problem.text
    assert '"Anzahl" (E1, like "Max")' in problem.text


def test_a_german_brief_is_told_what_its_keys_are_like(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, keys=(("Währung", "EUR"), ("Grundgesamtheit", 50000), ("Etat", 150000)))
    assert problem.cell == "Brief"
    assert '"Etat" (A3, like "Budget")' in problem.text


def test_one_heading_that_is_not_ours_is_told_beside_the_column_that_lacks(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, ("Vehicle", "Medium", "Preis", "Audience (000)", "Max"))
    assert 'no column "Unit cost"' in problem.text
    assert '"Preis" (C1, like "Unit cost")' in problem.text


@pytest.mark.parametrize(
    ("column", "blank", "what"),
    [(2, "-", "no unit cost"), (2, None, "no unit cost"), (3, "n/a", "no audience"), (1, "-", "no medium")],
)
def test_blanks_of_a_column_are_one_problem(tmp_path: Path, column: int, blank: object, what: str) -> None:
    rows = tuple(tuple(blank if at == column else value for at, value in enumerate(row)) for row in ROWS)
    (problem,) = problems(tmp_path, rows=rows)
    letter = "ABCDE"[column]
    assert problem.cell == f"Vehicles!{letter}2"
    assert f'"Morning" and 2 more ({letter}3 and {letter}4) have {what}' in problem.text
    assert problem.also == (f"Vehicles!{letter}3", f"Vehicles!{letter}4")


def test_a_price_on_application_is_told_how_to_say_so(tmp_path: Path) -> None:
    rows = (("Morning", "TV", "POA", 3000, 10), ("Evening", "TV", "tbc", 6000, 10), ROWS[2])
    (problem,) = problems(tmp_path, rows=rows)
    assert '"POA" is not a number' in problem.text
    assert "or ? if it is not quoted" in problem.text
    assert problem.also == ("Vehicles!C3",)
