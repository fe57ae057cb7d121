"""The plans that a campaign is solved for, in order: customers first, the ordinary plan, the tailored one, the
plain one of most impressions."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.conflict.limits import change_text
from models.errors import GoalNotReached, InfeasiblePlan, NoPlanInTime, SolverFailure
from models.problem.certificate import Allocation, relative_gap
from models.problem.goals import EffectiveFloor
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.search.allocate import Settings, allocate, strategy_of
from planner.campaign.prepare import Prepared
from planner.errors import Change, Explanation, NoPlan
from planner.errors import Problem as WorkbookProblem
from planner.no_plan.no_plan import explanation_of
from planner.planning.options import Clock, Options
from planner.planning.questions import (
    Solved,
    customer_problem,
    customers_first,
    ordinary_problem,
    other_questions,
    plain_problem,
)
from planner.planning.standing import standing_of

_LEAST_SECONDS = 3.0  # for saying why there is no plan, whatever is left of the limit


@dataclass(frozen=True, eq=False)
class Known:
    """Plans (plan_size,) to start from: the best for customers, the ordinary and the tailored one. for_customers,
    best_ordinary: answers to the very same questions, which need not be asked again; None = they must."""

    customers: Sequence[FloatArray] = ()
    ordinary: Sequence[FloatArray] = ()
    tailored: Sequence[FloatArray] = ()
    for_customers: Allocation | None = None
    best_ordinary: Allocation | None = None


def solve(prepared: Prepared, options: Options, clock: Clock, known: Sequence[FloatArray] = ()) -> Solved:
    """Every plan a campaign is compared by. known: plans (plan_size,) to start the tailored one from.

    Raises NoPlan with what conflicts, in the planner's words.
    """
    problem = prepared.problem
    # Respondents have a relaxation of their own for each question: no curve is stated for them.
    stated = strategy_of(problem) != "respondents"
    relaxation = Relaxation(problem, other_questions(prepared), options.solver) if stated else None
    ask = Ask(prepared, options, clock, relaxation)
    if problem.objective.saves_money:
        return cheapest(ask, known)
    return nearest(with_impressions(ask, best_plans(ask, Known(tailored=known))))


def with_impressions(ask: "Ask", solved: Solved) -> Solved:
    """With the plan of most impressions, which a plan's workbook tells too."""
    # Where only a search finds plans, a known one to fall back on; moves find their own.
    hard = strategy_of(ask.prepared.problem) != "by moves"
    starts = [solved.ordinary.decision, solved.tailored.decision] if hard else []
    ask.options.progress("beside it, most impressions")
    impressions = ask(plain_problem(ask.prepared), starts)
    ask.clock.lap("impressions plan")
    return replace(solved, impressions=impressions)


def best_plans(ask: "Ask", known: Known) -> Solved:
    """Customers first, the ordinary and the tailored plan. Raises NoPlan."""
    clock, options, prepared = ask.clock, ask.options, ask.prepared
    best = known.for_customers or _best_for_customers(ask, known.customers)
    customers, prepared = (None, prepared) if best is None else customers_first(prepared, best)
    starts = [] if best is None else [best.decision]
    problem, plain = prepared.problem, ordinary_problem(prepared)
    same = _same_objective(problem, plain)
    options.progress("2 of 3, the ordinary plan")
    ordinary, further = known.best_ordinary, known.tailored if same else ()
    if ordinary is None or _any_better(plain, further, ordinary):
        ordinary = ask(plain, [*starts, *known.ordinary, *further], 1 / 2, sharpen=True)
    clock.lap("ordinary plan")
    options.progress("3 of 3, the tailored plan")
    more = [ordinary.decision, *starts, *known.tailored]
    tailored = ordinary if same else ask(problem, more, sharpen=True)
    clock.lap("tailored plan")
    return Solved(problem, customers, ordinary, tailored, None, ask.relaxation, best)


