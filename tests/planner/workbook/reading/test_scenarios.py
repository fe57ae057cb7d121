"""The sheet Scenarios: what its headings mean, several values a cell, and what is wrong at which cell."""

from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.campaign.scenario import Scenario
from planner.campaign.scenarios import changed
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.sheets import write_campaign_sheets
from planner.workbook.plan.fixed import scenario_campaigns
from planner.workbook.template import write_example
from tests.planner.workbook.reading.book import problems

Rows = Sequence[Sequence[object]]
Write = Callable[[Rows], Path]


@pytest.fixture
def asked(tmp_path: Path) -> Write:
    """A filled campaign with these rows on Scenarios, the headings first; rules and a goal beside."""

    def write(rows: Rows) -> Path:
        path = tmp_path / "campaign.xlsx"
        write_example(path, force=True)
        book = openpyxl.load_workbook(path)
        del book["Rules"], book["Scenarios"], book["Goals"]
        rules = book.create_sheet("Rules")
        for row in (
            ["Rule", "Applies to", "At least", "At most", "Unit"],
            ["print", "medium: Magazine", "20 %", None, "% of spend"],
            ["few", "all", 2, 6, "vehicles"],
        ):
            rules.append(row)
        sheet = book.create_sheet("Scenarios")
        for row in rows:
            sheet.append(list(row))
        book.save(path)
        return path

    return write


def scenarios(path: Path) -> tuple[Scenario, ...]:
    return read_campaign(path).scenarios


def one(path: Path) -> tuple[Campaign, Campaign]:
    """The campaign, and that of its second scenario."""
    campaign = read_campaign(path)
    return campaign, changed(campaign, campaign.scenarios[1])


def test_a_blank_template_asks_nothing_and_rows_with_a_name_alone_are_scenarios(asked: Write) -> None:
    assert scenarios(asked([["Scenario", "Base", "Mode", "Plan"]])) == ()
    (base,) = scenarios(asked([["Scenario"], ["as it is"]]))
    assert (base.name, base.base, base.mode, base.changes) == ("as it is", True, "best", ())


def test_a_last_row_called_base_is_a_scenario_and_no_footnote(asked: Write) -> None:
    found = scenarios(asked([["Scenario", "Budget"], ["More", 9_000_000], ["Base: as briefed"]]))
    assert [scenario.name for scenario in found] == ["More", "Base: as briefed"]


def test_several_values_are_as_many_scenarios_and_the_first_row_is_the_base(asked: Write) -> None:
    found = scenarios(
        asked([["Scenario", "Budget", "Objective"], ["now"], ["money", "200k; 300k", "reach; influence"]])
    )
    assert [each.name for each in found] == [
        "now",
        "money, Budget 200,000, Objective reach",
        "money, Budget 200,000, Objective influence",
        "money, Budget 300,000, Objective reach",
        "money, Budget 300,000, Objective influence",
    ]
    assert [each.base for each in found] == [True, False, False, False, False]


def test_a_marked_row_is_the_base(asked: Write) -> None:
    found = scenarios(asked([["Scenario", "Base", "Budget"], ["a"], ["b", "x", 300_000]]))
    assert [each.base for each in found] == [False, True]


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("Budget", "1.5m", lambda c: c.brief.budget == 1_500_000),
        ("Budget (EUR)", 1234, lambda c: c.brief.budget == 1234),
        ("Customers first (keep %)", "90 %", lambda c: c.brief.customers_first == 0.9),
        ("Whole insertions", "no", lambda c: c.brief.whole is False),
        ("Influence preset", "industry", lambda c: c.brief.influence_preset == "industry"),
        ("Target audience", "Future customers", lambda c: c.brief.target_audience == "future customers"),
        ("Rule: print", "35 %", lambda c: c.rules[0].at_least == 0.35),
        ("rule: few at most", 4, lambda c: (c.rules[1].at_least, c.rules[1].at_most) == (2, 4)),
        ("Rule: print", "off", lambda c: [row.name for row in c.rules] == ["few"]),
        ("Weight: catalyst", 2.5, lambda c: c.traits[1].weight == 2.5),
        ("Parameter: Catalyst multiplier", 3, lambda c: 3 in [row.used for row in c.influence]),
        ("Price: Example Kitchen Live", 9_999, lambda c: c.vehicles[3].unit_cost == 9_999),
        ("Price: medium: Magazine", "+10 %", lambda c: c.vehicles[5].unit_cost == pytest.approx(16_280)),
        ("Price: all", "-50 %", lambda c: c.vehicles[0].unit_cost == 12_000 and c.vehicles[8].unit_cost is None),
        ("Discount: Example Home Journal", "15 %", lambda c: c.vehicles[7].discount == 0.15),
        ("Goal: customers reach %", "40 %", lambda c: [g.at_least for g in c.goals] == [0.4]),
        ("Goal: future customers 3+ %", 20, lambda c: [(g.times, g.at_least) for g in c.goals] == [(3, 0.2)]),
        ("Goal: everyone average frequency", 6, lambda c: [g.at_most for g in c.goals] == [6]),
    ],
)  # fmt: skip
def test_a_heading_changes_what_it_names(
    asked: Write, heading: str, cell: object, read: Callable[[Campaign], bool]
) -> None:
    before, after = one(asked([["Scenario", heading], ["now"], ["then", cell]]))
    assert not read(before)
    assert read(after)


