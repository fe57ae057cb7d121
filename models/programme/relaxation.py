"""One programme a campaign, alive in a solver, that is asked again and again.

What the curves of reach are depends on people and vehicles alone, never on money, rules, weights, goals or the
objective: a tangent once found is valid for every question about the same campaign. So the programme is stated once and
`restate`d for each question; only its numbers change, and its solver goes on from where it was.

    relaxation = Relaxation(problem, room=[...])      room: further problems whose segments and insertions count at once
    relaxation.restate(changed)                       any problem of the same people: other objective, weights, prices,
                                                      budget, rules, weeks, packages, discounts, counts, floors, goals
    found = relaxation.relax(1e-4)                    bound, duals, reduced costs, the relaxed plan, on its curves
    found.duals.row_worth, found.duals.first_cost     in the problem's own units
    found.charged.possible(worth)                     bounds of columns that a plan worth more can lie in
    whole = relaxation.search(*bounds, gap=1e-3)      one whole-number search: its plan, checked exactly, its bound

`restate` says why where the programme had to be stated anew (a segment, a column or more insertions of a vehicle that
it did not have); its tangents are made again then. Problems are compared by value: rules and floors by their id and
their numbers, so a changed right side, price or floor changes just those numbers. Bounds in `relax` and `search` are of
the problem's own columns (n_columns,); None: those of its rules. `deadline` is on time.monotonic's clock and may be set
for each question.

The bound is of the programme as the problem states it and holds for every plan within the bounds asked. What `search`
says of a plan (`keeps`, `value`) is worked out by the rules and the reach model themselves.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import contradicts
from models.problem.problem import Problem, rounded
from models.problem.response import Response
from models.programme.answers import Found, Relaxed
from models.programme.campaign_programme import CampaignProgramme
from models.programme.reduced_costs import Costs
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.programme.solvers.solver import Limits

_MOST_ROUNDS = 60


class Relaxation(CampaignProgramme):
    """A stated programme that is asked. relaxations, searches: how many were solved. deadline: past it nothing
    begins. values, reduced: of all columns in the last relaxation, None where there are none; worth that one more of
    each would lose."""

    def __init__(
        self,
        problem: Problem,
        room: Sequence[Problem] = (),
        solver: str = "highs",
        deadline: float = np.inf,
        spacing: float = 0.0,
    ) -> None:
        super().__init__(problem, room, solver, spacing)
        self.deadline, self.relaxations, self.searches = deadline, 0, 0
        self.values: FloatArray | None = None
        self.reduced: FloatArray | None = None

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def relax(
        self,
        tolerance: float,
        lower: FloatArray | None = None,
        upper: FloatArray | None = None,
        above: float = -np.inf,
    ) -> Relaxed:
        """The relaxation, tangents added until it lies on its curves to `tolerance` (relative), or its bound is no more
        than `above`, or time ends."""
        for found in self.rounds(tolerance, lower, upper):
            if found.bound <= above:
                break
        return found

    def rounds(
        self, tolerance: float, lower: FloatArray | None = None, upper: FloatArray | None = None
    ) -> Iterator[Relaxed]:
        """One relaxation after the other, tangents added at each but the last: the one loop that does so."""
        for _ in range(_MOST_ROUNDS):
            found = self.relax_once(lower, upper)
            yield found
            if not found.settled or found.loose <= tolerance or self.left() <= 0:
                return
            assert found.point is not None
            self.cut_at(found.point)

    def relax_once(self, lower: FloatArray | None = None, upper: FloatArray | None = None) -> Relaxed:
        """The relaxation as it is."""
        lower, upper = self.limit(lower, upper)
        solved = self.live.solve(False, Limits(seconds=self.left()))
        self.relaxations += 1
        self.values = solved.values
        self.reduced = None if solved.reduced is None else solved.reduced * self.unit
        bound = -solved.lowest * self.unit
        if solved.values is None:
            return Relaxed(solved.status, bound, lower, upper)
        point = np.clip(solved.values[: len(lower)], lower, upper)
        self._relaxed = point[: self.problem.n_vehicles]
        loose = self.loose(bound, point)
        if solved.reduced is None or solved.duals is None or solved.status != "optimal":
            return Relaxed(solved.status, bound, lower, upper, point, loose)
        places, scales = self.rows.places(self._keys)
        row_worth = -solved.duals[places] * self.unit / scales
        costs = self._costs(solved.reduced * self.unit, solved.duals * self.unit, row_worth)
        own = self.problem.system.insertion_rows
        smallest, within = None if own is None else own.smallest, self._any_within(lower, upper)
        costs = replace(costs, smallest=smallest, any_within=within)
        return Relaxed(solved.status, bound, lower, upper, point, loose, costs, row_worth)

    def _any_within(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n_vehicles,) each, bounds of b_j among those of columns; 0 and 1 of vehicles that nothing counts."""
        n, counted = self.problem.n_vehicles, self.problem.counted
        within = np.zeros(n), np.ones(n)
        for own, every in zip(within, (lower, upper), strict=True):
            own[counted] = every[self.problem.columns.plan_size + counted]
        return within

    def _costs(self, reduced: FloatArray, duals: FloatArray, row_worth: FloatArray) -> Costs:
        """What one more of each piece and of each x_j, and any of a vehicle at all, would lose. Rows that only say what
        b_j means, which every whole plan keeps, are counted with the columns they hold together. reduced, duals:
        (n_columns,), (n_rows,) of worth."""
        problem, n = self.problem, self.problem.n_vehicles
        piece, insertion, bought = reduced[self.curves.y], reduced[:n].copy(), np.zeros(n)
        rows, y, of, length = self._links.first
        counted = np.union1d(problem.counted, of)  # links of another problem hold as well
        bought[counted] = reduced[problem.columns.plan_size + counted]
        there = np.isin(y, self.curves.y)
        worth = -duals[rows[there]]
        piece[np.searchsorted(self.curves.y, y[there])] -= worth
        np.add.at(bought, of[there], worth * length[there])
        for place, j in problem.system.means_bought:
            once, each = problem.system.rows[place].coefficients[::-1]
            insertion[j] -= row_worth[place] * each
            bought[j] -= row_worth[place] * once
        return Costs(self.curves.pieces, piece, insertion, bought)

    def loose(self, bound: float, point: FloatArray) -> float:
        """By what share a bound lies above the exact worth of the insertions it stands for, or they miss a floor,
        whichever is more: what more tangents can mend."""
        problem, insertions = self.problem, self.problem.columns.insertions(point)
        return max(_above(problem, self.response, bound, insertions), floors_missed(problem, insertions))

    def search(
        self,
        lower: FloatArray | None = None,
        upper: FloatArray | None = None,
        gap: float = 0.0,
        nodes: int = NO_LIMIT,
        enough: float = np.inf,
        above: float = -np.inf,
        seconds: float = np.inf,
        heuristics: bool = True,
    ) -> Found:
        """One whole-number search within bounds (n_columns,), tangents added at its answer.

        gap: relative, to which the solver's own answer is best. nodes: of its tree, at most. enough: a worth that ends
        it. above: what is not worth more need not be looked at; the bound is never less. heuristics: whether plans are
        looked for beside the tree, too.
        """
        lower, upper = self.limit(lower, upper)
        seconds, known = min(seconds, self.left()), self._suggested_within(lower, upper)
        limits = Limits(gap, seconds, -enough / self.unit, -above / self.unit, nodes, heuristics=heuristics)
        with self._needed_tangents(lower, upper):
            if self._suggested is not None:
                self.live.suggest(*self._suggested)
                self._suggested = None  # it is told once
            solved = self.live.solve(True, limits)
        self.searches += 1
        if solved.values is None:
            return _uncontradicted(Found(solved.status, -solved.lowest * self.unit), known)
        point = np.clip(solved.values[: len(lower)], lower, upper)
        plan = rounded(self.problem, point)
        bought = point[: self.problem.n_vehicles]
        self.cut_at(np.where(self.problem.system.whole[: len(bought)], np.rint(bought), bought))
        keeps = keeps_everything(self.problem, plan)
        value = self.problem.value(plan) if keeps else -np.inf
        found = Found(solved.status, -solved.lowest * self.unit, point, plan, keeps, value)
        return _uncontradicted(found, max(known, value))

    def _suggested_within(self, lower: FloatArray, upper: FloatArray) -> float:
        """What the plan suggested is worth, where it lies within bounds (n_columns,) that leave single rules' columns
        as they are; minus infinite where it does not."""
        if self._suggested is None:
            return -np.inf
        (places, values), system = self._suggested, self.problem.system
        own = slice(self.problem.columns.private_from, None)
        free = (lower[own] <= system.lower[own]).all() and (upper[own] >= system.upper[own]).all()
        within = (values >= lower[places]).all() and (values <= upper[places]).all()
        return self.problem.value(values[: self.problem.columns.plan_size]) if free and within else -np.inf

    @contextmanager
    def _needed_tangents(self, lower: FloatArray, upper: FloatArray) -> Iterator[None]:
        """Without the tangents that a search within bounds (n_columns,) can do without."""
        n, into = self.problem.n_vehicles, self._into
        relaxed = (lower + upper)[:n] / 2 if self._relaxed is None else self._relaxed
        rows = self.curves.unneeded(lower[:n], upper[:n], relaxed)
        most = into.programme.most[rows]
        into.set_row_bounds(rows, np.full(len(rows), -np.inf), np.full(len(rows), np.inf))
        try:
            yield
        finally:
            into.set_row_bounds(rows, np.full(len(rows), -np.inf), most)


