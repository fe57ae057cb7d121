"""Rules in every unit: what is read, what is asked, where."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.workbook.campaign.rules.units import WHOLE_PLAN
from tests.planner.workbook.reading.book import rewritten

ALL = ("Quiz", "News", "Cook", "Drive")
Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]


def rule(
    unit: object, least: object = None, most: object = None, applies_to: str = "Drive"
) -> dict[str, list[list[object]]]:
    """A sheet Rules of one row, row 2."""
    return {"Rules": [["r", applies_to, least, most, unit]]}


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("money", "money"), ("EUR", "money"), ("€", "money"), ("eur", "money"), ("euros", "money"),
        ("% of spend", "share"), ("% of the plan's spend", "share"),
        ("% of total spend", "share"), ("insertions", "insertions"), ("spots", "insertions"), ("GRP", "grp"),
        ("GRPs ", "grp"), ("grp\u00a0", "grp"), ("gross rating points", "grp"), ("Rating  points", "grp"),
    ],
)  # fmt: skip
def test_a_sum_over_vehicles_is_read_in_each_unit(typed: str, unit: str, buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule(typed, "40 %" if unit == "share" else 0.4)).rules
    assert (read.unit, read.at_least, read.base) == (unit, 0.4, "")


@pytest.mark.parametrize(
    ("word", "currency"),
    [("kronor", "SEK"), ("kroner", "NOK"), ("kr", "DKK"), ("złotych", "PLN"), ("forint", "HUF")],
)
def test_money_may_be_called_by_the_currencys_own_word(
    word: str, currency: str, buyers_campaign: Build
) -> None:
    assert buyers_campaign(rule(word, most=9), Currency=currency).rules[0].unit == "money"


@pytest.mark.parametrize("headed", [True, False])
def test_a_rule_without_a_name_is_called_by_what_it_applies_to(headed: bool, buyers_campaign: Build) -> None:
    """Whether the column Rule is blank or not there at all."""
    edits = {} if headed else {"Rules!A1": None}
    rules = buyers_campaign(
        {"Rules": [[None, "TV", 1, None, "insertions"], [None, "Drive", None, 9, "GRP"]]}, edits
    )
    assert [(read.name, read.unit) for read in rules.rules] == [("TV", "insertions"), ("Drive", "grp")]


def test_limits_without_what_they_apply_to_are_one_problem(buyers_problems: Problems) -> None:
    found = buyers_problems({"Rules": [[None, None, 1, None, "insertions"]]})
    assert list(found) == ["Rules!B2"]
    assert "no Applies to; name it or clear the row" in found["Rules!B2"]


RATIOS = [
    ("% of TV's insertions", "insertions", "TV", ("Quiz", "News")),
    ("% of insertions of TV", "insertions", "TV", ("Quiz", "News")),
    ("% of TV insertions", "insertions", "TV", ("Quiz", "News")),
    ("percent of TV’s spots", "insertions", "TV", ("Quiz", "News")),
    ("% of TV's spend", "money", "TV", ("Quiz", "News")),
    ("% of spend of TV", "money", "TV", ("Quiz", "News")),
    ("% of spend on TV", "money", "TV", ("Quiz", "News")),
    ("%  of the spend  of TV", "money", "TV", ("Quiz", "News")),
    ("% of GRP of medium: TV", "grp", "medium: TV", ("Quiz", "News")),
    ("% of medium: tv's GRP", "grp", "medium: tv", ("Quiz", "News")),
    ("% OF INSERTIONS OF genre: food", "insertions", "genre: food", ("Cook",)),
    ("% of Quiz insertions", "insertions", "Quiz", ("Quiz",)),
    ("% of insertions of Cook; Quiz", "insertions", "Cook; Quiz", ("Quiz", "Cook")),
    ("% of prime's GRPs", "grp", "prime", ("Quiz",)),
    ("% of insertions", "insertions", WHOLE_PLAN, ALL),
    ("% of GRP", "grp", WHOLE_PLAN, ALL),
    ("% of all insertions", "insertions", WHOLE_PLAN, ALL),
    ("% of the plan's GRP", "grp", WHOLE_PLAN, ALL),
]


@pytest.mark.parametrize(("typed", "of", "base", "vehicles"), RATIOS, ids=[typed for typed, *_ in RATIOS])
def test_a_ratio_is_read_however_it_is_worded(
    typed: str, of: str, base: str, vehicles: tuple[str, ...], buyers_campaign: Build
) -> None:
    (read,) = buyers_campaign(rule(typed, "20 %")).rules
    assert (read.unit, read.of, read.base, read.base_vehicles) == ("ratio", of, base, vehicles)
    assert (read.vehicles, read.at_least) == (("Drive",), 0.2)


@pytest.mark.parametrize(
    ("typed", "share"), [("200 %", 2.0), (200, 2.0), ((2, "0%"), 2.0), ("200", 2.0), (0, 0.0), (12.5, 0.125)]
)
def test_a_ratio_may_pass_100_percent(typed: object, share: float, buyers_campaign: Build) -> None:
    assert buyers_campaign(rule("% of TV's insertions", typed)).rules[0].at_least == share


def test_a_small_bare_ratio_is_settled_by_a_large_one_in_its_column(buyers_campaign: Build) -> None:
    rows = [["a", "Drive", 5, None, "% of TV's spend"], ["b", "Cook", 150, None, "% of TV's spend"]]
    assert [read.at_least for read in buyers_campaign({"Rules": rows}).rules] == [0.05, 1.5]


@pytest.mark.parametrize("unit", ["% of insertions", "% of all GRP"])
def test_a_bare_number_is_a_percent_of_the_whole_plan_where_it_is_more_than_all_of_it(
    unit: str, buyers_campaign: Build
) -> None:
    """1000 % of all insertions there cannot be; beside another medium's, 10 may be 10 times as many."""
    assert buyers_campaign(rule(unit, 10)).rules[0].at_least == 0.1


