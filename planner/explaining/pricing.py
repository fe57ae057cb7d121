"""What every price is judged by: the best plan, its bound, the worth of money; and a changed campaign as a problem."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.after.prices import dual_prices
from models.after.questions import Questions
from models.after.respondent_questions import Asked, RespondentQuestions
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.respondents.model import RespondentModel
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared
from planner.planning.variants import (
    found_by_lists,
    known_within_a_gap,
    searched_by_tree,
    settled_by_search,
    variant,
)

MANY_VEHICLES = 200
SHARP = 1e-5  # relative gap of the plans that prices are compared with: ten times as sharp as 0.01 %
MARGIN = 1e-6  # of its worth, by which a plan must beat another to decide a price
# Relative gap of plans where weeks, packages or discounts let none be sharp: further takes long.
WITHIN = 5e-4
NARROW = 1e-4  # that of the best plan, beside which all are held
_ONE_PART = 0.05  # of the time left, that one of very many plans may take
_LOOSE = 3e-5  # relative, to which their relaxation lies on its curves
_LOCAL = 2.0  # seconds of local search at most, per price tried
PART = 1e-4  # of an insertion: where fractions are allowed, less is none
NODES = 300  # of a search's tree, where more than insertions counts: what that does not settle takes long
_SEARCHES = 12_000  # of each programme there, by the square of vehicles: 3 of 60, unless asked for more
SETTLED = 2 * SHARP  # a best plan within this of its bound is settled
_DEAR_STEP = 1e-3  # by how much prices are raised to see in which rows they stand
_EASILY = 5e-3  # of the floor of customers first: by so much more it is out of the way
_ROOMY = 0.8  # of the quoted price, or the guessed: most questions are asked of prices above
_SPACING = (
    1e-3  # of a level: tangents so near to each other miss a curve by less than what prices are told by
)
_DEAR = 100_000  # segments times pieces of insertions: relaxations take a fifth of a second
PROGRAMMES = 4  # as many tasks as go side by side
_WINDOW = 1.25  # times as far below its relaxation as the base's best plan lies that of a changed campaign


@dataclass(frozen=True, eq=False)
class Base:
    """What every price is judged by.

    prepared: the campaign, under its customers-first floor. best: the best plan and its bound, to SHARP where searches
    settle that. relaxed: the relaxation. quoted: (n_vehicles,) unit costs, the budget where there is none. dual:
    (n_vehicles,) price at which the first insertion is worth its cost to the relaxation, nan where it cannot be read
    off. money_worth: worth of one more of the budget. remaining: seconds until the time limit. asked_first: the
    questions that found them; what follows goes on from there. thorough: whether searches that settle little go on.
    """

    prepared: Prepared
    best: Allocation
    relaxed: Relaxed
    quoted: FloatArray
    dual: FloatArray
    money_worth: float
    remaining: Callable[[], float]
    asked_first: Asked
    thorough: bool = False

    def left(self) -> float:
        """Seconds until the time limit, but for what plans have taken longer than they were given."""
        return self.remaining() - self.asked_first.late

    @property
    def campaign(self) -> Campaign:
        return self.prepared.campaign

    @property
    def plan(self) -> FloatArray:
        """(n_vehicles,) insertions of the best plan."""
        return self.best.insertions

    @property
    def whole_gap(self) -> float:
        """About by what share of it the best plan of a changed campaign is worth less than its relaxation."""
        return max(_WINDOW * (1 - self.best.value / self.relaxed.bound), SHARP)

    def local(self) -> float:
        """Seconds that one local search may take."""
        return min(_LOCAL, max(self.left(), 0.0))

    @property
    def many(self) -> bool:
        """Whether vehicles are so many that whole plans are searched for the nearest to their price alone."""
        return len(self.campaign.vehicles) > MANY_VEHICLES

    @cached_property
    def within_a_gap(self) -> bool:
        """Whether whole plans are known within a gap alone, and one programme is asked of every vehicle in turn: where
        weeks, packages and discounts are many, or leave the best plan itself open."""
        problem = self.prepared.problem
        open_ = searched_by_tree(problem) and self.best.gap > SETTLED
        return open_ or known_within_a_gap(problem)

    @cached_property
    def settles(self) -> bool:
        """Whether lists and searches settle which plan is best: always, or as they did the best plan itself."""
        problem = self.prepared.problem
        return settled_by_search(problem) or (found_by_lists(problem) and self.best.gap <= SETTLED)

    @cached_property
    def dear(self) -> bool:
        """Whether relaxations take so long that what one says of many prices is asked first (models.after.shifted)."""
        costs = self.relaxed.costs
        return costs is not None and costs.pieces.rate.size > _DEAR

    @property
    def lost_by_wholes(self) -> float:
        """What the best plan is worth less than the relaxation."""
        lost = self.relaxed.bound - self.best.value
        return lost if np.isfinite(lost) else 0.0

    def one_solve(self) -> float:
        """Seconds that one plan may take, of very many."""
        return max(self.left(), 0.1) * _ONE_PART

    @property
    def points(self) -> list[FloatArray]:
        """Plans at which relaxations are made exact first."""
        size = self.prepared.problem.columns.plan_size
        return [self.best.decision, *([] if self.relaxed.point is None else [self.relaxed.point[:size]])]

    @cached_property
    def programmes(self) -> list[Asked]:
        """Whom vehicles are asked of: few programmes, for what one has learnt of a vehicle serves the next. They are
        dealt out by place, and those of one are asked in turn, so that no number of threads can change a price."""
        if isinstance(self.asked_first, RespondentQuestions):
            return [self.asked_first.another() for _ in self.campaign.vehicles]
        if self.within_a_gap:
            return [self.asked_first]
        guess = np.where(self.dual > 0, np.fmin(self.dual, self.quoted), self.quoted)
        roomy = _at_prices(self.prepared, _ROOMY * guess).problem
        spacing = _SPACING if self.prepared.problem.whole else 0.0
        return [self._questions(roomy, spacing) for _ in range(PROGRAMMES)]

    def programme_of(self, place: int) -> int:
        """Which programme a vehicle is asked of."""
        return place % len(self.programmes)

    def asked(self, roomy: Problem) -> Asked:
        """Questions about problems like one, which offers as many insertions as any of them: the first ones go on where
        stating the programme costs more than asking it."""
        if isinstance(self.asked_first, RespondentQuestions):
            return self.asked_first.another()
        if self.within_a_gap:
            return self.asked_first
        return self._questions(roomy)

    @property
    def rules_share(self) -> bool:
        """Whether the cost of one rule is asked of the programme that was asked about another: not where searches
        decide, for they take longer, and find less, beside all that others have needed."""
        return self.within_a_gap or settled_by_search(self.prepared.problem)

    def _questions(self, roomy: Problem, spacing: float = 0.0) -> Questions:
        nodes = nodes_of(self.prepared.problem)
        few = max(_SEARCHES // max(len(self.campaign.vehicles), 1) ** 2, 1)
        searches = NO_LIMIT if nodes == NO_LIMIT or self.thorough else few
        return Questions(roomy, self.points, nodes=nodes, searches=searches, spacing=spacing)


def nodes_of(problem: Problem) -> int:
    """How many nodes a search may look at: as many as it takes where that is never long."""
    return NO_LIMIT if settled_by_search(problem) else NODES


def make_base(
    prepared: Prepared, plan: FloatArray, left: Callable[[], float], thorough: bool = False
) -> Base:
    """The best plan, from one (plan_size,) in hand, as sharp as searches settle it, and the relaxation."""
    problem, budget = prepared.problem, prepared.campaign.brief.budget
    roughly = known_within_a_gap(problem)
    questions = _first_questions(problem, plan)
    relaxed = questions.bound(problem, max(left() / 4, 0.1), tolerance=_LOOSE if roughly else 1e-7)
    seconds = max(left() / (10 if roughly else 4), 0.1)
    sharp = MARGIN / 2 if found_by_lists(problem) else SHARP
    best = best_near(questions, problem, plan, relaxed, seconds, NARROW, sharp)
    quoted = np.array([row.unit_cost or budget for row in prepared.campaign.vehicles])
    dual, money_worth = _duals(questions, prepared, quoted, relaxed, left)
    return Base(prepared, best, relaxed, quoted, dual, money_worth, left, questions, thorough)


def _first_questions(problem: Problem, plan: FloatArray) -> Asked:
    if isinstance(problem.model, RespondentModel):
        return RespondentQuestions(problem.model.exposure, nodes_of(problem))
    return Questions(problem, [plan], nodes=nodes_of(problem))


def best_near(
    questions: Asked,
    problem: Problem,
    plan: FloatArray,
    relaxed: Relaxed,
    seconds: float,
    within: float = WITHIN,
    sharp: float = SHARP,
    below: float | None = None,
) -> Allocation:
    """The best plan that a search finds from a plan (plan_size,), and the bound on all. within: the gap that is enough
    where plans are known within one; sharp: where searches find the best. below: about how far the best lies below the
    relaxation, as a share; as far as the plan where that is not known. Raises SolverFailure."""
    if not problem.system.whole[problem.system.used].any() and relaxed.point is not None:
        point = np.asarray(relaxed.point[: problem.columns.plan_size])
        value = max(problem.value(point), -np.inf)
        return Allocation(point[: problem.n_vehicles], value, max(relaxed.bound, value), SHARP, plan=point)
    if isinstance(questions, Questions) and known_within_a_gap(problem):
        return questions.within_gap(problem, within, seconds, [plan])
    value = problem.value(plan) if keeps_everything(problem, plan) else -np.inf
    below = _below(value, relaxed) if below is None else below
    found = questions.best_plan(problem, plan, max(below, sharp), seconds, sharp)
    chosen = found.plan if found.plan is not None else plan
    if not keeps_everything(problem, chosen):
        raise NoPlanInTime("The time limit ended the search for the best plan.")
    value, n = problem.value(chosen), problem.n_vehicles
    return Allocation(chosen[:n], value, max(min(found.bound, relaxed.bound), value), SHARP, plan=chosen)


def _below(value: float, relaxed: Relaxed) -> float:
    """By what share a plan worth so much lies below a relaxation, and a little more; where there is none, a guess."""
    return 1.05 * (1 - value / relaxed.bound) if np.isfinite(value) and relaxed.bound > 0 else 1e-3


def _duals(
    questions: Asked, prepared: Prepared, quoted: FloatArray, relaxed: Relaxed, left: Callable[[], float]
) -> tuple[FloatArray, float]:
    """(n_vehicles,) first guesses of prices from the relaxation, and the worth of money."""
    duals, budgets = relaxed.duals, {budget.id for budget in prepared.problem.budgets}
    if duals is None:
        return np.full(len(quoted), np.nan), 0.0
    of_budget = [rule_id in budgets for rule_id in prepared.problem.system.rule_ids]
    money_worth = float(duals.row_worth[of_budget].sum())
    if not prepared.problem.plain:
        return np.full(len(quoted), np.nan), money_worth
    offered, dearer = (_at_prices(prepared, quoted * (1 + step)).problem for step in (0.0, _DEAR_STEP))
    with_all = questions.bound(offered, max(left() / 4, 0.1), tolerance=1e-7).duals
    if with_all is None:
        return np.full(len(quoted), np.nan), money_worth
    return dual_prices(offered, dearer, quoted, quoted * _DEAR_STEP, with_all), money_worth


def _at_prices(prepared: Prepared, prices: FloatArray) -> Prepared:
    """The campaign with a unit cost for every vehicle."""
    rows = zip(prepared.campaign.vehicles, prices, strict=True)
    vehicles = tuple(replace(row, unit_cost=float(price)) for row, price in rows)
    return variant(prepared, replace(prepared.campaign, vehicles=vehicles))


def settled_plan(
    base: Base, questions: Asked, problem: Problem, margin: float, known: Relaxed | None = None
) -> FloatArray | None:
    """(plan_size,) the best plan of a problem near the base's; None where searches do not settle it. known: what a
    relaxation is known to say of it. Raises InfeasiblePlan."""
    if not problem.system.whole[problem.system.used].any():
        relaxed = questions.bound(problem, base.left(), tolerance=1e-8)
        if relaxed.status == "infeasible":
            raise InfeasiblePlan
        return None if relaxed.point is None else relaxed.point[: problem.columns.plan_size]
    found = questions.best_plan(problem, base.best.decision, base.whole_gap, base.left(), margin, known)
    if found.settled and found.plan is None:
        raise InfeasiblePlan
    return found.plan if found.settled else None
