"""Two plans side by side: figures by hand, and campaigns that differ."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.campaign.inputs import Campaign, InfluenceRow
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.comparing.pair import Difference, Pair, grouped
from planner.comparing.side_by_side import SideBySide
from planner.report.comparing.compare_json import compare_json
from planner.report.comparing.compare_text import compare_table, sentences
from planner.workbook.campaign.differences import campaign_differences
from tests.planner.comparing.pairs import Maker, compared


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