def test_a_possessive_that_is_part_of_a_name_stays_there(buyers_campaign: Build) -> None:
    edits = {"Vehicles!A2": "McCall's"}
    (read,) = buyers_campaign(rule("% of McCall's insertions", "50 %"), edits).rules
    assert (read.base, read.base_vehicles) == ("McCall's", ("McCall's",))


def test_how_many_vehicles_are_bought_is_a_count(buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule("vehicles", 1, 2, "all")).rules
    assert (read.unit, read.vehicles, read.at_least, read.at_most, read.items) == ("vehicles", ALL, 1, 2, ())


def test_items_are_the_entries_of_the_list(buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule("items", None, 1, "TV; Cook; group: prime")).rules
    assert read.items == (("TV", ("Quiz", "News")), ("Cook", ("Cook",)), ("group: prime", ("Quiz",)))
    assert (read.unit, read.at_most, read.vehicles) == ("items", 1, ("Quiz", "News", "Cook"))


def test_a_vehicle_in_several_entries_is_noticed(buyers_campaign: Build) -> None:
    notices = buyers_campaign(rule("items", None, 1, "TV; Cook; group: prime")).notices
    assert "Rules!B2: Quiz is in several entries of the list; buying it counts for each of them." in notices


@pytest.mark.parametrize("typed", ["exclusive", "Mutually exclusive", "not both", "only one"])
def test_exclusive_means_at_most_1_of_the_list(typed: str, buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule(typed, applies_to="Quiz; Cook")).rules
    assert (read.unit, read.at_least, read.at_most) == ("items", None, 1.0)


def test_exclusive_with_at_least_1_is_exactly_1(buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule("exclusive", 1, applies_to="Quiz; Cook")).rules
    assert (read.at_least, read.at_most) == (1.0, 1.0)


@pytest.mark.parametrize("typed", ["either/or", "either / or", "one of", "of the list"])
def test_either_or_with_its_limits_is_a_count_of_the_list(typed: str, buyers_campaign: Build) -> None:
    (read,) = buyers_campaign(rule(typed, 1, 1, "Quiz; Cook")).rules
    assert (read.unit, read.at_least, read.at_most) == ("items", 1.0, 1.0)


def test_a_groups_value_alone_is_told_its_whole_name(buyers_problems: Problems) -> None:
    found = buyers_problems(rule("GRP", 1, applies_to="austria"), {"Vehicles!D2": "market: Austria; family"})
    assert found["Rules!B2"].endswith('did you mean "market: Austria"?')


