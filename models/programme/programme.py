"""The linear programme that bounds every plan, stated in PuLP.

    max  sum_c worth_c R_c + sum_i worth_i H_i + sum_j worth_j x_j  (or sum_c people_c F_c, or less money)
    s.t. x_j  =  sum_k y_jk                                        0 <= y_jk <= 1, insertions in order
         S_cm <= sum_j sum_k ds_jck y_jk                           increments of the vehicle level
         t_cm <= tangents of phi_km at S_cm
         R_c  <= tangents of 1 - (1 + T/k0)^(-k0) at T_c = sum_m t_cm
         H_i  <= tangents of 1 - exp(-h) at h_i = sum_c hearing_ic R_c      where word of mouth counts
         F_c <= R_c,  n F_c <= sum_j rating_jc x_j                 where reach n times or more counts: necessary only
         rules, and floors  people . R + contacts . x >= least

ds falls with k, so y fill in order by themselves and only x need be whole numbers. Tangents lie above their
curves, so the programme's optimum is an upper bound on every plan, whichever tangents are there; more of
them make it tighter. S, t and H are scaled to at most 1. PuLP negates shadow prices of maximisation with one of
its solvers, so the programme minimises the negative worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pulp

from models.arrays import BoolArray, FloatArray
from models.problem.goals import EffectiveFloor, Floor
from models.problem.insertion_rows import scale_of
from models.problem.problem import Problem
from models.problem.response import Response
from models.reach.gamma import reached, saturate

_FIRST_TANGENTS = 7
_SMALLEST = 1e-9  # coefficients below this are below the solvers' own threshold


@dataclass(frozen=True)
class Cut:
    """sum of coefficients * variables <= most: a row added to the programme, as data."""

    terms: tuple[tuple[pulp.LpVariable, float], ...]
    most: float


class Programme:
    """PuLP's statement of a problem. columns: per column of the problem's system its variable, None where the
    programme does not need it (a vehicle that cannot be bought); x: those of insertions."""

    def __init__(self, problem: Problem, response: Response, name: str = "plan") -> None:
        self.problem = problem
        self.response = response
        self.lp = pulp.LpProblem(name, pulp.LpMinimize)
        self.objective = problem.objective.within(response.segments)
        self.most_heard = -np.expm1(-self.objective.earned.hearing.sum(axis=1))
        self.columns = self._columns()
        self.x = self.columns[: problem.n_vehicles]
        self.level = self._largest_levels()
        self._reach_variables()
        self._increments()
        self._rules()
        self._floors()
        self._effective()
        self._objective()
        self.n_cuts = 0
        for cut in self.first_tangents():
            self.add(cut)

    def add(self, cut: Cut) -> None:
        """Put a row into PuLP's own statement (a live solver takes it besides)."""
        self.lp.addConstraint(_affine(cut.terms) <= cut.most, f"tangent_{self.n_cuts}")
        self.n_cuts += 1

    def _variable(self, name: str, low: float, high: float | None) -> pulp.LpVariable:
        return self.lp.add_variable(name, low, high)

    def _columns(self) -> list[pulp.LpVariable | None]:
        system, n = self.problem.system, self.problem.n_vehicles
        found: list[pulp.LpVariable | None] = []
        for i, (low, high) in enumerate(zip(system.lower, system.upper, strict=True)):
            kind = pulp.LpInteger if system.whole[i] else pulp.LpContinuous
            needed = high > 0 if i < n else system.used[i]
            end = float(high) if np.isfinite(high) else None
            name = self._name(i)
            found.append(self.lp.add_variable(name, float(low), end, kind) if needed else None)
        return found

    def _name(self, column: int) -> str:
        """x insertions, w by week, z packages, b bought, d private."""
        columns = self.problem.columns
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

    def _largest_levels(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Largest S and t by (segment, medium), and T by segment, that any plan can reach."""
        s = np.maximum(self.response.medium_intensity(self.problem.system.upper[: len(self.x)]), 1e-9)
        t = saturate(s, self.response.k_medium)
        return s, t, t.sum(axis=1)

    def _reach_variables(self) -> None:
        n_segments, n_media = self.level[0].shape
        self.media_used = [
            [m for m in range(n_media) if self.level[0][c, m] > 2e-9] for c in range(n_segments)
        ]
        pairs = [(c, m) for c in range(n_segments) for m in self.media_used[c]]
        self.s = {(c, m): self._variable(f"S_{c}_{m}", 0, 1) for c, m in pairs}
        self.t = {(c, m): self._variable(f"t_{c}_{m}", 0, 1) for c, m in pairs}
        # Where nothing reaches a segment no tangent holds its R.
        most = reached(self.level[2], self.response.k_person)
        self.r = [
            self._variable(f"R_{c}", 0, 1 if self.media_used[c] else float(most[c]))
            for c in range(n_segments)
        ]
        self.h = [self._variable(f"H_{i}", 0, 1) for i in range(len(self.objective.earned.worth))]

    def _increments(self) -> None:
        """y variables, x_j = sum y, and the S rows; nothing where reach does not count."""
        self.y: list[pulp.LpVariable] = []
        if len(self.r) == 0:
            return
        response = self.response
        number = np.arange(len(response.vehicle)) - response.offset[response.vehicle] + 1
        most = self.problem.system.upper[: len(self.x)][response.vehicle] - number + 1
        y = self.y = [
            self._variable(f"y_{j}_{k}", 0, min(1.0, m))
            for j, k, m in zip(response.vehicle, number, most, strict=True)
        ]
        for j, x in enumerate(self.x):
            if x is not None:
                own = y[response.offset[j] : response.offset[j + 1]]
                self.lp.addConstraint(_affine([(x, -1.0), *((v, 1.0) for v in own)]) == 0, f"insertions_{j}")
        self._first_insertions()
        media = response.medium[response.vehicle]
        columns = [np.flatnonzero(media == m) for m in range(self.level[0].shape[1])]
        for (c, m), s in self.s.items():
            scaled = response.increments[c, columns[m]] / self.level[0][c, m]
            pairs = [
                (y[i], a) for i, a in zip(columns[m].tolist(), scaled.tolist(), strict=True) if a > _SMALLEST
            ]
            # Increments too small for a solver are granted in full: the bound stays a bound.
            spare = float(scaled[scaled <= _SMALLEST].sum())
            self.lp.addConstraint(
                _affine([(s, 1.0), *((v, -a) for v, a in pairs)]) <= spare, f"intensity_{c}_{m}"
            )

    def _first_insertions(self) -> None:
        """y_jk <= b_j, and y_jk >= z_p for the insertions that package p brings: implied by whole numbers, but far
        tighter than x_j <= most b_j and x_j >= insertions z_p where those are relaxed."""
        problem, offset, columns = self.problem, self.response.offset, self.problem.columns
        if problem.system.plain:
            return
        for j, x in enumerate(self.x):
            bought = self.columns[columns.bought(j)]
            for y in self.y[offset[j] : offset[j + 1]] if x is not None and bought is not None else ():
                self.lp.addConstraint(_affine([(y, 1.0), (bought, -1.0)]) <= 0, f"first_{y.name}")
        for p, held in enumerate(problem.tariff.in_packages):
            package = self.columns[columns.package(p)]
            for inside in np.flatnonzero(held) if package is not None else ():
                for y in self.y[offset[inside] : offset[inside + 1]][: int(held[inside])]:
                    self.lp.addConstraint(_affine([(y, 1.0), (package, -1.0)]) >= 0, f"package_{p}_{y.name}")

    def increment_bounds(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of the y of insertions between lower and upper (n_vehicles,): they fill in order."""
        if not self.y:
            return np.zeros(0), np.zeros(0)
        vehicle = self.response.vehicle
        before = np.arange(len(vehicle)) - self.response.offset[vehicle]
        return np.clip(lower[vehicle] - before, 0, 1), np.clip(upper[vehicle] - before, 0, 1)

    def _rules(self) -> None:
        for i, row in enumerate(self.problem.system.rows):
            scale = scale_of(row)
            expression = self._expression(zip(row.columns.tolist(), row.coefficients / scale, strict=True))
            right = float(row.right / scale)
            word = {"<=": "most", ">=": "least", "=": "equal"}[row.sense]
            if row.sense == "<=":
                self.lp.addConstraint(expression <= right, f"rule_{i}_{word}")
            elif row.sense == ">=":
                self.lp.addConstraint(expression >= right, f"rule_{i}_{word}")
            else:
                self.lp.addConstraint(expression == right, f"rule_{i}_{word}")

    def _expression(self, terms: Iterable[tuple[int, float]]) -> pulp.LpAffineExpression:
        """A sum over columns; those that are not there are 0."""
        pairs = ((self.columns[column], float(a)) for column, a in terms)
        return _affine((v, a) for v, a in pairs if v is not None and a != 0)

    def _floors(self) -> None:
        for i, floor in enumerate(self.problem.floors):
            self.lp.addConstraint(
                self.floor_terms(floor) >= floor.least / self.floor_scale(floor), f"floor_{i}"
            )

    def floor_scale(self, floor: Floor) -> float:
        """What a floor's row is divided by."""
        return float(floor.people[self.response.segments].sum()) or 1.0

    def floor_terms(self, floor: Floor) -> pulp.LpAffineExpression:
        """people . R + contacts . x of a floor, scaled."""
        people, scale = floor.people[self.response.segments], self.floor_scale(floor)
        pairs = [(r, float(n / scale)) for r, n in zip(self.r, people, strict=True) if n > 0]
        return _affine(pairs) + self.contact_terms(floor, scale)

    def contact_terms(self, floor: Floor, scale: float) -> pulp.LpAffineExpression:
        """contacts . x of a floor, scaled."""
        if floor.contacts is None:
            return _affine([])
        each = zip(self.x, floor.contacts / scale, strict=True)
        return _affine((x, float(a)) for x, a in each if x is not None and abs(a) > _SMALLEST)

    def _effective(self) -> None:
        """F variables and what they cannot exceed, for floors on n+ reach and for it as the objective."""
        problem = self.problem
        self.f: list[pulp.LpVariable | None] = []
        for i, goal in enumerate(problem.effective):
            scale = float(goal.people[self.response.segments].sum()) or 1.0
            self.lp.addConstraint(self.effective_terms(f"F{i}", goal) >= goal.least / scale, f"effective_{i}")
        if problem.objective.effective is not None:
            self.f = self._met("F", self.objective_people() > 0, problem.objective.effective.times)

    def effective_terms(self, name: str, goal: EffectiveFloor) -> pulp.LpAffineExpression:
        """people . F of a floor on n+ reach, scaled; F are new variables."""
        people = goal.people[self.response.segments]
        scale = float(people.sum()) or 1.0
        f = self._met(name, people > 0, goal.times)
        return _affine((v, float(n / scale)) for v, n in zip(f, people, strict=True) if v is not None)

    def objective_people(self) -> FloatArray:
        """People (000) of each segment that the objective effective reach counts."""
        effective = self.problem.objective.effective
        return effective.people[self.response.segments] if effective else np.zeros(len(self.r))

    def _met(self, name: str, wanted: BoolArray, times: int) -> list[pulp.LpVariable | None]:
        """Share of each segment met `times` times or more: at most the reach, at most contacts / times."""
        found: list[pulp.LpVariable | None] = []
        for c, segment in enumerate(self.response.segments):
            if not wanted[c]:
                found.append(None)
                continue
            f = self._variable(f"{name}_{c}", 0, 1)
            self.lp.addConstraint(_affine([(f, 1.0), (self.r[c], -1.0)]) <= 0, f"{name}_reached_{c}")
            rating = self.problem.model.audiences.contacts[segment] / times
            spare = float(
                rating[rating <= _SMALLEST] @ self.problem.system.upper[: len(rating)][rating <= _SMALLEST]
            )
            each = zip(self.x, rating, strict=True)
            pairs = [(x, -float(p)) for x, p in each if x is not None and p > _SMALLEST]
            self.lp.addConstraint(_affine([(f, 1.0), *pairs]) <= spare, f"{name}_contacts_{c}")
            found.append(f)
        return found

    def _objective(self) -> None:
        """Negative worth, scaled so that the largest coefficient is 1 (`unit` undoes it)."""
        worth = np.concatenate(
            [
                self.objective.segment_worth,
                self.objective.earned.worth * self.most_heard,
                self.objective.insertion_worth,
                self.objective_people() if self.f else np.zeros(0),
            ]
        )
        variables = [*self.r, *self.h, *self.x, *self.f]
        terms = [(v, float(w)) for v, w in zip(variables, worth, strict=True) if v is not None and w > 0]
        if self.problem.objective.saves_money:
            columns, money = self.problem.tariff.money(np.ones(self.problem.n_vehicles))
            spent = zip(columns.tolist(), money.tolist(), strict=True)
            terms += [(v, -a) for v, a in ((self.columns[i], a) for i, a in spent) if v is not None]
        self.unit = max((abs(a) for _, a in terms), default=0.0) or 1.0
        self.lp.setObjective(_affine((v, -a / self.unit) for v, a in terms))

    def first_tangents(self) -> list[Cut]:
        """Tangents at 0 and geometrically up to the largest level; one where the curve is a line."""
        cuts: list[Cut] = []
        for part in [0.0, *np.geomspace(0.02, 1.0, _FIRST_TANGENTS - 1)]:
            wanted = np.column_stack(
                [np.isfinite(self.response.k_medium) | (part == 0), np.ones(len(self.r), bool)]
            )
            cuts += self.tangents_at(self.level[0] * part, self.level[2] * part, wanted)
        return cuts

    def tangents_at(self, intensity: FloatArray, total: FloatArray, wanted: BoolArray) -> list[Cut]:
        """Tangents at S = intensity (n_segments, n_media) and at T = total (n_segments,).

        wanted: (n_segments, n_media + 1) which to make; the last column is the person level.
        """
        cuts = []
        for c, used in enumerate(self.media_used):
            cuts += [self._medium_tangent(c, m, float(intensity[c, m])) for m in used if wanted[c, m]]
            if used and wanted[c, -1]:
                cuts.append(self._person_tangent(c, float(total[c])))
        reach = reached(total, self.response.k_person)
        return cuts + [self._hearing_tangent(i, reach) for i in range(len(self.h))]

    def tangents_of(self, insertions: FloatArray) -> list[Cut]:
        """Tangents at every level of a schedule (n_vehicles,) that is not 0 and whose curve is not a line."""
        intensity = self.response.medium_intensity(insertions)
        total = saturate(intensity, self.response.k_medium).sum(axis=1)
        wanted = np.ones((len(total), intensity.shape[1] + 1), dtype=bool)
        wanted[:, :-1] = np.isfinite(self.response.k_medium) & (intensity > 0)
        wanted[:, -1] = total > 0
        return self.tangents_at(intensity, total, wanted)

    def _medium_tangent(self, c: int, m: int, s: float) -> Cut:
        """t_cm - slope S_cm <= phi(s) - slope s, in scaled variables."""
        k = self.response.k_medium[c, m]
        top_s, top_t = self.level[0][c, m], self.level[1][c, m]
        slope = 1 / (1 + s / k)
        right = (float(saturate(np.array(s), k)) - slope * s) / top_t
        return Cut(((self.t[c, m], 1.0), (self.s[c, m], -slope * top_s / top_t)), right)

    def _person_tangent(self, c: int, total: float) -> Cut:
        """R_c - slope * sum_m t_cm <= R(T) - slope T."""
        k = float(self.response.k_person[c])
        reach = float(reached(np.array(total), k))
        slope = (1 - reach) / (1 + total / k)
        inputs = ((self.t[c, m], -slope * float(self.level[1][c, m])) for m in self.media_used[c])
        return Cut(((self.r[c], 1.0), *inputs), reach - slope * total)

    def _hearing_tangent(self, i: int, reach: FloatArray) -> Cut:
        """H_i - slope * sum_c hearing_ic R_c <= H(h) - slope h."""
        hearing = self.objective.earned.hearing[i]
        heard, top = float(hearing @ reach), float(self.most_heard[i])
        slope = float(np.exp(-heard))
        inputs = ((r, -slope * float(a) / top) for r, a in zip(self.r, hearing, strict=True) if a > 0)
        return Cut(((self.h[i], 1.0), *inputs), (1 - slope - slope * heard) / top)


def _affine(pairs: Iterable[tuple[pulp.LpVariable, float]]) -> pulp.LpAffineExpression:
    """The one fast way to make an expression in PuLP 3."""
    return pulp.LpAffineExpression(list(pairs))
