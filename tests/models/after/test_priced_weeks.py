"""Calendars of plans whose prices differ by week, beside every calendar that the money pays for."""

import numpy as np
import pytest

from models.after.calendar import calendar
from models.after.calendar_search import made_whole
from models.after.wish import Wish, off_pattern
from models.problem.problem import Problem
from models.rules.budget import Budget
from tests.models.after.small_calendars import COST, RATING, every_calendar, problem_at, tariff_of


def problem(factor: np.ndarray, money: float) -> Problem:
    """At prices by week, (3, n_weeks) times their cost, and a budget."""
    tariff = tariff_of(factor.shape[1], factor)
    return problem_at(tariff, (Budget("budget", tariff, money),))


def test_between_a_known_calendar_and_one_in_parts_lies_a_whole_one_that_the_money_pays_for() -> None:
    """News costs 100 in weeks 1 and 2, 200 in week 3; 300 pay for three of them, of which one can move to week 2."""
    factor = np.ones((3, 3))
    factor[:, 2] = 2.0
    asked, wish = problem(factor, 300.0), Wish(np.full((3, 3), np.inf), np.full(3, 1 / 3), RATING)
    known = np.array([[3.0, 0.0, 0.0], [0.0] * 3, [0.0] * 3])
    plan = asked.columns.join(known.sum(axis=1), known, np.zeros(0))
    found = made_whole(asked, plan, wish, known, 30.0)
    assert found is not None
    assert found[0].tolist() in ([2, 1, 0], [1, 2, 0])
    assert made_whole(asked, plan, wish, found, 30.0) is None  # as near as insertions in parts


@pytest.mark.parametrize("seed", range(12))
def test_where_weeks_have_prices_hardly_a_calendar_that_the_money_pays_for_is_nearer(
    seed: int, monkeypatch
) -> None:
    """All stands in the cheapest week of each, and up to 15 % of the money is left; made as long calendars are, without
    the search that small ones have. 0.12: about one insertion of nine, which the two ends may miss of the best."""
    monkeypatch.setattr("models.after.calendar._SEARCHED", 0)
    rng = np.random.default_rng(seed)
    factor, insertions = rng.uniform(0.7, 1.4, (3, 4)).round(2), rng.integers(1, 4, 3).astype(float)
    known = np.zeros((3, 4))
    known[np.arange(3), factor.argmin(axis=1)] = insertions
    asked = problem(factor, float((COST[:, None] * factor * known).sum()) * rng.uniform(1.0, 1.15))
    wish = Wish(np.full((3, 4), np.inf), np.full(4, 0.25), RATING)
    laid = calendar(asked, asked.columns.join(insertions, known, np.zeros(0)), wish)
    assert laid is not None

    def paid(weekly: np.ndarray) -> bool:
        return not asked.broken(asked.columns.join(insertions, weekly, np.zeros(0)))

    assert paid(laid.weekly)
    best = min(off_pattern(w, wish) for w in every_calendar(insertions, 4) if paid(w))
    assert best - 1e-9 <= off_pattern(laid.weekly, wish) <= best + 0.12
