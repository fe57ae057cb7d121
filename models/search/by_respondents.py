"""The order of work on respondents (models.respondents): no curve is stated, their worth is one concave function.

1. The relaxation of the worth itself: its linear programme bounds every plan, and where insertions may be parts it
   is the answer.
2. Whole plans near it: each number rounded down or up, by a small whole-number search; local search on the exact worth.
   Where about one of each is bought, or more, that is within the gap.
3. The same on the roof that no whole plan passes (models.respondents.curves), much lower where little is bought.
4. A tree of roofs: vehicles are bought or not (models.search.respondent_tree), where a plan is insertions only.
5. What no better plan can hold is settled by reduced costs; then a whole-number search over the rest, tangents added
   at its answers, until the gap is closed or these searches tell nothing more.

Where people count who are met several times there is a loose bound and local search of its own
(models.search.respondent_contacts). Goals on them are kept by every plan, and bound it by what is necessary; where no
plan at hand meets them, each in turn is the objective (models.search.goals_met).
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.goals import Effective
from models.problem.problem import Problem, rounded
from models.programme.plans.completion import cheapest_completion
from models.programme.reduced_costs import still_possible
from models.programme.respondents.relaxation import Bounded, Known, RespondentRelaxation
from models.respondents.curves import Curve, Often, Roof
from models.respondents.model import RespondentModel
from models.search.everywhere import around
from models.search.goals_met import OftenWork
from models.search.respondent_contacts import ContactMoves, Met
from models.search.respondent_moves import RespondentMoves
from models.search.respondent_tree import RespondentTree
from models.search.work import Work

_TOLERANCE = 0.2  # of the gap asked: how near value and bound of the relaxation must come
_FINEST = 1e-7
_NEAR_SECONDS = 5.0
_PATIENCE = 400  # whole-number searches
_IN_VAIN, _LEAST_CLOSED = 4, 0.02  # of them, that closed less of the gap and found no better plan
_SHAKES = 20
_PARTS, _IN_A_PART = 4_000, 10  # groups times vehicles, at most; respondents in a group, at least
_SHAKING = 0.5  # of the time
_DRAWS, _FEW_DRAWS, _DRAWING = 20, 6, 0.3  # plans drawn next to the roof's point, and of the time


def by_respondents(work: Work) -> None:
    """Search, in the order above."""
    problem = work.problem
    model = problem.model
    assert isinstance(model, RespondentModel)
    if problem.objective.effective is not None:
        _met_often(work, model, problem.objective.effective)
        return
    plain = RespondentRelaxation(problem, model.exposure, Curve(), work.deadline)
    found = _bounded(work, plain, work.starts)
    if not problem.whole:
        _offer_point(work, plain.within_rules(found.point))
        if work.best is None and problem.effective:  # of whole insertions, where parts meet them only roughly
            work.offer(work.ask(replace(problem, whole=True), work.settings, (), None).decision)
        return
    _near(work, plain, found)
    if problem.effective:
        _goals_met(work, model)
    if not work.closed():
        _moved(work, model)
    if work.closed():  # polishing it further takes longer than finding it
        return
    known: Known = {}
    roof = RespondentRelaxation(problem, model.exposure, Roof(), work.deadline, known)
    roof.best = roof.cut_at(found.point)
    found = _bounded(work, roof, work.starts if work.best is None else [*work.starts, work.best])
    _near(work, roof, found)
    if not work.closed():
        _drawn(work, model, found)
    if not work.closed():
        _moved(work, model, work.settings.thorough)
    if not work.closed() and problem.insertions_only and work.best is not None:
        RespondentTree(work, model.exposure, found, known).grow()
    if not work.closed():
        _everywhere(work, roof, found, model)


def _goals_met(work: Work, model: RespondentModel) -> None:
    """A plan that meets the goals on n+ reach; for least money, one that nothing can be left out of. Raises
    GoalNotReached."""
    if work.best is None:
        work.settings.progress("goals on those met often enough")
        OftenWork(work).seek()
    if work.problem.objective.saves_money and work.best is not None:
        counted = work.problem.effective[0].counted
        moves = ContactMoves(work.problem, model.exposure, counted, work.deadline)
        _offer_bought(work, moves, moves.cheapened(np.rint(work.insertions(work.best)).astype(np.int64)))


def _met_often(work: Work, model: RespondentModel, effective: Effective) -> None:
    """Where people count who are met several times: the bound is loose by its nature, and the best of several starts,
    improved, is the plan. No certificate."""
    relaxation = RespondentRelaxation(work.problem, model.exposure, Often(effective.times), work.deadline)
    found = _bounded(work, relaxation, work.starts)
    if work.problem.whole:
        _near(work, relaxation, found)
    else:
        _offer_point(work, relaxation.within_rules(found.point))
    work.settings.progress("local search on those met often enough")
    starts = [
        np.floor(work.insertions(plan) + 1e-6) for plan in (*work.starts, work.best) if plan is not None
    ]
    moves = ContactMoves(work.problem, model.exposure, effective, work.deadline)
    for state in moves.plans([start.astype(np.int64) for start in starts]):
        _offer_bought(work, moves, state)
        if work.value >= work.settings.enough:
            return


def _offer_bought(work: Work, moves: ContactMoves, state: Met) -> None:
    """Insertions, with the packages and weeks that go with them."""
    plan = moves.within.plan(state.insertions.astype(float))
    if plan is not None:
        work.offer(plan)


def _bounded(work: Work, relaxation: RespondentRelaxation, starts: Sequence[FloatArray]) -> Bounded:
    """A relaxation from known plans, and what it says of all plans. Raises InfeasiblePlan, or GoalNotReached where its
    own bound rules out a goal on n+ reach."""
    for start in starts:
        relaxation.cut_at(_columns(work.problem, start))
    try:
        found = relaxation.relax(max(_TOLERANCE * work.gap, _FINEST))
    except InfeasiblePlan:
        if work.problem.effective:
            OftenWork(work).which_goal()
        raise
    if found.bound < work.bound:
        work.bound, work.duals = found.bound, found.duals
    work.settings.progress(f"bound {abs(work.bound):,.1f}")
    return found


def _columns(problem: Problem, plan: FloatArray) -> FloatArray:
    """A plan (plan_size,) in the columns of the programme; only its insertions matter to tangents."""
    z = np.zeros(len(problem.system.lower))
    z[: min(len(plan), len(z))] = plan[: len(z)]
    return z


def _offer_point(work: Work, point: FloatArray) -> bool:
    """A point of the programme, made whole and completed where that is needed."""
    plan = rounded(work.problem, point)
    if work.offer(plan):
        return True
    if work.problem.insertions_only:
        return False
    completed = cheapest_completion(work.problem, work.problem.columns.insertions(plan))
    return completed is not None and work.offer(completed)


def _near(work: Work, relaxation: RespondentRelaxation, found: Bounded) -> None:
    """Each number of insertions rounded down or up; wider where no plan is found so."""
    problem = work.problem
    for step in (0.0, 1.0, 3.0):
        bounds, seconds = around(problem, work.insertions(found.point), step), max(work.left() / 3, 0.5)
        point, _ = relaxation.search(*bounds, 0.2 * work.gap, min(_NEAR_SECONDS, seconds), nodes=300)
        if point is not None:
            whole = relaxation.cut_at(np.where(problem.system.whole, np.rint(point), point))
            _offer_point(work, whole.z)
        if work.best is not None or work.left() <= 0:
            return


def _moved(work: Work, model: RespondentModel, shaken: bool = False) -> None:
    """Local search from the best plan, where a plan is insertions only."""
    problem = work.problem
    if not problem.insertions_only or problem.objective.saves_money:
        return
    moves = RespondentMoves(problem, model.exposure, work.deadline)
    starts = [] if work.best is None else [np.rint(work.best).astype(np.int64)]
    if moves.within.rows_allow(moves.within.lower.astype(float)) and work.best is None:
        starts.append(moves.within.lower)
    enough = work.bound * (1 - 0.01 * work.gap)
    for start in starts:
        work.settings.progress("local search")
        found = moves.improved(start, enough)
        work.offer(found.insertions.astype(float))
        if shaken and moves.keeps(found):
            moves.deadline = min(work.deadline, time.monotonic() + _SHAKING * work.left())
            work.offer(moves.shaken(found, _SHAKES, enough).insertions.astype(float))


def _drawn(work: Work, model: RespondentModel, found: Bounded) -> None:
    """Local search from plans drawn next to the roof's point, where a plan is insertions only."""
    problem = work.problem
    if not problem.insertions_only or problem.objective.saves_money:
        return
    work.settings.progress("plans next to the bound")
    moves = RespondentMoves(problem, model.exposure, time.monotonic() + _DRAWING * work.left())
    tries = _DRAWS if work.settings.thorough else _FEW_DRAWS
    best = moves.drawn(found.point[: problem.n_vehicles], tries, work.bound * (1 - 0.01 * work.gap))
    if best is not None:
        work.offer(best.insertions.astype(float))


