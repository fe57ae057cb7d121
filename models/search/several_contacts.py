"""The order of work where people count who are met several times: as the objective, or in goals.

The programme knows of n+ reach only what is necessary (reach, and contacts / n), so its optimum is a loose upper limit,
and its plans are mere starts:

0. Where few schedules can be bought all are looked at, and the best is certain (models.search.often_listed for n+
   reach, some thousand plans for goals on it).
1. Goals only: the best plan without them. Where it meets them all the same it is the best with them, as certain.
2. The relaxation, to its curves, bounds every plan. No whole-number search follows: it could not close the gap.
3. Goals. The programme's rows are raised until its plan meets each goal exactly; where no plan does, every goal in
   turn is the objective, those before it kept. A goal above its own bound is impossible; one that is merely not
   reached is said to be so (GoalNotReached).
4. From all plans known, local search: on exact n+ reach (models.search.effective_moves), on money
(models.search.cheapest_moves), or on reach while the goals hold (models.search.reach_moves).
5. The bound is lowered by planes above n+ reach (models.search.often_bound).

The search ends by itself; that is no time-out. The gap that is left is the bound's, as a rule.
"""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, PlanningError, SolverFailure
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.problem.response import response_of
from models.programme.plans.completion import Completion
from models.programme.plans.feasible import FEW, feasible_plan
from models.programme.relaxation import keeps_everything
from models.purchase.columns import SMALLEST
from models.search.cheapest_moves import CheapestSearch
from models.search.effective_moves import EffectiveSearch
from models.search.everywhere import search_around_best
from models.search.goals_met import OftenWork
from models.search.often_bound import closer_bound
from models.search.often_listed import by_listing
from models.search.reach_moves import Search
from models.search.work import Work

_WEIGHTS = 5  # of a goal against the objective
_PARTS = 30  # vehicles that a rest of money is tried on
_NEXT_TO_NOTHING = 1e-6
_FOR_THE_BOUND = 0.2  # of the time
_WAYS_SECONDS = 2.0


def by_several_contacts(work: Work) -> None:
    """Search, in the order above."""
    problem = work.problem
    if work.tried_each(FEW) if problem.objective.effective is None else by_listing(work):
        return
    if problem.objective.effective is None:
        _regardless(work)
        if work.closed():
            return
    with work.kept_back(_FOR_THE_BOUND if work.settings.proof else 0.0):
        _find(OftenWork(work))
    if work.settings.proof:
        closer_bound(work)


def _find(often: OftenWork) -> None:
    """The best plan that local search finds from those next to the relaxation."""
    try:
        _relax(often)
    except InfeasiblePlan:
        often.which_goal()
        raise
    if often.work.best is None:
        _first_plan(often)
    effective = often.work.problem.objective.effective
    if effective is not None:
        _search_effective(often, effective)
    else:
        _search_otherwise(often)


def _first_plan(often: OftenWork) -> None:
    """A plan that meets the goals. Raises GoalNotReached."""
    work, problem = often.work, often.work.problem
    if problem.effective:
        often.raise_goals()
    if work.best is None and problem.whole and problem.objective.saves_money:
        found = CheapestSearch(problem, work.deadline).first()
        if found is not None:
            work.offer(found)
    if work.best is None:
        often.seek()


def _regardless(work: Work) -> None:
    """The best plan, whether it meets the goals on n+ reach or not; it bounds those that do. Raises InfeasiblePlan."""
    settings = replace(work.settings, seconds=max(work.left() / 4, 0.05))
    with suppress(SolverFailure):
        found = work.ask(replace(work.problem, effective=()), settings, work.starts, None)
        work.bound = min(work.bound, found.bound)
        if not work.offer(found.decision):
            work.starts.append(found.decision)


def _relax(often: OftenWork) -> None:
    """The bound, and whole plans next to its relaxation."""
    work = often.work
    tolerance, rounded_at = 0.1 * work.gap if work.integer else work.gap, np.inf
    for found in work.rounds(tolerance):
        near = found.loose <= tolerance
        if work.problem.whole and near and not work.sharp() and found.loose < rounded_at:
            rounded_at = found.loose
            often.near(found)
        elif not work.problem.whole:
            often.near(found)
        if work.closed():
            return


# --- 4: local search ---


def _search_effective(often: OftenWork, effective: Effective) -> None:
    """From all plans known, on exact n+ reach."""
    work = often.work
    search = EffectiveSearch(replace(work.problem, whole=True), effective, work.deadline)
    work.settings.progress("local search on those met often enough")
    assert work.best is not None
    starts = [np.floor(work.insertions(work.best)), *(np.floor(plan) for plan in often.known)]
    for insertions in search.best_of(_base(work), starts, work.settings.enough):
        plan = search.within.plan(insertions)
        if plan is not None:
            work.offer(plan)
    _cheaper_ways(work)
    if not work.problem.whole and work.problem.plain:
        _spend_the_rest(work, effective)


def _cheaper_ways(work: Work) -> None:
    """The best plan's insertions in packages and weeks that are cheap: worth says nothing of these, nor did the
    search."""
    if work.problem.insertions_only:
        return
    assert work.best is not None
    completion, insertions = Completion(work.problem), work.insertions(work.best)
    seconds = min(_WAYS_SECONDS, max(work.left(), 0.0))
    plan = completion.cheapest(insertions, seconds=seconds, gap=work.settings.gap)[0]
    total = work.problem.tariff.total
    if plan is not None and total(plan) < total(work.best) and keeps_everything(work.problem, plan):
        work.best = plan