BROKEN = [
    # the unit
    (rule("monye", 1), "E2", 'did you mean "money"?'),
    (rule("thumbs", 1), "E2", "expected money, % of spend, % of budget, insertions, GRP, vehicles, items, or a ratio"),
    (rule("TRP", 1), "E2", "write a goal, on the sheet Goals"),
    (rule(None, 1), "E2", "The rule has no unit"),
    (rule("% of TV", "20 %"), "E2", "of its spend, insertions or GRP? Write one of them"),
    (rule("% of TWV's insertions", "20 %"), "E2", '"TWV" is no vehicle, medium, genre or group'),
    (rule("% of insertions of Quizz", "20 %"), "E2", 'did you mean "Quiz"?'),
    (rule("% of nonsense", "20 %"), "E2", 'Unit is "% of nonsense"; expected'),
    # its limits
    (rule("GRP"), "C2", "neither At least nor At most"),
    (rule("GRP", "20 %"), "C2", "has a percent sign"),
    (rule("GRP", -1), "C2", "is negative"),
    (rule("vehicles", (0.5, "0%"), None, "TV"), "C2", "is formatted as a percentage"),
    (rule("vehicles", 1.5, None, "TV"), "C2", "is not a whole number; the rule counts vehicles"),
    (rule("items", None, 1.5, "TV; Cook"), "D2", "is not a whole number; the rule counts entries of the list"),
    (rule("% of TV's insertions", 2), "C2", "is that 2 % or 200 %? Write 200 % or 2 %"),
    (rule("% of TV's insertions", 1.5), "C2", "is that 1.5 % or 150 %?"),
    (rule("% of TV's insertions", "-5 %"), "C2", "is negative"),
    (rule("% of TV's insertions", "50 %", "20 %"), "C2", "At least 50 is more than At most 20 (Rules!D2)"),
    (rule("vehicles", 2, 1, "TV"), "C2", "At least 2 is more than At most 1 (Rules!D2)"),
    # against the list
    (rule("vehicles", 3, None, "TV"), "C2", "At least 3 vehicles can never be: there are 2 vehicles (Rules!B2)"),
    (rule("items", 3, None, "TV; Cook"), "C2", "At least 3 entries of the list can never be: there are 2"),
    (rule("items", None, 1, "TV"), "B2", '"TV" is a list of one entry'),
    (rule("exclusive", applies_to="TV"), "B2", "write vehicles as Unit to count its vehicles"),
    (rule("items", None, 1, "TV; Cook; tv"), "B2", '"TV" is listed twice'),
    (rule("exclusive", None, 2, "Quiz; News; Cook"), "D2", "means at most 1 of the list, but At most is 2"),
    (rule("either/or", applies_to="Quiz; Cook"), "D2", "Is that at most 1 of the list, or exactly 1?"),
    (rule("of the list", applies_to="Quiz; Cook"), "C2", "neither At least nor At most"),
    (rule("exclusive", applies_to="Quiz; Nexs"), "B2", 'did you mean "News"?'),
    (rule("exclusive", applies_to="Quiz; Television"), "B2", 'did you mean "TV"?'),
    # per group
    (rule("vehicles", None, 2, "per group: publisher"), "B2", "finds no publisher of any vehicle"),
    (rule("GRP", None, 2, "per medium"), "E2", "counts vehicles of each medium; write vehicles as Unit"),
    (rule("vehicles", 2, None, "per medium"), "C2", "At least 2 vehicles of each medium can never be: of"),
    (rule("% of budget", None, "120 %"), "D2", "a percent of budget is from 0 to 100"),
    # a whole and its part
    (rule("% of TV's insertions", "20 %", None, "TV"), "E2", '"TV" is compared with itself'),
    (rule("% of insertions", "20 %", None, "all"), "E2", '"all" is compared with itself'),
    (rule("% of TV's insertions", "120 %", None, "Quiz"), "C2", "never has more than 100 % of it; lower At least"),
    (rule("% of Quiz's insertions", None, "50 %", "TV"), "D2", "never has less than 100 % of it; raise At most"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "cell", "words"), BROKEN, ids=[f"{cell} {words}" for _, cell, words in BROKEN]
)
def test_every_problem_of_a_rule_names_its_cell(
    rows: dict[str, list[list[object]]], cell: str, words: str, buyers_problems: Problems
) -> None:
    found = buyers_problems(rows)
    assert list(found) == [f"Rules!{cell}"]  # one thing wrong is not reported as many
    assert words in found[f"Rules!{cell}"]
    assert found[f"Rules!{cell}"].endswith((".", "?"))