def _everywhere(work: Work, relaxation: RespondentRelaxation, found: Bounded, model: RespondentModel) -> None:
    """Whole-number searches over what may still be part of a better plan."""
    problem = work.problem
    if work.best is not None:
        relaxation.cut_at(_columns(problem, work.best))
    relaxation.split(min(_PARTS // problem.n_vehicles, model.exposure.size // _IN_A_PART))
    in_vain = 0
    for _ in range(_PATIENCE):
        if work.closed() or work.left() <= 0 or (in_vain >= _IN_VAIN and work.best is not None):
            return
        before, bound_before = work.value, work.bound
        system = problem.system
        box = still_possible(
            found.bound, found.reduced, system.whole, (system.lower, system.upper), work.value
        )
        size = min(abs(work.value), abs(work.bound))
        goal = work.value + 0.5 * work.gap * size if work.best is not None else -np.inf
        point, bound = relaxation.search(*box, 0.3 * work.gap, work.left(), above=goal)
        work.bound = min(work.bound, max(bound, work.value))
        work.tell("whole-number search")
        if point is None:
            if work.best is None and bound == -np.inf:  # of tangents above the curves, anywhere
                raise InfeasiblePlan
            return
        whole = relaxation.cut_at(np.where(problem.system.whole, np.rint(point), point))
        _offer_point(work, whole.z)
        if work.value > before:
            _moved(work, model)
        closed = bound_before - work.bound > _LEAST_CLOSED * (bound_before - before)
        in_vain = 0 if closed or work.value > before else in_vain + 1
