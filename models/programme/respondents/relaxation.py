"""A problem on respondents: its rules over all columns, and the worth of reach as one concave function of insertions.

    max  f(x) + linear . z      z within the problem's rules, x its insertions, floors  g_k(x) >= least_k

f and g_k are sums over respondents, smooth or nearly so, so that no column is needed but the insertions. Newton's
method: at the best point so far a quadratic model (HiGHS's QP, its curvature from a sample of respondents), with every
tangent made until now as rows; the linear programme of the same tangents (Kelley 1960; Frank and Wolfe 1956) gives the
bound: tangents lie above the curves, so it holds for every plan, however rough the steps were. Between 4 and 10 steps
come to 1e-6.

The live programme takes whole-number searches too: there the tangents are of the roof that no whole plan passes
(models.respondents.curves), much lower where few insertions are bought.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import InfeasiblePlan
from models.problem.certificate import Duals
from models.problem.goals import EffectiveFloor, Floor
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.campaign_programme import column_name
from models.programme.respondents.sums import Sum, money_unit, sums_of
from models.programme.rows.keyed_rows import KeyedRows, rows_of_rules
from models.programme.solvers.highs import LiveHighs
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.programme.solvers.linear_programme import LinearProgramme, one_row, rows_of
from models.programme.solvers.quadratic import quadratic_minimum
from models.programme.solvers.solver import Limits, Solved
from models.respondents.curves import Above, Curve, Often, Roof, Tangent
from models.respondents.exposure import Exposure

_MOST_STEPS = 60
_QP_SECONDS = 1.0  # and so much a fifty columns
_RIDGE = 1e-6  # of the mean curvature, added to it
_SCALE = 1e4  # of the objective in the solver's hands
_RADII = (1e-3, 1e-4, 1e-5, 1e-6)
_PENALTY = 0.5  # of what people are worth on average, for each that a floor misses, at least
_MOST_POINTS = 12  # at which groups get tangents afterwards
_MOST_KNOWN = 60  # tangents of a sum that later problems are told
_SPARSE = 0.15  # of chances above 0: with fewer, only these are multiplied
_FIRST = 3  # points before curvature is looked at


@dataclass(frozen=True, eq=False)
class Point:
    """A point (n_columns,) and the tangents there, of the objective and of each floor. values: with what is linear."""

    z: FloatArray
    tangents: tuple[Tangent, ...]
    values: FloatArray


@dataclass(frozen=True, eq=False)
class Bounded:
    """The best point found and a bound on every plan. reduced: (n_columns,) worth that one more of each would lose.
    settled: whether value and bound met."""

    point: FloatArray
    value: float
    bound: float
    reduced: FloatArray
    duals: Duals
    steps: int
    settled: bool

    @property
    def loose(self) -> float:
        """(bound - value) / bound."""
        return (self.bound - self.value) / max(abs(self.bound), 1e-300)


Keys = tuple[Objective | Floor | EffectiveFloor, ...]
# Tangents of an objective or a floor: of people and their worth alone, so they hold at any price and under any rules.
Known = dict[Objective | Floor | EffectiveFloor, list[Tangent]]


class RespondentRelaxation:
    """Of one problem, with one roof. deadline: on time.monotonic's clock. known: tangents of the same roof from other
    problems, which begin this one; its own join them. box: bounds of columns (n_columns,) that it looks at plans
    within, if not all of the problem's. sample: numbers that curvature is taken from, at most; fewer make steps
    quicker and rougher, and no bound worse."""

    def __init__(
        self,
        problem: Problem,
        exposure: Exposure,
        above: Above,
        deadline: float = np.inf,
        known: Known | None = None,
        box: tuple[FloatArray, FloatArray] | None = None,
        sample: int = 2_000_000,
    ) -> None:
        self.problem, self.exposure, self.above, self.deadline = problem, exposure, above, deadline
        self.lower, self.upper = box or (problem.system.lower, problem.system.upper)
        self.sums = sums_of(problem)
        self._keys: Keys = (problem.objective, *problem.floors, *problem.effective)
        system, n_columns = problem.system, len(problem.system.lower)
        self._size = max(problem.objective.ceiling(np.minimum(system.upper[: problem.n_vehicles], 1e6)), 1.0)
        self.unit = self._size / _SCALE if not problem.objective.saves_money else money_unit(self.sums[0])
        programme = LinearProgramme()
        names = [column_name(problem, i) for i in range(n_columns)]
        programme.add_columns(names, self.lower.copy(), self.upper.copy())
        most = self.sums[0].worth.sum(keepdims=True) / self.unit
        self._eta = int(programme.add_columns(["worth"], np.zeros(1), most)[0])
        KeyedRows().add(programme, list(rows_of_rules(problem)))
        cost = np.append(-self.sums[0].linear / self.unit, -1.0)
        programme.set_costs(np.arange(n_columns + 1), cost)
        self.live = LiveHighs(programme)
        self._price = np.zeros(len(self.sums))  # of each floor, per unit of the objective
        whole = self.sums[0].worth.sum() or self._size
        self._penalty = np.array([_PENALTY * whole / max(each.worth.sum(), 1e-300) for each in self.sums])
        self._floor_rows: list[tuple[int, int]] = []
        self._sample, self._chosen = exposure.sample(
            max(sample * exposure.size // max(exposure.level.nnz, 1), 1_000)
        )
        self.best: Point | None = None
        self._points: list[FloatArray] = []
        self._group: IntArray | None = None
        self._parts = np.zeros(0, dtype=np.int64)
        self._known = {} if known is None else known
        for k, (key, own) in enumerate(zip(self._keys, self.sums, strict=True)):
            for tangent in self._known.get(key, ()):
                self._add(k, own, tangent)

    # --- points ---

    def cut_at(self, z: FloatArray) -> Point:
        """Tangents at a point, told to the programme."""
        x = z[: self.problem.n_vehicles]
        tangents = tuple(self._tangent(each, x) for each in self.sums)
        values = np.array([t.value + float(s.linear @ z) for t, s in zip(tangents, self.sums, strict=True)])
        for k, (key, own, tangent) in enumerate(zip(self._keys, self.sums, tangents, strict=True)):
            self._add(k, own, tangent)
            self._known[key] = [*self._known.get(key, ())[1 - _MOST_KNOWN :], tangent]
        self._points = [*self._points[1 - _MOST_POINTS :], z]
        self._add_by_group(z)
        return Point(z, tangents, values)

    def begin_near(self, z: FloatArray) -> None:
        """Begin with a step of Newton's from another problem's answer (n_columns,), which may break rules here."""
        found = self._step(self.cut_at(np.clip(z, self.lower, self.upper)), 1.0)
        if found is not None:
            self.best = self.cut_at(found)

    def _tangent(self, own: Sum, x: FloatArray) -> Tangent:
        """Of a sum at insertions (n_vehicles,). What is earned is concave in reach: so many more reached are worth no
        more than its slope at any reach says, here at what x reaches."""
        if own.times > 1:
            return Often(own.times).tangent(self.exposure, own.worth, x)
        if own.least is not None and isinstance(self.above, Often):
            return Curve().tangent(self.exposure, own.worth, x)
        earned = self.problem.objective.earned
        if own.least is not None or not len(earned.worth):
            return self.above.tangent(self.exposure, own.worth, x)
        objective, reach = self.problem.objective, self.exposure.reach(x)
        worth = objective.worth_of_reach(reach)
        found = self.above.tangent(self.exposure, worth, x)
        rest = float(objective.of_reach(reach) - worth @ reach)
        return Tangent(found.value + rest, found.constant + rest, found.slope)

    def split(self, groups: int) -> None:
        """State the worth as a sum over groups of respondents, each below its own tangents: no bound of the relaxation
        changes, but a whole-number search then cuts off more at once."""
        worth = self.sums[0].worth
        apart = worth.any() and isinstance(self.above, Roof) and not len(self.problem.objective.earned.worth)
        if self._group is not None or groups < 2 or not apart:
            return  # what is earned is no sum over groups
        self._group = np.random.default_rng(0).permutation(self.exposure.size) % groups
        most = np.bincount(self._group, worth, groups) / self.unit
        names = [f"worth_{g}" for g in range(groups)]
        self._parts = self.live.add_columns(names, np.zeros(groups), most)
        columns = np.append(self._parts, self._eta)
        values = np.append(-np.ones(groups), 1.0)
        self.live.add_rows(one_row(columns, values, -np.inf, 0.0, "parts"))
        for z in self._points:
            self._add_by_group(z)

    def _add_by_group(self, z: FloatArray) -> None:
        """Each group's worth <= its tangent at a point."""
        if self._group is None or not isinstance(self.above, Roof):
            return
        n, worth = self.problem.n_vehicles, self.sums[0].worth
        constant, slope = self.above.by_group(self.exposure, worth, z[:n], self._group)
        g, j = np.nonzero(slope)
        every = np.arange(len(constant))
        rows = rows_of(
            np.concatenate([g, every]), np.concatenate([j, self._parts]),
            np.concatenate([-slope[g, j] / self.unit, np.ones(len(every))]),
            np.full(len(every), -np.inf), constant / self.unit, label="tangent",
        )  # fmt: skip
        self.live.add_rows(rows)

    def _add(self, k: int, own: Sum, tangent: Tangent) -> None:
        """eta <= tangent of the objective; tangent of a floor >= least."""
        n = self.problem.n_vehicles
        slope = own.linear.copy() if k else np.zeros(len(own.linear))
        slope[:n] += tangent.slope
        least, most = -np.inf, np.inf
        if k == 0:
            if not own.worth.any():
                return
            columns, values = np.append(np.flatnonzero(slope), self._eta), -slope[slope != 0] / self.unit
            values, most = np.append(values, 1.0), tangent.constant / self.unit
        else:
            scale = max(float(own.worth.sum()), float(np.abs(slope).max(initial=0.0)), 1e-300)
            columns, values = np.flatnonzero(slope), slope[slope != 0] / scale
            least = ((own.least or 0.0) - tangent.constant) / scale
        place = self.live.add_rows(one_row(columns, values, least, most, "tangent"))
        if k:
            self._floor_rows.append((int(place[0]), k))

    def _merit(self, point: Point) -> float:
        """The worth less what floors miss, priced."""
        missed = [max((own.least or 0.0) - v, 0.0) for own, v in zip(self.sums, point.values, strict=True)]
        penalty = np.maximum(2 * self._price, self._penalty)
        return float(point.values[0] - penalty[1:] @ np.array(missed[1:]))

    # --- relaxation ---

    def relax(
        self, tolerance: float, enough: float = -np.inf, clear: float = 0.0, steps: int = _MOST_STEPS
    ) -> Bounded:
        """Steps, at most so many, until point and bound are `tolerance` (relative) apart, or the bound is no more than
        `enough`, or it is plain that it will not be (the point is worth more, and what is open is no more than `clear`
        of that), or time ends. Raises InfeasiblePlan."""
        solved = self._begin()
        best, damping, count = self.best, 1.0, 0
        assert best is not None
        bound = -solved.lowest * self.unit
        while count < steps:
            count += 1
            merit = self._merit(best)
            if _answered(merit, bound, tolerance, enough, clear) or _until(self.deadline) <= 0:
                break
            tried = self._step(best, damping)
            point = self.cut_at(solved.values[: len(best.z)] if tried is None else tried)  # type: ignore[index]
            if self._merit(point) <= merit:
                point = self.cut_at((point.z + best.z) / 2)
                damping = min(2 * damping, 1e3)
            else:
                damping = max(damping / 2, 1.0)
            if self._merit(point) > merit:
                best = point
            solved = self._solve()
            bound = min(bound, -solved.lowest * self.unit)
        self.best = best
        merit = self._merit(best)
        settled = bound - merit <= tolerance * abs(bound)
        return Bounded(
            best.z,
            float(best.values[0]),
            bound,
            _reduced(self.problem, solved, self.unit),
            _duals(self.problem, solved, self.unit),
            count,
            settled,
        )

    def _begin(self) -> Solved:
        """The first points, by Frank and Wolfe's steps, where there are none yet."""
        if self.best is None and self._known.get(self.problem.objective):
            solved = self._solve()
            assert solved.values is not None
            self.best = self.cut_at(solved.values[: len(self.lower)])
        elif self.best is None:
            z = np.where(np.isfinite(self.lower), self.lower, 0.0)
            self.cut_at(z)
            for count in range(_FIRST):
                solved = self._solve()
                assert solved.values is not None
                end = solved.values[: len(z)]
                z = end if count == 0 else z + (end - z) / (count + 1)
                self.best = self.cut_at(z)
        return self._solve()

    def _solve(self) -> Solved:
        """The linear programme of all tangents; floors learn their prices. Raises InfeasiblePlan."""
        solved = self.live.solve(False, Limits(seconds=max(_until(self.deadline), 1.0)))
        if solved.status == "infeasible":
            raise InfeasiblePlan
        if solved.duals is not None:
            price = np.zeros(len(self.sums))
            for row, k in self._floor_rows:
                scale = max(float(self.sums[k].worth.sum()), 1e-300)
                price[k] += abs(float(solved.duals[row])) * self.unit / scale
            self._price = np.maximum(price, 0.5 * self._price)
        return solved

    def _step(self, best: Point, damping: float) -> FloatArray | None:
        """The maximum of the quadratic model at the best point, within the rules and below all tangents."""
        n = self.problem.n_vehicles
        places = np.flatnonzero(self.upper[:n] > self.lower[:n])
        bend = self._curvature(best, places) * (damping / self.unit)
        if not len(places) or not np.isfinite(bend).all():
            return None
        bend[np.diag_indices(len(places))] += _RIDGE * max(float(np.trace(bend)) / len(places), 1e-12)
        programme = self.live.programme
        cost = programme.cost.copy()
        cost[places] -= bend @ best.z[places]
        found = quadratic_minimum(
            programme,
            cost,
            bend,
            places,
            max(min(_until(self.deadline), _QP_SECONDS + len(places) / 50), 0.1),
        )
        if found is None:
            return None
        size = len(best.z)
        return np.clip(found[:size], programme.lower[:size], programme.upper[:size])

    def _curvature(self, best: Point, vehicles: IntArray) -> FloatArray:
        """(k, k) of the objective and the priced floors, from the sample, blown up."""
        worth = self.sums[0].worth + sum(
            (price * own.worth for price, own in zip(self._price[1:], self.sums[1:], strict=True)),
            np.zeros(self.exposure.size),
        )
        part = worth[self._chosen]
        share = float(worth.sum()) / max(float(part.sum()), 1e-300)
        matrix, weight = self.above.bend(self._sample, best.z[: self.problem.n_vehicles])
        rows = matrix[:, vehicles].multiply(np.sqrt(part * weight * share)[:, None]).tocsr()
        if rows.nnz > _SPARSE * rows.shape[0] * rows.shape[1]:
            full = rows.toarray()
            return np.asarray(full.T @ full)
        return np.asarray((rows.T @ rows).toarray())

    def within_rules(self, z: FloatArray) -> FloatArray:
        """The best point next to one that keeps rules and floors only roughly, as a quadratic step does."""
        every = np.arange(len(z))
        for radius in _RADII:
            width = radius * np.maximum(np.abs(z), 1.0)
            lower, upper = np.maximum(z - width, self.lower), np.minimum(z + width, self.upper)
            self.live.set_column_bounds(every, np.minimum(lower, upper), upper)
            solved = self.live.solve(False, Limits(seconds=max(_until(self.deadline), 1.0)))
            if solved.values is not None:
                z = np.clip(solved.values[: len(z)], self.lower, self.upper)
                self.cut_at(z)
        self.live.set_column_bounds(every, self.lower, self.upper)
        return z

    # --- whole plans ---

    def search(
        self,
        lower: FloatArray,
        upper: FloatArray,
        gap: float,
        seconds: float,
        above: float = -np.inf,
        nodes: int = NO_LIMIT,
    ) -> tuple[FloatArray | None, float]:
        """The best whole point (n_columns,) of the programme as it stands within bounds, and its bound; tangents are
        added there. above: what is not worth more need not be looked at."""
        every, system = np.arange(len(lower)), self.problem.system
        self.live.set_column_bounds(every, lower, upper)
        self.live.set_whole(every, system.whole)
        limits = Limits(
            gap, min(seconds, max(_until(self.deadline), 0.1)), -np.inf, -above / self.unit, nodes
        )
        solved = self.live.solve(True, limits)
        self.live.set_column_bounds(every, self.lower, self.upper)
        bound = -solved.lowest * self.unit
        return (None if solved.values is None else solved.values[: len(lower)]), bound


def _answered(merit: float, bound: float, tolerance: float, enough: float, clear: float) -> bool:
    """Whether a point worth `merit` and a bound say what RespondentRelaxation.relax is asked."""
    if bound - merit <= tolerance * abs(bound) or bound <= enough:
        return True
    return bool(np.isfinite(enough) and merit > enough and bound - merit <= clear * (merit - enough))


def _until(deadline: float) -> float:
    """Seconds left."""
    return deadline - time.monotonic()


def _reduced(problem: Problem, solved: Solved, unit: float) -> FloatArray:
    """(n_columns,) worth that one more of each would lose. unit: worth of one in the solver's objective."""
    size = len(problem.system.lower)
    return np.zeros(size) if solved.reduced is None else solved.reduced[:size] * unit


def _duals(problem: Problem, solved: Solved, unit: float) -> Duals:
    n, scale = problem.n_vehicles, problem.system.scale
    rows = np.zeros(len(scale)) if solved.duals is None else solved.duals[: len(scale)]
    first = np.where(problem.system.upper[:n] > 0, _reduced(problem, solved, unit)[:n], np.nan)
    return Duals(-rows * unit / scale, first)
