"""Rows that a calendar keeps: they hold exactly where the rules' own arithmetic says so."""

import numpy as np
import pytest

from models.after.week_rows import WeekRows, beside_rows, week_rows
from models.after.wish import Wish
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.appearances import Spacing
from models.rules.budget import Budget
from models.rules.week_limit import WeekLimit

COST, RATING = np.array([100.0, 250.0, 60.0]), np.array([4.0, 10.0, 1.0])
FACTOR = np.array([[1.0, 2.0, 0.5, 1.0], [1.0, 1.0, 1.0, 3.0], [1.0] * 4])
TARIFF = Tariff(COST, Columns(3, 4), FACTOR)
RULES = (
    Budget("budget", TARIFF, 1_400.0),
    WeekLimit("month", "weeks 1 and 2", (0, 1), "money", "<=", 700.0, TARIFF, RATING),
    WeekLimit("points", "week 4", (3,), "grp", ">=", 5.0, TARIFF, RATING),
)
WISH = Wish(
    np.full((3, 4), np.inf), np.full(4, 0.25), RATING, gap=1,
    spacing=(Spacing(np.array([0, 2]), np.full(4, 3.0), 2, 4.0), Spacing(np.array([1]), np.full(4, np.inf), 3, 2.0)),
)  # fmt: skip


def asked() -> Problem:
    model = calibrate(
        Audiences(("a", "b", "c"), ("TV",), np.zeros(3, dtype=int), np.array([1000.0]), RATING[None, :] / 100,
                  np.full(3, 0.5), np.zeros(3, dtype=bool)),
        Duplication(1.3, np.array([1.6]), np.ones(1)),
    )  # fmt: skip
    return Problem(model, TARIFF, np.full(3, 9.0), Objective("o", "u", np.zeros(1), RATING), RULES, (), True)


def rows_of(weekly: np.ndarray) -> tuple[Problem, WeekRows]:
    problem = asked()
    return problem, week_rows(problem, plan_of(weekly), WISH, RULES)


def plan_of(weekly: np.ndarray) -> np.ndarray:
    return TARIFF.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))


@pytest.mark.parametrize("seed", range(40))
def test_rows_hold_exactly_where_rules_spacing_and_gap_do(seed: int) -> None:
    weekly = np.random.default_rng(seed).integers(0, 3, (3, 4)).astype(float)
    problem, rows = rows_of(weekly)
    quiet = weekly.sum(axis=0) == 0
    by_hand = (
        not problem.broken(plan_of(weekly))
        and all(spacing.over(weekly) <= 0 for spacing in WISH.spacing)
        and not (quiet[:-1] & quiet[1:]).any()
    )
    assert bool((rows.sums(weekly) <= rows.most).all()) == by_hand
    assert not beside_rows(problem, RULES)


@pytest.mark.parametrize("seed", range(10))
def test_what_moves_change_is_the_difference_of_the_sums(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weekly = rng.integers(1, 3, (3, 4)).astype(float)
    _, rows = rows_of(weekly)
    j, (s, t) = int(rng.integers(3)), rng.permutation(4)[:2].tolist()
    after = weekly.copy()
    after[j, [s, t]] += -1.0, 1.0
    touched, more = rows.moved([(j, s, -1.0), (j, t, 1.0)])
    change = np.zeros(len(rows.most))
    change[touched] = more
    assert change == pytest.approx(rows.sums(after) - rows.sums(weekly))
    alone = rows.alone((s, t), np.array([j]), np.ones(1), rows.most - rows.sums(weekly))
    over = (change > rows.most - rows.sums(weekly)) & (change != 0) & rows.own
    assert bool(alone[0]) == (not over.any())
