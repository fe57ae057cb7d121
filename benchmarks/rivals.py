"""What a plan is compared with: greedy, local search, SciPy's SLSQP, and the same programme as one matrix for HiGHS.

Each is what a careful programmer would write: on the exact value, with its exact gradient, with the shortcuts
that everybody knows. They are written here, on the reach model alone, and use nothing of models/search/reach_moves.py.
"""

import time

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp, minimize

from models.problem.problem import Problem
from models.reach.gamma import saturate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CHUNK = 64  # exact gains worked out at a time
_NOTHING = 1e-12


class Exact:
    """The exact worth of a plan, and of every plan that is one insertion away from it."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model, self.objective = problem, problem.model, problem.objective
        self.media = problem.model.audiences.medium
        self.price = np.where(problem.cost > 0, problem.cost, 1.0)

    def intensity(self, plan: FloatArray) -> FloatArray:
        """(n_segments, n_media) of a plan (n_vehicles,)."""
        return self.model.by_medium(self.model.intensity(plan))

    def gains(self, plan: FloatArray, by_medium: FloatArray, vehicles: IntArray) -> FloatArray:
        """(n,) worth of one more insertion of each vehicle alone."""
        worth = self.objective.insertion_worth[vehicles].astype(float)
        if not self.objective.counts_reach:
            return worth
        step = self.model.intensity(plan[vehicles] + 1, vehicles) - self.model.intensity(
            plan[vehicles], vehicles
        )
        level, media = self.model.medium_level(by_medium), self.media[vehicles]
        after = saturate(by_medium[:, media] + step, self.model.k_medium[:, media])
        total = level.sum(axis=1)[:, None] - level[:, media] + after
        here = self.objective.of_reach(self.model.person_level(level.sum(axis=1)))
        return np.asarray(worth + self.objective.of_reach(self.model.person_level(total)) - here)

    def gradient(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) slope of the worth in every insertion, to the right where it has a kink."""
        whole = np.floor(plan + 1e-12)
        step = self.model.intensity(whole + 1) - self.model.intensity(whole)
        by_medium = self.intensity(plan)
        total = self.model.medium_level(by_medium).sum(axis=1)
        reach, earned = self.model.person_level(total), self.objective.earned
        worth = self.objective.segment_worth.astype(float)
        if len(earned.worth):
            worth = worth + (earned.worth * np.exp(-earned.hearing @ reach)) @ earned.hearing
        slope = worth * (1 - reach) / (1 + total / self.model.k_person)
        per_medium = slope[:, None] / (1 + by_medium / self.model.k_medium)
        return np.asarray(self.objective.insertion_worth + (step * per_medium[:, self.media]).sum(axis=0))

    def room(self, plan: FloatArray) -> IntArray:
        """Vehicles of which one more keeps all rows."""
        system, rows = self.problem.system, self.problem.system.insertion_rows
        open_ = np.flatnonzero(plan + 1 <= system.upper)
        return open_[rows.allows((rows.matrix @ plan)[:, None] + rows.matrix[:, open_])]


def starts(problem: Problem) -> list[FloatArray]:
    """Plans that keep the rows, to be greedy from: the least they ask for; where that breaks one, two that HiGHS
    finds, the cheapest and the one worth most by what first insertions add."""
    system, rows, nothing = problem.system, problem.system.insertion_rows, np.zeros(problem.n_vehicles)
    if system.feasible(system.lower):
        return [system.lower.copy()]
    exact = Exact(problem)
    gains = exact.gains(nothing, exact.intensity(nothing), np.arange(problem.n_vehicles))
    plans = []
    for least in (problem.cost / problem.cost.max(), -gains):
        found = milp(
            least,
            integrality=np.full(problem.n_vehicles, int(problem.whole)),
            bounds=Bounds(system.lower, system.upper),
            constraints=LinearConstraint(rows.matrix, rows.least, rows.most),
            options={"mip_rel_gap": 0.01, "time_limit": 20},
        )
        if found.x is not None:
            plans.append(np.rint(found.x) if problem.whole else found.x)
    return [plan for plan in plans if system.feasible(plan)]


