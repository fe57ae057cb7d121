"""What solvers answer, read as they mean it: statuses, bounds, and values only where they are feasible."""

import time
from typing import Any

import numpy as np
import pulp
import pytest

from models.errors import SolverFailure
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.answers import Found, Relaxed
from models.programme.relaxation import Relaxation
from models.programme.solvers.highs import LiveHighs
from models.programme.solvers.highs_quiet import SolverName, solve_once
from models.programme.solvers.linear_programme import LinearProgramme, rows_of
from models.programme.solvers.solver import Limits
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.rule import Rule
from models.rules.vehicle_limit import VehicleLimit

SOLVERS: tuple[SolverName, ...] = ("highs", "cbc")
BOTH = pytest.mark.parametrize("solver", SOLVERS)
# CBC hands its answer over as text of eight digits; HiGHS keeps rows to 1e-10.
EIGHT_DIGITS = 1e-6


def problem_of(rules: tuple[Rule, ...], whole: bool = True, seed: int = 0, vehicles: int = 2) -> Problem:
    """Vehicles in two media, three segments, at most 4 insertions each; whoever is reached counts once."""
    rng = np.random.default_rng(seed)
    rating = rng.uniform(0.02, 0.2, vehicles) * rng.uniform(0.7, 1.3, (3, vehicles))
    model = calibrate(
        Audiences(
            tuple(f"v{j}" for j in range(vehicles)), ("m0", "m1"), np.arange(vehicles) % 2,
            np.array([500.0, 300.0, 200.0]), rating, np.full(vehicles, 0.5), np.zeros(vehicles, dtype=bool),
        ),
        Duplication(1.3, np.array([1.5, 1.8]), np.array([1.0, 1.0, 0.6])),
    )  # fmt: skip
    cost = rng.integers(2, 10, vehicles).astype(float) if vehicles > 2 else np.array([2.0, 2.0])
    worth = model.population * rng.uniform(1, 3, 3)
    objective = Objective("reach", "people", worth, np.zeros(vehicles))
    return Problem(model, Tariff(cost), np.full(vehicles, 4.0), objective, rules, whole=whole)


def random_problem(seed: int, whole: bool) -> Problem:
    """Six vehicles with a budget, a share and a minimum that leave room."""
    bare = problem_of((), whole, seed, vehicles=6)
    rules = (
        Budget("budget", Tariff(bare.cost), 45.0),
        GroupLimit("share", "m1", np.array([1, 3, 5]), "share", "<=", 0.55, Tariff(bare.cost)),
        VehicleLimit("minimum", 2, "v2", "minimum", ">=", 1.0),
    )
    return problem_of(rules, whole, seed, vehicles=6)


def asked(relaxation: Relaxation, whole: bool, seconds: float = 60, gap: float = 0.0) -> Found | Relaxed:
    """One search, or one relaxation."""
    relaxation.deadline = time.monotonic() + seconds
    return relaxation.search(gap=gap) if whole else relaxation.relax_once()


def solve(problem: Problem, solver: SolverName, whole: bool, gap: float = 0.0) -> Found | Relaxed:
    return asked(Relaxation(problem, solver=solver), whole, gap=gap)


def highs_of(relaxation: Relaxation) -> Any:
    """The solver itself."""
    assert isinstance(relaxation.live, LiveHighs)
    return relaxation.live.highs


def money(sense: str, amount: float) -> GroupLimit:
    """Over both vehicles, each at 2 an insertion."""
    return GroupLimit(
        f"money {sense}", "all", np.array([0, 1]), "money", sense, amount, Tariff(np.full(2, 2.0))
    )  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize("whole", [True, False])
def test_a_programme_that_has_an_answer_is_optimal(solver: SolverName, whole: bool) -> None:
    """Five insertions at 2 with 10 to spend: all of it is spent, for reach always grows."""
    problem = problem_of((money("<=", 10),), whole)
    answer = solve(problem, solver, whole)
    assert answer.status == "optimal"
    assert answer.point is not None
    assert answer.point.sum() == pytest.approx(5, abs=EIGHT_DIGITS)
    assert problem.broken(np.round(answer.point, 6)) == ()


@BOTH
@pytest.mark.parametrize("whole", [True, False])
def test_rows_that_no_numbers_satisfy_are_infeasible(solver: SolverName, whole: bool) -> None:
    """At least 17 of money, and 8 insertions at 2 are all there is."""
    answer = solve(problem_of((money(">=", 17),), whole), solver, whole)
    assert answer.status == "infeasible"
    assert answer.point is None
    assert answer.bound == -np.inf


@BOTH
def test_rows_that_only_fractions_satisfy_are_infeasible_for_whole_insertions(solver: SolverName) -> None:
    """Exactly 5 of money at 2 an insertion: two and a half insertions."""
    rules = (money(">=", 5), money("<=", 5))
    assert solve(problem_of(rules, whole=False), solver, whole=False).status == "optimal"
    answer = solve(problem_of(rules), solver, whole=True)
    assert answer.status == "infeasible"
    assert answer.point is None


