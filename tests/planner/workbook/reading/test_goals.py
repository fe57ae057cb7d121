"""Goals, the objectives that need them, and a campaign without a budget."""

from collections.abc import Callable
from math import inf
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.planning.results import PlanResult
from planner.report.campaign.check_text import check_json, check_text
from planner.report.plan.text import plan_table
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.write import write_plan
from tests.planner.workbook.reading.book import rewritten

Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]
Rows = dict[str, list[list[object]]]


def goal(audience: object, measure: object, least: object = None, most: object = None) -> Rows:
    """A sheet Goals of one row, row 2."""
    return {"Goals": [[audience, measure, least, most]]}


MEASURES = [
    ("reach %", "reach", 1, "40 %", 0.4), ("Reach", "reach", 1, 40, 0.4), ("% reach", "reach", 1, (0.4, "0%"), 0.4),
    ("1+ %", "reach", 1, 40, 0.4), ("3+ %", "effective reach", 3, 40, 0.4), ("3 +", "effective reach", 3, 40, 0.4),
    ("20+ %", "effective reach", 20, "2.5 %", 0.025), ("n+ %", "effective reach", 5, 40, 0.4),
    ("N+", "effective reach", 5, 40, 0.4), ("effective reach", "effective reach", 5, 40, 0.4),
    ("reach 4+ %", "effective reach", 4, 40, 0.4), ("GRP", "grp", 1, 150, 150), ("TRPs", "grp", 1, 0.5, 0.5),
    ("impressions (000)", "impressions", 1, "1.500,5", 1500.5), ("Impressions ('000)", "impressions", 1, 2, 2),
    ("% of impressions", "share of impressions", 1, "30 %", 0.3), ("Profile %", "share of impressions", 1, 30, 0.3),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "measure", "times", "least", "value"), MEASURES, ids=[typed for typed, *_ in MEASURES]
)
def test_a_measure_is_read_as_planners_write_it(
    typed: str, measure: str, times: int, least: object, value: float, buyers_campaign: Build
) -> None:
    (read,) = buyers_campaign(goal("customers", typed, least), **{"Effective frequency": 5}).goals
    assert (read.measure, read.times, read.at_least, read.at_most) == (measure, times, value, None)
    assert read.cell == "Goals!C2"


