"""Every dirty form of number, percent and date that real workbooks hold."""

from datetime import date, datetime, time

import pytest

from planner.excel.read import Cell
from planner.workbook.cells.dates import read_date
from planner.workbook.cells.numbers import (
    Reading,
    Trouble,
    exact,
    found,
    is_blank,
    read_column,
    read_numbers,
    shown_as_percent,
)


def cell(
    value: object, number_format: str = "General", *, error: bool = False, uncached: bool = False
) -> Cell:
    return Cell("Vehicles", 2, 3, value, number_format, error, uncached)


def numbers(*values: object, percent: bool = False, currency: str = "") -> list[object]:
    """A column read; a tuple is (value, number format)."""
    cells = [
        cell(*value) if isinstance(value, tuple) else None if value is None else cell(value)
        for value in values
    ]
    return list(read_numbers(cells, percent, currency))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (12.5, 12.5),
        (0, 0.0),
        ("12.5", 12.5),
        ("12,5", 12.5),
        (" 12.5 ", 12.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1'234.50", 1234.5),
        ("1’234", 1234.0),
        ("1.234.567", 1234567.0),
        ("1,234,567", 1234567.0),
        ("1.234.567,8", 1234567.8),
        ("0,125", 0.125),
        ("0.125", 0.125),
        (".5", 0.5),
        ("1234.567", 1234.567),
        ("−7", -7.0),
        ("- 7", -7.0),
        ("(7)", -7.0),
        ("+7", 7.0),
        ("007", 7.0),
        ("'12,500.0", 12500.0),  # an apostrophe that marked a text in another program
    ],
)
def test_a_number_typed_as_text_is_read_where_its_meaning_is_certain(
    typed: object, value: float | None
) -> None:
    read = numbers(typed)[0]
    assert isinstance(read, Trouble) if value is None else read == value


@pytest.mark.parametrize(
    ("typed", "currency", "value"),
    [
        ("€ 12.500,00", "EUR", 12500.0),
        ("12.500,00 €", "EUR", 12500.0),
        ("12.500,00 Euro", "EUR", 12500.0),
        ("€12,500.00", "€", 12500.0),
        ("$12,500.00", "USD", 12500.0),
        ("$12,500.00", "CAD", 12500.0),
        ("US$ 12,500.00", "USD", 12500.0),
        ("USD 12,500.50", "USD", 12500.5),
        ("12 500,50 EUR", "EUR", 12500.5),
        ("100руб.", "RUB", 100.0),
        ("100 руб", "RUB", 100.0),
        ("12 kr", "SEK", 12.0),
        ("£1.5m", "GBP", 1_500_000.0),
        ("1,5 Mio. €", "EUR", 1_500_000.0),
        ("EUR 4M", "EUR", 4_000_000.0),
        ("Rs. 1,00,000", "INR", 100_000.0),
        ("Rs 1,20,000/-", "INR", 120_000.0),
        ("CHF 1'200.-", "CHF", 1_200.0),
        ("12.–", "CHF", 12.0),
        ("95.-- EUR", "EUR", 95.0),
        ("₹ 15,00,000.50", "INR", 1_500_000.5),
        ("1.5 crore", "INR", 15_000_000.0),
        ("12 XYZ", "XYZ", 12.0),
        ((12.0, '"$"#,##0'), "USD", 12.0),
        ((12.0, "[$€-407] #,##0.00"), "EUR", 12.0),
    ],
)
def test_the_campaigns_own_currency_may_stand_in_a_cell_or_its_format(
    typed: object, currency: str, value: float
) -> None:
    assert numbers(typed, currency=currency) == [value]