class NoValues:
    """HiGHS, but its solution must not be asked for."""

    def __init__(self, highs: Any) -> None:
        self._highs = highs

    def __getattr__(self, name: str) -> Any:
        assert name != "getSolution", "values were read though none are feasible"
        return getattr(self._highs, name)


def test_values_are_not_read_where_highs_has_none() -> None:
    relaxation = Relaxation(problem_of((money(">=", 17),)))
    relaxation.live.run.highs = NoValues(highs_of(relaxation))  # type: ignore[attr-defined]
    assert asked(relaxation, whole=True).point is None


def test_values_are_not_read_where_cbc_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    relaxation = Relaxation(problem_of((money(">=", 17),)), solver="cbc")

    def refuse(_: pulp.LpVariable) -> float:
        raise AssertionError("values were read though none are feasible")

    monkeypatch.setattr(pulp.LpVariable, "value", refuse)
    assert asked(relaxation, whole=False).status == "infeasible"


def test_highs_stopped_before_a_point_has_none_and_no_bound() -> None:
    """Stopped at iteration 0, as a time limit would: HiGHS holds numbers, but they satisfy nothing."""
    relaxation = Relaxation(problem_of((money(">=", 4),), whole=False))
    highs_of(relaxation).setOptionValue("presolve", "off")
    highs_of(relaxation).setOptionValue("simplex_iteration_limit", 0)
    answer = asked(relaxation, whole=False)
    assert answer.status == "none"
    assert answer.point is None
    assert answer.bound == np.inf


def test_highs_stopped_with_a_point_is_feasible_and_its_bound_holds() -> None:
    problem = random_problem(2, whole=True)
    best = solve(problem, "highs", whole=True)
    relaxation = Relaxation(problem)
    highs_of(relaxation).setOptionValue("mip_max_improving_sols", 1)
    highs_of(relaxation).setOptionValue("presolve", "off")
    answer = asked(relaxation, whole=True)
    assert answer.status == "feasible"
    assert answer.point is not None
    assert problem.broken(np.rint(answer.point)) == ()
    assert answer.bound >= best.bound * (1 - 1e-9)


@BOTH
@pytest.mark.parametrize("whole", [True, False])
def test_out_of_time_no_more_is_claimed_than_is_known(solver: SolverName, whole: bool) -> None:
    """Whatever the solver manages in no time at all, its bound is above the best plan and its point is one."""
    problem = random_problem(3, whole)
    best = solve(problem, solver, whole)
    answer = asked(Relaxation(problem, solver=solver), whole, seconds=0)
    assert answer.status in ("optimal", "feasible", "none")
    assert answer.bound >= best.bound * (1 - EIGHT_DIGITS)
    assert (answer.point is None) == (answer.status == "none")


