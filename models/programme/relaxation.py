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
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem, rounded
from models.problem.response import Response
from models.programme.answers import Found, Relaxed
from models.programme.curves import Curves
from models.programme.keyed_rows import Keyed, KeyedRows, rows_of_rules
from models.programme.links import Links
from models.programme.live import open_live
from models.programme.session import Limits, Session
from models.programme.solver import NO_LIMIT
from models.programme.statement import Editable, Statement

_MOST_ROUNDS = 60
_MOST_POINTS = 200  # at which tangents are made again where the programme is stated anew
_ROOM = 1.5  # times the insertions that a problem allows are stated, where it is stated anew for want of them


class Relaxation:
    """problem: as it is stated now. response: of the segments and insertions stated. relaxations, searches: how many
    were solved. deadline: past it nothing begins. spacing: of tangents (models.programme.tangents), for those that are
    asked hundreds of questions."""

    def __init__(
        self,
        problem: Problem,
        room: Sequence[Problem] = (),
        solver: str = "highs",
        deadline: float = np.inf,
        spacing: float = 0.0,
    ) -> None:
        self._spacing = spacing
        self.deadline, self.relaxations, self.searches = deadline, 0, 0
        self._solver = solver
        self._points: list[FloatArray] = []
        self._state(problem, (problem, *room))

    # --- stating ---

    def restate(self, problem: Problem) -> str:
        """Ask about another problem of the same people; why the programme was stated anew, "" where it was not."""
        lacking = self._lacks(problem)
        if lacking:
            same = problem.model is self.problem.model
            if not same:
                self._points = []
            self._state(problem, (problem, self.problem) if same else (problem,), room=_ROOM)
        else:
            self._change(problem)
        return lacking

    def _lacks(self, problem: Problem) -> str:
        """What the programme would need that it has not."""
        if problem.model is not self.problem.model:
            return "other people, or other ratings"
        if problem.columns != self.problem.columns or len(problem.system.lower) > self._n_columns:
            return "a plan with other parts: weeks, packages or counts"
        if not np.isin(np.flatnonzero(segments_of(problem)), self.response.segments).all():
            return "segments that did not count"
        if (problem.system.upper[: problem.n_vehicles] > self.response.upper).any() and len(self.curves.r):
            return "more insertions of a vehicle"
        if not _same_packages(problem, self.problem):
            return "packages of other insertions"
        return ""

    def _state(self, problem: Problem, known: Sequence[Problem], room: float = 1.0) -> None:
        n = problem.n_vehicles
        counted = np.zeros(len(problem.model.population), dtype=bool)
        upper = np.zeros(n)
        for each in known:
            counted |= segments_of(each)
            upper = np.maximum(upper, np.minimum(each.system.upper[:n] * room, each.buyable))
        self.response = Response(problem.model, upper, counted)
        statement = Statement()
        self._n_columns = max(len(each.system.lower) for each in known if each.columns == problem.columns)
        names = [column_name(problem, i) for i in range(self._n_columns)]
        statement.add_columns(names, np.zeros(len(names)), np.ones(len(names)))
        self.curves = Curves(statement, problem.model, self.response, self._spacing)
        self._rows = KeyedRows()
        self._links = Links()
        self.problem = problem
        self._into: Editable = statement
        self._change(problem)
        self.curves.first_tangents(statement)
        for point in self._points:
            self._cut(point)
        self.session: Session = open_live(statement, self._solver)
        self._into = self.session

    def _change(self, problem: Problem) -> None:
        """State a problem that lacks nothing."""
        self.problem = problem
        self._relaxed: FloatArray | None = None
        self.curves.tangents.earlier = len(self.curves.tangents)
        self._state_objective()
        self._links.state(self._into, self.problem, self.curves)
        rules = list(rows_of_rules(problem))
        self._keys = [row.key for row in rules]
        self._rows.restate(self._into, [*rules, *self._floor_rows(), *self._goal_rows()])
        self._within(None, None)
        self.count_whole(problem.system.whole)

    def _state_objective(self) -> None:
        """Minus the worth, scaled so that the largest coefficient is 1 (`unit` undoes it)."""
        objective, curves = self.problem.objective.within(self.response.segments), self.curves
        told = curves.hear(self._into, objective.earned) if len(objective.earned.worth) else None
        met = objective.effective
        f = None if met is None else curves.meet(self._into, met.times)
        worth = np.zeros(self._into.statement.n_columns)
        worth[: self.problem.n_vehicles] = objective.insertion_worth
        worth[curves.r] = objective.segment_worth
        if told is not None:
            worth[told.columns] = objective.earned.worth * told.most
        if met is not None and f is not None:
            worth[f] = met.people[self.response.segments]
        if objective.saves_money:
            columns, money = self.problem.tariff.money(np.ones(self.problem.n_vehicles))
            np.add.at(worth, columns, -money)
        self.unit = float(np.abs(worth).max(initial=0.0)) or 1.0
        self._into.set_costs(np.arange(len(worth)), -worth / self.unit)

    def _floor_rows(self) -> Iterator[Keyed]:
        """people . R + contacts . x >= least."""
        for floor in self.problem.floors:
            people = floor.people[self.response.segments]
            columns, values = self.curves.r[people > 0], people[people > 0]
            if floor.contacts is not None:
                bought = np.flatnonzero(floor.contacts)
                columns, values = np.append(columns, bought), np.append(values, floor.contacts[bought])
            yield Keyed(("floor", floor.id), columns, values, floor.least, np.inf, float(people.sum()) or 1.0)

    def _goal_rows(self) -> Iterator[Keyed]:
        """people . F >= least."""
        for goal in self.problem.effective:
            f, people = self.curves.meet(self._into, goal.times), goal.people[self.response.segments]
            scale = float(people.sum()) or 1.0
            yield Keyed(("goal", goal.id), f[people > 0], people[people > 0], goal.least, np.inf, scale)

    # --- for a question of its own ---

    def also(self, rows: Sequence[Keyed]) -> None:
        """State further rows, beside the problem's, until it is restated."""
        self._rows.add(self._into, rows)

    def minimise(self, costs: FloatArray) -> None:
        """Costs (n_columns,) of the problem's columns, instead of its objective."""
        self._into.set_costs(np.arange(len(costs)), costs)

    def limit(self, lower: FloatArray, upper: FloatArray) -> None:
        """Bounds (n_columns,) of the problem's columns."""
        self._within(lower, upper)

    # --- asking ---

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def count_whole(self, whole: BoolArray) -> None:
        """Which columns (n_columns,) a search takes as whole numbers."""
        every = np.zeros(self._n_columns, dtype=bool)
        every[: len(whole)] = whole
        if not np.array_equal(every, self._into.statement.whole[: self._n_columns]):
            self._into.set_whole(np.arange(self._n_columns), every)

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
        lower, upper = self._within(lower, upper)
        solved = self.session.solve(False, Limits(seconds=self.left()))
        self.relaxations += 1
        bound = -solved.lowest * self.unit
        if solved.values is None:
            return Relaxed(solved.status, bound, lower, upper)
        point = np.clip(solved.values[: len(lower)], lower, upper)
        self._relaxed = point[: self.problem.n_vehicles]
        loose = self.loose(bound, point)
        if solved.reduced is None or solved.duals is None or solved.status != "optimal":
            return Relaxed(solved.status, bound, lower, upper, point, loose)
        places, scales = self._places(self._keys)
        return Relaxed(
            solved.status, bound, lower, upper, point, loose, self.curves.pieces,
            solved.reduced[self.curves.y] * self.unit, solved.reduced[: self.problem.n_vehicles] * self.unit,
            -solved.duals[places] * self.unit / scales,
        )  # fmt: skip

    def loose(self, bound: float, point: FloatArray) -> float:
        """By what share a bound lies above the exact worth of the insertions it stands for, or they miss a floor,
        whichever is more: what more tangents can mend."""
        problem, insertions = self.problem, self.problem.columns.insertions(point)
        return max(self._above(bound, insertions), floors_missed(problem, insertions))

    def _above(self, bound: float, insertions: FloatArray) -> float:
        objective = self.problem.objective
        if objective.saves_money:
            return 0.0  # money is linear; what reach is granted too much shows in the floors
        if objective.effective is not None:
            worth = objective.effective.most_reached(self.problem.model, insertions)
        else:
            worth = self.response.worth(objective, insertions)
        return (bound - worth) / max(abs(bound), 1e-300)

    def search(
        self,
        lower: FloatArray | None = None,
        upper: FloatArray | None = None,
        gap: float = 0.0,
        nodes: int = NO_LIMIT,
        enough: float = np.inf,
        above: float = -np.inf,
        seconds: float = np.inf,
    ) -> Found:
        """One whole-number search within bounds (n_columns,), tangents added at its answer.

        gap: relative, to which the solver's own answer is best. nodes: of its tree, at most. enough: a worth that ends
        it. above: what is not worth more need not be looked at; the bound is never less.
        """
        lower, upper = self._within(lower, upper)
        seconds = min(seconds, self.left())
        limits = Limits(gap, seconds, -enough / self.unit, -above / self.unit, nodes)
        with self._needed_tangents(lower, upper):
            solved = self.session.solve(True, limits)
        self.searches += 1
        bound = -solved.lowest * self.unit
        if solved.values is None:
            return Found(solved.status, bound)
        point = np.clip(solved.values[: len(lower)], lower, upper)
        plan = rounded(self.problem, point)
        bought = point[: self.problem.n_vehicles]
        self.cut_at(np.where(self.problem.system.whole[: len(bought)], np.rint(bought), bought))
        keeps = keeps_everything(self.problem, plan)
        return Found(solved.status, bound, point, plan, keeps, self.problem.value(plan) if keeps else -np.inf)

    @contextmanager
    def _needed_tangents(self, lower: FloatArray, upper: FloatArray) -> Iterator[None]:
        """Without the tangents that a search within bounds (n_columns,) can do without."""
        n, into = self.problem.n_vehicles, self._into
        relaxed = (lower + upper)[:n] / 2 if self._relaxed is None else self._relaxed
        rows = self.curves.unneeded(lower[:n], upper[:n], relaxed)
        most = into.statement.most[rows]
        into.set_row_bounds(rows, np.full(len(rows), -np.inf), np.full(len(rows), np.inf))
        yield
        into.set_row_bounds(rows, np.full(len(rows), -np.inf), most)

    def suggest(self, plan: FloatArray) -> None:
        """A plan (plan_size,) for the next search to start from, which it may not know."""
        columns, used = self.problem.columns, self.problem.system.used
        places, values = np.arange(len(plan)), plan
        counted = np.flatnonzero(used[columns.plan_size : columns.private_from])
        places = np.append(places, columns.plan_size + counted)
        values = np.append(values, columns.insertions(plan)[counted] > 0)
        self.session.suggest(places, values)

    def cut_at(self, plan: FloatArray) -> None:
        """Make the programme exact at the insertions of a plan, or of a point: tangents, and pieces split there."""
        insertions = np.array(plan[: self.problem.n_vehicles])
        self._points = [*self._points[-_MOST_POINTS:], insertions]
        self._cut(insertions)

    def _cut(self, insertions: FloatArray) -> None:
        before = len(self.curves.y)
        self.curves.refine(self._into, insertions)
        if len(self.curves.y) != before:
            self._links.state(self._into, self.problem, self.curves)
        self.curves.cut(self._into, insertions)

    def raise_floors(self, extra: FloatArray) -> None:
        """Ask more of each floor than it asks, then of each goal, (n_floors + n_goals,) people (000), until it is
        called with zeros: only while a plan that keeps them is sought, for no bound holds meanwhile."""
        floors, goals = self.problem.floors, self.problem.effective
        asked = [(("floor", floor.id), floor.least) for floor in floors]
        asked += [(("goal", goal.id), goal.least) for goal in goals]
        for (key, least), more in zip(asked, extra.tolist(), strict=True):
            place, scale = self._rows.place(key)
            self._into.set_row_bounds(
                np.array([place]), np.array([(least + more) / scale]), np.array([np.inf])
            )

    def _places(self, keys: Sequence[tuple[Hashable, ...]]) -> tuple[IntArray, FloatArray]:
        """Where rows stand, and what they are divided by."""
        pairs = [self._rows.place(key) for key in keys]
        return np.array([p for p, _ in pairs], dtype=np.int64), np.array([scale for _, scale in pairs])

    def _within(self, lower: FloatArray | None, upper: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        """Set the bounds of the problem's columns, and of the pieces that insertions are made of."""
        system, n = self.problem.system, self.problem.n_vehicles
        low = system.lower if lower is None else lower
        high = system.upper if upper is None else upper
        self._into.set_column_bounds(np.arange(len(low)), low, high)
        self._into.set_column_bounds(self.curves.y, *self.curves.pieces.bounds(low[:n], high[:n]))
        return low, high


def segments_of(problem: Problem) -> BoolArray:
    """(n_segments,) segments whose reach matters to the objective, a floor or a goal."""
    counted = problem.objective.counts
    for people in (floor.people for floors in (problem.floors, problem.effective) for floor in floors):
        counted = counted | (people > 0)
    return counted


def floors_missed(problem: Problem, insertions: FloatArray) -> float:
    """By what share of it a schedule misses a floor, or what a goal on n+ reach needs, at worst; 0 where none."""
    if not problem.floors and not problem.effective:
        return 0.0
    reach = problem.model.reach_shares(insertions)
    missed = [-floor.above(reach, insertions) / max(floor.size, 1e-300) for floor in problem.floors]
    for goal in problem.effective:
        granted = Effective(goal.people, goal.times).most_reached(problem.model, insertions)
        missed.append(1 - granted / max(goal.least, 1e-300))
    return max(missed)


def keeps_everything(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan (plan_size,) keeps bounds, rules and floors, by their own check."""
    system = problem.system
    return (not problem.insertions_only or system.feasible(plan)) and not problem.broken(plan)


def column_name(problem: Problem, column: int) -> str:
    """x insertions, w by week, z packages, b bought, d of single rules."""
    columns = problem.columns
    n, weeks = columns.vehicles, columns.weeks
    if column < n:
        return f"x_{column}"
    if column < n * (1 + weeks):
        return f"w_{(column - n) // weeks}_{(column - n) % weeks}"
    if column < columns.plan_size:
        return f"z_{column - n * (1 + weeks)}"
    if column < columns.private_from:
        return f"b_{column - columns.plan_size}"
    return f"d_{column - columns.private_from}"


def _same_packages(problem: Problem, other: Problem) -> bool:
    """Whether packages bring the same insertions."""
    return problem.tariff is other.tariff or np.array_equal(
        problem.tariff.in_packages, other.tariff.in_packages
    )
