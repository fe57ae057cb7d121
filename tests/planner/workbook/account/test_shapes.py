"""Shapes that planners' workbooks have are read, or asked about."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from tests.planner.workbook.account.books import BRIEF, HEADINGS, RULES, TRAITS, VEHICLES, Rows, by_cell


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


@pytest.mark.parametrize(
    "headings",
    [
        ("KW 52", "KW53", "kw 1", "CW 2"),
        ("21.12.", "28.12.", "4.1.", "11.1."),
        ("21 Dec", "28 Dec", "Jan 4", "11 Jan"),
    ],
)
def test_weeks_are_those_of_the_calendar_and_their_year_is_the_flights(
    headings: tuple[str, ...], read: Callable[..., Campaign]
) -> None:
    brief = [*BRIEF, ("Start", date(2026, 12, 21))]
    calendar = read({"Brief": brief, "Weeks": [("Vehicle", *headings), ("Herald", 1, 0, 0, 1)]}).calendar
    assert calendar is not None
    assert calendar.labels == ("2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11")


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


@pytest.mark.parametrize(
    "label",
    [
        "Gesamt",
        "Summe TV",
        "Sub-total Radio",
        "Sub total TV",
        "Sous-total TV",
        "Totaal",
        "Total général",
        "Razem TV",
        "Итого",
    ],
)
def test_totals_in_other_languages_are_named(label: str, read: Callable[..., Campaign]) -> None:
    campaign = read({"Vehicles": [HEADINGS, *VEHICLES, (label, None, 51000, 11700, 30)]})
    assert len(campaign.vehicles) == len(VEHICLES)
    assert campaign.notices == (f'Vehicles row 6 ("{label}") was taken for a total and not read.',)


@pytest.mark.parametrize("label", ["Total TV", "TV subtotal", "Summe TV", "Grand total TV", "TV - sub total"])
def test_a_total_that_names_its_medium_twice_is_no_vehicle(label: str, read: Callable[..., Campaign]) -> None:
    film = ("Total Film", "TV", 4000, 900, 3)
    campaign = read({"Vehicles": [HEADINGS, *VEHICLES, film, (label, "TV", 35000, 9000, 20)]})
    assert [vehicle.name for vehicle in campaign.vehicles][-1] == "Total Film"
    assert campaign.notices == (f'Vehicles row 7 ("{label}") was taken for a total and not read.',)


@pytest.mark.parametrize(
    "text", ["* estimated", "¹ Mon-Fri", "Source: AGF 2026", "Quelle: ma 2026 I", "Base: adults"]
)
def test_a_footnote_right_below_the_table_is_a_remark(text: str, read: Callable[..., Campaign]) -> None:
    campaign = read({"Vehicles": [HEADINGS, *VEHICLES, (text,)]})
    assert len(campaign.vehicles) == len(VEHICLES)
    assert campaign.notices == (f'Vehicles row 6 ("{text}") stands below the table; taken for a remark.',)
