"""Tables as agencies, publishers and other programs write them: footnote marks, units, tables side by side, lines."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.account.books import (
    BRIEF,
    COMPOSITION,
    HEADINGS,
    RULES,
    TRAITS,
    VEHICLES,
    Rows,
    by_cell,
)


def test_two_tables_beside_each_other_are_one_problem(refused: Callable[..., WorkbookError]) -> None:
    rows = [(*HEADINGS, None, *HEADINGS), (*VEHICLES[0], None, *VEHICLES[2])]
    (problem,) = refused({"Vehicles": rows}).problems
    assert (problem.cell, problem.also) == (
        "Vehicles!G1", ("Vehicles!H1", "Vehicles!I1", "Vehicles!J1", "Vehicles!K1")
    )  # fmt: skip
    assert "(also Vehicles!A1): do two tables stand beside each other?" in problem.text


@pytest.mark.parametrize(
    "headings",
    [
        ("Vehicle *", "Medium¹", "Unit\ncost", "Audience (000)²", "Max."),
        ("vehicle", "medium", "unit_cost", "audience_000", "max"),
    ],
)
def test_marks_of_footnotes_and_underscores_make_no_other_heading(
    headings: tuple[str, ...], read: Callable[..., Campaign]
) -> None:
    campaign = read({"Vehicles": [headings, *VEHICLES]})
    assert [vehicle.unit_cost for vehicle in campaign.vehicles] == [10_000, 25_000, 9_000, 7_000]
    assert [vehicle.audience_000 for vehicle in campaign.vehicles] == [3000, 6000, 1500, 1200]


@pytest.mark.parametrize(
    "heading", ["Unit cost (EUR k)", "Unit cost EUR '000", "Unit cost in tsd. €", "Unit cost 000"]
)
def test_prices_in_thousands_are_told_to_be_written_in_full(
    heading: str, refused: Callable[..., WorkbookError]
) -> None:
    (problem,) = refused(edits={"Vehicles!C1": heading}).problems
    assert problem.cell == "Vehicles!C1"
    assert "counts in thousands or millions" in problem.text


def test_audiences_in_another_size_are_told_what_to_write(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Vehicles!D1": "Audience (m)"}))
    assert found == {
        "Vehicles!D1": 'The heading "Audience (m)" has another unit than is understood; expected "Audience (000)" and '
        "thousands below it (3.2 million is 3,200, or 3.2m)."
    }


def test_a_foreign_heading_of_another_size_or_of_a_price_per_thousand_is_not_to_be_renamed_unsaid(
    refused: Callable[..., WorkbookError],
) -> None:
    wrong = refused(edits={"Vehicles!C1": "TKP Preis", "Vehicles!D1": "Reichweite in Mio."}).problems[0].text
    assert '"TKP Preis" (C1, a price of a thousand contacts, not of what is bought)' in wrong
    assert '"Reichweite in Mio." (D1, like "Audience (000)" but in millions)' in wrong


def test_many_columns_of_the_planners_own_are_one_notice(read: Callable[..., Campaign]) -> None:
    weeks = [f"{day:02}-Apr" for day in (5, 12, 19, 26)]
    campaign = read({"Vehicles": [(*HEADINGS, *weeks), *[(*row, 1, 0, 1, 1) for row in VEHICLES]]})
    (notice,) = [notice for notice in campaign.notices if "Apr" in notice]
    assert notice.startswith(
        'Vehicles: the columns "05-Apr" (F1), "12-Apr" (G1), "19-Apr" (H1) and "26-Apr" (I1)'
    )


def test_a_line_of_dashes_divides_a_table(read: Callable[..., Campaign]) -> None:
    lines = ("-----",) * 5
    assert len(read({"Vehicles": [HEADINGS, *VEHICLES[:2], lines, *VEHICLES[2:]]}).vehicles) == 4


def test_a_formula_without_a_value_for_a_name_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    error = refused({"Rules": RULES}, edits={"Vehicles!A6": "=A2", "Rules!A3": "=A2"})
    assert {cell: "without a value" in text for cell, text in by_cell(error).items()} == {
        "Vehicles!A6": True,
        "Rules!A3": True,
    }
    assert len(error.problems) == 2


def test_a_total_that_says_so_beside_a_blank_name_is_quoted(read: Callable[..., Campaign]) -> None:
    rows = [HEADINGS, *VEHICLES[:2], (None, "Subtotal TV", 35_000, 9000, 20), *VEHICLES[2:]]
    assert (
        'Vehicles row 4 ("Subtotal TV") was taken for a total and not read.'
        in read({"Vehicles": rows}).notices
    )


NO_WEEKS = [row for row in BRIEF if row[0] != "Weeks"]


@pytest.mark.parametrize(
    ("key", "answer"),
    [("End date", "2027-05-30"), ("Flight", "3 May - 30 May 2027"), ("Campaign duration", "6 weeks")],
)
def test_an_end_of_the_flight_is_asked_for_where_weeks_say_nothing(
    key: str, answer: str, refused: Callable[..., WorkbookError]
) -> None:
    for rest in (NO_WEEKS, [*NO_WEEKS[:2], ("Weeks", None), *NO_WEEKS[2:]]):
        (problem,) = refused({"Brief": [(key, answer), *rest]}).problems
        assert problem.cell == "Brief!A1"
        assert "write how many weeks the flight has beside Weeks" in problem.text


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("End", date(2027, 5, 30)),
        ("Campaign end", "30.5.2027"),
        ("Flight", "3 May - 30 May 2027"),
        ("Flight note", "TV only from week 2"),
    ],
)
def test_a_remark_on_the_flight_beside_its_weeks_stops_nobody(
    key: str, answer: object, read: Callable[..., Campaign]
) -> None:
    campaign = read({"Brief": [*BRIEF, (key, answer)]})
    (notice,) = [told for told in campaign.notices if f'"{key}" (A6' in told]
    assert notice.endswith('like "Weeks") is not a key of ours; it was not read.')


DATED = [*NO_WEEKS, ("Start", date(2027, 3, 3)), ("Weeks", 6)]  # Monday 1 March to Sunday 11 April


@pytest.mark.parametrize(
    ("end", "agrees"),
    [((2027, 4, 11), True), ((2027, 4, 5), True), ((2027, 4, 12), False), ((2027, 4, 4), False)],
)
def test_an_end_in_another_week_than_weeks_say_is_asked_about(
    end: tuple[int, int, int],
    agrees: bool,
    read: Callable[..., Campaign],
    refused: Callable[..., WorkbookError],
) -> None:
    rows = {"Brief": [("End", date(*end)), *DATED]}
    if agrees:
        assert read(rows).brief.weeks == 6
        return
    (problem,) = refused(rows).problems
    assert problem.cell == "Brief!A1"
    assert "end on 2027-04-11; change one of them" in problem.text


def test_dates_of_vehicles_are_told_where_their_weeks_are_said(read: Callable[..., Campaign]) -> None:
    rows = [(*HEADINGS, "From", "Remark"), *((*row, "2027-03-08", "yes") for row in VEHICLES)]
    (told,) = [notice for notice in read({"Vehicles": rows}).notices if '"From"' in notice]
    assert told.endswith("Weeks does, in a row with its name, 0 in every other week.")


@pytest.mark.parametrize(
    ("key", "answer", "ours"),
    [
        ("Population", 50_000, "Universe (000)"),
        ("Target", "women", "Target audience"),
        ("Flight", 4, "Weeks"),
    ],
)
def test_a_key_that_means_one_of_ours_is_one_problem_and_names_that(
    key: str, answer: object, ours: str, refused: Callable[..., WorkbookError]
) -> None:
    others = [row for row in BRIEF if row[0] != ours]
    (problem,) = refused({"Brief": [(key, answer), *others]}).problems
    assert problem.cell == "Brief!A1"
    assert f'"{ours}"' in problem.text


@pytest.mark.parametrize(
    ("sheet", "rows", "cells"),
    [
        ("Vehicles", [HEADINGS, ("name", "kind", "EUR", "'000", "no."), *VEHICLES], "C2 D2 E2"),
        ("Rules", [RULES[0], ("name", "TV or so", "least", "most", "money or spots"), *RULES[1:]], "C2 D2"),
        ("Traits", [TRAITS[0], ("name", "catalyst or expert", "of all"), *TRAITS[1:]], "C2 B2"),
    ],
)
def test_a_row_of_words_or_units_that_explains_the_columns_is_one_problem(
    sheet: str, rows: Rows, cells: str, refused: Callable[..., WorkbookError]
) -> None:
    sheets: dict[str, Rows] = {"Composition": COMPOSITION} if sheet == "Traits" else {}
    (problem,) = refused({**sheets, sheet: rows}).problems
    assert [problem.cell, *problem.also] == [f"{sheet}!{cell}" for cell in cells.split()]
    assert "remove it if it explains the columns" in problem.text


def test_a_key_in_another_language_is_told_what_it_is_like(read: Callable[..., Campaign]) -> None:
    campaign = read({"Brief": [*BRIEF, ("Zielgruppe", "Frauen")]})
    assert any(
        '"Zielgruppe" (A6; B6: "Frauen"; like "Target audience") is not a key' in told
        for told in campaign.notices
    )


def test_a_discount_on_nothing_that_is_known_is_one_problem(refused: Callable[..., WorkbookError]) -> None:
    rows: Rows = [("Vehicle or group", "From", "Unit", "Discount %"), ("Radio", 2, "insertions", 5)]
    error = refused({"Discounts": rows})
    assert [problem.cell for problem in error.problems] == ["Discounts!A2"]
    assert not [notice for notice in error.notices if "never attained" in notice]


def test_a_tick_says_yes(read: Callable[..., Campaign]) -> None:
    rows = [(*HEADINGS, "Must buy"), *[(*row, tick) for row, tick in zip(VEHICLES, "✓✗x-", strict=True)]]
    assert [vehicle.must_buy for vehicle in read({"Vehicles": rows}).vehicles] == [True, False, True, False]


def test_marks_of_a_text_that_runs_right_to_left_say_nothing(read: Callable[..., Campaign]) -> None:
    campaign = read(edits={"Vehicles!A2": "Break\u200efast", "Vehicles!C2": "\u200f10.000,00"})
    assert (campaign.vehicles[0].name, campaign.vehicles[0].unit_cost) == ("Breakfast", 10_000)


def test_a_date_of_eight_figures_is_one(read: Callable[..., Campaign]) -> None:
    assert read({"Brief": [*BRIEF, ("Start", 20270503)]}).brief.start == date(2027, 5, 3)


def test_a_flight_in_another_decade_is_noticed(read: Callable[..., Campaign]) -> None:
    campaign = read({"Brief": [*BRIEF, ("Start", date(2099, 5, 3))]})
    assert "Brief!B6: the flight begins on 2099-05-03, more than ten years from now." in campaign.notices


def test_where_nothing_can_be_bought_that_is_noticed(read: Callable[..., Campaign]) -> None:
    rows = [HEADINGS, *[(*row[:4], 0) for row in VEHICLES]]
    assert any("Vehicles!E2: nothing can be bought" in notice for notice in read({"Vehicles": rows}).notices)
    assert not any("nothing can be bought" in notice for notice in read().notices)


def test_our_sheets_under_other_names_are_told_theirs(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, rows in (("Sheet1", BRIEF), ("Tabelle1", [HEADINGS, *VEHICLES])):
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.remove(book.active)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(tmp_path / "a.xlsx")
    (problem,) = caught.value.problems
    assert (
        'If they are ours, call "Sheet1" Brief and call "Tabelle1" Vehicles; or write a blank' in problem.text
    )


def test_columns_that_are_no_traits_are_told(refused: Callable[..., WorkbookError]) -> None:
    rows: Rows = [
        ("Vehicle", "young", "Unweighted", "Vert", "Horz", "Weighted"),
        ("Herald", "20 %", 1, 2, 3, 4),
    ]
    problems = refused({"Traits": TRAITS, "Composition": rows}).problems
    assert [problem.cell for problem in problems] == [f"Composition!{letter}1" for letter in "CDEF"]
    assert problems[1].text.startswith(
        'Composition has a column "Vert", but the sheet Traits has no such trait;'
    )


@pytest.mark.parametrize("heading", ["young Comp %", "young composition", "young comp."])
def test_a_composition_may_be_headed_so(heading: str, read: Callable[..., Campaign]) -> None:
    rows: Rows = [("Vehicle", heading), ("Herald", 20)]
    (share,) = read({"Traits": TRAITS, "Composition": rows}).composition[2].shares
    assert share == 0.2


@pytest.mark.parametrize("how", ["gone", "headless"])
@pytest.mark.parametrize(
    ("sheet", "heading"),
    [("Rules", "Applies to"), ("Rules", "Unit"), ("Goals", "Measure"), ("Discounts", "From"), ("Overlaps", "Trait B"),
     ("Vehicles", "Unit cost"), ("Vehicles", "Medium"), ("Traits", "Trait")],
)  # fmt: skip
def test_a_column_that_is_missing_is_one_problem(
    sheet: str, heading: str, how: str, refused: Callable[..., WorkbookError]
) -> None:
    sheets: dict[str, Rows] = {
        "Vehicles": [HEADINGS, *VEHICLES], "Rules": [*RULES, ("b", "Herald", None, 5, "insertions")], "Traits": TRAITS,
        "Goals": [("Audience", "Measure", "At least"), ("everyone", "reach %", "5 %"), ("young", "GRP", 5)],
        "Discounts": [("Vehicle or group", "From", "Unit", "Discount %"), ("TV", 3, "insertions", 5)],
        "Overlaps": [("Trait A", "Trait B", "Share of universe %"), ("young", "catalyst", "4 %")],
        "Composition": COMPOSITION,
    }  # fmt: skip
    place = sheets[sheet][0].index(heading)
    rows = [list(row) for row in sheets[sheet]]
    rows[0][place] = None
    left = rows if how == "headless" else [row[:place] + row[place + 1 :] for row in rows]
    (problem,) = refused(sheets | {sheet: left}).problems
    assert problem.cell == sheet


@pytest.mark.parametrize("heading", ["At most", "Share of universe %"])
def test_a_column_that_lost_its_heading_is_one_problem(
    heading: str, refused: Callable[..., WorkbookError]
) -> None:
    sheets: dict[str, Rows] = {"Rules": RULES, "Traits": TRAITS}
    name = "Rules" if heading == "At most" else "Traits"
    rows = [[None if cell == heading else cell for cell in row] for row in sheets[name]]
    (problem,) = refused(sheets | {name: rows}).problems
    assert "has values" in problem.text
    assert "but no heading" in problem.text


def test_a_row_that_explains_the_columns_is_one_question(refused: Callable[..., WorkbookError]) -> None:
    words = ("name of the line", "TV, radio", "EUR net per spot", "in thousands", "number")
    (problem,) = refused({"Vehicles": [HEADINGS, words, *VEHICLES]}).problems
    assert (problem.cell, problem.also) == ("Vehicles!C2", ("Vehicles!D2", "Vehicles!E2"))
    assert "remove it if it explains the columns" in problem.text


def test_a_campaign_on_one_sheet_is_told_to_be_parted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Campaign"
    for row in (*BRIEF, (), HEADINGS, *VEHICLES):
        book.active.append(list(row))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_campaign(tmp_path / "a.xlsx")
    assert 'part "Campaign" into sheets Brief and Vehicles; or write' in caught.value.problems[0].text


# --- a newcomer's own files -------------------------------------------------------------------------


def test_audiences_in_millions_beside_ratings_are_one_question(refused: Callable[..., WorkbookError]) -> None:
    """3,000 thousand are 6 % of 50,000 thousand; written in millions, each is a thousandth of its rating."""
    rows = [(*row[:3], row[3] / 1000, row[4], f"{row[3] / 500:g} %") for row in VEHICLES]
    (problem,) = refused({"Vehicles": [(*HEADINGS, "Rating %"), *rows]}).problems
    assert problem.cell == "Vehicles!F2"
    assert "gives 3,000 thousand people" in problem.text
    assert "says 3 (and 3 more in this column); are the audiences in millions?" in problem.text


def test_an_audience_that_its_rating_contradicts_is_one_question(
    refused: Callable[..., WorkbookError],
) -> None:
    rows = [(*row, f"{row[3] / 250:g} %") for row in VEHICLES]
    (problem,) = refused({"Vehicles": [(*HEADINGS, "Rating %"), *rows]}).problems
    assert "gives 6,000 thousand people" in problem.text
    assert problem.text.endswith("says 3,000 (and 3 more in this column); keep one of them, or mend it.")


def test_prices_in_thousands_are_asked_about(read: Callable[..., Campaign]) -> None:
    """The dearest, Herald, costs 9,000 for 1,500 thousand: 6 a thousand, or 0.006 where 9 is written."""
    rows = [(*row[:2], row[2] / 1000, *row[3:]) for row in VEHICLES]
    notices = read({"Vehicles": [HEADINGS, *rows]}).notices
    assert notices[0] == (
        "Vehicles!C4: a thousand contacts cost at most 0.006 in every vehicle. Are the prices in thousands, or the "
        "audiences in people?"
    )


def test_shares_of_the_universe_that_are_needed_are_one_problem(
    refused: Callable[..., WorkbookError],
) -> None:
    rows: Rows = [("Vehicle", "catalyst", "young", "urban"), *((*row, "40 %") for row in COMPOSITION[1:])]
    (problem,) = refused({"Composition": rows}).problems
    assert (problem.cell, problem.also) == ("Composition!C1", ("Composition!D1",))
    assert 'needed of the traits "young" and "urban"; write it on the sheet Traits' in problem.text


def test_a_budget_in_words_under_another_key_is_asked_about(refused: Callable[..., WorkbookError]) -> None:
    edits = {"Brief!A3": "Media budget", "Brief!B3": "EUR 150k gross"}
    assert by_cell(refused(edits=edits)) == {
        "Brief!A3": '"Media budget" is not a key of the Brief; did you mean "Budget"?'
    }


def test_a_rate_card_under_its_own_name_is_asked_about(refused: Callable[..., WorkbookError]) -> None:
    """Its headings are like those of Vehicles, though none of them is; sheet Vehicles is not there."""
    headings = ("Programme", "Station", "Genre", "Cost", "Audience")
    card: Rows = [headings, *((name, "One", "news", cost, people) for name, _, cost, people, _ in VEHICLES)]
    found = by_cell(refused({"Vehicles": [], "TV rates": card}))
    assert "did you mean Vehicles?" in found["TV rates"]


def test_prices_of_units_side_by_side_are_one_question(refused: Callable[..., WorkbookError]) -> None:
    rows = [(*HEADINGS, "Unit cost", "Unit cost"), *((*row, 1000, 500) for row in VEHICLES)]
    (problem,) = refused({"Vehicles": rows}).problems
    assert (problem.cell, problem.also) == ("Vehicles!F1", ("Vehicles!G1",))
    assert problem.text == (
        'The heading "Unit cost" is there 3 times (also Vehicles!C1); keep one of them. Prices of several units are a '
        "row each, with the vehicle and its Unit."
    )


def test_bands_between_vehicles_are_one_question(refused: Callable[..., WorkbookError]) -> None:
    rows = [HEADINGS, ("BROADCAST",), *VEHICLES[:2], ("PRINT",), *VEHICLES[2:]]
    (problem,) = refused({"Vehicles": rows}).problems
    assert (problem.cell, problem.also) == ("Vehicles!A2", ("Vehicles!A5",))
    assert 'nothing but the name "BROADCAST" (and 1 more in this column)' in problem.text