def _any_better(problem: Problem, plans: Sequence[FloatArray], found: Allocation) -> bool:
    """Whether a known plan (plan_size,) that keeps all rules is worth more than the one found."""
    size = problem.columns.plan_size
    fitting = (plan for plan in plans if len(plan) == size and problem.value(plan) > found.value)
    return any(not problem.broken(plan) for plan in fitting)


def cheapest(ask: "Ask", known: Sequence[FloatArray]) -> Solved:
    """The plan that meets the goals for least money: there is nothing to tailor, and nobody comes first."""
    ask.options.progress("the cheapest plan")
    problem = ask.prepared.problem
    found = ask(problem, known, sharpen=True)
    ask.clock.lap("cheapest plan")
    return Solved(problem, None, found, found, found, ask.relaxation)


@dataclass(frozen=True, eq=False)
class Ask:
    """Asks the campaign's one relaxation; a problem without a plan is explained by the campaign's rules and goals.
    quick: an answer within the gap is enough."""

    prepared: Prepared
    options: Options
    clock: Clock
    relaxation: Relaxation | None
    quick: bool = False

    def __call__(
        self, problem: Problem, starts: Sequence[FloatArray], share: float = 1.0, sharpen: bool = False
    ) -> Allocation:
        """The best plan from known ones on, in a share of the time left; where that brings none, in all of it."""
        options, further, seconds = self.options, sharpen and not self.quick, share * self.clock.left()
        settings = Settings(options.gap, seconds, options.solver, further, further, options.more)
        try:
            return _run(self.prepared, problem, options, settings, starts, self.relaxation)
        except NoPlanInTime:
            if share >= 1:
                raise
        return self(problem, starts, sharpen=sharpen)


def _run(
    prepared: Prepared,
    problem: Problem,
    options: Options,
    settings: Settings,
    starts: Sequence[FloatArray],
    relaxation: Relaxation | None,
) -> Allocation:
    """Allocate; an infeasible problem is explained by the campaign's own rules and goals."""
    started, seconds = time.perf_counter(), settings.seconds
    try:
        return allocate(problem, settings, starts, relaxation)
    except GoalNotReached as error:
        left = max(seconds - (time.perf_counter() - started), seconds / 3)
        raise _goal_not_reached(prepared, error, options, left) from error
    except InfeasiblePlan as error:
        raise _no_plan(prepared, options, seconds - (time.perf_counter() - started)) from error
    except SolverFailure as error:
        if not problem.effective:
            raise
        # Reach n times or more has no programme that could prove anything: the search ends with the time.
        left = seconds - (time.perf_counter() - started)
        explained = _no_plan(prepared, options, max(left, seconds / 3))
        raise (explained if isinstance(explained, NoPlan) and _says_enough(explained) else error) from error


def _says_enough(explained: NoPlan) -> bool:
    """Whether an explanation may stand for a search that time ended: a conflict that time left unfinished proves
    nothing."""
    why = explained.explanation
    return bool(why.conflict) and (why.minimal or not why.proven)


def _no_plan(prepared: Prepared, options: Options, seconds: float) -> InfeasiblePlan | SolverFailure:
    """Why there is no plan, found within the time there is (a few seconds in any case)."""
    if not options.explain:
        return NoPlan("No plan satisfies the campaign.")
    options.progress("no plan: looking for the reason")
    why = explanation_of(prepared, max(seconds, _LEAST_SECONDS))
    if why is None:
        return NoPlanInTime(
            "The solver found no plan, but one exists; try the other solver, or allow more time."
        )
    if not why.conflict:
        return NoPlan("No plan satisfies the campaign.", why)
    if not why.proven:
        return NoPlan("No plan was found that satisfies the campaign: these may not all hold.", why)
    if not why.minimal:
        return NoPlan("No plan satisfies the campaign; as far as was searched, these cannot all hold.", why)
    return NoPlan("No plan satisfies the campaign: these cannot all hold.", why)