def filled(exact: Exact, plan: FloatArray) -> FloatArray:
    """Lazy greedy (Minoux 1978): buy, again and again, what adds most per money. A gain only falls as the plan
    grows, so an old gain is an upper bound, and few are worked out anew."""
    plan, by_medium = plan.copy(), exact.intensity(plan)
    rate = np.full(len(plan), np.inf)
    while len(room := exact.room(plan)):
        order, best = room[np.argsort(-rate[room], kind="stable")], -1
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            if best >= 0 and rate[best] >= rate[chunk[0]]:
                break
            rate[chunk] = exact.gains(plan, by_medium, chunk) / exact.price[chunk]
            top = int(chunk[np.argmax(rate[chunk])])
            best = top if best < 0 or rate[top] > rate[best] else best
        if rate[best] <= _NOTHING:
            break
        plan[best] += 1
        by_medium = exact.intensity(plan)
    return plan


def greedy_alone(problem: Problem) -> FloatArray | None:
    """Greedy's best plan; None where no plan to start from is found."""
    exact = Exact(problem)
    return max((filled(exact, start) for start in starts(problem)), key=problem.value, default=None)


def local_search_alone(problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
    """From greedy's plan: one insertion out, or all of a vehicle, the best one in, greedy again; the first that
    helps, until none does or the time is up."""
    exact, end = Exact(problem), time.perf_counter() + seconds
    value, improved = problem.value(plan), True
    while improved:
        improved = False
        for vehicle in np.flatnonzero(plan > problem.system.lower):
            free = plan[vehicle] - problem.system.lower[vehicle]
            for out in {1.0, float(free)}:
                for candidate in _refilled(exact, plan, int(vehicle), out):
                    if time.perf_counter() > end:
                        return plan
                    worth = problem.value(candidate)
                    if worth > value * (1 + _NOTHING):
                        plan, value, improved = candidate, worth, True
    return plan


def _refilled(exact: Exact, plan: FloatArray, vehicle: int, out: float) -> list[FloatArray]:
    """Plans with `out` of a vehicle replaced: by what adds most, and by what adds most per money, then greedy."""
    if plan[vehicle] - out < exact.problem.system.lower[vehicle]:
        return []
    base = plan.copy()
    base[vehicle] -= out
    room = exact.room(base)
    room = room[room != vehicle]
    if len(room) == 0:
        return []
    gains = exact.gains(base, exact.intensity(base), room)
    found = []
    for j in {int(np.argmax(gains)), int(np.argmax(gains / exact.price[room]))}:
        more = base.copy()
        more[room[j]] += 1
        found.append(filled(exact, more))
    return found


def slsqp_alone(problem: Problem) -> FloatArray | None:
    """SLSQP's fractional plan, the better of two: from an even spread and from greedy's plan. With the exact
    gradient; drawn towards greedy's plan as far as its own small infeasibility needs."""
    system, exact = problem.system, Exact(problem)
    greedy = greedy_alone(problem)
    if greedy is None:
        return None
    own = system.insertion_rows
    most, least = np.isfinite(own.most), np.isfinite(own.least)
    rows = np.vstack([-own.matrix[most], own.matrix[least]])
    right = np.concatenate([-own.most[most], own.least[least]])
    unit = max(problem.value(greedy), 1e-9)
    spend = min(1.0, float(own.most[0] / (own.matrix[0] @ system.upper)))
    plans = []
    for start in (np.maximum(system.upper * spend, system.lower), greedy):
        found = minimize(
            lambda x: -problem.value(np.clip(x, 0, system.upper)) / unit,
            start,
            jac=lambda x: -exact.gradient(np.clip(x, 0, system.upper)) / unit,
            bounds=list(zip(system.lower, system.upper, strict=True)),
            constraints=[{"type": "ineq", "fun": lambda x: rows @ x - right, "jac": lambda _: rows}],
            method="SLSQP",
            options={"maxiter": 500, "ftol": 1e-12},
        )
        plans.append(_drawn_inside(problem, np.clip(found.x, system.lower, system.upper), greedy))
    return max(plans, key=problem.value)


def _drawn_inside(problem: Problem, plan: FloatArray, inside: FloatArray) -> FloatArray:
    """The plan nearest to `plan`, on the way to `inside`, that keeps all rows."""
    for part in (0.0, *np.geomspace(1e-9, 1.0, 40)):
        moved = plan + part * (inside - plan)
        if np.isfinite(moved).all() and problem.system.feasible(moved):
            return np.asarray(moved)
    return inside


def rounded_down(problem: Problem, plan: FloatArray) -> FloatArray | None:
    """A fractional plan made whole: rounded down, then greedy; None where rounding down breaks a rule."""
    whole = np.maximum(np.floor(plan + 1e-9), problem.system.lower)
    return filled(Exact(problem), whole) if problem.system.feasible(whole) else None