def test_columns_that_change_different_things_stand_in_one_row(asked: Write) -> None:
    path = asked(
        [["Scenario", "Rule: few at least", "Rule: few at most", "Price: TV", "Discount: all"],
         ["a", 1, 5, "+5 %", "3 %"], ["b", 1, None, None, None]]
    )  # fmt: skip
    assert [len(each.changes) for each in read_campaign(path).scenarios] == [4, 1]


def test_a_goal_takes_the_place_of_the_one_that_is_there(asked: Write) -> None:
    path = asked([["Scenario", "Goal: customers reach %"], ["now"], ["then", "50 %"]])
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Goals")
    sheet.append(["Audience", "Measure", "At least"])
    sheet.append(["customers", "reach %", "30 %"])
    book.save(path)
    before, after = one(path)
    assert [goal.at_least for goal in before.goals] == [0.3]
    assert [goal.at_least for goal in after.goals] == [0.5]
    assert [goal.cell for goal in after.goals] == ["Scenarios!B3"]


def test_the_cheapest_plan_has_no_budget_but_the_one_it_is_given(asked: Write) -> None:
    path = asked(
        [["Scenario", "Mode", "Budget", "Goal: everyone reach %"],
         ["a", "cheapest", None, 30], ["b", "cheapest", "1m", 30]]
    )  # fmt: skip
    campaign = read_campaign(path)
    free, capped = (changed(campaign, each) for each in campaign.scenarios)
    assert (free.brief.objective, free.brief.budget) == ("minimum cost", inf)
    assert (capped.brief.objective, capped.brief.budget) == ("minimum cost", 1_000_000)


def test_weeks_are_read_again_and_what_hangs_on_them_follows(asked: Write) -> None:
    path = asked([["Scenario", "Weeks"], ["now"], ["longer", 8]])
    campaign = read_campaign(path)
    now, longer = scenario_campaigns(path, campaign, campaign.scenarios)
    assert (now.vehicles[0].maximum, longer.vehicles[0].maximum) == (4, 8)  # weekly