@pytest.mark.parametrize(
    ("values", "solution", "status"),
    [
        ((4.0, 4.0), pulp.LpSolutionIntegerFeasible, "none"),
        ((0.0, 0.0), pulp.LpSolutionIntegerFeasible, "feasible"),
    ],
)
def test_what_cbc_calls_optimal_at_a_time_limit_is_checked(
    values: tuple[float, float], solution: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CBC at its time limit says Optimal and fills in values, feasible or not (8 insertions cost 16, not 10)."""

    def at_the_limit(lp: pulp.LpProblem, *_: object) -> None:
        for variable in lp.variables():
            variable.varValue = dict(zip(("x_0", "x_1"), values, strict=True)).get(variable.name, 0.0)
        lp.status, lp.sol_status = pulp.LpStatusOptimal, solution

    relaxation = Relaxation(problem_of((money("<=", 10),)), solver="cbc")
    monkeypatch.setattr(pulp.LpProblem, "solve", at_the_limit)
    answer = asked(relaxation, whole=True)
    assert answer.status == status
    assert answer.bound == np.inf


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("whole", [True, False])
def test_highs_and_cbc_agree(seed: int, whole: bool) -> None:
    problem = random_problem(seed, whole)
    highs, cbc = (solve(problem, solver, whole) for solver in SOLVERS)
    assert highs.status == cbc.status == "optimal"
    assert cbc.bound == pytest.approx(highs.bound, rel=EIGHT_DIGITS)


@BOTH
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("whole", [True, False])
def test_the_bound_is_above_every_plan(solver: SolverName, seed: int, whole: bool) -> None:
    """Above the exact worth of its own point, and of a thousand random plans that keep the rules."""
    problem = random_problem(seed, whole)
    answer = solve(problem, solver, whole)
    assert answer.point is not None
    own = np.rint(answer.point) if whole else answer.point
    assert answer.bound >= problem.value(own) * (1 - EIGHT_DIGITS)
    rng = np.random.default_rng(seed)
    plans = rng.integers(0, 5, (1000, 6)).astype(float)
    kept = [plan for plan in plans if not problem.broken(plan)]
    assert len(kept) > 20
    assert answer.bound >= max(problem.value(plan) for plan in kept) * (1 - EIGHT_DIGITS)


@BOTH
def test_tangents_at_its_answer_lower_the_bound_and_never_below_the_best(solver: SolverName) -> None:
    problem = random_problem(4, whole=False)
    relaxation = Relaxation(problem, solver=solver)
    bounds = []
    for _ in range(4):
        answer = asked(relaxation, whole=False)
        assert answer.point is not None
        bounds.append(answer.bound)
        best = problem.value(answer.point)
        relaxation.cut_at(answer.point)
    assert bounds[-1] < bounds[0]
    assert bounds[-1] >= best * (1 - EIGHT_DIGITS)
    # The tangents at a point make the programme exact there.
    assert bounds[-1] == pytest.approx(best, rel=1e-4)


@BOTH
def test_bounds_of_insertions_change_in_place(solver: SolverName) -> None:
    problem = problem_of((money("<=", 10),))
    relaxation = Relaxation(problem, solver=solver)
    free = relaxation.search()
    held = relaxation.search(np.array([1.0, 0.0]), np.array([1.0, 2.0]))
    assert held.point is not None
    assert held.point.round(6).tolist() == [1, 2]
    assert held.bound < free.bound
    # Tangents at the first answer are there by now, and lower the bound no further than to the best plan.
    again = relaxation.search()
    assert free.value * (1 - EIGHT_DIGITS) <= again.bound <= free.bound * (1 + EIGHT_DIGITS)


@BOTH
def test_a_vehicle_that_cannot_be_bought_has_no_insertions(solver: SolverName) -> None:
    problem = problem_of((money("<=", 10), VehicleLimit("maximum", 1, "v1", "maximum", "<=", 0.0)))
    answer = solve(problem, solver, whole=True)
    assert answer.point is not None
    assert answer.point.tolist() == [4, 0]


def test_a_search_that_fails_leaves_the_programme_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tangents that it did without hold again: whoever catches the failure asks on."""
    relaxation = Relaxation(problem_of((money("<=", 10),)))
    relaxation.relax(1e-6)
    before = relaxation.live.programme.most.copy()

    def fail(whole: bool, limits: Limits) -> None:
        assert (relaxation.live.programme.most != before).any()
        raise SolverFailure("it fails")

    monkeypatch.setattr(relaxation.live, "solve", fail)
    with pytest.raises(SolverFailure):
        relaxation.search(np.ones(2), np.ones(2))
    assert (relaxation.live.programme.most == before).all()


def hard() -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Two rows of 30 yes or no, to be met as nearly as can be: a market split, which no relaxation helps with."""
    rng = np.random.default_rng(7)
    lp = pulp.LpProblem("hard", pulp.LpMinimize)
    x = [lp.add_variable(f"x_{j}", 0, 1, pulp.LpInteger) for j in range(30)]
    away = [lp.add_variable(f"away_{i}", 0, None) for i in range(2)]
    for i, weights in enumerate(rng.integers(0, 1000, (2, 30))):
        pairs, half = [(v, float(a)) for v, a in zip(x, weights, strict=True)], float(weights.sum() // 2)
        lp.addConstraint(pulp.LpAffineExpression([*pairs, (away[i], -1.0)]) <= half, f"above_{i}")
        lp.addConstraint(pulp.LpAffineExpression([*pairs, (away[i], 1.0)]) >= half, f"below_{i}")
    lp.setObjective(pulp.LpAffineExpression([(v, 1.0) for v in away]))
    return lp, x


def test_a_search_that_its_nodes_end_has_the_same_answer_however_long_it_might_have_taken() -> None:
    answers = []
    for seconds in (60, 3600):
        lp, x = hard()
        assert solve_once(lp, seconds, 0.0, nodes=1) == "feasible"
        assert lp.valid(1e-6)
        answers.append([round(v.value()) for v in x])
    assert answers[0] == answers[1]
    assert 0 < sum(answers[0]) < 30


def test_a_programme_that_highs_does_not_take_is_no_programme_of_nothing() -> None:
    programme = LinearProgramme()
    programme.add_columns(["x", "y"], np.zeros(2), np.ones(2))
    at = np.zeros(2, dtype=np.int64), np.arange(2)
    steep = rows_of(*at, np.array([1.0, -1e80]), np.array([-np.inf]), np.zeros(1))
    with pytest.raises(SolverFailure):
        LiveHighs(programme).add_rows(steep)
    programme.add_rows(steep)
    with pytest.raises(SolverFailure):
        LiveHighs(programme)


@pytest.mark.parametrize("whole", [True, False])
def test_a_solver_that_failed_states_no_bound(whole: bool) -> None:
    assert LiveHighs(LinearProgramme()).run.solved(whole).lowest == -np.inf


def test_a_search_counts_its_seconds_from_where_it_begins_and_a_relaxation_from_where_the_solver_was_made() -> (
    None
):
    """HiGHS's searches have a clock of their own: with its seconds before added, each took that much longer."""
    relaxation = Relaxation(random_problem(2, whole=True))
    asked(relaxation, whole=True)
    highs, limits = highs_of(relaxation), Limits(seconds=5.0)
    before = highs.getRunTime()
    assert before > 0
    for whole, end in ((True, 5.0), (False, before + 5.0)):
        assert isinstance(relaxation.live, LiveHighs)
        relaxation.live.run.limit(whole, limits)
        assert highs.getOptionValue("time_limit")[1] == end
