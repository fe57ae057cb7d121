"""Units and names that may mean two things are asked about; one fault is one problem."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import typer

from planner.campaign.assumptions import DUPLICATION_WITHIN, REPEAT
from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.names import nearest
from planner.workbook.campaign.vehicles.spellings import may_be_same
from planner.workbook.schema.sheets import SHEETS
from tests.planner.workbook.account.books import COMPOSITION, HEADINGS, TRAITS, VEHICLES, Rows, by_cell


@pytest.mark.parametrize(
    ("edits", "budget"),
    [
        ({"Brief!A3": "Budget (EUR)", "Vehicles!C1": "Unit cost (€)"}, 150000),
        ({"Brief!A3": "Budget €", "Vehicles!C1": "Unit cost [EUR]"}, 150000),
        ({"Brief!A3": "Budget (in EUR)", "Vehicles!C1": "Unit cost (in €)"}, 150000),
        ({"Brief!A3": "Budget, EUR", "Vehicles!C1": "Unit cost, EUR"}, 150000),
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


@pytest.mark.parametrize(
    ("audiences", "headings", "cell"),
    [
        ((3, 6, 1.5, 1.2), HEADINGS, "Vehicles!D3"),  # millions: 6 is .012 % of 50,000
        ((3000, 6, 1.5, 1.2), HEADINGS, None),
        (
            ("0.03 %", "0.06 %", "0.02 %", "0.01 %"),
            (*HEADINGS[:3], "Rating %", "Max"),
            None,
        ),  # of the universe already
    ],
)
def test_audiences_that_are_all_next_to_nothing_of_the_universe_are_asked_about(
    audiences: tuple[object, ...], headings: tuple[str, ...], cell: str | None, read: Callable[..., Campaign]
) -> None:
    rows = [(*row[:3], size, row[4]) for row, size in zip(VEHICLES, audiences, strict=True)]
    asked = [notice for notice in read({"Vehicles": [headings, *rows]}).notices if "in millions" in notice]
    assert [notice.partition(":")[0] for notice in asked] == ([cell] if cell else [])


@pytest.mark.parametrize(
    ("edits", "currency", "told"),
    [
        ({"Brief!B3": "£150k"}, "GBP", True),
        ({"Brief!A3": "Budget (€)"}, "EUR", True),
        ({"Brief!A3": "Budget [CHF]:"}, "CHF", True),
        ({"Brief!B3": (150000, '"£"#,##0')}, "GBP", True),
        ({"Brief!B3": "$150k"}, "USD", False),  # of the dollars the default
        ({"Brief!B3": "150 000 kr"}, "kr", True),  # of four crowns, but none is the default
        ({"Brief!B3": (150000, '#,##0" kr"')}, "kr", True),
        ({"Brief!B3": 150000}, "USD", False),
    ],
)
def test_a_blank_currency_is_the_budgets_where_that_names_one(
    edits: dict[str, Any], currency: str, told: bool, read: Callable[..., Campaign]
) -> None:
    campaign = read(edits={"Brief!B1": None, **edits})
    assert (campaign.brief.currency, campaign.brief.budget) == (currency, 150000)
    told_of = f"Brief: Currency is blank; amounts were taken as {currency}, as the Budget is."
    assert (told_of in campaign.notices) == told


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
    last = start + timedelta(days=27 - start.weekday())  # the Sunday of the fourth week
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


def test_a_medium_that_no_vehicle_uses_under_that_name_is_asked_about_and_rules_are_shown_the_one_meant(
    refused: Callable[..., WorkbookError],
) -> None:
    error = refused(
        {
            "Media": [("Medium", "Duplication"), ("Television", 1.8)],
            "Rules": [
                ("Rule", "Applies to", "At least", "At most", "Unit"),
                ("", "T.V.s", None, 20000, "money"),
            ],
        }
    )
    told = by_cell(error)
    assert set(told) == {"Media!A2", "Rules!B2"}
    assert 'Is the medium "Television" the same as "TV" of the sheet Vehicles?' in told["Media!A2"]
    assert 'did you mean "TV"?' in told["Rules!B2"]


def test_lines_without_a_limit_beside_others_that_have_one_are_one_problem(
    refused: Callable[..., WorkbookError],
) -> None:
    (problem,) = refused(edits={"Vehicles!E2": None, "Vehicles!E4": "n/a"}).problems
    assert problem.cell == "Vehicles!E2"
    assert "neither Max nor Appears (and 1 more in this column)" in problem.text
    assert problem.also == ("Vehicles!E4",)


def test_where_no_line_has_a_limit_each_has_one_insertion_a_week_or_what_is_asked_of_it(
    read: Callable[..., Campaign],
) -> None:
    blank = {f"Vehicles!E{row}": None for row in range(2, 6)}
    campaign = read(edits={**blank, "Vehicles!F1": "Locked", "Vehicles!F3": 6})
    assert [row.maximum for row in campaign.vehicles] == [4, 6, 4, 4]
    assert any("one insertion a week" in found.text for found in campaign.defaults)


def test_a_fraction_among_percents_of_vehicles_is_told_with_what_it_was_taken_for(
    read: Callable[..., Campaign],
) -> None:
    edits = {"Vehicles!F1": "Ad seen %", "Vehicles!F2": 0.8, "Vehicles!F3": 75, "Vehicles!F4": 60}
    told = "Vehicles!F2: Ad seen 0.8 was taken as 0.8 %, beside 60 % and more. If 80 % is meant, write it so."
    assert told in read(edits=edits).notices
    assert told not in read(edits={**edits, "Vehicles!F2": "0.8 %"}).notices


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


def test_a_name_that_is_there_twice_is_no_question_too(refused: Callable[..., WorkbookError]) -> None:
    """A non-breaking space is a space."""
    error = refused(edits={"Vehicles!A4": "Late\u00a0News"})
    assert list(by_cell(error)) == ["Vehicles!A4"]
    assert not [notice for notice in error.notices if "the same as" in notice]


def test_a_price_of_nothing_is_told_how_free_space_is_written(refused: Callable[..., WorkbookError]) -> None:
    told = by_cell(refused(edits={"Vehicles!C2": 0, "Vehicles!C3": 0}))
    assert list(told) == ["Vehicles!C2"]
    assert "0.01 for free space (added value) beside its Max, or ? if it is not quoted" in told["Vehicles!C2"]


def test_a_discount_that_leaves_no_price_is_told_how_free_space_is_written(
    refused: Callable[..., WorkbookError],
) -> None:
    rows = [(*HEADINGS, "Discount %"), *((*row, "100 %") for row in VEHICLES)]
    told = by_cell(refused({"Vehicles": rows}))
    assert list(told) == ["Vehicles!F2"]
    assert "for free space (added value) write 0.01 as its Unit cost" in told["Vehicles!F2"]


@pytest.mark.parametrize("name", ["OOH", "DOOH", "Out of Home", "Out-of-home", "Billboards 18/1", "Posters"])
def test_every_name_of_outdoor_media_takes_the_duplication_of_posters(
    name: str, read: Callable[..., Campaign]
) -> None:
    media = read(edits={"Vehicles!B4": name, "Vehicles!B5": name}).media
    assert {medium.name: medium.duplication for medium in media}[name] == DUPLICATION_WITHIN["poster"].value


@pytest.mark.parametrize(
    ("name", "word"),
    [("Telewizja", "tv"), ("Hörfunk", "radio"), ("PERIODICOS", "newspaper"), ("Tageszeitungen", "newspaper"),
     ("Presse quotidienne", "newspaper"), ("Publikumszeitschriften", "magazine"), ("Revistas", "magazine"),
     ("Magazyny", "magazine"), ("Affichage", "poster"), ("Plakat", "poster")],
)  # fmt: skip
def test_media_take_their_defaults_under_their_names_abroad(
    name: str, word: str, read: Callable[..., Campaign]
) -> None:
    taken = {medium.name: medium for medium in read(edits={"Vehicles!B5": name}).media}[name]
    assert taken.duplication == DUPLICATION_WITHIN[word].value
    assert word not in REPEAT or taken.repeat == REPEAT[word].value


def test_a_letter_with_its_accent_is_one_however_it_is_coded(read: Callable[..., Campaign]) -> None:
    """Files from a Mac may hold e and an accent where Windows writes é."""
    apart, together = {"Vehicles!A2": "Cafe\u0301"}, {"Composition!A2": "Caf\u00e9"}
    campaign = read({"Traits": TRAITS, "Composition": COMPOSITION}, edits={**apart, **together})
    assert campaign.vehicles[0].name == "Caf\u00e9"


def test_vehicles_whose_names_differ_by_accents_or_signs_are_asked_about(
    read: Callable[..., Campaign],
) -> None:
    assert not [notice for notice in read().notices if "the same as" in notice]
    named = {"Vehicles!A2": "Café TV", "Vehicles!A3": "Cafe-TV"}
    (asked,) = [notice for notice in read(edits=named).notices if "the same as" in notice]
    assert asked.startswith(
        'Vehicles!A3: is "Cafe-TV" the same as "Café TV" (Vehicles!A2)? They were taken as two'
    )


@pytest.mark.parametrize(
    ("one", "other"), [("RTL", "RTL+"), ("Slot 1-11", "Slot 11-1"), ("バード", "ハート"), ("कल", "कला")]
)
def test_a_plus_figures_apart_and_vowels_make_another_name(
    read: Callable[..., Campaign], one: str, other: str
) -> None:
    named = {"Vehicles!A2": one, "Vehicles!A3": other}
    assert not [notice for notice in read(edits=named).notices if "the same as" in notice]


def test_a_universe_of_more_people_than_any_country_has_is_asked_about(read: Callable[..., Campaign]) -> None:
    (asked,) = [notice for notice in read(edits={"Brief!B2": 5_900_000}).notices if "Universe" in notice]
    assert asked == (
        "Brief!B2: Universe (000) 5,900,000 is 5.9 billion people, more than any country has. If it is 5,900,000 "
        "people, write 5,900."
    )
