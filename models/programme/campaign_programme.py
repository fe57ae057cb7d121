"""A campaign's programme, stated once, alive in a solver, and restated for each question."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Response, segments_of
from models.programme.rows.curves import Curves
from models.programme.rows.keyed_rows import Keyed, KeyedRows, rows_of_rules
from models.programme.rows.links import Links
from models.programme.solvers.highs import open_live
from models.programme.solvers.linear_programme import Editable, LinearProgramme, unit_columns
from models.programme.solvers.solver import LiveProgramme

_MOST_POINTS = 200  # at which tangents are made again where the programme is stated anew
_ROOM = 1.5  # times the insertions that a problem allows are stated, where it is stated anew for want of them


class CampaignProgramme:
    """problem: as it is stated now. response: of the segments and insertions stated. unit: worth of one in the solver's
    objective. rows: by whose they are. spacing: of tangents (models.programme.rows.tangents), for those that are asked
    hundreds of questions."""

    def __init__(
        self,
        problem: Problem,
        room: Sequence[Problem] = (),
        solver: str = "highs",
        spacing: float = 0.0,
    ) -> None:
        self._spacing = spacing
        self._solver = solver
        self._points: list[FloatArray] = []
        self._state(problem, (problem, *room))

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
        if (problem.system.upper[: problem.n_vehicles] > self.response.upper).any():
            return "more insertions of a vehicle"
        if self.curves.steep is not None and not problem.whole:
            return "insertions in parts"
        if not np.array_equal(problem.tariff.in_packages, self.problem.tariff.in_packages):
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
        programme = LinearProgramme()
        self._n_columns = max(len(each.system.lower) for each in known if each.columns == problem.columns)
        unit_columns(programme, [column_name(problem, i) for i in range(self._n_columns)])
        whole = all(each.whole for each in known)
        self.curves = Curves(programme, problem.model, self.response, self._spacing, whole)
        self.rows = KeyedRows()
        self._sums: dict[bytes, int] = {}  # columns of sums that are whole
        self._links = Links()
        self.problem = problem
        self._into: Editable = programme
        self._change(problem)
        self.curves.first_tangents(programme)
        for point in self._points:
            self._cut(point)
        self.live: LiveProgramme = open_live(programme, self._solver)
        self._into = self.live

    def _change(self, problem: Problem) -> None:
        """State a problem that lacks nothing."""
        self.problem = problem
        self._relaxed: FloatArray | None = None
        self._suggested: tuple[IntArray, FloatArray] | None = None
        self.curves.tangents.earlier = len(self.curves.tangents)
        self.unit = state_objective(self._into, problem, self.response, self.curves)
        self._links.state(self._into, self.problem, self.curves)
        rules, about = list(rows_of_rules(problem)), (problem, self.response, self.curves)
        self._keys = [row.key for row in rules]
        self.rows.restate(self._into, [*rules, *floor_rows(*about), *goal_rows(self._into, *about)])
        self.limit()
        self.count_whole(problem.system.whole)

    def count_whole(self, whole: BoolArray) -> None:
        """Which columns (n_columns,) a search takes as whole numbers."""
        every = np.zeros(self._n_columns, dtype=bool)
        every[: len(whole)] = whole
        if not np.array_equal(every, self._into.programme.whole[: self._n_columns]):
            self._into.set_whole(np.arange(self._n_columns), every)

    def also(self, rows: Sequence[Keyed]) -> None:
        """State further rows, beside the problem's, until it is restated. A row of a key is always the same."""
        self.rows.add_or_recall(self._into, rows)

    def count_together(self, sums: Sequence[IntArray]) -> None:
        """State that each of these sums of whole columns is a whole number, which a search in which the columns are
        none then keeps; until the problem is restated."""
        new = [each.tobytes() for each in sums if each.tobytes() not in self._sums]
        if new:
            made = unit_columns(self._into, [f"sum_{len(self._sums) + i}" for i in range(len(new))])
            self._into.set_whole(made, np.ones(len(made), dtype=bool))
            self._sums |= dict(zip(new, made.tolist(), strict=True))
        for each in sums:
            column = self._sums[each.tobytes()]
            most = self.problem.system.upper[each].sum(keepdims=True)
            self._into.set_column_bounds(np.array([column]), 0 * most, most)
            terms = np.append(each, column), np.append(np.ones(len(each)), -1.0)
            self.also([Keyed(("sum", each.tobytes()), *terms, 0.0, 0.0, 1.0)])

    def minimise(self, costs: FloatArray) -> None:
        """Costs (n_columns,) of the problem's columns, instead of its objective."""
        self._into.set_costs(np.arange(len(costs)), costs)

    def limit(
        self, lower: FloatArray | None = None, upper: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Set the bounds (n_columns,) of the problem's columns, and of the pieces that insertions are made of; None:
        those of its rules."""
        system, n = self.problem.system, self.problem.n_vehicles
        low = system.lower if lower is None else lower
        high = system.upper if upper is None else upper
        more = self._n_columns - len(low)  # another problem's: they hold nothing here
        every = np.append(low, np.zeros(more)), np.append(high, np.ones(more))
        self._into.set_column_bounds(np.arange(self._n_columns), *every)
        self._into.set_column_bounds(self.curves.y, *self.curves.pieces.bounds(low[:n], high[:n]))
        return low, high

    def suggest(self, plan: FloatArray) -> None:
        """A plan (plan_size,) for the next search to start from, which it may not know. The solver is told when that
        begins: it forgets it where a bound is changed."""
        columns, counted = self.problem.columns, self.problem.counted
        places = np.append(np.arange(len(plan)), columns.plan_size + counted)
        self._suggested = places, np.append(plan, columns.insertions(plan)[counted] > 0)

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
            place, scale = self.rows.place(key)
            self._into.set_row_bounds(
                np.array([place]), np.array([(least + more) / scale]), np.array([np.inf])
            )


def state_objective(into: Editable, problem: Problem, response: Response, curves: Curves) -> float:
    """Minus the worth as costs, scaled so that the largest coefficient is 1; what undoes that."""
    objective = problem.objective.within(response.segments)
    told = curves.heard.state(into, objective.earned) if len(objective.earned.worth) else None
    met = objective.effective
    f = None if met is None else curves.met.columns(into, met.times)
    worth = np.zeros(into.programme.n_columns)
    worth[: problem.n_vehicles] = objective.insertion_worth
    worth[curves.r] = objective.segment_worth
    if told is not None:
        worth[told.columns] = objective.earned.worth * told.most
    if met is not None and f is not None:
        worth[f] = met.people[response.segments]
    if objective.saves_money:
        columns, money = problem.tariff.money(np.ones(problem.n_vehicles))
        np.add.at(worth, columns, -money)
    unit = float(np.abs(worth).max(initial=0.0)) or 1.0
    into.set_costs(np.arange(len(worth)), -worth / unit)
    return unit


def floor_rows(problem: Problem, response: Response, curves: Curves) -> Iterator[Keyed]:
    """people . R + contacts . x >= least."""
    for floor in problem.floors:
        people = floor.people[response.segments]
        columns, values = curves.r[people > 0], people[people > 0]
        if floor.contacts is not None:
            bought = np.flatnonzero(floor.contacts)
            columns, values = np.append(columns, bought), np.append(values, floor.contacts[bought])
        yield Keyed(("floor", floor.id), columns, values, floor.least, np.inf, float(people.sum()) or 1.0)


def goal_rows(into: Editable, problem: Problem, response: Response, curves: Curves) -> Iterator[Keyed]:
    """people . F >= least."""
    for goal in problem.effective:
        f, people = curves.met.columns(into, goal.times), goal.people[response.segments]
        scale = float(people.sum()) or 1.0
        yield Keyed(("goal", goal.id), f[people > 0], people[people > 0], goal.least, np.inf, scale)


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
