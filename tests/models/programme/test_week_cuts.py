"""What fits into a week: every way to fill one listed, beside the rows that hold weeks to it."""

from itertools import product

import numpy as np
import pytest

from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.programme.rows.week_cuts import AlikeWeeks, alike_weeks, broken_row, fullest, week_cuts
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.week_limit import WeekLimit


def ways(alike: AlikeWeeks) -> np.ndarray:
    """(n, n_vehicles) all whole insertions of a week that keep its limits."""
    every = np.array(list(product(*[range(int(most) + 1) for most in alike.upper])), float)
    return every[(every @ alike.matrix.T <= alike.most).all(axis=1)]


def drawn(seed: int) -> tuple[AlikeWeeks, np.random.Generator]:
    """Four vehicles under one limit or two."""
    rng = np.random.default_rng([1712, seed])
    limits = int(rng.integers(1, 3))
    matrix = np.array([rng.integers(3, 25, 4), rng.integers(0, 9, 4)], float)[:limits]
    return AlikeWeeks(np.arange(3), matrix, np.array([45.0, 20.0])[:limits], rng.integers(0, 5, 4) + 0.0), rng


@pytest.mark.parametrize("seed", range(40))
def test_the_fullest_week_is_the_best_of_all(seed):
    alike, rng = drawn(seed)
    worth = rng.random(4)
    found = fullest(alike, worth)
    assert found is not None
    assert any((found == way).all() for way in ways(alike))
    assert worth @ found == pytest.approx((ways(alike) @ worth).max(), rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_a_row_breaks_the_relaxed_week_and_no_whole_one(seed):
    alike, rng = drawn(seed)
    mean = rng.random(4) * alike.upper
    mean *= min(1.0, (alike.most / np.maximum(alike.matrix @ mean, 1e-9)).min())
    row = broken_row(alike, mean)
    if row is not None:
        worth, most = row
        assert worth @ mean > most
        assert (ways(alike) @ worth <= most).all()


def test_two_spots_of_six_fill_a_week_of_ten_as_one_does():
    week = AlikeWeeks(np.array([0]), np.array([[6.0]]), np.array([10.0]), np.array([5.0]))
    row = broken_row(week, np.array([10 / 6]))
    assert row is not None
    assert row[1] / row[0][0] == pytest.approx(1.0, rel=1e-6)  # at most one, but for the rounding allowed
    assert broken_row(week, np.array([1.0])) is None


@pytest.fixture
def calendar(make_model, make_objective) -> Problem:
    """Two vehicles in four weeks, the third of which is dearer; 10 a week, spots of 6 and 5."""
    rng = np.random.default_rng(1713)
    model = make_model(rng, 2, 4)
    columns = Columns(2, 4)
    tariff = Tariff(np.array([6.0, 5.0]), columns, np.array([[1.0, 1.0, 1.5, 1.0]] * 2))
    rules = [Budget("budget", tariff, 35.0)]
    rules += [WeekLimit(f"week {t}", "", (t,), "money", "<=", 10.0, tariff, np.ones(2)) for t in range(4)]
    rules += [Availability(f"weeks of {j}", j, "", np.full(4, 5.0), columns) for j in range(2)]
    return Problem(model, tariff, np.full(2, 20.0), make_objective(rng, "influence", model), tuple(rules))


def test_weeks_are_alike_where_limits_and_prices_are(calendar):
    alike = alike_weeks(calendar)
    assert [each.weeks.tolist() for each in alike] == [[0, 1, 3], [2]]
    assert alike[0].sums(calendar.columns)[0].tolist() == [2, 3, 5]


def test_rows_lower_the_relaxation_and_no_plan(calendar):
    relaxation = Relaxation(calendar)
    before = relaxation.relax(1e-6)
    weekly = np.zeros((2, 4))
    weekly[0, 0], weekly[1, 1], weekly[1, 3], weekly[0, 2] = 1, 2, 2, 1
    plan = calendar.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    rows = week_cuts(calendar, alike_weeks(calendar), before.point)
    assert rows
    assert all(row.values @ plan[row.columns] <= row.most for row in rows)
    relaxation.also(rows)
    after = relaxation.relax(1e-6)
    assert after.bound < before.bound
    relaxation.restate(calendar)  # what was said beside the problem is let go, and may be said again
    assert relaxation.relax(1e-6).bound == pytest.approx(before.bound, rel=1e-7)
    relaxation.also(rows)
    assert relaxation.relax(1e-6).bound == pytest.approx(after.bound, rel=1e-7)