IDLE = [
    (rule("vehicles", None, 2, "TV"), "forbids nothing: no plan can have more"),
    (rule("vehicles", None, 1, "Cook"), "forbids nothing"),
    (rule("vehicles", 0, None, "TV"), "asks for nothing: no plan has less"),
    (rule("items", None, 2, "TV; Cook"), "forbids nothing"),
    (rule("% of TV's insertions", None, "100 %", "Quiz"), "forbids nothing"),
    (rule("% of Quiz's insertions", "90 %", None, "TV"), "asks for nothing"),
    (rule("% of GRP", None, "120 %"), "forbids nothing"),
    (rule("% of spend", None, "100 %"), "forbids nothing"),
    (rule("money", None, 10**9, "TV"), "forbids nothing"),
    (rule("% of budget", None, "100 %"), "forbids nothing"),
    (rule("insertions", None, 10**6), "forbids nothing"),
    (rule("vehicles", None, 2, "per medium"), "forbids nothing"),
]


@pytest.mark.parametrize(("rows", "words"), IDLE)
def test_a_rule_that_forbids_nothing_is_a_notice(rows, words: str, buyers_campaign: Build) -> None:
    (notice,) = (n for n in prepare(buyers_campaign(rows)).campaign.notices if n.startswith("Rules!B2: "))
    assert words in notice


@pytest.mark.parametrize(
    "rows",
    [rule("vehicles", None, 1, "TV"), rule("% of spend", None, "50 %"), rule("money", None, 1, "TV"),
     rule("insertions", 1), rule("vehicles", None, 1, "per medium"), rule("% of budget", "10 %")],
)  # fmt: skip
def test_one_that_forbids_something_is_none(rows, buyers_campaign: Build) -> None:
    notices = prepare(buyers_campaign(rows)).campaign.notices
    assert not [notice for notice in notices if "nothing: " in notice]


def test_a_rule_per_publisher_is_a_rule_for_each(buyers_campaign: Build, tmp_path: Path) -> None:
    """Quiz and Cook are of one publisher, News of another, Drive of none."""
    edits = {
        "Vehicles!D2": "prime; publisher: House",
        "Vehicles!D4": "Publisher:  house",
        "Vehicles!D3": "publisher: Press",
    }
    campaign = buyers_campaign(rule("vehicles", None, 1, "per group: publisher"), edits)
    (read,) = campaign.rules
    assert (read.unit, read.per, read.at_most) == ("vehicles", "publisher", 1.0)
    assert read.items == (("House", ("Quiz", "Cook")), ("Press", ("News",)))
    assert rewritten(campaign, tmp_path / "again.xlsx").rules == campaign.rules
    said = [
        one.sentence()
        for one in prepare(campaign).rulebook.rules
        if prepare(campaign).cells[one.id] == "Rules!B2"
    ]
    assert said == [
        "publisher House: at most 1 vehicle bought, of 2 on offer",
        "publisher Press: at most 1 vehicle bought, of 1 on offer",
    ]


@pytest.mark.parametrize("typed", ["% of budget", "% of the budget", "percent of budget"])
def test_percent_of_budget_is_not_percent_of_spend(typed: str, buyers_campaign: Build) -> None:
    campaign = buyers_campaign(rule(typed, None, "10 %", "TV"), Budget=600_000)
    (made,) = (
        one for one in prepare(campaign).rulebook.rules if prepare(campaign).cells[one.id] == "Rules!B2"
    )
    assert made.sentence() == "TV: at most 10 % of the budget"
    assert made.rows()[-1].right == 60_000


def test_a_percent_of_no_budget_is_a_problem(buyers_problems: Problems) -> None:
    rows = rule("% of budget", None, "10 %", "TV") | {"Goals": [["everyone", "reach %", "1 %"]]}
    found = buyers_problems(rows, Budget=None, Objective="minimum cost")
    assert list(found) == ["Rules!E2"]
    assert "there is no Budget" in found["Rules!E2"]