def _goal_not_reached(prepared: Prepared, error: GoalNotReached, options: Options, seconds: float) -> NoPlan:
    """What is known of a goal on n+ reach that no plan meets, in words: a proof only where there is one. What would
    change that is looked for in the time there is (a few seconds in any case)."""
    goal = _goal_of(prepared, error)
    told = WorkbookProblem(prepared.goals.cells[error.goal], goal.sentence())
    why = None
    if options.explain:
        options.progress("no plan: looking for ways out")
        why = explanation_of(prepared, max(seconds, _LEAST_SECONDS))
    if why is None or not why.conflict:
        why = Explanation((told,), proven=False, finished=False)
    if not why.proven:  # where rows alone prove nothing, the goal's own bound still may
        why = replace(why, conflict=(told,), proven=error.proven)
    return NoPlan(_shortfall_text(goal, error), _with_nearest(prepared, error, why))


def _goal_of(prepared: Prepared, error: GoalNotReached) -> EffectiveFloor:
    return next(goal for goal in prepared.goals.effective if goal.id == error.goal)


def _shortfall_text(goal: EffectiveFloor, error: GoalNotReached) -> str:
    """That a goal is not reached, and how surely; figures are rounded away from what is not known, to as many decimals
    as tell what is possible from what is asked for."""
    size, steps = goal.everyone, (1000, 10_000, 100_000)
    step = next((n for n in steps if np.ceil(n * error.possible / size) < n * goal.limit), steps[0])
    decimals = len(str(step)) - 3
    wanted = f"{100 * goal.limit:g} % of {goal.audience} {goal.times} times or more"
    possible = f"{100 * np.ceil(step * error.possible / size) / step:.{decimals}f} %"
    reached = (
        None
        if error.reached is None
        else f"{100 * np.floor(step * error.reached / size) / step:.{decimals}f} %"
    )
    found = "" if reached is None else f"; the best found reaches {reached}"
    if error.proven:
        return f"No plan within the rules reaches {wanted}: more than {possible} is impossible{found}."
    known = f": only more than {possible} is known to be impossible." if error.possible < size else "."
    return f"No plan that reaches {wanted} was found{found}. That none exists is not proven{known}"


def _with_nearest(prepared: Prepared, error: GoalNotReached, why: Explanation) -> Explanation:
    """The explanation with what the search for the goal itself came nearest with, where that is a way out and none
    nearer is known."""
    if error.reached is None or not error.alone:
        return why
    goal, cell = _goal_of(prepared, error), prepared.goals.cells[error.goal]
    nearer = goal.eased_to(error.reached)
    change = round(100 * (nearer.limit - goal.limit), 6)
    here = [other for other in why.changes if other.cell == cell]
    if any((other.change or -np.inf) >= change for other in here):
        return why
    nearest = Change(cell, change_text(goal, nearer), change, "percentage points")
    others = tuple(other for other in why.changes if other.cell != cell)
    return replace(why, changes=(*others, nearest))


def _best_for_customers(ask: Ask, known: Sequence[FloatArray]) -> Allocation | None:
    """The plan of the best reach among customers; None where they do not come first."""
    first = customer_problem(ask.prepared)
    if first is None:
        return None
    ask.options.progress("1 of 3, customers first")
    best = ask(first, known, 1 / 3)
    ask.clock.lap("customers first")
    return best


def _same_objective(problem: Problem, plain: Problem) -> bool:
    """Whether tailoring changes nothing: every weight 1, nothing earned."""
    own, other = problem.objective, plain.objective
    return (
        not len(own.earned.worth)
        and own.effective is None
        and bool(
            np.array_equal(own.segment_worth, other.segment_worth)
            and np.array_equal(own.insertion_worth, other.insertion_worth)
        )
    )


def nearest(solved: Solved) -> Solved:
    """The ordinary plan in the tailored one's place where it is as good, within the gap asked."""
    tailored, ordinary = solved.tailored, solved.ordinary
    if standing_of(solved.problem, tailored, ordinary, tailored.gap).measurable:
        return solved
    value = solved.problem.value(ordinary.decision)
    if relative_gap(value, tailored.bound) > tailored.gap_asked:
        return solved
    return replace(
        solved, tailored=replace(tailored, insertions=ordinary.insertions, plan=ordinary.plan, value=value)
    )