@pytest.mark.parametrize(
    ("typed", "audience", "people"),
    [
        ("Young", "young", 0.4),
        ("young or not young", "young or not young", 1.0),
        ("not customer", "not customer", 0.8),
    ],
)
def test_a_goal_takes_a_trait_as_the_target_audience_does(
    typed: str, audience: str, people: float, buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(goal(typed, "reach %", "1 %"))
    assert campaign.goals[0].audience == audience
    (floor,) = prepare(campaign).goals.floors
    assert floor.everyone == pytest.approx(people * campaign.brief.universe_000)
    assert floor.sentence() == f"{audience}: at least 1 % reached"
    assert rewritten(campaign, tmp_path / "again.xlsx").goals == campaign.goals


@pytest.mark.parametrize(
    "name", ["everyone", "target", "customers", "catalysts", "influencers", "others", "Future"]
)
def test_a_goal_of_every_standard_audience_is_prepared(name: str, buyers_campaign: Build) -> None:
    assert prepare(buyers_campaign(goal(name, "reach %", "1 %"))).goals.floors[0].audience == name


def test_n_plus_of_an_effective_frequency_of_1_is_reach(buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(goal("target", "n+ %", "40 %"), **{"Effective frequency": 1}).goals
    assert (read.measure, read.times) == ("reach", 1)


@pytest.mark.parametrize("typed", ["average frequency", "Frequency", "OTS", "avg. frequency"])
def test_an_average_frequency_is_a_limit_from_above(typed: str, buyers_campaign: Build) -> None:
    campaign = buyers_campaign(goal("everyone", typed, None, 4.5))
    (read,) = campaign.goals
    assert (read.measure, read.at_least, read.at_most, read.cell) == (
        "average frequency",
        None,
        4.5,
        "Goals!D2",
    )
    assert campaign.cells["Goals", "Goals!D2", "at_most"] == "Goals!D2"
    assert campaign.cells["Goals", "Goals!D2", "audience"] == "Goals!A2"


def test_grp_and_impressions_take_both_limits(buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(goal("others", "GRP", 100, 200)).goals
    assert (read.at_least, read.at_most, read.cell) == (100, 200, "Goals!C2")


@pytest.mark.parametrize(
    ("typed", "audience"),
    [
        ("Customer", "customers"), (" CATALYSTS\u00a0", "catalysts"), ("target audience", "target"),
        ("everybody", "everyone"), ("others", "others"), ("influencers", "influencers"), ("future", "Future"),
    ],
)  # fmt: skip
def test_an_audience_is_known_by_the_names_that_a_plan_reports(
    typed: str, audience: str, buyers_campaign: Build
) -> None:
    assert buyers_campaign(goal(typed, "reach %", "10 %")).goals[0].audience == audience


def test_one_percent_in_a_column_of_percents_is_one_percent(buyers_campaign: Build) -> None:
    rows = [["everyone", "reach %", 40], ["customers", "3+ %", 1], ["customers", "GRP", 1]]
    goals = buyers_campaign({"Goals": rows}).goals
    assert [read.at_least for read in goals] == [0.4, 0.01, 1.0]


def test_merged_audiences_are_filled_down(buyers_book: Callable[..., Path]) -> None:
    path = buyers_book({"Goals": [["everyone", "reach %", "40 %"], [None, "GRP", 90]]})
    book = openpyxl.load_workbook(path)
    book["Goals"].merge_cells("A2:A3")
    book.save(path)
    assert [(read.audience, read.measure) for read in read_campaign(path).goals] == [
        ("everyone", "reach"),
        ("everyone", "grp"),
    ]


BROKEN: list[tuple[Rows, str, str]] = [
    (goal("custmers", "reach %", "40 %"), "A2", 'did you mean "customers"?'),
    (goal("Futur", "reach %", "40 %"), "A2", 'did you mean "Future"?'),
    (
        goal("martians", "reach %", "40 %"),
        "A2",
        "use a name from the sheets Audiences or Traits, or everyone",
    ),
    (
        goal("experts", "reach %", "40 %"),
        "A2",
        "is an audience of nobody: no trait that counts here has the role expert",
    ),
    (goal(None, "reach %", "40 %"), "A2", "no Audience; name it"),
    (goal("everyone", None, "40 %"), "B2", "The goal has no measure; write reach %, 3+ %"),
    (goal("everyone", "reech %", "40 %"), "B2", 'did you mean "reach %"?'),
    (
        goal("everyone", "sales", 5),
        "B2",
        "expected reach %, 3+ %, GRP, impressions (000), % of impressions or average frequency",
    ),
    (goal("everyone", "impressions", 5), "B2", "impressions are given in thousands: write impressions (000)"),
    (goal("everyone", "impressions (mn)", 5), "B2", "are given in thousands"),
    (goal("everyone", "21+ %", "5 %"), "B2", "asks for 21 contacts; expected from 2 to 20"),
    (goal("everyone", "0+ %", "5 %"), "B2", "asks for 0 contacts; expected from 2 to 20"),
    (goal("everyone", "reach %"), "C2", "The goal has no At least; write it."),
    (goal("everyone", "average frequency"), "D2", "The goal has no At most; write it."),
    (goal("everyone", "reach %", 0.4), "C2", "is that 0.4 % or 40 %?"),
    (goal("everyone", "3+ %", 0.4), "C2", "is that 0.4 % or 40 %?"),
    (goal("everyone", "reach %", "140 %"), "C2", "a percent of an audience is from 0 to 100"),
    (goal("everyone", "reach %", "-4 %"), "C2", "from 0 to 100"),
    (goal("everyone", "GRP", "40 %"), "C2", "has a percent sign"),
    (goal("everyone", "GRP", -1), "C2", "is negative"),
    (goal("everyone", "GRP", "lots"), "C2", "is not a number"),
    (goal("everyone", "impressions (000)", "1.500"), "C2", "can be read as 1.5 or as 1,500"),
    (goal("everyone", "reach %", None, "40 %"), "D2", "reach and n+ take no At most"),
    (goal("everyone", "3+ %", "20 %", "40 %"), "D2", "reach and n+ take no At most"),
    (goal("everyone", "average frequency", 3), "C2", "cannot be promised"),
    (goal("everyone", "average frequency", None, 0.5), "D2", "who is reached at all is met once or more"),
    (goal("everyone", "GRP", 200, 100), "C2", "At least 200 is more than At most 100 (Goals!D2)"),
    (
        {"Goals": [["everyone", "3+ %", "20 %"], ["Everybody", "n+ %", "30 %"]]},
        "C3",
        "3+ % of everyone is there twice (also Goals!C2); keep one of them.",
    ),
]


@pytest.mark.parametrize(
    ("rows", "cell", "words"), BROKEN, ids=[f"{cell} {words}" for _, cell, words in BROKEN]
)
def test_every_problem_of_a_goal_names_its_cell(
    rows: Rows, cell: str, words: str, buyers_problems: Problems
) -> None:
    found = buyers_problems(rows)
    assert list(found) == [f"Goals!{cell}"]  # one thing wrong is not reported as many
    assert words in found[f"Goals!{cell}"]
    assert found[f"Goals!{cell}"].endswith((".", "?"))


def test_an_effective_frequency_that_no_goal_can_ask_for_is_named(buyers_problems: Problems) -> None:
    found = buyers_problems(goal("everyone", "n+ %", "5 %"), **{"Effective frequency": 30})
    assert "asks for 30 contacts (the Brief's Effective frequency, Brief!B6)" in found["Goals!B2"]


def test_an_own_audience_called_target_is_asked_about(
    buyers_problems: Problems, buyers_campaign: Build
) -> None:
    edits = {"Audiences!A2": "target"}
    found = buyers_problems(goal("target", "reach %", "40 %"), edits, **{"Target audience": "customer"})
    assert "may be the Brief's target audience or the audience of that name" in found["Goals!A2"]
    named = buyers_campaign(goal("target", "reach %", "40 %"), edits, **{"Target audience": "target"})
    assert named.goals[0].audience == "target"


def test_two_limits_of_one_measure_in_two_rows_are_two_goals(buyers_campaign: Build) -> None:
    rows = [["everyone", "GRP", 100, None], ["everyone", "GRP", None, 200]]
    assert len(buyers_campaign({"Goals": rows}).goals) == 2


def test_goals_survive_being_written(buyers_campaign: Build, tmp_path: Path) -> None:
    rows: list[list[object]] = [["customers", typed, least] for typed, _, _, least, _ in MEASURES[3:4]]
    rows += [
        ["Future", "n+ %", "33.3 %"],
        ["target", "GRP", 12.25, 99],
        ["others", "impressions (000)", None, 1e6],
    ]
    rows += [["customers", "% of impressions", "30 %", "60 %"], ["catalysts", "OTS", None, 4.5]]
    campaign = buyers_campaign({"Goals": rows})
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.goals == campaign.goals
    sheet = openpyxl.load_workbook(tmp_path / "again.xlsx")["Goals"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "reach %", "3+ %", "GRP", "impressions (000)", "% of impressions", "average frequency",
    ]  # fmt: skip
    assert [row[2].number_format for row in sheet.iter_rows(min_row=2)][:2] == ["0.0##%", "0.0##%"]


def test_goals_are_found_under_a_title_in_any_column(buyers_book: Callable[..., Path]) -> None:
    path = buyers_book({"Goals": [["everyone ", "Reach  %", 40, "-"], ["customers", "OTS", "n/a", "4,5"]]})
    book = openpyxl.load_workbook(path)
    sheet = book["Goals"]
    sheet.insert_rows(3)
    sheet.insert_rows(1, 3)
    sheet.insert_cols(1)
    sheet["B2"], sheet["B4"], sheet["D4"] = "What we want", "AUDIENCE *", "At\nleast"
    sheet["B8"], sheet["D8"] = "Total", 44
    book.save(path)
    campaign = read_campaign(path)
    assert [(g.audience, g.measure, g.at_least, g.at_most, g.cell) for g in campaign.goals] == [
        ("everyone", "reach", 0.4, None, "Goals!D5"),
        ("customers", "average frequency", None, 4.5, "Goals!E7"),
    ]
    assert campaign.notices == (
        'Goals row 8 ("Total") was taken for a total and not read.',
        'Goals: "What we want" (B2) above the headings, taken for a title and not read.',
    )


# --- objectives and the budget ----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Effective reach", "effective-reach", "EFFECTIVE  REACH"])
def test_effective_reach_is_an_objective(typed: str, buyers_campaign: Build) -> None:
    assert buyers_campaign(Objective=typed).brief.objective == "effective reach"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("front-loaded", "front-loaded"), ("Front loaded", "front-loaded"), ("PULSED", "pulsed"), (None, None)],
)
def test_flighting_is_read_loosely(
    typed: object, read: object, buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(Flighting=typed)
    assert campaign.brief.flighting == read
    assert rewritten(campaign, tmp_path / "again.xlsx").brief.flighting == read


def test_a_flighting_of_another_kind_is_asked_about(buyers_problems: Problems) -> None:
    assert "is not one of even, front-loaded and pulsed" in buyers_problems(Flighting="bursts")["Brief!B6"]


NOTHING_FORCED = [
    {},
    goal("everyone", "average frequency", None, 4),
    goal("everyone", "reach %", "0 %"),
    {"Rules": [["r", "TV", "20 %", None, "% of spend"]]},
    {"Rules": [["r", "TV", None, 300, "money"]]},
]


@pytest.mark.parametrize("rows", NOTHING_FORCED)
def test_minimum_cost_needs_something_to_attain(rows: Rows, buyers_problems: Problems) -> None:
    found = buyers_problems(rows, Objective="minimum cost")
    assert list(found) == ["Brief!B5"]
    assert "minimum cost needs at least one goal" in found["Brief!B5"]


FORCED: list[tuple[Rows, dict[str, object]]] = [
    (goal("customers", "reach %", "20 %"), {}),
    ({"Rules": [["r", "TV", 300, None, "money"]]}, {}),
    ({"Rules": [["r", "TV", 1, None, "vehicles"]]}, {}),
    ({}, {"Vehicles!K2": "yes"}),
    ({}, {"Vehicles!J2": 2}),
    ({}, {"Vehicles!L2": 1}),
]


@pytest.mark.parametrize(("rows", "edits"), FORCED)
def test_minimum_cost_needs_no_budget(
    rows: Rows, edits: dict[str, object], buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(rows, edits, Objective="minimum cost", Budget=None)
    assert campaign.brief.budget == inf
    assert "Budget: no limit, for the objective is minimum cost" in [
        found.text for found in campaign.defaults
    ]
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert (again.brief, again.defaults) == (campaign.brief, campaign.defaults)


def test_a_budget_that_minimum_cost_is_given_is_a_limit(buyers_campaign: Build) -> None:
    brief = buyers_campaign(goal("customers", "reach %", "20 %"), Objective="minimum cost", Budget=0).brief
    assert brief.budget == 0


def test_the_command_line_may_ask_for_minimum_cost_and_for_what_needs_a_budget(
    buyers_book: Callable[..., Path],
) -> None:
    path = buyers_book(goal("customers", "reach %", "20 %"), Budget=None)
    assert read_campaign(path, {"objective": "minimum cost"}).brief.budget == inf
    path = buyers_book(goal("customers", "reach %", "20 %"), Objective="minimum cost", Budget=None)
    with pytest.raises(Exception, match="1 problem"):
        read_campaign(path, {"objective": "reach"})
    assert read_campaign(path, {"objective": "reach", "budget": 900.0}).brief.budget == 900


def test_a_campaign_without_a_budget_is_said_to_have_no_limit(buyers_campaign: Build) -> None:
    campaign = buyers_campaign(goal("customers", "reach %", "20 %"), Objective="minimum cost", Budget=None)
    assert "Budget      no limit, 4 weeks" in check_text(campaign, 4)
    assert "Goals       1 goal" in check_text(campaign, 4)
    found = check_json(campaign, 4)
    assert (found["budget"], found["goals"], found["discounts"], found["packages"]) == (None, 1, 0, 0)


def test_a_plan_without_a_budget_is_written_and_told(
    made_result: Callable[..., PlanResult], made_campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    result = made_result(made_campaign(budget=inf, objective="minimum cost"))
    assert "budget: no limit." in plan_table(result)
    write_plan(result, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    cells = [cell.value for row in book["Plan"].iter_rows(max_row=6) for cell in row]
    assert cells.count("no limit") == 2  # the budget, and what is left of it
    assert "no limit" in [cell.value for row in book["Summary"].iter_rows(max_row=6) for cell in row]
    keys = {row[0].value: row[1].value for row in book["Brief"].iter_rows()}
    assert keys["Budget"] is None