def test_a_ratio_that_two_readings_fit_is_asked_about(buyers_problems: Problems) -> None:
    edits = {"Vehicles!A2": "McCall's", "Vehicles!A3": "McCall"}
    found = buyers_problems(rule("% of McCall's insertions", "20 %"), edits)
    assert '"% of insertions of McCall\'s" or "% of insertions of McCall"' in found["Rules!E2"]


def test_an_article_that_is_part_of_a_name_stays_there(buyers_campaign: Build, tmp_path: Path) -> None:
    edits = {"Vehicles!A2": "The Voice", "Vehicles!A3": "Voice"}
    campaign = buyers_campaign(rule("% of the insertions of The Voice", "20 %"), edits)
    assert campaign.rules[0].base_vehicles == ("The Voice",)
    assert rewritten(campaign, tmp_path / "again.xlsx").rules == campaign.rules


def test_without_vehicles_a_ratio_is_no_second_problem(buyers_problems: Problems) -> None:
    nothing = {f"Vehicles!{column}{row}": None for column in "ABCDEFG" for row in range(2, 6)}
    assert list(buyers_problems(rule("% of TV's insertions", "20 %"), nothing)) == ["Vehicles"]


def test_the_limits_of_a_rule_say_where_they_stand(buyers_campaign: Build) -> None:
    campaign = buyers_campaign(rule("% of TV's insertions", "20 %"))
    assert campaign.rules[0].cell == "Rules!B2"
    assert campaign.cells["Rules", "Rules!B2", "unit"] == "Rules!E2"
    assert campaign.cells["Rules", "Rules!B2", "at_least"] == "Rules!C2"


@pytest.mark.parametrize(
    "rows",
    [
        *(rule(typed, "20 %", "37.5 %") for typed, *_ in RATIOS),
        rule("GRP", 12.5), rule("vehicles", None, 1, "TV"), rule("exclusive", applies_to="Quiz; group: prime; Cook"),
        rule("items", 1, 2, "Quiz; News; Cook"), rule("money", 5.5), rule("% of the plan's spend", "25 %"),
        rule("% of budget", "25 %", "75 %"), rule("vehicles", None, 1, "per medium"),
    ],
)  # fmt: skip
def test_a_rule_survives_being_written(
    rows: dict[str, list[list[object]]], buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(rows)
    assert rewritten(campaign, tmp_path / "again.xlsx").rules == campaign.rules


def test_a_base_with_odd_marks_in_its_name_survives_being_written(
    buyers_campaign: Build, tmp_path: Path
) -> None:
    edits = {"Vehicles!A2": "Spots & Costs of the budget", "Vehicles!A3": "the insertions"}
    base = "Spots & Costs of the budget; the insertions"
    campaign = buyers_campaign(rule(f"% of spend of {base}", "20 %"), edits)
    assert campaign.rules[0].base_vehicles == ("Spots & Costs of the budget", "the insertions")
    assert rewritten(campaign, tmp_path / "again.xlsx").rules == campaign.rules


def test_a_group_named_like_the_whole_plan_is_the_group(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign(rule("% of total insertions", "20 %"), {"Vehicles!D3": "total"})
    (read,) = campaign.rules
    assert (read.base, read.base_vehicles) == ("total", ("News",))
    assert rewritten(campaign, tmp_path / "again.xlsx").rules == campaign.rules


def test_a_share_of_the_whole_plans_insertions_is_shown_as_a_percentage(
    buyers_campaign: Build, tmp_path: Path
) -> None:
    rewritten(buyers_campaign(rule("% of insertions", "20 %")), tmp_path / "again.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "again.xlsx")["Rules"]["C2"]
    assert (cell.value, cell.number_format) == (0.2, "0.0##%")


def test_a_word_among_limits_is_told_where_it_belongs(buyers_problems: Problems) -> None:
    found = buyers_problems({"Rules": [["either", "Quiz; News", "exclusive", None, "items"]]})
    assert list(found) == ["Rules!C2"]
    assert "words such as exclusive under Unit" in found["Rules!C2"]
