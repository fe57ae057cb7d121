"""What a planner reads on the terminal."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.inputs import Campaign, Default, TraitRow
from planner.errors import Problem, WorkbookError
from planner.formats import display_width, insertions_text, money, number, percent, shorten
from planner.planning.audience_tables import audience_frame, distribution_classes, lines_apart
from planner.planning.results import PlanResult, RuleOutcome
from planner.planning.tables import plan_frame, plan_rows
from planner.report.campaign.check_text import check_text, default_lines, problems_text
from planner.report.layout import hanging
from planner.report.plan.certificate import certificate_sentence, objective_sentence
from planner.report.plan.notices import calendar_notices, composition_notice
from planner.report.plan.rules_text import rule_lines
from planner.report.plan.text import plan_table
from tests.planner.by_hand import build_weeks, buying

Maker = Callable[..., Any]


@pytest.mark.parametrize(
    ("value", "bound", "sentence"),
    [
        (100.0, 100.0, "No plan within these rules is worth more than this one."),
        (100.0, 100.08, "No plan within these rules is worth over 0.08 % more than this one."),
        (100.0, 100.0801, "No plan within these rules is worth over 0.09 % more than this one."),
        (100.0, 100.00002, "No plan within these rules is worth over 0.01 % more than this one."),
        (100.0, 150.0, "No plan within these rules is worth over 50.0 % more than this one."),
        (0.0, 0.0, "No plan within these rules is worth anything."),
        (0.0, 12.0, "This plan is worth nothing; another could be worth up to 12.0 people (000)."),
        (5.0, math.nan, "This plan was evaluated, not optimised: how much better another plan could be is "
                        "not known."),
    ],
)  # fmt: skip
def test_the_certificate_never_promises_more_than_the_bound_shows(
    value: float, bound: float, sentence: str, made_result: Maker
) -> None:
    result = made_result(value=value, bound=bound, value_unit="people (000)")
    assert certificate_sentence(result) == sentence


def test_the_certificate_says_when_the_search_stopped_early(made_result: Maker) -> None:
    sentence = certificate_sentence(made_result(status="feasible", value=100.0, bound=101.0, timed_out=True))
    assert sentence.endswith("this one. A gap of 0.10 % was asked for; the time limit ended the search.")


def test_an_edited_plan_is_not_blamed_for_the_gap(made_result: Maker) -> None:
    sentence = certificate_sentence(
        made_result(status="feasible", value=100.0, bound=101.0, edits=("City News",))
    )
    assert sentence.endswith("1.00 % more than this one.")


def test_a_broken_plan_gets_no_certificate(made_result: Maker) -> None:
    result = made_result(status="broken")
    broken = tuple(replace(rule, holds=False, slack=-2.5, unit="GRP") for rule in result.rules)
    result = replace(result, rules=broken)
    assert "breaks 2 rules" in certificate_sentence(result)
    assert "Broken       Spend" in plan_table(result)
    assert "broken by 2.5 GRP" in plan_table(result)


WIDE_CASES: list[tuple[tuple[int, int, int], dict[str, Any]]] = [
    ((1, 1, 1), {}),
    ((6, 2, 5), {"currency": "EUR", "budget": 9.87e12}),
    ((40, 5, 9), {"currency": "CHF", "campaign": "A very long campaign name " * 8}),
    ((85, 5, 9), {"currency": "JPY", "client": "株式会社" * 40}),
]


@pytest.mark.parametrize(("sizes", "brief"), WIDE_CASES)
@pytest.mark.parametrize("name", ["", "The Longest Programme Name " * 8, "読売新聞の朝刊" * 20, "x" * 300])
def test_no_line_is_wider_than_100_columns(
    name: str, sizes: tuple[int, int, int], brief: dict[str, Any], made_campaign: Maker, made_result: Maker
) -> None:
    vehicles, media, audiences = sizes
    campaign = made_campaign(vehicles, media, names=(name,) if name else (), **brief)
    dear = (
        replace(vehicle, unit_cost=(vehicle.unit_cost or 0) * 1e6, medium=vehicle.medium + name[:50])
        for vehicle in campaign.vehicles
    )
    campaign = replace(campaign, vehicles=tuple(dear))
    result = made_result(campaign, audiences=audiences)
    result = replace(
        result,
        audiences=tuple(replace(audience, name=audience.name + name) for audience in result.audiences),
        rules=tuple(replace(rule, text=rule.text + name) for rule in result.rules),
    )
    for text in (plan_table(result), check_text(campaign, 12)):
        wide = [line for line in text.splitlines() if display_width(line) > 100]
        assert not wide


def test_one_week_has_and_two_weeks_have_no_insertions(made_weeks: Maker, made_campaign: Maker) -> None:
    result = made_weeks(made_campaign(1, weeks=4), insertions=[4])
    assert result.weeks is not None
    told = []
    for dark in (1, 2):
        insertions = result.weeks.insertions.copy()
        insertions[:, :dark] = 0
        weeks = replace(result.weeks, insertions=insertions, pattern=np.full(insertions.shape[1], 0.25))
        told += [calendar_notices(replace(result, weeks=weeks))[0].split(",")[0]]
    assert told == ["1 of the 4 weeks has no insertions", "2 of the 4 weeks have no insertions"]


def test_a_difference_and_its_error_stand_in_one_line() -> None:
    lines = hanging("", "letters " * 11 + "by -0.71 +-0.76 points").splitlines()
    assert [line.split()[0] for line in lines] == ["letters", "-0.71"]


def test_a_line_with_wide_letters_is_as_wide_as_any_other() -> None:
    """報道 takes four of its columns and a space one, eleven words and what is between them 87."""
    (first, second) = hanging("", "報道 " + "letters " * 13).splitlines()
    assert display_width(first) == 92
    assert second == "letters letters"


def test_the_table_says_what_to_buy_what_it_costs_and_whom_it_reaches(made_result: Maker) -> None:
    text = plan_table(made_result())
    for wanted in (
        "Weekly News", "$21,000", "Cost $69,000 of a net budget of $1,000,000 (6.9 %); $931,000 left.",
        "catalysts", "Customers    40.5 % of customers are reached; the best plan for them reaches 41.2 % (-0.70",
        "Binding      Spend at most $1,000,000 (Brief!B6).", "2 of 6 vehicles have no catalyst figure",
        "0.07 % more than this one.",
    ):  # fmt: skip
        assert wanted in text


def test_the_error_of_the_customers_is_named_where_no_column_says_what_it_is(made_result: Maker) -> None:
    result = made_result()
    first = replace(result.customers_first, reach_error=0.91)
    said = plan_table(replace(result, customers_first=first, influence=None))
    assert "reaches 41.2 % (-0.70 points; the model's own error: 0.91); the floor is 40.0 %." in " ".join(
        said.split()
    )


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((1.8, 2, 1, 0), "(catalyst counts 1.8 times, expert counts 2 times and child counts 0 times)"),
        ((1, 1, 1, 1), "(everyone once)"),
    ],
)
def test_the_worth_says_whom_it_counts_how_often(
    weights: tuple[float, ...], words: str, made_campaign: Maker, made_result: Maker
) -> None:
    rows = zip(("catalyst", "expert", "young", "child"), weights, strict=True)
    traits = tuple(TraitRow(name, "demographic", 0.1, weight=weight) for name, weight in rows)
    campaign = replace(made_campaign(objective="influence"), traits=traits)
    assert f" {words};" in objective_sentence(made_result(campaign))
    campaign = replace(campaign, brief=replace(campaign.brief, objective="reach"))
    assert "times" not in objective_sentence(made_result(campaign))


def test_vehicles_not_bought_are_not_listed(made_campaign: Maker, made_result: Maker) -> None:
    text = plan_table(made_result(made_campaign(4), insertions=[1, 0, 0, 0]))
    assert "Morning News" in text
    assert "Evening News" not in text


def test_long_lists_are_cut_and_say_by_how_much(made_campaign: Maker, made_result: Maker) -> None:
    text = plan_table(made_result(made_campaign(85, 5)))
    assert "... and 54 more, $" in text


def test_an_empty_plan_says_so(made_campaign: Maker, made_result: Maker) -> None:
    assert "Nothing is bought." in plan_table(made_result(made_campaign(3), insertions=[0, 0, 0]))


def test_an_overspent_plan_says_by_how_much(made_campaign: Maker, made_result: Maker) -> None:
    text = plan_table(made_result(made_campaign(2, budget=10_000.0), insertions=[1, 2]))
    assert "$5,000 over the budget" in text


def test_nan_never_reaches_the_screen(made_campaign: Maker, made_result: Maker) -> None:
    result = made_result(made_campaign(4, unquoted=(0, 1)), bound=math.nan, gap=math.nan, value=math.nan)
    figures = buying(result.vehicles, np.array([2.0, 1, 1, 1]))
    figures = replace(figures, influencer_index=np.full(4, math.nan))
    assert "nan" not in plan_table(replace(result, vehicles=figures)).casefold().replace("finance", "")


def test_edits_are_named(made_result: Maker) -> None:
    assert "Insertions edited by the planner: City News, Home News." in plan_table(
        made_result(edits=("City News", "Home News"))
    )


@pytest.mark.parametrize(
    ("blank", "text"), [(0, ""), (1, "1 of 6 vehicles has no"), (3, "3 of 6 vehicles have no")]
)
def test_missing_compositions_are_counted(blank: int, text: str, made_result: Maker) -> None:
    result: PlanResult = made_result()
    figures = replace(result.vehicles, composition_blank=np.arange(6) < blank)
    notice = composition_notice(replace(result, vehicles=figures))
    assert notice.startswith(text)
    assert bool(notice) == bool(text)


# --- check and problems --------------------------------------------------------------------------


def test_check_counts_vehicles_and_names_the_cheapest_and_dearest_net_insertion(made_campaign: Maker) -> None:
    campaign: Campaign = made_campaign(5, 2, unquoted=(1,), commission=0.15)
    text = check_text(campaign, 4, ("TV is duplicated less than by chance.",))
    for wanted in (
        "TV is duplicated less than by chance.",
        "50,000 thousand people in 4 segments", "5 vehicles in 2 media: TV 3, Magazines 2",
        "Cheapest    $3,400 net an insertion: Morning News", "Dearest     $8,500 net an insertion: City News",
        "1 vehicle (price ?)", "a flight of four weeks", "Sheet Contacts is not ours",
    ):  # fmt: skip
        assert wanted in text


def test_check_without_a_single_price_says_so(made_campaign: Maker) -> None:
    text = check_text(made_campaign(2, unquoted=(0, 1)), 1)
    assert "2 vehicles (price ?): never bought" in text
    assert "Cheapest" not in text


def test_the_same_default_in_many_rows_is_one_line() -> None:
    defaults = [Default("Vehicles", name, "repeat", "repeat 50 %") for name in "ABCDE"]
    defaults += [
        Default("Brief", "", "weeks", "four weeks"),
        Default("Media", "TV", "repeat", "TV: repeat 50 %"),
    ]
    assert default_lines(defaults) == [
        "Vehicles, A, B, C and 2 more: repeat 50 %",
        "Brief: four weeks",
        "Media, TV: repeat 50 %",
    ]


def test_defaults_of_vehicles_that_differ_in_a_percentage_are_one_line_with_its_range() -> None:
    taken = {"A": "2.4 %", "B": "0.75 %", "C": "10 %", "D": "2.4 %"}
    defaults = [
        Default("Vehicles", name, "repeat", f"repeat {share}, a rotation") for name, share in taken.items()
    ]
    defaults.append(Default("Vehicles", "E", "repeat", "repeat 50 %, an issue"))
    assert default_lines(defaults) == [
        "Vehicles, A, B, C and 1 more: repeat 0.75 to 10 %, a rotation",
        "Vehicles, E: repeat 50 %, an issue",
    ]


def test_problems_stand_under_their_heading_cells_in_one_column() -> None:
    error = WorkbookError("plan.xlsx", (
        Problem("Vehicles!E7", 'unit cost is "12,5o"; expected a number above 0, such as 12.5.'),
        Problem("Vehicles!AB12", "minimum 8 exceeds maximum 6 (I9)."),
    ))  # fmt: skip
    assert problems_text(error).splitlines() == [
        "plan.xlsx has 2 problems; nothing was calculated.",
        '  Vehicles!E7    unit cost is "12,5o"; expected a number above 0, such as 12.5.',
        "  Vehicles!AB12  minimum 8 exceeds maximum 6 (I9).",
    ]


# --- numbers and tables --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (money(1_234.5, "GBP", 2), "£1,234.50"),
        (money(1_234.5, "JPY", 2), "¥1,235"),
        (money(-0.2, "USD"), "$0"),
        (money(-0.002, "USD"), "-$0.0020"),
        (money(None, "USD"), "-"),
        (money(12.0, "pln"), "pln 12"),
        (number(-0.04, 1), "0.0"),
        (number(math.inf), "-"),
        (percent(math.nan), "-"),
        (insertions_text(6.9999999999), "7"),
        (shorten("読売新聞", 5), "読..."),
        (shorten("a\x1b[31m\nb", 20), "a[31m b"),
    ],
)
def test_numbers_and_names_are_written_as(shown: str, text: str) -> None:
    assert shown == text


def test_frames_hold_every_vehicle_and_audience(made_campaign: Maker, made_result: Maker) -> None:
    result = made_result(made_campaign(7, unquoted=(0,)))
    plan, audiences = plan_frame(result), audience_frame(result)
    assert list(plan["vehicle"]) == [row.vehicle for row in plan_rows(result)]
    assert plan["cost"].sum() == pytest.approx(result.cost)
    assert plan["share"].sum() == pytest.approx(1.0)
    assert list(audiences["audience"])[:2] == ["everyone", "target"]


def test_the_distribution_is_shown_as_far_as_it_is_known(made_audience: Maker) -> None:
    few, many = made_audience("a", "", 1.0, 100.0, classes=6), made_audience("b", "", 1.0, 900.0, classes=40)
    rare = made_audience("c", "", 1.0, 1.0, classes=40)
    assert [distribution_classes(audiences) for audiences in ((few, many), (many,), (rare,), ())] == [
        6,
        15,
        10,
        0,
    ]


def test_lines_that_lie_upon_each_other_are_drawn_once(made_audience: Maker) -> None:
    first, near, far = (made_audience(name, "", 1000.0, reached) for name, reached in
                        (("a", 300.0), ("b", 305.0), ("c", 700.0)))  # fmt: skip
    assert lines_apart((first, near, far), 4) == [0, 2]
    assert lines_apart((first, near), 4) == [0]
    assert lines_apart((), 4) == []


def test_check_says_what_the_calendar_asks_for(made_campaign: Maker) -> None:
    limit = WeekLimit("grp", "<=", (0,), 5.0, "week 1")
    labels, mondays = ("W1", "W2"), (None, None)
    calendar = Calendar(labels, mondays, None, (limit, limit), (), {"Morning News": (1.0, 0.0)})
    campaign = replace(made_campaign(2, weeks=2), calendar=calendar)
    assert "Calendar    flighting even; 2 limits; 1 vehicle with its own weeks" in check_text(campaign, 4)
    weighted = replace(campaign, calendar=Calendar(labels, mondays, (2.0, 1.0)))
    assert "Calendar    flighting own weights\n" in check_text(weighted, 4)
    assert "Calendar" not in check_text(made_campaign(2), 4)


def test_a_campaigns_notices_are_one_in_short_and_the_plans_own_whole(
    made_campaign: Maker, made_result: Maker
) -> None:
    long = "Is this a line that goes on " * 20
    result = made_result(replace(made_campaign(), notices=(long, "Second.", "Third.")))
    told = " ".join(plan_table(result).split())
    assert "figure; the universe's share is used instead." in told  # the plan's own
    assert "... (2 more on the sheet Notes.)" in told
    assert "Second." not in told
    one = made_result(replace(made_campaign(), notices=("A short one.",)))
    assert plan_table(one).rstrip().endswith("Notice       A short one.")


def test_rules_are_others_only_beside_some_that_are_told() -> None:
    rule = RuleOutcome("Brief!B5", "at most 1", True, False, 1.0, "money")
    assert dict(rule_lines([rule], "USD")) == {"Rules": "1 rule holds."}
    told = dict(rule_lines([rule, replace(rule, binding=True)], "USD"))
    assert told == {"Binding": "at most 1 (Brief!B5). 1 other rule holds."}
    prices = [
        replace(rule, text=text, price=True, binding=text == "8 % off") for text in ("8 % off", "a package")
    ]
    assert dict(rule_lines([rule, *prices], "USD")) == {"Paid": "8 % off (Brief!B5). 1 other rule holds."}


def test_a_calendar_that_time_cut_short_says_so_and_blames_nothing_else(made_result: Maker) -> None:
    dated = build_weeks(made_result())
    assert dated.weeks is not None
    far = replace(dated.weeks, off_pattern=0.5)
    found = calendar_notices(replace(dated, weeks=far))
    assert any("because of" in text for text in found)
    short = calendar_notices(replace(dated, weeks=replace(far, cut_short=True)))
    assert not any("because of" in text for text in short)
    assert short[-1].startswith("The time limit ended the search for a calendar")
    assert len(short) == len(found) + 1
