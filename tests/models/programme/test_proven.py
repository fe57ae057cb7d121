"""Bounds from any duals: against exact arithmetic, and against a solver that says what is not so."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from models.programme.solvers.highs import LiveHighs
from models.programme.solvers.highs_run import HighsRun
from models.programme.solvers.linear_programme import LinearProgramme, rows_of
from models.programme.solvers.proven import is_infeasible, proven
from models.programme.solvers.solver import Limits, Solved

INF = np.inf


def stated(rows, least, most, upper=(1.0, 1.0), cost=(1.0, 2.0)) -> LinearProgramme:
    """least <= rows x <= most, x from 0 to upper."""
    matrix, programme = np.array(rows, dtype=float), LinearProgramme()
    programme.add_columns([f"x_{j}" for j in range(len(upper))], np.zeros(len(upper)), np.array(upper))
    programme.set_costs(np.arange(len(upper)), np.array(cost))
    row, column = (place.ravel() for place in np.indices(matrix.shape))
    programme.add_rows(rows_of(row, column, matrix.ravel(), np.array(least), np.array(most)))
    return programme


def sums() -> LinearProgramme:
    """a + b >= 1.5 and a - b >= 0.2, a and b at most 1: the least of a + 2b is 2, at a = 1, b = 0.5."""
    return stated([[1, 1], [1, -1]], [1.5, 0.2], [INF, INF])


@pytest.mark.parametrize(("duals", "lowest"), [([2, 0], 2.0), ([1, 0], 1.5), ([0, 0], 0.0), ([5, 0], 0.5)])
def test_better_duals_prove_more_and_the_best_the_optimum(duals, lowest) -> None:
    """5: 5 * 1.5 less 4 and 3, by which a and b come below their costs."""
    found = proven(sums(), np.array([1.0, 2.0]), np.array(duals, dtype=float)).lowest
    assert lowest * (1 - 1e-12) - 1e-300 <= found <= lowest  # a few roundings below


def test_a_dual_of_a_limit_that_is_not_there_counts_for_nothing() -> None:
    found = proven(sums(), np.array([1.0, 2.0]), np.array([2.0, -3.0]))
    assert found.duals.tolist() == [2.0, 0.0]
    assert found.reduced.tolist() == [-1.0, 0.0]


@pytest.mark.parametrize("seed", range(200))
def test_no_point_costs_less_in_exact_arithmetic(seed) -> None:
    """Coefficients from 1e-7 to 1e7, duals of any kind, rows that a drawn point just keeps."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 6)), int(rng.integers(1, 6)))
    rows = rng.normal(size=shape) * 10 ** rng.uniform(-7, 7, shape)
    point, cost = rng.uniform(0, 1, shape[1]), rng.normal(size=shape[1])
    exact = [Fraction(float(x)) for x in point]
    sums = [sum(Fraction(float(a)) * x for a, x in zip(row, exact, strict=True)) for row in rows]
    at = np.array([float(s) for s in sums])
    least, most = np.nextafter(at, -INF), np.nextafter(at, INF)
    duals = rng.normal(size=shape[0]) * 10 ** rng.uniform(-9, 9, shape[0])
    found = proven(stated(rows, least, most, np.ones(shape[1]), cost), cost, duals).lowest
    assert Fraction(found) <= sum(Fraction(float(c)) * x for c, x in zip(cost, exact, strict=True))
    assert not is_infeasible(stated(rows, least, most, np.ones(shape[1]), cost), duals)


def test_a_column_without_an_upper_bound_whose_cost_is_rounded_below_0_is_held_by_its_row() -> None:
    """Money 3 a - m = 0 at a dual 1e-13 too high: m would earn without end."""
    programme = stated([[3, -1], [1, 0]], [0, 0.5], [0, INF], (1.0, INF), (0.0, 1.0))
    found = proven(programme, programme.cost, np.array([-1.0 - 1e-13, 3.0])).lowest
    assert found == pytest.approx(1.5, rel=1e-12)


def test_that_nothing_keeps_the_rows_takes_a_proof() -> None:
    none = stated([[1, 1], [1, -1]], [1.5, 0.8], [INF, INF])  # together 2 a >= 2.3
    assert is_infeasible(none, np.ones(2))
    assert not is_infeasible(none, np.array([1.0, 0.0]))
    assert not is_infeasible(none, None)
    assert is_infeasible(stated([[1, 1]], [0.0], [INF], (1.0, -1.0)), None)


def said_by(monkeypatch, said) -> Solved:
    """What the least of a + 2b is, where the solver says of its answer what `said` makes of it."""
    solved = HighsRun.solved
    monkeypatch.setattr(HighsRun, "solved", lambda run, whole: said(solved(run, whole)))
    return LiveHighs(sums()).solve(False, Limits())


def test_a_solver_that_states_too_high_a_bound_is_not_believed(monkeypatch) -> None:
    found = said_by(monkeypatch, lambda solved: replace(solved, lowest=2.028))
    assert 2.0 * (1 - 1e-12) <= found.lowest <= 2.0


def test_nor_are_its_duals(monkeypatch) -> None:
    found = said_by(monkeypatch, lambda solved: replace(solved, duals=np.array([5.0, 0.0])))
    assert 0.5 * (1 - 1e-12) <= found.lowest <= 0.5


def test_nor_that_nothing_keeps_the_rows(monkeypatch) -> None:
    found = said_by(monkeypatch, lambda solved: Solved("infeasible", INF))
    assert (found.status, found.lowest) == ("none", -INF)


def test_what_presolve_alone_calls_impossible_is_asked_again_without_it(monkeypatch) -> None:
    solved = HighsRun.solved

    def stumbling(run: HighsRun, whole: bool) -> Solved:
        presolved = run.highs.getOptionValue("presolve")[1] != "off"
        return Solved("infeasible", INF) if presolved else solved(run, whole)

    monkeypatch.setattr(HighsRun, "solved", stumbling)
    live = LiveHighs(sums())
    found = live.solve(False, Limits())
    assert found.status == "optimal"
    assert 2.0 * (1 - 1e-12) <= found.lowest <= 2.0
    assert live.highs.getOptionValue("presolve")[1] == "choose"