@pytest.mark.parametrize(
    ("typed", "currency", "words"),
    [
        ("$10,000.00", "EUR", "is in $, but the campaign is in EUR"),
        ("10,000.00 USD", "EUR", "is in USD, but the campaign is in EUR"),
        ("US$ 5", "CAD", "is in US$"),
        ("£1.5m", "EUR", "is in £"),
        ("12 kr", "EUR", "is in KR"),
        ((12.0, '"$"#,##0'), "EUR", "is formatted as $"),
        ((12.0, "[$£-809]#,##0.00"), "EUR", "is formatted as £"),
        ("€ 12", "", "no amount of money"),
        ((12.0, '#,##0 "EUR"'), "", "is formatted as EUR, but it is no amount of money"),
    ],
)
def test_another_currency_or_one_where_no_money_is_is_trouble(
    typed: object, currency: str, words: str
) -> None:
    read = numbers(typed, currency=currency)[0]
    assert isinstance(read, Trouble)
    assert words in read.text


@pytest.mark.parametrize(
    ("typed", "value"),
    [("4M", 4e6), ("150k", 150e3), ("1.5m", 1.5e6), ("2 bn", 2e9), ("1,00,000", 1e5), ("12,34,56,789", 123_456_789.0),
     ("3 million", 3e6), ("20 lakh", 2e6), ("1,5 Millionen", 1.5e6), ("3 tys.", 3e3)],
)  # fmt: skip
def test_a_number_that_names_its_size_is_read_as_what_it_is(typed: str, value: float) -> None:
    assert numbers(typed) == [value]


def test_in_a_column_of_thousands_a_number_that_names_its_size_is_of_people() -> None:
    read = read_column([cell("4M"), cell("150k"), cell("1,200.5")], Reading(thousands=True))
    assert read == [4000.0, 150.0, 1200.5]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["3,900", 520, 850], [3900.0, 520.0, 850.0]),
        (["3,900", "520", "9,500", "1"], [3900.0, 520.0, 9500.0, 1.0]),
        (["90,000", "1,00,000"], [90000.0, 100000.0]),
        (["3.900", 5200], [3900.0, 5200.0]),
    ],
)
def test_the_size_of_the_columns_other_numbers_settles_what_a_comma_is(
    column: list[object], values: list[float]
) -> None:
    assert numbers(*column) == values


@pytest.mark.parametrize("column", [["3,900"], ["3,900", 120], ["1,250", 0.8, 2.5], ["3,900", "1,200"]])
def test_a_comma_that_the_column_does_not_settle_is_asked_about(column: list[object]) -> None:
    assert isinstance(numbers(*column)[0], Trouble)


def test_cells_of_the_same_hand_settle_the_decimal_mark() -> None:
    (read,) = read_column([cell("52,900")], Reading(beside=[cell("£1.5m")]))
    assert read == 52900.0


def test_the_columns_own_numbers_say_more_than_cells_beside_it() -> None:
    """Beside it a comma is the decimal mark: 3,900 may be 3.9, but the column has 520 and 850."""
    column = [cell("3,900"), cell(520), cell(850)]
    assert read_column(column, Reading(beside=[cell("12,5")])) == [3900.0, 520.0, 850.0]
    assert isinstance(read_column(column[:1], Reading(beside=[cell("12,5")]))[0], Trouble)
    assert isinstance(read_column(column[:1], Reading(beside=[cell("12,5"), cell("12.5")]))[0], Trouble)


def test_a_unit_in_words_changes_nothing() -> None:
    assert read_column([cell("8 weeks"), cell("3+")], Reading(units=("weeks", "+"))) == [8.0, 3.0]
    assert isinstance(read_column([cell("8 weeks")], Reading())[0], Trouble)