@pytest.mark.parametrize(
    ("rows", "cell", "words"),
    [
        ([["Scenario", "Budgte"], ["a", 3]], "Scenarios!B1", 'did you mean "Budget"?'),
        ([["Scenario", "Colour of money"], ["a", 3]], "Scenarios!B1", "is nothing that a scenario can change"),
        ([["Scenario", "Budget"], ["a", "rich"]], "Scenarios!B2", "is not a number"),
        ([["Scenario", "Budget"], ["a", "2m; -3m"]], "Scenarios!B2", "is out of bounds"),
        ([["Scenario", "Weeks"], ["a", 2.5]], "Scenarios!B2", "no whole number"),
        ([["Scenario", "Mode"], ["a", "dearest"]], "Scenarios!B2", "is not one of"),
        ([["Scenario", "Mode", "Plan"], ["a", "best", "b.xlsx"]], "Scenarios!B2", "but a Plan is named (Scenarios!C2)"),
        ([["Scenario", "Mode", "Rule: few at least"], ["a", "cheapest", 0]], "Scenarios!A2", "needs at least one goal"),
        ([["Scenario"], ["a"], ["A "]], "Scenarios!A3", "is there twice (also Scenarios!A2)"),
        ([["Scenario", "Base"], ["a", "x"], ["b", "x"]], "Scenarios!B3", "Base is marked twice"),
        ([["Scenario", "Rule: printt"], ["a", 3]], "Scenarios!B1", 'did you mean "print"?'),
        ([["Scenario", "Rule: few"], ["a", 3]], "Scenarios!B1", "has both limits"),
        ([["Scenario", "Rule: few at least"], ["a", 7]], "Scenarios!A2", "at least more than at most"),
        ([["Scenario", "Rule: print"], ["a", "130 %"]], "Scenarios!B2", "is out of bounds"),
        ([["Scenario", "Weight: catalist"], ["a", 3]], "Scenarios!B1", 'did you mean "catalyst"?'),
        ([["Scenario", "Parameter: Catalyst multiplyer"], ["a", 3]], "Scenarios!B1", "did you mean"),
        ([["Scenario", "Price: Nobody"], ["a", 3]], "Scenarios!B1", "is no vehicle, medium, genre or group"),
        ([["Scenario", "Price: all"], ["a", "-120 %"]], "Scenarios!B2", "is out of bounds"),
        ([["Scenario", "Price: all"], ["a", "?"]], "Scenarios!B2", "is no price"),
        ([["Scenario", "Goal: customers likes"], ["a", 3]], "Scenarios!B1", "cannot be read"),
        ([["Scenario", "Goal: martians reach %"], ["a", 3]], "Scenarios!B1", "is not the name of an audience"),
        ([["Scenario", "Goal: customers reach %"], ["a", "140 %"]], "Scenarios!B2", "is out of bounds"),
        ([["Scenario", "Target audience"], ["a", "maritans"]], "Scenarios!B2", "is not the name of an audience"),
        ([["Scenario", "Currency"], ["a", "GBP"]], "Scenarios!B2", 'Currency "GBP": no money is converted; write '),
        ([["Scenario", "Budget", "Budget"], ["a", 3, 4]], "Scenarios!C1", "is there twice"),
        ([["Scenario", "Price: all", "Price: TV"], ["a", "+5 %", "+9 %"]], "Scenarios!C2", "(Scenarios!B2) change"),
        ([["Scenario", "Rule: print", "Rule: print at least"], ["a", "off", "9 %"]], "Scenarios!C2", "(Scenarios!B2)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_cell(asked: Write, rows: Rows, cell: str, words: str) -> None:
    found = problems(asked(rows))
    assert cell in found
    assert words in found[cell]


def test_what_only_reading_again_shows_is_said_at_the_scenario(asked: Write) -> None:
    path = asked([["Scenario", "Universe (000)"], ["now"], ["tiny", 100]])
    campaign = read_campaign(path)
    with pytest.raises(WorkbookError) as caught:
        scenario_campaigns(path, campaign, campaign.scenarios)
    assert {problem.cell for problem in caught.value.problems} == {"Scenarios!A3"}
    assert caught.value.problems[0].text.startswith("tiny: Vehicles!")


def test_too_many_are_refused(asked: Write) -> None:
    values, weights = "; ".join(f"{n}k" for n in range(1, 72)), "; ".join(f"{n / 2:g}" for n in range(1, 72))
    found = problems(asked([["Scenario", "Budget", "Weight: catalyst"], ["a", values, weights]]))
    assert "at most 5,000 are asked" in found["Scenarios!A2"]


def test_the_sheet_is_written_again_as_it_stood(asked: Write, tmp_path: Path) -> None:
    path = asked(
        [["Scenario", "Budget", "Price: all", "Customers first"], ["now"],
         ["then", "2m; 3m", "+10 %", "90 %"], ["+plus", 5]]
    )  # fmt: skip
    campaign = read_campaign(path)
    with xlsxwriter.Workbook(tmp_path / "again.xlsx", {"strings_to_formulas": False}) as book:
        write_campaign_sheets(book, campaign)
    again = read_campaign(tmp_path / "again.xlsx")
    assert [(each.name, each.words) for each in again.scenarios] == [
        (each.name, each.words) for each in campaign.scenarios
    ]
    assert again.scenario_sheet == campaign.scenario_sheet


def test_a_budget_may_be_a_change_of_the_campaigns_own(asked: Write) -> None:
    path = asked([["Scenario", "Budget"], ["now"], ["less", "-10 %; +5%; 200k"]])
    campaign = read_campaign(path)
    found = [changed(campaign, each).brief.budget for each in campaign.scenarios]
    assert found == pytest.approx([campaign.brief.budget * by for by in (1, 0.9, 1.05)] + [200_000])


@pytest.mark.parametrize(("text", "said"), [("90 %", "may be a share"), ("-100 %", "out of bounds")])
def test_a_percentage_that_is_no_change_is_asked_about(asked: Write, text: str, said: str) -> None:
    assert said in problems(asked([["Scenario", "Budget"], ["other", text]]))["Scenarios!B2"]


def test_what_a_scenario_states_is_told_at_its_own_cell(asked: Write) -> None:
    path = asked([["Scenario", "Budget", "Rule: few at least"], ["none", 0, 4]])
    campaign = read_campaign(path)
    own = changed(campaign, campaign.scenarios[0])
    cells = prepare(own).cells
    assert cells["budget"] == "Scenarios!B2"
    assert [cell for rule, cell in cells.items() if cell == "Scenarios!C2"]