def _uncontradicted(found: Found, known: float) -> Found:
    """A search's answer; where a plan that it may have found is known to be worth more than its bound, that is none."""
    if not contradicts(known, found.bound):
        return found
    return replace(found, status="none" if found.point is None else "feasible", bound=np.inf)


def _above(problem: Problem, response: Response, bound: float, insertions: FloatArray) -> float:
    objective = problem.objective
    if objective.saves_money:
        return 0.0  # money is linear; what reach is granted too much shows in the floors
    if objective.effective is not None:
        worth = objective.effective.most_reached(problem.model, insertions)
    else:
        worth = response.worth(objective, insertions)
    return (bound - worth) / max(abs(bound), 1e-300)


def floors_missed(problem: Problem, insertions: FloatArray) -> float:
    """By what share of it a schedule misses a floor, or what a goal on n+ reach needs, at worst; 0 where none."""
    if not problem.floors and not problem.effective:
        return 0.0
    reach = problem.model.reach_shares(insertions)
    missed = [-floor.above(reach, insertions) / max(floor.size, 1e-300) for floor in problem.floors]
    for goal in problem.effective:
        granted = goal.counted.most_reached(problem.model, insertions)
        missed.append(1 - granted / max(goal.least, 1e-300))
    return max(missed)


def keeps_everything(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan (plan_size,) keeps bounds, rules and floors, by their own check."""
    system = problem.system
    return (not problem.insertions_only or system.feasible(plan)) and not problem.broken(plan)