@pytest.mark.parametrize(
    "typed", ["-", "–", "n/a", "N/A", "", "  ", "\u00a0", "n.a.", "-----", "=====", None]
)
def test_what_people_type_for_nothing_is_blank(typed: object) -> None:
    assert numbers(typed) == [None]
    assert is_blank(None if typed is None else cell(typed))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12,5o", "is not a number"),
        ("ca. 100", "is not a number"),
        ("12q", "is not a number"),
        ("1.2 m people", "is not a number"),
        ("1,23,4", "odd places"),
        ("1.234.56", "odd places"),
        ("1,234.5,6", "odd places"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("1e5", "is not a number"),
        ("٣", "is not a number"),
        ("25 %", "percent sign"),
        (True, "yes/no"),
        (datetime(2026, 1, 5), "date or a time"),
        (time(1, 30), "date or a time"),
        (float("inf"), "beyond any media plan"),
        (float("nan"), "beyond any media plan"),
        (1e300, "beyond any media plan"),
        ("9" * 400, "beyond any media plan"),
        ((0.25, "0%"), "formatted as a percentage"),
    ],
)
def test_what_is_no_number_is_trouble(typed: object, words: str) -> None:
    read = numbers(typed)[0]
    assert isinstance(read, Trouble)
    assert words in read.text


def test_an_error_value_and_a_formula_without_value_are_trouble() -> None:
    error, formula = read_numbers([cell("#N/A", error=True), cell(None, uncached=True)], percent=False)
    assert isinstance(error, Trouble)
    assert "#N/A" in error.text
    assert isinstance(formula, Trouble)
    assert "without a value" in formula.text


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.500", "123,456"])
def test_a_number_that_can_be_read_in_two_ways_is_asked_about(text: str) -> None:
    read = numbers(text)[0]
    assert isinstance(read, Trouble)
    assert "can be read as" in read.text


def test_another_cell_of_the_column_settles_the_decimal_mark() -> None:
    assert numbers("1.234", "12,5") == [1234.0, 12.5]
    assert numbers("1,234", "1,234,567") == [1234.0, 1234567.0]


def test_cells_that_contradict_each_other_settle_nothing() -> None:
    read = numbers("1.234", "12,5", "12.5")
    assert isinstance(read[0], Trouble)
    assert read[1:] == [12.5, 12.5]


@pytest.mark.parametrize(
    ("column", "shares"),
    [
        (["25 %"], [0.25]),
        (["25%"], [0.25]),
        (["12,5 %"], [0.125]),
        ([(0.25, "0%")], [0.25]),
        ([(0.25, "0.00 %")], [0.25]),
        ([(25, '0" %"')], [0.25]),
        ([(25, "0\\%")], [0.25]),
        ([25], [0.25]),
        ([25, 0.5], [0.25, 0.005]),
        ([25, 1, 0], [0.25, 0.01, 0.0]),
        ([0, 0], [0.0, 0.0]),
        (["25", (0.3, "0%"), None], [0.25, 0.3, None]),
    ],
)
def test_a_percent_is_read_in_every_form(column: list[object], shares: list[float | None]) -> None:
    assert numbers(*column, percent=True) == shares


@pytest.mark.parametrize("column", [[0.25], [0.25, 0.5], [1], ["0,25"], [0.25, (0.3, "0%")], [0.25, "25 %"]])
def test_a_bare_number_up_to_one_in_a_percent_column_is_asked_about(column: list[object]) -> None:
    read = numbers(*column, percent=True)[0]
    assert isinstance(read, Trouble)
    assert read.text.startswith("is that ")


def test_the_question_about_a_percent_names_both_readings() -> None:
    (read,) = numbers(0.25, percent=True)
    assert isinstance(read, Trouble)
    assert read.text == "is that 0.25 % or 25 %? Write 25 % or 0.25 %, or format the cell as a percentage"


