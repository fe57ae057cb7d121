"""Two plans side by side: what differs, what may be compared, and in which words."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.campaign.inputs import Campaign, InfluenceRow
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.comparing.differences import Difference, grouped
from planner.comparing.pair import Pair
from planner.comparing.side_by_side import SideBySide, side_by_side
from planner.planning.evaluate import plan_figures
from planner.planning.results import PlanResult, RuleOutcome
from planner.report.compare_json import compare_json
from planner.report.compare_text import compare_table, sentences
from planner.workbook.campaign.differences import campaign_differences
from planner.workbook.figures.comparison import write_comparison
from planner.workbook.write import write_plan

Maker = Callable[..., Any]


def compared(a: PlanResult, b: PlanResult) -> SideBySide:
    return side_by_side(("a.xlsx", "b.xlsx"), a, b, campaign_differences(a.campaign, b.campaign))


@pytest.fixture
def pair(made_campaign: Maker, made_result: Maker) -> SideBySide:
    """Four vehicles at 4,000, 5,500, 7,000, 8,500, in TV and Magazines by turns; B buys one fewer of the first and
    the fourth instead of the second."""
    campaign = made_campaign(4)
    a = made_result(campaign, insertions=[2, 1, 3, 0])
    b = made_result(campaign, insertions=[1, 0, 3, 2], value=12_000.0)
    return compared(a, b)


def at(compared: SideBySide, name: str) -> Any:
    everything = (*compared.vehicles, *compared.media, *compared.audiences)
    return next(found for found in everything if found.name == name)


# --- figures ----------------------------------------------------------------------------------------


def test_vehicles_and_media_are_added_up_by_hand(pair: SideBySide) -> None:
    names = [vehicle.name for vehicle in pair.plans[0].campaign.vehicles]
    first, second, third, fourth = (at(pair, name) for name in names)
    assert (first.insertions.a, first.insertions.b, first.insertions.difference) == (2, 1, -1)
    assert (first.cost.a, first.cost.b, first.cost.difference) == (8_000, 4_000, -4_000)
    assert (second.cost.difference, fourth.cost.difference) == (-5_500, 17_000)
    assert third.changed == 0
    television, magazines = at(pair, "TV"), at(pair, "Magazines")
    assert (television.cost.a, television.cost.b) == (8_000 + 21_000, 4_000 + 21_000)
    assert (magazines.cost.a, magazines.cost.b) == (5_500, 17_000)
    assert magazines.share.b == pytest.approx(17_000 / 42_000)
    assert (pair.cost.a, pair.cost.b, pair.cost.difference) == (34_500, 42_000, 7_500)
    assert pair.cost.percent == pytest.approx(100 * 7_500 / 34_500)


def test_the_largest_change_stands_first_and_what_is_the_same_last(pair: SideBySide) -> None:
    assert [vehicle.cost.difference for vehicle in pair.vehicles] == [17_000, -5_500, -4_000, 0]


def test_audiences_are_set_against_each_other(pair: SideBySide) -> None:
    everyone = at(pair, "everyone")
    a, b = (plan.audiences[0] for plan in pair.plans)
    assert everyone.reach.difference == pytest.approx(b.reach_share - a.reach_share)
    assert (everyone.effective.a, everyone.effective.b) == (a.reached_at_least(3), b.reached_at_least(3))
    assert (everyone.grp.a, everyone.grp.b) == (a.grp, b.grp)


def test_the_models_own_error_stands_beside_differences_of_reach_and_worth(pair: SideBySide) -> None:
    """Of four vehicles A buys the first three, B the first, third and fourth: n = 3. What each exchanges is counted by
    vehicles, or by the contacts that moved where these are more."""
    ratings = np.array([pair.plans[0].campaign.rating(row) for row in pair.plans[0].campaign.vehicles])
    moved = 3 * (np.array([1, 1, 0, 2]) @ ratings) / (np.array([3, 1, 6, 2]) @ ratings)
    d = max(1.0, float(moved))
    assert pair.error == pytest.approx(0.2 * (d * (1 - d / 6)) ** 0.5 / 3)
    everyone = at(pair, "everyone")
    assert everyone.error == pytest.approx(pair.error * (everyone.reach.a + everyone.reach.b) / 2)
    assert pair.value_error == pair.error
    told = compare_json(pair)
    assert told["value_model_error_pct"] == pytest.approx(100 * pair.error)
    assert told["audiences"]["everyone"]["reach_model_error_points"] == pytest.approx(100 * everyone.error)
    assert "the model's own error of" in " ".join(sentences(pair))


def test_money_has_no_error_of_the_model(made_campaign: Maker, made_result: Maker) -> None:
    campaign = made_campaign(4)
    a, b = (
        made_result(campaign, insertions=n, objective="minimum cost") for n in ([2, 1, 3, 0], [1, 0, 3, 2])
    )
    assert not compared(a, b).value_error
    assert compared(a, b).error > 0  # of reach it has


def test_a_plan_beside_itself_differs_in_nothing(made_result: Maker) -> None:
    same = compared(made_result(), made_result())
    assert same.differences == ()
    assert same.same_insertions
    assert {figure.difference for figure in (same.cost, same.value)} == {0.0}
    assert all(audience.reach.difference == 0 for audience in same.audiences)
    text = compare_table(same)
    assert "The two campaigns state the same." in text
    assert "The two plans buy the same insertions." in text
    assert "worth the same" in text


def test_a_difference_needs_two_figures_that_mean_the_same() -> None:
    assert Pair(2.0, 3.0).difference == 1.0
    assert Pair(2.0, 3.0, comparable=False).difference is None
    assert Pair(None, 3.0).difference is None
    assert Pair(0.0, 3.0).percent is None


# --- campaigns that differ --------------------------------------------------------------------------


def changed(campaign: Campaign, place: int, **values: Any) -> Campaign:
    rows = list(campaign.vehicles)
    rows[place] = replace(rows[place], **values)
    return replace(campaign, vehicles=tuple(rows))


def test_budget_prices_and_rules_that_differ_are_listed(made_campaign: Maker) -> None:
    a = made_campaign(4)
    b = changed(made_campaign(4, budget=900_000.0), 1, unit_cost=5_000.0)
    b = replace(
        b, rules=(replace(b.rules[0], at_most=0.5), RuleRow("few", "all", (), None, 9.0, "insertions"))
    )
    assert campaign_differences(a, b) == (
        Difference("Brief", "", "Budget", "1,000,000", "900,000"),
        Difference("Vehicles", "Evening News", "Unit cost", "5,500", "5,000"),
        Difference("Rules", "TV (share)", "At most", "0.6", "0.5"),
        Difference("Rules", "all (insertions)", "", "not there", "there"),
    )


def test_traits_composition_influence_and_goals_that_differ_are_listed(made_campaign: Maker) -> None:
    a, b = made_campaign(2), made_campaign(2)
    catalyst = replace(b.traits[1], weight=3.0)
    b = replace(
        b,
        traits=(b.traits[0], catalyst),
        composition=(replace(b.composition[0], shares=(0.2, 0.15)), b.composition[1]),
        influence=(InfluenceRow("brand_share", 0.1),),
        goals=(GoalRow("everyone", "reach", 0.5),),
    )
    told = [(found.sheet, found.subject, found.a, found.b) for found in campaign_differences(a, b)]
    assert told == [
        ("Traits", "catalyst, Weight", "blank", "3"),
        ("Composition", "Morning News, catalyst", "10 %", "15 %"),
        ("Influence", "Brand share of talk", "not there", "there"),
        ("Goals", "everyone: reach", "not there", "there"),
    ]


def test_what_only_explains_a_figure_is_no_difference(made_campaign: Maker) -> None:
    a = made_campaign(2)
    assert campaign_differences(a, changed(a, 0, source="rate card 2027", basis="estimate")) == ()


def test_many_rows_that_differ_alike_are_told_in_one_line() -> None:
    prices = [Difference("Vehicles", name, "Unit cost", "1", "2") for name in "ABCDE"]
    only_a = [Difference("Vehicles", name, "", "there", "not there") for name in "FGHIJ"]
    only_b = [Difference("Vehicles", "K", "", "not there", "there")]
    assert grouped([*prices, *only_a, *only_b]) == (
        Difference("Vehicles", "5 rows, the first A", "Unit cost", "1", "2"),
        Difference("Vehicles", "5 rows, the first F", "", "there", "not there"),
        *only_b,
    )


def test_a_vehicle_of_one_campaign_only_is_not_taken_for_not_bought(
    made_campaign: Maker, made_result: Maker
) -> None:
    small, large = made_campaign(3), made_campaign(4)
    found = compared(made_result(small, insertions=[1, 1, 1]), made_result(large, insertions=[1, 1, 1, 2]))
    new = at(found, large.vehicles[3].name)
    assert (new.insertions.a, new.insertions.b, new.only_in) == (None, 2, "b")
    assert new.cost.difference is None
    assert "1 of these is in one campaign only" in " ".join(sentences(found))
    assert Difference("Vehicles", new.name, "", "not there", "there") in found.differences


def test_money_in_two_currencies_is_not_compared(made_campaign: Maker, made_result: Maker) -> None:
    found = compared(made_result(made_campaign(4)), made_result(made_campaign(4, currency="EUR")))
    assert found.cost.difference is None
    assert all(vehicle.cost.difference is None for vehicle in found.vehicles)
    assert "A is in USD, B in EUR, so they are not compared" in sentences(found)[0]
    assert found.value.difference is not None  # people are people in any currency


def test_net_money_is_not_set_against_gross(made_campaign: Maker, made_result: Maker) -> None:
    found = compared(made_result(made_campaign(4)), made_result(made_campaign(4, budget_is="gross")))
    assert found.money_apart == ("A's money is net, B's gross",)


@pytest.mark.parametrize(
    ("brief", "reason"),
    [
        ({"universe_000": 60_000.0}, "A plans for 50,000 thousand people, B for 60,000 thousand"),
        ({"influence_preset": "industry"}, "influence preset is moderate, B's industry"),
    ],
)
def test_values_on_two_scales_are_not_compared(
    brief: dict[str, Any], reason: str, made_campaign: Maker, made_result: Maker
) -> None:
    found = compared(made_result(made_campaign(4)), made_result(made_campaign(4, **brief)))
    assert found.value.difference is None
    assert any(reason in text for text in found.value_apart)
    assert "What the plans are worth cannot be compared" in " ".join(sentences(found))


def test_another_objective_weight_or_target_makes_values_incomparable(
    made_campaign: Maker, made_result: Maker
) -> None:
    campaign = made_campaign(4)
    weighty = replace(campaign, traits=(campaign.traits[0], replace(campaign.traits[1], weight=3.0)))
    talkative = replace(campaign, influence=(InfluenceRow("brand_share", 0.2),))
    a = made_result(campaign)
    target = replace(a.audiences[1], definition="everyone")
    others = {
        "objective": made_result(campaign, objective="reach"),
        "traits": made_result(weighty),
        "Influence": made_result(talkative),
        "target audience": replace(a, audiences=(a.audiences[0], target, *a.audiences[2:])),
    }
    for reason, b in others.items():
        found = compared(a, b)
        assert len(found.value_apart) == 1, reason
        assert reason in found.value_apart[0]
        assert found.value.difference is None


def test_one_name_for_two_groups_of_people_is_not_compared(made_result: Maker) -> None:
    a = made_result()
    other_words = replace(a.audiences[3], definition="catalyst and not customer")
    other_size = replace(a.audiences[3], population_000=2 * a.audiences[3].population_000)
    for audience in (other_words, other_size):
        b = replace(a, audiences=(*a.audiences[:3], audience, *a.audiences[4:]))
        catalysts = at(compared(a, b), "catalysts")
        assert not catalysts.same_people
        assert catalysts.reach.difference is None
        assert "catalysts (not the same people)" in compare_table(compared(a, b))


# --- in words, as JSON, as a sheet ------------------------------------------------------------------


def test_the_words_tell_money_vehicles_media_reach_and_worth(pair: SideBySide) -> None:
    told = sentences(pair)
    assert told[0] == "B costs $42,000, $7,500 (21.7 %) more than A with $34,500."
    assert told[1] == (
        "A buys 6 insertions in 3 vehicles, B 6 insertions in 3 vehicles. Only B buys Home News; only A buys Evening "
        "News. Changed from A to B: Morning News from 2 to 1."
    )
    assert told[2] == "Magazines has 40.5 % of the money in B, more than the 15.9 % in A."
    assert told[3].startswith("Of the target audience B reaches ")
    assert told[4].startswith("On their objective, influence, B is worth 2.80 % less than A (345.7 people")
    assert 3 <= len(told) <= 6


def test_a_plan_that_breaks_its_rules_is_said_to(made_result: Maker) -> None:
    broken = RuleOutcome("Brief!B6", "the plan costs at most USD 5", False, False, -1.0, "money")
    found = compared(made_result(), made_result(rules=(broken,)))
    assert sentences(found)[-1] == (
        "B breaks 1 rule of its own campaign: the plan costs at most USD 5 (Brief!B6)."
    )


def test_the_terminal_is_never_wider_than_a_hundred_columns(
    made_campaign: Maker, made_result: Maker, pair: SideBySide
) -> None:
    long = made_campaign(40, 5, names=("x" * 120,), campaign="y" * 200, budget=9e12)
    found = compared(made_result(long, audiences=9), made_result(made_campaign(30, 3, currency="CHF")))
    for text in (compare_table(pair), compare_table(found)):
        assert max(map(len, text.splitlines())) <= 100


def test_json_carries_every_figure_and_no_nan(pair: SideBySide) -> None:
    told = json.loads(json.dumps(compare_json(pair), allow_nan=False))
    assert told["schema"] == 1
    assert told["cost"] == {"a": 34_500, "b": 42_000, "difference": 7_500}
    assert told["vehicles"]["Morning News"]["insertions"] == {"a": 2, "b": 1, "difference": -1}
    assert told["media"]["TV"]["share_pct"]["a"] == pytest.approx(100 * 29_000 / 34_500)
    assert told["audiences"]["everyone"]["reach_pct"]["a"] == pytest.approx(
        100 * pair.plans[0].audiences[0].reach_share
    )
    assert told["not_comparable"] == {"money": [], "people": [], "value": []}
    assert told["a"]["insertions"] == {
        name: count
        for name, count in zip(
            [vehicle.name for vehicle in pair.plans[0].campaign.vehicles], (2, 1, 3, 0), strict=True
        )
        if count
    }
    assert told["campaign_differences"] == []


def test_the_sheet_tells_the_same_with_live_differences(pair: SideBySide, tmp_path: Path) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(pair, path)
    sheet, formulas = (
        openpyxl.load_workbook(path, data_only=True)["Compare"],
        openpyxl.load_workbook(path)["Compare"],
    )
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    assert [cell.value for cell in rows["Morning News"][2:8]] == [2, 1, -1, 8_000, 4_000, -4_000]
    assert [cell.value for cell in rows["All media"][2:5]] == [34_500, 42_000, 7_500]
    assert set(sentences(pair)) <= set(rows)
    difference = formulas[rows["Morning News"][4].coordinate]
    assert re.fullmatch(r"=D(\d+)-C\1", difference.value)
    first = min(row[0].row for name, row in rows.items() if str(name).startswith("What differs"))
    assert first < rows["In words"][0].row


def test_its_charts_have_titles_axis_names_and_units(pair: SideBySide, tmp_path: Path) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(pair, path)
    with zipfile.ZipFile(path) as archive:
        charts = sorted(name for name in archive.namelist() if "/charts/chart" in name)
        titles = [
            re.findall(r"<c:title>.*?</c:title>", archive.read(name).decode(), re.DOTALL) for name in charts
        ]
    words = [[re.sub(r"<[^>]*>", "", title) for title in found] for found in titles]
    assert words == [
        ["Reach by audience, plan A and plan B", "Audience", "People reached (% of the audience)"],
        ["Spend by medium, plan A and plan B", "Medium", "Spend (USD)"],
    ]


def test_spend_in_two_currencies_is_drawn_as_shares(
    made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(
        compared(made_result(made_campaign(4)), made_result(made_campaign(4, currency="EUR"))), path
    )
    with zipfile.ZipFile(path) as archive:
        charts = "".join(
            archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name
        )
    assert "Share of the plan's spend (%)" in charts.replace("&#39;", "'").replace("&apos;", "'")
    assert "Spend (USD)" not in charts


# --- the command ------------------------------------------------------------------------------------


def planner(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner.cli.commands", *map(str, arguments)]
    root = Path(__file__).parents[3]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=root, check=False)


@pytest.fixture
def two_plans(made_campaign: Maker, tmp_path: Path) -> tuple[Path, Path]:
    """Two plans of one campaign, figures and all, without solving."""
    campaign = replace(made_campaign(4, target_audience="everyone"), rules=())
    paths = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path, insertions in zip(paths, ([2, 1, 3, 0], [1, 0, 3, 2]), strict=True):
        bought = np.array(insertions, float)
        write_plan(plan_figures(campaign, bought, bought), path)
    return paths


def test_compare_prints_writes_and_refuses_as_plan_does(two_plans: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = two_plans
    output = tmp_path / "comparison.xlsx"
    done = planner("compare", a, b, "-o", output)
    assert done.returncode == 0, done.stderr
    assert "B costs $42,000, $7,500 (21.7 %) more than A with $34,500." in " ".join(done.stdout.split())
    assert openpyxl.load_workbook(output).sheetnames == ["Compare"]
    again = planner("compare", a, b, "-o", output)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert planner("compare", a, b, "-o", output, "--force", "--json").returncode == 0
    own = planner("compare", a, b, "-o", b, "--force")
    assert (own.returncode, "never written over" in own.stderr) == (2, True)
    odd = planner("compare", a, b, "-o", tmp_path / "comparison.pdf")
    assert (odd.returncode, ".xlsx" in odd.stderr) == (2, True)


def test_compare_as_json_is_what_the_figures_are(two_plans: tuple[Path, Path]) -> None:
    done = planner("compare", *two_plans, "--json")
    told = json.loads(done.stdout)
    assert told["cost"] == {"a": 34_500, "b": 42_000, "difference": 7_500}
    assert told["a"]["workbook"] == "a.xlsx"
    assert told["value"]["difference"] is not None


def test_an_edited_plan_is_compared_as_edited(two_plans: tuple[Path, Path]) -> None:
    a, _ = two_plans
    book = openpyxl.load_workbook(a)
    row = next(row for row in book["Plan"].iter_rows() if row[0].value == "Morning News")
    row[5].value = 5
    book.save(a)
    told = json.loads(planner("compare", *two_plans, "--json").stdout)
    assert told["a"]["edits"] == ["Morning News"]
    assert told["vehicles"]["Morning News"]["insertions"]["a"] == 5


def test_a_campaign_without_a_plan_is_asked_for_one(two_plans: tuple[Path, Path], tmp_path: Path) -> None:
    bare = tmp_path / "campaign.xlsx"
    assert planner("new", bare, "--example").returncode == 0
    done = planner("compare", two_plans[0], bare)
    assert done.returncode == 3
    assert "campaign.xlsx" in done.stderr
    assert "There is no sheet Plan" in done.stderr