def _spend_the_rest(work: Work, effective: Effective) -> None:
    """Where fractions are allowed: what the best plan leaves, on the parts of insertions that gain most."""
    problem = work.problem
    rate = effective.people @ problem.model.audiences.contacts / _price(problem)
    for j in np.argsort(-rate, kind="stable")[:_PARTS]:
        assert work.best is not None
        low, high, plan = 0.0, float(problem.system.upper[j] - work.best[j]), work.best
        for _ in range(30):  # as much as the rules allow, by halving
            middle = (low + high) / 2
            part = plan.copy()
            part[j] += middle
            low, high = (middle, high) if keeps_everything(problem, part) else (low, middle)
        part = plan.copy()
        part[j] += low
        if low >= SMALLEST:
            work.offer(part)


def _search_otherwise(often: OftenWork) -> None:
    """From the best plan that meets the goals, on money or on what the objective counts, while they are met."""
    work, problem = often.work, often.work.problem
    if not problem.whole:
        _search_wholes(work)
    elif not problem.insertions_only:
        work.relaxation.raise_floors(often.raised)
        search_around_best(work, often.within)
        work.relaxation.raise_floors(np.zeros_like(often.raised))
    assert work.best is not None
    if problem.whole and problem.objective.saves_money:
        work.settings.progress("making the plan cheaper")
        work.offer(CheapestSearch(problem, work.deadline).improve(work.best))
    elif problem.whole and problem.insertions_only:
        if work.settings.thorough:
            _weigh_goals(work)
        work.settings.progress("local search")
        response = response_of(problem)
        insertions = np.rint(work.insertions(work.best)).astype(np.int64)
        work.offer(Search(problem, response, work.deadline).improve(insertions).astype(float))


def _search_wholes(work: Work) -> None:
    """Where fractions are allowed: the best plan of whole insertions, and for least money each insertion less as
    far as everything still holds."""
    problem = work.problem
    settings = replace(work.settings, seconds=max(work.left() / 2, 0.05), proof=False)
    with suppress(PlanningError):
        work.offer(work.ask(replace(problem, whole=True), settings, (), None).decision)
    if not problem.objective.saves_money or not problem.plain:
        return
    for j in np.argsort(-problem.cost, kind="stable"):
        assert work.best is not None
        low, high = problem.system.lower[j], float(work.best[j])
        plan = work.best.copy()
        for _ in range(30):
            plan[j] = (low + high) / 2
            low, high = (low, plan[j]) if keeps_everything(problem, plan) else (plan[j], high)
        plan[j] = high
        work.offer(plan)


def _weigh_goals(work: Work) -> None:
    """The objective and the first goal weighed against each other in one worth, to find the weight at which the
    goal is just met: the best plan there is the best of those that reach so much of it (Lagrange). Then local
    search on the objective from all plans on the way that keep the goals."""
    problem, base, worth = work.problem, _base(work), _worth_of_reach(work)
    goal = problem.effective[0]
    if not worth.any():
        return
    assert work.best is not None
    weight = float(worth.sum()) / max(float(goal.people.sum()), 1e-300)
    least, most, at_most = 0.0, np.inf, None
    found = [work.insertions(work.best)]
    for _ in range(_WEIGHTS):
        if work.left() <= 0:
            return
        work.settings.progress("weighing the goal")
        effective = Effective(weight * goal.people, goal.times)
        search = EffectiveSearch(replace(problem, effective=()), effective, work.deadline, worth)
        found.append(search.greedy(base))
        work.offer(found[-1])
        if goal.holds(problem.outcome(found[-1])):
            most, at_most = weight, search
        else:
            least = weight
        weight = weight * 4 if np.isinf(most) else (least * most) ** 0.5 if least else weight / 4
    if at_most is not None:
        found.append(at_most.local_optimum(found[-1]))
    weightless = Effective(_NEXT_TO_NOTHING * weight * goal.people, goal.times)
    for plan in EffectiveSearch(problem, weightless, work.deadline, worth).best_of(base, found):
        work.offer(plan)


def _worth_of_reach(work: Work) -> FloatArray:
    """(n_segments,) worth of a little more reach, at the best plan."""
    assert work.best is not None
    objective, earned = work.problem.objective, work.problem.objective.earned
    reach = work.problem.model.reach_shares(work.insertions(work.best))
    if not len(earned.worth):
        return objective.segment_worth
    return np.asarray(
        objective.segment_worth + (earned.worth * np.exp(-earned.hearing @ reach)) @ earned.hearing
    )


def _base(work: Work) -> FloatArray:
    """(n_vehicles,) little bought, to buy greedily from."""
    problem = work.problem
    assert work.best is not None
    lower = np.ceil(problem.system.lower[: problem.n_vehicles] - 1e-9) + 0.0
    if problem.insertions_only and problem.system.feasible(lower):
        return lower
    cheap = feasible_plan(replace(problem, whole=True), -_price(problem))
    return np.floor(work.insertions(work.best)) if cheap is None else work.insertions(cheap)


def _price(problem: Problem) -> FloatArray:
    """(n_vehicles,) what an insertion costs; 1 where it has no price."""
    return np.where(problem.cost > 0, problem.cost, 1.0)