def test_a_percent_sign_in_quotes_does_not_make_a_percentage() -> None:
    assert shown_as_percent("0%")
    assert not shown_as_percent('0"%"')
    assert not shown_as_percent("0\\%")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (datetime(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
        ("2027-03-01", date(2027, 3, 1)),
        ("1.3.2027", date(2027, 3, 1)),
        ("1 March 2027", date(2027, 3, 1)),
        ("Mar 1, 2027", date(2027, 3, 1)),
        ("13/01/2027", date(2027, 1, 13)),
        ("01/13/2027", date(2027, 1, 13)),
        ("05/05/2027", date(2027, 5, 5)),
        ("3. Mai 2027", date(2027, 5, 3)),
        ("1. Feb. 2027", date(2027, 2, 1)),
        ("1er mars 2027", date(2027, 3, 1)),
        ("1 août 2027", date(2027, 8, 1)),
        ("3 de mayo de 2027", date(2027, 5, 3)),
        ("3 maggio 2027", date(2027, 5, 3)),
        ("3 mrt 2027", date(2027, 3, 3)),
        ("15 października 2027", date(2027, 10, 15)),
        ("May 3rd, 2027", date(2027, 5, 3)),
        ("03-May-2027", date(2027, 5, 3)),
        ("3. 5. 2027", date(2027, 5, 3)),
        ("2027-05-03 00:00:00", date(2027, 5, 3)),
        ("lundi 30 août 2027", date(2027, 8, 30)),
        ("2027年4月5日", date(2027, 4, 5)),
        ("2027년 4월 5일", date(2027, 4, 5)),
        ("Mo 06.09.2027", date(2027, 9, 6)),
        ("poniedziałek, 6 września 2027", date(2027, 9, 6)),
        ("Monday, September 6, 2027", date(2027, 9, 6)),
        ("Mar 3 2027", date(2027, 3, 3)),  # no Tuesday
    ],
)
def test_a_date_that_can_be_read_in_one_way_is_read(typed: object, day: date) -> None:
    assert read_date(cell(typed)) == day


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("05/01/2027", "2027-01-05 or 2027-05-01"),
        (46027, "2026-01-05"),
        ("W2", "is not a date"),
        ("01.07-31.07", "is not a date"),
        ("31/31/2027", "is not a date"),
        ("31/02/2027", "is not a date"),
        ("30. Februar 2027", "is not a date"),
        ("3 jui 2027", "2027-06-03 or 2027-07-03"),
        ("3 listopada 2027", "2027-10-03 or 2027-11-03"),  # Croatian, Polish
        ("before 3 May 2027", "is not a date"),
        ("Tue 6 Sep 2027", "2027-09-06 is a Monday"),
        ("ma 6-9-2027", "2027-09-06 or 2027-06-09"),
        ("3.5.27", "is not a date"),
        ("2027-05-03 09:30", "is not a date"),
        (time(1), "is not a date"),
        (True, "is not a date"),
        (12, "is not a date"),
    ],
)
def test_a_date_that_is_not_certain_is_asked_about(typed: object, words: str) -> None:
    read = read_date(cell(typed))
    assert isinstance(read, Trouble)
    assert words in read.text


def test_a_number_keeps_the_fifteen_digits_that_a_spreadsheet_holds() -> None:
    assert exact(0.1 + 0.2) == 0.3
    assert exact(12.345678901234) == 12.345678901234


@pytest.mark.parametrize(
    ("texts", "asked", "words"),
    [
        (("12.500,00", "8,000", "6.000"), 1, "can be read as 8 or as 8,000, though the comma"),
        (("12,500.50", "8.000", "6,000"), 1, "can be read as 8 or as 8,000, though the dot"),
        (("12.5", "1.234"), 1, "can be read as 1.234 or as 1,234, though the dot"),
    ],
)
def test_three_digits_after_the_columns_decimal_mark_are_a_question(
    texts: tuple[str, ...], asked: int, words: str
) -> None:
    read = numbers(*texts)
    trouble = read.pop(asked)
    assert isinstance(trouble, Trouble)
    assert words in trouble.text
    assert all(isinstance(value, float) for value in read)
    assert read[1:] in ([], [6000.0])


def test_more_digits_before_the_mark_or_a_leading_zero_leave_no_question() -> None:
    assert numbers("12,5", "1234,567", "0,125") == [12.5, 1234.567, 0.125]


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [(97, "0.0%", "9700 %"), (0.07, "0%", "7 %"), (97, "General", "97"), (0.07, '0.00" %"', "0.07")],
)
def test_a_message_repeats_a_number_as_its_cell_shows_it(value: float, number_format: str, said: str) -> None:
    assert found(cell(value, number_format)) == said
