"""The rest of a plan where only insertions are known: the cheapest packages and weeks that keep the rules."""

import numpy as np
import pytest

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.plans import completion
from models.programme.plans.completion import ANY, Completion, cheapest_completion, completed
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.package_offer import PackageOffer
from models.rules.rule import Rule
from models.rules.week_limit import WeekLimit

COST, RATING = np.array([100.0, 250.0]), np.array([4.0, 10.0])
DUO, PAIR = Package("duo", np.array([2.0, 1.0]), 360.0), Package("pair", np.array([2.0, 0.0]), 150.0)


def problem(tariff: Tariff, rules: tuple[Rule, ...]) -> Problem:
    model = calibrate(
        Audiences(("news", "sport"), ("TV",), np.zeros(2, dtype=int), np.array([1000.0]), RATING[None, :] / 100,
                  np.full(2, 0.5), np.zeros(2, dtype=bool)),
        Duplication(1.3, np.array([1.6]), np.ones(1)),
    )  # fmt: skip
    return Problem(model, tariff, np.full(2, 9.0), Objective("o", "u", np.zeros(1), RATING), rules)


def offers(tariff: Tariff) -> tuple[Rule, ...]:
    return tuple(PackageOffer(f"p{p}", p, ("news", "sport"), tariff) for p in range(len(tariff.packages)))


def test_insertions_alone_are_a_plan_where_there_is_nothing_more() -> None:
    insertions = np.array([2.0, 1.0])
    assert completed(problem(Tariff(COST), ()), insertions).tolist() == [2, 1]


def test_where_all_weeks_are_given_nothing_is_searched_for_even_if_a_rule_is_broken(monkeypatch) -> None:
    monkeypatch.setattr(completion, "cheapest_completion", None)
    insertions, weekly = np.array([2.0, 0.0]), np.array([[0.0, 2.0], [0.0, 0.0]])
    assert completed(cheap_second_week(100), insertions, weekly).tolist() == [2, 0, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("bought", "packages", "money"),
    [
        ((1, 1), (0, 0), 350),
        ((2, 1), (1, 0), 360),
        ((2, 0), (0, 1), 150),
        ((4, 1), (1, 1), 510),
        ((4, 0), (0, 1), 350),
    ],
)
def test_packages_are_taken_where_they_make_it_cheaper(bought, packages, money) -> None:
    """Two of news cost 150 in a pair; two of news and one of sport 360 in the duo, 400 with the pair."""
    tariff = Tariff(COST, Columns(2, 0, 2), packages=(DUO, PAIR))
    plan = completed(problem(tariff, offers(tariff)), np.array(bought, dtype=float))
    assert tariff.columns.packages_of(plan).tolist() == list(packages)
    assert tariff.total(plan) == pytest.approx(money)


def cheap_second_week(limit: float) -> Problem:
    """Two weeks, the second at 80 %, and at most so much money in it; news once a week."""
    tariff = Tariff(COST, Columns(2, 2), np.array([[1.0, 0.8], [1.0, 0.8]]))
    rules = (
        Budget("budget", tariff, 2_000.0),
        Availability("news", 0, "news", np.ones(2), tariff.columns),
        WeekLimit("week", "week 2", (1,), "money", "<=", limit, tariff, RATING),
    )
    return problem(tariff, rules)


@pytest.mark.parametrize(
    ("limit", "weeks"),
    [
        (1_000.0, [[0, 1], [0, 2]]),
        (450.0, [[1, 0], [0, 2]]),
        (280.0, [[0, 1], [1, 1]]),
        (0.0, [[1, 0], [2, 0]]),
    ],
)
def test_weeks_are_the_cheapest_that_the_rules_leave(limit, weeks) -> None:
    """One of news (80 in week 2) and two of sport (200 each): 480 fit into 1,000; 400 into 450; 280 into 280."""
    case = cheap_second_week(limit)
    plan = completed(case, np.array([1.0, 2.0]))
    assert case.columns.weekly(plan).tolist() == weeks
    assert not case.broken(plan)


def test_what_no_week_holds_has_no_completion_that_keeps_the_rules() -> None:
    """News three times in two weeks of one: the plan is completed all the same, and said to be broken."""
    case = cheap_second_week(1_000.0)
    assert cheapest_completion(case, np.array([3.0, 0.0])) is None
    plan = completed(case, np.array([3.0, 0.0]))
    assert case.columns.insertions(plan).tolist() == [3, 0]
    assert case.broken(plan) == ("news",)


def test_given_weeks_are_kept() -> None:
    case = cheap_second_week(1_000.0)
    dear = np.array([[1.0, 0.0], [2.0, 0.0]])
    assert case.columns.weekly(completed(case, np.array([1.0, 2.0]), dear)).tolist() == dear.tolist()


def test_why_insertions_cannot_be_completed_rules_out_others_and_none_that_can_be() -> None:
    """260 a week: sport alone costs 250 in the first week and 200 in the second, news 100 and 80."""
    tariff = Tariff(COST, Columns(2, 2), np.array([[1.0, 0.8], [1.0, 0.8]]))
    weeks = tuple(WeekLimit(f"week {t}", "", (t,), "money", "<=", 260.0, tariff, RATING) for t in range(2))
    case = problem(tariff, weeks)
    every = np.array([[i, j] for i in range(9) for j in range(4)], dtype=float)
    possible = np.array([cheapest_completion(case, own) is not None for own in every])
    asked, searches = Completion(case), 0
    for own, can in zip(every[::-1], possible[::-1], strict=True):
        searches += not asked.ruled_out(own[None])[0]
        plan = asked.exists(own, ANY)
        assert (plan is not None) == can
        assert plan is None or not case.broken(plan)
    assert searches < len(every)
    assert not asked.ruled_out(every)[possible].any()
